"""How sure a choice is: spread of each alternative with how often it is best, and which is better over two inputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from numpy.typing import NDArray

from hoplon.presentation import colours
from hoplon.presentation.charts.shares import share_axis, short_percent
from hoplon.presentation.picture import Picture, foot, head, new_figure, picture

Interval = tuple[float, float, float]
"""Low, middle, high."""
_ROW: Final = 0.36  # [inch]
_BAR: Final = "#00736B"
_REGRET: Final = "#C2451C"
_FIRST: Final = "#00736B"
_SECOND: Final = "#C2451C"


def choice_bars(
    names: Sequence[str],
    bases: Sequence[float],
    values: Sequence[Interval],
    best: Sequence[Interval],
    regrets: Sequence[tuple[float, float]],
    titles: tuple[str, str],
    source: str,
    name: str,
) -> Picture:
    """Draw for each alternative the spread of its value, the share of samples in which it is best, and its regret.

    Parameters
    ----------
    names : sequence of str
    bases : sequence of float
        Value at base values.
    values : sequence of (5 %, mean, 95 %)
    best : sequence of (low, mean, high)
        Share of samples, with its interval.
    regrets : sequence of (mean, 95 %)
    titles : tuple of str
        Title and subtitle.
    source, name : str
        Source line; stem of the files.
    """
    rows = len(names)
    width, height = 10.0, 2.25 + _ROW * rows
    figure = new_figure(width, height)
    bottom, tall = 0.72 / height, (_ROW * rows) / height
    panels = [figure.add_axes((left, bottom, wide, tall)) for left, wide in ((0.22, 0.3), (0.56, 0.2), (0.8, 0.17))]
    heads = ("value in 5 to 95 % of samples", "best in this share of samples", "regret")
    for axes, title in zip(panels, heads, strict=True):
        axes.set_ylim(rows, 0.0)
        axes.set_yticks([])
        axes.set_title(title, fontsize=8.2, loc="left", color=colours.INK, pad=16)
    spread, chosen, lost = panels
    for axes in (spread, chosen):
        share_axis(axes)
    chosen.set_xticks([0.0, 0.5, 1.0], ["0 %", "50 %", "100 %"])
    most = max(0.05, *(high for _, high in regrets)) if regrets else 0.05
    share_axis(lost)
    lost.set_xlim(0.0, 1.08 * most)
    ticks = np.linspace(0.0, most, 3)
    lost.set_xticks(ticks, [f"{100.0 * tick:.0f}" for tick in ticks])
    told = []
    for row, title in enumerate(names):
        middle = row + 0.5
        low, mean, high = values[row]
        spread.text(-0.03, middle, title, fontsize=7.8, ha="right", va="center", color=colours.INK)
        spread.plot([low, high], [middle] * 2, color=_BAR, lw=5.0, alpha=0.35, solid_capstyle="butt")
        spread.plot([mean], [middle], "|", color=_BAR, ms=11, mew=2.0)
        spread.plot([bases[row]], [middle], "o", color=colours.INK, ms=4.0, mfc="white")
        start, share, end = best[row]
        chosen.barh(middle, share, height=0.5, color=_BAR, alpha=0.55)
        chosen.plot([start, end], [middle] * 2, color=colours.INK, lw=1.0)
        chosen.text(min(end, 0.86) + 0.03, middle - 0.27, short_percent(share), fontsize=6.8, va="center")
        mean_regret, p95 = regrets[row]
        lost.plot([0.0, p95], [middle] * 2, color=_REGRET, lw=5.0, alpha=0.35, solid_capstyle="butt")
        lost.plot([mean_regret], [middle], "|", color=_REGRET, ms=11, mew=2.0)
        told.append(
            f"{title}: base {short_percent(bases[row])}, 5 to 95 % {short_percent(low)} to {short_percent(high)}, best "
            f"in {short_percent(share)} of samples, mean regret {100.0 * mean_regret:.1f} points"
        )
    handles = [
        Line2D([], [], marker="o", color=colours.INK, mfc="white", ls="", ms=4.5, label="base values"),
        Line2D([], [], marker="|", color=_BAR, ls="", ms=9, mew=2.0, label="mean of samples"),
        Line2D([], [], color=colours.INK, lw=1.0, label="95 % interval of the share"),
        Line2D([], [], marker="|", color=_REGRET, ls="", ms=9, mew=2.0, label="mean regret, to its 95 %, in points"),
    ]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.21, 0.24 / height), ncols=4, fontsize=7.0, frameon=False
    )
    head(figure, *titles)
    foot(figure, source)
    return picture(figure, name, titles[0], f"Bar chart. {'; '.join(told)}.")


def better_map(
    difference: NDArray[np.float64],
    axes_titles: tuple[str, str],
    ticks: tuple[Sequence[str], Sequence[str]],
    names: tuple[str, str],
    titles: tuple[str, str],
    source: str,
    name: str,
) -> Picture:
    """Draw which of two alternatives is better over two inputs, and by how much, with the line where that changes.

    Parameters
    ----------
    difference : ndarray, shape (n, n)
        First less second; the first input along the rows. NaN where there is none.
    axes_titles : tuple of str
        What the two inputs are called.
    ticks : tuple of sequence of str
        The inputs' own numbers at their low, base and high.
    names : tuple of str
        The two alternatives.
    titles : tuple of str
    source, name : str
    """
    number = len(difference)
    width, height = 10.0, 6.4
    figure = new_figure(width, height)
    axes = figure.add_axes((0.13, 0.16, 0.56, 0.64))
    most = max(0.01, float(np.nanmax(np.abs(difference))) if np.isfinite(difference).any() else 0.01)
    for row, column in np.ndindex(difference.shape):
        value = float(difference[row, column])
        if np.isnan(value):
            continue
        face = _FIRST if value > 0.0 else _SECOND if value < 0.0 else "#9AA3AE"
        shade = 0.12 + 0.68 * abs(value) / most
        axes.add_patch(Rectangle((column - 0.48, row - 0.48), 0.96, 0.96, fc=face, ec="none", alpha=shade))
        shown = f"{100.0 * value:+.0f}" if abs(value) >= 0.005 else "0"
        axes.text(column, row, shown, fontsize=7.4, ha="center", va="center", color=colours.INK)
    known = np.where(np.isnan(difference), 0.0, difference)
    if known.min() < 0.0 < known.max():
        axes.contour(np.arange(number), np.arange(number), known, levels=[0.0], colors=[colours.INK], linewidths=[2.0])
    axes.set_xlim(-0.5, number - 0.5)
    axes.set_ylim(-0.5, number - 0.5)
    places = [0, (number - 1) // 2, number - 1]
    axes.set_xticks(places, ticks[1], fontsize=7.6)
    axes.set_yticks(places, ticks[0], fontsize=7.6)
    axes.set_xlabel(axes_titles[1], fontsize=8.4, color=colours.INK)
    axes.set_ylabel(axes_titles[0], fontsize=8.4, color=colours.INK)
    axes.tick_params(length=2.5)
    for spine in axes.spines.values():
        spine.set_visible(False)
    handles = [
        Patch(fc=_FIRST, alpha=0.6, label=f"better: {names[0]}"),
        Patch(fc=_SECOND, alpha=0.6, label=f"better: {names[1]}"),
        Line2D([], [], color=colours.INK, lw=2.0, label="where the better one changes"),
    ]
    shown_handles = handles if known.min() < 0.0 < known.max() else handles[: 2 if known.min() < 0.0 else 1]
    figure.legend(handles=shown_handles, loc="upper left", bbox_to_anchor=(0.71, 0.8), fontsize=7.8, frameon=False)
    head(figure, *titles)
    foot(figure, source)
    words = (
        f"Map of two inputs. {names[0]} is better at {int((known > 0.0).sum())} of {known.size} places, {names[1]} at "
        f"{int((known < 0.0).sum())}; differences from {100.0 * known.min():.0f} to {100.0 * known.max():.0f} points."
    )
    return picture(figure, name, titles[0], words)
