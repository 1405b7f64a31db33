"""Sampled flights: to cities and capitals that the headline counts, from every launch area, of its classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.bounds import CITY
from hoplon.analysis.coverage import headline_nations, headline_threats
from hoplon.analysis.flights import Flights, flights_between
from hoplon.scenario import geography
from hoplon.scenario.geography import AimPoints

if TYPE_CHECKING:
    from hoplon.scenario.model import Scenario

LARGE_CITY: Final = 1_000_000.0  # [1] people of a place whose flights are followed through the kill chain


@dataclass(frozen=True)
class Sample:
    """Flights to sampled places.

    Attributes
    ----------
    places : AimPoints
        Aimed at; ``flights.points`` are indices of them.
    areas : tuple of str
        Launch areas; ``flights.areas`` are indices of them.
    threats : tuple of str
        Every class of the scenario; ``flights.classes`` are indices of them.
    flights : Flights
        Every class of the headline from every launch area to every place within its reach.
    """

    places: AimPoints
    areas: tuple[str, ...]
    threats: tuple[str, ...]
    flights: Flights

    def chosen(self, indices: NDArray[np.intp]) -> Sample:
        """Return some of the flights, to the same places."""
        return Sample(self.places, self.areas, self.threats, self.flights.chosen(indices))

    def thinned(self, most: int) -> Sample:
        """Return at most so many of the flights, spread evenly over their order."""
        count = len(self.flights)
        if count <= most:
            return self
        return self.chosen(np.unique(np.linspace(0, count - 1, most).round().astype(np.intp)))


def city_sample(scenario: Scenario, points: AimPoints, least: float = CITY) -> Sample:
    """Return the flights to places of the headline's nations of so many people, and to their capitals.

    Parameters
    ----------
    scenario : Scenario
    points : AimPoints
        The study's.
    least : float
        People of a place that is no capital.
    """
    counted = np.isin(points.nation, headline_nations(scenario, None))
    chosen = (points.kind == "place") & counted & ((points.population >= least) | capitals_among(points))
    return _sample(scenario, points.subset(chosen))


def capital_sample(scenario: Scenario, points: AimPoints) -> Sample:
    """Return the flights to the capitals of the nations that the headline counts."""
    counted = np.isin(points.nation, headline_nations(scenario, None))
    return _sample(scenario, points.subset(capitals_among(points) & counted))


def capitals_among(points: AimPoints) -> NDArray[np.bool_]:
    """Return which aim points are capitals, shape (n,)."""
    found = np.zeros(len(points), dtype=np.bool_)
    for code, (name, _, _) in geography.capitals(np.unique(points.nation).tolist()).items():
        found |= (points.nation == code) & (points.name == name)
    return np.asarray(found & (points.kind == "place"))


def _sample(scenario: Scenario, places: AimPoints) -> Sample:
    launches = [(name, area.at.latitude_deg, area.at.longitude_deg) for name, area in scenario.launch_areas.items()]
    threats = list(headline_threats(scenario))
    flights = flights_between(scenario, threats, launches, places.latitude_deg, places.longitude_deg)
    return Sample(places, tuple(scenario.launch_areas), tuple(scenario.threats), flights)
