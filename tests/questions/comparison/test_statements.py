"""A public statement stands and falls with the numbers."""

from dataclasses import replace

import pytest

import report_samples as samples
from hoplon.questions.comparison.statements import (
    FAILS,
    HOLDS,
    IN_PART,
    UNTESTED,
    Verdict,
    cited_source,
    verdict,
    verdicts,
)
from hoplon.scenario.reporting import Statement, StatementRegion

from .made_up import at_all_levels, made_up, turned


def statement(name: str) -> Statement:
    return next(item for item in samples.scenario().statements if item.name == name)


@pytest.mark.parametrize(
    ("name", "architecture", "defended", "outcome"),
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
    name: str, architecture: str, defended: bool, outcome: str
) -> None:
    assert verdict(turned(architecture, defended), statement(name)).outcome == outcome


def test_a_statement_about_part_of_europe_holds_for_a_part() -> None:
    assert verdict(made_up(), statement("2009-phase-1")).outcome == HOLDS


def test_a_statement_that_depends_on_the_level_says_so() -> None:
    states = {**at_all_levels("programme-of-record", True), ("programme-of-record", "low"): False}
    result = verdict(made_up(states), statement("2007-outside"))
    assert result.outcome == FAILS
    assert "outside with low inputs" in result.sentence
    assert "Every region is as stated with low inputs" in result.sentence


def test_a_nation_said_to_be_inside_that_is_not_has_its_cause_told() -> None:
    result = verdict(turned("programme-of-record", False), statement("2007-inside"))
    assert "Italy was said to be inside and is not: out of reach (100\u00a0%)" in result.sentence
    assert result.numbers["Italy_out_of_reach"] == pytest.approx(1.0, rel=1e-12)


def test_a_statement_holds_in_part_when_some_regions_agree() -> None:
    assert verdict(made_up(), statement("2007-inside")).outcome == IN_PART


def test_a_statement_about_what_nothing_threatens_cannot_be_tested() -> None:
    assert verdict(made_up(), replace(statement("2009-better"), scope=("USA",))).outcome == UNTESTED


def names(tested: tuple[Verdict, ...]) -> set[str]:
    return {item.statement.name for item in tested}


def test_statements_about_unknown_architectures_are_left_out() -> None:
    study = made_up()
    assert "2009-phase-4" not in names(verdicts(study, study.scenario.statements))


def test_a_region_without_a_title_is_called_by_its_nation() -> None:
    said = replace(statement("2007-outside"), undefended=(StatementRegion(nation="TUR"), StatementRegion(nation="GBR")))
    sentence = verdict(made_up(), said).sentence
    assert "(low to high): Turkey " in sentence
    assert "; the United Kingdom " in sentence
    assert "The United Kingdom was said to be outside" in sentence


def test_a_source_of_the_scenario_is_cited_in_full() -> None:
    sample = samples.scenario()
    assert cited_source(sample, replace(statement("2007-outside"), source="made-up")).startswith("Nobody (2000)")
    assert cited_source(sample, replace(statement("2007-outside"), source="somebody else")) == "somebody else"


def test_the_shares_of_a_region_are_among_the_numbers() -> None:
    result = verdict(made_up(), statement("2007-inside"))
    for row in result.regions:
        assert row.shares is not None
        assert tuple(result.numbers[f"{row.key}{end}"] for end in ("_low", "", "_high")) == row.shares
