"""The best choice for a budget by a mixed-integer linear program, with a proven bound (HiGHS).

With one shot required, a place is defended where each of its flights is met, and a flight where all pieces of one of
its minimal winning coalitions stand:

    y_k <= sum of z_m over the minimal winning coalitions m of a flight, for each flight that decides the places k
    z_m <= u_a for each piece a of m;  u_a <= sum of x_c over the candidates c that bring the piece
    sum of charges <= budget;  x binary, all else continuous in [0, 1]

The worth that is told of a choice is judged anew, never taken from the solver.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import highspy
import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.mix.choices import ceiling
from hoplon.analysis.mix.enumeration import cheapest
from hoplon.analysis.mix.found import LISTED, NearOptimal, Optimum
from hoplon.analysis.mix.problem import SAME
from hoplon.analysis.subsets.tables import bits_of, mask_of
from hoplon.errors import InputError

if TYPE_CHECKING:
    from hoplon.analysis.mix.problem import MixProblem

Row = tuple[float, float, dict[int, float]]
NODES_A_SECOND: Final = 50  # of the search: a limit in seconds is kept as one in nodes, so that digits repeat
_UNIT: Final = 1e3  # of values in the program, so that the solver's tolerances are small beside them
_MONEY_UNIT: Final = 1e-3  # of money in the program: thousands of million USD
_TOLERANCE: Final = 1e-9
_REFUSED: Final = 20  # choices of the solver in a row that judging does not bear out


@dataclass(frozen=True)
class _Answer:
    """What the solver found: a choice, or None, a bound of its objective, and whether it is proven."""

    choice: int | None
    bound: float
    proven: bool


@dataclass(frozen=True)
class _Matrix:
    """Rows as the solver takes them."""

    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    starts: NDArray[np.int32]
    columns: NDArray[np.int32]
    values: NDArray[np.float64]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> _Matrix:
        return cls(
            np.array([row[0] for row in rows], dtype=np.float64),
            np.array([row[1] for row in rows], dtype=np.float64),
            np.cumsum([0, *(len(row[2]) for row in rows)]).astype(np.int32),
            np.array([column for row in rows for column in row[2]], dtype=np.int32),
            np.array([value for row in rows for value in row[2].values()], dtype=np.float64),
        )


@dataclass(frozen=True)
class MixProgram:
    """The best choice of a problem in which no candidate harms and no site is lost.

    Parameters
    ----------
    problem : MixProblem
    nodes : int
        Of the search for one optimum at most.
    """

    problem: MixProblem
    nodes: int = 60 * NODES_A_SECOND
    _kept: dict[tuple[float, int], Optimum] = field(default_factory=dict, init=False, repr=False, compare=False)
    _near: dict[tuple[int, float], tuple[float, list[int], int]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _judged_worth: dict[int, float] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse what has no linear form."""
        if not self.problem.harmless:
            raise InputError(
                f"candidates of {self.problem.scenario.name}: more than one shot is required, so that a mix is chosen "
                f"of 20 candidates at most that matter; {self.problem.mattering.bit_count()} do: leave some out"
            )

    # --- the rows ------------------------------------------------------------------------------------------------

    @cached_property
    def _columns(self) -> _Columns:
        return _Columns(self.problem)

    @cached_property
    def _matrix(self) -> _Matrix:
        """What holds whatever is spent."""
        problem, columns = self.problem, self._columns
        choices, rows = problem.choices, list(columns.rows)
        for place in bits_of(problem.mattering):
            for needed in bits_of(choices.needs[place]):
                rows.append((-np.inf, 0.0, {place: 1.0, needed: -1.0}))
            for rival in bits_of(choices.rivals[place]):
                if rival > place:
                    rows.append((-np.inf, 1.0, {place: 1.0, rival: 1.0}))
        if choices.most is not None:
            rows.append((0.0, float(choices.most), dict.fromkeys(range(len(choices)), 1.0)))
        return _Matrix.of(rows)

    def _spent(self, least: float, most: float) -> Row:
        return (least * _MONEY_UNIT, most * _MONEY_UNIT, self._columns.money)

    def _solve(self, objective: Mapping[int, float], rows: list[Row], fixed: Mapping[int, float]) -> _Answer:
        """Maximise an objective under more rows, with some of the columns fixed."""
        count, always = self._columns.count, self._matrix
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = count, len(always.lower) + len(rows)
        model.sense_ = highspy.ObjSense.kMaximize
        cost = np.zeros(count)
        for column, weight in objective.items():
            cost[column] = weight
        lower, upper = np.zeros(count), np.ones(count)
        for column, value in fixed.items():
            lower[column] = upper[column] = value
        model.col_cost_, model.col_lower_, model.col_upper_ = cost, lower, upper
        more = _Matrix.of(rows)
        model.row_lower_ = np.concatenate([always.lower, more.lower])
        model.row_upper_ = np.concatenate([always.upper, more.upper])
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.concatenate([always.starts[:-1], always.starts[-1] + more.starts])
        model.a_matrix_.index_ = np.concatenate([always.columns, more.columns])
        model.a_matrix_.value_ = np.concatenate([always.values, more.values])
        whole = len(self.problem.choices)
        model.integrality_ = [highspy.HighsVarType.kInteger] * whole + [highspy.HighsVarType.kContinuous] * (
            count - whole
        )
        solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in (
            ("output_flag", False),
            ("threads", 1),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", _TOLERANCE),
            ("mip_feasibility_tolerance", _TOLERANCE),
            ("primal_feasibility_tolerance", _TOLERANCE),
            ("mip_max_nodes", self.nodes),
        ):
            solver.setOptionValue(option, value)
        solver.passModel(model)
        solver.HandleKeyboardInterrupt = True
        solver.solve()
        status, info = solver.getModelStatus(), solver.getInfo()
        if status == highspy.HighsModelStatus.kInfeasible:
            return _Answer(None, -np.inf, True)
        proven = status == highspy.HighsModelStatus.kOptimal
        bound = float(info.mip_dual_bound)
        if info.primal_solution_status != int(highspy.SolutionStatus.kSolutionStatusFeasible):
            return _Answer(None, bound, proven)
        chosen = np.array(solver.getSolution().col_value[:whole]) > 0.5
        return _Answer(mask_of(np.flatnonzero(chosen).tolist()), bound, proven)

    def _fixed(self, usable: int) -> dict[int, float]:
        kept = usable & self.problem.mattering
        return {place: 0.0 for place in range(len(self.problem.choices)) if not kept >> place & 1}

    def _worth(self, choice: int) -> float:
        if choice not in self._judged_worth:
            self._judged_worth[choice] = self.problem.worth(choice)
        return self._judged_worth[choice]

    def _judged(self, choice: int, budget_musd: float) -> bool:
        choices = self.problem.choices
        return choices.is_allowed(choice) and choices.cost_musd(choice) <= ceiling(budget_musd)

    # --- the best, the cheapest of the best, the first of them ---------------------------------------------------

    def optimum(self, budget_musd: float, usable: int) -> Optimum:
        """Return the best choice of usable candidates: of those as good the cheapest, then the first."""
        for (paid, wider), known in self._kept.items():  # the best of more choices is the best of those it is among
            if budget_musd <= paid and not usable & ~wider and self._is_among(known.choice, budget_musd, usable):
                return known
        self._kept[budget_musd, usable] = self._optimum(budget_musd, usable)
        return self._kept[budget_musd, usable]

    def _is_among(self, choice: int, budget_musd: float, usable: int) -> bool:
        return not choice & ~usable and self.problem.choices.cost_musd(choice) <= ceiling(budget_musd)

    def _optimum(self, budget_musd: float, usable: int) -> Optimum:
        problem, columns, fixed = self.problem, self._columns, self._fixed(usable)
        spent = self._spent(-np.inf, ceiling(budget_musd))
        answer = self._solve(columns.worth, [spent], fixed)
        choice, best = 0, self._worth(0)
        if answer.choice is not None and self._judged(answer.choice, budget_musd):
            worth = self._worth(answer.choice)
            if worth > best:
                choice, best = answer.choice, worth
        bound = max(best, answer.bound / _UNIT) if answer.proven or np.isfinite(answer.bound) else 1.0
        refused: list[Row] = []
        while True:
            cheap = self._solve(
                {column: -charge for column, charge in columns.money.items()},
                [spent, columns.at_least(best - SAME), *refused],
                fixed,
            )
            if cheap.choice is None or len(refused) > _REFUSED:
                break
            worth = self._worth(cheap.choice)
            if worth < best - SAME or not self._judged(cheap.choice, budget_musd):
                refused.append(columns.other_than(cheap.choice))
                continue
            if worth > best + SAME:  # the solver stopped within its tolerance of the best
                choice, best, bound = cheap.choice, worth, max(bound, worth)
                continue
            if problem.choices.cost_musd(cheap.choice) <= problem.choices.cost_musd(choice):
                choice = cheap.choice
            break
        choice = self._first(choice, best, fixed, refused)
        return Optimum(choice, self._worth(choice), max(bound, best))

    def _first(self, choice: int, best: float, fixed: Mapping[int, float], refused: list[Row]) -> int:
        """Return the first in order of the choices as good and as cheap as one."""
        problem, columns = self.problem, self._columns
        most = ceiling(problem.choices.cost_musd(choice))

        def serves(one: int) -> bool:
            return self._judged(one, most) and self._worth(one) >= best - SAME

        rows = [self._spent(-np.inf, most), columns.at_least(best - SAME), *refused]
        known, done = choice, 0
        while done != known and not serves(done):
            for place in range(done.bit_length(), bits_of(known & ~done)[0]):
                if fixed.get(place) == 0.0:
                    continue
                held = {one: float(done >> one & 1) for one in range(place)} | {place: 1.0}
                found = self._solve({}, rows, {**fixed, **held})
                if found.choice is not None and serves(found.choice):
                    known = found.choice
                    break
            rest = known & ~done
            done |= rest & -rest
        return done

    # --- those that come near ------------------------------------------------------------------------------------

    def near(self, budget_musd: float, usable: int, best: float, share: float, listed: int = LISTED) -> NearOptimal:
        """Return the least choices of usable candidates that come within a share of the best, the cheapest first."""
        problem, columns, fixed = self.problem, self._columns, self._fixed(usable)
        worth = (1.0 - share) * best - SAME
        rows = [self._spent(-np.inf, ceiling(budget_musd)), columns.at_least(worth)]
        cheap = {column: -charge for column, charge in columns.money.items()}
        found = self._known_near(budget_musd, usable, worth)[:listed]
        rows += [columns.not_all_of(one) for one in found]
        every = False
        while len(found) < listed:
            answer = self._solve(cheap, rows, fixed)
            if answer.choice is None:
                every = answer.proven
                break
            one = answer.choice
            if self._worth(one) < worth or not self._judged(one, budget_musd):
                rows.append(columns.other_than(one))
                continue
            one = self._least(one, worth)
            found.append(one)
            rows.append(columns.not_all_of(one))
        must = found[0] if found else 0
        never = usable
        for one in found:
            must &= one
            never &= ~one
        if not every:
            proven = self._known_must(budget_musd, usable, worth)
            must = mask_of(place for place in bits_of(must) if proven >> place & 1 or self._needed(place, rows, fixed))
            self._near[usable, worth] = (budget_musd, found, must)
        chosen = np.array(found, dtype=np.int64)
        told = cheapest(problem, chosen, problem.choices.costs_musd(chosen), listed)
        never |= problem.choices.everything & ~usable
        return NearOptimal(must, never, told, len(found), every)

    def _known_near(self, budget_musd: float, usable: int, worth: float) -> list[int]:
        """Return the cheapest that are known from a greater budget: they are the cheapest of a smaller one too."""
        paid, found, _ = self._near.get((usable, worth), (-np.inf, [], 0))
        return [one for one in found if budget_musd <= paid and self._is_among(one, budget_musd, usable)]

    def _known_must(self, budget_musd: float, usable: int, worth: float) -> int:
        """Return the candidates known to be in every near set of a greater budget, and so in those of a smaller."""
        paid, _, must = self._near.get((usable, worth), (-np.inf, [], 0))
        return must if budget_musd <= paid else 0

    def _least(self, choice: int, worth: float) -> int:
        """Return a part of a choice that is worth as much and none of whose parts is."""
        problem = self.problem
        for place in reversed(bits_of(choice)):
            less = choice & ~(1 << place)
            if problem.choices.is_allowed(less) and self._worth(less) >= worth:
                choice = less
        return choice

    def _needed(self, place: int, rows: list[Row], fixed: Mapping[int, float]) -> bool:
        """Tell whether it is proven that no choice that comes near does without a candidate."""
        answer = self._solve({}, rows, {**fixed, place: 0.0})
        return answer.choice is None and answer.proven


