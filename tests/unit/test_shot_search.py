"""The search for the first second of an intercept between two nodes, against every second of the gap."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from hoplon.flight.arc import COLUMNS as COLUMNS_OF_FLIGHT
from hoplon.flight.arc import IMPACT_TIME
from hoplon.flight.path import ALTITUDE, ROWS, TIME, most_nodes, sample_path, spans_of, stencil
from hoplon.intercept import shots
from hoplon.intercept.battery import Battery, batteries_of
from hoplon.intercept.launch import Weapon, weapon_of
from hoplon.intercept.reach import COLUMNS
from hoplon.intercept.reach import ROWS as ROWS_OF_TABLE
from hoplon.intercept.shots import Course, Tables
from hoplon.intercept.windows import Windows
from verification import every_second as drawn

RADIUS, FASTEST = 6371008.8, 8000.0  # [m], [m/s] model page


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel as Python, which need not be compiled for a few numbers."""
    return getattr(function, "py_func", function)


def windows_from(spans: list[tuple[float, float]]) -> Windows:
    return Windows(np.array([*spans, (-1e6, 1e6)]).reshape(-1, 2), len(spans))  # the last one is not valid


def armed(kind: Any, latitude: float, longitude: float) -> tuple[Weapon, Tables]:
    stacked = batteries_of([Battery(latitude, longitude, 0, (), True, (), 10)], [drawn.straight_reach(kind)], 1)
    tables = Tables(stacked.fans[0], stacked.times[0], stacked.floors[0])
    return weapon_of(stacked.rows[0], stacked.interceptors[0]), tables


def course_of(name: str, step: float) -> Course:
    row = drawn.elements()[list(drawn.FLIGHTS).index(name)]
    path = np.empty((ROWS, most_nodes(row[np.newaxis], step)))
    return Course(row, path, *sample_path(row, step, path))


def test_the_next_second_inside_is_the_first_whole_one_of_any_window() -> None:
    random = np.random.default_rng(1)
    for _ in range(200):
        begun = random.integers(0, 60, int(random.integers(0, 4))) / 2.0
        spans = [(float(start), float(start + length)) for start, length in zip(begun, [0.5, 3.0, 11.0], strict=False)]
        second = int(random.integers(0, 40))
        found = plain(shots._next_inside)(windows_from(spans), second)
        later = [at for at in range(second + 1, 100) if any(start <= at <= end for start, end in spans)]
        if later:
            assert second < found <= later[0]  # no second inside is passed over
        if any(end > second for _, end in spans):
            assert found == min(max(second + 1, math.ceil(start)) for start, end in spans if end > second)
        else:
            assert found > 1e9


@pytest.mark.parametrize("kind", [drawn.UPPER, drawn.NEAR])
def test_the_way_back_is_that_of_the_place_along_the_chord_and_none_beside_the_altitudes(kind: Any) -> None:
    weapon, tables = armed(kind, 0.0, 0.0)
    random, away = np.random.default_rng(2), 0
    for _ in range(200):
        chord = float(random.uniform(0.0, 1.6)) * drawn.straight_reach(kind).chord
        altitude = float(random.uniform(kind.altitude_low - 2e4, kind.altitude_high + 2e4))
        angle = 2.0 * math.asin(0.5 * chord)
        place = (math.cos(angle), 0.6 * math.sin(angle), 0.8 * math.sin(angle))
        found = plain(shots._way_back)(*place, altitude, weapon, tables.floors)
        if not kind.altitude_low <= altitude <= kind.altitude_high:
            assert found == 0.0
            continue
        right = chord * (COLUMNS - 1) / drawn.straight_reach(kind).chord
        assert found == pytest.approx(shots._away(altitude, right, weapon, tables.floors), abs=1e-3)
        away += found > 1.0
    assert away > 20
    assert plain(shots._way_back)(math.cos(3.0), math.sin(3.0), 0.0, kind.altitude_low, weapon, tables.floors) > 0.0
    assert plain(shots._way_back)(1.0 + 1e-15, 0.0, 0.0, kind.altitude_low, weapon, tables.floors) == 0.0


