"""The kinds of value in a scenario file; each reads a node, says what is wrong with it, and knows its JSON Schema."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Protocol

from hoplon.scenario.countries import ISO_3166_ALPHA_3, MISTAKEN_FOR
from hoplon.scenario.findings import Findings, expected, nearest
from hoplon.scenario.marked_yaml import Listing, Node, Scalar, Table, brief
from hoplon.scenario.model import Cited, Place

KINDS: Final = ("measured", "published", "derived", "assumed")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}\Z")


class _Refused:
    """Stands for a value that was refused."""

    def __repr__(self) -> str:
        return "REFUSED"


REFUSED: Final = _Refused()


@dataclass(frozen=True, slots=True)
class Origin:
    """Source and kind that the enclosing record gives to the numbers written plain in it."""

    source: str | None = None
    kind: str | None = None

    def of_plain_number(self, value: float) -> Cited:
        """Return a plain number with the record's source and kind."""
        kind = self.kind or ("published" if self.source else "assumed")
        return Cited(value, None, None, self.source, kind)  # type: ignore[arg-type]


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
class Number:
    """A number with a unit and limits; cited (with bounds and source) unless ``plain``.

    ``mistaken`` lists (factor, unit) that a value outside the limits may have been written in.
    """

    unit: str
    lowest: float
    highest: float
    mistaken: tuple[tuple[float, str], ...] = ()
    plain: bool = False
    whole: bool = False
    open_below: bool = False
    remedy: str = ""

    @property
    def limits(self) -> str:
        """The limits in words."""
        unit = f" {self.unit}" if self.unit else ""
        if self.open_below:
            return f"more than {self.lowest:g} and at most {self.highest:g}{unit}"
        return f"from {self.lowest:g} to {self.highest:g}{unit}"

    def holds(self, value: float) -> bool:
        """Tell whether a value is within the limits."""
        above = value > self.lowest if self.open_below else value >= self.lowest
        return above and value <= self.highest and (not self.whole or value == int(value))

    def read(self, node: Node, path: str, reading: Reading, origin: Origin) -> Any:
        """Read a plain or a cited number."""
        if isinstance(node, Table) and not self.plain:
            return self._cited(node, path, reading)
        value = self.number(node, path, reading)
        if value is None:
            return REFUSED
        if self.plain:
            return int(value) if self.whole else value
        return origin.of_plain_number(value)

    def number(self, node: Node, path: str, reading: Reading) -> float | None:
        """Read one number within the limits, or note why not and return None."""
        value = node.value if isinstance(node, Scalar) else None
        if not isinstance(value, float):
            reading.refuse(node, path, f"a number {self.limits} was expected, got {node.shape}{_number_hint(node)}")
            return None
        if not math.isfinite(value):
            reading.refuse(node, path, f"a finite number was expected, got {brief(_text(node))}")
            return None
        if not self.holds(value):
            reading.refuse(node, path, f"must be {self._wanted()}, got {brief(_text(node))}{self._likely(value)}")
            return None
        return value

    def _wanted(self) -> str:
        return f"a whole number {self.limits}" if self.whole else self.limits

    def _likely(self, value: float) -> str:
        for factor, unit in self.mistaken:
            if self.holds(value * factor):
                return f"; written in {unit}? Then {value * factor:.6g} {self.unit}".rstrip()
        if self.remedy:
            return f"; {self.remedy}"
        if value < 0 and self.holds(-value):
            return "; a sign too many?"
        return ""

    def _cited(self, node: Table, path: str, reading: Reading) -> Any:
        before = len(reading.findings.errors)
        _refuse_unknown_keys(node, path, reading, ("value", "low", "high", "source", "kind", "note"))
        bounds: dict[str, float | None] = {"value": None, "low": None, "high": None}
        for key in bounds:
            if (entry := node.get(key)) is not None:
                bounds[key] = self.number(entry, f"{path}.{key}", reading)
        if node.get("value") is None:
            reading.refuse(node, path, f"`value` is missing: a number {self.limits}")
        source = _optional(node, "source", Name("sources"), path, reading)
        kind = _optional(node, "kind", Choice(KINDS), path, reading)
        note = _optional(node, "note", Text(), path, reading)
        if len(reading.findings.errors) > before:
            return REFUSED
        value, low, high = bounds["value"], bounds["low"], bounds["high"]
        assert value is not None
        if (low is not None and low > value) or (high is not None and high < value):
            got = ", ".join(f"{key} {bound:g}" for key, bound in bounds.items() if bound is not None)
            return reading.refuse(node, path, f"low <= value <= high was expected, got {got}")
        if kind in ("measured", "published") and source is None:
            return reading.refuse(
                node, path, f"a {kind} value names its `source`; without one it is assumed or derived"
            )
        return Cited(value, low, high, source, kind or ("published" if source else "assumed"), note or "")

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        below = "exclusiveMinimum" if self.open_below else "minimum"
        plain = {"type": "integer" if self.whole else "number", below: self.lowest, "maximum": self.highest}
        if self.plain:
            return plain
        cited = {
            "type": "object",
            "properties": {
                **dict.fromkeys(("value", "low", "high"), plain),
                "source": {"type": "string"},
                "kind": {"enum": list(KINDS)},
                "note": {"type": "string"},
            },
            "required": ["value"],
            "additionalProperties": False,
        }
        return {"anyOf": [plain, cited]}


