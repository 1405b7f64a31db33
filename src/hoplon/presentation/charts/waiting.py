"""Regret of waiting by years, and step curves of the best response to a surprise by days."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hoplon.presentation import colours
from hoplon.presentation.charts.lines import style_axes
from hoplon.presentation.picture import Picture, foot, head, new_figure, picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DASHES: Final = ("-", (0, (6, 2)), (0, (3, 1.5)), (0, (1, 1)), (0, (6, 2, 1, 2)))
_COLUMNS: Final = 2
_LEAST_SPAN: Final = 0.02  # of shares that a panel spans at least


@dataclass(frozen=True)
class WaitingLine:
    """Regret in one world.

    Attributes
    ----------
    title : str
    years : tuple of int
        Waited.
    regret : mapping
        By pace, at each of them [million person-years].
    price : tuple of float or None
        At the base pace [USD per person-year].
    """

    title: str
    years: tuple[int, ...]
    regret: Mapping[str, tuple[float, ...]]
    price: tuple[float | None, ...]


@dataclass(frozen=True)
class ResponseSteps:
    """The best responses to one surprise.

    Attributes
    ----------
    title : str
    values : tuple of float or None
        Share defended within each of the days.
    moves : tuple of tuple of str
    planned : float or None
        Without the surprise.
    """

    title: str
    values: tuple[float | None, ...]
    moves: tuple[tuple[str, ...], ...]
    planned: float | None


def waiting_figure(lines: Sequence[WaitingLine], heads: tuple[str, str], source: str) -> Picture:
    """Draw regret against years of waiting, and the price at which waiting pays.

    Parameters
    ----------
    lines : sequence of WaitingLine
        The first as planned, with the band of its paces.
    heads : tuple of str
        Title and subtitle.
    source : str
        Source line.
    """
    height = 4.4
    figure = new_figure(9.6, height)
    left = figure.add_axes((0.075, 1.15 / height, 0.52, (height - 2.05) / height))
    style_axes(left, "years waited", "regret, million person-years")
    right = figure.add_axes((0.685, 1.15 / height, 0.29, (height - 2.05) / height))
    style_axes(right, "years waited", "USD saved per person-year")
    planned = lines[0]
    every = [planned.regret[pace] for pace in ("slow", "fast") if pace in planned.regret]
    if len(every) > 1:
        left.fill_between(
            planned.years, every[0], every[1], color=colours.SERIES[0], alpha=0.16, lw=0, zorder=1, label="_"
        )
    for place, line in enumerate(lines):
        colour, dashes = colours.SERIES[place % len(colours.SERIES)], _DASHES[place % len(_DASHES)]
        width = 2.4 if place == 0 else 1.5
        left.plot(line.years, line.regret["base"], color=colour, ls=dashes, lw=width, label=line.title, zorder=4)
        known = [(year, price) for year, price in zip(line.years, line.price, strict=True) if price is not None]
        if known:
            right.plot(*zip(*known, strict=True), color=colour, ls=dashes, lw=width, marker="o", ms=3, zorder=4)
    left.set_ylim(bottom=min(0.0, left.get_ylim()[0]))
    right.set_ylim(bottom=0.0)
    for axes in (left, right):
        axes.set_xticks(planned.years)
    right.set_title("saving over regret, base pace", fontsize=8.0, loc="left", color=colours.INK)
    left.set_title("regret, base pace", fontsize=8.0, loc="left", color=colours.INK)
    handles, labels = left.get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="lower left", bbox_to_anchor=(0.06, 0.22 / height), ncols=3, fontsize=7.2, frameon=False,
        handlelength=3.2,
    )  # fmt: skip
    head(figure, *heads)
    foot(figure, source)
    told = "; ".join(
        f"{line.title}: {line.regret['base'][-1]:,.0f} million person-years after {line.years[-1]} years"
        for line in lines
    )
    return picture(figure, "adaptivity-waiting", heads[0], f"Lines. {heads[0]}. {told}.")


def response_figure(
    panels: Sequence[ResponseSteps], days: Sequence[int], heads: tuple[str, str], source: str
) -> Picture:
    """Draw a step curve for each surprise: the share defended after the best moves within so many days.

    Parameters
    ----------
    panels : sequence of ResponseSteps
    days : sequence of int
    heads : tuple of str
        Title and subtitle.
    source : str
        Source line.
    """
    columns = min(_COLUMNS, len(panels))
    rows = -(-len(panels) // columns)
    row_height = 2.3
    height = 0.8 + rows * row_height + 0.35
    figure = new_figure(9.6, height)
    for place, panel in enumerate(panels):
        row, column = divmod(place, columns)
        bottom = (0.35 + (rows - 1 - row) * row_height + 0.42) / height
        axes = figure.add_axes(
            (
                0.075 + 0.485 * column,
                bottom,
                0.89 / columns - 0.03 if columns > 1 else 0.89,
                (row_height - 0.8) / height,
            )
        )
        _response_panel(axes, panel, days, last_row=row == rows - 1)
    head(figure, *heads)
    foot(figure, source)
    told = "; ".join(
        f"{panel.title}: {_percent(panel.values[0])} as deployed, {_percent(panel.values[-1])} within {days[-1]:,} days"
        for panel in panels
    )
    return picture(figure, "adaptivity-response", heads[0], f"Steps. {heads[0]}. {told}.")


def _response_panel(axes: Axes, panel: ResponseSteps, days: Sequence[int], *, last_row: bool) -> None:
    style_axes(axes, "days after the surprise" if last_row else "", "")
    values = [value or 0.0 for value in panel.values]
    places = list(range(len(days)))
    axes.step([*places, len(days)], [*values, values[-1]], where="post", color=colours.SERIES[1], lw=2.2, zorder=4)
    marks = values if panel.planned is None else [*values, panel.planned]
    middle, span = (max(marks) + min(marks)) / 2.0, max(max(marks) - min(marks), _LEAST_SPAN)
    low, high = middle - 0.75 * span, middle + 1.15 * span
    axes.set_ylim(low, high)
    axes.set_xlim(0, len(days))
    axes.set_xticks(places, [f"{day:,}" for day in days])
    axes.yaxis.set_major_formatter(lambda value, _: f"{100.0 * value:.1f} %" if value <= 1.0 + 1e-9 else "")
    if panel.planned is not None:
        axes.axhline(panel.planned, color=colours.QUIET, lw=0.9, ls=(0, (4, 3)), zorder=2)
        axes.text(
            len(days) - 0.05, panel.planned, "as planned", fontsize=6.4, ha="right", va="bottom", color=colours.QUIET
        )
    changes = [place for place in places if panel.moves[place] != (panel.moves[place - 1] if place else ())]
    for place in changes:
        before = set(panel.moves[place - 1]) if place else set()
        kept = before <= set(panel.moves[place])
        new = [move for move in panel.moves[place] if move not in before] if kept else panel.moves[place]
        words = "\n".join(textwrap.fill(f"{'+' if kept else '='} {move}", 34, subsequent_indent="   ") for move in new)
        last = place == changes[-1]  # its words stand above the line, those of earlier steps below
        axes.text(
            place + 0.06, values[place] + (0.03 if last else -0.03) * (high - low), words,
            fontsize=6.6, va="bottom" if last else "top", color=colours.INK,
        )  # fmt: skip
    if not changes:
        axes.text(0.1, values[0] + 0.03 * (high - low), "no move defends more", fontsize=6.6, va="bottom")
    axes.set_title(panel.title, fontsize=8.6, loc="left", color=colours.INK)


def _percent(share: float | None) -> str:
    return f"{100.0 * (share or 0.0):.1f} %"
