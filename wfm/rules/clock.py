"""
Clock windows on the time line of a person's own zone, and the names of weekdays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, time, timedelta

from wfm.domain.demand import Span
from wfm.domain.roster import Calendar
from wfm.domain.timegrid import DAY, WEEKDAYS, Minutes, zone
from wfm.errors import SettingsError, nearest


def instant(calendar: Calendar, day: int, clock: Minutes) -> Minutes:
    """
    Horizon minute at which the clock of a day shows ``clock`` minutes after midnight.

    Clock times of 24:00 and later are the next day's. On a day when clocks change, a time
    shown twice is the first, and one never shown is what it would have been.
    """
    days, clock = divmod(clock, DAY)
    day += days
    midnight = calendar.midnight(day)
    if calendar.midnight(day + 1) - midnight == DAY:
        return midnight + clock
    own = zone(calendar.zone_name or calendar.grid.zone_name)
    wall = datetime.combine(calendar.date(day), time()) + timedelta(minutes=clock)
    return calendar.grid.minute(wall.replace(tzinfo=own))


def minutes_within(calendar: Calendar, window: Span, start: Minutes, end: Minutes) -> Minutes:
    """
    Minutes of a time in which the clock shows a window, such as 21:00 to 06:00.
    """
    first_day, last_day, total = calendar.day_of(start), calendar.day_of(end - 1), 0
    for day in range(first_day - window[1] // DAY, last_day + 1):
        opens, closes = instant(calendar, day, window[0]), instant(calendar, day, window[1])
        total += max(0, min(end, closes) - max(start, opens))
    return total


def by_civil_day(
    calendar: Calendar, start: Minutes, end: Minutes
) -> Iterator[tuple[int, Minutes, Minutes]]:
    """
    A time cut at every midnight: (day, start, end).
    """
    for day in range(calendar.day_of(start), calendar.day_of(end - 1) + 1):
        yield day, max(start, calendar.midnight(day)), min(end, calendar.midnight(day + 1))


def know_weekdays(names: Collection[str]) -> None:
    """
    Refuse what is no weekday of ``WEEKDAYS``.

    Raises
    ------
    SettingsError
        With the nearest weekday.
    """
    for name in sorted(names):
        if name not in WEEKDAYS:
            raise SettingsError(f"'{name}' is no weekday", hint=nearest(name, WEEKDAYS))


def weekday_words(names: Collection[str], link: str) -> str:
    """Weekdays in the week's order, as a sentence says them: ``Saturday and Sunday``."""
    return f" {link} ".join(name.capitalize() for name in WEEKDAYS if name in names)
