"""What architectures cost, asked for by names, for :mod:`hoplon.api`.

Nothing heavy is imported until the function needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hoplon.progress import Progress, silent
from hoplon.scenario.given.scenario import GivenScenario, loaded_scenario, name_in

if TYPE_CHECKING:
    from hoplon.analysis.costs.answer import CostAnswer
    from hoplon.scenario.geography import AimPoints


def cost(
    scenario: GivenScenario,
    architectures: Sequence[str] | str,
    *,
    samples: int = 1000,
    seed: int = 1,
    price_year: int | None = None,
    raid: str | None = None,
    points: AimPoints | str | Path | None = None,
    progress: Progress | None = None,
) -> CostAnswer:
    """Return what architectures cost: standing cost, by year, by defended person, by missile that does not leak.

    Parameters
    ----------
    scenario : Scenario, path or bundled name
    architectures : sequence of str or str
        Of several, the nations counted are those that are members in the years of all.
    samples, seed : int
        Of the Latin hypercube of the costs; the seed is that of the raid too.
    price_year : int, optional
        Year of the prices, one of ``costs.deflator``; the base year by default.
    raid : str, optional
        A raid of the scenario, for the cost of a missile that does not leak.
    points : AimPoints, path, optional
        Aim points, or a CSV file of them, all of which count; the places and land of the headline's nations by default.
    progress : callable, optional
        Told of each step.

    Raises
    ------
    UnknownNameError
        For a name that the scenario does not have.
    InputError
        If the scenario has no ``costs``, an architecture is named twice, or a price level is missing.
    """
    loaded = loaded_scenario(scenario)
    given = (architectures,) if isinstance(architectures, str) else architectures
    names = tuple(name_in(loaded, "architecture", name) for name in given)
    flown = None if raid is None else name_in(loaded, "raid", raid)
    from hoplon.analysis.costs.answer import cost_answer
    from hoplon.analysis.costs.worth import leakers_avoided, people_defended
    from hoplon.analysis.store import Store

    tell = progress or silent
    answer = cost_answer(loaded, names, samples=samples, seed=seed, price_year=price_year)
    defended, alone = people_defended(Store(), loaded, names, points, tell)
    avoided = {} if flown is None else leakers_avoided(loaded, names, flown, seed, tell)
    answer = answer.against(defended, avoided)
    if alone:
        answer = answer.with_note(f"{points}: no column population: every point counts as one")
    return answer.made_from(loaded, seed)
