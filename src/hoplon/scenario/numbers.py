"""The cited numbers of a scenario, found by walking its records, and how their paths are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Final

from hoplon.scenario.values import Cited, Place

Steps = tuple[str | int, ...]
"""Keys and places in lists that lead to a value of the file."""
_OF_BATTERIES: Final = ("count", "launch_interval_s")


def path_text(steps: Steps) -> str:
    """Return a path as it is written: ``interceptors.silo.intercept_altitude_km[0]``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")


def cited_numbers(value: Any, steps: Steps) -> Iterator[tuple[Steps, Cited]]:
    """Walk a record and yield its cited numbers with their path in the file."""
    if value is None or isinstance(value, (str, int, float)):  # most are, and an abstract class is slow to ask
        return
    if isinstance(value, Cited):
        yield steps, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from cited_numbers(item, (*steps, str(key)))
    elif isinstance(value, tuple):
        for place, item in enumerate(value):
            yield from cited_numbers(item, (*steps, place))
    elif is_dataclass(value) and not isinstance(value, Place):
        for name, key in _keys(value.__class__):
            if name in _OF_BATTERIES and getattr(value, "battery", name) is None:
                continue
            yield from cited_numbers(getattr(value, name), (*steps, key))


@cache
def _keys(record: type) -> tuple[tuple[str, str], ...]:
    """Return attribute and key of the file of each field."""
    return tuple((entry.name, entry.name.rstrip("_")) for entry in fields(record))
