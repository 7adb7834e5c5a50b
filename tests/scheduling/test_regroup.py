"""
People who leave and come back: what the roster costs is kept true, and never rises.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tests.scheduling.tiny import Case, person
from wfm.domain.demand import Queue
from wfm.domain.roster import Severity
from wfm.rules.book import load_preset
from wfm.rules.entry import Entry
from wfm.rules.team import TeamPresence
from wfm.scheduling.bound import softness, solve_dual, work_of
from wfm.scheduling.cover import cell_bound, cell_cost
from wfm.scheduling.finish import curves_of, settle
from wfm.scheduling.regroup import kept_of, regroup, regrouped, stand_in_way
from wfm.scheduling.search import objective, search
from wfm.scheduling.tables import tabulate
from wfm.scheduling.window import window_of

TWO = Case(
    (person("ada", {"a": 1.0, "b": 0.8}), person("bob", {"b": 1.0})), heads={"a": 0.5, "b": 1.0}
)
CURVE = Case((person("ada", {"a": 1.0}), person("bob", {"a": 1.0})), heads={"a": 1.0}, curve=True)
RULE = Entry("TEAM", TeamPresence(at_least=0, at_most=1, window=(480, 660)), Severity.PRICED, 4)
POSTS = Case(
    CURVE.people,
    heads={"a": 2.0},
    book=load_preset("eu-wtd", queues=[Queue("a")]).with_entries([RULE]),
)


def started(case):
    """Tables of a case, its dual and a first roster."""
    tables = tabulate(case.problem())
    dual = solve_dual(tables, 12)
    return tables, dual, search(tables, dual, np.random.default_rng(3), 5)


@pytest.mark.parametrize("case", [TWO, CURVE, POSTS])
def test_heads_and_costs_are_kept_up(case):
    """
    After many hot turns, heads and everybody's cost are those counted anew from the tours.
    """
    tables, dual, found = started(case)
    state, kept, curves = found.state.copy(), kept_of(tables), curves_of(tables.cells)
    objective(tables.cells, state, kept.missing)
    window = window_of(tables)
    laid = (tables.kinds, tables.arcs, tables.team, tables.cells, curves, tables.grid)
    day_of = np.asarray(tables.problem.grid.day, dtype=np.int64)
    hot = 1e6, 1e6  # everything is taken

    taken = regroup(
        window,
        laid,
        (dual.prices, dual.weights),
        day_of,
        20.0,
        state,
        work_of(tables),
        kept,
        50,
        hot,
        1,
    )
    heads, cost, missing = state.heads.copy(), state.cost.copy(), kept.missing.copy()
    settle(tables, window.steps, state)
    objective(tables.cells, state, kept.missing)

    assert taken == 50
    assert heads == pytest.approx(state.heads, abs=1e-9)
    assert cost == pytest.approx(state.cost, abs=1e-6)
    assert missing == pytest.approx(kept.missing, abs=1e-6)


@pytest.mark.parametrize("case", [TWO, CURVE, POSTS])
def test_a_turn_that_is_not_taken_leaves_no_trace(case):
    """
    Without heat only what is cheaper is kept: the cost never rises from turn to turn.
    """
    tables, dual, found = started(case)
    state, kept, curves = found.state.copy(), kept_of(tables), curves_of(tables.cells)
    window = window_of(tables)
    laid = (tables.kinds, tables.arcs, tables.team, tables.cells, curves, tables.grid)
    day_of = np.asarray(tables.problem.grid.day, dtype=np.int64)
    costs = [objective(tables.cells, state, kept.missing)]
    for seed in range(20):
        cold = 1e-9, 1e-9
        guide = dual.prices, dual.weights
        regroup(window, laid, guide, day_of, 1e6, state, work_of(tables), kept, 1, cold, seed)
        costs.append(objective(tables.cells, state, kept.missing))

    assert all(after <= before + 1e-3 for before, after in pairwise(costs))


@pytest.mark.parametrize("case", [TWO, CURVE, POSTS])
def test_the_best_roster_is_lawful_and_no_dearer(case):
    """
    The book finds no hard breach, and the cost is at most that of the start.
    """
    tables, dual, found = started(case)
    better = regrouped(
        tables, dual, found, 1000, work=work_of(tables), heat=softness(tables), seed=1
    )
    roster = tables.roster(better.state.tours, better.state.starts)
    breaches = [b for tour in roster for b in tables.problem.book.check(tour)]

    assert better.cost <= found.cost + 1e-6
    assert not [b for b in breaches if b.severity is Severity.HARD]


def test_what_stands_in_the_way_is_cost_above_the_least():
    """
    Cell by cell: cost and price of its heads, less the least of these over all heads.
    """
    tables, dual, found = started(CURVE)
    cells, n = tables.cells, tables.size.intervals
    excess = np.zeros(len(cells.corners))
    stand_in_way(cells, curves_of(cells), found.state.heads, dual.prices, dual.weights, excess)
    for c, gap in enumerate(np.diff(excess, prepend=0.0)):
        weight = dual.weights[cells.period[c]] if cells.period[c] >= 0 else 0.0
        price, heads = dual.prices[c // n, c % n], found.state.heads[c]
        cost = cell_cost(cells, c, heads, weight) + price * heads

        assert gap == pytest.approx(cost - cell_bound(cells, c, price, weight), abs=1e-6)
