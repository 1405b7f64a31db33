"""What ``import hoplon`` offers: one function for each command, for notebooks, the command line and the web.

Every function takes a scenario (loaded, a path, or the name of a bundled one), then an architecture where there is one,
and returns a frozen record with ``as_json()`` (the keys that the command prints) and ``as_frame()`` (pandas). Nothing
heavy is imported until a function needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hoplon.analysis.records import register_views
from hoplon.analysis.what_if.answers import WhatIfs as WhatIfs
from hoplon.errors import InputError, UnknownNameError
from hoplon.progress import Progress, silent
from hoplon.report import scene as scene
from hoplon.report.compare import compare as compare
from hoplon.report.compare import compare_studies as compare_studies
from hoplon.report.decisions.costs import cost as cost
from hoplon.report.decisions.mix import optimise as optimise
from hoplon.report.decisions.plans import adapt as adapt
from hoplon.report.decisions.plans import stability as stability
from hoplon.report.decisions.plans import threat as threat
from hoplon.report.decisions.robustness import robust as robust
from hoplon.report.decisions.subsets import attribute as attribute
from hoplon.report.decisions.subsets import survive as survive
from hoplon.report.engagements import Place as Place
from hoplon.report.engagements import engage as engage
from hoplon.report.engagements import kill_chain as kill_chain
from hoplon.report.engagements import track as track
from hoplon.report.flights import DEFAULT_SCENARIO as DEFAULT_SCENARIO
from hoplon.report.flights import flyout as flyout
from hoplon.report.flights import trajectory as trajectory
from hoplon.report.formats.layer_files import ENDINGS, known_ending
from hoplon.report.formats.layer_files import to_file as _to_file
from hoplon.report.installed.doctor import doctor as doctor
from hoplon.report.raids import campaign as campaign
from hoplon.report.raids import federate as federate
from hoplon.report.raids import join as join
from hoplon.report.raids import play as play
from hoplon.report.raids import playback_formats as playback_formats
from hoplon.report.raids import raid as raid
from hoplon.report.sweeps import sweep as sweep
from hoplon.report.views.drawn import explore as explore
from hoplon.report.views.drawn import plot as plot
from hoplon.scenario.changes.applied import apply as apply
from hoplon.scenario.changes.applied import saved as saved
from hoplon.scenario.changes.what_if import WhatIf as WhatIf
from hoplon.scenario.conditions import Assumption as Assumption
from hoplon.scenario.conditions import assumptions as assumptions
from hoplon.scenario.differences import in_words as in_words
from hoplon.scenario.given.place import place_of as place_of
from hoplon.scenario.given.scenario import GivenScenario, loaded_scenario, names_in
from hoplon.scenario.given.scenario import name_in as name_in
from hoplon.scenario.load import load_text as load_text
from hoplon.scenario.model import known_name
from hoplon.version import VERSION

if TYPE_CHECKING:
    from hoplon.analysis.coverage_answer import CoverageAnswer
    from hoplon.analysis.footprints.footprint import DefendedArea
    from hoplon.analysis.sampling.band import Band
    from hoplon.analysis.scenario_contents import BundledScenarios, ScenarioCheck, ScenarioContents
    from hoplon.analysis.store import Store
    from hoplon.questions.asked import QuestionAnswer
    from hoplon.report.export import ExportedPlaces
    from hoplon.report.study_folder import StudyReport
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Level, Scenario
    from hoplon.validation.record import Validation

FORMATS: Final = ("scenario", "campaign")
"""The formats of files that :func:`schema` describes."""
LEVELS: Final[tuple[Level, ...]] = ("low", "base", "high")


@cache
def _store() -> Store:
    """Return what the calls of this process keep between them."""
    from hoplon.analysis.store import Store

    return Store()


# --- scenarios -------------------------------------------------------------------------------------------------------


def load(path_or_name: str | Path) -> Scenario:
    """Return a scenario from a file, or a bundled one by its name.

    Raises
    ------
    ScenarioError
        With file, line and column.
    """
    return loaded_scenario(path_or_name)


def provenance(scenario: Scenario | None = None, seed: int | None = None) -> dict[str, Any]:
    """Return what every JSON answer carries: version, and the scenario with its hash and the seed where one is used."""
    if scenario is None:
        return {"version": VERSION}
    return {"version": VERSION, "scenario": scenario.name, "scenario_sha256": scenario.sha256, "seed": seed}


def check(path_or_name: str | Path) -> ScenarioCheck:
    """Check a scenario file: errors and warnings with line and column; a refused file is an answer."""
    from hoplon.analysis.scenario_contents import check

    return check(path_or_name)


def schema(of: str = "scenario") -> dict[str, Any]:
    """Return the JSON Schema of a format, with meanings, limits and defaults, for editors.

    Parameters
    ----------
    of : {"scenario", "campaign"}
        The scenario file, or the plan of a campaign.

    Raises
    ------
    UnknownNameError
        If there is no such format.
    """
    if known_name("format", of, FORMATS) == "campaign":
        from hoplon.campaigns.plan import plan_schema

        return plan_schema()
    from hoplon.scenario.schema import json_schema

    return json_schema()


def scenarios() -> BundledScenarios:
    """Return the scenarios that come with hoplon."""
    from hoplon.analysis.scenario_contents import bundled

    return bundled()


def kinds() -> tuple[str, ...]:
    """Return the kinds of things that :func:`contents` lists."""
    from hoplon.analysis.scenario_contents import ROWS

    return (*ROWS, "questions")


def contents(scenario: GivenScenario = DEFAULT_SCENARIO, what: str | None = None) -> ScenarioContents:
    """Return what a scenario holds.

    Parameters
    ----------
    scenario : Scenario, path or bundled name
    what : str, optional
        One of :func:`kinds`; by default every kind but the questions, which are found out by beginning to answer them.

    Raises
    ------
    UnknownNameError
        If there is no such kind.
    """
    from hoplon.analysis.scenario_contents import ScenarioContents, contents

    if what is not None and what not in kinds():
        raise UnknownNameError("list", what, kinds())
    loaded = loaded_scenario(scenario)
    if what != "questions":
        return contents(loaded, what).made_from(loaded)
    from hoplon.questions.asked import asked_questions

    return ScenarioContents(loaded.name, {what: asked_questions(loaded)}).made_from(loaded)


def file_endings() -> tuple[str, ...]:
    """Return the endings of the files that ``to_file`` of an answer writes."""
    return ENDINGS


def check_ending(path: str | Path) -> None:
    """Refuse a file that ``to_file`` of an answer could not write, before the work that fills it.

    Raises
    ------
    InputError
        For an ending that is no format.
    OutputError
        If the package that the format needs is not installed.
    """
    known_ending(path)


def place_formats() -> tuple[str, ...]:
    """Return the formats that :func:`export` writes."""
    from hoplon.report.formats import PLACES

    return PLACES


def export(
    scenario: GivenScenario, file_format: str, path: str | Path | None = None, architecture: str | None = None
) -> ExportedPlaces:
    """Return the elements and launch areas of a scenario, or of one architecture, in a format of other tools.

    Parameters
    ----------
    scenario : Scenario, path or bundled name
    file_format : {"geojson", "czml", "kml", "geoparquet", "netcdf", "geopackage"}
    path : str or Path, optional
        File to write.
    architecture : str, optional
        Only the elements active in it.
    """
    from hoplon.report.export import export_places

    loaded = loaded_scenario(scenario)
    named = None if architecture is None else name_in(loaded, "architecture", architecture)
    return export_places(loaded, file_format, None if path is None else Path(path), named)


def validate(ids: Sequence[str] | str = (), *, progress: Progress = silent) -> Validation:
    """Compute every outside case: literature, closed forms, other codes, observed flights.

    Parameters
    ----------
    ids : sequence of str or str
        Only cases whose number begins so, as ``BAL`` or ``COV-01``; all by default.
    progress : callable
        Told of each case.

    Raises
    ------
    InputError
        If no case has such a number.
    """
    from hoplon.validation.record import validate

    return validate(ids, progress=progress)


# --- the study and its questions -------------------------------------------------------------------------------------


def study(
    scenario: GivenScenario,
    folder: str | Path,
    progress: Progress | None = None,
    points: AimPoints | str | Path | None = None,
) -> StudyReport:
    """Run the whole study of a scenario and write its report to a folder.

    Raises
    ------
    OutputError
        If something cannot be written; the report is written last, whole or not at all.
    """
    from hoplon.questions.figure_process import begin_drawing_process, drawing_workers

    loaded, given = loaded_scenario(scenario), _points(points)
    if drawing_workers() > 1:
        begin_drawing_process()  # which imports while this one does
    from hoplon.report.study_folder import write_study

    return write_study(loaded, Path(folder), progress or silent, given)


def ask(
    scenario: GivenScenario,
    question: str,
    *,
    folder: str | Path | None = None,
    points: AimPoints | str | Path | None = None,
    progress: Progress | None = None,
) -> QuestionAnswer:
    """Answer one question of the study alone, computing only what it needs.

    Parameters
    ----------
    scenario : Scenario, path or bundled name
    question : str
        Its name or number: ``discrimination``, ``Q8``.
    folder : path, optional
        Finished coverages are kept in its ``.store``; the folder of a study serves.
    points : AimPoints, path, optional
        Aim points, or a CSV file of them; the places and land of the scenario's nations by default.
    progress : callable, optional
        Told of each step.

    Raises
    ------
    UnknownNameError
        If there is no such question.
    InputError
        If the scenario does not ask it.
    """
    from hoplon.questions.asked import ask

    where = None if folder is None else Path(folder)
    return ask(loaded_scenario(scenario), question, folder=where, points=_points(points), progress=progress or silent)


def _points(points: AimPoints | str | Path | None) -> AimPoints | None:
    from hoplon.scenario.points_file import given_points

    return given_points(points)[1]


# --- coverage --------------------------------------------------------------------------------------------------------


def coverage(
    scenario: GivenScenario,
    architecture: str,
    *,
    threats: Sequence[str] | str | None = None,
    areas: Sequence[str] | str | None = None,
    points: AimPoints | str | Path | None = None,
    levels: Sequence[Level] | Level = LEVELS,
    year: int | None = None,
    explain: bool = False,
    count: bool = False,
    what_if: bool = True,
    for_points_csv: bool = False,
) -> CoverageAnswer:
    """Judge the aim points of an architecture.

    Parameters
    ----------
    scenario : Scenario, path or bundled name
    architecture : str
    threats, areas : sequence of str or str, optional
        Classes and launch areas; all by default. Classes that are named count together, otherwise the headline's do.
    points : AimPoints, path, optional
        Aim points, or a CSV file of them; the populated places and land cells of the scenario's nations by default.
    levels : sequence of {"low", "base", "high"}, or one of them
        Worst corner, base values and best corner of the disputed inputs.
    year : int, optional
        Only classes that exist in that year.
    explain : bool
        Compute the cause at undefended points (base level).
    count : bool
        Count every shot of every battery, for ``shots_min``; else shots are counted up to those required.
    what_if : bool
        Keep what each battery does: asked again with one of them moved, or with a subset of them, the answer comes in
        a fraction of a second. False is cheaper for a question that is asked once.
    for_points_csv : bool
        ``points_csv()`` will be asked for: a file with columns under the names of the answer's is refused at once.

    Raises
    ------
    UnknownNameError
        For a name that the scenario does not have, or another level.
    InputError
        For an empty list of names or levels, a file of points that cannot be read, or a nation without data.
    """
    loaded = loaded_scenario(scenario)
    architecture = name_in(loaded, "architecture", architecture)
    threats = names_in(loaded, "threat", threats)
    areas = names_in(loaded, "launch area", areas)
    from hoplon.analysis.coverage_answer import coverage_answer

    return coverage_answer(
        _store(),
        loaded,
        architecture,
        threats=threats,
        areas=areas,
        points=points,
        levels=levels,
        year=year,
        explain=explain,
        count=count,
        what_if=what_if,
        for_points_csv=for_points_csv,
    )


def band(result: CoverageAnswer, samples: int = 256, seed: int = 1) -> Band | None:
    """Return the 10 to 90 % band of a coverage: every input with bounds sampled, not the disputed ones alone.

    Parameters
    ----------
    result : CoverageAnswer
        From :func:`coverage`.
    samples, seed : int
        Of the Latin hypercube.

    Returns
    -------
    Band or None
        None where no input has bounds, or nobody is threatened.

    Raises
    ------
    InputError
        If there is less than one sample, or ``result`` is no coverage.
    """
    from hoplon.analysis.coverage_answer import CoverageAnswer
    from hoplon.analysis.coverage_solver import KernelCover
    from hoplon.analysis.sampling.band import coverage_band

    if not isinstance(result, CoverageAnswer):
        raise InputError(f"band: what coverage() returns was expected, got {type(result).__name__}")
    return coverage_band(result, KernelCover(_store()), samples, seed)


def footprint(scenario: GivenScenario, architecture: str, battery: str, threat: str, area: str) -> DefendedArea:
    """Return the area that one battery defends against a class from a launch area.

    Raises
    ------
    UnknownNameError
        For a name that the scenario, or the architecture, does not have.
    """
    loaded = loaded_scenario(scenario)
    resolved = loaded.architecture(architecture)
    threat, area = name_in(loaded, "threat", threat), name_in(loaded, "launch area", area)
    batteries = {name: element for name, element in resolved.elements.items() if element.form == "battery"}
    battery = known_name(f"battery of {resolved.name}", battery, batteries)
    from hoplon.analysis.footprints.footprint import footprint

    return footprint(_store(), loaded, resolved, battery, threat, area)


def denied(scenario: GivenScenario, architecture: str, aim: Place, threat: str) -> DefendedArea:
    """Return the launch points against which an architecture defends an aim, (latitude, longitude) in degrees.

    Raises
    ------
    UnknownNameError
        For a name that the scenario does not have.
    InputError
        If the aim is no place.
    """
    loaded = loaded_scenario(scenario)
    resolved, place = loaded.architecture(architecture), place_of("aim", aim)
    threat = name_in(loaded, "threat", threat)
    from hoplon.analysis.footprints.footprint import denied

    return denied(_store(), loaded, resolved, place, threat)


register_views(plot=plot, explore=explore, to_file=_to_file)
