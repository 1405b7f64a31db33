"""The unscented Kalman filter over the same looks as :mod:`hoplon.sensing.filters`, without derivatives.

Twelve points at sqrt(6) standard deviations along the columns of the covariance's root, of equal weight (the unscented
transform with kappa = 0): the mean and covariance of what they become stand for those of the state.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import kernel, parallel_kernel, parallel_range
from hoplon.constants import ROTATION_RATE
from hoplon.sensing.filters import begin_track, carry_state, place_of_look, sight_of, turned_axes, wrapped

_POINTS: Final = 12
_SPREAD: Final = math.sqrt(6.0)


@kernel
def _points_of(state: NDArray[np.float64], covariance: NDArray[np.float64], points: NDArray[np.float64]) -> None:
    """Write the sigma points, shape (12, 6), from the Cholesky factor of the covariance."""
    size = np.sqrt(np.diag(covariance))
    root = np.linalg.cholesky(covariance / np.outer(size, size))
    for column in range(6):
        for line in range(6):
            move = _SPREAD * size[line] * root[line, column]
            points[2 * column, line] = state[line] + move
            points[2 * column + 1, line] = state[line] - move


@kernel
def _carry(
    state: NDArray[np.float64], covariance: NDArray[np.float64], points: NDArray[np.float64], time: float
) -> None:
    """Carry an estimate on by a time [s]: every point flies by itself."""
    _points_of(state, covariance, points)
    state[:] = 0.0
    for point in range(_POINTS):
        carry_state(points[point], time)
        state += points[point] / _POINTS
    covariance[:] = 0.0
    for point in range(_POINTS):
        off = points[point] - state
        covariance += np.outer(off, off) / _POINTS


@kernel
def _update(
    state: NDArray[np.float64],
    covariance: NDArray[np.float64],
    points: NDArray[np.float64],
    site: NDArray[np.float64],
    time: float,
    measured: NDArray[np.float64],
) -> None:
    """Take in a look: the points' looks against their places."""
    _points_of(state, covariance, points)
    axes = turned_axes(site, math.cos(ROTATION_RATE * time), math.sin(ROTATION_RATE * time))
    east, north, up = sight_of(axes, state[0], state[1], state[2])
    level = math.sqrt(east * east + north * north)
    slant = math.sqrt(level * level + up * up)
    bearing = math.atan2(east, north)
    looks, mean = np.empty((_POINTS, 3)), np.zeros(3)
    for point in range(_POINTS):
        e, n, u = sight_of(axes, points[point, 0], points[point, 1], points[point, 2])
        flat = math.sqrt(e * e + n * n)
        looks[point, 0] = math.sqrt(flat * flat + u * u)
        looks[point, 1] = bearing + wrapped(math.atan2(e, n) - bearing)
        looks[point, 2] = math.atan2(u, flat)
        mean += looks[point] / _POINTS
    shared, cross = np.zeros((3, 3)), np.zeros((6, 3))
    shared[0, 0] = site[12] ** 2
    shared[1, 1] = (site[13] * slant / level) ** 2
    shared[2, 2] = site[13] ** 2
    for point in range(_POINTS):
        off = looks[point] - mean
        shared += np.outer(off, off) / _POINTS
        cross += np.outer(points[point] - state, off) / _POINTS
    size = np.sqrt(np.diag(shared))
    gain = np.linalg.solve(shared / np.outer(size, size), (cross / size).T).T / size
    miss = measured - mean
    miss[1] = wrapped(miss[1])
    state += gain @ miss
    covariance -= gain @ np.ascontiguousarray(cross.T)
    covariance[:] = 0.5 * (covariance + covariance.T)


@parallel_kernel
def unscented_kalman_filter(
    times: NDArray[np.float64],
    radars: NDArray[np.int64],
    measured: NDArray[np.float64],
    detected: NDArray[np.bool_],
    sites: NDArray[np.float64],
    kept: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Track many flights by the unscented Kalman filter.

    Parameters and results as :func:`hoplon.sensing.filters.extended_kalman_filter`.

    References
    ----------
    .. [1] Julier and Uhlmann, "Unscented filtering and nonlinear estimation", Proceedings of the IEEE 92 (2004) 401,
       eq. 12 with kappa = 0.
    """
    count = measured.shape[0]
    states = np.full((count, kept.shape[0], 6), np.nan)
    covariances = np.full((count, kept.shape[0], 6, 6), np.nan)
    for flight in parallel_range(count):
        state, covariance, points = np.empty(6), np.empty((6, 6)), np.empty((_POINTS, 6))
        earlier, later = np.empty(12), np.empty(12)
        begun, seen, time, slot = False, False, 0.0, 0
        for look in range(times.shape[0]):
            if detected[flight, look]:
                site = sites[radars[look]]
                if begun:
                    if times[look] > time:
                        _carry(state, covariance, points, times[look] - time)
                        time = times[look]
                    _update(state, covariance, points, site, time, measured[flight, look])
                elif seen and times[look] > time:
                    place_of_look(site, times[look], measured[flight, look], later)
                    begin_track(earlier, later, times[look] - time, state, covariance)
                    begun, time = True, times[look]
                elif not seen:
                    place_of_look(site, times[look], measured[flight, look], earlier)
                    seen, time = True, times[look]
            if slot < kept.shape[0] and kept[slot] == look:
                if begun:
                    if times[look] > time:
                        _carry(state, covariance, points, times[look] - time)
                        time = times[look]
                    states[flight, slot], covariances[flight, slot] = state, covariance
                slot += 1
    return states, covariances
