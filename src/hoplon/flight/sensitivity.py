"""How the state on a free-flight arc answers a small change of the arc: closed form, from the elements.

The six parameters of a change are those in which the two-body problem takes its simplest form: the relative change of
the semi-major axis, the changes of eccentricity and of mean anomaly at burnout, and turns of the perifocal frame about
its three axes [rad]. In perifocal axes (towards periapsis, across in the plane, normal to the plane) the first four
move the state inside the plane alone and the last two across it alone. With ``M(t)`` the derivative of the state by the
parameters, the two-body state transition matrix is ``M(t) M(t0)^-1``.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import borrowing_kernel, inlined_kernel, kernel
from hoplon.constants import GRAVITATIONAL_PARAMETER, ROTATION_RATE
from hoplon.flight.arc import (
    BURN_TIME,
    ECCENTRIC_BURNOUT,
    ECCENTRIC_IMPACT,
    ECCENTRICITY,
    IMPACT_TIME,
    MEAN_ANOMALY,
    MEAN_MOTION,
    PERIAPSIS,
    SEMI_MAJOR_AXIS,
    TRANSVERSE,
)
from hoplon.flight.ballistic import solve_kepler

NODE_SPACING = 16.0  # [s]
_PARTS = 1  # steps between two nodes
PARAMETERS = 6  # axis, eccentricity, mean anomaly, turn in the plane, turns about periapsis and transverse axes


@borrowing_kernel
def anomaly_at(row: NDArray[np.float64], time: float) -> float:
    """Return the eccentric anomaly [rad] at a time [s] after burnout."""
    share = (time - row[BURN_TIME]) / (row[IMPACT_TIME] - row[BURN_TIME])
    guess = row[ECCENTRIC_BURNOUT] + share * (row[ECCENTRIC_IMPACT] - row[ECCENTRIC_BURNOUT])
    mean = row[MEAN_ANOMALY] + row[MEAN_MOTION] * (time - row[BURN_TIME])
    return solve_kepler(row[ECCENTRICITY], mean, guess)


@kernel
def most_arc_nodes(elements: NDArray[np.float64]) -> int:
    """Return the number of arc nodes that any of the flights, shape (n, COLUMNS), needs."""
    longest = 0.0
    for index in range(elements.shape[0]):
        if elements[index, 0] == 0.0:
            longest = max(longest, elements[index, IMPACT_TIME] - elements[index, BURN_TIME])
    return int(longest / NODE_SPACING) + 2


@borrowing_kernel
def place_arc_nodes(row: NDArray[np.float64], nodes: NDArray[np.float64]) -> None:
    """Write the arc at every NODE_SPACING from burnout to impact, so that no Kepler equation is solved from afar.

    Parameters
    ----------
    row : ndarray, shape (COLUMNS,)
        Elements of a flight that exists.
    nodes : ndarray, shape (m, 5)
        With ``m >= most_arc_nodes``; filled with cosine and sine of the eccentric anomaly, cosine and sine of the
        Earth's turn, and the change of the eccentric anomaly by the mean one.
    """
    eccentricity, advance = row[ECCENTRICITY], row[MEAN_MOTION] * NODE_SPACING / _PARTS
    anomaly_cosine, anomaly_sine = math.cos(row[ECCENTRIC_BURNOUT]), math.sin(row[ECCENTRIC_BURNOUT])
    turn = ROTATION_RATE * row[BURN_TIME]
    cosine, sine = math.cos(turn), math.sin(turn)
    for node in range(int((row[IMPACT_TIME] - row[BURN_TIME]) / NODE_SPACING) + 2):
        rate = 1.0 / (1.0 - eccentricity * anomaly_cosine)
        nodes[node, 0], nodes[node, 1], nodes[node, 4] = anomaly_cosine, anomaly_sine, rate
        nodes[node, 2], nodes[node, 3] = cosine, sine
        for _ in range(_PARTS):
            rate = 1.0 / (1.0 - eccentricity * anomaly_cosine)
            anomaly_cosine, anomaly_sine = _carried_anomaly(anomaly_cosine, anomaly_sine, rate, eccentricity, advance)
        cosine, sine = _carried_turn(cosine, sine, NODE_SPACING)


@inlined_kernel
def _carried_anomaly(
    cosine: float, sine: float, rate: float, eccentricity: float, advance: float
) -> tuple[float, float]:
    """Return cosine and sine of the eccentric anomaly after a small advance of the mean anomaly [rad].

    The change d of the eccentric anomaly solves d - e sin(E + d) + e sin E = advance: by the reversion of its series to
    the fourth power, then one step of Newton's method. Sines and cosines of d are their series. With advances below
    0.02 the place is right to 1 part in 10^12.
    """
    curve, twist = 0.5 * eccentricity * sine * rate, eccentricity * cosine * rate / 6.0
    start = advance * rate
    square = curve * curve
    change = start * (
        1.0
        - start * (curve - start * (2.0 * square - twist + start * curve * (5.0 * twist - 5.0 * square + 1.0 / 12.0)))
    )
    square = change * change
    change_sine = change * (1.0 - square * (1.0 / 6.0 - square * (1.0 / 120.0 - square / 5040.0)))
    change_less = square * (0.5 - square * (1.0 / 24.0 - square / 720.0))  # 1 - cosine
    miss = change - eccentricity * (cosine * change_sine - sine * change_less) - advance
    miss *= rate * (1.0 - 2.0 * curve * change)
    next_cosine = cosine - cosine * change_less - sine * change_sine
    next_sine = sine - sine * change_less + cosine * change_sine
    return next_cosine + miss * next_sine, next_sine - miss * next_cosine


@inlined_kernel
def _carried_turn(cosine: float, sine: float, time: float) -> tuple[float, float]:
    """Return cosine and sine of the Earth's turn a short time [s] later or earlier."""
    turn = ROTATION_RATE * time
    square = turn * turn
    turn_sine = turn * (1.0 - square / 6.0)
    turn_less = square * (0.5 - square / 24.0)
    return cosine - cosine * turn_less - sine * turn_sine, sine - sine * turn_less + cosine * turn_sine


