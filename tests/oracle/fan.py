"""Section 5: the least fly-out time, by fans along the edges of what elevation and burnout speed may be.

The pairs of elevation and speed whose coast passes a point make a curve, and along it the time grows with elevation
(``dense.py`` tries every pair and holds this page to it). The least is thus where the curve enters what is allowed:
at full speed, at the least speed, at the least elevation, or with burnout at the point itself. All four are tried.

For each elevation e the burnout state is a closed form and so are the two moments at which the coast is at
altitude h: rising and falling. Along a branch the ground range is a smooth curve of e. The elevations of the fan
are joined by the two special ones, found by bisection: the *fold*, whose apogee is exactly h, and the elevation
whose burnout is exactly at h. Every crossing of the wanted range between neighbours of the fan is bisected; a
highest or lowest point of the curve between neighbours is found by golden section first, so that a pair of crossings
near the reach envelope is not missed.
"""

import math

import numpy as np

from .earth import MU, R
from .scenario import number

FAN = 361
NEAR_FOLD = np.array([1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 0.3])
GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0


def burnout(speed, burn_time, elevation):
    """Return burnout radius, range angle, and the orbit: alpha = 1/a, p, sigma = r.v/sqrt(mu); arrays over e."""
    run = 0.5 * speed * burn_time
    up, across = R + run * np.sin(elevation), run * np.cos(elevation)
    radius, swept = np.hypot(up, across), np.arctan2(across, up)
    flight_path = elevation + swept  # the line is straight, the vertical turns under it
    sigma = radius * speed * np.sin(flight_path) / math.sqrt(MU)
    parameter = (radius * speed * np.cos(flight_path)) ** 2 / MU
    return radius, swept, 2.0 / radius - speed**2 / MU, parameter, sigma


def apogee_radius(alpha, parameter):
    """Return the apogee radius, infinite for an open orbit."""
    bound = alpha > 0.0
    safe = np.where(bound, alpha, 1.0)
    return np.where(bound, (1.0 + np.sqrt(np.maximum(1.0 - parameter * safe, 0.0))) / safe, np.inf)


