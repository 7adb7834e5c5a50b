"""
What every model of days keeps to, and the two yardsticks by hand.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.forecasting.conftest import MONDAY, busy_days, daily
from wfm.forecasting.days import make_days
from wfm.forecasting.models import SeasonalNaive, WeekdayMean
from wfm.forecasting.registry import all_models

MODELS = list(all_models().values())


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_forecast_has_the_horizons_length(model):
    """
    One number and 13 quantiles for each day ahead, none missing, none negative.
    """
    found = model.forecast(daily(84, horizon=10))

    assert found.contacts.shape == (10,)
    assert found.quantiles.shape == (10, 13)
    assert (found.contacts >= 0).all()
    assert (np.diff(found.quantiles, axis=1) >= -1e-9).all()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_history_is_not_changed(model):
    """
    A model reads its input and leaves it as it was.
    """
    days = daily(84)
    before = days.y.copy()

    model.forecast(days)

    np.testing.assert_array_equal(days.y, before)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_same_history_same_forecast(model):
    """
    Fitting twice gives the same bits.
    """
    first, second = model.forecast(daily(84)), model.forecast(daily(84))

    np.testing.assert_array_equal(first.contacts, second.contacts)
    np.testing.assert_array_equal(first.quantiles, second.quantiles)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_closed_days_have_no_contacts(model):
    """
    A day on which the queue is closed is forecast as zero, bands and all.
    """
    closed = np.zeros(84 + 7, dtype=bool)
    closed[85] = True

    found = model.forecast(make_days("q", MONDAY, busy_days(84), 7, closed=closed))

    assert found.contacts[1] == 0
    assert not found.quantiles[1].any()


def test_seasonal_naive_repeats_last_week():
    """
    The second Monday ahead is last Monday, too.
    """
    days = make_days("q", MONDAY, np.arange(14.0), 9)

    assert SeasonalNaive().forecast(days).contacts.tolist() == [7, 8, 9, 10, 11, 12, 13, 7, 8]


def test_mean_of_four_weeks_leaves_gaps_out():
    """
    Of Mondays 10, unknown, 30, 40, 80 the last four known are taken: 40.
    """
    y = np.full(35, 5.0)
    y[[0, 7, 14, 21, 28]] = [10, np.nan, 30, 40, 80]

    assert WeekdayMean().forecast(make_days("q", MONDAY, y, 1)).contacts[0] == 40
