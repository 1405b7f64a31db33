"""The main job: resumable, whole, and the same counts wherever they are read."""

import csv
import hashlib
import os
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import report_samples as samples
from hoplon.analysis.architectures import partner_variants, with_mode
from hoplon.analysis.coverage import Coverage, summarise
from hoplon.analysis.coverage_solver import Asked, Judged
from hoplon.errors import OutputError
from hoplon.progress import Progress, silent
from hoplon.questions.asked import QuestionAnswer, answered
from hoplon.questions.coverage.answer import report_denied, report_footprints
from hoplon.questions.question import every_question, question
from hoplon.questions.requests import LEVELS, MODES
from hoplon.questions.study import Study
from hoplon.report.dataset import dataset, results_tree, write_results
from hoplon.report.study_folder import coverages_of, write_study
from hoplon.scenario.geography import AimPoints

ARRAYS = ("threatened", "defended", "shots_min", "hardest", "cause")


def run(
    cover: "Counting", folder: Path | None = None, points: AimPoints | None = None, progress: Progress = silent
) -> Study:
    """Return the sample's study with every coverage computed."""
    made = Study(samples.scenario(), points or samples.aim_points(), folder, cover)
    made.compute(coverages_of(made.scenario, every_question()), progress)
    return made


class Counting:
    """A made-up cover that counts its calls, and stops the study before the n-th."""

    def __init__(self, stop_before: int | None = None) -> None:
        self.calls: list[tuple[str, str, str]] = []
        self.stop_before = stop_before

    def prepare(self, asked: Sequence[Asked], points: AimPoints, progress: Progress = silent) -> None:
        progress(1, 2, "half way")

    def judge_once(
        self, asked: Sequence[Asked], points: AimPoints, threats: Sequence[str], areas: Sequence[str] | None = None
    ) -> list[Judged]:
        return samples.judged_by(samples.Covers(), asked, points, threats)

    def __call__(self, asked: Asked, points: AimPoints) -> Coverage:
        if self.stop_before is not None and len(self.calls) + 1 >= self.stop_before:
            raise KeyboardInterrupt
        doctrine = asked.scenario.architecture(asked.architecture).doctrine
        reading = "" if doctrine.support == "held" else ", predicted"
        reading += "" if float(doctrine.shots_required) == 1.0 else ", two shots"
        self.calls.append((asked.architecture, asked.level, doctrine.mode + reading))
        return samples.Covers()(asked, points)


def test_every_architecture_is_evaluated_at_every_level_and_the_successive_ones_in_every_mode() -> None:
    cover = Counting()
    made = run(cover)
    own = {name: made.scenario.architecture(name).mode for name in made.scenario.architectures}
    expected = {(name, level, mode) for name, mode in own.items() for level in LEVELS}
    expected |= {(name, "base", mode) for name in ("phase-1", "phase-2", "phase-3") for mode in MODES}
    compared = ("programme-of-record", "phase-1", "phase-2", "phase-3")
    expected |= {(name, "base", own[name] + reading) for name in compared for reading in (", predicted", ", two shots")}
    expected |= {(name, "base", f"{own[name]}, predicted") for name in partner_variants(made.scenario)}
    assert set(cover.calls) == expected


def test_a_coverage_is_computed_when_it_is_first_asked_for() -> None:
    cover = Counting()
    made = Study(samples.scenario(), samples.aim_points(), cover=cover)
    assert cover.calls == []
    first = made.people("phase-2")
    assert {(name, level) for name, level, _ in cover.calls} == {("phase-2", level) for level in LEVELS}
    calls = len(cover.calls)
    assert made.people("phase-2") == first
    assert len(cover.calls) == calls


def test_what_is_computed_together_is_what_is_computed_alone() -> None:
    together = run(Counting())
    alone = Study(samples.scenario(), samples.aim_points(), cover=Counting())
    for name in alone.scenario.architectures:
        for level in reversed(LEVELS):
            np.testing.assert_array_equal(alone.tally(name, level).people, together.tally(name, level).people)
            np.testing.assert_array_equal(alone.tally(name, level).causes, together.tally(name, level).causes)


def test_a_study_that_was_sent_to_another_process_computes_nothing() -> None:
    made = Study(samples.scenario(), samples.aim_points(), cover=Counting())
    made.tally("phase-1")
    sent = pickle.loads(pickle.dumps(made))
    assert sent.count("phase-1") == made.count("phase-1")
    with pytest.raises(RuntimeError, match="computes nothing more"):
        sent.tally("phase-2")


