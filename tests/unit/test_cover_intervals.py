"""Intervals of cover from states that are given second by second, and which nodes may see a flight in cover."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hoplon.flight.arc import COLUMNS, IMPACT_TIME
from hoplon.flight.path import POSITION, ROWS, TIME
from hoplon.sensing import cover
from hoplon.sensing.cover import NEVER, CoverSoFar
from hoplon.sensing.volume import ACQUISITION, BORESIGHTS, LEAST_ALTITUDE, PARAMETERS

ACQUIRED = 4.0  # [s] of search cover that a track begins after


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel as Python, which need not be compiled for a few numbers."""
    return getattr(function, "py_func", function)


def intervals_by_second(states: list[int], begin: int) -> list[list[int]]:
    """Return first and last second of each interval, and the start of its first long enough stretch of search cover."""
    found: list[list[int]] = []
    runs: list[list[tuple[int, int]]] = []
    for second, state in enumerate(states, begin):
        if state and (not runs or runs[-1][-1][0] != second - 1):
            runs.append([])
        if state:
            runs[-1].append((second, state))
    for run in runs:
        searched, kept = [second for second, state in run if state == 2], NEVER
        for start in searched:
            if start - 1 not in searched:
                end = start
                while end + 1 in searched:
                    end += 1
                if kept == NEVER and end - start >= ACQUIRED:
                    kept = start
        found.append([run[0][0], run[-1][0], kept])
    return found


class World:
    """A flight whose state is told by the second; nodes are where it is asked first."""

    def __init__(self, random: np.random.Generator) -> None:
        self.impact = float(random.integers(60, 120) + random.choice([0.0, 0.4]))
        inner = np.unique(np.round(random.uniform(1.0, self.impact - 1.0, int(random.integers(2, 9))) * 2.0) / 2.0)
        self.times = np.concatenate([[0.0], inner, [self.impact]])
        edges = np.sort(random.integers(1, math.floor(self.impact), int(random.integers(1, 8))))
        levels = random.integers(0, 3, len(edges) + 1)
        self.by_second = levels[np.searchsorted(edges, np.arange(200), side="right")]
        self.by_second[math.floor(self.impact) + 1 :] = 0
        self.by_second[0] = 0

    def at(self, second: float) -> float:
        """Return the state at a time: that of the second before it, or of its own."""
        return float(self.by_second[math.floor(second)])


def path_of(world: World) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    row, radar, path = np.zeros(COLUMNS), np.zeros(PARAMETERS), np.zeros((ROWS, len(world.times) + 2))
    row[IMPACT_TIME], radar[ACQUISITION], radar[BORESIGHTS], radar[LEAST_ALTITUDE] = world.impact, ACQUIRED, 1.0, -1.0
    path[TIME, : len(world.times)] = path[POSITION, : len(world.times)] = world.times
    return row, radar, path


