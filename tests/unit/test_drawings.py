"""Drawings inside the page: their text is text, no id stands twice, what they share stands once."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

from hoplon.presentation.labels import Label, place_labels
from hoplon.presentation.picture import Picture, head, new_figure, picture
from hoplon.report.drawings import Drawings

COAST = [(0.5 + 0.4 * ((7 * k) % 11) / 11, k / 200) for k in range(200)]


def drawn(title: str = "A < title") -> Picture:
    """A figure with a named point, a coast, and two markers."""
    figure = new_figure(4, 3)
    axes = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    axes.plot(*zip(*COAST, strict=True), color="#123456")
    axes.plot([0.2, 0.7], [0.4, 0.6], marker="o", ls="")
    place_labels(axes, [Label(0.5, 0.5, "Łódź & Wien", bold=True)])
    head(figure, title)
    return picture(figure, "figure", title, "What it shows")


def test_every_text_of_a_drawing_is_text() -> None:
    svg = drawn().svg.decode()
    for words in ("A &lt; title", "Łódź &amp; Wien"):
        assert re.search(rf"<text [^>]*>{words}</text>", svg)
    halo = re.search(r'<text style="([^"]*)"[^>]*>Łódź', svg)
    assert halo is not None
    assert "paint-order: stroke" in halo[1]
    assert "DejaVu Sans', Verdana, sans-serif" in halo[1]
    assert svg.count("<path") < 40  # no letter is an outline


def test_two_drawings_of_a_page_share_no_id_and_every_reference_is_met() -> None:
    drawings = Drawings()
    page = f"<div>{drawings.inline(drawn().svg, 'One <1>', 'a')}{drawings.inline(drawn().svg, 'Two', 'b')}"
    root = ElementTree.fromstring(f"{page}{drawings.shapes()}</div>")
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    links = [element.get("href", "")[1:] for element in root.iter("use")]
    links += re.findall(r"url\(#([^)]+)\)", page)
    assert len(links) > 6
    assert set(links) <= set(ids)
    drawn_ones = [svg for svg in root.iter("svg") if svg.get("role") == "img"]
    names = [svg.findtext(tag) for svg in drawn_ones for tag in ("title", "desc")]
    assert names == ["One <1>", "a", "Two", "b"]
    assert "Łódź &amp; Wien" in page


def test_a_shape_that_two_drawings_share_stands_once() -> None:
    drawings = Drawings()
    one = drawings.inline(drawn().svg, "", "")
    alone = drawings.shapes()
    two = drawings.inline(drawn("Another").svg, "", "")
    assert drawings.shapes() == alone
    assert alone.count("<path") == 1
    assert 'href="#s0"' in one
    assert 'href="#s0"' in two
    assert "<style" not in one
    rules = re.findall(r"svg \.(c\d+)\{([^}]*)\}", drawings.styles())
    used = set(re.findall(r'class="(c\d+)"', one + two))
    assert used == {name for name, _ in rules}
    assert "stroke:#123456" in "".join(style for _, style in rules)


def test_a_hatch_keeps_its_pattern() -> None:
    def hatched() -> Picture:
        figure = new_figure(3, 2)
        axes = figure.add_axes((0.1, 0.1, 0.8, 0.8))
        axes.bar([1], [2], color="#123456", edgecolor="white", hatch="////")
        return picture(figure, "hatched", "Hatched", "")

    drawings = Drawings()
    page = f"{drawings.inline(hatched().svg, '', '')}{drawings.inline(hatched().svg, '', '')}"
    fills = re.findall(r"fill: ?url\(#([^)]+)\)", page)
    assert len(fills) == len(set(fills)) == 2
    assert all(f'<pattern id="{name}"' in page for name in fills)
    assert "url(" not in drawings.styles()
