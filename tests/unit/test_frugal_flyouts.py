"""Fly-outs to points that are laid on a known path: the speed, the elevation and the time of that path come back."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from hoplon.intercept import flyout
from hoplon.intercept.flyout import Point, flyout_time
from unit.test_coasts import MU, RADIUS, Conic, boosted

SPEED, SLOWEST, BURN, LEAST = 4000.0, 2000.0, 60.0, 0.3  # boosts of 120 and 60 km


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel as Python, which need not be compiled for a few numbers."""
    return getattr(function, "py_func", function)


def point_at(radius: float, angle: float) -> Point:
    return Point(radius, angle, math.cos(angle), math.sin(angle))


def seen_at(slant: float, elevation: float) -> Point:
    """Return the point at a distance and an elevation from the launcher."""
    up, along = RADIUS + slant * math.sin(elevation), slant * math.cos(elevation)
    return point_at(math.hypot(up, along), math.atan2(along, up))


def frugal(point: Point, speed: float = SPEED, slowest: float = SLOWEST) -> tuple[bool, float, float]:
    settled, chosen, elevation = plain(flyout.frugal_path)(speed, slowest, BURN, LEAST, point)
    return bool(settled), float(chosen), float(elevation)


def starts_below(speed: float, elevation: float, angle: float) -> None:
    """Assert that an elevation is the least allowed, or the first one whose burnout is not beyond an angle."""
    ahead = boosted(speed, BURN, LEAST)[1]
    if ahead <= angle:
        assert elevation == LEAST
    else:
        assert boosted(speed, BURN, elevation)[1] == pytest.approx(angle, abs=1e-9)


@pytest.mark.parametrize("elevation", [LEAST + 1e-9, 0.5, 1.0, 1.5])
def test_a_point_in_sight_is_passed_at_full_speed_or_is_where_the_boost_ends(elevation: float) -> None:
    for slant in (121e3, 200e3, 1000e3):
        settled, speed, lowest = frugal(seen_at(slant, elevation))
        assert (settled, speed) == (False, SPEED)
        starts_below(SPEED, lowest, seen_at(slant, elevation).angle)
    for slant, flown in (
        *((120e3 * (1.0 + 5e-10), 4000.0), (119e3, 119e3 / 30.0), (90e3, 3000.0), (66e3, 2200.0), (61e3, 61e3 / 30.0)),
        (60e3 * (1.0 - 5e-10), 2000.0),
    ):
        settled, speed, found = frugal(seen_at(slant, elevation))
        assert settled
        assert speed == pytest.approx(flown, rel=1e-9)
        assert SLOWEST <= speed <= SPEED
        assert found == pytest.approx(elevation, abs=1e-8)
    for slant in (59.9e3, 55e3, 20e3):
        settled, speed, lowest = frugal(seen_at(slant, elevation))
        assert (settled, speed) == (False, SLOWEST)
        starts_below(SLOWEST, lowest, seen_at(slant, elevation).angle)
    assert not frugal(seen_at(120e3 * (1.0 + 2e-9), elevation))[0]
    assert not frugal(seen_at(60e3 * (1.0 - 2e-9), elevation))[0]


def on_path(speed: float, elevation: float, psi: float) -> tuple[Point, float]:
    """Return a point that a coast passes, and the time from launch to there."""
    radius, angle, path = boosted(speed, BURN, elevation)
    coast = Conic(radius, speed, path)
    return point_at(coast.radius(psi), angle + psi), BURN + coast.time(psi)


@pytest.mark.parametrize("psi", [1e-4, 0.003, 0.02, 0.06, 0.15])
@pytest.mark.parametrize("flown", [2000.01, 2003.0, 2500.0, 3100.0, 3990.0, 3999.99])
def test_a_point_under_the_line_of_sight_is_passed_at_the_least_elevation_by_the_speed_of_its_path(
    flown: float, psi: float
) -> None:
    point, time = on_path(flown, LEAST, psi)
    settled, speed, elevation = frugal(point)
    assert settled
    assert elevation == LEAST
    assert speed == pytest.approx(flown, abs=2e-5)
    if point.radius > RADIUS:
        ground_range, altitude = RADIUS * point.angle, point.radius - RADIUS
        assert flyout_time(SPEED, BURN, LEAST, ground_range, altitude, SLOWEST) == pytest.approx(time, abs=1e-5)


@pytest.mark.parametrize("psi", [0.003, 0.02, 0.06, 0.15])
def test_a_path_that_no_speed_allowed_has_is_one_of_full_speed_or_of_the_slowest(psi: float) -> None:
    for flown in (4000.01, 4050.0, 5000.0):  # only a steeper one comes as far
        assert frugal(on_path(flown, LEAST, psi)[0]) == (False, SPEED, LEAST)
    for flown in (1999.99, 1900.0, 1000.0):
        point, _ = on_path(flown, LEAST, psi)
        settled, speed, lowest = frugal(point)
        assert (settled, speed) == (False, SLOWEST)
        starts_below(SLOWEST, lowest, point.angle)
    point, _ = on_path(3000.0, LEAST, psi)
    assert frugal(point, slowest=SPEED)[:2] == (False, SPEED)  # that speed alone


