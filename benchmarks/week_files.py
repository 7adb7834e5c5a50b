"""
A generated case as a workspace, so that `wfm staff`'s followers can open it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from wfm.domain.roster import Roster, Tour
from wfm.domain.timegrid import DAY, clock_text
from wfm.domain.workforce import Break, Contract, Shape
from wfm.io.files import write_files
from wfm.io.promises import requirement_csv
from wfm.io.rosters import roster_csv
from wfm.scheduling.problem import Problem


def write_workspace(problem: Problem, rules: str, folder: Path) -> None:
    """Write wfm.toml, people, what is known of them, and the requirement."""
    grid = problem.grid
    past = tuple(Tour(t.person, t.calendar, t.duties) for t in map(problem.carried, problem.people))
    texts = {
        "wfm.toml": _settings(problem, rules),
        "agents.csv": _table(
            "agent,contract,skills,rotation_from",
            (
                (
                    *(p.agent.agent, p.agent.contract.name, _skills(p.agent.skills)),
                    p.agent.rotation_from or "",
                )
                for p in problem.people
            ),
        ),
        "availability.csv": _table(
            "agent,weekday_or_date,from,until",
            (
                (
                    p.agent.agent,
                    grid.date(grid.day_of(start)),
                    _clock(problem, start),
                    _clock(problem, end),
                )
                for p in problem.people
                for start, end in p.available or ()
            ),
        ),
        "wishes.csv": _table(
            "agent,date,kind,weight",
            (
                (p.agent.agent, grid.date(wish.day), wish.kind, 1)
                for p in problem.people
                for wish in p.wishes
            ),
        ),
        "past.csv": roster_csv(Roster(grid, past)),
        "requirement.csv": requirement_csv(problem.requirement),
    }
    folder.mkdir(parents=True, exist_ok=True)
    write_files({folder / name: text for name, text in texts.items()})


def _table(head: str, rows: Iterable[tuple[object, ...]]) -> str:
    return "\n".join([head, *(",".join(map(str, row)) for row in rows)]) + "\n"


def _skills(skills: object) -> str:
    assert isinstance(skills, dict)
    return ";".join(name if level == 1 else f"{name}:{level:g}" for name, level in skills.items())


def _clock(problem: Problem, minute: int) -> str:
    return problem.grid.local(minute).strftime("%H:%M")


def _span(span: tuple[int, int]) -> str:
    return f'"{clock_text(span[0])}-{clock_text(span[1] % DAY if span[1] > DAY else span[1])}"'


def _settings(problem: Problem, rules: str) -> str:
    contracts = {p.agent.contract.name: p.agent.contract for p in problem.people}
    shapes = {s.name: s for c in contracts.values() for s in c.shapes}
    breaks = {b.name: b for s in shapes.values() for b in s.breaks}
    pay = next(iter(contracts.values())).pay
    parts = [
        f'timezone = "{problem.grid.zone_name}"\ninterval = {problem.grid.interval}\n'
        'week_starts = "monday"',
        *(f'[queue.{name}]\nopen = {{ mon-sun = "08:00-22:00" }}' for name in problem.names),
        *map(_contract, contracts.values()),
        *map(_shape, shapes.values()),
        *map(_break, breaks.values()),
        f"[pay.{pay.name}]\nper_hour = {pay.per_hour / 100:.2f}",
        "[wishes]\noff = 20.00\nearly = 10.00",
        f'[rules]\npreset = "{rules}"',
    ]
    for premium in pay.premiums:
        if premium.window:
            line = (
                f"{premium.name} = {{ window = {_span(premium.window)}, share = {premium.share} }}"
            )
        else:
            line = f"{premium.name} = {premium.share}"
        parts[-3] += f"\n{line}"
    return "\n\n".join(parts) + "\n"


def _contract(one: Contract) -> str:
    shapes = _list(shape.name for shape in one.shapes)
    told = (
        f"[contract.{one.name}]\nhours_per_week = {one.hours_per_week:g}\n"
        f'days_per_week = {one.days_per_week}\nshapes = {shapes}\npay = "{one.pay.name}"'
    )
    if one.rotation:
        told += f"\nrotation = [{', '.join(map(_list, one.rotation))}]"
    if one.average_weeks > 1:
        told += f"\naverage_weeks = {one.average_weeks}\naverage_from = {one.average_from}"
    return told


def _list(names: Iterable[str]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"


def _shape(one: Shape) -> str:
    lengths = ", ".join(f"{length / 60:g}" for length in one.lengths)
    breaks = ", ".join(f'"{pause.name}"' for pause in one.breaks)
    return (
        f"[shape.{one.name}]\nstart = {_span(one.start)}\nstep = {one.step}\n"
        f"length_h = [{lengths}]\nbreaks = [{breaks}]"
    )


def _break(one: Break) -> str:
    window = f"\nwindow = {_span(one.window)}" if one.window else ""
    return (
        f"[break.{one.name}]\nminutes = {one.minutes}{window}\nafter = {one.after}\n"
        f"before = {one.before}\napart = {one.apart}\npaid = {str(one.paid).lower()}"
    )
