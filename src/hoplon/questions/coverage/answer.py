"""What coverage is shown by: footprints and denied areas, by rules that any scenario can answer, and who is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from hoplon.analysis.architectures import (
    baseline,
    compared_architectures,
    families,
    given_up,
    judged_architectures,
    sampled_architectures,
    successive_architectures,
)
from hoplon.analysis.coverage import headline_nations, headline_threats
from hoplon.analysis.flights import may_launch
from hoplon.analysis.footprints.footprint import DefendedArea, denied, footprint
from hoplon.analysis.store import Store
from hoplon.earth.geodesy import ground_range
from hoplon.questions.requests import CoverageRequest, of_every_architecture, readings
from hoplon.questions.study import Study
from hoplon.scenario import geography
from hoplon.scenario.model import Scenario

_LOWER_LAYER_KM: Final = (
    160.0  # [km] an interceptor that cannot go higher has a footprint too small for these maps; assumed
)


@dataclass(frozen=True)
class Footprints:
    """The footprints of an architecture's upper-layer batteries against one class from one area."""

    architecture: str
    threat: str
    launch_area: str
    areas: Mapping[str, DefendedArea]


@dataclass(frozen=True)
class Denied:
    """The launch points denied to a class, for one aim point, by each of some architectures."""

    threat: str
    nation: str
    city: str
    aim_deg: tuple[float, float]
    areas: Mapping[str, DefendedArea]


@dataclass(frozen=True)
class CoverageResult:
    """What maps and tables of coverage show beside the coverages themselves.

    Parameters
    ----------
    footprints : tuple of Footprints
        Of single batteries.
    denied : Denied or None
        Launch areas denied, for one city; None if no class of the headline reaches a capital.
    classes : tuple of str
        The classes of the headline that reach somebody whom the headline counts.
    beside : tuple of str
        Nations that the headline does not count, where one of its classes reaches them.
    others : tuple of str
        Architectures that are not compared.
    """

    footprints: tuple[Footprints, ...]
    denied: Denied | None
    classes: tuple[str, ...]
    beside: tuple[str, ...]
    others: tuple[str, ...]


def coverages(scenario: Scenario) -> Sequence[CoverageRequest]:
    """Return the coverages of every architecture at every level, and of those compared with every reading."""
    if not _asked(scenario):
        return ()
    return (*of_every_architecture(scenario), *readings(sampled_architectures(scenario)))


def answer(study: Study) -> CoverageResult | None:
    """Return what is shown; None for a scenario without architectures, nations, classes or launch areas."""
    scenario = study.scenario
    if not _asked(scenario):
        return None
    compared = compared_architectures(scenario)
    for name in study.sampled_architectures:  # before any figure is drawn: a study that is drawn computes nothing
        study.band(name)
    return CoverageResult(
        report_footprints(scenario, study.store),
        report_denied(scenario, study.store),
        tuple(
            key
            for key in study.headline_threats(compared[0])
            if study.count(compared[0], key=key).threatened_population > 0.0
        ),
        threatened_beside(study, compared[0]),
        tuple(
            name
            for names in families(scenario, judged_architectures(scenario)).values()
            for name in names
            if name not in compared
        ),
    )


def _asked(scenario: Scenario) -> bool:
    return all((scenario.architectures, scenario.nations, scenario.threats, scenario.launch_areas))


def beside_headline(study: Study, architecture: str) -> tuple[str, ...]:
    """Return the members of an architecture's year that the headline does not count."""
    counted = study.headline_nations(architecture)
    return tuple(code for code in study.scenario.members(study.year(architecture)) if code not in counted)


def beside_title(nations: Sequence[str]) -> str:
    """Return what the nations that the headline does not count are called together."""
    return "North America" if set(nations) <= set(geography.NORTH_AMERICA) else "other nations of the scenario"


def threatened_beside(study: Study, architecture: str) -> tuple[str, ...]:
    """Return the members that the headline does not count, where one of its classes threatens them."""
    members = beside_headline(study, architecture)
    return members if study.tally(architecture).count("headline", members).threatened_population else ()


