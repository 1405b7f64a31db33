"""Layers as NetCDF by the conventions for climate and forecast data: points, geometries and flights.

References
----------
CF-1.8, sections 2.6 (attributes), 5.1 (coordinates), 7.5 (geometries), appendices H.4 (trajectories, contiguous ragged
arrays) and E (grid mappings).
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from hoplon.analysis.placed.coverage_grid import CONVENTIONS, LATITUDE, LONGITUDE, grid_mapping
from hoplon.analysis.placed.lines import SAMPLES
from hoplon.extras import extra
from hoplon.report.formats.columns import MapContent, cells, column_types, turned
from hoplon.report.formats.places_and_paths import EPOCH
from hoplon.units import unit_of
from hoplon.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    import xarray as xr

    from hoplon.analysis.records import FeatureLayer

_WORTH_COMPRESSING: Final = 1000  # values of a variable
_HOLE, _OUTSIDE = 1, 0


def arrays_library() -> Any:
    """Return xarray.

    Raises
    ------
    OutputError
        If it, or what writes NetCDF for it, is not installed.
    """
    with extra("netcdf", "NetCDF"):
        import h5netcdf  # noqa: F401
        import xarray as xr
    return xr


def layers(content: MapContent) -> bytes:
    """Return a NetCDF file: a flight, else the first layer or the arrays in its place, at the root, others in groups.

    The places under a flight are left out: they are its positions once more. Groups inherit the coordinates by which
    the arrays of the root are labelled; what bears the same name in a group begins with ``feature_``.
    """
    xr = arrays_library()
    rest = list(content.layers)
    if content.arrays is not None:
        rest, root = rest[1:], content.arrays
    else:
        first = next((layer for layer in rest if layer.paths), rest[0])
        rest = [layer for layer in rest if layer is not first and not (first.paths and layer.name == SAMPLES)]
        root = layer_dataset(first)
    tree = xr.DataTree(root.assign_attrs({**root.attrs, **attributes(content)}))
    for layer in rest:
        data = layer_dataset(layer)
        clashing = {name: f"feature_{name}" for name in data.variables if name in root.indexes}
        tree[layer.name] = xr.DataTree(data.rename(clashing))
    encoding = {node.path: _encoding(node.to_dataset(inherit=False)) for node in tree.subtree}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "layers.nc"
        tree.to_netcdf(path, engine="h5netcdf", encoding=encoding, write_inherited_coords=False)
        return path.read_bytes()


def attributes(content: MapContent) -> dict[str, Any]:
    """Return the global attributes of a file."""
    made = {key: "none" if value is None else value for key, value in content.provenance.items() if key != "version"}
    return {
        "Conventions": CONVENTIONS,
        "title": content.title,
        "source": f"hoplon {VERSION}",
        "history": f"written by hoplon {VERSION}",
        "hoplon_version": VERSION,
        "references": "borders Natural Earth 1:50m (public domain); places GeoNames (CC BY 4.0)",
        **made,
    }


def _encoding(data: xr.Dataset) -> dict[str, dict[str, Any]]:
    """Return how variables are stored: numbers compressed, coordinates without a value for what is missing."""
    found: dict[str, dict[str, Any]] = {}
    for name, variable in data.variables.items():
        told: dict[str, Any] = {}
        if variable.dtype.kind == "f" and name in data.coords:
            told["_FillValue"] = None
        if variable.dtype.kind != "O" and variable.size >= _WORTH_COMPRESSING:
            told |= {"zlib": True, "complevel": 4}
        found[str(name)] = told
    return found


def layer_dataset(layer: FeatureLayer) -> xr.Dataset:
    """Return a layer as labelled arrays: its columns over a dimension of its name, and where the features are.

    Dimensions bear the name of the layer, for the groups of a file inherit those above them.
    """
    import xarray as xr

    shapes = [turned(shape) for shape, _ in layer.rows]
    variables: dict[str, Any] = _columns(layer)
    coordinates: dict[str, Any] = {}
    told: dict[str, Any] = {"title": layer.title}
    if layer.paths:
        told["featureType"] = "trajectory"
        variables |= _flights(layer)
        coordinates |= _along(np.concatenate(layer.paths), layer.name)
    elif all(shape is None or shape.geom_type == "Point" for shape in shapes):
        places = np.array([(np.nan, np.nan) if shape is None else (shape.x, shape.y) for shape in shapes]).reshape(
            -1, 2
        )
        coordinates = {
            "longitude": ((layer.name,), places[:, 0], LONGITUDE),
            "latitude": ((layer.name,), places[:, 1], LATITUDE),
        }
    else:
        geometry, nodes = _geometries(shapes, layer.name)
        variables |= geometry
        coordinates |= nodes
        for name in _columns(layer):
            variables[name][2]["geometry"] = "geometry_container"
    variables["crs"] = grid_mapping()
    return xr.Dataset(variables, coordinates, told)


def _columns(layer: FeatureLayer) -> dict[str, Any]:
    types = column_types(layer)
    rows = cells(layer, types)
    found: dict[str, Any] = {}
    for key, kind in types.items():
        values = [row[key] for row in rows]
        told: dict[str, Any] = {"long_name": key.replace("_", " "), "grid_mapping": "crs"}
        if kind is str:
            data = np.array(["" if value is None else value for value in values], dtype=object)
        elif kind is bool:
            data = np.array([-1 if value is None else int(value) for value in values], dtype=np.int8)
            told |= {"flag_values": np.array([0, 1], dtype=np.int8), "flag_meanings": "no yes"}
            if None in values:
                told["_FillValue"] = np.int8(-1)
        elif kind is int and None not in values:
            data, told["units"] = np.array(values, dtype=np.int32), unit_of(key)
        else:
            numbers = [np.nan if value is None else value for value in values]
            data, told["units"] = np.array(numbers, dtype=np.float64), unit_of(key)
        found[key] = ((layer.name,), data, told)
    return found


def _flights(layer: FeatureLayer) -> dict[str, Any]:
    """Return identity and length of each flight, by which the positions of all of them are told apart."""
    names = np.array([str(number + 1) for number in range(len(layer.paths))], dtype=object)
    sizes = np.array([len(path) for path in layer.paths], dtype=np.int32)
    return {
        "trajectory_id": ((layer.name,), names, {"cf_role": "trajectory_id", "long_name": "number of the flight"}),
        "row_size": (
            (layer.name,),
            sizes,
            {"long_name": "positions of this flight", "sample_dimension": f"{layer.name}_obs"},
        ),
    }


def _along(positions: Any, name: str) -> dict[str, Any]:
    """Return time and place of every position of every flight."""
    dims = (f"{name}_obs",)
    since = f"seconds since {EPOCH:%Y-%m-%d %H:%M:%S}"
    time = {
        "standard_name": "time",
        "long_name": "time after the first launch",
        "units": since,
        "axis": "T",
        "calendar": "standard",
    }
    altitude = {
        "standard_name": "height_above_reference_ellipsoid",
        "long_name": "altitude above the ellipsoid",
        "units": "m",
        "positive": "up",
        "axis": "Z",
    }
    return {
        "time": (dims, positions[:, 0], time),
        "latitude": (dims, positions[:, 1], {**LATITUDE, "axis": "Y"}),
        "longitude": (dims, positions[:, 2], {**LONGITUDE, "axis": "X"}),
        "altitude": (dims, positions[:, 3], altitude),
    }


def _geometries(shapes: Sequence[Any], name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the container of geometries, and their nodes; rings are open, as in example 7.16 of the conventions."""
    kinds = {shape.geom_type.removeprefix("Multi") for shape in shapes if shape is not None}
    kind = {"Polygon": "polygon", "LineString": "line", "Point": "point"}[kinds.pop()] if len(kinds) == 1 else ""
    if not kind:
        raise ValueError(f"geometries of one kind were expected, got {', '.join(sorted(kinds)) or 'none'}")
    nodes: list[Any] = []
    counts: list[int] = []
    parts: list[int] = []
    inside: list[int] = []
    for shape in shapes:
        before = sum(parts)
        for part in () if shape is None else shapely.get_parts(shape):
            for place, ring in enumerate(_rings(part)):
                positions = shapely.get_coordinates(ring)
                nodes.append(positions[:-1] if kind == "polygon" else positions)
                parts.append(len(nodes[-1]))
                inside.append(_HOLE if place else _OUTSIDE)
        counts.append(sum(parts) - before)
    container: dict[str, Any] = {
        "geometry_type": kind,
        "node_count": "node_count",
        "node_coordinates": "node_longitude node_latitude",
        "grid_mapping": "crs",
    }
    variables: dict[str, Any] = {
        "geometry_container": ((), np.array(0, dtype=np.int32), container),
        "node_count": ((name,), np.array(counts, dtype=np.int32), {"long_name": "nodes of a feature"}),
    }
    if kind != "point":
        container["part_node_count"] = "part_node_count"
        variables["part_node_count"] = (
            (f"{name}_part",),
            np.array(parts, dtype=np.int32),
            {"long_name": "nodes of a part"},
        )
    if kind == "polygon":
        container["interior_ring"] = "interior_ring"
        told = {"long_name": "whether the part is a hole", "flag_values": np.array([0, 1], dtype=np.int8)}
        told["flag_meanings"] = "exterior interior"
        variables["interior_ring"] = ((f"{name}_part",), np.array(inside, dtype=np.int8), told)
    flat = np.concatenate(nodes) if nodes else np.empty((0, 2))
    return variables, {
        "node_longitude": ((f"{name}_node",), flat[:, 0], {**LONGITUDE, "axis": "X"}),
        "node_latitude": ((f"{name}_node",), flat[:, 1], {**LATITUDE, "axis": "Y"}),
    }


def _rings(part: Any) -> Sequence[Any]:
    return (part.exterior, *part.interiors) if part.geom_type == "Polygon" else (part,)
