"""The steps of the stability question one by one, with trajectories that are engaged as it is written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType, SimpleNamespace
from typing import Any

import numba
import numpy as np
import pytest

import hoplon
from hoplon.analysis.defence import defence_of
from hoplon.analysis.stability import answer
from hoplon.analysis.stability.answer import FASTEST_KM_S, SLOWEST_KM_S, _answer, _at_corners, stability
from hoplon.analysis.stability.crossing import crossing_angle, velocity_ecef
from hoplon.analysis.stability.speeds import DEFAULT_KM_S, GRID_KM_S
from hoplon.analysis.stability.views import (
    JUDGED,
    KINEMATIC,
    StrategicFlights,
    at_bounds,
    at_speed,
    chosen_trajectories,
    strategic_flights,
)
from hoplon.errors import InputError, UnknownNameError
from hoplon.flight.arc import BURN_TIME, COLUMNS, IMPACT_TIME, STATUS, flight_state, solve_flight
from hoplon.scenario.decisions.records import StrategicTrajectory
from hoplon.scenario.model import Cited, Place


def test_speeds_are_those_that_the_manual_states() -> None:
    assert tuple(half / 2 for half in range(6, 19)) == DEFAULT_KM_S
    assert tuple(twentieth / 20 for twentieth in range(40, 220)) == GRID_KM_S
    assert (SLOWEST_KM_S, FASTEST_KM_S) == (0.1, 15.0)


def listed(*threats: str) -> tuple[StrategicTrajectory, ...]:
    return tuple(
        StrategicTrajectory(name=f"way {place}", from_=Place(54.0, 40.0), aim=Place(40.0 + place, 20.0), threat=threat)
        for place, threat in enumerate(threats)
    )


class Made:
    """Engages by view and by the greatest burnout speed and the burn time of a class."""

    def __init__(self, rule: Callable[..., list[bool]]) -> None:
        self.rule, self.threads = rule, set[int]()

    def met(self, scenario: Any, architecture: str, flights: Any, view: str, *, timed: bool = False) -> Any:
        self.threads.add(numba.get_num_threads())
        speed = max(float(kind.burnout_speed_km_s) for kind in scenario.interceptors.values())
        return np.array(self.rule(view, timed, speed, float(scenario.threats["irbm"].burn_time_s)))


def test_what_keeps_trajectories_from_being_engaged_is_told_in_the_order_of_causes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    toy = hoplon.load("toy")
    chosen = listed(*["irbm"] * 5)
    reached = {JUDGED: 1, KINEMATIC: 4}

    def rule(view: str, timed: bool, speed: float, burn: float) -> list[bool]:
        least = 3 if timed else reached[view]
        return [place < least for place in range(5)]

    flights = StrategicFlights(chosen, np.zeros((5, COLUMNS)), np.zeros(5, np.int16), np.ones(5, np.bool_))
    commits: list[dict[str, Any]] = [
        {},
        {"x": SimpleNamespace(commit_s=None)},
        {"x": SimpleNamespace(commit_s=5.0)},
        {},
        {},
    ]
    monkeypatch.setattr(answer, "strategic_flights", lambda *_: flights)
    monkeypatch.setattr(answer, "_batteries", lambda *_: commits)
    monkeypatch.setattr(answer, "nearest_in_words", lambda found: f"{len(found)} in words")
    monkeypatch.setattr(answer, "_engaged", lambda *_: ())
    made: Any = Made(rule)
    found = _answer(toy, "fast", chosen, [4.0, 5.0], made)
    assert found.binding == {
        "way 1": "never_seen", "way 2": "seen_too_late", "way 3": "flight_time", "way 4": "out_of_reach",
    }  # fmt: skip
    assert found.explanations == {f"way {place}": f"{place in (1, 2):d} in words" for place in range(1, 5)}
    assert {view: share.engaged.share for view, share in found.stated.items()} == {JUDGED: 0.2, KINEMATIC: 0.8}
    assert found.stated[JUDGED].engaged.trajectories == ("way 0",)
    assert [list(found.speeds), list(found.speeds[4.0])] == [[4.0, 5.0], [JUDGED, KINEMATIC]]
    assert found.speeds[5.0][KINEMATIC].trajectories == ("way 0", "way 1", "way 2", "way 3")
    assert found.trajectories[0] == ("way 0", 0.0, "irbm")
    assert found.line() == "fast of toy: of 5 strategic trajectories 1 judged, 4 kinematic at stated speeds"
    assert found.rows()[0] == {"burnout_speed_km_s": 4.0, "judged_share": 0.2, "kinematic_share": 0.8}


def bounded() -> Any:

    toy = hoplon.load("toy")
    kinds = {name: replace(kind, burnout_speed_km_s=Cited(4.0, 3.0, 5.0)) for name, kind in toy.interceptors.items()}
    threats = {name: replace(kind, burn_time_s=Cited(100.0, 80.0, 130.0)) for name, kind in toy.threats.items()}
    return replace(toy, interceptors=MappingProxyType(kinds), threats=MappingProxyType(threats))


def test_bounds_move_every_speed_and_the_burn_times_of_the_classes_listed() -> None:
    scenario = bounded()
    moved = at_bounds(scenario, "high", "low", ["irbm"])
    assert {float(kind.burnout_speed_km_s) for kind in moved.interceptors.values()} == {5.0}
    assert {name: float(kind.burn_time_s) for name, kind in moved.threats.items()} == {"mrbm": 100.0, "irbm": 80.0}
    assert {float(kind.burnout_speed_km_s) for kind in at_speed(scenario, 6.5).interceptors.values()} == {6.5}


def test_shares_at_the_corners_are_those_of_every_two_bounds() -> None:
    seen = []

    def rule(view: str, timed: bool, speed: float, burn: float) -> list[bool]:
        seen.append((view, speed, burn))
        return [speed > 4.0, burn < 100.0] if view == KINEMATIC else [False, speed > 4.0 and burn < 100.0]

    found = _at_corners(bounded(), "fast", listed("irbm", "irbm"), Made(rule))  # type: ignore[arg-type]
    assert {(speed, burn) for _, speed, burn in seen} == {(3.0, 80.0), (3.0, 130.0), (5.0, 80.0), (5.0, 130.0)}
    assert sorted(found[KINEMATIC]) == [0.0, 0.5, 0.5, 1.0]
    assert sorted(found[JUDGED]) == [0.0, 0.0, 0.0, 0.5]


def test_kernels_run_on_one_thread_while_stability_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:

    before, told, seen = numba.get_num_threads(), [], []
    scenario = replace(hoplon.load("toy"), strategic=listed("irbm"))

    def note(*given: Any) -> Any:
        seen.append((numba.get_num_threads(), given[1], list(given[3])))
        return SimpleNamespace(architecture=given[1])

    monkeypatch.setattr(answer, "_answer", note)

    def progress(*given: Any) -> None:
        told.append(given)

    found = stability(None, scenario, ["fast", "slow", "fast"], [5.0, 0.1, 15, 5], None, progress)  # type: ignore[arg-type]
    assert seen == [(1, "fast", [0.1, 5.0, 15.0]), (1, "slow", [0.1, 5.0, 15.0])]
    assert numba.get_num_threads() == before
    assert told == [(0, 2, "fast"), (1, 2, "slow"), (2, 2, "judged")]
    assert [one.architecture for one in found.answers] == ["fast", "slow"]
    for speed, hint in ((4500.0, r"; m/s\? Then 4\.5$"), (20.0, "got 20$"), (99.0, "got 99$"), (100.0, r"Then 0\.1$")):
        with pytest.raises(InputError, match=hint):
            stability(None, scenario, ["fast"], [speed])  # type: ignore[arg-type]
    with pytest.raises(InputError, match="no strategic trajectories"):
        chosen_trajectories(hoplon.load("toy"), None)
    with pytest.raises(UnknownNameError):
        chosen_trajectories(scenario, ["way 7"])
    assert chosen_trajectories(scenario, ["way 0"]) == scenario.strategic


def test_strategic_trajectories_fly_at_the_first_loft_of_their_class() -> None:

    toy = hoplon.load("toy")
    threats = {**toy.threats, "irbm": replace(toy.threats["irbm"], lofts_deg=(8.0, 0.0))}
    scenario = replace(toy, threats=MappingProxyType(threats))
    found = strategic_flights(scenario, listed("irbm", "mrbm"))
    assert found.classes.tolist() == [1, 0]
    assert found.flies.all()
    other = strategic_flights(toy, listed("irbm"))
    assert found.elements[0, IMPACT_TIME] > other.elements[0, IMPACT_TIME] + 10.0
    assert found.elements[0, BURN_TIME] == float(toy.threats["irbm"].burn_time_s)
    assert found.flight_time_s(0) == found.elements[0, IMPACT_TIME]
    nowhere = listed("irbm")[0]
    nowhere = replace(nowhere, aim=nowhere.from_)
    lost = strategic_flights(scenario, (nowhere,))
    assert lost.flies.tolist() == [lost.elements[0, STATUS] == 0.0]


def test_an_interceptor_straight_below_climbs_along_the_vertical() -> None:
    """Its battery stands where the flight passes overhead, so that the angle is that of the flight to the vertical."""

    toy = hoplon.load("toy")
    defence = defence_of(toy, toy.architecture("fast"))
    row, time = np.zeros(COLUMNS), 400.0
    solve_flight(0.66, 0.81, 0.85, 0.2, 130.0, 120e3, 160e3, 0.0, row)
    up = np.array(flight_state(row, time)[:3])
    battery = replace(defence.batteries[0], latitude=np.arcsin(up[2]), longitude=np.arctan2(up[1], up[0]))
    velocity = velocity_ecef(row, time)
    expected = np.arccos(velocity @ up / np.linalg.norm(velocity))
    assert crossing_angle(row, time, battery, defence.interceptors[0]) == pytest.approx(expected, abs=1e-4)
