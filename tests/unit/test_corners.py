"""The corners of the disputed inputs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

import report_samples as samples
from hoplon.analysis.bounds import disputed_inputs, with_bound
from hoplon.analysis.corners import at_corner, better_with, corner, disputed_numbers
from hoplon.analysis.defence import defence_of
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Level, Scenario, path_text

DISPUTED = """
extends: toy
hoplon: 1
name: disputes
disputed: [interceptors.exo-45.min_elevation_deg, doctrine.decision_s, elements.kurecik.boresights_deg, radars.*.search]
doctrine: {decision_s: {value: 50, low: 15, high: 200}}
interceptors: {exo-45: {min_elevation_deg: {value: 15, low: 10, high: 20}}}
radars: {forward-x: {search: {reference_range_km: {value: 870, low: 580, high: 1500}}}}
elements: {kurecik: {boresights_deg: [{value: 105, low: 60, high: 130}]}}
architectures: {fast-remote: {doctrine: {decision_s: {value: 30, low: 20, high: 90}}}}
"""


def toy_with_disputes(folder: Path, text: str = DISPUTED) -> Scenario:
    file = folder / "disputes.yaml"
    file.write_text(text, encoding="utf-8")
    return load_scenario(file)


@pytest.fixture
def disputes(tmp_path: Path) -> Scenario:
    return toy_with_disputes(tmp_path)


@pytest.mark.parametrize(
    ("level", "elevation", "decision", "override", "search"),
    [("low", 20.0, 200.0, 90.0, 580.0), ("base", 15.0, 50.0, 30.0, 870.0), ("high", 10.0, 15.0, 20.0, 1500.0)],
)
def test_a_corner_moves_every_disputed_input_to_its_end(
    disputes: Scenario, level: Level, elevation: float, decision: float, override: float, search: float
) -> None:
    there = corner(disputes, level)
    assert float(there.interceptors["exo-45"].min_elevation_deg) == elevation
    assert float(there.doctrine.decision_s) == decision
    assert float(there.architecture("fast-remote").doctrine.decision_s) == override
    assert float(there.radars["forward-x"].search.reference_range_km or 0.0) == search


def test_an_input_without_a_worse_end_stays_in_the_corners(disputes: Scenario) -> None:
    for level in ("low", "high"):
        assert corner(disputes, level).elements["kurecik"] == disputes.elements["kurecik"]


def test_a_corner_is_made_of_what_is_disputed_alone(disputes: Scenario) -> None:
    there = replace(disputes, disputed=("doctrine.decision_s",))
    assert corner(there, "low").interceptors == disputes.interceptors
    assert [path_text(steps) for steps in disputed_numbers(there)] == [
        "doctrine.decision_s",
        "architectures.fast-remote.doctrine.decision_s",
    ]


def test_without_the_key_the_inputs_of_the_format_make_the_corners() -> None:
    sample = samples.scenario()
    low = corner(sample, "low")
    assert {threat.rcs_m2["X"].value for threat in low.threats.values()} == {0.005}
    assert low.interceptors["sm3-iia"].burnout_speed_km_s.value == pytest.approx(4.05)
    assert low.doctrine.decision_s.value == 200.0
    assert corner(sample, "high").doctrine.decision_s.value == 15.0
    assert low.radars == sample.radars


def test_what_a_question_changed_stays_changed_in_a_corner(disputes: Scenario) -> None:
    given = disputes.architecture("fast-remote")
    eye = replace(given.elements["kurecik"], at=None)
    changed = replace(given, elements=MappingProxyType({**given.elements, "kurecik": eye}))
    there, found = at_corner(disputes, changed, "low")
    assert found.elements["kurecik"].at is None
    assert float(found.doctrine.decision_s) == 90.0
    assert there is corner(disputes, "low")


def test_kernels_are_given_the_corner(disputes: Scenario) -> None:
    low, high = (defence_of(disputes, disputes.architecture("fast-remote"), level) for level in ("low", "high"))
    assert (low.timing.decision, high.timing.decision) == (90.0, 20.0)
    assert low.level == "low"
    assert low.radars[0].search_ranges[0] < high.radars[0].search_ranges[0]


@pytest.mark.parametrize(
    ("path", "way"),
    [
        ("threats.medium.rcs_m2.X", 1),
        ("radars.eye.track.reference_range_km", 1),
        ("radars.eye.search.reference_rcs_m2", -1),
        ("radars.eye.elevation_deg.0", -1),
        ("radars.eye.elevation_deg.1", 1),
        ("interceptors.fast.burnout_speed_km_s", 1),
        ("interceptors.fast.burn_time_s", 0),
        ("interceptors.fast.intercept_altitude_km.0", -1),
        ("interceptors.fast.intercept_altitude_km.1", 1),
        ("elements.eye.boresights_deg.0", 0),
        ("elements.eye.latency_s", -1),
        ("network.latency_s", -1),
        ("architectures.one.network.latency_s", -1),
        ("architectures.one.doctrine.decision_s", -1),
        ("doctrine.handover_s", 0),
        ("satellites.infrared.alert_s", -1),
        ("satellites.infrared.tracking.position_sigma_m", -1),
        ("threats.medium.burn_time_s", 0),
    ],
)
def test_which_way_a_number_is_better(path: str, way: int) -> None:
    assert better_with(tuple(int(step) if step.isdigit() else step for step in path.split("."))) == way


def test_inputs_one_at_a_time_are_called_by_what_they_are(disputes: Scenario) -> None:
    found = disputed_inputs(disputes)
    assert list(found) == [
        "interceptors.exo-45.min_elevation_deg",
        "decision_time",
        "elements.kurecik.boresights_deg",
        "radars.*.search",
    ]
    assert found["elements.kurecik.boresights_deg"].title.startswith("radar azimuth of ")
    assert found["decision_time"].worse == "later release decisions"
    lower, upper = (with_bound(disputes, "elements.kurecik.boresights_deg", bound) for bound in ("worse", "better"))
    assert [float(there.elements["kurecik"].boresights_deg[0]) for there in (lower, upper)] == [60.0, 130.0]
    assert float(with_bound(disputes, "decision_time", "worse").doctrine.decision_s) == 200.0
