"""Maps of the threat: who is within reach of which class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from hoplon.analysis.tally import is_flown, is_projected
from hoplon.presentation import colours
from hoplon.presentation.labels import Label, place_labels
from hoplon.presentation.maps.cartography import base_map, draw_base, draw_scale_bar, ground_range, label_graticule
from hoplon.presentation.maps.coverage import DATA_SOURCES, framed
from hoplon.presentation.maps.layers import draw_legend, heading
from hoplon.presentation.maps.raster import HATCH, Ground, classes, hatch
from hoplon.presentation.maps.windows import MapWindow, wide_window
from hoplon.presentation.picture import Picture, foot, head, picture, source_line
from hoplon.scenario.geography import AimPoints
from hoplon.scenario.model import Scenario
from hoplon.scenario.titles import area_short_title, threat_short_title

_LEGEND: Final = (0.36, 0.32)  # of the map's width and height, from its lower left corner
_BAR: Final = (0.25, 0.08)  # and the scale bar from its lower right one
_WAYS: Final = ((1, 0), (1, -1), (1, 1), (0, 1), (0, -1), (-1, 1), (-1, 0))  # least of these: west, north-west, ...


def reach_map(ground: Ground, scenario: Scenario, name: str = "threat-reach") -> Picture:
    """Draw the range rings of every class, and the nations' land by the class of least range that reaches it.

    Parameters
    ----------
    ground : Ground
        The aim points.
    scenario : Scenario
        Classes and launch areas.
    name : str
        Stem of the files.
    """
    window = reach_window(scenario, ground.points)
    flown = [key for key in scenario.threats if is_flown(scenario, key)]
    flown.sort(key=lambda key: scenario.threats[key].max_range_km.value)
    nations = tuple(scenario.nations)
    figure, axes = framed(window, 8.6)
    base = base_map(window, nations, 4000.0)
    land = draw_base(axes, base, 0.4)
    label_graticule(axes, base)
    shade = dict(zip(flown, reversed(colours.along(colours.SEQUENCE[:-1], len(flown))), strict=True))
    raster = ground.raster(window)
    if raster is not None:
        raster = raster.only(np.isin(ground.points.nation, nations))
        least = _least_class(ground, scenario, flown)[raster.chosen]
        classes(axes, raster, least, [shade[key] for key in flown], land)
        projected = [number for number, key in enumerate(flown, start=1) if is_projected(scenario, key)]
        hatch(axes, raster, np.isin(least, projected), land)
    labels = _draw_rings(axes, window, scenario, flown)
    areas = _draw_areas(axes, window, scenario)
    draw_scale_bar(axes, window, window.scale_km, right=True)
    rows: list[Artist] = [
        heading("Land, by the class of least range"),
        heading("that reaches it (first year, low to high)"),
    ]
    rows += [
        Patch(
            fc=shade[key],
            ec="white" if is_projected(scenario, key) else colours.BORDER,
            hatch=HATCH if is_projected(scenario, key) else None,
            lw=0.4,
            label=_class_label(scenario, key),
        )
        for key in flown
    ]
    rows.append(Patch(fc=colours.MEMBER_LAND, ec=colours.BORDER, lw=0.4, label="out of reach of every class"))
    rows.append(heading("Lines"))
    rows.append(Line2D([], [], color=colours.LAUNCH_AREA, lw=1.0, label="greatest range from any of its areas"))
    if any(is_projected(scenario, key) for key in flown):
        rows.append(Line2D([], [], color=colours.LAUNCH_AREA, lw=1.0, ls="--", label="the same, projected class"))
    rows.append(
        Line2D([], [], ls="", marker="o", ms=5, mfc="white", mec=colours.LAUNCH_AREA, label="launch area (generic)")
    )
    draw_legend(axes, rows, "lower left")
    place_labels(axes, [*areas, *labels], [(area.x, area.y, 3.0) for area in areas])
    title = "Who is within reach of which class"
    under = "Great-circle reach from the areas that launch each class: generic points, no claim that any unit is there"
    head(figure, title, under)
    foot(
        figure, source_line(scenario.name, scenario.sha256, window.title, DATA_SOURCES) + "\nScale true at the centre."
    )
    alt_text = "; ".join(_class_label(scenario, key) for key in flown)
    return picture(figure, name, title, f"Map with range rings by class: {alt_text}.")


def reach_window(scenario: Scenario, points: AimPoints) -> MapWindow:
    """Return the window of the map of reach: the nations, their aim points and the launch areas."""
    launched = [area.at for area in scenario.launch_areas.values()]
    return wide_window(tuple(scenario.nations), points.latitude_deg, points.longitude_deg, launched)


def _least_class(ground: Ground, scenario: Scenario, flown: Sequence[str]) -> NDArray[np.int64]:
    """Return for each aim point the number (from 1) of the first class in ``flown`` that reaches it; 0 for none."""
    points = ground.points
    far = {
        area: ground_range(record.at.latitude_deg, record.at.longitude_deg, points.latitude_deg, points.longitude_deg)
        for area, record in scenario.launch_areas.items()
    }
    least = np.zeros(len(points), dtype=np.int64)
    for number, key in reversed(list(enumerate(flown, start=1))):
        threat = scenario.threats[key]
        for area in threat.launch_areas if threat.launch_areas is not None else far:
            near, most = 1000.0 * threat.min_range_km.value, 1000.0 * threat.max_range_km.value
            least[(far[area] >= near) & (far[area] <= most)] = number
    return least


def _draw_rings(axes: Axes, window: MapWindow, scenario: Scenario, flown: Sequence[str]) -> list[Label]:
    """Draw the edge of each class's reach from all its areas together; return a label for each."""
    x = np.linspace(window.x_min, window.x_max, 360)
    y = np.linspace(window.y_min, window.y_max, 300)
    grid_x, grid_y = np.meshgrid(x, y)
    latitude, longitude = window.locate(grid_x, grid_y)
    far = {
        area: ground_range(record.at.latitude_deg, record.at.longitude_deg, latitude, longitude)
        for area, record in scenario.launch_areas.items()
    }
    labels: list[Label] = []
    for key in reversed(flown):
        threat = scenario.threats[key]
        areas = list(threat.launch_areas if threat.launch_areas is not None else far)
        beyond = np.min([far[area] for area in areas], axis=0) - 1000.0 * threat.max_range_km.value
        if not (np.nanmin(beyond) < 0.0 < np.nanmax(beyond)):
            continue
        style = "dashed" if is_projected(scenario, key) else "solid"
        lines = axes.contour(
            x, y, beyond, levels=[0.0], colors=[colours.LAUNCH_AREA], linestyles=[style], linewidths=0.9, zorder=9
        )
        vertices = np.concatenate([path.vertices for path in lines.get_paths()])
        inside = vertices[_well_inside(window, vertices)]
        if len(inside):
            west, *others = (
                (float(x), float(y)) for x, y in (inside[np.argmin(inside @ np.array(way))] for way in _WAYS)
            )
            text = f"{threat.max_range_km.value:,.0f} km"
            labels.append(Label(*west, text, 1.0, 7.0, False, colours.LAUNCH_AREA, tuple(others)))
    return labels


