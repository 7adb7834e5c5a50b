"""
Rows of a file to positions on a grid, and back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import gcd
from typing import Any

import numpy as np

from wfm.domain.timegrid import DAILY, GRAINS, WEEKDAYS, Grid, zone
from wfm.errors import DataError
from wfm.io.files import Table

REGULAR = 20  # distances between starts of a day from which the least one is no accident


@dataclass(frozen=True)
class Placed:
    """
    Where the rows of a file lie: ``index`` is the interval of each row, -1 for a faulty one.
    """

    grid: Grid
    index: np.ndarray
    remarks: tuple[str, ...] = ()


def place_rows(
    table: Table,
    zone_name: str,
    *,
    interval: int | None = None,
    week_starts: str | None = None,
    horizon: Grid | None = None,
) -> Placed:
    """
    Find the grid of a file's ``start`` column, and the interval of every row.

    Faults are noted in the table: a start between intervals, one that clocks skip, and an
    interval and queue that come twice (of the hour that clocks show twice, the second row
    is the second hour).

    Parameters
    ----------
    interval
        Minutes; None: the largest grain on which all starts lie.
    week_starts
        Extend the grid to whole weeks.
    horizon
        The grid is known: rows outside it are faults.
    """
    moments = [_local(moment, zone_name) for moment in table.columns["start"]]
    known = [moment for moment in moments if moment is not None]
    if not known:
        table.check()
        raise DataError("the file has no rows", place=table.path.name)
    if horizon is None:
        horizon = _grid_of(known, zone_name, interval or grain(known, table.path.name), week_starts)
    index = np.full(len(table), -1, dtype=np.int64)
    at_start = {int(minute): at for at, minute in enumerate(horizon.starts)}
    minutes, twice = _minutes(table, moments, horizon)
    for at, minute in minutes.items():
        if minute in at_start:
            index[at] = at_start[minute]
        elif 0 <= minute < horizon.midnights[-1]:
            expected = f"every {horizon.interval} minutes" if horizon.interval < DAILY else "a day"
            table.fault(at, "start", f"'{_text(moments[at])}' is no start, expected {expected}")
        else:
            last = horizon.date(horizon.days - 1)
            table.fault(
                at, "start", f"'{_text(moments[at])}' lies outside {horizon.first} to {last}"
            )
    _note_twins(table, index)
    if not twice:
        return Placed(horizon, index)
    remark = (
        f"{table.path.name}: {twice} row{'s' if twice > 1 else ''} of the hour that clocks show "
        "twice told apart by their order; a column utc_offset would say which is which"
    )
    return Placed(horizon, index, (remark,))


def _text(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M") if moment else ""


def _local(moment: datetime | None, zone_name: str) -> datetime | None:
    """A moment with an offset, on the wall clock of the zone."""
    if moment is None or moment.tzinfo is None:
        return moment
    return moment.astimezone(zone(zone_name))


def _grid_of(
    moments: Sequence[datetime], zone_name: str, interval: int, week_starts: str | None
) -> Grid:
    first, last = min(_naive(m) for m in moments).date(), max(_naive(m) for m in moments).date()
    if week_starts is not None:
        day = WEEKDAYS.index(week_starts)
        first -= timedelta(days=(first.weekday() - day) % 7)
        last += timedelta(days=(day - 1 - last.weekday()) % 7)
    return Grid(first, (last - first).days + 1, interval, zone_name)


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def grain(moments: Sequence[datetime], file: str) -> int:
    """
    Minutes of the largest interval on which all starts lie; 1,440 where all are midnights.

    Raises
    ------
    DataError
        Starts are further apart than that, by what does not divide the hour.
    """
    clocks = {moment.hour * 60 + moment.minute for moment in moments}
    if clocks == {0} and len({moment.date() for moment in moments}) > 1:
        return DAILY
    ordered = sorted({_naive(moment) for moment in moments})
    gaps = [(b - a).seconds // 60 for a, b in pairwise(ordered) if a.date() == b.date()]
    if len(gaps) >= REGULAR and min(gaps) not in GRAINS and min(gaps) > GRAINS[0]:
        raise DataError(
            f"starts are {min(gaps)} minutes apart, expected {', '.join(map(str, GRAINS))} "
            "or whole days",
            place=file,
            hint="export the history with intervals that divide the hour",
        )
    step = gcd(*clocks, 60)
    return max((size for size in GRAINS if step % size == 0), default=GRAINS[0])


def _minutes(
    table: Table, moments: Sequence[datetime | None], grid: Grid
) -> tuple[dict[int, int], int]:
    """
    Minute of each row on the grid, by row; skipped hours are faults.

    Also how many rows are the second of two equal hours by nothing but their order.
    """
    twice = 0
    offsets = table.get("utc_offset")
    queues = table.get("queue", "")
    seen: dict[Any, int] = {}
    found: dict[int, int] = {}
    cache: dict[tuple[datetime, int], int] = {}  # datetimes of either fold are equal
    for at, moment in enumerate(moments):
        if moment is None:
            continue
        if moment.tzinfo is not None:
            found[at] = grid.minute(moment)
            continue
        if offsets[at]:
            found[at] = _with_offset(table, at, moment, offsets[at], grid)
            continue
        key = (moment, queues[at], _head(table, at))
        again = moment.replace(fold=1) if key in seen else moment
        seen[key] = at
        if (moment, again.fold) not in cache or again.fold:
            cache[moment, again.fold] = grid.minute(again)
            if grid.local(cache[moment, again.fold]).replace(tzinfo=None) != moment:
                table.fault(at, "start", f"'{_text(moment)}' was skipped by the clocks")
        found[at] = cache[moment, again.fold]
        twice += bool(again.fold) and found[at] != cache[moment, 0]
    return found, twice


def _head(table: Table, at: int) -> Any:
    """What besides start and queue tells rows apart: the heads of a curve."""
    return table.columns["scheduled"][at] if "scheduled" in table.columns else None


def _with_offset(table: Table, at: int, moment: datetime, offset: str, grid: Grid) -> int:
    try:
        minute = grid.minute(datetime.fromisoformat(f"{moment:%Y-%m-%dT%H:%M}{offset}"))
        clock = grid.local(minute).replace(tzinfo=None)
        # UTC stands for a zone that nobody has told: then the offsets are all there is
        if grid.zone_name != "UTC" and clock != moment.replace(second=0, microsecond=0):
            own = zone(grid.zone_name)
            known = {moment.replace(tzinfo=own, fold=fold).isoformat()[-6:] for fold in (0, 1)}
            expected = " or ".join(sorted(known))
            found = f"'{offset}', expected {expected} in {grid.zone_name}"
            table.fault(at, "utc_offset", found)
        return minute
    except ValueError:
        table.fault(at, "utc_offset", f"'{offset}', expected an offset such as +02:00")
        return grid.minute(moment)


def _note_twins(table: Table, index: np.ndarray) -> None:
    queues = table.get("queue", "")
    seen: dict[Any, int] = {}
    for at in range(len(table)):
        key = (int(index[at]), queues[at], _head(table, at))
        if index[at] >= 0 and key in seen:
            first = table.rows[seen[key]]
            table.fault(at, "start", f"the same interval and queue as row {first}", "keep one")
        seen.setdefault(key, at)


def spread(placed: Placed, rows: np.ndarray, values: Sequence[Any], empty: float) -> np.ndarray:
    """
    Values of some rows on the grid, float [n]; ``empty`` where there is none.
    """
    out = np.full(placed.grid.n, empty)
    chosen = np.array([empty if values[row] is None else values[row] for row in rows], dtype=float)
    out[placed.index[rows]] = chosen
    return out


def grid_columns(grid: Grid, where: Mapping[str, np.ndarray]) -> dict[str, list[Any]]:
    """
    ``start``, ``queue`` and, where clocks change, ``utc_offset`` of the marked intervals.

    Rows are ordered by start, then queue.
    """
    rows = [(at, name) for at in range(grid.n) for name in sorted(where) if where[name][at]]
    columns: dict[str, list[Any]] = {
        "start": [stamp(grid, int(grid.starts[at])) for at, _ in rows],
        "queue": [name for _, name in rows],
        "_at": [at for at, _ in rows],
    }
    if grid.has_dst:
        columns["utc_offset"] = [grid.offsets[at] for at in columns["_at"]]
    return columns


def stamp(grid: Grid, minute: int) -> str:
    """Wall-clock time of a minute, ``YYYY-MM-DDTHH:MM``."""
    return grid.local(minute).strftime("%Y-%m-%dT%H:%M")


def moment_text(grid: Grid, minute: int) -> str:
    """
    Wall-clock time of a minute; in the second of two equal hours, with its offset.
    """
    local = grid.local(minute)
    text = local.strftime("%Y-%m-%dT%H:%M")
    if not local.fold:
        return text
    offset = local.strftime("%z")
    return f"{text}{offset[:3]}:{offset[3:5]}"
