"""Worlds, plans, waits and moves worked by hand, with judged places that are written down."""

from __future__ import annotations

import math
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

import hoplon
from hoplon.analysis.adaptivity.answer import (
    LONGEST_WAIT,
    MOVES,
    WAIT_YEARS,
    AdaptivityAnswer,
    PointsCounted,
    _counted,
)
from hoplon.analysis.adaptivity.judged import _part_of
from hoplon.analysis.adaptivity.plan import FieldingPlan, discounted_musd, plan_of, waiting
from hoplon.analysis.adaptivity.response import (
    DAYS,
    MOST_SETS,
    moved_architectures,
    responses,
    sets_of_moves,
    value_of,
)
from hoplon.analysis.adaptivity.worlds import World, launched_in_any, world_of
from hoplon.analysis.costs.roll_out import FieldedStage
from hoplon.analysis.robustness.run import ChoiceScope
from hoplon.errors import InputError
from hoplon.scenario.decisions.records import AdaptationOptions, Costs, Move, Surprise, ThreatShift
from hoplon.scenario.geography import AimPoints
from hoplon.scenario.model import Cited, Membership, Scenario

FIRST = Cited(2014.0, 2012.0, 2017.0)


def toy(**moves: Move) -> Scenario:
    """Return the toy with a class that begins, surprises, costs and moves."""
    made = hoplon.load("toy")
    threats = {**made.threats, "irbm": replace(made.threats["irbm"], from_=FIRST)}
    surprises = {
        "sooner": Surprise(threats={"irbm": ThreatShift(shift_years=Cited(-3.0))}),
        "elsewhere": Surprise(threats={"mrbm": ThreatShift(launch_areas=("centre",))}),
    }
    return replace(
        made,
        threats=MappingProxyType(threats),
        adapt=AdaptationOptions(surprises=MappingProxyType(surprises), moves=MappingProxyType(moves)),
        costs=Costs(base_year=2009, discount_rate=Cited(0.1), years=Cited(3.0)),
    )


@pytest.mark.parametrize(
    ("pace", "surprise", "first"),
    [
        ("slow", None, 2017),
        ("base", None, 2014),
        ("fast", None, 2012),
        ("base", "sooner", 2011),
        ("fast", "sooner", 2009),
    ],
)
def test_a_class_exists_from_its_first_year_at_a_pace_and_a_surprise_shifts_it(
    pace: Any, surprise: Any, first: int
) -> None:
    found = world_of(toy(), pace, surprise, ("mrbm", "irbm"), None)
    assert (found.pace, found.surprise) == (pace, surprise)
    assert found.classes_in(first - 1) == ("mrbm",)
    assert found.classes_in(first) == ("mrbm", "irbm")
    assert found.first_years["mrbm"] == -math.inf


def test_a_class_is_launched_from_its_own_areas_or_those_of_the_surprise_where_they_count() -> None:
    scenario = toy()
    both = tuple(scenario.launch_areas)
    assert both == ("northwest", "centre")
    planned = world_of(scenario, "base", None, ("mrbm", "irbm"), None)
    assert planned.areas == {"mrbm": both, "irbm": ("northwest",)}
    surprised = world_of(scenario, "base", "elsewhere", ("mrbm", "irbm"), None)
    assert surprised.areas == {"mrbm": ("centre",), "irbm": ("northwest",)}
    kept = world_of(scenario, "base", "sooner", ("mrbm", "irbm"), ("centre",))
    assert kept.areas == {"mrbm": ("centre",), "irbm": ()}
    wider = launched_in_any(scenario, [surprised, world_of(scenario, "base", None, ("irbm",), None)])
    assert {name: kind.launch_areas for name, kind in wider.threats.items()} == dict(surprised.areas)
    everywhere = launched_in_any(scenario, [surprised, planned])
    assert everywhere.threats["mrbm"].launch_areas == both
    alone = launched_in_any(scenario, [world_of(scenario, "base", None, ("irbm",), None)])
    assert alone.threats["mrbm"].launch_areas is None  # of a class that does not count nothing is changed


