"""
Erlang B, C and A: against fifty digits, against their chains, at their limits.
"""

from __future__ import annotations

import math

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wfm.domain.promise import Abandons
from wfm.errors import SettingsError
from wfm.staffing.erlang.kernels import impatient, inverse_b
from wfm.staffing.erlang.models import erlang_b, erlang_c, perform

mpmath.mp.dps = 50

LOADS = (0.01, 0.3, 1, 1.5, 7.3, 37, 130.5, 1300, 20_000, 100_000)


def exact_b(load: float, agents: float) -> mpmath.mpf:
    a, n = mpmath.mpf(load), mpmath.mpf(agents)
    return 1 / (mpmath.exp(a) * a**-n * mpmath.gammainc(n + 1, a))


def exact_c(load: float, agents: float) -> mpmath.mpf:
    a, n = mpmath.mpf(load), mpmath.mpf(agents)
    return 1 / (a / n + (1 - a / n) / exact_b(load, agents))


def exact_a(load: float, agents: float, patience: float, threshold: float) -> list[mpmath.mpf]:
    """P(wait), abandonment, P(V > t), answered after t; by Kummer's function."""
    a, n, p, t = (mpmath.mpf(value) for value in (load, agents, patience, threshold))
    states, z, x = n * p, a * p, t / p
    late_z = z * mpmath.exp(-x)

    def total(first, at):
        return mpmath.hyp1f1(1, first + 1, at, maxterms=10**6)

    whole = total(states, z)
    wait = whole / (whole + 1 / exact_b(load, agents) - 1)
    tail = mpmath.exp(z - late_z - states * x)
    return [
        wait,
        wait * (1 - states / z * (whole - 1) / whole),
        wait * tail * total(states, late_z) / whole,
        wait * tail * mpmath.exp(-x) * states / (states + 1) * total(states + 1, late_z) / whole,
    ]


@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize("deviations", [-3, -0.5, 0.1, 1, 3])
def test_erlang_b_and_c_to_fifty_digits(load, deviations):
    """Relative error below 1e-13 from a hundredth of an erlang to 100,000."""
    agents = max(0.25, load + deviations * math.sqrt(load))

    assert abs(erlang_b(load, agents) / exact_b(load, agents) - 1) < 1e-13
    if agents > load:
        assert abs(erlang_c(load, agents) / exact_c(load, agents) - 1) < 1e-13


@pytest.mark.parametrize("load", [0.5, 8, 45, 190, 1270, 20_000])
@pytest.mark.parametrize("deviations", [-3, 0, 2])
@pytest.mark.parametrize(("patience", "threshold"), [(0.1, 0.05), (1.2, 0.1), (12, 1.5)])
def test_erlang_a_to_fifty_digits(load, deviations, patience, threshold):
    """Absolute error below 1e-12 to 20,000 erlangs."""
    agents = max(1, round(load + deviations * math.sqrt(load)))
    found = impatient(load, agents, patience, threshold)[:4]

    for value, exact in zip(found, exact_a(load, agents, patience, threshold), strict=True):
        assert abs(value - exact) < 1e-12


@pytest.mark.parametrize(("load", "agents", "patience"), [(8, 9, 1.2), (300, 200, 1.2), (3, 5, 9)])
def test_erlang_a_against_its_chain(load, agents, patience):
    """Abandonment and the wait of the answered, summed over the states one by one."""
    weights = [1.0]
    for k in range(1, 3000):
        weights.append(weights[-1] * load / (min(k, agents) + max(0, k - agents) / patience))
    total = sum(weights)
    served = waited = 0.0
    for k, weight in enumerate(weights):
        ahead = k - agents
        if ahead < 0:
            served += weight / total
            continue
        chance = agents / (agents + (ahead + 1) / patience)
        served += weight / total * chance
        steps = sum(1 / (agents + (i + 1) / patience) for i in range(ahead + 1))
        waited += weight / total * chance * steps
    found = perform(load, agents, 1.0, patience_s=patience)

    assert found.answer_rate == pytest.approx(served, rel=1e-12)
    assert found.asa_s == pytest.approx(waited / served, rel=1e-10)


def test_one_server_waits_with_the_share_of_its_load():
    """M/M/1: the queue is busy a share rho of the time."""
    assert erlang_c(0.5, 1) == pytest.approx(0.5, rel=1e-15)


def test_large_patience_is_erlang_c():
    """Callers who wait a year are as good as callers who wait for ever."""
    patient, endless = (perform(20, 24, 180, patience_s=p) for p in (3e7, None))

    assert patient.wait == pytest.approx(endless.wait, abs=1e-5)
    assert patient.asa_s == pytest.approx(endless.asa_s, rel=1e-4)


def test_patience_near_zero_is_erlang_b():
    """Callers who hang up at once are turned away; patience zero and tiny agree."""
    tiny, none = (perform(20, 24, 180, patience_s=p) for p in (1e-9, 0))

    assert tiny.abandoned == pytest.approx(erlang_b(20, 24), rel=1e-9)
    assert none.abandoned == erlang_b(20, 24)
    assert none.asa_s == 0


