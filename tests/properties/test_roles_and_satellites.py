"""Roles of sensors and tracking satellites: what they may never cost, in maps, engagements and the event simulation."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hoplon.analysis import stages
from hoplon.analysis.defence import defence_of
from hoplon.analysis.flights import Flights, flights_between
from hoplon.analysis.stages import shots
from hoplon.analysis.store import Store
from hoplon.defence.assembly import Defence, best_shots, is_subset
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME, STATUS, flight_state
from hoplon.intercept.reach import Interceptor, Reach
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Cited, Doctrine, Element, SatelliteTracking, SatelliteType, Scenario
from hoplon.sensing.satellite import TrackingSatellite, seconds_above

SCENARIO = load_scenario("toy")
LATITUDES, LONGITUDES = np.meshgrid(np.linspace(35.0, 62.0, 9), np.linspace(0.0, 44.0, 10))
STEP = 5.0  # [s]
STORE = Store()
MODES = st.sampled_from(("organic", "launch_on_remote", "engage_on_remote"))
SUPPORTS = st.sampled_from((None, 0.3, 5.0))  # [km] greatest error of a predicted intercept; None for a held track
ROLES = st.fixed_dictionaries({name: st.booleans() for name in SCENARIO.radars})
PER_DRAW = settings(max_examples=15, deadline=None)
FLIGHTS: Flights = flights_between(
    SCENARIO,
    list(SCENARIO.threats),
    [(name, area.at.latitude_deg, area.at.longitude_deg) for name, area in SCENARIO.launch_areas.items()],
    LATITUDES.ravel(),
    LONGITUDES.ravel(),
)
trackings = st.builds(
    lambda acquisition, altitude, update, sigma: SatelliteTracking(
        acquisition_s=Cited(acquisition),
        min_altitude_km=Cited(altitude),
        update_s=Cited(update),
        position_sigma_m=Cited(sigma),
    ),
    st.floats(0.0, 300.0),
    st.floats(0.0, 500.0),
    st.sampled_from((0.5, 1.0, 4.0)),
    st.floats(10.0, 5000.0),
)


def with_satellite(scenario: Scenario, tracking: SatelliteTracking, latency: float = 2.0) -> Scenario:
    """The same scenario with a tracking satellite in every architecture that does not extend another."""
    follower = Element(satellite="follower", owner="USA", latency_s=Cited(latency))
    architectures = {
        name: written if written.extends else replace(written, elements=(*written.elements, "ptss"))
        for name, written in scenario.architectures.items()
    }
    return replace(
        scenario,
        satellites={**scenario.satellites, "follower": SatelliteType(tracking=tracking)},
        elements={**scenario.elements, "ptss": follower},
        architectures=architectures,
    )


def with_roles(scenario: Scenario, roles: dict[str, bool]) -> Scenario:
    radars = {name: replace(kind, supports_intercept=roles[name]) for name, kind in scenario.radars.items()}
    return replace(scenario, radars=radars)


def defence(scenario: Scenario, mode: str, error_km: float | None) -> Defence:
    doctrine: Doctrine = replace(scenario.doctrine, mode=mode)
    if error_km is not None:
        doctrine = replace(doctrine, support="predicted", handover_error_km=Cited(error_km))
    return defence_of(scenario, replace(scenario, doctrine=doctrine).architecture("fast"))


def defended(chosen: Defence) -> NDArray[np.bool_]:
    return np.asarray((shots(STORE, FLIGHTS, chosen, STEP) > 0).any(axis=0))


def settled(*chosen: Defence) -> list[NDArray[np.bool_]]:
    """Return which flights each defence meets, judged together in one pruned pass."""

    def reach(interceptor: Interceptor) -> Reach:
        return stages.reach(STORE, interceptor)

    whole = [slice(0, len(FLIGHTS))]
    return [
        row > 0 for row in best_shots(FLIGHTS.elements, FLIGHTS.classes, chosen, [1] * len(chosen), reach, STEP, whole)
    ]


@PER_DRAW
@given(MODES, SUPPORTS, ROLES, trackings, st.floats(0.0, 30.0))
def test_a_tracking_satellite_never_loses_a_flight(
    mode: str, error: float | None, roles: dict[str, bool], tracking: SatelliteTracking, latency: float
) -> None:
    scenario = with_roles(SCENARIO, roles)
    without = defence(scenario, mode, error)
    more = defence(with_satellite(scenario, tracking, latency), mode, error)
    assert len(more.satellites) == (mode != "organic")
    assert not np.any(defended(without) & ~defended(more))
    assert is_subset(without, more)


@PER_DRAW
@given(MODES, ROLES, st.sampled_from(tuple(SCENARIO.radars)))
def test_a_radar_that_supports_intercepts_too_never_loses_a_flight(
    mode: str, roles: dict[str, bool], which: str
) -> None:
    less = defence(with_roles(SCENARIO, {**roles, which: False}), mode, None)
    more = defence(with_roles(SCENARIO, {**roles, which: True}), mode, None)
    assert not np.any(defended(less) & ~defended(more))
    assert is_subset(less, more)


@PER_DRAW
@given(st.sampled_from(("launch_on_remote", "engage_on_remote")), ROLES, st.booleans())
def test_another_radar_never_loses_a_flight_whatever_its_role(mode: str, roles: dict[str, bool], follows: bool) -> None:
    scenario = with_roles(SCENARIO, roles)
    if follows:
        scenario = with_satellite(scenario, EARLY)
    written = scenario.architectures["fast"]
    kept = tuple(element for element in written.elements if element != "kurecik")
    fewer = replace(scenario, architectures={**scenario.architectures, "fast": replace(written, elements=kept)})
    less, more = defence(fewer, mode, None), defence(scenario, mode, None)
    assert len(less.radars) == len(more.radars) - 1
    assert not np.any(defended(less) & ~defended(more))


EARLY = SatelliteTracking(acquisition_s=Cited(20.0), update_s=Cited(1.0), position_sigma_m=Cited(200.0))


def test_many_defences_at_once_judge_as_each_battery_alone() -> None:
    """Settled together, with what is known of subsets and supersets, or each battery by itself: the same flights."""
    chosen = [
        defence(with_satellite(with_roles(SCENARIO, roles), EARLY) if follows else with_roles(SCENARIO, roles), mode, e)
        for roles in ({"forward-x": True, "ship-s": False}, {"forward-x": False, "ship-s": True})
        for follows in (False, True)
        for mode in ("launch_on_remote", "engage_on_remote")
        for e in (None, 0.3)
    ]
    apart = [defended(each) for each in chosen]
    assert all(np.array_equal(*pair) for pair in zip(settled(*chosen), apart, strict=True))
    counts = {int(row.sum()) for row in apart}
    assert len(counts) > 3, "roles and satellites must matter to some of these"


def test_a_satellite_supports_where_no_radar_does_in_the_mode_that_admits_it_alone() -> None:
    """Worked out from the table of section 7: no radar's role, held support."""
    nobody = {"forward-x": False, "ship-s": False}
    for mode, follows in itertools.product(("organic", "launch_on_remote", "engage_on_remote"), (False, True)):
        scenario = with_roles(SCENARIO, nobody)
        chosen = defence(with_satellite(scenario, EARLY) if follows else scenario, mode, None)
        assert defended(chosen).any() == (follows and mode == "engage_on_remote"), (mode, follows)
    # With support predicted a role counts for nothing.
    roles = (nobody, {"forward-x": True, "ship-s": True})
    predicted = [defended(defence(with_roles(SCENARIO, each), "launch_on_remote", 0.3)) for each in roles]
    assert predicted[0].any()
    assert np.array_equal(*predicted)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, len(FLIGHTS) - 1), st.floats(0.0, 1200e3))
