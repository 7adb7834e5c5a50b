"""
A seasonal ARIMA (1,0,1)(0,1,1)7 by conditional least squares.

Its filter is linear, so many columns and origins cost little more than one.
"""

from __future__ import annotations

import numpy as np

WEEK = 7


def fit(u: np.ndarray) -> tuple[float, float, float]:
    """
    AR, MA and seasonal MA coefficients of a gap-free series: least squares of surprises.

    The first five weeks warm the filter up and are not scored.
    """
    from scipy.optimize import minimize

    change = u[WEEK:] - u[:-WEEK]
    skip = min(28, len(change) // 3)

    def loss(raw: np.ndarray) -> float:
        surprise = _surprises(change[:, None], *_bounded(raw))[skip:, 0]
        # Huber's loss: outliers that remain count by size, not by square
        scale = 2.5 * 1.4826 * float(np.median(np.abs(surprise))) + 1e-9
        size = np.abs(surprise)
        small = np.minimum(size, scale)
        return float(np.mean(small * (2 * size - small)))

    start = np.array([1.2, 0.4, 1.0])
    best = minimize(loss, start, method="Nelder-Mead", options={"maxiter": 120, "xatol": 0.01})
    return _bounded(best.x)


def _bounded(raw: np.ndarray) -> tuple[float, float, float]:
    """Stationary and invertible: AR in (0, 0.99), MAs in (-0.95, 0)."""
    squeeze = 1 / (1 + np.exp(-np.clip(raw, -30, 30)))
    return float(0.99 * squeeze[0]), float(-0.95 * squeeze[1]), float(-0.95 * squeeze[2])


def _surprises(change: np.ndarray, ar: float, ma: float, seasonal: float) -> np.ndarray:
    from scipy.signal import lfilter

    return np.asarray(lfilter([1.0, -ar], _moving(ma, seasonal), change, axis=0))


def _moving(ma: float, seasonal: float) -> np.ndarray:
    weekly = np.zeros(WEEK + 1)
    weekly[0], weekly[WEEK] = 1.0, seasonal
    return np.convolve([1.0, ma], weekly)


def project(
    columns: np.ndarray,
    coefficients: tuple[float, float, float],
    origins: np.ndarray,
    horizon: int,
) -> np.ndarray:
    """
    Forecasts of gap-free columns [n, c] from every origin, float [origins, horizon, c].
    """
    ar, ma, seasonal = coefficients
    moving = _moving(ma, seasonal)
    change = columns[WEEK:] - columns[:-WEEK]
    surprise = np.zeros_like(columns)
    surprise[WEEK:] = _surprises(change, ar, ma, seasonal)
    out = np.empty((len(origins), horizon, columns.shape[1]))
    last = columns[origins - 1] - columns[origins - 1 - WEEK]
    for step in range(horizon):
        last = ar * last
        for lag in range(step + 1, len(moving)):
            # surprises after the origin are zero in expectation
            last = last + moving[lag] * surprise[origins + step - lag]
        before = out[:, step - WEEK] if step >= WEEK else columns[origins + step - WEEK]
        out[:, step] = before + last
    return out
