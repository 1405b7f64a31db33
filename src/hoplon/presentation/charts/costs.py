"""Costs: totals with their intervals beside published ranges, and what is spent in each year."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from hoplon.analysis.costs.answer import ArchitectureCost
from hoplon.presentation import colours
from hoplon.presentation.picture import Picture, foot, head, new_figure, picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Interval = tuple[float, float, float]
"""Base, low, high."""
_BOUGHT: Final = colours.SERIES[0]
_RUN: Final = "#B8C4DE"
_PUBLISHED: Final = "#E8C46A"
_BILLION: Final = 1e-3  # of millions
_GRID: Final = "#E4E7EB"


@dataclass(frozen=True)
class CostRow:
    """One architecture: its total [bn USD], a published range of it, and the cost of a defended person [USD]."""

    title: str
    total: Interval
    published: tuple[float, float] | None
    person: Interval | None


@dataclass(frozen=True)
class CostBars:
    """What is bought and what is run in each year [bn USD]."""

    title: str
    years: tuple[int, ...]
    bought: tuple[float, ...]
    run: tuple[float, ...]


def cost_intervals(rows: Sequence[CostRow], titles: tuple[str, str], source: str, name: str) -> Picture:
    """Draw the total of each architecture, and the cost of a defended person, each with its interval.

    Parameters
    ----------
    rows : sequence of CostRow
    titles : tuple of str
        Title and subtitle.
    source : str
        Source line.
    name : str
        Stem of the files.
    """
    width, height = 10.0, 2.05 + 0.3 * len(rows)
    figure = new_figure(width, height)
    bottom, tall = 0.8 / height, (height - 1.75) / height
    left = figure.add_axes((0.22, bottom, 0.4, tall))
    right = figure.add_axes((0.67, bottom, 0.3, tall))
    for axes, label in ((left, "in all, undiscounted, bn USD"), (right, "a defended person, discounted, USD")):
        _style(axes, len(rows))
        axes.set_xlabel(label, fontsize=8, color=colours.INK)
    left.set_yticks(range(len(rows)), [row.title for row in rows], fontsize=8, color=colours.INK)
    right.set_yticks([])
    told = []
    for place, row in enumerate(rows):
        if row.published is not None:
            start, end = row.published
            left.barh(place, end - start, left=start, height=0.62, color=_PUBLISHED, alpha=0.75, zorder=1)
        _mark(left, place, row.total, f"{row.total[0]:.1f}")
        words = f"{row.title} {row.total[0]:.1f} ({row.total[1]:.1f} to {row.total[2]:.1f}) bn USD"
        if row.published is not None:
            words += f", published {row.published[0]:.0f} to {row.published[1]:.0f}"
        if row.person is None:
            right.text(0.03, place, "nobody defended", transform=right.get_yaxis_transform(), fontsize=7.2, va="center")
        else:
            _mark(right, place, row.person, f"{row.person[0]:,.0f}")
            words += f", USD {row.person[0]:,.0f} a defended person"
        told.append(words)
    left.set_xlim(0.0, 1.08 * max(max(row.total[2], *(row.published or (0.0,))) for row in rows))
    people = [row.person for row in rows if row.person is not None]
    if people and max(person[2] for person in people) > 20.0 * min(person[1] for person in people) > 0.0:
        right.set_xscale("log")
        low, high = min(person[1] for person in people), max(person[2] for person in people)
        ticks = [step * 10.0**power for power in range(-2, 9) for step in (1, 2, 5)]
        inside = [tick for tick in ticks if low / 1.6 <= tick <= high * 1.9]
        right.set_xlim(low / 1.6, high * 1.9)
        right.set_xticks(inside, [f"{tick:,.10g}" for tick in inside])
        right.minorticks_off()
    elif people:
        right.set_xlim(0.0, 1.12 * max(person[2] for person in people))
    handles: list[Line2D | Patch] = [
        Line2D([], [], color=_BOUGHT, marker="o", ms=5, lw=2.2, label="base values, 5 to 95 % of the samples")
    ]
    if any(row.published is not None for row in rows):
        handles.append(Patch(fc=_PUBLISHED, alpha=0.75, label="published total"))
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.21, 0.18 / height), ncols=2, fontsize=7.4, frameon=False
    )
    head(figure, *titles)
    foot(figure, source)
    return picture(figure, name, titles[0], f"Dots with intervals. {'; '.join(told)}.")


def _style(axes: Axes, rows: int) -> None:
    axes.grid(axis="x", color=_GRID, lw=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=7.5)
    axes.set_ylim(rows - 0.4, -0.6)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#9AA3AE")


def _mark(axes: Axes, place: int, interval: Interval, text: str) -> None:
    base, low, high = interval
    axes.plot([low, high], [place, place], color=_BOUGHT, lw=2.2, solid_capstyle="butt", zorder=3)
    axes.plot([base], [place], marker="o", ms=5, color=_BOUGHT, zorder=4)
    axes.annotate(
        text, (base, place), xytext=(0, 5), textcoords="offset points", fontsize=7.2, ha="center", color=colours.INK
    )


def cost_bars(title: str, cost: ArchitectureCost) -> CostBars:
    """Return what one architecture costs in each year."""
    return CostBars(
        title,
        tuple(item.year for item in cost.by_year),
        tuple(_BILLION * item.acquisition_musd for item in cost.by_year),
        tuple(_BILLION * item.annual_musd for item in cost.by_year),
    )


def cost_years(bars: Sequence[CostBars], titles: tuple[str, str], source: str, name: str) -> Picture:
    """Draw what each architecture costs in each year: bought below, run on top, a panel each at one scale.

    Parameters
    ----------
    bars : sequence of CostBars
    titles : tuple of str
        Title and subtitle.
    source : str
        Source line.
    name : str
        Stem of the files.
    """
    across = min(4, len(bars))
    down = math.ceil(len(bars) / across)
    width, height = 10.0, 1.3 + 1.75 * down
    figure = new_figure(width, height)
    most = max(max(map(sum, zip(item.bought, item.run, strict=True))) for item in bars)
    first, last = min(item.years[0] for item in bars), max(item.years[-1] for item in bars)
    told = []
    for place, item in enumerate(bars):
        column, row = place % across, place // across
        axes = figure.add_axes(
            (
                0.055 + column * 0.945 / across,
                1.0 - (1.05 + 1.75 * row + 1.3) / height,
                0.945 / across - 0.035,
                1.2 / height,
            )
        )
        draw_cost_years(axes, item, (first, last), most)
        told.append(f"{item.title}: {sum(item.bought):.1f} bought, {sum(item.run):.1f} run")
    handles = [Patch(fc=_BOUGHT, label="bought"), Patch(fc=_RUN, label="run")]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.04, 0.14 / height), ncols=2, fontsize=7.4, frameon=False
    )
    head(figure, *titles)
    foot(figure, source)
    return picture(figure, name, titles[0], f"Bars by year, billion USD. {'; '.join(told)}.")


def draw_cost_years(axes: Axes, item: CostBars, years: tuple[int, int], most: float) -> None:
    """Draw the cost of one architecture by year into axes.

    Parameters
    ----------
    axes : Axes
    item : CostBars
    years : tuple of int
        The first and the last that are shown.
    most : float
        The greatest cost of a year that is shown [billion USD].
    """
    first, last = years
    axes.grid(axis="y", color=_GRID, lw=0.8)
    axes.set_axisbelow(True)
    axes.bar(item.years, item.bought, width=0.82, color=_BOUGHT, zorder=3)
    axes.bar(item.years, item.run, width=0.82, bottom=item.bought, color=_RUN, zorder=3)
    axes.set_xlim(first - 0.8, last + 0.8)
    axes.set_ylim(0.0, 1.08 * most)
    axes.tick_params(length=0, labelsize=7)
    ticks = [year for year in range(first, last + 1) if year % 5 == 0]
    axes.set_xticks(ticks, [str(year) for year in ticks])
    axes.set_title(item.title, fontsize=8, loc="left", color=colours.INK)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#9AA3AE")
