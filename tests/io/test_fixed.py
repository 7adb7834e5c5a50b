"""
fixed.csv: what is decided, on which day, and what is refused.
"""

from __future__ import annotations

from datetime import date

import pytest

from wfm.domain.timegrid import Grid
from wfm.domain.workforce import TRAINING, WORK, Activity, Agent, Contract, Pay, Shape
from wfm.errors import DataError
from wfm.io.fixed import read_fixed
from wfm.io.horizon import person

FULL = Contract("full", 35, 5, (Shape("day", (480, 480), (420,)),), Pay("base", 1400))
GRID = Grid(date(2026, 1, 5), 7, 30, "Europe/Paris")
LUNCH = Activity("lunch", paid=False, work=False, pause=True)
KNOWN = {one.name: one for one in (WORK, TRAINING, LUNCH)}


def read(tmp_path, *rows):
    path = tmp_path / "fixed.csv"
    path.write_text("\n".join(["agent,start,end,activity", *rows]) + "\n", encoding="utf-8")
    return read_fixed(path, ["ann", "bob"], KNOWN)


def days(tmp_path, *rows):
    """Day, start, end and activity of what is fixed for Ann."""
    told = read(tmp_path, *rows)["ann"]
    ann = person(
        Agent("ann", FULL, zone_name="Europe/Paris"), GRID, "monday", fixed=told, prices={}
    )
    return [(f.day, f.start, f.end, f.activity and f.activity.name) for f in ann.fixed]


def test_rows_that_touch_belong_to_the_day_on_which_they_begin(tmp_path):
    """A night from Monday 22:00 to Tuesday 06:00 with its lunch is Monday's shift."""
    found = days(
        tmp_path,
        "ann,2026-01-06T02:00,2026-01-06T06:00,work",
        "ann,2026-01-05T22:00,2026-01-06T01:00,work",
        "ann,2026-01-06T01:00,2026-01-06T02:00,lunch",
    )

    assert found == [
        (0, 1320, 1500, "work"),
        (0, 1500, 1560, "lunch"),
        (0, 1560, 1800, "work"),
    ]


def test_a_time_off_may_be_told_in_days(tmp_path):
    """From the 6th to the 7th, both off: two whole days."""
    assert days(tmp_path, "ann,2026-01-06,2026-01-07,off") == [(0, 1440, 3 * 1440, None)]


def test_what_lies_outside_the_horizon_is_left_out(tmp_path):
    """A training of the week before, and one of this."""
    found = days(
        tmp_path,
        "ann,2025-12-30T08:00,2025-12-30T09:00,training",
        "ann,2026-01-06T08:00,2026-01-06T09:00,training",
    )

    assert found == [(1, 1440 + 480, 1440 + 540, "training")]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("eve,2026-01-06T08:00,2026-01-06T09:00,work", "column agent: 'eve' is not in agents.csv"),
        ("ann,2026-01-06T08:00,2026-01-06T09:00,wrok", "column activity: 'wrok' is no activity"),
        ("ann,2026-01-06,2026-01-06,work", "column start: work has a day, expected a moment"),
        ("ann,2026-01-06T09:00,2026-01-06T08:00,work", "column end: .* is not after"),
        ("ann,2026-01-06T08:03,2026-01-06T09:00,work", "column start: 08:03, expected a multiple"),
        ("ann,soon,2026-01-06T09:00,work", "column start: 'soon', expected"),
    ],
)
def test_a_row_that_cannot_be_is_told_with_its_place(tmp_path, row, said):
    """Row, column, what was found, what was expected."""
    with pytest.raises(DataError, match=f"fixed.csv, row 2, {said}"):
        read(tmp_path, row)


def test_two_rows_at_once_are_told(tmp_path):
    """Nobody is at two things at once."""
    with pytest.raises(DataError, match="row 3, column start: ann is already taken: row 2 fixes"):
        read(
            tmp_path,
            "ann,2026-01-06T08:00,2026-01-06T12:00,work",
            "ann,2026-01-06T11:00,2026-01-06T12:30,training",
        )
