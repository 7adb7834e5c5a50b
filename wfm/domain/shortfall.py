"""
What is missing from a promise, and its price: one definition for solver and checker.

A promise asks for heads in every interval (floor and occupancy) and for contacts over a
period (its share). Between them a queue's yield is the least concave function above its
curve, so that the best split of people over queues is unique. Above the floor curves are
concave, and the two agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from wfm.domain.money import Cents
from wfm.domain.promise import AnswerRate, OnTime, Period, QueueRequirement, Requirement
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import Agent

NAMED = 12  # intervals named one by one
FLOOR = 10  # times the price of a head that is asked for: of one that a promise's floor needs
NEGLIGIBLE = 1e-6  # contacts or heads: less than this is not missing


@dataclass(frozen=True, slots=True)
class ShortfallPrices:
    """
    What is charged for what is missing: more than any wage, so that promises are kept.

    ``contact`` is for one contact below the promise of a period, ``head_hour`` for one
    head missing for an hour where cover is by heads, ``floor_hour`` for one below what the
    floor or the occupancy of a promise needs (None: as much), all in cents.
    """

    contact: Cents
    head_hour: Cents
    floor_hour: Cents | None = None

    def head(self, aim: Aim) -> Cents:
        """Cents for a head that is missing from an aim for an hour."""
        floor = self.head_hour if self.floor_hour is None else self.floor_hour
        return self.head_hour if aim.yields is None else floor

    def times(self, factor: int) -> ShortfallPrices:
        """All of them so many times as high."""
        floor = None if self.floor_hour is None else factor * self.floor_hour
        return ShortfallPrices(factor * self.contact, factor * self.head_hour, floor)


@dataclass(frozen=True)
class Target:
    """
    Contacts that one queue must yield over one period.

    ``rows`` are the intervals of the period, bool [n]; ``contacts`` is the promised share
    of those offered.
    """

    period: str
    rows: np.ndarray
    contacts: float


@dataclass(frozen=True)
class Aim:
    """
    What the roster owes to one queue.

    Parameters
    ----------
    heads
        Fewest heads in each interval, float [n]: the floor, the occupancy cap, or the
        requirement itself where it has no curves.
    yields
        Contacts that count, by heads: concave, float [n, heads + 1]. None without curves.
    targets
        Totals over periods; empty without curves.
    """

    queue: str
    heads: np.ndarray
    yields: np.ndarray | None = None
    targets: tuple[Target, ...] = ()

    def at(self, heads: np.ndarray) -> np.ndarray:
        """Contacts yielded by ``heads`` in each interval, float [n]."""
        return np.zeros(len(heads)) if self.yields is None else between(self.yields, heads)

    def missing(self, heads: np.ndarray) -> tuple[np.ndarray, dict[str, float]]:
        """
        Heads missing in each interval, float [n], and contacts missing by period.
        """
        short = np.maximum(0.0, self.heads - heads)
        short[short < NEGLIGIBLE] = 0.0
        yielded = self.at(heads)
        owed = {t.period: t.contacts - float(yielded[t.rows].sum()) for t in self.targets}
        return short, {name: max(0.0, m) for name, m in owed.items() if m > NEGLIGIBLE}

    def told(self, heads: np.ndarray, grid: Grid) -> Iterator[str]:
        """
        What is missing, in sentences: by interval where heads are, by period where contacts are.
        """
        short, contacts = self.missing(heads)
        where = np.flatnonzero(short)
        if len(where):
            named = ", ".join(f"{grid.stamps[at]} ({short[at]:.2f})" for at in where[:NAMED])
            more = f" and {len(where) - NAMED} intervals more" if len(where) > NAMED else ""
            yield (
                f"{self.queue}: {short.sum() * grid.interval / 60:.1f} head-hours are missing, "
                f"at {named}{more}"
            )
        for period, missing in contacts.items():
            yield f"{self.queue}: {missing:.1f} contacts short of the promise of {period}"


def aims(requirement: Requirement) -> dict[str, Aim]:
    """
    What the roster owes to every queue of a requirement.
    """
    return {
        name: aim(queue, requirement.grid, requirement.open[name])
        for name, queue in requirement.queues.items()
    }


def aim(queue: QueueRequirement, grid: Grid, opened: np.ndarray) -> Aim:
    """
    What the roster owes to one queue; nothing in the intervals in which it is closed.
    """
    promise, curve = queue.promise, queue.curve
    if promise is None or curve is None:
        return Aim(queue.queue, np.where(opened, queue.to_schedule, 0.0))
    counted = curve.answered if isinstance(promise, AnswerRate) else curve.in_time
    wanted = np.full(grid.n, promise.share) if queue.aim is None else queue.aim
    waits = queue.pace is not None
    asked = wanted if promise.over is Period.INTERVAL and not waits else promise.floor
    heads = np.maximum(
        fewest(counted, asked * queue.contacts),
        fewest(-curve.occupancy, np.full(grid.n, -promise.max_occupancy)),
    )
    if queue.least is not None:
        heads = np.maximum(heads, queue.least)
    heads = np.where(opened & (queue.contacts > 0), heads, 0.0)
    return Aim(queue.queue, heads, above(counted, heads), _targets(queue, grid, opened))


def _targets(queue: QueueRequirement, grid: Grid, opened: np.ndarray) -> tuple[Target, ...]:
    promise = queue.promise
    if isinstance(promise, OnTime) and queue.pace is not None:
        return _stretches(queue.pace, promise.stretch(grid.interval), grid, opened)
    if promise is None or promise.over is Period.INTERVAL:
        return ()
    if promise.over is Period.DAY:
        spans = [(f"day {day}", grid.day == day) for day in range(grid.days)]
    else:
        spans = [
            (f"week {i}" if grid.days > 7 else "week", np.isin(grid.day, week))
            for i, week in enumerate(_weeks(grid))
        ]
    return tuple(
        Target(name, rows & opened, _contacts(queue, promise.share, rows & opened))
        for name, rows in spans
        if (rows & opened).any()
    )


def _stretches(pace: np.ndarray, length: int, grid: Grid, opened: np.ndarray) -> tuple[Target, ...]:
    """Work that can wait is owed by stretches of each day's open intervals."""
    found = []
    for day in range(grid.days):
        at = np.flatnonzero((grid.day == day) & opened)
        for first in range(0, len(at), length):
            here = at[first : first + length]
            rows = np.zeros(grid.n, dtype=bool)
            rows[here] = True
            if pace[here].sum() > 0:
                name = f"the hours from {grid.stamps[here[0]]}"
                found.append(Target(name, rows, float(pace[here].sum())))
    return tuple(found)


