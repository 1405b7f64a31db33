"""What kernels take of an architecture: the numbers of a file in metres, seconds and radians, written out here."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from hoplon.analysis.defence import alerts_of, defence_of
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Cited, Scenario

RADIAN = math.pi / 180.0
WRITTEN = """
extends: toy
hoplon: 1
name: records
threats:
  mrbm: {burn_time_s: 100, rcs_m2: {C: 0.0016}}
  irbm: {burn_time_s: 160, rcs_m2: {S: 0.5}}
radars:
  narrow:
    band: C
    search: {reference_range_km: 600, reference_rcs_m2: 0.0001}
    track: {reference_range_km: 900, reference_rcs_m2: 0.0001}
    min_range_km: 25
    max_range_km: 1500
    elevation_deg: [3, 80]
    sector_halfwidth_deg: 60
    update_s: 2
    range_sigma_m: 30
    angle_sigma_mrad: 1.5
    acquisition_s: 12
    cued_acquisition_s: 4
  wide:
    band: S
    search: {reference_range_km: 500, reference_rcs_m2: 0.5}
    track: {reference_range_km: 700, reference_rcs_m2: 0.5}
    max_range_km: 800
    elevation_deg: [0, 90]
    update_s: 5
    range_sigma_m: 60
    angle_sigma_mrad: 3
    acquisition_s: 20
    cued_acquisition_s: 10
    requires_cue: true
    supports_intercept: false
satellites:
  warn: {alert_s: 70, detect_s: 110}
  follow:
    alert_s: 80
    detect_s: 50
    tracking: {acquisition_s: 9, min_altitude_km: 60, update_s: 3, position_sigma_m: 400}
interceptors:
  round:
    burnout_speed_km_s: 4.2
    min_burnout_speed_km_s: 4
    burn_time_s: 65
    intercept_altitude_km: [70, 500]
    max_flight_time_s: 400
    min_elevation_deg: 20
elements:
  first: {radar: narrow, at: [40, 30], boresights_deg: [100, 250], latency_s: 8}
  second: {radar: wide, at: [41, 29]}
  shown: {radar: narrow, at: [39, 31], boresights_deg: [90], partner: true}
  eye: {satellite: warn, latency_s: 1}
  path: {satellite: follow}
  guns: {battery: round, at: [40.5, 30.5], radars: [second, first], count: 7}
  theirs: {battery: round, at: [39.5, 31.5], radars: [first], count: 9, partner: true}
architectures:
  all:
    elements: [first, second, shown, eye, path, guns, theirs]
    network: {latency_s: 3}
    doctrine: {mode: engage_on_remote}
  alone: {extends: all, doctrine: {mode: organic}}
  slow:
    extends: all
    c2: mesh
    doctrine: {firm_track_s: 11, decision_s: 13, reaction_s: 17, support_s: 19, handover_s: 23, kill_assessment_s: 29,
      look: false}
  governed: {extends: slow, c2: hub_cold}
  launch: {extends: all, doctrine: {mode: launch_on_remote, shots_required: 2, salvo: 2, support: predicted,
    handover_error_km: 2.5}}
