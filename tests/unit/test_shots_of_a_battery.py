"""The shots of one battery, of seconds that are given: what is asked when, and that shortcuts change no answer."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from hoplon.flight.arc import BURN_TIME, COLUMNS, IMPACT_TIME
from hoplon.flight.path import ROWS, TIME, stencil
from hoplon.intercept import supported_shots
from hoplon.intercept.battery import BATTERY_COLUMNS, SHOTS, Battery, Timing, batteries_of
from hoplon.intercept.launch import weapon_of
from hoplon.intercept.shots import SHOT_TIME, Course
from hoplon.intercept.supported_shots import ObservedFlight, Scratch, Shooter, scratch_for, shooter_of, shots_of_battery
from hoplon.intercept.windows import Windows
from verification.every_second import LOWER, UPPER, straight_reach

BURN, IMPACT, BOOST, NODES = 95.5, 300.5, 5, 16
BURN_DURATION = 7.0  # [s] of the interceptor
LATER = 5  # [s] after a first intercept that is tried first at the next flight
PLAIN = (
    *("gather_windows", "merge_windows", "write_question", "recall", "remember", "node_before", "stencil"),
    *("_shots_by_tracks", "_count", "_place_for", "_meets_again", "_meets_again_by_prediction", "find_reach"),
    *("_shots_by_prediction", "weapon_of", "_reach_cache", "known_shots"),
)


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel as Python, which need not be compiled for a few numbers."""
    return getattr(function, "py_func", function)


