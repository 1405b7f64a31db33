"""A radar's volume by ranges and angles, the Earth in its way by the line of sight, and slack by trying flights."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hoplon.sensing import volume as volumes
from hoplon.sensing.volume import (
    ABOVE,
    AHEAD,
    BELOW,
    BESIDE,
    BEYOND,
    IN_SEARCH,
    IN_TRACK,
    NOT_NEAR,
    OUTSIDE,
    OVER,
    PARAMETERS,
    UNDER,
    Slack,
    Volume,
)

MAJOR, MINOR = 6378137.0, 6356752.314245  # [m] WGS 84
UP = np.array([0.48, 0.6, 0.64])
EAST = np.array([-0.6, 0.48, 0.0]) / math.hypot(0.6, 0.48)
NORTH = np.cross(UP, EAST)
PLACE = UP * np.array([MAJOR, MAJOR, MINOR]) ** 2 / math.sqrt(float(UP**2 @ np.array([MAJOR, MAJOR, MINOR]) ** 2))


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel as Python, which need not be compiled for a few numbers."""
    return getattr(function, "py_func", function)


@pytest.fixture(autouse=True)
def as_python(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("state_of", "hidden", "clearance_of", "_beyond", "_within", "_bend"):
        monkeypatch.setattr(volumes, name, plain(getattr(volumes, name)))


def signed(value: float) -> float:
    return value * abs(value)


def radar(
    low_deg: float = 5.0,
    high_deg: float = 60.0,
    half_deg: float = 50.0,
    least: float = 20e3,
    search: float = 600e3,
    track: float = 800e3,
    azimuth_deg: float = 30.0,
) -> Volume:
    """Return a volume about a boresight by its angles [deg] and ranges [m]."""
    row, azimuth = np.zeros(PARAMETERS), math.radians(azimuth_deg)
    row[:3], row[3:6] = PLACE, UP
    row[6:10] = [
        signed(math.sin(math.radians(low_deg))),
        signed(math.sin(math.radians(high_deg))),
        signed(math.cos(math.radians(half_deg))),
        least**2,
    ]
    ahead = math.cos(azimuth) * NORTH + math.sin(azimuth) * EAST
    found: Volume = plain(volumes.volume_about)(row, ahead, search**2, track**2)
    return found


def seen_at(distance: float, elevation_deg: float, azimuth_deg: float) -> list[float]:
    elevation, azimuth = math.radians(elevation_deg), math.radians(azimuth_deg)
    level = math.cos(azimuth) * NORTH + math.sin(azimuth) * EAST
    place: list[float] = (PLACE + distance * (math.cos(elevation) * level + math.sin(elevation) * UP)).tolist()
    return place


def drawn_place(random: np.random.Generator) -> tuple[float, float, float]:
    return float(random.uniform(5e3, 1e6)), float(random.uniform(-20.0, 89.0)), float(random.uniform(-180.0, 180.0))


KINDS = [
    radar(),
    radar(-3.0, 90.0, 60.0, 0.0),
    radar(10.0, 40.0, 120.0, 50e3),
    radar(0.0, 80.0, 10.0, 0.0, 700e3, 700e3, -140.0),
]
LIMITS = [
    (5.0, 60.0, 50.0, 20e3, 600e3, 800e3, 30.0),
    (-3.0, 90.0, 60.0, 0.0, 600e3, 800e3, 30.0),
    (10.0, 40.0, 120.0, 50e3, 600e3, 800e3, 30.0),
    (0.0, 80.0, 10.0, 0.0, 700e3, 700e3, -140.0),
]


@pytest.mark.parametrize("kind", range(4))
def test_a_place_is_in_cover_where_range_elevation_and_azimuth_are_within_the_limits(kind: int) -> None:
    random, told = np.random.default_rng(kind), [0, 0, 0]
    low, high, half, least, search, track, ahead = LIMITS[kind]
    places, states = [], []
    for number in range(1500):
        distance, elevation, azimuth = drawn_place(random)
        if number % 2:
            azimuth = ahead + azimuth * half / 150.0
        beside = abs((azimuth - ahead + 180.0) % 360.0 - 180.0)
        inside = low <= elevation <= high and beside <= half and least <= distance <= track
        state = (2 if distance <= search else 1) if inside else 0
        places.append(seen_at(distance, elevation, azimuth))
        states.append(float(state))
        told[state] += 1
        assert plain(volumes.state_of)(*places[-1], KINDS[kind]) == state
    assert min(told[0], told[2]) > 20
    assert told[1] > 20 or search == track
    found = np.empty(len(places))
    plain(volumes.states_of)(*np.array(places).T, KINDS[kind], found)
    assert found.tolist() == states


def test_limits_themselves_are_in_cover() -> None:
    """Along the axes of a radar at the pole of a sphere the numbers are exact."""
    at_pole = Volume(0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.25, 0.0, 4.0, 1.0, 0.0, 0.0, 16.0, 64.0)
    state = plain(volumes.state_of)
    assert [state(distance, 0.0, 0.0, at_pole) for distance in (1.9, 2.0, 4.0, 4.1, 8.0, 8.1)] == [0, 2, 2, 1, 1, 0]
    assert [state(3.0, 0.0, height, at_pole) for height in (-1e-3, 0.0, 1.7, 1.8)] == [0, 2, 2, 0]
    assert [state(ahead, 3.0, 0.0, at_pole) for ahead in (-1e-3, 0.0, 1e-3)] == [0, 2, 2]


def through_the_earth(place: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Return by how much a way comes nearer than one half axis to the centre, the half axes taken as units."""
    shares = np.linspace(0.0, 1.0, 4001)[1:, np.newaxis]
    along = (place + shares * (other - place)) / np.array([MAJOR, MAJOR, MINOR])
    return float(1.0 - np.linalg.norm(along, axis=1).min())


@pytest.mark.parametrize("height", [0.0, 800.0, 50e3])
def test_a_place_is_hidden_where_the_way_there_leads_through_the_earth(height: float) -> None:
    random, told = np.random.default_rng(int(height)), [0, 0]
    site = PLACE + height * UP
    it = radar()._replace(x=float(site[0]), y=float(site[1]), z=float(site[2]))
    states, places, expected = [], [], []
    for number in range(700):
        distance, _, azimuth = drawn_place(random)
        elevation = float(random.uniform(-15.0, 1.0))
        there = np.array(seen_at(distance * (4.0 if number % 2 else 0.4), elevation, azimuth)) + height * UP
        depth = through_the_earth(site, there)
        if abs(depth) < 1e-7 or np.linalg.norm(there / [MAJOR, MAJOR, MINOR]) < 1.0:
            continue
        assert plain(volumes.hidden)(*there.tolist(), it) == (depth > 0.0)
        told[depth > 0.0] += 1
        places.append(there)
        states.append(float(number % 3))
        expected.append(0.0 if depth > 0.0 else float(number % 3))
    assert min(told) > 15
    found = np.array(states)
    plain(volumes.hide)(*np.array(places).T, it, found)
    assert found.tolist() == expected


def test_a_radar_below_the_ellipsoid_sees_down_to_its_own_horizontal() -> None:
    site = PLACE - 30.0 * UP
    it = radar()._replace(x=float(site[0]), y=float(site[1]), z=float(site[2]))
    for elevation, expected in ((0.01, False), (1.0, False), (-0.01, True), (-1.0, True)):
        there = np.array(seen_at(300e3, elevation, 70.0)) - 30.0 * UP
        assert plain(volumes.hidden)(*there.tolist(), it) == expected


SECONDS = np.linspace(0.0, 1.0, 101)


def ways(random: np.random.Generator, gap: float, pace: float, acceleration: float) -> NDArray[np.float64]:
    """Return places between two nodes of a way that turns and never is faster or turns more than told; (101, 3)."""
    turn, velocity = random.normal(size=(2, 3))
    turn *= acceleration / np.linalg.norm(turn)
    velocity *= (pace - 0.5 * acceleration * gap) / np.linalg.norm(velocity)
    time = (SECONDS - 0.5)[:, np.newaxis] * gap
    return np.asarray(velocity * time + 0.5 * turn * time**2)


@pytest.mark.parametrize(
    ("gap", "pace", "acceleration"), [(10.0, 7000.0, 12.0), (20.0, 3000.0, 40.0), (5.0, 800.0, 60.0)]
)
def test_a_flight_passes_no_distance_between_two_nodes_that_are_beyond_it_or_within(
    gap: float, pace: float, acceleration: float
) -> None:
    random, near = np.random.default_rng(int(pace)), 0
    for distance in (0.0, 3e3, 60e3, 500e3):
        beyond = plain(volumes._beyond)(distance**2, gap, pace * gap, acceleration)
        within = plain(volumes._within)(distance**2, gap, pace * gap, acceleration)
        assert within <= distance**2 <= beyond
        for _ in range(300):
            way = ways(random, gap, pace, acceleration)
            off = random.normal(size=3)
            far = way + off / np.linalg.norm(off) * (distance + random.uniform(-0.2, 1.0) * pace * gap)
            squares = (far**2).sum(axis=1)
            if min(squares[0], squares[-1]) > beyond:
                assert squares.min() > distance**2 * (1.0 - 1e-12)
                near += bool(squares.min() < distance**2 + pace**2 * gap**2)
            if max(squares[0], squares[-1]) < within:
                assert squares.max() < distance**2 * (1.0 + 1e-12)
    assert near > 20


def test_the_slack_of_a_distance_is_what_a_flight_that_passes_it_square_needs() -> None:
    """A straight way of 40 km dips by 20 km squared; a bend adds an eighth of twice its product with the distance."""
    assert plain(volumes._beyond)(100e3**2, 10.0, 40e3, 0.0) == pytest.approx(100e3**2 + 20e3**2, rel=1e-12)
    assert plain(volumes._within)(100e3**2, 10.0, 40e3, 0.0) == 100e3**2
    assert plain(volumes._beyond)(0.0, 10.0, 0.0, 0.0) == 0.0
    for distance in (0.0, 2e3, 100e3):
        found = plain(volumes._beyond)(distance**2, 10.0, 40e3, 20.0)
        bend, base = 20.0 * 10.0**2 / 4.0, max(distance, 5e3)
        farthest = 0.5 * (found / base + base)  # a distance is no more than that of its square
        assert found - 20e3**2 - bend * (1.5 * 40e3 + farthest) == pytest.approx(distance**2, abs=1.0)
        within = plain(volumes._within)(distance**2, 10.0, 40e3, 20.0)
        assert within == pytest.approx(distance**2 - bend * (distance + 60e3), abs=1.0)


def test_the_slack_of_an_angle_is_that_of_its_bend_two_gaps_away() -> None:
    """An eighth of the acceleration by the gap squared, for the height and for its share of the distance each."""
    assert plain(volumes._bend)(0.0, 10.0, 40e3, 20.0) == pytest.approx(250.0)
    assert plain(volumes._bend)(0.5, 10.0, 40e3, 20.0) == pytest.approx(1.5 * 250.0 + 0.5 * 40e3 / 1.5 / 8.0)
    assert plain(volumes._bend)(-0.5, 10.0, 40e3, 20.0) == plain(volumes._bend)(0.5, 10.0, 40e3, 20.0)


@pytest.mark.parametrize("kind", range(4))
def test_the_slack_of_a_volume_is_that_of_its_limits(kind: int) -> None:
    low, high, half, least, search, track, _ = LIMITS[kind]
    found = plain(volumes.slack_of)(KINDS[kind], 10.0, 4e3, 20.0)
    given = (10.0, 40e3, 20.0)
    assert found.near_squared == 80e3**2
    for name, distance, how in (
        ("beyond_track", track, volumes._beyond), ("within_track", track, volumes._within),
        ("beyond_search", search, volumes._beyond), ("within_search", search, volumes._within),
        ("beyond_minimum", least, volumes._beyond),
    ):  # fmt: skip
        assert getattr(found, name) == pytest.approx(how(distance**2, *given), rel=1e-9)
    for name, share in (
        ("low", math.sin(math.radians(low))), ("high", math.sin(math.radians(high))),
        ("side", math.cos(math.radians(half))),
    ):  # fmt: skip
        assert getattr(found, name) == pytest.approx(volumes._bend(share, *given), rel=1e-9)


NO_SECTOR = radar()._replace(cosine_halfwidth=-4.0)


@pytest.mark.parametrize("kind", range(4))
def test_a_place_is_clear_of_the_limits_that_it_is_outside_or_inside_of_by_the_slack(kind: int) -> None:
    low, high, half, least, _, _, ahead = LIMITS[kind]
    slack = Slack(60e3**2, 810e3**2, 790e3**2, 620e3**2, 580e3**2, (least + 9e3) ** 2, 4e3, 3e3, 6e3)
    random, told = np.random.default_rng(kind), dict[int, int]()
    for number in range(900):
        distance, elevation, azimuth = drawn_place(random)
        if number % 3 == 0:
            azimuth = ahead + azimuth * half / 150.0
        up, level = (distance * part(math.radians(elevation)) for part in (math.sin, math.cos))
        forward = level * math.cos(math.radians(azimuth - ahead))
        sine_low, sine_high, cosine = (
            math.sin(math.radians(low)), math.sin(math.radians(high)), math.cos(math.radians(half)),
        )  # fmt: skip
        far, far_level = distance > 60e3, level > 60e3
        expected = {
            BEYOND: distance > 810e3,
            BELOW: far and up + 4e3 < sine_low * distance,
            OVER: far and up - 3e3 > sine_high * distance,
            BESIDE: far_level and forward + 6e3 < cosine * level,
            IN_TRACK: 620e3 < distance < 790e3,
            IN_SEARCH: distance < 580e3,
            ABOVE: far and up - 4e3 > max(sine_low, 0.0) * distance,
            UNDER: (far and up + 3e3 < sine_high * distance) or high == 90.0,
            NOT_NEAR: distance > least + 9e3 or least == 0.0,
            AHEAD: far_level and forward - 6e3 > cosine * level,
        }
        found = plain(volumes.clearance_of)(*seen_at(distance, elevation, azimuth), KINDS[kind], slack)
        assert found == sum(bit for bit, holds in expected.items() if holds)
        for bit, holds in expected.items():
            told[bit] = told.get(bit, 0) + holds
        round_about = KINDS[kind]._replace(cosine_halfwidth=-4.0)
        assert plain(volumes.clearance_of)(*seen_at(distance, elevation, azimuth), round_about, slack) & AHEAD
    assert all(told[bit] > 5 for bit in (BEYOND, BELOW, BESIDE, IN_TRACK, IN_SEARCH, ABOVE, UNDER, NOT_NEAR, AHEAD))
    places = np.array([seen_at(*drawn_place(random)) for _ in range(9)])
    each = np.zeros(9, dtype=np.int64)
    plain(volumes.clearances_of)(*places.T, KINDS[kind], slack, each)
    assert each.tolist() == [plain(volumes.clearance_of)(*place, KINDS[kind], slack) for place in places.tolist()]


def test_over_several_boresights_a_place_is_beside_where_it_is_of_all_and_ahead_of_each_by_itself() -> None:
    both = plain(volumes.both_boresights)
    assert both(BELOW | BESIDE | IN_TRACK, BELOW | BESIDE | IN_TRACK, 1) == BELOW | BESIDE | IN_TRACK
    assert both(BELOW | BESIDE, BELOW | AHEAD, 1) == BELOW | AHEAD << 1
    assert both(BELOW | AHEAD, BELOW | BESIDE, 1) == BELOW | AHEAD
    assert both(BELOW | AHEAD, BELOW | AHEAD, 2) == BELOW | AHEAD | AHEAD << 2
    assert both(BELOW | AHEAD | AHEAD << 1, AHEAD, 2) == AHEAD | AHEAD << 1 | AHEAD << 2


INSIDE = IN_SEARCH | ABOVE | UNDER | NOT_NEAR | AHEAD


def test_between_two_places_that_are_clear_of_every_limit_nothing_is_passed() -> None:
    may = plain(volumes.may_pass)
    for state in (1.0, 2.0):
        assert not may(state, state, INSIDE, INSIDE)
        for bit in (IN_SEARCH, ABOVE, UNDER, NOT_NEAR, AHEAD):
            assert may(state, state, INSIDE, INSIDE & ~bit)
            assert may(state, state, INSIDE & ~bit, INSIDE)
        assert not may(state, state, INSIDE | AHEAD << 1, INSIDE & ~AHEAD | AHEAD << 1)  # inside of another boresight
    for bit in (BEYOND, BELOW, OVER, BESIDE):
        assert not may(0.0, 0.0, bit, bit | INSIDE)
    assert may(0.0, 0.0, BEYOND, BELOW)
    assert may(0.0, 0.0, INSIDE, INSIDE)
    assert not may(1.0, 1.0, INSIDE & ~IN_SEARCH | IN_TRACK, INSIDE & ~IN_SEARCH | IN_TRACK)
    assert OUTSIDE == BEYOND | BELOW | OVER | BESIDE


def test_where_the_state_changes_one_limit_is_passed_and_no_second_one() -> None:
    may = plain(volumes.may_pass)
    inside = {"range": IN_SEARCH, "low": ABOVE, "high": UNDER, "near": NOT_NEAR, "sector": AHEAD}
    for before, after in ((0.0, 1.0), (1.0, 0.0), (1.0, 2.0), (2.0, 0.0)):
        assert not may(before, after, INSIDE, INSIDE)
        for one in inside.values():
            assert not may(before, after, INSIDE & ~one, INSIDE)
            for two in inside.values():
                if two != one:
                    assert may(before, after, INSIDE & ~one, INSIDE & ~two)
