"""The greatest time to a release decision at which each aim point is still defended, to the second.

A later decision makes no shot possible that an earlier one does not allow (:func:`hoplon.defence.assembly.is_subset`),
so that one number a point answers every setting of ``decision_s``. Of each point one flight is bisected; the others are
asked whether they are met at the time that it allows, and only those that are not are bisected in their turn.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis import stages
from hoplon.analysis.what_if.bound import FLIGHTS_A_PIECE
from hoplon.defence.assembly import best_shots
from hoplon.errors import InputError
from hoplon.progress import silent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hoplon.analysis.flights import Flights
    from hoplon.analysis.store import Store
    from hoplon.defence.assembly import Defence
    from hoplon.progress import Progress

LONGEST_S: Final = 254  # [s] longest decision time that is told from a longer one
UNDEFENDED: Final = 255
"""Margin of a point that is defended at no decision time, or that no flight reaches."""
_STRIDE: Final = 16  # [s] of the first search


def decision_margins(
    store: Store,
    flights: Flights,
    defence: Defence,
    points: int,
    step: float = stages.MAP_STEP,
    progress: Progress = silent,
) -> NDArray[np.uint8]:
    """Return the greatest whole number of seconds of ``decision_s`` at which each point is defended; shape (points,).

    Parameters
    ----------
    store : Store
        Keeps the reach tables.
    flights : Flights
    defence : Defence
        Whatever its own decision time.
    points : int
        Number of aim points.
    step : float
        Node spacing [s].
    progress : callable
        Told of each piece; what it raises ends the work.

    Returns
    -------
    ndarray of uint8
        From 0 to 254, where 254 stands for longer times too; 255 where the point is defended at none, or is not
        threatened.

    Raises
    ------
    InputError
        If more than one shot is required: then an earlier decision can lose the second shot.
    """
    if defence.shots_required > 1:
        raise InputError(
            f"shots_required is {defence.shots_required}: a time to a decision bounds the first shot alone; set it to 1"
        )
    asked = _Asked(store, flights, defence, step, progress)
    longest = np.full(points, LONGEST_S, dtype=np.int64)  # what is not ruled out yet, -1 for none
    open_ = np.arange(len(flights))
    while len(open_):
        limit = longest[flights.points[open_]]
        open_ = open_[limit >= 0]
        met = asked.met(open_, longest[flights.points[open_]])
        open_ = open_[~met]
        if not len(open_):
            break
        aims = flights.points[open_]
        first = np.unique(aims, return_index=True)[1]
        witnesses = open_[first]
        longest[flights.points[witnesses]] = asked.longest(witnesses, longest[flights.points[witnesses]] - 1)
        open_ = np.delete(open_, first)
    threatened = np.zeros(points, dtype=np.bool_)
    threatened[flights.points] = True
    return np.where(threatened & (longest >= 0), longest, UNDEFENDED).astype(np.uint8)


class _Asked:
    """Flights asked whether they are met with a time to the decision."""

    def __init__(self, store: Store, flights: Flights, defence: Defence, step: float, progress: Progress) -> None:
        self._store, self._flights, self._defence, self._step = store, flights, defence, step
        self._progress, self._done = progress, 0

    def met(self, chosen: NDArray[np.intp], seconds: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return whether each flight is met with its own decision time; shape (m,).

        First all of one stride are asked with the longest time of it: what is met then is met sooner too.
        """
        found = np.zeros(len(chosen), dtype=np.bool_)
        strides = -(-seconds // _STRIDE) * _STRIDE
        for stride in np.unique(strides):
            mine = np.flatnonzero(strides == stride)
            found[mine] = self._at(chosen[mine], [int(min(stride, LONGEST_S))])[0]
        left = np.flatnonzero(~found & (seconds < np.minimum(strides, LONGEST_S)))
        for stride in np.unique(strides[left]):
            mine = left[strides[left] == stride]
            times = np.unique(seconds[mine])
            rows = self._at(chosen[mine], [int(time) for time in times])
            found[mine] = rows[np.searchsorted(times, seconds[mine]), np.arange(len(mine))]
        return found

    def longest(self, chosen: NDArray[np.intp], most: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the longest time up to ``most`` with which each flight is met, -1 for none; shape (m,)."""
        coarse = [*range(0, LONGEST_S, _STRIDE), LONGEST_S]
        rows = self._at(chosen, coarse)
        reached = rows.sum(axis=0)  # how many of the times, from the shortest on, it is met with
        lowest = np.where(reached > 0, np.array([-1, *coarse])[reached], -1)
        found = lowest.copy()
        for number in np.unique(reached):
            if number in (0, len(coarse)):
                continue
            mine = np.flatnonzero(reached == number)
            fine = list(range(coarse[number - 1] + 1, coarse[number]))
            if fine:
                found[mine] = lowest[mine] + self._at(chosen[mine], fine).sum(axis=0)
        return np.minimum(found, most)

    def _at(self, chosen: NDArray[np.intp], seconds: list[int]) -> NDArray[np.bool_]:
        """Return whether flights are met with each of some decision times; shape (times, m)."""
        flights, timing = self._flights, self._defence.timing
        defences = [replace(self._defence, timing=replace(timing, decision=float(time))) for time in seconds]
        return (
            best_shots(
                flights.elements[chosen],
                flights.classes[chosen],
                defences,
                [1] * len(defences),
                lambda kind: stages.reach(self._store, kind),
                self._step,
                self._pieces(len(chosen)),
            )
            > 0
        )

    def _pieces(self, count: int) -> Iterator[slice]:
        """Yield the flights piece by piece, and tell how many have been asked of about how many."""
        for first in range(0, count, FLIGHTS_A_PIECE):
            self._progress(self._done, max(self._done + 1, 3 * len(self._flights) // 2), "decision times")
            yield slice(first, min(count, first + FLIGHTS_A_PIECE))
            self._done += min(FLIGHTS_A_PIECE, count - first)
