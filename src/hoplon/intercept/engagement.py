"""Engagements: which intercepts a battery can make of a flight, and how many shots that gives (model section 7).

Answers are on whole seconds. Nodes along the flight bracket the windows in which an intercept is feasible; the edges
of a window are found on the second between nodes, and a gap between nodes is searched second by second wherever an
altitude limit, the edge of reach or a nearly sufficient launch time falls inside it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import inlined_kernel, kernel, parallel_kernel, parallel_range
from hoplon.constants import MEAN_RADIUS
from hoplon.earth.geodesy import normal_of
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME, STATUS
from hoplon.flight.path import (
    ALTITUDE,
    NORMAL,
    ROWS,
    TIME,
    cubic_at,
    cubic_of,
    most_nodes,
    path_normal,
    sample_path,
    spans_of,
    stencil,
)
from hoplon.intercept.flyout import least_flyout_time
from hoplon.intercept.reach import COLUMNS, SMOOTH, Reach, interceptor_row, interpolate
from hoplon.intercept.reach import ROWS as TABLE_ROWS

MOST_SHOTS: Final = 64
_FLIGHTS_A_CHUNK = 256

_FASTEST = 8000.0  # [m s-1] bounds the ground speed of a flight, carried to the mean radius
_GAIN = 3.0  # [s/s] how fast a launch time can grow along a flight
_PEAK = 1.0  # [s] the curvature of a launch time stays below 0.02 s-1 over 20 s
_LAST_COLUMN = COLUMNS - 1.001  # where the chord axis of a table is clipped

Weapon = tuple[float, ...]

# Columns of a battery row.
_UP, _CHORD_SCALE, _ALTITUDE_SCALE, _REMOTE_COMMIT, _REMOTE_SUPPORT, _SHOTS, _REACH = 0, 3, 4, 5, 6, 7, 8
_BATTERY_COLUMNS = 9
# Columns of the timing row.
_FIRM, _DECISION, _REACTION, _SUPPORT, _HANDOVER, _ASSESSMENT, _LOOK = range(7)
# Columns of an intercept.
LAUNCH, INTERCEPT, INTERCEPT_ALTITUDE, INTERCEPT_GROUND_RANGE = range(4)


@dataclass(frozen=True)
class Battery:
    """A placed battery, SI and radians.

    Attributes
    ----------
    latitude, longitude : float
        Geodetic [rad].
    reach : int
        Index of its interceptor's table.
    own_radars : tuple of int
        Indices of its own radars.
    remote_commit, remote_support : bool
        Whether any networked radar may commit it, and support its intercepts (the engagement mode).
    shots : int
        Shot opportunities its magazine allows: interceptors over interceptors a salvo.
    """

    latitude: float
    longitude: float
    reach: int
    own_radars: tuple[int, ...]
    remote_commit: bool
    remote_support: bool
    shots: int


@dataclass(frozen=True)
class Timing:
    """The doctrine's times [s]; ``look`` False allows the first salvo only."""

    firm_track: float
    decision: float
    reaction: float
    support: float
    handover: float
    kill_assessment: float
    look: bool

    def row(self) -> NDArray[np.float64]:
        """Return the numbers as kernels take them."""
        return np.array(
            [
                self.firm_track,
                self.decision,
                self.reaction,
                self.support,
                self.handover,
                self.kill_assessment,
                float(self.look),
            ]
        )


@dataclass(frozen=True)
class Batteries:
    """Batteries and reach tables as kernels take them; built by :func:`batteries_of`."""

    rows: NDArray[np.float64]
    own: NDArray[np.bool_]
    interceptors: NDArray[np.float64]
    fans: NDArray[np.float64]
    times: NDArray[np.float32]
    floors: NDArray[np.float32]


