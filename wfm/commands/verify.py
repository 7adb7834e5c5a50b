"""
``wfm verify``: a roster judged from itself alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wfm.commands.common import (
    DryRunOption,
    JsonOption,
    OutputOption,
    SeedOption,
    WorkersOption,
    WorkspaceOption,
)
from wfm.commands.judging import ForecastOption, ReplicationsOption, RosterArgument


def verify(
    roster: RosterArgument = None,
    forecast: ForecastOption = None,
    requirement: Annotated[
        Path | None,
        typer.Option(
            "--requirement",
            metavar="FILE",
            help="Else requirement.csv beside it, with curves.csv.",
            show_default=False,
        ),
    ] = None,
    output: OutputOption = None,
    replications: ReplicationsOption = None,
    workers: WorkersOption = 1,
    workspace: WorkspaceOption = None,
    seed: SeedOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> int:
    """
    Check a roster's rules, cover and cost from the roster alone, then its promise call by call.

      wfm verify                              the roster of the workspace
      wfm verify edited.csv -w centre         a plan that somebody changed by hand
      wfm verify plans/1999-02-28 --json

    Nothing of the scheduler is used. Writes verdict.json and violations.csv beside the
    roster, or verdict.json where -o says. Exit 7 when a hard rule is broken, 1 when a
    promise is missed.
    """
    from wfm import console
    from wfm.commands.common import book_of, stopping
    from wfm.commands.judging import case
    from wfm.commands.results import Folder
    from wfm.errors import exit_code
    from wfm.io.files import write_files
    from wfm.io.results import json_text, verdict_record
    from wfm.io.rosters import violations_csv
    from wfm.reporting.days import days_table
    from wfm.reporting.tables import promise_table, violations_table
    from wfm.rules.sessions import session_rules
    from wfm.verifying import verify as judge

    folder = Folder.of(roster, "roster.csv", workspace)
    given = case(folder, forecast)
    place = folder.place
    assert place is not None  # a case has one
    needed = requirement or (
        folder.path("requirement.csv") if folder.holds("requirement.csv") else None
    )
    book = book_of(place, given.forecast.grid.first)
    courses = place.courses(given.forecast.grid)
    book = book.with_entries(session_rules(courses, place.agents))
    required = place.requirement(needed, horizon=given.forecast.grid)
    if place.settings.plan.cover == "heads":
        required = required.by_heads()
    with console.progress("verify") as told, stopping() as stop:
        verdict = judge(
            given.roster,
            required,
            given.queues,
            book,
            forecast=given.forecast,
            shrinkage=given.shrinkage,
            calibration=given.calibration,
            courses=courses,
            replications=replications or given.replications,
            seed=given.seed if seed is None else seed,
            workers=workers,
            progress=told,
            stop=stop,
        )
    target = output or folder.file.with_name("verdict.json")
    record = verdict_record(verdict)
    if not dry_run:
        files: dict[Path, str | bytes] = {target: json_text(record)}
        if target != Path("-"):
            files[target.with_name("violations.csv")] = violations_csv(verdict.violations)
        write_files(files)
    console.remarks(verdict.remarks)
    if as_json:
        console.show_json(record)
    elif target != Path("-"):
        console.show(promise_table(verdict, required))
        if verdict.simulation is not None:
            console.show(days_table(verdict, required))
        if verdict.violations:
            console.show(violations_table(verdict))
    return exit_code(verdict.reasons)
