"""
What a plan's folder holds, read back: plan, verdict, costs, simulation, backtest, cover.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from wfm.domain.accuracy import BacktestRow
from wfm.domain.money import cents
from wfm.domain.outcome import (
    Cost,
    CostLine,
    Estimate,
    Plan,
    PlanStatus,
    PromiseVerdict,
    QueueSimulation,
    SimulationResult,
    Verdict,
)
from wfm.domain.roster import Calendar, Roster, Tour, Violation
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import (
    CLOSING,
    MEETING,
    TRAINING,
    WORK,
    Activity,
    Agent,
    Contract,
    Pay,
    Person,
)
from wfm.errors import DataError, Exit
from wfm.io import columns as sheets
from wfm.io.files import Table, read_table
from wfm.io.grids import place_rows, spread
from wfm.io.rosters import read_duties

MEANS = ("offered", "answered", "in_time", "abandoned", "wait_s", "occupancy")


def read_plan(
    record: Mapping[str, Any], file: str, roster: Roster, cover: Mapping[str, np.ndarray]
) -> Plan:
    """
    A plan from the content of its ``plan.json``.

    Raises
    ------
    DataError
        A key is missing or holds something else.
    """
    try:
        cost = _cost(record["cost"])
        bound, gap = float(record["bound"]) * 100, float(record["gap_on_controllable"])
        return Plan(
            roster=roster,
            status=PlanStatus(record["status"]),
            cost=cost,
            bound=bound,
            controllable=(cost.total - bound) / gap if gap > 0 else 0.0,
            cover=cover,
            seed=int(record["seed"]),
            limits=record["limits"],
            solver=record["solver"],
            remarks=tuple(record["remarks"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable(file, error) from error


def read_verdict(
    record: Mapping[str, Any],
    file: str,
    violations: Sequence[Violation],
    cover: Mapping[str, np.ndarray],
    simulation: Table | None,
    grid: Grid,
) -> Verdict:
    """
    A verdict from the content of its ``verdict.json`` and the files beside it.

    Raises
    ------
    DataError
        A key is missing or holds something else.
    """
    try:
        promises = tuple(_promise(one) for one in record["promises"])
        found = record["simulation"]
        return Verdict(
            violations=tuple(violations),
            promises=promises,
            cost=_cost(record["cost"]),
            cover=cover,
            simulation=_simulation(found, simulation, promises, grid)
            if found and simulation
            else None,
            not_checked=tuple((one["rule"], one["give"]) for one in record["not_checked"]),
            remarks=tuple(record["remarks"]),
            reasons=tuple(Exit(one["code"]) for one in record["reasons"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable(file, error) from error


def _unreadable(file: str, error: Exception) -> DataError:
    what = f"key {error} is missing" if isinstance(error, KeyError) else str(error)
    return DataError(f"is not what wfm wrote: {what}", place=file, hint="make the plan again")


def _cost(parts: Mapping[str, float]) -> Cost:
    found = {name: cents(parts[name]) for name in ("pay", "wishes", "shortfall")}
    return Cost(**found, changes=cents(parts.get("changes", 0)))


def _promise(one: Mapping[str, Any]) -> PromiseVerdict:
    found = one["simulated"]
    return PromiseVerdict(
        queue=one["queue"],
        kind=one["kind"],
        period=one["period"],
        target=one["target"],
        planned=float("nan") if one["planned"] is None else one["planned"],
        within=one.get("within"),
        simulated=None if found is None else Estimate(found["value"], found["low"], found["high"]),
    )


def _simulation(
    record: Mapping[str, Any], table: Table, promises: Sequence[PromiseVerdict], grid: Grid
) -> SimulationResult:
    placed = place_rows(table, grid.zone_name, horizon=grid)
    table.check()
    names = np.array(table.columns["queue"], dtype=object)
    queues = {}
    for name in dict.fromkeys(names.tolist()):
        rows = np.flatnonzero(names == name)
        means: dict[str, Any] = {
            column: spread(placed, rows, table.columns[column], float("nan" if at == 5 else 0))
            for at, column in enumerate(MEANS)
        }
        first = next((p for p in promises if p.queue == name), None)
        kept = {
            p.period: p.simulated
            for p in promises
            if first and p.simulated
            if (p.queue, p.kind, p.within) == (name, first.kind, first.within)
        }
        queues[name] = QueueSimulation(name, **means, kept=kept)
    return SimulationResult(
        grid=grid,
        queues=queues,
        replications=record["replications"],
        seed=record["seed"],
        agent_occupancy=record["agent_occupancy"],
        late_break_s=record["late_break_s"],
        overrun_s=record["overrun_s"],
    )


def read_simulation_table(path: Path) -> Table:
    """The rows of a ``simulation.csv``; who waits for nobody has empty cells."""
    table = read_table(path, sheets.SIMULATION, may_be_empty=("wait_s", "occupancy"))
    table.check()
    return table


def bare_roster(path: Path, grid: Grid) -> Roster:
    """
    A roster of which only its file is known: no contracts, wishes or absences.

    Work, closing, training and meeting are paid; any other activity is an unpaid break.
    """
    named = read_table(path, sheets.ROSTER).get("activity")
    known = {one.name: one for one in (WORK, CLOSING, TRAINING, MEETING)}
    breaks = {name: Activity(name, paid=False, work=False) for name in named if name}
    contract = Contract("not known", 0, 7, (), Pay("not known", 0))
    duties = read_duties(path, grid, breaks | known)
    return Roster(
        grid,
        tuple(
            Tour(
                Person(Agent(agent, contract, zone_name=grid.zone_name)),
                Calendar(grid, grid.zone_name),
                found,
            )
            for agent, found in sorted(duties.items())
        ),
    )


def read_costs(path: Path, grid: Grid) -> tuple[CostLine, ...]:
    """Cost lines from a file."""
    table = read_table(path, sheets.COSTS, may_be_empty=("rule", "agent", "queue", "activity"))
    table.check()
    names = [column.name for column in sheets.COSTS.columns]
    lines = []
    for row in zip(*(table.columns[name] for name in names), strict=True):
        cells = dict(zip(names, row, strict=True))
        for name in ("rule", "agent", "queue", "activity"):
            cells[name] = cells[name] or ""
        lines.append(CostLine(**cells | {"start": grid.minute(cells["start"])}))
    return tuple(lines)


def read_cover(path: Path, grid: Grid) -> dict[str, np.ndarray]:
    """Heads on the roster by queue from a ``coverage.csv``, float [n]."""
    predicted = ("predicted_service_level", "predicted_answer_rate")
    table = read_table(path, sheets.COVERAGE, may_be_empty=predicted)
    placed = place_rows(table, grid.zone_name, horizon=grid)
    table.check()
    names = np.array(table.columns["queue"], dtype=object)
    return {
        name: spread(placed, np.flatnonzero(names == name), table.columns["scheduled"], 0.0)
        for name in dict.fromkeys(names.tolist())
    }


def read_backtest(path: Path) -> tuple[BacktestRow, ...]:
    """The rows of a ``backtest.csv``."""
    scores = ("wape", "mase", "bias", "crps", "cover80", "cover95")
    table = read_table(path, sheets.BACKTEST, may_be_empty=(*scores, "cpu_s"))
    table.check()
    names = [column.name for column in sheets.BACKTEST.columns]
    rows = []
    for row in zip(*(table.columns[name] for name in names), strict=True):
        cells: dict[str, Any] = {
            name: float("nan") if cell is None else cell
            for name, cell in zip(names, row, strict=True)
        }
        rows.append(BacktestRow(**cells | {"horizon": int(cells["horizon"])}))
    return tuple(rows)
