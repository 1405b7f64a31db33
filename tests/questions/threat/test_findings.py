"""Sentences on the threat turn with the numbers."""

from dataclasses import replace
from types import MappingProxyType

import report_samples as samples
from hoplon.analysis.threat.assessment import ThreatAssessment
from hoplon.questions.question import question
from hoplon.questions.threat.answer import answer
from hoplon.questions.threat.findings import findings


def test_who_is_within_reach_is_counted_by_year() -> None:
    made = samples.results()
    said = samples.text(findings(made, made.threat))
    assert "of 30 from 2003" in said
    assert "The shortest warning is" in said


def nobody() -> ThreatAssessment:
    return ThreatAssessment("sample", "0", None, {code: {} for code in samples.scenario().nations})


def test_nobody_within_reach_is_said_too() -> None:
    said = samples.text(findings(samples.results(), nobody()))
    assert "No class of the scenario reaches" in said
    assert "shortest warning" not in said


def test_where_nobody_is_within_reach_no_warning_time_is_drawn_and_the_section_says_so() -> None:
    made, room = samples.results(), question("threat")
    assert [figure.name for figure in room.figures(made, nobody())] == ["threat-reach"]
    assert "no warning time" in str(room.section(made, nobody()))
    assert "no warning time" not in str(room.section(made, made.threat))


def test_every_finding_stands_in_the_summary() -> None:
    made = samples.results()
    assert all(item.lead for item in findings(made, made.threat))


def test_a_scenario_without_classes_or_launch_areas_does_not_ask() -> None:
    made = samples.results()
    no_class = replace(made.scenario, threats=MappingProxyType({}))
    no_area = replace(made.scenario, launch_areas=MappingProxyType({}))
    assert answer(samples.with_scenario(made, no_class)) is None
    assert answer(samples.with_scenario(made, no_area)) is None
