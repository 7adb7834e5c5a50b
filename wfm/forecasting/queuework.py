"""
One queue on its way from history to forecast.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from wfm.domain.demand import Event, History, Opening, Queue, QueueForecast
from wfm.domain.timegrid import DAILY, Grid
from wfm.errors import DataError, Problem
from wfm.forecasting import opening as hours
from wfm.forecasting.aht import handle_times
from wfm.forecasting.bands import HI80, HI95, LO80, LO95, MEDIAN, negative_binomial
from wfm.forecasting.calendar import EVENT
from wfm.forecasting.combining import Combination, Study, day_forecast, study
from wfm.forecasting.days import Days
from wfm.forecasting.drivers import LEAST as LEAST_KNOWN
from wfm.forecasting.drivers import Driver, Orders, again, make_driver, without
from wfm.forecasting.intervals import IntervalForecast, day_spread, forecast_intervals, with_slots
from wfm.forecasting.likeness import borrow, known_days
from wfm.forecasting.models import DayForecast
from wfm.forecasting.registry import model_named
from wfm.forecasting.sparse import Sparse, is_sparse
from wfm.forecasting.volumes import Volumes, closures, make_volumes

ENOUGH = 14  # days of history without which there is no forecast
FEWEST = 5  # of them with known contacts
SHORT = 28  # known days below which bands are said to be wide
BORROWED_WIDTH = 1.5  # bands of a borrowed history are so much wider
BAND_LEVELS = np.array([0.025, 0.1, 0.9, 0.975])


@dataclass(frozen=True)
class Task:
    """
    All that one queue's forecast needs, small enough to send to another process.

    ``shared`` are the mean contacts of all queues by weekday and slot, for the hours of a
    queue too small to tell its own; None: own rates only.
    """

    past: History
    queue: Queue
    horizon: Grid
    holidays: Mapping[date, str] = field(default_factory=dict)
    events: Sequence[Event] = ()
    orders: Orders = field(default_factory=dict)
    model: str = "auto"
    shared: np.ndarray | None = None

    @staticmethod
    def of(
        past: History, queue: Queue, horizon: Grid, shared: np.ndarray | None, **known: object
    ) -> Task:
        """A task that carries the history of its queue, and of the one that it is like."""
        names = (queue.name, queue.like)
        mine = {name: past.queues[name] for name in names if name and name in past.queues}
        return Task(replace(past, queues=mine), queue, horizon, shared=shared, **known)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Done:
    """
    What came of a task: columns, open intervals and remarks; or the problems.
    """

    queue: str
    columns: QueueForecast | None = None
    opened: np.ndarray | None = None
    remarks: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def work_off(task: Task) -> Done:
    """
    Forecast one queue; what is wrong with it comes back as problems.
    """
    try:
        work = QueueWork.prepare(task)
    except DataError as error:
        return Done(task.queue.name, problems=error.problems)
    columns, opened = work.result()
    return Done(task.queue.name, columns, opened, tuple(work.remarks()))


@dataclass(frozen=True)
class QueueWork:
    """
    A queue whose days are forecast, and all that was learnt on the way.
    """

    queue: Queue
    opening: Opening
    volumes: Volumes
    horizon: Grid
    day: DayForecast
    found: Study | None
    aht: np.ndarray
    borrowed: float | None = None  # factor on the history of the queue that this is like
    driver: Driver | None = None
    unused_orders: bool = False  # orders were given, but tell nothing about this queue

    @staticmethod
    def prepare(task: Task) -> QueueWork:
        """Cut the history to opening hours and forecast the days."""
        past, queue, horizon = task.past, task.queue, task.horizon
        borrowed = None
        known = known_days(past, queue.name) if queue.name in past.queues else 0
        if queue.like and known < ENOUGH:
            past, borrowed = borrow(past, queue.name, queue.like)
        opening = queue.opening or hours.infer(past, queue.name, task.shared)
        opening = hours.close(opening, closures(task.events, queue.name))
        volumes = make_volumes(
            past, queue.name, opening, horizon, holidays=task.holidays, events=task.events
        )
        demand_enough(volumes, past.grid.days)
        driver = make_driver(volumes.days, task.orders)
        days = without(volumes.days, driver) if driver else volumes.days
        day, found = forecast_days(days, task.model)
        if driver:
            day = again(day, driver)
        elif found and horizon.interval != DAILY:
            found = with_slots(found, volumes, horizon.interval)
            day = day_forecast(days, found)
        if borrowed is not None:
            day = doubtful(day)
        aht = handle_times(past.grid, past.queues[queue.name], horizon.days)
        unused = driver is None and bool(task.orders.get(queue.name) or task.orders.get(None))
        return QueueWork(
            queue, opening, volumes, horizon, day, found, aht, borrowed, driver, unused
        )

    def result(self) -> tuple[QueueForecast, np.ndarray]:
        """Columns on the horizon's grid, and where it is open."""
        opened = self.opening.mask(self.horizon)
        if self.horizon.interval == DAILY:
            return self._daily(opened), opened
        ahead = forecast_intervals(
            self.volumes,
            self.horizon.interval,
            self.day,
            self.found,
            None if self.driver is None else self.driver.factor,
        )
        return self._intervals(ahead, opened), opened

    def _daily(self, opened: np.ndarray) -> QueueForecast:
        rows = slice(-self.horizon.days, None)
        contacts = np.where(opened, self.day.contacts[rows], 0.0)
        quantiles = np.where(opened[:, None], self.day.quantiles[rows], 0.0)
        return QueueForecast(
            self.queue.name,
            contacts,
            quantiles[:, LO80],
            quantiles[:, HI80],
            quantiles[:, LO95],
            quantiles[:, HI95],
            self.aht[:, 0] * opened,
            day_spread(contacts, quantiles),
            np.zeros(len(contacts)),
            self.queue.channel,
        )

    def _intervals(self, ahead: IntervalForecast, opened: np.ndarray) -> QueueForecast:
        grid = self.horizon
        day = grid.day + len(ahead.contacts) - grid.days
        slot = hours.slots(grid)
        contacts = np.where(opened, ahead.contacts[day, slot], 0.0)
        day_cv = np.where(contacts > 0, ahead.day_cv[day], 0.0)
        interval_cv = np.where(contacts > 0, ahead.interval_cv[day, slot], 0.0)
        total = np.sqrt((1 + day_cv**2) * (1 + interval_cv**2) - 1)
        bands = negative_binomial(contacts, total, BAND_LEVELS)
        return QueueForecast(
            self.queue.name,
            contacts,
            bands[:, 1],
            bands[:, 2],
            bands[:, 0],
            bands[:, 3],
            np.where(opened, self.aht[grid.day, slot], 0.0),
            day_cv,
            interval_cv,
            self.queue.channel,
        )

    def remarks(self) -> list[str]:
        """What the user must know about this queue's forecast."""
        name, days = self.queue.name, self.volumes.days
        said = []
        if self.borrowed is not None:
            said.append(
                f"{name}: little history of its own; that of {self.queue.like} times "
                f"{self.borrowed:.3g} stands in, with wider bands"
            )
        if self.driver:
            said.append(self.driver.remark(name, self.horizon.days))
        if self.unused_orders:
            said.append(
                f"{name}: orders are left aside: contacts do not follow them, or both are "
                f"known on fewer than {LEAST_KNOWN} days"
            )
        if not np.nansum(days.y) > 0:
            said.append(f"{name}: no contact in the whole history, so none is expected")
        elif int((~np.isnan(days.y)).sum()) < SHORT:
            said.append(f"{name}: less than four weeks of history: the bands are wide")
        if self.queue.opening is None:
            said.append(f"{name}: opening hours inferred: {hours.words(self.opening)}")
        if self.volumes.outside > 0:
            said.append(f"{name}: {self.volumes.outside:g} contacts outside opening hours left out")
        if self.volumes.empty:
            dates = ", ".join(str(day) for day in self.volumes.empty[:5])
            more = f" and {len(self.volumes.empty) - 5} more" if len(self.volumes.empty) > 5 else ""
            said.append(f"{name}: next to no contacts on {dates}{more}: taken as closed")
        if self.found:
            said += _occasion_remarks(days.special[days.n :], self.found)
            for shift in self.found.clean.shifts:
                said.append(f"{name}: the level shifted for good on {days.date(shift)}")
        if not self.aht.any():
            said.append(
                f"{name}: handle times are unknown, so aht_s is 0; before people can be "
                "staffed, history needs aht_s"
            )
        return said + list(self.day.remarks)


