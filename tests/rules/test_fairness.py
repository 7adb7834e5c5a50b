"""
What nobody likes is spread evenly.
"""

from __future__ import annotations

import numpy as np
import pytest
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


def total(case, *options):
    at = int(np.flatnonzero((case.choices == options).all(axis=1))[0])
    return int(checked(case, priced(case.rule, 1))[at])


def test_the_second_costs_one_and_the_third_two_more():
    """Three evenings of one person: 0 + 1 + 2."""
    assert [total(CASES[0], *[2] * n, *[0] * (5 - n)) for n in (1, 2, 3)] == [0, 1, 3]


def test_an_even_spread_is_the_cheapest():
    """Four evenings for two people: two each cost 2, three and one cost 3."""
    cost = [total(CASES[0], *[2] * n, *[0] * (5 - n)) for n in range(5)]
    assert min(range(5), key=lambda n: cost[n] + cost[4 - n]) == 2


def test_past_evenings_count():
    """Two before the horizon: the first in it costs two."""
    assert total(CASES[1], 2, 0, 0) == 2


def test_days_and_mondays_are_free():
    """A Saturday after a week of days costs nothing, the Sunday one."""
    assert total(CASES[2], *[1] * 6, *[0] * 8) == 0
    assert total(CASES[2], *[1] * 7, *[0] * 7) == 1


def test_only_what_has_a_price_is_in_force():
    """Evenings at 2.00, weekends free: one entry, priced."""
    (one,) = fairness_rules(200, 0, 1200)
    assert (one.code, one.severity, one.price) == ("FAIR-EVENINGS", Severity.PRICED, 200)


def test_both_kinds_have_their_own_price_and_hour():
    """Evenings from 16:40 on at 1.00, weekends at 3.00."""
    evenings, weekends = fairness_rules(100, 300, 1000)
    assert (evenings.rule, weekends.rule) == (FairEvenings(1000), FairWeekends())
    assert (weekends.code, weekends.price) == ("FAIR-WEEKENDS", 300)
