"""
A queue's history as the models want it: days, and days by slots.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from wfm.domain.demand import Event, History, Opening
from wfm.domain.timegrid import DAILY, Grid
from wfm.forecasting.cleansing import median_last, weekday_reference
from wfm.forecasting.days import Days, make_days
from wfm.forecasting.opening import by_day, slot_count

EMPTY = 0.03  # a day below this share of its weekday's median was closed or not recorded
BUSY = 20.0  # where that median is at least this


@dataclass(frozen=True)
class Volumes:
    """
    One queue's past on the clock of its opening hours.

    Parameters
    ----------
    days
        The daily series with its calendar, horizon included.
    table
        Contacts by day and slot, float [n, slots]; NaN where closed or unknown.
    open
        Open slots of every day, history and horizon, bool [n + horizon, slots].
    outside
        Contacts that came outside opening hours, left out.
    empty
        Dates with next to nothing although open, taken as closed or not recorded.
    """

    days: Days
    table: np.ndarray
    open: np.ndarray
    outside: float
    empty: tuple[date, ...]


def make_volumes(
    history: History,
    queue: str,
    opening: Opening,
    horizon: Grid,
    *,
    holidays: Mapping[date, str],
    events: Sequence[Event],
) -> Volumes:
    """
    History before the horizon, cut to opening hours, with days that say nothing as gaps.
    """
    past = history.grid
    span = (horizon.until - past.first).days
    whole = Grid(past.first, span, past.interval, past.zone_name)
    table = by_day(past, history.queues[queue].contacts)
    opened = open_slots(whole, opening)
    mine = opened[: past.days]
    outside = float(np.nansum(np.where(mine, 0, table)))
    table = np.where(mine, table, np.nan)
    totals = day_totals(table, mine)
    gaps = empty_days(totals)
    totals[gaps] = np.nan
    table[gaps] = np.nan
    # days between the last known one and the horizon are forecast too, then dropped
    known = np.flatnonzero(~np.isnan(totals))
    n = int(known[-1]) + 1 if known.size else len(totals)
    days = make_days(
        queue,
        past.first,
        totals[:n],
        span - n,
        closed=np.asarray(~opened.any(axis=1)),
        holidays=holidays,
        events=events,
    )
    dates = tuple(past.date(int(day)) for day in np.flatnonzero(gaps))
    return Volumes(days, table[:n], opened, outside, dates)


def closures(events: Sequence[Event], queue: str) -> tuple[date, ...]:
    """Dates on which events close a queue."""
    return tuple(
        date.fromordinal(day)
        for event in events
        if event.closed and event.queue in (None, queue)
        for day in range(event.day.toordinal(), event.until.toordinal() + 1)
    )


def open_slots(grid: Grid, opening: Opening) -> np.ndarray:
    """Open slots of each day, bool [days, slots], by the wall clock."""
    width = slot_count(grid)
    clock = np.arange(width) * grid.interval
    out = np.zeros((grid.days, width), dtype=bool)
    for day in range(-1, grid.days):
        for start, end in opening.spans(grid.date(day)):
            if grid.interval == DAILY:
                out[max(day, 0)] |= day >= 0
                continue
            if day >= 0:
                out[day] |= (clock >= start) & (clock < end)
            if day + 1 < grid.days:
                out[day + 1] |= clock + 1440 < end
    return out


def day_totals(table: np.ndarray, opened: np.ndarray) -> np.ndarray:
    """
    Contacts a day, float [days]; days with up to a third missing are scaled up.
    """
    known = ~np.isnan(table)
    seen = known.any(0)  # a slot of which nothing is ever recorded is not missed
    rate = np.where(known, table, 0).sum(0) / np.maximum(known.sum(0), 1) + 1e-9 * seen
    expected = (opened * rate).sum(1)
    covered = (known * rate).sum(1)
    share = np.where(expected > 0, covered / np.maximum(expected, 1e-12), 0)
    came = np.where(known, table, 0).sum(1)
    return np.where((share >= 2 / 3) & opened.any(1), came / np.maximum(share, 2 / 3), np.nan)


def empty_days(totals: np.ndarray) -> np.ndarray:
    """Days that hold next to nothing where their weekday holds a lot, bool [days]."""
    reference = weekday_reference(totals)
    overall = median_last(totals[None, :])[0]
    level = np.where(np.isnan(reference), overall, reference)
    return np.asarray((totals < EMPTY * level) & (level >= BUSY))
