"""
Rows of tables about people: hours, shifts, wishes, and how burdens are spread.
"""

from __future__ import annotations

import numpy as np

from wfm.domain.roster import Roster
from wfm.domain.timegrid import Grid
from wfm.reporting import facts, words
from wfm.reporting.table import Table, make_table


def roster_table(roster: Roster, *, by_day: bool = True) -> Table:
    """
    A row per person: shifts by day, hours, late ends, weekends, wishes.
    """
    grid = roster.grid
    days = range(grid.days) if by_day else range(0)
    rows = [
        (
            *(fact.agent, words.hours(fact.paid), words.hours(fact.credit)),
            *(words.hours(fact.contract), str(fact.days), str(fact.lates)),
            *(str(fact.saturdays), str(fact.sundays), wishes_text(fact)),
            *(_shift_text(fact, grid, number) for number in days),
        )
        for fact in facts.people(roster)
    ]
    columns = (
        *("agent", "paid, h", "credited, h", "contract, h", "days", "late", "Sat", "Sun"),
        *("wishes kept", *(words.day(grid.date(number)) for number in days)),
    )
    return make_table(
        "Hours, days and shifts of each person",
        columns,
        "lrrrrrrrl" + "l" * len(days),
        rows,
        "late: shifts that end after 20:00. Credited: planned hours of absences.",
    )


BURDENS = (
    "hours above contract",
    "shifts that end after 20:00",
    "Saturdays",
    "Sundays",
    "wishes refused",
)


def _burdens(fact: facts.PersonFacts) -> tuple[float, ...]:
    """A person's figures, in the order of ``BURDENS``."""
    refused = sum(wish.granted is False for wish in fact.wishes)
    return (fact.difference / 60, fact.lates, fact.saturdays, fact.sundays, refused)


def fairness_table(roster: Roster, you: str | None = None) -> Table:
    """
    How burdens are spread: the least, the middle and the most of one person who works.

    Parameters
    ----------
    you
        An agent whose own figures stand beside them.
    """
    people = {
        fact.agent: _burdens(fact)
        for fact in facts.people(roster)
        if fact.days or fact.agent == you
    }
    rows = []
    for at, name in enumerate(BURDENS):
        values = [figures[at] for figures in people.values()]
        if not values:
            continue
        digits = 0 if at else 1
        most = max(values)
        rows.append(
            (
                name,
                *([words.number(people[you][at], digits)] if you in people else []),
                *(words.number(min(values), digits), words.number(float(np.median(values)), 1)),
                *(words.number(most, digits), str(sum(value == most for value in values))),
            )
        )
    own = ("you",) if you in people else ()
    return make_table(
        "How burdens are spread over those who work",
        ("per person", *own, "least", "middle", "most", "people with the most"),
        "l" + "r" * (4 + len(own)),
        rows,
    )


def wishes_text(fact: facts.PersonFacts) -> str:
    """
    ``2 of 3``: wishes granted; empty for who has none.
    """
    judged = [wish for wish in fact.wishes if wish.granted is not None]
    if not judged:
        return ""
    return f"{sum(bool(wish.granted) for wish in judged)} of {len(judged)}"


def _shift_text(fact: facts.PersonFacts, grid: Grid, day: int) -> str:
    duties = fact.tour.by_day.get(day, ())
    if duties:
        return ", ".join(words.span(grid, duty.start, duty.end) for duty in duties)
    return "absent" if facts.absent(fact.tour, day) else ""
