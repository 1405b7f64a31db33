"""Re-entry: the closed form of Allen and Eggers, and the last part of a kinematic flight with drag.

The kinematic tier leaves drag out. Below 100 km, where lower-layer batteries fight, these functions put it back: the
flight is taken over from the two-body arc where it falls through 100 km (at burnout, if it never rises above) and
integrated to the ground.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import kernel, parallel_kernel, parallel_range
from hoplon.constants import ROTATION_RATE
from hoplon.earth.geodesy import normal_and_altitude
from hoplon.errors import InputError
from hoplon.flight.arc import (
    BURN_TIME,
    ECCENTRIC_BURNOUT,
    ECCENTRIC_IMPACT,
    ECCENTRICITY,
    IMPACT_TIME,
    MEAN_ANOMALY,
    MEAN_MOTION,
    PERIAPSIS,
    SEMI_MAJOR_AXIS,
    STATUS,
    TRANSVERSE,
    flight_state,
)
from hoplon.flight.ballistic import solve_kepler
from hoplon.flight.flight_time import FLIES
from hoplon.flight.integrate import DESCENT, NO_EVENT, WORK_ROWS, propagate
from hoplon.flight.motion import (
    DRAG_MASS,
    EARTH,
    FORCES,
    MASS,
    TOLERANCE,
    Surroundings,
    coasting,
    drag_of_ballistic_coefficient,
)
from hoplon.flight.powered import REENTRY_ALTITUDE

_LONGEST_FALL: Final = 3600.0  # [s]


@dataclass(frozen=True)
class AllenEggers:
    """Re-entry along a straight line through an exponential atmosphere, drag alone.

    Attributes
    ----------
    entry_speed : float
        [m s-1].
    entry_angle : float
        Below the horizontal [rad], in (0, pi/2].
    ballistic_coefficient : float
        m / (Cd A) [kg m-2].
    surface_density, scale_height : float
        [kg m-3], [m].

    Notes
    -----
    Gravity and the Earth's curvature are left out: good for steep and fast re-entry.

    References
    ----------
    .. [1] H. J. Allen and A. J. Eggers, "A study of the motion and aerodynamic heating of ballistic missiles entering
       the Earth's atmosphere at high supersonic speeds", NACA Report 1381, 1958, equations 11 to 16.
    """

    entry_speed: float
    entry_angle: float
    ballistic_coefficient: float
    surface_density: float = 1.225
    scale_height: float = 7200.0

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not (math.isfinite(value) and value > 0.0):
                raise InputError(f"{name} must be positive and finite, got {value:g}")
        if self.entry_angle > 0.5 * math.pi:
            raise InputError(f"entry_angle must lie in (0, pi/2] rad, got {self.entry_angle:g}; degrees?")

    @property
    def _exponent(self) -> float:
        return (
            self.surface_density * self.scale_height / (2.0 * self.ballistic_coefficient * math.sin(self.entry_angle))
        )

    def speed(self, altitude: float) -> float:
        """Return the speed at an altitude [m]."""
        return self.entry_speed * math.exp(-self._exponent * math.exp(-altitude / self.scale_height))

    def deceleration(self, altitude: float) -> float:
        """Return the deceleration at an altitude [m], in m s-2."""
        air = self.surface_density * math.exp(-altitude / self.scale_height)
        return 0.5 * air * self.speed(altitude) ** 2 / self.ballistic_coefficient

    @property
    def peak_altitude(self) -> float:
        """Where the deceleration is greatest [m]; 0 if it still grows at the ground."""
        return max(0.0, self.scale_height * math.log(2.0 * self._exponent))

    @property
    def peak_deceleration(self) -> float:
        """The greatest deceleration [m s-2]; without regard to the body, as long as the peak is above the ground."""
        return self.deceleration(self.peak_altitude)


@dataclass(frozen=True)
class Descents:
    """The last part of flights, with drag.

    Attributes
    ----------
    start, impact : ndarray, shape (n,)
        When each is taken over from the arc, and when it meets the ground [s]; infinite for a flight that does not
        exist.
    impact_ecef : ndarray, shape (n, 3)
        Where it meets the ground [m]; zeros for a flight that does not exist.
    times : ndarray, shape (n, m)
        Of the samples [s], equally spaced from start to impact.
    states : ndarray, shape (n, m, 6)
        ECEF position [m] and velocity [m s-1].
    altitudes : ndarray, shape (n, m)
        [m].
    """

    start: NDArray[np.float64]
    impact: NDArray[np.float64]
    impact_ecef: NDArray[np.float64]
    times: NDArray[np.float64]
    states: NDArray[np.float64]
    altitudes: NDArray[np.float64]


@kernel
def arc_state(row: NDArray[np.float64], time: float, state: NDArray[np.float64]) -> None:
    """Write the ECEF position [m] and velocity [m s-1] of a flight's two-body arc at a time [s] from burnout on."""
    a, eccentricity = row[SEMI_MAJOR_AXIS], row[ECCENTRICITY]
    share = (time - row[BURN_TIME]) / (row[IMPACT_TIME] - row[BURN_TIME])
    guess = row[ECCENTRIC_BURNOUT] + share * (row[ECCENTRIC_IMPACT] - row[ECCENTRIC_BURNOUT])
    mean = row[MEAN_ANOMALY] + row[MEAN_MOTION] * (time - row[BURN_TIME])
    anomaly = solve_kepler(eccentricity, mean, guess)
    cosine, sine = math.cos(anomaly), math.sin(anomaly)
    b = a * math.sqrt(1.0 - eccentricity * eccentricity)
    rate = row[MEAN_MOTION] / (1.0 - eccentricity * cosine)
    along, across = a * (cosine - eccentricity), b * sine
    along_rate, across_rate = -a * sine * rate, b * cosine * rate
    x = along * row[PERIAPSIS] + across * row[TRANSVERSE]
    y = along * row[PERIAPSIS + 1] + across * row[TRANSVERSE + 1]
    z = along * row[PERIAPSIS + 2] + across * row[TRANSVERSE + 2]
    vx = along_rate * row[PERIAPSIS] + across_rate * row[TRANSVERSE]
    vy = along_rate * row[PERIAPSIS + 1] + across_rate * row[TRANSVERSE + 1]
    vz = along_rate * row[PERIAPSIS + 2] + across_rate * row[TRANSVERSE + 2]
    turn = ROTATION_RATE * time
    turn_cosine, turn_sine = math.cos(turn), math.sin(turn)
    state[0], state[1], state[2] = turn_cosine * x + turn_sine * y, turn_cosine * y - turn_sine * x, z
    state[3] = turn_cosine * vx + turn_sine * vy + ROTATION_RATE * state[1]
    state[4] = turn_cosine * vy - turn_sine * vx - ROTATION_RATE * state[0]
    state[5] = vz


