"""Candidates of a mix as elements, and an architecture with some of them chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from hoplon.scenario.model import Element, ResolvedArchitecture, Scenario, known_name


def copy_name(candidate: str, element: str) -> str:
    """Return the name of an element that a candidate copies to its own place."""
    return f"{candidate}/{element}"


def candidate_elements(scenario: Scenario, candidate: str) -> Mapping[str, Element]:
    """Return the elements of a candidate, in its order: those it names, or the copies that stand at its place.

    Parameters
    ----------
    scenario : Scenario
    candidate : str

    Raises
    ------
    UnknownNameError
        If the scenario has no candidate of that name.

    Notes
    -----
    A copy is its original at another place, with the same cost, years and owner. The own radars of a battery are those
    of its original, and the copies of those that are copied with it. What names other elements at the old place does
    not go with it: a copy is the upgrade of a copy only, and copies of one ``site`` are a site of their own.
    """
    name = known_name("candidate", candidate, scenario.candidates)
    written = scenario.candidates[name]
    if not written.like:
        return MappingProxyType({element: scenario.elements[element] for element in written.elements})
    copied = {element: copy_name(name, element) for element in written.like}
    return MappingProxyType(
        {
            copied[element]: replace(
                original,
                at=written.at,
                radars=tuple(copied.get(radar, radar) for radar in original.radars),
                upgrade_of=None if original.upgrade_of is None else copied.get(original.upgrade_of),
                site=None if original.site is None else copy_name(name, original.site),
            )
            for element in written.like
            for original in (scenario.elements[element],)
        }
    )


def architecture_with_candidates(scenario: Scenario, architecture: str, chosen: Sequence[str]) -> ResolvedArchitecture:
    """Return an architecture with the elements of some candidates added to its own, each element once.

    Parameters
    ----------
    scenario : Scenario
    architecture : str
        What stands anyway; its year, doctrine, mode, network and command form hold, and its name stays.
    chosen : sequence of str
        Candidates; elements are added in their order.

    Raises
    ------
    UnknownNameError
        If the scenario has no architecture or candidate of that name.
    """
    base = scenario.architecture(architecture)
    elements, inactive = dict(base.elements), dict(base.inactive)
    for candidate in chosen:
        for name, element in candidate_elements(scenario, candidate).items():
            reason = element.inactive_reason(base.year)
            if reason is None:
                elements.setdefault(name, element)
            else:
                inactive[name] = reason
    return replace(base, elements=MappingProxyType(elements), inactive=MappingProxyType(inactive))


def with_copies(scenario: Scenario) -> Scenario:
    """Return a scenario whose elements hold the copies of every candidate too.

    What looks an element up by its name, or moves its numbers (:func:`hoplon.scenario.paths.with_values`), finds copies
    as it finds every other element. No file can say the same, for names in files hold no ``/``.
    """
    copies = {
        name: element
        for candidate, written in scenario.candidates.items()
        if written.like
        for name, element in candidate_elements(scenario, candidate).items()
    }
    if not copies:
        return scenario
    wider = replace(scenario, elements=MappingProxyType({**scenario.elements, **copies}))
    object.__setattr__(wider, "checked", scenario.checked)  # the rules hold for copies as for their originals
    object.__setattr__(wider, "extends", scenario.extends)
    return wider
