"""
Why there is no roster: the rules that cannot be kept together, by person.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wfm.domain.roster import Severity, Violation
from wfm.errors import NoRosterError
from wfm.errors import Problem as Fault
from wfm.rules.book import Book
from wfm.rules.entry import Entry
from wfm.scheduling.barred import barred
from wfm.scheduling.bound import answer_prices, work_of
from wfm.scheduling.exact import has_tour
from wfm.scheduling.posts import team_rules
from wfm.scheduling.pricing import NEVER
from wfm.scheduling.problem import Problem
from wfm.scheduling.tables import Tables, tabulate

EXPLAINED = 40  # people whose rules are searched for the conflict; each takes a second or so
NAMED = 8  # people, or times, named one by one
TOGETHER = "change its window or number, the hours of those it counts, or give it a price"
UNEXPLAINED = (
    "no tour keeps the hard rules together",
    f"mend what stops the first {EXPLAINED} people, who are explained; then run again",
)


def refuse_impossible(tables: Tables) -> None:
    """
    Raise an explanation when somebody has no tour that the hard rules admit.

    Raises
    ------
    NoRosterError
        With the rules that conflict; people for whom they are the same share one problem.
    """
    stuck = impossible(tables)
    if not stuck:
        return
    problem = tables.problem
    alike: dict[tuple[str, str], list[str]] = {}
    for number, p in enumerate(stuck):
        name = problem.people[p].agent.agent
        why = _explained(problem, p) if number < EXPLAINED else UNEXPLAINED
        alike.setdefault(why, []).append(name)
    raise NoRosterError(
        problems=[
            Fault(f"{'agent' if len(names) == 1 else 'agents'} {', '.join(names)}", said, hint)
            for (said, hint), names in alike.items()
        ]
    )


def impossible(tables: Tables) -> list[int]:
    """
    People without any admitted tour, by the dynamic programme and by CP-SAT.
    """
    work = work_of(tables)
    work.prices[:] = 0.0
    flat = (tables.kinds, tables.arcs, tables.team)
    stuck = [
        p
        for p in range(len(tables.team.type))
        if answer_prices(*flat, p, -1, tables.grid, work) <= NEVER / 2
    ]
    for p in stuck:
        if has_tour(tables, p):
            name = tables.problem.people[p].agent.agent
            raise RuntimeError(f"two solvers disagree whether {name} has a legal tour")
    return stuck


def refuse_unmanned(tables: Tables) -> None:
    """
    Raise an explanation when a hard rule asks for more people at once than can ever be there.

    Raises
    ------
    NoRosterError
        With the rule, the first such time, and who of those it counts could be there then.
    """
    problem, posts, size = tables.problem, tables.posts, tables.size
    faults = []
    able = _reach(tables) if len(posts.at) else None
    for number, (entry, _) in enumerate(team_rules(problem.book)):
        assert able is not None
        counts = tables.team.counted[tables.team.skill, number]
        there = able[counts].sum(axis=0)
        own = posts.at[:, 0] == number
        short = own & (there[posts.at[:, 1]] < posts.least)
        if entry.severity is Severity.HARD and short.any():
            first = int(np.argmax(short))
            slot = int(posts.at[first, 1])
            when = problem.grid.local((slot - size.pad) * size.unit)
            who = [problem.people[p].agent.agent for p in np.flatnonzero(counts & able[:, slot])]
            named = f", of whom {', '.join(who[:NAMED])} could be there" if who else ""
            faults.append(
                Fault(
                    f"rule {entry.code}",
                    f"{entry.rule.sentence} On {when:%Y-%m-%d} at {when:%H:%M} "
                    f"{posts.least[first]} more are needed, {len(who)} can come{named}",
                    TOGETHER,
                )
            )
    if faults:
        raise NoRosterError(problems=faults)


def _reach(tables: Tables) -> np.ndarray:
    """Slots that somebody can be on duty in, bool [people, slots]."""
    kinds, team = tables.kinds, tables.team
    reach = np.zeros((len(team.type), tables.size.slots), bool)
    for p, kind in enumerate(team.type):
        first, last = int(kinds.first[kind, 0]), int(kinds.first[kind, -1])
        for k in first + np.flatnonzero(np.isfinite(team.adjust[p, : last - first])):
            reach[p, kinds.start[k] : kinds.end[k]] = True
    return reach


def unkept(broken: Sequence[Violation], *, proven: bool = False) -> NoRosterError:
    """
    The error of a roster in which hard rules across people are broken: none better was found,
    or there is none.
    """
    shown = broken[:NAMED]
    more = len(broken) - len(shown)
    why = "no roster keeps it" if proven else "no roster was found that keeps it"
    faults = [
        Fault(f"rule {one.code}, {one.date}", f"{why}: {one.sentence}", TOGETHER) for one in shown
    ]
    if more:
        faults.append(Fault("rules across people", f"{more} more times like these", TOGETHER))
    return NoRosterError(problems=faults)


def _explained(problem: Problem, p: int) -> tuple[str, str]:
    conflict = minimal_conflict(problem, p)
    said = "; ".join(f"{entry.code}: {entry.rule.sentence}" for entry in conflict)
    closed = _closed_days(problem, p)
    days = f"; no shift of theirs is possible on {', '.join(closed)}" if closed else ""
    return (
        f"no tour keeps these rules together: {said}{days}"
        if said
        else "no shift fits the contract",
        _hint(problem, p, conflict),
    )


def _closed_days(problem: Problem, p: int) -> list[str]:
    """Dates on which the hard rules leave somebody no shift at all."""
    hard = [entry for entry in problem.book if entry.severity is Severity.HARD]
    alone = tabulate(_alone(problem, p, hard))
    usable = np.isfinite(alone.team.adjust[0])
    first = alone.kinds.first[0] - alone.kinds.first[0, 0]
    return [
        problem.grid.date(day).isoformat()
        for day in range(problem.grid.days)
        if not usable[first[day] : first[day + 1]].any()
    ]


def minimal_conflict(problem: Problem, p: int) -> tuple[Entry, ...]:
    """
    Rules that admit no tour for a person, none of which can be left out.

    Found by leaving out one rule after the other; each time it is solved anew.
    """
    person = problem.people[p]
    entries = [e for e in problem.book.for_agent(person.agent) if e.severity is Severity.HARD]
    kept = list(entries)
    for entry in entries:
        trial = [other for other in kept if other is not entry]
        if not _has_tour(problem, p, trial):
            kept = trial
    return tuple(kept)


def _has_tour(problem: Problem, p: int, entries: list[Entry]) -> bool:
    return not impossible(tabulate(_alone(problem, p, entries)))


def _alone(problem: Problem, p: int, entries: list[Entry]) -> Problem:
    alone = object.__new__(Problem)  # others may be needed for skills: no checks again
    for name in ("requirement", "queues", "past", "calendars", "prices", "courses", "standing"):
        object.__setattr__(alone, name, getattr(problem, name))
    object.__setattr__(alone, "people", (problem.people[p],))
    object.__setattr__(alone, "cache", None)
    object.__setattr__(alone, "book", Book(problem.book.name, tuple(entries)))
    return alone


def _hint(problem: Problem, p: int, conflict: tuple[Entry, ...]) -> str:
    person = problem.people[p]
    away = sorted({problem.grid.day_of(a.start) for a in person.absences})
    days = ", ".join(problem.grid.date(day).isoformat() for day in away if day >= 0)
    told = f"; absent on {days}" if days else ""
    contract = person.agent.contract
    lengths = sorted({length for shape in contract.shapes for length in shape.lengths})
    hours = ", ".join(f"{length / 60:g}" for length in lengths)
    weeks = contract.average_weeks
    over = "a week" if weeks == 1 else f"a week, averaged over {weeks} weeks,"
    return (
        f"contract {contract.name} asks for {contract.hours_per_week:g} h {over} in shifts of "
        f"{hours} h{told}: change the shapes, a tolerance, or one of these {len(conflict)} rules"
        + "".join(f"; {one}" for one in barred(tabulate(_alone(problem, p, list(problem.book)))))
    )