@kernel
def fall_time(row: NDArray[np.float64], altitude: float) -> float:
    """Return when a flight last falls through an altitude [m] on its arc [s]; burnout if it is never above it."""
    low, high = float(row[BURN_TIME]), float(row[IMPACT_TIME])
    # The arc's altitude rises to one peak and falls: the last fall lies after the highest of a few points.
    best, peak = low, -1.0
    for node in range(33):
        time = low + node / 32.0 * (high - low)
        _, _, _, here, _, _, _ = flight_state(row, time)
        if here > peak:
            best, peak = time, here
    if peak <= altitude:
        return low
    low = best
    while high - low > 1e-9:
        middle = 0.5 * (low + high)
        _, _, _, here, _, _, _ = flight_state(row, middle)
        if here > altitude:
            low = middle
        else:
            high = middle
    return high


@kernel
def _descend(
    row: NDArray[np.float64],
    forces: NDArray[np.float64],
    work: NDArray[np.float64],
    times: NDArray[np.float64],
    states: NDArray[np.float64],
    altitudes: NDArray[np.float64],
) -> bool:
    """Fill one flight's equally spaced samples from the take-over to the ground; tell whether it comes down."""
    state = np.empty(6)
    start = fall_time(row, REENTRY_ALTITUDE)
    arc_state(row, start, state)
    count = times.shape[0]
    impact, happened = propagate(start, start + _LONGEST_FALL, DESCENT, 0.0, state, forces, work)
    if not happened:
        return False
    states[count - 1] = state
    arc_state(row, start, state)
    time = start
    for sample in range(count):
        times[sample] = start + (impact - start) * sample / (count - 1)
        if sample < count - 1:
            propagate(time, times[sample], NO_EVENT, 0.0, state, forces, work)
            time = times[sample]
            states[sample] = state
        _, _, _, altitudes[sample] = normal_and_altitude(states[sample, 0], states[sample, 1], states[sample, 2])
    return True


