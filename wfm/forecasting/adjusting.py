"""
What people add to a forecast: events with a stated effect, and adjustments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import numpy as np

from wfm.domain.demand import Adjustment, Event, Forecast, QueueForecast
from wfm.domain.timegrid import Grid

SCALED = ("contacts", "lo80", "hi80", "lo95", "hi95")


def stated_effects(events: Sequence[Event], horizon: Grid) -> tuple[Adjustment, ...]:
    """
    Events whose effect somebody states, as adjustments of whole days.
    """
    return tuple(
        Adjustment(
            datetime.combine(event.day, time()),
            datetime.combine(event.until + timedelta(days=1), time()),
            event.queue,
            event.effect,
            event.name,
            "events",
            datetime.combine(horizon.first, time()),
        )
        for event in events
        if event.effect is not None and not event.closed
    )


def valid(adjustments: Sequence[Adjustment], as_of: date) -> tuple[Adjustment, ...]:
    """Those that have not expired by ``as_of``."""
    return tuple(a for a in adjustments if a.expires is None or a.expires > as_of)


def factors(grid: Grid, queue: str, adjustments: Sequence[Adjustment]) -> np.ndarray:
    """
    Product of all changes to a queue in every interval, float [n].
    """
    out = np.ones(grid.n)
    for change in adjustments:
        if change.queue in (None, queue):
            start, until = grid.minute(change.start), grid.minute(change.until)
            out[(grid.starts >= start) & (grid.starts < until)] *= change.change
    return out


def adjust(
    plain: Forecast, stated: Sequence[Adjustment], adjustments: Sequence[Adjustment]
) -> Forecast:
    """
    The forecast with all changes made, each named in a remark when it touches the horizon;
    a remark for each queue holds the sum beside that of the untouched forecast.

    An adjustment that expires on or before the horizon's first day is left out.
    """
    used = (*stated, *valid(adjustments, plain.grid.first))
    if not used:
        return plain
    queues = {
        name: _scaled(queue, factors(plain.grid, name, used))
        for name, queue in plain.queues.items()
    }
    first, last = (
        datetime.combine(plain.grid.first, time()),
        datetime.combine(plain.grid.until, time()),
    )
    said = tuple(
        f"{change.queue or 'all queues'}: x{change.change:g} from {change.start:%Y-%m-%d %H:%M} "
        f"to {change.until:%Y-%m-%d %H:%M} ({change.reason}, {change.author})"
        for change in used
        if change.start < last and change.until > first
    )
    both = (
        f"{name}: {queues[name].contacts.sum():.0f} contacts with these changes, "
        f"{queue.contacts.sum():.0f} without"
        for name, queue in plain.queues.items()
        if queues[name] is not queue
    )
    return replace(plain, queues=queues, remarks=(*plain.remarks, *said, *both))


def _scaled(queue: QueueForecast, factor: np.ndarray) -> QueueForecast:
    if (factor == 1).all():
        return queue
    return replace(queue, **{name: getattr(queue, name) * factor for name in SCALED})
