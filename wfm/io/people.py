"""
The team and what is known of its days: agents, availability, absences, wishes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from wfm.domain.demand import Span
from wfm.domain.timegrid import WEEKDAYS, zone
from wfm.domain.workforce import (
    TRAITS,
    AbsenceKind,
    Agent,
    Contract,
    WishKind,
)
from wfm.errors import DataError, SettingsError, nearest
from wfm.io import columns as sheets
from wfm.io.cells import CellError, day
from wfm.io.files import Table, read_table
from wfm.io.text import matches, read_records


@dataclass(frozen=True)
class Availability:
    """
    When one person can work: spans by weekday (0 is Monday), replaced on single dates.
    """

    week: Mapping[int, tuple[Span, ...]]
    dates: Mapping[date, tuple[Span, ...]]

    def spans(self, day: date) -> tuple[Span, ...]:
        """Wall-clock spans that begin on a date."""
        return self.dates.get(day, self.week.get(day.weekday(), ()))


@dataclass(frozen=True, slots=True)
class Away:
    """
    An absence as its file states it; both ends local, ``end`` exclusive.

    ``days`` are the dates that it takes wholly; empty for a few hours. ``hours`` are what
    its first day is credited; None: what the contract says.
    """

    start: datetime
    end: datetime
    kind: AbsenceKind
    days: tuple[date, ...]
    hours: float | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    A wish as its file states it.
    """

    day: date
    kind: WishKind
    weight: float
    shape: str


def read_agents(
    path: Path, contracts: Mapping[str, Contract], skills: Iterable[str], zone_name: str
) -> tuple[Agent, ...]:
    """
    The team from a file, sorted by key.

    Parameters
    ----------
    contracts
        Contracts that exist.
    skills
        Skills that some queue needs; another one is a fault.
    zone_name
        Zone of those who have none of their own.
    """
    table = read_table(path, sheets.AGENTS)
    known = sorted(set(skills))
    agents = {}
    for at, key in enumerate(table.columns["agent"]):
        contract = table.columns["contract"][at]
        if contract and contract not in contracts:
            table.fault(
                at, "contract", f"'{contract}' is no contract", nearest(contract, contracts)
            )
        if key in agents:
            table.fault(at, "agent", f"'{key}' stands twice")
        zone_of = table.get("timezone")[at] or zone_name
        try:
            zone(zone_of)
        except SettingsError as error:
            table.fault(at, "timezone", error.problems[0].message, error.problems[0].hint)
        rated = _skills(table, at, known)
        if key and contract in contracts:
            agents[key] = Agent(
                agent=key,
                contract=contracts[contract],
                name=table.get("name")[at] or "",
                site=table.get("site")[at] or "",
                zone_name=zone_of,
                skills=rated,
                per_hour=table.get("cost_per_hour")[at],
                starts=table.get("start_date")[at],
                ends=table.get("end_date")[at],
                traits=_traits(table, at),
                rotation_from=table.get("rotation_from")[at],
            )
    table.check()
    if not agents:
        raise DataError(
            "names nobody", place=path.name, hint="one row for each person: agent,contract,skills"
        )
    return tuple(agents[key] for key in sorted(agents))


def _traits(table: Table, at: int) -> frozenset[str]:
    """``minor;night_worker`` as traits."""
    found = set()
    for name in (table.get("traits")[at] or "").replace("|", ";").split(";"):
        trait = name.strip().casefold().replace(" ", "_")
        if trait and trait not in TRAITS:
            table.fault(at, "traits", f"'{trait}' is no trait", nearest(trait, TRAITS))
        elif trait:
            found.add(trait)
    return frozenset(found)


def skill_names(path: Path) -> list[str]:
    """Every skill that the file of the team names, known or not, sorted."""
    texts = read_table(path, sheets.AGENTS).get("skills")
    parts = [part for text in texts for part in (text or "").replace("|", ";").split(";")]
    return sorted({part.partition(":")[0].strip() for part in parts} - {""})


def _skills(table: Table, at: int, known: list[str]) -> dict[str, float]:
    """``banking;stocks:0.8`` as skills and efficiencies."""
    text = table.get("skills")[at] or ""
    found: dict[str, float] = {}
    for part in filter(None, (one.strip() for one in text.replace("|", ";").split(";"))):
        name, colon, share = (one.strip() for one in part.partition(":"))
        if name not in known:
            table.fault(
                at,
                "skills",
                f"'{name}' is not a known skill",
                f"known skills are {', '.join(known)}",
            )
            continue
        try:
            efficiency = float(share.replace(",", ".")) if colon else 1.0
        except ValueError:
            efficiency = -1.0
        if not 0 < efficiency <= 2:
            hint = f"write {name}:{efficiency / 100:g}" if 2 < efficiency <= 200 else ""
            table.fault(
                at,
                "skills",
                f"efficiency of {name} is '{share}', expected a share such as 0.8",
                hint,
            )
            continue
        found[name] = efficiency
    return found


def read_availability(path: Path, agents: Iterable[str]) -> dict[str, Availability]:
    """Availability by agent; who is not in the file can always work."""
    table = read_table(path, sheets.AVAILABILITY, may_be_empty=("from", "until"))
    known_agents(table, agents)
    found: dict[str, tuple[dict[int, list[Span]], dict[date, list[Span]]]] = {}
    for at, key in enumerate(table.columns["agent"]):
        week, dates = found.setdefault(key, ({}, {}))
        span = _availability_span(table, at)
        for when in _when(table, at):
            if span is None:
                continue
            if isinstance(when, date):
                dates.setdefault(when, []).append(span)
            else:
                week.setdefault(when, []).append(span)
    table.check()
    return {
        key: Availability(
            {day: tuple(sorted(spans)) for day, spans in week.items()},
            {day: tuple(sorted(spans)) for day, spans in dates.items()},
        )
        for key, (week, dates) in found.items()
    }


