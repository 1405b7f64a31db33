"""Reach tables of a few lines and columns: each number against fly-outs solved one by one."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from hoplon.intercept import reach
from hoplon.intercept.battery import (
    ALTITUDE_SCALE,
    CHORD_SCALE,
    MOST_SHOTS,
    REACH,
    REMOTE_COMMIT,
    SHOTS,
    SITE_NORMAL,
    Battery,
    batteries_of,
)
from hoplon.intercept.flyout import FAN_COLUMNS, FAN_ROWS, fan_of, flyout_time
from hoplon.intercept.reach import COLUMNS, ROWS, Interceptor, Reach, interceptor_row, interpolate

MU, RADIUS = 3.986004418e14, 6371008.8  # model page, section 1
KIND = Interceptor(3000.0, 60.0, 90e3, 500e3, 300.0, math.radians(15.0), 2000.0)
SHORT = Interceptor(2000.0, 20.0, 20e3, 140e3, 80.0, math.radians(15.0), 1000.0)


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel as Python, which need not be compiled for a few numbers."""
    return getattr(function, "py_func", function)


def given(kind: Interceptor) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    fan = np.empty((FAN_ROWS, FAN_COLUMNS))
    fan_of(kind.burnout_speed, kind.burn_time, kind.minimum_elevation, fan)
    return interceptor_row(kind), fan


def exact(kind: Interceptor, chord: float, altitude: float) -> float:
    distance = 2.0 * RADIUS * math.asin(min(1.0, 0.5 * chord))
    slowest = min(kind.slowest_burnout, kind.burnout_speed)
    return flyout_time(kind.burnout_speed, kind.burn_time, kind.minimum_elevation, distance, altitude, slowest)


def test_an_interceptor_in_numbers_is_no_slower_at_its_slowest_than_it_can_be() -> None:
    assert interceptor_row(KIND).tolist() == [3000.0, 60.0, 90e3, 500e3, 300.0, math.radians(15.0), 2000.0]
    assert interceptor_row(Interceptor(3000.0, 60.0, 90e3, 500e3, 300.0, 0.1))[6] == 3000.0


@pytest.mark.parametrize("kind", [KIND, SHORT])
def test_a_table_has_the_times_of_evenly_spaced_chords_and_altitudes(kind: Interceptor) -> None:
    found = reach._table(*given(kind), 0.12, 4, 5)
    altitudes, chords = np.linspace(kind.altitude_low, kind.altitude_high, 4), np.linspace(0.0, 0.12, 5)
    expected = [[exact(kind, float(chord), float(altitude)) for chord in chords] for altitude in altitudes]
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert np.isfinite(found).any()
    assert found.dtype == np.float32


@pytest.mark.parametrize(
    ("kind", "chord"), [(replace(KIND, altitude_high=120e3), 0.12), (replace(SHORT, altitude_high=40e3), 0.03)]
)
def test_a_floor_says_of_each_cell_whether_it_is_interpolated_solved_or_out(kind: Interceptor, chord: float) -> None:
    """Smooth to half a tenth of a second at its centre; out where no corner of it or of a neighbour is reached."""
    lines, columns = 5, 50
    row, fan = given(kind)
    times = reach._table(row, fan, chord, lines, columns)
    found = reach._floors(row, fan, chord, times)
    assert np.isinf(found[-1]).all()
    assert np.isinf(found[:, -1]).all()
    padded = np.pad(times, 1, constant_values=np.inf)
    up, right = (kind.altitude_high - kind.altitude_low) / (lines - 1), chord / (columns - 1)
    told = {"smooth": 0, "solved": 0, "out": 0}
    for line, column in np.ndindex(lines - 1, columns - 1):
        around = float(padded[line : line + 4, column : column + 4].min())
        corners = times[line : line + 2, column : column + 2].astype(float)
        floor = float(found[line, column])
        if around > kind.maximum_flight_time:
            assert floor == np.inf
            told["out"] += 1
            continue
        centre = exact(kind, (column + 0.5) * right, kind.altitude_low + (line + 0.5) * up)
        miss = abs(corners.mean() - centre) if np.isfinite(corners).all() else np.inf
        if abs(miss - 0.05) < 1e-3:
            continue
        if miss < 0.05:
            assert floor == -corners.min()
            told["smooth"] += 1
        else:
            assert floor == pytest.approx(max(around - 1.0, 1e-3), rel=1e-6)
            told["solved"] += 1
    assert min(told.values()) > 3