def test_infinite_patience_is_none():
    """Patience of infinity means that nobody hangs up."""
    assert perform(20, 24, 180, patience_s=math.inf) == perform(20, 24, 180)


def test_no_calls_need_nobody_and_wait_for_nothing():
    """Zero calls: everything is answered at once, even by nobody."""
    for patience in (None, 60):
        found = perform(0, 0, 0, patience_s=patience)
        assert (found.service_level(), found.answer_rate, found.asa_s) == (1, 1, 0)
        assert found.occupancy == 0


@pytest.mark.parametrize("agents", [0, 8, 10])
def test_overload_waits_for_ever(agents):
    """At or below the load the queue never drains: infinite, not negative."""
    found = perform(10, agents, 180)

    assert found.asa_s == math.inf
    assert (found.wait, found.service_level(), found.occupancy) == (1, 0, 1)
    assert found.answer_rate == agents / 10


def test_nobody_on_duty_loses_every_caller():
    """With patience and no agents all hang up, most of them after a while."""
    found = perform(10, 0, 180, patience_s=60, threshold_s=60)

    assert found.answer_rate == 0
    assert found.abandoned_in == pytest.approx(1 - math.exp(-1))
    assert math.isnan(found.asa_s)


def test_load_equal_to_agents_is_stable_with_patience():
    """Load exactly equal to agents: an ordinary case once callers hang up."""
    found = perform(50, 50, 300, patience_s=360)

    assert 0.9 < found.answer_rate < 1
    assert 0 < found.asa_s < 60


def test_published_failures_of_other_programs():
    """Cases in which other programs are wrong, with the right values."""
    assert perform(760, 800, 60, patience_s=120, threshold_s=60).service_level() == (
        pytest.approx(0.99921, abs=5e-6)
    )
    assert perform(10, 14, 180).asa_s == pytest.approx(7.84, abs=0.005)
    assert erlang_c(0.5, 1) == 0.5
    assert perform(720, 721, 180).service_level() == pytest.approx(0.146, abs=5e-4)


def test_ten_thousand_agents_waiting_an_hour():
    """No underflow, no overflow, no year of computing, however large the numbers."""
    for agents in (1, 100, 9_000, 10_000, 10_400, 50_000):
        found = perform(10_000, agents, 180, patience_s=3600, threshold_s=300)
        assert 0 <= found.service_level() <= found.answer_rate <= 1


@settings(max_examples=150, deadline=None)
@given(
    load=st.floats(0.01, 2000),
    deviations=st.floats(-4, 4),
    aht=st.floats(10, 3600),
    patience=st.floats(1, 7200),
    threshold=st.floats(0, 600),
)
def test_one_more_agent_never_lowers_the_promise(load, deviations, aht, patience, threshold):
    """In no definition and for no model does help do harm."""
    agents = max(0, math.floor(load + deviations * math.sqrt(load)))
    for patience_s in (patience, None):
        fewer, more = (
            perform(load, n, aht, patience_s=patience_s, threshold_s=threshold)
            for n in (agents, agents + 1)
        )
        for abandons in (Abandons.OFFERED, Abandons.ANSWERED, Abandons.VIRTUAL):
            assert more.service_level(abandons) >= fewer.service_level(abandons) - 1e-11
        assert more.answer_rate >= fewer.answer_rate - 1e-12
        assert more.occupancy <= fewer.occupancy + 1e-12


@settings(max_examples=100, deadline=None)
@given(load=st.floats(0.01, 500), agents=st.floats(0, 600))
def test_fractional_agents_lie_between_whole_ones(load, agents):
    """The share turned away falls smoothly with agents."""
    low, high = math.floor(agents), math.floor(agents) + 1

    assert inverse_b(load, low) <= inverse_b(load, agents) * (1 + 1e-12)
    assert inverse_b(load, agents) <= inverse_b(load, high) * (1 + 1e-12)


def test_short_abandons_are_not_offered():
    """Who hangs up within five seconds is taken out of what was offered."""
    plain = perform(50, 48, 300, patience_s=360)
    without = perform(50, 48, 300, patience_s=360, short_s=5)

    assert 0 < without.short < without.abandoned_in
    assert without.answer_rate == pytest.approx((1 - plain.abandoned) / (1 - without.short))
    assert without.service_level() > plain.service_level()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((10, -1, 180), "agents"),
        ((-10, 1, 180), "load"),
        ((10, 12, 0), "AHT is 0 s with calls"),
        ((math.nan, 12, 180), "load"),
    ],
)
def test_impossible_values_are_refused(values, words):
    """Negative or undefined rates, and calls that take no time, are errors that say so."""
    with pytest.raises(SettingsError, match=words):
        perform(*values)


def test_negative_patience_is_refused():
    """Patience below zero is an error."""
    with pytest.raises(SettingsError, match="patience is -1 s"):
        perform(10, 12, 180, patience_s=-1)
