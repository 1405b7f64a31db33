"""The best mix asked for by names, for :mod:`hoplon.api`.

Nothing heavy is imported until the function needs it.
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
    from hoplon.analysis.mix.answer import MixAnswer
    from hoplon.analysis.store import Store
    from hoplon.campaigns.driver import State
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Level


@cache
def _store() -> Store:
    """Return what the calls of this process keep between them."""
    from hoplon.analysis.store import Store

    return Store()


def _number(text: float | str, what: str) -> float:
    """Return a number that may have been given as text.

    Raises
    ------
    InputError
        If it is none.
    """
    try:
        return float(text)
    except ValueError:
        raise InputError(f"{what}: a number of million USD was expected, got {str(text)[:60]!r}") from None


def optimise(
    scenario: GivenScenario,
    architecture: str,
    budgets_musd: Sequence[float | str] | float | str = (),
    *,
    objective: str | None = None,
    losses: int = 1,
    most: int | None = None,
    near: float = 0.02,
    only: str | None = None,
    threats: Sequence[str] | str | None = None,
    areas: Sequence[str] | str | None = None,
    points: AimPoints | str | Path | None = None,
    level: Level = "base",
    value: str = "population",
    subset: int | None = None,
    all_points: bool = False,
    time_limit_s: float = 60.0,
    phases: Sequence[tuple[int, float | str]] = (),
    folder: str | Path | None = None,
    executor: str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    shard: str | None = None,
    progress: Progress | None = None,
    watch: Callable[[State], None] = lambda state: None,
) -> MixAnswer | Any:  # a State with shard
    """Return the best mix of a scenario's candidates for each budget.

    Parameters
    ----------
    scenario : Scenario, path or bundled name
    architecture : str
        What stands anyway: the candidates are added to it.
    budgets_musd : sequence of float, or float
        Discounted standing cost that a mix may have [million USD].
    objective : {"population", "area", "worst_nation", "worst_loss"}, optional
        What is made as great as possible: the share of the people or of the land that is defended, the share of the
        nation worst off, or what the worst loss of ``losses`` chosen sites leaves of ``value``. ``value`` by default.
    losses : int
        Of the objective ``worst_loss``.
    most : int, optional
        Candidates at most.
    near : float
        Alternatives come within this share of the best.
    only : {"land", "sea"}, optional
        No candidate with a battery based elsewhere.
    threats, areas, points, level, value, subset
        As :func:`hoplon.api.survive`; a subset of 512 marks by default, every point of ``points``.
    all_points : bool
        Search on every point of the scenario's nations.
    time_limit_s : float
        Of a search that does not go through every choice: kept as a number of steps, so that digits repeat.
    phases : sequence of (year, budget), optional
        For a mix that grows: what may be spent by each year.
    folder, executor, workers, scheduler, shard, progress, watch
        As :func:`hoplon.api.survive`.

    Raises
    ------
    UnknownNameError
        For a name that the scenario does not have.
    InputError
        For a number out of range, or a scenario without candidates or costs; if the folder holds another question.
    """
    loaded = loaded_scenario(scenario)
    architecture = name_in(loaded, "architecture", architecture)
    given = (budgets_musd,) if isinstance(budgets_musd, (int, float, str)) else budgets_musd
    from hoplon.analysis.mix.answer import MixAnswer
    from hoplon.analysis.mix.asked import MixAsked, optimise

    asked = MixAsked(
        budgets_musd=[_number(one, "budget_musd") for one in given],
        objective=objective,
        losses=losses,
        most=most,
        near=near,
        only=only,
        threats=names_in(loaded, "threat", threats),
        areas=names_in(loaded, "launch area", areas),
        points=points,
        level=level,
        value=value,
        subset=subset,
        all_points=all_points,
        time_limit_s=time_limit_s,
        phases=[(year, _number(amount, "phase")) for year, amount in phases],
    )
    work = work_asked(folder, executor, workers, scheduler, shard, progress, watch)
    found = optimise(_store(), loaded, architecture, asked, work)
    return found.made_from(loaded) if isinstance(found, MixAnswer) else found
