"""
Requirements there and back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from wfm.domain.demand import Queue
from wfm.domain.promise import AnswerRate, QueueRequirement, Requirement, ServiceLevel
from wfm.domain.timegrid import Grid
from wfm.errors import DataError
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


def test_the_promise_planned_on_comes_back(tmp_path):
    """
    Of two promises the second is planned on, aims higher than it says, beside least heads; and
    a pace.
    """
    promises = (AnswerRate(share=0.9), ServiceLevel(share=0.8, threshold=30))
    queues = {"a": Queue("a", promises=promises)}
    wanted = requirement()
    line = replace(
        wanted.queues["a"],
        place=1,
        aim=np.full(GRID.n, 0.85),
        least=np.arange(GRID.n, dtype=float),
        pace=np.arange(GRID.n) / 2,
    )
    path = tmp_path / "requirement.csv"
    path.write_text(requirement_csv(replace(wanted, queues={"a": line})), encoding="utf-8")
    found = read_requirement(path, queues).queues["a"]

    assert (found.place, found.promise, found.level) == (1, promises[1], promises[1])
    assert (found.aim == 0.85).all()
    assert found.least.tolist() == list(range(GRID.n))
    assert found.pace.tolist() == [number / 2 for number in range(GRID.n)]


def test_a_promise_that_settings_lack_is_refused(tmp_path):
    """
    The second of one promise: settings have changed since.
    """
    wanted = requirement()
    line = replace(wanted.queues["a"], place=1)

    with pytest.raises(DataError, match="its curves are of promise 2, and it has 1"):
        there_and_back(tmp_path, replace(wanted, queues={"a": line}))
