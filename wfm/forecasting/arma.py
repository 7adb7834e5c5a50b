"""
A seasonal ARIMA (1,0,1)(0,1,1)7 by conditional least squares.

Its filter is linear, so many columns and origins cost little more than one.
"""

from __future__ import annotations

import numpy as np

WEEK = 7
START = np.array([1.2, 0.4, 1.0])  # of the search, before squeezing: see ``_bounded``
STEPS = 20
FAR = 8.0  # bound of the search
ENOUGH = 1e-5  # share of the loss below which a step is the last


def fit(u: np.ndarray) -> tuple[float, float, float]:
    """
    AR, MA and seasonal MA coefficients of a gap-free series: least squares of surprises.

    The first five weeks warm the filter up and are not scored. Steps are those of Gauss
    and Newton, damped after Levenberg, on Huber's loss: outliers that remain count by
    size, not by square.
    """
    change = u[WEEK:] - u[:-WEEK]
    skip = min(28, len(change) // 3)
    at = START
    loss, miss, slope = _look(change, at, skip)
    damping = 0.01
    for _ in range(STEPS):
        gram = slope.T @ slope
        size = np.diag(gram).max() + 1e-12
        step = np.linalg.solve(
            gram + np.diag(damping * np.diag(gram) + 1e-6 * size), slope.T @ miss
        )
        tried = np.clip(at - step, -FAR, FAR)
        better = _look(change, tried, skip)
        if better[0] < loss:
            done = better[0] > loss * (1 - ENOUGH)
            at, (loss, miss, slope) = tried, better
            damping /= 5
            if done:
                break
        else:
            damping *= 10
    return _bounded(at)


def _look(change: np.ndarray, raw: np.ndarray, skip: int) -> tuple[float, np.ndarray, np.ndarray]:
    """Huber's loss, and surprises and their slopes with outliers weighed down."""
    from scipy.signal import lfilter

    ar, ma, seasonal = _bounded(raw)
    moving = _moving(ma, seasonal)
    surprise = lfilter([1.0, -ar], moving, change)
    later = np.zeros(WEEK + 1)
    later[WEEK] = 1.0
    slopes = (
        lfilter([0.0, -1.0], moving, change) * ar * (1 - ar / 0.99),
        -lfilter([0.0, 1.0], [1.0, ma], surprise) * ma * (1 + ma / 0.95),
        -lfilter(later, _moving(0.0, seasonal)[: WEEK + 1], surprise)
        * seasonal
        * (1 + seasonal / 0.95),
    )
    surprise, slope = surprise[skip:], np.stack(slopes, axis=1)[skip:]
    size = np.abs(surprise)
    scale = 2.5 * 1.4826 * float(np.median(size)) + 1e-9
    small = np.minimum(size, scale)
    weight = np.sqrt(small / np.maximum(size, 1e-300))
    loss = float(np.mean(small * (2 * size - small)))
    return loss, weight * surprise, weight[:, None] * slope


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
