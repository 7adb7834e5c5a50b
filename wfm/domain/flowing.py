"""
Work that can wait, as a flow: first come, first served, and what of it is finished in time.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Backlog = Sequence[tuple[float, float]]  # work and open intervals waited, oldest first
SLIGHT = 1e-9


def in_time(
    received: np.ndarray, capacity: np.ndarray, due: float, waited: Backlog = ()
) -> np.ndarray:
    """
    What of each open interval's work is finished in time, float [..., n].

    Work comes evenly over its interval, and is in time when all that came until then is done
    before its due time. What is due after the last interval counts as kept: it is the next
    plan that keeps it.

    Parameters
    ----------
    received
        Work that comes in each open interval, float [..., n].
    capacity
        What can be done in each, in the same unit, float [n].
    due
        Open intervals from receipt.
    waited
        The part of the first interval's work that is there when it begins.
    """
    n = received.shape[-1]
    old = np.minimum(sum(part for part, _ in waited), received[..., 0])
    came = np.concatenate([old[..., None], np.cumsum(received, axis=-1)], axis=-1)
    done = np.zeros_like(came)
    for k in range(n):
        done[..., k + 1] = np.minimum(done[..., k] + capacity[k], came[..., k + 1])
    first, last = np.arange(n) + due, np.arange(n) + 1 + due  # when each interval's work is due
    early = _slight(_at(done, came, first, first >= n - SLIGHT) - came[..., :-1])
    late = _slight(_at(done, came, last, last > n + SLIGHT) - came[..., 1:])
    kept = np.maximum(early, 0.0) + np.maximum(late, 0.0)
    both = np.abs(early) + np.abs(late)
    fresh = np.diff(came, axis=-1)
    share = np.ones_like(kept)
    np.divide(kept, both, out=share, where=both > 0)
    found = fresh * share
    before = np.zeros_like(old)
    for part, age in waited:
        if age < due:
            by = _at(done, came, np.array([due - age]), np.array([due - age > n]))[..., 0]
            found[..., 0] += np.clip(by - before, 0.0, np.clip(old - before, 0.0, part))
        before = before + part
    return np.asarray(found)


def _at(done: np.ndarray, came: np.ndarray, moments: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Work done by some moments, in intervals; all of it by those ``after`` the last one."""
    n = done.shape[-1] - 1
    low = np.minimum(np.floor(moments).astype(int), n)
    high = np.minimum(low + 1, n)
    found = done[..., low] + (done[..., high] - done[..., low]) * (moments - low)
    return np.where(after, came[..., -1:], found)


def _slight(lead: np.ndarray) -> np.ndarray:
    """The same, nothing where it is rounding."""
    return np.where(np.abs(lead) < SLIGHT, 0.0, lead)
