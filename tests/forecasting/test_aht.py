"""
Handle times: weighted by contacts, means and no medians.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from wfm.domain.demand import QueueHistory
from wfm.domain.timegrid import DAILY, Grid
from wfm.forecasting.aht import day_levels, handle_times, slot_shape

GRID = Grid(date(2024, 1, 1), 28, 60)


def queue(contacts: np.ndarray, aht: np.ndarray) -> QueueHistory:
    return QueueHistory("q", contacts, aht_s=aht, answered=contacts)


def test_constant_handle_time_comes_back():
    """
    200 seconds in every interval.
    """
    found = handle_times(GRID, queue(np.full(GRID.n, 20.0), np.full(GRID.n, 200.0)), 2)

    np.testing.assert_allclose(found, 200)
    assert found.shape == (2, 24)


def test_busy_intervals_weigh_more():
    """
    Nine contacts of 100 s for every one of 500 s: the day's level is 140 s.
    """
    contacts = np.where(GRID.clock < 720, 9.0, 1.0)
    seconds = np.where(GRID.clock < 720, 100.0, 500.0)

    found = handle_times(GRID, queue(contacts, seconds), 1)[0]

    weight = np.where(np.arange(24) < 12, 9, 1)
    assert (found * weight).sum() / weight.sum() == pytest.approx(140, rel=0.02)
    assert found[15] > 2 * found[3]


def test_slots_seen_little_lean_on_the_day():
    """
    One contact of 1,000 s at night moves its slot a little, not to 1,000.
    """
    work, calls = np.full((10, 24), 2000.0), np.full((10, 24), 10.0)
    work[:, 0], calls[:, 0] = 0, 0
    work[0, 0], calls[0, 0] = 1000, 1

    factor = slot_shape(work, calls, np.full(10, 200.0), 60)

    assert factor[0] < 2


def test_two_slots_by_hand():
    """
    Half of 1,200 contacts take 120 s and half 80 s, half a day apart: each is one fifth off,
    less what chance makes of that: 0.04 - 1.5 / 600 is true spread, and as much as 0.0375 of
    0.04 is believed.
    """
    work, calls = np.zeros((1, 2)), np.full((1, 2), 600.0)
    work[0] = 600 * 120, 600 * 80

    factor = slot_shape(work, calls, np.array([100.0]), 720)

    assert factor == pytest.approx([1 + 0.2 * 0.0375 / 0.04, 1 - 0.2 * 0.0375 / 0.04], rel=1e-3)


def test_a_slot_leans_on_its_neighbours():
    """
    Mornings take half as long again as afternoons; 9 o'clock was never seen, and is a morning.
    """
    long = np.arange(24) < 12
    calls = np.full((40, 24), 20.0)
    calls[:, 9] = 0
    work = calls * np.where(long, 240.0, 160.0)

    factor = slot_shape(work, calls, np.full(40, 200.0), 60)

    assert 1.1 < factor[9] < 1.21
    assert factor[0] == pytest.approx(1.2, abs=0.02)


def test_level_follows_slowly():
    """
    After a jump from 100 to 200 s, five days of half-life 5 bring it about half way.
    """
    calls = np.full(60, 1000.0)
    work = calls * np.where(np.arange(60) < 55, 100.0, 200.0)

    assert day_levels(work, calls, 100.0, 5.0)[-1] == pytest.approx(150, abs=3)


def test_nothing_known_is_zero():
    """
    A history without handle times has none to forecast.
    """
    found = handle_times(GRID, QueueHistory("q", np.ones(GRID.n)), 3)

    assert not found.any()


def test_days_have_one_value():
    """
    On a daily grid there is one slot.
    """
    grid = Grid(date(2024, 1, 1), 28, DAILY)

    assert handle_times(grid, queue(np.ones(28), np.full(28, 90.0)), 7).shape == (7, 1)
