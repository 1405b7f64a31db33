"""Curves of graceful degradation: what is left after losses, at worst, on average and at best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from hoplon.analysis.subsets.survivability import Survival
from hoplon.presentation import colours
from hoplon.presentation.charts.lines import style_axes
from hoplon.presentation.charts.shares import short_percent
from hoplon.presentation.picture import Picture, foot, head, new_figure, picture

_COLUMNS: Final = 4
_PANEL: Final = 1.75  # [inch]
_WORST: Final = "#C2451C"
_LABELLED: Final = (0, 1, 2)  # losses whose worst share is written


@dataclass(frozen=True)
class DegradationCurve:
    """Shares of one architecture by the number of its parts that are lost; each of one length.

    Parameters
    ----------
    title : str
    losses : tuple of int
    worst, mean, best, located : tuple of float
    """

    title: str
    losses: tuple[int, ...]
    worst: tuple[float, ...]
    mean: tuple[float, ...]
    best: tuple[float, ...]
    located: tuple[float, ...]


def degradation_curve(title: str, survival: Survival) -> DegradationCurve:
    """Return the shares of one architecture by the number of sites lost."""
    rows = [row for row in survival.by_losses if row.worst is not None and row.best is not None]
    return DegradationCurve(
        title=title,
        losses=tuple(row.losses for row in rows),
        worst=tuple(row.worst.value for row in rows if row.worst is not None),
        mean=tuple(row.mean for row in rows),
        best=tuple(row.best.value for row in rows if row.best is not None),
        located=tuple(row.located[0] for row in rows if row.located is not None),
    )


def degradation_curves(curves: Sequence[DegradationCurve], titles: tuple[str, str], source: str, name: str) -> Picture:
    """Draw a panel for each architecture: worst, mean and best over every set lost, and a located attack.

    Parameters
    ----------
    curves : sequence of DegradationCurve
    titles : tuple of str
        Title and subtitle.
    source : str
        Source line.
    name : str
        Stem of the files.
    """
    columns = min(_COLUMNS, len(curves))
    rows = -(-len(curves) // columns)
    width, height = 10.0, 1.55 + (_PANEL + 0.6) * rows
    figure = new_figure(width, height)
    most = max(max(curve.losses) for curve in curves)
    each = 9.4 / columns
    for place, curve in enumerate(curves):
        row, column = divmod(place, columns)
        bottom = height - 1.2 - (row + 1) * (_PANEL + 0.6) + 0.6
        box = ((0.5 + column * each) / width, bottom / height, (each - 0.35) / width, _PANEL / height)
        axes = figure.add_axes(box)
        draw_degradation(axes, curve, most, labelled=column == 0, last=place + columns >= len(curves))
    handles = [
        Line2D([], [], color=_WORST, lw=2.0, marker="o", ms=3.5, label="at worst (the attacker chooses)"),
        Line2D([], [], color=colours.INK, lw=1.6, label="on average (random losses)"),
        Line2D([], [], color=colours.STATES["defended"], lw=1.4, label="at best"),
        Line2D([], [], color=_WORST, lw=1.2, ls=(0, (2, 1.5)), label="located attack, expected"),
        Patch(fc=colours.STATES["defended"], alpha=0.15, label="between worst and best"),
    ]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.04, 0.17 / height), ncols=5, fontsize=7.0, frameon=False
    )
    head(figure, *titles)
    foot(figure, source)
    told = "; ".join(
        f"{curve.title}: "
        + ", ".join(
            f"{lost} lost {short_percent(worst)} at worst, {short_percent(mean)} on average"
            for lost, worst, mean in zip(curve.losses, curve.worst, curve.mean, strict=True)
        )
        for curve in curves
    )
    return picture(figure, name, titles[0], f"Curves of what is left after losses. {told}.")


def draw_degradation(
    axes: Axes, curve: DegradationCurve, most: int, *, labelled: bool = True, last: bool = True
) -> None:
    """Draw the curves of one architecture into axes.

    Parameters
    ----------
    axes : Axes
    curve : DegradationCurve
    most : int
        Losses at the right end.
    labelled, last : bool
        Whether the axes of shares and of losses are labelled.
    """
    axes.fill_between(curve.losses, curve.worst, curve.best, color=colours.STATES["defended"], alpha=0.15, lw=0)
    axes.plot(curve.losses, curve.best, color=colours.STATES["defended"], lw=1.4)
    axes.plot(curve.losses, curve.mean, color=colours.INK, lw=1.6)
    axes.plot(curve.losses, curve.located, color=_WORST, lw=1.2, ls=(0, (2, 1.5)))
    axes.plot(curve.losses, curve.worst, color=_WORST, lw=2.0, marker="o", ms=3.5)
    for lost, share in zip(curve.losses, curve.worst, strict=True):
        if lost in _LABELLED:
            above = share < 0.85
            axes.annotate(
                short_percent(share),
                (lost, share),
                xytext=(4, 3 if above else -9),
                textcoords="offset points",
                fontsize=6.8,
                color=_WORST if lost else colours.INK,
            )
    style_axes(axes, "sites lost" if last else "", "")
    axes.set_title(curve.title, fontsize=8.0, loc="left", color=colours.INK, weight="bold")
    axes.set_ylim(-0.03, 1.04)
    axes.set_xlim(-0.15, most + 0.3)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_yticks([0.0, 0.25, 0.5, 0.75, 1.0])
    axes.set_yticklabels(["0 %", "25 %", "50 %", "75 %", "100 %"] if labelled else [""] * 5)
