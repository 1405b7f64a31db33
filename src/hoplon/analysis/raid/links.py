"""The links of single elements in a raid: how likely a message passes each."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from hoplon.errors import InputError, UnknownNameError
from hoplon.scenario.conditions import ASSUMPTIONS
from hoplon.scenario.model import known_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hoplon.backbone.raid_model import RaidInputs
    from hoplon.scenario.model import ResolvedArchitecture

UNIT: Final = " (unit)"
"""After a battery's name: the node that is part of it."""


def chances_of(given: Mapping[str, float], architecture: ResolvedArchitecture) -> Mapping[str, float]:
    """Return the availability of links by element, or refuse it."""
    found = {}
    for name, chance in given.items():
        try:
            element = known_name("element", name, architecture.elements)
        except UnknownNameError:
            raise UnknownNameError(
                f"element of {architecture.name} in --link-availability", name, architecture.elements
            ) from None
        if fault := ASSUMPTIONS["link_availability"].fault(chance):
            raise InputError(f"link availability of {element}: {fault}")
        found[element] = chance
    return MappingProxyType(found)


def linked(inputs: RaidInputs, names: Sequence[str], links: Mapping[str, float]) -> RaidInputs:
    """Return the inputs of a raid whose elements have links of such availability; a unit has that of its battery."""
    if not links:
        return inputs
    chances = iter([links.get(name.removesuffix(UNIT), 1.0) for name in names])
    return replace(
        inputs,
        radars=[replace(entry, link=next(chances)) for entry in inputs.radars],
        satellites=[replace(entry, link=next(chances)) for entry in inputs.satellites],
        nodes=[replace(entry, link=next(chances)) for entry in inputs.nodes],
        batteries=[replace(entry, link=next(chances)) for entry in inputs.batteries],
    )
