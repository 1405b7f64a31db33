"""Where two scenarios, or two architectures, differ: the path of each input with both of its values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

_NUMBER: Final = frozenset({"value", "low", "high", "source", "kind", "note"})


@dataclass(frozen=True)
class Difference:
    """An input that differs.

    Parameters
    ----------
    path : str
        As the file names it, ``radars.tpy-2.search.reference_range_km``.
    first, second : object
        Plain values (text, number, flag, list, mapping); None where that side has no such input.
    """

    path: str
    first: Any
    second: Any

    def words(self) -> tuple[str, str]:
        """Return both values as a table shows them; a dash for None."""
        return in_words(self.first), in_words(self.second)


def differences(first: Mapping[str, Any], second: Mapping[str, Any], path: str = "") -> tuple[Difference, ...]:
    """Return where plain data differ, in the order of the first, then what only the second has.

    Parameters
    ----------
    first, second : mapping
        As :func:`hoplon.scenario.written.as_plain` returns them.
    path : str
        Put before every path.

    Notes
    -----
    A number with its bounds and source is one input, and so is a list. Numbers are equal as numbers: ``1`` and ``1.0``.
    """
    return tuple(_differences(first, second, path))


def _differences(first: Mapping[str, Any], second: Mapping[str, Any], path: str) -> Iterator[Difference]:
    for key in dict.fromkeys((*first, *second)):
        mine, theirs = first.get(key), second.get(key)
        if mine == theirs:
            continue
        here = f"{path}.{key}" if path else str(key)
        if isinstance(mine, Mapping) and isinstance(theirs, Mapping) and not (_is_number(mine) or _is_number(theirs)):
            yield from _differences(mine, theirs, here)
        elif _value(mine) != _value(theirs):
            yield Difference(here, mine, theirs)


def _is_number(value: Mapping[str, Any]) -> bool:
    return "value" in value and _NUMBER.issuperset(value)


def _value(value: Any) -> Any:
    """Return a number written with nothing but its value as that value."""
    return value["value"] if isinstance(value, Mapping) and set(value) == {"value"} else value


def in_words(value: Any) -> str:
    """Return a plain value as a table shows it: ``870 (580 to 1500)`` for a number with bounds."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, Mapping):
        return (
            _number_in_words(value)
            if _is_number(value)
            else ", ".join(f"{key}: {in_words(item)}" for key, item in value.items())
        )
    if isinstance(value, (list, tuple)):
        return ", ".join(in_words(item) for item in value)
    return str(value)


def _number_in_words(number: Mapping[str, Any]) -> str:
    base = number["value"]
    low, high = number.get("low", base), number.get("high", base)
    bounds = "" if low == high == base else f" ({in_words(low)} to {in_words(high)})"
    source = number.get("source")
    return f"{in_words(base)}{bounds}" + ("" if source is None else f", {source}")