def batteries_of(batteries: list[Battery], reaches: list[Reach], radars: int) -> Batteries:
    """Stack batteries and the reach tables they use, for a set of ``radars`` radars."""
    rows = np.zeros((len(batteries), _BATTERY_COLUMNS))
    own = np.zeros((len(batteries), radars), dtype=np.bool_)
    for index, battery in enumerate(batteries):
        reach = reaches[battery.reach]
        span = max(1.0, reach.interceptor.altitude_high - reach.interceptor.altitude_low)
        rows[index, _UP : _UP + 3] = normal_of(battery.latitude, battery.longitude)
        rows[index, _CHORD_SCALE] = (reach.times.shape[1] - 1) / reach.chord
        rows[index, _ALTITUDE_SCALE] = (reach.times.shape[0] - 1) / span
        rows[index, _REMOTE_COMMIT] = battery.remote_commit
        rows[index, _REMOTE_SUPPORT] = battery.remote_support
        rows[index, _SHOTS], rows[index, _REACH] = min(battery.shots, MOST_SHOTS), battery.reach
        own[index, list(battery.own_radars)] = True
    return Batteries(
        rows,
        own,
        np.array([interceptor_row(reach.interceptor) for reach in reaches]),
        np.array([reach.fan for reach in reaches]),
        np.array([reach.times for reach in reaches]),
        np.array([reach.floors for reach in reaches]),
    )


@kernel
def firm_times(
    tracks: NDArray[np.float32], flight: int, burn_time: float, firm_track: float, firm: NDArray[np.float64]
) -> None:
    """Write when each radar's track of a flight becomes firm [s], infinite for never."""
    for radar in range(tracks.shape[0]):
        firm[radar] = math.inf
        for slot in range(tracks.shape[2]):
            if not tracks[radar, flight, slot, 0] >= 0.0:
                break
            ready = max(float(tracks[radar, flight, slot, 0]), burn_time) + firm_track
            if ready <= tracks[radar, flight, slot, 1]:
                firm[radar] = ready
                break


@kernel
def commit_time(
    battery: NDArray[np.float64],
    own: NDArray[np.bool_],
    firm: NDArray[np.float64],
    latencies: NDArray[np.float64],
    timing: NDArray[np.float64],
) -> float:
    """Return when a battery may launch at the earliest [s], infinite for never."""
    earliest = math.inf
    for radar in range(firm.shape[0]):
        if own[radar]:
            earliest = min(earliest, firm[radar])
        elif battery[5] > 0.0:
            earliest = min(earliest, firm[radar] + latencies[radar])
    return float(earliest + timing[1] + timing[2])


@kernel
def gather_windows(
    tracks: NDArray[np.float32],
    flight: int,
    battery: NDArray[np.float64],
    own: NDArray[np.bool_],
    latencies: NDArray[np.float64],
    timing: NDArray[np.float64],
    support: NDArray[np.float64],
    eyes: NDArray[np.float64],
) -> tuple[int, int]:
    """Write the windows in which an intercept has support, and in which a look has eyes; return their numbers."""
    supports, looks = 0, 0
    for radar in range(tracks.shape[0]):
        helps = own[radar] or battery[6] > 0.0
        watches = own[radar] or battery[5] > 0.0
        latency = 0.0 if own[radar] else latencies[radar]
        for slot in range(tracks.shape[2]):
            start, end = float(tracks[radar, flight, slot, 0]), float(tracks[radar, flight, slot, 1])
            if not start >= 0.0:
                break
            if helps:
                support[supports, 0], support[supports, 1] = start + timing[3] + latency, end + timing[4]
                supports += 1
            if watches:
                eyes[looks, 0], eyes[looks, 1] = start - timing[5], end
                looks += 1
    return supports, looks


@inlined_kernel
def _inside(windows: NDArray[np.float64], count: int, time: float) -> bool:
    for index in range(count):
        if windows[index, 0] <= time <= windows[index, 1]:
            return True
    return False


@kernel
def weapon_of(battery: NDArray[np.float64], interceptor: NDArray[np.float64]) -> Weapon:
    """Gather what decides a launch time into scalars (passing arrays around costs more than the look-up)."""
    return (
        battery[0],
        battery[1],
        battery[2],
        battery[3],
        battery[4],
        interceptor[0],
        interceptor[1],
        interceptor[2],
        interceptor[3],
        interceptor[4],
        interceptor[5],
    )


@kernel
def _overlaps(windows: NDArray[np.float64], count: int, start: float, end: float) -> bool:
    for index in range(count):
        if windows[index, 0] <= end and windows[index, 1] >= start:
            return True
    return False


