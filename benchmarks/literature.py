"""
Methods of the call-centre literature, in their short forms, to be beaten.

Each takes a table of contacts by day and slot (gaps NaN) and gives the expected contacts
of the days ahead, float [horizon, slots]. None knows holidays or level shifts; gaps are
left out.
"""

from __future__ import annotations

import numpy as np


def _known(table: np.ndarray) -> np.ndarray:
    return ~np.isnan(table).all(axis=1) & (np.nansum(table, axis=1) > 0)


def _weekday_rows(values: np.ndarray, weekday: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Mean of each weekday's rows, [7, ...]; the mean of all where a weekday has none."""
    overall = values.mean(axis=0)
    return np.stack(
        [
            values[weekday[rows] == day].mean(axis=0) if (weekday[rows] == day).any() else overall
            for day in range(7)
        ]
    )


def _persistence(left: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """First-order autocorrelation of departures between neighbouring days, by column."""
    near = np.diff(rows) <= 4
    before, after = left[:-1][near], left[1:][near]
    return np.clip((before * after).sum(0) / np.maximum((before**2).sum(0), 1e-12), 0, 0.98)


def seasonal_naive(table: np.ndarray, weekday: np.ndarray, ahead: np.ndarray) -> np.ndarray:
    """The last known day of the same weekday."""
    return _last_days(table, weekday, ahead, 1)


def mean_of_four(table: np.ndarray, weekday: np.ndarray, ahead: np.ndarray) -> np.ndarray:
    """The mean of the last four known days of the same weekday."""
    return _last_days(table, weekday, ahead, 4)


def _last_days(table: np.ndarray, weekday: np.ndarray, ahead: np.ndarray, count: int) -> np.ndarray:
    rows = np.flatnonzero(_known(table))
    means = {
        day: np.nan_to_num(table[rows[weekday[rows] == day][-count:]]).mean(axis=0)
        for day in set(ahead.tolist())
        if (weekday[rows] == day).any()
    }
    blank = np.zeros(table.shape[1])
    return np.stack([means.get(int(day), blank) for day in ahead])


def shen_huang(
    table: np.ndarray, weekday: np.ndarray, ahead: np.ndarray, rank: int = 4
) -> np.ndarray:
    """
    Singular vectors of root counts; AR(1) scores around weekday means.

    Shen and Huang (2008). M&SOM 10(3), 391-410.
    """
    rows = np.flatnonzero(_known(table))
    root = np.sqrt(np.nan_to_num(table[rows]) + 0.25)
    _, _, shapes = np.linalg.svd(root, full_matrices=False)
    shapes = shapes[:rank]
    scores = root @ shapes.T
    means = _weekday_rows(scores, weekday, rows)
    left = scores - means[weekday[rows]]
    keep = _persistence(left, rows) ** _steps(rows, ahead, table)
    future = means[ahead] + keep * left[-1]
    return np.maximum(future @ shapes, 0) ** 2


def _steps(rows: np.ndarray, ahead: np.ndarray, table: np.ndarray) -> np.ndarray:
    """Days from the last known one, as open days, [horizon, 1]."""
    pace = max(1.0, float(np.median(np.diff(rows))))
    return ((len(table) + np.arange(len(ahead)) - rows[-1]) / pace)[:, None]


def weinberg(table: np.ndarray, weekday: np.ndarray, ahead: np.ndarray) -> np.ndarray:
    """
    Day's total, autoregressive around weekday means at root scale, times the weekday's
    profile: the point version of the multiplicative model.

    Weinberg, Brown and Stroud (2007). JASA 102(480), 1185-1198.
    """
    rows = np.flatnonzero(_known(table))
    counts = np.nan_to_num(table[rows])
    total = np.sqrt(counts.sum(axis=1))[:, None]
    means = _weekday_rows(total, weekday, rows)
    left = total - means[weekday[rows]]
    keep = _persistence(left, rows) ** _steps(rows, ahead, table)
    days = (means[ahead] + keep * left[-1]) ** 2
    sums = _weekday_rows(counts, weekday, rows)
    profile = sums / np.maximum(sums.sum(axis=1, keepdims=True), 1e-12)
    return days * profile[ahead]


def mixed_effects(table: np.ndarray, weekday: np.ndarray, ahead: np.ndarray) -> np.ndarray:
    """
    Root counts: weekday by slot, plus an autoregressive effect of the day.

    Aldor-Noiman, Feigin and Mandelbaum (2009); Ibrahim and L'Ecuyer (2013).
    """
    rows = np.flatnonzero(_known(table))
    root = np.sqrt(np.nan_to_num(table[rows]) + 0.25)
    fixed = _weekday_rows(root, weekday, rows)
    used = np.nansum(table, axis=0) > 0
    left = (root - fixed[weekday[rows]])[:, used].mean(axis=1, keepdims=True)
    keep = _persistence(left, rows) ** _steps(rows, ahead, table)
    return np.maximum(fixed[ahead] + keep * left[-1] * used, 0) ** 2 - 0.25 * used


METHODS = {
    "seasonal naive": seasonal_naive,
    "mean of 4 weeks": mean_of_four,
    "Shen-Huang": shen_huang,
    "Weinberg-Brown-Stroud": weinberg,
    "mixed effects": mixed_effects,
}
