"""
Simulated calls per second of CPU time, and how near the truth plans are.

    python -m benchmarks.simulation [--all] [--only WORDS]

Appends to ``benchmarks/simulation.csv``. With ``--all`` the error grid and the replay of
real calls run too; that takes about an hour. ``--only "1300 people, cv 0.0"`` runs the rows
of the grid whose name holds these words, and nothing else.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import statistics
import time
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from pathlib import Path

import numpy as np

from benchmarks import simulation_grid, simulation_replay
from wfm import __version__
from wfm.domain.demand import Forecast, Queue, QueueForecast
from wfm.domain.promise import ServiceLevel
from wfm.domain.roster import Block, Calendar, Duty, Roster, Tour
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import WORK, Activity, Agent, Contract, Pay, Person, Shape
from wfm.simulation.simulate import simulate

TABLE = Path(__file__).with_suffix(".csv")
RUNS = 5  # of each timing; the median counts
COLUMNS = ("date", "version", "machine", "what", "figure", "unit", "to_reach")
LUNCH = Activity("lunch", paid=False, work=False)
CONTRACT = Contract("any", 40, 5, (Shape("day", (0, 0), (480,)),), Pay("base", 2000))


def week(people: int, contacts: float, skilled: bool) -> tuple[Roster, Forecast, dict[str, Queue]]:
    """A week from 7 to 23 o'clock with lunches; half of the people have two skills."""
    grid = Grid(date(2024, 1, 1), 7, 30)
    opened = (grid.clock >= 7 * 60) & (grid.clock < 23 * 60)
    names = ("a", "b") if skilled else ("a",)
    demand = {}
    for name in names:
        column = np.where(opened, contacts * (1.0 if name == "a" else 0.25), 0.0)
        spread = np.full(grid.n, 0.1)
        demand[name] = QueueForecast(
            name, column, column, column, column, column, np.full(grid.n, 230.0), spread, spread
        )
    promise = ServiceLevel(share=0.8, threshold=20)
    queues = {name: Queue(name, patience_s=300, promises=(promise,)) for name in names}
    tours = []
    for k in range(people):
        served = (("a",), ("a", "b"), ("a",), ("b", "a"))[k % 4] if skilled else ("a",)
        duties = []
        for day in (d for d in range(7) if (d + k) % 7 < 5):
            start = day * 1440 + (420 if k % 2 else 840) + 30 * (k % 3)
            noon = start + 180 + 30 * (k % 5)
            blocks = (
                Block(start, noon, WORK, served),
                Block(noon, noon + 30, LUNCH),
                Block(noon + 30, start + 510, WORK, served),
            )
            duties.append(Duty(day, blocks))
        agent = Agent(f"x{k:04d}", CONTRACT, skills=dict.fromkeys(names, 1.0))
        tours.append(Tour(Person(agent), Calendar(grid), tuple(duties)))
    return Roster(grid, tuple(tours)), Forecast(grid, demand, dict.fromkeys(names, opened)), queues


def speed(people: int, contacts: float, skilled: bool, replications: int) -> float:
    """Simulated calls per second of CPU, median of runs: scenarios, draws, play, counts."""
    roster, forecast, queues = week(people, contacts, skilled)
    simulate(roster, forecast, queues, replications=2)  # compiled code is loaded here
    found = []
    for _ in range(RUNS):
        begun = time.process_time()
        result = simulate(roster, forecast, queues, replications=replications)
        seconds = time.process_time() - begun
        calls = replications * sum(float(q.offered.sum()) for q in result.queues.values())
        found.append(calls / seconds)
    return statistics.median(found)


def speeds() -> Iterator[tuple[str, float, str, str]]:
    """The rows of speed."""
    for people, contacts, skilled, replications in (
        (25, 25, False, 400),
        (300, 300, False, 60),
        (1300, 1300, False, 60),
        (25, 15, True, 400),
        (200, 180, True, 60),
        (1300, 1100, True, 60),
    ):
        kind = "two queues, two skills" if skilled else "one queue"
        aim = "3000000" if skilled else "5000000"
        figure = round(speed(people, contacts, skilled, replications))
        yield f"{kind}, {people} people", figure, "calls per CPU second", aim


def truths(only: str) -> Iterator[tuple[str, float, str, str]]:
    """The rows of the error grid."""
    for cell in simulation_grid.cells():
        if only not in cell.name:
            continue
        row = cell.row()
        for name, words in (
            ("error", "printed"),
            ("error_targets", "last curves alone"),
            ("error_formulas", "formulas alone"),
        ):
            for error in str(row[name]).split():
                goal = f"{cell.aim}" if name == "error" else ""
                yield f"{words} less simulated: {cell.name}", float(error), "points", goal
        told = f"half-width of simulated: {cell.name}"
        yield told, float(str(row["half_width"])), "points", f"{cell.narrow}"


def replayed() -> Iterator[tuple[str, float, str, str]]:
    """The rows of the replay."""
    found = simulation_replay.replay()
    yield "replay, February: service level", found["error_sl20"], "points", "3"
    yield "replay, February: abandonment", found["error_abandonment"], "points", "1"


def main() -> None:
    """Measure, print, append."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="the error grid and the replay too")
    parser.add_argument("--only", help="rows of the error grid with these words in their name")
    given = parser.parse_args()
    rows: Iterable[tuple[str, float, str, str]] = speeds()
    if given.only is not None:
        rows = truths(given.only)
    elif given.all:
        rows = chain(speeds(), truths(""), replayed())
    machine = f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}"
    new = not TABLE.exists()
    with TABLE.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(COLUMNS)
        for what, figure, unit, aim in rows:
            row = (date.today().isoformat(), __version__, machine, what, figure, unit, aim)
            writer.writerow(row)
            file.flush()
            print(json.dumps(dict(zip(COLUMNS, row, strict=True))), flush=True)


if __name__ == "__main__":
    main()
