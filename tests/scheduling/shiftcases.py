"""Small made-up instances of day-and-shift cover, and their optimum by trying everything."""

from __future__ import annotations

from itertools import product

import numpy as np

from benchmarks.shift_instances import Case, Instance, Member, case

KINDS = ("E", "L")


def instance(seed: int, days: int = 6, people: int = 3) -> Instance:
    """Numbers small enough to bite: caps, runs, minutes and weekends all bind somebody."""
    draw = np.random.default_rng(seed)
    staff = tuple(
        Member(
            name=f"P{number}",
            caps={"E": int(draw.integers(1, days)), "L": int(draw.integers(0, 3))},
            most_minutes=int(draw.integers(3, 5)) * 480,
            least_minutes=int(draw.integers(1, 3)) * 480,
            most_run=3,
            least_run=2,
            least_off=2 if number else 1,
            weekends=int(draw.integers(0, 2)),
            off=(int(draw.integers(days)),),
        )
        for number in range(people)
    )
    asked = {
        (member.name, int(draw.integers(days)), str(draw.choice(KINDS))): int(draw.integers(1, 9))
        for member in staff
        for _ in range(3)
    }
    wanted = {key: weight for key, weight in asked.items() if weight % 2}
    return Instance(
        name=f"made up {seed}",
        days=days,
        minutes={"E": 480, "L": 600},
        forbidden=frozenset({("L", "E")}),
        staff=staff,
        wanted=wanted,
        unwanted={key: weight for key, weight in asked.items() if key not in wanted},
        needs={
            (day, kind): (int(draw.integers(0, 3)), 100, 1) for day in range(days) for kind in KINDS
        },
    )


def legal_tours(problem: Case) -> list[np.ndarray]:
    """For each person, in order of the groups, every tour in which the book finds nothing."""
    days = problem.instance.days
    found = []
    for group, (book, blanks) in enumerate(zip(problem.books, problem.tours, strict=True)):
        for person in range(len(blanks)):
            tours = product(range(len(KINDS) + 1), repeat=days)
            clean = [one for one in tours if not book.check(problem.filled(group, person, one))]
            found.append(np.array(clean, dtype=np.int64).reshape(-1, days))
    return found


def personal_costs(problem: Case) -> list[np.ndarray]:
    """Cost of each option of each person, float64 [days, options]."""
    costs = []
    for group in problem.covering.groups:
        assert group.cost is not None
        costs += [row.reshape(problem.instance.days, -1) for row in group.cost]
    return costs


def tour_costs(cost: np.ndarray, tours: np.ndarray) -> np.ndarray:
    """What each tour costs its person."""
    return np.asarray(cost[np.arange(tours.shape[1]), tours].sum(axis=1))


def additions(tours: np.ndarray) -> np.ndarray:
    """What each tour adds to rows, which are days and within them kinds."""
    each = np.stack([tours == kind + 1 for kind in range(len(KINDS))], axis=2)
    return each.reshape(len(tours), tours.shape[1] * len(KINDS))


def optimum(problem: Case) -> float:
    """The cost of the best roster, of all there are."""
    tours = legal_tours(problem)
    sums = np.zeros(1)
    cover = np.zeros((1, len(problem.covering.rows.need)))
    for cost, mine in zip(personal_costs(problem), tours, strict=True):
        sums = (sums[:, None] + tour_costs(cost, mine)).ravel()
        cover = (cover[:, None] + additions(mine)).reshape(len(sums), -1)
        both = np.unique(np.column_stack([cover, sums]), axis=0)
        cover, sums = both[:, :-1], both[:, -1]
    rows = problem.covering.rows
    gap = rows.need - cover
    return float(
        (sums + np.maximum(gap, 0) @ rows.short + np.maximum(-gap, 0) @ rows.surplus).min()
    )


def small(seed: int, **sizes: int) -> Case:
    """An instance as our problem."""
    return case(instance(seed, **sizes))
