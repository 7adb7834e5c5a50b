"""
Sums over weeks, by hand: which weeks are summed, and which are whole.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from test_rest import found, tour
from tinycases import MONDAY, duty, person

from wfm.domain.roster import Calendar, Tour
from wfm.domain.timegrid import Grid
from wfm.rules.averages import BlockAverageHours, LowWeek
from wfm.rules.hours import ContractHours, WeeklyMaximum
from wfm.rules.totals import whole_weeks


@pytest.mark.parametrize(
    ("first", "days", "known", "mondays"),
    [
        (0, 14, 0, [0, 7]),
        (0, 13, 0, [0]),  # the second week lacks its Sunday
        (1, 13, 0, [6]),  # the first began on a Monday that nobody knows of
        (1, 13, -1, [-1, 6]),
        (1, 13, -7, [-1, 6]),
        (1, 13, -8, [-8, -1, 6]),
        (6, 1, -6, [-6]),
        (0, 6, 0, []),
    ],
)
def test_whole_weeks(first: int, days: int, known: int, mondays: list[int]):
    """From the first that is known in full to the last that the horizon holds in full."""
    calendar = Calendar(Grid(MONDAY + timedelta(days=first), days, 30), known_from=known)
    assert [week[0] for week in whole_weeks(Tour(person(), calendar))] == mondays


def test_a_past_duty_makes_its_day_known():
    """Ten days back, although nothing is said to be known before day 0."""
    calendar = Calendar(Grid(MONDAY, 7, 30))
    worked = Tour(person(), calendar, (duty(calendar, -7, (480, 960)),))
    assert [week[0] for week in whole_weeks(worked)] == [-7, 0]


def test_a_week_of_one_planned_day_has_its_maximum():
    """The horizon ends on a Monday of nine hours, of eight that the week allows."""
    assert found(WeeklyMaximum(8), tour((7, 480, 1020), days=8)) == [(7, 60)]


def test_six_days_ask_for_no_minimum():
    """The Sunday outside the horizon may still hold the hours."""
    assert found(ContractHours(), tour((0, 420, 840), days=6)) == []
    assert found(ContractHours(), tour((0, 420, 840), days=7)) == [(6, 28 * 60)]
    assert found(LowWeek(14), tour((0, 420, 840), days=6)) == []
    assert found(LowWeek(14), tour((0, 420, 840), days=7)) == [(6, 7 * 60)]


def test_a_block_that_the_horizon_cuts_has_its_maximum():
    """Two weeks of eight hours a week on average hold no seventeen in the first alone."""
    worked = tour((0, 480, 1000), (1, 480, 980))
    assert found(BlockAverageHours(8, 2), worked) == [(6, 60)]


def test_a_block_begins_so_many_weeks_before_the_horizon():
    """Of three weeks on end one is past: the other two share what it left."""
    worked = [(day, 480, 900) for day in (-7, 0, 7)]
    rule = BlockAverageHours(6, 3, offset=1)
    assert found(rule, tour(*worked, days=14, known=-7)) == [(13, 3 * 60)]
    # the next block begins with the third week
    assert found(rule, tour(*worked[:2], (14, 480, 900), days=21, known=-7)) == []
