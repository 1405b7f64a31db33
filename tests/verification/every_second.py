"""Engagements second by second: a second build of the doctrine, against interceptors whose fly-out is a closed form.

They fly straight at one speed after their boost. Their reach tables are filled here, so that no fan is solved and
nothing of hoplon's says what is within reach; places of a flight are those of ``oracle.flight``. Every whole second is
judged by itself. What is so close to a limit that rounding decides is told apart: a question has an answer where it is
the same with every limit moved a little either way.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RegularGridInterpolator
from scipy.ndimage import distance_transform_edt

from hoplon.flight.arc import solve_flights
from hoplon.intercept.battery import Battery, Timing
from hoplon.intercept.flyout import FAN_COLUMNS, FAN_ROWS, fan_of
from hoplon.intercept.reach import COLUMNS, ROWS, Interceptor, Reach
from oracle import earth
from oracle.flight import fly

RADIUS, FASTEST = 6371008.8, 8000.0  # [m], [m/s] model page
SLACK = 0.02  # [s] a flight is interpolated between nodes, and a table holds single precision
HAIR = 20.0  # [m]

# Launch, aim [deg], burn time [s], burnout altitude, burnout ground range [m], loft [deg].
FLIGHTS = {
    "long": ((35.6, 51.4), (48.0, 11.0), 150.5, 150e3, 200e3, 0.0),
    "short": ((38.1, 46.3), (44.4, 26.1), 100.0, 90e3, 90e3, 0.0),
    "lofted": ((35.6, 51.4), (44.4, 26.1), 130.25, 120e3, 150e3, 12.0),
    "near": ((36.0, 40.0), (39.0, 36.0), 70.0, 45e3, 40e3, 0.0),
}
UPPER = Interceptor(3000.0, 60.0, 80e3, 900e3, 500.0, math.radians(15.0), 1000.0)
LOWER = Interceptor(2000.0, 10.0, 20e3, 120e3, 150.0, math.radians(15.0), 1000.0)
THIN = Interceptor(2500.0, 30.0, 150e3, 158e3, 300.0, math.radians(15.0), 1000.0)
NEAR = Interceptor(3500.0, 20.0, 60e3, 400e3, 75.0, math.radians(15.0), 1000.0)
KINDS = (UPPER, LOWER, THIN, NEAR)


Parameters = tuple[tuple[float, float], tuple[float, float], float, float, float, float]


def elements_of(flights: Sequence[Parameters]) -> NDArray[np.float64]:
    """Return the elements of flights by hoplon."""
    launch, aim, *shape = (np.array(column) for column in zip(*flights, strict=True))
    shape[-1] = np.radians(shape[-1])
    return np.asarray(solve_flights(np.radians(launch), np.radians(aim), *shape))


@cache
def elements() -> NDArray[np.float64]:
    """Return the elements of every flight of ``FLIGHTS``."""
    return elements_of(list(FLIGHTS.values()))


@dataclass(frozen=True)
class Seconds:
    """A flight at every whole second of its arc, by the second build."""

    burn_time: float
    impact: float
    second: NDArray[np.float64]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    altitude: NDArray[np.float64]


@cache
def seconds_along(flight: Parameters) -> Seconds:
    """Return the seconds of a flight after burnout and before impact."""
    launch, aim, burn, altitude, downrange, loft = flight
    flown = fly(tuple(np.radians(launch)), tuple(np.radians(aim)), burn, altitude, downrange, math.radians(loft))
    second = np.arange(math.floor(burn) + 1.0, math.ceil(flown.flight_time))
    return Seconds(burn, flown.flight_time, second, *earth.geodetic(flown.position(second)))


def seconds_of(name: str) -> Seconds:
    """Return the seconds of a flight of ``FLIGHTS``."""
    return seconds_along(FLIGHTS[name])


def straight_time(interceptor: Interceptor, chord: Any, altitude: Any) -> Any:
    """Return the boost and the straight way at the burnout speed [s]; the chord in units of the mean radius."""
    slant = np.sqrt(np.square(altitude) + RADIUS * (RADIUS + altitude) * np.square(chord))
    return interceptor.burn_time + slant / interceptor.burnout_speed


@cache
def straight_reach(interceptor: Interceptor) -> Reach:
    """Return the reach table of an interceptor that flies straight."""
    farthest = interceptor.burnout_speed * (interceptor.maximum_flight_time - interceptor.burn_time)
    low = interceptor.altitude_low
    chord = 1.01 * math.sqrt((farthest**2 - low**2) / (RADIUS * (RADIUS + low)))
    heights, chords = np.linspace(low, interceptor.altitude_high, ROWS), np.linspace(0.0, chord, COLUMNS)
    times = straight_time(interceptor, chords[np.newaxis], heights[:, np.newaxis])
    least = np.minimum(np.minimum(times[:-1, :-1], times[1:, :-1]), np.minimum(times[:-1, 1:], times[1:, 1:]))
    line, column = (heights[1] - heights[0]) / FASTEST, chord * RADIUS / (COLUMNS - 1) / FASTEST
    out = least > interceptor.maximum_flight_time
    away = np.maximum(distance_transform_edt(out, sampling=(line, column)) - math.hypot(line, column), 0.0)
    floors = np.full((ROWS, COLUMNS), np.inf)
    floors[:-1, :-1] = np.where(out, interceptor.maximum_flight_time + np.maximum(away, 1e-3), -least)
    fan = np.empty((FAN_ROWS, FAN_COLUMNS))
    fan_of(interceptor.burnout_speed, interceptor.burn_time, interceptor.minimum_elevation, fan)
    return Reach(interceptor, fan, times.astype(np.float32), floors.astype(np.float32), chord)


@cache
def _looked_up(interceptor: Interceptor) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    reach = straight_reach(interceptor)
    axes = np.linspace(interceptor.altitude_low, interceptor.altitude_high, ROWS), np.linspace(0, reach.chord, COLUMNS)
    return RegularGridInterpolator(axes, reach.times.astype(float), bounds_error=False, fill_value=np.inf)


class Meetings:
    """What an interceptor from a place may do at each second of a flight."""

    def __init__(self, flight: Seconds, interceptor: Interceptor, latitude: float, longitude: float) -> None:
        self.flight, self.interceptor = flight, interceptor
        self.distance = earth.ground_distance(latitude, longitude, flight.latitude, flight.longitude)
        self.altitude = flight.altitude
        chord = 2.0 * np.sin(0.5 * self.distance / RADIUS)
        inside = np.clip(self.altitude, interceptor.altitude_low, interceptor.altitude_high)
        self.flyout = _looked_up(interceptor)(np.stack([inside, chord], axis=-1))

    def launches(self, slack: float = 0.0) -> NDArray[np.float64]:
        """Return the launch time of an intercept at each second [s], -infinity for none; every limit moved inwards."""
        weapon, hair = self.interceptor, math.copysign(HAIR, slack) if slack else 0.0
        reached = (self.altitude >= weapon.altitude_low + hair) & (self.altitude <= weapon.altitude_high - hair)
        reached &= self.flyout <= weapon.maximum_flight_time - slack
        return np.where(reached, self.flight.second - self.flyout - slack, -np.inf)


Windows = list[tuple[float, float]]


def within(windows: Windows, second: Any) -> Any:
    """Tell which seconds lie in a window, its ends included."""
    return np.any([(begin <= second) & (second <= end) for begin, end in [*windows, (np.inf, -np.inf)]], axis=0)


@dataclass(frozen=True)
class Outlook:
    """When a battery may launch at the earliest, when an intercept has support and when a look after it has eyes."""

    commit: float
    support: Windows
    assessment: Windows


def outlook_of(
    battery: Battery, timing: Timing, tracks: NDArray[np.float32], latencies: NDArray[np.float64], burn_time: float
) -> Outlook:
    """Return what the tracks of one flight, shape (sensors, slots, 2), let a battery do where a held track supports."""
    commit, support, assessment = math.inf, [], []
    for sensor, slots in enumerate(tracks.tolist()):
        spans = [span for span in slots if not math.isnan(span[0])]
        own = sensor in battery.own_radars
        latency = 0.0 if own else float(latencies[sensor])
        firm = [max(on, burn_time) + timing.firm_track for on, off in spans]
        firm = [ready for ready, (_, off) in zip(firm, spans, strict=True) if ready <= off]
        if own or battery.remote_commit:
            assessment += [(on - timing.kill_assessment, off) for on, off in spans]
            commit = min([commit, *(ready + latency for ready in firm[:1])])
        if sensor in battery.supporters:
            support += [(on + timing.support + latency, off + timing.handover) for on, off in spans]
    return Outlook(commit + timing.decision + timing.reaction, support, assessment)


def greedy(meetings: Meetings, outlook: Outlook, timing: Timing, most: int, slack: float) -> list[float]:
    """Return the seconds of shots, each the first one that is feasible after the one before was looked at."""
    second, launches = meetings.flight.second, meetings.launches(slack)
    held, taken, available = within(outlook.support, second), list[float](), outlook.commit
    while len(taken) < most and available < meetings.flight.impact:
        feasible = held & (launches >= available) & (second > (taken[-1] if taken else -np.inf))
        if not feasible.any():
            break
        taken.append(float(second[np.argmax(feasible)]))
        available = taken[-1] + timing.kill_assessment + timing.reaction
        if not timing.look or not within(outlook.assessment, taken[-1]):
            break
    return taken


def shots_by_second(meetings: Meetings, outlook: Outlook, timing: Timing, most: int) -> list[float] | None:
    """Return the seconds of a battery's shots; None where a limit so close by decides them."""
    if not math.isfinite(outlook.commit):
        return []
    early, late = (greedy(meetings, outlook, timing, most, slack) for slack in (-SLACK, SLACK))
    return early if early == late else None


