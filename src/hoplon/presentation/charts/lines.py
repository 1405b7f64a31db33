"""Line charts: a line for each architecture, with the same colour and dashes in every panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from numpy.typing import NDArray

from hoplon.presentation import colours

_GRID: Final = "#E4E7EB"
_LINES: Final = ("-", (0, (6, 2)), (0, (3, 1.5)), (0, (1, 1)), (0, (6, 2, 1, 2)))


@dataclass(frozen=True)
class ArchitectureLine:
    """The line of one architecture: its name and its values."""

    name: str
    values: NDArray[np.float64]


def distinct_lines(*panels: Sequence[ArchitectureLine]) -> list[tuple[int, str]]:
    """Return the lines that differ from those before them: index of each, and the names of all that coincide with it.

    Parameters
    ----------
    panels : sequences of ArchitectureLine
        Lines of the same architectures in each panel of a figure; two coincide if they do in every panel.
    """
    groups: list[list[int]] = []
    for place in range(len(panels[0])):
        like = next((group for group in groups if all(_alike(lines[group[0]], lines[place]) for lines in panels)), None)
        if like is None:
            groups.append([place])
        else:
            like.append(place)
    return [(group[0], " = ".join(panels[0][place].name for place in group)) for group in groups]


def _alike(one: ArchitectureLine, other: ArchitectureLine) -> bool:
    if one.values.shape != other.values.shape:
        return False
    return bool(np.allclose(one.values, other.values, rtol=1e-6, atol=1e-9, equal_nan=True))


def style_axes(axes: Axes, x_label: str, y_label: str) -> None:
    """Style axes as the report does: a light grid, no frame but the lower spine, small labels."""
    axes.grid(color=_GRID, lw=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=7.5)
    axes.set_xlabel(x_label, fontsize=7.8, color=colours.INK)
    axes.set_ylabel(y_label, fontsize=7.8, color=colours.INK)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#9AA3AE")


def log_ticks(axis: Axis) -> None:
    """Mark 1, 2 and 5 of each decade of a logarithmic axis, as plain numbers."""
    axis.set_major_locator(LogLocator(base=10.0, subs=(1.0, 2.0, 5.0)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axis.set_minor_locator(NullLocator())


def architecture_legend(figure: Figure, lines: Sequence[tuple[int, str]], bottom_inch: float) -> None:
    """Draw the legend of architectures' lines at the foot of a figure.

    Parameters
    ----------
    figure : Figure
    lines : sequence of (int, str)
        Index of each line among the architectures, and its name.
    bottom_inch : float
        [inch].
    """
    handles = [
        Line2D(
            [],
            [],
            color=colours.SERIES[place % len(colours.SERIES)],
            ls=_LINES[place % len(_LINES)],
            lw=1.7,
            label=name,
        )
        for place, name in lines
    ]
    figure.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0.05, bottom_inch / figure.get_figheight()),
        ncols=5,
        fontsize=7.2,
        frameon=False,
        handlelength=3.4,
    )


def draw_line(axes: Axes, place: int, x: NDArray[np.float64], y: NDArray[np.float64], steps: bool = False) -> None:
    """Draw the line of an architecture by its index; later ones are thinner, so that coinciding lines stay visible."""
    axes.plot(
        x,
        y,
        color=colours.SERIES[place % len(colours.SERIES)],
        ls=_LINES[place % len(_LINES)],
        lw=2.6 - 0.35 * place,
        drawstyle="steps-post" if steps else "default",
        zorder=3 + place,
    )
