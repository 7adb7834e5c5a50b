"""
What commands that make a roster share: its question, its limits, its second reading, its files.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from wfm import __version__, console
from wfm.commands.common import book_of
from wfm.errors import Exit, NoRosterError, SettingsError, WfmError, exit_code
from wfm.errors import Problem as Fault

if TYPE_CHECKING:
    from wfm.domain.changes import Change
    from wfm.domain.outcome import Plan, Verdict
    from wfm.domain.roster import Roster
    from wfm.scheduling.problem import Problem
    from wfm.workspace import Workspace


@dataclass(frozen=True)
class Question:
    """
    What a roster is made from: files that are named, else the workspace's.
    """

    place: Workspace
    day: date
    requirement: Path | None = None
    past: tuple[Path, ...] = ()
    fixed: Path | None = None
    keeps: bool = True  # compiled rules, in the workspace's cache

    @property
    def given(self) -> tuple[Path, ...]:
        """Inputs named by the user, for the record."""
        return (*self.past, *([self.fixed] if self.fixed else ()))

    def problem(self) -> Problem:
        """The scheduler's question."""
        from wfm.rules.sessions import session_rules
        from wfm.scheduling.problem import Problem

        place = self.place
        book = book_of(place, self.day)  # first: a wrong preset need not wait for the files
        needed, _ = together(
            lambda: place.requirement(self.requirement, whole=True), lambda: place.agents
        )
        if place.settings.plan.cover == "heads":
            needed = needed.by_heads()
        past = place.past(needed.grid, self.past)
        courses = place.courses(needed.grid)
        return Problem(
            needed,
            place.settings.queues,
            place.people(needed.grid, self.fixed),
            book.with_entries(session_rules(courses, place.agents)),
            past,
            place.calendars(needed.grid, past),
            courses=courses,
            cache=place.cache if self.keeps else None,
        )


def together(*reads: Callable[[], Any]) -> list[Any]:
    """
    What several readings give; the faults of all of them at once.

    Raises
    ------
    WfmError
        Of the kind that decides the exit code, with every fault.
    """
    found, errors = [], []
    for read in reads:
        try:
            found.append(read())
        except WfmError as error:
            errors.append(error)
    if errors:
        worst = exit_code(error.exit for error in errors)
        kind = next(type(error) for error in errors if error.exit == worst)
        raise kind(problems=[problem for error in errors for problem in error.problems])
    return found


@dataclass(frozen=True)
class Deadline:
    """
    A stop that comes at a time of the steady clock, seconds.
    """

    end: float

    def __call__(self) -> bool:
        """Whether it has come."""
        return time.monotonic() > self.end

    def left(self) -> float:
        """Seconds until then, at least 0."""
        return max(0.0, self.end - time.monotonic())


def deadline(seconds: float | None) -> Deadline:
    """
    A stop after so many seconds from now; None: never.
    """
    if seconds is None:
        return Deadline(inf)
    if seconds <= 0:
        raise SettingsError(f"--time-limit is {seconds:g} seconds, expected more than 0")
    console.remark("a time limit is set: two runs may give different rosters")
    return Deadline(time.monotonic() + seconds)


@dataclass(frozen=True)
class Ending:
    """
    The stop of a run: by Ctrl-C, or too late.
    """

    asked: Callable[[], bool]
    late: Deadline

    def __call__(self) -> bool:
        """Whether to end with the best so far."""
        return self.asked() or self.late()

    def left(self) -> float:
        """Seconds until it is too late."""
        return self.late.left()


@dataclass(frozen=True)
class Run:
    """
    What a run may take, and when it must end.
    """

    seed: int
    effort: float
    max_gap: float | None
    strict: bool
    stop: Ending


@dataclass(frozen=True)
class Made:
    """
    A plan that was read again from its file, and how the run ends.
    """

    plan: Plan
    reasons: tuple[Exit, ...]
    record: dict[str, Any]
    changes: tuple[Change, ...] = ()


