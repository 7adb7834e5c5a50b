"""
A mixed-integer programme, written row by row and solved by HiGHS.

References
----------
Huangfu, Hall (2018). Parallelizing the dual revised simplex method. Mathematical
Programming Computation 10(1), 119-142 (HiGHS).
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf
from typing import NamedTuple

import highspy
import numpy as np

from wfm.domain.outcome import Stop, never, seconds_left

OPTIONS = {
    "output_flag": False,
    "threads": 1,
    "mip_rel_gap": 0.0,
}
# each a fifth faster or so on days of 10 and 20 people, where solutions are not the trouble
PROVING = {
    "mip_allow_restart": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
}
ENDS = (
    highspy.HighsModelStatus.kOptimal,
    highspy.HighsModelStatus.kSolutionLimit,  # of nodes
    highspy.HighsModelStatus.kInterrupt,
    highspy.HighsModelStatus.kTimeLimit,
)


class Solution(NamedTuple):
    """
    What is known of a programme when its solver ends: no solution is below ``bound``.

    ``values`` are those of the best solution, float64 [columns]; None where there is none.
    """

    bound: float
    cost: float
    values: np.ndarray | None


class Programme:
    """
    Columns from 0 up and rows of some of them; the cost is to be least.
    """

    def __init__(self) -> None:
        self.offset = 0.0
        self._upper: list[float] = []
        self._cost: list[float] = []
        self._whole: list[bool] = []
        self._low: list[float] = []
        self._high: list[float] = []
        self._start: list[int] = [0]
        self._column: list[int] = []
        self._factor: list[float] = []

    def column(self, *, upper: float = inf, cost: float = 0.0, whole: bool = False) -> int:
        """One more column; its number."""
        self._upper.append(upper)
        self._cost.append(cost)
        self._whole.append(whole)
        return len(self._upper) - 1

    def row(
        self, terms: Iterable[tuple[int, float]], *, low: float = -inf, high: float = inf
    ) -> None:
        """One more row: the sum of factors times columns lies in ``[low, high]``."""
        total: dict[int, float] = {}
        for column, factor in terms:
            total[column] = total.get(column, 0.0) + factor
        for column, factor in total.items():
            if abs(factor) > 1e-12:
                self._column.append(column)
                self._factor.append(factor)
        self._start.append(len(self._column))
        self._low.append(low)
        self._high.append(high)

    def solve(
        self, *, nodes: int, close: float, seeking: float = 0.0, stop: Stop = never
    ) -> Solution:
        """
        Search the tree.

        Parameters
        ----------
        nodes
            Nodes of the tree at most: a count, so that runs repeat.
        close
            How near to the bound a solution may stay.
        seeking
            Share of the work that goes to finding good solutions, from 0 to 1; 0 leaves out
            what is dear, for a proof.
        stop
            Looked at now and then, some seconds apart at most; what it knows of the time that is
            left, the solver is told.

        Raises
        ------
        RuntimeError
            The solver does not know an option: it is of another version.
        """
        solver = highspy.Highs()
        ways = {"mip_heuristic_effort": seeking} if seeking else PROVING
        limits = {"mip_max_nodes": nodes, "mip_abs_gap": close}
        left = seconds_left(stop)
        if left < inf:  # within its heuristics the solver does not ask
            limits["time_limit"] = left
        for name, value in {**OPTIONS, **ways, **limits}.items():
            if solver.setOptionValue(name, value) != highspy.HighsStatus.kOk:
                raise RuntimeError(f"HiGHS does not take {name} = {value}")
        solver.passModel(self._model())

        def look(_kind: object, _message: object, _said: object, reply: object, _own: object):  # type: ignore[no-untyped-def]
            reply.user_interrupt = stop()  # type: ignore[attr-defined]

        if stop is not never:
            solver.setCallback(look, None)
            solver.startCallback(highspy.cb.HighsCallbackType.kCallbackMipInterrupt)
        solver.run()
        info = solver.getInfo()
        if solver.getModelStatus() not in ENDS:  # that there is none is not believed at once
            return Solution(-inf, inf, None)
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return Solution(info.mip_dual_bound, inf, None)
        values = np.array(solver.getSolution().col_value)
        return Solution(info.mip_dual_bound, info.objective_function_value, values)

    def _model(self) -> highspy.HighsLp:
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self._upper), len(self._low)
        model.offset_ = self.offset
        model.col_cost_ = np.array(self._cost)
        model.col_lower_ = np.zeros(len(self._upper))
        model.col_upper_ = np.array(self._upper)
        model.row_lower_, model.row_upper_ = np.array(self._low), np.array(self._high)
        model.integrality_ = [
            highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
            for whole in self._whole
        ]
        matrix = model.a_matrix_
        matrix.format_ = highspy.MatrixFormat.kRowwise
        matrix.num_col_, matrix.num_row_ = model.num_col_, model.num_row_
        matrix.start_ = np.array(self._start, dtype=np.int32)
        matrix.index_ = np.array(self._column, dtype=np.int32)
        matrix.value_ = np.array(self._factor)
        return model
