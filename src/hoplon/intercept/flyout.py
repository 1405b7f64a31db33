"""Interceptor fly-out: the least time to reach a ground range and an altitude (model section 5).

The interceptor leaves the ground, accelerates without gravity along a straight line at elevation ``e`` to a burnout
speed ``v`` between a slowest and a full one, then coasts on a two-body arc over a non-rotating sphere. The pairs of
elevation and speed whose coast passes a point (ground range, altitude) are the roots of the hit equation multiplied
out,

    v^2 r1 cos g (r1/r2 cos g - cos(psi + g)) - mu (1 - cos psi) = 0,

with r1, g the radius and flight-path angle at burnout and psi the angle left to cover: smooth in ``e``, without the
fold that the fan of paths has where apogee equals altitude; positive where the coast passes above the point.

At each elevation above the line of sight to the point one speed passes it. Along these pairs the time grows with the
elevation, and the speed first falls, from that whose burnout is at the point itself, then grows. So the quickest path
is the lowest one whose speed is allowed (:func:`frugal_path`):

1. that of full speed and least elevation that passes the point, where full speed does not carry every path over it;
2. else burnout at the point itself, where the line of sight is not below the least elevation;
3. else the least elevation, at the speed that passes the point;
4. else, where even the slowest of these passes above it, the high path of the slowest speed, which falls on it.

Above escape speed the equation has roots on the branch of the hyperbola behind its asymptote, which no coast reaches: a
coast that escapes before it has covered psi passes above every point there.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import kernel
from hoplon.constants import GRAVITATIONAL_PARAMETER, MEAN_RADIUS
from hoplon.flight.ballistic import arc_shape, eccentric_anomaly

# Columns of a fan, one row per elevation from the lowest allowed to the vertical: the elevation [rad], and of burnout
# the radius [m], the angle from the launcher [rad], its cosine and sine, and those of the path angle.
FAN_ELEVATION, FAN_RADIUS, FAN_ANGLE, FAN_COS_ANGLE, FAN_SIN_ANGLE, FAN_COS_PATH, FAN_SIN_PATH = range(7)
FAN_COLUMNS = 7
FAN_ROWS = 48
_OVERHEAD = 200.0  # [m] ground range below which the shot is vertical (an error below 1e-4 s)
_FEW = 12  # fan rows that still resolve the roots
_FINE_ROWS = 48
_ROOT_TOLERANCE = 1e-10  # [rad]
_PARABOLIC = (
    1e-7  # energy ratio from that of escape within which a coast is a parabola: Kepler's equation cancels there
)
_NEAR_ESCAPE = 2.0 - 1e-6  # energy ratio
_CONCAVE = 1.9  # energy ratio up to which the excess has one peak and bends one way about it
_RESIDUAL = 1e-6  # of the gravitational parameter: excess beyond which there is no root
_SPEED_TOLERANCE = 1e-6  # [m s-1]
_SAME_PLACE = 1e-9  # share of the boost by which burnout at full speed may miss a point that it is at


@kernel
def burnout_of(speed: float, burn_time: float, elevation: float) -> tuple[float, float, float]:
    """Return radius [m], angle from the site [rad] and flight-path angle [rad] at interceptor burnout."""
    length = 0.5 * speed * burn_time
    up, along = MEAN_RADIUS + length * math.sin(elevation), length * math.cos(elevation)
    angle = math.atan2(along, up)
    return math.sqrt(up * up + along * along), angle, min(elevation + angle, 0.5 * math.pi)


@kernel
def fan_of(speed: float, burn_time: float, minimum_elevation: float, fan: NDArray[np.float64]) -> None:
    """Fill a fan, shape (FAN_ROWS, FAN_COLUMNS): burnout states over the elevations allowed."""
    for index in range(FAN_ROWS):
        share = index / (FAN_ROWS - 1)
        elevation = minimum_elevation + (0.5 * math.pi - minimum_elevation) * share
        radius, angle, path_angle = burnout_of(speed, burn_time, elevation)
        fan[index, FAN_ELEVATION], fan[index, FAN_RADIUS], fan[index, FAN_ANGLE] = elevation, radius, angle
        fan[index, FAN_COS_ANGLE], fan[index, FAN_SIN_ANGLE] = math.cos(angle), math.sin(angle)
        fan[index, FAN_COS_PATH], fan[index, FAN_SIN_PATH] = math.cos(path_angle), math.sin(path_angle)


class Point(NamedTuple):
    """A point to pass: its radius [m], its angle from the site [rad], from 0 to pi, with cosine and sine."""

    radius: float
    angle: float
    cosine: float
    sine: float


@kernel
def excess_of(
    speed_squared: float, radius: float, cos_path: float, sin_path: float, r2: float, cosine: float, sine: float
) -> float:
    """Return the hit equation multiplied out [m3 s-2]: zero where the coast passes the point, positive above it.

    ``cosine`` and ``sine`` are those of the angle left to cover, from 0 to pi.
    """
    reach = radius / r2 * cos_path - (cosine * cos_path - sine * sin_path)
    excess = speed_squared * radius * cos_path * reach - GRAVITATIONAL_PARAMETER * sine * sine / (1.0 + cosine)
    if escapes_before(speed_squared, radius, cos_path, sin_path, cosine, sine):
        return abs(excess)
    return excess


@kernel
def escapes_before(
    speed_squared: float, radius: float, cos_path: float, sin_path: float, cosine: float, sine: float
) -> bool:
    """Tell whether a coast that rises from burnout escapes before it has covered an angle.

    Parameters
    ----------
    speed_squared, radius : float
        At burnout [m2 s-2], [m].
    cos_path, sin_path : float
        Of the flight-path angle there.
    cosine, sine : float
        Of the angle, from 0 to pi.

    Notes
    -----
    With e cos and e sin of the true anomaly at burnout, and turned by the angle: the asymptote lies behind where
    1 + e cos is not positive or, beyond it, the sine is negative; it comes before half a turn.
    """
    if speed_squared * radius < 2.0 * GRAVITATIONAL_PARAMETER:
        return False
    ratio = speed_squared * radius / GRAVITATIONAL_PARAMETER
    e_cos, e_sin = ratio * cos_path * cos_path - 1.0, ratio * cos_path * sin_path
    return 1.0 + e_cos * cosine - e_sin * sine <= 0.0 or e_sin * cosine + e_cos * sine < 0.0


@kernel
def excess_at(speed: float, burn_time: float, elevation: float, point: Point) -> float:
    """Return :func:`excess_of` a speed and an elevation; :func:`burnout_of` without its angles, which cost most."""
    length, cos_elevation, sin_elevation = 0.5 * speed * burn_time, math.cos(elevation), math.sin(elevation)
    up, along = MEAN_RADIUS + length * sin_elevation, length * cos_elevation
    radius = math.sqrt(up * up + along * along)
    cos_angle, sin_angle = up / radius, along / radius
    cos_path = cos_elevation * cos_angle - sin_elevation * sin_angle
    sin_path = sin_elevation * cos_angle + cos_elevation * sin_angle
    if cos_path < 0.0:
        cos_path, sin_path = 0.0, 1.0
    cosine = point.cosine * cos_angle + point.sine * sin_angle
    sine = point.sine * cos_angle - point.cosine * sin_angle
    if sine < 0.0:
        cosine, sine = 1.0, 0.0
    return excess_of(speed * speed, radius, cos_path, sin_path, point.radius, cosine, sine)


@kernel
def coast_time(radius: float, speed: float, path_angle: float, psi: float) -> float:
    """Return the time [s] of a coast through ``psi`` [rad]; infinite where it escapes before."""
    speed_squared = speed * speed
    cos_path, sin_path = math.cos(path_angle), math.sin(path_angle)
    if escapes_before(speed_squared, radius, cos_path, sin_path, math.cos(psi), math.sin(psi)):
        return math.inf
    axis, eccentricity, anomaly = arc_shape(radius, speed_squared, path_angle)
    ratio = speed_squared * radius / GRAVITATIONAL_PARAMETER
    if abs(ratio - 2.0) < _PARABOLIC:
        if anomaly + psi >= math.pi:
            return math.inf
        momentum = radius * speed * cos_path
        start, end = math.tan(0.5 * anomaly), math.tan(0.5 * (anomaly + psi))
        barker = end * (1.0 + end * end / 3.0) - start * (1.0 + start * start / 3.0)
        return 0.5 * momentum * momentum * momentum / GRAVITATIONAL_PARAMETER**2 * barker
    if eccentricity < 1.0:
        start, end = eccentric_anomaly(eccentricity, anomaly), eccentric_anomaly(eccentricity, anomaly + psi)
        mean = (end - start) - eccentricity * (math.sin(end) - math.sin(start))
        return mean * axis * math.sqrt(axis / GRAVITATIONAL_PARAMETER)
    if anomaly + psi >= math.acos(-1.0 / eccentricity):
        return math.inf
    factor = math.sqrt((eccentricity - 1.0) / (eccentricity + 1.0))
    start = 2.0 * math.atanh(factor * math.tan(0.5 * anomaly))
    end = 2.0 * math.atanh(factor * math.tan(0.5 * (anomaly + psi)))
    mean = eccentricity * (math.sinh(end) - math.sinh(start)) - (end - start)
    return mean * -axis * math.sqrt(-axis / GRAVITATIONAL_PARAMETER)


@kernel
def _vertical_time(speed: float, burn_time: float, altitude: float) -> float:
    """Return the least time [s] at which a vertical shot coasts through an altitude [m], or infinity."""
    start, end = MEAN_RADIUS + 0.5 * speed * burn_time, MEAN_RADIUS + altitude
    energy_ratio = start * speed * speed / GRAVITATIONAL_PARAMETER
    axis = start / (2.0 - energy_ratio)
    falls = end < start
    if abs(energy_ratio - 2.0) < _PARABOLIC and not falls:
        return (
            burn_time
            + (end * math.sqrt(end) - start * math.sqrt(start)) * math.sqrt(2.0 / GRAVITATIONAL_PARAMETER) / 3.0
        )
    if energy_ratio < 2.0:
        if end > 2.0 * axis:
            return math.inf
        anomaly, arrival = math.acos(1.0 - start / axis), math.acos(1.0 - end / axis)
        if falls:
            arrival = 2.0 * math.pi - arrival
        mean = (arrival - math.sin(arrival)) - (anomaly - math.sin(anomaly))
        return burn_time + mean * axis * math.sqrt(axis / GRAVITATIONAL_PARAMETER)
    if falls:
        return math.inf
    axis = -axis
    anomaly, arrival = math.acosh(1.0 + start / axis), math.acosh(1.0 + end / axis)
    mean = (math.sinh(arrival) - arrival) - (math.sinh(anomaly) - anomaly)
    return burn_time + mean * axis * math.sqrt(axis / GRAVITATIONAL_PARAMETER)


@kernel
def _root_time(
    speed: float,
    burn_time: float,
    low: float,
    high: float,
    low_excess: float,
    high_excess: float,
    point: Point,
) -> float:
    """Return the fly-out time [s] of the root between two elevations of opposite excess (Illinois method)."""
    side = 0
    elevation = low
    for _ in range(60):
        elevation = (low * high_excess - high * low_excess) / (high_excess - low_excess)
        excess = excess_at(speed, burn_time, elevation, point)
        if excess * high_excess > 0.0:
            high, high_excess = elevation, excess
            if side == -1:
                low_excess *= 0.5
            side = -1
        elif excess * low_excess > 0.0:
            low, low_excess = elevation, excess
            if side == 1:
                high_excess *= 0.5
            side = 1
        else:
            break
        if high - low < _ROOT_TOLERANCE:
            break
    radius, angle, path_angle = burnout_of(speed, burn_time, elevation)
    near_escape = speed * speed * radius > _NEAR_ESCAPE * GRAVITATIONAL_PARAMETER
    # Between falling short and escaping the excess jumps: a search that ends there has found no coast to the point.
    if near_escape and abs(excess_at(speed, burn_time, elevation, point)) > _RESIDUAL * GRAVITATIONAL_PARAMETER:
        return math.inf
    return burn_time + coast_time(radius, speed, path_angle, max(point.angle - angle, 0.0))


@kernel
def _stays_below(xs: tuple[float, float, float, float], ys: tuple[float, float, float, float]) -> bool:
    """Tell whether a concave function stays below zero between the outer two of four points that it passes through.

    Beyond a chord it lies below the chord's line; between the inner two points below the lines of both outer chords.
    """
    (x0, x1, x2, x3), (y0, y1, y2, y3) = xs, ys
    rise, left, right = (y2 - y1) / (x2 - x1), (y1 - y0) / (x1 - x0), (y3 - y2) / (x3 - x2)
    if max(y1 + rise * (x0 - x1), y2 + rise * (x3 - x2)) >= 0.0 or not left > right:
        return False
    meet = (y2 - y1 + left * x1 - right * x2) / (left - right)
    return bool(y1 + left * (min(max(meet, x1), x2) - x1) < 0.0)


@kernel
def _fold_time(
    speed: float,
    burn_time: float,
    low: float,
    high: float,
    low_excess: float,
    high_excess: float,
    point: Point,
) -> float:
    """Return the time [s] of the lower of two roots that hide between two elevations, or infinity.

    The excess is negative at both with a peak between them: golden-section search for a positive value, until none can
    be. Short of escape the excess is concave there.
    """
    ratio = 0.6180339887498949
    bottom = low
    concave = speed * speed * (MEAN_RADIUS + 0.5 * speed * burn_time) < _CONCAVE * GRAVITATIONAL_PARAMETER
    for _ in range(40):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        left_excess = excess_at(speed, burn_time, left, point)
        right_excess = excess_at(speed, burn_time, right, point)
        peak, excess = (left, left_excess) if left_excess > right_excess else (right, right_excess)
        if excess >= 0.0:
            below = excess_at(speed, burn_time, bottom, point)
            return _root_time(speed, burn_time, bottom, peak, below, excess, point)
        if concave and _stays_below((low, left, right, high), (low_excess, left_excess, right_excess, high_excess)):
            return math.inf
        if left_excess > right_excess:
            high, high_excess = right, right_excess
        else:
            low, low_excess = left, left_excess
    return math.inf


@kernel
def frugal_path(
    speed: float, slowest: float, burn_time: float, minimum_elevation: float, point: Point
) -> tuple[bool, float, float]:
    """Return the burnout speed of the quickest path to a point, and its elevation or one below it.

    Parameters
    ----------
    speed, slowest : float
        Greatest and least burnout speed [m s-1].
    burn_time, minimum_elevation : float
        [s], [rad].
    point : Point

    Returns
    -------
    settled : bool
        Whether the path is that of the elevation returned; else that of the least elevation from there on whose coast
        passes the point at the speed returned, if one does.
    speed : float
        [m s-1].
    elevation : float
        [rad].
    """
    up, along, half = point.radius * point.cosine - MEAN_RADIUS, point.radius * point.sine, 0.5 * burn_time
    slant = math.sqrt(up * up + along * along)
    if up * math.cos(minimum_elevation) >= along * math.sin(minimum_elevation):  # in sight above the least elevation
        if slant > half * speed * (1.0 + _SAME_PLACE):
            return False, speed, lowest_elevation(speed, burn_time, minimum_elevation, point.angle)
        if slant > half * slowest * (1.0 - _SAME_PLACE):
            return True, max(slowest, min(speed, slant / half)), math.atan2(up, along)
        return False, slowest, lowest_elevation(slowest, burn_time, minimum_elevation, point.angle)
    high, high_excess = speed, excess_at(speed, burn_time, minimum_elevation, point)
    if high_excess < 0.0:
        return False, speed, minimum_elevation
    low, low_excess = slowest, excess_at(slowest, burn_time, minimum_elevation, point)
    if low_excess >= 0.0:
        return False, slowest, lowest_elevation(slowest, burn_time, minimum_elevation, point.angle)
    side, between = 0, high
    for _ in range(60):  # Illinois method
        between = (low * high_excess - high * low_excess) / (high_excess - low_excess)
        excess = excess_at(between, burn_time, minimum_elevation, point)
        if excess >= 0.0:
            step, high, high_excess = high - between, between, excess
            low_excess *= 0.5 if side == -1 else 1.0
            side = -1
        else:
            step, low, low_excess = between - low, between, excess
            high_excess *= 0.5 if side == 1 else 1.0
            side = 1
        if step < _SPEED_TOLERANCE or high - low < _SPEED_TOLERANCE:
            break
    return True, between, minimum_elevation


@kernel
def overhead_speed(speed: float, slowest: float, burn_time: float, altitude: float) -> float:
    """Return the burnout speed [m s-1] of the quickest shot straight up, its burnout at the point or below."""
    half = 0.5 * burn_time
    if altitude >= half * speed:
        return speed
    return max(slowest, altitude / half)


@kernel
def least_flyout_time(
    speed: float,
    slowest: float,
    burn_time: float,
    minimum_elevation: float,
    fan: NDArray[np.float64],
    ground_range: float,
    altitude: float,
) -> float:
    """Return F(x, h), the least fly-out time to a point.

    Parameters
    ----------
    speed, slowest, burn_time : float
        Greatest and least burnout speed [m s-1] and burn time [s].
    minimum_elevation : float
        [rad].
    fan : ndarray, shape (FAN_ROWS, FAN_COLUMNS)
        From :func:`fan_of` with the same speed, burn time and elevation.
    ground_range, altitude : float
        On and above the mean sphere [m].

    Returns
    -------
    float
        [s], at least ``burn_time``; infinite where no coast passes the point.

    Notes
    -----
    Elevations are tried from the lowest up, and the first root is the answer: of two elevations that pass a point at
    the same burnout speed, the lower one takes the shorter arc and less time. From the lowest on, a path that passes
    above the point has its first root where paths of that speed come down on it.
    """
    if ground_range < _OVERHEAD:
        return _vertical_time(overhead_speed(speed, slowest, burn_time, altitude), burn_time, altitude)
    theta, r2 = ground_range / MEAN_RADIUS, MEAN_RADIUS + altitude
    point = Point(r2, theta, math.cos(theta), math.sin(theta))
    settled, chosen, lowest = frugal_path(speed, slowest, burn_time, minimum_elevation, point)
    if settled:
        radius, angle, path_angle = burnout_of(chosen, burn_time, lowest)
        return burn_time + coast_time(radius, chosen, path_angle, max(theta - angle, 0.0))
    cosine, sine, speed_squared = point.cosine, point.sine, chosen * chosen
    start = 0
    while start < FAN_ROWS and fan[start, FAN_ELEVATION] <= lowest:
        start += 1
    fine = FAN_ROWS - start < _FEW or chosen < speed
    rows = _FINE_ROWS if fine else FAN_ROWS - start
    older, old = lowest, lowest
    older_excess, old_excess = -math.inf, excess_at(chosen, burn_time, lowest, point)
    for row in range(rows):
        if fine:
            elevation = lowest + (0.5 * math.pi - lowest) * (row + 1) / rows
            excess = excess_at(chosen, burn_time, elevation, point)
        else:
            index = start + row
            elevation = fan[index, FAN_ELEVATION]
            cos_psi = cosine * fan[index, FAN_COS_ANGLE] + sine * fan[index, FAN_SIN_ANGLE]
            sin_psi = sine * fan[index, FAN_COS_ANGLE] - cosine * fan[index, FAN_SIN_ANGLE]
            radius, cos_path, sin_path = fan[index, FAN_RADIUS], fan[index, FAN_COS_PATH], fan[index, FAN_SIN_PATH]
            reach = radius / r2 * cos_path - (cos_psi * cos_path - sin_psi * sin_path)
            excess = speed_squared * radius * cos_path * reach - GRAVITATIONAL_PARAMETER * (1.0 - cos_psi)
            if escapes_before(speed_squared, radius, cos_path, sin_path, cos_psi, sin_psi):
                excess = abs(excess)
        if (excess >= 0.0) != (old_excess >= 0.0):
            return _root_time(chosen, burn_time, old, elevation, old_excess, excess, point)
        peaks = excess < old_excess and old_excess >= older_excess and older < old
        if old_excess < 0.0 and (peaks or row == rows - 1):  # towards the vertical a peak may have no row beyond it
            time = _fold_time(chosen, burn_time, older, elevation, older_excess, excess, point)
            if time < math.inf:
                return time
        older, older_excess, old, old_excess = old, old_excess, elevation, excess
    return math.inf


@kernel
def lowest_elevation(speed: float, burn_time: float, minimum_elevation: float, theta: float) -> float:
    """Return the lowest elevation [rad] allowed whose burnout does not lie beyond ``theta`` already."""
    length = 0.5 * speed * burn_time
    sine = MEAN_RADIUS * math.sin(theta)
    if theta >= 0.5 * math.pi or sine >= length:
        return minimum_elevation
    return max(minimum_elevation, math.acos(sine / length) - theta)


def flyout_time(
    burnout_speed: float,
    burn_time: float,
    minimum_elevation: float,
    ground_range: float,
    altitude: float,
    slowest: float | None = None,
) -> float:
    """Return the least fly-out time to one point; arguments as :func:`least_flyout_time`, without the fan.

    ``slowest`` None allows full speed alone.
    """
    fan = np.empty((FAN_ROWS, FAN_COLUMNS))
    fan_of(burnout_speed, burn_time, minimum_elevation, fan)
    least = burnout_speed if slowest is None else slowest
    return float(least_flyout_time(burnout_speed, least, burn_time, minimum_elevation, fan, ground_range, altitude))
