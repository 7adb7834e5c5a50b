"""
Sessions that people are owed, as a rule: whom it binds, what a breach is, what solvers see.
"""

from __future__ import annotations

from datetime import date

import pytest

from wfm.domain.courses import Course
from wfm.domain.roster import Block, Calendar, Duty, Severity, Tour
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import MEETING, TRAINING, WORK, Agent, Contract, Pay, Person, Shape
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


def charged(rules, worked, past=(), minutes=240):
    """What the compiled tables charge, day by day, somebody who works on some days."""
    compiled = compile_rules(rules, [tour(ADA, *past)], [[duty(day, minutes)] for day in range(3)])
    node, costs = compiled.terms["ada"].start, []
    for day, layer in enumerate(compiled.layers):
        option = layer.classes[1 if day in worked else 0]
        costs.append(int(layer.price[node, option]))
        node = int(layer.target[node, option])
    return costs


def price_of_days(rules, worked, past=(), minutes=240):
    return sum(charged(rules, worked, past, minutes))


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


def test_the_sentence_names_the_course():
    """Its sessions, their length and what they are; each course has a code of its own."""
    courses = (Course(TRAINING, ("ada",), 60, 2, 0, DAY), Course(MEETING, (), 30, 1, 0, DAY))
    told = [(entry.code, entry.rule.sentence) for entry in session_rules(courses, (ADA,))]
    assert told == [
        ("SESSIONS-1", "In its time somebody gets 2 sessions of 60 minutes: training."),
        ("SESSIONS-2", "In its time somebody gets 1 sessions of 30 minutes: meeting."),
    ]


def test_prices_are_whole_cents():
    """Of those who take part, the dearest; nobody costs the least."""
    dear = Agent("eve", FULL, per_hour=3000)
    course = Course(TRAINING, ("ada", "eve"), 60, 1, 0, DAY)
    (entry,) = session_rules((course,), (ADA, dear))
    assert (entry.price, type(entry.price)) == (36_000, int)
    (entry,) = session_rules((Course(TRAINING, (), 60, 1, 0, DAY),), (ADA,))
    assert entry.price == 10_000


@pytest.mark.parametrize("last", [1, 2, 3])
def test_what_is_missing_is_charged_on_the_last_day(last):
    """By the tables as by the checker, also where the time ends with the horizon."""
    rules = book(last=last)
    (found,) = rules.check(tour(ADA, duty(0)))
    assert found.date == date(2024, 1, last)
    assert charged(rules, ()) == [24_000 * (day == last - 1) for day in range(3)]


def test_a_minute_of_the_next_day_is_in_time():
    """A course that ends at 00:01 on the third day is due on that day."""
    rules = Book("s", session_rules((Course(TRAINING, ("ada",), 60, 1, 0, 2 * DAY + 1),), (ADA,)))
    assert charged(rules, ()) == [0, 0, 24_000]
    assert [found.date for found in rules.check(tour(ADA))] == [date(2024, 1, 3)]


def test_what_ends_before_the_horizon_is_due_on_its_first_day():
    """Two days ago nobody gave it."""
    rules = book(first=-3, last=-1)
    assert charged(rules, (0, 1, 2)) == [24_000, 0, 0]
    assert [found.date for found in rules.check(tour(ADA))] == [date(2024, 1, 1)]


def test_what_can_wait_is_no_breach():
    """Its time ends a minute after the horizon."""
    rules = Book("s", session_rules((Course(TRAINING, ("ada",), 60, 1, 0, 3 * DAY + 1),), (ADA,)))
    assert not rules.check(tour(ADA))
    assert charged(rules, ()) == [0, 0, 0]


@pytest.mark.parametrize(("minutes", "missing"), [(59, 1), (60, 0)])
def test_a_day_has_room_to_the_minute(minutes, missing):
    """An hour goes into an hour, not into 59 minutes."""
    assert price_of_days(book(), (0,), minutes=minutes) == missing * 24_000


def test_a_planned_day_has_room_for_one_session():
    """Four hours on one day are no two sessions of an hour."""
    assert price_of_days(book(sessions=2), (0,)) == 24_000


def test_past_days_count_what_they_held():
    """Two hours of training on one past day are two sessions, hours of work there none."""
    rules = book(first=-2, sessions=2)
    assert price_of_days(rules, (), (duty(-1, 120, TRAINING),)) == 0
    assert price_of_days(rules, (), (duty(-1, 120),)) == 48_000


def test_parts_of_a_session_add_up():
    """Half an hour before a break and half an hour after it."""
    parts = (Block(480 - DAY, 510 - DAY, TRAINING), Block(540 - DAY, 570 - DAY, TRAINING))
    assert price_of_days(book(first=-2), (), (Duty(-1, parts),)) == 0
