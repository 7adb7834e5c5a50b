"""
Rules to tables: one compilation per group of people under the same law and contract.

What solvers read is ``Compiled``. In words: on each day a person takes *option* 0, the
day off, or option k >= 1, the k-th duty of that day's catalogue. Options that no rule can
tell apart share a *class*. A person stands at a *node* before each day, and an option's
class leads to the node before the next day, at a price, or nowhere. What sums too finely
for nodes (minutes a week, averages) is left as ``Sum``: amounts by option, and bounds
on windows of days. A tour is admitted when its options lead somewhere on every day and
every hard bound holds; its price is the cents on its path, the person's own prices, and
each priced bound's breach times its price.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from wfm.domain.money import Cents
from wfm.domain.roster import Calendar, Duty, Severity, Tour
from wfm.domain.workforce import Contract, Person
from wfm.errors import SettingsError
from wfm.rules.book import Book
from wfm.rules.entry import Entry
from wfm.rules.words import (
    Count,
    Each,
    EachWeek,
    Memory,
    Today,
    View,
    Window,
    day_in,
    windows,
)
from wfm.scheduling.automata import Layer, Machine, joined, tabulated
from wfm.scheduling.tablecache import keep, key_of, load

__all__ = ["Bound", "Compiled", "Layer", "Sum", "Terms", "compile_rules", "groups"]

Catalogue = Sequence[Sequence[Duty]]  # the duties that can be worked, by day of the horizon
Marks = tuple[np.ndarray, ...]  # one array of options for each day
FOLD = 32  # a weekly count of more states stays a sum, where hours add up by week


@dataclass(frozen=True)
class Sum:
    """
    A count that stays outside the automaton.

    Parameters
    ----------
    code
        The rule's code.
    amounts
        Amount of each option by day, int64 [1 + duties] each; never negative.
    price
        Cents for each unit beyond a bound; None when the bounds are hard.
    windows
        The windows; each person's ``Terms.bounds`` has one ``Bound`` for each, in this order.
    """

    code: str
    amounts: tuple[np.ndarray, ...]
    price: Cents | None
    windows: tuple[Window, ...]


@dataclass(frozen=True)
class Bound:
    """
    Bounds of one person on one window, after what past days and absences bring.

    The sum runs over the planned days ``first`` to ``last``, both counted.
    """

    first: int
    last: int
    at_least: int | None
    at_most: int | None


@dataclass(frozen=True)
class Terms:
    """
    What one person brings to the tables.

    Parameters
    ----------
    start
        Node before day 0; -1 when no tour at all is admitted.
    allowed
        Options that the person can take, bool [1 + duties] by day; [0] is the day off.
    prices
        Cents of priced rules about single duties, wishes among them, int64 [1 + duties]
        by day.
    bounds
        For each sum, a bound for each of its windows.
    """

    start: int
    allowed: tuple[np.ndarray, ...]
    prices: tuple[np.ndarray, ...]
    bounds: tuple[tuple[Bound, ...], ...]


@dataclass(frozen=True)
class Compiled:
    """
    A rule book as tables, for one group of people; see the head of this module.

    Layers are as many as days; all nodes after the last day are admitted and are one node.
    """

    layers: tuple[Layer, ...]
    sums: tuple[Sum, ...]
    terms: Mapping[str, Terms]  # by agent
    codes: tuple[str, ...] = field(default=())  # rules that are in the tables


def compile_rules(
    book: Book, tours: Sequence[Tour], catalogue: Catalogue, *, cache: Path | None = None
) -> Compiled:
    """
    Tables for people who share calendar, contract and the rules that bind them.

    Parameters
    ----------
    book
        Rules in force. ``INFO`` entries are left out.
    tours
        One tour for each person; only their past duties are read.
    catalogue
        Duties that can be worked, by day of the horizon, in horizon minutes.
    cache
        Folder in which tables are kept by the hash of their inputs; None: nowhere.

    Raises
    ------
    SettingsError
        The people do not share a calendar, a contract, or the rules that bind them.
    """
    bound = shared_book(book, tours)
    bound = bound.without(entry.code for entry in bound if entry.severity is Severity.INFO)
    words = _words(bound, tours[0])
    days = Menu(tours[0].calendar, catalogue)
    key = key_of(bound, tours, catalogue) if cache else ""
    kept = load(cache, key) if cache else None
    tables = _unpacked(kept, words, tours[0].calendar) if kept else None
    if tables is None:
        tables = _common(words, days, tours)
        if cache:
            keep(cache, key, _packed(tables))
    terms = {}
    for number, tour in enumerate(tours):
        own, cost = _marked(words.personal, days, tour.person, tables.allowed, tables.prices)
        bounds = tuple(
            _bounds(count, row, tour)
            for (_, count), row in zip(words.counts, tables.sums, strict=True)
        )
        terms[tour.agent] = Terms(int(tables.machine.starts[number]), own, cost, bounds)
    codes = tuple(entry.code for entry in bound)
    return Compiled(tables.machine.layers, tables.sums, terms, codes)


@dataclass(frozen=True)
class _Words:
    """A book's declarations by kind; folded counts are memories."""

    memories: tuple[tuple[Memory, Cents | None], ...]
    shared: tuple[tuple[Each, Cents | None], ...]
    personal: tuple[tuple[Each, Cents | None], ...]
    counts: tuple[tuple[Entry, Count], ...]


