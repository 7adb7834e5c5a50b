"""
Queues with next to no contacts: counts, not logs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wfm.forecasting.bands import LEVELS, negative_binomial
from wfm.forecasting.days import Days
from wfm.forecasting.models import DayForecast

FEW = 4.0  # contacts a day below which logs mislead
RECENT = 84  # days that say whether a queue is sparse
HALFLIFE = 56.0  # days
PRIOR = 4.0  # days of the mean of all weekdays mixed into a weekday's


def is_sparse(days: Days) -> bool:
    """
    Whether ordinary days of the last weeks hold fewer than ``FEW`` contacts on average.
    """
    ordinary = days.y[days.ordinary[: days.n]]
    recent = ordinary[~np.isnan(ordinary)][-RECENT:]
    return bool(recent.size and recent.mean() < FEW)


@dataclass(frozen=True)
class Sparse:
    """
    A discounted mean of each weekday, leaning on that of all; counts are negative binomial.

    Days with an occasion take the mean of its past days: a queue may live by events alone.
    """

    name: str = "sparse"

    def forecast(self, days: Days) -> DayForecast:
        """Means and bands of the days ahead."""
        known = ~np.isnan(days.y)
        weight = 0.5 ** (np.arange(days.n)[::-1] / HALFLIFE)
        plain = known & days.ordinary[: days.n]
        if not plain.any():
            plain = known
        overall = float(np.average(days.y[plain], weights=weight[plain]))
        rates = np.empty(7)
        for day in range(7):
            mine = plain & (days.weekday[: days.n] == day)
            seen = float(weight[mine].sum())
            rates[day] = ((weight * days.y)[mine].sum() + PRIOR * overall) / (seen + PRIOR)
        mean = rates[days.weekday]
        spread = _dispersion(days.y[plain], mean[: days.n][plain])
        ahead = self._occasions(days, mean)
        contacts = np.where(days.closed[days.n :], 0.0, ahead)
        quantiles = negative_binomial(contacts, np.full(days.horizon, spread), LEVELS)
        return DayForecast(contacts, quantiles)

    @staticmethod
    def _occasions(days: Days, mean: np.ndarray) -> np.ndarray:
        """The days ahead, with those of an occasion seen before at its own mean."""
        ahead = mean[days.n :].copy()
        for at, mark in enumerate(days.special[days.n :]):
            if mark is None:
                continue
            past = [
                float(y)
                for y, other in zip(days.y, days.special, strict=False)
                if other == mark and not np.isnan(y)
            ]
            if past:
                share = len(past) / (len(past) + 0.5)
                ahead[at] = share * float(np.mean(past)) + (1 - share) * ahead[at]
        return ahead


def _dispersion(actual: np.ndarray, mean: np.ndarray) -> float:
    """Coefficient of variation beyond Poisson, by moments; at least 0.2."""
    beyond = float(((actual - mean) ** 2 - mean).sum() / max((mean**2).sum(), 1e-9))
    return float(np.sqrt(max(beyond, 0.04)))
