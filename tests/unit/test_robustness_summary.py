"""The summary of a choice over samples whose values are straight lines, so that every number is known beforehand."""

from itertools import combinations, permutations
from types import SimpleNamespace

import numpy as np
import pytest

import hoplon
from hoplon.analysis.robustness.answer import ChoiceSamples, PointsSampled
from hoplon.analysis.robustness.decision import choice_between
from hoplon.analysis.robustness.summary import Evaluation, _led_by, robustness_of
from hoplon.analysis.sampling.factors import NO_EFFECT, Factor
from hoplon.analysis.sampling.hypercube import hypercube_column

FACTORS = (*(Factor(f"f{place}", {}) for place in range(7)), NO_EFFECT)
BASE = np.array([0.50, 0.54, 0.30])
SLOPES = np.array(  # by architecture and factor; the last one moves nothing
    [
        [0.40, 0.20, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [0.10, 0.02, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [0.00, 0.00, 0.3, 0.0, 0.0, 0.0, 0.0, 0.0],
    ]
)


def values_at(coordinates):
    return BASE + (coordinates - 0.5) @ SLOPES.T


class Straight(Evaluation):
    """Judges by straight lines."""

    def __init__(self, scenario):
        super().__init__(SimpleNamespace(scenario=scenario, factors=FACTORS), None)

    def at(self, coordinates):
        return values_at(coordinates)


def answered(names, lost=(), samples=512):
    made = [hypercube_column(5, factor.name, samples) for factor in FACTORS]
    coordinates = np.column_stack(made)
    values = values_at(coordinates)
    values[list(lost)] = np.nan
    taken = ChoiceSamples(names, FACTORS, (), coordinates, values, BASE, PointsSampled(1, 1, {}), "population", seed=5)
    return robustness_of(taken, Straight(hoplon.load("toy")), notes=("said",)), values


@pytest.fixture(scope="module")
def names():
    return tuple(hoplon.load("toy").architectures)[:3]


@pytest.fixture(scope="module")
def answer(names):
    return answered(names)[0]


def test_the_indices_are_the_shares_of_the_variance_of_a_sum(answer):
    """Of evenly spread factors each slope's square is its share: 16 to 4 alone, 9 to 3.24 of the difference."""
    alone = {one.factor: one for one in answer.indices[0]}
    assert alone["f0"].index == pytest.approx(16 / 20, abs=0.02)
    assert alone["f1"].index == pytest.approx(4 / 20, abs=0.06)
    assert alone["f0"].low < alone["f0"].index < alone["f0"].high
    together = {one.factor: one for one in answer.pair_indices[0]}
    assert together["f0"].index == pytest.approx(9.0 / 12.24, abs=0.03)
    assert [one.factor for one in answer.pair_indices[0] if one.counts][:2] == ["f0", "f1"]
    assert all(one.counts == (one.index > answer.noise_floor) for pair in answer.pair_indices for one in pair)


def test_the_choice_switches_where_the_lines_cross(answer):
    """Of the first two: 0.50 + 0.4 x = 0.54 + 0.1 x at x = 0.1333, and 0.2 x = 0.04 + 0.02 x at x = 0.2222."""
    found = {one.factor: one.at for one in answer.switches[0]}
    assert found["f0"] == pytest.approx(0.5 + 0.04 / 0.3, abs=1 / 512)
    assert found["f1"] == pytest.approx(0.5 + 0.04 / 0.18, abs=1 / 512)
    assert list(found)[:2] == ["f0", "f1"]  # the strongest first
    assert len(found) <= 5


def test_an_architecture_with_fewer_of_the_same_elements_is_contained(answer, names):
    """The toy's fast-organic is fast without the radar at Kurecik; slow has that radar, and no fast battery."""
    within = {(pair.a, pair.b): there for pair, there in zip(answer.choice.pairs, answer.contained, strict=True)}
    assert names == ("slow", "fast", "fast-organic")
    assert within["fast", "fast-organic"]
    assert not within["slow", "fast-organic"]


def test_the_map_is_the_difference_of_the_two_best_over_what_moves_it_most(answer, names):
    """The second is the best at base values; neither contains the other, or no pair is apart."""
    found = answer.map
    rank = {names[1]: 0, names[0]: 1, names[2]: 2}
    apart = [pair for pair, within in zip(answer.choice.pairs, answer.contained, strict=True) if not within]
    best = min(apart or answer.choice.pairs, key=lambda pair: sorted((rank[pair.a], rank[pair.b])))
    a, b = sorted((best.a, best.b), key=rank.get)
    assert (found.a, found.b) == answer.led_by == (a, b)
    moved = SLOPES[names.index(a)] - SLOPES[names.index(b)]
    first, second = sorted(range(7), key=lambda place: -abs(moved[place]))[:2]
    assert [one.name for one in found.factors] == [f"f{first}", f"f{second}"]
    for row, along in enumerate(np.linspace(0.0, 1.0, 9)):
        for column, across in enumerate(np.linspace(0.0, 1.0, 9)):
            expected = BASE[names.index(a)] - BASE[names.index(b)]
            expected += moved[first] * (along - 0.5) + moved[second] * (across - 0.5)
            assert found.difference[row, column] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("base", [row for row in permutations((0.1, 0.2, 0.3, 0.4)) if row[3] != 0.4])
def test_the_map_is_led_by_the_best_pair_of_alternatives(base):
    """Found by going through the architectures from the best on; no pair that is apart: as if all were."""
    names = ("a", "b", "c", "d")
    choice = choice_between(names, np.array(base), np.tile(base, (2, 1)))
    ranked = sorted(names, key=lambda name: -base[names.index(name)])
    for mask in range(64):
        contained = [bool(mask >> place & 1) for place in range(6)]
        within = {frozenset((one.a, one.b)) for one, inside in zip(choice.pairs, contained, strict=True) if inside}
        found = [(one, other) for one, other in combinations(ranked, 2) if frozenset((one, other)) not in within]
        expected = next(iter(found), tuple(ranked[:2]))
        assert _led_by(SimpleNamespace(base=np.array(base)), choice, contained) == expected


def test_nothing_leads_where_nothing_is_threatened_or_nothing_is_compared():
    none = np.array([np.nan, np.nan])
    assert _led_by(SimpleNamespace(base=none), choice_between(("a", "b"), none, np.zeros((0, 2))), [False]) is None
    one = np.array([0.5])
    assert _led_by(SimpleNamespace(base=one), choice_between(("a",), one, np.array([[0.5]])), []) is None


def test_samples_that_do_not_count_are_left_out(names):
    found, values = answered(names, lost=range(0, 500, 3))
    counted = values[~np.isnan(values).any(axis=1)]
    assert found.samples.counted.sum() == len(counted) == 512 - 167
    best = (counted == counted.max(axis=1, keepdims=True)).mean(axis=0)
    assert [one.mean for one in found.choice.share_best] == pytest.approx(best, abs=1e-12)
    assert found.notes == ("said",)


def test_a_factor_is_moved_alone_by_256ths_of_its_range():
    asked = Straight(hoplon.load("toy")).one_moved([(0, 0), (1, 256), (2, 64)])
    expected = [BASE - 0.5 * SLOPES[:, 0], BASE + 0.5 * SLOPES[:, 1], BASE - 0.25 * SLOPES[:, 2]]
    assert asked == pytest.approx(np.array(expected), abs=1e-15)
