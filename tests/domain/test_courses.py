"""
What of training and meetings is in a roster.
"""

from __future__ import annotations

from datetime import date

import pytest

from wfm.domain.courses import Course, unplaced
from wfm.domain.roster import Block, Calendar, Duty, Roster, Tour
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import MEETING, TRAINING, WORK, Agent, Contract, Pay, Person, Shape
from wfm.errors import SettingsError

DAY = 24 * 60
GRID = Grid(date(2024, 1, 1), 2, 60)
FULL = Contract("full", 35, 5, (Shape("day", (480, 480), (420,)),), Pay("base", 1400))


def tour(name, *spans, activity=TRAINING):
    """Somebody with sessions at ``spans``, minutes; each in a duty of its own day."""
    duties = tuple(Duty(first // DAY, (Block(first, last, activity),)) for first, last in spans)
    return Tour(Person(Agent(name, FULL)), Calendar(GRID), duties)


def missing(course, *tours):
    return [(one.agent, one.sessions) for one in unplaced(Roster(GRID, tours), (course,))]


def test_a_session_that_is_there_is_not_missing():
    """An hour of training is owed and given."""
    assert not missing(Course(TRAINING, ("ada",), 60, 1, 0, DAY), tour("ada", (600, 660)))


def test_a_shorter_session_does_not_count():
    """Half an hour is no session of an hour."""
    course = Course(TRAINING, ("ada",), 60, 1, 0, DAY)
    assert missing(course, tour("ada", (600, 630))) == [("ada", 1)]


def test_a_session_cut_by_a_break_counts_whole():
    """Two half hours of one duty are the hour."""
    blocks = (Block(600, 630, TRAINING), Block(630, 645, WORK), Block(645, 675, TRAINING))
    cut = Tour(Person(Agent("ada", FULL)), Calendar(GRID), (Duty(0, blocks),))
    assert not missing(Course(TRAINING, ("ada",), 60, 1, 0, DAY), cut)


def test_a_session_outside_its_time_does_not_count():
    """Training was owed on the first day and is on the second."""
    course = Course(TRAINING, ("ada",), 60, 1, 0, DAY)
    assert missing(course, tour("ada", (DAY + 600, DAY + 660))) == [("ada", 1)]


def test_past_sessions_count():
    """Of two sessions one was given last week."""
    course = Course(TRAINING, ("ada",), 60, 2, -7 * DAY, DAY)
    assert not missing(course, tour("ada", (-840, -780), (600, 660)))


def test_what_can_still_be_given_later_is_not_missing():
    """The course goes on for a week beyond the horizon."""
    assert not missing(Course(TRAINING, ("ada",), 60, 1, 0, 9 * DAY), tour("ada"))


def test_a_meeting_held_alone_is_missed():
    """Two of three meet at ten, the third has the same name in his calendar at eleven."""
    course = Course(MEETING, ("ada", "bob", "eve"), 60, 1, 0, DAY, together=True)
    tours = [tour(name, (600, 660), activity=MEETING) for name in ("ada", "bob")]
    assert missing(course, *tours, tour("eve", (660, 720), activity=MEETING)) == [("eve", 1)]


def test_sentence_names_person_sessions_and_length():
    """It is what `wfm schedule` says."""
    (one,) = unplaced(Roster(GRID, (tour("ada"),)), (Course(TRAINING, ("ada",), 60, 2, 0, DAY),))
    assert one.sentence == "ada: 2 of 2 sessions of training (60 minutes) not placed"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"minutes": 62}, "multiple of 5"),
        ({"sessions": 0}, "at least 1"),
        ({"end": 30}, "do not fit"),
        ({"activity": WORK}, "not on contacts"),
    ],
)
def test_a_course_that_cannot_be_is_refused(change, said):
    """Each says why."""
    plain = {"activity": TRAINING, "agents": ("ada",), "minutes": 60, "sessions": 1}
    with pytest.raises(SettingsError, match=said):
        Course(**(plain | {"start": 0, "end": DAY} | change))
