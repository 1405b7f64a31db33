"""The best of random small sets of candidates, against every set written out: enumeration and linear program alike."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest

from hoplon.analysis.mix import program
from hoplon.analysis.mix.asked import _bought, _out_of_reach
from hoplon.analysis.mix.budgets import BudgetSearches, SearchLimits
from hoplon.analysis.mix.enumeration import Enumeration
from hoplon.analysis.mix.found import Optimum, Search
from hoplon.analysis.mix.paid import PaidSearch
from hoplon.analysis.mix.program import MixProgram
from mix_cases import Case, Sets, places, random_case

NEAR = 0.1


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
        searches: list[Search] = [Enumeration(problem), PaidSearch(problem), PaidSearch(problem, most=0)]
        for search in searches:
            found = search.optimum(budget, usable)
            assert places(found.choice) == first
            assert found.worth == pytest.approx(best, abs=2e-9)
            assert found.exact
            about = search.near(budget, usable, found.worth, NEAR)
            assert about.every or search is searches[-1]  # every choice that the budget pays was gone through
            if about.every:
                assert about.total == len(near)
                assert [places(one) for one in about.alternatives] == near[:20]
                assert places(about.must) == tuple(sorted(set.intersection(*map(set, near))))
                assert places(about.never) == tuple(sorted(set(range(case.candidates)) - set().union(*near)))
            else:
                assert about.total <= len(near)


@pytest.mark.parametrize("number", range(0, 48, 8))
@pytest.mark.parametrize("only", [None, "land", "sea"])
def test_the_searches_for_each_budget_are_told_as_bytes(number: int, only: str | None) -> None:
    case = random_case(number)
    problem = case.problem()
    asked = BudgetSearches(problem, (6.5, 2.0), SearchLimits(NEAR, 20, 3000, only))
    assert (asked.chunks, asked.count(0)) == (2, 1)
    everything, land, sea = problem.choices.everything, *map(problem.choices.without_batteries, ("sea", "land"))
    usable = {None: everything, "land": land, "sea": sea}[only]
    for place, budget in enumerate((6.5, 2.0)):
        found = asked.chunk(place)
        assert asked.decoded(place, asked.encoded(found)) == found
        for one, among in ((found.best, usable), (found.land, land), (found.sea, sea)):
            first, best, _ = best_of(case, case.every(budget, set(places(among))))
            assert places(one.choice) == first
            assert one.worth == pytest.approx(best, abs=2e-9)


def test_a_nation_is_out_of_reach_of_a_basing_where_all_that_is_based_there_defends_nothing_of_it() -> None:
    told = set()
    for number in range(48):
        case = random_case(number)
        found = _out_of_reach(case.problem())
        for basing, other in (("land", "sea"), ("sea", "land")):
            chosen = {one for one, own in enumerate(case.basing) if own != other}
            pieces = {piece for piece, brought in enumerate(case.brought) if brought & chosen}
            met = [any(least <= pieces for least in family) for family in case.families]
            held = {own for own, mine in zip(case.nation, case.flights, strict=True) if all(met[each] for each in mine)}
            expected = tuple("ABC"[nation] for nation in sorted(set(case.nation)) if nation not in held)
            assert found[basing] == expected
            told.add(expected)
    assert len(told) > 3


def test_a_budget_that_buys_everything_is_told() -> None:
    case = next(case for case in map(random_case, range(48)) if case.candidates == 5)
    choices, every = case.problem().choices, case.cost(tuple(range(5)))
    assert 1.0 < every < 100.0
    told = [f"the budget {every:,.0f} million USD buys all 5 candidates, which cost {every:,.0f}"]
    assert _bought(choices, [every, every - 0.01]) == told
    assert len(_bought(choices, [every + 1.0, every])) == 2


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
    count = 20
    families = [[set(draw.sample(range(count), 3)) for _ in range(3)] for _ in range(60)]
    case = Case(
        candidates=count,
        brought=[{one} for one in range(count)],
        site=[0] * count,
        families=families,
        flights=[[2 * place, 2 * place + 1] for place in range(30)],
        weight=[draw.random() for _ in range(30)],
        nation=[0] * 30,
        charges=[({one}, draw.random()) for one in range(count)],
        needs=[],
        rivals=[],
        most=None,
        basing=[None] * count,
        worst_nation=False,
        losses=0,
    )
    problem = case.problem()
    stopped = MixProgram(problem, nodes=1).optimum(3.0, problem.choices.everything)
    assert not stopped.exact
    assert stopped.bound > stopped.worth > 0.0
    assert stopped.gap == pytest.approx((stopped.bound - stopped.worth) / stopped.worth)
    assert problem.choices.cost_musd(stopped.choice) <= 3.0
    again = MixProgram(problem, nodes=1).optimum(3.0, problem.choices.everything)
    assert (again.choice, again.bound) == (stopped.choice, stopped.bound)


@pytest.mark.parametrize(
    ("worth", "bound", "gap", "exact"),
    [
        *((2.0, 2.0, 0.0, True), (2.0, 1.0, 0.0, True), (0.5, 0.75, 0.5, False), (4.0, 4.0 + 3e-6, 0.75e-6, True)),
        *((1.0, 1.0 + 1.05e-6, 1.05e-6, False), (0.0, 1e-16, 1e-7, True), (0.0, 1.05e-15, 1.05e-6, False)),
    ],
)
def test_a_gap_is_the_share_of_the_worth_by_which_the_bound_exceeds_it(
    worth: float, bound: float, gap: float, exact: bool
) -> None:
    found = Optimum(0, worth, bound)
    assert found.gap == pytest.approx(gap, abs=1e-12)
    assert found.exact == exact


@pytest.mark.parametrize(("offered", "listed"), [(0b111, 0), (0b000, 0), (0b011, 1)])
def test_what_a_solver_offers_beyond_the_budget_or_below_the_worth_is_not_listed(
    offered: int, listed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two of three candidates that cost 1 each are paid, and defend together what comes near."""
    case = Case(
        candidates=3,
        brought=[{0}, {1}, {2}],
        site=[0, 1, 2],
        families=[[{0, 1}]],
        flights=[[0]],
        weight=[1.0],
        nation=[0],
        charges=[({0}, 1.0), ({1}, 1.0), ({2}, 1.0)],
        needs=[],
        rivals=[],
        most=None,
        basing=[None] * 3,
        worst_nation=False,
        losses=0,
    )
    offers = iter([program._Answer(offered, 1.0, True)])
    nothing = program._Answer(None, -math.inf, True)
    monkeypatch.setattr(MixProgram, "_solve", lambda *_, **__: next(offers, nothing))
    found = MixProgram(case.problem(), mattering=0b111).near(2.0, 0b111, 1.0, NEAR)
    assert found.every
    assert found.total == len(found.alternatives) == listed
    assert found.alternatives == ((0b011,) if listed else ())


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


