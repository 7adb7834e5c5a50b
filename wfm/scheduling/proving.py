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
from wfm.scheduling.posts import meet_posts
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
    posts: np.ndarray  # float64 [posts]: prices
    by_post: np.ndarray  # float64 [posts]: as ``by_price``


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

    def at(self, prices: np.ndarray, weights: np.ndarray, posts: np.ndarray | None = None) -> Point:
        """The bound and its subgradient; ``posts`` are at least ``Posts.lowest``."""
        cells, parts = self.tables.cells, self.segments
        weight = np.where(parts.bound, weights[parts.row] if len(weights) else 0.0, 0.0)
        posts = np.zeros(len(self.work.posts)) if posts is None else posts
        price = np.concatenate([prices.ravel(), posts])
        slope = weight[:, None] * parts.gain + parts.fine
        worth = (slope > price[:, None]) & (parts.length > 0)
        wanted = (parts.length * worth).sum(axis=1)
        yielded = cells.idle + (parts.length * parts.gain * worth).sum(axis=1)
        total = float(weights @ cells.target) + float((cells.nothing - weight * cells.idle).sum())
        total -= float(((slope - price[:, None]) * parts.length * worth).sum())
        cover, manned, values = self._answers(prices, posts)
        counted = np.bincount(
            parts.row[parts.bound], yielded[parts.bound], minlength=len(cells.target)
        )
        return Point(
            total - values,
            prices,
            weights,
            wanted[: prices.size].reshape(prices.shape) - cover,
            cells.target - counted[: len(cells.target)],
            posts,
            wanted[prices.size :] - manned,
        )

    def _answers(
        self, prices: np.ndarray, posts: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, float]:
        """Heads of everybody's best tours, also at posts, and the sum of their values."""
        tables, work = self.tables, self.work
        work.prices[:], work.posts[:] = prices, posts
        cover, manned = np.zeros_like(prices), np.zeros_like(posts)
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
            if len(posts):
                work.vertex[:] = 0.0
                meet_posts(
                    tables.kinds, tables.team, p, work.tour, work.starts, work.posts, work.vertex
                )
                manned += work.vertex[prices.size :]
        return cover, manned, values


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
    lowest = tables.posts.lowest
    nothing = prover.at(np.zeros_like(dual.prices), np.zeros_like(dual.weights))
    best = here = max(
        (prover.at(dual.prices, dual.weights, dual.posts), nothing), key=lambda point: point.bound
    )
    move = np.zeros_like(dual.prices), np.zeros_like(dual.weights), np.zeros_like(dual.posts)
    length, stalled = 1.0, 0
    for taken in range(steps):
        if stop() or upper - best.bound <= 1:
            return best.bound, taken
        move = (
            MOMENTUM * move[0] + (1 - MOMENTUM) * here.by_price,
            MOMENTUM * move[1] + (1 - MOMENTUM) * here.by_weight,
            MOMENTUM * move[2] + (1 - MOMENTUM) * here.by_post,
        )
        norm = float((move[0] ** 2).sum() + SCALE * (move[1] ** 2).sum() + (move[2] ** 2).sum())
        step = length * (upper - here.bound) / max(norm, 1e-9)
        here = prover.at(
            np.maximum(here.prices + step * move[0], 0.0),
            np.clip(here.weights + step * SCALE * move[1], 0.0, tables.cells.price),
            np.maximum(here.posts + step * move[2], lowest),
        )
        if here.bound > best.bound:
            best, stalled = here, 0
            continue
        stalled += 1
        if stalled >= PATIENCE:
            here, length, stalled = best, length / 2, 0
            move = np.zeros_like(move[0]), np.zeros_like(move[1]), np.zeros_like(move[2])
    return best.bound, steps
