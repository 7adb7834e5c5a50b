"""
Kinds of shift that the law bars whatever the day: a fault of the settings, not of a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from wfm.domain.roster import Severity
from wfm.domain.workforce import Person, Shape
from wfm.rules.entry import Entry
from wfm.rules.words import DutyRule, Today
from wfm.scheduling.problem import Problem
from wfm.scheduling.shapes import Frame, frames
from wfm.scheduling.tables import Tables


def barred(tables: Tables) -> tuple[str, ...]:
    """
    A sentence for each shape of a contract of which every shift, wherever it starts and its
    breaks lie, breaks a hard rule about a single duty; with the rules that its shortest breaks.
    """
    problem = tables.problem
    spared = problem.standing.spared if problem.standing else frozenset()
    of_contracts = {
        person.agent.contract.name: (p, person)
        for p, person in reversed(list(enumerate(problem.people)))
        if person.agent.agent not in spared
    }
    return tuple(
        f"contract {name}: nobody can work '{shape.name}', no shift of it is lawful; the shortest "
        "breaks " + " and ".join(f"{entry.code} ({entry.rule.sentence})" for entry in why)
        for name, (p, person) in sorted(of_contracts.items())
        for shape in person.agent.contract.shapes
        if not _free(tables, p, shape) and (why := _bar(problem, person, shape))
    )


def _free(tables: Tables, p: int, shape: Shape) -> bool:
    """Whether a shift of a shape is lawful; rules about breaks have cut the frames already."""
    first = tables.kinds.first[tables.team.type[p]]
    person = tables.problem.people[p]
    rules = [pair for pair in _rules(tables.problem, person) if "breaks" not in pair[1].needs]
    return any(
        not _broken(tables.problem, person, rules, frame, breaks)
        for frame in tables.frames[first[0] : first[-1]]
        if replace(frame.shape, name=shape.name) == shape  # alike ones share a name in tables
        and (breaks := frame.first_placement()) is not None
    )


def _bar(problem: Problem, person: Person, shape: Shape) -> tuple[Entry, ...]:
    """Rules that the shortest shift of a shape breaks, its breaks laid as well as can be."""
    calendar, rules = problem.calendar(person), list(_rules(problem, person))
    every = [frame for day in range(problem.grid.days) for frame in frames(shape, calendar, day)]
    if not every:
        return ()
    shortest = min(every, key=lambda frame: frame.work)
    laid = shortest.placements()
    return min((_broken(problem, person, rules, shortest, one) for one in laid), key=len)


def _rules(problem: Problem, person: Person) -> Iterator[tuple[Entry, DutyRule]]:
    """Hard rules about a single duty that bind somebody, whoever they are."""
    for entry in problem.book.for_agent(person.agent):
        rule = entry.rule
        if entry.severity is Severity.HARD and isinstance(rule, DutyRule) and not rule.personal:
            yield entry, rule


def _broken(
    problem: Problem,
    person: Person,
    rules: list[tuple[Entry, DutyRule]],
    frame: Frame,
    breaks: tuple[int, ...],
) -> tuple[Entry, ...]:
    """Rules that a shift breaks with its breaks at these minutes."""
    today = Today(problem.calendar(person), frame.day, (frame.duty(breaks, ()),))
    return tuple(entry for entry, rule in rules if rule.amount(person, today) > 0)
