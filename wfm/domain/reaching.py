"""
From the forecast of a file to the contacts that reach people.

Whoever plans or plays a forecast takes it through here once, as its file has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from wfm.domain.demand import Forecast, Queue, QueueForecast
from wfm.errors import DataError, Problem, SettingsError, nearest

COUNTS = ("contacts", "lo80", "hi80", "lo95", "hi95")
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
        hint="give aht_s, in seconds, in the history and forecast anew; or in the forecast "
        "file: `wfm calibrate CALLS` measures it from a log of calls",
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
    they are relative. What fails comes back at once, in its own queue or in another, there
    when that next opens.

    Raises
    ------
    SettingsError
        What fails is to come back in a queue that the forecast lacks.
    """
    found, said = dict(forecast.queues), []
    services = {
        name: service
        for name in forecast.queues
        if name in queues and (service := queues[name].self_service) is not None
    }
    for name, service in services.items():
        line = forecast.queues[name]
        scaled: dict[str, Any] = {c: getattr(line, c) * service.left for c in COUNTS}
        found[name] = replace(line, **scaled)
        back = f" and come back in {service.back_to}" if service.back_to else ""
        said.append(
            f"queue {name}: self-service takes {100 * service.share:.1f} % of contacts and fails "
            f"{100 * service.error:.1f} % of those{back}: {100 * service.left:.1f} % reach people"
        )
    for name, service in services.items():
        if service.back_to is not None:
            _needs_queue(forecast, name, service.back_to)
            line, opened = forecast.queues[name], forecast.open[service.back_to]
            found[service.back_to] = _with_failed(
                found[service.back_to], line, service.failed, opened
            )
    return replace(forecast, queues=found, remarks=(*forecast.remarks, *said)) if said else forecast


def _needs_queue(forecast: Forecast, name: str, back_to: str) -> None:
    if back_to not in forecast.queues or back_to == name:
        raise SettingsError(
            f"what self-service of {name} fails comes back in '{back_to}', which is "
            + ("the queue itself" if back_to == name else "no queue of the forecast"),
            place=f"[queue.{name}] self_service",
            hint="leave back_to out for the queue itself"
            if back_to == name
            else nearest(back_to, forecast.queues),
        )


def _with_failed(
    line: QueueForecast, source: QueueForecast, share: float, opened: np.ndarray
) -> QueueForecast:
    """
    A queue with what another one's self-service fails: bands add, the two shocks are
    independent. Contacts that come while the queue is closed wait for its next opening.
    """
    n = len(opened)
    places = np.where(opened, np.arange(n), n)
    place = np.minimum.accumulate(places[::-1])[::-1]  # the next open interval of each
    reach = place < n
    columns: dict[str, Any] = {}
    for name in COUNTS:
        more = np.bincount(place[reach], share * getattr(source, name)[reach], n)
        columns[name] = getattr(line, name) + more
    own = np.divide(
        line.contacts, columns["contacts"], out=np.ones(n), where=columns["contacts"] > 0
    )
    for name in ("day_cv", "interval_cv"):
        columns[name] = np.hypot(own * getattr(line, name), (1 - own) * getattr(source, name))
    bare = (columns["contacts"] > 0) & ~(line.aht_s > 0)
    if bare.any() and line.contacts.any():
        usual = np.average(line.aht_s, weights=line.contacts)
        columns["aht_s"] = np.where(bare, usual, line.aht_s)
    return replace(line, **columns)
