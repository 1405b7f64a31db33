"""Standing cost: an architecture bought in year 0 and run for some years, at the prices of the base year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hoplon.errors import InputError

if TYPE_CHECKING:
    from hoplon.scenario.model import Cited, Costs, Element, Level, Scenario

MUSD: Final = 1.0e6  # [USD]


@dataclass(frozen=True)
class ElementCost:
    """What one element costs.

    Parameters
    ----------
    name : str
    ships : float
        Ships owned for one on station; 1 for what is no ship.
    acquisition_musd : float
        Of one of them [million USD].
    annual_musd : float
        Of one of them, a year of operation [million USD].
    """

    name: str
    ships: float
    acquisition_musd: float
    annual_musd: float

    @property
    def bought_musd(self) -> float:
        """Return the acquisition of all its ships [million USD]."""
        return self.ships * self.acquisition_musd

    @property
    def run_musd(self) -> float:
        """Return a year of operation of all its ships [million USD]."""
        return self.ships * self.annual_musd

    def standing_musd(self, years: float) -> float:
        """Return acquisition, and operation over so many years; an annuity in their place discounts [million USD]."""
        return self.ships * (self.acquisition_musd + years * self.annual_musd)


def costs_of(scenario: Scenario) -> Costs:
    """Return how the costs of a scenario are summed.

    Raises
    ------
    InputError
        If the scenario does not say.
    """
    if scenario.costs is None:
        raise InputError(
            f"{scenario.name}: no `costs`, without which nothing can be summed; give base_year, discount_rate and years"
        )
    return scenario.costs


def years_of(costs: Costs) -> int:
    """Return the years of operation, a whole number, halves to even."""
    return round(float(costs.years))


def annuity(rate: float, years: int) -> float:
    """Return the present worth of 1 a year, paid at the end of each of so many years: the sum of (1 + rate)^-t."""
    return sum((1.0 + rate) ** -year for year in range(1, years + 1))


def is_costed(element: Element) -> bool:
    """Tell whether an element has a cost, of acquisition or a year."""
    return element.acquisition_musd is not None or element.annual_musd is not None


def element_cost(name: str, element: Element, level: Level = "base") -> ElementCost:
    """Return what an element costs at a level; nothing for what it gives no number of."""

    def at(number: Cited | None, otherwise: float) -> float:
        return otherwise if number is None else number.at(level)

    return ElementCost(
        name, at(element.ships_per_station, 1.0), at(element.acquisition_musd, 0.0), at(element.annual_musd, 0.0)
    )


def element_costs(elements: Mapping[str, Element], level: Level = "base") -> tuple[ElementCost, ...]:
    """Return what each of some elements costs, those that have a cost."""
    return tuple(element_cost(name, element, level) for name, element in elements.items() if is_costed(element))


def uncosted(elements: Mapping[str, Element]) -> tuple[str, ...]:
    """Return the elements that have no cost, neither of acquisition nor a year."""
    return tuple(name for name, element in elements.items() if not is_costed(element))


def standing_musd(costs: Iterable[ElementCost], years: float) -> float:
    """Return the standing cost of elements over so many years, or at an annuity in their place [million USD]."""
    return sum(cost.standing_musd(years) for cost in costs)


def development_of(scenario: Scenario, architecture: str) -> Cited | None:
    """Return what the development of an architecture costs: its own number, or that of the nearest that it extends."""
    given = costs_of(scenario).development_musd
    found: str | None = architecture
    while found is not None:
        if found in given:
            return given[found]
        found = scenario.architectures[found].extends
    return None


def price_factor(costs: Costs, price_year: int | None) -> float:
    """Return what a figure at the prices of the base year is times at those of another year.

    Raises
    ------
    InputError
        If ``costs.deflator`` lacks one of the two years.
    """
    if price_year is None or price_year == costs.base_year:
        return 1.0
    for year in (price_year, costs.base_year):
        if str(year) not in costs.deflator:
            known = ", ".join(costs.deflator) or "none"
            raise InputError(f"price year {price_year}: costs.deflator has no {year}; it has {known}")
    return float(costs.deflator[str(price_year)]) / float(costs.deflator[str(costs.base_year)])