def test_the_seconds_above_an_altitude_are_those_of_every_second_tried(flight: int, altitude: float) -> None:
    row = FLIGHTS.elements[flight]
    assert row[STATUS] == 0.0
    burnout, impact = float(row[BURN_TIME]), int(row[IMPACT_TIME])
    above = [t for t in range(int(np.ceil(burnout)), impact + 1) if flight_state(row, float(t))[3] >= altitude]
    first, last = seconds_above(row, altitude)
    if not above:
        assert (first, last) == (0, -1)
        return
    begins = int(burnout) if above[0] == int(np.ceil(burnout)) else above[0]
    assert (first, last) == (begins, above[-1])


@pytest.mark.parametrize("altitude", [0.0, 100e3, 400e3, 550e3])
def test_a_satellite_s_track_runs_from_its_wait_after_burnout(altitude: float) -> None:
    starts = tuple(float(threat.burn_time_s) + 12.5 for threat in SCENARIO.threats.values())
    follower = TrackingSatellite(starts, 12.5, altitude, 2.0, 1.0, 200.0)
    chosen = replace(defence(SCENARIO, "engage_on_remote", None), satellites=(follower,), satellite_names=("ptss",))
    tracks = stages.tracks(Store(), FLIGHTS, chosen, STEP).intervals[-1]
    held = 0
    for row, kind, (track,) in zip(FLIGHTS.elements, FLIGHTS.classes, tracks[:, :1], strict=True):
        free = np.arange(int(row[BURN_TIME]), int(row[IMPACT_TIME]) + 1)
        high = [int(t) for t in free if flight_state(row, float(t))[3] >= altitude and t >= row[BURN_TIME]]
        begins = max(starts[int(kind)], float(high[0])) if high else np.inf
        if not high or begins > high[-1]:
            assert np.isnan(track).all()
            continue
        held += 1
        assert track.tolist() == [begins, high[-1]]
    assert held > 0