class _Columns:
    """The columns of the program (candidates first), and the rows that tie them to what is defended."""

    def __init__(self, problem: MixProblem) -> None:
        self.count = len(problem.choices)
        self.rows: list[Row] = []
        self.money: dict[int, float] = {}
        self.worth: dict[int, float] = {}
        self._worth_row: dict[int, float] = {}
        self._pieces: dict[int, int] = {}
        self._together: dict[int, int] = {}
        self._problem = problem
        for payers, charge in problem.choices.charges:
            column = self._any_of(payers, paid=True)
            self.money[column] = self.money.get(column, 0.0) + charge * _MONEY_UNIT
        self._places()

    def at_least(self, worth: float) -> Row:
        """Return the row that holds the worth up."""
        return (worth * _UNIT, np.inf, self.worth)

    def other_than(self, choice: int) -> Row:
        """Return the row that any other choice keeps."""
        row = {place: -1.0 if choice >> place & 1 else 1.0 for place in range(len(self._problem.choices))}
        return (1.0 - choice.bit_count(), np.inf, row)

    def not_all_of(self, choice: int) -> Row:
        """Return the row that a choice keeps that lacks one of some candidates."""
        return (-np.inf, choice.bit_count() - 1.0, dict.fromkeys(bits_of(choice), 1.0))

    def _new(self) -> int:
        self.count += 1
        return self.count - 1

    def _any_of(self, candidates: int, *, paid: bool) -> int:
        """Return the column of what any of some candidates brings, or of what any of them has to pay."""
        places = bits_of(candidates)
        if len(places) == 1:
            return places[0]
        column = self._new()
        if paid:
            self.rows += [(0.0, np.inf, {column: 1.0, place: -1.0}) for place in places]
        else:
            self.rows.append((-np.inf, 0.0, {column: 1.0, **dict.fromkeys(places, -1.0)}))
        return column

    def _piece(self, place: int) -> int:
        if place not in self._pieces:
            self._pieces[place] = self._any_of(self._problem.pieces.brought[place], paid=False)
        return self._pieces[place]

    def _winning(self, coalition: int) -> int:
        """Return the column of whether all pieces of a coalition stand."""
        pieces = bits_of(coalition)
        if len(pieces) == 1:
            return self._piece(pieces[0])
        if coalition not in self._together:
            mine = [self._piece(place) for place in pieces]
            column = self._together[coalition] = self._new()
            self.rows += [(-np.inf, 0.0, {column: 1.0, piece: -1.0}) for piece in mine]
        return self._together[coalition]

    def _places(self) -> None:
        """Add a column for each kind of place that some choice defends, and the worth as a sum of them."""
        by, values = self._problem.values.by, self._problem.values
        shares: list[tuple[int, NDArray[np.float64]]] = []
        for flights, weight in zip(by.flights, values.weights, strict=True):
            families = [by.families[flight] for flight in flights]
            if not weight.any() or not all(families):
                continue
            column = self._new()
            shares.append((column, weight))
            for family in families:
                if 0 in family:
                    continue
                row = {column: 1.0}
                for coalition in family:
                    one = self._winning(coalition)
                    row[one] = row.get(one, 0.0) - 1.0
                self.rows.append((-np.inf, 0.0, row))
        if by.scope.value != "worst_nation":
            whole = float(values.threatened.sum())
            self.worth = {column: _UNIT * float(weight.sum()) / whole for column, weight in shares}
            return
        least = self._new()
        self.worth = {least: _UNIT}
        for nation in np.flatnonzero(values.threatened > 0.0):
            row = {
                column: -float(weight[nation] / values.threatened[nation])
                for column, weight in shares
                if weight[nation]
            }
            self.rows.append((-np.inf, 0.0, {least: 1.0, **row}))
