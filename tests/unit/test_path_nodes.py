"""Nodes of a path, the cubics through them, and bounds of speed and acceleration along a flight."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hoplon.flight import path as paths
from hoplon.flight.arc import (
    BURN_TIME,
    BURNOUT_ALTITUDE,
    BURNOUT_GROUND_RANGE,
    COLUMNS,
    ECCENTRIC_BURNOUT,
    ECCENTRIC_IMPACT,
    ECCENTRICITY,
    IMPACT_TIME,
    MEAN_MOTION,
    PERIAPSIS,
    SEMI_MAJOR_AXIS,
    TRANSVERSE,
)
from hoplon.flight.path import ALTITUDE, NORMAL, POSITION, ROWS, TIME

MU, RATE, RADIUS = 3.986004418e14, 7.292115e-5, 6371008.8  # [m3/s2], [rad/s], [m] model page
MAJOR, MINOR = 6378137.0, 6356752.314245  # [m] WGS 84


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel as Python, which need not be compiled for a few numbers."""
    return getattr(function, "py_func", function)


def arc(burn: float = 100.0, begin: float = 2.5, end: float = 3.9) -> NDArray[np.float64]:
    """Return elements of an ellipse of 5,000 km and 0.45 in a plane of its own."""
    row = np.zeros(COLUMNS)
    row[BURN_TIME], row[SEMI_MAJOR_AXIS], row[ECCENTRICITY] = burn, 5.0e6, 0.45
    row[MEAN_MOTION] = math.sqrt(MU / 5.0e6**3)
    row[ECCENTRIC_BURNOUT], row[ECCENTRIC_IMPACT] = begin, end
    row[PERIAPSIS : PERIAPSIS + 3], row[TRANSVERSE : TRANSVERSE + 3] = [0.6, 0.48, 0.64], [-0.8, 0.36, 0.48]
    row[IMPACT_TIME] = burn + (end - begin - 0.45 * (math.sin(end) - math.sin(begin))) / row[MEAN_MOTION]
    row[BURNOUT_ALTITUDE], row[BURNOUT_GROUND_RANGE] = 90e3, 120e3
    return row


def place(row: NDArray[np.float64], anomaly: float) -> tuple[float, NDArray[np.float64]]:
    """Return time and place at an eccentric anomaly, turned back by what the Earth has turned since ignition."""
    time = row[BURN_TIME] + (anomaly - 2.5 - 0.45 * (math.sin(anomaly) - math.sin(2.5))) / row[MEAN_MOTION]
    along, across = 5.0e6 * (math.cos(anomaly) - 0.45), 5.0e6 * math.sqrt(1.0 - 0.45**2) * math.sin(anomaly)
    x, y, z = along * row[PERIAPSIS : PERIAPSIS + 3] + across * row[TRANSVERSE : TRANSVERSE + 3]
    turned = complex(x, y) * complex(math.cos(RATE * time), -math.sin(RATE * time))
    return time, np.array([turned.real, turned.imag, z])


@pytest.mark.parametrize("count", [1, 3, 8, 9, 16, 21])
def test_nodes_of_an_arc_are_even_in_eccentric_anomaly(count: int) -> None:
    row, path = arc(), np.full((ROWS, count + 7), np.nan)
    plain(paths._turn_anomaly)(row, 4, 4 + count, path)
    plain(paths._place_positions)(row, 4, 4 + count, path)
    for node in range(count):
        time, position = place(row, 2.5 + 1.4 * (node + 1) / count)
        assert path[TIME, 4 + node] == pytest.approx(time, abs=1e-8)
        assert path[POSITION:ROWS, 4 + node] == pytest.approx(position, abs=1e-5)
    assert path[TIME, 3 + count] == row[IMPACT_TIME]
    assert np.isnan(path[:, :4]).all()
    assert np.isnan(path[:, 4 + count :]).all()


def test_the_earth_turns_for_two_hours_under_an_arc() -> None:
    row, path = arc(), np.full((ROWS, 3), np.nan)
    for time in (0.0, 1000.0, 4000.0, 8000.0):
        path[TIME], path[1], path[2] = time, 0.3, 0.4
        plain(paths._place_positions)(row, 1, 2, path)
        x, y, z = 5.0e6 * -0.15 * row[PERIAPSIS : PERIAPSIS + 3]
        across = 5.0e6 * math.sqrt(1.0 - 0.45**2) * 0.4 * row[TRANSVERSE : TRANSVERSE + 3]
        turned = complex(x + across[0], y + across[1]) * complex(math.cos(RATE * time), -math.sin(RATE * time))
        assert path[POSITION:ROWS, 1] == pytest.approx([turned.real, turned.imag, z + across[2]], abs=1e-4)


