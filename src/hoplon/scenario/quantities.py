"""Numbers with units and limits, alone, as places and as pairs."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from numbers import Real
from typing import Any, Final

from hoplon.scenario.fields import (
    KINDS,
    REFUSED,
    Choice,
    Name,
    Origin,
    Reading,
    Text,
    optional,
    refuse_unknown_keys,
)
from hoplon.scenario.marked_yaml import Listing, MarkedTable, Node, Scalar, brief
from hoplon.scenario.model import Cited, Place


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
        if isinstance(node, MarkedTable) and not self.plain:
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
        if fault := self.fault(value, brief(_text(node))):
            reading.refuse(node, path, fault)
            return None
        return value

    def fault(self, value: float, written: str) -> str:
        """Return what is wrong with a value that was written so, "" if it is within the limits."""
        if not isinstance(value, Real):
            return f"a number {self.limits} was expected, got {written}"
        if not math.isfinite(value):
            return f"a finite number was expected, got {written}"
        return "" if self.holds(value) else f"must be {self._wanted()}, got {written}{self._likely(value)}"

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

    def _cited(self, node: MarkedTable, path: str, reading: Reading) -> Any:
        before = len(reading.findings.errors)
        refuse_unknown_keys(node, path, reading, ("value", "low", "high", "source", "kind", "note"))
        bounds: dict[str, float | None] = {"value": None, "low": None, "high": None}
        for key in bounds:
            if (entry := node.get(key)) is not None:
                bounds[key] = self.number(entry, f"{path}.{key}", reading)
        if node.get("value") is None:
            reading.refuse(node, path, f"`value` is missing: a number {self.limits}")
        source = optional(node, "source", Name("sources"), path, reading)
        kind = optional(node, "kind", Choice(tuple(KINDS)), path, reading)
        note = optional(node, "note", Text(), path, reading)
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
        plain = {
            "type": "integer" if self.whole else "number",
            below: self.lowest,
            "maximum": self.highest,
            "description": self._wanted(),
        }
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
