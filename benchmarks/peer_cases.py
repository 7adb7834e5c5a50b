"""
Cases that pyworkforce can express, made up; this module needs numpy alone, so that both sides
make the same case from the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

HOURS = 8  # of every shift
PERIODS = 96  # of a day, in breaks and shift counts
LEAST_DAYS = 20  # of 28 that everybody works


@dataclass(frozen=True)
class RosterCase:
    """Who is needed on each shift of each day: int [shifts, days]."""

    people: int
    required: np.ndarray


def roster_case(people: int, shifts: int, days: int = 28, seed: int = 7) -> RosterCase:
    """
    Needs of about 94 % of what the team owes, more on weekdays.

    No succession is forbidden: the peer would then forbid all work on the day after.
    """
    stream = np.random.default_rng(seed)
    weight = (
        stream.uniform(0.6, 1.4, (shifts, 1)) * np.tile([1.1, 1.1, 1.1, 1, 1, 0.9, 0.8], 4)[:days]
    )
    required = np.floor(weight / weight.sum() * 0.94 * people * LEAST_DAYS).astype(int)
    return RosterCase(people, required)


@dataclass(frozen=True)
class BreakCase:
    """
    Shifts (first and last period) with people on each day, and who must not be on a break.

    ``breaks`` are (periods, after, before): length, and periods to the shift's two ends.
    """

    shifts: tuple[tuple[int, int], ...]
    people: tuple[int, ...]
    days: int
    need: np.ndarray  # int [periods]
    breaks: tuple[tuple[int, int, int], ...] = ((1, 4, 4), (2, 8, 8))


def break_case(people: int = 500, days: int = 7) -> BreakCase:
    """Five overlapping shifts of eight hours; at most a sixth may be on a break at once."""
    starts = (24, 32, 40, 48, 56)
    shifts = tuple((start, start + 4 * HOURS) for start in starts)
    each = tuple(people // len(shifts) for _ in shifts)
    there = np.zeros(PERIODS, dtype=int)
    for (first, last), count in zip(shifts, each, strict=True):
        there[first:last] += count
    return BreakCase(shifts, each, days, there - there // 6)


@dataclass(frozen=True)
class CountCase:
    """How many of which shift (first and last period) cover ``need``, int [days, periods]."""

    shifts: tuple[tuple[int, int], ...]
    need: np.ndarray


def count_case(days: int = 7, seed: int = 7) -> CountCase:
    """Shifts of four, six and eight hours from every half hour; two peaks a day."""
    stream = np.random.default_rng(seed)
    shifts = tuple(
        (start, start + 4 * hours)
        for hours in (4, 6, 8)
        for start in range(24, 88 - 4 * hours + 1, 2)
    )
    clock = np.arange(PERIODS) / 4
    shape = 0.3 + np.exp(-(((clock - 10.5) / 2) ** 2)) + 0.8 * np.exp(-(((clock - 16) / 2.5) ** 2))
    opened = (clock >= 6) & (clock < 22)
    noise = stream.uniform(0.9, 1.1, (days, PERIODS))
    return CountCase(shifts, np.where(opened, np.ceil(40 * shape * noise), 0).astype(int))
