"""The paths of a raid that was played: threats as the simulation has them, interceptors as they are drawn."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.earth.geodesy import normal_and_altitude, normal_of, position_of_normal
from hoplon.flight.arc import flight_position
from hoplon.units import DEGREE

if TYPE_CHECKING:
    from hoplon.analysis.raid.setup import RaidSetup
    from hoplon.scenario.model import Place

STEP_S: Final = 5.0  # between positions of a path that is drawn


def sample_times(begins: float, ends: float, step: float = STEP_S) -> NDArray[np.float64]:
    """Return the times at which a path is drawn [s]: its ends, and whole steps between them."""
    whole = np.arange(np.ceil(begins / step), np.floor(ends / step) + 1.0) * step
    return np.unique(np.concatenate([[begins], whole[(whole > begins) & (whole < ends)], [ends]]))


def path_over_ground(times: NDArray[np.float64], positions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return time [s], latitude, longitude [deg], altitude [m], shape (n, 4), of positions fixed to the Earth [m]."""
    found = []
    for time, position in zip(times.tolist(), positions, strict=True):
        ux, uy, uz, altitude = normal_and_altitude(*(float(value) for value in position))
        found.append((time, math.atan2(uz, math.hypot(ux, uy)) / DEGREE, math.atan2(uy, ux) / DEGREE, altitude))
    return np.array(found).reshape(-1, 4)


def threat_track(setup: RaidSetup, number: int, times: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return where a missile is [m, fixed to the Earth] at seconds after the first launch, shape (n, 3)."""
    missile = setup.flights.missiles[number]
    row = setup.flights.elements[missile.flight]
    return np.array([flight_position(row, float(time - missile.ignition)) for time in times]).reshape(-1, 3)


def interceptor_track(
    place: Place, meets: NDArray[np.float64], launch_s: float, intercept_s: float, times: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return a drawn interceptor path [m, fixed to the Earth], shape (n, 3): over the great circle, rising ever slower.

    The path is a picture: it begins at the battery and ends where and when the simulation has the intercept; between
    them ground distance grows evenly with time and altitude as the sine of a quarter turn. Nothing is guided here.

    Parameters
    ----------
    place : Place
        Of the battery.
    meets : ndarray, shape (3,)
        The intercept [m].
    launch_s, intercept_s : float
    times : ndarray, shape (n,)
        [s]; those outside the flight get its ends.
    """
    start = np.array(normal_of(place.latitude_deg * DEGREE, place.longitude_deg * DEGREE))
    *normal, top = normal_and_altitude(*(float(value) for value in meets))
    end, bottom = np.array(normal), float(place.altitude_m)
    angle = math.acos(min(1.0, max(-1.0, float(start @ end))))
    span = max(intercept_s - launch_s, 1e-9)
    points = []
    for time in times:
        share = min(1.0, max(0.0, (float(time) - launch_s) / span))
        if angle > 1e-9:
            unit = (math.sin((1.0 - share) * angle) * start + math.sin(share * angle) * end) / math.sin(angle)
        else:
            unit = start
        altitude = bottom + (top - bottom) * math.sin(0.5 * math.pi * share)
        points.append(position_of_normal(float(unit[0]), float(unit[1]), float(unit[2]), altitude))
    return np.array(points).reshape(-1, 3)
