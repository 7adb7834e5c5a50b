"""
A roster that stands, changed as little as pays: from where it is, at a price per change.

The standing tours are where everything starts: the dual's fractional cover, and the roster
that is improved. What a changed person-day costs is in the tables, so the bound counts it,
and so it holds for any limit on changes, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf, sqrt

import numpy as np

from wfm.domain.outcome import Plan, PlanStatus, Progress, Stop, never, silent
from wfm.errors import NoRosterError
from wfm.scheduling.bound import Dual, softness, solve_dual, tour_presence, work_of
from wfm.scheduling.conflicts import impossible
from wfm.scheduling.finish import anneal, recount, settle, steps_of
from wfm.scheduling.posts import join_posts
from wfm.scheduling.problem import Problem
from wfm.scheduling.schedule import finish
from wfm.scheduling.search import (
    SOFT,
    Found,
    State,
    assign_queues,
    nobody,
    objective,
    polish,
    respond,
)
from wfm.scheduling.strategies import Effort, manned_too
from wfm.scheduling.tables import Tables, tabulate

PASSES = 8  # over everybody for tours
BENDS = 0.1, 0.05  # curvature of prices, see bound: they are nearly right from the start
HEATS = 0.02, 0.3, 1.0  # first temperatures of small moves, in interval wages
FEW = 60  # people up to which all of them are tried: more have a near place for everything
STEEP = 3.0  # factor on the price of a change while there are too many
LEAST = 200  # cents from which it is raised
ROUNDS = 12  # times that it is raised at most
NARROW = 3  # prices tried between one that is too low and one that is high enough


def amend(
    problem: Problem,
    *,
    tables: Tables | None = None,
    most: int | None = None,
    seed: int = 0,
    effort: float = 1.0,
    progress: Progress = silent,
    stop: Stop = never,
) -> Plan:
    """
    The best roster near the one that stands, changes at their price, with a proven bound.

    Who has no tour that keeps both the rules and what must stay, stays as a whole: their
    names are in ``Plan.spared``, and the checker finds what their tours break. So is ``TEAM``
    where a rule across people cannot be kept.

    Parameters
    ----------
    problem
        With a standing roster.
    tables
        Those of the problem, where they are made already.
    most
        Changed person-days at most, those that are free not counted; None: as many as pay.
    seed, effort, stop
        As ``wfm.scheduling.schedule.schedule`` takes them.

    Raises
    ------
    NoRosterError
        More than ``most`` person-days must change.
    """
    assert problem.standing is not None
    tables = tables or tabulate(problem)
    stuck = impossible(tables)
    if stuck:
        names = frozenset(problem.people[p].agent.agent for p in stuck)
        problem = replace(problem, standing=replace(problem.standing, spared=names))
        tables = tabulate(problem)
    size = len(problem.people)
    passes = max(6, round(effort * min(200, max(8, 1600 / size))))
    moves = round(effort * max(100_000, 500 * size))
    state = standing_state(tables)
    warm = warm_start(tables, state)
    dual = solve_dual(tables, passes, warm=warm, bends=BENDS, progress=progress, stop=stop)
    work = _Work(tables, dual, moves, seed, progress, stop)
    best = work.limited(_placed(tables, state, dual), most)
    if most is None:
        more = Effort.of(effort, size, tables.size.days)
        best = manned_too(tables, dual, best, more, seed=seed, stop=stop, refuse=False)
    status = PlanStatus.STOPPED if stop() else PlanStatus.FEASIBLE
    limits: Mapping[str, object] = {"effort": effort, "dual_passes": passes}
    if most is not None:
        limits = {**limits, "max_changes": most}
    plan = finish(tables, best, dual.bound, status=status, seed=seed, limits=limits)
    stuck_names = tuple(problem.people[p].agent.agent for p in stuck)
    return replace(plan, spared=(*stuck_names, *plan.spared))


def standing_state(tables: Tables) -> State:
    """
    The standing roster as a state; who has no admitted tour there works nowhere yet.

    Their cost is infinite.
    """
    assert tables.stands is not None
    state, kinds, team = nobody(tables), tables.kinds, tables.team
    for p, tour in enumerate(tables.stands):
        state.tours[p] = np.maximum(tour, -1)
        for day, kind in enumerate(tour):
            if kind >= 0:
                state.starts[p, day] = kinds.shape[kind, :, 1]
        tour_presence(kinds, state.tours[p], state.starts[p], *tables.grid, state.presence[p])
        able = np.flatnonzero(team.able[team.skill[p]])
        if len(able):
            state.queue[p] = np.where(state.presence[p] > 0, able[0], -1)
    steps = steps_of(tables)
    recount(kinds, steps, tables.arcs, team, tables.cells, state, tables.units)
    lost = ~np.isfinite(state.cost) | (tables.stands == -2).any(axis=1)
    state.tours[lost] = -1
    state.presence[lost] = 0.0
    state.queue[lost] = -1
    state.cost[lost] = np.inf
    state.heads[:] = 0.0
    finite = np.where(lost, 0.0, state.cost)
    settled = state._replace(cost=finite)
    recount(kinds, steps, tables.arcs, team, tables.cells, settled, tables.units)
    state.heads[:] = settled.heads
    return state


def warm_start(tables: Tables, state: State) -> tuple[np.ndarray, np.ndarray]:
    """Everybody's cover and cost in a roster, as ``solve_dual`` starts from them."""
    team, n = tables.team, tables.size.intervals
    share = np.zeros((len(team.type), len(tables.cells.corners)))
    for p in np.flatnonzero(np.isfinite(state.cost)):
        able = team.able[team.skill[p]]
        at = np.flatnonzero((state.queue[p] >= 0) & (state.presence[p] > 0))
        amount, lent, queue = state.presence[p, at], state.lent[p, at], state.queue[p, at]
        share[p, queue * n + at] += amount * (1 - lent) * able[queue]
        second = state.second[p, at]
        share[p, second * n + at] += amount * lent * able[second]
        tour, starts = state.tours[p], state.starts[p]
        join_posts(tables.kinds, tables.cells, team, p, tour, starts, 1.0, share[p])
    return share, np.where(np.isfinite(state.cost), state.cost, np.nan)


