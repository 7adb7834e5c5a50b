"""
Earlier forecasts against facts, by hand.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from tests.forecasting.conftest import MONDAY, daily_history
from wfm.domain.demand import Adjustment, Forecast, QueueForecast
from wfm.domain.timegrid import DAILY, Grid
from wfm.forecasting.accuracy import accuracy, tracking_signal


def made(first_day: int, contacts: float) -> Forecast:
    """A week's forecast of so many contacts a day, between 80 and 120."""
    grid = Grid(MONDAY + timedelta(days=first_day), 7, DAILY)
    flat = np.full(7, 1.0)
    queue = QueueForecast(
        "q", contacts * flat, 80 * flat, 120 * flat, 80 * flat, 120 * flat, flat, flat, flat
    )
    return Forecast(grid, {"q": queue}, {"q": np.ones(7, dtype=bool)})


def test_errors_and_bands_are_counted():
    """
    100 expected, 110 came on six days and 130 on one: WAPE and bias by hand.
    """
    y = np.full(14, 110.0)
    y[13] = 130

    (row,) = accuracy([made(7, 100)], daily_history(y))

    assert row.wape == pytest.approx(90 / 790)
    assert row.bias == pytest.approx(-90 / 790)
    assert row.cover80 == pytest.approx(6 / 7)


def test_forecasts_of_days_to_come_are_left_out():
    """
    Nothing is known of the days: no row.
    """
    assert accuracy([made(14, 100)], daily_history(np.full(14, 100.0))) == ()


def test_three_errors_of_one_sign_track_to_three():
    """
    Equal errors of one sign sum to their number; alternating ones cancel.
    """
    assert tracking_signal([5, 5, 5]) == 3
    assert tracking_signal([5, -5]) == 0


def test_adjustment_that_helped_is_seen():
    """
    A person doubled 50 to 100, and 100 came: without them half would have been missed.
    """
    start = datetime.combine(MONDAY + timedelta(days=7), datetime.min.time())
    change = Adjustment(start, start + timedelta(days=7), None, 2.0, "mailing", "Ann", start)

    (row,) = accuracy([made(7, 100)], daily_history(np.full(14, 100.0)), [change])

    assert row.wape == 0
    assert row.untouched == pytest.approx(0.5)


def test_adjustment_entered_afterwards_was_not_in_the_forecast():
    """
    Entered two days after the forecast's first day: there is nothing to take out of it.
    """
    start = datetime.combine(MONDAY + timedelta(days=7), datetime.min.time())
    late = start + timedelta(days=2)
    change = Adjustment(start, start + timedelta(days=7), None, 2.0, "mailing", "Ann", late)

    (row,) = accuracy([made(7, 100)], daily_history(np.full(14, 100.0)), [change])

    assert np.isnan(row.untouched)
