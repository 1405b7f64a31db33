"""The numeric flight against published numbers, closed forms and a second integration."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from hoplon.constants import GRAVITATIONAL_PARAMETER, ROTATION_RATE
from hoplon.flight.arc import IMPACT_TIME, flight_position, solve_flights
from hoplon.flight.integrate import fixed_steps
from hoplon.flight.motion import (
    V2_COEFFICIENT,
    V2_MACH,
    Drag,
    Surroundings,
    coasting,
    drag_of_ballistic_coefficient,
)
from hoplon.flight.powered import Stage, Vehicle, fall, launch
from hoplon.flight.reentry import AllenEggers, descents
from hoplon.validation.case import Case
from hoplon.validation.dynamic import CASES, SPHERE, sphere_fall, v2

EQUATOR = 6378137.0
J2 = 1.08262668e-3
NOTHING = Surroundings(0.0, 0.0, 0.0, surface_density=0.0, scale_height=7e3)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_published_value_of_the_dynamic_tier_comes_out(case: Case) -> None:
    case.check()


def test_the_integrated_fall_follows_allen_and_eggers_all_the_way() -> None:
    flight = sphere_fall()
    for state in flight.states[::200]:
        assert np.linalg.norm(state[3:]) == pytest.approx(SPHERE.speed(state[0] - EQUATOR), rel=1e-8)


def test_a_slanted_entry_follows_allen_and_eggers_where_the_earth_is_flat() -> None:
    # Over the pole's tangent plane the altitude differs from the flat one by x^2 / 2R; a short, steep path.
    form = AllenEggers(7000.0, math.radians(80.0), 5000.0)
    still = Surroundings(0.0, 0.0, 0.0, form.surface_density, form.scale_height)
    drag, mass = drag_of_ballistic_coefficient(5000.0)
    velocity = 7000.0 * np.array([-math.sin(math.radians(80.0)), math.cos(math.radians(80.0)), 0.0])
    landed = fall(np.array([EQUATOR + 150e3, 0.0, 0.0]), velocity, drag, mass, surroundings=still).impact
    assert landed is not None
    assert landed.speed == pytest.approx(form.speed(0.0), rel=2e-3)


def test_in_empty_space_a_burn_gives_the_speed_of_the_rocket_equation() -> None:
    no_drag = Drag(0.0, (0.0,), (0.0,))
    stages = (Stage(400e3, 250.0, 60.0, 1500.0), Stage(90e3, 280.0, 70.0, 500.0))
    vehicle = Vehicle(stages, 900.0, no_drag, no_drag)
    burnout = launch(vehicle, 0.3, 0.2, 1.0, 0.0, surroundings=NOTHING).burnout
    assert burnout is not None
    mass, gained = 900.0 + sum(stage.mass for stage in stages), 0.0
    for stage in stages:
        spent = stage.thrust / (stage.specific_impulse * 9.80665) * stage.burn_time
        gained += stage.specific_impulse * 9.80665 * math.log(mass / (mass - spent))
        mass -= spent + stage.dry_mass
    assert burnout.speed == pytest.approx(gained, rel=1e-9)


def test_without_air_and_oblateness_the_flight_is_the_two_body_arc() -> None:
    columns = (np.array([value]) for value in (120.0, 110e3, 140e3, 0.0))
    row = solve_flights(np.radians([[35.0, 52.0]]), np.radians([[48.0, 20.0]]), *columns)
    bare = Surroundings(oblateness=0.0, surface_density=0.0, scale_height=7e3)
    found = descents(row, np.array([5000.0]), tolerance=1e-11, surroundings=bare)
    assert found.impact[0] == pytest.approx(row[0, IMPACT_TIME], abs=1e-6)
    aim = np.array(flight_position(row[0], row[0, IMPACT_TIME]))
    np.testing.assert_allclose(found.impact_ecef[0], aim, atol=1e-3)


def test_the_node_of_an_orbit_turns_as_j2_says() -> None:
    # Vallado 2013, eq. 9-38: the node moves by -3 pi J2 (a_e / p)^2 cos i a revolution.
    radius, inclination = 7500e3, math.radians(50.0)
    speed = math.sqrt(GRAVITATIONAL_PARAMETER / radius)
    period = 2.0 * math.pi * radius / speed
    still = Surroundings(rotation_rate=0.0, surface_density=0.0, scale_height=7e3)
    forces = coasting(Drag(0.0, (0.0,), (0.0,)), 1.0, still)
    state = np.array([radius, 0.0, 0.0, 0.0, speed * math.cos(inclination), speed * math.sin(inclination)])
    revolutions, steps = 3, 6000
    fixed_steps(0.0, revolutions * period / steps, steps, state, forces)
    momentum = np.cross(state[:3], state[3:])
    node = math.atan2(momentum[0], -momentum[1])
    expected = -3.0 * math.pi * J2 * (EQUATOR / radius) ** 2 * math.cos(inclination) * revolutions
    assert node == pytest.approx(expected, rel=5e-3)


def us76(altitude: float) -> tuple[float, float]:
    """Return density and speed of sound below 47 km, written out from the standard's first four layers."""
    h = 6356766.0 * altitude / (6356766.0 + altitude)
    r, g = 8314.32 / 28.9644, 9.80665
    if h < 11e3:
        t = 288.15 - 6.5e-3 * h
        p = 101325.0 * (t / 288.15) ** (g / r / 6.5e-3)
    elif h < 20e3:
        t, p = 216.65, 22632.06 * math.exp(-g * (h - 11e3) / r / 216.65)
    elif h < 32e3:
        t = 216.65 + 1e-3 * (h - 20e3)
        p = 5474.889 * (216.65 / t) ** (g / r / 1e-3)
    else:
        t = 228.65 + 2.8e-3 * (h - 32e3)
        p = 868.0187 * (228.65 / t) ** (g / r / 2.8e-3)
    return p / (r * t), math.sqrt(1.4 * r * t)


