"""Paths that name inputs of a scenario, and what is refused of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from hoplon.errors import ScenarioError
from hoplon.scenario.load import load_scenario, read_again
from hoplon.scenario.model import Scenario, path_text
from hoplon.scenario.paths import bounded_numbers, is_named, with_values

SCENARIO = """
hoplon: 1
name: disputes
nations: [TUR, GRC]
launch_areas: {east: {at: [34.0, 48.0]}}
threats:
  near.1: {max_range_km: 2000, min_range_km: 300, burn_time_s: 70, burnout_altitude_km: 40, burnout_ground_range_km: 50,
           rcs_m2: {X: {value: 0.03, low: 0.01, high: 0.1}, S: 0.1}}
  far: {max_range_km: 4000, min_range_km: 300, burn_time_s: 90, burnout_altitude_km: 60, burnout_ground_range_km: 80,
        rcs_m2: {X: {value: 0.03, high: 0.1}}}
radars:
  eye: {band: X, max_range_km: 2000, elevation_deg: [0, 85], update_s: 1, range_sigma_m: 10, angle_sigma_mrad: 1,
        search: {reference_range_km: 870, reference_rcs_m2: 0.01},
        track: {reference_range_km: 1100, reference_rcs_m2: 0.01}, acquisition_s: 10, cued_acquisition_s: 5}
interceptors:
  slow: {burnout_speed_km_s: {value: 3, low: 2.7, high: 3.5}, burn_time_s: 60, max_flight_time_s: 500,
         intercept_altitude_km: [90, {value: 500, high: 600}], single_shot_kill_probability: 0.8}
elements:
  tower: {radar: eye, at: [38.3, 37.8], boresights_deg: [{value: 105, low: 60, high: 130}, 225]}
  ship: {battery: slow, at: [35.0, 28.0], radars: [tower], count: 20}
network: {latency_s: 5}
doctrine: {mode: engage_on_remote, firm_track_s: 15, decision_s: {value: 50, low: 15, high: 200}, reaction_s: 5,
           handover_s: 20, kill_assessment_s: 20}
architectures:
  one: {elements: [tower, ship]}
  other: {extends: one, doctrine: {decision_s: {value: 30, low: 10, high: 100}}}
"""


def written(folder: Path, more: str = "") -> Path:
    file = folder / "disputes.yaml"
    file.write_text(SCENARIO + more, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return load_scenario(written(tmp_path_factory.mktemp("paths")))


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("threats.*.rcs_m2.*", ["threats.near.1.rcs_m2.X", "threats.far.rcs_m2.X"]),
        ("threats.*.rcs_m2", ["threats.near.1.rcs_m2.X", "threats.far.rcs_m2.X"]),
        ("threats.near.1.rcs_m2.X", ["threats.near.1.rcs_m2.X"]),
        ("interceptors.*.burnout_speed_km_s", ["interceptors.slow.burnout_speed_km_s"]),
        ("interceptors.slow.intercept_altitude_km[1]", ["interceptors.slow.intercept_altitude_km[1]"]),
        ("interceptors.slow.intercept_altitude_km[0]", []),
        ("elements.tower.boresights_deg", ["elements.tower.boresights_deg[0]"]),
        ("elements.*.boresights_deg[*]", ["elements.tower.boresights_deg[0]"]),
        ("doctrine.decision_s", ["doctrine.decision_s", "architectures.other.doctrine.decision_s"]),
        ("architectures.other.doctrine.decision_s", ["architectures.other.doctrine.decision_s"]),
        ("threats.*.rcs", []),
        ("threats.*.rcs_m2.X.value", []),
    ],
)
def test_a_path_names_the_numbers_below_it(scenario: Scenario, path: str, named: list[str]) -> None:
    assert [path_text(steps) for steps in bounded_numbers(scenario) if is_named(path, steps)] == named


def test_moved_numbers_alone_differ(scenario: Scenario) -> None:
    steps = ("elements", "tower", "boresights_deg", 0)
    override = ("architectures", "other", "doctrine", "decision_s")
    moved = with_values(scenario, {steps: 60.0, override: 12.0})
    assert [float(azimuth) for azimuth in moved.elements["tower"].boresights_deg] == [60.0, 225.0]
    assert float(moved.architecture("other").doctrine.decision_s) == 12.0
    assert float(moved.architecture("one").doctrine.decision_s) == 50.0
    assert with_values(moved, {steps: 105.0, override: 30.0}) == scenario


def test_disputed_inputs_are_written_and_read_back(tmp_path: Path) -> None:
    scenario = load_scenario(written(tmp_path, "disputed: [elements.tower.boresights_deg, doctrine.decision_s]\n"))
    assert scenario.disputed == ("elements.tower.boresights_deg", "doctrine.decision_s")
    assert read_again(scenario) == scenario
    assert scenario.sha256 != load_scenario(written(tmp_path)).sha256


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        (
            "[threats.*.rcs_m3]",
            "'threats.*.rcs_m3' names no number of the scenario; did you mean 'threats.*.rcs_m2.X'?",
        ),
        ("[doctrine.reaction_s]", "doctrine.reaction_s has no bounds; give `low` or `high` beside the `value`"),
        ("[radars.*.search]", "none of the 2 numbers that it names has bounds; give `low` or `high`"),
        ("[elements.tower.at]", "'elements.tower.at' names no number of the scenario"),
        ("[]", "disputed: a list of at least 1 was expected"),
        ("doctrine.decision_s", "disputed: a list was expected"),
        ("[doctrine.decision_s, doctrine.decision_s]", "'doctrine.decision_s' is in the list already"),
    ],
)
def test_paths_that_name_nothing_disputed_are_refused(tmp_path: Path, listed: str, said: str) -> None:
    with pytest.raises(ScenarioError) as refusal:
        load_scenario(written(tmp_path, f"disputed: {listed}\n"))
    assert said in str(refusal.value)
    assert "disputes.yaml:27:" in str(refusal.value)


def test_bounds_of_an_azimuth_in_the_wrong_order_are_refused(tmp_path: Path) -> None:
    file = written(tmp_path)
    file.write_text(SCENARIO.replace("low: 60, high: 130", "low: 130, high: 60"), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"boresights_deg\[0\]: low <= value <= high was expected"):
        load_scenario(file)


def test_a_value_fixed_in_a_file_that_extends_another_is_no_longer_disputed(tmp_path: Path) -> None:
    head = "extends: nato-europe\nhoplon: 1\nname: fixed\ndoctrine: {decision_s: 100}\n"
    path = tmp_path / "fixed.yaml"
    path.write_text(head, encoding="utf-8")
    assert load_scenario(path).doctrine.decision_s.value == 100
    path.write_text(head + "disputed: [doctrine.decision_s]\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="has no bounds"):
        load_scenario(path)
