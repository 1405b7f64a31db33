"""One command, one document: run the study, draw, write tables, results and the report."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hoplon.analysis.architectures import compared_architectures, judged_architectures
from hoplon.analysis.coverage_solver import Cover
from hoplon.extras import missing_packages
from hoplon.files import write_bytes, write_text
from hoplon.presentation.maps.coverage import coverage_window
from hoplon.presentation.maps.reach import reach_window
from hoplon.presentation.picture import Picture, write_picture
from hoplon.presentation.tables import Column, Table, write_tables
from hoplon.progress import Progress, silent
from hoplon.questions.asked import QuestionAnswer, answered
from hoplon.questions.coverage.answer import threatened_beside
from hoplon.questions.kernels import compile_beside
from hoplon.questions.question import Question, every_question
from hoplon.questions.requests import LEVELS, CoverageRequest, levels_of, of_every_architecture
from hoplon.questions.study import Study
from hoplon.report.based_on import BasedOn, based_on
from hoplon.report.comprehensive import comprehensive_page
from hoplon.report.dataset import write_results
from hoplon.report.inputs import findings_table, input_tables, provenance_table
from hoplon.report.missing import missing
from hoplon.report.page import report_page
from hoplon.report.page_blocks import QuestionOnPage
from hoplon.report.pdf import Printed, print_page
from hoplon.report.study_files import StudyFiles
from hoplon.report.workers import PictureDrawing
from hoplon.scenario.geography import AimPoints
from hoplon.scenario.model import Level, Scenario

_NO_NETCDF: Final = (
    "results.nc is not written: what writes NetCDF is not installed; pip install 'hoplon[netcdf]', and give the same "
    "command again"
)


@dataclass(frozen=True, repr=False)
class StudyReport:
    """What a study left behind.

    Parameters
    ----------
    study : Study
        The numbers.
    report, comprehensive : Path
        ``report.html`` and ``comprehensive.html``.
    dataset : Path or None
        ``results.nc``; None where what writes NetCDF is not installed.
    pdf : Path or None
        ``comprehensive.pdf``; None where no browser printed it.
    notes : tuple of str
        What a person is told beside the answer: why there is no PDF or no NetCDF, what was computed again.
    tables, maps, figures : tuple of Path
        The other files.
    """

    study: Study
    report: Path
    comprehensive: Path
    pdf: Path | None
    notes: tuple[str, ...]
    dataset: Path | None
    tables: tuple[Path, ...]
    maps: tuple[Path, ...]
    figures: tuple[Path, ...]

    def __repr__(self) -> str:
        """Return where the report is and how much stands beside it, in one line."""
        beside = f"{len(self.tables)} tables, {len(self.maps)} files of maps, {len(self.figures)} of figures"
        return f"<StudyReport of {self.study.scenario.name}: {self.report}; {beside}>"

    def as_json(self) -> dict[str, Any]:
        """Return the paths written and the headline, under the keys of the command line."""
        return {
            "paths": {
                "report": str(self.report),
                "comprehensive": str(self.comprehensive),
                **({} if self.pdf is None else {"comprehensive_pdf": str(self.pdf)}),
                **({} if self.dataset is None else {"results": str(self.dataset)}),
                "tables": [str(path) for path in self.tables],
                "maps": [str(path) for path in self.maps],
                "figures": [str(path) for path in self.figures],
            },
            "headline": [
                {
                    "architecture": name,
                    "year": self.study.year(name),
                    **_shares("population_share", self.study, name),
                    **_shares("area_share", self.study, name),
                }
                for name in judged_architectures(self.study.scenario)
            ],
        }


def _shares(key: str, study: Study, architecture: str) -> dict[str, float | None]:
    """Return a share at base and both corners; None at corners that an architecture is not judged at."""
    judged = levels_of(study.scenario, architecture)
    found: dict[Level, float | None] = {
        level: getattr(study.count(architecture, level), key) if level in judged else None for level in LEVELS
    }
    return {key: found["base"], f"{key}_low": found["low"], f"{key}_high": found["high"]}


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
        Where ``report.html``, ``comprehensive.html``, ``comprehensive.pdf`` (where a browser prints it), ``results.nc``
        (with the extra ``netcdf``), ``manifest.csv``, ``tables/``, ``maps/`` and ``figures/`` go. Finished coverages
        are kept in its ``.store``, so that a study that was broken off goes on where it was.
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
        If something cannot be written, or another study is being written there. Nothing is written before everything
        is drawn; the report is written last, whole or not at all.
    """
    files = StudyFiles(folder)
    with files.open_store() as store:
        questions = every_question()
        study = Study(scenario, points, store, cover, progress)
        with PictureDrawing() as drawing:
            progress = compile_beside(scenario, progress)
            works = {question.name: work for question in questions if (work := question.beside(study)) is not None}
            with study.working_beside(works):
                study.compute(coverages_of(scenario, questions))
                drawn = _drawn(study, questions, drawing, progress)
        return _write(files, drawn, print_page(drawn.comprehensive, store, progress))


@dataclass(frozen=True)
class _Drawn:
    """A study with everything that is written of it."""

    study: Study
    tables: Mapping[str, Table]
    pictures: tuple[tuple[str, Picture], ...]
    html: str
    comprehensive: str
    results: bytes | None


