"""
Who works when: blocks make a duty, duties make a tour, tours make the roster.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from wfm.domain.timegrid import WEEKDAYS, Grid, Minutes, zone
from wfm.domain.workforce import Activity, Contract, Person
from wfm.errors import DataError

CENTS, UNITS = "cents", "currency units"  # of money in a violation: inside, in files


@dataclass(frozen=True, slots=True)
class Block:
    """
    One activity from ``start`` to ``end``, minutes of the horizon.

    ``queues`` are those served, in order of priority; empty off contacts.
    """

    start: Minutes
    end: Minutes
    activity: Activity
    queues: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise DataError(f"a block of {self.activity.name} ends before it starts")

    @property
    def minutes(self) -> Minutes:
        """Length."""
        return self.end - self.start


@dataclass(frozen=True)
class Duty:
    """
    One shift of one person on a date: blocks in order, gaps between them unpaid.

    ``day`` is the day it begins, in the agent's zone; 0 is the first of the horizon and
    a negative day is past. ``shape`` names its template where that is known.
    """

    day: int
    blocks: tuple[Block, ...]
    shape: str = ""

    def __post_init__(self) -> None:
        if not self.blocks:
            raise DataError("a duty without blocks")
        for earlier, later in zip(self.blocks, self.blocks[1:], strict=False):
            if later.start < earlier.end:
                raise DataError(
                    f"blocks of a duty overlap: {earlier.activity.name} and {later.activity.name}"
                )

    @property
    def start(self) -> Minutes:
        """Start of its first block."""
        return self.blocks[0].start

    @property
    def end(self) -> Minutes:
        """End of its last block."""
        return self.blocks[-1].end

    @cached_property
    def paid(self) -> Minutes:
        """Paid minutes."""
        return sum(block.minutes for block in self.blocks if block.activity.paid)

    @cached_property
    def work(self) -> Minutes:
        """Minutes of working time in the law's sense."""
        return sum(block.minutes for block in self.blocks if block.activity.work)


@dataclass(frozen=True)
class Calendar:
    """
    The days on which law is counted for one person: local days of the agent's zone.

    Minutes are those of the horizon's grid, whose zone may be another.

    Parameters
    ----------
    grid
        The horizon.
    zone_name
        The agent's zone.
    week_starts
        First weekday of the weeks in which hours are counted.
    holidays
        Public holidays, by date.
    known_from
        First day (negative or 0) from which past duties are known. Weeks before it are
        said to be unknown, never counted as zero hours.
    """

    grid: Grid
    zone_name: str = ""
    week_starts: str = "monday"
    holidays: Mapping[date, str] | None = None
    known_from: int = 0

    def __post_init__(self) -> None:
        if self.known_from > 0:
            raise DataError("what is known of the past ends before the plan begins")

    @property
    def days(self) -> int:
        """Days of the horizon."""
        return self.grid.days

    @cached_property
    def _midnights(self) -> dict[int, Minutes]:
        return {}

    def midnight(self, day: int) -> Minutes:
        """Minute at which a day begins in the agent's zone; any day, also past ones."""
        try:
            return self._midnights[day]
        except KeyError:
            own = zone(self.zone_name or self.grid.zone_name)
            moment = datetime.combine(self.date(day), time(), own)
            return self._midnights.setdefault(day, self.grid.minute(moment))

    def date(self, day: int) -> date:
        """Date of a day."""
        return self.grid.first + timedelta(days=day)

    def weekday(self, day: int) -> int:
        """0 for Monday to 6 for Sunday."""
        return (self.grid.first.weekday() + day) % 7

    def day_of(self, minute: Minutes) -> int:
        """Day in which a minute lies, in the agent's zone."""
        guess = minute // 1440
        while self.midnight(guess) > minute:
            guess -= 1
        while self.midnight(guess + 1) <= minute:
            guess += 1
        return guess

    def week(self, day: int) -> int:
        """Number of the week of a day; week 0 holds day 0."""
        return (day + self._into_week) // 7

    def week_days(self, week: int) -> range:
        """The seven days of a week; some may lie outside the horizon."""
        first = 7 * week - self._into_week
        return range(first, first + 7)

    def periods(self, contract: Contract) -> tuple[range, ...]:
        """
        The days over which a contract's hours add up, one range for each that holds a planned
        day: weeks, or blocks of weeks without those past weeks of which not all is known.
        """
        final, weeks = self.week(self.days - 1), contract.average_weeks
        begun = -self.week((contract.average_from - self.grid.first).days) % weeks
        known = min(0, self.week(min(self.known_from, 0) + 6))
        return tuple(
            range(self.week_days(max(week, known))[0], self.week_days(week + weeks - 1)[-1] + 1)
            for week in range(-begun, final + 1, weeks)
        )

    @cached_property
    def _into_week(self) -> int:
        return (self.weekday(0) - WEEKDAYS.index(self.week_starts)) % 7

    def is_holiday(self, day: int) -> bool:
        """Whether a day is a public holiday."""
        return bool(self.holidays) and self.date(day) in (self.holidays or {})