def time_to_radius(alpha, radius_1, sigma_1, radius_2, sigma_2):
    """Return the coast time between two radii, both rising, on any conic.

    w = tan(dE/2)/sqrt(alpha) = (r2 - r1)/(sigma1 + sigma2); U1..U3 are the universal functions of the arc.
    """
    w = (radius_2 - radius_1) / np.maximum(sigma_1 + sigma_2, 1e-300)
    z = alpha * w * w
    root = np.sqrt(np.abs(alpha))
    root_safe = np.where(root > 0.0, root, 1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        chi = (
            np.where(alpha > 0.0, 2.0 * np.arctan(root * w), 2.0 * np.arctanh(np.clip(root * w, None, 1.0 - 1e-16)))
            / root_safe
        )
        u1 = 2.0 * w / (1.0 + z)
        u3_closed = (chi - u1) / np.where(alpha == 0.0, 1.0, alpha)
    series = np.zeros_like(z)
    small = np.clip(z, -0.05, 0.05)
    for k in range(14, 0, -1):
        series = (1.0 - 1.0 / (2 * k + 1)) - small * series
    u3 = np.where(np.abs(z) < 0.05, 2.0 * w**3 * series, u3_closed)
    u2 = 2.0 * w * w / (1.0 + z)
    return (radius_1 * u1 + sigma_1 * u2 + u3) / math.sqrt(MU)


def crossing(speed, burn_time, elevation, altitude, falling, timed=True):
    """Return ground range [m] and time [s] at which coasts are at an altitude, NaN where they never are.

    The time is half of the work: without ``timed`` it is None.
    """
    radius_1, swept, alpha, parameter, sigma_1 = burnout(speed, burn_time, elevation)
    radius_2 = R + altitude
    inside = 2.0 * radius_2 - alpha * radius_2**2 - parameter
    # At the fold the exact answer is zero: rounding may put it a hair below.
    inside = np.where((inside < 0.0) & (inside > -1e-9 * radius_2), 0.0, inside)
    with np.errstate(invalid="ignore", divide="ignore"):
        sigma_2 = np.sqrt(inside)
        nu_1 = np.arctan2(np.sqrt(parameter) * sigma_1, parameter - radius_1)
        nu_2 = np.arctan2(np.sqrt(parameter) * sigma_2, parameter - radius_2)
        if not falling:
            ok = radius_2 >= radius_1 - 1e-6
            ground = np.where(ok, R * (swept + nu_2 - nu_1), np.nan)
            if not timed:
                return ground, None
            rise = time_to_radius(alpha, radius_1, sigma_1, radius_2, sigma_2)
            return ground, np.where(ok, burn_time + rise, np.nan)
        ground = np.where(alpha > 0.0, R * (swept + (2.0 * math.pi - nu_2) - nu_1), np.nan)
        if not timed:
            return ground, None
        # Up to apogee and down again, by eccentric anomalies (closed orbits only).
        a = 1.0 / np.where(alpha > 0.0, alpha, np.nan)
        eccentricity = np.sqrt(np.maximum(1.0 - parameter / a, 0.0))
        anomaly_1 = np.arctan2(sigma_1 / np.sqrt(a), 1.0 - radius_1 / a)
        anomaly_2 = 2.0 * math.pi - np.arctan2(sigma_2 / np.sqrt(a), 1.0 - radius_2 / a)
        mean = (anomaly_2 - anomaly_1) - (eccentricity * (np.sin(anomaly_2) - np.sin(anomaly_1)))
        fall = burn_time + mean * np.sqrt(a**3 / MU)
    return ground, fall


def bisect_elevation(measure, wanted, low, high):
    """Return, by row, the elevation at which an increasing measure passes ``wanted`` (clipped to the ends)."""
    low, high = np.full(wanted.shape, low), np.full(wanted.shape, high)
    ends = low.copy(), high.copy()
    at_low, at_high = measure(low) >= wanted, measure(high) < wanted
    for _ in range(70):
        middle = 0.5 * (low + high)
        over = measure(middle) >= wanted
        low, high = np.where(over, low, middle), np.where(over, middle, high)
    return np.where(at_low, ends[0], np.where(at_high, np.nan, high))


def brackets(gap, distance, altitude, nodes):
    """Return rows, low and high elevations of every interval in which one branch passes the wanted distance."""
    values = gap.passes(nodes, altitude[:, None], timed=False)[0] - distance[:, None]
    valid = np.isfinite(values)
    rows, cols = np.nonzero(valid[:, :-1] & valid[:, 1:] & (values[:, :-1] * values[:, 1:] <= 0.0))
    found = [(rows, nodes[rows, cols], nodes[rows, cols + 1])]
    # A pair of crossings hidden between neighbours: the curve turns towards zero without reaching it at the nodes.
    before, here, after = values[:, :-2], values[:, 1:-1], values[:, 2:]
    same = valid[:, :-2] & valid[:, 1:-1] & valid[:, 2:] & (before * here > 0.0) & (here * after > 0.0)
    with np.errstate(invalid="ignore"):
        # A smooth curve goes no farther beyond its nodes than from node to node.
        least = np.minimum(np.abs(before), np.abs(after))
        near = np.abs(here) <= np.maximum(np.abs(before - here), np.abs(after - here))
        turning = same & (np.abs(here) <= least) & near
    rows, cols = np.nonzero(turning)
    if rows.size:
        low, high = nodes[rows, cols], nodes[rows, cols + 2]
        sign = np.sign(values[rows, cols + 1])
        best = golden(lambda e: sign * gap(rows, e), low, high)
        through = sign * gap(rows, best) <= 0.0
        found.append((rows[through], low[through], best[through]))
        found.append((rows[through], best[through], high[through]))
    return tuple(np.concatenate([f[i] for f in found]) for i in range(3))


class Gap:
    """How far beyond the wanted distance one branch passes the wanted altitude, by row and place in the fan."""

    def __init__(self, fan, distance, altitude, falling):
        self.fan, self.distance, self.altitude, self.falling = fan, distance, altitude, falling

    def passes(self, nodes, altitude, timed=True):
        return self.fan.crossing(nodes, altitude, self.falling, timed)

    def __call__(self, rows, node):
        return self.passes(node, self.altitude[rows], timed=False)[0] - self.distance[rows]


class Elevations:
    """The fan of one burnout speed, from the least elevation to the vertical."""

    def __init__(self, speed, burn_time, low):
        self.speed, self.burn_time, self.low, self.high = speed, burn_time, low, 0.5 * math.pi

    def burnout(self, elevation):
        return burnout(self.speed, self.burn_time, elevation)

    def crossing(self, elevation, altitude, falling, timed=True):
        return crossing(self.speed, self.burn_time, elevation, altitude, falling, timed)


class Speeds:
    """The fan of one elevation, from the least burnout speed to the greatest."""

    def __init__(self, elevation, burn_time, low, high):
        self.elevation, self.burn_time, self.low, self.high = elevation, burn_time, low, high

    def burnout(self, speed):
        return burnout(speed, self.burn_time, self.elevation)

    def crossing(self, speed, altitude, falling, timed=True):
        return crossing(speed, self.burn_time, self.elevation, altitude, falling, timed)


def branch_times(fan, distance, altitude, nodes, falling):
    """Return the least time per row over all crossings of ``distance`` on one branch, and its place in the fan.

    ``nodes`` (n, k): places in order, NaN where the branch does not exist.
    """
    gap = Gap(fan, distance, altitude, falling)
    rows, low, high = brackets(gap, distance, altitude, nodes)
    times, elevations = np.full(distance.size, np.inf), np.full(distance.size, np.nan)
    sign = np.where(gap(rows, low) > 0.0, -1.0, 1.0)  # negative at low, after the sign
    for _ in range(64):
        middle = 0.5 * (low + high)
        upper = sign * gap(rows, middle) > 0.0
        low, high = np.where(upper, low, middle), np.where(upper, middle, high)
    middle = 0.5 * (low + high)
    found = gap.passes(middle, altitude[rows])[1]
    for row, time, elevation in zip(rows, found, middle, strict=True):
        if time < times[row]:
            times[row], elevations[row] = time, elevation
    return times, elevations


def golden(measure, low, high):
    """Return where a measure is least between low and high (one valley), by golden section; arrays."""
    low, high = low.copy(), high.copy()
    for _ in range(80):
        span = GOLDEN * (high - low)
        left, right = high - span, low + span
        shrink = measure(left) < measure(right)
        high, low = np.where(shrink, right, high), np.where(shrink, low, left)
    return 0.5 * (low + high)


def vertical_times(speed, burn_time, altitude):
    """Return the fly-out time straight up (x = 0): rising if burnout is below h, else falling."""
    straight_up = np.full(altitude.shape, 0.5 * math.pi)
    best = np.full(altitude.shape, np.inf)
    radius, _, alpha, _, _ = burnout(speed, burn_time, straight_up)
    reached = R + altitude <= np.where(alpha > 0.0, 2.0 / np.where(alpha > 0.0, alpha, 1.0), np.inf)
    for falling in (False, True):
        time = crossing(speed, burn_time, straight_up, altitude, falling)[1]
        ok = np.isfinite(time) & reached & (falling | (radius <= R + altitude))
        best = np.where(ok, np.minimum(best, time), best)
    return best


def least_times(fan, distance, altitude):
    """Return least times in one fan and where, for one block of points off the vertical."""
    spread = np.broadcast_to(np.linspace(fan.low, fan.high, FAN), (distance.size, FAN))
    fold = bisect_elevation(lambda e: apogee_radius(*fan.burnout(e)[2:4]) - R, altitude, fan.low, fan.high)[:, None]
    level = bisect_elevation(lambda e: fan.burnout(e)[0] - R, altitude, fan.low, fan.high)
    # Where even the highest burnout is below h, the rising branch goes on to the end of the fan.
    last_rise = np.where(np.isfinite(level), level, fan.high)[:, None]
    none_rises = fan.burnout(np.array([fan.low]))[0] - R > altitude
    nodes = np.sort(np.concatenate([spread, fold, fold + (fan.high - fold) * NEAR_FOLD, last_rise], axis=1), axis=1)
    nodes = np.where(nodes >= fold, nodes, np.nan)
    rising = np.where((nodes <= last_rise) & ~none_rises[:, None], nodes, np.nan)
    rise = branch_times(fan, distance, altitude, rising, False)
    fall = branch_times(fan, distance, altitude, nodes, True)
    return np.minimum(rise[0], fall[0]), np.where(rise[0] <= fall[0], rise[1], fall[1])


def in_blocks(fan, distance, altitude):
    """Return least_times for any number of points."""
    times, places = np.full(distance.size, np.inf), np.full(distance.size, np.nan)
    if fan.low < fan.high:
        for block in np.array_split(np.arange(distance.size), 1 + distance.size // 128):
            if block.size:
                times[block], places[block] = least_times(fan, distance[block], altitude[block])
    return times, places


def flyout_solutions(speed, burn_time, distance, altitude, min_elevation, slowest=None):
    """Return least fly-out times [s], elevations [rad] and speeds [m/s] (n,), infinite and NaN where no coast passes.

    SI; ``slowest`` None is full speed alone.
    """
    slowest = speed if slowest is None else min(slowest, speed)
    distance, altitude = np.broadcast_arrays(np.asarray(distance, float), np.asarray(altitude, float))
    distance, altitude = distance.ravel(), altitude.ravel()
    times, elevations = np.full(distance.size, np.inf), np.full(distance.size, np.nan)
    speeds = np.full(distance.size, np.nan)

    def take(rows, found, elevation, flown):
        better = found < times[rows]
        times[rows] = np.where(better, found, times[rows])
        elevations[rows] = np.where(better, elevation, elevations[rows])
        speeds[rows] = np.where(better, flown, speeds[rows])

    straight, others = np.nonzero(distance == 0.0)[0], np.nonzero(distance != 0.0)[0]
    for flown in dict.fromkeys((speed, slowest)):
        take(straight, vertical_times(flown, burn_time, altitude[straight]), 0.5 * math.pi, flown)
        found, at = in_blocks(Elevations(flown, burn_time, min_elevation), distance[others], altitude[others])
        take(others, found, at, flown)
    found, at = in_blocks(Speeds(min_elevation, burn_time, slowest, speed), distance[others], altitude[others])
    take(others, found, min_elevation, at)
    # Burnout at the point itself, in a straight line from the site.
    up = (R + altitude) * np.cos(distance / R) - R
    along = (R + altitude) * np.sin(distance / R)
    sight, wanted = np.arctan2(up, along), np.hypot(up, along) / (0.5 * burn_time)
    meets = (sight >= min_elevation) & (wanted >= slowest * (1.0 - 1e-9)) & (wanted <= speed * (1.0 + 1e-9))  # rounding
    take(np.arange(distance.size), np.where(meets, burn_time, np.inf), sight, wanted)
    return times, elevations, speeds


def flyout_times(speed, burn_time, distance, altitude, min_elevation, slowest=None):
    """Return least fly-out times [s] (n,), infinite where no coast passes; SI and radians."""
    return flyout_solutions(speed, burn_time, distance, altitude, min_elevation, slowest)[0]


def slowest_of(kind):
    """Return the least burnout speed [m/s] of an interceptor type of a scenario."""
    speed = number(kind["burnout_speed_km_s"])
    return 1e3 * min(number(kind.get("min_burnout_speed_km_s"), 1.0), speed)


class Remembered:
    """Fly-out times by point, so that a question asked again with another delay does not pay again."""

    def __init__(self, most=300_000):
        self.times, self.most = {}, most

    def __call__(self, speed, burn_time, distance, altitude, min_elevation, slowest):
        """Return the same as flyout_times, computing only the points not met before."""
        rocket = (speed, burn_time, min_elevation, slowest)
        keys = [(rocket, float(x), float(h)) for x, h in zip(distance, altitude, strict=True)]
        if len(self.times) > self.most:
            self.times.clear()
        new = [key for key in dict.fromkeys(keys) if key not in self.times]
        if new:
            points = np.array([key[1:] for key in new])
            found = flyout_times(speed, burn_time, points[:, 0], points[:, 1], min_elevation, slowest)
            self.times.update(zip(new, found.tolist(), strict=True))
        return np.array([self.times[key] for key in keys])


remembered_times = Remembered()


def flyout(
    burnout_speed_km_s,
    burn_time_s,
    ground_range_km,
    altitude_km,
    min_elevation_deg=15.0,
    min_burnout_speed_km_s=1.0,
):
    """Return the least fly-out time [s] to one point, or None."""
    time = flyout_times(
        burnout_speed_km_s * 1e3,
        burn_time_s,
        np.array([ground_range_km * 1e3]),
        np.array([altitude_km * 1e3]),
        math.radians(min_elevation_deg),
        min_burnout_speed_km_s * 1e3,
    )[0]
    return float(time) if math.isfinite(time) else None
