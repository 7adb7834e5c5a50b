"""
Nights: who may work them, how long, how often, and what follows them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from wfm.domain.demand import Span
from wfm.domain.roster import Calendar, Duty, Tour
from wfm.domain.timegrid import Minutes
from wfm.domain.workforce import Contract, Person
from wfm.rules.clock import minutes_within
from wfm.rules.totals import Totals, too_much
from wfm.rules.words import Breach, Count, DutyRule, EachWeek, Memory, Rule, Today, day_in

NIGHT = (1260, 1800)  # 21:00 to 06:00


def night_minutes(calendar: Calendar, duties: tuple[Duty, ...], window: Span) -> Minutes:
    """
    Minutes of work of some duties while the clock shows a window.
    """
    if not duties:
        return 0
    last = max(duty.end for duty in duties)
    if not minutes_within(calendar, window, duties[0].start, last):
        return 0  # most duties lie by day
    return sum(
        minutes_within(calendar, window, block.start, block.end)
        for duty in duties
        for block in duty.blocks
        if block.activity.work
    )


@dataclass(frozen=True)
class NoNight(DutyRule):
    """
    Nobody works at night, between ``window``.
    """

    window: tuple[int, int] = NIGHT

    def amount(self, person: Person, today: Today) -> int:  # noqa: ARG002 - same for all
        """Minutes worked at night."""
        return night_minutes(today.calendar, today.duties, self.window)


@dataclass(frozen=True)
class NightDutyMaximum(DutyRule):
    """
    A duty with ``night_hours`` hours or more between ``window`` holds at most ``hours`` hours.
    """

    hours: float = 8
    night_hours: float = 3
    window: tuple[int, int] = NIGHT

    @property
    def sentence(self) -> str:
        """The sentence; without ``night_hours``, any minute makes a duty of the night."""
        told = super().sentence
        return told if self.night_hours else told.replace("0 hours or more", "any time")

    def amount(self, person: Person, today: Today) -> int:  # noqa: ARG002 - same for all
        """Minutes of work beyond the limit."""
        over = today.work - round(self.hours * 60)
        if over <= 0:
            return 0
        night = night_minutes(today.calendar, today.duties, self.window)
        return over if night and night >= self.night_hours * 60 else 0


@dataclass(frozen=True)
class NightsPerWeek(Rule):
    """
    In each week at most ``nights`` duties hold ``hours`` hours or more between ``window``.

    Who habitually works more is a night worker, with limits of their own.
    """

    unit: ClassVar[str] = "nights"
    nights: int = 1
    hours: float = 3
    window: tuple[int, int] = NIGHT

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every week with too many nights."""

        def one(duties: tuple[Duty, ...]) -> int:
            return int(night_minutes(tour.calendar, duties, self.window) >= self.hours * 60)

        yield from too_much(Totals(tour, one), self.nights)

    def declare(self, contract: Contract) -> Count:  # noqa: ARG002 - same for all
        """Night duties, week by week."""

        def what(today: Any) -> int:
            minutes = night_minutes(today.calendar, today.duties, self.window)
            return int(today.works and minutes >= self.hours * 60)

        return Count(what, EachWeek(), at_most=self.nights, sees=("works", "calendar", "duties"))


@dataclass(frozen=True)
class DaysOffAfterNights(Rule):
    """
    After ``nights`` or more night duties in a row come at least ``days`` days off.

    A night duty holds ``hours`` hours or more between ``window``; another night duty
    goes on with the row. The first day after a night is spent asleep and counts as off only
    if nothing begins on it.
    """

    unit: ClassVar[str] = "days"
    nights: int = 3
    days: int = 2
    hours: float = 3
    window: tuple[int, int] = NIGHT

    def _night(self, calendar: Calendar, duties: tuple[Duty, ...]) -> bool:
        return night_minutes(calendar, duties, self.window) >= self.hours * 60

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every return to work that comes too early; the amount is the days missing."""
        row = last = 0  # nights in a row up to the last working day; that day
        for day in sorted(tour.by_day):
            night, off = self._night(tour.calendar, tour.by_day[day]), day - last - 1
            if night and row and off == 0:
                row += 1
            else:
                if row >= self.nights and off < self.days and day >= 0:
                    yield Breach(day, self.days - off)
                row = int(night)
            last = day

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: nights in a row, as far as they matter; days off that are still owed."""

        def reads(today: Today) -> bool:
            return self._night(today.calendar, today.duties)

        def step(state: tuple[int, int], today: Any) -> tuple[tuple[int, int], int]:
            row, owed = state
            if not today.works:
                owed = self.days if row >= self.nights else owed
                return (0, max(0, owed - 1)), 0
            if today.read and row:
                return (min(row + 1, self.nights), 0), 0
            breach = self.days if row >= self.nights else owed
            return (int(today.read), 0), breach

        return Memory((0, 0), step, ("works",), reads)


@dataclass(frozen=True)
class LateThenEarly(Rule):
    """
    After a day whose work ends between ``late``, none begins between ``early`` on the next.

    Both are clock spans of a day: the end of the first and the start of the second. A night
    may follow a night.
    """

    unit: ClassVar[str] = "days"
    late: tuple[int, int] = (1320, 2160)
    early: tuple[int, int] = (300, 600)

    def _ends_late(self, today: Today) -> bool:
        return today.works and self.late[0] < today.end <= self.late[1]

    def _begins_early(self, today: Today) -> bool:
        return today.works and self.early[0] <= today.start < self.early[1]

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every early start after a late end."""
        for day in range(tour.calendar.days):
            if self._ends_late(day_in(tour, day - 1)) and self._begins_early(day_in(tour, day)):
                yield Breach(day, 1)

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: whether yesterday ended late."""

        def step(late: bool, today: Any) -> tuple[bool, int]:
            return self._ends_late(today), int(late and self._begins_early(today))

        return Memory(False, step, ("works", "start", "end"))
