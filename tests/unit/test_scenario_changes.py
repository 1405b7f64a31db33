"""Scenarios changed from Python: each change is that of a file that extends the scenario, and refused like one."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import hoplon
from hoplon.errors import HoplonError, InputError, ScenarioError, UnknownNameError
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Scenario
from hoplon.scenario.values import Cited, Place

TOY = load_scenario("toy")


def extending(folder: Path, text: str) -> Scenario:
    """Return what a file that extends the toy scenario is read as."""
    path = folder / "changed.yaml"
    path.write_text(f"hoplon: 1\nname: toy\nextends: toy\n{text}", encoding="utf-8")
    return load_scenario(path)


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        ("elements.kurecik.at", (40, 39.5), "elements: {kurecik: {at: [40, 39.5]}}"),
        ("elements.kurecik.at", Place(40.0, 39.5), "elements: {kurecik: {at: [40, 39.5]}}"),
        ("doctrine.decision_s", 60, "doctrine: {decision_s: 60}"),
        ("doctrine.decision_s", {"value": 60, "high": 90}, "doctrine: {decision_s: {value: 60, high: 90}}"),
        ("doctrine.decision_s", Cited(60.0, high=90.0), "doctrine: {decision_s: {value: 60, high: 90}}"),
        ("architectures.fast.doctrine.mode", "organic", "architectures: {fast: {doctrine: {mode: organic}}}"),
        ("title", "Another", "title: Another"),
    ],
)
def test_a_value_set_is_that_of_a_file(path: str, value: Any, text: str, tmp_path: Path) -> None:
    assert TOY.set(path, value).sha256 == extending(tmp_path, text).sha256
    assert TOY.set({path: value}) == TOY.set(path, value)


def test_what_is_changed_is_checked_and_the_first_stays_as_it_is() -> None:
    before = TOY.sha256
    changed = TOY.set("doctrine.decision_s", 60)
    assert changed.checked
    assert TOY.sha256 == before != changed.sha256
    assert changed.doctrine.decision_s.value == 60.0 != TOY.doctrine.decision_s.value


def test_a_bare_number_drops_the_bounds_and_the_source_under_it() -> None:
    bounded = TOY.set("doctrine.decision_s", {"value": 60, "low": 30, "high": 90})
    assert bounded.set("doctrine.decision_s", 70).doctrine.decision_s == Cited(70.0)


def test_none_takes_a_key_away_so_that_the_default_of_the_format_holds() -> None:
    assert TOY.set("doctrine.salvo", 2).set("doctrine.salvo", None).doctrine.salvo.value == 1.0


def test_a_bound_of_an_interval_is_set_by_its_place() -> None:
    name = next(iter(TOY.interceptors))
    changed = TOY.set(f"interceptors.{name}.intercept_altitude_km[0]", 95)
    low, high = changed.interceptors[name].intercept_altitude_km
    assert (low.value, high) == (95.0, TOY.interceptors[name].intercept_altitude_km[1])


def test_a_path_without_a_value_and_a_value_beside_a_mapping_are_refused() -> None:
    for given in (("doctrine.decision_s",), ({"doctrine.decision_s": 60}, 90)):
        with pytest.raises(InputError, match="a path and its value were expected"):
            TOY.set(*given)


def test_a_name_with_points_in_it_is_found() -> None:
    plain = TOY.set("launch_areas", {**dict(TOY.launch_areas), "site.2": {"at": [35, 50]}})
    assert plain.set("launch_areas.site.2.at", (36, 51)).launch_areas["site.2"].at == Place(36.0, 51.0)


@pytest.mark.parametrize(
    ("path", "value", "error", "said"),
    [
        ("elements.kurecikk.at", (1, 2), UnknownNameError, "did you mean 'kurecik'"),
        ("elements.kurecik.at", (100, 2), ScenarioError, "latitude must be from -90 to 90"),
        ("elements.kurecik.at", math.nan, ScenarioError, "elements.kurecik.at"),
        ("elements.kurecik.boresigts_deg", 1, ScenarioError, "did you mean 'boresights_deg'"),
        ("elementss.kurecik.at", (1, 2), ScenarioError, "did you mean 'elements'"),
        ("doctrine.mode", "fast", ScenarioError, "organic"),
        ("doctrine.mode.more.still", 1, InputError, "nothing stands below doctrine.mode"),
        ("doctrine.mode.more", 1, InputError, "nothing stands below doctrine.mode"),
        ("doctrine.decision_s", object(), InputError, "got object"),
        ("", 1, InputError, "an empty path"),
        ("nations..x", 1, InputError, "is no path"),
        ("doctrine.", 1, InputError, "ends with a point"),
        ("elements[x]", 1, InputError, "a place in a list"),
        ("name", None, ScenarioError, "`name` is missing"),
    ],
)
def test_what_a_file_may_not_say_is_refused(path: str, value: Any, error: type[HoplonError], said: str) -> None:
    with pytest.raises(error, match=r".*") as refused:
        TOY.set(path, value)
    assert said in str(refused.value)


def test_a_place_beyond_a_list_is_refused() -> None:
    name = next(iter(TOY.interceptors))
    with pytest.raises(InputError, match=r"has 2 entries, counted from 0; got \[2\]"):
        TOY.set(f"interceptors.{name}.intercept_altitude_km[2]", 1)


def with_a_neighbour() -> Scenario:
    """Return the toy scenario with a battery on a hill, and another owner's radar, where Deveselu stands."""
    elements = dict(TOY.elements)
    here = Place(44.07, 24.41)
    elements["deveselu"] = replace(elements["deveselu"], at=Place(44.07, 24.41, 30.0))
    elements["neighbour"] = replace(elements["deveselu-radar"], owner="ROU", at=here)
    elements["node"] = replace(elements["hub"], owner="USA", at=here)
    return TOY.set("elements", elements)


