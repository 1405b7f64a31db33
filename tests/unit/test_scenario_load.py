"""A scenario file becomes records: values, sources, order, inheritance, extension."""

import json
import os
from pathlib import Path

import pytest

from hoplon.errors import ScenarioError, UnknownNameError
from hoplon.scenario.load import load_scenario, load_text
from hoplon.scenario.model import Cited, Membership, Place, Scenario

SMALL = Path(__file__).parents[1] / "data" / "small.yaml"


@pytest.fixture(scope="module")
def small() -> Scenario:
    return load_scenario(SMALL)


def extended(folder: Path, text: str) -> Scenario:
    """Load a file that extends the small scenario."""
    file = folder / "mine.yaml"
    (folder / SMALL.name).write_bytes(SMALL.read_bytes())
    file.write_text(f"hoplon: 1\nname: mine\nextends: {SMALL.name}\n{text}", encoding="utf-8")
    return load_scenario(file)


def test_a_cited_number_keeps_its_bounds_and_source(small: Scenario) -> None:
    assert small.threats["medium"].max_range_km == Cited(2000.0, 1800.0, 2200.0, "report", "published", "")


def test_a_plain_number_counts_as_assumed(small: Scenario) -> None:
    assert small.threats["medium"].burn_time_s == Cited(100.0, None, None, None, "assumed", "")


def test_a_plain_number_in_a_record_with_a_source_is_published_there_also_one_level_down(small: Scenario) -> None:
    radar = small.radars["forward"]
    assert radar.max_range_km == Cited(2000.0, source="report", kind="published")
    assert radar.search.reference_rcs_m2 == Cited(0.01, source="report", kind="published")


def test_a_cited_number_does_not_take_the_source_of_its_record(small: Scenario) -> None:
    assert small.radars["forward"].track.reference_range_km == Cited(1100.0, kind="derived")


def test_a_level_without_a_bound_falls_back_to_the_value() -> None:
    number = Cited(30.0, low=15.0)
    assert (number.at("low"), number.at("base"), number.at("high")) == (15.0, 30.0, 30.0)
    assert float(number) == 30.0


def test_norway_is_a_code_and_not_false(small: Scenario) -> None:
    assert list(small.nations) == ["DEU", "NOR", "ROU"]


def test_a_place_is_latitude_longitude_altitude(small: Scenario) -> None:
    assert small.elements["eye"].at == Place(38.35, 37.79, 2085.0)


def test_a_satellite_has_no_place_and_a_radar_no_magazine(small: Scenario) -> None:
    assert small.elements["watch"].at is None
    assert float(small.elements["eye"].count) == 0


def test_defaults_of_the_format_are_those_of_the_model(small: Scenario) -> None:
    assert float(small.doctrine.support_s) == 10
    assert float(small.doctrine.salvo) == 1
    assert small.doctrine.look is True
    assert small.doctrine.support == "held"
    assert float(small.interceptors["exo"].min_elevation_deg) == 15
    assert float(small.interceptors["exo"].min_burnout_speed_km_s) == 1
    assert small.threats["medium"].lofts_deg == (0.0,)
    assert small.threats["medium"].launch_areas is None


def test_raids_strategic_costs_sources_and_questions_are_read(small: Scenario) -> None:
    group = small.raids["four"].threats[0]
    assert (group.threat, group.from_, group.aim, float(group.count)) == ("medium", "east", Place(44.43, 26.1), 4.0)
    assert small.strategic[0].aim == Place(38.9, -77.0)
    assert small.costs is not None
    assert (small.costs.base_year, float(small.costs.discount_rate)) == (2009, 0.03)
    assert small.sources["report"].citation == "A report, 2012"
    assert small.questions["Q3"].architectures == ("whole", "later")


def test_an_element_outside_its_years_is_inactive_with_the_reason(small: Scenario) -> None:
    later = small.architecture("later")
    assert list(later.elements) == ["eye", "shield", "hub"]
    assert dict(later.inactive) == {"watch": "until 2015, over in 2016"}


def test_an_architecture_inherits_and_overrides(small: Scenario) -> None:
    later = small.architecture("later")
    assert later.mode == later.doctrine.mode == "engage_on_remote"
    assert later.doctrine.decision_s == Cited(15.0)
    assert float(later.doctrine.firm_track_s) == 20
    assert (later.year, later.c2, later.title) == (2016, "hub", "later")


def test_organic_mode_overrides_the_inherited_command_form(small: Scenario) -> None:
    alone = small.architecture("alone")
    assert alone.c2 == "organic"
    assert list(alone.elements) == ["shield", "hub"]


def test_a_name_may_be_written_with_an_underscore(tmp_path: Path) -> None:
    scenario = extended(tmp_path, "architectures: {by-sea: {elements: [shield, eye]}}\n")
    assert scenario.architecture("by_sea").name == "by-sea"


def test_an_unknown_architecture_is_refused_with_the_nearest(small: Scenario) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'whole'"):
        small.architecture("whol")


def test_the_mappings_cannot_be_changed(small: Scenario) -> None:
    with pytest.raises(TypeError):
        small.elements["new"] = small.elements["eye"]  # type: ignore[index]


def test_lists_of_assumed_and_cited_numbers_name_the_place_in_the_file(small: Scenario) -> None:
    assumed = dict(small.assumed())
    cited = dict(small.cited())
    assert float(assumed["interceptors.exo.burn_time_s"]) == 60
    assert float(assumed["threats.medium.from"]) == 2009
    assert float(assumed["interceptors.exo.min_elevation_deg"]) == 15
    assert float(cited["radars.forward.elevation_deg[1]"]) == 80
    assert not set(assumed) & set(cited)
    assert "elements.eye.launch_interval_s" not in assumed
    assert float(assumed["elements.shield.launch_interval_s"]) == 2