def test_a_study_broken_off_goes_on_where_it_was(tmp_path: Path) -> None:
    points = samples.aim_points()
    broken = Counting(stop_before=6)
    with pytest.raises(KeyboardInterrupt):
        run(broken, tmp_path, points)
    assert len(os.listdir(tmp_path)) == len(broken.calls) == 5
    rest = Counting()
    resumed = run(rest, tmp_path, points)
    assert not set(rest.calls) & set(broken.calls)
    expected = run(Counting())
    for architecture in expected.scenario.architectures:
        for level in LEVELS:
            mine, theirs = (made.coverage(architecture, level) for made in (resumed, expected))
            for name in ARRAYS:
                np.testing.assert_array_equal(getattr(mine, name), getattr(theirs, name))
            assert mine.threats == theirs.threats
    third = Counting()
    run(third, tmp_path, points)
    assert third.calls == []


def test_a_damaged_file_is_computed_again(tmp_path: Path) -> None:
    points = samples.aim_points()
    run(Counting(), tmp_path, points)
    first, second, *_ = sorted(tmp_path.iterdir())
    first.write_bytes(first.read_bytes()[:100])
    second.write_bytes(b"")
    again = Counting()
    made = run(again, tmp_path, points)
    assert len(again.calls) == 2
    damage = "the coverage kept there is damaged; it is computed again"
    assert sorted(made.notes) == [f"{path}: {damage}" for path in (first, second)]
    assert run(Counting(), tmp_path, points).notes == ()


def test_other_points_are_another_study(tmp_path: Path) -> None:
    points = samples.aim_points()
    run(Counting(), tmp_path, points)
    again = Counting()
    run(again, tmp_path, points.subset(np.arange(len(points)) % 2 == 0))
    assert again.calls


def test_progress_counts_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    run(Counting(), progress=lambda done, total, _: told.append((done, total)))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == told[-1][1]


def test_counts_agree_with_the_summary_of_the_coverage() -> None:
    made = samples.results()
    for name in ("programme-of-record", "phase-2"):
        covered = made.coverage(name)
        threats = made.headline_threats(name)
        summed = summarise(covered, threats, made.headline_nations(name))
        count = made.count(name)
        assert count.population_share == pytest.approx(summed.population_share, rel=1e-12)
        assert count.area_share == pytest.approx(summed.area_share, rel=1e-12)
        assert made.inequality(name) == pytest.approx(summed.gini, rel=1e-12)
        for code, nation in summed.nations.items():
            assert made.nation_shares(name)[code] == pytest.approx(nation.population_share, rel=1e-12)


def test_another_mode_changes_nothing_else() -> None:
    sample = samples.scenario()
    changed = with_mode(sample, "phase-1", "organic")
    assert changed.architecture("phase-1").mode == "organic"
    assert changed.architecture("phase-1").elements == sample.architecture("phase-1").elements
    assert changed.architecture("phase-2") == sample.architecture("phase-2")
    assert sample.architecture("phase-1").mode == "launch_on_remote"


def answers(made: Study) -> list[QuestionAnswer]:
    """Return the answers of the questions that made-up coverages can answer."""
    chosen = [question(name) for name in ("threat", "coverage", "contributions")]
    return [answered(made, item, item.answer(made)) for item in chosen]


def test_the_dataset_holds_the_counts_and_reads_back(tmp_path: Path) -> None:
    made = samples.results()
    path = write_results(made, answers(made), tmp_path / "results.nc")
    with xr.open_dataset(path, engine="h5netcdf") as root:
        assert root.attrs["Conventions"].startswith("CF-")
        assert root.attrs["scenario_sha256"] == made.scenario.sha256
    with xr.open_dataset(path, engine="h5netcdf", group="coverages") as read:
        xr.testing.assert_identical(read.load().drop_attrs(deep=False), dataset(made).drop_attrs(deep=False))
        chosen: dict[str, Any] = {"architecture": "phase-2", "level": "low", "class_set": "headline"}
        share = made.count("phase-2", "low").population_share
        assert float(read.headline_people_share.sel(chosen)) == pytest.approx(share, rel=1e-12)
        turkey = made.tally("phase-2", "low").nation("headline", "TUR").population_share
        assert float(read.people_share.sel({**chosen, "nation": "TUR"})) == pytest.approx(turkey, rel=1e-12)
        assert int(read.in_headline.sel(architecture="phase-2", nation="FIN")) == 0


