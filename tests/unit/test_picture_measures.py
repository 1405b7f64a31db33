"""SIAP, OSPA and GOSPA on pictures whose measures can be counted by hand; the published rows are in verification."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from hoplon.errors import InputError
from hoplon.sensing.measures import gospa_distance, least_assignment, ospa_distance, picture_of


def line(count: int, offset: float) -> np.ndarray:
    """Return places far apart, each moved by an offset in both coordinates."""
    return np.array([[100.0 * index + offset, offset] for index in range(count)])


def test_each_missed_or_false_place_costs_gospa_half_the_cutoff() -> None:
    assert gospa_distance(line(3, 0.0), line(5, 0.0), 10.0) == pytest.approx(10.0, rel=1e-12)


def test_empty_pictures_have_their_distances() -> None:
    none, some = np.empty((0, 2)), line(3, 0.0)
    assert ospa_distance(none, none, 10.0) == 0.0
    assert ospa_distance(none, some, 10.0) == 10.0
    assert gospa_distance(some, none, 10.0) == 15.0


def test_the_assignment_is_scipys() -> None:
    rng = np.random.default_rng(7)
    for rows, columns in ((1, 1), (3, 3), (4, 9), (12, 12), (30, 41)):
        costs = rng.uniform(0.0, 10.0, (rows, columns))
        chosen = least_assignment(costs)
        assert len(set(chosen.tolist())) == rows
        expected = costs[linear_sum_assignment(costs)].sum()
        assert costs[np.arange(rows), chosen].sum() == pytest.approx(expected, rel=1e-12)


def test_a_picture_counted_by_hand() -> None:
    times = np.arange(4.0)
    objects = np.zeros((2, 4, 1))
    objects[1] = 100.0
    objects[1, 3] = np.nan
    tracks = np.full((3, 4, 1), np.nan)
    tracks[0, :2], tracks[1, 2:], tracks[2, 1:] = 3.0, 4.0, 500.0
    picture = picture_of(objects, tracks, times, gate=10.0)
    assert picture.completeness == pytest.approx(4.0 / 7.0)
    assert picture.ambiguity == pytest.approx(1.0)
    assert picture.spuriousness == pytest.approx(3.0 / 7.0)
    assert picture.position_accuracy == pytest.approx(math.sqrt((9.0 + 9.0 + 16.0 + 16.0) / 4.0))
    assert picture.continuity == pytest.approx(1.0 / 4.0)


def test_a_picture_of_nothing_measures_nothing() -> None:
    none = picture_of(np.empty((0, 3, 3)), np.empty((0, 3, 3)), np.arange(3.0), gate=1.0)
    assert (none.completeness, none.ambiguity, none.spuriousness) == (None, None, None)
    assert (none.position_accuracy, none.continuity) == (None, None)


def test_what_cannot_be_measured_is_refused() -> None:
    with pytest.raises(InputError, match="cutoff"):
        ospa_distance(line(1, 0.0), line(1, 0.0), 0.0)
    with pytest.raises(InputError, match="order"):
        ospa_distance(line(1, 0.0), line(1, 0.0), 1.0, 0.5)
    with pytest.raises(InputError, match="finite"):
        gospa_distance(line(1, math.nan), line(1, 0.0), 1.0)
    with pytest.raises(InputError, match="gate"):
        picture_of(np.empty((0, 1, 1)), np.empty((0, 1, 1)), np.arange(1.0), gate=-1.0)


def test_samples_that_stand_for_less_than_a_second_count_as_long_as_they_do() -> None:
    """One track 3 m off one object for 0.25 s, and as long again for the last sample."""
    objects, tracks = np.zeros((1, 2, 2)), np.full((1, 2, 2), [3.0, 0.0])
    found = picture_of(objects, tracks, np.array([0.0, 0.25]), 10.0)
    assert found.position_accuracy == pytest.approx(3.0, abs=1e-12)
    assert (found.completeness, found.ambiguity, found.spuriousness) == (1.0, 1.0, 0.0)
    with pytest.raises(InputError, match="increase"):
        picture_of(objects, tracks, np.array([0.25, 0.25]), 10.0)


@pytest.mark.parametrize(("fewer", "more"), [(3, 3), (2, 4), (1, 3)])
def test_distances_are_the_least_over_every_assignment(fewer: int, more: int) -> None:
    rng, cutoff = np.random.default_rng(fewer), 6.0
    for _ in range(5):
        one, other = rng.uniform(0.0, 10.0, (fewer, 2)), rng.uniform(0.0, 10.0, (more, 2))
        ways = [
            [min(cutoff, math.dist(one[row], other[column])) for row, column in enumerate(chosen)]
            for chosen in itertools.permutations(range(more), fewer)
        ]
        for order in (1.0, 2.0, 3.5):
            least = min(sum(away**order for away in way) for way in ways)
            ospa = ((least + (more - fewer) * cutoff**order) / more) ** (1.0 / order)
            gospa = (least + (more - fewer) * cutoff**order / 2.0) ** (1.0 / order)
            for pair in ((one, other), (other, one)):
                assert ospa_distance(*pair, cutoff, order) == pytest.approx(ospa, rel=1e-12)
                assert gospa_distance(*pair, cutoff, order) == pytest.approx(gospa, rel=1e-12)
        greatest = min(max(way) for way in ways) if fewer == more else cutoff
        assert ospa_distance(one, other, cutoff, math.inf) == pytest.approx(greatest, rel=1e-12)
    with pytest.raises(InputError, match="finite order"):
        gospa_distance(one, other, cutoff, math.inf)
    assert ospa_distance(one, one, cutoff) == 0.0
    assert ospa_distance(one, one, cutoff, math.inf) == 0.0


def test_an_assignment_with_more_rows_than_columns_is_refused() -> None:
    with pytest.raises(InputError, match="as many columns"):
        least_assignment(np.zeros((3, 2)))


def test_each_sample_counts_until_the_next_and_the_last_as_long_as_the_one_before() -> None:
    """One object at 0; the first track follows it, then the second takes it over, nearer, then the first again.

    Samples count 1, 2, 4 and 4 s. Tracks on the object: A, A and B, B, then A at the gate and B beyond it.
    """
    times = np.array([0.0, 1.0, 3.0, 7.0])
    objects = np.zeros((1, 4, 1))
    tracks = np.array([[3.0, 5.0, np.nan, 10.0], [np.nan, 1.0, 2.0, 10.5]])[..., np.newaxis]
    found = picture_of(objects, tracks, times, 10.0)
    assert found.completeness == 1.0
    assert found.ambiguity == pytest.approx((1 + 2 * 2 + 4 + 4) / 11)
    assert found.spuriousness == pytest.approx(4 / (1 + 2 * 2 + 4 + 2 * 4))
    assert found.position_accuracy == pytest.approx(math.sqrt((9 + 2 * (25 + 1) + 4 * 4 + 4 * 100) / 13))
    assert found.continuity == pytest.approx(2 / 11)  # A holds on while B is nearer; B takes over; A does
