"""Mixed-integer linear programs for HiGHS: columns between 0 and 1, rows, and what is made as great as possible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import highspy
import numpy as np
from numpy.typing import NDArray

from hoplon.solver import quiet_solver

Row = tuple[float, float, Mapping[int, float]]
"""A row: what its sum is at least, at most, and the weight of each column in it."""
_TOLERANCE: Final = 1e-9


@dataclass(frozen=True)
class Solved:
    """What the solver found.

    Attributes
    ----------
    values : ndarray or None
        Of each column; None if it found nothing that all rows allow.
    bound : float
        Of the objective.
    proven : bool
        Whether the values are the best, or nothing that all rows allow exists.
    nodes : int
        Of the search.
    """

    values: NDArray[np.float64] | None
    bound: float
    proven: bool
    nodes: int


@dataclass
class LinearProgram:
    """Columns between 0 and 1, some of them whole, and the rows that they always keep.

    Attributes
    ----------
    count : int
        Columns.
    whole : list of int
        Those that are 0 or 1.
    rows : list of Row
    """

    count: int = 0
    whole: list[int] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    _matrix: _Matrix | None = field(default=None, init=False, repr=False)

    def column(self, *, whole: bool = False) -> int:
        """Add a column, and return its place."""
        self.count += 1
        if whole:
            self.whole.append(self.count - 1)
        return self.count - 1

    def maximise(
        self,
        objective: Mapping[int, float],
        rows: Sequence[Row],
        fixed: Mapping[int, float],
        nodes: int,
        start: Mapping[int, float] | None = None,
    ) -> Solved:
        """Return the values of the columns that make an objective greatest under more rows.

        Parameters
        ----------
        objective : mapping of int to float
            Weight of each column; the others have none.
        rows : sequence of Row
            Beside those that are always kept.
        fixed : mapping of int to float
            Values of columns that are not to move.
        nodes : int
            Of the search at most.
        start : mapping of int to float, optional
            Values of the whole columns to begin with.
        """
        if self._matrix is None or self._matrix.rows != len(self.rows):
            self._matrix = _Matrix.of(self.rows)
        always, more = self._matrix, _Matrix.of(rows)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self.count, always.rows + more.rows
        model.sense_ = highspy.ObjSense.kMaximize
        cost, lower, upper = np.zeros(self.count), np.zeros(self.count), np.ones(self.count)
        for column, weight in objective.items():
            cost[column] = weight
        for column, value in fixed.items():
            lower[column] = upper[column] = value
        model.col_cost_, model.col_lower_, model.col_upper_ = cost, lower, upper
        model.row_lower_ = np.concatenate([always.lower, more.lower])
        model.row_upper_ = np.concatenate([always.upper, more.upper])
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.concatenate([always.starts[:-1], always.starts[-1] + more.starts])
        model.a_matrix_.index_ = np.concatenate([always.columns, more.columns])
        model.a_matrix_.value_ = np.concatenate([always.values, more.values])
        kinds = [highspy.HighsVarType.kContinuous] * self.count
        for column in self.whole:
            kinds[column] = highspy.HighsVarType.kInteger
        model.integrality_ = kinds
        solver = quiet_solver(
            {
                "mip_rel_gap": 0.0,
                "mip_abs_gap": _TOLERANCE,
                "mip_feasibility_tolerance": _TOLERANCE,
                "primal_feasibility_tolerance": _TOLERANCE,
                "mip_max_nodes": nodes,
            }
        )
        solver.passModel(model)
        if start is not None:
            places = np.array(list(start), dtype=np.int32)
            solver.setSolution(len(places), places, np.array(list(start.values())))
        solver.HandleKeyboardInterrupt = True
        solver.solve()
        status, info = solver.getModelStatus(), solver.getInfo()
        searched = max(0, int(info.mip_node_count))
        if status == highspy.HighsModelStatus.kInfeasible:
            return Solved(None, -np.inf, True, searched)
        proven = status == highspy.HighsModelStatus.kOptimal
        bound = float(info.mip_dual_bound)
        if info.primal_solution_status != int(highspy.SolutionStatus.kSolutionStatusFeasible):
            return Solved(None, bound, proven, searched)
        return Solved(np.array(solver.getSolution().col_value), bound, proven, searched)


@dataclass(frozen=True)
class _Matrix:
    """Rows as the solver takes them."""

    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    starts: NDArray[np.int32]
    columns: NDArray[np.int32]
    values: NDArray[np.float64]

    @property
    def rows(self) -> int:
        return len(self.lower)

    @classmethod
    def of(cls, rows: Sequence[Row]) -> _Matrix:
        return cls(
            np.array([row[0] for row in rows], dtype=np.float64),
            np.array([row[1] for row in rows], dtype=np.float64),
            np.cumsum([0, *(len(row[2]) for row in rows)]).astype(np.int32),
            np.array([column for row in rows for column in row[2]], dtype=np.int32),
            np.array([value for row in rows for value in row[2].values()], dtype=np.float64),
        )
