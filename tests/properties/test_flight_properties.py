from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hoplon.constants import GRAVITATIONAL_PARAMETER, ROTATION_RATE
from hoplon.flight.arc import (
    BURN_TIME,
    BURNOUT_SPEED,
    COLUMNS,
    IMPACT_TIME,
    STATUS,
    apogee,
    flight_position,
    flight_state,
    solve_flight,
)
from hoplon.flight.ballistic import (
    arc_shape,
    hit_speed_squared,
    minimum_energy_angle,
    solve_kepler,
    time_of_flight,
)
from hoplon.flight.path import (
    ALTITUDE,
    NORMAL,
    POSITION,
    ROWS,
    TIME,
    cubic_at,
    cubic_of,
    most_nodes,
    sample_path,
    spans_of,
    stencil,
)
from properties.strategies import Shot, rows_of, shots

RADII = st.floats(6.4e6, 7.5e6)
RANGE_ANGLES = st.floats(0.02, 2.9)
LOFTS = st.floats(-0.2, 0.3)


@given(RADII, RADII, RANGE_ANGLES, LOFTS, st.floats(0.1, 10.0))
def test_scaling_every_length_scales_speed_and_time_as_keplers_third_law_says(
    r1: float, r2: float, psi: float, loft: float, scale: float
) -> None:
    angle = minimum_energy_angle(r1, r2, psi) + loft
    squared = hit_speed_squared(r1, r2, psi, angle)
    assume(0.0 < squared < 1.9 * GRAVITATIONAL_PARAMETER / r1)
    assert minimum_energy_angle(scale * r1, scale * r2, psi) == pytest.approx(angle - loft, abs=1e-12)
    scaled = hit_speed_squared(scale * r1, scale * r2, psi, angle)
    assert scaled * scale == pytest.approx(squared, rel=1e-9)
    time = time_of_flight(r1, squared, angle, psi)
    assert time_of_flight(scale * r1, scaled, angle, psi) == pytest.approx(time * scale**1.5, rel=1e-9)


@given(RADII, RADII, RANGE_ANGLES, st.floats(-1.5, 1.5))
def test_no_path_angle_needs_less_speed_than_that_of_least_energy(
    r1: float, r2: float, psi: float, angle: float
) -> None:
    least = hit_speed_squared(r1, r2, psi, minimum_energy_angle(r1, r2, psi))
    other = hit_speed_squared(r1, r2, psi, angle)
    assert least > 0.0
    assert not 0.0 < other < least * (1.0 - 1e-12)


@given(RADII, RADII, RANGE_ANGLES, LOFTS)
def test_the_arc_flown_backwards_takes_the_same_speed_and_time(r1: float, r2: float, psi: float, loft: float) -> None:
    angle = minimum_energy_angle(r1, r2, psi) + loft
    squared = hit_speed_squared(r1, r2, psi, angle)
    assume(0.0 < squared < 1.9 * GRAVITATIONAL_PARAMETER / r1)
    arrival = squared + 2.0 * GRAVITATIONAL_PARAMETER * (1.0 / r2 - 1.0 / r1)
    _, eccentricity, anomaly = arc_shape(r1, squared, angle)
    end = anomaly + psi
    # The flight-path angle of a true anomaly: tan g = e sin f / (1 + e cos f). Backwards it changes its sign.
    back = -math.atan2(eccentricity * math.sin(end), 1.0 + eccentricity * math.cos(end))
    assume(abs(back) < 1.5)
    assert hit_speed_squared(r2, r1, psi, back) == pytest.approx(arrival, rel=1e-6)
    assert time_of_flight(r2, arrival, back, psi) == pytest.approx(time_of_flight(r1, squared, angle, psi), rel=1e-6)


@given(st.floats(0.0, 0.99), st.floats(0.5, 2.0 * math.pi - 0.5), st.floats(-0.2, 0.2))
def test_keplers_equation_is_solved(eccentricity: float, anomaly: float, error: float) -> None:
    mean = anomaly - eccentricity * math.sin(anomaly)
    assert solve_kepler(eccentricity, mean, anomaly + error) == pytest.approx(anomaly, abs=1e-9)


