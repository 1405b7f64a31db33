"""What measured places say about a free-flight arc: Fisher information, in closed form along the flight.

A look at time t measures the place on the arc with an error of covariance
``R = range_sigma^2 u u^T + (slant_range angle_sigma)^2 (I - u u^T)``, u the line of sight, and adds
``M^T R^-1 M`` to the information on the six parameters of :mod:`hoplon.flight.sensitivity`, M the derivative of the
place by them. A satellite's look has the same error in every direction, ``R = position_sigma^2 I``. The inverse is the
posterior Cramer-Rao bound of two-body motion without process noise and without prior knowledge; the place at any time
follows from it by the same M.

An information matrix is packed: its 21 numbers on and below the diagonal, row by row. Looks come in *runs* of equal
spacing. A run longer than three looks is summed by Gauss's rule for equally spaced points: three places whose weighted
moments in time, up to the fifth, are those of the looks. Runs of no more than ``RUN`` seconds keep the predicted error
within 1 part in 10,000 of the one look by look, which is at hand too.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import borrowing_kernel, kernel
from hoplon.errors import InputError
from hoplon.flight.arc import (
    BURN_TIME,
    ECCENTRICITY,
    IMPACT_TIME,
    MEAN_MOTION,
    PERIAPSIS,
    SEMI_MAJOR_AXIS,
    TRANSVERSE,
)
from hoplon.flight.sensitivity import on_arc, plane_sensitivity

PACKED: Final = 21
RUN: Final = 30.0  # [s]

# Columns of a sensor: ECEF place [m], time between looks [s], range sigma [m], angle sigma [rad], and the weights of a
# look along the line of sight, across it at unit range, and across it at any range: inverse squares of sigmas.
SENSOR_UPDATE: Final = 3
_WEIGHT_ALONG, _WEIGHT_ACROSS, _WEIGHT_EVERYWHERE = 6, 7, 8
SENSOR_COLUMNS: Final = 9

# Columns of a stretch of looks: index of its sensor, first look [s], looks, looks a run, runs summed so far, and the
# sensor's place turned into the flight's perifocal axes (nine coefficients).
STRETCH_SENSOR, STRETCH_FIRST, _COUNT, _LOOKS_A_RUN, _SUMMED, _FRAME = 0, 1, 2, 3, 4, 5
STRETCH_COLUMNS: Final = 14

_SINGULAR: Final = 1e-13  # of a pivot against its diagonal: rounding is all that is left
_FUZZ: Final = 1e-9  # [looks] a look due at the very end of a track is taken


def sensor_row(
    place: tuple[float, float, float], update: float, range_sigma: float, angle_sigma: float
) -> NDArray[np.float64]:
    """Return a sensor as kernels take it, shape (SENSOR_COLUMNS,).

    Parameters
    ----------
    place : tuple of float
        ECEF [m].
    update, range_sigma, angle_sigma : float
        Time between looks [s] and the errors of a look [m], [rad].

    Raises
    ------
    InputError
        For a value that is not positive and finite.
    """
    for name, value, unit in (
        ("update_s", update, "s"),
        ("range_sigma_m", range_sigma, "m"),
        ("angle_sigma_mrad", 1e3 * angle_sigma, "mrad"),
    ):
        if not (math.isfinite(value) and value > 0.0):
            raise InputError(f"{name} must be positive and finite, got {value:g} {unit}: a look without error or time")
    return np.array([*place, update, range_sigma, angle_sigma, range_sigma**-2.0, angle_sigma**-2.0, 0.0])


def satellite_row(update: float, position_sigma: float) -> NDArray[np.float64]:
    """Return a satellite as :func:`sensor_row` does a radar, its looks of the same error in every direction.

    Parameters
    ----------
    update, position_sigma : float
        Time between looks [s] and the error of a look in each direction [m].

    Raises
    ------
    InputError
        For a value that is not positive and finite.
    """
    for name, value, unit in (("update_s", update, "s"), ("position_sigma_m", position_sigma, "m")):
        if not (math.isfinite(value) and value > 0.0):
            raise InputError(f"{name} must be positive and finite, got {value:g} {unit}: a look without error or time")
    weight = position_sigma**-2.0
    return np.array([0.0, 0.0, 0.0, update, position_sigma, 0.0, weight, 0.0, weight])


@kernel
def most_runs(sensors: NDArray[np.float64], longest: float) -> int:
    """Return the runs that a stretch of looks no longer than ``longest`` [s] may have, for the size of the sums."""
    least = RUN
    for sensor in range(sensors.shape[0]):
        update = sensors[sensor, SENSOR_UPDATE]
        least = min(least, max(1.0, math.floor(RUN / update)) * update)
    return int(longest / least) + 2


@borrowing_kernel
def stretches_of(
    row: NDArray[np.float64],
    tracks: NDArray[np.float32],
    flight: int,
    sensors: NDArray[np.float64],
    stretches: NDArray[np.float64],
) -> int:
    """Write the stretches of looks at one flight; return how many there are.

    Parameters
    ----------
    row : ndarray, shape (COLUMNS,)
        Elements of the flight.
    tracks : ndarray, shape (radars, n, slots, 2)
        Start and end of each track [s]; NaN pads.
    flight : int
        Its index in ``tracks``.
    sensors : ndarray, shape (radars, SENSOR_COLUMNS)
    stretches : ndarray, shape (radars * slots, STRETCH_COLUMNS)
        Filled. A sensor looks when its track starts and every update after that until the track ends; looks before
        burnout are left out, for the two-body motion begins there.
    """
    found = 0
    for sensor in range(tracks.shape[0]):
        update = sensors[sensor, SENSOR_UPDATE]
        for slot in range(tracks.shape[2]):
            start, end = float(tracks[sensor, flight, slot, 0]), float(tracks[sensor, flight, slot, 1])
            if not start >= 0.0:
                break
            end = min(end, row[IMPACT_TIME])
            passed = max(0.0, math.ceil((row[BURN_TIME] - start) / update - _FUZZ))
            first = start + passed * update
            count = math.floor((end - first) / update + _FUZZ) + 1
            if count < 1:
                continue
            stretch = stretches[found]
            stretch[STRETCH_SENSOR], stretch[STRETCH_FIRST], stretch[_COUNT] = sensor, first, count
            stretch[_LOOKS_A_RUN], stretch[_SUMMED] = max(1.0, math.floor(RUN / update)), 0.0
            _turn_place(row, sensors[sensor], stretch)
            found += 1
    return found


@borrowing_kernel
def _turn_place(row: NDArray[np.float64], sensor: NDArray[np.float64], stretch: NDArray[np.float64]) -> None:
    """Write, for each perifocal axis, the factors of the Earth's turn: cosine, sine, constant."""
    x, y, z = sensor[0], sensor[1], sensor[2]
    px, py, pz = row[PERIAPSIS], row[PERIAPSIS + 1], row[PERIAPSIS + 2]
    qx, qy, qz = row[TRANSVERSE], row[TRANSVERSE + 1], row[TRANSVERSE + 2]
    wx, wy, wz = py * qz - pz * qy, pz * qx - px * qz, px * qy - py * qx
    stretch[5], stretch[6], stretch[7] = x * px + y * py, x * py - y * px, z * pz
    stretch[8], stretch[9], stretch[10] = x * qx + y * qy, x * qy - y * qx, z * qz
    stretch[11], stretch[12], stretch[13] = x * wx + y * wy, x * wy - y * wx, z * wz


