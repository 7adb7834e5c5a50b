"""
What was measured of callers, calls and people: the numbers that formulas need.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from wfm.errors import SettingsError

if TYPE_CHECKING:  # the calculator's shrinkage loads no numpy
    from wfm.domain.demand import Forecast, QueueForecast


@dataclass(frozen=True, slots=True)
class Shrinkage:
    """
    Paid time that is not available for contacts, as shares in [0, 1).

    ``planned`` is known beforehand but not placed in the roster; ``unplanned`` is found
    out on the day (illness). They act one after the other: both of 0.1 leave 0.81.
    """

    planned: float = 0.0
    unplanned: float = 0.0

    def __post_init__(self) -> None:
        for name, value in (("planned", self.planned), ("unplanned", self.unplanned)):
            if not 0 <= value < 1:
                raise SettingsError(
                    f"{name} shrinkage is {value:g}, expected a share from 0 to below 1",
                    hint=f"write {value:g} % as {value / 100:g}" if 1 <= value < 100 else "",
                )

    @property
    def present(self) -> float:
        """Share of scheduled people who are on contacts, in (0, 1]."""
        return (1 - self.planned) * (1 - self.unplanned)


@dataclass(frozen=True, slots=True)
class QueueCalibration:
    """
    What was measured on one queue. None: not measured.

    Parameters
    ----------
    aht_s, aht_cv
        Mean handle time with the hidden time in it, seconds, and its coefficient of
        variation; a lognormal of these two is the distribution.
    hidden_s
        Seconds per contact that logs of talk time miss while callers wait; inside
        ``aht_s``.
    aht_by_hour
        Mean handle time by hour of the day (0 to 23), seconds, where enough was seen.
    patience_s
        Mean patience, seconds: time waited by all over the number who hung up.
    patience_curve
        Kaplan-Meier: (seconds, share of callers whose patience is longer), increasing in
        seconds; the share falls. Beyond the last, the rate of hanging up stays.
    day_cv, interval_cv
        Forecast error beyond Poisson: that a day shares, and an interval's own.
    redial
        Share of callers who hung up and call again.
    calls
        Number of contacts this was measured on.
    """

    aht_s: float | None = None
    aht_cv: float | None = None
    hidden_s: float = 0.0
    aht_by_hour: Mapping[int, float] = field(default_factory=dict)
    patience_s: float | None = None
    patience_curve: tuple[tuple[float, float], ...] = ()
    day_cv: float | None = None
    interval_cv: float | None = None
    redial: float | None = None
    calls: int = 0

    def __post_init__(self) -> None:
        for name in ("aht_s", "aht_cv", "patience_s", "day_cv", "interval_cv"):
            value = getattr(self, name)
            if value is not None and not 0 <= value < float("inf"):
                raise SettingsError(f"calibrated {name} is {value:g}, expected 0 or more")


@dataclass(frozen=True, slots=True)
class Calibration:
    """
    What was measured, by queue, and of the team; the content of ``calibration.toml``.
    """

    queues: Mapping[str, QueueCalibration] = field(default_factory=dict)
    shrinkage: Shrinkage | None = None
    remarks: tuple[str, ...] = ()


def calibrated(forecast: Forecast, calibration: Calibration | None) -> Forecast:
    """
    A forecast with what was measured in it, as staffing and simulation both take it.

    The hidden time is added to every AHT. Where the forecast knows no uncertainty at all
    (both coefficients of variation are zero everywhere), the measured ones stand in.
    """
    if calibration is None:
        return forecast
    queues = {
        name: _calibrated(queue, calibration.queues.get(name, QueueCalibration()))
        for name, queue in forecast.queues.items()
    }
    return replace(forecast, queues=queues)


def _calibrated(queue: QueueForecast, measured: QueueCalibration) -> QueueForecast:
    aht_s = queue.aht_s + measured.hidden_s * (queue.aht_s > 0)
    if queue.day_cv.any() or queue.interval_cv.any():
        return replace(queue, aht_s=aht_s)
    there = (queue.contacts > 0).astype(float)
    return replace(
        queue,
        aht_s=aht_s,
        day_cv=there * (measured.day_cv or 0.0),
        interval_cv=there * (measured.interval_cv or 0.0),
    )
