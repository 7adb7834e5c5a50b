"""
Backtests: past data only, every candidate, the choice with its reason.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.forecasting.conftest import MONDAY, busy_days, daily, daily_history
from wfm.domain.accuracy import BacktestRow
from wfm.domain.demand import History, QueueHistory
from wfm.domain.timegrid import DAILY, Grid
from wfm.errors import SettingsError
from wfm.forecasting.backtesting import backtest, choose, pick_origins
from wfm.forecasting.forecast import forecast


def without_time(rows: tuple[BacktestRow, ...]) -> list[tuple]:
    return [(row.model, row.horizon, row.origin, row.wape, row.crps, row.cover80) for row in rows]


def test_rows_before_a_change_of_the_future_stay():
    """
    Garbage in the last four weeks leaves the rows whose facts lie before it as they were.
    """
    y = busy_days(150)
    spoilt = y.copy()
    spoilt[122:] = 9e5
    limit = daily_history(y).grid.date(122 - 7)

    clean, dirty = (
        backtest(daily_history(values), {}, horizon_days=7, origins=8) for values in (y, spoilt)
    )

    def early(rows):
        return without_time(tuple(row for row in rows if row.origin <= limit))

    assert early(clean.rows) == early(dirty.rows) != []


def test_origins_fall_on_different_weekdays():
    """
    Twelve origins over a year are not all Mondays.
    """
    origins = pick_origins(daily(400), 28, 12)

    assert len(origins) == 12
    assert len({at % 7 for at in origins}) > 3
    assert max(origins) + 28 <= 400


def test_groups_of_horizons_are_named_by_their_last_day():
    """
    Twenty-eight days ahead: days 1 to 7, 8 to 14 and 15 to 28.
    """
    found = backtest(daily_history(busy_days(120)), {}, horizon_days=28, origins=2)

    assert {row.horizon for row in found.rows} == {7, 14, 28}
    assert {row.model for row in found.rows} == {
        "seasonal_naive",
        "mean_4_weeks",
        "ets",
        "combination",
    }


def test_short_history_has_no_backtest_and_says_so():
    """
    Three weeks cannot be split.
    """
    found = backtest(daily_history(busy_days(21)), {}, horizon_days=7, origins=4)

    assert found.rows == ()
    assert "no backtest" in found.remarks[0]


def row(model: str, error: float) -> BacktestRow:
    """What a model got wrong in one week."""
    return BacktestRow("q", model, 7, MONDAY, error, 1, 0, error, 0.8, 0.95, 0.1)


def test_combination_is_chosen_unless_clearly_beaten():
    """
    Half a percent is no reason to leave the habit, ten percent is.
    """
    assert choose([row("ets", 0.100), row("combination", 0.1005)])[0] == "combination"
    assert choose([row("ets", 0.100), row("combination", 0.110)])[0] == "ets"


def test_a_lead_by_chance_is_no_reason_to_leave_the_combination():
    """
    Better by a tenth on average, but only for one past forecast of four: chance. Better by
    a tenth on each: not.
    """
    ours = [row("combination", 0.100) for _ in range(4)]
    lucky = [row("ets", error) for error in (0.100, 0.101, 0.099, 0.060)]
    better = [row("ets", error) for error in (0.091, 0.089, 0.092, 0.088)]

    assert choose([*ours, *lucky])[0] == "combination"
    assert choose([*ours, *better])[0] == "ets"


def test_unknown_model_is_named_with_the_nearest():
    """
    A typing error in a model's name.
    """
    with pytest.raises(SettingsError, match="combinaton"):
        backtest(daily_history(busy_days(120)), {}, models=["combinaton"])


def test_workers_change_nothing():
    """
    Two processes give the bytes of one.
    """
    grid = Grid(MONDAY, 90, DAILY)
    history = History(
        grid,
        {name: QueueHistory(name, busy_days(90, seed=seed)) for seed, name in enumerate("abc")},
    )
    horizon = Grid(grid.until, 7, DAILY)

    one, two = (forecast(history, {}, horizon, workers=workers) for workers in (1, 2))

    for name in "abc":
        np.testing.assert_array_equal(one.queues[name].contacts, two.queues[name].contacts)
        np.testing.assert_array_equal(one.queues[name].hi95, two.queues[name].hi95)


def test_intervals_are_scored_too(technion):
    """
    Four real queues by the half hour: the combination beats repeating last week overall.
    """
    history, queues = technion
    found = backtest(history, queues, horizon_days=7, origins=3)

    def mean(model: str) -> float:
        return float(np.mean([row.wape for row in found.rows if row.model == model]))

    assert set(found.choice) == set(history.queues)
    assert mean("combination") < mean("seasonal_naive")


def test_progress_moves_with_every_origin_of_a_lone_queue():
    """
    One queue, four origins: four moves, and rows in the order of their origins.
    """
    told: list[tuple[int, int]] = []

    found = backtest(
        daily_history(busy_days(120)),
        {},
        horizon_days=7,
        origins=4,
        models=["seasonal_naive"],
        progress=lambda done, total, _words="": told.append((done, total)),
    )

    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    origins = [row.origin for row in found.rows]
    assert origins == sorted(origins)
    assert len(set(origins)) == 4
