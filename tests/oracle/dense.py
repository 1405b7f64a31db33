"""Section 5 by brute force: the least fly-out time over a dense grid of elevations and burnout speeds.

At every knot of the grid the sign of the hit equation says whether the coast passes above or below the point. Wherever
it changes between neighbours in elevation or in speed a coast passes the point itself: its time is Kepler's, at the
linear interpolation of the two. The least of these is the answer, from above, to the width of the grid.
"""

import math

import numpy as np

from .earth import MU, R


def coast(radius, speed, path, psi):
    """Return the time [s] of coasts through ``psi``, from Kepler's equation for ellipses and hyperbolas; arrays."""
    axis = 1.0 / (2.0 / radius - speed**2 / MU)
    momentum = radius * speed * np.cos(path)
    along, across = momentum**2 / (MU * radius) - 1.0, momentum * speed * np.sin(path) / MU
    eccentricity, start = np.hypot(along, across), np.arctan2(across, along)
    ends = []
    with np.errstate(invalid="ignore"):
        for anomaly in (start, start + psi):
            half = np.tan(0.5 * anomaly)
            closed = 2.0 * np.arctan2(np.sqrt(1.0 - eccentricity) * half, np.sqrt(1.0 + eccentricity))
            closed += np.where(anomaly > math.pi, 2.0 * math.pi, 0.0)  # beyond apogee
            open_ = 2.0 * np.arctanh(np.sqrt((eccentricity - 1.0) / (eccentricity + 1.0)) * half)
            ends.append(
                np.where(
                    axis > 0.0,
                    (closed - eccentricity * np.sin(closed)) * np.sqrt(np.abs(axis) ** 3 / MU),
                    (eccentricity * np.sinh(open_) - open_) * np.sqrt(np.abs(axis) ** 3 / MU),
                )
            )
    return ends[1] - ends[0]


def states(burn_time, elevation, speed):
    """Return radius, angle from the site and flight-path angle at burnout; arrays."""
    run = 0.5 * speed * burn_time
    up, across = R + run * np.sin(elevation), run * np.cos(elevation)
    swept = np.arctan2(across, up)
    return np.hypot(up, across), swept, np.minimum(elevation + swept, 0.5 * math.pi)


def surplus(burn_time, elevation, speed, distance, altitude):
    """Return the hit equation multiplied out: zero where the coast passes the point; NaN with burnout beyond it."""
    radius, swept, path = states(burn_time, elevation, speed)
    psi = distance / R - swept
    psi = np.where(psi >= 0.0, psi, np.nan)
    reach = radius / (R + altitude) * np.cos(path) - np.cos(psi + path)
    return speed**2 * radius * np.cos(path) * reach - MU * (1.0 - np.cos(psi))


def dense_time(speeds, burn_time, distance, altitude, min_elevation, elevations=721, knots=361):
    """Return the least fly-out time [s] to one point off the vertical, infinite where nothing passes; SI, radians.

    ``speeds`` holds the least and the greatest burnout speed.
    """
    steep = 0.5 * math.pi - (0.5 * math.pi - min_elevation) * np.geomspace(1e-7, 1.0, elevations // 2)
    even = np.linspace(min_elevation, 0.5 * math.pi, elevations)
    e = np.unique(np.concatenate([even, steep]))[:, None]
    v = np.linspace(*speeds, knots if speeds[1] > speeds[0] else 1)[None, :]
    value = surplus(burn_time, e, v, distance, altitude)
    e, v = np.broadcast_arrays(e, v)
    best = math.inf
    for low, high in ((np.s_[:-1, :], np.s_[1:, :]), (np.s_[:, :-1], np.s_[:, 1:])):
        found = np.nonzero((value[low] < 0.0) != (value[high] < 0.0))
        before, after = value[low][found], value[high][found]
        keep = np.isfinite(before) & np.isfinite(after)
        share = before[keep] / (before[keep] - after[keep])
        elevation = e[low][found][keep] + share * (e[high][found][keep] - e[low][found][keep])
        speed = v[low][found][keep] + share * (v[high][found][keep] - v[low][found][keep])
        radius, swept, path = states(burn_time, elevation, speed)
        psi = distance / R - swept
        times = burn_time + coast(radius, speed, path, np.maximum(psi, 0.0))
        times = times[np.isfinite(times) & (psi >= 0.0)]
        best = min(best, float(times.min(initial=math.inf)))
    return best
