"""The digest of a scenario is of its content; what Python changes is read by the rules of the file."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import pytest

import hoplon
import scenario_samples as samples
from hoplon.analysis.kept_coverages import CoverageRun, KeptCoverages
from hoplon.analysis.raid.campaign import ChunkTask
from hoplon.campaigns.plan import read_plan
from hoplon.errors import InputError, ScenarioError
from hoplon.questions.study import Study
from hoplon.scenario.geography import places
from hoplon.scenario.given.scenario import loaded_scenario
from hoplon.scenario.load import bundled_names, load_scenario, read_again
from hoplon.scenario.model import Cited, Scenario

BUNDLED = (*bundled_names(), str(samples.SMALL))
PLAN = "hoplon_campaign: 1\narchitectures: [whole]\nraids: [four]\nreplications: 10\n"


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return samples.full(tmp_path_factory.mktemp("full"))


@pytest.fixture(scope="module")
def small() -> Scenario:
    return load_scenario(samples.SMALL)


def test_every_changed_value_changes_the_digest_and_no_two_changes_are_taken_for_each_other(full: Scenario) -> None:
    found = {path: changed.sha256 for path, changed in samples.changes(full)}
    assert len(found) > 600
    for one in ("low", "high", "source", "kind", "note", "value"):
        assert f".threats[medium].max_range_km.{one}" in found
    unseen = [path for path, digest in found.items() if digest == full.sha256]
    assert not unseen
    assert len(set(found.values())) == len(found)


def test_a_change_of_the_last_digit_is_a_change(small: Scenario) -> None:
    medium = small.threats["medium"]
    moved = replace(medium, max_range_km=replace(medium.max_range_km, low=1800.0000000000002))
    assert replace(small, threats={"medium": moved}).sha256 != small.sha256


def test_kept_coverages_and_campaigns_of_a_changed_scenario_are_others(full: Scenario, tmp_path: Path) -> None:
    points = places(("ROU",)).subset([0, 1])
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN)
    names = {"architectures": full.architectures, "raids": full.raids, "elements": full.elements}
    plan = read_plan(file, names)

    def told(scenario: Scenario) -> tuple[str, str]:
        kept = KeptCoverages(tmp_path, scenario, points).path(CoverageRun("whole", "base")).name
        return kept, ChunkTask.of(scenario, plan, tmp_path).campaign.name

    every = [told(full), *(told(changed) for _, changed in samples.changes(full))]
    coverages, campaigns = zip(*every, strict=True)
    assert len(set(coverages)) == len(set(campaigns)) == len(every)
    assert told(replace(full)) == told(full)


def test_comments_order_of_keys_and_ways_of_writing_do_not_change_the_digest(small: Scenario, tmp_path: Path) -> None:
    text = samples.SMALL.read_text(encoding="utf-8")
    head, network, rest = text.partition("network: {latency_s: 2.0}\n")
    turned = f"# a comment\n{network}{head}{rest}".replace("{X: 0.02, S: 0.05}", "{S: 5.0e-2,   X: 2e-2}")
    turned = turned.replace("burn_time_s: 100", "burn_time_s: {kind: assumed, value: 1.0e2}")
    assert turned != text
    file = tmp_path / "turned.yaml"
    file.write_text(turned, encoding="utf-8")
    other = load_scenario(file)
    assert other == small
    assert other.sha256 == small.sha256
    assert list(other.threats["medium"].rcs_m2) == list(small.threats["medium"].rcs_m2)


def test_the_digest_is_the_same_in_another_process_and_for_an_equal_scenario(full: Scenario) -> None:
    sent = pickle.loads(pickle.dumps(full))
    assert sent == full
    assert sent.sha256 == full.sha256
    assert sent.checked
    assert replace(full).sha256 == full.sha256
    title = replace(full, title="Another")
    assert pickle.loads(pickle.dumps(title)).sha256 == title.sha256 != full.sha256


def test_a_mapping_changed_in_place_is_seen(small: Scenario) -> None:
    threats = dict(small.threats)
    changed = replace(small, threats=threats)
    assert changed.sha256 == small.sha256
    threats["other"] = threats["medium"]
    assert changed.sha256 != small.sha256


def test_what_the_loader_made_cannot_be_changed_in_place(full: Scenario) -> None:
    with pytest.raises(TypeError):
        full.architectures["whole"].doctrine["salvo"] = Cited(1.0)  # type: ignore[index]
    with pytest.raises(TypeError):
        full.threats["other"] = full.threats["medium"]  # type: ignore[index]


@pytest.mark.parametrize("name", BUNDLED)
def test_what_is_written_is_read_back_equal(name: str, tmp_path: Path) -> None:
    scenario = load_scenario(name)
    file = tmp_path / "written.yaml"
    file.write_text(scenario.to_yaml(), encoding="utf-8")
    for again in (load_scenario(file), read_again(scenario)):
        assert again == scenario
        assert again.sha256 == scenario.sha256
        assert [list(getattr(again, key)) for key in samples.SECTIONS] == [
            list(getattr(scenario, key)) for key in samples.SECTIONS
        ]


def test_a_record_of_every_type_is_read_back_equal(full: Scenario, tmp_path: Path) -> None:
    file = tmp_path / "written.yaml"
    file.write_text(full.to_yaml(), encoding="utf-8")
    assert load_scenario(file) == full == read_again(full)


# What Python changes


def changed_class(scenario: Scenario, **values: object) -> Scenario:
    medium = replace(scenario.threats["medium"], **values)  # type: ignore[arg-type]
    return replace(scenario, threats={"medium": medium})


def refused(scenario: Scenario) -> str:
    with pytest.raises((ScenarioError, InputError)) as caught:
        hoplon.coverage(scenario, "whole")
    return str(caught.value)


def test_a_number_outside_its_limits_is_refused_with_path_and_rule(small: Scenario) -> None:
    assert refused(changed_class(small, max_range_km=Cited(-5.0))) == (
        "scenario small, as changed: threats.medium.max_range_km.value: must be from 10 to 20015 km, got -5"
    )
    assert "a finite number was expected" in refused(changed_class(small, burn_time_s=Cited(float("nan"))))
    assert "low <= value <= high was expected" in refused(changed_class(small, burn_time_s=Cited(90.0, low=100.0)))
    assert "names its `source`" in refused(changed_class(small, burn_time_s=Cited(90.0, kind="measured")))
    assert "min_range_km must be less than max_range_km" in refused(changed_class(small, max_range_km=Cited(500.0)))


def test_an_unknown_name_is_refused_with_the_nearest_one(small: Scenario) -> None:
    whole = replace(small.architectures["whole"], elements=("watch", "eyes"))
    changed = replace(small, architectures={"whole": whole}, questions={})
    message = "scenario small, as changed: architectures.whole.elements[1]: 'eyes' is not in `elements`; "
    assert refused(changed) == f"{message}did you mean 'eye'?"


def test_every_error_of_a_change_is_named_at_once(small: Scenario) -> None:
    lines = refused(changed_class(small, max_range_km=Cited(-5.0), burn_time_s=Cited(1e9))).splitlines()
    assert len(lines) == 2
    assert all(line.startswith("scenario small, as changed: threats.medium.") for line in lines)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (object(), "threats.medium.max_range_km: a number, a text, a list or a record was expected, got object"),
        (None, "threats.medium.max_range_km: a number from 10 to 20015 km was expected, got nothing"),
        ("far", "threats.medium.max_range_km: a number from 10 to 20015 km was expected, got the text 'far'"),
        (Cited(10**400), "threats.medium.max_range_km.value: a finite number was expected, got one beyond 1e308"),
    ],
)
def test_what_is_no_value_of_a_scenario_is_refused(small: Scenario, value: object, message: str) -> None:
    assert refused(changed_class(small, max_range_km=value)).endswith(message)


def test_a_count_beside_a_radar_is_refused(small: Scenario) -> None:
    eye = replace(small.elements["eye"], count=Cited(3.0))
    changed = replace(small, elements={**small.elements, "eye": eye})
    assert "elements.eye: `count` belongs to a battery, and this is a radar" in refused(changed)


def test_a_change_that_keeps_the_rules_is_read_once_and_its_answers_carry_its_digest(small: Scenario) -> None:
    changed = changed_class(small, max_range_km=Cited(1500.0))
    read = loaded_scenario(changed)
    assert read == changed
    assert read.checked
    assert not changed.checked
    assert loaded_scenario(replace(changed)) is read
    assert loaded_scenario(read) is read
    assert loaded_scenario(small) is small
    told = hoplon.threat(changed).as_json()["scenario_sha256"]
    assert told == changed.sha256 != small.sha256


def test_a_study_of_a_changed_scenario_asks_for_its_own_coverages(small: Scenario, tmp_path: Path) -> None:
    points = places(("ROU",)).subset([0, 1])
    changed = changed_class(small, max_range_km=Cited(1500.0))
    one, other = (Study(item, points, tmp_path)._kept for item in (small, changed))
    assert one is not None
    assert other is not None
    run = CoverageRun("whole", "base")
    assert one.path(run) != other.path(run)
