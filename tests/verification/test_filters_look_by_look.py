"""Both Kalman filters over some twenty looks, against the textbook's matrices with numerical derivatives."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from hoplon.errors import InputError
from hoplon.sensing.filters import extended_kalman_filter, schedule_of, simulate_looks, site_row, wrapped
from hoplon.sensing.unscented import unscented_kalman_filter
from hoplon.streams import key_of, normal, uniform

MU, EARTH_RATE = 3.986004418e14, 7.292115e-5  # [m3 s-2], [rad s-1] WGS 84
BELOW = (48.2, 35.4, 0.0)  # the flight stands some 80 degrees above it
PLACES = ((38.35, 37.79, 0.0), (44.0, 24.4, 300.0), (41.0, 30.0, 1000.0), BELOW)  # [deg], [deg], [m]
SIGMAS = ((10.0, 0.5e-3), (30.0, 1.5e-3), (5.0, 0.2e-3), (10.0, 0.5e-3))
TRUTH = np.array([3.6e6, 2.7e6, 5.0e6, -3500.0, -1500.0, 1800.0])  # some 330 km up, inertial, at START
START, UPDATE = 200.0, 12.0
CLOSE = 0.05  # of a standard deviation: what linearisation in another order may change
FILTERS = {"extended": extended_kalman_filter, "unscented": unscented_kalman_filter}


def ecef(latitude: float, longitude: float, altitude: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the place of a site over WGS 84, and its east, north and up as rows."""
    lat, lon = math.radians(latitude), math.radians(longitude)
    up = np.array([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])
    east = np.array([-math.sin(lon), math.cos(lon), 0.0])
    north = np.array([-math.sin(lat) * math.cos(lon), -math.sin(lat) * math.sin(lon), math.cos(lat)])
    squared = (1 / 298.257223563) * (2 - 1 / 298.257223563)
    radius = 6378137.0 / math.sqrt(1.0 - squared * math.sin(lat) ** 2)
    return (radius + altitude) * up - np.array([0.0, 0.0, squared * radius * math.sin(lat)]), np.array(
        [east, north, up]
    )


def look(state: NDArray[np.float64], radar: int, time: float) -> NDArray[np.float64]:
    """Return slant range [m], azimuth and elevation [rad] without error."""
    place, axes = ecef(*PLACES[radar])
    turn = EARTH_RATE * time
    back = np.array([[math.cos(turn), math.sin(turn), 0.0], [-math.sin(turn), math.cos(turn), 0.0], [0.0, 0.0, 1.0]])
    east, north, up = axes @ (back @ state[:3] - place)
    return np.array([math.hypot(east, north, up), math.atan2(east, north), math.atan2(up, math.hypot(east, north))])


def place_of(measured: NDArray[np.float64], radar: int, time: float) -> NDArray[np.float64]:
    """Return the inertial place of a look."""
    place, axes = ecef(*PLACES[radar])
    slant, azimuth, elevation = measured
    level = math.cos(elevation)
    sight = np.array([level * math.sin(azimuth), level * math.cos(azimuth), math.sin(elevation)])
    x, y, z = place + slant * sight @ axes
    cosine, sine = math.cos(EARTH_RATE * time), math.sin(EARTH_RATE * time)
    return np.array([cosine * x - sine * y, sine * x + cosine * y, z])


def jacobian(function, at: NDArray[np.float64], steps: NDArray[np.float64]) -> NDArray[np.float64]:
    columns = []
    for place, step in enumerate(steps):
        move = np.zeros(len(at))
        move[place] = step
        columns.append((function(at + move) - function(at - move)) / (2.0 * step))
    return np.array(columns).T


