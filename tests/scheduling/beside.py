"""
Tiny rosters beside others: what is fixed, what stands, and every roster by hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from tests.scheduling.tiny import HALF, Case, cost, person
from wfm.domain.roster import Block, Duty, Roster, Severity, Tour
from wfm.domain.workforce import TRAINING, WORK, Fixed, Person
from wfm.scheduling.decided import Standing
from wfm.scheduling.problem import Problem

PAUSE = HALF.breaks[0].activity
ADA, BOB = person("ada", {"a": 1.0}), person("bob", {"a": 1.0})
PAIR = Case((ADA, BOB), heads={"a": 1.0})


def fixed(one: Person, *rows: Fixed) -> Person:
    return replace(one, fixed=rows)


def duties(problem: Problem, one: Person, day: int) -> Iterator[Duty]:
    """
    By hand: every shift of ``HALF``, and the same with an hour of training anywhere.

    Two or three paid hours from 08:00 or 10:00, one hour of break that begins an hour after
    the start at the earliest and ends an hour before the end at the latest.
    """
    queues = problem.serves(one)
    for start, paid in product((480, 600), (120, 180)):
        end = start + paid + 60
        for pause in range(start + 60, end - 119, 60):
            for training in (None, *range(start, end, 60)):
                if training == pause:
                    continue
                blocks = []
                for at in range(start, end, 60):
                    what = PAUSE if at == pause else TRAINING if at == training else WORK
                    shown = queues if what is WORK else ()
                    begin = day * 1440 + at
                    if blocks and blocks[-1].activity == what:
                        blocks[-1] = Block(blocks[-1].start, begin + 60, what, shown)
                    else:
                        blocks.append(Block(begin, begin + 60, what, shown))
                yield Duty(day, tuple(blocks), "half")


def rosters(problem: Problem, extra: tuple[Duty, ...] = ()) -> Iterator[Roster]:
    """Every roster in which the checker finds no hard breach; training only where it is fixed."""
    every = []
    for one in problem.people:
        menu = []
        for day in range(problem.grid.days):
            asked = {f.start for f in one.fixed if f.activity is TRAINING}
            menu.append(
                [None]
                + [duty for duty in extra if duty.day == day]
                + [
                    duty
                    for duty in duties(problem, one, day)
                    if all(b.start in asked for b in duty.blocks if b.activity is TRAINING)
                ]
            )
        clean = []
        for chosen in product(*menu):
            tour = Tour(one, problem.calendar(one), tuple(duty for duty in chosen if duty))
            if not any(v.severity is Severity.HARD for v in problem.book.check(tour)):
                clean.append(tour)
        every.append(clean)
    for team in product(*every):
        yield Roster(problem.grid, team)


def best(problem: Problem, extra: tuple[Duty, ...] = (), most: int = 99) -> float:
    """The least cost with at most so many changes, their price among it."""
    price = problem.standing.price if problem.standing else 0
    found = ((cost(problem, one), changes(problem, one)) for one in rosters(problem, extra))
    return min(total + price * changed for total, changed in found if changed <= most)


def changes(problem: Problem, roster: Roster) -> int:
    """Person-days that are not as they stand."""
    if problem.standing is None:
        return 0
    return sum(len(problem.standing.changed(t.agent, t.by_day, problem.grid.days)) for t in roster)


def standing(**more: object) -> Standing:
    """Ada early, Bob late on both days, two paid hours on the first and three on the second."""
    days = {}
    for name, start in (("ada", 480), ("bob", 600)):
        tour = {}
        for day, paid in ((0, 120), (1, 180)):
            at = day * 1440 + start
            end = at + paid + 60
            tour[day] = Duty(
                day,
                (
                    Block(at, at + 60, WORK, ("a",)),
                    Block(at + 60, at + 120, PAUSE),
                    Block(at + 120, end, WORK, ("a",)),
                ),
            )
        days[name] = tour
    return Standing(days, **more)
