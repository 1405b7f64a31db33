"""Maps of a number at each of some places, in steps of colour; and of what an addition changes in a coverage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from hoplon.analysis.tally import DEFENDED, NOT_THREATENED, states
from hoplon.presentation import colours
from hoplon.presentation.maps.cartography import base_map, draw_base
from hoplon.presentation.maps.coverage import DATA_SOURCES, page_of_maps
from hoplon.presentation.maps.layers import symbol_handle
from hoplon.presentation.maps.raster import Ground, classes
from hoplon.presentation.maps.shown import ShownCoverage
from hoplon.presentation.maps.symbols import draw_sites, sites
from hoplon.presentation.maps.windows import EUROPE, MOST_PART, NORTH_AMERICA, MapWindow, window_of, window_showing
from hoplon.presentation.picture import SMALL_DPI, Picture, foot, picture, source_line
from hoplon.presentation.wording import percent
from hoplon.scenario.geography import AimPoints
from hoplon.scenario.model import Element, Scenario

_EDGE: Final = "#5A6470"
ADDED: Final = {"before": "#CFE8E3", "added": "#7B5EA7", "lost": "#1B2A6B", "open": "#F6CDB5"}
_ADDED_LABELS: Final = {
    "before": "defended without {}",
    "added": "defended only with {}",
    "lost": "defended only without {}",
    "open": "threatened, undefended either way",
}


@dataclass(frozen=True)
class Panel:
    """One map of values.

    Attributes
    ----------
    caption : str
    values : ndarray, shape (places,)
        NaN where there is nothing to show.
    nations : tuple of str
        Whose land is tinted; places of others are left out.
    elements : mapping
        Sites to mark.
    """

    caption: str
    values: NDArray[np.float64]
    nations: tuple[str, ...]
    elements: Mapping[str, Element]


@dataclass(frozen=True)
class Steps:
    """Steps of colour: the lower edge of each, its colour and what the legend says; values below the first are 0."""

    edges: tuple[float, ...]
    colours: tuple[str, ...]
    labels: tuple[str, ...]


def value_maps(
    scenario: Scenario,
    places: AimPoints,
    panels: Sequence[Panel],
    steps: Steps,
    titles: tuple[str, str],
    name: str,
    note: str = "",
    size: float = 9.0,
) -> Picture:
    """Draw places as dots coloured by a value, one map a panel.

    Parameters
    ----------
    scenario : Scenario
    places : AimPoints
        Where the values are.
    panels : sequence of Panel
    steps : Steps
    titles : tuple of str
        Title and subtitle.
    name : str
        Stem of the files.
    note : str
        Said below the source.
    size : float
        Area of a dot [square points].
    """
    columns, codes = min(3, len(panels)), [code for panel in panels for code in panel.nations]
    window = _window(scenario, codes, places.subset(np.isin(places.nation, codes)))
    x, y = window.project(places.latitude_deg, places.longitude_deg)

    def draw(axes: Axes, place: int) -> None:
        panel = panels[place]
        draw_base(axes, base_map(window, panel.nations, 4000.0 * columns), 0.3)
        shown = np.isfinite(panel.values) & np.isin(places.nation, panel.nations)
        order = np.flatnonzero(shown)
        order = order[np.argsort(panel.values[order], kind="stable")]
        step = np.clip(np.searchsorted(steps.edges, panel.values[order], side="right") - 1, 0, None)
        face = np.array(steps.colours)[step]
        axes.scatter(x[order], y[order], s=size, c=face, linewidths=0.25, edgecolors=_EDGE, zorder=8)
        draw_sites(axes, window, sites(scenario, panel.elements), 0.62)

    kinds = [kind for panel in panels for site in sites(scenario, panel.elements) for kind in site.kinds]
    handles: list[Artist] = [
        Line2D([], [], ls="", marker="o", ms=5.5, mfc=colour, mec=_EDGE, mew=0.4, label=label)
        for colour, label in zip(steps.colours, steps.labels, strict=True)
    ]
    handles += [symbol_handle(kind) for kind in dict.fromkeys(kinds)]
    figure = page_of_maps(window, len(panels), columns, titles, [panel.caption for panel in panels], draw, handles)
    line = source_line(scenario.name, scenario.sha256, window.title, DATA_SOURCES)
    foot(figure, f"{line}\n{note}" if note else line)
    return picture(figure, name, titles[0], f"{titles[0]}. {titles[1]}. {_in_words(places, panels, steps)}", SMALL_DPI)


def _window(scenario: Scenario, nations: Sequence[str], points: AimPoints) -> MapWindow:
    areas = [area.at for area in scenario.launch_areas.values()]
    if not len(points):
        return window_of(nations, None, areas)
    return window_showing((EUROPE, NORTH_AMERICA), points.latitude_deg, points.longitude_deg, MOST_PART, areas)


def _in_words(places: AimPoints, panels: Sequence[Panel], steps: Steps) -> str:
    parts = []
    for panel in panels:
        shown = np.isfinite(panel.values) & np.isin(places.nation, panel.nations)
        step = np.clip(np.searchsorted(steps.edges, panel.values[shown], side="right") - 1, 0, None)
        counts = np.bincount(step, minlength=len(steps.labels))
        words = ", ".join(f"{label} {count} places" for label, count in zip(steps.labels, counts, strict=True) if count)
        parts.append(f"{panel.caption}: {words or 'no place'}")
    return "; ".join(parts) + "."


def added_maps(
    ground: Ground,
    scenario: Scenario,
    pairs: Sequence[tuple[ShownCoverage, ShownCoverage]],
    elements: Sequence[Mapping[str, Element]],
    titles: tuple[str, str],
    captions: Sequence[str],
    name: str,
    addition: str = "the partner radars",
    labels: Mapping[str, str] = _ADDED_LABELS,
    told: Sequence[str] = (),
) -> Picture:
    """Draw what an addition changes in coverages: land and places defended before, with it alone, without it alone.

    Parameters
    ----------
    ground : Ground
        The aim points.
    scenario : Scenario
    pairs : sequence of (ShownCoverage, ShownCoverage)
        Without and with the addition.
    elements : sequence of mapping
        Sites to mark on each map.
    titles : tuple of str
        Title and subtitle.
    captions : sequence of str
    name : str
        Stem of the files.
    addition : str
        What the legend calls it.
    labels : mapping
        What the legend says of each key of :data:`ADDED`; ``{}`` stands for the addition.
    told : sequence of str, optional
        Each map in words, for who cannot see it; by default its caption and both shares.
    """
    columns, first = min(3, len(pairs)), pairs[0][0]
    window = _window(scenario, first.nations, first.coverage.points.subset(first.chosen))
    raster, keys = ground.raster(window), list(ADDED)

    def draw(axes: Axes, place: int) -> None:
        before, after = pairs[place]
        land = draw_base(axes, base_map(window, before.nations, 4000.0 * columns), 0.3)
        if raster is not None:
            old, new = (states(shown.coverage, shown.subject.threats) for shown in (before, after))
            kind = np.select(
                [
                    old == NOT_THREATENED,
                    (old == DEFENDED) & (new == DEFENDED),
                    new == DEFENDED,
                    old == DEFENDED,
                ],
                [0, 1, 2, 3],
                4,
            )
            cells = raster.only(before.chosen)
            classes(axes, cells, kind[cells.chosen], [ADDED[key] for key in keys], land)
        draw_sites(axes, window, sites(scenario, elements[place]), 0.62)

    kinds = [kind for marked in elements for site in sites(scenario, marked) for kind in site.kinds]
    handles: list[Artist] = [
        Patch(fc=ADDED[key], ec=colours.BORDER, lw=0.4, label=labels[key].format(addition))
        for key in keys
        if key != "lost" or any(_lost(before, after) for before, after in pairs)
    ]
    handles += [symbol_handle(kind) for kind in dict.fromkeys(kinds)]
    figure = page_of_maps(window, len(pairs), columns, titles, captions, draw, handles)
    foot(figure, source_line(scenario.name, scenario.sha256, window.title, DATA_SOURCES))
    words = told or [
        f"{caption}: {percent(before.population_share)} to {percent(after.population_share)} of threatened people"
        for caption, (before, after) in zip(captions, pairs, strict=True)
    ]
    return picture(figure, name, titles[0], f"{titles[0]}. {'; '.join(words)}.", SMALL_DPI)


def compared_map(
    ground: Ground,
    scenario: Scenario,
    pair: tuple[ShownCoverage, ShownCoverage],
    elements: Mapping[str, Element],
    names: tuple[str, str],
    subtitle: str,
    name: str,
) -> Picture:
    """Draw which land and places both of two architectures defend, one of them alone, or neither.

    Parameters
    ----------
    ground : Ground
        The aim points.
    scenario : Scenario
    pair : tuple of ShownCoverage
        Of the first and the second, on the same nations.
    elements : mapping
        Sites to mark.
    names : tuple of str
        What the legend calls them.
    subtitle : str
    name : str
        Stem of the files.
    """
    first, second = (text.replace("{", "{{").replace("}", "}}") for text in names)
    labels = {
        "before": "defended by both",
        "lost": f"only by {first}",
        "added": f"only by {second}",
        "open": "threatened, undefended by either",
    }
    shares = [percent(shown.population_share) for shown in pair]
    titles = (f"{names[0]} and {names[1]}", subtitle)
    caption = f"{shares[0]} and {shares[1]} of the threatened people defended"
    told = f"Of the threatened people {shares[0]} are defended by {names[0]}, {shares[1]} by {names[1]}"
    return added_maps(ground, scenario, [pair], [elements], titles, [caption], name, labels=labels, told=[told])


def _lost(before: ShownCoverage, after: ShownCoverage) -> bool:
    old, new = (states(shown.coverage, shown.subject.threats) for shown in (before, after))
    return bool(np.any((old == DEFENDED) & (new != DEFENDED) & before.chosen))
