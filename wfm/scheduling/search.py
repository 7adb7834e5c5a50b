"""
Whole tours, guided by the dual: best responses under prices that sharpen slowly.

Each person in turn leaves and comes back with the best tour at the prices that the others
leave behind. Prices are smoothed around the dual's and sharpened until they are the true
ones, so breaks stagger and shifts spread by themselves. Then the polish: a person's tour
changes only when the true cost falls.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from wfm.domain.outcome import Progress, Stop, never, silent
from wfm.scheduling.bound import Dual, Work, answer_prices, softness, work_of
from wfm.scheduling.cover import cell_cost, cell_yield, smooth_price
from wfm.scheduling.kernels import LEAN
from wfm.scheduling.posts import join_posts, meet_posts, post_prices
from wfm.scheduling.pricing import NEVER
from wfm.scheduling.tables import Tables

STIFF = 5.0, 60.0  # first and last rise of a multiplier, see bound
SOFT = 0.05  # curvature of prices at first, in interval wages a head
RISE = 400.0  # how much prices sharpen while tours are found
POLISH = 5  # passes under the true cost


class State(NamedTuple):
    """
    A roster while it is worked on.
    """

    tours: np.ndarray  # int64 [people, days]: kind, or -1
    starts: np.ndarray  # int64 [people, days, breaks]: slots
    presence: np.ndarray  # float64 [people, intervals]: share on contacts
    queue: np.ndarray  # int64 [people, intervals]: where they serve, or -1
    second: np.ndarray  # int64 [people, intervals]: where they help out
    lent: np.ndarray  # float64 [people, intervals]: share of their time there
    heads: np.ndarray  # float64 [cells]
    cost: np.ndarray  # float64 [people]: pay, wishes and priced rules, in cents

    def copy(self) -> State:
        """A copy that later changes leave alone."""
        return State(*(array.copy() for array in self))


def nobody(tables: Tables) -> State:
    """
    The roster in which nobody has been placed yet.
    """
    size, people = tables.size, len(tables.team.type)
    return State(
        np.full((people, size.days), -1, np.int64),
        np.zeros((people, size.days, max(size.breaks, 1)), np.int64),
        np.zeros((people, size.intervals)),
        np.full((people, size.intervals), -1, np.int64),
        np.zeros((people, size.intervals), np.int64),
        np.zeros((people, size.intervals)),
        np.zeros(len(tables.cells.corners)),
        np.zeros(people),
    )


@njit(**LEAN)
def shift_at(able, state, p, t, sign):  # type: ignore[no-untyped-def]
    """
    Add a person's presence in interval ``t`` to the heads, or take it away.
    """
    n = state.presence.shape[1]
    q = state.queue[p, t]
    share = sign * state.presence[p, t]
    if q < 0 or share == 0:
        return
    lent = state.lent[p, t]
    state.heads[q * n + t] += share * (1.0 - lent) * able[q]
    if lent > 0:
        other = state.second[p, t]
        state.heads[other * n + t] += share * lent * able[other]


@njit(**LEAN)
def shift_heads(team, state, p, sign):  # type: ignore[no-untyped-def]
    """
    Add a person's presence to the heads of the cells they serve, or take it away.
    """
    able = team.able[team.skill[p]]
    for t in range(state.presence.shape[1]):
        shift_at(able, state, p, t, sign)


@njit(**LEAN)
def marginal_prices(cells, team, p, heads, centre, rho, weights, prices):  # type: ignore[no-untyped-def]
    """
    What one more head like ``p`` saves in each cell; ``rho`` 0 for the true cost.
    """
    n = prices.shape[1]
    able = team.able[team.skill[p]]
    prices[:, :] = 0.0
    for q in range(prices.shape[0]):
        e = able[q]
        if e <= 0:
            continue
        for t in range(n):
            c = q * n + t
            if cells.corners[c] < 2:
                continue
            weight = weights[cells.period[c]] if cells.period[c] >= 0 else 0.0
            h = max(heads[c], 0.0)
            if rho > 0:
                near = smooth_price(cells, c, h + 0.25 * e, centre[c], rho, weight)
                far = smooth_price(cells, c, h + 0.75 * e, centre[c], rho, weight)
                prices[q, t] = (near + far) / 2
            else:
                saved = cell_cost(cells, c, h, weight) - cell_cost(cells, c, h + e, weight)
                prices[q, t] = saved / e


@njit(**LEAN)
def worth(cells, team, p, state, weights):  # type: ignore[no-untyped-def]
    """
    Cents that a person's presence saves now, exactly, at fixed weights.
    """
    n = state.presence.shape[1]
    able = team.able[team.skill[p]]
    total = 0.0
    for t in range(n):
        q = state.queue[p, t]
        share, lent = state.presence[p, t], state.lent[p, t]
        if q < 0 or share <= 0:
            continue
        less = -share * (1 - lent) * able[q]
        total += _change(cells, weights, state.heads, q * n + t, less)
        if lent > 0:
            other = state.second[p, t]
            less = -share * lent * able[other]
            total += _change(cells, weights, state.heads, other * n + t, less)
    return total


@njit(cache=True)
def take_back(team, state, p, queue, presence, lent, second):  # type: ignore[no-untyped-def]
    """
    Let a person serve queues as before.
    """
    shift_heads(team, state, p, -1.0)
    state.queue[p] = queue
    state.presence[p] = presence
    state.lent[p] = lent
    state.second[p] = second
    shift_heads(team, state, p, 1.0)


@njit(cache=True)
def respond(kinds, arcs, team, cells, grid, centre, rho, weights, order, state, work):  # type: ignore[no-untyped-def]
    """
    Everybody leaves and comes back with the best tour; returns how many tours changed.

    With ``rho`` 0 a tour changes only when the true cost falls.
    """
    changed = 0
    n = state.presence.shape[1]
    old_queue = np.empty(n, np.int64)
    old_presence = np.empty(n)
    old_lent = np.empty(n)
    old_second = np.empty(n, np.int64)
    for i in range(order.shape[0]):
        p = order[i]
        old_tour, old_starts = state.tours[p], state.starts[p]
        before = worth(cells, team, p, state, weights) - state.cost[p]
        shift_heads(team, state, p, -1.0)
        before += join_posts(kinds, cells, team, p, old_tour, old_starts, -1.0, state.heads)
        marginal_prices(cells, team, p, state.heads, centre, rho, weights, work.prices)
        post_prices(cells, team, p, state.heads, centre, rho, work.posts)
        value = answer_prices(kinds, arcs, team, p, -1, grid, work)
        if value <= NEVER / 2:
            shift_heads(team, state, p, 1.0)
            join_posts(kinds, cells, team, p, old_tour, old_starts, 1.0, state.heads)
            continue
        old_queue[:] = state.queue[p]
        old_presence[:] = state.presence[p]
        old_lent[:] = state.lent[p]
        old_second[:] = state.second[p]
        state.lent[p] = 0.0
        covered = 0.0
        able = team.able[team.skill[p]]
        for t in range(n):
            q = work.choice[t]
            state.queue[p, t] = q
            state.presence[p, t] = work.presence[t]
            if q >= 0:
                covered += work.presence[t] * able[q] * work.prices[q, t]
        covered += meet_posts(kinds, team, p, work.tour, work.starts, work.posts, work.vertex)
        cost = covered - value
        settle_queues(cells, team, p, centre, rho, weights, state)
        rise = join_posts(kinds, cells, team, p, work.tour, work.starts, 1.0, state.heads)
        if rho == 0.0:
            after = worth(cells, team, p, state, weights) - cost - rise
            if after <= before + 1e-6:
                join_posts(kinds, cells, team, p, work.tour, work.starts, -1.0, state.heads)
                take_back(team, state, p, old_queue, old_presence, old_lent, old_second)
                join_posts(kinds, cells, team, p, old_tour, old_starts, 1.0, state.heads)
                continue
        for d in range(work.tour.shape[0]):
            if state.tours[p, d] != work.tour[d]:
                changed += 1
            state.tours[p, d] = work.tour[d]
            state.starts[p, d] = work.starts[d]
        state.cost[p] = cost
    return changed


@njit(**LEAN)
def share_out(cells, team, p, t, centre, rho, weights, state):  # type: ignore[no-untyped-def]
    """
    Split a person's time in an interval over at most two queues, a quarter at a time.

    The person is not in ``state.heads`` before, and is after.
    """
    n = state.presence.shape[1]
    able = team.able[team.skill[p]]
    amount = state.presence[p, t] / 4
    first, second, lent = -1, -1, 0.0
    for _ in range(4):
        best, to = -1.0, -1
        for q in range(able.shape[0]):
            if able[q] <= 0 or (second >= 0 and q not in (first, second)):
                continue
            c, more = q * n + t, amount * able[q]
            if rho > 0:
                weight = weights[cells.period[c]] if cells.period[c] >= 0 else 0.0
                here = max(0.0, state.heads[c]) + more / 2
                gain = smooth_price(cells, c, here, centre[c], rho, weight) * more
            else:
                gain = -_change(cells, weights, state.heads, c, more)
            if gain > best:
                best, to = gain, q
        if first < 0:
            first = to
        elif to != first:
            second = to
            lent += 0.25
        state.heads[to * n + t] += amount * able[to]
    state.queue[p, t] = first
    state.lent[p, t] = lent
    state.second[p, t] = max(second, 0)


@njit(**LEAN)
def settle_queues(cells, team, p, centre, rho, weights, state):  # type: ignore[no-untyped-def]
    """
    Put a person who is not in the heads back, each interval where it is worth most.
    """
    n = state.presence.shape[1]
    able = team.able[team.skill[p]]
    several = 0
    for q in range(able.shape[0]):
        several += able[q] > 0
    for t in range(n):
        if state.presence[p, t] <= 0:
            state.lent[p, t] = 0.0
        elif several > 1:
            share_out(cells, team, p, t, centre, rho, weights, state)
        elif state.queue[p, t] >= 0:
            state.lent[p, t] = 0.0
            q = state.queue[p, t]
            state.heads[q * n + t] += state.presence[p, t] * able[q]


@njit(**LEAN)
def assign_queues(cells, team, weights, state, order):  # type: ignore[no-untyped-def]
    """
    Split everybody's time over queues anew, one person after the other.
    """
    for i in range(order.shape[0]):
        shift_heads(team, state, order[i], -1.0)
        settle_queues(cells, team, order[i], weights, 0.0, weights, state)


@njit(**LEAN)
def _change(cells, weights, heads, c, amount):  # type: ignore[no-untyped-def]
    weight = weights[cells.period[c]] if cells.period[c] >= 0 else 0.0
    now = cell_cost(cells, c, heads[c], weight)
    return cell_cost(cells, c, max(0.0, heads[c] + amount), weight) - now


@njit(cache=True)
def objective(cells, state, missing):  # type: ignore[no-untyped-def]
    """
    True cost of a roster, in cents; ``missing`` receives contacts missing by period.
    """
    total = state.cost.sum()
    missing[:] = cells.target
    for c in range(cells.corners.shape[0]):
        total += cell_cost(cells, c, state.heads[c], 0.0)
        if cells.period[c] >= 0:
            missing[cells.period[c]] -= cell_yield(cells, c, state.heads[c])
    for i in range(missing.shape[0]):
        if missing[i] > 0:
            total += missing[i] * cells.price[i]
    return total


class Found(NamedTuple):
    """
    The best roster of a search, its true cost and the weights it was found at.
    """

    state: State
    cost: float
    weights: np.ndarray


def search(
    tables: Tables,
    dual: Dual,
    stream: np.random.Generator,
    passes: int,
    *,
    work: Work | None = None,
    progress: Progress = silent,
    stop: Stop = never,
) -> Found:
    """
    A roster of whole tours: annealed best responses, then the polish.

    Parameters
    ----------
    passes
        Passes over everybody while prices sharpen; the polish takes a few more.
    """
    work = work or work_of(tables)
    cells, team = tables.cells, tables.team
    state = nobody(tables)
    weights = dual.weights.copy()
    centre = dual.centre
    flat = (tables.kinds, tables.arcs, team, cells, tables.grid)
    missing = np.zeros(len(weights))
    best: Found | None = None
    soft = SOFT * softness(tables)
    for done in range(passes):
        rho = soft * RISE ** (done / max(passes - 1, 1))
        order = stream.permutation(len(team.type))
        respond(*flat, centre, rho, weights, order, state, work)
        best = _better(best, tables, state, weights, missing)
        pull(
            tables,
            dual.weights,
            missing,
            STIFF[0] * (STIFF[1] / STIFF[0]) ** (done / passes),
            weights,
        )
        progress(done + 1, passes, "tours")
        if stop():
            break
    return polish(tables, best, stream, POLISH, work=work, stop=stop)


def polish(
    tables: Tables,
    found: Found | None,
    stream: np.random.Generator,
    passes: int,
    *,
    work: Work,
    stop: Stop = never,
) -> Found:
    """
    Improve a roster one person at a time, under the true cost, until nothing changes.
    """
    assert found is not None
    best = found
    state, weights = found.state.copy(), found.weights.copy()
    cells, team = tables.cells, tables.team
    flat = (tables.kinds, tables.arcs, team, cells, tables.grid)
    missing = np.zeros(len(weights))
    centre = np.zeros(len(cells.corners))
    for _ in range(passes):
        order = stream.permutation(len(team.type))
        changed = respond(*flat, centre, 0.0, weights, order, state, work)
        assign_queues(cells, team, weights, state, order)
        best = _better(best, tables, state, weights, missing)
        moved = _nudge(tables, weights, missing, 0.05)
        if (not changed and not moved) or stop():
            break
    return best


def _better(
    best: Found | None, tables: Tables, state: State, weights: np.ndarray, missing: np.ndarray
) -> Found:
    cost = objective(tables.cells, state, missing)
    if best is None or cost < best.cost - 1e-6:
        return Found(state.copy(), cost, weights.copy())
    return best


def pull(
    tables: Tables, centre: np.ndarray, missing: np.ndarray, stiff: float, weights: np.ndarray
) -> None:
    """
    Multipliers of promises that rise with what is missing, around those of the dual.
    """
    price = tables.cells.price
    share = missing / np.maximum(tables.cells.target, 1.0)
    wanted = np.clip(centre + stiff * price * share, 0.0, price)
    weights[:] = (weights + wanted) / 2


def _nudge(tables: Tables, weights: np.ndarray, missing: np.ndarray, step: float) -> bool:
    """
    Raise the weight of periods that miss their promise, lower the others' a little.
    """
    short = missing > 1e-6
    price = tables.cells.price
    target = np.maximum(tables.cells.target, 1.0)
    amount = np.clip(missing / target * 100, -1, 1) * step
    raised = np.minimum(np.maximum(weights, price * 1e-3) * (1 + amount), price)
    moved = bool(short.any() and (raised > weights).any())
    weights[:] = raised
    return moved
