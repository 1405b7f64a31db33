"""The steps of covariance intersection, each by dense linear algebra."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hoplon.flight import intersection
from hoplon.flight.information import PACKED, factor

LINES, PLACES = np.tril_indices(6)


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel as Python, which need not be compiled for a few numbers."""
    return getattr(function, "py_func", function)


@pytest.fixture(autouse=True)
def as_python(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("factor", "projected_trace", "_gain", "_bend", "weighted", "_start"):
        monkeypatch.setattr(intersection, name, plain(getattr(intersection, name)))


def drawn(random: np.random.Generator, looks: int = 8) -> NDArray[np.float64]:
    rows = random.normal(size=(looks, 6)) * np.array([1.0, 3.0, 0.2, 5.0, 1.0, 2.0])
    return np.asarray(rows.T @ rows)


def packed(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.ascontiguousarray(matrix[..., LINES, PLACES])


def root_of(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    root = np.empty(PACKED)
    assert plain(factor)(packed(matrix), root)
    return root


@pytest.mark.parametrize("lines", [1, 2, 3])
def test_a_trace_and_what_it_is_solved_by_are_those_of_the_inverse(lines: int) -> None:
    random = np.random.default_rng(lines)
    for _ in range(10):
        matrix, asked, spread = drawn(random), random.normal(size=(3, 6)), np.full((3, 6), np.nan)
        trace = plain(intersection.projected_trace)(root_of(matrix), asked, lines, spread)
        solved = np.linalg.solve(matrix, asked[:lines].T).T
        assert trace == pytest.approx(float((asked[:lines] * solved).sum()), rel=1e-9)
        assert spread[:lines] == pytest.approx(solved, rel=1e-8, abs=1e-10)
        assert np.isnan(spread[lines:]).all()


def test_gain_and_bend_are_the_derivatives_of_the_trace_by_a_weight() -> None:
    random = np.random.default_rng(4)
    for lines in (1, 2, 3):
        one, other, asked = drawn(random), drawn(random), random.normal(size=(3, 6))

        def trace(share: float, one: Any = one, other: Any = other, asked: Any = asked[:lines]) -> float:
            return float(np.trace(asked @ np.linalg.solve((0.4 + share) * one + (0.6 - share) * other, asked.T)))

        root, spread, work = root_of(0.4 * one + 0.6 * other), np.empty((3, 6)), np.empty(6)
        plain(intersection.projected_trace)(root, asked, lines, spread)
        gains = [plain(intersection._gain)(packed(matrix), spread, lines) for matrix in (one, other)]
        slope = (trace(1e-5) - trace(-1e-5)) / 2e-5
        assert gains[1] - gains[0] == pytest.approx(slope, rel=1e-5, abs=1e-6)
        assert 0.4 * gains[0] + 0.6 * gains[1] == pytest.approx(trace(0.0), rel=1e-9)  # it is of degree -1
        bend = plain(intersection._bend)(packed(one), packed(other), root, spread, lines, work)
        curve = (trace(1e-3) - 2.0 * trace(0.0) + trace(-1e-3)) / 1e-6
        assert bend == pytest.approx(0.5 * curve, rel=1e-3)


def test_a_weighted_sum_is_that_of_the_tracks_that_count() -> None:
    random = np.random.default_rng(5)
    tracks, fused = random.normal(size=(4, PACKED)), np.full(PACKED, 9.0)
    tracks[1] = np.nan  # of no weight
    plain(intersection.weighted)(tracks, 3, np.array([0.25, 0.0, 0.75, 7.0]), fused)
    assert fused == pytest.approx(0.25 * tracks[0] + 0.75 * tracks[2])


def test_all_weight_begins_on_the_track_that_knows_best_or_on_none() -> None:
    random = np.random.default_rng(6)
    for _ in range(10):
        matrices = np.array([drawn(random) for _ in range(4)])
        matrices[2, 3] = matrices[2, :, 3] = 0.0  # it does not know all
        asked, weights = random.normal(size=(3, 6)), np.full(4, np.nan)
        traces = [float(np.trace(asked[:2] @ np.linalg.solve(matrices[k], asked[:2].T))) for k in (0, 1, 3)]
        given = (packed(matrices), 4, asked, 2, weights, np.empty(PACKED), np.empty((3, 6)))
        plain(intersection._start)(*given)
        best = (0, 1, 3)[int(np.argmin(traces))]
        assert weights.tolist() == [float(track == best) for track in range(4)]
        matrices[:, 3] = matrices[:, :, 3] = 0.0
        plain(intersection._start)(packed(matrices), 4, *given[2:])
        assert weights.tolist() == [0.25] * 4


def test_rows_across_a_direction_are_those_of_two_axes_square_to_it() -> None:
    random = np.random.default_rng(7)
    for number in range(40):
        direction, rows = random.normal(size=3) * 10.0 ** (number % 6 - 2), random.normal(size=(3, 6))
        if number < 4:
            direction = np.array([[0, 0, 2.0], [0, 0, -3.0], [1.0, 0, 0], [0, -1.0, 0]][number])
        whole, unit = rows.copy(), direction / np.linalg.norm(direction)
        assert plain(intersection.turn_across)(rows, *direction.tolist()) == 2
        across = np.linalg.svd(unit[np.newaxis])[2][1:] @ whole
        assert rows[:2].T @ rows[:2] == pytest.approx(across.T @ across, abs=1e-9)
        assert np.array_equal(rows[2], whole[2])
    rows = random.normal(size=(3, 6))
    kept = rows.copy()
    assert plain(intersection.turn_across)(rows, 0.0, 0.0, 0.0) == 3
    assert np.array_equal(rows, kept)


def least(matrices: NDArray[np.float64], asked: NDArray[np.float64]) -> float:
    """Return the least trace over the weights of two tracks, on a grid made finer twice."""
    low, high, found = 0.0, 1.0, math.inf
    for _ in range(4):
        shares = np.linspace(low, high, 101)
        traces = [
            float(np.trace(asked @ np.linalg.solve(share * matrices[0] + (1.0 - share) * matrices[1], asked.T)))
            for share in shares.tolist()
        ]
        at = int(np.argmin(traces))
        low, high, found = float(shares[max(at - 1, 0)]), float(shares[min(at + 1, 100)]), traces[at]
    return found


def scratch_for(count: int) -> Any:
    return plain(intersection.fusion_scratch)(count, 3)


def test_a_search_ends_at_the_least_trace_and_its_bound_is_no_greater() -> None:
    random, inner = np.random.default_rng(8), 0
    for _ in range(15):
        matrices, asked, scratch = np.array([drawn(random), drawn(random)]), random.normal(size=(3, 6)), scratch_for(2)
        value, bound = plain(intersection.search_weights)(packed(matrices), 2, asked, 2, math.nan, scratch)
        expected = least(matrices, asked[:2])
        assert value == pytest.approx(expected, rel=1e-4)
        assert bound <= value * (1.0 + 1e-12)
        assert bound == pytest.approx(expected, rel=1e-3)
        weights = scratch.weights
        assert weights.sum() == pytest.approx(1.0, abs=1e-12)
        assert weights.min() >= 0.0
        inner += weights.min() > 0.01
        fused = np.tensordot(weights, matrices, 1)
        assert value == pytest.approx(float(np.trace(asked[:2] @ np.linalg.solve(fused, asked[:2].T))), rel=1e-9)
        root = root_of(fused)
        assert scratch.root == pytest.approx(root, rel=1e-6)
        for share in (0.5, 2.0):  # a question is answered right away where one track alone answers it
            early, low = plain(intersection.search_weights)(
                packed(matrices), 2, asked, 2, share * expected, scratch_for(2)
            )
            assert (early <= share * expected) == (share > 1.0)
            assert (low > share * expected) == (share < 1.0)
    assert inner > 3
    unknown = plain(intersection.search_weights)(np.zeros((2, PACKED)), 2, asked, 2, 1.0, scratch_for(2))
    assert unknown == (math.inf, math.inf)
    assert plain(intersection.search_weights)(packed(matrices), 0, asked, 2, 1.0, scratch_for(2)) == (
        math.inf,
        math.inf,
    )
