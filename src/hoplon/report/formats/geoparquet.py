"""GeoParquet: the places of a scenario as a table."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hoplon.extras import extra
from hoplon.report.formats.columns import NUMBERS, TEXTS, Feature, longitude_latitude_altitude
from hoplon.report.formats.geojson import places_geojson
from hoplon.version import VERSION

if TYPE_CHECKING:
    import pyarrow as pa

    from hoplon.scenario.model import Scenario


def places(scenario: Scenario, architecture: str | None) -> bytes:
    """Return the places of a scenario, or of one architecture, as a GeoParquet file."""
    with extra("parquet", "GeoParquet"):
        import pyarrow.parquet as pq

    features = places_geojson(scenario, architecture)["features"]
    stream = io.BytesIO()
    pq.write_table(geoparquet_table(features, scenario.name, scenario.sha256), stream)
    return stream.getvalue()


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
    with extra("parquet", "GeoParquet"):
        import pyarrow as pa

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
    told = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": geometry}}
    made = {"hoplon_version": VERSION, "scenario": scenario, "scenario_sha256": scenario_sha256}
    return pa.table(columns).replace_schema_metadata({"geo": json.dumps(told), **made})
