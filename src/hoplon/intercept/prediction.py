"""When a battery may rely on the net's prediction of a flight (model section 7, ``support: predicted``).

Support at t holds when the predicted-intercept error, from every look that has reached the battery by t less the
handover time, is within the handover error. The error is taken across the closing velocity: the threat's velocity less
that of the interceptor that meets it there after the least fly-out time.

Nothing is sampled. A stretch of seconds is decided at once where bounds allow it: looks only ever add information, so
the looks that have arrived at the start of a stretch bound its error from above and those of its end from below; the
greatest eigenvalue of the covariance bounds what any closing direction can hide. What the bounds leave open is halved,
down to single seconds, which are computed.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import kernel
from hoplon.constants import GRAVITATIONAL_PARAMETER, MEAN_RADIUS, ROTATION_RATE
from hoplon.earth.geodesy import normal_and_altitude
from hoplon.flight.arc import BURN_TIME, ECCENTRICITY, IMPACT_TIME, MEAN_MOTION, PERIAPSIS, SEMI_MAJOR_AXIS, TRANSVERSE
from hoplon.flight.information import (
    PACKED,
    factor,
    gather_information,
    most_runs,
    place_covariance,
    sigma_across,
    sigma_bounds,
)
from hoplon.flight.sensitivity import most_arc_nodes, on_arc
from hoplon.intercept.flyout import FAN_ROWS, burnout_of, excess_of, lowest_elevation
from hoplon.intercept.launch import Weapon

_OVERHEAD: Final = 200.0  # [m] ground range below which the shot is vertical
_FEW: Final = 12  # fan rows that still bracket the root
_ROOT_TOLERANCE: Final = 1e-7  # [rad]
_LONGEST_STRETCH: Final = 256  # [s] the error of an arc bends little within
_SHORT_STRETCH: Final = 32  # [s] within which the closing direction turns little
_LONG_MARGIN: Final = 0.05  # of the error, for its bend within a long stretch
_SHORT_MARGIN: Final = 0.01


@kernel
def arrival_velocity(
    speed: float,
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
        return 0.0, _vertical_velocity(speed, burn_time, r2)
    theta = ground_range / MEAN_RADIUS
    elevation = _passing_elevation(speed, burn_time, minimum_elevation, fan, r2, theta)
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


@kernel
def _vertical_velocity(speed: float, burn_time: float, r2: float) -> float:
    start = MEAN_RADIUS + 0.5 * speed * burn_time
    squared = speed * speed + 2.0 * GRAVITATIONAL_PARAMETER * (1.0 / r2 - 1.0 / start)
    upward = math.sqrt(max(0.0, squared))
    return upward if r2 >= start else -upward


@kernel
def _excess_at(speed: float, burn_time: float, elevation: float, r2: float, theta: float) -> float:
    radius, angle, path_angle = burnout_of(speed, burn_time, elevation)
    psi = max(theta - angle, 0.0)
    return excess_of(speed * speed, radius, math.cos(path_angle), math.sin(path_angle), r2, psi)


@kernel
def _passing_elevation(
    speed: float, burn_time: float, minimum_elevation: float, fan: NDArray[np.float64], r2: float, theta: float
) -> float:
    """Return the lowest elevation [rad] whose coast passes a point, or the one that comes nearest."""
    lowest = lowest_elevation(speed, burn_time, minimum_elevation, theta)
    start = 0
    while start < FAN_ROWS and fan[start, 0] <= lowest:
        start += 1
    fine = FAN_ROWS - start < _FEW
    rows = FAN_ROWS if fine else FAN_ROWS - start
    low, low_excess = lowest, _excess_at(speed, burn_time, lowest, r2, theta)
    best, best_excess = low, low_excess
    cosine, sine = math.cos(theta), math.sin(theta)
    for row in range(rows):
        if fine:
            high = lowest + (0.5 * math.pi - lowest) * (row + 1) / rows
            high_excess = _excess_at(speed, burn_time, high, r2, theta)
        else:
            radius, cos_path, sin_path = fan[start + row, 1], fan[start + row, 5], fan[start + row, 6]
            cos_psi = cosine * fan[start + row, 3] + sine * fan[start + row, 4]
            sin_psi = sine * fan[start + row, 3] - cosine * fan[start + row, 4]
            reach = radius / r2 * cos_path - (cos_psi * cos_path - sin_psi * sin_path)
            high = fan[start + row, 0]
            high_excess = speed * speed * radius * cos_path * reach - GRAVITATIONAL_PARAMETER * (1.0 - cos_psi)
        if (high_excess >= 0.0) != (low_excess >= 0.0):
            return _root(speed, burn_time, low, high, low_excess, high_excess, r2, theta)
        if high_excess > best_excess:
            best, best_excess = high, high_excess
        low, low_excess = high, high_excess
    return best


@kernel
def _root(
    speed: float,
    burn_time: float,
    low: float,
    high: float,
    low_excess: float,
    high_excess: float,
    r2: float,
    theta: float,
) -> float:
    """Return the elevation [rad] of zero excess between two of opposite excess (Illinois method)."""
    elevation, side = low, 0
    for _ in range(60):
        elevation = (low * high_excess - high * low_excess) / (high_excess - low_excess)
        excess = _excess_at(speed, burn_time, elevation, r2, theta)
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


@kernel
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
    dot = ux * weapon[0] + uy * weapon[1] + uz * weapon[2]
    chord = math.sqrt(max(0.0, 2.0 - 2.0 * dot))
    angle = 2.0 * math.asin(min(1.0, 0.5 * chord))
    forward, upward = arrival_velocity(weapon[5], weapon[6], weapon[10], fan, MEAN_RADIUS * angle, altitude)
    forward = forward / math.sin(angle) if 0.0 < angle < math.pi else 0.0
    vx = forward * (ux * dot - weapon[0]) + upward * ux
    vy = forward * (uy * dot - weapon[1]) + upward * uy
    vz = forward * (uz * dot - weapon[2]) + upward * uz
    vx, vy = cosine * vx - sine * vy - ROTATION_RATE * iy, sine * vx + cosine * vy + ROTATION_RATE * ix
    return (
        -scale * anomaly_sine - (vx * px + vy * py + vz * pz),
        scale * root * anomaly_cosine - (vx * qx + vy * qy + vz * qz),
        -(vx * (py * qz - pz * qy) + vy * (pz * qx - px * qz) + vz * (px * qy - py * qx)),
    )


@kernel
def heard_from(
    own: NDArray[np.bool_], remote: bool, latencies: NDArray[np.float64], delays: NDArray[np.float64]
) -> None:
    """Write how long each radar's looks take to a battery [s]: its own none, others only if ``remote`` admits them."""
    for radar in range(own.shape[0]):
        delays[radar] = 0.0 if own[radar] else (latencies[radar] if remote else math.inf)


