"""
Rows that a forecast or requirement lacks: what is not there would be taken as closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

import numpy as np

from wfm.domain.demand import Event, Opening, Queue
from wfm.domain.timegrid import Grid
from wfm.errors import DataError, Problem

WIDEN = "widen `open` of the queue, or leave them out"
LISTED = 3  # missing intervals that a message names
USUAL = 0.5  # share of a queue's other days that are open at a time: then it is a gap


def openings(queues: Iterable[Queue], events: Iterable[Event]) -> dict[str, Opening]:
    """
    Stated opening hours by queue, less the days on which an event closes it.
    """
    shut = [event for event in events if event.closed]
    return {
        queue.name: replace(
            queue.opening,
            dates=dict(queue.opening.dates)
            | {
                event.day + timedelta(days=step): ()
                for event in shut
                if event.queue in (None, queue.name)
                for step in range((event.until - event.day).days + 1)
            },
        )
        for queue in queues
        if queue.opening is not None
    }


def demand_complete(
    file: str,
    grid: Grid,
    opened: Mapping[str, np.ndarray],
    hours: Mapping[str, Opening] | None = None,
    contacts: Mapping[str, np.ndarray] | None = None,
) -> tuple[str, ...]:
    """
    Demand that a file has a row for every open interval.

    A queue with stated hours has a row whenever it is open. Of another, a day has no gap
    at a time at which half of the queue's other days have a row; a gap that most days have
    is a closed hour.

    Parameters
    ----------
    opened
        By queue, the intervals that have a row, bool [n].
    hours
        Stated opening hours by queue; those of some queues may be unknown.
    contacts
        Contacts by queue, float [n]: any outside stated hours are a fault; None: not looked at.

    Returns
    -------
    tuple of str
        Remarks on gaps that are taken as closed.

    Raises
    ------
    DataError
        For each queue that lacks rows or has contacts while it is closed, with the first.
    """
    problems, remarks = [], []
    for name, there in opened.items():
        stated = (hours or {}).get(name)
        if stated is None:
            lacking, closed = gaps(grid, there)
            if closed.size:
                remarks.append(
                    f"{file}: queue {name} has no row at {_listed(grid, closed)} between others "
                    "of its day: taken as closed"
                )
            why, hint = "between others of its day", "give each interval a row"
        else:
            lacking = np.flatnonzero(stated.mask(grid) & ~there)
            why = "in which wfm.toml says that it is open"
            hint = "make the file anew for whole weeks, or mend [queue] open or events.csv"
        if lacking.size:
            many = f"{lacking.size} interval{'s' if lacking.size > 1 else ''}"
            found = f"no row for {many} {why}: {_listed(grid, lacking)}"
            problems.append(Problem(f"{file}, queue {name}", found, hint))
        if stated is not None and contacts is not None:
            beyond = np.flatnonzero((contacts[name] > 0) & ~stated.mask(grid))
            if beyond.size:
                found = (
                    f"contacts in {beyond.size} interval{'s' if beyond.size > 1 else ''} outside "
                    f"the opening hours of wfm.toml: {_listed(grid, beyond)}"
                )
                problems.append(Problem(f"{file}, queue {name}", found, WIDEN))
    if problems:
        raise DataError(problems=problems)
    return tuple(remarks)


def gaps(grid: Grid, there: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    Intervals without a row between two of their day: faults, and usual closed hours.
    """
    days = len(np.unique(grid.day[there]))
    faults: list[int] = []
    closed: list[int] = []
    for at in _inside(grid, there):
        same = len(np.unique(grid.day[there & (grid.clock == grid.clock[at])]))
        (faults if days > 1 and same / (days - 1) >= USUAL else closed).append(at)
    return np.array(faults, dtype=np.int64), np.array(closed, dtype=np.int64)


def _inside(grid: Grid, there: np.ndarray) -> Iterator[int]:
    for day in np.unique(grid.day[there]):
        rows = np.flatnonzero(there & (grid.day == day))
        yield from (int(at) for at in range(rows[0], rows[-1]) if not there[at])


def _listed(grid: Grid, rows: np.ndarray) -> str:
    more = f" and {rows.size - LISTED} more" if rows.size > LISTED else ""
    return ", ".join(grid.stamps[at] for at in rows[:LISTED]) + more
