"""What comes of one or two inputs that are swept: lines over one, a table in colour over two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from hoplon.errors import InputError
from hoplon.presentation import colours
from hoplon.presentation.charts.lines import draw_line, style_axes
from hoplon.presentation.picture import Picture, foot, head, new_figure, picture

_WIDTH, _HEIGHT = 9.0, 4.6  # [inch]
_MOST_WRITTEN = 12  # columns of a table in colour whose numbers are written into it
_SPARE = 0.02  # of the range, about the lines
_COLUMNS = {
    "population_share": "share of the threatened people defended",
    "area_share": "share of the threatened land defended",
    "threatened_population": "people threatened",
    "defended_population": "people defended",
}


@dataclass(frozen=True)
class Swept:
    """What is drawn of a sweep.

    Parameters
    ----------
    inputs : mapping of str to sequence
        One or two, with their values.
    column : str
        What is drawn, with its unit at the end of its name.
    lines : mapping of str to mapping
        By architecture, or what else tells rows apart: the value at each combination of the inputs, None for none.
    title, source : str
    """

    inputs: Mapping[str, Sequence[Any]]
    column: str
    lines: Mapping[str, Mapping[tuple[Any, ...], float | None]]
    title: str
    source: str

    @property
    def is_share(self) -> bool:
        """Whether the numbers are shares, drawn as per cent."""
        return self.column.endswith("share") or "_share_" in self.column


def sweep_picture(swept: Swept) -> Picture:
    """Draw a sweep as a picture: one panel for one input, a panel for each line over two."""
    panels = 1 if len(swept.inputs) == 1 else len(swept.lines)
    figure = new_figure(_WIDTH, 0.6 + _HEIGHT * panels)
    for place in range(panels):
        bottom = 0.3 + _HEIGHT * (panels - 1 - place) + 0.55
        height = figure.get_figheight()
        axes = figure.add_axes((0.11, bottom / height, 0.85, (_HEIGHT - 1.35) / height))
        only = swept if panels == 1 else _only(swept, list(swept.lines)[place])
        draw_sweep(axes, only)
    head(figure, swept.title, f"{_words(swept.column)} over {' and '.join(swept.inputs)}")
    foot(figure, swept.source)
    return picture(figure, f"sweep-{swept.column}", swept.title, _in_words(swept))


def draw_sweep(axes: Axes, swept: Swept) -> Axes:
    """Draw a sweep into axes, and return them.

    Raises
    ------
    InputError
        If two inputs and several lines are to be drawn into one.
    """
    if len(swept.inputs) == 1:
        _draw_lines(axes, swept)
        return axes
    if len(swept.lines) > 1:
        names = ", ".join(swept.lines)
        raise InputError(f"axes hold one table of two inputs; there are {len(swept.lines)}: {names}")
    _draw_cells(axes, swept)
    return axes


def _draw_lines(axes: Axes, swept: Swept) -> None:
    path, values = next(iter(swept.inputs.items()))
    numeric = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values)
    x = np.array(values if numeric else range(len(values)), dtype=np.float64)
    order = np.argsort(x, kind="stable")
    for place, (name, line) in enumerate(swept.lines.items()):
        y = np.array([_or_nan(line.get((value,))) for value in values])
        draw_line(axes, place, x[order], y[order])
        axes.plot(x, y, ls="", marker="o", ms=3.2, color=axes.lines[-1].get_color(), zorder=4 + place)
        axes.lines[-2].set_label(name)
    style_axes(axes, path, _words(swept.column))
    if not numeric:
        axes.set_xticks(x, [str(value) for value in values])
    _share_axis(axes, swept)
    if any(swept.lines):
        axes.legend(fontsize=7.5, frameon=False)


def _share_axis(axes: Axes, swept: Swept) -> None:
    if swept.is_share:
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100 * value:g} %"))
        axes.set_ylim(-_SPARE, 1.0 + _SPARE)


def _draw_cells(axes: Axes, swept: Swept) -> None:
    (first, columns), (second, rows) = swept.inputs.items()
    line = next(iter(swept.lines.values()))
    values = np.array([[_or_nan(line.get((column, row))) for column in columns] for row in rows])
    low, high = (0.0, 1.0) if swept.is_share else _range(values)
    axes.imshow(values, cmap="cividis", vmin=low, vmax=high, aspect="auto", origin="lower")
    axes.set_xticks(range(len(columns)), [_short(value) for value in columns])
    axes.set_yticks(range(len(rows)), [_short(value) for value in rows])
    style_axes(axes, first, second)
    axes.grid(visible=False)
    if len(columns) <= _MOST_WRITTEN:
        for (row, column), value in np.ndenumerate(values):
            if np.isfinite(value):
                dark = value < (low + high) / 2.0
                words = f"{100 * value:.1f}" if swept.is_share else f"{value:.4g}"
                ink = "white" if dark else colours.INK
                axes.text(column, row, words, ha="center", va="center", fontsize=7.5, color=ink)
    name = next(iter(swept.lines))
    axes.set_title(f"{name}: {_words(swept.column)}" if name else _words(swept.column), fontsize=8.5, loc="left")


def _only(swept: Swept, name: str) -> Swept:
    return Swept(swept.inputs, swept.column, {name: swept.lines[name]}, swept.title, swept.source)


def _range(values: NDArray[np.float64]) -> tuple[float, float]:
    known = values[np.isfinite(values)]
    return (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _words(column: str) -> str:
    """Return a column's name in words: ``population_share`` is "share of the threatened people defended"."""
    return _COLUMNS.get(column, column.replace("_", " "))


def _in_words(swept: Swept) -> str:
    parts = []
    for name, line in swept.lines.items():
        told = [
            f"{', '.join(map(_short, place))}: {'none' if value is None else f'{value:.4g}'}"
            for place, value in line.items()
        ]
        parts.append(f"{name}: {'; '.join(told)}" if name else "; ".join(told))
    return f"{swept.title}. {' by '.join(swept.inputs)}: {swept.column}. " + ". ".join(parts) + "."
