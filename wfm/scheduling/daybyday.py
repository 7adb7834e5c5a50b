"""
Rosters that grow day by day, each day planned with whole people.

In larger teams the dearest days come first, and the search does the rest. In small ones the
proof of the dearest day has found how whole people spend it best. Everybody is held to
that, prices of the other days are found anew, the next day is planned in the same way, and
so on. What a day costs in the rest of the week is known of each person (min-marginals), so
few days spoil a later one; where they do, annealing from there sets it right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import inf

import numpy as np

from wfm.domain.outcome import Progress, Stop, never, silent
from wfm.scheduling.bound import Dual, solve_dual
from wfm.scheduling.tables import Tables
from wfm.scheduling.wholedays import Days, Planned

PASSES = 60  # over everybody for the prices of what is left
PART = 0.3  # of what cover costs on the dearest day: days below are left to the search


def grown(
    tables: Tables,
    first: Planned,
    order: Sequence[int],
    *,
    slack: float,
    nodes: int,
    passes: int = PASSES,
    stop: Stop = never,
) -> tuple[Tables, Dual]:
    """
    Tables in which everybody is held to one way through the week, and their dual.

    Parameters
    ----------
    first
        A day that has been planned; somebody must have found a way to spend it.
    order
        Days that follow; where one admits no plan, it and those after it stay open.
    slack
        Cents that a choice may raise the bound by.
    nodes
        Nodes of each day's search tree at most.
    passes
        Over everybody for the prices of what is left, once for each day.
    """
    held = holding(tables, first)
    dual = solve_dual(held, passes, stop=stop)
    for day in order:
        if stop():
            break
        days = Days(held, dual.prices, dual.weights, dual.posts)
        split, found = days.solve(day, slack, nodes, stop=stop)
        if found.taken is None:
            break
        held = holding(held, Planned(day, split.choices, found.taken))
        dual = solve_dual(held, passes, stop=stop)
    return held, dual


def begun(
    tables: Tables,
    dual: Dual,
    most: int,
    *,
    least: float = 0.0,
    progress: Progress = silent,
    stop: Stop = never,
) -> tuple[Tables, Dual] | None:
    """
    Tables in which everybody is held to a good way through the dearest days, and their dual.

    Parameters
    ----------
    most
        Days at most; only those count whose cover costs a good part of the dearest day's.
    least
        Cents that the cover of a day costs at least: what is open to be gained by it.

    Returns
    -------
    tuple
        None where cover costs too little, or no way to spend the dearest day was found.
    """
    days = Days(tables, dual.prices, dual.weights, dual.posts)
    dear, held = days.dear(), None
    enough = max(least, PART * dear.max())
    order = [day for day in days.order() if dear[day] > enough][:most]
    for number, day in enumerate(order):
        progress(number, len(order), "dearest days, with whole people")
        if stop():
            break
        planned = days.plan(day, stop=stop)
        if planned.taken is None:
            break
        held = holding(days.tables, planned)
        dual = solve_dual(held, PASSES, stop=stop)
        days = Days(held, dual.prices, dual.weights, dual.posts)
    return (held, dual) if held is not None else None


def dealt(planned: Planned, stream: np.random.Generator) -> Planned:
    """
    The same day with its choices dealt anew among those who are alike on it.
    """
    choices = [
        replace(group, people=tuple(stream.permutation(group.people).tolist()))
        for group in planned.choices
    ]
    return planned._replace(choices=tuple(choices))


def holding(tables: Tables, planned: Planned) -> Tables:
    """
    The tables in which a day can only be spent as it was planned.

    People who are alike take the choices in turn, the last of them first.
    """
    assert planned.taken is not None
    kinds, team = tables.kinds, tables.team
    adjust, off = team.adjust.copy(), team.off.copy()
    waiting = [list(group.people) for group in planned.choices]
    works = [
        (waiting[group].pop(), kind) for group, kind, people in planned.taken for _ in range(people)
    ]
    for p, kind in [*works, *((p, -1) for group in waiting for p in group)]:
        marks = kinds.first[team.type[p]]
        here = np.arange(marks[planned.day], marks[planned.day + 1])
        adjust[p, here[here != kind] - marks[0]] = inf
        if kind >= 0:
            off[p, planned.day] = inf
    return replace(tables, team=team._replace(adjust=adjust, off=off))