def test_normals_and_altitudes_are_those_of_the_ellipsoid() -> None:
    """A place is its normal scaled by the squared half axes, over its support, and as much higher along it."""
    random = np.random.default_rng(3)
    normals = random.normal(size=(40, 3))
    normals[0], normals[1], normals[2] = [0.0, 0.0, 1.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    altitudes = np.concatenate([[0.0, 5e5, 1e6], random.uniform(-1e4, 2e6, 37)])
    squares = np.array([MAJOR, MAJOR, MINOR]) ** 2
    on = normals * squares / np.sqrt((normals**2 @ squares)[:, np.newaxis])
    path = np.full((ROWS, 44), np.nan)
    path[POSITION:ROWS, 2:42] = (on + altitudes[:, np.newaxis] * normals).T
    plain(paths.place_normals)(path, 2, 42)
    found = path[NORMAL:ALTITUDE, 2:42].T
    assert found == pytest.approx(normals, abs=1e-9)
    assert path[ALTITUDE, 2:42] == pytest.approx(altitudes, abs=1e-3)
    assert np.isnan(path[:, :2]).all()
    assert np.isnan(path[:, 42:]).all()


def test_a_cubic_through_four_nodes_is_the_polynomial_that_they_lie_on() -> None:
    random, path = np.random.default_rng(5), np.zeros((ROWS, 9))
    path[TIME] = np.cumsum(random.uniform(0.5, 3.0, 9))
    each = random.normal(size=(4, 4))
    for row in range(4):
        path[NORMAL + row] = np.polyval(each[row], path[TIME])
    path[:, [0, 1, 6, 7, 8]] += 1e6  # they are not of the four
    for time in (path[TIME, 2], path[TIME, 5], 0.3 * path[TIME, 3] + 0.7 * path[TIME, 4], 0.1):
        spans = plain(paths.spans_of)(path, 2)
        values = [
            plain(paths.cubic_at)(plain(paths.cubic_of)(path, NORMAL + row, 2, spans), spans, time) for row in range(4)
        ]
        assert values == pytest.approx([np.polyval(one, time) for one in each], abs=1e-7)


@pytest.mark.parametrize("step", [1.0, 7.0, 20.0])
@pytest.mark.parametrize("burn", [0.0, 20.0, 20.1, 100.0])
def test_nodes_are_as_many_as_keep_them_a_step_apart(burn: float, step: float) -> None:
    row = arc(burn)
    boost, count = plain(paths.node_counts)(row, step)
    assert boost == math.ceil(burn / step) + 1
    # Time runs fastest at the apoapsis of the ellipse, with 1 + e over the mean motion for each radian.
    greatest = 1.4 / count * 1.45 / row[MEAN_MOTION]
    assert greatest <= step < greatest * count / (count - 1)
    short = arc(burn, 3.0, 3.0 + 1e-9)
    assert plain(paths.node_counts)(short, step) == (boost, 1)


def test_the_longest_of_the_flights_that_exist_needs_the_most_nodes() -> None:
    rows = np.array([arc(0.0), arc(100.0), arc(40.0), arc(900.0)])
    rows[3, 0] = 1.0
    boost, count = plain(paths.node_counts)(rows[1], 20.0)
    assert plain(paths.most_nodes)(rows, 20.0) == boost + count
    assert plain(paths.most_nodes)(rows[3:], 20.0) == 2


def test_speed_is_bounded_by_its_energy_at_the_pole_and_the_turn_under_its_apoapsis() -> None:
    row = arc(0.0)
    energy = -MU / (2.0 * 5.0e6)
    expected = math.sqrt(2.0 * (energy + MU / MINOR)) + RATE * 7.25e6
    assert plain(paths.greatest_speed)(row) == pytest.approx(expected, rel=1e-12)
    row = arc(100.0)
    assert plain(paths.greatest_speed)(row) == pytest.approx(expected, rel=1e-12)
    row[BURN_TIME] = 10.0  # burnout at 36 km/s along the ground of the flattest place and 18 km/s up
    flattest = MAJOR**2 / MINOR
    fast = (3.0 * 120e3 * (flattest + 90e3) / RADIUS + 2.0 * 90e3) / 10.0
    assert plain(paths.greatest_speed)(row) == pytest.approx(fast, rel=1e-9)


def test_acceleration_is_bounded_by_gravity_at_the_pole_and_by_the_boost() -> None:
    row = arc(100.0)
    speed = plain(paths.greatest_speed)(row)
    # A turning frame adds twice the rate times the speed, and the rate squared times the distance from the axis.
    expected = MU / MINOR**2 + 2.0 * RATE * speed + RATE**2 * 7.25e6
    assert plain(paths.greatest_acceleration)(row, False) == pytest.approx(expected, rel=1e-12)
    flattest = MAJOR**2 / MINOR
    thrust = 6.0 * 120e3 / 1e4 * (flattest + 90e3) / RADIUS + 2.0 * 90e3 / 1e4 + 3.0 * speed**2 / RADIUS
    assert thrust > expected
    assert plain(paths.greatest_acceleration)(row, True) == pytest.approx(thrust, rel=1e-9)
    assert plain(paths.greatest_acceleration)(arc(0.0), True) == pytest.approx(expected, rel=1e-12)
    slow = arc(100.0)
    slow[BURNOUT_ALTITUDE] = slow[BURNOUT_GROUND_RANGE] = 0.0
    slow[SEMI_MAJOR_AXIS] = 3.3e6
    low = plain(paths.greatest_acceleration)(slow, False)
    assert plain(paths.greatest_acceleration)(slow, True) == max(
        low, 3.0 * plain(paths.greatest_speed)(slow) ** 2 / RADIUS
    )
