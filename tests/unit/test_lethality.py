from __future__ import annotations

import math

import pytest

from hoplon.errors import InputError
from hoplon.intercept.lethality import (
    ShotFactors,
    acquisition_radius,
    expected_leakers,
    expected_leakers_uncoordinated,
    expected_shots,
    handover_probability,
    raid_annihilation_track_per_raid,
    raid_annihilation_track_per_warhead,
    salvo_kill_probability,
    shots_for_annihilation_track_per_raid,
    shots_for_annihilation_track_per_warhead,
)
from hoplon.sensing.discrimination import combined_separation, selection_probability


def test_the_factors_multiply() -> None:
    assert ShotFactors(0.9, 0.8, 0.5, 0.5).single_shot_kill_probability == pytest.approx(0.18, rel=1e-14)


def test_the_radius_is_the_lesser_of_view_and_divert() -> None:
    view = 350e3 * math.tan(0.01)
    assert acquisition_radius(350e3, 0.02, 6e3) == pytest.approx(view, rel=1e-14)
    assert acquisition_radius(350e3, 0.02, 3e3) == 3e3
    assert acquisition_radius(350e3, 6.3, 3e3) == 3e3


def test_a_perfect_prediction_is_always_handed_over_and_none_never() -> None:
    assert handover_probability(1e3, 0.0) == 1.0
    assert handover_probability(0.0, 0.0) == 0.0
    assert handover_probability(1e3, math.inf) == 0.0
    assert handover_probability(1e3, 1e3) == pytest.approx(1.0 - math.exp(-0.5), rel=1e-14)


def test_no_shot_kills_nothing_and_a_sure_shot_kills() -> None:
    assert salvo_kill_probability(0.7, 0.0) == 0.0
    assert salvo_kill_probability(1.0, 1.0) == 1.0
    assert salvo_kill_probability(1.0, 0.0) == 0.0
    assert salvo_kill_probability(0.0, 5.0) == 0.0


def test_a_common_failure_is_kinder_to_a_large_raid_than_separate_ones() -> None:
    each = raid_annihilation_track_per_warhead(10, 0.9, 4.0, 0.95)
    common = raid_annihilation_track_per_raid(10, 0.9, 4.0, 0.95)
    assert each == pytest.approx((0.95 * (1.0 - 1e-4)) ** 10, rel=1e-12)
    assert common == pytest.approx(0.95 * (1.0 - 1e-4) ** 10, rel=1e-12)


def test_what_no_number_of_shots_gives_is_none() -> None:
    assert shots_for_annihilation_track_per_warhead(10, 0.7, 0.8, 0.97) is None
    assert shots_for_annihilation_track_per_raid(10, 0.7, 0.8, 0.79) is None
    assert shots_for_annihilation_track_per_warhead(1, 0.0, 0.8) is None
    assert shots_for_annihilation_track_per_warhead(1, 0.5, 0.8, 0.0) is None


def test_a_sure_shot_at_each_is_enough_for_certainty() -> None:
    assert shots_for_annihilation_track_per_warhead(1, 1.0, 1.0) == 1.0
    assert shots_for_annihilation_track_per_raid(8, 1.0, 1.0) == 1.0
    assert shots_for_annihilation_track_per_raid(8, 0.9, 1.0) is None


