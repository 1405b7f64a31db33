"""Places that a coalition defends where each of their flights is met: those alike merged, many coalitions at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.subsets.tables import bits_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Family = frozenset[int]
"""The minimal winning coalitions of a flight."""


@dataclass(frozen=True)
class MergedPlaces:
    """Places by the families of minimal winning coalitions of the flights that decide them.

    Parameters
    ----------
    families : tuple of tuple of Family
        Of each place, those of its flights; none of them follows from another, none is met by nobody. No family for
        what stands defended anyway.
    weights : ndarray, shape (places, nations)
    """

    families: tuple[tuple[Family, ...], ...]
    weights: NDArray[np.float64]

    @classmethod
    def of(cls, places: Iterable[tuple[Sequence[Sequence[int]], NDArray[np.float64]]]) -> MergedPlaces:
        """Merge places that the same families decide.

        Parameters
        ----------
        places : iterable of (sequence of families, ndarray)
            Of each place the families of its flights, and its weight by nation. Those with an empty family, which
            nobody defends, are left out.
        """
        found: dict[tuple[Family, ...], NDArray[np.float64]] = {}
        nations = 0
        for families, weight in places:
            nations = len(weight)
            if not all(families):
                continue
            key = decisive(families)
            found[key] = found[key] + weight if key in found else weight
        return cls(tuple(found), np.array(list(found.values())).reshape(len(found), nations))

    def without(self, lost: int) -> MergedPlaces:
        """Return the places as they are decided when some players are lost."""
        return MergedPlaces.of(
            ([[one for one in family if not one & lost] for family in families], weight)
            for families, weight in zip(self.families, self.weights, strict=True)
        )

    def defended(self, coalitions: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.float64]]]:
        """Yield of each place whether each coalition defends it, 0 or 1, shape (m,), and its weight by nation."""
        count = len(coalitions)
        every = np.packbits(np.ones(count, dtype=np.bool_))
        stands: dict[int, NDArray[np.uint8]] = {}  # by player, eight coalitions a byte
        wins: dict[int, NDArray[np.uint8]] = {}
        met: dict[Family, NDArray[np.uint8]] = {}
        for families, weight in zip(self.families, self.weights, strict=True):
            state = every
            for family in families:
                if family not in met:
                    flown = np.zeros_like(every)
                    for one in family:
                        if one not in wins:
                            wins[one] = _all_of(coalitions, bits_of(one), stands, every)
                        flown |= wins[one]
                    met[family] = flown
                state = state & met[family]
            yield np.unpackbits(state, count=count), weight


def _all_of(
    coalitions: NDArray[np.int64],
    players: Sequence[int],
    stands: dict[int, NDArray[np.uint8]],
    every: NDArray[np.uint8],
) -> NDArray[np.uint8]:
    """Return whether all of some players are in each coalition, eight coalitions a byte."""
    found = every
    for player in players:
        if player not in stands:
            stands[player] = np.packbits((coalitions >> player & 1).astype(np.bool_))
        found = found & stands[player]
    return found


def decisive(families: Iterable[Iterable[int]]) -> tuple[Family, ...]:
    """Return the families that decide a place: without coalitions that hold another, and families that follow.

    A family follows from another if each coalition of that other holds one of its own.
    """
    least = {_minimal(family) for family in families}
    kept = [one for one in least if 0 not in one]
    decide = [
        one
        for one in kept
        if not any(other != one and all(any(mine & ~held == 0 for mine in one) for held in other) for other in kept)
    ]
    return tuple(sorted(decide, key=sorted))


def _minimal(family: Iterable[int]) -> Family:
    found: list[int] = []
    for one in sorted(set(family), key=lambda mask: (mask.bit_count(), mask)):
        if not any(least & ~one == 0 for least in found):
            found.append(one)
    return frozenset(found)
