"""Elements of a scene with their places, and types of radar with the ranges that the model computes for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hoplon.analysis.corners import corner
from hoplon.analysis.defence import radar_ranges
from hoplon.analysis.radar_range import reference_range_km
from hoplon.presentation.maps.symbols import kind_of
from hoplon.report.scene.numbers import plain_number
from hoplon.scenario.changes.sites import site_of
from hoplon.scenario.titles import element_short_title
from hoplon.units import KILOMETRE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hoplon.scenario.model import Element, Level, ReferenceRange, ResolvedArchitecture, Scenario


def element_rows(scenario: Scenario, elements: Mapping[str, Element] | None = None) -> list[dict[str, Any]]:
    """Return elements with their places; every one of the scenario by default."""
    shown = scenario.elements if elements is None else elements
    return [_element(scenario, name, element) for name, element in shown.items()]


def _element(scenario: Scenario, name: str, element: Element) -> dict[str, Any]:
    at = element.at
    return {
        "name": name,
        "title": element.title or name,
        "label": element_short_title(scenario, name),
        "form": element.form,
        "kind": kind_of(scenario, element),
        "type": element.radar or element.battery or element.satellite or element.node,
        "owner": element.owner,
        "basing": element.basing,
        "partner": element.partner,
        "lat": None if at is None else at.latitude_deg,
        "lon": None if at is None else at.longitude_deg,
        "altitude_m": None if at is None else float(at.altitude_m),
        "site": element.site,
        "together": list(site_of(scenario.elements, name)),
        "boresights_deg": [float(azimuth) for azimuth in element.boresights_deg],
        "interceptors": int(float(element.count)) if element.battery is not None else None,
        "from": element.from_,
        "until": element.until,
        "movable": at is not None,
    }


def radar_type_rows(scenario: Scenario, level: Level = "base") -> list[dict[str, Any]]:
    """Return the types of radar with their computed ranges [km] against each class, in search and in track.

    A range is that at which the radar sees the cross-section of the class in its band, by the fourth root, and no more
    than its instrumented range; 0 against a class without a cross-section in the band.
    """
    seen = corner(scenario, level)
    return [
        {
            "name": name,
            "title": kind.title or name,
            "band": kind.band,
            "supports_intercept": kind.may_support,
            "max_range_km": plain_number(kind.max_range_km, f"radars.{name}.max_range_km"),
            "sector_halfwidth_deg": None
            if kind.sector_halfwidth_deg is None
            else plain_number(kind.sector_halfwidth_deg, f"radars.{name}.sector_halfwidth_deg"),
            "search": _reference(kind.search, f"radars.{name}.search"),
            "track": _reference(kind.track, f"radars.{name}.track"),
            "range_km": {
                threat: {"search": search / KILOMETRE, "track": track / KILOMETRE}
                for threat, search, track in zip(
                    seen.threats,
                    radar_ranges(seen, seen.radars[name], search=True),
                    radar_ranges(seen, seen.radars[name], search=False),
                    strict=True,
                )
            },
        }
        for name, kind in scenario.radars.items()
    ]


def _reference(reference: ReferenceRange, path: str) -> dict[str, Any]:
    stated = reference.reference_range_km
    return {
        "range_km": reference_range_km(reference),
        "rcs_m2": plain_number(reference.reference_rcs_m2, f"{path}.reference_rcs_m2"),
        "stated": None if stated is None else plain_number(stated, f"{path}.reference_range_km"),
    }


def elements_document(scenario: Scenario, architecture: ResolvedArchitecture, level: Level = "base") -> dict[str, Any]:
    """Return what a map draws of one architecture: its active elements, and the ranges of its radars at a level."""
    used = {element.radar for element in architecture.elements.values()}
    return {
        "elements": element_rows(scenario, architecture.elements),
        "radars": [row for row in radar_type_rows(scenario, level) if row["name"] in used],
    }
