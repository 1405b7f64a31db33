"""A public statement stands and falls with the numbers."""

from dataclasses import replace

import pytest

import report_samples as samples
from hoplon.questions.comparison.flips import Flip
from hoplon.questions.comparison.statements import (
    FAILS,
    FAILS_AT_BASE,
    HOLDS,
    HOLDS_AT_BASE,
    OUTCOMES,
    UNDECIDED,
    Verdict,
    cited_source,
    outcome_of,
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


ELEMENT, INPUT, AZIMUTH, SECONDS = (Flip(kind, kind) for kind in ("element", "input", "azimuth", "seconds"))


@pytest.mark.parametrize(
    ("levels", "turned_over", "outcome"),
    [
        ((True, True, True), (), HOLDS),
        ((True, True, True), (ELEMENT,), HOLDS),
        ((True, True, False), (INPUT,), HOLDS_AT_BASE),
        ((False, True, True), (), HOLDS_AT_BASE),
        ((False, True, False), (), HOLDS_AT_BASE),
        ((None, True, True), (), HOLDS_AT_BASE),
        ((True, False, False), (INPUT, ELEMENT), FAILS_AT_BASE),
        ((False, False, True), (), FAILS_AT_BASE),
        ((False, False, False), (ELEMENT,), FAILS),
        ((True, True, True), (AZIMUTH,), UNDECIDED),
        ((False, False, True), (SECONDS, ELEMENT), UNDECIDED),
        ((True, None, True), (), UNDECIDED),
    ],
)
def test_five_outcomes_follow_from_levels_and_from_what_turns_them_over(
    levels: tuple[bool | None, bool | None, bool | None], turned_over: tuple[Flip, ...], outcome: str
) -> None:
    assert outcome_of(levels, turned_over) == outcome
    assert len(OUTCOMES) == 5


def test_a_statement_about_part_of_europe_holds_for_a_part() -> None:
    result = verdict(made_up(), statement("2009-phase-1"))
    assert result.outcome == HOLDS
    assert result.levels == (True, True, True)


def test_a_statement_that_depends_on_the_level_says_so() -> None:
    states = {**at_all_levels("programme-of-record", True), ("programme-of-record", "low"): False}
    result = verdict(made_up(states), statement("2007-outside"))
    assert result.outcome == FAILS_AT_BASE
    assert result.levels == (True, False, False)
    assert "it is outside in the worst corner" in result.sentence
    assert "It holds in the worst corner." in result.sentence
    assert "0 of 4 regions are as stated" in result.sentence


def test_a_nation_said_to_be_inside_that_is_not_has_its_cause_told() -> None:
    result = verdict(turned("programme-of-record", False), statement("2007-inside"))
    assert "Italy was said to be inside and is not: out of reach (100\u00a0%)" in result.sentence
    assert result.numbers["Italy_out_of_reach"] == pytest.approx(1.0, rel=1e-12)


def test_a_statement_fails_when_some_regions_agree_and_says_how_many() -> None:
    result = verdict(made_up(), statement("2007-inside"))
    agreeing = sum(row.agrees() for row in result.regions)
    assert 0 < agreeing < len(result.regions)
    assert result.levels[1] is False
    assert f"{agreeing} of {len(result.regions)} regions are as stated" in result.sentence


def test_a_statement_about_what_nothing_threatens_is_open() -> None:
    result = verdict(made_up(), replace(statement("2009-better"), scope=("USA",)))
    assert result.outcome == UNDECIDED
    assert result.levels == (None, None, None)
    assert "Nothing in the scenario threatens" in result.sentence


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
