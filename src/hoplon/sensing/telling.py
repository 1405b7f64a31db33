"""When radars that hold a track first have its warhead within their discrimination range (model section 6)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import kernel, parallel_kernel, parallel_range
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME, flight_position


class WholeSeconds:
    """Where each of some flights is on every whole second after burnout.

    Parameters
    ----------
    elements : ndarray, shape (n, COLUMNS)
        Of flights that exist.
    """

    def __init__(self, elements: NDArray[np.float64]) -> None:
        self._starts = np.ceil(elements[:, BURN_TIME]).astype(np.int64)
        numbers = np.maximum(np.floor(elements[:, IMPACT_TIME]).astype(np.int64) - self._starts + 1, 0)
        self._offsets = np.concatenate([[0], np.cumsum(numbers)])
        self._places = np.empty((int(self._offsets[-1]), 3))
        _place(elements, self._starts, self._offsets, self._places)

    def first_within(
        self,
        chosen: NDArray[np.intp],
        tracks: NDArray[np.float32],
        sites: NDArray[np.float64],
        reaches: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Return the first whole second at which a tracked flight is within a range of each site [s].

        Shape (radars, m); infinite for never.

        Parameters
        ----------
        chosen : ndarray, shape (m,)
            Indices of the flights requested.
        tracks : ndarray, shape (radars, n, slots, 2)
            Start and end of each track [s]; NaN pads.
        sites : ndarray, shape (radars, 3)
            ECEF [m].
        reaches : ndarray, shape (radars, m)
            [m], 0 for none.
        """
        return np.asarray(
            _first_within(chosen.astype(np.int64), tracks, sites, reaches, self._starts, self._offsets, self._places)
        )


@parallel_kernel
def _place(
    elements: NDArray[np.float64],
    starts: NDArray[np.int64],
    offsets: NDArray[np.int64],
    places: NDArray[np.float64],
) -> None:
    for flight in parallel_range(elements.shape[0]):
        for index in range(offsets[flight + 1] - offsets[flight]):
            x, y, z = flight_position(elements[flight], float(starts[flight] + index))
            line = offsets[flight] + index
            places[line, 0], places[line, 1], places[line, 2] = x, y, z


@kernel
def _first_within(
    chosen: NDArray[np.int64],
    tracks: NDArray[np.float32],
    sites: NDArray[np.float64],
    reaches: NDArray[np.float64],
    starts: NDArray[np.int64],
    offsets: NDArray[np.int64],
    places: NDArray[np.float64],
) -> NDArray[np.float64]:
    found = np.full(reaches.shape, np.inf)
    for column in range(chosen.shape[0]):
        flight = chosen[column]
        start, offset = starts[flight], offsets[flight]
        number = offsets[flight + 1] - offset
        for radar in range(tracks.shape[0]):
            squared = reaches[radar, column] * reaches[radar, column]
            for slot in range(tracks.shape[2] if squared > 0.0 else 0):
                on, off = tracks[radar, flight, slot, 0], tracks[radar, flight, slot, 1]
                if not on >= 0.0 or found[radar, column] < np.inf:
                    break
                for index in range(max(math.ceil(on) - start, 0), min(math.floor(off) - start + 1, number)):
                    x = places[offset + index, 0] - sites[radar, 0]
                    y = places[offset + index, 1] - sites[radar, 1]
                    z = places[offset + index, 2] - sites[radar, 2]
                    if x * x + y * y + z * z <= squared:
                        found[radar, column] = start + index
                        break
    return found
