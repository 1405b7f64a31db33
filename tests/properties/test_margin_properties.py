"""Margins say what a later release, or a flight farther away, would do: brute force over random engagements."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hoplon.analysis import stages
from hoplon.analysis.defence import defence_of
from hoplon.analysis.flights import Flights, flights_between
from hoplon.analysis.margins.places import FlightMargins, flight_margins
from hoplon.analysis.store import Store
from hoplon.defence.assembly import Defence
from hoplon.scenario.load import load_scenario
from oracle import earth
from oracle.fan import remembered_times
from oracle.flight import fly

SCENARIO = load_scenario("toy")
LAUNCHES = [(name, area.at.latitude_deg, area.at.longitude_deg) for name, area in SCENARIO.launch_areas.items()]
LATITUDES, LONGITUDES = (grid.ravel() for grid in np.meshgrid(np.linspace(36.0, 60.0, 9), np.linspace(4.0, 44.0, 9)))
FLIGHTS = flights_between(SCENARIO, list(SCENARIO.threats), LAUNCHES, LATITUDES, LONGITUDES)
STORE = Store()
HAIR = 1e-3  # [s] beside a margin; launch times are found to 1e-6 s
GRID = 5.0  # [km] between the distances that brute force tries
TABLE = 0.5  # [s] of fly-out time that reach tables may differ from the fan (model section 5)
PER_DRAW = settings(max_examples=60, deadline=None)


@st.composite
def engagements(draw: st.DrawFn, most_shots: int = 3) -> tuple[Flights, Defence]:
    """Draw a defence of the toy scenario with times of its own, and one flight."""
    name = draw(st.sampled_from(("slow", "fast", "fast-organic", "fast-remote")))
    whole = defence_of(SCENARIO, SCENARIO.architecture(name))
    timing = replace(
        whole.timing,
        decision=draw(st.floats(0.0, 300.0)),
        support=draw(st.floats(0.0, 60.0)),
        handover=draw(st.floats(0.0, 120.0)),
        kill_assessment=draw(st.floats(1.0, 60.0)),
        handover_error=draw(st.sampled_from((None, 1000.0, 20000.0))),
    )
    defence = replace(
        whole,
        timing=timing,
        radars=tuple(replace(radar, latency=draw(st.floats(0.0, 30.0))) for radar in whole.radars),
        shots_required=draw(st.integers(1, most_shots)),
    )
    return FLIGHTS.chosen(np.array([draw(st.integers(0, len(FLIGHTS) - 1))])), defence


def later(defence: Defence, seconds: float) -> Defence:
    """Return a defence whose release comes later; the decision may begin before its track, as only sums matter."""
    return replace(defence, timing=replace(defence.timing, decision=defence.timing.decision + seconds))


def met(flights: Flights, defence: Defence) -> bool:
    return bool((stages.shots(Store(), flights, defence) >= defence.shots_required).any())


def margins(flights: Flights, defence: Defence) -> FlightMargins:
    return flight_margins(STORE, flights, defence, reach=True)


@given(engagements())
@PER_DRAW
def test_a_release_later_by_less_than_the_margin_still_meets_the_flight_and_by_more_does_not(
    drawn: tuple[Flights, Defence],
) -> None:
    flights, defence = drawn
    margin = float(margins(flights, defence).seconds[0])
    assert met(flights, defence) == (margin >= 0.0)
    assume(math.isfinite(margin))
    assert met(flights, later(defence, margin - HAIR))
    assert not met(flights, later(defence, margin + HAIR))


@given(engagements(), st.floats(0.0, 1.0))
@PER_DRAW
def test_every_release_between_now_and_the_margin_has_the_answer_of_now(
    drawn: tuple[Flights, Defence], share: float
) -> None:
    flights, defence = drawn
    margin = float(margins(flights, defence).seconds[0])
    assume(math.isfinite(margin) and abs(margin) > HAIR)
    between = share * (margin - math.copysign(HAIR, margin))
    assert met(flights, later(defence, between)) == (margin >= 0.0)


@given(engagements(most_shots=1), st.floats(-900.0, 300.0))
@PER_DRAW
def test_where_there_is_no_margin_no_release_meets_the_flight(drawn: tuple[Flights, Defence], shift: float) -> None:
    flights, defence = drawn
    assume(not math.isfinite(float(margins(flights, defence).seconds[0])))
    assert not met(flights, later(defence, shift))


@given(engagements(most_shots=1), st.floats(0.1, 100.0))
@PER_DRAW
def test_a_later_release_shortens_the_time_margin_by_itself_and_never_lengthens_the_reach(
    drawn: tuple[Flights, Defence], delay: float
) -> None:
    flights, defence = drawn
    before, after = margins(flights, defence), margins(flights, later(defence, delay))
    assert (before.seconds[0] >= 0.0) == (before.kilometres[0] >= 0.0)
    if math.isfinite(before.seconds[0]):
        assert abs(before.seconds[0] - after.seconds[0] - delay) < HAIR
    assert after.kilometres[0] <= before.kilometres[0] + 2e-3  # [km] distances are found to 1 m


@given(st.integers(0, len(FLIGHTS) - 1), st.sampled_from(("slow", "fast", "fast-remote")))
@settings(max_examples=12, deadline=None)
def test_margins_are_those_of_a_search_over_every_second_and_distance(index: int, name: str) -> None:
    """A second build of flight and fly-out; tracks are hoplon's own, which have tests of their own."""
    flights, defence = FLIGHTS.chosen(np.array([index])), defence_of(SCENARIO, SCENARIO.architecture(name))
    (battery,), interceptor = defence.batteries, defence.interceptors[0]
    tracks = stages.tracks(Store(), flights, defence).intervals[:, 0]
    kind = list(SCENARIO.threats.values())[int(flights.classes[0])]
    launch = np.radians(LAUNCHES[int(flights.areas[0])][1:])
    point = int(flights.points[0])
    aim = np.radians((LATITUDES[point], LONGITUDES[point]))
    shape = (float(kind.burn_time_s), 1e3 * float(kind.burnout_altitude_km), 1e3 * float(kind.burnout_ground_range_km))
    flight = fly(tuple(launch), tuple(aim), *shape, 0.0)
    timing, commit, supported = defence.timing, math.inf, []
    for sensor, spans in enumerate(tracks):
        own = sensor in battery.own_radars
        latency = 0.0 if own else defence.latencies[sensor]
        spans = [span for span in spans.tolist() if span[0] >= 0.0]
        firm = [max(on, flight.burn_time) + timing.firm_track for on, off in spans]
        held = [moment for moment, (_, off) in zip(firm, spans, strict=True) if moment <= off]
        if held and (own or battery.remote_commit):
            commit = min(commit, held[0] + latency + timing.decision + timing.reaction)
        if sensor in battery.supporters:
            supported += [(on + timing.support + latency, off + timing.handover) for on, off in spans]
    second = np.arange(math.floor(flight.burn_time) + 1.0, math.ceil(flight.flight_time))
    latitude, longitude, altitude = earth.geodetic(flight.position(second))
    distance = earth.ground_distance(battery.latitude, battery.longitude, latitude, longitude)
    chosen = (altitude >= interceptor.altitude_low) & (altitude <= interceptor.altitude_high)
    chosen &= np.array([any(on <= t <= off for on, off in supported) for t in second], dtype=bool)
    found = margins(flights, defence)
    if not (chosen.any() and math.isfinite(commit)):
        assert found.seconds[0] == found.kilometres[0] == -math.inf
        return
    second, altitude, distance = second[chosen], altitude[chosen], distance[chosen]

    def launches(beyond: float) -> float:
        """Return the latest launch at the flight if it passed farther away by so much [km], -infinity for none."""
        away = distance + 1e3 * beyond
        there = away >= 0.0
        if not there.any():
            return -math.inf
        weapon = (interceptor.burnout_speed, interceptor.burn_time)
        limits = (interceptor.minimum_elevation, interceptor.slowest_burnout)
        flyout = remembered_times(*weapon, away[there], altitude[there], *limits)
        late = np.where(flyout <= interceptor.maximum_flight_time, second[there] - flyout, -math.inf)
        return float(late.max())

    latest = launches(0.0)
    if math.isfinite(latest):
        assert abs(found.seconds[0] - (latest - commit)) <= TABLE
    else:
        assert found.seconds[0] == -math.inf
    beyond = float(found.kilometres[0])
    if math.isfinite(beyond):
        assert launches(beyond - GRID) >= commit - TABLE
        assert launches(beyond + GRID) < commit + TABLE
    else:
        assert all(launches(-GRID * step) < commit + TABLE for step in range(0, 400, 20))