@pytest.mark.parametrize("losses", [3, 9])
@pytest.mark.parametrize("number", range(12))
def test_more_sites_lost_than_stand_leave_nothing_of_what_was_chosen(number: int, losses: int) -> None:
    case = replace(random_case(number), losses=losses)
    problem = case.problem()
    first, best, near = best_of(case, case.every(6.5, set(range(case.candidates))))
    for search in (PaidSearch(problem), PaidSearch(problem, most=0)):
        found = search.optimum(6.5, problem.choices.everything)
        assert places(found.choice) == first
        assert found.worth == pytest.approx(best, abs=2e-9)
        assert found.exact
    assert [
        places(one) for one in PaidSearch(problem).near(6.5, problem.choices.everything, best, NEAR).alternatives
    ] == near


def test_a_program_of_losses_out_of_steps_says_what_it_found_and_how_far_the_bound_is() -> None:
    draw = random.Random(5)
    count = 14
    case = Case(
        candidates=count,
        brought=[{one} for one in range(count)],
        site=[one // 2 for one in range(count)],
        families=[[set(draw.sample(range(count), draw.randint(1, 3))) for _ in range(3)] for _ in range(40)],
        flights=[[2 * place, 2 * place + 1] for place in range(20)],
        weight=[draw.random() for _ in range(20)],
        nation=[0] * 20,
        charges=[({one}, draw.random()) for one in range(count)],
        needs=[],
        rivals=[],
        most=None,
        basing=[None] * count,
        worst_nation=False,
        losses=1,
    )
    problem = case.problem()
    exact = PaidSearch(problem).optimum(3.0, problem.choices.everything)
    stopped, again = (PaidSearch(problem, nodes=1, most=0).optimum(3.0, problem.choices.everything) for _ in range(2))
    assert exact.exact
    assert not stopped.exact
    assert stopped.worth <= exact.worth + 1e-9
    assert stopped.bound >= exact.worth - 1e-9
    assert problem.choices.cost_musd(stopped.choice) <= 3.0
    assert (again.choice, again.bound) == (stopped.choice, stopped.bound)
