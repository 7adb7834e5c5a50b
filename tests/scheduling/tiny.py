"""
Cases so small that every roster can be listed, and the list itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import product

import numpy as np

from wfm.domain.demand import Queue
from wfm.domain.promise import AnswerRate, Curve, Period, QueueRequirement, Requirement
from wfm.domain.roster import Calendar, Duty, Roster, Severity, Tour
from wfm.domain.shortfall import ShortfallPrices, shortfall
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import Agent, Break, Contract, Pay, Person, Shape
from wfm.paying.tariff import tour_pay
from wfm.rules.book import Book, load_preset
from wfm.scheduling.problem import Problem
from wfm.scheduling.shapes import frames
from wfm.simulation.cover import split

PAUSE = Break("pause", 60, after=60, before=60, apart=0, paid=False, step=60)
HALF = Shape("half", (480, 600), (120, 180), (PAUSE,), step=120)
PRICES = ShortfallPrices(contact=900, head_hour=4000)


@dataclass(frozen=True)
class Case:
    """
    A problem of a few hours and people. ``heads`` and ``opens`` are by queue.
    """

    people: tuple[Person, ...]
    days: int = 2
    heads: Mapping[str, float] = field(default_factory=lambda: {"a": 1.0})
    curve: bool = False
    book: Book | None = None
    past: Mapping[str, tuple[Duty, ...]] = field(default_factory=dict)
    open_clock: tuple[int, int] = (480, 840)
    first: date = date(2024, 1, 1)

    @property
    def grid(self) -> Grid:
        """The horizon, in hours."""
        return Grid(self.first, self.days, 60)

    def problem(self) -> Problem:
        """The scheduler's question."""
        grid = self.grid
        opened = (grid.clock >= self.open_clock[0]) & (grid.clock < self.open_clock[1])
        queues = {name: Queue(name) for name in self.heads}
        required = {name: self._queue(name, opened) for name in self.heads}
        requirement = Requirement(grid, required, dict.fromkeys(self.heads, opened))
        book = self.book or load_preset("eu-wtd", queues=queues.values())
        calendars = {p.agent.agent: Calendar(grid) for p in self.people}
        return Problem(requirement, queues, self.people, book, self.past, calendars, PRICES)

    def _queue(self, name: str, opened: np.ndarray) -> QueueRequirement:
        zeros = np.zeros(self.grid.n)
        contacts = np.where(opened, 6.0, 0.0)
        heads = np.where(opened, self.heads[name], 0.0)
        curve = promise = None
        if self.curve:
            answered = np.where(opened[:, None], np.array([0.0, 4.0, 5.5, 6.0]), 0.0)
            occupancy = np.where(opened[:, None], np.array([1.0, 0.8, 0.6, 0.4]), 0.0)
            curve = Curve(answered, answered, occupancy)
            promise = AnswerRate(share=0.6, over=Period.WEEK, floor=0.3)
        return QueueRequirement(
            name, contacts, zeros + 300, zeros, heads, heads, *[zeros] * 5, promise, curve
        )


def person(name: str, skills: Mapping[str, float], hours: float = 5, **more: object) -> Person:
    """Somebody who works two shifts of two or three hours, 10 an hour."""
    contract = Contract(f"c{hours:g}", hours, 5, (HALF,), Pay("base", 1000))
    return Person(Agent(name, contract, skills=skills), **more)  # type: ignore[arg-type]


def tours(problem: Problem, one: Person) -> Iterator[Tour]:
    """Every tour of a person that the checker finds clean of hard breaches."""
    carried = problem.carried(one)
    shapes = one.agent.contract.shapes
    menu = []
    for day in range(problem.grid.days):
        duties: list[Duty | None] = [None]
        for shape in shapes:
            for frame in frames(shape, carried.calendar, day):
                duties += [frame.duty(p, problem.serves(one)) for p in frame.placements()]
        menu.append(duties)
    for chosen in product(*menu):
        tour = Tour(one, carried.calendar, (*carried.duties, *(d for d in chosen if d)))
        found = problem.book.check(tour)
        if not any(v.severity is Severity.HARD for v in found):
            yield tour


def cost(problem: Problem, roster: Roster) -> float:
    """Pay, priced rules and the best cover's shortfall, without the scheduler."""
    prices = {entry.code: entry.price for entry in problem.book}
    total = float(sum(tour_pay(tour) for tour in roster))
    for tour in roster:
        for breach in problem.book.check(tour):
            total += breach.amount * prices[breach.code]
    total += sum(breach.amount * prices[breach.code] for breach in problem.book.together(roster))
    charged = problem.shortfall_prices
    heads = split(roster, problem.requirement, problem.queues, charged)
    return total + shortfall(problem.aims, heads, charged, problem.grid.interval)


def rosters(problem: Problem) -> Iterator[Roster]:
    """Every roster that the checker finds clean of hard breaches."""
    every = [list(tours(problem, one)) for one in problem.people]
    for team in product(*every):
        roster = Roster(problem.grid, team)
        if not any(v.severity is Severity.HARD for v in problem.book.together(roster)):
            yield roster


def optimum(problem: Problem) -> float:
    """The least cost over every roster."""
    return min(cost(problem, roster) for roster in rosters(problem))
