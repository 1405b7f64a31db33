"""Rates, regret, indices and switching lines against what the definitions say, worked out another way."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import binom

from hoplon.analysis.robustness.decision import choice_between, clopper_pearson
from hoplon.analysis.robustness.designs import refuse_design
from hoplon.analysis.robustness.indices import groups_of, indices_of, noise_floor, resamples
from hoplon.analysis.robustness.switching import switching_steps
from hoplon.analysis.sampling.hypercube import hypercube_column
from hoplon.errors import InputError

# --- rates -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hits", "samples"), [(0, 20), (1, 20), (7, 20), (19, 20), (20, 20), (1000, 1024)])
def test_an_exact_interval_leaves_two_and_a_half_per_cent_on_either_side(hits: int, samples: int) -> None:
    found = clopper_pearson(hits, samples)
    assert found.mean == hits / samples
    low = 0.0 if hits == 0 else brentq(lambda p: binom.sf(hits - 1, samples, p) - 0.025, 1e-12, 1.0 - 1e-12)
    high = 1.0 if hits == samples else brentq(lambda p: binom.cdf(hits, samples, p) - 0.025, 1e-12, 1.0 - 1e-12)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)


def test_a_rate_that_ties_share_lies_between_whole_ones() -> None:
    below, half, above = (clopper_pearson(hits, 30) for hits in (12, 12.5, 13))
    assert below.low is not None
    assert half.low is not None
    assert above.low is not None
    assert below.low < half.low < above.low
    assert half.mean == pytest.approx(12.5 / 30)


def test_no_sample_has_no_rate() -> None:
    assert clopper_pearson(0.0, 0).as_json() == {"mean": None, "low": None, "high": None}


# --- the choice ------------------------------------------------------------------------------------------------------


def random_values(samples: int, names: int, seed: int) -> np.ndarray:
    """Values on a coarse grid, so that many are equal; some differ by less than counts."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, 4, (samples, names)) / 4.0 + rng.choice([0.0, 4e-10], (samples, names))


@pytest.mark.parametrize("seed", range(6))
def test_a_choice_is_counted_sample_by_sample(seed: int) -> None:
    names = ("a", "b", "c", "d")
    values, base = random_values(57, 4, seed), random_values(1, 4, 100 + seed)[0]
    found = choice_between(names, base, values)
    shares, regrets = [0.0] * 4, [[] for _ in names]
    agree = []
    for row in values.tolist():
        best = max(row)
        among = [place for place in range(4) if row[place] >= best - 1e-9]
        for place in among:
            shares[place] += 1.0 / len(among)
        for place in range(4):
            regrets[place].append(best - row[place])
        agree.append(np.mean([sign(row[a] - row[b]) == sign(base[a] - base[b]) for a, b in combinations(range(4), 2)]))
    for place in range(4):
        assert found.share_best[place].mean == pytest.approx(shares[place] / 57, abs=1e-12)
        assert found.regrets[place].mean == pytest.approx(float(np.mean(regrets[place])), abs=1e-12)
        assert found.regrets[place].p95 == pytest.approx(type_7(regrets[place], 0.95), abs=1e-12)
        assert found.regrets[place].greatest == max(regrets[place])
        assert found.values[place].p05 == pytest.approx(type_7(values[:, place].tolist(), 0.05), abs=1e-12)
    assert found.rank_agreement == pytest.approx(float(np.mean(agree)), abs=1e-12)
    for pair, (a, b) in zip(found.pairs, combinations(range(4), 2), strict=True):
        ahead = sum(row[a] - row[b] > 1e-9 for row in values.tolist())
        behind = sum(row[a] - row[b] < -1e-9 for row in values.tolist())
        assert (pair.a_better.mean, pair.b_better.mean) == (ahead / 57, behind / 57)
        assert pair.winner == names[b if base[b] - base[a] > 1e-9 else a]


def sign(difference: float) -> int:
    return 1 if difference > 1e-9 else -1 if difference < -1e-9 else 0


def type_7(numbers: Sequence[float], share: float) -> float:
    ordered, spot = sorted(numbers), (len(numbers) - 1) * share
    below = math.floor(spot)
    above = min(below + 1, len(numbers) - 1)
    return ordered[below] + (spot - below) * (ordered[above] - ordered[below])


