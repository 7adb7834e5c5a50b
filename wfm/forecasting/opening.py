"""
Opening hours read off history, where nobody has stated them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from wfm.domain.demand import History, Opening, Span
from wfm.domain.timegrid import DAILY, Grid, clock_text

WEEKS = 26  # the latest weeks that count
SHARE = 0.04  # an open slot holds at least this share of the weekday's busiest
ENOUGH = 300  # contacts on a weekday below which its hours are borrowed from all queues
PAUSE = 120  # minutes without contacts that end a span of opening hours
LITTLE = 0.03  # share of a day's contacts below which a span is none
TOGETHER = 50  # queues up to which they are taken to share hours
RARE = 0.25  # share of days with any contact below which a queue is taken as always open
NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def slots(grid: Grid) -> np.ndarray:
    """Position of each interval in its day, by the wall clock, int64 [n]."""
    return (
        np.zeros(grid.n, dtype=np.int64) if grid.interval == DAILY else grid.clock // grid.interval
    )


def slot_count(grid: Grid) -> int:
    """Slots of an ordinary day."""
    return 1440 // grid.interval


def by_day(grid: Grid, values: np.ndarray) -> np.ndarray:
    """
    Values as a table of days and slots, float [days, slots].

    The hour that clocks show twice is averaged; the one they skip is a gap.
    """
    width = slot_count(grid)
    cell = grid.day * width + slots(grid)
    known = ~np.isnan(values)
    size = grid.days * width
    total = np.bincount(cell[known], values[known], minlength=size)
    count = np.bincount(cell[known], minlength=size)
    table = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return np.asarray(table.reshape(grid.days, width))


def shared_rates(history: History) -> np.ndarray | None:
    """
    Mean contacts of all queues together by weekday and slot, float [7, slots].

    None with so many queues that they hardly share their hours.
    """
    if len(history.queues) > TOGETHER:
        return None
    rates = [_weekday_rates(history.grid, queue.contacts)[0] for queue in history.queues.values()]
    return np.asarray(np.sum(rates, axis=0))


def infer(history: History, queue: str, shared: np.ndarray | None = None) -> Opening:
    """
    Opening hours of a queue, from where its contacts fall.

    A weekday is open from the first to the last slot that is used regularly. A queue
    too small to tell takes the hours at which ``shared``, those of all queues, are busy.
    """
    grid = history.grid
    table = by_day(grid, history.queues[queue].contacts)[-7 * WEEKS :]
    busy = np.nansum(table, axis=1)[(~np.isnan(table)).any(axis=1)] > 0
    if busy.mean() < RARE if busy.size else True:
        return Opening()  # contacts are too rare to tell hours
    own, days = _weekday_rates(grid, history.queues[queue].contacts)
    week = []
    for weekday in range(7):
        small = shared is not None and 0 < own[weekday].sum() * days[weekday] < ENOUGH
        rates = shared[weekday] if small and shared is not None else own[weekday]
        week.append(_spans(rates, days[weekday], grid.interval))
    return Opening(tuple(week))


def _weekday_rates(grid: Grid, contacts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean contacts by weekday and slot, and the days that were seen, of the last weeks."""
    table = by_day(grid, contacts)[-7 * WEEKS :]
    first = grid.days - len(table)
    weekday = (grid.first.weekday() + first + np.arange(len(table))) % 7
    rates = np.zeros((7, table.shape[1]))
    days = np.zeros(7)
    for day in range(7):
        rows = table[weekday == day]
        # a row that is missing in a day that has others is a slot without contacts
        days[day] = (~np.isnan(rows)).any(axis=1).sum()
        rates[day] = np.nan_to_num(rows).sum(0) / max(days[day], 1)
    return rates, days


def _spans(rates: np.ndarray, days: float, interval: int) -> tuple[Span, ...]:
    """
    Spans from the first to the last regular slot; none where nothing comes.

    A pause of over two hours ends a span, and a span with hardly any contacts is none.
    """
    if interval == DAILY:
        return ((0, 1440),) if rates[0] > 0 else ()
    busy = np.sort(rates)[-max(1, len(rates) // 8) :].mean()
    # a slot with a stray contact now and then is not an open one
    used = np.flatnonzero((rates >= SHARE * busy) & (rates * days >= max(2, days / 4)))
    if not used.size:
        return ()
    runs = np.split(used, np.flatnonzero((np.diff(used) - 1) * interval > PAUSE) + 1)
    kept = [run for run in runs if rates[run].sum() >= LITTLE * rates.sum()]
    return tuple((int(run[0]) * interval, (int(run[-1]) + 1) * interval) for run in kept)


def close(opening: Opening, dates: tuple[date, ...]) -> Opening:
    """The same hours, closed on some dates."""
    return replace(opening, dates={**opening.dates, **dict.fromkeys(dates, ())})


def words(opening: Opening) -> str:
    """
    Hours in words: ``Mon-Thu 07:00-24:00, Fri 07:00-14:00``.
    """
    texts = [
        " and ".join(f"{clock_text(a)}-{clock_text(b)}" for a, b in spans) for spans in opening.week
    ]
    parts = []
    start = 0
    for day in range(1, 8):
        if day == 7 or texts[day] != texts[start]:
            if texts[start]:
                name = NAMES[start] if day - start == 1 else f"{NAMES[start]}-{NAMES[day - 1]}"
                parts.append(f"{name} {texts[start]}")
            start = day
    return ", ".join(parts) or "never"
