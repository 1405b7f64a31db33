"""Footprints: the area that one battery defends, and the launch points against which an aim is defended.

Both ask the same question on a grid of equal-area cells about a centre: the battery, with aim points as cells; or the
aim, with launch points as cells. Where the area lies is found first, on nested coarse grids; then it is measured on one
fine grid over what was found.
"""

from __future__ import annotations

import math
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from hoplon.analysis import stages
from hoplon.analysis.defence import defence_of
from hoplon.analysis.flights import Flights, flights_between, flown_against, may_launch
from hoplon.analysis.footprints.outline import EqualAreaPlane, Window, geojson_geometry, outline, valid_area
from hoplon.analysis.records import Answer, FeatureLayer, PlacedRow, Row, place_words, provenance_of
from hoplon.constants import MEAN_RADIUS
from hoplon.defence.assembly import Defence
from hoplon.earth.geodesy import ground_range
from hoplon.scenario.model import known_name
from hoplon.units import KILOMETRE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hoplon.analysis.store import Store
    from hoplon.scenario.model import Level, ResolvedArchitecture, Scenario

    Defends = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.bool_]]

CELLS: Final = 120  # cells along the longer side of the fine grid
_SEARCH_CELLS: Final = 48  # along each side of the search grids
_ZOOM: Final = 4.0  # each search grid is this much smaller than the one before
_SMALLEST: Final = 60.0 * KILOMETRE  # half-width of the finest search grid [m]: cells of 2.5 km
_MARGIN: Final = 0.25  # share of its longer side by which a window that cuts an area is moved outwards
_MOST_MOVES: Final = 8


@dataclass(frozen=True, repr=False)
class DefendedArea(Answer):
    """An area defended, as cells counted and as an outline.

    Attributes
    ----------
    kind : {"footprint", "denied"}
        Aim points that a battery defends, or launch points against which an aim is defended.
    scenario_name, scenario_sha256, architecture, threat, level : str
    battery, launch_area : str or None
        Of a footprint.
    aim_deg : tuple of float or None
        Of an area denied: latitude and longitude [deg].
    spacing_km : float or None
        Side of the cells [km]; None when nothing is defended.
    area_km2 : float
        Of the cells inside, equal-area on the ellipsoid [km2].
    geometry : mapping
        GeoJSON ``MultiPolygon`` (RFC 7946).
    reason : str or None
        Why nothing can be defended against, when the class does not fly from the launch area.
    """

    kind: Literal["footprint", "denied"]
    scenario_name: str
    scenario_sha256: str
    architecture: str
    threat: str
    level: Level
    battery: str | None
    launch_area: str | None
    aim_deg: tuple[float, float] | None
    spacing_km: float | None
    area_km2: float
    geometry: Mapping[str, Any]
    reason: str | None

    def as_json(self) -> dict[str, Any]:
        """Return a GeoJSON feature, with ``area_km2`` beside its geometry as well as in its properties."""
        asked = {"battery": self.battery, "from": self.launch_area, "aim": list(self.aim_deg) if self.aim_deg else None}
        return {
            "type": "Feature",
            "geometry": deepcopy(dict(self.geometry)),
            "properties": {
                "kind": self.kind,
                "architecture": self.architecture,
                "threat": self.threat,
                "level": self.level,
                **{key: value for key, value in asked.items() if value is not None},
                "spacing_km": self.spacing_km,
                "area_km2": self.area_km2,
                "reason": self.reason,
            },
            "area_km2": self.area_km2,
        }

    def line(self) -> str:
        """Return what is defended against what, and the area, in one line."""
        where = f"{self.battery} defends against {self.threat} from {self.launch_area}"
        if self.aim_deg is not None:
            where = f"{self.architecture} denies {self.threat} launches at {place_words(self.aim_deg)}"
        return f"{where}: {self.area_km2:,.0f} km2"

    def rows(self) -> list[Row]:
        """Return one row: what was asked, and the area."""
        asked = {"battery": self.battery, "launch_area": self.launch_area}
        if self.aim_deg is not None:
            asked = {"aim": place_words(self.aim_deg)}
        given = {"architecture": self.architecture, **asked, "threat": self.threat, "level": self.level}
        return [{**given, "spacing_km": self.spacing_km, "area_km2": self.area_km2}]

    def provenance(self) -> dict[str, Any]:
        """Return version, scenario and digest."""
        return provenance_of(self.scenario_name, self.scenario_sha256)

    def layers(self) -> tuple[FeatureLayer, ...]:
        """Return the area."""
        kinds = {"spacing_km": float, "reason": str}
        return (FeatureLayer(self.kind, self.line(), self.placed_rows(), kinds),)

    def placed_rows(self) -> list[PlacedRow]:
        """Return the area with its kind and its row."""
        area = valid_area(shapely.geometry.shape(dict(self.geometry)))
        return [(area, {"kind": self.kind, **self.rows()[0], "reason": self.reason})]


