"""The robustness of a choice asked for by names, for :mod:`hoplon.api`. Nothing heavy is imported before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hoplon.progress import Progress
from hoplon.report.decisions.work import work_asked
from hoplon.scenario.given.scenario import GivenScenario, loaded_scenario, name_in, names_in

if TYPE_CHECKING:
    from hoplon.analysis.robustness.answer import RobustnessAnswer
    from hoplon.campaigns.driver import State
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Level


def robust(
    scenario: GivenScenario,
    architectures: Sequence[str] | str | None = None,
    *,
    threats: Sequence[str] | str | None = None,
    areas: Sequence[str] | str | None = None,
    points: AimPoints | str | Path | None = None,
    level: Level = "base",
    value: str = "population",
    subset: int | None = None,
    samples: int = 1024,
    seed: int = 1,
    indices: str = "given",
    folder: str | Path | None = None,
    executor: str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    shard: str | None = None,
    progress: Progress | None = None,
    watch: Callable[[State], None] = lambda state: None,
) -> RobustnessAnswer | Any:  # a State with shard
    """Return how sure the choice between architectures is when every input with bounds is sampled.

    Parameters
    ----------
    scenario : Scenario, path or bundled name
    architectures : sequence of str, optional
        Two or more; those of the scenario's question Q13 by default.
    threats, areas : sequence of str or str, optional
        Classes that count together, and launch areas; the headline's, and every one, by default.
    points : AimPoints, path, optional
        Points, or a CSV file of them; the places and land of nations that are members in the years of all architectures
        by default.
    level : {"low", "base", "high"}
        Of the disputed inputs, whose bounds take the place of what is sampled.
    value : {"population", "area", "worst_nation"}
    subset : int, optional
        Marks of the weighted subset of points that is judged; 1,024 by default, and every one of points that are given.
    samples, seed : int
        Of the Latin hypercube.
    indices : {"given", "sobol", "morris"}
        From these samples, or by designs of their own, which need SALib and many more runs.
    folder : path, optional
        Finished chunks are kept there; the same call goes on with them.
    executor : {"serial", "process", "dask"}, optional
        process by default; dask with a scheduler. It does not affect results.
    workers : int, optional
        One per core by default.
    scheduler : str, optional
        Address of a Dask scheduler.
    shard : str, optional
        ``I/N``: do part I of N alone, in the folder, and make nothing of it: the answer says how far it is.
    progress, watch : callable, optional
        Told of each step; of the state after each chunk.

    Raises
    ------
    InputError
        For fewer than two architectures, or a number that cannot be; if the folder holds another question.
    OutputError
        If the folder cannot be written; if SALib is needed and not there.
    """
    loaded = loaded_scenario(scenario)
    given = (architectures,) if isinstance(architectures, str) else architectures or ()
    asked: dict[str, Any] = {"samples": samples, "seed": seed, "indices": indices}
    named = [name_in(loaded, "architecture", name) for name in given]
    from hoplon.analysis.robustness.answer import RobustnessAnswer
    from hoplon.analysis.robustness.asked import robust

    found = robust(
        loaded,
        named,
        threats=names_in(loaded, "threat", threats),
        areas=names_in(loaded, "launch area", areas),
        points=points,
        level=level,
        value=value,
        subset=subset,
        **asked,
        work=work_asked(folder, executor, workers, scheduler, shard, progress, watch),
    )
    return found.made_from(loaded, seed) if isinstance(found, RobustnessAnswer) else found
