"""How an interceptor comes to a point that is laid on a known path, and how a flight and it close there."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hoplon.earth.geodesy import normal_and_altitude, normal_of
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME
from hoplon.flight.sensitivity import inertial_state, perifocal_axes
from hoplon.intercept import closing
from hoplon.intercept.battery import Battery, batteries_of
from hoplon.intercept.flyout import FAN_COLUMNS, FAN_ROWS, fan_of
from hoplon.intercept.launch import weapon_of
from unit.test_coasts import MU, RADIUS, Conic, boosted
from unit.test_frugal_flyouts import Curve, point_at, seen_at
from verification import dense_information as dense
from verification.every_second import UPPER, straight_reach
from verification.test_track_information import RADARS, Compiled, flown

BURN, LEAST = 60.0, 0.3
EXACT = 2e-3  # [m s-1] elevations are found to a tenth of a microradian


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel as Python, which need not be compiled for a few numbers."""
    return getattr(function, "py_func", function)


def fan_at(speed: float, least: float = LEAST) -> NDArray[np.float64]:
    fan = np.empty((FAN_ROWS, FAN_COLUMNS))
    fan_of(speed, BURN, least, fan)
    return fan


def coasting(speed: float, elevation: float, psi: float) -> tuple[float, float, tuple[float, float]]:
    """Return ground range and altitude of a place on a coast, and the velocity there along the ground and up."""
    radius, angle, path = boosted(speed, BURN, elevation)
    coast = Conic(radius, speed, path)
    end = coast.radius(psi)
    upward = (coast.radius(psi + 1e-6) - coast.radius(psi - 1e-6)) / 2e-6 * coast.momentum / end**2
    return RADIUS * (angle + psi), end - RADIUS, (coast.momentum / end, upward)


def arriving(speed: float, slowest: float, ground_range: float, altitude: float) -> tuple[float, float]:
    found: tuple[float, float] = closing.arrival_velocity(
        speed, slowest, BURN, LEAST, fan_at(speed), ground_range, altitude
    )
    return found


@pytest.mark.parametrize("elevation", [0.3001, 0.45, 0.8, 1.1, 1.4, 1.52])
@pytest.mark.parametrize("speed", [3000.0, 4500.0, 7000.0])
def test_an_arrival_at_full_speed_is_as_fast_as_its_coast(speed: float, elevation: float) -> None:
    for share in (1e-3, 0.02, 0.1, 0.3):
        angle = share * speed * math.cos(elevation) * 300.0 / RADIUS
        ground_range, altitude, expected = coasting(speed, elevation, angle)
        for slowest in (speed, 1000.0):
            assert arriving(speed, slowest, ground_range, altitude) == pytest.approx(expected, abs=EXACT)


@pytest.mark.parametrize("flown_speed", [2003.0, 3100.0, 3990.0])
@pytest.mark.parametrize("psi", [0.003, 0.02, 0.06])
def test_an_arrival_at_the_least_elevation_is_as_fast_as_the_coast_of_the_speed_given_up_to(
    flown_speed: float, psi: float
) -> None:
    ground_range, altitude, expected = coasting(flown_speed, LEAST, psi)
    assert arriving(4000.0, 2000.0, ground_range, altitude) == pytest.approx(expected, abs=EXACT)


def test_an_arrival_where_the_boost_ends_is_as_fast_as_that() -> None:
    for slant, elevation in ((119e3, 0.5), (90e3, 1.2), (61e3, 0.31)):
        point, speed = seen_at(slant, elevation), slant / 30.0
        path = elevation + point.angle
        expected = (speed * math.cos(path), speed * math.sin(path))
        found = arriving(4000.0, 2000.0, RADIUS * point.angle, point.radius - RADIUS)
        assert found == pytest.approx(expected, abs=EXACT)


@pytest.mark.parametrize("altitude", [20e3, 59.9e3, 60.1e3, 119e3, 121e3, 400e3, 2000e3])
def test_straight_up_an_arrival_has_the_energy_of_its_burnout_within_two_hundred_metres(altitude: float) -> None:
    speed = min(max(altitude / 30.0, 2000.0), 4000.0)
    start, end = RADIUS + 30.0 * speed, RADIUS + altitude
    squared = max(speed**2 + 2.0 * MU * (1.0 / end - 1.0 / start), 0.0)
    expected = math.sqrt(squared) if end >= start - 1e-3 else -math.sqrt(squared)
    for ground_range in (0.0, 199.9):
        assert arriving(4000.0, 2000.0, ground_range, altitude) == pytest.approx((0.0, expected), abs=1e-6)
    if squared > 0.0:
        assert abs(arriving(4000.0, 2000.0, 200.0, altitude)[0]) > 1e-3


def least_of(speed: float, lowest: float, fan: NDArray[np.float64], apart: bool, point: Any) -> float:
    return float(plain(closing._passing_elevation)(speed, BURN, lowest, fan, apart, point))