def drawn_windows(random: np.random.Generator, flight: Seconds, most: int = 2) -> Windows:
    """Return some stretches of a flight, in order and apart; often nearly all of it, seldom none."""
    if random.random() < 0.5:
        return [(float(random.uniform(0.0, 0.5 * flight.impact)), flight.impact + 30.0)]
    count = 0 if random.random() < 0.1 else int(random.integers(1, most + 1))
    edges = np.sort(random.uniform(0.0, flight.impact + 30.0, 2 * count))
    return [(float(begin), float(end)) for begin, end in edges.reshape(-1, 2)]


def drawn_place(random: np.random.Generator, flight: Seconds, apart: float) -> tuple[float, float]:
    """Return a place [rad] no farther than so many radians of arc from the ground track of a flight."""
    under = random.integers(len(flight.second))
    north, east = random.uniform(-apart, apart, 2)
    latitude = float(flight.latitude[under] + north)
    return latitude, float(flight.longitude[under] + east / math.cos(latitude))


def drawn_timing(random: np.random.Generator) -> Timing:
    """Return a doctrine with times of its own."""
    return Timing(
        firm_track=float(random.uniform(0.0, 40.0)),
        decision=float(random.uniform(0.0, 80.0)),
        reaction=float(random.uniform(0.0, 10.0)),
        support=float(random.uniform(0.0, 30.0)),
        handover=float(random.uniform(0.0, 60.0)),
        kill_assessment=float(random.uniform(1.0, 20.0)),
        look=bool(random.random() < 0.9),
    )
