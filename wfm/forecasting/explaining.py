"""
What each day's number is made of: factors whose product it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import numpy as np

from wfm.domain.accuracy import DayParts
from wfm.domain.demand import Adjustment
from wfm.forecasting.adjusting import valid
from wfm.forecasting.queuework import QueueWork

RECENT = 28  # days whose mean is the level
WEEKS = 8  # weeks that say what a weekday is worth


def explain(work: QueueWork, adjustments: Sequence[Adjustment] = ()) -> tuple[DayParts, ...]:
    """
    The days of the horizon, taken apart; none for a queue too small for logs.
    """
    found, days = work.found, work.volumes.days
    if found is None:
        return ()
    z = found.clean.z
    weekday = days.weekday[: days.n]
    worth = _weekday_worth(z[-7 * WEEKS :], weekday[-7 * WEEKS :])
    recent = (z - worth[weekday])[-RECENT:]
    level = float(np.exp(np.nanmean(recent))) if (~np.isnan(recent)).any() else 1.0
    orders = np.ones(days.horizon) if work.driver is None else work.driver.factor[days.n :]
    used = valid(adjustments, work.horizon.first)
    parts = []
    for ahead in range(days.horizon - work.horizon.days, days.horizon):
        at = days.n + ahead
        if days.closed[at]:
            continue
        day = days.date(at)
        mark = days.special[at]
        factor = float(np.exp(worth[days.weekday[at]]))
        plain = float(np.exp(found.mean[-1, ahead]))
        occasion = float(np.exp(found.clean.effect[ahead]))
        people = _changed(used, work.queue.name, day)
        parts.append(
            DayParts(
                work.queue.name,
                day,
                float(work.day.contacts[ahead]) * people,
                level,
                factor,
                plain / (level * factor),
                occasion,
                float(orders[ahead]),
                people,
                mark.name if mark else "",
            )
        )
    return tuple(parts)


def _weekday_worth(z: np.ndarray, weekday: np.ndarray) -> np.ndarray:
    """Log of each weekday over the mean weekday, float [7]; zero for one never seen."""
    means = np.full(7, np.nan)
    for day in range(7):
        values = z[weekday == day]
        if (~np.isnan(values)).any():
            means[day] = np.nanmean(values)
    return np.asarray(np.nan_to_num(means - np.nanmean(means)))


def _changed(adjustments: Sequence[Adjustment], queue: str, day: date) -> float:
    """Product of the changes that hold on a day, each by the share of it that it covers."""
    begin = datetime.combine(day, time())
    end = begin + timedelta(days=1)
    out = 1.0
    for change in adjustments:
        if change.queue in (None, queue):
            covered = (min(end, change.until) - max(begin, change.start)).total_seconds() / 86400
            out *= 1 + (change.change - 1) * max(covered, 0.0)
    return out
