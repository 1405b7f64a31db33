"""Sentences and tables of the comparison are made from the numbers: turn them round and the sentences turn."""

import pickle
import re
from dataclasses import replace
from types import MappingProxyType

import report_samples as samples
from hoplon.analysis.tally import FULLY_DEFENDED
from hoplon.presentation.wording import percent
from hoplon.questions.comparison.answer import ComparisonAnswer, answer, coverages
from hoplon.questions.comparison.figures import figures
from hoplon.questions.comparison.findings import findings, pair_findings
from hoplon.questions.comparison.section import section
from hoplon.questions.comparison.tables import tables
from hoplon.questions.question import FigureRef, Grid, Heading, TableRef
from hoplon.questions.requests import CoverageRequest
from hoplon.questions.study import Study
from hoplon.scenario.model import Scenario

from .made_up import at_all_levels, made_up, text, turned
from .test_disputed import LaterDecides


def asked(study: Study) -> ComparisonAnswer:
    found = answer(study)
    assert found is not None
    return found


def only(*names: str) -> Scenario:
    """Return the sample with some of its architectures, which do not say what belongs together."""
    sample = samples.scenario()
    chosen = {name: replace(sample.architectures[name], family=None, compare_with=None) for name in names}
    return replace(sample, architectures=MappingProxyType(chosen))


def test_the_ranking_of_two_architectures_turns_with_the_numbers() -> None:
    better = text(pair_findings(turned("phase-1", True), "phase-1", "programme-of-record"))
    worse = text(pair_findings(turned("phase-1", False), "phase-1", "programme-of-record"))
    assert "points more than Programme of record" in better
    assert "worse served: none" in better
    assert "points less than Programme of record" in worse
    assert "Better served by it by 5.0 points or more: none" in worse


def test_a_comparison_names_the_nations_that_it_leaves_out() -> None:
    made = turned("phase-1", True)
    said = text(pair_findings(made, "phase-1", "programme-of-record"))
    assert f"people of {made.region}, Phase 1 (2011) defends" in said
    members = {**made.scenario.nations, "TUR": replace(made.scenario.nations["TUR"], from_=2012)}
    later = made_up(at_all_levels("phase-1", True), replace(made.scenario, nations=MappingProxyType(members)))
    said = text(pair_findings(later, "phase-1", "programme-of-record"))
    assert f"people of {made.region} without Turkey, Phase 1 (2011) defends" in said


def test_equal_architectures_are_called_equal() -> None:
    made = made_up({**at_all_levels("phase-1", True), **at_all_levels("programme-of-record", True)})
    assert "as much as Programme of record" in text(pair_findings(made, "phase-1", "programme-of-record"))


def test_a_ranking_that_turns_with_the_level_depends_on_the_disputed_inputs() -> None:
    made = made_up({**at_all_levels("phase-1", True), ("phase-1", "low"): False})
    said = text(pair_findings(made, "phase-1", "programme-of-record"))
    assert "the ranking depends on the disputed inputs" in said


def test_each_verdict_is_a_finding_that_the_list_leaves_out_and_the_summary_cuts() -> None:
    study = turned("phase-3", True)
    said = "“Phase 3 covers all NATO Allies in Europe.” (2009): holds at every level."
    found = [item for item in findings(study, asked(study)) if item.sentence.startswith("“")]
    assert len(found) == len(asked(study).verdicts)
    assert said in {item.summary for item in found}
    assert all(item.lead and not item.listed and item.sentence.startswith(item.summary) for item in found)


def test_every_architecture_is_compared_with_the_baseline() -> None:
    study = made_up()
    leading = [item for item in findings(study, asked(study)) if item.lead and item.listed]
    assert [item.subject for item in leading] == ["phase-1", "phase-2", "phase-3"]


def test_the_shares_of_a_sentence_are_among_its_numbers() -> None:
    study = made_up()
    for item in findings(study, asked(study)):
        told = set(re.findall(r"under 1\u00a0%|over 99\u00a0%|\d+\u00a0%", item.sentence))
        assert told <= {percent(value) for value in item.numbers.values() if 0.0 <= value <= 1.0} | {
            percent(FULLY_DEFENDED)
        }, item.sentence


def test_a_scenario_without_baseline_statements_or_effect_does_not_ask() -> None:
    sample = only("national", "phase-1-partners")
    assert answer(made_up(scenario=sample)) is None
    asking = Study(sample, samples.aim_points(), cover=LaterDecides())
    found = asked(asking)
    assert found.disputed is not None
    assert found.verdicts == ()
    assert all(item.subject for item in findings(asking, found))


def test_the_section_shows_what_there_is_and_heads_nothing_that_there_is_not() -> None:
    bare = Study(only("national", "phase-1-partners"), samples.aim_points(), cover=LaterDecides())
    for study in (made_up(), bare):
        found = asked(study)
        blocks = section(study, found).every
        shown = {block.name for block in blocks if isinstance(block, TableRef | Grid)}
        names = {table.name for table in tables(study, found)}
        assert shown <= names
        assert names - shown <= {"statement_regions"}
        drawn = {item.name for item in figures(study, found)}
        assert {block.name for block in blocks if isinstance(block, FigureRef)} == drawn
        heads = [block for block in blocks if isinstance(block, Heading)]
        assert bool(heads) == bool(found.verdicts)


def test_the_answer_and_the_figure_travel_to_another_process() -> None:
    study = made_up()
    assert pickle.loads(pickle.dumps(asked(study))).verdicts == asked(study).verdicts
    (figure,) = pickle.loads(pickle.dumps(figures(study, asked(study))))
    assert figure.draw().name == figure.name


def test_the_difference_from_the_first_is_that_of_the_shares() -> None:
    study = made_up()
    table = next(table for table in tables(study, asked(study)) if table.name == "comparison")
    first = study.nation_shares("programme-of-record")
    other = study.nation_shares("phase-1")
    place = [column.key for column in table.columns].index("phase-1_difference")
    assert table.rows
    for row in table.rows:
        mine, theirs = first[row[0]], other[row[0]]
        assert row[place] == (None if mine is None or theirs is None else theirs - mine)


def test_what_statements_are_about_is_computed_with_the_rest() -> None:
    needed = coverages(samples.scenario())
    assert CoverageRequest("phase-3", "low") in needed
    assert len(needed) == len(set(needed))
