"""
``wfm schedule``: who works when, at what cost, and how far from the best.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wfm import __version__, console
from wfm.commands.common import (
    AsOfOption,
    DryRunOption,
    FixedOption,
    JsonOption,
    MaxGapOption,
    OutputOption,
    PastOption,
    SeedOption,
    StrictOption,
    WorkspaceOption,
    book_of,
    stopping,
    today,
)
from wfm.errors import Exit, NoRosterError, SettingsError, exit_code
from wfm.errors import Problem as Fault

if TYPE_CHECKING:
    from wfm.domain.outcome import Plan
    from wfm.scheduling.problem import Problem
    from wfm.workspace import Workspace


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
    effort: Annotated[
        float | None,
        typer.Option(
            metavar="TIMES",
            help="Work, not time; 1 is usual. Else [plan] effort.",
            show_default=False,
        ),
    ] = None,
    time_limit: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS",
            help="Stop after this time; two runs may then differ.",
            show_default=False,
        ),
    ] = None,
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

    Writes roster.csv, shifts.csv, coverage.csv and plan.json. When nobody could keep the
    rules, says which of them conflict, for whom (exit 4). Ctrl-C keeps the best roster.
    """
    from wfm.reporting import tables
    from wfm.scheduling.schedule import schedule as solve
    from wfm.workspace import Workspace

    place = Workspace.find(workspace)
    options = place.settings.plan
    with place.lock(), stopping() as asked:
        problem = _problem(place, requirement, today(as_of), past or (), fixed)
        late = _deadline(time_limit)
        with console.progress("schedule") as told:
            plan = solve(
                problem,
                seed=options.seed if seed is None else seed,
                effort=options.effort if effort is None else effort,
                progress=told,
                stop=lambda: asked() or late(),
            )
        told_of = (*plan.remarks, *_missing(problem, plan), *plan.unplaced)
        plan = replace(plan, remarks=told_of)
        if strict and (plan.cost.shortfall or plan.unplaced):
            raise NoRosterError(problems=[Fault("", sentence) for sentence in plan.remarks])
        reasons = _reasons(plan, max_gap if max_gap is not None else options.max_gap, asked)
        record = _record(place, problem, plan, [*(past or ()), *([fixed] if fixed else [])])
        if not dry_run:
            _write(place, plan, output, problem, record)
    console.remarks(plan.remarks)
    if as_json and output != Path("-"):
        console.show_json(record | {"exit": int(exit_code(reasons))})
    elif output != Path("-"):
        console.summary(tables.certificate_table(plan))
    return exit_code(reasons)


def _problem(
    place: Workspace,
    requirement: Path | None,
    as_of: date,
    past_rosters: Sequence[Path],
    fixed: Path | None,
) -> Problem:
    from wfm.rules.sessions import session_rules
    from wfm.scheduling.problem import Problem

    book = book_of(place, as_of)  # first: a wrong preset need not wait for the files
    needed = place.requirement(requirement, whole=True)
    if place.settings.plan.cover == "heads":
        needed = needed.by_heads()
    past = place.past(needed.grid, past_rosters)
    courses = place.courses(needed.grid)
    return Problem(
        needed,
        place.settings.queues,
        place.people(needed.grid, fixed),
        book.with_entries(session_rules(courses, place.agents)),
        past,
        place.calendars(needed.grid, past),
        courses=courses,
    )


def _deadline(seconds: float | None) -> Callable[[], bool]:
    if seconds is None:
        return lambda: False
    if seconds <= 0:
        raise SettingsError(f"--time-limit is {seconds:g} seconds, expected more than 0")
    end = time.monotonic() + seconds
    console.remark("a time limit is set: two runs may give different rosters")
    return lambda: time.monotonic() > end


def _reasons(plan: Plan, max_gap: float | None, asked: Callable[[], bool]) -> tuple[Exit, ...]:
    """Every reason why this is no clean roster."""
    found = []
    if plan.cost.shortfall or plan.unplaced:
        found.append(Exit.TARGET_MISSED)
    if max_gap is not None and plan.gap > max_gap:
        found.append(Exit.GAP_TOO_WIDE)
    if asked():
        found.append(Exit.INTERRUPTED)
    return tuple(found)


def _missing(problem: Problem, plan: Plan) -> tuple[str, ...]:
    """What the plan is short of, by queue and interval."""
    return tuple(
        sentence
        for name, aim in problem.aims.items()
        for sentence in aim.told(plan.cover[name], problem.grid)
    )


def _record(
    place: Workspace, problem: Problem, plan: Plan, given: Sequence[Path]
) -> dict[str, object]:
    from wfm.io.results import plan_record

    targets = {name: queue.promises for name, queue in problem.queues.items()}
    inputs = place.inputs(given)
    return plan_record(plan, inputs=inputs, targets=targets, version=__version__)


def _write(
    place: Workspace,
    plan: Plan,
    output: Path | None,
    problem: Problem,
    record: dict[str, object],
) -> None:
    from wfm.io import promises, results, rosters

    target = output or place.path("roster.csv")
    texts = {
        target: rosters.roster_csv(plan.roster),
        target.with_name("shifts.csv"): rosters.shifts_csv(plan.roster),
        target.with_name("coverage.csv"): promises.coverage_csv(problem.requirement, plan.cover),
        target.with_name("plan.json"): results.json_text(record),
    }
    if target == Path("-"):
        place.write({target: texts[target]})
        return
    place.write(dict(texts))
    console.remark(f"wrote {', '.join(path.name for path in texts)} in {target.parent}")
