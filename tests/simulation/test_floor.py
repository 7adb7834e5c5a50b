"""
Sessions, due times and thresholds.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from wfm.domain.demand import Channel, Forecast, Queue, QueueForecast
from wfm.domain.promise import AnswerRate, OnTime, ServiceLevel
from wfm.domain.roster import Block, Calendar, Duty, Roster, Tour
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import WORK, Agent, Contract, Pay, Person, Shape
from wfm.simulation.floor import THRESHOLD, due_times, floor_of, thresholds
from wfm.simulation.scenario import Behaviour, contacts
from wfm.simulation.team import team_of

GRID = Grid(date(2024, 1, 1), 2, 60)
CONTRACT = Contract("any", 40, 5, (Shape("day", (0, 0), (480,)),), Pay("base", 2000))
HOUR = 3600.0


def forecast():
    """Open from 8 to 10 on both days."""
    opened = (GRID.clock >= 480) & (GRID.clock < 600)
    column = np.where(opened, 5.0, 0.0)
    demand = QueueForecast(
        "a", column, column, column, column, column, column + 60, column * 0, column * 0
    )
    return Forecast(GRID, {"a": demand}, {"a": opened})


def clear(end, channel=Channel.PHONE):
    """Sessions of a queue whose only person works from 8:00 to ``end``, minutes."""
    blocks = (Block(480, end, WORK, ("a",)),)
    tour = Tour(Person(Agent("x", CONTRACT, skills={"a": 1.0})), Calendar(GRID), (Duty(0, blocks),))
    queues = {"a": Queue("a", channel)}
    team = team_of(Roster(GRID, (tour,)), queues, ("a",))
    return floor_of(team, forecast(), queues, {"a": Behaviour()}).clear[0]


def test_session_ends_at_closing():
    """
    Nobody is on duty after ten: callers are sent home then.
    """
    assert clear(600)[8:10].tolist() == [10 * HOUR] * 2


def test_session_lasts_while_somebody_is_planned():
    """
    Somebody stays until half past ten, and callers of before ten may be served until then.
    """
    assert clear(630)[8:10].tolist() == [10.5 * HOUR] * 2


def test_closed_intervals_take_nobody():
    """
    A redial at noon finds the queue closed.
    """
    assert clear(600)[12] == -1


def test_letters_stay():
    """
    Deferrable contacts are never sent home.
    """
    assert np.isinf(clear(600, Channel.EMAIL)).all()


def test_due_times_run_in_opening_hours():
    """
    Three open hours after 9:00 on the first day is 10:00 on the second; later is next week's.
    """
    queue = Queue("a", Channel.EMAIL, promises=(OnTime(share=0.9, due=3),))
    rows = contacts(np.array([9 * HOUR, (24 + 8) * HOUR]))
    due = due_times(rows, forecast(), (queue,))
    assert due.tolist() == [[(24 + 10) * HOUR], [np.inf]]


def test_a_backlog_is_due_from_its_receipt():
    """
    Of the first four contacts one has waited three and one two of three open hours: the first
    is late before anybody begins, the second due at nine, the others at eight on the next day.
    """
    queue = Queue("a", Channel.EMAIL, promises=(OnTime(share=0.9, due=3),))
    rows = contacts(np.array([8.0, 8.1, 8.2, 9.0]) * HOUR)
    known = forecast()
    waiting = replace(known.queues["a"], waited=((1, 4.0), (1, 2.0)))
    due = due_times(rows, replace(known, queues={"a": waiting}), (queue,))[:, 0]
    assert due[0] < 8 * HOUR
    assert due[1:] == pytest.approx([9 * HOUR, (24 + 9.2) * HOUR, (24 + 10) * HOUR])


def test_each_promise_has_its_own_due_time():
    """
    An hour after 8:30 is 9:30; two open hours after it are half past eight on the next day.
    """
    promises = (OnTime(share=0.9, due=2), OnTime(share=0.5, due=1))
    queue = Queue("a", Channel.EMAIL, promises=promises)
    due = due_times(contacts(np.array([8.5 * HOUR])), forecast(), (queue,))
    assert due[0] == pytest.approx([(24 + 8.5) * HOUR, 9.5 * HOUR])


def test_threshold_of_the_promise_else_the_usual_one():
    """
    A service level says what is in time; an answer rate does not.
    """
    level = Queue("a", promises=(ServiceLevel(share=0.8, threshold=30),))
    rate = Queue("b", promises=(AnswerRate(share=0.9),))
    assert thresholds((level, rate)).tolist() == [[30], [THRESHOLD]]


def test_each_promise_has_its_own_threshold():
    """
    Beside two service levels, an answer rate shows the first of them.
    """
    promises = (
        AnswerRate(share=0.9),
        ServiceLevel(share=0.8, threshold=30),
        ServiceLevel(share=0.9, threshold=60),
    )
    assert thresholds((Queue("a", promises=promises),)).tolist() == [[30, 30, 60]]
