"""
What OR-Tools decides: the best split of people over queues, and whether a tour exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from ortools.linear_solver import pywraplp
from ortools.sat.python import cp_model

from wfm.domain.roster import Roster
from wfm.domain.shortfall import shortfall
from wfm.scheduling.tables import Tables, open_cells


def best_split(tables: Tables, roster: Roster) -> tuple[dict[str, np.ndarray], float]:
    """
    Heads of each queue when everybody's time is split as well as it can be.

    A linear programme: in each interval people who serve the same queues, named by their
    blocks, share their time out over them, efficiency included.

    Returns
    -------
    tuple
        Heads by queue, float [intervals], and the price of what is still missing, cents.
    """
    solver = pywraplp.Solver.CreateSolver("GLOP")
    able, supply = _supply(tables, roster)
    single = (able > 0).sum(axis=1) == 1
    fixed = able[single].T @ supply[single]
    parts: dict[tuple[int, int], list[tuple[int, float, pywraplp.Variable]]] = {}
    for s in np.flatnonzero(~single).tolist():
        for t in np.flatnonzero(supply[s]).tolist():
            row = solver.Constraint(-solver.infinity(), float(supply[s, t]))
            for q in np.flatnonzero(able[s]).tolist():
                share = solver.NumVar(0.0, float(supply[s, t]), "")
                row.SetCoefficient(share, 1.0)
                parts.setdefault((q, t), []).append((s, float(able[s, q]), share))
    _price_cells(solver, replace(tables, cells=open_cells(tables)), fixed, parts)
    if solver.Solve() != pywraplp.Solver.OPTIMAL:
        raise RuntimeError("the split of people over queues has no optimum")
    heads = fixed.copy()
    for (q, t), shares in parts.items():
        heads[q, t] += sum(level * max(0.0, one.solution_value()) for _, level, one in shares)
    problem = tables.problem
    named: Mapping[str, np.ndarray] = dict(zip(problem.names, heads, strict=True))
    price = shortfall(problem.aims, named, problem.shortfall_prices, problem.grid.interval)
    return dict(named), price


def _supply(tables: Tables, roster: Roster) -> tuple[np.ndarray, np.ndarray]:
    """
    Efficiencies of everybody who serves the same queues, float [kinds, queues], and their
    presence on contacts, float [kinds, intervals]; duties carried in are among it.
    """
    problem = tables.problem
    grid, names = problem.grid, problem.names
    found: dict[tuple[float, ...], np.ndarray] = {}
    for tour in roster:
        agent, serves = tour.person.agent, problem.serves(tour.person)
        for block in (block for duty in tour.duties for block in duty.blocks):
            if not block.activity.on_contacts or block.end <= 0:
                continue
            here = [name in (block.queues or serves) for name in names]
            levels = tuple(
                agent.efficiency(problem.queues[name]) if on else 0.0
                for name, on in zip(names, here, strict=True)
            )
            row = found.setdefault(levels, np.zeros(grid.n))
            first = max(block.start // grid.interval, 0)
            last = min(-(-block.end // grid.interval), grid.n)
            starts = grid.starts[first:last]
            inside = np.minimum(starts + grid.interval, block.end) - np.maximum(starts, block.start)
            row[first:last] += np.maximum(inside, 0) / grid.interval
    able = np.array(list(found), dtype=float).reshape(len(found), len(names))
    supply = np.array(list(found.values())).reshape(len(found), grid.n)
    return able, np.where(supply < 1e-9, 0.0, supply)


def _price_cells(
    solver: pywraplp.Solver,
    tables: Tables,
    fixed: np.ndarray,
    parts: Mapping[tuple[int, int], list[tuple[int, float, pywraplp.Variable]]],
) -> None:
    """
    Segments of each cell that flexible people can reach, and what periods still miss.
    """
    cells, n = tables.cells, tables.size.intervals
    objective = solver.Objective()
    periods = []
    for i, target in enumerate(cells.target):
        missing = solver.NumVar(0.0, solver.infinity(), "")
        objective.SetCoefficient(missing, float(cells.price[i]))
        row = solver.Constraint(float(target), solver.infinity())
        row.SetCoefficient(missing, 1.0)
        periods.append(row)
    sure = np.zeros(len(cells.target))
    for c in range(len(cells.corners)):
        q, t = divmod(c, n)
        low, shares = float(fixed[q, t]), parts.get((q, t), [])
        period = int(cells.period[c])
        if period >= 0:
            sure[period] += _yield_at(tables, c, low)
        if not shares:
            continue
        high = low + sum(able * one.ub() for _, able, one in shares)
        supply = solver.Constraint(0.0, solver.infinity())
        for _, able, one in shares:
            supply.SetCoefficient(one, able)
        for width, gain, fine in _segments(tables, c, low, high):
            used = solver.NumVar(0.0, width, "")
            supply.SetCoefficient(used, -1.0)
            objective.SetCoefficient(used, -fine)
            if period >= 0:
                periods[period].SetCoefficient(used, gain)
    for row, reached in zip(periods, sure, strict=True):
        row.SetLb(row.lb() - float(reached))
    objective.SetMinimization()


def _segments(tables: Tables, c: int, low: float, high: float) -> list[tuple[float, float, float]]:
    cells = tables.cells
    found = []
    count = int(cells.corners[c])
    for j in range(count):
        start = max(low, float(cells.at[c, j]))
        end = high if j + 1 == count else min(high, float(cells.at[c, j + 1]))
        if end > start:
            found.append((end - start, float(cells.gain[c, j]), float(cells.fine[c, j])))
    return found


def _yield_at(tables: Tables, c: int, heads: float) -> float:
    segments = _segments(tables, c, 0.0, heads) if heads > 0 else []
    return float(tables.cells.idle[c]) + sum(width * gain for width, gain, _ in segments)


def has_tour(tables: Tables, p: int, *, seed: int = 0) -> bool:
    """
    Whether the rules admit any tour for a person, asked of CP-SAT.

    A second opinion: the dynamic programme's "none" is never believed alone, nor is
    CP-SAT's: it is asked again without presolve.
    """
    model = cp_model.CpModel()
    if tour_flow(model, tables, p) is None:
        return False
    return any(_feasible(model, seed + turn, presolve=not turn) for turn in range(2))


def tour_flow(
    model: cp_model.CpModel, tables: Tables, p: int
) -> list[list[tuple[frozenset[int], cp_model.IntVar]]] | None:
    """
    A way through the rules for a person, put into a model; None where there is none at all.

    Returns
    -------
    list
        By day the arcs that may be used, one of which is: their classes, and whether it is.
    """
    arcs, team, kinds = tables.arcs, tables.team, tables.kinds
    kind, days = int(team.type[p]), tables.size.days
    if team.node[p] < 0:
        return None
    found = []
    base = int(kinds.first[kind, 0])
    flows: dict[int, list[cp_model.IntVar]] = {int(team.node[p]): []}
    units: list[cp_model.LinearExprT] = []  # paid in the week or block so far
    for day in range(days):
        following: dict[int, list[cp_model.IntVar]] = {}
        taken: list[tuple[int, cp_model.IntVar]] = []
        ways: list[tuple[frozenset[int], cp_model.IntVar]] = []
        out: dict[int, list[cp_model.IntVar]] = {node: [] for node in flows}
        usable = _usable_classes(tables, p, day, base)
        for a in range(int(arcs.first[kind, day]), int(arcs.first[kind, day + 1])):
            member = int(arcs.sets[kind, day] + arcs.set[a])
            members = arcs.member[arcs.items[member] : arcs.items[member + 1]]
            classes = usable.intersection(members.tolist())
            node = int(arcs.source[a])
            if node in flows and classes:
                used = model.new_bool_var("")
                out[node].append(used)
                following.setdefault(int(arcs.target[a]), []).append(used)
                taken.append((int(arcs.paid[member]), used))
                ways.append((frozenset(classes), used))
        found.append(ways)
        for node, incoming in flows.items():
            model.add(sum(out[node]) == (sum(incoming) if day else 1))
        flows = following
        units += [amount * used for amount, used in taken]
        week = int(arcs.week[kind, day])
        if week >= 0:
            low, high = int(team.low[p, week]), int(team.high[p, week])
            if low > high:  # CP-SAT takes an empty range for none where there is nothing to sum
                return None
            model.add_linear_constraint(sum(units), low, high)
        if arcs.closes[kind, day]:
            units = []
    return found


def _feasible(model: cp_model.CpModel, seed: int, *, presolve: bool) -> bool:
    """
    Whether a model has a solution.

    Raises
    ------
    RuntimeError
        The solver says neither yes nor no.
    """
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.cp_model_presolve = presolve
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.INFEASIBLE):
        raise RuntimeError(f"CP-SAT ends with {solver.status_name(status)}")
    return bool(status != cp_model.INFEASIBLE)


def _usable_classes(tables: Tables, p: int, day: int, base: int) -> set[int]:
    kinds, kind = tables.kinds, int(tables.team.type[p])
    first, last = int(kinds.first[kind, day]), int(kinds.first[kind, day + 1])
    open_ = np.isfinite(tables.team.adjust[p, first - base : last - base])
    off = {0} if np.isfinite(tables.team.off[p, day]) else set()
    return off | set(kinds.group[first:last][open_].tolist())
