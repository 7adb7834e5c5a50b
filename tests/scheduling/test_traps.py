"""
Traps of the field, each by name.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tests.scheduling.tiny import HALF, Case, optimum, person
from wfm.domain.demand import Queue
from wfm.domain.promise import Requirement
from wfm.domain.roster import Block, Calendar, Duty, Severity
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import WORK, Agent, Break, Contract, Pay, Person, Shape
from wfm.errors import DataError, NoRosterError
from wfm.rules.book import Book, load_preset
from wfm.rules.days import ConsecutiveDays
from wfm.rules.daysoff import DaysOffTogether
from wfm.rules.entry import Entry
from wfm.rules.rest import NoOverlap
from wfm.scheduling.bound import solve_dual
from wfm.scheduling.problem import Problem
from wfm.scheduling.schedule import schedule
from wfm.scheduling.tables import tabulate

NIGHT = Shape("night", (1320, 1320), (480,), (Break("meal", 60, (60, 300), step=60),))


def free(name: str, shapes: tuple[Shape, ...], hours: float = 20, slack: float = 20) -> Person:
    """Somebody whose contract asks for anything up to 40 hours."""
    contract = Contract("free", hours, 7, shapes, Pay("base", 1000), tolerance=slack)
    return Person(Agent(name, contract, skills={"a": 1.0}))


def test_bound_is_valid_at_any_prices():
    """Prices stopped after one pass, or after forty, never prove more than the optimum."""
    problem = Case(
        (person("ada", {"a": 1.0, "b": 0.8}), person("bob", {"b": 1.0})),
        heads={"a": 0.5, "b": 1.0},
        curve=True,
    ).problem()
    best = optimum(problem)
    tables = tabulate(problem)

    assert all(solve_dual(tables, passes).bound <= best + 1e-6 for passes in (1, 2, 3, 7, 40))


def test_person_is_never_used_twice_in_one_interval():
    """One person with two skills gives no more than one head to both queues together."""
    case = Case((person("ada", {"a": 1.0, "b": 1.0}),), heads={"a": 1.0, "b": 1.0})
    plan = schedule(case.problem())

    assert (plan.cover["a"] + plan.cover["b"]).max() <= 1 + 1e-9


def test_tail_of_a_night_does_not_cover_its_own_morning():
    """From 22:00 to 07:00 the next day: nothing of the day it begins on is covered early."""
    case = Case((free("ada", (NIGHT,)),), days=2, open_clock=(0, 1440))
    plan = schedule(replace(case, book=None).problem())
    duties = plan.roster.by_agent["ada"].planned
    first = min(duty.start for duty in duties)

    assert first >= 1320
    assert plan.cover["a"][: first // 60].sum() == 0


def test_night_carried_in_covers_the_first_morning():
    """On duty until 04:00 from the eve: four of six asked hours are kept without a shift."""
    eve = Duty(-1, (Block(-120, 240, WORK, ("a",)),))
    ada = free("ada", (HALF,))
    case = Case((ada,), days=1, open_clock=(0, 360), past={"ada": (eve,)})
    problem = case.problem()
    plan = schedule(problem)

    assert plan.cover["a"][:6].tolist() == [1, 1, 1, 1, 0, 0]
    assert plan.cost.shortfall == 2 * 4000
    assert plan.bound <= optimum(problem) + 1e-6


def test_breaks_in_the_roster_do_not_sit_in_shrinkage_too():
    """A head at work counts whole and a head on a break not at all: seven hours of eight."""
    case = Case((free("ada", (NIGHT,)),), days=3, open_clock=(0, 1440))
    plan = schedule(replace(case, book=None).problem())
    planned = plan.roster.by_agent["ada"].planned
    assert planned
    blocks = [block for duty in planned for block in duty.blocks]
    at_work = sum(block.minutes for block in blocks if block.activity.on_contacts)

    assert sum(duty.end - duty.start for duty in planned) - at_work == 60 * len(planned)
    inside = [block for block in blocks if block.end <= case.problem().grid.midnight(3)]
    assert plan.cover["a"].sum() == sum(b.minutes for b in inside if b.activity.on_contacts) / 60
    for block in inside:
        if block.activity.pause:
            assert plan.cover["a"][block.start // 60] == 0


def test_breaks_of_a_night_lie_inside_it():
    """The meal of a shift that crosses midnight lies between its first and last minute."""
    plan = schedule(Case((free("ada", (NIGHT,)),), days=3, open_clock=(0, 1440)).problem())
    duties = plan.roster.by_agent["ada"].planned

    assert duties
    assert all(d.start < d.blocks[1].start and d.blocks[1].end < d.end for d in duties)
    assert all(d.blocks[1].activity.name == "meal" for d in duties)


def test_nobody_works_seventeen_days_in_a_row():
    """Three weeks of demand every day, a rest in each: at most twelve days between days off."""
    case = Case((free("ada", (HALF,)),), days=21)
    plan = schedule(case.problem(), effort=0.2)
    worked = np.array([plan.roster.by_agent["ada"].works(day) for day in range(21)])
    runs = "".join("x" if day else " " for day in worked).split()

    assert max(map(len, runs)) <= 12


def test_last_days_do_not_escape_rules():
    """The week's rest also binds in a horizon's last week: the checker finds nothing."""
    problem = Case((free("ada", (HALF, NIGHT)),), days=14, open_clock=(0, 1440)).problem()
    plan = schedule(problem, effort=0.2)
    found = [v for tour in plan.roster for v in problem.book.check(tour)]

    assert not [v for v in found if v.severity is Severity.HARD]


def worked_days(book: Book, **more: object) -> str:
    """A week in which every day is wanted, as letters: x worked, . off; the past in front."""
    case = Case((free("ada", (HALF,)),), days=7, book=book, **more)
    tour = schedule(case.problem(), effort=0.1).roster.by_agent["ada"]
    return "".join("x" if tour.works(day) else "." for day in range(-2, 7))


def test_a_run_of_days_is_cut_at_both_ends_of_the_horizon():
    """At most three in a row, two carried in: one more, a day off, three, one off, one."""
    book = Book("b", (Entry("NO-OVERLAP", NoOverlap()), Entry("RUN", ConsecutiveDays(3))))
    eve = tuple(
        Duty(day, (Block(day * 1440 + 480, day * 1440 + 600, WORK, ("a",)),)) for day in (-2, -1)
    )
    days = worked_days(book, past={"ada": eve})

    assert max(map(len, days.split("."))) == 3
    assert days.count("x") == 2 + 5


def test_two_days_off_together_lie_inside_the_horizon():
    """A Sunday off is no pair with the Monday after the plan, nor a Monday with the one before."""
    book = Book("b", (Entry("NO-OVERLAP", NoOverlap()), Entry("PAIR", DaysOffTogether(2))))
    days = worked_days(book)[2:]

    assert ".." in days
    assert days.count("x") == 5


def test_person_without_a_legal_week_gets_no_empty_one():
    """Shifts of two and three hours never make 5.5 hours: an error, not a week off."""
    with pytest.raises(NoRosterError, match="eve"):
        schedule(Case((person("eve", {"a": 1.0}, hours=5.5),), days=7).problem())


def test_skill_nobody_has_is_refused_by_name():
    """Queue b wants the skill b; only a is known."""
    with pytest.raises(DataError, match="nobody has the skill 'b'"):
        Case((person("ada", {"a": 1.0}),), heads={"a": 1.0, "b": 1.0}).problem()


def test_contacts_outside_opening_hours_are_refused():
    """Contacts at an hour that is not open are an error that says when."""
    good = Case((person("ada", {"a": 1.0}),)).problem()
    shut = dict.fromkeys(good.requirement.open, np.zeros(good.grid.n, dtype=bool))
    requirement = Requirement(good.grid, good.requirement.queues, shut)

    with pytest.raises(DataError, match="outside opening hours, from 2024-01-01T08:00"):
        replace(good, requirement=requirement)


def test_night_on_which_clocks_go_back_is_planned():
    """On 27 October 2024 a Paris night lasts an hour longer; cover and rules agree."""
    grid = Grid(date(2024, 10, 26), 2, 60, "Europe/Paris")
    ada = free("ada", (NIGHT,))
    base = Case((ada,), days=2, open_clock=(0, 1440), first=grid.first).problem()
    opened = np.ones(grid.n, dtype=bool)
    queue = base.requirement.queues["a"]
    longer = replace(
        queue,
        **{
            name: np.resize(value, grid.n)
            for name in queue.__dataclass_fields__
            if isinstance(value := getattr(queue, name), np.ndarray)
        },
    )
    problem = Problem(
        Requirement(grid, {"a": longer}, {"a": opened}),
        {"a": Queue("a")},
        (ada,),
        load_preset("eu-wtd", queues=[Queue("a")]),
        calendars={"ada": Calendar(grid, "Europe/Paris")},
    )
    plan = schedule(problem)

    assert grid.n == 49
    assert plan.roster.by_agent["ada"].planned
