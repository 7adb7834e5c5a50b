"""
Averages over weeks, for which past weeks must be known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from wfm.domain.roster import Calendar, Tour
from wfm.domain.workforce import Contract, Person
from wfm.rules.totals import Totals, days_worked, minutes_worked, too_much, whole_weeks
from wfm.rules.words import (
    Blocks,
    Bounds,
    Breach,
    Count,
    EachWeek,
    Memory,
    Rolling,
    Rule,
    Window,
)


@dataclass(frozen=True)
class AverageHours(Rule):
    """
    Over any ``weeks`` weeks on end, at most ``hours`` hours a week are worked on average.

    Absences are no work here, so the rule is never too strict. The amount is the minutes
    beyond the whole period's limit.
    """

    hours: float = 48
    weeks: int = 17

    @property
    def weeks_back(self) -> int:
        """All weeks of the first window but its last."""
        return self.weeks - 1

    @property
    def limit(self) -> int:
        """Minutes in the whole period."""
        return round(self.hours * 60 * self.weeks)

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every run of weeks with too many hours."""
        yield from too_much(Totals(tour, minutes_worked, self.weeks), self.limit)

    def declare(self, contract: Contract) -> Count:  # noqa: ARG002 - same for all
        """Minutes of work over rolling weeks."""
        return Count(_work, Rolling(self.weeks), at_most=self.limit, sees=("work",))


@dataclass(frozen=True)
class BlockAverageHours(Rule):
    """
    Over each fixed block of ``weeks`` weeks, at most ``hours`` hours a week are worked on average.

    ``offset`` weeks before the first week of the horizon a block began.
    """

    hours: float = 48
    weeks: int = 17
    offset: int = 0

    @property
    def weeks_back(self) -> int:
        """Weeks of the first block that lie before the horizon."""
        return self.offset % self.weeks

    @property
    def limit(self) -> int:
        """Minutes in the whole period."""
        return round(self.hours * 60 * self.weeks)

    def _totals(self, tour: Tour) -> Totals:
        return Totals(tour, minutes_worked, self.weeks, self.weeks, self.offset)

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every block with too many hours."""
        yield from too_much(self._totals(tour), self.limit)

    def declare(self, contract: Contract) -> Count:  # noqa: ARG002 - same for all
        """Minutes of work over blocks of weeks."""
        period = Blocks(self.weeks, self.offset)
        return Count(_work, period, at_most=self.limit, sees=("work",))


@dataclass(frozen=True)
class AverageDays(Rule):
    """
    Over any ``weeks`` weeks on end, at most ``days`` days a week are worked on average.
    """

    unit: ClassVar[str] = "days"
    days: float = 5
    weeks: int = 4

    @property
    def weeks_back(self) -> int:
        """All weeks of the first window but its last."""
        return self.weeks - 1

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every run of weeks with too many days."""
        limit = int(self.days * self.weeks)
        yield from too_much(Totals(tour, days_worked, self.weeks), limit)

    def declare(self, contract: Contract) -> Count:  # noqa: ARG002 - same for all
        """Working days over rolling weeks."""
        limit = int(self.days * self.weeks)
        return Count(_works, Rolling(self.weeks), at_most=limit, sees=("works",))


