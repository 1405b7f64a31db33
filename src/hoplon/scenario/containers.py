"""Lists, mappings and records of a scenario file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from types import MappingProxyType
from typing import Any, Final

from hoplon.scenario.fields import DESCRIBED, KINDS, REFUSED, Field, Key, Origin, Reading, refuse_unknown_keys
from hoplon.scenario.marked_yaml import Listing, MarkedTable, Node, Scalar, brief
from hoplon.scenario.values import Cited

MOST_ENTRIES: Final = 2000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}\Z")


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
        seen = set()
        for place, item in enumerate(node.items):
            value = self.kind.read(item, f"{path}[{place}]", reading, origin)
            if self.distinct and value is not REFUSED:
                same = float(value) if isinstance(value, Cited) else value
                if same in seen:
                    value = reading.refuse(item, f"{path}[{place}]", f"{brief(str(same))!r} is in the list already")
                seen.add(same)
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
        if not isinstance(node, MarkedTable):
            return reading.refuse(node, path, f"a mapping from names was expected, got {node.shape}")
        if not self.least <= len(node.entries) <= MOST_ENTRIES:
            many = f"from {self.least} to {MOST_ENTRIES} entries were expected, got {len(node.entries)}"
            return reading.refuse(node, path, many)
        if self.keys is not None:
            refuse_unknown_keys(node, path, reading, self.keys)
        values: dict[str, Any] = {}
        for key, (key_node, item) in node.entries.items():
            if self.keys is None and not _NAME.match(key):
                reading.refuse(key_node, path, f"{brief(key)!r} is no name: letters, digits, - _ . + (64 at most)")
            values[key] = self.kind.read(item, f"{path}.{brief(key)}", reading, origin)
        if self.keys is not None:  # the order of these words says nothing: it is that of the format
            values = {key: values[key] for key in self.keys if key in values}
        return REFUSED if REFUSED in values.values() else MappingProxyType(values)

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        if self.keys is None:
            return {"type": "object", "additionalProperties": self.kind.schema()}
        properties = dict.fromkeys(self.keys, self.kind.schema())
        return {"type": "object", "properties": properties, "additionalProperties": False}


Rule = Callable[[MarkedTable, dict[str, Any], str, Reading], None]


@dataclass(frozen=True, slots=True)
class RecordOf:
    """A mapping with known keys that becomes a record.

    ``rule`` checks the keys against each other; ``misplaced`` says of keys of other records where they belong.
    """

    record: Callable[..., Any]
    keys: Mapping[str, Key]
    required: tuple[str, ...] = ()
    rule: Rule | None = None
    described: Mapping[str, Key] = field(default_factory=lambda: DESCRIBED)
    misplaced: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def read(self, node: Node, path: str, reading: Reading, origin: Origin) -> Any:
        """Read every key and make the record."""
        if not isinstance(node, MarkedTable):
            wanted = ", ".join(self.required) or ", ".join(self.keys)
            return reading.refuse(node, path, f"a mapping with {wanted} was expected, got {node.shape}")
        before = len(reading.findings.errors)
        keys = {**self.keys, **self.described}
        refuse_unknown_keys(node, path, reading, keys, self.misplaced)
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

    def _origin(self, node: MarkedTable, path: str, reading: Reading, outer: Origin) -> Origin:
        """Source and kind for the numbers written plain here; the record's own source replaces the outer one."""
        source, kind = node.get("source"), node.get("kind")
        source_name = source.text if isinstance(source, Scalar) else None
        kind_name = KINDS.get(kind.text) if isinstance(kind, Scalar) else None
        if source is None and kind is None:
            return outer
        if kind is not None and kind_name in ("measured", "published") and source is None and outer.source is None:
            reading.refuse(kind, path, f"a {kind_name} record names its `source`")
        return Origin(source_name or (outer.source if kind_name != "assumed" else None), kind_name)

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        # Nothing is required here: a file that extends another writes only what differs. `check` says what is missing.
        properties = {}
        for key, declared in {**self.keys, **self.described}.items():
            properties[key] = declared.schema()
            if key in self.required:
                properties[key]["description"] = f"required; {properties[key]['description']}"
            elif (default := self.default_of(key)) is not None:
                properties[key]["default"] = default
        return {"type": "object", "properties": properties, "additionalProperties": False}

    def default_of(self, key: str) -> Any:
        """Return the value that the record takes where a key is left out, as a file would write it.

        None where it takes none, where the key is required, and where the declaration says it in words.
        """
        declared = {**self.keys, **self.described}[key]
        if key in self.required or declared.otherwise or not is_dataclass(self.record):
            return None
        found = next((one.default for one in fields(self.record) if one.name == _attribute(key)), MISSING)
        return None if found is MISSING else _written(found)


def _attribute(key: str) -> str:
    return f"{key}_" if key == "from" else key


def _written(value: Any) -> Any:
    """Return a default as a file writes it; None for nothing, an empty list and an empty text."""
    if isinstance(value, Cited):
        return int(value.value) if value.value.is_integer() else value.value
    if isinstance(value, tuple):
        return [_written(item) for item in value] or None
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return value if isinstance(value, bool | int) else value or None
