"""
The rest of today, from what today has brought so far.

The morning's departures from the forecast, at root scale, say something about the
afternoon's: how much, past days tell. A plain ratio of actual to forecast overreacts for
the first hours. Here departures are foretold in three steps: what recent days missed of
each slot; how alike the departures of two slots are, by the time between them; and a ridge
regression on what these leave.

References
----------
Shen and Huang (2008). Interday forecasting and intraday updating of call center
arrivals. M&SOM 10(3), 391-410.
Ibrahim and L'Ecuyer (2013). Forecasting call center arrivals: fixed-effects, mixed-effects,
and bivariate models. M&SOM 15(1), 72-85.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LATEST = (60.0,)  # minutes that count as the latest
EARLY = 0.1  # share of the day's contacts before which nothing is updated
LEAST = 12  # past days without which nothing is learnt
WILD = 2.5  # robust standard deviations beyond which a departure is taken for a fault
OUTLYING = 2.0  # the same, for what is learnt from
ROBUST = 1.4826  # standard deviations in a median absolute deviation, where all is normal
TINY = 1e-12  # keeps shares of nothing defined
KINSHIPS = (30.0, 60.0, 120.0, 240.0, 480.0, 960.0)  # minutes in which likeness decays
OWN_CHANCE = 0.1  # of a slot's variance, at least, is its own
USUAL_HALFLIFE = 8.0  # days in which what was missed of a slot loses half its say
USUAL_PRIOR = 8.0  # days of belief that a slot is not missed again
RIDGE = 20.0  # days of prior belief that nothing is left to learn
LEARNT = 5  # numbers learnt from past days: how alike, for how long, and three slopes


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
        Unchanged before a tenth of the day's contacts were due and without enough past
        days. What recent days missed of each slot is always made good; the rest of the
        change is scaled down, to nothing, as far as past days say that it does not help.
    """
    k = len(seen)
    opened = forecast > 0
    total = float(forecast.sum())
    after = opened.copy()
    after[:k] = False
    same = Update(forecast.copy(), 1.0)
    if total <= 0 or not after.any() or forecast[:k].sum() < EARLY * total:
        return same
    usable = ~np.isnan(past[:, opened]).any(axis=1) & (expected[:, opened] > 0).any(axis=1)
    if usable.sum() < LEAST:
        return same
    error = np.nan_to_num(roots(past[usable]) - roots(expected[usable]))[:, opened]
    today = (roots(seen) - roots(forecast[:k]))[opened[:k]]
    # a line that was down for an hour says nothing about the next one
    wild = WILD * ROBUST * float(np.median(np.abs(error)))
    clock = np.flatnonzero(opened) * float(interval)
    change, left = foretell(
        np.clip(error, -wild, wild), np.clip(today, -wild, wild), roots(forecast[opened]), clock
    )
    out = forecast.copy()
    rest = np.maximum(roots(forecast[after]) + change, 0.0) ** 2 - 0.25
    out[after] = np.maximum(rest, 0.0)
    return Update(out, left)


def foretell(
    error: np.ndarray, today: np.ndarray, weight: np.ndarray, clock: np.ndarray
) -> tuple[np.ndarray, float]:
    """
    Departures of the rest of the day, float [slots - k], and the share of spread left.

    Parameters
    ----------
    error
        Departures of past days at root scale, float [days, slots], the latest last.
    today
        Those of the day's first k slots, float [k].
    weight
        How much each slot counts in a day's mean, float [slots].
    clock
        Minute of each slot, float [slots].
    """
    k = len(today)
    usual = usual_misses(error)
    error, today = error - usual[:-1], today - usual[-1, :k]
    whole = error @ weight / weight.sum()
    # what yesterday missed is often missed again; this morning alone tells it from chance
    known = np.column_stack([error[:, :k], np.append(0.0, whole[:-1])])
    now = np.append(today, whole[-1])
    gains = kindred_gains(error, whole, clock, k)
    signals = _signals(np.vstack([known, now]), weight[:k], clock[:k])
    wild = _outlying(signals[:-1])
    signals = np.clip(signals, -wild, wild)
    target = error[:, k:].mean(axis=1)
    alike = (known @ gains).mean(axis=1)
    slopes = _slopes(signals[:-1], target - alike)
    guess = alike + signals[:-1] @ slopes
    size = float((guess**2).sum())
    trust = float(np.clip((guess * target).sum() / max(size, TINY), 0.0, 1.0))
    # Akaike's final prediction error (1969): what was learnt fits the days it is from too well
    days = len(error)
    left = (((target - trust * guess) ** 2).sum() + TINY) / (float((target**2).sum()) + TINY)
    left *= (days + LEARNT) / (days - LEARNT)
    change = usual[-1, k:] + trust * (now @ gains + signals[-1] @ slopes)
    return change, float(np.sqrt(np.clip(left, 0.0, 1.0)))


