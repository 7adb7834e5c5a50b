"""
Rules across people in the plan: against every roster of tiny cases, the checker and CP-SAT.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import pytest
from ortools.sat.python import cp_model

from tests.scheduling.tiny import Case, cost, optimum, person, rosters, tours
from wfm.domain.demand import Queue
from wfm.domain.outcome import Plan
from wfm.domain.roster import Block, Duty, Roster, Severity
from wfm.domain.workforce import WORK, Person
from wfm.errors import NoRosterError
from wfm.rules.book import Book, load_preset
from wfm.rules.entry import Entry
from wfm.rules.team import TeamPresence
from wfm.scheduling.amending import amend
from wfm.scheduling.bound import lagrange, solve_dual, work_of
from wfm.scheduling.cover import cell_cost
from wfm.scheduling.decided import Standing
from wfm.scheduling.finish import settle, steps_of
from wfm.scheduling.manning import lacking, manned
from wfm.scheduling.posts import join_posts
from wfm.scheduling.problem import Problem
from wfm.scheduling.proving import Prover, sharpen
from wfm.scheduling.schedule import schedule
from wfm.scheduling.search import nobody, search
from wfm.scheduling.tables import Tables, tabulate
from wfm.scheduling.wholedays import Days, prove
from wfm.verifying import differences, verify


def lead(name: str, traits: tuple[str, ...] = ("supervisor",), hours: float = 5) -> Person:
    one = person(name, {"a": 1.0}, hours)
    return replace(one, agent=replace(one.agent, traits=frozenset(traits)))


def book(*rules: TeamPresence, price: int = 0) -> Book:
    """EU law with rules across people, hard or at a price a minute."""
    severity = Severity.PRICED if price else Severity.HARD
    law = load_preset("eu-wtd", queues=[Queue("a")])
    return law.with_entries(
        Entry(f"TEAM-{at}", rule, severity, price) for at, rule in enumerate(rules)
    )


EARLY, LATE = (480, 600), (660, 840)
TWO = lead("ada"), lead("bob")
MIXED = lead("ada"), lead("bob", ())
ONE = TeamPresence("supervisor", window=EARLY)
MONDAY = frozenset({"monday"})
# both at work from nine to ten have their break at ten, when two are wanted
AT_WORK = TeamPresence("supervisor", 2, window=(540, 600), weekdays=MONDAY, resting=False)
APART = TeamPresence(at_least=0, at_most=1, window=(480, 660))
LATER = TeamPresence("supervisor", window=LATE)
BOTH = TeamPresence(at_least=2, window=(600, 660), weekdays=frozenset({"tuesday"}))
CASES = {
    "one at eight": Case(TWO, book=book(ONE), heads={"a": 1.0}, open_clock=(660, 840)),
    "only a supervisor counts": Case(MIXED, book=book(ONE), open_clock=(600, 840)),
    "breaks do not count": Case(TWO, book=book(AT_WORK), heads={"a": 2.0}, open_clock=(600, 660)),
    "at most one": Case(TWO, book=book(APART), heads={"a": 2.0}),
    "two rules": Case(TWO, book=book(ONE, LATER), heads={"a": 2.0}, open_clock=(480, 600)),
    "both on Tuesday": Case(TWO, book=book(BOTH), heads={"a": 0.0}),
    "too dear to keep": Case(MIXED, book=book(LATER, price=1), open_clock=(480, 600)),
    "worth its price": Case(MIXED, book=book(LATER, price=100), open_clock=(480, 600)),
    "at most one, at a price": Case(TWO, book=book(APART, price=4), heads={"a": 2.0}),
    "a promise over the week": Case(TWO, book=book(LATER, APART), curve=True),
}


@cache
def planned(name: str) -> tuple[Problem, Plan, float]:
    """A case, its plan, and the least cost of all rosters."""
    problem = CASES[name].problem()
    return problem, schedule(problem, seed=3, effort=0.2), optimum(problem)


@pytest.mark.parametrize("name", CASES)
def test_the_plan_is_the_best_of_all_rosters(name):
    """Of every roster listed that keeps the rule, none is cheaper than plan or bound."""
    _, plan, best = planned(name)

    assert plan.bound <= best + 1
    assert plan.cost.total == pytest.approx(best, abs=1.5)


def test_the_rules_of_these_cases_bite():
    """Without its rule, each case has a cheaper best roster."""
    for name, case in CASES.items():
        free = schedule(replace(case, book=book()).problem(), effort=0.1)
        assert free.cost.total < planned(name)[2] - 1


@pytest.mark.parametrize("name", CASES)
def test_the_reading_of_the_roster_agrees(name):
    """The checker finds no hard breach, and the same pay, priced breaches and shortfall."""
    problem, plan, _ = planned(name)
    verdict = verify(
        plan.roster,
        problem.requirement,
        problem.queues,
        problem.book,
        prices=problem.shortfall_prices,
    )

    assert list(differences(plan, verdict)) == []
    assert plan.cost.total == pytest.approx(cost(problem, plan.roster), abs=1)


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("passes", [1, 2, 5, 40])
def test_any_prices_give_a_bound(name, passes):
    """Rough prices of posts, and those moved on from them, prove no more than the optimum."""
    problem, _, best = planned(name)
    tables = tabulate(problem)
    dual = solve_dual(tables, passes)

    assert dual.bound <= best + 1e-6
    assert sharpen(tables, dual, best, 30)[0] <= best + 1e-6


@pytest.mark.parametrize("name", CASES)
def test_the_bound_at_some_prices_is_that_of_the_dual(name):
    """Two roads to one figure, posts among it: arrays here, a compiled loop there."""
    tables = tabulate(CASES[name].problem())
    dual = solve_dual(tables, 7)
    work = work_of(tables)
    drawn = np.random.default_rng(1).normal(0, 300, dual.posts.shape)
    posts = np.maximum(dual.posts + drawn, tables.posts.lowest)
    work.prices[:], work.posts[:] = dual.prices, posts
    flat = (tables.kinds, tables.arcs, tables.team, tables.cells, tables.grid)
    point = Prover(tables).at(dual.prices, dual.weights, posts)

    assert point.bound == pytest.approx(lagrange(*flat, dual.weights, tables.order, work))


@pytest.mark.parametrize("name", CASES)
def test_steps_far_and_wide_prove_no_more_than_the_optimum(name):
    """Where a cost above any is aimed at, prices go as far as they may: it is still a bound."""
    problem, _, best = planned(name)
    tables = tabulate(problem)
    dual = solve_dual(tables, 3)
    draws = np.random.default_rng(2)
    prover = Prover(tables)
    for _ in range(20):
        posts = np.maximum(draws.normal(0, 2000, dual.posts.shape), tables.posts.lowest)
        assert prover.at(dual.prices, dual.weights, posts).bound <= best + 1e-6
    assert sharpen(tables, dual, 3 * best, 60)[0] <= best + 1e-6


@pytest.mark.parametrize("name", CASES)
def test_days_of_whole_people_prove_no_more_than_the_optimum(name):
    """Rough prices or good ones, days forwards or backwards: at least the dual's, still a bound."""
    problem, _, best = planned(name)
    tables = tabulate(problem)
    for passes in (1, 4, 40):
        dual = solve_dual(tables, passes)
        order = Days(tables, dual.prices, dual.weights, dual.posts).order()
        for days in (order, order[::-1]):
            assert dual.bound <= prove(tables, dual, days, 1000).bound <= best + 1


