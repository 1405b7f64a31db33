"""The oracle held against closed forms and against second methods of its own (numerical integration, pyproj)."""

import math

import numpy as np
import pytest
from pyproj import Geod, Transformer

import oracle
from oracle import earth, fan, flight

SPHERE = 6371000.0  # [m] radius of the published table, no rotation, no boost
CLOSED_FORM = 1e-9  # relative: two closed forms of the same thing
INTEGRATION = 0.05  # [m] Runge-Kutta at one-second steps against the closed form

# Minimum-energy flights from surface to surface on a resting sphere: range [km], speed [km/s], angle [deg],
# apogee [km], time [s]. Bate, Mueller and White, Fundamentals of Astrodynamics (1971), chapter 6.
MINIMUM_ENERGY = [
    (300, 1.6965, 44.326, 74.1, 251.0),
    (1000, 3.0161, 42.752, 239.9, 474.4),
    (2000, 4.1129, 40.503, 458.8, 701.8),
    (3000, 4.8650, 38.255, 655.2, 895.0),
    (5500, 6.0752, 32.634, 1040.5, 1315.8),
    (8000, 6.8046, 27.014, 1263.7, 1679.5),
    (12000, 7.4796, 18.020, 1264.5, 2143.1),
]


def gravity(position):
    return -earth.MU * position / np.linalg.norm(position, axis=-1, keepdims=True) ** 3


def runge_kutta(position, velocity, duration, steps):
    """Integrate two-body motion; return positions and velocities at the end and the greatest radius met."""
    h = duration / steps
    highest = np.linalg.norm(position, axis=-1)
    for _ in range(steps):
        a1 = gravity(position)
        v2, a2 = velocity + 0.5 * h * a1, gravity(position + 0.5 * h * velocity)
        v3, a3 = velocity + 0.5 * h * a2, gravity(position + 0.5 * h * v2)
        v4, a4 = velocity + h * a3, gravity(position + h * v3)
        position = position + h / 6.0 * (velocity + 2.0 * v2 + 2.0 * v3 + v4)
        velocity = velocity + h / 6.0 * (a1 + 2.0 * a2 + 2.0 * a3 + a4)
        highest = np.maximum(highest, np.linalg.norm(position, axis=-1))
    return position, velocity, highest


def surface_pair(range_km):
    psi = range_km * 1e3 / SPHERE
    return SPHERE * np.array([1.0, 0.0, 0.0]), SPHERE * np.array([math.cos(psi), math.sin(psi), 0.0])


@pytest.mark.parametrize(("range_km", "speed", "angle", "apogee", "time"), MINIMUM_ENERGY)
def test_minimum_energy_flights_match_the_published_table(range_km, speed, angle, apogee, time):
    arc = flight.arc_between(*surface_pair(range_km), 0.0)
    assert arc.speed / 1e3 == pytest.approx(speed, abs=5e-5)
    assert math.degrees(arc.angle) == pytest.approx(angle, abs=5e-4)
    assert arc.free_flight == pytest.approx(time, abs=0.05)
    assert (arc.semi_major * (1.0 + arc.eccentricity) - SPHERE) / 1e3 == pytest.approx(apogee, abs=0.05)


@pytest.mark.parametrize("range_km", [10, 100, 1000, 5000, 10000, 15000])
def test_minimum_energy_apogee_is_the_closed_form(range_km):
    arc = flight.arc_between(*surface_pair(range_km), 0.0)
    half = 0.5 * range_km * 1e3 / SPHERE
    closed = 0.5 * SPHERE * (math.sin(half) + math.cos(half) - 1.0)
    assert arc.semi_major * (1.0 + arc.eccentricity) - SPHERE == pytest.approx(closed, abs=0.05)


@pytest.mark.parametrize("bend", [-1e-3, 1e-3])
def test_no_other_angle_hits_with_less_speed(bend):
    r1, r2 = np.array([6.5e6, 0.0, 0.0]), 6.371e6 * np.array([math.cos(0.4), math.sin(0.4), 0.0])
    best = flight.minimum_energy_angle(r1, r2)
    assert flight.hit_speed_squared(6.5e6, 6.371e6, 0.4, best) < flight.hit_speed_squared(
        6.5e6, 6.371e6, 0.4, best + bend
    )