@pytest.mark.parametrize("speed", [3000.0, 4500.0, 7000.0])
@pytest.mark.parametrize("elevation", [0.301, 0.5, 0.8, 1.1, 1.4, 1.52])
def test_a_point_on_a_rising_coast_of_full_speed_is_reached_at_its_time(speed: float, elevation: float) -> None:
    for share in (1e-3, 0.02, 0.1, 0.3):
        radius, _, path = boosted(speed, BURN, elevation)
        point, time = on_path(speed, elevation, share * speed * math.cos(path) / radius * 300.0)
        ground_range, altitude = RADIUS * point.angle, point.radius - RADIUS
        for slowest in (speed, 1000.0):
            assert flyout_time(speed, BURN, LEAST, ground_range, altitude, slowest) == pytest.approx(time, abs=1e-5)


@pytest.mark.parametrize("elevation", [1.45, 1.5, 1.53, 1.55, 1.565, 1.569])
@pytest.mark.parametrize("altitude", [5e3, 20e3, 40e3])
def test_a_point_below_the_slowest_boost_is_reached_by_its_steep_path_that_falls_back(
    elevation: float, altitude: float
) -> None:
    radius, angle, path = boosted(SLOWEST, BURN, elevation)
    coast = Conic(radius, SLOWEST, path)
    cosine = (coast.parameter / (RADIUS + altitude) - 1.0) / coast.eccentricity
    psi = 2.0 * math.pi - math.acos(cosine) - coast.anomaly % (2.0 * math.pi)  # falling through the altitude
    slant = math.hypot(RADIUS * (angle + psi), altitude)
    assert coast.radius(psi) == pytest.approx(RADIUS + altitude, abs=1.0)
    if slant < 59e3 and altitude > slant * math.sin(LEAST + 0.02):
        found = flyout_time(SPEED, BURN, LEAST, RADIUS * (angle + psi), altitude, SLOWEST)
        assert found == pytest.approx(BURN + coast.time(psi), abs=1e-3)


@pytest.mark.parametrize("elevation", [0.6, 0.9, 1.2, 1.45, 1.55, 1.56])
@pytest.mark.parametrize("speed", [3000.0, 4500.0])
def test_a_point_a_metre_under_the_highest_path_is_reached_and_one_a_metre_above_is_not(
    speed: float, elevation: float
) -> None:
    """Both paths to it hide between two elevations tried, or between the last one and the vertical."""

    def height(at: float, angle: float) -> float:
        radius, ahead, path = boosted(speed, BURN, at)
        return Conic(radius, speed, path).radius(angle - ahead) - RADIUS

    # Nearer a steeper path is the higher one, farther away a lower: the place between is found by halving.
    near, far = boosted(speed, BURN, elevation)[1] + 1e-6, 0.5 * (1.58 - elevation)
    for _ in range(50):
        angle = 0.5 * (near + far)
        rising = height(elevation + 1e-5, angle) > height(elevation - 1e-5, angle)
        near, far = (angle, far) if rising else (near, angle)
    top = max(height(elevation + 1e-5 * step, angle) for step in range(-20, 21))
    assert top == pytest.approx(height(elevation, angle), abs=0.1)
    assert math.isfinite(flyout_time(speed, BURN, LEAST, RADIUS * angle, top - 1.0))
    assert flyout_time(speed, BURN, LEAST, RADIUS * angle, top + 1.0) == math.inf
    if elevation < 1.3:  # and where it is most of the way from the least elevation to the next of 48
        least = (elevation - 0.75 * 0.5 * math.pi / 47.0) / (1.0 - 0.75 / 47.0)
        assert math.isfinite(flyout_time(speed, BURN, least, RADIUS * angle, top - 1.0))


def test_below_two_hundred_metres_of_ground_range_the_shot_is_vertical() -> None:
    for altitude in (150e3, 400e3):
        above = flyout_time(SPEED, BURN, LEAST, 0.0, altitude)
        assert flyout_time(SPEED, BURN, LEAST, 199.9, altitude) == above
        for ground_range in (200.0, 210.0):
            beside = flyout_time(SPEED, BURN, LEAST, ground_range, altitude)
            assert beside != above
            assert beside == pytest.approx(above, abs=1e-3)