def test_days_of_whole_people_prove_what_prices_cannot():
    """A supervisor at work from eight to twelve: parts of people are, whole ones have breaks."""
    rule = TeamPresence("supervisor", window=(480, 720), resting=False)
    tables = tabulate(Case(TWO, book=book(rule), heads={"a": 0.7}).problem())
    dual = solve_dual(tables, 60)
    order = Days(tables, dual.prices, dual.weights, dual.posts).order()

    assert prove(tables, dual, order, 1000).bound > dual.bound + 100


def test_a_plan_of_whole_days_is_the_best_too():
    """Enough effort for days of whole people: the optimum of each case all the same."""
    for name in ("two rules", "breaks do not count", "at most one, at a price"):
        problem, _, best = planned(name)
        plan = schedule(problem, seed=3, effort=0.25)
        assert plan.bound <= best + 1
        assert plan.cost.total == pytest.approx(best, abs=1.5)
        assert "HiGHS" in plan.solver


def test_what_comes_is_subtracted_at_posts_too():
    """The bound lies below its tangent wherever prices of posts move."""
    prover = Prover(tabulate(CASES["two rules"].problem()))
    dual = solve_dual(prover.tables, 12)
    here = prover.at(dual.prices, dual.weights, dual.posts)
    draws = np.random.default_rng(5)
    for _ in range(20):
        drawn = dual.posts + draws.normal(0, 300, dual.posts.shape)
        posts = np.maximum(drawn, prover.tables.posts.lowest)
        there = prover.at(dual.prices, dual.weights, posts)
        assert there.bound <= here.bound + float(here.by_post @ (posts - dual.posts)) + 1e-6