def _drawn(study: Study, questions: Sequence[Question], drawing: PictureDrawing, progress: Progress) -> _Drawn:
    """Answer the questions and draw their figures."""
    asked = _answers(study, questions, drawing, progress)
    answers = tuple(item.data for item in asked)
    lacking = missing_packages("netcdf")
    results = None if lacking else drawing.begin_file("results.nc", write_results, study, answers)
    changes = based_on(study.scenario)
    tables = study_tables(study, answers, changes)
    drawn: dict[str, list[tuple[str, Picture]]] = {item.question.name: [] for item in asked}
    for place, total, name, kind, shown in drawing.pictures():
        progress(place, total, f"drawn: {shown.name}")
        drawn[name].append((kind, shown))
    shown_on_page = [item.on_page(study, drawn[item.question.name]) for item in asked]
    left_out = missing(study, questions, [item.question for item in asked])
    html = report_page(study, shown_on_page, tables, left_out, changes)
    whole = comprehensive_page(study, shown_on_page, questions, tables, left_out, changes)
    pictures = tuple(one for shown in drawn.values() for one in shown)
    return _Drawn(study, tables, pictures, html, whole, None if results is None else results())


def _write(files: StudyFiles, drawn: _Drawn, printed: Printed) -> StudyReport:
    """Write everything."""
    folder, scenario = files.folder, drawn.study.scenario
    pictures = [f"{kind}/{shown.name}.{end}" for kind, shown in drawn.pictures for end in ("svg", "png")]
    documents = [files.comprehensive, *(() if printed.pdf is None else (files.comprehensive_pdf,))]
    names = [
        *(() if drawn.results is None else (files.results.name,)),
        *(path.name for path in documents),
        *(f"tables/{name}.csv" for name in drawn.tables),
        *pictures,
    ]
    with files.replace(names, scenario.sha256):
        dataset = None if drawn.results is None else write_bytes(files.results, drawn.results, within=folder)
        tables = write_tables(list(drawn.tables.values()), folder / "tables", within=folder)
        written: dict[str, list[Path]] = {"maps": [], "figures": []}
        for kind, shown in drawn.pictures:
            written[kind] += write_picture(shown, folder / kind, within=folder)
        write_text(files.comprehensive, drawn.comprehensive, within=folder)
        if printed.pdf is not None:
            write_bytes(files.comprehensive_pdf, printed.pdf, within=folder)
        others = [*(() if dataset is None else (dataset,)), *documents, *tables, *written["maps"], *written["figures"]]
        write_text(files.manifest, manifest(scenario, folder, others).csv_text(), within=folder)
        report = write_text(files.report, drawn.html, within=folder)
    return StudyReport(
        drawn.study,
        report,
        files.comprehensive,
        None if printed.pdf is None else files.comprehensive_pdf,
        (*drawn.study.notes, *((printed.note,) if printed.note else ()), *((_NO_NETCDF,) if dataset is None else ())),
        dataset,
        tuple(tables),
        tuple(written["maps"]),
        tuple(written["figures"]),
    )


def coverages_of(scenario: Scenario, questions: Sequence[Question]) -> list[CoverageRequest]:
    """Return what a study computes: every architecture at the levels that it is judged at, and what questions add."""
    more = [request for question in questions for request in question.coverages(scenario)]
    return list(dict.fromkeys((*of_every_architecture(scenario), *more)))


@dataclass(frozen=True)
class _Answered:
    """A question that the scenario asks, with its answer in the study and as data."""

    question: Question
    answer: Any
    data: QuestionAnswer
    lead: tuple[str, ...]

    def on_page(self, study: Study, pictures: Sequence[tuple[str, Picture]]) -> QuestionOnPage:
        """Return what the page shows of it."""
        section = self.question.section(study, self.answer)
        return QuestionOnPage(self.question, self.data.findings, self.data.tables, section, self.lead, tuple(pictures))


def _answers(
    study: Study, questions: Sequence[Question], drawing: PictureDrawing, progress: Progress
) -> list[_Answered]:
    """Return the questions that the scenario asks with their answers, their figures begun."""
    asked = {}
    last = sorted(questions, key=lambda question: question.beside(study) is not None)  # what may not be done yet
    for place, question in enumerate(last):
        progress(place, len(questions), question.contents)
        answer = question.answer(study)
        if answer is None:
            continue
        figures = question.figures(study, answer)
        drawing.begin(study, question, answer, figures)
        lead = tuple(figure.name for figure in figures if figure.lead)
        asked[question.name] = _Answered(question, answer, answered(study, question, answer), lead)
    progress(len(questions), len(questions), "answered")
    return [asked[question.name] for question in questions if question.name in asked]


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


def projections(study: Study) -> tuple[str, ...]:
    """Return the titles of the windows that the maps of a study use: of reach, and of coverage."""
    scenario = study.scenario
    if not (scenario.nations and scenario.threats and scenario.launch_areas):
        return ()
    shown = [study.shown(name) for name in compared_architectures(scenario)]
    for name in compared_architectures(scenario)[:1]:
        beside = threatened_beside(study, name)
        shown += [study.shown(name, nations=beside)] if beside else []
    windows = [reach_window(scenario, study.points), *(coverage_window(scenario, item) for item in shown)]
    return tuple(dict.fromkeys(window.title for window in windows))


def study_tables(study: Study, asked: Sequence[QuestionAnswer], changes: BasedOn | None = None) -> Mapping[str, Table]:
    """Return every table of the study by name; that of the inputs changed where its scenario extends another."""
    findings = [finding for item in asked for finding in item.findings]
    own = [table for item in asked for table in item.tables]
    changed = () if changes is None else (changes.table(),)
    tables = (findings_table(findings), *own, *input_tables(study.scenario, projections(study)), *changed)
    return {table.name: table for table in tables}
