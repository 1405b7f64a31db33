"""Figures without global state, written the same to the byte each time."""

from __future__ import annotations

import base64
import contextlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox, BboxBase
from PIL import Image

from hoplon.files import write_bytes
from hoplon.presentation import colours
from hoplon.presentation.svg_paths import shortened
from hoplon.version import VERSION

DPI: Final = 130
SMALL_DPI: Final = 100  # of rasterised parts of small maps: a dot of theirs is a dot of the screen
SETTINGS: Final[dict[Any, Any]] = {
    "svg.hashsalt": "hoplon",
    "svg.fonttype": "none",  # text is text: searched, copied, read aloud
    "text.hinting": "none",
    "font.family": ["DejaVu Sans"],
    "path.simplify": True,
    "hatch.linewidth": 0.6,
    "axes.unicode_minus": False,
    "text.parse_math": False,  # of texts that are made while a figure is drawn
}
_PATH_DATA: Final = re.compile(r'(?<= d=")[^"]*')
_FONT: Final = re.compile(r'font-family: [^;"]*')
_FONTS: Final = "font-family: 'DejaVu Sans', Verdana, sans-serif"  # letters no wider where the first is not installed
_IMAGE: Final = re.compile(r'(xlink:href="data:image/png;base64,)([^"]*)')
_POINT: Final = 1.0 / 72.0  # inch
_MARGIN: Final = 0.08  # inch about a text that sticks out
_RIGHT: Final = 0.015  # of the width, left free at the right of a wrapped line
_HALO: Final = "halo-"
_HALO_TEXT: Final = re.compile(rf'<g id="{_HALO}\d+">\s*<text style="')
_HALO_STYLE: Final = "paint-order: stroke; stroke: #ffffff; stroke-opacity: 0.85; stroke-width: 1.8px; "


