"""How the defence holds under a raid: sentences that turn with the numbers, figures and tables of every setting."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hoplon.analysis.raid.sweeps import RaidSweeps
from hoplon.questions.question import FigureRef, TableRef
from hoplon.questions.raids.answer import answer
from hoplon.questions.raids.figures import figures
from hoplon.questions.raids.findings import findings
from hoplon.questions.raids.section import section
from hoplon.questions.raids.tables import tables
from hoplon.questions.study import Study
from hoplon.scenario.load import load_scenario
from raid_samples import study, sweeps, text


def unnamed(made: Study, answers: RaidSweeps) -> Study:
    """Return the study of a scenario whose raid does not say which architecture it is judged on."""
    raid = replace(made.scenario.raids[answers.raid], judged_on=None)
    return Study(replace(made.scenario, raids={**made.scenario.raids, answers.raid: raid}))


@pytest.fixture(scope="module")
def answers() -> RaidSweeps:
    return sweeps()


def test_a_scenario_without_raids_does_not_ask() -> None:
    assert answer(Study(replace(load_scenario("toy"), raids={}))) is None


def test_what_lost_links_cost_is_said_with_and_without_fallback(answers: RaidSweeps) -> None:
    assert "batteries falling back after 30 s of silence" in text(findings(study(), answers))


def test_what_tracks_that_are_not_recognised_cost_is_said(answers: RaidSweeps) -> None:
    assert "Wrong track association, a mesh" in text(findings(study(), answers))


def test_perfect_command_is_said_once(answers: RaidSweeps) -> None:
    told = [finding for finding in findings(study(), answers) if "Perfect" in finding.sentence]
    assert len(told) == 1


def test_the_size_of_the_raid_and_the_time_to_decide_stand_in_the_summary(answers: RaidSweeps) -> None:
    leading = [finding.sentence for finding in findings(study(), answers) if finding.lead]
    assert [sentence.split(" of ")[0].split(" to ")[0] for sentence in leading] == [
        "Leakage by number", "Leakage by time",
    ]  # fmt: skip


def test_every_figure_is_drawn_and_described_with_its_numbers(answers: RaidSweeps) -> None:
    drawn = [figure.draw() for figure in figures(study(), answers)]
    assert [shown.name for shown in drawn] == [
        "raid-sizes", "raid-losses", "raid-cut-off", "raid-decision", "raid-network",
    ]  # fmt: skip
    assert all("leak" in shown.alternative for shown in drawn)


def test_the_architecture_that_is_judged_is_said_and_why(answers: RaidSweeps) -> None:
    named = study()
    first = findings(named, answers)[0]
    assert "judged on Phase 3 (2018): named by the scenario" in first.sentence
    assert not first.lead
    first = findings(unnamed(named, answers), answers)[0]
    assert "judged on Phase 3 (2018): the last integrated architecture that was not given up" in first.sentence
    assert not first.lead


def test_a_raid_at_which_no_architecture_has_a_shot_is_said_in_the_summary(answers: RaidSweeps) -> None:
    unseen = replace(answers, has_shot=False)
    assert "which the scenario names, has no shot at the raid" in findings(study(), unseen)[0].sentence
    first = findings(unnamed(study(), answers), unseen)[0]
    assert "No integrated architecture has a shot at the raid" in first.sentence
    assert first.lead


def test_a_fallback_that_changes_nothing_is_said_to_change_nothing(answers: RaidSweeps) -> None:
    assert "lowers the leakage most when the node is lost" in text(findings(study(), answers))
    waiting = {row.label: row for row in answers.losses if row.group == "hub"}
    same = tuple(
        replace(row, estimates=waiting[row.label].estimates) if row.group == "hub_fallback" else row
        for row in answers.losses
    )
    assert "lowers the leakage at none of these times" in text(findings(study(), replace(answers, losses=same)))


def test_a_sweep_without_settings_has_no_figure(answers: RaidSweeps) -> None:
    assert "raid-losses" not in [figure.name for figure in figures(study(), replace(answers, losses=()))]


def test_tables_hold_every_row(answers: RaidSweeps) -> None:
    raids, perfect = tables(study(), answers)
    assert [row[0] for row in perfect.rows] == [row.architecture for row in answers.perfect]
    assert all(len(row) == len(perfect.columns) for row in perfect.rows)
    assert len(raids.rows) == len(answers.every_row())
    raids.csv_text()


def test_the_section_shows_every_figure_and_table(answers: RaidSweeps) -> None:
    blocks = section(study(), answers).blocks
    shown = [block.name for block in blocks if isinstance(block, FigureRef)]
    assert shown == [figure.name for figure in figures(study(), answers)]
    assert {block.name for block in blocks if isinstance(block, TableRef)} == {
        table.name for table in tables(study(), answers)
    }
