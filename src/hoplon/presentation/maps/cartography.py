"""Base maps, geodesic shapes, lines and areas on a map, scale bars: what every map stands on."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
import pyproj
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from numpy.typing import ArrayLike, NDArray

from hoplon.constants import MEAN_RADIUS
from hoplon.presentation import colours
from hoplon.presentation.maps.windows import MapWindow, degrees_text
from hoplon.scenario import geography
from hoplon.scenario.nations import nation_records

Floats = NDArray[np.float64]
_SPHERE: Final = pyproj.Geod(a=MEAN_RADIUS, b=MEAN_RADIUS)
_ELLIPSOID: Final = pyproj.Geod(ellps="WGS84")
_SEAM_DEG: Final = 1e-6  # [deg] from the far meridian, a shape touches it
_SEAM_M: Final = 300.0  # [m] by which shapes on the two sides of the far meridian are widened to meet, and shrunk again
_MOST_STRETCH: Final = 6.0  # [1] a step so many times longer on the map than on the ground leaves the map
_FINEST: Final = 1.0 / 2500.0  # [1] of the width of a map, to which borders are kept at least
_SAME_M: Final = 1000.0  # [m] below which it does not


@lru_cache(maxsize=8)
def countries(window: MapWindow, tolerance: float) -> tuple[tuple[str, Any], ...]:
    """Return (code, geometry) of every country that shows in a window, projected and simplified [m].

    Parameters
    ----------
    window : MapWindow
    tolerance : float
        By which outlines are simplified at most [m].
    """
    frame = shapely.box(window.x_min, window.y_min, window.x_max, window.y_max).buffer(50e3)
    codes, shapes = [], []
    for code, _, outlined in geography.borders():
        shape = shapely.intersection(projected(outlined, window, 2.0), frame)
        if not shape.is_empty:
            codes.append(code)
            shapes.append(shape)
    shown = shapely.simplify(np.array(shapes, dtype=object), tolerance)
    return tuple((code, shape) for code, shape in zip(codes, shown, strict=True) if not shape.is_empty)


def projected(shape: Any, window: MapWindow, step_deg: float = 0.5) -> Any:
    """Return polygons on a map [m], whole across the antimeridian and about a pole.

    Parameters
    ----------
    shape : shapely geometry
        Polygons, WGS 84 [deg], longitude first, cut at the antimeridian as data and GeoJSON have them.
    window : MapWindow
        The map; what lies beyond its ``clip_deg`` is left out.
    step_deg : float
        Longest side between vertices before they are projected [deg].
    """
    west, _, east, _ = window.clip_deg
    clip = shapely.box(*window.clip_deg)
    low, _, high, _ = shape.bounds if not shape.is_empty else (0.0, 0.0, 0.0, 0.0)
    turns = [turn for turn in (0.0, -360.0, 360.0) if low + turn <= east and high + turn >= west]
    parts = [shape if turn == 0.0 else shapely.affinity.translate(shape, turn) for turn in turns]
    shown = shapely.intersection(shapely.make_valid(np.array(parts, dtype=object)), clip)
    joined = shown[0] if len(shown) == 1 else shapely.union_all(shown)
    if joined.is_empty:
        return joined
    low, _, high, _ = joined.bounds

    def on_map(degrees: Floats) -> Floats:
        return np.column_stack(window.project(degrees[:, 1], degrees[:, 0]))

    drawn = shapely.make_valid(shapely.transform(shapely.segmentize(joined, step_deg), on_map))
    if window.whole_turn and (low <= west + _SEAM_DEG or high >= east - _SEAM_DEG):
        drawn = shapely.buffer(shapely.buffer(drawn, _SEAM_M), -_SEAM_M)  # the two sides of the far meridian meet
    return drawn


def connected(window: MapWindow, latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> tuple[Floats, Floats]:
    """Return the eastings and northings [m] of a line of places [deg], with NaN where it leaves one edge for another.

    Notes
    -----
    A map of the world has edges, and an azimuthal map a rim about the antipode of its centre: a line that crosses them
    goes on at the other side, and nothing is drawn between. A step that is many times longer on the map than on the
    ground is taken for such a crossing.
    """
    latitude, longitude = np.asarray(latitude_deg, float), np.asarray(longitude_deg, float)
    x, y = window.project(latitude, longitude)
    _, _, ground = _SPHERE.inv(longitude[:-1], latitude[:-1], longitude[1:], latitude[1:])
    apart = np.hypot(np.diff(x), np.diff(y)) > _MOST_STRETCH * np.asarray(ground) + _SAME_M
    breaks = np.flatnonzero(apart | ~np.isfinite(np.diff(x))) + 1
    return np.insert(x, breaks, np.nan), np.insert(y, breaks, np.nan)


def outline(shapes: Iterable[Any]) -> Path:
    """Return one compound path of every polygon in some geometries; holes are kept."""
    vertices: list[Floats] = []
    codes: list[NDArray[np.uint8]] = []
    for shape in shapes:
        for part in shapely.get_parts(shape):
            if part.geom_type != "Polygon" or part.is_empty:
                continue
            for ring in (part.exterior, *part.interiors):
                points = shapely.get_coordinates(ring)
                code = np.full(len(points), Path.LINETO, dtype=np.uint8)
                code[0], code[-1] = Path.MOVETO, Path.CLOSEPOLY
                vertices.append(points)
                codes.append(code)
    if not vertices:
        return Path(np.empty((0, 2)))
    return Path(np.concatenate(vertices), np.concatenate(codes))


@dataclass(frozen=True)
class BaseMap:
    """The paths that a window shows: land of members and of others, and the graticule."""

    window: MapWindow
    members: Path
    others: Path
    graticule: tuple[Floats, ...]
    graticule_step_deg: float


@lru_cache(maxsize=32)
def base_map(window: MapWindow, members: tuple[str, ...], tolerance: float = 2000.0) -> BaseMap:
    """Return the base map of a window.

    Parameters
    ----------
    window : MapWindow
        What is shown.
    members : tuple of str
        Codes of the nations to tint, as far south as their land is studied.
    tolerance : float
        Borders are simplified by at most this [m], and by less on the map of a small region.
    """
    shown = countries(window, min(tolerance, _FINEST * (window.x_max - window.x_min)))
    step_deg = window.graticule_step_deg
    studied, others = [], []
    for code, shape in shown:
        part = _studied_part(code, window) if code in members else None
        if part is not None:
            studied.append(shapely.intersection(shape, part))
            others.append(shapely.difference(shape, part))
        else:
            (studied if code in members else others).append(shape)
    return BaseMap(window, outline(studied), outline(others), tuple(_graticule(window, step_deg)), step_deg)


def _studied_part(code: str, window: MapWindow) -> Any | None:
    """Return the part of a map in which a nation's land is studied; None for all of it."""
    limit, (west, south, east, north) = nation_records()[code].southern_limit_deg, window.clip_deg
    if limit is None or limit <= south:
        return None
    return projected(shapely.box(west, min(limit, north), east, north), window, 1.0).buffer(0.0)


