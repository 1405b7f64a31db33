"""The players of the games that subsets of an architecture are: its sites, its elements, or its owners.

A site is what one owner has at one place, or what a scenario joins under one ``site`` name: hull, radar and magazine
of a ship are lost together. Nodes are no players: coverage does not depend on them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from hoplon.errors import InputError
from hoplon.scenario.titles import element_short_title

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hoplon.scenario.model import Element, ResolvedArchitecture, Scenario

By = Literal["site", "element", "owner"]
BY: Final[tuple[By, ...]] = get_args(By)
_SAME_PLACE_DEG: Final = 1e-9
_NODE: Final = "a node, which coverage does not depend on"
_SATELLITE: Final = "a satellite, which stays whatever is lost on the ground"


@dataclass(frozen=True)
class Player:
    """What stands or falls together.

    Parameters
    ----------
    name : str
        Of its first element, of the site, or of the owner.
    elements : tuple of str
        In the architecture's order.
    owner : str or None
        Of its first element.
    basing : str or None
        Of its first element that says so.
    availability : float
        Least of its elements'.
    location_probability : float
        That an attacker finds and destroys it: greatest of its elements'.
    places_deg : tuple of (float, float)
        Latitude and longitude of its elements [deg], each place once.
    """

    name: str
    elements: tuple[str, ...]
    owner: str | None = None
    basing: str | None = None
    availability: float = 1.0
    location_probability: float = 1.0
    places_deg: tuple[tuple[float, float], ...] = field(default=(), compare=False, repr=False)

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        return {
            "name": self.name,
            "elements": list(self.elements),
            "owner": self.owner,
            "basing": self.basing,
            "availability": self.availability,
            "location_probability": self.location_probability,
        }


@dataclass(frozen=True)
class Players:
    """The players of an architecture, in its order, and its elements that are no player's.

    Parameters
    ----------
    by : {"site", "element", "owner"}
    players : tuple of Player
    left_out : mapping of str to str
        Why each other element is no player's.
    """

    by: By
    players: tuple[Player, ...]
    left_out: Mapping[str, str]

    def __len__(self) -> int:
        """Return the number of players."""
        return len(self.players)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the players."""
        return tuple(player.name for player in self.players)


def players_of(architecture: ResolvedArchitecture, by: str = "site", *, with_satellites: bool = False) -> Players:
    """Return the players of an architecture.

    Parameters
    ----------
    architecture : ResolvedArchitecture
    by : {"site", "element", "owner"}
        What makes a player.
    with_satellites : bool
        Make each satellite a player of its own; else they stay in every coalition.

    Raises
    ------
    InputError
        For another way of making players.
    """
    if by not in BY:
        raise InputError(f"players are made by {', '.join(BY)}, got {by!r}")
    groups: dict[object, list[str]] = {}
    named: dict[object, str] = {}
    left_out: dict[str, str] = {}
    for name, element in architecture.elements.items():
        if element.form == "node" or (element.form == "satellite" and not with_satellites):
            left_out[name] = _NODE if element.form == "node" else _SATELLITE
            continue
        key, title = _key(name, element, by, groups)
        named.setdefault(key, title)
        groups.setdefault(key, []).append(name)
    made = tuple(_player(named[key], names, architecture.elements) for key, names in groups.items())
    return Players(by, made, MappingProxyType(left_out))


def player_title(scenario: Scenario, player: Player) -> str:
    """Return what sentences and figures call a player: the title of its first battery, or of its first element.

    A player that bears a name of its own, as a site or an owner may, is called by that.
    """
    if player.name not in scenario.elements:
        return player.name
    armed = (name for name in player.elements if scenario.elements[name].battery is not None)
    first = next(armed, player.elements[0])
    return scenario.elements[first].title or element_short_title(scenario, first)


def _key(name: str, element: Element, by: str, known: Mapping[object, list[str]]) -> tuple[object, str]:
    """Return what an element shares with those of the same player, and what the player is called by it."""
    site = element.site
    if by == "element" or element.form == "satellite":
        return ("element", name), name
    if by == "owner":
        return ("owner", element.owner), element.owner or name
    if site is not None:
        return ("site", site), site
    place = element.at
    if place is None:
        raise ValueError("an element without a place")
    for key in known:
        if (
            isinstance(key, tuple)
            and key[:2] == ("place", element.owner)
            and abs(key[2] - place.latitude_deg) <= _SAME_PLACE_DEG
            and abs(key[3] - place.longitude_deg) <= _SAME_PLACE_DEG
        ):
            return key, name
    return ("place", element.owner, place.latitude_deg, place.longitude_deg), name


def _player(title: str, names: list[str], elements: Mapping[str, Element]) -> Player:
    mine = [elements[name] for name in names]
    located = [
        (1.0 if item.target_location_probability is None else float(item.target_location_probability))
        * (1.0 - float(item.hardness or 0.0))
        for item in mine
    ]
    return Player(
        name=title,
        elements=tuple(names),
        owner=mine[0].owner,
        basing=next((item.basing for item in mine if item.basing is not None), None),
        availability=min(1.0 if item.availability is None else float(item.availability) for item in mine),
        location_probability=max(located),
        places_deg=tuple(
            dict.fromkeys((at.latitude_deg, at.longitude_deg) for item in mine if (at := item.at) is not None)
        ),
    )
