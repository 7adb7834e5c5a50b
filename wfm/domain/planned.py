"""
What heads yield as planned: by the curves, and what simulation found beyond them.
"""

from __future__ import annotations

import numpy as np

from wfm.domain.flowing import in_time
from wfm.domain.promise import (
    AnswerRate,
    OnTime,
    Promise,
    QueueRequirement,
    Requirement,
    ServiceLevel,
)
from wfm.domain.shortfall import between

RARE = 0.002  # share of contacts that go the other way, whatever the curve says


def planned_counts(
    requirement: Requirement, name: str, heads: np.ndarray, promise: Promise
) -> np.ndarray:
    """
    Contacts that count for a promise when ``heads`` serve a queue, float [n].

    By the interval of their arrival; NaN without curves, and where they count another
    service level.
    """
    line = requirement.queues[name]
    table, correction = _known(line, promise)
    if table is None:
        return np.full(len(heads), np.nan)
    counted = between(table, heads)
    if isinstance(promise, OnTime):
        counted = _finished(line.contacts, counted, requirement, name, promise)
    if correction is None:
        return counted
    return np.where(correction == 0, counted, moved(counted, line.contacts, correction))


def _finished(
    contacts: np.ndarray, capacity: np.ndarray, requirement: Requirement, name: str, promise: OnTime
) -> np.ndarray:
    """Contacts finished within their due time, by interval of arrival, float [n]."""
    opened = requirement.open[name]
    found = np.zeros(len(contacts))
    due = promise.due * 60 / requirement.grid.interval
    found[opened] = in_time(contacts[opened], capacity[opened], due)
    return found


def _known(line: QueueRequirement, promise: Promise) -> tuple[np.ndarray | None, np.ndarray | None]:
    """What heads yield for a promise, and what simulation found beyond it."""
    if promise != line.promise and promise in line.also:
        return line.also[promise].counted, line.also[promise].correction
    if line.curve is None:
        return None, None
    mine = line.promise is None or _alike(promise, line.promise)
    correction = line.correction if mine else None
    if isinstance(promise, AnswerRate):
        return line.curve.answered, correction
    if isinstance(promise, ServiceLevel) and line.level is not None:
        same = (promise.threshold, promise.abandons) == (line.level.threshold, line.level.abandons)
        if not same:
            return None, None
    return line.curve.in_time, correction


def _alike(one: Promise, other: Promise) -> bool:
    """Whether two promises count alike: then what is found of one holds for the other."""
    if isinstance(one, OnTime) and isinstance(other, OnTime):
        return one.due == other.due
    return isinstance(one, type(other))


def moved(counted: np.ndarray, contacts: np.ndarray, shift: np.ndarray | float) -> np.ndarray:
    """
    Contacts counted once ``shift`` is added to the log-odds of each interval, float [n].
    """
    share = np.divide(counted, contacts, out=np.zeros(len(counted)), where=contacts > 0)
    share = np.clip(share, RARE, 1 - RARE)
    return np.asarray(contacts / (1 + (1 - share) / share * np.exp(-np.asarray(shift))))
