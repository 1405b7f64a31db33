"""Satellites that follow the body after burnout against the sky (model section 3, *Tracking satellites*).

An idealised constellation without gaps: the body is in view from anywhere, as long as it is high enough. A satellite
has no place here; what it sees depends on the body's altitude alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import borrowing_kernel
from hoplon.earth.geodesy import normal_and_altitude
from hoplon.flight.arc import (
    BURN_TIME,
    ECCENTRIC_IMPACT,
    ECCENTRICITY,
    IMPACT_TIME,
    MEAN_ANOMALY,
    MEAN_MOTION,
    SEMI_MAJOR_AXIS,
    flight_position,
)


@dataclass(frozen=True)
class TrackingSatellite:
    """A satellite type's tracking as an architecture has it, SI.

    Attributes
    ----------
    track_starts : tuple of float
        Against each threat class, when a track starts [s after ignition]: burnout and the wait for a track.
    acquisition : float
        From burnout to track [s].
    minimum_altitude : float
        Of a body that is followed [m].
    latency : float
        Of its reports through the network [s].
    update : float
        Time between looks [s].
    position_sigma : float
        Error of a look in each direction [m].
    partner : bool
        A partner's read-only feed.
    """

    track_starts: tuple[float, ...]
    acquisition: float
    minimum_altitude: float
    latency: float
    update: float
    position_sigma: float
    partner: bool = False

    def cover_key(self) -> tuple[object, ...]:
        """Return what the cover of this satellite depends on."""
        return ("at this altitude or higher", self.minimum_altitude)


@borrowing_kernel
def _altitude(row: NDArray[np.float64], second: int) -> float:
    """Return the altitude of the body at a second after burnout [m]."""
    x, y, z = flight_position(row, float(second))
    _, _, _, altitude = normal_and_altitude(x, y, z)
    return float(altitude)


@borrowing_kernel
def _highest(row: NDArray[np.float64], begin: int, end: int) -> int:
    """Return the whole second at which the body is highest above the ellipsoid: some seconds from apogee."""
    to_apogee = (math.pi - row[MEAN_ANOMALY]) / row[MEAN_MOTION]
    top: int = math.floor(min(max(row[BURN_TIME] + to_apogee, float(begin)), float(end)))
    altitude = _altitude(row, top)
    for step in (1, -1):
        while begin <= top + step <= end:
            beside = _altitude(row, top + step)
            if not beside > altitude:
                break
            top, altitude = top + step, beside
    return top


@borrowing_kernel
def _last_above(row: NDArray[np.float64], minimum_altitude: float, top: int, end: int) -> int:
    """Return the last whole second at the altitude or higher, which ``top`` is and ``end`` is not.

    The second at which the arc falls through the altitude above a sphere as large as the Earth at impact is near it:
    the bracket grows from there.
    """
    axis, eccentricity = row[SEMI_MAJOR_AXIS], row[ECCENTRICITY]
    radius = axis * (1.0 - eccentricity * math.cos(row[ECCENTRIC_IMPACT])) + minimum_altitude
    anomaly = 2.0 * math.pi - math.acos(min(1.0, max(-1.0, (1.0 - radius / axis) / eccentricity)))
    mean = anomaly - eccentricity * math.sin(anomaly)
    near = row[BURN_TIME] + (mean - row[MEAN_ANOMALY]) / row[MEAN_MOTION]
    low, high, step = top, end, 1
    middle: int = math.floor(min(max(near, float(low)), float(high)))
    while high - low > 1 and low < middle < high:
        if _altitude(row, middle) >= minimum_altitude:
            low, middle = middle, middle + step
        else:
            high, middle = middle, middle - step
        step *= 2
    while high - low > 1:
        middle = (low + high) // 2
        if _altitude(row, middle) >= minimum_altitude:
            low = middle
        else:
            high = middle
    return low


@borrowing_kernel
def seconds_above(row: NDArray[np.float64], minimum_altitude: float) -> tuple[int, int]:
    """Return the first and the last whole second after burnout at an altitude [m] or higher; (0, -1) for none.

    Where the body is that high at burnout already, the first is the whole second at or before burnout.
    """
    begin, end = math.ceil(row[BURN_TIME]), math.floor(row[IMPACT_TIME])
    if end < begin:
        return 0, -1
    first, last = begin, end
    if _altitude(row, begin) >= minimum_altitude:
        first, top = math.floor(row[BURN_TIME]), begin
    else:
        top = _highest(row, begin, end)
        if not _altitude(row, top) >= minimum_altitude:
            return 0, -1
        low, first = begin, top
        while first - low > 1:
            middle = (low + first) // 2
            if _altitude(row, middle) >= minimum_altitude:
                first = middle
            else:
                low = middle
    if not _altitude(row, end) >= minimum_altitude:
        last = _last_above(row, minimum_altitude, top, end)
    return first, last
