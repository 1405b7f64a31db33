"""Powered flight of generic and historic vehicles: staged thrust, vertical rise, gravity turn, then free fall.

A 3-DOF point mass. At the end of the vertical rise the velocity is turned at once by the pitch-over angle towards the
azimuth; from there the thrust follows the velocity over the turning Earth (gravity turn, no incidence). What is left
after the last burnout flies on with the drag of the re-entry body.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import kernel
from hoplon.earth.atmosphere import STANDARD_GRAVITY
from hoplon.earth.geodesy import ground_range, heading_vector, normal_and_altitude, normal_of, position_of_normal
from hoplon.errors import HoplonError, InputError
from hoplon.flight.integrate import APOGEE, DESCENT, WORK_ROWS, propagate
from hoplon.flight.motion import (
    ALONG_VELOCITY,
    COAST,
    DIRECTION,
    EARTH,
    FIXED_DIRECTION,
    FORCES,
    MASS,
    MASS_FLOW,
    NOZZLE_AREA,
    START,
    STEERING,
    THRUST,
    Drag,
    Surroundings,
    altitude_of,
    climb_rate,
    coasting,
)

REENTRY_ALTITUDE: Final = 100e3  # [m] the event "100 km down"
LONGEST_FLIGHT: Final = 20_000.0  # [s] what is not down by then is in orbit, or gone
_EVENTS: Final = 4
_BURNOUT, _APOGEE, _REENTRY, _IMPACT = range(_EVENTS)


@dataclass(frozen=True)
class Stage:
    """One stage.

    Attributes
    ----------
    thrust : float
        At sea level [N].
    specific_impulse : float
        At sea level [s].
    burn_time : float
        [s].
    dry_mass : float
        Left behind at burnout [kg].
    nozzle_area : float
        Exit area [m2], by which the thrust grows as the air thins; 0 for a constant thrust.
    """

    thrust: float
    specific_impulse: float
    burn_time: float
    dry_mass: float
    nozzle_area: float = 0.0

    def __post_init__(self) -> None:
        for name in ("thrust", "specific_impulse", "burn_time"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0.0):
                raise InputError(f"stage: {name} must be positive and finite, got {value:g}")
        for name in ("dry_mass", "nozzle_area"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0.0):
                raise InputError(f"stage: {name} must not be negative, got {value:g}")

    @property
    def mass_flow(self) -> float:
        """Propellant burnt a second [kg s-1]."""
        return self.thrust / (self.specific_impulse * STANDARD_GRAVITY)

    @property
    def propellant_mass(self) -> float:
        """Propellant [kg]."""
        return self.mass_flow * self.burn_time

    @property
    def mass(self) -> float:
        """Full [kg]."""
        return self.dry_mass + self.propellant_mass


@dataclass(frozen=True)
class Vehicle:
    """A generic or historic vehicle.

    Attributes
    ----------
    stages : tuple of Stage
        In the order in which they burn.
    payload_mass : float
        What flies on after the last burnout [kg].
    boost_drag, reentry_drag : Drag
        Of the whole, and of what flies on.
    vertical_rise : float
        [s] before the pitch-over; shorter than the first stage burns.
    least_range : float
        [m]; nearer aims are refused.

    Raises
    ------
    InputError
        For masses that are not positive, a rise longer than the first stage, or a thrust that cannot lift a stage and
        what stands on it.
    """

    stages: tuple[Stage, ...]
    payload_mass: float
    boost_drag: Drag
    reentry_drag: Drag
    vertical_rise: float = 5.0
    least_range: float = 0.0

    def __post_init__(self) -> None:
        if not self.stages:
            raise InputError("a vehicle has at least one stage")
        if not (math.isfinite(self.payload_mass) and self.payload_mass > 0.0):
            raise InputError(f"payload_mass must be positive and finite, got {self.payload_mass:g} kg")
        if not 0.0 < self.vertical_rise < self.stages[0].burn_time:
            raise InputError(
                f"vertical_rise must lie between 0 and the first burn time of {self.stages[0].burn_time:g} s, "
                f"got {self.vertical_rise:g} s"
            )
        first, weight = self.stages[0], self.lift_off_mass * STANDARD_GRAVITY
        if first.thrust <= weight:
            raise InputError(
                f"a thrust of {first.thrust / 1e3:.4g} kN cannot lift a weight of {weight / 1e3:.4g} kN "
                f"({self.lift_off_mass:.4g} kg); thrust in kilograms-force or tonnes? Newtons were expected"
            )

    @property
    def lift_off_mass(self) -> float:
        """Everything [kg]."""
        return self.payload_mass + sum(stage.mass for stage in self.stages)

    @property
    def burn_time(self) -> float:
        """Of all stages [s]."""
        return sum(stage.burn_time for stage in self.stages)


@dataclass(frozen=True)
class Event:
    """A moment of a flight: time [s], ECEF position [m] and velocity [m s-1], geodetic place [rad] and altitude [m]."""

    time: float
    position_ecef: NDArray[np.float64]
    velocity_ecef: NDArray[np.float64]
    latitude: float
    longitude: float
    altitude: float

    @property
    def speed(self) -> float:
        """Over the turning Earth [m s-1]."""
        return float(np.linalg.norm(self.velocity_ecef))

    @property
    def flight_path_angle(self) -> float:
        """Of the velocity over the turning Earth, above the local horizon [rad]."""
        state = np.concatenate([self.position_ecef, self.velocity_ecef])
        return math.asin(max(-1.0, min(1.0, climb_rate(state) / self.speed))) if self.speed > 0.0 else 0.0


@dataclass(frozen=True)
class DynamicFlight:
    """An integrated flight.

    Attributes
    ----------
    times : ndarray, shape (m,)
        [s]; ignition, every sample, every event.
    states : ndarray, shape (m, 6)
        ECEF position [m] and velocity [m s-1].
    burnout, apogee, reentry, impact : Event or None
        Re-entry is the fall through 100 km; None for a flight that stays below. An apogee at burnout is None.
    ground_range : float or None
        From the launch to the impact on the mean sphere [m].
    reason : str or None
        Why there is no impact, or why it came in powered flight.
    """

    times: NDArray[np.float64]
    states: NDArray[np.float64]
    burnout: Event | None
    apogee: Event | None
    reentry: Event | None
    impact: Event | None
    ground_range: float | None
    reason: str | None


@kernel
def _stretch(
    time: float,
    end: float,
    event: int,
    level: float,
    sample_step: float,
    state: NDArray[np.float64],
    forces: NDArray[np.float64],
    work: NDArray[np.float64],
    times: NDArray[np.float64],
    states: NDArray[np.float64],
    count: int,
) -> tuple[float, bool, int]:
    """Advance to an end or event, writing a sample at each multiple of the step and at the end."""
    happened = False
    while time < end and not happened:
        target = end
        if sample_step < math.inf:
            target = min(end, (math.floor(time / sample_step + 1e-9) + 1.0) * sample_step)
        time, happened = propagate(time, target, event, level, state, forces, work)
        if math.isnan(time):
            break
        if count < times.shape[0] and (sample_step < math.inf or time >= end or happened):
            times[count] = time
            states[count] = state
            count += 1
    return time, happened, count


@kernel
def _note(events: NDArray[np.float64], index: int, time: float, state: NDArray[np.float64]) -> None:
    events[index, 0] = time
    for axis in range(6):
        events[index, axis + 1] = state[axis]


@kernel
def _fly(
    state: NDArray[np.float64],
    segments: NDArray[np.float64],
    ends: NDArray[np.float64],
    turned: NDArray[np.float64],
    sample_step: float,
    times: NDArray[np.float64],
    states: NDArray[np.float64],
    events: NDArray[np.float64],
) -> tuple[int, bool]:
    """Fly a whole vehicle: return the samples written and whether it met the ground under power.

    The last row of ``segments`` is the coast; ``turned`` is the direction after the pitch-over.
    """
    work = np.empty((WORK_ROWS, 6))
    times[0], count, time = 0.0, 1, 0.0
    states[0] = state
    events[:] = np.nan
    burns = segments.shape[0] - 1
    for segment in range(burns):
        time, crashed, count = _stretch(
            time, ends[segment], DESCENT, 0.0, sample_step, state, segments[segment], work, times, states, count
        )
        if crashed or math.isnan(time):
            if crashed:
                _note(events, _IMPACT, time, state)
            return count, crashed
        if segment == 0:
            speed = math.sqrt(state[3] ** 2 + state[4] ** 2 + state[5] ** 2)
            for axis in range(3):
                state[3 + axis] = speed * turned[axis]
    _note(events, _BURNOUT, time, state)
    return _coast(time, state, segments[burns], work, sample_step, times, states, count, events), False


@kernel
def _coast(
    time: float,
    state: NDArray[np.float64],
    forces: NDArray[np.float64],
    work: NDArray[np.float64],
    sample_step: float,
    times: NDArray[np.float64],
    states: NDArray[np.float64],
    count: int,
    events: NDArray[np.float64],
) -> int:
    """Fall from a state to the ground, noting apogee, re-entry and impact."""
    end = time + LONGEST_FLIGHT
    if climb_rate(state) > 0.0:
        time, happened, count = _stretch(time, end, APOGEE, 0.0, sample_step, state, forces, work, times, states, count)
        if not happened:
            return count
        _note(events, _APOGEE, time, state)
    if altitude_of(state) > REENTRY_ALTITUDE:
        time, happened, count = _stretch(
            time, end, DESCENT, REENTRY_ALTITUDE, sample_step, state, forces, work, times, states, count
        )
        if not happened:
            return count
        _note(events, _REENTRY, time, state)
    time, happened, count = _stretch(time, end, DESCENT, 0.0, sample_step, state, forces, work, times, states, count)
    if happened:
        _note(events, _IMPACT, time, state)
    return count


def launch(
    vehicle: Vehicle,
    launch_latitude: float,
    launch_longitude: float,
    azimuth: float,
    pitch_over: float,
    *,
    cutoff: float | None = None,
    sample_step: float = math.inf,
    surroundings: Surroundings = EARTH,
) -> DynamicFlight:
    """Fly a vehicle from a place at altitude 0.

    Parameters
    ----------
    vehicle : Vehicle
    launch_latitude, launch_longitude : float
        Geodetic [rad].
    azimuth : float
        Of the pitch-over, clockwise from north [rad].
    pitch_over : float
        From the vertical, at the end of the vertical rise [rad], in [0, pi/2).
    cutoff : float, optional
        When the thrust ends [s], after the last stage has lit; at its burnout if not given.
    sample_step : float
        Between samples [s]; by default only the events are kept.
    surroundings : Surroundings

    Raises
    ------
    InputError
        For a pitch-over or a cutoff out of range. A flight that does not come down is an answer.
    """
    if not 0.0 <= pitch_over < 0.5 * math.pi:
        raise InputError(f"pitch_over must lie in [0, pi/2) rad, got {pitch_over:g}; degrees?")
    if not sample_step > 0.0:
        raise InputError(f"sample_step must be positive, got {sample_step:g} s")
    segments, ends = _segments(vehicle, launch_latitude, launch_longitude, cutoff, surroundings)
    ux, uy, uz = normal_of(launch_latitude, launch_longitude)
    ahead = np.array(heading_vector(launch_latitude, launch_longitude, azimuth))
    turned = math.cos(pitch_over) * np.array([ux, uy, uz]) + math.sin(pitch_over) * ahead
    state = np.concatenate([position_of_normal(ux, uy, uz, 0.0), np.zeros(3)])
    length = 16 if math.isinf(sample_step) else 32 + math.ceil((ends[-1] + LONGEST_FLIGHT) / sample_step)
    times, states, events = np.empty(length), np.empty((length, 6)), np.empty((_EVENTS, 7))
    count, crashed = _fly(state, segments, ends, turned, sample_step, times, states, events)
    return _answer((launch_latitude, launch_longitude), times[:count].copy(), states[:count].copy(), events, crashed)


def fall(
    position_ecef: NDArray[np.float64],
    velocity_ecef: NDArray[np.float64],
    drag: Drag,
    mass: float,
    *,
    start: float = 0.0,
    sample_step: float = math.inf,
    surroundings: Surroundings = EARTH,
) -> DynamicFlight:
    """Fly a body without thrust from a state to the ground; the ground range counts from below the state.

    Parameters
    ----------
    position_ecef, velocity_ecef : ndarray, shape (3,)
        [m], [m s-1] over the turning Earth.
    drag : Drag
    mass : float
        [kg].
    start : float
        Time of the state [s].
    sample_step : float
        [s].
    surroundings : Surroundings
    """
    state = np.concatenate([position_ecef, velocity_ecef]).astype(np.float64)
    if not np.all(np.isfinite(state)):
        raise InputError("a state must be finite")
    length = 16 if math.isinf(sample_step) else 32 + math.ceil(LONGEST_FLIGHT / sample_step)
    times, states, events = np.empty(length), np.empty((length, 6)), np.full((_EVENTS, 7), np.nan)
    times[0], states[0] = start, state
    ux, uy, uz, _ = normal_and_altitude(state[0], state[1], state[2])
    below = (math.asin(uz), math.atan2(uy, ux))
    work, forces = np.empty((WORK_ROWS, 6)), coasting(drag, mass, surroundings)
    count = _coast(start, state, forces, work, sample_step, times, states, 1, events)
    return _answer(below, times[:count].copy(), states[:count].copy(), events, False)


def _segments(
    vehicle: Vehicle, latitude: float, longitude: float, cutoff: float | None, surroundings: Surroundings
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the rows of forces, the coast last, and the time at which each burn ends [s]."""
    last_lit = vehicle.burn_time - vehicle.stages[-1].burn_time
    end = vehicle.burn_time if cutoff is None else cutoff
    least = max(last_lit, vehicle.vertical_rise)
    if not least < end <= vehicle.burn_time * (1.0 + 1e-12):
        raise InputError(
            f"cutoff must lie between {least:g} s (vertical rise over, last stage lit) and the burnout at "
            f"{vehicle.burn_time:g} s, got {end:g} s"
        )
    rows, ends, time, mass = [], [], 0.0, vehicle.lift_off_mass
    for number, stage in enumerate(vehicle.stages):
        row = np.zeros(FORCES)
        surroundings.fill(row)
        vehicle.boost_drag.fill(row, None)
        row[THRUST], row[NOZZLE_AREA] = stage.thrust, stage.nozzle_area
        row[MASS], row[MASS_FLOW], row[START] = mass, stage.mass_flow, time
        row[DIRECTION : DIRECTION + 3] = normal_of(latitude, longitude)
        if number == 0:
            rising = row.copy()
            rising[STEERING] = FIXED_DIRECTION
            rows.append(rising)
            ends.append(vehicle.vertical_rise)
        row[STEERING] = ALONG_VELOCITY
        rows.append(row)
        time += stage.burn_time
        ends.append(min(time, end))
        mass -= stage.mass
    coast = coasting(vehicle.reentry_drag, vehicle.payload_mass, surroundings)
    coast[STEERING] = COAST
    return np.array([*rows, coast]), np.array(ends)