class Written:
    """Says which places are threatened, and which are open, by architecture and year."""

    def __init__(self, states: dict[tuple[Any, int], tuple[list[bool], list[bool]]]) -> None:
        self.states = states

    def state(self, architecture: Any, world: World, year: int) -> Any:
        return tuple(np.array(each) for each in self.states[architecture, year])


def planned(scenario: Scenario) -> FieldingPlan:
    """Return two stages of 2011 and 2012, and three years that are looked at."""
    named = {"slow": 2011, "fast": 2012}
    written = {name: replace(scenario.architectures[name], year=year) for name, year in named.items()}
    return plan_of(replace(scenario, architectures=MappingProxyType(written)), ["slow", "fast"])


def test_what_is_fielded_late_leaves_people_exposed_whose_years_are_summed() -> None:
    scenario = toy()
    plan = planned(scenario)
    assert plan.years == range(2011, 2014)
    assert [plan.fielded(year) for year in range(2010, 2014)] == [None, "slow", "fast", "fast"]
    assert [plan.fielded(year, 1) for year in range(2010, 2014)] == [None, None, "slow", "fast"]
    people = np.array([1e6, 3e6])
    reached = [True, True]
    states: dict[tuple[Any, int], Any] = {(None, year): (reached, [True, True]) for year in plan.years}
    states |= {("slow", year): (reached, [True, False]) for year in plan.years}
    states |= {("fast", year): (reached, [False, False]) for year in plan.years}
    world = world_of(scenario, "base", None, ("mrbm",), None)
    at_once, late, later = waiting(scenario, plan, Written(states), people, world, [0, 1, 2])  # type: ignore[arg-type]
    assert (at_once.exposure_million_person_years, at_once.regret_million_person_years) == (1.0, 0.0)
    assert (late.exposure_million_person_years, late.regret_million_person_years) == (5.0, 4.0)
    assert (later.exposure_million_person_years, later.regret_million_person_years) == (9.0, 8.0)
    assert (at_once.saving_musd, at_once.usd_per_person_year) == (0.0, None)
    assert (later.pace, later.surprise, later.wait_years) == ("base", None, 2)


def test_waiting_saves_what_is_spent_later_or_beyond_the_horizon() -> None:
    """A stage of 100 with 10 a year in 2011, a second radar of 50 with 5 a year in 2012, at 10 % over three years."""
    made = toy()
    radars = {
        "one": replace(made.elements["kurecik"], acquisition_musd=Cited(100.0), annual_musd=Cited(10.0)),
        "two": replace(made.elements["kurecik"], acquisition_musd=Cited(50.0), annual_musd=Cited(5.0)),
    }
    stages = (FieldedStage("a", 2011, {"one": radars["one"]}), FieldedStage("b", 2012, radars))
    plan = FieldingPlan(stages, range(2011, 2014))
    at_once = 110.0 + (50.0 + 15.0) / 1.1 + 15.0 / 1.1**2
    late = 110.0 / 1.1 + (50.0 + 15.0) / 1.1**2
    assert discounted_musd(made, plan, 0) == pytest.approx(at_once, rel=1e-12)
    assert discounted_musd(made, plan, 1) == pytest.approx(late, rel=1e-12)
    assert discounted_musd(made, plan, 2) == pytest.approx(110.0 / 1.1**2, rel=1e-12)
    assert discounted_musd(made, plan, 3) == 0.0
    states = {(name, year): ([True], [name != "b"]) for name in (None, "a", "b") for year in plan.years}
    world = world_of(made, "base", None, ("mrbm",), None)
    (found,) = waiting(made, plan, Written(states), np.array([2e6]), world, [1])  # type: ignore[arg-type]
    assert found.saving_musd == pytest.approx(at_once - late, rel=1e-12)
    assert found.usd_per_person_year == pytest.approx((at_once - late) / 2.0, rel=1e-12)  # one year of two million


