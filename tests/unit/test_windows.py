"""Windows of time: cut, sorted and joined as the instants that they cover say, and launches by the first firm track."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from hoplon.intercept.battery import BATTERY_COLUMNS, REMOTE_COMMIT, Timing
from hoplon.intercept.windows import (
    Windows,
    commit_by,
    commit_time,
    firm_time,
    firm_times,
    gather_windows,
    inside,
    merge_windows,
    overlaps,
)


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel as Python, which need not be compiled for a few numbers."""
    return getattr(function, "py_func", function)


Span = tuple[float, float]
HALVES = np.arange(-4.0, 40.0, 0.5)  # windows end at whole numbers: halves tell two that touch from two that do not


def covered(spans: list[Span]) -> list[bool]:
    return [any(start <= instant <= end for start, end in spans) for instant in HALVES.tolist()]


def joined(spans: list[Span], low: float, high: float) -> list[list[float]]:
    """Return the runs of instants between two that windows cover."""
    told = [here and low <= instant <= high for instant, here in zip(HALVES.tolist(), covered(spans), strict=True)]
    runs: list[list[float]] = []
    for place, here in enumerate(told):
        if here and not (place and told[place - 1]):
            runs.append([HALVES[place], HALVES[place]])
        elif here:
            runs[-1][1] = HALVES[place]
    return runs


def merged(spans: list[Span], low: float, high: float) -> list[list[float]]:
    room = np.full((len(spans) + 1, 2), np.nan)
    room[: len(spans)] = np.array(spans).reshape(-1, 2)
    count = plain(merge_windows)(room, len(spans), low, high)
    found: list[list[float]] = room[:count].tolist()
    return found


def drawn(random: np.random.Generator, most: int = 6) -> list[Span]:
    count = int(random.integers(0, most + 1))
    begun = random.integers(0, 30, count)
    return list(
        zip(begun.astype(float).tolist(), (begun + random.integers(0, 7, count)).astype(float).tolist(), strict=True)
    )


@pytest.mark.parametrize("seed", range(5))
def test_windows_are_cut_sorted_and_joined_as_the_instants_in_them(seed: int) -> None:
    random, several = np.random.default_rng(seed), 0
    for _ in range(80):
        spans = drawn(random)
        low, high = sorted(random.integers(-2, 34, 2).tolist())
        expected = joined(spans, low, high)
        assert merged(spans, low, high) == expected
        several += len(expected) > 1
    assert several > 15


def test_windows_that_touch_are_one_and_one_of_an_instant_is_kept() -> None:
    assert merged([(5.0, 7.0), (2.0, 5.0)], 0.0, 10.0) == [[2.0, 7.0]]
    assert merged([(6.0, 7.0), (2.0, 5.0), (9.0, 9.0)], 0.0, 10.0) == [[2.0, 5.0], [6.0, 7.0], [9.0, 9.0]]
    assert merged([(2.0, 9.0), (3.0, 4.0), (2.0, 3.0)], 0.0, 10.0) == [[2.0, 9.0]]
    assert merged([(2.0, 5.0), (7.0, 9.0)], 5.0, 7.0) == [[5.0, 5.0], [7.0, 7.0]]
    assert merged([(2.0, 5.0), (7.0, 9.0)], 5.5, 6.5) == []
    assert merged([], 0.0, 10.0) == []


@pytest.mark.parametrize("seed", range(3))
def test_a_time_is_inside_and_a_stretch_meets_a_window_where_they_share_an_instant(seed: int) -> None:
    random = np.random.default_rng(seed)
    for _ in range(40):
        spans = drawn(random, 3)
        windows = Windows(np.array([*spans, (0.0, 40.0)]).reshape(-1, 2), len(spans))  # the last one is not valid
        told = covered(spans)
        for instant, expected in zip(HALVES.tolist(), told, strict=True):
            assert plain(inside)(windows, instant) == expected
        start, end = sorted(random.integers(0, 36, 2).tolist())
        within = [here for instant, here in zip(HALVES.tolist(), told, strict=True) if start <= instant <= end]
        assert plain(overlaps)(windows, float(start), float(end)) == any(within)


