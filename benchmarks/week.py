"""
A made-up contact centre's weeks: generated, scheduled, verified.

    python -m benchmarks.week --people 50 --queues 3 --weeks 1 --cpu-seconds 20 --seed 7
    python -m benchmarks.week --people 50 --weeks 4 --rotations --averages --cpu-seconds 120

The last line is one JSON object: objective, bound, gap, violations, cpu_s, wall_s, rss_mb.
Objective and bound are in currency units. Contracts of 39, 35, 28 and 24 hours, shifts of
four to eight hours with one or two pauses and a lunch, opening 08:00 to 22:00 on a grid of
15 minutes. Every second person has wishes, limited availability and a late duty carried in.
The need is Erlang C's for 80 % within 20 seconds, scaled to what the team can work. With
rotations early and late weeks follow each other, for every second person the other way
round; with averages contract hours are those of all weeks together, a day ahead or behind
at the end of each.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from wfm.domain.demand import Opening, Queue
from wfm.domain.promise import QueueRequirement, Requirement
from wfm.domain.roster import Block, Calendar, Duty, Severity
from wfm.domain.timegrid import Grid
from wfm.domain.workforce import (
    WORK,
    Agent,
    Break,
    Contract,
    Pay,
    Person,
    Premium,
    Shape,
    Wish,
    WishKind,
)
from wfm.rules.book import load_preset
from wfm.scheduling.problem import Problem

ZONE = "Europe/Paris"
OPEN = (480, 1320)
FILLED = 0.72  # share of the team's paid hours that is asked for: breaks and odd ends are not
PAUSE = Break("pause", 15, after=60, before=60, apart=60, paid=True)
LUNCH = Break("lunch", 45, window=(660, 900), after=120, before=120, apart=60)
DINNER = Break("dinner", 45, window=(1080, 1260), after=120, before=90, apart=60)
FULL = (360, 420, 480)
SHAPES = {
    "early": Shape("early", (480, 570), FULL, (PAUSE, LUNCH, PAUSE)),
    "day": Shape("day", (570, 660), FULL, (PAUSE, LUNCH, PAUSE)),
    "late": Shape("late", (780, 840), FULL, (PAUSE, DINNER, PAUSE)),
    "short": Shape("short", (480, 1080), (240, 300), (PAUSE,)),
}
SUNDAY = Premium("sunday", 1.0, days=frozenset({"sunday", "holiday"}))
NIGHT = Premium("night", 0.5, window=(1290, 1830))
PAY = Pay("base", 1500, (SUNDAY, NIGHT))
LONG = (SHAPES["early"], SHAPES["day"], SHAPES["late"])
CONTRACTS = (
    Contract("h39", 39, 5, LONG, PAY),
    Contract("h35", 35, 5, LONG, PAY),
    Contract("h28", 28, 5, (*LONG, SHAPES["short"]), PAY),
    Contract("h24", 24, 5, (SHAPES["short"], SHAPES["day"]), PAY),
)


@dataclass(frozen=True)
class Size:
    """What is generated."""

    people: int
    queues: int
    weeks: int
    seed: int
    rules: str
    rotations: bool = False
    averages: bool = False


def generate(size: Size) -> Problem:
    """The problem of some size; the same for the same numbers."""
    stream = np.random.default_rng(size.seed)
    grid = Grid(date(2024, 3, 4), 7 * size.weeks, 15, ZONE)
    names = [f"q{number}" for number in range(size.queues)]
    people, past = [], {}
    for number in range(size.people):
        one, carried = _person(number, names, grid, stream)
        one = replace(one, agent=_longer(one.agent, size, number, grid))
        people.append(one)
        if carried:
            past[one.agent.agent] = carried
    queues = {name: Queue(name, opening=Opening((((OPEN),),) * 7)) for name in names}
    calendars = {p.agent.agent: Calendar(grid, ZONE, known_from=-1) for p in people}
    book = load_preset(size.rules, queues=queues.values())
    return Problem(
        _requirement(grid, names, people, stream), queues, tuple(people), book, past, calendars
    )


def _person(
    number: int, names: list[str], grid: Grid, stream: np.random.Generator
) -> tuple[Person, tuple[Duty, ...]]:
    contract = CONTRACTS[int(stream.choice(4, p=(0.3, 0.4, 0.15, 0.15)))]
    skills = {names[number % len(names)]: 1.0}
    if len(names) > 1 and stream.random() < 0.5:
        skills[names[(number + 1) % len(names)]] = 0.9
    agent = Agent(f"p{number:04d}", contract, skills=skills, zone_name=ZONE)
    if number % 2:
        return Person(agent), ()
    wishes, spans = [], []
    closed = int(stream.integers(7))
    early = bool(stream.random() < 0.5)
    for day in range(grid.days):
        start = grid.midnight(day)
        if day % 7 != closed:
            spans.append((start + (420 if early else 600), start + (1260 if early else 1380)))
        if day % 7 == int(stream.integers(7)):
            wishes.append(Wish(day, WishKind.OFF, 2000))
        elif stream.random() < 0.2:
            wishes.append(Wish(day, WishKind.EARLY, 1000))
    late = Duty(-1, (Block(-480, -120, WORK, tuple(skills)),), "late")
    return Person(agent, available=tuple(spans), wishes=tuple(wishes)), (late,)


def _longer(agent: Agent, size: Size, number: int, grid: Grid) -> Agent:
    """The same agent with rotations, and hours that are averaged, where these are asked for."""
    contract = agent.contract
    if size.rotations:
        turns = tuple(
            tuple(shape.name for shape in contract.shapes if shape.name in names)
            for names in (("early", "day", "short"), ("late", "day", "short"))
        )
        agent = replace(agent, rotation_from=grid.date(-7 * (number % 2)))
        contract = replace(contract, rotation=turns)
    if size.averages:
        contract = replace(contract, average_weeks=size.weeks, average_from=grid.first)
    return replace(agent, contract=contract)


def _requirement(
    grid: Grid, names: list[str], people: list[Person], stream: np.random.Generator
) -> Requirement:
    hours = sum(person.agent.contract.hours_per_week for person in people) * grid.days / 7
    clock = grid.clock / 60
    opened = (grid.clock >= OPEN[0]) & (grid.clock < OPEN[1])
    shape = 0.3 + np.exp(-(((clock - 10.5) / 2) ** 2)) + 0.8 * np.exp(-(((clock - 16) / 2.5) ** 2))
    weekday = np.array([1.15, 1.05, 1.0, 1.0, 1.0, 0.65, 0.4])[grid.day % 7]
    base = np.where(opened, shape * weekday, 0.0)
    required = {}
    for name in names:
        noisy = base * stream.uniform(0.92, 1.08, grid.n)
        wanted = FILLED * hours / len(names)
        low, high = 0.0, 10.0 * wanted
        for _ in range(30):
            middle = (low + high) / 2
            load = noisy * middle / noisy.sum() * 60 / grid.interval
            heads = _erlang_heads(load)
            low, high = (middle, high) if heads.sum() * 0.25 < wanted else (low, middle)
        zeros = np.zeros(grid.n)
        contacts = load * grid.interval * 60 / 240
        required[name] = QueueRequirement(
            name, contacts, zeros + 240, load, heads, heads, zeros, zeros, zeros, zeros, heads
        )
    return Requirement(grid, required, dict.fromkeys(names, opened))


def _erlang_heads(load: np.ndarray) -> np.ndarray:
    """Fewest heads that answer 80 % within 20 s at 240 s a contact, Erlang C."""
    heads = np.zeros(len(load))
    for at, erlangs in enumerate(load):
        if erlangs <= 0:
            continue
        blocked, count = 1.0, 0
        while True:
            count += 1
            blocked = erlangs * blocked / (count + erlangs * blocked)
            if count > erlangs:
                wait = blocked / (1 - erlangs / count * (1 - blocked))
                if wait * np.exp(-(count - erlangs) * 20 / 240) <= 0.2:
                    break
        heads[at] = count
    return heads


@dataclass(frozen=True)
class Budget:
    """A stop when this process has used so many CPU seconds."""

    end: float

    def __call__(self) -> bool:
        return time.process_time() > self.end

    def left(self) -> float:
        """CPU seconds until then."""
        return max(0.0, self.end - time.process_time())


def solve(problem: Problem, cpu_seconds: float, seed: int) -> dict[str, object]:
    """Schedule a problem in some CPU seconds; what the last line says."""
    from wfm.scheduling.schedule import schedule

    small = generate(Size(4, 2, 1, 1, "eu-wtd"))
    begun = time.process_time()
    schedule(small, effort=0.3)  # compiles, or loads what is compiled
    compiled = time.process_time() - begun
    cpu, wall = time.process_time(), time.perf_counter()
    weeks = problem.grid.days / 7
    longest = max(person.agent.contract.average_weeks for person in problem.people)
    dear = weeks * min(1.4, longest)  # hours of a block are a wider dimension than a week's
    effort = max(0.1, cpu_seconds / dear / (9.5 + 0.15 * len(problem.people)))
    last = cpu_seconds - 0.5 - 0.0035 * len(problem.people)  # the plan is checked after that
    plan = schedule(problem, seed=seed, effort=effort, stop=Budget(cpu + last))
    spent = time.process_time() - cpu
    waited = time.perf_counter() - wall
    broken = [
        breach
        for tour in plan.roster
        for breach in problem.book.check(tour)
        if breach.severity is Severity.HARD
    ]
    return {
        "objective": plan.cost.total / 100,
        "bound": round(plan.bound / 100, 2),
        "gap": round(plan.gap, 6),
        "gap_on_controllable": round(plan.gap_on_controllable, 6),
        "violations": len(broken),
        "cpu_s": round(spent, 2),
        "wall_s": round(waited, 2),
        "compile_s": round(compiled, 2),
        "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "shortfall": plan.cost.shortfall / 100,
        "wishes": plan.cost.wishes / 100,
    }


def main() -> None:
    """Generate, solve, verify, and print one JSON line last."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--queues", type=int, help="default: 3, up to 20 people 1")
    parser.add_argument("--weeks", type=int, default=1)
    parser.add_argument("--cpu-seconds", type=float, default=20)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rules", default="fr-2098")
    parser.add_argument("--rotations", action="store_true")
    parser.add_argument("--averages", action="store_true")
    parser.add_argument("-o", type=Path, default=None, help="folder for a workspace of the case")
    asked = parser.parse_args()
    queues = asked.queues or (3 if asked.people > 20 else 1)
    size = Size(
        *(asked.people, queues, asked.weeks, asked.seed, asked.rules),
        *(asked.rotations, asked.averages),
    )
    problem = generate(size)
    if asked.o is not None:
        from benchmarks.week_files import write_workspace

        write_workspace(problem, asked.rules, asked.o)
    print(json.dumps(solve(problem, asked.cpu_seconds, asked.seed)))


if __name__ == "__main__":
    main()
