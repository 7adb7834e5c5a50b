"""
pyworkforce on the cases of ``peer_cases``, in its own environment (Python 3.12, version 0.5.4).

    PEER/bin/python benchmarks/peer_pyworkforce.py rosters --people 100 --shifts 20 --seconds 45

Prints one JSON line; processor time is that of all threads.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.peer_cases import (
    HOURS,
    LEAST_DAYS,
    PERIODS,
    break_case,
    count_case,
    roster_case,
)


def rosters(people: int, shifts: int, seconds: float) -> dict[str, Any]:
    """Named people on days and shifts, fewest hours."""
    from pyworkforce.rostering import MinHoursRoster

    case = roster_case(people, shifts)
    days = case.required.shape[1]
    names = [f"s{number}" for number in range(shifts)]
    solver = MinHoursRoster(
        num_days=days,
        resources=[f"p{number}" for number in range(people)],
        shifts=names,
        shifts_hours=[HOURS] * shifts,
        min_working_hours=HOURS * LEAST_DAYS,
        banned_shifts=[],
        max_resting=days - LEAST_DAYS,
        required_resources={n: case.required[at].tolist() for at, n in enumerate(names)},
        max_search_time=seconds,
        num_search_workers=2,
    )
    found = solver.solve()
    return {"status": found["status"], "objective": found["shifted_hours"]}


def counts(seconds: float) -> dict[str, Any]:
    """Fewest people on shifts that cover every period."""
    from pyworkforce.scheduling import MinRequiredResources

    case = count_case()
    cover = {
        f"s{at}": [int(first <= p < last) for p in range(PERIODS)]
        for at, (first, last) in enumerate(case.shifts)
    }
    solver = MinRequiredResources(
        num_days=len(case.need),
        periods=PERIODS,
        shifts_coverage=cover,
        required_resources=case.need.tolist(),
        max_period_concurrency=400,
        max_shift_concurrency=200,
        cost_dict={f"s{at}": (last - first) // 4 for at, (first, last) in enumerate(case.shifts)},
        max_search_time=seconds,
        num_search_workers=2,
    )
    found = solver.solve()
    return {"status": found["status"], "objective": found["cost"]}


def breaks(people: int, seconds: float) -> dict[str, Any]:
    """A start for every break of everybody."""
    from pyworkforce.breaks import BreakScheduler

    case = break_case(people)
    solver = BreakScheduler(
        num_days=case.days,
        periods=PERIODS,
        shifts_coverage={
            f"s{at}": [int(first <= p < last) for p in range(PERIODS)]
            for at, (first, last) in enumerate(case.shifts)
        },
        scheduled_resources={f"s{at}": [n] * case.days for at, n in enumerate(case.people)},
        breaks=[
            {
                "name": f"b{at}",
                "duration_periods": length,
                "min_start_after": after,
                "max_end_before": before,
            }
            for at, (length, after, before) in enumerate(case.breaks)
        ],
        min_coverage=[case.need.tolist()] * case.days,
        max_search_time=seconds,
        num_search_workers=2,
    )
    found = solver.solve()
    return {"status": found["status"], "placed": len(found["break_schedule"])}


def main() -> None:
    """Run one kind of case."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("kind", choices=("counts", "rosters", "breaks"))
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--shifts", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=45)
    asked = parser.parse_args()
    wall = time.perf_counter()
    if asked.kind == "counts":
        found = counts(asked.seconds)
    elif asked.kind == "rosters":
        found = rosters(asked.people, asked.shifts, asked.seconds)
    else:
        found = breaks(asked.people, asked.seconds)
    used = resource.getrusage(resource.RUSAGE_SELF)
    found |= {
        "cpu_s": round(used.ru_utime + used.ru_stime, 1),
        "wall_s": round(time.perf_counter() - wall, 1),
        "rss_mb": round(used.ru_maxrss / 1024),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
