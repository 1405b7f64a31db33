"""Findings are made from the numbers: turn the numbers round and the sentences turn."""

from dataclasses import replace
from types import MappingProxyType

import pytest
import report_samples as samples

from hoplon.analysis.bounds import INPUTS, Bound, OneAtATime
from hoplon.analysis.threat import ThreatAssessment
from hoplon.questions.all_findings import (
    Finding,
    addition_findings,
    comparison_findings,
    coverage_findings,
    disputed_findings,
    findings,
    integration_findings,
    pair_findings,
    plan_findings,
    threat_findings,
)
from hoplon.questions.comparison.public_record import STATEMENTS, Statement
from hoplon.questions.comparison.statements import FAILS, HOLDS, IN_PART, UNTESTED, verdict, verdicts
from hoplon.questions.study import LEVELS, StudyResults

BOTH: tuple[Bound, Bound] = ("worse", "better")


def turned(architecture: str, defended: bool) -> StudyResults:
    made = samples.results()
    for level in LEVELS:
        made = samples.with_states(made, architecture, level, defended)
    return made


def text(found: list[Finding] | tuple[Finding, ...]) -> str:
    return " ".join(item.sentence for item in found)


def statement(key: str) -> Statement:
    return next(item for item in STATEMENTS if item.key == key)


def test_a_plan_that_defends_all_serves_alike_and_leaves_no_gap() -> None:
    said = text(plan_findings(turned("phase-2", True), "phase-2"))
    assert "defends 100\u00a0% (100\u00a0% to 100\u00a0%)" in said
    assert "every Ally is served alike" in said
    assert "open" not in said


def test_a_plan_that_defends_nothing_leaves_everybody_open_and_says_why() -> None:
    said = text(plan_findings(turned("phase-2", False), "phase-2"))
    assert "defends 0\u00a0%" in said
    assert "security is divided: 0 of" in said
    assert "for 100\u00a0% of them no interceptor is fast enough" in said


def test_the_order_of_two_plans_turns_with_the_numbers() -> None:
    better = text(pair_findings(turned("phase-1", True), "phase-1", "programme-of-record"))
    worse = text(pair_findings(turned("phase-1", False), "phase-1", "programme-of-record"))
    assert "points more than Programme of record" in better
    assert "worse served: none" in better
    assert "points less than Programme of record" in worse
    assert "Better served by it by 5.0 points or more: none" in worse


def test_a_comparison_names_the_allies_that_it_leaves_out() -> None:
    made = turned("phase-1", True)
    assert "people of NATO Europe, Phase 1 (2011) defends" in text(
        pair_findings(made, "phase-1", "programme-of-record")
    )
    members = {**made.scenario.nations, "TUR": replace(made.scenario.nations["TUR"], from_=2012)}
    later = replace(made, scenario=replace(made.scenario, nations=MappingProxyType(members)))
    said = text(pair_findings(later, "phase-1", "programme-of-record"))
    assert "people of NATO Europe without Turkey, Phase 1 (2011) defends" in said


def test_equal_plans_are_called_equal() -> None:
    made = turned("phase-1", True)
    for level in LEVELS:
        made = samples.with_states(made, "programme-of-record", level, True)
    assert "as much as Programme of record" in text(pair_findings(made, "phase-1", "programme-of-record"))


def test_an_order_that_turns_with_the_level_hangs_on_the_disputed_inputs() -> None:
    made = samples.with_states(turned("phase-1", True), "phase-1", "low", False)
    assert "the order hangs on the disputed inputs" in text(pair_findings(made, "phase-1", "programme-of-record"))


def test_a_phase_that_closes_europe_is_named() -> None:
    assert "No phase defends" in text(coverage_findings(turned("phase-3", False))[-1:])
    closed = text(coverage_findings(turned("phase-3", True))[-1:])
    assert "with base values by Phase 3 (2018)" in closed


def test_a_step_that_loses_allies_names_them_with_their_cause() -> None:
    worse = samples.with_states(turned("phase-1", True), "phase-2", "base", False)
    said = text(coverage_findings(worse))
    assert (
        "From Phase 1 (2011) to Phase 2 (2015) the share of people defended grows by 5.0 points or more in no Ally, "
        "and falls by as much or more in Albania (to 0\u00a0%)" in said
    )
    assert "the Netherlands (to 0\u00a0%)" in said
    better = samples.with_states(turned("phase-1", False), "phase-2", "base", True)
    assert "or more in Albania, Belgium" in text(coverage_findings(better))


def test_better_bounds_that_defend_fewer_are_explained() -> None:
    made = samples.with_states(turned("phase-2", True), "phase-2", "high", False)
    said = text(plan_findings(made, "phase-2"))
    assert "The disputed inputs do not all pull one way" in said
    assert "where then no interceptor is fast enough" in said
    assert "(low 100\u00a0%, high 0\u00a0%)" in said
    assert "one way" not in text(plan_findings(turned("phase-2", True), "phase-2"))