@dataclass(frozen=True)
class _Common:
    """What is the same for everybody of a group, and everybody's start node."""

    machine: Machine
    sums: tuple[Sum, ...]
    allowed: Marks
    prices: Marks


def _words(book: Book, tour: Tour) -> _Words:
    memories, eaches, counts = [], [], []
    for entry in book:
        word, price = entry.rule.declare(tour.person.agent.contract), price_of(entry)
        if isinstance(word, Each):
            eaches.append((word, price))
        elif isinstance(word, Memory):
            memories.append((word, price))
        elif foldable(word, tour.person.agent.contract):
            memories.append((folded(word, tour.calendar), price))
        else:
            counts.append((entry, word))
    return _Words(
        tuple(memories),
        tuple((each, price) for each, price in eaches if not each.personal),
        tuple((each, price) for each, price in eaches if each.personal),
        tuple(counts),
    )


def _common(words: _Words, days: Menu, tours: Sequence[Tour]) -> _Common:
    made = [tabulated(memory, price, days, tours) for memory, price in words.memories]
    machine = joined(made, days, len(tours))
    sums = tuple(_sum(entry, count, days) for entry, count in words.counts)
    free = tuple(np.ones(len(today), dtype=bool) for today in days)
    none = tuple(np.zeros(len(today), dtype=np.int64) for today in days)
    return _Common(machine, sums, *_marked(words.shared, days, tours[0].person, free, none))


def _packed(tables: _Common) -> dict[str, np.ndarray]:
    arrays = {"starts": tables.machine.starts}
    for day, layer in enumerate(tables.machine.layers):
        arrays[f"classes {day}"] = layer.classes
        arrays[f"target {day}"] = layer.target
        arrays[f"price {day}"] = layer.price
        arrays[f"allowed {day}"] = tables.allowed[day]
        arrays[f"prices {day}"] = tables.prices[day]
        for at, row in enumerate(tables.sums):
            arrays[f"sum {at} {day}"] = row.amounts[day]
    return arrays


def _unpacked(kept: Mapping[str, np.ndarray], words: _Words, calendar: Calendar) -> _Common | None:
    """The tables of a file; None where it holds others."""
    try:
        return _tables(kept, words, calendar)
    except KeyError:
        return None


def _tables(kept: Mapping[str, np.ndarray], words: _Words, calendar: Calendar) -> _Common:
    numbers = range(calendar.days)
    layers = tuple(
        Layer(kept[f"classes {day}"], kept[f"target {day}"], kept[f"price {day}"])
        for day in numbers
    )
    sums = tuple(
        Sum(
            entry.code,
            tuple(kept[f"sum {at} {day}"] for day in numbers),
            price_of(entry),
            windows(count.period, calendar),
        )
        for at, (entry, count) in enumerate(words.counts)
    )
    return _Common(
        Machine(layers, kept["starts"]),
        sums,
        tuple(kept[f"allowed {day}"] for day in numbers),
        tuple(kept[f"prices {day}"] for day in numbers),
    )


def shared_book(book: Book, tours: Sequence[Tour]) -> Book:
    """
    The part of the book that binds these people; they must share it, contract and calendar.
    """
    if not tours:
        raise SettingsError("no people to compile rules for")
    first = tours[0]
    mine = book.for_agent(first.person.agent)
    for tour in tours[1:]:
        same = (
            tour.person.agent.contract == first.person.agent.contract
            and tour.calendar == first.calendar
            and book.for_agent(tour.person.agent) == mine
        )
        if not same:
            raise SettingsError(f"{first.agent} and {tour.agent} are not under the same rules")
    return mine


