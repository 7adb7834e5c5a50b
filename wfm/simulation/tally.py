"""
Counts over what happened in replications: who was answered, who worked how long.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from wfm.simulation.engine import CALLBACK, OFFERED_CALLBACK, SERVED, kernel
from wfm.simulation.team import BREAK, CONTACTS

OFFERED, ANSWERED, IN_TIME, ABANDONED, EARLY, WAIT = range(6)  # columns of counts
COLUMNS = 6  # and two more, in time and early, for each further promise of a queue
BREAKS, LATE, DUTIES, OVERRUN = range(4)  # columns of lateness


class Tally(NamedTuple):
    """
    Sums over replications.

    ``counts`` [queues, intervals, columns]: contacts by the interval of their arrival:
    offered, answered, in time, abandoned, abandoned within the threshold; and the seconds
    that answered ones waited; then in time and abandoned early as each further promise of
    the queue counts them. ``days`` [replications, queues, days, columns]: the same by day
    and replication. ``busy`` and ``ready`` [groups, intervals]: seconds at work, and on
    contacts at all; ``agents`` [agents, 2]: these two by person. ``lateness`` [4]: breaks,
    seconds they began late, duties worked, seconds they ended late.
    """

    counts: np.ndarray
    days: np.ndarray
    busy: np.ndarray
    ready: np.ndarray
    agents: np.ndarray
    lateness: np.ndarray


def timed(place: int) -> tuple[int, int]:
    """
    Columns of what is in time, and of who hangs up early, for a queue's promise at a place.
    """
    return (IN_TIME, EARLY) if place == 0 else (COLUMNS + 2 * place - 2, COLUMNS + 2 * place - 1)


def empty(
    queues: int,
    intervals: int,
    days: int,
    replications: int,
    groups: int,
    agents: int,
    places: int = 1,
) -> Tally:
    """Sums over nothing yet; ``places`` is the largest number of promises of a queue."""
    columns = COLUMNS + 2 * (places - 1)
    return Tally(
        np.zeros((queues, intervals, columns)),
        np.zeros((replications, queues, days, columns)),
        np.zeros((groups, intervals)),
        np.zeros((groups, intervals)),
        np.zeros((agents, 2)),
        np.zeros(4),
    )


@kernel
def _spread(table, start, end, width):
    """Add the seconds from ``start`` to ``end`` to the intervals they lie in."""
    last = len(table)
    if end <= 0:
        return
    at = max(start, 0.0)
    index = int(at / width)
    while index < last and at < end:
        edge = min(end, (index + 1) * width)
        table[index] += edge - at
        at = edge
        index += 1


@kernel
def add(counts, days, busy, ready, agents, lateness, rows, blocks, threshold, due, day, width):
    """
    Add one replication to the columns of a tally, ``days`` of this replication alone.

    ``threshold`` [queues, places], seconds; ``due`` [contacts, places] is when deferrable
    ones must be finished, NaN for all others, or empty; ``day`` [intervals] is each
    interval's day.
    """
    for k in range(len(rows)):
        if not np.isnan(rows[k].busy):
            block = rows[k].block
            begin, end = rows[k].busy, rows[k].end
            _spread(busy[blocks[block].group], begin, end, width)
            agents[blocks[block].agent, 0] += end - begin
        arrival = rows[k].arrival
        if arrival >= len(day) * width or rows[k].kind == CALLBACK:
            continue
        interval = int(arrival / width)
        queue, state = rows[k].queue, rows[k].state
        line, total = counts[queue, interval], days[queue, day[interval]]
        line[OFFERED] += 1
        total[OFFERED] += 1
        if state == SERVED:
            wait = rows[k].start - arrival
            line[ANSWERED] += 1
            total[ANSWERED] += 1
            line[WAIT] += wait
            total[WAIT] += wait
            for place in range(threshold.shape[1]):
                kept = wait <= threshold[queue, place]
                if len(due) > 0 and not np.isnan(due[k, place]):
                    kept = rows[k].end <= due[k, place]
                column = IN_TIME if place == 0 else COLUMNS + 2 * place - 2
                line[column] += kept
                total[column] += kept
        elif rows[k].kind == OFFERED_CALLBACK and rows[rows[k].again].state == SERVED:
            line[ANSWERED] += 1  # by the call-back; they waited in line until it was offered
            total[ANSWERED] += 1
            line[WAIT] += rows[k].deadline - arrival
            total[WAIT] += rows[k].deadline - arrival
        else:
            line[ABANDONED] += 1
            total[ABANDONED] += 1
            for place in range(threshold.shape[1]):
                early = rows[k].deadline - arrival <= threshold[queue, place]
                column = EARLY if place == 0 else COLUMNS + 2 * place - 1
                line[column] += early
                total[column] += early
                if len(due) > 0 and np.isinf(due[k, place]):  # the next plan keeps it
                    column = IN_TIME if place == 0 else COLUMNS + 2 * place - 2
                    line[column] += 1
                    total[column] += 1
    _add_people(ready, agents, lateness, blocks, width)


@kernel
def _add_people(ready, agents, lateness, blocks, width):
    duty = -1
    for k in range(len(blocks)):
        began, left = blocks[k].began, blocks[k].left
        if np.isnan(began):
            continue
        if blocks[k].kind == BREAK:
            lateness[BREAKS] += 1
            lateness[LATE] += began - blocks[k].start
        if blocks[k].kind == CONTACTS:
            _spread(ready[blocks[k].group], began, left, width)
            agents[blocks[k].agent, 1] += left - began
            lateness[OVERRUN] += max(0.0, left - blocks[k].duty_end)
            if blocks[k].duty != duty:
                duty = blocks[k].duty
                lateness[DUTIES] += 1