@dataclass(frozen=True, repr=False)
class Picture:
    """A drawn figure with what a reader who cannot see it must be told.

    Parameters
    ----------
    name : str
        Stem of its files.
    title : str
        Caption.
    alternative : str
        What the picture shows, in words.
    svg, png : bytes
        The two forms.
    """

    name: str
    title: str
    alternative: str
    svg: bytes
    png: bytes

    def __repr__(self) -> str:
        """Return the name and the caption: a notebook keeps this beside the picture."""
        return f"<Picture {self.name}: {self.title}>"

    def _repr_svg_(self) -> str:
        """Show the picture in a notebook."""
        return self.svg.decode("utf-8")


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of so many inches with a raster canvas."""
    figure = Figure(figsize=(width, height), dpi=100, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def picture(figure: Figure, name: str, title: str, alternative: str, raster_dpi: int = DPI) -> Picture:
    """Render a figure as SVG and PNG, every text as it stands; the same figure gives the same bytes.

    Where a text sticks out of the figure the canvas is enlarged to hold it.

    Parameters
    ----------
    figure : Figure
    name, title, alternative : str
        Of the picture.
    raster_dpi : int
        Dots per inch of the parts of the SVG that are rasterised.
    """
    for text in figure.findobj(Text):
        text.set_parse_math(False)  # a dollar is a dollar
    with mpl.rc_context(SETTINGS):
        png, svg = io.BytesIO(), io.BytesIO()
        canvas = _canvas(figure)
        if canvas is not None:
            for text in figure.texts:  # head and foot begin at the left of what is saved
                text.set_x(text.get_position()[0] + canvas.x0 / figure.get_figwidth())
        smaller = {"compress_level": 4}
        figure.savefig(png, format="png", dpi=DPI, bbox_inches=canvas, metadata={"Software": None}, pil_kwargs=smaller)
        with _halos_as_style(figure):
            figure.savefig(
                svg,
                format="svg",
                dpi=raster_dpi,
                bbox_inches=canvas,
                metadata={"Date": None, "Creator": None, "Title": title},
            )
    return Picture(name, title, alternative, _written(svg.getvalue()), png.getvalue())


@contextlib.contextmanager
def _halos_as_style(figure: Figure) -> Iterator[None]:
    """Name the texts that have a halo, and take it off them: Matplotlib would write such a text as outlines."""
    texts = [text for text in figure.findobj(Text) if text.get_path_effects()]
    kept = [(text, text.get_path_effects(), text.get_gid()) for text in texts]
    for place, text in enumerate(texts):
        text.set_path_effects([])
        text.set_gid(f"{_HALO}{place}")
    try:
        yield
    finally:
        for text, effects, gid in kept:
            text.set_path_effects(effects)
            text.set_gid(gid)


def write_picture(shown: Picture, folder: Path, *, within: Path | None = None) -> tuple[Path, Path]:
    """Write the SVG and PNG of a picture to a folder; return their paths.

    Parameters
    ----------
    shown : Picture
    folder : Path
    within : Path, optional
        A folder under which no link is followed (:func:`hoplon.files.replacing`).
    """
    return (
        write_bytes(folder / f"{shown.name}.svg", shown.svg, within=within),
        write_bytes(folder / f"{shown.name}.png", shown.png, within=within),
    )


def head(figure: Figure, title: str, subtitle: str = "", left: float = 0.02) -> None:
    """Write a title, and under it a line that says what is counted.

    Lines wider than the figure are wrapped; they go on beyond the figure, which :func:`picture` enlarges.
    """
    inch = 1.0 / figure.get_figheight()
    first = figure.text(left, 1.0, title, fontsize=13, weight="bold", va="top", color=colours.INK)
    above = 0.0
    if subtitle:
        second = figure.text(left, 1.0, subtitle, fontsize=8.5, va="top", color=colours.QUIET, linespacing=1.35)
        above = _wrapped(figure, second) * 8.5 * 1.35 * _POINT
        second.set_y(1.0 + (above - 0.44) * inch)
    above += _wrapped(figure, first) * 13 * 1.2 * _POINT
    first.set_y(1.0 + (above - 0.16) * inch)


def foot(figure: Figure, text: str, left: float = 0.02) -> None:
    """Write the source line at the bottom, wrapped as the lines of :func:`head` are."""
    inch = 1.0 / figure.get_figheight()
    line = figure.text(left, 0.0, text, fontsize=6.3, va="bottom", color=colours.QUIET, linespacing=1.3)
    line.set_y((0.08 - _wrapped(figure, line) * 6.3 * 1.3 * _POINT) * inch)


def _wrapped(figure: Figure, text: Text) -> int:
    """Wrap the lines of a text that are wider than the figure; return how many lines that adds."""
    room = (1.0 - text.get_position()[0] - _RIGHT) * figure.bbox.width
    text.set_parse_math(False)
    given = text.get_text().split("\n")
    lines: list[str] = []
    with mpl.rc_context(SETTINGS):
        for line in given:
            words = line.split(" ")
            lines.append(words[0])
            for word in words[1:]:
                longer = f"{lines[-1]} {word}"
                text.set_text(longer)
                if text.get_window_extent().width <= room:
                    lines[-1] = longer
                else:
                    lines.append(word)
    text.set_text("\n".join(lines))
    return len(lines) - len(given)


def _canvas(figure: Figure) -> Bbox | None:
    """Return the figure enlarged by what texts stick out of it [inch]; nothing where none does."""
    width, height = figure.get_size_inches()
    edges: list[BboxBase] = [text.get_window_extent() for text in figure.texts]
    edges += [legend.get_window_extent() for legend in figure.legends]
    for axes in figure.axes:
        named = [*axes.texts, axes.title, axes._left_title, axes._right_title]  # type: ignore[attr-defined]
        edges += [text.get_window_extent() for text in named if text.get_text() and not text.get_clip_on()]
        ticked = [axis.get_tightbbox() for axis in (axes.xaxis, axes.yaxis) if axes.axison and axis.get_visible()]
        edges += [box for box in ticked if box is not None]
        if (legend := axes.get_legend()) is not None:
            edges.append(legend.get_window_extent())
    corners = np.array([edge.extents for edge in edges]) / figure.dpi
    if not len(corners):
        return None
    least, most = corners[:, :2].min(axis=0), corners[:, 2:].max(axis=0)
    given = np.array([[0.0, 0.0], [width, height]])
    grown = np.array([least - _MARGIN, most + _MARGIN])
    outside = np.array([least < -_POINT, most > given[1] + _POINT])
    return Bbox(np.where(outside, grown, given)) if outside.any() else None


def source_line(scenario_name: str, scenario_sha256: str, *more: str) -> str:
    """Return the line that says what a picture was made with and from."""
    made = f"hoplon {VERSION} · scenario {scenario_name} {scenario_sha256[:12]}"
    return " · ".join((made, *more))


def _with_palette(encoded: str) -> str:
    """Return a PNG in base64 with a palette of 256 colours, where that is smaller."""
    given = base64.b64decode(encoded)
    with Image.open(io.BytesIO(given)) as read:
        reduced = read.convert("RGBA").quantize(256, method=Image.Quantize.FASTOCTREE)
    stream = io.BytesIO()
    reduced.save(stream, "PNG", optimize=True)
    return base64.b64encode(min(given, stream.getvalue(), key=len)).decode("ascii")


def _written(svg: bytes) -> bytes:
    """Write paths with two decimals (0.01 point), name fonts, and give texts their halo and images a palette."""
    text = _PATH_DATA.sub(lambda match: shortened(match.group()), svg.decode("utf-8"))
    text = _IMAGE.sub(lambda match: match[1] + _with_palette(match[2]), text)
    text = _HALO_TEXT.sub(lambda match: match.group() + _HALO_STYLE, text)
    return _FONT.sub(_FONTS, text).encode("utf-8")