def _answer(
    start: tuple[float, float],
    times: NDArray[np.float64],
    states: NDArray[np.float64],
    events: NDArray[np.float64],
    crashed: bool,
) -> DynamicFlight:
    if not np.all(np.isfinite(states)):
        raise HoplonError("the integration left the range of numbers; is a thrust, a mass or a coefficient absurd?")
    burnout, apogee, reentry, impact = (_event(row) if np.isfinite(row[0]) else None for row in events)
    reason = None
    if crashed:
        reason = "it meets the ground under power"
    elif impact is None:
        reason = f"it does not come down within {LONGEST_FLIGHT:g} s"
    reached = None
    if impact is not None:
        reached = float(ground_range(*np.degrees([*start, impact.latitude, impact.longitude])))
    return DynamicFlight(
        times=times,
        states=states,
        burnout=burnout,
        apogee=apogee,
        reentry=reentry,
        impact=impact,
        ground_range=reached,
        reason=reason,
    )


def _event(row: NDArray[np.float64]) -> Event:
    ux, uy, uz, altitude = normal_and_altitude(row[1], row[2], row[3])
    return Event(
        time=float(row[0]),
        position_ecef=row[1:4].copy(),
        velocity_ecef=row[4:7].copy(),
        latitude=math.asin(uz),
        longitude=math.atan2(uy, ux),
        altitude=float(altitude),
    )
