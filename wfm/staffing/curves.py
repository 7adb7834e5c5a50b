"""
What each number of agents, and of heads on the roster, yields in every interval.

Erlang A (Erlang C where nobody is known to hang up) on the modified offered load,
averaged over the forecast's scenarios. Heads are thinned by the people who turn out to be
absent: of h heads a binomial number is there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from wfm.domain.demand import Queue
from wfm.domain.promise import Abandons, Curve
from wfm.staffing.scenarios import Scenarios

Knots = tuple[tuple[float, float], ...]
FLAT = 1e-12  # a bend upwards of this share is rounding
WHOLE = 120.0  # erlangs up to which every number of agents is evaluated


@dataclass(frozen=True)
class Counting:
    """
    What the queue's promise counts, and how long its callers wait.

    ``patience_s`` None: nobody hangs up. A measured ``patience_curve`` (seconds, share with
    more patience) stands in its place. ``share`` is the promised one; the definitions that
    take abandons out of the denominator need it. ``slowing`` is how many times longer a
    chat takes among 1, 2, ... at once; of callers who hang up a share ``redial`` calls
    again, and every attempt counts alike.
    """

    patience_s: float | None
    threshold_s: float
    abandons: Abandons = Abandons.OFFERED
    share: float = 0.8
    patience_curve: Knots = ()
    slowing: tuple[float, ...] = ()
    redial: float = 0.0


@dataclass(frozen=True)
class Yields:
    """
    What 0, 1, 2, ... agents yield in each interval with contacts; float [r, agents + 1].

    ``rows`` and ``aht_s`` [r] are those of the scenarios, ``offered`` [r] contacts.
    ``answered``, ``within``, ``gone`` and ``virtual`` are contacts: all answered, those
    within the threshold, those who hang up within it, those who would not wait longer.
    ``in_time`` is what the promise counts. ``busy`` is in agents, ``waited`` in seconds of
    all callers together.
    """

    rows: np.ndarray
    aht_s: np.ndarray
    offered: np.ndarray
    answered: np.ndarray
    in_time: np.ndarray
    within: np.ndarray
    gone: np.ndarray
    virtual: np.ndarray
    busy: np.ndarray
    waited: np.ndarray

    @property
    def most(self) -> int:
        """The largest number of agents looked at."""
        return int(self.answered.shape[1]) - 1

    @property
    def occupancy(self) -> np.ndarray:
        """Busy time over time on queue; nobody's is what one person's would be."""
        return _over_heads(self.busy, np.arange(self.most + 1.0))


def patience_with_callbacks(queue: Queue, measured: Knots) -> Knots:
    """
    Patience as the formulas see it: as measured, and endless for who accepts a call-back.

    Of those who have waited ``callback_after_s`` a share never hangs up from then on: they
    left the line, but are called, so that their work stays. Empty: exponential patience.
    """
    if queue.callback <= 0 or queue.patience_s is None:
        return measured if len(measured) > 1 else ()
    mean, after = queue.patience_s, queue.callback_after_s
    later = after + mean * np.array([0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 3, 4, 6])
    if len(measured) > 1:
        seconds, shares = np.array([(0.0, 1.0), *measured]).T
        times = np.unique([*seconds, after, *later])
        own = np.exp(np.interp(times, seconds, np.log(np.maximum(shares, 1e-9))))
    else:
        times = np.unique([0.0, after, *later])
        own = np.exp(-times / mean)
    at = float(own[times == after][0])
    kept = np.where(times > after, queue.callback * at + (1 - queue.callback) * own, own)
    return tuple(zip(times.tolist(), kept.tolist(), strict=True))


def yields(spread: Scenarios, counting: Counting) -> Yields:
    """
    What each number of agents yields, averaged over the scenarios of each interval.
    """
    from wfm.staffing.erlang import batch

    grid, sizes = agent_grid(spread.loads, counting.share)
    sums = batch.yields(
        spread.loads,
        spread.contacts,
        grid,
        sizes,
        spread.aht_s,
        patience_s=math.inf if counting.patience_s is None else counting.patience_s,
        patience_curve=np.array(counting.patience_curve, dtype=float).reshape(-1, 2),
        slowing=np.array(counting.slowing or (1.0,)),
        redial=counting.redial,
        threshold_s=counting.threshold_s,
    )
    sums[..., 4] *= spread.aht_s[:, None]
    most = int(grid.max(initial=0.0))
    answered, within, gone, virtual, waited, busy = (
        _between(sums[..., column], grid, sizes, most) for column in range(6)
    )
    offered = spread.contacts.sum(axis=1)
    in_time = counted(counting, offered[:, None], answered, within, gone, virtual)
    busy = np.minimum(busy, np.arange(most + 1))
    return Yields(
        spread.rows, spread.aht_s, offered, answered, in_time, within, gone, virtual, busy, waited
    )


def counted(
    counting: Counting,
    offered: np.ndarray,
    answered: np.ndarray,
    within: np.ndarray,
    gone: np.ndarray,
    virtual: np.ndarray,
) -> np.ndarray:
    """
    Contacts that the promise counts, such that it is kept when they reach share x offered.

    With S answered in time and A gone in time, S >= share (N - A) is S + share A >= share N.
    """
    share = counting.share
    ways = {
        Abandons.IGNORE: within + share * gone,
        Abandons.POSITIVE: within + gone,
        Abandons.ANSWERED: within + share * (offered - answered),
        Abandons.VIRTUAL: virtual,
    }
    return np.asarray(ways.get(counting.abandons, within))


def level(found: Yields, agents: np.ndarray, abandons: Abandons) -> np.ndarray:
    """
    Service level of each interval with so many agents, in one of its definitions, [r].
    """
    at = np.arange(len(agents))
    within, gone, answered = (
        table[at, agents] for table in (found.within, found.gone, found.answered)
    )
    if abandons is Abandons.VIRTUAL:
        return np.asarray(found.virtual[at, agents] / found.offered)
    parts = {
        Abandons.IGNORE: (within, found.offered - gone),
        Abandons.POSITIVE: (within + gone, found.offered),
        Abandons.ANSWERED: (within, answered),
    }
    part, whole = parts.get(abandons, (within, found.offered))
    return np.asarray(np.divide(part, whole, out=np.zeros_like(part), where=whole > 0))


def agent_grid(loads: np.ndarray, share: float) -> tuple[np.ndarray, np.ndarray]:
    """
    Numbers of agents at which the formulas are evaluated, [r, most], and how many per row.

    All of them up to 120 erlangs; above, a tenth apart of the width over which the curves
    bend, that of chance and of the mixture of loads, and wider where they are straight.
    """
    tail = 4.5 if share <= 0.99 else 6.5
    high = loads.max(axis=1, initial=0.0)
    tops = np.ceil(high + tail * np.sqrt(high) + 2).astype(int)
    most = int(tops.max(initial=0))
    rows = []
    lows = np.where(loads > 0, loads, np.inf).min(axis=1, initial=np.inf)
    for top, load, lowest in zip(tops, high, lows, strict=True):
        if load <= WHOLE:
            rows.append(np.arange(top + 1, dtype=float))
            continue
        root = math.sqrt(load)
        first = max(0.0, lowest - 4 * root)
        bend = math.hypot(root, (load - lowest) / 3)  # a mixture of loads bends over its width
        dense = np.arange(first, top, max(1.0, bend / 10))
        wide = np.linspace(0, first, 12)
        rows.append(np.unique(np.round(np.concatenate([wide, dense, [top]]))))
    sizes = np.array([len(row) for row in rows], dtype=np.int64)
    grid = np.full((len(rows), int(sizes.max(initial=1))), float(most))
    for i, row in enumerate(rows):
        grid[i, : len(row)] = row
    return grid, sizes


def _between(table: np.ndarray, grid: np.ndarray, sizes: np.ndarray, most: int) -> np.ndarray:
    """A table on each row's own numbers of agents, on 0..most; constant beyond the last."""
    agents = np.arange(most + 1, dtype=float)
    out = np.empty((len(table), most + 1))
    for i, size in enumerate(sizes):
        out[i] = np.interp(agents, grid[i, :size], table[i, :size])
    return out


