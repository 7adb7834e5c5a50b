"""
Checker, compiled tables and CP-SAT say the same of every tour of a tiny case.
"""

from __future__ import annotations

import numpy as np
import pytest
from rulecases import CASES
from tinycases import Case, checked, compiled, hard, priced, solved, walked

from wfm.rules.registry import RULES


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_tables_agree_with_the_checker(case: Case):
    """Hard: the tables admit exactly the clean tours. Priced: each tour costs its breaches."""
    truth = checked(case, priced(case.rule, case.price))

    strict = walked(case, compiled(case, hard(case.rule)))
    soft = walked(case, compiled(case, priced(case.rule, case.price)))

    assert np.array_equal(np.where(truth == 0, 0, -1), strict)
    assert np.array_equal(truth, soft)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case_bites(case: Case):
    """Some tour of the case is forbidden by this rule alone, and some tour is admitted."""
    truth = checked(case, priced(case.rule, case.price))

    assert (truth > 0).any()
    assert (truth == 0).any()


SMALL = [case for case in CASES if len(case.choices) <= 800]


@pytest.mark.parametrize("case", SMALL, ids=lambda case: case.name)
def test_cp_sat_agrees_with_the_checker(case: Case):
    """CP-SAT finds the clean tours and no other; priced, it finds all with their prices."""
    truth = checked(case, priced(case.rule, case.price))

    assert np.array_equal(
        np.where(truth == 0, 0, -1), solved(case, compiled(case, hard(case.rule)))
    )
    assert np.array_equal(truth, solved(case, compiled(case, priced(case.rule, case.price))))


def test_every_rule_has_a_case_for_cp_sat():
    """No rule of the registry escapes the three-way agreement, but those about no tour."""
    # about a contract, about two plans, and about a team
    elsewhere = {"PartTimeMinimum", "Notice", "TeamPresence"}
    assert {type(case.rule).__name__ for case in SMALL} == set(RULES) - elsewhere
