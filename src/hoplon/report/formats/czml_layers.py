"""Layers as CZML: marks, lines and areas, and flights on a clock."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Any, Final

import shapely

from hoplon.report.formats.columns import MapContent, cells, column_types, feature_title, turned
from hoplon.report.formats.czml import czml_library, document_bytes
from hoplon.report.formats.places_and_paths import at
from hoplon.report.formats.styles import STYLES, FeatureStyle, style_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hoplon.analysis.records import FeatureLayer

_SPEED_UP: Final = 10.0  # of the clock
_FOREVER_S: Final = 1e6  # longer than any flight
_MOST_LABELS: Final = 200  # of a layer; beyond them names stand in the info box alone


def layers(content: MapContent) -> bytes:
    """Return a CZML document: a packet for each feature, or for each part of one; columns are its properties.

    What made it stands in the description of the document packet, which may have no properties.
    """
    czml3, properties, types = czml_library()
    told = ", ".join(f"{key} {value}" for key, value in content.provenance.items() if value is not None)
    ends = max((float(path[-1, 0]) for layer in content.layers for path in layer.paths), default=None)
    clock = None
    if ends is not None:
        whole = types.TimeInterval(start=at(0.0), end=at(math.ceil(ends)))
        clock = properties.Clock(interval=whole, currentTime=at(0.0), multiplier=_SPEED_UP)
    head = czml3.Packet(id="document", name=content.title, description=escape(told), version="1.0", clock=clock)
    packets = [head]
    for layer in content.layers:
        packets += _packets(layer)
    return document_bytes(czml3.Document(packets=packets))


def _packets(layer: FeatureLayer) -> Iterator[Any]:
    czml3, properties, types = czml_library()
    rows = cells(layer, column_types(layer))
    for number, ((shape, _), row) in enumerate(zip(layer.rows, rows, strict=True)):
        style = STYLES[style_name(layer.name, row)]
        told = {key: _property(value) for key, value in row.items() if value is not None}
        name = feature_title(row, number)
        common: dict[str, Any] = {"name": name, "properties": told or None}
        identity = f"{layer.name}/{number + 1}"
        if layer.paths:
            path = layer.paths[number]
            interval = types.TimeInterval(start=at(float(path[0, 0])), end=at(float(path[-1, 0])))
            yield czml3.Packet(id=identity, availability=interval, **common, **_flight(properties, path, style))
            continue
        parts: Any = [] if shape is None or shape.is_empty else shapely.get_parts(turned(shape))
        for place, part in enumerate(parts):
            labelled = layer.name != "points" and len(layer.rows) <= _MOST_LABELS
            drawn = _drawn(properties, part, style, name if labelled else None)
            yield czml3.Packet(id=identity if len(parts) == 1 else f"{identity}/{place + 1}", **common, **drawn)


def _property(value: Any) -> dict[str, Any]:
    """Return a value as a custom property of an object."""
    kind = "boolean" if isinstance(value, bool) else "string" if isinstance(value, str) else "number"
    return {kind: value}


def _colour(properties: Any, style: FeatureStyle, opacity: int = 255) -> Any:
    return properties.Color(rgba=[*style.colour, opacity])


def _solid(properties: Any, style: FeatureStyle, opacity: int = 255) -> Any:
    return properties.SolidColorMaterial(color=_colour(properties, style, opacity))


def _drawn(properties: Any, part: Any, style: FeatureStyle, label: str | None) -> Mapping[str, Any]:
    if part.geom_type == "Point":
        point = properties.Point(
            pixelSize=style.pixels,
            color=_colour(properties, style),
            outlineColor=properties.Color(rgba=[255, 255, 255, 255]),
            outlineWidth=1.0,
        )
        drawn = {"position": properties.Position(cartographicDegrees=_flat(part)), "point": point}
        if label is not None:
            drawn["label"] = properties.Label(
                text=label, font="12px sans-serif", horizontalOrigin="LEFT", pixelOffset={"cartesian2": [10.0, 0.0]}
            )
        return drawn
    if part.geom_type == "LineString":
        line = properties.Polyline(
            positions=properties.PositionList(cartographicDegrees=_flat(part)),
            width=2.0,
            arcType="GEODESIC",
            material=properties.PolylineMaterial(solidColor=_solid(properties, style)),
        )
        return {"polyline": line}
    holes = [_flat(ring) for ring in part.interiors]
    area = properties.Polygon(
        positions=properties.PositionList(cartographicDegrees=_flat(part.exterior)),
        holes=properties.PositionListOfLists(cartographicDegrees=holes) if holes else None,
        material=properties.Material(solidColor=_solid(properties, style, style.fill)),
        height=0.0,
        outline=True,
        outlineColor=_colour(properties, style),
        arcType="GEODESIC",
    )
    return {"polygon": area}


def _flat(shape: Any) -> list[float]:
    """Return longitude, latitude [deg] and height [m] of each position in a row; a ring without its last, the first."""
    positions = shapely.get_coordinates(shape, include_z=True)
    if shape.geom_type == "LinearRing":
        positions = positions[:-1]
    return [
        round(float(value), 7) if math.isfinite(value) else 0.0 for position in positions.tolist() for value in position
    ]


def _flight(properties: Any, path: Any, style: FeatureStyle) -> Mapping[str, Any]:
    samples: Sequence[float] = [
        value
        for time, latitude, longitude, altitude in path.tolist()
        for value in (time, round(longitude, 7), round(latitude, 7), round(altitude, 1))
    ]
    return {
        "position": properties.Position(
            epoch=at(0.0), interpolationAlgorithm="LAGRANGE", interpolationDegree=3, cartographicDegrees=list(samples)
        ),
        "point": properties.Point(pixelSize=style.pixels, color=_colour(properties, style)),
        "path": properties.Path(
            leadTime=_FOREVER_S,
            trailTime=_FOREVER_S,
            width=2.0,
            material=properties.PolylineMaterial(solidColor=_solid(properties, style)),
        ),
    }
