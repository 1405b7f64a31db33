"""GeoJSON: the launch areas and elements of a scenario, or of one architecture; the layers of an answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import shapely

from hoplon.files import json_text
from hoplon.report.formats.columns import MapContent, cells, column_types, turned
from hoplon.scenario.model import known_name
from hoplon.version import VERSION

if TYPE_CHECKING:
    from hoplon.scenario.model import Element, Place, Scenario


def places(scenario: Scenario, architecture: str | None) -> bytes:
    """Return the places of a scenario, or of one architecture, as a GeoJSON text."""
    made = {"version": VERSION, "scenario": scenario.name, "scenario_sha256": scenario.sha256, "seed": None}
    return json_text({**places_geojson(scenario, architecture), **made}).encode()


def layers(content: MapContent) -> bytes:
    """Return one feature collection (RFC 7946) of all layers, a feature a line; of several, ``layer`` tells which.

    What made it stands beside the features, as foreign members (section 6.1).
    """
    several = len(content.layers) > 1
    lines = []
    for layer in content.layers:
        for (shape, _), row in zip(layer.rows, cells(layer, column_types(layer)), strict=True):
            feature = {
                "type": "Feature",
                "geometry": None if shape is None else shapely.geometry.mapping(turned(shape)),
                "properties": {**({"layer": layer.name} if several else {}), **row},
            }
            lines.append(json.dumps(feature, allow_nan=False, separators=(",", ":")))
    told = {"type": "FeatureCollection", "title": content.title, **content.provenance}
    head = json.dumps(told, allow_nan=False)[:-1]
    return (f'{head}, "features": [\n' + ",\n".join(lines) + "\n]}\n").encode()


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
