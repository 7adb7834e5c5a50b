"""
Updates within the day: what the morning says of the afternoon, and when it says nothing.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pytest

from wfm.domain.demand import History, Opening, Queue, QueueHistory
from wfm.domain.timegrid import Grid
from wfm.forecasting.intraday import kindred_gains, update, usual_misses
from wfm.forecasting.today import rest_of_day

SHAPE = 40 * np.concatenate([np.linspace(0.5, 1.5, 10), np.linspace(1.5, 0.6, 10)])


def past(days: int, shock: float, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Days with a shock that they share, and what was expected of each."""
    stream = np.random.default_rng(seed)
    factor = np.exp(stream.normal(0, shock, (days, 1)))
    return stream.poisson(SHAPE * factor).astype(float), np.tile(SHAPE, (days, 1))


def test_busy_morning_raises_the_afternoon():
    """
    Days share their shock: a morning at 130 % is followed by an afternoon well above plan.
    """
    counts, expected = past(80, shock=0.2)

    found = update(SHAPE, 1.3 * SHAPE[:10], counts, expected, 30)

    assert 1.15 < found.contacts[10:].sum() / SHAPE[10:].sum() < 1.32
    assert found.left < 0.7


def test_morning_says_nothing_where_days_share_nothing():
    """
    Mere chance in the morning: the afternoon stays as it was.
    """
    counts, expected = past(80, shock=0.0)

    found = update(SHAPE, 1.1 * SHAPE[:10], counts, expected, 30)

    assert found.contacts[10:].sum() == pytest.approx(SHAPE[10:].sum(), rel=0.05)


def test_nothing_before_a_tenth_of_the_day():
    """
    One slot of twenty is too early.
    """
    counts, expected = past(80, shock=0.2)

    np.testing.assert_array_equal(update(SHAPE, [99.0], counts, expected, 30).contacts, SHAPE)


def test_outage_is_not_believed():
    """
    A dead line for an hour lowers the afternoon by much less than the hour's share.
    """
    counts, expected = past(80, shock=0.2)
    seen = SHAPE[:10].copy()
    seen[8:] = 0

    found = update(SHAPE, seen, counts, expected, 30)

    assert found.contacts[10:].sum() > 0.7 * SHAPE[10:].sum()


def test_yesterday_is_remembered():
    """
    Shocks last for days: the same quiet morning is followed by more after a busy yesterday
    than after a quiet one.
    """
    stream = np.random.default_rng(4)
    shock = np.zeros(120)
    for day in range(1, 120):
        shock[day] = 0.9 * shock[day - 1] + stream.normal(0, 0.05)
    counts = stream.poisson(SHAPE / 4 * np.exp(shock[:, None])).astype(float)
    expected = np.tile(SHAPE / 4, (120, 1))
    busy, quiet = counts.copy(), counts.copy()
    busy[-1], quiet[-1] = 1.3 * SHAPE / 4, SHAPE / 4

    after_busy, after_quiet = (
        update(SHAPE / 4, SHAPE[:4] / 4, rows, expected, 30).contacts[4:].sum()
        for rows in (busy, quiet)
    )

    assert after_busy > 1.02 * after_quiet


def test_slots_missed_again_and_again_are_corrected():
    """
    Every day of the last weeks the last slots brought a fifth more than expected, and the
    first ones less: today is corrected, even after a morning as expected.
    """
    stream = np.random.default_rng(6)
    truth = SHAPE * np.concatenate([np.full(10, 1.0), np.full(5, 0.8), np.full(5, 1.2)])
    counts, expected = stream.poisson(truth, (60, 20)).astype(float), np.tile(SHAPE, (60, 1))

    found = update(SHAPE, SHAPE[:10], counts, expected, 30).contacts / SHAPE

    assert found[10:15].mean() < 0.92
    assert found[15:].mean() > 1.08


def test_usual_misses_by_hand():
    """
    One day missed 1 and -1 in its slots: with a prior of eight days, a ninth of that.
    """
    found = usual_misses(np.array([[3.0, 1.0]]))

    np.testing.assert_allclose(found, [[0, 0], [1 / 9, -1 / 9]])


def test_latest_departure_says_most():
    """
    Departures that fade within two hours: the last slot seen speaks, the first hardly, and
    more of the next slot than of the last.
    """
    stream = np.random.default_rng(7)
    clock = np.arange(12) * 30.0
    likeness = np.exp(-np.abs(clock[:, None] - clock) / 120)
    error = stream.multivariate_normal(np.zeros(12), likeness, 2000)

    gains = kindred_gains(error, error.mean(1), clock, 6)

    # exp(-30/120) = .78 of it stays, the Markov way, less what a slot's own chance takes
    assert 0.55 < gains[5, 0] < 0.78
    assert abs(gains[0, 0]) < 0.05
    assert gains[5, 0] > 2 * gains[5, -1] > 0


def test_rest_of_a_real_shaped_day():
    """
    A history with shared shocks: at one o'clock the rest of a busy day is raised, earlier
    intervals are closed, and nothing after now is looked at.
    """
    grid = Grid(date(2024, 1, 1), 100, 30)
    stream = np.random.default_rng(5)
    rate = np.where((grid.clock >= 480) & (grid.clock < 1080), 60.0, 0.0)
    shock = np.exp(stream.normal(0, 0.15, grid.days))
    shock[99] = 1.4
    contacts = stream.poisson(rate * shock[grid.day]).astype(float)
    spoilt = contacts.copy()
    spoilt[(grid.day == 99) & (grid.clock >= 780)] = 9999
    queue = Queue("q", opening=Opening((((480, 1080),),) * 7))
    now = datetime.combine(grid.date(99), datetime.min.time()) + timedelta(hours=13)

    one, two = (
        rest_of_day(History(grid, {"q": QueueHistory("q", values)}), {"q": queue}, now)
        for values in (contacts, spoilt)
    )

    rest = one.open["q"]
    assert rest.sum() == 10
    assert one.queues["q"].contacts[rest].sum() > 60 * 10 * 1.15
    np.testing.assert_array_equal(one.queues["q"].contacts, two.queues["q"].contacts)