def test_a_limit_is_crossed_where_it_lies_between_two_altitudes_or_just_above_both() -> None:
    """At a gap of 20 s an apogee lies at most half of 9.8 m/s2 by 10 s squared above the higher of two nodes."""
    gravity = 3.986004418e14 / RADIUS**2
    above = 0.5 * gravity * 10.0**2
    crosses = plain(shots._crosses_limit)
    for before, after, expected in (
        (100e3, 110e3, False), (90e3, 110e3, True), (110e3, 90e3, True), (100e3, 100e3, False),
        (200e3, 190e3, False), (190e3, 210e3, True), (210e3, 190e3, True), (210e3, 220e3, False),
        (90e3, 100e3 - 0.9 * above, True), (100e3 - 0.9 * above, 90e3, True), (90e3, 100e3 - 1.1 * above, False),
        (200e3 - 0.5 * above, 199e3, False), (199e3, 200e3, False), (200e3, 200.1e3, True),
    ):  # fmt: skip
        assert crosses(before, after, 20.0, 100e3, 200e3) == expected, (before, after)


def test_a_launch_time_may_rise_by_its_gap_and_eight_times_that_beside_the_edge() -> None:
    rise = plain(shots._rise)
    assert [rise(*pair, 20.0) for pair in ((5.0, 9.0), (-math.inf, 9.0), (9.0, -math.inf))] == [20.0, 160.0, 160.0]


def test_a_flight_moves_no_farther_between_nodes_than_the_fastest_one() -> None:
    weapon, _ = armed(drawn.UPPER, 0.0, 0.0)
    column = drawn.straight_reach(drawn.UPPER).chord * RADIUS / (COLUMNS - 1)
    assert plain(shots.margin_of)(20.0, weapon) == pytest.approx(20.0 * FASTEST / column, rel=1e-9)


def test_a_flight_passes_through_reach_where_the_ways_there_and_back_take_no_longer_than_its_gap() -> None:
    weapon, tables = armed(drawn.UPPER, 0.0, 0.0)
    path, last = np.zeros((ROWS, 3)), float(COLUMNS - 1)
    cell = drawn.straight_reach(drawn.UPPER).chord * RADIUS / (COLUMNS - 1) / FASTEST
    path[TIME] = [0.0, 100.0, 120.0]
    for before, after, share, expected in (
        (200e3, 200e3, 0.45, True), (200e3, 200e3, 0.55, False), (60e3, 200e3, 0.1, False), (200e3, 60e3, 0.1, False),
        (950e3, 200e3, 0.1, False), (200e3, 950e3, 0.1, False),
    ):  # fmt: skip
        path[ALTITUDE] = [0.0, before, after]
        far = last + 1.0 + share * 20.0 / cell
        columns = np.array([0.0, far, far])
        away = [shots._away(200e3, far, weapon, tables.floors)] * 2
        told = plain(shots._may_pass_through)(path, 2, weapon, columns, tables.floors)
        inside = min(before, after) >= 80e3 and max(before, after) <= 900e3
        assert told == (inside and sum(away) <= 20.0)
        if not expected:
            assert not told


def test_a_flight_passes_through_reach_between_the_altitudes_of_intercepts_alone() -> None:
    weapon, tables = armed(drawn.UPPER, 0.0, 0.0)
    path, columns = np.zeros((ROWS, 3)), np.array([0.0, 10.0, 10.0])
    path[TIME] = [0.0, 100.0, 120.0]
    for before, after in ((80e3, 900e3), (900e3, 80e3), (79.9e3, 200e3), (200e3, 79.9e3), (901e3, 90e3), (90e3, 901e3)):
        path[ALTITUDE] = [0.0, before, after]
        inside = min(before, after) >= 80e3 and max(before, after) <= 900e3
        assert plain(shots._may_pass_through)(path, 2, weapon, columns, tables.floors) == inside


def test_the_way_within_reach_is_that_of_its_cell_and_of_what_lies_beyond_the_last_one() -> None:
    weapon, _ = armed(drawn.UPPER, 0.0, 0.0)
    lines, columns = np.arange(ROWS_OF_TABLE)[:, np.newaxis], np.arange(COLUMNS)
    floors = (weapon.maximum_flight_time + 0.5 * lines + columns / 64.0).astype(np.float32)
    floors[:, ::7] *= -0.5  # of these a flight takes no time to come within reach
    heights = np.linspace(drawn.UPPER.altitude_low, drawn.UPPER.altitude_high, ROWS_OF_TABLE)
    cell = drawn.straight_reach(drawn.UPPER).chord * RADIUS / (COLUMNS - 1) / FASTEST
    random = np.random.default_rng(7)
    for altitude in [*random.uniform(heights[0], heights[-1], 150).tolist(), *heights[[0, -1]].tolist()]:
        right = float(random.uniform(0.0, 1.3) * COLUMNS)
        line = min(int(np.searchsorted(heights, altitude, side="right")) - 1, ROWS_OF_TABLE - 2)
        column = min(math.floor(right), COLUMNS - 2)
        back = 0.5 * line + column / 64.0 if column % 7 else 0.0
        beyond = cell * max(right - (COLUMNS - 1), 0.0)
        found = plain(shots._away)(altitude, right, weapon, floors)
        assert found == pytest.approx(math.hypot(back, beyond), abs=1e-4)


