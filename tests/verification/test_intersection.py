"""Covariance intersection against a closed form, against SciPy's minimiser, and second by second along a flight."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize

from hoplon.flight.arc import BURN_TIME, IMPACT_TIME
from hoplon.flight.information import PACKED, unpacked
from hoplon.flight.intersection import intersect, place_rows, turn_across
from hoplon.flight.sensitivity import inertial_sensitivity, perifocal_axes
from hoplon.intercept.battery import Battery, Timing, batteries_of
from hoplon.intercept.launch import weapon_of
from hoplon.intercept.predicted_point import predicted_error
from hoplon.intercept.prediction import Looks, predicted_support, prediction_scratch
from hoplon.intercept.reach import Interceptor, Reach
from hoplon.sensing.quality import covariance_intersection
from verification.dense_information import Reference
from verification.every_second import straight_reach
from verification.test_track_information import HANDOVER, RADARS, SITE, Compiled, closing_by_brute_force, flown

LEAST = 1e-6  # relative: what the minimiser of SciPy leaves
DENSE = 1e-5  # relative: information there is the inverse of a covariance of condition 1e10
NAMES = ("forward", "own", "partner", "midcourse")


@cache
def reach() -> Reach:
    return straight_reach(Interceptor(3000.0, 60.0, 90e3, 700e3, 500.0, math.radians(15.0)))


def packed(matrices: NDArray[np.float64]) -> NDArray[np.float64]:
    lines, columns = np.tril_indices(6)
    return np.ascontiguousarray(matrices[:, lines, columns])


def fused(matrices: NDArray[np.float64], asked: NDArray[np.float64], enough: float = math.nan) -> tuple[float, float]:
    weights = np.empty(len(matrices))
    return intersect(packed(matrices), len(matrices), asked, len(asked), enough, weights, np.empty(PACKED))


def least_by_scipy(matrices: NDArray[np.float64], asked: NDArray[np.float64]) -> float:
    """Return the least trace over the weights: SLSQP from the middle and from beside each corner."""
    scale = 1.0 / np.sqrt(np.einsum("rii->i", matrices))
    scaled, rows = matrices * np.outer(scale, scale), asked * scale
    size = float(np.trace(rows @ np.linalg.solve(scaled.sum(axis=0), rows.T)))

    def trace(weights: NDArray[np.float64]) -> float:
        whole = np.tensordot(weights, scaled, 1) + 1e-14 * np.eye(6)
        return float(np.trace(rows @ np.linalg.solve(whole, rows.T))) / size

    count, found = len(matrices), math.inf
    middle = np.full(count, 1.0 / count)
    for start in (middle, *(0.9 * np.eye(count)[corner] + 0.1 * middle for corner in range(count))):
        answer = minimize(
            trace,
            start,
            method="SLSQP",
            bounds=[(1e-9, 1.0)] * count,
            constraints={"type": "eq", "fun": lambda weights: float(weights.sum()) - 1.0},
            options={"ftol": 1e-14, "maxiter": 400},
        )
        found = min(found, trace(np.maximum(answer.x, 0.0) / np.maximum(answer.x, 0.0).sum()))
    return found * size


def test_tracks_that_know_one_direction_each_weigh_by_their_error() -> None:
    # tr J^-1 = sum 1 / (w_i a_i) is least at w_i as 1 / sqrt(a_i): the square of the sum of the errors.
    strength = np.array([1.0, 4.0, 9.0, 0.25, 100.0, 2.0])
    trace, bound = fused(np.array([np.diag(row) for row in np.diag(strength)]), np.eye(6))
    assert trace == pytest.approx(np.sum(strength**-0.5) ** 2, rel=1e-8)
    assert bound == pytest.approx(trace, rel=LEAST)


def test_one_track_is_fused_to_itself_and_none_to_nothing() -> None:
    matrix = np.diag([4.0, 1.0, 2.0, 5.0, 10.0, 0.5])
    assert fused(matrix[np.newaxis], np.eye(6)[:2]) == pytest.approx((1.25, 1.25), rel=1e-12)
    assert fused(np.zeros((0, 6, 6)), np.eye(6)) == (math.inf, math.inf)


def test_a_track_that_knows_all_better_is_taken_alone() -> None:
    trace, _ = fused(np.array([np.eye(6), 3.0 * np.eye(6), 2.0 * np.eye(6)]), np.eye(6))
    assert trace == pytest.approx(2.0, rel=1e-12)


def test_tracks_that_fix_nothing_together_are_infinitely_wrong() -> None:
    assert fused(np.array([np.diag([1.0, 1.0, 0.0, 0.0, 0.0, 0.0])] * 2), np.eye(6)) == (math.inf, math.inf)
    assert not covariance_intersection(np.zeros((0, 6, 6)), np.eye(6)).any()


@pytest.mark.parametrize("seed", range(6))
def test_the_least_trace_is_that_of_scipy(seed: int) -> None:
    draws = np.random.default_rng(seed)
    looks = draws.normal(size=(5, 4, 6)) * 10.0 ** draws.uniform(-1.0, 1.0, (5, 1, 1))
    matrices = np.einsum("rki,rkj->rij", looks, looks)  # each of rank four: none fixes all by itself
    asked = draws.normal(size=(2, 6))
    trace, bound = fused(matrices, asked)
    assert trace == pytest.approx(least_by_scipy(matrices, asked), rel=LEAST)
    assert bound <= trace * (1.0 + 1e-12)
    assert bound == pytest.approx(trace, rel=LEAST)


@pytest.mark.parametrize(
    "direction", [(0.0, 0.0, 2.0), (0.0, 0.0, -3.0), (1.0, -2.0, 0.5), (300.0, 40.0, -2e3), (1.0, 0.0, 0.0)]
)
def test_the_part_of_a_place_across_a_direction_loses_what_lies_along_it(direction: tuple[float, ...]) -> None:
    row, _ = flown("long")
    nodes = Compiled(row, [RADARS["own"]], each=True).nodes
    derivative = np.empty((3, 6))
    place_rows(row, nodes, 500.0, derivative)
    whole = perifocal_axes(row).T @ inertial_sensitivity(row, 500.0)[:3]
    assert derivative == pytest.approx(whole, rel=1e-9, abs=1e-6 * np.abs(whole).max())
    assert turn_across(derivative, *direction) == 2
    unit = np.array(direction) / np.linalg.norm(direction)
    plane = np.eye(3) - np.outer(unit, unit)
    mixed = np.random.default_rng(4).normal(size=(6, 6))
    spread = mixed @ mixed.T
    expected = np.trace(plane @ whole @ spread @ whole.T @ plane)
    assert np.trace(derivative[:2] @ spread @ derivative[:2].T) == pytest.approx(expected, rel=1e-6)


def test_a_direction_of_no_length_leaves_the_whole_place() -> None:
    derivative = np.arange(18.0).reshape(3, 6)
    assert turn_across(derivative, 0.0, 0.0, 0.0) == 3
    assert np.array_equal(derivative, np.arange(18.0).reshape(3, 6))


@pytest.mark.parametrize("share", [0.9, 1.1])
def test_a_question_that_is_answered_early_is_answered_right(share: float) -> None:
    draws = np.random.default_rng(7)
    looks = draws.normal(size=(4, 4, 6))
    matrices, asked = np.einsum("rki,rkj->rij", looks, looks), draws.normal(size=(2, 6))
    enough = share * fused(matrices, asked)[0]
    trace, bound = fused(matrices, asked, enough)
    assert (trace <= enough) == (share > 1.0)
    assert (bound > enough) == (share < 1.0)


def asked_of_site(own: tuple[str, ...], central: bool) -> tuple[Timing, NDArray[np.bool_]]:
    timing = Timing(20.0, 30.0, 5.0, 10.0, HANDOVER, 10.0, True, 150.0, central)
    return timing, np.array([name in own for name in NAMES])


def error_of(compiled: Compiled, timing: Timing, own: NDArray[np.bool_], second: float) -> float:
    """Return the predicted error of the battery at SITE that hears every radar [m]."""
    place = (math.radians(SITE[0]), math.radians(SITE[1]))
    stacked = batteries_of([Battery(*place, 0, tuple(np.flatnonzero(own)), True, (), 10)], [reach()], len(own))
    weapon = weapon_of(stacked.rows[0], stacked.interceptors[0])
    none = np.zeros((len(compiled.stretches), 1, PACKED))
    return predicted_error(
        *(compiled.row, compiled.nodes, compiled.stretches, compiled.count, compiled.sensors, own, True),
        *(compiled.delays, timing.row(), weapon, reach().fan, second, none),
    )


@pytest.mark.parametrize("name", ["long", "lofted"])
def test_the_predicted_error_of_intersected_tracks_is_the_dense_one(name: str) -> None:
    row, arc = flown(name)
    radars = [RADARS[key] for key in NAMES]
    compiled = Compiled(row, radars, each=True)
    timing, own = asked_of_site(("own", "forward"), central=False)
    whole, _ = asked_of_site((), central=True)
    local = [Reference(arc, [RADARS["forward"], RADARS["own"]]), *(Reference(arc, [RADARS[k]]) for k in NAMES[2:])]
    together = Reference(arc, radars)
    compared = 0
    for second in np.arange(math.ceil(row[IMPACT_TIME]) - 200.0, row[IMPACT_TIME], 23.0):
        closing = closing_by_brute_force(arc, second)
        if closing is None:
            continue
        spreads = [reference.covariance(second, second - HANDOVER) for reference in local]
        known = np.array([np.linalg.inv(spread) for spread in spreads if spread is not None])
        across = np.hstack([np.linalg.svd(closing[np.newaxis])[2][1:], np.zeros((2, 3))])
        error = error_of(compiled, timing, own, second)
        assert error == pytest.approx(math.sqrt(0.5 * least_by_scipy(known, across)), rel=DENSE + 3e-3)
        central = error_of(compiled, whole, own, second)
        assert central <= error * (1.0 + 1e-9)
        assert central == pytest.approx(together.sigma_across(second, second - HANDOVER, closing), rel=3e-3)
        best = min(reference.sigma_across(second, second - HANDOVER, closing) for reference in local)
        assert error <= best * (1.0 + 3e-3)
        compared += 1
    assert compared >= 3


@pytest.mark.parametrize(("own", "limit"), [(("own",), 60.0), ((), 45.0), (("own", "forward"), 300.0)])
def test_windows_of_intersected_support_are_those_of_every_second(own: tuple[str, ...], limit: float) -> None:
    row, _ = flown("long")
    radars = [RADARS[key] for key in NAMES]
    runs, each = Compiled(row, radars, each=False), Compiled(row, radars, each=True)
    timing, mine = asked_of_site(own, central=False)
    numbers = timing.row()._replace(handover_error=limit)
    place = (math.radians(SITE[0]), math.radians(SITE[1]))
    stacked = batteries_of([Battery(*place, 0, tuple(np.flatnonzero(mine)), True, (), 10)], [reach()], len(mine))
    windows, begin = np.zeros((400, 2)), math.floor(row[BURN_TIME]) + 1
    weapon = weapon_of(stacked.rows[0], stacked.interceptors[0])
    found = predicted_support(
        row,
        Looks(
            *(runs.nodes, runs.stretches, np.full(1, runs.count), runs.sensors, runs.delays),
            *(np.empty(len(mine)), runs.sums, prediction_scratch(len(mine))),
        ),
        *(mine, stacked.rows[0], numbers, float(begin), weapon, reach().fan, windows),
    )
    seconds = np.arange(begin, math.ceil(row[IMPACT_TIME]))
    supported = np.zeros(len(seconds), dtype=bool)
    for first, last in windows[:found]:
        supported |= (seconds >= first) & (seconds <= last)
    errors = np.array([error_of(each, timing, mine, float(second)) for second in seconds])
    asked = ~(np.abs(errors / limit - 1.0) < 1e-3)
    assert supported.any()
    assert not supported.all()
    assert not (asked & (supported != (errors <= limit))).any()


def test_the_fusion_of_the_track_command_is_the_same_search() -> None:
    row, _ = flown("long")
    compiled = Compiled(row, [RADARS[key] for key in NAMES], each=True)
    rows = []
    for radar in range(len(NAMES)):
        compiled.delays[:] = np.inf
        compiled.delays[radar] = 0.0
        rows.append(compiled.gathered(480.0)[1])
    asked = inertial_sensitivity(row, 500.0)[:3]
    information = covariance_intersection(unpacked(np.array(rows)), asked)
    trace = float(np.trace(asked @ np.linalg.inv(information) @ asked.T))
    assert trace == pytest.approx(least_by_scipy(unpacked(np.array(rows)), asked), rel=1e-4)
