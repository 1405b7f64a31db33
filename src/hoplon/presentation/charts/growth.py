"""The growth of the threat: people within reach by year, and the first year of each nation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from hoplon.presentation import colours
from hoplon.presentation.charts.lines import style_axes
from hoplon.presentation.picture import Picture, foot, head, new_figure, picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BAND: Final = 0.28  # opacity
_DEFENDED: Final = "share defended by what is fielded, headline classes that exist"
_MILLION: Final = 1.0e6
_LEAST_GAP_YEARS: Final = 2.6  # between labels on one line


def growth_figure(
    years: NDArray[np.float64],
    people: Mapping[str, NDArray[np.float64]],
    shares: Mapping[str, NDArray[np.float64]],
    begun: Sequence[tuple[float, str]],
    stages: Sequence[tuple[float, str]],
    heads: tuple[str, str],
    source: str,
) -> Picture:
    """Draw people within reach by year and, below, the share of them that the architecture fielded defends.

    Parameters
    ----------
    years : ndarray, shape (n,)
    people, shares : mapping
        By pace (slow, base, fast), shape (n,); shares may be missing.
    begun, stages : sequence of (year, name)
        Classes at their first years, architectures at theirs.
    heads : tuple of str
        Title and subtitle.
    source : str
        Source line.
    """
    height = 5.4 if shares else 3.6
    figure = new_figure(9.0, height)
    panel = 1.75
    top = figure.add_axes((0.085, (height - 0.95 - panel) / height, 0.885, panel / height))
    style_axes(top, "", "million people in reach")
    _steps(top, years, {pace: values / _MILLION for pace, values in people.items()}, colours.SERIES[2])
    top.set_ylim(0.0, 1.18 * max(float(values.max()) for values in people.values()) / _MILLION or 1.0)
    _marks(top, begun, colours.LAUNCH_AREA)
    if shares:
        top.tick_params(labelbottom=False)
        below = figure.add_axes((0.085, 0.95 / height, 0.885, (panel - 0.1) / height), sharex=top)
        style_axes(below, "", "people in reach defended")
        _steps(below, years, shares, colours.SERIES[1])
        below.set_ylim(0.0, 1.18)
        below.set_yticks([0.0, 0.25, 0.5, 0.75, 1.0], ["0 %", "25 %", "50 %", "75 %", "100 %"])
        _marks(below, stages, colours.BATTERY)
    top.set_xlim(float(years[0]), float(years[-1]))
    handles = [
        Line2D([], [], color=colours.SERIES[2], lw=2.0, label="people within reach of some class"),
        *([Line2D([], [], color=colours.SERIES[1], lw=2.0, label=_DEFENDED)] if shares else []),
        Patch(fc=colours.QUIET, ec="none", alpha=_BAND, label="between the slow and the fast pace"),
    ]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.075, 0.2 / height), ncols=3, fontsize=7.4, frameon=False
    )
    head(figure, *heads)
    foot(figure, source)
    base = people["base"] / _MILLION
    jumps = np.flatnonzero(np.diff(base, prepend=0.0) > 0.01 * base.max())
    told = ", ".join(f"{base[place]:,.0f} million from {years[place]:.0f}" for place in jumps)
    return picture(figure, "threat-growth", heads[0], f"Lines. {heads[0]}. At the base pace {told}.")


def _steps(axes: Axes, years: NDArray[np.float64], by_pace: Mapping[str, NDArray[np.float64]], colour: str) -> None:
    edges = np.append(years, years[-1] + 1.0)
    values = {pace: np.append(row, row[-1]) for pace, row in by_pace.items()}
    every = np.array(list(values.values()))
    with np.errstate(invalid="ignore"):
        low, high = np.fmin.reduce(every), np.fmax.reduce(every)
    axes.fill_between(edges, low, high, step="post", color=colour, alpha=_BAND, lw=0, zorder=2)
    axes.step(edges, values["base"], where="post", color=colour, lw=2.0, zorder=4)


def _marks(axes: Axes, marks: Sequence[tuple[float, str]], colour: str) -> None:
    """Write names at their years, along the top: those of one year together, those close by on the line below."""
    low, high = axes.get_ylim()
    by_year: dict[float, list[str]] = {}
    for year, name in sorted(marks, key=lambda mark: mark[0]):
        by_year.setdefault(year, []).append(name)
    last, line = -np.inf, 0
    for year, names in by_year.items():
        line = (line + 1) % 2 if year - last < _LEAST_GAP_YEARS else 0
        last = year
        axes.axvline(year, color=colour, lw=0.7, ls=(0, (2, 2)), alpha=0.6, zorder=1)
        axes.text(
            year + 0.15, high - (high - low) * (0.02 + 0.085 * line), ", ".join(names),
            fontsize=6.6, va="top", color=colour, zorder=6,
        )  # fmt: skip


def first_years_figure(
    rows: Sequence[tuple[str, int | None, int | None, int | None]], heads: tuple[str, str], source: str
) -> Picture:
    """Draw the first year within reach of each nation: a dot as stated, a bar from early to late.

    Parameters
    ----------
    rows : sequence of (nation, early, stated, late)
        None for never.
    heads : tuple of str
        Title and subtitle.
    source : str
        Source line.
    """
    never = 10_000
    shown = sorted(
        (row for row in rows if any(year is not None for year in row[1:])),
        key=lambda row: (row[2] or never, row[1] or never, row[3] or never, row[0]),
    )
    last = max(year for row in shown for year in row[1:] if year is not None)
    height = 1.5 + 0.165 * len(shown)
    figure = new_figure(7.6, height)
    axes = figure.add_axes((0.21, 0.45 / height, 0.75, (height - 1.4) / height))
    style_axes(axes, "", "")
    for place, (_, early, stated, late) in enumerate(shown):
        begin = early if early is not None else stated
        end = late if late is not None else last + 1
        if begin is not None:
            axes.plot([begin, end], [place, place], color=colours.INPUT_BAND, lw=5.5, solid_capstyle="butt", zorder=2)
        if stated is not None:
            axes.plot([stated], [place], "o", ms=5, color=colours.SERIES[2], zorder=4)
    axes.set_yticks(range(len(shown)), [row[0] for row in shown], fontsize=7.2)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.xaxis.tick_top()
    head(figure, *heads)
    foot(figure, source)
    told = "; ".join(f"{name} {stated if stated is not None else 'never'}" for name, _, stated, _ in shown)
    return picture(figure, "threat-first-years", heads[0], f"Dots. {heads[0]}. {told}.")
