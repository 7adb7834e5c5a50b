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
from typing import Any

import numpy as np

from wfm.domain.money import Cents
from wfm.domain.roster import Calendar, Duty, Severity, Tour
from wfm.domain.workforce import Person
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
    begin,
    day_in,
    windows,
)

Catalogue = Sequence[Sequence[Duty]]  # the duties that can be worked, by day of the horizon
FOLD = 32  # a weekly count with more states than this stays a sum


@dataclass(frozen=True)
class Layer:
    """
    One day of the automaton.

    Parameters
    ----------
    classes
        Class of each option, int32 [1 + duties]; option 0, the day off, has class 0.
    target
        Node before the next day, int32 [nodes, classes]; -1 where a hard rule forbids it.
    price
        Cents of priced rules on the way, int64 [nodes, classes]; 0 where ``target`` is -1.
    """

    classes: np.ndarray
    target: np.ndarray
    price: np.ndarray

    @property
    def nodes(self) -> int:
        """Number of nodes before this day."""
        return int(self.target.shape[0])


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
        Options that the person can take, bool [1 + duties] by day; [0] is always true.
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


@dataclass(frozen=True)
class Machine:
    """
    An automaton over the days: layers, and the start node of each person, int32 [people].
    """

    layers: tuple[Layer, ...]
    starts: np.ndarray


