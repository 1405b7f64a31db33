"""Which looks a track has, how they are summed, and what is read off the sum, by dense linear algebra."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hoplon.errors import InputError
from hoplon.flight import information
from hoplon.flight.arc import BURN_TIME, COLUMNS, IMPACT_TIME, PERIAPSIS, TRANSVERSE
from hoplon.flight.information import (
    PACKED,
    SENSOR_COLUMNS,
    STRETCH_COLUMNS,
    STRETCH_FIRST,
    STRETCH_SENSOR,
    satellite_row,
    sensor_row,
    unpacked,
)


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel as Python, which need not be compiled for a few numbers."""
    return getattr(function, "py_func", function)


LINES, PLACES = np.tril_indices(6)


def drawn_information(random: np.random.Generator, looks: int = 8) -> NDArray[np.float64]:
    rows = random.normal(size=(looks, 6)) * np.array([1.0, 30.0, 0.2, 5.0, 1.0, 100.0])
    return np.asarray(rows.T @ rows)


def test_a_factor_is_that_of_cholesky_and_there_is_none_where_a_parameter_is_not_known() -> None:
    random = np.random.default_rng(1)
    for number in range(20):
        matrix, root = drawn_information(random), np.empty(PACKED)
        assert plain(information.factor)(matrix[LINES, PLACES], root)
        lower = np.zeros((6, 6))
        lower[LINES, PLACES] = root
        lower[np.diag_indices(6)] = 1.0 / np.diag(lower)
        assert lower == pytest.approx(np.linalg.cholesky(matrix), rel=1e-9, abs=1e-9)
        matrix[number % 6] = matrix[:, number % 6] = 0.0  # of one parameter nothing is known
        assert not plain(information.factor)(matrix[LINES, PLACES], root)
    assert not plain(information.factor)(np.zeros(PACKED), root)


def test_rounding_alone_is_no_information() -> None:
    """Of a diagonal matrix with one entry that is the sum of squares of another but for a small part."""
    for part, known in ((1.1e-13, True), (0.9e-13, False)):
        packed, root = np.eye(6)[LINES, PLACES], np.empty(PACKED)
        packed[1], packed[2] = 1.0, 1.0 + part  # of the second parameter nearly all is that of the first
        assert plain(information.factor)(packed, root) == known


def test_packed_information_is_a_symmetric_matrix() -> None:
    random = np.random.default_rng(2)
    matrices = np.array([drawn_information(random) for _ in range(3)])
    assert np.array_equal(unpacked(matrices[:, LINES, PLACES]), matrices)


def drawn_covariance(random: np.random.Generator, thin: bool = False) -> NDArray[np.float64]:
    rows = random.normal(size=(1 if thin else 4, 3)) * [100.0, 20.0, 3.0]
    return np.asarray(rows.T @ rows)


def given(matrix: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(matrix[place]) for place in ((0, 0), (0, 1), (1, 1), (0, 2), (1, 2), (2, 2)))


def test_the_error_across_a_direction_is_that_of_the_plane_square_to_it() -> None:
    random = np.random.default_rng(3)
    for number in range(60):
        matrix, direction = drawn_covariance(random, number % 3 == 0), random.normal(size=3) * 10.0 ** (number % 5)
        across = np.linalg.svd(direction[np.newaxis])[2][1:]
        expected = math.sqrt(0.5 * np.trace(across @ matrix @ across.T))
        found = plain(information.sigma_across)(given(matrix), *direction.tolist())
        assert found == pytest.approx(expected, rel=1e-6, abs=1e-4)
        least, most = plain(information.sigma_bounds)(given(matrix))
        values = np.linalg.eigvalsh(matrix)
        assert least <= math.sqrt(max(0.0, 0.5 * (values[0] + values[1]))) + 1e-4  # across the longest axis
        assert most == pytest.approx(math.sqrt(0.5 * values.sum()), rel=1e-9)
        frobenius = math.sqrt(float((values**2).sum()))
        assert least == pytest.approx(math.sqrt(max(0.0, 0.5 * (values.sum() - frobenius))), rel=1e-6, abs=1e-3)
        whole = plain(information.sigma_across)(given(matrix), 0.0, 0.0, 0.0)
        assert whole == pytest.approx(most, rel=1e-12)
    line = np.outer([3.0, 4.0, 0.0], [3.0, 4.0, 0.0])
    assert plain(information.sigma_across)(given(line), 0.3, 0.4, 0.0) == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize(
    ("updates", "longest", "expected"),
    [
        ([10.0], 600.0, 22),  # 30 s a run
        ([2.0, 10.0], 600.0, 22),
        ([7.0], 600.0, 23),  # four looks of 7 s
        ([16.0], 600.0, 39),  # one look
        ([40.0], 600.0, 22),  # no less than half a minute
        ([16.0, 7.0, 29.0], 320.0, 22),
        ([10.0], 0.0, 2),
        ([10.0], 29.0, 2),
    ],
)
def test_a_stretch_has_no_more_runs_than_its_shortest_ones_last(
    updates: list[float], longest: float, expected: int
) -> None:
    sensors = np.array([sensor_row((7e6, 0.0, 0.0), update, 20.0, 1e-3) for update in updates])
    assert plain(information.most_runs)(sensors, longest) == expected


def flight() -> NDArray[np.float64]:
    row = np.zeros(COLUMNS)
    row[BURN_TIME], row[IMPACT_TIME] = 100.5, 700.0
    row[PERIAPSIS : PERIAPSIS + 3], row[TRANSVERSE : TRANSVERSE + 3] = [0.6, 0.48, 0.64], [-0.8, 0.36, 0.48]
    return row


