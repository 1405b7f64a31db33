"""Radar cover, tracks and engagements: what must not get worse when an input gets better."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hoplon.analysis.defence import defence_of
from hoplon.analysis.flights import Flights, flights_between
from hoplon.analysis.stages import shots
from hoplon.analysis.store import Store
from hoplon.defence.assembly import Defence
from hoplon.scenario.load import load_scenario
from hoplon.sensing.cover import FIRST, LAST, cover_of
from hoplon.sensing.radar import Radar

SCENARIO = load_scenario("toy")
LAUNCHES = [(name, area.at.latitude_deg, area.at.longitude_deg) for name, area in SCENARIO.launch_areas.items()]
ARCHITECTURES = ("slow", "fast", "fast-organic", "fast-remote")
LATITUDES, LONGITUDES = np.meshgrid(np.linspace(35.0, 62.0, 10), np.linspace(0.0, 44.0, 12))
STEP = 5.0  # [s]
STORE = Store()  # results by content: what a draw shares with another is computed once


def flights_turned(longitude: float = 0.0) -> Flights:
    """Return the flights from the scenario's areas to a grid, everything turned about the polar axis [deg]."""
    launches = [(name, lat, lon + longitude) for name, lat, lon in LAUNCHES]
    return flights_between(
        SCENARIO, list(SCENARIO.threats), launches, LATITUDES.ravel(), LONGITUDES.ravel() + longitude
    )


FLIGHTS = flights_turned()
DEFENCES = {name: defence_of(SCENARIO, SCENARIO.architecture(name)) for name in ARCHITECTURES}
MODES = st.sampled_from(ARCHITECTURES)
PER_DRAW = settings(max_examples=25)


def defended(defence: Defence, flights: Flights = FLIGHTS) -> NDArray[np.bool_]:
    """Return whether each flight meets a shot of some battery."""
    return np.asarray((shots(STORE, flights, defence, STEP) > 0).any(axis=0))


def seen(radar: Radar) -> list[set[int]]:
    """Return the whole seconds at which a radar has each flight in track cover."""
    (cover,) = cover_of(FLIGHTS.elements, FLIGHTS.classes, [radar], STEP)
    return [
        {second for row in rows if row[FIRST] >= 0 for second in range(row[FIRST], row[LAST] + 1)} for rows in cover
    ]


def test_the_examples_hold_flights_that_are_defended_and_flights_that_are_not() -> None:
    for name in ("slow", "fast", "fast-remote"):
        share = defended(DEFENCES[name]).mean()
        assert 0.02 < share < 0.98, name


@PER_DRAW
@given(MODES, st.floats(0.0, 60.0), st.floats(0.0, 30.0), st.floats(0.0, 30.0), st.floats(0.0, 1.0))
def test_quicker_decision_reaction_and_reports_never_lose_a_flight(
    name: str, decision: float, reaction: float, latency: float, share: float
) -> None:
    base = DEFENCES[name]

    def with_times(scale: float) -> Defence:
        return replace(
            base,
            timing=replace(base.timing, decision=scale * decision, reaction=scale * reaction),
            radars=tuple(replace(radar, latency=scale * latency) for radar in base.radars),
            alerts=tuple(60.0 + scale * latency for _ in base.alerts),
        )

    assert not np.any(defended(with_times(1.0)) & ~defended(with_times(share)))


@PER_DRAW
@given(MODES, st.floats(1.0, 4.0))
def test_radars_that_see_farther_never_lose_a_flight(name: str, factor: float) -> None:
    base = DEFENCES[name]
    farther = tuple(
        replace(
            radar,
            search_ranges=tuple(factor * reach for reach in radar.search_ranges),
            track_ranges=tuple(factor * reach for reach in radar.track_ranges),
        )
        for radar in base.radars
    )
    assert not np.any(defended(base) & ~defended(replace(base, radars=farther)))


@PER_DRAW
@given(st.integers(0, 1), st.floats(1.0, 3.0), st.floats(0.0, 10.0), st.floats(0.0, 30.0))
def test_a_wider_radar_sees_at_every_second_at_which_it_saw(
    which: int, factor: float, lower: float, wider: float
) -> None:
    radar = DEFENCES["fast"].radars[which]
    halfwidth = radar.sector_halfwidth
    larger = replace(
        radar,
        search_ranges=tuple(factor * reach for reach in radar.search_ranges),
        track_ranges=tuple(factor * reach for reach in radar.track_ranges),
        elevation_low=radar.elevation_low - math.radians(lower),
        sector_halfwidth=None if halfwidth is None else halfwidth + math.radians(wider),
    )
    assert all(before <= after for before, after in zip(seen(radar), seen(larger), strict=True))


def test_modes_that_admit_more_radars_never_lose_a_flight() -> None:
    launch_on_remote, engage_on_remote = DEFENCES["fast"], DEFENCES["fast-remote"]
    assert not np.any(defended(launch_on_remote) & ~defended(engage_on_remote))


@PER_DRAW
@given(st.sampled_from(("slow", "fast", "fast-remote")), st.floats(1.0, 2.0))
def test_faster_interceptors_of_the_same_boost_never_lose_a_flight(name: str, factor: float) -> None:
    # The same length of boost, and no least elevation: else a faster one may overshoot what it could reach, or be
    # held above the flat path that would take it there.
    base = DEFENCES[name]

    def with_speed(scale: float) -> Defence:
        return replace(
            base,
            interceptors=tuple(
                replace(
                    interceptor,
                    burnout_speed=scale * interceptor.burnout_speed,
                    burn_time=interceptor.burn_time / scale,
                    minimum_elevation=0.0,
                )
                for interceptor in base.interceptors
            ),
        )

    assert not np.any(defended(with_speed(1.0)) & ~defended(with_speed(factor)))


@PER_DRAW
@given(MODES, st.floats(-180.0, 180.0))
def test_turning_everything_about_the_polar_axis_changes_no_engagement(name: str, longitude: float) -> None:
    base, angle = DEFENCES[name], math.radians(longitude)
    turned = replace(
        base,
        radars=tuple(replace(radar, longitude=radar.longitude + angle) for radar in base.radars),
        batteries=tuple(replace(battery, longitude=battery.longitude + angle) for battery in base.batteries),
    )
    here, there = defended(base), defended(turned, flights_turned(longitude))
    # A whole second at the very edge of a limit may fall either way by rounding: none of these 200 flights has one.
    assert np.array_equal(here, there)


@PER_DRAW
@given(MODES, st.lists(st.integers(0, len(FLIGHTS) - 1), min_size=1, max_size=8, unique=True))
def test_a_flight_judged_alone_gets_the_shots_it_gets_among_all(name: str, chosen: list[int]) -> None:
    among_all = shots(STORE, FLIGHTS, DEFENCES[name], STEP)
    for index in chosen:
        alone = Flights(
            f"flight {index}",
            FLIGHTS.elements[[index]],
            FLIGHTS.classes[[index]],
            FLIGHTS.areas[[index]],
            FLIGHTS.points[[index]],
        )
        assert shots(STORE, alone, DEFENCES[name], STEP)[:, 0].tolist() == among_all[:, index].tolist()


@PER_DRAW
@given(MODES, st.sampled_from([1.0, 2.0, 5.0, 10.0]))
def test_the_spacing_of_nodes_does_not_decide_who_is_defended(name: str, step: float) -> None:
    coarse = (shots(STORE, FLIGHTS, DEFENCES[name], step) > 0).any(axis=0)
    fine = (shots(STORE, FLIGHTS, DEFENCES[name], 1.0) > 0).any(axis=0)
    assert np.mean(coarse != fine) <= 0.002