@pytest.mark.parametrize("lowest", [LEAST, 0.7, 1.3])
@pytest.mark.parametrize("apart", [False, True])
def test_the_passing_elevation_is_that_of_a_coast_through_the_point(lowest: float, apart: bool) -> None:
    speed = 4000.0
    fan = fan_at(2.0 * speed if apart else speed)
    for elevation in np.linspace(lowest + 0.001, 1.52, 17).tolist():
        radius, angle, path = boosted(speed, BURN, elevation)
        psi = 0.02 * math.cos(elevation)
        end = Conic(radius, speed, path).radius(psi)
        found = least_of(speed, lowest, fan, apart, point_at(end, angle + psi))
        assert found == pytest.approx(elevation, abs=2e-7)


def excess(speed: float, elevation: float, point: Any) -> float:
    """Return the hit equation multiplied out."""
    radius, angle, path = boosted(speed, BURN, elevation)
    psi = max(point.angle - angle, 0.0)
    height = math.cos(path) * (radius / point.radius * math.cos(path) - math.cos(psi + path))
    return speed**2 * radius * height - MU * (1.0 - math.cos(psi))


@pytest.mark.parametrize(("lowest", "apart"), [(LEAST, False), (LEAST, True), (0.62, False), (1.3, False)])
def test_where_no_coast_passes_the_elevation_is_that_of_the_least_miss_of_some_tried(
    lowest: float, apart: bool
) -> None:
    speed = 4000.0
    fan = fan_at(2.0 * speed if apart else speed)
    rows = [float(elevation) for elevation in fan_at(speed)[:, 0] if elevation > lowest]
    if apart or len(rows) < 12:
        rows = np.linspace(lowest, 0.5 * math.pi, FAN_ROWS + 1)[1:].tolist()
    for angle, altitude in ((0.6, 300e3), (0.3, 900e3), (0.2, 2000e3), (1.5, 100e3)):
        point = point_at(RADIUS + altitude, angle)
        misses = {elevation: excess(speed, elevation, point) for elevation in [lowest, *rows]}
        assert max(misses.values()) < 0.0
        best = max(misses, key=lambda elevation: misses[elevation])
        assert least_of(speed, lowest, fan, apart, point) == pytest.approx(best, abs=1e-12)


@pytest.mark.parametrize("root", [0.3001, 0.5, 0.77, 1.1, 1.4999])
@pytest.mark.parametrize("bend", [-6.0, -1.0, 0.0, 1.0, 6.0])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_root_between_two_elevations_is_found_in_a_few_rounds(
    root: float, bend: float, sign: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    curve = Curve(lambda at: sign * (math.expm1(bend * (at - root)) / bend if bend else at - root))
    monkeypatch.setattr(closing, "excess_at", curve.excess_at)
    low, high = 0.3, 1.5
    found = plain(closing._root)(4000.0, BURN, low, high, curve.excess(low), curve.excess(high), None)
    assert found == pytest.approx(root, abs=2e-7)
    assert curve.asked < 20


@pytest.mark.parametrize("name", ["long", "short", "lofted"])
@pytest.mark.parametrize("site", [(44.0, 24.4), (36.0, 45.0)])
def test_a_flight_and_an_interceptor_close_with_the_difference_of_their_velocities_over_ground(
    name: str, site: tuple[float, float]
) -> None:
    row, _ = flown(name)
    place = (math.radians(site[0]), math.radians(site[1]))
    stacked = batteries_of([Battery(*place, 0, (), True, (), 10)], [straight_reach(UPPER)], 1)
    weapon, fan, nodes = (
        weapon_of(stacked.rows[0], stacked.interceptors[0]),
        stacked.fans[0],
        Compiled(row, [RADARS["own"]], each=True).nodes,
    )
    for second in np.linspace(row[BURN_TIME] + 1.0, row[IMPACT_TIME] - 1.0, 9).tolist():
        state = np.array(inertial_state(row, second))
        fixed = dense.turned(state[:3], -second)
        *normal, altitude = normal_and_altitude(*fixed)
        up, start = np.array(normal), np.array(normal_of(*place))
        angle = math.atan2(float(np.linalg.norm(np.cross(start, up))), float(start @ up))
        ahead = (up * math.cos(angle) - start) / math.sin(angle)
        forward, upward = closing.arrival_velocity(
            UPPER.burnout_speed, 1000.0, BURN, UPPER.minimum_elevation, fan, RADIUS * angle, altitude
        )
        ground = dense.turned(state[3:], -second) - np.cross([0.0, 0.0, dense.OMEGA], fixed)
        expected = dense.turned(ground - forward * ahead - upward * up, second)
        found = perifocal_axes(row) @ np.array(closing.closing_velocity(row, nodes, weapon, fan, second))
        assert found == pytest.approx(expected, abs=0.05)
