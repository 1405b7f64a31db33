"""What-ifs as documents: one form for one meaning, refusals in words, the same scenario as the file that is saved."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import hoplon
import hoplon.scenario.model
from hoplon.analysis.defence import LEVELS, defence_of
from hoplon.api import WhatIf, apply, saved
from hoplon.errors import HoplonError, InputError, ScenarioError, UnknownNameError
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Place, Scenario

SHIP = "ship-east-iia"


@pytest.fixture(scope="module")
def nato() -> Scenario:
    return hoplon.load("nato-europe")


def ship_at(*place: float) -> dict[str, Any]:
    return {"architecture": "phase-3", "move": {SHIP: list(place)}}


def test_one_meaning_has_one_document_and_one_id(nato: Scenario) -> None:
    first = WhatIf.of({"architecture": "phase-3", "off": ["kurecik", "ptss"], "move": {SHIP: [36.004, 20.0]}})
    second = WhatIf.of(
        {
            "move": {SHIP: (36, 19.9996)},
            "off": ["ptss", "kurecik", "ptss"],
            "add": {},
            "year": None,
            "architecture": "phase-3",
            "scenario": nato.sha256,
        }
    )
    written = {"architecture": "phase-3", "move": {SHIP: [36.0, 20.0]}, "off": ["kurecik", "ptss"]}
    assert first.document() == written
    assert list(first.document()) == sorted(written)
    assert second.document() == {**written, "scenario": nato.sha256}
    assert first.id(nato) == second.id(nato)
    assert WhatIf.of(first.document()) == first
    assert WhatIf.of(ship_at(36.0, 20.01)).id(nato) != WhatIf.of(ship_at(36.0, 20.0)).id(nato)
    assert first.id(nato) != first.id(hoplon.load("gulf"))


def test_numbers_and_seams_are_written_in_one_way() -> None:
    made = WhatIf.of(
        {"architecture": "a", "doctrine": {"decision_s": 60.0, "look": True}, "move": {"x": [-0.001, -180]}}
    )
    assert made.document()["doctrine"] == {"decision_s": 60, "look": True}
    assert str(made.document()["move"]["x"]) == "[0.0, 180.0]"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({}, "`architecture` is missing"),
        ({"architecture": "phase-3", "mvoe": {}}, "unknown key 'mvoe'; did you mean 'move'?"),
        ({"architecture": 3}, "architecture: a name of at most 64 characters was expected, got 3"),
        (ship_at(91, 10), "move.ship-east-iia: latitude must be from -90 to 90 degrees, got 91"),
        (ship_at(36), r"move.ship-east-iia: \(latitude, longitude\) in degrees was expected"),
        ({"architecture": "phase-3", "move": {SHIP: "36,20"}}, r"\[latitude, longitude\] in degrees was expected"),
        ({"architecture": "phase-3", "move": [SHIP]}, "move: a mapping was expected, got list"),
        ({"architecture": "phase-3", "off": {"a": 1}}, "off: a list of names was expected, got dict"),
        ({"architecture": "phase-3", "year": 2018.5}, "year: a whole year from 1900 to 2200 was expected, got 2018.5"),
        ({"architecture": "phase-3", "year": True}, "year: a whole year"),
        ({"architecture": "phase-3", "doctrine": {"decision_s": float("nan")}}, "decision_s: a finite number"),
        ({"architecture": "phase-3", "doctrine": {"decision_s": 10**400}}, "a number of more than 300 digits"),
        ({"architecture": "phase-3", "doctrine": {"decision_s": object()}}, "a number, a text, a list or a mapping"),
        ({"architecture": "phase-3", "scenario": "abc"}, "scenario: the 64 hexadecimal digits"),
        ({"architecture": "phase-3", "off": [f"e{n}" for n in range(1001)]}, "at most 1,000 changes were"),
    ],
)  # fmt: skip
def test_what_is_no_document_is_refused_with_its_path(document: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        WhatIf.of(document)


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"architecture": "phase-33"}, UnknownNameError, "unknown architecture 'phase-33'; did you mean 'phase-3'?"),
        ({"off": ["kurecick"]}, UnknownNameError, "unknown element 'kurecick'; did you mean 'kurecik'?"),
        ({"move": {"ship-oest": [36, 20]}}, UnknownNameError, "unknown element or site 'ship-oest'; did you mean"),
        ({"move": {"ptss": [0, 0]}}, InputError, "ptss: it has no place that could be moved"),
        ({"type": {SHIP: "sm3-iix"}}, UnknownNameError, "unknown type of battery 'sm3-iix'; did you mean"),
        ({"type": {"sm3-iix": {"burn_time_s": 3}}}, UnknownNameError, "unknown type 'sm3-iix'; did you mean"),
        ({"type": {"sm3-iia": {"burnout_speed": 3}}}, ScenarioError, "did you mean 'burnout_speed_km_s'?"),
        ({"threat": {"mrbm-9": {"max_range_km": 3}}}, UnknownNameError, "unknown threat 'mrbm-9'"),
        ({"doctrine": {"decision_s": -4}}, ScenarioError, "decision_s: must be from 0 to 3600 s, got -4"),
        ({"doctrine": {"mode": "remote"}}, ScenarioError, "one of organic, launch_on_remote, engage_on_remote"),
        ({"add": {"new": {"battery": "sm3-ia", "at": [43, 6]}}}, ScenarioError, "`count` is missing in this battery"),
        ({"add": {"kurecik": {"radar": "tpy-2", "at": [43, 6]}}}, InputError, "there is an element 'kurecik' already"),
        ({"scenario": "0" * 64}, InputError, "made for another scenario, sha256 000000000000"),
    ],
)  # fmt: skip
def test_what_a_scenario_cannot_do_is_refused_in_words(
    nato: Scenario, change: dict[str, Any], error: type[HoplonError], said: str
) -> None:
    with pytest.raises(error, match=said) as refused:
        apply(nato, {"architecture": "phase-3", **change})
    with pytest.raises(error) as saving:
        saved(nato, {"architecture": "phase-3", **change})
    assert str(saving.value) == str(refused.value)


DOCUMENTS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "ship": {"move": {SHIP: [36.12, 20.5]}},
    "pole": {"move": {"kurecik": [90, 0], SHIP: [-90, 179.99]}},
    "off and year": {"off": ["kurecik", "deveselu"], "year": 2015},
    "doctrine": {"doctrine": {"mode": "launch_on_remote", "decision_s": 60.5, "support": "predicted"}},
    "cited": {"doctrine": {"decision_s": {"value": 60, "low": 30, "high": 90}}},
    "added": {"add": ["redzikowo-iib"]},
    "new": {"add": {"ship-w.1": {"battery": "sm3-ia", "at": [43.123, 6, 5], "count": 20, "radars": ["kurecik"]}}},
    "new moved": {"add": {"n": {"radar": "tpy-2", "at": [43, 6]}}, "move": {"n": [44, 7]}},
    "type": {"type": {SHIP: "sm3-ib", "sm3-iia": {"burnout_speed_km_s": 4, "intercept_altitude_km": [100, 600]}}},
    "threat": {"threat": {"mrbm-2000": {"max_range_km": 2200, "launch_areas": ["tabriz"], "rcs_m2.X": 0.1}}},
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_records_are_those_that_the_loader_reads_from_the_saved_file(
    nato: Scenario, name: str, tmp_path: Path
) -> None:
    document = {"architecture": "phase-3", **DOCUMENTS[name]}
    made = apply(nato, document)
    file = tmp_path / "what-if.yaml"
    file.write_text(saved(nato, document))
    read = hoplon.load(file)
    assert read.extends == "nato-europe"
    assert read == made
    assert read.sha256 == made.sha256
    for level in LEVELS:
        in_file, in_records = (defence_of(one, one.architecture("what-if"), level) for one in (read, made))
        assert in_file.content() == in_records.content()
    assert made.checked


def test_a_site_moves_whole_and_keeps_its_altitude_unless_an_element_is_named_itself(nato: Scenario) -> None:
    whole = apply(nato, ship_at(36, 20)).elements
    for name in (SHIP, "ship-east-radar", "ship-east-ib"):
        assert whole[name].at == hoplon.scenario.model.Place(36.0, 20.0)
    apart = apply(nato, {"architecture": "phase-3", "move": {SHIP: [36, 20], "ship-east-radar": [35, 21]}}).elements
    assert apart[SHIP].at == hoplon.scenario.model.Place(36.0, 20.0)
    assert apart["ship-east-radar"].at == hoplon.scenario.model.Place(35.0, 21.0)
    high = apply(nato, {"architecture": "phase-3", "move": {"kurecik": [38, 37]}}).elements["kurecik"].at
    before = nato.elements["kurecik"].at
    assert high is not None
    assert before is not None
    assert high.altitude_m == before.altitude_m > 0.0


def test_a_bare_number_is_assumed_and_has_lost_its_bounds(nato: Scenario) -> None:
    document = {"architecture": "phase-3", "type": {"sm3-iia": {"burnout_speed_km_s": 4}}}
    number = apply(nato, document).interceptors["sm3-iia"].burnout_speed_km_s
    assert nato.interceptors["sm3-iia"].burnout_speed_km_s.low is not None
    assert (number.value, number.low, number.high, number.source, number.kind) == (4.0, None, None, None, "assumed")


def test_a_variant_is_the_document_and_leaves_the_other_architectures_as_they_are(nato: Scenario) -> None:
    parts: dict[str, Any] = {
        "move": {SHIP: [36, 20]},
        "off": ["kurecik"],
        "add": {"n": {"radar": "tpy-2", "at": [43.0, 6.0]}},
        "type": {"deveselu-iia": "sm3-ib"},
        "threat": {"mrbm-2000": {"max_range_km": 2100}},
        "doctrine": {"decision_s": 60},
        "year": 2019,
    }
    variant, document = nato.with_("phase-3", **parts), apply(nato, {"architecture": "phase-3", **parts})
    apart = {name: f"{name}-what-if" for name in (SHIP, "ship-east-radar", "deveselu-iia")}
    made, whole = variant.architecture("what-if"), document.architecture("what-if")
    assert set(made.elements) == {apart.get(name, name) for name in whole.elements}
    for name in whole.elements:
        ours, theirs = variant.elements[apart.get(name, name)], document.elements[name]
        assert replace(ours, radars=()) == replace(theirs, radars=())
        assert ours.radars == tuple(apart.get(radar, radar) for radar in theirs.radars)
    assert (made.doctrine, variant.threats) == (whole.doctrine, document.threats)
    assert {name: variant.elements[name] for name in nato.elements} == dict(nato.elements)
    assert variant.architecture("phase-3") == nato.architecture("phase-3")
    assert document.elements[SHIP].at != nato.elements[SHIP].at  # a document moves the site itself


def test_a_variant_of_a_type_has_a_type_of_its_own(nato: Scenario) -> None:
    variant = nato.with_("phase-3", type={"sm3-iia": {"burnout_speed_km_s": 4}}, name="slower")
    assert variant.interceptors["sm3-iia"] == nato.interceptors["sm3-iia"]
    assert variant.interceptors["sm3-iia-slower"].burnout_speed_km_s.value == 4.0
    types = {variant.elements[name].battery for name in variant.architecture("slower").elements}
    assert "sm3-iia" not in types
    assert "sm3-iia-slower" in types


def test_a_battery_whose_radar_moves_alone_guides_by_the_one_that_moved() -> None:
    toy = load_scenario("toy").set("elements.deveselu-radar.site", "hill")
    variant = toy.with_("fast", move={"deveselu-radar": (43.0, 25.0)})
    battery = variant.elements["deveselu-fast-what-if"]
    assert battery.radars == ("deveselu-radar-what-if",)
    assert battery.at == toy.elements["deveselu-fast"].at
    assert set(variant.architecture("what-if").elements) >= {"deveselu-fast-what-if", "deveselu-radar-what-if"}
    assert not set(variant.architecture("what-if").elements) & {"deveselu-fast", "deveselu-radar"}


def test_a_variant_refuses_to_change_what_it_does_not_have(nato: Scenario) -> None:
    for change in ({"move": {"brdy": (50, 14)}}, {"type": {"brdy": "tpy-2"}}):
        with pytest.raises(InputError, match="the variant of phase-3 does not have 'brdy'"):
            nato.with_("phase-3", **change)
    moved = nato.with_("phase-3", add="brdy", move={"brdy": (50, 14)})
    assert moved.elements["brdy-what-if"].at == Place(50.0, 14.0, moved.elements["brdy"].at.altitude_m)
    site = nato.with_("phase-3", move={"ship-east": (36, 20)})  # of an earlier phase, at the same place
    assert site.elements[f"{SHIP}-what-if"].at == Place(36.0, 20.0)
    new = {"new": {"radar": "tpy-2", "at": [43.0, 6.0]}}
    assert nato.with_("phase-3", add=new, move={"new": (44, 7)}).elements["new"].at == Place(44.0, 7.0)


def test_a_what_if_of_a_saved_what_if_has_a_name_of_its_own_and_a_file_that_is_whole(
    nato: Scenario, tmp_path: Path
) -> None:
    file = tmp_path / "first.yaml"
    file.write_text(saved(nato, ship_at(36, 20)))
    opened = hoplon.load(file)
    again = {"architecture": "what-if", "off": ["kurecik"]}
    made = apply(opened, again)
    assert made.architectures["what-if-2"].extends == "what-if"
    text = saved(opened, again)
    assert "extends: nato-europe" not in text
    file.write_text(text)
    assert hoplon.load(file).sha256 == made.sha256
