"""Random small problems of a mix in plain sets, and every set of candidates written out."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from hoplon.analysis.mix.choices import CandidateTerms, Choices
from hoplon.analysis.mix.problem import MixProblem, Pieces
from hoplon.analysis.subsets.family_values import FamilyValues
from hoplon.analysis.subsets.players import Player
from hoplon.analysis.subsets.winning import DefendedBy

Sets = tuple[int, ...]


@dataclass
class Case:
    """A random problem, in plain sets: pieces of candidates at sites, flights of places, charges and rules."""

    candidates: int
    brought: list[set[int]]  # by piece, the candidates that bring it
    site: list[int]
    families: list[list[set[int]]]  # by flight, sets of pieces that meet it
    flights: list[list[int]]  # by place
    weight: list[float]
    nation: list[int]
    charges: list[tuple[set[int], float]]
    needs: list[tuple[int, int]]
    rivals: list[tuple[int, int]]
    most: int | None
    basing: list[str | None]
    worst_nation: bool
    losses: int

    def worth(self, pieces: set[int]) -> float:
        met = [any(least <= pieces for least in family) for family in self.families]
        defended = [all(met[flight] for flight in mine) for mine in self.flights]
        shares = []
        for nation in sorted(set(self.nation)) if self.worst_nation else [None]:
            places = [place for place, own in enumerate(self.nation) if nation is None or own == nation]
            shares.append(sum(self.weight[p] for p in places if defended[p]) / sum(self.weight[p] for p in places))
        return min(shares)

    def after_losses(self, chosen: Sets) -> float:
        pieces = {piece for piece, brought in enumerate(self.brought) if brought & set(chosen)}
        sites = sorted({self.site[piece] for piece in pieces})
        count = min(self.losses, len(sites))
        return min(
            self.worth({piece for piece in pieces if self.site[piece] not in lost})
            for lost in itertools.combinations(sites, count)
        )

    def cost(self, chosen: Sets) -> float:
        return sum(charge for payers, charge in self.charges if payers & set(chosen))

    def every(self, budget: float, usable: set[int]) -> dict[Sets, float]:
        found = {}
        for count in range(self.candidates + 1):
            for chosen in itertools.combinations(sorted(usable), count):
                held = set(chosen)
                if self.most is not None and count > self.most:
                    continue
                if any(one in held and other not in held for one, other in self.needs):
                    continue
                if any(one in held and other in held for one, other in self.rivals):
                    continue
                if self.cost(chosen) <= budget + 1e-9:
                    found[chosen] = self.after_losses(chosen)
        return found

    def problem(self) -> MixProblem:
        masks = [tuple(sorted(bits(least) for least in family)) for family in self.families]
        places = len(self.flights)
        scope: Any = SimpleNamespace(
            weight=np.array(self.weight),
            nation=np.array(self.nation),
            nations=("A", "B", "C"),
            value="worst_nation" if self.worst_nation else "population",
        )
        players = tuple(Player(f"piece {place}", (f"element {place}",)) for place in range(len(self.brought)))
        roster: Any = SimpleNamespace(players=players)
        by = DefendedBy(
            scope,
            roster,
            np.ones(places, dtype=bool),
            np.arange(places),
            (),
            tuple(tuple(mine) for mine in self.flights),
            tuple(masks),
            0,
            0,
        )
        terms = tuple(
            CandidateTerms(f"c{one}", (), {}, basing, frozenset([basing] if basing else []), 0.0, False)
            for one, basing in enumerate(self.basing)
        )
        needs, rivals = [0] * self.candidates, [0] * self.candidates
        for one, other in self.needs:
            needs[one] |= 1 << other
        for one, other in self.rivals:
            rivals[one] |= 1 << other
            rivals[other] |= 1 << one
        charges = tuple((bits(payers), charge) for payers, charge in self.charges)
        choices = Choices(terms, charges, tuple(needs), tuple(rivals), self.most)
        pieces = Pieces(players, tuple(bits(one) for one in self.brought), tuple(self.site))
        named: Any = SimpleNamespace(name="random")
        nothing: Any = None
        return MixProblem(named, nothing, choices, pieces, FamilyValues(by), self.losses)


def bits(places: set[int]) -> int:
    return sum(1 << place for place in places)


def places(mask: int) -> Sets:
    return tuple(place for place in range(mask.bit_length()) if mask >> place & 1)


def random_case(number: int) -> Case:
    draw = random.Random(number)
    count = draw.randint(1, 8)
    shared = [{draw.randrange(count), draw.randrange(count)} for _ in range(draw.randrange(3))]
    brought = [*({one} for one in range(count)), *shared]
    families: list[list[set[int]]] = []
    flights = []
    for _ in range(12):
        flights.append([])
        for _ in range(draw.randint(1, 3)):
            sets = [set(draw.sample(range(len(brought)), draw.randint(1, min(3, len(brought))))) for _ in range(4)]
            sets = sets[: draw.randint(0, 4)] if draw.random() < 0.9 else []
            if draw.random() < 0.05:
                sets = [set()]  # met by what stands anyway
            flights[-1].append(len(families))
            families.append([one for one in sets if not any(other < one for other in sets)])
    charges = [({one}, charge) for one in range(count) if (charge := draw.choice([0.0, 1.0, 2.0, 3.0, 3.0, 5.5]))]
    charges += [(one, draw.choice([1.0, 2.0])) for one in shared if draw.random() < 0.7]
    pairs = [tuple(draw.sample(range(count), 2)) for _ in range(3)] if count > 3 else []
    return Case(
        candidates=count,
        brought=brought,
        site=[draw.randrange(max(1, len(brought) - 1)) for _ in brought],
        families=families,
        flights=flights,
        weight=[draw.choice([1.0, 2.0, 3.0 * draw.random() + 0.01]) for _ in flights],
        nation=[draw.randrange(3) for _ in flights],
        charges=charges,
        needs=[pair for pair in pairs[:2] if draw.random() < 0.5],
        rivals=[pair for pair in pairs[2:] if draw.random() < 0.5],
        most=draw.choice([None, None, 2, 3]),
        basing=[draw.choice(["land", "sea", None]) for _ in range(count)],
        worst_nation=draw.random() < 0.4,
        losses=draw.choice([0, 0, 1, 2]),
    )
