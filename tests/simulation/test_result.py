"""
From counts to shares: names of periods, intervals, days kept, the worst interval.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from wfm.domain.outcome import QueueSimulation
from wfm.domain.promise import AnswerRate, ServiceLevel
from wfm.domain.timegrid import Grid
from wfm.simulation.result import (
    counted,
    days_in_promise,
    estimate,
    periods,
    reached_often,
    worst_interval,
)


def test_names_of_periods():
    """
    One week is ``week``; two are ``week 0`` and ``week 1``; days count from 0.
    """
    one = periods(Grid(date(2024, 1, 1), 7, 60))
    two = periods(Grid(date(2024, 1, 1), 14, 60))
    assert list(one)[:2] == ["week", "day 0"]
    assert two["week 1"] == range(7, 14)


def test_share_of_sums_not_mean_of_shares():
    """
    9 of 10 and 1 of 90 are 10 of 100.
    """
    found = estimate(np.array([9.0, 1.0]), np.array([10.0, 90.0]), [range(0, 1), range(1, 2)])
    assert found.value == 0.1


def test_one_group_tells_nothing_of_its_spread():
    """
    A single replication might be anything.
    """
    found = estimate(np.array([9.0]), np.array([10.0]), [range(0, 1)])
    assert (found.low, found.high) == (0, 1)


def test_interval_by_hand():
    """
    Two groups at 0.4 and 0.6 of 100 each: half-width 12.706 x 0.1.
    """
    groups = [range(0, 1), range(1, 2)]
    found = estimate(np.array([40.0, 60.0]), np.array([100.0, 100.0]), groups)
    assert found.high == 1.0  # 0.5 + 1.27, cut at one
    many = [range(k, k + 1) for k in range(20)]
    kept = np.tile([45.0, 55.0], 10)
    found = estimate(kept, np.full(20, 100.0), many)
    error = np.std(kept / 100, ddof=1) / 20**0.5
    assert found.high - found.value == pytest.approx(2.093 * error, rel=1e-3)


def test_days_in_promise_counts_days_with_contacts():
    """
    Of two replications one keeps 0.9 on day 0; day 1 has no contacts and is not told.
    """
    days = np.zeros((2, 2, 6))
    days[:, 0, 0] = 10
    days[:, 0, 1] = (9, 8)
    assert days_in_promise(days, AnswerRate(share=0.9)) == {0: 0.5}


def test_each_promise_is_counted_by_its_own_threshold():
    """
    Of ten contacts seven are in time for the first promise and nine for the second.
    """
    days = np.zeros((1, 1, 8))
    days[0, 0, [0, 1, 2, 6]] = (10, 10, 7, 9)
    level = ServiceLevel(share=0.8, threshold=20)
    assert [int(counted(days, level, place)[0][0, 0]) for place in (0, 1)] == [7, 9]
    assert [days_in_promise(days, level, place) for place in (0, 1)] == [{0: 0.0}, {0: 1.0}]


def test_what_days_reach_as_often_as_is_promised():
    """
    Of five days with 60, 70 ... 100 % answered, four reach 70 % and more: risk 0.25.
    """
    days = np.zeros((5, 1, 6))
    days[:, 0, 0] = 10
    days[:, 0, 1] = (8, 6, 10, 7, 9)
    assert reached_often(days, AnswerRate(share=0.9, risk=0.25)) == {0: 0.7}
    assert reached_often(days, AnswerRate(share=0.9)) == {}


def test_worst_interval_leaves_out_those_without_contacts():
    """
    An interval in which hardly anybody calls is not the worst.
    """
    line = QueueSimulation(
        "a", np.array([10.0, 0.1, 10]), np.array([9.0, 0, 5]), np.zeros(3), np.zeros(3),
        np.zeros(3), np.zeros(3), {},
    )  # fmt: skip
    assert worst_interval(line, AnswerRate(share=0.9)) == (2, 0.5)
