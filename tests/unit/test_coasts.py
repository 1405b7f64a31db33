"""The pieces of a fly-out: where a boost ends, and when a coast passes an angle or a radius, by quadrature."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad

from hoplon.intercept import flyout
from hoplon.intercept.flyout import FAN_COLUMNS, FAN_ROWS, Point, fan_of

MU, RADIUS = 3.986004418e14, 6371008.8  # model page, section 1


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel as Python, which need not be compiled for a few numbers."""
    return getattr(function, "py_func", function)


def boosted(speed: float, burn: float, elevation: float) -> tuple[float, float, float]:
    """Return radius, angle from the site and path angle where a straight boost at half the speed ends."""
    place = complex(0.5 * speed * burn * math.cos(elevation), RADIUS + 0.5 * speed * burn * math.sin(elevation))
    angle = 0.5 * math.pi - math.atan2(place.imag, place.real)
    return abs(place), angle, elevation + angle


@pytest.mark.parametrize("elevation_deg", [0.0, 15.0, 45.0, 80.0, 90.0])
@pytest.mark.parametrize(("speed", "burn"), [(3000.0, 60.0), (9000.0, 400.0)])
def test_a_boost_ends_on_a_straight_line(speed: float, burn: float, elevation_deg: float) -> None:
    elevation = math.radians(elevation_deg)
    assert plain(flyout.burnout_of)(speed, burn, elevation) == pytest.approx(boosted(speed, burn, elevation), rel=1e-12)


def test_a_fan_has_the_burnouts_from_the_least_elevation_to_the_vertical() -> None:
    speed, burn, least = 4500.0, 75.0, 0.2
    fan = np.full((FAN_ROWS, FAN_COLUMNS), np.nan)
    plain(fan_of)(speed, burn, least, fan)
    for row, elevation in zip(fan, np.linspace(least, 0.5 * math.pi, FAN_ROWS), strict=True):
        radius, angle, path = boosted(speed, burn, float(elevation))
        turned = [math.cos(angle), math.sin(angle), math.cos(path), math.sin(path)]
        assert row[:3] == pytest.approx([elevation, radius, angle], rel=1e-12)
        assert row[3:] == pytest.approx(turned, abs=1e-12)


class Conic:
    """A coast from a radius, by its parameter and eccentricity; anomalies grow with time from burnout on."""

    def __init__(self, radius: float, speed: float, path_angle: float) -> None:
        self.momentum = radius * speed * math.cos(path_angle)
        self.parameter = self.momentum**2 / MU
        inward = complex(self.parameter / radius - 1.0, self.momentum * speed * math.sin(path_angle) / MU)
        self.eccentricity = abs(inward)
        self.anomaly = math.atan2(inward.imag, inward.real)

    def radius(self, psi: float) -> float:
        return self.parameter / (1.0 + self.eccentricity * math.cos(self.anomaly + psi))

    def escapes(self, psi: float) -> bool:
        if self.eccentricity < 1.0:
            return False
        return self.anomaly + psi >= math.acos(-1.0 / self.eccentricity)

    def time(self, psi: float) -> float:
        """Return how long the coast takes to turn by an angle: r^2 dtheta = h dt."""
        if self.escapes(psi):
            return math.inf
        return float(quad(lambda turned: self.radius(turned) ** 2, 0.0, psi, limit=200)[0]) / self.momentum


def speed_of(ratio: float, radius: float) -> float:
    """Return the speed of an energy ratio: 1 of a circle, 2 of escape."""
    return math.sqrt(ratio * MU / radius)


