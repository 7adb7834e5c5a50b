"""
Breaks inside a duty. Shapes place them; these rules judge what was placed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, NamedTuple

from wfm.domain.roster import Duty
from wfm.domain.timegrid import Minutes
from wfm.domain.workforce import Person
from wfm.errors import SettingsError
from wfm.rules.clock import instant
from wfm.rules.lengths import Spans, inside
from wfm.rules.words import DutyRule, Today

_OPTION = re.compile(r"[1-9]\d* per [1-9]\d*")


class Pause(NamedTuple):
    """Time inside a duty in which nobody works: breaks, meals and gaps, end to end."""

    start: Minutes
    end: Minutes

    @property
    def minutes(self) -> Minutes:
        """Length."""
        return self.end - self.start


def pauses(duties: tuple[Duty, ...]) -> tuple[Pause, ...]:
    """
    The pauses between the first and the last minute of work of a day, in order.

    A block is a pause when its activity is one, or is no work in the law's sense; so is
    the time between blocks. A break at the very start or end is none.
    """
    return tuple(
        Pause(end, start) for (_, end), (start, _) in pairwise(_busy(duties)) if start > end
    )


def _busy(duties: tuple[Duty, ...]) -> Spans:
    """Spans of work that are no breaks, in order."""
    return tuple(
        sorted(
            (block.start, block.end)
            for duty in duties
            for block in duty.blocks
            if block.activity.work and not block.activity.pause
        )
    )


@dataclass(frozen=True)
class BreakAfter(DutyRule):
    """
    A day of more than ``hours`` hours of work has a break of at least ``minutes`` minutes on end.

    Parameters
    ----------
    reached
        Whether a day of exactly that length has it too.
    times
        How many such breaks it has.
    """

    needs: ClassVar[frozenset[str]] = frozenset({"breaks"})
    hours: float = 6
    minutes: Minutes = 20
    reached: bool = False
    times: int = 1

    def amount(self, person: Person, today: Today) -> int:  # noqa: ARG002 - same for all
        """Minutes that the longest breaks miss."""
        over = today.work - round(self.hours * 60) + int(self.reached)
        if over <= 0:
            return 0
        return _missing([pause.minutes for pause in pauses(today.duties)], self.minutes, self.times)

    @property
    def sentence(self) -> str:
        """The sentence, with what reaching the threshold and several breaks change in it."""
        told = super().sentence
        if self.reached:
            told = told.replace(f"more than {self.hours:g} hours", f"{self.hours:g} hours or more")
        if self.times > 1:
            told = told.replace("a break", f"{self.times} breaks")
        return told


def _missing(lengths: list[Minutes], least: Minutes, times: int) -> Minutes:
    """Minutes that the ``times`` longest breaks miss of ``least`` each."""
    longest = sorted(lengths, reverse=True)[:times]
    return sum(max(0, least - one) for one in longest) + least * (times - len(longest))


def sequences(duties: tuple[Duty, ...], least: Minutes) -> tuple[Minutes, ...]:
    """
    Minutes of work between breaks of at least ``least`` minutes; shorter ones do not count.
    """
    cuts = [pause.end for pause in pauses(duties) if pause.minutes >= least]
    edges = [duties[0].start, *cuts, duties[-1].end]
    return tuple(inside(_busy(duties), start, end) for start, end in pairwise(edges))


@dataclass(frozen=True)
class BreakTotal(DutyRule):
    """
    A day of more than ``hours`` hours of work holds breaks of ``minutes`` minutes together.

    Only breaks of at least ``piece`` minutes on end count.
    """

    needs: ClassVar[frozenset[str]] = frozenset({"breaks"})
    hours: float = 6
    minutes: Minutes = 30
    piece: Minutes = 15

    def amount(self, person: Person, today: Today) -> int:  # noqa: ARG002 - same for all
        """Minutes of break that are missing."""
        if today.work <= round(self.hours * 60):
            return 0
        found = [pause.minutes for pause in pauses(today.duties)]
        return max(0, self.minutes - sum(one for one in found if one >= self.piece))


@dataclass(frozen=True)
class LongestSequence(DutyRule):
    """
    Nobody works more than ``hours`` hours without a break of at least ``minutes`` minutes.
    """

    needs: ClassVar[frozenset[str]] = frozenset({"breaks"})
    hours: float = 3
    minutes: Minutes = 1

    def amount(self, person: Person, today: Today) -> int:  # noqa: ARG002 - same for all
        """Minutes by which sequences are too long, all together."""
        if not today.works:
            return 0
        most = round(self.hours * 60)
        return sum(max(0, one - most) for one in sequences(today.duties, self.minutes))


@dataclass(frozen=True)
class BreakOptions(DutyRule):
    """
    A day holds breaks by one of these measures: ``options``.

    Each option is ``"10 per 120"``: minutes of break for every so many minutes of work, and
    one of them must be kept in full. A meal between two spells of work counts.
    """

    needs: ClassVar[frozenset[str]] = frozenset({"breaks"})
    options: tuple[str, ...] = ("10 per 120", "15 per 180")

    def __post_init__(self) -> None:
        if not self.options or any(not _OPTION.fullmatch(option) for option in self.options):
            raise SettingsError(
                f"break options are {', '.join(self.options) or 'empty'}",
                hint='write each as "10 per 120": minutes of break per minutes of work',
            )

    def amount(self, person: Person, today: Today) -> int:  # noqa: ARG002 - same for all
        """Minutes that the nearest option misses."""
        rest = sum(pause.minutes for pause in pauses(today.duties))
        measures = (map(int, option.split(" per ")) for option in self.options)
        return min(max(0, today.work // every * least - rest) for least, every in measures)


@dataclass(frozen=True)
class Meal(DutyRule):
    """
    Who is on duty all the time between ``window`` has a meal of ``minutes`` minutes on end in
    it, begun after at most ``after`` hours of work.
    """

    needs: ClassVar[frozenset[str]] = frozenset({"breaks"})
    minutes: Minutes = 45
    window: tuple[int, int] = (660, 900)
    after: float = 24

    def amount(self, person: Person, today: Today) -> int:  # noqa: ARG002 - same for all
        """Minutes that the longest meal in time misses."""
        if not today.works:
            return 0
        first = instant(today.calendar, today.day, self.window[0])
        last = instant(today.calendar, today.day, self.window[1])
        if today.duties[0].start > first or today.duties[-1].end < last:
            return 0
        return max(0, self.minutes - _longest(today, first, last, self.after))


@dataclass(frozen=True)
class MealBy(DutyRule):
    """
    A day of more than ``hours`` hours of work holds a meal of ``minutes`` minutes on end that
    begins after at most ``after`` hours of work.
    """

    needs: ClassVar[frozenset[str]] = frozenset({"breaks"})
    hours: float = 5
    minutes: Minutes = 30
    after: float = 5

    def amount(self, person: Person, today: Today) -> int:  # noqa: ARG002 - same for all
        """Minutes that the longest meal in time misses."""
        if today.work <= round(self.hours * 60):
            return 0
        start, end = today.duties[0].start, today.duties[-1].end
        return max(0, self.minutes - _longest(today, start, end, self.after))


@dataclass(frozen=True)
class RestPer(DutyRule):
    """
    A day has a rest of ``minutes`` minutes for each ``hours`` hours of work or major part of them.

    A day of less than ``from_hours`` hours needs none. A break of ``meal`` minutes or more
    is a meal, and no rest.
    """

    needs: ClassVar[frozenset[str]] = frozenset({"breaks"})
    hours: float = 4
    minutes: Minutes = 10
    from_hours: float = 3.5
    meal: Minutes = 30

    def amount(self, person: Person, today: Today) -> int:  # noqa: ARG002 - same for all
        """Minutes of rest that are missing."""
        if today.work < self.from_hours * 60:
            return 0
        each = round(self.hours * 60)
        # a major part is more than half
        times = max(1, today.work // each + int(2 * (today.work % each) > each))
        rests = [pause.minutes for pause in pauses(today.duties) if pause.minutes < self.meal]
        return _missing(rests, self.minutes, times)


def _longest(today: Today, first: Minutes, last: Minutes, after: float) -> Minutes:
    """Longest pause between two moments that begins after at most ``after`` hours of work."""
    best = 0
    for pause in pauses(today.duties):
        before = inside(_busy(today.duties), today.duties[0].start, pause.start)
        if before <= round(after * 60):
            best = max(best, min(pause.end, last) - max(pause.start, first))
    return best


@dataclass(frozen=True)
class PaidShortBreaks(DutyRule):
    """
    Breaks of at most ``minutes`` minutes are paid.
    """

    needs: ClassVar[frozenset[str]] = frozenset({"breaks"})
    minutes: Minutes = 20

    def amount(self, person: Person, today: Today) -> int:  # noqa: ARG002 - same for all
        """Minutes of short breaks that nobody pays."""
        blocks = [block for duty in today.duties for block in duty.blocks]
        paid = tuple((block.start, block.end) for block in blocks if block.activity.paid)
        return sum(
            pause.minutes - inside(paid, pause.start, pause.end)
            for pause in pauses(today.duties)
            if pause.minutes <= self.minutes
        )
