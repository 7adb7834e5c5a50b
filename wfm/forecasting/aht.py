"""
Handle time ahead: today's level times the shape of the day, weighted by contacts.

Means only: handle times are skewed, and medians or trimmed means miss a third of the work.
"""

from __future__ import annotations

import numpy as np

from wfm.domain.demand import QueueHistory
from wfm.domain.timegrid import DAILY, Grid
from wfm.forecasting.opening import by_day

HALFLIFE = 5.0  # days of the level, with intervals
DAILY_HALFLIFE = 14.0  # days of the level, with days alone
PROFILE_HALFLIFE = 60.0  # days of the shape
SCV = 1.5  # squared coefficient of variation of one handle time
CAP = 6.0  # an interval's mean is capped at so many times the overall mean
PRIOR = 30.0  # contacts of the overall mean mixed into the level
REACHES = (1e-3, 60.0, 120.0, 240.0, 480.0)  # minutes in which likeness decays; first: none


def handle_times(grid: Grid, queue: QueueHistory, days: int) -> np.ndarray:
    """
    Expected handle time of the days after a history, seconds, float [days, slots].

    Returns
    -------
    np.ndarray
        Zeros where history holds no handle time at all.
    """
    slots = 1440 // grid.interval
    if queue.aht_s is None:
        return np.zeros((days, slots))
    weight = queue.answered if queue.answered is not None else queue.contacts
    table = by_day(grid, queue.aht_s)
    calls = np.nan_to_num(by_day(grid, weight))
    usable = ~np.isnan(table) & (calls > 0) & (np.nan_to_num(table) > 0)
    calls = np.where(usable, calls, 0.0)
    if not calls.any():
        return np.zeros((days, slots))
    seconds = np.where(usable, table, 0.0)
    overall = float((calls * seconds).sum() / calls.sum())
    work = calls * np.minimum(seconds, CAP * overall)
    overall = float(work.sum() / calls.sum())
    halflife = DAILY_HALFLIFE if grid.interval == DAILY else HALFLIFE
    level = day_levels(work.sum(1), calls.sum(1), overall, halflife)
    if grid.interval == DAILY:
        return np.full((days, 1), level[-1])
    return np.tile(level[-1] * slot_shape(work, calls, level[:-1], grid.interval), (days, 1))


def day_levels(work: np.ndarray, calls: np.ndarray, overall: float, halflife: float) -> np.ndarray:
    """
    Level known on the morning of each day and of the day after the last, float [n + 1].
    """
    keep = 0.5 ** (1 / halflife)
    out = np.empty(len(work) + 1)
    done, seen = PRIOR * overall, PRIOR
    for day in range(len(work)):
        out[day] = done / seen
        # the prior fades with the calls, so a quiet queue keeps its long mean
        done = keep * done + work[day] + (1 - keep) * PRIOR * overall
        seen = keep * seen + calls[day] + (1 - keep) * PRIOR
    out[-1] = done / seen
    return out


def slot_shape(work: np.ndarray, calls: np.ndarray, level: np.ndarray, interval: int) -> np.ndarray:
    """
    Factor of each slot on the day's level, shrunk towards one by empirical Bayes; [slots].

    Slots near each other are alike, as far as their past says so: one of few contacts leans
    on its neighbours. It is the best linear forecast under an exponential covariance, whose
    reach is the likeliest of ``REACHES`` for normal departures. Midnight parts neighbours.

    Parameters
    ----------
    work, calls
        Seconds and contacts of past days, float [days, slots], the latest last; zeros where
        unknown, but not everywhere.
    level
        Handle time expected of each day, seconds above zero, float [days].
    interval
        Minutes of a slot.

    References
    ----------
    Rasmussen and Williams (2006). Gaussian processes for machine learning, 2.25 and 2.30.
    """
    age = np.arange(len(work))[::-1]
    weight = (0.5 ** (age / PROFILE_HALFLIFE))[:, None]
    expected = (weight * calls * level[:, None]).sum(0)
    seen = (weight * calls).sum(0)
    used = np.flatnonzero(seen > 0)
    off = (weight * work).sum(0)[used] / np.maximum(expected[used], 1e-9) - 1
    noise = SCV / seen[used]
    mass = seen[used] / seen.sum()
    between = max(float((mass * (off**2 - noise)).sum()), 1e-5)
    apart = np.abs(np.arange(len(seen))[:, None] - used) * float(interval)
    factor, likeliest = np.ones(len(seen)), -np.inf
    for reach in REACHES:
        alike = between * np.exp(-apart / reach)
        whole = alike[used] + np.diag(noise)
        pull = np.linalg.solve(whole, off)
        likely = -float(off @ pull) - float(np.linalg.slogdet(whole)[1])
        if likely > likeliest:
            factor, likeliest = 1 + alike @ pull, likely
    # the shape must not move the level itself
    centre = float((seen * factor).sum() / seen.sum())
    return np.asarray(factor / centre)
