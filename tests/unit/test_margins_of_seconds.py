"""Margins of launch times and distances that are given second by second, by trying every second and every release."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from hoplon.flight.arc import BURN_TIME, COLUMNS, IMPACT_TIME
from hoplon.flight.path import ROWS, TIME, stencil
from hoplon.intercept import launch, margins, shots
from hoplon.intercept.battery import Timing
from hoplon.intercept.shots import Course, Launches
from hoplon.intercept.windows import Windows

RADIUS = 6371008.8  # [m] model page
BOOST = 4
TIMING = Timing(4.0, 0.0, 0.0, 3.0, 7.0, 11.0, True).row()


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel as Python, which need not be compiled for a few numbers."""
    return getattr(function, "py_func", function)


class Seconds:
    """A flight of some seconds with a launch time at each; its nodes lie anywhere, some at whole seconds."""

    def __init__(self, random: np.random.Generator) -> None:
        burn = float(random.choice([20.0, 20.5]))
        impact = float(burn + random.integers(15, 60) + random.choice([0.0, 0.3]))
        inner = np.unique(np.round(random.uniform(burn + 1.0, impact - 1.0, int(random.integers(0, 9))) * 2.0) / 2.0)
        times = np.concatenate([np.linspace(0.0, burn, BOOST), inner, [impact]])
        row, path = np.zeros(COLUMNS), np.full((ROWS, len(times) + 2), np.nan)
        row[BURN_TIME], row[IMPACT_TIME] = burn, impact
        path[TIME, : len(times)] = times
        self.course, self.nodes = Course(row, path, BOOST, len(times)), len(times)
        self.seconds = [second for second in range(1, 100) if burn < second < impact]
        self.launch = dict.fromkeys(range(-5, 200), -math.inf)
        for second in self.seconds:
            if random.random() < 0.8:
                self.launch[second] = float(np.round(random.uniform(-20.0, 60.0), 1))
        edges = np.sort(random.uniform(burn - 5.0, impact + 5.0, 2 * int(random.integers(0, 3))))
        self.support = Windows(np.array([*edges, -1e6, 1e6]).reshape(-1, 2), len(edges) // 2)  # the last is not valid
        self.held = [at for at in self.seconds if any(a <= at <= b for a, b in edges.reshape(-1, 2).tolist())]

    def node_of(self, second: float) -> int:
        """Return the last node not after a second."""
        return max(node for node in range(self.nodes - 1) if self.course.path[TIME, node] <= second)

    def _launch_at_second(
        self, course: Course, node: int, second: int, available: float, weapon: Any, tables: Any
    ) -> float:
        times = self.course.path[TIME, : self.nodes]
        assert second in self.seconds
        assert node == self.node_of(second) or times[node + 1] == second  # either four nodes pass through a node
        return self.launch[second]


def test_the_latest_launch_that_has_support_is_that_of_every_second(monkeypatch: pytest.MonkeyPatch) -> None:
    random, later, passed = np.random.default_rng(1), 0, 0
    monkeypatch.setattr(margins, "inside", plain(margins.inside))
    for _ in range(300):
        given = Seconds(random)
        times, tried = given.course.path[TIME, : given.nodes], list[int]()
        first = int(random.integers(BOOST - 1, given.nodes - 1))
        end = int(random.choice([given.nodes, random.integers(first, given.nodes + 1)]))
        loose = random.uniform(0.0, 10.0, given.nodes) * random.integers(0, 2)

        def bound(path: Any, node: int, *_: Any, given: Any = given, times: Any = times, loose: Any = loose) -> float:
            within = [at for at in given.seconds if times[node - 1] < at <= times[node]]
            return float(max([given.launch[at] for at in within], default=-math.inf) + loose[node])

        least = float(random.choice([-math.inf, random.uniform(-20.0, 60.0)]))

        def launched(*asked: Any, given: Any = given, tried: Any = tried, least: float = least) -> float:
            known = max([given.launch[at] for at in tried], default=-math.inf)
            assert asked[3] == max(known, least, -1e9)  # earlier ones need not be told exactly
            tried.append(asked[2])
            return float(given._launch_at_second(*asked))

        monkeypatch.setattr(margins, "launch_bound", bound)
        monkeypatch.setattr(margins, "_launch_at_second", launched)
        site = Launches(first, end, *(np.round(random.uniform(-9.0, 50.0, (2, given.nodes)))), np.empty(0))  # type: ignore[arg-type, misc]
        tables: Any = SimpleNamespace(floors=None)
        found = plain(margins.latest_supported_launch)(given.course, given.support, None, tables, site, least)
        reached = [at for at in given.held if first < end and times[first] < at <= times[max(end - 1, first)]]
        launches = [given.launch[at] for at in reached]
        assert found == max([least, *launches])
        assert sorted(set(tried)) == sorted(set(tried) & set(reached))
        later, passed = later + (found > least), passed + (len(set(tried)) < len(reached))
    assert min(later, passed) > 25


def shots_by_first(given: Seconds, numbers: dict[int, int], release: float) -> int:
    """Return the shots from a release on: they follow from the first second that it allows."""
    return next((numbers[at] for at in given.held if given.launch[at] >= release), 0)


def test_a_release_up_to_which_there_are_enough_shots_is_that_of_every_release_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    random, told = np.random.default_rng(2), {"after": 0, "before": 0, "none": 0}
    monkeypatch.setattr(margins, "inside", plain(margins.inside))
    for _ in range(250):
        given, required = Seconds(random), int(random.integers(2, 4))
        numbers = {at: int(random.choice([1, 2, 3], p=[0.2, 0.3, 0.5])) for at in given.seconds}

        def count(
            course: Any, release: float, support: Any, assessment: Any, timing: Any, most: int, *asked: Any,
            given: Any = given, numbers: Any = numbers, required: Any = required,
        ) -> int:  # fmt: skip
            assert (assessment, timing, most, asked) == (
                "seen",
                TIMING,
                required,
                ("w", "t", 20.0, "site", True, "room"),
            )
            return min(most, shots_by_first(given, numbers, release))

        def launched(*asked: Any, given: Any = given) -> float:
            assert asked[3] == -1e9  # each one exactly
            return float(given._launch_at_second(*asked))

        monkeypatch.setattr(margins, "count_shots", count)
        monkeypatch.setattr(margins, "_launch_at_second", launched)
        commit = float(random.uniform(-30.0, 70.0))
        chance: Any = SimpleNamespace(commit=commit, support=given.support, assessment="seen")
        asked = (given.course, chance, TIMING, required, "w", "t", 20.0, "site", "room")
        found = plain(margins._latest_launch_of_shots)(*asked)
        releases = sorted({given.launch[at] for at in given.held} - {-math.inf})  # shots change at launches alone
        enough = {release: shots_by_first(given, numbers, release) >= required for release in releases}
        late = [release for release in releases if release >= commit]
        few = [release for release in late if not enough[release]]
        lasting = [release for release in late if not few or release < few[0]]
        early = [release for release in releases if release < commit and enough[release]]
        expected = max(lasting) if lasting else max(early) if early else -math.inf
        assert found == expected
        told["after" if lasting else "before" if early else "none"] += 1
    assert min(told.values()) > 12


class Weapon(SimpleNamespace):
    """A battery at a normal, with a boost and limits of altitude."""

    def __init__(self) -> None:
        super().__init__(
            normal_x=0.0, normal_y=0.6, normal_z=0.8, burn_time=6.0, altitude_low=100.0, altitude_high=200.0
        )


def test_a_reach_margin_is_the_greatest_of_every_second_that_has_support(monkeypatch: pytest.MonkeyPatch) -> None:
    random, found_some = np.random.default_rng(3), 0
    for name in ("inside", "node_before", "stencil"):
        monkeypatch.setattr(margins, name, plain(getattr(margins, name)))
    for _ in range(150):
        given, weapon = Seconds(random), Weapon()
        altitudes = {at: float(random.choice([99.9, 100.0, 150.0, 200.0, 200.1])) for at in given.seconds}
        angles = {at: float(random.choice([0.0, math.pi, random.uniform(0.0, 3.0)])) for at in given.seconds}
        beyond = {at: float(random.uniform(-1e5, 1e5)) for at in given.seconds}
        tried: list[int] = []

        def normal(row: Any, path: Any, four: int, second: float, given: Any = given, altitudes: Any = altitudes,
                   angles: Any = angles) -> tuple[float, float, float, float]:  # fmt: skip
            assert second in given.seconds
            at = given.node_of(second)
            assert four == plain(stencil)(BOOST, given.nodes, at) or given.course.path[TIME, at] == second
            longer = 1.0 + 2e-15  # a normal is one of length one but for rounding
            cosine, sine = longer * math.cos(angles[second]), longer * math.sin(angles[second])
            return sine, 0.6 * cosine, 0.8 * cosine, altitudes[int(second)]

        def farther(
            ground_range: float, altitude: float, second: int, commit: float, weapon: Any, tables: Any, least: float,
            angles: Any = angles, altitudes: Any = altitudes, beyond: Any = beyond, tried: Any = tried,
        ) -> float:  # fmt: skip
            assert ground_range == pytest.approx(RADIUS * angles[second], abs=1.0)
            assert (altitude, tables) == (altitudes[second], "tables")
            tried.append(second)
            return max(least, beyond[second])

        monkeypatch.setattr(margins, "path_normal", normal)
        monkeypatch.setattr(margins, "reach_beyond", farther)
        commit = float(random.uniform(-10.0, 50.0))
        least = float(random.choice([-math.inf, random.uniform(-1e5, 1e5)]))
        chance: Any = SimpleNamespace(commit=commit, support=given.support)
        found = plain(margins._greatest_reach_beyond)(given.course, chance, weapon, "tables", least)
        asked = [at for at in given.held if at >= commit + 6.0 and 100.0 <= altitudes[at] <= 200.0]
        assert sorted(tried) == asked  # each of them once
        assert found == max([least, *(beyond[at] for at in asked)])
        found_some += found > least
    assert found_some > 40


@pytest.mark.parametrize("reach", [True, False])
@pytest.mark.parametrize("required", [1, 2])
def test_the_margins_of_a_battery_are_of_one_shot_or_of_several(
    required: int, reach: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    course, least = SimpleNamespace(), -5.0
    for latest, expected in ((130.0, 30.0), (95.1, -4.9), (95.0, -5.0), (60.0, -5.0), (-math.inf, -5.0)):

        def one(*asked: Any, latest: float = latest) -> float:
            assert asked == (course, "held", "w", "t", "site", 95.0)
            return max(95.0, latest)

        def several(course: Any, chance: Any, *asked: Any, latest: float = latest) -> float:
            assert chance == (100.0, "held", "seen")
            assert asked == (TIMING, 2, "w", "t", 20.0, "site", "room")
            return latest

        def beyond(course: Any, chance: Any, *asked: Any) -> float:
            assert (chance, asked) == ((100.0, "held", "seen"), ("w", "t", -7.0))
            return 44.0

        monkeypatch.setattr(margins, "latest_supported_launch", one)
        monkeypatch.setattr(margins, "_latest_launch_of_shots", several)
        monkeypatch.setattr(margins, "_greatest_reach_beyond", beyond)
        given = (course, 100.0, "held", "seen", TIMING, required, "w", "t", 20.0, "site", reach, least, -7.0, "room")
        seconds, metres = plain(margins.battery_margins)(*given)
        assert seconds == pytest.approx(expected, abs=1e-9)
        assert metres == (44.0 if reach and required == 1 else -7.0)


@pytest.mark.parametrize("error", [0.0, 0.5])
def test_support_is_that_of_tracks_or_of_predictions_from_burnout_on(
    error: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    timing, asked = TIMING._replace(handover_error=error), list[Any]()
    given = Seconds(np.random.default_rng(4))
    observed = SimpleNamespace(course=given.course, looks=SimpleNamespace(latencies="late"), tracks="tracks", flight=3)
    shooter = SimpleNamespace(
        battery="battery",
        own="own",
        supporters="helps",
        timing=timing,
        commit=77.0,
        weapon="w",
        tables=SimpleNamespace(fan="fan"),
    )
    scratch = SimpleNamespace(support="held", assessment="seen")

    def gathered(*told: Any) -> tuple[int, int]:
        assert told == ("tracks", 3, "battery", "own", "helps", "late", timing, "held", "seen")
        return 4, 2

    def predicted(row: Any, looks: Any, *told: Any) -> int:
        burn = given.course.row[BURN_TIME]
        assert told == ("own", "battery", timing, math.floor(burn) + 1.0, "w", "fan", "held")
        assert asked == [3]  # the looks are found before
        return 9

    monkeypatch.setattr(margins, "gather_windows", gathered)
    monkeypatch.setattr(margins, "look_at", lambda row, tracks, flight, looks: asked.append(flight))
    monkeypatch.setattr(margins, "predicted_support", predicted)
    found = plain(margins._chance_of)(observed, shooter, scratch)
    assert found == (77.0, ("held", 9 if error else 4), ("seen", 2))


def test_the_launch_at_a_second_is_interpolated_from_the_node_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    random, written = np.random.default_rng(5), 0
    for _ in range(60):
        given = Seconds(random)
        row, path, boost, nodes = given.course

        def between(
            row: Any, path: Any, four: int, time: float, available: float, *tables: Any, given: Any = given
        ) -> float:
            at = given.node_of(time)
            assert four == plain(stencil)(BOOST, given.nodes, at)
            assert tables == ("w", "fan", "times", "floors")
            return float(given.launch[int(time)])

        for module in (launch, margins):
            monkeypatch.setattr(module, "launch_between", between)
            monkeypatch.setattr(module, "stencil", plain(stencil))
        found = np.full(200, -7, dtype=np.int32)
        plain(launch.launch_times)(row, path, boost, nodes, "w", "fan", "times", "floors", found)
        for second, told in enumerate(found.tolist()):
            at = given.launch[second]
            assert told == (math.floor(at * 1000.0) if at > 0.0 else -7)
            written += told >= 0
        tables: Any = SimpleNamespace(fan="fan", times="times", floors="floors")
        for second in given.seconds:
            asked = (given.course, given.node_of(second), second, -9.0, "w", tables)
            assert plain(margins._launch_at_second)(*asked) == given.launch[second]
    assert written > 300


def test_the_last_intercept_is_the_last_second_that_is_met(monkeypatch: pytest.MonkeyPatch) -> None:
    random, met, none = np.random.default_rng(6), 0, 0
    for _ in range(80):
        given = Seconds(random)
        good = set(random.choice(given.seconds, int(random.integers(0, 4))).tolist())

        def meets(course: Any, node: int, second: int, *asked: Any, given: Any = given, good: Any = good) -> bool:
            assert second in given.seconds
            assert node == given.node_of(second)
            assert asked == (66.0, "held", "w", "t")
            return second in good

        monkeypatch.setattr(shots, "meets_at", meets)
        found = plain(shots.last_intercept)(given.course, 66.0, "held", "w", "t")
        assert found == max(good) if good else math.isnan(found)
        for second in given.seconds:
            assert min(plain(shots.node_before)(given.course, second + 0.01), given.nodes - 2) == given.node_of(second)
        met, none = met + bool(good), none + (not good)
    assert min(met, none) > 10
