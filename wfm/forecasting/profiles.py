"""
The shape of a day: how its contacts spread over the slots.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

HALFLIVES = (4.0, 10.0, 30.0)  # weeks
PRIORS = (0.5, 2.0, 8.0)  # days of the pooled profile mixed into a weekday's
WIDTHS = (0.0, 12.0, 30.0)  # minutes of the smoothing kernel
EVALUATED = 8  # weeks on which the three are chosen
OUTLIER = 5.0  # standard deviations beyond which an interval is clipped


@dataclass(frozen=True)
class Shape:
    """
    How a profile forgets, leans on other weekdays and smooths.
    """

    halflife: float  # weeks
    prior: float  # days
    width: float  # minutes


@dataclass(frozen=True)
class Table:
    """
    Contacts by day and slot, as profiles learn from them.

    ``counts`` float [n, slots], NaN on gaps and special days; ``open`` bool [n +
    horizon, slots]; ``weekday`` [n + horizon]; ``interval`` minutes.
    """

    counts: np.ndarray
    open: np.ndarray
    weekday: np.ndarray
    interval: int

    @property
    def known(self) -> np.ndarray:
        """Days of which every open slot is known, bool [n]."""
        n = len(self.counts)
        missing = np.isnan(self.counts) & self.open[:n]
        known: np.ndarray = ~missing.any(axis=1) & (np.nansum(self.counts, 1) > 0)
        return known


def profile(table: Table, origin: int, shape: Shape) -> np.ndarray:
    """
    Share of the day by weekday and slot, from the days before ``origin``; [7, slots].

    Slots in which a weekday is never open hold zero.
    """
    rows = np.flatnonzero(table.known[:origin])
    weight = 0.5 ** ((origin - rows) / 7 / shape.halflife)
    counts = np.nan_to_num(table.counts[rows])
    weekday = table.weekday[rows]
    slots = counts.shape[1]
    own, seen = np.zeros((7, slots)), np.zeros(7)
    for day in range(7):
        mine = weekday == day
        own[day] = weight[mine] @ counts[mine]
        seen[day] = weight[mine].sum()
    mask = weekday_open(table, origin)
    total = own.sum(1)
    out = np.zeros((7, slots))
    for day in range(7):
        kin = _kin(mask, day, total)
        pooled = own[kin].sum(0) * mask[day]
        pooled_share = pooled / pooled.sum() if pooled.sum() > 0 else _even(mask[day])
        size = total[day] / seen[day] if seen[day] > 0 else 1.0
        mixed = own[day] * mask[day] + shape.prior * size * pooled_share
        out[day] = mixed / mixed.sum() if mixed.sum() > 0 else _even(mask[day])
    return _smooth(out, mask, shape.width / table.interval)


def _kin(mask: np.ndarray, day: int, total: np.ndarray) -> np.ndarray:
    """Weekdays with much the same hours; all weekdays where none has."""
    both = (mask & mask[day]).sum(1)
    either = np.maximum((mask | mask[day]).sum(1), 1)
    alike = (both / either > 0.8) & (total > 0)
    return alike if alike.any() else total > 0


def _even(mask: np.ndarray) -> np.ndarray:
    return np.asarray(mask / max(mask.sum(), 1))


def weekday_open(table: Table, origin: int) -> np.ndarray:
    """Slots in which each weekday opens: on its last days and the days ahead; [7, slots]."""
    out = np.zeros((7, table.open.shape[1]), dtype=bool)
    start = max(0, origin - 56)
    for day in range(7):
        out[day] = table.open[start:][table.weekday[start:] == day].any(0)
    return out


def _smooth(shares: np.ndarray, mask: np.ndarray, width: float) -> np.ndarray:
    """Gaussian kernel over open slots, each row still summing to one."""
    if width < 0.3:
        return shares
    reach = int(np.ceil(3 * width))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width) ** 2)
    top = _convolve(shares, kernel)
    bottom = _convolve(mask.astype(float), kernel)
    out = np.where(mask, top / np.maximum(bottom, 1e-12), 0.0)
    return np.asarray(out / np.maximum(out.sum(1, keepdims=True), 1e-300))


def _convolve(rows: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    reach = len(kernel) // 2
    padded = np.pad(rows, ((0, 0), (reach, reach)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, len(kernel), axis=1)
    return np.asarray(windows @ kernel)


def choose_shape(table: Table) -> Shape:
    """
    The shape that spread the totals of the last weeks best, each week from those before.
    """
    n = len(table.counts)
    known = table.known
    if known.sum() < 21:
        return Shape(10.0, 2.0, 12.0)
    weeks = min(EVALUATED, (n - 14) // 7)
    trials = [Shape(*values) for values in product(HALFLIVES, PRIORS, WIDTHS)]
    loss = np.zeros(len(trials))
    for week in range(weeks):
        origin = n - 7 * (week + 1)
        rows = origin + np.flatnonzero(known[origin : origin + 7])
        if not known[:origin].any() or not rows.size:
            continue
        actual = np.nan_to_num(table.counts[rows])
        total = actual.sum(1, keepdims=True)
        for number, shape in enumerate(trials):
            guess = total * profile(table, origin, shape)[table.weekday[rows]]
            loss[number] += ((np.sqrt(actual) - np.sqrt(guess)) ** 2).sum()
    return trials[int(np.argmin(loss))]


def spread(shares: np.ndarray, opened: np.ndarray, weekday: np.ndarray) -> np.ndarray:
    """
    Shares of each day, float [days, slots]: the weekday's, on the slots open that day.

    A date with other hours than its weekday keeps the weekday's relative shares; slots
    that the weekday never opens get the mean share.
    """
    rows = np.where(opened, shares[weekday], 0.0)
    fresh = opened & (shares[weekday] <= 0)
    mean = rows.sum(1) / np.maximum((rows > 0).sum(1), 1)
    rows = np.where(fresh, np.where(mean > 0, mean, 1.0)[:, None], rows)
    total = rows.sum(1, keepdims=True)
    return np.asarray(np.where(total > 0, rows / np.maximum(total, 1e-300), 0.0))


def clip_intervals(counts: np.ndarray, weekday: np.ndarray) -> np.ndarray:
    """
    Counts with single wild intervals drawn in, as far as chance and the day explain.
    """
    out = counts.copy()
    totals = np.nansum(counts, axis=1)
    for day in range(7):
        rows = np.flatnonzero((weekday[: len(counts)] == day) & (totals > 0))
        if len(rows) < 5:
            continue
        with np.errstate(invalid="ignore"):
            share = np.nan_to_num(counts[rows]) / totals[rows, None]
        middle = np.median(share, axis=0)
        expected = totals[rows, None] * middle
        deviation = np.sqrt(expected + (0.15 * expected) ** 2 + 1)
        limit = OUTLIER * deviation
        out[rows] = np.clip(counts[rows], expected - limit, expected + limit)
    return out
