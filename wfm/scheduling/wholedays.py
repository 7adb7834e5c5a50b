"""
Small teams: a sharper bound, from days that are planned with whole people.

The dual mixes tours, so a day is covered by parts of people: where heads are few and a
shift more costs much, as on a Sunday, no whole people come near to it. Here a day's cells
are taken out of the dual and given to an integer programme, in which everybody pays for a
choice what it costs in the rest of their tour, at the best (min-marginals). That programme
and the tours that are left bound every roster, and never less than the dual did:

    cost of a roster = cover of the day + cover of other days + tours
                    >= (cover of the day + what choices of the day cost)
                       + the dual of the other days, in which the day's choices are free

Then the day can stay so, and another is taken. Choices that no roster can hold which is
cheaper than a known one are left out: what is proven then holds for every cheaper roster.

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

from wfm.domain.outcome import Stop, never
from wfm.scheduling.bound import Dual, work_of
from wfm.scheduling.marginals import through_day
from wfm.scheduling.posts import post_values
from wfm.scheduling.pricing import NEVER, kind_values, slot_values
from wfm.scheduling.proving import Segments
from wfm.scheduling.tables import Tables
from wfm.scheduling.wholeday import Choices, Day, solve_day

PEOPLE = 20  # larger teams gain too little for what it costs
QUEUES = 2
DAYS = 14
CHEAP = 300  # choices of a day, all groups of people together, that are soon decided
NEAREST = 1500, 20  # choices of a day planned for a roster and not for a proof: in all, a person
SEEKING = 0.1  # share of the work on such a day that goes to finding solutions
WHOLE_BREAKS = 100  # people from whom breaks of such a day are whole: fewer find less so
HARDLY = 0.01  # cents that costs of choices may differ by and be taken as one
DUST = 1.0  # cents: what prices in single precision can be wrong by


def small(tables: Tables) -> bool:
    """
    Whether days of whole people pay because people are few.
    """
    return len(tables.team.type) <= PEOPLE and _plain(tables)


def uniform(tables: Tables) -> bool:
    """
    Whether many people differ so little that a day with whole people is a small programme.
    """
    if len(tables.team.type) <= PEOPLE or not _plain(tables):
        return False
    most = int(np.diff(tables.kinds.first[tables.team.type], axis=1).max(initial=0))
    return len(alike(tables)) * most <= CHEAP


def _plain(tables: Tables) -> bool:
    """Few queues and days, and no roster that stands."""
    size = tables.size
    return size.queues <= QUEUES and size.days <= DAYS and tables.stands is None


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

    def dear(self) -> np.ndarray:
        """What cover costs on each day, cents, float64 [days]."""
        need = np.where(self.tables.cells.corners > 1, self.tables.cells.at.max(axis=1), 0.0)
        dear = (self.prices * need[: self.prices.size].reshape(self.prices.shape)).sum(axis=0)
        return np.array([dear[own].sum() for own in self.own])

    def order(self) -> list[int]:
        """Days, those first on which cover costs most."""
        dear = self.dear()
        return sorted(range(len(self.own)), key=lambda day: -float(dear[day]))

    def _of(self, day: int) -> np.ndarray:
        """Cells that are the day's own, bool [cells]."""
        return np.concatenate([np.tile(self.own[day], len(self.prices)), self.own_posts[day]])

    def split(self, day: int, slack: float = inf) -> Split:
        """
        Take a day out of the dual, with the choices that raise its bound by ``slack`` at most.
        """
        prices = np.where(self.own[day], 0.0, self.prices)
        posts = np.where(self.own_posts[day], 0.0, self.posts) if len(self.posts) else self.posts
        found, outside = [], self.proven
        for people in self.groups:
            choices, best = self._choices(people, day, prices, posts, slack)
            outside -= best * len(people)
            found.append(choices)
        skill = self.tables.team.skill
        return Split(tuple(_joined(found, skill)), outside + self._cover(day, prices, posts))

    def solve(self, day: int, slack: float, nodes: int, *, stop: Stop = never) -> tuple[Split, Day]:
        """
        Split the problem at a day, as ``split`` does, and plan that day with whole people.
        """
        split = self.split(day, slack)
        own = self.own[day], self.own_posts[day]
        return split, solve_day(self.tables, self.weights, own, split.choices, nodes, stop=stop)

    def plan(self, day: int, *, stop: Stop = never) -> Planned:
        """
        A good way to spend a day with whole people, of the choices nearest to the dual's.
        """
        found, people = self.split(day).choices, len(self.tables.team.type)
        rises = np.sort(np.concatenate([group.rise for group in found]))
        most = min(NEAREST[0], NEAREST[1] * people, len(rises))
        choices = tuple(group.within(float(rises[most - 1])) for group in found) if most else found
        spent = solve_day(
            self.tables,
            self.weights,
            (self.own[day], self.own_posts[day]),
            choices,
            nodes=1,
            seeking=SEEKING,
            whole_breaks=people >= WHOLE_BREAKS,
            stop=stop,
        )
        return Planned(day, choices, spent.taken)

    def _cover(self, day: int, prices: np.ndarray, posts: np.ndarray) -> float:
        """The least that cells cost which are not the day's, at prices of heads."""
        cells, parts = self.tables.cells, Segments.of(self.tables.cells)
        weight = np.where(parts.bound, self.weights[parts.row] if len(self.weights) else 0.0, 0.0)
        price = np.concatenate([prices.ravel(), posts])
        saved = weight[:, None] * parts.gain + parts.fine - price[:, None]
        cost = cells.nothing - weight * cells.idle
        cost = cost - (np.maximum(saved, 0.0) * parts.length).sum(axis=1)
        return float(cost[~self._of(day)].sum() + self.weights @ cells.target)

    def _choices(
        self, people: Sequence[int], day: int, prices: np.ndarray, posts: np.ndarray, slack: float
    ) -> tuple[Choices, float]:
        """What each choice of the day costs people who are alike; value of the best."""
        kept, _ = self._through(people[0], day, self.prices, self.posts)
        close = kept >= kept.max() - slack - DUST
        value, first = self._through(people[0], day, prices, posts)
        best = float(value.max())
        can = np.flatnonzero((value[:-1] > NEVER / 2) & close[:-1])
        off = best - float(value[-1]) if value[-1] > NEVER / 2 and close[-1] else inf
        rise = kept.max() - kept[can]
        return Choices(tuple(people), first + can, best - value[can], off, rise), best

    def _through(
        self, p: int, day: int, prices: np.ndarray, posts: np.ndarray
    ) -> tuple[np.ndarray, int]:
        """Value of somebody's best tour through each kind of a day and the day off; first kind."""
        kinds, team, work = self.tables.kinds, self.tables.team, self._work
        kt = team.type[p]
        first, last = kinds.first[kt, day], kinds.first[kt, day + 1]
        here = slice(first - kinds.first[kt, 0], last - kinds.first[kt, 0])
        able, pay = team.able[team.skill[p]], team.pay[team.rate[p]]
        slot_values(able, prices, *self.tables.grid, work.gain, work.choice)
        if len(posts):
            work.posts[:] = posts
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
        return np.append(value, self._worth[0] - team.off[p, day]), int(first)

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


