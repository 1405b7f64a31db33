from __future__ import annotations

import math

import numpy as np
import pyproj
import pytest

from hoplon.earth.geodesy import ground_range
from hoplon.errors import InputError
from hoplon.flight.arc import FLIES, IMPACT_TIME, STATUS, flight_position, solve_flights
from hoplon.flight.integrate import WORK_ROWS
from hoplon.flight.motion import (
    V2_COEFFICIENT,
    V2_MACH,
    Drag,
    Surroundings,
    coasting,
    drag_of_ballistic_coefficient,
)
from hoplon.flight.path import ROWS, most_nodes, sample_path
from hoplon.flight.powered import Stage, Vehicle, fall, launch
from hoplon.flight.reentry import AllenEggers, descents, slow_path
from hoplon.flight.shooting import _control, aim_by_cutoff, aim_by_pitch_over, farthest_pitch_over

BODY = Drag(1.0, V2_MACH, V2_COEFFICIENT)
SINGLE = Vehicle((Stage(220e3, 230.0, 70.0, 1400.0),), 900.0, BODY, BODY, least_range=80e3)
TWO_STAGES = Vehicle(
    (Stage(400e3, 240.0, 65.0, 1800.0, nozzle_area=0.3), Stage(110e3, 280.0, 80.0, 700.0)), 800.0, BODY, BODY
)
HERE = (40.0, 50.0)


def flights(count: int = 4) -> np.ndarray:
    """Return flights of a medium-range class to different aims."""
    aims = np.radians([[44.0 + index, 30.0 - index] for index in range(count)])
    columns = (np.full(count, value) for value in (120.0, 110e3, 140e3, 0.0))
    return solve_flights(np.radians(np.tile(HERE, (count, 1))), aims, *columns)


def test_events_come_in_order_and_where_they_say() -> None:
    flight = launch(TWO_STAGES, *np.radians(HERE), -1.0, math.radians(3.0), sample_step=5.0)
    assert flight.burnout is not None
    assert flight.apogee is not None
    assert flight.reentry is not None
    assert flight.impact is not None
    assert flight.burnout.time == pytest.approx(145.0, abs=1e-9)
    assert flight.burnout.time < flight.apogee.time < flight.reentry.time < flight.impact.time
    assert flight.apogee.flight_path_angle == pytest.approx(0.0, abs=1e-9)
    assert flight.reentry.altitude == pytest.approx(100e3, abs=1e-3)
    assert flight.impact.altitude == pytest.approx(0.0, abs=1e-3)
    assert np.all(np.diff(flight.times) >= 0.0)
    assert {5.0, 10.0, 200.0} <= set(flight.times.tolist())
    assert flight.times[-1] == flight.impact.time


def test_sampling_does_not_move_the_flight() -> None:
    coarse = launch(SINGLE, *np.radians(HERE), -1.0, math.radians(3.0)).impact
    fine = launch(SINGLE, *np.radians(HERE), -1.0, math.radians(3.0), sample_step=0.7).impact
    assert coarse is not None
    assert fine is not None
    assert fine.time == pytest.approx(coarse.time, abs=1e-4)
    np.testing.assert_allclose(fine.position_ecef, coarse.position_ecef, atol=0.5)


def test_a_flat_pitch_over_meets_the_ground_under_power() -> None:
    flight = launch(SINGLE, *np.radians(HERE), 0.0, math.radians(85.0))
    assert flight.burnout is None
    assert flight.impact is not None
    assert "under power" in str(flight.reason)


def test_what_does_not_come_down_is_said() -> None:
    flight = fall(np.array([7e6, 0.0, 0.0]), np.array([9e3, 9e3, 0.0]), BODY, 100.0)
    assert flight.impact is None
    assert flight.ground_range is None
    assert "does not come down" in str(flight.reason)


def test_thinner_air_gives_a_nozzle_more_thrust() -> None:
    plain = Vehicle((Stage(220e3, 230.0, 70.0, 1400.0),), 900.0, BODY, BODY)
    wide = Vehicle((Stage(220e3, 230.0, 70.0, 1400.0, nozzle_area=0.3),), 900.0, BODY, BODY)
    speeds = [launch(vehicle, *np.radians(HERE), 0.0, 0.05).burnout.speed for vehicle in (plain, wide)]  # type: ignore[union-attr]
    assert speeds[1] > speeds[0] + 50.0


