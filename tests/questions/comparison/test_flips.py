"""What alone turns a verdict over: one element, one disputed input, one azimuth, five seconds."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

import report_samples as samples
from hoplon.analysis.coverage import Coverage
from hoplon.analysis.coverage_solver import Asked
from hoplon.questions.comparison.flips import flips
from hoplon.questions.comparison.statements import HOLDS, UNDECIDED, verdict
from hoplon.questions.study import Study
from hoplon.scenario.geography import AimPoints
from hoplon.scenario.model import Cited, Scenario
from hoplon.scenario.reporting import Statement, StatementRegion

SAID = Statement(
    name="said",
    year=2009,
    text="It defends Italy.",
    architecture="phase-1",
    defended=(StatementRegion(nation="ITA"),),
)


class Rule(samples.Covers):
    """Coverages that defend everything, or nothing, as the scenario asked about is: what decides is known."""

    def __call__(self, asked: Asked, points: AimPoints) -> Coverage:
        made = samples.coverage(asked.scenario, asked.architecture, asked.level, points)
        return replace(made, defended=made.threatened & self.decides(asked))

    def decides(self, asked: Asked) -> bool:
        raise NotImplementedError


class NeedsElement(Rule):
    def decides(self, asked: Asked) -> bool:
        return "kurecik" in asked.scenario.architecture(asked.architecture).elements


class NeedsCrossSection(Rule):
    def decides(self, asked: Asked) -> bool:
        return all(float(threat.rcs_m2["X"]) > 0.01 for threat in asked.scenario.threats.values())


class NeedsHaste(Rule):
    def decides(self, asked: Asked) -> bool:
        return asked.scenario.architecture(asked.architecture).doctrine.decision_s.value < base_decision() + 4.0


class NeedsAzimuth(Rule):
    def decides(self, asked: Asked) -> bool:
        return all(float(azimuth) > 70.0 for azimuth in asked.scenario.elements["kurecik"].boresights_deg)


def base_decision() -> float:
    return samples.scenario().doctrine.decision_s.value


def with_azimuth() -> Scenario:
    sample = samples.scenario()
    radar = replace(sample.elements["kurecik"], boresights_deg=(Cited(105.0, low=60.0, high=130.0),))
    return replace(sample, elements=MappingProxyType({**sample.elements, "kurecik": radar}))


@pytest.mark.parametrize(
    ("cover", "kind", "words", "outcome"),
    [
        (NeedsElement(), "element", "without", HOLDS),
        (NeedsCrossSection(), "input", "with smaller warhead cross-sections", HOLDS),
        (NeedsHaste(), "seconds", "with releases decided 5 s later", UNDECIDED),
        (NeedsAzimuth(), "azimuth", "looking to 60 degrees (105 is assumed)", UNDECIDED),
    ],
)
def test_the_one_change_that_decides_is_found_and_named(cover: Rule, kind: str, words: str, outcome: str) -> None:
    scenario = with_azimuth()
    study = Study(scenario, samples.aim_points(), cover=cover)
    result = verdict(study, SAID)
    named = {item.kind: item.words for item in result.flips}
    assert words in named[kind]
    assert {*named} <= {kind, "input"}  # a later decision is a disputed input too
    assert result.outcome == outcome
    assert named[kind] in result.sentence
    assert ("It turns on" in result.sentence) == (outcome == UNDECIDED)


def test_nothing_turns_over_what_nothing_decides() -> None:
    class Always(Rule):
        def decides(self, asked: Asked) -> bool:
            return True

    assert flips(with_azimuth(), Always(), samples.aim_points(), SAID, at_base=True) == ()


def test_a_lost_element_is_lost_to_what_extends_the_architecture_too() -> None:
    seen: list[set[str]] = []

    class Watching(Rule):
        def decides(self, asked: Asked) -> bool:
            seen.append(set(asked.scenario.architecture(asked.architecture).elements))
            return True

    flips(with_azimuth(), Watching(), samples.aim_points(), SAID, at_base=True)
    whole = set(samples.scenario().architecture("phase-1").elements)
    lost = [whole - elements for elements in seen if elements != whole]
    counted = {name for name in whole if samples.scenario().elements[name].form != "node"}
    assert sorted(next(iter(names)) for names in lost) == sorted(counted)
    assert all(len(names) == 1 for names in lost)


def test_where_large_places_tell_otherwise_all_places_are_judged() -> None:
    class SmallPlaces(Rule):
        def __call__(self, asked: Asked, points: AimPoints) -> Coverage:
            made = samples.coverage(asked.scenario, asked.architecture, asked.level, points)
            has_element = "kurecik" in asked.scenario.architecture(asked.architecture).elements
            large = np.asarray(points.population >= 100_000.0)[:, np.newaxis]
            return replace(made, defended=made.threatened & ~large & has_element)

    found = flips(with_azimuth(), SmallPlaces(), samples.aim_points(), SAID, at_base=False)
    assert found == ()  # with all places too little is defended, with the element or without
