"""Bars of what parts contribute to a whole: Shapley values, with what each adds first and last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from hoplon.presentation import colours
from hoplon.presentation.charts.shares import share_axis, short_percent
from hoplon.presentation.picture import Picture, foot, head, new_figure, picture

_ROW: Final = 0.2  # [inch]
_GAP: Final = 1.7  # rows before each whole


@dataclass(frozen=True)
class ContributionBars:
    """What the parts of one whole contribute; sequences of one length.

    Parameters
    ----------
    title : str
    whole : float
        Share.
    names : tuple of str
        The parts.
    shapley, first_in, last_in : tuple of float
        Shares.
    """

    title: str
    whole: float
    names: tuple[str, ...]
    shapley: tuple[float, ...]
    first_in: tuple[float, ...]
    last_in: tuple[float, ...]


def contribution_bars(wholes: Sequence[ContributionBars], titles: tuple[str, str], source: str, name: str) -> Picture:
    """Draw a bar for each part of each whole: its Shapley value, and from what is missed without it to it alone.

    Parameters
    ----------
    wholes : sequence of ContributionBars
    titles : tuple of str
        Title and subtitle.
    source : str
        Source line.
    name : str
        Stem of the files.
    """
    rows = sum(len(item.names) + _GAP for item in wholes)
    width, height = 10.0, 1.75 + _ROW * rows
    figure = new_figure(width, height)
    axes = figure.add_axes((0.33, 0.55 / height, 0.6, (height - 1.65) / height))
    share_axis(axes)
    axes.set_ylim(rows, 0.0)
    axes.set_yticks([])
    top, told = 0.0, []
    for item in wholes:
        heading = f"{item.title}: {short_percent(item.whole)}"
        axes.text(-0.52, top + 0.95, heading, fontsize=8.2, weight="bold", color=colours.INK)
        _draw(axes, item, top + 1.25)
        told.append(
            f"{item.title} {short_percent(item.whole)}: "
            + ", ".join(
                f"{part} {100.0 * share:.1f} points" for part, share in zip(item.names, item.shapley, strict=True)
            )
        )
        top += len(item.names) + _GAP
    handles = [
        Patch(fc=colours.STATES["defended"], alpha=0.75, label="Shapley value; the number, in points"),
        Line2D([], [], color=colours.INK, marker="|", ms=7, lw=1.1, label="missed without it (last in)"),
        Line2D([], [], color=colours.INK, marker="D", ms=4, mfc="white", lw=1.1, label="alone (first in)"),
    ]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.32, 0.17 / height), ncols=3, fontsize=7.2, frameon=False
    )
    head(figure, *titles)
    foot(figure, source)
    return picture(figure, name, titles[0], f"Bar chart of what each site contributes. {'; '.join(told)}.")


def _draw(axes: Axes, item: ContributionBars, top: float) -> None:
    for row, part in enumerate(item.names):
        middle, share = top + row + 0.4, item.shapley[row]
        first, last = item.first_in[row], item.last_in[row]
        axes.text(-0.012, middle, part, fontsize=7.4, ha="right", va="center", color=colours.INK)
        axes.barh(middle, share, height=0.66, color=colours.STATES["defended"], alpha=0.75, zorder=2)
        axes.plot([last, first], [middle] * 2, color=colours.INK, lw=1.1, zorder=3, clip_on=False)
        axes.plot([last], [middle], "|", ms=7, color=colours.INK, zorder=4, clip_on=False)
        axes.plot([first], [middle], "D", ms=4, mfc="white", mec=colours.INK, mew=0.9, zorder=4, clip_on=False)
        end = max(share, first, last)
        axes.text(end + 0.018, middle, f"{100.0 * share:.1f}", fontsize=7.2, va="center", color=colours.INK)
