"""
What cross-training is worth: two queues answered by the same people, against apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from wfm.domain.calibration import Calibration, QueueCalibration, Shrinkage, calibrated
from wfm.domain.demand import Forecast, Queue, QueueForecast
from wfm.domain.outcome import Progress, Stop, never, silent
from wfm.domain.promise import Requirement
from wfm.staffing.sizing import known, size

# Share of the whole gain that a chain of two-skilled people brings, by the share of people
# with two skills; simulated for four queues of 10 to 200 agents, 80 % within 20 s.
PARTIAL = ((0.0, 0.0), (0.1, 0.48), (0.2, 0.63), (0.3, 0.71), (1.0, 1.0))


@dataclass(frozen=True, slots=True)
class Gain:
    """
    Agent-hours of two queues in the horizon.

    ``apart`` with people of one skill each, ``pooled`` when everybody has both and each
    promise is kept as the stricter of the two.
    """

    queues: tuple[str, str]
    apart: float
    pooled: float

    @property
    def whole(self) -> float:
        """Hours saved when everybody has both skills."""
        return max(0.0, self.apart - self.pooled)

    def with_share(self, trained: float) -> float:
        """Hours saved, about, when a share of the people has both skills."""
        shares, parts = zip(*PARTIAL, strict=True)
        return self.whole * float(np.interp(trained, shares, parts))


def training_gains(
    forecast: Forecast,
    queues: Mapping[str, Queue],
    apart: Requirement,
    *,
    shrinkage: Shrinkage,
    calibration: Calibration | None = None,
    seed: int = 0,
    progress: Progress = silent,
    stop: Stop = never,
) -> tuple[Gain, ...]:
    """
    What each pair of live queues gains when people are trained for both, largest first.

    Parameters
    ----------
    apart
        The requirement of the queues as they are.
    """
    forecast = calibrated(forecast, calibration)
    measured = calibration.queues if calibration else {}
    queues = {
        name: known(name, queues, measured.get(name, QueueCalibration()))
        for name in forecast.queues
    }
    live = [
        name
        for name in forecast.queues
        if not queues[name].channel.deferrable and queues[name].concurrency == 1
    ]
    pairs = list(combinations(live, 2))
    hours = forecast.grid.interval / 60
    gains = []
    for done, pair in enumerate(pairs):
        progress(done, len(pairs), " + ".join(pair))
        if stop():
            break
        both, queue = merged(forecast, queues, pair)
        pooled = size(both, {queue.name: queue}, shrinkage=shrinkage, seed=seed)
        gains.append(
            Gain(
                pair,
                sum(float(apart.queues[name].agents.sum()) for name in pair) * hours,
                float(pooled.queues[queue.name].agents.sum()) * hours,
            )
        )
    return tuple(sorted(gains, key=lambda gain: (-gain.whole, gain.queues)))


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
