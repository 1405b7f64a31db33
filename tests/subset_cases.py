"""Random games of places, what losses leave and players contribute: every coalition looked up place by place."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations, permutations
from types import MappingProxyType

import numpy as np

from hoplon.analysis.subsets.players import Player, Players
from hoplon.analysis.subsets.restrictions import Roster
from hoplon.analysis.subsets.scope import Scope
from hoplon.analysis.subsets.tables import SimpleGame
from hoplon.analysis.subsets.values import CoalitionValues
from hoplon.analysis.subsets.winning import DefendedBy
from hoplon.scenario.geography import AimPoints
from hoplon.scenario.load import load_scenario

EQUAL = 1e-9
NATIONS = ("AAA", "BBB", "CCC")
PLACES = 40

Value = Callable[[frozenset[int]], float]


class Case:
    """A random game of places, with an answer to every coalition that is looked up place by place."""

    def __init__(self, number: int, count: int, value: str = "population", harmless: bool = True) -> None:
        random = np.random.default_rng(number)
        self.players = tuple(
            Player(
                f"p{place}",
                (f"p{place}",),
                owner=str(random.choice(["X", "Y", "Z"])),
                availability=float(random.choice([1.0, 0.9, 0.6])),
                location_probability=float(random.choice([1.0, 0.7, 0.2])),
            )
            for place in range(count)
        )
        self.games = [self._game(random, count, harmless) for _ in range(6)]
        self.kind = random.integers(-1, len(self.games), PLACES)
        self.weight = random.uniform(1.0, 100.0, PLACES)
        self.nation = random.integers(0, 3, PLACES)
        self.value_kind = value
        points = AimPoints(
            name=np.array([f"place {place}" for place in range(PLACES)]),
            nation=np.array(NATIONS)[self.nation],
            latitude_deg=np.linspace(40.0, 50.0, PLACES),
            longitude_deg=np.linspace(0.0, 20.0, PLACES),
            population=self.weight,
            area_km2=np.zeros(PLACES),
            kind=np.full(PLACES, "place"),
        )
        scenario = load_scenario("toy")
        scope = Scope(scenario, "base", value, (), (), NATIONS, points, self.weight, self.nation, PLACES)  # type: ignore[arg-type]
        roster = Roster(scenario.architecture("fast"), self.players, MappingProxyType({}))
        games = tuple(SimpleGame(players, np.array(table)) for players, table in self.games)
        by = DefendedBy(scope, roster, self.kind >= 0, self.kind, games, (), (), 0, 0)
        self.values = CoalitionValues(by)
        self.group = Players("site", self.players, MappingProxyType({"hub": "a node"}))

    @staticmethod
    def _game(random: np.random.Generator, count: int, harmless: bool) -> tuple[tuple[int, ...], list[bool]]:
        players = tuple(
            sorted(random.choice(count, size=min(count, int(random.integers(1, 5))), replace=False).tolist())
        )
        table = [bool(random.random() < 0.3) for _ in range(1 << len(players))]
        if harmless:
            table = [
                any(table[part] for part in range(len(table)) if part & ~place == 0) for place in range(len(table))
            ]
        return players, table

    def defended(self, coalition: frozenset[int], place: int) -> bool:
        players, table = self.games[self.kind[place]]
        index = 0
        for rank, player in enumerate(players):
            if player in coalition:
                index += 2**rank
        return table[index]

    def people(self, coalition: frozenset[int], nation: int | None = None) -> float:
        return sum(
            self.weight[place]
            for place in range(PLACES)
            if self.kind[place] >= 0 and nation in (None, self.nation[place]) and self.defended(coalition, place)
        )

    def threatened(self, nation: int | None = None) -> float:
        return sum(
            self.weight[place]
            for place in range(PLACES)
            if self.kind[place] >= 0 and nation in (None, self.nation[place])
        )

    def v(self, coalition: frozenset[int]) -> float:
        if self.value_kind == "worst_nation":
            return min(self.people(coalition, nation) / self.threatened(nation) for nation in range(3))
        return self.people(coalition) / self.threatened()


def by_orders(value: Value, count: int) -> list[float]:
    """Return Shapley values: the mean gain over every order."""
    total = [0.0] * count
    for order in permutations(range(count)):
        here: frozenset[int] = frozenset()
        for player in order:
            total[player] += value(here | {player}) - value(here)
            here |= {player}
    return [amount / math.factorial(count) for amount in total]


def subsets(players: list[int]) -> list[frozenset[int]]:
    return [frozenset(each) for size in range(len(players) + 1) for each in combinations(players, size)]
