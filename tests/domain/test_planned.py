"""
What is planned: letters in order, and shares moved by what simulation found.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from wfm.domain.planned import finished_in_time, moved, planned_counts
from wfm.domain.promise import Also, Curve, QueueRequirement, Requirement, ServiceLevel
from wfm.domain.timegrid import Grid


def test_even_odds_moved_by_log_three_are_three_to_one():
    """
    A share of one half becomes three quarters; one of nothing stays within a hundredth.
    """
    found = moved(np.array([20.0, 0.0]), np.array([40.0, 40.0]), np.log(3))

    assert found == pytest.approx([30, 40 * 3 * 0.002 / (1 + 2 * 0.002)])


def test_mail_is_finished_in_order_and_counted_when_due():
    """
    Ten letters at once, four an hour: with two hours' time eight are in time.
    """
    contacts = np.array([10.0, 0, 0, 0])
    found = finished_in_time(contacts, np.full(4, 4.0), np.ones(4, dtype=bool), due=2)
    assert found.tolist() == [8, 0, 0, 0]


def test_mail_waits_for_the_next_opening():
    """
    Due times run in opening hours: with a night in between there are two more shifts for it.
    """
    opened = np.array([True, False, False, True, False])
    contacts = np.array([10.0, 0, 0, 0, 0])
    found = finished_in_time(contacts, np.where(opened, 4.0, 0.0), opened, due=2)
    assert found.tolist() == [8, 0, 0, 0, 0]


def test_mail_due_after_the_horizon_is_kept():
    """
    The next plan keeps what is due then.
    """
    found = finished_in_time(np.array([0.0, 5.0]), np.zeros(2), np.ones(2, dtype=bool), due=4)
    assert found.tolist() == [0, 5]


def queue_with_two_levels() -> tuple[Requirement, ServiceLevel, ServiceLevel]:
    """Planned on 80 % within 20 s; beside the curve stands what heads answer within 60 s."""
    quick, slow = (ServiceLevel(share=0.8, threshold=t) for t in (20.0, 60.0))
    zeros = np.zeros(24)
    table = np.tile([0.0, 4.0], (24, 1))
    line = QueueRequirement(
        *("a", np.full(24, 10.0), *[zeros] * 9),
        promise=quick,
        curve=Curve(table, table, table),
        correction=np.full(24, np.log(3)),
        level=quick,
        also={slow: Also(np.tile([0.0, 8.0], (24, 1)))},
    )
    grid = Grid(date(2024, 1, 1), 1, 60)
    return Requirement(grid, {"a": line}, {"a": zeros == 0}), quick, slow


def test_each_promise_is_read_from_its_own_table():
    """
    One head answers eight of ten within a minute; four within 20 s, corrected to two in three.
    """
    wanted, quick, slow = queue_with_two_levels()
    one = np.ones(24)

    assert planned_counts(wanted, "a", one, slow) == pytest.approx(8 * one)
    assert planned_counts(wanted, "a", one, quick) == pytest.approx(20 / 3 * one)


def test_a_level_that_no_table_counts_is_not_planned():
    """
    Within 90 s is neither of the two.
    """
    wanted, _, _ = queue_with_two_levels()
    other = ServiceLevel(share=0.8, threshold=90)

    assert np.isnan(planned_counts(wanted, "a", np.ones(24), other)).all()
