"""
The closed forms against fifty digits, and what staffing costs in CPU time.

    python -m benchmarks.staffing [--peers]

Appends to ``benchmarks/staffing.csv``; takes about a minute. ``--peers`` times ciw, simpy and
pyworkforce beside our own answers, those that are installed (see ``peer_queueing``), and
nothing else.
"""

from __future__ import annotations

import argparse
import csv
import math
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import mpmath
import numpy as np

from benchmarks import peer_queueing
from wfm import __version__
from wfm.domain.calibration import Shrinkage
from wfm.domain.demand import Forecast, Queue, QueueForecast
from wfm.domain.promise import AnswerRate, Period, ServiceLevel
from wfm.domain.timegrid import Grid
from wfm.staffing.erlang import batch
from wfm.staffing.erlang.kernels import impatient
from wfm.staffing.erlang.models import erlang_b, erlang_c
from wfm.staffing.sizing import size

TABLE = Path(__file__).with_suffix(".csv")
COLUMNS = ("date", "version", "machine", "what", "figure", "unit", "to_reach", "best_peer")
RUNS = 5  # of each timing; the median counts
Row = tuple[str, float, str, str, str]


def exact_b(load: float, agents: float) -> mpmath.mpf:
    """Erlang B by the incomplete gamma function."""
    a, n = mpmath.mpf(load), mpmath.mpf(agents)
    return 1 / (mpmath.exp(a) * a**-n * mpmath.gammainc(n + 1, a))


def exact_a(load: float, agents: float, patience: float, threshold: float) -> list[mpmath.mpf]:
    """Erlang A by Kummer's function: wait, abandoned, late, answered late."""
    a, n, p, t = (mpmath.mpf(value) for value in (load, agents, patience, threshold))
    states, z, x = n * p, a * p, t / p
    later = z * mpmath.exp(-x)

    def total(first: mpmath.mpf, at: mpmath.mpf) -> mpmath.mpf:
        return mpmath.hyp1f1(1, first + 1, at, maxterms=10**6)

    whole = total(states, z)
    wait = whole / (whole + 1 / exact_b(load, agents) - 1)
    tail = wait * mpmath.exp(z - later - states * x) / whole
    return [
        wait,
        wait * (1 - states / z * (whole - 1) / whole),
        tail * total(states, later),
        tail * mpmath.exp(-x) * states / (states + 1) * total(states + 1, later),
    ]


def precision() -> Iterator[Row]:
    """Largest errors over loads from a hundredth of an erlang to 100,000."""
    mpmath.mp.dps = 60
    draw = random.Random(1)
    worst_b = worst_c = worst_a = 0.0
    for _ in range(300):
        load = 10 ** draw.uniform(-2, 5)
        agents = max(0.2, load + draw.uniform(-4, 4) * math.sqrt(load))
        if draw.random() < 0.5:
            agents = float(max(1, round(agents)))
        exact = exact_b(load, agents)
        worst_b = max(worst_b, float(abs(erlang_b(load, agents) / exact - 1)))
        if agents > load:
            rho = mpmath.mpf(load) / agents
            c = 1 / (rho + (1 - rho) / exact)
            worst_c = max(worst_c, float(abs(erlang_c(load, agents) / c - 1)))
    for _ in range(200):
        load = 10 ** draw.uniform(-0.3, math.log10(20_000))
        agents = max(1, round(load + draw.uniform(-4, 3) * math.sqrt(load)))
        patience, threshold = 10 ** draw.uniform(-1, 1.3), draw.choice((0, 0.03, 0.1, 0.5, 1.7))
        told = impatient(load, agents, patience, threshold)[:4]
        right = exact_a(load, agents, patience, threshold)
        worst_a = max(worst_a, *(float(abs(x - y)) for x, y in zip(told, right, strict=True)))
    yield "Erlang B to 100,000 E, largest error", worst_b, "relative", "1e-13", "1e-14"
    yield "Erlang C to 100,000 E, largest error", worst_c, "relative", "1e-13", "1e-14"
    yield "Erlang A to 20,000 E, largest error", worst_a, "absolute", "1e-12", "fails above 745"