@pytest.mark.parametrize(
    "ratio", [0.3, 1.0001, 1.6, 1.99, 2.0 - 4e-8, 2.0 - 1e-13, 2.0 + 1e-13, 2.0 + 4e-8, 2.02, 3.0, 6.0]
)
@pytest.mark.parametrize("path_deg", [2.0, 30.0, 60.0, 85.0])
@pytest.mark.parametrize("psi", [0.0, 0.02, 0.4, 1.2, 2.2, 3.1])
def test_a_coast_takes_the_time_that_its_angular_momentum_gives_or_escapes(
    ratio: float, path_deg: float, psi: float
) -> None:
    radius, path = RADIUS + 120e3, math.radians(path_deg)
    speed = speed_of(ratio, radius)
    conic = Conic(radius, speed, path)
    if abs(ratio - 2.0) < 1e-3 and conic.anomaly + psi > math.pi - 0.02:
        return  # where a parabola never comes, and an ellipse close to it after weeks
    found = plain(flyout.coast_time)(radius, speed, path, psi)
    assert found == pytest.approx(conic.time(psi), rel=2e-5, abs=1e-6)
    turned = (math.cos(path), math.sin(path), math.cos(psi), math.sin(psi))
    if abs(ratio - 2.0) > 1e-3:
        assert plain(flyout.escapes_before)(speed * speed, radius, *turned) == conic.escapes(psi)


def test_at_escape_a_coast_never_turns_by_half_a_turn_and_more_than_its_anomaly() -> None:
    radius = RADIUS + 50e3
    for ratio in (2.0 - 4e-8, 2.0 + 4e-8):
        speed = speed_of(ratio, radius)
        anomaly = Conic(radius, speed, 0.7).anomaly
        assert plain(flyout.coast_time)(radius, speed, 0.7, math.pi - anomaly + 1e-3) == math.inf
        assert math.isfinite(plain(flyout.coast_time)(radius, speed, 0.7, math.pi - anomaly - 1e-2))


@pytest.mark.parametrize("speed", [2500.0, 6000.0, 10_000.0, 11_500.0, 14_000.0])
def test_the_excess_is_the_hit_equation_and_has_the_sign_of_the_height_above_the_point(speed: float) -> None:
    random, above, below, escaped, past = np.random.default_rng(int(speed)), 0, 0, 0, 0
    for _ in range(300):
        burn, elevation = float(random.uniform(10.0, 200.0)), float(random.uniform(0.0, 1.55))
        theta, r2 = float(random.choice([0.002, 0.2, 3.1]) * random.uniform()), RADIUS + float(random.uniform(0, 2e6))
        radius, angle, path = boosted(speed, burn, elevation)
        psi = max(theta - angle, 0.0)
        found = plain(flyout.excess_at)(speed, burn, elevation, Point(r2, theta, math.cos(theta), math.sin(theta)))
        height = math.cos(path) * (radius / r2 * math.cos(path) - math.cos(psi + path))
        expected = speed**2 * radius * height - MU * (1.0 - math.cos(psi))
        conic = Conic(radius, speed, path)
        past += theta < angle
        if conic.escapes(psi):
            assert found == pytest.approx(abs(expected), rel=1e-6, abs=1e-6 * MU)
            escaped += 1
            continue
        assert found == pytest.approx(expected, rel=1e-6, abs=1e-9 * MU)
        if abs(expected) > 1e-6 * MU:
            assert (found > 0.0) == (conic.radius(psi) > r2)
            above, below = above + (found > 0.0), below + (found < 0.0)
    assert above > 5
    assert past > 5
    assert below > 10 or speed > 11_000.0
    assert escaped > 10 or speed < 11_000.0


def rising(energy: float, start: float, end: float) -> float:
    """Return the time of a vertical coast between two radii, upward; of a bound one with the apex taken out."""
    if energy >= -1e-6 * MU / start:
        return float(quad(lambda r: 1.0 / math.sqrt(2.0 * (energy + MU / r)), start, end)[0])
    apex = -MU / energy
    ends = (math.sqrt(max(apex - end, 0.0)), math.sqrt(max(apex - start, 0.0)))
    return float(quad(lambda s: 2.0 * s / math.sqrt(2.0 * (energy + MU / (apex - s * s))), *ends)[0])