@kernel
def _judge(
    row: NDArray[np.float64],
    nodes: NDArray[np.float64],
    stretches: NDArray[np.float64],
    count: int,
    sensors: NDArray[np.float64],
    delays: NDArray[np.float64],
    sums: NDArray[np.float64],
    handover: float,
    limit: float,
    weapon: Weapon,
    fan: NDArray[np.float64],
    first: int,
    last: int,
    total: NDArray[np.float64],
    root: NDArray[np.float64],
) -> int:
    """Return 1 when every second from ``first`` to ``last`` has support, 0 when none has, -1 when that is open."""
    margin = 0.0 if first == last else (_SHORT_MARGIN if last - first <= _SHORT_STRETCH else _LONG_MARGIN)
    gather_information(row, nodes, stretches, count, sensors, delays, first - handover, sums, total)
    known = factor(total, root)
    if not known and first == last:
        return 0
    if known:
        at_first = place_covariance(row, nodes, root, float(first))
        at_last = place_covariance(row, nodes, root, float(last))
        least, most = sigma_bounds(at_first)
        least_last, most_last = sigma_bounds(at_last)
        most = max(most, most_last) * (1.0 + margin)
        if most <= limit:
            return 1
        if last - first <= _SHORT_STRETCH and max(least, least_last) * (1.0 + margin) <= limit:
            x, y, z = closing_velocity(row, nodes, weapon, fan, float(first))
            worst = sigma_across(at_first, x, y, z)
            if first == last:
                return 1 if worst <= limit else 0
            if worst * (1.0 + margin) <= limit:
                x, y, z = closing_velocity(row, nodes, weapon, fan, float(last))
                if sigma_across(at_last, x, y, z) * (1.0 + margin) <= limit:
                    return 1
        elif first == last:
            return 0
    return _judge_outside(
        row,
        nodes,
        stretches,
        count,
        sensors,
        delays,
        sums,
        handover,
        limit,
        weapon,
        fan,
        first,
        last,
        total,
        root,
        margin,
    )


@kernel
def _judge_outside(
    row: NDArray[np.float64],
    nodes: NDArray[np.float64],
    stretches: NDArray[np.float64],
    count: int,
    sensors: NDArray[np.float64],
    delays: NDArray[np.float64],
    sums: NDArray[np.float64],
    handover: float,
    limit: float,
    weapon: Weapon,
    fan: NDArray[np.float64],
    first: int,
    last: int,
    total: NDArray[np.float64],
    root: NDArray[np.float64],
    margin: float,
) -> int:
    """Return 0 when no second of a stretch can have support with all that has been heard at its end, else -1."""
    gather_information(row, nodes, stretches, count, sensors, delays, last - handover, sums, total)
    if not factor(total, root):
        return 0
    at_first = place_covariance(row, nodes, root, float(first))
    at_last = place_covariance(row, nodes, root, float(last))
    least = min(sigma_bounds(at_first)[0], sigma_bounds(at_last)[0]) * (1.0 - margin)
    if least > limit:
        return 0
    if (
        last - first > _SHORT_STRETCH
        or min(sigma_bounds(at_first)[1], sigma_bounds(at_last)[1]) * (1.0 - margin) <= limit
    ):
        return -1
    x, y, z = closing_velocity(row, nodes, weapon, fan, float(first))
    if sigma_across(at_first, x, y, z) * (1.0 - margin) <= limit:
        return -1
    x, y, z = closing_velocity(row, nodes, weapon, fan, float(last))
    return 0 if sigma_across(at_last, x, y, z) * (1.0 - margin) > limit else -1


