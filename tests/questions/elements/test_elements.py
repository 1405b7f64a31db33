"""First-out losses and flips on the page follow the numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import report_samples as samples
from hoplon.analysis.first_out import FirstOut
from hoplon.analysis.margins.places import Margins, NationMargins, nation_margins
from hoplon.analysis.subsets.attribution import Attribution, PlayerContribution
from hoplon.analysis.subsets.players import Player, Players, player_title
from hoplon.presentation.wording import interval, percent, points
from hoplon.questions.elements.answer import CapitalFlips, ElementsAnswer, NationFlips, SiteShares
from hoplon.questions.elements.figures import figures
from hoplon.questions.elements.findings import findings, named, site_findings
from hoplon.questions.elements.section import section
from hoplon.questions.elements.tables import tables
from hoplon.questions.question import FigureRef, TableRef
from hoplon.questions.study import Study


def study() -> Study:
    return Study(samples.scenario(), samples.aim_points(), cover=samples.Covers())


def losses(architecture: str, people: list[list[float]], elements: tuple[str, ...]) -> FirstOut:
    """Return made-up losses: people defended of two nations of 100 and 300, whole and without each element."""
    return FirstOut(
        architecture=architecture,
        level="base",
        threats=("mrbm-2000",),
        nations=("DEU", "ROU"),
        elements=elements,
        left_out=(),
        threatened=np.array([100.0, 300.0]),
        people=np.array(people),
        defended=np.array([[True, True, False], [True, False, False], [True, True, False]])[: len(people)],
    )


def capital(name: str, margin: float | None, elements: tuple[str, ...], *, defended: bool = True) -> CapitalFlips:
    return CapitalFlips("phase-1", "DEU", name, defended, margin, 12.0, "b", "mrbm-2000", "tabriz", elements, ())


def made() -> ElementsAnswer:
    names = tuple(study().scenario.architecture("phase-1").elements)[:2]
    one = losses("phase-1", [[100.0, 100.0], [0.0, 100.0], [99.0, 100.0]], names)
    two = losses("phase-2", [[100.0, 300.0], [100.0, 60.0], [100.0, 300.0]], names)
    places = (
        capital("Berlin", 20.0, (names[0],)),
        capital("Rome", 400.0, ()),
        capital("Bonn", -5.0, (), defended=False),
    )
    nations = (
        NationFlips("phase-1", "DEU", 1.0, NationMargins(20.0, "Berlin", None, None), (names[0],), names[0], 0.0),
    )
    return ElementsAnswer((one, two), places, nations)


def test_a_loss_is_the_share_of_all_less_the_share_without() -> None:
    one = made().losses[0]
    first, second = one.elements
    assert one.share() == 200.0 / 400.0
    assert one.share(first) == 100.0 / 400.0
    assert one.loss(first) == pytest.approx(0.25)
    assert one.loss(second) == pytest.approx(1.0 / 400.0)
    assert (one.loss(first, "DEU"), one.loss(first, "ROU")) == (1.0, 0.0)
    assert one.carriers(1) == (first,)
    assert one.carriers(0) == one.carriers(2) == ()


def test_the_architecture_that_loses_most_by_one_element_leads() -> None:
    answer = made()
    lead, *others = findings(study(), answer)
    first, second = answer.losses[1].elements
    assert lead.lead
    assert not any(item.lead for item in others)
    name = named(study(), first)
    corners = {item.architecture: study().people(item.architecture) for item in answer.losses}
    told = []
    for item, whole, left in ((answer.losses[1], 1.0, 0.4), (answer.losses[0], 0.5, 0.25)):
        low, _, high = corners[item.architecture]
        told.append(
            f"{percent(left)} instead of {interval((low, whole, high))} without {named(study(), item.elements[0])}"
        )
    assert told[0].endswith(name)
    assert lead.sentence.index(told[0]) < lead.sentence.index(told[1])
    assert lead.summary == lead.sentence
    phase_2 = others[1]
    assert phase_2.subject == "phase-2"
    assert f"without {name} alone {percent(0.4)}, {points(0.6)} less" in phase_2.sentence
    assert "1 of 2 carries less than half a point" in phase_2.sentence
    assert phase_2.numbers[f"{first}_loss"] == pytest.approx(0.6)
    assert f"{second}_loss" not in phase_2.numbers


def test_capitals_that_need_one_element_or_on_a_minute_are_counted() -> None:
    told = [item.sentence for item in findings(study(), made()) if "capitals" in item.sentence]
    assert len(told) == 1
    assert "of 2 capitals defended, 1 depends on a single element" in told[0]
    assert "1 would be undefended with a release 60 s later, first Berlin (Berlin by 20 s)" in told[0]


def test_tables_hold_every_element_and_capital() -> None:
    answer = made()
    elements, by_nation, flips, nations, *_ = tables(study(), answer)
    assert [row[1] for row in elements.rows] == [*answer.losses[0].elements, *answer.losses[1].elements]
    assert elements.rows[0][4:] == pytest.approx((0.5, 0.25, 0.25, 100.0))
    assert all(row[6] > 0.0 for row in by_nation.rows)
    assert {row[2] for row in flips.rows} == {"Berlin", "Rome", "Bonn"}
    assert flips.rows[2][3] == "undefended"
    assert nations.rows[0][4:7] == (answer.losses[0].elements[0], 0.0, answer.losses[0].elements[0])


def test_the_section_shows_what_there_is() -> None:
    answer, asked = made(), study()
    blocks = section(asked, answer).every
    assert {block.name for block in blocks if isinstance(block, TableRef)} == {t.name for t in tables(asked, answer)}
    (spec,) = figures(asked, answer)
    assert spec.name in {block.name for block in blocks if isinstance(block, FigureRef)}
    drawn = spec.draw()
    assert drawn.name == spec.name
    assert "60.0 points" in drawn.alternative


def test_a_nation_is_as_near_to_another_answer_as_its_larger_places_are() -> None:
    points_ = samples.aim_points()
    chosen = np.flatnonzero((points_.nation == "DEU") & (points_.population > 0.0))[:4]
    some = points_.subset(chosen)
    seconds = np.array([50.0, 10.0, -7.0, -np.inf])[: len(chosen)]
    none = np.zeros(len(chosen), dtype=np.int16)
    found = nation_margins(some, Margins(seconds, seconds, none, none, none), ("DEU", "ROU"), some)["DEU"]
    large = some.population >= 0.01 * some.population.sum()
    met = [value for value, counts in zip(seconds, large, strict=True) if counts and value >= 0.0]
    assert found.least_s == min(met)
    assert found.nearest_s == (-7.0 if large[2] else None)
    assert nation_margins(some, Margins(seconds, seconds, none, none, none), ("ROU",), some)["ROU"].least_s is None


def site(name: str, shapley: float, first_in: float, last_in: float, served: dict[str, float]) -> PlayerContribution:
    return PlayerContribution(name, "USA", shapley, first_in, last_in, shapley, served)


def with_shares() -> ElementsAnswer:
    """Return made-up losses with the shares of three sites of one architecture: two stand in for each other."""
    players = Players(
        "site",
        (
            Player("kurecik", ("kurecik",), "USA"),
            Player("deveselu-radar", ("deveselu-radar", "deveselu"), "USA"),
            Player("fylingdales", ("fylingdales",), "GBR"),
        ),
        {},
    )
    found = Attribution(
        architecture="phase-1",
        value="population",
        support="held",
        absent="nothing",
        method="exact",
        whole=0.9,
        none=0.0,
        residual=0.0,
        contributions=(
            site("kurecik", 0.2, 0.1, 0.0, {"DEU": 50.0, "ROU": 30.0}),
            site("deveselu-radar", 0.7, 0.4, 0.3, {"DEU": 10.0, "ROU": 200.0}),
            site("fylingdales", 0.0, 0.0, 0.0, {"DEU": 0.0, "ROU": 0.0}),
        ),
        interactions=(
            ("kurecik", "deveselu-radar", -0.4),
            ("kurecik", "fylingdales", 0.0),
            ("deveselu-radar", "fylingdales", 0.06),
        ),
        owners={"USA": 0.9, "GBR": 0.0},
        threatened=400.0,
        players=players,
    )
    return replace(made(), shares=(SiteShares(found, {"DEU": 100.0, "ROU": 300.0}, 0.002),))


def test_the_site_that_contributes_most_is_told_with_what_it_does_alone_and_what_is_left_without_it() -> None:
    most, pair = site_findings(study(), with_shares())
    title = player_title(study().scenario, with_shares().shares[0].attribution.players.players[1])
    assert f"owes {title} most: {points(0.7)} of {percent(0.9)}" in most.sentence
    assert f"alone it defends {percent(0.4)}, without it {percent(0.6)} is left" in most.sentence
    assert f"stand in for each other most ({points(0.4)})" in pair.sentence
    assert f"need each other most ({points(0.06)})" in pair.sentence
    assert site_findings(study(), made()) == []


def test_the_tables_of_sites_hold_shares_pairs_and_whom_they_serve() -> None:
    *_, sites, served, pairs = tables(study(), with_shares())
    assert [row[1] for row in sites.rows] == ["kurecik", "deveselu-radar", "fylingdales"]
    assert sites.rows[1][2:] == ("deveselu-radar + deveselu", "USA", 0.7, 0.4, 0.3, 0.7, 210.0)
    assert [row[1:3] + row[4:] for row in served.rows] == [
        ("kurecik", "DEU", 0.5, 50.0),
        ("kurecik", "ROU", 0.1, 30.0),
        ("deveselu-radar", "DEU", 0.1, 10.0),
        ("deveselu-radar", "ROU", 200.0 / 300.0, 200.0),
    ]
    assert [row[1:] for row in pairs.rows] == [
        ("kurecik", "deveselu-radar", -0.4, "stand in for each other"),
        ("deveselu-radar", "fylingdales", 0.06, "need each other"),
    ]


def test_the_figures_of_sites_say_their_numbers() -> None:
    answer, asked = with_shares(), study()
    drawn = {spec.name: spec.draw() for spec in figures(asked, answer)}
    assert set(drawn) == {"elements", "elements_sites", "elements_served"}
    assert "70.0 points" in drawn["elements_sites"].alternative
    assert "67" in drawn["elements_served"].alternative
    shown = {block.name for block in section(asked, answer).every if isinstance(block, FigureRef)}
    assert shown == set(drawn)
