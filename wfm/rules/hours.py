"""
Hours: of a contract, and the most that law allows in a week.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from wfm.domain.roster import Calendar, Tour
from wfm.domain.workforce import Contract, Person
from wfm.rules.totals import Totals, minutes_paid, minutes_worked, too_much
from wfm.rules.words import Bounds, Breach, Count, EachWeek, Rule, Window


@dataclass(frozen=True)
class WeeklyMaximum(Rule):
    """
    In each week at most ``hours`` hours are worked.
    """

    hours: float = 48

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every week with too many hours."""
        yield from too_much(Totals(tour, minutes_worked), round(self.hours * 60))

    def declare(self, contract: Contract) -> Count:  # noqa: ARG002 - same for all
        """Minutes of work, week by week."""
        return Count(
            lambda today: int(today.work),
            EachWeek(),
            at_most=round(self.hours * 60),
            sees=("work",),
        )


@dataclass(frozen=True)
class ContractHours(Rule):
    """
    In each week the hours paid and credited for absences are the contract's, or near enough.

    Near enough is the contract's tolerance. A week in which the person joins or leaves asks
    for their days on the team only.
    """

    needs: ClassVar[frozenset[str]] = frozenset({"contract"})

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every whole week with too few hours, every week with too many."""
        contract = tour.person.agent.contract
        hours, slack = round(contract.hours_per_week * 60), round(contract.tolerance * 60)
        for total in Totals(tour, minutes_paid):
            days = range(total.first, total.last + 1)
            absent = sum(tour.person.credit.get(day, 0) for day in days)
            credit = min(absent, hours)
            employed = [day for day in days if on_team(tour.person, tour.calendar, day)]
            low = round(hours * len(employed) / 7 - slack - credit)
            wrong = total.below(low) + total.above(hours + slack - credit)
            if wrong:
                yield Breach(total.last, wrong)

    def declare(self, contract: Contract) -> Count:
        """Paid minutes, week by week; what absences credit narrows the bounds."""
        hours, slack = round(contract.hours_per_week * 60), round(contract.tolerance * 60)

        def personal(person: Person, calendar: Calendar, window: Window) -> Bounds:
            credit = min(hours, sum(person.credit.get(day, 0) for day in window.days))
            on = sum(1 for day in window.days if on_team(person, calendar, day))
            return round(hours * on / 7 - slack - credit), hours + slack - credit

        return Count(lambda today: int(today.paid), EachWeek(), sees=("paid",), personal=personal)


def on_team(person: Person, calendar: Calendar, day: int) -> bool:
    """
    Whether somebody is employed on a day.
    """
    agent, date = person.agent, calendar.date(day)
    return (agent.starts is None or agent.starts <= date) and (
        agent.ends is None or date <= agent.ends
    )
