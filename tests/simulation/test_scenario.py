"""
What is drawn: arrivals, handle times, patience, attempts, and balanced days.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from wfm.domain.calibration import QueueCalibration
from wfm.domain.demand import Forecast, Queue, QueueForecast
from wfm.domain.timegrid import Grid
from wfm.simulation.engine import CALLBACK, OFFERED_CALLBACK
from wfm.simulation.scenario import (
    Behaviour,
    arrivals,
    batches,
    behaviour_of,
    contacts,
    draw,
    measured_patience,
    stratified_paths,
    with_attempts,
)

GRID = Grid(date(2024, 1, 1), 3, 60)


def forecast(contacts=20.0, day_cv=0.2, interval_cv=0.1, names=("a",)):
    column = np.full(GRID.n, contacts)
    queues = {
        name: QueueForecast(
            name, column, column, column, column, column, np.full(GRID.n, 100.0),
            np.full(GRID.n, day_cv), np.full(GRID.n, interval_cv),
        )
        for name in names
    }  # fmt: skip
    return Forecast(GRID, queues, dict.fromkeys(names, column > 0))


def drawn(behaviour, names=("a",), key=(1,)):
    demand = forecast(names=names)
    rates = {name: demand.queues[name].contacts for name in names}
    streams = {name: np.random.default_rng([*key, *name.encode()]) for name in names}
    return draw(rates, demand, dict.fromkeys(names, behaviour), streams)


def test_arrivals_are_poisson_and_uniform_inside():
    """
    Counts have a variance like their mean; moments spread evenly over the interval.
    """
    rng = np.random.default_rng(2)
    rates = np.array([0.0, 40.0, 0.0, 10.0])
    runs = [arrivals(rates, 60.0, rng) for _ in range(2000)]
    counts = np.array([np.bincount((run // 60).astype(int), minlength=4) for run in runs])
    assert counts[:, [0, 2]].sum() == 0
    assert counts[:, 1].mean() == pytest.approx(40, abs=4 * (40 / 2000) ** 0.5)
    assert counts[:, 1].var() == pytest.approx(40, rel=0.15)
    inside = np.concatenate(runs) % 60
    assert inside.mean() == pytest.approx(30, abs=0.3)
    assert inside.std() == pytest.approx(60 / 12**0.5, abs=0.2)


def test_arrivals_of_nothing():
    """
    A day without contacts has none.
    """
    assert len(arrivals(np.zeros(5), 60.0, np.random.default_rng(0))) == 0


def test_contacts_of_all_queues_stand_in_order():
    """
    Two queues are merged by their moments, each with its own number.
    """
    rows, base = drawn(Behaviour(), names=("a", "b"))
    assert base == len(rows)
    assert (np.diff(rows["arrival"]) >= 0).all()
    assert set(rows["queue"]) == {0, 1}


def test_one_queue_draws_the_same_beside_another():
    """
    A queue's callers do not depend on which other queues there are.
    """
    alone, _ = drawn(Behaviour())
    beside, _ = drawn(Behaviour(), names=("a", "b"))
    assert np.array_equal(alone["work"], beside["work"][beside["queue"] == 0])


def test_handle_times_have_their_mean_and_spread():
    """
    Mean 100 s and the coefficient of variation asked for; none for 0.
    """
    work = np.concatenate([drawn(Behaviour(handle_cv=1.2), key=(k,))[0]["work"] for k in range(40)])
    assert work.mean() == pytest.approx(100, rel=0.03)
    assert work.std() / work.mean() == pytest.approx(1.2, rel=0.1)
    assert (drawn(Behaviour(handle_cv=0.0))[0]["work"] == 100).all()


def test_measured_patience_follows_its_curve():
    """
    Half are gone by 10 s, three quarters by 20 s; beyond, at the last rate.
    """
    hazard = np.random.default_rng(1).standard_exponential(20_000)
    patience = measured_patience(((10.0, 0.5), (20.0, 0.25)), hazard)
    for seconds, share in ((10, 0.5), (20, 0.25), (30, 0.125)):
        assert np.mean(patience > seconds) == pytest.approx(share, abs=0.015)


def test_attempts_are_chained():
    """
    Two further attempts of the second caller: row 1, then 3, then 4.
    """
    rows = with_attempts(contacts(np.array([1.0, 2.0, 3.0])), np.array([0, 2, 0]))
    assert rows["again"].tolist() == [-1, 3, -1, 4, -1]
    assert np.isinf(rows["arrival"][3:]).all()


def test_call_backs_are_single_rows_without_end():
    """
    Who accepts a call-back leaves after the offer, and the call-back never gives up.
    """
    rows, base = drawn(Behaviour(callback=0.5, callback_after_s=30.0))
    asked = rows[:base][rows["kind"][:base] == OFFERED_CALLBACK]
    assert 0.4 < len(asked) / base < 0.6
    assert (asked["patience"] == 30).all()
    assert (rows["kind"][asked["again"]] == CALLBACK).all()
    assert np.isinf(rows["patience"][asked["again"]]).all()


def test_groups_of_replications():
    """
    Ten alone up to ten; beyond, ten groups, or one for every ten.
    """
    assert [len(group) for group in batches(4)] == [1] * 4
    assert [len(group) for group in batches(40)] == [4] * 10
    assert [len(group) for group in batches(300)] == [10] * 30


def test_balanced_days_keep_the_mean_and_lose_the_noise():
    """
    Day totals of a group average to the forecast more closely than plain paths do.
    """
    demand = forecast(interval_cv=0.0)
    groups = [range(0, 20)]

    def spread(paths):
        return np.std(
            [p["a"].sum(axis=1).mean() / demand.queues["a"].contacts.sum() for p in paths]
        )

    balanced = [stratified_paths(demand, groups, seed) for seed in range(30)]
    plain = [demand.paths(20, seed) for seed in range(30)]
    mean = np.mean([p["a"].mean() for p in balanced])
    assert mean == pytest.approx(20, rel=0.01)
    assert spread(balanced) < 0.5 * spread(plain)


def test_settings_come_before_what_was_measured():
    """
    A queue's own patience and redials win; handle times are always measured ones.
    """
    measured = QueueCalibration(aht_cv=1.3, patience_s=200, redial=0.4)
    own = behaviour_of(Queue("a", patience_s=90, redial=0.1), measured)
    assert (own.patience_s, own.redial, own.handle_cv) == (90, 0.1, 1.3)
    seen = behaviour_of(Queue("a"), measured)
    assert (seen.patience_s, seen.redial) == (200, 0.4)
