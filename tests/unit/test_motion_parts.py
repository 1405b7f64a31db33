"""The pieces of an integrated flight: forces, steps, events and the search for settings, each by a second way."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hoplon.earth.atmosphere import air_pressure, density_and_sound_speed
from hoplon.earth.geodesy import normal_and_altitude
from hoplon.earth.gravity import gravity
from hoplon.flight import integrate, motion, reentry, shooting
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME, flight_position, flight_state
from hoplon.flight.integrate import APOGEE, DESCENT, NO_EVENT, WORK_ROWS
from hoplon.flight.motion import (
    ALONG_VELOCITY,
    COAST,
    DIRECTION,
    DRAG_MASS,
    FINE,
    FIXED_DIRECTION,
    FORCES,
    MASS,
    MASS_FLOW,
    NOZZLE_AREA,
    START,
    STEERING,
    THRUST,
    TOLERANCE,
    Drag,
    Surroundings,
    coasting,
)
from hoplon.flight.powered import Event
from verification.every_second import elements

RATE = 7.292115e-5  # [rad/s] model page
DRAG = Drag(2.0, (0.5, 1.0, 3.0), (0.2, 0.5, 0.3))


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel as Python, which need not be compiled for a few numbers."""
    return getattr(function, "py_func", function)


@pytest.mark.parametrize("mach", [0.0, 0.5, 0.75, 1.0, 1.5, 3.0, 9.0])
def test_a_coefficient_is_straight_between_its_nodes(mach: float) -> None:
    forces = coasting(DRAG, 100.0)
    assert plain(motion._coefficient)(forces, mach) == pytest.approx(np.interp(mach, DRAG.mach, DRAG.coefficient))
    assert plain(motion._coefficient)(coasting(Drag(1.0, (0.0,), (0.7,)), 1.0), mach) == 0.7


@pytest.mark.parametrize("steering", [COAST, FIXED_DIRECTION, ALONG_VELOCITY])
@pytest.mark.parametrize("exponential", [True, False])
@pytest.mark.parametrize("nozzle", [0.0, 0.4])
@pytest.mark.parametrize("drag_mass", [None, 150.0])
def test_a_body_is_accelerated_by_gravity_the_turn_of_the_earth_air_and_thrust(
    steering: float, exponential: bool, nozzle: float, drag_mass: float | None
) -> None:
    air = (1.1, 7000.0) if exponential else (None, None)
    forces, random = np.zeros(FORCES), np.random.default_rng(int(steering))
    Surroundings(surface_density=air[0], scale_height=air[1]).fill(forces)
    DRAG.fill(forces, drag_mass)
    forces[STEERING], forces[THRUST], forces[NOZZLE_AREA] = steering, 9e4, nozzle
    forces[MASS], forces[MASS_FLOW], forces[START] = 4000.0, 30.0, 10.0
    forces[DIRECTION : DIRECTION + 3] = [0.6, 0.0, 0.8]
    for height in (500.0, 12e3, 60e3):
        up = random.normal(size=3)
        up /= np.linalg.norm(up)
        place, velocity = up * (6.371e6 + height), random.normal(size=3) * 500.0
        altitude = normal_and_altitude(*place)[3]
        mass, speed, spin = 4000.0 - 30.0 * 25.0, float(np.linalg.norm(velocity)), np.array([0.0, 0.0, RATE])
        density, sound = density_and_sound_speed(altitude)
        if exponential:
            density, sound = 1.1 * math.exp(-altitude / 7000.0), 340.294  # [m/s] of the standard air at sea level
        expected = np.array(gravity(*place, forces[0], forces[1]))
        expected -= 2.0 * np.cross(spin, velocity) + np.cross(spin, np.cross(spin, place))
        resistance = 0.5 * density * speed**2 * np.interp(speed / sound, DRAG.mach, DRAG.coefficient) * 2.0
        expected -= resistance / (drag_mass or mass) * velocity / speed
        if steering != COAST:
            thrust = 9e4 + nozzle * (101_325.0 - air_pressure(altitude))
            expected += thrust / mass * (velocity / speed if steering == ALONG_VELOCITY else np.array([0.6, 0.0, 0.8]))
        out = np.empty(6)
        plain(motion.derivative)(35.0, np.concatenate([place, velocity]), forces, out)
        assert out[:3].tolist() == velocity.tolist()
        assert out[3:] == pytest.approx(expected, rel=1e-9, abs=1e-9)
        rate = plain(motion.climb_rate)(np.concatenate([place, velocity]))
        assert rate == pytest.approx(float(np.array(normal_and_altitude(*place)[:3]) @ velocity), rel=1e-12)
        assert plain(motion.altitude_of)(np.concatenate([place, velocity])) == altitude


