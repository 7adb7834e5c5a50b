"""
Nights, by hand.
"""

from __future__ import annotations

import pytest
from test_rest import found, tour

from wfm.rules.nights import DaysOffAfterNights

NIGHT, DAY = (1320, 1800), (480, 960)


@pytest.mark.parametrize(
    ("nights", "back", "missing"),
    [
        (2, 2, []),  # two nights in a row ask for nothing
        (3, 3, [(3, 2)]),
        (3, 4, [(4, 1)]),
        (3, 5, []),
    ],
)
def test_days_off_after_three_nights(nights: int, back: int, missing: list[tuple[int, int]]):
    """Nights from Monday on, a day duty on day ``back``: two days off must lie between."""
    worked = [(day, *NIGHT) for day in range(nights)]
    assert found(DaysOffAfterNights(3, 2, 3), tour(*worked, (back, *DAY))) == missing


def test_an_evening_is_no_night():
    """Until 23:59 less than three hours lie after 21:00."""
    evenings = [(day, 1020, 1439) for day in range(3)]
    assert found(DaysOffAfterNights(3, 2, 3), tour(*evenings, (3, *DAY))) == []


def test_three_hours_make_a_night():
    """From 21:00 to 24:00 to the minute."""
    evenings = [(day, 1020, 1440) for day in range(3)]
    assert found(DaysOffAfterNights(3, 2, 3), tour(*evenings, (3, *DAY))) == [(3, 2)]


def test_a_row_begins_anew_after_a_day_off():
    """Two nights, a day off, two nights: never three in a row."""
    worked = [(day, *NIGHT) for day in (0, 1, 3, 4)]
    assert found(DaysOffAfterNights(3, 2, 3), tour(*worked, (5, *DAY))) == []
