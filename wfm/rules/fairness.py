"""
Fairness: what nobody likes, spread evenly by a price that rises with each time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from wfm.domain.money import Cents
from wfm.domain.roster import Severity, Tour
from wfm.domain.timegrid import Minutes
from wfm.domain.workforce import Contract
from wfm.rules.entry import Entry
from wfm.rules.words import Breach, Memory, Rule, Today, begin, day_in

CAP = 12  # times from which each costs the same


@dataclass(frozen=True)
class _Spread(Rule):
    """
    A day of a kind costs as much as there were such days before, past ones counted.

    So two people with one each cost less than one with two.
    """

    unit: ClassVar[str] = "times"

    def counts(self, today: Today) -> bool:
        """Whether a day is of the kind."""
        raise NotImplementedError

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every such day but the first, by those before it."""
        times = 0
        for day in range(begin(tour), tour.calendar.days):
            if self.counts(day_in(tour, day)):
                if times and day >= 0:
                    yield Breach(day, times)
                times = min(CAP, times + 1)

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: such days so far."""

        def step(times: int, today: Any) -> tuple[int, int]:
            return (min(CAP, times + 1), times) if today.read else (times, 0)

        return Memory(0, step, reads=self.counts)


@dataclass(frozen=True)
class FairEvenings(_Spread):
    """
    Shifts that end after ``after`` minutes of the day are spread evenly over people.
    """

    after: Minutes = 1200

    def counts(self, today: Today) -> bool:
        """A duty that ends late."""
        return today.works and today.end > self.after


@dataclass(frozen=True)
class FairWeekends(_Spread):
    """
    Saturdays and Sundays worked are spread evenly over people.
    """

    def counts(self, today: Today) -> bool:
        """A duty that begins on a Saturday or Sunday."""
        return today.works and today.weekday >= 5


def fairness_rules(evening: Cents, weekend: Cents, after: Minutes) -> tuple[Entry, ...]:
    """
    Priced entries for what has a price.
    """
    priced = (
        ("FAIR-EVENINGS", FairEvenings(after), evening),
        ("FAIR-WEEKENDS", FairWeekends(), weekend),
    )
    return tuple(
        Entry(code, rule, Severity.PRICED, price=price) for code, rule, price in priced if price
    )
