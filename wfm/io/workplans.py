"""
Plans made elsewhere: tables of shifts, grids of people by days, calendar files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

from wfm.domain.timegrid import Minutes
from wfm.errors import DataError, Problem, nearest
from wfm.io import columns as sheets
from wfm.io.files import read_table
from wfm.io.plancells import FORMS, dates_of, day_times, heading, month_first, plain
from wfm.io.text import matches, read_records

GIVEN_NAMES = ("prenom", "first name", "firstname", "given name", "vorname")
HEAD = 50  # lines in which a header is looked for
ACROSS = 2  # dated columns that make a grid
CLOCK_LETTERS = 8  # of a time of day; with its date it is longer


class PlanKind(StrEnum):
    """
    How a plan is written.
    """

    ROSTER = "roster"
    SHIFTS = "shifts"
    TIMES = "times"
    GRID = "grid"
    CALENDAR = "ics"


@dataclass(frozen=True, slots=True)
class Spell:
    """
    A time at work: wall-clock moments, and minutes of break that are known but not placed.

    ``date`` is the day to which it belongs; ``place`` is where it stands in the file.
    """

    agent: str
    date: date
    start: datetime
    end: datetime
    place: str
    unplaced: Minutes = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """
    A row of a file, counted from 1, and in a grid the column, as a spreadsheet names it.
    """

    row: int
    column: str = ""


@dataclass(frozen=True)
class Workplan:
    """
    A plan as it was typed. ``days`` are the first and last that it tells of, ``cells`` where
    a grid has somebody's day, also a day off.
    """

    kind: PlanKind
    agents: tuple[str, ...]
    spells: tuple[Spell, ...]
    days: tuple[date, date]
    cells: Mapping[tuple[str, date], Cell] = field(default_factory=dict)


def places(path: Path, kind: PlanKind, plan: Workplan | None) -> Mapping[tuple[str, date], Cell]:
    """
    Where a file has somebody's day: the cell of a grid, else the first row; none in a calendar.
    """
    if kind is PlanKind.CALENDAR or (plan is not None and plan.cells):
        return plan.cells if plan else {}
    sheet = sheets.ROSTER if kind is PlanKind.ROSTER else sheets.SHIFTS
    table = read_table(path, sheet)
    starts = table.get("start" if kind is PlanKind.ROSTER else "shift_start")
    found: dict[tuple[str, date], Cell] = {}
    rows = zip(table.get("agent"), table.get("date"), starts, table.rows, strict=True)
    for agent, day, start, row in rows:
        when = day or (start.date() if start else None)
        if agent and when:
            found.setdefault((agent, when), Cell(row))
    return found


def plan_kind(path: Path) -> PlanKind:
    """
    What a file holds: a roster or a table of shifts by its header, else a grid.
    """
    if path.suffix.lower() in (".ics", ".ical"):
        return PlanKind.CALENDAR
    records = (row for row in read_records(path, HEAD) if any(map(str.strip, row)))
    header, first = next(records, []), next(records, [])

    def place(column: sheets.Column) -> int | None:
        return next((at for at, cell in enumerate(header) if matches(cell, column)), None)

    start = place(sheets.TIMES.column("shift_start"))
    dated = start is None or start >= len(first) or len(first[start].strip()) > CLOCK_LETTERS
    for sheet, kind in (
        (sheets.ROSTER, PlanKind.ROSTER),
        (sheets.SHIFTS if dated else sheets.TIMES, PlanKind.SHIFTS if dated else PlanKind.TIMES),
    ):
        if all(place(column) is not None for column in sheet.columns if column.required):
            return kind
    return PlanKind.GRID


def read_workplan(
    path: Path, kind: PlanKind, first: date | None = None, team: Iterable[str] | None = None
) -> Workplan:
    """
    A plan that is no roster file.

    Parameters
    ----------
    first
        First day of the plan, where its columns name weekdays only.
    team
        People that exist; None: any.

    Raises
    ------
    DataError
        Cells that cannot be read, shifts of one person that overlap, people who are not on
        the team: all of them.
    """
    problems: list[Problem] = []
    if kind is PlanKind.SHIFTS:
        found = _shifts(path, problems)
    elif kind is PlanKind.TIMES:
        found = _times(path, problems)
    elif kind is PlanKind.CALENDAR:
        found = _calendar(path)
    else:
        found = _grid(path, first, problems)
    problems += _overlaps(found.spells)
    known = set(found.agents) if team is None else set(team)
    problems += [
        Problem(path.name, f"'{agent}' is not in agents.csv", nearest(agent, known))
        for agent in found.agents
        if agent not in known
    ]
    if problems:
        raise DataError(problems=problems)
    return found


def _shifts(path: Path, problems: list[Problem]) -> Workplan:
    table = read_table(path, sheets.SHIFTS)
    spells = []
    columns = (table.get(column.name) for column in sheets.SHIFTS.columns)
    rows = zip(*columns, strict=True)
    for at, (agent, start, end, date_told, _, worked) in enumerate(rows):
        if not agent or start is None or end is None:
            continue
        if end <= start:
            table.fault(at, "shift_end", f"{end:%Y-%m-%dT%H:%M} is not after the start")
            continue
        length = round((end - start).total_seconds() / 60)
        unplaced = 0 if worked is None else max(0, length - round(worked))
        day = date_told or start.date()
        spells.append(Spell(agent, day, start, end, table.place(at, "shift_start"), unplaced))
    problems += table.problems
    days = [day for day in table.get("date") if day is not None]
    return _plan(PlanKind.SHIFTS, path, spells, problems, [spell.agent for spell in spells], days)


def _times(path: Path, problems: list[Problem]) -> Workplan:
    """Rows of a person, a date and two times of day; an end before the start is the next day's."""
    table = read_table(path, sheets.TIMES, may_be_empty=("shift_end",))
    spells: list[Spell] = []
    days: list[date] = []
    rows = zip(*(table.get(column.name) for column in sheets.TIMES.columns), strict=True)
    for at, (agent, day, start, end) in enumerate(rows):
        if day is None or not agent:
            continue
        days.append(day)
        told = [text or "" for text in (start, end)]
        try:
            spells.extend(_spells(agent, day, told, table.place(at, "shift_start")))
        except ValueError:
            shown = " - ".join(filter(None, told))
            table.fault(at, "shift_start", f"'{shown}' cannot be read", "write 08:00 or 8h30")
    problems += table.problems
    names = [name for name in table.get("agent") if name]
    return _plan(PlanKind.TIMES, path, spells, problems, names, days)


