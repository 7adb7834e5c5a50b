"""
``wfm forecast``: contact history to the contacts that will come.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wfm.commands.common import (
    AsOfOption,
    DryRunOption,
    FromOption,
    JsonOption,
    OutputOption,
    WeeksOption,
    WorkersOption,
    WorkspaceOption,
    stopping,
    today,
)
from wfm.errors import SettingsError

if TYPE_CHECKING:
    from wfm.domain.accuracy import DayParts
    from wfm.domain.demand import Adjustment, Event, Forecast, History, Queue
    from wfm.domain.timegrid import Grid

HistoryArgument = Annotated[
    Path | None,
    typer.Argument(metavar="HISTORY", help="Contact history; else the workspace's."),
]
DailyOption = Annotated[bool, typer.Option("--daily", help="Whole days instead of intervals.")]
ClusterOption = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="URL",
        help="A Dask scheduler whose workers do it: tcp://host:8786.",
        show_default=False,
    ),
]
CountryOption = Annotated[
    str | None,
    typer.Option(
        "--country", metavar="CODE", help="Its public holidays, such as FR.", show_default=False
    ),
]
RegionOption = Annotated[
    str | None,
    typer.Option(
        "--region",
        metavar="NAME",
        help="Part of it with days of its own: Alsace-Moselle.",
        show_default=False,
    ),
]
TimezoneOption = Annotated[
    str | None,
    typer.Option(
        "--timezone", metavar="ZONE", help="Of the file's clock: Europe/Paris.", show_default=False
    ),
]


def forecast(
    history: HistoryArgument = None,
    output: OutputOption = None,
    daily: DailyOption = False,
    first: FromOption = None,
    weeks: WeeksOption = None,
    country: CountryOption = None,
    region: RegionOption = None,
    timezone: TimezoneOption = None,
    model: Annotated[
        str, typer.Option("--model", metavar="NAME", help="A model, or auto.")
    ] = "auto",
    events: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Dated events; else events.csv.", show_default=False),
    ] = None,
    orders: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Orders, past and planned; else orders.csv.", show_default=False
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show what each day's number is made of.")
    ] = False,
    workers: WorkersOption = 1,
    cluster: ClusterOption = None,
    workspace: WorkspaceOption = None,
    as_of: AsOfOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """
    Say how many contacts will come and how long they take, and how sure that is.

      wfm forecast                                     in a workspace: forecast.csv
      wfm forecast history.csv --weeks 2 -o forecast.csv
      wfm forecast history.csv --daily --from 2022-01-03 --weeks 4 --country FR -o out.csv

    Only rows before the first day forecast are used. Models: auto, combination, ets,
    sarimax, unobserved_components, negative_binomial, mean_4_weeks, seasonal_naive.
    """
    from wfm import console
    from wfm.forecasting.forecast import forecast as foresee
    from wfm.io.demand import forecast_csv
    from wfm.io.files import apart, write_files
    from wfm.reporting.accuracy import parts_table
    from wfm.reporting.tables import forecast_table

    if as_json and output == Path("-"):
        raise SettingsError(
            "--json and -o - would both write to standard output",
            hint="leave out one, or name a file: --json -o forecast.csv",
        )
    given = Given(history, daily, country, region, timezone, events, workspace, orders)
    source = given.source()
    horizon = source.horizon(first, weeks, today(as_of) if as_of or not history else None)
    with console.progress("forecast") as told, stopping() as stop:
        found = foresee(
            source.history,
            source.queues,
            horizon,
            holidays=source.holidays(horizon.until),
            events=source.events,
            adjustments=source.adjustments,
            orders=source.orders,
            model=model,
            workers=workers,
            cluster=cluster,
            progress=told,
            stop=stop,
        )
    console.remarks((*source.remarks, *found.remarks))
    target = output or source.output
    apart([target], given.files())
    if not dry_run and not ((as_json or explain) and target == Path("-")):
        write_files({target: forecast_csv(found)})
    if as_json:
        written = None if dry_run or target == Path("-") else target
        console.show_json(_record(found, model, written))
    elif explain:
        console.show(parts_table(source.parts(horizon, model)))
    elif dry_run or target != Path("-"):
        console.summary(forecast_table(found))


def _record(found: Forecast, model: str, written: Path | None) -> dict[str, object]:
    """What ``--json`` prints: the horizon, each queue in all, remarks, the file written."""
    return {
        "start": found.grid.first.isoformat(),
        "days": found.grid.days,
        "interval": found.grid.interval,
        "queues": {
            name: {
                "contacts": round(float(queue.contacts.sum()), 3),
                "work_h": round(float((queue.contacts * queue.aht_s).sum()) / 3600, 3),
                "model": model,
            }
            for name, queue in found.queues.items()
        },
        "remarks": list(found.remarks),
        "file": None if written is None else str(written),
    }


@dataclass(frozen=True)
class Given:
    """
    What the command line says about the history and where it comes from.
    """

    history: Path | None
    daily: bool
    country: str | None
    region: str | None
    timezone: str | None
    events: Path | None
    workspace: Path | None
    orders: Path | None = None

    def files(self) -> list[Path | None]:
        """The files that may be read: those named, and the workspace's inputs."""
        from wfm.workspace import INPUTS, Workspace

        place = Workspace.near(self.workspace)
        own = [place.path(name) for name in (*INPUTS, "orders.csv")] if place else []
        return [self.history, self.events, self.orders, *own]

    def source(self) -> Source:
        """The workspace's files and settings; for a bare file outside of any, the options."""
        from wfm.domain.timegrid import DAILY
        from wfm.io.demand import coarsen, read_events, read_history, read_orders
        from wfm.workspace import Workspace

        place = (
            Workspace.near(self.workspace)
            if self.history and not self.workspace
            else Workspace.find(self.workspace)
        )
        if place is None or self.timezone or self.country:
            assert self.history is not None
            past = read_history(
                self.history, self.timezone or "UTC", interval=DAILY if self.daily else None
            )
            events = read_events(self.events) if self.events else ()
            return Source(
                past,
                {},
                events,
                (),
                read_orders(self.orders) if self.orders else {},
                self.country,
                self.region,
            )
        settings = place.settings
        past = place.history(self.history)
        orders = self.orders or place.path("orders.csv")
        name = "forecast.csv"
        if self.daily:
            past, name = coarsen(past, DAILY), "forecast-daily.csv"
        return Source(
            past,
            settings.queues,
            read_events(self.events) if self.events else place.events(),
            place.adjustments(),
            read_orders(orders) if orders.is_file() else {},
            settings.country,
            settings.region,
            Path("-") if self.history else place.path(name),
            settings.week_starts,
            settings.plan.notice_days,
            settings.plan.weeks,
        )


