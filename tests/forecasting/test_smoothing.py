"""
Smoothers against their recursions, and their linearity.
"""

from __future__ import annotations

import numpy as np
import pytest

from wfm.forecasting.smoothing import Smoother, bank, smooth, weekday_means

RNG = np.random.default_rng(3)
WEEKDAY = np.arange(100) % 7


def one(level: float, season: float, trend: float = 0.0, damping: float = 0.0) -> Smoother:
    return Smoother(*(np.array([v]) for v in (level, season, trend, damping)))


def test_constant_is_forecast_as_itself():
    """
    A series that never changes is expected to go on.
    """
    found = smooth(np.full((28, 1), 5.0), WEEKDAY, bank(), np.array([14, 28]), 14)

    np.testing.assert_allclose(found, 5.0)


def test_level_takes_up_its_share_of_a_surprise():
    """
    After four weeks at 0 a day of 1: with share 0.3 the next day is expected at 0.3.
    """
    z = np.zeros((29, 1))
    z[28] = 1.0

    found = smooth(z, WEEKDAY, one(0.3, 0.0), np.array([29]), 1)

    assert found[0, 0, 0, 0] == pytest.approx(0.3)


def test_forecasts_are_linear_in_the_series():
    """
    Smoothing a sum is the sum of the smoothed.
    """
    columns = RNG.normal(size=(60, 2))
    columns = np.column_stack([columns, columns @ [2.0, -1.0]])

    found = smooth(columns, WEEKDAY, bank(((0.2, 0.1, 0.02, 0.9),)), np.array([40, 60]), 20)

    np.testing.assert_allclose(found[:, :, 2], 2 * found[:, :, 0] - found[:, :, 1], atol=1e-9)


def test_early_origin_sees_no_later_day():
    """
    The forecast from day 40 is that of a series that ends there.
    """
    z = RNG.normal(size=(60, 1))

    long = smooth(z, WEEKDAY, bank(), np.array([40, 60]), 10)[0]
    short = smooth(z[:40], WEEKDAY, bank(), np.array([40]), 10)[0]

    np.testing.assert_array_equal(long, short)


def test_gap_leaves_the_state_alone():
    """
    Unknown days teach nothing.
    """
    z = RNG.normal(size=(42, 1))
    z[35:] = np.nan

    whole = smooth(z, WEEKDAY, bank(), np.array([35, 42]), 7)

    np.testing.assert_array_equal(whole[0], whole[1])


def test_smoother_agrees_with_statsmodels():
    """
    Level, damped trend and weekday follow the states of ETS(A,Ad,A), same start.
    """
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    week = np.array([1.0, 2, 0, -1, -2, 0, 0])
    z = np.concatenate([np.tile(week, 4), np.resize(week, 30) + RNG.normal(0, 0.2, 30)])
    model = ETSModel(
        z,
        error="add",
        trend="add",
        damped_trend=True,
        seasonal="add",
        seasonal_periods=7,
        initialization_method="known",
        initial_level=0.0,
        initial_trend=0.0,
        initial_seasonal=list(week),
    )
    theirs = model.smooth([0.3, 0.05, 0.1, 0.9, 0.0, 0.0, *week[::-1]]).forecast(10)

    ours = smooth(z[:, None], WEEKDAY, one(0.3, 0.1, 0.05, 0.9), np.array([58]), 10)[0, :, 0, 0]

    np.testing.assert_allclose(ours, theirs, atol=1e-8)


def test_weekday_means_forget():
    """
    With a half-life of one week, Mondays of 0 and 3 weigh 1 to 2; the mean of all is small.
    """
    z = np.zeros((14, 1))
    z[7] = 3.0

    found = weekday_means(z, 1.0, np.array([14]), 1)[0, 0, 0]

    assert found == pytest.approx((3.0 + 0.25 * _grand(z, 0.5)) / 1.75)


def _grand(z: np.ndarray, keep: float) -> float:
    weight = keep ** (np.arange(14)[::-1] / 7)
    return float((weight * z[:, 0]).sum() / weight.sum())
