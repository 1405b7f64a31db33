"""The best choice for a budget by going through every one: exact, for up to 20 candidates that matter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.mix.choices import MONEY, ceiling
from hoplon.analysis.mix.found import LISTED, NearOptimal, Optimum
from hoplon.analysis.mix.problem import SAME
from hoplon.analysis.subsets.family_values import FamilyValues
from hoplon.analysis.subsets.tables import bits_of, places_in, zeta

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hoplon.analysis.mix.problem import MixProblem

MOST_ENUMERATED: Final = 20  # candidates that matter
_MOST_PIECES: Final = 22


@dataclass(frozen=True)
class Enumeration:
    """Every choice of the candidates that matter, with its worth and its cost.

    Parameters
    ----------
    problem : MixProblem
    mattering : int, optional
        The candidates that matter; those of the problem by default.
    """

    problem: MixProblem
    mattering: int = -1

    def __post_init__(self) -> None:
        """Take the candidates that matter."""
        if self.mattering < 0:
            object.__setattr__(self, "mattering", self.problem.mattering)

    @staticmethod
    def serves(problem: MixProblem) -> bool:
        """Tell whether the candidates that matter, and the pieces lost with sites, are few enough."""
        if problem.mattering.bit_count() > MOST_ENUMERATED:
            return False
        return not problem.losses or len(problem.deciding) <= _MOST_PIECES

    @cached_property
    def choices(self) -> NDArray[np.int64]:
        """Every choice of the candidates that matter, bits of all candidates; by the bits of those that matter."""
        found = np.zeros(1, dtype=np.int64)
        for place in bits_of(self.mattering):
            found = np.concatenate([found, found | np.int64(1) << place])
        return found

    @cached_property
    def allowed(self) -> NDArray[np.bool_]:
        """Whether each choice is allowed, whatever it costs."""
        return self.problem.choices.allowed(self.choices)

    @cached_property
    def costs_musd(self) -> NDArray[np.float64]:
        """Cost of each choice [million USD]."""
        return self.problem.choices.costs_musd(self.choices)

    @cached_property
    def worth(self) -> NDArray[np.float64]:
        """What each choice is worth."""
        problem = self.problem
        if problem.values.nothing_threatened:
            raise ValueError("nothing is threatened: no choice has a worth")
        coalitions = problem.pieces.of_each(self.choices)
        if len(problem.deciding) > _MOST_PIECES:
            return problem.worth_of(self.choices)
        table = table_of_pieces(problem)
        if problem.losses:
            sites = places_in(np.array(problem.pieces.sites, dtype=np.int64), problem.deciding)
            table = worst_losses(table, sites.tolist(), problem.losses)
        return np.asarray(table[places_in(coalitions, problem.deciding)])

    def optimum(self, budget_musd: float, usable: int) -> Optimum:
        """Return the best choice of usable candidates: of those as good the cheapest, then the first."""
        within = self.within(budget_musd, usable)
        best = float(self.worth[within].max())
        as_good = within[self.worth[within] >= best - SAME]
        least = float(self.costs_musd[as_good].min())
        tied = as_good[self.costs_musd[as_good] <= least + MONEY * max(1.0, least)]
        chosen = self.problem.choices.first_in_order(self.choices[tied])
        return Optimum(chosen, self.problem.worth(chosen), best)

    def near(self, budget_musd: float, usable: int, best: float, share: float, listed: int = LISTED) -> NearOptimal:
        """Return the least choices of usable candidates that come within a share of the best worth."""
        within = self.within(budget_musd, usable)
        good = np.zeros(len(self.choices), dtype=np.bool_)
        good[within] = self.worth[within] >= (1.0 - share) * best - SAME
        holding = good.copy()  # whether some part of it, or it itself, is as good
        count = self.mattering.bit_count()
        smaller = np.zeros(len(good), dtype=np.bool_)
        for rank in range(count):
            halves = holding.reshape(-1, 2, 1 << rank)
            halves[:, 1] |= halves[:, 0]
        for rank in range(count):
            halves, mine = holding.reshape(-1, 2, 1 << rank), smaller.reshape(-1, 2, 1 << rank)
            mine[:, 1] |= halves[:, 0]
        least = np.flatnonzero(good & ~smaller)
        choices = self.choices[least]
        return NearOptimal(
            int(np.bitwise_and.reduce(choices)),
            self.problem.choices.everything & ~int(np.bitwise_or.reduce(choices)),
            cheapest(self.problem, choices, self.costs_musd[least], listed),
            len(choices),
            True,
        )

    def within(self, budget_musd: float, usable: int) -> NDArray[np.intp]:
        """Return the places of the choices of usable candidates that are allowed and that a budget pays."""
        others = np.int64(self.problem.choices.everything & ~usable)
        return np.flatnonzero(self.allowed & (self.costs_musd <= ceiling(budget_musd)) & ((self.choices & others) == 0))


def cheapest(
    problem: MixProblem, choices: NDArray[np.int64], costs_musd: NDArray[np.float64], most: int
) -> tuple[int, ...]:
    """Return some of the choices, the cheapest first; equal costs in lexicographic order."""
    order = np.argsort(costs_musd, kind="stable")
    left, paid = choices[order], costs_musd[order]
    found: list[int] = []
    while len(left) and len(found) < most:
        tied = int(np.searchsorted(paid, paid[0] + MONEY * max(1.0, float(paid[0])), side="right"))
        group = left[:tied]
        while len(group) and len(found) < most:
            first = problem.choices.first_in_order(group)
            found.append(first)
            group = group[group != first]
        left, paid = left[tied:], paid[tied:]
    return tuple(found)


def table_of_pieces(problem: MixProblem) -> NDArray[np.float64]:
    """Return the value of every coalition of the pieces that matter, in the order of their bits, without losses."""
    values = problem.values
    if isinstance(values, FamilyValues):
        return values.lattice(problem.deciding)
    masks, amounts = values.dividends
    places, count = places_in(masks, problem.deciding), len(problem.deciding)
    if values.by.scope.value == "worst_nation":
        least = np.full(1 << count, np.inf)
        for nation in np.flatnonzero(values.threatened > 0.0):
            np.minimum(least, _shares(places, amounts[:, nation], values.threatened[nation], count), out=least)
        return least
    return _shares(places, amounts.sum(axis=1), values.threatened.sum(), count)


def _shares(
    places: NDArray[np.int64], amounts: NDArray[np.float64], threatened: float, count: int
) -> NDArray[np.float64]:
    """Return the share that every coalition of so many pieces defends, from dividends."""
    whole = np.zeros(1 << count)
    np.add.at(whole, places, amounts)
    return np.clip(zeta(whole) / threatened, 0.0, 1.0)


def worst_losses(table: NDArray[np.float64], sites: Sequence[int], losses: int) -> NDArray[np.float64]:
    """Return, by coalition of pieces, what the worst loss of some sites leaves, shape of the table.

    Parameters
    ----------
    table : ndarray, shape (2**k,)
        Value of each coalition of k pieces.
    sites : sequence of int
        By site, its pieces.
    losses : int
        Sites lost; all that stand, where fewer do.
    """
    coalitions = np.arange(len(table), dtype=np.int64)
    found = table
    for _ in range(losses):
        least = np.full(len(table), np.inf)
        for mine in sites:
            stands = (coalitions & mine) != 0
            np.minimum(least, np.where(stands, found[coalitions & ~np.int64(mine)], np.inf), out=least)
        found = np.where(np.isinf(least), found, least)  # nothing is left to lose
    return found