@given(shots())
def test_energy_and_angular_momentum_are_conserved_along_the_arc(shot: Shot) -> None:
    (row,) = rows_of(shot)
    assume(row[STATUS] == 0.0)
    step = 1.0
    speed_squared, moments, altitudes = [], [], []
    for time in np.linspace(row[BURN_TIME] + 2.0 * step, row[IMPACT_TIME] - 2.0 * step, 9):
        # Inertial positions five seconds about; the five-point difference errs by step^4 x^(5) / 30, below 1e-6 m/s.
        around = []
        for k in (-2, -1, 0, 1, 2):
            x, y, z = flight_position(row, time + k * step)
            turn = ROTATION_RATE * (time + k * step)
            around.append([math.cos(turn) * x - math.sin(turn) * y, math.sin(turn) * x + math.cos(turn) * y, z])
        p = np.array(around)
        velocity = (p[0] - 8.0 * p[1] + 8.0 * p[3] - p[4]) / (12.0 * step)
        radius = float(np.linalg.norm(p[2]))
        altitudes.append(radius)
        speed_squared.append(float(velocity @ velocity) - 2.0 * GRAVITATIONAL_PARAMETER / radius)
        moments.append(np.cross(p[2], velocity))
    assert speed_squared == pytest.approx([speed_squared[0]] * 9, rel=1e-7)
    for moment in moments:
        assert np.linalg.norm(moment - moments[0]) <= 1e-7 * np.linalg.norm(moments[0])


@given(shots(), st.floats(-180.0, 180.0))
def test_turning_every_place_about_the_polar_axis_changes_nothing(shot: Shot, longitude: float) -> None:
    row, turned = rows_of(shot, shot.turned(longitude))
    assume(row[STATUS] == 0.0)
    assert turned[STATUS] == 0.0
    assert turned[IMPACT_TIME] == pytest.approx(row[IMPACT_TIME], abs=1e-5)
    assert turned[BURNOUT_SPEED] == pytest.approx(row[BURNOUT_SPEED], abs=1e-5)
    assert apogee(turned) == pytest.approx(apogee(row), abs=1e-2)


@given(shots())
def test_a_flight_in_the_mirror_of_the_equator_is_the_same_flight(shot: Shot) -> None:
    row, mirrored = rows_of(shot, shot.mirrored())
    assume(row[STATUS] == 0.0)
    assert mirrored[STATUS] == 0.0
    assert mirrored[IMPACT_TIME] == pytest.approx(row[IMPACT_TIME], abs=1e-6)
    middle = 0.5 * row[IMPACT_TIME]
    x, y, z = flight_position(row, middle)
    assert flight_position(mirrored, middle) == pytest.approx((x, y, -z), abs=1e-2)


@given(st.lists(shots(), min_size=1, max_size=5))
def test_one_flight_alone_has_the_digits_it_has_among_others(drawn: list[Shot]) -> None:
    together = rows_of(*drawn)
    for shot, row in zip(drawn, together, strict=True):
        alone = np.empty(COLUMNS)
        solve_flight(
            *np.radians(shot.launch),
            *np.radians(shot.aim),
            shot.burn_time,
            shot.burnout_altitude,
            shot.burnout_ground_range,
            shot.loft,
            alone,
        )
        assert np.array_equal(alone, row)


@given(shots(), st.sampled_from([1.0, 5.0, 10.0]))
def test_a_sampled_path_stands_where_the_flight_is(shot: Shot, step: float) -> None:
    rows = rows_of(shot)
    row = rows[0]
    assume(row[STATUS] == 0.0)
    path = np.empty((ROWS, most_nodes(rows, step)))
    boost, nodes = sample_path(row, step, path)
    times = path[TIME, :nodes]
    assert times[0] == 0.0
    assert times[-1] == row[IMPACT_TIME]
    assert np.all(np.diff(times) > 0.0)
    assert np.all(np.diff(times) <= step * (1.0 + 1e-9))
    for node in range(nodes):
        ux, uy, uz, altitude, *position = flight_state(row, times[node])
        assert path[POSITION:ROWS, node] == pytest.approx(position, abs=0.01)
        assert path[NORMAL:ALTITUDE, node] == pytest.approx((ux, uy, uz), abs=1e-8)
        assert path[ALTITUDE, node] == pytest.approx(altitude, abs=0.01)
    for node in range(nodes - 1):
        between = 0.5 * (times[node] + times[node + 1])
        start = stencil(boost, nodes, node)
        if start < 0:
            continue
        spans = spans_of(path, start)
        found = tuple(cubic_at(cubic_of(path, POSITION + axis, start, spans), spans, between) for axis in range(3))
        # Interpolation over 10 s errs by centimetres on the arc, by a metre on a short boost; the model allows 100 m.
        assert found == pytest.approx(flight_position(row, between), abs=5.0)
