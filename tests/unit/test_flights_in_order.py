"""Loops over flights and batteries: what each one is asked, and what is written where."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hoplon.flight.arc import BURN_TIME, COLUMNS, IMPACT_TIME, STATUS
from hoplon.intercept import engagement, first_shots, margins
from hoplon.intercept.battery import BATTERY_COLUMNS, REACH, SHOTS, Batteries, Timing
from hoplon.intercept.margins import REACH_BATTERY, REACH_MARGIN, TIME_BATTERY, TIME_MARGIN
from hoplon.intercept.shots import SHOT_LAUNCH, SHOT_TIME

TIMING = Timing(4.0, 0.0, 0.0, 3.0, 7.0, 11.0, True).row()
LATENCIES, STEP, BOOST, NODES = np.array([1.0, 2.0]), 20.0, 5, 16
PLACES, FLIGHTS = 3, 7
IMPACTS = 300.0 + 10.0 * np.arange(FLIGHTS)


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel as Python, which need not be compiled for a few numbers."""
    return getattr(function, "py_func", function)


def flights() -> NDArray[np.float64]:
    rows = np.zeros((FLIGHTS, COLUMNS))
    rows[:, BURN_TIME], rows[:, IMPACT_TIME] = 90.0 + np.arange(FLIGHTS), IMPACTS
    return rows


def batteries(shots: float = 9.0) -> Batteries:
    rows = np.zeros((PLACES, BATTERY_COLUMNS))
    rows[:, SHOTS], rows[:, REACH] = shots, [1.0, 0.0, 1.0]
    own = np.zeros((PLACES, 2), dtype=np.bool_)
    own[[0, 1], [1, 0]] = True
    two = np.arange(2.0)
    return Batteries(rows, own, own, two + 50.0, two + 60.0, two + 70.0, two + 80.0)


class Loop:
    """What the parts of a loop are asked, of earliest launches that are given by battery and flight."""

    def __init__(self, commits: NDArray[np.float64], rows: NDArray[np.float64]) -> None:
        self.commits, self.rows, self.stacked, self.now = commits, rows, batteries(), -1
        self.sampled, self.asked, self.numbers = list[float](), list[tuple[int, int]](), list[int]()

    def put(self, monkeypatch: pytest.MonkeyPatch, module: Any) -> None:
        for name in ("firm_times", "commit_time", "sample_positions", "shooter_of", "shots_of_battery"):
            monkeypatch.setattr(module, name, getattr(self, name))
        monkeypatch.setattr(module, "scratch_for", lambda *sizes: self.scratch(sizes))
        monkeypatch.setattr(module, "looks_for", lambda *_: self.looks())

    def scratch(self, sizes: tuple[int, ...] = ()) -> Any:
        self.sizes = sizes
        return SimpleNamespace(
            path=np.zeros((1, 2)), firm=np.full(2, np.nan), commits=np.full(PLACES, np.nan), first=np.zeros((1, 4))
        )

    def looks(self) -> Any:
        return SimpleNamespace(found=np.array([5]), latencies=LATENCIES)

    def firm_times(self, tracks: Any, flight: int, burn_time: float, firm_track: float, firm: Any) -> None:
        assert (burn_time, firm_track) == (self.rows[flight, BURN_TIME], 4.0)
        firm[:], self.now = flight, flight

    def commit_time(self, battery: Any, own: Any, firm: Any, latencies: Any, timing: Any) -> float:
        assert latencies is LATENCIES
        assert firm.tolist() == [self.now] * 2
        place = self.stacked.own.tolist().index(own.tolist())
        return float(self.commits[place, self.now])

    def sample_positions(self, row: Any, step: float, path: Any) -> tuple[int, int]:
        assert step == STEP
        path[0, 0] = row[IMPACT_TIME]
        self.sampled.append(float(row[IMPACT_TIME]))
        return BOOST, NODES

    def shooter_of(self, stacked: Any, place: int, site: int, radars: int, timing: Any, commit: float) -> Any:
        assert (site, radars, commit) == (place, 2, self.commits[place, self.now])
        return SimpleNamespace(place=place)

    def shots_of_battery(
        self, observed: Any, shooter: Any, most: int, retry: bool, step: float, pruned: bool, scratch: Any
    ) -> int:
        course = observed.course
        assert course.path[0, 0] == course.row[IMPACT_TIME] == self.rows[observed.flight, IMPACT_TIME]
        assert (course.boost, course.nodes, step, observed.flight) == (BOOST, NODES, STEP, self.now)
        assert observed.looks.found[0] == (-1 if (self.now not in [flight for _, flight in self.asked]) else 7)
        observed.looks.found[0] = 7
        self.asked.append((shooter.place, self.now))
        self.numbers.append(observed.number)
        self.given = (most, retry, pruned)
        scratch.first[0, SHOT_LAUNCH], scratch.first[0, SHOT_TIME] = self.now + 0.5, 200.0 + self.now
        return int((shooter.place + self.now) % 3)