def test_a_plan_needs_stages_whose_years_rise() -> None:
    scenario = toy()
    with pytest.raises(InputError, match="one or more to plan with were expected, got none"):
        plan_of(scenario, [])
    with pytest.raises(InputError, match=r"architectures\.slow: no year"):
        plan_of(scenario, ["slow"])
    for years in ((2011, 2011), (2012, 2011)):
        written = {
            name: replace(scenario.architectures[name], year=year)
            for name, year in zip(("slow", "fast"), years, strict=True)
        }
        with pytest.raises(InputError, match="does not come after"):
            plan_of(replace(scenario, architectures=MappingProxyType(written)), ["slow", "fast"])


def moves() -> dict[str, Move]:
    return {
        "now": Move(elements=("deveselu",), lead_days=Cited(0.0), cost_musd=Cited(5.0)),
        "week": Move(elements=("deveselu",), lead_days=Cited(7.0), cost_musd=Cited(4.0)),
        "late": Move(without=("kurecik",), lead_days=Cited(1096.0)),
    }


def answered(values: Any, scenario: Scenario, year: int = 2011) -> Any:
    """Return responses where sets of moves defend so much of one place of weight 1 beside another of what is left."""
    names = {chosen: "+".join(chosen) for chosen in values}
    open_ = {names[chosen]: value for chosen, value in values.items()}

    class Judged:
        def state(self, architecture: str, world: World, asked: int) -> Any:
            assert asked == year
            value = open_[architecture]
            if value is None:
                return np.zeros(1), np.zeros(1)
            return np.ones(1), np.array([1.0 - value])

    world = world_of(scenario, "fast", "sooner", ("mrbm",), None)
    one = np.ones(1), np.zeros(1, dtype=np.intp)
    return responses(scenario, Judged(), names, year, world, *one, "population")  # type: ignore[arg-type]


def test_the_best_response_is_ready_in_time_and_the_cheaper_of_equal_ones() -> None:
    scenario = toy(**moves())
    worth = {(): 0.5, ("now",): 0.6, ("now", "week"): 0.6, ("week",): 0.6, ("late",): 0.9}
    found = answered(worth, scenario)
    assert [one.days for one in found] == [0, 7, 30, 90, 365, 1095] == list(DAYS)
    assert [one.moves for one in found] == [("now",), *[("week",)] * 5]  # the late one is a day too late for 1,095
    assert [one.cost_musd for one in found] == [5.0, *[4.0] * 5]
    assert {(one.surprise, one.pace) for one in found} == {("sooner", "fast")}
    assert [one.value for one in found] == pytest.approx([0.6] * 6, abs=1e-12)


@pytest.mark.parametrize(("more", "chosen"), [(1.05e-9, ("now",)), (0.95e-9, ("week",))])
def test_values_tie_within_a_billionth(more: float, chosen: tuple[str, ...]) -> None:
    found = answered({(): 0.1, ("now",): 0.5 + more, ("week",): 0.5}, toy(**moves()))
    assert found[1].moves == chosen


@pytest.mark.parametrize(("dearer", "chosen"), [(1.05e-9, ("b",)), (0.95e-9, ("a",))])
@pytest.mark.parametrize("cost", [1.0, 0.25])
def test_costs_tie_within_a_billionth_and_the_first_of_them_is_taken(
    dearer: float, chosen: tuple[str, ...], cost: float
) -> None:
    made = {
        "a": Move(lead_days=Cited(0.0), cost_musd=Cited(cost + dearer)),
        "b": Move(lead_days=Cited(0.0), cost_musd=Cited(cost)),
    }
    assert answered({(): 0.1, ("a",): 0.5, ("b",): 0.5}, toy(**made))[0].moves == chosen


def test_where_nothing_is_threatened_no_move_is_made() -> None:
    found = answered({("now",): None, (): None, ("week",): None}, toy(**moves()))
    assert {(one.value, one.moves, one.cost_musd) for one in found} == {(None, (), 0.0)}


