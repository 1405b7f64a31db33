"""Shots and margins where a prediction supports an intercept, against every second asked by itself."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from hoplon.intercept.engagement import engage
from hoplon.intercept.first_shots import first_shots
from hoplon.intercept.launch import weapon_of
from hoplon.intercept.margins import TIME_MARGIN, margins_of
from hoplon.intercept.predicted_point import heard_from, local_tracks, predicted_error
from hoplon.intercept.prediction import look_at, looks_for, predicted_windows, room_for_prediction
from verification import every_second as drawn
from verification.test_shots_on_every_second import Network

NONE = np.empty((0, 0))
LIMIT = 50.0  # [m] some seconds have support, some have not


class Predicting(Network):
    """A network whose intercepts are supported by predictions good enough."""

    def __init__(self, seed: int, *, central: bool) -> None:
        super().__init__(seed)
        some = np.arange(len(self.flights)) % 3 < 2
        self.flights = [flight for flight, chosen in zip(self.flights, some, strict=True) if chosen]
        self.elements, self.tracks = self.elements[some], np.ascontiguousarray(self.tracks[:, some])
        self.timing = replace(
            self.timing,
            handover_error=LIMIT,
            central=central,
            handover=8.0,
            decision=5.0,
            reaction=1.0,
            kill_assessment=2.0,
        )

    def supported(self, battery: int, flight: int, seconds: list[int]) -> list[int]:
        """Return the seconds at which the network's prediction is good enough, each asked by itself."""
        its, row = self.batteries[battery], self.elements[flight]
        looks = looks_for(self.sensors, self.latencies, room_for_prediction(self.elements, self.sensors, 3, True))
        look_at(row, self.tracks, flight, looks)
        own = self.stacked.own[battery]
        heard_from(own, its.remote_commit, self.latencies, looks.delays)
        locals_ = 0 if self.timing.central else local_tracks(own, looks.delays, looks.scratch.heard)
        weapon = weapon_of(self.stacked.rows[battery], self.stacked.interceptors[its.reach])
        given = (row, looks, locals_, self.timing.handover, LIMIT, weapon, self.stacked.fans[its.reach])
        room = np.empty((1, 2))
        return [second for second in seconds if predicted_windows(*given, second, second, room) > 0]

    def expected_by_prediction(self, battery: int, flight: int) -> tuple[drawn.Meetings, drawn.Outlook]:
        """Return what may be met, and the outlook with every supported second that could be met in time."""
        outlook, meetings = self.outlook(battery, flight), self.meetings(battery, flight)
        possible = meetings.launches(-drawn.SLACK) >= outlook.commit
        seconds = self.supported(battery, flight, meetings.flight.second[possible].astype(int).tolist())
        return meetings, replace(outlook, support=[(float(second), float(second)) for second in seconds])


@cache
def network(seed: int, central: bool) -> tuple[Predicting, dict[tuple[int, int], tuple[drawn.Meetings, drawn.Outlook]]]:
    found = Predicting(seed, central=central)
    pairs = np.ndindex(len(found.batteries), len(found.flights))
    return found, {pair: found.expected_by_prediction(*pair) for pair in pairs}


@pytest.mark.parametrize("central", [True, False])
@pytest.mark.parametrize("seed", [5, 6])
def test_shots_are_the_first_seconds_that_a_prediction_supports(seed: int, central: bool) -> None:
    found, cases = network(seed, central)
    order = np.arange(len(found.flights))
    counts = {most: engage(found.elements, order, *found.given(), 20.0, most, True) for most in (64, 1)}
    assert np.array_equal(counts[64], engage(found.elements, order, *found.given(), 20.0, 64, False))
    first = first_shots(found.elements, *found.given(), 20.0, True, NONE, False)
    met, missed, compared = 0, 0, 0
    for (battery, flight), (meetings, outlook) in cases.items():
        its = found.batteries[battery]
        taken = drawn.shots_by_second(meetings, outlook, found.timing, min(64, its.shots))
        if taken is None:
            continue
        compared += 1
        assert counts[64][battery, flight] == len(taken)
        assert counts[1][battery, flight] == min(1, len(taken))
        assert first[battery, flight, 1] == (taken[0] if taken else math.inf)
        met += len(taken) > 0
        missed += not taken and (meetings.launches() >= outlook.commit).any()
    assert compared > 50
    assert met > 1
    assert missed > 1


def test_the_time_margin_is_the_latest_launch_that_a_prediction_supports() -> None:
    found, _ = network(5, True)
    margins = margins_of(
        found.elements, found.tracks, found.sensors, found.latencies, found.timing.row(), found.stacked, 1, 20.0, False
    )
    finite = 0
    for flight in range(len(found.flights)):
        early, late = [-math.inf], [-math.inf]
        for battery, its in enumerate(found.batteries):
            outlook, meetings = found.outlook(battery, flight), found.meetings(battery, flight)
            if not math.isfinite(outlook.commit) or its.shots < 1:
                continue
            launches, second = meetings.launches(), meetings.flight.second.astype(int)
            best = np.argsort(-launches)[:25]
            held = found.supported(battery, flight, sorted(second[best[launches[best] > -np.inf]].tolist()))
            rows = np.searchsorted(second, held)
            for into, slack in ((early, -drawn.SLACK), (late, drawn.SLACK)):
                into.append(meetings.launches(slack)[rows].max(initial=-np.inf) - outlook.commit)
        if max(early) == -math.inf:
            continue
        finite += 1
        assert max(late) - drawn.SLACK <= margins[flight, TIME_MARGIN] <= max(early) + drawn.SLACK
    assert finite > 3


@pytest.mark.parametrize(("central", "networked"), [(True, True), (False, True), (True, False)])
def test_the_error_of_a_first_shot_is_that_of_the_looks_heard_by_handover(central: bool, networked: bool) -> None:
    found, _ = network(5, central)
    shots = first_shots(found.elements, *found.given(), 20.0, networked, NONE, True)
    whole = first_shots(found.elements, *found.given(), 20.0, networked, NONE, False)
    assert np.array_equal(shots[..., :2], whole[..., :2])
    given = first_shots(found.elements, *found.given(), 20.0, networked, shots[..., 1].copy(), True)
    assert np.array_equal(given[..., 1:], shots[..., 1:])
    compared = 0
    for battery, flight in np.ndindex(shots.shape[:2]):
        intercept, error = shots[battery, flight, 1:]
        if intercept == math.inf:
            assert error == math.inf
            continue
        its, row = found.batteries[battery], found.elements[flight]
        looks = looks_for(found.sensors, found.latencies, room_for_prediction(found.elements, found.sensors, 3, True))
        look_at(row, found.tracks, flight, looks)
        weapon = weapon_of(found.stacked.rows[battery], found.stacked.interceptors[its.reach])
        seen = (row, looks.arc, looks.stretches, looks.found[0], looks.sensors, found.stacked.own[battery], networked)
        timed = (found.latencies, found.timing.row(), weapon, found.stacked.fans[its.reach], intercept, looks.sums)
        assert error == pytest.approx(predicted_error(*seen, *timed), rel=1e-9)
        compared += math.isfinite(error)
        if networked and its.remote_commit:
            assert error <= LIMIT * (1.0 + 1e-3)  # of every look, where runs of them are within the limit
    assert compared > 0
