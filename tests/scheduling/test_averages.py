"""
Hours averaged over weeks, against every roster listed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from tests.scheduling.tiny import Case
from wfm.domain.roster import Block, Calendar, Duty, Severity, Tour
from wfm.domain.workforce import WORK, Agent, Contract, Pay, Person, Shape
from wfm.errors import NoRosterError
from wfm.paying.tariff import tour_pay
from wfm.rules.averages import LowWeek
from wfm.rules.book import Book
from wfm.rules.entry import Entry
from wfm.rules.hours import ContractHours, WeeklyMaximum
from wfm.rules.person import Availability
from wfm.rules.rest import NoOverlap
from wfm.scheduling.bound import solve_dual
from wfm.scheduling.exact import has_tour
from wfm.scheduling.problem import Problem
from wfm.scheduling.schedule import schedule
from wfm.scheduling.tables import tabulate

SHIFT = Shape("s", (480, 480), (120, 180))
LAW = (NoOverlap(), Availability(), ContractHours())
OPEN = (0, 1, 7, 8)  # days on which they can come: Monday and Tuesday of two weeks


def worker(name: str, days: tuple[int, ...] = OPEN, **more: object) -> Person:
    """Five hours a week on average over two, in shifts of two or three hours."""
    terms = {"average_weeks": 2, "balance": 1.0, **more}
    pay = Pay("base", 1000, overtime=((5.0, 0.5),))
    contract = Contract("c", 5.0, 5, (SHIFT,), pay, **terms)  # type: ignore[arg-type]
    spans = tuple((1440 * day, 1440 * (day + 1)) for day in days)
    return Person(Agent(name, contract, skills={"a": 1.0}), available=spans)


def asked(
    *people: Person, rules: tuple[object, ...] = LAW, past: tuple[Duty, ...] = (), days: int = 14
) -> Problem:
    """Heads are owed from eight to eleven: of two people in the first week, of none later."""
    book = Book("b", tuple(Entry(f"R{k}", rule) for k, rule in enumerate(rules)))
    problem = Case(people, days=days, heads={"a": 2.0}, book=book, open_clock=(480, 660)).problem()
    owed = problem.requirement.queues["a"]
    heads = np.where(problem.grid.day < 7, owed.to_schedule, 0.0)
    requirement = replace(problem.requirement, queues={"a": replace(owed, to_schedule=heads)})
    known = -7 if past else 0
    calendars = {p.agent.agent: Calendar(problem.grid, known_from=known) for p in people}
    carried = {people[0].agent.agent: past}
    return replace(problem, requirement=requirement, calendars=calendars, past=carried)


def tours(problem: Problem, one: Person) -> Iterator[Tour]:
    """Every tour in which the checker finds nothing."""
    carried = problem.carried(one)
    free = [day for day in range(problem.grid.days) if one.can_work(1440 * day, 1440 * day + 660)]
    for hours in product((0, 2, 3), repeat=len(free)):
        duties = tuple(
            Duty(day, (Block(1440 * day + 480, 1440 * day + 480 + 60 * h, WORK, ("a",)),), "s")
            for day, h in zip(free, hours, strict=True)
            if h
        )
        tour = Tour(one, carried.calendar, (*carried.duties, *duties))
        if not any(v.severity is Severity.HARD for v in problem.book.check(tour)):
            yield tour


def listed(problem: Problem) -> tuple[float, int]:
    """The least cost of every roster, and how many there are: pay, and heads that are missing."""
    owed, hour = problem.requirement.queues["a"].to_schedule, problem.shortfall_prices.head_hour
    every = [[(tour_pay(t), presence(t)) for t in tours(problem, p)] for p in problem.people]
    costs = [
        sum(pay for pay, _ in team) + hour * np.maximum(owed - sum(h for _, h in team), 0).sum()
        for team in product(*every)
    ]
    return min(costs), len(costs)


def presence(tour: Tour) -> np.ndarray:
    """Whether somebody is there, by hour of the horizon."""
    there = np.zeros(tour.calendar.grid.n)
    for block in (block for duty in tour.planned for block in duty.blocks):
        there[block.start // 60 : block.end // 60] = 1
    return there


PROBLEMS = {
    "two people": asked(worker("ada"), worker("bob", (0, 1, 7, 9))),
    "tolerance": asked(worker("ada", tolerance=1.0), worker("bob", tolerance=1.0, balance=0.0)),
    "a week's law": asked(worker("ada", balance=3.0), rules=(*LAW, WeeklyMaximum(5))),
    "a low week that hours keep": asked(worker("ada"), rules=(*LAW, LowWeek(4))),
    "a past": asked(
        worker("ada", (0, 1, 2), average_from=Case(()).grid.date(-7), balance=2.0),
        past=(Duty(-7, (Block(-7 * 1440 + 480, -7 * 1440 + 660, WORK, ("a",)),)),),
        days=7,
    ),
    "a block that is cut": asked(worker("ada", average_weeks=3), worker("bob", average_weeks=3)),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_best_roster_of_averaged_hours_is_found_and_its_bound_holds(name):
    """Of every roster listed none is cheaper than the plan, and no bound is above it."""
    problem = PROBLEMS[name]
    best, count = listed(problem)
    plan = schedule(problem)

    assert count > 1
    assert plan.cost.total == pytest.approx(best, abs=1)
    tables = tabulate(problem)
    assert all(solve_dual(tables, passes).bound <= best + 1e-6 for passes in (1, 3, 20))
    assert plan.bound <= best + 1


def test_averages_give_what_single_weeks_forbid():
    """Six hours in the busy week and four in the idle one; week by week they would be five."""
    plan = schedule(PROBLEMS["two people"])
    weekly = schedule(asked(worker("ada", average_weeks=1), worker("bob", average_weeks=1)))

    minutes = [sum(d.paid for d in t.planned if d.day < 7) for t in plan.roster]
    assert minutes == [360, 360]
    assert plan.cost.total < weekly.cost.total


@pytest.mark.parametrize("days", [OPEN, (0, 1, 7), (0, 7), (7, 8), (0, 1), (0, 1, 2, 7)])
def test_cp_sat_and_the_list_agree_whether_a_tour_exists(days):
    """Asked in other words, the same people have a tour, and the others are named with hours."""
    problem = asked(worker("ada", days))
    exists = any(True for _ in tours(problem, problem.people[0]))
    tables = tabulate(problem)

    assert has_tour(tables, 0) == exists
    if not exists:
        with pytest.raises(NoRosterError, match="averaged over 2 weeks"):
            schedule(problem)
