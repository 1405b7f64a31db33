"""The summary of a choice over samples whose values are straight lines, so that every number is known beforehand."""

from dataclasses import dataclass, replace
from itertools import combinations, permutations
from types import SimpleNamespace

import numpy as np
import pytest

import hoplon
from hoplon.analysis.robustness import summary
from hoplon.analysis.robustness.answer import ChoiceSamples, PointsSampled
from hoplon.analysis.robustness.decision import choice_between
from hoplon.analysis.robustness.indices import FactorIndex
from hoplon.analysis.robustness.summary import Evaluation, _index, _led_by, _strongest, robustness_of
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


@dataclass(frozen=True)
class ChoiceSampling:
    """What an evaluation replaces the coordinates of."""

    coordinates: np.ndarray


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


def test_a_line_says_which_is_the_best_in_how_many_samples(answer, names):
    values = answer.samples.values
    ahead = 100.0 * (values[:, 1] >= values.max(axis=1)).mean()
    assert answer.line() == f"toy: 512 samples, {names[1]} the best in {ahead:.0f} % of them"
    assert 0.0 < ahead < 100.0
    nothing = answered(names, lost=range(512))[0]
    assert nothing.line() == f"toy: 512 samples, {names[1]} no sample counts"
    assert (nothing.invalid, answer.invalid) == (512, 0)
    lost = replace(nothing.choice, winner=None)
    assert replace(nothing, choice=lost).line() == "toy: nothing is threatened"


def test_rows_hold_the_numbers_of_their_architecture_pair_and_factor(answer, names):
    values = answer.samples.values
    regrets = values.max(axis=1, keepdims=True) - values
    for place, row in enumerate(answer.rows()):
        assert (row["architecture"], row["base"]) == (names[place], BASE[place])
        assert row["value_mean"] == pytest.approx(values[:, place].mean(), abs=1e-12)
        assert row["regret_max"] == pytest.approx(regrets[:, place].max(), abs=1e-12)
        assert row["value_p05"] == pytest.approx(np.quantile(values[:, place], 0.05), abs=1e-12)
    for row, (a, b) in zip(answer.pair_rows(), combinations(range(3), 2), strict=True):
        assert (row["a"], row["b"]) == (names[a], names[b])
        assert row["a_better"] == pytest.approx((values[:, a] > values[:, b]).mean(), abs=1e-12)
        assert row["b_better"] == pytest.approx((values[:, a] < values[:, b]).mean(), abs=1e-12)
    owners = [(name, "") for name in names] + [(names[a], names[b]) for a, b in combinations(range(3), 2)]
    rows = [(a, b, factor.name) for a, b in owners for factor in FACTORS]
    assert [(row["a"], row["b"], row["factor"]) for row in answer.index_rows()] == rows


def test_it_is_sound_where_the_factor_that_moves_nothing_has_no_more_than_the_floor(answer):
    known = [one.index for found in (*answer.indices, *answer.pair_indices) for one in found if one.factor == "dummy"]
    assert answer.dummy_index == max(known)
    for dummy, floor, sound in ((0.02, 0.02, True), (0.021, 0.02, False), (None, 0.02, True), (0.5, None, True)):
        assert replace(answer, dummy_index=dummy, noise_floor=floor).sound == sound


@pytest.mark.parametrize(
    ("low", "floor", "counts"),
    [(0.01, None, True), (0.0, None, False), (-0.01, None, False), (-0.01, 0.19, True), (0.15, 0.2, False)],
)
def test_an_index_counts_above_the_floor_or_by_its_own_interval_where_there_is_none(low, floor, counts):
    assert _index("f", 0.2, low, 0.3, floor) == FactorIndex("f", 0.2, low, 0.3, counts)
    unknown = _index("f", float("nan"), float("nan"), float("nan"), floor)
    assert unknown == FactorIndex("f", None, None, None, False)


def test_the_five_strongest_factors_that_count_are_moved_the_strongest_first():
    shares = [0.1, 0.3, 0.05, 0.2, 0.9, 0.15, 0.12]
    indices = [FactorIndex(f"f{place}", share, 0.0, 1.0, place != 4) for place, share in enumerate(shares)]
    indices += [FactorIndex("effect", None, None, None, True), FactorIndex(NO_EFFECT.name, 0.5, 0.4, 0.6, True)]
    assert _strongest(indices) == [1, 3, 5, 6, 0]


def test_no_more_than_64_samples_are_judged_by_this_process_alone(monkeypatch):
    asked = []

    def noting(sampling, cover, folder, executor, progress):
        asked.append((len(sampling.coordinates), executor))
        return np.zeros((len(sampling.coordinates), 2, 1)), ("told",)

    monkeypatch.setattr(summary, "sampled_values", noting)
    sampling = ChoiceSampling(coordinates=np.zeros((1, 8)))
    judge = Evaluation(sampling, None, None, "others")
    for count in (64, 65):
        assert judge.at(np.zeros((count, 8))).shape == (count, 2)
    assert asked == [(64, None), (65, "others")]
    assert judge.notes == ("told", "told")
