"""Integrating a flight: Dormand and Prince's 5(4) pair with step control, and events located on the step they fall in.

An event is a sign change of altitude over a level, or of the climb rate. The step in which it happens is shortened
until its end is the event: the event is as accurate as the integration.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import kernel
from hoplon.flight.motion import TOLERANCE, altitude_of, climb_rate, derivative

NO_EVENT, APOGEE, DESCENT = 0, 1, 2
_LEAST_DISTANCE, _LEAST_SPEED = 1e6, 1e3  # [m], [m s-1] the tolerance is relative to these or more
_LEAST_STEP, _MOST_STEPS = 1e-9, 1_000_000
_LOCATED: Final = 1e-9  # [s]

# Dormand and Prince, J. Comp. Appl. Math. 6 (1980) 19-26, table 2.
_NODES = np.array([0.0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1.0, 1.0])
_WEIGHTS = np.array(
    [
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [1 / 5, 0.0, 0.0, 0.0, 0.0, 0.0],
        [3 / 40, 9 / 40, 0.0, 0.0, 0.0, 0.0],
        [44 / 45, -56 / 15, 32 / 9, 0.0, 0.0, 0.0],
        [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729, 0.0, 0.0],
        [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656, 0.0],
        [35 / 384, 0.0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
    ]
)
_ERRORS = np.array(
    [71 / 57600, 0.0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40]
)  # fifth order less fourth

WORK_ROWS: Final = 10  # of the scratch array: seven slopes, the trial state, the next state, the state before


@kernel
def dormand_prince_step(
    time: float, step: float, state: NDArray[np.float64], forces: NDArray[np.float64], work: NDArray[np.float64]
) -> float:
    """Write the state after one step into ``work[8]``; return the step's error in units of the tolerance.

    Parameters
    ----------
    time, step : float
        [s].
    state : ndarray, shape (6,)
        At ``time``; left as it is.
    forces : ndarray, shape (FORCES,)
    work : ndarray, shape (WORK_ROWS, 6)
        Scratch.
    """
    derivative(time, state, forces, work[0])
    for stage in range(1, 7):
        trial = work[8] if stage == 6 else work[7]
        for axis in range(6):
            total = 0.0
            for before in range(stage):
                total += _WEIGHTS[stage, before] * work[before, axis]
            trial[axis] = state[axis] + step * total
        derivative(time + _NODES[stage] * step, trial, forces, work[stage])
    worst = 0.0
    for axis in range(6):
        error = 0.0
        for stage in range(7):
            error += _ERRORS[stage] * work[stage, axis]
        least = _LEAST_DISTANCE if axis < 3 else _LEAST_SPEED
        scale = forces[TOLERANCE] * max(least, abs(state[axis]), abs(work[8, axis]))
        worst = max(worst, abs(step * error) / scale)
    return worst


@kernel
def _excess(event: int, level: float, state: NDArray[np.float64]) -> float:
    """Return what falls through zero at an event."""
    return climb_rate(state) if event == APOGEE else altitude_of(state) - level


@kernel
def propagate(
    time: float,
    end: float,
    event: int,
    level: float,
    state: NDArray[np.float64],
    forces: NDArray[np.float64],
    work: NDArray[np.float64],
) -> tuple[float, bool]:
    """Advance a state to a time, or to an event before it.

    Parameters
    ----------
    time, end : float
        [s].
    event : int
        NO_EVENT, APOGEE (the climb ends) or DESCENT (the altitude falls through ``level``).
    level : float
        [m].
    state : ndarray, shape (6,)
        Advanced in place.
    forces : ndarray, shape (FORCES,)
    work : ndarray, shape (WORK_ROWS, 6)
        Scratch.

    Returns
    -------
    time : float
        Reached [s]; NaN if the steps grew too small or too many.
    happened : bool
        Whether the event ended it.
    """
    step = min(1.0, end - time)
    above = event != NO_EVENT and _excess(event, level, state) > 0.0
    for _ in range(_MOST_STEPS):
        if end - time <= _LEAST_STEP:
            return end, False
        step = min(step, end - time)
        error = dormand_prince_step(time, step, state, forces, work)
        if not error <= 1.0:
            if not step > _LEAST_STEP:
                return math.nan, False
            step *= max(0.2, 0.9 * error**-0.2) if math.isfinite(error) else 0.2
            continue
        if event != NO_EVENT:
            now = _excess(event, level, work[8])
            if above and now <= 0.0:
                return time + _locate(time, step, event, level, state, forces, work), True
            above = now > 0.0
        time += step
        state[:] = work[8]
        step *= min(5.0, 0.9 * max(error, 1e-10) ** -0.2)
    return math.nan, False


@kernel
def _locate(
    time: float,
    step: float,
    event: int,
    level: float,
    state: NDArray[np.float64],
    forces: NDArray[np.float64],
    work: NDArray[np.float64],
) -> float:
    """Advance a state to the event inside a step; return the time that takes (regula falsi, Illinois)."""
    low, high = 0.0, step
    at_low, at_high = _excess(event, level, state), _excess(event, level, work[8])
    middle = high
    for _ in range(200):
        if high - low <= _LOCATED or at_high == 0.0:
            break
        middle = (low * at_high - high * at_low) / (at_high - at_low)
        if not low < middle < high:
            middle = 0.5 * (low + high)
        dormand_prince_step(time, middle, state, forces, work)
        found = _excess(event, level, work[8])
        if found > 0.0:
            low, at_low = middle, found
            at_high *= 0.5
        else:
            high, at_high = middle, found
            at_low *= 0.5
        if abs(found) < 1e-9:
            high = middle
            break
    dormand_prince_step(time, high, state, forces, work)
    state[:] = work[8]
    return high


@kernel
def fixed_steps(time: float, step: float, count: int, state: NDArray[np.float64], forces: NDArray[np.float64]) -> None:
    """Advance a state in place by equal steps of the fifth-order formula, without step control."""
    work = np.empty((WORK_ROWS, 6))
    for _ in range(count):
        dormand_prince_step(time, step, state, forces, work)
        state[:] = work[8]
        time += step
