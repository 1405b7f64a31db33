"""A coverage as labelled arrays by the conventions for climate and forecast data: points, and land on a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.tally import fewest_shots, states
from hoplon.constants import MEAN_RADIUS, WGS84_INVERSE_FLATTENING, WGS84_SEMI_MAJOR_AXIS
from hoplon.units import KILOMETRE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import xarray as xr

    from hoplon.analysis.coverage import Coverage
    from hoplon.analysis.margins.places import PointMargins
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Level

CONVENTIONS: Final = "CF-1.8"
_COARSE_DEG, _FINE_DEG = 0.25, 0.05
_WIDE_DEG: Final = 12.0  # a wider area has the coarse grid
_LEAST_COSINE: Final = 1e-3  # of a latitude: beside a pole a cell reaches every longitude
_NO_LAND: Final = -1
VERDICTS: Final = {
    "flag_values": np.array([0, 1, 2], dtype=np.int8),
    "flag_meanings": "not_threatened undefended defended",
}

LATITUDE: Final = {"units": "degrees_north", "standard_name": "latitude", "long_name": "latitude"}
LONGITUDE: Final = {"units": "degrees_east", "standard_name": "longitude", "long_name": "longitude"}


def grid_mapping() -> tuple[tuple[()], NDArray[np.int32], dict[str, Any]]:
    """Return the variable that says what longitudes and latitudes refer to: WGS 84."""
    told = {
        "grid_mapping_name": "latitude_longitude",
        "long_name": "WGS 84",
        "geographic_crs_name": "WGS 84",
        "horizontal_datum_name": "World Geodetic System 1984",
        "reference_ellipsoid_name": "WGS 84",
        "prime_meridian_name": "Greenwich",
        "longitude_of_prime_meridian": 0.0,
        "semi_major_axis": WGS84_SEMI_MAJOR_AXIS,
        "inverse_flattening": WGS84_INVERSE_FLATTENING,
    }
    return (), np.array(0, dtype=np.int32), told


def coverage_arrays(
    levels: Mapping[Level, Coverage], base: Coverage, threats: Sequence[str], margins: PointMargins | None
) -> xr.Dataset:
    """Return a coverage as the labelled arrays of a file.

    Parameters
    ----------
    levels : mapping of str to Coverage
    base : Coverage
        Of the level that the grids are of.
    threats : sequence of str
        The classes that count together.
    margins : PointMargins or None
        Where causes were asked for.

    Returns
    -------
    xarray.Dataset
        Over ``level``, ``threat`` and ``point``: ``verdict``, ``shots_min``; over ``threat`` and ``point`` the margins;
        names, nations, people, land and places of the points; ``level_name`` and ``threat_name`` label
        the two, for a coordinate variable is numeric. Where there are land cells also ``land_verdict_together``
        over ``latitude`` and ``longitude``, and ``land_verdict``, ``land_shots_min`` and ``land_margin_s`` over
        ``threat`` too: each node of the grid takes the nearest cell that reaches it.
    """
    import xarray as xr

    points, each = base.points, list(levels.values())
    dims = ("level", "threat", "point")
    verdict = np.stack([np.where(one.threatened, np.where(one.defended, 2, 1), 0).T for one in each]).astype(np.int8)
    shots = np.stack([one.shots_min.T for one in each]).astype(np.int16)
    variables: dict[str, Any] = {
        "verdict_together": (
            ("level", "point"),
            np.stack([states(one, threats) for one in each]),
            {"long_name": f"verdict against {', '.join(threats)} together", **VERDICTS},
        ),
        "verdict": (dims, verdict, {"long_name": "verdict against each class", **VERDICTS}),
        "shots_min": (
            dims,
            shots,
            {"long_name": "fewest shots, by the best battery", "units": "1", "_FillValue": shots.dtype.type(-1)},
        ),
        "population": (("point",), points.population, {"long_name": "people", "units": "1"}),
        "area_km2": (("point",), points.area_km2, {"long_name": "land that the point stands for", "units": "km2"}),
        "crs": grid_mapping(),
    }
    if margins is not None:
        order = [margins.threats.index(name) for name in base.threats]
        for name, values, unit, told in (
            ("margin_s", margins.seconds, "s", "time margin: negative where the flight is not met"),
            ("margin_km", margins.kilometres, "km", "reach margin"),
        ):
            finite = np.where(np.isfinite(values[:, order].T), values[:, order].T, np.nan)
            variables[name] = (("threat", "point"), finite, {"long_name": told, "units": unit})
    coordinates: dict[str, Any] = {
        "level_name": (("level",), np.array(list(levels), dtype=object), {"long_name": "level of the disputed inputs"}),
        "threat_name": (("threat",), np.array(base.threats, dtype=object), {"long_name": "threat class"}),
        "point_name": (("point",), points.name.astype(object), {"long_name": "name of the place, or of the cell"}),
        "nation": (("point",), points.nation.astype(object), {"long_name": "nation, ISO 3166-1 alpha-3"}),
        "kind": (("point",), points.kind.astype(object), {"long_name": "place or land cell"}),
        "point_latitude": (("point",), points.latitude_deg, LATITUDE),
        "point_longitude": (("point",), points.longitude_deg, LONGITUDE),
    }
    land = np.flatnonzero(points.kind == "land")
    if land.size:
        latitude, longitude = _axes(points, land)
        coordinates["latitude"] = (("latitude",), latitude, {**LATITUDE, "axis": "Y"})
        coordinates["longitude"] = (("longitude",), longitude, {**LONGITUDE, "axis": "X"})
        variables |= _on_grid(base, threats, margins, _cells(points, land, latitude, longitude))
    return xr.Dataset(variables, coordinates)


def _axes(points: AimPoints, land: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return latitudes and longitudes [deg] of a grid over land cells; beyond 180 degrees where that is narrower."""
    sides = float(np.sqrt(points.area_km2[land].max())) * KILOMETRE / MEAN_RADIUS
    latitude, longitude = points.latitude_deg[land], points.longitude_deg[land]
    east = np.sort(longitude % 360.0)
    gaps = np.diff(np.append(east, east[0] + 360.0))
    first = east[(int(gaps.argmax()) + 1) % east.size]
    unrolled = (longitude - first) % 360.0
    width, height = float(unrolled.max()), float(latitude.max() - latitude.min())
    step = _COARSE_DEG if max(width, height) > _WIDE_DEG else _FINE_DEG
    beside = np.degrees(sides)
    along = beside / max(0.1, float(np.cos(np.radians(np.abs(latitude).max()))))
    west = first - 360.0 if first >= 180.0 else first
    lines = []
    for low, high, bounds in (
        (latitude.min() - beside, latitude.max() + beside, (-90.0, 90.0)),
        (west - along, west + width + along, (west - along, west - along + 360.0 - step)),
    ):
        start, end = np.floor(max(low, bounds[0]) / step), np.ceil(min(high, bounds[1]) / step)
        lines.append(np.round(np.arange(start, end + 1.0) * step, 6))
    return lines[0][np.abs(lines[0]) <= 90.0], lines[1]