# The agreement: checker, tables and CP-SAT on every roster of two people.

AGREE = {
    "least": (TWO, ONE),
    "least of one": (MIXED, ONE),
    "breaks do not count": (TWO, TeamPresence(window=(480, 720), resting=False)),
    "most": (TWO, APART),
    "both bounds": (TWO, TeamPresence(at_least=1, at_most=1, window=(600, 720))),
    "one weekday": (TWO, BOTH),
    "half an hour": (TWO, TeamPresence(at_least=1, window=(630, 660), resting=False)),
}


def placed(tables: Tables, roster: Roster) -> float:
    """What the tables charge a roster for its posts, cents."""
    state = nobody(tables)
    size = tables.size
    for p, tour in enumerate(roster):
        first = tables.kinds.first[tables.team.type[p]]
        for duty in tour.planned:
            pause = next(block for block in duty.blocks if block.activity.pause)
            menu = range(first[duty.day], first[duty.day + 1])
            (kind,) = [
                k
                for k in menu
                if (tables.frames[k].start, tables.frames[k].end) == (duty.start, duty.end)
            ]
            state.tours[p, duty.day] = kind
            state.starts[p, duty.day, 0] = pause.start // size.unit + size.pad
        args = state.tours[p], state.starts[p], 1.0, state.heads
        join_posts(tables.kinds, tables.cells, tables.team, p, *args)
    own = range(size.queues * size.intervals, len(tables.cells.corners))
    return sum(cell_cost(tables.cells, c, state.heads[c], 0.0) for c in own)


@pytest.mark.parametrize("name", AGREE)
def test_checker_tables_and_cp_sat_admit_the_same_rosters(name):
    """All pairs of tours: the same are clean, and a breach costs what the checker counts."""
    people, rule = AGREE[name]
    problem = Case(people, book=book(rule, price=3)).problem()
    every = [list(tours(problem, one)) for one in problem.people]
    tables = tabulate(problem)
    pairs = list(product(*(range(len(menu)) for menu in every)))
    admitted = by_cp_sat(rule, every)
    tables_say, checker_says = [], set()
    for pair in pairs:
        roster = Roster(problem.grid, tuple(m[at] for m, at in zip(every, pair, strict=True)))
        amount = sum(one.amount for one in problem.book.together(roster))
        tables_say.append(placed(tables, roster) == pytest.approx(3 * amount))
        checker_says |= {pair} if not amount else set()

    assert all(tables_say)
    assert checker_says == admitted
    assert 0 < len(admitted) < len(pairs)


