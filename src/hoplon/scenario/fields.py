"""What every kind of value in a scenario file shares, and the kinds that are texts, flags and names.

Each kind reads a node, says what is wrong with it, and knows its JSON Schema.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Protocol

from hoplon.scenario.countries import ISO_3166_ALPHA_3, MISTAKEN_FOR
from hoplon.scenario.findings import Findings, nearest
from hoplon.scenario.marked_yaml import MarkedTable, Node, Scalar, brief
from hoplon.scenario.model import Cited, Kind

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {"measured": "measured", "published": "published", "derived": "derived", "assumed": "assumed"}
)


class _Refused:
    """Stands for a value that was refused."""

    def __repr__(self) -> str:
        return "REFUSED"


REFUSED: Final = _Refused()


@dataclass(frozen=True, slots=True)
class Origin:
    """Source and kind that the enclosing record gives to the numbers written plain in it."""

    source: str | None = None
    kind: Kind | None = None

    def of_plain_number(self, value: float) -> Cited:
        """Return a plain number with the record's source and kind."""
        return Cited(value, None, None, self.source, self.kind or ("published" if self.source else "assumed"))


@dataclass(slots=True)
class Reading:
    """One pass over a file: where findings go, and the names of each section."""

    findings: Findings
    names: Mapping[str, Collection[str]]

    def refuse(self, node: Node, path: str, message: str) -> _Refused:
        """Note an error at a node and return REFUSED."""
        self.findings.error(node, f"{path}: {message}")
        return REFUSED


class Field(Protocol):
    """A kind of value."""

    def read(self, node: Node, path: str, reading: Reading, origin: Origin) -> Any:
        """Return the value of a node, or REFUSED after noting why."""

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the value."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a file: the kind of its value, what it means, and what holds where it is left out.

    The one declaration of the key: the loader reads by it, and the JSON Schema and the reference of the manual say it.

    Parameters
    ----------
    kind : Field
    meaning : str
        What the value is, in Markdown.
    otherwise : str
        What holds without the key, where the default of the record that it becomes does not say it.
    """

    kind: Field
    meaning: str
    otherwise: str = ""

    def read(self, node: Node, path: str, reading: Reading, origin: Origin) -> Any:
        """Read the value."""
        return self.kind.read(node, path, reading, origin)

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the value with its meaning."""
        schema = self.kind.schema()
        told = (self.meaning, schema.get("description", ""), f"without it: {self.otherwise}" if self.otherwise else "")
        return {**schema, "description": "; ".join(text for text in told if text)}


def optional(table: MarkedTable, key: str, kind: Field, path: str, reading: Reading) -> Any:
    """Read a key of a mapping when it is there; None when it is not."""
    node = table.get(key)
    return None if node is None else kind.read(node, f"{path}.{key}", reading, Origin())


