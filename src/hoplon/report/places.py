"""The places of a scenario as tables for other tools: GeoParquet and NetCDF."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hoplon.files import replacing
from hoplon.version import VERSION

if TYPE_CHECKING:
    import pyarrow as pa
    import xarray as xr

Feature = Mapping[str, Any]

TEXTS: Final = ("form", "type", "title", "owner", "basing")
NUMBERS: Final = {"from": "year", "until": "year", "interceptors": "1"}


def _longitude_latitude_altitude(feature: Feature) -> tuple[float, float, float]:
    longitude, latitude, *altitude = feature["geometry"]["coordinates"]
    return longitude, latitude, altitude[0] if altitude else 0.0


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
    import pyarrow as pa

    points = [_longitude_latitude_altitude(feature) for feature in features]
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


def places_dataset(features: Sequence[Feature], scenario: str, scenario_sha256: str) -> xr.Dataset:
    """Return the places as labelled arrays over ``place``; a number that is not given is NaN.

    Parameters
    ----------
    features : sequence of dict
        GeoJSON features of points.
    scenario, scenario_sha256 : str
    """
    import numpy as np
    import xarray as xr

    properties = [feature["properties"] for feature in features]
    points = np.array([_longitude_latitude_altitude(feature) for feature in features]).reshape(-1, 3)
    dims = ("place",)
    variables: dict[str, Any] = {
        key: (dims, np.array([item.get(key) or "" for item in properties], dtype=object)) for key in TEXTS
    }
    for key, unit in NUMBERS.items():
        given = [item.get(key) for item in properties]
        values = np.array([math.nan if value is None else value for value in given], dtype=np.float64)
        variables[key] = (dims, values, {"units": unit})
    variables["partner"] = (dims, np.array([item.get("partner", False) for item in properties], dtype=np.int8))
    coordinates = {
        "place": (dims, np.array([item["name"] for item in properties], dtype=object)),
        "longitude_deg": (dims, points[:, 0], {"units": "degrees_east", "standard_name": "longitude"}),
        "latitude_deg": (dims, points[:, 1], {"units": "degrees_north", "standard_name": "latitude"}),
        "altitude_m": (dims, points[:, 2], {"units": "m", "positive": "up"}),
    }
    made = {"hoplon_version": VERSION, "scenario": scenario, "scenario_sha256": scenario_sha256}
    return xr.Dataset(variables, coordinates, {"Conventions": "CF-1.8", "featureType": "point", **made})


def write_places(
    features: Sequence[Feature], scenario: str, scenario_sha256: str, path: Path, file_format: str
) -> Path:
    """Write the places as ``geoparquet`` or ``netcdf``, whole or not at all, and return the path.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    with replacing(path) as temporary:
        if file_format == "geoparquet":
            import pyarrow.parquet as pq

            pq.write_table(geoparquet_table(features, scenario, scenario_sha256), temporary)
        else:
            places_dataset(features, scenario, scenario_sha256).to_netcdf(temporary, engine="h5netcdf")
    return path
