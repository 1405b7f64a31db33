"""A what-if applied to its scenario, and as a file that extends it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from hoplon.errors import InputError
from hoplon.scenario.changes.changed import variant_plain
from hoplon.scenario.changes.what_if import of_document
from hoplon.scenario.load import bundled_names, load_scenario, read_again
from hoplon.scenario.written import as_plain, as_yaml
from hoplon.version import VERSION

if TYPE_CHECKING:
    from hoplon.scenario.changes.what_if import WhatIf
    from hoplon.scenario.model import Scenario

NAME: Final = "what-if"
"""Of the architecture that a what-if makes; with a number behind it where the scenario has one of that name."""


def varied_name(scenario: Scenario) -> str:
    """Return the name of the architecture that a what-if makes of a scenario: ``what-if``, or the next that is free."""
    number = 2
    name = NAME
    while name in scenario.architectures:
        name, number = f"{NAME}-{number}", number + 1
    return name


def apply(scenario: Scenario, what_if: WhatIf | Mapping[str, Any]) -> Scenario:
    """Return a scenario with one architecture more, ``what-if``: what a what-if makes of the one that it varies.

    Parameters
    ----------
    scenario : Scenario
    what_if : WhatIf or mapping
        The document, or what :meth:`WhatIf.of` made of it.

    Raises
    ------
    InputError
        If it was made for another scenario, or its document is none.
    UnknownNameError, ScenarioError
        If it names what the scenario does not hold, or its rules refuse what comes of it.
    """
    asked = _for_this(scenario, what_if)
    return read_again(scenario, _plain(scenario, asked))


def saved(scenario: Scenario, what_if: WhatIf | Mapping[str, Any]) -> str:
    """Return the text of a scenario file that is what a what-if makes of a scenario.

    It extends the scenario where that is a bundled one, and says what differs; else it is whole. Its architecture
    ``what-if`` has the answers of the what-if, to the last digit.

    Raises
    ------
    InputError, UnknownNameError, ScenarioError
        As :func:`apply`.
    """
    asked = _for_this(scenario, what_if)
    plain = _plain(scenario, asked)
    made, name = read_again(scenario, plain), varied_name(scenario)
    bundled = scenario.name in bundled_names() and load_scenario(scenario.name).sha256 == scenario.sha256
    head = f"# A what-if on {asked.architecture} of {scenario.name} (sha256 {scenario.sha256}), hoplon {VERSION}\n"
    head += f"# hoplon coverage THIS-FILE {name}\n"
    if not bundled:
        return head + made.to_yaml()
    return head + as_yaml({"extends": scenario.name, **_differences(as_plain(scenario), plain)})


def _for_this(scenario: Scenario, what_if: WhatIf | Mapping[str, Any]) -> WhatIf:
    """Return a what-if, refused if it was made for another scenario."""
    asked = of_document(what_if)
    if asked.scenario and asked.scenario != scenario.sha256:
        raise InputError(
            f"this what-if was made for another scenario, sha256 {asked.scenario[:12]}...; the one that is open is "
            f"{scenario.name}, {scenario.sha256[:12]}...: open that other one, or leave `scenario` out of the what-if "
            "to try it on this one"
        )
    return asked


def _plain(scenario: Scenario, what_if: WhatIf) -> dict[str, Any]:
    return variant_plain(
        scenario,
        what_if.architecture,
        varied_name(scenario),
        None,
        move=what_if.move,
        off=what_if.off,
        add=what_if.add,
        type=what_if.type,
        threat=what_if.threat,
        doctrine=what_if.doctrine,
        year=what_if.year,
    )


def _differences(before: Any, after: Any) -> Any:
    """Return what a file says that extends another: keys that differ, None for one that is gone."""
    found = {key: None for key in before if key not in after}
    for key, value in after.items():
        old = before.get(key)
        if key in before and value == old and type(value) is type(old):
            continue
        nested = isinstance(old, dict) and isinstance(value, dict) and "value" not in value
        found[key] = _differences(old, value) if nested else value
    return found
