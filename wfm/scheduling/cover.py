"""
What cover is worth, cell by cell: one queue in one interval.

The cost of a cell is convex and piecewise linear in its heads: penalties for heads below
the floor, less the multiplier of its period's promise times the contacts it yields. The
multiplier lies between nothing and the price of a missing contact, and any such value
gives a valid bound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numba import njit

from wfm.domain.shortfall import Aim, ShortfallPrices
from wfm.scheduling.kernels import LEAN


class Cells(NamedTuple):
    """
    Cells in order of queue, then interval; breakpoints beyond ``corners`` are not used.
    """

    corners: np.ndarray  # int64 [cells]: breakpoints
    at: np.ndarray  # float64 [cells, breakpoints]: heads
    gain: np.ndarray  # float64: contacts a head yields from this breakpoint on
    fine: np.ndarray  # float64: cents a head saves from this breakpoint on
    nothing: np.ndarray  # float64 [cells]: cents charged without heads
    idle: np.ndarray  # float64 [cells]: contacts yielded without heads
    period: np.ndarray  # int64 [cells]: row of ``target``, or -1
    target: np.ndarray  # float64 [periods]: contacts promised
    price: np.ndarray  # float64 [periods]: cents for a contact that is missing


_Row = tuple[np.ndarray, np.ndarray, np.ndarray, float, float, int]


def cells(
    wanted: Mapping[str, Aim],
    queues: Sequence[str],
    prices: ShortfallPrices,
    interval: int,
    fixed: np.ndarray,
) -> Cells:
    """
    The cells of all queues, from what the roster owes to each.

    ``fixed`` are heads that are there whatever is planned, float [queues, intervals];
    the heads of a cell count from there. Fewer than none are away whatever is planned.
    """
    rows: list[_Row] = []
    targets: list[float] = []
    for number, name in enumerate(queues):
        aim = wanted[name]
        head = prices.head(aim) * interval / 60
        period = np.full(len(aim.heads), -1)
        for target in aim.targets:
            period[target.rows] = len(targets)
            targets.append(target.contacts)
        for t, heads in enumerate(aim.heads):
            yields = aim.yields[t] if aim.yields is not None and period[t] >= 0 else np.zeros(1)
            cell = _cell(yields, float(heads), head, int(period[t]))
            rows.append(_from(cell, float(fixed[number, t])))
    width = max(len(row[0]) for row in rows)
    return Cells(
        np.array([len(row[0]) for row in rows]),
        _padded([row[0] for row in rows], width),
        _padded([row[1] for row in rows], width),
        _padded([row[2] for row in rows], width),
        np.array([row[3] for row in rows]),
        np.array([row[4] for row in rows]),
        np.array([row[5] for row in rows]),
        np.array(targets, dtype=float),
        np.full(len(targets), float(prices.contact)),
    )


def _cell(yields: np.ndarray, heads: float, price: float, period: int) -> _Row:
    whole = np.arange(len(yields), dtype=float)
    slopes = np.append(np.diff(yields), 0.0)
    kept = np.append(True, np.abs(np.diff(slopes)) > 1e-9) if len(slopes) > 1 else [True]
    at, gain = whole[kept], np.maximum(slopes[kept], 0.0)
    if heads > 0 and heads not in at:
        k = int(np.searchsorted(at, heads))
        at, gain = np.insert(at, k, heads), np.insert(gain, k, gain[k - 1])
    fine = np.where(at < heads, price, 0.0)
    return at, gain, fine, price * heads, float(yields[0]), period


def _from(cell: _Row, heads: float) -> _Row:
    """
    A cell whose heads count from ``heads``; fewer than none are heads to be made up first.
    """
    at, gain, fine, nothing, idle, period = cell
    if heads == 0:
        return cell
    if heads < 0:  # below them the first piece goes on
        later = np.concatenate([[0.0], at[1:] - heads])
        return later, gain, fine, nothing - heads * fine[0], idle + heads * gain[0], period
    j = int(np.searchsorted(at, heads, side="right")) - 1
    used = np.diff(np.append(at[: j + 1], heads))
    nothing -= float(used @ fine[: j + 1])
    idle += float(used @ gain[: j + 1])
    rest = np.concatenate([[0.0], at[j + 1 :] - heads])
    return rest, gain[j:], fine[j:], nothing, idle, period


def _padded(rows: Sequence[np.ndarray], width: int) -> np.ndarray:
    table = np.zeros((len(rows), width))
    for row, values in zip(table, rows, strict=True):
        row[: len(values)] = values
    return table


@njit(**LEAN)
def smooth_price(cells, c, heads, centre, rho, weight):  # type: ignore[no-untyped-def]
    """
    Cents that one more head saves in a cell, smoothed around ``centre``.

    The derivative of the Moreau envelope: ``rho`` cents per head is its curvature, and
    an infinite ``rho`` the true slope. ``weight`` is the multiplier of the cell's period.
    """
    n = cells.corners[c]
    at, gain, fine = cells.at[c], cells.gain[c], cells.fine[c]
    low, high = 0, n
    while low < high:
        j = (low + high) // 2
        if centre + rho * (at[j] - heads) >= weight * gain[j] + fine[j]:
            high = j
        else:
            low = j + 1
    if low == n:
        return weight * gain[n - 1] + fine[n - 1]
    value = centre + rho * (at[low] - heads)
    if low > 0:
        value = min(value, weight * gain[low - 1] + fine[low - 1])
    return value


@njit(**LEAN)
def cell_cost(cells, c, heads, weight):  # type: ignore[no-untyped-def]
    """
    Cents charged in a cell for what is missing, less ``weight`` for each contact yielded.
    """
    n = cells.corners[c]
    at, gain, fine = cells.at[c], cells.gain[c], cells.fine[c]
    cost = cells.nothing[c] - weight * cells.idle[c]
    for j in range(n):
        if heads <= at[j]:
            break
        end = heads if j + 1 == n else min(heads, at[j + 1])
        cost -= (weight * gain[j] + fine[j]) * (end - at[j])
    return cost


@njit(**LEAN)
def cell_yield(cells, c, heads):  # type: ignore[no-untyped-def]
    """
    Contacts that a cell yields.
    """
    n = cells.corners[c]
    at, gain = cells.at[c], cells.gain[c]
    total = cells.idle[c]
    for j in range(n):
        if heads <= at[j]:
            break
        end = heads if j + 1 == n else min(heads, at[j + 1])
        total += gain[j] * (end - at[j])
    return total


@njit(**LEAN)
def cell_bound(cells, c, price, weight):  # type: ignore[no-untyped-def]
    """
    Least of a cell's cost and ``price`` for each head, over all numbers of heads.
    """
    n = cells.corners[c]
    at, gain, fine = cells.at[c], cells.gain[c], cells.fine[c]
    cost = cells.nothing[c] - weight * cells.idle[c]
    for j in range(n):
        slope = weight * gain[j] + fine[j]
        if slope <= price or j + 1 == n:
            return cost + price * at[j]
        cost -= slope * (at[j + 1] - at[j])
    return cost


@njit(**LEAN)
def smooth_heads(cells, c, heads, centre, rho, weight):  # type: ignore[no-untyped-def]
    """
    The heads that the smoothed cost reckons with: near ``heads``, at a fair price.
    """
    return max(0.0, heads + (smooth_price(cells, c, heads, centre, rho, weight) - centre) / rho)


@njit(**LEAN)
def update_weights(cells, heads, centre, rho, weights, weight_centre, stiff):  # type: ignore[no-untyped-def]
    """
    Multipliers of the periods' promises, smoothed around ``weight_centre``.

    Where the smoothed heads yield less than the target the multiplier rises above its
    centre by ``stiff`` shares of the price for each share that is missing.
    """
    for i in range(weights.shape[0]):
        bend = stiff * cells.price[i] / max(cells.target[i], 1.0)
        low, high = 0.0, cells.price[i]
        for _ in range(30):
            weight = (low + high) / 2
            total = 0.0
            for c in range(cells.corners.shape[0]):
                if cells.period[c] == i:
                    z = smooth_heads(cells, c, heads[c], centre[c], rho, weight)
                    total += cell_yield(cells, c, z)
            if weight_centre[i] + bend * (cells.target[i] - total) > weight:
                low = weight
            else:
                high = weight
        weights[i] = (low + high) / 2


@njit(cache=True)
def cover_cost(cells, heads):  # type: ignore[no-untyped-def]
    """
    The price of all that is missing when ``heads`` serve each cell, in cents.
    """
    missing = cells.target.copy()
    cost = 0.0
    for c in range(cells.corners.shape[0]):
        cost += cell_cost(cells, c, heads[c], 0.0)
        if cells.period[c] >= 0:
            missing[cells.period[c]] -= cell_yield(cells, c, heads[c])
    for i in range(missing.shape[0]):
        if missing[i] > 0:
            cost += missing[i] * cells.price[i]
    return cost