@borrowing_kernel
def _add_run(
    row: NDArray[np.float64],
    nodes: NDArray[np.float64],
    stretch: NDArray[np.float64],
    sensor: NDArray[np.float64],
    passed: float,
    count: float,
    each: bool,
    total: NDArray[np.float64],
) -> None:
    """Add ``count`` looks of a stretch, after the first ``passed``, to a packed information matrix.

    Notes
    -----
    Of n equally spaced looks d apart, the second and fourth central moments are m2 = d^2 (n^2 - 1)/12 and
    m4 = m2 d^2 (3 n^2 - 7)/20. Places at the middle and h = sqrt(m4/m2) to either side, the outer two weighing
    n m2 / (2 h^2) each, have the moments of the looks up to the fifth. Weights are positive, so that the information
    stays a sum of squares.
    """
    spacing, points, outer, middle = sensor[SENSOR_UPDATE], int(count), 1.0, 1.0
    since = stretch[STRETCH_FIRST] + passed * spacing - row[BURN_TIME]
    if points > 3 and not each:
        since += 0.5 * (count - 1.0) * spacing
        fourth = (3.0 * count * count - 7.0) / 20.0
        outer = count * (count * count - 1.0) / (24.0 * fourth)
        spacing *= math.sqrt(fourth)
        since -= spacing
        points, middle = 3, count - 2.0 * outer
    axis, eccentricity, motion = row[SEMI_MAJOR_AXIS], row[ECCENTRICITY], row[MEAN_MOTION]
    weight_along, weight_across, everywhere = sensor[_WEIGHT_ALONG], sensor[_WEIGHT_ACROSS], sensor[_WEIGHT_EVERYWHERE]
    px, py, pz, qx, qy, qz = stretch[5], stretch[6], stretch[7], stretch[8], stretch[9], stretch[10]
    wx, wy, wz = stretch[11], stretch[12], stretch[13]
    j00, j10, j11, j20, j21, j22 = total[0], total[1], total[2], total[3], total[4], total[5]
    j30, j31, j32, j33, j40, j41 = total[6], total[7], total[8], total[9], total[10], total[11]
    j42, j43, j44, j50, j51, j52 = total[12], total[13], total[14], total[15], total[16], total[17]
    j53, j54, j55 = total[18], total[19], total[20]
    for point in range(points):
        anomaly_cosine, anomaly_sine, cosine, sine = on_arc(nodes, eccentricity, motion, since)
        x, y, axis_x, axis_y, shape_x, shape_y, mean_x, mean_y = plane_sensitivity(
            axis, eccentricity, motion * since, anomaly_cosine, anomaly_sine
        )
        sight_x = x - (cosine * px + sine * py + pz)
        sight_y = y - (cosine * qx + sine * qy + qz)
        sight_z = -(cosine * wx + sine * wy + wz)
        nearness = 1.0 / (sight_x * sight_x + sight_y * sight_y + sight_z * sight_z)
        weight = middle if point == 1 else outer
        across = weight * (nearness * weight_across + everywhere)
        along = (weight * weight_along - across) * nearness
        s0 = axis_x * sight_x + axis_y * sight_y
        s1 = shape_x * sight_x + shape_y * sight_y
        s2 = mean_x * sight_x + mean_y * sight_y
        s3 = x * sight_y - y * sight_x
        s4, s5 = y * sight_z, -x * sight_z
        a0, a1, a2, a3, a4, a5 = along * s0, along * s1, along * s2, along * s3, along * s4, along * s5
        j00 += a0 * s0 + across * (axis_x * axis_x + axis_y * axis_y)
        j10 += a1 * s0 + across * (shape_x * axis_x + shape_y * axis_y)
        j11 += a1 * s1 + across * (shape_x * shape_x + shape_y * shape_y)
        j20 += a2 * s0 + across * (mean_x * axis_x + mean_y * axis_y)
        j21 += a2 * s1 + across * (mean_x * shape_x + mean_y * shape_y)
        j22 += a2 * s2 + across * (mean_x * mean_x + mean_y * mean_y)
        j30 += a3 * s0 + across * (x * axis_y - y * axis_x)
        j31 += a3 * s1 + across * (x * shape_y - y * shape_x)
        j32 += a3 * s2 + across * (x * mean_y - y * mean_x)
        j33 += a3 * s3 + across * (x * x + y * y)
        j40 += a4 * s0
        j41 += a4 * s1
        j42 += a4 * s2
        j43 += a4 * s3
        j44 += a4 * s4 + across * y * y
        j50 += a5 * s0
        j51 += a5 * s1
        j52 += a5 * s2
        j53 += a5 * s3
        j54 += a5 * s4 - across * x * y
        j55 += a5 * s5 + across * x * x
        since += spacing
    total[0], total[1], total[2], total[3], total[4], total[5] = j00, j10, j11, j20, j21, j22
    total[6], total[7], total[8], total[9], total[10], total[11] = j30, j31, j32, j33, j40, j41
    total[12], total[13], total[14], total[15], total[16], total[17] = j42, j43, j44, j50, j51, j52
    total[18], total[19], total[20] = j53, j54, j55


