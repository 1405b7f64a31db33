"""One what-if as it is judged: its scenario, its defence, and the flights to its aim points."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from hoplon.analysis.defence import defence_of
from hoplon.analysis.flights import flown_against, kept_flights
from hoplon.analysis.what_if.rests import without
from hoplon.scenario.changes.sites import site_of
from hoplon.scenario.geography import borders
from hoplon.scenario.model import known_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.strtree import STRtree

    from hoplon.analysis.flights import Flights
    from hoplon.analysis.store import Store
    from hoplon.defence.assembly import Defence
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Level, ResolvedArchitecture, Scenario

_FORMS: Final = ("radar", "battery")


@dataclass(frozen=True)
class WhatIfQuestion:
    """A what-if at a level, against some classes.

    Attributes
    ----------
    id : str
        Of the what-if.
    scenario : Scenario
        What the what-if makes.
    architecture : str
        Its architecture there.
    level : {"low", "base", "high"}
    classes : tuple of str or None
        Those that were named.
    """

    id: str
    scenario: Scenario
    architecture: str
    level: Level
    classes: tuple[str, ...] | None

    @property
    def resolved(self) -> ResolvedArchitecture:
        """The architecture with what it extends applied."""
        return self.scenario.architecture(self.architecture)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The classes that are judged, in the scenario's order."""
        return tuple(name for name in self.scenario.threats if self.classes is None or name in self.classes)

    def defence(self) -> Defence:
        """Return the architecture as kernels take it."""
        return defence_of(self.scenario, self.resolved, self.level)

    def flights(self, store: Store, points: AimPoints) -> Flights:
        """Return the flights of the classes to aim points, kept."""
        flown = flown_against(self.scenario, self.resolved)
        return kept_flights(store, flown, points, self.kinds, tuple(self.scenario.launch_areas))

    def rest(self, hand: Sequence[str], defence: Defence) -> Defence | None:
        """Return the defence without elements that are being moved, and what stands at their sites; None without any.

        Raises
        ------
        UnknownNameError
            If the scenario has no such element.
        """
        moved: set[str] = set()
        for name in hand:
            element = known_name("element", name, self.scenario.elements)
            moved.update(site_of(self.scenario.elements, element))
        if not moved & {*defence.sensor_names, *defence.battery_names}:
            return None
        return without(defence, moved)

    def sites(self) -> tuple[tuple[str, ...], ...]:
        """Return the radars and batteries of the architecture that stand together, site by site."""
        elements = self.resolved.elements
        placed = [name for name, element in elements.items() if element.form in _FORMS and not element.partner]
        return tuple(dict.fromkeys(site_of(elements, name) for name in placed))

    def notes(self, moved: Sequence[str]) -> tuple[str, ...]:
        """Return what is odd about where elements of the architecture stand: a ship on land, a site at sea."""
        notes = []
        elements = self.resolved.elements
        sites = dict.fromkeys(site for name in moved if name in elements for site in (site_of(elements, name),))
        for site in sites:
            element = elements[site[0]]
            if element.at is None or element.basing not in ("sea", "land"):
                continue
            nation = nation_at(element.at.latitude_deg, element.at.longitude_deg)
            if element.basing == "sea" and nation is not None:
                notes.append(f"{', '.join(site)}: based at sea, and stands on land here, in {nation}")
            if element.basing == "land" and nation is None:
                notes.append(f"{', '.join(site)}: based on land, and stands at sea here")
        return tuple(notes)


@lru_cache(maxsize=1024)
def nation_at(latitude_deg: float, longitude_deg: float) -> str | None:
    """Return the name of the nation that a place lies in, None at sea; by outlines of a scale of 1:50 million."""
    import shapely

    tree, names = _outlines()
    point = shapely.Point(longitude_deg, latitude_deg)
    found = tree.query(point, predicate="intersects")
    return names[int(found[0])] if len(found) else None


@lru_cache(maxsize=1)
def _outlines() -> tuple[STRtree, tuple[str, ...]]:
    from shapely.strtree import STRtree

    shapes = borders()
    return STRtree([shape for _, _, shape in shapes]), tuple(name for _, name, _ in shapes)