def _placed(tables: Tables, state: State, dual: Dual) -> Found:
    """The state with everybody in it: who had no tour takes the best at the dual's prices."""
    lost = np.flatnonzero(~np.isfinite(state.cost))
    weights, missing = dual.weights.copy(), np.zeros(len(dual.weights))
    flat = (tables.kinds, tables.arcs, tables.team, tables.cells, tables.grid)
    work, centre = work_of(tables), dual.centre
    state.cost[lost] = 0.0
    if len(lost):
        respond(*flat, centre, SOFT * softness(tables), weights, lost, state, work)
    assign_queues(tables.cells, tables.team, weights, state, np.arange(len(state.cost)))
    settle(tables, steps_of(tables), state)
    return Found(state, objective(tables.cells, state, missing), weights)


@dataclass(frozen=True)
class _Work:
    """What improving a roster takes, whatever the price of changes."""

    tables: Tables
    dual: Dual
    moves: int
    seed: int
    progress: Progress
    stop: Stop

    def better(self, tables: Tables, found: Found) -> Found:
        """A roster improved: best tours, then small moves, then best tours once more."""
        stream, scratch = np.random.default_rng(self.seed), work_of(tables)
        start = polish(tables, found, stream, PASSES, work=scratch, stop=self.stop)
        best = start
        for heat in HEATS if len(tables.team.type) <= FEW else HEATS[:1]:
            moved = anneal(
                tables,
                start,
                self.moves,
                weights=self.dual.weights,
                heat=softness(tables) * heat,
                seed=self.seed,
                bound=self.dual.bound,
                progress=self.progress,
                stop=self.stop,
            )
            moved = polish(tables, moved, stream, PASSES, work=scratch, stop=self.stop)
            best = min(best, moved, key=lambda one: one.cost)
        return best

    def limited(self, found: Found, most: int | None) -> Found:
        """
        The best roster with at most so many changes.

        Their price rises until there are so few, then comes down again between the last two.
        """
        best = self.better(self.tables, found)
        if most is None or changes(self.tables, best.state) <= most:
            return best
        good, low, high, rounds = None, 1.0, inf, 0
        while rounds < (ROUNDS if good is None else NARROW) and not self.stop():
            rounds += 1
            times = low * STEEP if high == inf else sqrt(low * high)
            trial = self.priced(found, times)
            if changes(self.tables, trial.state) > most:
                low = times
                continue
            rounds = 0 if good is None else rounds
            high = times
            good = trial if good is None or trial.cost < good.cost else good
        good = good or found  # only what must change
        least = changes(self.tables, good.state)
        if least > most:
            raise NoRosterError(
                f"{least} person-days must change, {most} may",
                hint="raise --max-changes, or leave it out",
            )
        return good

    def priced(self, found: Found, times: float) -> Found:
        """A roster improved where changes cost so many times more, at what it truly costs."""
        dear = dearer(self.tables, times)
        best = self.better(dear, _recounted(dear, found))
        return _recounted(self.tables, best)


def _recounted(tables: Tables, found: Found) -> Found:
    """The same roster at the costs of other tables."""
    state, missing = found.state.copy(), np.zeros(len(found.weights))
    settle(tables, steps_of(tables), state)
    return Found(state, objective(tables.cells, state, missing), found.weights)


def changes(tables: Tables, state: State) -> int:
    """
    Person-days that are not as they stand, those that are free not counted.
    """
    return int(_differs(tables, state.tours).sum())


def _differs(tables: Tables, tours: np.ndarray) -> np.ndarray:
    standing = tables.problem.standing
    assert standing is not None
    assert tables.stands is not None
    counted = np.array(
        [
            [day not in standing.free.get(person.agent.agent, ()) for day in range(tours.shape[1])]
            for person in tables.problem.people
        ]
    )
    return np.asarray((tours != tables.stands) & counted)


def dearer(tables: Tables, times: float) -> Tables:
    """
    The same tables with each change at so many times its price more.
    """
    standing, stands = tables.problem.standing, tables.stands
    assert standing is not None
    assert stands is not None
    adjust, off = tables.team.adjust.copy(), tables.team.off.copy()
    price = times * max(standing.price, LEAST)
    first = tables.kinds.first
    for p, kind in enumerate(tables.team.type):
        free = standing.free.get(tables.problem.people[p].agent.agent, ())
        for day in range(stands.shape[1]):
            if day in free:
                continue
            base = int(first[kind, 0])
            span = adjust[p, first[kind, day] - base : first[kind, day + 1] - base]
            own = int(stands[p, day] - first[kind, day]) if stands[p, day] >= 0 else None
            kept = None if own is None else span[own]
            span += price
            if own is not None:
                span[own] = kept
            off[p, day] += 0.0 if stands[p, day] == -1 else price
    return replace(tables, team=tables.team._replace(adjust=adjust, off=off))