@inlined_kernel
def _launch_at(
    ux: float,
    uy: float,
    uz: float,
    altitude: float,
    time: float,
    enough: float,
    weapon: Weapon,
    fan: NDArray[np.float64],
    times: NDArray[np.float32],
    floors: NDArray[np.float32],
) -> float:
    """Return the launch time [s] of an intercept at a place and time, -infinity where it cannot be reached.

    A launch time before ``enough`` may be returned as an upper bound of itself.
    """
    px, py, pz, chord_scale, altitude_scale, speed, burn_time, low, high, longest, elevation = weapon
    if altitude < low or altitude > high:
        return -math.inf
    chord = math.sqrt(max(0.0, 2.0 - 2.0 * (ux * px + uy * py + uz * pz)))
    right, up = chord * chord_scale, (altitude - low) * altitude_scale
    if not right < COLUMNS - 1:
        return -math.inf
    column, line = int(right), min(int(up), TABLE_ROWS - 2)
    flyout = float(floors[line, column])
    if flyout == SMOOTH:
        flyout = interpolate(times, line, column, right - column, up - line)
    elif flyout <= min(time - enough, longest):
        ground_range = 2.0 * MEAN_RADIUS * math.asin(min(1.0, 0.5 * chord))
        flyout = least_flyout_time(speed, burn_time, elevation, fan, ground_range, altitude)
    return time - flyout if flyout <= longest else -math.inf


@kernel
def _columns_of(
    path: NDArray[np.float64],
    start: int,
    nodes: int,
    weapon: Weapon,
    margin: float,
    columns: NDArray[np.float64],
) -> bool:
    """Write each node's place along the table's chord; tell whether any lies near enough to pass within."""
    xs, ys, zs = path[NORMAL, :nodes], path[NORMAL + 1, :nodes], path[NORMAL + 2, :nodes]
    px, py, pz, scale = weapon[0], weapon[1], weapon[2], weapon[3]
    count = 0
    for node in range(start, nodes):
        cosine = xs[node] * px + ys[node] * py + zs[node] * pz
        columns[node] = math.sqrt(max(0.0, 2.0 - 2.0 * cosine)) * scale
    near = _LAST_COLUMN + margin
    for node in range(start, nodes):
        count += 1 if columns[node] < near else 0
    return count > 0


@kernel
def _launches_of(
    path: NDArray[np.float64],
    start: int,
    nodes: int,
    weapon: Weapon,
    times: NDArray[np.float32],
    floors: NDArray[np.float32],
    columns: NDArray[np.float64],
    launches: NDArray[np.float64],
    bounds: NDArray[np.bool_],
) -> None:
    """Write each node's launch time [s], or an upper bound of it where ``bounds`` says so."""
    scale, low, high, longest = weapon[4], weapon[7], weapon[8], weapon[9]
    for node in range(start, nodes):
        altitude, right = path[ALTITUDE, node], columns[node]
        bounds[node] = False
        launches[node] = -math.inf
        if right >= _LAST_COLUMN or altitude < low or altitude > high:
            continue
        up = (altitude - low) * scale
        column, line = int(right), min(int(up), TABLE_ROWS - 2)
        flyout = float(floors[line, column])
        if flyout == SMOOTH:
            flyout = interpolate(times, line, column, right - column, up - line)
        else:
            bounds[node] = True
        if flyout <= longest:
            launches[node] = path[TIME, node] - flyout


@inlined_kernel
def _launch_between(
    row: NDArray[np.float64],
    path: NDArray[np.float64],
    start: int,
    time: float,
    available: float,
    weapon: Weapon,
    fan: NDArray[np.float64],
    times: NDArray[np.float32],
    floors: NDArray[np.float32],
) -> float:
    ux, uy, uz, altitude = path_normal(row, path, start, time)
    return _launch_at(ux, uy, uz, altitude, time, available, weapon, fan, times, floors)


@inlined_kernel
def _launch_at_node(
    path: NDArray[np.float64],
    node: int,
    available: float,
    weapon: Weapon,
    fan: NDArray[np.float64],
    times: NDArray[np.float32],
    floors: NDArray[np.float32],
) -> float:
    return _launch_at(
        path[NORMAL, node],
        path[NORMAL + 1, node],
        path[NORMAL + 2, node],
        path[ALTITUDE, node],
        path[TIME, node],
        available,
        weapon,
        fan,
        times,
        floors,
    )


