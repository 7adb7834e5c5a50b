"""
The best tour of one person under compiled rules, where duties have values of their own.

Exact dynamic programming over (day, node, counted sums), from the last day back. One sum
with many units (paid time) is the fast dimension, *inner*; a few small ones (caps on a
kind of duty) are folded into one number, *outer*; every other bound is *priced* by a
multiplier and closed by a depth-first search that the priced table bounds. All values are
maximised. Values whose binary fractions are short add up without rounding, so sums are
found again by equality.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from wfm.scheduling.layout import HOPELESS, NEVER


@njit(cache=True)
def set_gains(t, crowd, p, value, kept, span, multiplier, gain, which):  # type: ignore[no-untyped-def]
    """
    The best option of each set, its value less its cost and what its sums are priced at.

    Outside the days ``span[0]`` to ``span[1]`` (not counted) only options of the tour
    ``kept`` count.
    """
    g = crowd.group[p]
    for s in range(t.sets[g, -1]):
        gain[s] = NEVER
        which[s] = -1
    for d in range(kept.shape[0]):
        if d < span[0] or d >= span[1]:
            o = kept[d]
            s = t.set_of[g, o]
            gain[s] = value[o] - crowd.cost[p, o]
            which[s] = o
            continue
        for o in range(t.first[g, d], t.first[g, d + 1]):
            v = value[o] - crowd.cost[p, o]
            s = t.set_of[g, o]
            if v > gain[s]:
                gain[s] = v
                which[s] = o
    if multiplier.shape[0] == 0:
        return
    for s in range(t.sets[g, -1]):
        if gain[s] > HOPELESS:
            for k in range(multiplier.shape[0]):
                gain[s] -= multiplier[k] * t.extra[g, s, k]


@njit(cache=True)
def fill(t, crowd, p, gain, table):  # type: ignore[no-untyped-def]
    """
    Table of the best value from each state to the end, float [nodes, outer, inner].
    """
    g = crowd.group[p]
    days = t.arc.shape[1]
    last = t.nodes[g, days]
    for c in range(crowd.states[p]):
        table[last, c, 0] = 0.0
    for d in range(days - 1, -1, -1):
        for n in range(t.nodes[g, d], t.nodes[g, d + 1]):
            low, high = crowd.low[p, n], crowd.high[p, n]
            if low > high:
                continue
            for c in range(crowd.states[p]):
                table[n, c, low - t.base[g, d] : high + 1 - t.base[g, d]] = NEVER
            _fill_node(t, crowd, p, gain, table, d, n)


@njit(cache=True)
def _fill_node(t, crowd, p, gain, table, d, n):  # type: ignore[no-untyped-def]
    g = crowd.group[p]
    low, high = crowd.low[p, n], crowd.high[p, n]
    row = t.arc[g, d] + (n - t.nodes[g, d]) * t.classes[g, d]
    here, there = t.base[g, d], t.base[g, d + 1]
    for s in range(t.sets[g, d], t.sets[g, d + 1]):
        if gain[s] <= HOPELESS:
            continue
        to = t.target[row + t.klass[g, s]]
        if to < 0 or crowd.low[p, to] > crowd.high[p, to]:
            continue
        worth = gain[s] - t.price[row + t.klass[g, s]]
        units = t.inner[g, s]
        if t.ends[g, d]:
            begin = max(low, crowd.end_low[p, d] - units)
            end = min(high, crowd.end_high[p, d] - units)
        else:
            begin = max(low, crowd.low[p, to] - units)
            end = min(high, crowd.high[p, to] - units)
        width = end - begin + 1
        if width <= 0:
            continue
        for c in range(crowd.states[p]):
            after = crowd.move[p, t.outer[g, s], c]
            if after < 0:
                continue
            mine = table[n, c, begin - here : begin - here + width]
            if t.ends[g, d]:
                x = worth + table[to, after, 0]
                for m in range(width):
                    mine[m] = max(mine[m], x)
            else:
                shift = begin + units - there
                next_ = table[to, after, shift : shift + width]
                for m in range(width):
                    x = worth + next_[m]
                    mine[m] = x if x > mine[m] else mine[m]


@njit(cache=True)
def _onward(t, crowd, p, gain, table, d, n, c, m, s):  # type: ignore[no-untyped-def]
    # Value of set s from a state to the end, and where it leads: (value, node, outer, inner).
    g = crowd.group[p]
    if gain[s] <= HOPELESS:
        return NEVER, 0, 0, 0
    arc = t.arc[g, d] + (n - t.nodes[g, d]) * t.classes[g, d] + t.klass[g, s]
    to = t.target[arc]
    after = crowd.move[p, t.outer[g, s], c]
    if to < 0 or after < 0 or crowd.low[p, to] > crowd.high[p, to]:
        return NEVER, 0, 0, 0
    worth = gain[s] - t.price[arc]
    units = m + t.inner[g, s]
    if t.ends[g, d]:
        if units < crowd.end_low[p, d] or units > crowd.end_high[p, d]:
            return NEVER, 0, 0, 0
        return worth + table[to, after, 0], to, after, 0
    if units < crowd.low[p, to] or units > crowd.high[p, to]:
        return NEVER, 0, 0, 0
    return worth + table[to, after, units - t.base[g, d + 1]], to, after, units


@njit(cache=True)
def trace(t, crowd, p, gain, which, table, tour, used):  # type: ignore[no-untyped-def]
    """
    The tour behind a filled table; ``used`` receives its units of the priced sums.

    Returns its value by the table, or ``NEVER``.
    """
    g = crowd.group[p]
    n, c, m = crowd.start[p], 0, 0
    used[:] = 0
    if n < 0 or crowd.low[p, n] > crowd.high[p, n] or crowd.low[p, n] > 0:
        return NEVER
    value = table[n, 0, 0 - t.base[g, 0]]
    if value <= HOPELESS:
        return NEVER
    for d in range(t.arc.shape[1]):
        top, best, node, outer, inner = NEVER, -1, 0, 0, 0
        for s in range(t.sets[g, d], t.sets[g, d + 1]):
            x, to, after, units = _onward(t, crowd, p, gain, table, d, n, c, m, s)
            if x > top:
                top, best, node, outer, inner = x, s, to, after, units
        tour[d] = which[best]
        for k in range(used.shape[0]):
            used[k] += t.extra[g, best, k]
        n, c, m = node, outer, inner
    return value


@njit(cache=True)
def close(t, crowd, p, gain, which, table, multiplier, floor, limit, tour):  # type: ignore[no-untyped-def]  # noqa: PLR0912 - one search
    """
    The best tour that keeps the priced sums too, if it is worth more than ``floor``.

    Depth first, best way first; the table bounds what can still come. At most ``limit``
    ways are tried. Returns (its true value or ``floor``, whether nothing better exists).
    """
    g = crowd.group[p]
    days = t.arc.shape[1]
    sums = multiplier.shape[0]
    credit = 0.0
    for k in range(sums):
        credit += multiplier[k] * (crowd.most[p, k] if multiplier[k] > 0 else crowd.least[p, k])
    node = np.zeros(days + 1, np.int64)
    outer = np.zeros(days + 1, np.int64)
    inner = np.zeros(days + 1, np.int64)
    taken = np.full(days + 1, -1)
    above = np.zeros(days + 1)  # value of the way taken last, from this day on
    have = np.zeros(days + 1)
    used = np.zeros((days + 1, sums), np.int64)
    room = _room(t, crowd, p, gain)
    node[0] = crowd.start[p]
    above[0] = -NEVER
    best, d, tried = floor, 0, 0
    while d >= 0:
        top, pick, to, after, units = NEVER, -1, 0, 0, 0
        for s in range(t.sets[g, d], t.sets[g, d + 1]):
            x, a, b, u = _onward(t, crowd, p, gain, table, d, node[d], outer[d], inner[d], s)
            later = x < above[d] or (x == above[d] and s > taken[d])
            if later and x > top and have[d] + x + credit > best:
                fits = True
                for k in range(sums):
                    total = used[d, k] + t.extra[g, s, k]
                    if total > crowd.most[p, k] or total + room[d + 1, k] < crowd.least[p, k]:
                        fits = False
                if fits:
                    top, pick, to, after, units = x, s, a, b, u
        if pick < 0 or top <= HOPELESS:
            d -= 1
            continue
        tried += 1
        if tried > limit:
            return best, False
        above[d], taken[d] = top, pick
        arc = t.arc[g, d] + (node[d] - t.nodes[g, d]) * t.classes[g, d] + t.klass[g, pick]
        have[d + 1] = have[d] + gain[pick] - t.price[arc]
        for k in range(sums):
            used[d + 1, k] = used[d, k] + t.extra[g, pick, k]
        node[d + 1], outer[d + 1], inner[d + 1] = to, after, units
        if d + 1 < days:
            d += 1
            above[d], taken[d] = -NEVER, -1
            continue
        true = have[days]
        for k in range(sums):
            true += multiplier[k] * used[days, k]
        if true > best:
            best = true
            for e in range(days):
                tour[e] = which[taken[e]]
    return best, True


@njit(cache=True)
def _room(t, crowd, p, gain):  # type: ignore[no-untyped-def]
    # Most units of each priced sum that days from d on can bring.
    g = crowd.group[p]
    days = t.arc.shape[1]
    sums = t.extra.shape[2]
    room = np.zeros((days + 1, sums), np.int64)
    for d in range(days - 1, -1, -1):
        for k in range(sums):
            most = 0
            for s in range(t.sets[g, d], t.sets[g, d + 1]):
                if gain[s] > HOPELESS and t.extra[g, s, k] > most:
                    most = t.extra[g, s, k]
            room[d, k] = room[d + 1, k] + most
    return room


@njit(cache=True)
def best_tour(  # type: ignore[no-untyped-def]  # noqa: PLR0912 - one ascent
    t, crowd, p, value, kept, span, multiplier, rounds, limit, space, tour
):
    """
    The most valuable tour of a person, and a bound on the value of every tour.

    Parameters
    ----------
    value
        Value of each option, float [options].
    kept, span
        A tour that is kept outside the days ``span[0]`` to ``span[1]``, not counted.
    multiplier
        Price of a unit of each priced sum; improved in place.
    rounds
        Times that multipliers are improved.
    limit
        Ways tried to close what multipliers leave open.
    space
        Scratch: table, gains, options of sets.
    tour
        Receives the option of each day.

    Returns
    -------
    tuple
        Value of the tour or ``NEVER``; the bound; table fillings.
    """
    table, gain, which = space
    sums = multiplier.shape[0]
    used = np.zeros(sums, np.int64)
    trial = np.empty_like(tour)
    held = multiplier.copy()
    best, bound = NEVER, -NEVER
    slope = np.zeros(sums)
    for turn in range(rounds + 1):
        set_gains(t, crowd, p, value, kept, span, multiplier, gain, which)
        fill(t, crowd, p, gain, table)
        priced = trace(t, crowd, p, gain, which, table, trial, used)
        if priced <= HOPELESS:
            return NEVER, NEVER, turn + 1
        above, fits, true, norm = priced, True, priced, 0.0
        for k in range(sums):
            high, low = crowd.most[p, k], crowd.least[p, k]
            above += multiplier[k] * (high if multiplier[k] > 0 else low)
            true += multiplier[k] * used[k]
            slope[k] = 0.0
            if used[k] > high:
                slope[k] = used[k] - high
                fits = False
            elif used[k] < low:
                slope[k] = used[k] - low
                fits = False
            elif multiplier[k] > 0:
                slope[k] = used[k] - high
            elif multiplier[k] < 0:
                slope[k] = used[k] - low
            norm += slope[k] * slope[k]
        if fits and true > best:
            best = true
            tour[:] = trial
        if above < bound:
            bound = above
            held[:] = multiplier
        if best >= bound or norm == 0.0:
            return best, bound, turn + 1
        if turn == rounds:
            break
        if best > HOPELESS:
            step = 0.7 * (above - best) / norm
        else:  # nothing keeps the sums yet: go further each time
            step = 10.0 * 1.5**turn / np.sqrt(norm)
        for k in range(sums):
            old = multiplier[k]
            new = np.round((old + step * slope[k]) * 1024) / 1024
            multiplier[k] = 0.0 if old * new < 0 else new
    if limit <= 0:
        multiplier[:] = held
        return best, bound, rounds + 1
    multiplier[:] = held
    set_gains(t, crowd, p, value, kept, span, multiplier, gain, which)
    fill(t, crowd, p, gain, table)
    best, proven = close(t, crowd, p, gain, which, table, multiplier, best, limit, tour)
    return best, (best if proven else bound), rounds + 2


@njit(cache=True)
def best_tours(  # type: ignore[no-untyped-def]
    t, crowd, who, value, kept, span, multipliers, rounds, limit, space, tours, values, bounds
):
    """
    ``best_tour`` of several people; ``value`` is of each option by group, float [groups, options].
    """
    for i in range(who.shape[0]):
        p = who[i]
        values[i], bounds[i], _ = best_tour(
            t,
            crowd,
            p,
            value[crowd.group[p]],
            kept[i],
            span,
            multipliers[p],
            rounds,
            limit,
            space,
            tours[i],
        )
