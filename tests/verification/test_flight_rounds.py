"""The flight solver's rounds against the closed forms that the published rows verify."""

import math

import pytest

from hoplon.constants import MEAN_RADIUS
from hoplon.earth.geodesy import normal_of, position_of_normal
from hoplon.flight.ballistic import hit_speed_squared, minimum_energy_angle, time_of_flight
from hoplon.flight.flight_time import FLIES, arc_towards


@pytest.mark.parametrize("loft_deg", [-12.0, 0.0, 9.0, 30.0])
@pytest.mark.parametrize("apart_deg", [3.0, 11.0, 40.0, 95.0])
@pytest.mark.parametrize("shift", [0.0, 0.05])
def test_a_round_is_the_hit_equation_and_keplers_equation(loft_deg: float, apart_deg: float, shift: float) -> None:
    launch, aim_up = (
        normal_of(math.radians(35.0), math.radians(51.0)),
        normal_of(math.radians(35.0 + 0.1 * apart_deg), math.radians(51.0 - apart_deg)),
    )
    aim = position_of_normal(*aim_up, 0.0)
    downrange = 100e3 / MEAN_RADIUS
    boost = (math.cos(downrange), math.sin(downrange), 90e3)
    loft = math.radians(loft_deg)
    status, time, burnout, speed_squared, angle = arc_towards(
        launch, aim_up, aim, boost, math.cos(shift), math.sin(shift), loft, 0.0
    )
    turned = (
        math.cos(shift) * aim[0] - math.sin(shift) * aim[1],
        math.sin(shift) * aim[0] + math.cos(shift) * aim[1],
        aim[2],
    )
    r1, r2 = math.hypot(*burnout), math.hypot(*turned)
    psi = math.acos(sum(a * b for a, b in zip(burnout, turned, strict=True)) / (r1 * r2))
    assert status == FLIES
    # Rounding of an arc cosine at small angles leaves 1e-12 rad; a flight passes the hour with it to a microsecond.
    assert angle == pytest.approx(minimum_energy_angle(r1, r2, psi) + loft, abs=1e-9)
    assert speed_squared == pytest.approx(hit_speed_squared(r1, r2, psi, angle), rel=1e-8)
    assert time == pytest.approx(time_of_flight(r1, speed_squared, angle, psi), abs=1e-4)
