"""
Named models of statsmodels, on log contacts: to ask for, and to be compared with.

Their bands are the models' own. Gaps are left to the Kalman filter where there is one,
else filled with the same weekday's last value.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from wfm.errors import DataError
from wfm.forecasting.annual import harmonics
from wfm.forecasting.bands import LEVELS
from wfm.forecasting.cleansing import OFFSET
from wfm.forecasting.components import fill
from wfm.forecasting.days import Days
from wfm.forecasting.models import DayForecast

FEWEST = 20  # known days below which none of these can be fitted


def _known(days: Days, name: str) -> np.ndarray:
    """Log contacts, with enough of them known."""
    count = int((~np.isnan(days.y)).sum())
    if count < FEWEST:
        raise DataError(
            f"queue {days.queue}: {count} known days, model {name} needs {FEWEST}",
            hint="use the combination, which works from two weeks on",
        )
    return np.log(days.y + OFFSET)


def _gaussian(days: Days, mean: np.ndarray, deviation: np.ndarray) -> DayForecast:
    """Back from logs: the median as the forecast, normal bands."""
    from scipy.stats import norm

    shut = days.closed[days.n :]
    logs = mean[:, None] + deviation[:, None] * norm.ppf(LEVELS)
    quantiles = np.maximum(np.exp(np.minimum(logs, 50)) - OFFSET, 0.0)
    contacts = np.exp(np.minimum(mean, 50))
    return DayForecast(np.where(shut, 0.0, contacts), np.where(shut[:, None], 0.0, quantiles))


def _quietly(fit: Callable[[], Any]) -> Any:
    """A fit whose warnings (slow convergence, odd starts) do not reach the user."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return fit()


def regressors(days: Days) -> np.ndarray:
    """
    Calendar columns of history and horizon, float [n + horizon, k].

    One for each occasion that occurred at least twice, one for each kind of day, and the
    first harmonics of the year from 14 months of history on.
    """
    span = days.n + days.horizon
    names = [mark.name if mark else "" for mark in days.special]
    kinds = [mark.kind if mark else "" for mark in days.special]
    seen = ~np.isnan(days.y)
    columns = []
    for labels, least in ((kinds, 1), (names, 2)):
        for label in sorted(set(labels) - {""}):
            column = np.array([name == label for name in labels], dtype=float)
            if (column[: days.n] * seen).sum() >= least:
                columns.append(column)
    if days.n >= 425:
        columns.extend(harmonics(np.arange(span), 3 if days.n < 700 else 5).T)
    return np.array(columns).T if columns else np.zeros((span, 0))


@dataclass(frozen=True)
class Ets:
    """
    ETS(A,Ad,A): level, damped trend and weekday, exponentially smoothed.
    """

    name: str = "ets"

    def forecast(self, days: Days) -> DayForecast:
        """Fitted by maximum likelihood on filled logs."""
        import pandas as pd
        from statsmodels.tsa.exponential_smoothing.ets import ETSModel

        z = pd.Series(fill(_known(days, self.name), days.weekday))
        fitted = _quietly(
            lambda: ETSModel(
                z, error="add", trend="add", damped_trend=True, seasonal="add", seasonal_periods=7
            ).fit(disp=False)
        )
        frame = fitted.get_prediction(start=days.n, end=days.n + days.horizon - 1)
        return _gaussian(days, np.asarray(frame.predicted_mean), np.sqrt(frame.forecast_variance))


@dataclass(frozen=True)
class Sarimax:
    """
    SARIMA(1,0,1)(0,1,1)7 of logs with holidays and the year's harmonics as regressors.
    """

    name: str = "sarimax"

    def forecast(self, days: Days) -> DayForecast:
        """Fitted by maximum likelihood; gaps are left to the filter."""
        from statsmodels.tsa.statespace.sarimax import SARIMAX

        z = _known(days, self.name)
        x = regressors(days)
        past, ahead = (x[: days.n], x[days.n :]) if x.shape[1] else (None, None)
        model = SARIMAX(z, exog=past, order=(1, 0, 1), seasonal_order=(0, 1, 1, 7))
        fitted = _quietly(lambda: model.fit(disp=False, maxiter=50))
        frame = fitted.get_forecast(days.horizon, exog=ahead)
        return _gaussian(days, np.asarray(frame.predicted_mean), np.asarray(frame.se_mean))


@dataclass(frozen=True)
class UnobservedComponents:
    """
    Local level, autoregression and weekdays of logs, with the same regressors.
    """

    name: str = "unobserved_components"

    def forecast(self, days: Days) -> DayForecast:
        """Fitted by maximum likelihood; gaps are left to the filter."""
        from statsmodels.tsa.statespace.structural import UnobservedComponents as Structural

        z = _known(days, self.name)
        x = regressors(days)
        past, ahead = (x[: days.n], x[days.n :]) if x.shape[1] else (None, None)
        model = Structural(z, level="local level", seasonal=7, autoregressive=1, exog=past)
        fitted = _quietly(lambda: model.fit(disp=False, maxiter=50))
        frame = fitted.get_forecast(days.horizon, exog=ahead)
        return _gaussian(days, np.asarray(frame.predicted_mean), np.asarray(frame.se_mean))


@dataclass(frozen=True)
class NegativeBinomial:
    """
    A negative-binomial regression on weekday, trend and calendar: no memory of last week.
    """

    name: str = "negative_binomial"

    def forecast(self, days: Days) -> DayForecast:
        """Fitted by iteratively reweighted least squares; dispersion by moments."""
        import statsmodels.api as sm
        from scipy.stats import nbinom

        _known(days, self.name)
        trend = (np.arange(days.n + days.horizon) - days.n) / 365.25
        week = (days.weekday[:, None] == np.arange(7)).astype(float)
        present = week[: days.n][~np.isnan(days.y)].any(axis=0)
        x = np.column_stack([week[:, present], trend, regressors(days)])
        rows = ~np.isnan(days.y)
        y, past = days.y[rows], x[: days.n][rows]
        poisson = _quietly(lambda: sm.GLM(y, past, family=sm.families.Poisson()).fit())
        mean = np.asarray(poisson.fittedvalues)
        alpha = max(float(np.mean(((y - mean) ** 2 - mean) / mean**2)), 1e-4)
        family = sm.families.NegativeBinomial(alpha=alpha)
        fitted = _quietly(lambda: sm.GLM(y, past, family=family).fit())
        contacts = np.asarray(fitted.predict(x[days.n :]))
        size = 1 / alpha
        quantiles = nbinom.ppf(LEVELS, size, (size / (size + contacts))[:, None])
        shut = days.closed[days.n :]
        return DayForecast(np.where(shut, 0.0, contacts), np.where(shut[:, None], 0.0, quantiles))