@borrowing_kernel
def gather_information(
    row: NDArray[np.float64],
    nodes: NDArray[np.float64],
    stretches: NDArray[np.float64],
    count: int,
    sensors: NDArray[np.float64],
    delays: NDArray[np.float64],
    until: float,
    sums: NDArray[np.float64],
    each: bool,
    total: NDArray[np.float64],
) -> int:
    """Write the information of every look that has arrived by a time; return the number of looks.

    Parameters
    ----------
    row : ndarray, shape (COLUMNS,)
        Elements of the flight.
    nodes : ndarray, shape (k, 5)
        From :func:`hoplon.flight.sensitivity.place_arc_nodes`.
    stretches : ndarray, shape (m, STRETCH_COLUMNS)
        From :func:`stretches_of`, ``count`` of them valid.
    sensors : ndarray, shape (radars, SENSOR_COLUMNS)
    delays : ndarray, shape (radars,)
        A look at t arrives at t + delay [s]; infinite for a sensor that is not heard.
    until : float
        [s].
    sums : ndarray, shape (m, runs + 1, PACKED)
        Sums over whole runs, kept from call to call for the same flight; none are kept without room (``runs`` = 0).
    each : bool
        Sum look by look, not by Gauss's rule.
    total : ndarray, shape (PACKED,)
        Filled.
    """
    total[:] = 0.0
    taken = 0
    room = sums.shape[1] > 1
    for index in range(count):
        stretch = stretches[index]
        place, each_run = int(stretch[STRETCH_SENSOR]), stretch[_LOOKS_A_RUN]
        sensor = sensors[place]
        left = until - delays[place] - stretch[STRETCH_FIRST]
        if not left >= -_FUZZ:
            continue
        looks = min(stretch[_COUNT], math.floor(left / sensor[SENSOR_UPDATE] + _FUZZ) + 1.0)
        taken += int(looks)
        runs = math.floor(looks / each_run) if room else 0
        while stretch[_SUMMED] < runs:
            done = int(stretch[_SUMMED])
            for entry in range(PACKED):
                sums[index, done + 1, entry] = sums[index, done, entry] if done > 0 else 0.0
            _add_run(row, nodes, stretch, sensor, done * each_run, each_run, each, sums[index, done + 1])
            stretch[_SUMMED] += 1.0
        if runs > 0:
            for entry in range(PACKED):
                total[entry] += sums[index, int(runs), entry]
        rest = looks - runs * each_run
        if rest > 0.0:
            _add_run(row, nodes, stretch, sensor, runs * each_run, rest, each, total)
    return taken


