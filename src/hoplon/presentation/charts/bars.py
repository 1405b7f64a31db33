"""Figures other than maps: bars with intervals, heat tables, the ladder of integration, causes, warning times."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from hoplon.analysis.coverage import CAUSES
from hoplon.presentation import colours
from hoplon.presentation.picture import Picture, foot, head, new_figure, picture

_SHARE_RAMP: Final = ("#D1491F", "#E88F66", "#F6CDB5", "#F4EFE3", "#B9DED6", "#63B8AB", "#00736B")
_BLANK: Final = "#F1F2F4"
_WORSE, _BETTER = "#C2451C", "#8CCFC4"  # dark and light: told apart in grey too
_WARNING_RAMP: Final = ("#52204B", "#842B48", "#B5413F", "#D96A3C", "#EE9A3A", "#F9C95C", "#FFF3B0")


@dataclass(frozen=True)
class Interval:
    """A value with its low and high."""

    low: float
    base: float
    high: float


@dataclass(frozen=True)
class Bar:
    """One row of a bar chart.

    Parameters
    ----------
    label : str
        Its name.
    people, land : Interval or None
        Shares of people and of land; None where nobody is threatened.
    group : str
        Heading that it stands under.
    """

    label: str
    people: Interval | None
    land: Interval | None
    group: str


def coverage_bars(bars: Sequence[Bar], heads: tuple[str, str], source: str, name: str) -> Picture:
    """Draw the share defended by each architecture, people as bars and land as marks, with the interval of each."""
    groups = list(dict.fromkeys(bar.group for bar in bars))
    rows = len(bars) + 0.75 * len(groups)
    width, height = 10.0, 1.75 + 0.245 * rows
    figure = new_figure(width, height)
    axes = figure.add_axes((0.33, 0.62 / height, 0.64, (height - 1.6) / height))
    _share_axis(axes)
    axes.set_ylim(rows, -0.2)
    place = 0.0
    for group in groups:
        axes.text(-0.475, place + 0.3, group, fontsize=8.2, weight="bold", va="center", color=colours.INK)
        place += 0.75
        for bar in (bar for bar in bars if bar.group == group):
            middle = place + 0.4
            axes.text(-0.012, middle, bar.label, fontsize=7.8, ha="right", va="center", color=colours.INK)
            _draw_bar(axes, bar, middle)
            place += 1.0
    axes.set_yticks([])
    handles = [
        Patch(fc=colours.STATES["defended"], alpha=0.75, label="people, base values"),
        Line2D([], [], color=colours.INK, lw=1.6, label="people, low to high (disputed inputs)"),
        Line2D(
            [],
            [],
            ls="-",
            marker="D",
            ms=4,
            color=colours.RADAR_LINE,
            mfc="white",
            lw=0.9,
            label="land, base; low to high",
        ),
    ]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.32, 0.2 / height), ncols=3, fontsize=7.2, frameon=False
    )
    head(figure, *heads)
    foot(figure, source)
    words = "; ".join(
        f"{bar.label} {_percent(bar.people.base)} ({_percent(bar.people.low)} to {_percent(bar.people.high)})"
        for bar in bars
        if bar.people is not None
    )
    return picture(figure, name, heads[0], f"Bar chart. Share of threatened people defended: {words}.")


def _share_axis(axes: Axes) -> None:
    axes.set_xlim(0.0, 1.0)
    axes.set_xticks(np.linspace(0.0, 1.0, 6))
    axes.set_xticklabels([f"{100 * value:.0f} %" for value in np.linspace(0.0, 1.0, 6)], fontsize=7.5)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.grid(axis="x", color="#E4E7EB", lw=0.8)
    axes.set_axisbelow(True)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _draw_bar(axes: Axes, bar: Bar, middle: float) -> None:
    if bar.people is None:
        axes.text(0.01, middle, "nobody threatened", fontsize=7, va="center", color=colours.QUIET)
        return
    axes.barh(middle, bar.people.base, height=0.66, color=colours.STATES["defended"], alpha=0.75, zorder=2)
    axes.plot([bar.people.low, bar.people.high], [middle - 0.09] * 2, color=colours.INK, lw=1.6, zorder=4)
    for end in (bar.people.low, bar.people.high):
        axes.plot([end, end], [middle - 0.25, middle + 0.07], color=colours.INK, lw=1.1, zorder=4)
    if bar.land is not None:
        ends, ink = [bar.land.low, bar.land.high], colours.RADAR_LINE
        axes.plot(ends, [middle + 0.2] * 2, color=ink, lw=0.9, zorder=4, clip_on=False)
        axes.plot([bar.land.base], [middle + 0.2], "D", ms=3.6, mfc="white", mec=ink, zorder=5, clip_on=False)


@dataclass(frozen=True)
class Heat:
    """A table of shares drawn in colour.

    Parameters
    ----------
    rows, columns : tuple of str
        Their names.
    groups : tuple of (str, int)
        Headings over the columns, each with how many columns it spans.
    values : ndarray, shape (rows, columns)
        NaN where there is nothing to show.
    notes : mapping
        Words for cells without a value, by (row, column).
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    groups: tuple[tuple[str, int], ...]
    values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
    notes: Mapping[tuple[int, int], str]