def drawn_commits(seed: int) -> NDArray[np.float64]:
    """Return earliest launches, of which about half are before impact, some exactly at it, some never."""
    random = np.random.default_rng(seed)
    others = np.array(
        [np.full(FLIGHTS, np.inf), IMPACTS, IMPACTS + 30.0, IMPACTS - 1.0, IMPACTS - 100.0, IMPACTS - 9.0]
    )
    return np.take_along_axis(others, random.integers(0, 6, (PLACES, FLIGHTS)), axis=0)


@pytest.mark.parametrize("pruned", [True, False])
@pytest.mark.parametrize("most", [1, 2, 64])
def test_every_battery_that_may_launch_before_impact_is_asked_of_each_flight_that_exists(
    most: int, pruned: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engagement, "_engage_flight", plain(engagement._engage_flight))
    sampled = 0
    for seed in range(8):
        commits, rows = drawn_commits(seed), flights()
        rows[2, STATUS] = 1.0
        loop, order = Loop(commits, rows), np.random.default_rng(seed).permutation(FLIGHTS)[:5]
        loop.put(monkeypatch, engagement)
        shots = np.zeros((PLACES, len(order)), dtype=np.int8)
        tracks = np.zeros((2, FLIGHTS, 4, 2), dtype=np.float32)
        given = (tracks, None, LATENCIES, TIMING, loop.stacked, STEP, most, pruned, NODES, (1, 1, 1), shots)
        plain(engagement._engage_flights)(rows, order, *given)
        assert loop.sizes == (NODES, 2, 4, PLACES, PLACES)
        exist = [int(flight) for flight in order if flight != 2]
        possible = [flight for flight in exist if (commits[:, flight] < IMPACTS[flight]).any()]
        assert loop.sampled == IMPACTS[possible if pruned else exist].tolist()
        assert loop.asked == [
            (place, flight) for flight in exist for place in range(PLACES) if commits[place, flight] < IMPACTS[flight]
        ]
        assert loop.numbers == [order.tolist().index(flight) for _, flight in loop.asked]
        expected = np.zeros_like(shots)
        for place, flight in loop.asked:
            expected[place, order.tolist().index(flight)] = (place + flight) % 3
        assert np.array_equal(shots, expected)
        assert loop.given == (most, most == 1 and pruned, pruned)
        sampled += len(possible) < len(exist)
    assert sampled > 0