@kernel
def predicted_windows(
    row: NDArray[np.float64],
    nodes: NDArray[np.float64],
    stretches: NDArray[np.float64],
    count: int,
    sensors: NDArray[np.float64],
    delays: NDArray[np.float64],
    sums: NDArray[np.float64],
    handover: float,
    limit: float,
    weapon: Weapon,
    fan: NDArray[np.float64],
    begin: int,
    end: int,
    windows: NDArray[np.float64],
) -> int:
    """Write the windows of whole seconds in which the net's prediction supports an intercept; return their number.

    Parameters
    ----------
    row : ndarray, shape (COLUMNS,)
        Elements of the flight.
    nodes : ndarray, shape (k, 5)
        From :func:`hoplon.flight.sensitivity.place_arc_nodes`.
    stretches, count, sensors, sums
        As :func:`hoplon.flight.information.gather_information`.
    delays : ndarray, shape (radars,)
        From :func:`heard_from`.
    handover : float
        A look counts when it was heard this long before the intercept [s].
    limit : float
        Greatest predicted-intercept error [m].
    weapon : tuple
        From :func:`hoplon.intercept.launch.weapon_of`.
    fan : ndarray
        Of the interceptor's reach.
    begin, end : int
        The seconds asked about, both included; after burnout and before impact.
    windows : ndarray, shape (m, 2)
        Filled; ``m`` of half the seconds asked about holds any answer, fewer keep the first ones.
    """
    total, root = np.empty(PACKED), np.empty(PACKED)
    found, opened, second, size = 0, -1, begin, _LONGEST_STRETCH
    while second <= end:
        size = min(size, end - second)
        verdict = _judge(
            row,
            nodes,
            stretches,
            count,
            sensors,
            delays,
            sums,
            handover,
            limit,
            weapon,
            fan,
            second,
            second + size,
            total,
            root,
        )
        if verdict < 0:
            size //= 2
            continue
        if verdict == 1 and opened < 0:
            opened = second
        elif verdict == 0 and opened >= 0:
            if found < windows.shape[0]:
                windows[found, 0], windows[found, 1] = opened, second - 1
                found += 1
            opened = -1
        second += size + 1
        size = min(2 * size + 1, _LONGEST_STRETCH)
    if opened >= 0 and found < windows.shape[0]:
        windows[found, 0], windows[found, 1] = opened, end
        found += 1
    return found


@kernel
def room_for_prediction(
    elements: NDArray[np.float64], sensors: NDArray[np.float64], slots: int, predicted: bool
) -> tuple[int, int, int]:
    """Return the arc nodes, the stretches of looks and the runs that predicting any of some flights needs.

    One of each where nothing is predicted: the scratch of :func:`predicted_support` is then not used.
    """
    if not predicted:
        return 1, 1, 1
    longest = 0.0
    for index in range(elements.shape[0]):
        longest = max(longest, elements[index, IMPACT_TIME] - elements[index, BURN_TIME])
    return most_arc_nodes(elements), sensors.shape[0] * slots + 1, most_runs(sensors, longest)


@kernel
def predicted_support(
    row: NDArray[np.float64],
    nodes: NDArray[np.float64],
    stretches: NDArray[np.float64],
    count: int,
    sensors: NDArray[np.float64],
    own: NDArray[np.bool_],
    latencies: NDArray[np.float64],
    battery: NDArray[np.float64],
    timing: NDArray[np.float64],
    begin: float,
    weapon: Weapon,
    fan: NDArray[np.float64],
    delays: NDArray[np.float64],
    sums: NDArray[np.float64],
    windows: NDArray[np.float64],
) -> int:
    """Write the windows in which a battery's intercepts of a flight are supported by prediction; return their number.

    Parameters
    ----------
    row, nodes, stretches, count, sensors, sums
        As :func:`predicted_windows`.
    own : ndarray, shape (radars,)
        The battery's own radars.
    latencies, delays : ndarray, shape (radars,)
        Of the radars' reports [s]; and scratch.
    battery : ndarray
        Row of :func:`hoplon.intercept.battery.batteries_of`.
    timing : ndarray
        :meth:`hoplon.intercept.battery.Timing.row`.
    begin : float
        The first second asked about [s], after burnout.
    weapon, fan
        From :func:`hoplon.intercept.launch.weapon_of`, and of the interceptor's reach.
    windows : ndarray, shape (m, 2)
        Filled.
    """
    end = math.ceil(row[IMPACT_TIME]) - 1
    if begin > end:
        return 0
    heard_from(own, battery[6] > 0.0, latencies, delays)
    return predicted_windows(
        row,
        nodes,
        stretches,
        count,
        sensors,
        delays,
        sums,
        timing[4],
        timing[7],
        weapon,
        fan,
        int(begin),
        end,
        windows,
    )
