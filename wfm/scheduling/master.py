"""
The master of column generation: one tour for everybody, rows covered as cheaply as possible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from ortools.linear_solver import pywraplp

from wfm.scheduling.columns import Rows


@dataclass(frozen=True, eq=False)
class Column:
    """
    One tour of one person.

    Parameters
    ----------
    person
        Number of the person in the team.
    tour
        Option of each day, int64 [days].
    cost
        What the tour itself costs.
    rows, amounts
        What it adds to rows; a row may come twice.
    """

    person: int
    tour: np.ndarray
    cost: float
    rows: np.ndarray
    amounts: np.ndarray

    def worth(self, prices: np.ndarray) -> float:
        """What it adds at these prices, less its cost."""
        return float(prices[self.rows] @ self.amounts) - self.cost

    def add_to(self, cover: np.ndarray, sign: int = 1) -> None:
        """Add what it adds to a cover, or take it off."""
        np.add.at(cover, self.rows, sign * self.amounts)


@dataclass(frozen=True)
class Relaxed:
    """
    The optimum when tours may be mixed.

    ``prices`` are by row; ``shares`` by person are what their columns are worth at least.
    """

    objective: float
    prices: np.ndarray
    shares: np.ndarray
    weights: np.ndarray  # by column


class Master:
    """
    A linear programme that grows by columns and keeps its basis between solves.

    Parameters
    ----------
    rows
        Needs and prices.
    people
        Numbers of the people who are placed here; others are in the needs already.
    active
        Rows that matter here; None: all. What other rows cost is left out.
    """

    def __init__(self, rows: Rows, people: Sequence[int], active: np.ndarray | None = None):
        self.rows = rows
        size = len(rows.need)
        self.active = np.arange(size) if active is None else active
        self._line = np.full(size, -1)
        self._line[self.active] = np.arange(len(self.active))
        self.people = list(people)
        self.columns: list[Column] = []
        self._place = {person: at for at, person in enumerate(people)}
        self._mine: list[list[int]] = [[] for _ in people]
        self._known: set[tuple[int, bytes]] = set()
        self._closed: set[int] = set()
        self._solver = pywraplp.Solver.CreateSolver("GLOP")
        self._variables: list[pywraplp.Variable] = []
        self._objective = self._solver.Objective()
        self._cover = [
            self._solver.Constraint(need, need) for need in rows.need[self.active].tolist()
        ]
        self._once = [self._solver.Constraint(1.0, 1.0) for _ in people]
        for row, short, surplus in zip(
            self._cover,
            rows.short[self.active].tolist(),
            rows.surplus[self.active].tolist(),
            strict=True,
        ):
            self._slack(row, 1.0, short)
            self._slack(row, -1.0, surplus)
        self._settings = pywraplp.MPSolverParameters()
        kinds = pywraplp.MPSolverParameters
        self._settings.SetIntegerParam(kinds.PRESOLVE, kinds.PRESOLVE_OFF)
        self._settings.SetIntegerParam(kinds.INCREMENTALITY, kinds.INCREMENTALITY_ON)

    def _slack(self, row: pywraplp.Constraint, sign: float, price: float) -> None:
        slack = self._solver.NumVar(0.0, self._solver.infinity(), "")
        row.SetCoefficient(slack, sign)
        self._objective.SetCoefficient(slack, price)

    def add(self, column: Column) -> bool:
        """Add a column; false when it is there already."""
        key = column.person, column.tour.tobytes()
        if key in self._known:
            return False
        self._known.add(key)
        place = self._place[column.person]
        variable = self._solver.NumVar(0.0, self._solver.infinity(), "")
        self._objective.SetCoefficient(variable, column.cost)
        self._once[place].SetCoefficient(variable, 1.0)
        for row, amount in self._merged(column):
            self._cover[row].SetCoefficient(variable, amount)
        self._mine[place].append(len(self.columns))
        self.columns.append(column)
        self._variables.append(variable)
        return True

    def of(self, person: int) -> list[Column]:
        """All columns of a person."""
        return [self.columns[number] for number in self._mine[self._place[person]]]

    def _merged(self, column: Column) -> list[tuple[int, float]]:
        rows, amounts = self._line[column.rows], column.amounts
        rows, amounts = rows[rows >= 0], amounts[rows >= 0]
        unique, where = np.unique(rows, return_inverse=True)
        if len(unique) < len(rows):
            rows, amounts = unique, np.bincount(where, amounts)
        return list(zip(rows.tolist(), amounts.tolist(), strict=True))

    def only(self, people: Sequence[int], rows: Rows) -> Master:
        """
        A smaller master: the open columns of some people, over what is left to be covered.
        """
        smaller = Master(rows, people, self.active)
        for person in people:
            for number in self._mine[self._place[person]]:
                if number not in self._closed:
                    smaller.add(self.columns[number])
        return smaller

    def fix(self, number: int) -> None:
        """Give a person one column; all others of that person are closed."""
        place = self._place[self.columns[number].person]
        for other in self._mine[place]:
            if other != number and other not in self._closed:
                self._variables[other].SetUb(0.0)
                self._closed.add(other)

    def solve(self) -> Relaxed:
        """
        Optimum of the columns so far.

        Raises
        ------
        RuntimeError
            The linear solver failed: somebody has no column, or numbers are out of range.
        """
        status = self._solver.Solve(self._settings)
        if status != pywraplp.Solver.OPTIMAL:
            raise RuntimeError(f"the linear solver ended with status {status}")
        prices = np.zeros(len(self.rows.need))
        prices[self.active] = [row.dual_value() for row in self._cover]
        return Relaxed(
            self._objective.Value(),
            prices,
            np.array([row.dual_value() for row in self._once]),
            np.array([one.solution_value() for one in self._variables]),
        )

    def toil(self) -> float:
        """Work of the last solve, in table cells, about."""
        return float((self._solver.iterations() + 20) * (len(self.active) + 50) * 30)
