"""How well a set of radars knows a flight: fused information, state covariance, launch and impact ellipses.

The information on the six parameters of an arc (:mod:`hoplon.flight.information`) of each radar alone is fused in one
of three ways; everything else follows from the fused information. One look, or none, fixes no arc: the answer is None.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import kernel
from hoplon.constants import ROTATION_RATE
from hoplon.earth.geodesy import normal_and_altitude
from hoplon.errors import InputError
from hoplon.flight.arc import BURN_TIME, BURNOUT_GROUND_RANGE, IMPACT_TIME
from hoplon.flight.information import PACKED, STRETCH_COLUMNS, gather_information, stretches_of, unpacked
from hoplon.flight.intersection import intersect, weighted
from hoplon.flight.sensitivity import inertial_sensitivity, inertial_state, most_arc_nodes, place_arc_nodes

_SINGULAR: Final = 1e-13  # of a pivot of the information scaled to unit diagonal

Fusion = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]


@dataclass(frozen=True)
class Ellipse:
    """A one-sigma ellipse on the ground: semi-axes [m], greater first, and its azimuth from north in [0, pi) [rad]."""

    semi_major: float
    semi_minor: float
    azimuth: float


def information_history(
    row: NDArray[np.float64],
    tracks: NDArray[np.float32],
    sensors: NDArray[np.float64],
    delays: NDArray[np.float64],
    times: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the information of each radar's looks heard by each time, every look summed by itself.

    Parameters
    ----------
    row : ndarray, shape (COLUMNS,)
        Elements of a flight that exists.
    tracks : ndarray, shape (radars, slots, 2)
        Start and end of each radar's tracks of the flight [s]; NaN pads.
    sensors : ndarray, shape (radars, SENSOR_COLUMNS)
        From :func:`hoplon.flight.information.sensor_row`.
    delays : ndarray, shape (radars,)
        How long a look takes to be heard [s].
    times : ndarray, shape (m,)
        [s].

    Returns
    -------
    information : ndarray, shape (m, radars, 6, 6)
        On the six parameters of the arc.
    looks : ndarray, shape (m, radars)
    """
    packed, looks = _histories(row, np.ascontiguousarray(tracks[:, np.newaxis]), sensors, delays, times)
    return unpacked(packed), looks


