"""Information from looks, and the windows it gives a battery, against a dense numeric computation of every look."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from hoplon.earth.geodesy import normal_and_altitude, normal_of, position_of_normal
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME, flight_position, solve_flights
from hoplon.flight.information import (
    PACKED,
    STRETCH_COLUMNS,
    factor,
    gather_information,
    most_runs,
    place_covariance,
    satellite_row,
    sensor_row,
    sigma_across,
    sigma_bounds,
    stretches_of,
    unpacked,
)
from hoplon.flight.sensitivity import (
    inertial_sensitivity,
    inertial_state,
    most_arc_nodes,
    perifocal_axes,
    place_arc_nodes,
    transition,
)
from hoplon.intercept.battery import Battery, Timing, batteries_of
from hoplon.intercept.closing import closing_velocity
from hoplon.intercept.launch import weapon_of
from hoplon.intercept.predicted_point import heard_from
from hoplon.intercept.prediction import (
    Looks,
    look_at,
    looks_for,
    predicted_at,
    predicted_support,
    predicted_windows,
    prediction_scratch,
    room_for_prediction,
)
from hoplon.intercept.reach import Interceptor
from verification import dense_information as dense
from verification.dense_information import Arc, Looker, Reference
from verification.every_second import straight_reach

DENSE = 1e-6  # relative: the requirement on the pass look by look
RUNS = 1e-4  # relative: what summing by runs of 30 s may cost the error
SITE = (44.0, 24.4)
HANDOVER = 20.0
# Launch, aim [deg], burn time [s], burnout altitude, burnout ground range [m], loft [deg].
FLIGHTS = {
    "long": ((35.6, 51.4), (48.0, 11.0), 150.0, 150e3, 200e3, 0.0),
    "short": ((38.1, 46.3), (44.4, 26.1), 100.0, 90e3, 90e3, 0.0),
    "lofted": ((35.6, 51.4), (44.4, 26.1), 130.0, 120e3, 150e3, 12.0),
    "intercontinental": ((39.9, 125.6), (38.9, -77.0), 240.0, 300e3, 500e3, 0.0),
}


def place(latitude: float, longitude: float) -> NDArray[np.float64]:
    return np.array(position_of_normal(*normal_of(math.radians(latitude), math.radians(longitude)), 0.0))


RADARS = {
    "forward": Looker(place(38.35, 37.79), 1.0, 10.0, 0.5e-3, 5.0, ((60.0, 320.0),)),
    "own": Looker(place(44.0, 24.4), 2.0, 30.0, 1.5e-3, 0.0, ((300.0, 420.0), (450.0, 2000.0))),
    "partner": Looker(place(40.5, 47.9), 10.0, 300.0, 10e-3, 12.0, ((40.0, 500.0),)),
    "satellite": Looker(np.zeros(3), 4.0, 0.0, 0.0, 3.0, ((170.5, 1200.0),), position_sigma=400.0),
    "midcourse": Looker(place(49.7, 13.8), 1.0, 5.0, 0.2e-3, 5.0, ((412.5, 2000.0),)),
}


@cache
def flown(name: str) -> tuple[NDArray[np.float64], Arc]:
    launch, aim, burn, altitude, downrange, loft = FLIGHTS[name]
    row = solve_flights(
        np.radians([launch]),
        np.radians([aim]),
        *(np.array([value]) for value in (burn, altitude, downrange, math.radians(loft))),
    )[0]
    assert row[0] == 0.0
    return row, Arc(inertial_state(row, burn), burn, float(row[IMPACT_TIME]))


def sensor_of(radar: Looker) -> NDArray[np.float64]:
    if radar.position_sigma is not None:
        return satellite_row(radar.update, radar.position_sigma)
    return sensor_row(tuple(radar.place), radar.update, radar.range_sigma, radar.angle_sigma)


class Compiled:
    """The kernels' arrays for one flight and some radars."""

    def __init__(self, row: NDArray[np.float64], radars: list[Looker], *, each: bool) -> None:
        self.row, self.each, count = row, each, len(radars)
        self.sensors = np.array([sensor_of(radar) for radar in radars])
        self.delays = np.array([radar.latency for radar in radars])
        tracks = tracks_by(radars)
        self.stretches = np.zeros((2 * count, STRETCH_COLUMNS))
        self.count = stretches_of(row, tracks, 0, self.sensors, self.stretches)
        runs = 0 if each else most_runs(self.sensors, row[IMPACT_TIME])
        self.sums = np.zeros((2 * count, runs + 1, PACKED))
        self.nodes = np.zeros((most_arc_nodes(row[np.newaxis]), 5))
        place_arc_nodes(row, self.nodes)

    def gathered(self, until: float) -> tuple[int, NDArray[np.float64]]:
        total = np.empty(PACKED)
        args = (
            self.row,
            self.nodes,
            self.stretches,
            self.count,
            self.sensors,
            self.delays,
            until,
            self.sums,
            self.each,
            total,
        )
        return gather_information(*args), total

    def covariance(self, time: float, until: float) -> NDArray[np.float64] | None:
        """Return the inertial covariance of the place [m2], None where it is not known."""
        _, total = self.gathered(until)
        root = np.empty(PACKED)
        if not factor(total, root):
            return None
        xx, xy, yy, xz, yz, zz = place_covariance(self.row, self.nodes, root, time)
        axes = perifocal_axes(self.row)
        return axes @ np.array([[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]]) @ axes.T


