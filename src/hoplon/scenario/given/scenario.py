"""A scenario and names in it that a user gives: checked before anything is computed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from hoplon.errors import InputError
from hoplon.scenario.model import Scenario, known_name

GivenScenario = Scenario | str | Path
"""A scenario, the path of its file, or the name of a bundled one."""
_MOST_REMEMBERED: Final = 16
_read_again: dict[str, Scenario] = {}  # changed scenarios that were read, by their digest
_SECTIONS: Final = {
    "architecture": "architectures",
    "launch area": "launch_areas",
    "threat": "threats",
    "raid": "raids",
}


def loaded_scenario(given: GivenScenario) -> Scenario:
    """Return a scenario as the loader reads it: loaded if need be, and checked if it was made or changed in Python.

    A scenario of ``dataclasses.replace`` goes through the rules of the file, once for each content.

    Raises
    ------
    ScenarioError
        With file, line and column; with the path in the scenario for one made in Python.
    InputError
        If a value of it is nothing that a scenario could hold.
    """
    from hoplon.scenario.load import load_scenario, read_again

    if not isinstance(given, Scenario):
        return load_scenario(given)
    if given.checked:
        return given
    digest = given.sha256
    if digest not in _read_again:
        if len(_read_again) >= _MOST_REMEMBERED:
            _read_again.pop(next(iter(_read_again)), None)
        _read_again[digest] = read_again(given)
    return _read_again[digest]


def name_in(scenario: Scenario, kind: str, name: str) -> str:
    """Return the name of an architecture, launch area, threat or raid as the scenario spells it.

    Raises
    ------
    UnknownNameError
        With the nearest known name.
    """
    return known_name(kind, name, getattr(scenario, _SECTIONS[kind]))


def names_in(scenario: Scenario, kind: str, names: Sequence[str] | str | None) -> tuple[str, ...] | None:
    """Return several names as the scenario spells them, each once; one name needs no list; None stays None.

    Raises
    ------
    UnknownNameError
        With the nearest known name.
    InputError
        For no class or launch area in a list: what was filtered away does not stand for all.
    """
    if names is None:
        return None
    wanted = (names,) if isinstance(names, str) else tuple(names)
    if not wanted and kind != "architecture":
        raise InputError(f"{kind}s: one or more were expected, got none; leave it out for all")
    return tuple(dict.fromkeys(name_in(scenario, kind, name) for name in wanted))
