"""
The bench table of the scheduler: runs its rows and adds them to ``scheduling.csv``.

    python -m benchmarks.scheduling curtois --seeds 1 2 3
    python -m benchmarks.scheduling hours peers --peer ../peer/bin/python
    python -m benchmarks.scheduling week month replan

Every row is a process of its own: the instances of Curtois and Qu (scored by the checker
beside them), paid hours against Erlang C, pyworkforce beside ours where its environment is
given, generated weeks, and one of them with somebody ill. Bad rows stay in.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from wfm import __version__

TABLE = Path(__file__).with_name("scheduling.csv")
INSTANCES = Path("../shared/benchmarks/curtois_qu")
NUMBERS = (1, 2, 3, 4, 5, 6, 7, 10, 12, 14, 16)
WEEKS = ((10, 1, 20), (20, 1, 20), (50, 3, 20), (200, 3, 60), (600, 3, 90), (1300, 3, 180))
MONTHS = ((50, 3, 120), (200, 3, 300))  # of four weeks
PEERS = (
    ("counts", 0, 0, 0.45),
    ("rosters", 100, 20, 11.0),
    ("rosters", 1000, 3, 11.0),
    ("breaks", 500, 0, 30.0),
)
FAMILIES = ("curtois", "hours", "peers", "week", "month", "replan")
Row = dict[str, Any]


def run(*words: object) -> Row:
    """The last line of a module's output, an object; why there is none where it fails."""
    done = subprocess.run(
        [str(word) for word in words], capture_output=True, text=True, check=False
    )
    lines = done.stdout.strip().splitlines()
    if not lines or not lines[-1].startswith("{"):
        said = done.stderr.strip().splitlines() or [f"ended with {done.returncode}"]
        return {"note": f"failed: {said[-1][:120]}"}
    found: Row = json.loads(lines[-1])
    return found


def curtois(seeds: list[int], seconds: float) -> Iterator[Row]:
    """The eleven public instances against the best known."""
    best = {
        row["instance"]: int(row["best_known_solution"])
        for row in csv.DictReader((INSTANCES / "best_known.csv").open(encoding="utf-8"))
    }
    for seed in seeds:
        for number in NUMBERS:
            name = f"Instance{number}"
            place, out = INSTANCES / f"{name}.txt", TABLE.parent / f".{name}.tsv"
            module = (sys.executable, "-m", "benchmarks.curtois_qu")
            asked = ("--cpu-seconds", seconds, "--seed", seed, "-o", out)
            found = run(*module, place, *asked)
            checker = (sys.executable, INSTANCES / "check.py", place, out)
            said = subprocess.run(
                [str(word) for word in checker], capture_output=True, text=True, check=False
            ).stdout
            out.unlink(missing_ok=True)
            scored = f"objective {found.get('objective')} " in said + " "
            above = found.get("objective", 0) / best[name] - 1
            note = f"{name}: best known {best[name]}, {100 * above:.2f} % above"
            agreed = "" if scored and "violations 0" in said else "; the checker disagrees"
            yield found | {"rules": "curtois-qu", "seed": seed, "note": note + agreed}


def hours(seeds: list[int]) -> Iterator[Row]:
    """Paid hours, shifts bought freely."""
    for people, effort in ((10, 0.3), (50, 0.2), (200, 0.1)):
        for seed in seeds:
            module = (sys.executable, "-m", "benchmarks.hours")
            found = run(*module, "--people", people, "--effort", effort, "--seed", seed)
            note = found.get("note") or (
                f"{found['hours']:.0f} paid hours, simulated {found['level']:.3f}; Erlang C "
                f"{found['nominal_hours']:.0f} ({found['nominal_level']:.3f}), tuned "
                f"{found['tuned_hours']:.1f}: {100 * found['below_nominal']:.1f} % and "
                f"{100 * found['below_tuned']:.2f} % below; asked for {found['tuned_share']} there"
                + ("" if found["tuned_met"] else ", which still gives more: not comparable")
            )
            yield found | {"rules": "free-hours", "people": people, "seed": seed, "note": note}