FLIGHTS = [
    ((38.08, 46.29), (44.43, 26.10), 100.0, 90.0, 90.0, 0.0),
    ((35.0, 53.0), (51.5, -0.1), 130.0, 120.0, 160.0, 10.0),
    ((-20.0, 170.0), (15.0, -150.0), 180.0, 200.0, 400.0, -8.0),
    ((60.0, 30.0), (40.0, -75.0), 180.0, 250.0, 500.0, 0.0),
    ((10.0, 10.0), (12.0, 11.0), 65.0, 30.0, 20.0, 25.0),
    ((0.0, 0.0), (-60.0, -120.0), 200.0, 300.0, 600.0, 3.0),
]


def fly(launch, aim, burn, height, run, loft):
    return oracle.fly(
        tuple(np.radians(launch)), tuple(np.radians(aim)), burn, height * 1e3, run * 1e3, math.radians(loft)
    )


@pytest.mark.parametrize("case", FLIGHTS)
def test_the_arc_integrated_numerically_hits_the_turning_aim(case):
    one = fly(*case)
    arc = one.arc
    start = flight.arc_position(arc, 0.0)
    e, anomaly = arc.eccentricity, arc.anomaly_1
    rate = arc.mean_motion / (1.0 - e * math.cos(anomaly))
    velocity = (
        arc.semi_major
        * rate
        * (-math.sin(anomaly) * arc.p_axis + math.sqrt(1.0 - e * e) * math.cos(anomaly) * arc.q_axis)
    )
    assert np.linalg.norm(velocity) == pytest.approx(arc.speed, rel=CLOSED_FORM)
    upwards = float(velocity @ start) / np.linalg.norm(velocity) / np.linalg.norm(start)
    assert math.asin(upwards) == pytest.approx(arc.angle, abs=1e-9)
    end, _, highest = runge_kutta(start, velocity, arc.free_flight, math.ceil(arc.free_flight))
    landed = earth.rotate_z(-earth.OMEGA * one.flight_time, end)
    assert np.linalg.norm(landed - earth.ecef(*one.aim, 0.0)) < INTEGRATION
    # Height above the ellipsoid and radius peak together to within the ellipsoid's 21 km.
    assert one.apogee() == pytest.approx(highest - 6367e3, abs=12e3)


@pytest.mark.parametrize("case", FLIGHTS)
def test_boost_and_arc_meet_at_burnout(case):
    one = fly(*case)
    before, after = one.position([one.burn_time - 1e-7, one.burn_time + 1e-7])
    assert np.linalg.norm(after - before) < 0.01
    heights = earth.geodetic(one.position([0.0, one.burn_time, one.flight_time]))[2]
    assert heights == pytest.approx([0.0, case[3] * 1e3, 0.0], abs=1e-3)


@pytest.mark.parametrize("case", FLIGHTS)
def test_apogee_is_the_highest_of_a_tenth_second_grid(case):
    one = fly(*case)
    heights = earth.geodetic(one.position(np.arange(0.0, one.flight_time, 0.1)))[2]
    assert one.apogee() == pytest.approx(heights.max(), abs=0.1)


def test_refusals_are_outcomes_with_a_reason():
    def why(*arguments, **options):
        return oracle.trajectory(*arguments, **options)["reason"]

    assert why((0, 0), (5, 5), 60, 30, 20, loft_deg=60) == "flight-path angle of 90 degrees or more"
    assert why((0, 0), (0, 100), 200, 300, 600, loft_deg=-40) in (
        "hit equation has no solution",
        "below the ground before the aim",
        "escape speed",
    )
    assert why((0, 0), (0, 130), 200, 300, 600, loft_deg=89) is not None


def test_a_loft_too_steep_at_first_may_fit_once_the_earth_has_turned_the_aim_away():
    assert oracle.trajectory((0, 0), (0, 100), 200, 300, 600, loft_deg=72)["reason"] is None


