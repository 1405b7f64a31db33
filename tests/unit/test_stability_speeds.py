"""The short cuts of the scan of burnout speeds give what judging every speed gives; the velocity of a flight."""

import math
from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType, SimpleNamespace

import numpy as np
import pytest

import hoplon
from hoplon.analysis.architectures import with_doctrine
from hoplon.analysis.defence import defence_of
from hoplon.analysis.stability.answer import _engaged, stability
from hoplon.analysis.stability.crossing import crossing_angle, velocity_ecef
from hoplon.analysis.stability.speeds import GRID_KM_S, SpeedScan
from hoplon.analysis.stability.views import JUDGED, KINEMATIC, StrategicFlights, unlimited
from hoplon.analysis.store import Store
from hoplon.constants import MEAN_RADIUS
from hoplon.errors import InputError
from hoplon.flight.arc import COLUMNS, flight_position, flight_state, solve_flight
from hoplon.intercept.closing import arrival_velocity
from hoplon.intercept.flyout import FAN_COLUMNS, FAN_ROWS, fan_of
from hoplon.scenario.model import Cited

NONE = StrategicFlights((), np.zeros((0, COLUMNS)), np.zeros(0, np.int16), np.zeros(0, np.bool_))


class MadeUp:
    """Engages by a rule of the burnout speed and the least one [km/s], and keeps what it was asked."""

    def __init__(self, rule: Callable[[float, float], list[bool]]) -> None:
        self.rule, self.asked = rule, []

    def met(self, scenario, architecture, flights, view):
        kind = next(iter(scenario.interceptors.values()))
        speed, least = float(kind.burnout_speed_km_s), float(kind.min_burnout_speed_km_s)
        self.asked.append((speed, least))
        return np.array(self.rule(speed, least))


def scan(rule, least, view=KINEMATIC, shots=1.0):
    loaded = hoplon.load("toy")
    kinds = {name: replace(kind, min_burnout_speed_km_s=Cited(least)) for name, kind in loaded.interceptors.items()}
    architecture = next(iter(loaded.architectures))
    scenario = replace(loaded, interceptors=MappingProxyType(kinds))
    scenario = with_doctrine(scenario, architecture, {"shots_required": Cited(shots)})
    made = MadeUp(rule)
    return SpeedScan(made, scenario, architecture, NONE, view), made


@pytest.mark.parametrize("least", [1.0, 2.0, 3.5, 12.0])
@pytest.mark.parametrize("first", [2.0, 2.05, 3.45, 3.5, 3.55, 7.0, 10.95, 99.0])
@pytest.mark.parametrize("islands", [(), (2.0,), (2.5, 3.1), (3.45,)])
def test_the_first_speed_is_that_of_every_speed_judged(least, first, islands):
    """Below the least burnout speed single speeds may engage; with the least of the grid every faster one does."""

    def rule(speed, allowed):
        begin = min((first, *(island for island in islands if island < least)))
        return [speed >= first or (speed in islands and speed < least) or (allowed < least and speed >= begin)]

    scanned, made = scan(rule, least)
    every = next((speed for speed in GRID_KM_S if rule(speed, least)[0]), None)
    assert scanned.first_km_s() == every
    assert len(made.asked) == len(set(made.asked))  # no speed twice
    if least <= GRID_KM_S[0]:
        assert len(made.asked) <= 12  # of 180: bisection


def test_speeds_judged_already_narrow_down_where_the_first_is_sought():
    scanned, made = scan(lambda speed, _: [speed >= 6.0], 1.0)
    scanned.at([5.95, 6.0])
    del made.asked[:]
    assert scanned.first_km_s() == 6.0
    assert [speed for speed, _ in made.asked] == [6.05]  # its neighbour alone