def _graticule(window: MapWindow, step_deg: float) -> list[Floats]:
    west, south, east, north = window.clip_deg
    most = 90.0 if "+proj=eqearth" in window.crs else 80.0  # meridians run together at a pole
    lines = []
    for longitude in np.arange(math.ceil(west / step_deg) * step_deg, east + 1e-9, step_deg):
        latitude = np.arange(max(south, -most), min(north, most) + 0.5, 1.0)
        lines.append(np.column_stack(connected(window, latitude, np.full(latitude.shape, longitude))))
    for parallel in np.arange(math.ceil(south / step_deg) * step_deg, north + 1e-9, step_deg):
        meridians = np.arange(west, east + 0.5, 1.0)
        lines.append(np.column_stack(connected(window, np.full(meridians.shape, parallel), meridians)))
    if "+proj=eqearth" in window.crs:
        latitude = np.arange(-90.0, 90.5, 1.0)
        edges = (np.column_stack(window.project(latitude, np.full(latitude.shape, edge))) for edge in (west, east))
        lines += [*edges, *(np.column_stack(window.project([pole, pole], [west, east])) for pole in (-90.0, 90.0))]
    return lines


def draw_base(axes: Axes, base: BaseMap, borders: float = 0.5) -> PathPatch:
    """Draw sea, graticule and land; return the patch of the members' land (to clip shading to)."""
    window = base.window
    axes.set_xlim(window.x_min, window.x_max)
    axes.set_ylim(window.y_min, window.y_max)
    axes.set_aspect("equal")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_facecolor(colours.SEA)
    for spine in axes.spines.values():
        spine.set_color(colours.INK)
        spine.set_linewidth(0.8)
    axes.add_collection(
        LineCollection(list(base.graticule), colors=colours.GRATICULE, linewidths=0.6, zorder=1), autolim=False
    )
    axes.add_artist(PathPatch(base.others, facecolor=colours.LAND, edgecolor=colours.BORDER, lw=borders, zorder=2))
    land = PathPatch(base.members, facecolor=colours.MEMBER_LAND, edgecolor="none", zorder=3)
    axes.add_artist(land)
    axes.add_artist(PathPatch(base.members, facecolor="none", edgecolor=colours.BORDER, lw=borders * 1.3, zorder=5))
    return land


