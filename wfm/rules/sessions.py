"""
Training and meetings that people are owed: a rule of the workspace, not of the law.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from wfm.domain.courses import Course
from wfm.domain.money import Cents
from wfm.domain.roster import Calendar, Severity, Tour
from wfm.domain.workforce import Agent, Contract
from wfm.rules.entry import Entry
from wfm.rules.lengths import inside
from wfm.rules.words import Breach, Memory, Rule, Today

DEAR = 12  # hourly rates for an hour of a session that is not placed: above any saving on wages


LEAST = 10_000  # cents for a session at the least


@dataclass(frozen=True)
class Sessions(Rule):
    """
    In its time somebody gets the sessions of a course that they are owed.

    Solvers see days on which a duty has room for a session, and place them afterwards.
    """

    unit: ClassVar[str] = "sessions"
    course: Course

    @property
    def sentence(self) -> str:
        """The sentence with the numbers of the course."""
        one = self.course
        told = f"{one.sessions} sessions of {one.minutes} minutes: {one.activity.name}"
        return f"In its time somebody gets {told}."

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Sessions missing, on the last day on which they could be."""
        missing = self.course.sessions - self.course.done(tour)
        if missing > 0 and self.course.end <= tour.calendar.midnight(tour.calendar.days):
            yield Breach(self._due(tour.calendar), missing)

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: sessions that the days so far have room for."""
        owed = self.course.sessions

        def reads(today: Today) -> tuple[int, bool]:
            return _room(self.course, today), today.day == self._due(today.calendar)

        def step(held: int, today: Any) -> tuple[int, int]:
            room, due = today.read
            held = min(owed, held + room)
            return (owed, owed - held) if due else (held, 0)

        return Memory(0, step, reads=reads)

    def _due(self, calendar: Calendar) -> int:
        """The last day on which sessions can be, the first at the earliest."""
        return max(0, calendar.day_of(self.course.end - 1))


def _room(course: Course, today: Today) -> int:
    """Sessions that a planned day has room for, at most one; those that a past day held."""
    past = today.day < 0
    spans = tuple(
        (block.start, block.end)
        for duty in today.duties
        for block in duty.blocks
        if block.activity.name == course.activity.name or (block.activity.on_contacts and not past)
    )
    whole = inside(spans, course.start, course.end) // course.minutes
    return whole if past else min(1, whole)


def session_rules(courses: Sequence[Course], agents: Iterable[Agent]) -> tuple[Entry, ...]:
    """
    A priced entry for each course, binding those who take part.
    """
    rates = {agent.agent: agent.rate for agent in agents}
    return tuple(
        Entry(
            f"SESSIONS-{number}",
            Sessions(course),
            Severity.PRICED,
            price=_price(course, [rates[agent] for agent in course.agents]),
            agents=frozenset(course.agents),
        )
        for number, course in enumerate(courses, start=1)
    )


def _price(course: Course, rates: list[Cents]) -> Cents:
    return max([LEAST, *(DEAR * rate * course.minutes // 60 for rate in rates)])
