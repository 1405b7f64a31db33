"""Of each cell, an aim point and a class, the flight with the fewest shots.

A flight that meets no shot has the fewest that there can be: of the flights to its cell, later ones need not be judged.
So a map of answers takes less than the shots at every flight, which the causes at undefended points are found from.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis import stages
from hoplon.defence.assembly import Defence, DefenceEvaluator
from hoplon.progress import silent

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from hoplon.analysis.flights import Flights
    from hoplon.analysis.store import Store
    from hoplon.progress import Progress

NOT_THREATENED: Final = -1
_AREA_BITS: Final = 16
_A_PART: Final = 4_000  # flights of one call of a kernel, about: to aim points that no other call has
_PARTS_A_PIECE: Final = 10


@dataclass(frozen=True)
class Cells:
    """The aim points and classes of a question.

    Attributes
    ----------
    key : tuple
        What the flights to them are kept under, which says where the points lie and the launch areas too.
    points : int
        Number of aim points.
    kinds : tuple of str
        Classes that make the columns of the cells.
    every : tuple of str
        Classes that the flights name by index.
    """

    key: tuple[Hashable, ...]
    points: int
    kinds: tuple[str, ...]
    every: tuple[str, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Number of aim points and of classes."""
        return self.points, len(self.kinds)

    def of(self, flights: Flights, first: int = 0) -> NDArray[np.int64]:
        """Return the number of each flight's cell, counted from those of an aim point."""
        columns = np.array([self.kinds.index(name) if name in self.kinds else -1 for name in self.every], int)
        return np.asarray((flights.points.astype(np.int64) - first) * len(self.kinds) + columns[flights.classes])


@dataclass(frozen=True)
class FewestShots:
    """The fewest shots at a flight to each cell, and where such a flight comes from.

    Attributes
    ----------
    fewest : ndarray of int16, shape (points, classes)
        -1 where no flight reaches the cell.
    hardest : ndarray of int16, shape (points, classes)
        The first launch area that a flight with the fewest shots comes from; -1 as above.
    """

    fewest: NDArray[np.int16]
    hardest: NDArray[np.int16]


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


def flights_by_cell(store: Store, cells: Cells, flights: Flights) -> FlightsByCell:
    """Return the flights of each cell, kept."""
    key = ("flights by cell", *cells.key[1:], cells.kinds, cells.every)
    return store.get(key, lambda: _by_cell(cells.of(flights), flights.areas))


def _by_cell(cells: NDArray[np.int64], areas: NDArray[np.int32]) -> FlightsByCell:
    order = np.argsort(cells, kind="stable").astype(np.int32)
    first = np.flatnonzero(np.diff(cells[order], prepend=-1))
    return FlightsByCell(order, first, cells[order[first]], areas[order])


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
    fewest = np.full(count, NOT_THREATENED, dtype=np.int16)
    hardest = fewest.copy()
    if len(by_cell.first):
        both = (shots[by_cell.order].astype(np.int32) << _AREA_BITS) | by_cell.areas
        least = np.minimum.reduceat(both, by_cell.first)
        fewest[by_cell.cells], hardest[by_cell.cells] = least >> _AREA_BITS, least & ((1 << _AREA_BITS) - 1)
    return fewest, hardest


def fewest_shots(cells: Cells, by_cell: FlightsByCell, shots: NDArray[np.int8]) -> FewestShots:
    """Return the fewest shots at a flight to each cell, from those at every flight."""
    fewest, hardest = hardest_flights(by_cell, shots, cells.points * len(cells.kinds))
    return FewestShots(fewest.reshape(cells.shape), hardest.reshape(cells.shape))


def fewest_of(parts: Sequence[FewestShots]) -> FewestShots:
    """Return the fewest shots at all flights, from those of parts that share no flight."""
    best, *others = parts
    for part in others:
        sooner = (part.fewest == best.fewest) & (part.hardest < best.hardest)
        fewer = (part.fewest < best.fewest) | (best.fewest == NOT_THREATENED) | sooner
        taken = fewer & (part.fewest != NOT_THREATENED)
        best = FewestShots(np.where(taken, part.fewest, best.fewest), np.where(taken, part.hardest, best.hardest))
    return best


