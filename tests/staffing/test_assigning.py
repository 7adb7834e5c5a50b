"""
People with several skills against a requirement: each counts once.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from wfm.domain.demand import Queue
from wfm.domain.promise import QueueRequirement, Requirement
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import Agent, Contract, Pay, Shape
from wfm.staffing.assigning import Group, assign, groups_of, trainings

GRID = Grid(date(2024, 1, 1), 1, 60)
CONTRACT = Contract("full", 40, 5, (Shape("day", (480, 480), (480,)),), Pay("base", 1000))


def requirement(**needs: float) -> Requirement:
    """Heads needed by each queue at ten and at eleven."""
    open_ = np.isin(np.arange(24), (10, 11))
    zeros = np.zeros(24)

    def queue(name: str, heads: float) -> QueueRequirement:
        need = np.where(open_, heads, 0.0)
        return QueueRequirement(
            name, need, zeros, zeros, need, need, zeros, zeros, zeros, zeros, zeros
        )

    return Requirement(
        GRID,
        {name: queue(name, heads) for name, heads in needs.items()},
        dict.fromkeys(needs, open_),
    )


ONLY_A, ONLY_B = (("a", 1.0),), (("b", 1.0),)
BOTH = (("a", 1.0), ("b", 1.0))


def test_a_person_with_two_skills_counts_once():
    """Two heads on each queue: three people of whom two know both cannot do it."""
    found = assign(requirement(a=2, b=2), [Group(ONLY_A, 1), Group(BOTH, 2)])

    assert found.people[10] == pytest.approx(3)
    assert found.short == pytest.approx(2)  # one head in each of two hours


def test_who_knows_one_queue_stays_on_it():
    """Of one for a, one for b and one for both, 1.5 heads each need all three."""
    found = assign(requirement(a=1.5, b=1.5), [Group(ONLY_A, 1), Group(ONLY_B, 1), Group(BOTH, 1)])

    assert found.people[10] == pytest.approx(3)
    assert found.short == pytest.approx(0, abs=1e-9)


def test_efficiency_takes_more_people():
    """Heads at an efficiency of 0.8: one needs 1.25 people."""
    found = assign(requirement(a=1), [Group((("a", 0.8),), 5)])

    assert found.people[10] == pytest.approx(1.25)


def test_the_best_training_comes_first():
    """b lacks a head while a has one to spare: teach b to somebody of a."""
    needs = requirement(a=1, b=2)
    groups = [Group(ONLY_A, 2), Group(ONLY_B, 1)]
    found = trainings(needs, groups, assign(needs, groups))

    assert [(training.group, training.queue) for training in found] == [(ONLY_A, "b")]
    assert found[0].hours == pytest.approx(2)


def test_a_team_that_is_enough_needs_no_training():
    """Nothing missing, nothing to gain."""
    needs = requirement(a=1)
    groups = [Group(ONLY_A, 1)]

    assert trainings(needs, groups, assign(needs, groups)) == ()


def test_closed_hours_need_nobody():
    """Without need no programme is solved."""
    found = assign(requirement(a=0), [Group(ONLY_A, 1)])

    assert not found.people.any()


def test_groups_of_a_team():
    """Two alike, one who is slower, one who serves nothing here."""
    queues = {"a": Queue("a"), "b": Queue("b")}
    skills = ({"a": 1.0}, {"a": 1.0}, {"a": 1.0, "b": 0.8}, {"c": 1.0})
    team = [Agent(str(at), CONTRACT, skills=own) for at, own in enumerate(skills)]

    assert groups_of(team, queues) == (
        Group(ONLY_A, 2),
        Group((("a", 1.0), ("b", 0.8)), 1),
    )
