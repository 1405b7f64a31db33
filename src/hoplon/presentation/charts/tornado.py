"""What each of some inputs does alone, around a base value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from hoplon.presentation import colours
from hoplon.presentation.charts.shares import share_axis, short_percent
from hoplon.presentation.picture import Picture, foot, head, new_figure, picture

_WORSE: Final = "#C2451C"
_BETTER: Final = "#8CCFC4"  # dark and light: told apart in grey too


def tornado(
    names: Sequence[str],
    base: Sequence[float],
    moved: Mapping[str, Sequence[tuple[float, float]]],
    titles: tuple[str, str],
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
    titles : tuple of str
        Title and subtitle.
    source : str
        Source line.
    name : str
        Stem of the files.
    """
    rows = len(moved) + 0.7
    width, height = 10.0, 1.5 + 0.2 * rows * len(names)
    figure = new_figure(width, height)
    axes = figure.add_axes((0.36, 0.5 / height, 0.6, (height - 1.35) / height))
    share_axis(axes)
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
        Patch(fc=_WORSE, label="at the bound worse for the defence (an azimuth: lower)"),
        Patch(fc=_BETTER, label="at the better bound (an azimuth: upper)"),
        Line2D([], [], color=colours.INK, lw=1.2, label="every input at base"),
    ]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.35, 0.14 / height), ncols=3, fontsize=7.2, frameon=False
    )
    head(figure, *titles)
    foot(figure, source)
    alt_text = "; ".join(
        f"{title} at base {short_percent(base[group])}"
        + "".join(
            f", {key} {short_percent(pairs[group][0])} to {short_percent(pairs[group][1])}"
            for key, pairs in moved.items()
        )
        for group, title in enumerate(names)
    )
    return picture(figure, name, titles[0], f"Bar chart. {alt_text}.")