@inlined_kernel
def on_arc(
    nodes: NDArray[np.float64], eccentricity: float, motion: float, since: float
) -> tuple[float, float, float, float]:
    """Return cosine and sine of the eccentric anomaly, and of the Earth's turn, at a time [s] since burnout."""
    node = int(since / NODE_SPACING + 0.5)
    left = since - node * NODE_SPACING
    anomaly_cosine, anomaly_sine = _carried_anomaly(
        nodes[node, 0], nodes[node, 1], nodes[node, 4], eccentricity, motion * left
    )
    cosine, sine = _carried_turn(nodes[node, 2], nodes[node, 3], left)
    return anomaly_cosine, anomaly_sine, cosine, sine


@inlined_kernel
def plane_sensitivity(
    axis: float, eccentricity: float, turned: float, cosine: float, sine: float
) -> tuple[float, float, float, float, float, float, float, float]:
    """Return the place in the plane (2) and its change (2 each) by axis, eccentricity and mean anomaly [m].

    ``turned`` is the mean anomaly gone through since burnout, ``cosine`` and ``sine`` those of the eccentric anomaly. A
    turn in the plane moves the place (x, y) by (-y, x); turns about the other two axes move it across by y and -x.
    """
    root = math.sqrt(1.0 - eccentricity * eccentricity)
    x, y = axis * (cosine - eccentricity), axis * root * sine
    rate = 1.0 / (1.0 - eccentricity * cosine)
    mean_x, mean_y = -axis * sine * rate, axis * root * cosine * rate
    return (
        x,
        y,
        x - 1.5 * turned * mean_x,
        y - 1.5 * turned * mean_y,
        -axis + sine * mean_x,
        -axis * eccentricity / root * sine + sine * mean_y,
        mean_x,
        mean_y,
    )


@borrowing_kernel
def perifocal_velocity(row: NDArray[np.float64], anomaly: float) -> tuple[float, float]:
    """Return the inertial velocity [m s-1] in the plane at an eccentric anomaly [rad], along the perifocal axes."""
    eccentricity = row[ECCENTRICITY]
    scale = row[SEMI_MAJOR_AXIS] * row[MEAN_MOTION] / (1.0 - eccentricity * math.cos(anomaly))
    return -scale * math.sin(anomaly), scale * math.sqrt(1.0 - eccentricity * eccentricity) * math.cos(anomaly)


