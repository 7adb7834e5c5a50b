from __future__ import annotations

from datetime import date

import pytest

from wfm.domain.roster import Block, Calendar, Duty
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import CLOSING, WORK, Activity
from wfm.errors import DataError

LUNCH = Activity("lunch", paid=False, work=False)
PAUSE = Activity("pause", paid=True, work=False)


def test_paid_and_working_minutes_differ_by_the_breaks():
    """
    08:00-12:00 work, lunch to 12:45, work to 15:00, pause to 15:15, closing to 16:00.
    """
    duty = Duty(
        0,
        (
            Block(480, 720, WORK),
            Block(720, 765, LUNCH),
            Block(765, 900, WORK),
            Block(900, 915, PAUSE),
            Block(915, 960, CLOSING),
        ),
    )

    assert (duty.paid, duty.work) == (240 + 135 + 15 + 45, 240 + 135 + 45)


def test_blocks_of_a_duty_must_not_overlap():
    """
    Nobody does two things at once.
    """
    with pytest.raises(DataError, match="overlap"):
        Duty(0, (Block(480, 720, WORK), Block(700, 765, LUNCH)))


def test_a_block_must_not_end_before_it_starts():
    """
    An empty block is a mistake in the file.
    """
    with pytest.raises(DataError, match="ends before"):
        Block(480, 480, WORK)


def test_a_calendar_in_another_zone_has_its_own_midnight():
    """
    Tunis is an hour behind Paris in summer: its day begins an hour later.
    """
    grid = Grid(date(2026, 7, 6), 7, 15, "Europe/Paris")

    calendar = Calendar(grid, "Africa/Tunis")

    assert calendar.midnight(0) == 60
    assert calendar.day_of(30) == -1


def test_weeks_hold_seven_days_also_before_the_horizon():
    """
    6 January 2026 is a Tuesday; its Monday is the day before the horizon.
    """
    calendar = Calendar(Grid(date(2026, 1, 6), 7, 15), week_starts="monday")

    assert calendar.week_days(0) == range(-1, 6)
    assert [calendar.week(day) for day in (-2, -1, 5, 6)] == [-1, 0, 0, 1]


def test_the_past_of_a_calendar_ends_where_it_begins():
    """What is known from the third planned day on would leave two unknown."""
    with pytest.raises(DataError, match="what is known of the past ends before"):
        Calendar(Grid(date(2026, 11, 23), 7, 30), known_from=2)
