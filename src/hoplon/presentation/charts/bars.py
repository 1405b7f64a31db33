"""Bars of shares: with their intervals, by level of integration, and of people undefended by cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from hoplon.analysis.coverage import CAUSES
from hoplon.presentation import colours
from hoplon.presentation.charts.shares import share_axis, short_percent
from hoplon.presentation.picture import Picture, foot, head, new_figure, picture


@dataclass(frozen=True)
class ShareInterval:
    """A share with its low and high."""

    low: float
    base: float
    high: float

    @property
    def in_words(self) -> str:
        """The base value, and low and high in brackets where they are others: ``20 % (10 % to 30 %)``."""
        if self.low == self.base == self.high:
            return short_percent(self.base)
        return f"{short_percent(self.base)} ({short_percent(self.low)} to {short_percent(self.high)})"


@dataclass(frozen=True)
class Bar:
    """One row of a bar chart.

    Parameters
    ----------
    label : str
        Its name.
    people, land : ShareInterval or None
        Shares of people and of land; None where nobody is threatened.
    group : str
        Heading that it stands under.
    """

    label: str
    people: ShareInterval | None
    land: ShareInterval | None
    group: str


def coverage_bars(bars: Sequence[Bar], titles: tuple[str, str], source: str, name: str) -> Picture:
    """Draw the share defended by each architecture, people as bars and land as marks, with the interval of each."""
    groups = list(dict.fromkeys(bar.group for bar in bars))
    rows = len(bars) + 0.75 * len(groups)
    width, height = 10.0, 1.75 + 0.245 * rows
    figure = new_figure(width, height)
    axes = figure.add_axes((0.33, 0.62 / height, 0.64, (height - 1.6) / height))
    share_axis(axes)
    axes.set_ylim(rows, -0.2)
    place = 0.0
    for group in groups:
        axes.text(-0.475, place + 0.3, group, fontsize=8.2, weight="bold", va="center", color=colours.INK)
        place += 0.75
        for bar in (bar for bar in bars if bar.group == group):
            middle = place + 0.4
            axes.text(-0.012, middle, bar.label, fontsize=7.8, ha="right", va="center", color=colours.INK)
            _draw_bar(axes, bar, middle)
            place += 1.0
    axes.set_yticks([])
    handles = [
        Patch(fc=colours.STATES["defended"], alpha=0.75, label="people, base values"),
        Line2D([], [], color=colours.INK, lw=1.6, label="people, low to high (disputed inputs)"),
        Line2D(
            [],
            [],
            ls="-",
            marker="D",
            ms=4,
            color=colours.RADAR_LINE,
            mfc="white",
            lw=0.9,
            label="land, base; low to high",
        ),
    ]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.32, 0.2 / height), ncols=3, fontsize=7.2, frameon=False
    )
    head(figure, *titles)
    foot(figure, source)
    alt_text = "; ".join(f"{bar.label} {bar.people.in_words}" for bar in bars if bar.people is not None)
    return picture(figure, name, titles[0], f"Bar chart. Share of threatened people defended: {alt_text}.")


def _draw_bar(axes: Axes, bar: Bar, middle: float) -> None:
    if bar.people is None:
        axes.text(0.01, middle, "nobody threatened", fontsize=7, va="center", color=colours.QUIET)
        return
    axes.barh(middle, bar.people.base, height=0.66, color=colours.STATES["defended"], alpha=0.75, zorder=2)
    if bar.people.low < bar.people.high:
        axes.plot([bar.people.low, bar.people.high], [middle - 0.09] * 2, color=colours.INK, lw=1.6, zorder=4)
        for end in (bar.people.low, bar.people.high):
            axes.plot([end, end], [middle - 0.25, middle + 0.07], color=colours.INK, lw=1.1, zorder=4)
    if bar.land is not None:
        ends, ink = [bar.land.low, bar.land.high], colours.RADAR_LINE
        axes.plot(ends, [middle + 0.2] * 2, color=ink, lw=0.9, zorder=4, clip_on=False)
        axes.plot([bar.land.base], [middle + 0.2], "D", ms=3.6, mfc="white", mec=ink, zorder=5, clip_on=False)


def integration_bars(
    names: Sequence[str],
    modes: Mapping[str, Sequence[float | None]],
    own: Sequence[str],
    titles: tuple[str, str],
    source: str,
    name: str,
) -> Picture:
    """Draw the share of people defended by how far the systems are integrated, one group of bars an architecture.

    Parameters
    ----------
    names : sequence of str
        Architectures.
    modes : mapping
        Mode to shares, one an architecture; None where it was not asked.
    own : sequence of str
        The mode of each architecture itself.
    titles : tuple of str
        Title and subtitle.
    source : str
        Source line.
    name : str
        Stem of the files.
    """
    width, height = 10.0, 3.5
    figure = new_figure(width, height)
    axes = figure.add_axes((0.06, 0.75 / height, 0.92, (height - 1.5) / height))
    shade = dict(zip(modes, ("#C9CED6", "#7FA6D3", "#1B2A6B"), strict=False))
    for place in range(len(names)):
        for step, (mode, values) in enumerate(modes.items()):
            value = values[place]
            if value is None:
                continue
            x = place + (step - 1) * 0.27
            edge = colours.STATES["open"] if own[place] == mode else "none"
            axes.bar(x, value, width=0.24, color=shade[mode], ec=edge, lw=2.0, zorder=3)
            axes.text(x, value + 0.02, short_percent(value), fontsize=7.2, ha="center", va="bottom", color=colours.INK)
    axes.set_ylim(0.0, 1.12)
    axes.set_xlim(-0.6, len(names) - 0.4)
    axes.set_xticks(range(len(names)))
    axes.set_xticklabels(names, fontsize=8)
    axes.set_yticks(np.linspace(0.0, 1.0, 5))
    axes.set_yticklabels([f"{100 * level:.0f} %" for level in np.linspace(0.0, 1.0, 5)], fontsize=7.5)
    axes.grid(axis="y", color="#E4E7EB", lw=0.8)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    handles = [Patch(fc=shade[mode], label=mode.replace("_", " ")) for mode in modes]
    handles.append(Patch(fc="white", ec=colours.STATES["open"], lw=1.6, label="the architecture's own"))
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.05, 0.2 / height), ncols=4, fontsize=7.5, frameon=False
    )
    head(figure, *titles)
    foot(figure, source)
    alt_text = "; ".join(
        f"{title}: "
        + ", ".join(f"{mode.replace('_', ' ')} {short_percent(values[place])}" for mode, values in modes.items())
        for place, title in enumerate(names)
    )
    return picture(figure, name, titles[0], f"Bar chart. {alt_text}.")


def cause_bars(
    names: Sequence[str],
    causes: Sequence[Mapping[str, float]],
    people: Sequence[float],
    titles: tuple[str, str],
    source: str,
    name: str,
) -> Picture:
    """Draw how many people are left undefended by each architecture, by leading cause."""
    width, height = 10.0, 1.6 + 0.36 * len(names) + 0.55
    figure = new_figure(width, height)
    axes = figure.add_axes((0.22, 0.98 / height, 0.72, (height - 1.85) / height))
    most = max([*people, 1.0]) / 1e6
    for place in range(len(names)):
        left = 0.0
        for cause in CAUSES[1:]:
            size = causes[place].get(cause, 0.0) * people[place] / 1e6
            if size > 0.0:
                axes.barh(place, size, left=left, height=0.68, color=colours.CAUSES[cause], zorder=3)
                left += size
        axes.text(
            left + 0.01 * most, place, f"{people[place] / 1e6:,.0f} M", fontsize=7.5, va="center", color=colours.INK
        )
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_yticks(range(len(names)))
    axes.set_yticklabels(names, fontsize=8)
    axes.set_xlim(0.0, 1.1 * most)
    axes.xaxis.tick_top()
    axes.tick_params(length=0, labelsize=7.5)
    axes.set_xlabel("million people threatened and undefended", fontsize=7.5)
    axes.grid(axis="x", color="#E4E7EB", lw=0.8)
    axes.set_axisbelow(True)
    for spine in axes.spines.values():
        spine.set_visible(False)
    handles = [Patch(fc=colours.CAUSES[key], label=colours.CAUSE_LABELS[key]) for key in CAUSES[1:]]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.02, 0.2 / height), ncols=3, fontsize=6.6, frameon=False
    )
    head(figure, *titles)
    foot(figure, source)
    alt_text = "; ".join(
        f"{title}: {people[place] / 1e6:.0f} million undefended"
        + "".join(f", {100 * share:.0f} per cent {cause.replace('_', ' ')}" for cause, share in causes[place].items())
        for place, title in enumerate(names)
    )
    return picture(figure, name, titles[0], f"Bar chart. {alt_text}.")
