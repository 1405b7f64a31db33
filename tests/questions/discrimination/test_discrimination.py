"""Radar or seeker: what each buys follows from separations, and what is said from what each buys."""

from __future__ import annotations

import math
import pickle
from dataclasses import replace

import numpy as np
import pytest

import flight_samples as made
import report_samples as samples
from hoplon.analysis.store import Store
from hoplon.flight.arc import flight_position, solve_flights
from hoplon.questions.discrimination.answer import SelectedShots, answer, discriminating_sensor, warhead_selection
from hoplon.questions.discrimination.figures import figures, radar_loss
from hoplon.questions.discrimination.findings import findings
from hoplon.questions.discrimination.section import section
from hoplon.questions.discrimination.tables import tables
from hoplon.questions.question import FigureRef, TableRef
from hoplon.questions.study import Study
from hoplon.scenario.geography import places
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Cited
from hoplon.sensing.telling import WholeSeconds


def of_two(separation: float) -> float:
    """The chance to pick the warhead out of two, Phi(d' / sqrt 2) (Green and Swets 1966)."""
    return 0.5 * math.erfc(-separation / 2.0)


def said(shots: SelectedShots | None = None) -> str:
    return " ".join(item.sentence for item in findings(samples.results(), made.warhead_selection(shots)))


@pytest.mark.parametrize(
    ("source", "separations"),
    [
        ("both", (math.hypot(2.5, 1.5), 1.5)),
        ("radars", (2.5, 0.0)),
        ("seeker", (1.5, 1.5)),
        ("neither", (0.0, 0.0)),
    ],
)
def test_a_shot_is_the_product_of_its_factors(source: str, separations: tuple[float, float]) -> None:
    chance = made.selected().chance(source, 2)
    expected = [0.9 * 1.0 * of_two(separations[0]) * 0.5, 0.9 * 0.8 * of_two(separations[1]) * 0.5]
    assert chance.tolist() == pytest.approx(expected, rel=1e-9)


def test_a_track_that_ends_before_burnout_discriminates_nothing() -> None:
    launch, aim = np.radians([[35.6, 51.4]]), np.radians([[48.0, 11.0]])
    row = solve_flights(launch, aim, *(np.array([value]) for value in (150.0, 150e3, 200e3, 0.0)))
    place = np.array([flight_position(row[0], 400.0)])
    seconds, asked = WholeSeconds(row), np.zeros(1, dtype=np.intp)
    tracks = np.array([[[[60.0, 140.0], [380.5, 900.0]]]], dtype=np.float32)
    assert np.isinf(seconds.first_within(asked, tracks[:, :, :1], place, np.full((1, 1), 9e6)))[0, 0]
    assert seconds.first_within(asked, tracks, place, np.full((1, 1), 9e6))[0, 0] == 381.0
    assert seconds.first_within(asked, tracks, place, np.full((1, 1), 10.0))[0, 0] == 400.0
    assert np.isinf(seconds.first_within(asked, tracks, place, np.zeros((1, 1))))[0, 0]


def test_one_object_leaves_nothing_to_select() -> None:
    shots = made.selected()
    assert shots.chance("neither", 1).tolist() == pytest.approx([0.45, 0.36])
    assert set(discriminating_sensor(shots, 1)) == {"nothing to select"}


def test_the_discriminating_sensor_is_the_one_that_is_needed() -> None:
    assert discriminating_sensor(made.selected(), 10) == ("both", "seeker")
    assert discriminating_sensor(made.selected(2.5, 0.0), 10) == ("radars", "nobody")
    assert discriminating_sensor(made.selected(9.0, 9.0), 2)[0] == "either"


def test_time_before_launch_is_that_of_the_first_radar() -> None:
    margin = made.selected().before_launch
    assert margin[0] == 30.0
    assert np.isneginf(margin[1])


def test_the_better_source_is_named() -> None:
    stronger = said(made.selected(radars=6.0, seeker=0.1))
    assert "the radars add more than the seeker under Phase 1" in stronger
    weaker = said(made.selected(radars=0.1, seeker=3.0))
    assert "the seeker more than the radars under Phase 1" in weaker


