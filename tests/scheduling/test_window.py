"""
The best duties of a day or two: as good as every listed choice of them.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from tests.scheduling.tiny import Case, person
from wfm.domain.workforce import Wish, WishKind
from wfm.scheduling.bound import solve_dual, tour_presence, work_of
from wfm.scheduling.finish import curves_of, recount
from wfm.scheduling.search import objective, search
from wfm.scheduling.tables import tabulate
from wfm.scheduling.window import (
    come_back,
    leave,
    open_window,
    shift_window,
    window_cost,
    window_of,
)

TEAM = person("ada", {"a": 1.0}), person("bob", {"a": 1.0})
CASES = {
    "one day of two": Case((person("ada", {"a": 1.0}, hours=3),), heads={"a": 1.0}),
    "two people": Case(TEAM, heads={"a": 1.0}),
    "wishes": Case(
        (
            person("ada", {"a": 1.0}, hours=3, wishes=(Wish(0, WishKind.OFF, 700),)),
            person("bob", {"a": 1.0}, hours=3, wishes=(Wish(1, WishKind.LATE, 300),)),
        ),
    ),
    "three days": Case(TEAM, days=3, heads={"a": 1.0}),
}


def started(case):
    """Tables of a case, a roster of them, and its window."""
    tables = tabulate(case.problem())
    dual = solve_dual(tables, 12)
    found = search(tables, dual, np.random.default_rng(3), 5)
    return tables, found.state.copy(), window_of(tables)


def listed(tables, p, day):
    """Every duty of somebody on a day, as kind and starts of breaks, and the day off."""
    kinds, kt = tables.kinds, tables.team.type[p]
    yield -1, ()
    for k in range(kinds.first[kt, day], kinds.first[kt, day + 1]):
        shapes = kinds.shape[k, : kinds.breaks[k]]
        for starts in product(*(s[1] + s[3] * np.arange(s[2]) for s in shapes)):
            yield k, starts


def paid(tables, state, p, duties):
    """What the roster costs with these duties of somebody, counted anew; inf if unlawful."""
    state, window = state.copy(), window_of(tables)
    for day, (kind, starts) in duties.items():
        state.tours[p, day] = kind
        state.starts[p, day, : len(starts)] = starts
    presence = state.presence[p]
    tour_presence(tables.kinds, state.tours[p], state.starts[p], *tables.grid, presence)
    state.queue[p] = np.where(presence > 0, 0, -1)
    state.lent[p] = 0.0
    flat = tables.kinds, window.steps, tables.arcs, tables.team, tables.cells
    recount(*flat, state, tables.units)
    return objective(tables.cells, state, np.zeros(len(tables.cells.target)))


@pytest.mark.parametrize("name", CASES)
def test_nothing_listed_is_cheaper(name):
    """
    Every pair of duties is listed, breaks included: none with the rest as it is costs less.
    """
    tables, first, window = started(CASES[name])
    none = np.zeros(0)
    curves = curves_of(tables.cells)
    laid = tables.kinds, tables.arcs, tables.team, tables.cells, curves, tables.grid
    for p, (one, two) in product(range(len(tables.team.type)), [(0, 1), (1, 1), (0, 0)]):
        state = first.copy()
        able = tables.team.able[tables.team.skill[p]]
        open_window(window, one, two)
        window_cost(window, tables.cells, curves, able, state, p, -1.0, none)
        leave(window, tables.kinds, p, tables.grid, state)
        come_back(window, laid, p, 0.0, none, none, state, work_of(tables))
        days = sorted({one, two})
        menus = [list(listed(tables, p, day)) for day in days]
        costs = [
            paid(tables, first, p, dict(zip(days, chosen, strict=True)))
            for chosen in product(*menus)
        ]

        assert objective(tables.cells, state, none) == pytest.approx(min(costs), abs=1e-6)


def test_a_window_has_each_interval_once_and_in_order():
    """Days may come in any order, or be one; their intervals are those of 08:00 to 14:00."""
    window = window_of(tabulate(CASES["three days"].problem()))
    for one, two in ((0, 2), (2, 0), (1, 1)):
        open_window(window, one, two)
        days = sorted({one, two})
        expected = [24 * day + hour for day in days for hour in range(8, 14)]

        assert window.at[: window.length[0]].tolist() == expected
        assert window.days.tolist() == [*days, -1][:2]


def test_to_join_after_leaving_changes_nothing():
    """Heads are as before when somebody's presence is taken away and added again."""
    tables, state, window = started(CASES["two people"])
    open_window(window, 0, 1)
    before = state.heads.copy()
    shift_window(window, tables.team, state, 0, -1.0)
    assert not np.array_equal(state.heads, before)
    shift_window(window, tables.team, state, 0, 1.0)

    assert state.heads == pytest.approx(before)
