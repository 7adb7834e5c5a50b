"""
Rules of the public shift-scheduling instances of Curtois and Qu (2014), in words.

Runs of days are looked at inside the horizon alone: a run that touches its first or last
day may go on outside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, ClassVar

from wfm.domain.roster import Calendar, Tour
from wfm.domain.workforce import Contract, Person
from wfm.rules.words import Bounds, Breach, Count, Horizon, Memory, Rule, Window

Limits = tuple[tuple[str, int, int], ...]  # agent, at least, at most


@dataclass(frozen=True)
class Succession(Rule):
    """
    After one kind of shift, some kinds may not be worked on the next day.
    """

    unit: ClassVar[str] = "shifts"
    forbidden: frozenset[tuple[str, str]] = frozenset()

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every second day of a forbidden pair."""
        kinds = {duty.day: duty.shape for duty in tour.duties}
        for day in range(1, tour.calendar.days):
            if (kinds.get(day - 1, ""), kinds.get(day, "")) in self.forbidden:
                yield Breach(day, 1)

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: yesterday's kind."""

        def step(before: str, today: Any) -> tuple[str, int]:
            return today.kind, int((before, today.kind) in self.forbidden)

        return Memory("", step, ("works", "kind"))


@dataclass(frozen=True)
class ShortestRun(Rule):
    """
    Days worked, or days off, come at least ``days`` in a row inside the horizon.
    """

    unit: ClassVar[str] = "days"
    days: int = 2
    work: bool = True

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """The last day of every run that is too short."""
        days = [(day, tour.works(day) == self.work) for day in range(tour.calendar.days)]
        for mine, run in groupby(days, key=lambda one: one[1]):
            numbers = [day for day, _ in run]
            inside = numbers[0] > 0 and numbers[-1] < tour.calendar.days - 1
            if mine and inside and len(numbers) < self.days:
                yield Breach(numbers[-1], self.days - len(numbers))

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: length of the run so far; long enough for one that came in from outside."""

        def step(run: int, today: Any) -> tuple[int, int]:
            if bool(today.works) == self.work:
                return min(run + 1, self.days), 0
            return 0, self.days - run if 0 < run < self.days else 0

        return Memory(self.days, step, ("works",))


@dataclass(frozen=True)
class Weekends(Rule):
    """
    At most ``most`` weekends are worked, on the Saturday, the Sunday or both.
    """

    unit: ClassVar[str] = "weekends"
    most: int = 2

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """The first day of every weekend beyond the limit."""
        first: dict[int, int] = {}
        for duty in tour.planned:
            if tour.calendar.weekday(duty.day) >= 5:
                first.setdefault(tour.calendar.week(duty.day), duty.day)
        for day in sorted(first.values())[self.most :]:
            yield Breach(day, 1)

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: weekends worked, and whether this one already is."""

        def step(state: tuple[int, bool], today: Any) -> tuple[tuple[int, bool], int]:
            worked, now = state
            if today.weekday == 0:
                now = False
            if today.weekday < 5 or now or not today.works:
                return (worked, now), 0
            return (min(worked + 1, self.most), True), int(worked == self.most)

        return Memory((0, False), step, ("works", "weekday"))


@dataclass(frozen=True)
class Total(Rule):
    """
    Over the horizon, everybody's sum lies in their own bounds.
    """

    limits: Limits = ()

    def amount(self, minutes: int, kind: str) -> int:
        """What a duty adds."""
        raise NotImplementedError

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """By how much the sum is out of bounds, on the last day."""
        low, high = self._mine(tour.agent)
        total = sum(self.amount(duty.paid, duty.shape) for duty in tour.planned)
        out = max(low - total, total - high, 0)
        if out:
            yield Breach(tour.calendar.days - 1, out)

    def declare(self, contract: Contract) -> Count:  # noqa: ARG002 - bounds are personal
        """The sum over the horizon."""

        def bounds(person: Person, calendar: Calendar, window: Window) -> Bounds:  # noqa: ARG001
            return self._mine(person.agent.agent)

        def what(today: Any) -> int:
            return self.amount(today.paid, today.kind) if today.works else 0

        return Count(what, Horizon(), sees=("works", "paid", "kind"), personal=bounds)

    def _mine(self, agent: str) -> tuple[int, int]:
        return next((low, high) for name, low, high in self.limits if name == agent)


@dataclass(frozen=True)
class Minutes(Total):
    """
    Over the horizon, everybody's minutes lie in their own bounds.
    """

    unit: ClassVar[str] = "minutes"

    def amount(self, minutes: int, kind: str) -> int:  # noqa: ARG002
        """Paid minutes."""
        return minutes


@dataclass(frozen=True)
class KindCap(Total):
    """
    Over the horizon, everybody works at most so many shifts of kind ``kind``.
    """

    unit: ClassVar[str] = "shifts"
    kind: str = ""

    def amount(self, minutes: int, kind: str) -> int:  # noqa: ARG002
        """One for each shift of this kind."""
        return int(kind == self.kind)
