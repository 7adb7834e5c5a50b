"""
Costs, simulations, certificates and verdicts: domain types to files.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from wfm.domain.money import Cents, units
from wfm.domain.outcome import (
    Cost,
    CostLine,
    Estimate,
    Plan,
    PromiseVerdict,
    SimulationResult,
    Verdict,
)
from wfm.domain.promise import AnswerRate, OnTime, Promise, ServiceLevel
from wfm.domain.timegrid import Grid
from wfm.errors import DataError, Exit
from wfm.io import columns as sheets
from wfm.io.files import csv_text
from wfm.io.grids import grid_columns, moment_text


def costs_csv(lines: Iterable[CostLine], grid: Grid) -> str:
    """Cost lines as text."""
    found = list(lines)
    columns = {
        column.name: [getattr(line, column.name) for line in found]
        for column in sheets.COSTS.columns
    }
    columns["start"] = [moment_text(grid, line.start) for line in found]
    return csv_text(sheets.COSTS, columns)


def simulation_csv(result: SimulationResult, opened: Mapping[str, np.ndarray]) -> str:
    """A simulation as text: the intervals in ``opened``."""
    columns = grid_columns(
        result.grid, {name: opened[name] for name in result.queues if name in opened}
    )
    rows = list(zip(columns["_at"], columns["queue"], strict=True))
    for name in ("offered", "answered", "in_time", "abandoned", "wait_s", "occupancy"):
        columns[name] = [float(getattr(result.queues[queue], name)[at]) for at, queue in rows]
    return csv_text(sheets.SIMULATION, columns)


def json_text(value: Any) -> str:
    """An object as a JSON file: sorted as given, two spaces, a line at the end."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def read_json(path: Path) -> Any:
    """
    The content of a JSON file.

    Raises
    ------
    DataError
        It is missing or no JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DataError("there is no such file", place=str(path)) from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"is no JSON: {error}", place=path.name) from error


def money(amount: Cents | float) -> float:
    """Cents as currency units in JSON."""
    return round(amount / 100, 2) if isinstance(amount, float) else float(units(amount))


def cost_parts(cost: Cost) -> dict[str, float]:
    """Pay, wishes, shortfall and, in a revised plan, changes: currency units."""
    names = ("pay", "wishes", "shortfall", *(("changes",) if cost.changes else ()))
    return {name: money(getattr(cost, name)) for name in names}


def promise_words(promise: Promise) -> dict[str, Any]:
    """A promise as ``wfm.toml`` would spell it."""
    kind = {AnswerRate: "answer_rate", ServiceLevel: "service_level", OnTime: "on_time"}
    words: dict[str, Any] = {"kind": kind[type(promise)], "share": promise.share}
    if isinstance(promise, ServiceLevel):
        words["threshold_s"] = promise.threshold
    if isinstance(promise, OnTime):
        words["due_h"] = promise.due
    words |= {"over": promise.over.value, "floor": promise.floor}
    words |= {"max_occupancy": promise.max_occupancy}
    return words | ({"risk": promise.risk} if promise.risk is not None else {})


def plan_record(
    plan: Plan,
    *,
    inputs: Mapping[str, str],
    targets: Mapping[str, Iterable[Promise]],
    version: str,
) -> dict[str, Any]:
    """
    The content of ``plan.json``.

    Parameters
    ----------
    inputs
        SHA-256 of each input, by name.
    targets
        Promises by queue.
    """
    return {
        "status": plan.status.value,
        "cost": cost_parts(plan.cost),
        "objective": money(plan.cost.total),
        "bound": money(float(plan.bound)),
        "gap": round(plan.gap, 6),
        "gap_on_controllable": round(plan.gap_on_controllable, 6),
        "seed": plan.seed,
        "limits": dict(plan.limits),
        "solver": plan.solver,
        "inputs": dict(sorted(inputs.items())),
        "targets": {
            queue: [promise_words(one) for one in promises]
            for queue, promises in sorted(targets.items())
        },
        "remarks": list(plan.remarks),
        "version": version,
    }


def _estimate(estimate: Estimate | None) -> dict[str, float] | None:
    if estimate is None or not np.isfinite(estimate.value):
        return None
    return {name: round(float(getattr(estimate, name)), 6) for name in ("value", "low", "high")}


def _promise_verdict(one: PromiseVerdict) -> dict[str, Any]:
    return {
        "queue": one.queue,
        "kind": one.kind,
        "within": one.within,
        "period": one.period,
        "target": one.target,
        "planned": round(float(one.planned), 6) if np.isfinite(one.planned) else None,
        "simulated": _estimate(one.simulated),
        "missed": one.missed,
    }


def verdict_record(verdict: Verdict) -> dict[str, Any]:
    """The content of ``verdict.json``."""
    simulation = verdict.simulation
    return {
        "reasons": reasons_record(verdict.reasons),
        "violations": len(verdict.violations),
        "promises": [_promise_verdict(one) for one in verdict.promises],
        "cost": cost_parts(verdict.cost),
        "simulation": None
        if simulation is None
        else {
            "replications": simulation.replications,
            "seed": simulation.seed,
            "late_break_s": round(float(simulation.late_break_s), 3),
            "overrun_s": round(float(simulation.overrun_s), 3),
            "days": {
                name: {
                    simulation.grid.date(day).isoformat(): {
                        "simulated": _estimate(line.kept.get(f"day {day}")),
                        "kept_on": round(share, 6),
                    }
                    for day, share in sorted(line.day_kept.items())
                }
                for name, line in simulation.queues.items()
            },
            "agent_occupancy": {
                agent: round(float(share), 6)
                for agent, share in sorted(simulation.agent_occupancy.items())
                if np.isfinite(share)
            },
        },
        "not_checked": [{"rule": rule, "give": give} for rule, give in verdict.not_checked],
        "remarks": list(verdict.remarks),
    }


def reasons_record(reasons: Iterable[Exit]) -> list[dict[str, Any]]:
    """Exit reasons as the manifest and the verdict list them."""
    return [{"code": int(reason), "reason": reason.name.lower()} for reason in reasons]
