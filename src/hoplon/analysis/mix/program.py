"""The best choice for a budget by a mixed-integer linear program, with a proven bound (HiGHS).

With one shot required, a place is defended where each of its flights is met, and a flight where all pieces of one of
its minimal winning coalitions stand:

    y_k <= sum of z_m over the minimal winning coalitions m of a flight, for each flight that decides the places k
    z_m <= u_a for each piece a of m;  u_a <= sum of x_c over the candidates c that bring the piece
    sum of charges <= budget;  x binary, all else continuous in [0, 1]

*Phases*: columns of their own for each phase, x_k <= x_(k+1), a budget each; the sum of their values is made greatest.

*Losses*: t <= value after the loss L, for a growing list of losses. The flights' minimal winning coalitions that hold a
piece of L are left out, so that only the y differ. The losses of a choice that the solver offers are gone through, the
worst of them that its t exceeds are added, and the program is solved again: as long as a loss is missing, t is too
great, so that the bound holds (row generation; Brown, Carlyle, Salmeron and Wood 2006 on defender and attacker).

The worth that is told of a choice is judged anew, never taken from the solver.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from hoplon.analysis.mix.choices import ceiling
from hoplon.analysis.mix.columns import UNIT, ChoiceColumns
from hoplon.analysis.mix.enumeration import cheapest
from hoplon.analysis.mix.found import LISTED, NearOptimal, Optimum
from hoplon.analysis.mix.linear import LinearProgram
from hoplon.analysis.mix.problem import SAME
from hoplon.analysis.subsets.tables import bits_of, mask_of
from hoplon.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hoplon.analysis.mix.linear import Row
    from hoplon.analysis.mix.problem import MixProblem

NODES_A_SECOND: Final = 50  # of the search: a limit in seconds is kept as one in nodes, so that digits repeat
_REFUSED: Final = 20  # choices of the solver in a row that judging does not bear out
_STEPS_A_NODE: Final = 3.0  # where sites are lost, a solution takes (10 + nodes) x rows / 1000 steps
_ROOT: Final = 10  # nodes that the work before the first takes
_ROWS: Final = 1000.0
_FIRST_LOSSES: Final = 30  # of the choice that the search begins with, the worst
_MORE_LOSSES: Final = 5  # that are added at a time


@dataclass(frozen=True)
class _Answer:
    """What the solver found: a choice, or None, a bound of its objective, and whether it is proven."""

    choice: int | None
    bound: float
    proven: bool


@dataclass(frozen=True)
class MixProgram:
    """The best choice of a problem in which no candidate harms, alone or as the last of phases.

    Parameters
    ----------
    problem : MixProblem
    nodes : int
        Of the search for one optimum at most.
    earlier : sequence of (MixProblem, float)
        Earlier phases, in order, of the same candidates, and what each may spend [million USD]. What a choice is worth
        is then the greatest sum over the phases with that choice as the last.
    mattering : int, optional
        The candidates that may be chosen; those on which a value of one of the phases depends by default.
    """

    problem: MixProblem
    nodes: int = 60 * NODES_A_SECOND
    earlier: Sequence[tuple[MixProblem, float]] = ()
    mattering: int = -1
    _kept: dict[tuple[float, int], Optimum] = field(default_factory=dict, init=False, repr=False, compare=False)
    _near: dict[tuple[int, float], tuple[float, list[int], int]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _judged_worth: dict[int, float] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse what has no linear form, and take the candidates that matter."""
        mattering = 0
        for problem in self._problems:
            mattering |= problem.mattering
        for problem in self._problems:
            if not problem.harmless:
                raise InputError(
                    f"candidates of {problem.scenario.name}: more than one shot is required, so that a mix is chosen "
                    f"of 20 candidates at most that matter; {mattering.bit_count()} do: leave some out"
                )
        if self.mattering < 0:
            object.__setattr__(self, "mattering", mattering)

    @property
    def _problems(self) -> tuple[MixProblem, ...]:
        return (*(problem for problem, _ in self.earlier), self.problem)

    # --- the rows ------------------------------------------------------------------------------------------------

    @cached_property
    def _linear(self) -> LinearProgram:
        return LinearProgram()

    @cached_property
    def _phases(self) -> tuple[ChoiceColumns, ...]:
        """The columns of each phase, the asked one last."""
        found = [ChoiceColumns(self._linear, problem) for problem in self._problems]
        for columns, (_, budget) in zip(found, self.earlier, strict=False):
            self._linear.rows.append(columns.spent(budget))
        for before, after in pairwise(found):
            for one, other in zip(before.candidates, after.candidates, strict=True):
                self._linear.rows.append((-np.inf, 0.0, {one: 1.0, other: -1.0}))
        return tuple(found)

    @property
    def _columns(self) -> ChoiceColumns:
        return self._phases[-1]

    @cached_property
    def _objective(self) -> dict[int, float]:
        """The weights of the columns whose sum is the worth."""
        return {column: weight for columns in self._phases for column, weight in columns.worth.items()}

    def _at_least(self, worth: float) -> Row:
        return (worth * UNIT, np.inf, self._objective)

    def _fixed(self, usable: int) -> dict[int, float]:
        kept = usable & self.mattering
        return {column: 0.0 for place, column in enumerate(self._columns.candidates) if not kept >> place & 1}

    # --- the solver ----------------------------------------------------------------------------------------------

    def _solve(
        self,
        objective: Mapping[int, float],
        rows: list[Row],
        fixed: Mapping[int, float],
        *,
        enough: float = np.inf,
        start: int | None = None,
    ) -> _Answer:
        """Maximise an objective under more rows, with some of the columns fixed.

        Where sites are lost, rows of losses are added until the choice found is worth what the program says, or
        ``enough``, or the steps are used up.
        """
        columns, linear, steps = self._columns, self._linear, self.nodes / _STEPS_A_NODE
        begun = None if start is None else columns.held(start, range(len(columns.candidates)))
        while True:
            nodes, each = self.nodes, max(1, len(linear.rows)) / _ROWS
            if self.problem.losses:
                nodes = min(nodes, max(1, int(steps / each) - _ROOT))
            solved = linear.maximise(objective, rows, fixed, nodes, begun)
            if solved.values is None:
                return _Answer(None, solved.bound, solved.proven)
            found = _Answer(columns.choice(solved.values), solved.bound, solved.proven)
            if self._judged_phases(solved.values) >= enough or not self._attacked(solved.values):
                return found
            steps -= (_ROOT + solved.nodes) * each
            if steps < _ROOT * each:
                return _Answer(found.choice, found.bound, False)

    def _judged_phases(self, values: NDArray[np.float64]) -> float:
        """Judge the choices that values make, keep their sum for the last of them, and return it."""
        choices = [columns.choice(values) for columns in self._phases]
        worth = 0.0
        for problem, choice in zip(self._problems, choices, strict=True):
            worth += 0.0 if problem.values.nothing_threatened else problem.worth(choice)
        for (_, budget), choice in zip(self.earlier, choices, strict=False):
            if not self._judged(choice, budget):  # within the solver's tolerance of the budget
                return -np.inf
        self._judged_worth[choices[-1]] = max(worth, self._judged_worth.get(choices[-1], -np.inf))
        return worth

    def _attacked(self, values: NDArray[np.float64]) -> bool:
        """Add the worst losses of the choices found that leave less than the program says; tell whether any was."""
        added = False
        for problem, columns in zip(self._problems, self._phases, strict=True):
            if problem.losses and columns.worth:
                told = columns.told_worth(values) - SAME
                worst = [lost for left, lost in problem.ranked_losses(columns.choice(values)) if left < told]
                for lost in [lost for lost in worst if lost not in columns.attacks][:_MORE_LOSSES]:
                    columns.attack(lost)
                    added = True
        return added

    def _worth(self, choice: int) -> float:
        """Return what a choice is worth: with earlier phases the greatest sum of which it is the last."""
        if choice not in self._judged_worth:
            if self.earlier:
                held = self._columns.held(choice, range(len(self._columns.candidates)))
                found = self._solve(self._objective, [], held)
                if found.choice is None:
                    return -np.inf
            else:
                self._judged_worth[choice] = self.problem.worth(choice)
        return self._judged_worth.get(choice, -np.inf)

    def _judged(self, choice: int, budget_musd: float) -> bool:
        choices = self.problem.choices
        return choices.is_allowed(choice) and choices.cost_musd(choice) <= ceiling(budget_musd)

    # --- the best, the cheapest of the best, the first of them ---------------------------------------------------

    def optimum(self, budget_musd: float, usable: int, start: int = 0) -> Optimum:
        """Return the best choice of usable candidates: of those as good the cheapest, then the first.

        Parameters
        ----------
        budget_musd : float
        usable : int
        start : int
            A choice that the budget pays, where sites are lost the better the sooner the search ends.
        """
        for (paid, wider), known in self._kept.items():  # the best of more choices is the best of those it is among
            if budget_musd <= paid and not usable & ~wider and self._is_among(known.choice, budget_musd, usable):
                return known
        self._kept[budget_musd, usable] = self._optimum(budget_musd, usable, start)
        return self._kept[budget_musd, usable]

    def _is_among(self, choice: int, budget_musd: float, usable: int) -> bool:
        return not choice & ~usable and self.problem.choices.cost_musd(choice) <= ceiling(budget_musd)

    def _optimum(self, budget_musd: float, usable: int, start: int) -> Optimum:
        problem, columns, fixed = self.problem, self._columns, self._fixed(usable)
        spent = columns.spent(budget_musd)
        for _, lost in problem.ranked_losses(start)[:_FIRST_LOSSES] if problem.losses else ():
            columns.attack(lost)
        answer = self._solve(self._objective, [spent], fixed, start=start if problem.losses else None)
        choice, best = start, self._worth(start)
        if answer.choice is not None and self._judged(answer.choice, budget_musd):
            worth = self._worth(answer.choice)
            if worth > best:
                choice, best = answer.choice, worth
        bound = max(best, answer.bound / UNIT) if np.isfinite(answer.bound) else float(len(self._phases))
        refused: list[Row] = []
        while True:
            cheap = self._solve(
                {column: -charge for column, charge in columns.money.items()},
                [spent, self._at_least(best - SAME), *refused],
                fixed,
                enough=best - SAME,
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
        cost = problem.choices.cost_musd(choice)

        def serves(one: int) -> bool:
            return self._judged(one, cost) and self._worth(one) >= best - SAME

        rows = [columns.spent(cost), self._at_least(best - SAME), *refused]
        known, done = choice, 0
        while done != known and not serves(done):
            for place in range(done.bit_length(), bits_of(known & ~done)[0]):
                if columns.candidates[place] in fixed:
                    continue
                held = columns.held(done | 1 << place, range(place + 1))
                found = self._solve({}, rows, {**fixed, **held}, enough=best - SAME)
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
        rows = [columns.spent(budget_musd), self._at_least(worth)]
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
        answer = self._solve({}, rows, {**fixed, self._columns.candidates[place]: 0.0})
        return answer.choice is None and answer.proven
