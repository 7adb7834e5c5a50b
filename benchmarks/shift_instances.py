"""
Public shift-scheduling instances of Curtois and Qu (2014): the text, and our problem from it.

Source: Curtois and Qu, Computational results on new staff scheduling benchmark instances
(2014). Day 0 is a Monday.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.shift_rules import KindCap, Minutes, ShortestRun, Succession, Weekends
from wfm.domain.roster import Block, Calendar, Duty, Tour
from wfm.domain.timegrid import DAY, Grid
from wfm.domain.workforce import WORK, Absence, AbsenceKind, Agent, Contract, Pay, Person, Shape
from wfm.rules.book import Book
from wfm.rules.days import ConsecutiveDays
from wfm.rules.entry import Entry
from wfm.rules.person import Absences
from wfm.scheduling.columns import Adds, Covering, Group, Rows
from wfm.scheduling.compiling import compile_rules


@dataclass(frozen=True)
class Member:
    """
    One person, as ``SECTION_STAFF`` and ``SECTION_DAYS_OFF`` describe them.
    """

    name: str
    caps: Mapping[str, int]
    most_minutes: int
    least_minutes: int
    most_run: int
    least_run: int
    least_off: int
    weekends: int
    off: tuple[int, ...] = ()

    @property
    def law(self) -> tuple[int, int, int, int]:
        """What people who are compiled together share."""
        return self.most_run, self.least_run, self.least_off, self.weekends


@dataclass(frozen=True)
class Instance:
    """
    One instance. Requests are by (person, day, kind); needs by (day, kind).
    """

    name: str
    days: int
    minutes: Mapping[str, int]
    forbidden: frozenset[tuple[str, str]]
    staff: tuple[Member, ...]
    wanted: Mapping[tuple[str, int, str], int]
    unwanted: Mapping[tuple[str, int, str], int]
    needs: Mapping[tuple[int, str], tuple[int, int, int]]  # people, price short, price above


def read_instance(path: Path) -> Instance:
    """
    Read the text form.
    """
    parts: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        text = line.strip()
        if text.startswith("SECTION_"):
            rows = parts.setdefault(text.removeprefix("SECTION_"), [])
        elif text and not text.startswith("#"):
            rows.append([cell.strip() for cell in text.split(",")])
    off = {row[0]: tuple(int(day) for day in row[1:] if day) for row in parts.get("DAYS_OFF", [])}
    shifts = parts["SHIFTS"]
    return Instance(
        name=path.stem,
        days=int(parts["HORIZON"][0][0]),
        minutes={row[0]: int(row[1]) for row in shifts},
        forbidden=frozenset(
            (row[0], after) for row in shifts for after in "".join(row[2:3]).split("|") if after
        ),
        staff=tuple(_member(row, off.get(row[0], ())) for row in parts["STAFF"]),
        wanted=_requests(parts.get("SHIFT_ON_REQUESTS", [])),
        unwanted=_requests(parts.get("SHIFT_OFF_REQUESTS", [])),
        needs={
            (int(row[0]), row[1]): (int(row[2]), int(row[3]), int(row[4])) for row in parts["COVER"]
        },
    )


def _member(row: Sequence[str], off: tuple[int, ...]) -> Member:
    caps = dict(part.split("=") for part in row[1].split("|") if part)
    numbers = [int(cell) for cell in row[2:8]]
    return Member(row[0], {kind: int(most) for kind, most in caps.items()}, *numbers, off=off)


def _requests(rows: Sequence[Sequence[str]]) -> dict[tuple[str, int, str], int]:
    return {(row[0], int(row[1]), row[2]): int(row[3]) for row in rows}


@dataclass(frozen=True)
class Case:
    """
    An instance as our problem: rules in a book for each group of people, tours to fill.
    """

    instance: Instance
    books: tuple[Book, ...]
    tours: tuple[tuple[Tour, ...], ...]  # by group, without duties
    catalogue: tuple[tuple[Duty, ...], ...]
    covering: Covering
    constant: int  # what all wanted shifts cost together; each one worked gives its part back

    def filled(self, group: int, person: int, tour: Sequence[int]) -> Tour:
        """A person's tour from the option of each day, 0 the day off."""
        duties = [self.catalogue[day][one - 1] for day, one in enumerate(tour) if one > 0]
        blank = self.tours[group][person]
        return Tour(blank.person, blank.calendar, tuple(duties))


