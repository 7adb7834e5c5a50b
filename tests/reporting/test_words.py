"""
Numbers and dates as people read them.
"""

from __future__ import annotations

from datetime import date

import pytest

from wfm.domain.timegrid import Grid
from wfm.reporting import words


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.9, "90.0"), (0.9996, "99.9"), (1.0, "100.0"), (0.0, "0.0"), (0.8749, "87.5")],
)
def test_percent(share, text):
    """
    A share near one is cut, not rounded up to a whole.
    """
    assert words.percent(share) == f"{text}\u00a0%"


def test_no_figure():
    """
    What is not known is a dash, never a nought.
    """
    assert words.percent(float("nan")) == "–"
    assert words.number(float("nan")) == "–"


@pytest.mark.parametrize(
    ("amount", "text"), [(123450, "1,234.50"), (-5, "-0.05"), (0, "0.00"), (100, "1.00")]
)
def test_money(amount, text):
    """
    Cents are exact, thousands apart.
    """
    assert words.money(amount) == text


def test_no_negative_zero():
    """
    A small negative number does not show as -0.
    """
    assert words.number(-0.001, 1) == "0.0"


def test_weeks():
    """
    A horizon is named by its first and last day; the year once, unless it changes.
    """
    assert words.weeks(Grid(date(1999, 2, 28), 7, 30)) == (
        "Sunday 28 February to Saturday 6 March 1999"
    )
    assert words.weeks(Grid(date(1999, 12, 27), 7, 30)) == (
        "Monday 27 December 1999 to Sunday 2 January 2000"
    )


def test_listed():
    """
    Names in a sentence; many are cut, and how many is said.
    """
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.listed(list("abcdefgh"), 3) == "a, b, c and 5 more"
