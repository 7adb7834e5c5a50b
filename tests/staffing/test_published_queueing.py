"""
Published values of queueing formulas, as gathered with their sources in the shared folder.
"""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import pytest

from wfm.domain.calibration import Shrinkage
from wfm.domain.promise import Abandons
from wfm.staffing.erlang.inverses import (
    Target,
    bisect,
    load_for_blocking,
    required_agents,
    to_schedule,
)
from wfm.staffing.erlang.models import Outcome, erlang_b, erlang_c, perform

VALUES = Path(__file__).parents[3] / "shared" / "reference" / "queueing.csv"


def rows(model: str) -> list[dict[str, str]]:
    if not VALUES.exists():
        return []
    with VALUES.open(newline="") as file:
        return [
            row for row in csv.DictReader(file) if row["status"] == "ok" and row["model"] == model
        ]


def check(model: str, compute) -> None:
    """Compare every published value of a model; all misses are listed."""
    if not VALUES.exists():
        pytest.skip("published values are not beside this repository")
    misses = []
    for row in rows(model):
        inputs = json.loads(row["inputs"])
        found = compute(row["quantity"], inputs)
        if abs(found - float(row["expected"])) > float(row["tol_abs"]) * (1 + 1e-9):
            misses.append((row["quantity"], inputs, found, row["expected"]))
    assert not misses


def load_of(inputs: dict) -> float:
    if "a" in inputs:
        return inputs["a"]
    if "mu" in inputs:
        return inputs["lam"] / inputs["mu"]
    if "lam_per_min" in inputs:
        return inputs["lam_per_min"] * inputs["aht"] / 60
    return inputs["calls"] * inputs["aht"] / inputs["interval_s"]


def outcome(inputs: dict) -> Outcome:
    aht = inputs.get("aht", 1 / inputs["mu"] if "mu" in inputs else 1)
    return perform(
        load_of(inputs),
        inputs["n"],
        aht,
        patience_s=inputs.get("patience"),
        threshold_s=inputs.get("awt", 20),
    )


def agents_c(inputs: dict) -> int:
    target = Target(
        service_level=inputs.get("target"),
        max_occupancy=inputs.get("max_occupancy"),
        asa_s=inputs.get("asa_target"),
    )
    return required_agents(
        load_of(inputs), inputs["aht"], target, threshold_s=inputs.get("awt", 20)
    )


def compute_b(quantity: str, inputs: dict) -> float:
    if quantity == "blocking":
        return erlang_b(inputs["a"], inputs["n"])
    if quantity == "offered_load":
        return load_for_blocking(inputs["n"], inputs["blocking"])
    return required_agents(inputs["a"], 1, Target(blocking=inputs["blocking"]), loss=True)


def compute_c(quantity: str, inputs: dict) -> float:
    if quantity == "offered_load":
        return load_of(inputs)
    if quantity == "required_agents":
        return agents_c(inputs)
    if quantity == "required_agents_shrunk":
        return to_schedule(agents_c(inputs), Shrinkage(planned=inputs["shrinkage"]))
    found = outcome(inputs)
    load, n = found.load, found.agents
    if quantity == "p0":  # the states below n, and the geometric tail
        terms = [load**k / math.factorial(k) for k in range(n)]
        return 1 / (sum(terms) + load**n / math.factorial(n) * n / (n - load))
    return {
        "service_level": found.service_level,
        "asa": lambda: found.asa_s,
        "Wq": lambda: found.asa_s,
        "occupancy": lambda: found.occupancy,
        "p_wait": lambda: found.wait,
        "p_no_wait": lambda: 1 - found.wait,
        "Lq": lambda: found.asa_s * inputs["lam"],
        "L": lambda: found.asa_s * inputs["lam"] + load,
        "P_Wq_gt_1": lambda: 1 - perform(load, n, 1 / inputs["mu"], threshold_s=1).virtual_in,
    }[quantity]()


def test_erlang_b_tables():
    """Every cell of the telegraph union's table, and every number of lines."""
    check("erlang_b", compute_b)


def test_erlang_c_textbooks():
    """Books, packages and vendors: waits, service levels, agents."""
    check("erlang_c", compute_c)


def test_erlang_a_mean_wait():
    """Mean wait over all callers, those who hang up included."""

    def mean_wait(_quantity: str, inputs: dict) -> float:
        found = outcome(inputs)
        return found.abandoned * inputs["patience"]

    check("erlang_a", mean_wait)


def test_whitt_m_m_4():
    """The exact M/M/4 value of Whitt's table of delay probabilities."""

    def delayed(_quantity: str, inputs: dict) -> float:
        return erlang_c(inputs["rho"] * inputs["m"], inputs["m"])

    if VALUES.exists():
        published = [r for r in rows("gi_g_m") if "M/M/4" in r["inputs"]]
        assert published
    check("gi_g_m", delayed)


def test_halfin_whitt_square_root_staffing():
    """At a million erlangs the square-root safety factor has its limit."""

    def factor(_quantity: str, inputs: dict) -> float:
        load = 1e6
        return bisect(lambda beta: inputs["alpha"] - erlang_c(load, load + beta * load**0.5), 0, 1)

    check("halfin_whitt", factor)


@pytest.mark.parametrize(
    ("abandons", "level"),
    [(Abandons.OFFERED, 0.7), (Abandons.IGNORE, 0.7 / 0.9), (Abandons.POSITIVE, 0.8)],
)
def test_service_level_definitions(abandons, level):
    """Cisco's example: of 100 calls 70 answered in time, 10 gone in time, 20 later."""
    found = Outcome("a", 1.0, 1.0, 0.5, 0.15, 0.70, 0.10, 0.75, 0.0, 10.0)

    assert found.service_level(abandons) == pytest.approx(level, abs=1e-9)


def test_service_level_of_answered():
    """Of 85 answered 70 were in time."""
    found = Outcome("a", 1.0, 1.0, 0.5, 0.15, 0.70, 0.10, 0.75, 0.0, 10.0)

    assert found.service_level(Abandons.ANSWERED) == pytest.approx(70 / 85)
    assert found.answer_rate == pytest.approx(0.85)