class JudgedBy(NamedTuple):
    """A defence to judge: up to how many shots, and whether every flight is to be judged, for causes are asked for."""

    defence: Defence
    enough: int
    whole: bool = False


def kept_fewest(store: Store, cells: Cells, asked: JudgedBy, step: float = stages.MAP_STEP) -> FewestShots | None:
    """Return what :func:`settle_cells` kept of a defence; None where it did not judge it."""
    found: FewestShots | None = store.find(_key(cells, asked, step))
    return found


def settle_cells(
    store: Store,
    cells: Cells,
    flights: Flights,
    asked: Sequence[JudgedBy],
    step: float = stages.MAP_STEP,
    progress: Progress = silent,
) -> None:
    """Judge the cells by several defences in one pass, and keep the fewest shots at a flight to each.

    Parameters
    ----------
    store : Store
    cells : Cells
    flights : Flights
        In order of class, area, loft and aim point.
    asked : sequence of JudgedBy
        Of those for which every flight is judged, what :func:`hoplon.analysis.stages.most_shots` returns is kept.
    step : float
        Node spacing [s].
    progress : callable
        Told of each piece of the pass.
    """
    new = {_key(cells, one, step): one for one in asked if not _is_kept(store, cells, flights, one, step)}
    if not new:
        return
    evaluator = DefenceEvaluator(
        [one.defence for one in new.values()],
        [one.enough for one in new.values()],
        lambda kind: stages.reach(store, kind),
        step,
        [0 if one.whole else 1 for one in new.values()],
    )
    shots = {place: np.zeros(len(flights), np.int8) for place, one in enumerate(new.values()) if one.whole}
    found = np.full((len(new), 2, *cells.shape), NOT_THREATENED, np.int16)
    order, firsts, bounds = _parts(flights.points, cells.points)
    pieces = list(itertools.pairwise([*range(0, len(firsts) - 1, _PARTS_A_PIECE), len(firsts) - 1]))
    for place, (begin, end) in enumerate(pieces):
        progress(place, len(pieces), "")
        edges = bounds[begin : end + 1]
        chosen = np.concatenate([np.sort(order[one:other]) for one, other in itertools.pairwise(edges.tolist())])
        some, points = flights.chosen(chosen), slice(firsts[begin], firsts[end])
        numbers = cells.of(some, points.start)
        best = evaluator.shots(some.elements, some.classes, (numbers.astype(np.int32), edges - edges[0]))
        by_cell, few = _by_cell(numbers, some.areas), replace(cells, points=int(points.stop - points.start))
        for row, counted in enumerate(best):
            if row in shots:
                shots[row][chosen] = counted
            else:
                least = fewest_shots(few, by_cell, counted)
                found[row, :, points] = least.fewest, least.hardest
    for row, (key, one) in enumerate(new.items()):
        if row in shots:
            stages.keep_settled(store, flights, one.defence, one.enough, shots[row], step)
        else:
            store.keep(key, FewestShots(*found[row].copy()))


def _is_kept(store: Store, cells: Cells, flights: Flights, one: JudgedBy, step: float) -> bool:
    if one.whole:
        return stages.settled_shots(store, flights, one.defence, one.enough, step) is not None
    return kept_fewest(store, cells, one, step) is not None


def _key(cells: Cells, asked: JudgedBy, step: float) -> tuple[Hashable, ...]:
    question = (*cells.key[1:], cells.kinds, cells.every)
    return "fewest shots", *question, step, asked.enough, asked.whole, asked.defence.content()


def _parts(aims: NDArray[np.int32], points: int) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Return the flights in order of their aim points, and parts of about as many of them: the points that begin them.

    Returns
    -------
    order : ndarray, shape (flights,)
        Flights to one aim point stay in their order.
    firsts : ndarray, shape (parts + 1,)
        The first aim point of each part; at last the number of aim points.
    bounds : ndarray, shape (parts + 1,)
        Where the flights to them begin in that order.
    """
    order = np.argsort(aims, kind="stable")
    before = np.concatenate([[0], np.cumsum(np.bincount(aims, minlength=points))])
    marks = np.arange(0, max(len(aims), 1), _A_PART)
    firsts = np.unique(np.append(np.searchsorted(before, marks), points))
    return order, firsts, before[firsts]
