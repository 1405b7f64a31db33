"""Counts of people and land, point by point in plain loops, over made-up coverages."""

from dataclasses import replace

import numpy as np
import pytest

import hoplon
from hoplon.analysis.coverage import CAUSES, Coverage, threats_in_year
from hoplon.analysis.tally import (
    DEFENDED,
    NOT_THREATENED,
    OPEN,
    ClassSet,
    Count,
    class_sets,
    fewest_shots,
    is_flown,
    leading_cause,
    states,
    tally,
)
from hoplon.scenario.geography import AimPoints
from hoplon.scenario.model import Cited

CLASSES = ("near", "mid", "far")
NATIONS = ("DEU", "FRA", "ITA")


def made_up(seed: int, count: int = 60) -> Coverage:
    """A coverage of random answers; one nation of its points, ESP, is counted by nobody."""
    rng = np.random.default_rng(seed)
    shape = (count, len(CLASSES))
    threatened = rng.random(shape) < 0.6
    defended = threatened & (rng.random(shape) < 0.6)
    points = AimPoints(
        name=np.array([f"p{place}" for place in range(count)]),
        nation=rng.choice([*NATIONS, "ESP"], count),
        latitude_deg=np.zeros(count),
        longitude_deg=np.zeros(count),
        population=rng.integers(1, 1000, count).astype(float),
        area_km2=rng.integers(1, 1000, count).astype(float),
        kind=np.full(count, "place"),
    )
    return Coverage(
        *("made up", "0", "one", "one", None, "base"),
        points=points,
        areas=("a",),
        threats=CLASSES,
        batteries=(),
        threatened=threatened,
        defended=defended,
        shots_min=np.where(threatened, rng.integers(0, 9, shape), -1).astype(np.int16),
        hardest=np.zeros(shape, np.int16),
        cause=np.where(threatened & ~defended, rng.integers(1, len(CAUSES), shape), 0).astype(np.int8),
    )


def state_of(found: Coverage, point: int, classes: tuple[str, ...]) -> int:
    reached = [place for place, name in enumerate(CLASSES) if name in classes and found.threatened[point, place]]
    if not reached:
        return NOT_THREATENED
    return DEFENDED if all(found.defended[point, place] for place in reached) else OPEN


def cause_of(found: Coverage, point: int, classes: tuple[str, ...]) -> int:
    places = [place for place, name in enumerate(CLASSES) if name in classes]
    told = [int(found.cause[point, place]) for place in places if found.cause[point, place]]
    return min((-told.count(cause), cause) for cause in told)[1] if told else 0


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("classes", [CLASSES, ("near",), ("far", "mid"), ("none of these",)])
def test_states_shots_and_causes_are_those_of_each_point(seed: int, classes: tuple[str, ...]) -> None:
    found = made_up(seed)
    every = range(len(found.points))
    assert states(found, classes).tolist() == [state_of(found, point, classes) for point in every]
    assert leading_cause(found, classes).tolist() == [cause_of(found, point, classes) for point in every]
    fewest = [
        min(
            (int(found.shots_min[point, place]) for place, name in enumerate(CLASSES)
             if name in classes and found.threatened[point, place]),
            default=-1,
        )
        for point in every
    ]  # fmt: skip
    assert fewest_shots(found, classes).tolist() == fewest


@pytest.mark.parametrize("seed", range(3))
def test_a_tally_adds_up_the_points_of_each_nation(seed: int) -> None:
    found = made_up(seed)
    sets = tuple(ClassSet(name, name, threats) for name, threats in (("all", CLASSES), ("one", ("mid",)), ("no", ())))
    counted = tally(found, sets, NATIONS)
    for entry in sets:
        for nation in NATIONS:
            mine = [point for point in range(len(found.points)) if found.points.nation[point] == nation]
            at = {point: state_of(found, point, entry.threats) for point in mine}
            people, land = found.points.population, found.points.area_km2
            expected = Count(
                sum(people[point] for point in mine if at[point] != NOT_THREATENED),
                sum(people[point] for point in mine if at[point] == DEFENDED),
                sum(land[point] for point in mine if at[point] != NOT_THREATENED),
                sum(land[point] for point in mine if at[point] == DEFENDED),
            )
            assert counted.nation(entry.key, nation) == expected
    two = counted.nation("all", "DEU") + counted.nation("all", "ITA")
    assert counted.count("all", ("DEU", "ITA", "ESP")) == two
    lost = dict.fromkeys(CAUSES[1:], 0.0)
    for point in range(len(found.points)):
        if found.points.nation[point] in ("DEU", "FRA") and state_of(found, point, CLASSES) == OPEN:
            lost[CAUSES[cause_of(found, point, CLASSES)]] += found.points.population[point]
    told = {cause: people / sum(lost.values()) for cause, people in lost.items() if people}
    assert counted.cause_shares(("DEU", "FRA")) == pytest.approx(told, rel=1e-12)


def test_a_share_of_nothing_is_none_and_nothing_counts_nothing() -> None:
    assert Count() == Count(0.0, 0.0, 0.0, 0.0)
    assert (Count().population_share, Count().area_share) == (None, None)
    assert (Count(4.0, 1.0, 8.0, 6.0).population_share, Count(4.0, 1.0, 8.0, 6.0).area_share) == (0.25, 0.75)
    assert Count(0.5, 0.25, 0.0, 0.0).population_share == 0.5


def test_without_causes_or_open_points_no_cause_has_a_share() -> None:
    found = made_up(1)
    quiet = replace(found, cause=np.zeros_like(found.cause))
    assert tally(quiet, (ClassSet("all", "all", CLASSES),), NATIONS).cause_shares(NATIONS) == {}
    held = replace(found, defended=found.threatened, cause=np.zeros_like(found.cause))
    assert tally(held, (ClassSet("all", "all", CLASSES),), NATIONS).count("all", NATIONS).population_share == 1.0


def test_the_sets_of_classes_of_a_year() -> None:
    """Longer classes by their first year; one that nobody launches is in none."""
    toy = hoplon.load("toy")
    kind = next(iter(toy.threats.values()))

    def threat(most: float, first: float | None, areas: tuple[str, ...] | None):
        from_ = None if first is None else Cited(first)
        return replace(kind, max_range_km=Cited(most), from_=from_, launch_areas=areas)

    scenario = replace(
        toy,
        headline=None,
        threats={
            "short": threat(1999.0, None, None),
            "old": threat(2000.0, None, None),
            "new": threat(3000.0, 2025.0, None),
            "strategic": threat(9000.0, None, ()),
        },
    )
    assert [is_flown(scenario, name) for name in scenario.threats] == [True, True, True, False]
    by_key = {entry.key: entry.threats for entry in class_sets(scenario, 2024)}
    flown = ("short", "old", "new")
    assert by_key == {
        "headline": ("old", "new"), "in_year": ("old",), "all": flown, **{name: (name,) for name in flown}
    }  # fmt: skip
    assert class_sets(scenario, 2025)[1].threats == class_sets(scenario, None)[1].threats == ("old", "new")
    assert threats_in_year(scenario, 2024) == ("short", "old", "strategic")
    assert threats_in_year(scenario, 2025) == threats_in_year(scenario, None) == tuple(scenario.threats)
