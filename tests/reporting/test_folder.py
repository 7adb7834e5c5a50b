"""
A plan's folder, written by its writers and read back, gives the same report.
"""

from __future__ import annotations

import numpy as np
import pytest
import sample

from wfm.errors import DataError
from wfm.io.demand import backtest_csv, forecast_csv, read_forecast
from wfm.io.plans import (
    bare_roster,
    read_backtest,
    read_costs,
    read_cover,
    read_plan,
    read_simulation_table,
    read_verdict,
)
from wfm.io.promises import coverage_csv
from wfm.io.results import costs_csv, plan_record, simulation_csv, verdict_record
from wfm.io.rosters import read_violations, roster_csv, violations_csv
from wfm.reporting import tables, terminal


@pytest.fixture(scope="module")
def results():
    return sample.results(5)


@pytest.fixture(scope="module")
def grid(results):
    return results.plan.roster.grid


def put(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text)
    return path


def test_costs(results, grid, tmp_path):
    """
    Cost lines come back to the cent.
    """
    path = put(tmp_path, "costs.csv", costs_csv(results.costs, grid))

    assert read_costs(path, grid) == results.costs


def test_plan(results):
    """
    The certificate comes back: objective, bound and gap over what can change.
    """
    record = plan_record(results.plan, inputs={}, targets={}, version="0")

    plan = read_plan(record, "plan.json", results.plan.roster, results.plan.cover)

    assert plan.cost == results.plan.cost
    assert plan.bound == pytest.approx(results.plan.bound)
    assert plan.gap_on_controllable == pytest.approx(results.plan.gap_on_controllable, abs=1e-6)


def test_plan_without_a_key(results):
    """
    A plan.json that lacks a key is refused, and the key is named.
    """
    record = plan_record(results.plan, inputs={}, targets={}, version="0")
    del record["bound"]

    with pytest.raises(DataError, match="'bound' is missing"):
        read_plan(record, "plan.json", results.plan.roster, results.plan.cover)


def test_verdict(results, grid, tmp_path):
    """
    Promises, findings and simulation come back, so that the tables say the same.
    """
    verdict, required = results.verdict, results.requirement
    simulated = simulation_csv(verdict.simulation, results.requirement.open)
    table = read_simulation_table(put(tmp_path, "simulation.csv", simulated))
    found = read_violations(put(tmp_path, "violations.csv", violations_csv(verdict.violations)))

    back = read_verdict(verdict_record(verdict), "verdict.json", found, verdict.cover, table, grid)

    assert tables.promise_table(back, required) == tables.promise_table(verdict, required)
    assert tables.violations_table(back) == tables.violations_table(verdict)
    assert back.reasons == verdict.reasons
    np.testing.assert_allclose(
        back.simulation.queues["banking"].offered,
        verdict.simulation.queues["banking"].offered,
        atol=1e-6,
    )


def test_cover(results, grid, tmp_path):
    """
    Cover comes back for open intervals; files hold no others.
    """
    text = coverage_csv(results.requirement, results.plan.cover)
    opened = results.requirement.open["banking"]

    cover = read_cover(put(tmp_path, "coverage.csv", text), grid)

    np.testing.assert_allclose(
        cover["banking"][opened], results.plan.cover["banking"][opened], atol=1e-6
    )


def test_backtest(results, tmp_path):
    """
    Backtest rows come back.
    """
    path = put(tmp_path, "backtest.csv", backtest_csv(results.backtest.rows))

    assert read_backtest(path) == results.backtest.rows


def test_forecast_text(results, grid, tmp_path):
    """
    The picture of a forecast is the same from memory and from its file.
    """
    path = put(tmp_path, "forecast.csv", forecast_csv(results.forecast))
    back = read_forecast(path, grid.zone_name, horizon=grid)

    assert terminal.forecast_text(back) == terminal.forecast_text(results.forecast)


def test_bare_roster(results, grid, tmp_path):
    """
    A roster file alone gives the picture of its duties; lunch is taken as unpaid.
    """
    path = put(tmp_path, "roster.csv", roster_csv(results.plan.roster))

    roster = bare_roster(path, grid)
    duty = roster.by_agent["ada0000"].planned[0]

    assert len(roster.by_agent["ada0000"].planned) == 5
    assert "lunch" in [block.activity.name for block in duty.blocks]
    assert terminal.roster_text(roster, ["banking", "stocks"]).startswith("Roster, Sunday")