def test_the_results_hold_every_table_of_every_answer_with_units_and_names(tmp_path: Path) -> None:
    made = samples.results()
    told = answers(made)
    with xr.open_datatree(write_results(made, told, tmp_path / "results.nc"), engine="h5netcdf") as read:
        assert set(read.children) == {"coverages", "threat", "coverage", "contributions"}
        for answer in told:
            assert set(read[answer.name].children) == {table.name for table in answer.tables}
            for table in answer.tables:
                group = read[f"{answer.name}/{table.name}"].dataset
                assert [str(name) for name in group.data_vars] == [column.key for column in table.columns]
                for column in table.columns:
                    assert group[column.key].attrs["long_name"] == column.title
                    assert group[column.key].attrs.get("units") == column.unit
                    assert group[column.key].sizes == {"row": len(table.rows)}
        for variable in read["coverages"].dataset.variables.values():
            assert variable.attrs["long_name"]
    reach = next(table for table in told[0].tables if table.name == "threat_reach")
    place = [column.key for column in reach.columns].index("flight_time_s")
    with xr.open_datatree(tmp_path / "results.nc", engine="h5netcdf") as read:
        times = read["threat/threat_reach"].dataset.flight_time_s
        assert times.attrs["units"] == "s"
        np.testing.assert_array_equal(times, [np.nan if row[place] is None else row[place] for row in reach.rows])


def test_the_results_are_the_same_to_the_byte(tmp_path: Path) -> None:
    made = samples.results()
    first, second = (write_results(made, answers(made), tmp_path / name).read_bytes() for name in ("a.nc", "b.nc"))
    assert first == second
    assert set(results_tree(made, ()).children) == {"coverages"}


@pytest.mark.slow
def test_the_report_is_written_with_all_that_belongs_to_it(tmp_path: Path) -> None:
    report = write_study(samples.scenario(), tmp_path / "out", points=samples.aim_points(), cover=Counting())
    answer = report.as_json()
    for path in (report.report, report.dataset, *report.tables, *report.maps, *report.figures):
        assert path.is_file()
        assert path.stat().st_size > 0
    assert len(answer["headline"]) == len(samples.scenario().architectures)
    assert {row["population_share"] for row in answer["headline"]} <= {
        samples.results().count(name).population_share for name in samples.scenario().architectures
    }
    names = {path.stem for path in report.maps}
    assert {"compared", "causes", "certainty", "classes", "threat-reach", "coverage-phase-1"} <= names
    assert not [path for path in (tmp_path / "out").rglob(".*") if path.is_file()]
    assert report.report.stat().st_size < 25_000_000
    with (tmp_path / "out" / "manifest.csv").open() as stream:
        told = {row["file"]: row for row in csv.DictReader(stream)}
    written = [report.dataset, report.comprehensive, *report.tables, *report.maps, *report.figures]
    assert set(told) == {path.relative_to(tmp_path / "out").as_posix() for path in written}
    for path in written:
        row = told[path.relative_to(tmp_path / "out").as_posix()]
        assert row["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert row["scenario_sha256"] == samples.scenario().sha256


def test_an_unwritable_folder_is_refused_before_anything_is_computed(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    cover = Counting()
    with pytest.raises(OutputError):
        write_study(samples.scenario(), tmp_path / "out", points=samples.aim_points(), cover=cover)
    assert cover.calls == []


def test_footprints_are_shown_of_the_programme_and_the_last_phase_upper_layer_alone() -> None:
    found = report_footprints(samples.scenario())
    assert [item.architecture for item in found] == ["programme-of-record", "phase-3"]
    assert set(found[1].areas) == {"redzikowo", "deveselu-iia", "ship-east-iia", "ship-adriatic-iia"}
    assert {item.threat for item in found} == {"mrbm-2000"}
    assert all(area.area_km2 >= 0.0 for item in found for area in item.areas.values())


def test_the_denied_area_is_for_the_largest_capital_within_reach() -> None:
    found = report_denied(samples.scenario())
    assert found is not None
    assert (found.city, found.threat) == ("Ankara", "mrbm-2000")
    assert list(found.areas) == ["phase-3"]
