"""
``wfm calibrate``: what formulas need to know, measured on what happened.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wfm.commands.common import DryRunOption, JsonOption, OutputOption, WorkspaceOption

if TYPE_CHECKING:
    from wfm.domain.calibration import Shrinkage
    from wfm.domain.demand import History
    from wfm.domain.outcome import Progress
    from wfm.domain.roster import Roster
    from wfm.workspace import Workspace


def calibrate(
    calls: Annotated[
        Path | None,
        typer.Argument(
            metavar="CALLS", help="Log of single calls: arrival,queue,outcome,wait_s,service_s."
        ),
    ] = None,
    history: Annotated[
        Path | None,
        typer.Option(
            "--history",
            metavar="FILE",
            help="Interval history; else the workspace's.",
            show_default=False,
        ),
    ] = None,
    weeks: Annotated[
        int,
        typer.Option(
            "--weeks",
            min=0,
            max=104,
            help="Past weeks forecast again, to measure the forecast's error.",
        ),
    ] = 3,
    output: OutputOption = None,
    workspace: WorkspaceOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> None:
    """
    Measure handle times, patience, forecast error and absence; write calibration.toml.

      wfm calibrate                         from history.csv and past plans of a workspace
      wfm calibrate calls.csv               from single calls too: far more exact
      wfm calibrate calls.csv -o calibration.toml

    What wfm.toml says about a queue comes before what is measured; any line of the file
    may be changed or deleted.
    """
    from dataclasses import asdict

    from wfm import console
    from wfm.io.calibrations import calibration_toml
    from wfm.io.calls import read_calls
    from wfm.io.demand import read_history
    from wfm.io.files import write_files
    from wfm.reporting.calibrations import calibration_table
    from wfm.staffing.calibration import calibrate as measure
    from wfm.workspace import Workspace

    bare = bool(calls or history)
    place = Workspace.near(workspace) if bare else Workspace.find(workspace)
    if place is None:
        past = read_history(history) if history else None
    elif bare and history is None and not place.path("history.csv").is_file():
        past = None
    else:
        past = place.history(history)
    with console.progress("calibrate") as told:
        spreads = _spreads(place, past, weeks, told) if place and past else {}
        found = measure(
            calls=read_calls(calls) if calls else None,
            history=past,
            spreads=spreads,
            shrinkage=_shrinkage(place, past.grid.until) if place and past else None,
        )
    console.remarks(found.remarks)
    target = output or (place.path("calibration.toml") if place else Path("-"))
    if not dry_run and not (as_json and target == Path("-")):
        write_files({target: calibration_toml(found)})
    if as_json:
        console.show_json(asdict(found))
    elif dry_run or target != Path("-"):
        console.summary(calibration_table(found))


def _spreads(
    place: Workspace, history: History, weeks: int, told: Progress
) -> dict[str, tuple[float, float]]:
    """The forecast's error by queue: past weeks forecast from what was known before them."""
    import numpy as np

    from wfm.domain.timegrid import Grid
    from wfm.forecasting.forecast import forecast
    from wfm.staffing.calibration import spread

    seen: dict[str, list[tuple[np.ndarray, np.ndarray, np.ndarray]]] = {}
    for done, first in enumerate(_past_weeks(history, weeks)):
        told(done, weeks, f"forecast from {first}")
        week = Grid(first, 7, history.grid.interval, history.grid.zone_name)
        known = history.before(first)
        holidays = place.settings.holidays(known.grid.first, week.until)
        ahead = forecast(
            known, place.settings.queues, week, holidays=holidays, events=place.events()
        )
        rows = (history.grid.day >= (first - history.grid.first).days) & (
            history.grid.day < (week.until - history.grid.first).days
        )
        for name, queue in ahead.queues.items():
            came = history.queues[name].contacts[rows]
            days = week.day + (first - history.grid.first).days
            seen.setdefault(name, []).append((came, queue.contacts, days))
    return {
        name: spread(*(np.concatenate(part) for part in zip(*weeks_seen, strict=True)))
        for name, weeks_seen in seen.items()
    }


def _past_weeks(history: History, weeks: int) -> Iterator[date]:
    """First days of the last whole weeks, each with two weeks or more before it."""
    for back in range(weeks, 0, -1):
        first = history.grid.until - timedelta(days=7 * back)
        if first >= history.grid.first + timedelta(days=14):
            yield first


def _shrinkage(place: Workspace, until: date) -> Shrinkage | None:
    """Planned as set; unplanned as plans of weeks that history has seen show it."""
    from wfm.domain.calibration import Shrinkage
    from wfm.staffing.calibration import missed_minutes, unplanned_shrinkage

    measured = unplanned_shrinkage(*missed_minutes(_past_rosters(place, until)))
    if measured is None:
        return None
    return Shrinkage(place.settings.shrinkage.planned, measured.unplanned)


def _past_rosters(place: Workspace, until: date) -> Iterator[Roster]:
    for path in sorted(place.path("plans").glob("*/roster.csv")):
        first = date.fromisoformat(path.parent.name)
        week = place.horizon(first, first=first)
        if week.until <= until:
            yield place.roster(path, week)
