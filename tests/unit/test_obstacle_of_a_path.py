"""What stands between a battery and a shot, of paths written out node by node, by the closed form of a straight way."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from hoplon.flight.arc import BURN_TIME, IMPACT_TIME
from hoplon.flight.arc import COLUMNS as ROW_COLUMNS
from hoplon.flight.path import ALTITUDE, NORMAL, ROWS, TIME
from hoplon.intercept import obstacle
from hoplon.intercept.battery import Battery, Timing, batteries_of
from hoplon.intercept.launch import weapon_of
from hoplon.intercept.obstacle import NEVER_SEEN, NO_SUPPORT, OUT_OF_REACH, SEEN_TOO_LATE, TOO_HIGH, TOO_LOW
from hoplon.intercept.reach import COLUMNS
from verification.every_second import UPPER, straight_reach, straight_time

BURN, IMPACT, FIRM = 100.0, 1500.0, 20.0
TIMING = Timing(FIRM, 30.0, 5.0, 3.0, 7.0, 11.0, True).row()
NEAR = 0.5  # [s] beside a limit: the table is interpolated
Node = tuple[float, float, float]  # time [s], chord, altitude [m]


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel as Python, which need not be compiled for a few numbers."""
    return getattr(function, "py_func", function)


def asked(nodes: list[Node], commit: float, floors: Any = None) -> int:
    reach = straight_reach(UPPER)
    stacked = batteries_of([Battery(0.3, 0.0, 0, (), True, (), 1)], [reach], 1)
    row, path = np.zeros(ROW_COLUMNS), np.full((ROWS, len(nodes) + 1), np.nan)
    row[BURN_TIME], row[IMPACT_TIME] = BURN, IMPACT
    up = stacked.rows[0, :3]
    east, north = np.array([0.0, 1.0, 0.0]), np.cross(up, [0.0, 1.0, 0.0])
    for place, (time, chord, altitude) in enumerate(nodes):
        angle = 2.0 * math.asin(0.5 * chord)
        normal = math.cos(angle) * up + math.sin(angle) * (0.6 * east + 0.8 * north)
        path[NORMAL : NORMAL + 3, place], path[TIME, place], path[ALTITUDE, place] = normal, time, altitude
    weapon = weapon_of(stacked.rows[0], stacked.interceptors[0])
    given = (weapon, stacked.times[0], stacked.floors[0] if floors is None else floors)
    return int(plain(obstacle._obstacle)(row, path, len(nodes), commit, TIMING, *given))


def expected(nodes: list[Node], commit: float) -> int | None:
    """Return the obstacle; None where a limit so close by decides it."""
    launches, below, above = [], 0, 0
    for time, chord, altitude in nodes:
        if not BURN < time < IMPACT or chord >= straight_reach(UPPER).chord:
            continue
        flyout = float(straight_time(UPPER, chord, min(max(altitude, UPPER.altitude_low), UPPER.altitude_high)))
        spare = min(UPPER.maximum_flight_time - flyout, time - flyout - BURN - FIRM)
        if abs(spare) < NEAR:
            return None
        if spare < 0.0:
            continue
        below, above = below + (altitude < UPPER.altitude_low), above + (altitude > UPPER.altitude_high)
        if UPPER.altitude_low <= altitude <= UPPER.altitude_high:
            launches.append(time - flyout)
    if not launches:
        return OUT_OF_REACH if below + above == 0 else TOO_LOW if below >= above else TOO_HIGH
    if commit == math.inf:
        return NEVER_SEEN
    if abs(max(launches) - commit) < NEAR:
        return None
    return SEEN_TOO_LATE if max(launches) < commit else NO_SUPPORT


def test_the_obstacle_of_any_path_is_that_of_its_nodes() -> None:
    random, told = np.random.default_rng(3), dict[int, int]()
    chord = straight_reach(UPPER).chord
    for number in range(600):
        heights = ((40e3, 300e3), (40e3, 100e3), (800e3, 1100e3), (60e3, 1000e3), (79e3, 79.5e3))[number % 5]
        nodes: list[Node] = [
            (float(time), float(far * chord), float(height))
            for time, far, height in zip(
                np.sort(random.uniform(50.0, 1600.0 if number % 2 else 500.0, 4)),
                random.uniform(0.0, 1.3, 4),
                random.uniform(*heights, 4),
                strict=True,
            )
        ]
        commit = float(random.choice([math.inf, random.uniform(100.0, 1200.0)]))
        wanted = expected(nodes, commit)
        if wanted is not None:
            assert asked(nodes, commit) == wanted
            told[wanted] = told.get(wanted, 0) + 1
    assert len(told) == 6
    assert min(told.values()) > 8


def test_limits_are_within_reach_and_a_tie_is_too_low() -> None:
    low, high = UPPER.altitude_low, UPPER.altitude_high
    for altitude in (low, high):
        flyout = float(straight_time(UPPER, 0.02, altitude))
        assert asked([(900.0, 0.02, altitude)], 100.0) == NO_SUPPORT
        assert asked([(900.0, 0.02, altitude)], 900.0 - flyout + 1.0) == SEEN_TOO_LATE
    assert asked([(900.0, 0.02, low - 1.0), (920.0, 0.02, high + 1.0)], 100.0) == TOO_LOW
    assert asked([(900.0, 0.02, high + 1.0)], 100.0) == TOO_HIGH
    for time in (BURN, IMPACT):  # between them alone
        assert asked([(time, 0.02, 200e3)], 100.0) == OUT_OF_REACH
    assert asked([], 100.0) == OUT_OF_REACH


@pytest.mark.parametrize("floor", [0.5, 80.0, 300.0])
def test_where_a_cell_is_not_interpolated_its_floor_stands_for_the_flyout(floor: float) -> None:
    floors = np.full((97, COLUMNS), floor, dtype=np.float32)
    node, inside = (700.0, 0.9 * straight_reach(UPPER).chord, 200e3), straight_reach(UPPER).chord
    assert asked([node], 700.0 - floor, floors) == NO_SUPPORT  # to the second itself
    assert asked([node], 700.0 - floor + 0.01, floors) == SEEN_TOO_LATE
    assert asked([(BURN + FIRM + floor, node[1], 200e3)], 0.0, floors) == NO_SUPPORT
    assert asked([(BURN + FIRM + floor - 0.01, node[1], 200e3)], 0.0, floors) == OUT_OF_REACH
    assert asked([(700.0, inside * 1.001, 200e3)], 0.0, floors) == OUT_OF_REACH
    longest = np.full((97, COLUMNS), UPPER.maximum_flight_time, dtype=np.float32)
    assert asked([node], 0.0, longest) == NO_SUPPORT
    assert asked([node], 0.0, longest * np.float32(1.01)) == OUT_OF_REACH
