"""A what-if applied to its scenario, and as a file that extends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from hoplon.errors import InputError
from hoplon.scenario.changes.changed import new_places, variant_entry, variant_plain
from hoplon.scenario.changes.what_if import of_document
from hoplon.scenario.check import MOST_EXTENDED
from hoplon.scenario.fields import Origin, Reading
from hoplon.scenario.findings import Findings
from hoplon.scenario.format.architectures import ARCHITECTURE
from hoplon.scenario.load import bundled_names, load_scenario, marked, read_again
from hoplon.scenario.model import Place, known_name
from hoplon.scenario.written import as_plain, as_yaml, plain_value
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

    What it moves, or gives another type, is moved and changed in the scenario, for every architecture: ask ``scenario``
    for the plan as it was. :meth:`Scenario.with_` leaves the other architectures as they are.

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
    return _applied_records(scenario, asked) or read_again(scenario, _plain(scenario, asked))


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
    bundled = scenario.name in bundled_names() and _bundled_sha256(scenario.name) == scenario.sha256
    head = f"# A what-if on {asked.architecture} of {scenario.name} (sha256 {scenario.sha256}), hoplon {VERSION}\n"
    head += f"# hoplon coverage THIS-FILE --architecture {name}\n"
    if asked.move or asked.type or asked.threat:
        head += f"# Moved sites, changed types and classes hold here in every architecture, {asked.architecture} too.\n"
    if not bundled:
        return head + made.to_yaml()
    return head + as_yaml({"extends": scenario.name, **_differences(as_plain(scenario), plain)})


@cache
def _bundled_sha256(name: str) -> str:
    return load_scenario(name).sha256


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


def _applied_records(scenario: Scenario, what_if: WhatIf) -> Scenario | None:
    """Return what a what-if makes that moves elements, and adds, leaves out and orders those that there are.

    It is equal to what the loader reads, in a hundredth of the time. None where records change otherwise, or the rules
    of the file refuse the architecture: the loader says why.
    """
    if what_if.type or what_if.threat or any(what_if.add.values()) or not scenario.checked:
        return None
    added = [known_name("element", name, scenario.elements) for name in what_if.add]
    off = _there(scenario, what_if)
    entry = variant_entry(scenario, what_if.architecture, None, off, added, what_if.doctrine, what_if.year)
    name, findings = varied_name(scenario), Findings()
    path = f"architectures.{name}"
    names = {"elements": scenario.elements, "architectures": {**scenario.architectures, name: None}}
    plain = marked(plain_value(entry, path), path)
    architecture = ARCHITECTURE.read(plain, path, Reading(findings, names), Origin())
    if findings.errors or len(scenario.lineage(str(entry["extends"]))) >= MOST_EXTENDED:
        return None
    elements = dict(scenario.elements)
    for element, at in new_places(scenario, what_if.move).items():
        elements[element] = replace(elements[element], at=Place(*(float(number) for number in at)))
    made = replace(
        scenario,
        elements=MappingProxyType(elements),
        architectures=MappingProxyType({**scenario.architectures, name: architecture}),
    )
    doctrine = made.architecture(name).doctrine
    if doctrine.support == "predicted" and doctrine.handover_error_km is None:
        return None
    object.__setattr__(made, "checked", True)
    return made


def _there(scenario: Scenario, what_if: WhatIf) -> list[str]:
    """Return which elements that are switched off the architecture has: one that it has not is off already."""
    inherited = scenario.architecture(what_if.architecture)
    off = [known_name("element", name, scenario.elements) for name in what_if.off]
    return [name for name in off if name in inherited.elements or name in inherited.inactive]


def _plain(scenario: Scenario, what_if: WhatIf) -> dict[str, Any]:
    return variant_plain(
        scenario,
        what_if.architecture,
        varied_name(scenario),
        None,
        move=what_if.move,
        off=_there(scenario, what_if),
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