def test_no_shot_leaves_every_warhead_and_none_is_needed_for_a_chance_of_nothing() -> None:
    """Each bound of what is allowed is allowed: no shots, one warhead, chances of 0 and 1."""
    for annihilation in (raid_annihilation_track_per_warhead, raid_annihilation_track_per_raid):
        assert annihilation(2, 0.5, 0.0) == 0.0
        assert annihilation(1, 1.0, 1.0, 1.0) == 1.0
        assert annihilation(1, 0.0, 3.0, 0.0) == 0.0
    for asked in (shots_for_annihilation_track_per_warhead, shots_for_annihilation_track_per_raid):
        assert asked(4, 0.5, 0.0) == 0.0
        assert asked(1, 0.5, 0.9, 0.9) is None
        assert asked(1, 0.0, 0.5, 1.0) is None
        assert asked(1, 0.5, 0.5) == pytest.approx(1.0, rel=1e-14)
    assert expected_leakers(3, 0.5, 0) == 3.0
    assert expected_leakers_uncoordinated(3, 0.5, 0) == 3.0
    assert expected_leakers_uncoordinated(4, 0.8, 2) == pytest.approx(4 * 0.8**2, rel=1e-14)
    assert expected_leakers_uncoordinated(1, 1.0, 1) == 0.0
    assert expected_shots(0.5, ()) == 0.0
    assert expected_shots(0.5, (1, 2, 1)) == pytest.approx(1 + 2 * 0.5 + 0.5**3, rel=1e-14)
    assert acquisition_radius(0.0, 0.0, 0.0) == 0.0
    assert acquisition_radius(1e3, 4.0, 5e3) == 5e3  # it looks all round


def test_shots_that_cannot_be_shared_out_evenly_go_to_some_warheads() -> None:
    assert expected_leakers(2, 0.5, 3) == pytest.approx(0.5**2 + 0.5, rel=1e-14)
    assert expected_leakers(3, 0.6, 8) == pytest.approx(2 * 0.4**3 + 0.4**2, rel=1e-14)
    assert expected_leakers(4, 0.7, 2) == pytest.approx(2 * 0.3 + 2, rel=1e-14)


def test_the_shots_that_are_asked_for_give_the_chance() -> None:
    shots = shots_for_annihilation_track_per_raid(8, 0.6, 0.9, 0.97)
    assert shots is not None
    assert raid_annihilation_track_per_raid(8, 0.6, shots, 0.97) == pytest.approx(0.9, rel=1e-12)


def test_squares_of_separations_add() -> None:
    assert combined_separation([3.0, 4.0]) == pytest.approx(5.0, rel=1e-14)
    assert combined_separation([]) == 0.0


def test_a_sensor_that_tells_nothing_apart_adds_nothing() -> None:
    assert combined_separation([0.0, 3.0]) == 3.0
    assert combined_separation([0.0]) == 0.0


def test_one_object_needs_no_selection() -> None:
    assert selection_probability(1, 0.0) == 1.0


def test_an_unbounded_separation_always_selects() -> None:
    assert selection_probability(100, math.inf) == 1.0


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: ShotFactors(90.0, 1.0, 1.0, 1.0), "reliability"),
        (lambda: ShotFactors(0.9, math.nan, 1.0, 1.0), "handover"),
        (lambda: selection_probability(0, 1.0), "objects"),
        (lambda: selection_probability(1_000_001, 1.0), "objects"),
        (lambda: selection_probability(2, -1.0), "separation"),
        (lambda: selection_probability(2, math.nan), "separation"),
        (lambda: combined_separation([1.0, math.nan]), "separations"),
        (lambda: acquisition_radius(-1.0, 0.02, 1.0), "seeker_range"),
        (lambda: raid_annihilation_track_per_warhead(0, 0.7, 1.0), "warheads"),
        (lambda: raid_annihilation_track_per_raid(1, 0.7, -1.0), "shots"),
        (lambda: expected_shots(0.7, (1, 0)), "salvo"),
        (lambda: expected_leakers(4, 1.7, 4), "percent"),
    ],
)
def test_what_is_no_probability_and_no_length_is_refused(call: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        call()  # type: ignore[operator]


@pytest.mark.parametrize("nothing", [(0.0, 0.1, 900.0), (1e5, 0.0, 900.0), (1e5, 0.1, 0.0)])
def test_a_seeker_without_range_view_or_divert_meets_nothing_off_its_point(nothing: tuple[float, float, float]) -> None:
    assert acquisition_radius(*nothing) == 0.0


def test_a_million_objects_are_told_apart_with_a_chance_of_one() -> None:
    assert selection_probability(1_000_000, 15.0) == pytest.approx(1.0, abs=1e-12)
    assert selection_probability(2, 40.0) <= 1.0
