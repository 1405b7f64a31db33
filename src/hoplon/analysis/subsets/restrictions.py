"""Architectures restricted to a coalition of players, as files that leave the other elements out have them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from hoplon.analysis.defence import defence_of
from hoplon.defence.coalitions import Presence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hoplon.analysis.subsets.players import Player
    from hoplon.defence.assembly import Defence
    from hoplon.scenario.model import Element, Level, ResolvedArchitecture, Scenario

_ALWAYS = (1, 1)  # with the first player and without it


@dataclass(frozen=True)
class Roster:
    """An architecture whose elements belong to players, with every element that may stand.

    Parameters
    ----------
    whole : ResolvedArchitecture
        With every element of every player, and every predecessor.
    players : tuple of Player
    standing : mapping of str to (int, int)
        Of each element, the players any of whom brings it, and those any of whose absence brings it: bits of the
        players in order. What no player decides is not in it.
    """

    whole: ResolvedArchitecture
    players: tuple[Player, ...]
    standing: Mapping[str, tuple[int, int]]

    @property
    def everyone(self) -> int:
        """The coalition of all players."""
        return (1 << len(self.players)) - 1

    @property
    def substituted(self) -> int:
        """The players whose absence brings an element: such a player may harm."""
        found = 0
        for _, without in self.standing.values():
            found |= without
        return found

    def content(self) -> list[Any]:
        """Return all that the roster is beside the scenario, as plain data."""
        doctrine = repr(self.whole.doctrine)
        players = [[player.name, *player.elements] for player in self.players]
        return [self.whole.name, doctrine, list(self.whole.elements), players, dict(self.standing)]

    def restricted(self, coalition: int) -> ResolvedArchitecture:
        """Return the architecture with what stands in a coalition, a bit each player."""
        kept = {
            name: element
            for name, element in self.whole.elements.items()
            if name not in self.standing or coalition & self.standing[name][0] or ~coalition & self.standing[name][1]
        }
        return replace(self.whole, elements=MappingProxyType(kept))


def roster_of(
    scenario: Scenario,
    architecture: ResolvedArchitecture,
    players: Sequence[Player],
    *,
    predecessors: bool = False,
    added: Mapping[str, Element] | None = None,
) -> Roster:
    """Return an architecture whose elements belong to players.

    Parameters
    ----------
    scenario : Scenario
    architecture : ResolvedArchitecture
    players : sequence of Player
        An element of several stands with any of them.
    predecessors : bool
        Where an element does not stand, let the one that it is an ``upgrade_of`` stand, if that is active in the year.
    added : mapping of str to Element, optional
        Elements of players that the architecture does not have (candidates for it), by name.
    """
    elements = {**architecture.elements, **(added or {})}
    standing: dict[str, tuple[int, int]] = {}
    for place, player in enumerate(players):
        for name in player.elements:
            standing[name] = (standing.get(name, (0, 0))[0] | 1 << place, 0)
    if predecessors:
        for place, player in enumerate(players):
            for name in player.elements:
                older = elements[name].upgrade_of
                if older is None or older not in scenario.elements:
                    continue
                if older in elements and older not in standing:
                    continue  # it stands anyway
                if scenario.elements[older].inactive_reason(architecture.year) is None:
                    elements.setdefault(older, scenario.elements[older])
                    present, without = standing.get(older, (0, 0))
                    standing[older] = (present, without | 1 << place)
    whole = replace(architecture, elements=MappingProxyType(elements))
    return Roster(whole, tuple(players), MappingProxyType(standing))


def presence_of(scenario: Scenario, roster: Roster, level: Level) -> tuple[Defence, Presence]:
    """Return the defence with every element that may stand, and with which players each stands."""
    defence = defence_of(scenario, roster.whole, level)

    def rows(names: Sequence[str]) -> np.ndarray:
        return np.array([roster.standing.get(name, _ALWAYS) for name in names], dtype=np.int64).reshape(-1, 2)

    satellites = [name for name, element in roster.whole.elements.items() if element.form == "satellite"]
    arrivals = []
    for name in satellites:
        alone = replace(roster.whole, elements=MappingProxyType({name: roster.whole.elements[name]}))
        arrivals.append(defence_of(scenario, alone, level).alerts)
    classes = len(defence.alerts)
    return defence, Presence(
        rows(defence.sensor_names),
        rows(defence.battery_names),
        rows(satellites),
        np.array(arrivals, dtype=np.float64).reshape(len(satellites), classes),
    )
