"""
``wfm backtest``: how every candidate would have done on your own history.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wfm.commands.common import (
    MAX_WEEKS,
    DryRunOption,
    JsonOption,
    OutputOption,
    WorkersOption,
    WorkspaceOption,
    stopping,
)
from wfm.commands.forecast import (
    ClusterOption,
    CountryOption,
    DailyOption,
    Given,
    HistoryArgument,
    RegionOption,
    TimezoneOption,
)
from wfm.commands.show import look


def backtest(
    history: HistoryArgument = None,
    output: OutputOption = None,
    daily: DailyOption = False,
    horizon: Annotated[
        int, typer.Option(min=1, max=7 * MAX_WEEKS, metavar="DAYS", help="Days forecast.")
    ] = 28,
    origins: Annotated[
        int, typer.Option(min=1, max=1000, metavar="N", help="Past days tried from.")
    ] = 12,
    models: Annotated[
        str,
        typer.Option(metavar="NAMES", help="Candidates with commas between; all: every one."),
    ] = "",
    country: CountryOption = None,
    region: RegionOption = None,
    timezone: TimezoneOption = None,
    workers: WorkersOption = 1,
    cluster: ClusterOption = None,
    workspace: WorkspaceOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """
    Forecast the past again, with what was known then, by every candidate model.

      wfm backtest                                          in a workspace
      wfm backtest history.csv --daily --horizon 28 --origins 12 -o backtest.csv
      wfm backtest history.csv --daily --models all --country FR

    One row for each queue, model, origin and group of days ahead; horizon is the group's
    last day. Table and picture say which model each queue should take, and why.
    """
    from wfm import console
    from wfm.forecasting.backtesting import backtest as rehearse
    from wfm.forecasting.registry import all_models
    from wfm.io.demand import backtest_csv
    from wfm.io.files import write_files
    from wfm.reporting.accuracy import backtest_text
    from wfm.reporting.tables import backtest_table

    source = Given(history, daily, country, region, timezone, None, workspace).source()
    names = list(all_models()) if models == "all" else [m for m in models.split(",") if m]
    with console.progress("backtest") as told, stopping() as stop:
        found = rehearse(
            source.history,
            source.queues,
            holidays=source.holidays(source.history.grid.until),
            events=source.events,
            horizon_days=horizon,
            origins=origins,
            models=names or None,
            workers=workers,
            cluster=cluster,
            progress=told,
            stop=stop,
        )
    console.remarks((*source.remarks, *found.remarks))
    for queue, reason in found.reasons.items():
        console.remark(f"{queue}: {found.choice[queue]} is chosen: {reason}")
    if output is not None and not dry_run:
        write_files({output: backtest_csv(found.rows)})
    if as_json:
        console.show_json({"choice": found.choice, "reasons": found.reasons})
    elif output != Path("-"):
        console.summary(backtest_table(found))
        width, plain = look(None)
        console.say(backtest_text(found, width=width, ascii_only=plain))
