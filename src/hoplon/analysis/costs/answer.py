"""What architectures cost, each with its interval, by year, per defended person and per avoided leaker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from hoplon.analysis.costs.roll_out import YearCost, roll_out, stages_of
from hoplon.analysis.costs.sampled import CostSampler, Spread, spread_of
from hoplon.analysis.costs.standing import (
    MUSD,
    ElementCost,
    annuity,
    costs_of,
    development_of,
    element_costs,
    price_factor,
    standing_musd,
    uncosted,
    years_of,
)
from hoplon.analysis.records import Answer, Row
from hoplon.errors import InputError

if TYPE_CHECKING:
    from hoplon.scenario.model import Level, Scenario

SAMPLES: Final = 1000
SEED: Final = 1
MOST_SAMPLES: Final = 100_000


@dataclass(frozen=True)
class ArchitectureCost:
    """What one architecture costs, at the prices of the price year.

    Attributes
    ----------
    architecture : str
    elements : tuple of ElementCost
        Those that have a cost, base values.
    discounted : tuple of float
        Of each of them, acquisition and operation discounted [million USD].
    uncosted : tuple of str
        Elements without a cost, which add nothing.
    development_musd : float
    undiscounted, total : Spread
        Standing cost, development included, as it is and discounted [million USD].
    bounds : tuple of float
        Discounted, every cost at its low and at its high [million USD].
    by_year : tuple of YearCost
        Roll-out, without development.
    groups : tuple of str
        What was sampled together.
    defended : float or None
        People defended; None where that was not asked for.
    avoided : float or None
        Missiles of a raid that do not leak; None without a raid.
    """

    architecture: str
    elements: tuple[ElementCost, ...]
    discounted: tuple[float, ...]
    uncosted: tuple[str, ...]
    development_musd: float
    undiscounted: Spread
    total: Spread
    bounds: tuple[float, float]
    by_year: tuple[YearCost, ...]
    groups: tuple[str, ...]
    defended: float | None = None
    avoided: float | None = None

    @property
    def acquisition_musd(self) -> float:
        """Return what its elements cost to buy [million USD]."""
        return sum(cost.bought_musd for cost in self.elements)

    @property
    def annual_musd(self) -> float:
        """Return what its elements cost to run for a year [million USD]."""
        return sum(cost.run_musd for cost in self.elements)

    @property
    def per_defended_person(self) -> Spread | None:
        """Return the discounted standing cost by person defended [USD]; None where nobody is."""
        return self.total.times(MUSD / self.defended) if self.defended else None

    @property
    def per_avoided_leaker_musd(self) -> float | None:
        """Return the discounted standing cost by missile that does not leak [million USD]; None without one."""
        return self.total.base / self.avoided if self.avoided else None

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        person = self.per_defended_person
        return {
            "elements": [
                {
                    "name": cost.name,
                    "ships": cost.ships,
                    "acquisition_musd": cost.acquisition_musd,
                    "annual_musd": cost.annual_musd,
                    "discounted_musd": discounted,
                }
                for cost, discounted in zip(self.elements, self.discounted, strict=True)
            ],
            "uncosted": list(self.uncosted),
            "development_musd": self.development_musd,
            "total": {
                "undiscounted_musd": self.undiscounted.as_json(),
                "discounted_musd": self.total.as_json(),
                "bounds_musd": {"low": self.bounds[0], "high": self.bounds[1]},
            },
            "by_year": [
                {
                    "year": item.year,
                    "acquisition_musd": item.acquisition_musd,
                    "annual_musd": item.annual_musd,
                    "discounted_musd": item.discounted_musd,
                }
                for item in self.by_year
            ],
            "groups": list(self.groups),
            "defended_population": self.defended,
            "per_defended_person_usd": None
            if person is None
            else {"base": person.base, "low": person.low, "median": person.median, "high": person.high},
            "per_avoided_leaker_musd": self.per_avoided_leaker_musd,
        }


@dataclass(frozen=True, repr=False)
class CostAnswer(Answer):
    """What one or several architectures cost.

    Attributes
    ----------
    scenario : str
    base_year, price_year, years : int
    discount_rate : float
        A year.
    seed, samples : int
        Of the Latin hypercube.
    costs : mapping of str to ArchitectureCost
    notes : tuple of str
        Elements without a cost, and what else a reader must be told.
    """

    scenario: str
    base_year: int
    price_year: int
    years: int
    discount_rate: float
    seed: int
    samples: int
    costs: Mapping[str, ArchitectureCost]
    notes: tuple[str, ...] = ()

    def against(self, defended: Mapping[str, float], avoided: Mapping[str, float]) -> CostAnswer:
        """Return the answer with what the costs are set against.

        Parameters
        ----------
        defended : mapping of str to float
            People defended by each architecture.
        avoided : mapping of str to float
            Missiles of a raid that do not leak, of each.
        """
        costs = {
            name: replace(cost, defended=defended.get(name), avoided=avoided.get(name))
            for name, cost in self.costs.items()
        }
        return replace(self, costs=costs)

    def with_note(self, note: str) -> CostAnswer:
        """Return the answer with something more that a reader must be told."""
        return replace(self, notes=(*self.notes, note))

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract; those of several architectures by their names."""
        head = {
            "base_year": self.base_year,
            "price_year": self.price_year,
            "years": self.years,
            "discount_rate": self.discount_rate,
            "samples": self.samples,
        }
        if len(self.costs) == 1:
            ((name, only),) = self.costs.items()
            return {"architecture": name, **head, **only.as_json(), "notes": list(self.notes)}
        each = {name: {**head, **cost.as_json()} for name, cost in self.costs.items()}
        return {**head, "architectures": each, "notes": list(self.notes)}

    def line(self) -> str:
        """Return the discounted standing costs in one line."""
        told = [f"{name} {cost.total.base:,.0f}" for name, cost in self.costs.items()]
        over = f"{self.years} years at {100.0 * self.discount_rate:g} % a year, prices of {self.price_year}"
        return f"{self.scenario}: {', '.join(told)} million USD discounted, {over}"

    def rows(self) -> Sequence[Row]:
        """Return one row an architecture."""
        rows = []
        for name, cost in self.costs.items():
            person = cost.per_defended_person
            rows.append(
                {
                    "architecture": name,
                    "acquisition_musd": cost.acquisition_musd,
                    "annual_musd": cost.annual_musd,
                    "development_musd": cost.development_musd,
                    "undiscounted_musd": cost.undiscounted.base,
                    "discounted_musd": cost.total.base,
                    "discounted_low_musd": cost.total.low,
                    "discounted_high_musd": cost.total.high,
                    "defended_population": cost.defended,
                    "per_defended_person_usd": None if person is None else person.base,
                    "per_avoided_leaker_musd": cost.per_avoided_leaker_musd,
                }
            )
        return rows