@dataclass(frozen=True)
class HighWeeks(Rule):
    """
    Of any ``within`` weeks on end, the ``weeks`` that hold most work hold at most ``hours``
    hours a week on average, be they on end or not.

    The amount is the minutes that a week adds beyond that.
    """

    hours: float = 42
    weeks: int = 12
    within: int = 52

    @property
    def weeks_back(self) -> int:
        """All weeks of the first period but its last."""
        return self.within - 1

    @property
    def limit(self) -> int:
        """Minutes in the highest weeks together."""
        return round(self.hours * 60 * self.weeks)

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every week whose planned days add to what is too much, on its last day."""
        calendar = tour.calendar
        for week in sorted({calendar.week(day) for day in tour.by_day if day >= 0}):
            before = [
                sum(minutes_worked(tour.by_day.get(day, ())) for day in calendar.week_days(one))
                for one in range(week - self.within + 1, week)
            ]
            days = calendar.week_days(week)
            own = [(day, minutes_worked(tour.by_day.get(day, ()))) for day in days]
            past = self._highest([*before, sum(minutes for day, minutes in own if day < 0)])
            more = self._highest([*before, sum(minutes for _, minutes in own)])
            if more > max(self.limit, past):
                yield Breach(min(days[-1], calendar.days - 1), more - max(self.limit, past))

    def _highest(self, minutes: list[int]) -> int:
        return sum(sorted(minutes)[-self.weeks :])

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: minutes of the weeks before, newest first, and of this one."""
        limit = self.limit

        def step(
            state: tuple[tuple[int, ...], int], today: Any
        ) -> tuple[tuple[tuple[int, ...], int], int]:
            before, week = state
            ranked = sorted(before, reverse=True)
            top, least = sum(ranked[: self.weeks - 1]), sum(ranked[self.weeks - 1 : self.weeks])

            def high(minutes: int) -> int:
                return max(0, top + max(least, minutes) - limit)

            breach = high(week + today.work) - high(week)
            week += today.work
            if today.ends_week:
                return ((week, *before)[: self.within - 1], 0), breach
            return (before, week), breach

        return Memory(((), 0), step, ("work", "ends_week"))


@dataclass(frozen=True)
class LowWeek(Rule):
    """
    Each week holds at least ``hours`` hours of work, those credited for absences counted.

    The lowest week that an annualisation allows; who has fewer hours by contract owes those.
    """

    needs: ClassVar[frozenset[str]] = frozenset({"contract"})
    hours: float = 20

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every whole week that is too short."""
        owed = round(min(self.hours, tour.person.agent.contract.hours_per_week) * 60)
        for total in Totals(tour, minutes_worked):
            days = range(total.first, total.last + 1)
            absent = sum(tour.person.credit.get(day, 0) for day in days)
            if total.below(owed - absent):
                yield Breach(total.last, total.below(owed - absent))

    def declare(self, contract: Contract) -> Count:
        """Minutes of work, week by week; credited ones come off the bound."""
        owed = round(min(self.hours, contract.hours_per_week) * 60)

        def personal(person: Person, calendar: Calendar, window: Window) -> Bounds:  # noqa: ARG001
            return owed - sum(person.credit.get(day, 0) for day in window.days), None

        return Count(_work, EachWeek(), sees=("work",), personal=personal)


@dataclass(frozen=True)
class LowWeekDays(Rule):
    """
    A week of fewer than ``hours`` hours of work is spread over at most ``days`` days.

    Who has fewer hours by contract has a low week below those. A week that is not wholly
    known is not judged.
    """

    unit: ClassVar[str] = "days"
    needs: ClassVar[frozenset[str]] = frozenset({"contract"})
    hours: float = 35
    days: int = 5

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every whole low week of too many days, on its last day."""
        low = round(min(self.hours, tour.person.agent.contract.hours_per_week) * 60)
        for days in whole_weeks(tour):
            worked = [tour.by_day[day] for day in days if tour.works(day)]
            short = sum(map(minutes_worked, worked)) < low
            if short and len(worked) > self.days and days[-1] >= 0:
                yield Breach(days[-1], len(worked) - self.days)

    def declare(self, contract: Contract) -> Memory:
        """State: minutes (capped) and days of this week; None when it began unknown."""
        low = round(min(self.hours, contract.hours_per_week) * 60)

        def step(state: tuple[int, int] | None, today: Any) -> tuple[tuple[int, int] | None, int]:
            if today.starts_week:
                state = (0, 0)
            if state is None:
                return None, 0
            minutes, days = min(low, state[0] + today.work), state[1] + int(today.works)
            over = max(0, days - self.days) if minutes < low else 0
            return (minutes, days), over if today.ends_week else 0

        return Memory(None, step, ("works", "work", "starts_week", "ends_week"))


def _work(today: Any) -> int:
    return int(today.work)


def _works(today: Any) -> int:
    return int(today.works)
