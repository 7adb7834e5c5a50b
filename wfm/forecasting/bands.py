"""
How sure: bands from past errors, and the counts they stand for.
"""

from __future__ import annotations

import numpy as np

LEVELS = np.array([0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975])
LO95, LO80, MEDIAN, HI80, HI95 = 0, 2, 6, 10, 12  # positions in LEVELS
TYPICAL = 0.12  # log deviation of a day's forecast in a centre of which little is known
OVERLAP = 0.25  # power of what origins share by looking at the same days


def weighted_quantiles(values: np.ndarray, weight: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """
    Quantiles of weighted values; halfway rule, linear between, float [levels].
    """
    order = np.argsort(values, kind="stable")
    mass = np.cumsum(weight[order])
    position = (mass - 0.5 * weight[order]) / mass[-1]
    return np.asarray(np.interp(levels, position, values[order]))


def student_factor(count: float, levels: np.ndarray = LEVELS) -> np.ndarray:
    """
    How much wider quantiles must be that were learnt from ``count`` independent errors.
    """
    from scipy.stats import norm, t

    degrees = max(count - 1, 2.0)
    tail = np.where(levels == 0.5, 0.4, levels)  # the median has no width to widen
    return np.asarray(t.ppf(tail, degrees) / norm.ppf(tail) * np.sqrt(1 + 1 / max(count, 1)))


def independent_origins(count: float, span: float, ahead: int) -> float:
    """
    How many independent errors those from so many origins are worth.

    Origins nearer to each other than they look ahead miss the same days.

    Parameters
    ----------
    span
        Days from the first origin to the last.
    ahead
        Days that each looks ahead.

    Returns
    -------
    float
        Between the stretches of ``ahead`` days that do not overlap and ``count``, nearer to
        the latter: even on one day, errors from two origins are not the same. How near
        (``OVERLAP``) is no theory: it gave bands that held what they say in backtests.
    """
    apart = min(count, 1 + span / ahead)
    return float(count ** (1 - OVERLAP) * apart**OVERLAP)


def conformal(quantiles: np.ndarray, errors: int, independent: float) -> np.ndarray:
    """
    Quantiles to add to a log forecast, from those of past log errors, float [levels].

    Parameters
    ----------
    quantiles
        Of past errors, actual less forecast, at ``LEVELS``.
    errors
        How many errors they were learnt from.
    independent
        How many independent errors these are worth: neighbours share their day.

    Notes
    -----
    Half of the median error is taken out: a bias is partly believed. Past errors are
    a little too good, since weights were learnt from them: hence 1 + 10/n. Below a hundred
    errors weights are still nearly equal, and what is unknown is in the other factors.
    """
    middle = quantiles[MEDIAN]
    wider = student_factor(independent) * (1 + 10 / max(errors, 100))
    wider = wider * _doubt((quantiles[HI80] - quantiles[LO80]) / 2.563, independent)
    return np.asarray(middle / 2 + (quantiles - middle) * wider)


def _doubt(deviation: float, independent: float) -> float:
    """How much wider, while fewer than 30 errors are known, than they look: see ``TYPICAL``."""
    prior = 6 * max(0.0, 1 - independent / 30)
    known = max(deviation, 1e-3) ** 2
    typical = max(known, TYPICAL**2)
    return float(np.sqrt((independent * known + prior * typical) / ((independent + prior) * known)))


def negative_binomial(mean: np.ndarray, cv: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """
    Quantiles of Poisson counts around a gamma rate, float [..., levels].

    Linear between whole numbers, so that a band has no jumps; ``cv`` is the rate's
    coefficient of variation, zero for Poisson counts.
    """
    from scipy.stats import gamma

    # the gamma law with the counts' mean and variance, shifted by half a count
    variance = np.maximum(mean + (mean * cv) ** 2, 1e-12)
    centre = mean + 0.5
    shape = centre**2 / variance
    exact = gamma.ppf(levels, shape[..., None], scale=(variance / centre)[..., None]) - 0.5
    return np.asarray(np.maximum(np.where(mean[..., None] > 0, exact, 0.0), 0.0))