def compile_rules(book: Book, tours: Sequence[Tour], catalogue: Catalogue) -> Compiled:
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

    Raises
    ------
    SettingsError
        The people do not share a calendar, a contract, or the rules that bind them.
    """
    bound = shared_book(book, tours)
    entries = [entry for entry in bound if entry.severity is not Severity.INFO]
    calendar, contract = tours[0].calendar, tours[0].person.agent.contract
    days = options(calendar, catalogue)
    memories: list[tuple[Memory, Cents | None]] = []
    eaches: list[tuple[Each, Cents | None]] = []
    counts: list[tuple[Entry, Count]] = []
    for entry in entries:
        word, price = entry.rule.declare(contract), price_of(entry)
        if isinstance(word, Each):
            eaches.append((word, price))
        elif isinstance(word, Memory):
            memories.append((word, price))
        elif foldable(word):
            memories.append((folded(word, calendar), price))
        else:
            counts.append((entry, word))
    machine = joined([tabulated(memory, price, days, tours) for memory, price in memories], days)
    sums = tuple(_sum(entry, count, days) for entry, count in counts)
    allowed, prices = _shared_terms(eaches, days, tours[0].person)
    terms = {}
    for number, tour in enumerate(tours):
        own, cost = _personal_terms(eaches, days, tour.person, allowed, prices)
        bounds = tuple(
            _bounds(count, row, tour) for (_, count), row in zip(counts, sums, strict=True)
        )
        terms[tour.agent] = Terms(int(machine.starts[number]), own, cost, bounds)
    return Compiled(machine.layers, sums, terms, tuple(entry.code for entry in entries))


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


def options(calendar: Calendar, catalogue: Catalogue) -> tuple[tuple[Today, ...], ...]:
    """
    What can be done on each day, option 0 the day off.
    """
    if len(catalogue) != calendar.days:
        raise SettingsError(f"duties of {len(catalogue)} days for {calendar.days} days")
    return tuple(
        (Today(calendar, day), *(Today(calendar, day, (duty,)) for duty in duties))
        for day, duties in enumerate(catalogue)
    )


def price_of(entry: Entry) -> Cents | None:
    """
    Cents per unit of breach; None for a rule that must not be broken.
    """
    return entry.price if entry.severity is Severity.PRICED else None


def foldable(count: Count) -> bool:
    """
    Whether a count is small enough, and resets every week, to be states of the automaton.
    """
    if not isinstance(count.period, EachWeek) or count.personal is not None:
        return False
    return max(count.at_least or 0, count.at_most or 0) < FOLD


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


def tabulated(
    memory: Memory,
    price: Cents | None,
    days: Sequence[Sequence[Today]],
    tours: Sequence[Tour],
) -> Machine:
    """
    A memory as an automaton: every state that can be reached, by running its step.
    """
    first = [_carried(memory, tour) for tour in tours]
    states = list(dict.fromkeys(first))
    starts = np.array([states.index(state) for state in first], dtype=np.int32)
    memo: dict[Hashable, tuple[Hashable, int]] = {}
    layers = []
    for today in days:
        seen = [memory.view(option) for option in today]
        kinds: dict[Hashable, int] = {}
        numbers = [kinds.setdefault(view.key, len(kinds) + 1) for view in seen[1:]]
        classes = np.array([0, *numbers], dtype=np.int32)
        views = [seen[0], *(seen[1 + numbers.index(kind)] for kind in kinds.values())]
        labels = [seen[0].key, *kinds]
        target = np.full((len(states), len(views)), -1, dtype=np.int32)
        cost = np.zeros((len(states), len(views)), dtype=np.int64)
        after: dict[Hashable, int] = {}
        for node, state in enumerate(states):
            for column, (label, view) in enumerate(zip(labels, views, strict=True)):
                known = memo.get((state, label))
                if known is None:
                    known = memo[state, label] = memory.step(state, view)
                following, breach = known
                if breach and price is None:
                    continue
                target[node, column] = after.setdefault(following, len(after))
                cost[node, column] = breach * (price or 0)
        layers.append(Layer(classes, target, cost))
        states = list(after)
    return minimised(Machine(tuple(layers), starts))


def _carried(memory: Memory, tour: Tour) -> Hashable:
    """State before day 0, after the days that are known."""
    state = memory.start
    for day in range(begin(tour), 0):
        state, _ = memory.step(state, memory.view(day_in(tour, day)))
    return state


def minimised(machine: Machine) -> Machine:
    """
    The smallest automaton with the same tours and prices.

    From the last day back: nodes without a way on are dropped, nodes with the same ways
    are one, and duties that lead everywhere to the same are one class.
    """
    layers: list[Layer] = []
    last = machine.layers[-1].target
    merged = np.zeros(int(last.max(initial=-1)) + 1, dtype=np.int32)
    for layer in reversed(machine.layers):
        target = np.where(layer.target >= 0, np.append(merged, -1)[layer.target], -1)
        price = np.where(target >= 0, layer.price, 0)
        alive = (target >= 0).any(axis=1)
        rows = np.hstack([target.astype(np.int64), price])
        first, back = _distinct(rows[alive])
        merged = np.full(len(target), -1, dtype=np.int32)
        merged[alive] = back
        target, price = target[alive][first], price[alive][first]
        layers.append(_same_columns(Layer(layer.classes, target.astype(np.int32), price)))
    starts = np.append(merged, -1)[machine.starts].astype(np.int32)
    return Machine(tuple(reversed(layers)), starts)


def _distinct(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Index of the first of each kind of row, in order, and the kind of every row."""
    if not len(rows):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int32)
    packed = np.ascontiguousarray(rows)
    keys = packed.view(np.dtype((np.void, packed.dtype.itemsize * packed.shape[1]))).ravel()
    kinds: dict[bytes, int] = {}
    back = np.empty(len(rows), dtype=np.int32)
    first: list[int] = []
    for at, key in enumerate(keys):
        kind = kinds.setdefault(key.tobytes(), len(kinds))
        if kind == len(first):
            first.append(at)
        back[at] = kind
    return np.array(first, dtype=np.int64), back


def _same_columns(layer: Layer) -> Layer:
    """One class for duties whose columns are equal; the day off keeps its own."""
    columns = np.vstack([layer.target.astype(np.int64), layer.price])
    first, back = _distinct(np.ascontiguousarray(columns[:, 1:].T))
    kept = np.concatenate([[0], first + 1]).astype(np.int64)
    number = np.concatenate([[0], back + 1]).astype(np.int32)
    return Layer(number[layer.classes], layer.target[:, kept], layer.price[:, kept])


