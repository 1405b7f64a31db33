"""Shares of strategic trajectories engaged against burnout speed, a panel an architecture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from hoplon.presentation import colours
from hoplon.presentation.charts.lines import style_axes
from hoplon.presentation.picture import Picture, foot, head, new_figure, picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_COLUMNS: Final = 3
_WIDTH, _ROW = 10.0, 2.9  # [inch]


@dataclass(frozen=True)
class EngagedShares:
    """The shares of one architecture.

    Attributes
    ----------
    title : str
    speeds_km_s : tuple of float
    judged, kinematic : tuple of float
        Share at each speed.
    stated : tuple of (name, low, base, high)
        Interceptor types and their burnout speeds [km/s].
    other : tuple of float
        Judged shares under another reading; empty for none.
    """

    title: str
    speeds_km_s: tuple[float, ...]
    judged: tuple[float, ...]
    kinematic: tuple[float, ...]
    stated: tuple[tuple[str, float, float, float], ...]
    other: tuple[float, ...] = ()


def engaged_shares_figure(
    panels: Sequence[EngagedShares], heads: tuple[str, str], other: str, source: str, name: str
) -> Picture:
    """Draw shares engaged against burnout speed, with the stated speeds and their bounds marked.

    Parameters
    ----------
    panels : sequence of EngagedShares
    heads : tuple of str
        Title and subtitle.
    other : str
        What the other reading is called; "" where no panel has one.
    source, name : str
        Source line, and stem of the files.
    """
    columns = min(_COLUMNS, len(panels))
    rows = -(-len(panels) // columns)
    height = 0.85 + rows * _ROW + 0.55
    figure, lines = new_figure(_WIDTH, height), max(len(panel.stated) for panel in panels)
    for place, panel in enumerate(panels):
        row, column = divmod(place, columns)
        left, width = 0.062 + column * 0.94 / columns, 0.94 / columns - 0.05
        bottom = (0.95 + (rows - 1 - row) * _ROW) / height
        axes = figure.add_axes((left, bottom, width, (_ROW - 0.95) / height))
        draw_engaged_shares(axes, panel, lines, labelled=column == 0)
    handles = [
        Line2D([], [], color=colours.SERIES[0], lw=2.2, marker="o", ms=3.5, label="own sensors and doctrine (judged)"),
        Line2D([], [], color=colours.SERIES[2], lw=1.6, ls=(0, (5, 2)), label="kinematics alone (a bound)"),
        *([Line2D([], [], color=colours.SERIES[4], lw=1.3, ls=(0, (1, 1)), label=other)] if other else []),
        Patch(fc=colours.INPUT_BAND, ec="none", alpha=0.7, label="stated burnout speed, low to high; line: base"),
    ]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.05, 0.2 / height), ncols=4, fontsize=7.2, frameon=False
    )
    head(figure, *heads)
    foot(figure, source)
    told = "; ".join(
        f"{panel.title}: judged {_shares(panel.judged, panel.speeds_km_s)}, kinematic "
        f"{_shares(panel.kinematic, panel.speeds_km_s)}"
        for panel in panels
    )
    return picture(figure, name, heads[0], f"Lines. {heads[0]}. {told}.")


def draw_engaged_shares(axes: Axes, panel: EngagedShares, lines: int, *, labelled: bool = True) -> None:
    """Draw the shares of one architecture into axes.

    Parameters
    ----------
    axes : Axes
    panel : EngagedShares
    lines : int
        Lines of stated speeds between the frame and the title.
    labelled : bool
        Whether the axis of shares is labelled.
    """
    style_axes(axes, "burnout speed of every interceptor, km/s", "trajectories engaged" if labelled else "")
    for place, (kind, low, base, high) in enumerate(panel.stated):
        axes.axvspan(low, high, color=colours.INPUT_BAND, alpha=0.5, lw=0, zorder=1)
        axes.axvline(base, color=colours.QUIET, lw=1.1, zorder=2)
        axes.text(
            base, 1.03 + 0.075 * place, kind, fontsize=6.6, ha="center", va="bottom", color=colours.QUIET, clip_on=False
        )
    x = panel.speeds_km_s
    axes.plot(x, panel.kinematic, color=colours.SERIES[2], lw=1.6, ls=(0, (5, 2)), zorder=4)
    if panel.other:
        axes.plot(x, panel.other, color=colours.SERIES[4], lw=1.3, ls=(0, (1, 1)), zorder=5)
    axes.plot(x, panel.judged, color=colours.SERIES[0], lw=2.2, marker="o", ms=3.5, zorder=6)
    axes.set_ylim(-0.03, 1.03)
    axes.set_xlim(min(x), max(x))
    axes.set_yticks([0.0, 0.25, 0.5, 0.75, 1.0], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    axes.set_title(panel.title, fontsize=8.6, loc="left", color=colours.INK, pad=12 + 11 * (lines - 1))


def _shares(shares: Sequence[float], speeds: Sequence[float]) -> str:
    """Return the speeds at which a share begins and ends to rise, as text."""
    some = next((speed for speed, share in zip(speeds, shares, strict=True) if share > 0.0), None)
    if some is None:
        return f"none up to {max(speeds):g} km/s"
    return f"from {some:g} km/s, {100.0 * shares[-1]:.0f} % at {max(speeds):g} km/s"
