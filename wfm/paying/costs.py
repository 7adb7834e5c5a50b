"""
The cost of a roster, item by item: rows of ``costs.csv`` whose sum is its pay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from wfm.domain.money import Cents, minutes_at
from wfm.domain.outcome import CostLine
from wfm.domain.roster import Block, Duty, Roster, Tour
from wfm.domain.timegrid import Minutes
from wfm.domain.workforce import Premium
from wfm.paying.tariff import credited, period_minutes, premium_minutes, share_of, tiers


def cost(roster: Roster) -> tuple[CostLine, ...]:
    """
    What every planned duty, week and absence costs, by agent, date and item.

    Base pay and premiums have one line for each block; they are rounded so that a duty's
    lines of one item add up to what the duty costs.
    """
    lines = [line for tour in roster for line in _tour_lines(tour)]
    return tuple(sorted(lines, key=lambda line: (line.agent, line.date, line.start, line.item)))


def total(lines: Iterable[CostLine]) -> Cents:
    """
    The sum of some lines.
    """
    return sum(line.amount for line in lines)


def _tour_lines(tour: Tour) -> Iterator[CostLine]:
    agent, pay = tour.person.agent, tour.person.agent.contract.pay
    for duty in tour.planned:
        yield from _spread(tour, duty, "base", pay.name, agent.rate, _paid)
        for premium in pay.premiums:
            rate = share_of(agent.rate, premium.share)
            words = f"{pay.name}: {premium.name} +{premium.share:.0%}"
            yield from _spread(tour, duty, premium.name, words, rate, _premium_of(tour, premium))
    yield from _overtime_lines(tour)
    yield from _absence_lines(tour)


def _paid(block: Block) -> Minutes:
    return block.minutes if block.activity.paid else 0


def _premium_of(tour: Tour, premium: Premium) -> Callable[[Block], Minutes]:
    return lambda block: premium_minutes(premium, tour.calendar, block)


def _spread(
    tour: Tour,
    duty: Duty,
    item: str,
    words: str,
    rate: Cents,
    minutes_of: Callable[[Block], Minutes],
) -> Iterator[CostLine]:
    """One item of a duty over its blocks; the amounts add up to the duty's, rounded once."""
    done = 0
    for block in duty.blocks:
        minutes = minutes_of(block)
        if not minutes:
            continue
        amount = minutes_at(rate, done + minutes) - minutes_at(rate, done)
        done += minutes
        yield CostLine(
            item=item,
            rule=words,
            agent=tour.agent,
            date=tour.calendar.date(duty.day),
            queue=";".join(block.queues),
            activity=block.activity.name,
            start=block.start,
            hours=minutes / 60,
            rate=rate,
            amount=amount,
        )


def _overtime_lines(tour: Tour) -> Iterator[CostLine]:
    """One line for each week, or weeks that are averaged, and tier, on its last day worked."""
    pay = tour.person.agent.contract.pay
    for days, minutes, past in period_minutes(tour):
        weeks = len(days) // 7
        for tier in tiers(tour.person, weeks):
            extra = tier.minutes(minutes) - tier.minutes(past)
            if not extra:
                continue
            last = max((duty for duty in tour.planned if duty.day in days), key=lambda d: d.start)
            amount = minutes_at(tier.rate, tier.minutes(minutes))
            amount -= minutes_at(tier.rate, tier.minutes(past))
            over = "a week" if weeks == 1 else f"in {weeks} weeks"
            words = f"{pay.name}: from {tier.start / 60:g} h {over} +{tier.share:.0%}"
            yield _line(
                tour,
                "overtime",
                words,
                tour.calendar.date(last.day),
                last.end,
                extra,
                tier.rate,
                amount,
            )


def _absence_lines(tour: Tour) -> Iterator[CostLine]:
    rate, calendar = tour.person.agent.rate, tour.calendar
    for day, minutes in credited(tour.person, calendar).items():
        yield _line(
            tour,
            "absence",
            tour.person.agent.contract.pay.name,
            calendar.date(day),
            calendar.midnight(day),
            minutes,
            rate,
            minutes_at(rate, minutes),
        )


def _line(
    tour: Tour,
    item: str,
    words: str,
    day: date,
    start: Minutes,
    minutes: Minutes,
    rate: Cents,
    amount: Cents,
) -> CostLine:
    activity = "absent" if item == "absence" else ""
    return CostLine(item, words, tour.agent, day, "", activity, start, minutes / 60, rate, amount)
