"""Values of more coalitions than are gone through at once: orders of many players, and losses of them, in chunks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.subsets.shares import keyed_losses, pair_gains
from hoplon.campaigns.chunked import array_bytes, array_from

if TYPE_CHECKING:
    from hoplon.analysis.subsets.values import CoalitionValues

SETS: Final = 2_000  # of a mean over more losses than are judged one by one
_PAIRS_A_CHUNK: Final = 16
_LOSSES_A_CHUNK: Final = 4_096


@dataclass(frozen=True)
class OrderGains:
    """The question what each player adds in orders of them and in their reverses, in chunks of pairs of orders.

    Parameters
    ----------
    values : CoalitionValues
    pairs : int
        Of an order and its reverse.
    seed : int
    """

    unit = "pairs of orders"

    values: CoalitionValues
    pairs: int
    seed: int

    @property
    def chunks(self) -> int:
        """Return the number of chunks."""
        return -(-self.pairs // _PAIRS_A_CHUNK)

    def _pairs(self, number: int) -> range:
        return range(number * _PAIRS_A_CHUNK, min(self.pairs, (number + 1) * _PAIRS_A_CHUNK))

    def count(self, number: int) -> int:
        """Return the number of pairs of a chunk."""
        return len(self._pairs(number))

    def content(self) -> list[Any]:
        """Return all that decides the gains beside hoplon itself, as plain data."""
        return ["orders", _PAIRS_A_CHUNK, self.pairs, self.seed, *self.values.content()]

    def chunk(self, number: int) -> NDArray[np.float64]:
        """Return the mean gains of each pair, shape (pairs, players, 1 + nations): of the value, and of its weights."""
        names = [player.name for player in self.values.by.roster.players]
        return pair_gains(self.values.columns, names, self._pairs(number), self.seed)

    def encoded(self, chunk: NDArray[np.float64]) -> bytes:
        """Return a chunk as bytes."""
        return array_bytes(chunk)

    def decoded(self, number: int, body: bytes) -> NDArray[np.float64]:
        """Return the chunk that bytes are."""
        return array_from(body)


@dataclass(frozen=True)
class LossAmounts:
    """The question what is left after losses of many players, in chunks of sets that are lost.

    Parameters
    ----------
    values : CoalitionValues
    few : int
        Every set of at most so many players is lost.
    most : int
        Of each greater number up to this, sampled sets are.
    seed : int
        Of those.
    """

    unit = "losses"

    values: CoalitionValues
    few: int
    most: int
    seed: int

    @property
    def _sizes(self) -> list[int]:
        """How many sets there are of each number of players lost."""
        count = len(self.values.by.roster.players)
        return [math.comb(count, lost) if lost <= self.few else SETS for lost in range(self.most + 1)]

    @property
    def chunks(self) -> int:
        """Return the number of chunks."""
        return -(-sum(self._sizes) // _LOSSES_A_CHUNK)

    def count(self, number: int) -> int:
        """Return the number of sets of a chunk."""
        return min(_LOSSES_A_CHUNK, sum(self._sizes) - number * _LOSSES_A_CHUNK)

    def content(self) -> list[Any]:
        """Return all that decides what is left beside hoplon itself, as plain data."""
        return ["losses", _LOSSES_A_CHUNK, self.few, self.most, self.seed, *self.values.content()]

    def sets(self, lost: int) -> NDArray[np.int64]:
        """Return the sets of so many players that are lost, bits of the players."""
        names = [player.name for player in self.values.by.roster.players]
        if lost <= self.few:
            chosen = combinations(range(len(names)), lost)
            return np.array([sum(1 << player for player in each) for each in chosen], dtype=np.int64)
        return np.array([keyed_losses(self.seed, lost, place, names) for place in range(SETS)], dtype=np.int64)

    def chunk(self, number: int) -> NDArray[np.float64]:
        """Return the weight in each nation that is left after each of some losses, shape (sets, nations)."""
        first = number * _LOSSES_A_CHUNK
        last, begins, mine = first + self.count(number), 0, []
        for lost, size in enumerate(self._sizes):
            if begins < last and begins + size > first:
                mine.append(self.sets(lost)[max(0, first - begins) : last - begins])
            begins += size
        return self.values.amounts_of(self.values.by.roster.everyone & ~np.concatenate(mine))

    def encoded(self, chunk: NDArray[np.float64]) -> bytes:
        """Return a chunk as bytes."""
        return array_bytes(chunk)

    def decoded(self, number: int, body: bytes) -> NDArray[np.float64]:
        """Return the chunk that bytes are."""
        return array_from(body)

    def by_losses(self, chunks: list[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
        """Return the weights left by the number of players lost, each of shape (sets, nations)."""
        return np.split(np.concatenate(chunks), np.cumsum(self._sizes)[:-1])
