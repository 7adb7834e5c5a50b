"""
The components of the default forecast, each from many past origins at once.

Every one sees only the days before an origin, save a handful of smoothing parameters.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from wfm.forecasting import annual, arma, regression, smoothing
from wfm.forecasting.cleansing import Clean
from wfm.forecasting.days import Days

EDGES = (0, 1, 3, 7, 14, 28, 56, 119)  # horizon groups: day 1, 2-3, 4-7, 8-14, ...
ORIGINS = 60  # pseudo-origins, within the last year
REGRESSIONS = {  # half-life in days, a priori growth a year in log, least days of history
    "regression": (90.0, 0.3, 35),
    "long regression": (500.0, 0.3, 126),
    "long mean": (500.0, 0.02, 126),
}
BEST = 6  # smoothers of a bank that are averaged
HALFLIFE = 180.0  # days in which an error loses half its say ...
SEASON = 21.0  # ... but for about so many days on either side of this time last year
MEMORY = 1150  # days of history that are smoothed: a little over three years
LEAST = 28  # days before the first pseudo-origin
ROUGH = 1e11  # machine precisions at which the search for ETS parameters ends


@dataclass(frozen=True)
class Trial:
    """
    Log forecasts of all components from all origins, the last of them the real one.

    ``forecasts`` float [components, origins, horizon]; ``actual`` float [origins,
    horizon], NaN where the day is not known or is special.
    """

    names: tuple[str, ...]
    origins: np.ndarray
    forecasts: np.ndarray
    actual: np.ndarray


def horizon_groups(horizon: int) -> tuple[range, ...]:
    """
    Horizons (from 0) whose errors are pooled.
    """
    edges = [*(edge for edge in EDGES if edge < horizon), horizon]
    return tuple(range(a, b) for a, b in pairwise(edges))


def pseudo_origins(n: int) -> np.ndarray:
    """
    Days from which the past is forecast again, the real origin ``n`` last.

    They spread over the last year, at a distance that is no multiple of a week.
    """
    first = max(min(LEAST, n // 2), n - annual.WEEKS - 2 * int(SEASON))
    step = max(1, (n - first) // ORIGINS)
    step += step % 7 == 0
    return np.arange(n, first - 1, -step)[::-1]


def run_components(days: Days, clean: Clean) -> Trial:
    """
    All components from all origins.
    """
    cut = max(0, days.n - MEMORY)
    z, raw = clean.z[cut:], np.where(days.ordinary[: days.n], clean.raw, np.nan)[cut:]
    n, horizon = len(z), days.horizon
    weekday = days.weekday[cut:]
    origins = pseudo_origins(n)
    groups = horizon_groups(horizon)
    actual = _actual(raw, origins, horizon)
    count = annual.harmonic_count(n)
    waves = annual.harmonics(np.arange(cut, cut + n + horizon), count)
    parts: dict[str, np.ndarray] = {}
    sums = _Seasons(z, weekday, waves, origins, horizon)
    fitted = _ets_parameters(sums.filled), _ets_parameters(sums.settled)
    table = smoothing.smooth(sums.columns, weekday, smoothing.bank(fitted), origins, horizon)
    parts["smoothing"] = _best(table[:, :, 0, :-2], actual, groups, recency(origins))
    parts["ets"] = table[:, :, 0, -2]
    if count:
        for name, betas in sums.betas.items():
            seasonal = sums.apply(table, betas)
            parts[f"smoothing, {name}"] = _best(
                seasonal[..., :-2], actual, groups, recency(origins)
            )
            parts[f"ets, {name}"] = seasonal[..., -1]
    if n >= annual.WEEKS + annual.GROWTH + 2 * int(SEASON):
        again = annual.last_years(sums.filled, origins, horizon)
        parts["last years"] = np.where(np.isnan(again), parts["ets"], again)
    if n >= 56:
        parts.update(_arma(sums, origins, horizon))
    for name, (halflife, growth, least) in REGRESSIONS.items():
        if n >= least:
            parts[name] = regression.project(
                sums.filled, weekday, waves, origins, horizon, halflife, groups, growth
            )
    for halflife in (3.0, 9.0):
        rows = smoothing.weekday_means(z[:, None], halflife, origins, horizon)[..., 0]
        parts[f"weekday means, {halflife:g} weeks"] = rows
    return Trial(tuple(parts), origins, np.stack(list(parts.values())), actual)


class _Seasons:
    """
    A series beside the columns of the year, and coefficients at every origin.
    """

    def __init__(
        self, z: np.ndarray, weekday: np.ndarray, waves: np.ndarray, origins: np.ndarray, h: int
    ):
        n = len(z)
        self.waves, self.origins, self.horizon = waves, origins, h
        gaps = np.isnan(z)
        self.columns = np.where(gaps[:, None], np.nan, np.column_stack([z, waves[:n]]))
        self.filled = fill(z, weekday)
        self.betas: dict[str, np.ndarray] = {}
        self.settled = self.filled
        if waves.shape[1]:
            self.betas["year"] = annual.annual_coefficients(z, weekday, waves, origins)
            self.settled = self.filled - waves[:n] @ self.betas["year"][-1]

    def apply(self, table: np.ndarray, betas: np.ndarray) -> np.ndarray:
        """
        Forecasts less the year's shape, plus that shape ahead; [origins, horizon, ...].
        """
        ahead = self.origins[:, None] + np.arange(self.horizon)
        year = np.einsum("ohc,oc->oh", self.waves[np.minimum(ahead, len(self.waves) - 1)], betas)
        within: np.ndarray = np.einsum("ohc...,oc->oh...", table[:, :, 1:], betas)
        ahead_shape = year.reshape(year.shape + (1,) * (within.ndim - 2))
        return np.asarray(table[:, :, 0] - within + ahead_shape)


def fill(z: np.ndarray, weekday: np.ndarray) -> np.ndarray:
    """
    Gaps filled with a smoother's forecast from the days before each.
    """
    gaps = np.flatnonzero(np.isnan(z))
    if not gaps.size:
        return z
    middle = smoothing.Smoother(*(np.array([v]) for v in (0.2, 0.1, 0.0, 0.0)))
    guess = smoothing.smooth(z[:, None], weekday, middle, gaps, 1, warm=len(z))[:, 0, 0, 0]
    filled = z.copy()
    filled[gaps] = guess
    return filled


def _ets_parameters(filled: np.ndarray) -> tuple[float, float, float, float]:
    """
    Level, season, trend and damping of statsmodels' ETS(A,Ad,A), fitted once.
    """
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    if len(filled) < 28 or np.ptp(filled[-730:]) < 1e-6:
        return 0.2, 0.1, 0.0, 0.9
    model = ETSModel(
        filled[-730:],
        error="add",
        trend="add",
        damped_trend=True,
        seasonal="add",
        seasonal_periods=7,
        initialization_method="heuristic",
    )
    with warnings.catch_warnings():  # an optimum not quite reached smooths as well
        warnings.simplefilter("ignore")
        fitted = model.fit(disp=False, maxiter=60, factr=ROUGH)
    level, trend, season, damping = np.nan_to_num(np.asarray(fitted.params)[:4])
    return float(level), float(season), float(trend), float(damping)


def _arma(sums: _Seasons, origins: np.ndarray, horizon: int) -> dict[str, np.ndarray]:
    parts = {}
    usable = np.maximum(origins, 15)
    table = np.column_stack([sums.filled, sums.waves[: len(sums.filled)]])
    for name, betas in {"": None, **sums.betas}.items():
        coefficients = arma.fit(sums.settled if name else sums.filled)
        if betas is None:
            parts["arima"] = arma.project(table[:, :1], coefficients, usable, horizon)[..., 0]
        else:
            rows = arma.project(table, coefficients, usable, horizon)
            parts[f"arima, {name}"] = sums.apply(rows, betas)
    return parts


def _actual(raw: np.ndarray, origins: np.ndarray, horizon: int) -> np.ndarray:
    padded = np.concatenate([raw, np.full(horizon, np.nan)])
    return padded[origins[:, None] + np.arange(horizon)]


def recency(origins: np.ndarray, halflife: float = HALFLIFE) -> np.ndarray:
    """Say of each origin's errors: halves every ``halflife`` days."""
    return np.asarray(0.5 ** ((origins[-1] - origins) / halflife))


def seasonal_recency(origins: np.ndarray) -> np.ndarray:
    """
    The same, but whole again a year ago: who foresaw this season then may do so now.
    """
    season = np.exp(-0.5 * ((origins[-1] - origins - annual.WEEKS) / SEASON) ** 2)
    return np.asarray(np.maximum(recency(origins), season))


def _best(
    table: np.ndarray, actual: np.ndarray, groups: tuple[range, ...], say: np.ndarray
) -> np.ndarray:
    """Mean of the bank's best members in each horizon group, float [origins, horizon]."""
    origins, horizon, size = table.shape
    error = np.abs(actual[..., None] - table)
    out = np.empty((origins, horizon))
    chosen = np.arange(size)
    for group in groups:
        rows = slice(group.start, group.stop)
        known = ~np.isnan(error[:, rows, 0])
        if known.any():
            weight = np.where(known, say[:, None], 0.0)
            loss = np.einsum("oh,ohk->k", weight, np.nan_to_num(error[:, rows]))
            chosen = np.argsort(loss, kind="stable")[:BEST]
        out[:, rows] = table[:, rows][..., chosen].mean(-1)
    return out
