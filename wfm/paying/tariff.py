"""
What a duty and a week are worth in pay, to the cent.

Solvers and ``wfm cost`` both price through here. An amount is rounded once for each duty
and item (once for each week and tier in overtime), so both come to the same figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from wfm.domain.money import Cents, minutes_at
from wfm.domain.roster import Block, Calendar, Duty, Tour
from wfm.domain.timegrid import WEEKDAYS, Minutes
from wfm.domain.workforce import Pay, Person, Premium
from wfm.rules.clock import by_civil_day, minutes_within


@dataclass(frozen=True, slots=True)
class PaidTime:
    """
    The paid minutes of a duty, and of them those that earn each premium of the tariff.
    """

    paid: Minutes
    premiums: tuple[Minutes, ...]


def share_of(rate: Cents, share: float) -> Cents:
    """
    A share of an hourly rate, cents per hour, half a cent away from zero.
    """
    return int((rate * Decimal(str(share))).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def paid_time(pay: Pay, calendar: Calendar, duty: Duty) -> PaidTime:
    """
    How much of a duty is paid, and how much of it earns each premium.
    """
    return PaidTime(
        duty.paid,
        tuple(
            sum(premium_minutes(premium, calendar, block) for block in duty.blocks)
            for premium in pay.premiums
        ),
    )


def premium_minutes(premium: Premium, calendar: Calendar, block: Block) -> Minutes:
    """
    Paid minutes of a block that earn a premium.

    Days are civil days: of a Saturday's night shift, what lies after midnight is Sunday's.
    """
    if not block.activity.paid:
        return 0
    total = 0
    for day, start, end in by_civil_day(calendar, block.start, block.end):
        if premium.days and not premium.days & names_of(calendar, day):
            continue
        if premium.window is None:
            total += end - start
        else:
            total += minutes_within(calendar, premium.window, start, end)
    return total


def names_of(calendar: Calendar, day: int) -> frozenset[str]:
    """
    What a premium may call a day: its weekday, and ``holiday``.
    """
    weekday = WEEKDAYS[calendar.weekday(day)]
    return frozenset({weekday, "holiday"} if calendar.is_holiday(day) else {weekday})


def pay_for(rate: Cents, pay: Pay, time: PaidTime) -> Cents:
    """
    Base pay and premiums of one duty at an hourly rate.
    """
    extra = (
        minutes_at(share_of(rate, premium.share), minutes)
        for premium, minutes in zip(pay.premiums, time.premiums, strict=True)
    )
    return minutes_at(rate, time.paid) + sum(extra)


def duty_pay(person: Person, calendar: Calendar, duty: Duty) -> Cents:
    """
    Base pay and premiums of one duty of one person; overtime belongs to the week.
    """
    pay = person.agent.contract.pay
    return pay_for(person.agent.rate, pay, paid_time(pay, calendar, duty))


@dataclass(frozen=True, slots=True)
class Tier:
    """
    Overtime: paid minutes of a week, or of weeks that are averaged, beyond ``start`` and up
    to ``end`` (None: no end) earn ``rate`` cents per hour on top of base pay.
    """

    start: Minutes
    end: Minutes | None
    rate: Cents
    share: float

    def minutes(self, week: Minutes) -> Minutes:
        """Minutes of a week that fall into this tier."""
        top = week if self.end is None else min(week, self.end)
        return max(0, top - self.start)


def tiers(person: Person, weeks: int = 1) -> tuple[Tier, ...]:
    """
    The overtime tiers of a person, lowest first, for hours added up over some weeks.
    """
    steps = person.agent.contract.pay.overtime
    edges = [*(round(weeks * hours * 60) for hours, _ in steps), None]
    return tuple(
        Tier(round(weeks * hours * 60), end, share_of(person.agent.rate, share), share)
        for (hours, share), end in zip(steps, edges[1:], strict=True)
    )


def overtime_pay(person: Person, minutes: Minutes, past: Minutes = 0, weeks: int = 1) -> Cents:
    """
    Overtime of one week, or of the weeks over which a contract averages its hours.

    Parameters
    ----------
    minutes
        All paid minutes of the week or weeks. Credited absences are no overtime.
    past
        Those of them before the horizon, which are paid already.
    """
    return sum(
        minutes_at(tier.rate, tier.minutes(minutes)) - minutes_at(tier.rate, tier.minutes(past))
        for tier in tiers(person, weeks)
    )


def period_minutes(tour: Tour) -> Iterator[tuple[range, Minutes, Minutes]]:
    """
    (days, paid minutes, those of them in the past) of every week that holds a planned day,
    or of the weeks over which the contract averages its hours.
    """
    for days in tour.calendar.periods(tour.person.agent.contract):
        duties = [duty for duty in tour.duties if duty.day in days]
        past = sum(duty.paid for duty in duties if duty.day < 0)
        yield days, sum(duty.paid for duty in duties), past


def credited(person: Person, calendar: Calendar) -> dict[int, Minutes]:
    """
    Minutes paid for absences on each day of the horizon, no more a week than the contract's.
    """
    found: dict[int, Minutes] = {}
    left: dict[int, Minutes] = {}
    limit = round(person.agent.contract.hours_per_week * 60)
    for day in sorted(person.credit):
        week = calendar.week(day)
        minutes = min(person.credit[day], left.get(week, limit))
        left[week] = left.get(week, limit) - minutes
        if minutes > 0 and 0 <= day < calendar.days:
            found[day] = minutes
    return found


def absence_pay(person: Person, calendar: Calendar) -> Cents:
    """
    Pay for absences in the horizon: the same whatever is planned.
    """
    rate = person.agent.rate
    return sum(minutes_at(rate, minutes) for minutes in credited(person, calendar).values())


def tour_pay(tour: Tour) -> Cents:
    """
    Everything that a tour costs in pay: duties, overtime, absences.
    """
    person, calendar = tour.person, tour.calendar
    duties = sum(duty_pay(person, calendar, duty) for duty in tour.planned)
    overtime = sum(
        overtime_pay(person, total, past, len(days) // 7)
        for days, total, past in period_minutes(tour)
    )
    return duties + overtime + absence_pay(person, calendar)
