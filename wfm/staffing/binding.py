"""
Several promises on one queue: which of them asks for most, and what it must aim at.

A roster is planned on one curve, that of the promise which binds. The others are kept
beside it: their floors and occupancy caps interval by interval, and their totals by a
higher aim of the one that binds, where its own does not bring them along.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from wfm.domain.demand import Queue
from wfm.domain.promise import Abandons, AnswerRate, Period, Promise, ServiceLevel
from wfm.domain.timegrid import Grid
from wfm.staffing.allotting import fewest_agents, reaches
from wfm.staffing.curves import Counting, Knots, Yields

THRESHOLD = 20.0  # seconds: the service level that is printed where none is promised
LITTLE = 1e-3  # the least share that is aimed at; the largest is as far from one
STEPS = 14  # halvings of how much higher the binding promise must aim
FAR = 8.0  # log-odds above its share beyond which nothing is tried


@dataclass(frozen=True)
class Asked:
    """
    One promise of a queue, by its place among them, with what agents yield.

    ``found`` is what simulation, where there was one, says of the curves. ``aim`` [r] is the
    share to be reached on them where that is not the promised one: a promise kept on most
    days needs a higher mean.
    """

    place: int
    promise: Promise
    found: Yields
    aim: np.ndarray | None = None

    @property
    def aimed(self) -> Yields:
        """The yields, moved so that they reach the promised share where the aim is reached."""
        if self.aim is None:
            return self.found
        return corrected(self.found, self.promise, self.aim - self.promise.share)

    @property
    def in_intervals(self) -> Promise:
        """What the promise asks of each interval, whatever the period's total."""
        asked = self.promise
        if asked.over is Period.INTERVAL:
            return replace(asked, floor=asked.share)
        return replace(asked, share=LITTLE)


def counting_of(queue: Queue, promise: Promise, curve: Knots = ()) -> Counting:
    """
    What a promise counts as in time, and what is known of the queue's callers.

    Where it is no service level, in time is what the queue's first service level says, as
    in the simulation. ``curve`` is a measured patience, in place of its mean.
    """
    counted = level_of(queue, promise)
    return Counting(
        patience_s=queue.patience_s,
        threshold_s=counted.threshold if counted else THRESHOLD,
        abandons=counted.abandons if counted else Abandons.OFFERED,
        share=promise.share,
        patience_curve=curve,
        slowing=queue.slowing[: queue.concurrency],
        redial=queue.redial or 0.0,
    )


def level_of(queue: Queue, promise: Promise) -> ServiceLevel | None:
    """The service level that says what is in time: the promise itself, else the queue's first."""
    levels = (one for one in (promise, *queue.promises) if isinstance(one, ServiceLevel))
    return next(levels, None)


def corrected(found: Yields, promise: Promise, shifts: np.ndarray) -> Yields:
    """
    The yields as simulation found them: share is reached where share + shift was.

    The shift is one of the log-odds, so that nobody still yields nothing, everybody
    answers everything, and one more agent never lowers the yield.
    """
    top = np.clip(promise.share + shifts, LITTLE, 1 - LITTLE)
    odds = promise.share / (1 - promise.share) * (1 - top) / top
    name = "answered" if isinstance(promise, AnswerRate) else "in_time"
    share = np.clip(getattr(found, name) / found.offered[:, None], 0.0, 1.0)
    lowered = share * odds[:, None] / (1 - share + share * odds[:, None])
    return replace(found, **{name: lowered * found.offered[:, None]})


def binding(asked: Sequence[Asked], grid: Grid) -> Asked:
    """
    The promise that alone asks for most agent-hours; of equal ones the first.
    """
    if len(asked) == 1:
        return asked[0]

    def hours(one: Asked) -> int:
        nobody = np.zeros(len(one.found.rows), dtype=np.int64)
        return int(fewest_agents(one.aimed, one.promise, grid, nobody).sum())

    return max(asked, key=hours)


def raised(main: Asked, others: Sequence[Asked], grid: Grid, at_least: np.ndarray) -> Asked:
    """
    The binding promise, aiming so high that the fewest agents which reach it keep all others.

    Parameters
    ----------
    at_least
        Agents that floors and caps of the others ask for, int [r].
    """
    base = np.full(len(main.found.rows), main.promise.share) if main.aim is None else main.aim

    def higher(step: float) -> Asked:
        odds = base / (1 - base) * math.exp(step)
        return replace(main, aim=odds / (1 + odds))

    def kept(one: Asked) -> bool:
        agents = fewest_agents(one.aimed, one.promise, grid, at_least)
        return all(reaches(other.aimed, other.promise, grid, agents) for other in others)

    if kept(main):
        return main
    low, high = 0.0, FAR
    for _ in range(STEPS):
        middle = (low + high) / 2
        if kept(higher(middle)):
            high = middle
        else:
            low = middle
    return higher(high)