@pytest.mark.parametrize("first", [2.0, 2.05, 3.0])
@pytest.mark.parametrize("islands", [(), (2.0,)])
def test_below_the_second_speed_of_the_grid_the_first_alone_is_judged_by_itself(first, islands):
    def rule(speed, allowed):
        begin = min((first, *islands))
        return [speed >= first or speed in islands or (allowed < 2.05 and speed >= begin)]

    scanned, _ = scan(rule, 2.05)
    assert scanned.first_km_s() == min((first, *islands))


@pytest.mark.parametrize("after", [6.5, 6.55])
def test_where_the_next_speed_engages_none_all_speeds_are_judged(after):
    """At 6.45 km/s, where the bisection looks first, not at 6.5, and at 3 km/s alone before."""
    engaging = {3.0, 6.45, 10.95, after}
    scanned, _ = scan(lambda speed, _: [speed in engaging], 1.0)
    assert scanned.first_km_s() == (6.45 if after == 6.5 else 3.0)
    scanned, _ = scan(lambda speed, _: [speed in {3.0, 10.9}], 1.0)
    scanned.at([10.9])
    assert scanned.first_km_s() == 3.0
    scanned, _ = scan(lambda speed, _: [False], 1.0)
    assert scanned.first_km_s() is None


def test_a_search_from_beyond_the_grid_finds_nothing():
    scanned, made = scan(lambda speed, _: [speed >= 4.0], 1.0)
    assert scanned.bisected(180) is None
    assert scanned.bisected(179) == 179
    assert scanned.bisected(30) == 40
    assert scanned.bisected(50) == 50
    assert len(made.asked) < 30


@pytest.mark.parametrize(("least", "frugal"), [(1.0, 1.0), (2.0, 2.0), (2.1, 2.0), (12.0, 2.0)])
def test_interceptors_that_may_give_up_more_speed_need_one_shot_and_give_up_as_much_as_the_grid(least, frugal):
    scanned, _ = scan(lambda speed, _: [True], least, JUDGED, 2.0)
    assert scanned.monotone_from_km_s == math.inf
    found = scanned._frugal()
    assert found.monotone_from_km_s == frugal
    assert float(found._scenario.architecture(found._architecture).doctrine.shots_required) == 1.0
    assert {float(kind.min_burnout_speed_km_s) for kind in found._scenario.interceptors.values()} == {frugal}
    assert scan(lambda speed, _: [True], least, JUDGED, 1.0)[0].monotone_from_km_s == least
    assert scan(lambda speed, _: [True], least, KINEMATIC, 2.0)[0].monotone_from_km_s == least


@pytest.mark.parametrize(("view", "shots"), [(KINEMATIC, 1.0), (JUDGED, 1.0), (JUDGED, 2.0), (KINEMATIC, 2.0)])
@pytest.mark.parametrize("least", [1.0, 5.0])
def test_speeds_left_out_would_have_given_the_same(view, shots, least):
    """Each flight of four from its own speed on; two shots may be had by a slow interceptor and not by a faster one."""

    def rule(speed, _):
        lost = view == JUDGED and shots > 1.0 and speed == 6.5
        return [speed >= 3.0 and not lost, speed >= 5.5, speed >= 5.5, speed >= 8.5]

    scanned, made = scan(rule, least, view, shots)
    speeds = [9.0, *(3.0 + 0.5 * step for step in range(13))]
    found = scanned.at(speeds)
    assert list(found) == sorted(set(speeds))
    for speed, met in found.items():
        assert met.tolist() == rule(speed, least), speed
    if view == KINEMATIC and least == 1.0:
        assert len(made.asked) < 13


@pytest.mark.parametrize("time", [300.0, 900.0, 1500.0])
def test_the_velocity_over_the_ground_is_that_of_two_places_a_moment_apart(time):
    row = np.zeros(COLUMNS)
    solve_flight(0.9, 0.6, 0.7, -1.3, 200.0, 200e3, 450e3, 0.0, row)
    before, after = (np.array(flight_position(row, time + step)) for step in (-0.05, 0.05))
    expected = (after - before) / 0.1
    assert velocity_ecef(row, time) == pytest.approx(expected, abs=0.05)  # [m/s], of some 6,000


