"""GeoParquet: the places of a scenario as a table; the first layer of an answer."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import shapely

from hoplon.extras import extra
from hoplon.report.formats.columns import (
    NUMBERS,
    TEXTS,
    Feature,
    MapContent,
    cells,
    column_types,
    longitude_latitude_altitude,
    turned,
)
from hoplon.report.formats.geojson import places_geojson
from hoplon.version import VERSION

if TYPE_CHECKING:
    import pyarrow as pa

    from hoplon.scenario.model import Scenario


_VERSION: Final = "1.1.0"


def arrow() -> tuple[Any, Any]:
    """Return PyArrow and its module of Parquet.

    Raises
    ------
    OutputError
        If it is not installed.
    """
    with extra("parquet", "GeoParquet"):
        import pyarrow as pa
        import pyarrow.parquet as pq
    return pa, pq


def places(scenario: Scenario, architecture: str | None) -> bytes:
    """Return the places of a scenario, or of one architecture, as a GeoParquet file."""
    features = places_geojson(scenario, architecture)["features"]
    return _written(geoparquet_table(features, scenario.name, scenario.sha256))


def _written(table: pa.Table) -> bytes:
    _, pq = arrow()
    stream = io.BytesIO()
    pq.write_table(table, stream)
    return stream.getvalue()


def layers(content: MapContent) -> bytes:
    """Return the first layer as a table, with the metadata of GeoParquet and what made it.

    References
    ----------
    GeoParquet 1.1.0, "Column metadata"; without ``crs`` longitude and latitude are OGC:CRS84.
    """
    pa, _ = arrow()
    layer = content.layers[0]
    types, shapes = column_types(layer), [turned(shape) for shape, _ in layer.rows]
    rows = cells(layer, types)
    arrow_types = {bool: pa.bool_(), int: pa.int64(), float: pa.float64(), str: pa.string()}
    columns = {key: pa.array([row[key] for row in rows], arrow_types[kind]) for key, kind in types.items()}
    blobs = [None if shape is None else shapely.to_wkb(shape, byte_order=1, flavor="iso") for shape in shapes]
    columns["geometry"] = pa.array(blobs, pa.binary())
    known = [shape for shape in shapes if shape is not None and not shape.is_empty]
    geometry: dict[str, Any] = {"encoding": "WKB", "geometry_types": sorted({_form(shape) for shape in known})}
    if known:
        geometry["bbox"] = shapely.total_bounds(known).tolist()
    if any("Polygon" in form for form in geometry["geometry_types"]):
        geometry["orientation"] = "counterclockwise"
    told = {"version": _VERSION, "primary_column": "geometry", "columns": {"geometry": geometry}}
    made = {
        key: json.dumps(value) if not isinstance(value, str) else value for key, value in content.provenance.items()
    }
    metadata = {"geo": json.dumps(told), "title": content.title, "layer": layer.name, **made}
    return _written(pa.table(columns).replace_schema_metadata(metadata))


def _form(shape: Any) -> str:
    return f"{shape.geom_type} Z" if shape.has_z else str(shape.geom_type)


def well_known_binary(longitude_deg: float, latitude_deg: float, altitude_m: float) -> bytes:
    """Return a point as well-known binary, little-endian, with its altitude unless that is zero.

    References
    ----------
    ISO/IEC 13249-3:2016, section 5.1.46: types 1 (Point) and 1001 (Point Z).
    """
    if altitude_m:
        return struct.pack("<BIddd", 1, 1001, longitude_deg, latitude_deg, altitude_m)
    return struct.pack("<BIdd", 1, 1, longitude_deg, latitude_deg)


def geoparquet_table(features: Sequence[Feature], scenario: str, scenario_sha256: str) -> pa.Table:
    """Return the places as an Arrow table with the metadata of GeoParquet.

    Parameters
    ----------
    features : sequence of dict
        GeoJSON features of points.
    scenario, scenario_sha256 : str

    References
    ----------
    GeoParquet 1.1.0, "File metadata" and "Column metadata"; without ``crs`` longitude and latitude are OGC:CRS84.
    """
    pa, _ = arrow()
    points = [longitude_latitude_altitude(feature) for feature in features]
    properties = [feature["properties"] for feature in features]
    flat = [(longitude, latitude) for longitude, latitude, _ in points]
    columns: dict[str, Any] = {"name": pa.array([item["name"] for item in properties], pa.string())}
    columns |= {key: pa.array([item.get(key) for item in properties], pa.string()) for key in TEXTS}
    columns["partner"] = pa.array([item.get("partner", False) for item in properties], pa.bool_())
    columns |= {key: pa.array([item.get(key) for item in properties], pa.int32()) for key in NUMBERS}
    bearings = [item.get("boresights_deg") or [] for item in properties]
    columns["boresights_deg"] = pa.array(bearings, pa.list_(pa.float64()))
    columns["altitude_m"] = pa.array([altitude for _, _, altitude in points], pa.float64())
    columns["geometry"] = pa.array([well_known_binary(*point) for point in points], pa.binary())
    geometry: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": sorted({"Point Z" if altitude else "Point" for _, _, altitude in points}),
    }
    if flat:
        geometry["bbox"] = [*map(min, zip(*flat, strict=True)), *map(max, zip(*flat, strict=True))]
    told = {"version": _VERSION, "primary_column": "geometry", "columns": {"geometry": geometry}}
    made = {"hoplon_version": VERSION, "scenario": scenario, "scenario_sha256": scenario_sha256}
    return pa.table(columns).replace_schema_metadata({"geo": json.dumps(told), **made})
