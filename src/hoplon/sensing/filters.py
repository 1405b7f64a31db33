"""Trackers: an extended and an unscented Kalman filter over simulated looks, two-body motion, no process noise.

They stand beside the bound of :mod:`hoplon.flight.information` as its proof: what a tracker reaches can only be worse.
A look measures slant range, azimuth and elevation, with independent errors: range sigma, angle sigma over the cosine of
elevation, angle sigma, so that the error across the line of sight is the same in every direction. The state is inertial
(ECEF at ignition): position [m] and velocity [m s-1].
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import inlined_kernel, kernel, parallel_kernel, parallel_range
from hoplon.constants import GRAVITATIONAL_PARAMETER, ROTATION_RATE
from hoplon.earth.geodesy import normal_of, position_of_normal
from hoplon.errors import InputError
from hoplon.streams import key_of, normal, uniform

# Columns of a site: ECEF place [m], its east, north and up, range sigma [m], angle sigma [rad].
SITE_COLUMNS: Final = 14
RANGE_SIGMA, ANGLE_SIGMA = 12, 13
_LONGEST_STEP: Final = 10.0  # [s] of the integration: an error of millimetres a step
_PURPOSES = 4  # draws a look: detection, range, azimuth, elevation


def site_row(
    latitude: float, longitude: float, altitude: float, range_sigma: float, angle_sigma: float
) -> NDArray[np.float64]:
    """Return a radar's site as kernels take it, shape (SITE_COLUMNS,).

    Parameters
    ----------
    latitude, longitude : float
        Geodetic [rad].
    altitude : float
        [m].
    range_sigma, angle_sigma : float
        Errors of a look [m], [rad].

    Raises
    ------
    InputError
        For a sigma that is not positive and finite.
    """
    for name, value in (("range_sigma_m", range_sigma), ("angle_sigma_mrad", 1e3 * angle_sigma)):
        if not (math.isfinite(value) and value > 0.0):
            raise InputError(f"{name} must be positive and finite, got {value:g}: a look without error")
    normal = normal_of(latitude, longitude)
    up = np.array(normal)
    east = np.array([-math.sin(longitude), math.cos(longitude), 0.0])
    place = position_of_normal(*normal, altitude)
    return np.concatenate([place, east, np.cross(up, east), up, [range_sigma, angle_sigma]])


def schedule_of(
    starts: NDArray[np.float64], updates: NDArray[np.float64], end: float
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the looks of several radars until a time, in order of time, then radar.

    Parameters
    ----------
    starts, updates : ndarray, shape (radars,)
        First look and time between looks of each radar [s].
    end : float
        [s], included.

    Returns
    -------
    times : ndarray, shape (m,)
    radars : ndarray, shape (m,)
    counts : ndarray, shape (m,)
        The number of the look among its radar's.
    """
    if not (np.isfinite(updates).all() and (updates > 0.0).all()):
        raise InputError("the time between looks must be positive and finite")
    counts = [
        np.arange(max(0, math.floor((end - start) / update + 1e-9) + 1))
        for start, update in zip(starts, updates, strict=True)
    ]
    times = np.concatenate(
        [start + count * update for start, count, update in zip(starts, counts, updates, strict=True)]
    )
    radars = np.repeat(np.arange(len(starts)), [len(count) for count in counts])
    order = np.lexsort((radars, times))
    return times[order], radars[order], np.concatenate(counts)[order]


@inlined_kernel
def _fall(x: float, y: float, z: float) -> tuple[float, float, float]:
    squared = x * x + y * y + z * z
    pull = -GRAVITATIONAL_PARAMETER / (squared * math.sqrt(squared))
    return pull * x, pull * y, pull * z


