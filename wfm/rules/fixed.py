"""
What is decided already: shifts, activities and times off that planning leaves alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import ClassVar

from wfm.domain.roster import Calendar, Duty, Tour
from wfm.domain.timegrid import Minutes
from wfm.domain.workforce import Contract, Fixed, Person
from wfm.rules.words import Breach, Declaration, Each, Rule, Today, day_in


@dataclass(frozen=True)
class FixedDuties(Rule):
    """
    What is fixed stays: shifts, activities and times off.

    A fixed shift that shows no break keeps its start and end, and its breaks are placed.
    """

    needs: ClassVar[frozenset[str]] = frozenset({"fixed"})

    def days(self, person: Person, calendar: Calendar) -> Collection[int]:
        """Those of something fixed; for a time off also the day before, which may run into it."""
        found: set[int] = set()
        for one in person.fixed:
            if one.activity is None:
                last = calendar.day_of(one.end)
                found.update(range(calendar.day_of(one.start) - 2, last + 1))
            else:
                found.add(one.day)
        return found

    def amount(self, person: Person, today: Today) -> int:
        """Minutes that are not as they were fixed."""
        off = [one for one in person.fixed if one.activity is None]
        wrong = sum(_common(one, duty.start, duty.end) for one in off for duty in today.duties)
        held = [one for one in person.fixed if one.day == today.day and one.activity is not None]
        if not held:
            return wrong
        wrong += sum(one.end - one.start - _kept(one, held, today.duties) for one in held)
        if fixes_shift(held):
            first, last = min(one.start for one in held), max(one.end for one in held)
            for duty in today.duties:
                inside = max(0, min(last, duty.end) - max(first, duty.start))
                wrong += duty.end - duty.start - inside
        return wrong

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every day, also one off, that is not as it was fixed."""
        days = {*tour.by_day, *self.days(tour.person, tour.calendar)}
        for day in sorted(day for day in days if 0 <= day < tour.calendar.days):
            amount = self.amount(tour.person, day_in(tour, day))
            if amount > 0:
                yield Breach(day, amount)

    def declare(self, contract: Contract) -> Declaration:  # noqa: ARG002 - same for all
        """The same amount, day by day, days off among them."""
        return Each(self.amount, personal=True, days=self.days, off=True)


def fixes_shift(held: Collection[Fixed]) -> bool:
    """
    Whether the fixed rows of a day are its whole shift: work is among them.
    """
    return any(one.activity is not None and one.activity.on_contacts for one in held)


def fixes_breaks(held: Collection[Fixed]) -> bool:
    """
    Whether the fixed rows of a day say where its breaks are: one is among them.
    """
    return any(one.activity is not None and one.activity.pause for one in held)


def _kept(one: Fixed, held: Collection[Fixed], duties: Collection[Duty]) -> Minutes:
    """Minutes of a fixed row that duties keep."""
    assert one.activity is not None
    if one.activity.on_contacts and not fixes_breaks(held):
        return sum(_common(one, duty.start, duty.end) for duty in duties)
    return sum(
        _common(one, block.start, block.end)
        for duty in duties
        for block in duty.blocks
        if block.activity.name == one.activity.name
    )


def _common(one: Fixed, start: Minutes, end: Minutes) -> Minutes:
    return max(0, min(one.end, end) - max(one.start, start))
