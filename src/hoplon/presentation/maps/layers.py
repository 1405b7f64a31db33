"""Layers that maps are stacked from: shaded land, places, radars, legends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, PathPatch
from numpy.typing import NDArray

from hoplon.analysis.coverage import CAUSES
from hoplon.analysis.radar_range import reference_range_km
from hoplon.analysis.tally import DEFENDED, NOT_THREATENED, OPEN, fewest_shots, leading_cause, states
from hoplon.presentation import colours
from hoplon.presentation.labels import Label
from hoplon.presentation.maps.cartography import connected, geodesic_sector
from hoplon.presentation.maps.raster import Ground, LandRaster, classes, shade
from hoplon.presentation.maps.shown import ShownCoverage
from hoplon.presentation.maps.symbols import KINDS
from hoplon.presentation.maps.windows import MapWindow
from hoplon.scenario import geography
from hoplon.scenario.model import Element, RadarType, Scenario

_STATE_NAMES: Final = {NOT_THREATENED: "not_threatened", OPEN: "open", DEFENDED: "defended"}
_EDGED: Final = 6.0  # [square points] dots larger than this have an edge
_DASHES: Final = (0, (5, 3))
_ARROW_M, _ARROW = 280e3, 0.06  # [m], [1] of a map's width: the arrow of a boresight is no longer than either


def draw_states(
    axes: Axes,
    ground: Ground,
    shown: ShownCoverage,
    window: MapWindow,
    land: PathPatch,
    radius: float,
    scale: float = 1.0,
) -> None:
    """Shade land, and draw places as dots, by state.

    Parameters
    ----------
    axes : Axes
        The map.
    ground : Ground
        The aim points.
    shown : ShownCoverage
        What the map shows.
    window : MapWindow
        Its window.
    land : PathPatch
        The members' land, to clip to.
    radius : float
        Places closer than this [m] share a dot.
    scale : float
        Factor on the area of the dots.
    """
    chosen = shown.chosen
    state = states(shown.coverage, shown.subject.threats)
    raster = ground.raster(window)
    if raster is not None:
        raster = raster.only(chosen)
        shots = fewest_shots(shown.coverage, shown.subject.threats)
        _shade_states(axes, raster, state[raster.chosen], shots[raster.chosen], land)
    people = np.where(chosen, ground.points.population, 0.0)
    _draw_dots(axes, ground, window, radius, people, state, [colours.STATES[_STATE_NAMES[k]] for k in range(3)], scale)


def draw_causes(
    axes: Axes,
    ground: Ground,
    shown: ShownCoverage,
    window: MapWindow,
    land: PathPatch,
    radius: float,
    scale: float = 1.0,
) -> None:
    """Colour undefended land, and the undefended people, by the leading cause; defended land is tinted.

    The parameters are those of :func:`draw_states`.
    """
    chosen = shown.chosen
    cause = leading_cause(shown.coverage, shown.subject.threats)
    state = states(shown.coverage, shown.subject.threats)
    face = [colours.CAUSES[key] for key in CAUSES[1:]]
    raster = ground.raster(window)
    if raster is not None:
        raster = raster.only(chosen)
        category = np.where(state == DEFENDED, len(CAUSES), cause)[raster.chosen]
        classes(axes, raster, category, [*face, colours.SHADES["defended"]], land)
    people = np.where(chosen & (cause > 0), ground.points.population, 0.0)
    _draw_dots(axes, ground, window, radius, people, cause, ["#FFFFFF", *face], scale, colours.INK, 3.0e5)


def _shade_states(
    axes: Axes, raster: LandRaster, state: NDArray[np.int8], shots: NDArray[np.int16], land: PathPatch
) -> None:
    shade(axes, raster, state == OPEN, [(0.5, 1.01, colours.SHADES["open"])], land)
    held = state == DEFENDED
    shade(axes, raster, held, [(0.5, 1.01, colours.SHADES["one_shot"])], land)
    shade(axes, raster, held & (shots >= 2), [(0.5, 1.01, colours.SHADES["more_shots"])], land)


def _draw_dots(
    axes: Axes,
    ground: Ground,
    window: MapWindow,
    radius: float,
    population: NDArray[np.float64],
    category: NDArray[np.integer],
    face: Sequence[str],
    scale: float,
    edge: str = "white",
    least: float = 0.0,
) -> None:
    """Draw a dot for the people of each category at each dot's place, large ones below; raster inside the SVG."""
    dots = ground.dots(window, radius)
    people = dots.people(population, category, len(face))
    place, kind = np.nonzero(people > least)
    number = people[place, kind]
    order = np.argsort(-number, kind="stable")
    size = scale * dot_area(number[order])
    for shown, width in ((size > _EDGED, 0.4), (size <= _EDGED, 0.0)):
        chosen = order[shown]
        axes.scatter(
            dots.x[place[chosen]],
            dots.y[place[chosen]],
            s=size[shown],
            c=np.array(face)[kind[chosen]],
            linewidths=width,
            edgecolors=edge,
            zorder=8,
            rasterized=True,
        )


