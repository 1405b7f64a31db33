"""Equal-area grids and outlines: from points that answer yes to an area in square kilometres and a GeoJSON polygon."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import contourpy
import numpy as np
import pyproj
import shapely
import shapely.affinity
from numpy.typing import NDArray

from hoplon.scenario.geography import borders
from hoplon.units import KILOMETRE

_DECIMALS: Final = 5  # about a metre
_FEWEST: Final = 4  # positions of a ring, the first again at the end (RFC 7946, 3.1.6)
_MERIDIAN_STEP_DEG: Final = 0.25  # [deg] of the antimeridian where it is cut
_ON_POLE_M: Final = 50.0  # [m] nearer to a pole than this, a side passes through it
_ASIDE_M: Final = 100.0  # [m] by which an area is moved then, to the east and to the north of its plane
_POLAR_M: Final = 1.5e6  # [m] nearer to a pole than this, sides are cut short
_POLAR_STEP_M: Final = 1.0e4  # [m]
_LONGEST_STEP_M: Final = 2.0e6  # [m] between neighbours of that step anywhere but at the antipode
_CUT_M: Final = 5.0  # [m] half-width of the cut along the antimeridian: far below any cell
_SURE_M: Final = 5.0e3  # [m] farther from the antimeridian than this, the side is that of the longitude


@dataclass(frozen=True)
class EqualAreaPlane:
    """A Lambert azimuthal equal-area projection of WGS 84 about one place.

    Parameters
    ----------
    latitude_deg, longitude_deg : float
        The centre [deg].

    Notes
    -----
    Snyder, *Map Projections: A Working Manual*, USGS Professional Paper 1395 (1987), chapter 24. Areas are exact on the
    ellipsoid; the antipode of the centre has no place in the plane.
    """

    latitude_deg: float
    longitude_deg: float

    def places(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return latitudes and longitudes [deg] of points of the plane [m]."""
        longitude, latitude = _transformer(self.latitude_deg, self.longitude_deg).transform(x, y)
        return np.asarray(latitude, dtype=np.float64), np.asarray(longitude, dtype=np.float64)

    def points(
        self, latitude_deg: NDArray[np.float64], longitude_deg: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the points of the plane [m] of places [deg]."""
        x, y = _transformer(self.latitude_deg, self.longitude_deg).transform(
            longitude_deg, latitude_deg, direction="INVERSE"
        )
        return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)


@lru_cache(maxsize=64)
def _transformer(latitude_deg: float, longitude_deg: float) -> pyproj.Transformer:
    """Return the transformation from a plane; making one takes longer than any use of it, and threads may share it."""
    plane = pyproj.CRS.from_proj4(
        f"+proj=laea +lat_0={latitude_deg:.9f} +lon_0={longitude_deg:.9f} +ellps=WGS84 +units=m +no_defs"
    )
    return pyproj.Transformer.from_crs(plane, pyproj.CRS.from_epsg(4979).to_2d(), always_xy=True)


@dataclass(frozen=True)
class Window:
    """A rectangle of the plane [m]."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def about(cls, half_width: float) -> Window:
        """Return the square about the centre of the plane, half its width given [m]."""
        return cls(-half_width, -half_width, half_width, half_width)

    def centres(self, spacing: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the cell centres along x and y of square cells [m] that cover the rectangle."""
        columns = max(1, math.ceil((self.east - self.west) / spacing - 1e-9))
        rows = max(1, math.ceil((self.north - self.south) / spacing - 1e-9))
        middle_x, middle_y = 0.5 * (self.west + self.east), 0.5 * (self.south + self.north)
        x = middle_x + spacing * (np.arange(columns, dtype=np.float64) - 0.5 * (columns - 1))
        y = middle_y + spacing * (np.arange(rows, dtype=np.float64) - 0.5 * (rows - 1))
        return np.asarray(x), np.asarray(y)


def outline(inside: NDArray[np.bool_], x: NDArray[np.float64], y: NDArray[np.float64]) -> shapely.MultiPolygon:
    """Return the outline of the cells that are inside, midway between centres inside and centres outside.

    Parameters
    ----------
    inside : ndarray of bool, shape (rows, columns)
        Which cells are inside.
    x, y : ndarray, shapes (columns,) and (rows,)
        Cell centres in the plane [m].

    Returns
    -------
    shapely.MultiPolygon
        In the plane [m]; empty if nothing is inside.
    """
    if not inside.any():
        return shapely.MultiPolygon()
    padded = np.pad(inside.astype(np.float64), 1)
    step_x = x[1] - x[0] if x.size > 1 else KILOMETRE
    step_y = y[1] - y[0] if y.size > 1 else KILOMETRE
    lines = contourpy.contour_generator(
        np.concatenate([[x[0] - step_x], x, [x[-1] + step_x]]),
        np.concatenate([[y[0] - step_y], y, [y[-1] + step_y]]),
        padded,
        fill_type=contourpy.FillType.OuterOffset,
    )
    polygons = []
    for points, bounds in zip(*lines.filled(0.5, 2.0)[:2], strict=True):
        shell, *holes = (points[a:b] for a, b in itertools.pairwise(bounds))
        polygons.append(shapely.Polygon(shell, holes))
    return _many(shapely.union_all([shapely.make_valid(p) for p in polygons]))


def geojson_geometry(area: shapely.MultiPolygon, plane: EqualAreaPlane) -> dict[str, Any]:
    """Return an area of the plane as a GeoJSON geometry in WGS 84 longitudes and latitudes.

    Parameters
    ----------
    area : shapely.MultiPolygon
        In the plane [m].
    plane : EqualAreaPlane
        The projection.

    Returns
    -------
    dict
        A ``MultiPolygon`` of RFC 7946: exterior rings counterclockwise (the right-hand rule), and no polygon across the
        antimeridian: what lies across it is cut along it (section 3.1.9), poles included. No vertex of a ring is equal
        to the one before.
    """
    polygons = []
    for polygon in _cut_at_antimeridian(_dense_at_poles(area, plane), plane).geoms:
        rings = [_ring(np.asarray(ring.coords), plane) for ring in (polygon.exterior, *polygon.interiors)]
        # Rings that only touched the antimeridian meet themselves once they lie on it.
        for part in _many(shapely.make_valid(shapely.Polygon(rings[0], rings[1:]))).geoms:
            turned = shapely.geometry.polygon.orient(part, 1.0)
            shell, *holes = (_numbers(ring) for ring in (turned.exterior, *turned.interiors))
            if len(shell) >= _FEWEST:
                polygons.append([shell, *(hole for hole in holes if len(hole) >= _FEWEST)])
    return {"type": "MultiPolygon", "coordinates": polygons}


def valid_area(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """Return the polygons of a shape, mended where its rings cross or touch themselves."""
    return _many(shape if shapely.is_valid(shape) else shapely.make_valid(shape))


@lru_cache(maxsize=4)
def nation_outlines(nations: tuple[str, ...]) -> Mapping[str, shapely.MultiPolygon]:
    """Return the outlines of nations on maps (Natural Earth), WGS 84 [deg]; a nation without one is not there."""
    return {code: valid_area(shape) for code, _, shape in borders() if code in nations}


def _dense_at_poles(area: shapely.MultiPolygon, plane: EqualAreaPlane) -> shapely.MultiPolygon:
    """Return the area with more vertices if it comes near a pole, where a straight side is a curve in longitude.

    If a side passes through a pole, where its longitude would jump, the area is moved by a hundred metres.
    """
    x, y = plane.points(np.array([-90.0, 90.0]), np.zeros(2))
    poles = shapely.MultiPoint([(a, b) for a, b in zip(x, y, strict=True) if math.isfinite(a) and math.isfinite(b)])
    if area.is_empty or poles.is_empty or area.distance(poles) > _POLAR_M:
        return area
    if area.boundary.distance(poles) < _ON_POLE_M:
        area = shapely.affinity.translate(area, _ASIDE_M, _ASIDE_M)
    return _many(shapely.segmentize(area, _POLAR_STEP_M))


def _many(shape: shapely.Geometry) -> shapely.MultiPolygon:
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon) and part.area > 0.0]
    return shapely.MultiPolygon(parts)


@lru_cache(maxsize=64)
def _meridian(plane: EqualAreaPlane) -> shapely.MultiLineString:
    """Return the antimeridian in a plane, as short straight lines."""
    latitudes = np.arange(-90.0, 90.0 + _MERIDIAN_STEP_DEG, _MERIDIAN_STEP_DEG).clip(-90.0, 90.0)
    x, y = plane.points(latitudes, np.full(latitudes.shape, 180.0))
    points = np.column_stack([x, y])
    # Beside the antipode of the centre neighbours lie on opposite rims of the plane: no line between those.
    return shapely.MultiLineString([pair for pair in itertools.pairwise(points) if math.dist(*pair) < _LONGEST_STEP_M])


def _cut_at_antimeridian(area: shapely.MultiPolygon, plane: EqualAreaPlane) -> shapely.MultiPolygon:
    meridian = _meridian(plane)
    if meridian.distance(area) > _CUT_M:  # a corner that only touches it is cut off too: its side is not known
        return area
    return _many(area.difference(meridian.buffer(_CUT_M)))


def _ring(points: NDArray[np.float64], plane: EqualAreaPlane) -> NDArray[np.float64]:
    latitude, longitude = plane.places(points[:, 0], points[:, 1])
    # What the cut left beside the antimeridian goes onto it.
    metres_per_degree = np.maximum(np.cos(np.radians(latitude)), 1e-9) * 111.0 * KILOMETRE
    aside = (180.0 - np.abs(longitude)) * metres_per_degree
    side = _sides(latitude, longitude, aside)
    over = (aside < 4.0 * _CUT_M) | (side * longitude < 0.0)
    return np.column_stack([np.where(over, 180.0 * side, longitude), latitude])


def _sides(
    latitude: NDArray[np.float64], longitude: NDArray[np.float64], aside: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return on which side of the antimeridian, 1 east and -1 west of Greenwich, each vertex of a ring belongs.

    A vertex near it is on the side of its neighbours: the cut is made of straight lines of the plane, some metres to
    either side of it. Only at a pole does a ring change sides there.
    """
    side = np.copysign(1.0, longitude)
    sure = np.flatnonzero((aside >= _SURE_M) | (np.abs(longitude) < 90.0))
    if not sure.size:
        return np.full(side.shape, side[np.argmax(aside)])
    for before, after in itertools.pairwise([*sure, sure[0] + len(side)]):
        between = np.arange(before + 1, after) % len(side)
        if not between.size:
            continue
        first, last = side[before], side[after % len(side)]
        pole = len(between) if first == last else int(np.argmax(np.abs(latitude[between]))) + 1
        side[between[:pole]], side[between[pole:]] = first, last
    return side


def _numbers(ring: shapely.LinearRing) -> list[list[float]]:
    """Return the vertices of a ring, none of them equal to the one before once rounded: S2 refuses such a ring."""
    rounded = ([round(float(x), _DECIMALS), round(float(y), _DECIMALS)] for x, y in ring.coords)
    return [vertex for vertex, _ in itertools.groupby(rounded)]