def test_places_agree_with_pyproj():
    rng = np.random.default_rng(1)
    latitude, longitude = rng.uniform(-90, 90, 200), rng.uniform(-180, 180, 200)
    altitude = rng.uniform(0, 2e6, 200)
    ours = earth.ecef(np.radians(latitude), np.radians(longitude), altitude)
    theirs = Transformer.from_crs(4979, 4978, always_xy=True).transform(longitude, latitude, altitude)
    assert ours == pytest.approx(np.column_stack(theirs), abs=1e-6)
    back = earth.geodetic(ours)
    assert np.degrees(back[0]) == pytest.approx(latitude, abs=1e-10)
    assert back[2] == pytest.approx(altitude, abs=1e-6)


def test_great_circles_agree_with_pyproj_on_the_mean_sphere():
    geod = Geod(a=earth.R, b=earth.R)
    rng = np.random.default_rng(2)
    for _ in range(50):
        lat1, lat2 = rng.uniform(-89, 89, 2)
        lon1, lon2 = rng.uniform(-180, 180, 2)
        azimuth, _, distance = geod.inv(lon1, lat1, lon2, lat2)
        p, q = np.radians([lat1, lon1]), np.radians([lat2, lon2])
        assert earth.ground_distance(*p, *q) == pytest.approx(distance, abs=1e-3)
        assert np.degrees(earth.azimuth(*p, *q)) == pytest.approx(azimuth % 360, abs=1e-6)
        there = np.degrees(earth.along(*p, earth.azimuth(*p, *q), distance))
        assert there[0] == pytest.approx(lat2, abs=1e-7)
        assert (there[1] - lon2 + 180) % 360 - 180 == pytest.approx(0.0, abs=1e-6)


def fan_by_integration(speed, burn, elevations, step, steps):
    """Return altitude and ground range (steps + 1, n) of coasts integrated numerically from each elevation."""
    run = 0.5 * speed * burn
    position = np.stack([run * np.cos(elevations), earth.R + run * np.sin(elevations)], axis=-1)
    velocity = speed * np.stack([np.cos(elevations), np.sin(elevations)], axis=-1)
    heights, ranges = [], []
    for _ in range(steps + 1):
        heights.append(np.linalg.norm(position, axis=-1) - earth.R)
        ranges.append(earth.R * np.arctan2(position[:, 0], position[:, 1]))
        position, velocity, _ = runge_kutta(position, velocity, step, 1)
    return np.array(heights), np.unwrap(np.array(ranges) / earth.R, axis=0) * earth.R


def least_time_by_integration(integrated, burn, step, distance, altitude):
    """Return the least time at which the integrated fan passes a point: crossings interpolated in t, then in e."""
    heights, ranges = integrated
    best = math.inf
    above = heights >= altitude
    for rising in (True, False):
        crossed = (above[1:] != above[:-1]) & (above[1:] == rising)
        first = np.argmax(crossed, axis=0)
        column = np.arange(heights.shape[1])
        low, high = heights[first, column], heights[first + 1, column]
        share = (altitude - low) / (high - low)
        there = ranges[first, column] + share * (ranges[first + 1, column] - ranges[first, column])
        when = burn + step * (first + share)
        there[~crossed.any(axis=0)] = np.nan
        gap = there - distance
        for j in np.nonzero(gap[:-1] * gap[1:] <= 0.0)[0]:
            part = gap[j] / (gap[j] - gap[j + 1]) if gap[j] != gap[j + 1] else 0.0
            best = min(best, when[j] + part * (when[j + 1] - when[j]))
    return best


