"""What would defend a place that is open: an element of the scenario that is added, or a site that is moved."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis import stages
from hoplon.analysis.defence import defence_of
from hoplon.analysis.what_if.question import nation_at
from hoplon.constants import MEAN_RADIUS
from hoplon.defence.assembly import best_shots
from hoplon.scenario.model import Place
from hoplon.units import KILOMETRE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hoplon.analysis.flights import Flights
    from hoplon.analysis.store import Store
    from hoplon.analysis.what_if.question import WhatIfQuestion
    from hoplon.defence.assembly import Defence
    from hoplon.scenario.model import Element, ResolvedArchitecture

_BEARINGS: Final = 12
_DISTANCES_KM: Final = (100.0, 200.0, 400.0, 800.0)
_MOST_ADDED: Final = 200  # elements that are tried
_FORMS: Final = ("radar", "battery", "satellite")


@dataclass(frozen=True)
class Remedy:
    """One change that defends a place against every flight to it.

    Attributes
    ----------
    change : {"add", "move"}
    elements : tuple of str
        What is added, or stands at the site that is moved.
    at : (float, float) or None
        Where it stands then [deg]; None for a satellite.
    distance_km : float or None
        How far it is moved.
    """

    change: str
    elements: tuple[str, ...]
    at: tuple[float, float] | None
    distance_km: float | None

    def as_json(self) -> dict[str, Any]:
        """Return its keys."""
        return {
            "change": self.change,
            "elements": list(self.elements),
            "at": None if self.at is None else list(self.at),
            "distance_km": self.distance_km,
        }


def remedies(store: Store, question: WhatIfQuestion, flights: Flights) -> tuple[Remedy, ...]:
    """Return the single changes, of those tried, after which every flight is met: additions, then the shortest moves.

    Parameters
    ----------
    store : Store
    question : WhatIfQuestion
    flights : Flights
        To the place.

    Notes
    -----
    Tried are each element of the scenario that the architecture does not have and that is active in its year, a battery
    with the radars it calls its own; and each site at twelve bearings and four distances of 100 to 800 km, ships at sea
    and sites on land alone.
    """
    return (*_additions(store, question, flights), *_moves(store, question, flights))


def flights_met(store: Store, flights: Flights, defences: Sequence[Defence]) -> NDArray[np.bool_]:
    """Return whether each defence meets each flight with the shots required; shape (defences, flights)."""
    required = [defence.shots_required for defence in defences]
    found = best_shots(
        flights.elements,
        flights.classes,
        defences,
        required,
        lambda kind: stages.reach(store, kind),
        stages.MAP_STEP,
        [slice(0, len(flights))],
    )
    return np.asarray(found >= np.array(required, dtype=np.int8)[:, np.newaxis])


def all_met(store: Store, flights: Flights, defences: Sequence[Defence]) -> list[bool]:
    """Return whether each defence meets every flight with the shots required."""
    return [bool(row.all()) for row in flights_met(store, flights, defences)]


def _additions(store: Store, question: WhatIfQuestion, flights: Flights) -> list[Remedy]:
    resolved, elements = question.resolved, question.scenario.elements
    tried = [
        (name, *(radar for radar in element.radars if radar not in resolved.elements))
        for name, element in elements.items()
        if name not in resolved.elements
        and element.form in _FORMS
        and not element.partner
        and element.inactive_reason(resolved.year) is None
    ][:_MOST_ADDED]
    if not tried:
        return []
    changed = [_with(resolved, {name: elements[name] for name in names}) for names in tried]
    defences = [defence_of(question.scenario, one, question.level) for one in changed]
    met = all_met(store, flights, defences)
    return [
        Remedy("add", names, None if at is None else (at.latitude_deg, at.longitude_deg), None)
        for names, does in zip(tried, met, strict=True)
        if does
        for at in (elements[names[0]].at,)
    ]


def _moves(store: Store, question: WhatIfQuestion, flights: Flights) -> list[Remedy]:
    resolved, found = question.resolved, []
    for site in question.sites():
        stands = resolved.elements[site[0]]
        if stands.at is None:
            continue
        places = _places_about(stands)
        changed = [
            _with(resolved, {name: _moved(resolved.elements[name], place) for name in site}) for _, place in places
        ]
        defences = [defence_of(question.scenario, one, question.level) for one in changed]
        met = all_met(store, flights, defences)
        for (distance, place), does in zip(places, met, strict=True):
            if does:
                found.append(Remedy("move", site, place, distance))
                break
    return sorted(found, key=lambda remedy: (remedy.distance_km or 0.0, remedy.elements))


def _places_about(element: Element) -> list[tuple[float, tuple[float, float]]]:
    """Return distances [km] and places about an element, the nearest first, at sea or on land as it is based."""
    at = element.at
    assert at is not None
    places = [
        (distance, _beyond(at, 2.0 * math.pi * number / _BEARINGS, distance))
        for distance in _DISTANCES_KM
        for number in range(_BEARINGS)
    ]
    if element.basing not in ("sea", "land"):
        return places
    return [one for one in places if (nation_at(*one[1]) is None) == (element.basing == "sea")]


def _beyond(at: Place, azimuth: float, distance_km: float) -> tuple[float, float]:
    """Return the place at a distance along a great circle of a spherical Earth, to 0.01 degree."""
    angle = distance_km * KILOMETRE / MEAN_RADIUS
    latitude, longitude = math.radians(at.latitude_deg), math.radians(at.longitude_deg)
    north = math.sin(latitude) * math.cos(angle) + math.cos(latitude) * math.sin(angle) * math.cos(azimuth)
    there = math.asin(max(-1.0, min(1.0, north)))
    east = longitude + math.atan2(
        math.sin(azimuth) * math.sin(angle) * math.cos(latitude),
        math.cos(angle) - math.sin(latitude) * math.sin(there),
    )
    return round(math.degrees(there), 2), round((math.degrees(east) + 180.0) % 360.0 - 180.0, 2)


def _moved(element: Element, place: tuple[float, float]) -> Element:
    altitude = 0.0 if element.at is None else element.at.altitude_m
    return replace(element, at=Place(*place, altitude))


def _with(resolved: ResolvedArchitecture, elements: dict[str, Element]) -> ResolvedArchitecture:
    """Return an architecture with some elements besides, or in place of those of their names."""
    return replace(resolved, elements=MappingProxyType({**resolved.elements, **elements}))