def share_table(table: Heat, heads: tuple[str, str], source: str, name: str, row_labels_inch: float = 1.35) -> Picture:
    """Draw a table of shares, orange (none) to green (all), with the per cent written in each cell."""
    ramp = _SHARE_RAMP

    def colour(value: float) -> str:
        return _on_ramp(ramp, value)

    return _heat(table, heads, source, name, row_labels_inch, colour, lambda value: _percent(value).replace(" %", ""))


def warning_table(table: Heat, heads: tuple[str, str], source: str, name: str) -> Picture:
    """Draw a table of warning times [s] as whole minutes, dark (short) to light (long)."""

    def colour(value: float) -> str:
        return _on_ramp(_WARNING_RAMP, min(max((value / 60.0 - 2.0) / 23.0, 0.0), 1.0))

    return _heat(table, heads, source, name, 1.5, colour, lambda value: f"{value / 60.0:.1f}")


def _heat(
    table: Heat,
    heads: tuple[str, str],
    source: str,
    name: str,
    row_labels_inch: float,
    colour: Callable[[float], str],
    text: Callable[[float], str],
) -> Picture:
    """Draw a heat table."""
    cell_height = 0.205
    number = len(table.columns)
    slanted = max(len(column) for column in table.columns) > 10
    above, right = (1.75, 0.75) if slanted else (0.95, 0.15)
    width = max(10.0, row_labels_inch + right + 0.44 * number)
    height = above + 0.3 + cell_height * len(table.rows) + 0.5
    figure = new_figure(width, height)
    box = (
        row_labels_inch / width,
        0.5 / height,
        (width - row_labels_inch - right) / width,
        cell_height * len(table.rows) / height,
    )
    axes = figure.add_axes(box)
    axes.set_xlim(0, number)
    axes.set_ylim(len(table.rows), 0)
    axes.axis("off")
    for row in range(len(table.rows)):
        axes.text(-0.12, row + 0.5, table.rows[row], fontsize=7.4, ha="right", va="center", color=colours.INK)
    _draw_cells(axes, table, colour, text)
    slope = 38 if slanted else 0
    for column, title in enumerate(table.columns):
        axes.text(
            column + (0.35 if slope else 0.5),
            -0.35,
            title,
            fontsize=7.0,
            rotation=slope,
            ha="left" if slope else "center",
            va="bottom",
            rotation_mode="anchor",
        )
    start = 0
    for _, span in table.groups[:-1]:
        start += span
        axes.plot([start, start], [-0.2, len(table.rows)], color=colours.INK, lw=1.1)
    head(figure, *heads)
    foot(figure, source)
    return picture(figure, name, heads[0], _heat_words(table, heads[0], text))


def _draw_cells(axes: Axes, table: Heat, colour: Callable[[float], str], text: Callable[[float], str]) -> None:
    corners, faces = [], []
    for row, column in np.ndindex(table.values.shape):
        value = float(table.values[row, column])
        blank = np.isnan(value)
        face = _BLANK if blank else colour(value)
        left, right, top, bottom = column + 0.02, column + 0.98, row + 0.03, row + 0.97
        corners.append([(left, top), (right, top), (right, bottom), (left, bottom)])
        faces.append(face)
        words = table.notes.get((row, column), "") if blank else text(value)
        if words:
            ink, size = (colours.QUIET, 5.6) if blank else (colours.ink_on(face), 6.6)
            axes.text(column + 0.5, row + 0.53, words, fontsize=size, ha="center", va="center", color=ink)
    axes.add_collection(PolyCollection(corners, facecolors=faces, edgecolors="none"), autolim=False)