SENSORS = np.array(
    [
        sensor_row((4e6, 2e6, 5e6), 4.0, 20.0, 1e-3),
        sensor_row((4e6, -3e6, 4e6), 0.5, 20.0, 1e-3),
        satellite_row(40.0, 400.0),
    ]
)


def looks_by_hand(start: float, end: float, update: float) -> list[float]:
    """Return the times of looks after burnout and until impact, a millionth of a second too late taken in."""
    times = [start + number * update for number in range(3000)]
    return [time for time in times if 100.5 - 1e-6 <= time <= min(end, 700.0) + 1e-6]


def test_the_looks_of_a_track_are_those_after_burnout_until_its_end_or_impact() -> None:
    spans = {
        0: [(90.0, 120.0), (200.0, 216.0), (300.0, 299.0)],
        1: [(100.5, 100.5), (500.25, 9e3), (20.0, 100.0)],
        2: [(60.5, 300.5)],
    }
    tracks = np.full((3, 2, 4, 2), np.nan, dtype=np.float32)
    for sensor, each in spans.items():
        tracks[sensor, 1, : len(each)] = each
    tracks[2, 1, 2] = [150.0, 160.0]  # behind one that is not there
    stretches = np.full((12, STRETCH_COLUMNS), np.nan)
    found = plain(information.stretches_of)(flight(), tracks, 1, SENSORS, stretches)
    expected = []
    for sensor, each in spans.items():
        update = float(SENSORS[sensor, information.SENSOR_UPDATE])
        for start, end in each:
            looks = looks_by_hand(start, end, update)
            if looks:
                expected.append([sensor, looks[0], len(looks), max(1, int(30.0 / update)), 0])
    assert found == len(expected) == 5
    assert stretches[:found, :5] == pytest.approx(np.array(expected), abs=1e-4)
    assert [STRETCH_SENSOR, STRETCH_FIRST] == [0, 1]
    assert np.isnan(stretches[found:]).all()
    plane = np.array([flight()[PERIAPSIS : PERIAPSIS + 3], flight()[TRANSVERSE : TRANSVERSE + 3]])
    axes = np.array([*plane, np.cross(*plane)])
    for sensor, stretch in zip(stretches[:found, 0].astype(int), stretches[:found, 5:14], strict=True):
        for turn in (0.0, 0.3, 1.1):
            matrix = np.array([[math.cos(turn), -math.sin(turn), 0], [math.sin(turn), math.cos(turn), 0], [0, 0, 1]])
            place = axes @ (matrix @ SENSORS[sensor, :3])
            told = stretch.reshape(3, 3) @ [math.cos(turn), math.sin(turn), 1.0]
            assert told == pytest.approx(place, abs=1e-3)


@pytest.mark.parametrize("each", [True, False])
@pytest.mark.parametrize("room", [0, 30])
def test_every_look_that_has_arrived_is_summed_once(each: bool, room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A look is counted here by the instant at which it was taken; runs are kept for the next question."""

    def add(
        row: Any, nodes: Any, stretch: Any, sensor: Any, passed: float, count: float, alone: bool, total: Any
    ) -> None:
        assert alone == each
        assert count >= 1.0
        times = stretch[STRETCH_FIRST] + sensor[information.SENSOR_UPDATE] * (passed + np.arange(count))
        total[:] += [len(times), times.sum(), (times**2).sum(), *[0.0] * 18]
        added.append(len(times))

    monkeypatch.setattr(information, "_add_run", add)
    added: list[int] = []
    tracks = np.full((3, 1, 2, 2), np.nan, dtype=np.float32)
    tracks[0, 0], tracks[1, 0, 0], tracks[2, 0, 0] = [[110.0, 310.0], [400.0, 404.0]], [110.0, 190.0], [120.0, 600.0]
    stretches, sums, total = np.zeros((6, STRETCH_COLUMNS)), np.full((6, room + 1, PACKED), np.nan), np.empty(PACKED)
    count = plain(information.stretches_of)(flight(), tracks, 0, SENSORS, stretches)
    delays = np.array([0.0, 12.5, np.inf])
    times = [looks_by_hand(110.0, 310.0, 4.0) + looks_by_hand(400.0, 404.0, 4.0), looks_by_hand(110.0, 190.0, 0.5)]
    for until in (100.0, 110.0, 113.9, 122.5, 130.0, 250.0, 180.0, 404.0, 600.0, 600.0):
        given_ = (flight(), None, stretches, count, SENSORS, delays, until, sums, each, total)
        taken = plain(information.gather_information)(*given_)
        heard = [at for at in times[0] if at <= until] + [at for at in times[1] if at + 12.5 <= until]
        assert taken == len(heard)
        squares = sum(at**2 for at in heard)
        assert total[:3] == pytest.approx([len(heard), sum(heard), squares], rel=1e-12, abs=1e-9)
    if room:
        assert sum(added[-4:]) < len(heard)  # what was summed before is kept
        assert sums.shape[1] > 1


def test_a_sensor_without_error_or_time_is_refused() -> None:
    for place in range(3):
        for value in (0.0, -1.0, math.inf, math.nan):
            numbers = [2.0, 20.0, 1e-3]
            numbers[place] = value
            with pytest.raises(InputError):
                sensor_row((0.0, 0.0, 0.0), *numbers)
            if place < 2:
                with pytest.raises(InputError):
                    satellite_row(*numbers[:2])
    row = sensor_row((1.0, 2.0, 3.0), 4.0, 20.0, 1e-3)
    assert row.tolist() == pytest.approx([1.0, 2.0, 3.0, 4.0, 20.0, 1e-3, 1.0 / 400.0, 1e6, 0.0])
    assert satellite_row(4.0, 400.0).tolist() == pytest.approx([0, 0, 0, 4.0, 400.0, 0.0, 1 / 160e3, 0.0, 1 / 160e3])
    assert len(row) == SENSOR_COLUMNS
