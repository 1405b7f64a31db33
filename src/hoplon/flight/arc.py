"""Solving and evaluating flights: boost path, free-flight arc over the rotating Earth.

A flight is one row of numbers (its *elements*, columns below), so that a million flights are one array. Positions are
never stored: they are evaluated from the elements where they are needed.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import kernel, parallel_kernel, parallel_range
from hoplon.constants import GRAVITATIONAL_PARAMETER, MEAN_RADIUS, ROTATION_RATE
from hoplon.earth.geodesy import (
    azimuth_to,
    heading_vector,
    normal_and_altitude,
    normal_of,
    position_of_normal,
)
from hoplon.flight.ballistic import (
    arc_shape,
    eccentric_anomaly,
    hit_speed_squared,
    minimum_energy_angle,
    solve_kepler,
    time_of_flight,
)

# Columns of a row of elements. Perifocal axes and anomalies are inertial (ECEF at ignition).
STATUS, BURN_TIME, IMPACT_TIME, SEMI_MAJOR_AXIS, ECCENTRICITY, MEAN_MOTION, MEAN_ANOMALY = range(7)
ECCENTRIC_BURNOUT, ECCENTRIC_IMPACT = 7, 8
PERIAPSIS, TRANSVERSE = 9, 12  # three columns each
AZIMUTH, LAUNCH_LATITUDE, LAUNCH_LONGITUDE, BURNOUT_ALTITUDE, BURNOUT_GROUND_RANGE = 15, 16, 17, 18, 19
BURNOUT_SPEED, BURNOUT_FLIGHT_PATH_ANGLE = 20, 21
COLUMNS = 22

# Values of the column STATUS.
FLIES, TOO_STEEP, ESCAPES, NO_CONVERGENCE, UNDERGROUND, NO_SOLUTION = range(6)
STATUS_REASONS = (
    "",
    "loft angle takes the flight-path angle to 90 degrees or more",
    "the trajectory needs escape speed or more",
    "the flight time did not converge in 100 rounds",
    "the trajectory meets the ground before the aim",
    "no two-body arc joins burnout and aim at that loft angle",
)

_ROUNDS = 100
_FLIGHT_TIME_TOLERANCE = 1e-6  # [s] model section 2.1, step 4


@kernel
def boost_state(row: NDArray[np.float64], time: float) -> tuple[float, float, float, float]:
    """Return normal (3) and altitude [m] on the boost path at a time [s] in [0, burn time].

    Altitude grows with the square and ground distance with the cube of time (model section 2.1).
    """
    share = time / row[BURN_TIME] if row[BURN_TIME] > 0.0 else 1.0  # an impulsive launch starts at burnout
    angle = row[BURNOUT_GROUND_RANGE] * share * share * share / MEAN_RADIUS
    ux, uy, uz = normal_of(row[LAUNCH_LATITUDE], row[LAUNCH_LONGITUDE])
    wx, wy, wz = heading_vector(row[LAUNCH_LATITUDE], row[LAUNCH_LONGITUDE], row[AZIMUTH])
    cosine, sine = math.cos(angle), math.sin(angle)
    return (
        cosine * ux + sine * wx,
        cosine * uy + sine * wy,
        cosine * uz + sine * wz,
        row[BURNOUT_ALTITUDE] * share * share,
    )


@kernel
def arc_position(row: NDArray[np.float64], anomaly: float, time: float) -> tuple[float, float, float]:
    """Return the ECEF position [m] at an eccentric anomaly [rad] reached at a time [s]."""
    semi_major_axis, eccentricity = row[SEMI_MAJOR_AXIS], row[ECCENTRICITY]
    along = semi_major_axis * (math.cos(anomaly) - eccentricity)
    across = semi_major_axis * math.sqrt(1.0 - eccentricity * eccentricity) * math.sin(anomaly)
    x = along * row[PERIAPSIS] + across * row[TRANSVERSE]
    y = along * row[PERIAPSIS + 1] + across * row[TRANSVERSE + 1]
    z = along * row[PERIAPSIS + 2] + across * row[TRANSVERSE + 2]
    turn = ROTATION_RATE * time
    cosine, sine = math.cos(turn), math.sin(turn)
    return cosine * x + sine * y, cosine * y - sine * x, z


@kernel
def flight_position(row: NDArray[np.float64], time: float) -> tuple[float, float, float]:
    """Return the ECEF position [m] of a flight at a time [s] in [0, impact]."""
    if time <= row[BURN_TIME]:
        ux, uy, uz, altitude = boost_state(row, time)
        return position_of_normal(ux, uy, uz, altitude)
    span = row[IMPACT_TIME] - row[BURN_TIME]
    share = (time - row[BURN_TIME]) / span
    guess = row[ECCENTRIC_BURNOUT] + share * (row[ECCENTRIC_IMPACT] - row[ECCENTRIC_BURNOUT])
    mean = row[MEAN_ANOMALY] + row[MEAN_MOTION] * (time - row[BURN_TIME])
    return arc_position(row, solve_kepler(row[ECCENTRICITY], mean, guess), time)


@kernel
def flight_state(row: NDArray[np.float64], time: float) -> tuple[float, float, float, float, float, float, float]:
    """Return normal (3), altitude [m] and ECEF position (3) [m] of a flight at a time [s] in [0, impact].

    Boost path up to and including burnout, two-body arc after it.
    """
    if time <= row[BURN_TIME]:
        ux, uy, uz, altitude = boost_state(row, time)
        x, y, z = position_of_normal(ux, uy, uz, altitude)
        return ux, uy, uz, altitude, x, y, z
    x, y, z = flight_position(row, time)
    ux, uy, uz, altitude = normal_and_altitude(x, y, z)
    return ux, uy, uz, altitude, x, y, z


@kernel
def _range_angle(ax: float, ay: float, az: float, bx: float, by: float, bz: float) -> float:
    cx, cy, cz = ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx
    return math.atan2(math.sqrt(cx * cx + cy * cy + cz * cz), ax * bx + ay * by + az * bz)


@kernel
def solve_flight(
    launch_latitude: float,
    launch_longitude: float,
    aim_latitude: float,
    aim_longitude: float,
    burn_time: float,
    burnout_altitude: float,
    burnout_ground_range: float,
    loft: float,
    row: NDArray[np.float64],
) -> None:
    """Solve one flight into a row of elements (model section 2.1).

    Parameters
    ----------
    launch_latitude, launch_longitude, aim_latitude, aim_longitude : float
        Geodetic [rad]; both places at altitude zero.
    burn_time : float
        [s].
    burnout_altitude, burnout_ground_range : float
        [m].
    loft : float
        Angle added to the flight-path angle of least energy [rad].
    row : ndarray, shape (COLUMNS,)
        Filled. ``row[STATUS]`` says whether the flight exists.
    """
    row[:] = 0.0
    row[BURN_TIME] = burn_time
    row[LAUNCH_LATITUDE], row[LAUNCH_LONGITUDE] = launch_latitude, launch_longitude
    row[BURNOUT_ALTITUDE], row[BURNOUT_GROUND_RANGE] = burnout_altitude, burnout_ground_range
    aim_x, aim_y, aim_z = normal_of(aim_latitude, aim_longitude)
    aim_x, aim_y, aim_z = position_of_normal(aim_x, aim_y, aim_z, 0.0)
    turned = ROTATION_RATE * burn_time
    turn_cosine, turn_sine = math.cos(turned), math.sin(turned)
    free_flight = 1000.0
    row[STATUS] = NO_CONVERGENCE
    for _ in range(_ROUNDS):
        shift = ROTATION_RATE * free_flight
        row[AZIMUTH] = azimuth_to(launch_latitude, launch_longitude, aim_latitude, aim_longitude + shift)
        ux, uy, uz, altitude = boost_state(row, burn_time)
        bx, by, z1 = position_of_normal(ux, uy, uz, altitude)
        x1, y1 = turn_cosine * bx - turn_sine * by, turn_sine * bx + turn_cosine * by
        cosine, sine = math.cos(turned + shift), math.sin(turned + shift)
        x2, y2, z2 = cosine * aim_x - sine * aim_y, sine * aim_x + cosine * aim_y, aim_z
        r1, r2 = math.sqrt(x1 * x1 + y1 * y1 + z1 * z1), math.sqrt(x2 * x2 + y2 * y2 + z2 * z2)
        angle = _range_angle(x1, y1, z1, x2, y2, z2)
        flight_path_angle = minimum_energy_angle(r1, r2, angle) + loft
        if abs(flight_path_angle) >= 0.5 * math.pi:
            row[STATUS] = TOO_STEEP
            return
        speed_squared = hit_speed_squared(r1, r2, angle, flight_path_angle)
        if not (speed_squared > 0.0 and math.isfinite(speed_squared)):
            row[STATUS] = NO_SOLUTION
            return
        if speed_squared * r1 >= 2.0 * GRAVITATIONAL_PARAMETER:
            row[STATUS] = ESCAPES
            return
        found = time_of_flight(r1, speed_squared, flight_path_angle, angle)
        change = abs(found - free_flight)
        free_flight = found
        if change < _FLIGHT_TIME_TOLERANCE:
            row[STATUS] = FLIES
            break
    if row[STATUS] == FLIES:
        _fill_arc(row, x1, y1, z1, x2, y2, z2, speed_squared, flight_path_angle, angle, free_flight)


@kernel
def _fill_arc(
    row: NDArray[np.float64],
    x1: float,
    y1: float,
    z1: float,
    x2: float,
    y2: float,
    z2: float,
    speed_squared: float,
    flight_path_angle: float,
    range_angle: float,
    free_flight: float,
) -> None:
    """Write the perifocal elements of a converged arc; refuse one that meets the aim from below."""
    r1 = math.sqrt(x1 * x1 + y1 * y1 + z1 * z1)
    semi_major_axis, eccentricity, anomaly = arc_shape(r1, speed_squared, flight_path_angle)
    px, py, pz = x1 / r1, y1 / r1, z1 / r1
    along = x2 * px + y2 * py + z2 * pz
    tx, ty, tz = x2 - along * px, y2 - along * py, z2 - along * pz
    scale = 1.0 / math.sqrt(tx * tx + ty * ty + tz * tz)
    tx, ty, tz = tx * scale, ty * scale, tz * scale
    cosine, sine = math.cos(anomaly), math.sin(anomaly)
    row[PERIAPSIS], row[PERIAPSIS + 1], row[PERIAPSIS + 2] = (
        cosine * px - sine * tx,
        cosine * py - sine * ty,
        cosine * pz - sine * tz,
    )
    row[TRANSVERSE], row[TRANSVERSE + 1], row[TRANSVERSE + 2] = (
        sine * px + cosine * tx,
        sine * py + cosine * ty,
        sine * pz + cosine * tz,
    )
    row[SEMI_MAJOR_AXIS], row[ECCENTRICITY] = semi_major_axis, eccentricity
    row[MEAN_MOTION] = math.sqrt(GRAVITATIONAL_PARAMETER / semi_major_axis) / semi_major_axis
    start = eccentric_anomaly(eccentricity, anomaly)
    end = eccentric_anomaly(eccentricity, anomaly + range_angle)
    row[MEAN_ANOMALY] = start - eccentricity * math.sin(start)
    row[ECCENTRIC_BURNOUT], row[ECCENTRIC_IMPACT] = start, end
    row[IMPACT_TIME] = row[BURN_TIME] + free_flight
    row[BURNOUT_SPEED], row[BURNOUT_FLIGHT_PATH_ANGLE] = math.sqrt(speed_squared), flight_path_angle
    if _climbs_at_aim(row, x2, y2, z2):
        row[STATUS] = UNDERGROUND


@kernel
def _climbs_at_aim(row: NDArray[np.float64], x2: float, y2: float, z2: float) -> bool:
    """Tell whether the arc reaches the aim from below the ellipsoid (it has passed through the Earth)."""
    end, eccentricity = row[ECCENTRIC_IMPACT], row[ECCENTRICITY]
    along = -math.sin(end)
    across = math.sqrt(1.0 - eccentricity * eccentricity) * math.cos(end)
    vx = along * row[PERIAPSIS] + across * row[TRANSVERSE]
    vy = along * row[PERIAPSIS + 1] + across * row[TRANSVERSE + 1]
    vz = along * row[PERIAPSIS + 2] + across * row[TRANSVERSE + 2]
    ux, uy, uz, _ = normal_and_altitude(x2, y2, z2)
    return bool(vx * ux + vy * uy + vz * uz > 0.0)


@parallel_kernel
def solve_flights(
    launch: NDArray[np.float64],
    aim: NDArray[np.float64],
    burn_time: NDArray[np.float64],
    burnout_altitude: NDArray[np.float64],
    burnout_ground_range: NDArray[np.float64],
    loft: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Solve flights row by row.

    Parameters
    ----------
    launch, aim : ndarray, shape (n, 2)
        Geodetic latitude and longitude [rad].
    burn_time, burnout_altitude, burnout_ground_range, loft : ndarray, shape (n,)
        [s], [m], [m], [rad].

    Returns
    -------
    ndarray, shape (n, COLUMNS)
        Elements; column ``STATUS`` says which flights exist.
    """
    count = launch.shape[0]
    elements = np.empty((count, COLUMNS))
    for index in parallel_range(count):
        solve_flight(
            launch[index, 0],
            launch[index, 1],
            aim[index, 0],
            aim[index, 1],
            burn_time[index],
            burnout_altitude[index],
            burnout_ground_range[index],
            loft[index],
            elements[index],
        )
    return elements


@kernel
def apogee(row: NDArray[np.float64]) -> float:
    """Return the greatest altitude above the ellipsoid [m] of a flight.

    The radius peaks at apoapsis; the ellipsoid under a fast ground track moves the altitude's peak by seconds, found
    by golden-section search within 60 s of apoapsis.
    """
    start, end = row[BURN_TIME], row[IMPACT_TIME]
    peak = row[BURN_TIME] + (math.pi - row[MEAN_ANOMALY]) / row[MEAN_MOTION]
    low, high = max(start, min(end, peak - 60.0)), max(start, min(end, peak + 60.0))
    ratio = 0.6180339887498949
    for _ in range(40):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if flight_state(row, left)[3] > flight_state(row, right)[3]:
            high = right
        else:
            low = left
    return float(max(row[BURNOUT_ALTITUDE], flight_state(row, 0.5 * (low + high))[3]))
