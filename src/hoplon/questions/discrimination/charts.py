"""Charts of discrimination: factors of a shot, selection and kill probability by source, time of discrimination."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from numpy.typing import NDArray

from hoplon.presentation import colours
from hoplon.presentation.charts.lines import style_axes
from hoplon.presentation.picture import Picture, foot, head, new_figure, picture
from hoplon.questions.discrimination.answer import SOURCES

SHADES: Final = {"both": "#1B2A6B", "seeker": "#00736B", "radars": "#D39B00", "neither": "#A9AEB6"}
_DASHES: Final = {"both": "-", "seeker": (0, (6, 2)), "radars": (0, (3, 1.5)), "neither": (0, (1, 1))}
_MARKS: Final = {"both": "o", "seeker": "s", "radars": "D", "neither": "v"}
TIMING_COLOURS: Final = {"before": "#D39B00", "after": "#F2DFA6", "never": "#E3E6EA"}
_TIMING_LABELS: Final = {
    "before": "radar discrimination received before launch",
    "after": "after launch, by handover",
    "never": "none by handover",
}


@dataclass(frozen=True)
class FactorChain:
    """The factors of one shot, in order.

    Attributes
    ----------
    title, under : str
        Architecture, and the shot.
    factors : tuple of (str, float)
        Name and probability.
    """

    title: str
    under: str
    factors: tuple[tuple[str, float], ...]


def waterfall(chains: Sequence[FactorChain], headings: tuple[str, str], source: str, name: str) -> Picture:
    """Draw what each factor takes off the kill probability of a shot, one panel per architecture.

    Parameters
    ----------
    chains : sequence of FactorChain
    headings : tuple of str
        Title and subtitle.
    source, name : str
    """
    columns = min(3, len(chains))
    rows = -(-len(chains) // columns)
    width, height = 10.0, 0.95 + 2.35 * rows
    figure = new_figure(width, height)
    for place, chain in enumerate(chains):
        row, column = divmod(place, columns)
        axes = figure.add_axes(
            (
                (column + 0.13) / columns,
                (0.55 + (rows - 1 - row) * 2.35) / height,
                0.84 / columns,
                1.42 / height,
            )
        )
        _draw_chain(axes, chain)
    head(figure, *headings)
    foot(figure, source)
    alt_text = "; ".join(
        f"{chain.title}, {chain.under}: "
        + " x ".join(f"{label} {value:.2f}" for label, value in chain.factors)
        + f" = {_product(chain):.2f}"
        for chain in chains
    )
    return picture(figure, name, headings[0], f"Bars. {alt_text}.")


def _product(chain: FactorChain) -> float:
    return float(np.prod([value for _, value in chain.factors]))


def _draw_chain(axes: Axes, chain: FactorChain) -> None:
    left, labels = 1.0, []
    for place, (label, value) in enumerate(chain.factors):
        after = left * value
        axes.bar(place, after, width=0.72, color="#7FA6D3", zorder=3)
        axes.bar(place, left - after, bottom=after, width=0.72, color="#F6CDB5", ec="#D1491F", lw=0.5, zorder=3)
        axes.text(place, left + 0.03, f"× {value:.2f}", fontsize=6.8, ha="center", va="bottom", color=colours.INK)
        labels.append(label)
        left = after
    axes.bar(len(labels), left, width=0.72, color=colours.BATTERY, zorder=3)
    axes.text(len(labels), left + 0.03, f"{left:.2f}", fontsize=7.6, weight="bold", ha="center", va="bottom")
    axes.set_xticks(range(len(labels) + 1), [*labels, "kill"], fontsize=6.6)
    axes.set_ylim(0.0, 1.16)
    axes.set_yticks([0.0, 0.5, 1.0])
    style_axes(axes, "", "")
    axes.grid(visible=False, axis="x")
    axes.tick_params(axis="x", labelsize=6.6)
    axes.set_title(f"{chain.title}\n", fontsize=8.2, loc="left", color=colours.INK, pad=4)
    axes.text(0.0, 1.03, chain.under, transform=axes.transAxes, fontsize=6.2, va="bottom", color=colours.QUIET)


def objects_figure(
    objects: Sequence[int],
    chances: Mapping[str, Mapping[str, NDArray[np.float64]]],
    headings: tuple[str, str],
    source: str,
    name: str,
) -> Picture:
    """Draw the mean probability of selecting the warhead against the number of objects, one panel per architecture.

    Parameters
    ----------
    objects : sequence of int
    chances : mapping
        Architecture to source to the mean probability at each number of objects.
    headings : tuple of str
        Title and subtitle.
    source, name : str
    """
    number = len(chances)
    width, height = 10.0, 3.9
    figure = new_figure(width, height)
    each = 0.925 / number
    for place, (architecture, lines) in enumerate(chances.items()):
        axes = figure.add_axes((0.07 + place * each, 1.05 / height, each - 0.018, (height - 2.08) / height))
        for key in SOURCES:
            axes.plot(
                objects, lines[key], color=SHADES[key], ls=_DASHES[key], marker=_MARKS[key], ms=4, lw=1.7, zorder=3
            )
        axes.set_xscale("log")
        style_axes(axes, "objects that look alike", "probability of selecting the warhead" if place == 0 else "")
        axes.set_xticks(list(objects), [str(value) for value in objects])
        axes.minorticks_off()
        axes.set_ylim(0.0, 1.03)
        axes.set_yticks(
            np.linspace(0.0, 1.0, 6),
            [f"{value:.0f} %" for value in np.linspace(0.0, 100.0, 6)] if place == 0 else [""] * 6,
        )
        axes.set_title(architecture, fontsize=8.0, loc="left", color=colours.INK)
    figure.legend(
        handles=_source_handles(),
        loc="lower left",
        bbox_to_anchor=(0.05, 0.34 / height),
        ncols=4,
        fontsize=7.4,
        frameon=False,
    )
    head(figure, *headings)
    foot(figure, source)
    alt_text = "; ".join(
        f"{architecture}, {objects[-1]} objects: "
        + ", ".join(f"{SOURCES[key]} {100 * lines[key][-1]:.0f} per cent" for key in SOURCES)
        for architecture, lines in chances.items()
    )
    return picture(figure, name, headings[0], f"Lines. {alt_text}.")


def _source_handles() -> list[Line2D]:
    return [
        Line2D([], [], color=SHADES[key], ls=_DASHES[key], marker=_MARKS[key], ms=4.5, lw=1.7, label=label)
        for key, label in SOURCES.items()
    ]


def source_bars(
    chances: Mapping[str, Mapping[str, float]], headings: tuple[str, str], source: str, name: str
) -> Picture:
    """Draw the mean single-shot kill probability by architecture with each source of discrimination.

    Parameters
    ----------
    chances : mapping
        Architecture to source to mean probability.
    headings : tuple of str
        Title and subtitle.
    source, name : str
    """
    width, height = 10.0, 3.7
    figure = new_figure(width, height)
    axes = figure.add_axes((0.06, 0.95 / height, 0.92, (height - 1.72) / height))
    for place, values in enumerate(chances.values()):
        for step, key in enumerate(SOURCES):
            x = place + (step - 1.5) * 0.21
            axes.bar(x, values[key], width=0.19, color=SHADES[key], zorder=3)
            axes.text(x, values[key] + 0.012, f"{100 * values[key]:.0f} %", fontsize=6.9, ha="center", va="bottom")
    most = max((value for values in chances.values() for value in values.values()), default=1.0)
    style_axes(axes, "", "")
    axes.set_ylim(0.0, min(1.1, 1.15 * most + 0.03))
    ticks = np.arange(0.0, min(1.0, 1.15 * most) + 0.001, 0.2)
    axes.set_yticks(ticks, [f"{100 * value:.0f} %" for value in ticks])
    axes.set_xticks(range(len(chances)), list(chances), fontsize=8)
    axes.tick_params(axis="x", labelsize=8)
    axes.grid(visible=False, axis="x")
    handles = [Patch(fc=SHADES[key], label=label) for key, label in SOURCES.items()]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.05, 0.34 / height), ncols=4, fontsize=7.5, frameon=False
    )
    head(figure, *headings)
    foot(figure, source)
    alt_text = "; ".join(
        f"{architecture}: " + ", ".join(f"{SOURCES[key]} {100 * values[key]:.0f} per cent" for key in SOURCES)
        for architecture, values in chances.items()
    )
    return picture(figure, name, headings[0], f"Bars. {alt_text}.")


@dataclass(frozen=True)
class TimingBar:
    """When radar discrimination is received, as shares of some shots: before launch, after it, never."""

    group: str
    label: str
    before: float
    after: float
    never: float
    shots: int


def timing_bars(bars: Sequence[TimingBar], headings: tuple[str, str], source: str, name: str) -> Picture:
    """Draw whether radar discrimination is received before launch, rows grouped by architecture.

    Parameters
    ----------
    bars : sequence of TimingBar
    headings : tuple of str
        Title and subtitle.
    source, name : str
    """
    groups = list(dict.fromkeys(bar.group for bar in bars))
    rows = len(bars) + 0.8 * len(groups)
    width, height = 10.0, 1.6 + 0.225 * rows
    figure = new_figure(width, height)
    axes = figure.add_axes((0.27, 0.62 / height, 0.66, (height - 1.45) / height))
    place, alt_text = 0.0, []
    for group in groups:
        axes.text(-0.375, place + 0.42, group, fontsize=8.0, weight="bold", va="center", color=colours.INK)
        place += 0.8
        for bar in (bar for bar in bars if bar.group == group):
            left = 0.0
            for key, share in (("before", bar.before), ("after", bar.after), ("never", bar.never)):
                axes.barh(place + 0.4, share, left=left, height=0.74, color=TIMING_COLOURS[key], zorder=3)
                if share >= 0.07:
                    axes.text(
                        left + 0.5 * share,
                        place + 0.42,
                        f"{100 * share:.0f} %",
                        fontsize=6.8,
                        ha="center",
                        va="center",
                        zorder=4,
                    )
                left += share
            axes.text(-0.012, place + 0.4, bar.label, fontsize=7.4, ha="right", va="center", color=colours.INK)
            axes.text(1.012, place + 0.4, f"{bar.shots:,} shots", fontsize=6.8, va="center", color=colours.QUIET)
            alt_text.append(
                f"{group}, {bar.label}: before launch {100 * bar.before:.0f}, later {100 * bar.after:.0f}, never "
                f"{100 * bar.never:.0f} per cent of {bar.shots}"
            )
            place += 1.0
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(rows, -0.1)
    axes.axis("off")
    handles = [Patch(fc=TIMING_COLOURS[key], label=label) for key, label in _TIMING_LABELS.items()]
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.26, 0.2 / height), ncols=3, fontsize=7.2, frameon=False
    )
    head(figure, *headings)
    foot(figure, source)
    return picture(figure, name, headings[0], f"Bars. {'; '.join(alt_text)}.")
