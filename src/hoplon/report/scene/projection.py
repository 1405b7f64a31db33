"""The map of a scene: the projection of the report's maps, as a page reads it, and what is drawn on it."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from hoplon.analysis.coverage import aim_points, headline_nations
from hoplon.presentation.maps.cartography import countries
from hoplon.presentation.maps.windows import MapWindow, grown, window_of
from hoplon.scenario import geography
from hoplon.scenario.paths import SameScenario

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hoplon.scenario.model import Scenario

_BORDERS_M: Final = 1500.0  # by which borders on the map are simplified at most
_BORDERS_DEG: Final = 0.05  # and on the globe
_MARGIN_M: Final = 1.5e6  # about everything, in which borders are drawn too
_FARTHEST_M: Final = 3.5e6  # from the nations, a site or launch area is left out of the view of everything


@lru_cache(maxsize=16)
def _home(same: SameScenario) -> tuple[MapWindow, MapWindow]:
    scenario = same.scenario
    nations = headline_nations(scenario, None)
    points = aim_points(scenario)
    shown = points.subset(np.isin(points.nation, nations))
    home = window_of(nations, shown, [area.at for area in scenario.launch_areas.values()])
    return home, _everything(scenario, home)


def _everything(scenario: Scenario, home: MapWindow) -> MapWindow:
    """Return the window that holds the sites and launch areas too; what lies far away is left out."""
    near = replace(
        home,
        x_min=home.x_min - _FARTHEST_M,
        x_max=home.x_max + _FARTHEST_M,
        y_min=home.y_min - _FARTHEST_M,
        y_max=home.y_max + _FARTHEST_M,
    )
    places = [element.at for element in scenario.elements.values() if element.at is not None]
    places += [area.at for area in scenario.launch_areas.values()]
    x, y = home.project([place.latitude_deg for place in places], [place.longitude_deg for place in places])
    kept = near.holds(x, y)
    return grown(home, x[kept], y[kept])


def home_window(scenario: Scenario) -> MapWindow:
    """Return the window of the report's maps of coverage."""
    return _home(SameScenario(scenario))[0]


def points_on_map(scenario: Scenario, points: geography.AimPoints) -> dict[str, NDArray[np.float32]]:
    """Return ``x`` and ``y`` of aim points on the map, and ``side`` of the land that each stands for, all [m]."""
    x, y = home_window(scenario).project(points.latitude_deg, points.longitude_deg)
    sides = 1000.0 * np.sqrt(points.area_km2)
    return {"x": x.astype(np.float32), "y": y.astype(np.float32), "side": sides.astype(np.float32)}


def home_projection(scenario: Scenario) -> dict[str, Any]:
    """Return the projection of the map, with its extents [m], its centre and what may be projected [deg]."""
    home, everything = _home(SameScenario(scenario))
    latitude, longitude = home.locate(*home.centre)
    authority = home.crs if home.crs.startswith("EPSG:") else None
    return {
        "code": authority or f"HOPLON:{hashlib.sha256(home.crs.encode()).hexdigest()[:8]}",
        "proj4": proj4_text(home.crs),
        "title": home.title,
        "extent": _sides(home),
        "all": _sides(everything),
        "clip_deg": [round(float(side), 6) for side in home.clip_deg],
        "centre_deg": [round(float(latitude), 4), round(float(longitude), 4)],
        "graticule_step_deg": home.graticule_step_deg,
    }


def _sides(window: MapWindow) -> list[float]:
    return [round(float(side), 1) for side in (window.x_min, window.y_min, window.x_max, window.y_max)]


def proj4_text(crs: str) -> str:
    """Return a projection as the text of PROJ.4, which browsers' libraries read; metres."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that a text of PROJ.4 loses names and areas of use
        text = pyproj.CRS.from_user_input(crs).to_proj4()
    words = [word for word in text.split() if word != "+type=crs"]
    return " ".join(words if any(word.startswith("+units=") for word in words) else [*words, "+units=m"])


@dataclass(frozen=True)
class Borders:
    """Outlines of countries as rings, not closed.

    Attributes
    ----------
    countries : tuple of (code, name, member)
    start : ndarray, shape (rings + 1,)
        First vertex of each ring, and the number of vertices.
    country : ndarray, shape (rings,)
        Index in ``countries``.
    hole : ndarray, shape (rings,)
        Whether the ring is a hole of the last one before it that is none.
    first, second : ndarray, shape (vertices,)
        Easting and northing [m] on the map; longitude and latitude [deg] on the globe.
    """

    countries: tuple[tuple[str, str, bool], ...]
    start: NDArray[np.uint32]
    country: NDArray[np.uint16]
    hole: NDArray[np.bool_]
    first: NDArray[np.float32]
    second: NDArray[np.float32]


def map_borders(scenario: Scenario) -> Borders:
    """Return the borders on the map of a scenario, with a margin about everything that it shows [m]."""
    everything = _home(SameScenario(scenario))[1]
    sides_x = [everything.x_min - _MARGIN_M, everything.x_max + _MARGIN_M]
    window = grown(everything, sides_x, [everything.y_min - _MARGIN_M, everything.y_max + _MARGIN_M])
    return _borders(countries(window, _BORDERS_M), headline_nations(scenario, None))


def globe_borders(scenario: Scenario) -> Borders:
    """Return the borders of the whole Earth, longitude and latitude [deg]."""
    codes, shapes = zip(*((code, shape) for code, _, shape in geography.borders()), strict=True)
    simpler = shapely.simplify(np.array(shapes, dtype=object), _BORDERS_DEG)
    shown = ((code, shape) for code, shape in zip(codes, simpler, strict=True) if not shape.is_empty)
    return _borders(shown, headline_nations(scenario, None))


def _borders(shown: Iterable[tuple[str, Any]], members: Sequence[str]) -> Borders:
    names = geography.country_names()
    listed: list[tuple[str, str, bool]] = []
    rings: list[NDArray[np.float64]] = []
    country: list[int] = []
    hole: list[bool] = []
    for code, shape in shown:
        parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and not part.is_empty]
        if not parts:
            continue
        listed.append((code, names.get(code, code), code in members))
        for part in parts:
            for place, ring in enumerate((part.exterior, *part.interiors)):
                rings.append(shapely.get_coordinates(ring)[:-1])
                country.append(len(listed) - 1)
                hole.append(place > 0)
    corners = np.concatenate(rings) if rings else np.empty((0, 2))
    start = np.concatenate([[0], np.cumsum([len(ring) for ring in rings])])
    return Borders(
        tuple(listed),
        start.astype(np.uint32),
        np.array(country, dtype=np.uint16),
        np.array(hole, dtype=bool),
        corners[:, 0].astype(np.float32),
        corners[:, 1].astype(np.float32),
    )
