"""GeoJSON: the launch areas and elements of a scenario, or of one architecture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hoplon.files import json_text
from hoplon.scenario.model import known_name
from hoplon.version import VERSION

if TYPE_CHECKING:
    from hoplon.scenario.model import Element, Place, Scenario


def places(scenario: Scenario, architecture: str | None) -> bytes:
    """Return the places of a scenario, or of one architecture, as a GeoJSON text."""
    made = {"version": VERSION, "scenario": scenario.name, "scenario_sha256": scenario.sha256, "seed": None}
    return json_text({**places_geojson(scenario, architecture), **made}).encode()


def places_geojson(scenario: Scenario, architecture: str | None = None) -> dict[str, Any]:
    """Return launch areas and elements as a GeoJSON feature collection (RFC 7946).

    Parameters
    ----------
    scenario : Scenario
    architecture : str, optional
        Only the elements active in it; every element when left out.

    Raises
    ------
    UnknownNameError
        If the scenario has no such architecture.
    """
    elements = scenario.elements
    if architecture is not None:
        elements = scenario.architecture(known_name("architecture", architecture, scenario.architectures)).elements
    features = [
        _feature(name, area.at, {"form": "launch_area", "title": area.title or name})
        for name, area in scenario.launch_areas.items()
    ]
    features += [
        _feature(name, element.at, _properties(name, element))
        for name, element in elements.items()
        if element.at is not None
    ]
    return {"type": "FeatureCollection", "features": features}


def _feature(name: str, at: Place, properties: dict[str, Any]) -> dict[str, Any]:
    coordinates = [at.longitude_deg, at.latitude_deg]
    if at.altitude_m:
        coordinates.append(at.altitude_m)
    geometry = {"type": "Point", "coordinates": coordinates}
    return {"type": "Feature", "id": name, "geometry": geometry, "properties": {"name": name, **properties}}


def _properties(name: str, element: Element) -> dict[str, Any]:
    return {
        "form": element.form,
        "type": element.radar or element.battery or element.node,
        "title": element.title or name,
        "owner": element.owner,
        "basing": element.basing,
        "partner": element.partner,
        "from": element.from_,
        "until": element.until,
        "boresights_deg": [float(azimuth) for azimuth in element.boresights_deg],
        "interceptors": int(float(element.count)) if element.battery is not None else None,
    }