def test_at_rest_a_body_is_pushed_where_it_points_and_nothing_resists_it() -> None:
    forces, out = np.zeros(FORCES), np.empty(6)
    Surroundings(0.0, 0.0, 0.0).fill(forces)
    DRAG.fill(forces, None)
    forces[STEERING], forces[THRUST], forces[MASS] = ALONG_VELOCITY, 100.0, 20.0
    forces[DIRECTION : DIRECTION + 3] = [0.0, 0.6, 0.8]
    plain(motion.derivative)(0.0, np.array([6.4e6, 0.0, 0.0, 0.0, 0.0, 0.0]), forces, out)
    assert out == pytest.approx([0, 0, 0, 0, 3.0, 4.0], abs=1e-12)


def test_a_path_angle_is_that_above_the_horizon_and_the_vertical_to_the_last_digit() -> None:
    random = np.random.default_rng(11)

    def angle_of(place: NDArray[np.float64], velocity: NDArray[np.float64]) -> float:
        return Event(0.0, place, velocity, 0.0, 0.0, 0.0).flight_path_angle

    for _ in range(150):
        place = random.normal(size=3)
        place *= 6.5e6 / np.linalg.norm(place)
        up = np.array(normal_and_altitude(*place)[:3])
        level = np.cross(up, random.normal(size=3))
        for way in (1.0, -1.0):  # where the quotient is longer than one by rounding too
            assert angle_of(place, way * 700.0 * up) == pytest.approx(way * 0.5 * math.pi, abs=1e-7)
        slant = 300.0 * up + 400.0 * level / np.linalg.norm(level)
        assert angle_of(place, slant) == pytest.approx(math.atan2(3.0, 4.0), abs=1e-9)
        assert angle_of(place, 0.0 * up) == 0.0


def test_a_row_of_forces_says_what_a_body_and_its_surroundings_are() -> None:
    row = coasting(DRAG, 250.0, Surroundings(1.0, 2.0, 3.0, 4.0, 5.0))
    assert row[:5].tolist() == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert (row[MASS], row[DRAG_MASS], row[STEERING], row[TOLERANCE]) == (250.0, 250.0, COAST, FINE)
    assert coasting(DRAG, 250.0)[3] < 0.0  # of the standard atmosphere
    row = np.zeros(FORCES)
    DRAG.fill(row, None)
    assert row[DRAG_MASS] == 0.0


def test_the_weights_of_a_step_meet_the_conditions_of_their_order() -> None:
    """Of a pair of Runge and Kutta: rows add up to their node, and fourth and fifth moments come out exactly."""
    nodes, weights = integrate._NODES, np.pad(integrate._WEIGHTS, ((0, 0), (0, 1)))
    assert weights.sum(axis=1) == pytest.approx(nodes, abs=1e-14)
    fifth = weights[6]
    for power in range(5):
        assert fifth @ nodes**power == pytest.approx(1.0 / (power + 1), abs=1e-14)
        assert fifth @ weights @ nodes**power == pytest.approx(1.0 / (power + 1) / (power + 2), abs=1e-14) or power == 4
    fourth = fifth - integrate._ERRORS
    for power in range(4):
        assert fourth @ nodes**power == pytest.approx(1.0 / (power + 1), abs=1e-14)
    assert abs(fourth @ nodes**4 - 0.2) > 1e-4


