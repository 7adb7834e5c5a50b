"""
Days off, by hand.
"""

from __future__ import annotations

from datetime import date, timedelta

from test_rest import found, tour
from tinycases import MONDAY

from wfm.domain.roster import Tour
from wfm.rules.daysoff import DaysOffTogether, SecondRestDay


def worked(*days: int, length: int = 7, known: int = 0, first: date = MONDAY) -> Tour:
    return tour(*[(day, 480, 960) for day in days], days=length, known=known, first=first)


FULL = tuple(range(6))  # Monday to Saturday


def test_a_second_rest_day_is_due_within_its_days():
    """Sunday off and Monday worked: a pair of days off is due by the seventh day after Sunday."""
    assert found(SecondRestDay(7), worked(*FULL, *range(7, 13), length=14)) == [(13, 1)]
    assert found(SecondRestDay(7), worked(*FULL, *range(7, 12), length=14)) == []


def test_what_is_due_after_the_horizon_is_not_judged():
    """Eight days after that Sunday lie beyond the second week."""
    assert found(SecondRestDay(8), worked(*FULL, *range(7, 14), length=14)) == []


def test_a_light_week_asks_for_nothing_and_the_next_still_does():
    """Five days, then six: only the second week is full."""
    days = (*range(5), *range(7, 13), *range(14, 21))
    assert found(SecondRestDay(7), worked(*days, length=21)) == [(20, 1)]


def test_a_second_rest_day_due_on_the_first_day():
    """The past week was full; what was due on its last day is not told again."""
    tuesday = MONDAY + timedelta(days=1)
    past = tuple(range(-8, -2))
    assert found(SecondRestDay(2), worked(*past, -1, 0, known=-8, first=tuesday)) == [(0, 1)]
    assert found(SecondRestDay(2), worked(*past, -1, known=-8, first=tuesday)) == [(0, 1)]
    assert found(SecondRestDay(1), worked(*past, -1, 0, known=-8, first=tuesday)) == []


def test_days_off_of_a_past_week_are_not_told():
    """Seven days worked in the week before the horizon, none in the first."""
    assert found(DaysOffTogether(2), worked(*range(-7, 0), known=-7)) == []
    assert found(DaysOffTogether(2), worked(*range(-7, 7), known=-7)) == [(6, 1)]
