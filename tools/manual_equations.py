"""A hook of MkDocs: equations become MathML, so that a browser needs no script, and cells of tables know their heads.

A telephone shows the rows of a wide table one below the other, each cell after the head of its column.
"""

from __future__ import annotations

import html
import re
from typing import Any

from latex2mathml.converter import convert

_FOUND = re.compile(r'<(span|div) class="arithmatex">\\([(\[])(.*?)\\[)\]]</\1>', flags=re.DOTALL)
_TABLE = re.compile(r"<table>.*?</table>", flags=re.DOTALL)
_STACKED = 3  # columns from which a telephone stacks them


def on_page_content(content: str, page: Any, config: Any, files: Any) -> str:
    """Return the page with its equations as MathML."""
    return _TABLE.sub(_labelled, _FOUND.sub(_mathml, content))


def _mathml(found: re.Match[str]) -> str:
    block = found[2] == "["
    latex = html.unescape(found[3]).strip()
    made = str(convert(latex, display="block" if block else "inline"))
    if "\\" in re.sub(r"<annotation.*?</annotation>", "", made):
        raise ValueError(f"an equation is not understood: {latex}")
    return f'<div class="equation">{made}</div>' if block else made


def _labelled(found: re.Match[str]) -> str:
    """Return a table in which each cell has the head of its column, for the style sheet."""
    heads = [re.sub(r"<[^>]+>", "", head).strip() for head in re.findall(r"<th[^>]*>(.*?)</th>", found[0], re.DOTALL)]
    if len(heads) < _STACKED:
        return found[0]

    def row(cells: re.Match[str]) -> str:
        labels = iter(heads)
        return re.sub(r"<td", lambda _: f'<td data-label="{next(labels, "")}"', cells[0])

    return re.sub(r"<tr>.*?</tr>", row, found[0], flags=re.DOTALL)
