"""
Rows of the table that a simulation makes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from wfm.domain.demand import Queue
from wfm.domain.outcome import Estimate, QueueSimulation, SimulationResult
from wfm.domain.promise import AnswerRate, Period, Promise
from wfm.reporting import words
from wfm.reporting.table import Table
from wfm.reporting.tables import period_text

COLUMNS = (
    *("queue", "over", "contacts", "answered", "in time", "promised share (95 % interval)"),
    *("days kept", "wait", "occupancy", "lowest at"),
)


def simulation_table(result: SimulationResult, queues: Mapping[str, Queue]) -> Table:
    """
    What callers meet, by queue: the whole horizon, then every day.
    """
    rows = []
    for name, line in result.queues.items():
        for period, share in line.kept.items():
            if " " in period and not period.startswith(("day ", "week ")):
                continue  # a second promise of the same queue: `wfm verify` tells it
            days = _days(period, result.grid.days)
            rows.append(_row(result, name, line, period, days, share, queues[name]))
    notes = (
        f"{result.replications} simulated horizons, seed {result.seed}; breaks start "
        f"{words.number(result.late_break_s, 0)} s late on average, duties end "
        f"{words.number(result.overrun_s, 0)} s late",
    )
    return Table("Simulation, call by call", COLUMNS, tuple(rows), "llrrrrrrrl", notes)


def _days(period: str, days: int) -> range:
    kind, _, index = period.partition(" ")
    if kind == "day":
        return range(int(index), int(index) + 1)
    first = 7 * int(index) if index else 0
    return range(first, min(first + 7, days))


def _row(
    result: SimulationResult,
    name: str,
    line: QueueSimulation,
    period: str,
    days: range,
    share: Estimate,
    queue: Queue,
) -> tuple[str, ...]:
    rows = np.isin(result.grid.day, days)
    offered, answered = line.offered[rows].sum(), line.answered[rows].sum()
    wait = (line.answered * line.wait_s)[rows].sum() / answered if answered else float("nan")
    kept = [line.day_kept[day] for day in days if day in line.day_kept]
    interval = f"{words.percent(share.low).split(words.THIN)[0]}–{words.percent(share.high)}"
    return (
        *(name, period_text(period, result.grid)),
        words.number(float(offered), 0),
        words.percent(float(answered / offered)),
        words.percent(float(line.in_time[rows].sum() / offered)),
        f"{words.percent(share.value)} ({interval})",
        words.percent(float(np.mean(kept))) if kept else words.NOTHING,
        f"{words.number(float(wait), 0)} s",
        words.percent(_busy(line, rows)),
        lowest(result, line, rows, queue.promises[0] if queue.promises else None),
    )


def _busy(line: QueueSimulation, rows: np.ndarray) -> float:
    """Occupancy over the intervals, weighted by contacts."""
    known = rows & np.isfinite(line.occupancy) & (line.offered > 0)
    if not known.any():
        return float("nan")
    return float(np.average(line.occupancy[known], weights=line.offered[known]))


def lowest(
    result: SimulationResult, line: QueueSimulation, rows: np.ndarray, promise: Promise | None
) -> str:
    """The interval with the lowest promised share, of those with a contact or more."""
    good = line.answered if isinstance(promise, AnswerRate) else line.in_time
    some = rows & (line.offered >= 1)
    if not some.any():
        return words.NOTHING
    share = np.divide(good, line.offered, out=np.full(len(good), np.inf), where=some)
    at = int(share.argmin())
    return f"{result.grid.stamps[at].replace('T', ' ')} ({words.percent(float(share[at]))})"


def missed(result: SimulationResult, queues: Mapping[str, Queue]) -> bool:
    """
    Whether the first promise of a queue lies above its simulated interval.
    """
    return any(
        queues[name].promises[0].share > share.high
        for name, line in result.queues.items()
        if queues[name].promises and queues[name].promises[0].risk is None
        for period, share in line.kept.items()
        if period.startswith(_over(queues[name]))
    )


def _over(queue: Queue) -> str:
    return "week" if queue.promises[0].over is Period.WEEK else "day"


def simulation_record(result: SimulationResult) -> dict[str, Any]:
    """
    A simulation as one JSON object.
    """
    return {
        "replications": result.replications,
        "seed": result.seed,
        "late_break_s": round(result.late_break_s, 3),
        "overrun_s": round(result.overrun_s, 3),
        "queues": {
            name: {
                "offered": round(float(line.offered.sum()), 3),
                "answered": round(float(line.answered.sum()), 3),
                "in_time": round(float(line.in_time.sum()), 3),
                "abandoned": round(float(line.abandoned.sum()), 3),
                "kept": {
                    period: {
                        "value": round(share.value, 6),
                        "low": round(share.low, 6),
                        "high": round(share.high, 6),
                    }
                    for period, share in line.kept.items()
                },
                "days_kept": {str(day): round(s, 6) for day, s in line.day_kept.items()},
            }
            for name, line in result.queues.items()
        },
        "agent_occupancy": {
            agent: round(share, 6) for agent, share in sorted(result.agent_occupancy.items())
        },
    }
