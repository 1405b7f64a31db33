"""Radar cover against the angles and ranges of a flight worked out second by second."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from hoplon.flight.arc import (
    BURN_TIME,
    BURNOUT_ALTITUDE,
    IMPACT_TIME,
    LAUNCH_LATITUDE,
    STATUS,
    flight_position,
)
from hoplon.flight.path import greatest_speed, stencil
from hoplon.sensing.cover import FIRST, LAST, cover_of
from hoplon.sensing.radar import Radar
from properties.strategies import SPHERE, Shot, rows_of, shots

SEMI_MAJOR_AXIS, FLATTENING = 6378137.0, 1 / 298.257223563  # [m] WGS 84


@st.composite
def watched(draw: st.DrawFn) -> tuple[Shot, Radar]:
    """Draw a flight and a radar somewhere about its ground track, or far from it."""
    shot = draw(shots(most_km=6000.0))
    (latitude, longitude), (aim_latitude, aim_longitude) = shot.launch, shot.aim
    azimuth, _, distance = SPHERE.inv(longitude, latitude, aim_longitude, aim_latitude)
    longitude, latitude, _ = SPHERE.fwd(longitude, latitude, azimuth, draw(st.floats(-0.2, 1.2)) * distance)
    longitude, latitude, _ = SPHERE.fwd(longitude, latitude, draw(st.floats(0, 360)), draw(st.floats(0.0, 4e6)))
    track = draw(st.one_of(st.floats(3e4, 5e5), st.floats(2e5, 5e6)))
    boresights = draw(st.lists(st.floats(0.0, 6.28), max_size=3))
    radar = Radar(
        latitude=math.radians(latitude),
        longitude=math.radians(longitude),
        altitude=draw(st.floats(0.0, 3000.0)),
        search_ranges=(draw(st.floats(0.2, 1.0)) * track,),
        track_ranges=(track,),
        minimum_range=draw(st.sampled_from([0.0, 2e4])),
        elevation_low=math.radians(draw(st.sampled_from([-90.0, -10.0, -2.0, 0.0, 2.0, 20.0]))),
        elevation_high=math.radians(draw(st.sampled_from([60.0, 85.0, 90.0]))),
        boresights=tuple(boresights),
        sector_halfwidth=math.radians(draw(st.floats(30.0, 170.0))) if boresights else None,
        acquisition=10.0,
        cued_acquisition=2.0,
        requires_cue=False,
        tasked=True,
        latency=0.0,
        update=1.0,
        range_sigma=100.0,
        angle_sigma=1e-3,
    )
    return shot, radar


def positions(row: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return where a flight is at each whole second, ECEF [m]."""
    return np.array([flight_position(row, float(second)) for second in range(math.floor(row[IMPACT_TIME]) + 1)])


