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

from hoplon.compiled import kernel, parallel_kernel, parallel_range
from hoplon.constants import MEAN_RADIUS
from hoplon.earth.geodesy import normal_of
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME, STATUS
from hoplon.flight.path import ALTITUDE, NORMAL, ROWS, TIME, most_nodes, path_normal, sample_path, stencil
from hoplon.intercept.reach import Reach, interceptor_row, look_up

MOST_SHOTS: Final = 64
_FLIGHTS_A_CHUNK = 256
_MARGIN = 0.012  # [rad] two nodes 10 s apart on the fastest arc are closer than this

# Columns of a battery row.
_UP, _CHORD_SCALE, _ALTITUDE_SCALE, _COSINE_REACH, _REMOTE_COMMIT, _REMOTE_SUPPORT, _SHOTS, _REACH = 0, 3, 4, 5, 6, 7, 8, 9
_BATTERY_COLUMNS = 10
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
    cells: NDArray[np.uint8]


def batteries_of(batteries: list[Battery], reaches: list[Reach], radars: int) -> Batteries:
    """Stack batteries and the reach tables they use, for a set of ``radars`` radars."""
    rows = np.zeros((len(batteries), _BATTERY_COLUMNS))
    own = np.zeros((len(batteries), radars), dtype=np.bool_)
    for index, battery in enumerate(batteries):
        reach = reaches[battery.reach]
        span = reach.interceptor.altitude_high - reach.interceptor.altitude_low
        rows[index, _UP : _UP + 3] = normal_of(battery.latitude, battery.longitude)
        rows[index, _CHORD_SCALE] = (reach.times.shape[1] - 1) / reach.chord
        rows[index, _ALTITUDE_SCALE] = (reach.times.shape[0] - 1) / span
        angle = 2.0 * math.asin(min(1.0, 0.5 * reach.chord)) + _MARGIN
        rows[index, _COSINE_REACH] = math.cos(angle) if angle < math.pi else -2.0
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
        np.array([reach.cells for reach in reaches]),
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
        elif battery[6] > 0.0:
            earliest = min(earliest, firm[radar] + latencies[radar])
    return earliest + timing[1] + timing[2]


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
        helps = own[radar] or battery[7] > 0.0
        watches = own[radar] or battery[6] > 0.0
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


@kernel
def _inside(windows: NDArray[np.float64], count: int, time: float) -> bool:
    for index in range(count):
        if windows[index, 0] <= time <= windows[index, 1]:
            return True
    return False


@kernel
def _overlaps(windows: NDArray[np.float64], count: int, start: float, end: float) -> bool:
    for index in range(count):
        if windows[index, 0] <= end and windows[index, 1] >= start:
            return True
    return False


@kernel
def _launch_at(
    ux: float,
    uy: float,
    uz: float,
    altitude: float,
    time: float,
    battery: NDArray[np.float64],
    interceptor: NDArray[np.float64],
    fan: NDArray[np.float64],
    times: NDArray[np.float32],
    cells: NDArray[np.uint8],
) -> float:
    """Return the launch time [s] of an intercept at a place and time, -infinity where it cannot be reached."""
    if altitude < interceptor[2] or altitude > interceptor[3]:
        return -math.inf
    chord = math.sqrt(max(0.0, 2.0 - 2.0 * (ux * battery[0] + uy * battery[1] + uz * battery[2])))
    flyout = look_up(interceptor, fan, times, cells, battery[3], battery[4], chord, altitude)
    return time - flyout if flyout <= interceptor[4] else -math.inf


@kernel
def _launch_between(
    row: NDArray[np.float64],
    path: NDArray[np.float64],
    start: int,
    time: float,
    battery: NDArray[np.float64],
    interceptor: NDArray[np.float64],
    fan: NDArray[np.float64],
    times: NDArray[np.float32],
    cells: NDArray[np.uint8],
) -> float:
    ux, uy, uz, altitude = path_normal(row, path, start, time)
    return _launch_at(ux, uy, uz, altitude, time, battery, interceptor, fan, times, cells)


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
    battery: NDArray[np.float64],
    interceptor: NDArray[np.float64],
    fan: NDArray[np.float64],
    times: NDArray[np.float32],
    cells: NDArray[np.uint8],
) -> int:
    """Return the first feasible second in ``(low, high]``, or -1.

    ``halve`` bisects, for a gap that becomes feasible once and is feasible at ``high``; else every second is tried.
    """
    if halve:
        while high - low > 1:
            middle = (low + high) // 2
            launch = _launch_between(row, path, start, middle, battery, interceptor, fan, times, cells)
            if launch >= available and _inside(support, supports, middle):
                high = middle
            else:
                low = middle
        low = high - 1
    for second in range(low + 1, high + 1):
        launch = _launch_between(row, path, start, second, battery, interceptor, fan, times, cells)
        if launch >= available and _inside(support, supports, second):
            return second
    return -1


