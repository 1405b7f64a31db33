"""A scenario and names in it that a user gives: checked before anything is computed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from hoplon.scenario.model import Scenario, known_name

GivenScenario = Scenario | str | Path
"""A scenario, the path of its file, or the name of a bundled one."""
_SECTIONS: Final = {
    "architecture": "architectures",
    "launch area": "launch_areas",
    "threat": "threats",
    "raid": "raids",
}


def loaded_scenario(given: GivenScenario) -> Scenario:
    """Return a scenario, loaded if need be.

    Raises
    ------
    ScenarioError
        With file, line and column.
    """
    if isinstance(given, Scenario):
        return given
    from hoplon.scenario.load import load_scenario

    return load_scenario(given)


def name_in(scenario: Scenario, kind: str, name: str) -> str:
    """Return the name of an architecture, launch area, threat or raid as the scenario spells it.

    Raises
    ------
    UnknownNameError
        With the nearest known name.
    """
    return known_name(kind, name, getattr(scenario, _SECTIONS[kind]))


def names_in(scenario: Scenario, kind: str, names: Sequence[str] | str | None) -> tuple[str, ...] | None:
    """Return several names as the scenario spells them, each once; one name needs no list; None stays None."""
    if names is None:
        return None
    wanted = (names,) if isinstance(names, str) else names
    return tuple(dict.fromkeys(name_in(scenario, kind, name) for name in wanted))
