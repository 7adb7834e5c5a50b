"""
``wfm replan``: a plan around people who fall away, with least disturbance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from wfm.errors import DataError, Exit, SettingsError, exit_code, nearest

if TYPE_CHECKING:
    from wfm.domain.changes import Change, Days
    from wfm.domain.workforce import Absence
    from wfm.scheduling.problem import Problem


def replan(
    absent: Annotated[
        list[str],
        typer.Option(
            metavar="AGENT,FROM,TO",
            help="Who is away, days (the last included) or moments.",
            show_default=False,
        ),
    ],
    base: BaseOption = None,
    requirement: Annotated[
        Path | None,
        typer.Option(
            "--requirement",
            metavar="FILE",
            help="Else that beside the roster, or the workspace's.",
            show_default=False,
        ),
    ] = None,
    output: OutputOption = None,
    change_price: Annotated[
        float | None,
        typer.Option(
            metavar="AMOUNT",
            min=0,
            help="Price of a changed person-day. Else [plan] change_price.",
            show_default=False,
        ),
    ] = None,
    max_changes: MaxChangesOption = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="DATE",
            help="First day that may change; else the first day somebody is away.",
            show_default=False,
        ),
    ] = None,
    note: Annotated[
        bool, typer.Option("--note", help="Add the absences to absences.csv as well.")
    ] = False,
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
    Plan anew around people who fall away, changing as few days of others as pays.

      wfm replan --absent ann,2026-01-07,2026-01-09
      wfm replan --absent ann,2026-01-07T13:00,2026-01-07T18:00 --max-changes 4
      wfm replan --absent ann,2026-01-07,2026-01-09 --base plans/2026-01-05 -o new/roster.csv
      wfm replan --absent ann,2026-01-07,2026-01-09 --note   also adds it to absences.csv

    Starts from the last draft roster. Days before the first absence stay as they are; an
    absence credits what was planned in it. A change is made where it saves more than its
    price. Writes roster.csv, shifts.csv, coverage.csv and plan.json, and says who works
    otherwise and why. Who cannot be planned within the rules keeps their days (exit 7).
    """
    from wfm.io.people import with_absences
    from wfm.workspace import Workspace

    place = Workspace.find(workspace)
    options = place.settings.plan
    question = drafting.Question(
        place, today(as_of), requirement, tuple(past or ()), fixed, keeps=not dry_run
    )
    with place.lock(), stopping() as asked:
        run = drafting.Run(
            options.seed if seed is None else seed,
            options.effort if effort is None else effort,
            options.max_gap if max_gap is None else max_gap,
            strict,
            drafting.Ending(asked, drafting.deadline(time_limit)),
        )
        start, rows = started(question, absent, base, change_price, since)
        known = place.path("absences.csv")
        noted = {known: with_absences(known, rows)} if note else {}
        made = keeping.revise(question, start, run, max_changes)
        if not dry_run:
            drafting.write(place, made.plan, output, start.problem, made.record, noted)
    if not note:
        console.remark(_sentence(rows))
    keeping.show(start, made, output, as_json=as_json)
    return exit_code(made.reasons)


def started(
    question: drafting.Question,
    absent: Sequence[str],
    base: Path | None,
    price: float | None,
    since: str | None,
) -> tuple[keeping.Start, list[tuple[str, ...]]]:
    """
    The start of a plan around people who are away, and their rows for absences.csv.
    """
    from wfm.revising.comparing import by_day
    from wfm.revising.replanning import explained, without
    from wfm.scheduling.decided import Standing

    question, path = keeping.base_of(question, base)
    problem = question.problem()
    stood = question.place.typed_roster(path, problem.people, problem.grid)
    absences = _absences(problem, absent)
    duties = by_day(stood)
    left = without(problem.people, duties, absences)
    first = _first_day(problem, absences, since)
    frozen = frozenset(range(first))
    kept = {
        agent: frozen | {day for day in left.touched.get(agent, ()) if day in left.duties[agent]}
        for agent in left.duties
    }
    free = {
        agent: _days(problem, agent, ones) - {*left.duties.get(agent, {})}
        for agent, ones in absences.items()
    }
    standing = Standing(left.duties, keeping.price_of(question, price), kept=kept, free=free)
    cost = drafting.judged(problem, keeping.with_past(problem, stood)).cost

    def explain(changes: Sequence[Change]) -> Iterable[Change]:
        return explained(changes, left.gone, left.touched)

    amended = replace(problem, people=left.people, standing=standing)
    start = keeping.Start(amended, (path,), duties, cost, explain)
    return start, _rows(problem, left.gone, absences)


@dataclass(frozen=True)
class _Told:
    """One ``--absent``, read: its ends as wall-clock moments, ``end`` exclusive."""

    agent: str
    start: datetime
    end: datetime


