"""
Shifts of which somebody typed the times alone: where their breaks go.
"""

from __future__ import annotations

import numpy as np

from wfm.domain.changes import Days
from wfm.domain.roster import Block, Duty, Roster, Severity
from wfm.domain.timegrid import Minutes
from wfm.domain.workforce import WORK, Person
from wfm.rules.words import DutyRule, Today
from wfm.scheduling.problem import Problem
from wfm.scheduling.shapes import frames


def with_breaks(
    problem: Problem, base: Days, typed: Roster
) -> tuple[dict[str, dict[int, Duty]], tuple[str, ...]]:
    """
    Duties of everybody by day, and sentences on those that no shift of a contract fits.

    A day with the times of the base is the base's. Another has its breaks where the contract
    and the rules about single duties allow them, and there where most people are to spare.
    """
    spare = _spare(problem, base)
    people = {person.agent.agent: person for person in problem.people}
    found: dict[str, dict[int, Duty]] = {}
    remarks = []
    for tour in typed:
        days = found.setdefault(tour.agent, {})
        for duty in tour.planned:
            stands = base.get(tour.agent, {}).get(duty.day)
            if stands and (stands.start, stands.end) == (duty.start, duty.end):
                days[duty.day] = stands
                continue
            person = people[tour.agent]
            placed = _placed(problem, person, duty, spare)
            if placed is None:
                remarks.append(_unfit(problem, person, duty))
                block = Block(duty.start, duty.end, WORK, problem.serves(person))
                placed = Duty(duty.day, (block,))
            days[duty.day] = placed
    return found, tuple(remarks)


def _placed(problem: Problem, person: Person, duty: Duty, spare: np.ndarray) -> Duty | None:
    """A duty with its breaks, the first that no rule forbids; None where no shift fits."""
    calendar, queues = problem.calendar(person), problem.serves(person)
    choices = [
        frame.duty(breaks, queues)
        for shape in person.agent.contract.shapes
        for frame in frames(shape, calendar, duty.day)
        if (frame.start, frame.end) == (duty.start, duty.end)
        for breaks in frame.placements()
    ]
    choices.sort(key=lambda one: _loss(problem, one, spare))
    lawful = (one for one in choices if not _forbidden(problem, person, one))
    return next(lawful, choices[0] if choices else None)


def _forbidden(problem: Problem, person: Person, duty: Duty) -> bool:
    today = Today(problem.calendar(person), duty.day, (duty,))
    return any(
        entry.severity is Severity.HARD
        and isinstance(entry.rule, DutyRule)
        and entry.rule.amount(person, today) > 0
        for entry in problem.book.for_agent(person.agent)
    )


def _spare(problem: Problem, base: Days) -> np.ndarray:
    """Heads of the base less heads needed on all queues together, float [n]."""
    spare = -sum(one.to_schedule for one in problem.requirement.queues.values())
    for days in base.values():
        for block in (block for duty in days.values() for block in duty.blocks):
            if block.activity.on_contacts:
                spare = spare + _inside(problem, block.start, block.end)
    return np.asarray(spare, dtype=float)


def _loss(problem: Problem, duty: Duty, spare: np.ndarray) -> float:
    """How much a duty's breaks are missed, the less the more heads are to spare."""
    away = (block for block in duty.blocks if not block.activity.on_contacts)
    return -sum(float(spare @ _inside(problem, one.start, one.end)) for one in away)


def _inside(problem: Problem, start: Minutes, end: Minutes) -> np.ndarray:
    """Share of each interval that lies between two minutes, float [n]."""
    first = np.asarray(problem.grid.starts)
    overlap = np.minimum(first + problem.grid.interval, end) - np.maximum(first, start)
    return np.asarray(np.maximum(overlap, 0) / problem.grid.interval)


def _unfit(problem: Problem, person: Person, duty: Duty) -> str:
    start, end = (problem.grid.local(minute) for minute in (duty.start, duty.end))
    day = problem.calendar(person).date(duty.day)
    return (
        f"{person.agent.agent}, {day}: no shift of contract {person.agent.contract.name} lasts "
        f"from {start:%H:%M} to {end:%H:%M}; it stays as typed, without breaks"
    )