@pytest.mark.parametrize("aim", [(41.0, 48.5), (40.6, 49.2), (38.4, 51.0)])
def test_three_ways_of_shooting_meet_the_aim(aim: tuple[float, float]) -> None:
    by_cutoff = aim_by_cutoff(SINGLE, HERE, aim)
    lofted = aim_by_pitch_over(SINGLE, HERE, aim)
    flat = aim_by_pitch_over(SINGLE, HERE, aim, lofted=False)
    for answer in (by_cutoff, lofted, flat):
        assert answer.reason is None
        assert answer.flight is not None
        assert answer.flight.impact is not None
        impact = answer.flight.impact
        landed = (math.degrees(impact.latitude), math.degrees(impact.longitude))
        assert float(ground_range(*landed, *aim)) < 100.0
    assert by_cutoff.cutoff is not None
    assert by_cutoff.cutoff < SINGLE.burn_time
    assert lofted.flight.apogee.altitude > flat.flight.apogee.altitude  # type: ignore[union-attr]


SHORT = Vehicle((Stage(40e3, 230.0, 25.0, 300.0),), 300.0, BODY, BODY, vertical_rise=3.0, least_range=20e3)
NEAR_BY = Surroundings(oblateness=0.0, surface_density=0.0, scale_height=7e3)  # quick to integrate


def apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance on the mean sphere [m]."""
    return float(pyproj.Geod(a=6371008.8, b=6371008.8).inv(one[1], one[0], other[1], other[0])[2])


def test_a_short_flight_meets_its_aim_by_cutoff_steeply_and_flatly() -> None:
    aim = (40.9, 50.75)
    by_cutoff = aim_by_cutoff(SHORT, HERE, aim, surroundings=NEAR_BY)
    lofted, flat = (aim_by_pitch_over(SHORT, HERE, aim, lofted=way, surroundings=NEAR_BY) for way in (True, False))
    for answer in (by_cutoff, lofted, flat):
        assert answer.reason is None
        assert answer.flight is not None
        assert answer.flight.impact is not None
        impact = answer.flight.impact
        landed = (math.degrees(impact.latitude), math.degrees(impact.longitude))
        assert answer.miss == pytest.approx(apart(landed, aim), abs=1e-3)
        assert answer.miss < 1.0
        assert 0.0 < answer.azimuth < math.radians(90.0)  # type: ignore[operator]
    assert lofted.cutoff == flat.cutoff == SHORT.burn_time
    assert 3.0 < by_cutoff.cutoff < SHORT.burn_time  # type: ignore[operator]
    pitch, farthest = farthest_pitch_over(SHORT, *np.radians(HERE), round(bearing(aim), 9), NEAR_BY)
    assert by_cutoff.pitch_over == pitch
    assert lofted.pitch_over < pitch < flat.pitch_over  # type: ignore[operator]
    assert lofted.flight.impact.time > by_cutoff.flight.impact.time > flat.flight.impact.time  # type: ignore[union-attr]
    assert apart(HERE, aim) < farthest
    beyond = aim_by_cutoff(SHORT, HERE, at(farthest + 2e3), surroundings=NEAR_BY)
    assert "beyond the greatest range" in str(beyond.reason)
    within = aim_by_cutoff(SHORT, HERE, at(farthest - 2e3), surroundings=NEAR_BY)
    assert within.reason is None
    assert within.miss < 1.0  # type: ignore[operator]
    close = aim_by_cutoff(SHORT, HERE, at(19.9e3), surroundings=NEAR_BY)
    assert "within the least range of the class, 20 km" in str(close.reason)
    assert close.flight is None
    nearer = aim_by_pitch_over(SHORT, HERE, at(21e3), lofted=False, surroundings=NEAR_BY)
    assert "nearer than this way of flying reaches" in str(nearer.reason)


def bearing(aim: tuple[float, float]) -> float:
    """Return the azimuth of an aim from HERE on the sphere [rad]."""
    return math.radians(pyproj.Geod(a=6371008.8, b=6371008.8).inv(HERE[1], HERE[0], aim[1], aim[0])[0])


def at(distance: float) -> tuple[float, float]:
    """Return the place at a distance [m] on the way to the aim of the test above."""
    there = pyproj.Geod(a=6371008.8, b=6371008.8).fwd(HERE[1], HERE[0], math.degrees(bearing((40.9, 50.75))), distance)
    return float(there[1]), float(there[0])


def test_the_control_is_where_the_range_is_right_or_the_nearer_end() -> None:
    assert _control(lambda it: it * it - 2.0, (0.0, 2.0)) == pytest.approx(math.sqrt(2.0), abs=0.1)
    assert _control(lambda it: 1e6 * (it * it - 2.0), (0.0, 2.0)) == pytest.approx(math.sqrt(2.0), abs=1e-7)
    assert _control(lambda it: 1e9 * (2.0 - it**5), (0.0, 2.0)) == pytest.approx(2.0**0.2, abs=1e-10)
    assert _control(lambda it: math.inf if it > 1.5 else 1e6 * (it - 1.0), (0.0, 2.0)) == pytest.approx(1.0, abs=1e-6)
    assert _control(lambda it: it + 1.0, (0.0, 5.0)) == 0.0
    assert _control(lambda it: it - 10.0, (0.0, 5.0)) == 5.0


def test_no_pitch_over_goes_farther_than_the_farthest() -> None:
    pitch, farthest = farthest_pitch_over(SINGLE, *np.radians(HERE), 0.5)
    for other in (0.7 * pitch, 0.97 * pitch, 1.03 * pitch, 1.4 * pitch):
        found = launch(SINGLE, *np.radians(HERE), 0.5, other).ground_range
        assert found is not None
        assert found < farthest


def test_aims_out_of_reach_are_answers_with_reasons() -> None:
    assert "beyond the greatest range" in str(aim_by_cutoff(SINGLE, HERE, (50.0, 20.0)).reason)
    assert "within the least range of the class" in str(aim_by_cutoff(SINGLE, HERE, (40.2, 50.2)).reason)
    assert "nearer than this way of flying reaches" in str(aim_by_cutoff(TWO_STAGES, HERE, (40.1, 50.1)).reason)
    assert aim_by_pitch_over(SINGLE, HERE, (50.0, 20.0)).flight is None


def test_drag_delays_a_flight_and_shortens_it() -> None:
    rows = flights()
    assert np.all(rows[:, STATUS] == FLIES)
    heavy, light = (descents(rows, np.full(4, beta)) for beta in (20_000.0, 1_500.0))
    assert np.all(rows[:, IMPACT_TIME] < heavy.impact)
    assert np.all(heavy.impact < light.impact)
    for index in range(4):
        aim = np.array(flight_position(rows[index], rows[index, IMPACT_TIME]))
        misses = [np.linalg.norm(found.impact_ecef[index] - aim) for found in (heavy, light)]
        assert misses[0] < misses[1] < 10e3
    np.testing.assert_allclose(heavy.altitudes[:, 0], 100e3, atol=1e-3)
    np.testing.assert_allclose(heavy.altitudes[:, -1], 0.0, atol=1e-2)
    assert np.all(np.diff(light.altitudes, axis=1) < 0.0)


def test_a_flight_that_does_not_exist_has_no_descent() -> None:
    rows = flights(2)
    rows[1, STATUS] = 3.0
    found = descents(rows, np.full(2, 5000.0))
    assert np.isfinite(found.impact[0])
    assert math.isinf(found.impact[1])
    assert np.all(np.isfinite(found.states))


def test_a_flight_below_100_km_is_taken_over_at_burnout() -> None:
    columns = (np.array([value]) for value in (65.0, 40e3, 35e3, 0.0))
    row = solve_flights(np.radians([HERE]), np.radians([[40.0, 52.0]]), *columns)
    found = descents(row, np.array([3000.0]))
    assert found.start[0] == 65.0
    assert found.altitudes[0, 0] == pytest.approx(40e3, abs=1e-3)


@pytest.mark.parametrize("step", [2.0, 170.0])  # with the longer one the last node alone lies below 100 km
def test_a_sampled_path_takes_drag_below_100_km_and_keeps_its_nodes(step: float) -> None:
    row = flights(1)[0]
    path = np.empty((ROWS, most_nodes(row[np.newaxis], step)))
    boost, nodes = sample_path(row, step, path)
    before = path.copy()
    forces = coasting(*drag_of_ballistic_coefficient(4000.0))
    impact = slow_path(row, forces, boost, nodes, path, np.empty((WORK_ROWS, 6)))
    fine = descents(row[np.newaxis], np.array([4000.0]), tolerance=1e-10)
    assert impact == pytest.approx(fine.impact[0], abs=1e-5)
    assert np.all(np.diff(path[0, :nodes]) > 0.0)
    assert path[4, nodes - 1] == pytest.approx(0.0, abs=1e-2)
    high = before[0, :nodes] < fine.start[0]
    np.testing.assert_array_equal(path[:, :nodes][:, high], before[:, :nodes][:, high])
    low = np.flatnonzero(~high)
    assert (len(low) == 1) == (step > 100.0)
    expected = np.interp(path[0, low], fine.times[0], fine.altitudes[0])
    np.testing.assert_allclose(path[4, low], expected, atol=40.0)


def test_a_shallow_body_still_decelerates_at_the_ground() -> None:
    dense = AllenEggers(7000.0, 1.2, 1e6)
    assert dense.peak_altitude == 0.0
    assert dense.peak_deceleration == dense.deceleration(0.0)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: Vehicle((Stage(20e3, 230.0, 70.0, 1400.0),), 3000.0, BODY, BODY), "cannot lift"),
        (lambda: Vehicle((), 900.0, BODY, BODY), "at least one stage"),
        (lambda: Vehicle((Stage(220e3, 230.0, 70.0, 1400.0),), 0.0, BODY, BODY), "payload_mass"),
        (lambda: Vehicle((Stage(220e3, 230.0, 70.0, 1400.0),), 900.0, BODY, BODY, vertical_rise=90.0), "vertical_rise"),
        (lambda: Stage(-1.0, 230.0, 70.0, 1400.0), "thrust"),
        (lambda: Stage(1e5, math.nan, 70.0, 1400.0), "specific_impulse"),
        (lambda: Stage(1e5, 230.0, 70.0, -1.0), "dry_mass"),
        (lambda: Drag(1.0, (0.0, 0.0), (0.1, 0.2)), "increase"),
        (lambda: Drag(1.0, (0.0, 1.0), (0.1,)), "as many"),
        (lambda: Drag(-1.0, (0.0,), (0.1,)), "negative"),
        (lambda: drag_of_ballistic_coefficient(0.0), "ballistic coefficient"),
        (lambda: launch(SINGLE, 0.7, 0.8, 0.0, 3.0), "degrees"),
        (lambda: launch(SINGLE, 0.7, 0.8, 0.0, 0.05, cutoff=2.0), "cutoff"),
        (lambda: launch(SINGLE, 0.7, 0.8, 0.0, 0.05, sample_step=0.0), "sample_step"),
        (lambda: fall(np.array([math.nan, 0.0, 0.0]), np.zeros(3), BODY, 1.0), "finite"),
        (lambda: descents(flights(2), np.array([5000.0])), "one ballistic coefficient a flight"),
        (lambda: descents(flights(1), np.array([-5.0])), "positive"),
        (lambda: descents(flights(1), np.array([5000.0]), samples=1), "samples"),
        (lambda: AllenEggers(7000.0, 30.0, 5000.0), "degrees"),
        (lambda: AllenEggers(7000.0, 0.5, 0.0), "ballistic_coefficient"),
    ],
)
def test_what_cannot_fly_is_refused_and_says_why(call: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        call()  # type: ignore[operator]


@pytest.mark.parametrize("half", [{"surface_density": 1.2}, {"scale_height": 7e3}])
def test_half_of_an_exponential_atmosphere_is_refused(half: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="give both"):
        Surroundings(**half)
