"""An interceptor's velocity where it meets a point, against its quickest path of the oracle, integrated by SciPy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from hoplon.intercept.closing import arrival_velocity
from hoplon.intercept.flyout import FAN_COLUMNS, FAN_ROWS, fan_of
from oracle.fan import flyout_solutions

MU, RADIUS = 3.986004418e14, 6371008.8  # model page, section 1
NEAR = 2.0  # [m s-1]: elevations of the oracle are found to a millionth of a radian
# Greatest and least burnout speed [m/s], burn time [s], least elevation [deg].
ROCKETS = [
    (3000.0, 3000.0, 60.0, 15.0),
    (4500.0, 1000.0, 60.0, 15.0),
    (6700.0, 1000.0, 90.0, 15.0),
    (2200.0, 700.0, 20.0, 0.0),
    (5000.0, 3500.0, 80.0, 40.0),
    (4000.0, 1000.0, 30.0, 75.0),
]


def arrival(speed: float, burn: float, elevation: float, time: float) -> NDArray[np.float64]:
    """Return the velocity along the ground and up at a time after launch, the coast integrated in the plane."""
    length = 0.5 * speed * burn
    state = np.array([0.0, RADIUS, 0.0, 0.0])
    state += [
        length * math.cos(elevation),
        length * math.sin(elevation),
        *(speed * np.cos([elevation, elevation - 0.5 * math.pi])),
    ]

    def motion(_: float, at: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.array([*at[2:], *(-MU * at[:2] / math.hypot(at[0], at[1]) ** 3)])

    if time > burn:
        state = solve_ivp(motion, (burn, time), state, method="DOP853", rtol=1e-11, atol=1e-4).y[:, -1]
    up = state[:2] / math.hypot(state[0], state[1])
    return np.array([state[2] * up[1] - state[3] * up[0], state[2:] @ up])


def asked(rocket: tuple[float, float, float, float], ground_range: float, altitude: float) -> NDArray[np.float64]:
    speed, slowest, burn, least_deg = rocket
    fan = np.empty((FAN_ROWS, FAN_COLUMNS))
    fan_of(speed, burn, math.radians(least_deg), fan)
    return np.array(arrival_velocity(speed, slowest, burn, math.radians(least_deg), fan, ground_range, altitude))


@pytest.mark.parametrize("rocket", ROCKETS, ids=str)
def test_a_point_within_reach_is_met_as_its_quickest_path_comes_there(
    rocket: tuple[float, float, float, float],
) -> None:
    speed, slowest, burn, least_deg = rocket
    random = np.random.default_rng(int(speed))
    reach = np.repeat([300.0, 0.8 * burn, 100.0], 10) * speed
    ground_range = 1e3 + random.uniform(size=30) * reach
    altitude = random.uniform(size=30) * np.repeat([0.05, 0.02, 0.004], 10) * speed**2
    solved = flyout_solutions(speed, burn, ground_range, altitude, math.radians(least_deg), slowest)
    compared, falling = 0, 0
    for distance, height, time, elevation, flown in zip(ground_range, altitude, *solved, strict=True):
        if not math.isfinite(time):
            continue
        expected = arrival(float(flown), burn, float(elevation), float(time))
        assert asked(rocket, float(distance), float(height)) == pytest.approx(expected, abs=NEAR)
        compared += 1
        falling += expected[1] < 0.0
    assert compared >= 5
    assert falling >= 1


@pytest.mark.parametrize("altitude", [20e3, 59e3, 61e3, 134e3, 136e3, 300e3, 900e3])
def test_a_shot_straight_up_rises_or_falls_through_the_point(altitude: float) -> None:
    speed, slowest, burn = 4500.0, 2000.0, 60.0
    flown = min(max(2.0 * altitude / burn, slowest), speed)
    forward, upward = asked((speed, slowest, burn, 15.0), 150.0, altitude)
    begin = 0.5 * flown * burn

    def motion(_: float, at: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.array([at[1], -MU / (RADIUS + at[0]) ** 2])

    def there(_: float, at: NDArray[np.float64]) -> float:
        return float(at[0] - altitude)

    assert forward == 0.0
    if abs(begin - altitude) < 1.0:  # its burnout is at the point itself
        assert upward == pytest.approx(flown, rel=1e-6)
        return
    path = solve_ivp(motion, (0.0, 1500.0), [begin, flown], events=there, method="DOP853", rtol=1e-10, atol=1e-3)
    assert upward == pytest.approx(path.y_events[0][0][1], abs=0.1)


def test_above_a_vertical_apogee_the_interceptor_stands_still() -> None:
    assert asked((1500.0, 1500.0, 30.0, 15.0), 0.0, 800e3) == pytest.approx([0.0, 0.0])


@pytest.mark.parametrize(("rocket", "altitude"), [(ROCKETS[0], 150e3), (ROCKETS[0], 400e3), (ROCKETS[2], 300e3)])
def test_beyond_reach_the_velocity_goes_on_from_the_edge(
    rocket: tuple[float, float, float, float], altitude: float
) -> None:
    speed, slowest, burn, least_deg = rocket
    edge = 0.0
    for width in (100e3, 2e3):
        ranges = edge + np.arange(1.0, 60.0) * width
        heights = np.full(len(ranges), altitude)
        times = flyout_solutions(speed, burn, ranges, heights, math.radians(least_deg), slowest)[0]
        edge = float(ranges[np.isfinite(times)].max(initial=edge))
    within, beyond = asked(rocket, edge - 10e3, altitude), asked(rocket, edge + 10e3, altitude)
    # The elevations of the fan are 1.6 degrees apart, and at the edge the path turns most for a kilometre.
    assert np.linalg.norm(within - beyond) < 0.12 * speed
    assert np.linalg.norm(asked(rocket, edge + 10e3, altitude) - asked(rocket, edge + 40e3, altitude)) < 0.08 * speed
