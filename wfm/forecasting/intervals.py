"""
From days to intervals: the day's contacts spread over its slots, and how sure that is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wfm.domain.demand import KINSHIP
from wfm.forecasting import lowrank
from wfm.forecasting.bands import HI80, LO80
from wfm.forecasting.combining import Study, agree
from wfm.forecasting.days import Days
from wfm.forecasting.models import DayForecast
from wfm.forecasting.profiles import (
    Shape,
    Table,
    choose_shape,
    clip_intervals,
    profile,
    spread,
    weekday_open,
)
from wfm.forecasting.usual import respread, slot_factors
from wfm.forecasting.volumes import Volumes

TRIED = 8  # past origins, about a week apart, at which intervals are forecast again
AHEAD = 14  # days forecast from each
HALF = 0.5  # of what moments say is believed at least, whatever the bands
Z80 = 1.2816  # standard normal deviate of the 80 % band
LOWRANK = 0.5  # share of the low-rank model in the average at root scale
LOWRANK_DAYS = 400  # history of the low-rank model


@dataclass(frozen=True)
class IntervalForecast:
    """
    Slots of the days to come.

    ``contacts`` and ``interval_cv`` float [horizon, slots]; ``day_cv`` float [horizon].
    """

    contacts: np.ndarray
    day_cv: np.ndarray
    interval_cv: np.ndarray


def day_spread(contacts: np.ndarray, quantiles: np.ndarray) -> np.ndarray:
    """
    Coefficient of variation of each day beyond Poisson, from its 80 % band; float [days].

    Paths lie around the forecast, which need not be the middle of the band: the spread is the
    root mean square of how far the band reaches to either side of it.
    """
    safe = np.maximum(contacts, 1e-9)
    above, below = quantiles[:, HI80] - contacts, contacts - quantiles[:, LO80]
    half = np.sqrt((above**2 + below**2) / 2) / (Z80 * safe)
    return np.asarray(np.where(contacts > 0, np.sqrt(np.maximum(half**2 - 1 / safe, 0.0)), 0.0))


def forecast_intervals(
    volumes: Volumes,
    interval: int,
    day: DayForecast,
    found: Study | None,
    driver: np.ndarray | None = None,
) -> IntervalForecast:
    """
    Spread the days over their slots.

    With a ``Study`` of the combination, the low-rank model is averaged in: it sees days
    and slots at once, and errs differently. It knows nothing of orders, so a queue with a
    ``driver`` (its factor on each day, float [n + horizon]) goes without it.
    """
    days = volumes.days
    table = learning_table(volumes, interval, found)
    shape = choose_shape(table)
    trials = past_trials(table, days, found, shape, driver)
    share = LOWRANK if found and driver is None else 0.0
    opened = table.open[days.n :]
    effect = found.clean.effect if found else np.zeros(days.horizon)
    contacts = _blend(table, days.n, day.contacts, opened, shape, share, effect)
    day_cv = day_spread(day.contacts, day.quantiles)
    tried = guesses(trials, share)
    factors = slot_factors(
        trials.actual * trials.opened, tried * trials.opened, trials.age, interval
    )
    contacts = respread(contacts, factors)
    own = interval_spread(trials, respread(tried, factors), day_cv)
    spreads = np.where(contacts > 0, own, 0.0)
    return IntervalForecast(contacts, less_intervals(day_cv, contacts, spreads, interval), spreads)


def less_intervals(
    day_cv: np.ndarray, contacts: np.ndarray, interval_cv: np.ndarray, interval: int
) -> np.ndarray:
    """
    The days' own spread, less what their intervals' shocks already make of the total.

    Neighbours' shocks are alike, so they do not cancel out over a day; with both, paths of
    the day's total would be wider than its band. Float [days].
    """
    clock = np.arange(contacts.shape[1]) * interval
    alike = 0.5 ** (np.abs(clock[:, None] - clock) / KINSHIP)
    part = contacts * interval_cv / np.maximum(contacts.sum(1, keepdims=True), 1e-9)
    made = ((part @ alike) * part).sum(1)
    return np.asarray(np.sqrt(np.maximum(day_cv**2 - made, 0.0)))


def learning_table(volumes: Volumes, interval: int, found: Study | None) -> Table:
    """
    The table at today's level, with special days as gaps and wild intervals drawn in.
    """
    days = volumes.days
    counts = np.where(days.ordinary[: days.n, None], volumes.table, np.nan)
    if found:
        counts = counts * np.exp(found.clean.moved)[:, None]
    clipped = clip_intervals(counts, days.weekday)
    return Table(clipped, volumes.open, days.weekday, interval)


def _blend(
    table: Table,
    origin: int,
    totals: np.ndarray,
    opened: np.ndarray,
    shape: Shape,
    share: float,
    effect: np.ndarray,
) -> np.ndarray:
    """Days' totals over their slots, averaged with the low-rank model at root scale."""
    ahead = table.weekday[origin : origin + len(totals)]
    plain: np.ndarray = totals[:, None] * spread(profile(table, origin, shape), opened, ahead)
    if share == 0:
        return plain
    return blend(plain, low_rank(table, origin, len(totals)), share, effect, opened)


