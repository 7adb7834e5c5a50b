"""
Contacts that follow orders, and plans of orders that end too early.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from tests.forecasting.conftest import MONDAY, daily_history
from wfm.domain.timegrid import Grid
from wfm.forecasting.days import make_days
from wfm.forecasting.drivers import make_driver
from wfm.forecasting.forecast import forecast


def world(n: int = 200, ahead: int = 14) -> tuple[np.ndarray, dict]:
    """Orders with their own weeks and bursts; 0.15 contacts per order, next day."""
    stream = np.random.default_rng(4)
    bursts = np.where(stream.random(n + ahead) < 0.1, 2.0, 1.0)
    orders = 2000 * np.resize([1, 1, 1, 1, 1.2, 1.4, 1.3], n + ahead) * bursts
    orders *= np.exp(stream.normal(0, 0.1, n + ahead))
    rate = 0.15 * np.resize([1.2, 1, 1, 1, 1, 0.6, 0.5], n + ahead)
    contacts = stream.poisson(rate * np.roll(orders, 1)).astype(float)
    dated = {MONDAY + timedelta(days=at): value for at, value in enumerate(orders)}
    return contacts, {None: dated}


def test_lag_and_elasticity_are_found():
    """
    Contacts that come the day after the order, in proportion to it.
    """
    contacts, orders = world()

    driver = make_driver(make_days("q", MONDAY, contacts[:200], 14), orders)

    assert driver is not None
    assert driver.lag == pytest.approx(1.0, abs=0.1)
    assert driver.elasticity > 0.9


def test_planned_orders_halve_the_error():
    """
    A fortnight with bursts of orders: knowing the plan more than halves the error.
    """
    contacts, orders = world()
    history = daily_history(contacts[:200])
    horizon = Grid(history.grid.until, 14, 1440)

    blind = forecast(history, {}, horizon).queues["q"].contacts
    told = forecast(history, {}, horizon, orders=orders).queues["q"].contacts

    facts = contacts[200:]
    assert np.abs(told - facts).sum() < 0.5 * np.abs(blind - facts).sum()


def test_plan_that_ends_early_is_said():
    """
    Orders planned for five of fourteen days: the others are forecast, and that is said.
    """
    contacts, orders = world()
    history = daily_history(contacts[:200])
    short = {day: value for day, value in orders[None].items() if day < MONDAY + timedelta(205)}

    found = forecast(history, {}, Grid(history.grid.until, 14, 1440), orders={None: short})

    assert any("5 of 14 days" in remark for remark in found.remarks)
    assert (found.queues["q"].contacts > 0).all()


def test_orders_without_influence_are_left_aside():
    """
    Orders that have nothing to do with the contacts drive nothing.
    """
    _, orders = world()
    contacts = np.random.default_rng(9).poisson(np.resize([300, 200, 250], 200)).astype(float)

    assert make_driver(make_days("q", MONDAY, contacts, 14), orders) is None
