"""
Rows of the table that a simulation makes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from wfm.domain.demand import Queue
from wfm.domain.outcome import Kept, QueueSimulation, SimulationResult
from wfm.domain.promise import AnswerRate, Period, Promise
from wfm.reporting import words
from wfm.reporting.table import Table
from wfm.reporting.tables import in_time_words, period_text

COLUMNS = (
    *("queue", "over", "contacts", "answered", "in time", "promised share (95 % interval)"),
    *("days kept", "wait", "occupancy", "lowest at"),
)


def simulation_table(result: SimulationResult, queues: Mapping[str, Queue]) -> Table:
    """
    What callers meet, by queue and promise: the whole horizon, then every day.
    """
    rows = []
    for name, line in result.queues.items():
        for place in range(max(1, len(queues[name].promises))):
            for period in line.promise(place).shares:
                days = _days(period, result.grid.days)
                rows.append(_row(result, line, place, period, days, queues[name]))
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
    line: QueueSimulation,
    place: int,
    period: str,
    days: range,
    queue: Queue,
) -> tuple[str, ...]:
    fared = line.promise(place)
    promise = queue.promises[place] if queue.promises else None
    share = fared.shares[period]
    rows = np.isin(result.grid.day, days)
    offered, answered = line.offered[rows].sum(), line.answered[rows].sum()
    wait = (line.answered * line.wait_s)[rows].sum() / answered if answered else float("nan")
    kept = [fared.days[day] for day in days if day in fared.days]
    interval = f"{words.percent(share.low).split(words.THIN)[0]}–{words.percent(share.high)}"
    return (
        *(_named(queue, promise), period_text(period, result.grid)),
        words.number(float(offered), 0),
        words.percent(float(answered / offered)),
        words.percent(float(fared.in_time[rows].sum() / offered)),
        f"{words.percent(share.value)} ({interval})",
        words.percent(float(np.mean(kept))) if kept else words.NOTHING,
        f"{words.number(float(wait), 0)} s",
        words.percent(_busy(line, rows)),
        lowest(result, line, fared, rows, promise),
    )


def _named(queue: Queue, promise: Promise | None) -> str:
    """The queue, and which of its promises where it has several."""
    if promise is None or len(queue.promises) == 1:
        return queue.name
    if isinstance(promise, AnswerRate):
        return f"{queue.name}, answered"
    return f"{queue.name}, {in_time_words(promise)}"


def _busy(line: QueueSimulation, rows: np.ndarray) -> float:
    """Occupancy over the intervals, weighted by contacts."""
    known = rows & np.isfinite(line.occupancy) & (line.offered > 0)
    if not known.any():
        return float("nan")
    return float(np.average(line.occupancy[known], weights=line.offered[known]))


def lowest(
    result: SimulationResult,
    line: QueueSimulation,
    fared: Kept,
    rows: np.ndarray,
    promise: Promise | None,
) -> str:
    """The interval with the lowest promised share, of those with a contact or more."""
    good = line.answered if isinstance(promise, AnswerRate) else fared.in_time
    some = rows & (line.offered >= 1)
    if not some.any():
        return words.NOTHING
    share = np.divide(good, line.offered, out=np.full(len(good), np.inf), where=some)
    at = int(share.argmin())
    return f"{result.grid.stamps[at].replace('T', ' ')} ({words.percent(float(share[at]))})"


def missed(result: SimulationResult, queues: Mapping[str, Queue]) -> bool:
    """
    Whether a promise of a queue lies above its simulated interval.
    """
    return any(
        promise.share > share.high
        for name, line in result.queues.items()
        for place, promise in enumerate(queues[name].promises)
        if promise.risk is None
        for period, share in line.promise(place).shares.items()
        if period.startswith("week" if promise.over is Period.WEEK else "day")
    )


def _further(line: QueueSimulation) -> list[dict[str, Any]]:
    return [_kept_record(fared) for fared in line.further]


def _kept_record(fared: Kept) -> dict[str, Any]:
    """One promise by period, and how many days keep it."""
    return {
        "kept": {
            period: {
                "value": round(share.value, 6),
                "low": round(share.low, 6),
                "high": round(share.high, 6),
            }
            for period, share in fared.shares.items()
        },
        "days_kept": {str(day): round(share, 6) for day, share in fared.days.items()},
    }


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
                **_kept_record(line.promise(0)),
                **({"further": further} if (further := _further(line)) else {}),
            }
            for name, line in result.queues.items()
        },
        "agent_occupancy": {
            agent: round(share, 6) for agent, share in sorted(result.agent_occupancy.items())
        },
    }