@dataclass(frozen=True)
class Tour:
    """
    All duties of one person in a horizon, with the past ones that are known.

    ``duties`` are sorted by start; past duties have negative days. They may overlap:
    the rule book says that they must not.
    """

    person: Person
    calendar: Calendar
    duties: tuple[Duty, ...] = ()

    def __post_init__(self) -> None:
        starts = [duty.start for duty in self.duties]
        if starts != sorted(starts):
            raise DataError(f"duties of {self.agent} are not in order")

    @property
    def agent(self) -> str:
        """The agent's name in files."""
        return self.person.agent.agent

    @property
    def planned(self) -> tuple[Duty, ...]:
        """Duties that begin in the horizon."""
        return tuple(duty for duty in self.duties if duty.day >= 0)

    @property
    def past(self) -> tuple[Duty, ...]:
        """Duties that began before the horizon."""
        return tuple(duty for duty in self.duties if duty.day < 0)

    @cached_property
    def by_day(self) -> Mapping[int, tuple[Duty, ...]]:
        """Duties by the day on which they begin."""
        days: dict[int, tuple[Duty, ...]] = {}
        for duty in self.duties:
            days[duty.day] = (*days.get(duty.day, ()), duty)
        return days

    @cached_property
    def notes(self) -> dict[Any, Any]:
        """What readers of this tour work out once and keep, each under a key of its own."""
        return {}

    def works(self, day: int) -> bool:
        """Whether a duty begins on a day."""
        return day in self.by_day


@dataclass(frozen=True)
class Roster:
    """
    Everyone's tours on one horizon, sorted by agent. A person without duties has a tour.
    """

    grid: Grid
    tours: tuple[Tour, ...]

    def __post_init__(self) -> None:
        names = [tour.agent for tour in self.tours]
        if len(set(names)) != len(names):
            raise DataError("an agent has two tours in one roster")

    def __iter__(self) -> Iterator[Tour]:
        return iter(self.tours)

    @cached_property
    def by_agent(self) -> Mapping[str, Tour]:
        """Tours by agent."""
        return {tour.agent: tour for tour in self.tours}


class Severity(StrEnum):
    """
    How much a rule binds: HARD must not be broken, PRICED costs, INFO is only said.
    """

    HARD = "hard"
    PRICED = "priced"
    INFO = "info"


class Status(StrEnum):
    """
    How well the source of a rule is known.
    """

    READ = "read"  # the text itself was read
    SECONDARY = "secondary"  # somebody's account of it
    MEMORY = "memory"  # to be checked before it is relied on
    SETTING = "setting"  # the workspace says so: contracts, availability, absences


@dataclass(frozen=True, slots=True)
class Violation:
    """
    One breach of one rule by one person; a row of ``violations.csv``.

    ``amount`` is by how much, in ``unit``.
    """

    code: str
    severity: Severity
    agent: str
    date: date
    amount: float
    unit: str
    sentence: str
    source: str
    status: Status

    @property
    def stated(self) -> tuple[float, str]:
        """Amount and unit as files state them: money in currency units, not in cents."""
        money = self.unit == CENTS
        return (round(self.amount) / 100, UNITS) if money else (self.amount, self.unit)
