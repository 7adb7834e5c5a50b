"""
Time that earns more by law or agreement. Pay itself is the contract's; these only say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from wfm.domain.timegrid import WEEKDAYS, clock_text
from wfm.domain.workforce import Person
from wfm.rules.clock import instant, know_weekdays, weekday_words
from wfm.rules.holidays import minutes_on
from wfm.rules.lengths import inside, worked
from wfm.rules.nights import night_minutes
from wfm.rules.words import DutyRule, Today


@dataclass(frozen=True)
class PremiumTime(DutyRule):
    """
    Work on ``weekdays`` between ``window`` earns ``share`` more: 0.5 is half the rate on top.

    A window belongs to the day on which it begins. Said of every such minute: whether the
    contract pays it is not looked at.
    """

    share: float = 1.0
    weekdays: frozenset[str] = frozenset(WEEKDAYS)
    window: tuple[int, int] = (0, 1440)

    def __post_init__(self) -> None:
        know_weekdays(self.weekdays)

    @property
    def sentence(self) -> str:
        """The sentence in the fewest words that its numbers need."""
        every = len(self.weekdays) == len(WEEKDAYS)
        when = "" if every else f" on {weekday_words(self.weekdays, 'and')}"
        first, last = (clock_text(clock % 1440) for clock in self.window)
        between = "" if self.window == (0, 1440) else f" between {first} and {last}"
        return f"Work{when}{between} earns {100 * self.share:g} % more."

    def amount(self, person: Person, today: Today) -> int:  # noqa: ARG002 - same for all
        """Minutes of such work."""
        if len(self.weekdays) == len(WEEKDAYS):
            return night_minutes(today.calendar, today.duties, self.window)
        calendar = today.calendar
        if self.window == (0, 1440):
            return minutes_on(today, lambda day: WEEKDAYS[calendar.weekday(day)] in self.weekdays)
        if not today.works:
            return 0
        spans = worked(today.duties)
        last = calendar.day_of(today.duties[-1].end - 1)
        return sum(
            inside(
                spans,
                instant(calendar, day, self.window[0]),
                instant(calendar, day, self.window[1]),
            )
            for day in range(today.day - 1, last + 1)
            if WEEKDAYS[calendar.weekday(day)] in self.weekdays
        )


@dataclass(frozen=True)
class PremiumHolidays(DutyRule):
    """
    Work on public holidays, from 0:00 to 24:00, earns ``share`` more: 1 is twice the rate.
    """

    needs: ClassVar[frozenset[str]] = frozenset({"holidays"})
    share: float = 1.0

    @property
    def sentence(self) -> str:
        """The sentence, its share as a percentage."""
        return f"Work on public holidays, from 0:00 to 24:00, earns {100 * self.share:g} % more."

    def amount(self, person: Person, today: Today) -> int:  # noqa: ARG002 - same for all
        """Minutes of such work."""
        return minutes_on(today, today.calendar.is_holiday)
