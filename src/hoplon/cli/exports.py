"""The command export: a scenario's places for other tools."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from hoplon.cli.output import json_text, note, print_document, print_json, provenance, refuse_unwritable
from hoplon.errors import UsageError
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Element, Place, Scenario, known_name


def answer_export(arguments: argparse.Namespace) -> int:
    """Write the places of a scenario, or of one architecture, in a format of other tools."""
    if arguments.output is None and arguments.format in ("geoparquet", "netcdf"):
        raise UsageError(f"export: --format {arguments.format} needs -o FILE: it is no text")
    if arguments.output is None and arguments.json and arguments.format != "geojson":
        raise UsageError(
            f"export: --json with --format {arguments.format} needs -o FILE: its text is not one JSON object"
        )
    scenario = load_scenario(arguments.scenario)
    if arguments.format in ("czml", "kml"):
        return _export_document(arguments, scenario)
    collection = {**places_geojson(scenario, arguments.architecture), **provenance(scenario)}
    if arguments.output is None:
        print_json(collection)
        return 0
    from hoplon.files import write_text

    refuse_unwritable(arguments.output)
    if arguments.format == "geojson":
        write_text(Path(arguments.output), json_text(collection))
    else:
        from hoplon.report.places import write_places

        write_places(collection["features"], scenario.name, scenario.sha256, Path(arguments.output), arguments.format)
    return _written(arguments, scenario, len(collection["features"]))


def _written(arguments: argparse.Namespace, scenario: Scenario, many: int) -> int:
    if arguments.json:
        print_json({**provenance(scenario), "path": arguments.output, "features": many})
    else:
        note(f"{arguments.output}: {many} features written")
    return 0


def _export_document(arguments: argparse.Namespace, scenario: Scenario) -> int:
    """Write the places as CZML or KML."""
    from hoplon.files import write_text
    from hoplon.report import playback_files

    elements, title = scenario.elements, scenario.title
    if arguments.architecture is not None:
        resolved = scenario.architecture(known_name("architecture", arguments.architecture, scenario.architectures))
        elements, title = resolved.elements, resolved.title
    places = playback_files.placed(elements, scenario.launch_areas)
    write = playback_files.places_czml if arguments.format == "czml" else playback_files.places_kml
    if arguments.output is not None:
        refuse_unwritable(arguments.output)
    text = write(places, title, scenario)
    if arguments.output is None:
        print_document(text)
        return 0
    write_text(Path(arguments.output), text)
    return _written(arguments, scenario, len(places))


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
        "boresights_deg": [*element.boresights_deg],
        "interceptors": int(float(element.count)) if element.battery is not None else None,
    }