def moved_of(before: Scenario, after: Scenario) -> set[str]:
    """Return the elements that stand elsewhere."""
    return {name for name in before.elements if before.elements[name].at != after.elements[name].at}


def test_a_site_moves_whole_and_keeps_its_altitudes() -> None:
    scenario = with_a_neighbour()
    moved = scenario.move("deveselu", (40, 10))
    assert moved_of(scenario, moved) == {"deveselu", "deveselu-fast", "deveselu-radar"}
    assert moved.elements["deveselu"].at == Place(40.0, 10.0, 30.0)
    assert moved_of(scenario, scenario.move("deveselu", (40, 10), alone=True)) == {"deveselu"}
    assert moved_of(scenario, scenario.move("node", (40, 10))) == {"node"}


def test_a_site_moves_by_its_name() -> None:
    scenario = with_a_neighbour().set({"elements.deveselu.site": "station", "elements.neighbour.site": "station"})
    assert moved_of(scenario, scenario.move("station", (40, 10))) == {"deveselu", "neighbour"}
    assert moved_of(scenario, scenario.move("deveselu-radar", (40, 10))) == {"deveselu-radar", "deveselu-fast"}


@pytest.mark.parametrize(
    ("name", "at", "said"),
    [("kurecik", (95, 30), "swapped"), ("kurecik", "here", "expected"), ("kurecikk", (1, 2), "did you mean")],
)
def test_a_move_to_nowhere_or_of_nothing_is_refused(name: str, at: Any, said: str) -> None:
    with pytest.raises(HoplonError, match=said):
        TOY.move(name, at)


def having(scenario: Scenario, name: str) -> set[str]:
    """Return the architectures that have an element."""
    return {each for each in scenario.architectures if name in scenario.architecture(each).elements}


def test_an_element_is_taken_out_of_every_architecture() -> None:
    assert having(TOY, "kurecik") == {"slow", "fast", "fast-remote"}
    nowhere = TOY.without("kurecik")
    assert having(nowhere, "kurecik") == set()
    assert "kurecik" in nowhere.elements
    assert having(TOY.without("kurecik", "hub"), "hub") == set()


def test_an_element_is_taken_out_of_one_architecture_and_of_what_extends_it() -> None:
    assert having(TOY.without("kurecik", architecture="fast"), "kurecik") == {"slow"}
    assert having(TOY.without("kurecik", architecture="fast-remote"), "kurecik") == {"slow", "fast"}
    with pytest.raises(InputError, match="fast-organic does not have 'kurecik'"):
        TOY.without("kurecik", architecture="fast-organic")
    with pytest.raises(UnknownNameError, match="did you mean 'kurecik'"):
        TOY.without("kurecikk", architecture="fast")


def test_a_variant_is_an_architecture_more_as_a_file_has_it(tmp_path: Path) -> None:
    made = TOY.with_("fast", off="kurecik", doctrine={"decision_s": 60}, year=2030, title="Variant", name="v")
    entry = "extends: fast, title: Variant, without: [kurecik], doctrine: {decision_s: 60}, year: 2030"
    assert made.sha256 == extending(tmp_path, f"architectures: {{v: {{{entry}}}}}").sha256
    assert made.architecture("fast").elements == TOY.architecture("fast").elements
    with pytest.raises(InputError, match="already"):
        made.with_("fast", name="v")


def test_the_commands_answer_for_what_was_changed(tmp_path: Path) -> None:
    made = TOY.with_("fast", off="kurecik")
    written = tmp_path / "written.yaml"
    written.write_text(made.to_yaml(), encoding="utf-8")
    of_file = hoplon.coverage(written, "what-if", levels="base").as_json()
    assert hoplon.coverage(made, "what-if", levels="base").as_json() == of_file


def test_a_disputed_number_that_is_fixed_is_written_as_a_file_that_loads(tmp_path: Path) -> None:
    whole = hoplon.load("nato-europe")
    fixed = whole.set("doctrine.decision_s", 60)
    assert "doctrine.decision_s" in whole.disputed
    written = tmp_path / "written.yaml"
    written.write_text(fixed.to_yaml(), encoding="utf-8")
    again = hoplon.load(written)
    assert again.sha256 == fixed.sha256 != whole.sha256
    assert [*again.disputed] == [path for path in whole.disputed if path != "doctrine.decision_s"]
    bounds = whole.doctrine.decision_s
    freed = fixed.set("doctrine.decision_s", {"value": 30, "low": bounds.low, "high": bounds.high})
    assert freed.disputed == whole.disputed  # bounds given back are disputed again


def test_a_notebook_shows_what_a_scenario_holds_and_nothing_of_it_is_markup() -> None:
    shown = TOY.set("title", "<b>Toy</b>")._repr_html_()
    assert "&lt;b&gt;Toy&lt;/b&gt;" in shown
    assert "<b>Toy" not in shown
    assert f"<td>elements</td><td>{len(TOY.elements)}</td>" in shown
