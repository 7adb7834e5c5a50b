"""
The scheduler against every roster of a tiny case, and what it owes its users.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.scheduling.tiny import Case, cost, optimum, person
from wfm.domain.roster import Block, Duty, Severity
from wfm.domain.workforce import WORK, Absence, AbsenceKind, Wish, WishKind
from wfm.errors import NoRosterError
from wfm.paying.costs import cost as cost_lines
from wfm.paying.costs import total
from wfm.scheduling.schedule import schedule

ONE = Case((person("ada", {"a": 1.0}), person("bob", {"a": 1.0})), heads={"a": 1.0})
TWO = Case(
    (person("ada", {"a": 1.0, "b": 0.8}), person("bob", {"b": 1.0})), heads={"a": 0.5, "b": 1.0}
)
CURVE = replace(ONE, curve=True)
WISHED = Case(
    (
        person("ada", {"a": 1.0}, hours=3, wishes=(Wish(0, WishKind.OFF, 700),)),
        person("bob", {"a": 1.0}, hours=3, wishes=(Wish(0, WishKind.OFF, 300),)),
    ),
)
CASES = {"one queue": ONE, "two skills": TWO, "a promise over the week": CURVE, "wishes": WISHED}


@pytest.mark.parametrize("name", CASES)
def test_bound_is_below_and_roster_reaches_the_enumerated_optimum(name):
    """Of every roster listed, none is cheaper than the plan, and none than its bound."""
    problem = CASES[name].problem()
    plan = schedule(problem, seed=3)
    best = optimum(problem)

    assert plan.bound <= best + 1
    assert plan.cost.total == pytest.approx(best, abs=1.5)


def test_objective_is_what_others_find_in_the_roster():
    """Pay equals the cost lines to the cent, and the sum an independent reading's."""
    problem = TWO.problem()
    plan = schedule(problem)

    assert plan.cost.pay == total(cost_lines(plan.roster))
    assert plan.cost.total == pytest.approx(cost(problem, plan.roster), abs=1)


def test_same_seed_same_roster():
    """Two runs with one seed give the same duties."""
    problem = TWO.problem()

    assert schedule(problem, seed=5).roster == schedule(problem, seed=5).roster


def test_short_team_still_gets_a_plan():
    """Ten heads are asked of two people: a plan with a shortfall, not an error."""
    plan = schedule(replace(ONE, heads={"a": 10.0}).problem())

    assert plan.cost.shortfall > 0
    assert all(tour.planned for tour in plan.roster)


def test_person_without_a_legal_week_is_named_with_the_conflict():
    """Eleven hours a week cannot be made of two shifts of at most three."""
    stuck = Case((person("ada", {"a": 1.0}), person("eve", {"a": 1.0}, hours=11)), days=7)
    shut = Absence(2 * 1440, 7 * 1440, AbsenceKind.LEAVE)
    away = replace(stuck.people[1], absences=(shut,))
    problem = replace(stuck, people=(stuck.people[0], away)).problem()

    with pytest.raises(NoRosterError) as found:
        schedule(problem)

    assert len(found.value.problems) == 1
    assert "eve" in str(found.value)
    assert "CONTRACT-HOURS" in str(found.value)
    assert "ABSENT" in str(found.value)


def test_people_stuck_for_the_same_reason_share_one_problem():
    """Two twins with the same impossible hours are named together."""
    twins = Case((person("ada", {"a": 1.0}, hours=60), person("eve", {"a": 1.0}, hours=60)), days=7)

    with pytest.raises(NoRosterError) as found:
        schedule(twins.problem())

    assert [problem.place for problem in found.value.problems] == ["agents ada, eve"]


def test_stopped_at_once_still_returns_a_legal_roster():
    """A stop that says so from the start leaves one pass: rules hold all the same."""
    problem = TWO.problem()
    plan = schedule(problem, stop=lambda: True)
    broken = [v for tour in plan.roster for v in problem.book.check(tour)]

    assert not [v for v in broken if v.severity is Severity.HARD]
    assert plan.bound <= plan.cost.total


def test_late_duty_carried_in_keeps_the_daily_rest():
    """Who worked until 23:00 on the eve may not start before 10:00."""
    eve = Duty(-1, (Block(-240, -60, WORK, ("a",)),))
    case = Case((person("ada", {"a": 1.0}),), past={"ada": (eve,)})
    plan = schedule(case.problem())

    assert all(duty.start >= 600 for duty in plan.roster.by_agent["ada"].planned if duty.day == 0)
