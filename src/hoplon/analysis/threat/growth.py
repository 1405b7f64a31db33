"""How the threat grows over the years, at a slow, a base and a fast pace (question 1)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from hoplon.scenario.model import Level, Scenario, Threat

Pace = Literal["slow", "base", "fast"]
PACES: Final[tuple[Pace, ...]] = ("slow", "base", "fast")
_BOUND: Final[Mapping[Pace, Level]] = {"slow": "high", "base": "base", "fast": "low"}


def first_year_at(threat: Threat, pace: Pace) -> float:
    """Return the first year of a class at a pace: its high bound when slow, its low one when fast.

    Minus infinity for one that has always been there.
    """
    return -math.inf if threat.from_ is None else threat.from_.at(_BOUND[pace])


@dataclass(frozen=True)
class ReachedPlaces:
    """Which places each class reaches, whatever its first year.

    Attributes
    ----------
    nation : ndarray of str, shape (n,)
    population : ndarray, shape (n,)
    reached : mapping
        Class to whether it reaches each place, shape (n,); a class that is launched from nowhere is not there.
    """

    nation: NDArray[np.str_]
    population: NDArray[np.float64]
    reached: Mapping[str, NDArray[np.bool_]]


NOWHERE: Final = ReachedPlaces(np.empty(0, dtype=np.str_), np.empty(0), {})
"""No place at all."""


@dataclass(frozen=True)
class ThreatYear:
    """The threat of one year.

    Attributes
    ----------
    year : int
    classes : tuple of str
        Those that exist.
    population_in_reach : float
        People within reach of any of them.
    nations_in_reach : int
        Nations of which some place is.
    """

    year: int
    classes: tuple[str, ...]
    population_in_reach: float
    nations_in_reach: int

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line."""
        return {**vars(self), "classes": list(self.classes)}


@dataclass(frozen=True)
class ThreatGrowth:
    """The growth of the threat at one pace.

    Attributes
    ----------
    first_years : mapping
        Nation to the first of the years in which a class that exists reaches some place of it; None for never.
    years : tuple of ThreatYear
    """

    first_years: Mapping[str, int | None]
    years: tuple[ThreatYear, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line."""
        return {
            "nations": {code: {"first_year": year} for code, year in self.first_years.items()},
            "years": [item.as_json() for item in self.years],
        }


@dataclass(frozen=True)
class FieldedYear:
    """What the architecture fielded in a year defends against the classes that exist.

    Attributes
    ----------
    year : int
    architecture : str or None
        None before the first.
    share : float or None
        Of the people threatened; None where nobody is.
    """

    year: int
    architecture: str | None
    share: float | None


def threat_growth(
    scenario: Scenario,
    places: ReachedPlaces,
    nations: Iterable[str],
    counted: Sequence[str],
    paces: Sequence[Pace] = PACES,
) -> dict[Pace, ThreatGrowth]:
    """Return the growth of the threat at some paces.

    Parameters
    ----------
    scenario : Scenario
    places : ReachedPlaces
        From :func:`hoplon.analysis.threat.assessment.assess`, of its classes and launch areas.
    nations : iterable of str
        Whose first year is found.
    counted : sequence of str
        Nations whose people are counted together.
    paces : sequence of {"slow", "base", "fast"}

    Notes
    -----
    The years run from the first to the last that any class begins in at any pace, or any architecture stands for, so
    that they are the same at every pace.
    """
    asked = tuple(nations)
    kinds = {name: scenario.threats[name] for name in places.reached}
    years = _years(scenario, list(kinds.values()))
    within = np.isin(places.nation, list(counted))
    codes, inverse = np.unique(places.nation, return_inverse=True)
    found = {}
    for pace in paces:
        first_years: dict[str, int | None] = dict.fromkeys(asked)
        rows = []
        for year in years:
            classes = tuple(name for name, kind in kinds.items() if first_year_at(kind, pace) <= year)
            reached = _any_of([places.reached[name] for name in classes], len(within))
            present = set(codes[np.unique(inverse[reached])].tolist())
            for code in first_years:
                if first_years[code] is None and code in present:
                    first_years[code] = year
            people = float(places.population[reached & within].sum())
            rows.append(ThreatYear(year, classes, people, len(present.intersection(counted))))
        found[pace] = ThreatGrowth(first_years, tuple(rows))
    return found


def _any_of(rows: Sequence[NDArray[np.bool_]], size: int) -> NDArray[np.bool_]:
    found = np.zeros(size, dtype=np.bool_)
    for row in rows:
        found |= row
    return found


def _years(scenario: Scenario, kinds: Sequence[Threat]) -> range:
    """Return the years in which classes begin at any pace, and for which architectures stand, and all between."""
    begun = [first_year_at(kind, pace) for kind in kinds for pace in PACES]
    stand = [scenario.architecture(name).year for name in scenario.architectures]
    known = [math.ceil(year) for year in begun if math.isfinite(year)] + [year for year in stand if year is not None]
    return range(min(known), max(known) + 1) if known else range(0)
