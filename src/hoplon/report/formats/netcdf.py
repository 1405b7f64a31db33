"""NetCDF: the places of a scenario as labelled arrays."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hoplon.extras import require
from hoplon.report.formats.columns import NUMBERS, TEXTS, Feature, longitude_latitude_altitude
from hoplon.report.formats.geojson import places_geojson
from hoplon.report.formats.netcdf_layers import layers as layers
from hoplon.version import VERSION

if TYPE_CHECKING:
    import xarray as xr

    from hoplon.scenario.model import Scenario


_LONG_NAMES: Final = {
    "form": "what stands there",
    "type": "type of the element",
    "title": "title",
    "owner": "owner, ISO 3166-1 alpha-3",
    "basing": "basing",
    "from": "first year",
    "until": "year from which it is gone",
    "interceptors": "number of interceptors",
}


def places(scenario: Scenario, architecture: str | None) -> bytes:
    """Return the places of a scenario, or of one architecture, as a NetCDF file."""
    require("netcdf", "NetCDF")
    features = places_geojson(scenario, architecture)["features"]
    content = places_dataset(features, scenario.name, scenario.sha256)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "places.nc"
        content.to_netcdf(path, engine="h5netcdf")
        return path.read_bytes()


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
    points = np.array([longitude_latitude_altitude(feature) for feature in features]).reshape(-1, 3)
    dims = ("place",)
    variables: dict[str, Any] = {
        key: (
            dims,
            np.array([item.get(key) or "" for item in properties], dtype=object),
            {"long_name": _LONG_NAMES[key]},
        )
        for key in TEXTS
    }
    for key, unit in NUMBERS.items():
        given = [item.get(key) for item in properties]
        values = np.array([math.nan if value is None else value for value in given], dtype=np.float64)
        variables[key] = (dims, values, {"units": unit, "long_name": _LONG_NAMES[key]})
    flags = {"flag_values": np.array([0, 1], dtype=np.int8), "flag_meanings": "no_partner partner"}
    partner = np.array([item.get("partner", False) for item in properties], dtype=np.int8)
    variables["partner"] = (dims, partner, {"long_name": "whether a partner owns it", **flags})
    coordinates = {
        "place": (dims, np.array([item["name"] for item in properties], dtype=object), {"long_name": "name"}),
        "longitude_deg": (dims, points[:, 0], {"units": "degrees_east", "standard_name": "longitude"}),
        "latitude_deg": (dims, points[:, 1], {"units": "degrees_north", "standard_name": "latitude"}),
        "altitude_m": (dims, points[:, 2], {"units": "m", "positive": "up", "long_name": "altitude"}),
    }
    made = {"hoplon_version": VERSION, "scenario": scenario, "scenario_sha256": scenario_sha256}
    return xr.Dataset(variables, coordinates, {"Conventions": "CF-1.8", **made})