@pytest.mark.parametrize("name", FLIGHTS)
def test_the_transition_matrix_is_that_of_the_integrated_variations(name: str) -> None:
    row, arc = flown(name)
    for share, earlier in ((0.3, 0.0), (0.7, 0.2), (1.0, 0.0)):
        time = row[BURN_TIME] + share * (row[IMPACT_TIME] - row[BURN_TIME])
        reference = row[BURN_TIME] + earlier * (row[IMPACT_TIME] - row[BURN_TIME])
        change, before = arc.at(time)[1], arc.at(reference)[1]
        expected = np.linalg.solve(before.T, change.T).T
        got = transition(row, time, reference)
        units = np.array([1.0, 1.0, 1.0, 1e3, 1e3, 1e3])
        expected, got = expected * units / units[:, np.newaxis], got * units / units[:, np.newaxis]
        assert np.abs(got - expected).max() <= DENSE * np.abs(expected).max()


@pytest.mark.parametrize("name", FLIGHTS)
def test_the_transition_matrix_is_the_finite_difference_of_neighbouring_states(name: str) -> None:
    row, _ = flown(name)
    time, reference = 0.5 * (row[BURN_TIME] + row[IMPACT_TIME]), float(row[BURN_TIME])
    state, matrix = inertial_state(row, reference), transition(row, time, reference)
    for axis, step in enumerate((50.0, 50.0, 50.0, 0.05, 0.05, 0.05)):
        ends = []
        for sign in (-1.0, 1.0):
            moved = state.copy()
            moved[axis] += sign * step
            ends.append(Arc(moved, reference, time).at(time)[0])
        difference = (ends[1] - ends[0]) / (2.0 * step)
        assert matrix[:, axis] == pytest.approx(difference, rel=1e-6, abs=1e-6 * np.abs(difference).max())


@pytest.mark.parametrize("name", FLIGHTS)
def test_the_nodes_of_an_arc_carry_its_place_to_the_millimetre(name: str) -> None:
    row, _ = flown(name)
    for time in np.linspace(row[BURN_TIME], row[IMPACT_TIME], 37):
        inertial = dense.turned(np.array(flight_position(row, time)), time)
        assert inertial == pytest.approx(inertial_state(row, time)[:3], abs=1e-2 if time == row[BURN_TIME] else 1e-3)