def _contacts(queue: QueueRequirement, share: float, rows: np.ndarray) -> float:
    """Contacts that must count in some intervals."""
    if queue.aim is None:
        return share * float(queue.contacts[rows].sum())
    return float((queue.aim * queue.contacts)[rows].sum())


def _weeks(grid: Grid) -> list[range]:
    # Sevens of days from the start of the horizon: horizons begin with a week.
    return [range(first, min(first + 7, grid.days)) for first in range(0, grid.days, 7)]


def shortfall(
    wanted: Mapping[str, Aim],
    heads: Mapping[str, np.ndarray],
    prices: ShortfallPrices,
    interval: int,
) -> float:
    """
    The price of what is missing, in cents, when ``heads`` serve each queue.

    Parameters
    ----------
    heads
        By queue, float [n]: heads that serve it in each interval, efficiency included.
    interval
        Minutes of an interval.
    """
    total = 0.0
    for name, owed in wanted.items():
        short, contacts = owed.missing(heads[name])
        total += float(short.sum()) * prices.head(owed) * interval / 60
        total += sum(contacts.values()) * prices.contact
    return total


def above_any_wage(requirement: Requirement, agents: Iterable[Agent]) -> ShortfallPrices:
    """
    Prices of what is missing that no saving on pay outweighs.

    A missing head for an hour costs three times the team's dearest hour, and ten times that
    where a promise's floor or occupancy needs it: a shift more is then cheaper than half a
    head that is missing for half an hour. A missing contact
    costs ten times the dearest time that it takes to handle one, and at least three times
    what the dearest queue's contacts cost on average when its requirement is met. Where whole
    shifts can be bought beyond what contracts oblige to, one of them is cheaper than a head
    that is missing for an interval, or than a missing contact.
    """
    agents = tuple(agents)
    bought = max((_bought(agent) for agent in agents), default=0.0)
    hour = max((_dearest_hour(agent) for agent in agents), default=0.0)
    contact = 100.0
    for name, queue in requirement.queues.items():
        opened = requirement.open[name]
        kept = float(queue.contacts[opened].sum()) * (queue.promise.share if queue.promise else 1)
        hours = float(queue.to_schedule[opened].sum()) * requirement.grid.interval / 60
        handling = float(queue.aht_s.max(initial=0.0)) / 3600
        contact = max(contact, 10 * hour * handling, 3 * hour * hours / kept if kept else 0.0)
    head = max(3 * hour, 1.1 * bought * 60 / requirement.grid.interval)
    head_hour = max(1000, round(head))
    return ShortfallPrices(round(max(contact, 1.1 * bought)), head_hour, FLOOR * head_hour)


