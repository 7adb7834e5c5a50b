"""
Early and late weeks by turns.
"""

from __future__ import annotations

from datetime import date

import pytest

from wfm.domain.roster import Block, Calendar, Duty, Tour
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import WORK, Agent, Contract, Pay, Person, Shape
from wfm.rules.book import Book
from wfm.rules.entry import Entry
from wfm.rules.rotation import ContractRotation, turn

EARLY, LATE = Shape("early", (360, 480), (420,)), Shape("late", (720, 840), (420,))
TURNS = Contract("turns", 35, 5, (EARLY, LATE), Pay("base", 1400), rotation=(("early",), ("late",)))
BOOK = Book("one", (Entry("ROTATION", ContractRotation()),))
DAY = 24 * 60


def days_wrong(clock, first=date(2026, 1, 5), *, rotation_from=None, contract=TURNS, zone="UTC"):
    """Days of two weeks on which a duty of seven hours at ``clock`` is out of turn."""
    grid = Grid(first, 14, 30, zone)
    duties = tuple(
        Duty(day, (Block(grid.midnight(day) + clock, grid.midnight(day) + clock + 420, WORK),))
        for day in range(14)
    )
    agent = Agent("ada", contract, zone_name=zone, rotation_from=rotation_from)
    tour = Tour(Person(agent), Calendar(grid, zone), duties)
    return [(found.date - first).days for found in BOOK.check(tour)]


def test_the_first_turn_is_in_the_week_of_its_start():
    """From the sixth of January on: that week early, the next late."""
    start = date(2026, 1, 6)
    assert days_wrong(480, rotation_from=start) == list(range(7, 14))
    assert days_wrong(720, rotation_from=start) == list(range(7))


def test_a_week_later_it_is_the_other_turn():
    """The cycle goes on, before its start as well."""
    assert days_wrong(480, rotation_from=date(2026, 1, 12)) == list(range(7))


def test_without_a_start_the_first_week_of_2024_is_the_first():
    """105 weeks later, an odd number: late."""
    assert days_wrong(720) == list(range(7, 14))


def test_a_contract_without_rotation_allows_all():
    """Nothing is out of turn."""
    free = Contract("free", 35, 5, (EARLY, LATE), Pay("base", 1400))
    assert not days_wrong(720, contract=free)


def test_clocks_of_the_wall_decide():
    """On the Sunday in March that lacks an hour, 14:00 is 13 hours after midnight."""
    first, start = date(2026, 3, 23), date(2026, 3, 16)  # so the first week is late
    assert 6 not in days_wrong(780, first, rotation_from=start, zone="Europe/Paris")
    assert 6 in days_wrong(840, first, rotation_from=start, zone="Europe/Paris")


@pytest.mark.parametrize(("hours", "wrong"), [(480, []), (500, list(range(7)))])
def test_starts_outside_the_shape_are_out_of_turn(hours, wrong):
    """08:20 is in no early shift."""
    assert [d for d in days_wrong(hours, rotation_from=date(2026, 1, 5)) if d < 7] == wrong


def test_weeks_of_a_rotation_begin_as_those_of_the_centre():
    """Weeks from Saturday on; a rotation from a Sunday began on the day before."""
    agent = Agent("ada", TURNS, rotation_from=date(2026, 1, 4))
    calendar = Calendar(Grid(date(2026, 1, 3), 14, 30), "UTC", "saturday")
    turns = [turn(Person(agent), calendar, day) for day in range(14)]
    assert turns == [(EARLY,)] * 7 + [(LATE,)] * 7
    friday = Agent("ada", TURNS, rotation_from=date(2026, 1, 9))
    assert [turn(Person(friday), calendar, day) for day in range(14)] == turns


def test_three_turns_follow_each_other():
    """Early, late, night, and early again; before its start as after it."""
    night = Shape("night", (1260, 1320), (420,))
    three = Contract(
        *("three", 35, 5, (EARLY, LATE, night), Pay("base", 1400)),
        rotation=(("early",), ("late",), ("night",)),
    )
    person = Person(Agent("ada", three, rotation_from=date(2026, 1, 12)))
    calendar = Calendar(Grid(date(2026, 1, 5), 35, 30))
    turns = [turn(person, calendar, day)[0].name for day in range(0, 35, 7)]
    assert turns == ["night", "early", "late", "night", "early"]