def _grid(path: Path, first: date | None, problems: list[Problem]) -> Workplan:
    """Rows of people under rows of dates; a sheet may hold several such blocks."""
    spells: list[Spell] = []
    agents: list[str] = []
    days: list[date] = []
    cells: dict[tuple[str, date], Cell] = {}
    columns: dict[int, date] = {}
    names, width = [0], 1
    told = first
    for number, row in enumerate(read_records(path), start=1):
        turned = month_first(row[1:])
        dated = {at: said for at, cell in enumerate(row[1:], 1) if (said := heading(cell, turned))}
        if len(dated) >= ACROSS:
            try:
                columns = dict(zip(dated, dates_of(list(dated.values()), told), strict=True))
            except ValueError as error:
                hint = "write dates as 23/11/2026, or name the first day with --from"
                raise DataError(
                    str(error), place=f"{path.name}, row {number}", hint=hint
                ) from error
            days.extend(columns.values())
            given = [at for at in range(1, min(columns)) if plain(row[at]) in GIVEN_NAMES]
            names = [0, *given]
            width = min(after - before for before, after in pairwise(columns))
            continue
        if not columns:
            told = told or _date_in(row)
            continue
        agent = " ".join(row[at].strip() for at in names if at < len(row) and row[at].strip())
        if not agent and any(_works(row[at : at + width]) for at in columns):
            place, hint = f"{path.name}, row {number}", "repeat the name where its cells are merged"
            problems.append(Problem(place, "holds times at work, but names nobody", hint))
        if not agent or plain(agent).startswith(("total", "effectif", "headcount")):
            continue
        if not agent.isprintable():
            shown = repr(agent)
            problems.append(
                Problem(f"{path.name}, row {number}", f"{shown} holds control characters")
            )
            continue
        agents.append(agent)
        for at, day in columns.items():
            cells.setdefault((agent, day), Cell(number, _letter(at)))
            place = f"{path.name}, row {number}, column {_letter(at)} ({day})"
            typed = row[at : at + width] or [""]
            try:
                spells.extend(_spells(agent, day, typed, place))
            except ValueError:
                problems.append(Problem(place, f"'{typed[0]}' cannot be read", f"write {FORMS}"))
    if not columns or not agents:
        raise DataError(
            "no row below the dates names a person"
            if columns
            else "no row holds dates, and the header is that of no roster or table of shifts",
            place=path.name,
            hint="a grid has two dates or more above its columns and people in its first; "
            "shifts have the columns agent,shift_start,shift_end",
        )
    made = _plan(PlanKind.GRID, path, spells, problems, agents, days)
    return replace(made, cells=cells)