def presence(heads: int, most: int, present: float) -> np.ndarray:
    """
    Chance that k of h scheduled people are on contacts, float [heads + 1, most + 1].

    Binomial; more than ``most`` count as ``most``.
    """
    out = np.zeros((heads + 1, most + 1))
    out[0, 0] = 1.0
    for h in range(heads):
        out[h + 1] = (1 - present) * out[h]
        out[h + 1, 1:] += present * out[h, :-1]
        out[h + 1, most] += present * out[h, most]
    return out


def curve(found: Yields, n: int, *, present: float, floor: float, by_answer: bool) -> Curve:
    """
    What each number of heads on the roster yields, for all ``n`` intervals of the grid.

    Non-decreasing, and concave above the floor: there the concave hull stands for the
    values, a straight line over the few heads that would answer almost nobody in time.

    Parameters
    ----------
    present
        Share of scheduled people who are on contacts, in (0, 1].
    floor
        Share below which no interval may fall; 0: the hull begins at nobody.
    by_answer
        The floor is one of the answered, else of those in time.
    """
    most = found.most
    away = 1 - present
    heads = math.ceil((most + 3 * math.sqrt(most * away)) / present - 1e-9)
    chance = presence(heads, most, present)
    answered = found.answered @ chance.T
    in_time = found.in_time @ chance.T
    occupancy = _over_heads(found.busy @ chance.T, np.arange(heads + 1) * present)
    base = answered if by_answer else in_time
    starts = first_at_least(base, floor * found.offered)
    return Curve(
        _spread(hull(answered, starts), found.rows, n),
        _spread(hull(in_time, starts), found.rows, n),
        _spread(occupancy, found.rows, n),
    )