class Curve:
    """An excess that is a given function of the elevation; where a boost ends and a coast takes tell the elevation."""

    def __init__(self, excess: Callable[[float], float]) -> None:
        self.excess, self.asked = excess, 0

    def put(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(flyout, "excess_at", self.excess_at)
        monkeypatch.setattr(flyout, "burnout_of", lambda speed, burn, elevation: (RADIUS, 0.25, elevation))
        monkeypatch.setattr(flyout, "coast_time", lambda radius, speed, elevation, psi: elevation + 10.0 * psi)
        for name in ("_root_time", "_stays_below"):
            monkeypatch.setattr(flyout, name, plain(getattr(flyout, name)))

    def excess_at(self, speed: float, burn: float, elevation: float, point: Point) -> float:
        self.asked += 1
        return self.excess(elevation)


POINT = point_at(RADIUS, 0.75)  # half a radian beyond burnout: five seconds more


@pytest.mark.parametrize("root", [0.3001, 0.5, 0.77, 1.1, 1.4999])
@pytest.mark.parametrize("bend", [-6.0, -1.0, 0.0, 1.0, 6.0])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_root_between_two_elevations_is_found_to_the_last_digits_in_a_few_rounds(
    root: float, bend: float, sign: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    def excess(elevation: float) -> float:
        return sign * (math.expm1(bend * (elevation - root)) / bend if bend else elevation - root)

    curve = Curve(excess)
    curve.put(monkeypatch)
    low, high = 0.3, 1.5
    found = flyout._root_time(SPEED, BURN, low, high, excess(low), excess(high), POINT)
    assert found == pytest.approx(BURN + 5.0 + root, abs=2e-10)
    assert curve.asked < 25


@pytest.mark.parametrize("speed", [SPEED, 10_500.0])
@pytest.mark.parametrize("peak", [0.31, 0.62, 0.9, 1.22, 1.49])
@pytest.mark.parametrize("height", [1e-1, 1e-3, 1e-6, -1e-6, -1e-3, -0.5])
def test_of_two_roots_beside_a_peak_the_lower_is_taken_and_none_under_one_below_zero(
    height: float, peak: float, speed: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A parabola: of height h and bend 4 its roots lie sqrt(h / 4) beside its peak."""

    def excess(elevation: float) -> float:
        return height - 4.0 * (elevation - peak) ** 2

    curve = Curve(excess)
    curve.put(monkeypatch)
    low, high = 0.3, 1.5
    if height > 0.0:
        low, high = min(low, peak - math.sqrt(height)), max(high, peak + math.sqrt(height))
    found = plain(flyout._fold_time)(speed, BURN, low, high, excess(low), excess(high), POINT)
    if height < 0.0:
        assert found == math.inf
        assert curve.asked <= (2 * 40 if speed > SPEED or height > -1e-4 else 40)
        return
    assert found == pytest.approx(BURN + 5.0 + peak - math.sqrt(height / 4.0), abs=2e-10)


@pytest.mark.parametrize(
    ("ratio", "found"), [(2.0 - 5e-7, False), (2.0, False), (2.1, False), (3.0, False), (1.5, True)]
)
def test_where_the_excess_jumps_between_falling_short_and_escaping_no_coast_is_found(
    ratio: float, found: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Short of escape it does not jump, and what is found is not asked about again."""
    curve = Curve(lambda elevation: -1e14 if elevation < 0.8 else 1e14)
    curve.put(monkeypatch)
    speed = math.sqrt(ratio * MU / RADIUS)
    time = flyout._root_time(speed, BURN, 0.3, 1.5, -1e14, 1e14, POINT)
    assert math.isfinite(time) == found
    curve.excess = lambda elevation: elevation - 0.8
    assert flyout._root_time(speed, BURN, 0.3, 1.5, -0.5, 0.7, POINT) == pytest.approx(BURN + 5.8, abs=2e-10)


def test_a_peak_that_no_line_tells_of_is_found_beside_escape(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines beside four points tell of a peak of a function that bends one way, which is so up to a ratio of 1.9."""
    speed = 10_000.0
    for _ in range(50):  # the speed decides where burnout is: without the boost the ratio is 1.86
        speed = math.sqrt(1.95 * MU / (RADIUS + 0.5 * speed * BURN))
    for peak in (0.5, 0.9, 1.2):
        curve = Curve(lambda elevation, peak=peak: 1e-2 - math.sqrt(abs(elevation - peak)))
        curve.put(monkeypatch)
        found = plain(flyout._fold_time)(speed, BURN, 0.3, 1.5, curve.excess(0.3), curve.excess(1.5), POINT)
        assert found == pytest.approx(BURN + 5.0 + peak - 1e-4, abs=2e-10)


def test_an_elevation_beyond_the_vertical_by_rounding_is_the_vertical() -> None:
    for speed in (3000.0, 11_500.0):
        vertical = plain(flyout.excess_at)(speed, BURN, 0.5 * math.pi, POINT)
        above = math.nextafter(0.5 * math.pi, 2.0)
        assert above > 0.5 * math.pi
        assert plain(flyout.excess_at)(speed, BURN, above, POINT) == pytest.approx(vertical, rel=1e-9)
        assert plain(flyout.burnout_of)(speed, BURN, above)[2] <= 0.5 * math.pi
