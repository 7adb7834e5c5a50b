"""
Rosters as blocks in seconds: gaps, neighbours, lists of queues, absence and pauses.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from wfm.domain.demand import Queue
from wfm.domain.roster import Block, Calendar, Duty, Roster, Tour
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import CLOSING, WORK, Activity, Agent, Contract, Pay, Person, Shape
from wfm.errors import DataError
from wfm.simulation.team import BREAK, CONTACTS, OTHER, PAUSE, present, team_of, with_pauses

GRID = Grid(date(2024, 1, 1), 1, 30)
CONTRACT = Contract("any", 40, 5, (Shape("day", (0, 0), (480,)),), Pay("base", 2000))
QUEUES = {name: Queue(name, priority=p) for name, p in (("a", 2), ("b", 1))}
PAUSED = Activity("pause", paid=True, work=False)


def team(*blocks, skills=None):
    agent = Agent("x", CONTRACT, skills=skills or {"a": 1.0, "b": 0.5})
    tour = Tour(Person(agent), Calendar(GRID), (Duty(0, tuple(blocks)),))
    return team_of(Roster(GRID, (tour,)), QUEUES, ("a", "b"))


def test_gap_inside_a_duty_is_a_break():
    """
    A plan typed without its lunch keeps a lunch: 60 to 90 minutes is a break in seconds.
    """
    blocks = team(Block(0, 60, WORK, ("a",)), Block(90, 120, WORK, ("a",))).blocks
    assert blocks["kind"].tolist() == [CONTACTS, BREAK, CONTACTS]
    assert (blocks["start"][1], blocks["end"][1]) == (3600, 5400)


def test_neighbours_with_the_same_queues_are_one_block():
    """
    Rows cut at every interval do not make people come anew at each.
    """
    blocks = team(Block(0, 30, WORK, ("a",)), Block(30, 60, WORK, ("a",))).blocks
    assert len(blocks) == 1


def test_paid_breaks_move_and_closing_work_does_not():
    """
    What is not work is a break, paid or not; work off contacts stays where it is.
    """
    blocks = team(Block(0, 60, WORK, ("a",)), Block(60, 75, PAUSED), Block(75, 90, CLOSING)).blocks
    assert blocks["kind"].tolist() == [CONTACTS, BREAK, OTHER]


def test_block_without_queues_serves_the_urgent_first():
    """
    Queue b has the lower number, so it comes first.
    """
    assert team(Block(0, 60, WORK)).groups == (("b", "a"),)


def test_queue_without_the_skill_is_not_served():
    """
    Who lacks the skill does not serve the queue; with none left they are off contacts.
    """
    assert team(Block(0, 60, WORK, ("a", "b")), skills={"b": 1.0}).groups == (("b",),)
    assert team(Block(0, 60, WORK, ("a",)), skills={"b": 1.0}).blocks["kind"][0] == OTHER


def test_efficiency_becomes_pace():
    """
    An efficiency of a half doubles handle times.
    """
    assert team(Block(0, 60, WORK)).skills.pace.tolist() == [[1, 2]]


def test_unknown_queue_names_the_nearest():
    """
    A queue that nobody knows is an error with a hint.
    """
    with pytest.raises(DataError, match="'bb' is not a known queue"):
        team(Block(0, 60, WORK, ("bb",)))


def test_absent_people_leave_all_their_blocks():
    """
    A duty not worked marks every block of it.
    """
    blocks = team(Block(0, 60, WORK, ("a",)), Block(90, 120, WORK, ("a",))).blocks.copy()
    assert not present(blocks, np.array([False]))["present"].any()


def test_pause_takes_its_share_and_no_more():
    """
    A tenth of sixty minutes goes to one pause inside the block.
    """
    whole = team(Block(0, 60, WORK, ("a",))).blocks
    cut = with_pauses(whole, 0.1, np.random.default_rng(1))
    assert cut["kind"].tolist() == [CONTACTS, PAUSE, CONTACTS]
    assert (cut["end"] - cut["start"])[1] == pytest.approx(360)
    assert cut["start"][0] == 0
    assert cut["end"][2] == 3600
    assert (cut["end"][:2] == cut["start"][1:]).all()
