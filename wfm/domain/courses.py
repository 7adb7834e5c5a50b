"""
Work to be placed inside shifts, such as training and meetings, and what of it is missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wfm.domain.roster import Block, Roster, Tour
from wfm.domain.timegrid import Minutes
from wfm.domain.workforce import Activity
from wfm.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Course:
    """
    Sessions of one activity that people are owed within a time.

    Parameters
    ----------
    activity
        What their blocks are called; paid, and not on contacts.
    agents
        Keys of those who take part, sorted.
    minutes
        Length of a session. Breaks of the shift may interrupt it and do not count.
    sessions
        How many each person is owed, at most one a day.
    start, end
        Minutes of the horizon between which sessions lie; they may reach beyond it.
    together
        Whether a session is one slot for everybody.
    """

    activity: Activity
    agents: tuple[str, ...]
    minutes: Minutes
    sessions: int
    start: Minutes
    end: Minutes
    together: bool = False

    def __post_init__(self) -> None:
        name = self.activity.name
        if self.minutes <= 0 or self.minutes % 5:
            raise SettingsError(f"{name} lasts {self.minutes} minutes, expected a multiple of 5")
        if self.sessions <= 0:
            raise SettingsError(f"{name} has {self.sessions} sessions, expected at least 1")
        if self.end - self.start < self.minutes:
            raise SettingsError(f"{name}: {self.minutes} minutes do not fit from its start to end")
        if self.activity.on_contacts or not self.activity.paid:
            raise SettingsError(f"{name} is to be placed, so it is paid and not on contacts")

    def blocks(self, tour: Tour) -> Iterator[Block]:
        """Blocks of somebody's tour that are part of it."""
        for duty in tour.duties:
            for block in duty.blocks:
                inside = self.start <= block.start and block.end <= self.end
                if inside and block.activity.name == self.activity.name:
                    yield block

    def done(self, tour: Tour) -> int:
        """Whole sessions that a tour holds, those of past duties among them."""
        return sum(block.minutes for block in self.blocks(tour)) // self.minutes


@dataclass(frozen=True, slots=True)
class Unplaced:
    """
    Sessions of a course that somebody is owed and does not get.
    """

    course: Course
    agent: str
    sessions: int

    @property
    def sentence(self) -> str:
        """The same for people."""
        course = self.course
        return (
            f"{self.agent}: {self.sessions} of {course.sessions} sessions of "
            f"{course.activity.name} ({course.minutes} minutes) not placed"
        )


def unplaced(roster: Roster, courses: Iterable[Course]) -> tuple[Unplaced, ...]:
    """
    Sessions that a roster owes and does not hold.

    What may still be given after the horizon is not missing yet.
    """
    over = roster.grid.midnights[-1]
    found = []
    for course in courses:
        if course.end <= over:
            found += list(_missing(roster, course))
    return tuple(found)


def _missing(roster: Roster, course: Course) -> Iterator[Unplaced]:
    tours = [roster.by_agent[agent] for agent in course.agents if agent in roster.by_agent]
    shared = _slots(course, tours) if course.together else None
    for tour in tours:
        if shared is None:
            done = course.done(tour)
        else:
            done = sum((block.start, block.end) in shared for block in course.blocks(tour))
        if done < course.sessions:
            yield Unplaced(course, tour.agent, course.sessions - done)


def _slots(course: Course, tours: Iterable[Tour]) -> set[tuple[Minutes, Minutes]]:
    """The slots of a group: those that most of it share, as many as there are sessions."""
    count = Counter(
        (block.start, block.end)
        for tour in tours
        for block in course.blocks(tour)
        if block.minutes == course.minutes
    )
    most = sorted(count, key=lambda slot: (-count[slot], slot))
    return set(most[: course.sessions])
