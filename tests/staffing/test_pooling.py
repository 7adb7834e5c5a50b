"""
Cross-training: what two queues gain from people with both skills.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from wfm.domain.calibration import Shrinkage
from wfm.domain.demand import Forecast, Queue, QueueForecast
from wfm.domain.promise import Period, ServiceLevel
from wfm.domain.timegrid import Grid
from wfm.staffing.pooling import merged, pooled
from wfm.staffing.sizing import size

GRID = Grid(date(2024, 1, 1), 1, 30)
PROMISE = ServiceLevel(share=0.8, threshold=20, over=Period.INTERVAL)


def centre(*volumes: float):
    opened = (np.arange(48) >= 16) & (np.arange(48) < 24)
    one = np.ones(48)
    names = [f"queue {at}" for at in range(len(volumes))]
    forecast = Forecast(
        GRID,
        {
            name: QueueForecast(name, *[volume * opened] * 5, 180 * one, 0 * one, 0 * one)
            for name, volume in zip(names, volumes, strict=True)
        },
        dict.fromkeys(names, opened),
    )
    queues = {name: Queue(name, promises=(PROMISE,), patience_s=300) for name in names}
    return forecast, queues


def test_two_small_queues_need_fewer_together():
    """Two of five erlangs apart need more people than one of ten."""
    forecast, queues = centre(50, 50)
    apart = size(forecast, queues, shrinkage=Shrinkage())
    found = pooled(forecast, queues, ("queue 0", "queue 1"), shrinkage=Shrinkage())

    assert 0 < found.sum() < sum(line.agents.sum() for line in apart.queues.values())


def test_merged_queue_by_hand():
    """30 contacts of 100 s and 10 of 200 s: 40 of 125 s; shocks of 0.1 partly cancel."""
    forecast, queues = centre(30, 10)
    one, two = (
        replace(queue, aht_s=aht * np.ones(48), day_cv=0.1 * np.ones(48))
        for queue, aht in zip(forecast.queues.values(), (100, 200), strict=True)
    )
    both, queue = merged(
        replace(forecast, queues={"queue 0": one, "queue 1": two}), queues, ("queue 0", "queue 1")
    )
    found = both.queues[queue.name]

    assert found.contacts[20] == 40
    assert found.aht_s[20] == 125
    assert found.day_cv[20] == pytest.approx(0.1 * np.hypot(0.75, 0.25))
