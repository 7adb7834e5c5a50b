"""The best tour of one person, held against every tour there is."""

from __future__ import annotations

import numpy as np
import pytest
from shiftcases import additions, legal_tours, personal_costs, small, tour_costs

from wfm.scheduling.flattening import staff
from wfm.scheduling.layout import HOPELESS, option_values
from wfm.scheduling.team import Frame, Team, grained
from wfm.scheduling.touring import best_tours

# caps folded and minutes dense; caps priced; everything priced
EASY = 2  # a made-up instance in which everybody has legal tours
LAYOUTS = [(12, 10**6), (1, 10**6), (1, 0)]


@pytest.mark.parametrize(("states", "cells"), LAYOUTS)
@pytest.mark.parametrize("seed", range(4))
def test_best_tour_is_the_best_of_all(seed, states, cells):
    """The dynamic programme finds the value of the best tour that the book calls clean."""
    problem = small(seed, days=7)
    laid = staff(problem.covering.groups, states=states, cells=cells)
    tours = legal_tours(problem)
    draw = np.random.default_rng(seed)
    people = len(laid.agents)
    worth = np.zeros((len(problem.covering.groups), laid.tables.set_of.shape[1]))
    for _ in range(10):
        prices = grained(
            draw.uniform(-1, 40, len(problem.covering.rows.need)), problem.covering.rows
        )
        option_values(laid.tables, laid.adds, prices, worth)
        chosen, values = np.zeros((people, 7), dtype=np.int64), np.empty(people)
        bounds, multipliers = np.empty(people), np.zeros(laid.crowd.least.shape)
        best_tours(
            laid.tables, laid.crowd, np.arange(people), worth, chosen, (0, 7), multipliers,
            4, 100_000, laid.space(), chosen, values, bounds,
        )  # fmt: skip
        for p, (cost, mine) in enumerate(zip(personal_costs(problem), tours, strict=True)):
            best = (additions(mine) @ prices - tour_costs(cost, mine)).max(initial=HOPELESS * 2)
            if len(mine):
                assert values[p] == best
                assert bounds[p] >= best
            else:
                assert values[p] <= HOPELESS


@pytest.mark.parametrize(("states", "cells"), LAYOUTS)
def test_bound_holds_when_closing_is_cut_short(states, cells):
    """Without any labels the priced bound is still at least the best value."""
    problem = small(5, days=7)
    team = Team(problem.covering)
    team.laid = staff(problem.covering.groups, states=states, cells=cells)
    team.space, team.multipliers = team.laid.space(), np.zeros(team.laid.crowd.least.shape)
    tours = legal_tours(problem)
    prices = np.random.default_rng(1).integers(0, 50, len(team.rows.need)).astype(float)
    answer = team.ask(range(team.people), prices, rounds=0, limit=0)
    for bound, cost, mine in zip(answer.bounds, personal_costs(problem), tours, strict=True):
        assert bound >= (additions(mine) @ prices - tour_costs(cost, mine)).max()


def test_days_outside_a_frame_are_kept():
    """Only days of the frame change, and on them the best is found."""
    problem = small(EASY, days=7)
    team = Team(problem.covering)
    first = team.laid.tables.first[team.laid.crowd.group, :-1]
    before = np.array([one.tour for one in team.ask(range(3), team.rows.short).columns])
    answer = team.ask(range(3), np.zeros(len(team.rows.need)), frame=Frame(before, 2, 5))
    for p, (cost, mine) in enumerate(
        zip(personal_costs(problem), legal_tours(problem), strict=True)
    ):
        outside = [0, 1, 5, 6]
        alike = mine[(mine[:, outside] == (before - first)[p, outside]).all(axis=1)]
        column = answer.columns[p]
        assert column is not None
        assert (column.tour[outside] == before[p, outside]).all()
        assert answer.values[p] == -tour_costs(cost, alike).min()
