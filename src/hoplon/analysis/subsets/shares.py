"""Shapley values, interactions and Owen values of a game, as sums of its dividends.

The dividend of a coalition (Harsanyi 1963) is shared among its players alone; each of these values is one way of
sharing it, so that the values of any game are sums over the coalitions that have a dividend.

References
----------
.. [1] Harsanyi, A simplified bargaining model for the n-person cooperative game, International Economic Review 4, 1963.
.. [2] Shapley, A value for n-person games, Contributions to the Theory of Games II, 1953.
.. [3] Grabisch and Roubens, An axiomatic approach to the concept of interaction among players in cooperative games,
   International Journal of Game Theory 28, 1999, eq. 9 and theorem 2.
.. [4] Owen, Values of games with a priori unions, Essays in Mathematical Economics and Game Theory, 1977.
"""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_NORMAL_95: Final = 1.96


def shapley_values(coalitions: NDArray[np.int64], dividends: NDArray[np.float64], players: int) -> NDArray[np.float64]:
    """Return the Shapley value of each player: each dividend in equal parts.

    Parameters
    ----------
    coalitions : ndarray, shape (m,)
        Bits of the players.
    dividends : ndarray, shape (m, ...)
    players : int

    Returns
    -------
    ndarray, shape (players, ...)
    """
    sizes = np.maximum(1, np.bitwise_count(coalitions))
    parts = dividends / _column(sizes, dividends)
    return np.array([parts[(coalitions >> player & 1) == 1].sum(axis=0) for player in range(players)]).reshape(
        players, *dividends.shape[1:]
    )


def interactions(coalitions: NDArray[np.int64], dividends: NDArray[np.float64], players: int) -> NDArray[np.float64]:
    """Return the interaction index of each pair of players, shape (players, players), 0 on the diagonal.

    Parameters
    ----------
    coalitions, dividends, players
        As :func:`shapley_values`, dividends of shape (m,).
    """
    parts = dividends / np.maximum(1, np.bitwise_count(coalitions) - 1.0)
    members = np.array([(coalitions >> player & 1) == 1 for player in range(players)], dtype=np.float64)
    members = members.reshape(players, len(coalitions))
    found: NDArray[np.float64] = (members * parts) @ members.T
    np.fill_diagonal(found, 0.0)
    return found


def owen_values(
    coalitions: NDArray[np.int64], dividends: NDArray[np.float64], unions: Sequence[Sequence[int]]
) -> NDArray[np.float64]:
    """Return the Owen value of each player: each dividend in equal parts among unions, then among their players.

    Parameters
    ----------
    coalitions, dividends
        As :func:`shapley_values`, dividends of shape (m,).
    unions : sequence of sequence of int
        The players of each union; each player is in one.
    """
    players = sum(len(union) for union in unions)
    present = [sum(1 << player for player in union) for union in unions]
    touched = np.maximum(1, sum((coalitions & mask) != 0 for mask in present).astype(np.int64) if unions else 1)
    found = np.zeros(players)
    for union, mask in zip(unions, present, strict=True):
        parts = dividends / (touched * np.maximum(1, np.bitwise_count(coalitions & mask)))
        for player in union:
            found[player] = parts[(coalitions >> player & 1) == 1].sum()
    return found


def _column(sizes: NDArray[np.uint8], like: NDArray[np.float64]) -> NDArray[np.float64]:
    return sizes.astype(np.float64).reshape(-1, *(1,) * (like.ndim - 1))


def keyed_order(seed: int, place: int, names: Sequence[str]) -> list[int]:
    """Return the places of players in the order of a seed and a number: by SHA-256 of ``seed/order/number/name``."""
    digests = [hashlib.sha256(f"{seed}/order/{place}/{name}".encode()).digest() for name in names]
    return sorted(range(len(names)), key=lambda player: digests[player])


def keyed_losses(seed: int, losses: int, place: int, names: Sequence[str]) -> int:
    """Return a set of so many players, as bits: those of least SHA-256 of ``seed/losses/losses/number/name``."""
    digests = [hashlib.sha256(f"{seed}/losses/{losses}/{place}/{name}".encode()).digest() for name in names]
    return sum(1 << player for player in sorted(range(len(names)), key=lambda player: digests[player])[:losses])


def pair_gains(
    amounts: Callable[[NDArray[np.int64]], NDArray[np.float64]], names: Sequence[str], pairs: range, seed: int
) -> NDArray[np.float64]:
    """Return what each player adds in an order of the players and in its reverse, the mean of the two.

    Parameters
    ----------
    amounts : callable
        Returns the values of coalitions, shape (m, columns), of their bits, shape (m,).
    names : sequence of str
        Of the players.
    pairs : range
        Numbers of the pairs of an order and its reverse.
    seed : int

    Returns
    -------
    ndarray, shape (pairs, players, columns)
    """
    count, found = len(names), []
    coalitions = []
    for place in pairs:
        order = keyed_order(seed, place, names)
        for each in (order, order[::-1]):
            coalitions.append(np.cumsum([0, *(1 << player for player in each)]).astype(np.int64))
    values = amounts(np.concatenate(coalitions)).reshape(len(pairs), 2, count + 1, -1)
    for place, both in zip(pairs, np.diff(values, axis=2), strict=True):
        order, gains = keyed_order(seed, place, names), np.empty_like(both)
        gains[0, order], gains[1, order[::-1]] = both
        found.append((gains[0] + gains[1]) / 2.0)
    return np.array(found)


def mean_of_pairs(gains: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return Shapley values from the gains of pairs of orders, and the half-width of their intervals.

    Parameters
    ----------
    gains : ndarray, shape (pairs, players, columns)

    Returns
    -------
    mean, halfwidth : ndarray, shape (players, columns)
        Of 95 % [1.96 standard errors over the pairs].

    Notes
    -----
    The gains of one order sum to the value of all players, so that the means do.
    """
    spread = gains.std(axis=0, ddof=1) if len(gains) > 1 else np.full(gains.shape[1:], math.nan)
    return gains.mean(axis=0), _NORMAL_95 * spread / math.sqrt(len(gains))