def blend(
    plain: np.ndarray, root: np.ndarray, share: float, effect: np.ndarray, opened: np.ndarray
) -> np.ndarray:
    """
    Average of shapes at root scale; the days' levels stay as they are.

    Days of which the low-rank model knows nothing stay as they are.
    """
    other = np.where(opened, np.maximum(root * np.exp(effect / 2)[:, None], 0.0), 0.0)
    usable = ~np.isnan(root) & (plain.sum(1, keepdims=True) > 0) & opened
    full = np.where(usable, other**2, plain).sum(1, keepdims=True)
    day = plain.sum(1, keepdims=True)
    other = other * np.sqrt(day / np.maximum(full, 1e-12))  # its shape, at the day's level
    mixed = np.where(usable, (1 - share) * np.sqrt(plain) + share * other, np.sqrt(plain)) ** 2
    return np.asarray(mixed * (day / np.maximum(mixed.sum(1, keepdims=True), 1e-12)))


def with_slots(found: Study, volumes: Volumes, interval: int) -> Study:
    """
    The study of the days with the low-rank model's days, which it sees by their slots.
    """
    days = volumes.days
    table = learning_table(volumes, interval, found)
    start = max(0, days.n - LOWRANK_DAYS)
    counts = np.where(table.known[:, None], table.counts, np.nan)[start:]
    offset = days.n - int(found.trial.origins[-1]) - start  # smoothing may drop the oldest days
    origins = np.maximum(found.trial.origins + offset, 0)
    groups = hour_groups(table, days.n)
    other = lowrank.day_levels(
        counts, table.open[start:], table.weekday[start:], groups, origins, days.horizon
    )
    return agree(days, found, other)


def hour_groups(table: Table, origin: int) -> np.ndarray:
    """Number of each weekday's group: those with the same hours are one; int [7]."""
    _, groups = np.unique(weekday_open(table, origin), axis=0, return_inverse=True)
    return np.asarray(groups.reshape(-1))


def low_rank(table: Table, origin: int, horizon: int) -> np.ndarray:
    """Root contacts of the days from ``origin`` on; weekdays with like hours are one matrix."""
    start = max(0, origin - LOWRANK_DAYS)
    known = table.known[start:origin]
    counts = np.where(known[:, None], table.counts[start:origin], np.nan)
    groups = hour_groups(table, origin)
    return lowrank.project(counts, table.weekday[start:], groups, origin - start, horizon)


@dataclass(frozen=True)
class Trials:
    """
    Past days forecast again: float [days, slots] tables, how far ahead each was, and how
    many days ago.

    ``plain`` spreads the day's forecast, ``root`` is the low-rank model's root contacts.
    """

    actual: np.ndarray
    plain: np.ndarray
    root: np.ndarray
    opened: np.ndarray
    ahead: np.ndarray
    age: np.ndarray


