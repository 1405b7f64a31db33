"""Why a battery has no shot at a flight: the first obstacle that would have to go.

Tried in the order of what is hardest to mend:

1. OUT_OF_REACH: even launched on the earliest firm track that any sensor could give, without any delay of decision,
   no part of the flight after burnout is within reach of the interceptor, at its own altitude or at the nearest
   altitude that the interceptor may intercept at.
2. TOO_LOW, TOO_HIGH: all such parts lie below, or above, the intercept altitudes.
3. NEVER_SEEN: no sensor that may commit the battery ever holds a firm track.
4. SEEN_TOO_LATE: a firm track exists, but the launch it allows comes too late.
5. NO_SUPPORT: an intercept could be launched in time, but no sensor that may support it (by the mode and its role)
   holds the flight then.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import kernel, parallel_kernel, parallel_range
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME, STATUS
from hoplon.flight.path import ALTITUDE, NORMAL, ROWS, TIME, most_nodes, sample_path
from hoplon.intercept.battery import REACH, Batteries, TimingRow
from hoplon.intercept.launch import Weapon, weapon_of
from hoplon.intercept.reach import COLUMNS, interpolate
from hoplon.intercept.reach import ROWS as TABLE_ROWS
from hoplon.intercept.windows import commit_time, firm_times

NONE, OUT_OF_REACH, TOO_LOW, TOO_HIGH, NEVER_SEEN, SEEN_TOO_LATE, NO_SUPPORT = range(7)
OBSTACLES: Final = ("", "out_of_reach", "too_low", "too_high", "never_seen", "seen_too_late", "no_support")
_FLIGHTS_A_CHUNK = 64


@kernel
def _obstacle(
    row: NDArray[np.float64],
    path: NDArray[np.float64],
    nodes: int,
    commit: float,
    timing: TimingRow,
    weapon: Weapon,
    times: NDArray[np.float32],
    floors: NDArray[np.float32],
) -> int:
    px, py, pz, chord_scale, altitude_scale, _, _, low, high, longest, _, _ = weapon
    soonest = row[BURN_TIME] + timing.firm_track
    below, above, latest = 0, 0, -math.inf
    for node in range(nodes):
        time = path[TIME, node]
        if time <= row[BURN_TIME] or time >= row[IMPACT_TIME]:
            continue
        cosine = path[NORMAL, node] * px + path[NORMAL + 1, node] * py + path[NORMAL + 2, node] * pz
        right = math.sqrt(max(0.0, 2.0 - 2.0 * cosine)) * chord_scale
        if not right < COLUMNS - 1:
            continue
        altitude = path[ALTITUDE, node]
        up = (min(max(altitude, low), high) - low) * altitude_scale
        column, line = int(right), min(int(up), TABLE_ROWS - 2)
        flyout = float(floors[line, column])
        if flyout < 0.0:
            flyout = interpolate(times, line, column, right - column, up - line)
        if flyout > longest or time - flyout < soonest:
            continue
        if altitude < low:
            below += 1
        elif altitude > high:
            above += 1
        else:
            latest = max(latest, time - flyout)
    if latest == -math.inf:
        if below + above == 0:
            return OUT_OF_REACH
        return TOO_LOW if below >= above else TOO_HIGH
    if commit == math.inf:
        return NEVER_SEEN
    return SEEN_TOO_LATE if latest < commit else NO_SUPPORT


@parallel_kernel
def obstacles(
    elements: NDArray[np.float64],
    tracks: NDArray[np.float32],
    latencies: NDArray[np.float64],
    timing: TimingRow,
    batteries: Batteries,
    step: float,
) -> NDArray[np.int8]:
    """Return for each flight the obstacle of the battery that comes nearest to a shot (index in OBSTACLES).

    Arguments as :func:`hoplon.intercept.engagement.engage`; meant for flights at which no battery has a shot.
    """
    rows, own, _, interceptors, _, times, floors = batteries
    count, places = elements.shape[0], rows.shape[0]
    found = np.zeros(count, dtype=np.int8)
    chunks = (count + _FLIGHTS_A_CHUNK - 1) // _FLIGHTS_A_CHUNK
    length = most_nodes(elements, step)
    for chunk in parallel_range(chunks):
        path, firm = np.empty((ROWS, length)), np.empty(tracks.shape[0])
        for index in range(chunk * _FLIGHTS_A_CHUNK, min(count, (chunk + 1) * _FLIGHTS_A_CHUNK)):
            row = elements[index]
            if row[STATUS] != 0.0:
                continue
            firm_times(tracks, index, row[BURN_TIME], timing.firm_track, firm)
            _, nodes = sample_path(row, step, path)
            nearest = OUT_OF_REACH
            for place in range(places):
                commit = commit_time(rows[place], own[place], firm, latencies, timing)
                kind = int(rows[place, REACH])
                weapon = weapon_of(rows[place], interceptors[kind])
                nearest = max(nearest, _obstacle(row, path, nodes, commit, timing, weapon, times[kind], floors[kind]))
            found[index] = nearest
    return found
