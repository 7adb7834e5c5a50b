"""
What slots usually miss: learnt from shapes alone, and no further than chance allows.
"""

from __future__ import annotations

import numpy as np
import pytest

from wfm.forecasting.usual import respread, slot_factors


def test_factor_by_hand():
    """
    Slots hours apart; sixty days each brought 2 % more than the 100 expected: belief is
    1 / (1 + 1000 / 6000 + 60 / 60) = 6 / 13 of the miss.
    """
    guess = np.tile([100.0, 100.0], (60, 1))
    actual = np.tile([102.0, 98.0], (60, 1))

    found = slot_factors(actual, guess, np.zeros(60), 600)

    np.testing.assert_allclose(found, [1 + 0.02 * 6 / 13, 1 - 0.02 * 6 / 13])


def test_level_is_not_a_miss():
    """
    Days with half again the contacts expected, in the shape expected: nothing to correct.
    """
    guess = np.array([[100.0, 50.0, 10.0]] * 20)

    found = slot_factors(1.5 * guess, guess, np.arange(20.0), 30)

    np.testing.assert_allclose(found, 1.0)


def test_old_misses_fade():
    """
    The same miss a month ago weighs half: 30 slots and 3,000 contacts are left of it.
    """
    guess = np.tile([100.0, 100.0], (60, 1))
    actual = np.tile([102.0, 98.0], (60, 1))

    found = slot_factors(actual, guess, np.full(60, 30.0), 600)

    assert found[0] - 1 == pytest.approx(0.02 / (1 + 1000 / 3000 + 60 / 30))


def test_neighbours_share_their_miss():
    """
    A miss of one slot is found in the next one, five minutes on, too; not hours away.
    """
    guess = np.full((60, 144), 100.0)
    actual = guess.copy()
    actual[:, 60] += 50.0

    found = slot_factors(actual, guess, np.zeros(60), 5)

    assert found[61] == pytest.approx(found[60], rel=0.01)
    assert found[61] > 1
    assert found[120] < 1  # its share of the day is what the others have lost


def test_nothing_known_changes_nothing():
    """
    No past days, or slots that were never open: every factor is one.
    """
    none = np.zeros((0, 3))

    np.testing.assert_array_equal(slot_factors(none, none, np.zeros(0), 30), np.ones(3))


def test_respread_keeps_the_day():
    """
    10 and 30 with factors 2 and 1 are as 20 to 30, of the same 40; a closed day stays so.
    """
    found = respread(np.array([[10.0, 30.0], [0.0, 0.0]]), np.array([2.0, 1.0]))

    np.testing.assert_allclose(found, [[16, 24], [0, 0]])
