"""
The year's shape, the seasonal ARIMA and the regression, on series made by rule.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.forecasting.conftest import daily
from wfm.forecasting import annual, arma, regression
from wfm.forecasting.cleansing import cleanse
from wfm.forecasting.combining import agree, study
from wfm.forecasting.components import horizon_groups, pseudo_origins, run_components

WEEKDAY = np.arange(1200) % 7
WEEK = np.array([0.3, 0.2, 0.1, 0.0, -0.1, -0.6, -0.9])


def test_annual_wave_is_found():
    """
    Three years with a yearly wave of 0.3: its first harmonic comes back.
    """
    days = np.arange(1100)
    z = 5 + WEEK[days % 7] + 0.3 * np.sin(2 * np.pi * days / annual.YEAR)
    z += np.random.default_rng(1).normal(0, 0.05, 1100)
    waves = annual.harmonics(np.arange(1128), 3)

    found = annual.annual_coefficients(z, WEEKDAY[:1128], waves, np.array([1100]))[0]

    assert found[0] == pytest.approx(0.3, abs=0.03)
    assert np.abs(found[1:]).max() < 0.05


def test_coefficients_of_an_early_origin_see_no_later_day():
    """
    Garbage after day 800 leaves the coefficients of day 800 as they were.
    """
    z = np.random.default_rng(1).normal(5, 0.1, 1000)
    spoilt = np.concatenate([z[:800], np.full(200, 50.0)])
    waves = annual.harmonics(np.arange(1000), 3)

    one, two = (
        np.linalg.norm(annual.grams(np.column_stack([waves, values]), np.array([800, 1000]))[0])
        for values in (z, spoilt)
    )

    assert one == two


def test_last_years_repeat_with_growth():
    """
    Two years of the same days, 20 % more each year: the third is 20 % more again.
    """
    year = np.random.default_rng(3).normal(5, 0.2, annual.WEEKS)
    z = np.concatenate([year, year + np.log(1.2)])
    smooth = 0.6 * year + 0.2 * (np.roll(year, 7) + np.roll(year, -7))

    found = annual.last_years(z, np.array([700]), 14)[0]

    ahead = np.arange(700, 714) - annual.WEEKS
    np.testing.assert_allclose(found, smooth[ahead] + np.log(1.2), atol=0.05)


def test_last_years_need_a_year():
    """
    Before a year and four weeks are known there is nothing to repeat.
    """
    z = np.resize(WEEK, 500)

    found = annual.last_years(z, np.array([300, 391, 392]), 7)

    assert np.isnan(found[:2]).all()
    np.testing.assert_allclose(found[2], z[392:399])


def test_last_years_of_a_history_that_ends_within_a_year():
    """
    Three years and three days: the days of the year that is hardly known are left out.
    """
    z = np.resize(WEEK, 1095)

    np.testing.assert_allclose(annual.last_years(z, np.array([1095]), 7)[0], z[3:10])


def test_last_years_see_no_later_day():
    """
    Garbage after the origin changes nothing, for a horizon of two years either.
    """
    z = np.random.default_rng(4).normal(5, 0.1, 900)
    spoilt = np.concatenate([z[:500], np.full(400, 50.0)])

    one, two = (annual.last_years(values, np.array([500]), 728) for values in (z, spoilt))

    np.testing.assert_array_equal(one, two)


def test_pure_weekly_pattern_is_projected():
    """
    A pattern without noise: the seasonal ARIMA repeats it, whatever its coefficients.
    """
    z = 5 + WEEK[np.arange(100) % 7]

    found = arma.project(z[:, None], (0.5, -0.3, -0.6), np.array([100]), 14)[0, :, 0]

    np.testing.assert_allclose(found, 5 + WEEK[np.arange(100, 114) % 7])


def test_projection_agrees_with_statsmodels():
    """
    Same coefficients, same series: the forecasts of SARIMAX, after the start has faded.
    """
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    z = 5 + WEEK[np.arange(400) % 7] + np.random.default_rng(2).normal(0, 0.1, 400)
    model = SARIMAX(z, order=(1, 0, 1), seasonal_order=(0, 1, 1, 7))
    theirs = model.smooth([0.6, -0.3, -0.5, 0.01]).forecast(21)

    ours = arma.project(z[:, None], (0.6, -0.3, -0.5), np.array([400]), 21)[0, :, 0]

    np.testing.assert_allclose(ours, theirs, atol=1e-3)


def test_regression_follows_a_trend():
    """
    Growth of 30 % a year goes on, somewhat damped.
    """
    days = np.arange(400)
    z = 5 + WEEK[days % 7] + np.log(1.3) * days / 365.25
    groups = horizon_groups(28)

    found = regression.project(
        z, WEEKDAY[:428], np.zeros((428, 0)), np.array([400]), 28, 500.0, groups
    )[0]

    ahead = np.arange(400, 428)
    np.testing.assert_allclose(found, 5 + WEEK[ahead % 7] + np.log(1.3) * ahead / 365.25, atol=0.02)


def test_horizon_groups_tile_the_horizon():
    """
    Twenty days: 1, 2-3, 4-7, 8-14, 15-20.
    """
    assert [(group.start, group.stop) for group in horizon_groups(20)] == [
        *((0, 1), (1, 3), (3, 7), (7, 14), (14, 20))
    ]


def test_origins_take_every_weekday():
    """
    The last origin is now; steps are no multiple of a week.
    """
    origins = pseudo_origins(800)

    assert origins[-1] == 800
    assert len({int(at) % 7 for at in origins}) == 7


def test_components_of_an_early_origin_see_no_later_day():
    """
    The smoothers' forecasts of the first pseudo-origin stay when later days are spoilt.

    Parameters fitted once on all days may differ, so the plain bank is looked at.
    """
    from wfm.forecasting.smoothing import bank, smooth

    z = np.random.default_rng(1).normal(5, 0.1, (200, 1))
    spoilt = z.copy()
    spoilt[150:] = 50

    one, two = (smooth(v, WEEKDAY[:228], bank(), np.array([120, 150]), 28) for v in (z, spoilt))

    np.testing.assert_array_equal(one, two)


def test_every_component_forecasts_every_horizon():
    """
    No gaps, and all names different.
    """
    days = daily(760)
    trial = run_components(days, cleanse(days))

    assert np.isfinite(trial.forecasts).all()
    assert len(set(trial.names)) == len(trial.names) >= 10


@pytest.mark.parametrize("truth", [(0.7, -0.3, -0.6), (0.9, -0.6, -0.9)])
def test_arima_finds_the_coefficients_that_made_a_series(truth):
    """
    Three thousand days filtered from noise with known coefficients: within sampling error.
    """
    from scipy.signal import lfilter

    ar, ma, seasonal = truth
    noise = np.random.default_rng(3).normal(0, 0.1, 3000)
    change = lfilter(np.convolve([1, ma], [1, *[0] * 6, seasonal]), [1, -ar], noise)
    z = lfilter([1.0], [1, *[0] * 6, -1.0], change)

    np.testing.assert_allclose(arma.fit(z), truth, atol=0.08)


def test_arima_of_a_constant_series_is_stationary():
    """
    Nothing to learn from: coefficients stay within their bounds.
    """
    ar, ma, seasonal = arma.fit(np.full(60, 3.0))

    assert 0 < ar < 0.99
    assert min(ma, seasonal) > -0.95


def test_second_opinion_counts_half_until_errors_tell():
    """
    No past error is known: the mean lies halfway. The second was always right: nearer to it.
    """
    days = daily(200)
    found = study(days)
    blind = replace(found, trial=replace(found.trial, actual=np.full(found.mean.shape, np.nan)))
    apart = np.where(np.arange(found.mean.shape[1]) % 2 == 0, 0.1, -0.1)

    halfway = agree(days, blind, found.mean + apart).mean - found.mean
    right = replace(found, trial=replace(found.trial, actual=found.mean + apart))
    nearer = agree(days, right, found.mean + apart).mean - found.mean

    np.testing.assert_allclose(halfway, np.broadcast_to(0.5 * apart, halfway.shape))
    assert (np.abs(nearer) > np.abs(halfway)).all()


def test_second_opinion_is_missed_where_it_has_none():
    """
    NaN leaves the mean of that day as it was.
    """
    days = daily(100)
    found = study(days)
    other = found.mean + 0.2
    other[:, 3] = np.nan

    mean = agree(days, found, other).mean

    np.testing.assert_array_equal(mean[:, 3], found.mean[:, 3])
    assert (mean[:, 2] > found.mean[:, 2]).all()
