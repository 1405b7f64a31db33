"""How much farther away a point could be reached, against interceptors that fly straight, by the closed form."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from hoplon.intercept import margins
from hoplon.intercept.battery import Battery, batteries_of
from hoplon.intercept.launch import Weapon, weapon_of
from hoplon.intercept.reach import Interceptor
from hoplon.intercept.shots import Tables
from verification.every_second import LOWER, UPPER, straight_reach

RADIUS = 6371008.8  # model page, section 1
METRES = 60.0  # [m] the table is interpolated, in single precision


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel as Python, which need not be compiled for a few numbers."""
    return getattr(function, "py_func", function)


@pytest.fixture(autouse=True)
def as_python(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_reaches", "launch_at"):
        monkeypatch.setattr(margins, name, plain(getattr(margins, name)))


def reach_beyond(*given: Any) -> float:
    return float(plain(margins.reach_beyond)(*given))


def armed(kind: Interceptor) -> tuple[Weapon, Tables]:
    reach = straight_reach(kind)
    stacked = batteries_of([Battery(0.7, 0.4, 0, (), True, (), 1)], [reach], 1)
    return weapon_of(stacked.rows[0], stacked.interceptors[0]), Tables(
        stacked.fans[0], stacked.times[0], stacked.floors[0]
    )


def farthest(kind: Interceptor, altitude: float, seconds: float) -> float:
    """Return the greatest ground range of a straight way to an altitude in a time from launch on [m]."""
    slant = kind.burnout_speed * (min(seconds, kind.maximum_flight_time) - kind.burn_time)
    square = (slant**2 - altitude**2) / (RADIUS * (RADIUS + altitude))
    return 2.0 * RADIUS * math.asin(0.5 * math.sqrt(square)) if square >= 0.0 else -math.inf


@pytest.mark.parametrize("kind", [UPPER, LOWER])
@pytest.mark.parametrize("share", [0.0, 0.02, 0.4, 0.999, 1.001, 1.6, 20.0, 60.0])
def test_a_point_can_lie_as_much_farther_as_the_straight_way_goes_beyond_it(kind: Interceptor, share: float) -> None:
    weapon, tables = armed(kind)
    for altitude in (0.8 * kind.altitude_low + 0.2 * kind.altitude_high, kind.altitude_low):
        for seconds in (0.6 * kind.maximum_flight_time, 2.0 * kind.maximum_flight_time):
            edge = farthest(kind, altitude, seconds)
            ground_range = share * edge
            if edge < 5e3 or ground_range > 0.9 * math.pi * RADIUS:
                continue
            given = (ground_range, altitude, 700, 700.0 - seconds, weapon, tables)
            expected = edge - ground_range
            assert reach_beyond(*given, -math.inf) == pytest.approx(expected, abs=METRES)
            for less in (1.0, 300.0, 40e3):  # what is known already is less
                assert reach_beyond(*given, expected - less - METRES) == pytest.approx(expected, abs=METRES)
            for least in (expected + METRES, expected + 50e3):
                assert reach_beyond(*given, least) == least


def test_a_point_that_is_reached_from_nowhere_has_what_is_known() -> None:
    weapon, tables = armed(UPPER)
    soon = UPPER.burn_time + 0.5 * 200e3 / UPPER.burnout_speed  # half of the way straight up
    for ground_range in (0.0, 100e3):
        for least in (-math.inf, -200e3, 5e3):
            assert reach_beyond(ground_range, 200e3, 700, 700.0 - soon, weapon, tables, least) == least


def test_a_metre_is_found_whatever_is_known() -> None:
    weapon, tables = armed(UPPER)
    given = (250e3, 200e3, 700, 400.0, weapon, tables)
    whole = reach_beyond(*given, -math.inf)
    known = [reach_beyond(*given, float(least)) for least in whole - np.geomspace(2.0, 400e3, 12)]
    assert known == pytest.approx([whole] * 12, abs=1.0)


def reached_between(near: float, far: float, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let points be reached from one distance to another, and return the list of those that are tried."""
    tried: list[float] = []

    def reaches(ground_range: float, altitude: float, second: int, *given: Any) -> bool:
        assert (altitude, second, *given) == (200e3, 700, 400.0, "weapon", "tables")
        tried.append(ground_range)
        return near <= ground_range <= far

    monkeypatch.setattr(margins, "_reaches", reaches)
    return tried


@pytest.mark.parametrize(
    ("near", "far"), [(100e3, 250e3), (105e3, 115e3), (0.0, 0.5), (0.0, 5e3), (100e3, 900e3), (315e3, 330e3)]
)
def test_a_point_too_near_is_tried_farther_away(near: float, far: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """At 320 km each of 32 distances is 10 km from the next: one of them lies within every stretch here."""
    reached_between(near, far, monkeypatch)
    given = (320e3, 200e3, 700, 400.0, "weapon", "tables")
    assert reach_beyond(*given, -math.inf) == pytest.approx(far - 320e3, abs=1.0)


@pytest.mark.parametrize("less", [0.5, 3.0])
def test_where_nearly_all_is_known_little_is_tried(less: float, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = reached_between(100e3, 250e3, monkeypatch)
    given = (320e3, 200e3, 700, 400.0, "weapon", "tables")
    assert reach_beyond(*given, -70e3 - less) == pytest.approx(-70e3, abs=1.0)
    assert tried[0] == 250e3 - less
    assert len(tried) < 8
    tried.clear()
    assert reach_beyond(*given, -70e3 + less) == -70e3 + less
    assert tried == [250e3 + less]
    reached_between(0.0, 900.0, monkeypatch)
    assert reach_beyond(*given, -330e3) == pytest.approx(900.0 - 320e3, abs=1.0)  # no nearer than overhead