@borrowing_kernel
def factor(information: NDArray[np.float64], root: NDArray[np.float64]) -> bool:
    """Write the packed Cholesky factor with the reciprocals of its diagonal; False where information is missing."""
    for line in range(6):
        base = line * (line + 1) // 2
        for column in range(line):
            other = column * (column + 1) // 2
            value = information[base + column]
            for index in range(column):
                value -= root[base + index] * root[other + index]
            root[base + column] = value * root[other + column]
        pivot = information[base + line]
        for index in range(line):
            pivot -= root[base + index] * root[base + index]
        if not pivot > _SINGULAR * information[base + line]:
            return False
        root[base + line] = 1.0 / math.sqrt(pivot)
    return True


@borrowing_kernel
def place_covariance(
    row: NDArray[np.float64], nodes: NDArray[np.float64], root: NDArray[np.float64], time: float
) -> tuple[float, float, float, float, float, float]:
    """Return the covariance [m2] of the place at a time along the perifocal axes: xx, xy, yy, xz, yz, zz.

    ``root`` is from :func:`factor`: with J = L L^T the covariance is (L^-1 M^T)^T (L^-1 M^T).
    """
    since = time - row[BURN_TIME]
    cosine, sine, _, _ = on_arc(nodes, row[ECCENTRICITY], row[MEAN_MOTION], since)
    turned = row[MEAN_MOTION] * since
    x, y, axis_x, axis_y, shape_x, shape_y, mean_x, mean_y = plane_sensitivity(
        row[SEMI_MAJOR_AXIS], row[ECCENTRICITY], turned, cosine, sine
    )
    x0, y0 = axis_x * root[0], axis_y * root[0]
    x1, y1 = (shape_x - root[1] * x0) * root[2], (shape_y - root[1] * y0) * root[2]
    x2 = (mean_x - root[3] * x0 - root[4] * x1) * root[5]
    y2 = (mean_y - root[3] * y0 - root[4] * y1) * root[5]
    x3 = (-y - root[6] * x0 - root[7] * x1 - root[8] * x2) * root[9]
    y3 = (x - root[6] * y0 - root[7] * y1 - root[8] * y2) * root[9]
    x4 = -(root[10] * x0 + root[11] * x1 + root[12] * x2 + root[13] * x3) * root[14]
    y4 = -(root[10] * y0 + root[11] * y1 + root[12] * y2 + root[13] * y3) * root[14]
    x5 = -(root[15] * x0 + root[16] * x1 + root[17] * x2 + root[18] * x3 + root[19] * x4) * root[20]
    y5 = -(root[15] * y0 + root[16] * y1 + root[17] * y2 + root[18] * y3 + root[19] * y4) * root[20]
    z4 = y * root[14]
    z5 = (-x - root[19] * z4) * root[20]
    return (
        x0 * x0 + x1 * x1 + x2 * x2 + x3 * x3 + x4 * x4 + x5 * x5,
        x0 * y0 + x1 * y1 + x2 * y2 + x3 * y3 + x4 * y4 + x5 * y5,
        y0 * y0 + y1 * y1 + y2 * y2 + y3 * y3 + y4 * y4 + y5 * y5,
        x4 * z4 + x5 * z5,
        y4 * z4 + y5 * z5,
        z4 * z4 + z5 * z5,
    )


