"""Two architectures side by side: inputs, answers by nation and by place."""

import json
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hoplon import api
from hoplon.analysis.coverage import Coverage, headline_nations
from hoplon.analysis.store import Store
from hoplon.analysis.tally import DEFENDED, NOT_THREATENED, states
from hoplon.errors import InputError
from hoplon.presentation.maps.changes import step_of
from hoplon.report.compared_places import ComparedPlaces, ComparisonScope
from hoplon.report.comparison import ArchitectureComparison, _differing, compare_architectures
from hoplon.scenario.differences import differences, in_words
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Level
from report_samples import results


@pytest.fixture(scope="module")
def compared() -> ArchitectureComparison:
    return compare(next(iter(results().scenario.architectures)), "phase-3")


def compare(first: str, second: str) -> ArchitectureComparison:
    made = results()
    both = made.common_nations((first, second))
    asked = ComparisonScope(points=made.points.subset(np.isin(made.points.nation, both)))

    def covered(name: str, level: Level) -> Coverage:
        whole, kept = made.coverage(name, level), np.isin(made.points.nation, both)
        arrays = ("threatened", "defended", "shots_min", "hardest", "cause")
        return replace(whole, points=asked.points, **{key: getattr(whole, key)[kept] for key in arrays})

    return compare_architectures(ComparedPlaces(Store(), made.scenario, (first, second), asked, cover=covered))


def test_shares_are_those_of_the_points_of_the_nations_that_both_serve(compared: ArchitectureComparison) -> None:
    study = results()
    points = study.points
    for side, key in ((compared.first, "first_only"), (compared.second, "second_only")):
        state = states(study.coverage(side.architecture), study.headline_threats(side.architecture))
        mine = np.isin(points.nation, compared.nations)
        threatened = points.population[mine & (state != NOT_THREATENED)].sum()
        defended = points.population[mine & (state == DEFENDED)].sum()
        assert side.value["base"] == pytest.approx(defended / threatened, rel=1e-12)
        assert compared.people["both"] + compared.people[key] == pytest.approx(defended, rel=1e-12)
    assert sum(compared.people.values()) == pytest.approx(threatened, rel=1e-12)


def test_the_nations_are_members_in_the_years_of_both() -> None:
    scenario = load_scenario("nato-europe")
    first, second = "programme-of-record", "phase-3"
    years = [scenario.architecture(name).year for name in (first, second)]
    places = ComparedPlaces(Store(), scenario, (first, second), ComparisonScope())
    assert set(places.nations) == set(headline_nations(scenario, min(years))) & set(
        headline_nations(scenario, max(years))
    )
    assert set(places.scope.points.nation) == set(places.nations) < set(headline_nations(scenario, max(years)))


def test_the_difference_is_the_first_less_the_second(compared: ArchitectureComparison) -> None:
    answer = compared.as_json()
    assert answer["difference"]["value"] == answer["a"]["value"] - answer["b"]["value"]
    for code in answer["better"]:
        assert answer["nations"][code]["a"] > answer["nations"][code]["b"]
    for code in answer["worse"]:
        assert answer["nations"][code]["a"] < answer["nations"][code]["b"]
    assert not {*answer["better"]} & {*answer["worse"]}


def test_exchanged_it_says_the_opposite(compared: ArchitectureComparison) -> None:
    back = compare(compared.second.architecture, compared.first.architecture)
    assert (back.better, back.worse) == (compared.worse, compared.better)
    assert back.as_json()["difference"]["value"] == -compared.as_json()["difference"]["value"]
    assert back.people["first_only"] == compared.people["second_only"]
    assert {item.path for item in back.inputs} == {item.path for item in compared.inputs}