def _heat_words(table: Heat, title: str, text: Callable[[float], str]) -> str:
    parts = []
    for column, name in enumerate(table.columns):
        known = [
            f"{table.rows[row]} {text(float(table.values[row, column]))}"
            for row in range(len(table.rows))
            if not np.isnan(table.values[row, column])
        ]
        parts.append(f"{name}: {', '.join(known) or 'none'}")
    return f"Table. {title}. " + ". ".join(parts) + "."


def _on_ramp(ramp: Sequence[str], share: float) -> str:
    return _fine(tuple(ramp))[round(100 * min(max(share, 0.0), 1.0))]


@lru_cache(maxsize=8)
def _fine(ramp: tuple[str, ...]) -> list[str]:
    return colours.along(ramp, 101)


def tornado(
    names: Sequence[str],
    base: Sequence[float],
    moved: Mapping[str, Sequence[tuple[float, float]]],
    heads: tuple[str, str],
    source: str,
    name: str,
) -> Picture:
    """Draw what each input does alone: from its worse to its better bound, around the base value.

    Parameters
    ----------
    names : sequence of str
        Architectures.
    base : sequence of float
        Share of each with every input at base.
    moved : mapping
        Input to (worse, better) shares, one pair an architecture.
    heads : tuple of str
        Heading and the line below it.
    source : str
        Source line.
    name : str
        Stem of the files.
    """
    rows = len(moved) + 0.7
    width, height = 10.0, 1.5 + 0.2 * rows * len(names)
    figure = new_figure(width, height)
    axes = figure.add_axes((0.36, 0.5 / height, 0.6, (height - 1.35) / height))
    _share_axis(axes)
    axes.set_ylim(rows * len(names), -0.2)
    axes.set_yticks([])
    for group, title in enumerate(names):
        top = group * rows
        axes.text(-0.58, top + 0.5 * len(moved), title, fontsize=8.2, weight="bold", va="center", color=colours.INK)
        axes.plot([base[group]] * 2, [top, top + len(moved)], color=colours.INK, lw=1.2, zorder=4)
        for row, (label, pairs) in enumerate(moved.items()):
            worse, better = pairs[group]
            middle = top + row + 0.5
            axes.text(-0.012, middle, label, fontsize=7.4, ha="right", va="center", color=colours.INK)
            for share, shade in ((worse, _WORSE), (better, _BETTER)):
                axes.barh(middle, share - base[group], left=base[group], height=0.62, color=shade, zorder=3)
    handles = [
        Patch(fc=_WORSE, label="smaller cross-section, slower interceptors, later release"),
        Patch(fc=_BETTER, label="larger, faster, earlier"),
        Line2D([], [], color=colours.INK, lw=1.2, label="every input at base"),
    ]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.35, 0.14 / height), ncols=3, fontsize=7.2, frameon=False
    )
    head(figure, *heads)
    foot(figure, source)
    words = "; ".join(
        f"{title} at base {_percent(base[group])}"
        + "".join(f", {key} {_percent(pairs[group][0])} to {_percent(pairs[group][1])}" for key, pairs in moved.items())
        for group, title in enumerate(names)
    )
    return picture(figure, name, heads[0], f"Bar chart. {words}.")