@borrowing_kernel
def sigma_across(covariance: tuple[float, float, float, float, float, float], x: float, y: float, z: float) -> float:
    """Return the square root [m] of half the trace of a covariance on the plane across a direction of any length."""
    xx, xy, yy, xz, yz, zz = covariance
    along = xx * x * x + yy * y * y + zz * z * z + 2.0 * (xy * x * y + xz * x * z + yz * y * z)
    length = x * x + y * y + z * z
    return math.sqrt(max(0.0, 0.5 * (xx + yy + zz - (along / length if length > 0.0 else 0.0))))


@borrowing_kernel
def sigma_bounds(covariance: tuple[float, float, float, float, float, float]) -> tuple[float, float]:
    """Return bounds [m] of :func:`sigma_across` over every direction.

    Below, the trace less the Frobenius norm, which is no less than the greatest eigenvalue; above, the whole trace.
    """
    xx, xy, yy, xz, yz, zz = covariance
    trace = xx + yy + zz
    norm = math.sqrt(xx * xx + yy * yy + zz * zz + 2.0 * (xy * xy + xz * xz + yz * yz))
    return math.sqrt(max(0.0, 0.5 * (trace - norm))), math.sqrt(0.5 * trace)


def unpacked(information: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return packed information, shape (..., PACKED), as symmetric matrices, shape (..., 6, 6)."""
    lines, columns = np.tril_indices(6)
    matrix = np.zeros((*information.shape[:-1], 6, 6))
    matrix[..., lines, columns] = information
    matrix[..., columns, lines] = information
    return matrix
