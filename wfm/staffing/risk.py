"""
A promise kept on most days and not only on the average.

A day's share differs from its mean for two reasons: the day's calls differ from the
forecast (the scenarios say how much), and chance plays on within the day. For the second,
whether callers wait is a process that forgets itself in about one handle time, so the
share of a day varies like that of (length of day) / (2 x AHT) independent moments.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from wfm.domain.promise import AnswerRate, Period, Promise
from wfm.domain.timegrid import Grid
from wfm.staffing.allotting import fewest_agents
from wfm.staffing.curves import Counting, Yields, agent_grid, counted
from wfm.staffing.scenarios import Scenarios

TRIES = 24  # targets tried between the promise and nearly everything
TOP = 0.9995


def risk_targets(
    found: Yields, spread: Scenarios, counting: Counting, promise: Promise, grid: Grid
) -> dict[int, float]:
    """
    By day, the mean share to aim at so that the day's promise is kept often enough.

    The least target at which the chance that the day's share reaches the promise is
    1 - ``promise.risk``, read between the steps of a ladder even in log-odds; its top
    where no step is enough.
    """
    wanted_chance = 1 - (promise.risk or 0.0)
    by_answer = isinstance(promise, AnswerRate)
    shares = scenario_shares(spread, counting, by_answer)
    steps = np.linspace(_odds(promise.share - 0.15), _odds(TOP), TRIES)
    aims: dict[int, float] = {}
    days = np.unique(grid.day[found.rows]).tolist()
    before: dict[int, float] = {}
    for step in steps.tolist():
        wanted = replace(promise, share=_share(step), over=Period.DAY)
        nobody = np.zeros(len(found.rows), dtype=np.int64)
        agents = fewest_agents(found, wanted, grid, nobody)
        kept = kept_chance(agents, spread, shares, promise.share, grid, by_answer)
        for day in (day for day in days if day not in aims):
            if kept[day] >= wanted_chance:
                low = before.get(day, kept[day])
                part = (wanted_chance - low) / (kept[day] - low) if kept[day] > low else 1.0
                aims[day] = _share(step - (1 - part) * (steps[1] - steps[0]))
        before = kept
        if len(aims) == len(days):
            break
    return {day: aims.get(day, TOP) for day in days}


def _share(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


def _odds(share: float) -> float:
    safe = min(max(share, 0.01), 0.9999)
    return math.log(safe / (1 - safe))


def scenario_shares(
    spread: Scenarios, counting: Counting, by_answer: bool
) -> list[tuple[np.ndarray, np.ndarray]]:
    """
    For each row its numbers of agents [m], and the share that they keep in each group of
    scenarios [groups, m].
    """
    from wfm.staffing.erlang import batch

    grid, sizes = agent_grid(spread.loads, counting.share)
    r, k = spread.loads.shape
    sums = batch.yields(
        spread.loads.reshape(-1, 1),
        np.where(spread.contacts > 0, 1.0, 0.0).reshape(-1, 1),
        np.repeat(grid, k, axis=0),
        np.repeat(sizes, k),
        np.repeat(spread.aht_s, k),
        patience_s=math.inf if counting.patience_s is None else counting.patience_s,
        patience_curve=np.array(counting.patience_curve, dtype=float).reshape(-1, 2),
        slowing=np.array(counting.slowing or (1.0,)),
        redial=counting.redial,
        threshold_s=counting.threshold_s,
    ).reshape(r, k, grid.shape[1], 6)
    answered, within, gone, virtual = (sums[..., column] for column in range(4))
    kept = answered
    if not by_answer:
        kept = counted(counting, np.ones_like(answered), answered, within, gone, virtual)
    groups = spread.groups
    table = []
    for i in range(r):
        used = int((spread.contacts[i] > 0).sum())
        own = kept[i, :used, : sizes[i]].reshape(groups, used // groups, -1).mean(axis=1)
        table.append((grid[i, : sizes[i]], own))
    return table


def kept_chance(
    agents: np.ndarray,
    spread: Scenarios,
    shares: list[tuple[np.ndarray, np.ndarray]],
    promised: float,
    grid: Grid,
    by_answer: bool,
) -> dict[int, float]:
    """
    By day, the chance that its share of contacts reaches what is promised.

    Whether the wait is within the threshold is a coin that stays for a while; how many
    hang up follows the wait itself, whose deviation is about its mean.
    """
    seconds = grid.interval * 60.0
    paths = spread.paths.shape[1]
    day = grid.day[spread.rows]
    chances = {}
    for number in np.unique(day).tolist():
        total, kept, noise = np.zeros(paths), np.zeros(paths), np.zeros(paths)
        for i in np.flatnonzero(day == number):
            people, table = shares[i]
            at = np.array([np.interp(agents[i], people, row) for row in table])
            share = np.clip(at, 0.0, 1.0)[spread.group[i]]
            calls = spread.paths[i]
            chance = share * (1 - share)
            total += calls
            kept += calls * share
            lasting = (1 - share) ** 2 if by_answer else chance
            noise += calls * chance + calls**2 * lasting * min(1.0, 2 * spread.aht_s[i] / seconds)
        deviation = (kept - promised * total) / np.sqrt(np.maximum(noise, 1e-12))
        chances[number] = float(np.mean([0.5 * math.erfc(-z / math.sqrt(2)) for z in deviation]))
    return chances
