"""
How cover meets requirement and promise, by hand.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import sample

from wfm.domain.outcome import QueueSimulation, SimulationResult
from wfm.domain.promise import AnswerRate, Curve, QueueRequirement, Requirement
from wfm.domain.timegrid import Grid
from wfm.reporting import service


def test_fit():
    """
    Without curves the requirement itself is the least: one head of four missing for half an
    hour is half an hour short, in one interval; one too many is not.
    """
    made = sample.results(2, ["a"])
    queue = made.requirement.queues["a"]
    opened = made.requirement.open["a"]
    heads = queue.to_schedule.astype(float)
    first, second = np.flatnonzero(opened)[:2]
    heads[first] -= 1
    heads[second] += 1

    fit = service.fits(made.requirement, {"a": heads})["a"][0]

    assert (fit.short, fit.short_intervals, fit.open_intervals) == (0.5, 1, 24)
    assert fit.planned == fit.alone == fit.least


def test_planned_days():
    """
    A head answers 2 of an interval's 4 contacts, two heads 3: 50 % on a day with one, 75 %
    on a day with two, unknown where the queue is closed.
    """
    grid = Grid(date(1999, 3, 1), 3, 60)
    flat = np.where(grid.day < 2, 1.0, 0.0)
    table = np.outer(flat, [0.0, 2.0, 3.0])
    queue = QueueRequirement(
        *("a", 4 * flat, flat, flat, flat, flat, flat, flat, flat, flat, flat),
        promise=AnswerRate(share=0.9),
        curve=Curve(table, table, np.zeros_like(table)),
    )
    required = Requirement(grid, {"a": queue}, {"a": flat > 0})

    shares = service.planned_days(required, {"a": np.where(grid.day == 0, 1.0, 2.0)})["a"]

    assert shares[:2].tolist() == [0.5, 0.75]
    assert np.isnan(shares[2])


def test_outcome_is_weighted():
    """
    10 contacts answered after 60 s and 30 after 20 s wait 30 s on the average; occupancy
    counts by heads: 0.9 with one and 0.6 with two are 0.7.
    """
    grid = Grid(date(1999, 3, 1), 1, 60)
    here = np.arange(grid.n)
    offered = np.select([here == 9, here == 10], [20.0, 30.0], 0.0)
    answered = np.select([here == 9, here == 10], [10.0, 30.0], 0.0)
    wait = np.select([here == 9, here == 10], [60.0, 20.0], np.nan)
    busy = np.select([here == 9, here == 10], [0.9, 0.6], np.nan)
    heads = np.select([here == 9, here == 10], [1.0, 2.0], 0.0)
    played = QueueSimulation(
        "a", offered, answered, answered / 2, offered - answered, wait, busy, {}
    )
    simulation = SimulationResult(grid, {"a": played}, 1, 0, {}, 0.0, 0.0)

    found = service.outcome(simulation, {"a": heads}, "a")

    assert (found.offered, found.answered, found.in_time) == (50.0, 0.8, 0.4)
    assert found.asa == pytest.approx(30.0)
    assert found.occupancy == pytest.approx(0.7)
