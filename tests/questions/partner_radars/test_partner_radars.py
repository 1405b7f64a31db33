"""What is said, drawn and tabled of partner radars follows the numbers."""

from __future__ import annotations

import csv
import io
import pickle
from dataclasses import replace

import numpy as np
import pytest

import flight_samples as made
import report_samples as samples
from hoplon.analysis.store import Store
from hoplon.presentation.charts.lines import ArchitectureLine, distinct_lines
from hoplon.questions.partner_radars.answer import EarlyTrack, FeedEffects, answer, coverages, partner_radars
from hoplon.questions.partner_radars.figures import figures
from hoplon.questions.partner_radars.findings import _support_findings, findings
from hoplon.questions.partner_radars.section import section
from hoplon.questions.partner_radars.tables import tables
from hoplon.questions.question import Commands, FigureRef, TableRef
from hoplon.questions.study import Study
from hoplon.scenario.geography import places
from hoplon.scenario.load import load_scenario


def said(effects: FeedEffects | None = None) -> str:
    return " ".join(item.sentence for item in findings(samples.results(), made.partner_radars(effects)))


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


def test_gains_are_told_by_architecture_and_launch_area() -> None:
    text = said()
    assert "earlier, most under Phase 1" in text
    assert "Phase 1 50\u00a0% of flights, 20.0 s on average" in text
    assert "20.0 s on average (12.0 to 25.0\u00a0s)" in text
    assert "a change of 0.0 points (0.0 to +2.0 points)" in text
    assert "Phase 1: Mashhad (40 s)" in text
    assert "Under no architecture does the median flight from Tabriz gain" in text


def test_feeds_that_gain_nothing_are_said_to_gain_nothing() -> None:
    text = said(made.feed_effects(gain=[0.0] * made.COUNT))
    assert "hardly earlier" in text
    assert "Phase 1: none" in text


def test_a_cut_that_leaves_no_architecture_worse_is_said_with_its_numbers() -> None:
    assert f"of {made.COUNT} flights to capitals, 1,800 cuts over all architectures: in none" in said()


@pytest.mark.parametrize(("worse", "different"), [(3, 0), (0, 3)])
def test_a_cut_that_leaves_an_architecture_worse_is_not_hidden(worse: int, different: int) -> None:
    text = said(made.feed_effects(cut=made.cuts(worse, different)))
    assert "leave Phase 1 worse than without the feeds in 3 cases" in text
    assert "in none is" not in text


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ((0.5, 0.5, 0.5), None),
        ((0.5, 0.58, 0.6), "most of the gain comes from earlier track"),
        ((0.5, 0.51, 0.6), "still track the target"),
    ],
)
def test_why_coverage_grows_follows_from_what_early_track_alone_gives(
    people: tuple[float, float, float], words: str | None
) -> None:
    text = said(made.feed_effects(people=people))
    for other in ("most of the gain comes from earlier track", "still track the target"):
        assert (other in text) == (other == words)


def test_feeds_of_partial_availability_defend_in_proportion_to_it() -> None:
    # Half the people without, 60 per cent with the feeds: 0.5 + 0.9 x 0.1 and so on.
    text = said(made.feed_effects(people=(0.5, 0.58, 0.6)))
    assert "available together, 90\u00a0% of the time (50\u00a0% to 100\u00a0%)" in text
    assert (
        "Phase 1 59.0\u00a0% (55.0 to 60.0\u00a0%), between 50.0\u00a0% without and 60.0\u00a0% with them all the time"
        in text
    )
    unknown = replace(made.feed_effects(), availability=None)
    assert "gives the feeds no availability" in said(unknown)


def test_partners_never_discriminate() -> None:
    assert "add no discrimination" in said()


def test_the_first_finding_and_that_on_cuts_stand_in_the_summary() -> None:
    found = findings(samples.results(), made.partner_radars())
    assert [item.lead for item in found].count(True) == 2
    assert found[0].lead
    assert next(item for item in found if "cuts" in item.numbers).lead


def test_a_scenario_without_partner_radars_does_not_ask() -> None:
    study = Study(load_scenario("toy"), places(("ROU",)))
    assert coverages(study.scenario) == ()
    assert answer(study) is None


def test_radars_without_a_battery_gain_track_and_no_shot() -> None:
    scenario = load_scenario("nato-europe")
    kept = {
        name: replace(scenario.architectures[name], extends=None, without=(), elements=elements)
        for name, elements in (("phase-1", ("kurecik",)), ("phase-1-partners", ("kurecik", "gabala")))
    }
    points = places(("ITA", "ROU"))
    found = partner_radars(replace(scenario, architectures=kept), points.subset(points.population >= 1e6), Store())
    assert found is not None
    effects = found.effects["phase-1"]
    assert not effects.shots.chance_with.any()
    assert effects.cuts.never_worse
    assert effects.latency.people_without == 0.0


