"""
Two people leave the roster and come back: annealing by best responses.

Each comes back on the best tour at what the next head in each cell saves now, exactly,
shaken a little; so every change is lawful and most are good. It is kept when the true cost
falls, or by chance when it rises little. Who leaves is drawn near the cells that stand in
the way of the bound: by how much their cost lies above the least at the dual's prices.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from wfm.domain.outcome import Progress, Stop, never, silent
from wfm.scheduling.bound import Dual, Work, answer_prices
from wfm.scheduling.cover import cell_bound, cell_cost
from wfm.scheduling.finish import curves_of, head_cost, level, owed, settle, steps_of
from wfm.scheduling.kernels import LEAN
from wfm.scheduling.posts import join_posts, meet_posts, post_prices
from wfm.scheduling.search import (
    Found,
    State,
    marginal_prices,
    objective,
    settle_queues,
    shift_heads,
)
from wfm.scheduling.tables import Tables
from wfm.scheduling.telling import told

BATCH = 500  # turns between two looks at the clock
GROUP = 2  # most people who leave together
COOL = 0.1  # last temperature, as a share of the first
STIFF = 20.0, 5000.0  # first and last curvature of the price of missing contacts, see bound
ANYWHERE = 0.25  # share of turns in which anybody may leave
TRIES = 20  # draws of somebody who works on a day


class Kept(NamedTuple):
    """
    Scratch memory of a turn: who leaves, and their rows of the roster before.
    """

    who: np.ndarray  # int64 [group]
    rows: State  # of the group instead of all people; ``heads`` is not used
    moved: np.ndarray  # float64 [periods]: contacts that are missing more
    missing: np.ndarray  # float64 [periods]: contacts missing before
    weights: np.ndarray  # float64 [periods]: multipliers now
    excess: np.ndarray  # float64 [cells]: running sum of what stands in the way


def kept_of(tables: Tables) -> Kept:
    """
    Scratch memory that fits some tables.
    """
    size, periods = tables.size, len(tables.cells.target)
    rows = State(
        np.zeros((GROUP, size.days), np.int64),
        np.zeros((GROUP, size.days, max(size.breaks, 1)), np.int64),
        np.zeros((GROUP, size.intervals)),
        np.zeros((GROUP, size.intervals), np.int64),
        np.zeros((GROUP, size.intervals), np.int64),
        np.zeros((GROUP, size.intervals)),
        np.zeros(0),
        np.zeros(GROUP),
    )
    return Kept(
        np.zeros(GROUP, np.int64),
        rows,
        np.zeros(periods),
        np.zeros(periods),
        np.zeros(periods),
        np.zeros(len(tables.cells.corners)),
    )


@njit(cache=True)
def copy_row(source, i, target, j):  # type: ignore[no-untyped-def]
    """
    One person's part of a roster, from row ``i`` to row ``j`` of another.
    """
    target.tours[j] = source.tours[i]
    target.starts[j] = source.starts[i]
    target.presence[j] = source.presence[i]
    target.queue[j] = source.queue[i]
    target.second[j] = source.second[i]
    target.lent[j] = source.lent[i]
    target.cost[j] = source.cost[i]


@njit(**LEAN)
def stand_in_way(cells, curves, heads, prices, weights, excess):  # type: ignore[no-untyped-def]
    """
    How far each cell's cost lies above its least at the dual's prices, as a running sum.
    """
    n = prices.shape[1]
    own = prices.shape[0] * n
    total = 0.0
    for c in range(own):
        weight = weights[cells.period[c]] if cells.period[c] >= 0 else 0.0
        price = prices[c // n, c % n]
        saved, made = level(curves, c, heads[c])
        cost = cells.nothing[c] - saved - weight * (cells.idle[c] + made) + price * heads[c]
        total += max(0.0, cost - cell_bound(cells, c, price, weight))
        excess[c] = total
    for c in range(own, heads.shape[0]):  # at no price, the least at a post is 0
        total += cell_cost(cells, c, heads[c], 0.0)
        excess[c] = total


@njit(**LEAN)
def draw_group(team, state, day_of, excess, count, who):  # type: ignore[no-untyped-def]
    """
    Different people into ``who``: the first works on a day that stands in the way, the
    others serve the queue that is short there.
    """
    people, n = state.tours.shape[0], state.presence.shape[1]
    own = excess.shape[0] - team.posts.shape[0]
    c = -1
    if np.random.random() >= ANYWHERE and excess[-1] > 0:
        c = np.searchsorted(excess, np.random.random() * excess[-1])
    for i in range(count):
        p = 0
        for _ in range(TRIES):
            p = np.random.randint(people)
            new = True
            for j in range(i):
                new = new and who[j] != p
            if not new:
                continue
            if c >= own:
                if team.counted[team.skill[p], team.posts[c - own, 0]]:
                    break
                continue
            if c < 0 or (i == 0 and state.tours[p, day_of[c % n]] >= 0):
                break
            if i > 0 and team.able[team.skill[p], c // n] > 0:
                break
        for j in range(i):
            if who[j] == p:
                return i
        who[i] = p
    return count


@njit(**LEAN)
def presence_cost(cells, curves, able, state, p, sign, moved):  # type: ignore[no-untyped-def]
    """
    Change in cell cost when a person joins the heads, or leaves them with ``sign`` -1.
    """
    n = state.presence.shape[1]
    cost = 0.0
    for t in range(n):
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
def multipliers(cells, centre, stiff, missing, moved, weights):  # type: ignore[no-untyped-def]
    """
    What one more contact saves in each period, smoothed around the dual's.
    """
    for i in range(weights.shape[0]):
        bend = stiff * cells.price[i] / max(cells.target[i], 1.0)
        slope = centre[i] + bend * (missing[i] + moved[i])
        weights[i] = min(max(slope, 0.0), cells.price[i])


@njit(**LEAN)
def shake(cells, amount, prices):  # type: ignore[no-untyped-def]
    """
    Add noise to prices, alike for all queues of an interval.
    """
    n = prices.shape[1]
    for t in range(n):
        noise = amount * (np.random.random() - 0.5)
        for q in range(prices.shape[0]):
            if cells.corners[q * n + t] >= 2:
                prices[q, t] += noise


@njit(cache=True)
def come_back(kinds, arcs, team, cells, curves, grid, p, heat, state, work, kept):  # type: ignore[no-untyped-def]
    """
    The best tour of somebody who is away, at shaken prices; the change in cell cost.
    """
    able = team.able[team.skill[p]]
    weights = kept.weights
    marginal_prices(cells, team, p, state.heads, weights, 0.0, weights, work.prices)
    post_prices(cells, team, p, state.heads, weights, 0.0, work.posts)
    shake(cells, heat, work.prices)
    value = answer_prices(kinds, arcs, team, p, -1, grid, work)
    state.cost[p] = -value
    state.lent[p] = 0.0
    for t in range(state.presence.shape[1]):
        q = work.choice[t]
        state.queue[p, t] = q
        state.presence[p, t] = work.presence[t]
        if q >= 0:
            state.cost[p] += work.presence[t] * able[q] * work.prices[q, t]
    state.cost[p] += meet_posts(kinds, team, p, work.tour, work.starts, work.posts, work.vertex)
    state.tours[p] = work.tour
    state.starts[p] = work.starts
    settle_queues(cells, team, p, weights, 0.0, weights, state)
    shift_heads(team, state, p, -1.0)
    rise = join_posts(kinds, cells, team, p, work.tour, work.starts, 1.0, state.heads)
    return rise + presence_cost(cells, curves, able, state, p, 1.0, kept.moved)


@njit(cache=True)
def regroup(  # type: ignore[no-untyped-def]
    kinds,
    arcs,
    team,
    cells,
    curves,
    grid,
    dual,
    day_of,
    stiff,
    state,
    work,
    kept,
    turns,
    ends,
    seed,
):
    """
    A batch of turns at temperatures between ``ends``, cents; how many changed the roster.
    """
    np.random.seed(seed)
    hot, cold = ends
    prices, centre = dual
    taken = 0
    stand_in_way(cells, curves, state.heads, prices, centre, kept.excess)
    for turn in range(turns):
        heat = hot * (cold / hot) ** (turn / turns)
        count = 1 + np.random.randint(min(GROUP, state.tours.shape[0]))
        count = draw_group(team, state, day_of, kept.excess, count, kept.who)
        kept.moved[:] = 0.0
        rise = 0.0
        for i in range(count):
            p = kept.who[i]
            copy_row(state, p, kept.rows, i)
            able = team.able[team.skill[p]]
            rise += presence_cost(cells, curves, able, state, p, -1.0, kept.moved) - state.cost[p]
            rise += join_posts(
                kinds, cells, team, p, state.tours[p], state.starts[p], -1.0, state.heads
            )
        for i in range(count):
            p = kept.who[i]
            multipliers(cells, centre, stiff, kept.missing, kept.moved, kept.weights)
            rise += come_back(kinds, arcs, team, cells, curves, grid, p, heat, state, work, kept)
            rise += state.cost[p]
        rise += owed(cells, centre, stiff, kept.missing, kept.moved)
        if rise <= -heat * np.log(1.0 - np.random.random()):
            for i in range(kept.moved.shape[0]):
                kept.missing[i] += kept.moved[i]
            taken += 1
            continue
        for i in range(count):
            p = kept.who[i]
            shift_heads(team, state, p, -1.0)
            join_posts(kinds, cells, team, p, state.tours[p], state.starts[p], -1.0, state.heads)
        for i in range(count):
            p = kept.who[i]
            copy_row(kept.rows, i, state, p)
            shift_heads(team, state, p, 1.0)
            join_posts(kinds, cells, team, p, state.tours[p], state.starts[p], 1.0, state.heads)
    return taken


def regrouped(
    tables: Tables,
    dual: Dual,
    found: Found,
    turns: int,
    *,
    work: Work,
    heat: float,
    seed: int,
    progress: Progress = silent,
    stop: Stop = never,
) -> Found:
    """
    Improve a roster by turns in which one or two people leave and come back.

    Parameters
    ----------
    heat
        First temperature, cents; the last is a tenth of it.
    """
    state, kept = found.state.copy(), kept_of(tables)
    steps, curves = steps_of(tables), curves_of(tables.cells)
    day_of = np.asarray(tables.problem.grid.day, dtype=np.int64)
    flat = (tables.kinds, tables.arcs, tables.team, tables.cells, curves, tables.grid)
    best = Found(state.copy(), objective(tables.cells, state, kept.missing), found.weights)
    batches = max(1, turns // BATCH)
    for done in range(batches):
        ends = heat * COOL ** (done / batches), heat * COOL ** ((done + 1) / batches)
        stiff = STIFF[0] * (STIFF[1] / STIFF[0]) ** (done / max(batches - 1, 1))
        drawn = (seed * 7919 + done) % 2**31
        guide = dual.prices, dual.weights
        regroup(*flat, guide, day_of, stiff, state, work, kept, BATCH, ends, drawn)
        settle(tables, steps, state)
        cost = objective(tables.cells, state, kept.missing)
        if cost < best.cost - 1e-6:
            best = Found(state.copy(), cost, found.weights)
        if progress is not silent:
            progress(done + 1, batches, told(tables, best.cost, dual.bound))
        if stop():
            break
    return best
