"""Values of coalitions from the minimal winning coalitions of flights, where games of places are not tabulated."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.subsets.merged_places import MergedPlaces
from hoplon.analysis.subsets.tables import places_in
from hoplon.analysis.subsets.values import CoalitionValues

if TYPE_CHECKING:
    from collections.abc import Sequence

_COALITIONS_A_PIECE: Final = 1 << 14


@dataclass(frozen=True)
class FamilyValues(CoalitionValues):
    """Values of coalitions of players of whom none harms, of whom a place may depend on any number."""

    def amounts_of(self, coalitions: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the weight that each of some coalitions defends in each nation, shape (m, nations)."""
        found = np.zeros((len(coalitions), self.weights.shape[1]))
        for first in range(0, len(coalitions), _COALITIONS_A_PIECE):
            some = coalitions[first : first + _COALITIONS_A_PIECE]
            for defended, weight in self.merged.defended(some):
                for nation in np.flatnonzero(weight):
                    found[first : first + len(some), nation] += weight[nation] * defended
        return found

    def values(self, coalitions: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the values of some coalitions, bits of the players; shape (m,)."""
        if self.by.scope.value == "worst_nation":
            return super().values(coalitions)
        found = np.zeros(len(coalitions))
        for first in range(0, len(coalitions), _COALITIONS_A_PIECE):
            some = coalitions[first : first + _COALITIONS_A_PIECE]
            for defended, weight in self.merged.defended(some):
                found[first : first + len(some)] += float(weight.sum()) * defended
        return np.asarray(np.minimum(1.0, found / self.threatened.sum()))

    @cached_property
    def merged(self) -> MergedPlaces:
        """The places with weight, those alike as one."""
        return MergedPlaces.of(
            ([self.by.families[flight] for flight in flights], weight)
            for flights, weight in zip(self.by.flights, self.weights, strict=True)
            if weight.any()
        )

    def lattice(self, players: Sequence[int]) -> NDArray[np.float64]:
        """Return the value of every coalition of some of the players, shape (2**k,), in the order of their bits.

        Parameters
        ----------
        players : sequence of int
            k of them, among whom are all on whom a place depends.
        """
        count = len(players)
        worst = self.by.scope.value == "worst_nation"
        nations = np.flatnonzero(self.threatened > 0.0) if worst else np.array([0])
        totals = self.threatened[nations] if worst else np.array([self.threatened.sum()])
        amounts = np.zeros((len(nations), 1 << count))
        for families, weight in zip(self.merged.families, self.merged.weights, strict=True):
            defended = np.ones(1 << count, dtype=np.bool_)
            for family in families:
                defended &= _upward(places_in(np.array(sorted(family), dtype=np.int64), players), count)
            for row, share in zip(amounts, weight[nations] if worst else [weight.sum()], strict=True):
                if share:
                    row += share * defended
        return np.asarray(np.minimum(1.0, (amounts / totals[:, np.newaxis]).min(axis=0)))


def _upward(least: NDArray[np.int64], count: int) -> NDArray[np.bool_]:
    """Return of every coalition of so many players whether one of some is a part of it."""
    found = np.zeros(1 << count, dtype=np.bool_)
    found[least] = True
    for rank in range(count):
        halves = found.reshape(-1, 2, 1 << rank)
        halves[:, 1] |= halves[:, 0]
    return found
