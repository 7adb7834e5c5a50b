"""
Rosters that grow day by day: what is held, and that it never leaves somebody without a tour.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.scheduling.test_wholedays import CASES
from tests.scheduling.tiny import optimum
from wfm.scheduling.bound import solve_dual
from wfm.scheduling.daybyday import grown, holding
from wfm.scheduling.search import search
from wfm.scheduling.tables import tabulate
from wfm.scheduling.wholedays import Days, prove


@pytest.mark.parametrize("name", CASES)
def test_a_held_day_is_spent_as_planned(name):
    """Every tour found in held tables works that day exactly as often and when it was planned."""
    tables = tabulate(CASES[name].problem())
    dual = solve_dual(tables, 60)
    order = Days(tables, dual.prices, dual.weights).order()
    first = prove(tables, dual, order[:1], 1000).planned[0]
    assert first.taken is not None

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
    tables = tabulate(problem)
    dual = solve_dual(tables, 60)
    order = Days(tables, dual.prices, dual.weights).order()
    first = prove(tables, dual, order[:1], 1000).planned[0]

    held, prices = grown(tables, first, order[1:], slack=1e6, nodes=1000)
    found = search(held, prices, np.random.default_rng(1), 20)

    least = optimum(problem)
    assert found.cost >= least - 1
    if len(problem.people) == 1:
        assert found.cost == pytest.approx(least, abs=1)
