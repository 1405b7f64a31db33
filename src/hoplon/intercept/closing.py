"""How a flight and the interceptor that meets it close, on the interceptor's quickest path (model sections 4 and 5)."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import borrowing_kernel
from hoplon.constants import GRAVITATIONAL_PARAMETER, MEAN_RADIUS, ROTATION_RATE
from hoplon.earth.geodesy import normal_and_altitude
from hoplon.flight.arc import BURN_TIME, ECCENTRICITY, MEAN_MOTION, PERIAPSIS, SEMI_MAJOR_AXIS, TRANSVERSE
from hoplon.flight.sensitivity import on_arc
from hoplon.intercept.flyout import (
    FAN_COS_ANGLE,
    FAN_COS_PATH,
    FAN_ELEVATION,
    FAN_RADIUS,
    FAN_ROWS,
    FAN_SIN_ANGLE,
    FAN_SIN_PATH,
    Point,
    burnout_of,
    escapes_before,
    excess_at,
    frugal_path,
    overhead_speed,
)
from hoplon.intercept.launch import Weapon

_OVERHEAD: Final = 200.0  # [m] ground range below which the shot is vertical
_FEW: Final = 12  # fan rows that still bracket the root
_ROOT_TOLERANCE: Final = 1e-7  # [rad]


@borrowing_kernel
def arrival_velocity(
    speed: float,
    slowest: float,
    burn_time: float,
    minimum_elevation: float,
    fan: NDArray[np.float64],
    ground_range: float,
    altitude: float,
) -> tuple[float, float]:
    """Return the velocity [m s-1] of an interceptor on its quickest path to a point: along the ground, and up.

    Arguments as :func:`hoplon.intercept.flyout.least_flyout_time`. Where no elevation passes the point the path that
    comes nearest to it is taken, so that the direction stays defined beyond the edge of reach.
    """
    r2 = MEAN_RADIUS + altitude
    if ground_range < _OVERHEAD:
        return 0.0, _vertical_velocity(overhead_speed(speed, slowest, burn_time, altitude), burn_time, r2)
    theta = ground_range / MEAN_RADIUS
    point = Point(r2, theta, math.cos(theta), math.sin(theta))
    settled, chosen, elevation = frugal_path(speed, slowest, burn_time, minimum_elevation, point)
    if not settled:
        elevation = _passing_elevation(chosen, burn_time, elevation, fan, chosen < speed, point)
    speed = chosen
    radius, angle, path_angle = burnout_of(speed, burn_time, elevation)
    psi = max(theta - angle, 0.0)
    momentum = radius * speed * math.cos(path_angle)
    if momentum < 1.0:
        return 0.0, _vertical_velocity(speed, burn_time, r2)
    e_cos = momentum * momentum / (GRAVITATIONAL_PARAMETER * radius) - 1.0
    e_sin = momentum * speed * math.sin(path_angle) / GRAVITATIONAL_PARAMETER
    return (
        momentum / r2,
        GRAVITATIONAL_PARAMETER / momentum * (e_sin * math.cos(psi) + e_cos * math.sin(psi)),
    )


@borrowing_kernel
def _vertical_velocity(speed: float, burn_time: float, r2: float) -> float:
    start = MEAN_RADIUS + 0.5 * speed * burn_time
    squared = speed * speed + 2.0 * GRAVITATIONAL_PARAMETER * (1.0 / r2 - 1.0 / start)
    upward = math.sqrt(max(0.0, squared))
    return upward if r2 >= start else -upward


@borrowing_kernel
def _passing_elevation(
    speed: float, burn_time: float, lowest: float, fan: NDArray[np.float64], apart: bool, point: Point
) -> float:
    """Return the least elevation [rad] from the lowest on whose coast passes a point, or the one that comes nearest.

    ``apart`` says that the fan is one of another speed.
    """
    start = 0
    while start < FAN_ROWS and fan[start, FAN_ELEVATION] <= lowest:
        start += 1
    fine = FAN_ROWS - start < _FEW or apart
    rows = FAN_ROWS if fine else FAN_ROWS - start
    low, low_excess = lowest, excess_at(speed, burn_time, lowest, point)
    best, best_excess = low, low_excess
    r2, _, cosine, sine = point
    for row in range(rows):
        if fine:
            high = lowest + (0.5 * math.pi - lowest) * (row + 1) / rows
            high_excess = excess_at(speed, burn_time, high, point)
        else:
            index = start + row
            radius, cos_path, sin_path = fan[index, FAN_RADIUS], fan[index, FAN_COS_PATH], fan[index, FAN_SIN_PATH]
            cos_psi = cosine * fan[index, FAN_COS_ANGLE] + sine * fan[index, FAN_SIN_ANGLE]
            sin_psi = sine * fan[index, FAN_COS_ANGLE] - cosine * fan[index, FAN_SIN_ANGLE]
            reach = radius / r2 * cos_path - (cos_psi * cos_path - sin_psi * sin_path)
            high = fan[index, FAN_ELEVATION]
            high_excess = speed * speed * radius * cos_path * reach - GRAVITATIONAL_PARAMETER * (1.0 - cos_psi)
            if escapes_before(speed * speed, radius, cos_path, sin_path, cos_psi, sin_psi):
                high_excess = abs(high_excess)
        if (high_excess >= 0.0) != (low_excess >= 0.0):
            return _root(speed, burn_time, low, high, low_excess, high_excess, point)
        if high_excess > best_excess:
            best, best_excess = high, high_excess
        low, low_excess = high, high_excess
    return best


@borrowing_kernel
def _root(
    speed: float,
    burn_time: float,
    low: float,
    high: float,
    low_excess: float,
    high_excess: float,
    point: Point,
) -> float:
    """Return the elevation [rad] of zero excess between two of opposite excess (Illinois method)."""
    elevation, side = low, 0
    for _ in range(60):
        elevation = (low * high_excess - high * low_excess) / (high_excess - low_excess)
        excess = excess_at(speed, burn_time, elevation, point)
        if excess * high_excess > 0.0:
            if abs(high - elevation) < _ROOT_TOLERANCE:
                break
            high, high_excess = elevation, excess
            low_excess *= 0.5 if side == -1 else 1.0
            side = -1
        elif excess * low_excess > 0.0:
            if abs(low - elevation) < _ROOT_TOLERANCE:
                break
            low, low_excess = elevation, excess
            high_excess *= 0.5 if side == 1 else 1.0
            side = 1
        else:
            break
    return elevation


@borrowing_kernel
def closing_velocity(
    row: NDArray[np.float64],
    nodes: NDArray[np.float64],
    weapon: Weapon,
    fan: NDArray[np.float64],
    time: float,
) -> tuple[float, float, float]:
    """Return the threat's velocity less the interceptor's [m s-1] at an intercept, along the perifocal axes.

    The fly-out is computed over an Earth at rest, so that its velocity is one relative to the ground: the threat's is
    taken relative to the ground too.
    """
    since = time - row[BURN_TIME]
    eccentricity, motion, axis = row[ECCENTRICITY], row[MEAN_MOTION], row[SEMI_MAJOR_AXIS]
    anomaly_cosine, anomaly_sine, cosine, sine = on_arc(nodes, eccentricity, motion, since)
    root = math.sqrt(1.0 - eccentricity * eccentricity)
    along, across = axis * (anomaly_cosine - eccentricity), axis * root * anomaly_sine
    scale = axis * motion / (1.0 - eccentricity * anomaly_cosine)
    px, py, pz = row[PERIAPSIS], row[PERIAPSIS + 1], row[PERIAPSIS + 2]
    qx, qy, qz = row[TRANSVERSE], row[TRANSVERSE + 1], row[TRANSVERSE + 2]
    ix, iy, z = along * px + across * qx, along * py + across * qy, along * pz + across * qz
    ux, uy, uz, altitude = normal_and_altitude(cosine * ix + sine * iy, cosine * iy - sine * ix, z)
    dot = ux * weapon.normal_x + uy * weapon.normal_y + uz * weapon.normal_z
    chord = math.sqrt(max(0.0, 2.0 - 2.0 * dot))
    angle = 2.0 * math.asin(min(1.0, 0.5 * chord))
    forward, upward = arrival_velocity(
        weapon.burnout_speed,
        weapon.slowest_burnout,
        weapon.burn_time,
        weapon.minimum_elevation,
        fan,
        MEAN_RADIUS * angle,
        altitude,
    )
    forward = forward / math.sin(angle) if 0.0 < angle < math.pi else 0.0
    vx = forward * (ux * dot - weapon.normal_x) + upward * ux
    vy = forward * (uy * dot - weapon.normal_y) + upward * uy
    vz = forward * (uz * dot - weapon.normal_z) + upward * uz
    vx, vy = cosine * vx - sine * vy - ROTATION_RATE * iy, sine * vx + cosine * vy + ROTATION_RATE * ix
    return (
        -scale * anomaly_sine - (vx * px + vy * py + vz * pz),
        scale * root * anomaly_cosine - (vx * qx + vy * qy + vz * qz),
        -(vx * (py * qz - pz * qy) + vy * (pz * qx - px * qz) + vz * (px * qy - py * qx)),
    )
