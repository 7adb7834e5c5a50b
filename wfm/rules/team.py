"""
Rules across people: how many of a kind are on duty together.

They bind no tour alone, so they are no memory and no count: a duty contributes to every
minute that it covers, and the sum over people has bounds. Solvers read them as rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from wfm.domain.roster import Block, Calendar, Roster
from wfm.domain.timegrid import Minutes
from wfm.domain.workforce import Agent
from wfm.rules.clock import instant


@dataclass(frozen=True, slots=True)
class Shortage:
    """
    A time in which too few or too many are on duty; ``people`` is by how many.
    """

    start: Minutes
    end: Minutes
    people: int


@dataclass(frozen=True)
class TeamPresence:
    """
    At least ``at_least`` and at most ``at_most`` people with ``skill`` are on duty together.

    Parameters
    ----------
    skill
        A skill or trait (``supervisor``); empty: everybody counts.
    at_most
        None: no limit above.
    weekdays
        0 for Monday to 6 for Sunday.
    resting
        Whether people on a break count.
    """

    skill: str = ""
    at_least: int = 1
    at_most: int | None = None
    window: tuple[int, int] = (0, 1440)
    weekdays: frozenset[int] = frozenset(range(7))
    resting: bool = True

    def contribution(self, agent: Agent, block: Block) -> int:
        """What a block of a duty adds in each of its minutes."""
        counts = not self.skill or self.skill in agent.traits or agent.skills.get(self.skill, 0) > 0
        present = self.resting or (block.activity.work and not block.activity.pause)
        return int(counts and present)

    def windows(self, calendar: Calendar) -> Iterator[tuple[Minutes, Minutes]]:
        """The times in which the bounds hold, horizon minutes."""
        for day in range(calendar.days):
            if calendar.weekday(day) in self.weekdays:
                first = instant(calendar, day, self.window[0])
                yield first, instant(calendar, day, self.window[1])

    def breaches(self, roster: Roster) -> Iterator[Shortage]:
        """Every time in which the bounds are broken, in order."""
        events: dict[Minutes, int] = {}
        for tour in roster:
            for block in (block for duty in tour.duties for block in duty.blocks):
                adds = self.contribution(tour.person.agent, block)
                if adds:
                    events[block.start] = events.get(block.start, 0) + adds
                    events[block.end] = events.get(block.end, 0) - adds
        for first, last in self.windows(Calendar(roster.grid)):
            yield from self._inside(events, first, last)

    def _inside(
        self, events: dict[Minutes, int], first: Minutes, last: Minutes
    ) -> Iterator[Shortage]:
        edges = [first, *sorted(at for at in events if first < at < last), last]
        on_duty = sum(change for at, change in events.items() if at <= first)
        for start, end in pairwise(edges):
            if start > first:
                on_duty += events[start]
            over = 0 if self.at_most is None else max(0, on_duty - self.at_most)
            wrong = max(0, self.at_least - on_duty) + over
            if wrong:
                yield Shortage(start, end, wrong)
