"""No text of a picture is cut off: every one lies on the canvas that is saved, whatever its length."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

import report_samples as samples
from hoplon.presentation.maps.coverage import coverage_map
from hoplon.presentation.maps.raster import Ground
from hoplon.presentation.picture import foot, head, new_figure, picture
from hoplon.questions.question import question
from hoplon.report.study_folder import coverages_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SLACK = 0.005  # inch: rounding of extents to pixels
LONG = "Launch areas: of the flight with the fewest shots; places merged, none left out; scale true at the centre. " * 2


def drawn_labels(axes: Axes) -> set[Text]:
    """Return the labels of ticks that are within the limits of their axis: Matplotlib draws no other."""
    found: set[Text] = set()
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        near = 1e-9 * (high - low)
        for tick in axis.get_major_ticks() + axis.get_minor_ticks():
            if low - near <= tick.get_loc() <= high + near and axes.axison:
                found |= {tick.label1, tick.label2}
    return found


def all_labels(axes: Axes) -> set[Text]:
    """Return the labels of every tick, drawn or not."""
    ticks = [tick for axis in (axes.xaxis, axes.yaxis) for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks())]
    return {label for tick in ticks for label in (tick.label1, tick.label2)}


@dataclass
class Canvases:
    """Notes of every figure that is saved: its words, and those that are not on its canvas."""

    saved: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    wider: list[float] = field(default_factory=list)  # what the canvas adds to the width of the figure [inch]

    def look(self, figure: Figure, canvas: Bbox | None) -> None:
        figure.draw_without_rendering()
        shown = Bbox(((0.0, 0.0), figure.get_size_inches())) if canvas is None else canvas
        self.wider.append(shown.width - figure.get_figwidth())
        dropped = {text for axes in figure.axes for text in all_labels(axes) - drawn_labels(axes)}
        self.saved.append(figure.texts[0].get_text() if figure.texts else "")
        for text in figure.findobj(Text):
            if not text.get_visible() or not text.get_text().strip() or text in dropped or text.get_clip_on():
                continue
            edges = text.get_window_extent().extents / figure.dpi
            low, high = shown.min - SLACK, shown.max + SLACK
            if (edges[:2] < low).any() or (edges[2:] > high).any():
                self.cut.append(f"{self.saved[-1]}: {text.get_text()!r} at {np.round(edges, 2)} of {shown.extents}")


@pytest.fixture
def canvases(monkeypatch: pytest.MonkeyPatch) -> Canvases:
    """Look at every figure that is saved."""
    found, save = Canvases(), Figure.savefig

    def look_and_save(figure: Figure, stream: Any, *, bbox_inches: Bbox | None = None, **more: Any) -> None:
        found.look(figure, bbox_inches)
        save(figure, stream, bbox_inches=bbox_inches, **more)

    monkeypatch.setattr(Figure, "savefig", look_and_save)
    return found


@pytest.mark.parametrize("name", ["coverage", "comparison", "threat", "integration"])
def test_every_text_of_a_study_is_on_the_canvas(canvases: Canvases, name: str) -> None:
    made, asked = samples.results(), question(name)
    made.compute(coverages_of(made.scenario, [asked]))
    figures = asked.figures(made, asked.answer(made))
    for figure in figures:
        figure.draw()
    assert len(set(canvases.saved)) >= min(2, len(figures))
    assert canvases.cut == []


def test_the_long_foot_of_a_map_is_wrapped_within_its_width(canvases: Canvases) -> None:
    made = samples.results()
    svg = coverage_map(Ground(made.points), made.scenario, made.shown("phase-3"), "map").svg.decode()
    foot_line = "Launch areas: of the flight with the fewest shots. Places merged within 12 km, none left out."
    assert all(word in svg for word in foot_line.split(" "))
    assert canvases.wider == [0.0, 0.0]  # PNG and SVG
    assert canvases.cut == []


@pytest.mark.parametrize("width", [3.0, 9.7])
def test_titles_feet_and_labels_of_any_length_are_on_the_canvas(canvases: Canvases, width: float) -> None:
    figure = new_figure(width, 3.0)
    axes = figure.add_axes((0.3, 0.3, 0.6, 0.4))
    axes.set_yticks([0.5], ["An architecture with a title of many words that nobody shortened"])
    axes.text(1.0, 0.5, "a note to the right of the last bar that goes on")
    head(figure, LONG, LONG)
    foot(figure, f"one\n{LONG}")
    shown = picture(figure, "figure", "title", "alternative")
    assert canvases.cut == []
    title, subtitle, source = figure.texts
    words = [text.get_text().replace("\n", " ") for text in (title, subtitle, source)]
    assert words == [LONG, LONG, f"one {LONG}"]
    assert all(text.get_window_extent().x1 <= width * figure.dpi for text in figure.texts)
    boxes = [text.get_window_extent() for text in (title, subtitle)]
    assert boxes[0].y0 >= boxes[1].y1 - 1.0  # a title of more lines stands above its subtitle
    assert boxes[1].y0 >= axes.get_window_extent().y1
    assert source.get_window_extent().y1 < axes.get_window_extent().y0
    assert b"viewBox" in shown.svg


def test_a_figure_whose_texts_fit_keeps_its_size(canvases: Canvases) -> None:
    figure = new_figure(4.0, 3.0)
    head(figure, "A title", "What is counted")
    foot(figure, "source")
    svg = picture(figure, "figure", "title", "alternative").svg.decode()
    assert 'viewBox="0 0 288 216"' in svg
    assert canvases.cut == []
