"""
Days off: together, in each week, at weekends, and soon enough after a full week.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

from wfm.domain.roster import Tour
from wfm.domain.workforce import Contract
from wfm.rules.totals import whole_weeks
from wfm.rules.words import Breach, Memory, Rule, begin

SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True)
class PairedDaysOff(Rule):
    """
    Days off come at least ``days`` together.

    Days off at the edges of what is known may go on beyond them and are not judged.
    """

    unit: ClassVar[str] = "days"
    days: int = 2

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every return to work after too few days off."""
        worked = sorted(tour.by_day)
        for before, after in pairwise(worked):
            off = after - before - 1
            if 0 < off < self.days and after >= 0:
                yield Breach(after, self.days - off)

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: days off in a row up to yesterday, as far as they matter."""

        def step(off: int, today: Any) -> tuple[int, int]:
            if not today.works:
                return min(off + 1, self.days), 0
            return 0, self.days - off if off else 0

        return Memory(self.days, step, ("works",))


@dataclass(frozen=True)
class WorkedDaysTogether(Rule):
    """
    Working days come at least ``days`` together: no lonely day between two days off.

    Working days at the edges of what is known are not judged.
    """

    unit: ClassVar[str] = "days"
    days: int = 2

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every day off that comes after too few working days."""
        start, run = begin(tour), None
        for day in range(start, tour.calendar.days):
            if tour.works(day):
                run = None if run is None else run + 1
                continue
            if run and run < self.days and day >= 0:
                yield Breach(day, self.days - run)
            run = 0

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: working days in a row up to yesterday, as far as they matter."""

        def step(run: int, today: Any) -> tuple[int, int]:
            if today.works:
                return min(run + 1, self.days), 0
            return 0, self.days - run if run else 0

        return Memory(self.days, step, ("works",))


@dataclass(frozen=True)
class DaysOffTogether(Rule):
    """
    Each week holds at least ``days`` days off in a row.

    A week that is not wholly known is not judged.
    """

    unit: ClassVar[str] = "weeks"
    days: int = 2

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every week whose days off are all too short, on its last day."""
        for days in whole_weeks(tour):
            marks = "".join("x" if tour.works(day) else "." for day in days)
            if max(map(len, marks.split("x"))) < self.days and days[-1] >= 0:
                yield Breach(days[-1], 1)

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: days off in a row in this week; None once it has enough or began unknown."""

        def step(off: int | None, today: Any) -> tuple[int | None, int]:
            if today.starts_week:
                off = 0
            if off is not None:
                off = 0 if today.works else off + 1
                off = None if off >= self.days else off
            return off, int(today.ends_week and off is not None)

        return Memory(None, step, ("works", "starts_week", "ends_week"))


@dataclass(frozen=True)
class SecondRestDay(Rule):
    """
    After a week of six working days, two days off in a row come within ``days`` days.

    The second weekly day of rest, attached to the other. ``days`` are counted from the end
    of that week; a week that is not wholly known asks for nothing.
    """

    unit: ClassVar[str] = "weeks"
    days: int = 15

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every full week whose second day of rest does not come, on the last day for it."""
        for days in whole_weeks(tour):
            until = days[-1] + self.days
            pairs = range(days[-1] + 2, until + 1)
            taken = any(not tour.works(day - 1) and not tour.works(day) for day in pairs)
            full = sum(map(tour.works, days)) >= 6
            if full and not taken and 0 <= until < tour.calendar.days:
                yield Breach(until, 1)

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """
        State: days worked in this week (None: began unknown), whether yesterday was off, and
        the days left to each second rest that is owed.
        """

        def step(
            state: tuple[int | None, bool, tuple[int, ...]], today: Any
        ) -> tuple[tuple[int | None, bool, tuple[int, ...]], int]:
            worked, off, owed = state
            if today.starts_week:
                worked = 0
            worked = worked if worked is None else min(6, worked + int(today.works))
            if not today.works and off:
                # a pair of days off pays for weeks that ended before both of its days
                owed = tuple(left for left in owed if left == self.days)
            owed = tuple(left - 1 for left in owed)
            late = owed.count(0)
            owed = tuple(filter(None, owed))
            if today.ends_week and worked == 6:
                owed = (*owed, self.days)
            return (worked, not today.works, owed), late

        return Memory((None, False, ()), step, ("works", "starts_week", "ends_week"))


@dataclass(frozen=True)
class FreeWeekends(Rule):
    """
    Of any ``weeks`` weekends on end, at least ``free`` are free, Saturday and Sunday.

    A duty counts on the day it begins. Weekends before what is known count as free.
    """

    unit: ClassVar[str] = "weekends"
    free: int = 1
    weeks: int = 3

    @property
    def weeks_back(self) -> int:
        """All weeks of the first window but its last."""
        return self.weeks - 1

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every weekend whose work leaves too few free ones among the last."""
        calendar = tour.calendar
        for day in range(calendar.days):
            if calendar.weekday(day) != SUNDAY:
                continue
            sundays = range(day, day - 7 * self.weeks, -7)
            worked = sum(1 for at in sundays if tour.works(at) or tour.works(at - 1))
            this = tour.works(day) or tour.works(day - 1)
            if this and worked > self.weeks - self.free:
                yield Breach(day, worked - (self.weeks - self.free))

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: which of the last weekends were worked, the newest first; and this Saturday."""

        def step(
            state: tuple[tuple[bool, ...], bool], today: Any
        ) -> tuple[tuple[tuple[bool, ...], bool], int]:
            before, saturday = state
            if today.weekday == SATURDAY:
                return (before, today.works), 0
            if today.weekday != SUNDAY:
                return state, 0
            now = (today.works or saturday, *before)
            over = max(0, sum(now) - (self.weeks - self.free)) if now[0] else 0
            return (now[: self.weeks - 1], False), over

        return Memory(((), False), step, ("works", "weekday"))
