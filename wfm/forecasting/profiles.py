"""
The shape of a day: how its contacts spread over the slots.
"""

from __future__ import annotations

from dataclasses import dataclass

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
    one = (shape.halflife,), (shape.prior,), (shape.width,)
    return np.asarray(_profiles(table, table.known, origin, *one)[0, 0, 0])


def _profiles(
    table: Table,
    known: np.ndarray,
    origin: int,
    halflives: tuple[float, ...],
    priors: tuple[float, ...],
    widths: tuple[float, ...],
) -> np.ndarray:
    """
    Profiles by every half-life, prior and width, float [halflives, priors, widths, 7, slots].
    """
    rows = np.flatnonzero(known[:origin])
    age = (origin - rows) / 7
    weight = 0.5 ** (age / np.array(halflives)[:, None])  # [halflives, rows]
    mine = table.weekday[rows] == np.arange(7)[:, None]  # [7, rows]
    weight = weight[:, None] * mine
    own, seen = weight @ np.nan_to_num(table.counts[rows]), weight.sum(-1)
    mask = weekday_open(table, origin)
    total = own.sum(-1)
    even = mask / np.maximum(mask.sum(-1, keepdims=True), 1)
    pooled = _normal((_kin(mask, total[0]) @ own) * mask, even)
    size = np.where(seen > 0, total / np.where(seen > 0, seen, 1.0), 1.0)
    lent = np.array(priors)[:, None, None] * (size[..., None] * pooled)[:, None]
    mixed = _normal((own * mask)[:, None] + lent, even)
    return np.stack([_smooth(mixed, mask, width / table.interval) for width in widths], axis=2)


def _kin(mask: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Weekdays with much the same hours as each, float [7, 7]; all where none has."""
    both = (mask[:, None] & mask).sum(-1)
    either = np.maximum((mask[:, None] | mask).sum(-1), 1)
    alike = (both / either > 0.8) & (total > 0)
    return np.where(alike.any(1, keepdims=True), alike, total > 0).astype(float)


def _normal(shares: np.ndarray, even: np.ndarray) -> np.ndarray:
    """Rows that sum to one; evenly spread where there is nothing."""
    total = shares.sum(-1, keepdims=True)
    return np.where(total > 0, shares / np.where(total > 0, total, 1.0), even)


def weekday_open(table: Table, origin: int) -> np.ndarray:
    """Slots in which each weekday opens: on its last days and the days ahead; [7, slots]."""
    start = max(0, origin - 56)
    weekday, opened = table.weekday[start:], table.open[start:]
    return np.stack([opened[weekday == day].any(0) for day in range(7)])


def _smooth(shares: np.ndarray, mask: np.ndarray, width: float) -> np.ndarray:
    """Gaussian kernel over open slots, each row still summing to one."""
    if width < 0.3:
        return shares
    slot = np.arange(mask.shape[1])
    kernel = np.exp(-0.5 * ((slot[:, None] - slot) / width) ** 2)
    out = np.where(mask, shares @ kernel / np.maximum(mask @ kernel, 1e-12), 0.0)
    return np.asarray(out / np.maximum(out.sum(-1, keepdims=True), 1e-300))


def choose_shape(table: Table) -> Shape:
    """
    The shape that spread the totals of the last weeks best, each week from those before.
    """
    n = len(table.counts)
    known = table.known
    if known.sum() < 21:
        return Shape(10.0, 2.0, 12.0)
    weeks = min(EVALUATED, (n - 14) // 7)
    loss = np.zeros((len(HALFLIVES), len(PRIORS), len(WIDTHS)))
    for week in range(weeks):
        origin = n - 7 * (week + 1)
        rows = origin + np.flatnonzero(known[origin : origin + 7])
        if not known[:origin].any() or not rows.size:
            continue
        actual = np.nan_to_num(table.counts[rows])
        tried = _profiles(table, known, origin, HALFLIVES, PRIORS, WIDTHS)
        guess = np.sqrt(actual.sum(1, keepdims=True) * tried[..., table.weekday[rows], :])
        loss += ((np.sqrt(actual) - guess) ** 2).sum((-1, -2))
    halflife, prior, width = np.unravel_index(int(np.argmin(loss)), loss.shape)
    return Shape(HALFLIVES[halflife], PRIORS[prior], WIDTHS[width])


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
