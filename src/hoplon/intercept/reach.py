"""Reach tables: the least fly-out time on a grid, so that a coverage map looks it up instead of solving it.

A table spans the altitudes that an interceptor may intercept at and every ground range it can reach in its flight
time. A cell whose bilinear interpolation agrees with the exact solution at its centre is *smooth* and is looked up;
a cell without a corner or neighbour within the flight time is *out*, and says how long a flight takes at least from
there to one that is not; every other cell (the edge of reach, a bend between two kinds of path) is solved exactly. So a
look-up is within ``INTERPOLATION_TOLERANCE`` of the exact answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import inlined_kernel, kernel, parallel_kernel, parallel_range
from hoplon.constants import GRAVITATIONAL_PARAMETER, MEAN_RADIUS
from hoplon.intercept.flyout import FAN_COLUMNS, FAN_ROWS, fan_of, least_flyout_time

FASTEST_FLIGHT: Final = 8000.0  # [m s-1] bounds the speed of a flight, carried to the mean radius
INTERPOLATION_TOLERANCE: Final = 0.1  # [s] the model allows 0.5 s
COLUMNS: Final = 193
ROWS: Final = 97
_SCOUT_COLUMNS, _SCOUT_ROWS = 96, 24
_COARSE: Final = 2  # a coarse table solves every second node on either axis, and scouts an eighth of the points

# Columns of an interceptor row, the fields of :class:`Interceptor` in order.
BURNOUT_SPEED, BURN_DURATION, ALTITUDE_LOW, ALTITUDE_HIGH, MAXIMUM_FLIGHT_TIME, MINIMUM_ELEVATION = range(6)
SLOWEST_BURNOUT = 6


@dataclass(frozen=True)
class Interceptor:
    """What an interceptor type can do, SI and radians.

    Attributes
    ----------
    burnout_speed, burn_time : float
        [m s-1], [s].
    altitude_low, altitude_high : float
        Intercept altitude limits, inclusive [m].
    maximum_flight_time : float
        [s].
    minimum_elevation : float
        Of the launch [rad].
    slowest_burnout : float
        Least burnout speed [m s-1], for it may give up speed; from the burnout speed on, full speed alone.
    """

    burnout_speed: float
    burn_time: float
    altitude_low: float
    altitude_high: float
    maximum_flight_time: float
    minimum_elevation: float
    slowest_burnout: float = math.inf


@dataclass(frozen=True)
class Reach:
    """The reach table of an interceptor.

    Attributes
    ----------
    interceptor : Interceptor
    fan : ndarray, shape (FAN_ROWS, FAN_COLUMNS)
    times : ndarray, shape (rows, columns)
        Least fly-out time [s] by altitude (uniform from low to high) and chord (uniform from 0).
    floors : ndarray, shape (rows, columns)
        By a cell's lower left corner, a lower bound of the time in it [s]: with a minus sign where interpolation
        holds, positive where the cell must be solved. Where it is out, the greatest flight time and the least time in
        which a flight comes from there within reach.
    chord : float
        Greatest chord of the table, in units of the mean radius; 0 when nothing can be reached.
    """

    interceptor: Interceptor
    fan: NDArray[np.float64]
    times: NDArray[np.float32]
    floors: NDArray[np.float32]
    chord: float


def reach_of(interceptor: Interceptor, *, coarse: bool = False) -> Reach:
    """Build the reach table of an interceptor.

    Parameters
    ----------
    interceptor : Interceptor
    coarse : bool
        Solve every second node alone, in about a quarter of the time, for tables that few flights are looked up in:
        as exact, but more cells are solved when they are looked up.
    """
    step = _COARSE if coarse else 1
    fan = np.empty((FAN_ROWS, FAN_COLUMNS))
    fan_of(interceptor.burnout_speed, interceptor.burn_time, interceptor.minimum_elevation, fan)
    row = interceptor_row(interceptor)
    chord = _farthest_chord(row, fan, _SCOUT_ROWS // step, _SCOUT_COLUMNS // step**2)
    times = _table(row, fan, chord, (ROWS - 1) // step + 1, (COLUMNS - 1) // step + 1)
    floors = _floors(row, fan, chord, times)
    if step > 1:
        times, floors = _refined(times, floors, step)
    _write_ways_back(interceptor, chord, floors)
    return Reach(interceptor, fan, times, floors, chord)


def _write_ways_back(interceptor: Interceptor, chord: float, floors: NDArray[np.float32]) -> None:
    """Write into the cells that are out how long a flight takes at least from there to one that is not."""
    cells = floors[:-1, :-1]
    out = np.isinf(cells)
    if out.all():
        return
    line = (interceptor.altitude_high - interceptor.altitude_low) / cells.shape[0] / FASTEST_FLIGHT
    column = chord * MEAN_RADIUS / cells.shape[1] / FASTEST_FLIGHT
    along = np.minimum(_since_one(~out), _since_one(~out[:, ::-1])[:, ::-1]) * column  # to the nearest one of the line
    lines = np.arange(len(cells))[:, None]
    squared = np.full(cells.shape, np.inf)
    for of_line in lines[:, 0]:
        np.minimum(squared, (line * (lines - of_line)) ** 2 + along[of_line] ** 2, out=squared)
    least = np.maximum(np.sqrt(squared) - math.hypot(line, column), 0.0)  # between centres; from edge to edge
    cells[out] = np.nextafter((interceptor.maximum_flight_time + least[out]).astype(np.float32), np.float32(np.inf))


def _since_one(cells: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how many columns each cell lies after the last that holds; infinity where none does before it."""
    columns = np.arange(cells.shape[1], dtype=np.float64)
    return columns - np.maximum.accumulate(np.where(cells, columns, -np.inf), axis=1)


