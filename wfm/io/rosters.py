"""
Rosters, shifts and violations: files to domain types and back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

from wfm.domain.demand import Queue
from wfm.domain.money import units
from wfm.domain.roster import (
    CENTS,
    UNITS,
    Block,
    Calendar,
    Duty,
    Roster,
    Severity,
    Status,
    Tour,
    Violation,
)
from wfm.domain.timegrid import Grid, zone
from wfm.domain.workforce import Activity, Person
from wfm.errors import DataError, nearest
from wfm.io import columns as sheets
from wfm.io.files import Table, csv_text, read_table
from wfm.io.grids import moment_text

Duties = dict[str, tuple[Duty, ...]]
STEP = 5  # minutes: what is typed begins and ends on one


def read_duties(
    path: Path,
    grid: Grid,
    activities: Mapping[str, Activity],
    *,
    agents: Iterable[str] | None = None,
    queues: Mapping[str, Queue] | None = None,
    typed: bool = False,
) -> Duties:
    """
    Duties of a roster file by agent, sorted by start; past ones have negative days.

    Parameters
    ----------
    grid
        The horizon in whose minutes they are counted.
    activities
        Activities by name.
    agents, queues
        Those that exist; None: any.
    typed
        Whether somebody may have typed it for this horizon: days outside it are faults, and
        so are times that are on no five minutes.
    """
    table = read_table(path, sheets.ROSTER)
    if typed:
        _as_typed(table, grid)
    team = None if agents is None else set(agents)
    blocks: dict[tuple[str, date], list[tuple[Block, int]]] = {}
    for at, key in enumerate(table.columns["agent"]):
        if key and team is not None and key not in team:
            table.fault(at, "agent", f"'{key}' is not in agents.csv", nearest(key, team))
        block = _block(table, at, grid, activities, queues)
        day = table.columns["date"][at]
        if block is not None and day is not None:
            blocks.setdefault((key, day), []).append((block, at))
    duties: dict[str, list[Duty]] = {}
    for (key, day), parts in sorted(blocks.items()):
        parts.sort(key=lambda part: (part[0].start, part[0].end))
        for (earlier, _), (later, at) in pairwise(parts):
            if later.start < earlier.end:
                table.fault(at, "start", f"{key} is already at {earlier.activity.name} then")
        if not table.problems:
            duty = Duty((day - grid.first).days, tuple(block for block, _ in parts))
            duties.setdefault(key, []).append(duty)
    table.check()
    return {key: tuple(sorted(ones, key=lambda duty: duty.start)) for key, ones in duties.items()}


def _as_typed(table: Table, grid: Grid) -> None:
    """Note days outside a horizon, and times that cannot be planned with."""
    for at, day in enumerate(table.columns["date"]):
        if day is not None and not grid.first <= day < grid.until:
            last = grid.date(grid.days - 1)
            table.fault(at, "date", f"{day}, expected a day from {grid.first} to {last}")
        for column in ("start", "end"):
            moment = table.columns[column][at]
            if moment is not None and moment.minute % STEP:
                said = f"{moment:%H:%M}, expected a multiple of {STEP} minutes"
                table.fault(at, column, said)


def _block(
    table: Table,
    at: int,
    grid: Grid,
    activities: Mapping[str, Activity],
    queues: Mapping[str, Queue] | None,
) -> Block | None:
    start, end = table.columns["start"][at], table.columns["end"][at]
    name = (table.columns["activity"][at] or "").strip()
    activity = activities.get(name) or activities.get(name.casefold())
    if name and activity is None:
        table.fault(at, "activity", f"'{name}' is no activity", nearest(name, activities))
    served = tuple(filter(None, (table.get("queue")[at] or "").replace("|", ";").split(";")))
    for queue in served if queues is not None else ():
        if queue not in (queues or {}):
            table.fault(at, "queue", f"'{queue}' is no queue", nearest(queue, queues or {}))
    if start is None or end is None or activity is None:
        return None
    first, last = grid.minute(start), grid.minute(end)
    if last <= first:
        table.fault(at, "end", f"{end:%Y-%m-%dT%H:%M} is not after {start:%Y-%m-%dT%H:%M}")
        return None
    return Block(first, last, activity, served if activity.on_contacts else ())


def roster_of(
    grid: Grid,
    people: Sequence[Person],
    calendars: Mapping[str, Calendar],
    duties: Duties,
    past: Duties,
) -> Roster:
    """
    Everyone's tours, with what is known of the days before the horizon.

    A file does not name the shape of a shift: it is that of the contract which fits it.
    """
    tours = []
    for person in people:
        key = person.agent.agent
        planned = [duty for duty in duties.get(key, ()) if duty.day >= 0]
        before = [duty for duty in (*past.get(key, ()), *duties.get(key, ())) if duty.day < 0]
        known = sorted({duty.day: duty for duty in before}.values(), key=lambda duty: duty.start)
        shaped = (_shaped(duty, person, grid) for duty in (*known, *planned))
        tours.append(Tour(person, calendars[key], tuple(shaped)))
    return Roster(grid, tuple(tours))


def _shaped(duty: Duty, person: Person, grid: Grid) -> Duty:
    start = grid.local(duty.start).astimezone(zone(person.agent.zone_name))
    shape = person.agent.contract.shape_of(start.hour * 60 + start.minute, duty.paid)
    return replace(duty, shape=shape) if shape else duty


def grid_of_roster(path: Path, zone_name: str, interval: int = 15) -> Grid:
    """
    The days that a roster file spans, where nothing else says which horizon it plans.
    """
    table = read_table(path, sheets.ROSTER)
    table.check()
    days = table.columns["date"]
    if not days:
        raise DataError("the file has no rows", place=path.name)
    return Grid(min(days), (max(days) - min(days)).days + 1, interval, zone_name)


def roster_csv(roster: Roster) -> str:
    """The planned duties of a roster as text: one row per block."""
    grid = roster.grid
    rows = [
        (tour.agent, tour.calendar.date(duty.day), block)
        for tour in roster
        for duty in tour.planned
        for block in duty.blocks
    ]
    return csv_text(
        sheets.ROSTER,
        {
            "agent": [agent for agent, _, _ in rows],
            "date": [day for _, day, _ in rows],
            "start": [moment_text(grid, block.start) for _, _, block in rows],
            "end": [moment_text(grid, block.end) for _, _, block in rows],
            "activity": [block.activity.name for _, _, block in rows],
            "queue": [";".join(block.queues) for _, _, block in rows],
        },
    )


def shifts_csv(roster: Roster) -> str:
    """The planned shifts of a roster as text: one row per shift."""
    grid = roster.grid
    rows = [(tour, duty) for tour in roster for duty in tour.planned]
    return csv_text(
        sheets.SHIFTS,
        {
            "agent": [tour.agent for tour, _ in rows],
            "shift_start": [moment_text(grid, duty.start) for _, duty in rows],
            "shift_end": [moment_text(grid, duty.end) for _, duty in rows],
            "date": [tour.calendar.date(duty.day) for tour, duty in rows],
            "paid_minutes": [duty.paid for _, duty in rows],
            "work_minutes": [duty.work for _, duty in rows],
        },
    )


def violations_csv(violations: Iterable[Violation]) -> str:
    """Violations as text; the header alone where there is none."""
    found = list(violations)
    columns = {
        column.name: [getattr(one, column.name) for one in found]
        for column in sheets.VIOLATIONS.columns
    }
    columns["severity"] = [one.severity.value for one in found]
    columns["status"] = [one.status.value for one in found]
    columns["amount"] = [
        units(round(one.amount)) if one.unit == CENTS else one.amount for one in found
    ]
    columns["unit"] = [one.stated[1] for one in found]
    return csv_text(sheets.VIOLATIONS, columns)


def read_violations(path: Path) -> tuple[Violation, ...]:
    """Violations from a file."""
    table = read_table(path, sheets.VIOLATIONS, may_be_empty=("source", "agent"))
    table.check()
    names = [column.name for column in sheets.VIOLATIONS.columns]
    rows = zip(*(table.columns[name] for name in names), strict=True)
    found = [dict(zip(names, row, strict=True)) for row in rows]
    for one in found:
        one |= {"severity": Severity(one["severity"]), "status": Status(one["status"])}
        if one["unit"] == UNITS:
            one |= {"amount": float(round(one["amount"] * 100)), "unit": CENTS}
    return tuple(Violation(**one) for one in found)
