"""
History made fit for smoothing: logs, level shifts, special days, outliers.

Everything here sees the past alone. Closed and unknown days are gaps (NaN), never zeros.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wfm.forecasting.calendar import EVENT, HOLIDAY, Special
from wfm.forecasting.days import Days

OFFSET = 0.5  # added before the log: the mean of log(Y + 1/2) is close to the log of the mean
SHIFT = (0.3, 0.6)  # a level shift is at least so large, in log: ...
NOISES = 5.0  # ... this many standard deviations of a day, within these bounds
SUDDEN = 0.55  # and at least this share of it happens within a week
FRESH = 6  # days since the youngest shift that is believed
LASTING = 42  # days for which it must last, and for which the level before it must have held
AROUND = 11  # days by which the same time of another year may be off
YEARLY = 364  # days: a year of whole weeks
RECURS = 0.5  # of a jump's size is found again at that time: the year's season, no shift
PLACES = 12  # in the month: its last six working days, then its first six
OUTLIER = 4.0  # residuals are clipped at so many robust standard deviations


@dataclass(frozen=True)
class Clean:
    """
    A cleansed log series, and what special days do to it.

    Parameters
    ----------
    z
        Log contacts, re-levelled and clipped; NaN on gaps and special days, float [n].
    raw
        The same before clipping, special days kept: what forecasts are scored against.
    effect
        Log effect of the day's occasion on each day of the horizon, float [horizon].
    unknown
        Occasions of the horizon that history has never seen.
    shifts
        Days (index) at which the level was found to shift.
    moved
        Log factor that brings each day to today's level: past shifts and periods, [n].
    """

    z: np.ndarray
    raw: np.ndarray
    effect: np.ndarray
    unknown: tuple[str, ...]
    shifts: tuple[int, ...]
    moved: np.ndarray


def median_last(values: np.ndarray) -> np.ndarray:
    """
    Median over the last axis, gaps left out; NaN where all are gaps.
    """
    ordered = np.sort(values, axis=-1)  # NaN goes last
    count = np.sum(~np.isnan(values), axis=-1)
    low = np.maximum((count - 1) // 2, 0)[..., None]
    high = np.minimum(count // 2, values.shape[-1] - 1)[..., None]
    middle = np.take_along_axis(ordered, low, -1) + np.take_along_axis(ordered, high, -1)
    return np.asarray(np.where(count > 0, middle[..., 0] / 2, np.nan))


def weekday_reference(z: np.ndarray, span: int = 4) -> np.ndarray:
    """
    Median of the same weekday within ``span`` weeks on either side, float [n].
    """
    n = len(z)
    weeks = -(-n // 7)
    table = np.full((weeks + 2 * span, 7), np.nan)
    table[span : span + weeks].flat[:n] = z
    windows = np.lib.stride_tricks.sliding_window_view(table, 2 * span + 1, axis=0)
    return median_last(windows).reshape(-1)[:n]


def cleanse(days: Days) -> Clean:
    """
    The series as the smoothers want it; see ``Clean``.
    """
    raw = np.log(days.y + OFFSET)
    period, never = period_effects(raw, days)
    found = raw - period[: days.n]
    raw, shifts = relevel(found)
    moved = np.nan_to_num(raw - found) - period[: days.n]
    plain = np.where(days.ordinary[: days.n], raw, np.nan)
    reference = weekday_reference(plain)
    # a holiday's own effect is measured against ordinary days of the same weekday
    effect, unknown = special_effects(raw - reference, _weekday_level(plain)[:7], days)
    turn = month_turn(plain - reference, days)
    plain, raw = plain - turn[: days.n], raw - turn[: days.n]
    effect = effect + turn[days.n :] + period[days.n :]
    unknown = (*unknown, *never)
    reference = weekday_reference(plain)
    residual = plain - reference
    limit = OUTLIER * robust_spread(residual)
    # a run of unusual days is news, a single one an outlier
    around = running_median(residual)
    z = reference + np.clip(residual, around - limit, around + limit)
    return Clean(z, raw, effect, unknown, shifts, moved)


def running_median(values: np.ndarray, reach: int = 3) -> np.ndarray:
    """
    Median of a day and ``reach`` days on either side; gaps, and days outside, left out.
    """
    padded = np.concatenate([np.full(reach, np.nan), values, np.full(reach, np.nan)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    return np.asarray(np.nan_to_num(median_last(windows)))


def robust_spread(residual: np.ndarray) -> float:
    """
    Standard deviation from the median absolute deviation; at least 1 %.
    """
    known = np.abs(residual[~np.isnan(residual)])
    return max(1.4826 * float(np.median(known)), 0.01) if known.size else 0.25


def relevel(z: np.ndarray) -> tuple[np.ndarray, tuple[int, ...]]:
    """
    The past brought to today's level where the level shifted for good, and when it did.

    A shift is a jump of two-week medians that happens mostly within a week and is still
    there six weeks later, or until today. One younger than three weeks must show on
    every day since. What ends a shorter high season is no shift, nor is what comes at
    the same time in another year.
    """
    z = z.copy()
    found: list[int] = []
    for _ in range(3):
        at, size = _largest_shift(z)
        if at is None:
            break
        z[:at] += size
        found.append(at)
    return z, tuple(sorted(found))


def _largest_shift(z: np.ndarray) -> tuple[int | None, float]:
    n = len(z)
    if n < 49:
        return None, 0.0
    flat = z - _weekday_level(z)
    least = float(np.clip(NOISES * robust_spread(z - weekday_reference(z)), *SHIFT))
    at = np.arange(28, n - FRESH + 1)
    jump = _window(flat, at, 14) - _window(flat, at - 14, 14)
    sudden = _window(flat, at, 7) - _window(flat, at - 7, 7)
    lasting = _window(flat, at, LASTING) - _window(flat, at - LASTING, LASTING)
    end = _window(flat, np.minimum(at + LASTING, n) - 14, 14) - _window(flat, at - 14, 14)
    # before that the level was another one too: the end of a short high season is no shift
    early = np.maximum(at - LASTING - 14, 0)
    begin = np.where(at >= LASTING + 14, _window(flat, at, 14) - _window(flat, early, 14), jump)
    same = np.sign(jump)
    real = (
        (np.abs(jump) > least)
        & (sudden * same > SUDDEN * np.abs(jump))
        & (lasting * same > 0.6 * np.abs(jump))
        & (end * same > 0.6 * np.abs(jump))
        & (begin * same > 0.6 * np.abs(jump))
        & ~_seasonal(at, jump)
    )
    real &= (at <= n - 21) | _steady(flat, at, np.where(np.abs(jump) > SHIFT[1], jump, 0.0))
    if not real.any():
        return None, 0.0
    best = np.argmax(np.where(real, np.abs(jump) + np.abs(sudden), -1))
    return int(at[best]), float(lasting[best])


def _seasonal(at: np.ndarray, jump: np.ndarray) -> np.ndarray:
    """Whether about the same jump is found at the same time of another year, bool."""
    out = np.zeros(len(at), dtype=bool)
    padded = np.concatenate([np.zeros(AROUND), jump, np.zeros(AROUND)])
    near = np.lib.stride_tricks.sliding_window_view(padded, 2 * AROUND + 1)
    up, down = near.max(axis=-1), near.min(axis=-1)
    for away in range(YEARLY, len(at), YEARLY):
        for mine, other in (
            (slice(away, None), slice(None, -away)),
            (slice(None, -away), slice(away, None)),
        ):
            out[mine] |= np.where(
                jump[mine] > 0,
                up[other] > RECURS * jump[mine],
                down[other] < RECURS * jump[mine],
            )
    return out


def _steady(flat: np.ndarray, at: np.ndarray, jump: np.ndarray) -> np.ndarray:
    """Whether every known day since a fresh jump is at least half of it away, bool."""
    out = np.zeros(len(at), dtype=bool)
    for row in np.flatnonzero((at > len(flat) - 21) & (jump != 0)):
        before = np.nanmedian(flat[at[row] - 14 : at[row]])
        left = (flat[at[row] :] - before) / jump[row]
        known = left[~np.isnan(left)]
        out[row] = len(known) >= FRESH - 2 and bool((known > 0.5).all())
    return out


def _weekday_level(z: np.ndarray) -> np.ndarray:
    """Each weekday's median over all weeks, repeated; a weekday never seen has the middle one."""
    n = len(z)
    table = np.full((-(-n // 7), 7), np.nan)
    table.flat[:n] = z
    level = median_last(table.T)
    middle = median_last(level)
    return np.resize(np.where(np.isnan(level), middle, level), n)


def _window(flat: np.ndarray, start: np.ndarray, length: int) -> np.ndarray:
    """Median of ``length`` days from each start; days outside the series are gaps."""
    padded = np.concatenate([np.full(length, np.nan), flat, np.full(length, np.nan)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, length)
    middle = median_last(windows[start + length])
    return np.where(np.isnan(middle), 0.0, middle)


def special_effects(
    departure: np.ndarray, level: np.ndarray, days: Days
) -> tuple[np.ndarray, tuple[str, ...]]:
    """
    Log effect of each horizon day's occasion, shrunk from its name to its kind.

    Parameters
    ----------
    departure
        Log contacts less ordinary days of the same weekday, float [n].
    level
        Log level of each day of the week, from the series' first day on, float [7].

    Notes
    -----
    An occasion seen n times has weight n / (n + 1); the rest is the median of its kind,
    itself shrunk to none by n / (n + 1/2). Events of other names say nothing about an
    event, so one that was never seen has no effect and is named as unknown. A holiday
    may make its day like the quietest weekday: effects are pooled after the share of
    that gap which fits the past best is taken out.
    """
    gap = np.resize(level.min() - level, days.n + days.horizon)
    share = _rest_day_share(departure, gap, days)
    past: dict[Special, list[float]] = {}
    kinds: dict[str, list[float]] = {}
    for at, mark in enumerate(days.special[: days.n]):
        if mark is not None and not np.isnan(departure[at]):
            value = float(departure[at]) - (share * gap[at] if mark.kind == HOLIDAY else 0.0)
            past.setdefault(mark, []).append(value)
            kinds.setdefault(mark.kind, []).append(value)
    effect = np.zeros(days.horizon)
    unknown: dict[str, None] = {}
    for ahead, mark in enumerate(days.special[days.n :]):
        if mark is None or days.closed[days.n + ahead]:
            continue
        own = past.get(mark, [])
        kin = [] if mark.kind == EVENT else kinds.get(mark.kind, [])
        pooled = float(np.median(kin)) * len(kin) / (len(kin) + 0.5) if kin else 0.0
        weight = len(own) / (len(own) + (0.5 if mark.kind == EVENT else 1.0))
        effect[ahead] = weight * float(np.mean(own or [0.0])) + (1 - weight) * pooled
        if kin and mark.kind == HOLIDAY:
            effect[ahead] += share * gap[days.n + ahead]
        if not own:
            unknown[mark.name] = None
    return effect, tuple(unknown)


def period_effects(raw: np.ndarray, days: Days) -> tuple[np.ndarray, tuple[str, ...]]:
    """
    Log effect of the long event in which each day lies, float [n + horizon].

    An occurrence's effect is its median departure from the same weekdays outside of any
    period, up to nine weeks away; that of n occurrences of one name is their mean, with
    weight n / (n + 1/2). Unlike a short event's, a period's days stay in the series.

    Returns
    -------
    effect
        Zero outside of periods, and in those that history has never seen.
    unknown
        Names of such, where they touch the horizon.
    """
    effect = np.zeros(days.n + days.horizon)
    names = set(days.period) - {None}
    if not names:
        return effect, ()
    place = np.array(["" if name is None else name for name in days.period])
    plain = days.ordinary[: days.n]
    outside = np.where(plain & (place[: days.n] == ""), raw, np.nan)
    near, far = weekday_reference(outside), weekday_reference(outside, 9)
    departure = np.where(plain, raw - np.where(np.isnan(near), far, near), np.nan)
    unknown = []
    for name in sorted(map(str, names)):
        rows = np.flatnonzero(place[: days.n] == name)
        runs = np.split(departure[rows], np.flatnonzero(np.diff(rows) > 1) + 1)
        seen = [float(np.nanmedian(run)) for run in runs if (~np.isnan(run)).sum() >= 3]
        if seen:
            effect[place == name] = float(np.sum(seen)) / (len(seen) + 0.5)
        elif (place[days.n :] == name).any():
            unknown.append(name)
    return effect, tuple(unknown)


def _rest_day_share(departure: np.ndarray, gap: np.ndarray, days: Days) -> float:
    """How far a holiday is like the quietest weekday: all the way, half, or not."""
    rows = [
        at
        for at, mark in enumerate(days.special[: days.n])
        if mark is not None and mark.kind == HOLIDAY and not np.isnan(departure[at])
    ]
    if len(rows) < 4:
        return 0.0

    def scatter(share: float) -> float:
        left = departure[rows] - share * gap[rows]
        return float(np.abs(left - np.median(left)).sum())

    return min((0.0, 0.5, 1.0), key=scatter)


def month_turn(residual: np.ndarray, days: Days) -> np.ndarray:
    """
    Log effect of the place in the month, as far as the past proves one; [n + horizon].

    Invoices, wages and rents make the first and last working days of a month unlike
    others. Each place's mean residual is smoothed over its neighbours and shrunk by
    empirical Bayes, so that chance alone gives next to nothing.
    """
    place = month_places(days)
    seen = ~np.isnan(residual)
    count = np.zeros(PLACES)
    total = np.zeros(PLACES)
    limit = 2.5 * robust_spread(residual)
    for at in range(PLACES):
        rows = residual[seen & (place[: days.n] == at)]
        count[at], total[at] = len(rows), np.clip(rows, -limit, limit).sum()
    if count.min() < 3:
        return np.zeros(days.n + days.horizon)
    middle = 0.5 * np.eye(PLACES) + 0.25 * (np.eye(PLACES, k=1) + np.eye(PLACES, k=-1))
    mean = (middle @ total) / (middle @ count)
    noise = robust_spread(residual) ** 2 / (middle @ count) * 0.6  # smoothing averages noise
    proven = float(np.mean(mean**2 - noise)) - float(np.sqrt(2 / PLACES) * noise.mean())
    trust = max(proven, 0.0) / (max(proven, 0.0) + noise)
    return np.asarray(np.append(trust * mean, 0.0)[place])


def month_places(days: Days) -> np.ndarray:
    """
    Place of each day in its month, int [n + horizon]: 0 to 5 are the last six working
    days, 6 to 11 the first six; other days are ``PLACES``.

    Working days are open, ordinary and not among the week's quiet days.
    """
    span = days.n + days.horizon
    weekday_mean = np.array(
        [np.nanmean(np.append(days.y[days.weekday[: days.n] == w], 0.0)) for w in range(7)]
    )
    busy = weekday_mean >= 0.6 * weekday_mean.max()
    beyond = np.arange(span, span + 31)  # the horizon's last month goes on after it
    works = np.append(busy[days.weekday] & days.ordinary, busy[(days.first.weekday() + beyond) % 7])
    dates = [days.date(at) for at in range(span + 31)]
    place = np.full(span + 31, PLACES)
    months: dict[tuple[int, int], list[int]] = {}
    for at in np.flatnonzero(works):
        months.setdefault((dates[at].year, dates[at].month), []).append(int(at))
    for rows in months.values():
        first, last = dates[rows[0]], dates[rows[-1]]
        half = PLACES // 2
        if first.day <= 5 and len(rows) > half:
            place[rows[:half]] = np.arange(half, PLACES)
        if last.day >= 26 and len(rows) > PLACES:
            place[rows[-half:]] = np.arange(half)
    return place[:span]
