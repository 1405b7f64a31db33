"""Launch times looked up in a table, against interceptors that fly straight, whose time is a closed form."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hoplon.flight.path import ALTITUDE, NORMAL, TIME
from hoplon.flight.path import ROWS as PATH_ROWS
from hoplon.intercept import launch
from hoplon.intercept.battery import Battery, batteries_of
from hoplon.intercept.flyout import flyout_time
from hoplon.intercept.launch import Weapon, columns_of, launch_at, launch_at_node, launches_of, weapon_of
from hoplon.intercept.reach import COLUMNS, ROWS, Reach, interceptor_row
from verification.every_second import LOWER, UPPER, straight_reach, straight_time

RADIUS = 6371008.8  # model page, section 1
EDGE = 1e-6


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel as Python, which need not be compiled for a few numbers."""
    return getattr(function, "py_func", function)


def site(kind: Any) -> tuple[Weapon, Reach]:
    """Return a weapon at a place like any other, and its reach."""
    reach = straight_reach(kind)
    stacked = batteries_of([Battery(0.7, 0.4, 0, (), True, (), 1)], [reach], 1)
    return weapon_of(stacked.rows[0], stacked.interceptors[0]), reach


def beside(weapon: Weapon, angle: Any, side: Any = 0.0) -> NDArray[np.float64]:
    """Return the normals of places at angles from a weapon, to any side of it; shape (3, ...)."""
    normal = np.array([weapon.normal_x, weapon.normal_y, weapon.normal_z])
    east = np.cross([0.0, 0.0, 1.0], normal) / math.hypot(normal[0], normal[1])
    ahead = np.multiply.outer(east, np.cos(side)) + np.multiply.outer(np.cross(normal, east), np.sin(side))
    return np.asarray(np.multiply.outer(normal, np.cos(angle)) + ahead * np.sin(angle))


def asked(weapon: Weapon, reach: Reach, chord: float, altitude: float, available: float = -1e9) -> float:
    """Return the launch time of an intercept at 1,000 s, at a chord to some side."""
    angle = 2.0 * math.asin(0.5 * chord)
    tables = (reach.fan, reach.times, reach.floors)
    place = beside(weapon, angle, 0.6).tolist()
    return float(plain(launch_at)(*place, altitude, 1000.0, available, weapon, *tables))


def test_a_weapon_has_the_numbers_of_its_battery_and_interceptor() -> None:
    battery = np.array([0.1, 0.2, 0.3, 40.0, 50.0, 60.0, 70.0, 80.0])
    assert plain(weapon_of)(battery, interceptor_row(UPPER)) == (
        *(0.1, 0.2, 0.3, 40.0, 50.0, UPPER.burnout_speed, UPPER.burn_time, UPPER.altitude_low, UPPER.altitude_high),
        *(UPPER.maximum_flight_time, UPPER.minimum_elevation, UPPER.slowest_burnout),
    )


@pytest.mark.parametrize("kind", [UPPER, LOWER])
def test_a_launch_is_a_flyout_before_the_intercept_where_that_is_within_reach(kind: Any) -> None:
    weapon, reach = site(kind)
    random, met, missed = np.random.default_rng(1), 0, 0
    for _ in range(300):
        chord = float(random.uniform(0.0, 1.1)) * reach.chord
        altitude = float(random.uniform(kind.altitude_low - 3e4, kind.altitude_high + 3e4))
        time = float(straight_time(kind, chord, altitude))
        found = asked(weapon, reach, chord, altitude)
        if not kind.altitude_low <= altitude <= kind.altitude_high or time > kind.maximum_flight_time + 0.05:
            assert found == -math.inf
            missed += 1
        elif time < kind.maximum_flight_time - 0.05:
            assert found == pytest.approx(1000.0 - time, abs=0.02)
            met += 1
    assert min(met, missed) > 60
    for altitude in (kind.altitude_low, kind.altitude_high):  # both are within
        assert asked(weapon, reach, 0.1 * reach.chord, altitude) == pytest.approx(
            1000.0 - straight_time(kind, 0.1 * reach.chord, altitude), abs=0.02
        )


def test_beyond_the_last_column_nothing_is_reached_whatever_the_table_says() -> None:
    weapon, reach = site(UPPER)
    always = Reach(UPPER, reach.fan, np.full((ROWS, COLUMNS), 100.0), np.full((ROWS, COLUMNS), -90.0), reach.chord)
    assert asked(weapon, always, reach.chord * (1.0 - EDGE), 200e3) == 900.0
    assert asked(weapon, always, reach.chord * (1.0 + EDGE), 200e3) == -math.inf
    assert asked(weapon._replace(maximum_flight_time=100.0), always, 0.1, 200e3) == 900.0
    assert asked(weapon._replace(maximum_flight_time=99.9), always, 0.1, 200e3) == -math.inf


