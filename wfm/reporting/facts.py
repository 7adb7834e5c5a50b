"""
Figures about a plan that tables, pictures and pages share, each derived in one place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from wfm.domain.demand import Forecast
from wfm.domain.outcome import CostLine, Plan, QueueSimulation, SimulationResult
from wfm.domain.promise import AnswerRate, Requirement
from wfm.domain.roster import Duty, Roster, Tour
from wfm.domain.shortfall import Aim, aims, between
from wfm.domain.timegrid import Grid, Minutes
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
        credit=sum(tour.person.credit.values()),
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


def cover(roster: Roster, queues: Sequence[str]) -> dict[str, np.ndarray]:
    """
    Heads on each queue, float [n]: a head counts for its share of minutes on contacts.

    A block that serves several queues counts for the first; where a plan knows the
    optimal split, its own ``cover`` is better.
    """
    grid = roster.grid
    edges = np.append(grid.starts, grid.midnights[-1])
    found = {name: np.zeros(grid.n) for name in queues}
    for tour in roster:
        for duty in tour.duties:
            for block in duty.blocks:
                if block.activity.on_contacts and block.queues and block.queues[0] in found:
                    overlap = np.minimum(edges[1:], block.end) - np.maximum(edges[:-1], block.start)
                    found[block.queues[0]] += np.maximum(overlap, 0) / np.diff(edges)
    return found


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


@dataclass(frozen=True)
class Fit:
    """
    How cover meets the requirement of one queue on one day; head-hours.

    ``alone`` is what the queue would need for itself in whole people; ``least`` the fewest
    heads that the floor and the occupancy limit allow in each interval, and ``short`` how
    far cover lies below those, in ``short_intervals`` of the ``open_intervals``.
    """

    alone: float
    least: float
    planned: float
    short: float
    short_intervals: int
    open_intervals: int


def fits(requirement: Requirement, cover: Mapping[str, np.ndarray]) -> dict[str, tuple[Fit, ...]]:
    """
    Requirement against cover by queue and day.
    """
    grid = requirement.grid
    return {
        name: tuple(
            _fit(requirement, owed, cover[name], grid.day == number) for number in range(grid.days)
        )
        for name, owed in aims(requirement).items()
        if name in cover
    }


def _fit(requirement: Requirement, owed: Aim, heads: np.ndarray, today: np.ndarray) -> Fit:
    here = today & requirement.open[owed.queue]
    step = requirement.grid.interval / 60
    short = owed.missing(heads)[0][here]
    return Fit(
        alone=float(requirement.queues[owed.queue].to_schedule[here].sum() * step),
        least=float(owed.heads[here].sum() * step),
        planned=float(heads[here].sum() * step),
        short=float(short.sum() * step),
        short_intervals=int((short > 0).sum()),
        open_intervals=int(here.sum()),
    )


@dataclass(frozen=True)
class Unserved:
    """
    Open intervals in which nobody serves a queue, the contacts expected there, and the days
    on which nobody serves it at all.
    """

    queue: str
    intervals: int
    contacts: float
    days: tuple[int, ...]


def unserved(requirement: Requirement, cover: Mapping[str, np.ndarray]) -> tuple[Unserved, ...]:
    """
    Queues that somebody will call while nobody is there, though the promise may be kept.
    """
    grid, found = requirement.grid, []
    for name, queue in requirement.queues.items():
        expected = requirement.open[name] & (queue.contacts > 0)
        alone = expected & (cover.get(name, np.zeros(grid.n)) <= 1e-6)
        whole = [
            day
            for day in range(grid.days)
            if expected[grid.day == day].any() and not (expected & ~alone)[grid.day == day].any()
        ]
        if alone.any():
            contacts = float(queue.contacts[alone].sum())
            found.append(Unserved(name, int(alone.sum()), contacts, tuple(whole)))
    return tuple(found)


def planned_days(
    requirement: Requirement, cover: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """
    Share of each day's contacts that cover should yield by the curves, float [days].

    What is counted is what the queue's promise counts; NaN on closed days and for queues
    without curves.
    """
    grid, found = requirement.grid, {}
    for name, queue in requirement.queues.items():
        shares: np.ndarray = np.full(grid.days, np.nan)
        if queue.curve is not None and queue.promise is not None and name in cover:
            answered = isinstance(queue.promise, AnswerRate)
            table = queue.curve.answered if answered else queue.curve.in_time
            counted = np.bincount(grid.day, between(table, cover[name]), grid.days)
            offered = np.bincount(grid.day, queue.contacts, grid.days)
            np.divide(counted, offered, out=shares, where=offered > 0)
        found[name] = shares
    return found


def day_occupancy(
    simulation: SimulationResult, cover: Mapping[str, np.ndarray], queue: str
) -> np.ndarray:
    """
    Simulated occupancy of a queue by day, weighted by heads; NaN where nobody serves it.
    """
    grid = simulation.grid
    occupancy = simulation.queues[queue].occupancy
    weight = np.where(np.isfinite(occupancy), cover[queue], 0.0)
    busy = np.bincount(grid.day, np.nan_to_num(occupancy) * weight, grid.days)
    total = np.bincount(grid.day, weight, grid.days)
    shares: np.ndarray = np.full(grid.days, np.nan)
    np.divide(busy, total, out=shares, where=total > 0)
    return shares


def simulated_days(queue: QueueSimulation, grid: Grid, kind: str) -> np.ndarray:
    """
    Mean share of each day's simulated contacts that the promise counts, float [days].
    """
    counted = queue.answered if kind == "answer_rate" else queue.in_time
    offered = np.bincount(grid.day, np.nan_to_num(queue.offered), grid.days)
    shares: np.ndarray = np.full(grid.days, np.nan)
    kept = np.bincount(grid.day, np.nan_to_num(counted), grid.days)
    np.divide(kept, offered, out=shares, where=offered > 0)
    return shares


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What simulated callers of one queue meet over the horizon, weighted by contacts.

    Contacts ``offered``; shares ``answered``, ``in_time``, ``occupancy`` (weighted by heads);
    ``asa`` seconds, over answered contacts. NaN where there is nothing to average.
    """

    offered: float
    answered: float
    in_time: float
    asa: float
    occupancy: float


def outcome(simulation: SimulationResult, cover: Mapping[str, np.ndarray], queue: str) -> Outcome:
    """
    The outcome of one queue.
    """
    played = simulation.queues[queue]
    answered = np.nan_to_num(played.answered)
    served = np.where(np.isfinite(played.occupancy), cover[queue], 0.0)
    offered = float(np.nan_to_num(played.offered).sum())
    return Outcome(
        offered,
        _ratio(float(answered.sum()), offered),
        _ratio(float(np.nan_to_num(played.in_time).sum()), offered),
        _ratio(float((np.nan_to_num(played.wait_s) * answered).sum()), float(answered.sum())),
        _ratio(float((np.nan_to_num(played.occupancy) * served).sum()), float(served.sum())),
    )


def _ratio(top: float, bottom: float) -> float:
    return top / bottom if bottom > 0 else float("nan")


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


def shortness(requirement: Requirement, plan: Plan) -> tuple[float, int]:
    """
    Head-hours, and intervals, in which cover lies below what floor and occupancy allow.
    """
    found = [fit for days in fits(requirement, plan.cover).values() for fit in days]
    return sum(fit.short for fit in found), sum(fit.short_intervals for fit in found)
