"""Maps of coverage: one architecture at a time, and pages of small maps."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch
from numpy.typing import NDArray

from hoplon.analysis.architectures import short_title
from hoplon.analysis.coverage import Coverage
from hoplon.analysis.tally import DEFENDED, NOT_THREATENED, OPEN, states
from hoplon.presentation import colours
from hoplon.presentation.labels import Label, place_labels
from hoplon.presentation.maps.cartography import base_map, draw_base, draw_scale_bar, label_graticule
from hoplon.presentation.maps.layers import (
    Corner,
    cause_handles,
    city_labels,
    draw_causes,
    draw_legend,
    draw_radars,
    draw_states,
    heading,
    land_handles,
    radar_handles,
    size_handles,
    state_handles,
    symbol_handle,
)
from hoplon.presentation.maps.raster import Ground, classes
from hoplon.presentation.maps.shown import ShownCoverage
from hoplon.presentation.maps.symbols import KINDS, Site, draw_sites, sites
from hoplon.presentation.maps.unmet import draw_unmet_areas
from hoplon.presentation.maps.windows import ATLANTIC_ISLANDS, EUROPE, NORTH_AMERICA, MapWindow, window_of
from hoplon.presentation.picture import DPI, SMALL_DPI, Picture, foot, head, new_figure, picture, source_line
from hoplon.presentation.wording import capitalised, percent
from hoplon.scenario import geography
from hoplon.scenario.model import Scenario

LEVELS: Final = {
    "low": "worst corner of the disputed inputs",
    "base": "base values",
    "high": "best corner of the disputed inputs",
}
DATA_SOURCES: Final = "borders Natural Earth 1:50m, places GeoNames (CC BY 4.0)"
_LEGEND: Final = (0.34, 0.32)  # [1] of the map's width and height
_SAME_PLACE_DEG: Final = 0.1  # [deg] from a capital, a place is taken for it
_SAME_NAME_M: Final = 100e3  # from a label to another that says the same
_FEW_CITIES: Final = 6  # named on a small map
_LEGEND_COLUMN: Final = 46  # [characters] of a legend in the cell of a map
_BORDERS: Final = 3000.0  # [m] by which borders on a large map are simplified at most: under half a point
_LARGE_MERGE: Final = 12e3  # [m] places closer than this share a dot on a large map
_SMALL_MERGE: Final = 40e3  # [m] and on a small one


def coverage_map(ground: Ground, scenario: Scenario, shown: ShownCoverage, name: str, range_told: str = "") -> Picture:
    """Draw the defended area and people of one architecture.

    Parameters
    ----------
    ground : Ground
        The aim points.
    scenario : Scenario
        Whose sites and radars.
    shown : ShownCoverage
        Coverage, classes, nations, shares.
    name : str
        Stem of the files.
    range_told : str
        Low and high of the share of people, as the heading says them.
    """
    window, coverage = coverage_window(scenario, shown), shown.coverage
    figure, axes = framed(window, 9.2)
    draw_coverage(axes, ground, scenario, shown)
    told = f" ({range_told})" if range_told else ""
    title = f"{_with_year(scenario, coverage)}: {_people_told(shown)}{told}"
    level = LEVELS[coverage.level] + (", in brackets the worst and best corner of the disputed inputs" if told else "")
    of_land = (
        "" if shown.area_share is None else f". {capitalised(percent(shown.area_share))} of threatened land defended"
    )
    head(figure, title, f"{capitalised(shown.subject.title)}; {level}{of_land}")
    foot(figure, _map_source(coverage, window, _radar_note(scenario)))
    return picture(figure, name, title, _alternative(scenario, shown))


def coverage_title(scenario: Scenario, shown: ShownCoverage) -> str:
    """Return the title of a map: the architecture with its year, and the share of the people defended."""
    return f"{_with_year(scenario, shown.coverage)}: {_people_told(shown)}"


def draw_coverage(axes: Axes, ground: Ground, scenario: Scenario, shown: ShownCoverage, small: bool = False) -> None:
    """Draw the map of a coverage into axes, with its legend; islands of the Atlantic in axes of their own.

    Parameters
    ----------
    axes : Axes
        They are given the limits of the map.
    ground : Ground
        The aim points.
    scenario : Scenario
        Whose sites and radars.
    shown : ShownCoverage
        Coverage, classes, nations, shares.
    small : bool
        For axes in which the legend would cover the map: it holds the states alone and stands below, and only the
        largest cities are named.
    """
    window = coverage_window(scenario, shown)
    base = base_map(window, shown.nations, _BORDERS)
    elements = scenario.architecture(shown.coverage.architecture).elements
    land = draw_base(axes, base)
    label_graticule(axes, base)
    draw_states(axes, ground, shown, window, land, _LARGE_MERGE)
    _draw_inset(axes, ground, shown, window)
    arrows = draw_radars(axes, scenario, elements, window)
    found = sites(scenario, elements)
    names, room = draw_sites(axes, window, found)
    if small:
        draw_scale_bar(axes, window, 2.0 * window.scale_km, 5.0)
        axes.legend(
            handles=state_handles(),
            loc="upper left",
            bbox_to_anchor=(0.0, -0.04),
            ncols=3,
            fontsize=7.0,
            frameon=False,
            handletextpad=0.3,
            borderaxespad=0.0,
        )
        place_labels(axes, _told_once([*names, *city_labels(shown, window, _FEW_CITIES)]), [*room, *arrows])
        return
    draw_scale_bar(axes, window, window.scale_km)
    inside = [site for site in found if window.holds(*window.project(site.latitude_deg, site.longitude_deg))]
    present = [kind for kind in KINDS if any(kind in site.kinds for site in inside)]
    rows = [
        heading("People, area by number"),
        *state_handles(),
        *size_handles(),
        heading("Land"),
        *land_handles(),
    ]
    unmet, marks, unmet_handles = draw_unmet_areas(axes, scenario, shown, window)
    for title, handles in (
        ("Sites", [symbol_handle(kind) for kind in present]),
        ("Radars", radar_handles(elements) if arrows or any("radar" in kind for kind in present) else []),
        ("Launch areas not met", unmet_handles),
    ):
        rows += [heading(title), *handles] if handles else []
    draw_legend(axes, rows, _free_corner(shown, window))
    place_labels(axes, _told_once([*names, *unmet, *city_labels(shown, window, 24)]), [*room, *arrows, *marks])


def _told_once(labels: Sequence[Label]) -> list[Label]:
    """Leave out a label that says what one near it says: a site in a city, two sites of one name."""
    kept: list[Label] = []
    for label in labels:
        near = (other for other in kept if np.hypot(label.x - other.x, label.y - other.y) < _SAME_NAME_M)
        if label.text not in {other.text for other in near}:
            kept.append(label)
    return kept


def small_maps(
    ground: Ground,
    scenario: Scenario,
    panels: Sequence[ShownCoverage],
    name: str,
    titles: tuple[str, str],
    columns: int,
    captions: Sequence[str],
    causes: bool = False,
    shots_told: bool = True,
    fine: bool = False,
) -> Picture:
    """Draw a page of small maps, one a coverage and set of classes.

    Parameters
    ----------
    ground : Ground
        The aim points.
    scenario : Scenario
        Whose sites.
    panels : sequence of ShownCoverage
        One a map.
    name : str
        Stem of the files.
    titles : tuple of str
        Title and subtitle.
    columns : int
        Maps in a row.
    captions : sequence of str
        One a map.
    causes : bool
        Colour by cause of the gap instead of by state.
    shots_told : bool
        The coverages tell one shot from two or more.
    fine : bool
        Drawn as finely as a single map.
    """
    window = coverage_window(scenario, panels[0])

    def draw(axes: Axes, place: int) -> None:
        shown = panels[place]
        land = draw_base(axes, base_map(window, shown.nations, 4000.0 * columns), 0.3)
        layer = draw_causes if causes else draw_states
        layer(axes, ground, shown, window, land, _SMALL_MERGE, 2.2 / columns**2)
        elements = scenario.architecture(shown.coverage.architecture).elements
        draw_sites(axes, window, [site for site in sites(scenario, elements) if _sees_or_shoots(site)], 1.7 / columns)

    handles = cause_handles() if causes else [*state_handles(), *land_handles(shots_told)]
    used = {
        kind
        for shown in panels
        for site in _sites_of(scenario, shown)
        for kind in site.kinds
        if _sees_or_shoots(site) and window.holds(*window.project(site.latitude_deg, site.longitude_deg))
    }
    handles += [symbol_handle(kind) for kind in KINDS if kind in used]
    note = "places merged within 40 km, none left out; radar lines left out"
    figure = page_of_maps(window, len(panels), columns, titles, captions, draw, handles)
    foot(figure, _map_source(panels[0].coverage, window, note))
    alt_text = "; ".join(f"{caption}: {shares(shown)}" for caption, shown in zip(captions, panels, strict=True))
    dots = DPI if fine else SMALL_DPI
    return picture(figure, name, titles[0], f"{titles[0]}. {alt_text}", dots)


def certainty_maps(
    ground: Ground,
    scenario: Scenario,
    panels: Sequence[tuple[ShownCoverage, ShownCoverage, ShownCoverage]],
    name: str,
    title: str,
    captions: Sequence[str],
    columns: int = 3,
) -> Picture:
    """Draw where the disputed inputs decide who is defended; a panel is one architecture at low, base and high."""
    window = coverage_window(scenario, panels[0][1])
    keys = list(colours.CERTAINTY)
    raster = ground.raster(window)

    def draw(axes: Axes, place: int) -> None:
        low, base, high = panels[place]
        land = draw_base(axes, base_map(window, base.nations, 4000.0 * columns), 0.3)
        if raster is None:
            return
        held = [states(level.coverage, level.subject.threats) for level in (low, base, high)]
        kind = np.select(
            [held[1] == NOT_THREATENED, held[0] == DEFENDED, held[1] == DEFENDED, held[2] == DEFENDED], [0, 1, 2, 3], 4
        )
        cells = raster.only(base.chosen)
        classes(axes, cells, kind[cells.chosen], [colours.CERTAINTY[key] for key in keys], land)

    handles: list[Artist] = [Patch(fc=colours.CERTAINTY[key], label=colours.CERTAINTY_LABELS[key]) for key in keys]
    under = (
        f"{capitalised(panels[0][1].subject.title)}; share of threatened people, base (low to high); disputed "
        "inputs: warhead cross-section, burnout speed, release"
    )
    figure = page_of_maps(window, len(panels), columns, (title, under), captions, draw, handles)
    foot(figure, _map_source(panels[0][1].coverage, window))
    alt_text = "; ".join(
        f"{caption}: {percent(low.population_share)} to {percent(high.population_share)} of threatened people defended"
        for caption, (low, _, high) in zip(captions, panels, strict=True)
    )
    return picture(figure, name, title, f"{title}. {alt_text}.", SMALL_DPI)


def page_of_maps(
    window: MapWindow,
    number: int,
    columns: int,
    titles: tuple[str, str],
    captions: Sequence[str],
    draw: Callable[[Axes, int], None],
    handles: Sequence[Artist],
    width: float = 10.0,
) -> Figure:
    """Return a page of maps of one window under one heading, with one legend below, or in the cell left over.

    Parameters
    ----------
    window : MapWindow
        What each map shows.
    number, columns : int
        Maps, and maps in a row.
    titles : tuple of str
        Title and subtitle.
    captions : sequence of str
        One a map.
    draw : callable
        Draws the map of a number into its axes.
    handles : sequence of Artist
        The legend.
    width : float
        Of the page [inch].
    """
    rows = -(-number // columns)
    cell = width / columns
    map_height = (cell - 0.1) / window.aspect
    spare = number % columns and columns < 4
    below = 0.42 if spare else 0.52 + 0.155 * -(-len(handles) // 3)
    height = 0.72 + rows * (map_height + 0.26) + below
    figure = new_figure(width, height)
    for place in range(number):
        row, column = divmod(place, columns)
        bottom = below + (rows - 1 - row) * (map_height + 0.26)
        axes = figure.add_axes(
            ((column * cell + 0.05) / width, bottom / height, (cell - 0.1) / width, map_height / height)
        )
        if columns > 2:
            axes.set_rasterization_zorder(15)
        draw(axes, place)
        axes.set_title(
            captions[place],
            fontsize=8.0 if columns < 4 else 6.6 if columns == 4 else 6.0,
            loc="left",
            pad=3,
            color=colours.INK,
        )
        if place == 0:
            draw_scale_bar(axes, window, 2.0 * window.scale_km, 5.0)
    corner = ((number % columns) * cell + 0.15, below + map_height) if spare else (0.1, below - 0.02)
    if spare:
        for handle in handles:
            handle.set_label("\n".join(textwrap.wrap(str(handle.get_label()), _LEGEND_COLUMN)))
    figure.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(corner[0] / width, corner[1] / height),
        ncols=1 if spare else 3,
        fontsize=7.0,
        frameon=False,
        columnspacing=1.4,
        labelspacing=0.45,
    )
    head(figure, *titles)
    return figure


def framed(window: MapWindow, height: float) -> tuple[Figure, Axes]:
    """Return a figure with one map under a head of 0.78 inch and over a foot of 0.52 inch."""
    map_height = height - 1.3
    map_width = map_height * window.aspect
    width = map_width + 0.6
    figure = new_figure(width, height)
    return figure, figure.add_axes((0.42 / width, 0.52 / height, map_width / width, map_height / height))


def coverage_window(scenario: Scenario, shown: ShownCoverage) -> MapWindow:
    """Return the window of a map of a coverage: the nations that it shows, and nearly all of their aim points."""
    areas = [area.at for area in scenario.launch_areas.values()]
    return window_of(shown.nations, shown.coverage.points.subset(shown.chosen), areas)


def _free_corner(shown: ShownCoverage, window: MapWindow) -> Corner:
    """Return the corner for the legend: in a window about points, that with the fewest of them."""
    if window in (EUROPE, NORTH_AMERICA):
        return "upper right"
    points = shown.coverage.points.subset(shown.chosen)
    x, y = window.project(points.latitude_deg, points.longitude_deg)
    right, up = (x - window.x_min) / (window.x_max - window.x_min), (y - window.y_min) / (window.y_max - window.y_min)
    covered: dict[Corner, NDArray[np.bool_]] = {
        "upper right": (right > 1.0 - _LEGEND[0]) & (up > 1.0 - _LEGEND[1]),
        "lower right": (right > 1.0 - _LEGEND[0]) & (up < _LEGEND[1]),
        "upper left": (right < _LEGEND[0]) & (up > 1.0 - _LEGEND[1]),
    }
    return min(covered, key=lambda corner: int(covered[corner].sum()))


def _draw_inset(axes: Axes, ground: Ground, shown: ShownCoverage, window: MapWindow) -> None:
    """Draw the Azores, Madeira and the Canaries in a corner of the Atlantic."""
    if not {"PRT", "ESP"} & set(shown.nations) or window is not EUROPE:
        return
    figure = axes.get_figure(root=True)
    assert figure is not None
    box = axes.get_position()
    islands = ATLANTIC_ISLANDS
    width = 0.112 * box.width
    height = width * figure.get_figwidth() / islands.aspect / figure.get_figheight()
    inset = figure.add_axes((box.x0 + 0.008 * box.width, box.y0 + 0.345 * box.height, width, height))
    inset.set_zorder(5)
    land: PathPatch = draw_base(inset, base_map(islands, shown.nations, 2000.0), 0.3)
    draw_states(inset, ground, shown, islands, land, _LARGE_MERGE, 0.5)
    inset.set_title("Azores, Madeira, Canaries", fontsize=4.8, pad=1.5, color=colours.QUIET)


def _sites_of(scenario: Scenario, shown: ShownCoverage) -> list[Site]:
    return sites(scenario, scenario.architecture(shown.coverage.architecture).elements)


def _sees_or_shoots(site: Site) -> bool:
    return any(kind.endswith(("battery", "radar")) for kind in site.kinds)


def shares(shown: ShownCoverage) -> str:
    """Say how much of the threatened people and land is defended."""
    if shown.area_share is None:
        return capitalised(_people_told(shown))
    people, land = percent(shown.population_share), percent(shown.area_share)
    return f"Defended: {people} of threatened {shown.counted}, {land} of threatened land"


def _people_told(shown: ShownCoverage) -> str:
    if shown.population_share is None:
        return "nobody threatened" if shown.counted == "people" else "no point threatened"
    return f"{percent(shown.population_share)} of threatened {shown.counted} defended"


def _with_year(scenario: Scenario, coverage: Coverage) -> str:
    title = short_title(scenario, coverage.architecture)
    return title if coverage.year is None else f"{title} ({coverage.year})"


def _map_source(coverage: Coverage, window: MapWindow, *more: str) -> str:
    first = source_line(coverage.scenario_name, coverage.scenario_sha256, window.title, DATA_SOURCES)
    return "\n".join((first, *more))


def _radar_note(scenario: Scenario) -> str:
    sections = [threat.rcs_m2["X"].value for threat in scenario.threats.values() if "X" in threat.rcs_m2]
    section = f" (X band {sections[-1]:g} m²)" if sections else ""
    return (
        f"Radar lines: cued-track slant range against the base warhead cross-section{section}, drawn as ground range. "
        "Launch areas: of the flight with the fewest shots. Places merged within 12 km, none left out. Scale true at "
        "the centre of the map."
    )


def _alternative(scenario: Scenario, shown: ShownCoverage) -> str:
    coverage = shown.coverage
    state = states(coverage, shown.subject.threats)
    capitals = {}
    for name, latitude, longitude in geography.capitals(shown.nations).values():
        here = np.hypot(coverage.points.latitude_deg - latitude, coverage.points.longitude_deg - longitude)
        here[coverage.points.kind != "place"] = np.inf
        if here.min(initial=np.inf) > _SAME_PLACE_DEG:
            continue
        capitals[name] = int(state[int(np.argmin(here))])
    parts = []
    for key, words in ((DEFENDED, "defended"), (OPEN, "threatened and undefended")):
        names = ", ".join(sorted(name for name, value in capitals.items() if value == key))
        parts.append(f"Capitals {words}: {names or 'none'}.")
    return f"Map. {_with_year(scenario, coverage)}, {shown.subject.title}. {shares(shown)}. {' '.join(parts)}"