def test_a_choice_is_decided_from_ninety_five_per_cent_on() -> None:
    """All of 72 samples have a lower bound of 0.025^(1/72) = 0.950; of 71, 0.949."""
    for samples, decided in ((72, True), (71, False)):
        values = np.tile([[0.5, 0.4]], (samples, 1))
        found = choice_between(("a", "b"), np.array([0.5, 0.4]), values)
        assert (found.winner, found.decided, found.pairs[0].decided) == ("a", decided, decided)
        against = choice_between(("a", "b"), np.array([0.4, 0.5]), values)
        assert (against.winner, against.decided, against.pairs[0].decided) == ("b", False, False)
        assert against.rank_agreement == 0.0


def test_no_sample_decides_nothing() -> None:
    found = choice_between(("a", "b"), np.array([np.nan, np.nan]), np.zeros((0, 2)))
    assert (found.winner, found.decided, found.rank_agreement) == (None, False, None)
    assert found.regrets[0].mean is None


# --- indices ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("samples", "groups"), [(2, 2), (40, 2), (95, 2), (96, 3), (256, 8), (512, 16), (5000, 16)])
def test_groups_have_32_samples_and_are_at_most_16(samples: int, groups: int) -> None:
    assert groups_of(samples) == groups


def test_the_noise_floor_is_the_published_one() -> None:
    assert noise_floor(1024, 32) == pytest.approx(0.021, abs=5e-4)  # three decimals are given
    assert noise_floor(2, 32) is None


def test_a_factor_without_an_effect_is_above_the_floor_as_often_as_it_should_be() -> None:
    """4,000 values that know nothing of the order: 5 % of 10 factors, 0.5 %, exceed it; 20 expected, +- 3 sigma."""
    rng = np.random.default_rng(5)
    order = np.arange(200.0)[:, None] / 200.0
    index, _, _ = indices_of(order, rng.normal(size=(200, 4000)), np.arange(200)[None])
    floor = noise_floor(200, 10)
    assert floor is not None
    assert 7 <= (index > floor).sum() <= 34


