"""
Contacts that follow orders: the rate is forecast, planned orders say the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from wfm.forecasting.cleansing import OFFSET, relevel, weekday_reference
from wfm.forecasting.combining import Combination
from wfm.forecasting.days import Days
from wfm.forecasting.models import DayForecast

LAGS = 4  # orders of today and of the three days before can bring contacts today
WEAK = 0.2  # elasticity below which orders are left aside
LEAST = 42  # days on which both must be known

Orders = Mapping[str | None, Mapping[date, float]]  # by queue; None: for every queue


@dataclass(frozen=True)
class Driver:
    """
    What orders do to a queue's days.

    Parameters
    ----------
    factor
        Contacts go with this factor, float [n + horizon]; about one in the past.
    elasticity
        Percent more contacts for one percent more orders, 0 to 1.
    lag
        Mean days from order to contact.
    rate
        Contacts per order, over the last eight weeks.
    planned
        Days of the horizon whose orders are planned; the rest are forecast from past orders.
    """

    factor: np.ndarray
    elasticity: float
    lag: float
    rate: float
    planned: int

    def remark(self, queue: str, horizon: int) -> str:
        """What the user should know."""
        said = (
            f"{queue}: contacts follow orders with elasticity {self.elasticity:.2f}, "
            f"{self.lag:.1f} days later on average, {self.rate:.3f} contacts per order"
        )
        if self.planned < horizon:
            said += (
                f"; orders are planned for {self.planned} of {horizon} days, "
                "the others are forecast from past orders"
            )
        return said


def make_driver(days: Days, orders: Orders) -> Driver | None:
    """
    Learn how a queue follows orders; None where it does not, or too little is known.
    """
    found = orders.get(days.queue) or orders.get(None)
    if not found:
        return None
    span = days.n + days.horizon
    raw = np.array([found.get(days.date(at), np.nan) for at in range(span)], dtype=float)
    both = ~np.isnan(raw[: days.n]) & ~np.isnan(days.y)
    if both.sum() < LEAST or not np.nansum(raw[: days.n]) > 0:
        return None
    planned = int((~np.isnan(raw[days.n :])).sum())
    filled = _complete(raw, days)
    kernel = _kernel(days, filled)
    padded = np.concatenate([np.repeat(filled[:7].mean(), LAGS - 1), filled])
    lagged = np.convolve(padded, kernel, mode="valid")
    logs = np.log(lagged + OFFSET)
    elasticity = _elasticity(np.log(days.y + OFFSET), logs[: days.n], days)
    if elasticity < WEAK:
        return None
    factor = np.exp(elasticity * (logs - np.median(logs[: days.n])))
    recent = both[-56:]
    rate = float(days.y[-56:][recent].sum() / max(filled[: days.n][-56:][recent].sum(), 1e-9))
    return Driver(factor, elasticity, float(kernel @ np.arange(LAGS)), rate, planned)


def _complete(raw: np.ndarray, days: Days) -> np.ndarray:
    """Orders of every day: past gaps from the same weekday, future ones forecast."""
    past = raw[: days.n]
    reference = np.exp(weekday_reference(np.log(past + OFFSET))) - OFFSET
    past = np.where(np.isnan(past), np.nan_to_num(reference, nan=float(np.nanmean(past))), past)
    ahead = raw[days.n :]
    if np.isnan(ahead).any():
        expected = Combination().forecast(replace(days, y=past)).contacts
        ahead = np.where(np.isnan(ahead), expected, ahead)
    return np.concatenate([past, ahead])


def _changes(values: np.ndarray) -> np.ndarray:
    """Week-on-week changes: they see neither weekdays nor the level."""
    return np.asarray(values[7:] - values[:-7])


def _kernel(days: Days, orders: np.ndarray) -> np.ndarray:
    """Shares of contacts that come 0, 1, 2, 3 days after the order; they sum to one."""
    from scipy.optimize import nnls

    scaled = orders[: days.n] / np.mean(orders[: days.n])
    target = days.y / np.nanmean(days.y)
    rows = [np.roll(scaled, lag) for lag in range(LAGS)]
    left = np.stack([_changes(row) for row in rows], axis=1)[LAGS:]
    right = _changes(target)[LAGS:]
    known = ~np.isnan(right)
    ridge = 0.05 * np.sqrt((left[known] ** 2).sum()) * np.eye(LAGS)
    start = np.eye(LAGS)[0] * ridge[0, 0]  # without evidence, contacts come on the day
    shares, _ = nnls(np.vstack([left[known], ridge]), np.concatenate([right[known], start]))
    return np.asarray(shares / shares.sum()) if shares.sum() > 0 else np.eye(LAGS)[0]


def _elasticity(contacts: np.ndarray, orders: np.ndarray, days: Days) -> float:
    """Slope of log contacts on log orders, week on week, robust to outliers; 0 to 1."""
    plain = np.where(days.ordinary[: days.n], contacts, np.nan)
    plain, _ = relevel(plain)
    y, x = _changes(plain), _changes(orders)
    known = ~np.isnan(y) & (np.abs(x) > 0)
    if known.sum() < LEAST - 14:
        return 0.0
    y, x = y[known], x[known]
    slope = 0.0
    for _ in range(5):
        left = np.abs(y - slope * x)
        weight = 1 / np.maximum(left, 1.5 * np.median(left) + 1e-6)
        slope = float((weight * x * y).sum() / ((weight * x * x).sum() + 1e-9))
    return float(np.clip(slope, 0.0, 1.0))


def without(days: Days, driver: Driver) -> Days:
    """The series as it would be at constant orders."""
    return replace(days, y=days.y / driver.factor[: days.n])


def again(day: DayForecast, driver: Driver) -> DayForecast:
    """The days ahead with the orders they will have."""
    ahead = driver.factor[-len(day.contacts) :]
    return replace(day, contacts=day.contacts * ahead, quantiles=day.quantiles * ahead[:, None])