def flown(state: NDArray[np.float64], seconds: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the two-body state later, and its derivative by the state, from the variational equations."""

    def rate(_: float, packed: NDArray[np.float64]) -> NDArray[np.float64]:
        place, matrix = packed[:3], packed[6:].reshape(6, 6)
        far = math.sqrt(place @ place)
        tide = MU / far**3 * (3.0 * np.outer(place, place) / far**2 - np.eye(3))
        return np.concatenate([packed[3:6], -MU / far**3 * place, matrix[3:].ravel(), (tide @ matrix[:3]).ravel()])

    begin = np.concatenate([state, np.eye(6).ravel()])
    end = solve_ivp(rate, (0.0, seconds), begin, rtol=1e-10, atol=1e-9, method="DOP853").y[:, -1]
    return end[:6], end[6:].reshape(6, 6)


@cache
def looks():
    """Every look, some of them missed: the first of all, every one of one moment, and two later ones."""
    times, radars, counts = schedule_of(np.full(3, START), np.full(3, UPDATE), START + 84.0)
    sites = np.array(
        [
            site_row(math.radians(a), math.radians(b), up, *sigma)
            for (a, b, up), sigma in zip(PLACES, SIGMAS, strict=True)
        ]
    )
    drawn = simulate_looks(TRUTH[None], START, times, radars, counts, np.ones(len(times)), sites, 4, 0)
    measured, detected = drawn
    assert detected.all()
    detected[0, [0, 9, 10, 11, 16, len(times) - 1]] = False
    return times, radars, counts, sites, measured, detected


@cache
def expected() -> tuple[list[NDArray[np.float64]], list[NDArray[np.float64]]]:
    """Return states and covariances after every look; NaN before the track."""
    times, radars, _, _, measured, detected = looks()
    states, covariances = [], []
    first, state, covariance, now = None, None, None, 0.0
    for at, (time, radar) in enumerate(zip(times, radars, strict=True)):
        noise = np.array([SIGMAS[radar][0], SIGMAS[radar][1] / math.cos(measured[0, at, 2]), SIGMAS[radar][1]])
        if state is not None and time > now:
            state, matrix = flown(state, time - now)
            covariance, now = matrix @ covariance @ matrix.T, time
        if detected[0, at]:
            place = place_of(measured[0, at], radar, time)
            turned = jacobian(
                lambda it, r=radar, t=time: place_of(it, r, t), measured[0, at], np.array([1.0, 1e-6, 1e-6])
            )
            error = turned @ np.diag(noise**2) @ turned.T
            if state is not None:
                slope = jacobian(lambda it, r=radar, t=time: look(it, r, t), state, np.array([10.0] * 3 + [1.0] * 3))
                gain = covariance @ slope.T @ np.linalg.inv(slope @ covariance @ slope.T + np.diag(noise**2))
                state = state + gain @ (measured[0, at] - look(state, radar, time))
                covariance = (np.eye(6) - gain @ slope) @ covariance
            elif first is None:
                first = (place, error, time)
            elif time > first[2]:
                step, middle = time - first[2], 0.5 * (place + first[0])
                pull = -MU / np.linalg.norm(middle) ** 3 * middle
                state = np.concatenate([place, (place - first[0]) / step + 0.5 * step * pull])
                covariance = np.block([[error, error / step], [error / step, (error + first[1]) / step**2]])
                now = time
        states.append(np.full(6, np.nan) if state is None else state)
        covariances.append(np.full((6, 6), np.nan) if covariance is None else covariance)
    return states, covariances


@pytest.mark.parametrize("kind", FILTERS)
def test_a_filter_is_that_of_the_textbook_look_by_look(kind: str) -> None:
    times, radars, _, sites, measured, detected = looks()
    kept = np.arange(len(times))
    states, covariances = FILTERS[kind](times, radars, measured, detected, sites, kept)
    begun = 0
    for at, (state, covariance) in enumerate(zip(*expected(), strict=True)):
        assert np.isnan(states[0, at]).all() == np.isnan(state).all()
        if np.isnan(state).all():
            continue
        sigma = np.sqrt(np.diag(covariance))
        assert np.abs((states[0, at] - state) / sigma).max() < CLOSE, at
        apart = (covariances[0, at] - covariance) / np.outer(sigma, sigma)
        assert np.abs(apart).max() < CLOSE, at
        begun += 1
    assert begun == len(times) - 3  # from the first detection at another time than the first


def test_some_looks_alone_are_kept() -> None:
    times, radars, _, sites, measured, detected = looks()
    kept = np.array([4, 10, len(times) - 1])
    for kind in FILTERS.values():
        every, _ = kind(times, radars, measured, detected, sites, np.arange(len(times)))
        some, _ = kind(times, radars, measured, detected, sites, kept)
        assert np.allclose(some, every[:, kept], rtol=1e-12)


def test_looks_without_error_are_where_the_geometry_puts_them_and_errors_grow_with_sigma() -> None:
    times, radars, counts, sites, _, _ = looks()
    chances = np.ones(len(times))
    exact = np.array(
        [look(flown(TRUTH, t - START)[0] if t > START else TRUTH, r, t) for t, r in zip(times, radars, strict=True)]
    )
    sharp = sites.copy()
    sharp[:, 12:] *= 1e-9
    none, _ = simulate_looks(TRUTH[None], START, times, radars, counts, chances, sharp, 4, 0)
    assert none[0] == pytest.approx(exact, rel=1e-9, abs=1e-9)
    once = simulate_looks(TRUTH[None], START, times, radars, counts, chances, sites, 4, 0)[0][0] - exact
    wide = sites.copy()
    wide[:, 12:] *= [2.0, 3.0]
    more = simulate_looks(TRUTH[None], START, times, radars, counts, chances, wide, 4, 0)[0][0] - exact
    assert more == pytest.approx(once * [2.0, 3.0, 3.0], rel=1e-4, abs=1e-8)
    sigma = np.array(
        [[SIGMAS[r][0], SIGMAS[r][1] / math.cos(exact[at, 2]), SIGMAS[r][1]] for at, r in enumerate(radars)]
    )
    standard = once / sigma
    assert np.abs(standard).max() < 4.0
    assert (standard**2).mean() == pytest.approx(1.0, abs=0.5)  # 72 draws: three standard deviations


GAP = 1e-3  # of a standard deviation: what a minute's flight in steps of ten seconds leaves


@pytest.mark.parametrize("kind", FILTERS)
def test_an_estimate_that_meets_no_look_flies_on_by_itself(kind: str) -> None:
    times, radars, _, sites, measured, _ = looks()
    detected = np.zeros((1, len(times)), dtype=bool)
    detected[0, [0, 3]] = True  # two looks of one radar
    kept = np.array([2, 3, len(times) - 1])
    states, covariances = FILTERS[kind](times, radars, measured, detected, sites, kept)
    assert np.isnan(states[0, 0]).all()
    state, matrix = flown(states[0, 1], times[-1] - times[3])
    covariance = matrix @ covariances[0, 1] @ matrix.T
    sigma = np.sqrt(np.diag(covariance))
    assert np.abs((states[0, 2] - state) / sigma).max() < GAP
    assert np.abs((covariances[0, 2] - covariance) / np.outer(sigma, sigma)).max() < GAP


def test_detection_and_the_three_errors_of_each_look_are_drawn_apart() -> None:
    _, _, _, sites, _, _ = looks()
    runs, chance = 400, 0.3
    times, radars, counts = np.array([START, START + 1.0]), np.zeros(2, dtype=np.int64), np.arange(2)
    truth = np.repeat(TRUTH[None], runs, axis=0)
    measured, detected = simulate_looks(truth, START, times, radars, counts, np.full(2, chance), sites, 4, 0)
    drawn = np.concatenate([measured.reshape(runs, 6), detected], axis=1)
    apart = np.corrcoef(drawn.T) - np.eye(8)
    assert np.abs(apart).max() < 4.5 / math.sqrt(runs)
    assert detected.mean(axis=0) == pytest.approx(chance, abs=4.5 * math.sqrt(chance * (1.0 - chance) / runs))


def test_looks_come_in_order_of_time_then_radar_until_the_end() -> None:
    starts, updates, end = np.array([10.0, 10.0, 95.0, 101.0]), np.array([30.0, 7.5, 5.0, 1.0]), 100.0
    expected = sorted(
        (start + number * update, radar, number)
        for radar, (start, update) in enumerate(zip(starts, updates, strict=True))
        for number in range(20)
        if start + number * update <= end
    )
    assert list(zip(*(column.tolist() for column in schedule_of(starts, updates, end)), strict=True)) == expected
    for update in (0.0, -1.0, math.nan, math.inf):
        with pytest.raises(InputError, match="between looks"):
            schedule_of(starts[:1], np.array([update]), end)


STEEP = 0.03  # of a standard deviation: what linearisation leaves of one look


@pytest.mark.parametrize("kind", FILTERS)
def test_a_look_from_almost_below_is_worth_little_in_azimuth(kind: str) -> None:
    _, _, _, sites, _, _ = looks()
    times, radars = START + UPDATE * np.arange(3), np.full(3, 3)
    drawn = simulate_looks(TRUTH[None], START, times, radars, np.arange(3), np.ones(3), sites, 4, 0)
    assert drawn[0][0, :, 2].min() > math.radians(70.0)
    states, covariances = FILTERS[kind](times, radars, *drawn, sites, np.array([1, 2]))
    state, matrix = flown(states[0, 0], UPDATE)
    covariance = matrix @ covariances[0, 0] @ matrix.T
    measured = drawn[0][0, 2]
    expected = look(state, 3, times[2])
    noise = np.array([SIGMAS[3][0], SIGMAS[3][1] / math.cos(expected[2]), SIGMAS[3][1]])
    slope = jacobian(lambda it: look(it, 3, times[2]), state, np.array([10.0] * 3 + [1.0] * 3))
    gain = covariance @ slope.T @ np.linalg.inv(slope @ covariance @ slope.T + np.diag(noise**2))
    state = state + gain @ (measured - expected)
    covariance = (np.eye(6) - gain @ slope) @ covariance
    sigma = np.sqrt(np.diag(covariance))
    assert np.abs((states[0, 1] - state) / sigma).max() < STEEP
    assert np.abs((covariances[0, 1] - covariance) / np.outer(sigma, sigma)).max() < STEEP


def test_an_angle_less_whole_turns_points_the_same_way() -> None:
    for angle in np.linspace(-20.0, 20.0, 401):
        found = wrapped(float(angle))
        assert abs(found) <= math.pi
        assert (math.cos(found), math.sin(found)) == pytest.approx((math.cos(angle), math.sin(angle)), abs=1e-12)


def test_each_draw_of_a_look_has_a_key_of_its_own() -> None:
    """By run, radar and look: whether it detects, then the errors of range, azimuth and elevation, in this order."""
    times, radars, counts = schedule_of(np.full(3, START), np.full(3, UPDATE), START + 30.0)
    chances, seed, first = np.full(len(times), 0.6), 11, 7
    measured = []
    for share in (1.0, 1e-9):
        sites = np.array(
            [
                site_row(math.radians(a), math.radians(b), up, share * sigma, share * angle)
                for (a, b, up), (sigma, angle) in zip(PLACES[:3], SIGMAS[:3], strict=True)
            ]
        )
        found, detected = simulate_looks(
            np.array([TRUTH, TRUTH]), START, times, radars, counts, chances, sites, seed, first
        )
        measured.append(found)
    for run, number in np.ndindex(detected.shape):
        radar = int(radars[number])
        keys = [
            np.uint64(key_of(seed, first + run, radar, 4 * int(counts[number]) + purpose, 0)) for purpose in range(4)
        ]
        assert detected[run, number] == (uniform(keys[0]) < 0.6)
        sigma, angle = SIGMAS[radar]
        level = math.cos(float(measured[1][run, number, 2]))
        errors = (measured[0] - measured[1])[run, number] / [sigma, angle / level, angle]
        assert errors == pytest.approx([normal(key) for key in keys[1:]], abs=1e-4)
    assert set(radars.tolist()) == {0, 1, 2}
    assert counts.max() >= 2
