"""Charts of partner radars: earlier track, more accurate track, feeds lost, latency of one more node, availability."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

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

_COLUMN_WIDTH: Final = 11  # [characters]
_RAMP: Final = ("#F4EFE3", "#D9CFE6", "#B39BD0", "#7B5EA7", "#43306B")


@dataclass(frozen=True)
class ExpectedMeasure:
    """One architecture: a measure without the feeds, with them, and expected at low, base and high availability."""

    name: str
    without: float
    always: float
    expected: tuple[float, float, float]


def gains_figure(
    gains: Sequence[ArchitectureLine],
    by_area: tuple[Sequence[str], NDArray[np.float64]],
    headings: tuple[str, str],
    source: str,
    name: str,
) -> Picture:
    """Draw the share of flights by seconds gained, and the median gain by launch area.

    Parameters
    ----------
    gains : sequence of ArchitectureLine
        Seconds gained on each flight.
    by_area : tuple
        Launch areas, and the median gain [s], shape (areas, architectures), NaN for none.
    headings : tuple of str
        Title and subtitle.
    source, name : str
    """
    width, height = 10.0, 4.3
    figure = new_figure(width, height)
    axes = figure.add_axes((0.065, 0.92 / height, 0.4, (height - 1.82) / height))
    seconds = np.linspace(0.0, 120.0, 121)
    shares = [ArchitectureLine(line.name, _share_from(line.values, seconds)) for line in gains]
    shown = distinct_lines(shares)
    for place, _ in shown:
        draw_line(axes, place, seconds, shares[place].values)
    style_axes(axes, "earlier by at least so many seconds", "share of flights")
    axes.set_xlim(0.0, 120.0)
    axes.set_ylim(0.0, None)
    axes.set_yticks(axes.get_yticks(), [f"{100 * value:.0f} %" for value in axes.get_yticks()])
    axes.set_title("All flights to the sampled cities", fontsize=8.5, loc="left", color=colours.INK)
    areas, medians = by_area
    table = figure.add_axes((0.63, 0.92 / height, 0.36, (height - 2.2) / height))
    _draw_table(table, areas, [line.name for line in gains], medians)
    architecture_legend(figure, shown, 0.2)
    head(figure, *headings)
    foot(figure, source)
    alt_text = "; ".join(
        f"{line.name}: {100 * float(np.mean(line.values >= 1.0)) if len(line.values) else 0.0:.0f} per cent of flights "
        f"earlier by a second or more, mean {float(np.mean(line.values)) if len(line.values) else 0.0:.1f} s"
        for line in gains
    )
    return picture(figure, name, headings[0], f"Lines and table. {alt_text}.")


def _share_from(values: NDArray[np.float64], seconds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of values that reach each number of seconds, and one second at least."""
    return np.array([np.mean(values >= max(second, 1.0)) if len(values) else 0.0 for second in seconds])


def _draw_table(axes: Axes, rows: Sequence[str], columns: Sequence[str], values: NDArray[np.float64]) -> None:
    axes.set_xlim(0, len(columns))
    axes.set_ylim(len(rows), 0)
    axes.axis("off")
    ramp = colours.along(_RAMP, 101)
    for row, title in enumerate(rows):
        axes.text(-0.1, row + 0.5, title, fontsize=7.6, ha="right", va="center", color=colours.INK)
        for column in range(len(columns)):
            value = float(values[row, column])
            known = np.isfinite(value)
            face = ramp[round(100 * min(max(value, 0.0), 60.0) / 60.0)] if known else "#F1F2F4"
            axes.fill(
                [column + 0.03, column + 0.97, column + 0.97, column + 0.03], [row + 0.05] * 2 + [row + 0.95] * 2, face
            )
            axes.text(
                column + 0.5,
                row + 0.52,
                f"{value:.0f}" if known else "–",
                fontsize=7.4,
                ha="center",
                va="center",
                color=colours.ink_on(face),
            )
    for column, title in enumerate(columns):
        axes.text(
            column + 0.5,
            -0.2,
            textwrap.fill(title.split(",")[0], _COLUMN_WIDTH, break_long_words=False),
            fontsize=7.0,
            ha="center",
            va="bottom",
            color=colours.INK,
        )
    axes.set_title("Median gain by launch area, s", fontsize=8.5, loc="left", color=colours.INK, pad=24)


