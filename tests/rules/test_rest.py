"""
Rest, by hand.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tinycases import MONDAY, duty, person

from wfm.domain.roster import Calendar, Tour
from wfm.domain.timegrid import Grid
from wfm.errors import SettingsError
from wfm.rules.rest import DailyRest, FortnightlyRest, NoOverlap, WeeklyRest


def tour(*told: tuple[int, int, int], days: int = 7, known: int = 0, zone: str = "UTC",
         first: date = MONDAY) -> Tour:  # fmt: skip
    """Duties as (day, start, end) in minutes after midnight."""
    calendar = Calendar(Grid(first, days, 30, zone), known_from=known)
    return Tour(person(), calendar, tuple(duty(calendar, day, (a, b)) for day, a, b in told))


def found(rule, tour: Tour) -> list[tuple[int, int]]:
    return [(breach.day, breach.amount) for breach in rule.breaches(tour)]


def test_eleven_hours_are_enough():
    """20:00 to 07:00 is eleven hours."""
    assert found(DailyRest(11), tour((0, 720, 1200), (1, 420, 900))) == []


def test_a_minute_less_is_missing_a_minute():
    """20:01 to 07:00 misses one minute, told on the later day."""
    assert found(DailyRest(11), tour((0, 720, 1201), (1, 420, 900))) == [(1, 1)]


def test_carried_duty_asks_for_rest():
    """A duty of the evening before the horizon binds its first morning."""
    assert found(DailyRest(11), tour((-1, 900, 1470), (0, 360, 840), known=-1)) == [(0, 330)]


def test_nights_may_follow_nights():
    """A ban on night-then-morning must not forbid night-then-night."""
    nights = [(day, 1320, 1800) for day in range(5)]
    assert found(DailyRest(11), tour(*nights)) == []


def test_an_hour_is_lost_when_clocks_go_forward():
    """20:00 to 07:00 on the night of 28 March 2026 in Paris is ten hours."""
    calendar = Calendar(Grid(date(2026, 3, 28), 3, 30, "Europe/Paris"))
    duties = (duty(calendar, 0, (720, 1200)), duty(calendar, 1, (360, 840)))
    # after the change, minute 360 of the day is 07:00 on the clock
    assert calendar.grid.local(duties[1].start).hour == 7
    assert found(DailyRest(11), Tour(person(), calendar, duties)) == [(1, 60)]


def test_night_does_not_wrap_onto_its_own_morning():
    """A night duty ends on the next day; the morning of its own day is free."""
    assert found(NoOverlap(), tour((0, 1320, 1800))) == []
    assert found(NoOverlap(), tour((0, 1320, 1800), (1, 300, 900))) == [(1, 60)]


def test_soft_rest_still_counts_overlap_beyond_its_hours():
    """A duty that begins an hour inside the one before misses twelve hours of rest."""
    assert found(DailyRest(11), tour((0, 1320, 1800), (1, 300, 900))) == [(1, 12 * 60)]


def test_saturday_evening_to_monday_morning_is_a_weekly_rest():
    """20:00 on Saturday to 07:00 on Monday is 35 hours, 28 of them in the week."""
    week = [(day, 420, 900) for day in range(5)] + [(5, 720, 1200)]
    assert found(WeeklyRest(), tour(*week, (7, 420, 900), days=14)) == []


def test_thirty_four_hours_are_no_weekly_rest():
    """20:00 on Saturday to 06:00 on Monday misses it, told on the Monday that cut it."""
    week = [(day, 420, 900) for day in range(5)] + [(5, 720, 1200)]
    assert found(WeeklyRest(), tour(*week, (7, 360, 900), days=14)) == [(7, 1)]


def test_seven_days_are_told_on_the_last():
    """A week of seven days has no rest, known on Sunday."""
    assert found(WeeklyRest(), tour(*[(day, 420, 900) for day in range(7)])) == [(6, 1)]


def test_a_week_that_is_cut_is_not_judged():
    """Six days of a week that the horizon cuts say nothing."""
    assert found(WeeklyRest(), tour(*[(day, 420, 900) for day in range(6)], days=6)) == []


def worked(*days: int, length: int, first: date = MONDAY, known: int = 0) -> Tour:
    return tour(*[(day, 480, 960) for day in days], days=length, first=first, known=known)


def test_fortnights_go_on_from_their_first():
    """From 1 January 2024 on, 23 November 2026 is in the second week of one: 151 weeks later."""
    rule = FortnightlyRest(24, 11, 2, 2)
    assert found(rule, worked(*range(21), length=21)) == [(20, 2)]
    assert found(replace(rule, since="2024-01-08"), worked(*range(21), length=21)) == [(13, 2)]


def test_a_fortnight_that_ends_on_the_first_day_is_told():
    """Thirteen days of it are past; a day later all of it is."""
    sunday, rule = MONDAY + timedelta(days=13), FortnightlyRest(since="2026-11-23")
    past = tuple(range(-13, 0))
    assert found(rule, worked(*past, 0, length=1, first=sunday, known=-13)) == [(0, 2)]
    after = tuple(range(-14, 0))
    late = worked(*after, length=7, first=sunday + timedelta(days=1), known=-14)
    assert found(rule, late) == []


def test_a_fortnight_that_the_horizon_cuts_is_not_judged():
    """Its last day lies outside."""
    assert found(FortnightlyRest(since="2026-11-23"), worked(*range(13), length=13)) == []


def test_a_fortnight_since_no_date_is_refused():
    """With what to write."""
    with pytest.raises(SettingsError) as refused:
        FortnightlyRest(since="monday")
    (problem,) = refused.value.problems
    assert problem.message == "'monday' is no date"
    assert problem.hint == 'write a day as "2024-01-01"'