@pytest.mark.parametrize("ratio", [0.004, 0.1, 0.9, 1.9, 2.0 - 5e-8, 2.0 - 1e-13, 2.0 + 1e-13, 2.0 + 5e-8, 2.1, 5.0])
@pytest.mark.parametrize("share", [0.2, 0.98, 1.5, 20.0, 300.0])
def test_a_vertical_coast_rises_to_a_radius_or_falls_back_to_it_or_never_comes_there(
    ratio: float, share: float
) -> None:
    burn, start = 60.0, RADIUS
    for _ in range(50):  # the speed decides where burnout is
        speed = speed_of(ratio, start)
        start = RADIUS + 0.5 * speed * burn
    altitude = share * (start - RADIUS)
    end, energy = RADIUS + altitude, 0.5 * speed**2 - MU / start
    if end >= start:
        apex = -MU / energy if energy < 0.0 else math.inf
        expected = burn + rising(energy, start, end) if end <= apex else math.inf
    elif ratio < 1.99:
        expected = burn + rising(energy, start, -MU / energy) + rising(energy, end, -MU / energy)
    elif ratio > 2.0:
        expected = math.inf
    else:
        return  # it falls back after years
    found = plain(flyout._vertical_time)(speed, burn, altitude)
    assert found == pytest.approx(expected, rel=1e-6)


def test_the_speed_of_a_shot_straight_up_has_its_burnout_at_the_point_between_the_speeds_allowed() -> None:
    for altitude, expected in ((200e3, 4500.0), (135e3, 4500.0), (120e3, 4000.0), (60e3, 2000.0), (30e3, 2000.0)):
        assert plain(flyout.overhead_speed)(4500.0, 2000.0, 60.0, altitude) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("length", [50e3, 400e3, 9000e3])
def test_the_lowest_elevation_is_the_first_whose_burnout_does_not_lie_beyond_the_point(length: float) -> None:
    least, steeper = 0.15, 0
    for theta in (1e-3, 0.02, 0.06, 0.3, 1.0, 1.5, 1.6, 3.0):
        found = plain(flyout.lowest_elevation)(2.0 * length / 60.0, 60.0, least, theta)
        ahead = boosted(2.0 * length / 60.0, 60.0, found)[1]
        if boosted(2.0 * length / 60.0, 60.0, least)[1] <= theta:
            assert found == least
        else:
            assert found > least
            assert ahead == pytest.approx(theta, abs=1e-9)
            steeper += 1
    assert steeper > 0


def highest(xs: tuple[float, ...], ys: tuple[float, ...]) -> float:
    """Return how high a concave function through four points can be between the outer two, on a fine grid."""

    def line(first: int, second: int, x: Any) -> Any:
        return ys[first] + (ys[second] - ys[first]) / (xs[second] - xs[first]) * (x - xs[first])

    left, middle, right = (np.linspace(xs[place], xs[place + 1], 4001) for place in range(3))
    between = np.minimum(line(0, 1, middle), line(2, 3, middle))
    return float(max(line(1, 2, left).max(), line(1, 2, right).max(), between.max()))


def test_a_concave_function_stays_below_zero_where_the_lines_beside_it_do() -> None:
    random, told = np.random.default_rng(5), [0, 0]
    for _ in range(1500):
        xs = tuple(np.cumsum(random.uniform(0.05, 1.0, 4)).tolist())
        bend, peak, top = random.uniform(0.2, 4.0), random.uniform(xs[0] - 0.3, xs[3] + 0.3), random.uniform(-1.5, 0.3)
        ys = tuple(top - bend * (x - peak) ** 2 for x in xs)
        bound = highest(xs, ys)
        if abs(bound) < 1e-2:
            continue
        below = plain(flyout._stays_below)(xs, ys)
        assert below == (bound < 0.0)
        told[below] += 1
    assert min(told) > 100
    assert not plain(flyout._stays_below)(
        (0.0, 1.0, 2.0, 3.0), (-1.0, -1.0, -1.0, -1.0)
    )  # not concave: nothing is said