def ladder_bars(
    names: Sequence[str],
    modes: Mapping[str, Sequence[float | None]],
    own: Sequence[str],
    heads: tuple[str, str],
    source: str,
    name: str,
) -> Picture:
    """Draw the share of people defended by how far the systems are integrated, one group of bars an architecture.

    Parameters
    ----------
    names : sequence of str
        Architectures.
    modes : mapping
        Mode to shares, one an architecture; None where it was not asked.
    own : sequence of str
        The mode that each architecture has by plan.
    heads : tuple of str
        Heading and the line below it.
    source : str
        Source line.
    name : str
        Stem of the files.
    """
    width, height = 10.0, 3.5
    figure = new_figure(width, height)
    axes = figure.add_axes((0.06, 0.75 / height, 0.92, (height - 1.5) / height))
    shade = dict(zip(modes, ("#C9CED6", "#7FA6D3", "#1B2A6B"), strict=False))
    for place in range(len(names)):
        for step, (mode, values) in enumerate(modes.items()):
            value = values[place]
            if value is None:
                continue
            x = place + (step - 1) * 0.27
            edge = colours.STATES["open"] if own[place] == mode else "none"
            axes.bar(x, value, width=0.24, color=shade[mode], ec=edge, lw=2.0, zorder=3)
            axes.text(x, value + 0.02, _percent(value), fontsize=7.2, ha="center", va="bottom", color=colours.INK)
    axes.set_ylim(0.0, 1.12)
    axes.set_xlim(-0.6, len(names) - 0.4)
    axes.set_xticks(range(len(names)))
    axes.set_xticklabels(names, fontsize=8)
    axes.set_yticks(np.linspace(0.0, 1.0, 5))
    axes.set_yticklabels([f"{100 * level:.0f} %" for level in np.linspace(0.0, 1.0, 5)], fontsize=7.5)
    axes.grid(axis="y", color="#E4E7EB", lw=0.8)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    handles = [Patch(fc=shade[mode], label=mode.replace("_", " ")) for mode in modes]
    handles.append(Patch(fc="white", ec=colours.STATES["open"], lw=1.6, label="by plan"))
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.05, 0.2 / height), ncols=4, fontsize=7.5, frameon=False
    )
    head(figure, *heads)
    foot(figure, source)
    words = "; ".join(
        f"{title}: "
        + ", ".join(f"{mode.replace('_', ' ')} {_percent(values[place])}" for mode, values in modes.items())
        for place, title in enumerate(names)
    )
    return picture(figure, name, heads[0], f"Bar chart. {words}.")


def cause_bars(
    names: Sequence[str],
    causes: Sequence[Mapping[str, float]],
    people: Sequence[float],
    heads: tuple[str, str],
    source: str,
    name: str,
) -> Picture:
    """Draw how many people are left undefended by each architecture, by leading cause."""
    width, height = 10.0, 1.6 + 0.36 * len(names) + 0.55
    figure = new_figure(width, height)
    axes = figure.add_axes((0.22, 0.98 / height, 0.72, (height - 1.85) / height))
    most = max([*people, 1.0]) / 1e6
    for place in range(len(names)):
        left = 0.0
        for cause in CAUSES[1:]:
            size = causes[place].get(cause, 0.0) * people[place] / 1e6
            if size > 0.0:
                axes.barh(place, size, left=left, height=0.68, color=colours.CAUSES[cause], zorder=3)
                left += size
        axes.text(
            left + 0.01 * most, place, f"{people[place] / 1e6:,.0f} M", fontsize=7.5, va="center", color=colours.INK
        )
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_yticks(range(len(names)))
    axes.set_yticklabels(names, fontsize=8)
    axes.set_xlim(0.0, 1.1 * most)
    axes.xaxis.tick_top()
    axes.tick_params(length=0, labelsize=7.5)
    axes.set_xlabel("million people threatened and not defended", fontsize=7.5)
    axes.grid(axis="x", color="#E4E7EB", lw=0.8)
    axes.set_axisbelow(True)
    for spine in axes.spines.values():
        spine.set_visible(False)
    handles = [Patch(fc=colours.CAUSES[key], label=colours.CAUSE_LABELS[key]) for key in CAUSES[1:]]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.02, 0.2 / height), ncols=3, fontsize=6.6, frameon=False
    )
    head(figure, *heads)
    foot(figure, source)
    words = "; ".join(
        f"{title}: {people[place] / 1e6:.0f} million undefended"
        + "".join(f", {100 * share:.0f} per cent {cause.replace('_', ' ')}" for cause, share in causes[place].items())
        for place, title in enumerate(names)
    )
    return picture(figure, name, heads[0], f"Bar chart. {words}.")


def _percent(share: float | None) -> str:
    if share is None:
        return "–"
    if 0.0 < share < 0.005:
        return "<1 %"
    if 0.995 <= share < 1.0:
        return ">99 %"
    return f"{100.0 * share:.0f} %"
