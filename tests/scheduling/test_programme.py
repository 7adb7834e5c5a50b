"""
Mixed-integer programmes: by hand, at their limits, and interrupted.
"""

from __future__ import annotations

import numpy as np
import pytest

from wfm.scheduling.programme import OPTIONS, Programme


def knapsack() -> Programme:
    """Worth 5, 4 and 3 at weights 4, 3 and 2, of which 6 fit: the first and the last, 8."""
    programme = Programme()
    items = [programme.column(upper=1, cost=-worth, whole=True) for worth in (5.0, 4.0, 3.0)]
    programme.row(zip(items, (4.0, 3.0, 2.0), strict=True), high=6.0)
    return programme


def hard() -> Programme:
    """Sixty things of which eight limits leave about half."""
    stream = np.random.default_rng(5)
    programme = Programme()
    items = [programme.column(upper=1, cost=-1.0 - w, whole=True) for w in stream.random(60)]
    for _ in range(8):
        weights = stream.integers(20, 60, 60).astype(float)
        programme.row(zip(items, weights.tolist(), strict=True), high=float(weights.sum() / 2.1))
    return programme


def test_a_knapsack_by_hand():
    """8 of worth, and an offset is added."""
    programme = knapsack()
    programme.offset = 100.0

    found = programme.solve(nodes=100, close=0.0)

    assert found.cost == pytest.approx(92.0)
    assert found.bound == pytest.approx(92.0)
    assert found.values is not None
    assert np.round(found.values).tolist() == [1, 0, 1]


def test_a_column_named_twice_counts_twice():
    """x + x >= 3 with x whole: 2."""
    programme = Programme()
    column = programme.column(cost=1.0, whole=True)
    programme.row([(column, 1.0), (column, 1.0)], low=3.0)

    assert programme.solve(nodes=100, close=0.0).cost == pytest.approx(2.0)


def test_nothing_is_concluded_from_a_programme_without_solutions():
    """A solver that says there is none is not believed once: no bound, no values."""
    programme = Programme()
    programme.row([(programme.column(upper=1.0), 1.0)], low=2.0)

    found = programme.solve(nodes=100, close=0.0)

    assert found.values is None
    assert found.bound == -np.inf


def test_a_search_ends_with_its_nodes():
    """A count of nodes and not the clock: the same bound twice, and below that of more."""
    few = [hard().solve(nodes=1, close=0.0) for _ in range(2)]
    more = hard().solve(nodes=200, close=0.0)

    assert few[0].bound == few[1].bound
    assert few[0].bound < more.bound <= more.cost


def test_an_unknown_option_is_not_passed_over(monkeypatch):
    """What another version of the solver does not know is said, and not left out."""
    monkeypatch.setitem(OPTIONS, "mip_no_such_option", True)
    with pytest.raises(RuntimeError, match="mip_no_such_option"):
        knapsack().solve(nodes=1, close=0.0)


def test_a_stopped_search_bounds_what_it_did_not_find():
    """
    Stopped at its first look, a hard programme says a bound below its optimum, and has not
    gone on: searched to the same number of nodes it knows more.
    """
    programme = hard()

    whole = programme.solve(nodes=200, close=0.0)
    stopped = programme.solve(nodes=200, close=0.0, stop=lambda: True)

    assert stopped.bound < whole.bound
    assert stopped.cost >= whole.cost


def test_a_programme_that_seeks_finds_what_one_that_proves_does_in_more_nodes():
    """The same optimum is true of both; seeking never does worse at one node."""
    plain, seeking = hard().solve(nodes=1, close=0.0), hard().solve(nodes=1, close=0.0, seeking=0.3)
    proven = hard().solve(nodes=100_000, close=0.0)

    assert proven.cost == pytest.approx(proven.bound, abs=1e-6)
    assert proven.cost - 1e-6 <= seeking.cost <= plain.cost
    assert seeking.bound <= proven.cost + 1e-6


def test_a_programme_is_told_how_much_time_is_left():
    """A stop that does not come yet but knows that no time is left ends the search at once."""

    class Late:
        def __call__(self) -> bool:
            return False

        def left(self) -> float:
            return 0.0

    proven = hard().solve(nodes=100_000, close=0.0)
    late = hard().solve(nodes=100_000, close=0.0, stop=Late())

    assert late.bound <= proven.cost + 1e-6
    assert late.cost >= proven.cost - 1e-6
    assert late.cost - late.bound > 1e-3
