"""What is left after a blow, as the page tells it, follows the numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

import report_samples as samples
from hoplon.analysis.subsets.players import Player, Players
from hoplon.analysis.subsets.survivability import Available, ExtremeLoss, LossRow, Survival
from hoplon.presentation.wording import percent
from hoplon.questions.question import FigureRef, TableRef
from hoplon.questions.study import Study
from hoplon.questions.survivability.answer import Blow, SurvivabilityAnswer, answer, asked, coverages
from hoplon.questions.survivability.figures import figures
from hoplon.questions.survivability.findings import claim_finding, findings
from hoplon.questions.survivability.section import section
from hoplon.questions.survivability.tables import tables


def study() -> Study:
    return Study(samples.scenario(), samples.aim_points(), cover=samples.Covers())


def row(losses: int, worst: float, lost: tuple[str, ...], mean: float, ties: int = 1) -> LossRow:
    best = ExtremeLoss(min(1.0, mean + 0.1), lost, 1)
    return LossRow(losses, 3, mean, None, ExtremeLoss(worst, lost, ties), best, (worst + 0.01, lost))


def blow(architecture: str, whole: float, rows: tuple[LossRow, ...], batteries: int) -> Blow:
    players = tuple(Player(name, (name,), "USA") for name in ("kurecik", "deveselu-radar", "ship-east-radar"))
    survival = Survival(
        architecture=architecture,
        value="population",
        players=Players("site", players, {}),
        exact=True,
        coalitions=8,
        whole=whole,
        none=0.0,
        by_losses=(row(0, whole, (), whole), *rows),
        single={"kurecik": whole - 0.2, "deveselu-radar": whole, "ship-east-radar": whole - 0.002},
        available=Available(whole - 0.1, 0.1, 0.2, 0.3),
        cut_sets={"DEU": (("kurecik",),), "ROU": (("kurecik", "deveselu-radar"),)},
    )
    return Blow(survival, batteries, "deveselu-radar" if batteries == 1 else None, 0.003, {"dsp": whole - 0.3})


def made(net_worst: float = 0.7, single_worst: float = 0.1) -> SurvivabilityAnswer:
    one = blow("phase-1", 0.5, (row(1, single_worst, ("deveselu-radar",), 0.3), row(2, 0.0, ("kurecik",), 0.1)), 1)
    net = blow("phase-2", 0.8, (row(1, net_worst, ("kurecik",), 0.75), row(2, 0.4, ("kurecik",), 0.6, 2)), 3)
    return SurvivabilityAnswer((one, net), ("DEU", "ROU"), 500, 9_000)


def test_the_lead_tells_what_the_best_architecture_keeps_and_what_one_site_does() -> None:
    lead = findings(study(), made())[0]
    assert lead.lead
    assert (
        f"({percent(0.8)}), keeps {percent(0.7)} after the worst loss of one site and {percent(0.4)} after"
        in lead.sentence
    )
    assert f"with one interceptor site, keeps {percent(0.1)} of {percent(0.5)}" in lead.sentence
    assert lead.numbers["worst_1"] == 0.7


@pytest.mark.parametrize(
    ("net_worst", "single_worst", "words"),
    [
        (0.7, 0.1, "A net of sites survives a blow better than one big site: "),
        (0.1, 0.4, "The claim that a net of sites survives a blow better than one big site does not hold here: "),
    ],
)
def test_the_claim_is_answered_whatever_the_answer(net_worst: float, single_worst: float, words: str) -> None:
    told = claim_finding(study(), made(net_worst, single_worst))
    assert told is not None
    assert told.sentence.startswith(words)
    assert f"{percent(single_worst / 0.5)} ({percent(0.6)} after a random one)" in told.sentence
    assert f"{percent(net_worst / 0.8)} ({percent(0.75 / 0.8)} after a random one)" in told.sentence
    assert ("carried by" in told.sentence) == (net_worst < 0.5)


def test_a_claim_needs_a_net_and_one_big_site() -> None:
    first, second = made().blows
    assert claim_finding(study(), replace(made(), blows=(first,))) is None
    assert claim_finding(study(), replace(made(), blows=(second,))) is None


def test_each_architecture_and_the_nations_and_satellites_are_told() -> None:
    told = [item.sentence for item in findings(study(), made())]
    assert any(f"on average {percent(0.75)}" in text and "in 2 ways, as without" in text for text in told)
    assert any(f"as often as its sites are available {percent(0.7)}" in text for text in told)
    assert any(f"{percent(0.5)} instead of {percent(0.8)} without" in text for text in told)
    assert any("1 of 2 (Germany)" in text for text in told)


def test_tables_hold_every_loss_site_nation_and_architecture() -> None:
    losses, sites, nations, available = tables(study(), made())
    assert [item[:3] for item in losses.rows] == [
        (name, lost, 3) for name in ("phase-1", "phase-2") for lost in range(3)
    ]
    assert losses.rows[4][3:] == (0.7, "kurecik", 1, 0.75, 0.85, 0.71, "kurecik")
    assert sites.rows[0][6:] == pytest.approx((0.3, 0.2))
    assert [item[3:] for item in nations.rows[:2]] == [(1, 1, "kurecik"), (1, 2, "kurecik + deveselu-radar")]
    assert available.rows[1][1:] == (3, 3, 0.8, 0.8 - 0.1, 0.1, 0.2, 0.3, 0.003)


def test_the_section_shows_every_table_and_the_curves() -> None:
    answered, made_study = made(), study()
    blocks = section(made_study, answered).every
    assert [block.name for block in blocks if isinstance(block, TableRef)] == [
        table.name for table in tables(made_study, answered)
    ]
    (spec,) = figures(made_study, answered)
    assert [block.name for block in blocks if isinstance(block, FigureRef)] == [spec.name]
    drawn = spec.draw()
    assert drawn.name == spec.name
    assert "1 lost 70 % at worst, 75 % on average" in drawn.alternative


def test_the_study_asks_the_architectures_of_its_question_over_common_nations() -> None:
    made_study = study()
    names = asked(made_study.scenario)
    assert [item.architecture for item in coverages(made_study.scenario)] == list(names)
    found = answer(made_study)
    if found is not None:
        assert {item.architecture for item in found.blows} <= set(names)
        assert found.nations == made_study.common_nations(names)
