"""
Days: how many in a row, how many a week.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from wfm.domain.roster import Tour
from wfm.domain.workforce import Contract
from wfm.rules.totals import Totals, days_worked, too_much
from wfm.rules.words import Breach, Count, EachWeek, Memory, Rule, begin


@dataclass(frozen=True)
class ConsecutiveDays(Rule):
    """
    At most ``days`` days are worked in a row, those before the horizon counted.
    """

    unit: ClassVar[str] = "days"
    days: int = 6

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every day beyond the limit."""
        run = 0
        for day in range(begin(tour), tour.calendar.days):
            run = run + 1 if tour.works(day) else 0
            if run > self.days and day >= 0:
                yield Breach(day, 1)

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: days worked in a row up to yesterday, as far as they matter."""

        def step(run: int, today: Any) -> tuple[int, int]:
            if not today.works:
                return 0, 0
            return min(run + 1, self.days), int(run == self.days)

        return Memory(0, step, ("works",))


@dataclass(frozen=True)
class DaysPerWeek(Rule):
    """
    In each week at most ``days`` days are worked.
    """

    unit: ClassVar[str] = "days"
    days: int = 6

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every week with too many days."""
        yield from too_much(Totals(tour, days_worked), self.days)

    def declare(self, contract: Contract) -> Count:  # noqa: ARG002 - same for all
        """Working days, week by week."""
        return Count(lambda today: int(today.works), EachWeek(), at_most=self.days, sees=("works",))


@dataclass(frozen=True)
class ContractDays(Rule):
    """
    In each week at most as many days are worked as the contract says.
    """

    unit: ClassVar[str] = "days"
    needs: ClassVar[frozenset[str]] = frozenset({"contract"})

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every week with too many days."""
        limit = tour.person.agent.contract.days_per_week
        yield from too_much(Totals(tour, days_worked), limit)

    def declare(self, contract: Contract) -> Count:
        """Working days, week by week."""
        return Count(
            lambda today: int(today.works),
            EachWeek(),
            at_most=contract.days_per_week,
            sees=("works",),
        )
