"""What text, tables and figures call the records of a scenario: ``short_title``, or the start of the title.

A record without titles is called by its name, with spaces for hyphens.
"""

from __future__ import annotations

import re
from typing import Final

from hoplon.scenario.model import Described, Scenario

_IN_BRACKETS: Final = re.compile(r" \(([^()]*)\)")
_BRACKET_OR_COMMA: Final = re.compile(r" \(|, ")


def title_start(title: str) -> str:
    """Return a title without what stands in brackets or after a comma: ``North`` of ``North, radar``."""
    return _BRACKET_OR_COMMA.split(title, maxsplit=1)[0]


def area_short_title(scenario: Scenario, name: str) -> str:
    """Return what figures and sentences call a launch area."""
    return _given(scenario.launch_areas[name]) or name.replace("-", " ").capitalize()


def element_short_title(scenario: Scenario, name: str) -> str:
    """Return what maps and figures call an element: as a rule, the place where it stands."""
    return _given(scenario.elements[name]) or " ".join(word.capitalize() for word in name.split("-"))


def element_notes(scenario: Scenario, name: str) -> str:
    """Return what the scenario notes of an element and its type of sensor, without keys of sources."""
    element = scenario.elements[name]
    types = ((scenario.radars, element.radar), (scenario.satellites, element.satellite))
    notes = [element.note, *(section[kind].note for section, kind in types if kind is not None)]
    told = "; ".join(note for note in notes if note)
    return _IN_BRACKETS.sub(lambda found: "" if found[1] in scenario.sources else found[0], told)


def interceptor_short_title(scenario: Scenario, name: str) -> str:
    """Return what figures call a type of interceptor."""
    return _given(scenario.interceptors[name]) or name


def record_title(scenario: Scenario, section: str, name: str) -> str:
    """Return what sentences call a record of a section, as ``elements`` or ``interceptors``."""
    return _given(getattr(scenario, section)[name]) or name


def threat_short_title(scenario: Scenario, name: str) -> str:
    """Return the kind of a threat class, as ``MRBM``: its short title, or the first part of its name in capitals."""
    return scenario.threats[name].short_title or name.split("-")[0].upper()


def citation(scenario: Scenario, source: str) -> str:
    """Return a source as text: the citation of a key of ``sources``, else the text itself."""
    return scenario.sources[source].citation if source in scenario.sources else source


def _given(record: Described) -> str | None:
    """Return the short title of a record, or the start of its title."""
    if record.short_title is None and record.title is not None:
        return title_start(record.title)
    return record.short_title
