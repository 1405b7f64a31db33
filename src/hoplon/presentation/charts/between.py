"""The figure of feeds that are there some of the time: what a plan is worth without, with, and in expectation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from hoplon.presentation import colours
from hoplon.presentation.charts.lines import bare
from hoplon.presentation.picture import Picture, foot, head, new_figure, picture


@dataclass(frozen=True)
class Between:
    """One plan: a measure without the feeds, with them always, and expected at low, base and high availability."""

    name: str
    without: float
    always: float
    expected: tuple[float, float, float]


def between_figure(
    early: Sequence[Between], people: Sequence[Between], heads: tuple[str, str], source: str, name: str
) -> Picture:
    """Draw where each plan's expectation lies between the plan without the feeds and the plan that always has them.

    Parameters
    ----------
    early : sequence of Between
        Mean gain of the first firm track [s].
    people : sequence of Between
        Share of the threatened people of cities who are defended.
    heads : tuple of str
        Heading and the line below it.
    source, name : str
    """
    width, height = 10.0, 1.95 + 0.44 * len(people)
    figure = new_figure(width, height)
    box = (0.92 / height, (height - 1.85) / height)
    left = figure.add_axes((0.17, box[0], 0.27, box[1]))
    _draw(left, early, 1.0, "s")
    bare(left, "first firm track earlier by, mean over the flights, s", "")
    right = figure.add_axes((0.56, box[0], 0.3, box[1]))
    _draw(right, people, 100.0, "%")
    bare(right, "threatened people of the cities who are defended, %", "")
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
    head(figure, *heads)
    foot(figure, source)
    words = "; ".join(
        f"{row.name}: {100 * row.without:.1f} per cent of the people without, {100 * row.always:.1f} with, "
        f"{100 * row.expected[1]:.1f} expected ({100 * row.expected[0]:.1f} to {100 * row.expected[2]:.1f})"
        for row in people
    )
    return picture(figure, name, heads[0], f"Marks between two ends. {words}.")


def _draw(axes: Axes, rows: Sequence[Between], factor: float, unit: str) -> None:
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
