"""Radar or seeker: what each buys follows from separations, and what is said from what each buys."""

from __future__ import annotations

import math

import net_samples as made
import numpy as np
import pytest
import report_samples as samples

from hoplon.flight.arc import flight_position, solve_flights
from hoplon.questions.discrimination.answer import done_by
from hoplon.questions.net_findings import selection_findings
from hoplon.questions.net_pictures import radar_loss, selection_pictures
from hoplon.questions.study import StudyResults
from hoplon.sensing.telling import WholeSeconds


def of_two(separation: float) -> float:
    """The chance to pick the warhead out of two, Phi(d' / sqrt 2) (Green and Swets 1966)."""
    return 0.5 * math.erfc(-separation / 2.0)


def said(results: StudyResults) -> str:
    return " ".join(item.sentence for item in selection_findings(results))


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


def test_a_track_that_ends_before_burnout_tells_nothing() -> None:
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
    assert set(done_by(shots, 1)) == {"nothing to select"}


def test_who_does_the_work_is_who_would_be_missed() -> None:
    assert done_by(made.selected(), 10) == ("both", "seeker")
    assert done_by(made.selected(2.5, 0.0), 10) == ("radars", "nobody")
    assert done_by(made.selected(9.0, 9.0), 2)[0] == "either"


def test_time_before_launch_is_that_of_the_first_radar() -> None:
    margin = made.selected().before_launch
    assert margin[0] == 30.0
    assert np.isneginf(margin[1])


def test_the_better_source_is_named() -> None:
    stronger = said(made.results(shots=made.selected(radars=6.0, seeker=0.1)))
    assert "the radars buy more than the seeker under Phase 1" in stronger
    weaker = said(made.results(shots=made.selected(radars=0.1, seeker=3.0)))
    assert "the seeker more than the radars under Phase 1" in weaker


def test_how_often_radars_tell_is_told_with_the_launch_areas() -> None:
    text = said(made.results())
    assert "by handover at 50\u00a0% of 2 main shots, before the launch at 50\u00a0%" in text
    assert "most radar help from Tabriz, 100\u00a0%; least from Mashhad, 0\u00a0%" in text


def test_nothing_is_said_of_discrimination_that_was_not_asked_about() -> None:
    assert selection_findings(samples.results()) == []


def test_what_radars_are_worth_at_a_place_is_a_mean_over_its_shots() -> None:
    shots = made.selected()
    loss = radar_loss(made.sample(), shots)
    gained = shots.chance("both", 10)[0] - shots.chance("seeker", 10)[0]
    assert loss[0] == pytest.approx(0.5 * gained)
    assert np.isnan(loss[1:]).all()


def test_pictures_of_discrimination_say_what_they_draw() -> None:
    pictures = [draw() for _, draw in selection_pictures(made.results())]
    words = {shown.name: shown.alternative for shown in pictures if shown is not None}
    assert "works 0.90 x handover 0.80" in words["kill-chain"]
    assert "neither 5 per cent" in words["selection-objects"]
    assert "Phase 1, 2011, every class: before launch 50, later 0, never 50 per cent of 2" in words["selection-time"]
    assert "radars and seeker" in words["selection-plans"]
    assert "1 places" in words["selection-map"]
