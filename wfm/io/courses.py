"""
Training and meetings to be placed: ``activities.csv`` to domain types.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from wfm.domain.courses import Course
from wfm.domain.timegrid import Grid, Minutes, zone
from wfm.domain.workforce import Activity, Agent
from wfm.errors import SettingsError, nearest
from wfm.io import columns as sheets
from wfm.io.files import Table, read_table

EVERYBODY = "all"


def read_courses(
    path: Path, grid: Grid, activities: Mapping[str, Activity], agents: Sequence[Agent]
) -> tuple[Course, ...]:
    """
    What is to be placed in a horizon, in order of the file.

    Rows whose time lies wholly outside the horizon are left out.

    Parameters
    ----------
    grid
        The horizon, in whose minutes and zone times are counted.
    activities
        Those that a roster may hold, by name.
    agents
        The team.
    """
    table = read_table(path, sheets.ACTIVITIES, may_be_empty=("from", "until"))
    found: list[tuple[int, Course]] = []
    for at in range(len(table.columns["name"])):
        course = _course(table, at, grid, activities, agents)
        if course is None:
            continue
        for agent in sorted(_twice(course, (other for _, other in found))):
            name = course.activity.name
            table.fault(
                at,
                "agents_or_skill",
                f"{agent} is owed {name} at that time by another row already",
                f"write the sessions into one row, or name another [activity] than {name}",
            )
        found.append((at, course))
    table.check()
    return tuple(
        course for _, course in found if course.start < grid.midnights[-1] and course.end > 0
    )


def _twice(course: Course, others: Iterable[Course]) -> set[str]:
    """Agents whose sessions of one name could not be told apart."""
    return {
        agent
        for other in others
        if other.activity.name == course.activity.name
        and other.start < course.end
        and course.start < other.end
        for agent in set(other.agents) & set(course.agents)
    }


def _course(
    table: Table,
    at: int,
    grid: Grid,
    activities: Mapping[str, Activity],
    agents: Sequence[Agent],
) -> Course | None:
    name = (table.columns["name"][at] or "").strip()
    activity = activities.get(name) or activities.get(name.casefold())
    if name and activity is None:
        table.fault(
            at,
            "name",
            f"'{name}' is no activity",
            f"{nearest(name, activities)}; or add [activity.{name}] to wfm.toml",
        )
    who = _who(table, at, agents)
    minutes, sessions = (_whole(table, at, column) for column in ("minutes", "sessions"))
    together = (table.get("together")[at] or "no").strip().casefold()
    if together not in ("yes", "no"):
        table.fault(at, "together", f"'{together}', expected yes or no")
    if activity is None or not who or minutes is None or sessions is None:
        return None
    start, end = _time(table, at, grid)
    try:
        return Course(activity, who, minutes, sessions, start, end, together == "yes")
    except SettingsError as error:
        table.fault(at, "minutes", error.problems[0].message)
        return None


def _whole(table: Table, at: int, column: str) -> int | None:
    value = table.columns[column][at]
    if value is None:
        return None
    if value < 1 or value != int(value):
        table.fault(at, column, f"{value:g}, expected a whole number from 1 on")
        return None
    return int(value)


def _who(table: Table, at: int, agents: Sequence[Agent]) -> tuple[str, ...]:
    """The keys that a cell names: agents, those with a skill, or everybody."""
    keys = {agent.agent for agent in agents}
    skills = sorted({skill for agent in agents for skill in agent.skills})
    found: set[str] = set()
    for part in (table.columns["agents_or_skill"][at] or "").replace("|", ";").split(";"):
        one = part.strip()
        able = {agent.agent for agent in agents if agent.skills.get(one, 0) > 0}
        if one in keys:
            found.add(one)
        elif one.casefold() == EVERYBODY:
            found |= keys
        elif able:
            found |= able
        elif one:
            table.fault(
                at,
                "agents_or_skill",
                f"'{one}' is no agent and no skill that somebody has",
                nearest(one, [*keys, *skills, EVERYBODY]),
            )
    return tuple(sorted(found))


def _time(table: Table, at: int, grid: Grid) -> tuple[Minutes, Minutes]:
    """Minutes of the horizon in which a row's sessions lie; empty cells are its edges."""
    first, last = table.columns["from"][at], table.columns["until"][at]
    start = 0 if first is None else _minute(grid, first)
    if last is None:
        return start, int(grid.midnights[-1])
    whole = not isinstance(last, datetime)
    return start, _minute(grid, last + timedelta(days=1) if whole else last)


def _minute(grid: Grid, moment: date) -> Minutes:
    own = moment if isinstance(moment, datetime) else datetime.combine(moment, time())
    return grid.minute(own.replace(tzinfo=zone(grid.zone_name)))