@parallel_kernel
def _descend_all(
    elements: NDArray[np.float64],
    coefficients: NDArray[np.float64],
    pattern: NDArray[np.float64],
    times: NDArray[np.float64],
    states: NDArray[np.float64],
    altitudes: NDArray[np.float64],
    down: NDArray[np.bool_],
) -> None:
    for index in parallel_range(elements.shape[0]):
        forces, work = np.empty(FORCES), np.empty((WORK_ROWS, 6))
        forces[:] = pattern
        forces[DRAG_MASS] = coefficients[index]
        forces[MASS] = coefficients[index]
        down[index] = elements[index, STATUS] == FLIES and _descend(
            elements[index], forces, work, times[index], states[index], altitudes[index]
        )


def descents(
    elements: NDArray[np.float64],
    ballistic_coefficients: NDArray[np.float64],
    samples: int = 64,
    tolerance: float = 1e-8,
    surroundings: Surroundings = EARTH,
) -> Descents:
    """Return the last part of flights, below 100 km, with drag.

    Parameters
    ----------
    elements : ndarray, shape (n, COLUMNS)
        Flights of the kinematic tier (:func:`hoplon.flight.arc.solve_flights`).
    ballistic_coefficients : ndarray, shape (n,)
        Of what re-enters [kg m-2], positive.
    samples : int
        Of each flight, 2 or more.
    tolerance : float
        Of the integration, relative, a step; 1e-8 keeps the impact within a metre.
    surroundings : Surroundings

    Raises
    ------
    InputError
        If a ballistic coefficient is not positive, or there are fewer than two samples.
    """
    coefficients = np.asarray(ballistic_coefficients, dtype=np.float64)
    if coefficients.shape != elements.shape[:1]:
        raise InputError(f"one ballistic coefficient a flight was expected, got {coefficients.shape}")
    if not np.all(np.isfinite(coefficients) & (coefficients > 0.0)):
        raise InputError("ballistic coefficients must be positive and finite, in kg/m2")
    if samples < 2:
        raise InputError(f"samples must be 2 or more, got {samples}")
    count = elements.shape[0]
    times, altitudes = np.zeros((count, samples)), np.zeros((count, samples))
    states, down = np.zeros((count, samples, 6)), np.zeros(count, dtype=np.bool_)
    pattern = coasting(*drag_of_ballistic_coefficient(1.0), surroundings)
    pattern[TOLERANCE] = tolerance
    _descend_all(elements, coefficients, pattern, times, states, altitudes, down)
    return Descents(
        start=np.where(down, times[:, 0], np.inf),
        impact=np.where(down, times[:, -1], np.inf),
        impact_ecef=states[:, -1, :3].copy(),
        times=times,
        states=states,
        altitudes=altitudes,
    )


@kernel
def slow_path(
    row: NDArray[np.float64],
    forces: NDArray[np.float64],
    boost: int,
    nodes: int,
    path: NDArray[np.float64],
    work: NDArray[np.float64],
) -> float:
    """Put drag into the nodes of a sampled path that lie below 100 km; return the time of impact [s].

    The nodes after the take-over keep their number and are spread evenly from there to the impact with drag; those
    before it stay. A flight that does not come down is left as it is.

    Parameters
    ----------
    row : ndarray, shape (COLUMNS,)
        Elements of a flight that exists.
    forces : ndarray, shape (FORCES,)
        Of the body (:func:`hoplon.flight.motion.coasting`).
    boost, nodes : int
        As :func:`hoplon.flight.path.sample_path` returned them.
    path : ndarray, shape (ROWS, m)
        Changed in place.
    work : ndarray, shape (WORK_ROWS, 6)
        Scratch.
    """
    start = fall_time(row, REENTRY_ALTITUDE)
    first = nodes - 1
    while first > boost and path[0, first - 1] > start:
        first -= 1
    state = np.empty(6)
    arc_state(row, start, state)
    impact, happened = propagate(start, start + _LONGEST_FALL, DESCENT, 0.0, state, forces, work)
    if not happened:
        return float(row[IMPACT_TIME])
    arc_state(row, start, state)
    time, spacing = start, (impact - start) / (nodes - first)
    for node in range(first, nodes):
        following = impact if node == nodes - 1 else start + spacing * (node - first + 1)
        propagate(time, following, NO_EVENT, 0.0, state, forces, work)
        time = following
        path[0, node] = time
        path[1, node], path[2, node], path[3, node], path[4, node] = normal_and_altitude(state[0], state[1], state[2])
        path[5, node], path[6, node], path[7, node] = state[0], state[1], state[2]
    return impact
