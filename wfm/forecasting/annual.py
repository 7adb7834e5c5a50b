"""
The year's shape: harmonics of the date, with coefficients as known at every origin.
"""

from __future__ import annotations

import numpy as np

YEAR = 365.25
WEEKS = 364  # days of a year of whole weeks
GROWTH = 28  # days whose growth over the year before is taken to last
TREND_SPREAD = 0.3  # a priori standard deviation of a year's growth, in log
HARMONIC_SPREAD = 0.25  # of the first harmonic; the k-th is this over k
DEPENDENCE = 7.0  # days that carry the information of one independent day


def harmonics(days: np.ndarray, count: int) -> np.ndarray:
    """
    Sine and cosine of the first ``count`` harmonics of the year, float [days, 2 count].
    """
    angle = 2 * np.pi * days[:, None] * np.arange(1, count + 1) / YEAR
    return np.concatenate([np.sin(angle), np.cos(angle)], axis=1)


def harmonic_count(days: int) -> int:
    """
    How many harmonics a history carries: none before 14 months, ten from two years.
    """
    return 10 if days >= 700 else 3 if days >= 425 else 0


def _penalty(count: int, variance: float) -> np.ndarray:
    order = np.tile(np.arange(1, count + 1), 2)
    return DEPENDENCE * variance * (order / HARMONIC_SPREAD) ** 2


def last_years(filled: np.ndarray, origins: np.ndarray, horizon: int) -> np.ndarray:
    """
    The same days of earlier years, each year moved by how the last four weeks have grown
    over it; float [origins, horizon], NaN where no year is known.

    Harmonics round off what comes and goes within days; this does not. Each day of a year
    ago is averaged with the same weekday before and after it, one fifth each.
    """
    n = len(filled)
    same = np.pad(filled, 7, mode="edge")
    smooth = 0.6 * filled + 0.2 * (same[:n] + same[14:])
    ahead = np.arange(horizon)
    total, years = np.zeros((len(origins), horizon)), np.zeros((len(origins), 1))
    for back in range(WEEKS, n - GROWTH + 1, WEEKS):
        known = origins - back - GROWTH >= 0
        begin = np.where(known, origins, back + GROWTH)[:, None] - np.arange(GROWTH, 0, -1)
        growth = np.median(filled[begin] - smooth[begin - back], axis=1)
        rows = np.where(known, origins, back + GROWTH)[:, None] + ahead % WEEKS - back
        later = rows + 7 >= origins[:, None]  # the week after was not known at the origin
        year = np.where(later, filled[rows], smooth[rows])
        total += np.where(known[:, None], year + growth[:, None], 0.0)
        years += known[:, None]
    return np.where(years > 0, total / np.maximum(years, 1), np.nan)


def grams(columns: np.ndarray, origins: np.ndarray) -> np.ndarray:
    """
    Sums of outer products of all rows before each origin, float [origins, c, c].

    Rows with a gap anywhere are left out.
    """
    known = ~np.isnan(columns).any(axis=1)
    rows = np.where(known[:, None], columns, 0.0)
    starts = np.concatenate([[0], origins[:-1]])
    parts = [rows[a:b].T @ rows[a:b] for a, b in zip(starts, origins, strict=True)]
    return np.cumsum(parts, axis=0)


def annual_coefficients(
    z: np.ndarray, weekday: np.ndarray, waves: np.ndarray, origins: np.ndarray
) -> np.ndarray:
    """
    Ridge coefficients of the harmonics beside weekday means and a trend.

    Returns
    -------
    np.ndarray
        Float [origins, waves]; each row from the days before its origin.
    """
    n, count = len(z), waves.shape[1] // 2
    dummies = (weekday[:n, None] == np.arange(7)).astype(float)
    trend = ((np.arange(n) - n) / YEAR)[:, None]
    table = np.concatenate([waves[:n], trend, dummies, z[:, None]], axis=1)
    penalty = np.zeros(table.shape[1] - 1)
    variance = _noise(z)
    penalty[: 2 * count] = _penalty(count, variance)
    penalty[2 * count] = DEPENDENCE * variance / TREND_SPREAD**2
    penalty[2 * count + 1 :] = 1e-6
    return _ridge(grams(table, origins), penalty)[:, : 2 * count]


def _ridge(gram: np.ndarray, penalty: np.ndarray) -> np.ndarray:
    """Solve every origin's normal equations; the last column is the response."""
    left = gram[:, :-1, :-1] + np.diag(penalty)
    return np.asarray(np.linalg.solve(left, gram[:, :-1, -1:])[..., 0])


def _noise(z: np.ndarray) -> float:
    """Variance of a day around its neighbours of the same weekday."""
    change = z[7:] - z[:-7]
    known = np.abs(change[~np.isnan(change)])
    return max((1.4826 * float(np.median(known))) ** 2 / 2, 1e-4) if known.size else 0.04
