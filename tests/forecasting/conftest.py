"""
Made-up and real histories that the tests of forecasting share.
"""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest

from wfm.domain.demand import History, Opening, Queue, QueueHistory
from wfm.domain.timegrid import DAILY, Grid
from wfm.forecasting.days import Days, make_days

MONDAY = date(2024, 1, 1)
DATA = Path(__file__).parents[3] / "shared" / "data"
WEEK = np.array([1.2, 1.1, 1.0, 1.0, 0.9, 0.5, 0.3])


def busy_days(n: int, level: float = 500, noise: float = 0.05, seed: int = 1) -> np.ndarray:
    """Daily counts with a weekly pattern, lognormal noise and Poisson chance."""
    stream = np.random.default_rng(seed)
    rate = level * np.resize(WEEK, n) * np.exp(stream.normal(0, noise, n))
    return stream.poisson(rate).astype(float)


def daily(n: int, horizon: int = 28, **options: float) -> Days:
    """A daily series that starts on a Monday."""
    return make_days("q", MONDAY, busy_days(n, **options), horizon)


def daily_history(y: np.ndarray, first: date = MONDAY, queue: str = "q") -> History:
    """A history of one queue on a grid of days."""
    return History(Grid(first, len(y), DAILY), {queue: QueueHistory(queue, y)})


@pytest.fixture(scope="session")
def technion() -> tuple[History, dict[str, Queue]]:
    """Six real weeks of a bank's four queues, and its hours."""
    path = DATA / "ship_example_technion_6weeks_30min.csv"
    if not path.exists():
        pytest.skip("the real example is not beside the repository")
    grid = Grid(date(1999, 1, 17), 42, 30, "Asia/Jerusalem")
    at = {stamp: position for position, stamp in enumerate(grid.stamps)}
    columns: dict[str, dict[str, np.ndarray]] = {}
    with path.open() as file:
        for row in csv.DictReader(file):
            queue = columns.setdefault(
                row["queue"],
                {name: np.full(grid.n, np.nan) for name in ("contacts", "answered", "aht")},
            )
            position = at[datetime.fromisoformat(row["timestamp"]).strftime("%Y-%m-%dT%H:%M")]
            queue["contacts"][position] = float(row["contacts"])
            queue["answered"][position] = float(row["answered"])
            queue["aht"][position] = float(row["handle_time_s"] or "nan")
    queues = {
        name: QueueHistory(name, found["contacts"], aht_s=found["aht"], answered=found["answered"])
        for name, found in columns.items()
    }
    day, night = ((420, 1440),), ((1140, 1440),)
    opening = Opening((day, day, day, day, ((420, 840),), night, day))
    return History(grid, queues), {name: Queue(name, opening=opening) for name in queues}