def _refined(
    times: NDArray[np.float32], floors: NDArray[np.float32], step: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return a table with nodes between those of a coarser one: interpolated, in cells that all are what theirs was."""
    weight = (np.arange(step, dtype=np.float32) / step)[:, None]

    def between(nodes: NDArray[np.float32]) -> NDArray[np.float32]:
        with np.errstate(invalid="ignore"):  # between infinite ones, where nothing is looked up
            inner = nodes[:-1, None] + weight * (nodes[1:, None] - nodes[:-1, None])
        return np.concatenate([inner.reshape(-1, nodes.shape[1]), nodes[-1:]])

    finer = np.full((ROWS, COLUMNS), np.inf, dtype=np.float32)
    finer[:-1, :-1] = floors[:-1, :-1].repeat(step, axis=0).repeat(step, axis=1)
    return np.ascontiguousarray(between(np.ascontiguousarray(between(times).T)).T), finer


def interceptor_row(interceptor: Interceptor) -> NDArray[np.float64]:
    """Return the interceptor's numbers as kernels take them, shape (7,)."""
    return np.array(
        [
            interceptor.burnout_speed,
            interceptor.burn_time,
            interceptor.altitude_low,
            interceptor.altitude_high,
            interceptor.maximum_flight_time,
            interceptor.minimum_elevation,
            min(interceptor.slowest_burnout, interceptor.burnout_speed),
        ]
    )


@kernel
def _lacks_energy(row: NDArray[np.float64], angle: float, altitude: float) -> bool:
    """Tell whether no coast of the burnout speed can pass a point: it takes far less time than finding none.

    The burnout is within the boost distance of the launcher. The least speed with which an ellipse joins two radii is
    that of the one whose semi-major axis is a quarter of the circumference of their triangle (Battin, An Introduction
    to the Mathematics and Methods of Astrodynamics, 1999, section 6.4).
    """
    boost = 0.5 * row[BURNOUT_SPEED] * row[BURN_DURATION]
    if boost >= MEAN_RADIUS:
        return False
    left = max(0.0, angle - math.asin(boost / MEAN_RADIUS))
    start, end = MEAN_RADIUS + boost, MEAN_RADIUS + altitude
    side = math.sqrt(max(0.0, start * start + end * end - 2.0 * start * end * math.cos(left)))
    least = GRAVITATIONAL_PARAMETER * (2.0 / start - 4.0 / (start + end + side))
    return bool(row[BURNOUT_SPEED] ** 2 < least * (1.0 - 1e-9))


@kernel
def _time(row: NDArray[np.float64], fan: NDArray[np.float64], chord: float, altitude: float) -> float:
    angle = 2.0 * math.asin(min(1.0, 0.5 * chord))
    if _lacks_energy(row, angle, altitude):
        return np.inf
    ground_range = MEAN_RADIUS * angle
    return float(
        least_flyout_time(
            row[BURNOUT_SPEED],
            row[SLOWEST_BURNOUT],
            row[BURN_DURATION],
            row[MINIMUM_ELEVATION],
            fan,
            ground_range,
            altitude,
        )
    )


@parallel_kernel
def _farthest_chord(row: NDArray[np.float64], fan: NDArray[np.float64], lines: int, columns: int) -> float:
    """Return a chord just beyond the farthest point reached within the flight time."""
    most = min(0.98 * math.pi, 1.2 * row[BURNOUT_SPEED] * row[MAXIMUM_FLIGHT_TIME] / MEAN_RADIUS)
    widest = 2.0 * math.sin(0.5 * most)
    farthest = np.zeros(lines)
    for line in parallel_range(lines):
        altitude = row[ALTITUDE_LOW] + (row[ALTITUDE_HIGH] - row[ALTITUDE_LOW]) * line / (lines - 1)
        for column in range(columns):
            if _time(row, fan, widest * column / columns, altitude) <= row[MAXIMUM_FLIGHT_TIME]:
                farthest[line] = column + 1
    return float(widest * min(farthest.max() + 1.0, float(columns)) / columns)


@parallel_kernel
def _table(
    row: NDArray[np.float64], fan: NDArray[np.float64], chord: float, lines: int, columns: int
) -> NDArray[np.float32]:
    times = np.empty((lines, columns), dtype=np.float32)
    for line in parallel_range(lines):
        altitude = row[ALTITUDE_LOW] + (row[ALTITUDE_HIGH] - row[ALTITUDE_LOW]) * line / (lines - 1)
        for column in range(columns):
            times[line, column] = _time(row, fan, chord * column / (columns - 1), altitude)
    return times


@parallel_kernel
def _floors(
    row: NDArray[np.float64], fan: NDArray[np.float64], chord: float, times: NDArray[np.float32]
) -> NDArray[np.float32]:
    lines, columns = times.shape
    floors = np.full((lines, columns), np.inf, dtype=np.float32)
    for line in parallel_range(lines - 1):
        altitude = row[ALTITUDE_LOW] + (row[ALTITUDE_HIGH] - row[ALTITUDE_LOW]) * (line + 0.5) / (lines - 1)
        for column in range(columns - 1):
            least = np.inf
            for up in range(max(0, line - 1), min(lines, line + 3)):
                for right in range(max(0, column - 1), min(columns, column + 3)):
                    least = min(least, times[up, right])
            if least > row[MAXIMUM_FLIGHT_TIME]:
                continue
            mean = 0.25 * (
                times[line, column] + times[line + 1, column] + times[line, column + 1] + times[line + 1, column + 1]
            )
            centre = _time(row, fan, chord * (column + 0.5) / (columns - 1), altitude)
            # A bilinear surface misses a parabola most at the centre; half the tolerance leaves room elsewhere.
            smooth = mean < np.inf and abs(mean - centre) <= 0.5 * INTERPOLATION_TOLERANCE
            if smooth:
                floors[line, column] = -min(
                    min(times[line, column], times[line + 1, column]),
                    min(times[line, column + 1], times[line + 1, column + 1]),
                )
            else:
                floors[line, column] = max(least - 1.0, 1e-3)
    return floors


@inlined_kernel
def interpolate(times: NDArray[np.float32], line: int, column: int, right: float, up: float) -> float:
    """Return the bilinear value inside a cell; ``right`` and ``up`` in [0, 1]."""
    low = times[line, column] + right * (times[line, column + 1] - times[line, column])
    high = times[line + 1, column] + right * (times[line + 1, column + 1] - times[line + 1, column])
    return float(low + up * (high - low))
