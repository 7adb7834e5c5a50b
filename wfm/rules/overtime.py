"""
Overtime and part time: thresholds, quotas, complementary hours, least contracts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from wfm.domain.roster import Calendar, Tour
from wfm.domain.timegrid import Minutes
from wfm.domain.workforce import Contract, Person
from wfm.rules.totals import Totals, minutes_paid, minutes_worked, too_much
from wfm.rules.words import (
    Bounds,
    Breach,
    Count,
    EachWeek,
    Memory,
    Rule,
    Running,
    Today,
    Window,
    begin,
    day_in,
)


@dataclass(frozen=True)
class OvertimeThreshold(Rule):
    """
    Work beyond ``hours`` hours in a week is overtime.
    """

    hours: float = 35

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every week with overtime, by its minutes."""
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
class OvertimeQuota(Rule):
    """
    In a calendar year at most ``quota`` hours are worked beyond ``hours`` hours a week.

    A week belongs to the year of
    its last day. Days before what is known count as no overtime.
    """

    quota: float = 220
    hours: float = 35

    @property
    def weeks_back(self) -> int:
        """The whole year."""
        return 52

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every week whose overtime goes beyond the year's quota."""
        calendar, used = tour.calendar, dict[int, int]()
        quota, base = round(self.quota * 60), round(self.hours * 60)
        for week in sorted({calendar.week(day) for day in tour.by_day}):
            days = calendar.week_days(week)
            total = sum(minutes_worked(tour.by_day[day]) for day in days if tour.works(day))
            past = sum(minutes_worked(tour.by_day[d]) for d in days if tour.works(d) and d < 0)
            year = calendar.date(days[-1]).year
            before = used.get(year, 0)
            own = before + max(0, past - base)
            used[year] = before + max(0, total - base)
            more = max(0, used[year] - max(quota, own))
            if more and days[-1] >= 0:
                yield Breach(min(days[-1], calendar.days - 1), more)

    def declare(self, contract: Contract) -> Memory:  # noqa: ARG002 - same for all
        """State: overtime of the year so far, minutes of this week; both capped."""
        quota, base = round(self.quota * 60), round(self.hours * 60)

        def reads(today: Today) -> bool:
            """Whether a year begins with this day."""
            calendar, last = today.calendar, today.calendar.week_days(today.week)[-1]
            return today.starts_week and calendar.date(last).year > calendar.date(last - 7).year

        def step(state: tuple[Minutes, Minutes], today: Any) -> tuple[tuple[Minutes, Minutes], int]:
            used, week = state
            used = 0 if today.read else used
            over = max(0, week + today.work - base)
            breach = max(0, used + over - quota)
            week = 0 if today.ends_week else min(week + today.work, base)
            return (min(used + over, quota), week), breach

        return Memory((0, 0), step, ("work", "ends_week"), reads)


