"""The robustness of a choice as a command or a notebook asks for it: options checked, points read, workers begun."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hoplon.analysis.coverage import aim_points
from hoplon.analysis.coverage_solver import KernelCover
from hoplon.analysis.robustness.answer import RobustnessAnswer
from hoplon.analysis.robustness.designs import KINDS
from hoplon.analysis.robustness.run import LEVELS, ChoiceScope, robustness
from hoplon.analysis.sampling.sampled_values import VALUES
from hoplon.analysis.store import Store
from hoplon.campaigns.driver import Shard, State
from hoplon.campaigns.executors import executor_named
from hoplon.errors import InputError, UsageError
from hoplon.files import writable_folder
from hoplon.scenario.geography import AimPoints
from hoplon.scenario.model import known_name
from hoplon.scenario.people import people_notes
from hoplon.scenario.points_file import read_points

if TYPE_CHECKING:
    from hoplon.progress import Progress
    from hoplon.scenario.model import Scenario

_READY: Final = "hoplon.analysis.sampling.ready"
_MOST_MARKS: Final = 1_000_000


def robust(
    scenario: Scenario,
    architectures: Sequence[str],
    *,
    points: AimPoints | str | Path | None,
    level: str,
    value: str,
    subset: int | None,
    indices: str,
    folder: Path | None,
    executor: str | None,
    workers: int | None,
    scheduler: str | None,
    shard: str | None,
    threats: tuple[str, ...] | None,
    areas: tuple[str, ...] | None,
    samples: int,
    seed: int,
    progress: Progress,
    watch: Callable[[State], None],
) -> RobustnessAnswer | State:
    """Return how sure a choice is; the parameters are those of :func:`hoplon.api.robust`."""
    name = executor or ("dask" if scheduler else "process")
    if scheduler and name != "dask":
        raise UsageError(f"a scheduler is Dask's: it does not go with the executor {name}")
    if shard is not None and folder is None:
        raise UsageError("a shard needs a folder that its chunks are kept in: --folder DIR")
    if subset is not None and not 1 <= subset <= _MOST_MARKS:
        raise InputError(f"subset: from 1 to {_MOST_MARKS:,} marks were expected, got {subset:,}")
    part = None if shard is None else Shard.parse(shard)
    scope = _scope(scenario, points, threats, areas, level, value, subset)
    notes = people_notes(tuple(scenario.nations), scenario.population_year) if points is None else ()
    kept = None if folder is None else writable_folder(folder)
    many = 1 if name == "serial" else workers or os.cpu_count() or 1
    asked: dict[str, Any] = {"samples": samples, "seed": seed, "indices": known_name("method", indices, KINDS)}
    with contextlib.closing(executor_named(name, many, scheduler, _READY)) as chosen:
        found = robustness(
            scenario,
            architectures,
            scope,
            KernelCover(Store()),
            folder=kept,
            executor=chosen,
            shard=part,
            progress=progress,
            watch=watch,
            **asked,
        )
    return replace(found, notes=(*notes, *found.notes)) if isinstance(found, RobustnessAnswer) else found


def _scope(
    scenario: Scenario,
    points: AimPoints | str | Path | None,
    threats: tuple[str, ...] | None,
    areas: tuple[str, ...] | None,
    level: str,
    value: str,
    subset: int | None,
) -> ChoiceScope:
    """Return what is counted; classes and launch areas in the order of the scenario."""
    given = read_points(points).points if isinstance(points, (str, Path)) else points
    return ChoiceScope(
        aim_points(scenario) if given is None else given,
        None if threats is None else tuple(name for name in scenario.threats if name in threats),
        None if areas is None else tuple(name for name in scenario.launch_areas if name in areas),
        given is not None,
        next(one for one in LEVELS if one == known_name("level", level, LEVELS)),
        next(one for one in VALUES if one == known_name("value", value, VALUES)),
        subset,
    )
