"""
Work that waits when a week begins: mail, letters and fax that nobody has done yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

import numpy as np

from wfm.domain.demand import Forecast, Opening, Queue, QueueForecast
from wfm.domain.promise import OnTime
from wfm.errors import DataError, Problem


@dataclass(frozen=True, slots=True)
class Waiting:
    """
    Contacts of a deferrable queue, received and not yet done; local wall clock.
    """

    queue: str
    received: datetime
    contacts: float


def joined(forecast: Forecast, backlog: Iterable[Waiting], queues: Mapping[str, Queue]) -> Forecast:
    """
    The forecast of a horizon, with what waits when it begins in each queue's first open interval.

    First come, first served: it is done before anything new. Its due time runs from
    receipt, in open hours: those before the horizon are told by the queue's opening hours,
    else by those of the same weekdays in the horizon. What is overdue when the horizon
    begins stays late, whatever is planned. What came inside the horizon is expected
    already, and left out.

    Raises
    ------
    DataError
        Contacts of a queue that the forecast lacks or never opens, or that cannot wait.
    """
    begins = datetime.combine(forecast.grid.first, time())
    older: dict[str, list[Waiting]] = {}
    for one in backlog:
        if one.contacts > 0 and one.received < begins:
            older.setdefault(one.queue, []).append(one)
    faults = [fault for name in older if (fault := _fault(name, forecast, queues))]
    if faults:
        raise DataError(problems=faults)
    lines, said = dict(forecast.queues), []
    for name, some in sorted(older.items()):
        first = int(np.argmax(forecast.open[name]))
        total = sum(one.contacts for one in some)
        service = queues[name].self_service  # has had its share of these long ago
        hours = queues[name].opening or _usual(forecast, name)
        waited = tuple(
            (one.contacts, open_hours(hours, one.received, begins))
            for one in sorted(some, key=lambda one: one.received)
        )
        line = _with(lines[name], first, total / (service.left if service else 1.0))
        lines[name] = replace(line, waited=waited)
        since = min(one.received for one in some)
        said.append(
            f"queue {name}: {total:g} contacts wait from before, the oldest since "
            f"{since:%Y-%m-%d %H:%M}; they are done first, from {forecast.grid.stamps[first]} on"
        )
        said += _overdue(queues[name], waited)
    return replace(forecast, queues=lines, remarks=(*forecast.remarks, *said)) if said else forecast


def _overdue(queue: Queue, waited: tuple[tuple[float, float], ...]) -> list[str]:
    """What no plan can bring in time any more."""
    dues = {promise.due: None for promise in queue.promises if isinstance(promise, OnTime)}
    late = {due: sum(part for part, hours in waited if hours >= due) for due in dues}
    return [
        f"queue {queue.name}: {contacts:g} of them are past their {due:g} open hours already "
        "and count as late, whatever is planned"
        for due, contacts in late.items()
        if contacts
    ]


def open_hours(opening: Opening, since: datetime, until: datetime) -> float:
    """
    Hours for which a queue was open between two moments of local wall clock.
    """
    seconds = 0.0
    for number in range((until.date() - since.date()).days + 2):
        day = since.date() + timedelta(days=number - 1)  # spans of the day before may run over
        midnight = datetime.combine(day, time())
        for start, end in opening.spans(day):
            first = max(since, midnight + timedelta(minutes=start))
            last = min(until, midnight + timedelta(minutes=end))
            seconds += max(0.0, (last - first).total_seconds())
    return seconds / 3600


def _usual(forecast: Forecast, name: str) -> Opening:
    """
    The hours of a horizon by weekday. A weekday that it lacks is as its first open day,
    Saturday and Sunday then closed.
    """
    grid, opened = forecast.grid, forecast.open[name]
    week: dict[int, tuple[tuple[int, int], ...]] = {}
    for day in range(grid.days):
        clocks = grid.clock[(grid.day == day) & opened].tolist()
        spans = tuple((clock, clock + grid.interval) for clock in clocks)
        week.setdefault(grid.date(day).weekday(), spans)
    common = next((spans for spans in week.values() if spans), ())
    return Opening(tuple(week.get(day, common if day < 5 else ()) for day in range(7)))


def _fault(name: str, forecast: Forecast, queues: Mapping[str, Queue]) -> Problem | None:
    if name not in queues or name not in forecast.queues:
        known = ", ".join(queue for queue in forecast.queues if queues[queue].channel.deferrable)
        hint = f"queues that can wait are {known}" if known else "no queue of the forecast can wait"
        return Problem("backlog.csv, queue", f"'{name}' is not in the forecast", hint)
    if not queues[name].channel.deferrable:
        return Problem(
            "backlog.csv, queue",
            f"'{name}' is {queues[name].channel}, where nobody waits for a day",
            "leave it out; a backlog is of e-mail, letters and fax",
        )
    if not forecast.open[name].any():
        return Problem("backlog.csv, queue", f"'{name}' is never open", "open it in wfm.toml")
    return None


def _with(line: QueueForecast, at: int, more: float) -> QueueForecast:
    """So many contacts more in one interval: certain ones, so that its own spread shrinks."""
    columns = {}
    for name in ("contacts", "lo80", "hi80", "lo95", "hi95"):
        columns[name] = getattr(line, name).copy()
        columns[name][at] += more
    spread, aht_s = line.interval_cv.copy(), line.aht_s.copy()
    spread[at] *= line.contacts[at] / columns["contacts"][at]
    if not aht_s[at] > 0 and line.contacts.any():
        aht_s[at] = np.average(line.aht_s, weights=line.contacts)
    return replace(line, **columns, interval_cv=spread, aht_s=aht_s)