@dataclass(frozen=True)
class ComplementaryHours(Rule):
    """
    Part-timers work at most ``share`` of their hours on top, and stay below ``full`` hours a week.

    Below: at least a minute less. Where hours are averaged over weeks, both are said of the
    average (L3123-28).
    """

    needs: ClassVar[frozenset[str]] = frozenset({"contract"})
    share: float = 0.1
    full: float = 35

    def limit(self, contract: Contract) -> int:
        """Most paid minutes a week; a week's minutes for who works full time."""
        if contract.hours_per_week >= self.full:
            return 7 * 1440
        most = round(contract.hours_per_week * (1 + self.share) * 60)
        return min(most, round(self.full * 60) - 1)

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every week, or block of weeks that are averaged, with too many hours."""
        contract, calendar = tour.person.agent.contract, tour.calendar
        limit = self.limit(contract)
        if contract.average_weeks == 1:
            yield from too_much(Totals(tour, minutes_paid), limit)
            return
        for block in calendar.periods(contract):
            duties = [duty for duty in tour.duties if duty.day in block]
            past = sum(duty.paid for duty in duties if duty.day < 0)
            over = sum(duty.paid for duty in duties) - max(past, limit * len(block) // 7)
            if over > 0:
                yield Breach(min(block[-1], calendar.days - 1), over)

    def declare(self, contract: Contract) -> Count:
        """Paid minutes, week by week, or up to the end of each block or of the horizon."""
        limit = self.limit(contract)
        if contract.average_weeks == 1:
            return Count(lambda today: int(today.paid), EachWeek(), at_most=limit, sees=("paid",))

        def ends(person: Person, calendar: Calendar, window: Window) -> Bounds:  # noqa: ARG001
            block = next(one for one in calendar.periods(contract) if window.last in one)
            over = window.last in (block[-1], calendar.days - 1)
            return None, limit * len(block) // 7 if over else None

        return Count(
            lambda today: int(today.paid), Running(contract), sees=("paid",), personal=ends
        )


@dataclass(frozen=True)
class PartTimeDrift(Rule):
    """
    Of any ``within`` weeks on end, a part-timer works ``hours`` hours or more above contract in
    fewer than ``weeks``.

    After that many, the contract's hours change by law. Said of the last of these weeks.
    """

    unit: ClassVar[str] = "weeks"
    needs: ClassVar[frozenset[str]] = frozenset({"contract"})
    hours: float = 2
    weeks: int = 12
    within: int = 12
    full: float = 35

    @property
    def weeks_back(self) -> int:
        """All weeks but the last."""
        return self.within - 1

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """Every long week that is one too many."""
        contract, calendar = tour.person.agent.contract, tour.calendar
        if contract.hours_per_week >= self.full:
            return
        most, long = round((contract.hours_per_week + self.hours) * 60), set[int]()
        for week in range(calendar.week(begin(tour)), calendar.week(calendar.days)):
            days = calendar.week_days(week)
            if sum(day_in(tour, day).paid for day in days) < most:
                continue
            long.add(week)
            run = sum(1 for other in long if other > week - self.within)
            if run >= self.weeks and days[-1] >= 0:
                yield Breach(days[-1], 1)

    def declare(self, contract: Contract) -> Memory:
        """State: which of the last weeks were long, newest first; minutes of this one, capped."""
        most = round((contract.hours_per_week + self.hours) * 60)
        binds = contract.hours_per_week < self.full

        def step(
            state: tuple[tuple[bool, ...], Minutes], today: Any
        ) -> tuple[tuple[tuple[bool, ...], Minutes], int]:
            before, paid = state
            if not binds:
                return state, 0
            paid = min(most, paid + today.paid)
            if not today.ends_week:
                return (before, paid), 0
            now = (paid >= most, *before)
            return (now[: self.within - 1], 0), int(now[0] and sum(now) >= self.weeks)

        return Memory(((), 0), step, ("paid", "ends_week"))


@dataclass(frozen=True)
class PartTimeMinimum(Rule):
    """
    A contract has at least ``hours`` hours a week.

    A sentence about the contract alone: it says the same of every plan, so solvers hear
    nothing of it, and who may agree to less (students, on request) has an exception.
    """

    needs: ClassVar[frozenset[str]] = frozenset({"contract"})
    hours: float = 24

    def missing(self, contract: Contract) -> Minutes:
        """Minutes a week that a contract misses."""
        return max(0, round((self.hours - contract.hours_per_week) * 60))

    def breaches(self, tour: Tour) -> Iterator[Breach]:
        """One for a contract that is too small, on the first day."""
        if self.missing(tour.person.agent.contract):
            yield Breach(0, self.missing(tour.person.agent.contract))

    def declare(self, contract: Contract) -> Memory:
        """No state: it is said on day 0."""
        missing = self.missing(contract)
        return Memory(
            None,
            lambda state, today: (state, missing * today.read),
            (),
            lambda today: today.day == 0,
        )