@kernel
def _histories(
    row: NDArray[np.float64],
    tracks: NDArray[np.float32],
    sensors: NDArray[np.float64],
    delays: NDArray[np.float64],
    times: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    radars = tracks.shape[0]
    nodes = np.empty((most_arc_nodes(row.reshape((1, row.shape[0]))), 5))
    place_arc_nodes(row, nodes)
    stretches = np.empty((radars * tracks.shape[2], STRETCH_COLUMNS))
    count = stretches_of(row, tracks, 0, sensors, stretches)
    none = np.empty((stretches.shape[0], 1, PACKED))
    packed, looks = np.empty((times.shape[0], radars, PACKED)), np.zeros((times.shape[0], radars), dtype=np.int64)
    alone = np.empty(radars)
    for radar in range(radars):
        alone[:] = np.inf
        alone[radar] = delays[radar]
        for index in range(times.shape[0]):
            looks[index, radar] = gather_information(
                row, nodes, stretches, count, sensors, alone, times[index], none, True, packed[index, radar]
            )
    return packed, looks


def central_fusion(informations: NDArray[np.float64], derivative: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sum of the local tracks' information, shape (6, 6): every look reaches one place.

    Parameters
    ----------
    informations : ndarray, shape (tracks, 6, 6)
    derivative : ndarray, shape (k, 6)
        Derivative of what is asked about by the parameters; not used by this fusion.
    """
    return np.asarray(informations.sum(axis=0), dtype=np.float64)


def covariance_intersection(informations: NDArray[np.float64], derivative: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the information of local tracks fused without knowing how their errors hang together, shape (6, 6).

    Arguments as :func:`central_fusion`: the weights make the trace of the covariance of what is asked about smallest.
    Zero where all tracks together fix no arc. See :func:`hoplon.flight.intersection.intersect`.
    """
    lines, columns = np.tril_indices(6)
    packed = np.ascontiguousarray(informations[:, lines, columns])
    weights, fused = np.empty(len(packed)), np.zeros(PACKED)
    trace, _ = intersect(
        packed, len(packed), np.ascontiguousarray(derivative), len(derivative), math.nan, weights, np.empty(PACKED)
    )
    if math.isfinite(trace):
        weighted(packed, len(packed), weights, fused)
    return unpacked(fused)


def single_best(informations: NDArray[np.float64], derivative: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the information of the track that alone knows best what is asked about, shape (6, 6); zero if none can.

    Arguments as :func:`central_fusion`; compared by the trace of the covariance of what is asked about.
    """
    best, least = np.zeros((6, 6)), math.inf
    for information in informations:
        inverse = inverse_of(information)
        if inverse is not None:
            trace = float(np.trace(derivative @ inverse @ derivative.T))
            if trace < least:
                best, least = information, trace
    return best


FUSIONS: Final[dict[str, Fusion]] = {
    "central": central_fusion,
    "covariance_intersection": covariance_intersection,
    "single_best": single_best,
}


def inverse_of(information: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Return the inverse of an information matrix, None where information is missing.

    Raises
    ------
    InputError
        For a matrix that is no information: not finite, not symmetric, or with a negative diagonal.
    """
    if not np.isfinite(information).all():
        raise InputError("information must be finite")
    scale = float(np.abs(information).max())
    if not np.allclose(information, information.T, rtol=0.0, atol=1e-9 * scale) or (np.diag(information) < 0.0).any():
        raise InputError("information must be symmetric with no negative diagonal: the inverse of a covariance")
    size = np.sqrt(np.diag(information))
    if not size.all():
        return None
    try:
        triangle = np.linalg.cholesky(information / np.outer(size, size))
    except np.linalg.LinAlgError:
        return None
    if np.min(np.diag(triangle)) ** 2 <= _SINGULAR:
        return None
    half = np.linalg.solve(triangle, np.diag(1.0 / size))
    return np.asarray(half.T @ half, dtype=np.float64)


def state_covariance(
    row: NDArray[np.float64], information: NDArray[np.float64], time: float
) -> NDArray[np.float64] | None:
    """Return the covariance of the inertial state [m, m/s] at a time from burnout on, shape (6, 6), or None."""
    inverse = inverse_of(information)
    if inverse is None:
        return None
    change = inertial_sensitivity(row, time)
    return np.asarray(change @ inverse @ change.T, dtype=np.float64)


def sigma_across(covariance: NDArray[np.float64], direction: NDArray[np.float64]) -> float:
    """Return the error across a direction [m]: the root of half the trace of the place's covariance on that plane.

    Parameters
    ----------
    covariance : ndarray, shape (3, 3) or (6, 6)
        Of place or state.
    direction : ndarray, shape (3,)
        In the same frame, of any length but zero: the closing velocity.
    """
    length = float(np.linalg.norm(direction))
    if not length > 0.0:
        raise InputError("the closing velocity must not be zero")
    place, unit = covariance[:3, :3], direction / length
    return math.sqrt(max(0.0, 0.5 * float(np.trace(place) - unit @ place @ unit)))


def impact_ellipse(row: NDArray[np.float64], information: NDArray[np.float64]) -> Ellipse | None:
    """Return where a flight is predicted to hit the ground, as a one-sigma ellipse about the impact point, or None.

    The error of the state at impact, carried along the velocity relative to the ground down to the horizontal plane.
    """
    time = float(row[IMPACT_TIME])
    place, velocity, moved, _ = _fixed_to_earth(row, time)
    east, north, up = _local_axes(place)
    on_ground = np.eye(3) - np.outer(velocity, up) / float(velocity @ up)
    return _ellipse(np.stack([east, north]) @ on_ground @ moved, information)


def launch_ellipse(row: NDArray[np.float64], information: NDArray[np.float64]) -> Ellipse | None:
    """Return where a flight is estimated to have been launched, as a one-sigma ellipse about the launch point, or None.

    The error of the place at burnout, carried back the class's ground range of burnout against the heading of the
    velocity there. Class and burnout time count as known; what boost itself adds is left out.
    """
    time = float(row[BURN_TIME])
    place, velocity, moved, quickened = _fixed_to_earth(row, time)
    east, north, up = _local_axes(place)
    level = velocity - up * float(velocity @ up)
    speed = float(np.linalg.norm(level))
    if not speed > 0.0:
        return None
    aside = np.cross(up, level / speed)
    turned = np.outer(aside, aside) @ quickened * (float(row[BURNOUT_GROUND_RANGE]) / speed)
    return _ellipse(np.stack([east, north]) @ (moved - turned), information)


def _fixed_to_earth(
    row: NDArray[np.float64], time: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return place and velocity in ECEF, and their derivatives by the parameters, shape (3, 6) each."""
    cosine, sine = math.cos(ROTATION_RATE * time), math.sin(ROTATION_RATE * time)
    back = np.array([[cosine, sine, 0.0], [-sine, cosine, 0.0], [0.0, 0.0, 1.0]])
    spin = np.array([[0.0, -ROTATION_RATE, 0.0], [ROTATION_RATE, 0.0, 0.0], [0.0, 0.0, 0.0]])
    state, change = inertial_state(row, time), inertial_sensitivity(row, time)
    place, moved = back @ state[:3], back @ change[:3]
    return place, back @ state[3:] - spin @ place, moved, back @ change[3:] - spin @ moved


def _local_axes(place: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    up = np.array(normal_and_altitude(*place)[:3])
    east = np.array([-up[1], up[0], 0.0])
    east = east / np.linalg.norm(east) if east.any() else np.array([0.0, 1.0, 0.0])
    return east, np.cross(up, east), up


def _ellipse(change: NDArray[np.float64], information: NDArray[np.float64]) -> Ellipse | None:
    """Return the ellipse of a place on the ground (east, north) whose derivative by the parameters is given."""
    inverse = inverse_of(information)
    if inverse is None:
        return None
    values, axes = np.linalg.eigh(change @ inverse @ change.T)
    azimuth = math.atan2(axes[0, 1], axes[1, 1]) % math.pi
    return Ellipse(math.sqrt(max(0.0, values[1])), math.sqrt(max(0.0, values[0])), azimuth)
