"""
Agents spread over the intervals of a period so that fewest keep its promise.
"""

from __future__ import annotations

import heapq

import numpy as np

from wfm.domain.promise import AnswerRate, Period, Promise
from wfm.domain.timegrid import Grid
from wfm.staffing.curves import Yields, first_at_least, hull_corners


def fewest_agents(found: Yields, promise: Promise, grid: Grid, at_least: np.ndarray) -> np.ndarray:
    """
    Fewest agents in each open interval that keep one promise, int [r].

    Every interval first gets what its floor and its occupancy ask for; then the period
    buys the steepest steps of the yields until its total is reached, and last gives back
    single agents that it can spare. On concave yields no other choice needs fewer.

    Parameters
    ----------
    at_least
        Agents that another promise needs already, int [r].
    """
    table = found.answered if isinstance(promise, AnswerRate) else found.in_time
    asked = promise.share if promise.over is Period.INTERVAL else promise.floor
    capped = found.occupancy <= promise.max_occupancy + 1e-9
    by_cap = np.where(capped.any(axis=1), capped.argmax(axis=1), found.most)
    by_floor = first_at_least(table, asked * found.offered)
    least: np.ndarray = np.maximum.reduce([by_floor, by_cap, at_least])
    if promise.over is Period.INTERVAL:
        return least
    agents = least.copy()
    for rows in _periods(promise.over, grid, found.rows):
        agents[rows] = _fill(table[rows], least[rows], promise.share * found.offered[rows].sum())
    return agents


def reaches(found: Yields, promise: Promise, grid: Grid, agents: np.ndarray) -> bool:
    """
    Whether so many agents in each open interval, int [r], reach a promise's total in every
    period; what it asks of single intervals aside.
    """
    if promise.over is Period.INTERVAL:
        return True
    table = found.answered if isinstance(promise, AnswerRate) else found.in_time
    yielded = table[np.arange(len(agents)), np.minimum(agents, table.shape[1] - 1)]
    for rows in _periods(promise.over, grid, found.rows):
        goal = promise.share * float(found.offered[rows].sum())
        if yielded[rows].sum() < goal - 1e-9 * max(1.0, goal):
            return False
    return True


def _periods(over: Period, grid: Grid, rows: np.ndarray) -> list[np.ndarray]:
    """Positions in ``rows`` of each day, or of each seven days from the start."""
    index = grid.day[rows] // (7 if over is Period.WEEK else 1)
    return [np.flatnonzero(index == period) for period in np.unique(index)]


def _fill(table: np.ndarray, least: np.ndarray, goal: float) -> np.ndarray:
    """Fewest agents from ``least`` on whose yields sum to ``goal``, int [r]."""
    agents = least.copy()
    total = float(table[np.arange(len(agents)), agents].sum())
    slack = 1e-9 * max(1.0, goal)
    if total >= goal - slack:
        return agents
    row, to, gain = _steps(table, least)
    enough = np.flatnonzero(total + np.cumsum(gain) >= goal - slack)
    bought = slice(0, int(enough[0]) + 1 if len(enough) else len(gain))
    np.maximum.at(agents, row[bought], to[bought])
    total += float(gain[bought].sum())
    return _give_back(table, agents, least, total - goal + slack)


def _steps(table: np.ndarray, least: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """
    Steps between corners of the yields, the largest gain an agent first.

    Row, agents after the step, and contacts gained; of equal ones the earlier row's.
    """
    rows, after, gains, people = [], [], [], []
    for at, start in enumerate(least):
        corners = hull_corners(table[at], int(start))
        gained = np.diff(table[at, corners])
        there = np.flatnonzero(gained > 0)
        rows.append(np.full(len(there), at))
        after.append(corners[1:][there])
        gains.append(gained[there])
        people.append(np.diff(corners)[there])
    row, to, gain = (np.concatenate(part) for part in (rows, after, gains))
    order = np.lexsort((to, row, -gain / np.concatenate(people)))
    return row[order], to[order], gain[order]


def _give_back(
    table: np.ndarray, agents: np.ndarray, least: np.ndarray, spare: float
) -> np.ndarray:
    """Take single agents away, the least missed first, while the total allows it."""
    queue = [
        (float(table[row, now] - table[row, now - 1]), row)
        for row, now in enumerate(agents)
        if now > least[row]
    ]
    heapq.heapify(queue)
    while queue and queue[0][0] <= spare:
        loss, row = heapq.heappop(queue)
        spare -= loss
        agents[row] -= 1
        now = agents[row]
        if now > least[row]:
            heapq.heappush(queue, (float(table[row, now] - table[row, now - 1]), row))
    return agents
