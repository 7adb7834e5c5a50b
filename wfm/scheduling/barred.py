"""
Kinds of shift that the law bars whatever the day: a fault of the settings, not of a person.
"""

from __future__ import annotations

from collections.abc import Iterator

from wfm.domain.roster import Severity
from wfm.domain.workforce import Person, Shape
from wfm.rules.entry import Entry
from wfm.rules.words import DutyRule, Today
from wfm.scheduling.problem import Problem
from wfm.scheduling.shapes import frames

WEEK = 7


def barred(problem: Problem) -> tuple[str, ...]:
    """
    A sentence for each shape of a contract of which every shift, wherever it starts and its
    breaks lie, breaks a hard rule about a single duty.
    """
    of_contracts = {person.agent.contract.name: person for person in reversed(problem.people)}
    return tuple(
        f"contract {name}: nobody can work '{shape.name}', every shift of it breaks "
        + " or ".join(f"{entry.code} ({entry.rule.sentence})" for entry in why)
        for name, person in sorted(of_contracts.items())
        for shape in person.agent.contract.shapes
        if (why := _bar(problem, person, shape))
    )


def _bar(problem: Problem, person: Person, shape: Shape) -> tuple[Entry, ...]:
    """Rules that bar a shape: those which the shift that breaks fewest breaks; none: it is free."""
    fewest: tuple[Entry, ...] = ()
    for found in _broken(problem, person, shape):
        if not found:
            return ()
        if not fewest or len(found) < len(fewest):
            fewest = found
    return fewest


def _broken(problem: Problem, person: Person, shape: Shape) -> Iterator[tuple[Entry, ...]]:
    """Rules that each shift of a shape breaks in the first week."""
    calendar = problem.calendar(person)
    rules = [
        (entry, entry.rule)
        for entry in problem.book.for_agent(person.agent)
        if entry.severity is Severity.HARD
        and isinstance(entry.rule, DutyRule)
        and not entry.rule.personal
    ]
    for day in range(min(WEEK, problem.grid.days)):
        for frame in frames(shape, calendar, day):
            for breaks in frame.placements():
                today = Today(calendar, day, (frame.duty(breaks, ()),))
                yield tuple(entry for entry, rule in rules if rule.amount(person, today) > 0)
