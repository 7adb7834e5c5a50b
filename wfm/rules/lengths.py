"""
The length of a day: its work, its span from first to last minute, its parts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

from wfm.domain.roster import Duty, Tour
from wfm.domain.timegrid import Minutes
from wfm.domain.workforce import Contract, Person
from wfm.rules.clock import by_civil_day
from wfm.rules.words import Breach, DutyRule, Memory, Rule, Today

Spans = tuple[tuple[Minutes, Minutes], ...]


def worked(duties: tuple[Duty, ...]) -> Spans:
    """
    Spans of working time of some duties, horizon minutes.
    """
    return tuple(
        (block.start, block.end) for duty in duties for block in duty.blocks if block.activity.work
    )


def inside(spans: Spans, start: Minutes, end: Minutes) -> Minutes:
    """
    Minutes of some spans that lie between two moments.
    """
    return sum(max(0, min(last, end) - max(first, start)) for first, last in spans)


@dataclass(frozen=True)
class DailyMaximum(Rule):
    """
    On each civil day, from 0:00 to 24:00, at most ``hours`` hours are worked.
    """

    hours: float = 10

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """
        Every civil day with too much work; what a duty brings to the day after the last
        is told on the last.
        """
        calendar, limit = tour.calendar, round(self.hours * 60)
        before, total = Counter[int](), Counter[int]()
        for duty in tour.duties:
            if calendar.midnight(duty.day) <= duty.start and duty.end <= calendar.midnight(
                duty.day + 1
            ):  # the usual case: all of it on its own day
                total[duty.day] += duty.work
                continue
            for start, end in worked((duty,)):
                for day, first, last in by_civil_day(calendar, start, end):
                    total[day] += last - first
                    if duty.day < 0:
                        before[day] += last - first
        for day in sorted(total):
            over = total[day] - max(limit, before[day])
            if over > 0 and day >= 0:
                yield Breach(min(day, calendar.days - 1), over)

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: minutes that yesterday's duty works today."""
        limit = round(self.hours * 60)

        def reads(today: Today) -> tuple[Minutes, Minutes, bool]:
            calendar, day = today.calendar, today.day
            own = inside(worked(today.duties), calendar.midnight(day), calendar.midnight(day + 1))
            return own, today.work - own, day == 0

        def step(carried: Minutes, today: Any) -> tuple[Minutes, int]:
            own, after, first = today.read
            allowed = max(limit, carried) if first else limit
            breach = max(0, carried + own - allowed)
            if today.last:
                breach += max(0, after - limit)
            return after, breach

        return Memory(0, step, ("last",), reads)


@dataclass(frozen=True)
class DutyMaximum(DutyRule):
    """
    A duty holds at most ``hours`` hours of work.
    """

    hours: float = 10

    def amount(self, person: Person, today: Today) -> int:  # noqa: ARG002 - same for all
        """Minutes beyond the limit."""
        return max(0, today.work - round(self.hours * 60))


@dataclass(frozen=True)
class RollingMaximum(Rule):
    """
    In the 24 hours from the start of a duty at most ``hours`` hours are worked.
    """

    hours: float = 10

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """
        Every duty that is too long, and every one that adds too much to the duty before it.
        """
        limit, worked_days = round(self.hours * 60), sorted(tour.by_day)
        for day in worked_days:
            spans = worked(tour.by_day[day])
            own = sum(end - start for start, end in spans)
            if own > limit and day >= 0:
                yield Breach(day, own - limit)
            start = tour.by_day[day][0].start
            added = inside(worked(tour.by_day.get(day + 1, ())), start, start + 1440)
            more = max(0, own + added - limit) - max(0, own - limit)
            if more and day + 1 >= 0:
                yield Breach(day + 1, more)

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: minutes of today that yesterday's 24 hours reach, and yesterday's work."""
        limit = round(self.hours * 60)

        def reads(today: Today) -> Spans:
            midnight = today.calendar.midnight(today.day)
            return tuple((a - midnight, b - midnight) for a, b in worked(today.duties))

        def step(state: tuple[int, int], today: Any) -> tuple[tuple[int, int], int]:
            until, before = state
            if not today.works:
                return (0, 0), 0
            own = sum(end - start for start, end in today.read)
            more = max(0, before + inside(today.read, 0, until) - limit)
            more -= max(0, before - limit)
            reach = today.start + 1440 - today.length
            return (max(0, reach), own), max(0, own - limit) + more

        return Memory((0, 0), step, ("works", "start", "length"), reads)


@dataclass(frozen=True)
class Amplitude(DutyRule):
    """
    From the start of a day's first work to the end of its last pass at most ``hours`` hours.
    """

    hours: float = 13

    def amount(self, person: Person, today: Today) -> int:  # noqa: ARG002 - same for all
        """Minutes beyond the limit."""
        return max(0, today.end - today.start - round(self.hours * 60))


@dataclass(frozen=True)
class AmplitudeRatio(DutyRule):
    """
    A split day spans at most ``ratio`` times its work, from first start to last end.
    """

    ratio: float = 2

    def amount(self, person: Person, today: Today) -> int:  # noqa: ARG002 - same for all
        """Minutes beyond the limit."""
        if not splits(today):
            return 0
        return max(0, round(today.end - today.start - self.ratio * today.work))


@dataclass(frozen=True)
class SplitDays(DutyRule):
    """
    A day is interrupted at most ``times`` times, each time for at most ``hours`` hours.

    An interruption is time between two spells of duty; breaks and meals inside a spell are
    none. The amount is the minutes of the interruptions that are too many, and those by
    which the others are too long.
    """

    times: int = 1
    hours: float = 2

    @property
    def sentence(self) -> str:
        """The sentence, without a length that no interruption reaches."""
        told = super().sentence
        return told.replace(", each time for at most 24 hours", "") if self.hours >= 24 else told

    def amount(self, person: Person, today: Today) -> int:  # noqa: ARG002 - same for all
        """Minutes of interruption that the rule does not allow."""
        lengths = sorted((end - start for start, end in splits(today)), reverse=True)
        allowed, most = lengths[: self.times], round(self.hours * 60)
        return sum(lengths[self.times :]) + sum(max(0, length - most) for length in allowed)


@dataclass(frozen=True)
class SpellMinimum(DutyRule):
    """
    A day is one spell of at least ``hours`` h, or several of at least ``split_hours`` h each.
    """

    hours: float = 3
    split_hours: float = 1

    def amount(self, person: Person, today: Today) -> int:  # noqa: ARG002 - same for all
        """Minutes that spells miss, all together."""
        found = spells(today)
        least = round((self.hours if len(found) == 1 else self.split_hours) * 60)
        return sum(max(0, least - (end - start)) for start, end in found)


@dataclass(frozen=True)
class DailyReduction(DutyRule):
    """
    A duty is at least ``minutes`` minutes shorter than the contract's day, at the same pay.
    """

    needs: ClassVar[frozenset[str]] = frozenset({"contract"})
    minutes: Minutes = 20

    def amount(self, person: Person, today: Today) -> int:
        """Minutes of work beyond the shorter day."""
        return max(0, today.work - (person.agent.contract.minutes_per_day - self.minutes))


def spells(today: Today) -> Spans:
    """
    Unbroken presence of a day, breaks and meals included: horizon minutes.
    """
    found: list[tuple[Minutes, Minutes]] = []
    blocks = sorted((block.start, block.end) for duty in today.duties for block in duty.blocks)
    for start, end in blocks:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def splits(today: Today) -> Spans:
    """
    The times between the spells of a day.
    """
    found = spells(today)
    return tuple((before[1], after[0]) for before, after in pairwise(found))
