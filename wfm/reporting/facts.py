"""
Figures about a plan that tables, pictures and pages share, each derived in one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from wfm.domain.demand import Forecast
from wfm.domain.outcome import CostLine
from wfm.domain.roster import Duty, Roster, Tour
from wfm.domain.timegrid import Minutes
from wfm.domain.workforce import Wish
from wfm.rules.person import Wishes
from wfm.rules.words import Today

LATE = 20 * 60  # a shift that ends after 20:00 on the clock is a late one
PATHS = 1000  # scenarios behind a day's range: its quantiles are good to about 2 %


@dataclass(frozen=True, slots=True)
class WishFact:
    """
    One wish and what became of it. ``granted`` is None where an absence answers it.
    """

    wish: Wish
    granted: bool | None


@dataclass(frozen=True)
class PersonFacts:
    """
    One person's horizon in figures; minutes unless said.

    ``contract`` is what the contract asks for in the horizon; ``credit`` what absences
    credit; ``rest`` the shortest between two duties, past ones included, None: fewer
    than two duties. ``saturdays``, ``sundays``, ``lates`` count duties.
    """

    tour: Tour
    contract: float
    paid: Minutes
    credit: Minutes
    days: int
    lates: int
    saturdays: int
    sundays: int
    rest: Minutes | None
    wishes: tuple[WishFact, ...]

    @property
    def agent(self) -> str:
        """The agent's name in files."""
        return self.tour.agent

    @property
    def difference(self) -> float:
        """Paid and credited minutes less those of the contract."""
        return self.paid + self.credit - self.contract


def person(tour: Tour) -> PersonFacts:
    """
    The figures of one tour.
    """
    planned, calendar = tour.planned, tour.calendar
    weekdays = [calendar.weekday(duty.day) for duty in planned]
    contract = tour.person.agent.contract
    return PersonFacts(
        tour=tour,
        contract=contract.hours_per_week * 60 * calendar.days / 7,
        paid=sum(duty.paid for duty in planned),
        credit=sum(n for day, n in tour.person.credit.items() if 0 <= day < calendar.days),
        days=len({duty.day for duty in planned}),
        lates=sum(is_late(tour, duty) for duty in planned),
        saturdays=weekdays.count(5),
        sundays=weekdays.count(6),
        rest=min(rests(tour).values(), default=None),
        wishes=tuple(WishFact(wish, granted(wish, tour)) for wish in tour.person.wishes),
    )


def rests(tour: Tour) -> dict[int, Minutes]:
    """
    Minutes of rest before the first duty of each day, after the duty before it.
    """
    found: dict[int, Minutes] = {}
    for earlier, later in pairwise(tour.duties):
        if later.day >= 0 and later.day > earlier.day:
            found[later.day] = later.start - earlier.end
    return found


def is_late(tour: Tour, duty: Duty) -> bool:
    """
    Whether a duty ends after 20:00 on the agent's clock, or on a later day.
    """
    return duty.end - tour.calendar.midnight(duty.day) > LATE


def granted(wish: Wish, tour: Tour) -> bool | None:
    """
    Whether a roster grants a wish, as the rules read it; None where the person is away.

    A free day refuses nothing, so that it grants.
    """
    duties = tour.by_day.get(wish.day, ())
    if duties:
        return Wishes().granted(wish, Today(tour.calendar, wish.day, duties))
    return None if absent(tour, wish.day) else True


def absent(tour: Tour, day: int) -> bool:
    """
    Whether an absence touches a day of the agent's zone.
    """
    start, end = tour.calendar.midnight(day), tour.calendar.midnight(day + 1)
    return any(a.start < end and start < a.end for a in tour.person.absences)


def people(roster: Roster) -> tuple[PersonFacts, ...]:
    """
    The figures of everyone, in the roster's order.
    """
    return tuple(person(tour) for tour in roster)


@dataclass(frozen=True)
class DayRange:
    """
    Contacts of one day: expected, and the range that holds 80 % of scenarios.
    """

    expected: float
    low: float
    high: float


def day_ranges(forecast: Forecast, seed: int) -> dict[str, tuple[DayRange, ...]]:
    """
    Contacts by queue and day, with their 80 % range from the forecast's own paths.
    """
    grid, ranges = forecast.grid, {}
    for name, rates in forecast.paths(PATHS, seed).items():
        stream = np.random.default_rng([seed, 1, *name.encode()])
        expected = forecast.queues[name].contacts
        days = []
        for number in range(grid.days):
            today = grid.day == number
            counts = stream.poisson(rates[:, today].sum(axis=1))
            low, high = np.quantile(counts, [0.1, 0.9])
            days.append(DayRange(float(expected[today].sum()), float(low), float(high)))
        ranges[name] = tuple(days)
    return ranges


@dataclass(frozen=True, slots=True)
class Item:
    """
    One item of cost: hours it is paid for, and cents.
    """

    item: str
    hours: float
    amount: int
    rules: tuple[str, ...]


def items(costs: Sequence[CostLine]) -> tuple[Item, ...]:
    """
    Costs by item, the largest first.
    """
    names = sorted({line.item for line in costs})
    found = []
    for name in names:
        lines = [line for line in costs if line.item == name]
        rules = tuple(sorted({line.rule for line in lines if line.rule}))
        found.append(
            Item(name, sum(line.hours for line in lines), sum(x.amount for x in lines), rules)
        )
    return tuple(sorted(found, key=lambda item: (-item.amount, item.item)))


def duties_by_day(roster: Roster) -> dict[int, list[tuple[Tour, Duty]]]:
    """
    Duties by the day of the horizon's clock on which they begin, early starts first.
    """
    days: dict[int, list[tuple[Tour, Duty]]] = {}
    for tour in roster:
        for duty in tour.planned:
            days.setdefault(roster.grid.day_of(duty.start), []).append((tour, duty))
    for duties in days.values():
        duties.sort(key=lambda pair: (pair[1].start, pair[1].end, pair[0].agent))
    return dict(sorted(days.items()))


def total_contacts(forecast: Forecast) -> float:
    """
    Contacts expected over the horizon, all queues.
    """
    return float(sum(queue.contacts.sum() for queue in forecast.queues.values()))