def refuse_unknown_keys(
    table: MarkedTable,
    path: str,
    reading: Reading,
    known: Collection[str],
    misplaced: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Note every key that is not known, at its place, with where it belongs or the nearest known one."""
    for key, (key_node, _) in table.entries.items():
        if key not in known:
            merges = key == "<<"
            remedy = "merge keys belong to YAML 1.1; use `extends`" if merges else misplaced.get(key)
            remedy = remedy or reading.findings.expected(key, known)
            inside = f" in {path}" if path else ""
            reading.findings.error(key_node, f"unknown key {brief(key)!r}{inside}; {remedy}")


# A terminal obeys control characters, and XML holds none, nor U+FFFE and U+FFFF; half a surrogate pair is no character
# at all; and what turns the direction of writing would turn the digits of an answer that stands behind it.
CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""What may not stand in a text that is shown."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text of bounded length, without control characters; laid on one line where it stands in tables and headings."""

    longest: int = 2000
    one_line: bool = False

    def read(self, node: Node, path: str, reading: Reading, origin: Origin) -> Any:
        """Read a text; a plain number or flag is taken as it is written."""
        if not isinstance(node, Scalar) or node.value is None:
            return reading.refuse(node, path, f"a text was expected, got {node.shape}")
        if len(node.text) > self.longest:
            return reading.refuse(node, path, f"a text of at most {self.longest} characters was expected")
        if control := CONTROL.search(node.text):
            return reading.refuse(
                node, path, f"a text without control characters was expected, got U+{ord(control.group()):04X} in it"
            )
        return " ".join(node.text.split()) if self.one_line else node.text

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        return {"type": "string", "maxLength": self.longest}


@dataclass(frozen=True, slots=True)
class Address:
    """A web address."""

    def read(self, node: Node, path: str, reading: Reading, origin: Origin) -> Any:
        """Read an address that begins with http:// or https://."""
        text = Text().read(node, path, reading, origin)
        if text is REFUSED or text.startswith(("http://", "https://")):
            return text
        return reading.refuse(node, path, f"an address that begins with https:// was expected, got {brief(text)!r}")

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        return {"type": "string", "pattern": "^https?://"}


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    def read(self, node: Node, path: str, reading: Reading, origin: Origin) -> Any:
        """Read a flag."""
        value = node.value if isinstance(node, Scalar) else None
        if isinstance(value, bool):
            return value
        hint = ""
        if isinstance(node, Scalar) and node.text.lower() in ("yes", "no", "on", "off", "y", "n"):
            hint = " (yes, no, on and off are texts in YAML 1.2)"
        return reading.refuse(node, path, f"true or false was expected, got {node.shape}{hint}")

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, node: Node, path: str, reading: Reading, origin: Origin) -> Any:
        """Read one of the words."""
        if isinstance(node, Scalar) and node.text in self.words:
            return node.text
        near = nearest(node.text, self.words) if isinstance(node, Scalar) else None
        hint = f"; did you mean {near!r}?" if near else ""
        return reading.refuse(node, path, f"one of {', '.join(self.words)} was expected, got {node.shape}{hint}")

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        return {"enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Name:
    """The name of something that a section of the file defines."""

    section: str

    def read(self, node: Node, path: str, reading: Reading, origin: Origin) -> Any:
        """Read a name that the section holds."""
        if not isinstance(node, Scalar) or node.value is None:
            return reading.refuse(node, path, f"a name of `{self.section}` was expected, got {node.shape}")
        known = reading.names.get(self.section, ())
        if node.text not in known:
            hint = reading.findings.expected(node.text, known)
            return reading.refuse(node, path, f"{brief(node.text)!r} is not in `{self.section}`; {hint}")
        return node.text

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        return {"type": "string", "description": f"a name of `{self.section}`"}


@dataclass(frozen=True, slots=True)
class Nation:
    """An ISO 3166-1 alpha-3 code."""

    def read(self, node: Node, path: str, reading: Reading, origin: Origin) -> Any:
        """Read a code."""
        if not isinstance(node, Scalar):
            return reading.refuse(node, path, f"an ISO 3166-1 alpha-3 code was expected, got {node.shape}")
        if node.text in ISO_3166_ALPHA_3:
            return node.text
        likely = MISTAKEN_FOR.get(node.text.upper()) or nearest(node.text, ISO_3166_ALPHA_3)
        hint = f"; did you mean {likely}?" if likely else ""
        return reading.refuse(node, path, f"{brief(node.text)!r} is no ISO 3166-1 alpha-3 code{hint}")

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        return {"type": "string", "pattern": "^[A-Z]{3}$"}


SHORT_TITLE: Final = Text(60, one_line=True)
NOTE: Final = Key(Text(), "anything a reader should know")
DESCRIBED: Final[Mapping[str, Key]] = MappingProxyType(
    {
        "title": Key(Text(one_line=True), "what text and headings call it", "its name"),
        "short_title": Key(
            SHORT_TITLE,
            "what figures, maps and tables call it",
            "the title up to its first bracket or comma, else the name",
        ),
        "source": Key(Name("sources"), "where its place, and the numbers written plain in it, come from"),
        "kind": Key(
            Choice(tuple(KINDS)),
            "of the numbers written plain in it",
            "`published` with a `source`, `assumed` without one",
        ),
        "note": NOTE,
    }
)
