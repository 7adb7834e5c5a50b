"""
Best tour of one person: tables compiled from rules against a programme written by hand.

    python -m benchmarks.rules [--rounds 30] [-o benchmarks/rules.csv]

Both read the same twelve rules, duties and prices, and must find the same value. The
programme by hand (``by_hand``) knows these rules and no others: its states are the days in
a row, the days of the week, late shifts in a row, the end of the last duty and the
minutes of the week, and it takes running maxima over the ends as a careful author would.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numba import njit

from wfm import __version__
from wfm.domain.demand import Queue
from wfm.domain.roster import Block, Calendar, Duty, Tour
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import (
    WORK,
    Absence,
    AbsenceKind,
    Activity,
    Agent,
    Contract,
    Pay,
    Person,
    Shape,
)
from wfm.rules.book import Book, load_preset
from wfm.rules.days import ConsecutiveDays, DaysPerWeek
from wfm.rules.entry import Entry
from wfm.rules.holidays import ClosedWeekdays
from wfm.rules.hours import ContractHours, WeeklyMaximum
from wfm.rules.lengths import Amplitude, DutyMaximum
from wfm.rules.patterns import ForbiddenSuccession, KindsInARow
from wfm.rules.person import Absences
from wfm.rules.rest import DailyRest, NoOverlap
from wfm.scheduling.compiling import Catalogue, Compiled, compile_rules

UNIT = 30  # minutes of a step of weekly hours
NEVER = -1e18
RULES = (
    NoOverlap(),
    DailyRest(11),
    ConsecutiveDays(6),
    DaysPerWeek(5),
    KindsInARow(("late",), 3),
    ForbiddenSuccession(("late",), ("early",)),
    DutyMaximum(10),
    Amplitude(13),
    ClosedWeekdays(frozenset({"sunday"})),
    Absences(),
    ContractHours(),
    WeeklyMaximum(48),
)
LUNCH = Activity("lunch", paid=False, work=False, pause=True)


def duty(calendar: Calendar, day: int, start: int, paid: int) -> Duty:
    """A shift with an hour's lunch in its middle."""
    at, half = calendar.midnight(day) + start, paid // 2 // 15 * 15
    blocks = (
        Block(at, at + half, WORK),
        Block(at + half, at + half + 60, LUNCH),
        Block(at + half + 60, at + paid + 60, WORK),
    )
    kind = "early" if start < 480 else "late" if start >= 780 else "day"
    return Duty(day, blocks, kind)


@dataclass(frozen=True)
class Instance:
    """One person, the duties of every day, and what each is worth in cents."""

    tour: Tour
    duties: Catalogue
    values: tuple[np.ndarray, ...]  # float64 by day; [0] is the day off
    book: Book


def instance(days: int, seed: int = 7) -> Instance:
    """Three hundred duties a day, from 6:00 to 20:45, of 6 to 8 hours."""
    calendar = Calendar(Grid(date(2026, 11, 23), days, 15))
    shape = Shape("any", (360, 360), (480,))
    terms = Contract("full", 35, 5, (shape,), Pay("base", 1500), tolerance=1.0)
    away = (Absence(calendar.midnight(3), calendar.midnight(4), AbsenceKind.LEAVE),)
    someone = Person(Agent("ann", terms, skills={"bank": 1.0}), absences=away, credit={3: 420})
    lengths = (360, 390, 420, 450, 480)
    duties = tuple(
        tuple(duty(calendar, day, 360 + 15 * step, paid) for step in range(60) for paid in lengths)
        for day in range(days)
    )
    stream = np.random.default_rng(seed)
    values = tuple(
        np.concatenate([[0.0], stream.normal(0, 3000, len(menu)).round()]) for menu in duties
    )
    book = Book("bench", tuple(Entry(f"R{at}", rule) for at, rule in enumerate(RULES)))
    return Instance(Tour(someone, calendar), duties, values, book)


# --- from compiled tables ----------------------------------------------------------------


@dataclass(frozen=True)
class Flat:
    """
    Compiled tables laid out for the kernel.

    A *set* is a set of nodes that share their way on; a set may extend another, so that its
    running maximum starts from that one's. An *arc* leads from a set to a node by the best
    option of a *bunch*: options of one class and one length.
    """

    set_first: np.ndarray  # by day
    parent: np.ndarray
    member_first: np.ndarray
    member: np.ndarray
    arc_first: np.ndarray  # by day
    arc: np.ndarray  # [arcs, 4]: set, target, units, bunch
    bunch: tuple[np.ndarray, ...]  # by day: bunch of each option, -1 where it cannot be taken
    bunches: int
    nodes: int
    start: int
    low: np.ndarray  # by day: least units where a week ends, -1 elsewhere
    high: np.ndarray
    most: int


