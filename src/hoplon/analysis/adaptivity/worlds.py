"""Worlds that a plan may meet: a pace at which the classes begin and, beside it, a surprise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from hoplon.analysis.threat.growth import Pace, first_year_at

if TYPE_CHECKING:
    from hoplon.scenario.model import Scenario


@dataclass(frozen=True)
class World:
    """Which classes exist from when, and where they are launched from.

    Attributes
    ----------
    pace : {"slow", "base", "fast"}
    surprise : str or None
    first_years : mapping
        Of each class that counts; minus infinity for one that has always been there.
    areas : mapping
        Launch areas of each class that counts, in the scenario's order.
    """

    pace: Pace
    surprise: str | None
    first_years: Mapping[str, float]
    areas: Mapping[str, tuple[str, ...]]

    def classes_in(self, year: int) -> tuple[str, ...]:
        """Return the classes that exist in a year."""
        return tuple(name for name, first in self.first_years.items() if first <= year)


def world_of(
    scenario: Scenario, pace: Pace, surprise: str | None, threats: Sequence[str], areas: Sequence[str] | None
) -> World:
    """Return the world of a pace and a surprise.

    Parameters
    ----------
    scenario : Scenario
    pace : {"slow", "base", "fast"}
    surprise : str or None
        One of the scenario's.
    threats : sequence of str
        Classes that count.
    areas : sequence of str or None
        Launch areas that count; None for all.
    """
    shifts = {} if surprise is None or scenario.adapt is None else scenario.adapt.surprises[surprise].threats
    first_years, launched = {}, {}
    for name in threats:
        kind, shift = scenario.threats[name], shifts.get(name)
        own = scenario.launch_areas if kind.launch_areas is None else kind.launch_areas
        given = own if shift is None or shift.launch_areas is None else shift.launch_areas
        first_years[name] = first_year_at(kind, pace) + (0.0 if shift is None else float(shift.shift_years))
        launched[name] = tuple(
            area for area in scenario.launch_areas if area in given and (areas is None or area in areas)
        )
    return World(pace, surprise, MappingProxyType(first_years), MappingProxyType(launched))


def launched_in_any(scenario: Scenario, worlds: Iterable[World]) -> Scenario:
    """Return a scenario whose classes are launched wherever they are in any of some worlds."""
    wider: dict[str, set[str]] = {}
    for world in worlds:
        for name, areas in world.areas.items():
            wider.setdefault(name, set()).update(areas)
    kinds = {
        name: replace(kind, launch_areas=tuple(area for area in scenario.launch_areas if area in wider[name]))
        if name in wider
        else kind
        for name, kind in scenario.threats.items()
    }
    return replace(scenario, threats=MappingProxyType(kinds))