@kernel
def _level(altitude: float, interceptor: NDArray[np.float64]) -> int:
    return (1 if altitude >= interceptor[2] else 0) + (1 if altitude > interceptor[3] else 0)


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
    battery: NDArray[np.float64],
    interceptor: NDArray[np.float64],
    fan: NDArray[np.float64],
    times: NDArray[np.float32],
    cells: NDArray[np.uint8],
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
    timing, battery, interceptor, fan, times, cells
        As built by :class:`Timing` and :func:`batteries_of`.
    pruned : bool
        Pass over nodes that are out of the table without looking (same answer).
    intercepts : ndarray, shape (k, 4)
        The first ``k`` intercepts are written: launch [s], intercept [s], altitude [m], ground range [m].
    """
    impact = row[IMPACT_TIME]
    opens = math.inf
    for index in range(supports):
        opens = min(opens, support[index, 0])
    earliest = max(commit + interceptor[1], opens, row[BURN_TIME])
    last_second = int(math.ceil(impact)) - 1
    if not earliest <= last_second:
        return 0
    shots, available, passed = 0, commit, max(int(math.ceil(earliest)) - 1, int(math.floor(row[BURN_TIME])))
    node = 0 if pruned else boost - 1
    if pruned:
        node = max(int(np.searchsorted(path[TIME, :nodes], earliest)) - 1, 0)
    launch_here, level_here, near_here = -math.inf, -1, False
    while node + 1 < nodes:
        if level_here < 0:
            near_here, level_here, launch_here = _judge_node(path, node, battery, interceptor, fan, times, cells, pruned)
        near, level, launch = _judge_node(path, node + 1, battery, interceptor, fan, times, cells, pruned)
        time = path[TIME, node + 1]
        found = -1
        if near or near_here:
            high = min(int(math.ceil(time)), last_second)
            ready = launch >= available and _inside(support, supports, time)
            gap = time - path[TIME, node]
            close = max(launch, launch_here) + gap >= available
            if high > passed and (
                ready
                or ((level != level_here or close) and _overlaps(support, supports, path[TIME, node], time))
            ):
                found = _first_in_gap(
                    row,
                    path,
                    stencil(boost, nodes, node),
                    max(int(math.floor(path[TIME, node])), passed),
                    high,
                    ready,
                    available,
                    support,
                    supports,
                    battery,
                    interceptor,
                    fan,
                    times,
                    cells,
                )
        if found < 0:
            node += 1
            near_here, level_here, launch_here = near, level, launch
            continue
        if shots < intercepts.shape[0]:
            four = stencil(boost, nodes, node)
            ux, uy, uz, altitude = path_normal(row, path, four, found)
            chord = math.sqrt(max(0.0, 2.0 - 2.0 * (ux * battery[0] + uy * battery[1] + uz * battery[2])))
            intercepts[shots, 0] = _launch_at(
                ux, uy, uz, altitude, found, battery, interceptor, fan, times, cells
            )
            intercepts[shots, 1], intercepts[shots, 2] = found, altitude
            intercepts[shots, 3] = 2.0 * MEAN_RADIUS * math.asin(min(1.0, 0.5 * chord))
        shots += 1
        passed = found
        available = found + timing[5] + timing[2]
        if timing[6] == 0.0 or shots >= battery[8] or available >= impact or not _inside(eyes, looks, found):
            break
    return shots


@kernel
def _judge_node(
    path: NDArray[np.float64],
    node: int,
    battery: NDArray[np.float64],
    interceptor: NDArray[np.float64],
    fan: NDArray[np.float64],
    times: NDArray[np.float32],
    cells: NDArray[np.uint8],
    pruned: bool,
) -> tuple[bool, int, float]:
    """Return whether a node is near reach, its altitude's level (below, in, above) and its launch time [s]."""
    ux, uy, uz = path[NORMAL, node], path[NORMAL + 1, node], path[NORMAL + 2, node]
    near = ux * battery[0] + uy * battery[1] + uz * battery[2] >= battery[5]
    level = _level(path[ALTITUDE, node], interceptor)
    if pruned and not (near and level == 1):
        return near, level, -math.inf
    return (
        near,
        level,
        _launch_at(
            ux, uy, uz, path[ALTITUDE, node], path[TIME, node], battery, interceptor, fan, times, cells
        ),
    )


@kernel
def _comes_near(path: NDArray[np.float64], nodes: int, battery: NDArray[np.float64]) -> bool:
    xs, ys, zs = path[NORMAL, :nodes], path[NORMAL + 1, :nodes], path[NORMAL + 2, :nodes]
    px, py, pz, limit = battery[0], battery[1], battery[2], battery[5]
    count = 0
    for node in range(nodes):
        count += 1 if xs[node] * px + ys[node] * py + zs[node] * pz >= limit else 0
    return count > 0


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
    cells: NDArray[np.uint8],
    step: float,
    pruned: bool,
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
    rows, own, interceptors, fans, times, cells : ndarray
        Fields of :class:`Batteries`.
    step : float
        Node spacing [s].
    pruned : bool
        False judges every node of every flight (the same answer, for benchmarks).

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
            for place in range(places):
                if pruned and not (commits[place] < row[IMPACT_TIME] and _comes_near(path, nodes, rows[place])):
                    continue
                supports, looks = gather_windows(
                    tracks, index, rows[place], own[place], latencies, timing, support, eyes
                )
                kind = int(rows[place, 9])
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
                    rows[place],
                    interceptors[kind],
                    fans[kind],
                    times[kind],
                    cells[kind],
                    pruned,
                    none,
                )
    return shots
