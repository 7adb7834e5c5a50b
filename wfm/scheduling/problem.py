"""
The scheduler's question: who, when, under which rules, for which promise, at what price.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from wfm.domain.courses import Course
from wfm.domain.demand import Queue
from wfm.domain.promise import Requirement
from wfm.domain.roster import Calendar, Duty, Tour
from wfm.domain.shortfall import Aim, ShortfallPrices, above_any_wage, aims
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import Person
from wfm.errors import DataError
from wfm.errors import Problem as Fault
from wfm.rules.book import Book
from wfm.scheduling.decided import Standing


@dataclass(frozen=True)
class Problem:
    """
    Everything that decides a roster.

    Parameters
    ----------
    requirement
        What each queue needs, with curves where they are known.
    queues
        The queues by name, at least those of the requirement.
    people
        Everybody who can be planned, sorted by agent.
    book
        The rules in force, contracts and wishes among them.
    past
        Duties carried in, by agent; their days are negative.
    calendars
        By agent. Who has none is under the grid's zone, weeks starting on Monday.
    prices
        What missing heads and contacts cost; None: more than any wage of the team.
    courses
        Training and meetings to be placed inside the shifts.
    standing
        The roster that is changed, with the price of changes; None: planned anew.
    cache
        Folder in which compiled rules are kept from one run to the next; None: nowhere.

    Raises
    ------
    DataError
        Inputs that cannot be, all of them by name: a skill that nobody has, contacts
        outside opening hours, an unknown queue, an agent twice.
    """

    requirement: Requirement
    queues: Mapping[str, Queue]
    people: tuple[Person, ...]
    book: Book
    past: Mapping[str, tuple[Duty, ...]] = field(default_factory=dict)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    prices: ShortfallPrices | None = None
    courses: tuple[Course, ...] = ()
    standing: Standing | None = None
    cache: Path | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        faults = list(_faults(self))
        if faults:
            raise DataError(problems=faults)

    @property
    def grid(self) -> Grid:
        """The horizon."""
        return self.requirement.grid

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Queues of the requirement, in order of priority, then name."""
        return tuple(sorted(self.requirement.queues, key=lambda q: (self.queues[q].priority, q)))

    @cached_property
    def aims(self) -> dict[str, Aim]:
        """What the roster owes to each queue."""
        return aims(self.requirement)

    @cached_property
    def shortfall_prices(self) -> ShortfallPrices:
        """Prices of what is missing."""
        agents = [person.agent for person in self.people]
        return self.prices or above_any_wage(self.requirement, agents)

    def calendar(self, person: Person) -> Calendar:
        """The days on which law is counted for somebody."""
        return self.calendars.get(person.agent.agent) or Calendar(self.grid)

    def carried(self, person: Person) -> Tour:
        """What is known of somebody before the horizon."""
        duties = self.past.get(person.agent.agent, ())
        past = sorted((duty for duty in duties if duty.day < 0), key=lambda duty: duty.start)
        return Tour(person, self.calendar(person), tuple(past))

    def serves(self, person: Person) -> tuple[str, ...]:
        """Queues that somebody can serve, in order of priority."""
        return tuple(q for q in self.names if person.agent.efficiency(self.queues[q]) > 0)

    def settled(self, agent: str, day: int) -> bool:
        """Whether a duty of a day stays as it is: it is fixed, or kept as it stands."""
        if self.standing is not None and self.standing.keeps(agent, day):
            return True
        return (agent, day) in self._fixed

    @cached_property
    def _fixed(self) -> frozenset[tuple[str, int]]:
        return frozenset(
            (person.agent.agent, one.day)
            for person in self.people
            for one in person.fixed
            if one.activity is not None
        )


def _faults(problem: Problem) -> Iterator[Fault]:
    names = [person.agent.agent for person in problem.people]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Fault("agents", f"agent '{name}' stands there twice", "keep one row")
    if not names:
        yield Fault("agents", "nobody is on the team", "add people to agents.csv")
    skills = {s for person in problem.people for s, e in person.agent.skills.items() if e > 0}
    for name, required in problem.requirement.queues.items():
        if name not in problem.queues:
            yield Fault("requirement", f"queue '{name}' is not known", "name it in wfm.toml")
            continue
        for skill in problem.queues[name].needs:
            if skill not in skills:
                yield Fault(
                    f"queue {name}",
                    f"nobody has the skill '{skill}'",
                    "give it to somebody in agents.csv, or change the queue's skills",
                )
        shut = ~problem.requirement.open[name] & (np.asarray(required.contacts) > 0)
        if shut.any():
            stamp = problem.grid.stamps[int(np.argmax(shut))]
            yield Fault(
                f"requirement, queue {name}",
                f"contacts in {int(shut.sum())} intervals outside opening hours, from {stamp}",
                "widen `open` of the queue, or leave them out",
            )
