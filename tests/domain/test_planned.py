"""
What is planned: letters in order, and shares moved by what simulation found.
"""

from __future__ import annotations

import numpy as np
import pytest

from wfm.domain.planned import finished_in_time, moved


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