def _over_heads(busy: np.ndarray, on_queue: np.ndarray) -> np.ndarray:
    """Busy agents over agents on queue, non-increasing; column 0 repeats column 1."""
    share = busy / np.maximum(on_queue, 1e-12)
    share[:, 0] = share[:, min(1, share.shape[1] - 1)]
    return np.asarray(np.minimum.accumulate(np.minimum(share, 1.0), axis=1))


def first_at_least(table: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """First column of each row that reaches what is wanted; the last where none does."""
    reached = table >= wanted[:, None] - 1e-9 * np.maximum(1.0, wanted[:, None])
    last = table.shape[1] - 1
    return np.asarray(np.where(reached.any(axis=1), reached.argmax(axis=1), last))


def hull(table: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """
    Each row made non-decreasing, and from its start on the least concave above it.
    """
    out = np.maximum.accumulate(table, axis=1)
    for row, start in zip(out, starts, strict=True):
        corners = hull_corners(row, int(start))
        row[start:] = np.interp(np.arange(start, len(row)), corners, row[corners])
    return out


def hull_corners(values: np.ndarray, start: int) -> np.ndarray:
    """
    Corners of the least concave function above ``values`` from ``start`` on, as indices.
    """
    tail = values[start:]
    if len(tail) < 3 or (np.diff(tail, 2) <= FLAT * max(1.0, float(tail[-1]))).all():
        return np.arange(start, len(values))
    corners: list[int] = []
    for at in range(start, len(values)):
        while len(corners) > 1:
            first, last = corners[-2], corners[-1]
            lift = (values[last] - values[first]) * (at - first)
            if lift > (values[at] - values[first]) * (last - first):
                break
            corners.pop()
        corners.append(at)
    return np.array(corners, dtype=np.int64)


def _spread(table: np.ndarray, rows: np.ndarray, n: int) -> np.ndarray:
    """Rows at their place in the whole grid; zeros elsewhere."""
    out = np.zeros((n, table.shape[1]))
    out[rows] = table
    return out
