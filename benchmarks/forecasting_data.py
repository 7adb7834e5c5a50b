"""
The real series that forecasts are measured on, read from ``../shared/data``.

Left out are counts by month, which have no days, and 33 clients with 60 days at most.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

from wfm.domain.demand import History, Opening, Queue, QueueHistory
from wfm.domain.holidays import public_holidays
from wfm.domain.timegrid import Grid

DATA = Path(__file__).parents[2] / "shared" / "data"
FILES = {  # file: country, region
    "bank2003_30min.csv": ("US", None),
    "technion1999_year_30min.csv": ("IL", None),
    "kitchener_daily.csv": ("CA", "ON"),
    "nhs111_daily_area.csv": ("GB", "ENG"),
    "axa_2011_2013_daily.csv": ("FR", None),
    "usbank_daily.csv": ("US", None),
    "helpdesk_tickets.csv": ("IT", None),  # a row a ticket
}
LEAST = 60  # known days of a daily series


@dataclass(frozen=True)
class Series:
    """
    A daily series and the public holidays around it; NaN where closed or unknown.
    """

    name: str
    first: date
    y: np.ndarray
    holidays: dict[date, str]


def rows(file: str) -> Iterator[dict[str, str]]:
    """Rows of a file, packed or not."""
    path = DATA / file
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as stream:
        yield from csv.DictReader(stream)


def daily_series() -> list[Series]:
    """
    All daily volume series; days closed, or next to empty on a busy weekday, are gaps.
    """
    return [series for file in FILES for series in _of_file(file)]


def _of_file(file: str) -> list[Series]:
    totals: dict[str, dict[date, float]] = {}
    for row in rows(file):
        if count := row.get("contacts", "1"):
            day = datetime.fromisoformat(row.get("timestamp") or row["arrival"]).date()
            queue = totals.setdefault(row["queue"], {})
            queue[day] = queue.get(day, 0.0) + float(count)
    country, region = FILES[file]
    label = file.split("_", maxsplit=1)[0]
    return [
        _series(f"{label} {queue}".strip(), days, country, region)
        for queue, days in sorted(totals.items())
        if len(days) >= LEAST and np.mean(list(days.values())) > 4
    ]


def _series(name: str, days: dict[date, float], country: str, region: str | None) -> Series:
    first, last = min(days), max(days)
    span = (last - first).days + 1
    y = np.array([days.get(first + timedelta(days=at), np.nan) for at in range(span)])
    weekday = (first.weekday() + np.arange(span)) % 7
    for day in range(7):
        mine = weekday == day
        if np.isnan(y[mine]).all():
            continue
        usual = np.nanmedian(y[mine])
        empty = (
            y < 0.03 * usual
            if usual > 20
            else np.full(span, np.nanmean(y[mine]) < 0.05 * np.nanmean(y))
        )
        y[mine & empty] = np.nan
    until = last + timedelta(days=60)
    return Series(name, first, y, public_holidays(country, region, first, until))


@dataclass(frozen=True)
class Line:
    """
    An interval series: its history, its queue with opening hours, its holidays.
    """

    name: str
    history: History
    queue: Queue
    holidays: dict[date, str]


def _hours(*week: tuple[int, int] | None) -> Opening:
    return Opening(tuple(() if span is None else ((span[0] * 60, span[1] * 60),) for span in week))


BANK = _hours(*[(7, 21)] * 5, None, None)
TECHNION = _hours(*[(7, 24)] * 4, None, None, (7, 24))
LINES = {  # name: file, queue or all, minutes, hours, country
    "bank 30 min": ("bank2003_30min.csv", None, 30, BANK, "US"),
    "bank 5 min": ("bank2003_5min.csv.gz", None, 5, BANK, "US"),
    "Technion 30 min": ("technion1999_year_30min.csv", None, 30, TECHNION, "IL"),
    "Technion 6 min": ("technion1999_year_6min.csv.gz", None, 6, TECHNION, "IL"),
    **{
        f"AXA {queue}": ("axa_2011_2013_30min.csv.gz", queue, 30, None, "FR")
        for queue in (
            *("Domicile", "Gestion - Accueil Telephonique", "Japon", "Medical", "RTC"),
            *("Services", "Tech. Axa"),
        )
    },
}


def handle_time_history() -> History:
    """Two months of the Technion bank's queues by the half hour, with handle times, and all."""
    found = list(rows("technion1999_30min.csv"))
    moments = [row["timestamp"][:16] for row in found]
    first = date.fromisoformat(min(moments)[:10])
    days = (date.fromisoformat(max(moments)[:10]) - first).days + 1
    grid = Grid(first, days, 30)
    at = {stamp: position for position, stamp in enumerate(grid.stamps)}
    columns: dict[str, np.ndarray] = {}
    for row, moment in zip(found, moments, strict=True):
        queue = columns.setdefault(row["queue"], np.full((3, grid.n), np.nan))
        names = ("contacts", "answered", "handle_time_s")
        queue[:, at[moment]] = [float(row[name] or "nan") for name in names]
    calls = np.stack([queue[:2] for queue in columns.values()]).sum(axis=0)
    work = np.nansum([queue[1] * queue[2] for queue in columns.values()], axis=0)
    columns["all"] = np.stack([*calls, work / np.where(calls[1] > 0, calls[1], np.nan)])
    return History(
        grid,
        {
            name: QueueHistory(name, contacts, answered=answered, aht_s=aht)
            for name, (contacts, answered, aht) in columns.items()
        },
    )


def line(name: str) -> Line:
    """The interval series of that name."""
    file, queue, interval, opening, country = LINES[name]
    found = [row for row in rows(file) if queue is None or row["queue"] == queue]
    moments = [row["timestamp"][:16] for row in found]
    first = date.fromisoformat(min(moments)[:10])
    days = (date.fromisoformat(max(moments)[:10]) - first).days + 1
    grid = Grid(first, days, interval)
    at = {stamp: position for position, stamp in enumerate(grid.stamps)}
    contacts = np.full(grid.n, np.nan)
    for row, moment in zip(found, moments, strict=True):
        if moment in at and row["contacts"]:
            contacts[at[moment]] = np.nan_to_num(contacts[at[moment]]) + float(row["contacts"])
    history = History(grid, {name: QueueHistory(name, contacts)})
    return Line(
        name,
        history,
        Queue(name, opening=opening),
        public_holidays(country, None, first, grid.until),
    )