def groups(book: Book, tours: Sequence[Tour]) -> tuple[tuple[Tour, ...], ...]:
    """
    People who can be compiled together, in order of the first of each group.
    """
    found: list[list[Tour]] = []
    keys: dict[Hashable, list[list[Tour]]] = {}
    for tour in tours:
        agent = tour.person.agent
        codes = tuple(entry.code for entry in book.for_agent(agent))
        key = (agent.contract.name, tour.calendar.zone_name, codes)
        near = keys.setdefault(key, [])
        for group in near:
            other = group[0]
            if other.person.agent.contract == agent.contract and other.calendar == tour.calendar:
                group.append(tour)
                break
        else:
            near.append([tour])
            found.append(near[-1])
    return tuple(tuple(group) for group in found)


class Menu(Sequence[Sequence[Today]]):
    """
    What can be done on each day, option 0 the day off; each day is laid out when it is read.
    """

    def __init__(self, calendar: Calendar, catalogue: Catalogue):
        if len(catalogue) != calendar.days:
            raise SettingsError(f"duties of {len(catalogue)} days for {calendar.days} days")
        self.calendar, self.catalogue = calendar, catalogue
        self.made: dict[int, tuple[Today, ...]] = {}

    def __len__(self) -> int:
        return len(self.catalogue)

    def __getitem__(self, day: Any) -> Any:
        if not 0 <= day < len(self.catalogue):
            raise IndexError(day)
        if day not in self.made:
            off = Today(self.calendar, day)
            worked = (Today(self.calendar, day, (duty,)) for duty in self.catalogue[day])
            self.made[day] = (off, *worked)
        return self.made[day]


def price_of(entry: Entry) -> Cents | None:
    """
    Cents per unit of breach; None for a rule that must not be broken.
    """
    return entry.price if entry.severity is Severity.PRICED else None


def foldable(count: Count, contract: Contract) -> bool:
    """
    Whether a count resets every week and is small enough to be states of the automaton.

    Where hours add up over blocks of weeks, those of single weeks are states whatever their size.
    """
    if not isinstance(count.period, EachWeek) or count.personal is not None:
        return False
    return contract.average_weeks > 1 or max(count.at_least or 0, count.at_most or 0) < FOLD


def folded(count: Count, calendar: Calendar) -> Memory:
    """
    A weekly count as a memory: the sum so far is the state.
    """
    low, high = count.at_least or 0, count.at_most
    whole = {calendar.week(window.last) for window in windows(EachWeek(), calendar) if window.whole}
    cap = max(low, 0 if high is None else high)

    def reads(today: Today) -> int:
        return count.what(View(today, count.sees))

    def step(total: int, today: Any) -> tuple[int, int]:
        amount = today.read
        breach = 0 if high is None else max(0, total + amount - high) - max(0, total - high)
        total = min(total + amount, cap)
        if not today.ends_week:
            return total, breach
        if today.week in whole:
            breach += max(0, low - total)
        return 0, breach

    return Memory(0, step, ("week", "ends_week"), reads)


def _sum(entry: Entry, count: Count, days: Sequence[Sequence[Today]]) -> Sum:
    amounts = tuple(
        np.array([count.what(View(option, count.sees)) for option in today], dtype=np.int64)
        for today in days
    )
    calendar = days[0][0].calendar
    return Sum(entry.code, amounts, price_of(entry), windows(count.period, calendar))


def _bounds(count: Count, row: Sum, tour: Tour) -> tuple[Bound, ...]:
    return tuple(_bound(count, window, tour) for window in row.windows)


def _bound(count: Count, window: Window, tour: Tour) -> Bound:
    past = sum(count.what(View(day_in(tour, day), count.sees)) for day in window.days if day < 0)
    low, high = count.bounds(tour.person, tour.calendar, window)
    return Bound(
        first=max(0, window.first),
        last=window.last,
        at_least=None if low is None else max(0, low - past),
        at_most=None if high is None else max(0, high - past),
    )


def _marked(
    eaches: Sequence[tuple[Each, Cents | None]],
    days: Menu,
    person: Person,
    allowed: Marks,
    prices: Marks,
) -> tuple[Marks, Marks]:
    allowed, prices = tuple(map(np.copy, allowed)), tuple(map(np.copy, prices))
    for each, price in eaches:
        some = None if each.days is None else each.days(person, days.calendar)
        for day in range(len(days)):
            if some is not None and day not in some:
                continue
            today = days[day]
            for option in range(0 if each.off else 1, len(today)):
                amount = each.amount(person, today[option])
                if not amount:
                    continue
                if price is None:
                    allowed[day][option] = False
                else:
                    prices[day][option] += amount * price
    return allowed, prices