@pytest.mark.parametrize("name", list(drawn.FLIGHTS))
def test_the_first_second_of_a_gap_is_that_of_every_second_tried(name: str) -> None:
    """Where it becomes feasible once, halving finds it too, wherever it begins."""
    random, flight, course = np.random.default_rng(len(name)), drawn.seconds_of(name), course_of(name, 20.0)
    told, halved = {"found": 0, "none": 0}, 0
    for number in range(40):
        kind = drawn.KINDS[number % 4]
        place = drawn.drawn_place(random, flight, 0.3 * drawn.straight_reach(kind).chord)
        weapon, tables = armed(kind, *place)
        launches = drawn.Meetings(flight, kind, *place).launches()
        possible = launches[launches > -np.inf]
        if not len(possible):
            continue
        available = float(random.uniform(possible.min() - 5.0, possible.max() + 5.0))
        support = windows_from(drawn.drawn_windows(random, flight))
        for node in random.integers(course.boost + 1, course.nodes, 3).tolist():
            low, high = math.floor(course.path[TIME, node - 1]), math.floor(course.path[TIME, node])
            high = min(high, math.ceil(flight.impact) - 1)
            seconds = [second for second in range(low + 1, high + 1) if second > flight.burn_time]
            met = [shots.meets_at(course, node - 1, at, available, support, weapon, tables) for at in seconds]
            four = stencil(course.boost, course.nodes, node - 1)
            given = (available, support, weapon, tables)
            if len(seconds) < high - low:
                continue
            expected = seconds[met.index(True)] if any(met) else -1
            assert shots._first_in_gap(course, four, low, high, False, low, *given) == expected
            told["found" if any(met) else "none"] += 1
            if any(met) and met == sorted(met):
                for guess in (low, low + 1, expected - 1, expected, expected + 1, high, high + 9):
                    assert shots._first_in_gap(course, four, low, high, True, guess, *given) == expected
                halved += 1
    assert min(told.values()) > 3
    assert halved > 2


def test_a_flight_without_a_boost_is_searched_from_its_first_second_on(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []

    def spans(path: Any, start: int) -> tuple[float, ...]:
        begun.append(start)
        return tuple(plain(spans_of)(path, start))

    for name in ("cubic_of", "cubic_at", "inside", "launch_at", "_next_inside", "_way_back"):
        monkeypatch.setattr(shots, name, plain(getattr(shots, name)))
    monkeypatch.setattr(shots, "spans_of", spans)
    row = drawn.elements_of([((36.0, 40.0), (39.0, 36.0), 0.0, 0.0, 0.0, 0.0)])[0]
    path = np.empty((ROWS, most_nodes(row[np.newaxis], 20.0)))
    course = Course(row, path, *sample_path(row, 20.0, path))
    assert course.boost == 1
    weapon, tables = armed(drawn.LOWER, math.radians(36.0), math.radians(40.0))
    given, found = (-100.0, windows_from([(0.0, 900.0)]), weapon, tables), list[int]()
    for node in (1, 2):
        low, high = math.floor(path[TIME, node - 1]), math.floor(path[TIME, node])
        met = [at for at in range(low + 1, high + 1) if shots.meets_at(course, node - 1, at, *given)]
        four = stencil(course.boost, course.nodes, node - 1)
        assert four == 0
        found += [plain(shots._first_in_gap)(course, four, low, high, False, low, *given)]
        assert found[-1] == (met[0] if met else -1)
    assert max(found) > 0
    assert begun == [0, 0]


INF = math.inf


class Gap:
    """A gap of 20 s before a node at 120 s, with what is known at both ends; the search in it is told, and fails."""

    def __init__(self, **given: Any) -> None:
        self.times, self.launches, self.exact = (100.0, 120.0), (50.0, 60.0), 60.0
        self.altitudes, self.columns, self.bound = (150e3, 150e3), (20.0, 20.0), False
        self.available, self.passed, self.impact, self.support = 70.0, 90, 400.0, [(0.0, 900.0)]
        self.passes, self.answers = False, list[int]()
        vars(self).update(given)
        self.searched: list[tuple[int, int, bool, int]] = []

    def searches(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int, bool, int]]:
        """Return where is searched: seconds, whether by halving, and from which second on."""
        path = np.zeros((ROWS, 5))
        path[TIME], path[ALTITUDE] = [0.0, 50.0, *self.times, 900.0], [0.0, 90e3, *self.altitudes, 0.0]
        row = np.zeros(COLUMNS_OF_FLIGHT)
        row[IMPACT_TIME] = self.impact
        columns: Any = [9e9, 9e9, *self.columns, 9e9]
        launches: Any = [-INF, -INF, *self.launches, 55.0]  # an infinite one less another warns in an array
        self.site = shots.Launches(0, 4, columns, launches, np.array([True, True, True, self.bound, True]))
        weapon: Any = SimpleNamespace(altitude_low=100e3, altitude_high=200e3, burn_time=7.0)
        tables: Any = SimpleNamespace(fan="fan", times="times", floors="floors")

        def at_node(path: Any, node: int, available: float, *given: Any) -> float:
            assert (node, given) == (3, (weapon, "fan", "times", "floors"))
            assert available == self.available - (self.times[1] - self.times[0])
            return self.exact

        def may_pass(path: Any, node: int, weapon: Any, columns: Any, floors: Any) -> bool:
            assert (node, floors) == (3, "floors")
            return self.passes

        def first_in_gap(course: Any, four: Any, low: int, high: int, halve: bool, guess: int, *given: Any) -> int:
            assert four == ("four", 9, 5, 2)
            assert given == (self.available, support, weapon, tables)
            self.searched.append((low, high, halve, guess))
            return self.answers.pop(0) if self.answers else -1

        support = windows_from(self.support)
        replaced: dict[str, Any] = {
            "launch_at_node": at_node,
            "_may_pass_through": may_pass,
            "_first_in_gap": first_in_gap,
        }
        replaced["stencil"] = lambda *given: ("four", *given)
        for name in ("inside", "overlaps", "_rise", "_crosses_limit"):
            replaced[name] = plain(getattr(shots, name))
        for name, function in replaced.items():
            monkeypatch.setattr(shots, name, function)
        given = (self.passed, self.available, support, weapon, tables, 3.0)
        self.found = plain(shots._next_shot)(Course(row, path, 9, 5), self.site, 2, *given)
        return self.searched