@pytest.mark.parametrize("name", FLIGHTS)
def test_the_bound_look_by_look_is_the_dense_one(name: str) -> None:
    row, arc = flown(name)
    radars = list(RADARS.values())
    compiled, reference = Compiled(row, radars, each=True), Reference(arc, radars)
    for until, ahead in ((190.0, 20.0), (260.0, 60.0), (330.0, 100.0), (412.0, 0.0), (row[IMPACT_TIME], 0.0)):
        time = min(until + ahead, float(row[IMPACT_TIME]))
        expected, got = reference.covariance(time, until), compiled.covariance(time, until)
        assert (got is None) == (expected is None)
        if got is not None and expected is not None:
            assert np.abs(got - expected[:3, :3]).max() <= DENSE * np.abs(expected[:3, :3]).max()


@pytest.mark.parametrize("name", FLIGHTS)
def test_the_bound_by_runs_stays_close_to_the_one_look_by_look(name: str) -> None:
    row, _ = flown(name)
    radars = list(RADARS.values())
    runs, each = Compiled(row, radars, each=False), Compiled(row, radars, each=True)
    for until in np.arange(row[BURN_TIME] + 5.0, row[IMPACT_TIME] - HANDOVER, 13.0):
        got, expected = runs.covariance(until + HANDOVER, until), each.covariance(until + HANDOVER, until)
        assert runs.gathered(until)[0] == each.gathered(until)[0]
        assert (got is None) == (expected is None)
        if got is not None and expected is not None:
            assert math.sqrt(np.trace(got)) == pytest.approx(math.sqrt(np.trace(expected)), rel=RUNS)


def test_a_track_of_one_look_or_of_none_after_burnout_counts_as_such() -> None:
    row, arc = flown("long")
    single = replace(RADARS["forward"], tracks=((200.0, 200.7),))
    last = replace(RADARS["own"], tracks=((141.0, 149.5), (146.0, 150.0)))  # the burnout is at 150 s
    late = replace(RADARS["midcourse"], tracks=((float(np.float32(row[IMPACT_TIME] - 3.2)), 5000.0),))
    for radars, looks in (([single], 1), ([last], 1), ([late], 4), ([single, last, late], 6)):
        assert Compiled(row, radars, each=True).gathered(row[IMPACT_TIME] + 60.0)[0] == looks
    assert Compiled(row, [single], each=True).gathered(204.9)[0] == 0  # it is heard 5 s later
    assert Compiled(row, [single], each=True).gathered(205.0)[0] == 1
    radars = [single, *(RADARS[name] for name in ("partner", "satellite"))]
    for each in (True, False):
        got = Compiled(row, radars, each=each).covariance(320.0, 300.0)
        expected = Reference(arc, radars).covariance(320.0, 300.0)
        assert got is not None
        assert expected is not None
        assert np.sqrt(np.diag(got)) == pytest.approx(np.sqrt(np.diag(expected))[:3], rel=RUNS)


def test_the_error_across_any_direction_is_the_dense_one_and_lies_between_its_bounds() -> None:
    rng = np.random.default_rng(2)
    for _ in range(20):
        root = rng.normal(size=(3, 3)) * rng.uniform(1.0, 100.0, 3)
        matrix = root @ root.T
        packed = (matrix[0, 0], matrix[0, 1], matrix[1, 1], matrix[0, 2], matrix[1, 2], matrix[2, 2])
        low, high = sigma_bounds(packed)
        values = np.linalg.eigvalsh(matrix)
        assert low <= math.sqrt(0.5 * (values[0] + values[1])) * (1.0 + 1e-12)
        assert low == pytest.approx(math.sqrt(0.5 * (values.sum() - np.linalg.norm(values))), rel=1e-6)
        assert high == pytest.approx(math.sqrt(0.5 * values.sum()), rel=1e-12)
        direction = rng.normal(size=3)
        across = np.linalg.svd(direction[np.newaxis])[2][1:]
        expected = math.sqrt(0.5 * np.trace(across @ matrix @ across.T))
        assert sigma_across(packed, *direction) == pytest.approx(expected, rel=1e-9)
        assert low <= expected <= high
    assert sigma_across(packed, 0.0, 0.0, 0.0) == pytest.approx(high, rel=1e-12)


