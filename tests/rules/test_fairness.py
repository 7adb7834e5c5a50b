"""
What nobody likes is spread evenly.
"""

from __future__ import annotations

import numpy as np
import pytest
from test_rest import found, tour
from tinycases import Case, checked, compiled, priced, walked

from wfm.domain.roster import Severity
from wfm.rules.fairness import FairEvenings, FairWeekends, fairness_rules

DAY, EVENING = (480, 960), (780, 1260)
CASES = [
    Case("evenings", FairEvenings(1200), (DAY, EVENING), days=5),
    Case("evenings carried", FairEvenings(1200), (DAY, EVENING), days=3, past=((-1, 2), (-2, 2))),
    Case("weekends", FairWeekends(), (DAY,), days=14),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_tables_agree_with_the_checker(case):
    """Every tour costs what its breaches do, and some tour costs something."""
    truth = checked(case, priced(case.rule, case.price))

    assert np.array_equal(truth, walked(case, compiled(case, priced(case.rule, case.price))))
    assert (truth > 0).any()


def test_the_second_costs_one_and_the_third_two_more():
    """Three evenings of one person: 0 + 1 + 2."""
    evenings = tour(*[(day, *EVENING) for day in range(3)])
    assert found(FairEvenings(1200), evenings) == [(1, 1), (2, 2)]


def test_an_even_spread_is_the_cheapest():
    """Four evenings for two people: two each cost 2, three and one cost 3, four and none 6."""

    def cost(evenings: int) -> int:
        worked = tour(*[(day, *EVENING) for day in range(evenings)])
        return sum(times for _, times in found(FairEvenings(1200), worked))

    assert [cost(n) + cost(4 - n) for n in range(5)] == [6, 3, 2, 3, 6]


def test_past_evenings_count():
    """Two before the horizon: the first in it costs two."""
    worked = tour((-2, *EVENING), (-1, *EVENING), (0, *EVENING), known=-2)
    assert found(FairEvenings(1200), worked) == [(0, 2)]


def test_an_evening_ends_after_its_hour():
    """Until 20:00 it is none, a minute later it is."""
    assert found(FairEvenings(1200), tour((0, 780, 1200), (1, 780, 1200))) == []
    assert found(FairEvenings(1200), tour((0, 780, 1201), (1, 780, 1201))) == [(1, 1)]


def test_days_and_mondays_are_free():
    """A Saturday after a week of days costs nothing, the Sunday one, the Monday nothing."""
    worked = tour(*[(day, *DAY) for day in range(8)], days=8)
    assert found(FairWeekends(), worked) == [(6, 1)]
    assert found(FairEvenings(1200), worked) == []


def test_only_what_has_a_price_is_in_force():
    """Evenings at 2.00, weekends free: one entry, priced."""
    (one,) = fairness_rules(200, 0, 1200)
    assert (one.code, one.severity, one.price) == ("FAIR-EVENINGS", Severity.PRICED, 200)


def test_both_kinds_have_their_own_price_and_hour():
    """Evenings from 16:40 on at 1.00, weekends at 3.00."""
    evenings, weekends = fairness_rules(100, 300, 1000)
    assert (evenings.rule, weekends.rule) == (FairEvenings(1000), FairWeekends())
    assert (weekends.code, weekends.price) == ("FAIR-WEEKENDS", 300)
