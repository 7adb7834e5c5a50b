"""
Two queues answered by the same people: what they then need.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from wfm.domain.calibration import Calibration, QueueCalibration, Shrinkage, calibrated
from wfm.domain.demand import Forecast, Queue, QueueForecast
from wfm.staffing.sizing import known, size


def pooled(
    forecast: Forecast,
    queues: Mapping[str, Queue],
    pair: tuple[str, str],
    *,
    shrinkage: Shrinkage,
    calibration: Calibration | None = None,
    seed: int = 0,
) -> np.ndarray:
    """
    Agents for two live queues whose people all serve both, float [n].

    Each promise is kept as the stricter of the two.
    """
    forecast = calibrated(forecast, calibration)
    measured = calibration.queues if calibration else {}
    queues = {name: known(name, queues, measured.get(name, QueueCalibration())) for name in pair}
    both, queue = merged(forecast, queues, pair)
    found = size(both, {queue.name: queue}, shrinkage=shrinkage, seed=seed)
    return found.queues[queue.name].agents


def merged(
    forecast: Forecast, queues: Mapping[str, Queue], pair: tuple[str, str]
) -> tuple[Forecast, Queue]:
    """
    Two queues as one: contacts add up, AHT is weighted, shocks of both are independent.

    Its promise is the one with the larger share; its callers have the shorter patience.
    """
    one, two = (forecast.queues[name] for name in pair)
    total = one.contacts + two.contacts
    weight = one.contacts / np.where(total > 0, total, 1.0)

    def spread(name: str) -> np.ndarray:
        first, second = getattr(one, name), getattr(two, name)
        return np.asarray(np.sqrt((weight * first) ** 2 + ((1 - weight) * second) ** 2))

    def added(name: str) -> np.ndarray:
        return np.asarray(getattr(one, name) + getattr(two, name))

    name = "+".join(pair)
    joint = QueueForecast(
        name,
        total,
        lo80=added("lo80"),
        hi80=added("hi80"),
        lo95=added("lo95"),
        hi95=added("hi95"),
        aht_s=weight * one.aht_s + (1 - weight) * two.aht_s,
        day_cv=spread("day_cv"),
        interval_cv=spread("interval_cv"),
    )
    opened = forecast.open[pair[0]] | forecast.open[pair[1]]
    first, second = (queues[name] for name in pair)
    strict = max((first, second), key=lambda queue: queue.promises[0].share)
    waits = [queue.patience_s for queue in (first, second) if queue.patience_s is not None]
    queue = replace(strict, name=name, patience_s=min(waits) if waits else None)
    return Forecast(forecast.grid, {name: joint}, {name: opened}), queue
