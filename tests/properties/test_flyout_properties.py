from __future__ import annotations

import math

from hypothesis import assume, given
from hypothesis import strategies as st

from hoplon.constants import GRAVITATIONAL_PARAMETER, MEAN_RADIUS
from hoplon.intercept.flyout import flyout_time

SPEEDS, BURNS = st.floats(1500.0, 8000.0), st.floats(20.0, 90.0)
RANGES, ALTITUDES = st.floats(0.0, 1500e3), st.floats(50e3, 600e3)

TOLERANCE = 0.05  # [s] a tenth of what the model page allows a fly-out time


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


@given(SPEEDS, st.floats(1.0, 1.5), BURNS, RANGES, ALTITUDES)
def test_a_faster_interceptor_is_never_later_at_a_point_beyond_its_boost(
    speed: float, factor: float, burn: float, ground_range: float, altitude: float
) -> None:
    # Points inside the boost line are the exception: only the coast counts, and a faster one has overshot them.
    fast = speed * factor
    assume(straight_line(ground_range, altitude) > 0.55 * fast * burn)
    slow_time = flyout_time(speed, burn, 0.0, ground_range, altitude)
    assume(slow_time < math.inf)
    assert flyout_time(fast, burn, 0.0, ground_range, altitude) <= slow_time + TOLERANCE


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
