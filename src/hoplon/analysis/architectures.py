"""Which architectures of a scenario belong together, which are compared, and what they are called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from hoplon.scenario.model import ResolvedArchitecture, Scenario

_PROGRAMME: Final = "programme-of-record"
_PHASE: Final = re.compile(r"phase-\d+")
_SUFFIXES: Final = {"-partners": "partners", "-allied": "allied", "-as-built": "as_built"}
_LONGEST_COLUMN_TITLE: Final = 24  # [characters]
_TITLES: Final[Mapping[str, str]] = {
    "plans": "Programme of record and phases",
    "as_built": "As built",
    "cbo": "Options of the CBO study of 2009",
    "partners": "With the partner radars",
    "allied": "With the Allied contributions",
    "national": "Side by side, not networked",
    "other": "Other architectures",
}
_GIVEN_UP: Final = {"programme-of-record": 2009.71, "phase-4": 2013.2}


def _family(scenario: Scenario, architecture: str) -> str:
    if architecture == _PROGRAMME or _PHASE.fullmatch(architecture):
        return "plans"
    for suffix, name in _SUFFIXES.items():
        if architecture.endswith(suffix):
            return name
    if architecture.startswith("cbo-"):
        return "cbo"
    return "national" if scenario.architecture(architecture).mode == "organic" else "other"


def _of_family(scenario: Scenario, family: str) -> tuple[str, ...]:
    return tuple(name for name in scenario.architectures if _family(scenario, name) == family)


def family_title(scenario: Scenario, architecture: str) -> str:
    """Return the title of the family that an architecture belongs to."""
    return _TITLES[_family(scenario, architecture)]


def families(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Return the architectures by the title of their family."""
    found = {title: _of_family(scenario, key) for key, title in _TITLES.items()}
    return {title: names for title, names in found.items() if names}


def compared_architectures(scenario: Scenario) -> tuple[str, ...]:
    """Return the architectures that a study compares: those of the first family, or every one."""
    base = baseline(scenario)
    chosen = (() if base is None else (base,)) + successive_architectures(scenario)
    return chosen or tuple(scenario.architectures)


def baseline(scenario: Scenario) -> str | None:
    """Return the architecture that the other compared ones are held against; None if the scenario names none."""
    return _PROGRAMME if _PROGRAMME in scenario.architectures else None


def successive_architectures(scenario: Scenario) -> tuple[str, ...]:
    """Return the compared architectures that follow one another in time, in that order."""
    names = [name for name in scenario.architectures if _PHASE.fullmatch(name)]
    return tuple(sorted(names, key=lambda name: int(name.split("-")[1])))


def partner_variants(scenario: Scenario) -> tuple[str, ...]:
    """Return the architectures that are others with partner radars added."""
    return _of_family(scenario, "partners")


def contribution_variants(scenario: Scenario) -> tuple[str, ...]:
    """Return the architectures that are others with national contributions added."""
    return _of_family(scenario, "allied")


def side_by_side(scenario: Scenario) -> tuple[str, ...]:
    """Return the architectures of systems side by side, nothing networked."""
    return _of_family(scenario, "national")


def integrated_architectures(scenario: Scenario) -> tuple[str, ...]:
    """Return the architectures whose level of integration is varied."""
    base = baseline(scenario)
    return successive_architectures(scenario) or tuple(
        name for name in compared_architectures(scenario) if name != base
    )


def given_up(scenario: Scenario) -> Mapping[str, float]:
    """Return the architectures that were given up before they were built, with the year (and its fraction)."""
    return {name: year for name, year in _GIVEN_UP.items() if name in scenario.architectures}


def counterpart(scenario: Scenario, architecture: str) -> str | None:
    """Return the architecture that a variant (partners, contributions, as built) varies; None if it is no variant."""
    for suffix in _SUFFIXES:
        stem = architecture.removesuffix(suffix)
        if stem != architecture and stem in scenario.architectures:
            return stem
    return None


def feeds_of(architecture: ResolvedArchitecture) -> tuple[str, ...]:
    """Return the partner radars of an architecture."""
    return tuple(name for name, item in architecture.elements.items() if item.partner and item.radar is not None)


def with_mode(scenario: Scenario, architecture: str, mode: str) -> Scenario:
    """Return a scenario in which one architecture has another mode of integration, and all else is as it is."""
    written = scenario.architectures[architecture]
    doctrine = MappingProxyType({**written.doctrine, "mode": mode})
    changed = {**scenario.architectures, architecture: replace(written, doctrine=doctrine)}
    return replace(scenario, architectures=MappingProxyType(changed))


def short_title(scenario: Scenario, architecture: str) -> str:
    """Return the title of an architecture without what stands in brackets or after a comma."""
    title = scenario.architectures[architecture].title or architecture
    return re.split(r" \(|, ", title)[0]


def column_title(scenario: Scenario, architecture: str) -> str:
    """Return a title short enough for the head of a column."""
    stem = counterpart(scenario, architecture)
    if stem is not None:
        added = {"partners": "+ partners", "allied": "+ Allied", "as_built": "as built"}
        return f"{column_title(scenario, stem)} {added[_family(scenario, architecture)]}"
    title = short_title(scenario, architecture)
    return title if len(title) <= _LONGEST_COLUMN_TITLE else architecture.replace("-", " ").capitalize()


def sentence_title(scenario: Scenario, architecture: str) -> str:
    """Return what a sentence calls an architecture: its short title and its year, ``Northern sites (2018)``."""
    year = scenario.architecture(architecture).year
    title = short_title(scenario, architecture)
    return title if year is None or str(year) in title else f"{title} ({year})"


def figure_title(scenario: Scenario, architecture: str) -> str:
    """Return what a figure calls an architecture: its column title and its year, ``Northern sites, 2018``."""
    year = scenario.architecture(architecture).year
    return column_title(scenario, architecture) + ("" if year is None else f", {year}")
