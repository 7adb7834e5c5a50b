"""
Requirements, their curves, and coverage: files to domain types and back.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from wfm.domain.demand import Opening, Queue
from wfm.domain.planned import moved
from wfm.domain.promise import AnswerRate, Curve, QueueRequirement, Requirement, ServiceLevel
from wfm.domain.timegrid import Grid
from wfm.errors import DataError, Problem
from wfm.io import columns as sheets
from wfm.io.completeness import demand_complete
from wfm.io.files import Table, csv_text, read_table
from wfm.io.grids import Placed, grid_columns, place_rows, spread

NUMBERS = (
    *("contacts", "aht_s", "load_erlangs", "agents", "to_schedule"),
    *("service_level", "answer_rate", "occupancy", "asa_s", "agents_erlang_c"),
)
YIELDS = ("answered", "in_time", "occupancy")


def read_requirement(
    path: Path,
    queues: Mapping[str, Queue],
    zone_name: str = "UTC",
    *,
    curves: Path | None = None,
    interval: int | None = None,
    week_starts: str | None = None,
    horizon: Grid | None = None,
    hours: Mapping[str, Opening] | None = None,
) -> Requirement:
    """
    A requirement from a file, with its curves where there are some.

    Without curves cover is by heads, and a remark says so.

    Parameters
    ----------
    hours
        Stated opening hours by queue: no open interval may lack its row.
    """
    table = read_table(path, sheets.REQUIREMENT, may_be_empty=("asa_s",))
    placed = place_rows(
        table, zone_name, interval=interval, week_starts=week_starts, horizon=horizon
    )
    table.check()
    names = np.array(table.columns["queue"], dtype=object)
    shapes = _read_curves(curves, placed.grid, zone_name) if curves else {}
    required, opened = {}, {}
    for name in sorted(set(names.tolist())):
        rows = np.flatnonzero(names == name)
        opened[name] = np.zeros(placed.grid.n, dtype=bool)
        opened[name][placed.index[rows]] = True
        required[name] = _queue_requirement(
            name, rows, table, placed, queues.get(name), shapes.get(name)
        )
    remarks = [f"{path.name} stands without curves: cover is by heads"] if not curves else []
    coming = {name: one.contacts for name, one in required.items()}
    remarks += demand_complete(path.name, placed.grid, opened, hours, coming)
    return Requirement(placed.grid, required, opened, tuple(remarks))


def _queue_requirement(
    name: str,
    rows: np.ndarray,
    table: Table,
    placed: Placed,
    queue: Queue | None,
    curve: Curve | None,
) -> QueueRequirement:
    values: dict[str, Any] = {
        column: spread(placed, rows, table.get(column), 0.0) for column in NUMBERS
    }
    nobody = [row for row in rows if table.columns["asa_s"][row] is None]
    values["asa_s"][placed.index[nobody]] = np.inf  # an empty cell: nobody ever answers
    place = _place(name, rows, table, queue)
    promises = queue.promises if queue else ()
    promise = promises[place] if promises else None

    def told(column: str, missing: float) -> np.ndarray | None:
        """A column that only some files have."""
        cells = table.get(column)
        if all(cells[row] is None for row in rows):
            return None
        return spread(placed, rows, cells, missing)

    levels = (one for one in (promise, *promises) if isinstance(one, ServiceLevel))
    return QueueRequirement(
        name,
        **values,
        promise=promise,
        curve=curve,
        place=place,
        level=next(levels, None),
        correction=told("correction", 0.0),
        aim=told("aim", promise.share if promise else 0.0),
        least=told("least", 0.0),
        pace=told("pace", 0.0),
    )


def _place(name: str, rows: np.ndarray, table: Table, queue: Queue | None) -> int:
    """Which of a queue's promises its curves are of."""
    numbers = {number for row in rows if (number := table.get("promise")[row]) is not None}
    if not numbers or queue is None:
        return 0
    number = numbers.pop()
    if numbers or number not in range(1, len(queue.promises) + 1):
        raise DataError(
            f"queue {name}: its curves are of promise {number:g}, and it has {len(queue.promises)}",
            place="requirement, promise",
            hint="run `wfm staff` again: promises in wfm.toml have changed",
        )
    return int(number) - 1


