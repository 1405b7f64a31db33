"""Simple games as tables: whether each coalition of a few players wins, in the order of their bits."""

from __future__ import annotations

from functools import lru_cache, reduce
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class SimpleGame(NamedTuple):
    """A game that a coalition wins or loses, of the players on whom that depends.

    Parameters
    ----------
    players : tuple of int
        k of them, in order.
    table : ndarray of bool, shape (2**k,)
        Place s is of the coalition of those players whose bit, in the order of ``players``, is in s.
    """

    players: tuple[int, ...]
    table: NDArray[np.bool_]


def bits_of(mask: int) -> tuple[int, ...]:
    """Return the places of the bits of a mask, lowest first."""
    return tuple(place for place in range(mask.bit_length()) if mask >> place & 1)


def mask_of(places: Iterable[int]) -> int:
    """Return the mask of some bits."""
    return reduce(lambda mask, place: mask | 1 << place, places, 0)


@lru_cache(maxsize=64)
def coalition_sizes(players: int) -> NDArray[np.intp]:
    """Return the number of players in every coalition of so many, shape (2**players,)."""
    sizes = np.zeros(1 << players, dtype=np.intp)
    for place in range(players):
        sizes[1 << place : 2 << place] = sizes[: 1 << place] + 1
    return sizes


def places_in(coalitions: NDArray[np.int64], players: Sequence[int]) -> NDArray[np.int64]:
    """Return the places that coalitions, bits of all players, have in the table of some of them."""
    places = np.zeros(coalitions.shape, dtype=np.int64)
    for rank, player in enumerate(players):
        places |= (coalitions >> player & 1) << rank
    return places


def game_of_family(winning: Iterable[int]) -> SimpleGame:
    """Return the game whose minimal winning coalitions are given, bits of all players."""
    family = list(winning)
    players = bits_of(reduce(lambda mask, each: mask | each, family, 0))
    every = np.arange(1 << len(players), dtype=np.int64)
    table = np.zeros(len(every), dtype=np.bool_)
    for each in family:
        place = int(places_in(np.array([each], dtype=np.int64), players)[0])
        table |= (every & place) == place
    return SimpleGame(players, table)


def both(first: SimpleGame, second: SimpleGame) -> SimpleGame:
    """Return the game that is won where both of two are."""
    players = tuple(sorted({*first.players, *second.players}))
    table = expanded(first, players) & expanded(second, players)
    return reduced(SimpleGame(players, table))


def expanded(game: SimpleGame, players: Sequence[int]) -> NDArray[np.bool_]:
    """Return the table of a game among more players, in their order."""
    if tuple(players) == game.players:
        return game.table
    ranks = [list(players).index(player) for player in game.players]
    return game.table[places_in(np.arange(1 << len(players), dtype=np.int64), ranks)]


def reduced(game: SimpleGame) -> SimpleGame:
    """Return a game without the players on whom it does not depend."""
    players, table = list(game.players), game.table
    for rank in reversed(range(len(players))):
        halves = table.reshape(-1, 2, 1 << rank)
        if np.array_equal(halves[:, 0], halves[:, 1]):
            table = halves[:, 0].reshape(-1)
            del players[rank]
    return SimpleGame(tuple(players), np.ascontiguousarray(table))


def minimal_winning(game: SimpleGame) -> tuple[int, ...]:
    """Return the minimal winning coalitions of a game in which no player harms, bits of all players."""
    minimal = game.table.copy()
    for rank in range(len(game.players)):
        halves, mine = game.table.reshape(-1, 2, 1 << rank), minimal.reshape(-1, 2, 1 << rank)
        mine[:, 1] &= ~halves[:, 0]
    return tuple(mask_of(game.players[rank] for rank in bits_of(int(place))) for place in np.flatnonzero(minimal))


def moebius(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the Moebius transform of values of coalitions along the first axis: their dividends (Harsanyi 1963)."""
    found = np.array(table, dtype=np.float64)
    for rank in range((len(found) - 1).bit_length()):
        halves = found.reshape(-1, 2, 1 << rank, *found.shape[1:])
        halves[:, 1] -= halves[:, 0]
    return found


def zeta(dividends: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the values of coalitions, sums of the dividends of their parts: the inverse of :func:`moebius`."""
    found = np.array(dividends, dtype=np.float64)
    for rank in range((len(found) - 1).bit_length()):
        halves = found.reshape(-1, 2, 1 << rank, *found.shape[1:])
        halves[:, 1] += halves[:, 0]
    return found
