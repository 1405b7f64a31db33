from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from hoplon.flight.ballistic import hit_speed_squared, minimum_energy_angle
from hoplon.validation.case import Case
from hoplon.validation.flight import CASES, MU, RADIUS, apogee_km, flight_time, speed

RANGES_KM = (50.0, 300.0, 1000.0, 3000.0, 6000.0, 10000.0, 15000.0, 19000.0)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_published_value_comes_out(case: Case) -> None:
    case.check()


@pytest.mark.parametrize("distance", RANGES_KM)
def test_least_speed_is_the_closed_form_of_equal_radii(distance: float) -> None:
    # BMW eq. 6.2-20: Q = 2 sin(Psi/2) / (1 + sin(Psi/2)), Q = v^2 r / mu.
    sine = math.sin(0.5 * distance * 1e3 / RADIUS)
    assert speed(distance) ** 2 * RADIUS / MU == pytest.approx(2.0 * sine / (1.0 + sine), rel=1e-12)


@pytest.mark.parametrize("distance", RANGES_KM)
def test_least_energy_angle_is_a_quarter_of_the_supplement_of_the_range_angle(distance: float) -> None:
    psi = distance * 1e3 / RADIUS
    assert minimum_energy_angle(RADIUS, RADIUS, psi) == pytest.approx((math.pi - psi) / 4.0, abs=1e-13)


@pytest.mark.parametrize("distance", RANGES_KM)
def test_apogee_at_least_energy_is_the_closed_form(distance: float) -> None:
    half = 0.5 * distance * 1e3 / RADIUS
    expected = 0.5 * RADIUS * (math.sin(half) + math.cos(half) - 1.0) / 1e3
    assert apogee_km(distance) == pytest.approx(expected, rel=1e-10, abs=1e-9)


@pytest.mark.parametrize("distance", RANGES_KM)
@pytest.mark.parametrize("loft_deg", [-8.0, 0.0, 15.0])
def test_time_of_flight_is_the_closed_form_about_apogee(distance: float, loft_deg: float) -> None:
    # BMW eq. 6.2-23: 2 sqrt(a^3/mu) (pi - E1 + e sin E1), cos E1 = (1 - r/a)/e; the orbit from vis-viva and Q, phi.
    phi = (math.pi - distance * 1e3 / RADIUS) / 4.0 + math.radians(loft_deg)
    if phi <= 0.01:
        phi = 0.01
    q = speed(distance, phi) ** 2 * RADIUS / MU
    axis, eccentricity = RADIUS / (2.0 - q), math.sqrt(1.0 + q * (q - 2.0) * math.cos(phi) ** 2)
    start = math.acos((1.0 - RADIUS / axis) / eccentricity)
    expected = 2.0 * math.sqrt(axis**3 / MU) * (math.pi - start + eccentricity * math.sin(start))
    assert flight_time(distance, phi) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("distance", RANGES_KM)
@pytest.mark.parametrize("loft_deg", [-8.0, 0.0, 15.0])
def test_range_angle_follows_from_speed_and_angle_by_the_free_flight_equation(distance: float, loft_deg: float) -> None:
    # BMW eq. 6.2-13: cos(Psi/2) = (1 - Q cos^2 phi) / sqrt(1 + Q (Q - 2) cos^2 phi).
    psi = distance * 1e3 / RADIUS
    phi = max((math.pi - psi) / 4.0 + math.radians(loft_deg), 0.01)
    q = hit_speed_squared(RADIUS, RADIUS, psi, phi) * RADIUS / MU
    cosine = math.cos(phi) ** 2
    half = math.acos((1.0 - q * cosine) / math.sqrt(1.0 + q * (q - 2.0) * cosine))
    assert 2.0 * half == pytest.approx(psi, rel=1e-7)


@pytest.mark.parametrize("altitude_km", [60.0, 250.0, 600.0])
@pytest.mark.parametrize("distance", [400.0, 2000.0, 9000.0])
def test_least_energy_angle_is_where_a_numerical_search_finds_the_least_speed(
    distance: float, altitude_km: float
) -> None:
    r1, psi = RADIUS + altitude_km * 1e3, distance * 1e3 / RADIUS

    def speed_squared(angle: float) -> float:
        squared = hit_speed_squared(r1, RADIUS, psi, angle)
        return squared if squared > 0.0 else math.inf

    grid = np.linspace(-1.5, 1.5, 3001)
    near = grid[np.argmin([speed_squared(angle) for angle in grid])]
    found = minimize_scalar(
        speed_squared, bounds=(near - 2e-3, near + 2e-3), method="bounded", options={"xatol": 1e-10}
    )
    # minimize_scalar stops within 1e-5 rad of a bounded minimum.
    assert minimum_energy_angle(r1, RADIUS, psi) == pytest.approx(found.x, abs=1e-5)