@kernel
def state_sensitivity(row: NDArray[np.float64], time: float, matrix: NDArray[np.float64]) -> None:
    """Write the derivative of position and velocity by the six parameters at a time after burnout.

    Parameters
    ----------
    row : ndarray, shape (COLUMNS,)
        Elements of a flight that exists.
    time : float
        [s], from burnout on.
    matrix : ndarray, shape (6, 6)
        Filled: three rows of position [m], three of velocity [m s-1], along the perifocal axes.

    References
    ----------
    Battin, *An Introduction to the Mathematics and Methods of Astrodynamics*, revised ed., 1999, section 9.7: the state
    transition matrix as the product of the derivatives of the state by the elements.
    """
    anomaly = anomaly_at(row, time)
    axis, eccentricity, motion = row[SEMI_MAJOR_AXIS], row[ECCENTRICITY], row[MEAN_MOTION]
    cosine, sine = math.cos(anomaly), math.sin(anomaly)
    root, rate = math.sqrt(1.0 - eccentricity * eccentricity), 1.0 / (1.0 - eccentricity * cosine)
    turned = motion * (time - row[BURN_TIME])
    x, y, axis_x, axis_y, shape_x, shape_y, mean_x, mean_y = plane_sensitivity(axis, eccentricity, turned, cosine, sine)
    vx, vy = motion * mean_x, motion * mean_y
    pull = -GRAVITATIONAL_PARAMETER / (motion * (x * x + y * y) ** 1.5)
    swing = (cosine - eccentricity) * rate * rate  # derivative of sine * rate by the anomaly
    matrix[:] = 0.0
    matrix[0, 0], matrix[1, 0] = axis_x, axis_y
    matrix[0, 1], matrix[1, 1] = shape_x, shape_y
    matrix[0, 2], matrix[1, 2] = mean_x, mean_y
    matrix[0, 3], matrix[1, 3] = -y, x
    matrix[2, 4], matrix[2, 5] = y, -x
    matrix[3, 2], matrix[4, 2] = pull * x, pull * y
    matrix[3, 0], matrix[4, 0] = -0.5 * vx - 1.5 * turned * pull * x, -0.5 * vy - 1.5 * turned * pull * y
    matrix[3, 1] = motion * rate * axis * (-swing * sine - sine * rate * cosine)
    matrix[4, 1] = motion * rate * axis * (-eccentricity / root * cosine + root * (swing * cosine - sine * rate * sine))
    matrix[3, 3], matrix[4, 3] = -vy, vx
    matrix[5, 4], matrix[5, 5] = vy, -vx


def perifocal_axes(row: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the perifocal axes as columns, shape (3, 3), in the inertial frame."""
    periapsis, transverse = row[PERIAPSIS : PERIAPSIS + 3], row[TRANSVERSE : TRANSVERSE + 3]
    return np.stack([periapsis, transverse, np.cross(periapsis, transverse)], axis=-1)


def inertial_sensitivity(row: NDArray[np.float64], time: float) -> NDArray[np.float64]:
    """Return the derivative of the inertial state by the six parameters, shape (6, 6)."""
    matrix = np.empty((6, 6))
    state_sensitivity(row, time, matrix)
    axes = perifocal_axes(row)
    return np.concatenate([axes @ matrix[:3], axes @ matrix[3:]])


def inertial_state(row: NDArray[np.float64], time: float) -> NDArray[np.float64]:
    """Return position [m] and velocity [m s-1] on the arc, shape (6,), in the inertial frame (ECEF at ignition)."""
    anomaly = anomaly_at(row, time)
    axis, eccentricity = row[SEMI_MAJOR_AXIS], row[ECCENTRICITY]
    place = np.array(
        [
            axis * (math.cos(anomaly) - eccentricity),
            axis * math.sqrt(1.0 - eccentricity * eccentricity) * math.sin(anomaly),
            0.0,
        ]
    )
    velocity = np.array([*perifocal_velocity(row, anomaly), 0.0])
    axes = perifocal_axes(row)
    return np.concatenate([axes @ place, axes @ velocity])


def transition(row: NDArray[np.float64], time: float, reference: float) -> NDArray[np.float64]:
    """Return the two-body state transition matrix from a reference time to a time [s], shape (6, 6), inertial."""
    later, earlier = inertial_sensitivity(row, time), inertial_sensitivity(row, reference)
    return np.asarray(np.linalg.solve(earlier.T, later.T).T, dtype=np.float64)