FLAT = Surroundings(0.0, 0.0, 0.0, 0.0, 1e9)  # neither gravity nor turn nor air


def thrown(climb: float, acceleration: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the state of a body over the equator, and forces that push it evenly upward or down."""
    forces = coasting(DRAG, 1.0, FLAT)
    forces[STEERING], forces[THRUST], forces[DIRECTION] = (
        FIXED_DIRECTION,
        abs(acceleration),
        math.copysign(1.0, acceleration),
    )
    return np.array([6378137.0 + 100.0, 0.0, 0.0, climb, 0.0, 0.0]), forces


@pytest.mark.parametrize("climb", [-30.0, 5.0, 60.0, 700.0])
def test_a_fall_ends_where_the_throw_comes_down(climb: float) -> None:
    """Of a throw of 100 m height under 10 m/s2: the time is the root of a square."""
    work = np.empty((WORK_ROWS, 6))
    for level in (0.0, 60.0):
        state, forces = thrown(climb, -10.0)
        time, happened = integrate.propagate(50.0, 1e4, DESCENT, level, state, forces, work)
        expected = (climb + math.sqrt(climb**2 + 20.0 * (100.0 - level))) / 10.0
        assert happened
        assert time == pytest.approx(50.0 + expected, abs=1e-7)
        assert state[0] == pytest.approx(6378137.0 + level, abs=1e-5)
        assert state[3] == pytest.approx(climb - 10.0 * expected, abs=1e-5)


def test_an_apogee_is_where_the_climb_ends_and_a_time_where_nothing_happens() -> None:
    work = np.empty((WORK_ROWS, 6))
    state, forces = thrown(60.0, -10.0)
    time, happened = integrate.propagate(2.0, 1e4, APOGEE, 0.0, state, forces, work)
    assert (happened, time) == (True, pytest.approx(8.0, abs=1e-7))
    assert state[0] == pytest.approx(6378137.0 + 280.0, abs=1e-4)
    for event, climb in ((NO_EVENT, 60.0), (APOGEE, -5.0), (APOGEE, 200.0), (DESCENT, 200.0)):
        state, forces = thrown(climb, -10.0)
        time, happened = integrate.propagate(2.0, 12.5, event, 0.0, state, forces, work)
        assert (happened, time) == (False, 12.5)
        assert state[0] == pytest.approx(6378137.0 + 100.0 + 10.5 * climb - 5.0 * 10.5**2, abs=1e-5)
    state, forces = thrown(5.0, 10.0)
    assert integrate.propagate(2.0, 40.0, DESCENT, 0.0, state, forces, work) == (40.0, False)
    state = np.array(
        [6378137.0 - 1.0, 0.0, 0.0, 30.0, 0.0, 0.0]
    )  # from below a level it rises, and falls through later
    time, happened = integrate.propagate(0.0, 40.0, DESCENT, 0.0, state, thrown(0.0, -10.0)[1], work)
    assert (happened, time) == (True, pytest.approx((30.0 + math.sqrt(900.0 - 20.0)) / 10.0, abs=1e-7))


def test_an_arc_hands_over_the_velocity_of_its_places() -> None:
    state = np.empty(6)
    for row in elements():
        for share in (0.0, 0.3, 0.7, 0.99):
            time = float(row[BURN_TIME] + share * (row[IMPACT_TIME] - row[BURN_TIME])) + 1e-2
            plain(reentry.arc_state)(row, time, state)
            assert state[:3] == pytest.approx(flight_position(row, time), abs=1e-3)
            ends = np.array([flight_position(row, time + apart) for apart in (-5e-3, 5e-3)])
            assert state[3:] == pytest.approx((ends[1] - ends[0]) / 1e-2, abs=1e-3)


@pytest.mark.parametrize("altitude", [20e3, 100e3, 300e3])
def test_the_last_fall_through_an_altitude_is_where_the_flight_is_no_higher_again(altitude: float) -> None:
    burnouts = 0
    for row in elements():
        found = plain(reentry.fall_time)(row, altitude)
        times = np.linspace(row[BURN_TIME], row[IMPACT_TIME], 400)
        above = [float(time) for time in times if flight_state(row, float(time))[3] > altitude]
        if not above:
            assert found == row[BURN_TIME]
            burnouts += 1
            continue
        assert above[-1] < found <= above[-1] + times[1] - times[0]
        assert flight_state(row, found)[3] == pytest.approx(altitude, abs=1e-2)
    assert burnouts < 4


def test_allen_and_eggers_slow_down_as_the_drag_of_an_exponential_air_says() -> None:
    """dv/dh = rho v / (2 beta sin g), integrated from far above in small steps."""
    entry = reentry.AllenEggers(6000.0, 0.7, 4000.0, 1.2, 7000.0)
    heights, speed = np.linspace(150e3, 0.0, 60_001), 6000.0
    seen = {}
    for low, high in zip(heights[1:].tolist(), heights[:-1].tolist(), strict=True):
        middle = 1.2 * math.exp(-0.5 * (low + high) / 7000.0)
        speed *= math.exp(-middle * (high - low) / (2.0 * 4000.0 * math.sin(0.7)))
        seen[round(low)] = (speed, 1.2 * math.exp(-low / 7000.0) * speed**2 / (2.0 * 4000.0))
    for height in (60_000, 30_000, 10_000, 0):
        assert (entry.speed(height), entry.deceleration(height)) == pytest.approx(seen[height], rel=1e-5)
    peak = max(seen, key=lambda height: seen[height][1])
    assert entry.peak_altitude == pytest.approx(max(peak, 0), abs=5.0)
    assert entry.peak_deceleration == pytest.approx(max(slowed for _, slowed in seen.values()), rel=1e-6)
    light = reentry.AllenEggers(6000.0, 0.7, 300.0)
    assert (light.surface_density, light.scale_height) == (1.225, 7200.0)  # of standard air at the sea; assumed
    assert light.peak_altitude > 10e3
    assert light.deceleration(light.peak_altitude) > max(light.deceleration(light.peak_altitude + d) for d in (-50, 50))


class Place:
    """A range whose ground ranges follow from pitch-over and cutoff by a parabola; turned by a steady side wind."""

    def __init__(self, best: float) -> None:
        self.best, self.tried = best, 0

    def reached(self, azimuth: float, pitch: float, cutoff: float) -> float:
        self.tried += 1
        return (1e6 - 4e7 * (math.log(pitch / self.best)) ** 2 / 100.0) * cutoff / 60.0


@pytest.mark.parametrize("best", [0.001, 0.02, 0.3, 0.7])
def test_the_farthest_pitch_over_is_found_between_those_tried(best: float) -> None:
    place: Any = Place(best)
    place.vehicle = type("Some", (), {"burn_time": 60.0})()
    pitch, reached = shooting._farthest.__wrapped__(place, 0.1)
    assert pitch == pytest.approx(best, abs=2e-6)
    assert reached == pytest.approx(1e6, abs=1.0)
    assert place.tried < 80


def test_the_control_is_where_the_excess_is_none_within_its_limits() -> None:
    for curve, root in (
        (lambda at: 1000.0 * (at - 3.3), 3.3),
        (lambda at: 50.0 * (at**3 - 30.0), 30.0 ** (1 / 3)),
        (lambda at: 1000.0 * (3.3 - at), 3.3),
        (lambda at: math.inf if at > 5.0 else 1000.0 * (at - 3.3), 3.3),
    ):
        found = shooting._control(curve, (1.0, 8.0))
        assert abs(curve(found)) < 0.1
        assert found == pytest.approx(root, abs=1e-2)
    assert shooting._control(lambda at: 10.0 + at, (1.0, 8.0)) == 1.0
    assert shooting._control(lambda at: at - 10.0, (1.0, 8.0)) == 8.0
