"""Flights as lines: cut at the antimeridian, as RFC 7946 asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

SAMPLES: Final = "samples"
"""Name of the layer of places under one flight."""
_HALF_TURN_DEG: Final = 180.0
_DECIMALS: Final = 7  # of degrees: about a centimetre


def flight_line(path: NDArray[np.float64]) -> shapely.LineString | shapely.MultiLineString | None:
    """Return the line of a flight, longitude, latitude [deg] and altitude [m].

    Parameters
    ----------
    path : ndarray, shape (m, 4)
        Time [s], latitude and longitude [deg], altitude [m].

    Returns
    -------
    LineString, MultiLineString or None
        Several parts where it crosses the antimeridian (RFC 7946, section 3.1.9): each ends there, at the latitude and
        altitude that lie between its neighbours. No position is equal to the one before. None without two positions.
    """
    parts = [part for part in _parts(path) if len(part) > 1]
    if not parts:
        return None
    lines = [shapely.LineString(part) for part in parts]
    return lines[0] if len(lines) == 1 else shapely.MultiLineString(lines)


def _parts(path: NDArray[np.float64]) -> Sequence[list[tuple[float, float, float]]]:
    parts: list[list[tuple[float, float, float]]] = [[]]
    before: tuple[float, float, float] | None = None
    for _, latitude, longitude, altitude in path.tolist():
        here = (longitude, latitude, altitude)
        if before is not None and abs(longitude - before[0]) > _HALF_TURN_DEG:
            side = np.copysign(_HALF_TURN_DEG, before[0])
            unrolled = longitude + 2.0 * side
            share = (side - before[0]) / (unrolled - before[0])
            meets = [start + share * (end - start) for start, end in zip(before[1:], here[1:], strict=True)]
            _add(parts[-1], (float(side), *meets))
            parts.append([])
            _add(parts[-1], (float(-side), *meets))
        _add(parts[-1], here)
        before = here
    return parts


def _add(part: list[tuple[float, float, float]], position: tuple[float, ...]) -> None:
    longitude, latitude, altitude = position
    rounded = (round(longitude, _DECIMALS), round(latitude, _DECIMALS), round(altitude, 1))
    if not part or part[-1] != rounded:
        part.append(rounded)
