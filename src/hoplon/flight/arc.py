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
    solve_kepler,
)
from hoplon.flight.flight_time import FLIES, TOO_LOW, UNDERGROUND, arc_towards, free_flight_time

# Columns of a row of elements. Perifocal axes and anomalies are inertial (ECEF at ignition).
STATUS, BURN_TIME, IMPACT_TIME, SEMI_MAJOR_AXIS, ECCENTRICITY, MEAN_MOTION, MEAN_ANOMALY = range(7)
ECCENTRIC_BURNOUT, ECCENTRIC_IMPACT = 7, 8
PERIAPSIS, TRANSVERSE = 9, 12  # three columns each
AZIMUTH, LAUNCH_LATITUDE, LAUNCH_LONGITUDE, BURNOUT_ALTITUDE, BURNOUT_GROUND_RANGE = 15, 16, 17, 18, 19
BURNOUT_SPEED, BURNOUT_FLIGHT_PATH_ANGLE = 20, 21
COLUMNS = 22

_APOGEE_ROUNDS, _APOGEE_TOLERANCE = 20, 0.1  # [m]
_ABOVE_THE_ELLIPSOID = 25e3  # [m] how far the mean radius may lie below a place, and room beside


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
    _begin(launch_latitude, launch_longitude, burn_time, burnout_altitude, burnout_ground_range, row)
    _solve(aim_latitude, aim_longitude, loft, 0.0, row)


@kernel
def solve_flight_to_apogee(
    launch_latitude: float,
    launch_longitude: float,
    aim_latitude: float,
    aim_longitude: float,
    burn_time: float,
    burnout_altitude: float,
    burnout_ground_range: float,
    apogee_altitude: float,
    row: NDArray[np.float64],
) -> None:
    """Solve the flight whose greatest altitude above the ellipsoid is given [m]; else as :func:`solve_flight`.

    The radius of the apoapsis names an arc; where it lies above the ellipsoid is found by repetition, for the radius
    of the ellipsoid there hardly moves with it.
    """
    _begin(launch_latitude, launch_longitude, burn_time, burnout_altitude, burnout_ground_range, row)
    apoapsis = MEAN_RADIUS + apogee_altitude + _ABOVE_THE_ELLIPSOID  # if that is too low, so is the answer
    for _ in range(_APOGEE_ROUNDS):
        _solve(aim_latitude, aim_longitude, 0.0, apoapsis, row)
        if row[STATUS] == UNDERGROUND:
            row[STATUS] = TOO_LOW
        if row[STATUS] != FLIES:
            return
        error = apogee_altitude - apogee(row)
        if abs(error) < _APOGEE_TOLERANCE:
            return
        apoapsis += error
    row[STATUS] = TOO_LOW  # the burnout is the highest point


@kernel
def _begin(
    latitude: float,
    longitude: float,
    burn_time: float,
    burnout_altitude: float,
    burnout_ground_range: float,
    row: NDArray[np.float64],
) -> None:
    row[:] = 0.0
    row[BURN_TIME] = burn_time
    row[LAUNCH_LATITUDE], row[LAUNCH_LONGITUDE] = latitude, longitude
    row[BURNOUT_ALTITUDE], row[BURNOUT_GROUND_RANGE] = burnout_altitude, burnout_ground_range


@kernel
def _solve(aim_latitude: float, aim_longitude: float, loft: float, apoapsis: float, row: NDArray[np.float64]) -> None:
    """Solve a flight by its loft [rad], or by the radius of its apoapsis [m] where that is not zero."""
    launch_latitude, launch_longitude = row[LAUNCH_LATITUDE], row[LAUNCH_LONGITUDE]
    launch = normal_of(launch_latitude, launch_longitude)
    aim_up = normal_of(aim_latitude, aim_longitude)
    aim = position_of_normal(aim_up[0], aim_up[1], aim_up[2], 0.0)
    downrange = row[BURNOUT_GROUND_RANGE] / MEAN_RADIUS
    boost = (math.cos(downrange), math.sin(downrange), row[BURNOUT_ALTITUDE])
    status, free_flight = free_flight_time(launch, aim_up, aim, boost, loft, apoapsis)
    row[STATUS] = status
    if status == FLIES:
        shift = ROTATION_RATE * free_flight
        row[AZIMUTH] = azimuth_to(launch_latitude, launch_longitude, aim_latitude, aim_longitude + shift)
        turned = ROTATION_RATE * row[BURN_TIME]
        cosine, sine = math.cos(shift), math.sin(shift)
        _, _, (bx, by, z1), speed_squared, flight_path_angle = arc_towards(
            launch, aim_up, aim, boost, cosine, sine, loft, apoapsis
        )
        x2, y2, z2 = cosine * aim[0] - sine * aim[1], sine * aim[0] + cosine * aim[1], aim[2]
        angle = _range_angle(bx, by, z1, x2, y2, z2)
        cosine, sine = math.cos(turned), math.sin(turned)
        bx, by = cosine * bx - sine * by, sine * bx + cosine * by
        x2, y2 = cosine * x2 - sine * y2, sine * x2 + cosine * y2
        _fill_arc(row, bx, by, z1, x2, y2, z2, speed_squared, flight_path_angle, angle, free_flight)


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


@kernel
def slant_ranges(row: NDArray[np.float64], place: NDArray[np.float64], seconds: int) -> NDArray[np.float64]:
    """Return the slant range from a place to a flight at each whole second.

    Parameters
    ----------
    row : ndarray, shape (COLUMNS,)
        Elements of the flight.
    place : ndarray, shape (3,)
        ECEF [m].
    seconds : int
        How many whole seconds from ignition on.

    Returns
    -------
    ndarray, shape (seconds,)
        [m]; after impact that at impact.
    """
    slant = np.empty(seconds)
    for second in range(seconds):
        x, y, z = flight_position(row, min(float(second), row[IMPACT_TIME]))
        slant[second] = math.sqrt((x - place[0]) ** 2 + (y - place[1]) ** 2 + (z - place[2]) ** 2)
    return slant
