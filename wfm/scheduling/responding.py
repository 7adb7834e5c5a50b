"""
Annealing by best responses: a few people leave the roster and come back one by one.

Each comes back on the best tour against all others, exactly, at values that are shaken a
little; so every move is legal and most are good. Compiled; see `wfm.scheduling.touring`.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from wfm.scheduling.layout import HOPELESS, add_tour, tour_cost
from wfm.scheduling.touring import best_tour


@njit(cache=True)
def rows_cost(need, short, surplus, cover):  # type: ignore[no-untyped-def]
    """
    What a cover costs.
    """
    cost = 0.0
    for r in range(need.shape[0]):
        gap = need[r] - cover[r]
        cost += short[r] * gap if gap > 0 else -surplus[r] * gap
    return cost


@njit(cache=True)
def next_worth(t, adds, g, need, short, surplus, cover, worth):  # type: ignore[no-untyped-def]
    """
    What each option of group ``g`` would save now, into ``worth``, float [options].
    """
    for o in range(t.first[g, -1]):
        saved = 0.0
        for e in range(adds.first[g, o], adds.first[g, o + 1]):
            r, amount = adds.row[e], adds.amount[e]
            wanted = min(max(need[r] - cover[r], 0.0), amount)
            saved += short[r] * wanted - surplus[r] * (amount - wanted)
        worth[o] = saved


@njit(cache=True)
def _pick(need, short, surplus, cover):  # type: ignore[no-untyped-def]
    # A row, the likelier the more it costs; one in four times any row.
    n = need.shape[0]
    if np.random.random() < 0.25:
        return np.random.randint(n)
    left = np.random.random() * rows_cost(need, short, surplus, cover)
    for r in range(n):
        gap = need[r] - cover[r]
        left -= short[r] * gap if gap > 0 else -surplus[r] * gap
        if left < 0:
            return r
    return np.random.randint(n)


@njit(cache=True)
def anneal(  # type: ignore[no-untyped-def]  # noqa: PLR0912, PLR0915 - one loop
    t, crowd, adds, rows, guide, tours, best, cover, multipliers, space, run
):
    """
    Improve ``tours``, int64 [people, days], for some turns; ``best`` receives the best seen.

    Parameters
    ----------
    rows
        Needs, prices short and surplus, float [rows] each.
    guide
        Days on which rows are covered, int64 [rows]; prices of rows; how much of these is
        mixed into values, from 0 to 1.
    cover
        What the tours add to rows; kept up to date.
    run
        Seed; turns; heat: the cost by which a turn may make it worse, about; size of the
        noise on values, in heats.

    Returns
    -------
    tuple
        Cost at the end, best cost.
    """
    need, short, surplus = rows
    day_of, prices, lean = guide
    seed, turns, heat, shake = run
    most = min(2, tours.shape[0])
    np.random.seed(seed)
    people, days = tours.shape
    cost = rows_cost(need, short, surplus, cover)
    own = np.empty(people)
    for p in range(people):
        own[p] = tour_cost(t, crowd, p, tours[p])
        cost += own[p]
    least = cost
    worth = np.empty(t.set_of.shape[1])
    gone = np.empty(most, np.int64)
    before = np.empty((most, days), np.int64)
    for _ in range(turns):
        row = _pick(need, short, surplus, cover)
        count = 1 + np.random.randint(most)
        begin, end = _window(days, day_of[row])
        for i in range(count):
            while True:
                p = np.random.randint(people)
                if not (gone[:i] == p).any():
                    break
            gone[i] = p
        old = cost
        for i in range(count):
            p = gone[i]
            before[i] = tours[p]
            cost -= own[p]
            add_tour(adds, crowd.group[p], tours[p], -1.0, cover)
        for i in range(count):
            p = gone[i]
            g = crowd.group[p]
            next_worth(t, adds, g, need, short, surplus, cover, worth)
            mix = lean * np.random.random() if i + 1 < count else 0.0
            for o in range(t.first[g, begin], t.first[g, end]):
                if mix > 0:
                    value = 0.0
                    for e in range(adds.first[g, o], adds.first[g, o + 1]):
                        value += prices[adds.row[e]] * adds.amount[e]
                    worth[o] += mix * (value - worth[o])
                noise = heat * shake * (np.random.random() - 0.5)
                worth[o] = np.round((worth[o] + noise) * 1048576) / 1048576
            value, _, _ = best_tour(
                t, crowd, p, worth, before[i], (begin, end), multipliers[p], 2, 50, space, tours[p]
            )
            if value <= HOPELESS:
                tours[p] = before[i]
            own[p] = tour_cost(t, crowd, p, tours[p])
            add_tour(adds, g, tours[p], 1.0, cover)
        cost = rows_cost(need, short, surplus, cover) + own.sum()
        if cost > old - heat * np.log(np.random.random()):
            for i in range(count):
                p = gone[i]
                add_tour(adds, crowd.group[p], tours[p], -1.0, cover)
                tours[p] = before[i]
                own[p] = tour_cost(t, crowd, p, tours[p])
                add_tour(adds, crowd.group[p], tours[p], 1.0, cover)
            cost = old
        elif cost < least:
            least = cost
            best[:] = tours
    return cost, least


@njit(cache=True)
def _window(days, around):  # type: ignore[no-untyped-def]
    # Days that may change: half of the time all.
    if np.random.random() < 0.3:
        return 0, days
    length = 4 + np.random.randint(18)
    begin = around - np.random.randint(length)
    return max(0, begin), min(days, begin + length)