def _spells(agent: str, day: date, cells: Sequence[str], place: str) -> Iterator[Spell]:
    midnight = datetime.combine(day, datetime.min.time())
    for start, end in day_times(cells):
        first, last = midnight + timedelta(minutes=start), midnight + timedelta(minutes=end)
        yield Spell(agent, day, first, last, place)


def _works(cells: Sequence[str]) -> bool:
    """Whether the cells of a day can be read as times at work."""
    try:
        return bool(day_times(cells or [""]))
    except ValueError:
        return False


def _date_in(row: Sequence[str]) -> date | None:
    """A full date in a line above the grid, such as "Semaine du 23/11/2026"."""
    for cell in row:
        said = heading(cell)
        if said and said[0] and said[1] and said[2]:
            return date(said[0], said[1], said[2])
    return None


def _letter(at: int) -> str:
    """A spreadsheet's name of a column: 0 is A, 26 is AA."""
    name = ""
    while at >= 0:
        name, at = chr(65 + at % 26) + name, at // 26 - 1
    return name


def _calendar(path: Path) -> Workplan:
    """Events of a calendar file; whose they are: attendee, else calendar name, else the file."""
    from icalendar import Calendar as Ics

    try:
        book = Ics.from_ical(path.read_bytes())
    except FileNotFoundError as error:
        raise DataError("there is no such file", place=str(path)) from error
    except ValueError as error:
        raise DataError(f"is no calendar: {error}", place=path.name) from error
    owner = str(book.get("X-WR-CALNAME", path.stem))
    spells, days = [], []
    for number, event in enumerate(book.walk("VEVENT"), start=1):
        start, end = event.get("DTSTART"), event.get("DTEND")
        place = f"{path.name}, event {number}"
        if start is None or end is None or not isinstance(start.dt, datetime):
            if start is not None:  # a whole day tells of no working time
                days.append(start.dt if not isinstance(start.dt, datetime) else start.dt.date())
            continue
        who = event.get("ATTENDEE")
        who = who[0] if isinstance(who, list) else who
        agent = owner if who is None else str(who.params.get("CN", str(who)))
        agent = agent.removeprefix("mailto:").removeprefix("MAILTO:")
        spells.append(Spell(agent, start.dt.date(), start.dt, end.dt, place))
    return _plan(PlanKind.CALENDAR, path, spells, [], [owner] if not spells else [], days)


def _plan(
    kind: PlanKind,
    path: Path,
    spells: list[Spell],
    problems: list[Problem],
    agents: Sequence[str],
    days: Sequence[date],
) -> Workplan:
    told = sorted({*days, *(spell.date for spell in spells)})
    if not told:
        raise DataError("holds no shift", place=path.name, problems=problems)
    names = sorted({*agents, *(spell.agent for spell in spells)})
    ordered = sorted(spells, key=lambda one: (one.agent, one.start.replace(tzinfo=None), one.end))
    return Workplan(kind, tuple(names), tuple(ordered), (told[0], told[-1]))


def _overlaps(spells: Sequence[Spell]) -> Iterator[Problem]:
    """Every shift that begins while its person is still at another."""
    latest: dict[str, Spell] = {}
    for spell in spells:
        before = latest.get(spell.agent)
        if before is not None and spell.start < before.end:
            found = f"{spell.agent} is already at work until {before.end:%Y-%m-%d %H:%M}"
            yield Problem(spell.place, found, f"the other shift: {before.place}")
        if before is None or spell.end > before.end:
            latest[spell.agent] = spell