def past_trials(
    table: Table,
    days: Days,
    found: Study | None,
    shape: Shape,
    driver: np.ndarray | None = None,
) -> Trials:
    """
    The last weeks' intervals, each from what was known days before.

    Without a study, the day's own total is spread: the shape alone is then on trial.
    """
    n, width = table.counts.shape
    known = table.known
    parts: list[tuple[np.ndarray, ...]] = []
    for origin, totals in _past_days(days, found):
        ahead = np.arange(min(AHEAD, n - origin, len(totals)))
        ahead = ahead[known[origin + ahead]]
        if known[:origin].sum() < 10 or not ahead.size:
            continue
        rows = origin + ahead
        pace = driver[rows] if driver is not None and found is not None else np.ones(len(rows))
        opened = table.open[rows]
        plain = (totals[ahead] * pace)[:, None] * spread(
            profile(table, origin, shape), opened, table.weekday[rows]
        )
        root = low_rank(table, origin, int(ahead[-1]) + 1)[ahead] if found else plain * np.nan
        parts.append((np.nan_to_num(table.counts[rows]), plain, root, opened, ahead + 1, n - rows))
    if not parts:
        none = np.zeros((0, width))
        return Trials(none, none, none, none.astype(bool), *np.zeros((2, 0), dtype=int))
    return Trials(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _past_days(days: Days, found: Study | None) -> list[tuple[int, np.ndarray]]:
    """Origins about a week apart, the latest last, with the days forecast from each."""
    if found is None:
        first = max(14, days.n - 7 * TRIED)
        filled = np.nan_to_num(days.y)
        return [(origin, filled[origin:]) for origin in range(first, days.n, 7)]
    past = found.trial.origins[:-1]
    offset = days.n - (found.trial.origins[-1])  # smoothing may drop the oldest days
    if not past.size:
        return []
    recent = past[past >= past[-1] - 7 * TRIED]
    step = max(1, round(7 / max(1, int(np.median(np.diff(past))) if past.size > 1 else 7)))
    chosen = recent[::-1][::step][::-1]
    rows = {int(origin): row for row, origin in enumerate(found.trial.origins)}
    return [(int(o) + offset, np.exp(found.mean[rows[int(o)]])) for o in chosen]


def guesses(trials: Trials, share: float) -> np.ndarray:
    """What was expected of the past days' slots, float [days, slots]."""
    usable = ~np.isnan(trials.root)
    none = np.zeros(len(trials.plain))
    mixed = blend(trials.plain, trials.root, share, none, trials.opened)
    return np.where(usable, mixed, trials.plain)


def interval_spread(trials: Trials, guess: np.ndarray, day_cv: np.ndarray) -> float:
    """
    Coefficient of variation of an interval's own shock, so that 80 % bands held 80 %.

    The day's shock is known from the daily bands; what the past intervals missed beyond
    it and beyond Poisson is the interval's own.
    """
    if not len(trials.actual):
        return 0.15
    open_day = day_cv[day_cv > 0]
    day = np.resize(open_day, len(guess)) if open_day.size else np.zeros(len(guess))
    if open_day.size >= AHEAD:
        day = open_day[np.minimum(trials.ahead, len(open_day)) - 1]
    rows = trials.opened & (guess > 0)
    mean, actual = guess[rows], trials.actual[rows]
    shared = np.broadcast_to(day[:, None], guess.shape)[rows]
    return max(_calibrated(mean, actual, shared), HALF * _own_shocks(trials, guess))


def _own_shocks(trials: Trials, guess: np.ndarray) -> float:
    """Spread of intervals beyond chance once the day's total is known, by moments."""
    total = (trials.actual * trials.opened).sum(1, keepdims=True)
    share = guess * trials.opened / np.maximum((guess * trials.opened).sum(1, keepdims=True), 1e-9)
    mean = total * share
    beyond = (((trials.actual - mean) ** 2 - mean * (1 - share)) * trials.opened).sum()
    return float(np.sqrt(max(beyond, 0.0) / max((mean**2).sum(), 1e-9)))


def _calibrated(mean: np.ndarray, actual: np.ndarray, day: np.ndarray) -> float:
    """The least own spread at which 80 % of the counts lie in their band."""
    low, high = 0.0, 1.0
    for _ in range(12):
        middle = (low + high) / 2
        bottom, top = quick_band(mean, np.sqrt((1 + day**2) * (1 + middle**2) - 1))
        inside = float(np.mean((actual >= bottom) & (actual <= top)))
        low, high = (low, middle) if inside >= 0.8 else (middle, high)
    return round((low + high) / 2, 4)


def quick_band(mean: np.ndarray, cv: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    80 % band of counts by Wilson and Hilferty's cube root: fast, and good enough to fit.
    """
    centre = mean + 0.5
    shape = centre**2 / (mean + (mean * cv) ** 2)
    middle = 1 - 1 / (9 * shape)
    step = Z80 / (3 * np.sqrt(shape))
    bottom = centre * np.maximum(middle - step, 0) ** 3 - 0.5
    return np.maximum(bottom, 0), centre * (middle + step) ** 3 - 0.5
