from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from wfm.domain.demand import (
    Forecast,
    History,
    Opening,
    QueueForecast,
    QueueHistory,
    SelfService,
)
from wfm.domain.timegrid import Grid
from wfm.errors import DataError, SettingsError

GRID = Grid(date(2026, 1, 5), 7, 60)  # a Monday


def forecast(day_cv: float, interval_cv: float) -> Forecast:
    flat = np.full(GRID.n, 50.0)
    queue = QueueForecast(
        "orders",
        flat,
        flat,
        flat,
        flat,
        flat,
        aht_s=np.full(GRID.n, 300.0),
        day_cv=np.full(GRID.n, day_cv),
        interval_cv=np.full(GRID.n, interval_cv),
    )
    return Forecast(GRID, {"orders": queue}, {"orders": np.ones(GRID.n, dtype=bool)})


def test_opening_hours_mask_the_intervals_that_begin_inside():
    """
    Nine to eleven is two hours on a weekday; a dated closure wins over it.
    """
    opening = Opening(((540, 660),) and (((540, 660),),) * 5 + ((), ()), {date(2026, 1, 6): ()})

    mask = opening.mask(GRID)

    assert list(GRID.starts[mask][:2]) == [540, 600]
    assert mask.sum() == 4 * 2


def test_a_span_past_midnight_opens_the_next_morning():
    """
    Monday 22:00 to 02:00 is two hours on Monday and two on Tuesday.
    """
    opening = Opening((((1320, 1560),), (), (), (), (), (), ()))

    mask = opening.mask(GRID)

    assert list(GRID.starts[mask]) == [1320, 1380, 1440, 1500]


def test_paths_without_uncertainty_are_the_forecast():
    """
    No shock, no spread.
    """
    paths = forecast(0, 0).paths(5, seed=1)["orders"]

    assert (paths == 50).all()


def test_paths_have_the_printed_spread_of_days():
    """
    A day shock of 10 % and none of its own: 2,000 paths within four standard errors.
    """
    paths = forecast(0.10, 0).paths(2000, seed=1)["orders"]
    monday = paths[:, GRID.day == 0].sum(axis=1)

    assert monday.mean() == pytest.approx(24 * 50, rel=4 * 0.10 / 2000**0.5)
    assert monday.std() / monday.mean() == pytest.approx(0.10, rel=4 / (2 * 2000) ** 0.5)


def test_paths_repeat_with_their_seed():
    """
    Same seed, same paths; another seed, others.
    """
    one, same, other = (forecast(0.1, 0.1).paths(3, seed)["orders"] for seed in (1, 1, 2))

    assert (one == same).all()
    assert (one != other).any()


def test_history_before_a_day_holds_nothing_of_it():
    """
    A forecast from Wednesday sees two days.
    """
    history = History(GRID, {"orders": QueueHistory("orders", np.arange(GRID.n, dtype=float))})

    known = history.before(date(2026, 1, 7))

    assert known.queues["orders"].contacts.max() == 47
    with pytest.raises(DataError, match="no history before"):
        history.before(date(2026, 1, 5))


def test_negative_contacts_are_refused():
    """
    Also among missing values.
    """
    with pytest.raises(DataError, match="negative"):
        QueueHistory("orders", np.array([np.nan, -1.0]))


@pytest.mark.parametrize(("share", "error"), [(1.0, 0.0), (-0.1, 0.0), (55, 0.0), (0.5, 1.0)])
def test_self_service_is_a_share(share, error):
    """
    From 0 to below 1; 55 for 0.55 is refused.
    """
    with pytest.raises(SettingsError, match="expected a share"):
        SelfService(share, error)
