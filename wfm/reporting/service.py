"""
How cover meets requirement and promise, by day and over the horizon.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from wfm.domain.outcome import Plan, QueueSimulation, SimulationResult
from wfm.domain.planned import planned_counts
from wfm.domain.promise import OnTime, Requirement
from wfm.domain.shortfall import Aim, aims
from wfm.domain.timegrid import Grid


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

    Work that may wait for hours, as e-mail, needs nobody in any one interval.
    """
    grid, found = requirement.grid, []
    for name, queue in requirement.queues.items():
        if isinstance(queue.promise, OnTime):
            continue
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
    Share of each day's contacts that cover should yield as planned, float [days].

    What is counted is what the queue's promise counts; NaN on closed days and for queues
    without curves.
    """
    grid, found = requirement.grid, {}
    for name, queue in requirement.queues.items():
        shares: np.ndarray = np.full(grid.days, np.nan)
        if queue.curve is not None and queue.promise is not None and name in cover:
            each = planned_counts(requirement, name, cover[name], queue.promise)
            counted = np.bincount(grid.day, each, grid.days)
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


def shortness(requirement: Requirement, plan: Plan) -> tuple[float, int]:
    """
    Head-hours, and intervals, in which cover lies below what floor and occupancy allow.
    """
    found = [fit for days in fits(requirement, plan.cover).values() for fit in days]
    return sum(fit.short for fit in found), sum(fit.short_intervals for fit in found)
