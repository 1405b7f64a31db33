"""An extension of Griffe: docstrings as the manual shows them.

Roles of Sphinx become names in code, linked where they are public. The default of a parameter is that of the signature:
Griffe takes the first of ``{"low", "base", "high"}`` for it, and for ``samples, seed : int`` that of the first name.
"""

from __future__ import annotations

import re
from typing import Any, Final

import griffe

import hoplon

_ROLE: Final = re.compile(r":(?:attr|class|data|func|meth|mod):`~?(?P<path>[\w.]+)`")
_PARAMETERS: Final = re.compile(r"^Parameters\n-+\n(?P<body>(?:\S.*\n?|[ ].*\n?|\n(?=[ ]))+)", re.MULTILINE)
_PARAMETER: Final = re.compile(
    r"^(?P<names>[*\w]+(?:, [*\w]+)*)(?: : (?P<kind>.+))?\n(?P<told>(?:[ ].*\n?|\n)*)", re.MULTILINE
)
_CHOICE: Final = re.compile(r"\{(?P<choices>[^{}]+)\}")


class PlainDocstrings(griffe.Extension):
    """Rewrites every docstring that is read."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Rewrite the docstring of one module, class, function or attribute."""
        if obj.docstring is not None:
            obj.docstring.value = single_parameters(plain_roles(obj.docstring.value))


def plain_roles(text: str) -> str:
    """Return a docstring without roles: ``:func:`coverage``` is a link to that function of the Python API."""

    def named(match: re.Match[str]) -> str:
        path = match["path"]
        name = path.removeprefix("hoplon.api.").removeprefix("hoplon.")
        public = name in dir(hoplon) and not name.startswith("_")
        return f"[`hoplon.{name}`][hoplon.api.{name}]" if public else f"`{path.removeprefix('hoplon.api.')}`"

    return _ROLE.sub(named, text)


def single_parameters(text: str) -> str:
    """Return a docstring with an entry for each parameter, and its choices in words."""

    def single(match: re.Match[str]) -> str:
        kind = _CHOICE.sub(lambda choice: choice["choices"].replace(", ", " | "), match["kind"] or "")
        told = f"{match['told'].rstrip()}\n" if match["told"].strip() else ""
        head = f" : {kind}" if kind else ""
        return "".join(f"{name}{head}\n{told}" for name in match["names"].split(", "))

    def section(match: re.Match[str]) -> str:
        return match[0].replace(match["body"], _PARAMETER.sub(single, match["body"].rstrip("\n") + "\n") + "\n")

    return _PARAMETERS.sub(section, text)