@inlined_kernel
def _step(
    x: float, y: float, z: float, vx: float, vy: float, vz: float, step: float
) -> tuple[float, float, float, float, float, float]:
    """Return the two-body state one step later (the classical Runge-Kutta method of order four)."""
    half = 0.5 * step
    ax, ay, az = _fall(x, y, z)
    mx, my, mz = x + half * vx, y + half * vy, z + half * vz
    bx, by, bz = _fall(mx, my, mz)
    cx, cy, cz = _fall(mx + half * half * ax, my + half * half * ay, mz + half * half * az)
    dx, dy, dz = _fall(x + step * (vx + half * bx), y + step * (vy + half * by), z + step * (vz + half * bz))
    square, sixth = step * step / 6.0, step / 6.0
    return (
        x + step * vx + square * (ax + bx + cx),
        y + step * vy + square * (ay + by + cy),
        z + step * vz + square * (az + bz + cz),
        vx + sixth * (ax + 2.0 * (bx + cx) + dx),
        vy + sixth * (ay + 2.0 * (by + cy) + dy),
        vz + sixth * (az + 2.0 * (bz + cz) + dz),
    )


@kernel
def carry_state(state: NDArray[np.float64], step: float) -> None:
    """Carry a two-body state, shape (6,), on by any time [s], in steps of ten seconds at most."""
    parts = max(1, math.ceil(abs(step) / _LONGEST_STEP))
    for _ in range(parts):
        state[0], state[1], state[2], state[3], state[4], state[5] = _step(
            state[0], state[1], state[2], state[3], state[4], state[5], step / parts
        )


@inlined_kernel
def turned_axes(site: NDArray[np.float64], cosine: float, sine: float) -> tuple[float, ...]:
    """Return the place and the east, north and up axes of a site, turned with the Earth: twelve numbers."""
    return (
        cosine * site[0] - sine * site[1],
        sine * site[0] + cosine * site[1],
        site[2],
        cosine * site[3] - sine * site[4],
        sine * site[3] + cosine * site[4],
        site[5],
        cosine * site[6] - sine * site[7],
        sine * site[6] + cosine * site[7],
        site[8],
        cosine * site[9] - sine * site[10],
        sine * site[9] + cosine * site[10],
        site[11],
    )


@inlined_kernel
def sight_of(axes: tuple[float, ...], x: float, y: float, z: float) -> tuple[float, float, float]:
    """Return the east, north and up components [m] of a place seen from a site."""
    dx, dy, dz = x - axes[0], y - axes[1], z - axes[2]
    return (
        dx * axes[3] + dy * axes[4] + dz * axes[5],
        dx * axes[6] + dy * axes[7] + dz * axes[8],
        dx * axes[9] + dy * axes[10] + dz * axes[11],
    )


