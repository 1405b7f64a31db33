"""The parts of the search for a mix one by one: ties, limits, rows of the program, what is kept between searches."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import highspy
import numpy as np
import pytest

from hoplon.analysis.mix import enumeration, linear, paid, phases
from hoplon.analysis.mix.asked import LEVELS, MARKS, OBJECTIVES, MixAsked
from hoplon.analysis.mix.budgets import BudgetFound, _mix, search_of, usable_of
from hoplon.analysis.mix.choices import ceiling, within
from hoplon.analysis.mix.columns import ChoiceColumns
from hoplon.analysis.mix.enumeration import Enumeration, cheapest, worst_losses
from hoplon.analysis.mix.found import LISTED, NearOptimal, Optimum
from hoplon.analysis.mix.linear import LinearProgram
from hoplon.analysis.mix.paid import PaidSearch, _Known
from hoplon.analysis.mix.phases import best_growth
from hoplon.analysis.mix.problem import NO_SITE, Pieces
from hoplon.analysis.mix.program import NODES_A_SECOND, MixProgram
from hoplon.analysis.mix.swaps import SwapSearch
from mix_cases import Case, places, random_case


def made(
    charges: list[float], families: list[list[set[int]]], weight: list[float] | None = None, **changes: Any
) -> Case:
    """Return a case of candidates with a piece each at a site of its own, and a place for each family."""
    count = len(charges)
    case = Case(
        candidates=count,
        brought=[{one} for one in range(count)],
        site=list(range(count)),
        families=families,
        flights=[[place] for place in range(len(families))],
        weight=weight or [1.0] * len(families),
        nation=[0] * len(families),
        charges=[({one}, charge) for one, charge in enumerate(charges)],
        needs=[],
        rivals=[],
        most=None,
        basing=[None] * count,
        worst_nation=False,
        losses=0,
    )
    return replace(case, **changes)


def searches(case: Case) -> list[Any]:
    problem = case.problem()
    return [Enumeration(problem), PaidSearch(problem), PaidSearch(problem, most=0)]


# --- ties -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cost", [0.25, 1.0, 4.0])
@pytest.mark.parametrize(("part", "first"), [(0.95e-9, (0,)), (1.05e-9, (1,))])
def test_costs_tie_within_a_billionth_of_them_or_of_a_million_and_the_first_is_taken(
    cost: float, part: float, first: tuple[int, ...]
) -> None:
    dearer = cost + part * max(1.0, cost)
    case = made([dearer, cost], [[{0}, {1}]])
    for search in searches(case):
        assert places(search.optimum(10.0, 0b11).choice) == first
    problem = case.problem()
    assert places(best_growth([problem], [10.0], 0b11).choices[0]) == first
    choices = np.array([0b01, 0b10])
    told = cheapest(problem, choices, problem.choices.costs_musd(choices), 2)
    assert told == ((0b01, 0b10) if first == (0,) else (0b10, 0b01))
    assert cheapest(problem, choices, problem.choices.costs_musd(choices), 1) == told[:1]
    assert cheapest(problem, choices, problem.choices.costs_musd(choices), 0) == ()


@pytest.mark.parametrize(("more", "chosen"), [(1.9e-9, (1,)), (2.1e-9, (0,))])
def test_worths_tie_within_a_billionth_and_the_cheaper_is_taken(more: float, chosen: tuple[int, ...]) -> None:
    """Each of two candidates defends one of two places; one of them has so much more weight, half of it a share."""
    case = made([2.0, 1.0], [[{0}], [{1}]], [1.0 + more, 1.0])
    for search in searches(case)[:2]:
        assert places(search.optimum(2.0, 0b11).choice) == chosen
    assert places(best_growth([case.problem()], [2.0], 0b11).choices[0]) == chosen
    swap = SwapSearch(replace(case, losses=1, site=[0, 1], families=[[{0}], [{1}]]).problem())
    swap._worth.update({0b01: 0.5 + more / 2.0, 0b10: 0.5})
    assert swap._is_better(0b10, 0b01) == (chosen == (1,))
    assert swap._is_better(0b01, 0b10) == (chosen == (0,))


@pytest.mark.parametrize("budget", [0.25, 1.0, 400.0])
def test_a_budget_pays_what_exceeds_it_by_less_than_a_billionth(budget: float) -> None:
    room = max(1.0, budget)
    assert within(budget + 0.95e-9 * room, budget)
    assert not within(budget + 1.05e-9 * room, budget)
    assert ceiling(-budget) == pytest.approx(-budget + 1e-9 * room, abs=1e-13)
    for search in searches(made([budget + 0.9e-9 * room], [[{0}]])):
        assert places(search.optimum(budget, 1).choice) == (0,)
    for search in searches(made([budget + 2e-9 * room], [[{0}]])):
        assert places(search.optimum(budget, 1).choice) == ()


@pytest.mark.parametrize(
    ("land", "sea", "dominates"), [(2e-9, 2e-9, True), (0.5e-9, 2e-9, False), (2e-9, 0.5e-9, False)]
)
def test_a_mix_dominates_where_it_is_better_than_land_and_than_sea_by_more_than_a_billionth(
    land: float, sea: float, dominates: bool
) -> None:
    problem = made([1.0, 2.0], [[{0}], [{1}]], [1.0, 3.0]).problem()
    found = BudgetFound(
        Optimum(0b11, 1.0, 1.0),
        NearOptimal(0b10, 0b00, (0b10, 0b11), 2, False),
        Optimum(0b01, 1.0 - land, 1.0),
        Optimum(0b10, 1.0 - sea, 1.0),
    )
    told = _mix(problem, 3.0, found)
    assert told.mix_dominates == dominates
    assert (told.budget_musd, told.value, told.chosen, told.cost_musd) == (3.0, 1.0, ("c0", "c1"), 3.0)
    assert (told.near.must, told.near.never, told.near.total, told.near.every) == (("c1",), (), 2, False)
    assert told.near.values == pytest.approx((0.75, 1.0))
    assert told.near.costs_musd == (2.0, 3.0)
    assert (told.land.chosen, told.sea.chosen) == (("c0",), ("c1",))
    assert (told.land.cost_musd, told.sea.cost_musd) == (1.0, 2.0)
    assert told.land.after_loss == 0.0
    assert told.after_loss == pytest.approx(0.25)  # of the heavier place's candidate


# --- how a problem is searched ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("matter", "losses", "pieces", "serves"),
    [(20, 0, 40, True), (21, 0, 4, False), (20, 1, 22, True), (20, 1, 23, False)],
)
def test_20_candidates_that_matter_are_enumerated_and_22_pieces_where_sites_are_lost(
    matter: int, losses: int, pieces: int, serves: bool
) -> None:
    problem: Any = SimpleNamespace(mattering=(1 << matter) - 1, losses=losses, deciding=tuple(range(pieces)))
    assert Enumeration.serves(problem) == serves


def test_few_candidates_are_enumerated_and_those_of_one_basing_are_usable_alone() -> None:
    case = made([1.0, 2.0, 3.0], [[{0}], [{1}]], basing=["land", "sea", None])
    assert isinstance(search_of(case.problem(), 5), Enumeration)
    many = search_of(made([1.0] * 21, [[{one} for one in range(21)]]).problem(), 5)
    assert isinstance(many, PaidSearch)
    assert many.nodes == 5
    choices = case.problem().choices
    assert [usable_of(choices, only) for only in (None, "land", "sea")] == [0b111, 0b101, 0b110]


@pytest.mark.parametrize("number", range(0, 48, 3))
def test_worths_of_choices_are_the_same_where_pieces_are_too_many_for_a_table(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = random_case(number).problem()
    tabled = Enumeration(problem).worth
    monkeypatch.setattr(enumeration, "_MOST_PIECES", len(problem.deciding) - 1)
    monkeypatch.setattr(enumeration, "table_of_pieces", lambda _: pytest.fail("a table too large"))
    assert Enumeration(problem).worth == pytest.approx(tabled, abs=1e-12)


def test_all_choices_are_paid_up_to_the_most_that_are_gone_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three candidates have eight sets, of which one budget pays four; two sites can be lost in one way, or in two."""
    case = made([1.0, 1.0, 2.0], [[{0}], [{1}], [{2}]])
    problem = case.problem()
    for most, count in ((8, 8), (7, None)):
        found = PaidSearch(problem, most=most)._paid(9.0, 0b111)
        assert (None if found is None else len(found)) == count
    found = PaidSearch(problem)._paid(2.0, 0b111)
    assert found is not None
    assert sorted(found.tolist()) == [0b000, 0b001, 0b010, 0b011, 0b100]
    lost = replace(case, losses=1).problem()
    for name, least, enough in (
        ("_MOST_JUDGED", 24, True),
        ("_MOST_JUDGED", 23, False),
        ("_MOST_LOSSES", 3, True),
        ("_MOST_LOSSES", 2, False),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(paid, name, least)  # one of three sites is lost in three ways: 24 times eight sets
            assert (PaidSearch(lost)._paid(9.0, 0b111) is not None) == enough
    assert (paid.MOST_PAID, paid._MOST_LOSSES, paid._MOST_JUDGED) == (2**20, 2**17, 2**29)


def test_values_that_are_known_are_not_asked_for_again() -> None:
    asked: list[list[int]] = []

    def values(coalitions: np.ndarray) -> np.ndarray:
        asked.append(coalitions.tolist())
        return coalitions / 10.0

    known = _Known(SimpleNamespace(values=values))  # type: ignore[arg-type]
    assert known.values(np.array([4])).tolist() == [0.4]
    known.learn(np.array([3, 1, 3]))
    assert asked.pop() == [1, 3]
    assert known.values(np.array([3, 2, 1, 7, 0])).tolist() == [0.3, 0.2, 0.1, 0.7, 0.0]
    assert asked.pop() == [2, 7, 0]
    del asked[:]
    known.learn(np.array([1]))
    assert [each for each in asked if each] == []
    known.learn(np.array([1, 5]))
    assert asked[-1] == [5]  # the other is known
    assert known.values(np.array([5, 1])).tolist() == [0.5, 0.1]


def test_swaps_go_through_one_or_two_more_one_less_and_one_for_another() -> None:
    for number in (3, 10, 21, 30):
        case = random_case(number)
        problem = case.problem()
        usable = problem.choices.without_batteries("sea")
        outside = set(places(usable & problem.mattering))
        every = case.every(6.5, set(range(case.candidates)))
        for chosen in list(every)[:12]:
            mine = set(chosen)
            more = outside - mine
            near = {frozenset(mine - {one}) for one in mine}
            near |= {frozenset(mine | set(two)) for count in (1, 2) for two in itertools.combinations(more, count)}
            near |= {frozenset(mine - {one} | {other}) for one in mine for other in more}
            expected = sorted(sum(1 << one for one in each) for each in near if tuple(sorted(each)) in every)
            found = SwapSearch(problem)._neighbours(sum(1 << one for one in chosen), 6.5, usable)
            assert found == expected


def test_what_swaps_came_by_within_the_share_the_budget_and_the_candidates_is_told() -> None:
    problem = made([1.0, 2.0, 4.0, 0.5], [[{0}], [{1}], [{2}], [{3}]]).problem()
    swap = SwapSearch(problem)
    swap._worth.update({0b0001: 0.9, 0b0011: 1.0, 0b0010: 0.8, 0b0100: 0.9, 0b0110: 0.95, 0b1010: 0.899, 0b1000: 0.7})
    found = swap.near(5.0, 0b0111, 1.0, 0.1)
    assert found == NearOptimal(0, 0b1010, (0b0001, 0b0100), 2, False)
    assert swap.near(3.0, 0b1111, 1.0, 0.1).alternatives == (0b0001,)
    assert swap.near(5.0, 0b1111, 1.0, 0.2, listed=1) == NearOptimal(0, 0b1000, (0b0001,), 3, False)


def test_candidates_that_matter_in_no_phase_are_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first of four costs something and defends nothing; the second matters in one phase, the third in another."""
    problems = [made([1.0] * 4, [[{piece}]]).problem() for piece in (1, 2)]
    assert [one.mattering for one in problems] == [0b0010, 0b0100]
    assert MixProgram(problems[0]).mattering == 0b0010
    assert MixProgram(problems[1], earlier=((problems[0], 1.0),)).mattering == 0b0110
    assert MixProgram(problems[0], mattering=0b1000).mattering == 0b1000
    assert Enumeration(problems[0]).mattering == 0b0010
    few, gone_through = list[int](), list[int]()

    def noted(problem: Any, mattering: int) -> Enumeration:
        gone_through.append(mattering)
        return Enumeration(problem, mattering)

    monkeypatch.setattr(phases, "Enumeration", noted)
    monkeypatch.setattr(phases, "_are_few", lambda problems, mattering, most: few.append(mattering) is None)
    found = best_growth(problems, [1.0, 2.0], 0b1111)
    assert found.choices == (0b0010, 0b0110)
    assert (few, gone_through) == ([0b0110], [0b0110, 0b0110])
    assert best_growth(problems, [1.0, 2.0], 0b1011).choices == (0b0010, 0b0010)
    assert (few[1], gone_through[2]) == (0b0010, 0b0010)


@pytest.mark.parametrize(
    ("count", "losses", "serves", "most", "few"),
    [
        (20, 0, True, 20, True),
        (21, 0, True, 20, False),
        (20, 1, True, 20, True),
        (12, 1, False, 20, True),
        (13, 1, False, 20, False),
        (5, 1, False, 4, False),
    ],
)
def test_growths_of_few_candidates_are_gone_through(
    count: int, losses: int, serves: bool, most: int, few: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phases.Enumeration, "serves", lambda _: serves)
    problems: Any = [SimpleNamespace(losses=losses)] * 2
    assert phases._are_few(problems, (1 << count) - 1, most) == few


def test_pieces_that_are_at_no_site_are_not_lost() -> None:
    assert Pieces((), (), ()).sites == ()
    assert Pieces((), (1, 2), (NO_SITE, NO_SITE)).sites == ()
    assert Pieces((), (1, 2, 4), (1, NO_SITE, 0)).sites == (0b100, 0b001)
    assert Pieces((), (1, 2, 3), (0, 0, 1)).of(0b10) == 0b110


def test_the_worst_loss_of_sites_that_stand_is_found_for_every_coalition() -> None:
    """Pieces 0 and 1 at one site, 2 at another: a site is lost, both, or all that stand."""
    table = np.array([0.1, 0.2, 0.3, 0.5, 0.4, 0.6, 0.7, 1.0])
    sites = [0b011, 0b100]
    once = [0.1, 0.1, 0.1, 0.1, 0.1, 0.2, 0.3, 0.4]
    assert worst_losses(table, sites, 1) == pytest.approx(once)
    assert worst_losses(table, sites, 2) == pytest.approx([0.1] * 8)
    assert worst_losses(table, sites, 0) == pytest.approx(table)


# --- the linear program -----------------------------------------------------------------------------------------------


def test_a_linear_program_is_solved_to_its_corner_without_a_word(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """3 a + 2 b with a + b no more than 1.5 and a no more than 0.8; then a or b whole."""
    kept, solver = list[Any](), highspy.Highs

    def watched() -> Any:
        kept.append(solver())  # type: ignore[no-untyped-call]
        return kept[-1]

    monkeypatch.setattr(highspy, "Highs", watched)
    made_up = LinearProgram()
    a, b = made_up.column(), made_up.column()
    assert (a, b, made_up.count, made_up.whole) == (0, 1, 2, [])
    made_up.rows.append((-np.inf, 1.5, {a: 1.0, b: 1.0}))
    found = made_up.maximise({a: 3.0, b: 2.0}, [(-np.inf, 0.8, {a: 1.0})], {}, 10)
    assert found.values == pytest.approx([0.8, 0.7], abs=1e-9)
    assert (found.proven, found.nodes) == (True, 0)
    whole = made_up.column(whole=True)
    assert made_up.whole == [whole]
    made_up.rows.append((-np.inf, 0.0, {b: 1.0, whole: -0.9}))
    found = made_up.maximise({a: 3.0, b: 2.0, whole: -0.1}, [], {a: 0.25}, 10)
    assert found.values == pytest.approx([0.25, 0.9, 1.0], abs=1e-9)
    assert found.bound == pytest.approx(0.75 + 1.8 - 0.1, abs=1e-9)
    nothing = made_up.maximise({a: 1.0}, [(1.0, np.inf, {a: 1.0, b: 1.0})], {a: 0.0, whole: 0.0}, 10)
    assert nothing.values is None
    assert (nothing.bound, nothing.proven) == (-np.inf, True)
    begun = made_up.maximise({whole: 1.0}, [], {}, 10, {whole: 0.0})
    assert begun.values[whole] == pytest.approx(1.0)  # type: ignore[index]
    assert capfd.readouterr() == ("", "")
    assert {one.getOptionValue("threads")[1] for one in kept} == {1}
    assert {one.getOptionValue("mip_max_nodes")[1] for one in kept} == {10}
    assert all(one.HandleKeyboardInterrupt for one in kept)


def test_the_rows_of_a_choice_say_what_they_allow() -> None:
    case = made([2.0, 3.0, 0.0], [[{0, 1}], [{2}]], [1.0, 3.0], needs=[(0, 1)], rivals=[(0, 2)], most=2)
    program_ = LinearProgram()
    columns = ChoiceColumns(program_, case.problem())
    assert columns.candidates == (0, 1, 2)
    inf = np.inf
    assert program_.rows[:3] == [
        (-inf, 0.0, {0: 1.0, 1: -1.0}),
        (-inf, 1.0, {0: 1.0, 2: 1.0}),
        (0.0, 2.0, {0: 1.0, 1: 1.0, 2: 1.0}),
    ]
    assert columns.other_than(0b101) == (-1.0, inf, {0: -1.0, 1: 1.0, 2: -1.0})
    assert columns.not_all_of(0b110) == (-inf, 1.0, {1: 1.0, 2: 1.0})
    assert columns.held(0b101, range(2)) == {0: 1.0, 1: 0.0}
    low, high, money = columns.spent(5.0)
    assert low == -inf
    assert [money[one] / high for one in (0, 1)] == pytest.approx([2.0 / 5.0, 3.0 / 5.0])
    values = np.full(program_.count, 0.4)
    values[[0, 2]] = 0.6
    assert columns.choice(values) == 0b101
    assert columns.told_worth(np.ones(program_.count)) == pytest.approx(1.0)
    assert columns.told_worth(np.zeros(program_.count)) == 0.0


class Told:
    """Solves nothing, notes the nodes that it is given, and says what it is told to."""

    def __init__(self, values: np.ndarray, nodes: int) -> None:
        self.values, self.nodes, self.given = values, nodes, list[Any]()

    def maximise(self, objective: Any, rows: Any, fixed: Any, nodes: int, start: Any = None) -> Any:
        self.given.append((nodes, start))
        return linear.Solved(self.values, 1.0, True, self.nodes)


@pytest.mark.parametrize("spent", [0, 100])
def test_a_search_after_losses_takes_the_steps_that_its_nodes_allow(
    spent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A third of the nodes in steps; a solution takes a thousandth of its rows a step, times its nodes and ten."""
    problem = made([1.0, 1.0], [[{0}], [{1}]], losses=1).problem()
    search = MixProgram(problem, nodes=300)
    columns = search._columns
    search._linear.rows.extend([(-np.inf, 9.0, {0: 1.0})] * (500 - len(search._linear.rows)))
    told = Told(np.zeros(search._linear.count), spent)
    monkeypatch.setitem(vars(search), "_linear", SimpleNamespace(rows=search._linear.rows, maximise=told.maximise))
    monkeypatch.setattr(MixProgram, "_attacked", lambda *_: True)
    monkeypatch.setattr(MixProgram, "_judged_phases", lambda *_: 0.0)
    found = search._solve({}, [], {}, start=0b10)
    each, steps, expected = 0.5, 100.0, list[int]()
    while steps >= 10 * each or not expected:
        expected.append(min(300, max(1, math.floor(steps / each) - 10)))
        steps -= (10 + spent) * each
    assert [nodes for nodes, _ in told.given] == expected
    assert len(expected) == (20 if spent == 0 else 2)
    assert told.given[0][1] == columns.held(0b10, range(2)) == {0: 0.0, 1: 1.0}
    assert (found.choice, found.bound, found.proven) == (0, 1.0, False)


def test_a_solution_that_is_worth_enough_or_what_it_says_ends_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    search = MixProgram(made([1.0, 1.0], [[{0}], [{1}]], losses=1).problem(), nodes=300)
    search._columns.attack(0b01)
    told = Told(np.zeros(search._linear.count), 0)
    monkeypatch.setitem(vars(search), "_linear", SimpleNamespace(rows=search._linear.rows, maximise=told.maximise))
    monkeypatch.setattr(MixProgram, "_judged_phases", lambda *_: 0.5)
    monkeypatch.setattr(MixProgram, "_attacked", lambda *_: True)
    assert search._solve({}, [], {}, enough=0.5).proven
    assert len(told.given) == 1
    monkeypatch.setattr(MixProgram, "_attacked", lambda *_: False)
    assert search._solve({}, [], {}).proven
    assert len(told.given) == 2


def test_the_worst_losses_that_leave_less_than_is_said_are_added_five_at_a_time() -> None:
    """Seven sites defend a seventh each: whichever is lost leaves six of them, where the program says that all stay."""
    problem = made([1.0] * 7, [[{one}] for one in range(7)], [1.0 + one for one in range(7)], losses=1).problem()
    search = MixProgram(problem)
    columns = search._columns
    values = np.ones(search._linear.count)
    assert search._attacked(values)
    assert columns.attacks == {1 << one for one in (6, 5, 4, 3, 2)}
    assert search._attacked(values)
    assert columns.attacks == {1 << one for one in range(7)}
    assert not search._attacked(values)


def test_the_best_of_more_choices_is_that_of_fewer_that_hold_it(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = made([1.0, 2.0, 4.0], [[{0}], [{1}], [{2}]], [1.0, 5.0, 1.0]).problem()
    search, asked = MixProgram(problem), list[Any]()

    def noted(_: Any, *given: Any) -> Optimum:
        asked.append(given)
        return Optimum(0b010, 0.7, 0.7)

    monkeypatch.setattr(MixProgram, "_optimum", noted)
    for budget, usable in ((3.0, 0b111), (3.0, 0b111), (2.0, 0b111), (2.0, 0b011)):
        assert search.optimum(budget, usable).choice == 0b010
    assert asked == [(3.0, 0b111, 0)]
    for budget, usable in ((4.0, 0b111), (1.5, 0b111), (3.0, 0b101)):
        search.optimum(budget, usable)
        assert asked[-1] == (budget, usable, 0)
    assert len(asked) == 4


def test_what_comes_near_under_a_greater_budget_is_not_taken_from_a_smaller() -> None:
    """For 3 the one choice that defends both places holds both candidates; for 9 a third brings as much alone."""
    search = MixProgram(made([1.0, 2.0, 9.0], [[{0}, {2}], [{1}, {2}]]).problem())
    small, great, again = (search.near(budget, 0b111, 1.0, 0.1, listed=1) for budget in (3.0, 9.0, 3.0))
    assert (small.must, small.alternatives) == (0b011, (0b011,))
    assert (great.must, great.alternatives) == (0, (0b011,))
    assert (again.must, again.alternatives) == (small.must, small.alternatives)


def test_a_choice_is_judged_by_its_cost_and_by_what_is_allowed() -> None:
    search = MixProgram(made([1.0, 2.0, 4.0], [[{0}], [{1}], [{2}]], rivals=[(0, 1)]).problem())
    assert search._judged(0b101, 5.0)
    assert not search._judged(0b101, 4.9)
    assert not search._judged(0b011, 5.0)
    assert search._is_among(0b011, 3.0, 0b011)
    assert not search._is_among(0b011, 2.9, 0b011)
    assert not search._is_among(0b011, 3.0, 0b101)


def test_limits_are_those_that_the_manual_states() -> None:
    assert (NODES_A_SECOND, MixProgram(made([1.0], [[{0}]]).problem()).nodes) == (50, 3000)
    assert PaidSearch(made([1.0], [[{0}]]).problem()).nodes == 3000
    assert (LISTED, MARKS, enumeration.MOST_ENUMERATED) == (20, 512, 20)


def test_what_is_asked_is_told_as_plain_data() -> None:
    told = MixAsked((5.0,), near=0.1, phases=((2011, 3.0),), also=("worst_loss",)).as_plain("one", None, "area", "area")
    assert told["architecture"] == "one"
    assert (told["objective"], told["losses"], told["most"], told["near"], told["listed"]) == ("area", 1, None, 0.1, 20)
    assert (told["only"], told["all_points"], told["time_limit_s"]) == (None, False, 60.0)
    assert (told["budgets_musd"], told["phases"], told["also"]) == ([5.0], [[2011, 3.0]], ["worst_loss"])
    assert MixAsked().near == 0.02
    assert OBJECTIVES == ("population", "area", "worst_nation", "worst_loss")
    assert LEVELS == ("low", "base", "high")
