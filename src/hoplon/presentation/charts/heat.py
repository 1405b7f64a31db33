"""Tables of numbers drawn in colour."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from hoplon.presentation import colours
from hoplon.presentation.charts.shares import short_percent
from hoplon.presentation.picture import Picture, foot, head, new_figure, picture

_SHARE_RAMP: Final = ("#D1491F", "#E88F66", "#F6CDB5", "#F4EFE3", "#B9DED6", "#63B8AB", "#00736B")
_CREDIT_RAMP: Final = ("#FBFBF9", "#B9DED6", "#63B8AB", "#00736B", "#00564F")
_BLANK: Final = "#F1F2F4"
_HATCH: Final = (1.0, 1.0, 1.0, 0.45)
_WARNING_RAMP: Final = ("#52204B", "#842B48", "#B5413F", "#D96A3C", "#EE9A3A", "#F9C95C", "#FFF3B0")


@dataclass(frozen=True)
class Heat:
    """A table of shares drawn in colour.

    Parameters
    ----------
    rows, columns : tuple of str
        Their names.
    groups : tuple of (str, int)
        Headings over the columns, each with how many columns it spans.
    values : ndarray, shape (rows, columns)
        NaN where there is nothing to show.
    notes : mapping
        Words for cells without a value, by (row, column).
    hatched_rows, hatched_columns : frozenset of int
        Whose cells are hatched, such as those of projected classes.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    groups: tuple[tuple[str, int], ...]
    values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
    notes: Mapping[tuple[int, int], str]
    hatched_rows: frozenset[int] = frozenset()
    hatched_columns: frozenset[int] = frozenset()


def credit_table(
    table: Heat, titles: tuple[str, str], source: str, name: str, row_labels_inch: float = 1.35
) -> Picture:
    """Draw a table of parts credited, white (none) to green (all), with the per cent written in each cell."""

    def colour(value: float) -> str:
        return _on_ramp(_CREDIT_RAMP, value)

    return _heat(table, titles, source, name, 1.35, colour, lambda value: short_percent(value).replace(" %", ""))


def share_table(table: Heat, titles: tuple[str, str], source: str, name: str, row_labels_inch: float = 1.35) -> Picture:
    """Draw a table of shares, orange (none) to green (all), with the per cent written in each cell."""
    ramp = _SHARE_RAMP

    def colour(value: float) -> str:
        return _on_ramp(ramp, value)

    return _heat(
        table, titles, source, name, row_labels_inch, colour, lambda value: short_percent(value).replace(" %", "")
    )


def warning_table(table: Heat, titles: tuple[str, str], source: str, name: str) -> Picture:
    """Draw a table of warning times [s] as whole minutes, dark (short) to light (long)."""

    def colour(value: float) -> str:
        return _on_ramp(_WARNING_RAMP, min(max((value / 60.0 - 2.0) / 23.0, 0.0), 1.0))

    return _heat(table, titles, source, name, 1.5, colour, lambda value: f"{value / 60.0:.1f}")


def _heat(
    table: Heat,
    titles: tuple[str, str],
    source: str,
    name: str,
    row_labels_inch: float,
    colour: Callable[[float], str],
    text: Callable[[float], str],
) -> Picture:
    """Draw a heat table."""
    cell_height = 0.205
    number = len(table.columns)
    slanted = max(len(column) for column in table.columns) > 10
    above, right = (1.75, 0.75) if slanted else (0.95, 0.15)
    width = max(10.0, row_labels_inch + right + 0.44 * number)
    height = above + 0.3 + cell_height * len(table.rows) + 0.5
    figure = new_figure(width, height)
    box = (
        row_labels_inch / width,
        0.5 / height,
        (width - row_labels_inch - right) / width,
        cell_height * len(table.rows) / height,
    )
    axes = figure.add_axes(box)
    axes.set_xlim(0, number)
    axes.set_ylim(len(table.rows), 0)
    axes.axis("off")
    for row in range(len(table.rows)):
        axes.text(-0.12, row + 0.5, table.rows[row], fontsize=7.4, ha="right", va="center", color=colours.INK)
    _draw_cells(axes, table, colour, text)
    slope = 38 if slanted else 0
    for column, title in enumerate(table.columns):
        axes.text(
            column + (0.35 if slope else 0.5),
            -0.35,
            title,
            fontsize=7.0,
            rotation=slope,
            ha="left" if slope else "center",
            va="bottom",
            rotation_mode="anchor",
        )
    start = 0
    for _, span in table.groups[:-1]:
        start += span
        axes.plot([start, start], [-0.2, len(table.rows)], color=colours.INK, lw=1.1)
    head(figure, *titles)
    foot(figure, source)
    return picture(figure, name, titles[0], _alt_text(table, titles[0], text))


def _draw_cells(axes: Axes, table: Heat, colour: Callable[[float], str], text: Callable[[float], str]) -> None:
    corners, faces, hatched = [], [], []
    for row, column in np.ndindex(table.values.shape):
        value = float(table.values[row, column])
        blank = np.isnan(value)
        face = _BLANK if blank else colour(value)
        left, right, top, bottom = column + 0.02, column + 0.98, row + 0.03, row + 0.97
        corners.append([(left, top), (right, top), (right, bottom), (left, bottom)])
        faces.append(face)
        if not blank and (row in table.hatched_rows or column in table.hatched_columns):
            hatched.append(corners[-1])
        words = table.notes.get((row, column), "") if blank else text(value)
        if words:
            ink, size = (colours.QUIET, 5.6) if blank else (colours.ink_on(face), 6.6)
            axes.text(column + 0.5, row + 0.53, words, fontsize=size, ha="center", va="center", color=ink)
    axes.add_collection(PolyCollection(corners, facecolors=faces, edgecolors="none"), autolim=False)
    if hatched:
        lines = PolyCollection(hatched, facecolors="none", edgecolors=_HATCH, linewidths=0.0, hatch="////")
        axes.add_collection(lines, autolim=False)


def _alt_text(table: Heat, title: str, text: Callable[[float], str]) -> str:
    parts = []
    for column, name in enumerate(table.columns):
        known = [
            f"{table.rows[row]} {text(float(table.values[row, column]))}"
            for row in range(len(table.rows))
            if not np.isnan(table.values[row, column])
        ]
        parts.append(f"{name}: {', '.join(known) or 'none'}")
    return f"Table. {title}. " + ". ".join(parts) + "."


def _on_ramp(ramp: Sequence[str], share: float) -> str:
    return _fine(tuple(ramp))[round(100 * min(max(share, 0.0), 1.0))]


@lru_cache(maxsize=8)
def _fine(ramp: tuple[str, ...]) -> list[str]:
    return colours.along(ramp, 101)
