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
    distance from the end of the break before (or the shift's start), whether unpaid,
    the row of ``pauses`` that says its length and whether unpaid once more, and how far
    somebody is away (as ``pauses`` has it): 0 at work off contacts, 1 on a break, 2 gone.
    """

    first: np.ndarray  # int64 [types, days + 1]
    start: np.ndarray  # int64 [kinds]
    close: np.ndarray  # end of work on contacts
    end: np.ndarray
    breaks: np.ndarray  # number of breaks
    shape: np.ndarray  # int64 [kinds, breaks, 9]
    pauses: np.ndarray  # int64 [pauses, 3]
    alike: np.ndarray  # int64 [kinds]: how many breaks begin as those of the kind before
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
    closes: np.ndarray  # int64 [types, days]: 1 where paid time starts anew behind a day


class Team(NamedTuple):
    """
    What tells people apart; one row a person.

    ``adjust`` is added to a kind's cost (wishes; infinite where they cannot work),
    ``off`` to a day off's. ``low`` and ``high`` bound units of paid time up to the end of
    each week, from its start or from that of the block over which hours are averaged;
    outside ``span`` no day leaves them within reach. ``post``, ``resting`` and ``posts`` are
    those of `wfm.scheduling.posts.Posts`, ``counted`` says for which of its rules people count.
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
    counted: np.ndarray  # bool [skills, rules]
    post: np.ndarray  # int64 [rules, slots + 1]: cell, or -1
    resting: np.ndarray  # int64 [rules]
    posts: np.ndarray  # int64 [posts, 2]: rule and interval
    pay: np.ndarray  # float64 [rates, slots + 1]: running sum of cents for paid time
    weekly: np.ndarray  # float64 [rates, weeks, units]: cents on top for a week's units
    span: np.ndarray  # int64 [people, days, 2]: least and most units of the week by an evening


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
def break_losses(kinds, gain, stay, pay, lost):  # type: ignore[no-untyped-def]
    """
    What each kind of break loses by the slot at which it starts; float [pauses, slots + 1].
    """
    for r in range(kinds.pauses.shape[0]):
        length, unpaid, away = kinds.pauses[r, 0], kinds.pauses[r, 1], kinds.pauses[r, 2]
        for s in range(lost.shape[1] - length):
            lost[r, s] = gain[s + length] - gain[s]
        if unpaid:
            for s in range(lost.shape[1] - length):
                lost[r, s] -= pay[s + length] - pay[s]
        for i in range(stay.shape[0]):  # a break counts for some posts, being gone for none
            if away + i >= 2:
                for s in range(lost.shape[1] - length):
                    lost[r, s] += stay[i, s + length] - stay[i, s]


@njit(**LEAN)
def kind_value(kinds, k, known, gain, stay, lost, pay, work, starts):  # type: ignore[no-untyped-def]
    """
    Value of a kind with its breaks best placed; ``starts`` receives their slots if given.

    ``lost`` comes from `break_losses`; ``work`` is scratch, float [breaks, most starts],
    of which the first ``known`` rows are right already. ``stay`` has no rows without posts.
    """
    value = gain[kinds.close[k]] - gain[kinds.start[k]]
    for i in range(stay.shape[0]):
        value += stay[i, kinds.end[k]] - stay[i, kinds.start[k]]
    value -= pay[kinds.end[k]] - pay[kinds.start[k]] + kinds.extra[k]
    nb = kinds.breaks[k]
    if nb == 0:
        return value
    for b in range(known, nb):
        _place(kinds.shape[k], b, lost, work)
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
def _place(shapes, b, lost, work):  # type: ignore[no-untyped-def]
    """
    Least loss of breaks up to ``b`` by the start of that one, into ``work[b]``.

    The starts that the break before may have move on with it: what comes in is compared
    with the least so far, and only where starts drop out is that sought anew.
    """
    shape, row = shapes[b], work[b]
    first, count, step = shape[1], shape[2], shape[3]
    loss = lost[shape[7]]
    if b == 0:
        for i in range(count):
            row[i] = loss[first + i * step]
        return
    before, earlier = work[b - 1], shapes[b - 1]
    starts, stride = earlier[2], earlier[3]
    soon = earlier[1] + earlier[0] + shape[4]  # first start that leaves space enough
    late = earlier[1] + earlier[0] + shape[5]  # last that does not leave too much
    low, high = 0, 0  # starts of the break before from low to less than high
    least = -NEVER
    for i in range(count):
        s = first + i * step
        while high < starts and soon + high * stride <= s:
            least = min(least, before[high])
            high += 1
        if low < high and late + low * stride < s:
            while low < high and late + low * stride < s:
                low += 1
            least = -NEVER
            for j in range(low, high):
                least = min(least, before[j])
        row[i] = loss[s] + least


@njit(**LEAN)
def _trace_breaks(kinds, k, at, work, starts):  # type: ignore[no-untyped-def]
    for b in range(kinds.breaks[k] - 1, -1, -1):
        shape = kinds.shape[k, b]
        s = shape[1] + at * shape[3]
        starts[b] = s
        if b > 0:
            earlier = kinds.shape[k, b - 1]
            least = -NEVER
            for j in range(earlier[2]):
                space = s - (earlier[1] + j * earlier[3]) - earlier[0]
                if shape[4] <= space <= shape[5] and work[b - 1, j] < least:
                    least = work[b - 1, j]
                    at = j


@njit(**LEAN)
def kind_values(kinds, kind_type, gain, stay, lost, pay, work, values):  # type: ignore[no-untyped-def]
    """
    Values of all kinds of a type, in order; ``values`` is indexed from its first kind.

    ``lost`` receives what breaks lose.
    """
    nothing = kinds.start[:0]
    break_losses(kinds, gain, stay, pay, lost)
    first = kinds.first[kind_type, 0]
    for k in range(first, kinds.first[kind_type, -1]):
        known = kinds.alike[k] if k > first else 0
        values[k - first] = kind_value(kinds, k, known, gain, stay, lost, pay, work, nothing)


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
    set_bests(kinds, arcs, team, p, values, best, which, cbest, cwhich)
    space[0, :, 0] = NEVER
    if team.node[p] < 0:
        return NEVER
    space[0, team.node[p], 0] = 0.0
    low, high = 0, 0
    for d in range(days):
        now, after = 2 * d, 2 * d + 1  # after: before the week is closed
        least, most = team.span[p, d, 0], team.span[p, d, 1]
        space[after, :, least : most + 1] = NEVER
        s0 = arcs.sets[kt, d]
        for a in range(arcs.first[kt, d], arcs.first[kt, d + 1]):
            c = arcs.set[a]
            gain = best[d, c] - arcs.price[a]
            if gain <= NEVER / 2:
                continue
            before, behind = space[now, arcs.source[a]], space[after, arcs.target[a]]
            paid = arcs.paid[s0 + c]
            for m in range(max(low, least - paid), min(high, most - paid) + 1):
                x = before[m] + gain
                behind[m + paid] = x if x > behind[m + paid] else behind[m + paid]
        low, high = _close_week(arcs, team, p, d, space)
    node, value = -1, NEVER
    for n in range(space.shape[1]):
        for m in range(low, high + 1):
            if space[2 * days, n, m] > value:
                node, value = n, space[2 * days, n, m]
    if value <= NEVER / 2:
        return NEVER
    _trace(kinds, arcs, team, p, space, best, which, node, tour)
    return value


@njit(**LEAN)
def _morning(arcs, team, p, d):  # type: ignore[no-untyped-def]
    """
    Least and most units of the week before a day.
    """
    if d == 0 or arcs.closes[team.type[p], d - 1]:
        return 0, 0
    return team.span[p, d - 1, 0], team.span[p, d - 1, 1]


@njit(**LEAN)
def set_bests(kinds, arcs, team, p, values, best, which, cbest, cwhich):  # type: ignore[no-untyped-def]
    """
    Best kind of each set of classes by day, its value and which it is.
    """
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
    """
    At the end of a week or block a new one starts from none; least and most units that follow.
    """
    week = arcs.week[team.type[p], d]
    after, then = 2 * d + 1, 2 * d + 2
    least, most = team.span[p, d, 0], team.span[p, d, 1]
    if not arcs.closes[team.type[p], d]:
        for n in range(space.shape[1]):
            for m in range(least, most + 1):
                space[then, n, m] = space[after, n, m]
        return least, most
    weekly = team.weekly[team.rate[p], week]
    for n in range(space.shape[1]):
        best = NEVER
        for m in range(least, most + 1):
            x = space[after, n, m] - weekly[m]
            best = max(best, x)
        space[then, n, 0] = best
    return 0, 0


@njit(**LEAN)
def _trace(kinds, arcs, team, p, space, best, which, node, tour):  # type: ignore[no-untyped-def]
    kt = team.type[p]
    days = kinds.first.shape[1] - 1
    low, high = _morning(arcs, team, p, days)
    m = low
    for x in range(low, high + 1):
        if space[2 * days, node, x] > space[2 * days, node, m]:
            m = x
    for d in range(days - 1, -1, -1):
        week = arcs.week[kt, d]
        if arcs.closes[kt, d]:
            wanted = space[2 * d + 2, node, 0]
            weekly = team.weekly[team.rate[p], week]
            for x in range(team.span[p, d, 0], team.span[p, d, 1] + 1):
                if space[2 * d + 1, node, x] - weekly[x] == wanted:
                    m = x
                    break
        wanted = space[2 * d + 1, node, m]
        low, high = _morning(arcs, team, p, d)
        s0 = arcs.sets[kt, d]
        for a in range(arcs.first[kt, d], arcs.first[kt, d + 1]):
            c = arcs.set[a]
            paid = arcs.paid[s0 + c]
            if arcs.target[a] != node or not low <= m - paid <= high:
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
