from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hoplon.constants import GRAVITATIONAL_PARAMETER, MEAN_RADIUS
from hoplon.intercept.flyout import flyout_time

SPEEDS, BURNS = st.floats(1500.0, 8000.0), st.floats(20.0, 90.0)
RANGES, ALTITUDES = st.floats(0.0, 1500e3), st.floats(50e3, 600e3)

TOLERANCE = 0.05  # [s] a tenth of what the model page allows a fly-out time
EXACT = 1e-3  # [s] rounding of roots


def straight_line(ground_range: float, altitude: float) -> float:
    """Return the straight distance [m] from a site at altitude zero to a point."""
    angle = ground_range / MEAN_RADIUS
    return math.hypot(
        MEAN_RADIUS + altitude - MEAN_RADIUS * math.cos(angle),
        MEAN_RADIUS * math.sin(angle),
    )


@given(SPEEDS, BURNS, RANGES, ALTITUDES)
def test_a_flyout_never_beats_the_straight_line_at_the_greatest_speed_it_can_have(
    speed: float, burn: float, ground_range: float, altitude: float
) -> None:
    boost = 0.5 * speed * burn
    # A coast may fall from burnout to the ground again and gain what that height is worth.
    greatest = math.sqrt(speed**2 + 2.0 * 9.83 * boost)
    time = flyout_time(speed, burn, 0.0, ground_range, altitude)
    assert time >= burn
    assert time >= burn + (straight_line(ground_range, altitude) - boost) / greatest - TOLERANCE


@given(SPEEDS, BURNS, RANGES, ALTITUDES, st.floats(0.0, 40.0), st.floats(0.0, 40.0))
def test_a_lower_least_elevation_never_lengthens_a_flyout(
    speed: float, burn: float, ground_range: float, altitude: float, one: float, other: float
) -> None:
    low, high = sorted((math.radians(one), math.radians(other)))
    assert flyout_time(speed, burn, low, ground_range, altitude) <= (
        flyout_time(speed, burn, high, ground_range, altitude) + TOLERANCE
    )


SLOWEST = st.floats(300.0, 3000.0)


@given(SPEEDS, st.floats(1.0, 1.5), SLOWEST, BURNS, RANGES, ALTITUDES, st.floats(0.0, 80.0))
def test_a_faster_interceptor_is_never_later(
    speed: float, factor: float, slowest: float, burn: float, ground_range: float, altitude: float, least_deg: float
) -> None:
    least, slowest = math.radians(least_deg), min(slowest, speed)
    slow_time = flyout_time(speed, burn, least, ground_range, altitude, slowest)
    fast_time = flyout_time(speed * factor, burn, least, ground_range, altitude, slowest)
    assert fast_time <= slow_time + EXACT


@given(SPEEDS, SLOWEST, st.floats(0.1, 1.0), BURNS, RANGES, ALTITUDES, st.floats(0.0, 80.0))
def test_one_that_can_give_up_more_speed_is_never_later(
    speed: float, slowest: float, share: float, burn: float, ground_range: float, altitude: float, least_deg: float
) -> None:
    least, slowest = math.radians(least_deg), min(slowest, speed)
    time = flyout_time(speed, burn, least, ground_range, altitude, slowest)
    assert flyout_time(speed, burn, least, ground_range, altitude, share * slowest) <= time + EXACT


@given(SPEEDS, SLOWEST, BURNS, RANGES, ALTITUDES, st.floats(0.0, 85.0), st.floats(0.0, 85.0))
def test_a_lower_least_elevation_never_lengthens_a_flyout_that_may_give_up_speed(
    speed: float, slowest: float, burn: float, ground_range: float, altitude: float, one: float, other: float
) -> None:
    low, high = sorted((math.radians(one), math.radians(other)))
    slowest = min(slowest, speed)
    time = flyout_time(speed, burn, high, ground_range, altitude, slowest)
    assert flyout_time(speed, burn, low, ground_range, altitude, slowest) <= time + EXACT


@given(SPEEDS, BURNS, st.floats(0.0, 70.0), st.floats(10.0, 400.0))
def test_times_are_continuous_across_the_lowest_path_of_full_speed(
    speed: float, burn: float, least_deg: float, later: float
) -> None:
    least = math.radians(least_deg)
    ground_range, altitude = on_the_lowest_path(speed, burn, least, later)
    assume(altitude > 0.0)
    above = flyout_time(speed, burn, least, ground_range, altitude + 1.0, 300.0)
    below = flyout_time(speed, burn, least, ground_range, altitude - 1.0, 300.0)
    assert below == pytest.approx(burn + later, abs=TOLERANCE)
    # Past the apogee of the reach nothing passes above; else a little higher takes hardly longer.
    assert above == math.inf or above >= burn + later - TOLERANCE


def on_the_lowest_path(speed: float, burn: float, elevation: float, coast: float) -> tuple[float, float]:
    """Return ground range and altitude [m] of a path some seconds after burnout, by small steps of Newton's law."""
    length, mu = 0.5 * speed * burn, 3.986004418e14
    x, y = length * math.cos(elevation), MEAN_RADIUS + length * math.sin(elevation)
    vx, vy = speed * math.cos(elevation), speed * math.sin(elevation)
    steps = 2000
    step = coast / steps
    for _ in range(steps):  # leapfrog: a metre over these times
        x, y = x + 0.5 * step * vx, y + 0.5 * step * vy
        pull = mu / math.hypot(x, y) ** 3
        vx, vy = vx - step * pull * x, vy - step * pull * y
        x, y = x + 0.5 * step * vx, y + 0.5 * step * vy
    return MEAN_RADIUS * math.atan2(x, y), math.hypot(x, y) - MEAN_RADIUS


@given(
    st.floats(8_000.0, 11_000.0),
    st.floats(0.5, 1000.0),
    st.floats(0.0, 60.0),
    st.floats(0.0, 19_000e3),
    st.floats(0.0, 5_000e3),
)
def test_about_escape_speed_no_flyout_is_shorter_than_its_boost(
    speed: float, burn: float, elevation: float, ground_range: float, altitude: float
) -> None:
    time = flyout_time(speed, burn, math.radians(elevation), ground_range, altitude)
    assert time >= burn


@given(st.floats(0.5, 1000.0), st.floats(-1e-9, 1e-9), st.floats(0.0, 3_000e3), st.floats(0.0, 5_000e3))
def test_at_the_border_of_escape_a_flyout_has_a_time(
    burn: float, relative: float, ground_range: float, altitude: float
) -> None:
    speed = 11_000.0
    for _ in range(60):
        speed = math.sqrt(2.0 * GRAVITATIONAL_PARAMETER / (MEAN_RADIUS + 0.5 * speed * burn))
    assert flyout_time(speed * (1.0 + relative), burn, 0.3, ground_range, altitude) >= burn
