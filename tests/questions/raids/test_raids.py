"""How the defence holds under a raid: sentences that turn with the numbers, figures and tables of every setting."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from hoplon.analysis.raid.sweeps import RaidSweeps
from hoplon.presentation.raid_wording import CAUSE_TITLES
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


def test_there_are_at_most_six_findings_each_with_an_interval_and_bounds(answers: RaidSweeps) -> None:
    told = findings(study(), answers)
    assert len(told) == 6
    for finding in told:
        assert re.search(r"[0-9.]+\s% \([0-9.]+ to [0-9.]+\) \[[0-9.]+ to [0-9.]+\]", finding.sentence), finding


def test_without_bounds_of_kill_probability_none_are_told(answers: RaidSweeps) -> None:
    without = replace(answers, doctrines=tuple(replace(row, bounds=None) for row in answers.doctrines))
    assert "[" not in findings(study(), without)[0].sentence


def test_doctrines_are_told_with_shots_per_kill_and_inventory(answers: RaidSweeps) -> None:
    told = findings(study(), answers)[1].sentence
    rows = [row for row in answers.doctrines if row.group == answers.sized_raid]
    assert [row.label for row in rows] == ["salvo-look-salvo", "shoot-look-shoot", "share", "salvo-2", "single"]
    assert told.count("shots per kill") == told.count("interceptors left") == len(rows)
    assert all(f"{row.label} " in told for row in rows)


def test_the_largest_causes_of_the_gap_are_told(answers: RaidSweeps) -> None:
    assert answers.causes is not None
    largest = max(answers.causes.causes, key=lambda cost: abs(cost.shapley.mean or 0.0))
    told = next(finding.sentence for finding in findings(study(), answers) if "Perfect" in finding.sentence)
    assert f"switching them off: {CAUSE_TITLES[largest.cause]} {100 * (largest.shapley.mean or 0):.1f} points" in told
    assert "Causes" not in text(findings(study(), replace(answers, causes=None)))


def test_perfect_command_is_said_once(answers: RaidSweeps) -> None:
    told = [finding for finding in findings(study(), answers) if "Perfect" in finding.sentence]
    assert len(told) == 1


def test_what_leaks_and_the_time_to_decide_stand_in_the_summary(answers: RaidSweeps) -> None:
    leading = [finding.sentence for finding in findings(study(), answers) if finding.lead]
    assert [sentence.split(",")[0].split(" to ")[0] for sentence in leading] == ["Leakage", "Leakage by time"]


def test_every_figure_is_drawn_and_described_with_its_numbers(answers: RaidSweeps) -> None:
    drawn = [figure.draw() for figure in figures(study(), answers)]
    assert [shown.name for shown in drawn] == [
        "raid-doctrines", "raid-sizes", "raid-command-causes", "raid-losses", "raid-cut-off", "raid-decision",
        "raid-network",
    ]  # fmt: skip
    assert all("leak" in shown.alternative for shown in drawn)


def test_the_architecture_that_is_judged_is_said_and_why(answers: RaidSweeps) -> None:
    named = study()
    assert "judged on Phase 3 (2018) (named by the scenario)" in findings(named, answers)[0].sentence
    first = findings(unnamed(named, answers), answers)[0]
    assert "judged on Phase 3 (2018) (the last integrated architecture that was not given up" in first.sentence


def test_a_raid_at_which_no_architecture_has_a_shot_is_said_in_the_summary(answers: RaidSweeps) -> None:
    unseen = replace(answers, has_shot=False)
    assert "which the scenario names, has no shot at the raid" in findings(study(), unseen)[0].sentence
    first = findings(unnamed(study(), answers), unseen)[0]
    assert "No integrated architecture has a shot at the raid" in first.sentence
    assert first.lead


def test_groups_that_do_not_fly_are_said_with_the_leakage(answers: RaidSweeps) -> None:
    # Of the raid "spread" the four missiles of 5,500 km do not exist in 2018.
    assert "Of the raid “spread” 8 of 12 missiles fly" in findings(study(), answers)[0].sentence


def test_a_sweep_without_settings_has_no_figure(answers: RaidSweeps) -> None:
    assert "raid-losses" not in [figure.name for figure in figures(study(), replace(answers, losses=()))]


def test_tables_hold_every_row(answers: RaidSweeps) -> None:
    raids, perfect, causes = tables(study(), answers)
    assert [row[0] for row in perfect.rows] == [row.architecture for row in answers.perfect]
    assert all(len(row) == len(perfect.columns) for row in perfect.rows)
    assert len(raids.rows) == len(answers.every_row())
    raids.csv_text()
    assert all(len(row) == len(causes.columns) for row in causes.rows)
    causes.csv_text()


def test_the_table_of_causes_adds_up(answers: RaidSweeps) -> None:
    causes = tables(study(), answers)[2]
    values = [row[1] for row in causes.rows]
    assert sum(values[:-2]) == pytest.approx(values[-2], abs=1e-9)


def test_the_section_shows_every_figure_and_table(answers: RaidSweeps) -> None:
    blocks = section(study(), answers).every
    shown = [block.name for block in blocks if isinstance(block, FigureRef)]
    assert shown == [figure.name for figure in figures(study(), answers)]
    assert {block.name for block in blocks if isinstance(block, TableRef)} == {
        table.name for table in tables(study(), answers)
    }
