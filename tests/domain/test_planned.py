"""
What is planned: letters in order, and shares moved by what simulation found.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from wfm.domain.planned import moved, planned_counts
from wfm.domain.promise import Also, Curve, OnTime, QueueRequirement, Requirement, ServiceLevel
from wfm.domain.timegrid import Grid


def test_even_odds_moved_by_log_three_are_three_to_one():
    """
    A share of one half becomes three quarters; one of nothing stays within a hundredth.
    """
    found = moved(np.array([20.0, 0.0]), np.array([40.0, 40.0]), np.log(3))

    assert found == pytest.approx([30, 40 * 3 * 0.002 / (1 + 2 * 0.002)])


def mail(contacts: list[float], heads: list[float], opened: list[bool], due: float):
    """The letters that one head's four an hour finish within so many open hours, [n]."""
    zeros, n = np.zeros(24), len(contacts)
    promise = OnTime(share=0.9, due=due)
    table = np.tile([0.0, 4.0], (24, 1))
    line = QueueRequirement(
        *("a", np.pad(contacts, (0, 24 - n)), *[zeros] * 9),
        promise=promise,
        curve=Curve(table, table, np.zeros_like(table)),
    )
    hours = np.pad(np.array(opened), (0, 24 - n))
    known = Requirement(Grid(date(2024, 1, 1), 1, 60), {"a": line}, {"a": hours})
    return planned_counts(known, "a", np.pad(heads, (0, 24 - n)), promise)[:n]


def test_mail_waits_for_the_next_opening():
    """
    Six letters in an hour, four done an hour, one hour's time: 6 t <= 4 (t + 1) until the hour
    ends. The night between the two open hours does not count.
    """
    found = mail([6, 0, 0, 0], [1, 1, 1, 1], [True, False, False, True], due=1)
    assert found == pytest.approx([6, 0, 0, 0])
    found = mail([10, 0, 0, 0], [1, 1, 1, 1], [True, False, False, True], due=1)
    assert found == pytest.approx([10 * 2 / 3, 0, 0, 0])


def test_mail_due_after_the_horizon_is_kept():
    """
    The next plan keeps what is due then.
    """
    assert mail([0, 5], [0, 0], [True, True], due=4).tolist() == [0, 5]


def test_what_is_found_of_one_due_time_tells_nothing_of_another():
    """
    Two due times count the same letters apart: a correction belongs to the promise it is of.
    """
    zeros, open_ = np.zeros(24), np.ones(24, dtype=bool)
    table = np.tile([0.0, 4.0], (24, 1))
    short, long = OnTime(share=0.9, due=1), OnTime(share=0.9, due=3)
    line = QueueRequirement(
        *("a", np.full(24, 5.0), *[zeros] * 9),
        promise=short,
        curve=Curve(table, table, np.zeros_like(table)),
        correction=np.full(24, -3.0),
    )
    known = Requirement(Grid(date(2024, 1, 1), 1, 60), {"a": line}, {"a": open_})
    bare = Requirement(known.grid, {"a": replace(line, correction=None)}, known.open)
    one = np.ones(24)

    assert planned_counts(known, "a", one, long) == pytest.approx(
        planned_counts(bare, "a", one, long)
    )
    assert planned_counts(known, "a", one, short)[0] < planned_counts(bare, "a", one, short)[0]


def queue_with_two_levels() -> tuple[Requirement, ServiceLevel, ServiceLevel]:
    """Planned on 80 % within 20 s; beside the curve stands what heads answer within 60 s."""
    quick, slow = (ServiceLevel(share=0.8, threshold=t) for t in (20.0, 60.0))
    zeros = np.zeros(24)
    table = np.tile([0.0, 4.0], (24, 1))
    line = QueueRequirement(
        *("a", np.full(24, 10.0), *[zeros] * 9),
        promise=quick,
        curve=Curve(table, table, table),
        correction=np.full(24, np.log(3)),
        level=quick,
        also={slow: Also(np.tile([0.0, 8.0], (24, 1)))},
    )
    grid = Grid(date(2024, 1, 1), 1, 60)
    return Requirement(grid, {"a": line}, {"a": zeros == 0}), quick, slow


def test_each_promise_is_read_from_its_own_table():
    """
    One head answers eight of ten within a minute; four within 20 s, corrected to two in three.
    """
    wanted, quick, slow = queue_with_two_levels()
    one = np.ones(24)

    assert planned_counts(wanted, "a", one, slow) == pytest.approx(8 * one)
    assert planned_counts(wanted, "a", one, quick) == pytest.approx(20 / 3 * one)


def test_a_level_that_no_table_counts_is_not_planned():
    """
    Within 90 s is neither of the two.
    """
    wanted, _, _ = queue_with_two_levels()
    other = ServiceLevel(share=0.8, threshold=90)

    assert np.isnan(planned_counts(wanted, "a", np.ones(24), other)).all()
