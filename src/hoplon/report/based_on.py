"""What a scenario changes of the one that it extends: each input that differs, with its value there and here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hoplon.errors import ScenarioError
from hoplon.presentation.tables import Column, Table
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Scenario
from hoplon.scenario.written import as_plain

_NAMED: Final = frozenset({"hoplon", "name", "title"})
_NOT_THERE: Final = "not there"
_LONGEST: Final = 120  # [characters] of a value in the table
_MOST: Final = 400  # rows


@dataclass(frozen=True)
class BasedOn:
    """The scenario that another extends, and what differs.

    Parameters
    ----------
    name, title : str
        Of the scenario that is extended.
    changed : tuple of tuple
        Path, value there, value here.
    """

    name: str
    title: str
    changed: tuple[tuple[str, str, str], ...]

    def table(self) -> Table:
        """Return what differs as a table."""
        heads = (Column("path", "input"), Column("old", f"in {self.name}"), Column("new", "here"))
        number = len(self.changed)
        title = f"Inputs that differ from {self.name}: {number:,}"
        return Table("changed_inputs", title, heads, self.changed[:_MOST])


def based_on(scenario: Scenario) -> BasedOn | None:
    """Return what a scenario changes of the one that its file extends; None if it extends none, or none that stands."""
    if not scenario.extends:
        return None
    try:
        base = load_scenario(scenario.extends)
    except ScenarioError:  # a file that is no whole scenario by itself
        return None
    return BasedOn(base.name, base.title, tuple(_changed(_inputs(base), _inputs(scenario), "")))


def _inputs(scenario: Scenario) -> dict[str, Any]:
    return {key: value for key, value in as_plain(scenario).items() if key not in _NAMED}


def _changed(old: Any, new: Any, path: str) -> Iterator[tuple[str, str, str]]:
    """Yield path and values of what differs; a number that is cited is one value."""
    if isinstance(old, Mapping) and isinstance(new, Mapping) and "value" not in old and "value" not in new:
        for key in dict.fromkeys((*old, *new)):
            yield from _changed(old.get(key), new.get(key), f"{path}.{key}" if path else str(key))
    elif old != new:
        yield path, _told(old), _told(new)


def _told(value: Any) -> str:
    """Return a value as the table says it."""
    if value is None:
        return _NOT_THERE
    text = _words(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip(' ,')} …"


def _words(value: Any) -> str:
    if isinstance(value, Mapping) and "value" in value:
        low, high = value.get("low"), value.get("high")
        ends = "" if low is None and high is None else f" ({_words(low)} to {_words(high)})"
        return f"{_words(value['value'])}{ends}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_words(item)}" for key, item in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(_words, value))
    return "open" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
