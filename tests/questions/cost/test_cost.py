"""Cost on the page: sentences, tables and figures follow the numbers; the question is asked where there are costs."""

from __future__ import annotations

from dataclasses import replace

import pytest

import report_samples as samples
from hoplon.analysis.costs.answer import ArchitectureCost, CostAnswer
from hoplon.analysis.costs.roll_out import YearCost
from hoplon.analysis.costs.sampled import Spread
from hoplon.analysis.costs.standing import ElementCost
from hoplon.presentation.tables import Column, unit_of_number, worded
from hoplon.questions.asked import asks
from hoplon.questions.cost.answer import CostsAnswer, architectures_of
from hoplon.questions.cost.answer import answer as answer_of
from hoplon.questions.cost.figures import figures
from hoplon.questions.cost.findings import findings
from hoplon.questions.cost.section import section
from hoplon.questions.cost.tables import tables
from hoplon.questions.question import Commands, FigureRef, TableRef, question
from hoplon.questions.study import Study
from hoplon.scenario.model import Cited, Costs, QuestionScope, Scenario


def scenario(*names: str) -> Scenario:
    """Return the small scenario with a cost of a ship and of a site, and the question put to some architectures."""
    made = samples.scenario()
    elements = dict(made.elements)
    for name, bought, run in (("ship-east-radar", 1000.0, 50.0), ("deveselu-radar", 700.0, 60.0)):
        elements[name] = replace(elements[name], acquisition_musd=Cited(bought, bought / 2), annual_musd=Cited(run))
    elements["ship-east-radar"] = replace(elements["ship-east-radar"], ships_per_station=Cited(3.0))
    costs = Costs(
        base_year=2009,
        discount_rate=Cited(0.0),
        years=Cited(10.0),
        development_musd={"phase-2": Cited(300.0)},
        published_musd={"phase-1": Cited(5000.0, 4000.0, 6000.0, note="a made-up total")},
    )
    scope = {"Q11": QuestionScope(architectures=names)} if names else {}
    return replace(made, elements=elements, costs=costs, questions={**made.questions, **scope})


def study(*names: str) -> Study:
    return Study(scenario(*names), samples.aim_points(), cover=samples.Covers())


def one(name: str, total: float, people: float, year: int = 2011) -> ArchitectureCost:
    """Return a made-up cost: two elements of 60 and 40 % of it, with an interval of half to twice."""
    spread = Spread(total, total / 2, total, 2 * total, total)
    parts = (ElementCost("ship-east-radar", 3.0, total / 10, total / 20), ElementCost("kurecik", 1.0, 0.0, total / 20))
    years = (YearCost(year, 0.3 * total, 0.1 * total, 0.4 * total), YearCost(year + 1, 0.0, 0.1 * total, 0.1 * total))
    return ArchitectureCost(
        name, parts, (0.6 * total, 0.4 * total), ("dsp",), 0.0, spread, spread, (1.0, 2.0), years, ("g",), people
    )


def made() -> CostsAnswer:
    costs = {item.architecture: item for item in (one("phase-1", 5000.0, 2e6), one("phase-2", 8000.0, 0.0))}
    told = CostAnswer("s", 2009, 2009, 10, 0.03, 1, 1000, costs)
    published = {"phase-1": Cited(3000.0, 2000.0, 4000.0, note="what it is")}
    return CostsAnswer(told, ("DEU", "ROU"), published)


def test_cheapest_and_dearest_lead_with_their_intervals() -> None:
    lead, *others = findings(study(), made())
    assert lead.lead
    assert not any(item.lead for item in others)
    assert "Phase 1 (2011) costs least, 5.0 bn (2.5 bn to 10.0 bn)" in lead.sentence.replace("\u00a0", " ")
    assert "Phase 2 (2015) most, 8.0 bn (4.0 bn to 16.0 bn)" in lead.sentence.replace("\u00a0", " ")
    assert lead.numbers == {
        "phase-1_musd": 5000.0,
        "phase-1_low_musd": 2500.0,
        "phase-1_high_musd": 10000.0,
        "phase-2_musd": 8000.0,
        "phase-2_low_musd": 4000.0,
        "phase-2_high_musd": 16000.0,
    }


def test_a_defended_person_costs_dollars_and_an_architecture_that_defends_nobody_is_named() -> None:
    told = findings(study(), made())[1].sentence.replace("\u00a0", " ")
    assert "costs, discounted, in Phase 1 (2011), USD 2,500 (1,250 to 5,000), which defends 2.0 million" in told
    assert "Phase 2 (2015) defends nobody" in told


def test_the_cheapest_and_the_dearest_person_are_named() -> None:
    answer = made()
    second = replace(answer.costs["phase-2"], defended=1e6)
    told = replace(answer.told, costs={**answer.costs, "phase-2": second})
    found = findings(study(), replace(answer, told=told))[1].sentence.replace("\u00a0", " ")
    assert (
        "least in Phase 1 (2011), USD 2,500 (1,250 to 5,000), which defends 2.0 million, and most in Phase 2" in found
    )
    assert "USD 8,000 (4,000 to 16,000), which defends 1.0 million" in found
    assert "nobody" not in found


