"""Of each aim point and class, the flight with the fewest shots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Hashable

    from hoplon.analysis.flights import Flights
    from hoplon.analysis.store import Store

_NOT_THREATENED: Final = -1
_AREA_BITS: Final = 16


@dataclass(frozen=True)
class FlightsByCell:
    """The flights of each cell, which is an aim point and a class.

    Attributes
    ----------
    order : ndarray of int32, shape (flights,)
        Flights in order of their cells.
    first : ndarray of intp, shape (reached cells,)
        Where the flights of each cell that some flight reaches begin in that order.
    cells : ndarray of intp, shape (reached cells,)
        Which cells those are.
    areas : ndarray of int32, shape (flights,)
        Launch areas in that order.
    """

    order: NDArray[np.int32]
    first: NDArray[np.intp]
    cells: NDArray[np.intp]
    areas: NDArray[np.int32]


def flights_by_cell(
    store: Store, key: tuple[Hashable, ...], flights: Flights, kinds: tuple[str, ...], every: tuple[str, ...]
) -> FlightsByCell:
    """Return the flights of each cell, kept.

    Parameters
    ----------
    store : Store
    key : tuple
        What the flights are kept under, with their aim points and launch areas.
    flights : Flights
    kinds : tuple of str
        Classes that make the columns of the cells.
    every : tuple of str
        Classes that the flights name by index.
    """

    def made() -> FlightsByCell:
        columns = np.array([kinds.index(name) if name in kinds else -1 for name in every], int)
        cells = flights.points.astype(np.int64) * len(kinds) + columns[flights.classes]
        order = np.argsort(cells, kind="stable").astype(np.int32)
        first = np.flatnonzero(np.diff(cells[order], prepend=-1))
        return FlightsByCell(order, first, cells[order[first]], flights.areas[order])

    return store.get(("flights by cell", *key[1:], kinds, every), made)


def hardest_flights(
    by_cell: FlightsByCell, shots: NDArray[np.int8], count: int
) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """Return of each cell the fewest shots at a flight to it, and the first launch area that such a flight comes from.

    Parameters
    ----------
    by_cell : FlightsByCell
    shots : ndarray, shape (flights,)
        Of the best battery at each flight.
    count : int
        Number of cells.

    Returns
    -------
    fewest, hardest : ndarray, shape (count,)
        -1 where no flight reaches the cell.
    """
    fewest = np.full(count, _NOT_THREATENED, dtype=np.int16)
    hardest = fewest.copy()
    if len(by_cell.first):
        both = (shots[by_cell.order].astype(np.int32) << _AREA_BITS) | by_cell.areas
        least = np.minimum.reduceat(both, by_cell.first)
        fewest[by_cell.cells], hardest[by_cell.cells] = least >> _AREA_BITS, least & ((1 << _AREA_BITS) - 1)
    return fewest, hardest
