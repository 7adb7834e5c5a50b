"""
What is decided already, from a file: shifts, activities and times off that planning keeps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from wfm.domain.workforce import Activity
from wfm.errors import nearest
from wfm.io import columns as sheets
from wfm.io.files import Table, read_table
from wfm.io.people import known_agents

OFF = "off"
STEP = 5  # minutes: what is fixed begins and ends on one


@dataclass(frozen=True, slots=True)
class Decided:
    """
    A row as its file states it; both ends local, ``end`` exclusive. None: a time off.
    """

    start: datetime
    end: datetime
    activity: Activity | None


def read_fixed(
    path: Path, agents: Iterable[str], activities: Mapping[str, Activity]
) -> dict[str, tuple[Decided, ...]]:
    """
    What is fixed by agent, sorted.

    Parameters
    ----------
    activities
        Activities by name, breaks among them.
    """
    table = read_table(path, sheets.FIXED)
    known_agents(table, agents)
    found: dict[str, list[tuple[Decided, int]]] = {}
    for at, key in enumerate(table.columns["agent"]):
        one = _row(table, at, activities)
        if one is not None:
            found.setdefault(key, []).append((one, at))
    for key, rows in found.items():
        rows.sort(key=lambda row: (row[0].start, row[0].end))
        worked = [row for row in rows if row[0].activity is not None]
        for (earlier, first), (later, at) in pairwise(worked):
            if later.start < earlier.end:
                before = f"row {table.rows[first]} fixes {_name(earlier)} until {earlier.end}"
                table.fault(at, "start", f"{key} is already taken: {before}")
    table.check()
    return {key: tuple(one for one, _ in rows) for key, rows in found.items()}


def _name(one: Decided) -> str:
    return one.activity.name if one.activity else OFF


def _row(table: Table, at: int, activities: Mapping[str, Activity]) -> Decided | None:
    first, last = table.columns["start"][at], table.columns["end"][at]
    name = (table.columns["activity"][at] or "").strip()
    off = name.casefold() == OFF
    activity = activities.get(name) or activities.get(name.casefold())
    if name and not off and activity is None:
        table.fault(at, "activity", f"'{name}' is no activity", nearest(name, [*activities, OFF]))
        return None
    if first is None or last is None or not name:
        return None
    if off:
        start, end = _moment(first), _moment(last, after=True)
    elif not isinstance(first, datetime) or not isinstance(last, datetime):
        column = "end" if isinstance(first, datetime) else "start"
        table.fault(at, column, f"{name} has a day, expected a moment such as 1999-02-28T08:00")
        return None
    else:
        start, end = first, last
    if end <= start:
        table.fault(at, "end", f"{last} is not after {first}")
        return None
    for column, moment in (("start", start), ("end", end)):
        if moment.minute % STEP or moment.second:
            table.fault(at, column, f"{moment:%H:%M}, expected a multiple of {STEP} minutes")
    return Decided(start, end, None if off else activity)


def _moment(value: Any, *, after: bool = False) -> datetime:
    if isinstance(value, datetime):
        return value
    day: date = value
    return datetime.combine(day, time()) + timedelta(days=int(after))