@dataclass(frozen=True)
class Source:
    """
    What is forecast from, wherever it is known.
    """

    history: History
    queues: Mapping[str, Queue]
    events: Sequence[Event]
    adjustments: Sequence[Adjustment]
    orders: Mapping[str | None, Mapping[date, float]]
    country: str | None
    region: str | None
    output: Path = Path("-")
    week_starts: str | None = None
    notice_days: int = 0
    weeks: int = 1

    def horizon(self, first: date | None, weeks: int | None, as_of: date | None) -> Grid:
        """
        The days to forecast: from ``first``; else the week to plan, or all after the history.
        """
        from wfm.domain.timegrid import Grid, first_whole_week

        grid = self.history.grid
        if first is None and self.week_starts and as_of:
            first = first_whole_week(as_of, self.week_starts, self.notice_days)
        return Grid(first or grid.until, 7 * (weeks or self.weeks), grid.interval, grid.zone_name)

    def parts(self, horizon: Grid, model: str) -> list[DayParts]:
        """What the days of every queue are made of."""
        from wfm.domain.demand import Queue
        from wfm.forecasting.adjusting import stated_effects
        from wfm.forecasting.explaining import explain
        from wfm.forecasting.forecast import queue_names
        from wfm.forecasting.opening import shared_rates
        from wfm.forecasting.queuework import QueueWork, Task

        past = self.history.before(horizon.first)
        changes = (*stated_effects(self.events, horizon), *self.adjustments)
        return [
            part
            for name in queue_names(past, self.queues)
            for part in explain(
                QueueWork.prepare(
                    Task.of(
                        past,
                        self.queues.get(name) or Queue(name),
                        horizon,
                        shared_rates(past),
                        holidays=self.holidays(horizon.until),
                        events=tuple(self.events),
                        orders=self.orders,
                        model=model,
                    )
                ),
                changes,
            )
        ]

    def holidays(self, until: date) -> dict[date, str]:
        """Public holidays from the history's first day to a little after the horizon."""
        from wfm.domain.holidays import public_holidays

        last = until + timedelta(days=7)
        return public_holidays(self.country, self.region, self.history.grid.first, last)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is not known."""
        if self.country:
            return ()
        return ("no country is given, so no public holiday is known",)
