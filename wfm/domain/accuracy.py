"""
How good forecasts were, which model was chosen, and what a day's number is made of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class BacktestRow:
    """
    One candidate on one queue, from one origin, over one group of horizons.

    Parameters
    ----------
    horizon
        Last day of the group, 1 for the origin itself: 7 stands for days 1 to 7.
    origin
        First day forecast; only earlier days were seen.
    wape
        Sum of absolute errors over sum of contacts.
    mase
        Mean absolute error over that of last week's same weekday, in the days before
        the origin. NaN where that is zero.
    bias
        Sum of errors (forecast less actual) over sum of contacts.
    crps
        Twice the mean pinball loss over 13 levels, over mean contacts: a continuous
        ranked probability score as a share of the volume.
    cover80, cover95
        Share of counts inside the bands.
    cpu_s
        Processor seconds of the fit and forecast.
    """

    queue: str
    model: str
    horizon: int
    origin: date
    wape: float
    mase: float
    bias: float
    crps: float
    cover80: float
    cover95: float
    cpu_s: float


@dataclass(frozen=True)
class Backtest:
    """
    Every candidate on every queue; the choice for each queue, and why.
    """

    rows: tuple[BacktestRow, ...]
    choice: Mapping[str, str]
    reasons: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AccuracyRow:
    """
    An earlier forecast of one queue against what came.

    Parameters
    ----------
    plan
        Which forecast: its first day.
    intervals
        How many intervals are known by now.
    tracking
        Sum of this and all earlier forecasts' errors over their mean absolute error:
        beyond 4 either way the forecast leans, and not by chance.
    untouched
        WAPE as it would have been without people's adjustments; NaN where there were none.
    """

    queue: str
    plan: date
    intervals: int
    wape: float
    bias: float
    cover80: float
    cover95: float
    tracking: float
    untouched: float


@dataclass(frozen=True, slots=True)
class DayParts:
    """
    One day of one queue, taken apart.

    ``contacts`` is the product of the others. ``level`` is in contacts: an ordinary day of
    the last four weeks, all weekdays alike. The rest are factors: the weekday; ``season``,
    which is trend and time of year; ``occasion``, holiday, event or turn of the month;
    ``orders``; ``people``, what events with a stated effect and adjustments change.
    """

    queue: str
    day: date
    contacts: float
    level: float
    weekday: float
    season: float
    occasion: float
    orders: float
    people: float
    name: str = ""  # of the occasion
