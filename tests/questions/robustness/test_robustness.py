"""The sentences of question 13 follow the numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import report_samples as samples
from hoplon.analysis.robustness.answer import ChoiceSamples, PointsSampled, RobustnessAnswer, TwoFactorMap
from hoplon.analysis.robustness.decision import choice_between
from hoplon.analysis.robustness.indices import FactorIndex
from hoplon.analysis.robustness.switching import Switch
from hoplon.analysis.sampling.factors import NO_EFFECT, Factor
from hoplon.questions.question import FigureRef, TableRef
from hoplon.questions.robustness.figures import figures
from hoplon.questions.robustness.findings import findings, input_words
from hoplon.questions.robustness.section import section
from hoplon.questions.robustness.tables import tables
from hoplon.questions.study import Study
from hoplon.scenario.model import Cited

NAMES = ("phase-1", "phase-2", "programme-of-record")
SPEED = Factor("burnout_speed.x", {("interceptors", "x", "burnout_speed_km_s"): Cited(4.0, 3.0, 5.0)})
CROSS_SECTION = Factor("rcs", {("threats", "t", "rcs_m2", "X"): Cited(0.1, 0.01, 1.0)})


def study() -> Study:
    return Study(samples.scenario(), samples.aim_points(), cover=samples.Covers())


def made(ahead: int, contained: tuple[bool, bool, bool] = (True, False, False)) -> RobustnessAnswer:
    """Return an answer of 100 samples in ``ahead`` of which phase-2 is better than the programme of record."""
    base = np.array([0.3, 0.6, 0.5])
    values = np.tile(base, (100, 1))
    values[ahead:, 2] = 0.8
    indices = (FactorIndex("rcs", 0.7, 0.6, 0.8, True), FactorIndex("burnout_speed.x", 0.1, 0.0, 0.2, True))
    dummy = FactorIndex("dummy", 0.01, -0.01, 0.03, False)
    errors = {name: {"low": 0.001, "base": -0.002, "high": None} for name in NAMES}
    return RobustnessAnswer(
        "s",
        ChoiceSamples(
            NAMES,
            (CROSS_SECTION, SPEED, NO_EFFECT),
            (),
            np.full((100, 3), 0.5),
            values,
            base,
            PointsSampled(900, 30_000, errors),
            "population",
            1,
        ),
        choice_between(NAMES, base, values),
        "given",
        ((*indices, dummy),) * 3,
        ((*indices, dummy),) * 3,
        ((Switch("rcs", 0.75, {"threats.t.rcs_m2.X": 0.3}), Switch("burnout_speed.x", None, {})),) * 3,
        0.05,
        0.01,
        contained,
        ("phase-2", "programme-of-record"),
        TwoFactorMap(
            "phase-2",
            "programme-of-record",
            (CROSS_SECTION, SPEED),
            np.linspace(0, 1, 9),
            np.linspace(-0.2, 0.3, 81).reshape(9, 9),
        ),
    )


def told(answer: RobustnessAnswer) -> str:
    return " ".join(item.sentence for item in findings(study(), answer)).replace("\u00a0", " ")


def test_a_choice_that_is_decided_says_so_and_leads_with_alternatives() -> None:
    found = findings(study(), made(100))
    lead = found[0]
    assert lead.lead
    assert "one can decide between them" in lead.sentence
    assert "neither of which contains the other" in lead.sentence
    assert lead.numbers["better_mean"] == 1.0
    assert lead.numbers["better_low"] == pytest.approx(0.025 ** (1 / 100))
    assert "in all 2 pairs of which neither contains the other" in told(made(100))


def test_a_choice_that_is_open_says_how_often_either_is_better_and_where_it_turns() -> None:
    text = told(made(70))
    assert "the samples do not decide between them" in text
    assert "70 % (60 % to 79 %) of 100 samples" in text
    assert "1 are decided" in text
    assert "the radar cross-sections of the missiles (70 % of its variance)" in text
    assert "changes with the radar cross-sections of the missiles, at `threats.t.rcs_m2.X` 0.3" in text


def test_the_order_of_what_contains_another_is_no_finding() -> None:
    text = told(made(100))
    assert "1 of 3 pairs are of architectures of which one fields all that the other fields" in text
    assert "is no finding" in text
    assert "no finding" not in told(made(100, (False, False, False)))


def test_a_run_that_is_not_sound_says_that_no_index_is_to_be_believed() -> None:
    assert "below the noise floor" in told(made(100))
    assert "no index here is to be believed" in told(replace(made(100), dummy_index=0.2))
    assert not replace(made(100), dummy_index=0.2).sound


def test_inputs_have_words() -> None:
    assert input_words("radar_range.tpy-2") == "the range of the radar tpy-2"
    assert input_words("interceptors.kei.min_elevation_deg") == "the least launch elevation of kei"
    assert input_words("elements.kurecik.boresights_deg[0]") == "the azimuth of kurecik"
    assert input_words("my own") == "`my own`"


def test_tables_hold_every_number_and_the_section_shows_what_is_there() -> None:
    answer = made(70)
    found = {table.name: table for table in tables(study(), answer)}
    assert len(found["robustness"].rows) == 3
    assert len(found["robustness_pairs"].rows) == 3
    assert len(found["robustness_indices"].rows) == 6 * 3
    assert found["robustness_switches"].rows[0] == ("phase-1", "phase-2", "rcs", 0.75, "threats.t.rcs_m2.X", 0.3)
    blocks = section(study(), answer).every
    drawn = {spec.name for spec in figures(study(), answer)}
    assert {block.name for block in blocks if isinstance(block, FigureRef)} == drawn == {"robustness", "robustness_map"}
    assert {block.name for block in blocks if isinstance(block, TableRef)} == set(found)


def test_pictures_say_what_they_show() -> None:
    first, second = (spec.draw() for spec in figures(study(), made(70)))
    assert "best in 70 % of samples" in first.alternative
    assert "programme" in second.alternative.lower()
    assert b"<svg" in first.svg