def by_cp_sat(rule: TeamPresence, every: list[list]) -> set[tuple[int, ...]]:
    """Pairs of tours that a model of its own admits, by the half hour."""
    model = cp_model.CpModel()
    takes = [[model.new_bool_var("") for _ in menu] for menu in every]
    for own in takes:
        model.add_exactly_one(own)
    days = range(2) if len(rule.weekdays) == 7 else [1]
    for day in days:
        for at in range(1440 * day + rule.window[0], 1440 * day + rule.window[1], 30):
            there = [
                taken
                for menu, own in zip(every, takes, strict=True)
                for tour, taken in zip(menu, own, strict=True)
                if not rule.skill or rule.skill in tour.person.agent.traits
                for duty in tour.duties
                for block in duty.blocks
                if block.start <= at < block.end and (rule.resting or block.activity.work)
            ]
            model.add(sum(there) >= rule.at_least)
            if rule.at_most is not None:
                model.add(sum(there) <= rule.at_most)
    solver = cp_model.CpSolver()
    solver.parameters.enumerate_all_solutions = True
    solver.parameters.num_workers = 1
    seen = _Seen(takes)
    assert solver.solve(model, seen) in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return seen.found


class _Seen(cp_model.CpSolverSolutionCallback):
    def __init__(self, takes):
        super().__init__()
        self.takes, self.found = takes, set()

    def on_solution_callback(self):
        taken = tuple([self.boolean_value(one) for one in own].index(True) for own in self.takes)
        self.found.add(taken)


# What is carried in, what stands, and what cannot be.


def test_a_night_carried_in_is_there_in_the_morning():
    """On duty until 04:00 from the eve: one of two asked until 05:00 lacks an hour at a price."""
    eve = Duty(-1, (Block(-120, 240, WORK, ("a",)),))
    rule = TeamPresence(at_least=1, window=(0, 300), weekdays=MONDAY)
    case = Case((lead("ada"), lead("bob")), book=book(rule, price=5), past={"ada": (eve,)})
    problem = case.problem()
    plan = schedule(problem, effort=0.2)

    assert plan.cost.wishes == 60 * 5
    assert plan.bound <= optimum(problem) + 1


def test_too_many_carried_in_cost_what_they_are():
    """Two are there until 04:00 and at most one may be: four hours at a price in any plan."""
    eve = Duty(-1, (Block(-120, 240, WORK, ("a",)),))
    rule = TeamPresence(at_least=0, at_most=1, window=(0, 300), weekdays=MONDAY)
    case = Case(TWO, book=book(rule, price=5), past={"ada": (eve,), "bob": (eve,)})
    plan = schedule(case.problem(), effort=0.2)

    assert plan.cost.wishes == 240 * 5
    assert plan.bound <= optimum(case.problem()) + 1


def test_a_minimum_that_nobody_can_meet_is_named():
    """At seven nobody of two supervisors can be there: the rule, when, and how many lack."""
    rule = TeamPresence("supervisor", window=(420, 540))
    with pytest.raises(NoRosterError) as found:
        schedule(Case(TWO, book=book(rule)).problem())

    (fault,) = found.value.problems
    assert fault.place == "rule TEAM-0"
    assert "On 2024-01-01 at 07:00 1 more are needed, 0 can come" in fault.message


def test_a_minimum_beyond_those_who_can_come_names_them():
    """Two supervisors are asked at nine, and there is one."""
    rule = TeamPresence("supervisor", at_least=2, window=(540, 600))
    with pytest.raises(NoRosterError, match="1 can come, of whom ada could be there"):
        schedule(Case(MIXED, book=book(rule)).problem())


def test_what_cannot_be_kept_all_the_time_is_named():
    """One supervisor cannot be there from eight to fourteen on both days."""
    rule = TeamPresence("supervisor", window=(480, 840))
    case = Case(MIXED, book=book(rule))
    assert not list(rosters(case.problem()))
    with pytest.raises(NoRosterError) as found:
        schedule(case.problem(), effort=0.2)

    assert found.value.problems[0].place.startswith("rule TEAM-0, 2024-01-0")
    assert found.value.problems[0].message.startswith("no roster keeps it: From 08:00 to 14:00")
    assert "1 missing" in found.value.problems[0].message


