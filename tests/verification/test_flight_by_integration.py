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
    COLUMNS,
    IMPACT_TIME,
    STATUS,
    apogee,
    flight_position,
    flight_state,
    slant_ranges,
    solve_flight_to_apogee,
    solve_flights,
)
from hoplon.flight.flight_time import FLIES, UNDERGROUND
from hoplon.flight.path import ALTITUDE, NORMAL, POSITION, ROWS, TIME, most_nodes, path_normal, sample_path, stencil
from hoplon.flight.reentry import arc_state, fall_time

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


def great_circle(flight: Flight, row: NDArray[np.float64], time: float) -> tuple[NDArray[np.float64], float]:
    """Return normal and altitude [m] on the boost path: towards where the aim will have turned to, t^3 and t^2."""
    launch, aim, burn, altitude, distance, _ = flight
    up, there = (normal_at(*place) for place in (launch, aim))
    there = turned(there, OMEGA * (row[IMPACT_TIME] - burn))
    ahead = np.cross(np.cross(up, there), up)
    ahead /= np.linalg.norm(ahead)
    angle = distance * 1e3 / 6371008.8 * (time / burn) ** 3
    return math.cos(angle) * up + math.sin(angle) * ahead, altitude * 1e3 * (time / burn) ** 2


def normal_at(latitude: float, longitude: float) -> NDArray[np.float64]:
    """Return the unit normal of the ellipsoid at a place [deg]."""
    lat, lon = math.radians(latitude), math.radians(longitude)
    return np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])


