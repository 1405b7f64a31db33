"""Coverage: what is summed, what is kept between questions, and that every way of asking gives the same answer."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytest

from hoplon.analysis import stages
from hoplon.analysis.coverage import CAUSES, Coverage, aim_points, coverage, gini, headline_threats, summarise
from hoplon.analysis.defence import defence_of
from hoplon.analysis.flights import flights_content, flights_of
from hoplon.analysis.stages import most_shots
from hoplon.analysis.store import Store
from hoplon.defence import evaluation
from hoplon.scenario.geography import AimPoints, places
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Cited, Place, Scenario


def towns(nations: tuple[str, ...] = ("TUR", "ROU", "GRC", "BGR", "POL"), least: float = 30_000) -> AimPoints:
    points = places(nations)
    return points.subset(points.population >= least)


@pytest.fixture(scope="module")
def nato() -> Scenario:
    return load_scenario("nato-europe")


@pytest.fixture(scope="module")
def toy() -> Scenario:
    return load_scenario("toy")


def hand_made(threatened: list[list[bool]], defended: list[list[bool]]) -> Coverage:
    count = len(threatened)
    points = AimPoints(
        name=np.array([f"p{index}" for index in range(count)]),
        nation=np.array(["AAA", "AAA", "BBB", "CCC"][:count]),
        latitude_deg=np.zeros(count),
        longitude_deg=np.zeros(count),
        population=np.array([100.0, 300.0, 50.0, 10.0][:count]),
        area_km2=np.array([5.0, 0.0, 20.0, 0.0][:count]),
        kind=np.full(count, "place"),
    )
    shape = (count, len(threatened[0]))
    return Coverage(
        *("hand", "0", "one", "one", None, "base"),
        points=points,
        areas=("a",),
        threats=("near", "far")[: shape[1]],
        batteries=(),
        threatened=np.array(threatened),
        defended=np.array(defended),
        shots_min=np.zeros(shape, dtype=np.int16),
        hardest=np.zeros(shape, dtype=np.int16),
        cause=np.zeros(shape, dtype=np.int8),
    )


def test_shares_are_of_what_is_threatened_and_must_hold_against_every_class_that_reaches() -> None:
    result = hand_made(
        [[True, True], [True, False], [False, False], [False, True]],
        [[True, False], [True, False], [False, False], [False, True]],
    )
    both = summarise(result)
    # AAA: 400 threatened, 100 of them open to the far class; BBB is not threatened; CCC is held.
    assert both.nations["AAA"].population_share == pytest.approx(0.75, abs=1e-12)
    assert both.nations["BBB"].population_share is None
    assert both.nations["CCC"].population_share == pytest.approx(1.0, abs=1e-12)
    assert both.population_share == pytest.approx(310 / 410, abs=1e-12)
    assert both.area_share == pytest.approx(0.0, abs=1e-12)
    assert both.worst_nation == "AAA"
    assert both.nations["AAA"].area_share == 0.0
    assert both.nations["CCC"].area_share is None
    assert (both.threatened_population, both.defended_population) == (410.0, 310.0)
    assert (both.threatened_area_km2, both.defended_area_km2) == (5.0, 0.0)
    assert (both.nations["AAA"].threatened_population, both.nations["AAA"].defended_population) == (400.0, 300.0)
    assert both.gini == pytest.approx(0.125 / (2 * 0.875), abs=1e-12)  # mean difference 1/8 of the shares 3/4 and 1
    near = summarise(result, ["near"])
    assert near.population_share == pytest.approx(1.0, abs=1e-12)
    assert near.nations["CCC"].population_share is None
    assert near.nations["AAA"].area_share == 1.0


@pytest.mark.parametrize(
    ("shares", "expected"),
    # Sen 1973: two nations, one with all: 1/2; equal shares: 0; (0, 0.5, 1): mean difference 4/9 over twice 1/2.
    [([0.0, 1.0], 0.5), ([0.3, 0.3, 0.3], 0.0), ([0.0, 0.5, 1.0], 4 / 9), ([0.0, 0.0], 0.0)],
)
def test_the_gini_coefficient_is_that_of_the_textbook(shares: list[float], expected: float) -> None:
    assert gini(shares) == pytest.approx(expected, abs=1e-12)


def test_moving_one_battery_recomputes_that_battery_alone(nato: Scenario) -> None:
    store, points = Store(), towns()
    threats, areas = headline_threats(nato), tuple(nato.launch_areas)
    flights = flights_of(nato, points, threats, areas)
    defence = defence_of(nato, nato.architecture("phase-3"))
    stages.shots(store, flights, defence)
    before = len(store)
    moved = replace(
        defence,
        batteries=(
            replace(defence.batteries[0], latitude=defence.batteries[0].latitude + 0.02),
            *defence.batteries[1:],
        ),
    )
    again = stages.shots(store, flights, moved)
    assert len(store) == before + 1  # one more row of shots; cover, tracks and reach tables found again
    fresh = stages.shots(Store(), flights, moved)
    assert np.array_equal(again, fresh)


@pytest.mark.parametrize("enough", [1, 2])
def test_a_battery_moved_is_asked_alone_about_what_no_other_meets(
    nato: Scenario, enough: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, int]] = []
    engaged = stages._engaged

    def noting(store: Store, flights: Any, those: Any, defence: Any, batteries: Any, *rest: Any) -> Any:
        asked.append((len(those), len(batteries)))
        return engaged(store, flights, those, defence, batteries, *rest)

    monkeypatch.setattr(stages, "_engaged", noting)
    store, flights = Store(), flights_of(nato, towns(), headline_threats(nato), tuple(nato.launch_areas))
    defence = defence_of(nato, nato.architecture("phase-3"))
    first = stages.enough_shots(store, flights, defence, enough)
    assert np.array_equal(first, stages.most_shots(Store(), flights, defence, enough))
    others = defence.batteries[1:]
    for degrees in (0.02, 1.5, 40.0):
        battery = replace(defence.batteries[0], latitude=defence.batteries[0].latitude - degrees)
        changed = replace(defence, batteries=(battery, *others))
        found = stages.enough_shots(store, flights, changed, enough)
        assert np.array_equal(found, stages.most_shots(Store(), flights, changed, enough)), degrees
    without = replace(defence, batteries=others, battery_names=defence.battery_names[1:])
    found = stages.enough_shots(store, flights, without, enough)
    assert np.array_equal(found, stages.most_shots(Store(), flights, without, enough))
    assert asked[0] == (len(flights), len(defence.batteries))
    assert len(asked) == 4  # a subset asks nobody
    assert all(batteries == 1 and many < len(flights) for many, batteries in asked[1:])


def test_what_is_counted_whole_answers_whether_there_is_enough(nato: Scenario) -> None:
    store, flights = Store(), flights_of(nato, towns(), headline_threats(nato), tuple(nato.launch_areas))
    defence = defence_of(nato, nato.architecture("phase-3"))
    full = stages.shots(store, flights, defence)
    before = len(store)
    assert np.array_equal(stages.enough_shots(store, flights, defence, 2), np.minimum(full.max(axis=0), 2))
    assert len(store) == before + 1


def test_the_flights_of_a_scenario_that_differs_in_batteries_are_found_again(nato: Scenario, tmp_path: Path) -> None:
    path = tmp_path / "moved.yaml"
    path.write_text(
        "extends: nato-europe\nhoplon: 1\nname: moved\nelements:\n  redzikowo:\n    at: [54.6, 17.1]\n", "utf-8"
    )
    store, points = Store(), towns()
    coverage(store, nato, "phase-3", points, enough=1, what_if=True)
    before = len(store)
    moved = coverage(store, load_scenario(path), "phase-3", points, enough=1, what_if=True)
    assert len(store) == before + 1  # what is settled of the new defence
    fresh = coverage(Store(), load_scenario(path), "phase-3", points, enough=1)
    assert np.array_equal(moved.defended, fresh.defended)
    burnt = "burn_time_s: {value: 150, low: 112, high: 200, kind: assumed}"
    path.write_text(f"extends: nato-europe\nhoplon: 1\nname: slower\nthreats:\n  irbm-3500:\n    {burnt}\n", "utf-8")
    slower = coverage(store, load_scenario(path), "phase-3", points, enough=1, what_if=True)
    fresh = coverage(Store(), load_scenario(path), "phase-3", points, enough=1)
    assert np.array_equal(slower.defended, fresh.defended)


@pytest.mark.parametrize(
    "change",
    [
        {"min_range_km": Cited(1600.0)},
        {"max_range_km": Cited(3400.0)},
        {"burn_time_s": Cited(150.0)},
        {"burnout_altitude_km": Cited(151.0)},
        {"burnout_ground_range_km": Cited(221.0)},
        {"lofts_deg": (0.0, 7.0)},
        {"launch_areas": ("tabriz",)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_moves_a_flight_is_in_the_key_of_flights(nato: Scenario, change: dict[str, Any]) -> None:
    threat = replace(nato.threats["irbm-3500"], **change)
    other = replace(nato, threats={**nato.threats, "irbm-3500": threat})
    of = (["irbm-3500"], ["tabriz", "shiraz"])
    assert flights_content(other, *of) != flights_content(nato, *of)
    areas = {**nato.launch_areas, "shiraz": replace(nato.launch_areas["shiraz"], at=Place(29.0, 52.5))}
    assert flights_content(replace(nato, launch_areas=areas), *of) != flights_content(nato, *of)


def test_moving_a_radar_keeps_the_other_radars_cover(nato: Scenario) -> None:
    store = Store()
    flights = flights_of(nato, towns(), ("irbm-3500",), ("tabriz", "shiraz"))
    defence = defence_of(nato, nato.architecture("phase-1"))
    stages.covers(store, flights, defence)
    before = len(store)
    radars = (replace(defence.radars[0], altitude=5000.0), *defence.radars[1:])
    stages.covers(store, flights, replace(defence, radars=radars))
    assert len(store) == before + 1


@pytest.mark.parametrize("enough", [1, 2])
@pytest.mark.parametrize("level", ["low", "base", "high"])
def test_counting_up_to_enough_finds_the_shots_of_the_full_count(nato: Scenario, level: str, enough: int) -> None:
    flights = flights_of(nato, towns(least=60_000), headline_threats(nato), tuple(nato.launch_areas))
    store = Store()
    for name in ("phase-3", "phase-3-partners", "phase-3-allied", "phase-4"):  # each settles flights for the next
        defence = defence_of(nato, nato.architecture(name), level)  # type: ignore[arg-type]
        counted = stages.most_shots(store, flights, defence, enough)
        full = stages.shots(Store(), flights, defence).max(axis=0, initial=0)
        assert np.array_equal(counted, np.minimum(full, enough)), name


def test_one_thread_and_two_give_the_same_digits(nato: Scenario) -> None:
    points = towns(("TUR", "ROU"))
    threads = numba.get_num_threads()
    results = []
    try:
        for count in (1, threads):
            numba.set_num_threads(count)
            results.append(coverage(Store(), nato, "phase-2", points, explain=True))
    finally:
        numba.set_num_threads(threads)
    for name in ("threatened", "defended", "shots_min", "hardest", "cause"):
        assert np.array_equal(getattr(results[0], name), getattr(results[1], name)), name


def test_pruning_and_coarse_nodes_keep_the_answer_of_every_second_judged(nato: Scenario) -> None:
    flights = flights_of(nato, towns(("TUR", "ROU", "GRC"), 60_000), headline_threats(nato), tuple(nato.launch_areas))
    defence = defence_of(nato, nato.architecture("phase-3-allied"))
    coarse = stages.shots(Store(), flights, defence)
    fine = stages.shots(Store(), flights, defence, stages.SINGLE_STEP)
    # Measured on 40,000 flights: the flag differs at 1 in 10,000, where a window lasts less than the node spacing.
    assert np.mean((coarse > 0) != (fine > 0)) < 1e-3
    assert np.mean(coarse != fine) < 3e-3


def alone(scenario: Scenario, **changes: object) -> Scenario:
    """Return the toy with its only interceptor types changed."""
    kinds = {name: replace(kind, **changes) for name, kind in scenario.interceptors.items()}  # type: ignore[arg-type]
    return replace(scenario, interceptors=kinds)


def causes_of(scenario: Scenario, architecture: str = "fast") -> set[str]:
    """Return the causes at Bucharest and around, which the toy's fast architecture defends as it stands."""
    points = places(("ROU",))
    points = points.subset((points.population > 100_000) & (points.longitude_deg > 25.5) & (points.latitude_deg < 45.3))
    result = coverage(Store(), scenario, architecture, points, threats=["mrbm"], areas=["northwest"], explain=True)
    return {CAUSES[code] for code in np.unique(result.cause[result.threatened & ~result.defended])}


