"""
Discounted regression on the calendar, with what is left over carried forward.
"""

from __future__ import annotations

import numpy as np

from wfm.forecasting.annual import DEPENDENCE, TREND_SPREAD, YEAR, _noise, _penalty

DAMPING = 0.98  # a day's trend against the day before, beyond the origin
MEMORY = (1, 7, 28)  # days whose mean residuals say how the next ones will be


def project(
    z: np.ndarray,
    weekday: np.ndarray,
    waves: np.ndarray,
    origins: np.ndarray,
    horizon: int,
    halflife: float,
    groups: tuple[range, ...],
    growth: float = TREND_SPREAD,
) -> np.ndarray:
    """
    Forecasts from every origin, float [origins, horizon].

    Weekday means, a damped trend and harmonics by ridge regression with weights that
    halve every ``halflife`` days; to them comes a share, by horizon group, of the mean
    residual of the last day, week and four weeks. ``growth`` is the a priori standard
    deviation of a year's trend, in log.
    """
    n = len(z)
    count = waves.shape[1] // 2
    index = np.arange(len(weekday))
    fixed = (weekday[:, None] == np.arange(7)).astype(float)
    table = np.concatenate([waves[: len(weekday)], ((index - n) / YEAR)[:, None], fixed], axis=1)
    variance = _noise(z)
    penalty = np.concatenate(
        [_penalty(count, variance), [DEPENDENCE * variance / growth**2], np.full(7, 1e-3)]
    )
    beta = _discounted(np.column_stack([table[:n], z]), origins, halflife, penalty)
    future = _future(table, origins, horizon, 2 * count)
    base: np.ndarray = np.einsum("ohp,op->oh", future, beta)
    early = np.concatenate([np.full(28, np.nan), z]), np.concatenate([table[:28], table[:n]])
    recent = np.stack(
        [
            early[0][o : o + 28] - early[1][o : o + 28] @ b
            for o, b in zip(origins, beta, strict=True)
        ]
    )
    signal = np.stack([_mean(recent[:, -days:]) for days in MEMORY], axis=1)
    carried = _carry(z - table[:n] @ beta[-1], groups)
    for group, share in zip(groups, carried, strict=True):
        rows = slice(group.start, min(group.stop, horizon))
        base[:, rows] += (signal @ share)[:, None]
    return base


def _discounted(
    table: np.ndarray, origins: np.ndarray, halflife: float, penalty: np.ndarray
) -> np.ndarray:
    """Coefficients at every origin, float [origins, p]."""
    known = ~np.isnan(table[:, -1])
    rows = np.where(known[:, None], table, 0.0)
    gram = np.zeros((table.shape[1], table.shape[1]))
    out = np.empty((len(origins), table.shape[1] - 1))
    start = 0
    for row, origin in enumerate(origins):
        part = rows[start:origin]
        age = np.arange(len(part), 0, -1) - 1
        weighted = part * (0.5 ** (age / halflife))[:, None]
        gram = gram * 0.5 ** (len(part) / halflife) + weighted.T @ part
        out[row] = np.linalg.solve(gram[:-1, :-1] + np.diag(penalty), gram[:-1, -1])
        start = origin
    return out


def _future(table: np.ndarray, origins: np.ndarray, horizon: int, trend: int) -> np.ndarray:
    ahead = np.arange(horizon)
    days = np.minimum(origins[:, None] + ahead, len(table) - 1)
    future = table[days].copy()
    damped = np.cumsum(DAMPING ** (ahead + 1)) / YEAR
    future[:, :, trend] = table[origins - 1, trend][:, None] + damped
    return future


def _mean(values: np.ndarray) -> np.ndarray:
    """Mean over the last axis without gaps; zero where all are gaps."""
    known = ~np.isnan(values)
    return np.asarray(np.where(known, values, 0).sum(-1) / np.maximum(known.sum(-1), 1))


def _carry(residual: np.ndarray, groups: tuple[range, ...]) -> list[np.ndarray]:
    """For each group, the shares of the recent mean residuals that last so long."""
    n = len(residual)
    windows = np.lib.stride_tricks.sliding_window_view(residual, 28)
    at = np.arange(28, n)  # origins
    signal = np.stack([_mean(windows[at - 28][:, -days:]) for days in MEMORY], axis=1)
    shares = []
    for group in groups:
        left, right = np.zeros((3, 3)), np.zeros(3)
        for ahead in range(group.start, min(group.stop, group.start + 7)):
            usable = at[at + ahead < n] - 28
            target = residual[usable + 28 + ahead]
            rows = ~np.isnan(target)
            x = signal[usable][rows]
            left += x.T @ x
            right += x.T @ target[rows]
        ridge = np.eye(3) * (1e-6 + 0.02 * np.trace(left) / 3)
        shares.append(np.linalg.solve(left + ridge, right))
    return shares
