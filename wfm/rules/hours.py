"""
Hours: of a contract, and the most that law allows in a week.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from wfm.domain.roster import Calendar, Tour
from wfm.domain.workforce import Contract, Person
from wfm.rules.totals import Totals, minutes_paid, minutes_worked, too_much, week_sums
from wfm.rules.words import Bounds, Breach, Count, EachWeek, Rule, Running, Window


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
    for their days on the team only. Where a contract averages over weeks, a whole block of
    them is near enough, and its hours up to the end of each week lie within its balance.
    """

    needs: ClassVar[frozenset[str]] = frozenset({"contract"})

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every week, or weeks of a block so far, of too few hours if known, or too many."""
        contract, calendar = tour.person.agent.contract, tour.calendar
        hours = round(contract.hours_per_week * 60)
        paid, past = week_sums(tour, minutes_paid)
        for block in calendar.periods(contract):
            low = high = done = before = 0
            last = min(block[-1], calendar.days - 1)
            for week in range(calendar.week(block[0]), calendar.week(last) + 1):
                days = [day for day in calendar.week_days(week) if day < calendar.days]
                credit = min(hours, sum(tour.person.credit.get(day, 0) for day in days))
                low += hours * sum(on_team(tour.person, calendar, day) for day in days) - 7 * credit
                high += hours - credit
                done, before = done + paid.get(week, 0), before + past.get(week, 0)
                slack = contract.slack(closed=days[-1] == block[-1])
                wrong = max(0, done - max(high + slack, before))
                if block[0] >= calendar.known_from and len(days) == 7:
                    wrong += max(0, round(low / 7) - slack - done)
                if wrong and days[-1] >= 0:
                    yield Breach(days[-1], wrong)

    def declare(self, contract: Contract) -> Count:
        """Paid minutes from the start of a week or block; what absences credit narrows them."""

        def personal(person: Person, calendar: Calendar, window: Window) -> Bounds:
            ends = [block[-1] for block in calendar.periods(contract)]
            slack = contract.slack(closed=window.last in ends)
            on = sum(1 for day in window.days if on_team(person, calendar, day))
            away: dict[int, int] = {}
            for day in window.days:
                week = calendar.week(day)
                away[week] = away.get(week, 0) + person.credit.get(day, 0)
            credit = sum(min(contract.minutes(7), minutes) for minutes in away.values())
            high = contract.minutes(7) * len(away) + slack - credit
            return contract.minutes(on) - slack - credit, high

        return Count(
            lambda today: int(today.paid), Running(contract), sees=("paid",), personal=personal
        )


def on_team(person: Person, calendar: Calendar, day: int) -> bool:
    """
    Whether somebody is employed on a day.
    """
    agent, date = person.agent, calendar.date(day)
    return (agent.starts is None or agent.starts <= date) and (
        agent.ends is None or date <= agent.ends
    )
