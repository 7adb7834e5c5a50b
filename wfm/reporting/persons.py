"""
One person's days with the reason for each: what they do, what they wished, what rests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from wfm.domain.promise import Requirement
from wfm.domain.roster import Duty
from wfm.domain.workforce import WishKind
from wfm.reporting import facts, words
from wfm.reporting.results import Results


@dataclass(frozen=True)
class PersonDay:
    """
    One day of one person, in words; empty where there is nothing to say.
    """

    day: str
    shift: str
    breaks: str
    paid: str
    rest: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class PersonPart:
    """
    What a report says about one person.
    """

    agent: str
    head: str
    days: tuple[PersonDay, ...]


def parts(results: Results) -> tuple[PersonPart, ...]:
    """
    Everyone's part of a report, in the roster's order.
    """
    spare = surplus(results.requirement, results.plan.cover)
    return tuple(_part(fact, results, spare) for fact in facts.people(results.plan.roster))


def surplus(requirement: Requirement, cover: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """
    Heads above the requirement by queue and interval; negative where cover is short.
    """
    return {
        name: cover[name] - queue.to_schedule
        for name, queue in requirement.queues.items()
        if name in cover
    }


def _part(fact: facts.PersonFacts, results: Results, spare: Mapping[str, np.ndarray]) -> PersonPart:
    head = [f"{words.hours(fact.paid)} h paid in {words.count(fact.days, 'day')}"]
    if fact.credit:
        head.append(f"{words.hours(fact.credit)} h credited")
    head.append(f"contract {words.hours(fact.contract)} h")
    if fact.rest is not None:
        head.append(f"shortest rest {words.hours(fact.rest)} h")
    judged = [wish for wish in fact.wishes if wish.granted is not None]
    if judged:
        kept = sum(bool(wish.granted) for wish in judged)
        head.append(f"{kept} of {words.count(len(judged), 'wish', 'wishes')} granted")
    days = range(fact.tour.calendar.days)
    return PersonPart(
        fact.agent, ", ".join(head), tuple(_day(fact, day, results, spare) for day in days)
    )


def _day(
    fact: facts.PersonFacts, day: int, results: Results, spare: Mapping[str, np.ndarray]
) -> PersonDay:
    tour, grid = fact.tour, results.plan.roster.grid
    duties = tour.by_day.get(day, ())
    rest = facts.rests(tour).get(day)
    away = facts.absent(tour, day)
    pauses = [
        f"{block.activity.name} {words.span(grid, block.start, block.end)}"
        for duty in duties
        for block in duty.blocks
        if not block.activity.work
    ]
    return PersonDay(
        day=words.day(tour.calendar.date(day)),
        shift=", ".join(words.span(grid, duty.start, duty.end) for duty in duties)
        or ("absent" if away else "free"),
        breaks=", ".join(pauses),
        paid=f"{words.hours(sum(duty.paid for duty in duties))} h" if duties else "",
        rest="" if rest is None else f"{words.hours(rest)} h",
        notes=tuple(_notes(fact, day, results, spare)),
    )


def _notes(
    fact: facts.PersonFacts, day: int, results: Results, spare: Mapping[str, np.ndarray]
) -> Iterator[str]:
    credit = fact.tour.person.credit.get(day, 0)
    if credit:
        yield f"absence credits {words.hours(credit)} h"
    for found in fact.wishes:
        if found.wish.day != day:
            continue
        shift = found.wish.shape if found.wish.kind is WishKind.SHIFT else found.wish.kind.value
        if found.granted is None:
            yield f"wish for {shift}: absent anyway"
        elif found.granted:
            yield f"wish for {shift}: granted"
        else:
            price = words.money(found.wish.price, results.currency)
            why = _why(fact, day, results, spare)
            yield f"wish for {shift}: refused, at a price of {price}; {why}"


def _why(
    fact: facts.PersonFacts, day: int, results: Results, spare: Mapping[str, np.ndarray]
) -> str:
    """What cover would be without the duty: a figure that anybody can recount."""
    missed = [needed(duty, results, spare) for duty in fact.tour.by_day.get(day, ())]
    short, all_of = sum(pair[0] for pair in missed), sum(pair[1] for pair in missed)
    if short:
        return (
            f"without this shift cover would be below the requirement in {short} of its "
            f"{all_of} intervals"
        )
    return (
        "cover would meet the requirement without this shift, so that the reason lies in "
        "contract hours, in rests or days of the rules, or in what the search left open"
    )


def needed(duty: Duty, results: Results, spare: Mapping[str, np.ndarray]) -> tuple[int, int]:
    """
    In how many intervals cover would be short without a duty, and how many it serves.

    Its queues are taken together: who serves two of them can stand in on either.
    """
    grid = results.plan.roster.grid
    edges = np.append(grid.starts, grid.midnights[-1])
    short, serves = np.zeros(grid.n, dtype=bool), np.zeros(grid.n, dtype=bool)
    for block in duty.blocks:
        known = [name for name in block.queues if name in spare]
        if not block.activity.on_contacts or not known:
            continue
        overlap = np.minimum(edges[1:], block.end) - np.maximum(edges[:-1], block.start)
        share = np.maximum(overlap, 0) / np.diff(edges)
        left = sum((spare[name] for name in known), np.zeros(grid.n)) - share
        serves |= share > 0
        short |= (share > 0) & (left < -1e-6)
    return int(short.sum()), int(serves.sum())