@pytest.mark.parametrize(("speed", "burn", "least"), [(3.0e3, 60.0, 15.0), (4.5e3, 40.0, 5.0), (6.7e3, 90.0, 15.0)])
def test_fly_out_times_match_a_fan_integrated_numerically(speed, burn, least):
    step = 0.5
    integrated = fan_by_integration(speed, burn, np.radians(np.linspace(least, 90.0, 2001)), step, 1600)
    rng = np.random.default_rng(3)
    distance, altitude = rng.uniform(1e3, 1.1e6, 60), rng.uniform(2e4, 6e5, 60)
    times, elevations, _ = oracle.flyout_solutions(speed, burn, distance, altitude, math.radians(least))
    in_time = times < burn + 1600 * step
    assert in_time.sum() > 30
    # Nothing that the integrated fan finds is sooner; at the edge of reach and at the fold its mesh finds nothing.
    theirs = np.array(
        [least_time_by_integration(integrated, burn, step, x, h) for x, h in zip(distance, altitude, strict=True)]
    )
    assert (times <= theirs + 0.05).all()
    assert (np.abs(times[in_time] - theirs[in_time]) < 0.05).mean() > 0.9
    # And each answer is true: the coast at its elevation, integrated, is where it should be at that time.
    for x, h, time, e in zip(distance[in_time], altitude[in_time], times[in_time], elevations[in_time], strict=True):
        run = 0.5 * speed * burn
        start = np.array([run * math.cos(e), earth.R + run * math.sin(e)])
        end, _, _ = runge_kutta(start, speed * np.array([math.cos(e), math.sin(e)]), time - burn, 400)
        assert earth.R * math.atan2(end[0], end[1]) == pytest.approx(x, abs=1.0)
        assert float(np.linalg.norm(end)) - earth.R == pytest.approx(h, abs=1.0)
        assert math.radians(least) <= e <= 0.5 * math.pi


def test_straight_up_is_the_closed_form_of_a_radial_coast():
    speed, burn, altitude = 3.0e3, 60.0, 4.0e5
    start, end = earth.R + 0.5 * speed * burn, earth.R + altitude
    radii = start + (end - start) * (np.arange(200000) + 0.5) / 200000
    inward = speed**2 - 2.0 * earth.MU * (1.0 / start - 1.0 / radii)
    by_quadrature = burn + float(np.mean(1.0 / np.sqrt(inward)) * (end - start))
    assert oracle.flyout(3.0, 60.0, 0.0, 400.0) == pytest.approx(by_quadrature, abs=1e-4)


def test_straight_up_below_burnout_is_reached_only_by_falling():
    rising = oracle.flyout(3.0, 60.0, 0.0, 90.0)
    falling = oracle.flyout(3.0, 60.0, 0.0, 89.9, min_burnout_speed_km_s=3.0)
    assert rising == pytest.approx(60.0, abs=1e-6)
    assert falling > 600.0


def test_the_fold_is_reached_and_nothing_above_it():
    speed, burn = 3.0e3, 60.0
    _, _, alpha, parameter, _ = fan.burnout(speed, burn, np.radians([40.0]))
    summit = float(fan.apogee_radius(alpha, parameter)[0] - earth.R)
    at_fold = fan.crossing(speed, burn, np.radians([40.0]), summit, False)
    distance, time = float(at_fold[0][0]), float(at_fold[1][0])
    assert oracle.flyout(3.0, 60.0, distance / 1e3, summit / 1e3 - 1e-7) == pytest.approx(time, abs=0.5)
    assert oracle.flyout(3.0, 60.0, 0.0, 2000.0) is None
    assert oracle.flyout(3.0, 60.0, 3000.0, 300.0) is None


def test_rising_time_passes_smoothly_through_escape_speed():
    run = 0.5 * 9.0e3 * 80.0
    escape = math.sqrt(2.0 * earth.MU / (earth.R + run))
    up = np.array([0.5 * math.pi])
    times = [
        float(
            fan.time_to_radius(
                np.array([2.0 / (earth.R + run) - v**2 / earth.MU]),
                np.array([earth.R + run]),
                np.array([(earth.R + run) * v / math.sqrt(earth.MU)]) * np.sin(up),
                np.array([earth.R + 3e6]),
                np.sqrt(
                    2.0 * (earth.R + 3e6) - np.array([2.0 / (earth.R + run) - v**2 / earth.MU]) * (earth.R + 3e6) ** 2
                ),
            )[0]
        )
        for v in (escape * (1 - 1e-6), escape, escape * (1 + 1e-6))
    ]
    assert times[1] == pytest.approx(0.5 * (times[0] + times[2]), rel=1e-9)
    assert times[0] > times[1] > times[2]