def _text(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else node.shape


def _number_hint(node: Node) -> str:
    if not isinstance(node, Scalar):
        return ""
    text = node.text.strip()
    unquoted = Scalar("", 0, 0, text, True)
    if not node.plain and isinstance(unquoted.value, float):
        return "; take the quotes off"
    without = text.replace("_", "").replace(",", "").replace(" ", "")
    if without != text and isinstance(Scalar("", 0, 0, without, True).value, float):
        return "; write the digits without separators, and the decimal point as ."
    if text.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        return "; it must be finite"
    match = re.match(r"[-+]?[0-9.]+\s*([A-Za-z%/]+)\Z", text)
    return f"; leave out the unit {match.group(1)!r}, which the key names" if match else ""


def _optional(table: Table, key: str, kind: Field, path: str, reading: Reading) -> Any:
    node = table.get(key)
    return None if node is None else kind.read(node, f"{path}.{key}", reading, Origin())


def _refuse_unknown_keys(table: Table, path: str, reading: Reading, known: Collection[str]) -> None:
    for key, (key_node, _) in table.entries.items():
        if key not in known:
            remedy = "merge keys belong to YAML 1.1; use `extends`" if key == "<<" else expected(key, known)
            inside = f" in {path}" if path else ""
            reading.findings.error(key_node, f"unknown key {brief(key)!r}{inside}; {remedy}")


@dataclass(frozen=True, slots=True)
class Text:
    """A text of bounded length."""

    longest: int = 2000

    def read(self, node: Node, path: str, reading: Reading, origin: Origin) -> Any:
        """Read a text; a plain number or flag is taken as it is written."""
        if not isinstance(node, Scalar) or node.value is None:
            return reading.refuse(node, path, f"a text was expected, got {node.shape}")
        if len(node.text) > self.longest:
            return reading.refuse(node, path, f"a text of at most {self.longest} characters was expected")
        return node.text

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
            hint = expected(node.text, known)
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


LATITUDE: Final = Number("degrees north", -90, 90, plain=True)
LONGITUDE: Final = Number("degrees east", -180, 180, plain=True)
ALTITUDE: Final = Number("m", -500, 9000, plain=True)


@dataclass(frozen=True, slots=True)
class Position:
    """A place, ``[latitude, longitude]`` or ``[latitude, longitude, altitude_m]``."""

    def read(self, node: Node, path: str, reading: Reading, origin: Origin) -> Any:
        """Read a place."""
        if not isinstance(node, Listing) or len(node.items) not in (2, 3):
            return reading.refuse(
                node, path, f"[latitude, longitude] or [latitude, longitude, altitude_m] was expected, got {node.shape}"
            )
        first, second = node.items[0], node.items[1]
        north = first.value if isinstance(first, Scalar) else None
        east = second.value if isinstance(second, Scalar) else None
        if isinstance(north, float) and isinstance(east, float) and 90 < abs(north) <= 180 and abs(east) <= 90:
            return reading.refuse(
                first,
                path,
                f"latitude must be {LATITUDE.limits}, got {north:g}; latitude and longitude swapped? "
                f"Then [{east:g}, {north:g}]",
            )
        numbers = [
            kind.number(item, f"{path}[{place}]", reading)
            for place, (kind, item) in enumerate(zip((LATITUDE, LONGITUDE, ALTITUDE), node.items, strict=False))
        ]
        return REFUSED if None in numbers else Place(*[number for number in numbers if number is not None])

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        return {
            "type": "array",
            "prefixItems": [LATITUDE.schema(), LONGITUDE.schema(), ALTITUDE.schema()],
            "minItems": 2,
            "maxItems": 3,
        }


@dataclass(frozen=True, slots=True)
class Interval:
    """A pair [lowest, highest] of numbers."""

    number: Number

    def read(self, node: Node, path: str, reading: Reading, origin: Origin) -> Any:
        """Read the pair, in order."""
        if not isinstance(node, Listing) or len(node.items) != 2:
            return reading.refuse(node, path, f"a pair [lowest, highest] was expected, got {node.shape}")
        pair = [self.number.read(item, f"{path}[{place}]", reading, origin) for place, item in enumerate(node.items)]
        if REFUSED in pair:
            return REFUSED
        if not float(pair[0]) < float(pair[1]):
            return reading.refuse(
                node, path, f"[lowest, highest] was expected, got [{float(pair[0]):g}, {float(pair[1]):g}]"
            )
        return tuple(pair)

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        return {"type": "array", "items": self.number.schema(), "minItems": 2, "maxItems": 2}


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of values of one kind."""

    kind: Field
    least: int = 0
    distinct: bool = False

    def read(self, node: Node, path: str, reading: Reading, origin: Origin) -> Any:
        """Read every value of the list."""
        if not isinstance(node, Listing):
            return reading.refuse(node, path, f"a list was expected, got {node.shape}")
        if len(node.items) < self.least:
            return reading.refuse(node, path, f"a list of at least {self.least} was expected, got {node.shape}")
        values = []
        for place, item in enumerate(node.items):
            value = self.kind.read(item, f"{path}[{place}]", reading, origin)
            if self.distinct and value is not REFUSED and value in values:
                value = reading.refuse(item, f"{path}[{place}]", f"{brief(str(value))!r} is in the list already")
            values.append(value)
        return REFUSED if REFUSED in values else tuple(values)

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        schema: dict[str, Any] = {"type": "array", "items": self.kind.schema()}
        if self.least:
            schema["minItems"] = self.least
        if self.distinct:
            schema["uniqueItems"] = True
        return schema


@dataclass(frozen=True, slots=True)
class MappingOf:
    """A mapping from names to values of one kind; ``keys`` are free names when None, else these words."""

    kind: Field
    keys: tuple[str, ...] | None = None
    least: int = 0

    def read(self, node: Node, path: str, reading: Reading, origin: Origin) -> Any:
        """Read every value of the mapping."""
        if not isinstance(node, Table):
            return reading.refuse(node, path, f"a mapping from names was expected, got {node.shape}")
        if len(node.entries) < self.least:
            return reading.refuse(node, path, "at least one entry was expected")
        if self.keys is not None:
            _refuse_unknown_keys(node, path, reading, self.keys)
        values: dict[str, Any] = {}
        for key, (key_node, item) in node.entries.items():
            if self.keys is None and not _NAME.match(key):
                reading.refuse(key_node, path, f"{brief(key)!r} is no name: letters, digits, - _ . + (64 at most)")
            values[key] = self.kind.read(item, f"{path}.{brief(key)}", reading, origin)
        return REFUSED if REFUSED in values.values() else MappingProxyType(values)

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        if self.keys is None:
            return {"type": "object", "additionalProperties": self.kind.schema()}
        properties = dict.fromkeys(self.keys, self.kind.schema())
        return {"type": "object", "properties": properties, "additionalProperties": False}


Rule = Callable[[Table, dict[str, Any], str, Reading], None]


@dataclass(frozen=True, slots=True)
class RecordOf:
    """A mapping with known keys that becomes a record; ``rule`` checks the keys against each other."""

    record: Callable[..., Any]
    keys: Mapping[str, Field]
    required: tuple[str, ...] = ()
    rule: Rule | None = None
    described: Mapping[str, Field] = field(default_factory=lambda: DESCRIBED)

    def read(self, node: Node, path: str, reading: Reading, origin: Origin) -> Any:
        """Read every key and make the record."""
        if not isinstance(node, Table):
            wanted = ", ".join(self.required) or ", ".join(self.keys)
            return reading.refuse(node, path, f"a mapping with {wanted} was expected, got {node.shape}")
        before = len(reading.findings.errors)
        keys = {**self.keys, **self.described}
        _refuse_unknown_keys(node, path, reading, keys)
        if self.described is DESCRIBED:
            origin = self._origin(node, path, reading, origin)
        values: dict[str, Any] = {}
        for key, (_, item) in node.entries.items():
            if key in keys:
                values[key] = keys[key].read(item, f"{path}.{key}" if path else key, reading, origin)
        for key in self.required:
            if key not in node.entries:
                reading.findings.error(node, f"`{key}` is missing in {path or 'the scenario'}")
        if self.rule is not None:
            self.rule(node, values, path, reading)
        if len(reading.findings.errors) > before:
            return REFUSED
        return self.record(**{_attribute(key): value for key, value in values.items()})

    def _origin(self, node: Table, path: str, reading: Reading, outer: Origin) -> Origin:
        """Source and kind for the numbers written plain here; the record's own source replaces the outer one."""
        source, kind = node.get("source"), node.get("kind")
        source_name = source.text if isinstance(source, Scalar) else None
        kind_name = kind.text if isinstance(kind, Scalar) and kind.text in KINDS else None
        if source is None and kind is None:
            return outer
        if kind is not None and kind_name in ("measured", "published") and source is None and outer.source is None:
            reading.refuse(kind, path, f"a {kind_name} record names its `source`")
        return Origin(source_name or (outer.source if kind_name != "assumed" else None), kind_name)

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        properties = {key: kind.schema() for key, kind in {**self.keys, **self.described}.items()}
        schema: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
        if self.required:
            schema["required"] = list(self.required)
        return schema


def _attribute(key: str) -> str:
    return f"{key}_" if key == "from" else key


DESCRIBED: Final[Mapping[str, Field]] = MappingProxyType(
    {"title": Text(), "source": Name("sources"), "kind": Choice(KINDS), "note": Text()}
)
