"""
activities.csv: who is owed what, and what is refused.
"""

from __future__ import annotations

from datetime import date

import pytest

from wfm.domain.timegrid import Grid
from wfm.domain.workforce import MEETING, TRAINING, Agent, Contract, Pay, Shape
from wfm.errors import DataError
from wfm.io.courses import read_courses

FULL = Contract("full", 35, 5, (Shape("day", (480, 480), (420,)),), Pay("base", 1400))
GRID = Grid(date(2026, 1, 5), 7, 30, "Europe/Paris")
TEAM = (
    Agent("ann", FULL, skills={"sales": 1.0}),
    Agent("bob", FULL, skills={"sales": 0.8, "billing": 1.0}),
)
KNOWN = {one.name: one for one in (TRAINING, MEETING)}
HEAD = "name,agents_or_skill,minutes,sessions,from,until"


def read(tmp_path, *rows, header=HEAD):
    path = tmp_path / "activities.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return read_courses(path, GRID, KNOWN, TEAM)


def faults(tmp_path, *rows, **more):
    with pytest.raises(DataError) as caught:
        read(tmp_path, *rows, **more)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("who", "agents"),
    [
        ("ann", ("ann",)),
        ("bob;ann", ("ann", "bob")),
        ("billing", ("bob",)),
        ("all", ("ann", "bob")),
    ],
)
def test_people_are_named_one_by_one_by_skill_or_all(tmp_path, who, agents):
    """Keys, a skill that somebody has, or everybody."""
    (course,) = read(tmp_path, f"training,{who},90,2,2026-01-06,2026-01-07")
    assert course.agents == agents


def test_last_day_is_included(tmp_path):
    """From Tuesday to Wednesday is 48 hours of the week."""
    (course,) = read(tmp_path, "training,ann,90,2,2026-01-06,2026-01-07")
    assert (course.start, course.end) == (1440, 3 * 1440)


def test_empty_times_are_the_horizon(tmp_path):
    """No dates: the whole week."""
    (course,) = read(tmp_path, "training,ann,90,2,,")
    assert (course.start, course.end) == (0, 7 * 1440)


def test_a_meeting_says_that_it_is_together(tmp_path):
    """The last column, which may be absent."""
    (course,) = read(tmp_path, "meeting,all,30,1,,,yes", header=f"{HEAD},together")
    assert course.together


def test_what_lies_outside_the_horizon_is_left_out(tmp_path):
    """Training of next month is no business of this week."""
    assert not read(tmp_path, "training,ann,90,2,2026-02-02,2026-02-06")


def test_every_bad_cell_is_named(tmp_path):
    """Name, people, minutes and the answer to together, with their rows."""
    said = faults(
        tmp_path,
        "trainin,ann,60,1,,,",
        "training,anne,60,1,,,",
        "training,ann,62,1,,,",
        "training,ann,60,1.5,,,",
        "training,ann,60,1,,,maybe",
        header=f"{HEAD},together",
    )
    assert len(said) >= 5
    assert "row 2, column name" in said[0]
    assert "training" in said[0]


def test_the_same_sessions_twice_are_refused(tmp_path):
    """Ann's training of one week stands in two rows: the roster could not tell them apart."""
    said = faults(tmp_path, "training,ann,60,1,,", "training,sales,60,1,,")
    assert "ann is owed training" in said[0]
