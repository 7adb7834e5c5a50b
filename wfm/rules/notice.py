"""
Notice: how long before a shift its change must be told. A sentence about two plans.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from wfm.domain.roster import Calendar, Tour
from wfm.domain.timegrid import Minutes
from wfm.domain.workforce import Contract, Person
from wfm.rules.words import Breach, Declaration, Each, Rule, Today


@dataclass(frozen=True)
class Notice(Rule):
    """
    A shift that is new, moved or taken away is told at least ``days`` days before.

    With ``working``, only Mondays to Fridays that are no public holidays count. The day of
    telling is not counted, that of the shift is. Where an agreement names the
    ``counterpart`` that it gives, ``reduced`` days suffice, and what is told between the two
    is said, for the counterpart is owed. A sentence about a plan and the one published
    before it: a single tour cannot break it, and solvers hear nothing of it (a plan is
    replanned by keeping what is published).
    """

    unit: ClassVar[str] = "days"
    needs: ClassVar[frozenset[str]] = frozenset({"published"})
    planned: ClassVar[bool] = False
    days: int = 7
    working: bool = False
    reduced: int = 0
    counterpart: str = ""

    @property
    def sentence(self) -> str:
        """The sentence with the kind of its days, and what fewer of them cost."""
        told = super().sentence
        if self.working:
            told = told.replace("days before", "working days before")
        if self.counterpart:
            told = f"{told[:-1]}, or {self.reduced} with this in return: {self.counterpart}."
        return told

    @property
    def least(self) -> int:
        """The fewest days of notice that are lawful."""
        return min(self.reduced, self.days) if self.counterpart else self.days

    def breaches(self, tour: Tour) -> Iterator[Breach]:  # noqa: ARG002 - see the docstring
        """None: one plan alone says nothing of changes."""
        return iter(())

    def declare(self, contract: Contract) -> Declaration:  # noqa: ARG002 - same for all
        """Nothing is forbidden to a single tour."""

        def free(person: Person, today: Today) -> int:  # noqa: ARG001 - the word's signature
            return 0

        return Each(free)

    def late(self, tour: Tour, published: Tour, told: date) -> Iterator[Breach]:
        """
        Every day of the horizon whose work changed too late.

        Parameters
        ----------
        published
            The same person's tour as it was published, on any horizon.
        told
            The day on which the change is told.
        """
        for day, notice in self._changes(tour, published, told):
            if notice < self.least:
                yield Breach(day, self.least - notice)

    def owed(self, tour: Tour, published: Tour, told: date) -> Iterator[Breach]:
        """
        Every day whose change was told in the shorter time for which the counterpart is owed.

        Parameters are those of ``late``; the amount is the days that full notice misses.
        """
        for day, notice in self._changes(tour, published, told):
            if self.least <= notice < self.days:
                yield Breach(day, self.days - notice)

    def _changes(self, tour: Tour, published: Tour, told: date) -> Iterator[tuple[int, int]]:
        """(day, days of notice) of every change of days that both plans hold."""
        before, after = _hours(published), _hours(tour)
        for day in range(tour.calendar.days):
            when = tour.calendar.date(day)
            inside = 0 <= (when - published.calendar.date(0)).days < published.calendar.days
            if not inside or before.get(when) == after.get(when) or when < told:
                continue
            yield day, self.notice(tour.calendar, told, when)

    def notice(self, calendar: Calendar, told: date, when: date) -> int:
        """Days of notice between two dates."""
        days = (told + timedelta(days=n) for n in range(1, (when - told).days + 1))
        holidays = calendar.holidays or {}
        return sum(
            1 for day in days if not self.working or (day.weekday() < 5 and day not in holidays)
        )


def _hours(tour: Tour) -> dict[date, tuple[tuple[Minutes, Minutes], ...]]:
    """Starts and ends of each date's duties, minutes after its midnight."""
    calendar = tour.calendar
    return {
        calendar.date(day): tuple(
            (duty.start - calendar.midnight(day), duty.end - calendar.midnight(day))
            for duty in duties
        )
        for day, duties in tour.by_day.items()
    }
