from __future__ import annotations

from datetime import date, datetime

import pytest

from wfm.domain.timegrid import (
    Grid,
    clock_minutes,
    clock_span,
    clock_text,
    first_whole_week,
    zone,
)
from wfm.errors import SettingsError

PARIS = "Europe/Paris"


def test_an_ordinary_day_has_96_quarters():
    """
    24 hours of four quarters.
    """
    assert Grid(date(2026, 1, 5), 1, 15, PARIS).n == 96


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_days_on_which_clocks_change_have_23_and_25_hours(day, hours):
    """
    Minutes are those that really pass, so the day is an hour short or long.
    """
    assert Grid(day, 1, 60, PARIS).n == hours


def test_the_hour_shown_twice_has_two_offsets():
    """
    Without the offset, 02:00 on the day clocks go back would be ambiguous.
    """
    grid = Grid(date(2026, 10, 25), 1, 60, PARIS)

    twice = [o for s, o in zip(grid.stamps, grid.offsets, strict=True) if s.endswith("T02:00")]

    assert twice == ["+02:00", "+01:00"]


def test_midnight_after_a_short_day_is_1380_minutes_away():
    """
    23 hours of 60 minutes.
    """
    assert list(Grid(date(2026, 3, 29), 2, 15, PARIS).midnights) == [0, 1380, 2820]


@pytest.mark.parametrize("minute", [-600, 0, 59, 119, 120, 1379, 1380, 5000])
def test_local_moment_and_minute_are_inverse(minute):
    """
    Also across the lost hour and before the horizon.
    """
    grid = Grid(date(2026, 3, 29), 3, 15, PARIS)

    assert grid.minute(grid.local(minute)) == minute


def test_a_naive_moment_is_read_on_the_wall_clock():
    """
    09:00 on the short day is eight true hours after midnight.
    """
    assert Grid(date(2026, 3, 29), 1, 15, PARIS).minute(datetime(2026, 3, 29, 9)) == 480


def test_day_of_a_past_minute_is_negative():
    """
    The minute before the horizon belongs to yesterday.
    """
    grid = Grid(date(2026, 1, 5), 7, 15, PARIS)

    assert (grid.day_of(-1), grid.day_of(0), grid.day_of(7 * 1440)) == (-1, 0, 7)


def test_index_of_a_minute_outside_the_grid_is_an_error():
    """
    Nothing is clipped in silence.
    """
    with pytest.raises(IndexError):
        Grid(date(2026, 1, 5), 1, 15).index(1440)


def test_weeks_are_cut_where_they_start():
    """
    28 February 1999 is a Sunday: two whole weeks from there.
    """
    grid = Grid(date(1999, 2, 28), 14, 30, "Asia/Jerusalem")

    assert list(grid.weeks("sunday")) == [range(7), range(7, 14)]
    assert list(grid.weeks("monday")) == [range(1), range(1, 8), range(8, 14)]


def test_a_daily_grid_has_one_start_a_day():
    """
    The second day begins after 23 hours.
    """
    assert list(Grid(date(2026, 3, 29), 2, 1440, PARIS).starts) == [0, 1380]


@pytest.mark.parametrize("interval", [0, 7, 45, 90, -15])
def test_an_interval_that_does_not_divide_the_hour_is_refused(interval):
    """
    Planning grains divide the hour.
    """
    with pytest.raises(SettingsError, match="interval"):
        Grid(date(2026, 1, 5), 1, interval)


@pytest.mark.parametrize("name", ["Europe/Pariis", "", "../etc/passwd", "Europe"])
def test_an_unknown_zone_is_refused(name):
    """
    Also names that would be paths.
    """
    with pytest.raises(SettingsError, match="time zone"):
        zone(name)


def test_clock_times_go_past_midnight():
    """
    An end before its start is the next day's.
    """
    assert clock_span("22:00-06:30") == (1320, 1830)
    assert clock_span("08:00-24:00") == (480, 1440)
    assert clock_text(1470) == "24:30"


@pytest.mark.parametrize("text", ["8h", "25", "08:60", "48:00", "", "aa:bb", "08:5"])
def test_what_is_no_clock_time_is_refused(text):
    """
    The hint shows how to write one.
    """
    with pytest.raises(SettingsError, match="clock time"):
        clock_minutes(text)


@pytest.mark.parametrize(
    ("as_of", "notice", "start"),
    [
        (date(1999, 2, 27), 1, date(1999, 2, 28)),  # Saturday: tomorrow is the week's start
        (date(1999, 2, 27), 2, date(1999, 3, 7)),
        (date(1999, 2, 28), 0, date(1999, 2, 28)),
        (date(1999, 2, 28), 7, date(1999, 3, 7)),
    ],
)
def test_the_week_to_plan_keeps_the_notice(as_of, notice, start):
    """
    The first whole week at least that many days away.
    """
    assert first_whole_week(as_of, "sunday", notice) == start
