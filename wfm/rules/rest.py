"""
Rest: between duties, and once a week.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import inf
from typing import Any, ClassVar, NamedTuple

from wfm.domain.roster import Calendar, Tour
from wfm.domain.timegrid import Minutes
from wfm.domain.workforce import Contract
from wfm.errors import SettingsError
from wfm.rules.totals import whole_weeks
from wfm.rules.words import Breach, Memory, Rule, Today


class Gap(NamedTuple):
    """Time between duties; ``day`` is that of the duty which ends it."""

    start: float
    end: float
    day: int | None


def gaps(tour: Tour) -> list[Gap]:
    """
    The free time around each day's duties; the first reaches back, the last on, for ever.
    """
    if gaps in tour.notes:
        known: list[Gap] = tour.notes[gaps]
        return known
    found: list[Gap] = []
    free_from = -inf
    for day in sorted(tour.by_day):
        duties = tour.by_day[day]
        found.append(Gap(free_from, duties[0].start, day))
        free_from = max(free_from, *(duty.end for duty in duties))
    tour.notes[gaps] = [*found, Gap(free_from, inf, None)]
    return gaps(tour)


@dataclass(frozen=True)
class NoOverlap(Rule):
    """
    A duty begins when the one before has ended.
    """

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every duty that begins inside an earlier one, also of the same day."""
        busy_until = -inf
        for duty in tour.duties:
            if duty.start < busy_until and duty.day >= 0:
                yield Breach(duty.day, int(busy_until - duty.start))
            busy_until = max(busy_until, duty.end)

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: minutes of today that an earlier duty still takes."""

        def step(busy: Minutes, today: Any) -> tuple[Minutes, int]:
            if not today.works:
                return max(0, busy - today.length), 0
            return max(0, max(busy, today.end) - today.length), max(0, busy - today.start)

        return Memory(0, step, ("works", "start", "end", "length"))


@dataclass(frozen=True)
class DailyRest(Rule):
    """
    Between the end of a duty and the start of the next lie at least ``hours`` hours.
    """

    hours: float = 11

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every duty that begins too early after the days before it."""
        for gap in gaps(tour):
            missing = self.hours * 60 - (gap.end - gap.start)
            if gap.day is not None and gap.day >= 0 and missing > 0:
                yield Breach(gap.day, round(missing))

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: minutes of today that still belong to an earlier duty or its rest."""
        rest = round(self.hours * 60)

        def step(owed: Minutes, today: Any) -> tuple[Minutes, int]:
            if not today.works:
                return max(0, owed - today.length), 0
            free_from = max(owed, today.end + rest)
            return max(0, free_from - today.length), max(0, owed - today.start)

        return Memory(0, step, ("works", "start", "end", "length"))


@dataclass(frozen=True)
class WeeklyRest(Rule):
    """
    Each week holds ``hours`` hours of rest on end, part of a rest of ``hours`` and ``daily`` hours.

    The rest may reach over the week's edges, as long as ``hours`` of it lie inside. A week
    that is not wholly known is not judged.
    """

    unit: ClassVar[str] = "weeks"
    hours: float = 24
    daily: float = 11

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """
        Every week without its rest, on its last day, or on the day whose duty cuts it short.
        """
        calendar, free = tour.calendar, gaps(tour)
        for days in whole_weeks(tour):
            start, end = calendar.midnight(days[0]), calendar.midnight(days[-1] + 1)
            inside = [
                gap for gap in free if min(gap.end, end) - max(gap.start, start) >= self.hours * 60
            ]
            if any(gap.end - gap.start >= (self.hours + self.daily) * 60 for gap in inside):
                continue
            cut = [gap.day for gap in inside if gap.end >= end and gap.day is not None]
            day = cut[-1] if cut else days[-1]
            if day >= 0:
                yield Breach(day, 1)

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """
        State: minutes free at midnight, those of them in this week (both negative while a
        duty runs on), whether the week has its rest (None: nothing is known yet), and
        minutes of today that last week's rest still needs.
        """
        need, total = round(self.hours * 60), round((self.hours + self.daily) * 60)

        def step(
            state: tuple[int, int, bool | None, int], today: Any
        ) -> tuple[tuple[int, int, bool, int], int]:
            free, inside, done, owed = state
            if today.starts_week or done is None:
                done = not today.starts_week
                inside = min(free, 0)
            breach = 0
            if today.works:
                breach = int(today.start < owed)
                owed = 0
                done = done or (free + today.start >= total and inside + today.start >= need)
                # -free: an earlier duty may even end after this one
                free = inside = today.length - max(today.end, -free)
            else:
                free, inside = free + today.length, inside + today.length
                owed = max(0, owed - today.length)
            if today.ends_week and not done:
                if inside >= need:
                    owed = total - free
                else:
                    breach = 1
            return (min(free, total), min(inside, need), done, owed), breach

        return Memory(
            (total, 0, None, 0),
            step,
            ("works", "start", "end", "length", "starts_week", "ends_week"),
        )


@dataclass(frozen=True)
class FortnightlyRest(Rule):
    """
    Each fixed block of ``weeks`` weeks holds ``times`` rests of ``hours`` hours on end, or one
    as long as several, each with ``daily`` hours more.

    They lie wholly in the block; one begins with the week of ``since``. A block that is not
    wholly known is not judged.
    """

    unit: ClassVar[str] = "rests"
    hours: float = 24
    daily: float = 11
    times: int = 2
    weeks: int = 2
    since: str = "2024-01-01"

    def __post_init__(self) -> None:
        try:
            date.fromisoformat(self.since)
        except ValueError:
            raise SettingsError(
                f"'{self.since}' is no date", hint='write a day as "2024-01-01"'
            ) from None

    @property
    def weeks_back(self) -> int:
        """Weeks of the first block that may lie before the horizon."""
        return self.weeks - 1

    def _week(self, calendar: Calendar, week: int) -> int:
        """Place of a week in its block, 0 for the first."""
        first = calendar.date(calendar.week_days(week)[0])
        return ((first - date.fromisoformat(self.since)).days + 6) // 7 % self.weeks

    def _rests(self, free: float) -> int:
        """How many rests some free time on end counts for."""
        return min(self.times, max(0, int((free - self.daily * 60) / (self.hours * 60))))

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every block with too few rests, on its last day."""
        calendar = tour.calendar
        for days in whole_weeks(tour):
            last = days[0] + 7 * self.weeks - 1
            if self._week(calendar, calendar.week(days[0])) or not 0 <= last < calendar.days:
                continue
            start, end = calendar.midnight(days[0]), calendar.midnight(last + 1)
            found = sum(
                self._rests(min(gap.end, end) - max(gap.start, start)) for gap in gaps(tour)
            )
            if found < self.times:
                yield Breach(last, self.times - found)

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """
        State: minutes free in this block at midnight (negative while a duty runs on), and
        its rests so far; None when it began unknown.
        """
        most = round((self.hours * self.times + self.daily) * 60)

        def reads(today: Today) -> int:
            return self._week(today.calendar, today.week)

        def step(state: tuple[int, int | None], today: Any) -> tuple[tuple[int, int | None], int]:
            free, found = state
            if today.starts_week and today.read == 0:
                free, found = min(free, 0), 0
            more = 0
            if today.works:
                more = self._rests(free + today.start)
                free = today.length - max(today.end, -free)
            else:
                free += today.length
            if found is None:
                return (min(free, most), None), 0
            found = min(self.times, found + more)
            missing = 0
            if today.ends_week and today.read == self.weeks - 1:
                missing = max(0, self.times - found - self._rests(free))
            return (min(free, most), found), missing

        sees = ("works", "start", "end", "length", "starts_week", "ends_week")
        return Memory((0, None), step, sees, reads)
