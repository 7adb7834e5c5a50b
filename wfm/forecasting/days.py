"""
One queue as a series of days: what came, which days are closed, which are special.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from wfm.domain.demand import Event
from wfm.forecasting.calendar import Special, periods, specials


@dataclass(frozen=True)
class Days:
    """
    The daily contacts of one queue before the forecast's first day, and its calendar.

    Parameters
    ----------
    first
        Date of the first day.
    y
        Contacts a day, float [n]; NaN where closed or unknown.
    horizon
        Days to forecast after them.
    special
        What is special about each day, history and horizon together, [n + horizon].
    closed
        Days that take no contacts, bool [n + horizon].
    period
        The long event in which each day lies, [n + horizon]; empty: there are none.
    """

    queue: str
    first: date
    y: np.ndarray
    horizon: int
    special: tuple[Special | None, ...]
    closed: np.ndarray
    period: tuple[str | None, ...] = ()

    @property
    def n(self) -> int:
        """Days of history."""
        return len(self.y)

    @cached_property
    def weekday(self) -> np.ndarray:
        """0 for Monday to 6 for Sunday, of every day, int64 [n + horizon]."""
        return (self.first.weekday() + np.arange(self.n + self.horizon)) % 7

    @cached_property
    def ordinary(self) -> np.ndarray:
        """Days that nothing sets apart, bool [n + horizon]."""
        plain: np.ndarray = np.array([kind is None for kind in self.special]) & ~self.closed
        return plain

    @cached_property
    def ahead(self) -> np.ndarray:
        """Horizon in days of each day to forecast, 1 for the first, int64 [horizon]."""
        return np.arange(1, self.horizon + 1)

    def date(self, index: int) -> date:
        """Date of a day; 0 is ``first``."""
        return self.first + timedelta(days=int(index))

    def before(self, origin: int, horizon: int) -> Days:
        """What was known on the morning of day ``origin``; the calendar is always known."""
        end = origin + horizon
        return Days(
            self.queue,
            self.first,
            self.y[:origin],
            horizon,
            self.special[:end],
            self.closed[:end],
            self.period[:end],
        )


def make_days(
    queue: str,
    first: date,
    y: np.ndarray,
    horizon: int,
    *,
    closed: np.ndarray | None = None,
    holidays: Mapping[date, str] | None = None,
    events: Sequence[Event] = (),
) -> Days:
    """
    A series of days with its calendar; closed days count as unknown.
    """
    span = len(y) + horizon
    shut = np.zeros(span, dtype=bool) if closed is None else closed.copy()
    # events with a stated effect are not learnt from: the statement is the effect
    mine = [event for event in events if event.queue in (None, queue) and event.effect is None]
    marks = specials(first, span, holidays or {}, mine)
    known = np.where(shut[: len(y)], np.nan, y)
    return Days(queue, first, known, horizon, marks, shut, periods(first, span, mine))
