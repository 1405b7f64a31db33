"""What is defended against what it costs: fronts of the best choices, with what comes near and what stands beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.lines import Line2D

from hoplon.presentation import colours
from hoplon.presentation.charts.lines import style_axes
from hoplon.presentation.picture import Picture, foot, head, new_figure, picture

_LINES: Final = (("-", "o"), ((0, (6, 2)), "s"), ((0, (2, 1.5)), "^"))
_COLOURS: Final = (colours.SERIES[0], colours.SERIES[1], colours.SERIES[2])


@dataclass(frozen=True)
class CostFront:
    """The best of one kind: cost [bn USD] and share of each budget, in rising order."""

    title: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class BesideMark:
    """An architecture that stands beside: cost [bn USD] and share."""

    title: str
    cost: float
    share: float


def cost_fronts(
    fronts: Sequence[CostFront],
    near: Sequence[tuple[float, float]],
    beside: Sequence[BesideMark],
    titles: tuple[str, str],
    source: str,
    name: str,
) -> Picture:
    """Draw fronts of the best choices as steps: what is defended at the least for each cost.

    Parameters
    ----------
    fronts : sequence of CostFront
        Three at most.
    near : sequence of (float, float)
        Cost [bn USD] and share of other sets that come near.
    beside : sequence of BesideMark
    titles : tuple of str
        Title and subtitle.
    source : str
        Source line.
    name : str
        Stem of the files.
    """
    width, height = 10.0, 5.4
    figure = new_figure(width, height)
    axes = figure.add_axes((0.075, 0.2, 0.895, 0.62))
    style_axes(axes, "cost, bn USD discounted", "people defended, %")
    costs = [cost for front in fronts for cost, _ in front.points]
    most = 1.06 * max([*costs, *(mark.cost for mark in beside)], default=1.0) or 1.0
    told = []
    for front, (dashes, marker), colour in zip(fronts, _LINES, _COLOURS, strict=False):
        points = sorted(set(front.points))
        xs = [cost for cost, _ in points] + [most]
        ys = [100.0 * share for _, share in points] + [100.0 * points[-1][1]]
        axes.step(xs, ys, where="post", color=colour, lw=1.9, ls=dashes, zorder=3)
        axes.plot(xs[:-1], ys[:-1], ls="none", marker=marker, ms=5.5, color=colour, zorder=4)
        told.append(front.title + ": " + ", ".join(f"{100.0 * share:.1f} % for {cost:.1f}" for cost, share in points))
    if near:
        axes.plot(
            [cost for cost, _ in near],
            [100.0 * share for _, share in near],
            ls="none",
            marker="D",
            ms=4.2,
            mfc="white",
            mec=colours.QUIET,
            zorder=2,
        )
    for mark in beside:
        axes.plot([mark.cost], [100.0 * mark.share], marker="x", ms=7, mew=1.8, color=colours.INK, zorder=5)
        right = mark.cost < 0.8 * most
        axes.annotate(
            mark.title,
            (mark.cost, 100.0 * mark.share),
            xytext=(7 if right else -7, -9),
            textcoords="offset points",
            ha="left" if right else "right",
            fontsize=7.4,
            color=colours.INK,
            bbox={"fc": "white", "ec": "none", "alpha": 0.8, "pad": 1.0},
            zorder=6,
        )
        told.append(f"{mark.title}: {100.0 * mark.share:.1f} % for {mark.cost:.1f}")
    axes.set_xlim(0.0, most)
    axes.set_ylim(-2.0, 103.0)
    handles = [
        Line2D([], [], color=colour, ls=dashes, marker=marker, ms=5.5, lw=1.9, label=front.title)
        for front, (dashes, marker), colour in zip(fronts, _LINES, _COLOURS, strict=False)
    ]
    if near:
        handles.append(
            Line2D(
                [],
                [],
                ls="none",
                marker="D",
                ms=4.2,
                mfc="white",
                mec=colours.QUIET,
                label="other sets within 2 % of a best",
            )
        )
    if beside:
        handles.append(Line2D([], [], ls="none", marker="x", ms=7, mew=1.8, color=colours.INK, label="architectures"))
    figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0.065, 0.055), ncols=5, fontsize=7.6, frameon=False
    )
    head(figure, *titles)
    foot(figure, source)
    return picture(figure, name, titles[0], f"Steps of the share defended by cost, bn USD. {'; '.join(told)}.")