@pytest.fixture(autouse=True)
def as_python(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PLAIN:
        monkeypatch.setattr(supported_shots, name, plain(getattr(supported_shots, name)))


def within(windows: Windows, second: float) -> bool:
    return any(first <= second <= last for first, last in windows.times[: windows.number].tolist())


class World:
    """One flight and one battery: at which seconds it may be met, and at which a prediction supports that."""

    def __init__(self, feasible: set[int], predicted: set[int]) -> None:
        self.feasible, self.predicted, self.latest = feasible, predicted, math.inf
        self.searched, self.prepared, self.looked = 0, 0, 0
        self.timing = Timing(4.0, 0.0, 0.0, 3.0, 7.0, 11.0, True)

    def put(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in (
            *("count_shots", "meets_at", "latest_launch", "place_normals", "look_at"),
            *("predicted_at", "predicted_support"),
        ):
            monkeypatch.setattr(supported_shots, name, getattr(self, name))

    def count_shots(
        self,
        course: Course,
        commit: float,
        support: Windows,
        assessment: Windows,
        timing: Any,
        most: int,
        weapon: Any,
        tables: Any,
        step: float,
        site: Any,
        pruned: bool,
        first: Any,
    ) -> int:
        assert np.isfinite(course.path[1, BOOST:NODES]).all()
        assert (site.first, site.end, step, site.times.shape) == (3, NODES, 20.0, (NODES,))
        self.searched += 1
        met = [second for second in sorted(self.feasible) if second >= commit + 7.0 and within(support, second)]
        taken = met[:1] + [second for second in met[1:] if timing.look and within(assessment, met[0])]
        if taken[:most]:
            first[0] = [taken[0] - 50.0, taken[0], 1e5, 2e5]
        return len(taken[:most])

    def meets_at(
        self, course: Course, node: int, second: int, commit: float, support: Windows, weapon: Any, tables: Any
    ) -> bool:
        times = course.path[TIME, :NODES]
        assert times[node] < second <= times[min(node + 1, NODES - 1)] or second > times[-1]
        four = plain(stencil)(BOOST, NODES, node)
        assert np.isfinite(course.path[1, max(four, 0) : four + 4]).all()
        return second in self.feasible and second >= commit + 7.0 and within(support, second)

    def latest_launch(self, course: Course, weapon: Any, floors: Any, step: float, *rows: Any) -> tuple[Any, int, int]:
        self.prepared += 1
        return self.latest, 3, NODES

    def place_normals(self, path: Any, start: int, end: int) -> None:
        assert start >= BOOST
        path[1, start:end] = 1.0

    def look_at(self, row: Any, tracks: Any, flight: int, looks: Any) -> None:
        self.looked += 1

    def predicted_at(self, row: Any, looks: Any, own: Any, battery: Any, timing: Any, second: int, *_: Any) -> bool:
        assert self.looked > 0
        return second in self.predicted

    def predicted_support(
        self, row: Any, looks: Any, own: Any, battery: Any, timing: Any, begin: float, weapon: Any, fan: Any, room: Any
    ) -> int:
        assert self.looked > 0
        held = sorted(second for second in self.predicted if second >= begin)
        room[: len(held)] = np.array(held).reshape(-1, 1)
        return len(held)

    def flight(self, number: int, tracks: list[tuple[float, float]]) -> ObservedFlight:
        row, path = np.zeros(COLUMNS), np.full((ROWS, NODES), np.nan)
        row[BURN_TIME], row[IMPACT_TIME] = BURN, IMPACT
        path[TIME] = np.concatenate([np.linspace(0.0, BURN, BOOST), np.linspace(BURN, IMPACT, NODES - BOOST + 1)[1:]])
        path[1, :BOOST] = 1.0  # normals of the boost are always there
        given = np.full((1, number + 1, 3, 2), np.nan, dtype=np.float32)
        given[0, number, : len(tracks)] = np.array(tracks).reshape(-1, 2)
        looks: Any = SimpleNamespace(latencies=np.zeros(1))
        return ObservedFlight(number, Course(row, path, BOOST, NODES), given, number, looks)

    def shooter(self, commit: float, shots: int = 10, place: int = 1, site: int = 0) -> Shooter:
        battery, yes = np.zeros(BATTERY_COLUMNS), np.array([True])
        battery[SHOTS] = shots
        weapon: Any = SimpleNamespace(burn_time=BURN_DURATION)
        tables: Any = SimpleNamespace(floors=None, fan=None)
        return Shooter(place, site, battery, yes, yes, self.timing.row(), commit, weapon, tables)


def scratch() -> Scratch:
    found: Scratch = plain(scratch_for)(NODES, 1, 3, 3, 2)
    return found


def asked(
    observed: ObservedFlight, shooter: Shooter, room: Scratch, most: int = 64, retry: bool = False, pruned: bool = True
) -> int:
    return int(plain(shots_of_battery)(observed, shooter, most, retry, 20.0, pruned, room))


def expected(world: World, tracks: list[tuple[float, float]], commit: float, most: int) -> list[int]:
    """Return the seconds of shots, by the windows of the tracks: 3 s after a beginning to 7 s after an end."""
    held = [
        second
        for second in range(96, 301)
        if second in world.feasible and second >= commit + 7.0 and any(a + 3 <= second <= b + 7 for a, b in tracks)
    ]
    looked_at = bool(held) and world.timing.look and any(a - 11 <= held[0] <= b for a, b in tracks)
    return held[: most if looked_at else 1][:most]


@pytest.mark.parametrize("look", [True, False])
def test_shots_are_those_of_the_seconds_that_a_track_supports(look: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    random, told, known = np.random.default_rng(1), {0: 0, 1: 0, 2: 0}, 0
    for number in range(120):
        world = World(set(random.integers(96, 301, 25).tolist()), set())
        world.timing = Timing(4.0, 0.0, 0.0, 3.0, 7.0, 11.0, look)
        world.put(monkeypatch)
        edges = np.sort(random.integers(60, 320, 2 * int(random.integers(0, 3)))).astype(float)
        tracks = [(float(first), float(last)) for first, last in edges.reshape(-1, 2)]
        room, flight = scratch(), world.flight(number, tracks)
        commit, most, shots = float(random.integers(0, 260)), int(random.integers(0, 4)), int(random.integers(0, 3))
        wanted = expected(world, tracks, commit, min(most, shots))
        for pruned in (True, False, True):
            found = asked(flight, world.shooter(commit, shots), room, most, False, pruned)
            assert found == len(wanted)
            assert room.last_met.tolist() == [0, wanted[0] + LATER if wanted else 0, 0]
            if wanted:
                assert room.first[0].tolist() == [wanted[0] - 50.0, wanted[0], 1e5, 2e5]
        assert world.searched <= 1
        known += world.searched
        told[min(2, len(wanted))] += 1
    assert known > 20
    assert told[0] > 10
    assert told[1] > 10
    assert told[2] > 10 or not look


def test_the_same_question_at_the_same_flight_is_searched_once_and_another_one_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world, room = World({150, 160, 170}, set()), scratch()
    world.put(monkeypatch)
    flight = world.flight(0, [(100.0, 200.0)])
    searched = []
    for shooter in (
        world.shooter(20.0),
        world.shooter(20.0, place=2),
        world.shooter(148.0),
        world.shooter(148.0, site=1),
        world.shooter(20.0, shots=1),
        world.shooter(20.0, shots=1, place=2),
        world.shooter(20.0),
        world.shooter(190.0),
        world.shooter(190.0, place=0),
    ):
        room.first[:] = room.last_met[:] = 0
        count = asked(flight, shooter, room)
        searched.append(world.searched)
        late = [second for second in (150, 160, 170) if second >= shooter.commit + 7.0][: int(shooter.battery[SHOTS])]
        assert count == len(late)
        if late:
            assert room.first[0, SHOT_TIME] == late[0]
        assert room.last_met[shooter.place] == (late[0] + LATER if late else 0)  # without a shot it has met nothing
    assert searched == [1, 1, 2, 3, 4, 4, 4, 5, 5]
    asked(world.flight(1, [(100.0, 200.0)]), world.shooter(20.0), room)
    assert world.searched == 6


def test_nothing_is_searched_where_no_shot_is_asked_of_or_nothing_supports_one(monkeypatch: pytest.MonkeyPatch) -> None:
    world, room = World(set(range(96, 301)), set(range(96, 301))), scratch()
    world.put(monkeypatch)
    for error in (None, 0.5):
        world.timing = Timing(4.0, 0.0, 0.0, 3.0, 7.0, 11.0, True, error)
        assert asked(world.flight(0, [(100.0, 200.0)]), world.shooter(20.0, 0), room) == 0
        assert asked(world.flight(0, [(100.0, 200.0)]), world.shooter(20.0), room, 0) == 0
    assert world.searched == world.looked == 0
    assert asked(world.flight(1, [(100.0, 200.0)]), world.shooter(294.0), room) == 0  # no boost ends before impact
    assert (world.searched, world.looked) == (1, 0)
    world.searched = 0
    world.timing = Timing(4.0, 0.0, 0.0, 3.0, 7.0, 11.0, True)
    assert asked(world.flight(0, []), world.shooter(20.0), room) == 0
    assert asked(world.flight(0, [(40.0, 80.0)]), world.shooter(20.0), room) == 0  # before burnout
    assert asked(world.flight(0, [(120.0, 140.0)]), world.shooter(141.0), room) == 0  # no boost ends in time
    assert asked(world.flight(0, [(120.0, 140.0)]), world.shooter(140.0), room) == 1
    assert world.searched == 1


def test_a_flight_whose_latest_launch_is_over_is_not_searched_unless_all_are(monkeypatch: pytest.MonkeyPatch) -> None:
    for latest, pruned, expected_shots in ((99.0, True, 0), (99.0, False, 2), (100.0, True, 2), (101.0, True, 2)):
        world, room = World({150, 160}, set()), scratch()
        world.put(monkeypatch)
        world.latest = latest
        assert asked(world.flight(0, [(100.0, 200.0)]), world.shooter(100.0), room, pruned=pruned) == expected_shots


def test_what_can_be_reached_is_found_once_for_a_site_and_a_flight(monkeypatch: pytest.MonkeyPatch) -> None:
    world, room = World({150, 160}, set()), scratch()
    world.put(monkeypatch)
    flights, prepared = [world.flight(number, [(100.0, 200.0)]) for number in range(2)], []
    for flight, site, commit in ((0, 0, 1.0), (0, 0, 2.0), (0, 1, 1.0), (0, 0, 3.0), (1, 1, 1.0), (1, 0, 1.0)):
        assert asked(flights[flight], world.shooter(commit, site=site), room) == 2
        prepared.append(world.prepared)
    assert prepared == [1, 1, 2, 2, 3, 4]


@pytest.mark.parametrize("error", [None, 0.5])
def test_a_second_at_which_an_earlier_flight_was_met_is_tried_first_and_all_where_it_is_not_met(
    error: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    random, again, other = np.random.default_rng(3), 0, 0
    for number in range(150):
        some = set(random.integers(96, 301, 60).tolist())
        world = World(some, {second for second in some if error is None or second % 3 > 0})
        world.timing = Timing(4.0, 0.0, 0.0, 3.0, 7.0, 11.0, True, error)
        world.put(monkeypatch)
        first, last = sorted(random.integers(90, 301, 2).tolist())
        room, tracks, commit = scratch(), [(float(first), float(last))], float(random.integers(20, 200))
        flight, shooter = world.flight(number, tracks), world.shooter(commit)
        held = [second for second in world.predicted if second >= commit + 7.0]
        if error is None:
            held = [second for second in held if first + 3 <= second <= last + 7]
        tried = int(random.choice(held if held and number % 2 else [0, *random.integers(96, 301, 4)]))
        room.last_met[1] = tried
        room.first[:] = -1.0
        found = asked(flight, shooter, room, 1, True)
        assert found == (len(held) > 0)
        if tried in held:
            assert room.last_met[1] == tried
            assert (room.first == -1.0).all()
            assert world.searched == 0
            again += 1
        elif held:
            assert room.last_met[1] == min(held) + LATER
            assert room.first[0, SHOT_TIME] == min(held)
            other += 1
        else:
            assert room.last_met[1] == tried
    assert min(again, other) > 20


def test_the_normals_of_the_whole_flight_are_placed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    world, room = World({150, 160}, set()), scratch()
    world.put(monkeypatch)
    placed: list[tuple[int, int]] = []

    def place(path: Any, start: int, end: int) -> None:
        placed.append((start, end))
        path[1, start:end] = 1.0

    monkeypatch.setattr(supported_shots, "place_normals", place)
    flight = world.flight(7, [(100.0, 200.0)])
    room.last_met[1] = 170  # between nodes 7 and 8
    assert asked(flight, world.shooter(20.0), room, 1, True) == 1
    assert placed == [(6, 10), (BOOST, NODES)]
    room.last_met[1] = 170
    assert asked(flight, world.shooter(20.0, site=1), room, 1, True) == 1
    assert len(placed) == 2
    assert room.reach.complete[0] == 7
    room.last_met[2] = 100  # of the four nodes about it the first is the last one of the boost
    assert asked(world.flight(8, [(100.0, 200.0)]), world.shooter(20.0, place=2), room, 1, True) == 1
    assert placed[2:] == [(BOOST, BOOST + 3), (BOOST, NODES)]
    assert asked(world.flight(9, [(100.0, 200.0)]), world.shooter(20.0, place=0), room, 1, True) == 1
    assert placed[4:] == [(BOOST, NODES)]  # it has met nothing before


def test_by_prediction_every_shot_has_a_second_that_is_predicted_well_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    random, several, none = np.random.default_rng(5), 0, 0
    for number in range(80):
        some = set(random.integers(96, 301, 20).tolist())
        world = World(some, set(random.integers(96, 301, int(random.integers(0, 60))).tolist()))
        world.timing = Timing(4.0, 0.0, 0.0, 3.0, 7.0, 11.0, True, 0.5)
        world.put(monkeypatch)
        room, commit, most = scratch(), float(random.integers(20, 290)), int(random.integers(1, 4))
        tracks = [(90.0, 310.0)] if number % 2 else []
        wanted = [second for second in sorted(some & world.predicted) if second >= commit + 7.0]
        wanted = wanted[: most if tracks else 1]  # else nobody looks at the first
        pruned = number % 3 > 0
        found = asked(world.flight(number, tracks), world.shooter(commit), room, most, False, pruned)
        assert found == len(wanted)
        assert room.last_met.tolist() == [0, wanted[0] + LATER if wanted else 0, 0]
        if wanted:
            assert room.first[0, SHOT_TIME] == wanted[0]
        assert world.looked == any(second >= commit + 7.0 for second in some)
        several, none = several + (len(wanted) > 1), none + (not wanted)
    assert min(several, none) > 5


def test_a_shooter_has_its_own_row_interceptor_and_radars() -> None:
    reaches = [straight_reach(UPPER), straight_reach(LOWER)]
    batteries = [
        Battery(0.1, 0.2, 1, (0, 2), True, (1, 2), 3),
        Battery(0.3, 0.4, 0, (1,), False, (0,), 4),
        Battery(0.5, 0.6, 1, (2,), False, (0, 1, 2), 5),
    ]
    stacked, timing = batteries_of(batteries, reaches, 3), Timing(4.0, 0.0, 0.0, 3.0, 7.0, 11.0, True).row()
    for place, battery in enumerate(batteries):
        for radars in (2, 3):
            found = plain(shooter_of)(stacked, place, 8 - place, radars, timing, 77.0)
            assert (found.place, found.site, found.timing, found.commit) == (place, 8 - place, timing, 77.0)
            assert np.array_equal(found.battery, stacked.rows[place])
            assert found.own.tolist() == [radar in battery.own_radars for radar in range(radars)]
            assert found.supporters.tolist() == [radar in battery.supporters for radar in range(radars)]
            assert found.weapon == plain(weapon_of)(stacked.rows[place], stacked.interceptors[battery.reach])
            wanted: tuple[Any, ...] = (stacked.fans, stacked.times, stacked.floors)
            for table, each in zip(found.tables, wanted, strict=True):
                assert np.array_equal(table, each[battery.reach])


def test_working_arrays_have_room_for_every_track_and_know_nothing() -> None:
    found: Scratch = plain(scratch_for)(40, 30, 9, 5, 2)
    assert found.path.shape == (ROWS, 40)
    assert (len(found.firm), len(found.commits)) == (30, 5)
    assert min(len(found.support), len(found.assessment)) > 30 * 9
    assert min(len(room) for room in plain(scratch_for)(40, 2, 1, 5, 2)[3:5]) >= 64
    assert found.always.tolist() == [[-np.inf, np.inf]]
    assert found.last_met.tolist() == [0] * 5
    assert found.first.shape == (1, 4)
    assert found.reach.complete[0] < 0
    assert (found.reach.prepared < 0).all()
    assert found.reach.spans.shape == (2, 2)
    for rows in (found.reach.columns, found.reach.times, found.reach.bounds):
        assert rows.shape == (2, 40)


@pytest.mark.parametrize(("nodes", "expected"), [(4, [(1, 4)]), (3, [])])
def test_of_a_flight_without_a_boost_the_normals_from_its_second_node_on_are_placed_where_there_are_four(
    nodes: int, expected: list[tuple[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    placed: list[tuple[int, int]] = []
    monkeypatch.setattr(supported_shots, "place_normals", lambda path, start, end: placed.append((start, end)))
    path = np.zeros((ROWS, nodes))
    path[TIME] = 100.0 * np.arange(nodes)
    observed: Any = SimpleNamespace(number=3, course=Course(np.zeros(COLUMNS), path, 1, nodes))
    assert plain(supported_shots._place_for)(observed, 150, scratch()) == 1
    assert placed == expected
