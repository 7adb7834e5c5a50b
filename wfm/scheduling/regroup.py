"""
Some people leave a day or two of the roster and come back: annealing by best responses.

They leave together and come back one after the other, each with the best duties at what
the next head in each cell saves now, exactly, shaken a little; so every change is lawful
and most are good. It is kept when the true cost falls, or by chance when it rises little.
Days are drawn near the cells that stand in the way of the bound: by how much their cost
lies above the least at the dual's prices. Two days let hours move from one to the other,
and several people let them be exchanged.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from wfm.domain.outcome import Progress, Stop, never, silent
from wfm.scheduling.bound import Dual, Work
from wfm.scheduling.cover import cell_bound, cell_cost
from wfm.scheduling.finish import curves_of, level, owed, settle
from wfm.scheduling.kernels import LEAN
from wfm.scheduling.search import Found, State, objective
from wfm.scheduling.tables import Tables
from wfm.scheduling.telling import told
from wfm.scheduling.window import (
    come_back,
    keep_row,
    leave,
    man_window,
    open_window,
    shift_window,
    window_cost,
    window_of,
)

BATCH = 2000  # turns between two looks at the clock
GROUP = 3  # most people who leave together
COOL = 0.1  # last temperature, as a share of the first, by default
STIFF = 20.0, 5000.0  # first and last curvature of the price of missing contacts, see bound
ANYWHERE = 0.25  # share of turns that begin on any day
PAIRS = 0.8  # share of turns in which another day is drawn too
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
def multipliers(cells, centre, stiff, missing, moved, weights):  # type: ignore[no-untyped-def]
    """
    What one more contact saves in each period, smoothed around the dual's.
    """
    for i in range(weights.shape[0]):
        bend = stiff * cells.price[i] / max(cells.target[i], 1.0)
        slope = centre[i] + bend * (missing[i] + moved[i])
        weights[i] = min(max(slope, 0.0), cells.price[i])


@njit(**LEAN)
def draw_window(window, team, day_of, excess):  # type: ignore[no-untyped-def]
    """
    Open a window on a day that stands in the way, mostly, and another; the cell it is drawn
    by, or -1.
    """
    days, own = window.reach.shape[0], excess.shape[0] - team.posts.shape[0]
    c, first = -1, np.random.randint(days)
    if np.random.random() >= ANYWHERE and excess[-1] > 0:
        c = np.searchsorted(excess, np.random.random() * excess[-1])
        first = day_of[c % day_of.shape[0] if c < own else team.posts[c - own, 1]]
    second = np.random.randint(days) if np.random.random() < PAIRS else first
    open_window(window, first, second)
    return c


@njit(**LEAN)
def draw_group(window, team, state, c, who):  # type: ignore[no-untyped-def]
    """
    Different people into ``who``; how many. They work in the window and serve the queue of
    cell ``c``, or count for its rule, mostly.
    """
    people, n = state.tours.shape[0], state.presence.shape[1]
    own = state.heads.shape[0] - team.posts.shape[0]
    first, second = window.days
    count = min(people, 1 + np.random.randint(who.shape[0]))
    for i in range(count):
        p = 0
        for _ in range(TRIES):
            p = np.random.randint(people)
            works = state.tours[p, first] >= 0 or (second >= 0 and state.tours[p, second] >= 0)
            if c >= own:
                if team.counted[team.skill[p], team.posts[c - own, 0]]:
                    break
            elif works and (c < 0 or team.able[team.skill[p], c // n] > 0):
                break
        for j in range(i):
            if who[j] == p:
                return i
        who[i] = p
    return count


@njit(cache=True)
def turn(window, laid, centre, stiff, heat, count, state, work, kept):  # type: ignore[no-untyped-def]
    """
    The group leaves the window and comes back; how many did, and what that costs.
    """
    kinds, _, team, cells, curves, grid = laid
    rise = 0.0
    for i in range(count):
        p = kept.who[i]
        keep_row(window, state, p, kept.rows, i)
        able = team.able[team.skill[p]]
        rise -= state.cost[p]
        rise += window_cost(window, cells, curves, able, state, p, -1.0, kept.moved)
        rise += man_window(window, kinds, cells, team, p, state, -1.0)
        leave(window, kinds, p, grid, state)
    for i in range(count):
        p, moved = kept.who[i], kept.moved
        multipliers(cells, centre, stiff, kept.missing, moved, kept.weights)
        rise += come_back(window, laid, p, heat, kept.weights, moved, state, work)
        if rise == np.inf:
            return i, rise
        rise += state.cost[p]
    return count, rise + owed(cells, centre, stiff, kept.missing, kept.moved)


@njit(cache=True)
def regroup(window, laid, dual, day_of, stiff, state, work, kept, turns, ends, seed):  # type: ignore[no-untyped-def]
    """
    A batch of turns at temperatures between ``ends``, cents; how many changed the roster.
    """
    np.random.seed(seed)
    hot, cold = ends
    (prices, centre), (kinds, _, team, cells, curves, _) = dual, laid
    taken = 0
    stand_in_way(cells, curves, state.heads, prices, centre, kept.excess)
    for number in range(turns):
        heat = hot * (cold / hot) ** (number / turns)
        c = draw_window(window, team, day_of, kept.excess)
        count = draw_group(window, team, state, c, kept.who)
        kept.moved[:] = 0.0
        back, rise = turn(window, laid, centre, stiff, heat, count, state, work, kept)
        if rise <= -heat * np.log(1.0 - np.random.random()):
            for i in range(kept.moved.shape[0]):
                kept.missing[i] += kept.moved[i]
            taken += 1
            continue
        for i in range(back):
            shift_window(window, team, state, kept.who[i], -1.0)
            man_window(window, kinds, cells, team, kept.who[i], state, -1.0)
        for i in range(count):
            keep_row(window, kept.rows, i, state, kept.who[i])
            shift_window(window, team, state, kept.who[i], 1.0)
            man_window(window, kinds, cells, team, kept.who[i], state, 1.0)
    return taken


def regrouped(
    tables: Tables,
    dual: Dual,
    found: Found,
    turns: int,
    *,
    work: Work,
    heat: float,
    cool: float = COOL,
    seed: int,
    progress: Progress = silent,
    stop: Stop = never,
) -> Found:
    """
    Improve a roster by turns in which some people leave a day or two and come back.

    Parameters
    ----------
    heat, cool
        First temperature, cents, and the last as a share of it.
    """
    state, kept, window = found.state.copy(), kept_of(tables), window_of(tables)
    curves = curves_of(tables.cells)
    day_of = np.asarray(tables.problem.grid.day, dtype=np.int64)
    laid = (tables.kinds, tables.arcs, tables.team, tables.cells, curves, tables.grid)
    best = Found(state.copy(), objective(tables.cells, state, kept.missing), found.weights)
    batches = max(1, turns // BATCH)
    for done in range(batches):
        ends = heat * cool ** (done / batches), heat * cool ** ((done + 1) / batches)
        stiff = STIFF[0] * (STIFF[1] / STIFF[0]) ** (done / max(batches - 1, 1))
        drawn = (seed * 7919 + done) % 2**31
        guide = dual.prices, dual.weights
        regroup(window, laid, guide, day_of, stiff, state, work, kept, BATCH, ends, drawn)
        settle(tables, window.steps, state)
        cost = objective(tables.cells, state, kept.missing)
        if cost < best.cost - 1e-6:
            best = Found(state.copy(), cost, found.weights)
        if progress is not silent:
            progress(done + 1, batches, told(tables, best.cost, dual.bound))
        if stop():
            break
    return best