def cuts_figure(
    second: NDArray[np.float64],
    gains: Sequence[ArchitectureLine],
    phases: Sequence[tuple[str, float]],
    headings: tuple[str, str],
    source: str,
    name: str,
) -> Picture:
    """Draw the mean gain that remains when the feeds end at a second of the flight.

    Parameters
    ----------
    second : ndarray, shape (k,)
    gains : sequence of ArchitectureLine
        Mean gain [s], each shape (k,).
    phases : sequence of (str, float)
        Moments to mark [s].
    headings : tuple of str
        Title and subtitle.
    source, name : str
    """
    width, height = 10.0, 3.7
    figure = new_figure(width, height)
    axes = figure.add_axes((0.065, 0.92 / height, 0.915, (height - 1.72) / height))
    settled = max((int(np.argmax(line.values >= line.values[-1] - 1e-6)) for line in gains), default=100)
    shown = distinct_lines(gains)
    for place, _ in shown:
        draw_line(axes, place, second, gains[place].values, steps=True)
    style_axes(axes, "second of the flight at which the feeds end", "mean gain of the first firm track, s")
    axes.set_xlim(0.0, 1.15 * settled + 20.0)
    axes.set_ylim(0.0, 1.12 * max([float(np.max(line.values)) for line in gains] + [1.0]))
    top = axes.get_ylim()[1]
    for words, moment in phases:
        axes.axvline(moment, color=colours.QUIET, lw=0.8, ls=":")
        axes.text(moment + 3.0, top, words, fontsize=6.8, va="top", color=colours.QUIET)
    architecture_legend(figure, shown, 0.2)
    head(figure, *headings)
    foot(figure, source)
    alt_text = "; ".join(
        f"{line.name}: from {line.values[0]:.1f} s if cut at ignition to {line.values[-1]:.1f} s" for line in gains
    )
    return picture(figure, name, headings[0], f"Lines. {alt_text}.")


def latency_figure(
    added: Sequence[float],
    gains: Sequence[ArchitectureLine],
    more: Sequence[ArchitectureLine],
    headings: tuple[str, str],
    source: str,
    name: str,
) -> Picture:
    """Draw early-track gain and gain in coverage against the added latency.

    Parameters
    ----------
    added : sequence of float
        [s].
    gains : sequence of ArchitectureLine
        Mean gain [s] at each.
    more : sequence of ArchitectureLine
        Share of city people defended at each, less the share without the feeds.
    headings : tuple of str
        Title and subtitle.
    source, name : str
    """
    width, height = 10.0, 4.1
    figure = new_figure(width, height)
    x = np.array(added)
    box = (0.92 / height, (height - 1.95) / height)
    left = figure.add_axes((0.065, box[0], 0.42, box[1]))
    shown = distinct_lines(gains, more)
    for place, _ in shown:
        draw_line(left, place, x, gains[place].values)
    style_axes(left, "latency that the centre adds, s", "mean gain of the first firm track, s")
    left.set_ylim(0.0, None)
    left.set_title("Early track", fontsize=8.5, loc="left", color=colours.INK)
    right = figure.add_axes((0.56, box[0], 0.42, box[1]))
    for place, _ in shown:
        draw_line(right, place, x, 100.0 * more[place].values)
    style_axes(right, "latency that the centre adds, s", "points more than without the feeds")
    right.set_ylim(min(0.0, right.get_ylim()[0]), max(1.0, right.get_ylim()[1]))
    right.set_title("Coverage, threatened people of the cities", fontsize=8.5, loc="left", color=colours.INK)
    for axes in (left, right):
        axes.set_xlim(float(x[0]), float(x[-1]))
    architecture_legend(figure, shown, 0.2)
    head(figure, *headings)
    foot(figure, source)
    alt_text = "; ".join(
        f"{line.name}: gain {line.values[0]:.1f} s with nothing added, {line.values[-1]:.1f} s with {added[-1]:.0f} s"
        for line in gains
    )
    return picture(figure, name, headings[0], f"Lines. {alt_text}.")


def accuracy_bars(
    sigmas: Mapping[str, tuple[NDArray[np.float64], NDArray[np.float64]]],
    headings: tuple[str, str],
    source: str,
    name: str,
) -> Picture:
    """Draw the error of the predicted intercept point, without and with the feeds: median, and 10 to 90 per cent.

    Parameters
    ----------
    sigmas : mapping
        Architecture to the errors [m] without and with.
    headings : tuple of str
        Title and subtitle.
    source, name : str
    """
    width, height = 10.0, 1.75 + 0.52 * len(sigmas)
    figure = new_figure(width, height)
    axes = figure.add_axes((0.18, 0.88 / height, 0.8, (height - 1.62) / height))
    shades = ((colours.QUIET, "without the feeds"), (colours.PARTNER, "with the feeds, same intercept"))
    alt_text = []
    for row, (architecture, pair) in enumerate(sigmas.items()):
        shown = []
        for place, (errors, (colour, label)) in enumerate(zip(pair, shades, strict=True)):
            if not len(errors):
                continue
            low, middle, high = np.percentile(errors, [10, 50, 90])
            y = row + (-0.17, 0.17)[place]
            axes.plot([low, high], [y, y], color=colour, lw=5.0, alpha=0.45, solid_capstyle="butt", zorder=3)
            axes.plot([middle], [y], "o", ms=5.5, color=colour, zorder=4)
            axes.text(high * 1.03, y, f"median {middle:,.0f} m", fontsize=6.8, va="center", color=colour)
            shown.append(f"{label} {middle:.0f} m ({low:.0f} to {high:.0f})")
        alt_text.append(f"{architecture}: {', '.join(shown) or 'no shot'}")
    axes.set_xscale("log")
    style_axes(axes, "error of the predicted intercept point at handover, m (log scale)", "")
    log_ticks(axes.xaxis)
    axes.set_xlim(None, 1.35 * axes.get_xlim()[1])
    axes.set_ylim(len(sigmas) - 0.5, -0.5)
    axes.set_yticks(range(len(sigmas)), list(sigmas), fontsize=8)
    axes.grid(visible=False, axis="y")
    handles = [
        Line2D([], [], color=colour, marker="o", lw=4.0, alpha=0.8, label=f"{label}: median, 10 to 90 %")
        for colour, label in shades
    ]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.17, 0.17 / height), ncols=2, fontsize=7.2, frameon=False
    )
    head(figure, *headings)
    foot(figure, source)
    return picture(figure, name, headings[0], f"Intervals. {'; '.join(alt_text)}.")


