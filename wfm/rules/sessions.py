"""
Training and meetings that people are owed: a rule of the workspace, not of the law.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from wfm.domain.courses import Course
from wfm.domain.money import Cents
from wfm.domain.roster import Severity, Tour
from wfm.domain.timegrid import Minutes
from wfm.domain.workforce import Agent, Contract
from wfm.rules.entry import Entry
from wfm.rules.words import Breach, Memory, Rule, Today

DEAR = 12  # hourly rates for an hour of a session that is not placed: above any saving on wages


@dataclass(frozen=True)
class Sessions(Rule):
    """
    In its time somebody gets ``sessions`` sessions of ``minutes`` minutes: ``activity``.

    Solvers see days on which a duty has room for a session, and place them afterwards.
    """

    unit: ClassVar[str] = "sessions"
    activity: str = "training"
    minutes: Minutes = 60
    sessions: int = 1
    course: Course | None = field(default=None, repr=False)

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Sessions missing, on the last day on which they could be."""
        course, calendar = self.course, tour.calendar
        if course is None or course.end > calendar.midnight(calendar.days):
            return
        missing = course.sessions - course.done(tour)
        if missing > 0:
            yield Breach(max(0, calendar.day_of(course.end - 1)), missing)

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: sessions that the days so far have room for."""
        course, owed = self.course, self.sessions

        def reads(today: Today) -> tuple[int, bool]:
            if course is None or course.end > today.calendar.midnight(today.calendar.days):
                return 0, False
            over = today.day == max(0, today.calendar.day_of(course.end - 1))
            return _room(course, today), over

        def step(held: int, today: Any) -> tuple[int, int]:
            room, over = today.read
            held = min(owed, held + room)
            return (owed, owed - held) if over else (held, 0)

        return Memory(0, step, reads=reads)


def _room(course: Course, today: Today) -> int:
    """Sessions that a planned day has room for, at most one; those that a past day held."""
    minutes = 0
    for block in (block for duty in today.duties for block in duty.blocks):
        inside = min(block.end, course.end) - max(block.start, course.start)
        held = block.activity.name == course.activity.name
        if inside > 0 and (held if today.day < 0 else held or block.activity.on_contacts):
            minutes += inside
    return min(1, minutes // course.minutes) if today.day >= 0 else minutes // course.minutes


def session_rules(courses: Sequence[Course], agents: Iterable[Agent]) -> tuple[Entry, ...]:
    """
    A priced entry for each course, binding those who take part.
    """
    rates = {agent.agent: agent.rate for agent in agents}
    return tuple(
        Entry(
            f"SESSIONS-{number}",
            Sessions(course.activity.name, course.minutes, course.sessions, course),
            Severity.PRICED,
            price=_price(course, max((rates.get(agent, 0) for agent in course.agents), default=0)),
            agents=frozenset(course.agents),
        )
        for number, course in enumerate(courses, start=1)
    )


def _price(course: Course, rate: Cents) -> Cents:
    return max(10_000, DEAR * rate * course.minutes // 60)
