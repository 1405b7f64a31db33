"""What the page says of waiting and moving follows the numbers."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

import report_samples as samples
from hoplon.analysis.adaptivity.answer import AdaptivityAnswer, PointsCounted
from hoplon.analysis.adaptivity.plan import FieldingPlan, Waiting
from hoplon.analysis.adaptivity.response import DAYS, Response
from hoplon.analysis.costs.roll_out import FieldedStage
from hoplon.questions.adaptivity.answer import AdaptivityFound, answer, plan_of_question
from hoplon.questions.adaptivity.figures import figures
from hoplon.questions.adaptivity.findings import findings, steps_of
from hoplon.questions.adaptivity.section import section
from hoplon.questions.adaptivity.tables import tables
from hoplon.questions.question import FigureRef, TableRef
from hoplon.questions.study import Study
from hoplon.scenario.decisions.records import AdaptationOptions, Costs, Move, Surprise, ThreatShift
from hoplon.scenario.model import Cited, QuestionScope

REGRET = {"slow": 1.0, "base": 2.0, "fast": 5.0}  # million person-years for each year waited


def study() -> Study:
    move = {"lead_days": Cited(20.0), "cost_musd": Cited(60.0)}
    adapt = AdaptationOptions(
        surprises=MappingProxyType(
            {
                "sooner": Surprise(
                    title="Three years sooner", threats={"irbm-3500": ThreatShift(shift_years=Cited(-3.0))}
                )
            }
        ),
        moves=MappingProxyType(
            {
                "ship": Move(title="A ship", elements=("ship-east",), **move),
                "radar": Move(title="A radar", elements=("brdy",), **move),
            }
        ),
    )
    scenario = replace(
        samples.scenario(),
        adapt=adapt,
        costs=Costs(base_year=2009, discount_rate=Cited(0.03), years=Cited(20.0)),
        questions=MappingProxyType({"Q15": QuestionScope(architectures=("phase-1", "phase-2"))}),
    )
    return Study(scenario, samples.aim_points(), cover=samples.Covers())


def waited(pace: Any, surprise: str | None, years: int, factor: float) -> Waiting:
    regret = factor * REGRET[pace] * years
    return Waiting(
        pace, surprise, years, 10.0 + regret, regret, 1000.0 * years, 1000.0 * years / regret if regret else None
    )


def found(surprises: bool = True) -> AdaptivityFound:
    worlds: list[tuple[str | None, float]] = [(None, 1.0)]
    if surprises:
        worlds.append(("sooner", 3.0))
    waiting = tuple(
        waited(pace, surprise, years, factor) for surprise, factor in worlds for pace in REGRET for years in range(6)
    )
    best = {0: (0.5, ()), 7: (0.5, ()), 30: (0.6, ("ship",))}
    response = tuple(
        Response(
            "sooner", pace, days, *best.get(days, (0.75, ("ship", "radar"))), 60.0 * (days >= 30) + 60.0 * (days > 30)
        )
        for pace in ("slow", "base", "fast")
        for days in DAYS
    )
    plan = FieldingPlan((FieldedStage("phase-1", 2011, {}), FieldedStage("phase-2", 2015, {})), range(2011, 2031))
    deployed = {"sooner": 0.5} if surprises else {}
    made = AdaptivityAnswer(
        "sample", plan, waiting, response if surprises else (), deployed, 0.55, "population", PointsCounted(900, 20_000)
    )
    return AdaptivityFound(made, 0.004)


def test_the_lead_says_what_waiting_costs_and_saves_and_how_fast_moves_help() -> None:
    lead, *told = findings(study(), found())
    assert lead.lead
    assert not any(item.lead for item in told)
    assert "in the 20 years from 2011" in lead.sentence
    assert "one year 2 million person-years undefended (1 to 5 slow to fast) and saves USD 1.0 bn" in lead.sentence
    assert "5 years 10 million person-years undefended (5 to 25 slow to fast) and saves USD 5.0 bn" in lead.sentence
    assert "help within 30 days, against 1 of 1 surprises" in lead.sentence
    assert lead.numbers["regret_5_million_person_years"] == 10.0


def test_price_surprise_responses_and_error_are_told() -> None:
    _, price, surprised, response, error = (item.sentence for item in findings(study(), found()))
    assert "less than USD 500.0 (one year) to 500.0 (5 years)" in price
    assert "costs 10 million person-years as planned, most where three years sooner (30)" in surprised
    assert response.startswith("Three years sooner: Phase 2 (2015) as deployed defends 50.0 % (as planned 55.0 %)")
    assert (
        "within 30 days 60.0 % by A ship (USD 60 M); within 90 days 75.0 % by A ship and A radar (USD 120 M)"
        in response
    )
    assert "900 weighted places that stand for 20,000: +0.4 points off" in error


def test_only_changes_of_moves_are_steps() -> None:
    assert [row.days for row in steps_of(found().answer.response, "sooner")] == [30, 90]


def test_moves_that_do_not_help_are_said_not_to() -> None:
    none = found()
    flat = tuple(replace(row, value=0.5, moves=(), cost_musd=0.0) for row in none.answer.response)
    told = [item.sentence for item in findings(study(), AdaptivityFound(replace(none.answer, response=flat), None))]
    assert "No move adds half a point" in told[0]
    assert any("no move defends more" in sentence for sentence in told)
    assert not any("weighted places" in sentence for sentence in told)


@pytest.mark.parametrize("surprises", [True, False])
def test_the_section_shows_what_there_is(surprises: bool) -> None:
    asked, given = study(), found(surprises)
    blocks = section(asked, given).every
    made = {table.name: table for table in tables(asked, given)}
    assert {item.name for item in blocks if isinstance(item, TableRef)} <= set(made)
    assert len(made["adapt_waiting"].rows) == len(given.answer.waiting)
    assert len(made["adapt_response"].rows) == len(given.answer.response)
    specs = figures(asked, given)
    assert [item.name for item in blocks if isinstance(item, FigureRef)] == [spec.name for spec in specs]
    drawn = [spec.draw() for spec in specs]
    assert "as planned: 10 million person-years after 5 years" in drawn[0].alternative
    if surprises:
        assert "Three years sooner: 50.0 % as deployed, 75.0 % within 1,095 days" in drawn[1].alternative


def test_a_scenario_that_names_no_plan_or_has_no_costs_does_not_ask() -> None:
    assert plan_of_question(study().scenario) == ("phase-1", "phase-2")
    for scenario in (samples.scenario(), replace(study().scenario, costs=None)):
        assert answer(Study(scenario, samples.aim_points(), cover=samples.Covers())) is None