def availability_figure(
    early: Sequence[ExpectedMeasure],
    people: Sequence[ExpectedMeasure],
    headings: tuple[str, str],
    source: str,
    name: str,
) -> Picture:
    """Draw each architecture's expected measure between those without and with the feeds.

    Parameters
    ----------
    early : sequence of ExpectedMeasure
        Mean gain of the first firm track [s].
    people : sequence of ExpectedMeasure
        Share of the threatened people of cities who are defended.
    headings : tuple of str
        Title and subtitle.
    source, name : str
    """
    width, height = 10.0, 1.95 + 0.44 * len(people)
    figure = new_figure(width, height)
    box = (0.92 / height, (height - 1.85) / height)
    left = figure.add_axes((0.17, box[0], 0.27, box[1]))
    _draw(left, early, 1.0, "s")
    style_axes(left, "first firm track earlier by, mean over the flights, s", "")
    right = figure.add_axes((0.56, box[0], 0.3, box[1]))
    _draw(right, people, 100.0, "%")
    style_axes(right, "threatened people of the cities who are defended, %", "")
    most = max([row.always for row in early] + [1.0])
    left.set_xlim(-0.06 * most, 1.45 * most)
    right.set_xlim(0.0, 100.0)
    for axes, rows in ((left, early), (right, people)):
        axes.set_ylim(len(rows) - 0.5, -0.6)
        axes.set_yticks(range(len(rows)), [row.name if axes is left else "" for row in rows], fontsize=8)
        axes.grid(visible=False, axis="y")
    ink = colours.PARTNER
    handles = [
        Line2D([], [], ls="", marker="o", ms=6, mfc="white", mec=colours.QUIET, label="a day without the feeds"),
        Line2D([], [], ls="", marker="o", ms=6, color=colours.QUIET, label="a day with them"),
        Line2D([], [], marker="D", ms=6, color=ink, lw=4.0, label="expected over all days: base, low to high"),
    ]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.16, 0.2 / height), ncols=3, fontsize=7.2, frameon=False
    )
    head(figure, *headings)
    foot(figure, source)
    alt_text = "; ".join(
        f"{row.name}: {100 * row.without:.1f} per cent of the people without, {100 * row.always:.1f} with, "
        f"{100 * row.expected[1]:.1f} expected ({100 * row.expected[0]:.1f} to {100 * row.expected[2]:.1f})"
        for row in people
    )
    return picture(figure, name, headings[0], f"Marks between two ends. {alt_text}.")


def _draw(axes: Axes, rows: Sequence[ExpectedMeasure], factor: float, unit: str) -> None:
    for place, row in enumerate(rows):
        ends = factor * row.without, factor * row.always
        low, base, high = (factor * value for value in row.expected)
        axes.plot(ends, [place, place], color=colours.INPUT_BAND, lw=1.5, zorder=2)
        axes.plot(
            [low, high], [place, place], color=colours.PARTNER, lw=5.0, alpha=0.5, solid_capstyle="butt", zorder=3
        )
        axes.plot(ends[:1], [place], "o", ms=6, mfc="white", mec=colours.QUIET, zorder=4, clip_on=False)
        axes.plot(ends[1:], [place], "o", ms=6, color=colours.QUIET, zorder=4, clip_on=False)
        axes.plot([base], [place], "D", ms=6, color=colours.PARTNER, mec="white", mew=0.6, zorder=5, clip_on=False)
        text = f"{base:.1f} {unit} ({low:.1f} to {high:.1f})"
        axes.annotate(
            text, (max(ends), place), (9.0, 0.0), textcoords="offset points", fontsize=6.8, va="center",
            color=colours.INK, annotation_clip=False,
        )  # fmt: skip
