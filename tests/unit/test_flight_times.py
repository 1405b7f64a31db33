"""The least time with which an arc meets an aim that moves on, of times of arcs that are given."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from hoplon.flight import flight_time
from hoplon.flight.flight_time import ESCAPES, FLIES, NO_FLIGHT_TIME, NO_SOLUTION, TOO_STEEP

RATE, RADIUS = 7.292115e-5, 6371008.8  # [rad/s], [m] model page
CLOSE = 2e-6  # [s]
DAY = 2.0 * math.pi / RATE
POLE, EQUATOR = (0.0, 0.0, 1.0), (1.0, 0.0, 0.0)


def plain(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a kernel as Python, which need not be compiled for a few numbers."""
    return getattr(function, "py_func", function)


class Arcs:
    """Times of arcs by the time that their aim is led by; where none is given there is no arc."""

    def __init__(self, time: Callable[[float], float], status: int = ESCAPES) -> None:
        self.time, self.status, self.asked = time, status, list[float]()

    def put(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(flight_time, "arc_towards", self.arc_towards)
        for name in ("_lag", "_repeated", "_bracketed"):
            monkeypatch.setattr(flight_time, name, plain(getattr(flight_time, name)))

    def arc_towards(
        self, launch: Any, aim_up: Any, aim: Any, boost: Any, cosine: float, sine: float, *shape: float
    ) -> tuple[int, float, Any, float, float]:
        assert shape == (0.1, 0.0)
        led_by = math.atan2(sine, cosine) % (2.0 * math.pi) / RATE
        self.asked.append(led_by)
        time = self.time(led_by)
        if math.isnan(time):
            return self.status, 0.0, None, 0.0, 0.0
        return FLIES, time, None, 0.0, 0.0


def asked(
    arcs: Arcs, monkeypatch: pytest.MonkeyPatch, how: str = "free_flight_time", **given: Any
) -> tuple[int, float]:
    arcs.put(monkeypatch)
    launch, aim_up = given.get("launch", POLE), given.get("aim_up", EQUATOR)
    status, found = plain(getattr(flight_time, how))(launch, aim_up, None, None, 0.1, 0.0)
    return int(status), float(found)


@pytest.mark.parametrize("how", ["free_flight_time", "_repeated", "_bracketed"])
@pytest.mark.parametrize(("first", "slope"), [(500.0, 0.0), (1200.0, 0.3), (30.0, 0.1), (1500.0, -0.35)])
def test_an_arc_that_answers_little_meets_its_aim_at_the_one_time_that_is_its_own(
    how: str, first: float, slope: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    arcs = Arcs(lambda led_by: first + slope * led_by)
    assert asked(arcs, monkeypatch, how) == (FLIES, pytest.approx(first / (1.0 - slope), abs=CLOSE))
    if how != "_bracketed":
        assert len(arcs.asked) <= 4  # a line is met by the second secant


def test_a_bent_answer_is_met_in_a_few_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    for bend in (-9e-5, 9e-5):
        arcs = Arcs(lambda led_by, bend=bend: 900.0 + 0.1 * led_by + bend * led_by**2)
        roots = np.roots([bend, -0.9, 900.0])
        expected = min(root for root in roots.tolist() if root > 0.0)
        assert asked(arcs, monkeypatch, "_repeated") == (FLIES, pytest.approx(expected, abs=CLOSE))
        assert len(arcs.asked) <= 8


@pytest.mark.parametrize(
    ("time", "launch", "aim_up"),
    [
        (lambda led_by: 500.0 + 0.41 * led_by, POLE, EQUATOR),  # it answers too much, either way
        (lambda led_by: 500.0 - 0.41 * led_by, POLE, EQUATOR),
        (lambda led_by: math.nan, POLE, EQUATOR),
        (lambda led_by: 500.0 if led_by < 400.0 else math.nan, POLE, EQUATOR),
        (lambda led_by: 500.0, (math.cos(0.05), math.sin(0.05), 0.0), EQUATOR),  # 0.036 rad are seven tenths of 0.05
        (lambda led_by: 14_000.0, POLE, EQUATOR),  # a radian of sqrt(2)
    ],
)
def test_where_there_may_be_several_times_steps_from_zero_are_given_up(
    time: Any, launch: Any, aim_up: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"launch": launch, "aim_up": aim_up}
    assert asked(Arcs(time), monkeypatch, "_repeated", **given) == (NO_FLIGHT_TIME, 0.0)


@pytest.mark.parametrize(
    ("seconds", "launch", "aim_up"),
    [
        (475.0, (math.cos(0.05), math.sin(0.05), 0.0), EQUATOR),  # 0.0346 rad of 0.05
        (13_500.0, POLE, EQUATOR),  # 0.984 rad of 0.99
        (20_000.0, (0.0, 0.6, 0.8), (0.6, 0.0, 0.8)),  # 1.458 rad about the axis are 0.875: more than 0.7 of 0.849
    ],
)
def test_an_aim_that_moves_up_to_seven_tenths_of_its_way_is_met_by_steps(
    seconds: float, launch: Any, aim_up: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = math.dist(launch, aim_up)
    moves = RATE * seconds * math.hypot(aim_up[0], aim_up[1])
    found = asked(Arcs(lambda led_by: seconds), monkeypatch, "_repeated", launch=launch, aim_up=aim_up)
    assert found == ((FLIES, seconds) if moves < 0.7 * away else (NO_FLIGHT_TIME, 0.0))


def lagging(lag: Callable[[float], float]) -> Callable[[float], float]:
    """Return times of arcs from what they exceed the time flown by; NaN where that is infinite."""
    return lambda led_by: led_by + lag(led_by) if math.isfinite(lag(led_by)) else math.nan


def dip(middle: float, half: float) -> Callable[[float], float]:
    """Return an excess that is negative within half a width of a middle alone."""
    return lambda led_by: ((led_by - middle) ** 2 - half**2) / (20.0 * half)


@pytest.mark.parametrize("middle", [503.0, 510.0, 517.2, 1000.3])
@pytest.mark.parametrize("half", [0.5, 3.0, 9.0, 30.0, 200.0])
def test_the_least_of_two_times_is_found_though_both_lie_between_two_steps(
    middle: float, half: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    arcs = Arcs(lagging(dip(middle, half)))
    assert asked(arcs, monkeypatch, "_bracketed") == (FLIES, pytest.approx(middle - half, abs=CLOSE))


@pytest.mark.parametrize("open_until", [3.3, 250.0, 1777.0])
def test_a_time_after_a_while_without_an_arc_is_found(open_until: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an arc the excess is infinite; where it begins again it is positive, or falls below zero at once."""
    late = Arcs(lagging(lambda led_by: math.inf if led_by < open_until else open_until + 300.0 - led_by))
    assert asked(late, monkeypatch, "_bracketed") == (FLIES, pytest.approx(open_until + 300.0, abs=CLOSE))
    at_once = Arcs(lagging(lambda led_by: math.inf if led_by <= open_until else 1e-2 / (led_by - open_until) - 1.0))
    assert asked(at_once, monkeypatch, "_bracketed") == (FLIES, pytest.approx(open_until + 1e-2, abs=CLOSE))


@pytest.mark.parametrize("until", [600.0, 655.0, 2600.0])
def test_a_leap_from_above_to_below_is_no_time_of_flight(until: float, monkeypatch: pytest.MonkeyPatch) -> None:
    def lag(led_by: float) -> float:
        return 50.0 if led_by < 511.3 else -40.0 if led_by < until else until + 700.0 - led_by

    assert asked(Arcs(lagging(lag)), monkeypatch, "_bracketed") == (FLIES, pytest.approx(until + 700.0, abs=CLOSE))


def test_without_any_time_the_reason_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for status in (ESCAPES, TOO_STEEP, NO_SOLUTION):
        assert asked(Arcs(lambda led_by: math.nan, status), monkeypatch) == (status, 0.0)
        some = Arcs(lagging(lambda led_by: 60.0 if 7000.0 < led_by < 9000.0 else math.inf), status)
        assert asked(some, monkeypatch) == (NO_FLIGHT_TIME, 0.0)
    never = Arcs(lagging(lambda led_by: 60.0))
    assert asked(never, monkeypatch) == (NO_FLIGHT_TIME, 0.0)
    assert DAY - 25.0 < max(never.asked) < DAY  # as long as the aim takes to be where it was
    below = Arcs(lagging(lambda led_by: 60.0 if led_by < 999.5 else -60.0))
    assert asked(below, monkeypatch) == (NO_FLIGHT_TIME, 0.0)


def test_steps_are_a_sixteenth_of_the_first_time_from_one_second_to_twenty(monkeypatch: pytest.MonkeyPatch) -> None:
    for first, expected in ((160.0, 10.0), (8.0, 1.0), (900.0, 20.0), (math.inf, 20.0), (32.0, 2.0)):
        arcs = Arcs(lagging(lambda led_by, first=first: first * (1.0 - 1e-5 * led_by)))
        asked(arcs, monkeypatch, "_bracketed")
        assert np.diff(arcs.asked[:4]) == pytest.approx([expected] * 3, abs=1e-6)


def test_the_lag_is_the_time_of_the_arc_less_that_flown(monkeypatch: pytest.MonkeyPatch) -> None:
    arcs = Arcs(lambda led_by: 900.0 if led_by < 1000.0 else math.nan, TOO_STEEP)
    arcs.put(monkeypatch)
    assert plain(flight_time._lag)(None, None, None, None, 0.1, 0.0, 200.0) == (FLIES, pytest.approx(700.0))
    assert plain(flight_time._lag)(None, None, None, None, 0.1, 0.0, 2000.0) == (TOO_STEEP, math.inf)


@pytest.mark.parametrize("shift", [0.0, 0.2, -0.4])
def test_a_boost_ends_on_the_great_circle_to_where_the_aim_will_be(shift: float) -> None:
    random = np.random.default_rng(int(10 * shift + 9))
    for _ in range(20):
        launch, aim = (vector / np.linalg.norm(vector) for vector in random.normal(size=(2, 3)))
        angle, altitude = float(random.uniform(0.0, 0.2)), float(random.uniform(0.0, 3e5))
        boost = (math.cos(angle), math.sin(angle), altitude)
        given = (tuple(launch.tolist()), tuple(aim.tolist()), boost, math.cos(shift), math.sin(shift))
        found = np.array(plain(flight_time._burnout)(*given))
        turned = np.array(
            [[math.cos(shift), -math.sin(shift), 0.0], [math.sin(shift), math.cos(shift), 0.0], [0, 0, 1]]
        )
        there = turned @ aim
        ahead = there - (there @ launch) * launch
        up = math.cos(angle) * launch + math.sin(angle) * ahead / np.linalg.norm(ahead)
        # On the ellipsoid of WGS 84 a place is its normal scaled by the half axes squared, over its support, and up.
        squares = np.array([6378137.0, 6378137.0, 6356752.314245]) ** 2
        expected = squares * up / math.sqrt(float(squares @ up**2)) + altitude * up
        assert found == pytest.approx(expected, abs=1e-3)
    given = (POLE, POLE, (1.0, 0.0, 100e3), 1.0, 0.0)
    assert plain(flight_time._burnout)(*given) == pytest.approx((0.0, 0.0, 6356752.314245 + 100e3), abs=1e-3)


@pytest.mark.parametrize("psi", [0.05, 0.6, 1.5, 2.8])
@pytest.mark.parametrize(("r1", "r2"), [(6.5e6, 6.4e6), (6.4e6, 6.6e6), (6.5e6, 6.5e6)])
def test_the_angle_to_an_apoapsis_is_that_of_an_ellipse_through_both_radii(r1: float, r2: float, psi: float) -> None:
    given, told = (r1, r2, math.cos(psi), math.sin(psi)), 0
    for apoapsis in (max(r1, r2), 6.65e6, 6.8e6, 7.5e6, 12e6):
        found = plain(flight_time._angle_to_apoapsis)(*given, apoapsis)
        if math.isnan(found):
            continue
        told += 1
        # Of the ellipses from r1 at that angle the one of this apoapsis: r1 v1 cos g = ra va, and energy.
        ratio = 2.0 * (1.0 / r1 - 1.0 / apoapsis) / (1.0 - (r1 * math.cos(found) / apoapsis) ** 2)  # v1^2 / mu
        parameter = r1**2 * ratio * math.cos(found) ** 2
        e_cos, e_sin = parameter / r1 - 1.0, parameter / r1 * math.tan(found)
        assert parameter / (1.0 + e_cos * math.cos(psi) - e_sin * math.sin(psi)) == pytest.approx(r2, rel=1e-9)
        true_anomaly = math.atan2(e_sin, e_cos)
        assert 0.0 < math.pi - true_anomaly < psi  # the apoapsis is on the way
    assert told >= 2
    assert math.isnan(plain(flight_time._angle_to_apoapsis)(*given, max(r1, r2)))
    assert math.isnan(plain(flight_time._angle_to_apoapsis)(*given, min(r1, r2) - 1.0))
