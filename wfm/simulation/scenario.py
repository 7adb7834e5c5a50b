"""
What is drawn before a replication is played: who contacts us, when, for how long.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from wfm.domain.calibration import QueueCalibration
from wfm.domain.demand import Forecast, Queue
from wfm.errors import SettingsError
from wfm.simulation.engine import (
    CALLBACK,
    COMING,
    CONTACT,
    OFFERED_CALLBACK,
    ORDINARY,
    kernel,
)

POOL = 8  # paths drawn for each one that is kept, at most
APART = 0x9E3779B97F4A7C15F39CC0605CEDC835  # of 2^128: the golden ratio keeps multiples apart
ROOM = 50_000_000  # figures that all paths together may hold: 400 MB


@dataclass(frozen=True)
class Behaviour:
    """
    How the contacts of a queue behave, beyond what the forecast says.

    Parameters
    ----------
    handle_cv
        Standard deviation over mean of a handle time within an interval; handle times are
        lognormal. 0: all alike. Banks measure about 1.1.
    patience_s
        Mean patience, exponential, seconds; None: endless.
    patience_curve
        Measured patience, in place of the mean: (seconds, share of callers whose patience
        is longer). Between two points, and beyond the last, callers hang up at a constant
        rate.
    redial
        Chance that a caller who hung up tries again, each time with the same patience.
    redial_delay_s
        Mean time until then, exponential, seconds.
    callback_after_s, callback
        A caller who has waited so long is offered a call-back, and this share accepts.
        They leave the line, and wait without limit from ``callback_delay_s`` later on.
    slowing
        For contacts handled side by side (chat): how many times longer each takes among
        1, 2, 3 ... of them. The forecast's AHT is that of the first entry.
    reserve
        For deferrable work: people on live queues who must stay idle beside it.
    """

    handle_cv: float = 1.0
    patience_s: float | None = None
    patience_curve: tuple[tuple[float, float], ...] = ()
    redial: float = 0.0
    redial_delay_s: float = 600.0
    callback: float = 0.0
    callback_after_s: float = 60.0
    callback_delay_s: float = 900.0
    slowing: tuple[float, ...] = (1.0,)
    reserve: int = 0

    def __post_init__(self) -> None:
        if self.handle_cv < 0:
            raise SettingsError(f"handle_cv is {self.handle_cv:g}, expected 0 or more")
        for name in ("redial", "callback"):
            if not 0 <= getattr(self, name) < 1:
                raise SettingsError(
                    f"{name} is {getattr(self, name):g}, expected a share from 0 to below 1"
                )
        if not self.slowing or min(self.slowing) <= 0:
            raise SettingsError("slowing needs a positive factor for each number of contacts")
        if self.patience_s is not None and self.patience_s <= 0:
            raise SettingsError(
                f"patience is {self.patience_s:g} s, expected more than 0",
                hint="measure it with `wfm calibrate`, or leave it out for callers who wait on",
            )


def batches(replications: int) -> list[range]:
    """
    Replications in groups that are independent of each other; each is stratified.

    Up to ten replications stand alone; beyond, there are ten groups, or one for every
    ten replications.
    """
    count = max(min(replications, 10), replications // 10)
    edges = np.linspace(0, replications, count + 1).round().astype(int)
    return [range(a, b) for a, b in pairwise(edges)]


def stratified_paths(
    forecast: Forecast, groups: Sequence[range], seed: int
) -> dict[str, np.ndarray]:
    """
    Scenarios whose busy and quiet days balance within each group of replications.

    ``POOL`` times as many paths are drawn as are kept (fewer where memory would not hold
    them). A queue's day is one unit of a
    path: within a group its days are put in order of their total, cut into as many
    strata as the group has replications, and one is drawn from each. Every path of the
    pool is as likely to be kept as any other, so means stay what they were.

    Returns
    -------
    dict
        By queue, float [replications, intervals] of expected contacts.
    """
    total = groups[-1].stop
    size = total * forecast.grid.n * len(forecast.queues)
    times = max(1, min(POOL, ROOM // max(size, 1)))
    pool = forecast.paths(times * total, seed)
    stream = np.random.default_rng([seed, 1])
    kept: dict[str, np.ndarray] = {}
    for name in sorted(pool):
        chosen = np.empty((total, forecast.grid.n))
        for day in range(forecast.grid.days):
            rows = np.flatnonzero(forecast.grid.day == day)
            days = pool[name][:, rows]
            for group in groups:
                chosen[group.start : group.stop, rows] = _balanced(
                    days[times * group.start : times * group.stop], times, stream
                )
        kept[name] = chosen
    return kept


def _balanced(days: np.ndarray, times: int, stream: np.random.Generator) -> np.ndarray:
    strata = np.argsort(days.sum(axis=1), kind="stable").reshape(-1, times)
    picks = strata[np.arange(len(strata)), stream.integers(0, times, len(strata))]
    return np.asarray(days[stream.permutation(picks)])


class Chance:
    """
    The chance in one queue's contacts: the same for the same key and replication, whatever
    was drawn before.
    """

    def __init__(self, key: Sequence[int]) -> None:
        self.bits = np.random.PCG64(key)
        self.begins = self.bits.state
        self.stream = np.random.Generator(self.bits)

    def of(self, replication: int) -> np.random.Generator:
        """The stream of a replication, far from all others; good until the next is asked for."""
        self.bits.state = self.begins
        self.bits.advance(replication * APART)
        return self.stream


def draw(
    rates: Mapping[str, np.ndarray],
    forecast: Forecast,
    behaviours: Mapping[str, Behaviour],
    streams: Mapping[str, np.random.Generator],
) -> tuple[np.ndarray, int]:
    """
    The contacts of one replication.

    Arrivals are Poisson around ``rates`` (float [intervals] by queue), uniform in their
    interval. A queue's contacts come from its own stream: they are the same for any roster
    and whatever other queues there are.

    Returns
    -------
    tuple
        The contacts, further attempts after the arrivals; and the number of arrivals.
    """
    width = forecast.grid.interval * 60.0
    times = [arrivals(rate, width, streams[name]) for name, rate in rates.items()]
    total = sum(map(len, times))
    rows = np.empty(total, dtype=CONTACT)
    place = np.arange(total)
    if len(times) > 1:
        place[np.argsort(np.concatenate(times), kind="stable")] = np.arange(total)
    tries = np.zeros(total, dtype=np.int64)
    first = 0
    for number, name in enumerate(rates):
        stream = streams[name]
        mine = place[first : first + len(times[number])]
        behaviour = behaviours[name]
        fill(
            rows, mine, number, times[number], forecast.queues[name].aht_s, width,
            behaviour.handle_cv, stream.standard_normal(len(mine)),
            _patience(behaviour, stream, len(mine)),
        )  # fmt: skip
        if behaviour.redial > 0 or behaviour.callback > 0:
            tries[mine] = _further(rows, mine, behaviour, stream)
        first += len(mine)
    return (with_attempts(rows, tries) if tries.any() else rows), total


def arrivals(rates: np.ndarray, width: float, stream: np.random.Generator) -> np.ndarray:
    """
    Moments of a Poisson process with ``rates`` per interval, uniform in each; sorted seconds.
    """
    mean = float(rates.sum())
    gaps = stream.standard_exponential(int(mean + 8 * mean**0.5 + 20))
    while gaps.sum() <= mean:  # practically never: more than eight standard deviations
        gaps = np.concatenate([gaps, stream.standard_exponential(len(gaps))])
    times = np.empty(len(gaps))
    return times[: unroll(np.ascontiguousarray(rates), width, gaps, times)]


@kernel
def unroll(rates, width, gaps, times):  # type: ignore[no-untyped-def]
    """Unit exponentials as gaps of the cumulative rate; how many fall before its end."""
    level, edge, interval = 0.0, rates[0], 0
    for k in range(len(gaps)):
        level += gaps[k]
        while level > edge:
            interval += 1
            if interval == len(rates):
                return k
            edge += rates[interval]
        times[k] = (interval + 1 - (edge - level) / rates[interval]) * width
    return len(gaps)


@kernel
def fill(rows, place, queue, times, aht_s, width, cv, normals, patience):  # type: ignore[no-untyped-def]
    """Write the contacts of one queue into their places; handle times are lognormal."""
    sigma = np.sqrt(np.log1p(cv * cv))
    for k in range(len(times)):
        row = rows[place[k]]
        interval = min(int(times[k] / width), len(aht_s) - 1)
        row.arrival = times[k]
        row.work = aht_s[interval] * np.exp(sigma * normals[k] - sigma * sigma / 2)
        row.patience = patience[k]
        row.delay = 0.0
        row.queue = queue
        row.kind = ORDINARY
        row.again = row.block = row.next = -1
        row.state = COMING
        row.deadline = row.start = row.end = row.busy = np.nan


def _further(
    rows: np.ndarray, mine: np.ndarray, behaviour: Behaviour, stream: np.random.Generator
) -> np.ndarray:
    """
    How many further attempts each contact of a queue would make, int [contacts].

    Who accepts a call-back leaves the line then, and makes one attempt: the call-back.
    """
    size = len(mine)
    tries = stream.geometric(1 - behaviour.redial, size) - 1
    delay = stream.exponential(behaviour.redial_delay_s, size)
    if behaviour.callback > 0:
        accepts = stream.random(size) < behaviour.callback
        accepts &= rows["patience"][mine] > behaviour.callback_after_s
        called = stream.exponential(behaviour.callback_delay_s, size)
        tries, delay = np.where(accepts, 1, tries), np.where(accepts, called, delay)
        rows["kind"][mine[accepts]] = OFFERED_CALLBACK
        rows["patience"][mine[accepts]] = behaviour.callback_after_s
    rows["delay"][mine] = delay
    return np.asarray(tries)


def contacts(arrival: np.ndarray) -> np.ndarray:
    """
    Rows of contacts that arrive at these seconds; handle time and queue still to fill.
    """
    rows = np.zeros(len(arrival), dtype=CONTACT)
    rows["arrival"] = arrival
    rows["patience"] = np.inf
    for name in ("deadline", "start", "end", "busy"):
        rows[name] = np.nan
    for name in ("again", "block", "next"):
        rows[name] = -1
    return rows


def behaviour_of(queue: Queue, measured: QueueCalibration | None) -> Behaviour:
    """
    The behaviour of a queue's contacts: what settings say, else what was measured.

    Raises
    ------
    SettingsError
        Contacts are handled side by side, and nobody knows how much that slows them.
    """
    if queue.concurrency > len(queue.slowing or (1.0,)):
        raise SettingsError(
            f"queue {queue.name} handles {queue.concurrency} contacts at once, but how much "
            f"longer each then takes is known for {len(queue.slowing or (1.0,))}",
            place=f"[queue.{queue.name}] slowing",
            hint="measure handle times by concurrency: slowing = [1.0, 1.3, 1.6] for three",
        )
    known = measured or QueueCalibration()
    curve = () if queue.patience_s is not None else known.patience_curve
    patience = queue.patience_s if queue.patience_s is not None else known.patience_s
    if queue.channel.deferrable or (patience is not None and np.isinf(patience)):
        patience, curve = None, ()
    return Behaviour(
        handle_cv=1.0 if known.aht_cv is None else known.aht_cv,
        patience_s=patience or None,
        patience_curve=tuple(curve),
        redial=known.redial or 0.0 if queue.redial is None else queue.redial,
        redial_delay_s=queue.redial_delay_s,
        callback=queue.callback,
        callback_after_s=queue.callback_after_s,
        callback_delay_s=queue.callback_delay_s,
        slowing=queue.slowing or (1.0,),
        reserve=queue.reserve,
    )


def _patience(behaviour: Behaviour, stream: np.random.Generator, size: int) -> np.ndarray:
    if behaviour.patience_curve:
        return measured_patience(behaviour.patience_curve, stream.standard_exponential(size))
    if behaviour.patience_s is None:
        return np.full(size, np.inf)
    return stream.exponential(behaviour.patience_s, size)


def measured_patience(curve: Sequence[tuple[float, float]], hazard: np.ndarray) -> np.ndarray:
    """Patience at which the cumulative rate of hanging up reaches ``hazard``."""
    seconds, share = np.array([(0.0, 1.0), *curve]).T
    total = -np.log(np.maximum(share, 1e-12))
    slope = (total[-1] - total[-2]) / max(seconds[-1] - seconds[-2], 1e-9)
    beyond = (hazard - total[-1]) / slope if slope > 0 else np.full(len(hazard), np.inf)
    return np.asarray(np.interp(hazard, total, seconds) + np.maximum(beyond, 0.0))


def with_attempts(base: np.ndarray, tries: np.ndarray) -> np.ndarray:
    """Rows for the further attempts of each caller, chained by ``again``."""
    n = len(base)
    more = base[np.repeat(np.arange(n), tries)]
    more["arrival"] = np.inf
    called = more["kind"] == OFFERED_CALLBACK
    more["kind"][called] = CALLBACK
    more["patience"][called] = np.inf
    more["again"] = n + 1 + np.arange(len(more))
    firsts = n + np.cumsum(tries) - tries
    more["again"][(firsts + tries - 1 - n)[tries > 0]] = -1
    rows = np.concatenate([base, more])
    rows["again"][:n] = np.where(tries > 0, firsts, -1)
    return rows
