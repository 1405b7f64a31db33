"""The functions of the library that set two things side by side; nothing heavy is imported before one is called."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hoplon.errors import InputError
from hoplon.progress import Progress, silent
from hoplon.scenario.given.scenario import GivenScenario, loaded_scenario, name_in

if TYPE_CHECKING:
    from hoplon.report.comparison import ArchitectureComparison
    from hoplon.report.study_comparison import StudyComparison
    from hoplon.scenario.geography import AimPoints


def compare(
    scenario: GivenScenario,
    first: str,
    second: str,
    *,
    points: AimPoints | str | Path | None = None,
    samples: int = 1000,
    progress: Progress | None = None,
) -> ArchitectureComparison:
    """Compare two architectures of a scenario: inputs that differ, coverage, losses, cost, interceptors, stability.

    Both are judged on the nations that the headline counts in the years of both, and on the same classes; ``samples``
    is the number of those of the costs.

    Raises
    ------
    UnknownNameError
        If the scenario lacks an architecture.
    InputError
        If both are the same, or there is less than one sample.
    """
    loaded = loaded_scenario(scenario)
    names = [name_in(loaded, "architecture", name) for name in (first, second)]
    if samples < 1:
        raise InputError(f"samples: one or more were expected, got {samples}")
    from hoplon.questions.study import Study
    from hoplon.report.comparison import compare_architectures
    from hoplon.scenario.points_file import read_points

    given = read_points(points).points if isinstance(points, (str, Path)) else points
    return compare_architectures(Study(loaded, given, progress=progress or silent), names[0], names[1], samples)


def compare_studies(first: str | Path, second: str | Path) -> StudyComparison:
    """Compare the folders of two studies: inputs that differ, and every number of their tables that moved.

    Raises
    ------
    InputError
        If one of them is no folder of a finished study.
    """
    from hoplon.report.study_comparison import compare_studies

    return compare_studies(Path(first), Path(second))
