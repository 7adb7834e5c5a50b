"""
Requirements there and back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from wfm.domain.demand import Queue
from wfm.domain.promise import AnswerRate, QueueRequirement, Requirement
from wfm.domain.timegrid import Grid
from wfm.io.promises import read_requirement, requirement_csv

GRID = Grid(date(2024, 1, 1), 7, 60)
QUEUES = {"a": Queue("a", promises=(AnswerRate(share=0.9),))}


def requirement(correction=None):
    ones = np.ones(GRID.n)
    line = QueueRequirement("a", 20 * ones, 180 * ones, *[ones] * 8, correction=correction)
    return Requirement(GRID, {"a": line}, {"a": np.ones(GRID.n, dtype=bool)})


def there_and_back(tmp_path, wanted):
    path = tmp_path / "requirement.csv"
    path.write_text(requirement_csv(wanted), encoding="utf-8")
    return read_requirement(path, QUEUES)


def test_a_correction_comes_back(tmp_path):
    """
    What a plan printed, its folder prints again.
    """
    shift = np.where(GRID.day == 2, 0.25, -1.5)

    assert np.array_equal(
        there_and_back(tmp_path, requirement(shift)).queues["a"].correction, shift
    )


def test_a_requirement_alone_has_no_correction(tmp_path):
    """
    Nothing is known yet of any roster: no column, and none when it is read.
    """
    wanted = requirement()

    assert "correction" not in requirement_csv(wanted)
    assert there_and_back(tmp_path, wanted).queues["a"].correction is None


def test_queues_without_a_correction_stay_without(tmp_path):
    """
    The column is there for the other queue; its own cells are empty.
    """
    wanted = requirement(np.full(GRID.n, 0.5))
    both = replace(
        wanted,
        queues={**wanted.queues, "b": replace(wanted.queues["a"], queue="b", correction=None)},
        open={**wanted.open, "b": wanted.open["a"]},
    )
    found = there_and_back(tmp_path, both)

    assert found.queues["b"].correction is None
    assert (found.queues["a"].correction == 0.5).all()