def flattened(tables: Compiled) -> Flat:
    """Sets, arcs and bunches of compiled tables with one weekly sum."""
    terms = tables.terms["ann"]
    hours, low, high, most = _weekly(tables)
    sets, parents, members, arcs = [0], [], [], [0]
    rows, bunches, widest, nodes = [], [], 1, 1
    for day, layer in enumerate(tables.layers):
        units = hours[day] // UNIT
        allowed = terms.allowed[day]
        number: dict[tuple[int, int], int] = {}
        bunch = np.full(len(units), -1, dtype=np.int64)
        for k in np.flatnonzero(allowed):
            key = (int(layer.classes[k]), int(units[k]))
            bunch[k] = number.setdefault(key, len(number))
        bunches.append(bunch)
        widest, nodes = max(widest, len(number)), max(nodes, layer.nodes)
        known: dict[frozenset[int], int] = {}
        ways: list[tuple[frozenset[int], int, int, int]] = []
        for (column, unit), at in number.items():
            for target in np.unique(layer.target[:, column]):
                if target >= 0:
                    found = frozenset(np.flatnonzero(layer.target[:, column] == target).tolist())
                    ways.append((found, int(target), unit, at))
        ordered = sorted({way[0] for way in ways}, key=lambda one: (len(one), sorted(one)))
        for one in ordered:
            inside = [other for other in known if other < one]
            best = max(inside, key=len, default=None)
            known[one] = len(known)
            parents.append(-1 if best is None else known[best] + sets[-1])
            members.append(sorted(one - best) if best else sorted(one))
        for found, target, unit, at in sorted(ways, key=lambda way: (known[way[0]], way[1:])):
            rows.append((known[found] + sets[-1], target, unit, at))
        sets.append(sets[-1] + len(known))
        arcs.append(len(rows))
    return Flat(
        set_first=np.array(sets),
        parent=np.array(parents),
        member_first=np.concatenate([[0], np.cumsum([len(one) for one in members])]),
        member=np.array([node for one in members for node in one]),
        arc_first=np.array(arcs),
        arc=np.array(rows),
        bunch=tuple(bunches),
        bunches=widest,
        nodes=nodes,
        start=terms.start,
        low=low,
        high=high,
        most=most,
    )


