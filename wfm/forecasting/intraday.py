"""
The rest of today, from what today has brought so far.

The morning's departures from the forecast, at root scale, and yesterday's say something
about the afternoon's: how much, past days tell. A plain ratio of actual to forecast overreacts for
the first hours; a ridge regression does not.

References
----------
Shen and Huang (2008). Interday forecasting and intraday updating of call center
arrivals. M&SOM 10(3), 391-410.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LATEST = (60.0,)  # minutes that count as the latest
EARLY = 0.1  # share of the day's contacts before which nothing is updated
LEAST = 12  # past days without which nothing is learnt
WILD = 2.0  # robust standard deviations beyond which a departure is taken for a fault
RIDGE = 20.0  # days of prior belief that departures do not last
OWN = 50.0  # days at which a slot's own slopes weigh as much as the common ones


@dataclass(frozen=True)
class Update:
    """
    The rest of a day, corrected.

    Parameters
    ----------
    contacts
        Expected contacts, float [slots]; slots already seen as forecast.
    left
        Share of the day's own spread that is left for the rest of it, 0 to 1.
    """

    contacts: np.ndarray
    left: float


def roots(counts: np.ndarray) -> np.ndarray:
    """Counts at a scale on which chance is the same everywhere."""
    return np.asarray(np.sqrt(counts + 0.25))


def update(
    forecast: np.ndarray, seen: np.ndarray, past: np.ndarray, expected: np.ndarray, interval: int
) -> Update:
    """
    Correct the rest of a day.

    Parameters
    ----------
    forecast
        Day-ahead contacts of today, float [slots]; zero where closed.
    seen
        Today's counts, float [k], for the first k slots.
    past, expected
        Counts and day-ahead contacts of past days in their order, the latest last, float
        [days, slots]; NaN where unknown.
    interval
        Minutes of a slot.

    Returns
    -------
    Update
        Unchanged before a tenth of the day's contacts were due, without enough past days,
        or where the past says that updating does not help.
    """
    k = len(seen)
    opened = forecast > 0
    total = float(forecast.sum())
    before, after = opened & (np.arange(len(forecast)) < k), opened.copy()
    after[:k] = False
    same = Update(forecast.copy(), 1.0)
    if total <= 0 or not after.any() or forecast[:k].sum() < EARLY * total:
        return same
    usable = ~np.isnan(past[:, opened]).any(axis=1) & (expected[:, opened] > 0).any(axis=1)
    if usable.sum() < LEAST:
        return same
    error = np.nan_to_num(roots(past[usable]) - roots(expected[usable]))
    weight = roots(forecast) * before
    morning = (roots(np.append(seen, forecast[k:])) - roots(forecast))[None, :]
    whole = error @ (roots(forecast) * opened) / (roots(forecast) * opened).sum()
    # what yesterday missed is often missed again; this morning alone tells it from chance
    signals = np.column_stack([_signals(error, weight, k, interval), [0.0, *whole[:-1]]])
    today = np.append(_signals(morning, weight, k, interval)[0], whole[-1])
    # a line that was down for an hour says nothing about the next one
    wild = WILD * 1.4826 * np.median(np.abs(signals), axis=0)
    slopes, kept = _slopes(np.clip(signals, -wild, wild), error[:, after])
    today = np.clip(today, -wild, wild)
    change = today @ slopes
    rest = np.maximum(roots(forecast[after]) + change, 0.0) ** 2 - 0.25
    out = forecast.copy()
    out[after] = np.maximum(rest, 0.0)
    return Update(out, kept)


def _signals(error: np.ndarray, weight: np.ndarray, k: int, interval: int) -> np.ndarray:
    """Mean departure so far, and the latest ones' beyond it; float [days, 1 + len(LATEST)]."""
    so_far = (error * weight).sum(1) / weight.sum()
    out = [so_far]
    for minutes in LATEST:
        latest = weight.copy()
        latest[: max(0, k - max(1, round(minutes / interval)))] = 0.0
        known = latest if latest.any() else weight
        out.append((error * known).sum(1) / known.sum() - so_far)
    return np.stack(out, axis=1)


def _slopes(signals: np.ndarray, error: np.ndarray) -> tuple[np.ndarray, float]:
    """
    What departures so far say of each later slot, [signals, slots], and the spread left.

    Slopes common to all slots first, days that nothing explains having less say; then each
    slot's own, shrunk towards them. They are scaled back, down to nothing, as far as
    leaving out each day in turn says so.
    """
    days = len(signals)
    target = error.mean(axis=1)
    weight = np.ones(days)
    common = np.zeros(signals.shape[1])
    for _ in range(4):
        gram = _ridged((signals.T * weight) @ signals, RIDGE / days)
        common = np.linalg.solve(gram, (signals.T * weight) @ target)
        miss = np.abs(target - signals @ common)
        limit = 2.0 * 1.4826 * float(np.median(miss)) + 1e-9
        reach = np.abs(signals[:, 0]) / (2.5 * 1.4826 * np.median(np.abs(signals[:, 0])) + 1e-9)
        weight = np.minimum(1, limit / np.maximum(miss, limit)) / np.maximum(reach, 1.0)
    if common[0] <= 0:  # a busy morning that foretells a quiet afternoon is chance
        return np.zeros((signals.shape[1], error.shape[1])), 1.0
    own = np.linalg.solve(
        _ridged((signals.T * weight) @ signals, OWN / days),
        (signals.T * weight) @ (error - (signals @ common)[:, None]),
    )
    # leave-one-out residuals of the common part, for how far to trust it
    hat = weight * np.einsum("di,ij,dj->d", signals, np.linalg.inv(gram), signals)
    fitted = signals @ common
    loo = (fitted - hat * target) / np.maximum(1 - hat, 0.2)
    trust = float(
        np.clip((weight * loo * target).sum() / max((weight * loo**2).sum(), 1e-12), 0, 1)
    )
    left = (weight * (target - trust * loo) ** 2).sum() / max((weight * target**2).sum(), 1e-12)
    return trust * (common[:, None] + own), float(np.sqrt(np.clip(left, 0.0, 1.0)))


def _ridged(gram: np.ndarray, share: float) -> np.ndarray:
    """Normal equations with a share of their diagonal on top; never singular."""
    size = np.diag(gram)
    return np.asarray(gram + np.diag(share * size + 1e-9 * size.max() + 1e-12))
