"""
Rosters for the public shift-scheduling instances of Curtois and Qu (2014).

    python -m benchmarks.curtois_qu INSTANCE.txt --cpu-seconds 60 --seed 1 -o OUT.tsv

writes one line for each person, a shift or ``-`` for each day, and prints one JSON line
last. Processor time is that of all threads; compiling is done before and not counted.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from pathlib import Path

from benchmarks.shift_instances import Case, Instance, Member, case, read_instance
from wfm.domain.roster import Tour
from wfm.scheduling.rostering import Rostered, compile_kernels, roster_by_columns

RESERVE = 1.0  # seconds kept for checking and writing


def main(arguments: list[str] | None = None) -> int:
    """Solve, verify, write, tell."""
    options = _options(arguments)
    instance = read_instance(options.instance)
    _warm_up()
    cpu, wall = time.process_time(), time.perf_counter()
    problem = case(instance)
    allowed = max(0.1, options.cpu_seconds - RESERVE)

    def used() -> float:
        return (time.process_time() - cpu) / allowed

    def tell(done: float, total: float, words: str = "") -> None:
        if options.verbose:
            print(f"{100 * done / total:5.1f} %  {words}", file=sys.stderr)

    found = roster_by_columns(problem.covering, seed=options.seed, clock=used, progress=tell)
    tours = _tours(problem, found)
    violations = sum(
        len(book.check(tours[member.person.agent.agent]))
        for book, blanks in zip(problem.books, problem.tours, strict=True)
        for member in blanks
    )
    if options.output is not None:
        options.output.write_text(_text(instance, tours), encoding="utf-8")
    objective = cost(instance, tours)
    bound = found.bound + problem.constant
    if abs(objective - found.objective - problem.constant) > 1e-6:
        raise AssertionError(f"solver says {found.objective}, roster {objective}")
    result = {
        "objective": objective,
        "bound": bound,
        "gap": round((objective - bound) / objective, 6) if objective else 0.0,
        "violations": violations,
        "cpu_s": round(time.process_time() - cpu, 2),
        "wall_s": round(time.perf_counter() - wall, 2),
        "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    print(json.dumps(result))
    return 0 if not violations else 1


def cost(instance: Instance, tours: dict[str, Tour]) -> int:
    """Requests refused and cover missed, from the roster alone."""
    total = 0
    works = {(name, duty.day, duty.shape) for name, tour in tours.items() for duty in tour.planned}
    total += sum(weight for key, weight in instance.wanted.items() if key not in works)
    total += sum(weight for key, weight in instance.unwanted.items() if key in works)
    for (day, kind), (people, short, above) in instance.needs.items():
        gap = people - sum((name, day, kind) in works for name in tours)
        total += short * gap if gap > 0 else -above * gap
    return total


def _tours(problem: Case, found: Rostered) -> dict[str, Tour]:
    tours, at = {}, 0
    for group, blanks in enumerate(problem.tours):
        for person, blank in enumerate(blanks):
            tours[blank.agent] = problem.filled(group, person, found.tours[at].tolist())
            at += 1
    return tours


def _text(instance: Instance, tours: dict[str, Tour]) -> str:
    lines = []
    for member in instance.staff:
        kinds = {duty.day: duty.shape for duty in tours[member.name].planned}
        row = (kinds.get(day, "-") for day in range(instance.days))
        lines.append("\t".join((member.name, *row)))
    return "\n".join(lines) + "\n"


def _warm_up() -> None:
    """Have everything compiled, on a case of a week."""
    law = (5, 1, 1, 1)
    staff = tuple(Member(name, {"D": 2}, 2400, 480, *law) for name in "AB")
    needs = {(day, kind): (2 - (kind == "N"), 100, 1) for day in range(7) for kind in "DN"}
    small = Instance(
        "warm-up", 7, {"D": 480, "N": 600}, frozenset({("N", "D")}), staff, {}, {}, needs
    )
    covering = case(small).covering
    compile_kernels(covering)
    roster_by_columns(covering, effort=3e6)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0] if __doc__ else "")
    parser.add_argument("instance", type=Path, help="an instance in the text form")
    parser.add_argument("--cpu-seconds", type=float, default=60, help="of all threads together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path, help="roster to write, tab separated")
    parser.add_argument("-v", "--verbose", action="store_true", help="tell how far it is")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
