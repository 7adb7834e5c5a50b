"""
The table of a simulation: a line for each promise, and whether one of them is missed.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from wfm.domain.demand import Queue
from wfm.domain.outcome import Estimate, Kept, QueueSimulation, SimulationResult
from wfm.domain.promise import AnswerRate, ServiceLevel
from wfm.domain.timegrid import Grid
from wfm.reporting.simulations import missed, simulation_record, simulation_table

GRID = Grid(date(2026, 3, 2), 1, 60)
PROMISES = (AnswerRate(share=0.9), ServiceLevel(share=0.8, threshold=60))


def played(second: float):
    """95 % of 240 contacts answered, 70 % within 20 s and ``second`` of them within 60 s."""
    ten = np.full(GRID.n, 10.0)

    def all_day(share: float):
        return {"day 0": Estimate(share, share - 0.01, share + 0.01)}

    line = QueueSimulation(
        *("a", ten, 0.95 * ten, 0.7 * ten, 0.05 * ten, ten, 0.8 + 0 * ten),
        kept=all_day(0.95),
        further=(Kept(all_day(second), {0: 0.6}, {}, second * ten),),
    )
    return SimulationResult(GRID, {"a": line}, 200, 1, {}, 0.0, 0.0)


def test_each_promise_has_its_line():
    """What is in time stands beside the promise that says so."""
    rows = simulation_table(played(0.85), {"a": Queue("a", promises=PROMISES)}).rows

    assert [row[0] for row in rows] == ["a, answered", "a, within 60 s"]
    assert [row[4].split()[0] for row in rows] == ["70.0", "85.0"]


@pytest.mark.parametrize(("second", "yes"), [(0.85, False), (0.75, True)])
def test_the_second_promise_may_be_missed(second, yes):
    """80 % within 60 s lie above what 75 % reach at most."""
    assert missed(played(second), {"a": Queue("a", promises=PROMISES)}) is yes


def test_further_promises_stand_in_the_record():
    """One entry a promise after the first, in their order."""
    told = simulation_record(played(0.85))["queues"]["a"]

    assert told["kept"]["day 0"]["value"] == 0.95
    assert [one["kept"]["day 0"]["value"] for one in told["further"]] == [0.85]