def test_how_often_radar_discrimination_is_received_is_told_with_the_launch_areas() -> None:
    text = said()
    assert "by handover at 50\u00a0% of 2 main shots, before launch at 50\u00a0%" in text
    assert "by handover most often from Tabriz, 100\u00a0%; least often from Mashhad, 0\u00a0%" in text


def test_the_finding_on_sources_alone_stands_in_the_summary() -> None:
    found = findings(samples.results(), made.warhead_selection())
    assert [item.lead for item in found] == ["objects" in item.numbers for item in found]
    assert sum(item.lead for item in found) == 1
    lead = next(item for item in found if item.lead)
    gaps = [lead.numbers[name] for name in made.warhead_selection().shots]
    more = sum(gap > 0.0 for gap in gaps)
    assert f"more than the seeker under {more} of {len(gaps)} architectures" in lead.sentence
    assert len(lead.sentence) <= 300  # three lines of a page
    assert lead.sentence.count(" to ") >= 3  # a band for each way


def test_a_scenario_in_which_nothing_discriminates_does_not_ask() -> None:
    assert answer(Study(load_scenario("toy"), places(("ROU",)))) is None


def test_seekers_and_radars_without_separation_leave_nothing_to_ask() -> None:
    scenario = load_scenario("nato-europe")
    interceptors = {
        name: kind if kind.seeker is None else replace(kind, seeker=replace(kind.seeker, separation=Cited(0.0)))
        for name, kind in scenario.interceptors.items()
    }
    radars = {name: replace(kind, discrimination=None) for name, kind in scenario.radars.items()}
    blind = replace(scenario, interceptors=interceptors, radars=radars)
    assert warhead_selection(blind, places(("ROU",)), Store()) is None
    seeing = replace(scenario, radars=radars)
    assert warhead_selection(seeing, places(("ROU",)), Store()) is not None


def test_an_architecture_of_radars_without_a_battery_has_no_shot() -> None:
    scenario = load_scenario("nato-europe")
    radars_alone = replace(scenario.architectures["phase-2"], extends=None, without=(), elements=("kurecik",))
    points = places(("ITA", "ROU"))
    points = points.subset(points.population >= 1e6)
    both = {"phase-1": scenario.architectures["phase-1"], "phase-2": radars_alone}
    found = warhead_selection(replace(scenario, architectures=both), points, Store())
    assert found is not None
    assert list(found.shots) == ["phase-1"]
    assert warhead_selection(replace(scenario, architectures={"phase-2": radars_alone}), points, Store()) is None


def test_what_radars_are_worth_at_a_place_is_a_mean_over_its_shots() -> None:
    shots = made.selected()
    loss = radar_loss(made.sample(), shots)
    gained = shots.chance("both", 10)[0] - shots.chance("seeker", 10)[0]
    assert loss[0] == pytest.approx(0.5 * gained)
    assert np.isnan(loss[1:]).all()


def test_figures_of_discrimination_say_what_they_draw() -> None:
    sent = pickle.loads(pickle.dumps(made.warhead_selection()))
    words = {spec.name: spec.draw().alternative for spec in figures(samples.results(), sent)}
    assert "reliability 0.90 x handover 0.80" in words["kill-chain"]
    assert "neither 5 per cent" in words["selection-objects"]
    assert "Phase 1, 2011, every class: before launch 50, later 0, never 50 per cent of 2" in words["selection-time"]
    assert "radars and seeker" in words["selection-sources"]
    assert "1 places" in words["selection-map"]


def test_the_section_shows_every_figure_and_table() -> None:
    study, known = samples.results(), made.warhead_selection()
    blocks = section(study, known).every
    assert [block.name for block in blocks if isinstance(block, FigureRef)] == [
        figure.name for figure in figures(study, known)
    ]
    drawn = tables(study, known)
    assert all(table.rows for table in drawn)
    assert [block.name for block in blocks if isinstance(block, TableRef)] == [table.name for table in drawn]