def test_a_cell_that_is_not_interpolated_is_solved_where_its_floor_leaves_time() -> None:
    weapon, reach = site(UPPER)
    chord, altitude = 0.3 * reach.chord, 200e3
    exact = flyout_time(
        UPPER.burnout_speed,
        UPPER.burn_time,
        UPPER.minimum_elevation,
        2.0 * RADIUS * math.asin(0.5 * chord),
        altitude,
        UPPER.slowest_burnout,
    )
    for floor, available, expected in (
        (80.0, -1e9, 1000.0 - exact),
        (80.0, 920.0, 1000.0 - exact),
        (80.0, 920.1, 920.0),  # too early whatever the exact one is: the bound is told
        (UPPER.maximum_flight_time, -1e9, 1000.0 - exact),
        (UPPER.maximum_flight_time + 0.1, -1e9, -math.inf),
    ):
        solved = Reach(UPPER, reach.fan, reach.times, np.full((ROWS, COLUMNS), floor), reach.chord)
        assert asked(weapon, solved, chord, altitude, available) == pytest.approx(expected, abs=1e-6)


def drawn_path(random: np.random.Generator, weapon: Weapon, nodes: int, kind: Any, chord: float) -> NDArray[np.float64]:
    """Return a path whose nodes lie at random places about a weapon."""
    path = np.full((PATH_ROWS, nodes), np.nan)
    path[TIME] = np.cumsum(random.uniform(5.0, 20.0, nodes))
    path[ALTITUDE] = random.uniform(kind.altitude_low - 2e4, kind.altitude_high + 2e4, nodes)
    angles, sides = 2.0 * np.arcsin(0.5 * random.uniform(0.0, 1.6, nodes) * chord), random.uniform(0.0, 6.28, nodes)
    path[NORMAL : NORMAL + 3] = beside(weapon, angles, sides)
    return path


def test_columns_are_those_of_the_nodes_near_enough_and_of_one_on_either_side() -> None:
    weapon, reach = site(UPPER)
    random, none, cut = np.random.default_rng(6), 0, 0
    for number in range(120):
        nodes, start, margin = int(random.integers(4, 12)), int(random.integers(0, 3)), float(random.uniform(0.0, 30.0))
        path = drawn_path(random, weapon, nodes, UPPER, reach.chord * (1.0 if number % 4 else 3.0))
        chords = np.linalg.norm(path[NORMAL : NORMAL + 3] - beside(weapon, 0.0)[:, np.newaxis], axis=0)
        places = chords * (COLUMNS - 1) / reach.chord
        near = [node for node in range(start, nodes) if places[node] < COLUMNS - 1.001 + margin]
        columns = np.full(nodes, np.nan)
        first, end = plain(columns_of)(path, start, nodes, weapon, margin, columns)
        if not near:
            assert first == end
            none += 1
            continue
        assert (first, end) == (max(near[0] - 1, start), min(near[-1] + 2, nodes))
        np.testing.assert_allclose(columns[first:end], places[first:end], rtol=1e-9, atol=1e-6)
        cut += first > start
    assert none > 3
    assert cut > 5


@pytest.mark.parametrize("kind", [UPPER, LOWER])
def test_a_bound_of_a_launch_time_is_that_of_its_cell(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no earlier than the launch itself, and none where the cell is out or the altitude not one to intercept."""
    monkeypatch.setattr(launch, "launch_at", plain(launch_at))
    weapon, reach = site(kind)
    random, bounded = np.random.default_rng(9), 0
    for _ in range(25):
        path = drawn_path(random, weapon, 12, kind, 0.7 * reach.chord)
        beside_the_end = 2.0 * math.asin(0.5 * reach.chord * (COLUMNS - 1.05) / (COLUMNS - 1))
        path[NORMAL : NORMAL + 3, 4], path[ALTITUDE, 4] = beside(weapon, beside_the_end, 0.3), kind.altitude_low + 1.0
        columns, launches, bounds = np.full(12, np.nan), np.full(12, -7.0), np.zeros(12, dtype=np.bool_)
        first, end = plain(columns_of)(path, 1, 12, weapon, 20.0, columns)
        plain(launches_of)(path, first, end, weapon, reach.floors, columns, launches, bounds)
        assert (launches[:first] == -7.0).all()
        assert (launches[end:] == -7.0).all()
        for node in range(first, end):
            altitude, time = path[ALTITUDE, node], path[TIME, node]
            low = kind.altitude_low + np.arange(ROWS) * (kind.altitude_high - kind.altitude_low) / (ROWS - 1)
            within = low[0] <= altitude <= low[-1] and columns[node] < COLUMNS - 1.001
            assert bounds[node] == within
            line = int(np.searchsorted(low, altitude, side="right")) - 1
            floor = abs(float(reach.floors[line, int(columns[node])])) if within else math.inf
            expected = time - floor if floor <= kind.maximum_flight_time else -math.inf
            assert launches[node] == pytest.approx(expected, abs=1e-9)
            exact = plain(launch_at_node)(path, node, -1e9, weapon, reach.fan, reach.times, reach.floors)
            assert exact <= launches[node] + 1e-3
            bounded += launches[node] > -math.inf
    assert bounded > 40