@pytest.mark.parametrize("place", [(0.62, 0.75), (0.95, 0.5), (0.7, -0.1)])
@pytest.mark.parametrize("time", [260.0, 420.0])
def test_the_crossing_angle_is_that_of_velocities_by_bearings(place, time):
    """The interceptor comes along the great circle from its battery, by the bearing back to it and half a turn."""
    toy = hoplon.load("toy")
    defence = defence_of(toy, toy.architecture("fast"))
    battery, (kind,) = replace(defence.batteries[0], latitude=place[0], longitude=place[1]), defence.interceptors
    row = np.zeros(COLUMNS)
    solve_flight(0.66, 0.81, 0.85, 0.2, 130.0, 120e3, 160e3, 0.0, row)
    ux, uy, uz, altitude, *_ = flight_state(row, time)
    latitude, longitude = math.asin(uz), math.atan2(uy, ux)
    turn = battery.longitude - longitude
    cosine = math.sin(latitude) * math.sin(battery.latitude)
    cosine += math.cos(latitude) * math.cos(battery.latitude) * math.cos(turn)
    east = math.sin(turn) * math.cos(battery.latitude)
    north = math.cos(latitude) * math.sin(battery.latitude)
    north -= math.sin(latitude) * math.cos(battery.latitude) * math.cos(turn)
    bearing = math.atan2(east, north) + math.pi
    fan = np.empty((FAN_ROWS, FAN_COLUMNS))
    fan_of(kind.burnout_speed, kind.burn_time, kind.minimum_elevation, fan)
    along, up = arrival_velocity(
        *(kind.burnout_speed, kind.slowest_burnout, kind.burn_time, kind.minimum_elevation, fan),
        *(MEAN_RADIUS * math.acos(cosine), altitude),
    )
    eastward = np.array([-math.sin(longitude), math.cos(longitude), 0.0])
    northward = np.cross([ux, uy, uz], eastward)
    mine = up * np.array([ux, uy, uz]) + along * (math.sin(bearing) * eastward + math.cos(bearing) * northward)
    before, after = (np.array(flight_position(row, time + step)) for step in (-0.05, 0.05))
    theirs = (after - before) / 0.1
    expected = math.acos(mine @ theirs / np.linalg.norm(mine) / np.linalg.norm(theirs))
    assert crossing_angle(row, time, battery, kind) == pytest.approx(expected, abs=1e-5)
    assert along > 0.0


@pytest.mark.parametrize("speed", [0.0999, 15.01])
def test_a_speed_outside_of_a_tenth_to_15_km_s_is_refused(speed):
    with pytest.raises(InputError, match=r"from 0\.1 to 15 km/s"):
        stability(Store(), hoplon.load("nato-europe"), ["phase-4"], speeds_km_s=[speed])


