"""Which architectures of a scenario belong together, which are compared, and what they are called.

Everything here is read from the scenario: ``family`` and ``compare_with`` of its architectures, the elements that one
architecture adds to another, and the milestones with which they begin, stand as built, or end.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from hoplon.scenario.model import ResolvedArchitecture, Scenario
from hoplon.scenario.paths import SameScenario
from hoplon.scenario.titles import title_start

ROBUSTNESS_QUESTION: Final = "Q13"
_LONGEST_COLUMN_TITLE: Final = 24  # [characters]
_WITHOUT_FAMILY: Final = "Other architectures"
_NO_FAMILIES: Final = "Architectures"


def family_title(scenario: Scenario, architecture: str) -> str:
    """Return the title of the family that an architecture belongs to."""
    own = scenario.architectures[architecture].family
    if own is not None:
        return own
    return _NO_FAMILIES if _first_family(scenario) is None else _WITHOUT_FAMILY


def families(scenario: Scenario, names: Sequence[str] | None = None) -> dict[str, tuple[str, ...]]:
    """Return architectures by the title of their family, in order of appearance; those without one come last.

    Parameters
    ----------
    scenario : Scenario
    names : sequence of str, optional
        Every architecture by default.
    """
    found: dict[str, list[str]] = {}
    chosen = tuple(scenario.architectures) if names is None else names
    for name in sorted(chosen, key=lambda name: scenario.architectures[name].family is None):
        found.setdefault(family_title(scenario, name), []).append(name)
    return {title: tuple(names) for title, names in found.items()}


def _first_family(scenario: Scenario) -> str | None:
    return next((item.family for item in scenario.architectures.values() if item.family is not None), None)


def compared_architectures(scenario: Scenario) -> tuple[str, ...]:
    """Return the architectures that a study compares: the first family, or every one if the scenario has no family."""
    first = _first_family(scenario)
    return tuple(name for name, item in scenario.architectures.items() if first is None or item.family == first)


def judged_architectures(scenario: Scenario) -> tuple[str, ...]:
    """Return the architectures whose coverage a study tells: those compared, and every other that has a battery.

    One without any defends nobody, and stands in the file as what others add to.
    """
    compared = compared_architectures(scenario)
    return tuple(name for name in scenario.architectures if name in compared or _shooters(scenario, name))


def unarmed_architectures(scenario: Scenario) -> tuple[str, ...]:
    """Return the architectures that are not judged, for they have no battery in their year."""
    judged = judged_architectures(scenario)
    return tuple(name for name in scenario.architectures if name not in judged)


def decided_architectures(scenario: Scenario) -> tuple[str, ...]:
    """Return the architectures between which the scenario asks how sure the choice is (question 13)."""
    asked = scenario.questions.get(ROBUSTNESS_QUESTION)
    return () if asked is None else asked.architectures


def sampled_architectures(scenario: Scenario) -> tuple[str, ...]:
    """Return the architectures that have a band: those compared, and what was built of them."""
    compared = compared_architectures(scenario)
    built = (built_variant(scenario, name) for name in compared)
    return tuple(dict.fromkeys((*compared, *(name for name in built if name is not None))))


def contains(scenario: Scenario, larger: str, smaller: str) -> bool:
    """Tell whether an architecture fields all that another one fields: the same elements, or what they became.

    An element is there as itself, or as one that is an upgrade of it (``upgrade_of``), directly or through others.
    """
    there = set(scenario.architecture(larger).elements)
    fielded = set(there)
    for name in there:
        before = scenario.elements[name].upgrade_of
        while before is not None and before not in fielded:
            fielded.add(before)
            before = scenario.elements[before].upgrade_of
    return set(scenario.architecture(smaller).elements) <= fielded


def baseline(scenario: Scenario) -> str | None:
    """Return the architecture that the other compared ones are compared with; None if the scenario names none.

    It is the first of those that others name in ``compare_with`` and that names none of them itself.
    """
    compared = compared_architectures(scenario)
    named = {scenario.architectures[name].compare_with for name in compared}
    return next(
        (name for name in compared if name in named and scenario.architectures[name].compare_with not in compared),
        None,
    )


def successive_architectures(scenario: Scenario) -> tuple[str, ...]:
    """Return the compared architectures that are compared with the baseline, directly or through others, by year.

    Those of one year stand in the order of the scenario, and so do those without a year, which come last.
    """
    base = baseline(scenario)
    found = [name for name in compared_architectures(scenario) if base is not None and base in _origins(scenario, name)]
    years = {name: scenario.architecture(name).year for name in found}
    return tuple(sorted(found, key=lambda name: math.inf if (year := years[name]) is None else year))


def _origins(scenario: Scenario, architecture: str) -> list[str]:
    """Return what an architecture is compared with, what that one is compared with, and so on, each once."""
    found: list[str] = []
    following = scenario.architectures[architecture].compare_with
    while following is not None and following in scenario.architectures and following not in found:
        found.append(following)
        following = scenario.architectures[following].compare_with
    return found


def counterpart(scenario: Scenario, architecture: str) -> str | None:
    """Return the architecture that a variant varies; None if it is no variant, as those that are compared are none."""
    if architecture in compared_architectures(scenario):
        return None
    return scenario.architectures[architecture].compare_with


def partner_variants(scenario: Scenario) -> tuple[str, ...]:
    """Return the architectures that are others with partner radars added, and nothing else."""
    return tuple(
        name
        for name in scenario.architectures
        if (added := _added(scenario, name)) and all(scenario.elements[key].partner for key in added)
    )


def contribution_variants(scenario: Scenario) -> tuple[str, ...]:
    """Return the architectures that are others with elements added, some by an owner without a battery in the other.

    What the owners of the batteries that are there add is their own reinforcement, and no contribution of another's.
    """
    return tuple(
        name
        for name in scenario.architectures
        if (added := _added(scenario, name))
        and not any(scenario.elements[key].partner for key in added)
        and not {scenario.elements[key].owner for key in added} <= _shooters(scenario, counterpart(scenario, name))
    )


def _shooters(scenario: Scenario, architecture: str | None) -> frozenset[str | None]:
    """Return the owners of the batteries of an architecture."""
    if architecture is None:
        return frozenset()
    elements = scenario.architecture(architecture).elements.values()
    return frozenset(item.owner for item in elements if item.battery is not None)


def _added(scenario: Scenario, architecture: str) -> frozenset[str]:
    """Return the elements that a variant adds, inactive ones too; none for one that takes any away, or varies none."""
    stem = counterpart(scenario, architecture)
    if stem is None:
        return frozenset()
    mine, theirs = (
        frozenset((*resolved.elements, *resolved.inactive))
        for resolved in (scenario.architecture(architecture), scenario.architecture(stem))
    )
    return mine - theirs if theirs <= mine else frozenset()


def other_readings(scenario: Scenario) -> frozenset[str]:
    """Return the variants that field what their counterpart fields, and only take it otherwise.

    Same year, mode and number of interceptors, elements of the same form at the same places, and nothing that a
    milestone says was built: such a variant changes an assumption (the lofts flown, what a radar may do) and no
    site.
    """
    return _other_readings(SameScenario(scenario))


@lru_cache(maxsize=8)
def _other_readings(same: SameScenario) -> frozenset[str]:
    scenario = same.scenario
    built = {built_variant(scenario, name) for name in compared_architectures(scenario)}
    return frozenset(
        name
        for name in scenario.architectures
        if name not in built
        and (stem := counterpart(scenario, name)) is not None
        and _fielded(scenario, name) == _fielded(scenario, stem)
    )


def _fielded(scenario: Scenario, architecture: str) -> tuple[Any, ...]:
    """Return year, mode, and where which forms of element stand with how many interceptors."""
    resolved = scenario.architecture(architecture)
    sites = [
        (
            element.form,
            element.owner,
            None if element.at is None else (element.at.latitude_deg, element.at.longitude_deg),
            element.battery,
            None if element.count is None else element.count.value,
        )
        for element in resolved.elements.values()
    ]
    return resolved.year, resolved.mode, sorted(sites, key=repr)


def side_by_side(scenario: Scenario) -> tuple[str, ...]:
    """Return the architectures of systems side by side, nothing networked, that are not among those compared."""
    others = [name for name in scenario.architectures if name not in compared_architectures(scenario)]
    return tuple(name for name in others if scenario.architecture(name).mode == "organic")


def integrated_architectures(scenario: Scenario) -> tuple[str, ...]:
    """Return the architectures whose level of integration is varied."""
    base = baseline(scenario)
    return successive_architectures(scenario) or tuple(
        name for name in compared_architectures(scenario) if name != base
    )


def begun(scenario: Scenario) -> Mapping[str, float]:
    """Return the architectures that a milestone begins, with its date (the year and its fraction)."""
    return _first_dates(scenario, [(name, item.date) for item in scenario.milestones for name in item.begins])


def built_variant(scenario: Scenario, architecture: str) -> str | None:
    """Return the variant of an architecture that a milestone says was built; None if none was."""
    built = [name for item in scenario.milestones for name in item.builds if name in scenario.architectures]
    return next((name for name in built if counterpart(scenario, name) == architecture), None)


def given_up(scenario: Scenario) -> Mapping[str, float]:
    """Return the architectures that a milestone ends, with its date (the year and its fraction)."""
    return _first_dates(scenario, [(name, item.date) for item in scenario.milestones for name in item.ends])


def _first_dates(scenario: Scenario, dates: list[tuple[str, float]]) -> dict[str, float]:
    first: dict[str, float] = {}
    for name, date in dates:
        if name in scenario.architectures:
            first[name] = min(date, first.get(name, date))
    return first


def feeds_of(architecture: ResolvedArchitecture) -> tuple[str, ...]:
    """Return the partner radars of an architecture."""
    return tuple(name for name, item in architecture.elements.items() if item.partner and item.radar is not None)


def with_mode(scenario: Scenario, architecture: str, mode: str) -> Scenario:
    """Return a scenario in which one architecture has another mode of integration, and all else is as it is."""
    return with_doctrine(scenario, architecture, {"mode": mode})


def with_doctrine(scenario: Scenario, architecture: str, doctrine: Mapping[str, Any]) -> Scenario:
    """Return a scenario in which one architecture has another doctrine in some keys, and all else is as it is."""
    written = scenario.architectures[architecture]
    doctrine = MappingProxyType({**written.doctrine, **doctrine})
    changed = {**scenario.architectures, architecture: replace(written, doctrine=doctrine)}
    return replace(scenario, architectures=MappingProxyType(changed))


def without_element(architecture: ResolvedArchitecture, element: str) -> ResolvedArchitecture:
    """Return an architecture with one of its elements left out, as a file that lists it under ``without`` has it."""
    kept = {name: item for name, item in architecture.elements.items() if name != element}
    return replace(architecture, elements=MappingProxyType(kept))


def short_title(scenario: Scenario, architecture: str) -> str:
    """Return what text calls an architecture: its short title, or its title up to the first bracket or comma."""
    written = scenario.architectures[architecture]
    return written.short_title or title_start(written.title or architecture)


def column_title(scenario: Scenario, architecture: str) -> str:
    """Return a title short enough for the head of a column."""
    written = scenario.architectures[architecture]
    given = written.column_title or written.short_title
    title = given or title_start(written.title or architecture)
    return title if given or len(title) <= _LONGEST_COLUMN_TITLE else architecture.replace("-", " ").capitalize()


def sentence_title(scenario: Scenario, architecture: str) -> str:
    """Return what a sentence calls an architecture: its short title and its year, ``Northern sites (2018)``."""
    year = scenario.architecture(architecture).year
    title = short_title(scenario, architecture)
    return title if year is None or str(year) in title else f"{title} ({year})"


def figure_title(scenario: Scenario, architecture: str) -> str:
    """Return what a figure calls an architecture: its column title and its year, ``Northern sites, 2018``."""
    year = scenario.architecture(architecture).year
    return column_title(scenario, architecture) + ("" if year is None else f", {year}")
