"""Where a flight is thought to come from and to go to, by flying every change of its state; fusions by hand."""

from __future__ import annotations

import math

import numpy as np
import pyproj
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from hoplon.errors import InputError
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME
from hoplon.flight.sensitivity import inertial_sensitivity, inertial_state
from hoplon.sensing.quality import (
    Ellipse,
    covariance_intersection,
    impact_ellipse,
    information_history,
    inverse_of,
    launch_ellipse,
    sigma_across,
    single_best,
    state_covariance,
)
from verification.dense_information import MU, OMEGA, Reference
from verification.test_flight_by_integration import TO_PLACE, turned
from verification.test_track_information import FLIGHTS, RADARS, flown, sensor_of

STEPS = np.array([20.0, 20.0, 20.0, 0.02, 0.02, 0.02])  # [m], [m s-1] of the central differences
DIFFERENCES = 1e-5  # relative: what they leave


def known(seed: int) -> NDArray[np.float64]:
    """Return a made-up covariance of the inertial state at burnout: some 300 m and 0.4 m/s, anyhow correlated."""
    units = np.diag([300.0] * 3 + [0.4] * 3)
    mixed = np.random.default_rng(seed).normal(size=(6, 6)) + 2.0 * np.eye(6)
    return units @ mixed @ mixed.T @ units


