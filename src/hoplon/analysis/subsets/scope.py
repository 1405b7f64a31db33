"""What a value of a subset counts: which places, against which flights, with which weights."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.coverage import aim_points, headline_nations, headline_threats
from hoplon.analysis.sampling.sampled_values import VALUES, ValueKind
from hoplon.analysis.sampling.weighted_subset import weighted_subset
from hoplon.scenario.model import known_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hoplon.analysis.store import Store
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Level, Scenario


@dataclass(frozen=True)
class Scope:
    """Places with weights, and the flights that they are judged against.

    Parameters
    ----------
    scenario : Scenario
    level : {"low", "base", "high"}
        Of the disputed inputs.
    value : {"population", "area", "worst_nation"}
        What a value is: the share of the weight that is defended, or the least of the nations' shares.
    threats, areas, nations : tuple of str
        Classes that count together, launch areas, and the nations that count.
    points : AimPoints
        n places.
    weight : ndarray, shape (n,)
        People, or km2.
    nation : ndarray, shape (n,)
        Index in ``nations``.
    of : int
        How many places they stand for.
    """

    scenario: Scenario
    level: Level
    value: ValueKind
    threats: tuple[str, ...]
    areas: tuple[str, ...]
    nations: tuple[str, ...]
    points: AimPoints
    weight: NDArray[np.float64] = field(repr=False)
    nation: NDArray[np.intp] = field(repr=False)
    of: int

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.points)

    def content(self) -> list[Any]:
        """Return all that the scope is beside hoplon itself, as plain data."""
        points, digest = self.points, hashlib.blake2b(digest_size=16)
        for array in (points.latitude_deg, points.longitude_deg, self.weight):
            digest.update(np.ascontiguousarray(array, "<f8").tobytes())
        digest.update(np.ascontiguousarray(self.nation, "<i8").tobytes())
        counted = [list(names) for names in (self.threats, self.areas, self.nations)]
        return [self.scenario.sha256, self.level, self.value, *counted, self.of, digest.hexdigest()]

    def chosen(self, places: NDArray[np.intp]) -> Scope:
        """Return the same of some of the places."""
        return replace(self, points=self.points.subset(places), weight=self.weight[places], nation=self.nation[places])

    def of_nations(self, nations: Sequence[str]) -> Scope:
        """Return the same with the weight of some nations alone."""
        counted = np.isin(np.array(self.nations, dtype=np.str_)[self.nation], nations)
        return replace(self, weight=np.where(counted, self.weight, 0.0))

    def marked(self, threatened: NDArray[np.bool_], marks: int) -> Scope:
        """Return the same of a weighted subset of the threatened places (:func:`weighted_subset`).

        Parameters
        ----------
        threatened : ndarray, shape (n,)
            Whether a flight in scope reaches each place, base values.
        marks : int
        """
        subset = weighted_subset(self.points, np.where(threatened, self.weight, 0.0), marks)
        codes = list(self.nations)
        return replace(
            self,
            points=subset.points,
            weight=subset.weight,
            nation=np.array([codes.index(code) for code in subset.points.nation.tolist()], dtype=np.intp),
            of=subset.of,
        )


def scope_of(
    store: Store,
    scenario: Scenario,
    architectures: Sequence[str],
    *,
    threats: Sequence[str] | None = None,
    areas: Sequence[str] | None = None,
    points: AimPoints | None = None,
    level: Level = "base",
    value: str = "population",
) -> Scope:
    """Return what values of subsets of some architectures count.

    Parameters
    ----------
    store : Store
        Keeps the aim points of the scenario.
    scenario : Scenario
    architectures : sequence of str
        That are compared: the nations are those of the headline that are members in the year of each.
    threats, areas : sequence of str, optional
        Classes that count together, and launch areas; the headline's, and every one, by default.
    points : AimPoints, optional
        Places, each of which counts; those of the scenario's nations by default, of which those with weight count.
    level : {"low", "base", "high"}
    value : {"population", "area", "worst_nation"}

    Raises
    ------
    UnknownNameError
        If the scenario lacks a name, or for another value.
    """
    kind = next(one for one in VALUES if one == known_name("value", value, VALUES))
    counted = headline_threats(scenario) if threats is None else threats
    wanted = {known_name("threat", name, scenario.threats) for name in counted}
    origins = scenario.launch_areas if areas is None else areas
    chosen = {known_name("launch area", name, scenario.launch_areas) for name in origins}
    if points is None:
        members = [headline_nations(scenario, scenario.architecture(name).year) for name in architectures]
        nations = tuple(code for code in members[0] if all(code in others for others in members))
        key = ("aim points", tuple(scenario.nations), scenario.population_year)
        everywhere = store.get(key, lambda: aim_points(scenario))
        weight = everywhere.area_km2 if kind == "area" else everywhere.population
        places = np.flatnonzero((weight > 0.0) & np.isin(everywhere.nation, nations))
        everywhere, weight = everywhere.subset(places), weight[places]
    else:
        nations = tuple(dict.fromkeys(points.nation.tolist()))
        everywhere, weight = points, points.area_km2 if kind == "area" else points.population
    place_of = {code: index for index, code in enumerate(nations)}
    return Scope(
        scenario=scenario,
        level=level,
        value=kind,
        threats=tuple(name for name in scenario.threats if name in wanted),
        areas=tuple(name for name in scenario.launch_areas if name in chosen),
        nations=nations,
        points=everywhere,
        weight=weight,
        nation=np.array([place_of[code] for code in everywhere.nation.tolist()], dtype=np.intp),
        of=len(everywhere),
    )