def place_of(position: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Return normal and altitude [m] of a position, by PROJ."""
    longitude, latitude, altitude = TO_PLACE.transform(*position)
    return normal_at(latitude, longitude), altitude


@pytest.mark.parametrize("flight", FLIGHTS, ids=str)
def test_the_boost_runs_along_the_great_circle_to_the_turned_aim(flight: Flight) -> None:
    row = solved(flight)
    for share in (0.0, 0.3, 0.7, 1.0):
        up, altitude = great_circle(flight, row, share * row[BURN_TIME])
        ux, uy, uz, height, *position = flight_state(row, share * row[BURN_TIME])
        assert (ux, uy, uz) == pytest.approx(up, abs=1e-10)
        assert height == pytest.approx(altitude, abs=1e-6)
        normal, found = place_of(np.array(position))
        assert found == pytest.approx(altitude, abs=1e-3)
        assert normal == pytest.approx(up, abs=1e-10)


@pytest.mark.parametrize("flight", [FLIGHTS[1], FLIGHTS[4]], ids=str)
@pytest.mark.parametrize("step", [4.0, 30.0])
def test_every_node_of_a_path_stands_on_the_boost_path_or_the_integrated_flight(flight: Flight, step: float) -> None:
    row = solved(flight)
    path = np.empty((ROWS, most_nodes(row[np.newaxis], step)))
    boost, nodes = sample_path(row, step, path)
    assert nodes == path.shape[1]
    arc = integrated(row, flight[1])
    assert path[TIME, boost - 1] == row[BURN_TIME]
    for node in range(nodes):
        time = path[TIME, node]
        if node < boost:
            up, altitude = great_circle(flight, row, time)
        else:
            position = turned(arc(time)[:3], -OMEGA * time)
            assert path[POSITION:ROWS, node] == pytest.approx(position, abs=0.5)
            up, altitude = place_of(path[POSITION:ROWS, node])
        assert path[NORMAL:ALTITUDE, node] == pytest.approx(up, abs=1e-9)
        assert path[ALTITUDE, node] == pytest.approx(altitude, abs=1e-2)  # the ellipsoid is solved by one step
    # Equal steps of the eccentric anomaly take longest at the apogee: there they come close to the step asked for.
    spacing = np.diff(path[TIME, :nodes])
    assert spacing[boost:].max() == pytest.approx(step, rel=0.03 if nodes > 100 else 0.2)
    assert spacing.max() <= step * (1.0 + 1e-12)
    for node, start in ((0, stencil(boost, nodes, 0)), (nodes - 3, stencil(boost, nodes, nodes - 3)), (0, -1)):
        between = path[TIME, node] + 0.3 * spacing[node]
        expected = flight_state(row, between)[:4]
        assert path_normal(row, path, start, between) == pytest.approx(expected, rel=2.5e-6, abs=1e-6)


def test_the_earth_turns_on_under_a_flight_of_two_hours() -> None:
    row = np.zeros(COLUMNS)
    places = np.radians([35.0, 52.0, 40.0, 45.0])
    solve_flight_to_apogee(*places, 150.0, 150e3, 100e3, 13_000e3, row)
    assert row[STATUS] == FLIES
    assert row[IMPACT_TIME] > 7200.0
    path = np.empty((ROWS, most_nodes(row[np.newaxis], 60.0)))
    boost, nodes = sample_path(row, 60.0, path)
    for node in range(boost, nodes):
        expected = flight_position(row, path[TIME, node])
        assert path[POSITION:ROWS, node] == pytest.approx(expected, abs=2e-5)  # 1 part in 10^12 of 20,000 km


def test_slant_ranges_stay_after_impact_what_they_were_there() -> None:
    row, place = solved(FLIGHTS[0]), np.array(TO_ECEF.transform(25.0, 44.0, 0.0))
    seconds = int(row[IMPACT_TIME]) + 5
    found = slant_ranges(row, place, seconds)
    for second in (0, 50, 300, seconds - 6, seconds - 1):
        at = np.array(flight_position(row, min(float(second), row[IMPACT_TIME])))
        assert found[second] == pytest.approx(np.linalg.norm(at - place), rel=1e-12)
    assert len(found) == seconds
    assert found[-1] == found[-2]


@pytest.mark.parametrize("flight", [FLIGHTS[0], FLIGHTS[2], FLIGHTS[5]], ids=str)
def test_the_state_handed_over_to_the_descent_is_that_of_the_integrated_flight(flight: Flight) -> None:
    row, state = solved(flight), np.empty(6)
    arc = integrated(row, flight[1])
    for share in (0.0, 0.4, 1.0):
        time = row[BURN_TIME] + share * (row[IMPACT_TIME] - row[BURN_TIME])
        arc_state(row, time, state)
        inertial = arc(time)
        place, velocity = (turned(part, -OMEGA * time) for part in (inertial[:3], inertial[3:]))
        assert state[:3] == pytest.approx(place, abs=0.5)
        assert state[3:] == pytest.approx(velocity - np.cross([0.0, 0.0, OMEGA], place), abs=1e-3)
    times = np.linspace(row[BURN_TIME], row[IMPACT_TIME], 4001)
    heights = np.array([TO_PLACE.transform(*turned(arc(time)[:3], -OMEGA * time))[2] for time in times])
    for altitude in (100e3, 30e3):
        last = times[np.flatnonzero(heights > altitude)[-1]]
        assert last <= fall_time(row, altitude) <= last + times[1] - times[0]
        fallen = place_of(np.array(flight_position(row, fall_time(row, altitude))))[1]
        assert fallen == pytest.approx(altitude, abs=0.01)
    assert fall_time(row, heights.max() + 10.0) == row[BURN_TIME]


def test_a_flight_that_comes_up_at_its_aim_has_passed_through_the_earth() -> None:
    rng = np.random.default_rng(11)
    count = 200
    launch = np.stack([rng.uniform(-1.2, 1.2, count), rng.uniform(-3.0, 3.0, count)], axis=-1)
    aim = launch + np.stack([rng.uniform(-0.5, 0.5, count), rng.uniform(-1.2, 1.2, count)], axis=-1)
    columns = [np.full(count, value) for value in (60.0, 20e3, 30e3)]
    rows = solve_flights(launch, aim, *columns, np.radians(rng.uniform(-40.0, 0.0, count)))
    ways = {FLIES: 0, UNDERGROUND: 0}
    for row in rows[np.isin(rows[:, STATUS], list(ways))]:
        before = place_of(np.array(flight_position(row, row[IMPACT_TIME] - 0.5)))[1]
        if abs(before) > 1.0:
            assert (row[STATUS] == UNDERGROUND) == (before < 0.0)
            ways[int(row[STATUS])] += 1
    assert min(ways.values()) > 8, ways
