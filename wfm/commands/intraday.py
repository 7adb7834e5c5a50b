"""
``wfm intraday``: the rest of today, from what today has brought.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from wfm.commands.common import DryRunOption, JsonOption, OutputOption, WorkspaceOption
from wfm.commands.forecast import (
    CountryOption,
    Given,
    HistoryArgument,
    RegionOption,
    TimezoneOption,
)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"'{text}' is no moment, expected YYYY-MM-DDTHH:MM") from error


def intraday(
    history: HistoryArgument = None,
    output: OutputOption = None,
    now: Annotated[
        datetime | None,
        typer.Option(
            metavar="MOMENT",
            parser=_moment,
            help="YYYY-MM-DDTHH:MM; else the end of the history's last contacts.",
            show_default=False,
        ),
    ] = None,
    planned: Annotated[
        Path | None,
        typer.Option(
            "--forecast",
            metavar="FILE",
            help="Today as it was forecast; else it is forecast from earlier days.",
            show_default=False,
        ),
    ] = None,
    country: CountryOption = None,
    region: RegionOption = None,
    timezone: TimezoneOption = None,
    workspace: WorkspaceOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """
    Correct the rest of today by what came until now.

      wfm intraday --now 1999-02-25T12:00                in a workspace: intraday.csv
      wfm intraday history.csv --now 2026-03-02T11:30 -o rest.csv

    The history holds today's contacts until now; later rows are not looked at. Writes the
    intervals to come, with the columns of a forecast.
    """
    from wfm import console
    from wfm.forecasting.today import last_moment, rest_of_day
    from wfm.io.demand import forecast_csv, read_forecast
    from wfm.io.files import write_files
    from wfm.reporting.tables import forecast_table

    source = Given(history, False, country, region, timezone, None, workspace).source()
    moment = now or last_moment(source.history)
    grid = source.history.grid
    before = read_forecast(planned, grid.zone_name, interval=grid.interval) if planned else None
    found = rest_of_day(
        source.history,
        source.queues,
        moment,
        planned=before,
        holidays=source.holidays(moment.date()),
        events=source.events,
    )
    console.remarks((*source.remarks, *found.remarks))
    target = output or (
        source.output if source.output == Path("-") else source.output.with_name("intraday.csv")
    )
    if not dry_run and not (as_json and target == Path("-")):
        write_files({target: forecast_csv(found)})
    if as_json:
        rest = {
            name: round(float(queue.contacts[found.open[name]].sum()), 3)
            for name, queue in found.queues.items()
        }
        console.show_json({"now": moment.isoformat(timespec="minutes"), "to_come": rest})
    elif dry_run or target != Path("-"):
        console.summary(forecast_table(found))
