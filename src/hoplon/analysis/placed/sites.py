"""Elements, launch areas and the ranges of radars, as layers of a map."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from hoplon.analysis.defence import defence_of
from hoplon.analysis.footprints.outline import EqualAreaPlane, geojson_geometry, valid_area
from hoplon.analysis.records import FeatureLayer, PlacedRow
from hoplon.constants import MEAN_RADIUS
from hoplon.sensing.radar import Radar
from hoplon.units import DEGREE, KILOMETRE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hoplon.scenario.model import Element, Level, ResolvedArchitecture, Scenario

_SPHERE: Final = pyproj.Geod(a=MEAN_RADIUS, b=MEAN_RADIUS)
_ARC_DEG: Final = 2.0  # between vertices of an arc
_SPOKE_M: Final = 50.0 * KILOMETRE  # between vertices of a straight side
_NEARLY_ROUND_DEG: Final = 180.0 - 1e-9
_LONGEST: Final = 0.49 * math.pi * MEAN_RADIUS * 2.0  # [m] along the ground; the plane ends at the antipode


def element_layer(elements: Mapping[str, Element]) -> FeatureLayer:
    """Return the elements that have a place."""
    rows: list[PlacedRow] = [
        (
            shapely.Point(element.at.longitude_deg, element.at.latitude_deg),
            {
                "name": name,
                "title": element.title or name,
                "form": element.form,
                "type": element.radar or element.battery or element.node,
                "owner": element.owner,
                "basing": element.basing,
                "partner": element.partner,
                "interceptors": int(float(element.count)) if element.battery is not None else None,
                "altitude_m": float(element.at.altitude_m),
            },
        )
        for name, element in elements.items()
        if element.at is not None
    ]
    return FeatureLayer("elements", "Elements of the architecture", rows, {"interceptors": int})


def radar_range_layer(
    scenario: Scenario, architecture: ResolvedArchitecture, threats: Sequence[str], level: Level = "base"
) -> FeatureLayer:
    """Return how far each radar of an architecture reaches against each class, in search and in (cued) track.

    Parameters
    ----------
    scenario : Scenario
    architecture : ResolvedArchitecture
    threats : sequence of str
    level : {"low", "base", "high"}
        Of the disputed inputs.

    Returns
    -------
    FeatureLayer
        A sector, or a circle, for each radar, class and mode. ``range_km`` is the slant range, drawn along the ground
        on the mean sphere as maps of this library draw it; the horizon, which ends the view of a body near the ground
        sooner, is not drawn. A class without a cross-section in the radar's band has no row.
    """
    defence = defence_of(scenario, architecture, level)
    columns = {name: place for place, name in enumerate(scenario.threats)}
    rows: list[PlacedRow] = []
    for name, radar in zip(defence.radar_names, defence.radars, strict=True):
        for threat in threats:
            for mode, ranges in (("search", radar.search_ranges), ("track", radar.track_ranges)):
                reach = ranges[columns[threat]]
                if reach > 0.0:
                    row = {"radar": name, "threat": threat, "mode": mode, "range_km": reach / KILOMETRE}
                    rows.append((_sector(radar, reach), row))
    return FeatureLayer("radar_ranges", "Ranges of radars, along the ground", rows)


def _sector(radar: Radar, reach: float) -> shapely.MultiPolygon:
    """Return what lies within a distance [m] along the ground and within the sectors of a radar."""
    latitude, longitude = radar.latitude / DEGREE, radar.longitude / DEGREE
    plane = EqualAreaPlane(latitude, longitude)
    half = 180.0 if radar.sector_halfwidth is None or not radar.boresights else radar.sector_halfwidth / DEGREE
    middles = [azimuth / DEGREE for azimuth in radar.boresights] if half < _NEARLY_ROUND_DEG else [0.0]
    parts = [_edge(latitude, longitude, min(reach, _LONGEST), middle, half) for middle in middles]
    areas = []
    for edge in parts:
        x, y = plane.points(*edge)
        areas.append(valid_area(shapely.Polygon(np.column_stack([x, y]))))
    return valid_area(shapely.geometry.shape(geojson_geometry(valid_area(shapely.union_all(areas)), plane)))


def _edge(
    latitude: float, longitude: float, reach: float, azimuth: float, half: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return latitudes and longitudes [deg] of the vertices of a sector; a circle has no apex."""
    turned = azimuth + np.linspace(-half, half, max(3, math.ceil(2.0 * half / _ARC_DEG) + 1))
    if half >= _NEARLY_ROUND_DEG:
        turned = turned[:-1]
    distances = np.full(turned.shape, reach)
    if half < _NEARLY_ROUND_DEG:
        spoke = np.linspace(0.0, reach, max(2, math.ceil(reach / _SPOKE_M) + 1))[:-1]
        turned = np.concatenate([np.full(spoke.shape, turned[0]), turned, np.full(spoke.size - 1, turned[-1])])
        distances = np.concatenate([spoke, distances, spoke[:0:-1]])
    starts = np.full(turned.shape, longitude), np.full(turned.shape, latitude)
    longitudes, latitudes, _ = _SPHERE.fwd(*starts, turned, distances)
    return np.asarray(latitudes), np.asarray(longitudes)


def column_names(names: Sequence[str]) -> dict[str, str]:
    """Return the ends of column names for classes: letters, digits and underscores, no two alike.

    Some readers take a dot in the name of a column for that of a table, and refuse a hyphen.
    """
    found: dict[str, str] = {}
    taken: set[str] = {"low", "high"}  # of levels
    for name in names:
        plain = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in name).lower()
        ending, number = plain, 1
        while ending in taken:
            number += 1
            ending = f"{plain}_{number}"
        taken.add(ending)
        found[name] = ending
    return found


def finite_or_none(value: Any) -> float | None:
    """Return a number; None where it is not finite."""
    return float(value) if math.isfinite(value) else None


def player_place(places_deg: Sequence[tuple[float, float]]) -> shapely.Point | shapely.MultiPoint | None:
    """Return where the elements of a player stand, latitudes and longitudes [deg]; None for one without a place."""
    points = [shapely.Point(longitude, latitude) for latitude, longitude in places_deg]
    if len(points) > 1:
        return shapely.MultiPoint(points)
    return points[0] if points else None
