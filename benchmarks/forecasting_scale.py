"""
Many daily series of three years side by side: time and memory.
"""

from __future__ import annotations

import resource
import time
from datetime import date

import numpy as np
from joblib.externals.loky import get_reusable_executor

from wfm.domain.demand import History, QueueHistory
from wfm.domain.timegrid import DAILY, Grid
from wfm.forecasting.forecast import forecast

YEARS = 3
CORES = 2
WEEK = np.array([1.2, 1.1, 1.0, 1.0, 0.9, 0.5, 0.3])


def made_up(series: int) -> History:
    """Counts with a week, a year, growth and chance; each series at its own level."""
    stream = np.random.default_rng(7)
    n = round(YEARS * 365.25)
    day = np.arange(n)
    queues = {}
    for number in range(series):
        level = np.exp(stream.uniform(2.5, 7.0))
        year = np.exp(0.2 * np.sin(2 * np.pi * (day / 365.25 + stream.random())))
        shocks = np.exp(stream.normal(0, 0.08, n)) * stream.uniform(0.9, 1.4) ** (day / 365.25)
        name = f"series {number:04d}"
        contacts = stream.poisson(level * np.resize(WEEK, n) * year * shocks).astype(float)
        queues[name] = QueueHistory(name, contacts)
    return History(Grid(date(2023, 1, 2), n, DAILY), queues)


def measure_scale(series: int) -> list[tuple[str, str, float]]:
    """Four weeks of every series with bands, on two cores."""
    history = made_up(series)
    horizon = Grid(history.grid.until, 28, DAILY)
    begun = time.perf_counter()
    forecast(history, {}, horizon, workers=CORES)
    wall = time.perf_counter() - begun
    get_reusable_executor().shutdown(wait=True)  # what children took is known once they end
    own, workers = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    name = f"{series} daily series of {YEARS} years, {CORES} processes"
    rows = [
        (name, "wall s", wall),
        (name, "CPU s", own.ru_utime + own.ru_stime + workers.ru_utime + workers.ru_stime),
        (name, "peak MiB of the parent", own.ru_maxrss / 1024),
        (name, "peak MiB of a worker", workers.ru_maxrss / 1024),
    ]
    for row in rows:
        print(f"{row[0]:44s} {row[1]:26s} {row[2]:.1f}")
    return rows
