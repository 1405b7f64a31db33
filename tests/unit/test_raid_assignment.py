"""Assignment: greedy, exact, and the gap between them."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoplon.backbone.assignment import earliest_intercept, maximum_marginal_return
from hoplon.backbone.optimum import exact_assignment, expected_leaking, greedy_gap
from hoplon.errors import InputError


def enumerated(values: np.ndarray, kill: np.ndarray, inventory: np.ndarray, most: int) -> float:
    """Least expected leakage over every assignment."""
    threats, batteries = kill.shape
    best = np.inf
    for flat in product(range(most + 1), repeat=threats * batteries):
        shots = np.array(flat).reshape(threats, batteries)
        if (shots.sum(axis=0) <= inventory).all():
            left = values.copy()
            for threat in range(threats):
                for battery in range(batteries):
                    left[threat] *= (1 - kill[threat, battery]) ** shots[threat, battery]
            best = min(best, left.sum())
    return best


@pytest.mark.parametrize("seed", range(6))
def test_the_optimum_is_the_best_of_all_assignments(seed: int) -> None:
    source = np.random.default_rng(seed)
    values, kill = source.uniform(0.5, 2, 3), source.uniform(0, 0.95, (3, 2))
    inventory = source.integers(0, 4, 2)
    found = exact_assignment(values, kill, inventory, 3)
    assert found.leaking == pytest.approx(enumerated(values, kill, inventory, 3), abs=1e-7)
    assert found.bound <= found.leaking + 1e-9


def test_greedy_misses_the_optimum_where_it_takes_the_scarce_battery_first() -> None:
    # The second battery reaches the first threat alone; greedy gives the first threat the better first battery.
    kill, values = np.array([[0.9, 0.8], [0.7, 0.0]]), np.ones(2)
    greedy, exact, gap = greedy_gap(values, kill, np.array([1, 1]), 1)
    assert exact == pytest.approx(0.2 + 0.3)
    assert greedy == pytest.approx(0.1 * 0.2 + 1.0)
    assert gap == pytest.approx(1.02 / 0.5 - 1)


def test_greedy_spreads_equal_shots_evenly() -> None:
    shots = maximum_marginal_return(np.ones(3), np.full((3, 1), 0.6), np.array([7]), 9)
    assert sorted(shots[:, 0].tolist()) == [2, 2, 3]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 2))
def test_more_inventory_never_lets_more_leak_under_the_optimum(seed: int, where: int) -> None:
    source = np.random.default_rng(seed)
    values, kill = source.uniform(0, 2, 5), source.uniform(0, 1, (5, 3))
    inventory = source.integers(0, 4, 3)
    more = inventory.copy()
    more[where] += 1
    one, other = exact_assignment(values, kill, inventory, 3), exact_assignment(values, kill, more, 3)
    assert other.leaking <= one.leaking + 1e-7
    greedy = maximum_marginal_return(values, kill, inventory, 3)
    assert one.leaking <= expected_leaking(values, kill, greedy) + 1e-7


def test_an_empty_magazine_lets_everything_leak() -> None:
    found = exact_assignment(np.ones(2), np.full((2, 1), 0.9), np.array([0]), 2)
    assert found.leaking == 2.0
    assert (found.shots == 0).all()


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError, match="do not fit"):
        exact_assignment(np.ones(3), np.ones((2, 1)), np.array([1]), 1)
    with pytest.raises(InputError, match="probabilities from 0 to 1"):
        exact_assignment(np.ones(2), np.full((2, 1), 1.5), np.array([1]), 1)


def test_the_earliest_intercept_is_found_by_trying_every_second() -> None:
    source = np.random.default_rng(3)
    for _ in range(200):
        times = source.integers(-5, 60, 40)
        times[source.random(40) < 0.3] = -(1 << 31)
        tables = np.array([times, np.maximum.accumulate(times), np.maximum.accumulate(times[::-1])[::-1]])
        available, opens, closes = source.integers(0, 50), *sorted(source.integers(-3, 45, 2))
        wanted = [t for t in range(max(opens, 0), min(closes, 39) + 1) if times[t] >= available]
        found = earliest_intercept(tables[np.newaxis, np.newaxis].astype(np.int32), 0, 0, available, opens, closes)
        assert found == (wanted[0] if wanted else -1)