"""
NETWORKED = {"all": True, "alone": False, "launch": True}


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    file = tmp_path_factory.mktemp("records") / "records.yaml"
    file.write_text(WRITTEN, encoding="utf-8")
    return load_scenario(file)


def test_a_radar_is_in_metres_seconds_and_radians(records: Scenario) -> None:
    """A cross-section 16 times the reference doubles the range; one without the band is not seen."""
    first, second, shown = defence_of(records, records.architecture("all")).radars
    assert (first.latitude, first.longitude) == pytest.approx((40 * RADIAN, 30 * RADIAN), rel=1e-15)
    assert first.search_ranges == pytest.approx((1200e3, 0.0), rel=1e-12)
    assert first.track_ranges == pytest.approx((1500e3, 0.0), rel=1e-12)  # the greatest, where 1,800 km would be
    assert second.search_ranges[1] == pytest.approx(500e3, rel=1e-12)
    assert (first.minimum_range, second.minimum_range) == (25e3, 0.0)
    assert (first.elevation_low, first.elevation_high) == pytest.approx((3 * RADIAN, 80 * RADIAN), rel=1e-15)
    assert first.boresights == pytest.approx((100 * RADIAN, 250 * RADIAN), rel=1e-15)
    assert first.sector_halfwidth == pytest.approx(60 * RADIAN, rel=1e-15)
    assert second.sector_halfwidth is None
    assert (first.acquisition, first.cued_acquisition, first.update) == (12.0, 4.0, 2.0)
    assert (first.range_sigma, first.angle_sigma) == pytest.approx((30.0, 1.5e-3), rel=1e-15)
    assert (first.latency, second.latency) == (8.0, 3.0)  # its own, and the network's
    assert [one.requires_cue for one in (first, second)] == [False, True]
    assert [one.tasked for one in (first, second, shown)] == [True, True, False]


def test_an_interceptor_is_in_metres_seconds_and_radians(records: Scenario) -> None:
    """It gives up no more speed than it has."""
    (kind,) = defence_of(records, records.architecture("all")).interceptors
    assert (kind.burnout_speed, kind.burn_time, kind.maximum_flight_time) == (4200.0, 65.0, 400.0)
    assert (kind.altitude_low, kind.altitude_high) == (70e3, 500e3)
    assert kind.minimum_elevation == pytest.approx(20 * RADIAN, rel=1e-15)
    assert kind.slowest_burnout == 4000.0
    slower = replace(records.interceptors["round"], burnout_speed_km_s=Cited(3.0))
    changed = replace(records, interceptors={**records.interceptors, "round": slower})
    (kind,) = defence_of(changed, changed.architecture("all")).interceptors
    assert (kind.burnout_speed, kind.slowest_burnout) == (3000.0, 3000.0)


def test_a_satellite_follows_from_burnout_and_its_acquisition_on(records: Scenario) -> None:
    found = defence_of(records, records.architecture("all"))
    (path,) = found.satellites
    assert found.satellite_names == ("path",)
    assert path.track_starts == (109.0, 169.0)
    assert (path.acquisition, path.minimum_altitude, path.update, path.position_sigma) == (9.0, 60e3, 3.0, 400.0)
    assert path.latency == 3.0
    assert defence_of(records, records.architecture("alone")).satellites == ()


def test_an_alert_is_the_first_of_the_satellites_that_see_a_class_burn(records: Scenario) -> None:
    """The first, seen at 110 s, misses the class that burns for 100; it tells of the other after 1 s of 70."""
    found = records.architecture("all")
    assert alerts_of(records, found) == defence_of(records, found).alerts == (83.0, 71.0)
    blind = load_scenario("toy")
    fast = blind.architecture("fast")
    kept = {name: one for name, one in fast.elements.items() if one.form != "satellite"}
    assert alerts_of(blind, replace(fast, elements=kept)) == (math.inf, math.inf)


@pytest.mark.parametrize(
    ("name", "remote", "supporters", "shots"),
    [("all", True, (0, 2, 3), 7), ("alone", False, (0,), 7), ("launch", True, (0,), 3)],
)
def test_a_battery_has_its_own_radars_and_those_that_may_support_it(
    records: Scenario, name: str, remote: bool, supporters: tuple[int, ...], shots: int
) -> None:
    """The second radar's role is not to support; satellites do, where intercepts are engaged on remote."""
    found = defence_of(records, records.architecture(name))
    (guns,) = found.batteries  # a partner's is never tasked
    assert found.battery_names == ("guns",)
    assert (guns.latitude, guns.longitude) == pytest.approx((40.5 * RADIAN, 30.5 * RADIAN), rel=1e-15)
    assert guns.own_radars == (1, 0)
    assert guns.remote_commit == remote
    assert guns.supporters == supporters
    assert guns.shots == shots  # salvoes of 1, 1, 2
    assert found.networked == NETWORKED[name]
    assert (found.shots_required, found.salvo) == ((2, 2) if name == "launch" else (1, 1))
    assert found.timing.handover_error == (2500.0 if name == "launch" else None)


def test_the_times_of_a_doctrine_are_in_their_places_and_a_hub_alone_fuses_in_one(records: Scenario) -> None:
    timing = defence_of(records, records.architecture("slow")).timing
    assert (timing.firm_track, timing.decision, timing.reaction) == (11.0, 13.0, 17.0)
    assert (timing.support, timing.handover, timing.kill_assessment) == (19.0, 23.0, 29.0)
    assert (timing.look, timing.central) == (False, False)
    assert defence_of(records, records.architecture("governed")).timing == replace(timing, central=True)