@pytest.mark.parametrize("seed", range(4))
def test_intervals_are_those_of_every_second(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it is not said that a gap hides something the state changes once in it, and is found by halving."""
    random, several, searched, halved = np.random.default_rng(seed), 0, 0, 0
    for name in ("_search_gap", "_crossings", "_advance", "_cubics", "_position_at", "_nothing_between"):
        monkeypatch.setattr(cover, name, plain(getattr(cover, name)))
    for _ in range(120):
        world = World(random)
        row, radar, path = path_of(world)
        count = len(world.times)
        at_nodes = [world.at(time) for time in world.times]
        gaps = [
            world.by_second[math.floor(low) : math.floor(high) + 1].tolist()
            for low, high in itertools.pairwise(world.times.tolist())
        ]
        turns = [sum(one != other for one, other in itertools.pairwise(gap)) for gap in gaps]
        straight = [sorted(gap) in (gap, gap[::-1]) for gap in gaps]
        hides = [turn > 1 and not (turn == 2 and even) for turn, even in zip(turns, straight, strict=True)]
        hides = [one or bool(random.random() < 0.2) for one in hides]

        def state_at(x: float, y: float, z: float, *_: Any, world: World = world) -> float:
            return world.at(x)

        def nodes_of(path: Any, start: int, end: int, *given: Any, at: Any = at_nodes) -> None:
            given[-2][start:end], given[-1][start:end] = at[start:end], np.arange(start, end)

        def may(before: float, after: float, one: int, other: int, hides: Any = hides) -> bool:
            assert other == one + 1
            return bool(hides[one])

        def may_too(
            row: Any, path: Any, boost: int, node: int, before: float, after: float, *_: Any, hides: Any = hides
        ) -> bool:
            return bool(hides[node])

        replaced: dict[str, Any] = dict.fromkeys(("volume_about", "slack_of"), lambda *_: None)
        replaced |= dict.fromkeys(("greatest_speed", "greatest_acceleration", "_widest_gap"), lambda *_: 1.0)
        replaced |= dict.fromkeys(("spans_of", "cubic_of"), lambda *_: ())
        replaced |= {"_state_at": state_at, "_states_of_path": nodes_of, "may_pass": may, "_may_pass": may_too}
        replaced |= {
            "flight_position": lambda row, second: (second, 0.0, 0.0),
            "stencil": lambda *_: -1,
            "_stretch_near": lambda *_, count=count: (0, count),
            "_nothing_between": lambda *_: False,
        }
        for name, function in replaced.items():
            monkeypatch.setattr(cover, name, function)
        intervals = np.full((9, 3), NEVER, dtype=np.int16)
        given = (row, path, 1, count, np.zeros(count + 2), np.zeros(count + 2, dtype=np.int64), radar, [None], 1.0, 1.0)
        found = plain(cover.cover_flight)(*given, intervals)
        expected = intervals_by_second(world.by_second[: math.floor(world.impact) + 1].tolist(), 0)
        assert intervals[:found].tolist() == expected
        assert (intervals[found:] == NEVER).all()
        short = np.full((1, 3), NEVER, dtype=np.int16)
        assert plain(cover.cover_flight)(*given, short) == len(expected)
        assert short.tolist() == [*expected, [NEVER] * 3][:1]
        several, searched = several + (len(expected) > 1), searched + sum(hides)
        halved += sum(turn == 1 and not hidden for turn, hidden in zip(turns, hides, strict=True))
    assert min(several, searched, halved) > 15


def test_a_satellite_covers_the_seconds_above_its_altitude(monkeypatch: pytest.MonkeyPatch) -> None:
    radar, intervals = np.zeros(PARAMETERS), np.full((2, 3), NEVER, dtype=np.int16)
    radar[LEAST_ALTITUDE] = 100e3
    for answer, expected in (((120, 300), 1), ((-1, -1), 0), ((0, 0), 1)):
        intervals[:] = NEVER
        monkeypatch.setattr(cover, "seconds_above", lambda row, altitude, answer=answer: answer)
        given = (None, None, 1, 4, None, None, radar, None, 1.0, 1.0, intervals)
        assert plain(cover.cover_flight)(*given) == expected
        assert intervals.tolist() == [[*(answer if expected else (NEVER, NEVER)), NEVER], [NEVER] * 3]


def test_a_flight_that_comes_nowhere_near_is_not_asked_further(monkeypatch: pytest.MonkeyPatch) -> None:
    radar, intervals = np.zeros(PARAMETERS), np.full((2, 3), NEVER, dtype=np.int16)
    radar[LEAST_ALTITUDE] = -1.0
    monkeypatch.setattr(cover, "volume_about", lambda *_: None)
    monkeypatch.setattr(cover, "greatest_speed", lambda row: 1.0)
    monkeypatch.setattr(cover, "_stretch_near", lambda *_: (0, 0))
    assert plain(cover.cover_flight)(None, None, 1, 4, None, None, radar, [None], 1.0, 1.0, intervals) == 0


def test_nothing_is_between_nodes_that_all_are_out_by_a_limit_each_two_share() -> None:
    nothing = plain(cover._nothing_between)
    out = np.array([1, 3, 2, 10, 8 | 512])
    assert nothing(np.zeros(5), out)
    assert not nothing(np.array([1.0, 0.0, 0.0, 0.0, 0.0]), out)
    for node in range(5):
        other = out.copy()
        other[node] = 16  # inside of something alone
        assert not nothing(np.zeros(5), other)


def test_the_widest_gap_is_that_between_neighbours_of_some_nodes() -> None:
    path = np.zeros((ROWS, 7))
    path[TIME] = [0.0, 50.0, 53.0, 60.0, 61.0, 99.0, 300.0]
    for start, end, expected in ((1, 5, 7.0), (0, 5, 50.0), (1, 6, 38.0), (3, 5, 1.0), (2, 3, 0.0)):
        assert plain(cover._widest_gap)(path, start, end) == expected


@pytest.mark.parametrize("low", [0.0, -0.1])
def test_the_stretch_near_a_radar_holds_every_gap_that_may_touch_its_cover(low: float) -> None:
    """Nodes that are beyond the range, or below the horizon, by more than the flight can make up, are left out."""
    random, left_out, none = np.random.default_rng(3), 0, 0
    for _ in range(200):
        count, pace = int(random.integers(5, 40)), float(random.uniform(0.5, 7.0))
        path = np.zeros((ROWS, count))
        path[TIME] = np.concatenate([[0.0], np.cumsum(random.uniform(1.0, 20.0, count - 1))])
        velocity = random.normal(size=3)
        velocity *= pace * 0.999 / np.linalg.norm(velocity)
        begin = random.normal(size=3) * 600.0
        path[POSITION:ROWS] = begin[:, np.newaxis] + velocity[:, np.newaxis] * path[TIME]
        place = random.normal(size=3) * 50.0
        volume: Any = SimpleNamespace(
            x=place[0], y=place[1], z=place[2], up_x=0.0, up_y=0.6, up_z=0.8, track_squared=300.0**2, sine_low=low
        )
        first, end = plain(cover._stretch_near)(path, count, pace, volume)
        times = np.linspace(0.0, path[TIME, -1], 3000)
        off = begin + velocity * times[:, np.newaxis] - place
        near = np.linalg.norm(off, axis=1) <= 300.0
        if low >= 0.0:
            near &= off @ [0.0, 0.6, 0.8] >= 0.0
        gaps = np.searchsorted(path[TIME], times[near], side="left")
        if near.any():
            assert first <= max(gaps.min() - 1, 0)
            assert end >= gaps.max() + 1
        none += first == end
        left_out += first > 0 or end < count
    assert left_out > 40
    assert none > 5


def test_what_a_state_ends_is_written_where_there_is_room() -> None:
    room = np.full((1, 3), NEVER, dtype=np.int16)
    advance = plain(cover._advance)
    entered = advance(CoverSoFar(0, 0.0, 0, 0, NEVER), 2.0, 50, 53, 4.0, room)
    assert entered == (0, 2.0, 50, 53, NEVER)
    assert advance(entered, 1.0, 0, 57, 4.0, room) == (0, 1.0, 50, 53, 53)
    assert advance(entered, 1.0, 0, 56, 4.0, room) == (0, 1.0, 50, 53, NEVER)
    again = advance(advance(entered, 1.0, 0, 57, 4.0, room), 2.0, 0, 70, 4.0, room)
    assert again == (0, 2.0, 50, 70, 53)
    assert advance(again, 0.0, 90, 80, 4.0, room) == (1, 0.0, 50, 70, 53)
    assert room.tolist() == [[50, 90, 53]]
    assert advance(CoverSoFar(1, 1.0, 95, 0, NEVER), 0.0, 95, 0, 4.0, room)[0] == 2  # of one second, without room
    assert advance(CoverSoFar(1, 1.0, 96, 0, NEVER), 0.0, 95, 0, 4.0, room)[0] == 1  # of none
    assert room.tolist() == [[50, 90, 53]]
