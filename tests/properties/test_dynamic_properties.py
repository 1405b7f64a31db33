from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hoplon.earth.atmosphere import density, density_and_sound_speed
from hoplon.earth.gravity import J2, gravity
from hoplon.flight.motion import Surroundings, drag_of_ballistic_coefficient
from hoplon.flight.powered import fall
from hoplon.intercept.lethality import (
    handover_probability,
    raid_annihilation_track_per_raid,
    raid_annihilation_track_per_warhead,
    salvo_kill_probability,
)
from hoplon.sensing.discrimination import combined_separation, selection_probability

PROBABILITIES = st.floats(0.0, 1.0)
ROUNDING = 1e-12
NO_AIR = Surroundings(surface_density=0.0, scale_height=7e3)


@given(st.floats(-400.0, 1.1e6), st.floats(0.0, 1e5))
def test_the_air_thins_with_altitude(altitude: float, higher: float) -> None:
    # A step of 1e-4 at 86 km, where the published table takes over from the equations.
    assert density(altitude + higher) <= density(altitude) * (1.0 + 1e-4)
    assert math.isfinite(density_and_sound_speed(altitude)[1])


@given(st.floats(6.4e6, 2e7), st.floats(-1.5, 1.5), st.floats(-3.1, 3.1))
def test_gravity_has_the_symmetry_of_the_earth(radius: float, latitude: float, longitude: float) -> None:
    across, z = radius * math.cos(latitude), radius * math.sin(latitude)
    gx, gy, gz = gravity(across * math.cos(longitude), across * math.sin(longitude), z, 3.986e14, J2)
    hx, _, hz = gravity(across, 0.0, -z, 3.986e14, J2)
    scale = 3.986e14 / radius**2
    assert abs(math.hypot(gx, gy) - abs(hx)) <= 1e-12 * scale
    assert abs(gz + hz) <= 1e-12 * scale


@settings(max_examples=25)
@given(st.floats(500.0, 5000.0), st.floats(-3000.0, 1500.0), st.floats(60e3, 400e3), st.floats(1.2, 4.0))
def test_a_body_that_drag_holds_less_lands_faster(across: float, climb: float, altitude: float, heavier: float) -> None:
    start, velocity = np.array([6378137.0 + altitude, 0.0, 0.0]), np.array([climb, across, 0.3 * across])
    light = fall(start, velocity, *drag_of_ballistic_coefficient(2000.0)).impact
    heavy = fall(start, velocity, *drag_of_ballistic_coefficient(2000.0 * heavier)).impact
    free = fall(start, velocity, *drag_of_ballistic_coefficient(2000.0), surroundings=NO_AIR).impact
    assert light is not None
    assert heavy is not None
    assert free is not None
    assert light.speed <= heavy.speed * (1.0 + 1e-9) <= free.speed * (1.0 + 1e-6)


@given(st.integers(1, 5000), st.floats(0.0, 30.0), st.floats(0.0, 10.0))
def test_another_source_never_hurts_and_another_look_alike_never_helps(
    objects: int, first: float, second: float
) -> None:
    alone = selection_probability(objects, first)
    assert 1.0 / objects - ROUNDING <= alone <= 1.0
    assert alone <= selection_probability(objects, combined_separation([first, second])) + ROUNDING
    assert selection_probability(objects + 1, first) <= alone + ROUNDING


@given(st.floats(0.0, 1e5), st.floats(0.0, 1e6), st.floats(1.0, 50.0))
def test_a_better_prediction_is_handed_over_more_often(radius: float, sigma: float, factor: float) -> None:
    better, worse = handover_probability(radius, sigma), handover_probability(radius, sigma * factor)
    assert 0.0 <= worse <= better <= 1.0


@given(PROBABILITIES, PROBABILITIES, st.integers(0, 20), st.integers(1, 30))
def test_a_failure_of_the_whole_raid_is_never_worse_than_one_for_each_warhead(
    kill: float, track: float, shots: int, warheads: int
) -> None:
    each = raid_annihilation_track_per_warhead(warheads, kill, float(shots), track)
    common = raid_annihilation_track_per_raid(warheads, kill, float(shots), track)
    assert 0.0 <= each <= common + ROUNDING
    assert common <= track + ROUNDING
    assert salvo_kill_probability(kill, float(shots)) <= salvo_kill_probability(kill, float(shots + 1)) + ROUNDING