@pytest.mark.parametrize("error", [None, 0.5])
@pytest.mark.parametrize("count", [1, 256, 257, 600])
def test_flights_are_engaged_a_few_hundred_at_once_each_of_them_once(
    count: int, error: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracks, stacked = np.zeros((2, 9, 3, 2), dtype=np.float32), batteries()
    timing, asked = TIMING._replace(handover_error=error or 0.0), np.random.default_rng(count).integers(0, 9, count)

    def some(rows: Any, requested: Any, *given: Any) -> None:
        told = ("sensors", 3, error is not None)
        assert given[:-1] == (tracks, "sensors", LATENCIES, timing, stacked, STEP, 3, True, 77, told)
        assert 0 < len(requested) <= 256
        given[-1][:] += (requested + 1).astype(np.int8)

    monkeypatch.setattr(engagement, "_engage_flights", some)
    monkeypatch.setattr(engagement, "most_nodes", lambda elements, step: 77)
    monkeypatch.setattr(engagement, "room_for_prediction", lambda elements, *given: given)
    found = plain(engagement.engage)(flights(), asked, tracks, "sensors", LATENCIES, timing, stacked, STEP, 3, True)
    assert found.tolist() == [(asked + 1).tolist()] * PLACES


class First(Loop):
    """A loop whose errors are told from the battery and the intercept."""

    def put(self, monkeypatch: pytest.MonkeyPatch, module: Any) -> None:
        super().put(monkeypatch, module)
        for name in ("_shoot_first", "_write_errors", "_same"):
            monkeypatch.setattr(module, name, plain(getattr(module, name)))
        for name in ("predicted_error", "look_at"):
            monkeypatch.setattr(module, name, getattr(self, name))
        monkeypatch.setattr(module, "weapon_of", lambda battery, interceptor: ("weapon", interceptor))
        self.looked: list[int] = []

    def looks(self) -> Any:
        return SimpleNamespace(
            found=np.array([5]), latencies=LATENCIES, arc="arc", stretches="stretches", sensors="sensors", sums="sums"
        )

    def look_at(self, row: Any, tracks: Any, flight: int, looks: Any) -> None:
        if looks.found[0] < 0:
            self.looked.append(flight)
            looks.found[0] = 3
        assert np.array_equal(row, self.rows[flight])

    def predicted_error(
        self, row: Any, arc: str, stretches: str, found: int, sensors: str, own: Any, *given: Any
    ) -> float:
        place = self.stacked.own.tolist().index(own.tolist())
        kind = self.stacked.rows[place, REACH]
        assert (arc, stretches, found, sensors) == ("arc", "stretches", 3, "sensors")
        assert given[:5] == (True, LATENCIES, TIMING, ("weapon", kind + 50.0), kind + 60.0)
        assert given[6] == "sums"
        return float(1000.0 * place + given[5])


@pytest.mark.parametrize("errors", [True, False])
def test_first_shots_are_written_where_there_is_one_and_a_flight_that_follows_itself_is_sampled_once(
    errors: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = 0
    for seed in range(12):
        rows = flights()
        rows[[1, 5], STATUS] = 1.0
        rows[4] = rows[3]
        commits = drawn_commits(seed)
        commits[:, 4] -= IMPACTS[4] - IMPACTS[3]
        loop = First(commits, rows)
        loop.put(monkeypatch, first_shots)
        loop.stacked.rows[2, SHOTS] = seed % 2  # a battery of one shot has it, one of none has none
        shots = np.full((PLACES, FLIGHTS, 3), np.inf)
        tracks, none = np.zeros((2, FLIGHTS, 4, 2), dtype=np.float32), np.empty((0, 0))
        given = (tracks, None, LATENCIES, TIMING, loop.stacked, STEP, True, none, errors, NODES, (1, 1, 1), shots)
        begin = seed % 3 % 2 * 4
        plain(first_shots._shoot_first_at_flights)(rows, begin, FLIGHTS - seed % 2, *given)
        assert loop.sizes == (NODES, 2, 4, PLACES, PLACES)
        exist = [flight for flight in (0, 2, 3, 4, 6) if begin <= flight < FLIGHTS - seed % 2]
        pairs = [
            (place, flight)
            for flight in exist
            for place in range(PLACES)
            if commits[place, flight] < rows[flight, IMPACT_TIME] and loop.stacked.rows[place, SHOTS] >= 1.0
        ]
        assert loop.asked == pairs
        numbers = [3 if flight == 4 and begin < 4 else flight for _, flight in pairs]
        assert loop.numbers == numbers
        assert loop.sampled == rows[list(dict.fromkeys(numbers)), IMPACT_TIME].tolist()
        shared += {3, 4} <= {flight for _, flight in pairs} and begin < 4
        assert not pairs or loop.given == (1, False, True)
        expected = np.full_like(shots, np.inf)
        for place, flight in pairs:
            if (place + flight) % 3:
                intercept = 200.0 + flight
                expected[place, flight] = [flight + 0.5, intercept, 1000.0 * place + intercept if errors else np.inf]
        assert np.array_equal(shots, expected)
        met = [flight for flight in exist if np.isfinite(expected[:, flight, 1]).any()]
        assert loop.looked == (met if errors else [])
    assert shared > 2


@pytest.mark.parametrize("places", [1, PLACES])
@pytest.mark.parametrize("errors", [True, False])
def test_intercepts_that_are_given_are_taken_and_their_launches_not_known(
    errors: bool, places: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, wanted = flights(), np.full((places, FLIGHTS), np.inf)
    rows[2, STATUS], wanted[places // 2, 2:5] = 1.0, [210.0, 211.0, 212.0]
    loop = First(drawn_commits(1), rows)
    loop.put(monkeypatch, first_shots)
    loop.stacked = loop.stacked._replace(rows=loop.stacked.rows[:places], own=loop.stacked.own[:places])
    shots = np.full((places, FLIGHTS, 3), np.inf)
    tracks = np.zeros((2, FLIGHTS, 4, 2), dtype=np.float32)
    given = (tracks, None, LATENCIES, TIMING, loop.stacked, STEP, True, wanted, errors, NODES, (1, 1, 1), shots)
    plain(first_shots._shoot_first_at_flights)(rows, 0, FLIGHTS, *given)
    expected = np.full_like(shots, np.inf)
    expected[places // 2, 3:5, 1] = [211.0, 212.0]
    if errors:
        expected[places // 2, 3:5, 2] = 1000.0 * (places // 2) + expected[places // 2, 3:5, 1]
    assert np.array_equal(shots, expected)
    assert not loop.asked


@pytest.mark.parametrize("count", [0, 1, 64, 65, 200])
def test_first_shots_are_taken_of_some_flights_at_once_each_of_them_once(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, stacked, given = np.zeros((count, COLUMNS)), batteries(), np.full((PLACES, count), np.inf)
    tracks = np.zeros((2, count, 3, 2), dtype=np.float32)

    def some(elements: Any, begin: int, end: int, *asked: Any) -> None:
        assert asked[:-1] == (
            *(tracks, "sensors", LATENCIES, TIMING, stacked, STEP, False, given, True, 77, ("sensors", 3, True)),
        )
        assert 0 < end - begin <= 64
        assert (asked[-1][:, begin:end] == np.inf).all()  # no flight twice
        asked[-1][:, begin:end] = np.arange(begin, end)[:, np.newaxis]

    monkeypatch.setattr(first_shots, "_shoot_first_at_flights", some)
    monkeypatch.setattr(first_shots, "most_nodes", lambda elements, step: 77)
    monkeypatch.setattr(first_shots, "room_for_prediction", lambda elements, *told: told)
    found = first_shots.first_shots(
        rows,
        tracks,
        "sensors",
        LATENCIES,
        TIMING,
        stacked,
        STEP,
        False,
        given,
        True,
    )
    assert found.shape == (PLACES, count, 3)
    assert (found == np.arange(count)[:, np.newaxis]).all()


def test_rows_are_of_one_flight_where_every_number_is_the_same() -> None:
    same, row = plain(first_shots._same), np.arange(5.0)
    assert same(row, row.copy())
    for column in range(5):
        other = row.copy()
        other[column] += 1e-9
        assert not same(row, other)
        assert not same(other, row)


def test_a_track_of_each_flight_is_firm_from_its_own_burnout_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_shots, "firm_time", plain(first_shots.firm_time))
    rows, tracks = flights()[:3], np.full((2, 3, 2, 2), np.nan, dtype=np.float32)
    tracks[0, :, 0], tracks[1, 2, 0] = [10.0, 400.0], [200.0, 202.0]
    tracks[1, 2, 1] = [300.0, 400.0]
    found = plain(first_shots.firm_table)(rows, tracks, 4.0)
    assert found.tolist() == [[94.0, 95.0, 96.0], [math.inf, math.inf, 304.0]]


class Margins(Loop):
    """A loop over batteries whose margins are given by battery and flight."""

    def __init__(self, rows: NDArray[np.float64], seconds: NDArray[np.float64], metres: NDArray[np.float64]) -> None:
        super().__init__(drawn_commits(3), rows)
        self.seconds, self.metres, self.known = seconds, metres, list[tuple[float, float]]()

    def put(self, monkeypatch: pytest.MonkeyPatch, module: Any) -> None:
        monkeypatch.setattr(module, "_write_margins", plain(module._write_margins))
        for name in ("firm_times", "commit_time", "shooter_of", "_chance_of", "latest_launch", "battery_margins"):
            monkeypatch.setattr(module, name, getattr(self, name))
        monkeypatch.setattr(module, "sample_path", self.sample_positions)
        monkeypatch.setattr(module, "scratch_for", lambda *sizes: self.scratch(sizes))
        monkeypatch.setattr(module, "looks_for", lambda *_: self.looks())

    def scratch(self, sizes: tuple[int, ...] = ()) -> Any:
        found = super().scratch(sizes)
        found.reach = SimpleNamespace(columns=["columns"], times=["times"], bounds=["bounds"])
        return found

    def shooter_of(self, stacked: Any, place: int, site: int, radars: int, timing: Any, commit: float) -> Any:
        assert (site, radars, commit) == (0, 2, self.commits[place, self.now])
        self.asked.append((place, self.now))
        return SimpleNamespace(place=place, weapon=place, tables=SimpleNamespace(floors="floors"), timing=timing)

    def _chance_of(self, observed: Any, shooter: Any, scratch: Any) -> Any:
        assert (observed.number, observed.flight) == (self.now, self.now)
        assert observed.looks.found[0] == (-1 if self.now not in [flight for _, flight in self.asked[:-1]] else 7)
        observed.looks.found[0] = 7
        return SimpleNamespace(support="support", assessment="assessment")

    def latest_launch(self, course: Any, weapon: Any, floors: Any, step: float, *rows: Any) -> tuple[float, int, int]:
        assert (floors, step, rows) == ("floors", STEP, ("columns", "times", "bounds"))
        return 0.0, 4, 9

    def battery_margins(
        self, course: Any, commit: float, support: Any, assessment: Any, timing: Any, required: int, *given: Any
    ) -> tuple[float, float]:
        place, tables, step, site, reach, least_time, least_reach, _ = given
        assert (course.boost, course.nodes, course.path[0, 0]) == (BOOST, NODES, self.rows[self.now, IMPACT_TIME])
        assert (commit, support, assessment) == (self.commits[place, self.now], "support", "assessment")
        assert tables.floors == "floors"
        assert (required, step, reach, site) == (2, STEP, True, (4, 9, "columns", "times", "bounds"))
        self.known.append((least_time, least_reach))
        return max(least_time, self.seconds[place, self.now]), max(least_reach, self.metres[place, self.now])


def test_the_margins_of_a_flight_are_the_greatest_and_the_first_battery_that_has_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    random, rows = np.random.default_rng(2), flights()
    rows[2, STATUS] = 1.0
    seconds, metres = (np.round(random.uniform(-3.0, 3.0, (PLACES, FLIGHTS))) for _ in range(2))
    seconds[:, 4] = metres[:, 5] = -np.inf
    loop = Margins(rows, seconds, metres)
    loop.stacked.rows[:, SHOTS] = [1.0, 2.0, 3.0]  # two are required
    loop.put(monkeypatch, margins)
    found, tracks = np.zeros((FLIGHTS, 4)), np.zeros((2, FLIGHTS, 4, 2), dtype=np.float32)
    given = (tracks, None, LATENCIES, TIMING, loop.stacked, 2, STEP, True, NODES, (1, 1, 1), found)
    plain(margins._margins_of_some)(rows, *given)
    assert loop.sizes[:4] == (NODES, 2, 4, PLACES)
    exist, told = [0, 1, 3, 4, 5, 6], 0
    assert loop.sampled == IMPACTS[exist].tolist()
    asked = [(place, flight) for flight in exist for place in (1, 2) if loop.commits[place, flight] < np.inf]
    assert loop.asked == asked
    for flight, row in enumerate(found.tolist()):
        places = [place for place, its in asked if its == flight]
        for columns, values in (((TIME_MARGIN, TIME_BATTERY), seconds), ((REACH_MARGIN, REACH_BATTERY), metres)):
            best = max([-np.inf, *values[places, flight].tolist()])
            first = [place for place in places if values[place, flight] == best > -np.inf]
            assert [row[column] for column in columns] == [best, first[0] if first else -1.0]
            told += len(first)
    assert told > 6
    before = (-np.inf, -np.inf)
    for (place, flight), known in zip(asked, loop.known, strict=True):
        if place == 1 or (1, flight) not in asked:
            before = (-np.inf, -np.inf)
        assert known == before
        before = (max(before[0], seconds[place, flight]), max(before[1], metres[place, flight]))


@pytest.mark.parametrize("error", [0.0, 0.5])
@pytest.mark.parametrize("count", [0, 1, 64, 65, 3000])
def test_margins_are_found_of_some_flights_at_once_each_of_them_once(
    count: int, error: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, stacked, timing = np.zeros((count, COLUMNS)), batteries(), TIMING._replace(handover_error=error)
    rows[:, IMPACT_TIME] = np.arange(count)
    tracks = np.zeros((2, count, 3, 2), dtype=np.float32)
    tracks[:, :, 0, 0] = np.arange(count)

    def some(elements: Any, of_them: Any, *asked: Any) -> None:
        assert asked[:-1] == ("s", LATENCIES, timing, stacked, 2, STEP, False, 77, ("s", 3, error > 0.0))
        assert (of_them[1, :, 0, 0] == elements[:, IMPACT_TIME]).all()
        asked[-1][:] = elements[:, IMPACT_TIME, np.newaxis]

    monkeypatch.setattr(margins, "_margins_of_some", some)
    monkeypatch.setattr(margins, "most_nodes", lambda elements, step: 77)
    monkeypatch.setattr(margins, "room_for_prediction", lambda elements, *told: told)
    found = margins.margins_of(rows, tracks, "s", LATENCIES, timing, stacked, 2, STEP, False)
    assert found.shape == (count, 4)
    assert (found == np.arange(count)[:, np.newaxis]).all()