def report_footprints(scenario: Scenario, store: Store | None = None) -> tuple[Footprints, ...]:
    """Return the footprints that the report shows.

    Notes
    -----
    Of the baseline and the last architecture after it that was not given up, or of the first compared one of a scenario
    without a baseline; against the headline class a third of the way up in range, from the launch area nearest to the
    middle of those that launch it. Of batteries of the upper layer, or of those that reach highest where there is none.
    """
    store = Store() if store is None else store
    threats = sorted(headline_threats(scenario), key=lambda name: scenario.threats[name].max_range_km.value)
    if not threats:
        return ()
    threat = threats[(len(threats) - 1) // 3]
    area = _middle_area(scenario, threat)
    found = []
    for name in _shown(scenario):
        resolved = scenario.architecture(name)
        highest = {
            key: float(scenario.interceptors[element.battery].intercept_altitude_km[1])
            for key, element in resolved.elements.items()
            if element.battery is not None
        }
        least = min(_LOWER_LAYER_KM, max(highest.values(), default=0.0) - 1.0)
        batteries = [key for key, altitude in highest.items() if altitude > least]
        areas = {key: footprint(store, scenario, resolved, key, threat, area) for key in batteries}
        found.append(Footprints(name, threat, area, areas))
    return tuple(found)


def report_denied(scenario: Scenario, store: Store | None = None) -> Denied | None:
    """Return the denied areas that the report shows; None if no headline class reaches a capital.

    Notes
    -----
    For the most populous capital, of the nations that the headline counts, that the headline class of least range
    reaches; by the last architecture after the baseline that was not given up, or the first compared one.
    """
    store = Store() if store is None else store
    threats = sorted(headline_threats(scenario), key=lambda name: scenario.threats[name].max_range_km.value)
    for threat in threats:
        reached = _capitals_reached(scenario, threat)
        if reached:
            nation = max(reached, key=lambda code: (reached[code], code))
            city, latitude, longitude = geography.capitals()[nation]
            aim = (latitude, longitude)
            areas = {
                name: denied(store, scenario, scenario.architecture(name), aim, threat)
                for name in _shown(scenario)[-1:]
            }
            return Denied(threat, nation, city, aim, areas)
    return None


def _shown(scenario: Scenario) -> tuple[str, ...]:
    ended, base = given_up(scenario), baseline(scenario)
    stood = [name for name in successive_architectures(scenario) if name not in ended]
    chosen = ([] if base is None else [base]) + stood[-1:]
    return tuple(chosen) or compared_architectures(scenario)[:1]


def _areas_of(scenario: Scenario, threat: str) -> Sequence[str]:
    return [name for name in scenario.launch_areas if may_launch(scenario.threats[threat], name)]


def _middle_area(scenario: Scenario, threat: str) -> str:
    """Return the launch area of a class nearest to the middle of all that launch it."""
    names = _areas_of(scenario, threat)
    latitude = np.array([scenario.launch_areas[name].at.latitude_deg for name in names])
    first = scenario.launch_areas[names[0]].at.longitude_deg if names else 0.0
    given = np.array([scenario.launch_areas[name].at.longitude_deg for name in names])
    longitude = first + np.mod(given - first + 180.0, 360.0) - 180.0  # no jump at the antimeridian
    apart = ground_range(latitude.mean(), longitude.mean(), latitude, longitude)
    return names[int(np.argmin(apart))]


def _capitals_reached(scenario: Scenario, threat: str) -> dict[str, float]:
    """Return the people of each capital that a class reaches, of the nations that the headline counts."""
    record = scenario.threats[threat]
    reached, counted = {}, headline_nations(scenario, None)
    for code, (city, latitude, longitude) in geography.capitals(counted).items():
        far = [
            float(ground_range(area.at.latitude_deg, area.at.longitude_deg, latitude, longitude)) / 1000.0
            for name, area in scenario.launch_areas.items()
            if may_launch(record, name)
        ]
        if any(record.min_range_km.value <= distance <= record.max_range_km.value for distance in far):
            places = geography.places([code], scenario.population_year)
            reached[code] = float(places.population[places.name == city].max(initial=0.0))
    return reached
