"""Rosters by columns: bounds and optima held against every roster of tiny cases."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from shiftcases import instance, optimum, small

from benchmarks.shift_instances import Instance, Member, case
from wfm.errors import NoRosterError
from wfm.scheduling.diving import (
    Dive,
    dive,
    generate,
    lagrangian,
    raised,
    rounded,
    rows_without,
)
from wfm.scheduling.improving import begin
from wfm.scheduling.master import Master
from wfm.scheduling.rostering import roster_by_columns
from wfm.scheduling.team import Team, grained

EFFORT = 3e8


def cases():
    """Made-up instances in which everybody has a legal tour."""
    for seed in range(40):
        problem = small(seed)
        try:
            team = Team(problem.covering)
            begin(team, team.rows, range(team.people))
        except NoRosterError:
            continue
        yield seed, problem


@pytest.mark.parametrize(("seed", "problem"), list(cases())[:8])
def test_bound_below_optimum_and_optimum_found(seed, problem):
    """The bound never passes the true optimum, and a tiny case is solved to it."""
    best = optimum(problem)
    found = roster_by_columns(problem.covering, seed=seed, effort=EFFORT)
    assert found.bound <= best
    assert found.objective == best


@pytest.mark.parametrize(("seed", "problem"), list(cases())[:4])
def test_any_prices_give_a_valid_bound(seed, problem):
    """The Lagrangian bound holds at prices drawn at random, and rounded up, too."""
    best = optimum(problem)
    team = Team(problem.covering)
    draw = np.random.default_rng(seed)
    for _ in range(50):
        prices = grained(draw.uniform(-2, 110, len(team.rows.need)), team.rows)
        bound, _ = lagrangian(team, team.rows, range(team.people), prices)
        assert raised(team, bound) <= best


def test_bound_is_rounded_up_only_where_costs_are_whole():
    """With half a unit among the prices, 10.25 stays; with whole ones it becomes 11."""
    problem = small(0)
    assert raised(Team(problem.covering), 10.25) == 11
    rows = replace(problem.covering.rows, surplus=problem.covering.rows.surplus / 2)
    assert raised(Team(replace(problem.covering, rows=rows)), 10.25) == 10.25


def test_roster_is_clean():
    """The book, which knows no tables, finds nothing in what comes out."""
    _, problem = next(cases())
    found = roster_by_columns(problem.covering, effort=EFFORT)
    at = 0
    for group, (book, blanks) in enumerate(zip(problem.books, problem.tours, strict=True)):
        for person in range(len(blanks)):
            assert not book.check(problem.filled(group, person, found.tours[at].tolist()))
            at += 1


def test_same_seed_same_roster():
    """Work is counted, not timed: two runs give the same tours."""
    problem = case(instance(3, days=14, people=6))
    one, two = (roster_by_columns(problem.covering, seed=2, effort=2e7) for _ in range(2))
    assert (one.tours == two.tours).all()
    assert one.bound == two.bound


def test_nobody_gets_an_empty_week_in_silence():
    """Who must work 10 hours more than days allow is named."""
    made = instance(0)
    member = replace(made.staff[1], least_minutes=6 * 480 + 600, most_minutes=9999)
    broken = replace(made, staff=(made.staff[0], member, made.staff[2]))
    with pytest.raises(NoRosterError, match="P1"):
        roster_by_columns(case(broken).covering)


def mixed(seed):
    """A master after column generation, over everybody of a made-up instance."""
    problem = small(seed)
    team = Team(problem.covering)
    everybody = list(range(team.people))
    master = Master(team.rows, everybody)
    for column in begin(team, team.rows, everybody).values():
        master.add(column)
    generate(team, master, everybody, team.rows)
    return team, master


@pytest.mark.parametrize(("seed", "_"), list(cases())[:4])
def test_a_smaller_master_has_the_same_optimum(seed, _):
    """Half of the people fixed: the others alone, over what is left, cost what is missing."""
    team, master = mixed(seed)
    fixed = []
    for person in master.people[: len(master.people) // 2]:
        fixed.append(master.of(person)[-1])
        master.fix(master.columns.index(fixed[-1]))
    free = master.people[len(fixed) :]
    smaller = master.only(free, rows_without(team.rows, fixed))

    whole = smaller.solve().objective + sum(column.cost for column in fixed)
    assert whole == pytest.approx(master.solve().objective)


def test_who_is_left_when_time_is_over_takes_the_heaviest_tour():
    """One tour for each of them, and none heavier among their own."""
    _, master = mixed(next(cases())[0])
    relaxed = master.solve()
    found = rounded(master, relaxed, master.people)
    weight = dict(zip(map(id, master.columns), relaxed.weights, strict=True))

    assert [column.person for column in found] == master.people
    assert all(
        weight[id(column)] == max(weight[id(one)] for one in master.of(column.person))
        for column in found
    )


def test_a_dive_without_time_gives_up():
    """Nothing is fixed yet, so there is nothing to be rounded."""
    team, master = mixed(next(cases())[0])
    root = generate(team, master, master.people, team.rows)
    manner = Dive(until=-1.0, last=-1.0)

    assert dive(team, master, team.rows, root, manner=manner, rng=np.random.default_rng(0)) is None


def test_hours_that_everybody_owes_are_in_the_bound():
    """Two people owe twenty days of eight hours each and cost an hour's price: 320 is proven."""
    hours = {(n, day, "d"): 8 for n in "ab" for day in range(28)}
    staff = tuple(Member(n, {}, 60 * 8 * 28, 60 * 8 * 20, 28, 1, 1, 28) for n in "ab")
    needs = {(day, "d"): (1, 1000, 0) for day in range(28)}
    found = roster_by_columns(
        case(Instance("owed", 28, {"d": 480}, frozenset(), staff, {}, hours, needs)).covering,
        effort=EFFORT,
    )
    assert found.objective == found.bound == 320