def test_the_parts_of_a_cost_add_up_and_its_dearest_site_is_named() -> None:
    phase_1 = findings(study(), made())[2]
    text = phase_1.sentence.replace("\u00a0", " ")
    assert "1.5 bn to buy, 3.5 bn to run (1.0 bn a year before discount), 0.0 bn to develop" in text
    assert "60 % of it is for" in text
    assert "3.0 bn" in text
    assert phase_1.numbers["largest_musd"] == 3000.0
    assert phase_1.subject == "phase-1"


@pytest.mark.parametrize(
    ("low", "high", "words", "outside"),
    [
        (2000.0, 4000.0, "1.0 bn above the published 2.0 bn to 4.0 bn", 1000.0),
        (4000.0, 6000.0, "within the published 4.0 bn to 6.0 bn", 0.0),
        (7000.0, 9000.0, "2.0 bn below the published 7.0 bn to 9.0 bn", -2000.0),
    ],
)
def test_a_sum_is_held_against_a_published_total(low: float, high: float, words: str, outside: float) -> None:
    answer = replace(made(), published={"phase-1": Cited(low, low, high, note="what it is")})
    told = findings(study(), answer)[-1].sentence.replace("\u00a0", " ")
    assert words in told
    assert told.endswith("What it is.")
    (row,) = tables(study(), answer)[-1].rows
    assert row[9] == outside
    assert sum(row[1:4]) == pytest.approx(1500.0 + 10 * 1000.0)  # of the made-up elements, not of the made-up total


def test_tables_and_figures_hold_every_architecture_and_the_section_shows_them() -> None:
    answer, asked = made(), study()
    costs, years, elements, published = tables(asked, answer)
    assert [row[0] for row in costs.rows] == ["phase-1", "phase-2"]
    assert costs.rows[0][-3:] == (2500.0, 1250.0, 5000.0)
    assert costs.rows[1][-3:] == (None, None, None)
    assert [row[:2] for row in years.rows] == [(n, y) for n in ("phase-1", "phase-2") for y in (2011, 2012)]
    assert elements.rows[2] == ("phase-1", "dsp", None, None, None, None)
    assert len(published.rows) == 1
    blocks = section(asked, answer).every
    assert {block.name for block in blocks if isinstance(block, TableRef)} == {t.name for t in tables(asked, answer)}
    specs = figures(asked, answer)
    assert {block.name for block in blocks if isinstance(block, FigureRef)} == {spec.name for spec in specs}
    first, second = (spec.draw() for spec in specs)
    assert "5.0 (2.5 to 10.0) bn USD, published 2 to 4, USD 2,500 a defended person" in first.alternative
    assert "1.5 bought, 1.0 run" in second.alternative
    lines = [line for block in blocks if isinstance(block, Commands) for line in block.lines]
    assert lines[0] == f"hoplon cost {asked.scenario.name} --architecture phase-1 --architecture phase-2"


def test_an_answer_is_that_of_the_command_with_the_people_of_the_common_nations() -> None:
    asked = study("phase-1", "phase-2", "national")
    found = answer_of(asked)
    assert found is not None
    assert list(found.costs) == ["phase-1", "phase-2"]  # nothing of `national` has a cost
    ship, site = 3 * (1000.0 + 10 * 50.0), 700.0 + 10 * 60.0
    assert found.costs["phase-1"].total.base == pytest.approx(ship)
    assert found.costs["phase-2"].total.base == pytest.approx(ship + site + 300.0)
    assert list(found.published) == ["phase-1"]
    nations = asked.common_nations(("phase-1", "phase-2"))
    for name, cost in found.costs.items():
        assert cost.defended == asked.tally(name).count("headline", nations).defended_population
    assert found.seed == 1


def test_a_member_of_one_year_alone_is_not_counted() -> None:
    later = scenario("phase-2", "phase-1")
    joined = {**later.nations, "ROU": replace(later.nations["ROU"], from_=2013)}  # after phase 1, before phase 2
    asked = Study(replace(later, nations=joined), samples.aim_points(), cover=samples.Covers())
    found = answer_of(asked)
    assert found is not None
    assert "ROU" in asked.headline_nations("phase-2")
    assert "ROU" not in found.nations
    alone = asked.tally("phase-2").nation("headline", "ROU").defended_population
    all_of_them = asked.count("phase-2").defended_population
    assert alone > 0
    assert found.costs["phase-2"].defended == pytest.approx(all_of_them - alone)


def test_the_question_is_asked_of_a_scenario_with_costs_alone() -> None:
    asked = question("Q11")
    with_costs = scenario()
    assert asked.name == "cost"
    assert asks(with_costs, asked)
    assert not asks(replace(with_costs, costs=None), asked)
    assert not asks(samples.scenario(), asked)  # no element with a cost
    assert set(architectures_of(with_costs)) == {"phase-1", "phase-2", "phase-3"}  # those compared, with a cost
    assert architectures_of(scenario("national")) == ()


def test_money_has_its_unit() -> None:
    assert unit_of_number("phase-1_low_musd") == "million USD"
    assert unit_of_number("per_defended_person_usd") == "USD"
    assert unit_of_number("warning_s") == "s"
    assert Column("total_musd", "in all", "musd").unit == "million USD"
    assert worded(12_345.6, "musd").replace("\u00a0", " ") == "12.3 bn"
    assert (worded(197.6, "usd"), worded(0.5, "usd"), worded(None, "usd")) == ("198", "0.5", "–")
