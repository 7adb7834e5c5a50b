"""
The scenarios of a forecast: their mean, spread and kinship, against the printed columns.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tests.forecasting.conftest import busy_days, daily_history
from wfm.domain.demand import Forecast, QueueForecast
from wfm.domain.timegrid import Grid
from wfm.forecasting.bands import HI80, LEVELS, LO80
from wfm.forecasting.forecast import forecast
from wfm.forecasting.intervals import day_spread, less_intervals

GRID = Grid(date(2024, 1, 1), 7, 30)


def made(day_cv: float, interval_cv: float, contacts: float = 50.0) -> Forecast:
    flat = np.full(GRID.n, contacts)
    blank = np.zeros(GRID.n)
    queue = QueueForecast(
        "q", flat, blank, flat, blank, flat, blank, blank + day_cv, blank + interval_cv
    )
    return Forecast(GRID, {"q": queue}, {"q": np.ones(GRID.n, dtype=bool)})


def test_interval_shocks_have_mean_one_and_their_spread():
    """
    With shocks of 20 % a path averages the forecast and spreads by 20 %.
    """
    paths = made(0.0, 0.2).paths(2000, seed=1)["q"]

    assert paths.mean() == pytest.approx(50, rel=0.005)
    assert paths.std(axis=0).mean() / 50 == pytest.approx(0.2, abs=0.005)


def test_shocks_of_neighbours_are_alike():
    """
    Half an hour apart the shocks correlate by a half, two hours apart hardly.
    """
    paths = np.log(made(0.0, 0.2).paths(2000, seed=1)["q"])

    near = np.corrcoef(paths[:, 20], paths[:, 21])[0, 1]
    far = np.corrcoef(paths[:, 20], paths[:, 24])[0, 1]
    assert near == pytest.approx(0.5, abs=0.06)
    assert far == pytest.approx(1 / 16, abs=0.07)


def test_day_totals_share_their_shock():
    """
    A day shock of 15 % is not averaged out over the 48 intervals of a day.
    """
    paths = made(0.15, 0.0).paths(2000, seed=1)["q"]
    totals = paths.reshape(2000, 7, 48).sum(axis=2)

    assert totals.std(axis=0).mean() / (48 * 50) == pytest.approx(0.15, abs=0.01)


def test_totals_of_paths_spread_as_the_days_band():
    """
    Interval shocks of 30 % make 8 % of a day by themselves: with the rest of the day's
    15 %, totals spread by 15 %, not by 17 %.
    """
    flat = np.full((1, 48), 50.0)
    left = less_intervals(np.array([0.15]), flat, np.full((1, 48), 0.3), 30)[0]

    paths = made(left, 0.3).paths(4000, seed=1)["q"]
    totals = paths.reshape(4000, 7, 48).sum(axis=2)

    assert left < 0.14
    assert totals.std(axis=0).mean() / (48 * 50) == pytest.approx(0.15, abs=0.004)


def test_daily_paths_agree_with_daily_bands():
    """
    Daily counts drawn around the paths lie in the printed 80 % band four times in five.
    """
    history = daily_history(busy_days(200, noise=0.1))
    found = forecast(history, {}, Grid(history.grid.until, 28, 1440))
    counts = np.random.default_rng(3).poisson(found.paths(2000, seed=2)["q"])
    queue = found.queues["q"]

    inside = (counts >= queue.lo80) & (counts <= queue.hi80)

    assert 0.75 < inside.mean() < 0.85


def band(low: float, high: float) -> np.ndarray:
    """Quantiles of one day whose 80 % band is this."""
    quantiles = np.zeros((1, len(LEVELS)))
    quantiles[0, LO80], quantiles[0, HI80] = low, high
    return quantiles


def test_a_days_spread_is_that_of_its_band_less_chance():
    """1,000 expected, 80 % within 1,000 +- 128.2: a deviation of 100, of which 1,000 is chance."""
    spread = day_spread(np.array([1000.0]), band(871.845, 1128.155))

    assert spread[0] == pytest.approx(np.sqrt(0.1**2 - 1 / 1000), rel=1e-4)


def test_a_band_to_one_side_of_the_forecast_spreads_paths_wider():
    """As wide, but 50 further up: paths lie around the forecast and must reach as far."""
    spread = day_spread(np.array([1000.0]), band(921.845, 1178.155))

    reach = np.sqrt((178.155**2 + 78.155**2) / 2) / 1281.55
    assert spread[0] == pytest.approx(np.sqrt(reach**2 - 1 / 1000), rel=1e-4)
    assert day_spread(np.array([0.0]), band(0.0, 0.0))[0] == 0.0
