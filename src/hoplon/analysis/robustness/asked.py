"""The robustness of a choice as a command or a notebook asks for it: options checked, points read, workers begun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hoplon.analysis.coverage import aim_points
from hoplon.analysis.coverage_solver import KernelCover
from hoplon.analysis.robustness.answer import RobustnessAnswer
from hoplon.analysis.robustness.designs import KINDS
from hoplon.analysis.robustness.run import LEVELS, ChoiceScope, chosen_between, robustness
from hoplon.analysis.sampling.sampled_values import VALUES
from hoplon.analysis.sampling.scope import scope_as_plain
from hoplon.analysis.store import Store
from hoplon.campaigns.driver import State
from hoplon.campaigns.execution import WorkAsked
from hoplon.errors import InputError
from hoplon.scenario.geography import AimPoints
from hoplon.scenario.model import known_name
from hoplon.scenario.people import people_notes
from hoplon.scenario.points_file import given_points

if TYPE_CHECKING:
    from hoplon.scenario.model import Scenario

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
    threats: tuple[str, ...] | None,
    areas: tuple[str, ...] | None,
    samples: int,
    seed: int,
    work: WorkAsked,
) -> RobustnessAnswer | State:
    """Return how sure a choice is; the parameters are those of :func:`hoplon.api.robust`."""
    if subset is not None and not 1 <= subset <= _MOST_MARKS:
        raise InputError(f"subset: from 1 to {_MOST_MARKS:,} marks were expected, got {subset:,}")
    names = chosen_between(scenario, architectures)
    scope = _scope(scenario, points, threats, areas, level, value, subset)
    notes = people_notes(tuple(scenario.nations), scenario.population_year) if points is None else ()
    numbers = {"samples": samples, "seed": seed}
    asked = {
        "architectures": list(names),
        **scope_as_plain(threats, areas, scope.points if scope.given else None, level, value, subset),
        **numbers,
    }
    method = known_name("method", indices, KINDS)
    with work.execution("robust", scenario, asked, processes=True) as how:
        found = robustness(
            scenario,
            names,
            scope,
            KernelCover(Store()),
            indices=method,
            folder=how.folder,
            executor=how.executor,
            shard=how.shard,
            progress=how.progress,
            watch=how.watch,
            **numbers,
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
    given = given_points(points)[1]
    return ChoiceScope(
        aim_points(scenario) if given is None else given,
        None if threats is None else tuple(name for name in scenario.threats if name in threats),
        None if areas is None else tuple(name for name in scenario.launch_areas if name in areas),
        given is not None,
        next(one for one in LEVELS if one == known_name("level", level, LEVELS)),
        next(one for one in VALUES if one == known_name("value", value, VALUES)),
        subset,
    )
