"""Time and reach margins against every second, every release and every distance of a second build."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from hoplon.flight.path import ROWS, most_nodes, sample_path
from hoplon.intercept.battery import Battery, batteries_of
from hoplon.intercept.launch import weapon_of
from hoplon.intercept.margins import REACH_BATTERY, REACH_MARGIN, TIME_BATTERY, TIME_MARGIN, battery_margins, margins_of
from hoplon.intercept.shots import Course, Launches, Tables, latest_launch
from hoplon.intercept.windows import Windows
from verification import every_second as drawn

NAMES = list(drawn.FLIGHTS)
METRES = 100.0  # [m] beside a reach margin, which is found to a metre in a table of single precision


def margins_by_hoplon(
    name: str,
    meetings: drawn.Meetings,
    outlook: drawn.Outlook,
    place: tuple[float, float],
    required: int,
    timing: object,
) -> tuple[float, float]:
    row, step = drawn.elements()[NAMES.index(name)], 20.0
    path = np.empty((ROWS, most_nodes(row[np.newaxis], step)))
    course = Course(row, path, *sample_path(row, step, path))
    interceptor = meetings.interceptor
    stacked = batteries_of([Battery(*place, 0, (), True, (), 10)], [drawn.straight_reach(interceptor)], 1)
    weapon = weapon_of(stacked.rows[0], stacked.interceptors[0])
    tables = Tables(stacked.fans[0], stacked.times[0], stacked.floors[0])
    scratch = (np.empty(path.shape[1]), np.empty(path.shape[1]), np.empty(path.shape[1], dtype=np.bool_))
    _, first, end = latest_launch(course, weapon, tables.floors, step, *scratch)
    held, seen = (Windows(np.array(s).reshape(-1, 2), len(s)) for s in (outlook.support, outlook.assessment))
    some = (timing, required, weapon, tables, step, Launches(first, end, *scratch), True, -math.inf, -math.inf)
    return battery_margins(course, outlook.commit, held, seen, *some, np.empty((1, 4)))


def cases(
    seed: int, count: int, soonest: float = 1.0
) -> list[tuple[str, drawn.Meetings, drawn.Outlook, tuple[float, float], drawn.Timing]]:
    random, made = np.random.default_rng(seed), []
    for number in range(count):
        name, interceptor = NAMES[number % 4], drawn.KINDS[number // 4 % 4]
        flight = drawn.seconds_of(name)
        place = drawn.drawn_place(random, flight, 0.4 * drawn.straight_reach(interceptor).chord)
        meetings, timing = drawn.Meetings(flight, interceptor, *place), drawn.drawn_timing(random)
        launches = meetings.launches()
        possible = launches[launches > -np.inf]
        low, high = (possible.min(), possible.max()) if len(possible) else (100.0, 200.0)
        commit = float(random.uniform(low - 30.0, low + soonest * (high - low) + 60.0))
        outlook = drawn.Outlook(commit, drawn.drawn_windows(random, flight), drawn.drawn_windows(random, flight))
        made.append((name, meetings, outlook, place, timing))
    return made


def test_the_time_margin_of_one_shot_is_the_latest_supported_launch() -> None:
    finite = 0
    for name, meetings, outlook, place, timing in cases(1, 120):
        found, _ = margins_by_hoplon(name, meetings, outlook, place, 1, timing.row())
        held = drawn.within(outlook.support, meetings.flight.second)
        early, late = (meetings.launches(slack)[held].max(initial=-np.inf) for slack in (-drawn.SLACK, drawn.SLACK))
        assert late - drawn.SLACK <= found + outlook.commit <= early + drawn.SLACK
        finite += math.isfinite(found) and early - late < 0.1
    assert finite > 40


def farthest(meetings: drawn.Meetings, outlook: drawn.Outlook, slack: float) -> float:
    """Return by how much every place of the flight could lie farther away and still be met [m], by the closed form."""
    weapon, flight = meetings.interceptor, meetings.flight
    hair = math.copysign(drawn.HAIR, slack)
    longest = np.minimum(weapon.maximum_flight_time, flight.second - outlook.commit) - slack - weapon.burn_time
    slant = weapon.burnout_speed * longest
    squares = (slant**2 - meetings.altitude**2) / (drawn.RADIUS * (drawn.RADIUS + meetings.altitude))
    usable = drawn.within(outlook.support, flight.second) & (slant > 0.0) & (squares >= 0.0)
    usable &= (meetings.altitude >= weapon.altitude_low + hair) & (meetings.altitude <= weapon.altitude_high - hair)
    reached = 2.0 * drawn.RADIUS * np.arcsin(np.minimum(1.0, 0.5 * np.sqrt(squares[usable])))
    return float((reached - meetings.distance[usable]).max(initial=-np.inf))


def test_the_reach_margin_is_how_far_the_straight_way_goes_beyond_the_flight() -> None:
    finite, near = 0, 0
    for name, meetings, outlook, place, timing in cases(2, 160):
        _, found = margins_by_hoplon(name, meetings, outlook, place, 1, timing.row())
        # The table is interpolated: a straight way is up to 0.1 s shorter between its nodes.
        early, late = (farthest(meetings, outlook, slack) for slack in (-0.15, 0.15))
        assert late - METRES <= found <= early + METRES
        finite += math.isfinite(found)
        near += math.isfinite(found) and early - late < 2000.0
    assert finite > 40
    assert near > 30


def has_enough(
    meetings: drawn.Meetings, outlook: drawn.Outlook, timing: drawn.Timing, required: int, release: float
) -> bool | None:
    """Tell whether a release has the shots required; None where a limit so close by decides."""
    taken = drawn.shots_by_second(meetings, replace(outlook, commit=release), timing, required)
    return None if taken is None else len(taken) >= required


@pytest.mark.parametrize("required", [2, 3])
def test_the_time_margin_of_several_shots_is_the_last_release_that_has_them(required: int) -> None:
    compared, finite = 0, 0
    for name, meetings, outlook, place, timing in cases(10 + required, 120, 0.3):
        timing = replace(timing, look=True, kill_assessment=0.2 * timing.kill_assessment, reaction=1.0)
        found, beyond = margins_by_hoplon(name, meetings, outlook, place, required, timing.row())
        assert beyond == -np.inf

        enough = partial(has_enough, meetings, outlook, timing, required)
        # Releases change the shots at launch times alone: one is tried between any two, from now on or back from now.
        launches = np.unique(meetings.launches())
        launches = launches[launches > -np.inf]
        between = 0.5 * (launches[1:] + launches[:-1])
        now = enough(outlook.commit)
        if now is None:
            continue
        compared += 1
        assert now == (found >= 0.0)
        if math.isfinite(found):
            finite += 1
            assert enough(outlook.commit + found - 0.05) in (True, None)
            assert enough(outlook.commit + found + 0.05) in (False, None)
            low, high = sorted((outlook.commit, outlook.commit + found))
            inner = between[(between > low + 0.05) & (between < high - 0.05)]
            assert all(enough(float(release)) in (now, None) for release in inner[::5])
        else:
            earlier = between[between < outlook.commit]
            assert all(enough(float(release)) in (False, None) for release in earlier[::5])
    assert compared > 100
    assert finite > 3


def test_the_margins_of_a_flight_are_those_of_its_best_battery() -> None:
    random, sensors = np.random.default_rng(6), np.zeros((2, 12))
    timing = drawn.drawn_timing(random)
    rows, flights = drawn.elements(), [drawn.seconds_of(name) for name in NAMES]
    tracks = np.full((2, 4, 2, 2), np.nan, dtype=np.float32)
    for sensor, index in np.ndindex(2, 4):
        spans = np.round(drawn.drawn_windows(random, flights[index]))
        tracks[sensor, index, : len(spans)] = spans.reshape(-1, 2)
    latencies = np.array([4.0, 9.0])
    batteries = []
    for number in range(7):
        place = drawn.drawn_place(random, flights[number % 4], 0.05)
        batteries.append(Battery(*place, number % 3, (number % 2,), number % 4 > 1, (0, 1), (1, 2)[number % 2]))
    kinds = drawn.KINDS[:3]
    stacked = batteries_of(batteries, [drawn.straight_reach(kind) for kind in kinds], 2)
    gone = np.concatenate([rows, rows[:1]])
    gone[4, 0] = 1.0
    more = np.concatenate([tracks, tracks[:, :1]], axis=1)
    given = (gone, more, sensors, latencies, timing.row(), stacked)
    for required in (1, 2):
        found = margins_of(*given, required, 20.0, True)
        assert found[4].tolist() == [-np.inf, -1.0, -np.inf, -1.0]
        for index, name in enumerate(NAMES):
            best, beyond = [-np.inf] * 7, [-np.inf] * 7
            for number, battery in enumerate(batteries):
                outlook = drawn.outlook_of(battery, timing, tracks[:, index], latencies, flights[index].burn_time)
                if not math.isfinite(outlook.commit) or battery.shots < required:
                    continue
                place = (battery.latitude, battery.longitude)
                meetings = drawn.Meetings(flights[index], kinds[battery.reach], *place)
                best[number], beyond[number] = margins_by_hoplon(name, meetings, outlook, place, required, timing.row())
            assert found[index, TIME_MARGIN] == max(best)
            assert found[index, REACH_MARGIN] == pytest.approx(max(beyond), abs=2.0)  # [m] found to a metre
            for column, each in ((TIME_BATTERY, best), (REACH_BATTERY, beyond)):
                wanted = int(np.argmax(each)) if max(each) > -np.inf else -1
                assert found[index, column] == wanted
        without = margins_of(*given, required, 20.0, False)
        assert np.array_equal(without[:, :2], found[:, :2])
        assert (without[:, REACH_MARGIN] == -np.inf).all()
        assert (without[:, REACH_BATTERY] == -1.0).all()