def footprint(
    store: Store,
    scenario: Scenario,
    architecture: ResolvedArchitecture,
    battery: str,
    threat: str,
    area: str,
    *,
    level: Level = "base",
    spacing_km: float | None = None,
) -> DefendedArea:
    """Return the aim points that one battery of an architecture defends against a class from a launch area.

    Parameters
    ----------
    store : Store
        Keeps the stages.
    scenario : Scenario
    architecture : ResolvedArchitecture
        Whose radars, network and doctrine serve the battery.
    battery, threat, area : str
        Names in the scenario.
    level : {"low", "base", "high"}
        Of the disputed inputs.
    spacing_km : float, optional
        Side of the cells [km]; by default a 120th of the longer side of the area.

    Raises
    ------
    UnknownNameError
        If the scenario or the architecture lacks a name.

    Notes
    -----
    An aim point is inside if the class reaches it and this battery alone has the shots required against every loft
    that does. Parts of the area less than 2 cells of a search grid across may be missed: 5 km within 60 km of the
    battery, four times as much at every four times that distance.
    """
    threat = known_name("threat", threat, scenario.threats)
    area = known_name("launch area", area, scenario.launch_areas)
    defence = defence_of(scenario, architecture, level)
    battery = known_name("battery", battery, defence.battery_names)
    site, launch = architecture.elements[battery].at, scenario.launch_areas[area].at
    if site is None:
        raise ValueError("a battery without a place")
    index = defence.battery_names.index(battery)
    alone = replace(defence, batteries=(defence.batteries[index],), battery_names=(battery,))
    launches = [(area, launch.latitude_deg, launch.longitude_deg)]
    flown = flown_against(scenario, architecture)

    def defends(latitude: NDArray[np.float64], longitude: NDArray[np.float64]) -> NDArray[np.bool_]:
        flights = flights_between(flown, (threat,), launches, latitude, longitude)
        return _all_defended(store, flights, alone, flights.points, latitude.size)

    away = float(ground_range(site.latitude_deg, site.longitude_deg, launch.latitude_deg, launch.longitude_deg))
    refused = None if may_launch(scenario.threats[threat], area) else f"{threat} is not launched from {area}"
    plane = EqualAreaPlane(site.latitude_deg, site.longitude_deg)
    farthest = away + float(scenario.threats[threat].max_range_km) * KILOMETRE
    spacing, size, geometry = _measured(defends, plane, 0.0 if refused else farthest, spacing_km)
    return DefendedArea(
        kind="footprint",
        scenario_name=scenario.name,
        scenario_sha256=scenario.sha256,
        architecture=architecture.name,
        threat=threat,
        level=level,
        battery=battery,
        launch_area=area,
        aim_deg=None,
        spacing_km=spacing,
        area_km2=size,
        geometry=geometry,
        reason=refused,
    )


def denied(
    store: Store,
    scenario: Scenario,
    architecture: ResolvedArchitecture,
    aim_deg: tuple[float, float],
    threat: str,
    *,
    level: Level = "base",
    spacing_km: float | None = None,
) -> DefendedArea:
    """Return the launch points from which a class would reach an aim point and be met by an architecture.

    Parameters
    ----------
    store : Store
        Keeps the stages.
    scenario : Scenario
    architecture : ResolvedArchitecture
    aim_deg : tuple of float
        Latitude and longitude of the aim point [deg].
    threat : str
        Name of the class; it may be launched from anywhere here.
    level : {"low", "base", "high"}
        Of the disputed inputs.
    spacing_km : float, optional
        Side of the cells [km]; by default a 120th of the longer side of the area.

    Raises
    ------
    UnknownNameError
        If the scenario lacks the class.
    """
    threat = known_name("threat", threat, scenario.threats)
    defence = defence_of(scenario, architecture, level)
    aim = np.array([aim_deg[0]]), np.array([aim_deg[1]])
    flown = flown_against(scenario, architecture)

    def defends(latitude: NDArray[np.float64], longitude: NDArray[np.float64]) -> NDArray[np.bool_]:
        launches = [(None, float(lat), float(lon)) for lat, lon in zip(latitude, longitude, strict=True)]
        flights = flights_between(flown, (threat,), launches, *aim)
        return _all_defended(store, flights, defence, flights.areas, latitude.size)

    plane = EqualAreaPlane(*aim_deg)
    farthest = float(scenario.threats[threat].max_range_km) * KILOMETRE
    spacing, size, geometry = _measured(defends, plane, farthest, spacing_km)
    return DefendedArea(
        kind="denied",
        scenario_name=scenario.name,
        scenario_sha256=scenario.sha256,
        architecture=architecture.name,
        threat=threat,
        level=level,
        battery=None,
        launch_area=None,
        aim_deg=(float(aim_deg[0]), float(aim_deg[1])),
        spacing_km=spacing,
        area_km2=size,
        geometry=geometry,
        reason=None,
    )


