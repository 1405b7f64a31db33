"""What is lost of a share with each of some parts alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from matplotlib.patches import Patch

from hoplon.presentation import colours
from hoplon.presentation.charts.shares import share_axis, short_percent
from hoplon.presentation.picture import Picture, foot, head, new_figure, picture

_LOST: Final = "#C2451C"
_ROW: Final = 0.185  # [inch]
_GAP: Final = 1.6  # rows before each architecture


def loss_bars(
    names: Sequence[str],
    wholes: Sequence[float],
    losses: Sequence[Mapping[str, float]],
    titles: tuple[str, str],
    source: str,
    name: str,
) -> Picture:
    """Draw a bar for each part of each whole: what is left without it, and what is lost with it, the most first.

    Parameters
    ----------
    names : sequence of str
        The wholes.
    wholes : sequence of float
        Share of each.
    losses : sequence of mapping
        Part to the share lost with it, one mapping a whole.
    titles : tuple of str
        Title and subtitle.
    source : str
        Source line.
    name : str
        Stem of the files.
    """
    rows = sum(len(parts) + _GAP for parts in losses)
    width, height = 10.0, 1.7 + _ROW * rows
    figure = new_figure(width, height)
    axes = figure.add_axes((0.3, 0.5 / height, 0.6, (height - 1.55) / height))
    share_axis(axes)
    axes.set_ylim(rows, 0.0)
    axes.set_yticks([])
    top, told = 0.0, []
    for title, whole, parts in zip(names, wholes, losses, strict=True):
        ranked = sorted(parts, key=lambda part: -parts[part])
        axes.text(-0.46, top + 0.95, f"{title}: {short_percent(whole)}", fontsize=8.2, weight="bold", color=colours.INK)
        top += 1.2
        axes.plot([whole] * 2, [top, top + len(ranked)], color=colours.INK, lw=0.9, zorder=4)
        for row, part in enumerate(ranked):
            middle, left = top + row + 0.5, whole - parts[part]
            axes.text(-0.012, middle, part, fontsize=7.4, ha="right", va="center", color=colours.INK)
            axes.barh(middle, left, height=0.7, color=colours.STATES["defended"], alpha=0.35, zorder=2)
            axes.barh(middle, parts[part], left=left, height=0.7, color=_LOST, zorder=3)
            lost = f"{100.0 * parts[part]:.1f}"
            axes.text(max(whole, left) + 0.012, middle, lost, fontsize=7.2, va="center", color=colours.INK)
        told.append(
            f"{title} {short_percent(whole)}: "
            + ", ".join(f"{part} {100.0 * parts[part]:.1f} points" for part in ranked)
        )
        top += len(ranked) + _GAP - 1.2
    handles = [
        Patch(fc=colours.STATES["defended"], alpha=0.35, label="defended without the element"),
        Patch(fc=_LOST, label="lost with it alone; the number, in points"),
    ]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.29, 0.16 / height), ncols=2, fontsize=7.2, frameon=False
    )
    head(figure, *titles)
    foot(figure, source)
    return picture(figure, name, titles[0], f"Bar chart of what is lost with each element alone. {'; '.join(told)}.")
