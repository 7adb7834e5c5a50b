"""
Patterns of shifts, by hand.
"""

from __future__ import annotations

from datetime import timedelta

from test_rest import found, tour
from tinycases import MONDAY

from wfm.rules.patterns import StableStart, StartVariance

TUESDAY = MONDAY + timedelta(days=1)


def test_starts_of_the_week_before_the_horizon_count():
    """Monday at 8:00, and Tuesday, the first day, at 10:01: a minute beyond two hours."""
    late = tour((-1, 480, 900), (0, 601, 900), (1, 602, 900), known=-1, first=TUESDAY)
    assert found(StartVariance(120), late) == [(0, 1), (1, 1)]
    assert found(StableStart(120), late) == [(0, 1)]


def test_starts_of_another_week_do_not_count():
    """Sunday at 8:00, Monday at 10:01."""
    assert found(StartVariance(120), tour((-1, 480, 900), (0, 601, 900), known=-1)) == []