def _well_inside(window: MapWindow, vertices: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which points are far enough from the frame for a label, and not below the legend or the scale bar."""
    width, pad = window.x_max - window.x_min, 0.03 * (window.x_max - window.x_min)
    x, y = vertices[:, 0], vertices[:, 1]
    inside = (x > window.x_min + pad) & (x < window.x_max - pad) & (y > window.y_min + pad) & (y < window.y_max - pad)
    across, up = (x - window.x_min) / width, (y - window.y_min) / (window.y_max - window.y_min)
    below = ((across < _LEGEND[0]) & (up < _LEGEND[1])) | ((across > 1.0 - _BAR[0]) & (up < _BAR[1]))
    return np.asarray(inside & ~below)


def _draw_areas(axes: Axes, window: MapWindow, scenario: Scenario) -> list[Label]:
    labels = []
    for name, area in scenario.launch_areas.items():
        x, y = (float(value) for value in window.project(area.at.latitude_deg, area.at.longitude_deg))
        if window.holds(x, y):
            axes.plot([x], [y], "o", ms=4.5, mfc="white", mec=colours.LAUNCH_AREA, mew=1.2, zorder=14)
            labels.append(Label(x, y, area_short_title(scenario, name), 3.0, 6.8, True, colours.LAUNCH_AREA))
    return labels


def _class_label(scenario: Scenario, key: str) -> str:
    """Return the name of a class with its greatest range, first year and bounds."""
    threat = scenario.threats[key]
    text = f"{threat_short_title(scenario, key)} {threat.max_range_km.value:,.0f} km"
    if threat.from_ is None:
        return text
    low, high = threat.from_.at("low"), threat.from_.at("high")
    bounds = f", {low:.0f} to {high:.0f}" if low != high else ""
    projected = "projected, " if is_projected(scenario, key) else ""
    return f"{text} ({projected}{threat.from_.value:.0f}{bounds})"