def cost_answer(
    scenario: Scenario,
    architectures: Sequence[str],
    *,
    samples: int = SAMPLES,
    seed: int = SEED,
    price_year: int | None = None,
) -> CostAnswer:
    """Return what architectures cost.

    Parameters
    ----------
    scenario : Scenario
    architectures : sequence of str
    samples, seed : int
        Of the Latin hypercube.
    price_year : int, optional
        Year of the prices of every figure; the base year by default.

    Raises
    ------
    InputError
        If the scenario has no ``costs``, a price level is missing, an architecture is named twice, or there is less
        than one sample or more than the most that are allowed.
    """
    if not 1 <= samples <= MOST_SAMPLES:
        raise InputError(f"samples: from 1 to {MOST_SAMPLES:,} were expected, got {samples:,}")
    if not architectures:
        raise InputError("architectures: one or more were expected, got none")
    twice = [name for place, name in enumerate(architectures) if name in architectures[:place]]
    if twice:
        raise InputError(f"architecture {twice[0]!r} is named twice; name each once")
    costs = costs_of(scenario)
    factor = price_factor(costs, price_year)
    sampler = CostSampler(costs, samples, seed)
    found = {name: _one(scenario, name, sampler, factor) for name in architectures}
    return CostAnswer(
        scenario.name,
        costs.base_year,
        costs.base_year if price_year is None else price_year,
        years_of(costs),
        float(costs.discount_rate),
        seed,
        samples,
        found,
        _notes(scenario, found),
    )


def _one(scenario: Scenario, name: str, sampler: CostSampler, factor: float) -> ArchitectureCost:
    costs, elements = costs_of(scenario), scenario.architecture(name).elements
    years, rate = years_of(costs), float(costs.discount_rate)
    worth = annuity(rate, years)
    development = development_of(scenario, name)

    def total(level: Level, over: float) -> float:
        developed = 0.0 if development is None else development.at(level)
        return standing_musd(element_costs(elements, level), over) + developed

    undiscounted, discounted, groups = sampler.totals(elements, development)
    base = [_priced(cost, factor) for cost in element_costs(elements)]
    return ArchitectureCost(
        architecture=name,
        elements=tuple(base),
        discounted=tuple(cost.standing_musd(worth) for cost in base),
        uncosted=uncosted(elements),
        development_musd=0.0 if development is None else factor * float(development),
        undiscounted=spread_of(total("base", years), undiscounted).times(factor),
        total=spread_of(total("base", worth), discounted).times(factor),
        bounds=(factor * total("low", worth), factor * total("high", worth)),
        by_year=tuple(item.times(factor) for item in roll_out(stages_of(scenario, name, costs.base_year), years, rate)),
        groups=groups,
    )


def _priced(cost: ElementCost, factor: float) -> ElementCost:
    return ElementCost(cost.name, cost.ships, factor * cost.acquisition_musd, factor * cost.annual_musd)


def _notes(scenario: Scenario, found: Mapping[str, ArchitectureCost]) -> tuple[str, ...]:
    """Return a sentence on each architecture with elements without a cost, or without a year."""
    said = []
    for name, cost in found.items():
        if cost.uncosted:
            said.append(f"{name}: without a cost, counted as nothing: {', '.join(cost.uncosted)}")
        if scenario.architecture(name).year is None:
            year = costs_of(scenario).base_year
            said.append(f"{name}: it has no year; its cost by year begins in {year}, the base year of the prices")
    return tuple(said)
