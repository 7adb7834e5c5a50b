"""
The stages in order, on a centre of three people.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from wfm import pipeline
from wfm.domain.outcome import Estimate, PromiseVerdict
from wfm.errors import Exit
from wfm.pipeline import Settled, Work, agreed, foresee, settle
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


def judged(settled, *pairs, pay=0):
    """The same plan with one promise of 90 % for each (planned, simulated), and other pay."""
    promises = tuple(
        PromiseVerdict("a", "answer_rate", "week", 0.9, p, Estimate(s, s - 0.004, s + 0.004))
        for p, s in pairs
    )
    cost = replace(settled.plan.cost, pay=pay)
    return replace(
        settled,
        plan=replace(settled.plan, cost=cost),
        verdict=replace(settled.verdict, promises=promises, reasons=()),
    )


@pytest.mark.parametrize(
    ("pairs", "yes"),
    [
        ([(0.90, 0.905)], True),
        ([(0.90, 0.92)], False),  # too many people
        ([(0.90, 0.905), (0.95, 0.90)], False),  # one of two queues
        ([(0.905, 0.895)], False),  # planned to be kept, simulated as missed
        ([(0.80, 0.795)], True),  # a short team: another round finds nobody
        ([(float("nan"), 0.7)], True),  # nothing was planned that could be compared
    ],
)
def test_plan_and_simulation_agree_within_a_point(settled, pairs, yes):
    """
    For every queue; and what is planned to be kept is kept.
    """
    assert agreed(judged(settled, *pairs).verdict) is yes


def replay(monkeypatch, rounds, *, allowed):
    """What ``settle`` keeps when its rounds are these, and how many of them it asked for."""
    asked = []

    def made(centre, expected, corrected, work, watch, stop):
        asked.append(corrected)
        return replace(rounds[len(asked) - 1], corrections=corrected)

    monkeypatch.setattr(pipeline, "_round", made)
    monkeypatch.setattr(pipeline, "corrections", lambda v, r, q, before: {("a", len(before)): 0.1})
    return settle(tiny_centre(), None, Work(rounds=allowed)), len(asked)


def test_rounds_end_when_plan_and_simulation_agree(settled, monkeypatch):
    """
    Three of four are made, and the third, the cheapest that keeps its promise, is kept.
    """
    plans = [
        judged(settled, (0.90, 0.95), pay=900),
        judged(settled, (0.90, 0.88), pay=700),
        judged(settled, (0.90, 0.902), pay=800),
    ]

    kept, made = replay(monkeypatch, plans, allowed=4)

    assert made == 3
    assert kept.plan.cost.pay == 800
    assert kept.corrections


def test_rounds_end_with_their_number(settled, monkeypatch):
    """
    One round: one plan, whatever the simulation says of it.
    """
    kept, made = replay(monkeypatch, [judged(settled, (0.90, 0.5))] * 4, allowed=1)

    assert made == 1
    assert not kept.corrections


def test_corrections_are_told_by_queue(settled):
    """
    The least and the most of a queue's days, in points; nothing where the first round is kept.
    """
    found = replace(settled, corrections={("a", 0): -0.066, ("a", 1): 0.004, ("b", 0): 0.01})

    assert [said.split(" by ")[1] for said in found.remarks] == [
        "-6.6 to +0.4 points",
        "+1.0 to +1.0 points",
    ]
    assert replace(settled, corrections={}).remarks == ()
