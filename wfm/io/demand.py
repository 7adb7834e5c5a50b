"""
History, events, adjustments and forecasts: files to domain types and back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from wfm.domain.backlog import Waiting
from wfm.domain.demand import (
    Adjustment,
    Channel,
    Event,
    Forecast,
    History,
    Opening,
    QueueForecast,
    QueueHistory,
)
from wfm.domain.timegrid import Grid
from wfm.errors import DataError, nearest
from wfm.io import columns as sheets
from wfm.io.completeness import demand_complete
from wfm.io.files import Table, csv_text, read_table
from wfm.io.grids import Placed, grid_columns, place_rows, spread

CHANNELS = {channel.value: channel for channel in Channel} | {"voice": Channel.PHONE}
COUNTS = ("answered", "abandoned", "answered_in_threshold")
ROUNDING = 0.5  # contacts by which averages may differ
EXCESS, FEW = 1.2, 5.0  # answered over contacts of a day, and the contacts, that are no delay
BANDS = ("lo80", "hi80", "lo95", "hi95")
MOST_DAYS = 28  # before or after an event


def read_history(path: Path, zone_name: str = "UTC", *, interval: int | None = None) -> History:
    """
    Contact history from a file.

    Parameters
    ----------
    interval
        Minutes of the grid wanted; a finer file is added up. None: as the file has it.

    Raises
    ------
    DataError
        With every fault of the file, or because it is coarser than ``interval``.
    """
    table = read_table(path, sheets.HISTORY)
    placed = place_rows(table, zone_name)
    channels = _channels(table)
    threshold = _threshold(table)
    remarks = (*placed.remarks, *_answered_too_many(table, placed, channels))
    table.check()
    history = History(
        placed.grid,
        {
            name: _queue_history(name, rows, table, placed, channels[name], threshold)
            for name, rows in _by_queue(table).items()
        },
        remarks,
    )
    if interval is None or interval == placed.grid.interval:
        return history
    return coarsen(history, interval, path.name)


def _by_queue(table: Table) -> dict[str, np.ndarray]:
    """Rows of each queue, queues by name."""
    names = np.array(table.columns["queue"], dtype=object)
    return {name: np.flatnonzero(names == name) for name in sorted(set(names.tolist()))}


def _channels(table: Table) -> dict[str, Channel]:
    """Channel of each queue; a queue with two is a fault."""
    found: dict[str, Channel] = {}
    for at, (queue, text) in enumerate(
        zip(table.columns["queue"], table.get("channel"), strict=True)
    ):
        word = (text or "phone").casefold()
        if word not in CHANNELS:
            table.fault(at, "channel", f"'{text}' is no channel", nearest(word, CHANNELS))
            continue
        if found.setdefault(queue, CHANNELS[word]) is not CHANNELS[word]:
            table.fault(at, "channel", f"'{text}', but queue {queue} had {found[queue]} before")
    return found


def _answered_too_many(
    table: Table, placed: Placed, channels: Mapping[str, Channel]
) -> tuple[str, ...]:
    """
    More answered than offered: a fault over a whole day, else a remark.

    A contact may be answered in a later interval than it came, so a row proves nothing; over
    a day of live contacts an excess of a fifth, and of several contacts, is a wrong column.
    """
    over: dict[tuple[str, int], list[int]] = {}
    sums: dict[tuple[str, int], np.ndarray] = {}
    columns = (table.columns["queue"], table.columns["contacts"], table.get("answered"))
    for at, (queue, contacts, answered) in enumerate(zip(*columns, strict=True)):
        if contacts is None or answered is None or placed.index[at] < 0:
            continue
        key = (queue, int(placed.grid.day[placed.index[at]]))
        sums[key] = sums.get(key, np.zeros(2)) + np.array((contacts, answered))
        if answered > contacts + ROUNDING:
            over.setdefault(key, []).append(at)
    for (queue, day), rows in over.items():
        came, done = sums[queue, day]
        live = queue in channels and not channels[queue].deferrable
        if not live or done <= EXCESS * came or done - came <= FEW:
            continue
        for at in rows:
            contacts, answered = (table.columns[name][at] for name in ("contacts", "answered"))
            found = f"{answered:g} answered of {contacts:g} contacts, and too many all day"
            table.fault(at, "answered", found, "are the two columns exchanged?")
    many = sum(map(len, over.values()))
    if not many:
        return ()
    said = f"{many} row{'s have' if many > 1 else ' has'} more answered than contacts"
    return (f"{table.path.name}: {said}: taken as answered later than they came",)


def _threshold(table: Table) -> float | None:
    """Seconds of ``answered_in_threshold``: from its own column, or from the header."""
    stated = {value for value in table.get("threshold_s") if value is not None}
    if len(stated) > 1:
        at = next(i for i, v in enumerate(table.columns["threshold_s"]) if v != min(stated))
        table.fault(at, "threshold_s", "several thresholds in one file", "make a file of each")
    if stated:
        return float(min(stated))
    header = re.search(r"(\d+)s?$", table.header.get("answered_in_threshold", ""))
    if header:
        return float(header[1])
    if "answered_in_threshold" in table.columns and len(table):
        table.fault(0, "answered_in_threshold", "within how many seconds?", "add threshold_s")
    return None


def _queue_history(
    name: str,
    rows: np.ndarray,
    table: Table,
    placed: Placed,
    channel: Channel,
    threshold: float | None,
) -> QueueHistory:
    optional = {
        column: spread(placed, rows, table.columns[column], np.nan)
        for column in (*COUNTS, "aht_s", "wait_s")
        if column in table.columns
    }
    contacts = spread(placed, rows, table.columns["contacts"], np.nan)
    return QueueHistory(name, contacts, channel, threshold_s=threshold, **optional)


def coarsen(history: History, interval: int, file: str = "history") -> History:
    """
    The same history on longer intervals: counts added, seconds weighted by contacts.

    Raises
    ------
    DataError
        The history is coarser, or its intervals do not fit into the longer ones.
    """
    old = history.grid
    if old.interval > interval or interval % old.interval:
        raise DataError(
            f"has a row every {old.interval} minutes, which does not fit into {interval}",
            place=file,
            hint=f"plan with interval = {old.interval} in wfm.toml",
        )
    grid = Grid(old.first, old.days, interval, old.zone_name)
    at = np.searchsorted(grid.starts, old.starts, side="right") - 1
    queues = {name: _coarse_queue(queue, at, grid.n) for name, queue in history.queues.items()}
    return History(grid, queues, history.remarks)


def _coarse_queue(queue: QueueHistory, at: np.ndarray, n: int) -> QueueHistory:
    def added(values: np.ndarray) -> np.ndarray:
        known = ~np.isnan(values)
        total = np.bincount(at[known], values[known], minlength=n)
        return np.where(np.bincount(at[known], minlength=n) > 0, total, np.nan)

    def mean(values: np.ndarray, weight: np.ndarray) -> np.ndarray:
        weight = np.where(np.isnan(values) | np.isnan(weight), 0.0, weight)
        total = np.bincount(at, np.nan_to_num(values) * weight, minlength=n)
        by = np.bincount(at, weight, minlength=n)
        return np.where(by > 0, total / np.maximum(by, 1e-300), np.nan)

    answered = queue.contacts if queue.answered is None else queue.answered
    counts = {name: getattr(queue, name) for name in COUNTS}
    return QueueHistory(
        queue.queue,
        added(queue.contacts),
        queue.channel,
        aht_s=None if queue.aht_s is None else mean(queue.aht_s, answered),
        wait_s=None if queue.wait_s is None else mean(queue.wait_s, queue.contacts),
        threshold_s=queue.threshold_s,
        **{name: None if value is None else added(value) for name, value in counts.items()},
    )


def read_events(path: Path) -> tuple[Event, ...]:
    """Events from a file, by date."""
    table = read_table(path, sheets.EVENTS)
    effects = [_effect(table, at) for at in range(len(table))]
    for at, (first, last) in enumerate(zip(table.columns["date"], table.get("until"), strict=True)):
        if first and last and last < first:
            table.fault(at, "until", f"{last} lies before {first}")
    for column in ("lead", "lag"):
        for at, days in enumerate(table.get(column)):
            if days is not None and (days > MOST_DAYS or days != int(days)):
                table.fault(at, column, f"{days:g} days, expected 0 to {MOST_DAYS} whole days")
    table.check()
    events = [
        Event(
            first,
            name,
            until or first,
            queue or None,
            effect,
            closed,
            int(lead or 0),
            int(lag or 0),
        )
        for first, name, until, queue, (effect, closed), lead, lag in zip(
            table.columns["date"],
            table.columns["name"],
            table.get("until"),
            table.get("queue"),
            effects,
            table.get("lead"),
            table.get("lag"),
            strict=True,
        )
    ]
    return tuple(sorted(events, key=lambda event: (event.day, event.name, event.queue or "")))


def _effect(table: Table, at: int) -> tuple[float | None, bool]:
    text = table.get("effect")[at]
    if not text:
        return None, False
    if text.casefold() == "closed":
        return None, True
    try:
        effect = float(text.replace(",", "."))
    except ValueError:
        effect = -1.0
    if not 0 <= effect < 1000:
        table.fault(at, "effect", f"'{text}', expected a factor such as 1.2, or closed")
    return effect, False


def read_adjustments(path: Path) -> tuple[Adjustment, ...]:
    """Adjustments from a file, in its order."""
    table = read_table(path, sheets.ADJUSTMENTS, may_be_empty=("queue",))
    table.check()
    names = ("start", "until", "queue", "change", "reason", "author", "entered")
    rows = zip(*(table.columns[name] for name in names), table.get("expires"), strict=True)
    return tuple(Adjustment(a, b, q or None, *rest) for a, b, q, *rest in rows)


def read_orders(path: Path) -> dict[str | None, dict[date, float]]:
    """Orders by queue (None: all) and date, past and planned."""
    table = read_table(path, sheets.ORDERS)
    table.check()
    orders: dict[str | None, dict[date, float]] = {}
    for day, count, queue in zip(
        table.columns["date"], table.columns["orders"], table.get("queue"), strict=True
    ):
        orders.setdefault(queue or None, {})[day] = count
    return orders


def read_backlog(path: Path) -> tuple[Waiting, ...]:
    """Contacts received and not yet done, row by row."""
    table = read_table(path, sheets.BACKLOG)
    table.check()
    columns = (table.columns[name] for name in ("queue", "received", "contacts"))
    return tuple(Waiting(*row) for row in zip(*columns, strict=True))


def read_forecast(
    path: Path,
    zone_name: str = "UTC",
    *,
    interval: int | None = None,
    week_starts: str | None = None,
    horizon: Grid | None = None,
    hours: Mapping[str, Opening] | None = None,
) -> Forecast:
    """
    A forecast from a file; what its rows leave out is closed.

    Without bands and coefficients of variation contacts are Poisson, and a remark says so.

    Parameters
    ----------
    hours
        Stated opening hours by queue: no open interval may lack its row.
    """
    table = read_table(path, sheets.FORECAST)
    placed = place_rows(
        table, zone_name, interval=interval, week_starts=week_starts, horizon=horizon
    )
    channels = _channels(table)
    table.check()
    remarks = []
    missing = [name for name in (*BANDS, "day_cv", "interval_cv") if name not in table.columns]
    if missing:
        remarks.append(
            f"{path.name} has no {', '.join(missing)}: contacts are taken as Poisson there"
        )
    queues, opened = {}, {}
    for name, rows in _by_queue(table).items():
        queues[name] = _queue_forecast(name, rows, table, placed, channels[name])
        opened[name] = np.zeros(placed.grid.n, dtype=bool)
        opened[name][placed.index[rows]] = True
    remarks += demand_complete(path.name, placed.grid, opened, hours)
    return Forecast(placed.grid, queues, opened, tuple(remarks))


def _queue_forecast(
    name: str, rows: np.ndarray, table: Table, placed: Placed, channel: Channel
) -> QueueForecast:
    given = {
        column: spread(placed, rows, table.columns[column], 0.0)
        for column in ("contacts", "aht_s", *BANDS, "day_cv", "interval_cv")
        if column in table.columns
    }
    zeros = np.zeros(placed.grid.n)
    for column, level in zip(BANDS, (0.1, 0.9, 0.025, 0.975), strict=True):
        if column not in given:
            from scipy.stats import poisson

            given[column] = np.nan_to_num(poisson.ppf(level, given["contacts"]))
    return QueueForecast(name, channel=channel, **({"day_cv": zeros, "interval_cv": zeros} | given))


def forecast_csv(forecast: Forecast) -> str:
    """A forecast as text: open intervals only."""
    columns = grid_columns(forecast.grid, forecast.open)
    rows = list(zip(columns["_at"], columns["queue"], strict=True))
    names = ("contacts", *BANDS, "aht_s", "day_cv", "interval_cv")
    for name in names:
        columns[name] = [getattr(forecast.queues[queue], name)[at] for at, queue in rows]
    columns["channel"] = [forecast.queues[queue].channel.value for _, queue in rows]
    return csv_text(sheets.FORECAST, columns)


def backtest_csv(rows: Any) -> str:
    """A backtest as text: one line per queue, model and origin."""
    names = [column.name for column in sheets.BACKTEST.columns]
    return csv_text(sheets.BACKTEST, {name: [getattr(row, name) for row in rows] for name in names})


def known_queues(history: History, queues: Mapping[str, Any], file: str) -> None:
    """
    Demand that every queue of a history is known.

    Raises
    ------
    DataError
        For each that is not.
    """
    from wfm.errors import Problem

    unknown = [name for name in history.queues if name not in queues]
    if unknown:
        raise DataError(
            problems=[
                Problem(
                    f"{file}, column queue",
                    f"'{name}' has no [queue.{name}] in wfm.toml",
                    nearest(name, queues),
                )
                for name in unknown
            ]
        )
