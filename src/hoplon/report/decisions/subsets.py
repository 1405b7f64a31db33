"""Survivability and attribution asked for by names, for :mod:`hoplon.api`.

Nothing heavy is imported until a function needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hoplon.errors import InputError
from hoplon.progress import Progress
from hoplon.report.decisions.work import work_asked
from hoplon.scenario.given.scenario import GivenScenario, loaded_scenario, name_in, names_in

if TYPE_CHECKING:
    from hoplon.analysis.store import Store
    from hoplon.analysis.subsets.asked import SubsetsAsked
    from hoplon.analysis.subsets.attribution import Attribution
    from hoplon.analysis.subsets.survivability import Survival
    from hoplon.campaigns.driver import State
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Level, Scenario


@cache
def _store() -> Store:
    """Return what the calls of this process keep between them."""
    from hoplon.analysis.store import Store

    return Store()


def _asked(scenario: Scenario, threats: Any, areas: Any, **others: Any) -> SubsetsAsked:
    from hoplon.analysis.subsets.asked import SubsetsAsked

    kinds, origins = names_in(scenario, "threat", threats), names_in(scenario, "launch area", areas)
    return SubsetsAsked(threats=kinds, areas=origins, **others)


def survive(
    scenario: GivenScenario,
    architecture: str,
    *,
    threats: Sequence[str] | str | None = None,
    areas: Sequence[str] | str | None = None,
    points: AimPoints | str | Path | None = None,
    level: Level = "base",
    value: str = "population",
    subset: int | None = None,
    players: str = "site",
    with_satellites: bool = False,
    most_losses: int | None = None,
    uncovered_share: float = 0.5,
    seed: int = 1,
    folder: str | Path | None = None,
    executor: str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    shard: str | None = None,
    progress: Progress | None = None,
    watch: Callable[[State], None] = lambda state: None,
) -> Survival | Any:  # a State with shard
    """Return what an architecture still defends after the loss of any of its players.

    Parameters
    ----------
    scenario : Scenario, path or bundled name
    architecture : str
    threats, areas : sequence of str or str, optional
        Classes that count together, and launch areas; the headline's, and every one, by default.
    points : AimPoints, path, optional
        Points, or a CSV file of them; the places (or land) of the scenario's nations by default.
    level : {"low", "base", "high"}
        Of the disputed inputs.
    value : {"population", "area", "worst_nation"}
    subset : int, optional
        Marks of a weighted subset of the points; every point by default.
    players : {"site", "element", "owner"}
        What is lost together.
    with_satellites : bool
        Whether each satellite may be lost too.
    most_losses : int, optional
        Of so many players at most.
    uncovered_share : float
        A nation with a smaller share is uncovered.
    seed : int
        Of sampled losses, where there are more than 20 players.
    folder : path, optional
        Finished chunks are kept there; the same call goes on with them.
    executor : {"serial", "process", "dask"}, optional
        This process by default, process with a folder or workers, dask with a scheduler. It does not affect results.
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
        For a number out of range; if more than 2,000,000 coalitions would have to be judged; if the folder holds
        another question.
    OutputError
        If the folder cannot be written.
    """
    loaded = loaded_scenario(scenario)
    architecture = name_in(loaded, "architecture", architecture)
    asked = _asked(
        loaded,
        threats,
        areas,
        points=points,
        level=level,
        value=value,
        subset=subset,
        players=players,
        with_satellites=with_satellites,
    )
    if most_losses is not None and most_losses < 0:
        raise InputError(f"most_losses: 0 or more were expected, got {most_losses}")
    if not 0.0 <= uncovered_share <= 1.0:
        raise InputError(f"uncovered_share must be from 0 to 1, got {uncovered_share:g}")
    from hoplon.analysis.subsets.asked import survive

    return survive(
        _store(),
        loaded,
        architecture,
        asked,
        most_losses=most_losses,
        uncovered_share=uncovered_share,
        seed=seed,
        work=work_asked(folder, executor, workers, scheduler, shard, progress, watch),
    )


def attribute(
    scenario: GivenScenario,
    architecture: str,
    *,
    threats: Sequence[str] | str | None = None,
    areas: Sequence[str] | str | None = None,
    points: AimPoints | str | Path | None = None,
    level: Level = "base",
    value: str = "population",
    subset: int | None = None,
    players: str = "site",
    with_satellites: bool = False,
    absent: str = "nothing",
    support: str | None = None,
    orders: int = 256,
    seed: int = 1,
    folder: str | Path | None = None,
    executor: str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    shard: str | None = None,
    progress: Progress | None = None,
    watch: Callable[[State], None] = lambda state: None,
) -> Attribution | Any:  # a State with shard
    """Return what each player of an architecture contributes to what it defends.

    Parameters
    ----------
    scenario, architecture, threats, areas, points, level, value, subset, players, with_satellites
        As :func:`survive`.
    folder, executor, workers, scheduler, shard, progress, watch
        As :func:`survive`.
    absent : {"nothing", "predecessor"}
        What stands for an element that is absent: nothing, or the element that it is an upgrade of.
    support : {"held", "predicted"}, optional
        How intercepts are supported; as the architecture has it by default. Both are told of in ``by_support``.
    orders : int
        Pairs of an order and its reverse, where there are too many players for exact values.
    seed : int
        Of the orders.
    """
    loaded = loaded_scenario(scenario)
    architecture = name_in(loaded, "architecture", architecture)
    asked = _asked(
        loaded,
        threats,
        areas,
        points=points,
        level=level,
        value=value,
        subset=subset,
        players=players,
        with_satellites=with_satellites,
    )
    from hoplon.analysis.subsets.asked import attribute

    return attribute(
        _store(),
        loaded,
        architecture,
        asked,
        absent=absent,
        support=support,
        orders=orders,
        seed=seed,
        work=work_asked(folder, executor, workers, scheduler, shard, progress, watch),
    )
