"""
Days of whole people: a bound that no roster beats, sharper than the dual, and rosters.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from tests.scheduling.tiny import Case, cost, optimum, person, tours
from wfm.domain.roster import Roster
from wfm.domain.workforce import Absence, AbsenceKind, Wish, WishKind
from wfm.scheduling.bound import solve_dual, work_of
from wfm.scheduling.pricing import best_tour, kind_values, slot_values
from wfm.scheduling.tables import tabulate
from wfm.scheduling.wholedays import (
    Days,
    alike,
    own_cells,
    prove,
)

TEAM = person("ada", {"a": 1.0}), person("bob", {"a": 1.0})
ONE = Case(TEAM, heads={"a": 1.0})
PART = Case(TEAM, heads={"a": 0.7})
ALONE = Case(TEAM[:1], heads={"a": 1.0})
SPARE = Case(TEAM[:1], heads={"a": 0.7})
ONCE = Case((person("ada", {"a": 1.0}, hours=3),), heads={"a": 1.0})
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
AWAY = Case(
    (
        TEAM[0],
        person("bob", {"a": 1.0}, hours=3, absences=(Absence(1440, 2880, AbsenceKind.LEAVE),)),
    )
)
CASES = {
    "one queue": ONE,
    "parts of heads": PART,
    "somebody alone": ALONE,
    "alone for a part": SPARE,
    "one day of two": ONCE,
    "two skills": TWO,
    "a promise over the week": CURVE,
    "wishes": WISHED,
    "a day away": AWAY,
}


def proof(
    case: Case, *, passes: int = 60, backwards: bool = False, upper: float = np.inf
) -> tuple[float, float]:
    """The dual's bound and that of whole days, cents."""
    tables = tabulate(case.problem())
    dual = solve_dual(tables, passes)
    order = Days(tables, dual.prices, dual.weights).order()
    order = order[::-1] if backwards else order
    bound = prove(tables, dual, order, 1000, upper=upper).bound
    return dual.bound, bound


@pytest.mark.parametrize("name", CASES)
def test_no_listed_roster_is_cheaper_than_the_bound(name):
    """
    Every roster of a tiny case is listed; rough prices must give a bound all the same.
    """
    case = CASES[name]
    least = optimum(case.problem())

    for passes in (1, 4, 60):
        for backwards in (False, True):
            dual, bound = proof(case, passes=passes, backwards=backwards)
            assert dual <= bound <= least + 1


@pytest.mark.parametrize("name", CASES)
def test_leaving_out_what_is_too_dear_keeps_the_bound(name):
    """
    With the cost of a known roster, the best or a dearer one, no roster beats the bound.
    """
    case = CASES[name]
    least = optimum(case.problem())

    for more in (0.0, 1.0, 300.0, 5000.0):
        for passes in (1, 60):
            dual, bound = proof(case, passes=passes, upper=least + more)
            assert min(dual, least + more) <= bound <= least + 1


@pytest.mark.parametrize("name", CASES)
def test_choices_of_cheaper_rosters_are_not_left_out(name):
    """
    Every roster is listed: what those within some cents of the dual do on a day stays, and
    among the cases choices are left out.
    """
    problem = CASES[name].problem()
    tables = tabulate(problem)
    dual = solve_dual(tables, 60)
    days = Days(tables, dual.prices, dual.weights)
    every = [list(tours(problem, one)) for one in problem.people]
    costs = [(team, cost(problem, Roster(problem.grid, team))) for team in product(*every)]
    upper = min(paid for _, paid in costs) + 200
    for day in range(tables.size.days):
        split = days.split(day, upper - dual.bound)
        held = {
            p: {tables.frames[k].start for k in group.kinds.tolist()}
            | ({None} if np.isfinite(group.off) else set())
            for group in split.choices
            for p in group.people
        }
        for team, paid in costs:
            for p, tour in enumerate(team):
                if paid < upper:
                    duties = tour.by_day.get(day)
                    assert (duties[0].start if duties else None) in held[p]


def test_choices_that_are_too_dear_are_left_out():
    """One cent of slack leaves fewer choices than none said."""
    tables = tabulate(WISHED.problem())
    dual = solve_dual(tables, 60)
    days = Days(tables, dual.prices, dual.weights)

    def left(slack: float) -> int:
        return sum(len(group.kinds) for day in (0, 1) for group in days.split(day, slack).choices)

    assert left(1.0) < left(np.inf)


@pytest.mark.parametrize("case", [PART, CURVE])
def test_it_proves_what_the_dual_cannot(case):
    """
    Parts of heads are asked: parts of shifts could give them, whole people cannot.
    """
    dual, bound = proof(case)

    assert bound > dual + 100


