"""
Small teams: a sharper bound, and rosters, from days that are planned with whole people.

The dual mixes tours, so a day is covered by parts of people: where heads are few and a
shift more costs much, as on a Sunday, no whole people come near to it. Here a day's cells
are taken out of the dual and given to an integer programme, in which everybody pays for a
choice what it costs in the rest of their tour, at the best (min-marginals). That programme
and the tours that are left bound every roster, and never less than the dual did:

    cost of a roster = cover of the day + cover of other days + tours
                    >= (cover of the day + what choices of the day cost)
                       + the dual of the other days, in which the day's choices are free

Then the day can stay so, and another is taken. Fixing what was planned, day by day, ends
in a roster.

References
----------
Werner (2007). A linear programming approach to max-sum problem: a review. IEEE Transactions
on Pattern Analysis and Machine Intelligence 29(7), 1165-1179 (equivalent transformations).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import NamedTuple

import numpy as np

from wfm.domain.outcome import Progress, Stop, never, silent
from wfm.scheduling.bound import Dual, solve_dual, work_of
from wfm.scheduling.marginals import through_day
from wfm.scheduling.posts import post_values
from wfm.scheduling.pricing import NEVER, kind_values, slot_values
from wfm.scheduling.proving import Segments
from wfm.scheduling.search import Found, search
from wfm.scheduling.tables import Tables
from wfm.scheduling.wholeday import Choices, Day, solve_day

PEOPLE = 20  # larger teams gain too little for what it costs
QUEUES = 2
DAYS = 14
REPRICE = 60  # passes for prices after a day is fixed
LEAST = 0.25  # effort below which days are not planned so
FREE = 3  # days that are planned anew at once
PASSES = 8  # of annealing once every day is fixed: only breaks and queues are left


@dataclass(frozen=True, slots=True)
class Labour:
    """
    How much is done on days of whole people, in counts.
    """

    proof: int  # nodes of a day's search tree for the bound
    dive: int  # and for a roster
    turns: int  # times that some days of the roster are planned anew

    @classmethod
    def of(cls, effort: float) -> Labour:
        """Counts for an effort; 1 is the default, little has no time for any."""
        if effort < LEAST:
            return cls(0, 0, 0)
        return cls(proof=round(80 * effort), dive=20, turns=round(2 * effort))


def small(tables: Tables) -> bool:
    """
    Whether days of whole people pay.
    """
    size, people = tables.size, len(tables.team.type)
    fits = people <= PEOPLE and size.queues <= QUEUES and size.days <= DAYS
    return fits and tables.stands is None


def plan_days(
    tables: Tables,
    dual: Dual,
    best: Found,
    labour: Labour,
    *,
    seed: int,
    progress: Progress = silent,
    stop: Stop = never,
) -> tuple[Found, float]:
    """
    The roster or a better one, and a lower bound on any roster's cost in cents.
    """
    if not labour.proof:
        return best, dual.bound
    stream = np.random.default_rng((seed, tables.size.days))
    order = Days(tables, dual.prices, dual.weights, dual.posts).order()
    bound, begun = prove(tables, dual, order[:1], labour.proof, stop=stop)
    found = dive(tables, dual, order, labour.dive, stream, begun=begun, stop=stop)
    if found is not None and found.cost < best.cost:
        best = found
    if not stop():
        again, _ = prove(tables, dual, order, labour.proof, begun=begun, stop=stop)
        bound = max(bound, again)
    for turn in range(labour.turns):
        if stop() or best.cost - bound <= 1:
            break
        best = replan(tables, best, labour.dive, stream, stop=stop)
        progress(turn + 1, labour.turns, f"roster within {1 - bound / best.cost:.2%}")
    return best, bound


class Split(NamedTuple):
    """
    A problem split at a day: its choices, and a bound on all that lies outside of it.
    """

    choices: tuple[Choices, ...]
    outside: float  # cents


@dataclass
class Days:
    """
    A dual some days of which are planned with whole people.

    ``proven`` are the bounds of those days in cents; their cells are no longer in
    ``tables``, and what their choices cost is given back to everybody who takes them.
    """

    tables: Tables
    prices: np.ndarray  # float64 [queues, intervals]
    weights: np.ndarray  # float64 [periods]
    posts: np.ndarray = field(default_factory=lambda: np.zeros(0))  # float64 [posts]: prices

    def __post_init__(self) -> None:
        self.own = own_cells(self.tables)
        self.own_posts = own_posts(self.tables)
        self.groups = alike(self.tables)
        self.proven = 0.0
        self._work = work_of(self.tables)
        self._back = self._work.space.copy()
        self._worth = np.zeros(self.tables.size.classes)

    def order(self) -> list[int]:
        """Days, those first on which cover costs most."""
        need = np.where(self.tables.cells.corners > 1, self.tables.cells.at.max(axis=1), 0.0)
        dear = (self.prices * need[: self.prices.size].reshape(self.prices.shape)).sum(axis=0)
        return sorted(range(len(self.own)), key=lambda day: -float(dear[self.own[day]].sum()))

    def _of(self, day: int) -> np.ndarray:
        """Cells that are the day's own, bool [cells]."""
        return np.concatenate([np.tile(self.own[day], len(self.prices)), self.own_posts[day]])

    def split(self, day: int) -> Split:
        """Take a day out of the dual."""
        prices = np.where(self.own[day], 0.0, self.prices)
        if len(self.posts):
            self._work.posts[:] = np.where(self.own_posts[day], 0.0, self.posts)
        outside = self.proven + self._cover(day, prices)
        found = []
        for people in self.groups:
            choices, best = self._choices(people, day, prices)
            outside -= best * len(people)
            found.append(choices)
        return Split(tuple(found), outside)

    def _cover(self, day: int, prices: np.ndarray) -> float:
        """The least that cells cost which are not the day's, at prices of heads."""
        cells, parts = self.tables.cells, Segments.of(self.tables.cells)
        weight = np.where(parts.bound, self.weights[parts.row] if len(self.weights) else 0.0, 0.0)
        price = np.concatenate([prices.ravel(), self._work.posts])
        saved = weight[:, None] * parts.gain + parts.fine - price[:, None]
        cost = cells.nothing - weight * cells.idle
        cost = cost - (np.maximum(saved, 0.0) * parts.length).sum(axis=1)
        return float(cost[~self._of(day)].sum() + self.weights @ cells.target)

    def _choices(
        self, people: Sequence[int], day: int, prices: np.ndarray
    ) -> tuple[Choices, float]:
        """What each choice of the day costs people who are alike; value of the best."""
        kinds, team, work, p = self.tables.kinds, self.tables.team, self._work, people[0]
        kt = team.type[p]
        first, last = kinds.first[kt, day], kinds.first[kt, day + 1]
        here = slice(first - kinds.first[kt, 0], last - kinds.first[kt, 0])
        able, pay = team.able[team.skill[p]], team.pay[team.rate[p]]
        slot_values(able, prices, *self.tables.grid, work.gain, work.choice)
        if len(work.posts):
            post_values(team, p, work.posts, prices.size, work.stay)
        kind_values(kinds, kt, work.gain, work.stay, work.lost, pay, work.breaks, work.values)
        through_day(
            kinds,
            self.tables.arcs,
            team,
            p,
            day,
            work.values,
            work.space,
            self._back,
            work.scratch,
            self._worth,
        )
        value = work.values[here] - team.adjust[p, here] + self._worth[kinds.group[first:last]]
        off = float(self._worth[0] - team.off[p, day])
        can = np.flatnonzero(value > NEVER / 2)
        best = max(float(value[can].max(initial=NEVER)), off)
        cost_off = best - off if off > NEVER / 2 else inf
        return Choices(tuple(people), first + can, best - value[can], cost_off), best

    def keep(self, day: int, choices: Sequence[Choices], bound: float) -> None:
        """Leave a day to its programme, which has proven ``bound``."""
        cells, team = self.tables.cells, self.tables.team
        away = self._of(day)
        adjust, off = team.adjust.astype(np.float64), team.off.copy()
        for group in choices:
            for p in group.people:
                adjust[p, group.kinds - self.tables.kinds.first[team.type[p], 0]] -= group.cost
                off[p, day] -= group.off if group.off < inf else 0.0
        self.proven += bound
        self.prices = np.where(self.own[day], 0.0, self.prices)
        self.posts = np.where(self.own_posts[day], 0.0, self.posts)
        self.tables = replace(
            self.tables,
            cells=cells._replace(
                gain=np.where(away[:, None], 0.0, cells.gain),
                fine=np.where(away[:, None], 0.0, cells.fine),
                nothing=np.where(away, 0.0, cells.nothing),
                idle=np.where(away, 0.0, cells.idle),
            ),
            team=team._replace(adjust=_below(adjust), off=off),
        )


