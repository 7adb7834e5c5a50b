"""
Rows that a forecast lacks: faults, or hours that are usually closed.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from wfm.domain.demand import Event, Opening, Queue
from wfm.domain.timegrid import Grid
from wfm.errors import DataError
from wfm.io.completeness import demand_complete, openings

GRID = Grid(date(2026, 1, 5), 7, 30)  # a Monday
NINE_TO_FIVE = Opening((((540, 1020),),) * 5 + ((), ()))


def rows(*lacking):
    """Nine to five on five days, less some (day, minute)."""
    there = NINE_TO_FIVE.mask(GRID)
    for day, minute in lacking:
        there[(GRID.day == day) & (GRID.clock == minute)] = False
    return {"a": there}


def test_an_open_interval_without_a_row_is_listed():
    """
    Stated hours: four rows are missing, the last of a day too; three are named.
    """
    lacking = [(1, 600), (1, 630), (2, 540), (3, 990)]

    with pytest.raises(
        DataError, match=r"f\.csv, queue a: no row for 4 intervals .* and 1 more"
    ) as told:
        demand_complete("f.csv", GRID, rows(*lacking), {"a": NINE_TO_FIVE})
    assert "2026-01-06T10:00, 2026-01-06T10:30, 2026-01-07T09:00" in str(told.value)
    assert demand_complete("f.csv", GRID, rows(), {"a": NINE_TO_FIVE}) == ()


def test_a_day_that_an_event_closes_needs_no_rows():
    """
    Tuesday is closed by events.csv.
    """
    closing = Event(date(2026, 1, 6), "works", date(2026, 1, 6), None, None, True)
    hours = openings([Queue("a", opening=NINE_TO_FIVE), Queue("b")], [closing])
    tuesday = [(1, minute) for minute in range(540, 1020, 30)]

    assert set(hours) == {"a"}
    assert demand_complete("f.csv", GRID, rows(*tuesday), hours) == ()


def test_a_gap_that_other_days_do_not_have_is_a_fault():
    """
    No hours are stated; only Wednesday lacks 11:00. The end of a day is no gap.
    """
    with pytest.raises(DataError, match=r"no row for 1 interval between .*: 2026-01-07T11:00"):
        demand_complete("f.csv", GRID, rows((2, 660)))
    assert demand_complete("f.csv", GRID, rows((2, 990))) == ()


def test_a_pause_that_every_day_has_is_closed():
    """
    Lunch from 12:00 to 12:30 on all days: let pass, with a remark.
    """
    noon = np.array([(day, 720) for day in range(5)])

    (remark,) = demand_complete("f.csv", GRID, rows(*noon))
    assert "taken as closed" in remark
