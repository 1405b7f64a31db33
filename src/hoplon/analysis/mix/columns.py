"""The columns of a choice in a linear program, and the rows that tie them to what is defended and what is paid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.mix.choices import ceiling
from hoplon.analysis.subsets.family_values import FamilyValues
from hoplon.analysis.subsets.tables import bits_of, mask_of

if TYPE_CHECKING:
    from hoplon.analysis.mix.linear import LinearProgram, Row
    from hoplon.analysis.mix.problem import MixProblem
    from hoplon.analysis.subsets.merged_places import Family

UNIT: Final = 1e3  # of values in the program, so that the solver's tolerances are small beside them
_MONEY_UNIT: Final = 1e-3  # of money in the program: thousands of million USD


class ChoiceColumns:
    """One choice of candidates in a linear program: a column each, what it pays, and what it is worth.

    Parameters
    ----------
    linear : LinearProgram
        Takes the columns and rows.
    problem : MixProblem
        In which no candidate harms.

    Attributes
    ----------
    candidates : tuple of int
        The column of each candidate.
    money : dict of int to float
        What a choice pays, in the program's unit.
    worth : dict of int to float
        What it is worth, in the program's unit; empty where nothing is threatened.
    attacks : set of int
        Where sites are lost, the pieces of each loss whose rows were added.
    """

    def __init__(self, linear: LinearProgram, problem: MixProblem) -> None:
        self._linear = linear
        self._problem = problem
        self.candidates = tuple(linear.column(whole=True) for _ in range(len(problem.choices)))
        self.money: dict[int, float] = {}
        self.worth: dict[int, float] = {}
        self.attacks: set[int] = set()
        self._least: int | None = None
        self._pieces: dict[int, int] = {}
        self._together: dict[int, int] = {}
        self._defended: dict[tuple[Family, ...], int] = {}
        for payers, charge in problem.choices.charges:
            column = self._any_of(payers, paid=True)
            self.money[column] = self.money.get(column, 0.0) + charge * _MONEY_UNIT
        self._allow()
        if problem.values.nothing_threatened:
            return
        if problem.losses:
            self._least = linear.column()
            self.worth = {self._least: UNIT}
        elif problem.values.by.scope.value == "worst_nation":
            self._least = linear.column()
            self.worth = {self._least: UNIT}
            self._hold_below(0)
        else:
            whole = float(problem.values.threatened.sum())
            for column, weight in self._places(0):
                self.worth[column] = self.worth.get(column, 0.0) + UNIT * float(weight.sum()) / whole

    # --- what a solution says ------------------------------------------------------------------------------------

    def choice(self, values: NDArray[np.float64]) -> int:
        """Return the choice that values of all columns make."""
        return mask_of(place for place, column in enumerate(self.candidates) if values[column] > 0.5)

    def told_worth(self, values: NDArray[np.float64]) -> float:
        """Return the worth that values of all columns claim."""
        return sum(weight * float(values[column]) for column, weight in self.worth.items()) / UNIT

    # --- rows ----------------------------------------------------------------------------------------------------

    def spent(self, budget_musd: float) -> Row:
        """Return the row that a budget asks for [million USD]."""
        return (-np.inf, ceiling(budget_musd) * _MONEY_UNIT, self.money)

    def other_than(self, choice: int) -> Row:
        """Return the row that any other choice keeps."""
        row = {column: -1.0 if choice >> place & 1 else 1.0 for place, column in enumerate(self.candidates)}
        return (1.0 - choice.bit_count(), np.inf, row)

    def not_all_of(self, choice: int) -> Row:
        """Return the row that a choice keeps that lacks one of some candidates."""
        return (-np.inf, choice.bit_count() - 1.0, {self.candidates[place]: 1.0 for place in bits_of(choice)})

    def held(self, choice: int, places: range) -> dict[int, float]:
        """Return the values of the columns of some candidates in a choice."""
        return {self.candidates[place]: float(choice >> place & 1) for place in places}

    def attack(self, lost: int) -> None:
        """Hold the worth to no more than what the loss of some pieces leaves."""
        if lost not in self.attacks:
            self.attacks.add(lost)
            self._hold_below(lost)

    def _allow(self) -> None:
        """Add what candidates need, exclude, and how many there may be."""
        choices, rows, columns = self._problem.choices, self._linear.rows, self.candidates
        for place, column in enumerate(columns):
            rows += [(-np.inf, 0.0, {column: 1.0, columns[one]: -1.0}) for one in bits_of(choices.needs[place])]
            rivals = (one for one in bits_of(choices.rivals[place]) if one > place)
            rows += [(-np.inf, 1.0, {column: 1.0, columns[one]: 1.0}) for one in rivals]
        if choices.most is not None:
            rows.append((0.0, float(choices.most), dict.fromkeys(columns, 1.0)))

    def _any_of(self, candidates: int, *, paid: bool) -> int:
        """Return the column of what any of some candidates brings, or of what any of them has to pay."""
        mine = [self.candidates[place] for place in bits_of(candidates)]
        if len(mine) == 1:
            return mine[0]
        column = self._linear.column()
        if paid:
            self._linear.rows += [(0.0, np.inf, {column: 1.0, one: -1.0}) for one in mine]
        else:
            self._linear.rows.append((-np.inf, 0.0, {column: 1.0, **dict.fromkeys(mine, -1.0)}))
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
            column = self._together[coalition] = self._linear.column()
            self._linear.rows += [(-np.inf, 0.0, {column: 1.0, piece: -1.0}) for piece in mine]
        return self._together[coalition]

    def _place(self, families: tuple[Family, ...]) -> int:
        """Return the column of whether flights with some families are all met."""
        if families not in self._defended:
            column = self._defended[families] = self._linear.column()
            for family in families:
                row = {column: 1.0}
                for coalition in sorted(family):
                    one = self._winning(coalition)
                    row[one] = row.get(one, 0.0) - 1.0
                self._linear.rows.append((-np.inf, 0.0, row))
        return self._defended[families]

    def _places(self, lost: int) -> list[tuple[int, NDArray[np.float64]]]:
        """Return a column for each kind of place that some choice defends after a loss, and its weight by nation."""
        values = self._problem.values
        if not isinstance(values, FamilyValues):
            raise TypeError("places whose games are tables have no linear form")
        merged = values.merged.without(lost) if lost else values.merged
        return [
            (self._place(families), weight) for families, weight in zip(merged.families, merged.weights, strict=True)
        ]

    def _hold_below(self, lost: int) -> None:
        """Hold the least worth to no more than what each nation, or all, defend after a loss."""
        if self._least is None:
            return
        values, places = self._problem.values, self._places(lost)
        counted = [list(range(len(values.threatened)))]
        if values.by.scope.value == "worst_nation":
            counted = [[nation] for nation in counted[0] if values.threatened[nation] > 0.0]
        for nations in counted:
            whole = float(values.threatened[nations].sum())
            row = {self._least: 1.0}
            for column, weight in places:
                if share := float(weight[nations].sum()) / whole:
                    row[column] = row.get(column, 0.0) - share
            self._linear.rows.append((-np.inf, 0.0, row))
