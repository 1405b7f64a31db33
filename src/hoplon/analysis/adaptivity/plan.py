"""A plan: architectures with rising years; what waiting with it exposes, and saves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hoplon.analysis.costs.roll_out import FieldedStage, roll_out
from hoplon.analysis.costs.standing import costs_of, years_of
from hoplon.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hoplon.analysis.adaptivity.judged import JudgedPlaces
    from hoplon.analysis.adaptivity.worlds import World
    from hoplon.analysis.threat.growth import Pace
    from hoplon.scenario.model import Scenario

_MILLION = 1.0e6


@dataclass(frozen=True)
class FieldingPlan:
    """Architectures with the years from which they are fielded, and the years that are looked at.

    Attributes
    ----------
    stages : tuple of FieldedStage
        In the order of their years.
    years : range
        The horizon: the years of operation of the scenario's costs, from the first stage on.
    """

    stages: tuple[FieldedStage, ...]
    years: range

    def fielded(self, year: int, wait_years: int = 0) -> str | None:
        """Return the architecture fielded in a year, with every stage so many years late; None before the first."""
        stood = [stage.architecture for stage in self.stages if stage.year + wait_years <= year]
        return stood[-1] if stood else None


@dataclass(frozen=True)
class Waiting:
    """What waiting so many years with a whole plan costs and saves in one world.

    Attributes
    ----------
    pace : {"slow", "base", "fast"}
    surprise : str or None
    wait_years : int
    exposure_million_person_years : float
        People threatened and not defended, summed over the years of the horizon.
    regret_million_person_years : float
        That less the exposure of not waiting.
    saving_musd : float
        Discounted cost of the roll-out in the horizon, less that of waiting [million USD].
    usd_per_person_year : float or None
        Saving over regret: the price at which waiting pays; None without regret.
    """

    pace: Pace
    surprise: str | None
    wait_years: int
    exposure_million_person_years: float
    regret_million_person_years: float
    saving_musd: float
    usd_per_person_year: float | None


def plan_of(scenario: Scenario, architectures: Sequence[str]) -> FieldingPlan:
    """Return the plan of some architectures.

    Raises
    ------
    InputError
        If one has no year, the years do not rise, there is none, or the scenario has no costs.
    """
    years = years_of(costs_of(scenario))
    stages: list[FieldedStage] = []
    for name in architectures:
        resolved = scenario.architecture(name)
        if resolved.year is None:
            raise InputError(f"architectures.{resolved.name}: no year, so that it has no place in a plan; give it one")
        if stages and resolved.year <= stages[-1].year:
            raise InputError(
                f"architectures.{resolved.name}: year {resolved.year} does not come after {stages[-1].year} of "
                f"{stages[-1].architecture}; the years of a plan rise from each architecture to the next"
            )
        stages.append(FieldedStage(resolved.name, resolved.year, resolved.elements))
    if not stages:
        raise InputError("architecture: one or more to plan with were expected, got none; name them in order of years")
    first = stages[0].year
    return FieldingPlan(tuple(stages), range(first, first + years))


def discounted_musd(scenario: Scenario, plan: FieldingPlan, wait_years: int) -> float:
    """Return what the roll-out of a plan so many years late costs within its horizon, discounted to its first year."""
    late = [FieldedStage(stage.architecture, stage.year + wait_years, stage.elements) for stage in plan.stages]
    rate = float(costs_of(scenario).discount_rate)
    return sum(item.discounted_musd for item in roll_out(late, len(plan.years), rate, first=plan.years[0]))


def waiting(
    scenario: Scenario,
    plan: FieldingPlan,
    judged: JudgedPlaces,
    people: NDArray[np.float64],
    world: World,
    wait_years: Sequence[int],
) -> list[Waiting]:
    """Return what waiting costs and saves in a world.

    Parameters
    ----------
    scenario : Scenario
    plan : FieldingPlan
    judged : JudgedPlaces
        By each architecture of the plan.
    people : ndarray, shape (n,)
        That each place counts for.
    world : World
    wait_years : sequence of int
    """

    def exposure(wait: int) -> float:
        open_ = (judged.state(plan.fielded(year, wait), world, year)[1] for year in plan.years)
        return sum(float(people[places].sum()) for places in open_) / _MILLION

    at_once, spent_at_once = exposure(0), discounted_musd(scenario, plan, 0)
    found = []
    for wait in wait_years:
        exposed = exposure(wait)
        regret, saving = exposed - at_once, spent_at_once - discounted_musd(scenario, plan, wait)
        price = saving / regret if regret else None
        found.append(Waiting(world.pace, world.surprise, wait, exposed, regret, saving, price))
    return found
