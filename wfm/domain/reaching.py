"""
From the forecast of a file to the contacts that reach people.

Whoever plans or plays a forecast takes it through here once, as its file has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from wfm.domain.demand import Forecast, Queue
from wfm.errors import DataError, Problem

UNITS = ((60.0, "minutes"), (0.001, "milliseconds"), (3600.0, "hours"))


def reaching(forecast: Forecast, queues: Mapping[str, Queue]) -> Forecast:
    """
    What people will meet: handle times checked, self-service taken off.

    Raises
    ------
    DataError
        Handle times of a queue are missing, or look like another unit.
    """
    found = [_no_time(forecast, queue) or _other_unit(forecast, queue) for queue in queues.values()]
    problems = [problem for problem in found if problem is not None]
    if problems:
        raise DataError(problems=problems)
    return deflected(forecast, queues)


def _no_time(forecast: Forecast, queue: Queue) -> Problem | None:
    """Contacts of a queue that would take no time at all."""
    line = forecast.queues.get(queue.name)
    if line is None:
        return None
    bare = np.flatnonzero((line.contacts > 0) & ~(line.aht_s > 0))
    if not bare.size:
        return None
    many = f"{bare.size} of {np.count_nonzero(line.contacts > 0)} intervals"
    return Problem(
        place="forecast, aht_s",
        message=f"queue {queue.name}: no handle time in {many} with contacts, "
        f"the first {forecast.grid.stamps[bare[0]]}",
        hint="give aht_s, in seconds, in the history and forecast anew; or in the forecast file",
    )


def _other_unit(forecast: Forecast, queue: Queue) -> Problem | None:
    """What is wrong with the mean handle time of a queue, over its contacts."""
    line = forecast.queues.get(queue.name)
    if line is None or not line.contacts.any():
        return None
    mean = float(np.average(line.aht_s, weights=line.contacts))
    least, most = queue.aht_between_s
    if least <= mean <= most:
        return None
    likely = next((u for u in UNITS if 30 <= mean * u[0] <= 3600), None)
    meant = f"; {likely[1]}? That would be {mean * likely[0]:.0f} s" if likely else ""
    wide = f"[{min(least, mean // 2):g}, {max(most, 2 * mean):.0f}]"
    return Problem(
        place="forecast, aht_s",
        message=f"queue {queue.name}: contacts take {mean:g} seconds on average, expected "
        f"{least:g} to {most:g}{meant}",
        hint="give seconds; where it is true, say so in wfm.toml: "
        f"[queue.{queue.name}] aht_between_s = {wide}",
    )


def deflected(forecast: Forecast, queues: Mapping[str, Queue]) -> Forecast:
    """
    The contacts that reach people: less those that self-service takes and does not fail.

    Contacts and bands of a queue are scaled, ``day_cv`` and ``interval_cv`` stay, because
    they are relative.
    """
    found, said = dict(forecast.queues), []
    for name, line in forecast.queues.items():
        service = queues[name].self_service if name in queues else None
        if service is None:
            continue
        columns = ("contacts", "lo80", "hi80", "lo95", "hi95")
        scaled: dict[str, Any] = {c: getattr(line, c) * service.left for c in columns}
        found[name] = replace(line, **scaled)
        said.append(
            f"queue {name}: self-service takes {100 * service.share:.1f} % of contacts and fails "
            f"{100 * service.error:.1f} % of those: {100 * service.left:.1f} % reach people"
        )
    return replace(forecast, queues=found, remarks=(*forecast.remarks, *said)) if said else forecast