TIMING = Timing(4.0, 30.0, 5.0, 3.0, 7.0, 11.0, True).row()
BURN = 60.0
# Of three radars: tracks from before burnout, from after it, and none; NaN pads.
TRACKS = np.array(
    [
        [[[0.0, 63.0], [50.0, 64.0], [80.0, 200.0]]],
        [[[70.0, 73.0], [90.0, 94.0], [np.nan, np.nan]]],
        [[[np.nan, np.nan], [10.0, 300.0], [np.nan, np.nan]]],
    ],
    dtype=np.float32,
)
FIRM = [64.0, 94.0, math.inf]  # four seconds after burnout, and after the beginning of the first that lasts so long


def test_a_track_is_firm_once_it_was_held_so_long_after_burnout() -> None:
    firm = np.empty(3)
    plain(firm_times)(TRACKS, 0, BURN, 4.0, firm)
    assert firm.tolist() == FIRM
    assert [plain(firm_time)(TRACKS, radar, 0, BURN, 4.0) for radar in range(3)] == FIRM
    assert plain(firm_time)(TRACKS, 0, 0, BURN, 4.5) == 84.5
    assert plain(firm_time)(TRACKS, 0, 0, 0.0, 4.0) == 4.0


@pytest.mark.parametrize("remote", [True, False])
def test_a_battery_launches_after_the_first_firm_track_that_it_hears_of(remote: bool) -> None:
    """Its own radars' at once, others' after their latency, where it may."""
    battery = np.zeros(BATTERY_COLUMNS)
    battery[REMOTE_COMMIT] = remote
    latencies = np.array([40.0, 9.0, 2.0])
    far = min(time + wait for time, wait in zip(FIRM, latencies.tolist(), strict=True))
    for own, hers in (((), math.inf), ((0,), 64.0), ((1,), 94.0), ((2,), math.inf), ((1, 2), 94.0)):
        marks = np.isin(np.arange(3), own)
        others = [FIRM[place] + latencies[place] for place in range(3) if place not in own]
        first = min([hers, *others]) if remote else hers
        found = plain(commit_time)(battery, marks, np.array(FIRM), latencies, TIMING)
        assert found == first + 30.0 + 5.0
        places = np.array([*own, -1, -1], dtype=np.int16)
        by = plain(commit_by)(battery, places, np.array(FIRM), far, TIMING)
        assert by == (min(hers, far) if remote else hers) + 30.0 + 5.0


@pytest.mark.parametrize("remote", [True, False])
def test_windows_of_support_and_assessment_are_those_of_each_track(remote: bool) -> None:
    """Support begins 3 s after a track and lasts 7 s beyond it, later by the latency; assessments begin 11 s before."""
    battery = np.zeros(BATTERY_COLUMNS)
    battery[REMOTE_COMMIT] = remote
    latencies, supports, watches = np.array([40.0, 9.0, 2.0]), np.empty((9, 2)), np.empty((9, 2))
    own, supporters = np.array([True, False, False]), np.array([True, True, False])
    given = (own, supporters, latencies, TIMING, supports, watches)
    counts = plain(gather_windows)(TRACKS, 0, battery, *given)
    mine = [[3.0, 70.0], [53.0, 71.0], [83.0, 207.0]]
    theirs = [[82.0, 80.0], [102.0, 101.0]]
    assert supports[: counts[0]].tolist() == mine + theirs
    seen = [[-11.0, 63.0], [39.0, 64.0], [69.0, 200.0]]
    assert watches[: counts[1]].tolist() == seen + ([[59.0, 73.0], [79.0, 94.0]] if remote else [])
    own[:], supporters[:] = [False, True, False], [False, True, True]
    counts = plain(gather_windows)(TRACKS, 0, battery, *given)
    assert supports[: counts[0]].tolist() == [[73.0, 80.0], [93.0, 101.0]]
    assert watches[: counts[1]].tolist() == (seen if remote else []) + [[59.0, 73.0], [79.0, 94.0]]
