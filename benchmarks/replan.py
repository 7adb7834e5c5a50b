"""
One person falls ill in a generated week: the plan around them, timed and verified.

    python -m benchmarks.replan --people 200 --seed 7

A week as in ``benchmarks.week`` is scheduled, then somebody who works on Wednesday to Friday
is away for these days, and the roster is amended at 50 a changed person-day, at most ten of
them. ``cpu_s`` is the amendment alone; ``tables_s`` is what compiling rules takes before it.
The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from dataclasses import replace

from benchmarks.week import Size, generate
from wfm.domain.outcome import Plan
from wfm.domain.workforce import Absence, AbsenceKind
from wfm.revising.comparing import by_day
from wfm.revising.replanning import without
from wfm.scheduling.amending import amend
from wfm.scheduling.decided import Standing
from wfm.scheduling.problem import Problem
from wfm.scheduling.schedule import schedule
from wfm.scheduling.tables import tabulate
from wfm.verifying import differences, verify

AWAY = (2, 5)  # Wednesday to Friday
PRICE = 5000  # cents for a changed person-day
MOST = 10  # of them


def fallen_ill(problem: Problem, plan: Plan) -> Problem:
    """The question after somebody with shifts on all three days, or most of them, is ill."""
    duties = by_day(plan.roster)
    first, last = (problem.grid.midnight(day) for day in AWAY)
    days = range(*AWAY)
    who = max(sorted(duties), key=lambda agent: sum(day in duties[agent] for day in days))
    left = without(problem.people, duties, {who: (Absence(first, last, AbsenceKind.SICK),)})
    standing = Standing(
        left.duties,
        PRICE,
        kept={agent: range(AWAY[0]) for agent in duties},
        free={who: days},
    )
    return replace(problem, people=left.people, standing=standing)


def measured(problem: Problem, seed: int, cpu_seconds: float) -> dict[str, object]:
    """The base, the amendment and what the checker says of it; what the last line holds."""
    begun = time.process_time()
    base = schedule(
        problem,
        seed=seed,
        effort=max(0.1, cpu_seconds / (9 + 0.2 * len(problem.people))),
        stop=lambda: time.process_time() - begun > 0.9 * cpu_seconds,
    )
    changed = fallen_ill(problem, base)
    amend(changed, most=MOST, seed=seed, effort=0.1)  # compiles, or loads what is compiled
    cpu = time.process_time()
    tables = tabulate(changed)
    made = time.process_time()
    wall = time.perf_counter()
    plan = amend(changed, tables=tables, most=MOST, seed=seed)
    spent, waited = time.process_time() - made, time.perf_counter() - wall
    verdict = verify(
        plan.roster,
        changed.requirement,
        changed.queues,
        changed.book,
        prices=changed.shortfall_prices,
    )
    assert changed.standing is not None
    others = sum(
        len(changed.standing.changed(tour.agent, tour.by_day, changed.grid.days))
        for tour in plan.roster
    )
    return {
        "objective": plan.cost.total / 100,
        "bound": round(plan.bound / 100, 2),
        "gap": round(plan.gap, 6),
        "base_gap": round(base.gap, 6),
        "changed_person_days": others,
        "violations": sum(one.severity == "hard" for one in verdict.violations),
        "differences": list(differences(plan, verdict)),
        "cpu_s": round(spent, 2),
        "wall_s": round(waited, 2),
        "tables_s": round(made - cpu, 2),
        "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "shortfall": plan.cost.shortfall / 100,
        "base_shortfall": base.cost.shortfall / 100,
    }


def main() -> None:
    """Generate, schedule, let somebody fall ill, amend, verify; one JSON line last."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--queues", type=int, default=3)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rules", default="fr-2098")
    parser.add_argument("--cpu-seconds", type=float, default=30, help="for the week before it")
    asked = parser.parse_args()
    problem = generate(Size(asked.people, asked.queues, 1, asked.seed, asked.rules))
    print(json.dumps(measured(problem, asked.seed, asked.cpu_seconds)))


if __name__ == "__main__":
    main()
