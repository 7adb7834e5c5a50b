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


def two_queues(opened: np.ndarray) -> Forecast:
    """Fifty contacts an hour by bot at all hours, ten an hour by phone while it is open."""
    day = np.ones(GRID.n)
    bot = QueueForecast("bot", *(50 * day,) * 5, 300 * day, 0.2 * day, 0.2 * day)
    calls = np.where(opened, 10.0, 0.0)
    phone = QueueForecast("phone", *(calls,) * 5, 180.0 * opened, 0.1 * day, 0.1 * day)
    return Forecast(GRID, {"bot": bot, "phone": phone}, {"bot": day > 0, "phone": opened})


def test_failures_come_back_as_calls():
    """
    By hand: the bot takes 60 % of 50, fails a tenth of 30: 20 stay, 3 more calls, once each.

    10 calls with shocks of 0.1 and 3 with 0.2 together: hypot(10/13 0.1, 3/13 0.2).
    """
    queues = {
        "bot": Queue("bot", self_service=SelfService(0.6, 0.1, back_to="phone")),
        "phone": Queue("phone"),
    }
    found = deflected(two_queues(np.ones(GRID.n, dtype=bool)), queues).queues

    assert found["bot"].contacts == pytest.approx(20)
    assert found["phone"].contacts == pytest.approx(13)
    assert found["phone"].hi95 == pytest.approx(13)
    assert found["phone"].day_cv == pytest.approx(np.hypot(10 / 13 * 0.1, 3 / 13 * 0.2))


def test_failures_at_night_call_in_the_morning():
    """
    The phone is open from 8 to 10: what fails from 10 on calls at 8, 23 x 3 calls and its 10.

    The last night's have nobody to call within the horizon.
    """
    opened = (GRID.clock >= 480) & (GRID.clock < 600)
    queues = {
        "bot": Queue("bot", self_service=SelfService(0.6, 0.1, back_to="phone")),
        "phone": Queue("phone"),
    }
    calls = deflected(two_queues(opened), queues).queues["phone"].contacts

    assert calls[[8, 9, 32, 33]] == pytest.approx([10 + 27, 13, 10 + 69, 13])
    assert not calls[~opened].any()


@pytest.mark.parametrize(("back_to", "words"), [("phon", "no queue"), ("bot", "the queue itself")])
def test_failures_need_another_queue(back_to, words):
    """
    A slip of the pen, and the queue itself.
    """
    queues = {"bot": Queue("bot", self_service=SelfService(0.6, 0.1, back_to=back_to))}

    with pytest.raises(SettingsError, match=words):
        deflected(two_queues(np.ones(GRID.n, dtype=bool)), queues)


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
