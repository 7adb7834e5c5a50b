"""
The stages in order, on a centre of three people.
"""

from __future__ import annotations

import pytest

from wfm.errors import Exit
from wfm.pipeline import Settled, Work, foresee, settle
from wfm.warming import tiny_centre


@pytest.fixture(scope="module")
def settled():
    centre = tiny_centre()
    return settle(centre, foresee(centre).forecast, Work(effort=0.1, replications=4))


def test_the_stages_run_in_order(settled):
    """
    From history to costs: pay in the objective is pay in the cost lines, to the cent.
    """
    assert isinstance(settled, Settled)
    assert sum(line.amount for line in settled.costs) == settled.plan.cost.pay
    assert settled.verdict.cost == settled.plan.cost


def test_no_hard_rule_is_broken(settled):
    """
    The verdict, which knows nothing of the solver, finds none.
    """
    assert Exit.RULE_BROKEN not in settled.verdict.reasons


def test_stages_are_watched():
    """
    Every stage is announced, in order; two rounds.
    """
    from contextlib import nullcontext

    from wfm.domain.outcome import silent

    stages = []

    def watch(stage):
        stages.append(stage)
        return nullcontext(silent)

    centre = tiny_centre()
    seen = foresee(centre, watch=watch)
    settle(centre, seen.forecast, Work(effort=0.1, replications=4), watch=watch)

    assert stages == ["backtest", "forecast", *("staff", "schedule", "verify") * 2]


def test_a_stop_ends_with_the_first_roster():
    """
    Who stops at once still gets a plan, from one round.
    """
    centre = tiny_centre()
    seen = foresee(centre)

    found = settle(centre, seen.forecast, Work(effort=0.1, replications=4), stop=lambda: True)

    assert found.plan.roster.tours
    assert not found.corrections
