"""Cost by year: what is bought when an architecture replaces the one before it, and what is run in each year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hoplon.analysis.costs.standing import element_costs

if TYPE_CHECKING:
    from hoplon.scenario.model import Element, Scenario


@dataclass(frozen=True)
class FieldedStage:
    """An architecture and the year from which it is fielded.

    Parameters
    ----------
    architecture : str
    year : int
    elements : mapping of str to Element
        Those that are active in it.
    """

    architecture: str
    year: int
    elements: Mapping[str, Element]


@dataclass(frozen=True)
class YearCost:
    """What is spent in one year [million USD].

    Parameters
    ----------
    year : int
    acquisition_musd, annual_musd : float
        Of what is bought in it, and of what is run.
    discounted_musd : float
        Both, discounted to the first year.
    """

    year: int
    acquisition_musd: float
    annual_musd: float
    discounted_musd: float

    def times(self, factor: float) -> YearCost:
        """Return it at other prices."""
        return YearCost(
            self.year, factor * self.acquisition_musd, factor * self.annual_musd, factor * self.discounted_musd
        )


def stages_of(scenario: Scenario, architecture: str, otherwise: int) -> tuple[FieldedStage, ...]:
    """Return an architecture after those before it, found going back along ``extends`` while years strictly fall.

    Parameters
    ----------
    scenario : Scenario
    architecture : str
    otherwise : int
        The year of an architecture that has none.
    """
    found: list[FieldedStage] = []
    name: str | None = architecture
    while name is not None:
        resolved = scenario.architecture(name)
        if found and (resolved.year is None or resolved.year >= found[-1].year):
            break
        year = otherwise if resolved.year is None else resolved.year
        found.append(FieldedStage(resolved.name, year, resolved.elements))
        name = scenario.architectures[resolved.name].extends
    return tuple(reversed(found))


def roll_out(stages: Sequence[FieldedStage], years: int, rate: float, first: int | None = None) -> tuple[YearCost, ...]:
    """Return what stages cost in each of some years.

    Parameters
    ----------
    stages : sequence of FieldedStage
        In the order of their years. Money spent on what a later one replaces stays spent.
    years : int
        How many years, from the first on.
    rate : float
        Of discount, a year.
    first : int, optional
        The first year, to which money is discounted; that of the first stage by default.
    """
    start = stages[0].year if first is None else first
    costs = [element_costs(stage.elements) for stage in stages]
    found = []
    for year in range(start, start + years):
        bought = run = 0.0
        for place, stage in enumerate(stages):
            before = stages[place - 1].elements if place else {}
            if stage.year == year:
                bought += sum(cost.bought_musd for cost in costs[place] if cost.name not in before)
            if stage.year <= year and (place + 1 == len(stages) or year < stages[place + 1].year):
                run += sum(cost.run_musd for cost in costs[place])
        found.append(YearCost(year, bought, run, (bought + run) * (1.0 + rate) ** -(year - start)))
    return tuple(found)