def test_membership_by_year(tmp_path: Path) -> None:
    file = tmp_path / "members.yaml"
    file.write_text("hoplon: 1\nname: m\nnations: {DEU: {from: 1955}, MNE: {from: 2017, until: 2020}, NOR: }\n")
    scenario = load_scenario(file)
    assert scenario.nations["MNE"] == Membership(2017, 2020)
    assert scenario.members(2016) == ("DEU", "NOR")
    assert scenario.members(2017) == ("DEU", "MNE", "NOR")
    assert scenario.members(2020) == ("DEU", "NOR")
    assert scenario.members(None) == ("DEU", "MNE", "NOR")


def test_a_file_extends_another_key_by_key(tmp_path: Path) -> None:
    scenario = extended(tmp_path, "threats: {medium: {burn_time_s: 110}}\nnations: [TUR]\n")
    assert scenario.name == "mine"
    assert float(scenario.threats["medium"].burn_time_s) == 110
    assert float(scenario.threats["medium"].burnout_altitude_km) == 90
    assert list(scenario.nations) == ["TUR"]
    assert list(scenario.architectures) == ["whole", "later", "alone"]


def test_a_new_value_takes_nothing_over_from_the_one_it_replaces(tmp_path: Path) -> None:
    scenario = extended(tmp_path, "threats: {medium: {max_range_km: {value: 2500}}}\n")
    assert scenario.threats["medium"].max_range_km == Cited(2500.0)


def test_nothing_takes_a_key_away(tmp_path: Path) -> None:
    scenario = extended(tmp_path, "raids: {four: }\nradars: {forward: {sector_halfwidth_deg: null}}\n")
    assert not scenario.raids
    assert scenario.radars["forward"].sector_halfwidth_deg is None


def test_a_file_extends_one_beside_it_wherever_it_is_called_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "base.yaml").write_bytes(SMALL.read_bytes())
    (tmp_path / "mine.yaml").write_text("hoplon: 1\nname: mine\nextends: base.yaml\n")
    monkeypatch.chdir("/")
    assert load_scenario(tmp_path / "mine.yaml").elements["hub"].owner == "DEU"


def test_the_hash_is_of_what_is_said_not_of_how(tmp_path: Path) -> None:
    text = SMALL.read_text(encoding="utf-8")
    same = tmp_path / "same.yaml"
    same.write_text("# a comment\n" + text.replace("burn_time_s: 100", "burn_time_s: 1.0e2"), encoding="utf-8")
    other = tmp_path / "other.yaml"
    other.write_text(text.replace("burn_time_s: 100", "burn_time_s: 101"), encoding="utf-8")
    assert load_scenario(same).sha256 == load_scenario(SMALL).sha256
    assert load_scenario(other).sha256 != load_scenario(SMALL).sha256


@pytest.mark.parametrize(
    "title", ["Bär \U0001f43b", "two \\ and \U0001f43b", "\\ud83d\\udc3b as it is written", "\U0001f43b\U0001f43b"]
)
def test_json_with_characters_in_two_halves_is_read(tmp_path: Path, title: str) -> None:
    file = tmp_path / "bear.json"
    file.write_text(json.dumps({"hoplon": 1, "name": "bear", "extends": "toy", "title": title}), encoding="utf-8")
    assert load_scenario(file).title == title


def test_json_is_read_as_well(tmp_path: Path) -> None:
    file = tmp_path / "s.json"
    content = {"hoplon": 1, "name": "j", "nations": ["NOR"], "launch_areas": {"a": {"at": [1.5, -2]}}}
    file.write_text(json.dumps(content, indent="\t"))
    assert load_scenario(file).launch_areas["a"].at == Place(1.5, -2.0)


def test_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_bytes(SMALL.read_text(encoding="utf-8").replace("\n", "\r\n").encode("utf-8-sig"))
    assert load_scenario(file).sha256 == load_scenario(SMALL).sha256


def test_a_scenario_of_threats_alone_needs_no_doctrine(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text("hoplon: 1\nname: bare\n")
    assert load_scenario(file).title == "bare"


def test_every_element_names_exactly_its_form(small: Scenario) -> None:
    forms = [element.form for element in small.elements.values()]
    assert forms == ["satellite", "radar", "battery", "node"]


def test_a_missing_file_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"nowhere\.yaml:1:1: no such file"):
        load_scenario(tmp_path / "nowhere.yaml")


def test_a_scenario_is_read_where_files_cannot_be_opened_without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    before = load_scenario("toy").sha256
    monkeypatch.delattr(os, "O_NONBLOCK")  # "Availability: Unix", says the manual of Python
    assert load_scenario("toy").sha256 == before


def test_a_text_that_was_sent_extends_bundled_scenarios_and_opens_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("base.yaml", "base"):
        (tmp_path / name).write_text("hoplon: 1\nname: base\nextends: toy\n", encoding="utf-8")
    scenario, _ = load_text("name: mine\nextends: toy\n")
    assert (scenario.name, scenario.extends) == ("mine", "toy")
    for name in ("base.yaml", "base", "./base.yaml", str(tmp_path / "base.yaml"), "../base.yaml", "/etc/passwd"):
        with pytest.raises(ScenarioError, match=r"^scenario:1:10: extends: ") as refused:
            load_text(f"extends: {name}\nname: mine\n")
        assert "root:" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "told"), [("", "empty"), ("x" * (4 * 2**20 + 1), "larger than 4 MiB"), ("name: \ud800", "U\\+D800")]
)
def test_a_text_that_was_sent_is_refused_in_words(text: str, told: str) -> None:
    with pytest.raises(ScenarioError, match=told):
        load_text(text)