def _told(text: str, agents: Sequence[str]) -> _Told:
    parts = [part.strip() for part in text.split(",")]
    hint = "write --absent ann,2026-01-07,2026-01-09"
    if len(parts) != 3:
        raise SettingsError(f"--absent is '{text}', expected AGENT,FROM,TO", hint=hint)
    agent, *ends = parts
    if agent not in agents:
        raise SettingsError(f"--absent: '{agent}' is not on the team", hint=nearest(agent, agents))
    try:
        first, last = (datetime.fromisoformat(end) for end in ends)
    except ValueError as error:
        raise SettingsError(
            f"--absent is '{text}', expected days or moments after the agent", hint=hint
        ) from error
    if len(ends[1]) <= len("2026-01-09"):
        last += timedelta(days=1)
    if last <= first:
        raise SettingsError(f"--absent is '{text}': it ends before it begins", hint=hint)
    return _Told(agent, first, last)


def _absences(problem: Problem, texts: Sequence[str]) -> dict[str, tuple[Absence, ...]]:
    """Absences by agent, in minutes of the horizon."""
    from wfm.domain.timegrid import zone
    from wfm.domain.workforce import Absence, AbsenceKind

    people = {person.agent.agent: person for person in problem.people}
    found: dict[str, tuple[Absence, ...]] = {}
    for one in (_told(text, sorted(people)) for text in texts):
        person = people[one.agent]
        own = zone(person.agent.zone_name)
        start, end = (problem.grid.minute(m.replace(tzinfo=own)) for m in (one.start, one.end))
        if end <= 0 or start >= problem.grid.midnights[-1]:
            raise SettingsError(
                f"--absent: {one.agent} is away outside the roster, which plans "
                f"{problem.grid.first} to {problem.grid.date(problem.grid.days - 1)}"
            )
        known = (*person.absences, *found.get(one.agent, ()))
        if any(start < other.end and other.start < end for other in known):
            raise DataError(
                f"{one.agent} is absent already in that time",
                place="--absent",
                hint="say it once: there or in absences.csv",
            )
        found[one.agent] = (*found.get(one.agent, ()), Absence(start, end, AbsenceKind.SICK))
    return found


def _days(problem: Problem, agent: str, absences: Sequence[Absence]) -> frozenset[int]:
    """Days of the horizon that absences take wholly: what is not worked there is no change."""
    person = next(one for one in problem.people if one.agent.agent == agent)
    calendar = problem.calendar(person)
    return frozenset(
        day
        for day in range(problem.grid.days)
        for one in absences
        if one.start <= calendar.midnight(day) and calendar.midnight(day + 1) <= one.end
    )


def _first_day(
    problem: Problem, absences: Mapping[str, Sequence[Absence]], since: str | None
) -> int:
    """The first day that may change."""
    if since is None:
        first = min(one.start for ones in absences.values() for one in ones)
        return max(0, problem.grid.day_of(first))
    try:
        day = (date.fromisoformat(since) - problem.grid.first).days
    except ValueError as error:
        raise SettingsError(f"--from is '{since}', expected YYYY-MM-DD") from error
    if not 0 <= day < problem.grid.days:
        raise SettingsError(f"--from {since} is no day of the roster, from {problem.grid.first}")
    return day


def _rows(
    problem: Problem, gone: Days, absences: Mapping[str, Sequence[Absence]]
) -> list[tuple[str, ...]]:
    """What to add to absences.csv, with the hours that were planned."""
    rows: list[tuple[str, ...]] = []
    for agent, ones in sorted(absences.items()):
        person = next(one for one in problem.people if one.agent.agent == agent)
        calendar = problem.calendar(person)
        for one in ones:
            for day in range(problem.grid.days):
                first = max(one.start, calendar.midnight(day))
                last = min(one.end, calendar.midnight(day + 1))
                if first >= last:
                    continue
                lost = gone.get(agent, {}).get(day)
                whole = last - first == calendar.midnight(day + 1) - calendar.midnight(day)
                told = calendar.date(day).isoformat()
                start, end = (
                    (told, told)
                    if whole
                    else (f"{problem.grid.local(m):%Y-%m-%dT%H:%M}" for m in (first, last))
                )
                hours = f"{lost.paid / 60:g}" if lost else "0"
                rows.append((agent, start, end, "sick", hours))
    return rows


def _sentence(rows: Sequence[Sequence[str]]) -> str:
    told = " ".join(",".join(row) for row in rows)
    return (
        "for absences.csv (agent,start,end,kind,hours), so that verify, cost and later plans "
        f"know of it, or --note to have it added: {told}"
    )
