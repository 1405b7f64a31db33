"""Cited numbers of a scenario as an interactive page shows them: value, bounds, unit, kind, path in the file."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypedDict

from hoplon.scenario.values import Cited
from hoplon.units import unit_of

if TYPE_CHECKING:
    from collections.abc import Sequence


class PlainNumber(TypedDict):
    """A number with what the scenario says of it."""

    value: float
    low: float | None
    high: float | None
    unit: str
    kind: str
    path: str


def plain_number(number: Cited, path: str) -> PlainNumber:
    """Return a number with its bounds, unit, kind and the path that leads to it in the file."""
    key = path.rpartition(".")[2].partition("[")[0]
    low, high = (None if bound is None else float(bound) for bound in (number.low, number.high))
    unit = unit_of(key)
    return PlainNumber(
        value=float(number), low=low, high=high, unit="" if unit == "1" else unit, kind=number.kind, path=path
    )


def numbers_of(record: Any, path: str, names: Sequence[str] | None = None) -> dict[str, Any]:
    """Return the fields of a record: cited numbers as they are shown, texts and flags as they are.

    Parameters
    ----------
    record : object
        Of the scenario.
    path : str
        Of the record.
    names : sequence of str, optional
        Fields that are wanted; every one by default.
    """
    found = {}
    for name in [entry.name for entry in fields(record)] if names is None else names:
        value = getattr(record, name)
        found[name.rstrip("_")] = (
            plain_number(value, f"{path}.{name.rstrip('_')}") if isinstance(value, Cited) else value
        )
    return found
