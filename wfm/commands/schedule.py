"""
``wfm schedule``: who works when, at what cost, and how far from the best.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wfm import console
from wfm.commands import drafting, keeping
from wfm.commands.common import (
    AsOfOption,
    BaseOption,
    DryRunOption,
    EffortOption,
    FixedOption,
    JsonOption,
    MaxChangesOption,
    MaxGapOption,
    OutputOption,
    PastOption,
    SeedOption,
    StrictOption,
    TimeLimitOption,
    WorkspaceOption,
    stopping,
    today,
)
from wfm.errors import Exit, SettingsError, exit_code


def schedule(
    requirement: Annotated[
        Path | None,
        typer.Argument(
            metavar="REQUIREMENT",
            help="CSV of `wfm staff`; else the workspace's.",
            show_default=False,
        ),
    ] = None,
    output: OutputOption = None,
    keep: Annotated[
        Path | None,
        typer.Option(
            metavar="EDITED",
            help="A roster, shifts or a grid changed by hand, CSV or XLSX: what was changed stays.",
            show_default=False,
        ),
    ] = None,
    base: BaseOption = None,
    max_changes: MaxChangesOption = None,
    effort: EffortOption = None,
    time_limit: TimeLimitOption = None,
    max_gap: MaxGapOption = None,
    past: PastOption = None,
    fixed: FixedOption = None,
    strict: StrictOption = False,
    workspace: WorkspaceOption = None,
    as_of: AsOfOption = None,
    seed: SeedOption = None,
    dry_run: DryRunOption = False,
    as_json: JsonOption = False,
) -> Exit:
    """
    Make the roster: shifts with their breaks, its cost, and a proof of how good it is.

      wfm schedule                             in a workspace, after wfm staff
      wfm schedule requirement.csv -o draft/roster.csv   the other files beside it
      wfm schedule --effort 3 --max-gap 0.01   more work; exit 5 if the gap stays above 1 %
      wfm schedule --keep edited.xlsx -o new/roster.csv   what you changed in it stays

    With --keep, what differs from --base stays, a broken rule too (exit 7); shifts without
    breaks (shifts.csv, a grid of people by days) get theirs where few are missed. Little else
    changes, at [plan] change_price a person-day, and what that costs is shown. Writes
    roster.csv, shifts.csv, coverage.csv and plan.json. When nobody could keep the rules,
    says which of them conflict, for whom (exit 4). Ctrl-C keeps the best roster.
    """
    from wfm.reporting import tables
    from wfm.scheduling.schedule import schedule as solve
    from wfm.workspace import Workspace

    if keep is None and (base is not None or max_changes is not None):
        raise SettingsError("--base and --max-changes say nothing without --keep")
    place = Workspace.find(workspace)
    options = place.settings.plan
    question = drafting.Question(
        place, today(as_of), requirement, tuple(past or ()), fixed, keeps=not dry_run
    )
    start = None
    with place.lock(), stopping() as asked:
        run = drafting.Run(
            options.seed if seed is None else seed,
            options.effort if effort is None else effort,
            options.max_gap if max_gap is None else max_gap,
            strict,
            drafting.Ending(asked, drafting.deadline(time_limit)),
        )
        if keep is not None:
            start = keeping.by_hand(question, keep, base, None)
            problem, made = start.problem, keeping.revise(question, start, run, max_changes)
        else:
            problem = question.problem()
            with console.progress("schedule") as told:
                plan = solve(
                    problem, seed=run.seed, effort=run.effort, progress=told, stop=run.stop
                )
            made = drafting.made(question, problem, plan, run)
        if not dry_run:
            drafting.write(place, made.plan, output, problem, made.record)
    if start is not None:
        keeping.show(start, made, output, as_json=as_json)
        return exit_code(made.reasons)
    console.remarks(made.plan.remarks)
    if as_json and output != Path("-"):
        console.show_json(made.record | {"exit": int(exit_code(made.reasons))})
    elif output != Path("-"):
        console.summary(tables.certificate_table(made.plan))
    return exit_code(made.reasons)
