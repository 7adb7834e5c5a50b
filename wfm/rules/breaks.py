"""
Breaks inside a duty. Shapes place them; these rules judge what was placed.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, NamedTuple

from wfm.domain.roster import Duty
from wfm.domain.timegrid import Minutes
from wfm.domain.workforce import Person
from wfm.rules.words import DutyRule, Today


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
    busy = sorted(
        (block.start, block.end)
        for duty in duties
        for block in duty.blocks
        if block.activity.work and not block.activity.pause
    )
    return tuple(Pause(end, start) for (_, end), (start, _) in pairwise(busy) if start > end)


@dataclass(frozen=True)
class BreakAfter(DutyRule):
    """
    A day of more than ``hours`` hours of work holds a break of at least ``minutes`` minutes on end.

    With ``reached``, a day of exactly that length holds it too.
    """

    needs: ClassVar[frozenset[str]] = frozenset({"breaks"})
    hours: float = 6
    minutes: Minutes = 20
    reached: bool = False

    def amount(self, person: Person, today: Today) -> int:  # noqa: ARG002 - same for all
        """Minutes that the longest break misses."""
        over = today.work - round(self.hours * 60) + int(self.reached)
        if over <= 0:
            return 0
        longest = max((pause.minutes for pause in pauses(today.duties)), default=0)
        return max(0, self.minutes - longest)