def bounds(low: float, high: float) -> tuple[Cited, Cited]:
    return Cited(low), Cited(high)


def test_the_toy_defends_bucharest_so_that_each_cause_comes_from_one_changed_input(toy: Scenario) -> None:
    assert causes_of(toy) == set()


def test_a_slow_release_is_seen_too_late(toy: Scenario) -> None:
    slow = replace(toy, doctrine=replace(toy.doctrine, decision_s=Cited(520.0)))
    assert causes_of(slow) == {"seen_too_late"}


def test_without_a_radar_that_sees_it_is_never_seen(toy: Scenario) -> None:
    blind = {name: replace(kind, max_range_km=Cited(1.0)) for name, kind in toy.radars.items()}
    assert causes_of(replace(toy, radars=blind)) == {"never_seen"}


def test_a_weak_interceptor_is_out_of_reach(toy: Scenario) -> None:
    assert causes_of(alone(toy, max_flight_time_s=Cited(61.0))) == {"out_of_reach"}


def test_a_floor_above_the_apogee_is_too_low(toy: Scenario) -> None:
    assert causes_of(alone(toy, intercept_altitude_km=bounds(600.0, 1000.0))) == {"too_low"}


def test_a_ceiling_below_the_flight_in_reach_is_too_high(toy: Scenario) -> None:
    # A battery under the middle of the flight, which passes 400 km above it; the low end is 800 km away.
    battery = toy.elements["deveselu-fast"]
    moved = replace(battery, at=Place(42.0, 37.0))
    weak = alone(toy, intercept_altitude_km=bounds(90.0, 200.0), max_flight_time_s=Cited(120.0))
    elements = {**toy.elements, "deveselu-fast": moved}
    assert causes_of(replace(weak, elements=elements)) == {"too_high"}


