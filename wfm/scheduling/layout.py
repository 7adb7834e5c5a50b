"""
Compiled rules as flat tables, and small kernels that read them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

NEVER = -1e15  # the value of what cannot be
HOPELESS = NEVER / 2


class Tables(NamedTuple):
    """
    Rules of all groups of people; one row a group, padded to the longest.

    Options, sets and nodes are numbered through the days of their group. A *set* holds
    options of one day that no rule or sum can tell apart. ``arc[g, d]`` is where the
    targets of a day begin: one for each node and class, nodes first.
    """

    first: np.ndarray  # int64 [groups, days + 1]: first option of a day, its day off
    set_of: np.ndarray  # int64 [groups, options]
    sets: np.ndarray  # int64 [groups, days + 1]: first set of a day
    klass: np.ndarray  # int64 [groups, sets]
    inner: np.ndarray  # int64 [groups, sets]: units of the inner sum
    outer: np.ndarray  # int64 [groups, sets]: row of ``Crowd.move``
    extra: np.ndarray  # int64 [groups, sets, priced]: units of the priced sums
    nodes: np.ndarray  # int64 [groups, days + 2]: first node of a day; also after the last
    arc: np.ndarray  # int64 [groups, days]
    classes: np.ndarray  # int64 [groups, days]
    target: np.ndarray  # int64 [arcs]: node of the group, or -1
    price: np.ndarray  # float64 [arcs]
    ends: np.ndarray  # bool [groups, days]: whether a window of the inner sum ends here
    base: np.ndarray  # int64 [groups, days + 1]: inner units of a table's first column


class Crowd(NamedTuple):
    """
    The people of a team; one row a person, padded to the longest.
    """

    group: np.ndarray  # int64 [people]: row of the tables
    cost: np.ndarray  # float64 [people, options]; infinite where not allowed
    start: np.ndarray  # int64 [people]: node, or -1
    low: np.ndarray  # int32 [people, nodes]: least useful units of the inner sum
    high: np.ndarray  # int32: most; below ``low`` where nothing leads on
    end_low: np.ndarray  # int32 [people, days]: bounds where a window ends
    end_high: np.ndarray
    move: np.ndarray  # int32 [people, rows, outer states]: outer state after, or -1
    states: np.ndarray  # int64 [people]: number of outer states
    least: np.ndarray  # int64 [people, priced]: bounds of the priced sums
    most: np.ndarray


class Additions(NamedTuple):
    """
    What options add to rows: entries ``first[g, o]`` to ``first[g, o + 1]`` are those of
    option o in group g.
    """

    first: np.ndarray  # int64 [groups, options + 1]
    row: np.ndarray  # int64
    amount: np.ndarray  # float64


@njit(cache=True)
def option_values(t, adds, prices, value):  # type: ignore[no-untyped-def]
    """
    Value of each option at prices of rows, into ``value``, float [groups, options].
    """
    for g in range(value.shape[0]):
        for o in range(t.first[g, -1]):
            worth = 0.0
            for e in range(adds.first[g, o], adds.first[g, o + 1]):
                worth += prices[adds.row[e]] * adds.amount[e]
            value[g, o] = worth


@njit(cache=True)
def add_tour(adds, g, tour, sign, cover):  # type: ignore[no-untyped-def]
    """
    Add to a cover what a tour adds, or take it off.
    """
    for d in range(tour.shape[0]):
        o = tour[d]
        for e in range(adds.first[g, o], adds.first[g, o + 1]):
            cover[adds.row[e]] += sign * adds.amount[e]


@njit(cache=True)
def tour_cost(t, crowd, p, tour):  # type: ignore[no-untyped-def]
    """
    What a tour costs its person: options and priced rules.
    """
    g = crowd.group[p]
    cost, n = 0.0, crowd.start[p]
    for d in range(tour.shape[0]):
        o = tour[d]
        arc = t.arc[g, d] + (n - t.nodes[g, d]) * t.classes[g, d] + t.klass[g, t.set_of[g, o]]
        cost += crowd.cost[p, o] + t.price[arc]
        n = t.target[arc]
    return cost


@njit(cache=True)
def reach(t, g, open_sets, start, end_low, end_high, low, high):  # type: ignore[no-untyped-def]  # noqa: PLR0912 - two passes
    """
    Least and most units of the inner sum with which each node lies on a way to the end.
    """
    days = t.arc.shape[1]
    far = 1 << 30
    rest_low, rest_high = np.full(low.shape[0], far), np.full(low.shape[0], -far)
    rest_low[t.nodes[g, days]] = 0
    rest_high[t.nodes[g, days]] = far
    # back: what must be, and may be, in the sum at each node of the window
    for d in range(days - 1, -1, -1):
        for n in range(t.nodes[g, d], t.nodes[g, d + 1]):
            row = t.arc[g, d] + (n - t.nodes[g, d]) * t.classes[g, d]
            for s in range(t.sets[g, d], t.sets[g, d + 1]):
                to = t.target[row + t.klass[g, s]]
                if not open_sets[s] or to < 0 or rest_low[to] > rest_high[to]:
                    continue
                least, most = rest_low[to], rest_high[to]
                if t.ends[g, d]:
                    if least > 0:
                        continue
                    least, most = end_low[d], end_high[d]
                if most - t.inner[g, s] >= 0:
                    rest_low[n] = min(rest_low[n], max(0, least - t.inner[g, s]))
                    rest_high[n] = max(rest_high[n], most - t.inner[g, s])
    low[:] = far
    high[:] = -far
    if start >= 0:
        low[start] = 0
        high[start] = 0
    for d in range(days):
        for n in range(t.nodes[g, d], t.nodes[g, d + 1]):
            low[n] = max(low[n], rest_low[n])
            high[n] = min(high[n], rest_high[n])
            if low[n] > high[n]:
                continue
            row = t.arc[g, d] + (n - t.nodes[g, d]) * t.classes[g, d]
            for s in range(t.sets[g, d], t.sets[g, d + 1]):
                to = t.target[row + t.klass[g, s]]
                if not open_sets[s] or to < 0:
                    continue
                least = 0 if t.ends[g, d] else low[n] + t.inner[g, s]
                most = 0 if t.ends[g, d] else high[n] + t.inner[g, s]
                low[to] = min(low[to], least)
                high[to] = max(high[to], most)