@kernel
def _first_in_gap(
    row: NDArray[np.float64],
    path: NDArray[np.float64],
    start: int,
    low: int,
    high: int,
    halve: bool,
    available: float,
    support: NDArray[np.float64],
    supports: int,
    weapon: Weapon,
    fan: NDArray[np.float64],
    times: NDArray[np.float32],
    floors: NDArray[np.float32],
) -> int:
    """Return the first feasible second in ``(low, high]``, or -1.

    ``halve`` bisects, for a gap that becomes feasible once and is feasible at its end; else every second is tried.
    """
    first = max(start, 0)
    spans = spans_of(path, first)
    to_x, to_y, to_z, up = (
        cubic_of(path, NORMAL, first, spans),
        cubic_of(path, NORMAL + 1, first, spans),
        cubic_of(path, NORMAL + 2, first, spans),
        cubic_of(path, ALTITUDE, first, spans),
    )
    second = (low + high) // 2 if halve else low + 1
    while low < second <= high:
        if start < 0:
            ux, uy, uz, altitude = path_normal(row, path, start, second)
        else:
            ux, uy, uz, altitude = (
                cubic_at(to_x, spans, second),
                cubic_at(to_y, spans, second),
                cubic_at(to_z, spans, second),
                cubic_at(up, spans, second),
            )
        launch = _launch_at(ux, uy, uz, altitude, second, available, weapon, fan, times, floors)
        feasible = launch >= available and _inside(support, supports, second)
        if not halve:
            if feasible:
                return second
            second += 1
        elif feasible and second == high:
            return second
        elif second == high:
            return -1
        else:
            if feasible:
                high = second
            else:
                low = second
            second = (low + high) // 2 if high - low > 1 else high
    return -1


@kernel
def _crosses_limit(before: float, after: float, low: float, high: float) -> bool:
    """Tell whether an altitude limit lies between two altitudes."""
    return (before < low) != (after < low) or (before > high) != (after > high)


@kernel
def _next_shot(
    row: NDArray[np.float64],
    path: NDArray[np.float64],
    boost: int,
    nodes: int,
    first: int,
    passed: int,
    available: float,
    support: NDArray[np.float64],
    supports: int,
    weapon: Weapon,
    fan: NDArray[np.float64],
    times: NDArray[np.float32],
    floors: NDArray[np.float32],
    margin: float,
    columns: NDArray[np.float64],
    launches: NDArray[np.float64],
    bounds: NDArray[np.bool_],
) -> tuple[int, int]:
    """Return the first feasible second after ``passed`` and the node before it, or -1 and the number of nodes."""
    last_second = math.ceil(row[IMPACT_TIME]) - 1
    for node in range(first + 1, nodes):
        time, before = path[TIME, node], path[TIME, node - 1]
        gap = time - before
        greatest = max(launches[node], launches[node - 1])
        # An altitude limit inside the gap hides the window beside it: it matters unless the launch time, which gains
        # no more than _GAIN seconds a second, is known to be too early.
        crosses = (
            min(columns[node], columns[node - 1]) < _LAST_COLUMN + margin
            and (greatest == -math.inf or greatest + _GAIN * gap >= available)
            and _crosses_limit(path[ALTITUDE, node - 1], path[ALTITUDE, node], weapon[7], weapon[8])
        )
        if not crosses and greatest + gap < available:
            continue
        if bounds[node] and launches[node] >= available - gap:
            launches[node] = _launch_at_node(path, node, available - gap, weapon, fan, times, floors)
            bounds[node] = False
        low = max(math.floor(before), passed)
        ready = launches[node] >= available and time > passed and _inside(support, supports, time)
        if ready:
            high = min(math.ceil(time), last_second)
        else:
            high = min(math.floor(time), last_second)
            # Between two finite launch times a peak stands out by less than a second; next to the edge of reach by up
            # to the gap itself.
            peak = _PEAK if min(launches[node], launches[node - 1]) > -math.inf else gap
            close = max(launches[node], launches[node - 1]) + peak >= available
            if not ((crosses or close) and _overlaps(support, supports, low, high)):
                continue
        if high > low:
            four = stencil(boost, nodes, node - 1)
            found = _first_in_gap(
                row, path, four, low, high, ready, available, support, supports, weapon, fan, times, floors
            )
            if found >= 0:
                return found, node - 1
    return -1, nodes


