"""Kalman filters over simulated looks: errors meet the bound, covariances say what the errors are."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from hoplon.errors import InputError
from hoplon.flight.arc import solve_flights
from hoplon.flight.information import sensor_row
from hoplon.flight.sensitivity import inertial_state
from hoplon.sensing.filters import extended_kalman_filter, schedule_of, simulate_looks, site_row
from hoplon.sensing.quality import central_fusion, information_history, state_covariance
from hoplon.sensing.unscented import unscented_kalman_filter

EFFICIENT = 0.10  # of the bound: the requirement, over 1,000 runs
RUNS = 1000
PLACES = ((38.35, 37.79), (44.0, 24.4), (41.0, 30.0))
SIGMAS = ((10.0, 0.5e-3), (30.0, 1.5e-3), (5.0, 0.2e-3))
START, END = 160.0, 760.0
FILTERS = {"extended": extended_kalman_filter, "unscented": unscented_kalman_filter}


@cache
def flight() -> NDArray[np.float64]:
    row = solve_flights(
        np.radians([[35.6, 51.4]]),
        np.radians([[48.0, 11.0]]),
        *(np.array([value]) for value in (150.0, 150e3, 200e3, 0.0)),
    )[0]
    assert row[0] == 0.0
    return row


def sites() -> NDArray[np.float64]:
    return np.array(
        [
            site_row(math.radians(latitude), math.radians(longitude), 0.0, *sigma)
            for (latitude, longitude), sigma in zip(PLACES, SIGMAS, strict=True)
        ]
    )


@cache
def tracked(kind: str, runs: int, update: float, probability: float, seed: int = 1) -> tuple[NDArray[np.float64], ...]:
    """Return errors (runs, k, 6) and covariances at some looks, and the times of those."""
    times, radars, counts = schedule_of(np.full(3, START), np.full(3, update), END)
    truth = np.repeat(inertial_state(flight(), START)[np.newaxis], runs, axis=0)
    chances = np.full(len(times), probability)
    measured, detected = simulate_looks(truth, START, times, radars, counts, chances, sites(), seed, 0)
    kept = np.array([len(times) // 10, len(times) // 2, len(times) - 1])
    states, covariances = FILTERS[kind](times, radars, measured, detected, sites(), kept)
    truths = np.array([inertial_state(flight(), time) for time in times[kept]])
    return states - truths, covariances, times[kept], radars[kept]


def bound(time: float, update: float) -> NDArray[np.float64]:
    """Return the covariance of the bound from every look until a time."""
    sensors = np.array([sensor_row(tuple(site[:3]), update, site[12], site[13]) for site in sites()])
    tracks = np.full((3, 1, 2), np.nan, dtype=np.float32)
    tracks[:, 0] = START, END
    history, _ = information_history(flight(), tracks, sensors, np.zeros(3), np.array([time]))
    covariance = state_covariance(flight(), central_fusion(history[0], np.eye(6)), time)
    assert covariance is not None
    return covariance


@pytest.mark.parametrize("kind", FILTERS)
def test_errors_of_a_thousand_runs_meet_the_bound(kind: str) -> None:
    update = 10.0
    errors, _, times, radars = tracked(kind, RUNS, update, 1.0)
    for index, time in enumerate(times):
        before = 1e-3 * (radars[index] < 2)  # the looks of the later radars of that second are not in yet
        expected = bound(time - before, update)
        for part in (slice(0, 3), slice(3, 6)):
            got = math.sqrt(float((errors[:, index, part] ** 2).sum(axis=1).mean()))
            assert got == pytest.approx(math.sqrt(np.trace(expected[part, part])), rel=EFFICIENT)


@pytest.mark.parametrize("kind", FILTERS)
@pytest.mark.parametrize("probability", [1.0, 0.6])
def test_normalised_errors_lie_inside_their_chi_square_interval(kind: str, probability: float) -> None:
    errors, covariances, times, _ = tracked(kind, RUNS, 10.0, probability)
    low, high = stats.chi2.ppf([0.0005, 0.9995], 6 * RUNS) / RUNS
    for index in range(1, len(times)):
        weighted = np.linalg.solve(covariances[:, index], errors[:, index, :, np.newaxis])[..., 0]
        normalised = (errors[:, index] * weighted).sum(axis=1)
        assert low < normalised.mean() < high


def test_the_two_filters_agree() -> None:
    extended, _, _, _ = tracked("extended", RUNS, 10.0, 1.0)
    unscented, _, _, _ = tracked("unscented", RUNS, 10.0, 1.0)
    apart = np.sqrt(((extended - unscented)[:, -1, :3] ** 2).sum(axis=1).mean())
    assert apart < 0.05 * np.sqrt((extended[:, -1, :3] ** 2).sum(axis=1).mean())


def test_missed_looks_cost_accuracy() -> None:
    whole, holed = tracked("extended", RUNS, 10.0, 1.0)[0], tracked("extended", RUNS, 10.0, 0.6)[0]
    ratio = math.sqrt(float((holed[:, -1, :3] ** 2).sum() / (whole[:, -1, :3] ** 2).sum()))
    assert 1.05 < ratio < 1.6  # the square root of 1/0.6 is 1.29


def test_a_run_draws_the_same_looks_alone_as_among_others() -> None:
    times, radars, counts = schedule_of(np.full(3, START), np.full(3, 10.0), 200.0)
    truth = np.repeat(inertial_state(flight(), START)[np.newaxis], 5, axis=0)
    chances = np.full(len(times), 0.7)
    many, seen = simulate_looks(truth, START, times, radars, counts, chances, sites(), 3, 0)
    alone, seen_alone = simulate_looks(truth[:1], START, times, radars, counts, chances, sites(), 3, 4)
    assert np.array_equal(many[4], alone[0])
    assert np.array_equal(seen[4], seen_alone[0])
    assert not np.array_equal(many[3], many[4])


@pytest.mark.parametrize("kind", FILTERS)
def test_one_look_makes_no_track(kind: str) -> None:
    times, radars, counts = schedule_of(np.full(3, START), np.full(3, 10.0), 200.0)
    truth = inertial_state(flight(), START)[np.newaxis]
    measured, detected = simulate_looks(truth, START, times, radars, counts, np.ones(len(times)), sites(), 3, 0)
    detected[:, 1:] = False
    states, covariances = FILTERS[kind](times, radars, measured, detected, sites(), np.array([len(times) - 1]))
    assert np.isnan(states).all()
    assert np.isnan(covariances).all()


@pytest.mark.parametrize("sigma", [0.0, -1.0, math.nan, math.inf])
def test_a_sigma_that_is_not_positive_is_refused(sigma: float) -> None:
    with pytest.raises(InputError, match="range_sigma_m"):
        site_row(0.5, 0.5, 0.0, sigma, 1e-3)
    with pytest.raises(InputError, match="angle_sigma_mrad"):
        sensor_row((6.4e6, 0.0, 0.0), 1.0, 10.0, sigma)
    with pytest.raises(InputError, match="update_s"):
        sensor_row((6.4e6, 0.0, 0.0), sigma, 10.0, 1e-3)
