"""
Linear smoothers, run once over a series, read off at many origins.

Each smoother is linear in its input, so the forecast of ``z`` less a regression on known
columns is the forecast of ``z`` less the same combination of the columns' forecasts. A
series and its regressors are therefore smoothed side by side, and coefficients that
differ from origin to origin are applied afterwards, at no cost.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ALPHAS = (0.02, 0.05, 0.1, 0.15, 0.22, 0.3, 0.4, 0.55, 0.7)
GAMMAS = (0.01, 0.04, 0.1, 0.2)
WARM = 28  # days whose weekday means start the smoothers


@dataclass(frozen=True)
class Smoother:
    """
    Additive level, damped trend and weekday; float [k] parameters of k smoothers.

    ``level``, ``season`` and ``trend`` are the shares of a surprise that each takes up.
    """

    level: np.ndarray
    season: np.ndarray
    trend: np.ndarray
    damping: np.ndarray

    @property
    def size(self) -> int:
        """How many smoothers run side by side."""
        return len(self.level)


def bank(extra: tuple[tuple[float, float, float, float], ...] = ()) -> Smoother:
    """
    Nine level speeds times four weekday speeds, and some more (level, season, trend, damping).
    """
    rows = [(a, g, 0.0, 0.0) for a in ALPHAS for g in GAMMAS] + list(extra)
    level, season, trend, damping = np.array(rows).T
    return Smoother(level, season, trend, damping)


def smooth(
    columns: np.ndarray,
    weekday: np.ndarray,
    smoother: Smoother,
    origins: np.ndarray,
    horizon: int,
    warm: int | None = None,
) -> np.ndarray:
    """
    Forecasts of every column, by every smoother, from every origin.

    Parameters
    ----------
    columns
        Float [n, c]; gaps are NaN in all columns at once.
    weekday
        Weekday of each day of history and horizon, 0 to 6.
    origins
        First days forecast, increasing, each at most n.
    warm
        Days that may start the smoothers; None: those before the first origin.

    Returns
    -------
    np.ndarray
        Float [origins, horizon, c, k].
    """
    n, width = columns.shape
    k = smoother.size
    known = ~np.isnan(columns).any(axis=1)
    level, season = _start(columns, weekday, known & (np.arange(n) < (warm or origins[0])), k)
    trend = np.zeros((width, k))
    trended = bool(smoother.trend.any())
    damping = np.cumsum(smoother.damping[None, :] ** np.arange(1, horizon + 1)[:, None], axis=0)
    out = np.empty((len(origins), horizon, width, k))
    at = {int(origin): row for row, origin in enumerate(origins)}
    for day in range(n + 1):
        row = at.get(day)
        if row is not None:
            ahead = weekday[(day + np.arange(horizon)) % 7]
            out[row] = level + season[ahead]
            if trended:
                out[row] += trend * damping[:, None, :]
        if day == n:
            break
        if trended:
            trend *= smoother.damping
            level += trend
        if known[day]:
            today = season[weekday[day]]
            surprise = columns[day][:, None] - level - today
            level += smoother.level * surprise
            today += smoother.season * surprise
            if trended:
                trend += smoother.trend * surprise
    return out


def _start(
    columns: np.ndarray, weekday: np.ndarray, known: np.ndarray, k: int
) -> tuple[np.ndarray, np.ndarray]:
    """Level [c, k] and weekdays [7, c, k] from the means of the first known four weeks, or less."""
    first = np.flatnonzero(known)[:WARM]
    means = np.zeros((7, columns.shape[1]))
    present = np.array([(weekday[first] == w).any() for w in range(7)])
    if not first.size:
        return np.zeros((columns.shape[1], k)), np.zeros((7, columns.shape[1], k))
    for w in np.flatnonzero(present):
        means[w] = columns[first[weekday[first] == w]].mean(axis=0)
    level = means[present].mean(axis=0)
    season = np.where(present[:, None], means - level, 0.0)
    return np.repeat(level[:, None], k, 1), np.repeat(season[:, :, None], k, 2)


def weekday_means(
    columns: np.ndarray, halflife: float, origins: np.ndarray, horizon: int
) -> np.ndarray:
    """
    Discounted mean of each weekday, float [origins, horizon, c]; ``halflife`` in weeks.
    """
    from scipy.signal import lfilter

    n, width = columns.shape
    keep = 0.5 ** (1 / halflife)
    known = ~np.isnan(columns).any(axis=1)
    rows = np.zeros((-(-n // 7) * 7, width + 1))  # sums, and the days they are made of
    rows[:n] = np.column_stack([columns, np.ones(n)]) * known[:, None]
    rows[:n][~known] = 0.0
    weekly = lfilter([1.0], [1.0, -keep], rows.reshape(-1, 7, width + 1), axis=0)
    weekly = weekly.reshape(-1, width + 1)
    daily = lfilter([1.0], [1.0, -(keep ** (1 / 7))], rows[:n][known], axis=0)
    daily = np.concatenate([np.zeros((1, width + 1)), daily])
    grand = daily[np.concatenate([[0], np.cumsum(known)])[origins]][:, None]
    place = np.arange(7)
    last = origins[:, None] - 1 - (origins[:, None] - 1 - place) % 7
    sums = np.where((last >= 0)[..., None], weekly[np.maximum(last, 0)], 0.0)
    # a weekday seen little leans on the mean of all days
    lent = 0.25 * grand[..., :-1] / np.maximum(grand[..., -1:], 1e-9)
    level = (sums[..., :-1] + lent) / (sums[..., -1:] + 0.25)
    ahead = (origins[:, None] + np.arange(horizon)) % 7
    return np.asarray(np.take_along_axis(level, ahead[..., None], axis=1))
