"""Windows of maps: which projection, which part of the Earth, for nations and launch areas anywhere in the world.

Where most of what is shown lies in Europe or North America, the map is always the same. Elsewhere it is an equal-area
map centred on the nations and the launch areas, whatever meridian or pole lies between them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

import numpy as np
import pyproj
import shapely
from numpy.typing import ArrayLike, NDArray

from hoplon.scenario import geography
from hoplon.scenario.values import Place

Floats = NDArray[np.float64]


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

    def project(self, latitude_deg: ArrayLike, longitude_deg: ArrayLike) -> tuple[Floats, Floats]:
        """Return easting and northing [m] of places [deg]."""
        x, y = _transformer(self.crs).transform(np.asarray(longitude_deg, float), np.asarray(latitude_deg, float))
        return np.asarray(x), np.asarray(y)

    def locate(self, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        """Return latitude and longitude [deg] of points of the map [m]; NaN beyond the edge of the globe."""
        east, north = np.asarray(x, float), np.asarray(y, float)
        longitude, latitude = _transformer(self.crs).transform(east, north, direction="INVERSE")
        again = self.project(latitude, longitude)
        on_globe = (np.abs(again[0] - east) < _SAME_M) & (np.abs(again[1] - north) < _SAME_M)
        return np.where(on_globe, latitude, np.nan), np.where(on_globe, longitude, np.nan)

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

    @property
    def scale_km(self) -> float:
        """Distance [km] that the scale bar of a large map stands for."""
        width = self.x_max - self.x_min
        return next((float(distance) for distance, most in _SCALES.items() if width < most), 5000.0)

    @property
    def graticule_step_deg(self) -> float:
        """Distance of the lines of the graticule [deg]."""
        width = self.x_max - self.x_min
        return next((float(step) for step, most in _STEPS.items() if width < most), 30.0)

    @property
    def whole_turn(self) -> bool:
        """Whether the window holds a pole of an azimuthal map, so that its edge in longitude lies within it."""
        west, _, east, _ = self.clip_deg
        return east - west > 359.0 and "+proj=laea" in self.crs


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

_MOST: Final = 0.85  # [1] of bundled places and land that have to show: islands far from the coast may be left out
MOST_PART: Final = 0.5  # [1] of what is shown that has to lie in a window for pages on which it is always the same
_MOST_GIVEN: Final = 0.97  # [1] of aim points that were given
_LEAST_WIDTH: Final = 0.4e6  # [m] of a window about points: one small nation and its neighbourhood
_SAME_M: Final = 100.0  # [m] to which a place of the map comes back; beyond the edge of the globe it does not
_SCALES: Final = {50: 0.6e6, 100: 1.2e6, 200: 2.4e6, 500: 6.0e6, 1000: 1.2e7, 2000: 2.4e7}  # [km]: width it serves [m]
_STEPS: Final = {1: 0.5e6, 2: 1.0e6, 5: 1.8e6, 10: 1.2e7, 20: 2.0e7}  # [deg] of a graticule: width it serves [m]
_MARGIN: Final = 0.08  # [1] of its width and height that a window about points leaves free on each side
_ASPECTS: Final = (1.1, 1.5)  # width over height of such a window
_FARTHEST_DEG: Final = 75.0  # [deg] of arc from the centre: farther apart, points are shown on the map of the world
_USUAL_MERIDIAN_DEG: Final = 30.0  # [deg] a map of the world whose best central meridian is nearer to 0 has 0
_SEAM_DEG: Final = 1e-7  # [deg] by which the edges of a map of the world keep apart


def window_of(
    nations: Sequence[str], points: geography.AimPoints | None = None, launch_areas: Iterable[Place] = ()
) -> MapWindow:
    """Return the window that shows some nations, and nearly all of their aim points.

    Parameters
    ----------
    nations : sequence of str
        North America is shown where all of them lie in it; Europe where one does, or where there is none;
    points : AimPoints, optional
        unless these lie elsewhere: then a window about them, or about the nations' land,
    launch_areas : iterable of Place
        and about these launch areas.
    """
    american = bool(nations) and all(code in geography.NORTH_AMERICA for code in nations)
    usual = (NORTH_AMERICA, EUROPE) if american else (EUROPE, NORTH_AMERICA)
    areas = tuple(launch_areas)
    if points is not None and len(points):
        most = _MOST if bool((points.kind == "land").any()) else _MOST_GIVEN
        return window_showing(usual, points.latitude_deg, points.longitude_deg, most, areas)
    known = {*geography.EUROPE, *geography.NORTH_AMERICA}
    if not nations or known & set(nations):
        return usual[0]
    latitude, longitude = _land_of(tuple(nations))
    return window_about(latitude, longitude, areas) if latitude.size else usual[0]


def wide_window(
    nations: Sequence[str], latitude_deg: ArrayLike, longitude_deg: ArrayLike, launch_areas: Iterable[Place] = ()
) -> MapWindow:
    """Return the window for what reaches beyond the nations: the wide one of Europe, elsewhere one about everything.

    Parameters
    ----------
    nations : sequence of str
        Whose map it is.
    latitude_deg, longitude_deg : array_like
        What is to be shown [deg].
    launch_areas : iterable of Place
        Shown too, outside Europe.
    """
    areas = tuple(launch_areas)
    if not np.size(latitude_deg):
        return window_of(nations, None, areas)
    european = not nations or bool(set(nations) & set(geography.EUROPE))
    return window_showing((WIDE,) if european else (), latitude_deg, longitude_deg, MOST_PART, areas)


def window_showing(
    usual: Sequence[MapWindow],
    latitude_deg: ArrayLike,
    longitude_deg: ArrayLike,
    most: float = _MOST,
    launch_areas: Iterable[Place] = (),
) -> MapWindow:
    """Return the first of some windows that holds at least a share of the places [deg], else one about them.

    Without any place it is the first window. One about the places holds the launch areas too.
    """
    if not np.size(latitude_deg):
        return usual[0]
    for window in usual:
        if float(window.holds(*window.project(latitude_deg, longitude_deg)).mean()) >= most:
            return window
    return window_about(latitude_deg, longitude_deg, launch_areas)


def window_about(latitude_deg: ArrayLike, longitude_deg: ArrayLike, launch_areas: Iterable[Place] = ()) -> MapWindow:
    """Return an equal-area window about some places [deg], at least one; that of the world if they lie far apart."""
    areas = tuple(launch_areas)
    given_north = np.append(np.asarray(latitude_deg, float), [area.latitude_deg for area in areas])
    given_east = np.append(np.asarray(longitude_deg, float), [area.longitude_deg for area in areas])
    latitude, longitude = np.radians(given_north), np.radians(given_east)
    place = np.stack([np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)], -1)
    # The middle of the box about the places, not their mean: many places in one corner do not pull the map there.
    x, y, z = (place.min(axis=0) + place.max(axis=0)) / 2.0
    north, east = round(math.degrees(math.atan2(z, math.hypot(x, y)))), round(math.degrees(math.atan2(y, x)))
    if _arc_deg(north, east, latitude, longitude) > _FARTHEST_DEG:
        return world_about(given_east)
    crs = f"+proj=laea +lat_0={north} +lon_0={east} +datum=WGS84 +units=m"
    across, up = _transformer(crs).transform(given_east, given_north)
    middle = (across.max() + across.min()) / 2.0, (up.max() + up.min()) / 2.0
    width, height = (max(_LEAST_WIDTH, float(axis.max() - axis.min()) / (1.0 - 2.0 * _MARGIN)) for axis in (across, up))
    width, height = max(width, _ASPECTS[0] * height), max(height, width / _ASPECTS[1])
    sides = (middle[0] - width / 2.0, middle[0] + width / 2.0, middle[1] - height / 2.0, middle[1] + height / 2.0)
    title = f"LAEA centred on {degrees_text(north, 'NS')} {degrees_text(east, 'EW')}".replace("°", "° ").strip()
    return MapWindow(crs, *sides, _clip_about(crs, east, *sides), title)


def grown(window: MapWindow, x: ArrayLike, y: ArrayLike) -> MapWindow:
    """Return a window that holds further points [m] of its map too; that of the world is returned as it is."""
    if "+proj=eqearth" in window.crs:
        return window
    east, north = np.append(np.asarray(x, float), window.centre[0]), np.append(np.asarray(y, float), window.centre[1])
    sides = (
        min(window.x_min, float(east.min())),
        max(window.x_max, float(east.max())),
        min(window.y_min, float(north.min())),
        max(window.y_max, float(north.max())),
    )
    if sides == (window.x_min, window.x_max, window.y_min, window.y_max):
        return window
    middle = (window.clip_deg[0] + window.clip_deg[2]) / 2.0
    return MapWindow(window.crs, *sides, _clip_about(window.crs, middle, *sides), window.title)


def world_about(longitude_deg: ArrayLike) -> MapWindow:
    """Return the map of the world whose edge lies farthest from some longitudes [deg]: in their widest gap."""
    around = np.unique(np.mod(np.asarray(longitude_deg, float), 360.0))
    gaps = np.diff(np.append(around, around[0] + 360.0))
    edge = around[np.argmax(gaps)] + gaps.max() / 2.0
    middle = float((10.0 * round((edge + 180.0) / 10.0) + 180.0) % 360.0 - 180.0)
    if abs(middle) <= _USUAL_MERIDIAN_DEG and gaps.max() > 2.0 * _USUAL_MERIDIAN_DEG:
        middle = 0.0
    return _world(middle)


@cache
def _world(middle: float) -> MapWindow:
    clip = (middle - 180.0 + _SEAM_DEG, -90.0, middle + 180.0 - _SEAM_DEG, 90.0)
    title = "Equal Earth" if middle == 0.0 else f"Equal Earth about {abs(middle):.0f}°"
    title += "" if middle % 180.0 == 0.0 else " E" if middle > 0.0 else " W"
    crs = f"+proj=eqearth +lon_0={middle:g} +datum=WGS84"
    return MapWindow(crs, -17.3e6, 17.3e6, -8.5e6, 8.5e6, clip, title)


@lru_cache(maxsize=16)
def _land_of(nations: tuple[str, ...]) -> tuple[Floats, Floats]:
    """Return latitudes and longitudes [deg] of the outlines of nations."""
    corners = shapely.get_coordinates([shape for code, _, shape in geography.borders() if code in nations])
    return corners[:, 1], corners[:, 0]


def _arc_deg(north: float, east: float, latitude: Floats, longitude: Floats) -> float:
    """Return the greatest arc [deg] from a place [deg] to others [rad]."""
    here = math.radians(north), math.radians(east)
    cosine = np.sin(latitude) * math.sin(here[0]) + np.cos(latitude) * math.cos(here[0]) * np.cos(longitude - here[1])
    return float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))).max())


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


def degrees_text(value: float, letters: str) -> str:
    """Return an angle with the letter of its side: ``35°N`` of 35 and ``NS``."""
    letter = "" if value == 0 else letters[0 if value > 0 else 1]
    return f"{abs(value):g}°{letter}"


@lru_cache(maxsize=16)
def _transformer(crs: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
