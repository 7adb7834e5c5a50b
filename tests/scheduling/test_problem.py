"""
What a problem refuses, and what it knows.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.scheduling.tiny import Case, person
from wfm.errors import DataError

ADA, BOB = person("ada", {"a": 1.0}), person("bob", {"a": 0.5, "b": 1.0})


def test_every_fault_is_named_at_once():
    """An agent twice and a skill that nobody has are two problems of one error."""
    with pytest.raises(DataError) as found:
        Case((ADA, ADA), heads={"a": 1.0, "c": 1.0}).problem()

    assert len(found.value.problems) == 2


def test_nobody_on_the_team_is_refused():
    """Without people nothing can be planned."""
    with pytest.raises(DataError, match="nobody is on the team"):
        Case(()).problem()


def test_unknown_queue_is_refused_by_name():
    """A requirement for a queue that no setting names."""
    good = Case((ADA,)).problem()

    with pytest.raises(DataError, match="queue 'a' is not known"):
        replace(good, queues={})


def test_people_serve_queues_in_order_of_priority():
    """Both skills, the same priority: by name."""
    problem = Case((BOB,), heads={"b": 1.0, "a": 1.0}).problem()

    assert problem.serves(BOB) == ("a", "b")


def test_missing_head_costs_more_than_any_wage():
    """Without prices given, an hour short costs three hours of the dearest person."""
    problem = replace(Case((ADA,)).problem(), prices=None)

    assert problem.shortfall_prices.head_hour == 3000