def _joined(found: Sequence[Choices], skill: np.ndarray) -> list[Choices]:
    """
    Groups that can do the same at the same costs as one: other days told them apart.

    What hardly differs costs the less, so that what is proven stays a lower bound.
    """
    groups: dict[tuple[object, ...], list[Choices]] = {}
    for one in found:
        costs = np.round(np.append(one.cost, one.off) / HARDLY)
        key = int(skill[one.people[0]]), one.kinds.tobytes(), costs.tobytes()
        groups.setdefault(key, []).append(one)
    return [
        Choices(
            tuple(p for one in same for p in one.people),
            same[0].kinds,
            np.min([one.cost for one in same], axis=0),
            min(one.off for one in same),
            np.min([one.rise for one in same], axis=0),
        )
        for same in groups.values()
    ]


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


class Planned(NamedTuple):
    """
    A day planned with whole people: what they could choose, and what they took.

    ``taken`` are group, kind and number of people; None where no way to spend it was found.
    """

    day: int
    choices: tuple[Choices, ...]
    taken: tuple[tuple[int, int, int], ...] | None


class Proof(NamedTuple):
    """
    A lower bound on the cost of any roster, in cents, and the days that were planned for it.
    """

    bound: float
    planned: tuple[Planned, ...]

    @property
    def start(self) -> Planned | None:
        """The first of these days, from which rosters grow; None where no way was found."""
        first = next(iter(self.planned), None)
        return first if first is not None and first.taken is not None else None


def prove(
    tables: Tables,
    dual: Dual,
    order: Sequence[int],
    nodes: int,
    *,
    upper: float = inf,
    stop: Stop = never,
) -> Proof:
    """
    A lower bound on the cost of any roster: at least the dual's, at most ``upper``.

    Parameters
    ----------
    order
        Days to be planned with whole people.
    nodes
        Nodes of each day's search tree at most.
    upper
        What some roster costs: choices that only dearer ones can hold are left out.
    """
    left = Days(tables, dual.prices, dual.weights, dual.posts)
    best, planned = dual.bound, []
    for day in order:
        if stop() or upper - best <= DUST:
            break
        split, found = left.solve(day, upper - best, nodes, stop=stop)
        planned.append(Planned(day, split.choices, found.taken))
        if split.outside + found.bound > best:
            best = split.outside + found.bound
            left.keep(day, split.choices, found.bound)
    return Proof(min(best, upper), tuple(planned))
