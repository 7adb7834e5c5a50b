"""
Cases so small that every tour can be enumerated, and the three roads that judge them.

A case is one rule, a few duties that stand right at its thresholds, and some days. The
checker reads every tour; the compiled tables are walked; CP-SAT enumerates a model built
from the same tables. All three must say the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import product

import numpy as np

from wfm.domain.roster import Block, Calendar, Duty, Severity, Tour
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import WORK, Activity, Agent, Contract, Pay, Person, Shape
from wfm.rules.book import Book
from wfm.rules.entry import Entry
from wfm.rules.words import Rule
from wfm.scheduling.compiling import Compiled, compile_rules

PRICE = 7  # cents per unit of breach
PAUSE = Activity("pause", on_contacts=False, paid=False, work=False, pause=True)
MONDAY = date(2026, 11, 23)

Spell = tuple[int, int]  # start and end, minutes of the day


def contract(**changes: object) -> Contract:
    """A contract with everything that rules ask."""
    shape = Shape("day", (0, 0), (480,))
    told = {
        "name": "full",
        "hours_per_week": 35.0,
        "days_per_week": 5,
        "shapes": (shape,),
        "pay": Pay("base", 1500),
    }
    return Contract(**{**told, **changes})


def person(terms: Contract | None = None, **changes: object) -> Person:
    """A person; ``traits``, ``starts``, ``ends``, ``skills`` and ``zone_name`` go to the agent."""
    own = ("traits", "starts", "ends", "skills", "zone_name", "per_hour")
    agent = Agent("ann", terms or contract(), **{k: changes.pop(k) for k in own if k in changes})
    return Person(agent, **changes)


def duty(
    calendar: Calendar,
    day: int,
    spells: Spell | tuple[Spell, ...],
    shape: str = "",
    queues: tuple[str, ...] = (),
) -> Duty:
    """A duty from minutes after its day's midnight; the time between two spells is a gap."""
    listed = (spells,) if isinstance(spells[0], int) else spells
    at = calendar.midnight(day)
    blocks = tuple(Block(at + start, at + end, WORK, queues) for start, end in listed)
    return Duty(day, blocks, shape)


def with_pause(calendar: Calendar, day: int, start: int, end: int, *pauses: Spell) -> Duty:
    """A duty with unpaid breaks."""
    at, blocks, now = calendar.midnight(day), [], start
    for first, last in pauses:
        if first > now:
            blocks.append(Block(at + now, at + first, WORK))
        blocks.append(Block(at + first, at + last, PAUSE))
        now = last
    if now < end:
        blocks.append(Block(at + now, at + end, WORK))
    return Duty(day, tuple(blocks))


@dataclass(frozen=True)
class Case:
    """
    One rule and every tour of a tiny world.

    ``duties`` are clock spells, or (name, spells), or (name, spells, queues); ``menu`` the
    options of each day, 0 is off; ``past`` (day, option) pairs worked before.
    """

    name: str
    rule: Rule
    duties: tuple[object, ...]
    days: int = 7
    menu: tuple[tuple[int, ...], ...] = ()
    past: tuple[tuple[int, int], ...] = ()
    known_from: int = 0
    first: date = MONDAY
    zone: str = "UTC"
    week_starts: str = "monday"
    holidays: dict[date, str] = field(default_factory=dict)
    terms: Contract = field(default_factory=contract)
    changes: dict[str, object] = field(default_factory=dict)
    price: int = PRICE

    @property
    def calendar(self) -> Calendar:
        """The law's calendar."""
        grid = Grid(self.first, self.days, 30, self.zone)
        return Calendar(grid, "", self.week_starts, self.holidays, self.known_from)

    def option(self, calendar: Calendar, day: int, option: int) -> Duty:
        """A duty of the catalogue on a day."""
        told = self.duties[option - 1]
        shape, spells, *queues = told if isinstance(told[0], str) else ("", told)
        return duty(calendar, day, spells, shape, *queues)

    @property
    def tour(self) -> Tour:
        """The person with their past, nothing planned."""
        calendar = self.calendar
        past = [self.option(calendar, day, option) for day, option in sorted(self.past)]
        return Tour(person(self.terms, **dict(self.changes)), calendar, tuple(past))

    @property
    def menus(self) -> tuple[tuple[int, ...], ...]:
        """Options by day."""
        return self.menu or (tuple(range(len(self.duties) + 1)),) * self.days

    @property
    def choices(self) -> np.ndarray:
        """Every tour as options, int [tours, days]."""
        return np.array(list(product(*self.menus)))


def catalogue(case: Case) -> list[list[Duty]]:
    """All duties on all days."""
    calendar = case.calendar
    numbers = range(1, len(case.duties) + 1)
    return [[case.option(calendar, day, number) for number in numbers] for day in range(case.days)]


