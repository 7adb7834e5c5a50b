"""
Today's forecast with what today has brought: the update in terms of queues and grids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np

from wfm.domain.demand import Event, Forecast, History, Queue, QueueForecast
from wfm.domain.timegrid import DAILY, Grid
from wfm.errors import DataError
from wfm.forecasting import opening as hours
from wfm.forecasting.bands import negative_binomial
from wfm.forecasting.combining import Study
from wfm.forecasting.days import Days
from wfm.forecasting.forecast import forecast, queue_names
from wfm.forecasting.intervals import learning_table
from wfm.forecasting.intraday import EARLY, update
from wfm.forecasting.profiles import choose_shape, profile, spread
from wfm.forecasting.queuework import BAND_LEVELS, QueueWork, Task
from wfm.forecasting.volumes import Volumes

PAST = 120  # days from which the update is learnt
AHEAD = 7  # a past day counts as day-ahead when it was forecast at most so long before


def rest_of_day(
    history: History,
    queues: Mapping[str, Queue],
    now: datetime,
    *,
    planned: Forecast | None = None,
    holidays: Mapping[date, str] | None = None,
    events: Sequence[Event] = (),
) -> Forecast:
    """
    The rest of today, from what came until ``now``.

    Parameters
    ----------
    history
        Contacts with today's until ``now``; later ones are not looked at.
    now
        Local wall clock. The interval that it lies in is not over, and counts as to come.
    planned
        Today as it was forecast before; None: it is forecast now, from earlier days.

    Returns
    -------
    Forecast
        One day; open are the intervals still to come.

    Raises
    ------
    DataError
        The history has whole days only, or none of today's contacts.
    """
    grid = history.grid
    if grid.interval == DAILY:
        raise DataError("whole days cannot be updated within the day", hint="give intervals")
    today = Grid(now.date(), 1, grid.interval, grid.zone_name)
    base = forecast(history, queues, today, holidays=holidays, events=events)
    base = base if planned is None else _on_day(planned, base)
    seen = int(np.searchsorted(today.starts + grid.interval, today.minute(now), side="right"))
    past = history.before(today.first)
    names = queue_names(past, queues)
    done, opened, remarks = {}, {}, []
    for name in names:
        facts = _facts(history, name, today)[:seen]
        row = base.queues[name]
        if not seen or np.isnan(facts).all():
            done[name] = row
        else:
            week = Grid(today.first, AHEAD, grid.interval, grid.zone_name)
            task = Task.of(
                past,
                queues.get(name) or Queue(name),
                week,
                hours.shared_rates(past),
                holidays=holidays or {},
                events=tuple(events),
            )
            work = QueueWork.prepare(task)
            done[name] = _updated(row, np.nan_to_num(facts), work, today)
        opened[name] = base.open[name] & (np.arange(today.n) >= seen)
        remarks.append(_remark(name, row, done[name], facts, opened[name]))
    return Forecast(today, done, opened, tuple(remarks))


def _on_day(planned: Forecast, base: Forecast) -> Forecast:
    """The planned forecast's rows of the day; the fresh one's where it has none."""
    ahead = (base.grid.first - planned.grid.first).days
    if not 0 <= ahead < planned.grid.days or planned.grid.interval != base.grid.interval:
        return base
    rows = planned.grid.day == ahead
    names = [field for field in QueueForecast.__dataclass_fields__ if field not in KEPT]
    queues = dict(base.queues)
    for name, queue in planned.queues.items():
        if name in queues:
            queues[name] = replace(queue, **{field: getattr(queue, field)[rows] for field in names})
    return replace(base, queues=queues)


KEPT = ("queue", "channel")


def _facts(history: History, queue: str, today: Grid) -> np.ndarray:
    """Today's counts, float [n]; NaN where nothing is recorded."""
    contacts = history.queues[queue].contacts
    rows = history.grid.day == (today.first - history.grid.first).days
    facts = np.full(today.n, np.nan)
    facts[: rows.sum()] = contacts[rows]
    return facts


def _updated(row: QueueForecast, seen: np.ndarray, work: QueueWork, today: Grid) -> QueueForecast:
    """A queue's row with the rest of the day corrected."""
    slot = hours.slots(today)
    if work.found is None or len(np.unique(slot)) != today.n:
        return row  # few contacts, or a day on which the clocks change
    past, expected = past_days(work.volumes, work.found, today.interval)
    facts = np.zeros(int(slot[len(seen) - 1]) + 1)
    facts[slot[: len(seen)]] = seen
    forecast = np.zeros(past.shape[1])
    forecast[slot] = row.contacts
    found = update(forecast, facts, past, expected, today.interval)
    contacts = found.contacts[slot]
    day_cv = row.day_cv * found.left
    cv = np.sqrt((1 + day_cv**2) * (1 + row.interval_cv**2) - 1)
    bands = negative_binomial(contacts, cv, BAND_LEVELS)
    columns = dict(zip(("lo95", "lo80", "hi80", "hi95"), bands.T, strict=True))
    return replace(row, contacts=contacts, day_cv=day_cv, **columns)


def past_days(volumes: Volumes, found: Study, interval: int) -> tuple[np.ndarray, np.ndarray]:
    """
    Counts of the last days and what was expected of them days ahead, float [days, slots].

    Both at today's level; days with an occasion are NaN.
    """
    days: Days = volumes.days
    table = learning_table(volumes, interval, found)
    shape = choose_shape(table)
    offset = days.n - int(found.trial.origins[-1])
    origins = found.trial.origins[:-1] + offset
    counts, expected = [], []
    shares = None
    first = int(origins[0]) if origins.size else days.n
    for day in range(max(first, days.n - PAST), days.n):
        if shares is None or (days.n - day) % 7 == 0:
            shares = profile(table, day, shape)
        row = int(np.searchsorted(origins, day, side="right")) - 1
        if row < 0 or day - origins[row] >= min(AHEAD, days.horizon) or np.isnan(days.y[day]):
            continue
        total = np.exp(found.mean[row, day - origins[row]])
        opened = volumes.open[day : day + 1]
        expected.append(total * spread(shares, opened, days.weekday[day : day + 1])[0])
        counts.append(np.where(opened[0], table.counts[day], 0.0))
    width = volumes.table.shape[1]
    return np.array(counts).reshape(-1, width), np.array(expected).reshape(-1, width)


def _remark(
    name: str,
    before: QueueForecast,
    after: QueueForecast,
    facts: np.ndarray,
    ahead: np.ndarray,
) -> str:
    """What today has changed, in words."""
    due = float(before.contacts[: len(facts)].sum())
    came = float(np.nansum(facts))
    old, new = float(before.contacts[ahead].sum()), float(after.contacts[ahead].sum())
    if np.array_equal(before.contacts[ahead], after.contacts[ahead]):
        return (
            f"{name}: {came:.0f} contacts so far, {due:.0f} were expected; {old:.0f} to come, "
            f"unchanged (nothing is learnt before {EARLY:.0%} of a day, or from a short past)"
        )
    return (
        f"{name}: {came:.0f} contacts so far, {due:.0f} were expected; {new:.0f} to come "
        f"instead of {old:.0f}"
    )


def last_moment(history: History) -> datetime:
    """The end of the last interval that holds a contact: what 'now' is, by the history."""
    known = [np.flatnonzero(queue.contacts > 0) for queue in history.queues.values()]
    last = max((int(rows[-1]) for rows in known if rows.size), default=0)
    end = history.grid.local(int(history.grid.starts[last])) + timedelta(
        minutes=history.grid.interval
    )
    return end.replace(tzinfo=None)
