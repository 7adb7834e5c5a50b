"""
The forecast: contacts and handle times of every queue, on the horizon's grid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from wfm.domain.demand import (
    Adjustment,
    Event,
    Forecast,
    History,
    Queue,
)
from wfm.domain.outcome import Progress, Stop, never, silent
from wfm.domain.timegrid import Grid
from wfm.errors import DataError
from wfm.forecasting import opening as hours
from wfm.forecasting.adjusting import adjust, stated_effects
from wfm.forecasting.drivers import Orders
from wfm.forecasting.queuework import Task, work_off
from wfm.forecasting.sharing import each


def forecast(
    history: History,
    queues: Mapping[str, Queue],
    horizon: Grid,
    *,
    holidays: Mapping[date, str] | None = None,
    events: Sequence[Event] = (),
    adjustments: Sequence[Adjustment] = (),
    orders: Orders | None = None,
    model: str | Mapping[str, str] = "auto",
    workers: int = 1,
    cluster: str | None = None,
    progress: Progress = silent,
    stop: Stop = never,
) -> Forecast:
    """
    Contacts and handle times ahead, from what was known before the horizon's first day.

    Parameters
    ----------
    history
        Past contacts; days from the horizon on are not looked at.
    queues
        The queues to forecast, by name; those of history without an entry are forecast
        too, with inferred hours.
    horizon
        Days to forecast, on history's grain.
    holidays
        Public holidays by date, past and future.
    orders
        Past and planned orders by queue and date, where contacts follow them.
    model
        ``auto`` or a model's name, for all queues or by queue.
    workers
        Processes among which the queues are shared out.
    cluster
        Address of a Dask scheduler whose workers do it instead.

    Raises
    ------
    DataError
        A queue has no history, or the grains differ.
    """
    if history.grid.interval != horizon.interval:
        raise DataError(
            f"history has intervals of {history.grid.interval} minutes, the horizon of "
            f"{horizon.interval}",
            hint="forecast on the grain of the history",
        )
    past = history.before(horizon.first)
    shared = hours.shared_rates(past)
    tasks = [
        Task.of(
            past,
            queues.get(name) or Queue(name),
            horizon,
            shared,
            holidays=holidays or {},
            events=tuple(events),
            orders=orders or {},
            model=model if isinstance(model, str) else model.get(name, "auto"),
        )
        for name in queue_names(past, queues)
    ]
    done = list(
        each(work_off, tasks, workers=workers, cluster=cluster, progress=progress, stop=stop)
    )
    problems = [problem for one in done for problem in one.problems]
    if problems:  # every queue that cannot be forecast is named
        raise DataError(problems=problems)
    plain = Forecast(
        horizon,
        {one.queue: one.columns for one in done if one.columns is not None},
        {one.queue: one.opened for one in done if one.opened is not None},
        tuple(dict.fromkeys([*past.remarks, *(said for one in done for said in one.remarks)])),
    )
    return adjust(plain, stated_effects(events, horizon), adjustments)


def queue_names(history: History, queues: Mapping[str, Queue]) -> list[str]:
    """
    Queues to forecast: those of the settings that have a history or one like it; else all.
    """
    if not queues:
        return list(history.queues)
    return [name for name, queue in queues.items() if name in history.queues or queue.like]
