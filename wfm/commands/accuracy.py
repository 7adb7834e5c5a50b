"""
``wfm accuracy``: yesterday's forecasts against facts.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wfm.commands.common import JsonOption, WorkspaceOption
from wfm.errors import StaleError


def accuracy(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FORECAST...", help="Earlier forecasts; else plans/*/."),
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """
    Hold earlier forecasts against what came, queue by queue.

      wfm accuracy                          in a workspace: plans/*/forecast.csv
      wfm accuracy old/forecast.csv         that one alone

    Bias is forecast less actual. A tracking signal beyond 4 either way says that the
    forecast leans. Where people changed it, the last column says what it would have been.
    """
    from dataclasses import asdict

    from wfm import console
    from wfm.forecasting.accuracy import accuracy as judge
    from wfm.io.demand import read_forecast
    from wfm.reporting.accuracy import accuracy_table
    from wfm.workspace import Workspace

    place = Workspace.find(workspace)
    paths = list(files or sorted(place.folder.glob("plans/*/forecast.csv")))
    if not paths:
        raise StaleError("there is no earlier forecast", hint="`wfm plan` makes and keeps them")
    settings = place.settings
    made = [read_forecast(path, settings.timezone, interval=settings.interval) for path in paths]
    rows = judge(made, place.history(), place.adjustments())
    if not rows:
        console.remark("none of the forecast days is in the history yet")
    if as_json:
        console.show_json([asdict(row) for row in rows])
    elif rows:
        console.show(accuracy_table(rows))
