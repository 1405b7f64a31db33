"""Values of coalitions: the share of the threatened people (or land) that each defends, in all and by nation."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.subsets.tables import moebius, places_in, zeta
from hoplon.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hoplon.analysis.subsets.winning import DefendedBy

MOST_TABLED: Final = 25  # players of whom every coalition is given a value
_COALITIONS_A_PIECE: Final = 1 << 16


@dataclass(frozen=True)
class CoalitionValues:
    """Values of the coalitions of some players: shares of the threatened weight, as the scope counts it.

    Parameters
    ----------
    by : DefendedBy
        By which coalitions each place is defended.

    Attributes
    ----------
    players : int
    weights : ndarray, shape (kinds, nations)
        Threatened people or km2 of each kind of place in each nation.
    threatened : ndarray, shape (nations,)
        Their sum.
    """

    by: DefendedBy
    weights: NDArray[np.float64] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Sum the weights."""
        object.__setattr__(self, "weights", self.by.weights())

    @property
    def players(self) -> int:
        """Return the number of players."""
        return len(self.by.roster.players)

    @cached_property
    def threatened(self) -> NDArray[np.float64]:
        """Threatened weight by nation."""
        scope, state = self.by.scope, self.by.threatened
        return np.array([scope.weight[state & (scope.nation == place)].sum() for place in range(len(scope.nations))])

    @property
    def nothing_threatened(self) -> bool:
        """Tell whether there is no threatened weight, so that no value exists."""
        return not self.threatened.sum() > 0.0

    def amounts(self, coalition: int) -> NDArray[np.float64]:
        """Return the weight that a coalition defends in each nation, summed place by place as a coverage is."""
        scope, state = self.by.scope, self.by.defended(coalition)
        return np.array([scope.weight[state & (scope.nation == place)].sum() for place in range(len(scope.nations))])

    def value(self, coalition: int) -> float:
        """Return the value of a coalition, bits of the players."""
        return float(self.valued(self.amounts(coalition)[np.newaxis])[0])

    def content(self) -> list[Any]:
        """Return all that the values depend on beside hoplon itself, as plain data."""
        return [*self.by.scope.content(), *self.by.roster.content()]

    def columns(self, coalitions: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the values of some coalitions and, beside them, the weights they defend; shape (m, 1 + nations)."""
        amounts = self.amounts_of(coalitions)
        return np.column_stack([self.valued(amounts), amounts])

    def valued(self, amounts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return values from the defended weight by nation, shape (m, nations)."""
        if self.by.scope.value == "worst_nation":
            counted = self.threatened > 0.0
            return np.asarray(np.minimum(1.0, (amounts[:, counted] / self.threatened[counted]).min(axis=1)))
        return np.asarray(np.minimum(1.0, amounts.sum(axis=1) / self.threatened.sum()))

    def values(self, coalitions: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the values of some coalitions, bits of the players; shape (m,)."""
        pieces = [
            self.valued(self.amounts_of(coalitions[first : first + _COALITIONS_A_PIECE]))
            for first in range(0, len(coalitions), _COALITIONS_A_PIECE)
        ]
        return np.concatenate([np.empty(0), *pieces])

    def amounts_of(self, coalitions: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the weight that each of some coalitions defends in each nation, shape (m, nations)."""
        found = np.zeros((len(coalitions), self.weights.shape[1]))
        for game, weight in zip(self.by.kinds, self.weights, strict=True):
            if weight.any() and game.table.any():
                found += game.table[places_in(coalitions, game.players)][:, np.newaxis] * weight
        return found

    @cached_property
    def dividends(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Coalitions with a dividend, shape (m,), and the weight that it is in each nation, shape (m, nations).

        The dividend of a coalition is what its players add together beyond all that parts of them do (Harsanyi 1963):
        the weight that any coalition defends is the sum of the dividends of its parts.
        """
        coalitions: list[NDArray[np.int64]] = []
        amounts: list[NDArray[np.float64]] = []
        for game, weight in zip(self.by.kinds, self.weights, strict=True):
            if not weight.any():
                continue
            own = moebius(game.table.astype(np.float64))
            places = np.flatnonzero(own)
            masks = np.zeros(len(places), dtype=np.int64)
            for rank, player in enumerate(game.players):
                masks |= (places >> rank & 1) << player
            coalitions.append(masks)
            amounts.append(own[places, np.newaxis] * weight)
        if not coalitions:
            return np.empty(0, dtype=np.int64), np.empty((0, self.weights.shape[1]))
        unique, place_of = np.unique(np.concatenate(coalitions), return_inverse=True)
        summed = np.zeros((len(unique), self.weights.shape[1]))
        np.add.at(summed, place_of.ravel(), np.concatenate(amounts))
        return unique, summed

    def table(self) -> NDArray[np.float64]:
        """Return the value of every coalition, in the order of their bits, shape (2**players,).

        Raises
        ------
        InputError
            For more than 25 players.
        """
        self._refuse_many()
        if self.by.scope.value != "worst_nation":
            masks, amounts = self.dividends
            whole = np.zeros(1 << self.players)
            whole[masks] = amounts.sum(axis=1)
            return np.clip(zeta(whole) / float(self.threatened.sum()), 0.0, 1.0)
        least = np.full(1 << self.players, np.inf)
        for _, shares in self.tables_by_nation():
            np.minimum(least, shares, out=least)
        return least

    def tables_by_nation(self) -> Iterator[tuple[str, NDArray[np.float64]]]:
        """Yield each nation with threatened weight, and the share of it that every coalition defends.

        Raises
        ------
        InputError
            For more than 25 players.
        """
        self._refuse_many()
        masks, amounts = self.dividends
        for place, code in enumerate(self.by.scope.nations):
            if self.threatened[place] > 0.0:
                whole = np.zeros(1 << self.players)
                whole[masks] = amounts[:, place]
                yield code, np.clip(zeta(whole) / float(self.threatened[place]), 0.0, 1.0)

    def _refuse_many(self) -> None:
        if self.players > MOST_TABLED:
            raise InputError(
                f"{self.players} players have {1 << self.players:,} coalitions; {MOST_TABLED} players is the most of "
                "whom every one is given a value: make fewer players of the elements (--players site or owner)"
            )
