"""
The promise day by day, planned and simulated, and how busy each person is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from wfm.domain.outcome import Kept, QueueSimulation, SimulationResult, Verdict
from wfm.domain.promise import Promise, Requirement
from wfm.reporting import service, words
from wfm.reporting.simulations import lowest
from wfm.reporting.table import Table
from wfm.reporting.tables import estimate_text

COLUMNS = (
    *("queue", "day", "contacts", "planned", "simulated (95 % interval)"),
    *("keeps its promise on", "lowest at"),
)


def days_table(verdict: Verdict, requirement: Requirement) -> Table:
    """
    Every queue and day with contacts; nothing where nothing was simulated.

    The share of replications in which the day alone reaches the promised share stands
    beside it, and the interval in which callers fare worst.
    """
    played = verdict.simulation
    rows: list[tuple[str, ...]] = []
    if played is not None:
        planned = service.planned_days(requirement, verdict.cover)
        for name, line in played.queues.items():
            if name in requirement.queues:
                asked = requirement.queues[name]
                kept = line.promise(asked.place)
                rows += _rows(played, line, kept, planned[name], asked.promise)
    notes = (people_text(played.agent_occupancy),) if played and played.agent_occupancy else ()
    return Table("The promise by day", COLUMNS, tuple(rows), "llrrrrl", notes)


def _rows(
    played: SimulationResult,
    line: QueueSimulation,
    kept: Kept,
    planned: np.ndarray,
    promise: Promise | None,
) -> Iterator[tuple[str, ...]]:
    grid = played.grid
    for day in range(grid.days):
        found = kept.shares.get(f"day {day}")
        if found is None or not np.isfinite(found.value):
            continue
        rows = grid.day == day
        yield (
            *(line.queue, words.day(grid.date(day))),
            words.number(float(line.offered[rows].sum())),
            words.percent(float(planned[day])),
            estimate_text(found),
            words.percent(kept.days[day]) if day in kept.days else words.NOTHING,
            lowest(played, line, kept, rows, promise),
        )


def people_text(occupancy: Mapping[str, float]) -> str:
    """
    How busy people are on contacts: the least, the middle and the most, by name.
    """
    order = sorted(occupancy.items(), key=lambda one: (one[1], one[0]))
    (idle, least), (busy, most) = order[0], order[-1]
    middle = float(np.median([share for _, share in order]))
    return (
        f"people on contacts are busy {words.percent(middle)} of their time (the median), from "
        f"{words.percent(least)} ({idle}) to {words.percent(most)} ({busy})"
    )
