"""
What ``schedule --keep`` and ``replan`` share: a roster that stands, amended, judged and shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from wfm import console
from wfm.commands import drafting
from wfm.errors import SettingsError, exit_code

if TYPE_CHECKING:
    from wfm.commands.drafting import Made, Question, Run
    from wfm.domain.changes import Change, Days
    from wfm.domain.outcome import Cost
    from wfm.domain.roster import Roster
    from wfm.scheduling.problem import Problem
    from wfm.workspace import Workspace


Explain = Callable[[Sequence["Change"]], Iterable["Change"]]


@dataclass(frozen=True)
class Start:
    """
    A roster that stands: the question of how to amend it, its files, duties and cost.
    """

    problem: Problem
    files: tuple[Path, ...]
    duties: Days
    cost: Cost
    explain: Explain
    remarks: tuple[str, ...] = ()


def base_of(question: Question, base: Path | None) -> tuple[Question, Path]:
    """
    The roster that stands, and the question with the requirement that lies beside it.
    """
    path = question.place.draft(base)
    beside = path.with_name("requirement.csv")
    if question.requirement is None and path.parent != question.place.folder and beside.is_file():
        question = replace(question, requirement=beside)
    return question, path


def price_of(question: Question, price: float | None) -> int:
    """Cents for a changed person-day: the option, else [plan] change_price."""
    from wfm.domain.money import cents

    told = question.place.settings.plan.change_price if price is None else price
    if told < 0:
        raise SettingsError(f"the price of a change is {told:g}, expected 0 or more")
    return cents(told)


def by_hand(question: Question, edited: Path, base: Path | None, price: float | None) -> Start:
    """
    The start that keeps what somebody changed in a roster.
    """
    from wfm.revising.comparing import by_day, edits
    from wfm.scheduling.decided import Standing

    question, path = base_of(question, base)
    if edited.exists() and path.exists() and edited.samefile(path):
        raise SettingsError(
            f"{edited} is the base itself: nothing tells what was changed",
            hint="keep the roster that was made, and name it with --base",
        )
    problem = question.problem()
    stood = question.place.typed_roster(path, problem.people, problem.grid)
    old = by_day(stood)
    new, remarks = _typed(question.place, problem, edited, old)
    kept: dict[str, set[int]] = {}
    duties = {agent: dict(days) for agent, days in old.items()}
    for one in edits(old, new, edited.name):
        kept.setdefault(one.agent, set()).add(one.day)
        duties.setdefault(one.agent, {}).pop(one.day, None)
        if one.after is not None:
            duties[one.agent][one.day] = one.after

    def explain(changes: Sequence[Change]) -> Iterable[Change]:
        for one in changes:
            by_hand = one.day in kept.get(one.agent, ())
            why = f"kept from {edited.name}" if by_hand else "follows"
            yield replace(one, why=why, given=by_hand)

    standing = Standing(duties, price_of(question, price), kept=kept)
    cost = drafting.judged(problem, with_past(problem, stood)).cost
    files = (path, edited)
    return Start(replace(problem, standing=standing), files, old, cost, explain, remarks)


def _typed(
    place: Workspace, problem: Problem, edited: Path, base: Days
) -> tuple[Days, tuple[str, ...]]:
    """
    What somebody typed, by agent and day: a roster with its breaks, or the times of shifts.
    """
    from wfm.io.planrosters import read_times
    from wfm.io.workplans import PlanKind, plan_kind
    from wfm.revising.bytimes import with_breaks
    from wfm.revising.comparing import by_day

    grid = problem.grid
    if not edited.is_file() or plan_kind(edited) is PlanKind.ROSTER:
        return by_day(place.typed_roster(edited, problem.people, grid)), ()
    typed, told = read_times(edited, grid, problem.people, place.calendars(grid, {}))
    new, remarks = with_breaks(problem, base, typed)
    for agent, days in base.items():
        rest = {day: duty for day, duty in days.items() if day not in told}
        if rest:
            new.setdefault(agent, {}).update(rest)
    return new, remarks


def with_past(problem: Problem, roster: Roster) -> Roster:
    """The same duties with those carried in, as the problem knows its people."""
    from wfm.domain.roster import Roster, Tour

    tours = []
    for person in problem.people:
        carried = problem.carried(person)
        planned = roster.by_agent[person.agent.agent].planned
        tours.append(Tour(person, carried.calendar, (*carried.duties, *planned)))
    return Roster(problem.grid, tuple(tours))


def revise(question: Question, start: Start, run: Run, max_changes: int | None) -> Made:
    """
    Amend a standing roster, and have the result read again from its file.
    """
    from wfm.revising.comparing import by_day, compared
    from wfm.scheduling.amending import amend

    problem = start.problem
    with console.progress("revise") as told:
        plan = amend(
            problem,
            most=max_changes,
            seed=run.seed,
            effort=run.effort,
            progress=told,
            stop=run.stop,
        )
    made = drafting.made(question, problem, plan, run, start.files)
    changed = tuple(start.explain(tuple(compared(start.duties, by_day(plan.roster)))))
    record = made.record | {"changed_person_days": sum(not one.given for one in changed)}
    return replace(made, changes=changed, record=record)


def show(start: Start, made: Made, output: Path | None, *, as_json: bool) -> None:
    """
    Say who works otherwise and why, and what it costs.
    """
    from wfm.reporting import tables
    from wfm.reporting.revisions import changes_table, price_table

    console.remarks((*start.remarks, *made.plan.remarks))
    if output == Path("-"):
        return
    if as_json:
        console.show_json(made.record | {"exit": int(exit_code(made.reasons))})
        return
    console.summary(changes_table("Changes", made.changes, start.problem.grid))
    console.summary(price_table(start.cost, made.plan.cost))
    console.summary(tables.certificate_table(made.plan))