def test_a_powered_flight_meets_a_second_integration() -> None:
    """The V-2 again, in inertial coordinates and SciPy's DOP853: frames, drag and thrust written a second time."""
    vehicle, latitude, longitude, azimuth, pitch = v2(), math.radians(52.0), math.radians(4.0), -1.2, math.radians(6.0)
    flight = launch(vehicle, latitude, longitude, azimuth, pitch)
    stage = vehicle.stages[0]
    area = math.pi * 0.825**2
    up = np.array(
        [math.cos(latitude) * math.cos(longitude), math.cos(latitude) * math.sin(longitude), math.sin(latitude)]
    )
    east = np.array([-math.sin(longitude), math.cos(longitude), 0.0])
    north = np.cross(up, east)
    turned = math.cos(pitch) * up + math.sin(pitch) * (math.cos(azimuth) * north + math.sin(azimuth) * east)
    b = EQUATOR * (1.0 - 1.0 / 298.257223563)
    n = EQUATOR**2 / math.hypot(EQUATOR * math.cos(latitude), b * math.sin(latitude))
    site = np.array([n * up[0], n * up[1], n * (b / EQUATOR) ** 2 * up[2]])
    spin = np.array([0.0, 0.0, ROTATION_RATE])

    def altitude(r: NDArray[np.float64]) -> float:
        p, guess = math.hypot(r[0], r[1]), math.atan2(r[2], math.hypot(r[0], r[1]))
        for _ in range(6):
            curve = EQUATOR**2 / math.hypot(EQUATOR * math.cos(guess), b * math.sin(guess))
            guess = math.atan2(r[2] + (1.0 - (b / EQUATOR) ** 2) * curve * math.sin(guess), p)
        return p / math.cos(guess) - curve

    def rates(t: float, y: NDArray[np.float64], rising: bool) -> NDArray[np.float64]:
        r, v = y[:3], y[3:]
        distance = float(np.linalg.norm(r))
        flat = 1.5 * J2 * (EQUATOR / distance) ** 2
        polar = 5.0 * (r[2] / distance) ** 2
        pull = (
            -GRAVITATIONAL_PARAMETER
            / distance**3
            * r
            * (1.0 + flat * np.array([1.0 - polar, 1.0 - polar, 3.0 - polar]))
        )
        wind = v - np.cross(spin, r)
        speed = float(np.linalg.norm(wind))
        air, sound = us76(altitude(r))
        mass = vehicle.lift_off_mass - stage.mass_flow * t
        resistance = 0.5 * air * speed * area * float(np.interp(speed / sound, V2_MACH, V2_COEFFICIENT)) / mass
        angle = ROTATION_RATE * t
        turn = np.array(
            [[math.cos(angle), -math.sin(angle), 0.0], [math.sin(angle), math.cos(angle), 0.0], [0.0, 0.0, 1.0]]
        )
        along = turn @ up if rising else wind / speed
        return np.concatenate([v, pull - resistance * wind + stage.thrust / mass * along])

    def turning(t: float) -> NDArray[np.float64]:
        c, s = math.cos(ROTATION_RATE * t), math.sin(ROTATION_RATE * t)
        return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])

    settings = {"method": "DOP853", "rtol": 1e-11, "atol": 1e-6}
    start = np.concatenate([site, np.cross(spin, site)])
    rise = solve_ivp(rates, (0.0, 5.0), start, args=(True,), **settings).y[:, -1]
    speed = float(np.linalg.norm(rise[3:] - np.cross(spin, rise[:3])))
    rise[3:] = np.cross(spin, rise[:3]) + speed * (turning(5.0) @ turned)
    burnout = solve_ivp(rates, (5.0, stage.burn_time), rise, args=(False,), max_step=0.5, **settings).y[:, -1]
    back = turning(stage.burn_time).T
    assert flight.burnout is not None
    np.testing.assert_allclose(flight.burnout.position_ecef, back @ burnout[:3], atol=0.05)
    wind = burnout[3:] - np.cross(spin, burnout[:3])
    np.testing.assert_allclose(flight.burnout.velocity_ecef, back @ wind, atol=2e-3)


