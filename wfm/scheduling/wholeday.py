"""
One day with whole people: a mixed-integer programme, solved by SCIP through OR-Tools.

Everybody takes one choice of the day, at a given price; what is not covered is charged as
everywhere. Only that much is left out: people who start within some hours of each other
take their breaks from one pool, so that each break starts when somebody may take it, and
as long after the one before as it must. Leaving out only lowers the optimum, so what is
proven here is proven of every day.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

import numpy as np
from ortools.linear_solver import pywraplp

from wfm.domain.outcome import Stop, never
from wfm.scheduling.tables import Tables

POOL = 120  # minutes between starts of shifts whose breaks are pooled, at most
MARGIN = 1.0  # cents: more than what the solver's tolerances can be worth
CLOSELY = 1e-6  # heads: how closely rows are kept
CLOSE = 50.0  # cents within which a day counts as solved
POLL = 0.1  # seconds between two looks at the clock
SETTINGS = """
limits/totalnodes = {nodes}
limits/absgap = {close}
presolving/maxrounds = 2
heuristics/alns/freq = -1
heuristics/adaptivediving/freq = -1
heuristics/crossover/freq = -1
heuristics/feaspump/freq = -1
heuristics/rens/freq = -1
heuristics/rins/freq = -1
"""

Terms = dict[int, list[tuple[pywraplp.Variable, float]]]


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
    """

    people: tuple[int, ...]
    kinds: np.ndarray
    cost: np.ndarray
    off: float


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
    """
    model = _Model(tables, *own)
    for group in choices:
        model.add_people(group)
    model.add_breaks()
    model.add_cover(weights)
    model.add_posts()
    return model.solve(nodes, stop)


class _Model:
    """The programme while it is built."""

    def __init__(self, tables: Tables, cells: np.ndarray, posts: np.ndarray):
        self.tables, self.cells, self.posts = tables, cells, posts
        self.there: Terms = defaultdict(list)  # heads by post
        self.solver = pywraplp.Solver.CreateSolver("SCIP")
        self.objective = self.solver.Objective()
        self.offset = self.doubt = 0.0
        self.taken: list[tuple[int, int, pywraplp.Variable]] = []
        self.groups = 0
        self.supply: dict[int, Terms] = defaultdict(lambda: defaultdict(list))
        # by skill set, then by what a pool shares: kinds and the variables that count them
        self.pools: dict[tuple[object, ...], dict[int, list[pywraplp.Variable]]] = {}

    def add_people(self, group: Choices) -> None:
        """One choice for everybody of a group."""
        kinds, size = self.tables.kinds, len(group.people)
        skill = int(self.tables.team.skill[group.people[0]])
        bound = group.off < inf
        base = group.off if bound else 0.0
        self.offset += base * size
        once = self.solver.Constraint(0 if bound else size, size)
        for kind, cost in zip(group.kinds.tolist(), group.cost.tolist(), strict=True):
            count = self.solver.IntVar(0, size, "")
            once.SetCoefficient(count, 1.0)
            self.objective.SetCoefficient(count, cost - base)
            self.taken.append((self.groups, kind, count))
            self._present(skill, int(kinds.start[kind]), int(kinds.close[kind]), [(count, 1.0)])
            self._stand(skill, int(kinds.start[kind]), int(kinds.end[kind]), [(count, 1.0)], 0)
            lengths = tuple(kinds.shape[kind, : kinds.breaks[kind], 0].tolist())
            if lengths:
                bucket = int(kinds.start[kind]) * self.tables.size.unit // POOL
                away = kinds.shape[kind, : kinds.breaks[kind], 8] if len(self.posts) else ()
                pool = self.pools.setdefault((skill, lengths, bucket, *away), {})
                pool.setdefault(kind, []).append(count)
        self.groups += 1

    def _present(
        self, skill: int, start: int, end: int, terms: Sequence[tuple[pywraplp.Variable, float]]
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
        terms: Sequence[tuple[pywraplp.Variable, float]],
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
            terms = list(_merged(self.there[first + post]))
            price, least, most = posts.price[post], posts.least[post], posts.most[post]
            self.offset += float(price * posts.beyond[post])
            for bound, sign in ((float(least), 1.0), (float(most), -1.0)):
                if bound < 0 or (sign > 0 and not bound):
                    continue
                off = self.solver.NumVar(0.0, inf, "")
                self.objective.SetCoefficient(off, float(price))
                row = self.solver.Constraint(sign * bound, inf)
                row.SetCoefficient(off, 1.0)
                for one, factor in terms:
                    row.SetCoefficient(one, sign * factor)

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
                    started.follow(self.solver, earlier)
                earlier = started

    def add_cover(self, weights: np.ndarray) -> None:
        """What heads are worth in each cell."""
        cells, team, n = self.tables.cells, self.tables.team, self.tables.size.intervals
        served: Terms = defaultdict(list)
        for skill, times in self.supply.items():
            for t, terms in times.items():
                row = self.solver.Constraint(-inf, 0.0)
                for one, factor in _merged(terms):
                    row.SetCoefficient(one, -factor)
                for q in np.flatnonzero(team.able[skill]).tolist():
                    share = self.solver.NumVar(0.0, inf, "")
                    row.SetCoefficient(share, 1.0)
                    served[q * n + t].append((share, float(team.able[skill, q])))
        for q in range(self.tables.size.queues):
            for c in (q * n + np.flatnonzero(self.cells)).tolist():
                weight = float(weights[cells.period[c]]) if cells.period[c] >= 0 else 0.0
                self.offset += float(cells.nothing[c] - weight * cells.idle[c])
                row = self.solver.Constraint(0.0, inf)
                for share, able in served[c]:
                    row.SetCoefficient(share, able)
                for j in range(int(cells.corners[c]) - 1):
                    width = float(cells.at[c, j + 1] - cells.at[c, j])
                    used = self.solver.NumVar(0.0, width, "")
                    row.SetCoefficient(used, -1.0)
                    saved = weight * float(cells.gain[c, j]) + float(cells.fine[c, j])
                    self.objective.SetCoefficient(used, -saved)

    def solve(self, nodes: int, stop: Stop) -> Day:
        """Search the tree."""
        self.objective.SetOffset(self.offset)
        self.objective.SetMinimization()
        self.solver.SetSolverSpecificParametersAsString(SETTINGS.format(nodes=nodes, close=CLOSE))
        with _stopping(self.solver, stop):
            status = self.solver.Solve()
        bound = float(self.objective.BestBound()) - MARGIN - self.doubt
        if status not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
            return Day(-inf, inf, None)
        taken = tuple(
            (group, kind, round(count.solution_value()))
            for group, kind, count in self.taken
            if count.solution_value() > 0.5
        )
        return Day(bound, float(self.objective.Value()), taken)


class _Started(NamedTuple):
    """
    How many people of a pool have started a break by each slot from ``first`` on.
    """

    counts: list[pywraplp.Variable]
    first: int
    length: int
    gap: int  # slots from the end of the break before at least
    away: int  # how far people are away in it, see Kinds

    @classmethod
    def of(cls, model: _Model, pool: dict[int, list[pywraplp.Variable]], number: int) -> _Started:
        """The break of some number, of everybody in a pool."""
        solver, shape = model.solver, model.tables.kinds.shape
        soonest = {k: int(shape[k, number, 1]) for k in pool}
        latest = {
            k: soonest[k] + int((shape[k, number, 2] - 1) * shape[k, number, 3]) for k in pool
        }
        first, last = min(soonest.values()), max(latest.values())
        counts = [solver.NumVar(0.0, inf, "") for _ in range(first, last + 1)]
        for at, count in enumerate(counts):
            slot = first + at
            if at:
                solver.Add(count >= counts[at - 1])
            if slot + 1 in soonest.values():
                solver.Add(count <= sum(x for k in pool if soonest[k] <= slot for x in pool[k]))
            if slot in latest.values():
                solver.Add(count >= sum(x for k in pool if latest[k] <= slot for x in pool[k]))
        solver.Add(counts[-1] <= sum(x for k in pool for x in pool[k]))
        some = next(iter(pool))
        gap = min(int(shape[k, number, 4]) for k in pool)
        return cls(counts, first, int(shape[some, number, 0]), gap, int(shape[some, number, 8]))

    def follow(self, solver: pywraplp.Solver, earlier: _Started) -> None:
        """Nobody starts this break before the one before it is over, and some time more."""
        for at, count in enumerate(self.counts):
            before = self.first + at - self.gap - earlier.length - earlier.first
            if before < 0:
                solver.Add(count <= 0.0)
            elif before < len(earlier.counts):
                solver.Add(count <= earlier.counts[before])


def _merged(
    terms: Sequence[tuple[pywraplp.Variable, float]],
) -> Iterator[tuple[pywraplp.Variable, float]]:
    """Terms with one entry a variable."""
    total: dict[int, float] = defaultdict(float)
    named: dict[int, pywraplp.Variable] = {}
    for one, factor in terms:
        total[one.index()] += factor
        named[one.index()] = one
    for index, factor in total.items():
        if abs(factor) > 1e-12:
            yield named[index], factor


@contextmanager
def _stopping(solver: pywraplp.Solver, stop: Stop) -> Iterator[None]:
    """
    Interrupt a solver when ``stop`` says so.
    """
    over = threading.Event()

    def watch() -> None:
        while not over.wait(POLL):
            if stop():
                solver.InterruptSolve()  # again and again: one before the search is lost

    if stop is never:
        yield
        return
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
