"""Sites on a map: one symbol a kind, one name a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.path import Path

from hoplon.presentation import colours
from hoplon.presentation.labels import Label
from hoplon.presentation.maps.cartography import ground_range
from hoplon.presentation.maps.windows import MapWindow
from hoplon.scenario.model import Element, Scenario
from hoplon.scenario.titles import element_short_title

_LONGEST_TITLE: Final = 28  # [characters] of a label on a map
_LOWER_LAYER_KM: Final = 160.0  # [km] an interceptor that cannot go higher belongs to the lower layer; assumed
_HULL: Final = Path(
    np.array(
        [
            [-1.0, -0.25, -0.25, 0.0, 0.0, 0.15, 0.15, 0.35, 0.35, 1.0, 0.7, -0.75, -1.0],
            [0.1, 0.1, 0.55, 0.55, 1.0, 1.0, 0.55, 0.55, 0.1, 0.1, -0.6, -0.6, 0.1],
        ]
    ).T,
    closed=True,
)


@dataclass(frozen=True)
class Symbol:
    """How a kind of site is drawn."""

    marker: str | Path
    face: str
    edge: str
    size: float
    label: str


KINDS: Final[Mapping[str, Symbol]] = {
    "land_battery": Symbol("^", colours.BATTERY, "white", 9.5, "interceptors on land, upper layer"),
    "sea_battery": Symbol(_HULL, colours.BATTERY, "white", 13.0, "interceptors at sea"),
    "lower_battery": Symbol("v", "#6F86D6", "white", 5.5, "interceptors, lower layer"),
    "radar": Symbol("D", colours.RADAR, "#3A2C00", 6.5, "radar"),
    "partner_radar": Symbol("D", "white", colours.PARTNER, 6.5, "partner radar (read-only feed)"),
    "hub": Symbol("*", "#111111", "white", 12.0, "command and control: hub"),
    "alternate": Symbol("s", "#111111", "white", 6.0, "command and control: alternate"),
    "regional": Symbol("s", "white", "#111111", 5.5, "command and control: regional"),
}


@dataclass
class Site:
    """Elements that stand at one place: kinds in drawing order, names of the elements."""

    latitude_deg: float
    longitude_deg: float
    kinds: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        """One name for the place: the shortest title given, or the words that the elements' names begin with."""
        return min(self.titles, key=lambda title: (len(title), title)) if self.titles else site_name(self.names)


def kind_of(scenario: Scenario, element: Element) -> str | None:
    """Return the kind of symbol of an element; None if it stands nowhere on Earth."""
    if element.at is None:
        return None
    if element.battery is not None:
        if element.basing == "sea":
            return "sea_battery"
        highest = scenario.interceptors[element.battery].intercept_altitude_km[1].value
        return "lower_battery" if highest <= _LOWER_LAYER_KM else "land_battery"
    if element.radar is not None:
        return "partner_radar" if element.partner else "radar"
    return element.node


def sites(scenario: Scenario, elements: Mapping[str, Element], apart: float = 30e3) -> list[Site]:
    """Return the places of some elements; elements less than ``apart`` [m] from a place join it."""
    order = list(KINDS)
    found: list[Site] = []
    for name, element in elements.items():
        kind = kind_of(scenario, element)
        if kind is None or element.at is None:
            continue
        here = element.at.latitude_deg, element.at.longitude_deg
        site = next(
            (other for other in found if ground_range(*here, other.latitude_deg, other.longitude_deg) < apart), None
        )
        if site is None:
            site = Site(*here)
            found.append(site)
        site.names.append(name)
        if (element.title or element.short_title) and len(
            title := element_short_title(scenario, name)
        ) <= _LONGEST_TITLE:
            site.titles.append(title)
        if kind not in site.kinds:
            site.kinds.append(kind)
    for site in found:
        site.kinds.sort(key=order.index)
        if "sea_battery" in site.kinds and "radar" in site.kinds:
            site.kinds.remove("radar")  # a ship carries its own
    return found


def site_name(names: Sequence[str]) -> str:
    """Return one name for the elements of a site: the words that their names begin with, or the shortest name."""
    together = zip(*(name.split("-") for name in names), strict=False)
    shared = [words[0] for words in takewhile(lambda words: len(set(words)) == 1, together)]
    words = shared or min(names, key=lambda name: (len(name), name)).split("-")
    return " ".join(word.capitalize() for word in words)


def draw_sites(
    axes: Axes, window: MapWindow, found: Sequence[Site], scale: float = 1.0
) -> tuple[list[Label], list[tuple[float, float, float]]]:
    """Draw the symbols of sites side by side; return their labels and the room that the symbols take.

    Parameters
    ----------
    axes : Axes
        The map.
    window : MapWindow
        Its window.
    found : sequence of Site
        The sites.
    scale : float
        Factor on the size of the symbols.
    """
    labels: list[Label] = []
    room: list[tuple[float, float, float]] = []
    axes.apply_aspect()
    per_point = axes.figure.canvas.figure.dpi / 72.0
    metres = 1.0 / abs(axes.transData.transform((1.0, 0.0))[0] - axes.transData.transform((0.0, 0.0))[0])
    for site in found:
        x, y = (float(value) for value in window.project(site.latitude_deg, site.longitude_deg))
        if not window.holds(x, y):
            continue
        widths = np.array([KINDS[kind].size * scale for kind in site.kinds])
        offsets = np.cumsum(widths) - widths / 2.0 - widths.sum() / 2.0
        for kind, offset in zip(site.kinds, offsets, strict=True):
            symbol = KINDS[kind]
            place = x + offset * per_point * metres
            axes.plot(
                [place],
                [y],
                marker=symbol.marker,
                ms=symbol.size * scale,
                mfc=symbol.face,
                mec=symbol.edge,
                mew=0.7 * scale,
                ls="",
                zorder=14,
            )
            room.append((place, y, symbol.size * scale / 2.0))
        lower = all(kind == "lower_battery" for kind in site.kinds)
        labels.append(Label(x, y, site.label, float(widths.sum()) / 2.0, 6.5 if lower else 7.5, not lower))
    return labels, room
