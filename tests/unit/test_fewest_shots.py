"""The fewest shots at each aim point and class: found up to the first flight that is not met, as of every flight."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from numpy.typing import NDArray

from hoplon.analysis import fewest_shots as fewest
from hoplon.analysis.architectures import with_doctrine
from hoplon.analysis.coverage import CoverageQuestion, coverage, settle
from hoplon.analysis.defence import defence_of
from hoplon.analysis.fewest_shots import Cells, FewestShots, JudgedBy, fewest_of, kept_fewest, settle_cells
from hoplon.analysis.flights import Flights, by_loft, flights_key, flights_of
from hoplon.analysis.stages import most_shots, settled_shots
from hoplon.analysis.store import Store
from hoplon.defence.assembly import Defence
from hoplon.scenario.geography import AimPoints, places
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Scenario

ARCHITECTURES = ("slow", "fast", "fast-organic", "fast-remote")


@pytest.fixture(scope="module")
def toy() -> Scenario:
    sample = load_scenario("toy")
    kinds = {name: replace(kind, lofts_deg=(0.0, 15.0)) for name, kind in sample.threats.items()}
    return replace(sample, threats=MappingProxyType(kinds))


@pytest.fixture(scope="module")
def towns() -> AimPoints:
    every = places(("ROU", "BGR", "TUR", "GRC"))
    return every.subset(every.population > 40_000)


@pytest.fixture(scope="module")
def flights(toy: Scenario, towns: AimPoints) -> Flights:
    return flights_of(toy, towns, tuple(toy.threats), tuple(toy.launch_areas))


def cells_of(toy: Scenario, towns: AimPoints) -> Cells:
    kinds = tuple(toy.threats)
    return Cells(flights_key(toy, towns, kinds, tuple(toy.launch_areas)), len(towns), kinds, kinds)


def by_hand(
    toy: Scenario, flights: Flights, towns: AimPoints, shots: NDArray[np.int8]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Return the fewest shots and the first launch area of each point and class that some flight reaches."""
    least: dict[tuple[int, int], tuple[int, int]] = {}
    for point, kind, area, count in zip(flights.points, flights.classes, flights.areas, shots, strict=True):
        cell, mine = (int(point), int(kind)), (int(count), int(area))
        least[cell] = min(mine, least.get(cell, mine))
    return least


def defences(toy: Scenario) -> list[Defence]:
    return [defence_of(toy, toy.architecture(name)) for name in ARCHITECTURES]


@pytest.mark.parametrize(("part", "together"), [(4_000, 10), (60, 3), (1, 1)])
def test_cells_have_the_fewest_shots_of_all_their_flights(
    toy: Scenario, towns: AimPoints, flights: Flights, monkeypatch: pytest.MonkeyPatch, part: int, together: int
) -> None:
    monkeypatch.setattr(fewest, "_A_PART", part)
    monkeypatch.setattr(fewest, "_PARTS_A_PIECE", together)
    store, cells = Store(), cells_of(toy, towns)
    asked = [JudgedBy(defence, count) for defence in defences(toy) for count in (1, 2)]
    settle_cells(store, cells, flights, asked)
    some = 0
    for one in asked:
        found = kept_fewest(store, cells, one)
        assert found is not None
        least = by_hand(toy, flights, towns, most_shots(Store(), flights, one.defence, one.enough))
        some += sum(count == 0 for count, _ in least.values())
        for cell in np.ndindex(cells.shape):
            assert (found.fewest[cell], found.hardest[cell]) == least.get(cell, (-1, -1)), (one.enough, cell)
    assert some > 100  # cells in which a flight is not met, and later ones need not be judged


def test_a_defence_whose_flights_all_count_is_judged_at_each_of_them_beside_others(
    toy: Scenario, towns: AimPoints, flights: Flights
) -> None:
    store, cells = Store(), cells_of(toy, towns)
    slow, fast, *_ = defences(toy)
    told: list[tuple[int, int]] = []
    asked = [JudgedBy(slow, 1), JudgedBy(fast, 2, whole=True)]
    settle_cells(store, cells, flights, asked, progress=lambda part, parts, _: told.append((part, parts)))
    assert np.array_equal(settled_shots(store, flights, fast, 2), most_shots(Store(), flights, fast, 2))
    assert settled_shots(store, flights, slow, 1) is None
    assert kept_fewest(store, cells, JudgedBy(fast, 2)) is None
    assert told == [(place, len(told)) for place in range(len(told))]
    settle_cells(store, cells, flights, asked, progress=lambda *_: pytest.fail("what is kept was judged again"))


def test_a_flight_to_a_cell_that_is_open_is_not_judged(
    toy: Scenario, towns: AimPoints, flights: Flights, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shots at flights after the first that is not met count nothing, whatever the defence does there."""
    slow, *_ = defences(toy)
    whole, counted = most_shots(Store(), flights, slow, 1), []
    judge = fewest.DefenceEvaluator.shots

    def noting(self: object, elements: NDArray[np.float64], *others: object) -> NDArray[np.int8]:
        found: NDArray[np.int8] = judge(self, elements, *others)  # type: ignore[arg-type]
        counted.append(found)
        return found

    monkeypatch.setattr(fewest.DefenceEvaluator, "shots", noting)
    settle_cells(Store(), cells_of(toy, towns), flights, [JudgedBy(slow, 1)])
    assert 0 < sum(int(part.sum()) for part in counted) < whole.sum()


def test_parts_of_the_flights_are_put_together_as_a_plain_loop_does() -> None:
    rng = np.random.default_rng(5)
    parts = []
    for _ in range(4):
        count = rng.integers(-1, 3, (30, 5)).astype(np.int16)
        parts.append(FewestShots(count, np.where(count < 0, -1, rng.integers(0, 4, (30, 5))).astype(np.int16)))
    found = fewest_of(parts)
    for cell in np.ndindex(30, 5):
        there = [(int(one.fewest[cell]), int(one.hardest[cell])) for one in parts if one.fewest[cell] >= 0]
        assert (found.fewest[cell], found.hardest[cell]) == min(there, default=(-1, -1))
    assert fewest_of(parts[:1]) is parts[0]


def test_lofts_share_the_flights_among_them(toy: Scenario, towns: AimPoints, flights: Flights) -> None:
    low, high = by_loft(toy)
    named = tuple(toy.threats), tuple(toy.launch_areas)
    assert sum(len(flights_of(one, towns, *named)) for one in (low, high)) == len(flights)
    assert {kind.lofts_deg for kind in low.threats.values()} == {(0.0,)}
    assert {kind.lofts_deg for kind in high.threats.values()} == {(15.0,)}
    alone = load_scenario("toy")
    assert by_loft(alone) == (alone,)


@pytest.mark.parametrize("shots", [1, 2])
def test_coverages_are_the_same_with_causes_and_without(toy: Scenario, towns: AimPoints, shots: int) -> None:
    asked = with_doctrine(toy, "fast", {"shots_required": shots})
    store = Store()
    settle(store, [CoverageQuestion(asked, "fast", level) for level in ("low", "base")], towns)
    for level in ("low", "base"):
        told = coverage(store, asked, "fast", towns, level=level, enough=1)
        explained = coverage(Store(), asked, "fast", towns, level=level, enough=1, explain=True)
        for name in ("threatened", "defended", "shots_min", "hardest"):
            assert np.array_equal(getattr(told, name), getattr(explained, name)), (level, name)