def test_nations_without_weight_are_not_the_worst() -> None:
    reached, open_ = np.array([True, True, True]), np.array([True, False, True])
    weight, nation = np.array([0.0, 4.0, 1.0]), np.array([0, 1, 1])
    assert value_of((reached, open_), weight, nation, "worst_nation") == pytest.approx(4 / 5)
    assert value_of((reached, open_), np.zeros(3), nation, "worst_nation") is None


def test_sets_of_moves_that_come_to_the_same_share_an_architecture() -> None:
    scenario = toy(**moves())
    sets = [(), ("now",), ("now", "late"), ("week",), ("late",)]
    wider, names, resolved = moved_architectures(scenario, "fast", sets)
    assert names[("now",)] == names[("week",)] != names[()]
    assert names[()] == "fast"
    assert names[("now", "late")] == "fast + now + late"
    assert "deveselu" in resolved[names[("now",)]].elements
    assert "kurecik" not in resolved[names[("late",)]].elements
    assert set(resolved) == set(names.values())
    assert len(resolved) == 4
    assert set(wider.architectures) - set(scenario.architectures) == {
        "fast + now", "fast + now + late", "fast + week", "fast + late",
    }  # fmt: skip


def test_two_million_sets_of_moves_are_the_most() -> None:
    assert MOST_SETS == 2_000_000
    with pytest.raises(InputError, match="2,000,001 sets of at most 1 of 2000000 moves"):
        sets_of_moves(range(2_000_000), 1)  # type: ignore[arg-type]
    assert sets_of_moves(("a", "b"), 0) == [()]
    assert sets_of_moves(("a", "b"), 9) == [(), ("a",), ("a", "b"), ("b",)]


def test_waits_up_to_five_years_and_two_moves_are_asked_for_by_default() -> None:
    assert WAIT_YEARS == (0, 1, 2, 3, 4, 5)
    assert (MOVES, LONGEST_WAIT) == (2, 100)


def test_progress_of_a_part_is_told_as_that_of_all_parts() -> None:
    told: list[tuple[int, int, str]] = []
    tell = _part_of(lambda done, total, text: told.append((done, total, text)), 2, 5)
    tell(3, 10, "flights")
    tell(0, 0, "nothing")
    tell(1, 1, "one")
    assert told == [(23, 50, "flights"), (2, 5, "nothing"), (3, 5, "one")]


def places() -> AimPoints:
    return AimPoints(
        np.array(["a", "b", "c", "d"]),
        np.array(["ROU", "ROU", "GRC", "XXX"]),
        np.full(4, 45.0),
        np.full(4, 25.0),
        np.array([5.0, 0.0, 7.0, 9.0]),
        np.array([1.0, 2.0, 3.0, 4.0]),
        np.full(4, "place"),
    )


def test_of_the_scenario_s_own_points_those_of_members_with_weight_count() -> None:
    scenario = toy()
    late = {**scenario.nations, "GRC": Membership(from_=2012)}
    scenario = replace(scenario, nations=MappingProxyType(late))

    def counted(scope: ChoiceScope, last: int) -> list[str]:
        stages = (FieldedStage("slow", 2005, {}), FieldedStage("fast", last, {}))
        return list(_counted(scenario, FieldingPlan(stages, range(2005, 2015)), scope).name.tolist())

    own = ChoiceScope(places())
    assert counted(own, 2011) == ["a"]
    assert counted(own, 2012) == ["a", "c"]  # by the last year of the plan
    assert counted(replace(own, value="area"), 2012) == ["a", "b", "c"]
    assert counted(replace(own, given=True), 2012) == ["a", "b", "c", "d"]


def test_an_answer_without_waits_tells_its_plan_alone() -> None:
    plan = FieldingPlan((FieldedStage("slow", 2011, {}),), range(2011, 2014))
    made = AdaptivityAnswer("toy", plan, (), (), {}, 0.5, "area", PointsCounted(3, 40))
    assert made.line() == "toy: slow (2011)"
    told = made.as_json()
    assert told["horizon"] == {"first_year": 2011, "years": 3}
    assert told["subset"] == {"points": 3, "of": 40}
    assert (told["planned"], told["waiting"], told["response"]) == (0.5, [], [])