def test_information_on_the_parameters_is_information_on_the_state() -> None:
    row, arc = flown("long")
    radars = list(RADARS.values())
    _, total = Compiled(row, radars, each=True).gathered(500.0)
    change = np.linalg.inv(inertial_sensitivity(row, 450.0))
    covariance = np.linalg.inv(change.T @ unpacked(total) @ change)
    expected = Reference(arc, radars).covariance(450.0, 500.0)
    assert expected is not None
    to_si = arc.at(450.0)[1]
    assert to_si.shape == (6, 6)
    assert covariance == pytest.approx(expected, rel=1e-5, abs=1e-6 * float(np.abs(expected).max()) * 1e-3)


def tracks_by(radars: list[Looker]) -> NDArray[np.float32]:
    """Return the tracks of one flight by some radars, shape (radars, 1, 2, 2)."""
    tracks = np.full((len(radars), 1, 2, 2), np.nan, dtype=np.float32)
    for index, radar in enumerate(radars):
        tracks[index, 0, : len(radar.tracks)] = radar.tracks
    return tracks


def windows_of(
    name: str, radars: list[Looker], limit: float, remote: bool, begin: int
) -> tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.int64]]:
    """Return by second: whether the kernel gives support, and the dense predicted error [m] (NaN: no fly-out)."""
    return (
        supported_seconds(name, radars, limit, remote, begin),
        predicted_errors(name, radars, remote, begin),
        np.arange(begin, math.ceil(flown(name)[0][IMPACT_TIME])),
    )


def predicted_errors(name: str, radars: list[Looker], remote: bool, begin: int) -> NDArray[np.float64]:
    """Return the dense predicted error by second [m], NaN where no fly-out passes."""
    row, arc = flown(name)
    reference = Reference(arc, [radar for radar in radars if remote or radar is RADARS["own"]])
    seconds = range(begin, math.ceil(row[IMPACT_TIME]))
    return np.array([predicted_error(arc, reference, float(second)) for second in seconds])


def supported_seconds(name: str, radars: list[Looker], limit: float, remote: bool, begin: int) -> NDArray[np.bool_]:
    """Return by second whether the kernel gives support."""
    row, _ = flown(name)
    interceptor = Interceptor(3000.0, 60.0, 90e3, 700e3, 500.0, math.radians(15.0))
    reach = straight_reach(interceptor)  # its fan alone matters
    own = [index for index, radar in enumerate(radars) if radar is RADARS["own"]]
    latitude, longitude = math.radians(SITE[0]), math.radians(SITE[1])
    stacked = batteries_of([Battery(latitude, longitude, 0, tuple(own), remote, (), 10)], [reach], len(radars))
    compiled = Compiled(row, radars, each=False)
    delays = np.empty(len(radars))
    heard_from(stacked.own[0], remote, compiled.delays, delays)
    end = math.ceil(row[IMPACT_TIME]) - 1
    windows = np.zeros((end - begin + 1, 2))
    found = predicted_windows(
        row,
        Looks(
            *(compiled.nodes, compiled.stretches, np.full(1, compiled.count), compiled.sensors),
            *(compiled.delays, delays, compiled.sums, prediction_scratch(len(radars))),
        ),
        *(0, HANDOVER, limit, weapon_of(stacked.rows[0], stacked.interceptors[0]), reach.fan, begin, end, windows),
    )
    seconds = np.arange(begin, end + 1)
    supported = np.zeros(len(seconds), dtype=bool)
    for first, last in windows[:found]:
        supported |= (seconds >= first) & (seconds <= last)
    return supported


def closing_by_brute_force(arc: Arc, second: float) -> NDArray[np.float64] | None:
    """Return the inertial closing velocity of an interceptor from SITE [m s-1], None where no fly-out passes."""
    state, _ = arc.at(second)
    fixed = dense.turned(state[:3], -second)
    *normal, altitude = normal_and_altitude(*fixed)
    up, site = np.array(normal), np.array(normal_of(*np.radians(SITE)))
    angle = math.atan2(float(np.linalg.norm(np.cross(up, site))), float(up @ site))
    velocity = dense.arrival_velocity(3000.0, 60.0, math.radians(15.0), dense.RADIUS * angle, altitude)
    if velocity is None:
        return None
    ahead = (up * math.cos(angle) - site) / math.sin(angle)
    meets = velocity[0] * ahead + velocity[1] * up
    return dense.turned(dense.turned(state[3:], -second) - np.cross([0.0, 0.0, dense.OMEGA], fixed) - meets, second)