def peers(peer: Path | None, seconds: float) -> Iterator[Row]:
    """What pyworkforce can express, by it and by us."""
    for kind, people, shifts, cpu in PEERS:
        size = ("--people", people, "--shifts", shifts)
        ours = run(sys.executable, "-m", "benchmarks.peer_ours", kind, *size, "--cpu-seconds", cpu)
        yield ours | {
            "rules": f"peer-{kind}",
            "people": people,
            "note": f"ours: {json.dumps(ours)}",
        }
        if peer is not None:
            script = Path(__file__).with_name("peer_pyworkforce.py")
            theirs = run(peer, script, kind, *size, "--seconds", seconds)
            note = f"pyworkforce {version_of(peer)}: {json.dumps(theirs)}"
            yield theirs | {"rules": f"peer-{kind}", "people": people, "note": note}


def version_of(peer: Path) -> str:
    """The version of pyworkforce in an environment."""
    asked = "from importlib.metadata import version; print(version('pyworkforce'))"
    done = subprocess.run([str(peer), "-c", asked], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def week(seeds: list[int]) -> Iterator[Row]:
    """Generated weeks under the branch agreement."""
    for people, queues, cpu in WEEKS:
        for seed in seeds:
            size = ("--people", people, "--queues", queues, "--seed", seed)
            found = run(sys.executable, "-m", "benchmarks.week", *size, "--cpu-seconds", cpu)
            yield found | {
                "people": people,
                "queues": queues,
                "weeks": 1,
                "rules": "fr-2098",
                "seed": seed,
            }


def month(seeds: list[int]) -> Iterator[Row]:
    """Four weeks with rotations, hours averaged over all of them."""
    for people, queues, cpu in MONTHS:
        for seed in seeds:
            size = ("--people", people, "--queues", queues, "--seed", seed, "--weeks", 4)
            asked = (*size, "--rotations", "--averages", "--cpu-seconds", cpu)
            found = run(sys.executable, "-m", "benchmarks.week", *asked)
            yield found | {
                "people": people,
                "queues": queues,
                "weeks": 4,
                "rules": "fr-2098",
                "seed": seed,
                "note": found.get("note") or "rotations, hours averaged over the four weeks",
            }


def replan(seeds: list[int]) -> Iterator[Row]:
    """One person ill in a generated week of 200."""
    for seed in seeds:
        found = run(sys.executable, "-m", "benchmarks.replan", "--people", 200, "--seed", seed)
        size = {"people": 200, "queues": 3, "weeks": 1, "rules": "fr-2098-replan", "seed": seed}
        note = found.get("note") or (
            f"one ill: {found['changed_person_days']} person-days of others changed, tables "
            f"{found['tables_s']} s apart; the week before it had a gap of "
            f"{100 * found['base_gap']:.2f} %"
        )
        yield found | size | {"note": note}


def main() -> None:
    """Run the families asked for and add their rows as they come."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("what", nargs="+", choices=FAMILIES)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--peer", type=Path, help="Python of an environment with pyworkforce")
    parser.add_argument("--peer-seconds", type=float, default=120)
    parser.add_argument("--machine", default="2 cores")
    asked = parser.parse_args()
    families = {
        "curtois": lambda: curtois(asked.seeds, 60),
        "hours": lambda: hours(asked.seeds),
        "peers": lambda: peers(asked.peer, asked.peer_seconds),
        "week": lambda: week(asked.seeds),
        "month": lambda: month(asked.seeds),
        "replan": lambda: replan(asked.seeds),
    }
    with TABLE.open(encoding="utf-8") as known:
        columns = next(csv.reader(known))
    for name in asked.what:
        for row in families[name]():
            row |= {"date": date.today(), "version": __version__, "machine": asked.machine}
            with TABLE.open("a", encoding="utf-8", newline="") as table:
                writer = csv.DictWriter(table, columns, extrasaction="ignore", lineterminator="\n")
                writer.writerow(row)
            print(row.get("note") or row)


if __name__ == "__main__":
    main()