@kernel
def count_shots(
    row: NDArray[np.float64],
    path: NDArray[np.float64],
    boost: int,
    nodes: int,
    commit: float,
    support: NDArray[np.float64],
    supports: int,
    eyes: NDArray[np.float64],
    looks: int,
    timing: NDArray[np.float64],
    most: int,
    weapon: Weapon,
    fan: NDArray[np.float64],
    times: NDArray[np.float32],
    floors: NDArray[np.float32],
    step: float,
    columns: NDArray[np.float64],
    launches: NDArray[np.float64],
    bounds: NDArray[np.bool_],
    pruned: bool,
    intercepts: NDArray[np.float64],
) -> int:
    """Return the shots of one battery at one flight, greedily, shoot-look-shoot.

    Parameters
    ----------
    row, path, boost, nodes
        The flight's elements and its sampled path.
    commit : float
        Earliest launch [s].
    support, eyes : ndarray, shape (m, 2)
        Windows [s], the first ``supports`` and ``looks`` of them valid.
    timing : ndarray
        :meth:`Timing.row`.
    most : int
        Shots the magazine allows.
    weapon : tuple
        From :func:`weapon_of`.
    fan, times, floors : ndarray
        Of the interceptor's :class:`hoplon.intercept.reach.Reach`.
    step : float
        Greatest spacing of the nodes [s].
    columns, launches, bounds : ndarray, shape (m,)
        Scratch, as long as the path buffer.
    pruned : bool
        Pass over nodes before the earliest intercept, and flights out of reach (the same answer, sooner).
    intercepts : ndarray, shape (k, 4)
        The first ``k`` intercepts are written: launch [s], intercept [s], altitude [m], ground range [m].
    """
    opens = math.inf
    for index in range(supports):
        opens = min(opens, support[index, 0])
    earliest = max(commit + weapon[6], opens, row[BURN_TIME])
    if most <= 0 or not earliest < row[IMPACT_TIME]:
        return 0
    node = boost - 1
    if pruned:
        node = max(node, int(np.searchsorted(path[TIME, :nodes], earliest)) - 1)
    margin = _FASTEST * step / MEAN_RADIUS * weapon[3]
    if not _columns_of(path, node, nodes, weapon, margin, columns) and pruned:
        return 0
    _launches_of(path, node, nodes, weapon, times, floors, columns, launches, bounds)
    shots, available, passed = 0, commit, max(math.ceil(earliest) - 1, math.floor(row[BURN_TIME]))
    while True:
        found, node = _next_shot(
            row,
            path,
            boost,
            nodes,
            node,
            passed,
            available,
            support,
            supports,
            weapon,
            fan,
            times,
            floors,
            margin,
            columns,
            launches,
            bounds,
        )
        if found < 0:
            return shots
        if shots < intercepts.shape[0]:
            ux, uy, uz, altitude = path_normal(row, path, stencil(boost, nodes, node), found)
            chord = math.sqrt(max(0.0, 2.0 - 2.0 * (ux * weapon[0] + uy * weapon[1] + uz * weapon[2])))
            intercepts[shots, 0] = _launch_at(ux, uy, uz, altitude, found, available, weapon, fan, times, floors)
            intercepts[shots, 1], intercepts[shots, 2] = found, altitude
            intercepts[shots, 3] = 2.0 * MEAN_RADIUS * math.asin(min(1.0, 0.5 * chord))
        shots += 1
        passed, available = found, found + timing[5] + timing[2]
        spent = timing[6] == 0.0 or shots >= most or available >= row[IMPACT_TIME]
        if spent or not _inside(eyes, looks, found):
            return shots


