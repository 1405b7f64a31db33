"""Reach tables: the least fly-out time on a grid, so that a coverage map looks it up instead of solving it.

A table spans the altitudes that an interceptor may intercept at and every ground range it can reach in its flight
time. A cell whose bilinear interpolation agrees with the exact solution at its centre is *smooth* and is looked up;
a cell without a corner or neighbour within the flight time is *out*; every other cell (the edge of
reach, a bend between two kinds of path) is solved exactly. So a look-up is within ``INTERPOLATION_TOLERANCE`` of the
exact answer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import inlined_kernel, kernel, parallel_kernel, parallel_range
from hoplon.constants import MEAN_RADIUS
from hoplon.intercept.flyout import FAN_COLUMNS, FAN_ROWS, fan_of, least_flyout_time

INTERPOLATION_TOLERANCE: Final = 0.1  # [s] the model allows 0.5 s
COLUMNS: Final = 193
ROWS: Final = 97
_SCOUT_COLUMNS, _SCOUT_ROWS = 96, 24

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
        holds, positive where the cell must be solved, infinite where it is out.
    chord : float
        Greatest chord of the table, in units of the mean radius; 0 when nothing can be reached.
    """

    interceptor: Interceptor
    fan: NDArray[np.float64]
    times: NDArray[np.float32]
    floors: NDArray[np.float32]
    chord: float


def reach_of(interceptor: Interceptor) -> Reach:
    """Build the reach table of an interceptor."""
    fan = np.empty((FAN_ROWS, FAN_COLUMNS))
    fan_of(interceptor.burnout_speed, interceptor.burn_time, interceptor.minimum_elevation, fan)
    row = interceptor_row(interceptor)
    chord = _farthest_chord(row, fan)
    times = _table(row, fan, chord)
    return Reach(interceptor, fan, times, _floors(row, fan, chord, times), chord)


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
def _time(row: NDArray[np.float64], fan: NDArray[np.float64], chord: float, altitude: float) -> float:
    ground_range = 2.0 * MEAN_RADIUS * math.asin(min(1.0, 0.5 * chord))
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
def _farthest_chord(row: NDArray[np.float64], fan: NDArray[np.float64]) -> float:
    """Return a chord just beyond the farthest point reached within the flight time."""
    most = min(0.98 * math.pi, 1.2 * row[BURNOUT_SPEED] * row[MAXIMUM_FLIGHT_TIME] / MEAN_RADIUS)
    widest = 2.0 * math.sin(0.5 * most)
    farthest = np.zeros(_SCOUT_ROWS)
    for line in parallel_range(_SCOUT_ROWS):
        altitude = row[ALTITUDE_LOW] + (row[ALTITUDE_HIGH] - row[ALTITUDE_LOW]) * line / (_SCOUT_ROWS - 1)
        for column in range(_SCOUT_COLUMNS):
            if _time(row, fan, widest * column / _SCOUT_COLUMNS, altitude) <= row[MAXIMUM_FLIGHT_TIME]:
                farthest[line] = column + 1
    return float(widest * min(farthest.max() + 1.0, float(_SCOUT_COLUMNS)) / _SCOUT_COLUMNS)


@parallel_kernel
def _table(row: NDArray[np.float64], fan: NDArray[np.float64], chord: float) -> NDArray[np.float32]:
    times = np.empty((ROWS, COLUMNS), dtype=np.float32)
    for line in parallel_range(ROWS):
        altitude = row[ALTITUDE_LOW] + (row[ALTITUDE_HIGH] - row[ALTITUDE_LOW]) * line / (ROWS - 1)
        for column in range(COLUMNS):
            times[line, column] = _time(row, fan, chord * column / (COLUMNS - 1), altitude)
    return times


@parallel_kernel
def _floors(
    row: NDArray[np.float64], fan: NDArray[np.float64], chord: float, times: NDArray[np.float32]
) -> NDArray[np.float32]:
    floors = np.full((ROWS, COLUMNS), np.inf, dtype=np.float32)
    for line in parallel_range(ROWS - 1):
        altitude = row[ALTITUDE_LOW] + (row[ALTITUDE_HIGH] - row[ALTITUDE_LOW]) * (line + 0.5) / (ROWS - 1)
        for column in range(COLUMNS - 1):
            least = np.inf
            for up in range(max(0, line - 1), min(ROWS, line + 3)):
                for right in range(max(0, column - 1), min(COLUMNS, column + 3)):
                    least = min(least, times[up, right])
            if least > row[MAXIMUM_FLIGHT_TIME]:
                continue
            mean = 0.25 * (
                times[line, column] + times[line + 1, column] + times[line, column + 1] + times[line + 1, column + 1]
            )
            centre = _time(row, fan, chord * (column + 0.5) / (COLUMNS - 1), altitude)
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