@parallel_kernel
def simulate_looks(
    states: NDArray[np.float64],
    reference: float,
    times: NDArray[np.float64],
    radars: NDArray[np.int64],
    counts: NDArray[np.int64],
    probabilities: NDArray[np.float64],
    sites: NDArray[np.float64],
    seed: int,
    first_run: int,
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Draw noisy looks at flights.

    Parameters
    ----------
    states : ndarray, shape (n, 6)
        True inertial states at the reference time.
    reference : float
        [s], no later than the first look.
    times, radars, counts : ndarray, shape (m,)
        From :func:`schedule_of`.
    probabilities : ndarray, shape (m,)
        Chance that a look detects.
    sites : ndarray, shape (radars, SITE_COLUMNS)
    seed, first_run : int
        A draw is keyed by seed, run (``first_run`` and up, a flight each), radar, look and purpose.

    Returns
    -------
    measured : ndarray, shape (n, m, 3)
        Slant range [m], azimuth and elevation [rad]; written for missed looks too.
    detected : ndarray, shape (n, m)
    """
    count, looks = states.shape[0], times.shape[0]
    measured, detected = np.empty((count, looks, 3)), np.empty((count, looks), dtype=np.bool_)
    for run in parallel_range(count):
        state, time = states[run].copy(), reference
        for look in range(looks):
            if times[look] != time:
                carry_state(state, times[look] - time)
                time = times[look]
            site = sites[radars[look]]
            axes = turned_axes(site, math.cos(ROTATION_RATE * time), math.sin(ROTATION_RATE * time))
            east, north, up = sight_of(axes, state[0], state[1], state[2])
            level = math.sqrt(east * east + north * north)
            slant = math.sqrt(level * level + up * up)
            purpose = _PURPOSES * counts[look]
            radar = radars[look]
            detected[run, look] = uniform(key_of(seed, first_run + run, radar, purpose, 0)) < probabilities[look]
            noise = normal(key_of(seed, first_run + run, radar, purpose + 1, 0))
            measured[run, look, 0] = slant + site[12] * noise
            noise = normal(key_of(seed, first_run + run, radar, purpose + 2, 0))
            measured[run, look, 1] = math.atan2(east, north) + site[13] * slant / level * noise
            noise = normal(key_of(seed, first_run + run, radar, purpose + 3, 0))
            measured[run, look, 2] = math.atan2(up, level) + site[13] * noise
    return measured, detected


@kernel
def place_of_look(
    site: NDArray[np.float64], time: float, measured: NDArray[np.float64], place: NDArray[np.float64]
) -> None:
    """Write the inertial place of a look (3), then the covariance of its error (3 x 3, row by row), shape (12,)."""
    axes = turned_axes(site, math.cos(ROTATION_RATE * time), math.sin(ROTATION_RATE * time))
    slant, azimuth, elevation = measured[0], measured[1], measured[2]
    east = math.cos(elevation) * math.sin(azimuth)
    north, up = math.cos(elevation) * math.cos(azimuth), math.sin(elevation)
    across = (slant * site[13]) ** 2
    along = site[12] ** 2 - across
    u = (
        east * axes[3] + north * axes[6] + up * axes[9],
        east * axes[4] + north * axes[7] + up * axes[10],
        east * axes[5] + north * axes[8] + up * axes[11],
    )
    for line in range(3):
        place[line] = axes[line] + slant * u[line]
        for column in range(3):
            place[3 + 3 * line + column] = along * u[line] * u[column] + (across if line == column else 0.0)


@kernel
def begin_track(
    earlier: NDArray[np.float64],
    later: NDArray[np.float64],
    step: float,
    state: NDArray[np.float64],
    covariance: NDArray[np.float64],
) -> None:
    """Start a track from the places of two looks ``step`` seconds apart: the later place, and their difference.

    References
    ----------
    .. [1] Bar-Shalom, Li and Kirubarajan, *Estimation with Applications to Tracking and Navigation*, 2001, section
       5.5.3 (two-point differencing); the fall between the looks is added.
    """
    ax, ay, az = _fall(0.5 * (earlier[0] + later[0]), 0.5 * (earlier[1] + later[1]), 0.5 * (earlier[2] + later[2]))
    fall = (ax, ay, az)
    for line in range(3):
        state[line] = later[line]
        state[3 + line] = (later[line] - earlier[line]) / step + 0.5 * step * fall[line]
        for column in range(3):
            before, after = earlier[3 + 3 * line + column], later[3 + 3 * line + column]
            covariance[line, column] = after
            covariance[line, 3 + column] = covariance[3 + line, column] = after / step
            covariance[3 + line, 3 + column] = (before + after) / (step * step)


@inlined_kernel
def _carry_estimate(
    state: NDArray[np.float64], covariance: NDArray[np.float64], matrix: NDArray[np.float64], time: float
) -> None:
    """Carry state and covariance on by a time [s]; the gravity gradient at the middle of a step stands for the step."""
    parts = max(1, math.ceil(time / _LONGEST_STEP))
    step = time / parts
    for _ in range(parts):
        x, y, z, vx, vy, vz = state[0], state[1], state[2], state[3], state[4], state[5]
        nx, ny, nz, ux, uy, uz = _step(x, y, z, vx, vy, vz, step)
        state[0], state[1], state[2], state[3], state[4], state[5] = nx, ny, nz, ux, uy, uz
        x, y, z = 0.5 * (x + nx), 0.5 * (y + ny), 0.5 * (z + nz)
        squared = x * x + y * y + z * z
        pull = GRAVITATIONAL_PARAMETER / (squared * math.sqrt(squared))
        tide = 3.0 * pull / squared
        gxx, gyy, gzz = tide * x * x - pull, tide * y * y - pull, tide * z * z - pull
        gxy, gxz, gyz = tide * x * y, tide * x * z, tide * y * z
        half, sixth = 0.5 * step * step, step * step * step / 6.0
        # Columns of (F E; H F) P, F = 1 + G s^2/2, E = s + G s^3/6, H = G s; then the same from the right.
        for column in range(6):
            p0, p1, p2 = covariance[0, column], covariance[1, column], covariance[2, column]
            q0, q1, q2 = covariance[3, column], covariance[4, column], covariance[5, column]
            a0, a1, a2 = half * p0 + sixth * q0, half * p1 + sixth * q1, half * p2 + sixth * q2
            b0, b1, b2 = step * p0 + half * q0, step * p1 + half * q1, step * p2 + half * q2
            matrix[0, column] = p0 + step * q0 + gxx * a0 + gxy * a1 + gxz * a2
            matrix[1, column] = p1 + step * q1 + gxy * a0 + gyy * a1 + gyz * a2
            matrix[2, column] = p2 + step * q2 + gxz * a0 + gyz * a1 + gzz * a2
            matrix[3, column] = q0 + gxx * b0 + gxy * b1 + gxz * b2
            matrix[4, column] = q1 + gxy * b0 + gyy * b1 + gyz * b2
            matrix[5, column] = q2 + gxz * b0 + gyz * b1 + gzz * b2
        for line in range(6):
            p0, p1, p2 = matrix[line, 0], matrix[line, 1], matrix[line, 2]
            q0, q1, q2 = matrix[line, 3], matrix[line, 4], matrix[line, 5]
            a0, a1, a2 = half * p0 + sixth * q0, half * p1 + sixth * q1, half * p2 + sixth * q2
            b0, b1, b2 = step * p0 + half * q0, step * p1 + half * q1, step * p2 + half * q2
            covariance[line, 0] = p0 + step * q0 + gxx * a0 + gxy * a1 + gxz * a2
            covariance[line, 1] = p1 + step * q1 + gxy * a0 + gyy * a1 + gyz * a2
            covariance[line, 2] = p2 + step * q2 + gxz * a0 + gyz * a1 + gzz * a2
            covariance[line, 3] = q0 + gxx * b0 + gxy * b1 + gxz * b2
            covariance[line, 4] = q1 + gxy * b0 + gyy * b1 + gyz * b2
            covariance[line, 5] = q2 + gxz * b0 + gyz * b1 + gzz * b2


@inlined_kernel
def _update(
    state: NDArray[np.float64],
    covariance: NDArray[np.float64],
    spread: NDArray[np.float64],
    gx: float,
    gy: float,
    gz: float,
    miss: float,
    variance: float,
) -> None:
    """Take in one number whose gradient by the place is g: the scalar Kalman update."""
    for line in range(6):
        spread[line] = covariance[0, line] * gx + covariance[1, line] * gy + covariance[2, line] * gz
    scale = 1.0 / (gx * spread[0] + gy * spread[1] + gz * spread[2] + variance)
    gain = scale * miss
    for line in range(6):
        state[line] += gain * spread[line]
    for line in range(6):
        weight = scale * spread[line]
        for column in range(6):
            covariance[line, column] -= weight * spread[column]


@inlined_kernel
def wrapped(angle: float) -> float:
    """Return an angle [rad] less whole turns, in [-pi, pi]."""
    return angle - 2.0 * math.pi * math.floor(angle / (2.0 * math.pi) + 0.5)


@inlined_kernel
def _extended_update(
    state: NDArray[np.float64],
    covariance: NDArray[np.float64],
    spread: NDArray[np.float64],
    site: NDArray[np.float64],
    cosine: float,
    sine: float,
    measured: NDArray[np.float64],
) -> None:
    """Take in a look, number by number (their errors are independent).

    The angles come first, linearised about the prediction; the range is linearised about what they leave. Range is far
    sharper than angle, and the curvature of a sphere about the radar over an error across the line of sight, which no
    process noise would ever forget, is least then.
    """
    axes = turned_axes(site, cosine, sine)
    x, y, z = state[0], state[1], state[2]
    east, north, up = sight_of(axes, x, y, z)
    squared = east * east + north * north
    level = math.sqrt(squared)
    over_squared, flat = 1.0 / (squared + up * up), 1.0 / squared
    rise, out = -up * over_squared / level, level * over_squared
    a_east, a_north = north * flat, -east * flat
    e_east, e_north = rise * east, rise * north
    miss_azimuth = wrapped(measured[1] - math.atan2(east, north))
    miss_elevation = measured[2] - math.atan2(up, level)
    variance = site[13] * site[13]
    gx = a_east * axes[3] + a_north * axes[6]
    gy = a_east * axes[4] + a_north * axes[7]
    gz = a_east * axes[5] + a_north * axes[8]
    _update(state, covariance, spread, gx, gy, gz, miss_azimuth, variance * flat / over_squared)
    gx = e_east * axes[3] + e_north * axes[6] + out * axes[9]
    gy = e_east * axes[4] + e_north * axes[7] + out * axes[10]
    gz = e_east * axes[5] + e_north * axes[8] + out * axes[11]
    miss_elevation -= gx * (state[0] - x) + gy * (state[1] - y) + gz * (state[2] - z)
    _update(state, covariance, spread, gx, gy, gz, miss_elevation, variance)
    gx, gy, gz = state[0] - axes[0], state[1] - axes[1], state[2] - axes[2]
    slant = math.sqrt(gx * gx + gy * gy + gz * gz)
    over = 1.0 / slant
    _update(state, covariance, spread, gx * over, gy * over, gz * over, measured[0] - slant, site[12] * site[12])


@parallel_kernel
def extended_kalman_filter(
    times: NDArray[np.float64],
    radars: NDArray[np.int64],
    measured: NDArray[np.float64],
    detected: NDArray[np.bool_],
    sites: NDArray[np.float64],
    kept: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Track many flights by the extended Kalman filter.

    Parameters
    ----------
    times, radars : ndarray, shape (m,)
        In order of time [s].
    measured : ndarray, shape (n, m, 3)
        Slant range [m], azimuth and elevation [rad].
    detected : ndarray, shape (n, m)
    sites : ndarray, shape (radars, SITE_COLUMNS)
    kept : ndarray, shape (k,)
        Indices of looks, increasing, after which the estimate is kept.

    Returns
    -------
    states : ndarray, shape (n, k, 6)
        NaN where there is no track yet: it starts with the second detection at another time than the first.
    covariances : ndarray, shape (n, k, 6, 6)

    References
    ----------
    .. [1] Bar-Shalom, Li and Kirubarajan 2001, section 10.3.
    """
    count = measured.shape[0]
    states = np.full((count, kept.shape[0], 6), np.nan)
    covariances = np.full((count, kept.shape[0], 6, 6), np.nan)
    cosines, sines = np.cos(ROTATION_RATE * times), np.sin(ROTATION_RATE * times)
    for flight in parallel_range(count):
        state, covariance, matrix, spread = np.empty(6), np.empty((6, 6)), np.empty((6, 6)), np.empty(6)
        earlier, later = np.empty(12), np.empty(12)
        begun, seen, time, slot = False, False, 0.0, 0
        for look in range(times.shape[0]):
            if detected[flight, look]:
                site = sites[radars[look]]
                if begun:
                    if times[look] > time:
                        _carry_estimate(state, covariance, matrix, times[look] - time)
                        time = times[look]
                    _extended_update(
                        state, covariance, spread, site, cosines[look], sines[look], measured[flight, look]
                    )
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
                        _carry_estimate(state, covariance, matrix, times[look] - time)
                        time = times[look]
                    states[flight, slot], covariances[flight, slot] = state, covariance
                slot += 1
    return states, covariances