def index_by_hand(u: Sequence[float], y: Sequence[float]) -> float | None:
    """The definition, group by group."""
    samples = len(y)
    groups = max(2, min(16, samples // 32))
    ordered = [y[place] for place in sorted(range(samples), key=lambda place: u[place])]
    sizes = [samples // groups + (1 if group < samples % groups else 0) for group in range(groups)]
    mean = math.fsum(ordered) / samples
    total = math.fsum((value - mean) ** 2 for value in ordered)
    if total <= 1e-18 * samples:
        return None
    within, start = 0.0, 0
    for size in sizes:
        part = ordered[start : start + size]
        middle = math.fsum(part) / size
        within += math.fsum((value - middle) ** 2 for value in part)
        start += size
    return 1.0 - (samples - 1) / (samples - groups) * within / total


@pytest.mark.parametrize("samples", [33, 70, 200])
def test_an_index_and_its_interval_are_those_of_the_definition(samples: int) -> None:
    rng = np.random.default_rng(samples)
    u = rng.permutation(samples) / samples
    y = u**2 + 0.3 * rng.normal(size=samples)
    index, low, high = indices_of(u[:, None], y[:, None], resamples(7, samples))
    found = []
    for resample in range(200):
        rows = []
        for row in range(samples):
            first = hashlib.sha256(f"7/boot/{resample}/{row}".encode()).digest()[:8]
            rows.append(math.floor(samples * int.from_bytes(first, "big") / 2**64))
        again = index_by_hand([u[row] for row in rows], [y[row] for row in rows])
        assert again is not None
        found.append(again)
    assert index[0, 0] == pytest.approx(index_by_hand(u.tolist(), y.tolist()), abs=1e-12)
    assert (low[0, 0], high[0, 0]) == pytest.approx((type_7(found, 0.025), type_7(found, 0.975)), abs=1e-12)


def test_the_indices_of_a_sum_are_its_shares_of_the_variance() -> None:
    """y = 3 u1 + 2 u2 + u3: first-order indices 9/14, 4/14, 1/14; the dummy has none, and is below the floor."""
    names = ("one", "two", "three", "dummy")
    u = np.column_stack([hypercube_column(1, name, 1024) for name in names])
    y = u @ np.array([3.0, 2.0, 1.0, 0.0])
    index, low, high = indices_of(u, y[:, None], resamples(1, 1024))
    assert index[:3, 0] == pytest.approx([9 / 14, 4 / 14, 1 / 14], abs=0.04)  # chance correlations of 1/sqrt(1024)
    floor = noise_floor(1024, 4)
    assert floor is not None
    assert index[3, 0] < floor < index[2, 0]
    assert (low[:3, 0] < index[:3, 0]).all()
    assert (index[:3, 0] < high[:3, 0]).all()


@pytest.mark.parametrize(("deviation", "known"), [(1.02e-9, True), (0.98e-9, False)])
def test_a_value_that_varies_by_less_than_counts_as_equal_has_no_index(deviation: float, known: bool) -> None:
    """Values that differ by no more than 1e-9 are equal; the deviation of these is a little more, or less."""
    u = np.linspace(0.0, 1.0, 64)[:, None]
    index, _, _ = indices_of(u, np.where(u > 0.5, deviation, -deviation), resamples(1, 64))
    assert bool(index[0, 0] == pytest.approx(1.0, abs=1e-9)) == known
    assert bool(np.isnan(index[0, 0])) != known


@pytest.mark.parametrize("samples", [2, 4, 512, 1024])
def test_a_power_of_two_samples_make_a_design_of_sobol(samples: int) -> None:
    refuse_design("sobol", samples)
    refuse_design("morris", samples + 1)
    refuse_design("given", 1)
    for other in (samples + 1, 1, 0):
        with pytest.raises(InputError, match="a power of two"):
            refuse_design("sobol", other)


def test_a_value_that_does_not_vary_has_no_index() -> None:
    u = np.linspace(0.0, 1.0, 64)[:, None]
    index, low, high = indices_of(u, np.full((64, 1), 0.7), resamples(1, 64))
    assert np.isnan([index, low, high]).all()
    index, _, _ = indices_of(u[:2], np.array([[0.1], [0.9]]), resamples(1, 2))
    assert np.isnan(index).all()


# --- switching lines -------------------------------------------------------------------------------------------------


def lines(*functions: object):  # type: ignore[no-untyped-def]
    """Return an evaluation of two architectures whose difference is a function of the factor, and what it was asked."""
    asked: list[tuple[int, int]] = []

    def evaluate(places: Sequence[tuple[int, int]]) -> np.ndarray:
        asked.extend(places)
        return np.array([[functions[factor](step / 256), 0.0] for factor, step in places])  # type: ignore[operator]

    return evaluate, asked


def test_a_switch_is_where_the_sign_changes() -> None:
    evaluate, asked = lines(lambda u: u - 0.37, lambda u: 1.0, lambda u: 0.9 - u, lambda u: 0.0)
    found = switching_steps([(0, 0, 1), (1, 0, 1), (2, 0, 1), (3, 0, 1), (0, 1, 0)], evaluate)
    assert found[0] == pytest.approx(0.37, abs=1 / 512)
    assert found[1] is None
    assert found[2] == pytest.approx(0.9, abs=1 / 512)
    assert found[3] is None
    assert found[4] == found[0]
    assert len(asked) == len(set(asked))  # nothing is judged twice


def test_the_first_of_several_switches_counts_and_equal_values_have_no_sign() -> None:
    evaluate, _ = lines(lambda u: math.cos(3 * math.pi * u), lambda u: -1.0 if u < 0.2 else 1.0 if u > 0.6 else 0.0)
    first, over_ties = switching_steps([(0, 0, 1), (1, 0, 1)], evaluate)
    assert first == pytest.approx(1 / 6, abs=1 / 512)
    assert over_ties == pytest.approx(0.6, abs=1 / 128)  # where the other sign begins
    turned, _ = lines(lambda u: 1.0 if u == 0.0 else 0.0)
    assert switching_steps([(0, 0, 1)], turned) == [None]  # better, then equal: nothing flips


def test_samples_that_do_not_count_have_no_sign() -> None:
    evaluate, _ = lines(lambda u: math.nan if u < 0.5 else u - 0.7)
    assert switching_steps([(0, 0, 1)], evaluate)[0] == pytest.approx(0.7, abs=1 / 512)