def made(
    question: Question, problem: Problem, plan: Plan, run: Run, files: Sequence[Path] = ()
) -> Made:
    """
    Have a plan read again from its file, and say what it is short of and what it breaks.

    Parameters
    ----------
    files
        Inputs beside the question's, for the record.

    Raises
    ------
    NoRosterError
        The run is strict, and something is missing.
    """
    verdict = second_reading(question.place, problem, plan)
    short = [
        sentence
        for name, aim in problem.aims.items()
        for sentence in aim.told(plan.cover[name], problem.grid)
    ]
    told = (*plan.remarks, *short, *plan.unplaced, *kept_breaches(plan, verdict))
    plan = replace(plan, remarks=told)
    if run.strict and (plan.cost.shortfall or plan.unplaced):
        raise NoRosterError(problems=[Fault("", sentence) for sentence in plan.remarks])
    return Made(
        plan,
        reasons(plan, verdict, run),
        record(question.place, problem, plan, [*question.given, *files]),
    )


def kept_breaches(plan: Plan, verdict: Verdict) -> Iterator[str]:
    """
    What tours break that stay as they are, in sentences.
    """
    for one in verdict.violations:
        if one.agent in plan.spared and one.severity == "hard":
            amount, unit = one.stated
            yield (
                f"{one.agent}, {one.date}: {one.code} is broken by {amount:g} {unit} and kept: "
                f"{one.sentence}"
            )


def judged(problem: Problem, roster: Roster) -> Verdict:
    """
    A roster read by the checker, without a simulation.
    """
    from wfm.verifying import verify

    return verify(
        roster,
        problem.requirement,
        problem.queues,
        problem.book,
        prices=problem.shortfall_prices,
        courses=problem.courses,
    )


def reread(place: Workspace, problem: Problem, text: str) -> Roster:
    """
    The roster of a file's text, as anybody would read it.
    """
    from wfm.io.rosters import read_duties, roster_of

    with TemporaryDirectory() as folder:
        path = Path(folder) / "roster.csv"
        path.write_text(text, encoding="utf-8")
        duties = read_duties(
            path,
            problem.grid,
            place.settings.activities,
            agents=[person.agent.agent for person in problem.people],
            queues=problem.queues,
        )
    calendars = {person.agent.agent: problem.calendar(person) for person in problem.people}
    return roster_of(problem.grid, problem.people, calendars, duties, dict(problem.past))


def second_reading(place: Workspace, problem: Problem, plan: Plan) -> Verdict:
    """
    What the checker finds in the file of a plan.

    Raises
    ------
    RuntimeError
        It is not what the scheduler said: a bug, and never a plan.
    """
    from wfm.io.rosters import roster_csv
    from wfm.verifying import differences

    verdict = judged(problem, reread(place, problem, roster_csv(plan.roster)))
    found = list(differences(plan, verdict))
    if found:
        raise RuntimeError(f"the checker reads the plan otherwise: {'; '.join(found)}")
    return verdict


def reasons(plan: Plan, verdict: Verdict, run: Run) -> tuple[Exit, ...]:
    """
    Every reason why this is no clean roster.
    """
    found = []
    if Exit.RULE_BROKEN in verdict.reasons:
        found.append(Exit.RULE_BROKEN)
    if plan.cost.shortfall or plan.unplaced:
        found.append(Exit.TARGET_MISSED)
    if run.max_gap is not None and plan.gap > run.max_gap:
        found.append(Exit.GAP_TOO_WIDE)
    if run.stop.asked():
        found.append(Exit.INTERRUPTED)
    return tuple(found)


def record(place: Workspace, problem: Problem, plan: Plan, given: Sequence[Path]) -> dict[str, Any]:
    """
    The content of ``plan.json``.
    """
    from wfm.io.results import plan_record

    targets = {name: queue.promises for name, queue in problem.queues.items()}
    return plan_record(plan, inputs=place.inputs(given), targets=targets, version=__version__)


def write(
    place: Workspace,
    plan: Plan,
    output: Path | None,
    problem: Problem,
    told: dict[str, Any],
    more: Mapping[Path, str] | None = None,
) -> None:
    """
    Write a roster and the files beside it, and ``more``; to standard output the roster alone.
    """
    from wfm.io import promises, results, rosters

    target = output or place.path("roster.csv")
    texts = {
        target: rosters.roster_csv(plan.roster),
        target.with_name("shifts.csv"): rosters.shifts_csv(plan.roster),
        target.with_name("coverage.csv"): promises.coverage_csv(problem.requirement, plan.cover),
        target.with_name("plan.json"): results.json_text(told),
    }
    if target == Path("-"):
        place.write({target: texts[target], **(more or {})})
        return
    place.write({**texts, **(more or {})})
    console.remark(f"wrote {', '.join(path.name for path in texts)} in {target.parent}")
    for path in more or {}:
        console.remark(f"wrote {path.name} in {path.parent}")
