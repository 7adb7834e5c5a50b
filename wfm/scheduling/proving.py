"""
A sharper bound: prices moved on from those of the dual by projected subgradients.

The bound is concave in prices and multipliers, and whatever they are it holds. Steps are
Polyak's, towards the cost of the best roster found, with momentum; after some steps
without progress they start again from the best prices, half as long.

References
----------
Polyak (1969). Minimization of unsmooth functionals. USSR Computational Mathematics and
Mathematical Physics 9(3), 14-29.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from wfm.domain.outcome import Stop, never
from wfm.scheduling.bound import Dual, answer_prices, work_of
from wfm.scheduling.cover import Cells
from wfm.scheduling.tables import Tables

MOMENTUM = 0.7  # of the last direction kept in the next
PATIENCE = 15  # steps without progress before they are halved
SCALE = 30.0  # how much further multipliers move than prices: they are far fewer


class Point(NamedTuple):
    """
    The bound at some prices and multipliers, in cents, and its subgradient there.
    """

    bound: float
    prices: np.ndarray  # float64 [queues, intervals]
    weights: np.ndarray  # float64 [periods]
    by_price: np.ndarray  # float64 [queues, intervals]: heads wanted less heads that come
    by_weight: np.ndarray  # float64 [periods]: contacts promised less contacts yielded


class Segments(NamedTuple):
    """
    The pieces of every cell's cost as arrays, float64 [cells, pieces] unless said.
    """

    length: np.ndarray  # heads; 0 where a cell has no such piece
    gain: np.ndarray  # contacts a head
    fine: np.ndarray  # cents a head
    row: np.ndarray  # int64 [cells]: row of the period, 0 where there is none
    bound: np.ndarray  # bool [cells]: a period's promise counts the cell

    @classmethod
    def of(cls, cells: Cells) -> Segments:
        """The pieces between breakpoints; beyond the last, heads change nothing."""
        pieces = np.zeros_like(cells.at)
        pieces[:, :-1] = np.diff(cells.at, axis=1)
        used = np.arange(cells.at.shape[1]) < (cells.corners - 1)[:, None]
        promised = cells.period >= 0
        return cls(
            np.where(used, pieces, 0.0),
            cells.gain,
            cells.fine,
            np.where(promised, cells.period, 0),
            promised,
        )


class Prover:
    """
    Evaluates the bound of some tables at any prices.
    """

    def __init__(self, tables: Tables):
        self.tables = tables
        self.work = work_of(tables)
        self.segments = Segments.of(tables.cells)

    def at(self, prices: np.ndarray, weights: np.ndarray) -> Point:
        """The bound and its subgradient."""
        cells, parts = self.tables.cells, self.segments
        weight = np.where(parts.bound, weights[parts.row] if len(weights) else 0.0, 0.0)
        price = prices.ravel()
        slope = weight[:, None] * parts.gain + parts.fine
        worth = (slope > price[:, None]) & (parts.length > 0)
        wanted = (parts.length * worth).sum(axis=1)
        yielded = cells.idle + (parts.length * parts.gain * worth).sum(axis=1)
        total = float(weights @ cells.target) + float((cells.nothing - weight * cells.idle).sum())
        total -= float(((slope - price[:, None]) * parts.length * worth).sum())
        cover, values = self._answers(prices)
        counted = np.bincount(
            parts.row[parts.bound], yielded[parts.bound], minlength=len(cells.target)
        )
        return Point(
            total - values,
            prices,
            weights,
            wanted.reshape(prices.shape) - cover,
            cells.target - counted[: len(cells.target)],
        )

    def _answers(self, prices: np.ndarray) -> tuple[np.ndarray, float]:
        """Heads of everybody's best tours, and the sum of their values."""
        tables, work = self.tables, self.work
        work.prices[:] = prices
        cover = np.zeros_like(prices)
        values, known = 0.0, -1
        for p in tables.order:
            values += answer_prices(
                tables.kinds, tables.arcs, tables.team, p, known, tables.grid, work
            )
            known = p
            at = np.flatnonzero((work.choice >= 0) & (work.presence > 0))
            queue = work.choice[at]
            able = tables.team.able[tables.team.skill[p]]
            cover[queue, at] += work.presence[at] * able[queue]
        return cover, values


def sharpen(
    tables: Tables, dual: Dual, upper: float, steps: int, *, stop: Stop = never
) -> tuple[float, int]:
    """
    The best bound found from a dual's prices on, and the steps that were taken.

    Parameters
    ----------
    upper
        Cost of a roster, in cents: no bound lies above it.
    steps
        Evaluations of the bound at most.
    """
    prover = Prover(tables)
    nothing = prover.at(np.zeros_like(dual.prices), np.zeros_like(dual.weights))
    best = here = max(
        (prover.at(dual.prices, dual.weights), nothing), key=lambda point: point.bound
    )
    move = np.zeros_like(dual.prices), np.zeros_like(dual.weights)
    length, stalled = 1.0, 0
    for taken in range(steps):
        if stop() or upper - best.bound <= 1:
            return best.bound, taken
        move = (
            MOMENTUM * move[0] + (1 - MOMENTUM) * here.by_price,
            MOMENTUM * move[1] + (1 - MOMENTUM) * here.by_weight,
        )
        norm = float((move[0] ** 2).sum() + SCALE * (move[1] ** 2).sum())
        step = length * (upper - here.bound) / max(norm, 1e-9)
        here = prover.at(
            np.maximum(here.prices + step * move[0], 0.0),
            np.clip(here.weights + step * SCALE * move[1], 0.0, tables.cells.price),
        )
        if here.bound > best.bound:
            best, stalled = here, 0
            continue
        stalled += 1
        if stalled >= PATIENCE:
            here, length, stalled = best, length / 2, 0
            move = np.zeros_like(move[0]), np.zeros_like(move[1])
    return best.bound, steps