def predicted_error(arc: Arc, reference: Reference, second: float) -> float:
    """Return the error across the closing velocity by brute force [m], NaN where no fly-out passes."""
    closing = closing_by_brute_force(arc, second)
    return math.nan if closing is None else reference.sigma_across(second, second - HANDOVER, closing)


@pytest.mark.parametrize("name", ["long", "short", "lofted"])
def test_the_closing_velocity_is_that_of_every_elevation_tried(name: str) -> None:
    row, arc = flown(name)
    reach = straight_reach(Interceptor(3000.0, 60.0, 90e3, 700e3, 500.0, math.radians(15.0)))
    latitude, longitude = math.radians(SITE[0]), math.radians(SITE[1])
    stacked = batteries_of([Battery(latitude, longitude, 0, (), True, (), 10)], [reach], 1)
    weapon = weapon_of(stacked.rows[0], stacked.interceptors[0])
    nodes = Compiled(row, [RADARS["own"]], each=True).nodes
    compared = 0
    for second in range(math.floor(row[BURN_TIME]) + 1, math.ceil(row[IMPACT_TIME]), 7):
        expected = closing_by_brute_force(arc, float(second))
        if expected is not None:
            got = perifocal_axes(row) @ np.array(closing_velocity(row, nodes, weapon, reach.fan, float(second)))
            assert np.linalg.norm(got - expected) <= 3e-3 * np.linalg.norm(expected)
            compared += 1
    assert compared > 10


@pytest.mark.parametrize(
    ("name", "radars", "limit", "remote"),
    [
        ("long", ("forward", "own", "partner"), 5000.0, True),
        ("long", ("forward", "own", "partner"), 60.0, True),
        ("long", ("forward", "own", "partner", "midcourse"), 60.0, True),
        ("short", ("forward", "own"), 400.0, True),
        ("short", ("forward", "own"), 300.0, False),
        ("lofted", ("partner",), 9000.0, True),
        ("lofted", ("partner", "own"), 250.0, True),
    ],
)
def test_windows_of_support_are_those_of_every_second_and_every_look(
    name: str, radars: tuple[str, ...], limit: float, remote: bool
) -> None:
    begin = math.floor(flown(name)[0][BURN_TIME]) + 1
    supported, errors, _ = windows_of(name, [RADARS[radar] for radar in radars], limit, remote, begin)
    assert np.isfinite(errors).any()
    asked = ~np.isnan(errors) & ~(np.abs(errors / limit - 1.0) < 1e-3)
    wrong = asked & (supported != (errors <= limit))
    beside_an_edge = np.zeros(len(wrong), dtype=bool)
    edges = np.flatnonzero(np.diff(supported.astype(int)))
    beside_an_edge[edges] = beside_an_edge[edges + 1] = True
    assert not (wrong & ~beside_an_edge).any()


@pytest.mark.parametrize(
    ("name", "radars", "span"),
    [("long", ("forward", "own"), 150), ("lofted", ("partner", "own"), 120), ("short", ("own",), 200)],
)
def test_windows_of_any_limit_are_those_of_every_second(name: str, radars: tuple[str, ...], span: int) -> None:
    begin, looking = math.ceil(flown(name)[0][IMPACT_TIME]) - span, [RADARS[radar] for radar in radars]
    errors = predicted_errors(name, looking, True, begin)
    finite = np.sort(errors[np.isfinite(errors)])
    opened = 0
    for share in np.linspace(0.03, 0.97, 9):
        limit = float(finite[int(share * len(finite))]) * 1.0021
        supported = supported_seconds(name, looking, limit, True, begin)
        asked = ~np.isnan(errors) & ~(np.abs(errors / limit - 1.0) < 2e-3)
        assert not (asked & (supported != (errors <= limit))).any()
        opened += int(np.abs(np.diff(supported.astype(int))).sum())
    assert opened > 5


