"""
Tables from rules: small, shared, and true to a book of many rules at once.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from wfm.domain.demand import Queue
from wfm.domain.roster import Block, Calendar, Duty, Severity, Tour
from wfm.domain.timegrid import DAY, Grid
from wfm.domain.workforce import (
    WORK,
    Absence,
    AbsenceKind,
    Activity,
    Agent,
    Contract,
    Fixed,
    Pay,
    Person,
    Shape,
    Wish,
    WishKind,
)
from wfm.errors import SettingsError
from wfm.rules.book import Book, load_preset
from wfm.rules.days import ConsecutiveDays, DaysPerWeek
from wfm.rules.entry import Entry
from wfm.rules.hours import ContractHours, WeeklyMaximum
from wfm.rules.rest import DailyRest, NoOverlap, WeeklyRest
from wfm.scheduling.compiling import compile_rules, groups

sys.path.insert(0, str(Path(__file__).parents[1] / "rules"))
from tinycases import MONDAY, Case, checked, compiled, contract, duty, person, walked

DUTIES = ((360, 840), (840, 1321), (1320, 1800))


def mixed(*entries: Entry, **changes: object) -> tuple[Case, Book]:
    case = Case("mixed", DailyRest(), DUTIES, **{"days": 7, **changes})
    return case, Book("mixed", entries)


def test_a_book_admits_what_every_checker_finds_clean():
    """Rest, days and hours together: admitted tours and prices are those of the checkers."""
    case, book = mixed(
        Entry("overlap", NoOverlap()),
        Entry("rest", DailyRest(11)),
        Entry("soft rest", DailyRest(16), Severity.PRICED, 3),
        Entry("week", WeeklyRest(24, 11)),
        Entry("days", DaysPerWeek(5)),
        Entry("run", ConsecutiveDays(4), Severity.PRICED, 11),
        Entry("hours", WeeklyMaximum(30), Severity.PRICED, 2),
        Entry("contract", ContractHours()),
        past=((-1, 2), (-2, 1)),
        known_from=-7,
        terms=contract(hours_per_week=26.0, tolerance=8.0),
    )
    truth = checked(case, book)

    assert (truth >= 0).any()
    assert np.array_equal(truth, walked(case, compiled(case, book)))


def test_duties_that_no_rule_tells_apart_share_a_class():
    """Days a week see only whether somebody works."""
    case, book = mixed(Entry("days", DaysPerWeek(3)))
    layers = compiled(case, book).layers

    assert all(layer.target.shape[1] == 2 for layer in layers)
    assert layers[0].classes.tolist() == [0, 1, 1, 1]


def test_the_automaton_is_as_small_as_can_be():
    """At most two of seven days: before a day, none, one or two are worked, where it matters."""
    case, book = mixed(Entry("days", DaysPerWeek(2)))

    assert [layer.nodes for layer in compiled(case, book).layers] == [1, 2, 3, 3, 3, 3, 2]


def test_weekly_minutes_stay_a_sum():
    """Hours are too fine for states; they are amounts and bounds."""
    case, book = mixed(Entry("hours", WeeklyMaximum(30)), days=14, past=((-1, 1),), known_from=-1)
    tables = compiled(case, book)

    assert [row.code for row in tables.sums] == ["hours"]
    assert tables.sums[0].amounts[0].tolist() == [0, 480, 481, 480]
    assert [(b.first, b.last, b.at_least, b.at_most) for b in tables.terms["ann"].bounds[0]] == [
        (0, 6, None, 1800),
        (7, 13, None, 1800),
    ]


SHORT = (  # averages over one week, so that two weeks show them
    {"code": "EU-WTD-6", "weeks": 1, "agreement": "test"},
    {"code": "EU-WTD-8", "weeks": 1, "hours": 40, "agreement": "test"},
)
BOOK = load_preset("eu-wtd", SHORT, queues=(Queue("bank"),))
WEEK = tuple((day, 540, 960) for day in range(5))  # Monday to Friday, 09:00 to 16:00
ALONE = {
    "NO-OVERLAP": (*WEEK, (4, 900, 1080)),
    "EU-WTD-3": ((0, 780, 1320), (1, 539, 900), *WEEK[2:]),
    "EU-WTD-4": WEEK,
    # two single days off, each cut to 34 hours and less
    "EU-WTD-5": (
        (0, 780, 1200), (1, 900, 1320), (3, 360, 780), (4, 780, 1200), (5, 900, 1320),
        (7, 360, 780), (8, 540, 960), (9, 540, 960), (10, 540, 960),
    ),
    "EU-WTD-5-days": tuple((day, 540, 960) for day in (2, 3, 4, 5, 6, 7, 8)),
    "EU-WTD-6": tuple((day, 480, 1090) for day in range(5)),
    "EU-WTD-8": tuple((day, 480, 1000) for day in range(5)),
    "ON-TEAM": WEEK,
    "AVAILABLE": WEEK,
    "ABSENT": WEEK,
    "FIXED": WEEK,
    "SKILL": WEEK,
    "CONTRACT-DAYS": tuple((day, 540, 900) for day in range(6)),
    "CONTRACT-HOURS": WEEK[:1],
    "ROTATION": WEEK,
    "WISH": WEEK,
}  # fmt: skip
CHANGES = {
    "EU-WTD-8": {"traits": frozenset({"night_worker"})},
    "ON-TEAM": {"ends": MONDAY + timedelta(days=3)},
    "AVAILABLE": {"available": ((541, 14 * DAY),)},
    "ABSENT": {"absences": (Absence(950, 1000, AbsenceKind.LEAVE),)},
    "FIXED": {"fixed": (Fixed(0, 541, 960, WORK),)},
    "WISH": {"wishes": (Wish(0, WishKind.OFF, 500),)},
}


@pytest.mark.parametrize("code", ALONE)
def test_each_rule_can_alone_forbid_a_tour(code: str):
    """For every entry of eu-wtd and of the house, a tour that breaks it and nothing else."""
    calendar = Calendar(Grid(MONDAY, 14, 30))
    turns = {"rotation": ((),)} if code == "ROTATION" else {}  # no shift has its turn
    terms = contract(hours_per_week=30.0, tolerance=19.0, **turns)
    queues = ("stocks",) if code == "SKILL" else ("bank",)
    one = person(terms, skills={"bank": 1.0}, **CHANGES.get(code, {}))
    told = ALONE[code]
    if max(day for day, _, _ in told) < 7:  # and an ordinary second week
        told = (*told, *((day + 7, start, end) for day, start, end in WEEK))
    make = at_work if code == "EU-WTD-4" else with_lunch
    tour = Tour(one, calendar, tuple(make(calendar, row, queues) for row in told))

    assert {violation.code for violation in BOOK.check(tour)} == {code}


def test_the_book_of_the_test_is_whole():
    """No entry of the book escapes the test above."""
    assert set(ALONE) == {entry.code for entry in BOOK}


def with_lunch(calendar: Calendar, row: tuple[int, int, int], queues: tuple[str, ...]) -> Duty:
    day, start, end = row
    at = calendar.midnight(day)
    pause = Activity("lunch", paid=False, work=False, pause=True)
    return Duty(
        day,
        (
            Block(at + start, at + start + 120, WORK, queues),
            Block(at + start + 120, at + start + 150, pause),
            Block(at + start + 150, at + end, WORK, queues),
        ),
    )


def at_work(calendar: Calendar, row: tuple[int, int, int], queues: tuple[str, ...]) -> Duty:
    return duty(calendar, row[0], row[1:], "", queues)


def someone(**changes: object) -> Person:
    terms = Contract("full", 35.0, 5, (Shape("day", (0, 0), (480,)),), Pay("base", 1500))
    return Person(Agent(changes.pop("agent", "ann"), changes.pop("terms", terms)), **changes)


def test_people_of_one_contract_are_compiled_together():
    """Groups are by contract, calendar and the rules that bind."""
    calendar = Calendar(Grid(MONDAY, 7, 30))
    other = Contract("half", 20.0, 5, (Shape("day", (0, 0), (480,)),), Pay("base", 1500))
    tours = [
        Tour(someone(agent="a"), calendar),
        Tour(someone(agent="b", terms=other), calendar),
        Tour(someone(agent="c"), calendar),
    ]
    found = groups(Book("none", ()), tours)

    assert [[tour.agent for tour in group] for group in found] == [["a", "c"], ["b"]]
    with pytest.raises(SettingsError, match="not under the same rules"):
        compile_rules(Book("none", ()), tours, [()] * 7)


def test_who_is_over_the_limit_before_the_horizon_can_rest():
    """A past that broke a rule never makes a plan impossible by itself."""
    calendar = Calendar(Grid(MONDAY, 3, 30), known_from=-8)
    past = tuple(
        Duty(day, (Block(calendar.midnight(day) + 480, calendar.midnight(day) + 960, WORK),))
        for day in range(-8, 0)
    )
    book = Book("b", (Entry("run", ConsecutiveDays(6)), Entry("week", WeeklyRest())))
    tables = compile_rules(book, [Tour(someone(), calendar, past)], [()] * 3)

    assert tables.terms["ann"].start >= 0
