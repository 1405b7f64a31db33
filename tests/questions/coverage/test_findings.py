"""Sentences on coverage are made from the numbers: turn the numbers round and the sentences turn."""

import report_samples as samples
from hoplon.questions.coverage.answer import CoverageAnswer
from hoplon.questions.coverage.findings import findings, plan_findings
from hoplon.questions.question import Finding
from hoplon.questions.study import Study


def found(study: Study) -> list[Finding]:
    return findings(study, CoverageAnswer((), None, (), (), ()))


def test_a_plan_that_defends_all_serves_alike_and_leaves_no_gap() -> None:
    said = samples.text(plan_findings(samples.turned("phase-2", True), "phase-2"))
    assert "defends 100\u00a0% (100\u00a0% to 100\u00a0%)" in said
    assert "every Ally is served alike" in said
    assert "open" not in said


def test_a_plan_that_defends_nothing_leaves_everybody_open_and_says_why() -> None:
    said = samples.text(plan_findings(samples.turned("phase-2", False), "phase-2"))
    assert "defends 0\u00a0%" in said
    assert "security is divided: 0 of" in said
    assert "for 100\u00a0% of them no interceptor is fast enough" in said


def test_a_phase_that_closes_europe_is_named() -> None:
    assert "No phase defends" in samples.text(found(samples.turned("phase-3", False))[-1:])
    closed = samples.text(found(samples.turned("phase-3", True))[-1:])
    assert "with base values by Phase 3 (2018)" in closed


def test_a_step_that_loses_allies_names_them_with_their_cause() -> None:
    worse = samples.with_states(samples.turned("phase-1", True), "phase-2", "base", False)
    said = samples.text(found(worse))
    assert (
        "From Phase 1 (2011) to Phase 2 (2015) the share of people defended grows by 5.0 points or more in no Ally, "
        "and falls by as much or more in Albania (to 0\u00a0%)" in said
    )
    assert "the Netherlands (to 0\u00a0%)" in said
    better = samples.with_states(samples.turned("phase-1", False), "phase-2", "base", True)
    assert "or more in Albania, Belgium" in samples.text(found(better))


def test_better_bounds_that_defend_fewer_are_explained() -> None:
    made = samples.with_states(samples.turned("phase-2", True), "phase-2", "high", False)
    said = samples.text(plan_findings(made, "phase-2"))
    assert "The disputed inputs do not all pull one way" in said
    assert "where then no interceptor is fast enough" in said
    assert "(low 100\u00a0%, high 0\u00a0%)" in said
    assert "one way" not in samples.text(plan_findings(samples.turned("phase-2", True), "phase-2"))


def test_the_numbers_of_a_finding_are_those_of_the_study() -> None:
    made = samples.results()
    first = plan_findings(made, "phase-1")[0]
    assert first.numbers["people"] == made.count("phase-1").population_share


def test_the_first_sentence_of_each_architecture_and_the_last_stand_in_the_summary() -> None:
    made = samples.results()
    told = found(made)
    lead = [item for item in told if item.lead]
    firsts = [next(item for item in told if item.subject == name) for name in ("programme-of-record", "phase-1")]
    assert lead[:2] == firsts
    assert lead[-1] == told[-1]
    assert len(lead) == 5
