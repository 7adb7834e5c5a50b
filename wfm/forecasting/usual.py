"""
What slots usually miss: a share by which past forecasts of a slot were too low or too high.
"""

from __future__ import annotations

import numpy as np

HALFLIFE = 30.0  # days in which a past miss loses half its say
SMOOTH = 45.0  # minutes over which neighbours' misses are averaged, a standard deviation
PRIOR_SLOTS = 60.0  # slots, and ...
PRIOR_CONTACTS = 1000.0  # ... contacts, either of which make a miss half believed


def slot_factors(
    actual: np.ndarray, guess: np.ndarray, age: np.ndarray, interval: int
) -> np.ndarray:
    """
    Factors by which each slot's share of the day was missed, float [slots]; one is no miss.

    A day counts by its shape alone: its forecast is first brought to the day's total. Days
    vary by chance (the fewer contacts, the more) and by themselves, so a miss is drawn to
    one by a prior in contacts and one in slots.

    Parameters
    ----------
    actual, guess
        Contacts of past days and what was expected of them, float [days, slots]; zero
        where closed.
    age
        Days since each of them, float [days].
    interval
        Minutes of a slot.
    """
    due = guess.sum(axis=1, keepdims=True)
    expected = guess * actual.sum(axis=1, keepdims=True) / np.where(due > 0, due, 1.0)
    say = 0.5 ** (age / HALFLIFE)
    clock = np.arange(guess.shape[1]) * float(interval)
    near = np.exp(-0.5 * ((clock[:, None] - clock) / SMOOTH) ** 2)
    came, foretold, slots = (
        near @ (say @ table) for table in (np.where(guess > 0, actual, 0.0), expected, guess > 0)
    )
    base, slots = np.maximum(foretold, 1e-9), np.maximum(slots, 1e-9)
    trust = 1 / (1 + PRIOR_CONTACTS / base + PRIOR_SLOTS / slots)
    return np.asarray(1 + trust * (came - foretold) / base)


def respread(contacts: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """
    Contacts with each slot times its factor, at the same total a day; float [days, slots].
    """
    moved = contacts * factors
    total = moved.sum(axis=1, keepdims=True)
    whole = contacts.sum(axis=1, keepdims=True)
    return np.asarray(moved * whole / np.where(total > 0, total, 1.0))
