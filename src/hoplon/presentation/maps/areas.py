"""Maps of areas: what a battery defends, and where launches at an aim are denied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import shapely
from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch

from hoplon.presentation import colours
from hoplon.presentation.labels import Label, place_labels
from hoplon.presentation.maps.cartography import (
    base_map,
    draw_base,
    draw_scale_bar,
    label_graticule,
    outline,
    projected,
)
from hoplon.presentation.maps.coverage import DATA_SOURCES, framed
from hoplon.presentation.maps.layers import draw_legend, draw_radars, heading, radar_handles, symbol_handle
from hoplon.presentation.maps.symbols import KINDS, draw_sites, sites
from hoplon.presentation.maps.windows import EUROPE, NORTH_AMERICA, WIDE, MapWindow, wide_window, window_of
from hoplon.presentation.picture import Picture, foot, head, picture, source_line
from hoplon.scenario.model import Element, Scenario

_FILLS: Final = ("#00736B", "#2F6FB7", "#7B5EA7", "#B8860B", "#D1491F", "#5A6470")

_DASHES: Final = ("-", (0, (6, 1.5)), (0, (3, 1.2)), (0, (1.2, 1)), (0, (6, 1.5, 1.2, 1.5)), "-.")  # told apart in grey
_MOST: Final = 0.97  # [1] of the corners and marks that count as everything
_FILL_ALPHA: Final = 0.34  # of all fills together: areas lie over one another


@dataclass(frozen=True)
class Area:
    """One area of a map.

    Parameters
    ----------
    label : str
        Its entry in the legend.
    geometry : shapely geometry
        Polygons, WGS 84 [deg], longitude first.
    area_km2 : float
        Its size [km2].
    """

    label: str
    geometry: Any
    area_km2: float


@dataclass(frozen=True)
class Mark:
    """A named point: ``kind`` is ``launch`` or ``aim``."""

    name: str
    latitude_deg: float
    longitude_deg: float
    kind: str


def area_of_geojson(label: str, feature: Mapping[str, Any], area_km2: float) -> Area:
    """Return the area of a GeoJSON geometry, feature or feature collection."""
    if feature.get("type") == "FeatureCollection":
        geometry = shapely.union_all([shapely.geometry.shape(item["geometry"]) for item in feature["features"]])
    else:
        geometry = shapely.geometry.shape(feature.get("geometry", feature))
    return Area(label, geometry, area_km2)


def area_map(
    scenario: Scenario,
    areas: Sequence[Area],
    marks: Sequence[Mark],
    elements: Mapping[str, Element],
    titles: tuple[str, str],
    name: str,
    nations: tuple[str, ...] | None = None,
) -> Picture:
    """Draw footprints of batteries, or launch areas denied, one colour each.

    Parameters
    ----------
    scenario : Scenario
        Whose radars and interceptors.
    areas : sequence of Area
        In the order of the legend; they may overlap.
    marks : sequence of Mark
        Launch areas and aims.
    elements : mapping
        Sites to draw, by name.
    titles : tuple of str
        Title and subtitle.
    name : str
        Stem of the files.
    nations : tuple of str, optional
        Nations to tint; all of the scenario's by default.
    """
    tinted = tuple(scenario.nations) if nations is None else nations
    window = _window(scenario, tinted, areas, marks, elements)
    base = base_map(window, tinted, 4000.0 if window is WIDE else 3000.0)
    figure, axes = framed(window, 8.8)
    draw_base(axes, base)
    label_graticule(axes, base)
    rows: list[Artist] = [heading("Areas")]
    for place, area in enumerate(areas):
        colour, dashes = _FILLS[place % len(_FILLS)], _DASHES[place % len(_DASHES)]
        shape = projected(area.geometry, window)
        axes.add_artist(PathPatch(outline([shape]), fc=colour, ec="none", alpha=_FILL_ALPHA / len(areas), zorder=6))
        axes.add_artist(PathPatch(outline([shape]), fc="none", ec=colour, lw=1.8, ls=dashes, zorder=7))
        rows.append(
            Patch(fc=colour + "55", ec=colour, lw=1.6, ls=dashes, label=f"{area.label}: {million_km2(area.area_km2)}")
        )
    arrows = draw_radars(axes, scenario, elements, window)
    found = sites(scenario, elements)
    names, room = draw_sites(axes, window, found)
    marked = _draw_marks(axes_marks=axes, window=window, marks=marks)
    labels = [*marked, *names]
    room += [(mark.x, mark.y, mark.radius) for mark in marked]
    present = [kind for kind in KINDS if any(kind in site.kinds for site in found)]
    if present:
        rows += [heading("Sites"), *(symbol_handle(kind) for kind in present)]
    if any(element.radar is not None for element in elements.values()):
        rows += [heading("Radars"), *radar_handles(elements)]
    if marks:
        rows.append(heading("Places"))
    for kind, label, marker in (("launch", "launch area (generic)", "o"), ("aim", "aim point", "X")):
        if any(mark.kind == kind for mark in marks):
            rows.append(
                Line2D([], [], ls="", marker=marker, ms=6, mfc="white", mec=colours.LAUNCH_AREA, mew=1.2, label=label)
            )
    draw_legend(axes, rows, "lower left" if window is WIDE else "upper right")
    draw_scale_bar(axes, window, window.scale_km, right=window is WIDE)
    place_labels(axes, labels, [*room, *arrows])
    head(figure, *titles)
    foot(
        figure, source_line(scenario.name, scenario.sha256, window.title, DATA_SOURCES) + "\nScale true at the centre."
    )
    alt_text = "; ".join(f"{area.label}, {million_km2(area.area_km2)}" for area in areas).replace(
        "km²", "square kilometres"
    )
    return picture(figure, name, titles[0], f"Map. {titles[0]}. {titles[1]}. {alt_text}.")


def million_km2(area_km2: float) -> str:
    """Return the size of an area with three digits, in millions of square kilometres from one on."""
    if area_km2 >= 0.9995e6:
        return f"{area_km2 / 1e6:.2f} million km²"
    return f"{float(f'{area_km2:.3g}'):,.0f} km²"


def _window(
    scenario: Scenario,
    nations: tuple[str, ...],
    areas: Sequence[Area],
    marks: Sequence[Mark],
    elements: Mapping[str, Element],
) -> MapWindow:
    """Return the nations' own window if everything lies in it, else the wide one or one about everything."""
    launched = [area.at for area in scenario.launch_areas.values()]
    longitude, latitude = [mark.longitude_deg for mark in marks], [mark.latitude_deg for mark in marks]
    for area in areas:
        corners = shapely.get_coordinates(area.geometry)
        longitude += list(corners[:, 0])
        latitude += list(corners[:, 1])
    usual = window_of(nations, None, launched)
    if not longitude:
        return usual
    for window in dict.fromkeys((usual, EUROPE, NORTH_AMERICA)):
        if bool(window.holds(*window.project(latitude, longitude)).mean() > _MOST):
            return window
    batteries = [item.at for item in elements.values() if item.battery is not None and item.at is not None]
    return wide_window(nations, latitude, longitude, [*launched, *batteries])


def _draw_marks(axes_marks: Any, window: MapWindow, marks: Sequence[Mark]) -> list[Label]:
    labels = []
    for mark in marks:
        x, y = (float(value) for value in window.project(mark.latitude_deg, mark.longitude_deg))
        if window.holds(x, y):
            shape = "o" if mark.kind == "launch" else "X"
            axes_marks.plot([x], [y], shape, ms=6.5, mfc="white", mec=colours.LAUNCH_AREA, mew=1.3, zorder=14)
            labels.append(Label(x, y, mark.name, 4.0, 7.2, True, colours.LAUNCH_AREA))
    return labels