@pytest.mark.parametrize(
    ("kind", "lines", "columns"),
    [(KIND, 3, 12), (SHORT, 4, 10), (Interceptor(9000.0, 70.0, 90e3, 900e3, 4000.0, 0.1, 1000.0), 2, 6)],
)
def test_a_table_ends_a_column_beyond_the_farthest_that_is_reached(kind: Interceptor, lines: int, columns: int) -> None:
    """Sought among columns up to 1.2 times the way at burnout speed, and no farther than nearly round the Earth."""
    angle = min(0.98 * math.pi, 1.2 * kind.burnout_speed * kind.maximum_flight_time / RADIUS)
    chords = 2.0 * math.sin(0.5 * angle) * np.arange(columns + 1) / columns
    reached = [
        place
        for place in range(columns)
        for altitude in np.linspace(kind.altitude_low, kind.altitude_high, lines)
        if exact(kind, float(chords[place]), float(altitude)) <= kind.maximum_flight_time
    ]
    found = reach._farthest_chord(*given(kind), lines, columns)
    assert found == pytest.approx(chords[min(max(reached) + 2, columns)], rel=1e-12)


def test_where_nothing_is_reached_a_table_is_a_column_wide() -> None:
    weak = Interceptor(1000.0, 10.0, 400e3, 500e3, 60.0, 0.2, 1000.0)
    widest = 2.0 * math.sin(0.5 * 1.2 * 1000.0 * 60.0 / RADIUS)
    assert reach._farthest_chord(*given(weak), 3, 8) == pytest.approx(widest / 8, rel=1e-12)


def least_squared(start: float, end: float, angle: float) -> float:
    """Return the least squared speed with which any path angle joins two radii, on a fine grid of angles."""
    path = np.linspace(-1.5707, 1.5707, 30_001)
    below = start * np.cos(path) * (start / end * np.cos(path) - np.cos(angle + path))
    with np.errstate(divide="ignore"):
        squared = MU * (1.0 - math.cos(angle)) / below
    return float(squared[squared > 0.0].min(initial=np.inf))


@pytest.mark.parametrize("burn", [10.0, 200.0])
@pytest.mark.parametrize("altitude", [50e3, 900e3])
@pytest.mark.parametrize("distance", [300e3, 3000e3, 12_000e3])
def test_energy_is_lacking_below_the_least_speed_from_the_farthest_burnout(
    burn: float, altitude: float, distance: float
) -> None:
    """The speed decides how far the burnout is: the equation is solved by halving."""
    low, high = 500.0, 12_000.0
    for _ in range(18):
        speed = 0.5 * (low + high)
        boost = 0.5 * speed * burn
        left = distance / RADIUS - math.asin(boost / RADIUS)
        start, end = RADIUS + boost, RADIUS + altitude
        least = least_squared(start, end, left) if left > 0.0 else 2.0 * MU * (1.0 / start - 1.0 / max(start, end))
        enough = speed**2 >= least
        low, high = (low, speed) if enough else (speed, high)
    for share, lacks in ((0.9995, True), (1.0005, False)):
        row = np.array([high * share, burn, 0.0, 0.0, 0.0, 0.0, 0.0])
        assert plain(reach._lacks_energy)(row, distance / RADIUS, altitude) == lacks


