"""
Intervals, days and weeks: the only place that knows clocks, zones and midnight.

Everywhere else time is an integer: minutes that really pass, counted from the start of
the horizon (local midnight of its first day). A day is 1,440 of them, but 1,380 when
clocks go forward and 1,500 when they go back, so rests and handle times are always true
lengths. Minutes before the horizon are negative.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from wfm.errors import SettingsError

GRAINS = (5, 6, 10, 15, 20, 30, 60)  # minutes of a planning interval
DAILY = 1440  # the grain of daily volumes
DAY = 1440  # minutes of an ordinary day
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Minutes = int


def zone(name: str) -> ZoneInfo:
    """
    The time zone of that IANA name.

    Raises
    ------
    SettingsError
        The name is no zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, IsADirectoryError) as error:
        raise SettingsError(
            f"time zone '{name}' is not known",
            hint="use an IANA name such as Europe/Paris",
        ) from error


@dataclass(frozen=True)
class Grid:
    """
    The intervals of some whole local days in one zone.

    Parameters
    ----------
    first
        The first local day.
    days
        Number of local days, at least 1.
    interval
        Minutes of an interval: one of ``GRAINS``, or ``DAILY`` for one a day.
    zone_name
        IANA zone of the wall clock.
    """

    first: date
    days: int
    interval: int
    zone_name: str = "UTC"

    def __post_init__(self) -> None:
        if self.interval not in (*GRAINS, DAILY):
            raise SettingsError(
                f"interval is {self.interval} minutes",
                hint=f"use one of {', '.join(map(str, GRAINS))}",
            )
        if self.days < 1:
            raise SettingsError(f"a horizon of {self.days} days", hint="plan at least one day")
        zone(self.zone_name)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The wall clock's zone."""
        return zone(self.zone_name)

    @cached_property
    def origin(self) -> datetime:
        """The instant of minute 0, in UTC."""
        return datetime.combine(self.first, time(), self.zone).astimezone(UTC)

    @property
    def until(self) -> date:
        """The first local day after the grid."""
        return self.first + timedelta(days=self.days)

    @property
    def has_dst(self) -> bool:
        """Whether the zone's offset changes at all in the year of the grid."""
        year = self.first.year
        offsets = {
            datetime(year, month, 15, tzinfo=self.zone).utcoffset() for month in range(1, 13)
        }
        return len(offsets) > 1

    @cached_property
    def midnights(self) -> np.ndarray:
        """Minute of each local midnight, int64 [days + 1]; the last ends the grid."""
        return np.array([self.midnight(day) for day in range(self.days + 1)], dtype=np.int64)

    def midnight(self, day: int) -> Minutes:
        """Minute at which day ``day`` begins; ``day`` may be negative or past the end."""
        return self.minute(datetime.combine(self.first + timedelta(days=day), time()))

    def minute(self, moment: datetime) -> Minutes:
        """
        Minutes from the origin to a local wall-clock moment.

        A naive moment is read in the grid's zone; of an hour that clocks show twice,
        ``fold`` says which, the first by default.
        """
        local = moment if moment.tzinfo else moment.replace(tzinfo=self.zone)
        return round((local.astimezone(UTC) - self.origin).total_seconds() / 60)

    def local(self, minute: Minutes) -> datetime:
        """Wall-clock moment of a minute, in the grid's zone and aware of it."""
        return (self.origin + timedelta(minutes=int(minute))).astimezone(self.zone)

    def date(self, day: int) -> date:
        """Date of a day; day 0 is ``first``."""
        return self.first + timedelta(days=day)

    def day_of(self, minute: Minutes) -> int:
        """Day in which a minute lies; may be negative or past the end."""
        return (self.local(minute).date() - self.first).days

    def weekday(self, day: int) -> int:
        """0 for Monday to 6 for Sunday."""
        return self.date(day).weekday()

    @cached_property
    def starts(self) -> np.ndarray:
        """Minute at which each interval starts, int64 [n], increasing."""
        if self.interval == DAILY:
            return self.midnights[:-1]
        return np.arange(0, self.midnights[-1], self.interval, dtype=np.int64)

    @property
    def n(self) -> int:
        """Number of intervals."""
        return len(self.starts)

    @cached_property
    def day(self) -> np.ndarray:
        """Day of each interval, int64 [n]."""
        return np.searchsorted(self.midnights, self.starts, side="right") - 1

    @cached_property
    def clock(self) -> np.ndarray:
        """Wall-clock minute of the day at which each interval starts, int64 [n]."""
        moments = (self.local(minute) for minute in self.starts)
        return np.array([m.hour * 60 + m.minute for m in moments], dtype=np.int64)

    @cached_property
    def stamps(self) -> tuple[str, ...]:
        """``YYYY-MM-DDTHH:MM`` wall-clock start of each interval, as files hold it."""
        return tuple(self.local(minute).strftime("%Y-%m-%dT%H:%M") for minute in self.starts)

    @cached_property
    def offsets(self) -> tuple[str, ...]:
        """``+02:00``: offset from UTC of each interval."""
        return tuple(offset_text(self.local(minute)) for minute in self.starts)

    def index(self, minute: Minutes) -> int:
        """
        Interval in which a minute lies.

        Raises
        ------
        IndexError
            The minute lies outside the grid.
        """
        if not 0 <= minute < self.midnights[-1]:
            raise IndexError(f"minute {minute} is outside the grid")
        return int(np.searchsorted(self.starts, minute, side="right") - 1)

    def weeks(self, week_starts: str = "monday") -> Iterator[range]:
        """Days of each week that the grid touches, cut at its edges."""
        first = WEEKDAYS.index(week_starts)
        start = 0
        for day in range(1, self.days + 1):
            if day == self.days or self.weekday(day) == first:
                yield range(start, day)
                start = day


def offset_text(moment: datetime) -> str:
    """
    ``+02:00``: the offset of an aware moment, as the ``utc_offset`` column holds it.
    """
    text = moment.strftime("%z")
    return f"{text[:3]}:{text[3:5]}"


def clock_minutes(text: str) -> Minutes:
    """
    ``"08:30"`` as minutes of the day; ``"24:00"`` and later belong to the next day.

    Raises
    ------
    SettingsError
        The text is no clock time.
    """
    hours, colon, minutes = text.strip().partition(":")
    valid = bool(colon) and hours.isdigit() and minutes.isdigit() and len(minutes) == 2
    if not valid or int(minutes) > 59 or int(hours) > 47:
        raise SettingsError(f"'{text}' is no clock time", hint='write it as "08:30"')
    return int(hours) * 60 + int(minutes)


def clock_text(minutes: Minutes) -> str:
    """
    Minutes of the day as ``08:30``; past midnight goes on as ``24:30``.
    """
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def clock_span(text: str) -> tuple[Minutes, Minutes]:
    """
    ``"08:00-20:00"`` as minutes of the day. An end at or before the start is the next day's.
    """
    start, dash, end = text.partition("-")
    if not dash:
        raise SettingsError(f"'{text}' is no span of clock times", hint='write "08:00-20:00"')
    first, last = clock_minutes(start), clock_minutes(end)
    return (first, last) if last > first else (first, last + DAY)


def first_whole_week(as_of: date, week_starts: str, notice_days: int) -> date:
    """
    The first day of the first week that begins at least ``notice_days`` after ``as_of``.
    """
    earliest = as_of + timedelta(days=notice_days)
    ahead = (WEEKDAYS.index(week_starts) - earliest.weekday()) % 7
    return earliest + timedelta(days=ahead)
