"""One command, one document: run the study, draw, write tables, results and the report."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hoplon.analysis.coverage_solver import Cover
from hoplon.files import writable_folder, write_text
from hoplon.presentation.picture import Picture, write_picture
from hoplon.presentation.tables import Column, Table, write_tables
from hoplon.progress import Progress, silent
from hoplon.questions.all_findings import findings
from hoplon.questions.comparison.statements import verdicts
from hoplon.questions.result_tables import result_tables
from hoplon.questions.study import StudyResults, run_study, with_details
from hoplon.report.dataset import write_dataset
from hoplon.report.inputs import findings_table, input_tables, provenance_table
from hoplon.report.page import report_page
from hoplon.report.workers import PictureDrawing
from hoplon.scenario.geography import AimPoints
from hoplon.scenario.model import Scenario


@dataclass(frozen=True)
class StudyReport:
    """What a study left behind.

    Parameters
    ----------
    results : StudyResults
        The numbers.
    report, dataset : Path
        ``report.html`` and ``results.nc``.
    tables, maps, figures : tuple of Path
        The other files.
    """

    results: StudyResults
    report: Path
    dataset: Path
    tables: tuple[Path, ...]
    maps: tuple[Path, ...]
    figures: tuple[Path, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the paths written and the headline, under the keys of the command line."""
        return {
            "paths": {
                "report": str(self.report),
                "results": str(self.dataset),
                "tables": [str(path) for path in self.tables],
                "maps": [str(path) for path in self.maps],
                "figures": [str(path) for path in self.figures],
            },
            "headline": [
                {
                    "architecture": name,
                    "year": self.results.year(name),
                    **_triple("population_share", self.results.people(name)),
                    **_triple("area_share", self.results.land(name)),
                }
                for name in self.results.scenario.architectures
            ],
        }


def _triple(key: str, shares: tuple[float, float, float] | None) -> dict[str, float | None]:
    low, base, high = shares if shares is not None else (None, None, None)
    return {key: base, f"{key}_low": low, f"{key}_high": high}


def write_study(
    scenario: Scenario,
    folder: Path,
    progress: Progress = silent,
    points: AimPoints | None = None,
    cover: Cover | None = None,
) -> StudyReport:
    """Run the study of a scenario and write its report to a folder.

    Parameters
    ----------
    scenario : Scenario
        What to study.
    folder : Path
        Where ``report.html``, ``results.nc``, ``manifest.csv``, ``tables/``, ``maps/`` and ``figures/`` go. Finished
        coverages are kept in its ``.store``, so that a study that was broken off goes on where it was.
    progress : callable
        Told of each step.
    points : AimPoints, optional
        The aim points; every nation's places and land grid by default.
    cover : callable, optional
        Computes one coverage; the kernels by default.

    Returns
    -------
    StudyReport

    Raises
    ------
    OutputError
        If something cannot be written; the report is written last, whole or not at all.
    """
    writable_folder(folder)
    drawn: list[tuple[str, Picture]] = []
    written: dict[str, list[Path]] = {"maps": [], "figures": []}
    with PictureDrawing() as drawing:
        results = run_study(scenario, cover, writable_folder(folder / ".store"), points, progress)
        drawing.begin(results)
        results = with_details(results, cover, progress)
        tables = study_tables(results)
        paths = write_tables(list(tables.values()), folder / "tables")
        dataset = write_dataset(results, folder / "results.nc")
        for place, total, kind, shown in drawing.pictures(results):
            progress(place, total, f"drawn: {shown.name}")
            written[kind] += write_picture(shown, folder / kind)
            drawn.append((kind, shown))
    html = report_page(results, findings(results), verdicts(results), tables, drawn)
    others = [dataset, *paths, *written["maps"], *written["figures"]]
    write_text(folder / "manifest.csv", manifest(results.scenario, folder, others).csv_text())
    report = write_text(folder / "report.html", html)
    return StudyReport(results, report, dataset, tuple(paths), tuple(written["maps"]), tuple(written["figures"]))


def manifest(scenario: Scenario, folder: Path, paths: Sequence[Path]) -> Table:
    """Return which files a study wrote, each with its hash and with what made it.

    Parameters
    ----------
    scenario : Scenario
        What was studied.
    folder : Path
        Of the study; the files are named from there.
    paths : sequence of Path
        The files.
    """
    made = dict(provenance_table(scenario).rows)
    told = tuple(made[key] for key in ("hoplon version", "scenario", "scenario sha256", "random seed"))
    rows = tuple(
        (path.relative_to(folder).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest(), *told)
        for path in sorted(paths)
    )
    heads = ("file", "sha256", "hoplon_version", "scenario", "scenario_sha256", "random_seed")
    return Table("manifest", "Files of the study", tuple(Column(key, key) for key in heads), rows)


def study_tables(results: StudyResults) -> Mapping[str, Table]:
    """Return every table of the report by name."""
    tables = (findings_table(findings(results)), *result_tables(results), *input_tables(results.scenario))
    return {table.name: table for table in tables}
