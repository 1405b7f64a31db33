"""The best choice for a budget: by every choice that it pays where they are few enough, else by a linear program."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.mix.choices import ceiling
from hoplon.analysis.mix.enumeration import cheapest
from hoplon.analysis.mix.found import LISTED, NearOptimal, Optimum
from hoplon.analysis.mix.problem import SAME
from hoplon.analysis.mix.program import NODES_A_SECOND, MixProgram
from hoplon.analysis.mix.swaps import SwapSearch
from hoplon.analysis.subsets.tables import bits_of, mask_of

if TYPE_CHECKING:
    from hoplon.analysis.mix.problem import MixProblem
    from hoplon.analysis.subsets.values import CoalitionValues

MOST_PAID: Final = 1 << 20  # choices that are gone through
_MOST_LOSSES: Final = 1 << 17
_MOST_JUDGED: Final = 1 << 29  # choices times losses


@dataclass(frozen=True)
class PaidSearch:
    """The best choice of a problem in which no candidate harms.

    Where a budget pays few enough choices, every one is judged after its losses, those that fall below the best known
    left out as soon as they do. Else :class:`MixProgram` finds it; where sites are lost, under the bound of the program
    without losses too. The search begins with a choice that no swap makes better.

    Parameters
    ----------
    problem : MixProblem
    nodes : int
        Of the search for one optimum at most.
    most : int
        Choices that are gone through at most.
    """

    problem: MixProblem
    nodes: int = 60 * NODES_A_SECOND
    most: int = MOST_PAID

    def __post_init__(self) -> None:
        """Refuse what has no linear form, however few choices are paid."""
        self._program  # noqa: B018

    @cached_property
    def _swaps(self) -> SwapSearch:
        return SwapSearch(self.problem)

    @cached_property
    def _known(self) -> _Known:
        return _Known(self.problem.values)

    @cached_property
    def _program(self) -> MixProgram:
        return MixProgram(self.problem, self.nodes)

    @cached_property
    def _whole(self) -> MixProgram:
        return MixProgram(replace(self.problem, losses=0), self.nodes)

    @cached_property
    def _lost(self) -> tuple[int, ...]:
        """The pieces lost with each loss, the most harmful first.

        Where no candidate harms, no loss leaves more than a greater one, so that losses of sites that do not stand need
        not be told apart.
        """
        values, deciding = self.problem.values, mask_of(self.problem.deciding)
        sites = [mine & deciding for mine in self.problem.pieces.sites if mine & deciding]
        lost = [sum(some) for some in combinations(sites, min(self.problem.losses, len(sites)))]
        left = values.values(np.array([deciding & ~mine for mine in lost], dtype=np.int64))
        return tuple(lost[place] for place in np.argsort(left, kind="stable"))

    def optimum(self, budget_musd: float, usable: int) -> Optimum:
        """Return the best choice of usable candidates: of those as good the cheapest, then the first."""
        paid = self._paid(budget_musd, usable)
        if paid is not None:
            start = self._swaps.climbed([0], budget_musd, usable)
            choices, worth = self._surviving(paid, self.problem.worth(start) - SAME)
            best = float(worth.max())
            good = choices[worth >= best - SAME]
            chosen = cheapest(self.problem, good, self.problem.choices.costs_musd(good), 1)[0]
            return Optimum(chosen, self.problem.worth(chosen), best)
        if not self.problem.losses:
            return self._program.optimum(budget_musd, usable)
        whole = self._whole.optimum(budget_musd, usable)
        start = self._swaps.climbed([0, whole.choice], budget_musd, usable)
        found = self._program.optimum(budget_musd, usable, start)
        return replace(found, bound=max(found.worth, min(found.bound, whole.bound)))

    def near(self, budget_musd: float, usable: int, best: float, share: float, listed: int = LISTED) -> NearOptimal:
        """Return the least choices of usable candidates that come within a share of the best worth."""
        paid = self._paid(budget_musd, usable)
        if paid is None:
            search = self._swaps if self.problem.losses else self._program
            return search.near(budget_musd, usable, best, share, listed)
        choices, _ = self._surviving(paid, (1.0 - share) * best - SAME)
        left, found = choices[np.argsort(np.bitwise_count(choices), kind="stable")], []
        while len(left):
            found.append(int(left[0]))
            left = left[(left & left[0]) != left[0]]
        least = np.array(found, dtype=np.int64)
        return NearOptimal(
            int(np.bitwise_and.reduce(least)),
            self.problem.choices.everything & ~int(np.bitwise_or.reduce(least)),
            cheapest(self.problem, least, self.problem.choices.costs_musd(least), listed),
            len(found),
            True,
        )

    def _paid(self, budget_musd: float, usable: int) -> NDArray[np.int64] | None:
        """Return every allowed choice that a budget pays; None where they are too many to go through."""
        choices = self.problem.choices
        losses = comb(len(self.problem.pieces.sites), min(self.problem.losses, len(self.problem.pieces.sites)))
        most = min(self.most, _MOST_JUDGED // losses) if losses <= _MOST_LOSSES else 0
        open_ended = replace(choices, needs=(0,) * len(choices))  # what one needs may come after it
        found = np.zeros(1, dtype=np.int64)
        for place in bits_of(usable & self.problem.mattering):
            more = found | np.int64(1) << place
            keep = open_ended.allowed(more) & (choices.costs_musd(more) <= ceiling(budget_musd))
            found = np.concatenate([found, more[keep]])
            if len(found) > most:
                return None
        return found[choices.allowed(found)]

    def _surviving(self, choices: NDArray[np.int64], least: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the choices that no loss brings below a worth, and what the worst leaves of each."""
        coalitions = self.problem.pieces.of_each(choices)
        self._known.learn(coalitions)
        worth = self._known.values(coalitions)
        for lost in (0, *self._lost):
            hit = np.flatnonzero(coalitions & lost)
            worth[hit] = np.minimum(worth[hit], self._known.values(coalitions[hit] & ~np.int64(lost)))
            kept = worth >= least
            choices, coalitions, worth = choices[kept], coalitions[kept], worth[kept]
        return choices, worth


@dataclass
class _Known:
    """Values of coalitions of pieces: what a loss leaves of one choice is mostly what another brings."""

    of: CoalitionValues
    coalitions: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    found: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))

    def learn(self, coalitions: NDArray[np.int64]) -> None:
        """Keep the values of some coalitions; if any is new, in place of those known."""
        wanted = np.unique(coalitions)
        if not self._places(wanted)[1].all():
            self.found = self.values(wanted)
            self.coalitions = wanted

    def values(self, coalitions: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the values of coalitions, shape (m,)."""
        places, known = self._places(coalitions)
        values = np.empty(len(coalitions))
        values[known] = self.found[places[known]]
        values[~known] = self.of.values(coalitions[~known])
        return values

    def _places(self, coalitions: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Return where coalitions stand among those known, and whether they do."""
        if not len(self.coalitions):
            return np.zeros(len(coalitions), dtype=np.intp), np.zeros(len(coalitions), dtype=np.bool_)
        places = np.minimum(np.searchsorted(self.coalitions, coalitions), len(self.coalitions) - 1)
        return places, self.coalitions[places] == coalitions
