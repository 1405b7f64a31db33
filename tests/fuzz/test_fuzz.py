"""A short run of the fuzzing in the checks: thousands of nearly right inputs, and every input that once failed."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from . import argument_lists, scenario_inputs
from .argument_lists import ArgumentLists, seconds_of
from .scenario_inputs import ScenarioInputs
from .watch import MOST_BYTES, watched

CORPUS = Path(__file__).parent / "corpus"
SEED = 20_261_130
SCENARIOS, LISTS = 800, 100


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    scenario_inputs.warm()


def test_nearly_right_scenarios_are_answered_or_refused(tmp_path: Path) -> None:
    inputs, ended, failures = ScenarioInputs(SEED), Counter[str](), []
    for number in range(SCENARIOS):
        outcome = watched(lambda number=number: scenario_inputs.judged(inputs[number], tmp_path))
        ended[outcome.answer] += 1
        failures += [f"scenario {number}: {outcome.failure}"] * bool(outcome.failure)
    assert not failures, "\n".join(failures)
    assert 0.1 * SCENARIOS < SCENARIOS - ended["refused"] < 0.7 * SCENARIOS  # neither all wrong nor all right
    assert len(ended) > 10


def test_nearly_right_argument_lists_are_answered_or_refused(tmp_path: Path) -> None:
    lists, ended, failures = ArgumentLists(SEED), Counter[str](), []
    folder = tmp_path / "in" / "here"
    for number in range(LISTS):
        words = lists[number]
        outcome = watched(lambda words=words: argument_lists.judged(words, folder), seconds_of(words))
        ended[str(outcome.answer).rpartition(" ")[2]] += 1
        failures += [f"{words}: {outcome.failure}"] * bool(outcome.failure)
    assert not failures, "\n".join(failures)
    assert {"0", "1", "2"} <= ended.keys()


@pytest.mark.parametrize("file", sorted((CORPUS / "scenarios").iterdir()), ids=lambda file: file.stem)
def test_a_scenario_that_once_failed(file: Path, tmp_path: Path) -> None:
    assert watched(lambda: scenario_inputs.judged(file.read_bytes(), tmp_path, everything=True), 10.0).failure == ""


@pytest.mark.parametrize("words", json.loads((CORPUS / "arguments.json").read_text()), ids=" ".join)
def test_an_argument_list_that_once_failed(words: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "in" / "here"
    assert watched(lambda: argument_lists.judged(words, folder), seconds_of(words)).failure == ""


def test_the_same_number_and_seed_give_the_same_input() -> None:
    for made in (ScenarioInputs, ArgumentLists):
        one, again, other = made(3), made(3), made(4)
        assert [one[number] for number in range(20)] == [again[number] for number in range(20)]
        assert [one[number] for number in range(20)] != [other[number] for number in range(20)]


def test_what_takes_too_long_too_much_or_raises_is_told() -> None:
    def forever() -> None:
        while True:
            pass

    assert watched(forever, 0.05).failure.startswith("more than 0.05 s of processor time")
    assert watched(lambda: len(bytearray(MOST_BYTES + 50_000_000))).failure.startswith("5")
    assert watched(lambda: bytearray(10 * MOST_BYTES)).failure.startswith("MemoryError")
    assert watched(lambda: {}["a"]).failure.startswith("KeyError")
    assert watched(lambda: "done").answer == "done"