def label_graticule(axes: Axes, base: BaseMap, size: float = 6.5) -> None:
    """Write the degrees of meridians on the lower and of parallels on the left edge of the frame."""
    window, step = base.window, base.graticule_step_deg
    for along_x in (True, False):
        ends = np.linspace(0.0, 1.0, 800)
        x = window.x_min + ends * (window.x_max - window.x_min) if along_x else np.full(800, window.x_min)
        y = np.full(800, window.y_min) if along_x else window.y_min + ends * (window.y_max - window.y_min)
        latitude, longitude = window.locate(x, y)
        middle = (window.clip_deg[0] + window.clip_deg[2]) / 2.0  # longitudes run on across the antimeridian
        degrees = middle + np.mod(longitude - middle + 180.0, 360.0) - 180.0 if along_x else latitude
        near = np.abs(np.diff(degrees)) < 180.0  # not across the edge of the map
        for value in np.arange(-360.0, 361.0, step):
            for place in np.flatnonzero(near & (np.diff(np.sign(degrees - value)) != 0))[:1]:
                axes.annotate(
                    degrees_text(value, "NS") if not along_x else _meridian_text(value),
                    (x[place], y[place]),
                    xytext=(0, -2) if along_x else (-2, 0),
                    textcoords="offset points",
                    ha="center" if along_x else "right",
                    va="top" if along_x else "center",
                    fontsize=size,
                    color=colours.QUIET,
                    annotation_clip=False,
                )


def _meridian_text(value: float) -> str:
    """Return the name of a meridian, which may be given beyond 180 degrees."""
    turned = (value + 180.0) % 360.0 - 180.0
    return "180°" if turned == -180.0 else degrees_text(turned, "EW")


def geodesic_sector(
    latitude_deg: float,
    longitude_deg: float,
    ground_range: float,
    azimuth_deg: float = 0.0,
    halfwidth_deg: float = 180.0,
) -> tuple[Floats, Floats]:
    """Return latitude and longitude [deg] along the edge of a sector on the mean sphere.

    Parameters
    ----------
    latitude_deg, longitude_deg : float
        The apex [deg].
    ground_range : float
        Radius along the ground [m].
    azimuth_deg : float
        Azimuth of the middle [deg].
    halfwidth_deg : float
        Half of the opening [deg]; 180 gives a whole circle without the apex.
    """
    azimuth = np.linspace(azimuth_deg - halfwidth_deg, azimuth_deg + halfwidth_deg, 181)
    arc = _ahead(latitude_deg, longitude_deg, azimuth, np.full(azimuth.shape, ground_range))
    if halfwidth_deg >= 180.0:
        return arc
    spoke = np.linspace(0.0, ground_range, 40)[:-1]
    out = _ahead(latitude_deg, longitude_deg, np.full(spoke.shape, azimuth[0]), spoke)
    back = _ahead(latitude_deg, longitude_deg, np.full(spoke.shape, azimuth[-1]), spoke[::-1])
    return np.concatenate([out[0], arc[0], back[0]]), np.concatenate([out[1], arc[1], back[1]])


