"""Values of coalitions from the minimal winning coalitions of flights, where games of places are not tabulated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.subsets.tables import places_in
from hoplon.analysis.subsets.values import CoalitionValues

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_COALITIONS_A_PIECE: Final = 1 << 14


@dataclass(frozen=True)
class FamilyValues(CoalitionValues):
    """Values of coalitions of players of whom none harms, of whom a place may depend on any number."""

    def amounts_of(self, coalitions: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the weight that each of some coalitions defends in each nation, shape (m, nations)."""
        found = np.zeros((len(coalitions), self.weights.shape[1]))
        for first in range(0, len(coalitions), _COALITIONS_A_PIECE):
            some = coalitions[first : first + _COALITIONS_A_PIECE]
            met: dict[int, NDArray[np.bool_]] = {}
            for flights, weight in self._winnable():
                for flight in flights:
                    if flight not in met:
                        met[flight] = _met(some, self.by.families[flight])
                defended = np.logical_and.reduce([met[flight] for flight in flights])
                found[first : first + len(some)] += defended[:, np.newaxis] * weight
        return found

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
        for flights, weight in self._winnable():
            defended = np.ones(1 << count, dtype=np.bool_)
            for flight in flights:
                least = places_in(np.array(self.by.families[flight], dtype=np.int64), players)
                defended &= _upward(least, count)
            for row, share in zip(amounts, weight[nations] if worst else [weight.sum()], strict=True):
                if share:
                    row += share * defended
        return np.asarray(np.minimum(1.0, (amounts / totals[:, np.newaxis]).min(axis=0)))

    def _winnable(self) -> Iterator[tuple[tuple[int, ...], NDArray[np.float64]]]:
        """Yield the flights of each kind of place that some coalition defends, and its weight by nation."""
        for flights, weight in zip(self.by.flights, self.weights, strict=True):
            if weight.any() and all(self.by.families[flight] for flight in flights):
                yield flights, weight


def _met(coalitions: NDArray[np.int64], family: Sequence[int]) -> NDArray[np.bool_]:
    """Return whether each of some coalitions holds one of the minimal winning ones."""
    found = np.zeros(len(coalitions), dtype=np.bool_)
    for least in family:
        found |= (coalitions & least) == least
    return found


def _upward(least: NDArray[np.int64], count: int) -> NDArray[np.bool_]:
    """Return of every coalition of so many players whether one of some is a part of it."""
    found = np.zeros(1 << count, dtype=np.bool_)
    found[least] = True
    for rank in range(count):
        halves = found.reshape(-1, 2, 1 << rank)
        halves[:, 1] |= halves[:, 0]
    return found
