"""
Scores of forecasts against facts. Unknown facts are left out.
"""

from __future__ import annotations

import numpy as np

from wfm.forecasting.bands import HI80, HI95, LEVELS, LO80, LO95


def wape(actual: np.ndarray, forecast: np.ndarray) -> float:
    """Sum of absolute errors over sum of contacts; NaN without contacts."""
    known = ~np.isnan(actual)
    return _ratio(np.abs(forecast - actual)[known].sum(), actual[known].sum())


def bias(actual: np.ndarray, forecast: np.ndarray) -> float:
    """Sum of forecast less actual, over sum of contacts; NaN without contacts."""
    known = ~np.isnan(actual)
    return _ratio((forecast - actual)[known].sum(), actual[known].sum())


def mase(actual: np.ndarray, forecast: np.ndarray, scale: float) -> float:
    """Mean absolute error over ``scale``, that of a yardstick in the past."""
    known = ~np.isnan(actual)
    return _ratio(np.abs(forecast - actual)[known].sum(), scale * known.sum())


def weekly_scale(past: np.ndarray, lag: int = 7) -> float:
    """Mean absolute difference to the value ``lag`` before; NaN where none is known."""
    change = np.abs(past[lag:] - past[:-lag])
    known = change[~np.isnan(change)]
    return float(known.mean()) if known.size else float("nan")


def crps(actual: np.ndarray, quantiles: np.ndarray) -> float:
    """
    Twice the mean pinball loss over ``bands.LEVELS``, over mean contacts.

    ``quantiles`` float [..., 13] beside ``actual`` [...].
    """
    known = ~np.isnan(actual)
    miss = actual[known][:, None] - quantiles[known]
    pinball = np.maximum(LEVELS * miss, (LEVELS - 1) * miss)
    return _ratio(2 * pinball.mean(axis=1).sum(), actual[known].sum())


def cover(actual: np.ndarray, quantiles: np.ndarray) -> tuple[float, float]:
    """Share of facts inside the 80 % and the 95 % band; NaN without facts."""
    known = ~np.isnan(actual)
    if not known.any():
        return float("nan"), float("nan")
    y, q = actual[known], quantiles[known]
    in80 = (y >= q[:, LO80]) & (y <= q[:, HI80])
    in95 = (y >= q[:, LO95]) & (y <= q[:, HI95])
    return float(in80.mean()), float(in95.mean())


def _ratio(top: float, bottom: float) -> float:
    return float(top / bottom) if bottom > 0 else float("nan")