def _below(values: np.ndarray) -> np.ndarray:
    """Single precision, rounded down: a cost that is too low leaves a bound valid."""
    rounded = values.astype(np.float32)
    high = rounded > values
    rounded[high] = np.nextafter(rounded[high], np.float32(-inf))
    return rounded


def own_cells(tables: Tables) -> np.ndarray:
    """
    Intervals that duties of one day alone can cover, bool [days, intervals].
    """
    size, kinds = tables.size, tables.kinds
    reach = np.zeros((size.days, size.intervals), bool)
    for marks in kinds.first:
        for day in range(size.days):
            for k in range(marks[day], marks[day + 1]):
                begin = (kinds.start[k] - size.pad) // size.per
                end = -((size.pad - kinds.close[k]) // size.per)
                reach[day, max(0, begin) : max(0, end)] = True
    return np.asarray(reach & (reach.sum(axis=0) == 1))


def own_posts(tables: Tables) -> np.ndarray:
    """
    Posts at which duties of one day alone can be, bool [days, posts].
    """
    size, kinds, slots = tables.size, tables.kinds, tables.posts.at[:, 1]
    reach = np.zeros((size.days, size.slots + 1), bool)
    for marks in kinds.first:
        for day in range(size.days):
            for k in range(marks[day], marks[day + 1]):
                reach[day, kinds.start[k] : kinds.end[k]] = True
    return np.asarray((reach & (reach.sum(axis=0) == 1))[:, slots])


def alike(tables: Tables) -> list[list[int]]:
    """
    People whom nothing in the tables can tell apart.
    """
    team = tables.team
    found: dict[tuple[object, ...], list[int]] = {}
    for p in range(len(team.type)):
        numbers = (team.type[p], team.skill[p], team.rate[p], team.node[p])
        rows = (team.low[p], team.high[p], team.adjust[p], team.off[p])
        key = (*(int(one) for one in numbers), *(row.tobytes() for row in rows))
        found.setdefault(key, []).append(p)
    return list(found.values())


class Begun(NamedTuple):
    """
    The first day of a proof, as it was planned.
    """

    choices: tuple[Choices, ...]
    found: Day


def prove(
    tables: Tables,
    dual: Dual,
    order: Sequence[int],
    nodes: int,
    *,
    begun: Begun | None = None,
    stop: Stop = never,
) -> tuple[float, Begun | None]:
    """
    A lower bound on any roster's cost, in cents, at least the dual's, and its first day.

    Parameters
    ----------
    order
        Days to be planned with whole people.
    nodes
        Nodes of each day's search tree at most.
    begun
        What is known of the first day already.
    """
    days = Days(tables, dual.prices, dual.weights, dual.posts)
    best = dual.bound
    for number, day in enumerate(order):
        if stop():
            break
        split = days.split(day)
        if begun is not None and not number:
            found = begun.found
        else:
            own = days.own[day], days.own_posts[day]
            found = solve_day(days.tables, days.weights, own, split.choices, nodes, stop=stop)
        begun = begun or Begun(split.choices, found)
        if split.outside + found.bound > best:
            best = split.outside + found.bound
            days.keep(day, split.choices, found.bound)
    return best, begun


def dive(
    tables: Tables,
    dual: Dual,
    order: Sequence[int],
    nodes: int,
    stream: np.random.Generator,
    *,
    begun: Begun | None = None,
    stop: Stop = never,
) -> Found | None:
    """
    A roster from days that are planned with whole people, one after the other, and fixed.

    ``begun`` is what is known of the first day already. None where a day found no plan, or
    ``stop`` said so.
    """
    fixed = tables
    for day in order:
        days = Days(fixed, dual.prices, dual.weights, dual.posts)
        if begun is None:
            choices = days.split(day).choices
            own = days.own[day], days.own_posts[day]
            found = solve_day(fixed, days.weights, own, choices, nodes, stop=stop)
        else:
            choices, found, begun = begun.choices, begun.found, None
        if found.taken is None or stop():
            return None
        fixed = fix(fixed, day, choices, found.taken)
        dual = solve_dual(fixed, REPRICE, stop=stop)
    return search(fixed, dual, stream, PASSES, stop=stop)


def replan(
    tables: Tables,
    best: Found,
    nodes: int,
    stream: np.random.Generator,
    *,
    stop: Stop = never,
) -> Found:
    """
    The roster with some days planned anew, where that is cheaper.
    """
    free = stream.permutation(tables.size.days)[:FREE].tolist()
    fixed = as_planned(tables, best.state.tours, free)
    dual = solve_dual(fixed, REPRICE, stop=stop)
    found = dive(fixed, dual, free, nodes, stream, stop=stop)
    return best if found is None or found.cost >= best.cost - 1e-6 else found


def as_planned(tables: Tables, tours: np.ndarray, free: Sequence[int]) -> Tables:
    """
    Tables in which everybody must do as planned, but for some days.
    """
    adjust, off = tables.team.adjust.copy(), tables.team.off.copy()
    for p, tour in enumerate(tours):
        for day in set(range(tables.size.days)).difference(free):
            _hold(tables, p, day, int(tour[day]), adjust, off)
    return replace(tables, team=tables.team._replace(adjust=adjust, off=off))


def fix(
    tables: Tables,
    day: int,
    choices: Sequence[Choices],
    taken: Sequence[tuple[int, int, int]],
) -> Tables:
    """
    Tables in which everybody must do on a day what was planned for it.
    """
    adjust, off = tables.team.adjust.copy(), tables.team.off.copy()
    left = [list(group.people) for group in choices]
    for group, kind, count in taken:
        for _ in range(count):
            _hold(tables, left[group].pop(0), day, kind, adjust, off)
    for people in left:
        for p in people:
            _hold(tables, p, day, -1, adjust, off)
    return replace(tables, team=tables.team._replace(adjust=adjust, off=off))


def _hold(tables: Tables, p: int, day: int, kind: int, adjust: np.ndarray, off: np.ndarray) -> None:
    """Bar all that somebody could do on a day but one kind, or the day off where that is -1."""
    marks = tables.kinds.first[tables.team.type[p]]
    first, last = marks[day] - marks[0], marks[day + 1] - marks[0]
    cost = adjust[p, kind - marks[0]] if kind >= 0 else inf
    adjust[p, first:last] = inf
    if kind >= 0:
        adjust[p, kind - marks[0]] = cost
        off[p, day] = inf
