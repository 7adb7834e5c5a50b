"""
What heads yield as planned: by the curves, and what simulation found beyond them.
"""

from __future__ import annotations

import numpy as np

from wfm.domain.promise import AnswerRate, OnTime, Promise, Requirement
from wfm.domain.shortfall import between

RARE = 0.002  # share of contacts that go the other way, whatever the curve says


def planned_counts(
    requirement: Requirement, name: str, heads: np.ndarray, promise: Promise
) -> np.ndarray:
    """
    Contacts that count for a promise when ``heads`` serve a queue, float [n].

    By the interval of their arrival; NaN without curves.
    """
    line = requirement.queues[name]
    if line.curve is None:
        return np.full(len(heads), np.nan)
    if isinstance(promise, AnswerRate):
        counted = between(line.curve.answered, heads)
    else:
        counted = between(line.curve.in_time, heads)
    if isinstance(promise, OnTime):
        counted = finished_in_time(
            line.contacts,
            counted,
            requirement.open[name],
            promise.due * 60 / requirement.grid.interval,
        )
    if line.correction is None:
        return counted
    return np.where(line.correction == 0, counted, moved(counted, line.contacts, line.correction))


def moved(counted: np.ndarray, contacts: np.ndarray, shift: np.ndarray | float) -> np.ndarray:
    """
    Contacts counted once ``shift`` is added to the log-odds of each interval, float [n].
    """
    share = np.divide(counted, contacts, out=np.zeros(len(counted)), where=contacts > 0)
    share = np.clip(share, RARE, 1 - RARE)
    return np.asarray(contacts / (1 + (1 - share) / share * np.exp(-np.asarray(shift))))


def finished_in_time(
    contacts: np.ndarray, capacity: np.ndarray, opened: np.ndarray, due: float
) -> np.ndarray:
    """
    Deferrable contacts finished within their due time, by interval of arrival, float [n].

    First come, first served, as a flow: in each interval ``capacity`` contacts can be
    finished, and no more than there are.

    Parameters
    ----------
    due
        Open intervals from arrival. What is due after the horizon counts as kept.
    """
    arrived, done = np.cumsum(contacts), np.zeros(len(contacts))
    so_far = 0.0
    for at, most in enumerate(capacity):
        so_far = done[at] = min(float(arrived[at]), so_far + float(most))
    hours = np.cumsum(opened)
    last = np.searchsorted(hours, hours - opened + due, side="left")
    finished = np.where(last < len(done), done[np.minimum(last, len(done) - 1)], np.inf)
    return np.asarray(np.clip(finished - (arrived - contacts), 0.0, contacts))
