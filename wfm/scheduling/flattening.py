"""
From compiled rules to the flat tables that `wfm.scheduling.layout` describes.

Each hard sum takes one of three ways: the one with most units is the *inner* dimension,
caps so small that few states hold them are the *outer* one, all others are *priced*.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import gcd

import numpy as np

from wfm.errors import SettingsError
from wfm.scheduling.columns import Group
from wfm.scheduling.compiling import Bound, Compiled, Sum
from wfm.scheduling.layout import Additions, Crowd, Tables, reach

STATES = 12  # states that small caps may have together; caps beyond are priced
CELLS = 6_000_000  # cells of one person's table beyond which small caps are priced, too
HUGE = 13  # times as many, beyond which even the inner sum is: half a gigabyte
FAR = 1 << 30  # more units than any sum reaches


@dataclass(frozen=True)
class Line:
    """
    One bounded window of a sum, for everybody of a group; units are ``unit`` of the sum.

    ``least`` and ``most`` are int64 [people]; ``matters`` says for whom a bound can bind.
    """

    amounts: np.ndarray  # int64 [options]: units, 0 outside the window
    first: int
    last: int
    least: np.ndarray
    most: np.ndarray
    matters: np.ndarray


@dataclass(frozen=True)
class Ways:
    """
    Which sum takes which way.
    """

    inner: tuple[Line, ...]  # windows of one sum, in order
    outer: tuple[Line, ...]
    priced: tuple[Line, ...]


@dataclass(frozen=True)
class Staff:
    """
    A team laid out for the kernels, groups one after the other.

    ``cells`` are those of each person's table, the work of one filling; int64 [people].
    """

    tables: Tables
    crowd: Crowd
    adds: Additions
    agents: tuple[str, ...]
    cells: np.ndarray

    def space(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Scratch for `best_tour`."""
        sets = int(self.tables.sets.max())
        nodes = int(self.tables.nodes.max())
        width = 1
        for g in range(len(self.tables.nodes)):
            days = np.repeat(
                np.arange(self.tables.nodes.shape[1] - 1), np.diff(self.tables.nodes[g])
            )
            high = self.crowd.high[self.crowd.group == g][:, : len(days)]
            width = max(width, int((high - self.tables.base[g, days]).max(initial=0)) + 1)
        shape = (nodes, self.crowd.move.shape[2], width)
        return np.empty(shape), np.empty(sets), np.empty(sets, np.int64)


@dataclass(frozen=True)
class Part:
    """
    One group laid out on its own.
    """

    tables: Tables
    crowd: Crowd
    cells: np.ndarray


def staff(groups: Sequence[Group], *, states: int = STATES, cells: int = CELLS) -> Staff:
    """
    Lay a team out.

    Raises
    ------
    SettingsError
        A sum has priced bounds: say it as a memory, or as a row to be covered.
    """
    parts = [_part(group, number, states, cells) for number, group in enumerate(groups)]
    agents = tuple(agent for group in groups for agent in group.agents)
    shift = np.cumsum([0] + [len(part.tables.target) for part in parts])
    for part, at in zip(parts, shift, strict=False):
        part.tables.arc[:] += at
    flat = ("target", "price")
    tables = {
        name: (np.concatenate if name in flat else stacked)(
            [getattr(one.tables, name) for one in parts]
        )
        for name in Tables._fields
    }
    crowd = {name: stacked([getattr(one.crowd, name) for one in parts]) for name in Crowd._fields}
    return Staff(
        Tables(**tables),
        Crowd(**crowd),
        _additions(groups),
        agents,
        np.concatenate([one.cells for one in parts]),
    )


def _additions(groups: Sequence[Group]) -> Additions:
    """What options of all groups add, in one list."""
    firsts, at = [], 0
    for group in groups:
        firsts.append(group.adds.first[None] + at)
        at += len(group.adds.row)
    return Additions(
        stacked(firsts),
        np.concatenate([group.adds.row for group in groups]),
        np.concatenate([group.adds.amount for group in groups]),
    )