def tracked(radar: Radar, places: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return whether a radar has each place in track cover, by slant range, elevation, azimuth and the Earth's edge."""
    sine, cosine = math.sin(radar.latitude), math.cos(radar.latitude)
    east_sine, east_cosine = math.sin(radar.longitude), math.cos(radar.longitude)
    squared = FLATTENING * (2.0 - FLATTENING)
    curvature = SEMI_MAJOR_AXIS / math.sqrt(1.0 - squared * sine**2)
    across = (curvature + radar.altitude) * cosine
    site = np.array([across * east_cosine, across * east_sine, (curvature * (1 - squared) + radar.altitude) * sine])
    to_local = np.array(
        [
            [-east_sine, east_cosine, 0.0],
            [-sine * east_cosine, -sine * east_sine, cosine],
            [cosine * east_cosine, cosine * east_sine, sine],
        ]
    )
    east, north, up = to_local @ (places - site).T
    slant = np.sqrt(east**2 + north**2 + up**2)
    elevation, azimuth = np.arctan2(up, np.hypot(east, north)), np.arctan2(east, north)
    within = (slant >= radar.minimum_range) & (slant <= radar.track_ranges[0])
    within &= (elevation >= radar.elevation_low) & (elevation <= radar.elevation_high)
    within &= above_the_edge(site, places)
    if radar.boresights:
        assert radar.sector_halfwidth is not None
        off = [np.abs((azimuth - boresight + np.pi) % (2 * np.pi) - np.pi) for boresight in radar.boresights]
        within &= np.min(off, axis=0) <= radar.sector_halfwidth
    return np.asarray(within)


def above_the_edge(site: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return whether places are seen past a sphere of radius 1, to which the ellipsoid is scaled: by central angles."""
    axes = SEMI_MAJOR_AXIS * np.array([1.0, 1.0, 1.0 - FLATTENING])
    one, others = site / axes, places / axes
    near, far = np.linalg.norm(one), np.linalg.norm(others, axis=1)
    apart = 2.0 * np.arcsin(np.minimum(1.0, 0.5 * np.linalg.norm(others / far[:, None] - one / near, axis=1)))
    edge = np.arccos(1.0 / np.maximum(near, 1.0)) + np.arccos(1.0 / np.maximum(far, 1.0))
    return np.asarray(apart <= edge + 1e-9)  # rounding at the radar itself


def steadily(flags: NDArray[np.bool_], seconds: int) -> NDArray[np.bool_]:
    """Return where flags hold for so many seconds before and after too."""
    padded = np.pad(flags, seconds, mode="edge")
    return np.lib.stride_tricks.sliding_window_view(padded, 2 * seconds + 1).all(axis=1)


@given(watched(), st.sampled_from([1, 5, 20]))
def test_a_radar_has_a_flight_in_cover_where_range_and_angles_say_so(drawn: tuple[Shot, Radar], step: int) -> None:
    shot, radar = drawn
    apart = np.degrees([radar.latitude, radar.longitude]) - shot.launch
    assume(np.abs(apart).max() > 1e-5)  # a metre: a missile at the radar itself stands in no direction
    rows = rows_of(shot)
    assume(rows[0, STATUS] == 0.0)
    (cover,) = cover_of(rows, np.zeros(1, dtype=np.int16), [radar], float(step))
    expected = tracked(radar, positions(rows[0]))
    seen = np.zeros_like(expected)
    for interval in cover[0]:
        if interval[FIRST] >= 0:
            seen[interval[FIRST] : interval[LAST] + 1] = True
    # To the second, but for rounding at the edges: what begins and ends between two nodes is found too.
    assert np.all(seen[steadily(expected, 1)])
    assert not np.any(seen[steadily(~expected, 1)])


def runs_of(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the first and the last second of each stretch in which flags hold."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(int)))
    return [(int(first), int(end) - 1) for first, end in edges.reshape(-1, 2)]


@given(watched(), st.sampled_from([3.0, 30.0, 200.0]))
def test_a_search_begins_with_the_first_stretch_long_enough_for_a_track(
    drawn: tuple[Shot, Radar], acquisition: float
) -> None:
    shot, radar = drawn[0], replace(drawn[1], acquisition=acquisition)
    assume(np.abs(np.degrees([radar.latitude, radar.longitude]) - shot.launch).max() > 1e-5)
    rows = rows_of(shot)
    assume(rows[0, STATUS] == 0.0)
    (cover,) = cover_of(rows, np.zeros(1, dtype=np.int16), [radar], 1.0)
    searched = tracked(replace(radar, track_ranges=radar.search_ranges), positions(rows[0]))
    for first, last, search in cover[0][cover[0, :, FIRST] >= 0]:
        seconds = np.arange(len(searched))
        stretches = runs_of(searched & (seconds >= first) & (seconds <= last))
        lengths = np.array([end - begin for begin, end in stretches])
        if (np.abs(lengths - acquisition) <= 2.0).any():  # an end may lie a second to either side
            continue
        expected = next((begin for begin, end in stretches if end - begin >= acquisition), -1)
        assert (search == -1) == (expected == -1)
        assert abs(search - expected) <= 1


@given(watched(), st.floats(-10.0, 0.0))
def test_an_elevation_limit_below_zero_shows_a_radar_at_sea_level_no_more(
    drawn: tuple[Shot, Radar], lower: float
) -> None:
    shot, radar = drawn
    rows, classes = rows_of(shot), np.zeros(1, dtype=np.int16)
    assume(rows[0, STATUS] == 0.0)
    level = replace(radar, altitude=0.0, elevation_low=0.0)
    one, other = cover_of(rows, classes, [level, replace(level, elevation_low=math.radians(lower))], 5.0)
    assert np.array_equal(one, other)


@given(watched())
def test_one_radar_alone_covers_what_it_covers_among_others(drawn: tuple[Shot, Radar]) -> None:
    shot, radar = drawn
    rows, classes = rows_of(shot), np.zeros(1, dtype=np.int16)
    assume(rows[0, STATUS] == 0.0)
    other = replace(radar, elevation_low=math.radians(-90.0), elevation_high=math.radians(90.0), boresights=())
    alone, together = cover_of(rows, classes, [radar], 5.0)[0], cover_of(rows, classes, [other, radar], 5.0)[1]
    assert np.array_equal(alone, together[:, : alone.shape[1]])
    assert np.all(together[:, alone.shape[1] :] == -1)


@given(shots())
def test_no_flight_is_faster_than_its_bound(shot: Shot) -> None:
    rows = rows_of(shot)
    assume(rows[0, STATUS] == 0.0)
    bound = greatest_speed(rows[0])
    moved = np.linalg.norm(np.diff(positions(rows[0]), axis=0), axis=1)
    assert moved.max() <= bound
    assert bound < 2.0 * moved.max()  # a looser one would take a radar to see twice as far along a flight


@pytest.mark.parametrize("burn", [0.5, 20.0])
def test_a_level_boost_from_the_pole_is_as_fast_at_burnout_as_its_bound(burn: float) -> None:
    """Three times the ground range over the burn time, by the pole's radius of curvature, the greatest there is."""
    row = rows_of(Shot((90.0, 0.0), (70.0, 10.0), burn, 0.0, 50e3 * burn, 0.0))[0]
    assert row[STATUS] == 0.0
    assert (row[LAUNCH_LATITUDE], row[BURNOUT_ALTITUDE], row[BURN_TIME]) == (math.pi / 2.0, 0.0, burn)
    squared = FLATTENING * (2.0 - FLATTENING)
    expected = 3.0 * 50e3 / 6371008.8 * SEMI_MAJOR_AXIS / math.sqrt(1.0 - squared)
    assert greatest_speed(row) == pytest.approx(expected, rel=1e-12)
    ends = np.array([flight_position(row, burn * share) for share in (1.0 - 1e-5, 1.0)])
    assert np.linalg.norm(ends[1] - ends[0]) / (1e-5 * burn) == pytest.approx(expected, rel=3e-3)


def test_four_nodes_about_a_step_lie_on_one_side_of_burnout() -> None:
    """Of all runs of four nodes on the step's side of burnout that hold it, the one most nearly centred upon it."""
    for nodes in range(2, 14):
        for boost in range(1, nodes):  # nodes 0 to boost - 1 are of the boost path, and the last of them begins the arc
            for node in range(nodes - 1):
                side = range(boost) if node + 1 < boost else range(boost - 1, nodes)
                runs = [start for start in side if start + 3 in side and start <= node < start + 3]
                nearest = min(runs, key=lambda start, node=node: abs(start - (node - 1)), default=-1)
                assert stencil(boost, nodes, node) == nearest, (boost, nodes, node)
