"""
Whether the hard rules across people can be kept at all, and by which tours: asked of CP-SAT.

Where the search leaves such a rule broken, this decides. The model holds everybody whom a
rule counts, with all that binds their tours; breaks are left out, so people on a break
count as there, and "none" is said of more rosters than there are. What it finds is where
the search begins once more.
"""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import NamedTuple

import numpy as np
from ortools.sat.python import cp_model

from wfm.scheduling.exact import tour_flow
from wfm.scheduling.search import State
from wfm.scheduling.tables import Tables

WORK = 10.0  # deterministic seconds of the solver at most


def lacking(tables: Tables, state: State) -> bool:
    """
    Whether a roster breaks a hard rule across people.
    """
    posts = tables.posts
    there = state.heads[len(state.heads) - len(posts.at) :]
    low = there < posts.least - 0.5
    high = ((posts.most >= 0) & (there > posts.most + 0.5)) | (posts.beyond > 0)
    return bool((posts.hard & (low | high)).any())


class Manned(NamedTuple):
    """
    ``tables`` in which those whom hard rules count do what keeps these rules. Without any,
    no roster keeps them where that is ``proven``, else the solver came to no end.
    """

    tables: Tables | None
    proven: bool


def manned(tables: Tables, *, seed: int = 0) -> Manned:
    """
    Tours with which the hard rules across people are kept.
    """
    posts, team = tables.posts, tables.team
    rules = np.unique(posts.at[posts.hard, 0])
    people = np.flatnonzero(team.counted[team.skill][:, rules].any(axis=1))
    model = cp_model.CpModel()
    takes = {int(p): _takes(model, tables, int(p)) for p in people}
    if not all(takes.values()):
        return Manned(None, proven=True)
    for post in np.flatnonzero(posts.hard).tolist():
        rule, slot = posts.at[post].tolist()
        there = [
            taken
            for p, days in takes.items()
            if team.counted[team.skill[p], rule]
            for kinds in days
            for k, taken in kinds.items()
            if k >= 0 and tables.kinds.start[k] <= slot < tables.kinds.end[k]
        ]
        model.add(sum(there) >= int(posts.least[post]))
        if posts.most[post] >= 0 and posts.resting[rule]:
            model.add(sum(there) <= int(posts.most[post]))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = WORK
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Manned(None, proven=status == cp_model.INFEASIBLE)
    return Manned(_held(tables, takes, solver), proven=True)


def _takes(model: cp_model.CpModel, tables: Tables, p: int) -> list[dict[int, cp_model.IntVar]]:
    """Whether somebody takes a kind, or the day off (-1), by day; empty where they have no tour."""
    kinds, team, kt = tables.kinds, tables.team, int(tables.team.type[p])
    base = int(kinds.first[kt, 0])
    days = []
    for day in range(tables.size.days):
        marks = range(int(kinds.first[kt, day]), int(kinds.first[kt, day + 1]))
        own = {k: model.new_bool_var("") for k in marks if np.isfinite(team.adjust[p, k - base])}
        if np.isfinite(team.off[p, day]):
            own[-1] = model.new_bool_var("")
        model.add_exactly_one(own.values())
        days.append(own)
    flow = tour_flow(model, tables, p)
    if flow is None:
        return []
    for own, arcs in zip(days, flow, strict=True):
        for classes, used in arcs:
            fitting = [x for k, x in own.items() if (kinds.group[k] if k >= 0 else 0) in classes]
            model.add(sum(fitting) >= used)
    return days


def _held(
    tables: Tables, takes: dict[int, list[dict[int, cp_model.IntVar]]], solver: cp_model.CpSolver
) -> Tables:
    """Tables in which these people can do only what was found for them."""
    adjust, off = tables.team.adjust.copy(), tables.team.off.copy()
    for p, days in takes.items():
        base = int(tables.kinds.first[tables.team.type[p], 0])
        for day, own in enumerate(days):
            for k, taken in own.items():
                if solver.boolean_value(taken):
                    continue
                if k < 0:
                    off[p, day] = inf
                else:
                    adjust[p, k - base] = inf
    return replace(tables, team=tables.team._replace(adjust=adjust, off=off))
