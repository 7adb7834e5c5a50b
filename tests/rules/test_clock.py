"""
Clock windows on the time line, by hand, also on the days when clocks change.
"""

from __future__ import annotations

from datetime import date

import pytest
from tinycases import MONDAY

from wfm.domain.roster import Calendar
from wfm.domain.timegrid import Grid
from wfm.rules.clock import by_civil_day, instant, minutes_within

PLAIN = Calendar(Grid(MONDAY, 3, 15))
NIGHT = (1260, 1800)  # 21:00 to 06:00


def paris(first: date, grid_zone: str = "Europe/Paris") -> Calendar:
    return Calendar(Grid(first, 3, 15, grid_zone), "Europe/Paris")


@pytest.mark.parametrize(
    ("day", "clock", "minute"),
    [(0, 0, 0), (0, 1320, 1320), (1, 1440, 2880), (0, 2910, 2910), (-1, 1380, -60)],
)
def test_instant_of_an_ordinary_day(day: int, clock: int, minute: int):
    """Midnight of the day, and the clock's minutes after it; past 24:00 the next day."""
    assert instant(PLAIN, day, clock) == minute


@pytest.mark.parametrize(
    ("first", "day", "clock", "minute"),
    [
        # 29 March 2026: 2:00 is followed by 3:00, the day has 23 hours
        (date(2026, 3, 28), 0, 1320, 1320),
        (date(2026, 3, 28), 1, 60, 1500),
        (date(2026, 3, 28), 1, 120, 1560),  # never shown: an hour after 1:00
        (date(2026, 3, 28), 1, 1320, 1440 + 1260),
        (date(2026, 3, 28), 0, 1440 + 1320, 1440 + 1260),
        (date(2026, 3, 28), 2, 0, 1440 + 1380),
        # 25 October 2026: 2:00 comes twice, the day has 25 hours
        (date(2026, 10, 24), 1, 150, 1590),  # the first 2:30
        (date(2026, 10, 24), 1, 180, 1440 + 240),
        (date(2026, 10, 24), 1, 1320, 1440 + 1380),
        (date(2026, 10, 24), 2, 0, 1440 + 1500),
    ],
)
def test_instant_on_days_when_clocks_change(first: date, day: int, clock: int, minute: int):
    """Minutes that really pass, so that 22:00 is 21 or 23 hours after midnight."""
    assert instant(paris(first), day, clock) == minute


def test_instant_in_another_zone_than_the_grid():
    """Paris is an hour ahead of UTC until its clocks change, then two."""
    calendar = paris(date(2026, 3, 28), "UTC")
    assert instant(calendar, 0, 1320) == 1260
    assert instant(calendar, 1, 1320) == 1440 + 1200


def test_a_night_counts_what_passes():
    """From 21:00 to 6:00 nine hours, eight or ten when clocks change."""
    assert minutes_within(PLAIN, NIGHT, 1200, 1860) == 540
    spring, autumn = paris(date(2026, 3, 28)), paris(date(2026, 10, 24))
    assert minutes_within(spring, NIGHT, 1200, 1860) == 480
    assert minutes_within(autumn, NIGHT, 1200, 1920) == 600


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (480, 1260, 0),  # to the minute at which the night begins
        (480, 1261, 1),
        (359, 1000, 1),  # the end of the night before
        (360, 1000, 0),
        (60, 120, 60),
        (-120, 3000, 120 + 360 + 540 + 300),
    ],
)
def test_minutes_within_at_the_edges(start: int, end: int, minutes: int):
    """A minute either side of the window's ends."""
    assert minutes_within(PLAIN, NIGHT, start, end) == minutes


def test_a_window_from_midnight_has_the_first_minute():
    """A duty that ends at 0:01 works one minute between 0:00 and 6:00."""
    assert minutes_within(PLAIN, (0, 360), 1200, 1441) == 1
    assert minutes_within(PLAIN, (0, 360), 1200, 1440) == 0


def test_a_time_is_cut_at_every_midnight():
    """Two midnights make three pieces; a time that ends at midnight has one."""
    assert list(by_civil_day(PLAIN, 1380, 2940)) == [
        (0, 1380, 1440),
        (1, 1440, 2880),
        (2, 2880, 2940),
    ]
    assert list(by_civil_day(PLAIN, 600, 1440)) == [(0, 600, 1440)]
    assert list(by_civil_day(PLAIN, 1440, 1500)) == [(1, 1440, 1500)]
    assert list(by_civil_day(paris(date(2026, 3, 28)), 2700, 2900)) == [
        (1, 2700, 2820),
        (2, 2820, 2900),
    ]