def test_inputs_name_what_one_alone_has_and_what_both_set_otherwise(compared: ArchitectureComparison) -> None:
    scenario = results().scenario
    mine, theirs = (scenario.architecture(side.architecture) for side in (compared.first, compared.second))
    told = {item.path: (item.first, item.second) for item in compared.inputs}
    assert told["year"] == (mine.year, theirs.year)
    assert {path for path in told if path.startswith("elements.")} == {
        f"elements.{name}" for name in {*mine.elements} ^ {*theirs.elements}
    }


def test_what_is_written_says_the_same(compared: ArchitectureComparison, tmp_path: Path) -> None:
    paths = compared.write(tmp_path / "out")
    answer = json.loads(Path(paths["answer"]).read_text())
    assert answer["a"] == compared.as_json()["a"]
    page = Path(paths["report"]).read_text()
    assert all(f"<td>{item.path}</td>" in page for item in compared.inputs)
    assert (tmp_path / "out" / "comparison.svg").is_file()


def test_a_comparison_is_sent_to_another_process_without_what_its_store_keeps(
    compared: ArchitectureComparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compared.places, "_cover", None)  # of this test, a function of no module
    compared.places.store.keep("kept", np.zeros(3))
    there = pickle.loads(pickle.dumps(compared))
    assert there.as_json() == compared.as_json()
    assert len(there.places.store) == 0


def test_the_same_architecture_twice_is_refused() -> None:
    with pytest.raises(InputError, match="slow twice"):
        api.compare("toy", "slow", "slow")


def test_differences_of_plain_data() -> None:
    first = {"a": 1, "same": {"x": [1, 2]}, "n": {"value": 5, "low": 4}, "gone": "text", "deep": {"y": True, "z": 2}}
    second = {"a": {"value": 1.0}, "same": {"x": [1, 2]}, "n": {"value": 5, "low": 3}, "deep": {"y": False, "z": 2}}
    assert [(item.path, item.first, item.second) for item in differences(first, second)] == [
        ("n", {"value": 5, "low": 4}, {"value": 5, "low": 3}),
        ("gone", "text", None),
        ("deep.y", True, False),
    ]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "–"),
        (True, "yes"),
        (870.0, "870"),
        ({"value": 870, "low": 580, "high": 1500, "source": "report"}, "870 (580 to 1500), report"),
        ([36, 20.5], "36, 20.5"),
    ],
)
def test_values_in_words(value: object, words: str) -> None:
    assert in_words(value) == words


@pytest.mark.parametrize(
    ("change", "step"), [(-1.0, 0), (-0.3, 0), (-0.2, 1), (-0.05, 2), (-0.02, 2), (0.0, 3), (0.02, 4), (0.3, 6)]
)
def test_steps_of_a_change_are_the_same_on_both_sides(change: float, step: int) -> None:
    assert step_of(change) == step
    assert step_of(-change) == 6 - step


def test_two_names_of_one_defence_are_said_to_be_one() -> None:
    scenario = results().scenario
    twice = replace(
        scenario,
        architectures={**scenario.architectures, "again": replace(scenario.architectures["phase-3"], title="Again")},
    )
    places = ComparedPlaces(Store(), twice, ("phase-3", "again"), ComparisonScope())
    side = compare("phase-3", "phase-2")
    same = replace(side, places=places, second=replace(side.second, architecture="again"), inputs=())
    assert [told.split(":")[0] for told in same.sentences()] == ["No input of Phase 3 (2018) and Again (2018) differs"]


@pytest.mark.parametrize(
    ("setting", "value", "path"),
    [
        ("lofts_deg", [-10, 0], "lofts_deg"),
        ("c2", "mesh", "c2"),
        ("year", 2030, "year"),
        ("doctrine", {"decision_s": 200}, "doctrine.decision_s"),
        ("network", {"latency_s": 9}, "network.latency_s"),
    ],
)
def test_whatever_an_architecture_sets_is_an_input_that_differs(setting: str, value: Any, path: str) -> None:
    toy = load_scenario("toy").set("architectures.x", {"extends": "fast", setting: value})
    assert [one.path for one in _differing(toy.architecture("fast"), toy.architecture("x"))] == [path]
