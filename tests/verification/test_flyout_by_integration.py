"""Interceptor fly-out against second methods: energy and a quadrature, and Newton's law integrated by SciPy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import quad, solve_ivp

from hoplon.intercept.flyout import flyout_time

MU, RADIUS = 3.986004418e14, 6371008.8  # model page, section 1
FIFTEEN_DEGREES = math.radians(15.0)
TOLERANCE = 0.05  # [s] a tenth of what the model page allows a fly-out time


@pytest.mark.parametrize("speed", [1500.0, 3000.0, 4500.0, 6700.0, 9000.0])
@pytest.mark.parametrize("altitude", [150e3, 300e3, 800e3])
def test_a_vertical_shot_takes_the_time_that_its_energy_gives_or_never_arrives(speed: float, altitude: float) -> None:
    burn, start = 30.0, RADIUS + 0.5 * speed * 30.0
    energy = 0.5 * speed**2 - MU / start
    top = -MU / energy if energy < 0.0 else math.inf
    expected = math.inf
    if RADIUS + altitude < top:
        coast, _ = quad(lambda r: 1.0 / math.sqrt(2.0 * (energy + MU / r)), start, RADIUS + altitude)
        expected = burn + coast
    assert flyout_time(speed, burn, FIFTEEN_DEGREES, 0.0, altitude) == pytest.approx(expected, abs=TOLERANCE)


@pytest.mark.parametrize("altitude", [5e3, 30e3, 59e3, 61e3, 100e3, 134e3, 136e3, 300e3])
def test_a_shot_straight_up_gives_up_speed_down_to_the_least_and_then_falls_back(altitude: float) -> None:
    speed, slowest, burn = 4500.0, 2000.0, 60.0
    flown = min(max(2.0 * altitude / burn, slowest), speed)  # its burnout at the point, where a speed allowed has that
    start = RADIUS + 0.5 * flown * burn
    energy = 0.5 * flown**2 - MU / start

    def coast(top: float, lower: float) -> float:
        """Return the time between two radii, the singularity at the apex taken out by r = top - s**2."""
        apex = -MU / energy
        ends = [math.sqrt(max(apex - radius, 0.0)) for radius in (top, lower)]
        return float(quad(lambda s: 2.0 * s / math.sqrt(2.0 * (energy + MU / (apex - s * s))), *ends)[0])

    if RADIUS + altitude >= start - 1e-3:
        expected = burn + coast(RADIUS + altitude, start)
    else:
        expected = burn + coast(-MU / energy, start) + coast(-MU / energy, RADIUS + altitude)
    found = flyout_time(speed, burn, FIFTEEN_DEGREES, 0.0, altitude, slowest)
    assert found == pytest.approx(expected, abs=TOLERANCE)


def coast_by_integration(speed: float, burn: float, elevation: float, time: float) -> tuple[float, float]:
    """Return ground range and altitude [m] at a time after launch, the coast integrated in the plane."""
    length = 0.5 * speed * burn
    start = np.array(
        [
            length * math.cos(elevation),
            RADIUS + length * math.sin(elevation),
            speed * math.cos(elevation),
            speed * math.sin(elevation),
        ]
    )

    def motion(_: float, state: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.array([*state[2:], *(-MU * state[:2] / math.hypot(state[0], state[1]) ** 3)])

    x, y = solve_ivp(motion, (burn, time), start, method="DOP853", rtol=1e-11, atol=1e-4).y[:2, -1]
    return RADIUS * math.atan2(x, y), math.hypot(x, y) - RADIUS


@pytest.mark.parametrize("speed", [3000.0, 4500.0, 6700.0])
@pytest.mark.parametrize("elevation_deg", [15.3, 20.0, 35.0, 60.0, 80.0])
def test_a_point_that_a_rising_coast_passes_is_reached_at_that_time(speed: float, elevation_deg: float) -> None:
    # A rising coast before its path touches the envelope of the fan is the fastest way to its points.
    burn, time = 60.0, 150.0
    ground_range, altitude = coast_by_integration(speed, burn, math.radians(elevation_deg), time)
    found = flyout_time(speed, burn, FIFTEEN_DEGREES, ground_range, altitude)
    assert found == pytest.approx(time, abs=TOLERANCE)


@pytest.mark.parametrize("speed", [3000.0, 4500.0, 6700.0])
@pytest.mark.parametrize("elevation_deg", [25.0, 45.0, 70.0, 85.0])
@pytest.mark.parametrize("time", [180.0, 240.0, 300.0])
def test_no_coast_passes_a_point_before_its_least_time(speed: float, elevation_deg: float, time: float) -> None:
    burn = 60.0
    ground_range, altitude = coast_by_integration(speed, burn, math.radians(elevation_deg), time)
    assert burn <= flyout_time(speed, burn, FIFTEEN_DEGREES, ground_range, altitude) <= time + TOLERANCE


@pytest.mark.parametrize(("speed", "burn"), [(10_950.0, 60.0), (11_000.0, 60.0), (11_000.0, 600.0), (9_500.0, 600.0)])
@pytest.mark.parametrize("elevation_deg", [20.0, 45.0, 80.0])
@pytest.mark.parametrize("coast", [30.0, 200.0, 900.0])
def test_a_coast_that_escapes_reaches_its_points_at_their_time(
    speed: float, burn: float, elevation_deg: float, coast: float
) -> None:
    ground_range, altitude = coast_by_integration(speed, burn, math.radians(elevation_deg), burn + coast)
    found = flyout_time(speed, burn, FIFTEEN_DEGREES, ground_range, altitude)
    assert found == pytest.approx(burn + coast, abs=TOLERANCE)


@pytest.mark.parametrize("altitude", [1_000e3, 20_000e3])
def test_at_escape_speed_itself_a_coast_is_a_parabola(altitude: float) -> None:
    # Straight up at 60 s of burn, and slanting: r = r1 + v t along the path, by quadrature and by integration.
    speed, burn = 10_900.0, 60.0
    for _ in range(60):
        speed = math.sqrt(2.0 * MU / (RADIUS + 0.5 * speed * burn))
    start = RADIUS + 0.5 * speed * burn
    coast, _ = quad(lambda r: math.sqrt(r / (2.0 * MU)), start, RADIUS + altitude)
    assert flyout_time(speed, burn, FIFTEEN_DEGREES, 0.0, altitude) == pytest.approx(burn + coast, abs=TOLERANCE)


@pytest.mark.parametrize(
    ("speed", "burn", "ground_range", "altitude"),
    [(10_950.0, 60.0, 1_000e3, 300e3), (11_000.0, 60.0, 3_000e3, 200e3), (11_000.0, 600.0, 5_000e3, 400e3)],
)
def test_a_point_under_every_coast_that_escapes_is_never_reached(
    speed: float, burn: float, ground_range: float, altitude: float
) -> None:
    # Every coast from 15 degrees up passes above the point, or escapes before it has turned so far.
    for elevation in np.linspace(FIFTEEN_DEGREES, 0.5 * math.pi - 1e-3, 60):
        ranges, heights = np.array(
            [coast_by_integration(speed, burn, float(elevation), burn + t) for t in np.geomspace(1.0, 1e5, 40)]
        ).T
        beyond = ranges >= ground_range
        assert not beyond.any() or np.interp(ground_range, ranges, heights) > altitude
    assert flyout_time(speed, burn, FIFTEEN_DEGREES, ground_range, altitude) == math.inf
