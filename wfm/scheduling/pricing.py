"""
The best tour of one person at given prices, exactly: breaks inside shifts inside weeks.

Everything here is compiled. Times are fine slots (`Tables.unit` minutes), money is cents
as floats, a cell is one queue in one interval. A tour is one kind (or -1) for each day and
the starts of its breaks.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from wfm.scheduling.kernels import LEAN

NEVER = -1e18  # the value of what cannot be


class Kinds(NamedTuple):
    """
    Shift kinds of every team type, breaks not yet placed; one row a kind.

    ``first[type, day]`` is the first kind of a type on a day, ``first[type, day + 1]`` ends
    it. Breaks are columns: length, first start, number of starts, step, least and greatest
    distance from the end of the break before (or the shift's start), whether unpaid.
    """

    first: np.ndarray  # int64 [types, days + 1]
    start: np.ndarray  # int64 [kinds]
    close: np.ndarray  # end of work on contacts
    end: np.ndarray
    breaks: np.ndarray  # number of breaks
    shape: np.ndarray  # int64 [kinds, breaks, 7]
    group: np.ndarray  # what rules can tell apart: class of the type's automaton
    extra: np.ndarray  # float64 [kinds]: cents on top of pay by the minute


class Arcs(NamedTuple):
    """
    The rules of every team type as a layered graph.

    Kinds that no rule can tell apart on a day are a class; classes that lead from one
    node to another, at one price and with the same paid time, are a set. An arc of a day
    leads from a node of its morning to one of its evening by the best class of a set.
    """

    first: np.ndarray  # int64 [types, days + 1]: first arc
    source: np.ndarray
    target: np.ndarray
    set: np.ndarray  # counted from the day's first set
    price: np.ndarray  # float64, cents
    sets: np.ndarray  # int64 [types, days + 1]: first set
    paid: np.ndarray  # int64 [sets]: units of paid time
    items: np.ndarray  # int64 [sets + 1]: first member
    member: np.ndarray  # int64: class; 0 is the day off
    week: np.ndarray  # int64 [types, days]: number of the week that ends with a day, or -1


class Team(NamedTuple):
    """
    What tells people apart; one row a person.

    ``adjust`` is added to a kind's cost (wishes; infinite where they cannot work),
    ``off`` to a day off's. ``low`` and ``high`` bound units of paid time by week.
    """

    type: np.ndarray  # int64 [people]
    skill: np.ndarray  # int64 [people]: row of ``able``
    rate: np.ndarray  # int64 [people]: row of ``pay``
    node: np.ndarray  # int64 [people]: where the past has led to
    low: np.ndarray  # int64 [people, weeks]
    high: np.ndarray
    adjust: np.ndarray  # float32 [people, kinds of a type]
    off: np.ndarray  # float64 [people, days]
    able: np.ndarray  # float64 [skills, queues]: efficiency
    pay: np.ndarray  # float64 [rates, slots + 1]: running sum of cents for paid time
    weekly: np.ndarray  # float64 [rates, weeks, units]: cents on top for a week's units


@njit(**LEAN)
def slot_values(able, prices, per, pad, gain, choice):  # type: ignore[no-untyped-def]
    """
    Running sum of the value of fine slots for one skill set, and its queue in each interval.

    ``prices`` is float [queues, intervals], an interval is ``per`` slots; the ``pad`` slots
    before the horizon and those after it have no value.
    """
    n = prices.shape[1]
    gain[: pad + 1] = 0.0
    for t in range(n):
        best, at = 0.0, -1
        for q in range(prices.shape[0]):
            value = able[q] * prices[q, t]
            if value > best:
                best, at = value, q
        choice[t] = at
        share = best / per
        for f in range(per):
            i = pad + t * per + f
            gain[i + 1] = gain[i] + share
    gain[pad + n * per + 1 :] = gain[pad + n * per]


@njit(**LEAN)
def _loss(kinds, k, b, s, gain, pay):  # type: ignore[no-untyped-def]
    # What break b of kind k loses when it starts at slot s.
    length = kinds.shape[k, b, 0]
    lost = gain[s + length] - gain[s]
    if kinds.shape[k, b, 6]:
        lost -= pay[s + length] - pay[s]
    return lost


@njit(**LEAN)
def kind_value(kinds, k, gain, pay, work, starts):  # type: ignore[no-untyped-def]
    """
    Value of a kind with its breaks best placed; ``starts`` receives their slots if given.

    ``work`` is scratch, float [breaks, most starts]. Running minima keep this linear.
    """
    value = gain[kinds.close[k]] - gain[kinds.start[k]]
    value -= pay[kinds.end[k]] - pay[kinds.start[k]] + kinds.extra[k]
    nb = kinds.breaks[k]
    if nb == 0:
        return value
    for b in range(nb):
        shape = kinds.shape[k, b]
        first, count, step = shape[1], shape[2], shape[3]
        for i in range(count):
            s = first + i * step
            lost = _loss(kinds, k, b, s, gain, pay)
            if b > 0:
                lost += _before(kinds, k, b, s, work)
            work[b, i] = lost
    last = nb - 1
    at = 0
    for i in range(kinds.shape[k, last, 2]):
        if work[last, i] < work[last, at]:
            at = i
    least = work[last, at]
    if starts.shape[0]:
        _trace_breaks(kinds, k, at, work, starts)
    return value - least if least < -NEVER / 2 else NEVER


@njit(**LEAN)
def _before(kinds, k, b, s, work):  # type: ignore[no-untyped-def]
    # Least loss of the breaks before break b when b starts at slot s.
    own, earlier = kinds.shape[k, b], kinds.shape[k, b - 1]
    latest = s - own[4] - earlier[0]  # latest start of the break before
    soonest = s - own[5] - earlier[0]
    high = min((latest - earlier[1]) // earlier[3], earlier[2] - 1) if latest >= earlier[1] else -1
    low = 0
    if soonest > earlier[1]:
        low = -((earlier[1] - soonest) // earlier[3])
    least = -NEVER
    for j in range(low, high + 1):
        least = min(least, work[b - 1, j])
    return least


@njit(**LEAN)
def _trace_breaks(kinds, k, at, work, starts):  # type: ignore[no-untyped-def]
    for b in range(kinds.breaks[k] - 1, -1, -1):
        shape = kinds.shape[k, b]
        s = shape[1] + at * shape[3]
        starts[b] = s
        if b > 0:
            wanted = _before(kinds, k, b, s, work)
            earlier = kinds.shape[k, b - 1]
            for j in range(earlier[2]):
                begin = earlier[1] + j * earlier[3]
                space = s - begin - earlier[0]
                if work[b - 1, j] == wanted and shape[4] <= space <= shape[5]:
                    at = j
                    break


@njit(**LEAN)
def kind_values(kinds, kind_type, gain, pay, work, values):  # type: ignore[no-untyped-def]
    """
    Values of all kinds of a type, in order; ``values`` is indexed from its first kind.
    """
    nothing = kinds.start[:0]
    first = kinds.first[kind_type, 0]
    for k in range(first, kinds.first[kind_type, -1]):
        values[k - first] = kind_value(kinds, k, gain, pay, work, nothing)


@njit(**LEAN)
def best_tour(kinds, arcs, team, p, values, space, scratch, tour):  # type: ignore[no-untyped-def]
    """
    The most valuable tour that the rules admit for person ``p``; its value, or ``NEVER``.

    Parameters
    ----------
    values
        Value of each kind of the person's type.
    space
        Scratch, float [2 days + 1, nodes, units]: values by node and paid units of the week.
    scratch
        Bests and whiches by day and set, then by class.
    tour
        Receives the kind of each day, -1 for a day off.
    """
    kt = team.type[p]
    best, which, cbest, cwhich = scratch
    days = kinds.first.shape[1] - 1
    _set_bests(kinds, arcs, team, p, values, best, which, cbest, cwhich)
    units = space.shape[2]
    space[0, :, :] = NEVER
    if team.node[p] < 0:
        return NEVER
    space[0, team.node[p], 0] = 0.0
    for d in range(days):
        now, after = 2 * d, 2 * d + 1  # after: before the week is closed
        space[after, :, :] = NEVER
        s0 = arcs.sets[kt, d]
        for a in range(arcs.first[kt, d], arcs.first[kt, d + 1]):
            c = arcs.set[a]
            gain = best[d, c] - arcs.price[a]
            if gain <= NEVER / 2:
                continue
            before, behind = space[now, arcs.source[a]], space[after, arcs.target[a]]
            paid = arcs.paid[s0 + c]
            for m in range(units - paid):
                x = before[m] + gain
                behind[m + paid] = x if x > behind[m + paid] else behind[m + paid]
        _close_week(arcs, team, p, d, space)
    node, value = -1, NEVER
    for n in range(space.shape[1]):
        for m in range(units):
            if space[2 * days, n, m] > value:
                node, value = n, space[2 * days, n, m]
    if value <= NEVER / 2:
        return NEVER
    _trace(kinds, arcs, team, p, space, best, which, node, tour)
    return value


@njit(**LEAN)
def _set_bests(kinds, arcs, team, p, values, best, which, cbest, cwhich):  # type: ignore[no-untyped-def]
    kt = team.type[p]
    base = kinds.first[kt, 0]
    for d in range(best.shape[0]):
        cbest[:] = NEVER
        cbest[0] = -team.off[p, d]
        cwhich[0] = -1
        for k in range(kinds.first[kt, d], kinds.first[kt, d + 1]):
            value = values[k - base] - team.adjust[p, k - base]
            c = kinds.group[k]
            if value > cbest[c]:
                cbest[c] = value
                cwhich[c] = k
        s0 = arcs.sets[kt, d]
        for s in range(s0, arcs.sets[kt, d + 1]):
            top, at = NEVER, -1
            for i in range(arcs.items[s], arcs.items[s + 1]):
                c = arcs.member[i]
                if cbest[c] > top:
                    top, at = cbest[c], cwhich[c]
            best[d, s - s0] = top
            which[d, s - s0] = at


@njit(**LEAN)
def _close_week(arcs, team, p, d, space):  # type: ignore[no-untyped-def]
    # At the end of a week its paid time must be in bounds; a new week starts from none.
    week = arcs.week[team.type[p], d]
    after, then = 2 * d + 1, 2 * d + 2
    if week < 0:
        for n in range(space.shape[1]):
            for m in range(space.shape[2]):
                space[then, n, m] = space[after, n, m]
        return
    space[then, :, :] = NEVER
    weekly = team.weekly[team.rate[p], week]
    for n in range(space.shape[1]):
        for m in range(team.low[p, week], min(team.high[p, week] + 1, space.shape[2])):
            x = space[after, n, m] - weekly[m]
            space[then, n, 0] = max(space[then, n, 0], x)


@njit(**LEAN)
def _trace(kinds, arcs, team, p, space, best, which, node, tour):  # type: ignore[no-untyped-def]
    kt = team.type[p]
    days = kinds.first.shape[1] - 1
    m = 0
    for x in range(space.shape[2]):
        if space[2 * days, node, x] > space[2 * days, node, m]:
            m = x
    for d in range(days - 1, -1, -1):
        week = arcs.week[kt, d]
        if week >= 0:
            wanted = space[2 * d + 2, node, 0]
            weekly = team.weekly[team.rate[p], week]
            for x in range(team.low[p, week], min(team.high[p, week] + 1, space.shape[2])):
                if space[2 * d + 1, node, x] - weekly[x] == wanted:
                    m = x
                    break
        wanted = space[2 * d + 1, node, m]
        s0 = arcs.sets[kt, d]
        for a in range(arcs.first[kt, d], arcs.first[kt, d + 1]):
            c = arcs.set[a]
            paid = arcs.paid[s0 + c]
            if arcs.target[a] != node or m < paid:
                continue
            if space[2 * d, arcs.source[a], m - paid] + (best[d, c] - arcs.price[a]) == wanted:
                tour[d] = which[d, c]
                node, m = arcs.source[a], m - paid
                break


@njit(**LEAN)
def tour_cost(kinds, team, p, tour, breaks):  # type: ignore[no-untyped-def]
    """
    Pay (by the minute) and wishes of a tour with its breaks, in cents; rules are not priced.
    """
    pay = team.pay[team.rate[p]]
    base = kinds.first[team.type[p], 0]
    cost = 0.0
    for d in range(tour.shape[0]):
        k = tour[d]
        if k < 0:
            cost += team.off[p, d]
            continue
        cost += pay[kinds.end[k]] - pay[kinds.start[k]] + kinds.extra[k]
        cost += team.adjust[p, k - base]
        for b in range(kinds.breaks[k]):
            if kinds.shape[k, b, 6]:
                s = breaks[d, b]
                cost -= pay[s + kinds.shape[k, b, 0]] - pay[s]
    return cost


@njit(**LEAN)
def add_presence(kinds, k, breaks, per, pad, sign, presence):  # type: ignore[no-untyped-def]
    """
    Add a duty's share of each interval on contacts to ``presence``, float [intervals].
    """
    n = presence.shape[0]
    unit = sign / per
    for s in range(kinds.start[k] - pad, kinds.close[k] - pad):
        if 0 <= s < n * per:
            presence[s // per] += unit
    for b in range(kinds.breaks[k]):
        begin = breaks[b] - pad
        for s in range(begin, begin + kinds.shape[k, b, 0]):
            if 0 <= s < n * per:
                presence[s // per] -= unit