def information_of(row: NDArray[np.float64], covariance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the information on the six parameters that leaves a covariance of the state at burnout."""
    change = inertial_sensitivity(row, float(row[BURN_TIME]))
    found = change.T @ np.linalg.inv(covariance) @ change
    return 0.5 * (found + found.T)


def ellipse_of(covariance: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return semi-axes and azimuth of the greater one, of a covariance of (east, north): the textbook's formulas."""
    east, north, both = covariance[0, 0], covariance[1, 1], covariance[0, 1]
    middle, half = 0.5 * (east + north), math.hypot(0.5 * (east - north), both)
    return math.sqrt(middle + half), math.sqrt(middle - half), 0.5 * math.atan2(2.0 * both, north - east) % math.pi


def assert_same(found: Ellipse | None, expected: tuple[float, float, float]) -> None:
    assert found is not None
    assert (found.semi_major, found.semi_minor) == pytest.approx(expected[:2], rel=1e-3)
    assert math.sin(found.azimuth - expected[2]) == pytest.approx(0.0, abs=1e-3)


def landed(state: NDArray[np.float64], row: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return latitude and longitude [deg] at which the two-body arc from a state at burnout meets the ellipsoid."""

    def motion(_: float, at: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.concatenate([at[3:], -MU * at[:3] / np.linalg.norm(at[:3]) ** 3])

    def height(time: float, at: NDArray[np.float64]) -> float:
        return float(TO_PLACE.transform(*turned(at[:3], -OMEGA * time))[2])

    height.terminal, height.direction = True, -1.0  # type: ignore[attr-defined]
    span = (row[BURN_TIME], row[IMPACT_TIME] + 60.0)
    result = solve_ivp(motion, span, state, method="DOP853", rtol=1e-12, atol=1e-6, events=height)
    place = turned(result.y_events[0][0][:3], -OMEGA * result.t_events[0][0])
    longitude, latitude, _ = TO_PLACE.transform(*place)
    return np.array([latitude, longitude])


@pytest.mark.parametrize("name", ["long", "lofted"])
def test_the_impact_ellipse_is_that_of_flights_whose_burnout_differs(name: str) -> None:
    row, _ = flown(name)
    state, covariance = inertial_state(row, float(row[BURN_TIME])), known(3)
    middle = landed(state, row)
    columns = []
    for axis, step in enumerate(STEPS):
        move = np.zeros(6)
        move[axis] = step
        ends = []
        for sign in (1.0, -1.0):
            latitude, longitude = landed(state + sign * move, row)
            azimuth, _, apart = pyproj.Geod(ellps="WGS84").inv(middle[1], middle[0], longitude, latitude)
            ends.append(apart * np.array([math.sin(math.radians(azimuth)), math.cos(math.radians(azimuth))]))
        columns.append((ends[0] - ends[1]) / (2.0 * step))
    change = np.array(columns).T
    assert_same(impact_ellipse(row, information_of(row, covariance)), ellipse_of(change @ covariance @ change.T))


@pytest.mark.parametrize("name", ["long", "intercontinental"])
def test_the_launch_ellipse_is_that_of_burnouts_carried_back_against_their_heading(name: str) -> None:
    row, _ = flown(name)
    time, downrange = float(row[BURN_TIME]), FLIGHTS[name][4]
    state, covariance = inertial_state(row, time), known(5)
    longitude, latitude, _ = np.radians(TO_PLACE.transform(*turned(state[:3], -OMEGA * time)))
    east = np.array([-math.sin(longitude), math.cos(longitude), 0.0])
    up = np.array([math.cos(latitude) * math.cos(longitude), math.cos(latitude) * math.sin(longitude), 0.0])
    up[2] = math.sin(latitude)
    level = np.array([east, np.cross(up, east)])

    def launched(at: NDArray[np.float64]) -> NDArray[np.float64]:
        place = turned(at[:3], -OMEGA * time)
        velocity = turned(at[3:], -OMEGA * time) - np.cross([0.0, 0.0, OMEGA], place)
        heading = level @ velocity
        return np.asarray(level @ place - downrange * heading / np.linalg.norm(heading))

    columns = []
    for axis, step in enumerate(STEPS):
        move = np.zeros(6)
        move[axis] = step
        columns.append((launched(state + move) - launched(state - move)) / (2.0 * step))
    change = np.array(columns).T
    assert_same(launch_ellipse(row, information_of(row, covariance)), ellipse_of(change @ covariance @ change.T))


def test_the_error_across_a_direction_is_that_of_the_two_axes_across_it() -> None:
    covariance = np.diag([1.0, 4.0, 9.0])
    assert sigma_across(covariance, np.array([0.0, 0.0, 7.0])) == pytest.approx(math.sqrt(2.5), rel=1e-12)
    assert sigma_across(covariance, np.array([-0.2, 0.0, 0.0])) == pytest.approx(math.sqrt(6.5), rel=1e-12)
    mixed, direction = known(7), np.array([3000.0, -1000.0, 500.0])
    first = np.cross(direction, [0.0, 0.0, 1.0])
    second = np.cross(direction, first)
    axes = np.array([first / np.linalg.norm(first), second / np.linalg.norm(second)])
    expected = math.sqrt(0.5 * np.trace(axes @ mixed[:3, :3] @ axes.T))
    assert sigma_across(mixed, direction) == pytest.approx(expected, rel=1e-12)
    with pytest.raises(InputError, match="closing velocity"):
        sigma_across(covariance, np.zeros(3))


def test_information_has_the_inverse_of_its_numbers_or_none() -> None:
    information = np.linalg.inv(known(11))
    assert inverse_of(information) == pytest.approx(known(11), rel=1e-6)
    lacking = np.diag([1.0, 1.0, 1.0, 1.0, 1.0, 0.0])
    assert inverse_of(lacking) is None
    line = np.arange(1.0, 7.0)
    assert inverse_of(np.outer(line, line)) is None
    # Two rows alike but for one part in 10^10, and in 10^14: the second is rounding.
    for apart, fixes in ((1e-10, True), (1e-14, False)):
        alike = np.eye(6)
        alike[0, 1] = alike[1, 0] = 1.0 - apart
        assert (inverse_of(alike) is not None) == fixes
    row, _ = flown("long")
    assert state_covariance(row, lacking, 500.0) is None
    assert impact_ellipse(row, lacking) is None
    assert launch_ellipse(row, lacking) is None


def test_the_best_track_is_the_one_that_knows_best_what_is_asked() -> None:
    tracks = np.array(
        [np.diag([4.0, 1.0, 1.0, 1.0, 1.0, 1.0]), np.diag([1.0, 9.0, 1.0, 1.0, 1.0, 1.0]), np.zeros((6, 6))]
    )
    first, second = np.eye(6)[:1], np.eye(6)[1:2]
    assert np.array_equal(single_best(tracks, first), tracks[0])
    assert np.array_equal(single_best(tracks, second), tracks[1])
    assert np.array_equal(single_best(tracks, np.eye(6)), tracks[1])  # 5 + 1/9 against 5 + 1/4
    assert np.array_equal(covariance_intersection(tracks[2:], first), np.zeros((6, 6)))
    # Of two tracks that know one number each, with 4 and 9: weights 1/2 and 1/3 of the trace's root, 3/5 and 2/5.
    rows = np.vstack([first, second])
    sharp = np.array([np.diag([4.0, 1e-9, 1.0, 1.0, 1.0, 1.0]), np.diag([1e-9, 9.0, 1.0, 1.0, 1.0, 1.0])])
    assert np.diag(covariance_intersection(sharp, rows))[:2] == pytest.approx([2.4, 3.6], rel=1e-4)


def test_each_radar_is_told_apart_in_what_was_heard_by_each_time() -> None:
    row, arc = flown("long")
    radars = [RADARS[name] for name in ("forward", "own", "partner")]
    tracks = np.full((3, 2, 2), np.nan, dtype=np.float32)
    for index, radar in enumerate(radars):
        tracks[index, : len(radar.tracks)] = radar.tracks
    times = np.array([170.0, 260.0, 431.0, 600.0])
    delays = np.array([radar.latency for radar in radars])
    history, looks = information_history(row, tracks, np.array([sensor_of(radar) for radar in radars]), delays, times)
    assert history.shape == (4, 3, 6, 6)
    for index, radar in enumerate(radars):
        due = [look + radar.latency for look in arc.looks(radar)]
        assert looks[:, index].tolist() == [sum(look <= time for look in due) for time in times]
    expected = Reference(arc, radars[:1]).covariance(700.0, 260.0)
    found = state_covariance(row, history[1, 0], 700.0)
    assert expected is not None
    assert found is not None
    assert np.abs(found[:3, :3] - expected[:3, :3]).max() <= DIFFERENCES * np.abs(expected[:3, :3]).max()
