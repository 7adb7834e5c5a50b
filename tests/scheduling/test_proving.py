"""
The sharpened bound: never lower than the dual's, never above a roster's cost.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.scheduling.tiny import Case, person
from wfm.scheduling.bound import lagrange, solve_dual, work_of
from wfm.scheduling.proving import Prover, sharpen
from wfm.scheduling.schedule import schedule
from wfm.scheduling.tables import tabulate

TWO = Case(
    (person("ada", {"a": 1.0, "b": 0.8}), person("bob", {"b": 1.0})), heads={"a": 0.5, "b": 1.0}
)
CURVE = Case((person("ada", {"a": 1.0}), person("bob", {"a": 1.0})), heads={"a": 1.0}, curve=True)


def test_the_bound_at_some_prices_is_that_of_the_dual():
    """
    Two roads to one figure: arrays here, a compiled loop there.
    """
    tables = tabulate(TWO.problem())
    dual = solve_dual(tables, 12)
    work = work_of(tables)
    work.prices[:] = dual.prices
    flat = (tables.kinds, tables.arcs, tables.team, tables.cells, tables.grid)

    point = Prover(tables).at(dual.prices, dual.weights)

    assert point.bound == pytest.approx(lagrange(*flat, dual.weights, tables.order, work))


def test_the_subgradient_overestimates_the_bound_elsewhere():
    """
    A concave function lies below each of its tangents, in prices and in multipliers.
    """
    prover = Prover(tabulate(CURVE.problem()))
    dual = solve_dual(prover.tables, 12)
    here = prover.at(dual.prices, dual.weights)
    draws = np.random.default_rng(5)
    for _ in range(20):
        prices = np.maximum(dual.prices + draws.normal(0, 300, dual.prices.shape), 0)
        weights = np.maximum(dual.weights + draws.normal(0, 100, dual.weights.shape), 0)
        there = prover.at(prices, weights)
        tangent = here.bound + float((here.by_price * (prices - dual.prices)).sum())
        tangent += float(here.by_weight @ (weights - dual.weights))
        assert there.bound <= tangent + 1e-6


@pytest.mark.parametrize("case", [CURVE, TWO])
def test_it_is_sharper_and_still_a_bound(case):
    """
    At least the dual's, at least that of no prices at all, at most the roster's cost.
    """
    problem = case.problem()
    tables = tabulate(problem)
    dual = solve_dual(tables, 3)
    cost = schedule(problem).cost.total

    bound, _ = sharpen(tables, dual, cost, 50)
    nothing = Prover(tables).at(np.zeros_like(dual.prices), np.zeros_like(dual.weights)).bound

    assert max(nothing, dual.bound) <= bound + 1e-6
    assert bound <= cost + 1
