"""
Two rosters held against each other.
"""

from __future__ import annotations

from datetime import date

import pytest

from wfm.domain.roster import Block, Calendar, Duty, Roster, Tour
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import WORK, Agent, Contract, Pay, Person, Shape
from wfm.errors import DataError
from wfm.revising.comparing import by_day, compared, edits

GRID = Grid(date(2026, 1, 5), 7, 60)
FULL = Contract("full", 35, 5, (Shape("day", (480, 480), (420,)),), Pay("base", 1000))
EARLY = Duty(0, (Block(480, 900, WORK),))
LATE = Duty(0, (Block(600, 1020, WORK),))
NEXT = Duty(1, (Block(1440 + 480, 1440 + 900, WORK),))


def test_a_moved_a_new_and_a_lost_shift_are_changes():
    """Ada's Monday moves, Bob's Tuesday is new, Cleo's Monday is gone; Dora's stays."""
    before = {"ada": {0: EARLY}, "cleo": {0: EARLY}, "dora": {0: EARLY}}
    after = {"ada": {0: LATE}, "bob": {1: NEXT}, "cleo": {}, "dora": {0: EARLY}}
    found = [(c.agent, c.day, c.before, c.after) for c in compared(before, after)]

    assert found == [
        ("ada", 0, EARLY, LATE),
        ("bob", 1, None, NEXT),
        ("cleo", 0, EARLY, None),
    ]


def test_who_is_missing_from_an_edited_roster_is_asked_about():
    """Bob has two shifts in the base and no row: an empty week, or a filter in the sheet?"""
    base = {"ada": {0: EARLY}, "bob": {0: EARLY, 1: NEXT}}

    with pytest.raises(DataError, match=r"new\.csv: bob has no row, and 2 shifts in the base"):
        edits(base, {"ada": {0: EARLY}}, "new.csv")


def test_two_shifts_of_one_day_are_refused():
    """A roster has one shift for a person and date."""
    twice = Duty(0, (Block(1000, 1100, WORK),))
    ada = Person(Agent("ada", FULL))
    roster = Roster(GRID, (Tour(ada, Calendar(GRID), (EARLY, twice)),))

    with pytest.raises(DataError, match="ada has two shifts on 2026-01-05"):
        by_day(roster)
