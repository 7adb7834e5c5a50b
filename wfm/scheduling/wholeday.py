"""
One day with whole people: a mixed-integer programme.

Everybody takes one choice of the day, at a given price; what is not covered is charged as
everywhere. Only that much is left out: people who start within some hours of each other
take their breaks from one pool, so that each break starts when somebody may take it, and
as long after the one before as it must. Leaving out only lowers the optimum, so what is
proven here is proven of every day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import NamedTuple

import numpy as np

from wfm.domain.outcome import Stop, never
from wfm.scheduling.programme import Programme
from wfm.scheduling.tables import Tables

POOL = 120  # minutes between starts of shifts whose breaks are pooled, at most
MARGIN = 1.0  # cents: more than what the solver's tolerances can be worth
CLOSELY = 1e-6  # heads: how closely rows are kept
CLOSE = 50.0  # cents within which a day counts as solved

Terms = dict[int, list[tuple[int, float]]]


@dataclass(frozen=True)
class Choices:
    """
    What people who are alike can do on a day.

    Parameters
    ----------
    people
        Their numbers.
    kinds
        Shift kinds, int64 [choices].
    cost
        Cents that each costs, float64 [choices], finite.
    off
        Cents that the day off costs; infinite where they must work.
    rise
        Cents by which each raises the bound at least, float64 [choices].
    """

    people: tuple[int, ...]
    kinds: np.ndarray
    cost: np.ndarray
    off: float
    rise: np.ndarray

    def within(self, rise: float) -> Choices:
        """Those that raise the bound by so much at most."""
        near = self.rise <= rise
        return replace(self, kinds=self.kinds[near], cost=self.cost[near], rise=self.rise[near])


class Day(NamedTuple):
    """
    What is known of a day: no way to spend it costs less than ``bound``, in cents.

    ``taken`` is the best way found, as group, kind and number of people; None if none was.
    """

    bound: float
    cost: float
    taken: tuple[tuple[int, int, int], ...] | None


def solve_day(
    tables: Tables,
    weights: np.ndarray,
    own: tuple[np.ndarray, np.ndarray],
    choices: Sequence[Choices],
    nodes: int,
    *,
    seeking: float = 0.0,
    whole_breaks: bool = False,
    stop: Stop = never,
) -> Day:
    """
    The best way to spend a day.

    Parameters
    ----------
    weights
        Multipliers of the periods' promises, float [periods].
    own
        What the day alone decides: intervals, bool [intervals], and posts, bool [posts].
    nodes
        Nodes of the search tree at most: a count, so that runs repeat.
    seeking
        Share of the work that goes to finding good ways to spend the day, see `Programme`.
    whole_breaks
        Whether whole people start breaks too: nearer to the truth, and slower.
    """
    model = _Model(tables, *own, whole_breaks=whole_breaks)
    for group in choices:
        model.add_people(group)
    model.add_breaks()
    model.add_cover(weights)
    model.add_posts()
    return model.solve(nodes, seeking, stop)


class _Model:
    """The programme while it is built."""

    def __init__(self, tables: Tables, cells: np.ndarray, posts: np.ndarray, *, whole_breaks: bool):
        self.tables, self.cells, self.posts = tables, cells, posts
        self.whole_breaks = whole_breaks
        self.there: Terms = defaultdict(list)  # heads by post
        self.programme = Programme()
        self.doubt = 0.0
        self.taken: list[tuple[int, int, int]] = []
        self.groups = 0
        self.supply: dict[int, Terms] = defaultdict(lambda: defaultdict(list))
        # by skill set, then by what a pool shares: kinds and the variables that count them
        self.pools: dict[tuple[object, ...], dict[int, list[int]]] = {}

    def add_people(self, group: Choices) -> None:
        """One choice for everybody of a group."""
        kinds, size = self.tables.kinds, len(group.people)
        skill = int(self.tables.team.skill[group.people[0]])
        bound = group.off < inf
        base = group.off if bound else 0.0
        self.programme.offset += base * size
        counts = []
        for kind, cost in zip(group.kinds.tolist(), group.cost.tolist(), strict=True):
            count = self.programme.column(upper=size, cost=cost - base, whole=True)
            counts.append((count, 1.0))
            self.taken.append((self.groups, kind, count))
            self._present(skill, int(kinds.start[kind]), int(kinds.close[kind]), [(count, 1.0)])
            self._stand(skill, int(kinds.start[kind]), int(kinds.end[kind]), [(count, 1.0)], 0)
            lengths = tuple(kinds.shape[kind, : kinds.breaks[kind], 0].tolist())
            if lengths:
                bucket = int(kinds.start[kind]) * self.tables.size.unit // POOL
                away = kinds.shape[kind, : kinds.breaks[kind], 8] if len(self.posts) else ()
                pool = self.pools.setdefault((skill, lengths, bucket, *away), {})
                pool.setdefault(kind, []).append(count)
        self.programme.row(counts, low=0 if bound else size, high=size)
        self.groups += 1

    def _present(
        self, skill: int, start: int, end: int, terms: Sequence[tuple[int, float]]
    ) -> None:
        """Let people of a skill set be there, or away, from slot to slot."""
        size = self.tables.size
        for slot in range(start - size.pad, end - size.pad):
            t = slot // size.per
            if 0 <= t < size.intervals and self.cells[t]:
                self.supply[skill][t] += [(one, factor / size.per) for one, factor in terms]

    def _stand(
        self,
        skill: int,
        start: int,
        end: int,
        terms: Sequence[tuple[int, float]],
        away: int,
    ) -> None:
        """Let people be at posts, or away from those that do not count such a break."""
        team = self.tables.team
        first = len(self.tables.cells.corners) - len(team.posts)
        for rule in np.flatnonzero(team.counted[skill]).tolist():
            if away == 1 and team.resting[rule]:
                continue
            for cell in team.post[rule, start:end].tolist():
                if cell >= 0 and self.posts[cell - first]:
                    self.there[cell] += terms

    def add_posts(self) -> None:
        """What lacks at posts, or is too much."""
        posts, first = self.tables.posts, len(self.tables.cells.corners) - len(self.posts)
        self.doubt = CLOSELY * float(posts.price[self.posts].sum())
        for post in np.flatnonzero(self.posts).tolist():
            terms = self.there[first + post]
            price, least, most = posts.price[post], posts.least[post], posts.most[post]
            self.programme.offset += float(price * posts.beyond[post])
            for bound, sign in ((float(least), 1.0), (float(most), -1.0)):
                if bound < 0 or (sign > 0 and not bound):
                    continue
                off = self.programme.column(cost=float(price))
                present = [(one, sign * factor) for one, factor in terms]
                self.programme.row([(off, 1.0), *present], low=sign * bound)

    def add_breaks(self) -> None:
        """Breaks of every pool."""
        for (skill, lengths, *_), pool in self.pools.items():
            earlier: _Started | None = None
            for number, length in enumerate(lengths):  # type: ignore[arg-type, var-annotated]
                started = _Started.of(self, pool, number)
                for at, now in enumerate(started.counts):
                    begin = started.first + at
                    terms = [(now, -1.0)]
                    if at:
                        terms.append((started.counts[at - 1], 1.0))
                    self._present(int(skill), begin, begin + length, terms)  # type: ignore[call-overload]
                    if started.away:
                        self._stand(int(skill), begin, begin + length, terms, started.away)  # type: ignore[call-overload]
                if earlier is not None:
                    started.follow(self.programme, earlier)
                earlier = started

    def add_cover(self, weights: np.ndarray) -> None:
        """What heads are worth in each cell."""
        cells, team, n = self.tables.cells, self.tables.team, self.tables.size.intervals
        served: Terms = defaultdict(list)
        for skill, times in self.supply.items():
            for t, terms in times.items():
                shares = []
                for q in np.flatnonzero(team.able[skill]).tolist():
                    share = self.programme.column()
                    shares.append((share, 1.0))
                    served[q * n + t].append((share, float(team.able[skill, q])))
                self.programme.row([*shares, *((one, -factor) for one, factor in terms)], high=0.0)
        for q in range(self.tables.size.queues):
            for c in (q * n + np.flatnonzero(self.cells)).tolist():
                weight = float(weights[cells.period[c]]) if cells.period[c] >= 0 else 0.0
                self.programme.offset += float(cells.nothing[c] - weight * cells.idle[c])
                pieces = []
                for j in range(int(cells.corners[c]) - 1):
                    width = float(cells.at[c, j + 1] - cells.at[c, j])
                    saved = weight * float(cells.gain[c, j]) + float(cells.fine[c, j])
                    pieces.append((self.programme.column(upper=width, cost=-saved), -1.0))
                self.programme.row([*served[c], *pieces], low=0.0)

    def solve(self, nodes: int, seeking: float, stop: Stop) -> Day:
        """Search the tree."""
        found = self.programme.solve(nodes=nodes, close=CLOSE, seeking=seeking, stop=stop)
        bound = found.bound - MARGIN - self.doubt
        if found.values is None:
            return Day(bound, inf, None)
        taken = tuple(
            (group, kind, round(found.values[count]))
            for group, kind, count in self.taken
            if found.values[count] > 0.5
        )
        return Day(bound, found.cost, taken)


class _Started(NamedTuple):
    """
    How many people of a pool have started a break by each slot from ``first`` on.
    """

    counts: list[int]
    first: int
    length: int
    gap: int  # slots from the end of the break before at least
    away: int  # how far people are away in it, see Kinds

    @classmethod
    def of(cls, model: _Model, pool: dict[int, list[int]], number: int) -> _Started:
        """The break of some number, of everybody in a pool."""
        programme, shape = model.programme, model.tables.kinds.shape
        soonest = {k: int(shape[k, number, 1]) for k in pool}
        latest = {
            k: soonest[k] + int((shape[k, number, 2] - 1) * shape[k, number, 3]) for k in pool
        }
        first, last = min(soonest.values()), max(latest.values())
        whole = model.whole_breaks
        counts = [programme.column(whole=whole) for _ in range(first, last + 1)]
        for at, count in enumerate(counts):
            slot = first + at
            if at:
                programme.row([(count, 1.0), (counts[at - 1], -1.0)], low=0.0)
            if slot + 1 in soonest.values():
                can = [(x, -1.0) for k in pool if soonest[k] <= slot for x in pool[k]]
                programme.row([(count, 1.0), *can], high=0.0)
            if slot in latest.values():
                must = [(x, -1.0) for k in pool if latest[k] <= slot for x in pool[k]]
                programme.row([(count, 1.0), *must], low=0.0)
        everybody = [(x, -1.0) for k in pool for x in pool[k]]
        programme.row([(counts[-1], 1.0), *everybody], high=0.0)
        some = next(iter(pool))
        gap = min(int(shape[k, number, 4]) for k in pool)
        return cls(counts, first, int(shape[some, number, 0]), gap, int(shape[some, number, 8]))

    def follow(self, programme: Programme, earlier: _Started) -> None:
        """Nobody starts this break before the one before it is over, and some time more."""
        for at, count in enumerate(self.counts):
            before = self.first + at - self.gap - earlier.length - earlier.first
            if before < 0:
                programme.row([(count, 1.0)], high=0.0)
            elif before < len(earlier.counts):
                programme.row([(count, 1.0), (earlier.counts[before], -1.0)], high=0.0)