def rate(count: int, work: object) -> float:
    """Rows per second of CPU time, after one warm call; median of runs."""
    assert callable(work)
    work()
    seconds = []
    for _ in range(RUNS):
        begun = time.process_time()
        work()
        seconds.append(time.process_time() - begun)
    return count / statistics.median(seconds)


def inversions() -> Iterator[Row]:
    """Required agents per second of CPU time, loads evenly spread from 1 to 1,300."""
    loads = np.random.default_rng(1).uniform(1, 1300, 200_000)
    few = loads[:50_000]
    yield (
        "required agents, Erlang C, 1 to 1300 E",
        rate(len(loads), lambda: batch.agents_c(loads, 300, 0.8, 20)),
        *("per CPU second", "1000000", "15000"),
    )
    yield (
        "required agents, Erlang A, service level",
        rate(len(few), lambda: batch.agents_a(few, 300, 360, 0.8, threshold_s=20)),
        *("per CPU second", "50000", "40"),
    )
    yield (
        "required agents, Erlang A, answer rate",
        rate(len(few), lambda: batch.agents_a(few, 300, 360, 0.9)),
        *("per CPU second", "50000", "40"),
    )


def week(names: str, erlangs: float, interval: int) -> tuple[Forecast, dict[str, Queue]]:
    """Queues open 07:00 to 24:00 on six days, each with so many erlangs at its peak."""
    grid = Grid(date(2024, 1, 1), 7, interval)
    opened = (grid.clock >= 7 * 60) & (grid.day < 6)
    shape = np.sin((grid.clock / 60 - 6) / 19 * np.pi).clip(0.2)
    calls = np.where(opened, shape * erlangs * interval * 60 / 240, 0.0)
    own = np.full(grid.n, 0.1)
    promises = (
        AnswerRate(share=0.9, over=Period.WEEK, floor=0.5, max_occupancy=0.9),
        ServiceLevel(share=0.8, threshold=20, floor=0.5),
    )
    forecast = Forecast(
        grid,
        {
            name: QueueForecast(name, *[calls] * 5, np.full(grid.n, 240.0), own, own)
            for name in names
        },
        dict.fromkeys(names, opened),
    )
    queues = {
        name: Queue(name, patience_s=300, promises=(promises[at % 2],))
        for at, name in enumerate(names)
    }
    return forecast, queues


def sizing() -> Iterator[Row]:
    """Requirement and curves of a week, CPU seconds."""
    for words, case, reach in (
        ("4 queues of 10 E, 30 minutes", week("abcd", 10, 30), "3"),
        ("1 queue of 1300 E, 15 minutes", week("a", 1300, 15), ""),
    ):
        forecast, queues = case
        seconds = []
        for _ in range(3):
            begun = time.process_time()
            size(forecast, queues, shrinkage=Shrinkage(0.0, 0.08), seed=1)
            seconds.append(time.process_time() - begun)
        cpu = statistics.median(seconds)
        yield f"a week's requirement and curves: {words}", cpu, "CPU seconds", reach, ""


def start() -> Iterator[Row]:
    """CPU time of one question at the command line, over that of importing typer."""
    ask = ["-m", "wfm", "erlang", "--contacts", "200", "--aht", "180", "--service-level", "0.8"]
    times = []
    for arguments in (ask, ["-c", "import typer"]):
        best = math.inf
        for _ in range(5):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            best = min(best, spent)
        times.append(best)
    yield "wfm erlang, one question", times[0], "CPU seconds", "", ""
    yield "the same over `import typer`", times[0] / times[1], "times", "", ""


PARTS = (precision, inversions, sizing, start)


def main() -> None:
    """Measure, print, and append to the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", action="store_true", help="beside those that are installed")
    parts = (peer_queueing.beside,) if parser.parse_args().peers else PARTS
    machine = f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}"
    new = not TABLE.exists()
    with TABLE.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(COLUMNS)
        for part in parts:
            for what, figure, unit, to_reach, peer in part():
                told = f"{figure:.4g}"
                print(f"{what:62s} {told:>12s} {unit}")
                today = date.today().isoformat()
                writer.writerow((today, __version__, machine, what, told, unit, to_reach, peer))


if __name__ == "__main__":
    main()
