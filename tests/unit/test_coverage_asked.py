"""One coverage and several in one pass: every way of asking gives the same digits; and sums on the edges of a share."""

from __future__ import annotations

import pickle
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from hoplon.analysis import coverage as judging
from hoplon.analysis.coverage import (
    CAUSES,
    Coverage,
    coverage,
    gini,
    headline_classes_title,
    headline_nations,
    headline_threats,
    headline_title,
    settle,
    summarise,
    threats_in_year,
)
from hoplon.analysis.coverage_solver import Asked, KernelCover
from hoplon.analysis.flights import flights_key, flown_against
from hoplon.analysis.store import Store
from hoplon.errors import HoplonError, UnknownNameError
from hoplon.scenario.geography import EUROPE, NORTH_AMERICA, AimPoints, places
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Cited, Scenario
from hoplon.scenario.reporting import Headline

ARRAYS = ("threatened", "defended", "shots_min", "hardest", "cause")


@pytest.fixture(scope="module")
def toy() -> Scenario:
    """The toy, with an architecture that is judged against three lofts, and one against two shots required."""
    sample = load_scenario("toy")
    lofted = replace(sample.architectures["fast"], lofts_deg=(-8.0, 0.0, 10.0))
    twice = MappingProxyType({"shots_required": Cited(2.0)})
    doubled = replace(sample.architectures["fast"], extends="fast", elements=(), doctrine=twice)
    more = {"lofted": lofted, "doubled": doubled}
    return replace(sample, architectures=MappingProxyType({**sample.architectures, **more}))


@pytest.fixture(scope="module")
def towns() -> AimPoints:
    """Large places, some out of reach of every class, some defended twice, once, or not at all."""
    found = places(("ROU", "TUR", "DEU", "HUN"))
    return found.subset(found.population > 400_000)


def assert_same(found: Coverage, expected: Coverage) -> None:
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name), err_msg=name)


WAYS: dict[str, dict[str, Any]] = {
    "every shot": {},
    "one": {"enough": 1},
    "two": {"enough": 2},
    "none is asked for": {"enough": 0},
    "what-if": {"enough": 1, "what_if": True},
    "causes": {"enough": 1, "explain": True},
    "causes of a what-if": {"enough": 2, "explain": True, "what_if": True},
}


@pytest.fixture(scope="module")
def every_shot(toy: Scenario, towns: AimPoints) -> dict[str, Coverage]:
    return {name: coverage(Store(), toy, name, towns) for name in ("fast", "lofted", "doubled")}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("architecture", ["fast", "lofted", "doubled"])
def test_what_was_settled_before_changes_no_answer(
    toy: Scenario, towns: AimPoints, every_shot: dict[str, Coverage], architecture: str, way: str
) -> None:
    full, more, store = every_shot[architecture], WAYS[way], Store()
    counts = np.unique(full.shots_min).tolist()
    assert counts[:3] == [-1, 0, 1]
    assert counts[-1] >= (1 if architecture == "lofted" else 2)
    required = 2 if architecture == "doubled" else 1
    np.testing.assert_array_equal(full.threatened, full.shots_min >= 0)
    np.testing.assert_array_equal(full.defended, full.shots_min >= required)
    KernelCover(store).prepare([Asked(toy, architecture, "base")], towns)
    found = coverage(store, toy, architecture, towns, **more)
    assert_same(found, coverage(Store(), toy, architecture, towns, **more))
    most = max(more.get("enough", 127), required)
    np.testing.assert_array_equal(found.shots_min, np.minimum(full.shots_min, most))
    np.testing.assert_array_equal(found.defended, full.defended)
    undefended = full.threatened & ~full.defended
    np.testing.assert_array_equal(found.cause > 0, undefended if more.get("explain") else np.zeros_like(undefended))


def test_an_answer_says_how_it_was_found_and_whose_digest_it_carries(toy: Scenario, towns: AimPoints) -> None:
    store = Store()
    first, again = (coverage(store, toy, "fast", towns, enough=1) for _ in range(2))
    assert (first.method, again.method) == ("full", "full")
    other = Store()
    asked, kept = (coverage(other, toy, "fast", towns, enough=1, what_if=True) for _ in range(2))
    assert (asked.method, kept.method) == ("full", "kept")
    assert first.scenario_sha256 == toy.sha256
    assert coverage(store, toy, "fast", towns, enough=1, sha256="of another").scenario_sha256 == "of another"


