"""Map windows, base maps, geodesic shapes, scale bars: what every map stands on."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
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
from hoplon.scenario import geography

Floats = NDArray[np.float64]
_SPHERE: Final = pyproj.Geod(a=MEAN_RADIUS, b=MEAN_RADIUS)
_ELLIPSOID: Final = pyproj.Geod(ellps="WGS84")


@dataclass(frozen=True)
class MapWindow:
    """A rectangle of a map projection.

    Parameters
    ----------
    crs : str
        The projection, as pyproj reads it.
    x_min, x_max, y_min, y_max : float
        The rectangle [m], easting and northing.
    clip_deg : tuple of float
        Longitudes and latitudes (west, south, east, north) beyond which nothing is projected.
    title : str
        What the source line calls the projection.
    cut_at_tropic : bool
        The members' land is tinted north of the Tropic of Cancer alone, where the bundled aim points lie.

    Notes
    -----
    West and east of ``clip_deg`` may lie beyond 180 degrees, up to a whole turn apart, for a map across that meridian.
    """

    crs: str
    x_min: float
    x_max: float
    y_min: float
    y_max: float
    clip_deg: tuple[float, float, float, float]
    title: str
    cut_at_tropic: bool = True

    def project(self, latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> tuple[Floats, Floats]:
        """Return easting and northing [m] of places [deg]."""
        x, y = _transformer(self.crs).transform(np.asarray(longitude_deg, float), np.asarray(latitude_deg, float))
        return np.asarray(x), np.asarray(y)

    def locate(self, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        """Return latitude and longitude [deg] of points of the map [m]."""
        longitude, latitude = _transformer(self.crs).transform(
            np.asarray(x, float), np.asarray(y, float), direction="INVERSE"
        )
        return np.asarray(latitude), np.asarray(longitude)

    def holds(self, x: ArrayLike, y: ArrayLike) -> NDArray[np.bool_]:
        """Tell which points [m] lie inside the rectangle."""
        x, y = np.asarray(x), np.asarray(y)
        return np.asarray((x >= self.x_min) & (x <= self.x_max) & (y >= self.y_min) & (y <= self.y_max))

    @property
    def centre(self) -> tuple[float, float]:
        """Easting and northing of the middle [m]."""
        return (self.x_min + self.x_max) / 2.0, (self.y_min + self.y_max) / 2.0

    @property
    def aspect(self) -> float:
        """Width over height."""
        return (self.x_max - self.x_min) / (self.y_max - self.y_min)


EUROPE: Final = MapWindow(
    geography.EUROPE_PROJECTION, 2.40e6, 7.50e6, 1.05e6, 5.48e6, (-45.0, 20.0, 75.0, 84.0), "LAEA Europe (EPSG:3035)"
)
WIDE: Final = MapWindow(
    "+proj=laea +lat_0=45 +lon_0=27 +datum=WGS84",
    -4.05e6,
    3.65e6,
    -2.6e6,
    3.6e6,
    (-60.0, 3.0, 110.0, 86.0),
    "LAEA centred on 45° N 27° E",
)
ATLANTIC_ISLANDS: Final = MapWindow(
    "+proj=laea +lat_0=33 +lon_0=-21 +datum=WGS84",
    -1.05e6,
    0.85e6,
    -0.75e6,
    0.85e6,
    (-40.0, 20.0, -2.0, 46.0),
    "LAEA centred on 33° N 21° W",
)
NORTH_AMERICA: Final = MapWindow(
    geography.NORTH_AMERICA_PROJECTION,
    -4.2e6,
    3.6e6,
    -3.1e6,
    4.1e6,
    (-179.9, 12.0, -20.0, 84.0),
    "LAEA centred on 50° N 100° W",
)


WORLD: Final = MapWindow(
    "+proj=eqearth +datum=WGS84", -17.3e6, 17.3e6, -8.5e6, 8.5e6, (-180.0, -90.0, 180.0, 90.0), "Equal Earth", False
)
_MOST: Final = 0.85  # [1] of bundled places and land that have to show: islands far from the coast may be left out
MOST_PART: Final = 0.5  # [1] of what is shown that has to lie in a window for pages on which it is always the same
_MOST_GIVEN: Final = 0.97  # [1] of aim points that were given
_LEAST_WIDTH: Final = (
    2.4e6  # [m] of a window about points: room for a scale bar, and lines of a graticule of 10 degrees
)
_SAME_M: Final = 100.0  # [m] to which a place of the map comes back; beyond the edge of the globe it does not
_SCALES: Final = {
    500: 6.0e6,
    1000: 1.2e7,
    2000: 2.4e7,
}  # [km] of a scale bar: the width it serves [m]
_MARGIN: Final = 0.08  # [1] of its width and height that a window about points leaves free on each side
_ASPECTS: Final = (1.1, 1.5)  # width over height of such a window
_FARTHEST_DEG: Final = 75.0  # [deg] of arc from the centre: farther apart, points are shown on the map of the world


def window_of(nations: Sequence[str], points: geography.AimPoints | None = None) -> MapWindow:
    """Return the window that shows some nations, and nearly all of their aim points.

    Parameters
    ----------
    nations : sequence of str
        North America is shown where all of them lie in it, else Europe,
    points : AimPoints, optional
        unless these lie elsewhere: then a window about them.
    """
    american = bool(nations) and all(code in geography.NORTH_AMERICA for code in nations)
    usual = (NORTH_AMERICA, EUROPE) if american else (EUROPE, NORTH_AMERICA)
    if points is None or not len(points):
        return usual[0]
    most = _MOST if bool((points.kind == "land").any()) else _MOST_GIVEN
    return window_showing(usual, points.latitude_deg, points.longitude_deg, most)


def window_showing(
    usual: Sequence[MapWindow], latitude_deg: ArrayLike, longitude_deg: ArrayLike, most: float = _MOST
) -> MapWindow:
    """Return the first of some windows that holds at least a share of the places [deg], else one about them.

    Without any place it is the first window.
    """
    if not np.size(latitude_deg):
        return usual[0]
    for window in usual:
        if float(window.holds(*window.project(latitude_deg, longitude_deg)).mean()) >= most:
            return window
    return window_about(latitude_deg, longitude_deg)


def window_about(latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> MapWindow:
    """Return an equal-area window about some places [deg], at least one; that of the world if they lie far apart."""
    latitude, longitude = np.radians(np.asarray(latitude_deg, float)), np.radians(np.asarray(longitude_deg, float))
    place = np.stack([np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)], -1)
    x, y, z = place.mean(axis=0)
    north, east = round(math.degrees(math.atan2(z, math.hypot(x, y)))), round(math.degrees(math.atan2(y, x)))
    apart = ground_range(north, east, latitude_deg, longitude_deg).max() / MEAN_RADIUS
    if apart > math.radians(_FARTHEST_DEG):
        return WORLD
    crs = f"+proj=laea +lat_0={north} +lon_0={east} +datum=WGS84 +units=m"
    across, up = _transformer(crs).transform(np.asarray(longitude_deg, float), np.asarray(latitude_deg, float))
    middle = (across.max() + across.min()) / 2.0, (up.max() + up.min()) / 2.0
    width, height = (max(_LEAST_WIDTH, float(axis.max() - axis.min()) / (1.0 - 2.0 * _MARGIN)) for axis in (across, up))
    width, height = max(width, _ASPECTS[0] * height), max(height, width / _ASPECTS[1])
    sides = (middle[0] - width / 2.0, middle[0] + width / 2.0, middle[1] - height / 2.0, middle[1] + height / 2.0)
    title = f"LAEA centred on {_degrees(north, 'NS')} {_degrees(east, 'EW')}".replace("°", "° ").strip()
    return MapWindow(crs, *sides, _clip_about(crs, east, *sides), title, False)


def _clip_about(
    crs: str, east: float, x_min: float, x_max: float, y_min: float, y_max: float
) -> tuple[float, float, float, float]:
    """Return the longitudes and latitudes [deg] that a rectangle [m] of a projection centred on a longitude spans."""
    x, y = np.meshgrid(np.linspace(x_min, x_max, 60), np.linspace(y_min, y_max, 60))
    longitude, latitude = _transformer(crs).transform(x, y, direction="INVERSE")
    known = np.isfinite(longitude) & np.isfinite(latitude)
    turned = (longitude[known] - east + 180.0) % 360.0 - 180.0
    west, right = turned.min() - 3.0, turned.max() + 3.0
    south, north = latitude[known].min() - 3.0, latitude[known].max() + 3.0
    for pole in (-90.0, 90.0):
        across, up = _transformer(crs).transform(east, pole)
        if x_min <= across <= x_max and y_min <= up <= y_max:
            west, right, south, north = -180.0, 180.0, min(south, pole), max(north, pole)
    return (
        east + max(west, -180.0),
        max(float(south), -90.0),
        east + min(right, 180.0),
        min(float(north), 90.0),
    )


def scale_km(window: MapWindow) -> float:
    """Return the distance [km] that the scale bar of a window stands for."""
    width = window.x_max - window.x_min
    return next((float(distance) for distance, most in _SCALES.items() if width < most), 5000.0)


@lru_cache(maxsize=16)
def _transformer(crs: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)


@lru_cache(maxsize=8)
def _countries(window: MapWindow, tolerance: float) -> tuple[tuple[str, Any], ...]:
    """Return (code, geometry) of every country that shows in a window, projected and simplified [m]."""
    frame = shapely.box(window.x_min, window.y_min, window.x_max, window.y_max).buffer(50e3)
    clip = shapely.box(*window.clip_deg)
    codes, shapes = [], []
    turns = [turn for turn in (0.0, -360.0, 360.0) if window.clip_deg[0] < 180.0 + turn < window.clip_deg[2] + 360.0]
    for code, _, outlined in geography.borders():
        for turn in turns:
            geometry = outlined if turn == 0.0 else shapely.affinity.translate(outlined, turn)
            if geometry.intersects(clip):
                codes.append(code)
                shapes.append(geometry)
    shown = shapely.intersection(shapely.make_valid(np.array(shapes, dtype=object)), clip)
    shown = shapely.transform(shapely.segmentize(shown, 2.0), _to(window))
    shown = shapely.intersection(shapely.make_valid(shown), frame)
    shown = shapely.simplify(shown, tolerance)
    return tuple((code, shape) for code, shape in zip(codes, shown, strict=True) if not shape.is_empty)


def _to(window: MapWindow) -> Callable[[Floats], Floats]:
    def projected(coordinates: Floats) -> Floats:
        return np.column_stack(window.project(coordinates[:, 1], coordinates[:, 0]))

    return projected


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
def base_map(window: MapWindow, members: tuple[str, ...], tolerance: float = 2000.0, step_deg: float = 10.0) -> BaseMap:
    """Return the base map of a window.

    Parameters
    ----------
    window : MapWindow
        What is shown.
    members : tuple of str
        Codes of the nations to tint.
    tolerance : float
        Borders are simplified by at most this [m].
    step_deg : float
        Distance of the lines of the graticule [deg].
    """
    countries = _countries(window, tolerance)
    inside, chosen = _north_of_the_tropic(window), set(members)
    return BaseMap(
        window,
        outline(shapely.intersection(shape, inside) for code, shape in countries if code in chosen),
        outline(shape for code, shape in countries if code not in chosen),
        tuple(_graticule(window, step_deg)),
        step_deg,
    )


def _north_of_the_tropic(window: MapWindow) -> Any:
    """Return the part of a window north of the Tropic of Cancer, where the bundled aim points lie; of others, all."""
    if not window.cut_at_tropic:
        return shapely.box(window.x_min, window.y_min, window.x_max, window.y_max).buffer(50e3)
    west, _, east, north = window.clip_deg
    box = shapely.box(west, geography.TROPIC_OF_CANCER_DEG, east, north)
    return shapely.transform(shapely.segmentize(box, 1.0), _to(window)).buffer(0.0)


def _graticule(window: MapWindow, step_deg: float) -> list[Floats]:
    west, south, east, north = window.clip_deg
    lines = []
    for longitude in np.arange(math.ceil(west / step_deg) * step_deg, east + 1e-9, step_deg):
        latitude = np.arange(south, min(north, 80.0) + 0.5, 1.0)
        lines.append(np.column_stack(window.project(latitude, np.full(latitude.shape, longitude))))
    for parallel in np.arange(math.ceil(south / step_deg) * step_deg, north + 1e-9, step_deg):
        meridians = np.arange(west, east + 0.5, 1.0)
        lines.append(np.column_stack(window.project(np.full(meridians.shape, parallel), meridians)))
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
        degrees = longitude if along_x else latitude
        back_x, back_y = window.project(latitude, longitude)
        on_globe = (np.abs(back_x - x) < _SAME_M) & (np.abs(back_y - y) < _SAME_M)
        degrees = np.where(on_globe, degrees, np.nan)
        near = np.abs(np.diff(degrees)) < 180.0  # not across the antimeridian
        for value in np.arange(-180.0, 181.0, step):
            for place in np.flatnonzero(near & (np.diff(np.sign(degrees - value)) != 0))[:1]:
                axes.annotate(
                    _degrees(value, "EW" if along_x else "NS"),
                    (x[place], y[place]),
                    xytext=(0, -2) if along_x else (-2, 0),
                    textcoords="offset points",
                    ha="center" if along_x else "right",
                    va="top" if along_x else "center",
                    fontsize=size,
                    color=colours.QUIET,
                    annotation_clip=False,
                )


def _degrees(value: float, letters: str) -> str:
    letter = "" if value == 0 else letters[0 if value > 0 else 1]
    return f"{abs(value):g}°{letter}"


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
