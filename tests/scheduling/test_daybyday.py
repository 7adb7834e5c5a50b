"""
Rosters that grow day by day: what is held, and that it never leaves somebody without a tour.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.scheduling.test_wholedays import CASES, TEAM
from tests.scheduling.tiny import Case, cost, optimum, person
from wfm.domain.roster import Severity
from wfm.domain.workforce import Agent, Contract, Pay, Person, Shape
from wfm.scheduling.bound import solve_dual
from wfm.scheduling.daybyday import begun, dealt, grown, holding
from wfm.scheduling.schedule import schedule
from wfm.scheduling.search import search
from wfm.scheduling.tables import tabulate
from wfm.scheduling.wholedays import Days, prove, uniform

SOME_OF_THEM = Case(tuple(person(name, {"a": 1.0}, hours=3) for name in ("ada", "bob", "cy")))


def first_day(problem):
    """Tables, the dearest day as whole people spend it best, and the order of days."""
    tables = tabulate(problem)
    dual = solve_dual(tables, 60)
    order = Days(tables, dual.prices, dual.weights).order()
    first = prove(tables, dual, order[:1], 1000).start
    assert first is not None
    return tables, first, order


@pytest.mark.parametrize("name", CASES)
def test_a_held_day_is_spent_as_planned(name):
    """Every tour found in held tables works that day exactly as often and when it was planned."""
    tables, first, _ = first_day(CASES[name].problem())

    held = holding(tables, first)
    found = search(held, solve_dual(held, 60), np.random.default_rng(1), 20)

    planned = sorted(kind for _, kind, people in first.taken for _ in range(people))
    worked = found.state.tours[:, first.day]
    assert sorted(worked[worked >= 0].tolist()) == planned


@pytest.mark.parametrize("name", CASES)
def test_a_roster_grown_from_every_day_is_near_the_best_listed(name):
    """
    Everything is held, so the search has one roster left: among all of a tiny case it is
    never cheaper than the best, and at its cost where days do not spoil each other.
    """
    problem = CASES[name].problem()
    tables, first, order = first_day(problem)

    held, prices = grown(tables, first, order[1:], slack=1e6, nodes=1000)
    found = search(held, prices, np.random.default_rng(1), 20)

    least = optimum(problem)
    assert found.cost >= least - 1
    if len(problem.people) == 1:
        assert found.cost == pytest.approx(least, abs=1)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("whole_breaks", [False, True])
def test_a_roster_begun_with_the_dearest_day_is_lawful_and_never_below_the_best(
    name, whole_breaks, monkeypatch
):
    """The dearest day only: the search finds the other one, at a cost that is on the list."""
    monkeypatch.setattr("wfm.scheduling.wholedays.WHOLE_BREAKS", 0 if whole_breaks else 99)
    problem = CASES[name].problem()
    tables = tabulate(problem)
    dual = solve_dual(tables, 60)
    seen = []

    start = begun(tables, dual, 1, progress=lambda done, total, words="": seen.append(done))

    assert start is not None
    held, prices = start
    found = search(held, prices, np.random.default_rng(1), 20)
    roster = tables.roster(found.state.tours, found.state.starts)
    breaches = [one for tour in roster for one in problem.book.check(tour)]
    assert not [one for one in breaches if one.severity is Severity.HARD]
    assert found.cost == pytest.approx(cost(problem, roster), abs=1)
    assert found.cost >= optimum(problem) - 1
    assert seen == [0]


@pytest.mark.parametrize("case", [*CASES.values(), SOME_OF_THEM])
def test_a_day_dealt_anew_is_as_good_and_other_people_work_it(case):
    """The same choices as often, within the same groups; of two who are alike either comes."""
    tables, first, _ = first_day(case.problem())
    stream = np.random.default_rng(1)

    deals = [dealt(first, stream) for _ in range(20)]

    assert all(one.taken == first.taken for one in deals)
    for one in deals:
        for group, before in zip(one.choices, first.choices, strict=True):
            assert sorted(group.people) == sorted(before.people)
    workers = [np.isinf(holding(tables, one).team.off[:, first.day]) for one in deals]
    taken = [sum(n for at, _, n in first.taken if at == i) for i in range(len(first.choices))]
    assert {int(one.sum()) for one in workers} == {sum(taken)}
    chosen = any(0 < n < len(g.people) for n, g in zip(taken, first.choices, strict=True))
    assert (len({one.tobytes() for one in workers}) > 1) == chosen
    assert chosen == (case is SOME_OF_THEM)


def test_nothing_is_begun_where_cover_costs_nothing_or_time_is_up():
    """No day is dear where nobody is asked for."""
    free = tabulate(Case(TEAM, heads={"a": 0.0}).problem())
    assert begun(free, solve_dual(free, 6), 3) is None
    tables = tabulate(CASES["one queue"].problem())
    assert begun(tables, solve_dual(tables, 6), 3, stop=lambda: True) is None


@pytest.mark.parametrize("name", CASES)
def test_larger_teams_begin_so_and_reach_the_best_listed(name, monkeypatch):
    """The way of larger teams on cases whose rosters can be listed: its bound holds too."""
    monkeypatch.setattr("wfm.scheduling.strategies.MANY", 1)
    problem = CASES[name].problem()

    plan = schedule(problem, effort=0.5, seed=2)

    least = optimum(problem)
    assert plan.bound <= least + 1
    assert plan.cost.total == pytest.approx(least, abs=1)
    assert "HiGHS" in plan.solver


def test_many_alike_people_are_counted_day_by_day():
    """
    Five heads from 08:00 to 14:00 at 10 an hour, in shifts of two and four hours: 600.00 for
    two days, with nobody to spare and most of the team at home, and it is proven.
    """
    shape = Shape("half", (480, 600), (120, 240), (), step=120)
    free = Contract("free", 6, 5, (shape,), Pay("base", 1000), tolerance=6)
    people = tuple(Person(Agent(f"p{n:02d}", free, skills={"a": 1.0})) for n in range(40))
    problem = Case(people, days=2, heads={"a": 5.0}).problem()
    assert uniform(tabulate(problem))

    plan = schedule(problem, effort=0.05, seed=1)

    assert plan.cost.total == 60_000
    assert len([duty for tour in plan.roster for duty in tour.planned]) == 20
    assert plan.gap < 0.001
