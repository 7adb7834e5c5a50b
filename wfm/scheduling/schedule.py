"""
The scheduler: a roster for everybody, its cost, and a proof of how good it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from wfm.domain.courses import unplaced
from wfm.domain.money import Cents, minutes_at
from wfm.domain.outcome import Cost, Plan, PlanStatus, Progress, Stop, never, silent
from wfm.domain.roster import Roster, Severity, Tour
from wfm.paying.tariff import absence_pay, tour_pay
from wfm.rules.entry import TEAM
from wfm.scheduling.barred import barred
from wfm.scheduling.bound import Dual, softness, solve_dual
from wfm.scheduling.conflicts import refuse_impossible, refuse_unmanned, unkept
from wfm.scheduling.exact import best_split
from wfm.scheduling.finish import anneal
from wfm.scheduling.placing import Placed, place
from wfm.scheduling.posts import broken_together, hard_price
from wfm.scheduling.problem import Problem
from wfm.scheduling.proving import sharpen
from wfm.scheduling.rates import rounding
from wfm.scheduling.search import Found
from wfm.scheduling.strategies import MILD, SOLVER, Effort, manned_too, roster_of
from wfm.scheduling.tables import Tables, cells_without, tabulate


def schedule(
    problem: Problem,
    *,
    seed: int = 0,
    effort: float = 1.0,
    progress: Progress = silent,
    stop: Stop = never,
) -> Plan:
    """
    The best roster that a given effort finds, with a proven lower bound on any roster's cost.

    Parameters
    ----------
    seed
        Same problem, seed and effort: same roster, on the same platform and versions.
    effort
        A limit on work, not on time. 1 is the default.
    stop
        When it says so, the best roster so far is returned with what is proven so far.

    Raises
    ------
    NoRosterError
        Hard rules admit no tour for somebody, or no roster was found that keeps those across
        people; says which rules, for whom and when.
    """
    tables = tabulate(problem)
    refuse_impossible(tables)
    refuse_unmanned(tables)
    work = Effort.of(effort, len(problem.people), tables.size.days)
    dual = solve_dual(tables, work.dual, progress=progress, stop=stop)
    best, bound, solver = roster_of(tables, dual, work, seed=seed, progress=progress, stop=stop)
    best = manned_too(tables, dual, best, work, seed=seed, stop=stop)
    if problem.courses:
        best = around_sessions(tables, dual, best, work, seed=seed, stop=stop)
    bound = max(bound, sharpen(tables, dual, best.cost, work.proof, stop=stop)[0])
    status = PlanStatus.STOPPED if stop() else PlanStatus.FEASIBLE
    limits: Mapping[str, object] = {"effort": effort, "dual_passes": work.dual}
    return finish(tables, best, bound, status=status, seed=seed, limits=limits, solver=solver)


def placed_in(tables: Tables, found: Found) -> Placed:
    """
    The roster of a finished search with the sessions of training and meetings in it.
    """
    roster = tables.roster(found.state.tours, found.state.starts)
    heads, _ = best_split(tables, roster)
    return place(tables.problem, roster, heads, tables.problem.courses)


def around_sessions(
    tables: Tables, dual: Dual, best: Found, work: Effort, *, seed: int, stop: Stop
) -> Found:
    """
    The roster, or one annealed once more as if its sessions' heads were away: the cheaper.
    """
    placed = placed_in(tables, best)
    if placed.harm <= 0 or stop():
        return best
    moved = anneal(
        replace(tables, cells=cells_without(tables, placed.away)),
        best,
        work.moves // 2,
        weights=dual.weights,
        heat=softness(tables) * MILD,
        seed=seed + 1,
        stop=stop,
    )
    return min((best, moved), key=lambda found: with_sessions(tables, found))


def with_sessions(tables: Tables, found: Found) -> int:
    """
    What a roster costs with its sessions.
    """
    placed = placed_in(tables, found)
    _, missing = best_split(tables, placed.roster)
    unmanned = broken_together(tables.problem, placed.roster)
    lacking = round(hard_price(tables.problem) * sum(one.amount for one in unmanned))
    return price(tables.problem, placed.roster, missing).total + lacking


def finish(
    tables: Tables,
    found: Found,
    bound: float,
    *,
    status: PlanStatus,
    seed: int,
    limits: Mapping[str, object],
    solver: str = SOLVER,
) -> Plan:
    """
    The plan of a finished search: costs anew from the roster, and the certificate.
    """
    problem = tables.problem
    roster = tables.roster(found.state.tours, found.state.starts)
    if problem.courses:
        roster = placed_in(tables, found).roster
    unmanned = broken_together(problem, roster)
    if unmanned and problem.standing is None:
        raise unkept(unmanned)
    heads, missing = best_split(tables, roster)
    cost = price(problem, roster, missing)
    absent = sum(absence_pay(person, problem.calendar(person)) for person in problem.people)
    proven = bound + absent + _untold(tables, roster, found.state.cost) - _allowance(tables)
    proven -= hard_price(problem) * sum(one.amount for one in unmanned)
    if cost.total < proven - 1:
        raise RuntimeError(f"the roster costs {cost.total}, less than its bound {proven:.2f}")
    if cost.total - proven <= 1:
        status = PlanStatus.OPTIMAL
    return Plan(
        roster=roster,
        status=status,
        cost=cost,
        bound=min(proven, float(cost.total)),
        controllable=float(cost.total - absent - _unavoidable(tables)),
        cover=heads,
        seed=seed,
        limits=limits,
        solver=solver,
        remarks=tuple(_remarks(tables)),
        unplaced=tuple(one.sentence for one in unplaced(roster, problem.courses)),
        spared=(TEAM,) if unmanned else (),
    )


def _remarks(tables: Tables) -> Iterator[str]:
    problem = tables.problem
    yield from barred(tables)
    for name, aim in problem.aims.items():
        if aim.yields is None:
            yield f"{name}: its heads are covered in each interval; no curve tells what they yield"
    contracts = {person.agent.contract.name: person.agent.contract for person in problem.people}
    for contract in contracts.values():
        for one, other in contract.alike():
            yield (
                f"contract {contract.name}: shifts fit '{one}' and '{other}' alike; a roster's "
                f"file names none, and rules and wishes know them as '{one}'"
            )


def price(problem: Problem, roster: Roster, missing: float) -> Cost:
    """
    What a roster costs: pay by the tariff, priced rules by the book, shortfall as given.

    Raises
    ------
    RuntimeError
        The roster breaks a hard rule and nobody asked for that: a fault of the scheduler.
    """
    standing, days = problem.standing, problem.grid.days
    prices = {entry.code: entry.price for entry in problem.book}
    pay = changes = 0
    wishes = sum(
        round(one.amount * prices[one.code])
        for one in problem.book.together(roster)
        if one.severity is Severity.PRICED
    )
    for tour in roster:
        own = priced(problem, tour)
        pay, wishes = pay + own[0], wishes + own[1]
        if standing is not None:
            changes += standing.price * len(standing.changed(tour.agent, tour.by_day, days))
    return Cost(pay, wishes, round(missing), changes)


def priced(problem: Problem, tour: Tour) -> tuple[Cents, Cents]:
    """
    Pay and priced breaches of one tour; ``price`` says when a hard one is a fault.
    """
    spared = problem.standing.spared if problem.standing else frozenset()
    prices = {entry.code: entry.price for entry in problem.book}
    wishes = 0
    for breach in problem.book.check(tour):
        if breach.severity is Severity.HARD and breach.agent not in spared:
            raise RuntimeError(f"{breach.agent} breaks {breach.code} on {breach.date}")
        if breach.severity is Severity.PRICED:
            wishes += round(breach.amount * prices[breach.code])
    return tour_pay(tour), wishes


def _untold(tables: Tables, roster: Roster, known: np.ndarray) -> float:
    """
    What tables do not know of people who are spared: their overtime and priced breaches.
    """
    problem, total = tables.problem, 0.0
    for p, person in enumerate(problem.people):
        if problem.standing and person.agent.agent in problem.standing.spared:
            tour = roster.by_agent[person.agent.agent]
            absent = absence_pay(person, tour.calendar)
            total += sum(priced(problem, tour)) - absent - float(known[p])
    return total


def _allowance(tables: Tables) -> float:
    # What rounding pay to cents, and the shortfall, may have taken off a roster's cost.
    weeks = tables.team.low.shape[1]
    people = tables.problem.people
    return 0.5 + sum(rounding(person, tables.size.days, weeks) for person in people)


def _unavoidable(tables: Tables) -> int:
    """
    Base pay of the hours that contracts oblige to plan.
    """
    total = 0
    for person in tables.problem.people:
        contract = person.agent.contract
        weeks = max(1, tables.size.days // 7)
        slack = contract.slack(closed=True) * -(-weeks // contract.average_weeks)
        credit = sum(minutes for day, minutes in person.credit.items() if day >= 0)
        owed = contract.minutes(7 * weeks) - slack - credit
        total += minutes_at(person.agent.rate, max(0, owed))
    return total
