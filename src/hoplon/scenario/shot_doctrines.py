"""Shot doctrines that have a name: how many interceptors a shot opportunity gets, and whether a look may follow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from hoplon.errors import UnknownNameError
from hoplon.scenario.fields import REFUSED, Origin, Reading, Text
from hoplon.scenario.findings import expected
from hoplon.scenario.marked_yaml import Node, brief

DOCTRINES: Final = (
    "single", "salvo-N", "shoot-look-shoot", "salvo-look-salvo", "salvo-N-look-salvo", "share"
)  # fmt: skip
"""The names; N is a number from 1 to 99."""
_PAIR: Final = 2  # interceptors, the least salvo of the doctrines that fire salvos and name no number


@dataclass(frozen=True)
class ShotDoctrine:
    """The shots of a doctrine.

    Attributes
    ----------
    salvo : int
        Interceptors a shot opportunity; with ``share`` at most.
    look : bool
        Whether a further shot may follow a kill assessment.
    share : bool
        Whether a magazine is shared over the threats that it may still have to meet, and what is left of a threat's
        share is fired at the last look.
    """

    salvo: int
    look: bool
    share: bool = False


def shot_doctrine_named(name: str, salvo: int = 1) -> ShotDoctrine:
    """Return the shots that a name says; ``salvo`` is the scenario's.

    Raises
    ------
    UnknownNameError
        For another name.
    """
    if name == "single":
        return ShotDoctrine(1, False)
    if name == "shoot-look-shoot":
        return ShotDoctrine(1, True)
    if name in ("salvo-look-salvo", "share"):
        return ShotDoctrine(max(_PAIR, salvo), True, name == "share")
    found = re.fullmatch(r"salvo-([1-9][0-9]?)(-look-salvo)?", name)
    if found is None:
        raise UnknownNameError("doctrine", name, DOCTRINES)
    return ShotDoctrine(int(found[1]), found[2] is not None)


@dataclass(frozen=True, slots=True)
class DoctrineName:
    """The name of a shot doctrine in a file, or a word that stands for the scenario's own."""

    own: str = ""

    def read(self, node: Node, path: str, reading: Reading, origin: Origin) -> Any:
        """Read a name."""
        text = Text().read(node, path, reading, origin)
        if text is REFUSED or text == self.own:
            return text
        try:
            shot_doctrine_named(text)
        except UnknownNameError:
            known = (self.own, *DOCTRINES) if self.own else DOCTRINES
            return reading.refuse(node, path, f"{brief(text)!r} is no doctrine; {expected(text, known)}")
        return text

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        return {"type": "string"}
