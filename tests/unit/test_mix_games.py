"""The best of random small sets of candidates, against every set written out: enumeration and linear program alike."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from hoplon.analysis.mix.choices import CandidateTerms, Choices
from hoplon.analysis.mix.enumeration import Enumeration
from hoplon.analysis.mix.found import Search
from hoplon.analysis.mix.problem import MixProblem, Pieces
from hoplon.analysis.mix.program import MixProgram
from hoplon.analysis.mix.losses import LossSearch
from hoplon.analysis.subsets.family_values import FamilyValues
from hoplon.analysis.subsets.players import Player
from hoplon.analysis.subsets.winning import DefendedBy

NEAR = 0.1
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


def best_of(case: Case, every: dict[Sets, float]) -> tuple[Sets, float, list[Sets]]:
    """Return the best set, its worth, and the least sets that come near it, the cheapest first."""
    best = max(every.values())
    good = [chosen for chosen, worth in every.items() if worth >= best - 1e-9]
    least = min(case.cost(chosen) for chosen in good)
    first = min(chosen for chosen in good if case.cost(chosen) <= least + 1e-9)
    near = [chosen for chosen, worth in every.items() if worth >= (1.0 - NEAR) * best - 1e-9]
    kept = [chosen for chosen in near if not any(set(other) < set(chosen) for other in near)]
    return first, best, sorted(kept, key=lambda chosen: (round(case.cost(chosen), 6), chosen))


@pytest.mark.parametrize("number", range(48))
def test_the_best_set_its_cost_its_order_and_what_comes_near_are_those_of_every_set_written_out(number: int) -> None:
    case = random_case(number)
    problem = case.problem()
    budget = random.Random(number).choice([0.0, 2.0, 4.0, 6.5, 1e9])
    for usable in (problem.choices.everything, problem.choices.without_batteries("sea")):
        first, best, near = best_of(case, case.every(budget, set(places(usable))))
        searches: list[Search] = [Enumeration(problem)]
        if case.losses:  # going through what is paid, and the program that adds losses
            searches += [LossSearch(problem), LossSearch(problem, most=0)]
        else:
            searches.append(MixProgram(problem))
        for search in searches:
            found = search.optimum(budget, usable)
            assert places(found.choice) == first
            assert found.worth == pytest.approx(best, abs=2e-9)
            assert found.exact
            about = search.near(budget, usable, found.worth, NEAR)
            if about.every:
                assert about.total == len(near)
                assert [places(one) for one in about.alternatives] == near[:20]
                assert places(about.must) == tuple(sorted(set.intersection(*map(set, near))))
                assert places(about.never) == tuple(sorted(set(range(case.candidates)) - set().union(*near)))
            else:
                assert about.total <= len(near)


def test_random_sets_are_of_every_kind() -> None:
    cases = [random_case(number) for number in range(48)]
    assert {case.losses for case in cases} == {0, 1, 2}
    assert {case.worst_nation for case in cases} == {True, False}
    assert any(case.needs for case in cases)
    assert any(case.rivals for case in cases)
    assert any(len(case.brought) > case.candidates and case.charges[-1][0] == case.brought[-1] for case in cases)
    assert any(case.most == 2 for case in cases)


def test_a_search_out_of_steps_says_what_it_found_and_how_far_the_bound_is() -> None:
    draw = random.Random(5)
    count = 40
    families = [[set(draw.sample(range(count), 3)) for _ in range(3)] for _ in range(160)]
    case = Case(
        candidates=count,
        brought=[{one} for one in range(count)],
        site=[0] * count,
        families=families,
        flights=[[2 * place, 2 * place + 1] for place in range(80)],
        weight=[draw.random() for _ in range(80)],
        nation=[0] * 80,
        charges=[({one}, draw.random()) for one in range(count)],
        needs=[],
        rivals=[],
        most=None,
        basing=[None] * count,
        worst_nation=False,
        losses=0,
    )
    problem = case.problem()
    stopped = MixProgram(problem, nodes=1).optimum(6.0, problem.choices.everything)
    assert not stopped.exact
    assert stopped.bound > stopped.worth > 0.0
    assert stopped.gap == pytest.approx((stopped.bound - stopped.worth) / stopped.worth)
    assert problem.choices.cost_musd(stopped.choice) <= 6.0
    again = MixProgram(problem, nodes=1).optimum(6.0, problem.choices.everything)
    assert (again.choice, again.bound) == (stopped.choice, stopped.bound)


def test_what_two_candidates_share_is_paid_once() -> None:
    case = Case(
        candidates=2,
        brought=[{0}, {1}, {0, 1}],
        site=[0, 1, 2],
        families=[[{0, 1, 2}]],
        flights=[[0]],
        weight=[1.0],
        nation=[0],
        charges=[({0}, 1.0), ({1}, 1.0), ({0, 1}, 2.0)],
        needs=[],
        rivals=[],
        most=None,
        basing=[None, None],
        worst_nation=False,
        losses=0,
    )
    problem = case.problem()
    for search in (Enumeration(problem), MixProgram(problem)):
        assert places(search.optimum(4.0, 0b11).choice) == (0, 1)
        assert places(search.optimum(3.9, 0b11).choice) == ()
