"""
History made fit for smoothing: logs, level shifts, special days, outliers.

Everything here sees the past alone. Closed and unknown days are gaps (NaN), never zeros.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wfm.forecasting.calendar import EVENT, Special
from wfm.forecasting.days import Days

OFFSET = 0.5  # added before the log: the mean of log(Y + 1/2) is close to the log of the mean
SHIFT = 0.6  # a level shift is at least this large, in log
SUDDEN = 0.55  # and at least this share of it happens within a week
LASTING = 42  # days for which it must last
OUTLIER = 4.0  # residuals are clipped at so many robust standard deviations


@dataclass(frozen=True)
class Clean:
    """
    A cleansed log series, and what special days do to it.

    Parameters
    ----------
    z
        Log contacts, re-levelled and clipped; NaN on gaps and special days, float [n].
    raw
        The same before clipping, special days kept: what forecasts are scored against.
    effect
        Log effect of the day's occasion on each day of the horizon, float [horizon].
    unknown
        Occasions of the horizon that history has never seen.
    shifts
        Days (index) at which the level was found to shift.
    """

    z: np.ndarray
    raw: np.ndarray
    effect: np.ndarray
    unknown: tuple[str, ...]
    shifts: tuple[int, ...]


def median_last(values: np.ndarray) -> np.ndarray:
    """
    Median over the last axis, gaps left out; NaN where all are gaps.
    """
    ordered = np.sort(values, axis=-1)  # NaN goes last
    count = np.sum(~np.isnan(values), axis=-1)
    low = np.maximum((count - 1) // 2, 0)[..., None]
    high = np.minimum(count // 2, values.shape[-1] - 1)[..., None]
    middle = np.take_along_axis(ordered, low, -1) + np.take_along_axis(ordered, high, -1)
    return np.asarray(np.where(count > 0, middle[..., 0] / 2, np.nan))


def weekday_reference(z: np.ndarray, span: int = 4) -> np.ndarray:
    """
    Median of the same weekday within ``span`` weeks on either side, float [n].
    """
    n = len(z)
    weeks = -(-n // 7)
    table = np.full((weeks + 2 * span, 7), np.nan)
    table[span : span + weeks].flat[:n] = z
    windows = np.lib.stride_tricks.sliding_window_view(table, 2 * span + 1, axis=0)
    return median_last(windows).reshape(-1)[:n]


def cleanse(days: Days) -> Clean:
    """
    The series as the smoothers want it; see ``Clean``.
    """
    raw = np.log(days.y + OFFSET)
    raw, shifts = relevel(raw)
    plain = np.where(days.ordinary[: days.n], raw, np.nan)
    reference = weekday_reference(plain)
    # a holiday's own effect is measured against ordinary days of the same weekday
    departure = raw - reference
    effect, unknown = special_effects(departure, days)
    spread = robust_spread(plain - reference)
    limit = OUTLIER * spread
    z = reference + np.clip(plain - reference, -limit, limit)
    return Clean(z, raw, effect, unknown, shifts)


def robust_spread(residual: np.ndarray) -> float:
    """
    Standard deviation from the median absolute deviation; at least 1 %.
    """
    known = np.abs(residual[~np.isnan(residual)])
    return max(1.4826 * float(np.median(known)), 0.01) if known.size else 0.25


def relevel(z: np.ndarray) -> tuple[np.ndarray, tuple[int, ...]]:
    """
    The past brought to today's level where the level shifted for good, and when it did.

    A shift is a jump of two-week medians that happens mostly within a week and is still
    there six weeks later (or until today, when three weeks have passed).
    """
    z = z.copy()
    found: list[int] = []
    for _ in range(3):
        at, size = _largest_shift(z)
        if at is None:
            break
        z[:at] += size
        found.append(at)
    return z, tuple(sorted(found))


def _largest_shift(z: np.ndarray) -> tuple[int | None, float]:
    n = len(z)
    if n < 49:
        return None, 0.0
    flat = z - _weekday_level(z)
    at = np.arange(28, n - 20)
    jump = _window(flat, at, 14) - _window(flat, at - 14, 14)
    sudden = _window(flat, at, 7) - _window(flat, at - 7, 7)
    lasting = _window(flat, at, LASTING) - _window(flat, at - LASTING, LASTING)
    end = _window(flat, np.minimum(at + LASTING, n) - 14, 14) - _window(flat, at - 14, 14)
    same = np.sign(jump)
    real = (
        (np.abs(jump) > SHIFT)
        & (sudden * same > SUDDEN * np.abs(jump))
        & (lasting * same > 0.6 * np.abs(jump))
        & (end * same > 0.6 * np.abs(jump))
    )
    if not real.any():
        return None, 0.0
    best = np.argmax(np.where(real, np.abs(jump) + np.abs(sudden), -1))
    return int(at[best]), float(lasting[best])


def _weekday_level(z: np.ndarray) -> np.ndarray:
    """Each weekday's median, over all weeks; zero for a weekday never seen."""
    n = len(z)
    table = np.full((-(-n // 7), 7), np.nan)
    table.flat[:n] = z
    level = median_last(table.T)
    middle = median_last(level)
    return np.resize(np.where(np.isnan(level), middle, level), n)


def _window(flat: np.ndarray, start: np.ndarray, length: int) -> np.ndarray:
    """Median of ``length`` days from each start; days outside the series are gaps."""
    padded = np.concatenate([np.full(length, np.nan), flat, np.full(length, np.nan)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, length)
    middle = median_last(windows[start + length])
    return np.where(np.isnan(middle), 0.0, middle)


def special_effects(departure: np.ndarray, days: Days) -> tuple[np.ndarray, tuple[str, ...]]:
    """
    Log effect of each horizon day's occasion, shrunk from its name to its kind.

    An occasion seen n times has weight n / (n + 1); the rest is the median of its kind,
    itself shrunk to none by n / (n + 1/2). Events of other names say nothing about an
    event, so one that was never seen has no effect and is named as unknown.
    """
    past: dict[Special, list[float]] = {}
    kinds: dict[str, list[float]] = {}
    for mark, value in zip(days.special, departure, strict=False):
        if mark is not None and not np.isnan(value):
            past.setdefault(mark, []).append(float(value))
            kinds.setdefault(mark.kind, []).append(float(value))
    effect = np.zeros(days.horizon)
    unknown: dict[str, None] = {}
    for ahead, mark in enumerate(days.special[days.n :]):
        if mark is None or days.closed[days.n + ahead]:
            continue
        own = past.get(mark, [])
        kin = [] if mark.kind == EVENT else kinds.get(mark.kind, [])
        pooled = float(np.median(kin)) * len(kin) / (len(kin) + 0.5) if kin else 0.0
        if own:
            weight = len(own) / (len(own) + (0.5 if mark.kind == EVENT else 1.0))
            effect[ahead] = weight * float(np.mean(own)) + (1 - weight) * pooled
        else:
            effect[ahead] = pooled
            unknown[mark.name] = None
    return effect, tuple(unknown)