@pytest.mark.parametrize("threats", [("irbm",), ("mrbm",), ("irbm", "mrbm")])
def test_a_class_asked_about_alone_has_its_columns_of_all(
    toy: Scenario, towns: AimPoints, threats: tuple[str, ...]
) -> None:
    """Names are in the order of the scenario."""
    whole = coverage(Store(), toy, "slow", towns, explain=True)
    some = coverage(Store(), toy, "slow", towns, threats=threats, explain=True)
    assert some.threats == tuple(name for name in toy.threats if name in threats)
    columns = [whole.threats.index(name) for name in some.threats]
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(some, name), getattr(whole, name)[:, columns], err_msg=name)
    assert len(np.unique(whole.cause)) > 2
    area = coverage(Store(), toy, "slow", towns, areas=("centre",))
    assert (area.areas, bool(area.threatened[:, 1].any())) == (("centre",), False)
    with pytest.raises(UnknownNameError, match="unknown threat 'irbn'; did you mean 'irbm'"):
        coverage(Store(), toy, "slow", towns, threats=["irbn"])


def test_a_cause_is_the_obstacle_hardest_to_mend_of_the_flights_to_a_point(toy: Scenario, towns: AimPoints) -> None:
    """Each launch area alone has its own; together, at every point, the one that stands first in their order counts."""
    order = ["out_of_reach", "too_low", "too_high", "never_seen", "seen_too_late", "no_support"]
    blind = MappingProxyType({**toy.radars, "forward-x": replace(toy.radars["forward-x"], max_range_km=Cited(700.0))})
    scenario = replace(toy, radars=blind)
    alone = [coverage(Store(), scenario, "slow", towns, areas=(name,), explain=True) for name in toy.launch_areas]
    both = coverage(Store(), scenario, "slow", towns, explain=True)
    for point, kind in np.ndindex(both.cause.shape):
        told = [CAUSES[one.cause[point, kind]] for one in alone if one.cause[point, kind]]
        assert CAUSES[both.cause[point, kind]] == min(told, key=order.index, default="")


def test_a_pass_over_several_finds_what_each_does_and_keeps_no_flights_of_many_lofts(
    toy: Scenario, towns: AimPoints
) -> None:
    store = Store()
    settle(store, [], towns)
    assert len(store) == 0
    questions = [Asked(toy, "fast", "base"), Asked(toy, "lofted", "base"), Asked(toy, "slow", "low")]
    cover = KernelCover(store)
    cover.prepare(questions, towns)
    for name, kept in (("fast", True), ("lofted", False)):
        key = flights_key(
            flown_against(toy, toy.architecture(name)), towns, tuple(toy.threats), tuple(toy.launch_areas)
        )
        assert (store.find(key) is not None) == kept
    for asked in questions:
        found = cover(asked, towns)
        assert_same(found, coverage(Store(), toy, asked.architecture, towns, level=asked.level, enough=1))
        assert (found.architecture, found.level) == (asked.architecture, asked.level)


def test_where_causes_are_asked_for_two_shots_are_told_from_one_at_the_base_level(
    toy: Scenario, towns: AimPoints
) -> None:
    cover = KernelCover(Store())
    for level, explain, most in (("base", True, 2), ("base", False, 1), ("high", True, 1)):
        for prepared in (False, True):
            asked = Asked(toy, "fast", level, explain)  # type: ignore[arg-type]
            if prepared:
                cover.prepare([asked], towns)
            found = cover(asked, towns)
            assert found.shots_min.max() == most
            assert found.cause.any() == explain
    assert cover(Asked(toy, "fast", "base"), towns).scenario_sha256 == toy.sha256
    assert cover(Asked(toy, "fast", "base", sha256="of another"), towns).scenario_sha256 == "of another"