def test_every_table_has_its_rows() -> None:
    known = {table.name: table for table in tables(samples.results(), made.partner_radars())}
    assert list(known) == ["partner_radars", "partner_latency", "partner_gain", "partner_nations", "named_flight"]
    assert all(table.rows for table in known.values())
    row = next(csv.DictReader(io.StringIO(known["partner_radars"].csv_text())))
    assert row["gain_mean_s"] == "20"
    assert row["pip_sigma_with_m"] == "50"
    assert row["worse_than_without"] == "0"
    assert row["gain_mean_low_s"] == "12"
    assert float(row["availability_base"]) == 0.9


def test_without_a_named_flight_its_table_and_figures_are_left_out() -> None:
    study, known = samples.results(), replace(made.partner_radars(), named=None)
    assert "named_flight" not in {table.name for table in tables(study, known)}
    assert not {"timelines", "track-accuracy"} & {figure.name for figure in figures(study, known)}
    blocks = section(study, known).every
    assert not any(isinstance(block, Commands) for block in blocks)
    assert TableRef("named_flight", folded=True) not in blocks


def test_the_section_shows_every_figure_and_table_and_asks_for_the_named_flight() -> None:
    study, known = samples.results(), made.partner_radars()
    blocks = section(study, known).every
    shown = [block.name for block in blocks if isinstance(block, FigureRef)]
    assert shown == [figure.name for figure in figures(study, known)]
    assert {block.name for block in blocks if isinstance(block, TableRef)} == {
        table.name for table in tables(study, known)
    }
    (commands,) = (block.lines for block in blocks if isinstance(block, Commands))
    assert commands == (
        "hoplon track sample --architecture phase-1-partners --threat irbm-3500 --from tabriz --aim 41.90000,12.50000",
    )


def test_architectures_whose_lines_coincide_share_a_line() -> None:
    one, same = ArchitectureLine("a", np.arange(2.0)), ArchitectureLine("b", np.arange(2.0))
    other = ArchitectureLine("c", np.zeros(2))
    assert distinct_lines([one, same, other]) == [(0, "a = b"), (2, "c")]
    assert distinct_lines([one, same], [one, other]) == [(0, "a"), (1, "b")]


def test_figures_of_partner_radars_say_what_they_draw() -> None:
    known = made.partner_radars(made.feed_effects(people=(0.5, 0.58, 0.6)))
    sent = pickle.loads(pickle.dumps(known))
    words = {spec.name: spec.draw().alternative for spec in figures(samples.results(), sent)}
    assert "50 per cent of flights earlier by a second or more, mean 20.0 s" in words["partner-gains"]
    assert "10 to 30 s 1 places" not in words["partner-gain-map"]
    assert "gain 20.0 s with nothing added, 2.0 s with 60 s" in words["partner-latency"]
    assert "without the feeds 100 m" in words["partner-accuracy"]
    assert "people without, 60.0 with, 59.0 expected (55.0 to 60.0)" in words["partner-availability"]
    assert "launches at 260 s and intercepts at 600 s" in words["timelines"]
    assert "at best 40 m, with feeds 30 m" in words["track-accuracy"]


class TwoRules:
    """A study whose variant gains under one rule of support, or both, and in the worst corner."""

    def __init__(self, held: float, predicted: float, corner: float) -> None:
        self.scenario = samples.scenario()
        self._gains, self._corner = {"held": held, "predicted": predicted}, corner

    def support_share(self, architecture: str, support: str) -> float:
        return 0.5 + (self._gains[support] if "partners" in architecture else 0.0)

    def additions(self, variants: list[str]) -> dict[str, tuple[tuple[float, ...], tuple[float, ...]]]:
        return {"phase-1": ((0.1, 0.5, 0.9), (0.1 + self._corner, 0.5, 0.9))}


@pytest.mark.parametrize(
    ("held", "predicted", "corner", "told", "not_told"),
    [
        (0.0, 0.0, 0.0, "less than half a point under every architecture", "worst corner"),
        (0.0, 0.0, 0.5, "Phase 1 50 points) comes from earlier track", "by prediction:"),
        (0.1, 0.2, 0.0, "Phase 1 10 points and 20 points", "worst corner"),
        (0.0, 0.2, 0.0, "Phase 1 nothing and 20 points", "less than half a point"),
    ],
)
def test_the_role_that_gives_the_gain_is_said(
    held: float, predicted: float, corner: float, told: str, not_told: str
) -> None:
    (found,) = _support_findings(TwoRules(held, predicted, corner), made.partner_radars(None))  # type: ignore[arg-type]
    assert "early-warning radars" in found.sentence
    assert told in found.sentence
    assert not_told not in found.sentence
    assert found.numbers["phase-1_predicted"] == pytest.approx(predicted)
    assert found.short in found.sentence
