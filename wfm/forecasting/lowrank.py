"""
A low-rank model of days by slots: a few shapes, and how much of each a day has.

References
----------
Shen and Huang (2008). Interday forecasting and intraday updating of call center
arrivals. M&SOM 10(3), 391-410.
"""

from __future__ import annotations

import numpy as np

RANK = 4
LEAST = 20  # known days that a group of weekdays needs


def project(
    counts: np.ndarray, weekday: np.ndarray, groups: np.ndarray, origin: int, horizon: int
) -> np.ndarray:
    """
    Expected root contacts of the days from ``origin`` on, float [horizon, slots].

    Parameters
    ----------
    counts
        Float [n, slots], at the scale of today's level; NaN rows are gaps.
    groups
        Which weekdays share opening hours, int [7]; each group is its own matrix.

    Returns
    -------
    np.ndarray
        NaN rows where a weekday's group has too few known days.
    """
    out = np.full((horizon, counts.shape[1]), np.nan)
    ahead = weekday[origin : origin + horizon]
    for group in np.unique(groups):
        member = groups[weekday[:origin]] == group
        rows = np.flatnonzero(member & ~np.isnan(counts[:origin]).all(axis=1))
        target = np.flatnonzero(groups[ahead] == group)
        if len(rows) < LEAST or not target.size:
            continue
        used = np.nan_to_num(counts[rows]).any(axis=0)
        scores, shapes = _decompose(np.nan_to_num(counts[rows])[:, used])
        future = _scores_ahead(scores, rows, weekday, origin, origin + target)
        out[np.ix_(target, np.flatnonzero(used))] = future @ shapes
        out[np.ix_(target, np.flatnonzero(~used))] = 0.5
    return out


def day_levels(
    counts: np.ndarray,
    opened: np.ndarray,
    weekday: np.ndarray,
    groups: np.ndarray,
    origins: np.ndarray,
    horizon: int,
) -> np.ndarray:
    """
    Log contacts of the days from every origin on, float [origins, horizon].

    Shapes are those of all the days; how much of each a day will have is foretold from
    the days before its origin alone. NaN where a group has too few of them.

    Parameters
    ----------
    counts
        Float [n, slots], at the scale of today's level; NaN rows are gaps.
    opened
        Open slots, bool [n + horizon, slots].
    """
    out = np.full((len(origins), horizon), np.nan)
    n = len(counts)
    for group in np.unique(groups):
        member = groups[weekday] == group
        rows = np.flatnonzero(member[:n] & ~np.isnan(counts).all(axis=1))
        if len(rows) < LEAST:
            continue
        used = np.nan_to_num(counts[rows]).any(axis=0)
        scores, shapes = _decompose(np.nan_to_num(counts[rows])[:, used])
        for row, origin in enumerate(origins):
            seen = int(np.searchsorted(rows, origin))
            ahead = np.flatnonzero(member[origin : origin + horizon])
            if seen < LEAST or not ahead.size:
                continue
            future = _scores_ahead(scores[:seen], rows[:seen], weekday, origin, origin + ahead)
            root = np.maximum(future @ shapes, 0.0) * opened[origin + ahead][:, used]
            out[row, ahead] = np.log(np.maximum((root**2).sum(axis=1), 0.5))
    return out


def _decompose(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Scores [days, rank] and shapes [rank, slots] of root counts."""
    root = np.sqrt(counts + 0.25)
    _, _, shapes = np.linalg.svd(root, full_matrices=False)
    shapes = shapes[: min(RANK, len(shapes))]
    return root @ shapes.T, shapes


def _scores_ahead(
    scores: np.ndarray, rows: np.ndarray, weekday: np.ndarray, origin: int, days: np.ndarray
) -> np.ndarray:
    """Scores of days to come: the weekday's mean, and what is left of the last departure."""
    weight = 0.5 ** ((origin - rows) / 84)
    means = np.zeros((7, scores.shape[1]))
    overall = weight @ scores / weight.sum()
    for day in range(7):
        mine = weekday[rows] == day
        share = weight[mine]
        means[day] = (share @ scores[mine] + 0.5 * overall) / (share.sum() + 0.5)
    left = scores - means[weekday[rows]]
    recent = np.diff(rows) <= 4  # neighbours, a weekend apart at most
    before, after = left[:-1][recent], left[1:][recent]
    persistence = (before * after).sum(0) / np.maximum((before**2).sum(0), 1e-12)
    persistence = np.clip(persistence, 0.0, 0.98)
    # steps count days of the group, as its matrix does
    pace = max(float(np.median(np.diff(rows))), 1.0)
    steps = np.maximum((days - rows[-1]) / pace, 1.0)[:, None]
    return np.asarray(means[weekday[days]] + persistence**steps * left[-1])