def test_places_judged_once_are_those_of_each_coverage(toy: Scenario, towns: AimPoints) -> None:
    """Against one loft or three, and from every launch area or one."""
    cover = pickle.loads(pickle.dumps(KernelCover(Store())))
    asked = [Asked(toy, name, level) for name, level in (("lofted", "base"), ("fast", "low"), ("slow", "base"))]  # type: ignore[arg-type]
    for areas in (None, ("northwest",)):
        for one, (threatened, defended) in zip(
            asked, cover.judge_once(asked, towns, tuple(toy.threats), areas), strict=True
        ):
            told = coverage(Store(), toy, one.architecture, towns, level=one.level, areas=areas, enough=1)
            np.testing.assert_array_equal(threatened, told.threatened)
            wholly = (told.defended | ~told.threatened).all(axis=1)
            np.testing.assert_array_equal((defended | ~threatened).all(axis=1), wholly)


def test_progress_grows_by_the_share_that_a_pass_is_of_the_work(toy: Scenario, towns: AimPoints) -> None:
    """Three architectures are judged at the loft that they share, then one at each of two more: five parts of work."""
    told: list[tuple[int, int]] = []
    asked = [Asked(toy, name, "base") for name in ("fast", "slow", "lofted")]
    KernelCover(Store()).prepare(asked, towns, lambda part, parts, _: told.append((part, parts)))
    shares = [part / parts for part, parts in told]
    assert shares == sorted(shares)
    assert {0.0, 0.6, 0.8} <= set(shares)
    told.clear()
    within = judging._within(lambda part, parts, _: told.append((part, parts)), 2, 3, 8)
    within(1, 4, "")
    within(0, 0, "")
    assert told == [(2 * 4 + 3 * 1, 8 * 4), (2, 8)]


def summed(
    threatened: list[list[bool]], defended: list[list[bool]], people: list[float], nations: list[str]
) -> Coverage:
    count = len(people)
    points = AimPoints(
        *(np.array(nations), np.array(nations), np.zeros(count), np.zeros(count)),
        population=np.array(people),
        area_km2=3.0 * np.array(people),
        kind=np.full(count, "place"),
    )
    marks = np.array(threatened)
    none = np.zeros(marks.shape, dtype=np.int16)
    return Coverage(
        *("hand", "0", "one", "one", None, "base"),
        points=points,
        areas=("a",),
        threats=("near", "far"),
        batteries=(),
        threatened=marks,
        defended=np.array(defended),
        shots_min=none,
        hardest=none,
        cause=none.astype(np.int8),
    )


def test_a_sum_is_over_the_nations_and_classes_asked_for() -> None:
    result = summed(
        [[True, True], [True, False], [True, True], [False, False]],
        [[True, True], [False, False], [True, False], [False, False]],
        [0.25, 0.5, 4.0, 8.0],
        ["AAA", "AAA", "BBB", "CCC"],
    )
    every = summarise(result)
    assert list(every.nations) == ["AAA", "BBB", "CCC"]
    assert every.nations["AAA"].population_share == pytest.approx(1 / 3, rel=1e-12)  # fewer people than one
    assert every.nations["AAA"].area_share == pytest.approx(1 / 3, rel=1e-12)
    assert (every.threatened_population, every.defended_population) == (4.75, 0.25)
    assert (every.threatened_area_km2, every.defended_area_km2) == (14.25, 0.75)
    assert every.population_share == every.area_share == pytest.approx(0.25 / 4.75, rel=1e-12)
    assert every.worst_nation == "BBB"
    assert every.gini == pytest.approx(0.5, rel=1e-12)  # one of two has all
    one = summarise(result, ["far"], ["CCC", "AAA"])
    assert list(one.nations) == ["CCC", "AAA"]
    assert (one.population_share, one.threatened_population) == (1.0, 0.25)
    assert (one.worst_nation, one.gini) == ("AAA", 0.0)
    none = summarise(result, nations=["CCC"])
    assert (none.population_share, none.area_share, none.worst_nation, none.gini) == (None, None, None, None)
    with pytest.raises(HoplonError, match="this coverage holds no class 'fer'; it holds near, far"):
        summarise(result, ["near", "fer"])
    told = every.as_json()
    assert told["nations"]["AAA"]["defended_population"] == 0.25
    assert (told["worst_nation"], told["threatened_area_km2"]) == ("BBB", 14.25)