def stacked(arrays: Sequence[np.ndarray]) -> np.ndarray:
    """
    Arrays behind one another along the first axis, others padded to the longest.

    Padding is infinite for costs, none for integers: nothing reads it.
    """
    shape = np.max([one.shape for one in arrays], axis=0)
    fill = np.inf if arrays[0].dtype.kind == "f" else 0
    whole = np.full((sum(len(one) for one in arrays), *shape[1:]), fill, dtype=arrays[0].dtype)
    at = 0
    for one in arrays:
        whole[(slice(at, at + len(one)), *(slice(0, size) for size in one.shape[1:]))] = one
        at += len(one)
    return whole


def _part(group: Group, number: int, states: int, cells: int) -> Part:
    compiled = group.compiled
    soft = [row.code for row in compiled.sums if row.price is not None]
    if soft:
        raise SettingsError(f"rule {soft[0]} is a priced sum, which columns cannot hold")
    first = _firsts(compiled)
    cost = _costs(group)
    _forbid(compiled, group.agents, first, cost)
    lines = [_lines(compiled, at, group.agents, first, cost) for at in range(len(compiled.sums))]
    ways = _ways(lines, states)
    laid = _laid(group, number, ways, first, cost)
    if laid.cells.max() > cells and ways.outer:
        ways = replace(ways, outer=(), priced=ways.priced + ways.outer)
        laid = _laid(group, number, ways, first, cost)
    if laid.cells.max() > HUGE * cells and ways.inner:
        ways = replace(ways, inner=(), priced=ways.priced + ways.inner)
        laid = _laid(group, number, ways, first, cost)
    return laid


def _firsts(compiled: Compiled) -> np.ndarray:
    sizes = [len(layer.classes) for layer in compiled.layers]
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


def _costs(group: Group) -> np.ndarray:
    """Cost of each option, infinite where it is not allowed; float64 [people, options]."""
    terms = [group.compiled.terms[agent] for agent in group.agents]
    cost = np.array([np.concatenate(one.prices) for one in terms], dtype=np.float64)
    if group.cost is not None:
        cost += group.cost
    return np.where([np.concatenate(one.allowed) for one in terms], cost, np.inf)


def _forbid(compiled: Compiled, agents: Sequence[str], first: np.ndarray, cost: np.ndarray) -> None:
    """Options that break an upper bound on their own are not allowed: caps of none."""
    for number, row in enumerate(compiled.sums):
        for p, agent in enumerate(agents):
            for bound in compiled.terms[agent].bounds[number]:
                if bound.at_most is None or bound.at_most >= max(map(np.max, row.amounts)):
                    continue
                for day in range(bound.first, bound.last + 1):
                    span = slice(first[day], first[day + 1])
                    cost[p, span][row.amounts[day] > bound.at_most] = np.inf


def _lines(
    compiled: Compiled, number: int, agents: Sequence[str], first: np.ndarray, cost: np.ndarray
) -> tuple[Line, ...]:
    """The windows of one sum that bind somebody."""
    row = compiled.sums[number]
    unit = gcd(*(int(one) for amounts in row.amounts for one in amounts)) or 1
    found = []
    for at in range(len(row.windows)):
        bounds = [compiled.terms[agent].bounds[number][at] for agent in agents]
        line = _line(row, bounds, unit, first, cost)
        if line.matters.any():
            found.append(line)
    return tuple(found)


