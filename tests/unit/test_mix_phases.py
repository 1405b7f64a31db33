"""Mixes that grow by phases: every growth of random small sets written out, beside enumeration and linear program."""

from __future__ import annotations

import itertools
import math
import random
from dataclasses import replace

import pytest

from hoplon.analysis.mix.phases import GrowthSearch, best_growth, enumerated_growth
from hoplon.analysis.mix.program import MixProgram
from mix_cases import Case, Sets, places, random_case


def random_phases(number: int) -> tuple[list[Case], list[float]]:
    """Return phases of the same candidates, each with flights of its own, and budgets that do not fall."""
    draw = random.Random(1000 + number)
    first = random_case(number)
    phases = [first]
    for _ in range(draw.randint(1, 2)):
        other = random_case(draw.randrange(10_000))
        while len(other.brought) > len(first.brought):
            other = random_case(draw.randrange(10_000))
        phases.append(
            replace(first, families=other.families, flights=other.flights, weight=other.weight, nation=other.nation)
        )
    if number % 6 == 0:  # nothing is threatened at first
        phases[0] = replace(first, weight=[0.0] * len(first.weight))
    return phases, sorted(draw.choice([0.0, 2.0, 4.0, 6.5, 9.0, 1e9]) for _ in phases)


def grown(phases: list[Case], budgets: list[float], usable: set[int]) -> tuple[float, list[Sets]]:
    """Return the greatest sum, and the growth that the rule of ties takes, by every growth written out."""
    worths: list[dict[Sets, float]] = []
    for case, budget in zip(phases, budgets, strict=True):
        threatened = sum(case.weight) > 0.0
        some = case if threatened else replace(case, weight=[1.0] * len(case.weight))
        worths.append({chosen: worth if threatened else 0.0 for chosen, worth in some.every(budget, usable).items()})
    ends: list[dict[Sets, float]] = []  # of each choice as the last of the phases up to it, the greatest sum
    for worth in worths:
        sums = {}
        for chosen, own in worth.items():
            parts = [total for part, total in ends[-1].items() if set(part) <= set(chosen)] if ends else [0.0]
            if parts:
                sums[chosen] = own + max(parts)
        ends.append(sums)
    greatest = max(ends[-1].values())
    found: list[Sets] = []
    for case, sums in reversed(list(zip(phases, ends, strict=True))):
        inside = {chosen: total for chosen, total in sums.items() if not found or set(chosen) <= set(found[0])}
        best = max(inside.values())
        good = [chosen for chosen, total in inside.items() if total >= best - 1e-9]
        least = min(case.cost(chosen) for chosen in good)
        found.insert(0, min(chosen for chosen in good if case.cost(chosen) <= least + 1e-9))
    return greatest, found


@pytest.mark.parametrize("number", range(60))
def test_the_best_growth_is_that_of_every_growth_written_out(number: int) -> None:
    phases, budgets = random_phases(number)
    problems = [case.problem() for case in phases]
    usable = problems[0].choices.everything
    if number % 3 == 0:
        usable = problems[0].choices.without_batteries("sea")
    greatest, expected = grown(phases, budgets, set(places(usable)))
    for growth in (
        enumerated_growth(problems, budgets, usable),
        best_growth(problems, budgets, usable),
        best_growth(problems, budgets, usable, most=0),  # by the program
    ):
        assert [places(choice) for choice in growth.choices] == expected
        assert growth.worth == pytest.approx(greatest, abs=5e-9)
        assert growth.bound >= greatest - 5e-9
        assert growth.bound == pytest.approx(growth.worth, abs=1e-7)


@pytest.mark.parametrize("number", range(1, 60, 10))
def test_the_search_of_a_growth_is_told_as_bytes(number: int) -> None:
    phases, budgets = random_phases(number)
    problems = tuple(case.problem() for case in phases)
    usable = problems[0].choices.everything
    asked = GrowthSearch(problems, tuple(budgets), usable, 3000)
    found = asked.decoded(0, asked.encoded(asked.chunk(0)))
    assert found == best_growth(problems, budgets, usable)
    assert [places(choice) for choice in found.choices] == grown(phases, budgets, set(places(usable)))[1]
    assert (asked.chunks, asked.count(0)) == (1, 1)


def test_a_last_phase_that_is_not_allowed_is_worth_less_than_any() -> None:
    drawn = (random_phases(number) for number in range(60))
    cases, budgets = next(one for one in drawn if one[0][0].rivals and not one[0][0].losses)
    *before, last = (case.problem() for case in cases)
    program = MixProgram(last, earlier=tuple(zip(before, budgets, strict=False)))
    both = sum(1 << one for one in cases[0].rivals[0])
    assert program._worth(both) == -math.inf
    assert program._worth(0) > -math.inf


def test_random_growths_are_of_every_kind() -> None:
    drawn = [random_phases(number) for number in range(60)]
    first = [phases[0] for phases, _ in drawn]
    assert {case.losses for case in first} == {0, 1, 2}
    assert {case.worst_nation for case in first} == {True, False}
    assert {len(phases) for phases, _ in drawn} == {2, 3}
    changed = 0
    for phases, budgets in drawn:
        _, chosen = grown(phases, budgets, set(range(phases[0].candidates)))
        changed += any(before != after for before, after in itertools.pairwise(chosen))
    assert changed > 10


def test_a_program_out_of_steps_tells_how_far_the_bound_of_a_growth_is() -> None:
    draw = random.Random(5)
    count = 12
    case = Case(
        candidates=count,
        brought=[{one} for one in range(count)],
        site=list(range(count)),
        families=[[set(draw.sample(range(count), 3)) for _ in range(3)] for _ in range(32)],
        flights=[[2 * place, 2 * place + 1] for place in range(16)],
        weight=[draw.random() for _ in range(16)],
        nation=[0] * 16,
        charges=[({one}, draw.random()) for one in range(count)],
        needs=[],
        rivals=[],
        most=None,
        basing=[None] * count,
        worst_nation=False,
        losses=0,
    )
    problems = [case.problem(), replace(case, weight=case.weight[::-1]).problem()]
    stopped, again = (best_growth(problems, [2.0, 4.0], (1 << count) - 1, nodes=1, most=0) for _ in range(2))
    assert stopped.bound > stopped.worth + 1e-3 > 0.0
    assert (again.choices, again.bound) == (stopped.choices, stopped.bound)
    assert stopped.choices[0] & ~stopped.choices[1] == 0
    assert problems[0].choices.cost_musd(stopped.choices[0]) <= 2.0