def test_halving_the_step_divides_the_error_by_two_to_the_fifth() -> None:
    drag, mass = drag_of_ballistic_coefficient(3000.0)
    smooth = Surroundings(surface_density=1.225, scale_height=7200.0)
    forces = coasting(drag, mass, smooth)
    start = np.array([EQUATOR + 120e3, 0.0, 0.0, -2200.0, 2400.0, 900.0])

    def end(count: int) -> NDArray[np.float64]:
        state = start.copy()
        fixed_steps(0.0, 40.0 / count, count, state, forces)
        return state

    best = end(4096)
    counts = np.array([16, 32, 64, 128])
    errors = np.array([np.linalg.norm(end(count)[:3] - best[:3]) for count in counts])
    slope = -np.polyfit(np.log(counts), np.log(errors), 1)[0]
    assert 4.5 < slope < 5.7


def test_energy_over_the_turning_oblate_earth_is_kept_without_air() -> None:
    flight = fall(
        np.array([EQUATOR + 200e3, 0.0, 300e3]),
        np.array([3000.0, 4000.0, 1500.0]),
        *drag_of_ballistic_coefficient(1.0),
        surroundings=Surroundings(surface_density=0.0, scale_height=7e3),
        sample_step=20.0,
    )
    x, y, z, *velocity = flight.states.T
    r = np.sqrt(x * x + y * y + z * z)
    oblate = J2 * (EQUATOR / r) ** 2 * 0.5 * (3.0 * (z / r) ** 2 - 1.0)
    jacobi = 0.5 * sum(v * v for v in velocity) - GRAVITATIONAL_PARAMETER / r * (1.0 - oblate)
    jacobi = jacobi - 0.5 * ROTATION_RATE**2 * (x * x + y * y)
    assert np.ptp(jacobi) < 1e-7 * abs(jacobi[0])
