"""Labels that do not cover one another, nor the symbols."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.font_manager import FontProperties
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from hoplon.presentation import colours
from hoplon.presentation.picture import SETTINGS

_DIRECTIONS: Final = ((1, 0), (1, 1), (1, -1), (-1, 0), (-1, 1), (-1, -1), (0, 1), (0, -1))
_APART: Final = 4.0  # [pixel] letters run wider at other resolutions
_STEPS: Final = (1.0, 2.2, 3.6, 5.2)
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Label:
    """A text for a point of the map.

    Parameters
    ----------
    x, y : float
        The point [m].
    text : str
        What is written.
    radius : float
        Half the size of the symbol there [points].
    size : float
        Font size [points].
    bold : bool
        Bold, and written even if that needs a leader line; others are left out when there is no room.
    colour : str
        Colour of the text.
    elsewhere : tuple of tuple
        Other points that the text may stand at, tried in turn, where a line has one name.
    """

    x: float
    y: float
    text: str
    radius: float = 3.0
    size: float = 7.0
    bold: bool = False
    colour: str = colours.INK
    elsewhere: tuple[tuple[float, float], ...] = ()


def place_labels(axes: Axes, labels: Sequence[Label], symbols: Sequence[tuple[float, float, float]] = ()) -> list[Box]:
    """Write labels, first come first served, where they cover no other label and no symbol.

    Parameters
    ----------
    axes : Axes
        The map, with its final place in the figure.
    labels : sequence of Label
        In order of importance.
    symbols : sequence of tuple
        Easting, northing [m] and radius [points] of symbols that must stay free.

    Returns
    -------
    list of tuple
        The boxes of the labels written: left, bottom, right, top [pixels].
    """
    canvas = axes.figure.canvas
    if not isinstance(canvas, FigureCanvasAgg):
        raise TypeError(f"labels are measured on a raster canvas, got {type(canvas).__name__}")
    axes.apply_aspect()
    per_point = canvas.figure.dpi / 72.0
    frame = axes.get_window_extent()
    taken: list[Box] = []
    for x, y, radius in symbols:
        px, py = axes.transData.transform((x, y))
        taken.append(
            (px - radius * per_point, py - radius * per_point, px + radius * per_point, py + radius * per_point)
        )
    written: list[Box] = []
    renderer: Any = canvas.get_renderer()  # type: ignore[no-untyped-call]
    for label in labels:
        font = FontProperties(size=label.size, weight="bold" if label.bold else "normal")
        with mpl.rc_context(SETTINGS):  # letters are as wide as they are when drawn
            width, height, descent = renderer.get_text_width_height_descent(label.text, font, False)
        anchors = axes.transData.transform([(label.x, label.y), *label.elsewhere])
        boxes, stands = [], []
        for anchor in anchors:
            near = list(_candidates(anchor, width, height, label.radius * per_point, per_point, label.bold))
            boxes += near
            stands += [anchor] * len(near)
        overlaps = [_overlap(box, taken, (frame.x0, frame.y0, frame.x1, frame.y1)) for box in boxes]
        best = int(np.argmin(overlaps))
        if overlaps[best] > 0.0 and not label.bold:
            continue
        _write(axes, label, boxes[best], descent, stands[best], per_point)
        left, bottom, right, top = boxes[best]
        taken.append((left - _APART, bottom, right + _APART, top))
        written.append(boxes[best])
    return written


def _candidates(
    anchor: NDArray[np.float64], width: float, height: float, radius: float, per_point: float, far: bool
) -> Iterator[Box]:
    """Yield boxes around an anchor, nearest first."""
    for step in _STEPS if far else _STEPS[:1]:
        gap = radius + 1.5 * per_point + (step - 1.0) * 6.0 * per_point
        for across, up in _DIRECTIONS:
            lean = 0.75 if across and up else 1.0
            left = anchor[0] + across * gap * lean - (width if across < 0 else 0.0 if across > 0 else width / 2.0)
            bottom = anchor[1] + up * gap * lean - (height if up < 0 else 0.0 if up > 0 else height / 2.0)
            yield (left, bottom, left + width, bottom + height)


def _overlap(box: Box, taken: Sequence[Box], frame: Box) -> float:
    """Return the area [pixel2] that a box shares with others, with what sticks out of the frame counted tenfold."""
    inside_x = max(0.0, min(box[2], frame[2] - 2.0) - max(box[0], frame[0] + 2.0))
    inside_y = max(0.0, min(box[3], frame[3] - 2.0) - max(box[1], frame[1] + 2.0))
    outside = (box[2] - box[0]) * (box[3] - box[1]) - inside_x * inside_y
    total = 10.0 * outside if outside > 1e-6 else 0.0
    if taken:
        others = np.asarray(taken)
        wide = np.minimum(box[2], others[:, 2]) - np.maximum(box[0], others[:, 0])
        high = np.minimum(box[3], others[:, 3]) - np.maximum(box[1], others[:, 1])
        total += float(np.sum(np.clip(wide, 0.0, None) * np.clip(high, 0.0, None)))
    return total


def _write(axes: Axes, label: Label, box: Box, descent: float, anchor: NDArray[np.float64], per_point: float) -> None:
    to_data = axes.transData.inverted()
    x, y = to_data.transform((box[0], box[1] + descent))
    text = axes.text(
        x,
        y,
        label.text,
        fontsize=label.size,
        weight="bold" if label.bold else "normal",
        color=label.colour,
        ha="left",
        va="baseline",
        zorder=16,
    )
    text.set_path_effects([withStroke(linewidth=1.8, foreground="white", alpha=0.85)])
    nearest = np.clip(anchor[0], box[0], box[2]), np.clip(anchor[1], box[1], box[3])
    if np.hypot(nearest[0] - anchor[0], nearest[1] - anchor[1]) > (label.radius + 7.0) * per_point:
        begin, end = to_data.transform(np.array([anchor, nearest]))
        axes.plot([begin[0], end[0]], [begin[1], end[1]], color=colours.INK, lw=0.5, zorder=15)
