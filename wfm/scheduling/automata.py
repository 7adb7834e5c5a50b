"""
Automata over the days of a horizon: tabulated from memories, minimised, joined.

Rules are joined one at a time and minimised after each, so that what grows is cut back at
once: duties that nothing tells apart, states that lead to the same, and dead ends.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from wfm.domain.money import Cents
from wfm.domain.roster import Tour
from wfm.errors import SettingsError
from wfm.rules.words import Memory, Today, View, begin, day_in

MOST_STATES = 200_000  # of one rule on one day; more is a rule for which tables are wrong


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
class Machine:
    """
    An automaton over the days: layers, and the start node of each person, int32 [people].
    """

    layers: tuple[Layer, ...]
    starts: np.ndarray


Options = Sequence[Sequence[Today]]  # what can be done on each day, option 0 the day off


def tabulated(memory: Memory, price: Cents | None, days: Options, tours: Sequence[Tour]) -> Machine:
    """
    A memory as an automaton: every state that can be reached, by running its step.

    Days that look alike to the rule, entered in the same states, are tabulated once.

    Raises
    ------
    SettingsError
        The rule has too many states for tables.
    """
    first = [_carried(memory, tour) for tour in tours]
    states = sorted(set(first), key=repr)
    starts = np.array([states.index(state) for state in first], dtype=np.int32)
    memo: dict[Hashable, tuple[Hashable, int]] = {}
    known: dict[Hashable, tuple[np.ndarray, np.ndarray, list[Hashable]]] = {}
    layers = []
    for today in days:
        seen = [memory.view(option) for option in today]
        kinds: dict[Hashable, int] = {}
        numbers = [kinds.setdefault(view.key, len(kinds) + 1) for view in seen[1:]]
        classes = np.array([0, *numbers], dtype=np.int32)
        views = [seen[0], *(seen[1 + numbers.index(kind)] for kind in kinds.values())]
        labels = (seen[0].key, *kinds)
        alike = (labels, tuple(states))
        if alike not in known:
            known[alike] = _table(
                memory, price, states, list(zip(labels, views, strict=True)), memo
            )
        target, cost, states = known[alike]
        layers.append(Layer(classes, target, cost))
    return minimised(Machine(tuple(layers), starts))


def _table(
    memory: Memory,
    price: Cents | None,
    states: Sequence[Hashable],
    columns: Sequence[tuple[Hashable, View]],
    memo: dict[Hashable, tuple[Hashable, int]],
) -> tuple[np.ndarray, np.ndarray, list[Hashable]]:
    """Targets, prices and the states that follow, those in a fixed order."""
    if len(states) > MOST_STATES:
        raise SettingsError(
            f"a rule has {len(states)} states on one day, too many for tables",
            hint="make it 'info', or widen the steps between shifts",
        )
    target = np.full((len(states), len(columns)), -1, dtype=np.int32)
    cost = np.zeros((len(states), len(columns)), dtype=np.int64)
    after: dict[Hashable, int] = {}
    for node, state in enumerate(states):
        for column, (label, view) in enumerate(columns):
            step = memo.get((state, label))
            if step is None:
                step = memo[state, label] = memory.step(state, view)
            following, breach = step
            if breach and price is None:
                continue
            target[node, column] = after.setdefault(following, len(after))
            cost[node, column] = breach * (price or 0)
    ordered = sorted(after, key=repr)
    place = np.full(len(after) + 1, -1, dtype=np.int32)
    for number, state in enumerate(ordered):
        place[after[state]] = number
    return place[target], cost, ordered


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


def joined(machines: Sequence[Machine], days: Options, people: int) -> Machine:
    """
    All automata at once, joined one at a time from the smallest, minimised after each.
    """
    total = _free(days, people)
    for machine in sorted(machines, key=lambda one: sum(layer.nodes for layer in one.layers)):
        total = minimised(_product(total, machine))
    return total


def _free(days: Options, people: int) -> Machine:
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