def joined(machines: Sequence[Machine], days: Sequence[Sequence[Today]]) -> Machine:
    """
    All automata at once, joined one at a time from the smallest, minimised after each.
    """
    total = _free(days, len(machines[0].starts) if machines else 1)
    for machine in sorted(machines, key=lambda one: sum(layer.nodes for layer in one.layers)):
        total = minimised(_product(total, machine))
    return total


def _free(days: Sequence[Sequence[Today]], people: int) -> Machine:
    """The automaton that forbids nothing."""
    layers = []
    for today in days:
        classes = np.minimum(np.arange(len(today)), 1).astype(np.int32)
        columns = int(classes.max()) + 1
        zeros = np.zeros((1, columns))
        layers.append(Layer(classes, zeros.astype(np.int32), zeros.astype(np.int64)))
    return Machine(tuple(layers), np.zeros(people, dtype=np.int32))


def _product(one: Machine, other: Machine) -> Machine:
    """Both automata side by side: only pairs of nodes that can be reached."""
    width = max(other.layers[0].nodes, 1)
    dead = (one.starts < 0) | (other.starts < 0)
    codes = np.where(dead, -1, one.starts.astype(np.int64) * width + other.starts)
    pairs = np.unique(codes[codes >= 0])
    starts = np.where(dead, -1, np.searchsorted(pairs, codes)).astype(np.int32)
    layers = []
    for day, (left, right) in enumerate(zip(one.layers, other.layers, strict=True)):
        joint = left.classes.astype(np.int64) * right.target.shape[1] + right.classes
        classes, numbers = np.unique(joint, return_inverse=True)
        a, b = pairs // width, pairs % width
        columns_a, columns_b = np.divmod(classes, right.target.shape[1])
        to_a = left.target[np.ix_(a, columns_a)].astype(np.int64)
        to_b = right.target[np.ix_(b, columns_b)]
        price = left.price[np.ix_(a, columns_a)] + right.price[np.ix_(b, columns_b)]
        following = other.layers[day + 1].nodes if day + 1 < len(other.layers) else 1
        width = max(following, 1)
        open_ = (to_a >= 0) & (to_b >= 0)
        codes = np.where(open_, to_a * width + to_b, -1)
        pairs = np.unique(codes[open_])
        target = np.where(open_, np.searchsorted(pairs, codes), -1).astype(np.int32)
        layers.append(Layer(numbers.astype(np.int32), target, np.where(open_, price, 0)))
    return Machine(tuple(layers), starts)


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


Marks = tuple[np.ndarray, ...]


def _shared_terms(
    eaches: Sequence[tuple[Each, Cents | None]],
    days: Sequence[Sequence[Today]],
    person: Person,
) -> tuple[Marks, Marks]:
    """What rules about single duties say of everybody."""
    allowed = tuple(np.ones(len(today), dtype=bool) for today in days)
    prices = tuple(np.zeros(len(today), dtype=np.int64) for today in days)
    shared = [(each, price) for each, price in eaches if not each.personal]
    return _marked(shared, days, person, allowed, prices)


def _personal_terms(
    eaches: Sequence[tuple[Each, Cents | None]],
    days: Sequence[Sequence[Today]],
    person: Person,
    allowed: Marks,
    prices: Marks,
) -> tuple[Marks, Marks]:
    """What they say of one person, on top."""
    own = [(each, price) for each, price in eaches if each.personal]
    return _marked(own, days, person, allowed, prices)


def _marked(
    eaches: Sequence[tuple[Each, Cents | None]],
    days: Sequence[Sequence[Today]],
    person: Person,
    allowed: Marks,
    prices: Marks,
) -> tuple[Marks, Marks]:
    allowed, prices = tuple(map(np.copy, allowed)), tuple(map(np.copy, prices))
    for each, price in eaches:
        for day, today in enumerate(days):
            for option in range(1, len(today)):
                amount = each.amount(person, today[option])
                if not amount:
                    continue
                if price is None:
                    allowed[day][option] = False
                else:
                    prices[day][option] += amount * price
    return allowed, prices