def _all_defended(
    store: Store, flights: Flights, defence: Defence, cells: NDArray[Any], count: int
) -> NDArray[np.bool_]:
    """Return which cells are reached, and defended against every flight that reaches them."""
    enough = stages.most_shots(store, flights, defence, defence.shots_required) >= defence.shots_required
    reached, open_to = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    reached[cells] = True
    open_to[cells[~enough]] = True
    return reached & ~open_to


def _measured(
    defends: Defends, plane: EqualAreaPlane, farthest: float, spacing_km: float | None
) -> tuple[float | None, float, dict[str, Any]]:
    """Return the cell spacing [km], the area [km2] and the outline of what is defended within a distance [m]."""
    window = _found(defends, plane, farthest)
    nothing: dict[str, Any] = {"type": "MultiPolygon", "coordinates": []}
    for _ in range(_MOST_MOVES):
        if window is None:
            return None, 0.0, nothing
        longest = max(window.east - window.west, window.north - window.south)
        spacing = longest / CELLS if spacing_km is None else spacing_km * KILOMETRE
        inside, x, y = _judged(defends, plane, window, spacing)
        wider = _moved(window, inside, _MARGIN * longest)
        if wider == window:
            break
        window = wider
    if not inside.any():
        return None, 0.0, nothing
    size = float(inside.sum()) * (spacing / KILOMETRE) ** 2
    return spacing / KILOMETRE, size, geojson_geometry(outline(inside, x, y), plane)


def _found(defends: Defends, plane: EqualAreaPlane, farthest: float) -> Window | None:
    """Return a window that holds whatever the nested search grids find, None if they find nothing."""
    # A point at the central angle c lies at 2 R sin(c / 2) from the centre (Snyder 1987, eq. 24-2 and 24-4).
    half = 2.0 * MEAN_RADIUS * math.sin(0.5 * min(farthest / MEAN_RADIUS, math.pi))
    bounds: list[tuple[float, float, float, float]] = []
    while half > 0.0:
        spacing = 2.0 * half / _SEARCH_CELLS
        inside, x, y = _judged(defends, plane, Window.about(half), spacing)
        if inside.any():
            columns, rows = np.flatnonzero(inside.any(axis=0)), np.flatnonzero(inside.any(axis=1))
            bounds.append(
                (
                    float(x[columns[0]]) - spacing,
                    float(y[rows[0]]) - spacing,
                    float(x[columns[-1]]) + spacing,
                    float(y[rows[-1]]) + spacing,
                )
            )
        half = half / _ZOOM if half > _SMALLEST else 0.0
    if not bounds:
        return None
    west, south, east, north = zip(*bounds, strict=True)
    return Window(min(west), min(south), max(east), max(north))


def _moved(window: Window, inside: NDArray[np.bool_], margin: float) -> Window:
    """Return a window whose sides are moved outwards where they cut the area."""
    return Window(
        window.west - margin * bool(inside[:, 0].any()),
        window.south - margin * bool(inside[0].any()),
        window.east + margin * bool(inside[:, -1].any()),
        window.north + margin * bool(inside[-1].any()),
    )


def _judged(
    defends: Defends, plane: EqualAreaPlane, window: Window, spacing: float
) -> tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.float64]]:
    """Return which cells of a grid are defended (rows, columns), and their centres; off the globe none is."""
    x, y = window.centres(spacing)
    across, up = np.meshgrid(x, y)
    inside = np.zeros(across.shape, dtype=bool)
    on_globe = np.hypot(across, up) < 2.0 * MEAN_RADIUS * math.sin(0.499 * math.pi)
    latitude, longitude = plane.places(across[on_globe], up[on_globe])
    # On the ellipsoid the plane ends in an oval, a few kilometres within that circle here and beyond it there.
    located = np.isfinite(latitude) & np.isfinite(longitude)
    on_globe[on_globe] = located
    inside[on_globe] = defends(latitude[located], longitude[located])
    return inside, x, y
