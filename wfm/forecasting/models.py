"""
What a model of daily contacts is, and the two yardsticks every other must beat.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from wfm.forecasting.bands import LEVELS, MEDIAN
from wfm.forecasting.days import Days


@dataclass(frozen=True)
class DayForecast:
    """
    Days to come of one queue.

    Parameters
    ----------
    contacts
        Expected contacts, float [horizon]; zero on closed days.
    quantiles
        At ``bands.LEVELS``, float [horizon, 13], increasing.
    parts
        What each day's number is made of, as factors: ``level`` in contacts, then
        ``weekday``, ``season``, ``special``; float [horizon] each.
    remarks
        Sentences for the user.
    """

    contacts: np.ndarray
    quantiles: np.ndarray
    parts: dict[str, np.ndarray] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


class Model(Protocol):
    """
    Forecasts the days after a history, from that history and the calendar alone.
    """

    @property
    def name(self) -> str:
        """How commands and files call it."""

    def forecast(self, days: Days) -> DayForecast:
        """The ``days.horizon`` days after the history."""


def spread_bands(centre: np.ndarray, errors: np.ndarray) -> np.ndarray:
    """
    Quantiles around ``centre`` from a model's own past errors of the same kind.

    ``errors`` are relative to their forecast; the median stays the forecast.
    """
    known = errors[~np.isnan(errors)]
    if known.size < 5:
        known = np.linspace(-0.5, 0.5, 13)
    relative = np.quantile(known, LEVELS)
    relative -= relative[MEDIAN]
    return np.asarray(np.maximum(centre[:, None] * (1 + relative), 0.0))


@dataclass(frozen=True)
class SeasonalNaive:
    """
    As on the last known day of the same weekday.
    """

    name: str = "seasonal_naive"

    def forecast(self, days: Days) -> DayForecast:
        """The last known same weekday, whatever the horizon."""
        return _same_weekdays(days, weeks=1)


@dataclass(frozen=True)
class WeekdayMean:
    """
    Mean of the last four known days of the same weekday: the desk's usual rule.
    """

    name: str = "mean_4_weeks"
    weeks: int = 4

    def forecast(self, days: Days) -> DayForecast:
        """The mean of the last same weekdays, whatever the horizon."""
        return _same_weekdays(days, self.weeks)


def _same_weekdays(days: Days, weeks: int) -> DayForecast:
    """Mean of the last ``weeks`` known days of each weekday, with their errors as bands."""
    overall = float(np.nanmean(days.y)) if (~np.isnan(days.y)).any() else 0.0
    means = np.full(7, overall)
    errors = []
    for weekday in range(7):
        values = days.y[days.weekday[: days.n] == weekday]
        values = values[~np.isnan(values)]
        if not values.size:
            continue
        means[weekday] = values[-weeks:].mean()
        for at in range(weeks, len(values)):
            guess = values[at - weeks : at].mean()
            errors.append(values[at] / guess - 1 if guess > 0 else np.nan)
    ahead = days.weekday[days.n :]
    centre = np.where(days.closed[days.n :], 0.0, means[ahead])
    return DayForecast(centre, spread_bands(centre, np.array(errors)))
