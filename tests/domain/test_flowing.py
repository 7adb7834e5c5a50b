"""
Work that can wait, on a few intervals worked out by hand.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.domain.flowing import in_time

FOUR = np.array([4.0, 0, 0, 0])
ONE = np.ones(4)


@pytest.mark.parametrize(("due", "kept"), [(1, 4 / 3), (2, 8 / 3), (3, 4), (0.5, 2 / 3)])
def test_in_time_by_hand(due, kept):
    """
    Four come in the first interval, one is done in each: what comes at t is done at 4 t, which
    is by its due time while 4 t <= t + due.
    """
    assert in_time(FOUR, ONE, due) == pytest.approx([kept, 0, 0, 0])


def test_what_is_done_at_once_is_in_time():
    """
    As many are done as come: nothing waits, whatever its due time.
    """
    came = np.array([3.0, 0, 2.0, 1.0])
    assert in_time(came, came, 0.25) == pytest.approx(came)


def test_what_is_due_after_the_last_interval_is_kept():
    """
    Nobody works: of two intervals with one interval's time the second is next week's.
    """
    assert in_time(np.array([2.0, 2.0]), np.zeros(2), 1).tolist() == [0, 2]


@pytest.mark.parametrize(("age", "kept"), [(0, 4), (1, 4), (2, 3), (3, 2)])
def test_a_backlog_is_in_time_by_its_own_due_time(age, kept):
    """
    Two of four wait when the first interval begins: with three intervals' time from receipt
    they are done in two, one or none of them; the two that come are in time.
    """
    assert in_time(FOUR, ONE, 3, ((2.0, age),))[0] == pytest.approx(kept)


@settings(max_examples=100, deadline=None)
@given(
    came=st.lists(st.floats(0, 9), min_size=1, max_size=9),
    heads=st.lists(st.floats(0, 9), min_size=9, max_size=9),
    due=st.floats(0.1, 9),
)
def test_more_people_or_more_time_never_lose_anything(came, heads, due):
    """
    What is in time lies between nothing and what came, and rises with capacity and due time.
    """
    received, capacity = np.array(came), np.array(heads[: len(came)])
    kept = in_time(received, capacity, due)

    assert (kept >= 0).all()
    assert (kept <= received + 1e-9).all()
    assert in_time(received, capacity + 1, due).sum() >= kept.sum() - 1e-6
    assert in_time(received, capacity, due + 0.5).sum() >= kept.sum() - 1e-6