def checked(case: Case, book: Book) -> np.ndarray:
    """Total breach in cents of every tour, or -1 where a hard rule breaks, as checkers say."""
    tour, menu = case.tour, catalogue(case)
    found = np.zeros(len(case.choices), dtype=np.int64)
    for at, options in enumerate(case.choices):
        planned = tuple(menu[day][k - 1] for day, k in enumerate(options) if k)
        whole = Tour(tour.person, tour.calendar, (*tour.duties, *planned))
        for entry in book:
            amount = sum(breach.amount for breach in entry.rule.breaches(whole))
            if amount and entry.severity is Severity.HARD:
                found[at] = -1
                break
            found[at] += amount * entry.price
    return found


def compiled(case: Case, book: Book) -> Compiled:
    """The tables."""
    return compile_rules(book, [case.tour], catalogue(case))


def walked(case: Case, tables: Compiled) -> np.ndarray:
    """The same figure for every tour, as the compiled tables say."""
    choices = case.choices
    terms = tables.terms["ann"]
    node = np.full(len(choices), terms.start)
    cost = np.zeros(len(choices), dtype=np.int64)
    alive = node >= 0
    for day, layer in enumerate(tables.layers):
        option = choices[:, day]
        columns = layer.classes[option]
        safe = np.where(alive, node, 0)
        if not layer.nodes:
            alive[:] = False
            break
        cost += np.where(alive, layer.price[safe, columns], 0) + terms.prices[day][option]
        node = np.where(alive, layer.target[safe, columns], -1)
        alive &= (node >= 0) & terms.allowed[day][option]
    for row, bounds in zip(tables.sums, terms.bounds, strict=True):
        for bound in bounds:
            days = range(bound.first, bound.last + 1)
            total = sum(row.amounts[day][choices[:, day]] for day in days)
            below = np.maximum(0, (bound.at_least or 0) - total)
            above = 0 if bound.at_most is None else np.maximum(0, total - bound.at_most)
            if row.price is None:
                alive &= below + above == 0
            else:
                cost += (below + above) * row.price
    return np.where(alive, cost, -1)


def solved(case: Case, tables: Compiled) -> np.ndarray:
    """The same once more: every solution of a CP-SAT model made of the tables."""
    from ortools.sat.python import cp_model

    terms = tables.terms["ann"]
    model = cp_model.CpModel()
    taken = [
        model.new_int_var_from_domain(cp_model.Domain.from_values(menu), f"x{day}")
        for day, menu in enumerate(case.menus)
    ]
    cost_terms = []
    if terms.start < 0:
        return np.full(len(case.choices), -1)
    node = model.new_constant(terms.start)
    for day, layer in enumerate(tables.layers):
        following = model.new_int_var(0, max(int(layer.target.max(initial=0)), 0), f"n{day}")
        top = int(layer.price.max(initial=0) + terms.prices[day].max(initial=0))
        cost = model.new_int_var(0, top, f"c{day}")
        rows = [
            (at, k, int(layer.target[at, layer.classes[k]]),
             int(layer.price[at, layer.classes[k]] + terms.prices[day][k]))
            for at in range(layer.nodes)
            for k in case.menus[day]
            if layer.target[at, layer.classes[k]] >= 0 and terms.allowed[day][k]
        ]  # fmt: skip
        model.add_allowed_assignments([node, taken[day], following, cost], rows)
        cost_terms.append(cost)
        node = following
    for row, bounds in zip(tables.sums, terms.bounds, strict=True):
        values = []
        for day, amounts in enumerate(row.amounts):
            value = model.new_int_var(0, int(amounts.max()), f"a{row.code}{day}")
            model.add_element(taken[day], amounts.tolist(), value)
            values.append(value)
        for bound in bounds:
            total = sum(values[bound.first : bound.last + 1])
            most = sum(int(a.max()) for a in row.amounts) + (bound.at_least or 0)
            for sign, limit in ((1, bound.at_most), (-1, bound.at_least)):
                if limit is None:
                    continue
                if row.price is None:
                    model.add(sign * total <= sign * limit)
                else:
                    over = model.new_int_var(0, most, "")
                    model.add_max_equality(over, [0, sign * total - sign * limit])
                    cost_terms.append(row.price * over)
    return _enumerated(case, model, taken, cost_terms)


def _enumerated(case, model, taken, cost_terms) -> np.ndarray:
    from ortools.sat.python import cp_model

    total = model.new_int_var(0, 10**9, "total")
    model.add(total == sum(cost_terms))
    found: dict[tuple[int, ...], int] = {}

    class Every(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self) -> None:
            key = tuple(self.value(one) for one in taken)
            assert found.setdefault(key, self.value(total)) == self.value(total)

    solver = cp_model.CpSolver()
    solver.parameters.enumerate_all_solutions = True
    solver.parameters.num_workers = 1
    solver.solve(model, Every())
    return np.array([found.get(tuple(int(k) for k in row), -1) for row in case.choices])


def hard(rule: Rule) -> Book:
    """A book of this rule alone, hard."""
    return Book("hard", (Entry("R", rule),))


def priced(rule: Rule, price: int = PRICE) -> Book:
    """A book of this rule alone, priced."""
    return Book("priced", (Entry("R", rule, Severity.PRICED, price),))
