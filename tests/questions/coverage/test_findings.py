"""Sentences on coverage are made from the numbers: turn the numbers round and the sentences turn."""

from dataclasses import replace

import numpy as np

import report_samples as samples
from hoplon.analysis.coverage import Coverage
from hoplon.analysis.coverage_solver import Asked
from hoplon.questions.coverage.answer import CoverageResult
from hoplon.questions.coverage.findings import architecture_findings, findings
from hoplon.questions.question import Finding
from hoplon.questions.study import Study
from hoplon.scenario.geography import AimPoints


def found(study: Study) -> list[Finding]:
    return findings(study, CoverageResult((), None, (), (), ()))


def test_an_architecture_that_defends_all_protects_equally_and_leaves_nobody_undefended() -> None:
    said = samples.text(architecture_findings(samples.turned("phase-2", True), "phase-2"))
    assert "defends 100\u00a0% of the threatened people" in said  # the corners stand behind the classes
    assert "Its protection is equal" in said
    assert "undefended" not in said


def test_an_architecture_that_defends_nothing_leaves_everybody_undefended_and_says_why() -> None:
    said = samples.text(architecture_findings(samples.turned("phase-2", False), "phase-2"))
    assert "defends 0\u00a0%" in said
    assert "Its protection is unequal: 0 of" in said
    assert " not at all (" in said
    assert "for 100\u00a0% of them no interceptor is fast enough" in said


def test_an_architecture_that_defends_every_nation_is_named() -> None:
    assert "no compared architecture defends" in samples.text(found(samples.turned("phase-3", False))[-1:])
    whole = samples.text(found(samples.turned("phase-3", True))[-1:])
    assert "are defended by Phase 3 (2018)" in whole


def test_a_step_that_loses_nations_names_them_with_their_cause() -> None:
    worse = samples.with_states(samples.turned("phase-1", True), "phase-2", "base", False)
    said = samples.text(found(worse))
    assert (
        "From Phase 1 (2011) to Phase 2 (2015) the share of people defended grows by 5.0 points or more in no nation, "
        "and falls by as much or more in Albania (to 0\u00a0%)" in said
    )
    assert "the Netherlands (to 0\u00a0%)" in said
    better = samples.with_states(samples.turned("phase-1", False), "phase-2", "base", True)
    assert "or more in Albania, Belgium" in samples.text(found(better))


def test_better_bounds_that_defend_fewer_are_explained() -> None:
    made = samples.with_states(samples.turned("phase-2", True), "phase-2", "high", False)
    said = samples.text(architecture_findings(made, "phase-2"))
    assert "The better bounds of the disputed inputs do not help everywhere" in said
    assert "where then no interceptor is fast enough" in said
    assert "worst corner 100\u00a0%, best corner 0\u00a0%" in said
    assert "help everywhere" not in samples.text(architecture_findings(samples.turned("phase-2", True), "phase-2"))


def test_the_numbers_of_a_finding_are_those_of_the_study() -> None:
    made = samples.results()
    first = architecture_findings(made, "phase-1")[0]
    assert first.numbers["people"] == made.count("phase-1").population_share


def test_the_first_sentence_of_each_architecture_the_steps_and_the_last_stand_in_the_summary() -> None:
    made = samples.results()
    told = found(made)
    lead = [item for item in told if item.lead]
    firsts = [next(item for item in told if item.subject == name) for name in ("programme-of-record", "phase-1")]
    assert lead[:2] == firsts
    assert lead[-1] == told[-1]
    assert len(lead) == 4 + 2 + 1  # architectures, steps from one to the next, who defends every nation


class Unthreatened(samples.Covers):
    """Coverages of places that no class reaches."""

    def __call__(self, asked: Asked, points: AimPoints) -> Coverage:
        made = super().__call__(asked, points)
        nowhere = np.zeros_like(made.threatened)
        return replace(made, threatened=nowhere, defended=nowhere, cause=np.zeros_like(made.cause))


def test_where_nobody_is_threatened_every_sentence_says_so_and_stands_in_the_summary() -> None:
    told = found(Study(samples.scenario(), samples.aim_points(), cover=Unthreatened()))
    assert len(told) == 4
    assert all("nothing in the scenario threatens" in item.sentence and item.lead for item in told)