def _availability_span(table: Table, at: int) -> Span | None:
    first, last = table.columns["from"][at], table.columns["until"][at]
    if first is None and last is None:
        return (0, 1440)
    if first is None or last is None:
        table.fault(at, "from" if first is None else "until", "empty, expected a time of day")
        return None
    return (first, last) if last > first else (first, last + 1440)


def _when(table: Table, at: int) -> list[Any]:
    """Weekdays (0 is Monday) or the date of a row."""
    text = table.columns["weekday_or_date"][at] or ""
    ends = [_weekday(part) for part in text.casefold().split("-")]
    if len(ends) <= 2 and None not in ends:
        first, last = ends[0] or 0, ends[-1] or 0
        return [(first + step) % 7 for step in range((last - first) % 7 + 1)]
    try:
        return [day(text)]
    except CellError:
        table.fault(
            at, "weekday_or_date", f"'{text}', expected a weekday, sun-thu or a date as 1999-02-28"
        )
        return []


def _weekday(text: str) -> int | None:
    found = [at for at, name in enumerate(WEEKDAYS) if text.strip() in (name, name[:3])]
    return found[0] if found else None


def known_agents(table: Table, agents: Iterable[str]) -> None:
    """Note every row whose agent is not on the team."""
    team = set(agents)
    for at, key in enumerate(table.columns["agent"]):
        if key and key not in team:
            table.fault(at, "agent", f"'{key}' is not in agents.csv", nearest(key, team))


def read_absences(path: Path, agents: Iterable[str]) -> dict[str, tuple[Away, ...]]:
    """Absences by agent, sorted."""
    table = read_table(path, sheets.ABSENCES)
    known_agents(table, agents)
    kinds = {kind.value: kind for kind in AbsenceKind}
    found: dict[str, list[Away]] = {}
    for at, key in enumerate(table.columns["agent"]):
        first, last = table.columns["start"][at], table.columns["end"][at]
        kind = (table.columns["kind"][at] or "").casefold()
        if kind and kind not in kinds:
            table.fault(at, "kind", f"'{kind}' is no kind of absence", nearest(kind, kinds))
        if first is None or last is None or kind not in kinds:
            continue
        away = replace(_away(first, last, kinds[kind]), hours=table.get("hours")[at])
        if away.end <= away.start:
            table.fault(at, "end", f"{last} is not after {first}")
        found.setdefault(key, []).append(away)
    table.check()
    return {key: tuple(sorted(ones, key=lambda one: one.start)) for key, ones in found.items()}


def _away(first: date, last: date, kind: AbsenceKind) -> Away:
    start = first if isinstance(first, datetime) else datetime.combine(first, time())
    after = datetime.combine(last, time()) + timedelta(days=1)
    end = last if isinstance(last, datetime) else after
    whole = start.date() if start.time() == time() else start.date() + timedelta(days=1)
    days = tuple(whole + timedelta(days=step) for step in range((end.date() - whole).days))
    return Away(start, end, kind, days)


def read_wishes(path: Path, agents: Iterable[str]) -> dict[str, tuple[Wanted, ...]]:
    """Wishes by agent, by date."""
    table = read_table(path, sheets.WISHES)
    known_agents(table, agents)
    kinds = {kind.value: kind for kind in WishKind}
    found: dict[str, list[Wanted]] = {}
    for at, key in enumerate(table.columns["agent"]):
        kind = (table.columns["kind"][at] or "").casefold()
        if kind and kind not in kinds:
            table.fault(at, "kind", f"'{kind}' is no kind of wish", nearest(kind, kinds))
        shape = table.get("shape")[at] or ""
        if kind == WishKind.SHIFT and not shape:
            table.fault(at, "kind", "a wish for a shift names its shape", "fill the column shape")
        weight = table.get("weight")[at]
        day = table.columns["date"][at]
        if kind in kinds and day is not None:
            wanted = Wanted(day, kinds[kind], 1.0 if weight is None else weight, shape)
            found.setdefault(key, []).append(wanted)
    table.check()
    order = lambda one: (one.day, one.kind, one.shape)  # noqa: E731
    return {key: tuple(sorted(ones, key=order)) for key, ones in found.items()}


def with_absences(path: Path, rows: Sequence[Sequence[str]]) -> str:
    """
    The text of an absences file with more rows, whatever else stands in it left as it is.

    ``rows`` are agent, start, end, kind and hours.
    """
    columns = sheets.ABSENCES.columns
    records = [[column.name for column in columns]]
    if path.is_file():
        read_table(path, sheets.ABSENCES).check()  # its faults are told before anything is added
        records = read_records(path)
    header = records[0]
    header += [c.name for c in columns if not any(matches(cell, c) for cell in header)]
    for told in rows:
        of = dict(zip((column.name for column in columns), told, strict=True))
        names = (next((c.name for c in columns if matches(cell, c)), "") for cell in header)
        records.append([of.pop(name, "") for name in names])
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([*row, *[""] * (len(header) - len(row))] for row in records if row)
    return out.getvalue()
