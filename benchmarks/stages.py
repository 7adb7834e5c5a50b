"""
Time every stage on the example, and keep the figures.

``make bench`` runs each command in a process of its own, on fixed inputs and seed, and
appends to ``benchmarks/results.csv``. A row says what it was allowed to take; rows that
took more stay in the table.
"""

from __future__ import annotations

import csv
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from wfm import __version__

RESULTS = Path(__file__).with_name("results.csv")
COLUMNS = (
    *("date", "version", "machine", "cores", "load", "what", "seconds", "cpu_s", "peak_mib"),
    *("limit", "kept"),
)
WFM = str(Path(sys.executable).parent / "wfm")
AS_OF = ("--as-of", "1999-02-27")
HELP_RATIO = 3.0
PLAN_SECONDS, PLAN_MIB = 60.0, 1024.0


@dataclass(frozen=True)
class Run:
    """What one process took."""

    seconds: float
    cpu_s: float
    peak_mib: float


def timed(*command: str) -> Run:
    """Run a command to its end; a promise that is missed is no failure."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = child.communicate()[1]
    seconds = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if child.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)}: exit {child.returncode}\n{said.decode()}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(seconds, cpu, after.ru_maxrss / 1024)  # the largest child so far


def repeated(times: int, *command: str) -> Run:
    """The middle one of several runs, after one to warm up."""
    timed(*command)
    runs = sorted((timed(*command) for _ in range(times)), key=lambda run: run.seconds)
    return runs[times // 2]


def measure(folder: Path) -> list[dict[str, str]]:
    """A row for each stage; small processes first, because the peak is of the largest."""
    typer = repeated(7, sys.executable, "-c", "import typer")
    wanted = repeated(7, WFM, "--help")
    ratio = wanted.seconds / typer.seconds
    rows = [
        row("import typer", typer),
        row("wfm --help", wanted, f"{HELP_RATIO:g} x import typer", ratio <= HELP_RATIO, ratio),
    ]
    timed(WFM, "init", str(folder), "--example", "technion", "--quiet")
    place = ("-w", str(folder), "--quiet")
    for words in (
        ("forecast", *AS_OF),
        ("backtest", "--origins", "8"),
        ("staff",),
        ("schedule", *AS_OF),
        ("simulate",),
        ("verify",),
    ):
        rows.append(row(f"wfm {words[0]}", timed(WFM, *words, *place)))
    whole = timed(WFM, "plan", *AS_OF, *place)
    kept = whole.seconds <= PLAN_SECONDS and whole.peak_mib <= PLAN_MIB
    rows.append(row("wfm plan", whole, f"{PLAN_SECONDS:g} s and {PLAN_MIB:g} MiB", kept))
    plan = folder / "plans" / "1999-02-28"
    rows.append(row("wfm report", timed(WFM, "report", str(plan), *place)))
    return rows


def row(
    what: str, run: Run, limit: str = "", kept: bool | None = None, ratio: float | None = None
) -> dict[str, str]:
    """A line of the table."""
    return {
        "date": date.today().isoformat(),
        "version": __version__,
        "machine": platform.machine(),
        "cores": str(os.cpu_count()),
        "load": f"{os.getloadavg()[0]:.1f}",
        "what": what if ratio is None else f"{what} ({ratio:.2f} x import typer)",
        "seconds": f"{run.seconds:.3f}",
        "cpu_s": f"{run.cpu_s:.3f}",
        "peak_mib": f"{run.peak_mib:.0f}",
        "limit": limit,
        "kept": "" if kept is None else "yes" if kept else "NO",
    }


def main() -> None:
    """Measure, append, print."""
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder) / "bench")
    new = not RESULTS.exists()
    with RESULTS.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerows(rows)
    for one in rows:
        print("  ".join(f"{one[name]:>12}" for name in COLUMNS[6:9]), " ", one["what"], one["kept"])
    print(f"median load {statistics.median(float(one['load']) for one in rows):.1f}")


if __name__ == "__main__":
    main()
