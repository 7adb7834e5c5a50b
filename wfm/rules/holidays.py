"""
Sundays, public holidays and closed dates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from wfm.domain.roster import Duty, Tour
from wfm.domain.timegrid import WEEKDAYS
from wfm.domain.workforce import Contract, Person
from wfm.rules.clock import by_civil_day, instant, know_weekdays, weekday_words
from wfm.rules.lengths import inside, worked
from wfm.rules.totals import Totals, too_much
from wfm.rules.words import Breach, Count, DutyRule, Memory, Rolling, Rule, Today, begin

SUNDAY = 6


def minutes_on(today: Today, closed: Callable[[int], bool]) -> int:
    """Minutes of work on civil days that are closed; most duties touch none."""
    if not any(map(closed, _touched(today))):
        return 0
    return sum(minutes for day, minutes in _by_day(today) if closed(day))


def _touched(today: Today) -> range:
    """Civil days that a day's duties may touch; no day is shorter than 23 hours."""
    if today.end <= 23 * 60:
        return range(today.day, today.day + 1)
    calendar = today.calendar
    return range(today.day, calendar.day_of(calendar.midnight(today.day) + today.end) + 1)


def _by_day(today: Today) -> Iterator[tuple[int, int]]:
    """(day, minutes of work) of the civil days on which a duty works."""
    for start, end in worked(today.duties):
        for day, first, last in by_civil_day(today.calendar, start, end):
            yield day, last - first


@dataclass(frozen=True)
class ClosedWeekdays(DutyRule):
    """
    Nobody works on ``weekdays``, from 0:00 to 24:00.
    """

    weekdays: frozenset[str] = frozenset({"sunday"})

    def __post_init__(self) -> None:
        know_weekdays(self.weekdays)

    @property
    def sentence(self) -> str:
        """The sentence, its days in the week's order."""
        days = weekday_words(self.weekdays, "or")
        return f"Nobody works on {days}, from 0:00 to 24:00."

    def amount(self, person: Person, today: Today) -> int:  # noqa: ARG002 - same for all
        """Minutes worked on such days."""
        calendar = today.calendar
        return minutes_on(today, lambda day: WEEKDAYS[calendar.weekday(day)] in self.weekdays)


@dataclass(frozen=True)
class NoHolidays(DutyRule):
    """
    Nobody works on public holidays, from 0:00 to 24:00.
    """

    needs: ClassVar[frozenset[str]] = frozenset({"holidays"})

    def amount(self, person: Person, today: Today) -> int:  # noqa: ARG002 - same for all
        """Minutes worked on holidays."""
        return minutes_on(today, today.calendar.is_holiday)


@dataclass(frozen=True)
class ClosedDates(DutyRule):
    """
    Nobody works on these dates of the year: ``dates``.

    With ``hour``, from that hour of the day on, until 24:00.
    """

    dates: tuple[str, ...] = ("05-01",)
    hour: int = 0

    def amount(self, person: Person, today: Today) -> int:  # noqa: ARG002 - same for all
        """Minutes worked on such dates."""
        calendar = today.calendar

        def closed(day: int) -> bool:
            return calendar.date(day).isoformat()[5:] in self.dates

        if not self.hour:
            return minutes_on(today, closed)
        return sum(
            inside(
                worked(today.duties),
                instant(calendar, day, self.hour * 60),
                calendar.midnight(day + 1),
            )
            for day in _touched(today)
            if closed(day)
        )

    @property
    def sentence(self) -> str:
        """The sentence, with the hour."""
        told = super().sentence
        return f"{told[:-1]}, from {self.hour}:00 on." if self.hour else told


@dataclass(frozen=True)
class SundaysWorked(Rule):
    """
    In any ``weeks`` weeks on end, at most ``sundays`` Sundays are worked.

    A duty counts on the day it begins.
    """

    unit: ClassVar[str] = "Sundays"
    sundays: int = 37
    weeks: int = 52

    @property
    def weeks_back(self) -> int:
        """All weeks of the first window but its last."""
        return self.weeks - 1

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every run of weeks with too many Sundays."""

        def sunday(duties: tuple[Duty, ...]) -> int:
            return int(tour.calendar.weekday(duties[0].day) == SUNDAY)

        yield from too_much(Totals(tour, sunday, self.weeks), self.sundays)

    def declare(self, contract: Contract) -> Count:  # noqa: ARG002 - same for all
        """Sundays worked over rolling weeks."""
        return Count(
            lambda today: int(today.works and today.weekday == SUNDAY),
            Rolling(self.weeks),
            at_most=self.sundays,
            sees=("works", "weekday"),
        )


@dataclass(frozen=True)
class ReplacementRest(Rule):
    """
    Who works on a Sunday has another day off within ``days`` days after it, who works on a
    public holiday within ``holiday_days`` days.

    A duty counts on the day it begins. Each is owed a day off of its own, first what is due
    first; Sundays and holidays are days off for nothing else.
    """

    unit: ClassVar[str] = "days"
    days: int = 14
    holiday_days: int = 14

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every Sunday or holiday whose replacement does not come in time."""
        calendar = tour.calendar
        due: list[int] = []
        for day in range(begin(tour), calendar.days):
            allowed = self._allowed(Today(calendar, day))
            if tour.works(day) and allowed:
                due.append(day + allowed)
            elif due and not tour.works(day) and not allowed:
                due.remove(min(due))
            for _ in range(due.count(day)):
                due.remove(day)
                if day >= 0:
                    yield Breach(day, 1)

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: days left for each replacement that is owed, the most urgent first."""

        def step(left: tuple[int, ...], today: Any) -> tuple[tuple[int, ...], int]:
            if not today.works and not today.read:
                left = left[1:]
            late = sum(1 for days in left if days == 1)
            left = tuple(days - 1 for days in left if days > 1)
            if today.works and today.read:
                left = tuple(sorted((*left, today.read)))
            return left, late

        return Memory((), step, ("works",), self._allowed)

    def _allowed(self, today: Today) -> int:
        """Days within which working on a day asks for another day off; 0: it asks for none."""
        if today.weekday == SUNDAY:
            return self.days
        return self.holiday_days if today.holiday else 0
