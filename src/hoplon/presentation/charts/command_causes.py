"""What each cause adds to the leakage under perfect command, as bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hoplon.presentation import colours
from hoplon.presentation.charts.estimates import style_axes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from hoplon.analysis.raid.command_causes import CommandCauses


def cause_bars(figure: Figure, names: Sequence[str], causes: CommandCauses) -> None:
    """Draw a bar for each cause, its mean over every order, with first-out and last-in marks; the remainder last.

    Parameters
    ----------
    figure : Figure
    names : sequence of str
        Of the causes in their order, and of the remainder.
    causes : CommandCauses
    """
    height = figure.get_figheight()
    axes = figure.add_axes((0.33, 0.95 / height, 0.62, (height - 1.95) / height))
    style_axes(axes, "", "points of leakage", "y")
    estimates = [*(cost.shapley for cost in causes.causes), causes.remainder]
    for place, estimate in enumerate(estimates):
        mean, low, high = (100.0 * (end or 0.0) for end in (estimate.mean, estimate.low, estimate.high))
        colour = colours.SERIES[0] if place < len(causes.causes) else colours.QUIET
        axes.barh(place, mean, height=0.6, color=colour, alpha=0.75)
        axes.plot([low, high], [place, place], color=colours.INK, lw=1.6, solid_capstyle="butt")
    for key, marker, label in (
        ("first", ">", "switched off alone"),
        ("last", "<", "switched off last"),
    ):
        at = [100.0 * (getattr(cost, key).mean or 0.0) for cost in causes.causes]
        axes.plot(
            at, range(len(at)), marker, ms=5, mfc="white", mec=colours.INK, mew=0.9, label=label, ls="none"
        )  # fmt: skip
    axes.axvline(0.0, color=colours.INK, lw=0.8)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.invert_yaxis()
    figure.legend(
        loc="lower left", bbox_to_anchor=(0.33, 0.3 / height), ncols=2, fontsize=7.6, frameon=False,
        title="bar: mean over every order, with its interval", title_fontsize=7.6, alignment="left",
    )  # fmt: skip