def _read_curves(path: Path, grid: Grid, zone_name: str) -> dict[str, Curve]:
    table = read_table(path, sheets.CURVES)
    placed = place_rows(table, zone_name, horizon=grid)
    table.check()
    names = np.array(table.columns["queue"], dtype=object)
    heads = np.array(table.columns["scheduled"], dtype=np.int64)
    curves, faults = {}, []
    for name in sorted(set(names.tolist())):
        rows = np.flatnonzero(names == name)
        most = int(heads[rows].max())
        filled = np.zeros((grid.n, most + 1), dtype=bool)
        filled[placed.index[rows], heads[rows]] = True
        for at in np.flatnonzero(filled.any(axis=1) & ~filled.all(axis=1)):
            gap = int(np.flatnonzero(~filled[at])[0])
            place = f"{path.name}, {grid.stamps[at]}, queue {name}"
            faults.append(Problem(place, f"heads 0 to {most} expected, {gap} is missing"))
        yields = {column: np.zeros((grid.n, most + 1)) for column in YIELDS}
        for column, table_of in yields.items():
            values = np.array(table.columns[column], dtype=float)
            table_of[placed.index[rows], heads[rows]] = values[rows]
        curves[name] = Curve(**yields)
    if faults:
        raise DataError(problems=faults)
    return curves


def requirement_csv(requirement: Requirement) -> str:
    """A requirement as text: open intervals only."""
    columns = grid_columns(requirement.grid, requirement.open)
    rows = list(zip(columns["_at"], columns["queue"], strict=True))
    for name in NUMBERS:
        values = [getattr(requirement.queues[queue], name)[at] for at, queue in rows]
        columns[name] = [float(value) if np.isfinite(value) else None for value in values]
    for name in ("correction", "aim", "least", "pace"):
        found = {queue: getattr(line, name) for queue, line in requirement.queues.items()}
        if any(values is not None for values in found.values()):
            columns[name] = [
                None if (known := found[queue]) is None else float(known[at]) for at, queue in rows
            ]
    if any(line.place for line in requirement.queues.values()):
        columns["promise"] = [requirement.queues[queue].place + 1 for _, queue in rows]
    return csv_text(sheets.REQUIREMENT, columns)


def curves_csv(requirement: Requirement) -> str:
    """The curves of a requirement as text; the header alone where there are none."""
    base = grid_columns(requirement.grid, requirement.open)
    columns: dict[str, list[Any]] = {name: [] for name in ("start", "queue", "scheduled", *YIELDS)}
    if "utc_offset" in base:
        columns["utc_offset"] = []
    for row, (at, queue) in enumerate(zip(base["_at"], base["queue"], strict=True)):
        curve = requirement.queues[queue].curve
        if curve is None:
            continue
        heads = range(curve.max_heads + 1)
        columns["scheduled"] += heads
        for name in ("start", "queue", "utc_offset"):
            if name in columns:
                columns[name] += [base[name][row]] * len(heads)
        for name in YIELDS:
            columns[name] += getattr(curve, name)[at].tolist()
    return csv_text(sheets.CURVES, columns)


def coverage_csv(requirement: Requirement, cover: Mapping[str, np.ndarray]) -> str:
    """
    People required and on duty, as text.

    Parameters
    ----------
    cover
        By queue, the heads that serve it in each interval, float [n].
    """
    columns = grid_columns(requirement.grid, requirement.open)
    rows = list(zip(columns["_at"], columns["queue"], strict=True))
    columns["required"] = [float(requirement.queues[q].to_schedule[at]) for at, q in rows]
    columns["scheduled"] = [float(cover[q][at]) if q in cover else 0.0 for at, q in rows]
    columns["surplus"] = [
        have - need for have, need in zip(columns["scheduled"], columns["required"], strict=True)
    ]
    for column, yielded in (
        ("predicted_service_level", "in_time"),
        ("predicted_answer_rate", "answered"),
    ):
        columns[column] = [
            _predicted(requirement.queues[queue], yielded, at, heads)
            for (at, queue), heads in zip(rows, columns["scheduled"], strict=True)
        ]
    return csv_text(sheets.COVERAGE, columns)


def _predicted(queue: QueueRequirement, yielded: str, at: int, heads: float) -> float | None:
    """
    Share of offered contacts that the curve gives, with what simulation found beyond it where
    that is known; nothing without curve or contacts.
    """
    if queue.curve is None or queue.contacts[at] <= 0:
        return None
    values = getattr(queue.curve, yielded)[at]
    counted = np.interp(heads, np.arange(len(values)), values)
    promised = "answered" if isinstance(queue.promise, AnswerRate) else "in_time"
    if queue.correction is not None and yielded == promised and queue.correction[at] != 0:
        here = slice(at, at + 1)
        counted = moved(np.array([counted]), queue.contacts[here], queue.correction[here])[0]
    return float(min(counted / queue.contacts[at], 1.0))
