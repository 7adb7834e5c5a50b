"""
The loads that an interval may see: the forecast's scenarios on the modified offered load.

The modified offered load is what agents would be busy with if there were always enough of
them: calls that began earlier are still going on. Where a queue has just opened the load
climbs inside the interval from nothing; its average would hide the full load of the last
minutes, so there the interval is cut into slices, each with its own load.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wfm.domain.demand import Forecast

PATHS = 1024  # scenarios drawn
BINS = 16  # loads kept of them: means of as many equally likely groups
SLICES = 4  # parts of an interval in which a queue opens


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
    """

    rows: np.ndarray
    loads: np.ndarray
    contacts: np.ndarray
    aht_s: np.ndarray


def scenarios(forecast: Forecast, queue: str, paths: np.ndarray) -> Scenarios:
    """
    The likely loads of every open interval of a queue.

    Parameters
    ----------
    paths
        Contacts per interval of ``Forecast.paths``, float [n, intervals].
    """
    expected = forecast.queues[queue].contacts
    takes = forecast.open[queue] & (expected > 0)
    aht_s = forecast.queues[queue].aht_s
    rows = np.flatnonzero(takes)
    if (paths == paths[:1]).all():
        paths = paths[:1]
    paths = np.where(takes, paths, 0.0)
    slices = modified_load(paths, aht_s, forecast.grid.interval * 60.0)
    opens = takes & ~np.concatenate([[False], takes[:-1]])
    loads, contacts = [], []
    for row in rows:
        parts = slices[:, row] if opens[row] else slices[:, row].mean(axis=1, keepdims=True)
        load, weight = _bins(parts, paths[:, row])
        loads.append(load)
        contacts.append(weight * expected[row] / weight.sum())
    return Scenarios(rows, _padded(loads), _padded(contacts), aht_s[rows])


def modified_load(paths: np.ndarray, aht_s: np.ndarray, seconds: float) -> np.ndarray:
    """
    Expected busy agents, were there always enough of them: m' = rate - m / AHT.

    Exact for constant rates inside an interval and exponential handle times; the shape of
    the handle time moves it little.

    Parameters
    ----------
    paths
        Contacts per interval, float [n, intervals].
    aht_s
        Seconds, float [intervals].
    seconds
        Length of an interval.

    Returns
    -------
    numpy.ndarray
        Mean erlangs in each slice of each interval, float [n, intervals, SLICES].

    References
    ----------
    Jennings, Mandelbaum, Massey and Whitt (1996). Server staffing to meet time-varying
    demand. Management Science 42(10), 1383-1394.
    """
    out = np.zeros((*paths.shape, SLICES))
    busy = np.zeros(len(paths))
    step = seconds / SLICES
    for i, aht in enumerate(aht_s):
        steady = paths[:, i] * aht / seconds
        if aht <= 0:
            continue
        left = np.exp(-step / aht)
        for part in range(SLICES):
            mean = steady + (busy - steady) * (1 - left) * aht / step
            busy = steady + (busy - steady) * left
            out[:, i, part] = mean
    return out


def _bins(parts: np.ndarray, contacts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means of equally likely groups of scenarios, by load; slices stay apart."""
    order = np.argsort(contacts, kind="stable")
    bins = min(BINS, len(contacts))
    means = parts[order].reshape(bins, -1, parts.shape[1]).mean(axis=1)
    weights = contacts[order].reshape(bins, -1).mean(axis=1)
    return means.ravel(), np.repeat(weights / parts.shape[1], parts.shape[1])


def _padded(rows: list[np.ndarray]) -> np.ndarray:
    """Rows of unequal length as one array, zeros behind."""
    width = max((len(row) for row in rows), default=0)
    out = np.zeros((len(rows), width))
    for i, row in enumerate(rows):
        out[i, : len(row)] = row
    return out