def test_an_own_radar_that_sees_nothing_leaves_no_support(toy: Scenario) -> None:
    blind = replace(toy.radars["ship-s"], max_range_km=Cited(1.0))
    assert causes_of(replace(toy, radars={**toy.radars, "ship-s": blind})) == {"no_support"}


def test_an_own_radar_whose_role_it_is_not_leaves_no_support(toy: Scenario) -> None:
    early = replace(toy.radars["ship-s"], supports_intercept=False)
    assert causes_of(replace(toy, radars={**toy.radars, "ship-s": early})) == {"no_support"}


def test_every_undefended_point_has_a_cause_and_no_other(nato: Scenario) -> None:
    result = coverage(Store(), nato, "phase-2", towns(), explain=True)
    undefended = result.threatened & ~result.defended
    assert np.array_equal(result.cause > 0, undefended)
    assert undefended.any()


def test_flights_are_judged_in_the_same_pieces_on_any_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    toy = load_scenario("toy")
    pieces: list[int] = []
    monkeypatch.setattr(evaluation, "side_by_side", lambda work, count: pieces.append(count))
    before = numba.get_num_threads()
    flights = flights_of(toy, aim_points(toy), tuple(toy.threats), tuple(toy.launch_areas))
    try:
        for threads in (1, before):
            numba.set_num_threads(threads)
            most_shots(Store(), flights, defence_of(toy, toy.architecture("fast")), 1)
    finally:
        numba.set_num_threads(before)
    assert pieces == [-(-len(flights) // 1000)] * 2
    assert pieces[0] > 1


def test_a_pass_takes_many_flights_piece_by_piece_and_tells_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    toy = load_scenario("toy")
    flights = flights_of(toy, towns(("TUR", "ROU"), 100_000), tuple(toy.threats), tuple(toy.launch_areas))
    defence = defence_of(toy, toy.architecture("fast"))
    whole, judged, taken, told = most_shots(Store(), flights, defence, 1), stages.best_shots, [], []

    def noting(elements: Any, classes: Any, defences: Any, enough: Any, reach: Any, step: Any, slices: Any) -> Any:
        taken.extend(slices)
        return judged(elements, classes, defences, enough, reach, step, taken)

    monkeypatch.setattr(stages, "best_shots", noting)
    monkeypatch.setattr(stages, "_FLIGHTS_A_PIECE", 60)
    store, number = Store(), len(flights) // 60
    stages.settle(store, flights, [defence], [1], progress=lambda *at: told.append(at[:2]))
    assert number > 2
    assert told == [(piece, number) for piece in range(number)]
    edges = [0, *(piece.stop for piece in taken)]
    assert [piece.start for piece in taken] == edges[:-1]
    assert edges[-1] == len(flights)
    sizes = [after - before for before, after in pairwise(edges)]
    assert len(sizes) == number
    assert max(sizes) - min(sizes) <= 1
    assert np.array_equal(stages.settled_shots(store, flights, defence, 1), whole)
