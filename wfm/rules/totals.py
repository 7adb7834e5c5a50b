"""
Sums over weeks of a finished tour, for checkers; solvers never read this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from wfm.domain.roster import Duty, Tour
from wfm.rules.words import Breach, begin

Duties = tuple[Duty, ...]


def days_worked(duties: Duties) -> int:  # noqa: ARG001 - a day counts once
    """One, whatever is worked on the day."""
    return 1


def minutes_worked(duties: Duties) -> int:
    """Minutes of working time in the law's sense."""
    return sum(duty.work for duty in duties)


def minutes_paid(duties: Duties) -> int:
    """Paid minutes."""
    return sum(duty.paid for duty in duties)


@dataclass(frozen=True, slots=True)
class Total:
    """
    A sum over the days ``first`` to ``last``, the part before day 0 also alone.

    ``whole`` when all these days are known or planned.
    """

    first: int
    last: int
    whole: bool
    amount: int
    past: int

    def above(self, limit: int) -> int:
        """By how much planned days exceed a limit; what the past exceeded is not theirs."""
        return max(0, self.amount - max(limit, self.past))

    def below(self, limit: int) -> int:
        """How much is missing; 0 where some days are unknown."""
        return max(0, limit - self.amount) if self.whole else 0


@dataclass(frozen=True)
class Totals:
    """
    Sums over ``weeks`` weeks on end that hold a planned day, in order.

    Parameters
    ----------
    amount
        What the duties of one day add.
    weeks
        Length of a period.
    every
        Weeks from one period's start to the next: 1 for any weeks in a row, ``weeks``
        for fixed blocks.
    offset
        Weeks by which a fixed block began before week 0.
    """

    tour: Tour
    amount: Callable[[Duties], int]
    weeks: int = 1
    every: int = 1
    offset: int = 0

    @property
    def most(self) -> int:
        """What no period exceeds: its longest weeks together."""
        sums, _ = week_sums(self.tour, self.amount)
        return sum(sorted(sums.values())[-self.weeks :])

    def __iter__(self) -> Iterator[Total]:
        """Each period's sum."""
        calendar = self.tour.calendar
        final = calendar.week(calendar.days - 1)
        sums, past = week_sums(self.tour, self.amount)
        for week in range(1 - self.weeks, final + 1):
            cut = self.every < self.weeks and week + self.weeks - 1 > final
            if cut or (week + self.offset) % self.every:
                continue
            first = calendar.week_days(week)[0]
            last = calendar.week_days(week + self.weeks - 1)[-1]
            inside = range(week, week + self.weeks)
            yield Total(
                first=first,
                last=min(last, calendar.days - 1),
                whole=calendar.known_from <= first and last < calendar.days,
                amount=sum(sums.get(one, 0) for one in inside),
                past=sum(past.get(one, 0) for one in inside),
            )


def week_sums(tour: Tour, amount: Callable[[Duties], int]) -> tuple[dict[int, int], dict[int, int]]:
    """Sums of every week in which somebody works, and of its days before day 0 alone."""
    if amount in tour.notes:
        kept: tuple[dict[int, int], dict[int, int]] = tour.notes[amount]
        return kept
    sums: dict[int, int] = {}
    past: dict[int, int] = {}
    for day, duties in tour.by_day.items():
        week, value = tour.calendar.week(day), amount(duties)
        sums[week] = sums.get(week, 0) + value
        if day < 0:
            past[week] = past.get(week, 0) + value
    tour.notes[amount] = sums, past
    return sums, past


def too_much(found: Totals, limit: int) -> Iterator[Breach]:
    """
    A breach for every sum above a limit.
    """
    if found.most <= limit:
        return  # the usual case, and soon seen
    for total in found:
        if total.above(limit):
            yield Breach(total.last, total.above(limit))


def whole_weeks(tour: Tour) -> Iterator[range]:
    """
    The days of every week that is wholly known or planned, also of past ones, in order.
    """
    calendar = tour.calendar
    # a week that begins on the first known day or after holds the sixth day after that
    for week in range(calendar.week(begin(tour) + 6), calendar.week(calendar.days)):
        yield calendar.week_days(week)
