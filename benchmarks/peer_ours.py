"""
Our side of what pyworkforce can express; see ``peer_cases``.

    python -m benchmarks.peer_ours rosters --people 100 --shifts 20 --cpu-seconds 20

Rosters go through column generation over whole tours, breaks through the week's scheduler,
shift counts through it as well, as people who may work one shift a day and need not.
Prints one JSON line; the answer is checked by its own arithmetic before it is told.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from datetime import date
from typing import Any

import numpy as np

from benchmarks.peer_cases import (
    HOURS,
    LEAST_DAYS,
    break_case,
    count_case,
    roster_case,
)
from benchmarks.shift_instances import Instance, Member, case
from wfm.domain.demand import Queue
from wfm.domain.promise import QueueRequirement, Requirement
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import Agent, Break, Contract, Pay, Person, Shape
from wfm.rules.book import Book, house_rules
from wfm.rules.entry import Entry
from wfm.rules.rest import NoOverlap
from wfm.scheduling.problem import Problem
from wfm.scheduling.rostering import compile_kernels, roster_by_columns
from wfm.scheduling.schedule import schedule

MISSING = 10_000  # hours charged for a person who is missing: cover is hard for the peer


def rosters(people: int, shifts: int, cpu: float) -> dict[str, Any]:
    """Named people on days and shifts, fewest hours."""
    asked = roster_case(people, shifts)
    days, names = asked.required.shape[1], [f"s{number}" for number in range(shifts)]
    free = (days, 1, 1, days)
    staff = tuple(
        Member(f"p{n:04d}", {}, 60 * HOURS * days, 60 * HOURS * LEAST_DAYS, *free)
        for n in range(people)
    )
    hours = {(one.name, day, kind): HOURS for one in staff for day in range(days) for kind in names}
    needs = {
        (day, kind): (int(asked.required[at, day]), MISSING, 0)
        for at, kind in enumerate(names)
        for day in range(days)
    }
    instance = Instance(
        "peer", days, dict.fromkeys(names, 60 * HOURS), frozenset(), staff, {}, hours, needs
    )
    problem = case(instance)
    compile_kernels(problem.covering)
    began = time.process_time()
    found = roster_by_columns(
        problem.covering, seed=1, clock=lambda: (time.process_time() - began) / cpu
    )
    used = time.process_time() - began
    worked = np.zeros_like(asked.required)
    for tour in found.tours:
        for day, option in enumerate(tour):
            if option > 0:
                worked[option - 1, day] += 1
    if (found.tours > 0).sum(axis=1).min() < LEAST_DAYS:
        raise AssertionError("somebody works too few days")
    missing = int(np.maximum(asked.required - worked, 0).sum())
    total = HOURS * int(worked.sum())
    return {"objective": total, "missing": missing, "bound": found.bound, "cpu_s": round(used, 1)}


def week(need: np.ndarray, staff: tuple[Person, ...], cpu: float) -> dict[str, Any]:
    """Heads covered in every period, int [days, periods], at least pay."""
    grid = Grid(date(2024, 1, 1), len(need), 15)
    heads, zeros = need.ravel().astype(float), np.zeros(need.size)
    line = QueueRequirement("a", heads, zeros + 300, heads, heads, heads, *[zeros] * 5)
    opened = np.ones(need.size, dtype=bool)
    requirement = Requirement(grid, {"a": line}, {"a": opened})
    queues = {"a": Queue("a")}
    own = [entry for entry in house_rules(queues.values()) if entry.code != "CONTRACT-DAYS"]
    book = Book("peer", (Entry("NO-OVERLAP", NoOverlap()), *own))
    problem = Problem(requirement, queues, staff, book)
    schedule(Problem(requirement, queues, staff[:2], book), effort=0.01)  # compiles
    began = time.process_time()
    plan = schedule(
        problem,
        seed=1,
        effort=max(0.05, cpu / (9 + 0.2 * len(staff))),
        stop=lambda: time.process_time() - began > 0.9 * cpu,
    )
    used = time.process_time() - began
    short = np.maximum(heads - plan.cover["a"], 0).sum() / 4
    return {
        "objective": plan.cost.pay / 100,
        "missing_hours": round(float(short), 2),
        "bound": round(plan.bound / 100, 2),
        "gap": round(plan.gap, 5),
        "cpu_s": round(used, 1),
    }


def breaks(people: int, cpu: float) -> dict[str, Any]:
    """A start for every break of everybody."""
    asked = break_case(people)
    pauses = tuple(
        Break(f"b{at}", 15 * length, after=15 * after, before=15 * before, apart=0, paid=True)
        for at, (length, after, before) in enumerate(asked.breaks)
    )
    staff = []
    for (first, _), count in zip(asked.shifts, asked.people, strict=True):
        shape = Shape(f"s{first}", (15 * first, 15 * first), (60 * HOURS,), pauses)
        contract = Contract(shape.name, HOURS * asked.days, 7, (shape,), Pay("base", 100))
        staff += [
            Person(Agent(f"{shape.name}-{n:03d}", contract, skills={"a": 1.0}))
            for n in range(count)
        ]
    return week(np.tile(asked.need, (asked.days, 1)), tuple(staff), cpu)


def counts(cpu: float) -> dict[str, Any]:
    """Fewest hours on shifts that cover every period."""
    asked = count_case()
    lengths = sorted({15 * (last - first) for first, last in asked.shifts})
    shapes = tuple(
        Shape(f"l{length}", (360, 22 * 60 - length), (length,), step=30) for length in lengths
    )
    contract = Contract("free", 28, 7, shapes, Pay("base", 100), tolerance=28)
    staff = tuple(
        Person(Agent(f"p{n:03d}", contract, skills={"a": 1.0}))
        for n in range(int(1.6 * asked.need.max()))
    )
    return week(asked.need, staff, cpu)


def main() -> None:
    """Run one kind of case."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("kind", choices=("counts", "rosters", "breaks"))
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--shifts", type=int, default=20)
    parser.add_argument("--cpu-seconds", type=float, default=20)
    asked = parser.parse_args()
    if asked.kind == "counts":
        found = counts(asked.cpu_seconds)
    elif asked.kind == "rosters":
        found = rosters(asked.people, asked.shifts, asked.cpu_seconds)
    else:
        found = breaks(asked.people, asked.cpu_seconds)
    print(
        json.dumps(
            found | {"rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)}
        )
    )


if __name__ == "__main__":
    main()