def demand_enough(volumes: Volumes, until: int) -> None:
    """
    Demand two weeks of history, closed days included, and some known days in them.

    Parameters
    ----------
    until
        Days of history, from the series' first day.

    Raises
    ------
    DataError
        There is less.
    """
    days = volumes.days
    known = np.flatnonzero(~np.isnan(days.y))
    first = int(known[0]) if known.size else until
    empty = [(day - days.first).days for day in volumes.empty]
    first = min([first, *empty])
    while first > 0 and days.closed[first - 1] and until - first < ENOUGH:
        first -= 1  # a history that begins on a closed day
    if until - first < ENOUGH or known.size < FEWEST:
        raise DataError(
            f"queue {days.queue}: {until - first} days of history with {known.size} known days, "
            f"expected at least {ENOUGH}",
            hint='give it more history, or name a queue that it is like: like = "..."',
        )


def forecast_days(days: Days, model: str) -> tuple[DayForecast, Study | None]:
    """
    The days ahead by a model; ``auto`` is the combination, or counts where there are few.
    """
    chosen = Combination() if model == "auto" else model_named(model)
    if not isinstance(chosen, Combination):
        return chosen.forecast(days), None
    if is_sparse(days):
        return Sparse().forecast(days), None
    found = study(days)
    return day_forecast(days, found), found


def doubtful(day: DayForecast) -> DayForecast:
    """The same days, with bands half as wide again."""
    middle = day.quantiles[:, [MEDIAN]]
    wider = np.maximum(middle + BORROWED_WIDTH * (day.quantiles - middle), 0.0)
    return replace(day, quantiles=wider)


def _occasion_remarks(marks: Sequence[object], found: Study) -> list[str]:
    """Occasions ahead that history has never seen."""
    kinds = {getattr(mark, "name", ""): getattr(mark, "kind", "") for mark in marks}
    said = []
    for name in found.clean.unknown:
        if kinds.get(name, EVENT) == EVENT:  # a period has no mark of its own
            said.append(f"{name}: not in the history, its effect is unknown; nothing is added")
        else:
            said.append(f"{name}: not in the history; taken like other days of its kind")
    return said