def test_windows_do_not_depend_on_where_the_question_begins() -> None:
    radars = [RADARS[name] for name in ("forward", "own", "partner")]
    whole, _, seconds = windows_of("long", radars, 60.0, True, 151)
    later, _, later_seconds = windows_of("long", radars, 60.0, True, 300)
    assert np.array_equal(whole[seconds >= 300], later)
    assert later_seconds[0] == 300


@pytest.mark.parametrize("central", [True, False])
@pytest.mark.parametrize(
    ("name", "limit", "remote"), [("long", 60.0, True), ("lofted", 400.0, True), ("short", 300.0, False)]
)
def test_a_second_by_itself_is_supported_as_among_all_and_as_every_look_says(
    name: str, limit: float, remote: bool, central: bool
) -> None:
    row, arc = flown(name)
    radars = [RADARS[key] for key in ("forward", "own", "partner")]
    sensors, delays = np.array([sensor_of(radar) for radar in radars]), np.array([radar.latency for radar in radars])
    room = room_for_prediction(row[np.newaxis], sensors, 2, True)
    looks = looks_for(sensors, delays, room)
    assert looks.found[0] == -1
    look_at(row, tracks_by(radars), 0, looks)
    assert looks.found[0] == 4
    own = np.array([radar is RADARS["own"] for radar in radars])
    latitude, longitude = math.radians(SITE[0]), math.radians(SITE[1])
    reach = straight_reach(Interceptor(3000.0, 60.0, 90e3, 700e3, 500.0, math.radians(15.0)))
    stacked = batteries_of([Battery(latitude, longitude, 0, (1,), remote, (), 10)], [reach], len(radars))
    timing = Timing(20.0, 30.0, 5.0, 10.0, HANDOVER, 10.0, True, limit, central).row()
    weapon, windows = weapon_of(stacked.rows[0], stacked.interceptors[0]), np.zeros((400, 2))
    given = (row, looks, own, stacked.rows[0], timing)
    seconds = np.linspace(row[BURN_TIME] + 1.0, row[IMPACT_TIME], 40).astype(int)
    alone = [predicted_at(*given, int(second), weapon, reach.fan, windows) for second in seconds]
    begin = math.floor(row[BURN_TIME]) + 1
    count = predicted_support(*given, float(begin), weapon, reach.fan, windows)
    among = [bool(((windows[:count, 0] <= second) & (second <= windows[:count, 1])).any()) for second in seconds]
    heard = [radar for radar in radars if remote or radar is RADARS["own"]]
    whole, worst = Reference(arc, heard), [Reference(arc, [radar]) for radar in heard]
    compared = 0
    for second, by_itself, in_all in zip(seconds, alone, among, strict=True):
        assert by_itself == in_all
        closing = closing_by_brute_force(arc, float(second))
        if closing is None:
            continue
        until = float(second) - HANDOVER
        best = whole.sigma_across(float(second), until, closing)
        if abs(best / limit - 1.0) < 2e-3:
            continue
        compared += 1
        if central:
            assert in_all == (best <= limit)
            continue
        assert best <= limit or not in_all  # looks in one place are never worse
        assert in_all or all(each.sigma_across(float(second), until, closing) > limit * (1.0 - 2e-3) for each in worst)
    assert compared > 7
    assert any(alone)
    assert not all(alone)
    assert predicted_support(*given, row[IMPACT_TIME] + 1.0, weapon, reach.fan, windows) == 0


def test_no_room_is_taken_where_nothing_is_predicted() -> None:
    row, _ = flown("long")
    sensors = np.array([sensor_of(radar) for radar in RADARS.values()])
    assert room_for_prediction(row[np.newaxis], sensors, 2, False) == (1, 1, 1)
    nodes, stretches, runs = room_for_prediction(row[np.newaxis], sensors, 2, True)
    assert nodes >= most_arc_nodes(row[np.newaxis])
    assert stretches > 2 * len(sensors)
    # Half a minute of looks makes a run, or as many as the fastest radar has of them.
    assert runs >= (row[IMPACT_TIME] - row[BURN_TIME]) / 30.0
