"""
The best duties of one person on a day or two, the rest of their tour as it is.

Compiled. A window is one or two days and the intervals that their duties can reach; only
there are prices taken, kinds valued and heads counted, so that an answer costs a fraction
of a whole tour's.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from wfm.scheduling.finish import Steps, head_cost, level, steps_of, walk
from wfm.scheduling.kernels import LEAN
from wfm.scheduling.posts import join_duty, post_prices, post_values
from wfm.scheduling.pricing import NEVER, add_presence, kind_value, tour_cost
from wfm.scheduling.search import share_out, shift_at
from wfm.scheduling.tables import Tables


class Window(NamedTuple):
    """
    Some days, their intervals, and scratch memory to answer for them.
    """

    days: np.ndarray  # int64 [2], rising; the second is -1 where there is one
    at: np.ndarray  # int64 [intervals]: the window's, rising
    length: np.ndarray  # int64 [1]: how many
    reach: np.ndarray  # int64 [days, 2]: first and last interval (not counted) of each day
    best: np.ndarray  # float64 [2, classes]: value of the best kind of a class
    which: np.ndarray  # int64 [2, classes]: that kind, -1 for the day off
    units: np.ndarray  # int64 [kinds]: paid units
    steps: Steps


def window_of(tables: Tables) -> Window:
    """
    A window for some tables.
    """
    size, kinds = tables.size, tables.kinds
    reach = np.zeros((size.days, 2), np.int64)
    for day in range(size.days):
        here = [slice(marks[day], marks[day + 1]) for marks in kinds.first]
        starts = np.concatenate([kinds.start[one] for one in here])
        ends = np.concatenate([kinds.close[one] for one in here])
        if len(starts):
            first = (starts.min() - size.pad) // size.per
            last = -((size.pad - ends.max()) // size.per)
            reach[day] = np.clip((first, last), 0, size.intervals)
    return Window(
        np.zeros(2, np.int64),
        np.zeros(size.intervals, np.int64),
        np.zeros(1, np.int64),
        reach,
        np.zeros((2, size.classes)),
        np.zeros((2, size.classes), np.int64),
        tables.units,
        steps_of(tables),
    )


@njit(**LEAN)
def open_window(window, first, second):  # type: ignore[no-untyped-def]
    """
    Take one day, or two where ``second`` is another, and their intervals.
    """
    window.days[0], window.days[1] = min(first, second), max(first, second)
    if first == second:
        window.days[1] = -1
    n, after = 0, 0
    for d in window.days:
        if d >= 0:
            for t in range(max(window.reach[d, 0], after), window.reach[d, 1]):
                window.at[n] = t
                n += 1
            after = max(after, window.reach[d, 1])
    window.length[0] = n


@njit(**LEAN)
def keep_row(window, source, i, target, j):  # type: ignore[no-untyped-def]
    """
    One person's part of a roster in a window, from row ``i`` to row ``j`` of another.
    """
    for d in window.days:
        if d >= 0:
            target.tours[j, d] = source.tours[i, d]
            for b in range(source.starts.shape[2]):
                target.starts[j, d, b] = source.starts[i, d, b]
    for at in range(window.length[0]):
        t = window.at[at]
        target.presence[j, t] = source.presence[i, t]
        target.queue[j, t] = source.queue[i, t]
        target.second[j, t] = source.second[i, t]
        target.lent[j, t] = source.lent[i, t]
    target.cost[j] = source.cost[i]


@njit(**LEAN)
def shift_window(window, team, state, p, sign):  # type: ignore[no-untyped-def]
    """
    Add a person's presence in the window to the heads, or take it away.
    """
    able = team.able[team.skill[p]]
    for at in range(window.length[0]):
        shift_at(able, state, p, window.at[at], sign)


@njit(**LEAN)
def window_cost(window, cells, curves, able, state, p, sign, moved):  # type: ignore[no-untyped-def]
    """
    Change in cell cost when a person joins the heads of the window, or leaves them.
    """
    n = state.presence.shape[1]
    cost = 0.0
    for at in range(window.length[0]):
        t = window.at[at]
        q = state.queue[p, t]
        share = sign * state.presence[p, t]
        if q < 0 or share == 0:
            continue
        lent = state.lent[p, t]
        c, more = q * n + t, share * (1.0 - lent) * able[q]
        cost += head_cost(curves, cells.period, state.heads, c, more, moved)
        state.heads[c] += more
        if lent > 0:
            other = state.second[p, t]
            c, more = other * n + t, share * lent * able[other]
            cost += head_cost(curves, cells.period, state.heads, c, more, moved)
            state.heads[c] += more
    return cost


@njit(**LEAN)
def man_window(window, kinds, cells, team, p, state, sign):  # type: ignore[no-untyped-def]
    """
    Add a person's duties of the window to the heads of posts, or take them away; the change
    in cost.
    """
    cost = 0.0
    if team.post.shape[0] == 0:
        return cost
    for d in window.days:
        if d >= 0 and state.tours[p, d] >= 0:
            k, starts = state.tours[p, d], state.starts[p, d]
            cost += join_duty(kinds, cells, team, p, k, starts, sign, state.heads)
    return cost


@njit(**LEAN)
def leave(window, kinds, p, grid, state):  # type: ignore[no-untyped-def]
    """
    Take a person's duties of the window's days out of their presence.
    """
    per, pad = grid
    for d in window.days:
        if d >= 0 and state.tours[p, d] >= 0:
            kind, starts = state.tours[p, d], state.starts[p, d]
            add_presence(kinds, kind, starts, per, pad, -1.0, state.presence[p])


@njit(**LEAN)
def value_slots(window, cells, curves, able, state, weights, noise, grid, work):  # type: ignore[no-untyped-def]
    """
    Running sum of what a person saves by the slot, at marginal prices shaken by ``noise``.
    """
    per, pad = grid
    n, gain = state.presence.shape[1], work.gain
    before = window.at[0]
    gain[pad + before * per] = 0.0
    for at in range(window.length[0]):
        t = window.at[at]
        shaken = noise * (np.random.random() - 0.5)
        best, to = 0.0, -1
        for q in range(able.shape[0]):
            c = q * n + t
            if able[q] <= 0 or cells.corners[c] < 2:
                continue
            weight = weights[cells.period[c]] if cells.period[c] >= 0 else 0.0
            saved, made = level(curves, c, state.heads[c])
            then, yields = level(curves, c, max(state.heads[c], 0.0) + able[q])
            price = then - saved + weight * (yields - made) + shaken * able[q]
            if price > best:
                best, to = price, q
        work.choice[t] = to
        slot = pad + t * per
        gain[slot] = gain[pad + before * per]
        for f in range(per):
            gain[slot + f + 1] = gain[slot + f] + best / per
        before = t + 1
    if before == n:
        gain[pad + n * per :] = gain[pad + n * per]


@njit(**LEAN)
def lose_breaks(window, kinds, pay, grid, work):  # type: ignore[no-untyped-def]
    """
    What breaks lose by the slot at which they start, in the window.
    """
    per, pad = grid
    n, lost, gain, stay = work.choice.shape[0], work.lost, work.gain, work.stay
    for d in window.days:
        if d < 0:
            continue
        end = pad + window.reach[d, 1] * per if window.reach[d, 1] < n else lost.shape[1] - 1
        for r in range(kinds.pauses.shape[0]):
            length, unpaid, away = kinds.pauses[r]
            for s in range(pad + window.reach[d, 0] * per, end - length + 1):
                lost[r, s] = gain[s + length] - gain[s]
                if unpaid:
                    lost[r, s] -= pay[s + length] - pay[s]
                for j in range(stay.shape[0]):
                    if away + j >= 2:
                        lost[r, s] += stay[j, s + length] - stay[j, s]


@njit(**LEAN)
def day_bests(window, i, kinds, team, p, work):  # type: ignore[no-untyped-def]
    """
    Value of the best kind of each class on the window's day ``i``, breaks best placed.
    """
    d, kt = window.days[i], team.type[p]
    base, pay = kinds.first[kt, 0], team.pay[team.rate[p]]
    nothing = kinds.start[:0]
    best, which = window.best[i], window.which[i]
    best[:] = NEVER
    best[0], which[0] = -team.off[p, d], -1
    known = 0  # breaks in common with the kind valued last
    for k in range(kinds.first[kt, d], kinds.first[kt, d + 1]):
        known = min(known, kinds.alike[k])
        adjust = team.adjust[p, k - base]
        if adjust == np.inf:
            continue
        value = kind_value(
            kinds, k, known, work.gain, work.stay, work.lost, pay, work.breaks, nothing
        )
        known = kinds.breaks[k]
        if value - adjust > best[kinds.group[k]]:
            best[kinds.group[k]] = value - adjust
            which[kinds.group[k]] = k


@njit(**LEAN)
def other_units(window, arcs, kt, tour, d):  # type: ignore[no-untyped-def]
    """
    Paid units of other days up to the end of the week of ``d``: these, the number of the week
    or -1, its last day, and the first that counts.
    """
    last = d
    while last < tour.shape[0] - 1 and arcs.week[kt, last] < 0:
        last += 1
    begin, total = last, 0
    while begin > 0 and not arcs.closes[kt, begin - 1]:
        begin -= 1
    for day in range(begin, last + 1):
        if day != window.days[0] and day != window.days[1] and tour[day] >= 0:
            total += window.units[tour[day]]
    return total, arcs.week[kt, last], last, begin


@njit(**LEAN)
def pick(window, kinds, arcs, team, p, tour):  # type: ignore[no-untyped-def]
    """
    Put the best kinds that rules admit on the window's days of ``tour``; False if none are.

    Pairs are tried that promise more than the best so far and keep the weeks' hours; rules
    are walked for these alone.
    """
    kt, (first, second) = team.type[p], window.days
    low, high, several = team.low[p], team.high[p], second >= 0
    have, week, last, _ = other_units(window, arcs, kt, tour, first)
    more, then, _, begin = other_units(window, arcs, kt, tour, second if several else first)
    top, one, two = NEVER / 2, -2, -2
    for a in range(window.best.shape[1]):
        if window.best[0, a] <= NEVER / 2:
            continue
        tour[first] = window.which[0, a]
        units = window.units[tour[first]] if tour[first] >= 0 else 0
        for b in range(window.best.shape[1] if several else 1):
            value, added = window.best[0, a], 0
            if several:
                value += window.best[1, b]
                tour[second] = window.which[1, b]
                added = window.units[tour[second]] if tour[second] >= 0 else 0
            if value <= top:
                continue
            early = have + units + (added if second <= last else 0)
            late = more + added + (units if begin <= first else 0)
            if week >= 0 and not low[week] <= early <= high[week]:
                continue
            if then >= 0 and then != week and not low[then] <= late <= high[then]:
                continue
            value -= walk(kinds, window.steps, arcs, team, p, tour, window.units)
            if value > top:
                top, one = value, tour[first]
                two = tour[second] if several else -1
    tour[first] = one
    if several:
        tour[second] = two
    return one > -2


@njit(**LEAN)
def settle_window(window, cells, team, p, weights, state, work):  # type: ignore[no-untyped-def]
    """
    Where a person serves in the window who has just come back; heads are as without them.
    """
    able = team.able[team.skill[p]]
    several = 0
    for q in range(able.shape[0]):
        several += able[q] > 0
    for at in range(window.length[0]):
        t = window.at[at]
        state.lent[p, t] = 0.0
        state.queue[p, t] = work.choice[t]
        if state.presence[p, t] < 1e-9:
            state.presence[p, t] = 0.0
        elif several > 1:
            heads = state.heads
            share_out(cells, team, p, t, weights, 0.0, weights, state)
            q, more = state.queue[p, t], state.presence[p, t]
            lent, n = state.lent[p, t], state.presence.shape[1]
            heads[q * n + t] -= more * (1.0 - lent) * able[q]
            if lent > 0:
                other = state.second[p, t]
                heads[other * n + t] -= more * lent * able[other]


@njit(**LEAN)
def come_back(window, laid, p, noise, weights, moved, state, work):  # type: ignore[no-untyped-def]
    """
    The best duties on the window's days of somebody who has left; the change in cell cost.

    Infinite where rules admit none, and then they are still away. ``laid`` are the tables:
    kinds, arcs, team, cells, their curves, and the grid.
    """
    kinds, arcs, team, cells, curves, grid = laid
    per, pad = grid
    able, pay = team.able[team.skill[p]], team.pay[team.rate[p]]
    value_slots(window, cells, curves, able, state, weights, noise, grid, work)
    if work.stay.shape[0]:
        post_prices(cells, team, p, state.heads, weights, 0.0, work.posts)
        post_values(team, p, work.posts, state.heads.shape[0] - work.posts.shape[0], work.stay)
    lose_breaks(window, kinds, pay, grid, work)
    day_bests(window, 0, kinds, team, p, work)
    if window.days[1] >= 0:
        day_bests(window, 1, kinds, team, p, work)
    for d in range(work.tour.shape[0]):
        work.tour[d] = state.tours[p, d]
    if not pick(window, kinds, arcs, team, p, work.tour):
        return np.inf
    for d in window.days:
        if d < 0:
            continue
        k = work.tour[d]
        state.tours[p, d] = k
        if k >= 0:
            starts = state.starts[p, d]
            kind_value(kinds, k, 0, work.gain, work.stay, work.lost, pay, work.breaks, starts)
            add_presence(kinds, k, starts, per, pad, 1.0, state.presence[p])
    settle_window(window, cells, team, p, weights, state, work)
    state.cost[p] = tour_cost(kinds, team, p, state.tours[p], state.starts[p])
    state.cost[p] += walk(kinds, window.steps, arcs, team, p, state.tours[p], window.units)
    rise = man_window(window, kinds, cells, team, p, state, 1.0)
    return rise + window_cost(window, cells, curves, able, state, p, 1.0, moved)