@pytest.mark.parametrize("name", CASES)
def test_cp_sat_finds_tours_that_keep_hard_rules(name):
    """Held to what it found, the team's roster breaks none; breaks alone may still do."""
    problem = CASES[name].problem()
    tables = tabulate(problem)
    held = manned(tables)
    assert held.tables is not None
    found = search(held.tables, solve_dual(tables, 5), np.random.default_rng(3), 5)
    hard = [one for one in problem.book.together(tables.roster(*found.state[:2]))
            if one.severity is Severity.HARD]  # fmt: skip

    assert not hard or name == "breaks do not count"
    assert lacking(tables, found.state) == bool(hard)


def test_a_kept_roster_keeps_what_its_team_breaks_and_says_so():
    """Both days stay as they stand, with nobody at eight: the team is spared, not refused."""
    late = {
        day: Duty(day, (Block(1440 * day + 600, 1440 * day + 750, WORK, ("a",)),), "half")
        for day in range(2)
    }
    stands = Standing({"ada": late, "bob": late}, kept={"ada": (0, 1), "bob": (0, 1)})
    problem = replace(Case(TWO, book=book(ONE)).problem(), standing=stands)
    plan = amend(problem)

    assert plan.spared == ("team",)
    assert plan.bound <= plan.cost.total


def test_a_roster_is_changed_so_far_as_the_team_needs_it():
    """Nobody stands at eight: one of two comes earlier, on each day, and no more changes."""
    free = schedule(
        Case(TWO, heads={"a": 1.0}, open_clock=(660, 840)).problem(), seed=3, effort=0.2
    )
    duties = {t.agent: {d.day: d for d in t.planned} for t in free.roster}
    stands = Standing(duties, price=100)
    case = Case(TWO, book=book(ONE), heads={"a": 1.0}, open_clock=(660, 840))
    plan = amend(replace(case.problem(), standing=stands), seed=3)

    assert not plan.spared
    assert not list(case.problem().book.together(plan.roster))
    changed = [
        (tour.agent, day)
        for tour in plan.roster
        for day in stands.changed(tour.agent, tour.by_day, 2)
    ]
    assert 1 <= len(changed) <= 4


def test_a_roster_is_changed_even_where_two_must_change_together():
    """Both stand early, and one is wanted early, one late: no change of one alone is a gain."""
    free = schedule(replace(CASES["two rules"], book=book()).problem(), seed=3, effort=0.2)
    duties = {t.agent: {d.day: d for d in t.planned} for t in free.roster}
    problem = replace(CASES["two rules"].problem(), standing=Standing(duties, price=100))
    plan = amend(problem, seed=3)

    assert not plan.spared
    assert not list(problem.book.together(plan.roster))
    assert plan.cost.total <= planned("two rules")[2] + 4 * 100 + 1


def test_heads_at_posts_are_kept_up():
    """After a search they are those counted anew from the tours."""
    tables = tabulate(CASES["two rules"].problem())
    found = search(tables, solve_dual(tables, 12), np.random.default_rng(3), 5)
    heads = found.state.heads.copy()
    settle(tables, steps_of(tables), found.state)

    assert heads == pytest.approx(found.state.heads, abs=1e-9)
    assert heads[-len(tables.posts.at) :].max() >= 1


def test_info_is_no_rule_for_the_plan():
    """What is only said leaves the plan as it is without."""
    said = load_preset("eu-wtd", queues=[Queue("a")]).with_entries(
        [Entry("TEAM", LATER, Severity.INFO)]
    )
    case = Case(TWO, heads={"a": 2.0}, open_clock=(480, 600))
    with_it, without = (
        schedule(replace(case, book=law).problem(), seed=2, effort=0.1) for law in (said, book())
    )

    assert [t.duties for t in with_it.roster] == [t.duties for t in without.roster]
    assert with_it.bound == without.bound