def _cells(
    points: AimPoints, land: NDArray[np.int64], latitude: NDArray[np.float64], longitude: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return the land cell of each node of the grid, shape (latitudes, longitudes); -1 for none.

    A cell reaches half its diagonal. Of several that reach a node the nearest has it.
    """
    found = np.full((latitude.size, longitude.size), _NO_LAND, dtype=np.int64)
    least = np.full(found.shape, np.inf)
    nodes = _unit(*np.meshgrid(latitude, longitude, indexing="ij"))
    centres = _unit(points.latitude_deg[land], points.longitude_deg[land])
    reaches = np.sqrt(points.area_km2[land] / 2.0) * KILOMETRE / MEAN_RADIUS
    east = (points.longitude_deg[land] - longitude[0]) % 360.0 + longitude[0]
    for cell, centre, reach, y, x in zip(land, centres, reaches, points.latitude_deg[land], east, strict=True):
        beside = np.degrees(reach)
        along = beside / max(_LEAST_COSINE, float(np.cos(np.radians(min(90.0, abs(y) + beside)))))
        rows = slice(*np.searchsorted(latitude, (y - beside, y + beside)))
        columns = slice(*np.searchsorted(longitude, (x - along, x + along)))
        distance = np.linalg.norm(nodes[rows, columns] - centre, axis=-1)
        nearer = (distance <= 2.0 * np.sin(0.5 * reach)) & (distance < least[rows, columns])
        found[rows, columns][nearer] = cell
        least[rows, columns][nearer] = distance[nearer]
    return found


def _unit(latitude_deg: NDArray[np.float64], longitude_deg: NDArray[np.float64]) -> NDArray[np.float64]:
    latitude, longitude = np.radians(latitude_deg), np.radians(longitude_deg)
    return np.stack(
        [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)], axis=-1
    )


def _on_grid(
    base: Coverage, threats: Sequence[str], margins: PointMargins | None, cells: NDArray[np.int64]
) -> dict[str, Any]:
    there = cells >= 0

    def spread(values: NDArray[Any], nothing: Any) -> NDArray[Any]:
        return np.where(there, values[..., cells], nothing).astype(values.dtype)

    each = np.where(base.threatened, np.where(base.defended, 2, 1), 0).T.astype(np.int8)
    flat, deep = ("latitude", "longitude"), ("threat", "latitude", "longitude")
    cell = "each node has the value of the nearest land cell (equal-area) within half its diagonal"
    filled = {"_FillValue": np.int8(-1), "comment": f"{cell}; level {base.level}", "grid_mapping": "crs"}
    together = f"verdict on land against {', '.join(threats)} together"
    found: dict[str, Any] = {
        "land_verdict_together": (
            flat,
            spread(states(base, threats), -1),
            {"long_name": together, **VERDICTS, **filled},
        ),
        "land_verdict": (
            deep,
            spread(each, -1),
            {"long_name": "verdict on land against each class", **VERDICTS, **filled},
        ),
    }
    counted = {**filled, "units": "1", "_FillValue": np.int16(-1)}
    shots = {"long_name": "fewest shots on land against the classes together, by the best battery", **counted}
    found["land_shots_min_together"] = (flat, spread(fewest_shots(base, threats), -1), shots)
    found["land_shots_min"] = (
        deep,
        spread(base.shots_min.T.astype(np.int16), -1),
        {"long_name": "fewest shots on land, by the best battery", **counted},
    )
    if margins is not None:
        order = [margins.threats.index(name) for name in base.threats]
        seconds = np.where(np.isfinite(margins.seconds), margins.seconds, np.nan)[:, order].T.astype(np.float32)
        told = {"long_name": "time margin on land", "units": "s", "comment": filled["comment"], "grid_mapping": "crs"}
        found["land_margin_s"] = (deep, spread(seconds, np.float32(np.nan)), told)
    return found
