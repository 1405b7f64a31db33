"""The functions of the library that set two things side by side; nothing heavy is imported before one is called."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hoplon.errors import InputError
from hoplon.progress import Progress, silent
from hoplon.scenario.given.scenario import GivenScenario, loaded_scenario, name_in, names_in
from hoplon.scenario.model import known_name

if TYPE_CHECKING:
    from hoplon.report.comparison import ArchitectureComparison
    from hoplon.report.study_comparison import StudyComparison
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Level


def compare(
    scenario: GivenScenario,
    first: str,
    second: str,
    *,
    threats: Sequence[str] | str | None = None,
    areas: Sequence[str] | str | None = None,
    points: AimPoints | str | Path | None = None,
    level: Level = "base",
    value: str = "population",
    subset: int | None = None,
    samples: int = 1000,
    progress: Progress | None = None,
) -> ArchitectureComparison:
    """Compare two architectures of a scenario: inputs that differ, coverage, losses, cost, interceptors, stability.

    Both are judged on the same places and flights. Costs, interceptors and stability depend on none of these options;
    the cost of a defended person does.

    Parameters
    ----------
    scenario : Scenario, path or bundled name
    first, second : str
        Architectures.
    threats, areas : sequence of str or str, optional
        Classes that count together, and launch areas; the headline's, and every one, by default.
    points : AimPoints, path, optional
        Points, or a CSV file of them; by default the places (or land) of the nations that the headline counts in the
        years of both.
    level : {"low", "base", "high"}
        Of the disputed inputs.
    value : {"population", "area", "worst_nation"}
    subset : int, optional
        Marks of a weighted subset of the points; every point by default.
    samples : int
        Of the costs.
    progress : callable, optional

    Raises
    ------
    UnknownNameError
        If the scenario lacks a name.
    InputError
        If both are the same, or there is less than one sample or mark.
    """
    loaded = loaded_scenario(scenario)
    names = [name_in(loaded, "architecture", name) for name in (first, second)]
    if names[0] == names[1]:
        raise InputError(f"two architectures were expected, got {names[0]} twice")
    for what, number in (("samples", samples), ("subset", 1 if subset is None else subset)):
        if number < 1:
            raise InputError(f"{what}: one or more were expected, got {number}")
    kinds, origins = names_in(loaded, "threat", threats), names_in(loaded, "launch area", areas)
    from hoplon.analysis.defence import LEVELS
    from hoplon.analysis.sampling.sampled_values import VALUES
    from hoplon.analysis.store import Store
    from hoplon.report.compared_places import ComparedPlaces, ComparisonScope
    from hoplon.report.comparison import compare_architectures
    from hoplon.scenario.points_file import given_points

    asked = ComparisonScope(
        kinds,
        origins,
        given_points(points)[1],
        next(one for one in LEVELS if one == known_name("level", level, LEVELS)),
        next(one for one in VALUES if one == known_name("value", value, VALUES)),
        subset,
    )
    places = ComparedPlaces(Store(), loaded, (names[0], names[1]), asked, progress or silent)
    return compare_architectures(places, samples)


def compare_studies(first: str | Path, second: str | Path) -> StudyComparison:
    """Compare the folders of two studies: inputs that differ, and every number of their tables that moved.

    Raises
    ------
    InputError
        If one of them is no folder of a finished study.
    """
    from hoplon.report.study_comparison import compare_studies

    return compare_studies(Path(first), Path(second))