def usual_misses(error: np.ndarray) -> np.ndarray:
    """
    What recent days missed of each slot beyond their mean, as known on the morning of each
    day and of the day after the last; float [days + 1, slots].
    """
    keep = 0.5 ** (1 / USUAL_HALFLIFE)
    out = np.zeros((len(error) + 1, error.shape[1]))
    total, days = np.zeros(error.shape[1]), 0.0
    for day, row in enumerate(error):
        total, days = keep * total + row - row.mean(), keep * days + 1
        out[day + 1] = total / (days + USUAL_PRIOR)
    return out


def kindred_gains(error: np.ndarray, whole: np.ndarray, clock: np.ndarray, k: int) -> np.ndarray:
    """
    What each departure so far, and yesterday's mean, add to each later slot's.

    Two slots' departures are alike by the time between them; past days tell how much and
    for how long, all pairs of slots together, so there is little to learn.

    Returns
    -------
    np.ndarray
        Float [k + 1, slots - k]: the best linear forecast under that likeness.
    """
    days, slots = error.shape
    found = error.T @ error / days
    between = np.abs(clock[:, None] - clock)
    apart = between > 0
    decays = np.exp(-between[apart] / np.array(KINSHIPS)[:, None])
    sizes = np.maximum(decays @ found[apart] / np.maximum((decays**2).sum(1), TINY), 0.0)
    misfit = ((found[apart] - sizes[:, None] * decays) ** 2).sum(1)
    best = int(np.argmin(misfit))
    alike = sizes[best] * np.exp(-between / KINSHIPS[best])
    variance = float(np.trace(found)) / slots
    chance = max(variance - sizes[best], OWN_CHANCE * variance, 1e-9)
    lasting = max(float((whole[1:] * whole[:-1]).mean()), 0.0)
    seen = np.full((k + 1, k + 1), lasting)
    seen[:k, :k] = alike[:k, :k] + chance * np.eye(k)
    seen[k, k] = max(float((whole**2).mean()), lasting) + 1e-9
    return np.asarray(
        np.linalg.solve(seen, np.vstack([alike[:k, k:], np.full(slots - k, lasting)]))
    )


def _signals(known: np.ndarray, weight: np.ndarray, clock: np.ndarray) -> np.ndarray:
    """
    Mean departure so far, the latest ones' beyond it, and yesterday's; float [days, 3].
    """
    so_far = known[:, :-1] @ weight / weight.sum()
    out = [so_far]
    for minutes in LATEST:
        latest = weight * (clock > clock[-1] - minutes)
        out.append(known[:, :-1] @ latest / latest.sum() - so_far)
    return np.stack([*out, known[:, -1]], axis=1)


def _outlying(values: np.ndarray) -> np.ndarray:
    """``OUTLYING`` robust standard deviations of each column, float [columns]."""
    return np.asarray(OUTLYING * ROBUST * np.median(np.abs(values), axis=0))


def _slopes(signals: np.ndarray, target: np.ndarray) -> np.ndarray:
    """
    Ridge regression of float [days] on float [days, signals]; days that nothing explains
    count as far as the others do.
    """
    limit = _outlying(target)
    gram = signals.T @ signals
    size = np.diag(gram)
    gram = gram + np.diag(RIDGE / len(signals) * size + 1e-9 * size.max() + TINY)
    return np.asarray(np.linalg.solve(gram, signals.T @ np.clip(target, -limit, limit)))
