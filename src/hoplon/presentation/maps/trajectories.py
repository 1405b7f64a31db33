"""Maps of trajectories, coloured by the least burnout speed at which they are engaged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from hoplon.presentation import colours
from hoplon.presentation.maps.cartography import base_map, connected, draw_base
from hoplon.presentation.maps.coverage import DATA_SOURCES, page_of_maps
from hoplon.presentation.maps.layers import symbol_handle
from hoplon.presentation.maps.symbols import KINDS, draw_sites, sites
from hoplon.presentation.maps.windows import window_about
from hoplon.presentation.picture import Picture, foot, picture, source_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from hoplon.scenario.model import Element, Scenario

_NEVER: Final = "#B9BEC6"
_STEPS: Final = ("#7A1B1B", "#D1491F", "#E8B44C", "#4FA395", "#1B2A6B")
_BELOW_KM_S: Final = (5.0, 6.0, 7.0, 8.0, float("inf"))


@dataclass(frozen=True)
class DrawnTrajectory:
    """The ground track of a trajectory [deg], and how far along it the boost ends.

    Attributes
    ----------
    name, threat : str
    latitude_deg, longitude_deg : ndarray, shape (n,)
        From launch to impact.
    burnout : int
        Index of the first place after burnout.
    """

    name: str
    threat: str
    latitude_deg: NDArray[np.float64]
    longitude_deg: NDArray[np.float64]
    burnout: int


@dataclass(frozen=True)
class TrajectoryPanel:
    """An architecture, and the least speed [km/s] at which it engages each trajectory; None for none."""

    title: str
    elements: Mapping[str, Element]
    least_km_s: Mapping[str, float | None]


def trajectory_maps(
    scenario: Scenario,
    tracks: Sequence[DrawnTrajectory],
    panels: Sequence[TrajectoryPanel],
    titles: tuple[str, str],
    name: str,
) -> Picture:
    """Draw a map for each architecture, with each trajectory coloured by the least speed at which it is engaged.

    Parameters
    ----------
    scenario : Scenario
    tracks : sequence of DrawnTrajectory
    panels : sequence of TrajectoryPanel
    titles : tuple of str
        Title and subtitle.
    name : str
        Stem of the files.
    """
    placed = [item.at for panel in panels for item in panel.elements.values() if item.at is not None]
    north = np.concatenate([track.latitude_deg for track in tracks] + [[item.latitude_deg for item in placed]])
    east = np.concatenate([track.longitude_deg for track in tracks] + [[item.longitude_deg for item in placed]])
    window = window_about(north, east)
    base = base_map(window, tuple(scenario.nations), 15_000.0)
    classes = list(dict.fromkeys(track.threat for track in tracks))

    def draw(axes: Axes, place: int) -> None:
        panel = panels[place]
        draw_base(axes, base, 0.3)
        for track in sorted(tracks, key=lambda track: panel.least_km_s[track.name] is not None):
            x, y = connected(window, track.latitude_deg, track.longitude_deg)
            colour = colour_of(panel.least_km_s[track.name])
            dashes = "-" if track.threat == classes[0] else (0, (2, 2))
            axes.plot(x, y, color=colour, lw=1.3, ls=dashes, zorder=9)
            axes.plot(x[:1], y[:1], "o", ms=3.2, mfc="white", mec=colours.LAUNCH_AREA, zorder=11)
        found = sites(scenario, {key: item for key, item in panel.elements.items() if item.battery or item.radar})
        draw_sites(axes, window, found, 0.75)

    columns = 2 if len(panels) > 1 else 1
    figure = page_of_maps(
        window, len(panels), columns, titles, [panel.title for panel in panels], draw, _legend(tracks)
    )
    foot(figure, source_line(scenario.name, scenario.sha256, window.title, DATA_SOURCES))
    told = "; ".join(f"{panel.title}: {_in_words(panel)}" for panel in panels)
    return picture(figure, name, titles[0], f"Maps. {titles[0]}. {told}.")


def colour_of(speed_km_s: float | None) -> str:
    """Return the colour of the least speed at which a trajectory is engaged; grey for none."""
    if speed_km_s is None:
        return _NEVER
    return next(colour for colour, below in zip(_STEPS, _BELOW_KM_S, strict=True) if speed_km_s < below)


def _legend(tracks: Sequence[DrawnTrajectory]) -> list[Artist]:
    bounds = ("below 5 km/s", "5 to 6 km/s", "6 to 7 km/s", "7 to 8 km/s", "8 km/s and more")
    rows: list[Artist] = [
        Patch(fc=colour, ec="none", label=f"engaged from {words} on")
        for colour, words in zip(_STEPS, bounds, strict=True)
    ]
    rows.append(Patch(fc=_NEVER, ec="none", label="not engaged at any speed judged"))
    for place, threat in enumerate(dict.fromkeys(track.threat for track in tracks)):
        rows.append(Line2D([], [], color=colours.INK, lw=1.3, ls="-" if place == 0 else (0, (2, 2)), label=threat))
    rows.append(Line2D([], [], ls="", marker="o", ms=4, mfc="white", mec=colours.LAUNCH_AREA, label="launch point"))
    rows += [symbol_handle(kind) for kind in KINDS if kind in ("land_battery", "sea_battery", "radar")]
    return rows


def _in_words(panel: TrajectoryPanel) -> str:
    engaged = [speed for speed in panel.least_km_s.values() if speed is not None]
    if not engaged:
        return f"none of {len(panel.least_km_s)} engaged"
    return f"{len(engaged)} of {len(panel.least_km_s)} engaged, the first from {min(engaged):g} km/s"