@parallel_kernel
def engage(
    elements: NDArray[np.float64],
    tracks: NDArray[np.float32],
    latencies: NDArray[np.float64],
    timing: NDArray[np.float64],
    rows: NDArray[np.float64],
    own: NDArray[np.bool_],
    interceptors: NDArray[np.float64],
    fans: NDArray[np.float64],
    times: NDArray[np.float32],
    floors: NDArray[np.float32],
    step: float,
    pruned: bool,
    enough: int,
) -> NDArray[np.int8]:
    """Count the shots of every battery at every flight.

    Parameters
    ----------
    elements : ndarray, shape (n, COLUMNS)
    tracks : ndarray, shape (radars, n, slots, 2)
        From :func:`hoplon.sensing.track.tracks_of`.
    latencies : ndarray, shape (radars,)
        [s].
    timing : ndarray, shape (7,)
        :meth:`Timing.row`.
    rows, own, interceptors, fans, times, floors : ndarray
        Fields of :class:`Batteries`.
    step : float
        Node spacing [s].
    pruned : bool
        False judges every node of every flight (the same answer, for benchmarks).
    enough : int
        A flight is settled once a battery has this many shots: no more are counted, and the batteries not asked yet
        keep 0, so that only the greatest over the batteries, up to ``enough``, means something. MOST_SHOTS counts all.

    Returns
    -------
    ndarray, shape (batteries, n)
    """
    count, places = elements.shape[0], rows.shape[0]
    shots = np.zeros((places, count), dtype=np.int8)
    chunks = (count + _FLIGHTS_A_CHUNK - 1) // _FLIGHTS_A_CHUNK
    length = most_nodes(elements, step)
    windows = tracks.shape[0] * tracks.shape[2] + 1
    for chunk in parallel_range(chunks):
        favourite = 0
        columns, launches, bounds = np.empty(length), np.empty(length), np.empty(length, dtype=np.bool_)
        path, firm, commits = np.empty((ROWS, length)), np.empty(tracks.shape[0]), np.empty(places)
        support, eyes, none = np.empty((windows, 2)), np.empty((windows, 2)), np.empty((0, 4))
        for index in range(chunk * _FLIGHTS_A_CHUNK, min(count, (chunk + 1) * _FLIGHTS_A_CHUNK)):
            row = elements[index]
            if row[STATUS] != 0.0:
                continue
            firm_times(tracks, index, row[BURN_TIME], timing[0], firm)
            possible = not pruned
            for place in range(places):
                commits[place] = commit_time(rows[place], own[place], firm, latencies, timing)
                possible = possible or commits[place] < row[IMPACT_TIME]
            if not possible:
                continue
            boost, nodes = sample_path(row, step, path)
            for turn in range(places):
                # The battery that settled the last flight goes first: the next flight is mostly its neighbour's.
                place = (favourite + turn) % places
                if not commits[place] < row[IMPACT_TIME]:
                    continue
                supports, looks = gather_windows(
                    tracks, index, rows[place], own[place], latencies, timing, support, eyes
                )
                kind = int(rows[place, 8])
                shots[place, index] = count_shots(
                    row,
                    path,
                    boost,
                    nodes,
                    commits[place],
                    support,
                    supports,
                    eyes,
                    looks,
                    timing,
                    min(int(rows[place, 7]), enough),
                    weapon_of(rows[place], interceptors[kind]),
                    fans[kind],
                    times[kind],
                    floors[kind],
                    step,
                    columns,
                    launches,
                    bounds,
                    pruned,
                    none,
                )
                if enough < MOST_SHOTS and shots[place, index] >= enough:
                    favourite = place
                    break
    return shots


@kernel
def last_intercept(
    row: NDArray[np.float64],
    path: NDArray[np.float64],
    boost: int,
    nodes: int,
    commit: float,
    support: NDArray[np.float64],
    supports: int,
    weapon: Weapon,
    fan: NDArray[np.float64],
    times: NDArray[np.float32],
    floors: NDArray[np.float32],
) -> float:
    """Return the last feasible second of an intercept by any shot, NaN for none; arguments as :func:`count_shots`."""
    node = nodes - 2
    for second in range(math.ceil(row[IMPACT_TIME]) - 1, math.floor(row[BURN_TIME]), -1):
        while node > 0 and path[TIME, node] > second:
            node -= 1
        four = stencil(boost, nodes, node)
        launch = _launch_between(row, path, four, second, commit, weapon, fan, times, floors)
        if launch >= commit and _inside(support, supports, second):
            return float(second)
    return math.nan
