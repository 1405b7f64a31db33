"""Intervals of costs: the numbers of a cost sampled within their bounds, those with one price error together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.costs.standing import is_costed, years_of
from hoplon.analysis.sampling.hypercube import hypercube_column, number_at

if TYPE_CHECKING:
    from hoplon.scenario.model import Cited, Costs, Element

SHIPS: Final = "ships_per_station"
RATE: Final = "discount_rate"
DEVELOPMENT: Final = "development_musd"
_ENDS: Final = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Spread:
    """A figure at base values, and the 5, 50 and 95 % points and the mean of its samples."""

    base: float
    low: float
    median: float
    high: float
    mean: float

    def times(self, factor: float) -> Spread:
        """Return it in another unit."""
        return Spread(*(factor * value for value in (self.base, self.low, self.median, self.high, self.mean)))

    def as_json(self) -> dict[str, float]:
        """Return the keys of the command line's contract."""
        return {"base": self.base, "low": self.low, "median": self.median, "high": self.high, "mean": self.mean}


def spread_of(base: float, samples: NDArray[np.float64]) -> Spread:
    """Return a figure at base values with the points of its samples (linear quantiles)."""
    low, median, high = (float(end) for end in np.quantile(samples, _ENDS, method="linear"))
    return Spread(base, low, median, high, float(samples.mean()))


def group_of(key: str, element: Element) -> str:
    """Return the group of a cost: numbers of one key, type and basing have one price error."""
    kind = element.radar or element.battery or element.satellite or element.node
    return f"{key}.{kind}.{element.basing or 'none'}"


class CostSampler:
    """Standing costs of elements in the samples of a Latin hypercube; the same group moves alike in all of them.

    Parameters
    ----------
    costs : Costs
    samples, seed : int
        Of the Latin hypercube.
    """

    def __init__(self, costs: Costs, samples: int, seed: int) -> None:
        self._samples, self._seed = samples, seed
        self._columns: dict[str, NDArray[np.float64]] = {}
        self._moved: dict[tuple[str, Cited], NDArray[np.float64]] = {}
        self._years = years_of(costs)
        rate = self._numbers(RATE, costs.discount_rate)
        powers = np.arange(1, self._years + 1)
        self._annuity = ((1.0 + rate)[:, None] ** -powers).sum(axis=1)

    def totals(
        self, elements: Mapping[str, Element], development: Cited | None
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], tuple[str, ...]]:
        """Return the undiscounted and the discounted standing cost in each sample [million USD], and the groups."""
        groups: dict[str, None] = {}

        def numbers(name: str, number: Cited | None, otherwise: float) -> Any:
            if number is None:
                return otherwise
            groups[name] = None
            return self._numbers(name, number)

        undiscounted = np.zeros(self._samples)
        discounted = np.zeros(self._samples)
        for element in elements.values():
            if is_costed(element):
                bought = numbers(group_of("acquisition_musd", element), element.acquisition_musd, 0.0)
                run = numbers(group_of("annual_musd", element), element.annual_musd, 0.0)
                ships = numbers(SHIPS, element.ships_per_station, 1.0)
                undiscounted += ships * (bought + self._years * run)
                discounted += ships * (bought + self._annuity * run)
        groups[RATE] = None
        developed = numbers(DEVELOPMENT, development, 0.0)
        return undiscounted + developed, discounted + developed, tuple(groups)

    def _numbers(self, group: str, number: Cited) -> NDArray[np.float64]:
        """Return a number in each sample, its group at one coordinate."""
        if (group, number) not in self._moved:
            if group not in self._columns:
                self._columns[group] = hypercube_column(self._seed, group, self._samples)
            self._moved[group, number] = np.array([number_at(number, at) for at in self._columns[group].tolist()])
        return self._moved[group, number]
