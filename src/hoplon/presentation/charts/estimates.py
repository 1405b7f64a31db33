"""Monte Carlo estimates with their 95 % intervals: dots by group, lines along a swept value, bars by architecture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from matplotlib.lines import Line2D

from hoplon.analysis.raid.runs import of_group
from hoplon.presentation import colours
from hoplon.presentation.picture import Picture, foot, head, picture, source_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hoplon.analysis.raid.runs import Row
    from hoplon.analysis.raid.sweeps import RaidSweeps
    from hoplon.scenario.model import Scenario

Box = tuple[float, float, float, float]
"""Left, bottom, width, height of axes as shares of the figure."""
_MEASURES: Final = (
    ("leakage", "leakage"),
    ("shots_per_kill", "shots per kill"),
    ("inventory_left", "interceptors left"),
)
_MOST_WITH_BOUNDS: Final = 3  # lines in a panel that still have the bounds of kill probability beside them
_MARKERS: Final = ("o", "s", "D", "^", "v", "P")
_DASHES: Final = ("-", (0, (6, 2)), (0, (3, 1.5)), (0, (1, 1)), (0, (6, 2, 1, 2)))


def style_axes(axes: Axes, measure: str, title: str, along: str = "x") -> None:
    """Give axes a light grid and a title; a leakage runs from nothing to all of the raid.

    Parameters
    ----------
    axes : Axes
    measure : str
        What is shown, as the estimates name it.
    title : str
    along : {"x", "y"}
        The axis that the settings stand on.
    """
    axes.grid(axis="both" if along == "x" else "x", color="#E4E7EB", lw=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=7.5)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#9AA3AE")
    axes.set_title(title, fontsize=8.6, loc="left", color=colours.INK)
    if measure == "leakage":
        ticks = [0.0, 0.25, 0.5, 0.75, 1.0]
        words = [f"{100 * tick:.0f} %" for tick in ticks]
        if along == "x":
            axes.set_ylim(0.0, 1.03)
            axes.set_yticks(ticks, words)
        else:
            axes.set_xlim(-0.02, 1.03)
            axes.set_xticks(ticks, words)


def dot_panels(
    figure: Figure, rows: Sequence[Row], groups: Sequence[tuple[str, str]], labels: Sequence[tuple[str, str]]
) -> None:
    """Draw leakage, shots per kill and inventory side by side: a dot with its interval for each row, by group.

    Parameters
    ----------
    figure : Figure
    rows : sequence of Row
    groups, labels : sequence of tuple
        Groups and settings in their order, each with what the figure calls it.
    """
    height = figure.get_figheight()
    order = [(group, label) for group, _ in groups for label, _ in labels if _find(rows, group, label) is not None]
    for column, (measure, title) in enumerate(_MEASURES):
        axes = figure.add_axes((0.27 + 0.245 * column, 0.55 / height, 0.215, (height - 1.55) / height))
        style_axes(axes, measure, title, "y")
        place, ticks = 0.0, []
        for number, (group, name) in enumerate(groups):
            mine = [label for other, label in order if other == group]
            if not mine:
                continue
            if column == 0 and name:
                axes.text(
                    -0.02, place + 0.1, name, transform=axes.get_yaxis_transform(), fontsize=8, weight="bold",
                    ha="right", va="center", color=colours.INK,
                )  # fmt: skip
            place += 0.9 if name else 0.0
            for label in mine:
                row = _find(rows, group, label)
                assert row is not None
                _dot(axes, row, measure, place, number)
                if column == 0:
                    axes.text(
                        -0.02, place, dict(labels)[label], transform=axes.get_yaxis_transform(), fontsize=7.8,
                        ha="right", va="center", color=colours.INK,
                    )  # fmt: skip
                ticks.append(place)
                place += 1.0
            place += 0.35
        axes.set_yticks(ticks, [""] * len(ticks))
        axes.set_ylim(place - 0.3, -0.6)
        if measure == "inventory_left":
            axes.set_xlim(0.0, 1.05 * max(row.magazine for row in rows))
        if measure == "shots_per_kill":
            axes.set_xlim(0.9, max(axes.get_xlim()[1], 2.0))
        axes.grid(axis="y", color="#F1F2F4", lw=0.8)


def _dot(axes: Axes, row: Row, measure: str, place: float, number: int) -> None:
    estimate = row.estimates[measure]
    if estimate.mean is None or estimate.low is None or estimate.high is None:
        axes.text(
            0.03, place, "no kill", transform=axes.get_yaxis_transform(), fontsize=7, va="center", color=colours.QUIET
        )
        return
    colour = colours.SERIES[number % len(colours.SERIES)]
    if row.bounds is not None and measure in row.bounds:
        ends = row.bounds[measure]
        axes.plot([ends.low, ends.high], [place, place], "|", ls="-", color=colour, lw=0.8, ms=5.5)
    axes.plot([estimate.low, estimate.high], [place, place], color=colour, lw=2.6, solid_capstyle="butt")
    axes.plot([estimate.mean], [place], "o", ms=4.6, color=colour, mec="white", mew=0.6)
    if measure == "inventory_left":
        axes.plot([row.magazine], [place], "|", ms=8, color=colours.QUIET)


def _find(rows: Sequence[Row], group: str, label: str) -> Row | None:
    return next((row for row in rows if row.group == group and row.label == label), None)


def line_panel(
    figure: Figure,
    rows: Sequence[Row],
    x_label: str,
    groups: Sequence[str],
    box: Box,
    measure: str,
    title: str,
    first: int = 0,
) -> None:
    """Draw one measure against the swept value, a line with the band of its interval for each group.

    Parameters
    ----------
    figure : Figure
    rows : sequence of Row
        Those without a value or an estimate are left out.
    x_label : str
    groups : sequence of str
    box : tuple of float
        Where the axes stand.
    measure, title : str
    first : int
        Number of the first group's colour, dash and marker.
    """
    axes = figure.add_axes(box)
    style_axes(axes, measure, title)
    for number, group in enumerate(groups, start=first):
        mine = [
            row for row in of_group(rows, group) if row.value is not None and row.estimates[measure].mean is not None
        ]
        x = [row.value or 0.0 for row in mine]
        means = [row.estimates[measure].mean or 0.0 for row in mine]
        lows, highs = ([getattr(row.estimates[measure], end) or 0.0 for row in mine] for end in ("low", "high"))
        colour = colours.SERIES[number % len(colours.SERIES)]
        axes.fill_between(x, lows, highs, color=colour, alpha=0.22, lw=0)
        for end in ("low", "high") if len(groups) <= _MOST_WITH_BOUNDS else ():
            bounds = [
                (at, getattr(row.bounds[measure], end))
                for at, row in zip(x, mine, strict=True)
                if row.bounds and measure in row.bounds
            ]
            axes.plot([at for at, _ in bounds], [end_of for _, end_of in bounds], color=colour, lw=0.7, ls=(0, (2, 2)))
        axes.plot(
            x, means, color=colour, ls=_DASHES[number % len(_DASHES)], marker=_MARKERS[number % len(_MARKERS)], ms=3.6,
            lw=2.3 - 0.25 * (number - first),
        )  # fmt: skip
    if measure == "inventory_left":
        axes.set_ylim(0.0, 1.05 * max(row.magazine for row in rows))
    if measure == "shots_per_kill":
        axes.set_ylim(min(1.0, axes.get_ylim()[0]), max(axes.get_ylim()[1], 2.0))
    axes.set_xlabel(x_label, fontsize=7.8, color=colours.INK)


def line_panels(
    figure: Figure, rows: Sequence[Row], x_label: str, groups: Sequence[str], bottom: float, height: float
) -> None:
    """Draw leakage, shots per kill and inventory side by side, at a bottom and with a height [inch]."""
    whole = figure.get_figheight()
    for column, (measure, title) in enumerate(_MEASURES):
        box = (0.06 + 0.325 * column, bottom / whole, 0.265, height / whole)
        line_panel(figure, rows, x_label, groups, box, measure, title)


def series_key(
    figure: Figure,
    names: Sequence[str],
    corner: tuple[float, float],
    columns: int,
    first: int = 0,
    size: float = 7.4,
) -> None:
    """Draw the key of lines.

    Parameters
    ----------
    figure : Figure
    names : sequence of str
    corner : tuple of float
        Lower left: share of the width, and height above the bottom [inch].
    columns : int
    first : int
        Number of the first one's colour, dash and marker.
    size : float
        Of the letters [point].
    """
    handles = [
        Line2D(
            [], [], color=colours.SERIES[n % len(colours.SERIES)], ls=_DASHES[n % len(_DASHES)],
            marker=_MARKERS[n % len(_MARKERS)], ms=4, lw=1.8, label=name,
        )
        for n, name in enumerate(names, start=first)
    ]  # fmt: skip
    left, bottom = corner
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(left, bottom / figure.get_figheight()), ncols=columns,
        fontsize=size, frameon=False, handlelength=3.4,
    )  # fmt: skip


def bar_panel(
    figure: Figure, names: Sequence[str], box: Box, title: str, values: Sequence[tuple[float, float, float]]
) -> None:
    """Draw a bar for each name, with its interval.

    Parameters
    ----------
    figure : Figure
    names : sequence of str
        Empty strings where another panel has them.
    box : tuple of float
        Where the axes stand.
    title : str
    values : sequence of tuple
        Mean, low and high of each.
    """
    axes = figure.add_axes(box)
    style_axes(axes, "", title, "y")
    most = max(mean for mean, _, _ in values)
    digits = 0 if all(low == high == round(mean) for mean, low, high in values) else 2 if most < 5.0 else 1
    for place, (mean, low, high) in enumerate(values):
        axes.barh(place, mean, height=0.62, color=colours.SERIES[0], alpha=0.75)
        if high > low:
            axes.plot([low, high], [place, place], color=colours.STATES["open"], lw=2.0)
        axes.text(max(high, mean), place, f" {mean:.{digits}f}", fontsize=7.5, va="center", color=colours.INK)
    axes.set_xlim(0.0, 1.28 * max(max(high for _, _, high in values), 1e-9))
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.invert_yaxis()


def estimates_picture(
    figure: Figure,
    name: str,
    heads: tuple[str, str],
    scenario: Scenario,
    answers: RaidSweeps,
    words: str,
    replications: str = "",
    bounds: bool = True,
) -> Picture:
    """Return a figure with its title and the line that says how many replications it was made from.

    Parameters
    ----------
    figure : Figure
    name : str
        Stem of its files.
    heads : tuple of str
        Title and the line below it.
    scenario : Scenario
    answers : RaidSweeps
    words : str
        What the figure shows, for a reader who cannot see it.
    replications : str
        How many, where it is not the number of the sweeps.
    bounds : bool
        Whether the bounds of kill probability are drawn, where they are known.
    """
    head(figure, *heads)
    many = replications or f"{answers.replications} replications per point"
    more = f"seed {answers.seed}, {many}, common random numbers; thick bars and bands: 95 % intervals of sampling"
    if bounds and any(row.bounds for row in answers.doctrines):
        more += "; thin bars and dashes: bounds of kill probability"
    foot(figure, source_line(scenario.name, scenario.sha256, more))
    return picture(figure, name, heads[0], words)
