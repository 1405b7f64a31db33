"""The launch time that an intercept at a place and time takes, from the reach tables."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import borrowing_kernel, inlined_kernel, kernel
from hoplon.constants import MEAN_RADIUS
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME
from hoplon.flight.path import ALTITUDE, NORMAL, TIME, path_normal, stencil
from hoplon.intercept.battery import ALTITUDE_SCALE, CHORD_SCALE, SITE_NORMAL
from hoplon.intercept.flyout import least_flyout_time
from hoplon.intercept.reach import (
    ALTITUDE_HIGH,
    ALTITUDE_LOW,
    BURN_DURATION,
    BURNOUT_SPEED,
    COLUMNS,
    MAXIMUM_FLIGHT_TIME,
    MINIMUM_ELEVATION,
    SLOWEST_BURNOUT,
    interpolate,
)
from hoplon.intercept.reach import ROWS as TABLE_ROWS

LAST_COLUMN: Final = COLUMNS - 1.001  # where the chord axis of a table ends


class Weapon(NamedTuple):
    """What decides a launch time: a battery's place and its interceptor.

    Scalars, because passing arrays around costs more than the look-up.

    Attributes
    ----------
    normal_x, normal_y, normal_z : float
        Unit normal at the battery, ECEF.
    chord_scale : float
        Columns of the reach table per chord in units of the mean radius.
    altitude_scale : float
        Lines of the reach table per altitude [m-1].
    burnout_speed : float
        [m s-1].
    burn_time : float
        [s].
    altitude_low, altitude_high : float
        Intercept altitude limits, inclusive [m].
    maximum_flight_time : float
        [s].
    minimum_elevation : float
        Of the launch [rad].
    slowest_burnout : float
        Least burnout speed [m s-1].
    """

    normal_x: float
    normal_y: float
    normal_z: float
    chord_scale: float
    altitude_scale: float
    burnout_speed: float
    burn_time: float
    altitude_low: float
    altitude_high: float
    maximum_flight_time: float
    minimum_elevation: float
    slowest_burnout: float


@borrowing_kernel
def weapon_of(battery: NDArray[np.float64], interceptor: NDArray[np.float64]) -> Weapon:
    """Return the weapon of a battery row and its interceptor row."""
    return Weapon(
        battery[SITE_NORMAL],
        battery[SITE_NORMAL + 1],
        battery[SITE_NORMAL + 2],
        battery[CHORD_SCALE],
        battery[ALTITUDE_SCALE],
        interceptor[BURNOUT_SPEED],
        interceptor[BURN_DURATION],
        interceptor[ALTITUDE_LOW],
        interceptor[ALTITUDE_HIGH],
        interceptor[MAXIMUM_FLIGHT_TIME],
        interceptor[MINIMUM_ELEVATION],
        interceptor[SLOWEST_BURNOUT],
    )


@inlined_kernel
def launch_at(
    ux: float,
    uy: float,
    uz: float,
    altitude: float,
    time: float,
    available: float,
    weapon: Weapon,
    fan: NDArray[np.float64],
    times: NDArray[np.float32],
    floors: NDArray[np.float32],
) -> float:
    """Return the launch time [s] of an intercept at a place and time, -infinity where it cannot be reached.

    A launch time before ``available`` may be returned as an upper bound of itself.
    """
    px, py, pz, chord_scale, altitude_scale, speed, burn_time, low, high, longest, elevation, slowest = weapon
    if altitude < low or altitude > high:
        return -math.inf
    chord = math.sqrt(max(0.0, 2.0 - 2.0 * (ux * px + uy * py + uz * pz)))
    right, up = chord * chord_scale, (altitude - low) * altitude_scale
    if not right < COLUMNS - 1:
        return -math.inf
    column, line = int(right), min(int(up), TABLE_ROWS - 2)
    flyout = float(floors[line, column])
    if flyout < 0.0:
        flyout = interpolate(times, line, column, right - column, up - line)
    elif flyout <= min(time - available, longest):
        ground_range = 2.0 * MEAN_RADIUS * math.asin(min(1.0, 0.5 * chord))
        flyout = least_flyout_time(speed, slowest, burn_time, elevation, fan, ground_range, altitude)
    return time - flyout if flyout <= longest else -math.inf


@borrowing_kernel
def columns_of(
    path: NDArray[np.float64],
    start: int,
    nodes: int,
    weapon: Weapon,
    margin: float,
    columns: NDArray[np.float64],
) -> tuple[int, int]:
    """Write the place along the table's chord of the nodes near enough to pass within it, and of one on either side.

    Returns
    -------
    first, end : int
        Those nodes; equal when none is near.
    """
    xs, ys, zs = path[NORMAL, start:nodes], path[NORMAL + 1, start:nodes], path[NORMAL + 2, start:nodes]
    places = columns[start:nodes]
    px, py, pz, scale = weapon.normal_x, weapon.normal_y, weapon.normal_z, weapon.chord_scale
    chord = (LAST_COLUMN + margin) / scale
    least_cosine = 1.0 - 0.5 * chord * chord
    for node in range(nodes - start):
        places[node] = xs[node] * px + ys[node] * py + zs[node] * pz
    count = 0
    for node in range(nodes - start):
        count += 1 if places[node] > least_cosine else 0
    if count == 0:
        return 0, 0
    first, end = start, nodes
    while not columns[first] > least_cosine:
        first += 1
    while not columns[end - 1] > least_cosine:
        end -= 1
    first, end = max(first - 1, start), min(end + 1, nodes)
    places = columns[first:end]
    for node in range(end - first):
        squared = 2.0 - 2.0 * places[node]
        places[node] = math.sqrt(squared if squared > 0.0 else 0.0) * scale
    return first, end


@borrowing_kernel
def launches_of(
    path: NDArray[np.float64],
    start: int,
    end: int,
    weapon: Weapon,
    floors: NDArray[np.float32],
    columns: NDArray[np.float64],
    launches: NDArray[np.float64],
    bounds: NDArray[np.bool_],
) -> None:
    """Write an upper bound of each node's launch time [s]; ``bounds`` says where it may exceed the launch time."""
    scale, low, high = weapon.altitude_scale, weapon.altitude_low, weapon.altitude_high
    longest = weapon.maximum_flight_time
    cells, altitudes, instants = floors.reshape(-1), path[ALTITUDE, start:end], path[TIME, start:end]
    places, found, loose = columns[start:end], launches[start:end], bounds[start:end]
    for node in range(end - start):
        altitude, right = altitudes[node], places[node]
        inside = (right < LAST_COLUMN) & (altitude >= low) & (altitude <= high)
        up = (altitude - low) * scale if inside else 0.0
        line, column = min(int(up), TABLE_ROWS - 2), int(right if inside else 0.0)
        flyout = abs(float(cells[line * COLUMNS + column]))
        loose[node] = inside
        found[node] = instants[node] - flyout if inside & (flyout <= longest) else -math.inf


