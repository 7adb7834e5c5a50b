from __future__ import annotations

import pytest

from wfm.domain.money import cents, minutes_at, units


@pytest.mark.parametrize(
    ("amount", "expected"), [("14.20", 1420), ("14.205", 1421), (0.1, 10), ("-0.005", -1)]
)
def test_cents_round_half_away_from_zero(amount, expected):
    """
    As money is rounded on a pay slip.
    """
    assert cents(amount) == expected


@pytest.mark.parametrize(
    ("rate", "minutes", "expected"),
    [(1420, 60, 1420), (1420, 45, 1065), (1, 30, 1), (1, 29, 0), (-1, 30, -1)],
)
def test_minutes_are_paid_to_the_cent(rate, minutes, expected):
    """
    14.20 an hour for 45 minutes is 10.65.
    """
    assert minutes_at(rate, minutes) == expected


@pytest.mark.parametrize(("amount", "text"), [(1065, "10.65"), (-5, "-0.05"), (0, "0.00")])
def test_units_have_two_decimals(amount, text):
    """
    Files hold currency units.
    """
    assert units(amount) == text
