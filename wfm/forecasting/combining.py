"""
The default: several smoothers, weighted by what each got wrong on this very queue.

Every component forecasts from many past origins. Their errors there give the weights,
for each group of horizons, and the errors of the weighted mean give the bands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from wfm.forecasting.bands import LEVELS, conformal, independent_origins, weighted_quantiles
from wfm.forecasting.cleansing import OFFSET, Clean, cleanse
from wfm.forecasting.components import (
    Trial,
    fill,
    horizon_groups,
    recency,
    run_components,
    seasonal_recency,
)
from wfm.forecasting.days import Days
from wfm.forecasting.models import DayForecast
from wfm.forecasting.sparse import Sparse, is_sparse

POWER = 8.0  # weights are proportional to the mean absolute error to minus this
MATURING = 2.0  # power of the share of history an origin had, in its say on the weights
SHAPE_HALFLIFE = 180.0  # days in which an error loses half its say on the shape of bands ...
SIZE_HALFLIFE = 60.0  # ... and on their width: calm and rough months follow each other
SPECIAL_WIDTH = 1.6  # bands are so much wider on special days
OWN_SHAPE = 200.0  # errors of its own that make a group's shape of bands half its own
GUARD = 0.8  # repeating last week takes over when its recent error is below this share of ours
GUARDED = 28  # days that are recent
SECOND = 0.5  # share of a second opinion of which nothing is known
SECOND_PRIOR = 100.0  # origins that this belief is worth
OUTLYING = 3.0  # robust standard deviations beyond which an error is drawn in
WIDENING = 1.15  # of bands, from one horizon group to the next that has no errors yet


def weights(trial: Trial, groups: tuple[range, ...]) -> np.ndarray:
    """
    Weights of the components, float [components, groups]; each column sums to one.
    """
    # what a component did with half the history says less about what it does with all
    say = seasonal_recency(trial.origins) * (trial.origins / trial.origins[-1]) ** MATURING
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
    return Study(clean, trial, share, mean, bands_of(days, trial, mean))


def agree(days: Days, found: Study, other: np.ndarray) -> Study:
    """
    The study with a second opinion averaged into its mean, and the bands that this earns.

    Parameters
    ----------
    other
        Log forecasts from every origin, float [origins, horizon]; NaN: no opinion.
    """
    trial = found.trial
    say = recency(trial.origins) * (trial.origins / trial.origins[-1]) ** MATURING
    known = ~np.isnan(other)
    apart = np.where(known, other - found.mean, 0.0)
    error = np.where(known, trial.actual - found.mean, np.nan)
    mean = found.mean.copy()
    for group in horizon_groups(days.horizon):
        rows = slice(group.start, group.stop)
        mean[:, rows] += _second_share(error[:, rows], apart[:, rows], say) * apart[:, rows]
    return Study(found.clean, trial, found.share, mean, bands_of(days, trial, mean))


def _second_share(error: np.ndarray, apart: np.ndarray, say: np.ndarray) -> float:
    """
    Share of a second opinion by least squares, from one half as far as little is known.

    The first has learnt from these very errors, the second has not: hence the strong prior.
    """
    known = ~np.isnan(error)
    if not known.any():
        return SECOND
    weight = np.where(known, say[:, None], 0.0) / np.where(known, say[:, None], 0.0).sum()
    limit = OUTLYING * 1.4826 * float(np.median(np.abs(error[known])))
    miss = np.clip(np.nan_to_num(error), -limit, limit)
    step = np.clip(apart, -limit, limit)
    tried = float(known.any(axis=1).sum())
    size = float((weight * step**2).sum())
    told = tried * float((weight * step * miss).sum()) + SECOND_PRIOR * SECOND * size
    return float(np.clip(told / max((tried + SECOND_PRIOR) * size, 1e-12), 0.0, 1.0))


def bands_of(days: Days, trial: Trial, mean: np.ndarray) -> np.ndarray:
    """
    Quantiles of the log error of a mean by horizon, float [horizon, 13]; wider on special days.
    """
    bands = error_bands(trial.actual - mean, trial.origins, horizon_groups(days.horizon))
    wide = np.array([mark is not None for mark in days.special[days.n :]])
    return np.where(wide[:, None], bands * SPECIAL_WIDTH, bands)


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


def error_bands(error: np.ndarray, origins: np.ndarray, groups: tuple[range, ...]) -> np.ndarray:
    """
    Quantiles of the log error by horizon, float [horizon, 13].

    Groups share one shape, so that tails rest on many errors; each has its own size and,
    as far as it has errors enough, its own shape. Shapes are learnt from a long past,
    sizes from the last weeks. A group without errors takes the quantiles of the nearer
    one, widened.

    Parameters
    ----------
    error
        Actual less forecast, float [origins, horizon]; NaN where unknown.
    origins
        Day of each origin, the latest last.
    """
    bands = np.empty((error.shape[1], len(LEVELS)))
    parts = [_past_errors(error[:, group.start : group.stop], origins) for group in groups]
    enough = [number for number, part in enumerate(parts) if len(part.scaled) >= 8]
    last = np.linspace(-0.5, 0.5, len(LEVELS))
    if enough:
        pool = np.concatenate([parts[number].scaled for number in enough])
        shape = weighted_quantiles(pool, np.concatenate([parts[n].say for n in enough]), LEVELS)
    for number, group in enumerate(groups):
        part = parts[number]
        if number in enough:
            own = weighted_quantiles(part.scaled, part.say, LEVELS)
            trust = len(part.scaled) / (len(part.scaled) + OWN_SHAPE)
            mixed = part.size * (trust * own + (1 - trust) * shape)
            alone = independent_origins(part.tried, float(np.ptp(origins)), group.stop)
            last = conformal(mixed, len(part.scaled), alone)
        else:
            last = last * WIDENING
        bands[group.start : group.stop] = last
    return bands


class _Errors(NamedTuple):
    """
    Past errors of a group of horizons over their mean size, their say, the size now, and from
    how many origins they come.
    """

    scaled: np.ndarray
    say: np.ndarray
    size: float
    tried: float


def _past_errors(error: np.ndarray, origins: np.ndarray) -> _Errors:
    known = ~np.isnan(error)
    values = error[known]
    say, recent = (
        np.broadcast_to(recency(origins, halflife)[:, None], error.shape)[known]
        for halflife in (SHAPE_HALFLIFE, SIZE_HALFLIFE)
    )
    tried = float(known.any(axis=1).sum())
    return _Errors(values / _size(values, say), say, _size(values, recent), tried)


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
