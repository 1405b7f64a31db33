"""Launch areas whose flights are not met: where a map of coverage says that what is undefended is attacked from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from hoplon.analysis.placed.coverage_layers import undefended_from
from hoplon.presentation import colours
from hoplon.presentation.labels import Label
from hoplon.presentation.maps.shown import ShownCoverage
from hoplon.presentation.wording import millions
from hoplon.scenario.model import Scenario
from hoplon.scenario.titles import area_short_title

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hoplon.presentation.maps.windows import MapWindow
    from hoplon.scenario.values import Place

_MOST: Final = 4  # launch areas on a map
_LEAST_SHARE: Final = 0.02  # [1] of the people undefended
_INSIDE: Final = 0.035  # [1] of the map's height: how far from its frame the mark of an area beyond it stands
_APART: Final = 0.045  # [1] of the map's height between two such marks


def unmet_people(shown: ShownCoverage) -> Mapping[str, float]:
    """Return the people who are undefended by the launch area of the hardest flight at them, most people first.

    The hardest flight of a class is the one with the fewest shots. People whom several classes leave undefended from
    several areas count under each of these.
    """
    population = shown.coverage.points.population
    there = undefended_from(shown.coverage, shown.subject.threats, shown.nations)
    people = {name: float(population[points].sum()) for name, points in there.items()}
    return {name: people[name] for name in sorted(people, key=lambda name: -people[name]) if people[name] > 0.0}


def draw_unmet_areas(
    axes: Axes, scenario: Scenario, shown: ShownCoverage, window: MapWindow
) -> tuple[list[Label], list[tuple[float, float, float]], list[Line2D]]:
    """Mark the launch areas with most people undefended; one beyond the frame by an arrow at its edge.

    Returns
    -------
    labels : list of Label
        Names, with the people undefended.
    room : list of tuple
        Easting, northing [m] and radius [points] that the marks take.
    handles : list of Line2D
        The legend of the marks.
    """
    found = unmet_people(shown)
    most = max(found.values(), default=0.0)
    labels: list[Label] = []
    edges: list[tuple[float, float]] = []
    chosen = [name for name, people in list(found.items())[:_MOST] if people >= _LEAST_SHARE * most]
    places = {name: _place(window, scenario.launch_areas[name].at) for name in chosen}
    for name in sorted(chosen, key=lambda name: -_bearing(window, *places[name])):
        x, y = places[name]
        inside = bool(window.holds(x, y))
        if not inside:
            x, y = _on_the_edge(window, x, y, edges)
            edges.append((x, y))
        turned = (3, 0, _bearing(window, x, y) - 90.0)
        axes.plot(
            [x], [y], ls="", marker="o" if inside else turned, ms=6.5 if inside else 9.0, mfc="white",
            mec=colours.LAUNCH_AREA, mew=1.4, zorder=14,
        )  # fmt: skip
        words = f"{area_short_title(scenario, name)}: {millions(found[name])}"
        labels.append(Label(x, y, words, 5.0, 7.0, True, colours.LAUNCH_AREA))
    room = [(label.x, label.y, label.radius) for label in labels]
    return labels, room, _handles(len(labels) - len(edges), len(edges))


def _on_the_edge(window: MapWindow, x: float, y: float, taken: list[tuple[float, float]]) -> tuple[float, float]:
    """Return where the line from the middle of a map to a place beyond it leaves the map, clear of other marks."""
    middle = window.centre
    height = window.y_max - window.y_min
    half = (window.x_max - window.x_min) / 2.0 - _INSIDE * height, height / 2.0 - _INSIDE * height
    away = x - middle[0], y - middle[1]
    if not np.isfinite(away).all():
        away = (1.0, 0.0)
    scale = min(side / abs(step) for side, step in zip(half, away, strict=True) if step)
    here = middle[0] + scale * away[0], middle[1] + scale * away[1]
    along_y = abs(away[0]) * half[1] >= abs(away[1]) * half[0]
    while any(np.hypot(here[0] - other[0], here[1] - other[1]) < _APART * height for other in taken):
        step = _APART * height
        here = (here[0], here[1] - step) if along_y else (here[0] - step, here[1])
    return here


def _place(window: MapWindow, at: Place) -> tuple[float, float]:
    x, y = window.project(at.latitude_deg, at.longitude_deg)
    return float(x), float(y)


def _bearing(window: MapWindow, x: float, y: float) -> float:
    """Return the direction of a place from the middle of a map [deg], counted anticlockwise from its right edge."""
    return float(np.degrees(np.arctan2(y - window.centre[1], x - window.centre[0])))


def _handles(inside: int, beyond: int) -> list[Line2D]:
    """Return the legend of so many marks within the map and at its edge."""
    kinds = ((inside, "o", "people undefended from there"), (beyond, "^", "the same, off the map in this direction"))
    return [
        Line2D([], [], ls="", marker=marker, ms=6.5, mfc="white", mec=colours.LAUNCH_AREA, mew=1.3, label=words)
        for number, marker, words in kinds
        if number
    ]
