"""People and land by nation and set of classes: the counts that every table, figure and sentence is made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.coverage import CAUSES, Coverage, headline_classes_title, headline_threats
from hoplon.scenario.model import Scenario
from hoplon.scenario.titles import threat_short_title

NOT_THREATENED: Final = 0
OPEN: Final = 1
DEFENDED: Final = 2

FULLY_DEFENDED: Final = 0.95
"""A nation counts as wholly defended from this share of its threatened people on; assumed."""


@dataclass(frozen=True)
class ClassSet:
    """A named set of threat classes: ``key`` in tables, ``title`` in text."""

    key: str
    title: str
    threats: tuple[str, ...]


def class_sets(scenario: Scenario, year: int | None) -> tuple[ClassSet, ...]:
    """Return the sets that coverage is counted for: the headline, those of the year, all, and each class alone.

    Parameters
    ----------
    scenario : Scenario
        Whose classes.
    year : int or None
        The architecture's year; without one every class counts as existing.

    Notes
    -----
    The headline's classes count whatever their first year, the same for every architecture: they are the threat that
    the architectures are meant for. The set of the year keeps those of them that exist by then.
    """
    headline, title = headline_threats(scenario), headline_classes_title(scenario)
    flown = tuple(name for name in scenario.threats if is_flown(scenario, name))
    by_then = tuple(name for name in headline if year is None or first_year(scenario, name) <= year)
    return (
        ClassSet("headline", title, headline),
        ClassSet("in_year", f"{title} that exist in the architecture's year", by_then),
        ClassSet("all", "every class", flown),
        *(ClassSet(name, class_title(scenario, name), (name,)) for name in flown),
    )


def is_flown(scenario: Scenario, threat: str) -> bool:
    """Tell whether a class is launched from any area (a class of the stability question alone is not)."""
    return scenario.threats[threat].launch_areas != ()


def first_year(scenario: Scenario, threat: str) -> float:
    """Return the first year of a class; a class without one has always been there (minus infinity)."""
    first = scenario.threats[threat].from_
    return -np.inf if first is None else first.value


def class_title(scenario: Scenario, threat: str) -> str:
    """Return the name of a class for text: its kind and greatest range, and whether it is projected."""
    told = " (projected)" if is_projected(scenario, threat) else ""
    return f"{threat_short_title(scenario, threat)}, {scenario.threats[threat].max_range_km.value:,.0f} km{told}"


def is_projected(scenario: Scenario, threat: str) -> bool:
    """Tell whether the first year of a class is a projection: assumed, between an early and a late year."""
    first = scenario.threats[threat].from_
    return first is not None and first.kind == "assumed" and first.at("low") != first.at("high")


def columns(coverage: Coverage, threats: Sequence[str]) -> NDArray[np.int64]:
    """Return the columns of some classes in a coverage; classes that it does not hold are left out."""
    return np.array([coverage.threats.index(name) for name in threats if name in coverage.threats], dtype=np.int64)


def states(coverage: Coverage, threats: Sequence[str]) -> NDArray[np.int8]:
    """Return the state of each aim point against some classes together, shape (n,): 0, 1 or 2.

    ``NOT_THREATENED`` if none reaches it, ``DEFENDED`` if it is defended against all that reach it, else ``OPEN``.
    """
    chosen = columns(coverage, threats)
    threatened = coverage.threatened[:, chosen]
    reached = threatened.any(axis=1)
    held = (coverage.defended[:, chosen] | ~threatened).all(axis=1)
    return np.where(reached, np.where(held, DEFENDED, OPEN), NOT_THREATENED).astype(np.int8)


def fewest_shots(coverage: Coverage, threats: Sequence[str]) -> NDArray[np.int16]:
    """Return the fewest shot opportunities against any class that reaches each point, shape (n,); -1 if none does."""
    chosen = columns(coverage, threats)
    threatened = coverage.threatened[:, chosen]
    shots = np.where(threatened, coverage.shots_min[:, chosen], np.iinfo(np.int16).max)
    fewest = shots.min(axis=1, initial=np.iinfo(np.int16).max)
    return np.where(threatened.any(axis=1), fewest, -1).astype(np.int16)


def leading_cause(coverage: Coverage, threats: Sequence[str]) -> NDArray[np.int8]:
    """Return the cause that most classes share at each undefended point, shape (n,); 0 where there is none.

    A tie goes to the cause that stands first in ``CAUSES``.
    """
    chosen = columns(coverage, threats)
    undefended = coverage.threatened[:, chosen] & ~coverage.defended[:, chosen]
    cause = np.where(undefended, coverage.cause[:, chosen], 0)
    leading = np.zeros(len(cause), dtype=np.int8)
    most = np.zeros(len(cause), dtype=np.int64)
    for number in range(1, len(CAUSES)):
        votes = np.count_nonzero(cause == number, axis=1)
        leading[votes > most] = number
        np.maximum(most, votes, out=most)
    return leading


@dataclass(frozen=True)
class Count:
    """People and land of one nation, or of several, against one set of classes.

    Parameters
    ----------
    threatened_population, defended_population : float
        People.
    threatened_area_km2, defended_area_km2 : float
        Land [km2].
    """

    threatened_population: float = 0.0
    defended_population: float = 0.0
    threatened_area_km2: float = 0.0
    defended_area_km2: float = 0.0

    @property
    def population_share(self) -> float | None:
        """Share of the threatened people who are defended; None if nobody is threatened."""
        return _share(self.defended_population, self.threatened_population)

    @property
    def area_share(self) -> float | None:
        """Share of the threatened land that is defended; None if no land is threatened."""
        return _share(self.defended_area_km2, self.threatened_area_km2)

    def __add__(self, other: Count) -> Count:
        """Count two groups together."""
        return Count(
            self.threatened_population + other.threatened_population,
            self.defended_population + other.defended_population,
            self.threatened_area_km2 + other.threatened_area_km2,
            self.defended_area_km2 + other.defended_area_km2,
        )


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole > 0.0 else None


@dataclass(frozen=True)
class Tally:
    """Counts of one coverage by set of classes and nation.

    Parameters
    ----------
    architecture, level : str
        What was covered, and with which bounds.
    nations : tuple of str
        ISO 3166 codes, in the order of the arrays.
    sets : tuple of ClassSet
        In the order of the arrays.
    people, land : ndarray
        Shape (sets, nations, 2): threatened, defended; people, and land [km2].
    causes : ndarray
        People at points undefended against the first set, by leading cause, shape (nations, 7).
    """

    architecture: str
    level: str
    nations: tuple[str, ...]
    sets: tuple[ClassSet, ...]
    people: NDArray[np.float64]
    land: NDArray[np.float64]
    causes: NDArray[np.float64]

    def count(self, key: str, nations: Sequence[str]) -> Count:
        """Return the count of some nations together against a set of classes."""
        place = self._set(key)
        rows = [self.nations.index(nation) for nation in nations if nation in self.nations]
        people, land = self.people[place, rows].sum(axis=0), self.land[place, rows].sum(axis=0)
        return Count(float(people[0]), float(people[1]), float(land[0]), float(land[1]))

    def nation(self, key: str, nation: str) -> Count:
        """Return the count of one nation."""
        return self.count(key, (nation,))

    def cause_shares(self, nations: Sequence[str]) -> dict[str, float]:
        """Return the share of people undefended against the first set, the headline, by leading cause."""
        rows = [self.nations.index(nation) for nation in nations if nation in self.nations]
        people = self.causes[rows].sum(axis=0)
        total = float(people[1:].sum())
        return {CAUSES[k]: float(people[k]) / total for k in range(1, len(CAUSES)) if people[k] > 0.0} if total else {}

    def _set(self, key: str) -> int:
        return [entry.key for entry in self.sets].index(key)


def tally(coverage: Coverage, sets: Sequence[ClassSet], nations: Sequence[str]) -> Tally:
    """Count the people and land of a coverage.

    Parameters
    ----------
    coverage : Coverage
        What one architecture defends at one level.
    sets : sequence of ClassSet
        What to count.
    nations : sequence of str
        Which nations, in the order of the result.
    """
    place_of = {nation: place for place, nation in enumerate(nations)}
    codes, inverse = np.unique(coverage.points.nation, return_inverse=True)
    row = np.array([place_of.get(str(code), len(nations)) for code in codes], dtype=np.int64)[inverse]
    shape = (len(sets), len(nations))
    people, land = np.zeros((*shape, 2)), np.zeros((*shape, 2))
    causes = np.zeros((len(nations), len(CAUSES)))
    weights = ((coverage.points.population, people), (coverage.points.area_km2, land))
    size = len(nations) + 1
    for place, entry in enumerate(sets):
        if not len(columns(coverage, entry.threats)):
            continue
        state = states(coverage, entry.threats)
        for weight, into in weights:
            into[place, :, 0] = np.bincount(row, weight * (state != NOT_THREATENED), size)[:-1]
            into[place, :, 1] = np.bincount(row, weight * (state == DEFENDED), size)[:-1]
        if place == 0 and coverage.cause.any():
            both = row * len(CAUSES) + leading_cause(coverage, entry.threats)
            lost = np.bincount(both, coverage.points.population * (state == OPEN), size * len(CAUSES))
            causes += lost.reshape(size, len(CAUSES))[:-1]
    return Tally(coverage.architecture, coverage.level, tuple(nations), tuple(sets), people, land, causes)
