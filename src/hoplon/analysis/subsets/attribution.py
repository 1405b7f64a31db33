"""What each player of an architecture contributes to what it defends (questions 9 and 10).

Shapley values with what each player adds first and last, interactions of pairs, Owen values with owners as unions, and
whose people each player defends: all of one game, the share (or the people) that each coalition defends.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hoplon.analysis.placed.sites import player_place
from hoplon.analysis.records import Answer, FeatureLayer, PlacedRow, Row
from hoplon.analysis.subsets.sampled import OrderGains
from hoplon.analysis.subsets.shares import interactions, mean_of_pairs, owen_values, shapley_values
from hoplon.analysis.subsets.survivability import MOST_EXACT, SAME, VALUE_TITLES
from hoplon.analysis.subsets.tables import moebius
from hoplon.campaigns.execution import Execution

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hoplon.analysis.subsets.place_shares import PlaceTable
    from hoplon.analysis.subsets.players import Players
    from hoplon.analysis.subsets.values import CoalitionValues

ORDERS: Final = 256  # pairs of an order and its reverse
MOST_PLAYERS_EXACT: Final = 25
NO_OWNER: Final = "none"


@dataclass(frozen=True)
class PlayerContribution:
    """What one player contributes.

    Parameters
    ----------
    name : str
    owner : str or None
    shapley : float
    first_in : float
        What the player alone adds to nobody.
    last_in : float
        What is lost without the player alone.
    owen : float or None
        With owners as unions; None where it was not found.
    by_nation : mapping of str to float
        People (or km2) of each nation served.
    low, high : float or None
        95 % interval of a sampled Shapley value.
    """

    name: str
    owner: str | None
    shapley: float
    first_in: float
    last_in: float
    owen: float | None
    by_nation: Mapping[str, float]
    low: float | None = None
    high: float | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        answer: dict[str, Any] = {
            "name": self.name,
            "owner": self.owner,
            "shapley": self.shapley,
            "first_in": self.first_in,
            "last_in": self.last_in,
            "owen": self.owen,
            "by_nation": dict(self.by_nation),
        }
        if self.low is not None:
            answer |= {"shapley_low": self.low, "shapley_high": self.high}
        return answer


@dataclass(frozen=True, repr=False)
class Attribution(Answer):
    """What the players of an architecture contribute to what it defends.

    Parameters
    ----------
    architecture : str
    value : {"population", "area", "worst_nation"}
    support : {"held", "predicted"}
        How intercepts are supported.
    absent : {"nothing", "predecessor"}
        What stands for an element that is absent.
    method : {"exact", "sampled"}
    whole, none : float or None
        Value of all players and of none; None where nothing is threatened.
    residual : float or None
        Sum of the Shapley values less the difference of those, in size.
    contributions : tuple of PlayerContribution
        In the order of the architecture.
    interactions : tuple of (str, str, float)
        Of each pair: positive where the two need each other, negative where they stand in for each other.
    owners : mapping of str to float
        Sum of the Owen values of each owner's players.
    threatened : float
        People (or km2).
    players : Players
    by_support : mapping
        By rule of support, the contributions under it.
    places : PlaceTable or None
        What the players contribute to each place.
    subset : mapping or None
        Of the weighted subset of places, where one was judged: ``points``, ``of``, ``error``.
    notes : tuple of str
    made : mapping
        Version, scenario, digest and seed, for files.
    """

    architecture: str
    value: str
    support: str
    absent: str
    method: str
    whole: float | None
    none: float | None
    residual: float | None
    contributions: tuple[PlayerContribution, ...]
    interactions: tuple[tuple[str, str, float], ...]
    owners: Mapping[str, float]
    threatened: float
    players: Players
    by_support: Mapping[str, tuple[PlayerContribution, ...]] = field(default_factory=dict)
    places: PlaceTable | None = None
    subset: Mapping[str, Any] | None = None
    notes: tuple[str, ...] = ()
    made: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def total(self) -> float | None:
        """What all players add to none."""
        return None if self.whole is None or self.none is None else self.whole - self.none

    def line(self) -> str:
        """Return what was asked and what came of it, in one line."""
        if self.total is None or not self.contributions:
            return f"{self.architecture}: " + ("nothing is threatened" if self.total is None else "no players")
        most = max(self.contributions, key=lambda item: item.shapley)
        points, total = 100 * most.shapley, 100 * self.total
        return f"{self.architecture}: {most.name} contributes most, {points:.1f} of {total:.1f} points of per cent"

    def rows(self) -> list[Row]:
        """Return a row a player."""
        return [
            {
                "name": item.name,
                "owner": item.owner,
                "shapley_share": item.shapley,
                "first_in_share": item.first_in,
                "last_in_share": item.last_in,
                "owen_share": item.owen,
            }
            for item in self.contributions
        ]

    def provenance(self) -> dict[str, Any]:
        """Return version, scenario, digest and seed."""
        return {**super().provenance(), **self.made}

    def placed_rows(self) -> list[PlacedRow]:
        """Return where each player stands, with its row."""
        places = {player.name: player.places_deg for player in self.players.players}
        return [(player_place(places.get(row["name"], ())), row) for row in self.rows()]

    def layers(self) -> tuple[FeatureLayer, ...]:
        """Return the players."""
        return (FeatureLayer("players", self.line(), self.placed_rows(), {"owner": str, "owen_share": float}),)

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        answer: dict[str, Any] = {
            "architecture": self.architecture,
            "value": VALUE_TITLES[self.value],
            "support": self.support,
            "absent": self.absent,
            "method": self.method,
            "value_whole": self.whole,
            "value_none": self.none,
            "total": self.total,
            "residual": self.residual,
            "players": [item.as_json() for item in self.contributions],
            "left_out": [{"name": name, "reason": reason} for name, reason in self.players.left_out.items()],
            "interactions": [{"a": a, "b": b, "value": value} for a, b, value in self.interactions],
            "owners": dict(self.owners),
            "threatened_population": self.threatened,
            "by_support": {
                rule: [item.as_json() for item in contributions] for rule, contributions in self.by_support.items()
            },
        }
        if self.subset is not None:
            answer["subset"] = dict(self.subset)
        if self.notes:
            answer["notes"] = list(self.notes)
        return answer


def attribution(
    values: CoalitionValues,
    players: Players,
    *,
    support: str,
    absent: str = "nothing",
    orders: int = ORDERS,
    seed: int = 1,
    execution: Execution | None = None,
) -> Attribution:
    """Return what the players of an architecture contribute to what it defends.

    Parameters
    ----------
    values : CoalitionValues
        Of its players.
    players : Players
    support, absent : str
        What was judged, as :class:`Attribution` has it.
    orders : int
        Pairs of an order and its reverse, where Shapley values are sampled: with more than 25 players, or 20 where the
        value is the share of the worst nation.
    seed : int
    execution : Execution, optional
        Goes through the orders; this process by default, with nothing kept.
    """
    scope, count = values.by.scope, len(players)
    linear = scope.value != "worst_nation"
    exact = count <= (MOST_PLAYERS_EXACT if linear else MOST_EXACT)
    known: dict[str, Any] = {
        "architecture": values.by.roster.whole.name,
        "value": scope.value,
        "support": support,
        "absent": absent,
        "method": "exact" if exact else "sampled",
        "threatened": float(values.threatened.sum()),
        "players": players,
    }
    if values.nothing_threatened:
        nothing: dict[str, Any] = {"contributions": (), "interactions": (), "owners": {}}
        return Attribution(**known, whole=None, none=None, residual=None, **nothing)
    everyone = values.by.roster.everyone
    whole, none = values.value(everyone), values.value(0)
    half = None
    masks, dividends = values.dividends
    shares = dividends.sum(axis=1) / values.threatened.sum()
    if not linear and exact:
        table = moebius(values.table())
        masks, shares = np.arange(len(table), dtype=np.int64), table
    if exact:
        shapley = shapley_values(masks, shares, count)
        people = shapley_values(*values.dividends, count)
    else:
        chunks = (execution or Execution()).chunks(OrderGains(values, orders, seed))
        sampled, width = mean_of_pairs(np.concatenate(chunks))
        shapley, half, people = sampled[:, 0], width[:, 0], sampled[:, 1:]
    unions: dict[str, list[int]] = {}
    for place, player in enumerate(players.players):
        unions.setdefault(player.owner or NO_OWNER, []).append(place)
    found = linear or exact
    owen = owen_values(masks, shares, list(unions.values())) if found else None
    pairs = interactions(masks, shares, count) if found else None
    contributions = tuple(
        PlayerContribution(
            name=player.name,
            owner=player.owner,
            shapley=float(shapley[place]),
            first_in=values.value(1 << place) - none,
            last_in=whole - values.value(everyone & ~(1 << place)),
            owen=None if owen is None else float(owen[place]),
            by_nation={code: float(people[place, column]) for column, code in enumerate(scope.nations)},
            low=None if half is None else float(shapley[place] - half[place]),
            high=None if half is None else float(shapley[place] + half[place]),
        )
        for place, player in enumerate(players.players)
    )
    return Attribution(
        **known,
        whole=whole,
        none=none,
        residual=abs(float(shapley.sum()) - (whole - none)),
        contributions=contributions,
        interactions=()
        if pairs is None
        else tuple(
            (players.names[a], players.names[b], float(pairs[a, b])) for a in range(count) for b in range(a + 1, count)
        ),
        owners={} if owen is None else {owner: float(owen[union].sum()) for owner, union in unions.items()},
    )


def ranked(contributions: Sequence[PlayerContribution]) -> list[PlayerContribution]:
    """Return contributions by size, those alike in the order of the architecture."""
    return sorted(contributions, key=lambda item: -round(item.shapley / SAME) * SAME)
