"""Keyed random streams against independent arithmetic and distributions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from hoplon.streams import exponential, key_of, normal, normal_quantile, uniform

_WORD = 2**64 - 1
_DRAWS = 20_000


def _mixed(word: int) -> int:
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & _WORD
    return word ^ (word >> 31)


def _key_by_whole_numbers(seed: int, *words: int) -> int:
    state = _mixed((seed + 0x9E3779B97F4A7C15) & _WORD)
    for word in words:
        state = _mixed(((state + 0x9E3779B97F4A7C15) & _WORD) ^ (word & _WORD))
    return state


def test_the_first_outputs_of_splitmix64_are_the_published_ones() -> None:
    # Seed 1234567 of the reference implementation (Vigna, splitmix64.c): its first output mixes seed + gamma.
    assert _mixed((1234567 + 0x9E3779B97F4A7C15) & _WORD) == 6457827717110365317


@pytest.mark.parametrize("words", [(0, 0, 0, 0, 0), (1, 2, 3, 4, 5), (2**63 - 1, -1, -7, 10**12, 1)])
def test_a_key_equals_the_same_arithmetic_in_whole_numbers(words: tuple[int, ...]) -> None:
    assert int(key_of(*words)) == _key_by_whole_numbers(*words)


def test_keys_of_neighbouring_events_differ() -> None:
    keys = {
        int(key_of(seed, a, b, c, d))
        for seed in range(3)
        for a in range(5)
        for b in range(5)
        for c in range(20)
        for d in range(4)
    }
    assert len(keys) == 3 * 5 * 5 * 20 * 4


def test_draws_have_their_distributions() -> None:
    keys = [np.uint64(key_of(7, 0, 0, index, 0)) for index in range(_DRAWS)]
    assert stats.kstest([uniform(key) for key in keys], "uniform").pvalue > 1e-3
    assert stats.kstest([normal(key) for key in keys], "norm").pvalue > 1e-3
    assert stats.kstest([exponential(key, 4.0) for key in keys], "expon", args=(0.0, 4.0)).pvalue > 1e-3


def test_draws_of_neighbouring_keys_are_not_correlated() -> None:
    table = np.array([[normal(np.uint64(key_of(3, run, 0, look, 0))) for look in range(100)] for run in range(200)])
    for other in (np.roll(table, 1, axis=0), np.roll(table, 1, axis=1)):
        correlation = float(np.mean(table * other))
        assert abs(correlation) < 4.0 / math.sqrt(table.size)


def test_the_ends_of_the_unit_interval_are_never_drawn() -> None:
    assert 0.0 < uniform(np.uint64(0)) < uniform(np.uint64(_WORD)) < 1.0
    assert math.isfinite(normal(np.uint64(0)))
    assert math.isfinite(normal(np.uint64(_WORD)))


@pytest.mark.parametrize("probability", [1e-300, 1e-12, 1e-4, 0.07, 0.3, 0.5, 0.6, 0.93, 0.9999, 1.0 - 1e-12])
def test_the_normal_quantile_is_scipys(probability: float) -> None:
    assert normal_quantile(probability) == pytest.approx(stats.norm.ppf(probability), rel=1e-12, abs=1e-15)
