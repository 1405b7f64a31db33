"""Whole flights against a second method: Newton's law integrated numerically by SciPy (DOP853, 1e-11)."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pyproj
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from hoplon.flight.arc import (
    BURN_TIME,
    BURNOUT_FLIGHT_PATH_ANGLE,
    BURNOUT_SPEED,
    IMPACT_TIME,
    STATUS,
    apogee,
    flight_position,
    solve_flights,
)

Arc = Callable[[float | NDArray[np.float64]], NDArray[np.float64]]  # inertial position and velocity at times
Flight = tuple[tuple[float, float], tuple[float, float], float, float, float, float]

MU, OMEGA = 3.986004418e14, 7.292115e-5  # NGA.STND.0036 (WGS 84)
TO_ECEF = pyproj.Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
TO_PLACE = pyproj.Transformer.from_crs("EPSG:4978", "EPSG:4979", always_xy=True)

# launch, aim [deg], burn time [s], burnout altitude [km], burnout ground range [km], loft [deg]
FLIGHTS = [
    ((38.08, 46.29), (44.43, 26.10), 100.0, 90.0, 90.0, 0.0),
    ((35.57, 53.40), (48.86, 2.35), 130.0, 120.0, 160.0, 0.0),
    ((35.57, 53.40), (38.90, -77.04), 240.0, 250.0, 500.0, 0.0),
    ((35.57, 53.40), (41.01, 28.98), 100.0, 90.0, 90.0, 15.0),
    ((-30.0, 20.0), (10.0, -20.0), 180.0, 200.0, 400.0, -10.0),
    ((52.0, 179.0), (40.0, -150.0), 150.0, 150.0, 250.0, 5.0),
]


def turned(position: NDArray[np.float64], angle: float) -> NDArray[np.float64]:
    """Turn a vector about the polar axis."""
    cosine, sine = math.cos(angle), math.sin(angle)
    x, y, z = position
    return np.array([cosine * x - sine * y, sine * x + cosine * y, z])


def solved(flight: Flight) -> NDArray[np.float64]:
    launch, aim, burn, altitude, distance, loft = flight
    columns = (burn, altitude * 1e3, distance * 1e3, math.radians(loft))
    row: NDArray[np.float64] = solve_flights(
        np.radians([launch]), np.radians([aim]), *(np.array([value]) for value in columns)
    )[0]
    assert row[STATUS] == 0.0
    return row


def integrated(row: NDArray[np.float64], aim: tuple[float, float]) -> Arc:
    """Integrate from burnout, the velocity laid into the plane of burnout and aim by speed and angle."""
    burn, impact = row[BURN_TIME], row[IMPACT_TIME]
    r1 = turned(np.array(flight_position(row, burn)), OMEGA * burn)
    r2 = turned(np.array(TO_ECEF.transform(aim[1], aim[0], 0.0)), OMEGA * impact)
    up = r1 / np.linalg.norm(r1)
    along = r2 - up * (up @ r2)
    along /= np.linalg.norm(along)
    angle = row[BURNOUT_FLIGHT_PATH_ANGLE]
    velocity = row[BURNOUT_SPEED] * (math.cos(angle) * along + math.sin(angle) * up)

    def motion(_: float, state: NDArray[np.float64]) -> NDArray[np.float64]:
        position = state[:3]
        return np.concatenate([state[3:], -MU * position / np.linalg.norm(position) ** 3])

    result = solve_ivp(
        motion,
        (burn, impact),
        np.concatenate([r1, velocity]),
        method="DOP853",
        rtol=1e-11,
        atol=1e-4,
        dense_output=True,
    )
    arc: Arc = result.sol
    return arc


@pytest.mark.parametrize("flight", FLIGHTS, ids=str)
def test_the_integrated_flight_ends_at_the_aim(flight: Flight) -> None:
    row = solved(flight)
    end = turned(integrated(row, flight[1])(row[IMPACT_TIME])[:3], -OMEGA * row[IMPACT_TIME])
    miss = np.linalg.norm(end - np.array(TO_ECEF.transform(flight[1][1], flight[1][0], 0.0)))
    assert miss < 1.0  # [m] the flight time converges to 1e-6 s, at up to 8 km/s some centimetres


@pytest.mark.parametrize("flight", FLIGHTS, ids=str)
def test_the_integrated_flight_runs_along_the_closed_form(flight: Flight) -> None:
    row = solved(flight)
    path = integrated(row, flight[1])
    for time in np.linspace(row[BURN_TIME] + 1e-6, row[IMPACT_TIME], 40):
        expected = turned(path(time)[:3], -OMEGA * time)
        assert np.linalg.norm(np.array(flight_position(row, time)) - expected) < 1.0  # [m] the model allows 100


@pytest.mark.parametrize("flight", FLIGHTS, ids=str)
def test_the_apogee_is_the_greatest_altitude_of_the_integrated_flight(flight: Flight) -> None:
    row = solved(flight)
    path = integrated(row, flight[1])
    times = np.linspace(row[BURN_TIME], row[IMPACT_TIME], 20001)
    positions = path(times)[:3]
    greatest = TO_PLACE.transform(*positions)[2].max()
    assert apogee(row) == pytest.approx(greatest, abs=1.0)  # [m] steps of 0.15 s about a flat top: millimetres
