"""One flight under several architectures: coverage, tracks and shots in time, and the accuracy of the fused track."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from hoplon.analysis.named_flight import BatteryTimeline, NamedFlight, RadarTimeline, Timeline
from hoplon.presentation import colours
from hoplon.presentation.charts.lines import (
    ArchitectureLine,
    architecture_legend,
    distinct_lines,
    draw_line,
    log_ticks,
    style_axes,
)
from hoplon.presentation.picture import Picture, foot, head, new_figure, picture

_COVER: Final = "#E6E9EE"
_SEARCH: Final = "#C7CEDA"
_TRACK: Final = colours.RADAR
_INTERCEPT: Final = "#D1491F"
_ROW: Final = 0.21  # [inch]
_GAP: Final = 1.35  # rows above each architecture, for its name


def timelines_figure(
    flight: NamedFlight,
    names: Mapping[str, str],
    titles: Mapping[str, str],
    headings: tuple[str, str],
    source: str,
    name: str,
) -> Picture:
    """Draw coverage, tracks, launches and intercepts of one flight, a block of rows for each architecture.

    Parameters
    ----------
    flight : NamedFlight
    names : mapping
        Architecture to its title.
    titles : mapping
        Element to its title.
    headings : tuple of str
        Title and subtitle.
    source, name : str
    """
    shown = flight.timelines
    rows = sum(_GAP + len(_covering(line)) + len(line.batteries) for line in shown) + 1.4
    width, height = 10.0, 1.75 + _ROW * rows
    figure = new_figure(width, height)
    axes = figure.add_axes((0.24, 0.95 / height, 0.74, (height - 1.65) / height))
    axes.set_xlim(0.0, flight.impact_s)
    axes.set_ylim(rows, 0.0)
    for words, start, end, shade in (
        ("boost", 0.0, flight.burnout_s, "#F2D9CF"),
        ("free flight and re-entry", flight.burnout_s, flight.impact_s, "#FBF1EC"),
    ):
        axes.barh(0.6, end - start, left=start, height=0.8, color=shade, ec="white", lw=1.0)
        axes.text(0.5 * (start + end), 0.62, words, fontsize=7.0, ha="center", va="center", color=colours.LAUNCH_AREA)
    axes.text(-8.0, 0.62, "threat", fontsize=7.4, ha="right", va="center", color=colours.LAUNCH_AREA)
    place = 1.4
    for line in shown:
        axes.axhline(place + 0.25, color="#9AA3AE", lw=0.6)
        axes.text(
            -0.315 * flight.impact_s, place + 0.85, names[line.architecture], fontsize=8.2, weight="bold", va="center"
        )
        place += _GAP
        for radar in _covering(line):
            _draw_radar(axes, radar, place + 0.5)
            axes.text(-8.0, place + 0.5, titles.get(radar.name, radar.name), fontsize=7.0, ha="right", va="center")
            place += 1.0
        for battery in line.batteries:
            _draw_battery(axes, battery, place + 0.5)
            axes.text(
                -8.0,
                place + 0.5,
                titles.get(battery.name, battery.name),
                fontsize=7.0,
                ha="right",
                va="center",
                color=colours.BATTERY,
            )
            place += 1.0
    axes.axvline(flight.burnout_s, color=colours.LAUNCH_AREA, lw=0.7, ls=":", zorder=1)
    style_axes(axes, "seconds after ignition", "")
    axes.set_yticks([])
    axes.grid(visible=False, axis="y")
    handles = [
        Patch(fc=_COVER, label="in track coverage"),
        Patch(fc=_SEARCH, label="in search coverage too"),
        Patch(fc=_TRACK, label="track held"),
        Line2D([], [], ls="", marker="|", ms=9, mew=2.0, color=colours.INK, label="track firm"),
        Line2D([], [], ls="", marker=">", ms=5, color=colours.BATTERY, mfc="white", label="may launch from"),
        Line2D([], [], color=colours.BATTERY, lw=1.8, label="interceptor in flight"),
        Line2D([], [], ls="", marker="*", ms=9, color=_INTERCEPT, label="first intercept"),
    ]
    figure.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0.02, 0.18 / height),
        ncols=7,
        fontsize=7.0,
        frameon=False,
        columnspacing=1.3,
    )
    head(figure, *headings)
    foot(figure, source)
    alt_text = " ".join(f"{names[line.architecture]}: {_alt_text(line, titles)}." for line in shown)
    return picture(figure, name, headings[0], f"Time bars. {alt_text}")


def _covering(line: Timeline) -> tuple[RadarTimeline, ...]:
    """Return the radars that cover the flight at some time."""
    return tuple(radar for radar in line.radars if radar.cover)


def _draw_radar(axes: Axes, radar: RadarTimeline, middle: float) -> None:
    for spans, colour, thick in (
        (radar.cover, _COVER, 0.78),
        (radar.search, _SEARCH, 0.78),
        (radar.track, _TRACK, 0.4),
    ):
        for start, end in spans:
            axes.barh(middle, end - start, left=start, height=thick, color=colour, zorder=2)
    if radar.firm_s is not None:
        axes.plot([radar.firm_s], [middle], marker="|", ms=9, mew=2.0, color=colours.INK, zorder=5)


def _draw_battery(axes: Axes, battery: BatteryTimeline, middle: float) -> None:
    if battery.commit_s is not None:
        axes.plot([battery.commit_s], [middle], marker=">", ms=5, color=colours.BATTERY, mfc="white", zorder=5)
    if battery.launch_s is None or battery.intercept_s is None:
        words = "no shot" if battery.commit_s is None else "   no intercept in reach and supported"
        axes.text((battery.commit_s or 0.0) + 8.0, middle, words, fontsize=6.4, va="center", color=colours.QUIET)
        return
    axes.plot([battery.launch_s, battery.intercept_s], [middle] * 2, color=colours.BATTERY, lw=1.8, zorder=4)
    axes.plot([battery.intercept_s], [middle], marker="*", ms=9, color=_INTERCEPT, mew=0.0, zorder=6)


def _alt_text(line: Timeline, titles: Mapping[str, str]) -> str:
    parts = [
        f"{titles.get(radar.name, radar.name)} tracks "
        + " and ".join(f"{on:.0f} to {off:.0f} s" for on, off in radar.track)
        for radar in line.radars
        if radar.track
    ]
    parts += [
        f"{titles.get(battery.name, battery.name)} launches at {battery.launch_s:.0f} s and intercepts at "
        f"{battery.intercept_s:.0f} s"
        for battery in line.batteries
        if battery.launch_s is not None and battery.intercept_s is not None
    ]
    return "; ".join(parts) or "no radar tracks it"


def _finite(sigma: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.isfinite(sigma), sigma, np.nan)


def accuracy_figure(
    flight: NamedFlight, names: Mapping[str, str], headings: tuple[str, str], source: str, name: str
) -> Picture:
    """Draw the position error of each architecture's fused track, without and with partner feeds, on a log axis.

    Parameters
    ----------
    flight : NamedFlight
    names : mapping
        Architecture to its title.
    headings : tuple of str
        Title and subtitle.
    source, name : str
    """
    width, height = 10.0, 4.6
    figure = new_figure(width, height)
    box = (0.95 / height, (height - 2.0) / height)
    every = [line for shown in flight.timelines for line in (shown.sigma, shown.sigma_fed)]
    known = np.concatenate([line[np.isfinite(line)] for line in every] or [np.empty(0)])
    low, high = (float(known.min()), float(known.max())) if len(known) else (1.0, 10.0)
    alone, with_feeds = (
        [ArchitectureLine(names[shown.architecture], _finite(line)) for shown, line in pairs]
        for pairs in (
            [(shown, shown.sigma) for shown in flight.timelines],
            [(shown, shown.sigma_fed) for shown in flight.timelines],
        )
    )
    distinct = distinct_lines(alone, with_feeds)
    for left, title, fed in (
        (0.065, "The architecture's own sensor network", False),
        (0.56, "With the partner radars' feeds", True),
    ):
        axes = figure.add_axes((left, box[0], 0.42, box[1]))
        for place, _ in distinct:
            draw_line(axes, place, flight.timelines[place].second, (with_feeds if fed else alone)[place].values)
        axes.set_yscale("log")
        style_axes(axes, "seconds after ignition", "position error, m (log scale)")
        axes.set_xlim(flight.burnout_s, flight.impact_s)
        axes.set_ylim(0.8 * low, 1.25 * min(high, 1.0e4))
        log_ticks(axes.yaxis)
        axes.set_title(title, fontsize=8.5, loc="left", color=colours.INK)
    architecture_legend(figure, distinct, 0.22)
    head(figure, *headings)
    foot(figure, source)
    alt_text = []
    for shown in flight.timelines:
        best = [float(np.min(line)) for line in (shown.sigma, shown.sigma_fed)]
        errors = [f"{value:.0f} m" if np.isfinite(value) else "no fused track" for value in best]
        alt_text.append(f"{names[shown.architecture]} at best {errors[0]}, with feeds {errors[1]}")
    return picture(figure, name, headings[0], f"Lines. {'; '.join(alt_text)}.")
