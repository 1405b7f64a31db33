"""What must hold of whole defences, whatever their numbers: held and predicted support alike."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hoplon.analysis import stages
from hoplon.analysis.defence import defence_of
from hoplon.analysis.flights import Flights, flights_between
from hoplon.analysis.store import Store
from hoplon.defence.assembly import Defence, best_shots, is_subset
from hoplon.intercept.battery import MOST_SHOTS
from hoplon.intercept.reach import Interceptor, Reach, reach_of
from hoplon.scenario.geography import places
from hoplon.scenario.load import load_scenario

SUPPORTS = (None, 300.0, 5000.0)  # [m] greatest error of a predicted intercept; None for a held track
NAMES = ("programme-of-record", "phase-1", "phase-2", "phase-3", "phase-3-partners", "phase-2-allied", "national")


@cache
def flights() -> Flights:
    scenario = load_scenario("nato-europe")
    points = places(tuple(scenario.nations))
    chosen = points.subset(np.argsort(-points.population)[:400:7])
    launches = [(name, area.at.latitude_deg, area.at.longitude_deg) for name, area in scenario.launch_areas.items()]
    every = flights_between(scenario, tuple(scenario.threats), launches, chosen.latitude_deg, chosen.longitude_deg)
    return every.chosen(np.arange(0, len(every), 5))


@cache
def reach(interceptor: Interceptor) -> Reach:
    return reach_of(interceptor)


@cache
def defence(name: str) -> Defence:
    scenario = load_scenario("nato-europe")
    return defence_of(scenario, scenario.architecture(name))


def with_support(chosen: Defence, error: float | None, central: bool = True) -> Defence:
    return replace(chosen, timing=replace(chosen.timing, handover_error=error, central=central))


def with_latency(chosen: Defence, latency: float) -> Defence:
    return replace(chosen, radars=tuple(replace(radar, latency=latency) for radar in chosen.radars))


def met(*defences: Defence, enough: int = 1) -> NDArray[np.int8]:
    asked = flights()
    whole = [slice(0, len(asked))]
    return best_shots(asked.elements, asked.classes, defences, [enough] * len(defences), reach, 20.0, whole)


@given(st.sampled_from(NAMES), st.sampled_from(SUPPORTS), st.booleans(), st.floats(0.0, 60.0), st.floats(0.0, 60.0))
@settings(max_examples=20, deadline=None)
def test_lower_latency_never_shrinks_coverage(
    name: str, error: float | None, central: bool, one: float, other: float
) -> None:
    chosen = with_support(defence(name), error, central)
    fast, slow = met(with_latency(chosen, min(one, other))), met(with_latency(chosen, max(one, other)))
    assert (fast >= slow).all()


@given(st.sampled_from(NAMES), st.sampled_from(SUPPORTS), st.data())
@settings(max_examples=15, deadline=None)
def test_a_defence_that_holds_another_meets_every_flight_that_it_meets(
    name: str, error: float | None, data: st.DataObject
) -> None:
    whole = with_support(defence(name), error)
    radars = data.draw(st.lists(st.sampled_from(range(len(whole.radars))), unique=True, min_size=1))
    kept = sorted(radars)
    part = replace(
        whole,
        radar_names=tuple(whole.radar_names[index] for index in kept),
        radars=tuple(whole.radars[index] for index in kept),
        batteries=tuple(
            replace(
                battery,
                own_radars=tuple(kept.index(own) for own in battery.own_radars if own in kept),
                supporters=tuple(kept.index(place) for place in battery.supporters if place in kept),
            )
            for battery in whole.batteries
        ),
    )
    assert is_subset(part, whole)
    apart = [met(whole)[0], met(part)[0]]
    assert (apart[0] >= apart[1]).all()
    together = met(part, whole)
    np.testing.assert_array_equal(together, apart[::-1])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("error", SUPPORTS)
def test_all_defences_at_once_judge_as_each_battery_alone(name: str, error: float | None) -> None:
    chosen = with_support(defence(name), error)
    shots = stages.shots(Store(), flights(), chosen).max(axis=0, initial=0)
    np.testing.assert_array_equal(met(chosen, enough=MOST_SHOTS)[0], shots)
    everything = met(*(with_support(defence(other), error) for other in NAMES))
    np.testing.assert_array_equal(everything[NAMES.index(name)], np.minimum(shots, 1))


def test_intersected_tracks_support_no_more_than_looks_in_one_place() -> None:
    tried = [with_support(defence("phase-3-partners"), 30.0, central) for central in (True, False)]
    central, intersected = met(*tried)
    assert (central >= intersected).all()
    assert (central > intersected).any()
    assert is_subset(*tried[::-1])
    assert not is_subset(*tried)
    shots = stages.shots(Store(), flights(), tried[1]).max(axis=0, initial=0)
    np.testing.assert_array_equal(intersected, np.minimum(shots, 1))


@given(st.sampled_from(("phase-1", "phase-2", "phase-3", "programme-of-record")), st.floats(0.0, 200.0))
@settings(max_examples=10, deadline=None)
def test_a_longer_decision_never_grows_coverage(name: str, longer: float) -> None:
    chosen = defence(name)
    slower = replace(chosen, timing=replace(chosen.timing, decision=chosen.timing.decision + longer))
    assert (met(chosen) >= met(slower)).all()
