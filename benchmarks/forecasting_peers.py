"""
Other people's forecasters, each set up as its makers advise; left out where not installed.

They see log contacts with gaps filled by the last same weekday, unless they take gaps.
Their libraries stand in ``benchmarks/requirements-peers.txt`` and nowhere else.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from wfm.forecasting.bands import LEVELS
from wfm.forecasting.days import Days
from wfm.forecasting.models import DayForecast, Model

TREES = {
    "objective": "regression",
    "learning_rate": 0.06,
    "num_leaves": 15,
    "verbosity": -1,
    "num_threads": 1,
}
WIDTHS = [95, 90, 80, 60, 40, 20]  # central intervals that give all the levels


def filled(days: Days) -> np.ndarray:
    """Contacts with gaps taken from the same weekday before; the mean where there is none."""
    y = days.y.copy()
    mean = np.nanmean(y)
    for at in np.flatnonzero(np.isnan(y)):
        y[at] = y[at - 7] if at >= 7 else mean
    return y


@dataclass(frozen=True)
class Statsforecast:
    """
    One of statsforecast's automatic models, weekly season, on log contacts.
    """

    name: str
    kind: str

    def forecast(self, days: Days) -> DayForecast:
        """Point and central intervals, back from logs."""
        from statsforecast import models

        model = getattr(models, self.kind)(season_length=7)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = model.forecast(y=np.log(filled(days) + 0.5), h=days.horizon, level=WIDTHS)
        quantiles = [found[f"lo-{width}"] for width in WIDTHS] + [found["mean"]]
        quantiles += [found[f"hi-{width}"] for width in reversed(WIDTHS)]
        logs = np.minimum(np.stack(quantiles, axis=1), 30)
        return closed(days, np.exp(np.minimum(found["mean"], 30)), np.exp(logs) - 0.5)


@dataclass(frozen=True)
class Prophet:
    """
    Prophet with the same holidays, on contacts.
    """

    name: str = "prophet"

    def forecast(self, days: Days) -> DayForecast:
        """Quantiles of its own samples."""
        import pandas as pd
        from prophet import Prophet as Theirs

        stamps = pd.date_range(days.first, periods=days.n + days.horizon)
        feasts = pd.DataFrame(
            [(s, m.name) for s, m in zip(stamps, days.special, strict=True) if m is not None],
            columns=["ds", "holiday"],
        )
        model = Theirs(holidays=feasts if len(feasts) else None, uncertainty_samples=300)
        np.random.seed(0)
        model.fit(pd.DataFrame({"ds": stamps[: days.n], "y": days.y}).dropna())
        ahead = pd.DataFrame({"ds": stamps[days.n :]})
        samples = model.predictive_samples(ahead)["yhat"]
        return closed(
            days, np.asarray(model.predict(ahead)["yhat"]), np.quantile(samples, LEVELS, axis=1).T
        )


@dataclass(frozen=True)
class LightGBM:
    """
    Boosted trees on lags and the calendar, direct for 28 days, quantiles of past residuals.
    """

    name: str = "lightgbm"

    def forecast(self, days: Days) -> DayForecast:
        """One tree ensemble for all horizons, with the horizon as a feature."""
        import lightgbm

        z = np.log(filled(days) + 0.5)
        rows = [(t, h) for t in range(28, days.n, 3) for h in range(1, 29) if t + h - 1 < days.n]
        x = np.array([self._features(days, z, t, h) for t, h in rows])
        target = np.array([z[t + h - 1] for t, h in rows])
        keep = ~np.isnan([days.y[t + h - 1] for t, h in rows])
        cut = int(0.8 * keep.sum())
        x, target = x[keep], target[keep]

        def fit(until: int) -> Any:
            table = lightgbm.Dataset(x[:until], target[:until])
            return lightgbm.train(TREES, table, num_boost_round=150)

        early = fit(cut)
        left = np.quantile(target[cut:] - early.predict(x[cut:]), LEVELS)
        ahead = [self._features(days, z, days.n, h) for h in range(1, days.horizon + 1)]
        centre = fit(len(x)).predict(np.array(ahead))
        return closed(days, np.exp(centre), np.exp(centre[:, None] + left) - 0.5)

    @staticmethod
    def _features(days: Days, z: np.ndarray, origin: int, ahead: int) -> list[float]:
        at = origin + ahead - 1
        weeks = [z[at - 7 * k] for k in range(1, 10) if at - 7 * k < origin and at >= 7 * k][:4]
        level = [z[max(0, origin - n) : origin].mean() for n in (7, 28)]
        mark = days.special[at]
        return [
            ahead,
            days.weekday[at],
            at % 365.25,
            *weeks,
            *[np.nan] * (4 - len(weeks)),
            *level,
            0.0 if mark is None else 1.0 + len(mark.kind),
        ]


def closed(days: Days, contacts: np.ndarray, quantiles: np.ndarray) -> DayForecast:
    """Zeros on closed days, nothing negative."""
    shut = days.closed[days.n :]
    return DayForecast(
        np.where(shut, 0.0, np.maximum(contacts, 0.0)),
        np.where(shut[:, None], 0.0, np.maximum(quantiles, 0.0)),
    )


def installed() -> list[Model]:
    """Those whose library is there."""
    makers: list[tuple[str, Callable[[], list[Any]]]] = [
        (
            "statsforecast",
            lambda: [
                Statsforecast("AutoETS", "AutoETS"),
                Statsforecast("AutoARIMA", "AutoARIMA"),
                Statsforecast("DynamicOptimizedTheta", "DynamicOptimizedTheta"),
            ],
        ),
        ("prophet", lambda: [Prophet()]),
        ("lightgbm", lambda: [LightGBM()]),
    ]
    return [model for library, make in makers if find_spec(library) for model in make()]