def _line(
    row: Sum, bounds: Sequence[Bound], unit: int, first: np.ndarray, cost: np.ndarray
) -> Line:
    begin, end = bounds[0].first, bounds[0].last
    amounts = np.zeros(first[-1], dtype=np.int64)
    for day in range(begin, end + 1):
        amounts[first[day] : first[day + 1]] = row.amounts[day] // unit
    open_ = np.isfinite(cost)
    reach = np.zeros(len(bounds), dtype=np.int64)
    for day in range(begin, end + 1):
        span = slice(first[day], first[day + 1])
        reach += np.where(open_[:, span], amounts[span], 0).max(axis=1)
    least = np.array([-(-(one.at_least or 0) // unit) for one in bounds], dtype=np.int64)
    most = np.array([FAR if one.at_most is None else one.at_most // unit for one in bounds])
    return Line(amounts, begin, end, least, most, (least > 0) | (most < reach))


def _ways(lines: Sequence[tuple[Line, ...]], states: int) -> Ways:
    """The widest sum inside, small caps outside, the rest priced."""
    fit = [
        one for one in lines if one and all(a.last < b.first for a, b in itertools.pairwise(one))
    ]
    width = [max(int(np.minimum(line.most, FAR).min(initial=FAR)) for line in one) for one in fit]
    both = [any(line.least.any() for line in one) for one in fit]
    order = sorted(range(len(fit)), key=lambda at: (not both[at], -width[at]))
    inner = fit[order[0]] if order else ()
    rest = [line for one in lines if one is not inner for line in one]
    outer: list[Line] = []
    priced: list[Line] = []
    room = states
    for line in sorted(rest, key=lambda one: int(one.most[one.matters].max())):
        size = int(line.most[line.matters].max()) + 1
        if size <= room and not line.least.any():
            outer.append(line)
            room //= size
        else:
            priced.append(line)
    return Ways(inner, tuple(outer), tuple(priced))


def _laid(group: Group, number: int, ways: Ways, first: np.ndarray, cost: np.ndarray) -> Part:
    compiled = group.compiled
    days = len(compiled.layers)
    inner = sum((line.amounts for line in ways.inner), np.zeros(first[-1], dtype=np.int64))
    outer = np.array([line.amounts for line in ways.outer], dtype=np.int64).reshape(-1, first[-1])
    extra = np.array([line.amounts for line in ways.priced], dtype=np.int64).reshape(-1, first[-1])
    classes = np.concatenate([layer.classes for layer in compiled.layers])
    vectors, vector = np.unique(outer.T, axis=0, return_inverse=True)
    keys = np.column_stack([classes, inner, vector.ravel(), extra.T])
    set_of = np.zeros(first[-1], dtype=np.int64)
    sets, rows = [0], []
    for day in range(days):
        found, back = np.unique(keys[first[day] : first[day + 1]], axis=0, return_inverse=True)
        set_of[first[day] : first[day + 1]] = back.ravel() + sets[-1]
        sets.append(sets[-1] + len(found))
        rows.append(found)
    table = np.concatenate(rows)
    nodes = np.cumsum([0] + [layer.nodes for layer in compiled.layers] + [1])
    arcs = [layer.target.size for layer in compiled.layers]
    ends = np.zeros(days, dtype=bool)
    ends[[line.last for line in ways.inner]] = True
    ends[-1] = True
    tables = Tables(
        first=first[None],
        set_of=set_of[None],
        sets=np.array([sets], dtype=np.int64),
        klass=table[None, :, 0].copy(),
        inner=table[None, :, 1].copy(),
        outer=table[None, :, 2].copy(),
        extra=np.ascontiguousarray(table[None, :, 3:]),
        nodes=nodes[None].astype(np.int64),
        arc=np.cumsum([0, *arcs[:-1]])[None].astype(np.int64),
        classes=np.array([[layer.target.shape[1] for layer in compiled.layers]], dtype=np.int64),
        target=np.concatenate(
            [
                np.where(layer.target >= 0, layer.target + nodes[day + 1], -1).ravel()
                for day, layer in enumerate(compiled.layers)
            ]
        ).astype(np.int64),
        price=np.concatenate([layer.price.ravel() for layer in compiled.layers]).astype(np.float64),
        ends=ends[None],
        base=np.zeros((1, days + 1), dtype=np.int64),
    )
    crowd = _crowd(group, number, ways, tables, cost, vectors)
    span = np.maximum(crowd.high.astype(np.int64) - crowd.low + 1, 0).sum(axis=1)
    return Part(tables, crowd, span * crowd.states)


def _crowd(
    group: Group, number: int, ways: Ways, tables: Tables, cost: np.ndarray, vectors: np.ndarray
) -> Crowd:
    people, days = len(group.agents), tables.arc.shape[1]
    terms = [group.compiled.terms[agent] for agent in group.agents]
    end_low = np.zeros((people, days), dtype=np.int32)
    end_high = np.full((people, days), FAR, dtype=np.int32)
    for line in ways.inner:
        end_low[:, line.last] = line.least
        end_high[:, line.last] = np.minimum(line.most, FAR)
    states, move = _moves(ways.outer, vectors, people)
    start = np.array([one.start for one in terms], dtype=np.int64)
    low, high = ranges(tables, cost, start, end_low, end_high)
    for day in range(days + 1):
        span = slice(int(tables.nodes[0, day]), int(tables.nodes[0, day + 1]))
        alive = low[:, span] <= high[:, span]
        tables.base[0, day] = low[:, span][alive].min(initial=FAR) if alive.any() else 0
    limits = [(line.least, np.minimum(line.most, FAR)) for line in ways.priced]
    return Crowd(
        group=np.full(people, number, dtype=np.int64),
        cost=cost,
        start=start,
        low=low,
        high=high,
        end_low=end_low,
        end_high=end_high,
        move=move,
        states=states,
        least=np.array([one for one, _ in limits], dtype=np.int64).reshape(-1, people).T.copy(),
        most=np.array([one for _, one in limits], dtype=np.int64).reshape(-1, people).T.copy(),
    )


def _moves(
    lines: Sequence[Line], vectors: np.ndarray, people: int
) -> tuple[np.ndarray, np.ndarray]:
    """Outer states of each person, and where each vector of amounts leads from them."""
    sizes = np.array(
        [np.where(line.matters, np.minimum(line.most, FAR) + 1, 1) for line in lines],
        dtype=np.int64,
    ).reshape(-1, people)
    states = sizes.prod(axis=0) if len(lines) else np.ones(people, dtype=np.int64)
    move = np.full((people, max(1, len(vectors)), int(states.max())), -1, dtype=np.int32)
    for p in range(people):
        digits = _digits(int(states[p]), sizes[:, p])
        weights = np.concatenate([[1], np.cumprod(sizes[:, p])])[:-1].astype(np.int64)
        for row, vector in enumerate(vectors.reshape(len(move[p]), -1)):
            step = np.where(sizes[:, p] > 1, vector, 0)
            after = digits + step
            kept = (after < sizes[:, p]).all(axis=1)
            move[p, row, : states[p]] = np.where(kept, after @ weights, -1)
    return states, move


def _digits(states: int, sizes: np.ndarray) -> np.ndarray:
    left = np.arange(states)
    found = np.zeros((states, len(sizes)), dtype=np.int64)
    for at, size in enumerate(sizes):
        found[:, at] = left % size
        left = left // size
    return found


def ranges(
    tables: Tables, cost: np.ndarray, start: np.ndarray, end_low: np.ndarray, end_high: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """
    Units of the inner sum at each node with which a tour may come from the start and end
    in bounds; int32 [people, nodes] each, least above most where there is none.
    """
    low = np.empty((len(start), int(tables.nodes[0, -1])), dtype=np.int32)
    high = np.empty_like(low)
    for p in range(len(start)):
        open_sets = np.zeros(int(tables.sets[0, -1]), dtype=np.bool_)
        open_sets[tables.set_of[0, np.isfinite(cost[p])]] = True
        reach(tables, 0, open_sets, start[p], end_low[p], end_high[p], low[p], high[p])
    return low, high
