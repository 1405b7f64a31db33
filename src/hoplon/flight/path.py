"""Sampling a flight at nodes close enough to bracket every event of interest.

On the arc the nodes are equally spaced in eccentric anomaly, so that no Kepler equation is solved: the anomaly's
cosine and sine advance by a rotation, and time follows from Kepler's equation directly. Radars ask for positions
alone; normals and altitudes follow from them where they are asked for. Events are then refined on whole seconds by
cubic interpolation between the nodes.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import borrowing_kernel
from hoplon.constants import (
    GRAVITATIONAL_PARAMETER,
    MEAN_RADIUS,
    ROTATION_RATE,
    WGS84_ECCENTRICITY_SQUARED,
    WGS84_SEMI_MAJOR_AXIS,
    WGS84_SEMI_MINOR_AXIS,
)
from hoplon.earth.geodesy import heading_vector, normal_of, position_of_normal
from hoplon.flight.arc import (
    AZIMUTH,
    BURN_TIME,
    BURNOUT_ALTITUDE,
    BURNOUT_GROUND_RANGE,
    ECCENTRIC_BURNOUT,
    ECCENTRIC_IMPACT,
    ECCENTRICITY,
    IMPACT_TIME,
    LAUNCH_LATITUDE,
    LAUNCH_LONGITUDE,
    MEAN_MOTION,
    PERIAPSIS,
    SEMI_MAJOR_AXIS,
    TRANSVERSE,
    flight_state,
)

# Rows of a path buffer: time [s], normal (3), altitude [m], ECEF position (3) [m].
TIME, NORMAL, ALTITUDE, POSITION = 0, 1, 4, 5
ROWS = 8

_SECOND_ECCENTRICITY_SQUARED = WGS84_ECCENTRICITY_SQUARED / (1.0 - WGS84_ECCENTRICITY_SQUARED)

_POLAR_CURVATURE = WGS84_SEMI_MAJOR_AXIS / math.sqrt(1.0 - WGS84_ECCENTRICITY_SQUARED)  # [m] the greatest radius

_LANES = 8  # arc nodes turned together

# Taylor coefficients of sine and cosine.
_S3, _S5, _S7, _S9, _S11, _S13 = (
    sign / math.factorial(n) for sign, n in zip((-1, 1, -1, 1, -1, 1), range(3, 14, 2), strict=False)
)
_C2, _C4, _C6, _C8, _C10, _C12 = (
    sign / math.factorial(n) for sign, n in zip((-1, 1, -1, 1, -1, 1), range(2, 13, 2), strict=False)
)


@borrowing_kernel
def node_counts(row: NDArray[np.float64], step: float) -> tuple[int, int]:
    """Return the numbers of boost and arc nodes whose spacing never exceeds ``step`` [s].

    The boost nodes run from ignition to burnout; the arc nodes follow, the last one at impact.
    """
    boost = math.ceil(row[BURN_TIME] / step) + 1
    span = row[ECCENTRIC_IMPACT] - row[ECCENTRIC_BURNOUT]
    arc = math.ceil(span * (1.0 + row[ECCENTRICITY]) / (row[MEAN_MOTION] * step))
    return boost, max(arc, 1)


@borrowing_kernel
def most_nodes(elements: NDArray[np.float64], step: float) -> int:
    """Return the length that a path buffer needs for any of the flights."""
    most = 2
    for index in range(elements.shape[0]):
        if elements[index, 0] == 0.0:
            boost, arc = node_counts(elements[index], step)
            most = max(most, boost + arc)
    return most


@borrowing_kernel
def sample_path(row: NDArray[np.float64], step: float, path: NDArray[np.float64]) -> tuple[int, int]:
    """Fill a path buffer with a flight's nodes from ignition to impact.

    Parameters
    ----------
    row : ndarray, shape (COLUMNS,)
        Elements of a flight that exists.
    step : float
        Greatest spacing in time [s].
    path : ndarray, shape (ROWS, m)
        Buffer with ``m >= most_nodes``.

    Returns
    -------
    boost, nodes : int
        Number of boost nodes and of all nodes filled; times strictly increase.
    """
    boost, nodes = sample_positions(row, step, path)
    place_normals(path, boost, nodes)
    return boost, nodes


@borrowing_kernel
def sample_positions(row: NDArray[np.float64], step: float, path: NDArray[np.float64]) -> tuple[int, int]:
    """Fill a path buffer as :func:`sample_path`, but for normals and altitudes of the arc: :func:`place_normals`."""
    boost, arc = node_counts(row, step)
    _place_boost(row, boost, path)
    _turn_anomaly(row, boost, boost + arc, path)
    _place_positions(row, boost, boost + arc, path)
    return boost, boost + arc


@borrowing_kernel
def _place_boost(row: NDArray[np.float64], boost: int, path: NDArray[np.float64]) -> None:
    """Write the boost nodes: :func:`hoplon.flight.arc.boost_state` with its great circle set up once."""
    ux, uy, uz = normal_of(row[LAUNCH_LATITUDE], row[LAUNCH_LONGITUDE])
    wx, wy, wz = heading_vector(row[LAUNCH_LATITUDE], row[LAUNCH_LONGITUDE], row[AZIMUTH])
    whole = row[BURNOUT_GROUND_RANGE] / MEAN_RADIUS
    for node in range(boost):
        share = node / (boost - 1) if boost > 1 else 1.0
        angle = whole * share * share * share
        cosine, sine = math.cos(angle), math.sin(angle)
        altitude = row[BURNOUT_ALTITUDE] * share * share
        nx, ny, nz = cosine * ux + sine * wx, cosine * uy + sine * wy, cosine * uz + sine * wz
        path[0, node] = row[BURN_TIME] * share
        path[1, node], path[2, node], path[3, node], path[4, node] = nx, ny, nz, altitude
        path[5, node], path[6, node], path[7, node] = position_of_normal(nx, ny, nz, altitude)


@borrowing_kernel
def _turn_anomaly(row: NDArray[np.float64], start: int, end: int, path: NDArray[np.float64]) -> None:
    """Write cosine and sine of the eccentric anomaly, and the time, of each arc node; written to vectorise.

    The first few nodes turn by one step each, every later one from the node that many before it.
    """
    anomaly, eccentricity = row[ECCENTRIC_BURNOUT], row[ECCENTRICITY]
    arc = end - start
    increment = (row[ECCENTRIC_IMPACT] - anomaly) / arc
    turn_cosine, turn_sine = math.cos(increment), math.sin(increment)
    first_sine = math.sin(anomaly)
    cosine, sine = math.cos(anomaly), first_sine
    times, cosines, sines = path[0, start:end], path[1, start:end], path[2, start:end]
    for node in range(min(_LANES, arc)):
        cosine, sine = cosine * turn_cosine - sine * turn_sine, sine * turn_cosine + cosine * turn_sine
        cosines[node], sines[node] = cosine, sine
    turn_cosine, turn_sine = math.cos(_LANES * increment), math.sin(_LANES * increment)
    for first in range(_LANES, arc, _LANES):
        count = min(_LANES, arc - first)
        before_cosines, before_sines = cosines[first - _LANES : first], sines[first - _LANES : first]
        after_cosines, after_sines = cosines[first : first + count], sines[first : first + count]
        for lane in range(count):
            cosine, sine = before_cosines[lane], before_sines[lane]
            after_cosines[lane] = cosine * turn_cosine - sine * turn_sine
            after_sines[lane] = sine * turn_cosine + cosine * turn_sine
    per_radian, burn_time = 1.0 / row[MEAN_MOTION], row[BURN_TIME]
    for node in range(arc):
        times[node] = burn_time + per_radian * (increment * (node + 1) - eccentricity * (sines[node] - first_sine))
    times[arc - 1] = row[IMPACT_TIME]


@borrowing_kernel
def _place_positions(row: NDArray[np.float64], start: int, end: int, path: NDArray[np.float64]) -> None:
    """Turn anomalies into positions; written to vectorise.

    The rotation of the Earth since ignition, below 0.6 rad for two hours, is a Taylor series (error below 1e-12).
    """
    a, eccentricity = row[SEMI_MAJOR_AXIS], row[ECCENTRICITY]
    b = a * math.sqrt(1.0 - eccentricity * eccentricity)
    px, py, pz = a * row[PERIAPSIS], a * row[PERIAPSIS + 1], a * row[PERIAPSIS + 2]
    tx, ty, tz = b * row[TRANSVERSE], b * row[TRANSVERSE + 1], b * row[TRANSVERSE + 2]
    times, cosines, sines = path[0, start:end], path[1, start:end], path[2, start:end]
    xs, ys, zs = path[5, start:end], path[6, start:end], path[7, start:end]
    for node in range(end - start):
        along = cosines[node] - eccentricity
        across = sines[node]
        x, y, z = along * px + across * tx, along * py + across * ty, along * pz + across * tz
        turn = ROTATION_RATE * times[node]
        s = turn * turn
        turn_sine = turn * (1.0 + s * (_S3 + s * (_S5 + s * (_S7 + s * (_S9 + s * (_S11 + s * _S13))))))
        turn_cosine = 1.0 + s * (_C2 + s * (_C4 + s * (_C6 + s * (_C8 + s * (_C10 + s * _C12)))))
        xs[node], ys[node], zs[node] = turn_cosine * x + turn_sine * y, turn_cosine * y - turn_sine * x, z


@borrowing_kernel
def place_normals(path: NDArray[np.float64], start: int, end: int) -> None:
    """Write normals and altitudes of nodes from their positions; written to vectorise.

    :func:`hoplon.earth.geodesy.normal_and_altitude` written out.
    """
    eastern, northern, polars = path[1, start:end], path[2, start:end], path[3, start:end]
    altitudes = path[4, start:end]
    xs, ys, zs = path[5, start:end], path[6, start:end], path[7, start:end]
    for node in range(end - start):
        x, y, z = xs[node], ys[node], zs[node]
        squared = x * x + y * y
        axis_distance = math.sqrt(squared) + 1e-9
        radius = math.sqrt(squared + z * z)
        sine = WGS84_SEMI_MINOR_AXIS * z * (1.0 + _SECOND_ECCENTRICITY_SQUARED * WGS84_SEMI_MINOR_AXIS / radius)
        cosine = WGS84_SEMI_MAJOR_AXIS * axis_distance
        scale = 1.0 / math.sqrt(sine * sine + cosine * cosine)
        sine *= scale
        cosine *= scale
        up = z + _SECOND_ECCENTRICITY_SQUARED * WGS84_SEMI_MINOR_AXIS * sine * sine * sine
        out = axis_distance - WGS84_ECCENTRICITY_SQUARED * WGS84_SEMI_MAJOR_AXIS * cosine * cosine * cosine
        scale = 1.0 / math.sqrt(up * up + out * out)
        polar = up * scale
        cos_latitude = out * scale
        q = WGS84_ECCENTRICITY_SQUARED * polar * polar  # below 0.007: the square root is its binomial series
        root = 1.0 - q * (0.5 + q * (0.125 + q * (0.0625 + q * (0.0390625 + q * 0.02734375))))
        altitudes[node] = axis_distance * cos_latitude + z * polar - WGS84_SEMI_MAJOR_AXIS * root
        polars[node] = polar
        east = cos_latitude / axis_distance
        eastern[node] = east * x
        northern[node] = east * y


@borrowing_kernel
def greatest_speed(row: NDArray[np.float64]) -> float:
    """Return a bound of a flight's speed over the turning Earth [m s-1].

    On the arc that of energy at the pole's radius, below every flight, and of the Earth's turn under its apoapsis; on
    the boost path that of burnout, where altitude grows with the square and ground distance with the cube of time.
    """
    a = row[SEMI_MAJOR_AXIS]
    arc = math.sqrt(GRAVITATIONAL_PARAMETER * (2.0 / WGS84_SEMI_MINOR_AXIS - 1.0 / a))
    arc += ROTATION_RATE * a * (1.0 + row[ECCENTRICITY])
    if not row[BURN_TIME] > 0.0:
        return float(arc)
    radius = _POLAR_CURVATURE + row[BURNOUT_ALTITUDE]
    along = 3.0 * row[BURNOUT_GROUND_RANGE] / MEAN_RADIUS * radius
    return float(max(arc, (along + 2.0 * row[BURNOUT_ALTITUDE]) / row[BURN_TIME]))


@borrowing_kernel
def greatest_acceleration(row: NDArray[np.float64], boosted: bool) -> float:
    """Return a bound of a flight's acceleration over the turning Earth [m s-2], that of its boost path where asked.

    On the arc gravity at the pole's radius, below every flight, with what the turning adds; on the boost path that of
    burnout, of a ground distance that grows with the cube and an altitude that grows with the square of time.
    """
    speed = greatest_speed(row)
    apoapsis = row[SEMI_MAJOR_AXIS] * (1.0 + row[ECCENTRICITY])
    gravity = GRAVITATIONAL_PARAMETER / (WGS84_SEMI_MINOR_AXIS * WGS84_SEMI_MINOR_AXIS)
    arc = gravity + 2.0 * ROTATION_RATE * speed + ROTATION_RATE * ROTATION_RATE * apoapsis
    if not (boosted and row[BURN_TIME] > 0.0):
        return float(arc)
    stretch = (_POLAR_CURVATURE + row[BURNOUT_ALTITUDE]) / MEAN_RADIUS
    thrust = (6.0 * row[BURNOUT_GROUND_RANGE] * stretch + 2.0 * row[BURNOUT_ALTITUDE]) / row[BURN_TIME] ** 2
    return float(max(arc, thrust + 3.0 * speed * speed / MEAN_RADIUS))


@borrowing_kernel
def stencil(boost: int, nodes: int, node: int) -> int:
    """Return the first of the four nodes that interpolate between ``node`` and ``node + 1``.

    The four lie on one side of burnout, where the velocity jumps; -1 when that side has fewer than four.
    """
    low, high = (0, boost) if node < boost - 1 else (boost - 1, nodes)
    if high - low < 4:
        return -1
    return min(max(node - 1, low), high - 4)


@borrowing_kernel
def spans_of(path: NDArray[np.float64], start: int) -> tuple[float, ...]:
    """Return what a cubic through four nodes needs of their times: three of them, and six reciprocal differences."""
    t0, t1, t2, t3 = path[0, start], path[0, start + 1], path[0, start + 2], path[0, start + 3]
    return (
        t0,
        t1,
        t2,
        1.0 / (t1 - t0),
        1.0 / (t2 - t1),
        1.0 / (t3 - t2),
        1.0 / (t2 - t0),
        1.0 / (t3 - t1),
        1.0 / (t3 - t0),
    )


@borrowing_kernel
def cubic_of(
    path: NDArray[np.float64], row: int, start: int, spans: tuple[float, ...]
) -> tuple[float, float, float, float]:
    """Return Newton's coefficients of the cubic through four nodes of one row of a path.

    Notes
    -----
    The error of a cubic through nodes h apart is below h^4 max|x''''| / 24; on a ballistic arc |x''''| is about
    g (v/r)^2 = 1e-5 m s-4: 4 mm at h = 10 s, 7 cm at 20 s. The boost path is of third degree itself.
    """
    _, _, _, r10, r21, r32, r20, r31, r30 = spans
    f0, f1, f2, f3 = path[row, start], path[row, start + 1], path[row, start + 2], path[row, start + 3]
    d10, d21, d32 = (f1 - f0) * r10, (f2 - f1) * r21, (f3 - f2) * r32
    d210, d321 = (d21 - d10) * r20, (d32 - d21) * r31
    return f0, d10, d210, (d321 - d210) * r30


@borrowing_kernel
def cubic_at(cubic: tuple[float, float, float, float], spans: tuple[float, ...], time: float) -> float:
    """Return the value of a cubic at a time [s]."""
    return cubic[0] + (time - spans[0]) * (cubic[1] + (time - spans[1]) * (cubic[2] + (time - spans[2]) * cubic[3]))


@borrowing_kernel
def path_normal(
    row: NDArray[np.float64], path: NDArray[np.float64], start: int, time: float
) -> tuple[float, float, float, float]:
    """Return normal (3) and altitude [m] at a time between nodes, from the stencil that begins at ``start``."""
    if start < 0:
        ux, uy, uz, altitude, _, _, _ = flight_state(row, time)
        return ux, uy, uz, altitude
    spans = spans_of(path, start)
    return (
        cubic_at(cubic_of(path, 1, start, spans), spans, time),
        cubic_at(cubic_of(path, 2, start, spans), spans, time),
        cubic_at(cubic_of(path, 3, start, spans), spans, time),
        cubic_at(cubic_of(path, 4, start, spans), spans, time),
    )