def case(instance: Instance) -> Case:
    """
    Say an instance in our words.
    """
    grid = Grid(date(2024, 1, 1), instance.days, 60)
    calendar = Calendar(grid)
    kinds = list(instance.minutes)
    catalogue = tuple(
        tuple(
            Duty(day, (Block(day * DAY, day * DAY + instance.minutes[kind], WORK),), kind)
            for kind in kinds
            if (day, kind) in instance.needs
        )
        for day in range(instance.days)
    )
    slots = {slot: at for at, slot in enumerate(sorted(instance.needs))}
    books, tours, groups = [], [], []
    for law in dict.fromkeys(member.law for member in instance.staff):
        members = [member for member in instance.staff if member.law == law]
        book = _book(instance, members)
        blank = tuple(Tour(_person(member), calendar) for member in members)
        compiled = compile_rules(book, blank, catalogue)
        names = tuple(member.name for member in members)
        cost = np.array([_asked(instance, member, catalogue) for member in members])
        groups.append(Group(compiled, names, _adds(catalogue, slots), cost))
        books.append(book)
        tours.append(blank)
    needs = np.array([instance.needs[slot] for slot in slots], dtype=np.float64)
    rows = Rows(needs[:, 0].copy(), needs[:, 1].copy(), needs[:, 2].copy())
    return Case(
        instance,
        tuple(books),
        tuple(tours),
        catalogue,
        Covering(tuple(groups), rows),
        sum(instance.wanted.values()),
    )


def _book(instance: Instance, members: Sequence[Member]) -> Book:
    most_run, least_run, least_off, weekends = members[0].law
    minutes = tuple((one.name, one.least_minutes, one.most_minutes) for one in members)
    entries = [
        Entry("SUCCESSION", Succession(instance.forbidden)),
        Entry("LONGEST-RUN", ConsecutiveDays(most_run)),
        Entry("SHORTEST-RUN", ShortestRun(least_run, work=True)),
        Entry("SHORTEST-OFF", ShortestRun(least_off, work=False)),
        Entry("WEEKENDS", Weekends(weekends)),
        Entry("OFF", Absences()),
        Entry("MINUTES", Minutes(minutes)),
    ]
    for kind in instance.minutes:
        caps = tuple((one.name, 0, one.caps.get(kind, instance.days)) for one in members)
        entries.append(Entry(f"CAP-{kind}", KindCap(caps, kind)))
    return Book(instance.name, tuple(entries))


def _person(member: Member) -> Person:
    shape = Shape("any", (0, 0), (60,))  # contracts must have one; the catalogue has the shifts
    agent = Agent(member.name, Contract("any", 0, 7, (shape,), Pay("none", 0)))
    away = [Absence(day * DAY, (day + 1) * DAY, AbsenceKind.LEAVE) for day in sorted(member.off)]
    return Person(agent, absences=tuple(away))


def _asked(instance: Instance, member: Member, catalogue: Sequence[Sequence[Duty]]) -> np.ndarray:
    """What requests charge for each option; a wanted shift gives back what it would cost."""
    cost: list[int] = []
    for day, duties in enumerate(catalogue):
        cost.append(0)
        for duty in duties:
            key = member.name, day, duty.shape
            cost.append(instance.unwanted.get(key, 0) - instance.wanted.get(key, 0))
    return np.array(cost, dtype=np.float64)


def _adds(catalogue: Sequence[Sequence[Duty]], slots: Mapping[tuple[int, str], int]) -> Adds:
    counts: list[int] = []
    rows: list[int] = []
    for day, duties in enumerate(catalogue):
        counts.append(0)
        for duty in duties:
            counts.append(1)
            rows.append(slots[day, duty.shape])
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Adds(first, np.array(rows, dtype=np.int64), np.ones(len(rows)))
