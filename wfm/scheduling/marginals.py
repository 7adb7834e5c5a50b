"""
What one more duty costs somebody: the best tour through each choice of one day.

Compiled. A tour's value is split at a day: what leads to its morning, what its evening
leads on to. Two passes give the best tour through every choice at once.
"""

from __future__ import annotations

from numba import njit

from wfm.scheduling.kernels import LEAN
from wfm.scheduling.pricing import NEVER, set_bests


@njit(**LEAN)
def through_day(kinds, arcs, team, p, day, values, forward, backward, scratch, worth):  # type: ignore[no-untyped-def]
    """
    Value of the best tour through each class of a day, without that day's own value.

    Parameters
    ----------
    values
        Value of each kind of the person's type; those of ``day`` are not read into it.
    forward, backward
        Scratch, float [2 days + 1, nodes, units].
    scratch
        As of ``best_tour``.
    worth
        Receives the values, float [classes]; class 0 is the day off.
    """
    kt = team.type[p]
    best, which, cbest, cwhich = scratch
    days = kinds.first.shape[1] - 1
    worth[:] = NEVER
    if team.node[p] < 0:
        return
    set_bests(kinds, arcs, team, p, values, best, which, cbest, cwhich)
    _go_forward(arcs, team, kt, p, day, best, forward)
    _go_back(arcs, team, kt, p, day, days, best, backward)
    units = forward.shape[2]
    now, after = 2 * day, 2 * day + 1
    s0 = arcs.sets[kt, day]
    for a in range(arcs.first[kt, day], arcs.first[kt, day + 1]):
        s = s0 + arcs.set[a]
        before, behind = forward[now, arcs.source[a]], backward[after, arcs.target[a]]
        paid = arcs.paid[s]
        top = NEVER
        for m in range(units - paid):
            x = before[m] + behind[m + paid]
            top = x if x > top else top
        top -= arcs.price[a]
        for i in range(arcs.items[s], arcs.items[s + 1]):
            c = arcs.member[i]
            worth[c] = max(worth[c], top)


@njit(**LEAN)
def _go_forward(arcs, team, kt, p, day, best, space):  # type: ignore[no-untyped-def]
    # Best value of what comes before each node and paid units, up to the day's morning.
    units = space.shape[2]
    space[0, :, :] = NEVER
    space[0, team.node[p], 0] = 0.0
    for d in range(day):
        space[2 * d + 1, :, :] = NEVER
        s0 = arcs.sets[kt, d]
        for a in range(arcs.first[kt, d], arcs.first[kt, d + 1]):
            c = arcs.set[a]
            gain = best[d, c] - arcs.price[a]
            if gain <= NEVER / 2:
                continue
            before, behind = space[2 * d, arcs.source[a]], space[2 * d + 1, arcs.target[a]]
            paid = arcs.paid[s0 + c]
            for m in range(units - paid):
                x = before[m] + gain
                behind[m + paid] = x if x > behind[m + paid] else behind[m + paid]
        week = arcs.week[kt, d]
        if week < 0:
            for n in range(space.shape[1]):
                for m in range(units):
                    space[2 * d + 2, n, m] = space[2 * d + 1, n, m]
            continue
        space[2 * d + 2, :, :] = NEVER
        weekly, closes = team.weekly[team.rate[p], week], arcs.closes[kt, d]
        for n in range(space.shape[1]):
            for m in range(team.low[p, week], min(team.high[p, week] + 1, units)):
                x, to = space[2 * d + 1, n, m], m
                if closes:
                    x, to = x - weekly[m], 0
                space[2 * d + 2, n, to] = max(space[2 * d + 2, n, to], x)


@njit(**LEAN)
def _go_back(arcs, team, kt, p, day, days, best, space):  # type: ignore[no-untyped-def]
    # Best value of what comes after each node and paid units, from the day's evening on.
    units = space.shape[2]
    space[2 * days, :, :] = 0.0
    for d in range(days - 1, day - 1, -1):
        after, then = 2 * d + 1, 2 * d + 2
        week = arcs.week[kt, d]
        space[after, :, :] = NEVER
        for n in range(space.shape[1]):
            if week < 0:
                for m in range(units):
                    space[after, n, m] = space[then, n, m]
                continue
            for m in range(team.low[p, week], min(team.high[p, week] + 1, units)):
                if arcs.closes[kt, d]:
                    space[after, n, m] = space[then, n, 0] - team.weekly[team.rate[p], week, m]
                else:
                    space[after, n, m] = space[then, n, m]
        if d == day:
            return
        space[2 * d, :, :] = NEVER
        s0 = arcs.sets[kt, d]
        for a in range(arcs.first[kt, d], arcs.first[kt, d + 1]):
            c = arcs.set[a]
            gain = best[d, c] - arcs.price[a]
            if gain <= NEVER / 2:
                continue
            behind, ahead = space[2 * d, arcs.source[a]], space[after, arcs.target[a]]
            paid = arcs.paid[s0 + c]
            for m in range(units - paid):
                x = ahead[m + paid] + gain
                behind[m] = x if x > behind[m] else behind[m]
