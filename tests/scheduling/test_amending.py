"""
A roster that stands, changed a little: against every roster of a tiny case.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.scheduling.beside import PAIR, best, changes, standing
from wfm.domain.roster import Block, Duty
from wfm.domain.workforce import WORK, Absence, AbsenceKind
from wfm.errors import NoRosterError
from wfm.scheduling.amending import amend
from wfm.scheduling.decided import Standing
from wfm.scheduling.problem import Problem


def beside(stands: Standing) -> Problem:
    return replace(PAIR.problem(), standing=stands)


def own(stands: Standing) -> tuple[Duty, ...]:
    return tuple(duty for tour in stands.duties.values() for duty in tour.values())


@pytest.mark.parametrize("price", [0, 1500])
def test_the_best_roster_beside_another_is_found(price):
    """At a price per change none of all rosters is cheaper, nor than its bound."""
    stands = standing(price=price)
    plan = amend(beside(stands), seed=3)
    least = best(beside(stands), own(stands))

    assert plan.bound <= least + 1
    assert plan.cost.total == pytest.approx(least, abs=1.5)


@pytest.mark.parametrize("most", [0, 1, 2])
def test_no_more_changes_than_the_limit(most):
    """Changes cost nothing, yet at most so many are made: the best roster among those."""
    stands = standing()
    plan = amend(beside(stands), most=most, seed=3)

    assert changes(beside(stands), plan.roster) <= most
    assert plan.bound <= best(beside(stands), own(stands), most) + 1


def test_nothing_changes_where_nothing_is_gained():
    """A price beyond all wages: the roster that stands comes back to the block."""
    stands = standing(price=1_000_000)
    plan = amend(beside(stands))

    for tour in plan.roster:
        assert {d.day: d.blocks for d in tour.planned} == {
            day: duty.blocks for day, duty in stands.duties[tour.agent].items()
        }


def test_a_roster_with_somebody_ill_is_the_best():
    """Ada is away on the first day and credited its hours: of all rosters the best is found."""
    ada, bob = PAIR.people
    ill = replace(ada, absences=(Absence(0, 1440, AbsenceKind.SICK),), credit={0: 120})
    base = standing(price=100)
    stands = replace(
        base, duties={**base.duties, "ada": {1: base.duties["ada"][1]}}, free={"ada": {0}}
    )
    problem = replace(PAIR, people=(ill, bob)).problem()
    problem = replace(problem, standing=stands)
    plan = amend(problem, seed=3)

    assert plan.cost.total == pytest.approx(best(problem, own(stands)), abs=1.5)
    assert not plan.roster.by_agent["ada"].works(0)


def test_a_kept_breach_spares_the_person_and_no_other():
    """Bob works eleven hours at a stretch, which is no shape of his: it stays, he is named."""
    long = Duty(0, (Block(420, 1080, WORK, ("a",)),))
    base = standing(price=100)
    stands = replace(base, duties={**base.duties, "bob": {0: long}}, kept={"bob": {0}})
    plan = amend(beside(stands))

    assert plan.spared == ("bob",)
    assert [d.blocks for d in plan.roster.by_agent["bob"].planned] == [long.blocks]


def test_more_changes_than_the_limit_are_an_error():
    """Ada is ill and may not be covered for her second day either: one change at least."""
    ada, bob = PAIR.people
    ill = replace(ada, absences=(Absence(0, 2880, AbsenceKind.SICK),), credit={0: 120, 1: 180})
    problem = replace(replace(PAIR, people=(ill, bob)).problem(), standing=standing())

    with pytest.raises(NoRosterError, match="2 person-days must change, 1 may"):
        amend(problem, most=1)


def test_a_run_that_is_stopped_changes_only_what_must_change():
    """Stopped from the start, with no change allowed: the roster that stands."""
    stands = standing()
    plan = amend(beside(stands), most=0, stop=lambda: True)

    assert changes(beside(stands), plan.roster) == 0
    assert plan.bound <= plan.cost.total