def _weekly(tables: Compiled) -> tuple[tuple[np.ndarray, ...], np.ndarray, np.ndarray, int]:
    """The week's hours: sums over the same amounts take the tighter bound."""
    terms = tables.terms["ann"]
    first = tables.sums[0]
    days = len(tables.layers)
    low, high = np.full(days, -1), np.full(days, -1)
    for row, bounds in zip(tables.sums, terms.bounds, strict=True):
        same = zip(row.amounts, first.amounts, strict=True)
        assert all(np.array_equal(a, b) for a, b in same)
        for bound in bounds:
            least, most = bound.at_least or 0, bound.at_most or 10**6
            low[bound.last] = max(low[bound.last], -(-least // UNIT))
            top = most // UNIT
            high[bound.last] = top if high[bound.last] < 0 else min(high[bound.last], top)
    return first.amounts, low, high, int(high.max())


@njit(cache=True)
def compiled_best(set_first, parent, member_first, member, arc_first, arc, best, nodes, start,
                  low, high, most):  # fmt: skip
    """Value of the best tour; ``best[day, bunch]`` is the best option's value."""
    days = set_first.shape[0] - 1
    now = np.full((nodes + 1, most + 1), NEVER)
    now[start, 0] = 0.0
    running = np.empty((np.max(set_first[1:] - set_first[:-1]), most + 1))
    for day in range(days):
        for s in range(set_first[day], set_first[day + 1]):
            row = s - set_first[day]
            if parent[s] >= 0:
                running[row] = running[parent[s] - set_first[day]]
            else:
                running[row] = NEVER
            for m in range(member_first[s], member_first[s + 1]):
                source = now[member[m]]
                for u in range(most + 1):
                    if source[u] > running[row, u]:
                        running[row, u] = source[u]
        then = np.full((nodes + 1, most + 1), NEVER)
        for a in range(arc_first[day], arc_first[day + 1]):
            row = running[arc[a, 0] - set_first[day]]
            target = then[arc[a, 1]]
            shift, value = arc[a, 2], best[day, arc[a, 3]]
            for u in range(most + 1 - shift):
                worth = row[u] + value
                if worth > target[u + shift]:
                    target[u + shift] = worth
        if low[day] >= 0:
            for n in range(nodes + 1):
                top = NEVER
                for u in range(low[day], high[day] + 1):
                    top = max(top, then[n, u])
                then[n] = NEVER
                then[n, 0] = top
        now = then
    return now.max()


@njit(cache=True)
def bunch_values(bunch, values, bunches):
    """The best value of each bunch on each day."""
    best = np.full((bunch.shape[0], bunches), NEVER)
    for day in range(bunch.shape[0]):
        for k in range(bunch.shape[1]):
            at = bunch[day, k]
            if at >= 0 and values[day, k] > best[day, at]:
                best[day, at] = values[day, k]
    return best


# --- by hand -------------------------------------------------------------------------------


@njit(cache=True)
def by_hand(start, end, late, early, units, allowed, values, low, high, most):
    """
    The same twelve rules in one programme; duties are sorted by start, the same each day.

    ``end`` and ``start`` are minutes of the day. State: ``run`` days in a row, ``week`` days
    of the week, ``lates`` late shifts in a row, and for each, by rank of its end, the best
    value by units; rank 0 is a day off.
    """
    days, count = values.shape[0], start.shape[0]
    ends = np.unique(end)
    rank = np.searchsorted(ends, end) + 1
    ranks = ends.shape[0] + 1
    # duties that may follow: those that start at least 11 h after the last one's end
    reach = np.searchsorted(ends, start + 1440 - 660, side="right") + 1
    # blocks are cleared when they come alive, never all at once
    now = np.empty((7, 6, 4, ranks, most + 1))
    spare = np.empty((7, 6, 4, ranks, most + 1))
    other = np.empty((7, 6, 4, ranks, most + 1))
    live = np.zeros((7, 6, 4), dtype=np.bool_)
    now[0, 0, 0] = NEVER
    now[0, 0, 0, 0, 0] = 0.0
    live[0, 0, 0] = True
    running = np.empty((ranks, most + 1))
    for day in range(days):
        then, spare = spare, now
        alive = np.zeros((7, 6, 4), dtype=np.bool_)
        for run in range(7):
            for week in range(6):
                for lates in range(4):
                    if not live[run, week, lates]:
                        continue
                    block = spare[run, week, lates]
                    running[0] = block[0]
                    for r in range(1, ranks):
                        for u in range(most + 1):
                            running[r, u] = max(running[r - 1, u], block[r, u])
                    if not alive[0, week, 0]:
                        then[0, week, 0] = NEVER
                        alive[0, week, 0] = True
                    rest, value = then[0, week, 0, 0], values[day, 0]
                    for u in range(most + 1):
                        rest[u] = max(rest[u], running[ranks - 1, u] + value)
                    if run == 6 or week == 5:
                        continue
                    for k in range(count):
                        if not allowed[day, k + 1]:
                            continue
                        if late[k] and lates == 3:
                            continue
                        if early[k] and lates > 0:
                            continue
                        after = lates + 1 if late[k] else 0
                        target = then[run + 1, week + 1, after, rank[k]]
                        if not alive[run + 1, week + 1, after]:
                            then[run + 1, week + 1, after] = NEVER
                            alive[run + 1, week + 1, after] = True
                        row, shift, value = running[reach[k] - 1], units[k], values[day, k + 1]
                        for u in range(most + 1 - shift):
                            worth = row[u] + value
                            if worth > target[u + shift]:
                                target[u + shift] = worth
        if low[day] >= 0:
            closed = other
            ended = np.zeros((7, 6, 4), dtype=np.bool_)
            for run in range(7):
                for week in range(6):
                    for lates in range(4):
                        if not alive[run, week, lates]:
                            continue
                        if not ended[run, 0, lates]:
                            closed[run, 0, lates] = NEVER
                            ended[run, 0, lates] = True
                        for r in range(ranks):
                            top = NEVER
                            for u in range(low[day], high[day] + 1):
                                top = max(top, then[run, week, lates, r, u])
                            closed[run, 0, lates, r, 0] = max(top, closed[run, 0, lates, r, 0])
            then, other, alive = closed, then, ended
        now, live = then, alive
    best = NEVER
    for run in range(7):
        for week in range(6):
            for lates in range(4):
                if live[run, week, lates]:
                    best = max(best, now[run, week, lates].max())
    return best


# --- the race --------------------------------------------------------------------------------


def race(days: int, rounds: int) -> dict[str, object]:
    """Both programmes on one instance: value, and milliseconds of CPU a call."""
    case = instance(days)
    began = time.process_time()
    tables = compile_rules(case.book, [case.tour], case.duties)
    seconds = time.process_time() - began
    flat = flattened(tables)
    bunch, values = np.array(flat.bunch), np.array(case.values)

    def from_tables() -> float:
        best = bunch_values(bunch, values, flat.bunches)
        return compiled_best(
            *(flat.set_first, flat.parent, flat.member_first, flat.member, flat.arc_first),
            *(flat.arc, best, flat.nodes, flat.start, flat.low, flat.high, flat.most),
        )

    menu, calendar = case.duties[0], case.tour.calendar
    start = np.array([one.start for one in menu])
    end = np.array([one.end for one in menu])
    allowed = np.array(tables.terms["ann"].allowed)
    late = np.array([one.shape == "late" for one in menu])
    early = np.array([one.shape == "early" for one in menu])
    units = np.array([one.paid // UNIT for one in menu])
    assert calendar.midnight(1) == 1440

    def hand() -> float:
        return by_hand(
            start, end, late, early, units, allowed, values, flat.low, flat.high, flat.most
        )

    assert from_tables() == hand()
    return {
        "days": days,
        "rules": len(RULES),
        "duties": len(menu),
        "nodes": max(layer.nodes for layer in tables.layers),
        "value": hand(),
        "compile_s": round(seconds, 3),
        "compiled_ms": round(_milliseconds(from_tables, rounds), 3),
        "hand_ms": round(_milliseconds(hand, rounds), 3),
    }


def _milliseconds(call, rounds: int) -> float:
    """The median of CPU time a call."""
    found = []
    for _ in range(rounds):
        began = time.process_time()
        call()
        found.append(time.process_time() - began)
    return 1000 * float(np.median(found))


def compile_preset(name: str, days: int, cache: Path) -> list[float]:
    """CPU seconds to compile a preset, and to read it from the cache again."""
    case = instance(days)
    book = load_preset(name, queues=(Queue("bank"),))
    seconds = []
    for _ in range(2):
        began = time.process_time()
        compile_rules(book, [case.tour], case.duties, cache=cache)
        seconds.append(round(time.process_time() - began, 3))
    return seconds


def check_team(folder: Path, people: int = 1300, weeks: int = 4) -> float:
    """CPU seconds of ``wfm check`` on a table of shifts, reading and writing included."""
    from wfm.commands import run

    stream = np.random.default_rng(1)
    lines = ["agent,shift_start,shift_end,work_minutes"]
    for agent in range(people):
        for day in range(7 * weeks):
            if day % 7 < 5:
                start = np.datetime64("2026-11-23T07:00") + np.timedelta64(1440 * day, "m")
                start += np.timedelta64(60 * int(stream.integers(0, 5)), "m")
                lines.append(f"A{agent:04d},{start},{start + np.timedelta64(480, 'm')},420")
    plan = folder / "plan.csv"
    plan.write_text("\n".join(lines), encoding="utf-8")
    began = time.process_time()
    run(
        ["check", str(plan), "--rules", "fr-2098", "--format", "json", "-o", str(folder / "o.json")]
    )
    return round(time.process_time() - began, 3)


def main() -> None:
    """Race on 7 and 28 days, compile the largest preset, check a large team; append."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("-o", "--output", type=Path, default=Path("benchmarks/rules.csv"))
    given = parser.parse_args()
    rows: list[tuple[object, ...]] = []
    for days, most in ((7, 1.2), (28, 1.0)):
        found = race(days, given.rounds)
        factor = round(float(found["compiled_ms"]) / float(found["hand_ms"]), 3)
        what = f"best tour, {days} days, 12 rules, 300 duties"
        rows.append((f"{what}: compiled", found["compiled_ms"], "CPU ms", ""))
        rows.append((f"{what}: by hand", found["hand_ms"], "CPU ms", ""))
        rows.append((f"{what}: factor", factor, "", most))
        print(json.dumps(found | {"factor": factor}))
    with tempfile.TemporaryDirectory() as name:
        fresh, kept = compile_preset("fr-2098", 28, Path(name))
        rows.append(("compile fr-2098, 28 days, 300 duties", fresh, "CPU s", 10))
        rows.append(("the same from the cache", kept, "CPU s", 0.1))
        checked = check_team(Path(name))
        rows.append(("check 1,300 people, 4 weeks, fr-2098", checked, "CPU s", 3))
    machine = f"{platform.machine()}, {os.cpu_count()} cores"
    stamp = (date.today().isoformat(), __version__, machine)
    new = not given.output.exists()
    with given.output.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(["date", "version", "machine", "what", "figure", "unit", "to_reach"])
        writer.writerows((*stamp, *row) for row in rows)
    for row in rows:
        print(*row)


if __name__ == "__main__":
    main()
