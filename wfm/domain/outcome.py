"""
What stages hand on and files hold: costs, simulations, verdicts, certificates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from math import inf
from typing import Protocol

import numpy as np

from wfm.domain.money import Cents
from wfm.domain.roster import Roster, Violation
from wfm.domain.timegrid import Grid, Minutes
from wfm.errors import Exit


class Progress(Protocol):
    """
    How a long stage tells how far it is: done and total steps, and a few words.
    """

    def __call__(self, done: float, total: float, words: str = "") -> None:
        """Take note of ``done`` out of ``total``."""


class Stop(Protocol):
    """
    Asked now and then by a long stage: true when it must end with what it has.
    """

    def __call__(self) -> bool:
        """Whether to stop."""


def silent(done: float, total: float, words: str = "") -> None:
    """A progress that nobody watches."""


def never() -> bool:
    """A stop that never comes."""
    return False


def seconds_left(stop: Stop) -> float:
    """
    Seconds until a stop comes, where it knows (a method ``left``); else infinite.
    """
    left = getattr(stop, "left", None)
    return float(left()) if left is not None else inf


@dataclass(frozen=True, slots=True)
class CostLine:
    """
    One item of cost; a row of ``costs.csv``. ``rate`` is cents per hour.

    ``item`` is what is paid (base, night, sunday, overtime, absence), ``rule`` the words
    of the tariff it comes from.
    """

    item: str
    rule: str
    agent: str
    date: date
    queue: str
    activity: str
    start: Minutes
    hours: float
    rate: Cents
    amount: Cents


@dataclass(frozen=True, slots=True)
class Estimate:
    """
    A simulated figure with its 95 % interval.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Kept:
    """
    How one promise fared in a simulation.

    ``shares`` are the promised share by period ("week", "day 0", ...); ``days`` the share of
    replications in which each day keeps the promise; ``reached``, of a promise at a risk,
    the share that each day reaches as often as is promised. ``in_time`` [n] are contacts in
    time as the promise counts them.
    """

    shares: Mapping[str, Estimate]
    days: Mapping[int, float]
    reached: Mapping[int, float]
    in_time: np.ndarray


@dataclass(frozen=True)
class QueueSimulation:
    """
    What simulated callers of one queue met; means over replications.

    Float [n] per interval of arrival, contacts unless said; ``occupancy`` is busy time
    over time on queue of the people who serve it, NaN where nobody is on duty. What is in
    time, kept and reached is so by the first promise; ``further`` are the others.
    """

    queue: str
    offered: np.ndarray
    answered: np.ndarray
    in_time: np.ndarray
    abandoned: np.ndarray
    wait_s: np.ndarray  # mean wait of answered contacts, seconds
    occupancy: np.ndarray
    kept: Mapping[str, Estimate]  # by period ("week", "day 0", ...): the promised share
    day_kept: Mapping[int, float] = field(default_factory=dict)  # share of days in promise
    reached: Mapping[int, float] = field(default_factory=dict)
    further: tuple[Kept, ...] = ()
    within_s: float | None = None  # what ``in_time`` means; None: due times, or not known

    def promise(self, place: int) -> Kept:
        """How the promise at a place fared; nothing is known of one that was not played."""
        if 0 < place <= len(self.further):
            return self.further[place - 1]
        if place:
            return Kept({}, {}, {}, np.zeros(len(self.offered)))
        return Kept(self.kept, self.day_kept, self.reached, self.in_time)


@dataclass(frozen=True)
class SimulationResult:
    """
    A roster judged call by call.

    ``agent_occupancy`` is by agent, over the horizon. ``late_break_s`` and ``overrun_s``
    are mean seconds by which breaks start late and shifts end late.
    """

    grid: Grid
    queues: Mapping[str, QueueSimulation]
    replications: int
    seed: int
    agent_occupancy: Mapping[str, float]
    late_break_s: float
    overrun_s: float


class PlanStatus(StrEnum):
    """
    How a solver ended.
    """

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Cost:
    """
    The objective in its parts, in cents. ``changes`` are the price of what a new plan
    changes in an older one.
    """

    pay: Cents
    wishes: Cents
    shortfall: Cents
    changes: Cents = 0

    @property
    def total(self) -> Cents:
        """The objective."""
        return self.pay + self.wishes + self.shortfall + self.changes


@dataclass(frozen=True)
class Plan:
    """
    A roster with the proof of how good it is.

    ``bound`` is a proven lower bound on the objective, in cents. ``controllable`` is the
    cost less what the contracts pay whatever is planned. ``cover`` is, by queue, the heads
    that serve it in each interval, float [n]. ``unplaced`` names the sessions of training
    and meetings that found no room. ``spared`` are the agents whose tours stay although
    they break rules.
    """

    roster: Roster
    status: PlanStatus
    cost: Cost
    bound: float
    controllable: float
    cover: Mapping[str, np.ndarray]
    seed: int
    limits: Mapping[str, object]
    solver: str
    remarks: tuple[str, ...] = ()
    unplaced: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()

    @property
    def gap(self) -> float:
        """(objective - bound) / objective; 0 for an objective of 0."""
        total = self.cost.total
        return max(0.0, (total - self.bound) / total) if total > 0 else 0.0

    @property
    def gap_on_controllable(self) -> float:
        """The same difference, over the part of the cost that planning can change."""
        if self.controllable <= 0:
            return 0.0
        return max(0.0, (self.cost.total - self.bound) / self.controllable)


@dataclass(frozen=True, slots=True)
class PromiseVerdict:
    """
    One promise over one period: what was asked, planned and simulated.

    ``missed`` when ``target`` lies above the simulation's 95 % interval. ``within`` is the
    threshold of a service level, seconds, or the due time of what can wait, open hours.
    """

    queue: str
    kind: str
    period: str
    target: float
    planned: float
    simulated: Estimate | None
    within: float | None = None

    @property
    def missed(self) -> bool:
        """Whether the simulation says that the promise is not kept."""
        return self.simulated is not None and self.target > self.simulated.high


@dataclass(frozen=True)
class Verdict:
    """
    What an independent reading of a roster found.
    """

    violations: tuple[Violation, ...]
    promises: tuple[PromiseVerdict, ...]
    cost: Cost
    cover: Mapping[str, np.ndarray]
    simulation: SimulationResult | None
    not_checked: Sequence[tuple[str, str]] = ()  # rule, what to give to have it checked
    remarks: tuple[str, ...] = ()
    reasons: tuple[Exit, ...] = ()
