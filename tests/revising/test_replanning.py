"""
What an absence takes from a roster, and why days of others change.
"""

from __future__ import annotations

from wfm.domain.changes import Change
from wfm.domain.roster import Block, Duty
from wfm.domain.workforce import (
    WORK,
    Absence,
    AbsenceKind,
    Activity,
    Agent,
    Contract,
    Pay,
    Person,
    Shape,
)
from wfm.revising.replanning import explained, without

LUNCH = Activity("lunch", paid=False, work=False, pause=True)
FULL = Contract("full", 35, 5, (Shape("day", (480, 480), (420,)),), Pay("base", 1000))
ADA, BOB = (Person(Agent(name, FULL)) for name in ("ada", "bob"))
# eight to four, an hour of lunch at noon: seven paid hours
DAY = Duty(0, (Block(480, 720, WORK), Block(720, 780, LUNCH), Block(780, 960, WORK)))


def away(start: int, end: int):
    return without(
        (ADA, BOB),
        {"ada": {0: DAY}, "bob": {0: DAY}},
        {"ada": (Absence(start, end, AbsenceKind.SICK),)},
    )


def test_a_whole_day_away_takes_the_shift_and_credits_it():
    """Seven paid hours were planned, seven are credited."""
    left = away(0, 1440)

    assert left.duties == {"ada": {}, "bob": {0: DAY}}
    assert left.people[0].credit == {0: 420}
    assert left.gone["ada"][0].paid == 420


def test_who_leaves_at_one_keeps_the_morning():
    """Four hours and lunch stay; three paid hours are credited."""
    left = away(780, 1440)

    assert left.duties["ada"][0].blocks == DAY.blocks[:2]
    assert left.people[0].credit == {0: 180}


def test_who_comes_late_keeps_the_rest():
    """Away until ten: two hours are gone, five stay."""
    left = away(0, 600)

    assert left.duties["ada"][0].blocks[0] == Block(600, 720, WORK)
    assert left.people[0].credit == {0: 120}


def test_lunch_alone_is_no_shift():
    """Away but for the hour of lunch: nothing is left, everything is credited."""
    two = (Absence(0, 720, AbsenceKind.SICK), Absence(780, 1440, AbsenceKind.SICK))
    left = without((ADA,), {"ada": {0: DAY}}, {"ada": two})

    assert left.duties["ada"] == {}
    assert left.people[0].credit == {0: 420}


def test_an_absence_on_a_free_day_changes_nothing():
    """Nothing was planned on the second day."""
    left = away(1440, 2880)

    assert left.duties["ada"] == {0: DAY}
    assert left.people[0].credit == {}
    assert left.touched == {}


def test_reasons_of_changes():
    """Absent, covering for her, and what follows on another day; one moved by itself."""
    left = away(0, 1440)
    tuesday = Duty(1, (Block(1920, 2340, WORK),))
    changes = (
        Change("ada", 0, DAY, None),
        Change("bob", 0, None, DAY),
        Change("bob", 1, tuesday, None),
        Change("cleo", 1, None, tuesday),
    )
    why = [(one.why, one.given) for one in explained(changes, left.gone, left.touched)]

    assert why == [
        ("absent", True),
        ("covers for ada", False),
        ("evens out their other days", False),
        ("moved to where heads are missing", False),
    ]
