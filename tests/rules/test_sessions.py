"""
Sessions that people are owed, as a rule: whom it binds, what a breach is, what solvers see.
"""

from __future__ import annotations

from datetime import date

import pytest

from wfm.domain.courses import Course
from wfm.domain.roster import Block, Calendar, Duty, Severity, Tour
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import TRAINING, WORK, Agent, Contract, Pay, Person, Shape
from wfm.rules.book import Book
from wfm.rules.sessions import session_rules
from wfm.rules.words import day_in
from wfm.scheduling.compiling import compile_rules

DAY = 24 * 60
GRID = Grid(date(2024, 1, 1), 3, 60)
FULL = Contract("full", 35, 5, (Shape("day", (480, 480), (420,)),), Pay("base", 2000))
ADA, BOB = Agent("ada", FULL), Agent("bob", FULL)


def duty(day, minutes=240, activity=WORK):
    return Duty(day, (Block(day * DAY + 480, day * DAY + 480 + minutes, activity),))


def tour(agent, *duties):
    return Tour(Person(agent), Calendar(GRID, known_from=-7), duties)


def book(first=0, last=2, sessions=1, minutes=60, agents=("ada",)):
    course = Course(TRAINING, agents, minutes, sessions, first * DAY, last * DAY)
    return Book("sessions", session_rules((course,), (ADA, BOB)))


def price_of_days(rules, worked, past=()):
    """What the compiled tables charge somebody who works on some days."""
    compiled = compile_rules(rules, [tour(ADA, *past)], [[duty(day)] for day in range(3)])
    node, cost = compiled.terms["ada"].start, 0
    for day, layer in enumerate(compiled.layers):
        option = layer.classes[1 if day in worked else 0]
        cost += int(layer.price[node, option])
        node = int(layer.target[node, option])
    return cost


def test_a_missing_session_is_a_priced_breach_on_its_last_day():
    """Owed by the end of the second day and not there."""
    (found,) = book().check(tour(ADA, duty(0), duty(1)))
    assert (found.severity, found.amount, found.date) == (Severity.PRICED, 1, date(2024, 1, 2))


def test_it_binds_those_who_take_part():
    """Bob is owed nothing."""
    assert not book().check(tour(BOB, duty(0)))


def test_an_hour_costs_twelve_hourly_rates_and_at_least_a_hundred():
    """At 20 an hour: 240; a quarter of an hour: 100."""
    assert [one.price for one in book()] == [24_000]
    assert [one.price for one in book(minutes=15)] == [10_000]


@pytest.mark.parametrize(
    ("worked", "sessions", "missing"),
    [((), 1, 1), ((2,), 1, 1), ((0,), 1, 0), ((0, 1), 2, 0), ((1, 2), 2, 1)],
)
def test_solvers_charge_days_without_room(worked, sessions, missing):
    """Only days zero and one are in time; each has room for one session."""
    assert price_of_days(book(sessions=sessions), worked) == missing * 24_000


def test_a_duty_too_short_has_no_room():
    """Five hours do not go into four."""
    assert price_of_days(book(minutes=300), (0, 1)) == 120_000


def test_a_past_session_is_owed_no_more():
    """Given the day before the horizon; nobody has to work for it again."""
    past = (duty(-1, 60, TRAINING),)
    rules = book(first=-2)
    assert price_of_days(rules, (), past) == 0
    assert not rules.check(tour(ADA, *past))


def test_what_can_wait_is_not_charged():
    """Its time ends after the horizon."""
    assert price_of_days(book(last=5), ()) == 0


def test_tables_never_charge_more_than_the_checker():
    """A relaxation: with sessions in the duties both say the same, without only the checker."""
    rules = book(sessions=2)
    both = tour(ADA, duty(0, 60, TRAINING), duty(1, 60, TRAINING))
    assert not rules.check(both)
    assert sum(v.amount for v in rules.check(tour(ADA, duty(0), duty(1)))) == 2
    assert price_of_days(rules, (0, 1)) == 0
    assert day_in(both, 0).works
