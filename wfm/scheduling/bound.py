"""
Prices of cover, and the lower bound they prove.

The dual of covering: people answer to prices of cells with their best tours, and

    sum over periods of weight x target
    + sum over cells of the least of (cost + price x heads)
    + sum over people of the least of (cost of a tour - price of its cover)

is never above the cost of any roster, whatever the prices and weights (Lagrange). Good
prices are found by an augmented Lagrangian: people's fractional cover is moved to their
best tour, one person at a time, by exact line search on the smoothed cost (block
coordinate Frank-Wolfe, Lacoste-Julien et al. 2013), then the prices are centred anew.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from wfm.domain.outcome import Progress, Stop, never, silent
from wfm.scheduling.cover import cell_bound, smooth_price, update_weights
from wfm.scheduling.kernels import LEAN
from wfm.scheduling.posts import meet_posts, post_values
from wfm.scheduling.pricing import (
    NEVER,
    add_presence,
    best_tour,
    kind_value,
    kind_values,
    slot_values,
)
from wfm.scheduling.tables import Tables

CENTRE = 3  # passes after which prices are centred anew and the bound is taken
BENDS = 0.5, 0.005  # first and last curvature of smoothed prices, in interval wages a head
LARGE = 250  # people above whom it falls as they rise: a head more is a smaller share of them
PARTS = 2  # times in a pass that the multipliers of promises are set anew
STIFF = 20.0  # shares of its price by which a multiplier rises for each share missing


class Work(NamedTuple):
    """
    Scratch memory of one thread.
    """

    gain: np.ndarray  # float64 [slots + 1]
    lost: np.ndarray  # float64 [pauses, slots + 1]
    choice: np.ndarray  # int64 [intervals]
    breaks: np.ndarray  # float64 [breaks, most starts]
    values: np.ndarray  # float64 [most kinds of a type]
    space: np.ndarray  # float64 [2 days + 1, nodes, units]
    scratch: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
    tour: np.ndarray  # int64 [days]
    starts: np.ndarray  # int64 [days, breaks]
    presence: np.ndarray  # float64 [intervals]
    prices: np.ndarray  # float64 [queues, intervals]
    posts: np.ndarray  # float64 [posts]: prices of theirs
    stay: np.ndarray  # float64 [2, slots + 1], see `post_values`; without posts [0, slots + 1]
    vertex: np.ndarray  # float64 [cells]
    where: np.ndarray  # int64 [cells]


def work_of(tables: Tables) -> Work:
    """
    Scratch memory that fits some tables.
    """
    size, cells = tables.size, len(tables.cells.corners)
    posts = len(tables.team.posts)
    return Work(
        np.zeros(size.slots + 1),
        np.zeros((len(tables.kinds.pauses), size.slots + 1)),
        np.zeros(size.intervals, np.int64),
        np.zeros((max(size.breaks, 1), max(size.starts, 1))),
        np.zeros(size.kinds),
        np.full((2 * size.days + 1, size.nodes, size.units), NEVER),
        (
            np.zeros((size.days, size.sets)),
            np.zeros((size.days, size.sets), np.int64),
            np.zeros(size.classes),
            np.zeros(size.classes, np.int64),
        ),
        np.zeros(size.days, np.int64),
        np.zeros((size.days, max(size.breaks, 1)), np.int64),
        np.zeros(size.intervals),
        np.zeros((size.queues, size.intervals)),
        np.zeros(posts),
        np.zeros((2 if posts else 0, size.slots + 1)),
        np.zeros(cells),
        np.zeros(cells, np.int64),
    )


@njit(**LEAN)
def place_breaks(kinds, team, p, work):  # type: ignore[no-untyped-def]
    """
    Break starts of the tour in ``work``, best at its slot values.
    """
    pay = team.pay[team.rate[p]]
    for d in range(work.tour.shape[0]):
        if work.tour[d] >= 0:
            kind_value(
                kinds,
                work.tour[d],
                0,
                work.gain,
                work.stay,
                work.lost,
                pay,
                work.breaks,
                work.starts[d],
            )


@njit(**LEAN)
def tour_presence(kinds, tour, starts, per, pad, presence):  # type: ignore[no-untyped-def]
    """
    Share of each interval that a tour spends on contacts.
    """
    presence[:] = 0.0
    for d in range(tour.shape[0]):
        if tour[d] >= 0:
            add_presence(kinds, tour[d], starts[d], per, pad, 1.0, presence)


@njit(**LEAN)
def prices_now(cells, heads, centre, rho, weights, prices, posts):  # type: ignore[no-untyped-def]
    """
    Smoothed prices of all cells into ``prices``, float [queues, intervals], and ``posts``.
    """
    n = prices.shape[1]
    own = prices.shape[0] * n
    for c in range(own):
        weight = weights[cells.period[c]] if cells.period[c] >= 0 else 0.0
        prices[c // n, c % n] = smooth_price(cells, c, heads[c], centre[c], rho, weight)
    for i in range(posts.shape[0]):
        posts[i] = smooth_price(cells, own + i, heads[own + i], centre[own + i], rho, 0.0)


@njit(**LEAN)
def answer_prices(kinds, arcs, team, p, known, grid, work):  # type: ignore[no-untyped-def]
    """
    Best tour of a person at ``work.prices``, with breaks and presence; its value.

    ``known`` is the person whose slot and kind values are in ``work``, or -1.
    """
    same = (
        known >= 0
        and team.type[p] == team.type[known]
        and team.skill[p] == team.skill[known]
        and team.rate[p] == team.rate[known]
    )
    per, pad = grid
    if not same:
        able = team.able[team.skill[p]]
        slot_values(able, work.prices, per, pad, work.gain, work.choice)
        pay = team.pay[team.rate[p]]
        if work.stay.shape[0]:
            post_values(team, p, work.posts, work.vertex.shape[0] - work.posts.shape[0], work.stay)
        kind_values(
            kinds, team.type[p], work.gain, work.stay, work.lost, pay, work.breaks, work.values
        )
    value = best_tour(kinds, arcs, team, p, work.values, work.space, work.scratch, work.tour)
    if value > NEVER / 2:
        place_breaks(kinds, team, p, work)
        tour_presence(kinds, work.tour, work.starts, per, pad, work.presence)
    return value


@njit(**LEAN)
def descend(kinds, arcs, team, cells, grid, centre, rho, weights, heads, share, cost, order, work):  # type: ignore[no-untyped-def]
    """
    Move every person's fractional cover once towards their best tour.

    Returns the sum of what was left to gain: an estimate of how far from the optimum of
    the smoothed cost it is.
    """
    n = work.prices.shape[1]
    left = 0.0
    known = -1
    chunk = max(1, order.shape[0] // 64)
    for i in range(order.shape[0]):
        p = order[i]
        if i % chunk == 0:
            prices_now(cells, heads, centre, rho, weights, work.prices, work.posts)
            known = -1
        value = answer_prices(kinds, arcs, team, p, known, grid, work)
        known = p
        if value <= NEVER / 2:
            continue
        work.vertex[:] = 0.0
        covered = 0.0
        able = team.able[team.skill[p]]
        for t in range(n):
            q = work.choice[t]
            if q >= 0 and work.presence[t] > 0:
                work.vertex[q * n + t] = work.presence[t] * able[q]
                covered += work.presence[t] * able[q] * work.prices[q, t]
        covered += meet_posts(kinds, team, p, work.tour, work.starts, work.posts, work.vertex)
        price = covered - value  # pay, wishes and priced rules
        left += move(cells, centre, rho, weights, heads, share[p], cost, p, price, work)
    return left


@njit(**LEAN)
def slope_at(cells, centre, rho, weights, heads, own, step, count, work):  # type: ignore[no-untyped-def]
    """
    Derivative of the smoothed cell cost when ``step`` of the way to the vertex is gone.
    """
    total = 0.0
    for i in range(count):
        c = work.where[i]
        d = work.vertex[c] - own[c]
        weight = weights[cells.period[c]] if cells.period[c] >= 0 else 0.0
        total -= d * smooth_price(cells, c, heads[c] + step * d, centre[c], rho, weight)
    return total


@njit(**LEAN)
def move(cells, centre, rho, weights, heads, own, cost, p, price, work):  # type: ignore[no-untyped-def]
    """
    Line search from a person's fractional cover to the vertex in ``work``; the gain at hand.
    """
    count = 0
    for c in range(own.shape[0]):
        if work.vertex[c] != own[c]:
            work.where[count] = c
            count += 1
    if np.isnan(cost[p]):  # nothing yet: the vertex is all there is
        for i in range(count):
            c = work.where[i]
            heads[c] += work.vertex[c]
            own[c] = work.vertex[c]
        cost[p] = price
        return np.inf
    saved = price - cost[p]
    first = slope_at(cells, centre, rho, weights, heads, own, 0.0, count, work) + saved
    if first >= 0:
        return 0.0
    low, high, step = 0.0, 1.0, 1.0
    last = slope_at(cells, centre, rho, weights, heads, own, 1.0, count, work) + saved
    if last > 0:
        down, up = first, last
        for _ in range(8):
            step = low + (high - low) * min(max(down / (down - up), 0.1), 0.9)
            here = slope_at(cells, centre, rho, weights, heads, own, step, count, work) + saved
            if here < 0:
                low, down = step, here
            else:
                high, up = step, here
        step = low if low > 0 else high * 0.5
    for i in range(count):
        c = work.where[i]
        change = step * (work.vertex[c] - own[c])
        own[c] += change
        heads[c] += change
    cost[p] += step * saved
    return -first


@njit(**LEAN)
def lagrange(kinds, arcs, team, cells, grid, weights, order, work):  # type: ignore[no-untyped-def]
    """
    Lower bound at the prices in ``work`` and ``weights``, in cents.
    """
    n = work.prices.shape[1]
    own = work.prices.shape[0] * n
    total = 0.0
    for i in range(weights.shape[0]):
        total += weights[i] * cells.target[i]
    for c in range(own):
        weight = weights[cells.period[c]] if cells.period[c] >= 0 else 0.0
        total += cell_bound(cells, c, work.prices[c // n, c % n], weight)
    for i in range(work.posts.shape[0]):
        total += cell_bound(cells, own + i, work.posts[i], 0.0)
    known = -1
    for i in range(order.shape[0]):
        p = order[i]
        value = answer_prices(kinds, arcs, team, p, known, grid, work)
        known = p
        total -= value
    return total


def softness(tables: Tables) -> float:
    """
    Cents per head by which smoothed prices bend: about an interval's wage.
    """
    pay = tables.team.pay
    return float((pay[:, -1] / (pay.shape[1] - 1)).mean()) * tables.size.per


def bends_of(people: int) -> tuple[float, float]:
    """
    First and last curvature of smoothed prices for a team, in interval wages a head.
    """
    share = min(1.0, LARGE / people)
    return share * BENDS[0], share * BENDS[1]


class Dual(NamedTuple):
    """
    Prices and what they prove.
    """

    bound: float  # cents
    prices: np.ndarray  # float64 [queues, intervals]
    weights: np.ndarray  # float64 [periods]
    heads: np.ndarray  # float64 [cells]: fractional cover
    cost: float  # cents of the fractional tours, without cover
    posts: np.ndarray  # float64 [posts]

    @property
    def centre(self) -> np.ndarray:
        """Prices of all cells, float64 [cells]."""
        return np.concatenate([self.prices.ravel(), self.posts])


def solve_dual(
    tables: Tables,
    passes: int,
    *,
    warm: tuple[np.ndarray, np.ndarray] | None = None,
    bends: tuple[float, float] | None = None,
    progress: Progress = silent,
    stop: Stop = never,
) -> Dual:
    """
    Good prices and the lower bound that they prove.

    Parameters
    ----------
    passes
        Passes over all people.
    warm
        Tours to start from: everybody's cover, float [people, cells], and cost, float
        [people], NaN for who has none yet.
    bends
        First and last curvature of smoothed prices, in interval wages a head: little where
        the start is good. None: by the number of people.
    """
    cells, team = tables.cells, tables.team
    people = len(team.type)
    centre = np.zeros(len(cells.corners))
    weights = np.zeros(len(cells.target))
    weight_centre = weights.copy()
    heads = np.zeros(len(centre))
    share = np.zeros((people, len(centre)))
    cost = np.full(people, np.nan)
    if warm is not None:
        share, cost = warm[0].copy(), warm[1].copy()
        heads = share.sum(axis=0)
    work = work_of(tables)
    flat = (tables.kinds, tables.arcs, team, cells, tables.grid)
    best: Dual | None = None
    soft, stiff = bends or bends_of(people)
    wage = softness(tables)
    for done in range(passes):
        rho = wage * soft * (stiff / soft) ** (done / max(passes - 1, 1))
        for part in np.array_split(tables.order, PARTS):
            update_weights(cells, heads, centre, rho, weights, weight_centre, STIFF)
            descend(*flat, centre, rho, weights, heads, share, cost, part, work)
        last = done == passes - 1 or stop()
        if done % CENTRE == CENTRE - 1 or last:
            prices_now(cells, heads, centre, rho, weights, work.prices, work.posts)
            prices, posts = work.prices.copy(), work.posts.copy()
            value = lagrange(*flat, weights, tables.order, work)
            now = Dual(value, prices, weights.copy(), heads.copy(), float(cost.sum()), posts)
            if best is None or value > best.bound:
                best = now
            centre = now.centre
            weight_centre = weights.copy()
            progress(done + 1, passes, "prices")
        if last:
            break
    assert best is not None
    return best
