"""
Work that waits when a week begins: mail, letters and fax that nobody has done yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time

import numpy as np

from wfm.domain.demand import Forecast, Queue, QueueForecast
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

    First come, first served: it is done before anything new. Its due time runs from there,
    because what it has waited for already no plan of this horizon can change. What came
    inside the horizon is expected already, and left out.

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
        lines[name] = _with(lines[name], first, total / (service.left if service else 1.0))
        since = min(one.received for one in some)
        said.append(
            f"queue {name}: {total:g} contacts wait from before, the oldest since "
            f"{since:%Y-%m-%d %H:%M}; they are done first, from {forecast.grid.stamps[first]} on"
        )
    return replace(forecast, queues=lines, remarks=(*forecast.remarks, *said)) if said else forecast


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
