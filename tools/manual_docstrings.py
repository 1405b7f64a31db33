"""An extension of Griffe: the roles of Sphinx in docstrings become names in code, linked where they are public."""

from __future__ import annotations

import re
from typing import Any, Final

import griffe

import hoplon

_ROLE: Final = re.compile(r":(?:attr|class|data|func|meth|mod):`~?(?P<path>[\w.]+)`")


class PlainRoles(griffe.Extension):
    """Rewrites every docstring that is read."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Rewrite the docstring of one module, class, function or attribute."""
        if obj.docstring is not None:
            obj.docstring.value = plain_roles(obj.docstring.value)


def plain_roles(text: str) -> str:
    """Return a docstring without roles: ``:func:`coverage``` is a link to that function of the Python API."""

    def named(match: re.Match[str]) -> str:
        path = match["path"]
        name = path.removeprefix("hoplon.api.").removeprefix("hoplon.")
        public = name in dir(hoplon) and not name.startswith("_")
        return f"[`hoplon.{name}`][hoplon.api.{name}]" if public else f"`{path.removeprefix('hoplon.api.')}`"

    return _ROLE.sub(named, text)
