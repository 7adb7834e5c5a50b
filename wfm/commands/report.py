"""
``wfm report``: a plan as one HTML page.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wfm import __version__, console
from wfm.commands.common import AsOfOption, OutputOption, WorkspaceOption

if TYPE_CHECKING:
    from datetime import date

    from wfm.commands.results import Folder
    from wfm.domain.accuracy import Backtest
    from wfm.domain.demand import History
    from wfm.domain.outcome import Verdict
    from wfm.domain.promise import Requirement
    from wfm.reporting.results import Results
    from wfm.workspace import Workspace


def report(
    plan: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="A plan's folder; else the latest of the workspace."),
    ] = None,
    output: OutputOption = None,
    agents: Annotated[
        Path | None,
        typer.Option(
            "--agents",
            metavar="DIR",
            help="Also write a page for each person there.",
            show_default=False,
        ),
    ] = None,
    workspace: WorkspaceOption = None,
    as_of: AsOfOption = None,
) -> None:
    """
    Write a plan as one HTML page with pictures.

      wfm report plans/1999-02-28 -o week.html
      wfm report --agents pages    also a page for each person, which says nothing of others

    The page shows what the files of a plan's folder say and how to check each figure; it
    loads nothing from anywhere. Without -o it is report.html in that folder.
    """
    from wfm.commands.results import Folder
    from wfm.io.files import write_files
    from wfm.reporting.pages import page
    from wfm.reporting.pages.agents import agent_pages

    folder = Folder.of(plan, "plan.json", workspace)
    target = output or folder.folder / "report.html"
    results = _results(folder, as_of)
    own = {agents / name: text for name, text in agent_pages(results)} if agents else {}
    write_files({target: page(results)} | own, folders=[agents] if agents else [])
    if target != Path("-"):
        console.remark(f"wrote {target}")
    if agents:
        console.remark(f"wrote {len(own)} pages in {agents}")


def _results(folder: Folder, as_of: date | None) -> Results:
    """All that a plan's folder says."""
    from datetime import date

    from wfm.commands.common import book_of
    from wfm.errors import Exit, SettingsError
    from wfm.io.plans import read_costs, read_plan
    from wfm.io.results import read_json
    from wfm.paying.costs import cost
    from wfm.reporting.results import Results

    if folder.place is None:
        raise SettingsError(
            "a report needs the workspace of its plan: agents, contracts, opening hours",
            place=str(folder.folder),
            hint="name it with -w DIR",
        )
    record = read_json(folder.path("plan.json"))
    manifest = read_json(folder.path("manifest.json")) if folder.holds("manifest.json") else {}
    said = manifest.get("as_of")
    day = as_of or (date.fromisoformat(said) if said else None)
    required = folder.requirement()
    grid, cover = required.grid, folder.cover(required)
    roster, costs = folder.roster(), folder.path("costs.csv")
    return Results(
        plan=read_plan(record, "plan.json", roster, cover),
        forecast=_with_remarks(folder.forecast(), manifest.get("forecast")),
        requirement=_with_remarks(required, manifest.get("staff")),
        as_of=day,
        costs=read_costs(costs, grid) if costs.is_file() else cost(roster),
        verdict=_verdict(folder, required),
        history=_history(folder.place, min(day or grid.first, grid.first)),
        backtest=_backtest(folder),
        book=book_of(folder.place, day or grid.first),
        title=folder.place.folder.resolve().name,
        version=__version__,
        reasons=[Exit(one["code"]) for one in manifest.get("reasons", ())],
        inputs=record.get("inputs", {}),
    )


def _with_remarks(found: Any, stage: dict[str, Any] | None) -> Any:
    """A forecast or requirement with what was said when it was made, as the manifest has it."""
    said = (stage or {}).get("remarks")
    return found if said is None else replace(found, remarks=tuple(said))


def _verdict(folder: Folder, required: Requirement) -> Verdict | None:
    from wfm.io.plans import read_simulation_table, read_verdict
    from wfm.io.results import read_json
    from wfm.io.rosters import read_violations

    if not folder.holds("verdict.json"):
        return None
    violations, simulation = folder.path("violations.csv"), folder.path("simulation.csv")
    return read_verdict(
        read_json(folder.path("verdict.json")),
        "verdict.json",
        read_violations(violations) if violations.is_file() else (),
        folder.cover(required),
        read_simulation_table(simulation) if simulation.is_file() else None,
        required.grid,
    )


def _history(place: Workspace, until: date) -> History | None:
    """What was known when the plan was made."""
    if not place.path("history.csv").is_file():
        return None
    return place.history().before(until)


def _backtest(folder: Folder) -> Backtest | None:
    """The backtest, with the choice that follows from its rows."""
    from wfm.domain.accuracy import Backtest
    from wfm.forecasting.backtesting import choose
    from wfm.io.plans import read_backtest

    if not folder.holds("backtest.csv"):
        return None
    rows = read_backtest(folder.path("backtest.csv"))
    chosen = {
        queue: choose([row for row in rows if row.queue == queue])
        for queue in dict.fromkeys(row.queue for row in rows)
    }
    return Backtest(
        rows,
        {queue: model for queue, (model, _) in chosen.items()},
        {queue: reason for queue, (_, reason) in chosen.items()},
    )
