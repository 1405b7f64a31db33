"""What a battery meets of flights with a node every 20 s, against the same flights with one every second."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial import KDTree

from hoplon.analysis.defence import defence_of
from hoplon.analysis.flights import Flights, flights_between
from hoplon.analysis.stages import MAP_STEP, SINGLE_STEP, shots
from hoplon.analysis.store import Store
from hoplon.flight.information import sensor_row
from hoplon.flight.path import ROWS, most_nodes, sample_path
from hoplon.intercept.battery import Batteries, Battery, Timing, TimingRow, batteries_of, timing_of
from hoplon.intercept.engagement import engage
from hoplon.intercept.first_shots import first_shots
from hoplon.intercept.launch import Weapon, launch_times, weapon_of
from hoplon.intercept.obstacle import (
    NEVER_SEEN,
    NO_SUPPORT,
    NONE,
    OUT_OF_REACH,
    SEEN_TOO_LATE,
    TOO_HIGH,
    TOO_LOW,
    obstacles,
)
from hoplon.intercept.reach import Interceptor
from hoplon.intercept.shots import (
    SHOT_ALTITUDE,
    SHOT_LAUNCH,
    SHOT_RANGE,
    SHOT_TIME,
    Course,
    Launches,
    Tables,
    _away,
    count_shots,
    last_intercept,
    latest_launch,
)
from hoplon.intercept.windows import Windows, commit_time, firm_times, gather_windows
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Scenario
from oracle.fan import flyout_times
from verification import every_second as drawn

SHARE_ON_AN_EDGE = 2e-3  # a flight is interpolated between nodes: where it grazes a reach, either answer is right


def some_flights(scenario: Scenario) -> Flights:
    """Return flights from the areas of a scenario of the Gulf to a grid about its batteries."""
    areas = [(area, its.at.latitude_deg, its.at.longitude_deg) for area, its in scenario.launch_areas.items()]
    latitudes, longitudes = np.meshgrid(np.linspace(16.0, 31.0, 16), np.linspace(36.0, 58.0, 16))
    return flights_between(scenario, list(scenario.threats), areas, latitudes.ravel(), longitudes.ravel())


@pytest.mark.parametrize("level", ["low", "high"])
def test_short_flyouts_hide_between_no_nodes(level: str) -> None:
    scenario = load_scenario("gulf")
    flights = some_flights(scenario)
    defence = defence_of(scenario, scenario.architecture("gcc-2027"), level)
    defence = replace(defence, timing=replace(defence.timing, decision=0.0, reaction=0.0))
    rough, fine = (shots(Store(), flights, defence, step) > 0 for step in (MAP_STEP, SINGLE_STEP))
    upper = np.array([defence.interceptors[battery.reach].altitude_low > 30e3 for battery in defence.batteries])
    assert fine[upper].any(axis=0).mean() > 0.05
    lost, won = (fine & ~rough)[upper], (rough & ~fine)[upper]
    assert lost.sum() <= SHARE_ON_AN_EDGE * fine[upper].sum()
    assert won.sum() <= SHARE_ON_AN_EDGE * fine[upper].sum()


def course_of(name: str, step: float) -> Course:
    row = drawn.elements()[list(drawn.FLIGHTS).index(name)]
    path = np.empty((ROWS, most_nodes(row[np.newaxis], step)))
    return Course(row, path, *sample_path(row, step, path))


def site_of(course: Course, weapon: Weapon, tables: Tables, step: float) -> tuple[float, Launches]:
    length = course.path.shape[1]
    scratch = (np.empty(length), np.empty(length), np.empty(length, dtype=np.bool_))
    latest, first, end = latest_launch(course, weapon, tables.floors, step, *scratch)
    return latest, Launches(first, end, *scratch)


def armed(battery: Battery, interceptor: Interceptor, sensors: int = 1) -> tuple[Batteries, Weapon, Tables]:
    stacked = batteries_of([battery], [drawn.straight_reach(interceptor)], sensors)
    tables = Tables(stacked.fans[0], stacked.times[0], stacked.floors[0])
    return stacked, weapon_of(stacked.rows[0], stacked.interceptors[0]), tables


def windows_from(spans: drawn.Windows) -> Windows:
    return Windows(np.array(spans).reshape(-1, 2), len(spans))


@pytest.mark.parametrize("kind", range(len(drawn.KINDS)))
@pytest.mark.parametrize("step", [1.0, 20.0])
def test_shots_are_the_first_feasible_seconds_one_after_the_other(kind: int, step: float) -> None:
    random, interceptor = np.random.default_rng(10 * kind + int(step)), drawn.KINDS[kind]
    compared, several = 0, 0
    for number in range(150 if step > 1.0 else 20):
        name = list(drawn.FLIGHTS)[number % len(drawn.FLIGHTS)]
        flight, course = drawn.seconds_of(name), course_of(name, step)
        place = drawn.drawn_place(random, flight, 0.4 * drawn.straight_reach(interceptor).chord)
        _, weapon, tables = armed(Battery(*place, 0, (), True, (), 10), interceptor)
        meetings, timing = drawn.Meetings(flight, interceptor, *place), drawn.drawn_timing(random)
        launches = meetings.launches()
        top, possible = launches.max(), launches[launches > -np.inf]
        commit = float(random.uniform(possible.min() - 30.0, top + 5.0)) if len(possible) else 100.0
        outlook = drawn.Outlook(commit, drawn.drawn_windows(random, flight), drawn.drawn_windows(random, flight))
        most = int(random.integers(0, 5))
        latest, site = site_of(course, weapon, tables, step)
        assert latest >= top - drawn.SLACK
        found = np.full((4, 4), np.nan)
        for pruned in (True, False):
            given = (windows_from(outlook.support), windows_from(outlook.assessment), timing.row(), most)
            shots = count_shots(course, commit, *given, weapon, tables, step, site, pruned, found)
            expected = drawn.shots_by_second(meetings, outlook, timing, most)
            if expected is None:
                continue
            compared += 1
            several += shots > 1
            assert found[:shots, SHOT_TIME].tolist() == expected
            rows = np.searchsorted(flight.second, expected)
            assert found[:shots, SHOT_LAUNCH] == pytest.approx(meetings.launches()[rows], abs=drawn.SLACK)
            assert found[:shots, SHOT_ALTITUDE] == pytest.approx(meetings.altitude[rows], abs=drawn.HAIR)
            # A normal interpolated over 20 s is long or short by 2e-8, and a chord's square by twice as much.
            squares = np.square(found[:shots, SHOT_RANGE])
            assert squares == pytest.approx(np.square(meetings.distance[rows]), abs=2e6, rel=1e-6)
        last = last_intercept(course, commit, given[0], weapon, tables)
        seconds = [
            flight.second[drawn.within(outlook.support, flight.second) & (meetings.launches(slack) >= commit)].max(
                initial=-np.inf
            )
            for slack in (-drawn.SLACK, drawn.SLACK)
        ]
        if seconds[0] == seconds[1]:
            assert last == seconds[0] or (math.isnan(last) and seconds[0] == -np.inf)
    assert compared > (250 if step > 1.0 else 30)
    assert several > 2 or step == 1.0 or interceptor is drawn.THIN


def test_the_launch_time_at_each_second_is_kept_in_milliseconds_after_ignition_alone() -> None:
    random, compared = np.random.default_rng(4), 0
    for kind, interceptor in enumerate(drawn.KINDS * 2):
        name = list(drawn.FLIGHTS)[kind % 4]
        flight, course = drawn.seconds_of(name), course_of(name, 1.0)
        place = drawn.drawn_place(random, flight, 0.3 * drawn.straight_reach(interceptor).chord)
        _, weapon, tables = armed(Battery(*place, 0, (), True, (), 10), interceptor)
        found = np.full(math.ceil(flight.impact) + 1, -7, dtype=np.int32)
        launch_times(*course, weapon, *tables, found)
        told = found[flight.second.astype(int)]
        early, late = (drawn.Meetings(flight, interceptor, *place).launches(slack) for slack in (-0.01, 0.01))
        sure = (early > 0.0) == (late > 0.0)
        assert (told[sure] == -7).tolist() == (late[sure] <= 0.0).tolist()
        written = told != -7
        assert (told[written] >= np.floor(1e3 * (early[written] - 0.02)) - 1.0).all()
        assert (told[written] <= 1e3 * early[written] + 1.0).all()
        assert (found[: math.floor(flight.burn_time) + 1] == -7).all()
        assert found[-1] == -7
        compared += int(written.sum())
    assert compared > 300


@pytest.mark.parametrize("kind", [drawn.UPPER, drawn.NEAR])
def test_where_the_table_cannot_be_interpolated_the_flyout_is_solved(kind: Interceptor) -> None:
    whole = drawn.straight_reach(kind)
    table = replace(whole, floors=np.full_like(whole.floors, 1e-3))
    limits = (kind.burnout_speed, kind.burn_time), (kind.minimum_elevation, kind.slowest_burnout)
    random, compared = np.random.default_rng(8), 0
    for name in drawn.FLIGHTS:
        flight, course = drawn.seconds_of(name), course_of(name, 1.0)
        place = drawn.drawn_place(random, flight, 0.2 * whole.chord)
        stacked = batteries_of([Battery(*place, 0, (), True, (), 10)], [table], 1)
        weapon = weapon_of(stacked.rows[0], stacked.interceptors[0])
        found = np.full(math.ceil(flight.impact) + 1, -7, dtype=np.int32)
        launch_times(*course, weapon, stacked.fans[0], stacked.times[0], stacked.floors[0], found)
        its = drawn.Meetings(flight, kind, *place)
        asked = (its.altitude > kind.altitude_low) & (its.altitude < kind.altitude_high)
        asked &= 2.0 * np.sin(0.5 * its.distance / drawn.RADIUS) < whole.chord * 0.999
        asked[np.arange(len(asked)) % 7 > 0] = False
        flyouts = flyout_times(*limits[0], its.distance[asked], its.altitude[asked], *limits[1])
        expected = its.flight.second[asked] - np.where(flyouts <= kind.maximum_flight_time, flyouts, np.inf)
        told = found[its.flight.second[asked].astype(int)]
        sure = (np.abs(expected) > 0.1) & (np.abs(flyouts - kind.maximum_flight_time) > 0.1)
        assert ((told == -7) == (expected < 0.0))[sure].all()
        written = told != -7
        assert 1e-3 * told[written] == pytest.approx(expected[written], abs=0.01)
        compared += int(written.sum())
    assert compared > 15


@pytest.mark.parametrize("kind", [drawn.UPPER, drawn.NEAR])
def test_the_time_to_come_within_reach_is_no_more_than_a_flight_takes_and_short_of_it_by_two_cells(
    kind: Interceptor,
) -> None:
    reach, random = drawn.straight_reach(kind), np.random.default_rng(2)
    _, weapon, tables = armed(Battery(0.0, 0.0, 0, (), True, (), 10), kind)
    heights, chords = np.linspace(kind.altitude_low, kind.altitude_high, 300), np.linspace(0.0, 1.1 * reach.chord, 900)
    reached = drawn.straight_time(kind, chords, heights[:, np.newaxis]) <= kind.maximum_flight_time
    line, column = np.nonzero(reached)
    points = KDTree(np.stack([heights[line], drawn.RADIUS * chords[column]], axis=-1))
    cell = math.hypot((heights[-1] - heights[0]) / 96.0, drawn.RADIUS * reach.chord / 192.0) / drawn.FASTEST
    altitude, chord = random.uniform(heights[0], heights[-1], 400), random.uniform(0.3, 1.25, 400) * reach.chord
    away = points.query(np.stack([altitude, drawn.RADIUS * chord], axis=-1))[0] / drawn.FASTEST
    near = away < 20.0  # [s] between nodes
    found = np.array(
        [
            _away(h, c * weapon.chord_scale, weapon, tables.floors)
            for h, c in zip(altitude[near], chord[near], strict=True)
        ]
    )
    assert (found <= away[near] * 8.0 / 7.0 + 0.02).all()  # no flight is faster than 7 km/s here
    beyond = chord[near] > reach.chord  # there the two ways are taken as the sides of a right angle
    assert (found >= np.where(beyond, math.sqrt(0.5), 1.0) * away[near] - 2.1 * cell).all()
    assert (found > 0.0).sum() > 40


def test_a_doctrine_in_numbers_is_the_doctrine() -> None:
    timing = Timing(1.5, 2.5, 3.5, 4.5, 5.5, 6.5, False, 8.5, True)
    assert timing.row() == (1.5, 2.5, 3.5, 4.5, 5.5, 6.5, False, 8.5, True)
    assert replace(timing, handover_error=None, look=True, central=False).row()[6:] == (True, 0.0, False)
    for its in (
        timing,
        replace(timing, look=True),
        replace(timing, central=False),
        replace(timing, handover_error=None),
    ):
        assert timing_of(np.array(its.row(), dtype=np.float64)) == its.row()


class Network:
    """Some batteries and sensors over every flight of the samples, each with tracks drawn at random."""

    def __init__(self, seed: int, step: float = 20.0) -> None:
        random = np.random.default_rng(seed)
        self.timing, self.step, sensors = drawn.drawn_timing(random), step, 3
        names = list(drawn.FLIGHTS)
        self.flights = [drawn.seconds_of(name) for name in names for _ in range(3)]
        self.elements = drawn.elements().repeat(3, axis=0)
        self.latencies = random.uniform(0.0, 30.0, sensors)
        self.tracks = np.full((sensors, len(self.flights), 3, 2), np.nan, dtype=np.float32)
        for sensor, index in np.ndindex(self.tracks.shape[:2]):
            spans = np.round(drawn.drawn_windows(random, self.flights[index], 3))
            self.tracks[sensor, index, : len(spans)] = spans.reshape(-1, 2)
        self.batteries, self.kinds = [], [drawn.KINDS[place] for place in random.permutation(4)[:3]]
        for place in range(8):
            kind = int(random.integers(3))
            spot = drawn.drawn_place(
                random, self.flights[3 * (place % 4)], 0.3 * drawn.straight_reach(self.kinds[kind]).chord
            )
            mine, helps = (tuple(np.flatnonzero(random.random(sensors) < share).tolist()) for share in (0.4, 0.8))
            remote, shots = bool(random.random() < 0.6), int(random.choice([0, 1, 2, 70, 70]))
            self.batteries.append(Battery(*spot, kind, mine, remote, helps, shots))
        self.stacked = batteries_of(self.batteries, [drawn.straight_reach(kind) for kind in self.kinds], sensors)
        self.sensors = np.array(
            [sensor_row((4e6, 2e6, 4e6 + 1e5 * place), 2.0, 20.0, 1e-3) for place in range(sensors)]
        )

    def outlook(self, battery: int, flight: int) -> drawn.Outlook:
        tracks, burn_time = self.tracks[:, flight], self.flights[flight].burn_time
        return drawn.outlook_of(self.batteries[battery], self.timing, tracks, self.latencies, burn_time)

    def meetings(self, battery: int, flight: int) -> drawn.Meetings:
        its = self.batteries[battery]
        return drawn.Meetings(self.flights[flight], self.kinds[its.reach], its.latitude, its.longitude)

    def expected(self, battery: int, flight: int, most: int) -> list[float] | None:
        most = min(most, self.batteries[battery].shots)
        asked = (self.meetings(battery, flight), self.outlook(battery, flight), self.timing, most)
        return drawn.shots_by_second(*asked)

    def given(self) -> tuple[NDArray[np.float32], NDArray[np.float64], NDArray[np.float64], TimingRow, Batteries]:
        return self.tracks, self.sensors, self.latencies, self.timing.row(), self.stacked


def test_earliest_launches_and_windows_are_those_of_the_doctrine() -> None:
    finite = 0
    for seed in range(3):
        network = Network(seed)
        tracks, _, latencies, timing, stacked = network.given()
        firm, support, assessment = np.empty(3), np.empty((64, 2)), np.empty((64, 2))
        for battery, flight in np.ndindex(8, len(network.flights)):
            row, own, helps = stacked.rows[battery], stacked.own[battery], stacked.supporters[battery]
            firm_times(tracks, flight, network.flights[flight].burn_time, timing.firm_track, firm)
            commit = commit_time(row, own, firm, latencies, timing)
            expected = network.outlook(battery, flight)
            assert commit == pytest.approx(expected.commit, abs=1e-9)
            counts = gather_windows(tracks, flight, row, own, helps, latencies, timing, support, assessment)
            for count, found, wanted in zip(
                counts, (support, assessment), (expected.support, expected.assessment), strict=True
            ):
                assert found[:count] == pytest.approx(np.array(wanted).reshape(-1, 2), abs=1e-9)
            finite += math.isfinite(commit)
    assert finite > 60


def test_many_engagements_at_once_have_the_shots_of_each_alone() -> None:
    answers, found = 0, 0
    for seed in range(5):
        network = Network(seed)
        order = np.random.default_rng(seed).permutation(len(network.flights))
        for most in (64, 1):
            counts = [
                engage(network.elements, order, *network.given(), network.step, most, pruned)
                for pruned in (True, False)
            ]
            assert np.array_equal(*counts)
            for battery, place in np.ndindex(counts[0].shape):
                expected = network.expected(battery, int(order[place]), most)
                if expected is not None:
                    answers += 1
                    found += len(expected) > 0
                    assert counts[0][battery, place] == len(expected)
    assert answers > 900
    assert found > 60


@pytest.mark.parametrize("seed", [0, 2, 3])
def test_first_shots_are_the_first_of_every_second(seed: int) -> None:
    network = Network(seed)
    none = np.empty((0, 0))
    shots = first_shots(network.elements, *network.given(), network.step, True, none, False)
    assert shots.shape == (8, len(network.flights), 3)
    assert (shots[..., 2] == np.inf).all()
    met = 0
    for battery, flight in np.ndindex(shots.shape[:2]):
        expected = network.expected(battery, flight, 1)
        if expected is None:
            continue
        launch, intercept, _ = shots[battery, flight]
        assert intercept == (expected[0] if expected else np.inf)
        if expected:
            meetings = network.meetings(battery, flight)
            row = np.searchsorted(meetings.flight.second, intercept)
            assert launch == pytest.approx(meetings.launches()[row], abs=drawn.SLACK)
            met += 1
        else:
            assert launch == np.inf
    assert met > 1
    given = np.where(np.isfinite(shots[..., 1]), shots[..., 1], np.inf)
    again = first_shots(network.elements, *network.given(), network.step, True, given, False)
    assert np.array_equal(again[..., 1], given)
    assert (again[..., 0] == np.inf).all()


def causes_by_second(network: Network, battery: int, flight: int) -> set[int]:
    """Return the obstacle of a battery, with every limit moved a little either way."""
    found, meetings = set(), network.meetings(battery, flight)
    commit, kind = network.outlook(battery, flight).commit, meetings.interceptor
    soonest = network.flights[flight].burn_time + network.timing.firm_track
    for slack in (-2.0, 2.0):  # [s] nodes are a second apart
        hair = 1e3 * slack
        launch = meetings.flight.second - meetings.flyout - slack
        reached = (meetings.flyout <= kind.maximum_flight_time - slack) & (launch >= soonest)
        low, high = meetings.altitude < kind.altitude_low + hair, meetings.altitude > kind.altitude_high - hair
        good = reached & ~low & ~high
        if good.any():
            late = launch[good].max() < commit
            found.add(NEVER_SEEN if commit == math.inf else SEEN_TOO_LATE if late else NO_SUPPORT)
        else:
            below, above = (int((reached & out).sum()) for out in (low, high))
            found.add(OUT_OF_REACH if below + above == 0 else TOO_LOW if below >= above else TOO_HIGH)
    return found


def test_the_obstacle_is_that_of_every_second_and_of_the_battery_that_comes_nearest() -> None:
    compared = set()
    for seed in range(4):
        network = Network(seed, 1.0)
        tracks, _, latencies, timing, stacked = network.given()
        some = (np.ascontiguousarray(network.elements[::3]), np.ascontiguousarray(tracks[:, ::3]), latencies, timing)
        each = []
        for place, battery in enumerate(network.batteries):
            alone = batteries_of([battery], [drawn.straight_reach(kind) for kind in network.kinds], len(latencies))
            each.append(obstacles(*some, alone, network.step))
            for index, cause in enumerate(each[-1]):
                expected = causes_by_second(network, place, 3 * index)
                if len(expected) == 1:
                    assert expected == {cause}
                    compared.add(int(cause))
        assert np.array_equal(obstacles(*some, stacked, network.step), np.max(each, axis=0))
    assert compared >= {OUT_OF_REACH, TOO_LOW, TOO_HIGH, SEEN_TOO_LATE, NO_SUPPORT}


@pytest.mark.parametrize("seed", [2, 4, 5])
def test_a_flight_that_does_not_exist_has_no_obstacle_and_no_shot(seed: int) -> None:
    network = Network(seed)
    gone = network.elements.copy()
    gone[::2, 0] = 1.0
    tracks, sensors, latencies, timing, stacked = network.given()
    whole = np.arange(len(gone))
    assert (obstacles(gone, tracks, latencies, timing, stacked, 20.0)[::2] == NONE).all()
    for most in (64, 1):
        shots, before = (
            engage(rows, whole, tracks, sensors, latencies, timing, stacked, 20.0, most, True)
            for rows in (gone, network.elements)
        )
        assert not shots[:, ::2].any()
        assert shots[:, 1].any()  # the first flight that exists is the second
        assert np.array_equal(shots[:, 1::2], before[:, 1::2])
    first = first_shots(gone, *network.given(), 20.0, True, np.empty((0, 0)), False)
    assert (first[:, ::2] == np.inf).all()
