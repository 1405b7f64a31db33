"""Lofted flights, and flights given by their apogee: observed ones, Newton's law, the least root by a plain search."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

import hoplon
from hoplon.analysis.flights import one_flight
from hoplon.errors import HoplonError
from hoplon.flight.arc import (
    BURN_TIME,
    BURNOUT_FLIGHT_PATH_ANGLE,
    BURNOUT_SPEED,
    IMPACT_TIME,
    STATUS,
    apogee,
    solve_flights,
)
from hoplon.validation.case import Case
from hoplon.validation.lofted import BURN, CASES, LAUNCH, OBSERVED, AnnouncedFlight, aim_at
from verification.test_flight_by_integration import OMEGA, TO_ECEF, TO_PLACE, integrated, turned


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_flight_of_an_observed_apogee_takes_the_observed_time(case: Case) -> None:
    case.check()


@pytest.mark.parametrize("flight", OBSERVED, ids=lambda flight: flight.date)
def test_it_rises_as_high_as_was_observed(flight: AnnouncedFlight) -> None:
    found = hoplon.trajectory(LAUNCH, aim_at(flight.ground_range_km), **BURN, apogee_km=flight.apogee_km)
    assert found.reachable
    assert found.apogee_km == pytest.approx(flight.apogee_km, abs=0.001)
    assert found.ground_range_km == pytest.approx(flight.ground_range_km, abs=0.1)


@pytest.mark.parametrize("apogee_km", [280.0, 700.0, 2000.0, 4475.0, 6648.4, 20_000.0])
@pytest.mark.parametrize("aim", [(41.0, 135.0), (36.0, 118.0), (52.0, 125.0)])
def test_a_flight_given_by_its_apogee_meets_the_aim_and_rises_that_high(
    apogee_km: float, aim: tuple[float, float]
) -> None:
    row = one_flight(LAUNCH, aim, **BURN, apogee_km=apogee_km)
    assert row[STATUS] == 0.0
    path = integrated(row, aim)
    end = turned(path(row[IMPACT_TIME])[:3], -OMEGA * row[IMPACT_TIME])
    assert np.linalg.norm(end - np.array(TO_ECEF.transform(aim[1], aim[0], 0.0))) < 1.0  # [m]
    times = np.linspace(row[BURN_TIME], row[IMPACT_TIME], 40_001)
    greatest = TO_PLACE.transform(*path(times)[:3])[2].max()
    assert greatest == pytest.approx(1e3 * apogee_km, abs=5.0)  # [m] steps of 0.4 s about a flat top


@pytest.mark.parametrize("loft_deg", [-8.0, 0.0, 20.0, 40.0])
def test_the_apogee_of_a_flight_names_it_again(loft_deg: float) -> None:
    by_loft = one_flight(LAUNCH, (41.0, 145.0), **BURN, loft_deg=loft_deg)
    by_apogee = one_flight(LAUNCH, (41.0, 145.0), **BURN, apogee_km=apogee(by_loft) / 1e3)
    assert by_apogee[IMPACT_TIME] == pytest.approx(by_loft[IMPACT_TIME], abs=0.01)
    assert by_apogee[BURNOUT_SPEED] == pytest.approx(by_loft[BURNOUT_SPEED], abs=0.01)
    assert by_apogee[BURNOUT_FLIGHT_PATH_ANGLE] == pytest.approx(by_loft[BURNOUT_FLIGHT_PATH_ANGLE], abs=1e-5)


@pytest.mark.parametrize("apogee_km", [0.0, 100.0, 249.0])
def test_an_apogee_below_the_least_possible_is_an_outcome_in_words(apogee_km: float) -> None:
    flight = hoplon.trajectory(LAUNCH, aim_at(2000.0), **BURN, apogee_km=apogee_km)
    assert not flight.reachable
    assert flight.reason is not None
    assert "so low an apogee" in flight.reason


def test_an_apogee_that_takes_days_is_an_outcome_in_words() -> None:
    flight = hoplon.trajectory(LAUNCH, aim_at(2000.0), **BURN, apogee_km=90_000.0)
    assert not flight.reachable
    assert flight.reason is not None


def test_a_loft_beside_an_apogee_is_refused() -> None:
    with pytest.raises(HoplonError, match="either a loft or an apogee"):
        hoplon.trajectory(LAUNCH, aim_at(2000.0), **BURN, loft_deg=10.0, apogee_km=900.0)


def time_of_arc(
    launch: NDArray[np.float64], aim: NDArray[np.float64], flight: tuple[float, float, float], led: float
) -> float:
    """Return the time of the arc that leads its aim by a time, infinite without one; steps 1 to 3 written out.

    On angles and by the eccentric anomaly, where the package takes vectors and the f and g functions.
    """
    altitude, distance, loft = flight
    longitude = aim[1] + OMEGA * led
    mean_radius, mu = 6371008.8, 3.986004418e14
    azimuth = math.atan2(
        math.sin(longitude - launch[1]) * math.cos(aim[0]),
        math.cos(launch[0]) * math.sin(aim[0])
        - math.sin(launch[0]) * math.cos(aim[0]) * math.cos(longitude - launch[1]),
    )
    angle = distance / mean_radius
    latitude = math.asin(
        math.sin(launch[0]) * math.cos(angle) + math.cos(launch[0]) * math.sin(angle) * math.cos(azimuth)
    )
    east = math.atan2(
        math.sin(azimuth) * math.sin(angle) * math.cos(launch[0]),
        math.cos(angle) - math.sin(launch[0]) * math.sin(latitude),
    )
    burnout = np.array(TO_ECEF.transform(math.degrees(launch[1] + east), math.degrees(latitude), altitude))
    there = turned(np.array(TO_ECEF.transform(math.degrees(aim[1]), math.degrees(aim[0]), 0.0)), OMEGA * led)
    r1, r2 = float(np.linalg.norm(burnout)), float(np.linalg.norm(there))
    psi = math.atan2(float(np.linalg.norm(np.cross(burnout, there))), float(burnout @ there))
    path = 0.5 * math.atan2(r2 * math.cos(psi) - r1, r2 * math.sin(psi)) + 0.25 * math.pi + loft
    if abs(path) >= 0.5 * math.pi:
        return math.inf
    below = r1 * math.cos(path) * (r1 / r2 * math.cos(path) - math.cos(psi + path))
    squared = mu * (1.0 - math.cos(psi)) / below if below > 0.0 else math.inf
    if squared * r1 >= 2.0 * mu:
        return math.inf
    axis = 1.0 / (2.0 / r1 - squared / mu)
    along, across = squared * r1 / mu * math.cos(path) ** 2 - 1.0, squared * r1 / mu * math.cos(path) * math.sin(path)
    eccentricity, true = math.hypot(along, across), math.atan2(across, along)

    def anomaly(at: float) -> float:
        turns = 2.0 * math.pi * math.floor((at + math.pi) / (2.0 * math.pi))
        return turns + 2.0 * math.atan(math.sqrt((1.0 - eccentricity) / (1.0 + eccentricity)) * math.tan(0.5 * at))

    start, end = anomaly(true), anomaly(true + psi)
    mean = end - start - eccentricity * (math.sin(end) - math.sin(start))
    return mean * math.sqrt(axis**3 / mu)


def test_the_flight_time_of_any_lofted_flight_is_the_least_root() -> None:
    rng = np.random.default_rng(20_26)
    flights = 60
    launch = np.stack([rng.uniform(-1.0, 1.0, flights), rng.uniform(-3.0, 3.0, flights)], axis=-1)
    aim = launch + np.stack([rng.uniform(-0.15, 0.15, flights), rng.uniform(-0.3, 0.3, flights)], axis=-1)
    burn, altitude, distance = (np.full(flights, value) for value in (150.0, 150e3, 60e3))
    loft = np.radians(rng.uniform(25.0, 48.0, flights))
    found = solve_flights(launch, aim, burn, altitude, distance, loft)
    solved = 0
    for index in range(flights):
        shape = (altitude[index], distance[index], loft[index])
        excess = [time_of_arc(launch[index], aim[index], shape, led) - led for led in (range(0, 12_000, 20))]
        first = next((k for k in range(1, len(excess)) if excess[k - 1] > 0.0 >= excess[k]), None)
        row = found[index]
        if row[STATUS] == 0.0 and row[IMPACT_TIME] - burn[index] < 11_000.0:
            led = row[IMPACT_TIME] - burn[index]
            assert time_of_arc(launch[index], aim[index], shape, led) == pytest.approx(led, abs=1e-4)
            assert first is not None
            assert led <= 20.0 * first + 1e-3
            solved += 1
        elif row[STATUS] != 0.0 and row[STATUS] != 4.0 and first is not None:  # a leap, not a root
            jump = excess[first - 1] - excess[first]
            assert not math.isfinite(jump) or jump > 1000.0, (index, first, row[STATUS])
    assert solved > flights / 2
