"""The columns of tables for other tools: their types, their titles, what a feature is called."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import shapely

from hoplon.analysis.records import FeatureLayer

if TYPE_CHECKING:
    import xarray as xr

    from hoplon.analysis.records import Row

Feature = Mapping[str, Any]
"""A GeoJSON feature of a point."""
TEXTS: Final = ("form", "type", "title", "owner", "basing")
NUMBERS: Final = {"from": "year", "until": "year", "interceptors": "1"}
_NAMES: Final = ("title", "name", "battery", "radar", "nation", "threat")


@dataclass(frozen=True)
class MapContent:
    """What a file for maps holds.

    Attributes
    ----------
    title : str
        One line.
    provenance : mapping
        ``version``, and ``scenario``, ``scenario_sha256`` and ``seed`` where there are any.
    layers : sequence of FeatureLayer
    arrays : xarray.Dataset or None
        What stands in the place of the first layer in a NetCDF file.
    """

    title: str
    provenance: Mapping[str, Any]
    layers: Sequence[FeatureLayer]
    arrays: xr.Dataset | None = None


def longitude_latitude_altitude(feature: Feature) -> tuple[float, float, float]:
    """Return the place of a feature [deg, deg, m]."""
    longitude, latitude, *altitude = feature["geometry"]["coordinates"]
    return longitude, latitude, altitude[0] if altitude else 0.0


def place_layer(features: Sequence[Feature]) -> FeatureLayer:
    """Return GeoJSON features of the places of a scenario as a layer."""
    rows = [(shapely.geometry.shape(item["geometry"]), _with_every_column(item["properties"])) for item in features]
    kinds = {"from": int, "until": int, "interceptors": int, "partner": bool}
    return FeatureLayer("places", "Launch areas and elements", rows, kinds)


def _with_every_column(properties: Mapping[str, Any]) -> dict[str, Any]:
    columns = ("name", *TEXTS, "partner", *NUMBERS, "boresights_deg")
    return {key: properties.get(key) for key in columns}


def column_types(layer: FeatureLayer) -> dict[str, type]:
    """Return the type of each column of a layer: ``bool``, ``int``, ``float`` or ``str``.

    A column without a value has the type that the layer gives, else ``str``.
    """
    rows = [row for _, row in layer.rows]
    found: dict[str, type] = {}
    for key in rows[0] if rows else ():
        kinds = {type(plain(row[key])) for row in rows} - {type(None)}
        if not kinds:
            found[key] = layer.kinds.get(key, str)
        elif len(kinds) == 1:
            found[key] = kinds.pop()
        else:
            found[key] = float if kinds <= {int, float} else str
        if found[key] is int and layer.kinds.get(key) is float:
            found[key] = float
    return found


def plain(value: Any) -> Any:
    """Return a cell as a plain value: None for what is not finite, lists as text."""
    if hasattr(value, "item"):  # scalars of NumPy
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, (list, tuple)):
        return ", ".join(str(item) for item in value)
    return value


def cells(layer: FeatureLayer, types: Mapping[str, type]) -> list[dict[str, Any]]:
    """Return the rows of a layer as plain values of the types of its columns."""
    found = []
    for _, row in layer.rows:
        values = {key: plain(row[key]) for key in types}
        found.append({key: None if value is None else types[key](value) for key, value in values.items()})
    return found


def feature_title(row: Row, number: int) -> str:
    """Return what a feature is called on a map."""
    named = [str(row[key]) for key in _NAMES if row.get(key)]
    return named[0] if named else str(number + 1)


def turned(shape: Any) -> Any:
    """Return a geometry, exterior rings counterclockwise (RFC 7946, section 3.1.6), no position twice in a row."""
    if shape is None:
        return None
    return _oriented(shape)


def _oriented(shape: Any) -> Any:
    if isinstance(shape, shapely.Polygon):
        return shapely.remove_repeated_points(shapely.geometry.polygon.orient(shape, 1.0))
    if isinstance(shape, shapely.MultiPolygon):
        return shapely.MultiPolygon([_oriented(part) for part in shape.geoms])
    return shape
