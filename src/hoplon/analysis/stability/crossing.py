"""The angle at which an interceptor on its quickest path meets a flight."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hoplon.constants import MEAN_RADIUS, ROTATION_RATE
from hoplon.earth.geodesy import normal_of
from hoplon.flight.arc import flight_state
from hoplon.flight.sensitivity import inertial_state
from hoplon.intercept.closing import arrival_velocity
from hoplon.intercept.flyout import FAN_COLUMNS, FAN_ROWS, fan_of

if TYPE_CHECKING:
    from hoplon.intercept.battery import Battery
    from hoplon.intercept.reach import Interceptor


def crossing_angle(row: NDArray[np.float64], time: float, battery: Battery, interceptor: Interceptor) -> float:
    """Return the angle between the velocities of a flight and of the interceptor that meets it [rad], in ECEF.

    Parameters
    ----------
    row : ndarray, shape (COLUMNS,)
        Elements of the flight.
    time : float
        Of the intercept, after burnout [s].
    battery : Battery
    interceptor : Interceptor

    Notes
    -----
    Below a quarter of a circle the interceptor chases the flight. The fly-out is computed over an Earth at rest, so
    that its velocity is one relative to the ground (model section 5).
    """
    theirs = velocity_ecef(row, time)
    ux, uy, uz, altitude, *_ = flight_state(row, time)
    there, here = np.array([ux, uy, uz]), np.array(normal_of(battery.latitude, battery.longitude))
    angle = 2.0 * math.asin(min(1.0, 0.5 * float(np.linalg.norm(there - here))))
    fan = np.empty((FAN_ROWS, FAN_COLUMNS))
    fan_of(interceptor.burnout_speed, interceptor.burn_time, interceptor.minimum_elevation, fan)
    along, up = arrival_velocity(
        interceptor.burnout_speed,
        min(interceptor.slowest_burnout, interceptor.burnout_speed),
        interceptor.burn_time,
        interceptor.minimum_elevation,
        fan,
        MEAN_RADIUS * angle,
        altitude,
    )
    ahead = there * float(there @ here) - here  # along the ground, away from the battery
    length = float(np.linalg.norm(ahead))
    mine = up * there + (along / length * ahead if length > 0.0 else 0.0)
    cosine = float(theirs @ mine) / float(np.linalg.norm(theirs) * np.linalg.norm(mine))
    return math.acos(min(1.0, max(-1.0, cosine)))


def velocity_ecef(row: NDArray[np.float64], time: float) -> NDArray[np.float64]:
    """Return the velocity of a flight relative to the ground, after burnout, shape (3,) [m s-1], ECEF."""
    state = inertial_state(row, time)
    cosine, sine = math.cos(ROTATION_RATE * time), math.sin(ROTATION_RATE * time)
    turn = np.array([[cosine, sine, 0.0], [-sine, cosine, 0.0], [0.0, 0.0, 1.0]])
    place, velocity = turn @ state[:3], turn @ state[3:]
    return np.asarray(velocity - np.cross([0.0, 0.0, ROTATION_RATE], place))