def test_a_boost_as_long_as_the_radius_lacks_nothing_and_one_beyond_the_point_may_lack_height() -> None:
    long = np.array([2.0 * RADIUS / 1000.0, 1000.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    assert not plain(reach._lacks_energy)(long, 3.0, 1e9)
    over = np.array([1000.0, 60.0, 0.0, 0.0, 0.0, 0.0, 0.0])  # burnout at 30 km and 1 km/s: 51 km more
    assert not plain(reach._lacks_energy)(over, 1e-3, 79e3)
    assert plain(reach._lacks_energy)(over, 1e-3, 83e3)


@pytest.mark.parametrize("seed", range(4))
def test_the_way_back_from_a_cell_that_is_out_is_that_to_the_nearest_one_that_is_not(seed: int) -> None:
    random = np.random.default_rng(seed)
    lines, columns = int(random.integers(6, 12)), int(random.integers(8, 20))
    out = random.random((lines, columns)) < 0.85
    floors = np.full((lines + 1, columns + 1), np.inf, dtype=np.float32)
    floors[:-1, :-1][~out] = -70.0
    chord = 0.4
    reach._write_ways_back(KIND, chord, floors)
    line, column = 410e3 / lines / 8000.0, chord * RADIUS / columns / 8000.0
    between = distance_transform_edt(out, sampling=(line, column))
    nearest = np.maximum(between - math.hypot(line, column), 0.0)
    found = floors[:-1, :-1].astype(float)
    np.testing.assert_allclose(found[out], 300.0 + nearest[out], rtol=0.0, atol=1e-4)
    assert (found[out] > 300.0 + nearest[out]).all()  # rounded up: never longer than the way
    assert (found[~out] == -70.0).all()
    assert np.isinf(floors[-1]).all()
    assert np.isinf(floors[:, -1]).all()


def test_where_every_cell_is_out_there_is_no_way_back() -> None:
    floors = np.full((5, 7), np.inf, dtype=np.float32)
    reach._write_ways_back(KIND, 0.4, floors)
    assert np.isinf(floors).all()


def test_a_coarser_table_is_interpolated_at_the_nodes_between_its_own() -> None:
    random = np.random.default_rng(3)
    shape = ((ROWS - 1) // 2 + 1, (COLUMNS - 1) // 2 + 1)
    times = random.uniform(60.0, 300.0, shape).astype(np.float32)
    cells = random.uniform(-9.0, 9.0, shape).astype(np.float32)
    finer, floors = reach._refined(times, cells, 2)
    assert finer.shape == floors.shape == (ROWS, COLUMNS)
    np.testing.assert_array_equal(finer[::2, ::2], times)
    rows, sides = 0.5 * (times[1:] + times[:-1]), 0.5 * (times[:, 1:] + times[:, :-1])
    np.testing.assert_allclose(finer[1::2, 20::2], rows[:, 10:], rtol=1e-6)
    np.testing.assert_allclose(finer[20::2, 1::2], sides[10:], rtol=1e-6)
    np.testing.assert_allclose(finer[21::2, 21::2], 0.5 * (sides[10:-1] + sides[11:])[:, 10:], rtol=1e-6)
    for line, column in np.ndindex(2, 2):
        np.testing.assert_array_equal(floors[line:-1:2, column:-1:2], cells[:-1, :-1])
    assert np.isinf(floors[-1]).all()
    assert np.isinf(floors[:, -1]).all()


def test_a_value_inside_a_cell_is_bilinear() -> None:
    times = np.array([[1.0, 2.0, 9.0], [5.0, 8.0, 7.0], [0.0, 0.0, 0.0]], dtype=np.float32)
    for right, up, expected in (
        (0.0, 0.0, 2.0), (1.0, 0.0, 9.0), (0.0, 1.0, 8.0), (1.0, 1.0, 7.0), (0.5, 0.0, 5.5), (0.25, 0.5, 5.75),
    ):  # fmt: skip
        assert plain(interpolate)(times, 0, 1, right, up) == pytest.approx(expected, rel=1e-12)


def reach_for(kind: Interceptor, chord: float, mark: float) -> Reach:
    return Reach(kind, np.full((2, 3), mark), np.full((5, 9), mark), np.full((5, 9), mark), chord)


def test_batteries_are_stacked_with_the_scales_of_their_tables() -> None:
    """A point of altitude 500 km is on the last of five lines, and one as far as the chord on the last of nine."""
    thin = Interceptor(2500.0, 30.0, 150e3, 150e3, 300.0, 0.1)
    reaches = [reach_for(KIND, 0.2, 1.0), reach_for(thin, 0.5, 2.0)]
    batteries = [
        Battery(0.0, 0.5 * math.pi, 0, (0, 2), True, (1,), 24),
        Battery(math.radians(45.0), 0.0, 1, (), False, (), 1000),
        Battery(0.5 * math.pi, 0.0, 1, (1,), True, (0, 1, 2), 0),
    ]
    found = batteries_of(batteries, reaches, 3)
    half = math.sqrt(0.5)
    for row, normal, scales, remote, shots, kind in zip(
        found.rows,
        ([0.0, 1.0, 0.0], [half, 0.0, half], [0.0, 0.0, 1.0]),
        ((8 / 0.2, 4 / 410e3), (8 / 0.5, 4.0), (8 / 0.5, 4.0)),  # of a table without height a metre is taken
        (1.0, 0.0, 1.0),
        (24.0, MOST_SHOTS, 0.0),
        (0.0, 1.0, 1.0),
        strict=True,
    ):
        assert row[SITE_NORMAL : SITE_NORMAL + 3] == pytest.approx(normal, abs=1e-15)
        assert (row[CHORD_SCALE], row[ALTITUDE_SCALE]) == pytest.approx(scales, rel=1e-12)
        assert (row[REMOTE_COMMIT], row[SHOTS], row[REACH]) == (remote, shots, kind)
    assert found.own.tolist() == [[True, False, True], [False] * 3, [False, True, False]]
    assert found.supporters.tolist() == [[False, True, False], [False] * 3, [True] * 3]
    assert found.interceptors.tolist() == [interceptor_row(kind).tolist() for kind in (KIND, thin)]
    assert [found.fans[1, 0, 0], found.times[1, 0, 0], found.floors[0, 0, 0]] == [2.0, 2.0, 1.0]
    assert MOST_SHOTS == 64
