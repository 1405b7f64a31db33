"""The best mix on the page: the claim is answered in words whatever the numbers say; absent where it is not asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

import report_samples as samples
from hoplon.analysis.mix.answer import Alternatives, BasedAlone, BudgetMix, MixAnswer
from hoplon.analysis.mix.choices import CandidateTerms
from hoplon.questions.asked import asks
from hoplon.questions.mix.answer import ArchitectureBeside, MixFound, budgets_of
from hoplon.questions.mix.figures import figures
from hoplon.questions.mix.findings import findings
from hoplon.questions.mix.section import section
from hoplon.questions.mix.tables import tables
from hoplon.questions.question import Commands, FigureRef, TableRef, question
from hoplon.questions.study import Study
from hoplon.scenario.model import Cited, Costs, MixCandidate, QuestionScope, Scenario

BASE = "phase-1"


def scenario(*budgets: float, base: str | None = BASE) -> Scenario:
    made = samples.scenario()
    candidates = {
        "shore": MixCandidate(elements=("deveselu-radar",), title="Shore, with a radar", cost_musd=Cited(100.0)),
        "ship": MixCandidate(elements=("ship-east-radar",), title="Ship", cost_musd=Cited(300.0)),
    }
    costs = Costs(base_year=2009, discount_rate=Cited(0.0), years=Cited(10.0))
    scope = {"Q5": QuestionScope(base=base, budgets_musd=budgets)}
    return replace(made, candidates=candidates, costs=costs, questions={**made.questions, **scope})


def study() -> Study:
    return Study(scenario(100.0, 400.0), samples.aim_points(), cover=samples.Covers())


def mix(budget: float, value: float, chosen: tuple[str, ...], land: float, sea: float) -> BudgetMix:
    near = Alternatives(chosen[:1], (), (chosen,), 1, True, (value,), (100.0 * len(chosen),))
    return BudgetMix(
        budget_musd=budget,
        value=value,
        value_full=value + 0.01,
        bound=value,
        gap=0.0,
        exact=True,
        chosen=chosen,
        cost_musd=100.0 if chosen == ("shore",) else 400.0,
        near=near,
        land=BasedAlone(land, 100.0, ("shore",), 0.0),
        sea=BasedAlone(sea, 300.0 if sea else 0.0, ("ship",) if sea else (), 0.0),
        mix_dominates=value > max(land, sea) + 1e-9,
        after_loss=0.25,
    )


def found(*mixes: BudgetMix, error: float = 0.001) -> MixFound:
    def terms(name: str, kind: str, cost: float) -> CandidateTerms:
        return CandidateTerms(name, (f"{name}-radar",), {}, kind, frozenset({kind}), cost, False)

    told = MixAnswer(
        "made-up",
        BASE,
        "population",
        "population",
        0,
        0.02,
        (terms("shore", "land", 100.0), terms("ship", "sea", 300.0)),
        mixes,
        {"points": 500, "of": 9000, "error": error},
    )
    return MixFound(told, (ArchitectureBeside("phase-2", 350.0, 0.5),))


def sentence(answer: MixFound, words: str) -> str:
    return next(item.sentence for item in findings(study(), answer) if words in item.sentence)


LAND = mix(100.0, 0.4, ("shore",), 0.4, 0.0)
BOTH = mix(400.0, 0.6, ("shore", "ship"), 0.4, 0.3)


def test_the_claim_holds_at_some_budgets_and_the_page_says_which_and_for_how_much() -> None:
    told = sentence(found(LAND, BOTH), "The claim")
    assert "holds at 1 of 2 budgets, from USD 0.4" in told
    assert "at most 20 points over land alone" in told
    assert "land alone is as good" in told
    assert "costs 0.3" in told
    assert "error" not in told
    assert "smaller than the error" in sentence(found(LAND, BOTH, error=0.3), "The claim")


def test_the_claim_that_fails_is_said_to_fail_and_one_that_holds_to_hold() -> None:
    assert "fails here" in sentence(found(LAND), "The claim")
    assert "holds at every budget" in sentence(found(BOTH), "The claim")


def test_the_lead_names_the_least_budget_that_gives_nearly_all_with_its_value_on_all_points() -> None:
    lead = findings(study(), found(LAND, mix(400.0, 0.405, ("shore", "ship"), 0.4, 0.3)))[0]
    assert lead.lead
    assert "the best mix is on land alone: Shore." in lead.sentence
    assert lead.numbers["share"] == pytest.approx(0.41)
    assert "0.5 points more" in lead.sentence
    assert "is on land and at sea: Shore and Ship" in sentence(found(LAND, BOTH), "bought at once")


def test_what_stands_beside_is_set_against_the_best_mix_that_costs_no_more() -> None:
    told = sentence(found(LAND, BOTH), "adds USD 0.3")
    assert "on the best mix defend 41" in told


def test_tables_figure_and_section_hold_every_budget() -> None:
    answer = found(LAND, BOTH)
    made = {table.name: table for table in tables(study(), answer)}
    assert [row[0] for row in made["mix"].rows] == [100.0, 400.0]
    assert made["mix"].rows[1][1] == "Shore, Ship"
    (front,) = figures(study(), answer)
    picture = front.draw()
    assert b"the best of all" in picture.svg
    assert "60.0 % for 0.4" in picture.alternative
    blocks = section(study(), answer).every
    assert {block.name for block in blocks if isinstance(block, TableRef)} == set(made)
    assert [block.name for block in blocks if isinstance(block, FigureRef)] == ["mix"]
    commands = next(block for block in blocks if isinstance(block, Commands)).lines
    assert commands[0].endswith("--architecture phase-1 --budget-musd 100 --budget-musd 400")


def test_a_scenario_without_candidates_budgets_or_base_does_not_ask() -> None:
    chosen = question("Q5")
    assert budgets_of(scenario(400.0, 100.0)) == (BASE, (100.0, 400.0))
    assert asks(scenario(100.0), chosen)
    assert not asks(scenario(), chosen)
    assert not asks(scenario(100.0, base=None), chosen)
    assert not asks(replace(scenario(100.0), candidates={}), chosen)
    assert not asks(replace(scenario(100.0), costs=None), chosen)
