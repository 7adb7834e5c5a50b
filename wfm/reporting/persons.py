"""
One person's days with the reason for each: what they do, what they wished, what rests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from wfm.domain.roster import Duty
from wfm.domain.shortfall import Aim, aims
from wfm.domain.workforce import WishKind
from wfm.reporting import facts, words
from wfm.reporting.results import Results

WANTED = {
    WishKind.OFF: "a day off",
    WishKind.EARLY: "an early shift",
    WishKind.LATE: "a late shift",
}


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
    owed = aims(results.requirement)
    return tuple(_part(fact, results, owed) for fact in facts.people(results.plan.roster))


def _part(fact: facts.PersonFacts, results: Results, owed: Mapping[str, Aim]) -> PersonPart:
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
        fact.agent, ", ".join(head), tuple(_day(fact, day, results, owed) for day in days)
    )


def _day(fact: facts.PersonFacts, day: int, results: Results, owed: Mapping[str, Aim]) -> PersonDay:
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
        notes=tuple(_notes(fact, day, results, owed)),
    )


def _notes(
    fact: facts.PersonFacts, day: int, results: Results, owed: Mapping[str, Aim]
) -> Iterator[str]:
    credit = fact.tour.person.credit.get(day, 0)
    if credit:
        yield f"absence credits {words.hours(credit)} h"
    for found in fact.wishes:
        if found.wish.day != day:
            continue
        wanted = WANTED.get(found.wish.kind, f"a shift '{found.wish.shape}'")
        if found.granted is None:
            yield f"wished for {wanted}: absent anyway"
        elif found.granted:
            yield f"wished for {wanted}: granted"
        else:
            price = words.money(found.wish.price, results.currency)
            why = _why(fact, day, results, owed)
            yield f"wished for {wanted}: refused, at a price of {price}; {why}"


def _why(fact: facts.PersonFacts, day: int, results: Results, owed: Mapping[str, Aim]) -> str:
    """What the day would lose without the duty: a figure that anybody can work out again."""
    lost = [without(duty, results, owed) for duty in fact.tour.by_day.get(day, ())]
    contacts, heads = sum(pair[0] for pair in lost), sum(pair[1] for pair in lost)
    parts = []
    if contacts >= 0.05:
        parts.append(
            f"at least {words.number(contacts, 1)} contacts fewer would be answered as promised"
        )
    if heads >= 0.05:
        parts.append(f"{words.number(heads, 1)} head-hours would be missing")
    if parts:
        return f"without this shift {' and '.join(parts)}"
    return (
        "this shift yields next to nothing for the promise, so that the reason lies in "
        "contract hours, in rests or days of the rules, or in what the search left open"
    )


def without(duty: Duty, results: Results, owed: Mapping[str, Aim]) -> tuple[float, float]:
    """
    What is lost at least when a duty is taken out: contacts, and head-hours of the least.

    Who serves two queues is taken from the one that loses less, because colleagues might
    move over.
    """
    grid, cover = results.plan.roster.grid, results.plan.cover
    edges = np.append(grid.starts, grid.midnights[-1])
    contacts = heads = 0.0
    for block in duty.blocks:
        known = [name for name in block.queues if name in owed and name in cover]
        if not block.activity.on_contacts or not known:
            continue
        overlap = np.minimum(edges[1:], block.end) - np.maximum(edges[:-1], block.start)
        share = np.maximum(overlap, 0) / np.diff(edges)
        losses, gaps = [], []
        for name in known:
            left = np.maximum(cover[name] - share, 0)
            losses.append(owed[name].at(cover[name]) - owed[name].at(left))
            before, after = owed[name].missing(cover[name])[0], owed[name].missing(left)[0]
            gaps.append(after - before)
        contacts += float(np.min(losses, axis=0).sum())
        heads += float(np.min(gaps, axis=0).sum()) * grid.interval / 60
    return contacts, heads
