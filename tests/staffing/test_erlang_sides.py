"""
Chat, redials, measured patience, blended work: against chains and each other.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.errors import SettingsError
from wfm.staffing.erlang import batch
from wfm.staffing.erlang.inverses import Target, required_agents, required_agents_c
from wfm.staffing.erlang.kernels import impatient, inverse_b
from wfm.staffing.erlang.loops import rates_of
from wfm.staffing.erlang.measured import measured_patience
from wfm.staffing.erlang.models import perform
from wfm.staffing.erlang.sides import above_reserve, beside, finishing_rate

NOBODY_SLOWER = (1.0, 1.0)


def test_two_chats_at_full_speed_are_two_agents():
    """Whoever handles two at once without slowing is as good as two people."""
    one, two = (
        perform(20, agents, 300, patience_s=360, slowing=slowing)
        for agents, slowing in ((24, ()), (12, NOBODY_SLOWER))
    )

    assert two.answer_rate == pytest.approx(one.answer_rate, rel=1e-12)
    assert two.service_level() == pytest.approx(one.service_level(), rel=1e-10)


def test_chat_takes_turns_over_agents():
    """Seven chats over three agents: one has three, two have two."""
    slowing = np.array([1.0, 1.25, 1.5])

    assert finishing_rate(7, 3, slowing) == pytest.approx(3 / 1.5 + 2 * 2 / 1.25)
    assert finishing_rate(2, 3, slowing) == 2


def test_chat_busy_agents_by_their_chain():
    """Mean busy agents and the share that waits, from the states one by one."""
    load, agents, slowing, patience = 5.0, 3, (1.0, 1.3, 1.8), 2.0
    weights = [1.0]
    for m in range(1, 400):
        rate = finishing_rate(min(m, 9), agents, np.array(slowing))
        rate += max(0, m - 9) / patience
        weights.append(weights[-1] * load / rate)
    total = sum(weights)
    busy = sum(w * min(m, agents) for m, w in enumerate(weights)) / total
    waits = sum(weights[9:]) / total
    found = perform(load, agents, 1.0, patience_s=patience, slowing=slowing)

    assert found.wait == pytest.approx(waits, rel=1e-10)
    assert found.occupancy == pytest.approx(busy / agents, rel=1e-10)


def test_flat_chat_factors_mislead():
    """AHT 480, 620 and 780 s at 1, 2, 3 chats: dividing by three is far too few people."""
    slowing = (1.0, 620 / 480, 780 / 480)
    target = Target(service_level=0.8)
    for chats, right in ((60, 5), (300, 22), (1500, 106)):
        load = chats * 480 / 3600
        found = required_agents(load, 480, target, patience_s=360, threshold_s=30, slowing=slowing)
        flat = required_agents(load / 3, 480, target, patience_s=360, threshold_s=30)
        assert found == right
        assert flat <= right
    assert flat < 0.7 * right


def test_redials_balance():
    """Attempts are first calls plus half of those who hung up."""
    found = perform(50, 45, 300, patience_s=360, redial=0.5)

    assert found.tried == pytest.approx(50 + 0.5 * found.abandoned * found.tried, rel=1e-12)
    assert found.answer_rate == pytest.approx(
        perform(found.tried, 45, 300, patience_s=360).answer_rate, rel=1e-12
    )


def test_no_redials_are_erlang_a():
    """As the share that calls again falls to nothing, X becomes A."""
    x, a = (perform(50, 45, 300, patience_s=360, redial=r) for r in (1e-12, 0))

    assert x.service_level() == pytest.approx(a.service_level(), abs=1e-10)


def test_redials_without_patience_are_refused():
    """Nobody calls again who never hangs up."""
    with pytest.raises(SettingsError, match="redials need callers' patience"):
        perform(50, 45, 300, redial=0.5)


@pytest.mark.parametrize("load", [0.7, 12, 150, 1300])
@pytest.mark.parametrize("deviations", [-4, 0, 3])
@pytest.mark.parametrize("threshold", [0, 0.1, 2])
def test_measured_exponential_patience_is_erlang_a(load, deviations, threshold):
    """A measured curve that happens to be exponential gives Erlang A."""
    agents = max(1, round(load + deviations * math.sqrt(load)))
    times = np.array([0, 0.1, 0.5, 1.5])
    rates = rates_of(times, np.exp(-times / 1.2))
    found = measured_patience(inverse_b(load, agents), load, agents, times, rates, threshold)

    assert found == pytest.approx(impatient(load, agents, 1.2, threshold), abs=2e-8)


def test_measured_patience_against_its_chain():
    """Rates that change in time, on one agent: the wait's density summed finely."""
    load, times = 1.4, np.array([0.0, 0.3, 1.0])
    rates = rates_of(times, np.array([1.0, 0.6, 0.5]))
    x = np.linspace(0, 60, 2_000_001)
    still = np.exp(
        -np.interp(x, [0, 0.3, 1.0, 60], [0, *-np.log([0.6, 0.5]), -math.log(0.5) + 59 * rates[-1]])
    )
    grown = np.concatenate([[0], np.cumsum((still[1:] + still[:-1]) / 2) * (x[1] - x[0])])
    density = load * np.exp(load * grown - x)
    whole = np.trapezoid(density, x)
    below = 1.0  # 1 / B(0)
    found = measured_patience(inverse_b(load, 1), load, 1, times, rates, 0.5)

    assert found[0] == pytest.approx(whole / (below + whole), abs=1e-8)
    assert found[1] == pytest.approx(
        np.trapezoid(density * (1 - still), x) / (below + whole), abs=1e-8
    )


def test_reserve_of_everybody_leaves_the_queue_alone():
    """With all agents in reserve no waiting work is started: the plain recursion."""
    assert above_reserve(8, 10, 10) == pytest.approx(inverse_b(8, 10), rel=1e-12)
    assert above_reserve(8, 10, 0) == 1


def test_full_chat_house_sums_its_states():
    """One agent, two chats, no slowing: weights 1, A, A^2/2 over the last."""
    total, busy = beside(0.8, 1, np.array(NOBODY_SLOWER))
    weights = np.array([1, 0.8, 0.32])

    assert total == pytest.approx(weights.sum() / 0.32)
    assert busy == pytest.approx(weights[1:].sum() / 0.32)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    share=st.floats(0.3, 0.98),
    aht=st.floats(30, 1200),
    patience=st.floats(20, 2000),
)
def test_many_rows_at_once_are_the_same_agents(seed, share, aht, patience):
    """The compiled loops find what the calculator finds, row by row."""
    loads = 10 ** np.random.default_rng(seed).uniform(-2, 3.2, 6)
    by_c = batch.agents_c(loads, aht, share, 20)
    by_a = batch.agents_a(loads, aht, patience, share, threshold_s=20)
    by_rate = batch.agents_a(loads, aht, patience, share)

    level, rate = Target(service_level=share), Target(answer_rate=share)
    for at, load in enumerate(loads.tolist()):
        assert by_c[at] == required_agents_c(load, aht, share, 20)
        assert by_a[at] == required_agents(load, aht, level, patience_s=patience)
        assert by_rate[at] == required_agents(load, aht, rate, patience_s=patience)


def test_no_load_needs_nobody_in_a_table():
    """Zero rows in a table are zero agents, whatever stands beside them."""
    assert batch.agents_c(np.array([0.0, 10.0]), 180, 0.8, 20).tolist() == [0, 14]
    assert batch.agents_a(np.array([0.0]), 180, 300, 0.8, threshold_s=20).tolist() == [0]