def test_of_nations_alike_the_first_by_name_is_the_worst() -> None:
    result = summed([[True, True]] * 3, [[False, False]] * 3, [1.0, 2.0, 3.0], ["CCC", "BBB", "DDD"])
    assert summarise(result).worst_nation == "BBB"


def test_a_share_is_one_at_most_whatever_is_rounded() -> None:
    """Sums of the same people with and without zeros among them are rounded otherwise."""
    rng, above = np.random.default_rng(3), 0
    for _ in range(40):
        people = rng.random(200)
        people[rng.random(200) < 0.5] = 0.0
        held = people > 0.0
        above += people[held].sum() > people.sum()
        marks, both = np.ones((200, 2), dtype=bool).tolist(), np.column_stack([held, held]).tolist()
        found = summarise(summed(marks, both, people.tolist(), ["AAA"] * 200)).population_share
        assert found is not None
        assert 1.0 - 1e-12 < found <= 1.0
    assert above > 0


@pytest.mark.parametrize(
    ("shares", "expected"), [([0.2, 0.6], 0.25), ([0.0, 0.0, 0.3], 2 / 3), ([0.5], 0.0), ([1.0, 1.0, 1.0, 0.0], 0.25)]
)
def test_the_gini_coefficient_is_half_the_mean_difference_over_the_mean(shares: list[float], expected: float) -> None:
    differences = np.abs(np.subtract.outer(shares, shares)).mean()
    assert gini(shares) == pytest.approx(differences / (2.0 * np.mean(shares)), abs=1e-12)
    assert gini(shares) == pytest.approx(expected, abs=1e-12)


def test_the_headline_takes_its_own_nations_and_classes_or_those_of_the_rule(toy: Scenario) -> None:
    """Classes from 2,000 km on; one that nobody launches counts nowhere, even where it is named."""
    kind = toy.threats["mrbm"]
    threats = {
        "below": replace(kind, max_range_km=Cited(1999.9)),
        "at": replace(kind, max_range_km=Cited(2000.0)),
        "above": replace(kind, max_range_km=Cited(2150.0), from_=Cited(2030.0, low=2025.0, high=2040.0)),
        "unflown": replace(kind, max_range_km=Cited(9000.0), launch_areas=()),
    }
    plain = replace(toy, threats=threats)
    assert headline_threats(plain) == ("at", "above")
    titled = replace(plain, headline=Headline(title="the two", classes_title="long ones"))
    assert headline_threats(titled) == ("at", "above")
    assert (headline_title(titled), headline_classes_title(titled)) == ("the two", "long ones")
    named = replace(plain, headline=Headline(classes=("unflown", "below"), nations=("POL", "DEU")))
    assert headline_threats(named) == ("below",)
    assert headline_nations(named, None) == ("DEU", "POL")
    assert (headline_title(named), headline_classes_title(named)) == (
        "the nations of the headline",
        "the headline's classes",
    )
    assert headline_nations(titled, None) == headline_nations(plain, None) == tuple(plain.nations)
    assert headline_classes_title(plain) == "classes of 2,000 km and more"
    for year, bound, present in (
        (2029, "base", ("below", "at", "unflown")),
        (2030, "base", tuple(threats)),
        (2025, "low", tuple(threats)),
        (2039, "high", ("below", "at", "unflown")),
        (None, "high", tuple(threats)),
    ):
        assert threats_in_year(plain, year, bound) == present  # type: ignore[arg-type]
    assert headline_title(replace(toy, nations={"ZZZ": toy.nations["ROU"]})) == "ZZZ"
    treaty = (*EUROPE, *NORTH_AMERICA)
    whole = replace(toy, nations=dict.fromkeys(treaty, toy.nations["ROU"]))
    assert headline_nations(whole, None) == EUROPE
    wider = replace(toy, nations=dict.fromkeys((*treaty, "JPN"), toy.nations["ROU"]))
    assert headline_nations(wider, None) == (*treaty, "JPN")
