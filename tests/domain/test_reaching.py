"""
From the forecast of a file to the contacts that reach people.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from wfm.domain.demand import Forecast, Queue, QueueForecast, SelfService
from wfm.domain.reaching import deflected, reaching
from wfm.domain.timegrid import Grid
from wfm.errors import DataError, SettingsError

GRID = Grid(date(2026, 1, 5), 7, 60)  # a Monday


def forecast(day_cv: float = 0.0, interval_cv: float = 0.0, aht: float = 300.0) -> Forecast:
    """Fifty contacts an hour."""
    calls = np.full(GRID.n, 50.0)
    spread = (np.full(GRID.n, day_cv), np.full(GRID.n, interval_cv))
    queue = QueueForecast("orders", *(calls,) * 5, np.full(GRID.n, aht), *spread)
    return Forecast(GRID, {"orders": queue}, {"orders": np.ones(GRID.n, dtype=bool)})


def test_self_service_takes_its_share_and_gives_its_failures_back():
    """
    By hand: 55 % of 50 contacts are 27.5, of which 1 % fail; 50 - 27.5 + 0.275 = 22.775 = 45.55 %.
    """
    queues = {"orders": Queue("orders", self_service=SelfService(0.55, 0.01))}

    found = deflected(forecast(0.1, 0.2), queues)

    line = found.queues["orders"]
    assert line.contacts == pytest.approx(22.775)
    assert line.lo80 == pytest.approx(22.775)
    assert line.hi95 == pytest.approx(22.775)
    assert (line.day_cv == 0.1).all()
    assert (line.interval_cv == 0.2).all()
    assert found.remarks == (
        "queue orders: self-service takes 55.0 % of contacts and fails 1.0 % of those: "
        "45.6 % reach people",
    )


def test_without_self_service_the_forecast_stays():
    """
    Also for a queue that nobody knows.
    """
    known = forecast(0.1, 0.1)

    assert deflected(known, {"orders": Queue("orders")}) is known
    assert deflected(known, {}) is known


@pytest.mark.parametrize(
    ("aht", "meant"),
    [
        (3, "minutes? That would be 180 s"),
        (0.05, "hours? That would be 180 s"),
        (180_000, "milliseconds? That would be 180 s"),
    ],
)
def test_aht_in_another_unit_is_refused_with_the_likely_one(aht, meant):
    """
    AHT in minutes, hours or milliseconds where seconds are meant.
    """
    with pytest.raises(DataError) as caught:
        reaching(forecast(aht=aht), {"orders": Queue("orders")})

    assert meant in str(caught.value)
    assert "aht_between_s" in str(caught.value.problems[0].hint)


def test_one_odd_interval_is_no_other_unit():
    """
    The mean over contacts counts: one hour at 3 s among 167 at 300 s passes.
    """
    known = forecast()
    known.queues["orders"].aht_s[40] = 3.0

    assert reaching(known, {"orders": Queue("orders")}) is known


def test_what_the_settings_say_of_handle_times_counts():
    """
    A mean of six hours passes where the queue says so.
    """
    long = forecast(aht=6 * 3600)

    assert reaching(long, {"orders": Queue("orders", aht_between_s=(5, 36_000))}) is long
    with pytest.raises(DataError, match="take 21600 seconds"):
        reaching(long, {"orders": Queue("orders")})
    with pytest.raises(SettingsError, match="two that rise"):
        Queue("orders", aht_between_s=(60, 5))


def test_contacts_without_a_handle_time_are_refused():
    """
    All 168 hours have contacts and take no time: nobody can say how many people that needs.
    """
    with pytest.raises(DataError, match=r"queue orders: no handle time in 168 of 168 .*\n.*aht_s"):
        reaching(forecast(aht=0.0), {"orders": Queue("orders")})