def dot_area(population: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the area of a dot [square points]: proportional to people, with a least size that can be seen."""
    return np.maximum(26.0 * np.asarray(population, float) / 1.0e6, 0.6)


def radar_reference_range_km(scenario: Scenario, radar: RadarType) -> tuple[float, float]:
    """Return the search and the cued-track range [km] of a radar against the base warhead.

    Notes
    -----
    R = min(instrumented, R0 (s/s0)^(1/4)), s the base cross-section in the radar's band, of the class of greatest
    range that states one; a radar whose band no class states keeps its reference range.
    """
    longest = sorted(scenario.threats.values(), key=lambda threat: threat.max_range_km.value)
    sections = [threat.rcs_m2[radar.band].value for threat in longest if radar.band in threat.rcs_m2]
    ranges = []
    for form in (radar.search, radar.track):
        ratio = sections[-1] / form.reference_rcs_m2.value if sections else 1.0
        ranges.append(min(radar.max_range_km.value, reference_range_km(form) * ratio**0.25))
    return ranges[0], ranges[1]


def draw_radars(
    axes: Axes, scenario: Scenario, elements: Mapping[str, Element], window: MapWindow
) -> list[tuple[float, float, float]]:
    """Draw the cued-track range of each radar (dashed) and its boresights (arrows); return the room the arrows take."""
    room: list[tuple[float, float, float]] = []
    for element in elements.values():
        if element.radar is None or element.at is None:
            continue
        radar = scenario.radars[element.radar]
        far = 1000.0 * radar_reference_range_km(scenario, radar)[1]
        here = element.at.latitude_deg, element.at.longitude_deg
        colour = colours.PARTNER if element.partner else colours.RADAR_LINE
        width = 0.7 if far > 3.0e6 or element.basing == "sea" else 1.2
        half = radar.sector_halfwidth_deg
        for boresight in map(float, element.boresights_deg) if half is not None else ():
            x, y = connected(window, *geodesic_sector(*here, far, boresight, half.value if half is not None else 180.0))
            axes.plot(x, y, color=colour, lw=width, ls=_DASHES, zorder=9)
            room += _draw_boresight(axes, window, here, boresight, colour)
        if half is None or not element.boresights_deg:
            x, y = connected(window, *geodesic_sector(*here, far))
            axes.plot(x, y, color=colour, lw=width, ls=_DASHES, zorder=9)
    return room


def _draw_boresight(
    axes: Axes, window: MapWindow, here: tuple[float, float], boresight_deg: float, colour: str
) -> list[tuple[float, float, float]]:
    length = min(_ARROW_M, _ARROW * (window.x_max - window.x_min))
    latitude, longitude = geodesic_sector(*here, length, boresight_deg, 0.01)
    x, y = window.project([here[0], latitude[len(latitude) // 2]], [here[1], longitude[len(longitude) // 2]])
    axes.annotate(
        "",
        (x[1], y[1]),
        (x[0], y[0]),
        arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 1.1},
        zorder=12,
        annotation_clip=True,
    )
    return [
        (float(x[0] + share * (x[1] - x[0])), float(y[0] + share * (y[1] - y[0])), 2.0) for share in (0.4, 0.7, 1.0)
    ]


def city_labels(shown: ShownCoverage, window: MapWindow, number: int) -> list[Label]:
    """Return labels for the capitals and the most populous places, most people first."""
    points = shown.coverage.points
    largest = np.flatnonzero((points.kind == "place") & shown.chosen)
    largest = largest[np.argsort(-points.population[largest], kind="stable")][:number]
    wanted = {
        name: (latitude, longitude, 0.4e6) for name, latitude, longitude in geography.capitals(shown.nations).values()
    }
    for place in largest:
        here = float(points.latitude_deg[place]), float(points.longitude_deg[place])
        wanted[str(points.name[place])] = (*here, float(points.population[place]))
    labels = []
    for name, (latitude, longitude, people) in sorted(wanted.items(), key=lambda item: -item[1][2]):
        x, y = (float(value) for value in window.project(latitude, longitude))
        if window.holds(x, y):
            radius = float(np.sqrt(dot_area(np.array(people)) / np.pi))
            labels.append(Label(x, y, name, radius, 6.6, False, "#2F3742"))
    return labels


Corner = Literal["upper right", "lower right", "upper left", "lower left"]


def draw_legend(axes: Axes, rows: Sequence[Artist], where: Corner = "upper right") -> None:
    """Draw a legend of headings and entries in a corner of a map."""
    legend = axes.legend(
        handles=rows,
        loc=where,
        fontsize=6.8,
        framealpha=0.93,
        edgecolor=colours.BORDER,
        borderpad=0.7,
        labelspacing=0.42,
        handlelength=2.2,
        borderaxespad=0.5,
    )
    legend.set_zorder(18)
    for text, row in zip(legend.get_texts(), rows, strict=True):
        if row.get_gid() == "heading":
            text.set_fontweight("bold")
            text.set_x(-20)


def heading(text: str) -> Artist:
    """Return a legend entry that is a heading."""
    row = Patch(fc="none", ec="none", label=text)
    row.set_gid("heading")
    return row


def state_handles() -> list[Artist]:
    """Return the legend of the places' states."""
    return [
        Line2D([], [], ls="", marker="o", ms=5.5, mfc=colours.STATES[key], mec="white", mew=0.4, label=label)
        for key, label in colours.STATE_LABELS.items()
    ]


def size_handles() -> list[Artist]:
    """Return the legend of the dots' sizes."""
    rows: list[Artist] = []
    for people, label in ((1.0e5, "100 thousand"), (1.0e6, "1 million"), (5.0e6, "5 million people")):
        size = float(np.sqrt(dot_area(np.array(people))))
        rows.append(
            Line2D([], [], ls="", marker="o", ms=size, mfc="#FFFFFF00", mec=colours.QUIET, mew=0.7, label=label)
        )
    return rows


def land_handles(shots_told: bool = True) -> list[Artist]:
    """Return the legend of shaded land, with one shot told from two or more, or not."""
    held = {"one_shot": "defended, one shot opportunity", "more_shots": "defended, two or more"}
    if not shots_told:
        held = {"one_shot": "defended"}
    return [
        *(Patch(fc=colours.SHADES[key], ec=colours.BORDER, lw=0.4, label=label) for key, label in held.items()),
        Patch(fc=colours.SHADES["open"], ec=colours.BORDER, lw=0.4, label="threatened, undefended"),
        Patch(fc=colours.MEMBER_LAND, ec=colours.BORDER, lw=0.4, label="not threatened"),
    ]


def cause_handles() -> list[Artist]:
    """Return the legend of the causes."""
    rows: list[Artist] = [Patch(fc=colours.CAUSES[key], label=colours.CAUSE_LABELS[key]) for key in CAUSES[1:]]
    return [*rows, Patch(fc=colours.SHADES["defended"], ec=colours.BORDER, lw=0.4, label="defended")]


def symbol_handle(kind: str) -> Line2D:
    """Return the legend entry of a kind of site."""
    symbol = KINDS[kind]
    return Line2D(
        [],
        [],
        ls="",
        marker=symbol.marker,
        ms=symbol.size,
        mfc=symbol.face,
        mec=symbol.edge,
        mew=0.7,
        label=symbol.label,
    )


def radar_handles(elements: Mapping[str, Element]) -> list[Artist]:
    """Return the legend of the radar lines."""
    rows: list[Artist] = [
        Line2D([], [], color=colours.RADAR_LINE, lw=1.2, ls=_DASHES, label="cued-track range against the base warhead")
    ]
    if any(element.radar is not None and element.boresights_deg for element in elements.values()):
        rows.append(
            Line2D(
                [], [], ls="", marker=r"$\rightarrow$", ms=11, color=colours.RADAR_LINE, label="boresight of a sector"
            )
        )
    if any(element.partner for element in elements.values()):
        rows.append(Line2D([], [], color=colours.PARTNER, lw=1.2, ls=_DASHES, label="partner radar"))
    return rows
