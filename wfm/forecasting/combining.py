"""
The default: several smoothers, weighted by what each got wrong on this very queue.

Every component forecasts from many past origins. Their errors there give the weights,
for each group of horizons, and the errors of the weighted mean give the bands. Nothing
after an origin is used to forecast from it, save a handful of smoothing parameters.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from wfm.forecasting import annual, arma, regression, smoothing
from wfm.forecasting.bands import LEVELS, conformal, weighted_quantiles
from wfm.forecasting.cleansing import OFFSET, Clean, cleanse
from wfm.forecasting.days import Days
from wfm.forecasting.models import DayForecast
from wfm.forecasting.sparse import Sparse, is_sparse

EDGES = (0, 1, 3, 7, 14, 28, 56, 119)  # horizon groups: day 1, 2-3, 4-7, 8-14, ...
ORIGINS = 60  # pseudo-origins, within the last year
POWER = 8.0  # weights are proportional to the mean absolute error to minus this
REGRESSIONS = {  # half-life in days, a priori growth a year in log, least days of history
    "regression": (90.0, 0.3, 35),
    "long regression": (500.0, 0.3, 126),
    "long mean": (500.0, 0.02, 126),
}
MATURING = 2.0  # power of the share of history an origin had, in its say on the weights
BEST = 6  # smoothers of a bank that are averaged
HALFLIFE = 180.0  # days in which an error loses half its say
MEMORY = 1150  # days of history that are smoothed: a little over three years
LEAST = 28  # days before the first pseudo-origin
SPECIAL_WIDTH = 1.6  # bands are so much wider on special days
OWN_SHAPE = 200.0  # errors of its own that make a group's shape of bands half its own
GUARD = 0.8  # repeating last week takes over when its recent error is below this share of ours
GUARDED = 28  # days that are recent
WIDENING = 1.15  # of bands, from one horizon group to the next that has no errors yet


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
    first = max(min(LEAST, n // 2), n - 364)
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
    parts["smoothing"] = _best(table[:, :, 0, :-2], actual, groups)
    parts["ets"] = table[:, :, 0, -2]
    if count:
        for name, betas in sums.betas.items():
            seasonal = sums.apply(table, betas)
            parts[f"smoothing, {name}"] = _best(seasonal[..., :-2], actual, groups)
            parts[f"ets, {name}"] = seasonal[..., -1]
    if n >= 56:
        parts.update(_arma(sums, origins, horizon))
    for name, (halflife, growth, least) in REGRESSIONS.items():
        if n >= least:
            parts[name] = regression.project(
                sums.filled, weekday, waves, origins, horizon, halflife, groups, growth
            )
    for halflife in (3.0, 9.0):
        rows = smoothing.weekday_means(z[:, None], weekday, halflife, origins, horizon)[..., 0]
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

    if len(filled) < 28:
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
    fitted = model.fit(disp=False, maxiter=60)
    level, trend, season, damping = np.asarray(fitted.params)[:4]
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


def recency(origins: np.ndarray) -> np.ndarray:
    """Say of each origin's errors: halves every ``HALFLIFE`` days."""
    return np.asarray(0.5 ** ((origins[-1] - origins) / HALFLIFE))


def _best(table: np.ndarray, actual: np.ndarray, groups: tuple[range, ...]) -> np.ndarray:
    """Mean of the bank's best members in each horizon group, float [origins, horizon]."""
    origins, horizon, size = table.shape
    error = np.abs(actual[..., None] - table)
    out = np.empty((origins, horizon))
    chosen = np.arange(size)
    for group in groups:
        rows = slice(group.start, group.stop)
        known = ~np.isnan(error[:, rows, 0])
        if known.any():
            weight = np.where(known, recency_of(origins)[:, None], 0.0)
            loss = np.einsum("oh,ohk->k", weight, np.nan_to_num(error[:, rows]))
            chosen = np.argsort(loss, kind="stable")[:BEST]
        out[:, rows] = table[:, rows][..., chosen].mean(-1)
    return out


def recency_of(count: int) -> np.ndarray:
    """Say of each of ``count`` origins, the last one's being one, over about a year."""
    age = np.arange(count)[::-1] * 364 / max(count, ORIGINS)
    return np.asarray(0.5 ** (age / HALFLIFE))


def weights(trial: Trial, groups: tuple[range, ...]) -> np.ndarray:
    """
    Weights of the components, float [components, groups]; each column sums to one.
    """
    # what a component did with half the history says less about what it does with all
    say = recency(trial.origins) * (trial.origins / trial.origins[-1]) ** MATURING
    out = np.empty((len(trial.names), len(groups)))
    current = np.full(len(trial.names), 1 / len(trial.names))
    for column, group in enumerate(groups):
        rows = slice(group.start, group.stop)
        error = np.abs(trial.actual[:, rows] - trial.forecasts[:, :, rows])
        known = ~np.isnan(error[0])
        if known.any():
            share = np.where(known, say[:, None], 0.0)
            loss = np.einsum("oh,coh->c", share, np.nan_to_num(error)) / share.sum()
            tried = float(known.any(axis=1).sum())
            loss = np.maximum(loss, 1e-6)
            raw = (loss / loss.min()) ** (-POWER * tried / (tried + 10))
            current = raw / raw.sum()
        out[:, column] = current
    return out


