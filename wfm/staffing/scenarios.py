"""
The loads that an interval may see: the forecast's scenarios on the modified offered load.

The modified offered load is what agents would be busy with if there were always enough of
them: calls that began earlier are still going on. Where it moves much inside an interval,
and always where a queue opens (the load climbs from nothing), its average would hide the
minutes that matter; there the interval is cut into slices, each with its own load, and
callers are spread over them. Elsewhere the average is closer to the truth than any point.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from wfm.domain.demand import Forecast

PATHS = 1024  # scenarios drawn
BINS = 16  # loads kept of them: means of as many equally likely groups
SLICES = 4  # parts of an interval whose load moves too much for one
STEEP = 0.5  # that is, by so many square roots of the load


@dataclass(frozen=True)
class Scenarios:
    """
    What one queue may see, in its open intervals.

    Parameters
    ----------
    rows
        Index of each open interval with contacts in the grid, int [r].
    loads
        Erlangs, float [r, k].
    contacts
        Contacts that come with that load, float [r, k]; a row sums to the forecast.
    aht_s
        Seconds, float [r].
    paths, group
        Contacts of every scenario drawn, float [r, n]; which of the ``groups`` equally
        likely ones, whose means are kept above, it belongs to, int [r, n].
    """

    rows: np.ndarray
    loads: np.ndarray
    contacts: np.ndarray
    aht_s: np.ndarray
    paths: np.ndarray
    group: np.ndarray
    groups: int


def scenarios(forecast: Forecast, queue: str, paths: np.ndarray, aht_cv: float = 1.0) -> Scenarios:
    """
    The likely loads of every open interval of a queue.

    Parameters
    ----------
    paths
        Contacts per interval of ``Forecast.paths``, float [n, intervals].
    aht_cv
        Coefficient of variation of the handle time.
    """
    expected = forecast.queues[queue].contacts
    takes = forecast.open[queue] & (expected > 0)
    aht_s = forecast.queues[queue].aht_s
    rows = np.flatnonzero(takes)
    if (paths == paths[:1]).all():
        paths = paths[:1]
    paths = np.where(takes, paths, 0.0)
    slices = modified_load(paths, aht_s, forecast.grid.interval * 60.0, aht_cv)
    first = takes & ~np.concatenate([[False], takes[:-1]])
    climb = np.ptp(slices, axis=2).mean(axis=0)
    cut = first | (climb > STEEP * np.sqrt(slices.mean(axis=(0, 2))))
    loads, contacts, groups = [], [], []
    for row in rows:
        parts = slices[:, row] if cut[row] else slices[:, row].mean(axis=1, keepdims=True)
        load, weight, group = _bins(parts, paths[:, row])
        loads.append(load)
        contacts.append(weight * expected[row] / weight.sum())
        groups.append(group)
    many = min(BINS, len(paths))
    return Scenarios(
        rows,
        _padded(loads),
        _padded(contacts),
        aht_s[rows],
        paths[:, rows].T,
        np.array(groups, dtype=np.int64).reshape(len(rows), len(paths)),
        many,
    )


def modified_load(
    paths: np.ndarray, aht_s: np.ndarray, seconds: float, aht_cv: float = 1.0
) -> np.ndarray:
    """
    Expected busy agents, were there always enough of them.

    Exact for constant rates inside an interval and handle times that are a mixture of two
    exponentials with equal shares of the load (of one, up to a variation of 1): each half
    follows m' = rate - m / mean.

    Parameters
    ----------
    paths
        Contacts per interval, float [n, intervals].
    aht_s
        Seconds, float [intervals].
    seconds
        Length of an interval.
    aht_cv
        Coefficient of variation of the handle time: long calls reach further.

    Returns
    -------
    numpy.ndarray
        Mean erlangs in each slice of each interval, float [n, intervals, SLICES].

    References
    ----------
    Jennings, Mandelbaum, Massey and Whitt (1996). Server staffing to meet time-varying
    demand. Management Science 42(10), 1383-1394.
    """
    square = max(1.0, aht_cv * aht_cv)
    often = (1 + math.sqrt((square - 1) / (square + 1))) / 2
    out = np.zeros((*paths.shape, SLICES))
    for stretch in (1 / (2 * often), 1 / (2 * (1 - often))):
        out += _half_load(paths, aht_s, stretch, seconds)
    return out


def _half_load(paths: np.ndarray, aht_s: np.ndarray, stretch: float, seconds: float) -> np.ndarray:
    """The half of the load whose calls last ``stretch`` times as long as the mean."""
    out = np.zeros((*paths.shape, SLICES))
    busy = np.zeros(len(paths))
    step = seconds / SLICES
    for i, aht in enumerate(aht_s):
        if aht <= 0:
            continue
        steady = paths[:, i] * aht / seconds / 2
        lasting = aht * stretch
        left = math.exp(-step / lasting)
        for part in range(SLICES):
            out[:, i, part] = steady + (busy - steady) * (1 - left) * lasting / step
            busy = steady + (busy - steady) * left
    return out


def _bins(parts: np.ndarray, contacts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """
    Means of equally likely groups of scenarios, by load; slices stay apart. Loads and
    contacts of the groups' slices, and the group of each scenario.
    """
    order = np.argsort(parts.mean(axis=1), kind="stable")
    bins = min(BINS, len(contacts))
    means = parts[order].reshape(bins, -1, parts.shape[1]).mean(axis=1)
    weights = contacts[order].reshape(bins, -1).mean(axis=1)
    group = np.empty(len(order), dtype=np.int64)
    group[order] = np.arange(len(order)) * bins // len(order)
    return means.ravel(), np.repeat(weights / parts.shape[1], parts.shape[1]), group


def _padded(rows: list[np.ndarray]) -> np.ndarray:
    """Rows of unequal length as one array, zeros behind."""
    width = max((len(row) for row in rows), default=0)
    out = np.zeros((len(rows), width))
    for i, row in enumerate(rows):
        out[i, : len(row)] = row
    return out
