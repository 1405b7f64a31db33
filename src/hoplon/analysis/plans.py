"""Which architectures of a scenario belong together, by the names and years that the scenario gives them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from hoplon.scenario.model import Scenario

PROGRAMME: Final = "programme-of-record"
_PHASE: Final = re.compile(r"phase-\d+")
_SUFFIXES: Final = {"-partners": "partners", "-allied": "allied", "-as-built": "as_built"}
_LONGEST_COLUMN_TITLE: Final = 24  # [characters]
TITLES: Final[Mapping[str, str]] = {
    "plans": "Programme of record and phases",
    "as_built": "As built",
    "cbo": "Options of the CBO study of 2009",
    "partners": "With the partner radars",
    "allied": "With the Allied contributions",
    "national": "Side by side, not networked",
    "other": "Other architectures",
}


def family(scenario: Scenario, architecture: str) -> str:
    """Return the family of an architecture: a key of :data:`TITLES`."""
    if architecture == PROGRAMME or _PHASE.fullmatch(architecture):
        return "plans"
    for suffix, name in _SUFFIXES.items():
        if architecture.endswith(suffix):
            return name
    if architecture.startswith("cbo-"):
        return "cbo"
    return "national" if scenario.architecture(architecture).mode == "organic" else "other"


def families(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Return the architectures by family, in the scenario's order; families without any are left out."""
    found: dict[str, list[str]] = {key: [] for key in TITLES}
    for name in scenario.architectures:
        found[family(scenario, name)].append(name)
    return {key: tuple(names) for key, names in found.items() if names}


def phases(scenario: Scenario) -> tuple[str, ...]:
    """Return the phases of the phased approach in order of their number."""
    names = [name for name in scenario.architectures if _PHASE.fullmatch(name)]
    return tuple(sorted(names, key=lambda name: int(name.split("-")[1])))


def plans(scenario: Scenario) -> tuple[str, ...]:
    """Return what the report compares: programme of record and phases, or every architecture where there are none."""
    chosen = tuple(name for name in (PROGRAMME, *phases(scenario)) if name in scenario.architectures)
    return chosen or tuple(scenario.architectures)


def short_title(scenario: Scenario, architecture: str) -> str:
    """Return the title of an architecture without what stands in brackets or after a comma."""
    title = scenario.architectures[architecture].title or architecture
    return re.split(r" \(|, ", title)[0]


def column_title(scenario: Scenario, architecture: str) -> str:
    """Return a title short enough for the head of a column."""
    stem = counterpart(scenario, architecture)
    if stem is not None:
        added = {"partners": "+ partners", "allied": "+ Allied", "as_built": "as built"}
        return f"{column_title(scenario, stem)} {added[family(scenario, architecture)]}"
    title = short_title(scenario, architecture)
    return title if len(title) <= _LONGEST_COLUMN_TITLE else architecture.replace("-", " ").capitalize()


def counterpart(scenario: Scenario, architecture: str) -> str | None:
    """Return the architecture that a variant (partners, Allied, as built) varies; None if it is no variant."""
    for suffix in _SUFFIXES:
        stem = architecture.removesuffix(suffix)
        if stem != architecture and stem in scenario.architectures:
            return stem
    return None


def in_order(scenario: Scenario, names: Sequence[str]) -> tuple[str, ...]:
    """Return some architectures in the order of the scenario."""
    return tuple(name for name in scenario.architectures if name in names)