def combine(trial: Trial, share: np.ndarray, groups: tuple[range, ...]) -> np.ndarray:
    """
    The weighted mean from every origin, float [origins, horizon].
    """
    out = np.empty(trial.actual.shape)
    for column, group in enumerate(groups):
        rows = slice(group.start, group.stop)
        out[:, rows] = np.einsum("c,coh->oh", share[:, column], trial.forecasts[:, :, rows])
    return out


@dataclass(frozen=True)
class Study:
    """
    What the combination knows after looking at a queue.

    Parameters
    ----------
    mean
        Log forecasts of the combination from every origin, the last the real one,
        occasions left out; float [origins, horizon].
    bands
        Quantiles of the log error, float [horizon, 13].
    share
        Weights of the components, float [components, groups].
    """

    clean: Clean
    trial: Trial
    share: np.ndarray
    mean: np.ndarray
    bands: np.ndarray


def study(days: Days) -> Study:
    """
    Cleanse, try every component at every origin, weigh them, learn the bands.
    """
    clean = cleanse(days)
    trial = run_components(days, clean)
    groups = horizon_groups(days.horizon)
    share = weights(trial, groups)
    mean = guard(trial, combine(trial, share, groups), last_weeks(days, clean, trial), groups)
    bands = error_bands(trial.actual - mean, recency(trial.origins), groups)
    wide = np.array([mark is not None for mark in days.special[days.n :]])
    return Study(clean, trial, share, mean, np.where(wide[:, None], bands * SPECIAL_WIDTH, bands))


def last_weeks(days: Days, clean: Clean, trial: Trial) -> np.ndarray:
    """
    The last known log of the same weekday, from every origin, float [origins, horizon].
    """
    z = fill(clean.z, days.weekday)[days.n - trial.origins[-1] :]
    back = trial.origins[:, None] - 7 + np.arange(trial.actual.shape[1]) % 7
    return np.asarray(z[np.maximum(back, 0)])


def guard(
    trial: Trial, mean: np.ndarray, naive: np.ndarray, groups: tuple[range, ...]
) -> np.ndarray:
    """
    The mean, but repeating last week where the last four weeks were met far better so.

    After a break the past misleads every component; what happened last week does not.
    """
    out = mean.copy()
    target = trial.origins[:, None] + np.arange(mean.shape[1])
    recent = target >= trial.origins[-1] - GUARDED
    for group in groups:
        rows = slice(group.start, group.stop)
        known = ~np.isnan(trial.actual[:, rows]) & recent[:, rows]
        if known.any(axis=1).sum() < 3:
            continue
        actual = trial.actual[:, rows][known]
        ours = np.abs(actual - mean[:, rows][known]).mean()
        theirs = np.abs(actual - naive[:, rows][known]).mean()
        if theirs < GUARD * ours:
            out[:, rows] = naive[:, rows]
    return out


def error_bands(error: np.ndarray, say: np.ndarray, groups: tuple[range, ...]) -> np.ndarray:
    """
    Quantiles of the log error by horizon, float [horizon, 13].

    Groups share one shape, so that tails rest on many errors; each has its own size and,
    as far as it has errors enough, its own shape. A group without errors takes the
    quantiles of the nearer one, widened.
    """
    bands = np.empty((error.shape[1], len(LEVELS)))
    parts = [_known_errors(error[:, group.start : group.stop], say) for group in groups]
    sizes = [_size(values, weight) for values, weight, _ in parts]
    enough = [number for number, part in enumerate(parts) if len(part[0]) >= 8]
    last = np.linspace(-0.5, 0.5, len(LEVELS))
    if enough:
        pool = np.concatenate([parts[number][0] / sizes[number] for number in enough])
        shape = weighted_quantiles(pool, np.concatenate([parts[n][1] for n in enough]), LEVELS)
    for number, group in enumerate(groups):
        values, weight, tried = parts[number]
        if number in enough:
            own = weighted_quantiles(values, weight, LEVELS)
            trust = len(values) / (len(values) + OWN_SHAPE)
            mixed = trust * own + (1 - trust) * sizes[number] * shape
            last = conformal(mixed, len(values), tried)
        else:
            last = last * WIDENING
        bands[group.start : group.stop] = last
    return bands


def _known_errors(error: np.ndarray, say: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Errors that are known, their say, and from how many origins they come."""
    known = ~np.isnan(error)
    weight = np.broadcast_to(say[:, None], error.shape)[known]
    return error[known], weight, float(known.any(axis=1).sum())


def _size(values: np.ndarray, weight: np.ndarray) -> float:
    """Weighted mean absolute error, at least a tenth of a percent."""
    return max(float(np.average(np.abs(values), weights=weight)), 1e-3) if len(values) else 1.0


@dataclass(frozen=True)
class Combination:
    """
    The default model: the weighted mean of all components, with conformal bands.
    """

    name: str = "combination"

    def forecast(self, days: Days) -> DayForecast:
        """The days after the history; counts where they are too few for logs."""
        return Sparse().forecast(days) if is_sparse(days) else day_forecast(days, study(days))


def day_forecast(days: Days, found: Study) -> DayForecast:
    """
    The real origin's forecast, in contacts; zero on closed days.
    """
    centre = found.mean[-1] + found.clean.effect
    shut = days.closed[days.n :]
    contacts = np.where(shut, 0.0, np.exp(centre))
    quantiles = np.maximum(np.exp(centre[:, None] + found.bands) - OFFSET, 0.0)
    return DayForecast(contacts, np.where(shut[:, None], 0.0, quantiles))
