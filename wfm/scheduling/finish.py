"""
Small moves, annealed: a break, a shift's edge, a day off, a queue for one interval.

What best responses leave over at small teams is mostly quarter hours that do not fit. A
move changes one or two days of one person, or where somebody serves; it is taken when
the true cost falls, or by chance when it rises little (Kirkpatrick et al. 1983). Whether
rules admit it is read from the same tables as everything else.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numba import njit

from wfm.domain.outcome import Progress, Stop, never, silent
from wfm.scheduling.cover import Cells
from wfm.scheduling.kernels import LEAN
from wfm.scheduling.posts import join_duty, join_posts
from wfm.scheduling.pricing import tour_cost
from wfm.scheduling.search import Found, State, objective
from wfm.scheduling.tables import Tables
from wfm.scheduling.telling import told

BATCH = 20_000  # moves between two looks at the clock
STIFF = 20.0, 5000.0  # first and last curvature of the price of missing contacts, see bound
COLD = 0.005  # last temperature, as a share of the first
PARTS = 8  # time in an interval is split over two queues in so many parts


class Steps(NamedTuple):
    """
    The rules for walking: where each class leads from each node, and at what price.
    """

    target: np.ndarray  # int32 [types, days, nodes, classes]: -1 where nothing leads on
    price: np.ndarray  # float64, cents


def steps_of(tables: Tables) -> Steps:
    """
    The arcs of the tables, by node and class.
    """
    arcs, size = tables.arcs, tables.size
    types = len(arcs.first)
    target = np.full((types, size.days, size.nodes, size.classes), -1, np.int32)
    price = np.zeros(target.shape)
    for kind in range(types):
        for day in range(size.days):
            for a in range(arcs.first[kind, day], arcs.first[kind, day + 1]):
                one = arcs.sets[kind, day] + arcs.set[a]
                members = arcs.member[arcs.items[one] : arcs.items[one + 1]]
                target[kind, day, arcs.source[a], members] = arcs.target[a]
                price[kind, day, arcs.source[a], members] = arcs.price[a]
    return Steps(target, price)


class Trial(NamedTuple):
    """
    Scratch memory of a move.
    """

    tour: np.ndarray  # int64 [days]
    starts: np.ndarray  # int64 [days, breaks]
    change: np.ndarray  # float64 [intervals]: presence gained
    touched: np.ndarray  # int64 [intervals]
    queue: np.ndarray  # int64 [intervals]
    missing: np.ndarray  # float64 [periods]
    moved: np.ndarray  # float64 [periods]
    units: np.ndarray  # int64 [kinds]: paid units
    sorted: np.ndarray  # int64 [kinds]: by type, day and paid units
    shelf: np.ndarray  # int64 [types, days, units + 2]: first in ``sorted``


def trial_of(tables: Tables) -> Trial:
    """
    Scratch memory that fits some tables.
    """
    size = tables.size
    order, shelf = shelves(tables)
    return Trial(
        np.zeros(size.days, np.int64),
        np.zeros((size.days, max(size.breaks, 1)), np.int64),
        np.zeros(size.intervals),
        np.zeros(size.intervals, np.int64),
        np.zeros(size.intervals, np.int64),
        np.zeros(len(tables.cells.target)),
        np.zeros(len(tables.cells.target)),
        tables.units,
        order,
        shelf,
    )


def curves_of(cells: Cells) -> np.ndarray:
    """
    The cells' pieces in one place, with running sums, so that nothing is summed anew.

    Returns
    -------
    np.ndarray
        Float [cells, breakpoints, 5]: heads where a piece begins, contacts and cents of one
        more head there, contacts and cents of all heads up to there. Breakpoints that a
        cell does not use lie at infinity.
    """
    used = np.arange(cells.at.shape[1]) < cells.corners[:, None]
    at = np.where(used, cells.at, np.inf)
    width = np.where(used[:, 1:], np.diff(cells.at, axis=1), 0.0)
    start = np.zeros((len(at), 1))
    made = np.cumsum(np.hstack([start, width * cells.gain[:, :-1]]), axis=1)
    saved = np.cumsum(np.hstack([start, width * cells.fine[:, :-1]]), axis=1)
    return np.stack([at, cells.gain, cells.fine, made, saved], axis=2)


def shelves(tables: Tables) -> tuple[np.ndarray, np.ndarray]:
    """
    Kinds of each type and day sorted by paid units, and where each length begins.
    """
    first, units = tables.kinds.first, tables.units
    top = int(units.max(initial=0))
    order = np.arange(len(units))
    shelf = np.zeros((len(first), first.shape[1] - 1, top + 2), np.int64)
    for kind, marks in enumerate(first):
        for day, (begin, end) in enumerate(pairwise(marks)):
            order[begin:end] = begin + np.argsort(units[begin:end], kind="stable")
            found = np.searchsorted(units[order[begin:end]], np.arange(top + 2))
            shelf[kind, day] = begin + found
    return order, shelf


@njit(**LEAN)
def walk(kinds, steps, arcs, team, p, tour, units):  # type: ignore[no-untyped-def]
    """
    Price of the rules along a tour, in cents; infinite where they do not admit it.
    """
    kt = team.type[p]
    node, week_units, price = team.node[p], 0, 0.0
    for d in range(tour.shape[0]):
        c = kinds.group[tour[d]] if tour[d] >= 0 else 0
        price += steps.price[kt, d, node, c]
        node = steps.target[kt, d, node, c]
        if node < 0:
            return np.inf
        if tour[d] >= 0:
            week_units += units[tour[d]]
        week = arcs.week[kt, d]
        if week >= 0 and not team.low[p, week] <= week_units <= team.high[p, week]:
            return np.inf
        if arcs.closes[kt, d]:
            price += team.weekly[team.rate[p], week, week_units]
            week_units = 0
    return price


@njit(**LEAN)
def add_duty(kinds, k, starts, grid, sign, trial, count):  # type: ignore[no-untyped-def]
    """
    Add a duty's presence to ``trial.change``; the number of intervals touched so far.
    """
    per, pad = grid
    n = trial.change.shape[0]
    first = max((kinds.start[k] - pad) // per, 0)
    last = min((kinds.close[k] - pad - 1) // per, n - 1)
    for t in range(first, last + 1):
        low = max(kinds.start[k], pad + t * per)
        high = min(kinds.close[k], pad + (t + 1) * per)
        on = high - low
        for b in range(kinds.breaks[k]):
            begin = max(starts[b], low)
            end = min(starts[b] + kinds.shape[k, b, 0], high)
            if end > begin:
                on -= end - begin
        if on > 0:
            if trial.queue[t] == -2:
                trial.queue[t] = -1
                trial.touched[count] = t
                count += 1
            trial.change[t] += sign * on / per
    return count


@njit(**LEAN)
def fits(kinds, k, starts):  # type: ignore[no-untyped-def]
    """
    Whether breaks of a kind stand where they may.
    """
    for b in range(kinds.breaks[k]):
        shape = kinds.shape[k, b]
        if (starts[b] - shape[1]) % shape[3]:
            return False
        if not 0 <= (starts[b] - shape[1]) // shape[3] < shape[2]:
            return False
        if b > 0:
            space = starts[b] - starts[b - 1] - kinds.shape[k, b - 1, 0]
            if not shape[4] <= space <= shape[5]:
                return False
    return True


@njit(**LEAN)
def draw_breaks(kinds, k, old, starts):  # type: ignore[no-untyped-def]
    """
    Breaks for a kind: near those of kind ``old`` where it has as many, else at random.
    """
    for _ in range(8):
        for b in range(kinds.breaks[k]):
            shape = kinds.shape[k, b]
            if old >= 0 and np.random.random() < 0.7:
                i = (starts[b] - shape[1]) // shape[3] + np.random.randint(-1, 2)
                i = min(max(i, 0), shape[2] - 1)
            else:
                i = np.random.randint(shape[2])
            starts[b] = shape[1] + i * shape[3]
        if fits(kinds, k, starts):
            return True
    return False


@njit(**LEAN)
def draw_kind(kinds, team, p, day, units, trial):  # type: ignore[no-untyped-def]
    """
    A random kind of a day with so many paid units that a person can work, or -1.
    """
    kt = team.type[p]
    if not 0 <= units < trial.shelf.shape[2] - 1:
        return -1
    first, last = trial.shelf[kt, day, units], trial.shelf[kt, day, units + 1]
    if first == last:
        return -1
    k = trial.sorted[first + np.random.randint(last - first)]
    return k if np.isfinite(team.adjust[p, k - kinds.first[kt, 0]]) else -1


@njit(**LEAN)
def put(kinds, team, p, day, units, near, trial):  # type: ignore[no-untyped-def]
    """
    Draw a kind of a length, and its breaks, onto a day of the trial; whether that worked.
    """
    k = draw_kind(kinds, team, p, day, units, trial)
    if k < 0:
        return False
    trial.tour[day] = k
    return draw_breaks(kinds, k, near, trial.starts[day])


@njit(**LEAN)
def move_break(kinds, k, starts):  # type: ignore[no-untyped-def]
    """
    Move one break of a duty, near or far; whether it may stand there.
    """
    b = np.random.randint(kinds.breaks[k])
    shape = kinds.shape[k, b]
    if np.random.random() < 0.5:
        step = np.random.randint(1, 4) * (1 if np.random.random() < 0.5 else -1)
        starts[b] += step * shape[3]
    else:
        starts[b] = shape[1] + np.random.randint(shape[2]) * shape[3]
    return fits(kinds, k, starts)


@njit(**LEAN)
def propose(kinds, team, p, state, trial):  # type: ignore[no-untyped-def]
    """
    A random change of a person's tour into ``trial``; the first and last day it touches.

    A break, a shift of the same length at another time, two shifts that exchange length,
    a shift on another day, or another length. Returns (-1, -1) when there is none.
    """
    d, other = np.random.randint(trial.tour.shape[0]), np.random.randint(trial.tour.shape[0])
    k, draw = state.tours[p, d], np.random.random()
    if k >= 0 and draw < 0.4:
        if kinds.breaks[k] == 0 or not move_break(kinds, k, trial.starts[d]):
            return -1, -1
        return d, d
    units = trial.units[k] if k >= 0 else 0
    if k >= 0 and draw < 0.65:
        return (d, d) if put(kinds, team, p, d, units, k, trial) else (-1, -1)
    if k >= 0 and draw < 0.9 and other != d:
        then = state.tours[p, other]
        if then < 0:
            trial.tour[d] = -1
            good = put(kinds, team, p, other, units, -1, trial)
        else:
            change = np.random.randint(-8, 9)
            both = trial.units[then] - change
            good = put(kinds, team, p, d, units + change, k, trial)
            good = good and put(kinds, team, p, other, both, then, trial)
        return (min(d, other), max(d, other)) if good else (-1, -1)
    if k >= 0 and np.random.random() < 0.3:
        trial.tour[d] = -1
        return d, d
    wanted = np.random.randint(trial.shelf.shape[2] - 1)
    return (d, d) if put(kinds, team, p, d, wanted, k, trial) else (-1, -1)


@njit(**LEAN)
def level(curves, c, heads):  # type: ignore[no-untyped-def]
    """
    Cents that heads save in a cell, and contacts they yield, against none at all.

    Breakpoints are whole heads, at most one in between, counted from some heads on: the
    j-th lies above j - 2, so the search starts near the heads themselves.
    """
    if heads <= 0.0:
        return 0.0, 0.0
    j = min(curves.shape[1] - 1, int(heads) + 3)
    while j > 0 and curves[c, j, 0] > heads:
        j -= 1
    more = heads - curves[c, j, 0]
    return curves[c, j, 4] + curves[c, j, 2] * more, curves[c, j, 3] + curves[c, j, 1] * more


@njit(**LEAN)
def best_queue(cells, curves, able, heads, weights, t, n, amount, stay):  # type: ignore[no-untyped-def]
    """
    Where ``amount`` more presence is worth most, at fixed weights of promises.
    """
    best, to = -1.0, stay
    for q in range(able.shape[0]):
        if able[q] <= 0:
            continue
        c = q * n + t
        if cells.corners[c] < 2:
            continue
        i = cells.period[c]
        weight = weights[i] if i >= 0 else 0.0
        saved, made = level(curves, c, heads[c])
        then, yields = level(curves, c, heads[c] + amount * able[q])
        gain = then - saved + weight * (yields - made)
        if gain > best:
            best, to = gain, q
    return to


@njit(**LEAN)
def head_cost(curves, period, heads, c, amount, moved):  # type: ignore[no-untyped-def]
    """
    Change in a cell's cost with ``amount`` more heads; ``moved`` keeps up what periods miss.
    """
    saved, made = level(curves, c, heads[c])
    then, yields = level(curves, c, heads[c] + amount)
    if period[c] >= 0:
        moved[period[c]] -= yields - made
    return saved - then


@njit(**LEAN)
def change_cost(cells, curves, able, state, p, trial, count):  # type: ignore[no-untyped-def]
    """
    Change in true cell cost if ``trial.change`` were added to the roster's heads.
    """
    n = state.presence.shape[1]
    cost = 0.0
    for i in range(count):
        t = trial.touched[i]
        amount, q, lent = trial.change[t], trial.queue[t], state.lent[p, t]
        if amount == 0.0 or q < 0:
            continue
        more = amount * (1.0 - lent) * able[q]
        cost += head_cost(curves, cells.period, state.heads, q * n + t, more, trial.moved)
        if lent > 0:
            other = state.second[p, t]
            more = amount * lent * able[other]
            cost += head_cost(curves, cells.period, state.heads, other * n + t, more, trial.moved)
    return cost


@njit(**LEAN)
def apply_change(able, state, p, trial, count):  # type: ignore[no-untyped-def]
    """
    Add ``trial.change`` to the roster's heads.
    """
    n = state.presence.shape[1]
    for i in range(count):
        t = trial.touched[i]
        amount, q, lent = trial.change[t], trial.queue[t], state.lent[p, t]
        if q >= 0:
            state.heads[q * n + t] += amount * (1.0 - lent) * able[q]
            if lent > 0:
                other = state.second[p, t]
                state.heads[other * n + t] += amount * lent * able[other]
        state.presence[p, t] += amount
        state.queue[p, t] = q


@njit(**LEAN)
def smooth_debt(price, weight, bend, missing):  # type: ignore[no-untyped-def]
    """
    Price of missing contacts, smoothed around ``weight`` with curvature ``bend``.

    The Moreau envelope of ``price * max(0, missing)``: for a large ``bend`` that itself.
    """
    slope = weight + bend * missing
    if slope <= 0:
        return -weight * weight / (2 * bend)
    if slope >= price:
        return price * missing - (price - weight) ** 2 / (2 * bend)
    return weight * missing + bend * missing * missing / 2


@njit(**LEAN)
def owed(cells, weights, stiff, missing, moved):  # type: ignore[no-untyped-def]
    """
    Change in the smoothed price of missing contacts when periods miss ``moved`` more.
    """
    total = 0.0
    for i in range(missing.shape[0]):
        if moved[i] != 0.0:
            price, weight = cells.price[i], weights[i]
            bend = stiff * price / max(cells.target[i], 1.0)
            total += smooth_debt(price, weight, bend, missing[i] + moved[i])
            total -= smooth_debt(price, weight, bend, missing[i])
    return total


@njit(**LEAN)
def jiggle(  # type: ignore[no-untyped-def]
    kinds, arcs, steps, team, cells, curves, grid, state, trial, weights, stiff, moves, ends, seed
):
    """
    A batch of moves at temperatures between ``ends``, cents; the change in cost.
    """
    np.random.seed(seed)
    hot, cold = ends
    people, days = state.tours.shape
    total = 0.0
    trial.queue[:] = -2
    trial.change[:] = 0.0
    for number in range(moves):
        heat = hot * (cold / hot) ** (number / moves)
        p = np.random.randint(people)
        able = team.able[team.skill[p]]
        if np.random.random() < 0.15:
            total += switch(cells, curves, able, state, p, trial, weights, stiff, heat)
            continue
        for d in range(days):
            trial.tour[d] = state.tours[p, d]
            for b in range(trial.starts.shape[1]):
                trial.starts[d, b] = state.starts[p, d, b]
        first, last = propose(kinds, team, p, state, trial)
        if first < 0:
            continue
        most = -heat * np.log(1.0 - np.random.random())  # a rise that would be taken
        cost = rules_cost(kinds, arcs, steps, team, p, state, trial, first, last)
        if cost == np.inf:
            continue
        count = touch(kinds, grid, state, p, trial, first, last)
        choose(cells, curves, team, p, state, trial, weights, count)
        trial.moved[:] = 0.0
        cost += change_cost(cells, curves, able, state, p, trial, count)
        cost += owed(cells, weights, stiff, trial.missing, trial.moved)
        cost += swap_posts(kinds, cells, team, p, state, trial, first, last, 1.0)
        if cost > most:
            swap_posts(kinds, cells, team, p, state, trial, first, last, -1.0)
        else:
            apply_change(able, state, p, trial, count)
            for d in range(days):
                state.tours[p, d] = trial.tour[d]
                for b in range(trial.starts.shape[1]):
                    state.starts[p, d, b] = trial.starts[d, b]
            for i in range(trial.moved.shape[0]):
                trial.missing[i] += trial.moved[i]
            total += cost
        for i in range(count):
            trial.change[trial.touched[i]] = 0.0
            trial.queue[trial.touched[i]] = -2
    return total


@njit(**LEAN)
def swap_posts(kinds, cells, team, p, state, trial, first, last, sign):  # type: ignore[no-untyped-def]
    """
    Let a trial's duties take the place of the roster's at posts, or with ``sign`` -1 give it
    back; the change in cost.
    """
    cost = 0.0
    if team.post.shape[0] == 0:
        return cost
    for d in (first, last):
        old, new = state.tours[p, d], trial.tour[d]
        if old >= 0:
            cost += join_duty(kinds, cells, team, p, old, state.starts[p, d], -sign, state.heads)
        if new >= 0:
            cost += join_duty(kinds, cells, team, p, new, trial.starts[d], sign, state.heads)
        if first == last:
            break
    return cost


@njit(**LEAN)
def duty_cost(kinds, team, p, d, k, starts):  # type: ignore[no-untyped-def]
    """
    Pay and wishes of one day, as in ``tour_cost``.
    """
    if k < 0:
        return team.off[p, d]
    pay = team.pay[team.rate[p]]
    cost = pay[kinds.end[k]] - pay[kinds.start[k]] + kinds.extra[k]
    cost += team.adjust[p, k - kinds.first[team.type[p], 0]]
    for b in range(kinds.breaks[k]):
        if kinds.shape[k, b, 6]:
            s = starts[b]
            cost -= pay[s + kinds.shape[k, b, 0]] - pay[s]
    return cost


@njit(**LEAN)
def rules_cost(kinds, arcs, steps, team, p, state, trial, first, last):  # type: ignore[no-untyped-def]
    """
    Change in pay, wishes and priced rules of a trial; infinite where rules forbid it.
    """
    cost, same = 0.0, True
    for d in (first, last):
        same = same and trial.tour[d] == state.tours[p, d]
        cost += duty_cost(kinds, team, p, d, trial.tour[d], trial.starts[d])
        cost -= duty_cost(kinds, team, p, d, state.tours[p, d], state.starts[p, d])
        if first == last:
            break
    if not same:
        price = walk(kinds, steps, arcs, team, p, trial.tour, trial.units)
        if price == np.inf:
            return np.inf
        cost += price - walk(kinds, steps, arcs, team, p, state.tours[p], trial.units)
    return cost


@njit(**LEAN)
def touch(kinds, grid, state, p, trial, first, last):  # type: ignore[no-untyped-def]
    """
    Presence that a trial gains into ``trial.change``; how many intervals it touches.
    """
    count = 0
    for d in (first, last):
        old, new = state.tours[p, d], trial.tour[d]
        if old >= 0:
            count = add_duty(kinds, old, state.starts[p, d], grid, -1.0, trial, count)
        if new >= 0:
            count = add_duty(kinds, new, trial.starts[d], grid, 1.0, trial, count)
        if first == last:
            break
    return count


@njit(**LEAN)
def choose(cells, curves, team, p, state, trial, weights, count):  # type: ignore[no-untyped-def]
    """
    Where a person serves in each interval touched: as before, or where it is worth most.
    """
    n = state.presence.shape[1]
    able = team.able[team.skill[p]]
    for i in range(count):
        t = trial.touched[i]
        trial.queue[t] = state.queue[p, t]
        if state.presence[p, t] <= 1e-9 and trial.change[t] > 0:
            state.lent[p, t] = 0.0
            gained = trial.change[t]
            trial.queue[t] = best_queue(cells, curves, able, state.heads, weights, t, n, gained, -1)


@njit(**LEAN)
def switch(cells, curves, able, state, p, trial, weights, stiff, heat):  # type: ignore[no-untyped-def]  # noqa: PLR0912
    """
    Split a person's time in a random interval anew over two queues; the change in cost.
    """
    n = state.presence.shape[1]
    q = np.random.randint(able.shape[0])
    t = np.random.randint(n)
    if able[q] <= 0:
        return 0.0
    for _ in range(20):
        if state.presence[p, t] > 0:
            break
        t = np.random.randint(n)
    share, at = state.presence[p, t], state.queue[p, t]
    second, lent = state.second[p, t], state.lent[p, t]
    if share <= 0 or (q == at and lent == 0):
        return 0.0
    part = np.random.randint(PARTS + 1) / PARTS
    if at < 0 or q == at:
        part = 0.0 if q == at else 1.0
    cost, heads = 0.0, state.heads
    trial.moved[:] = 0.0
    least = lent if second == q else 0.0
    if at >= 0:
        more = share * (lent - part) * able[at]
        cost += head_cost(curves, cells.period, heads, at * n + t, more, trial.moved)
        if lent > 0 and second != q:
            less = -share * lent * able[second]
            cost += head_cost(curves, cells.period, heads, second * n + t, less, trial.moved)
    if q != at:
        more = share * (part - least) * able[q]
        cost += head_cost(curves, cells.period, heads, q * n + t, more, trial.moved)
    cost += owed(cells, weights, stiff, trial.missing, trial.moved)
    if cost > 0 and np.random.random() >= np.exp(-cost / heat):
        return 0.0
    if at >= 0:
        heads[at * n + t] += share * (lent - part) * able[at]
        if lent > 0 and second != q:
            heads[second * n + t] -= share * lent * able[second]
    if q != at:
        heads[q * n + t] += share * (part - least) * able[q]
    state.second[p, t], state.lent[p, t] = q, part
    if part == 1.0:
        state.queue[p, t], state.lent[p, t] = q, 0.0
    for i in range(trial.moved.shape[0]):
        trial.missing[i] += trial.moved[i]
    return cost


def anneal(
    tables: Tables,
    found: Found,
    moves: int,
    *,
    weights: np.ndarray,
    heat: float,
    seed: int,
    bound: float = -np.inf,
    progress: Progress = silent,
    stop: Stop = never,
) -> Found:
    """
    Improve a roster by small moves.

    Parameters
    ----------
    moves
        Moves that are tried.
    heat
        First temperature, cents; the last is ``COLD`` of it.
    weights
        The dual's multipliers of promises, around which missing contacts are priced at first.
    bound
        What is proven already, for the progress.
    """
    state = found.state.copy()
    steps, trial = steps_of(tables), trial_of(tables)
    curves = curves_of(tables.cells)
    flat = (tables.kinds, tables.arcs, steps, tables.team, tables.cells, curves, tables.grid)
    best = Found(state.copy(), objective(tables.cells, state, trial.missing), found.weights)
    weights = weights.copy()
    batches = max(1, moves // BATCH)
    for done in range(batches):
        hot = heat * COLD ** (done / batches)
        cold = heat * COLD ** ((done + 1) / batches)
        stiff = STIFF[0] * (STIFF[1] / STIFF[0]) ** (done / max(batches - 1, 1))
        drawn = (seed * 7919 + done) % 2**31
        jiggle(*flat, state, trial, weights, stiff, BATCH, (hot, cold), drawn)
        settle(tables, steps, state)
        cost = objective(tables.cells, state, trial.missing)
        if cost < best.cost - 1e-6:
            best = Found(state.copy(), cost, found.weights)
        if progress is not silent:
            progress(done + 1, batches, told(tables, best.cost, bound))
        if stop():
            break
    return best


def settle(tables: Tables, steps: Steps, state: State) -> None:
    """
    Costs and heads anew from tours, so that floating-point dust cannot add up.
    """
    recount(tables.kinds, steps, tables.arcs, tables.team, tables.cells, state, tables.units)


@njit(**LEAN)
def recount(kinds, steps, arcs, team, cells, state, units):  # type: ignore[no-untyped-def]
    """
    Everybody's cost and all heads, from tours, breaks and queues.
    """
    n = state.presence.shape[1]
    state.heads[:] = 0.0
    for p in range(state.tours.shape[0]):
        state.cost[p] = tour_cost(kinds, team, p, state.tours[p], state.starts[p])
        state.cost[p] += walk(kinds, steps, arcs, team, p, state.tours[p], units)
        join_posts(kinds, cells, team, p, state.tours[p], state.starts[p], 1.0, state.heads)
        able = team.able[team.skill[p]]
        for t in range(n):
            if state.presence[p, t] < 1e-9:
                state.presence[p, t] = 0.0
            q, share, lent = state.queue[p, t], state.presence[p, t], state.lent[p, t]
            if q >= 0 and share > 0:
                state.heads[q * n + t] += share * (1.0 - lent) * able[q]
                if lent > 0:
                    other = state.second[p, t]
                    state.heads[other * n + t] += share * lent * able[other]