@pytest.mark.parametrize(
    ("key", "architecture", "defended", "outcome"),
    [
        ("2007-outside", "programme-of-record", False, HOLDS),
        ("2007-outside", "programme-of-record", True, FAILS),
        ("2007-inside", "programme-of-record", True, HOLDS),
        ("2007-inside", "programme-of-record", False, FAILS),
        ("2009-phase-1", "phase-1", True, FAILS),
        ("2009-phase-1", "phase-1", False, FAILS),
        ("2009-phase-2", "phase-2", True, HOLDS),
        ("2009-phase-2", "phase-2", False, FAILS),
        ("2009-phase-3", "phase-3", True, HOLDS),
        ("2009-phase-3", "phase-3", False, FAILS),
        ("2009-better", "phase-3", True, HOLDS),
        ("2009-better", "phase-3", False, FAILS),
    ],
)
def test_a_statement_stands_and_falls_with_the_numbers(
    key: str, architecture: str, defended: bool, outcome: str
) -> None:
    assert verdict(turned(architecture, defended), statement(key)).outcome == outcome


def test_a_statement_about_part_of_europe_holds_for_a_part() -> None:
    assert verdict(samples.results(), statement("2009-phase-1")).outcome == HOLDS


def test_a_statement_that_hangs_on_the_level_says_so() -> None:
    made = samples.with_states(turned("programme-of-record", True), "programme-of-record", "low", False)
    result = verdict(made, statement("2007-outside"))
    assert result.outcome == FAILS
    assert "outside with low inputs" in result.sentence
    assert "comes out as stated with low inputs" in result.sentence


def test_an_ally_said_to_be_inside_that_is_not_has_its_cause_told() -> None:
    result = verdict(turned("programme-of-record", False), statement("2007-inside"))
    assert "Italy was said to be inside and is not: out of reach (100\u00a0%)" in result.sentence


def test_a_statement_holds_in_part_when_some_regions_agree() -> None:
    assert verdict(samples.results(), statement("2007-inside")).outcome == IN_PART


def test_a_statement_about_what_nothing_threatens_cannot_be_tested() -> None:
    assert verdict(samples.results(), replace(statement("2009-better"), scope=("USA",))).outcome == UNTESTED


def test_statements_about_unknown_architectures_are_left_out() -> None:
    assert "2009-phase-4" not in {item.statement.key for item in verdicts(samples.results())}


def test_the_input_that_decides_is_named_with_its_bound() -> None:
    made = samples.results()
    assert disputed_findings(made) == []
    flat = OneAtATime({"phase-1": 0.5}, {("phase-1", key, bound): 0.5 for key in INPUTS for bound in BOTH}, 10)
    assert "none of the disputed inputs" in text(disputed_findings(replace(made, disputed=flat)))
    moved = {**flat.moved, ("phase-1", "burnout_speed", "worse"): 0.9}
    said = text(disputed_findings(replace(made, disputed=replace(flat, moved=moved))))
    assert "the interceptor burnout speed decides most; slower interceptors alone take" in said
    assert "from 50\u00a0% to 90\u00a0%" in said


def test_each_verdict_is_a_finding() -> None:
    said = text(comparison_findings(turned("phase-3", True)))
    assert "“Phase 3 covers all NATO Allies in Europe.” (2009): holds." in said


def test_the_ladder_says_what_each_rung_adds() -> None:
    made = samples.results()
    rungs = {mode: made.ladder["phase-1", mode] for mode in ("organic", "launch_on_remote", "engage_on_remote")}
    assert "the first step adds" in text(integration_findings(made))
    flat = replace(made, ladder={**made.ladder, **{("phase-1", mode): rungs["organic"] for mode in rungs}})
    first = next(item for item in integration_findings(flat) if item.sentence.startswith("Phase 1"))
    assert "the first step adds nothing, the second adds nothing" in first.sentence


def test_integration_that_takes_away_is_called_a_loss() -> None:
    made = samples.results()
    swapped = {("phase-1", "organic"): made.ladder["phase-1", "engage_on_remote"]}
    said = next(
        item
        for item in integration_findings(replace(made, ladder={**made.ladder, **swapped}))
        if item.sentence.startswith("Phase 1")
    )
    assert "the first step takes" in said.sentence


def test_partners_that_change_nothing_are_said_to_add_nothing() -> None:
    same = addition_findings(samples.results(), "partners", "Q7", "the partner radars")
    assert text(same).count("add nothing of note") == 2
    better = samples.with_states(samples.results(), "phase-1-partners", "low", True)
    base, worse = addition_findings(better, "partners", "Q7", "the partner radars")
    assert "add nothing of note" in base.sentence
    assert "at their worse bounds, the partner radars add most to Phase 1" in worse.sentence


def test_who_is_within_reach_is_counted_by_year() -> None:
    said = text(threat_findings(samples.results()))
    assert "of 30 from 2003" in said
    assert "The shortest warning is" in said


def test_nobody_within_reach_is_said_too() -> None:
    made = samples.results()
    empty = ThreatAssessment("sample", "0", None, {code: {} for code in made.scenario.nations})
    said = text(threat_findings(replace(made, threat=empty)))
    assert "No class of the scenario reaches" in said
    assert "shortest warning" not in said


def test_the_numbers_of_a_finding_are_those_of_the_study() -> None:
    made = samples.results()
    first = plan_findings(made, "phase-1")[0]
    assert first.numbers["people"] == made.count("phase-1").population_share


def test_the_findings_come_in_the_order_of_the_questions() -> None:
    order = [item.question for item in findings(samples.results())]
    assert order == sorted(order)