def _bought(agent: Agent) -> float:
    """Cents of the shortest shift that somebody may work or not; 0 if hours are settled."""
    contract = agent.contract
    shortest = min(length for shape in contract.shapes for length in shape.lengths)
    free = 2 * contract.tolerance * 60 >= shortest
    return _dearest_hour(agent) * shortest / 60 if free else 0.0


def _dearest_hour(agent: Agent) -> float:
    pay = agent.contract.pay
    premium = max((premium.share for premium in pay.premiums), default=0.0)
    overtime = max((share for _, share in pay.overtime), default=0.0)
    return agent.rate * (1 + premium + overtime)


def between(table: np.ndarray, heads: np.ndarray) -> np.ndarray:
    """
    A table [n, heads + 1] read at fractional heads [n]: linear, constant past its end.
    """
    last = table.shape[1] - 1
    at = np.clip(heads, 0, last)
    low = np.minimum(np.floor(at).astype(int), max(last - 1, 0))
    high = np.minimum(low + 1, last)
    rows = np.arange(len(table))
    left = table[rows, low]
    return np.asarray(left + (table[rows, high] - left) * (at - low))


def fewest(table: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """
    Fewest heads, float [n], at which a non-decreasing table reaches ``asked`` [n].

    Where the table never reaches it, its last column.
    """
    n, width = table.shape
    goal = asked - 1e-9
    reached = table >= goal[:, None]
    at = np.where(reached.any(axis=1), reached.argmax(axis=1), width - 1)
    below = np.maximum(at - 1, 0)
    rows = np.arange(n)
    step = table[rows, at] - table[rows, below]
    partial = np.where(step > 0, (goal - table[rows, below]) / np.where(step > 0, step, 1), 1.0)
    return np.asarray(np.where(at > 0, below + np.clip(partial, 0.0, 1.0), 0.0))


def above(table: np.ndarray, heads: np.ndarray) -> np.ndarray:
    """
    A concave table that is true from ``heads`` [n] on, the floor that an interval owes.

    Service levels rise steeply from a number of heads that answers nobody in time, and
    their least concave cover would promise up to forty points too much there. From the
    floor on the values stand (made concave where a step is not); below it the line of the
    first step goes on, down to less than nothing: whoever leaves the floor loses at that
    rate. Where the whole row is concave, as for answer rates, it stands as it is.
    """
    result = envelope(table)
    last = table.shape[1] - 1
    at = np.arange(last + 1)
    for row, values, least in zip(result, table, np.floor(heads).astype(int), strict=True):
        start = min(int(least), last - 1)
        if start <= 0:
            continue
        line = envelope(values[None, start:])[0]
        first = line[1] - line[0]
        own = np.concatenate([line[0] + first * (at[:start] - start), line])
        np.minimum(row, own, out=row)
    return result


def envelope(table: np.ndarray) -> np.ndarray:
    """
    Least concave function above each row of a table, at whole heads.
    """
    result = np.array(table, dtype=float)
    for row in result:
        hull: list[int] = []
        for k, value in enumerate(row):
            while len(hull) > 1 and _below(row, hull[-2], hull[-1], k, value):
                hull.pop()
            hull.append(k)
        row[:] = np.interp(np.arange(len(row)), hull, row[hull])
    return result


def _below(row: np.ndarray, a: int, b: int, k: int, value: float) -> bool:
    return bool((row[b] - row[a]) * (k - a) <= (value - row[a]) * (b - a))
