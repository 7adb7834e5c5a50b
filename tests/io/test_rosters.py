"""
Rosters: there and back, past midnight, over changing clocks, and every fault.
"""

from __future__ import annotations

from datetime import date

import pytest

from wfm.domain.roster import (
    Block,
    Calendar,
    Duty,
    Roster,
    Severity,
    Status,
    Tour,
    Violation,
)
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import CLOSING, WORK, Agent, Contract, Pay, Person, Shape
from wfm.errors import DataError
from wfm.io.rosters import (
    read_duties,
    read_violations,
    roster_csv,
    roster_of,
    shifts_csv,
    violations_csv,
)

FULL = Contract("full", 35, 5, (Shape("late", (960, 960), (480,)),), Pay("base", 1400))
ACTIVITIES = {"work": WORK, "closing": CLOSING}


def roster(first=date(2026, 1, 5), *duties):
    grid = Grid(first, 7, 30, "Europe/Paris")
    person = Person(Agent("ann", FULL, zone_name="Europe/Paris"))
    return Roster(grid, (Tour(person, Calendar(grid, "Europe/Paris"), duties),))


LATE = Duty(0, (Block(960, 1440, WORK, ("a", "b")), Block(1440, 1470, CLOSING)))


def read(tmp_path, text, grid, **known):
    path = tmp_path / "roster.csv"
    path.write_text(text, encoding="utf-8")
    return read_duties(path, grid, ACTIVITIES, **known)


def test_a_shift_past_midnight_belongs_to_the_day_it_begins():
    """
    Two blocks, one date; the second ends at 00:30 of the next day.
    """
    assert roster_csv(roster(date(2026, 1, 5), LATE)) == (
        "agent,date,start,end,activity,queue\n"
        "ann,2026-01-05,2026-01-05T16:00,2026-01-06T00:00,work,a;b\n"
        "ann,2026-01-05,2026-01-06T00:00,2026-01-06T00:30,closing,\n"
    )


def test_shifts_are_one_row_each():
    """
    510 paid minutes, all of them working time.
    """
    assert shifts_csv(roster(date(2026, 1, 5), LATE)).splitlines()[1] == (
        "ann,2026-01-05T16:00,2026-01-06T00:30,2026-01-05,510,510"
    )


@pytest.mark.parametrize("first", [date(2026, 10, 24), date(2026, 3, 28), date(2026, 1, 5)])
def test_a_roster_comes_back_the_same(tmp_path, first):
    """
    A night of 23 or 25 hours too: a block from the second 02:00 is still the second.
    """
    night = Duty(0, (Block(1320, 1440 + 150, WORK, ("a",)), Block(1440 + 150, 1440 + 180, CLOSING)))
    made = roster(first, night)

    found = read(tmp_path, roster_csv(made), made.grid)

    assert found == {"ann": (night,)}


def test_past_duties_have_negative_days(tmp_path):
    """
    Yesterday's shift is day -1, and ends in the horizon.
    """
    grid = Grid(date(2026, 1, 6), 7, 30, "Europe/Paris")
    found = read(tmp_path, roster_csv(roster(date(2026, 1, 5), LATE)), grid)

    assert (found["ann"][0].day, found["ann"][0].end) == (-1, 30)


def test_past_and_plan_make_a_tour(tmp_path):
    """
    What began before the horizon is past, wherever it was written.
    """
    made = roster(date(2026, 1, 5), LATE)
    yesterday = Duty(-1, (Block(-480, -60, WORK, ("a",)),))
    person = made.tours[0].person

    joined = roster_of(
        made.grid, [person], {"ann": Calendar(made.grid)}, {"ann": (LATE,)}, {"ann": (yesterday,)}
    )

    assert joined.tours[0].past == (yesterday,)
    assert joined.tours[0].planned == (LATE,)


def test_a_shift_is_known_by_the_shape_that_it_fits():
    """
    Eight paid hours from 16:00 are the contract's late shift; eight and a half are not.
    """
    eight = Duty(0, (Block(960, 1440, WORK, ("a",)),))
    made = roster(date(2026, 1, 5), eight)
    calendars = {"ann": made.tours[0].calendar}

    joined = roster_of(made.grid, [made.tours[0].person], calendars, {"ann": (eight,)}, {})
    longer = roster_of(made.grid, [made.tours[0].person], calendars, {"ann": (LATE,)}, {})

    assert joined.tours[0].duties[0].shape == "late"
    assert longer.tours[0].duties[0].shape == ""


def test_every_fault_of_a_roster_is_listed(tmp_path):
    """
    An unknown agent, activity and queue, an end before its start, and an overlap.
    """
    rows = [
        "agent,date,start,end,activity,queue",
        "bob,2026-01-05,2026-01-05T08:00,2026-01-05T09:00,work,a",
        "ann,2026-01-05,2026-01-05T08:00,2026-01-05T09:00,wrok,a",
        "ann,2026-01-05,2026-01-05T10:00,2026-01-05T09:00,work,a",
        "ann,2026-01-06,2026-01-06T08:00,2026-01-06T09:00,work,c",
        "ann,2026-01-06,2026-01-06T08:30,2026-01-06T10:00,work,a",
    ]
    grid = Grid(date(2026, 1, 5), 7, 30, "Europe/Paris")

    with pytest.raises(DataError) as caught:
        read(tmp_path, "\n".join(rows) + "\n", grid, agents=["ann"], queues={"a": None})

    said = str(caught.value)
    for words in (
        "'bob' is not in",
        "'wrok'",
        "is not after",
        "'c' is no queue",
        "already at work",
    ):
        assert words in said
    assert len(caught.value.problems) == 5


def test_money_of_a_violation_is_in_currency_units(tmp_path):
    """
    2000 cents are 20.00 in the file, and 2000 cents again when read; minutes stay minutes.
    """
    rest = ("words", "source", Status.READ)
    day = date(2026, 1, 5)
    found = (
        Violation("wish", Severity.PRICED, "ann", day, 2000.0, "cents", *rest),
        Violation("rest", Severity.HARD, "ann", day, 30.0, "min", *rest),
    )
    path = tmp_path / "violations.csv"
    path.write_text(violations_csv(found), encoding="utf-8")

    lines = path.read_text().splitlines()
    assert "20.00,currency units" in lines[1]
    assert "30,min" in lines[2]
    assert read_violations(path) == found
