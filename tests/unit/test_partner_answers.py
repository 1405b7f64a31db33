"""What is said, drawn and tabled of partner radars follows the numbers."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import net_samples as made
import numpy as np
import pytest
import report_samples as samples

from hoplon.presentation.charts.lines import PlanLine, distinct
from hoplon.presentation.maps.raster import Ground
from hoplon.questions.net_findings import partner_findings
from hoplon.questions.net_pictures import flight_pictures, partner_pictures
from hoplon.questions.net_tables import net_tables
from hoplon.questions.partner_radars.answer import EarlyTrack
from hoplon.questions.pictures import shown_of
from hoplon.questions.study import StudyResults


def said(results: StudyResults) -> str:
    return " ".join(item.sentence for item in partner_findings(results))


def test_a_gain_only_with_the_feed_is_no_number_of_seconds() -> None:
    early = EarlyTrack(np.array([100.0, np.inf, np.inf]), np.array([90.0, 80.0, np.inf]))
    assert early.known.tolist() == [10.0]
    assert np.isposinf(early.gain[1])
    assert np.isnan(early.gain[2])


def test_the_median_of_a_group_is_one_of_its_gains() -> None:
    early = EarlyTrack(np.full(4, 50.0), np.array([50.0, 40.0, 20.0, 45.0]))
    medians = early.median_by(np.array([0, 0, 0, 2]), 3)
    assert medians[0] == 10.0
    assert np.isnan(medians[1])
    assert medians[2] == 5.0


def test_gains_are_told_by_plan_and_launch_area() -> None:
    text = said(made.results())
    assert "earlier, most under Phase 1" in text
    assert "Phase 1 50\u00a0% of flights, 20.0 s on average" in text
    assert "20.0 s on average (12.0 to 25.0\u00a0s)" in text
    assert "a change of 0.0 points (0.0 to +2.0 points)" in text
    assert "Phase 1: Mashhad (40 s)" in text
    assert "No plan's median flight gains from Tabriz" in text


def test_feeds_that_gain_nothing_are_said_to_gain_nothing() -> None:
    text = said(made.results(made.answer(gain=[0.0] * made.COUNT)))
    assert "hardly earlier" in text
    assert "Phase 1: none" in text


def test_a_cut_that_leaves_no_plan_worse_is_said_with_its_numbers() -> None:
    assert f"of {made.COUNT} flights to capitals, 1,800 cuts over all plans: in none" in said(made.results())


@pytest.mark.parametrize(("worse", "different"), [(3, 0), (0, 3)])
def test_a_cut_that_leaves_a_plan_worse_is_not_hidden(worse: int, different: int) -> None:
    text = said(made.results(made.answer(cut=made.cuts(worse, different))))
    assert "leave Phase 1 worse than without the feeds in 3 cases" in text
    assert "in none is" not in text


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ((0.5, 0.5, 0.5), None),
        ((0.5, 0.58, 0.6), "earlier track is most of it"),
        ((0.5, 0.51, 0.6), "holds the track at intercept"),
    ],
)
def test_why_coverage_grows_follows_from_what_early_track_alone_gives(
    people: tuple[float, float, float], words: str | None
) -> None:
    text = said(made.results(made.answer(people=people)))
    for other in ("earlier track is most of it", "holds the track at intercept"):
        assert (other in text) == (other == words)


def test_feeds_that_come_and_go_defend_in_proportion_to_their_time() -> None:
    # Half the people without, 60 per cent with the feeds: 0.5 + 0.9 x 0.1 and so on.
    text = said(made.results(made.answer(people=(0.5, 0.58, 0.6))))
    assert "there 90\u00a0% of the time (50\u00a0% to 100\u00a0%)" in text
    assert (
        "Phase 1 59.0\u00a0% (55.0 to 60.0\u00a0%), between 50.0\u00a0% without and 60.0\u00a0% with them always"
        in text
    )
    unknown = replace(made.answer(), availability=None)
    assert "gives the feeds no availability" in said(made.results(unknown))


def test_partners_never_discriminate() -> None:
    assert "add no discrimination" in said(made.results())


def test_nothing_is_said_of_feeds_that_were_not_asked_about() -> None:
    assert partner_findings(samples.results()) == []


def test_every_table_of_the_net_has_its_rows() -> None:
    tables = {table.name: table for table in net_tables(made.results())}
    assert all(table.rows for table in tables.values())
    row = next(csv.DictReader(io.StringIO(tables["partner_radars"].csv_text())))
    assert row["gain_mean_s"] == "20"
    assert row["pip_sigma_with_m"] == "50"
    assert row["worse_than_without"] == "0"
    assert row["gain_mean_low_s"] == "12"
    assert float(row["availability_base"]) == 0.9


def test_tables_of_what_was_not_asked_are_empty() -> None:
    assert all(table.rows == () for table in net_tables(samples.results()))


def test_plans_whose_lines_lie_on_one_another_are_one_line() -> None:
    one, same, other = PlanLine("a", np.arange(2.0)), PlanLine("b", np.arange(2.0)), PlanLine("c", np.zeros(2))
    assert distinct([one, same, other]) == [(0, "a = b"), (2, "c")]
    assert distinct([one, same], [one, other]) == [(0, "a"), (1, "b")]


def test_pictures_of_partners_say_what_they_draw() -> None:
    results = made.results(made.answer(people=(0.5, 0.58, 0.6)))
    drawn = partner_pictures(results, Ground(results.points), lambda name: shown_of(results, name))
    pictures = [draw() for _, draw in (*drawn, *flight_pictures(results))]
    words = {shown.name: shown.alternative for shown in pictures if shown is not None}
    assert "50 per cent of flights earlier by a second or more, mean 20.0 s" in words["partner-gains"]
    assert "10 to 30 s 1 places" not in words["partner-gain-map"]
    assert "gain 20.0 s with nothing added, 2.0 s with 60 s" in words["partner-latency"]
    assert "without the feeds 100 m" in words["partner-accuracy"]
    assert "people without, 60.0 with, 59.0 expected (55.0 to 60.0)" in words["partner-availability"]
    assert "launches at 260 s and intercepts at 600 s" in words["timelines"]
    assert "at best 40 m, with feeds 30 m" in words["track-accuracy"]