def _ahead(latitude_deg: float, longitude_deg: float, azimuth_deg: Floats, distance: Floats) -> tuple[Floats, Floats]:
    origin = np.full(azimuth_deg.shape, latitude_deg), np.full(azimuth_deg.shape, longitude_deg)
    longitude, latitude, _ = _SPHERE.fwd(origin[1], origin[0], azimuth_deg, distance)
    return np.asarray(latitude), np.asarray(longitude)


def ground_range(
    latitude_deg: float, longitude_deg: float, latitudes_deg: ArrayLike, longitudes_deg: ArrayLike
) -> Floats:
    """Return great-circle distances [m] on the mean sphere from one place to others [deg]."""
    there = np.radians(np.asarray(latitudes_deg, float)), np.radians(np.asarray(longitudes_deg, float))
    here = math.radians(latitude_deg), math.radians(longitude_deg)
    half = (
        np.sin((there[0] - here[0]) / 2.0) ** 2
        + math.cos(here[0]) * np.cos(there[0]) * np.sin((there[1] - here[1]) / 2.0) ** 2
    )
    return np.asarray(2.0 * MEAN_RADIUS * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))


def scale_bar_width(window: MapWindow, distance: float) -> float:
    """Return the width on the map [m] of a level bar that stands for a distance at the centre of the window.

    An equal-area map has no scale that is true everywhere; the bar is right along the horizontal through the centre,
    on the WGS 84 ellipsoid.

    Parameters
    ----------
    window : MapWindow
        The map.
    distance : float
        Geodesic distance that the bar stands for [m].
    """
    x, y = window.centre
    width = distance
    for _ in range(20):
        latitude, longitude = window.locate([x - width / 2.0, x + width / 2.0], [y, y])
        _, _, there = _ELLIPSOID.inv(longitude[0], latitude[0], longitude[1], latitude[1])
        width *= distance / there
    return width


def draw_scale_bar(
    axes: Axes, window: MapWindow, distance_km: float = 500.0, size: float = 7.0, right: bool = False
) -> None:
    """Draw a scale bar of four parts in the lower left corner, or the lower right one."""
    width = scale_bar_width(window, distance_km * 1000.0)
    span_x, span_y = window.x_max - window.x_min, window.y_max - window.y_min
    tall = size >= 6.5
    height = span_y * (0.008 if tall else 0.013)
    x = window.x_max - 0.06 * span_x - width if right else window.x_min + 0.03 * span_x
    y = window.y_min + 0.025 * span_y
    room = span_y * (0.033 if tall else 0.06)
    axes.add_patch(
        Rectangle(
            (x - 0.018 * span_x, y - height),
            width + 0.07 * span_x,
            2.0 * height + room,
            fc="white",
            alpha=0.8,
            zorder=19,
        )
    )
    for part in range(4):
        face = colours.INK if part % 2 == 0 else "white"
        axes.add_patch(
            Rectangle((x + part * width / 4.0, y), width / 4.0, height, fc=face, ec=colours.INK, lw=0.6, zorder=20)
        )
    for share in (0.0, 0.5, 1.0) if tall else (0.0, 1.0):
        text = f"{share * distance_km:,.0f}" + (" km" if share == 1.0 else "")
        axes.text(
            x + share * width,
            y + 1.5 * height,
            text,
            fontsize=size,
            ha="center",
            va="bottom",
            color=colours.INK,
            zorder=20,
        )