@inlined_kernel
def launch_between(
    row: NDArray[np.float64],
    path: NDArray[np.float64],
    start: int,
    time: float,
    available: float,
    weapon: Weapon,
    fan: NDArray[np.float64],
    times: NDArray[np.float32],
    floors: NDArray[np.float32],
) -> float:
    """Return :func:`launch_at` at a time between nodes, from the stencil that begins at ``start``."""
    ux, uy, uz, altitude = path_normal(row, path, start, time)
    return launch_at(ux, uy, uz, altitude, time, available, weapon, fan, times, floors)


@inlined_kernel
def launch_at_node(
    path: NDArray[np.float64],
    node: int,
    available: float,
    weapon: Weapon,
    fan: NDArray[np.float64],
    times: NDArray[np.float32],
    floors: NDArray[np.float32],
) -> float:
    """Return :func:`launch_at` at a node."""
    return launch_at(
        path[NORMAL, node],
        path[NORMAL + 1, node],
        path[NORMAL + 2, node],
        path[ALTITUDE, node],
        path[TIME, node],
        available,
        weapon,
        fan,
        times,
        floors,
    )


@kernel
def launch_times(
    row: NDArray[np.float64],
    path: NDArray[np.float64],
    boost: int,
    nodes: int,
    weapon: Weapon,
    fan: NDArray[np.float64],
    times: NDArray[np.float32],
    floors: NDArray[np.float32],
    launches: NDArray[np.int32],
) -> None:
    """Write the launch time of an intercept at each whole second of a flight's arc where it is after ignition [ms].

    Parameters
    ----------
    row, path, boost, nodes
        The flight's elements and its sampled path.
    weapon, fan, times, floors
        From :func:`weapon_of`, and of the interceptor's reach.
    launches : ndarray, shape (seconds,)
        Of seconds before burnout, after impact or without such a launch nothing is written.
    """
    node = 0
    for second in range(math.floor(row[BURN_TIME]) + 1, math.ceil(row[IMPACT_TIME])):
        while node < nodes - 2 and path[TIME, node + 1] <= second:
            node += 1
        four = stencil(boost, nodes, node)
        launch = launch_between(row, path, four, float(second), -1e9, weapon, fan, times, floors)
        if launch > 0.0:
            launches[second] = np.int32(math.floor(launch * 1000.0))
