"""Layers as KML: a folder a layer, columns as typed data of a schema, flights on a clock.

References
----------
OGC 07-147r2, *OGC KML* 2.2, clauses 7 (structure), 9.2 (features), 9.3 (ExtendedData, Schema); gx:Track is of Google's
extension namespace, http://www.google.com/kml/ext/2.2.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any, Final
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

import shapely

from hoplon.report.formats.columns import MapContent, cells, column_types, feature_title, turned
from hoplon.report.formats.places_and_paths import at
from hoplon.report.formats.styles import STYLES, style_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hoplon.analysis.records import FeatureLayer

_KML, _GX = "http://www.opengis.net/kml/2.2", "http://www.google.com/kml/ext/2.2"
_TYPES: Final = {bool: "bool", int: "int", float: "double", str: "string"}
_ICON: Final = "http://maps.google.com/mapfiles/kml/shapes/placemark_circle.png"
_PACKED_AT: Final = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP archive knows
_LINE_WIDTH: Final = "2"


def layers(content: MapContent) -> bytes:
    """Return a KML document of all layers."""
    register_namespace("", _KML)
    register_namespace("gx", _GX)
    root = Element(f"{{{_KML}}}kml")
    document = _add(root, "Document", id="document")
    _add(document, "name", content.title)
    for name, style in STYLES.items():
        _add_style(document, name, style.colour, style.fill)
    extended = _add(document, "ExtendedData")
    for key, value in content.provenance.items():
        _add(_add(extended, "Data", name=key), "value", "none" if value is None else str(value))
    types = [column_types(layer) for layer in content.layers]
    for layer, kinds in zip(content.layers, types, strict=True):
        schema = _add(document, "Schema", name=layer.name, id=f"schema-{layer.name}")
        for key, kind in kinds.items():
            _add(schema, "SimpleField", type=_TYPES[kind], name=key)
    for layer, kinds in zip(content.layers, types, strict=True):
        _add_folder(document, layer, kinds)
    indent(root, " ")
    written: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return written + b"\n"


def packed(content: MapContent) -> bytes:
    """Return the same document as KMZ: ``doc.kml`` in a ZIP archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("doc.kml", _PACKED_AT), layers(content), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _add(parent: Element, tag: str, text: str | None = None, /, **attributes: str) -> Element:
    child = SubElement(parent, f"{{{_KML}}}{tag}", attributes)
    child.text = text
    return child


def _colour(colour: tuple[int, int, int], opacity: int) -> str:
    """Return a colour as KML has it: opacity, blue, green, red."""
    red, green, blue = colour
    return f"{opacity:02x}{blue:02x}{green:02x}{red:02x}"


def _add_style(document: Element, name: str, colour: tuple[int, int, int], fill: int) -> None:
    style = _add(document, "Style", id=f"style-{name}")
    icon = _add(style, "IconStyle")
    _add(icon, "color", _colour(colour, 255))
    _add(icon, "scale", "0.6")
    _add(_add(icon, "Icon"), "href", _ICON)
    _add(_add(style, "LabelStyle"), "scale", "0.7")
    line = _add(style, "LineStyle")
    _add(line, "color", _colour(colour, 255))
    _add(line, "width", _LINE_WIDTH)
    _add(_add(style, "PolyStyle"), "color", _colour(colour, fill))


def _add_folder(document: Element, layer: FeatureLayer, types: Mapping[str, type]) -> None:
    folder = _add(document, "Folder", id=f"layer-{layer.name}")
    _add(folder, "name", layer.name)
    _add(folder, "description", layer.title)
    rows = cells(layer, types)
    for number, ((shape, _), row) in enumerate(zip(layer.rows, rows, strict=True)):
        if shape is None or shape.is_empty:
            continue
        _add_geometry(_placemark(folder, layer, number, row), turned(shape))
    for number, path in enumerate(layer.paths):
        mark = _placemark(folder, layer, number, rows[number], on_clock=True)
        track = SubElement(mark, f"{{{_GX}}}Track")
        _add(track, "altitudeMode", "absolute")
        for time, *_ in path.tolist():
            _add(track, "when", at(time).isoformat().replace("+00:00", "Z"))
        for _, latitude, longitude, altitude in path.tolist():
            SubElement(track, f"{{{_GX}}}coord").text = f"{longitude:.7f} {latitude:.7f} {altitude:.1f}"


def _placemark(
    folder: Element, layer: FeatureLayer, number: int, row: Mapping[str, Any], *, on_clock: bool = False
) -> Element:
    mark = _add(folder, "Placemark", id=f"{layer.name}-{'track-' if on_clock else ''}{number + 1}")
    _add(mark, "name", feature_title(row, number))
    _add(mark, "styleUrl", f"#style-{style_name(layer.name, row)}")
    data = _add(_add(mark, "ExtendedData"), "SchemaData", schemaUrl=f"#schema-{layer.name}")
    for key, value in row.items():
        if value is not None:
            _add(data, "SimpleData", _text(value), name=key)
    return mark


def _text(value: Any) -> str:
    """Return a value as text; characters that XML cannot hold are left out."""
    if isinstance(value, bool):
        return "1" if value else "0"
    return "".join(letter for letter in str(value) if letter in "\t\n\r" or letter >= " ")


def _add_geometry(parent: Element, shape: Any) -> None:
    if hasattr(shape, "geoms"):
        several = _add(parent, "MultiGeometry")
        for part in shape.geoms:
            _add_geometry(several, part)
    elif shape.geom_type == "Polygon":
        polygon = _add(parent, "Polygon")
        for place, ring in enumerate((shape.exterior, *shape.interiors)):
            boundary = _add(polygon, "innerBoundaryIs" if place else "outerBoundaryIs")
            _add(_add(boundary, "LinearRing"), "coordinates", _positions(ring))
    else:
        placed = _add(parent, shape.geom_type)
        if shape.geom_type == "LineString":
            _add(placed, "tessellate", "0" if shape.has_z else "1")
        _add(placed, "altitudeMode", "absolute" if shape.has_z else "clampToGround")
        _add(placed, "coordinates", _positions(shape))


def _positions(shape: Any) -> str:
    positions: Sequence[Sequence[float]] = shapely.get_coordinates(shape, include_z=bool(shape.has_z)).tolist()
    return " ".join(",".join(f"{value:.7f}".rstrip("0").rstrip(".") for value in position) for position in positions)
