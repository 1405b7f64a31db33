"""Drawings inside the page: text of the page itself, with ids of their own, shared shapes and styles written once."""

from __future__ import annotations

import io
import re
from typing import Final
from xml.etree import ElementTree

from markupsafe import Markup, escape

from hoplon.presentation.svg_paths import in_tenths

_SVG: Final = "{http://www.w3.org/2000/svg}"
_HREF: Final = "{http://www.w3.org/1999/xlink}href"
_LONG: Final = 160  # [characters] of path data: rounded to 0.1, and written once a page
_LINK: Final = re.compile(r"url\(#([^)]+)\)")
_DECIMALS: Final = re.compile(r"-?\d+\.\d{2,}")
_UNTURNED: Final = re.compile(r"\s*rotate\(-?0 [^)]*\)")
_LEFT_OUT: Final = frozenset({f"{_SVG}metadata", f"{_SVG}title", f"{_SVG}style"})
_FONT: Final = re.compile(r"font-family:[^;]*;?")


class Drawings:
    """The drawings of one page.

    Shapes that several drawings share, such as coasts, are written once (:meth:`shapes`), and so are styles
    (:meth:`styles`).
    """

    def __init__(self) -> None:
        self._shapes: dict[str, str] = {}
        self._styles: dict[str, str] = {}
        self._number = 0

    def inline(self, svg: bytes, title: str, description: str) -> Markup:
        """Return a drawing as text of the page.

        Parameters
        ----------
        svg : bytes
            As :func:`hoplon.presentation.picture.picture` makes it.
        title, description : str
            What a reader who cannot see it is told; both are searched with the text of the page.
        """
        self._number += 1
        root = ElementTree.parse(io.BytesIO(svg)).getroot()
        writer = _Writer(self._shapes, self._styles, f"d{self._number}-", _linked(root))
        key = f"d{self._number}"
        box = root.get("viewBox", "0 0 100 100")
        _, _, width, height = box.split()
        head = Markup(
            '<svg viewBox="{box}" width="{width}" height="{height}" role="img" aria-labelledby="{key}-t" '
            'aria-describedby="{key}-d"><title id="{key}-t">{title}</title><desc id="{key}-d">{description}</desc>'
        ).format(
            box=box,
            width=round(float(width) * 4 / 3),
            height=round(float(height) * 4 / 3),
            key=key,
            title=title,
            description=description,
        )
        return head + Markup(f"{''.join(map(writer.text, root))}</svg>")

    def shapes(self) -> Markup:
        """Return the shared shapes, to stand on the page once."""
        if not self._shapes:
            return Markup("")
        paths = "".join(f'<path id="{name}" d="{data}"/>' for data, name in self._shapes.items())
        return Markup(
            f'<svg class="shapes" width="1" height="1" aria-hidden="true" focusable="false"><defs>{paths}</defs></svg>'
        )

    def styles(self) -> Markup:
        """Return the rules of the classes that the drawings name."""
        return Markup("\n".join(f"svg .{name}{{{style}}}" for style, name in self._styles.items()))


def _linked(root: ElementTree.Element) -> frozenset[str]:
    """Return the ids that something in a drawing refers to."""
    found = set()
    for element in root.iter():
        for name, value in element.attrib.items():
            if name == _HREF and value.startswith("#"):
                found.add(value[1:])
            found.update(_LINK.findall(value))
    return frozenset(found)


class _Writer:
    """Writes the elements of one drawing."""

    def __init__(self, shapes: dict[str, str], styles: dict[str, str], prefix: str, linked: frozenset[str]) -> None:
        self._shapes, self._styles = shapes, styles
        self._names = {name: f"{prefix}{place}" for place, name in enumerate(sorted(linked))}

    def text(self, element: ElementTree.Element) -> str:
        """Return an element, with all in it, as text."""
        tag = element.tag.removeprefix(_SVG)
        if element.tag in _LEFT_OUT:
            return ""
        inside = "".join(map(self.text, element))
        attributes = self._attributes(element, tag)
        if tag == "g" and not attributes:
            return inside
        if tag in {"defs", "g"} and not inside:
            return ""
        data = element.get("d", "") if tag == "path" else ""
        if data and len(data) > _LONG and "id" not in element.attrib:
            shape = self._shapes.setdefault(in_tenths(data), f"s{len(self._shapes)}")
            return f'<use href="#{shape}"{attributes}/>'
        if data:
            attributes = f' d="{data}"{attributes}'
        words = str(escape(element.text)) if tag in {"text", "tspan"} and element.text else ""
        if not inside and not words:
            return f"<{tag}{attributes}/>"
        return f"<{tag}{attributes}>{words}{inside}</{tag}>"

    def _attributes(self, element: ElementTree.Element, tag: str) -> str:
        written = []
        for name, value in element.attrib.items():
            if name == "d":
                continue
            if name == "id":
                if value in self._names:
                    written.append(f'id="{self._names[value]}"')
            elif name == "style" and _LINK.search(value):  # a hatch: its pattern is this drawing's own
                told = _LINK.sub(lambda match: f"url(#{self._names[match[1]]})", value)
                written.append(f'style="{escape(told)}"')
            elif name == "style":
                style = self._style(value)
                if style:
                    written.append(f'class="{style}"')
            elif name == _HREF:
                address = f"#{self._names[value[1:]]}" if value.startswith("#") else value
                written.append(f'href="{address}"')
            else:
                value = _UNTURNED.sub("", value) if name == "transform" else value
                if value and not name.startswith("{"):
                    told = _LINK.sub(lambda match: f"url(#{self._names[match[1]]})", _rounded(value, tag))
                    written.append(f'{name}="{escape(told)}"')
        return "".join(f" {item}" for item in written)

    def _style(self, value: str) -> str:
        """Return the class of a style."""
        parts = [part.strip() for part in _FONT.sub("", value).split(";")]
        style = ";".join(":".join(word.strip() for word in part.split(":", 1)) for part in parts if part)
        return self._styles.setdefault(style, f"c{len(self._styles)}") if style else ""


def _rounded(value: str, tag: str) -> str:
    """Return coordinates with two decimals; a matrix keeps what it has, and an image its size."""
    if "matrix" in value or "scale" in value or tag == "image":
        return value
    return _DECIMALS.sub(lambda match: f"{float(match.group()):.2f}".rstrip("0").rstrip("."), value)
