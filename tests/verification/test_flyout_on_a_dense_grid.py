"""Fly-out with speed given up, against every elevation and burnout speed of a dense grid (``oracle.dense``)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.ndimage import distance_transform_edt
from scipy.optimize import minimize_scalar

from hoplon.intercept.flyout import FAN_COLUMNS, FAN_ROWS, fan_of, flyout_time, least_flyout_time
from hoplon.intercept.reach import COLUMNS, ROWS, Interceptor, interpolate, reach_of
from oracle.dense import dense_time
from oracle.fan import flyout_times

SECONDS, SHARE = 0.5, 0.005  # model page, section 5
RADIUS = 6371008.8
GRID = 0.2  # [s] what a grid of a tenth of a degree and some 20 m/s may be late, beside the tolerance


def allowed(time: float) -> float:
    return max(SECONDS, SHARE * time)


# Greatest and least burnout speed [m/s], burn time [s], least elevation [deg].
ROCKETS = [
    (3000.0, 1000.0, 60.0, 15.0),
    (4500.0, 1000.0, 60.0, 15.0),
    (6700.0, 1000.0, 90.0, 15.0),
    (9000.0, 1000.0, 70.0, 5.0),
    (2200.0, 700.0, 20.0, 0.0),
    (5000.0, 3500.0, 80.0, 40.0),
    (4000.0, 1000.0, 30.0, 75.0),
    (3500.0, 3500.0, 60.0, 15.0),
    (10_500.0, 1000.0, 60.0, 15.0),
]


@pytest.mark.parametrize("rocket", ROCKETS, ids=str)
def test_a_flyout_is_the_least_over_a_dense_grid_of_elevations_and_speeds(
    rocket: tuple[float, float, float, float],
) -> None:
    speed, slowest, burn, least_deg = rocket
    least = math.radians(least_deg)
    rng = np.random.default_rng(int(speed))
    reached = 0
    for index in range(24):
        # Far points, points about the boost, and points low under the paths of full speed.
        wide, high = ((300.0, 0.05), (0.8 * burn, 0.02), (100.0, 0.004))[index % 3]
        ground_range = 1e3 + float(rng.uniform()) * speed * wide
        altitude = float(rng.uniform()) * high * speed**2
        found = flyout_time(speed, burn, least, ground_range, altitude, slowest)
        dense = dense_time((slowest, speed), burn, ground_range, altitude, least)
        assert found <= dense + allowed(dense) if math.isfinite(dense) else True
        if math.isfinite(found):
            assert dense <= found + allowed(found) + GRID, (ground_range, altitude)
            reached += 1
        else:
            assert dense == math.inf
    assert reached >= 4


def test_a_falling_point_under_full_speed_is_reached_at_the_speed_whose_lowest_path_passes_it() -> None:
    # The lowest path of 3.6 km/s, integrated by hand of the closed form of the grid, then asked of a faster one.
    least, burn = math.radians(15.0), 60.0
    ground_range, altitude = 669e3, 147e3
    fast = flyout_time(5000.0, burn, least, ground_range, altitude, 1000.0)
    slow = min(
        float(flyout_times(speed, burn, [ground_range], [altitude], least)[0]) for speed in np.arange(2500, 5001, 5.0)
    )
    assert fast <= slow + 1e-6
    assert fast == pytest.approx(slow, abs=0.5)
    assert flyout_time(5000.0, burn, least, ground_range, altitude) > 3.0 * fast  # full speed alone only lobs


@pytest.mark.parametrize("rocket", [ROCKETS[0], ROCKETS[2], ROCKETS[5]], ids=str)
def test_a_looked_up_time_is_within_tolerance_of_the_exact_one(rocket: tuple[float, float, float, float]) -> None:
    speed, slowest, burn, least_deg = rocket
    least = math.radians(least_deg)
    reach = reach_of(Interceptor(speed, burn, 30e3, 600e3, 500.0, least, slowest))
    rng = np.random.default_rng(7)
    fan = np.empty((FAN_ROWS, FAN_COLUMNS))
    fan_of(speed, burn, least, fan)
    looked_up = 0
    for _ in range(4000):
        right, up = float(rng.uniform(0, COLUMNS - 1)), float(rng.uniform(0, ROWS - 1))
        line, column = int(up), int(right)
        if not reach.floors[line, column] < 0.0:
            continue
        looked_up += 1
        ground_range = 2.0 * RADIUS * math.asin(0.5 * reach.chord * right / (COLUMNS - 1))
        altitude = 30e3 + 570e3 * up / (ROWS - 1)
        exact = least_flyout_time(speed, slowest, burn, least, fan, ground_range, altitude)
        assert interpolate(reach.times, line, column, right - column, up - line) == pytest.approx(
            exact, abs=0.5 * allowed(exact)
        )
    assert looked_up > 1000


@pytest.mark.parametrize(
    ("speed", "altitude"), [(3000.0, 120e3), (3000.0, 420e3), (4500.0, 300e3), (6700.0, 600e3), (2200.0, 30e3)]
)
def test_just_within_the_edge_of_reach_both_paths_hide_between_two_elevations_and_the_lower_is_taken(
    speed: float, altitude: float
) -> None:
    burn, least = 60.0, math.radians(15.0)
    edge = 0.0
    for width in (200e3, 5e3, 100.0, 2.0):
        ranges = edge + np.arange(1.0, 50.0) * width
        times = flyout_times(speed, burn, ranges, np.full(len(ranges), altitude), least)
        edge = float(ranges[np.isfinite(times)].max(initial=edge))
    ranges = edge - np.array([20.0, 100.0, 400.0, 1500.0, 6e3, 25e3])
    times = flyout_times(speed, burn, ranges, np.full(len(ranges), altitude), least)
    found = [flyout_time(speed, burn, least, float(distance), altitude) for distance in ranges]
    assert found == pytest.approx(times.tolist(), abs=0.05)
    assert flyout_time(speed, burn, least, edge + 20.0, altitude) == math.inf


def highest(speed: float, burn: float, ground_range: float) -> tuple[float, float]:
    """Return the greatest altitude [m] of any coast above a ground range [m], and its elevation, by the conic."""

    def altitude(elevation: float) -> float:
        up, along = RADIUS + 0.5 * speed * burn * math.sin(elevation), 0.5 * speed * burn * math.cos(elevation)
        start, swept = math.hypot(up, along), math.atan2(along, up)
        momentum = start * speed * math.cos(elevation + swept)
        parameter = momentum**2 / 3.986004418e14
        psi = ground_range / RADIUS - swept
        along_axis, across = parameter / start - 1.0, math.sin(elevation + swept) * momentum * speed / 3.986004418e14
        return parameter / (1.0 + along_axis * math.cos(psi) - across * math.sin(psi)) - RADIUS

    rough = max(np.radians(np.arange(5.0, 88.0, 0.25)), key=altitude)
    best = minimize_scalar(lambda one: -altitude(one), bounds=(rough - 0.005, rough + 0.005), options={"xatol": 1e-12})
    return float(-best.fun), float(best.x)


@pytest.mark.parametrize("rocket", [(3000.0, 60.0), (4500.0, 75.0), (5500.0, 90.0), (1500.0, 8.0)], ids=str)
def test_a_point_a_metre_under_the_highest_path_is_reached_and_one_a_metre_above_is_not(
    rocket: tuple[float, float],
) -> None:
    """Both roots hide between two rows of the fan there, a few ten-thousandths of a radian apart."""
    speed, burn = rocket
    farthest = speed**2 / 9.81 + 0.5 * speed * burn
    asked = 0
    for ground_range in np.linspace(0.3, 0.9, 25) * farthest:
        top, elevation = highest(speed, burn, float(ground_range))
        if top < 2e3 or not math.radians(8.0) < elevation < math.radians(85.0):
            continue
        found = flyout_time(speed, burn, math.radians(5.0), float(ground_range), top - 1.0)
        assert math.isfinite(found)
        assert flyout_time(speed, burn, math.radians(5.0), float(ground_range), top + 1.0) == math.inf
        asked += 1
    assert asked > 10


def test_no_time_is_negative_beyond_escape_speed() -> None:
    times = [flyout_time(speed, 60.0, math.radians(15.0), 1e6, 300e3, 1000.0) for speed in (10.8e3, 10.95e3, 11e3)]
    assert times == pytest.approx([times[0]] * 3, abs=1e-6)
    assert times[0] > 60.0
    assert flyout_time(11e3, 60.0, math.radians(15.0), 1e6, 300e3) >= 60.0


@pytest.mark.parametrize("coarse", [False, True])
def test_a_cell_out_of_reach_says_how_long_a_flight_takes_from_there_to_the_nearest_one_within(coarse: bool) -> None:
    fastest, longest = 8000.0, 85.0
    reach = reach_of(Interceptor(2800.0, 20.0, 40e3, 150e3, longest, math.radians(20.0), 1800.0), coarse=coarse)
    floors = reach.floors[:-1, :-1].astype(float)
    out = floors > longest
    line, column = 110e3 / (ROWS - 1) / fastest, reach.chord * RADIUS / (COLUMNS - 1) / fastest
    between_centres = distance_transform_edt(out, sampling=(line, column))
    nearest = np.maximum(between_centres - math.hypot(line, column), 0.0)
    assert 0.05 < out.mean() < 0.95
    assert np.allclose(floors[out], longest + nearest[out], rtol=0.0, atol=1e-4)
