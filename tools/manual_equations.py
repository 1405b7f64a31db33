"""A hook of MkDocs: equations become MathML when the manual is built, so that a browser needs no script for them."""

from __future__ import annotations

import html
import re
from typing import Any

from latex2mathml.converter import convert

_FOUND = re.compile(r'<(span|div) class="arithmatex">\\([(\[])(.*?)\\[)\]]</\1>', flags=re.DOTALL)


def on_page_content(content: str, page: Any, config: Any, files: Any) -> str:
    """Return the page with its equations as MathML."""
    return _FOUND.sub(_mathml, content)


def _mathml(found: re.Match[str]) -> str:
    block = found[2] == "["
    latex = html.unescape(found[3]).strip()
    made = str(convert(latex, display="block" if block else "inline"))
    if "\\" in re.sub(r"<annotation.*?</annotation>", "", made):
        raise ValueError(f"an equation is not understood: {latex}")
    return f'<div class="equation">{made}</div>' if block else made
