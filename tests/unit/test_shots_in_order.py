"""Shots one after the other, and bounds of launch times between nodes, of launch times that are given."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hoplon.flight.arc import BURN_TIME, COLUMNS, IMPACT_TIME
from hoplon.flight.path import ALTITUDE, ROWS, TIME, stencil
from hoplon.intercept import shots
from hoplon.intercept.battery import Timing
from hoplon.intercept.shots import SHOT_ALTITUDE, SHOT_LAUNCH, SHOT_RANGE, SHOT_TIME, Course
from hoplon.intercept.windows import Windows

RADIUS = 6371008.8  # [m] model page
BOOST, NODES, BURN, IMPACT = 4, 14, 50.5, 150.5
TABLES: Any = SimpleNamespace(fan="fan", times="times", floors="floors")
WEAPON: Any = SimpleNamespace(
    normal_x=0.0, normal_y=0.6, normal_z=0.8, burn_time=7.0, altitude_low=100e3, altitude_high=200e3
)


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel as Python, which need not be compiled for a few numbers."""
    return getattr(function, "py_func", function)


@pytest.fixture(autouse=True)
def as_python(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("inside", "overlaps", "stencil", "_rise", "margin_of", "launch_bound", "_crosses_limit"):
        monkeypatch.setattr(shots, name, plain(getattr(shots, name)))


def course_of(burn: float = BURN, impact: float = IMPACT) -> Course:
    row, path = np.zeros(COLUMNS), np.full((ROWS, NODES + 2), np.nan)
    row[BURN_TIME], row[IMPACT_TIME] = burn, impact
    path[TIME, :NODES] = np.concatenate([np.linspace(0.0, burn, BOOST), np.linspace(burn, impact, 11)[1:]])
    path[TIME, NODES:] = 40.0  # not valid
    return Course(row, path, BOOST, NODES)


def windows_from(spans: list[tuple[float, float]]) -> Windows:
    return Windows(np.array([*spans, (-1e6, 1e6)]).reshape(-1, 2), len(spans))  # the last one is not valid


def held(spans: list[tuple[float, float]], second: float) -> bool:
    return any(first <= second <= last for first, last in spans)


class Greedy:
    """Launch times by second, and the search for the next shot by trying every second."""

    def __init__(self, random: np.random.Generator, course: Course, spans: list[tuple[float, float]]) -> None:
        self.course, self.spans, self.asked = course, spans, list[tuple[int, int]]()
        self.launch = {second: float(random.uniform(-20.0, second - 7.0)) for second in range(200)}
        angles = random.uniform(0.0, 3.1, 200).tolist()
        self.angle = {second: float(random.choice([0.0, math.pi, angles[second]])) for second in range(200)}

    def put(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("_next_shot", "path_normal", "launch_at", "launch_between"):
            monkeypatch.setattr(shots, name, getattr(self, name))

    def next_of(self, passed: int, available: float) -> int | None:
        for second in range(passed + 1, math.ceil(self.course.row[IMPACT_TIME])):
            if second > self.course.row[BURN_TIME] and self.launch[second] >= available and held(self.spans, second):
                return second
        return None

    def _next_shot(
        self, course: Course, site: Any, first: int, passed: int, available: float, *given: Any
    ) -> tuple[int, int]:
        support, weapon, tables, margin = given
        assert (support.number, weapon, tables) == (len(self.spans), WEAPON, TABLES)
        assert margin == 33.0
        self.asked.append((first, passed))
        found = self.next_of(passed, available)
        if found is None:
            return -1, site.end
        node = int(np.searchsorted(course.path[TIME, :NODES], found)) - 1
        assert first <= node  # nothing before is searched
        return found, node

    def path_normal(self, row: Any, path: Any, four: int, second: float) -> tuple[float, float, float, float]:
        node = int(np.searchsorted(path[TIME, :NODES], second)) - 1
        assert four == plain(stencil)(BOOST, NODES, node)
        longer, angle = 1.0 + 2e-15, self.angle[int(second)]  # a normal is one of length one but for rounding
        cosine, sine = longer * math.cos(angle), longer * math.sin(angle)
        return sine, 0.6 * cosine, 0.8 * cosine, 1000.0 * second

    def launch_at(self, ux: float, uy: float, uz: float, altitude: float, time: float, *given: Any) -> float:
        available, weapon, fan, times, floors = given
        assert (weapon, fan, times, floors) == (WEAPON, "fan", "times", "floors")
        assert altitude == 1000.0 * time
        assert available <= self.launch[int(time)]
        return self.launch[int(time)]

    def launch_between(self, row: Any, path: Any, four: int, time: float, *given: Any) -> float:
        return self.launch_at(*self.path_normal(row, path, four, time), time, -1e9, *given[1:])


@pytest.mark.parametrize("look", [True, False])
@pytest.mark.parametrize("impact", [150.0, 150.5])
def test_shots_follow_one_another_after_assessment_and_reaction(
    look: bool, impact: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    random, numbers, late = np.random.default_rng(int(2 * impact) + look), [0, 0, 0, 0, 0], 0
    monkeypatch.setattr(shots, "margin_of", lambda step, weapon: 33.0 if step == 20.0 else 0.0)
    for _ in range(110):
        course = course_of(float(random.choice([50.0, 50.5])), impact)
        edges = np.sort(np.round(random.uniform(30.0, 170.0, (2, 2)), 1), axis=1).tolist()
        spans = [(first, last) for first, last in edges][: int(random.choice([0, 1, 2, 2, 2]))]
        seen = [(float(random.uniform(0.0, 80.0)), float(random.uniform(90.0, 200.0)))]
        timing = Timing(4.0, 0.0, float(random.uniform(0.0, 4.0)), 3.0, 7.0, float(random.uniform(0.5, 9.0)), look)
        world = Greedy(random, course, spans)
        world.put(monkeypatch)
        commit, most = float(random.uniform(-10.0, 160.0)), int(random.integers(0, 5))
        site: Any = SimpleNamespace(first=int(random.integers(0, 4)), end=NODES)
        expected, available = list[int](), commit
        while len(expected) < most and available < impact:
            found = world.next_of(expected[-1] if expected else 0, available)
            if found is None:
                break
            expected.append(found)
            available = found + timing.kill_assessment + timing.reaction
            if not look or not held(seen, found):
                break
        first = min([first for first, _ in spans], default=math.inf)
        opens = max(commit + 7.0, first, course.row[BURN_TIME])
        possible = [second for second in expected if second >= opens]
        assert possible == expected
        for pruned in (True, False):
            intercepts = np.full((3, 4), np.nan)
            given = (windows_from(spans), windows_from(seen), timing.row(), most, WEAPON, TABLES, 20.0, site, pruned)
            world.asked.clear()
            count = plain(shots.count_shots)(course, commit, *given, intercepts)
            assert count == len(expected)
            for second, row in zip(expected, intercepts, strict=False):
                assert row[SHOT_TIME] == second
                assert row[SHOT_LAUNCH] == world.launch[second]
                assert row[SHOT_ALTITUDE] == 1000.0 * second
                assert row[SHOT_RANGE] == pytest.approx(RADIUS * world.angle[second], abs=2.0)
            assert np.isnan(intercepts[len(expected) :]).all()
            if not (most > 0 and opens < impact):
                assert not world.asked
                continue
            begun, passed = world.asked[0]
            assert max(math.floor(course.row[BURN_TIME]), opens - 2.0) < passed + 1 <= math.ceil(opens) + 1
            assert begun >= site.first
            assert begun == site.first or pruned
            before = course.path[TIME, :NODES]
            assert begun == site.first or before[begun] < opens <= before[begun + 1]
            late += begun > site.first
            if len(expected) > 1:
                assert [passed for _, passed in world.asked[1 : len(expected)]] == expected[: len(expected) - 1]
        numbers[len(expected)] += 1
    assert min(numbers[: 4 if look else 2]) > 0
    assert late > 15


def test_an_intercept_is_met_where_its_launch_is_not_too_early_and_it_has_support_on_the_arc(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    random, told = np.random.default_rng(8), [0, 0]
    for burn, impact in ((50.0, 150.0), (50.5, 150.5)):
        course = course_of(burn, impact)
        world = Greedy(random, course, [])
        world.put(monkeypatch)
        spans = [(45.0, 80.0), (90.0, 160.0)]
        for second in range(45, 156):
            node = min(int(np.searchsorted(course.path[TIME, :NODES], second)) - 1, NODES - 2)
            for commit in (world.launch[second], world.launch[second] + 0.01, -50.0):
                given = (node, second, commit, windows_from(spans), WEAPON, TABLES)
                found = plain(shots.meets_at)(course, *given)
                expected = burn < second < impact and held(spans, second) and world.launch[second] >= commit
                assert found == expected
                told[expected] += 1
    assert min(told) > 50


def nodes_of(times: list[float], altitudes: list[float]) -> NDArray[np.float64]:
    path = np.zeros((ROWS, len(times)))
    path[TIME], path[ALTITUDE] = times, altitudes
    return path


@pytest.mark.parametrize("passes", [True, False])
@pytest.mark.parametrize(
    ("altitudes", "launches", "expected"),
    [
        ((150e3, 160e3), (60.0, 70.0), 90.0),  # no more than a gap later than the later one
        ((150e3, 160e3), (70.0, 60.0), 90.0),
        ((150e3, 160e3), (-math.inf, 10.0), 170.0),  # eight gaps beside the edge of reach
        ((150e3, 160e3), (10.0, -math.inf), 170.0),
        ((150e3, 160e3), (-math.inf, -math.inf), None),
        ((90e3, 160e3), (-300.0, -100.0), 60.0),  # a limit between: eight gaps
        ((190e3, 210e3), (-100.0, -300.0), 60.0),
        ((90e3, 160e3), (60.0, 70.0), 193.0),  # no later than the node less the boost
        ((90e3, 160e3), (-math.inf, 50.0), 193.0),
        ((90e3, 160e3), (-math.inf, -math.inf), 193.0),
    ],
)
def test_no_launch_between_two_nodes_is_later_than_its_bound(
    altitudes: tuple[float, float],
    launches: tuple[float, float],
    expected: float | None,
    passes: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def may_pass(path: Any, node: int, weapon: Any, columns: Any, floors: Any) -> bool:
        assert (node, weapon, columns, floors) == (2, WEAPON, "columns", "floors")
        return passes

    monkeypatch.setattr(shots, "_may_pass_through", may_pass)
    path = nodes_of([0.0, 180.0, 200.0, 230.0], [50e3, *altitudes, 50e3])
    times = np.array([900.0, *launches, 900.0])
    found = plain(shots.launch_bound)(path, 2, WEAPON, "columns", times, "floors")
    assert found == (expected if expected is not None else 193.0 if passes else -math.inf)


def test_the_latest_launch_is_no_earlier_than_any_bound_of_the_arc(monkeypatch: pytest.MonkeyPatch) -> None:
    course, columns, times = course_of(), np.zeros(NODES), np.zeros(NODES)
    bounds, reaches = {node: float(-node) for node in range(NODES)}, (5, 12)
    bounds[8] = 55.0
    step = 20.0

    def near(path: Any, start: int, nodes: int, weapon: Any, margin: float, places: Any) -> tuple[int, int]:
        assert (start, nodes, weapon, margin) == (BOOST - 1, NODES, WEAPON, 33.0)
        assert places is columns
        return reaches

    def written(
        path: Any, first: int, end: int, weapon: Any, floors: Any, places: Any, launches: Any, loose: Any
    ) -> None:
        assert ((first, end), weapon, floors, loose) == (reaches, WEAPON, "floors", "bounds")
        assert places is columns
        launches[:] = 3.0

    def bound(path: Any, node: int, weapon: Any, places: Any, launches: Any, floors: Any) -> float:
        assert (launches == 3.0).all()
        return bounds[node]

    for name, function in (("columns_of", near), ("launches_of", written), ("launch_bound", bound)):
        monkeypatch.setattr(shots, name, function)
    monkeypatch.setattr(shots, "margin_of", lambda step, weapon: 33.0 if step == 20.0 else 0.0)

    def latest() -> tuple[float, int, int]:
        found: tuple[float, int, int] = plain(shots.latest_launch)(
            course, WEAPON, "floors", step, columns, times, "bounds"
        )
        return found

    assert latest() == (55.0, 5, 12)
    for first, end, expected in ((8, 12, -9.0), (7, 12, 55.0), (5, 8, -6.0), (5, 9, 55.0), (0, 0, -math.inf)):
        reaches = (first, end)
        assert latest() == (expected, first, end)
