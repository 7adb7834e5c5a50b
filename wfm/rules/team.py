"""
Rules across people: how many of a kind are on duty together.

They bind no tour alone, so they are no memory and no count: a duty contributes to every
minute that it covers, and the sum over people has bounds. Solvers read the contribution,
the bounds and the windows in which they hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from wfm.domain.roster import Block, Calendar, Roster, Tour
from wfm.domain.timegrid import WEEKDAYS, Minutes, clock_text
from wfm.domain.workforce import Agent, Contract, Person
from wfm.rules.clock import instant, know_weekdays, weekday_words
from wfm.rules.words import Breach, Declaration, Each, Rule, Today


@dataclass(frozen=True, slots=True)
class Shortage:
    """
    A time in which too few or, with ``over``, too many are on duty; ``people`` is by how many.
    """

    start: Minutes
    end: Minutes
    people: int
    over: bool = False


@dataclass(frozen=True)
class TeamPresence(Rule):
    """
    From ``window`` on these weekdays: ``weekdays``, at least ``at_least`` people are on duty
    together.

    With a skill or trait, such as supervisor, only those who have it count; without
    ``resting``, who is on a break does not. A sentence about a roster: a single tour cannot
    break it. Its amount is minutes times people.
    """

    needs: ClassVar[frozenset[str]] = frozenset({"contract"})
    skill: str = ""
    at_least: int = 1
    at_most: int | None = None
    window: tuple[int, int] = (0, 1440)
    weekdays: frozenset[str] = frozenset(WEEKDAYS)
    resting: bool = True

    def __post_init__(self) -> None:
        know_weekdays(self.weekdays)

    @property
    def sentence(self) -> str:
        """The sentence in the fewest words that its numbers need."""
        first, last = map(clock_text, self.window)
        every = len(self.weekdays) == len(WEEKDAYS)
        when = "" if every else f" on {weekday_words(self.weekdays, 'and')}"
        most = "" if self.at_most is None else f" and at most {self.at_most}"
        who = f"people with {self.skill}" if self.skill else "people"
        where = "on duty" if self.resting else "at work, breaks not counted,"
        asked = f"at least {self.at_least}{most} {who}"
        return f"From {first} to {last}{when}, {asked} are {where} together."

    def breaches(self, tour: Tour) -> Iterator[Breach]:  # noqa: ARG002 - see the docstring
        """None: one tour alone says nothing of a team."""
        return iter(())

    def declare(self, contract: Contract) -> Declaration:  # noqa: ARG002 - same for all
        """Nothing is forbidden to a single tour."""

        def free(person: Person, today: Today) -> int:  # noqa: ARG001 - the word's signature
            return 0

        return Each(free)

    def counts(self, agent: Agent) -> bool:
        """Whether somebody is one of those whom it counts."""
        return not self.skill or self.skill in agent.traits or agent.skills.get(self.skill, 0) > 0

    def contribution(self, agent: Agent, block: Block) -> int:
        """What a block of a duty adds in each of its minutes."""
        present = self.resting or (block.activity.work and not block.activity.pause)
        return int(present and self.counts(agent))

    def windows(self, calendar: Calendar) -> Iterator[tuple[Minutes, Minutes]]:
        """The times in which the bounds hold, horizon minutes."""
        for day in range(calendar.days):
            if WEEKDAYS[calendar.weekday(day)] in self.weekdays:
                first = instant(calendar, day, self.window[0])
                yield first, instant(calendar, day, self.window[1])

    def shortages(self, roster: Roster) -> Iterator[Shortage]:
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
            if on_duty < self.at_least:
                yield Shortage(start, end, self.at_least - on_duty)
            elif self.at_most is not None and on_duty > self.at_most:
                yield Shortage(start, end, on_duty - self.at_most, over=True)
