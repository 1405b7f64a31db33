"""What is defended against what it costs: fronts of the best choices, with what comes near and what stands beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes
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


@dataclass(frozen=True)
class FrontPanel:
    """Fronts of one objective.

    Parameters
    ----------
    title : str
        Of the panel; empty for one that stands alone.
    label : str
        Of its upright axis.
    fronts : tuple of CostFront
        Three at most.
    near : tuple of (float, float)
        Cost [bn USD] and share of other sets that come near.
    beside : tuple of BesideMark
    """

    title: str
    label: str
    fronts: tuple[CostFront, ...]
    near: tuple[tuple[float, float], ...] = ()
    beside: tuple[BesideMark, ...] = ()


def cost_fronts(panels: Sequence[FrontPanel], titles: tuple[str, str], source: str, name: str) -> Picture:
    """Draw fronts of the best choices as steps: what is defended at the least for each cost.

    Parameters
    ----------
    panels : sequence of FrontPanel
        The first is drawn large, the others side by side below it.
    titles : tuple of str
        Title and subtitle.
    source : str
        Source line.
    name : str
        Stem of the files.
    """
    first, *others = panels
    below = 3.3 if others else 0.0
    width, height = 10.0, 5.4 + below
    figure = new_figure(width, height)
    most = 1.06 * max(_costs(panels), default=1.0) or 1.0
    axes = figure.add_axes((0.075, (1.08 + below) / height, 0.895, 3.35 / height))
    told = _panel(axes, first, most)
    for place, panel in enumerate(others):
        room = 0.895 / len(others)
        box = (0.075 + place * room + 0.03 * bool(place), 1.15 / height, room - 0.03, 2.3 / height)
        told += _panel(figure.add_axes(box), panel, most)
    figure.legend(
        handles=_handles(panels),
        loc="lower left",
        bbox_to_anchor=(0.065, 0.3 / height),
        ncols=5,
        fontsize=7.6,
        frameon=False,
    )
    head(figure, *titles)
    foot(figure, source)
    return picture(figure, name, titles[0], f"Steps of the share defended by cost, bn USD. {'; '.join(told)}.")


def _costs(panels: Sequence[FrontPanel]) -> list[float]:
    fronts = [cost for panel in panels for front in panel.fronts for cost, _ in front.points]
    return fronts + [mark.cost for panel in panels for mark in panel.beside]


def _panel(axes: Axes, panel: FrontPanel, most: float) -> list[str]:
    """Draw the fronts of one objective; return them in words."""
    style_axes(axes, "cost, bn USD discounted", panel.label)
    begin, told = (f"{panel.title}, " if panel.title else ""), []
    for front, (dashes, marker), colour in zip(panel.fronts, _LINES, _COLOURS, strict=False):
        points = sorted(set(front.points))
        if not points:
            continue
        xs = [cost for cost, _ in points] + [most]
        ys = [100.0 * share for _, share in points] + [100.0 * points[-1][1]]
        axes.step(xs, ys, where="post", color=colour, lw=1.9, ls=dashes, zorder=3)
        axes.plot(xs[:-1], ys[:-1], ls="none", marker=marker, ms=5.5, color=colour, zorder=4)
        words = ", ".join(f"{100.0 * share:.1f} % for {cost:.1f}" for cost, share in points)
        told.append(f"{begin}{front.title}: {words}")
    if panel.near:
        xs, ys = [cost for cost, _ in panel.near], [100.0 * share for _, share in panel.near]
        axes.plot(xs, ys, ls="none", marker="D", ms=4.2, mfc="white", mec=colours.QUIET, zorder=2)
    for mark in panel.beside:
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
        told.append(f"{begin}{mark.title}: {100.0 * mark.share:.1f} % for {mark.cost:.1f}")
    axes.set_xlim(0.0, most)
    axes.set_ylim(-2.0, 103.0)
    axes.set_title(panel.title, fontsize=8.5, loc="left", color=colours.INK)
    return told


def _handles(panels: Sequence[FrontPanel]) -> list[Line2D]:
    """Return what the legend explains."""
    handles = [
        Line2D([], [], color=colour, ls=dashes, marker=marker, ms=5.5, lw=1.9, label=front.title)
        for front, (dashes, marker), colour in zip(panels[0].fronts, _LINES, _COLOURS, strict=False)
    ]
    if any(panel.near for panel in panels):
        near = Line2D([], [], ls="none", marker="D", ms=4.2, label="other sets within 2 % of a best")
        near.set(markerfacecolor="white", markeredgecolor=colours.QUIET)
        handles.append(near)
    if any(panel.beside for panel in panels):
        handles.append(Line2D([], [], ls="none", marker="x", ms=7, mew=1.8, color=colours.INK, label="architectures"))
    return handles
