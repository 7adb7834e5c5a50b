"""
Days of whole people: a bound that no roster beats, sharper than the dual, and rosters.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.scheduling.tiny import Case, cost, optimum, person
from wfm.domain.workforce import Absence, AbsenceKind, Wish, WishKind
from wfm.scheduling.bound import solve_dual, work_of
from wfm.scheduling.pricing import best_tour, kind_values, slot_values
from wfm.scheduling.search import search
from wfm.scheduling.tables import tabulate
from wfm.scheduling.wholedays import (
    Days,
    Labour,
    alike,
    as_planned,
    dive,
    own_cells,
    plan_days,
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


def proof(case: Case, *, passes: int = 60, backwards: bool = False) -> tuple[float, float]:
    """The dual's bound and that of whole days, cents."""
    tables = tabulate(case.problem())
    dual = solve_dual(tables, passes)
    order = Days(tables, dual.prices, dual.weights).order()
    bound, _ = prove(tables, dual, order[::-1] if backwards else order, 1000)
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
        for before, after in zip(split.choices, days.split(day).choices, strict=True):
            charged = max(charged, before.cost.max(initial=0.0))
            assert after.cost == pytest.approx(0.0, abs=0.01)
            assert after.off == pytest.approx(0.0, abs=0.01) or before.off == np.inf
    assert charged > 100


def best_value(tables, p, prices, day, kind):
    """Value of the best tour with one choice on a day, by the programme for whole tours."""
    tours = np.full((len(tables.team.type), tables.size.days), -1)
    tours[p, day] = kind
    held = as_planned(tables, tours, [d for d in range(tables.size.days) if d != day])
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


def test_a_dive_ends_in_a_lawful_roster_of_the_cost_it_says():
    """Planned day by day and fixed: the checker finds nothing, another reader the same cost."""
    problem = TWO.problem()
    tables = tabulate(problem)
    found = dive(tables, solve_dual(tables, 60), [0, 1], 100, np.random.default_rng(0))

    assert found is not None
    roster = tables.roster(found.state.tours, found.state.starts)
    assert not [v for tour in roster for v in problem.book.check(tour)]
    assert cost(problem, roster) <= found.cost + 1


def test_planning_anew_never_costs_more():
    """The roster that comes back is at most as dear as the one that went in."""
    tables = tabulate(TWO.problem())
    dual = solve_dual(tables, 3)
    first = search(tables, dual, np.random.default_rng(2), 5)
    best, bound = plan_days(tables, dual, first, Labour.of(1.0), seed=1)

    assert bound - 1 <= best.cost <= first.cost