@pytest.mark.parametrize(
    ("required", "slow", "fast", "told"),
    [
        (1.0, ([400.0], 50.0), ([500.0, 540.0], 30.0), ("deveselu", 400.0, 50.0)),
        (2.0, ([400.0], 50.0), ([500.0, 540.0], 30.0), ("deveselu-fast", 500.0, 30.0)),
        (2.0, ([400.0, 450.0], None), ([500.0, 540.0], 0.0), ("deveselu-fast", 500.0, 0.0)),
        (2.0, ([510.0, 520.0, 530.0], 20.0), ([500.0, 540.0], 30.0), ("deveselu-fast", 500.0, 30.0)),
        (2.0, ([400.0], 50.0), ([500.0, 540.0], None), None),
    ],
)
def test_an_engaged_trajectory_is_told_of_the_battery_with_shots_enough_whose_first_is_soonest(
    required, slow, fast, told
):
    loaded = hoplon.load("toy")
    both = replace(loaded.architectures["slow"], elements=(*loaded.architectures["slow"].elements, "deveselu-fast"))
    scenario = replace(loaded, architectures=MappingProxyType({"both": both}))
    scenario = with_doctrine(scenario, "both", {"shots_required": Cited(required)})
    row = np.zeros(COLUMNS)
    solve_flight(0.66, 0.81, 0.85, 0.2, 130.0, 120e3, 160e3, 0.0, row)
    flights = StrategicFlights((SimpleNamespace(name="it"),), row[None], np.zeros(1, np.int16), np.ones(1, np.bool_))
    batteries = {
        name: SimpleNamespace(
            intercepts=[SimpleNamespace(intercept_s=time, altitude_km=time / 2.0) for time in times], margin_s=margin
        )
        for name, (times, margin) in (("deveselu", slow), ("deveselu-fast", fast))
    }
    found = _engaged(scenario, "both", flights, np.array([True]), [batteries])
    if told is None:
        assert found == ()
    else:
        (one,) = found
        assert (one.trajectory, one.battery, one.intercept_s, one.slack_s) == ("it", *told)
        assert one.altitude_km == told[1] / 2.0
        assert 0.0 < one.crossing_angle_deg < 180.0
    assert _engaged(scenario, "both", flights, np.array([False]), [batteries]) == ()


@pytest.mark.parametrize("timed", [False, True])
def test_nothing_but_speed_burn_time_elevation_and_floor_limits_the_unlimited_view(timed):
    """The highest point of a flight is read off its seconds; a floor above it leaves a range of altitudes too."""
    toy = hoplon.load("toy")
    kinds = dict(toy.interceptors)
    kinds["exo-45"] = replace(kinds["exo-45"], intercept_altitude_km=(Cited(3000.0), Cited(3500.0)))
    both = replace(toy.architectures["slow"], elements=(*toy.architectures["slow"].elements, "deveselu-fast"))
    scenario = replace(toy, interceptors=MappingProxyType(kinds), architectures=MappingProxyType({"both": both}))
    scenario = with_doctrine(scenario, "both", {"shots_required": Cited(2.0), "salvo": Cited(2.0)})
    rows = np.zeros((2, COLUMNS))
    solve_flight(0.66, 0.81, 0.85, 0.2, 130.0, 120e3, 160e3, 0.0, rows[0])
    rows[1] = 1e9  # of a flight that does not exist
    flights = StrategicFlights((), rows, np.zeros(2, np.int16), np.array([True, False]))
    impact = flights.flight_time_s(0)
    assert flights.flight_time_s(1) is None
    altitudes = [flight_state(rows[0], time)[3] for time in np.arange(130.0, impact)]
    assert altitudes[-1] < 20e3  # it ends on the ground
    defence = defence_of(scenario, scenario.architecture("both"))
    found = unlimited(defence, scenario, flights, timed=timed)
    for kind, before in zip(found.interceptors, defence.interceptors, strict=True):
        assert kind.altitude_low == before.altitude_low < kind.altitude_high
        assert max(altitudes) < kind.altitude_high
        assert kind.maximum_flight_time == (before.maximum_flight_time if timed else impact)
        unchanged = ("burnout_speed", "burn_time", "minimum_elevation", "slowest_burnout")
        assert all(getattr(kind, name) == getattr(before, name) for name in unchanged)
    (watch,) = found.satellites
    assert watch.track_starts == (100.0, 130.0)  # burnout of each class
    assert (watch.acquisition, watch.minimum_altitude, watch.latency) == (0.0, 0.0, 0.0)
    assert (found.radars, found.alerts, found.networked) == ((), (math.inf, math.inf), True)
    assert (found.shots_required, found.salvo) == (1, 1)
    assert [battery.supporters for battery in found.batteries] == [(0,), (0,)]
    assert all(battery.remote_commit and battery.own_radars == () for battery in found.batteries)
    assert set(found.timing.row()) == {0.0, True}  # no delay; looks are fused in one place
    assert not found.timing.look