EVERY = (100, 120, False)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, EVERY),  # 20 s later than the later node
        ({"available": 80.0}, EVERY),
        ({"available": 80.1}, None),
        ({"launches": (60.0, 50.0), "available": 80.0}, EVERY),
        ({"launches": (-INF, 60.0), "available": 220.0}, EVERY),  # beside the edge of reach eight times as much
        ({"launches": (-INF, 60.0), "available": 220.1}, None),
        ({"launches": (60.0, -INF), "available": 220.0}, EVERY),
        ({"launches": (60.0, -INF), "available": 220.1}, None),
        ({"bound": True, "exact": 55.0, "available": 75.1}, None),  # known better, and too early
        ({"bound": True, "exact": 55.0, "available": 75.0}, EVERY),
        ({"bound": True, "exact": -INF, "available": 79.0}, EVERY),  # the other one is within reach
        ({"launches": (-INF, 60.0), "bound": True, "exact": -INF, "available": 79.0}, None),
        ({"launches": (-INF, 60.0), "bound": True, "exact": -INF, "available": 79.0, "passes": True}, EVERY),
        ({"launches": (-INF, 99.0), "bound": True, "exact": -INF, "available": 113.0, "passes": True}, EVERY),
        ({"launches": (-INF, 99.0), "bound": True, "exact": -INF, "available": 113.1, "passes": True}, None),
        ({"launches": (-INF, 99.0), "bound": True, "exact": -10.0, "available": 113.0, "passes": True}, EVERY),
        ({"launches": (-INF, 99.0), "bound": True, "exact": -50.0, "available": 113.0, "passes": True}, None),
        ({"times": (100.0, 120.5), "available": 80.5}, EVERY),
        ({"times": (100.7, 120.0), "available": 79.0}, EVERY),
        ({"times": (100.7, 120.0), "available": 79.4}, None),
        ({"passed": 105}, (105, 120, False)),
        ({"passed": 119}, (119, 120, False)),
        ({"passed": 120}, None),
        ({"passed": 130}, None),
        ({"impact": 110.5}, (100, 110, False)),
        ({"impact": 110.0}, (100, 109, False)),
        ({"impact": 101.0}, None),
        ({"support": [(120.0, 130.0)]}, EVERY),
        ({"support": [(120.1, 130.0)]}, None),
        ({"support": [(10.0, 99.9)]}, None),
        ({"support": [(10.0, 100.0)]}, EVERY),
        ({"support": []}, None),
        ({"launches": (-INF, -INF)}, None),
        ({"launches": (-INF, -INF), "passes": True}, EVERY),
        ({"launches": (-INF, -INF), "passes": True, "available": 113.0}, EVERY),  # seven seconds of boost
        ({"launches": (-INF, -INF), "passes": True, "available": 113.1}, None),
        ({"available": 90.0, "passes": True}, None),
        ({"altitudes": (80e3, 150e3), "launches": (-INF, -INF)}, EVERY),  # a limit of altitude in between
        ({"altitudes": (150e3, 220e3), "launches": (-INF, -INF), "available": 500.0}, EVERY),
        ({"altitudes": (80e3, 150e3), "launches": (-INF, -INF), "columns": (193.0, 400.0)}, EVERY),
        ({"altitudes": (80e3, 150e3), "launches": (-INF, -INF), "columns": (400.0, 193.0)}, EVERY),
        ({"altitudes": (80e3, 150e3), "launches": (-INF, -INF), "columns": (195.1, 195.1)}, None),
        ({"altitudes": (80e3, 150e3), "launches": (10.0, -9.0), "available": 170.0}, EVERY),
        ({"altitudes": (80e3, 150e3), "launches": (10.0, -9.0), "available": 170.1}, None),
        ({"altitudes": (80e3, 150e3), "launches": (10.0, -9.0), "columns": (195.1, 195.1), "available": 40.0}, None),
    ],
)  # fmt: skip
def test_a_gap_is_searched_second_by_second_where_an_intercept_may_hide(
    given: dict[str, Any], expected: tuple[int, int, bool] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    gap = Gap(**given)
    assert [call[:3] for call in gap.searches(monkeypatch)] == ([expected] if expected else [])
    assert gap.found == (-1, 4)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"launches": (50.0, 75.0)}, (100, 120, 116)),  # 70 s is four fifths of the way
        ({"launches": (50.0, 70.0)}, (100, 120, 120)),
        ({"launches": (72.0, 75.0)}, (100, 120, 100)),
        ({"launches": (80.0, 75.0)}, (100, 120, 110)),
        ({"launches": (75.0, 75.0)}, (100, 120, 110)),
        ({"launches": (-INF, 75.0)}, (100, 120, 110)),
        ({"launches": (50.0, 75.0), "passed": 118}, (118, 120, 116)),
        ({"launches": (50.0, 75.0), "times": (100.2, 120.2)}, (100, 121, 117)),
        ({"launches": (50.0, 75.0), "times": (100.2, 120.2), "impact": 121.0}, (100, 120, 117)),
        ({"launches": (50.0, 75.0), "support": [(120.0, 125.0)]}, (100, 120, 116)),
        ({"launches": (50.0, 90.0), "bound": True, "exact": 75.0}, (100, 120, 116)),
        ({"launches": (50.0, 75.0), "altitudes": (80e3, 150e3), "columns": (400.0, 400.0)}, (100, 120, 116)),
    ],
)
def test_a_gap_whose_end_is_feasible_is_halved_from_where_the_line_between_its_ends_is(
    given: dict[str, Any], expected: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    low, high, guess = expected
    halved, whole = (low, high, True, guess), (low, high, False, guess)
    gap = Gap(**given)
    assert gap.searches(monkeypatch) == [halved, whole]  # a search that fails is made second by second
    assert gap.found == (-1, 4)
    gap = Gap(**given, answers=[119])
    assert gap.searches(monkeypatch) == [halved]
    assert gap.found == (119, 2)
    gap = Gap(**given, answers=[-1, 119])
    assert gap.searches(monkeypatch) == [halved, whole]
    assert gap.found == (119, 2)


@pytest.mark.parametrize(
    "given", [{"support": [(0.0, 119.9)]}, {"times": (100.0, 120.5), "support": [(0.0, 120.4)]}, {"passed": 119}]
)
def test_an_end_without_support_or_with_a_launch_too_early_is_not_feasible(
    given: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    launches = (50.0, 69.9) if "passed" in given else (50.0, 75.0)
    gap = Gap(launches=launches, **given)
    assert [(high, halve) for _, high, halve, _ in gap.searches(monkeypatch)] == [(120, False)]


def test_what_is_known_of_a_node_is_found_once_where_it_may_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    for launch, exact, available, known in (
        (60.0, 55.0, 75.1, True), (60.0, -INF, 80.0, True), (50.0, 55.0, 70.1, False), (55.0, 52.0, 75.0, True),
    ):  # fmt: skip
        gap = Gap(launches=(60.0, launch), bound=True, exact=exact, available=available)
        gap.searches(monkeypatch)
        assert gap.site.bounds[3] != known
        assert gap.site.times[3] == (exact if known else launch)