@pytest.mark.parametrize("name", CASES)
def test_a_choice_costs_what_it_spoils_in_the_rest_of_the_tour(name):
    """
    The price of each choice is what everybody's best tour loses when it is the only one.
    """
    tables = tabulate(CASES[name].problem())
    dual = solve_dual(tables, 6)
    days = Days(tables, dual.prices, dual.weights)
    for day in range(tables.size.days):
        split = days.split(day)
        prices = np.where(days.own[day], 0.0, dual.prices)
        for group in split.choices:
            p = group.people[0]
            values = [
                best_value(tables, p, prices, day, kind) for kind in [*group.kinds.tolist(), -1]
            ]
            expected = max(values) - np.array(values)
            assert group.cost == pytest.approx(expected[:-1])
            assert (group.off if np.isfinite(group.off) else 1e15) == pytest.approx(
                min(expected[-1], 1e15)
            )


@pytest.mark.parametrize("name", CASES)
def test_what_a_kept_day_charged_is_given_back(name):
    """
    A day that is kept has charged its choices: for what is left all of them are worth the same.
    """
    tables = tabulate(CASES[name].problem())
    dual = solve_dual(tables, 6)
    charged = 0.0
    for day in range(tables.size.days):
        days = Days(tables, dual.prices, dual.weights)
        split = days.split(day)
        days.keep(day, split.choices, 0.0)
        left = {p: group for group in days.split(day).choices for p in group.people}
        for before in split.choices:
            charged = max(charged, before.cost.max(initial=0.0))
            for after in (left[p] for p in before.people):
                assert np.array_equal(after.kinds, before.kinds)
                assert after.cost == pytest.approx(0.0, abs=0.01)
                assert after.off == pytest.approx(0.0, abs=0.01) or before.off == np.inf
    assert charged > 100


def test_people_whom_a_day_cannot_tell_apart_are_one_group():
    """
    A wish for another day tells people apart, not what this day costs them.
    """
    problem = CASES["wishes"].problem()
    tables = tabulate(problem)
    dual = solve_dual(tables, 6)
    days = Days(tables, dual.prices, dual.weights)
    joined = 0
    for day in range(tables.size.days):
        groups = days.split(day).choices
        assert sorted(p for one in groups for p in one.people) == list(range(len(problem.people)))
        joined += len(groups) < len(days.groups)
        for one in groups:
            for p in one.people:  # what it costs each is no less than what it costs the group
                values, first = days._through(p, day, *free(days, day))
                costs = values.max() - values[one.kinds - first]
                assert (costs >= one.cost - 1e-6).all()
                assert costs == pytest.approx(one.cost, abs=0.02)
    assert joined > 0


def free(days, day):
    """Prices at which a day's own cells cost nothing."""
    return np.where(days.own[day], 0.0, days.prices), days.posts


def best_value(tables, p, prices, day, kind):
    """Value of the best tour with one choice on a day, by the programme for whole tours."""
    marks = tables.kinds.first[tables.team.type[p]]
    adjust, off = tables.team.adjust.copy(), tables.team.off.copy()
    here = adjust[p, marks[day] - marks[0] : marks[day + 1] - marks[0]]
    here[np.arange(marks[day], marks[day + 1]) != kind] = np.inf
    if kind >= 0:
        off[p, day] = np.inf
    held = replace(tables, team=tables.team._replace(adjust=adjust, off=off))
    team, work = held.team, work_of(held)
    slot_values(team.able[team.skill[p]], prices, *held.grid, work.gain, work.choice)
    pay = team.pay[team.rate[p]]
    kind_values(
        held.kinds, team.type[p], work.gain, work.stay, work.lost, pay, work.breaks, work.values
    )
    value = best_tour(
        held.kinds, held.arcs, team, p, work.values, work.space, work.scratch, work.tour
    )
    return max(value, -1e18)


def test_cells_that_two_days_reach_belong_to_neither():
    """
    Shifts of 08:00 to 14:00 by day: each day's own hours are those, 14 to 08 nobody's.
    """
    own = own_cells(tabulate(ONE.problem()))

    assert own.sum(axis=0).max() == 1
    assert np.flatnonzero(own[1]).tolist() == [24 + hour for hour in range(8, 14)]


def test_twins_are_alike_and_a_wish_tells_them_apart():
    """Two people under one contract are one group, until one wishes something."""
    assert alike(tabulate(ONE.problem())) == [[0, 1]]
    assert alike(tabulate(WISHED.problem())) == [[0], [1]]
