"""Many engagements at once: the shots of every battery at every flight."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import parallel_kernel, parallel_range
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME, STATUS
from hoplon.flight.information import PACKED, STRETCH_COLUMNS, stretches_of
from hoplon.flight.path import ROWS, most_nodes, sample_path
from hoplon.flight.sensitivity import place_arc_nodes
from hoplon.intercept.launch import weapon_of
from hoplon.intercept.prediction import predicted_support, room_for_prediction
from hoplon.intercept.shots import count_shots, latest_launch
from hoplon.intercept.windows import WINDOWS, commit_time, firm_times, gather_windows

_FLIGHTS_A_CHUNK = 256


@parallel_kernel
def engage(
    elements: NDArray[np.float64],
    tracks: NDArray[np.float32],
    sensors: NDArray[np.float64],
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
) -> NDArray[np.int8]:
    """Count the shots of every battery at every flight.

    Parameters
    ----------
    elements : ndarray, shape (n, COLUMNS)
    tracks : ndarray, shape (radars, n, slots, 2)
        From :func:`hoplon.sensing.track.tracks_of`.
    sensors : ndarray, shape (radars, SENSOR_COLUMNS)
        What the quality of tracks takes of each radar.
    latencies : ndarray, shape (radars,)
        [s].
    timing : ndarray, shape (8,)
        :meth:`Timing.row`.
    rows, own, interceptors, fans, times, floors : ndarray
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
    windows = max(tracks.shape[0] * tracks.shape[2] + 1, WINDOWS)
    arc_nodes, most_stretches, runs = room_for_prediction(elements, sensors, tracks.shape[2], timing[7] > 0.0)
    for chunk in parallel_range(chunks):
        columns, launches, bounds = np.empty(length), np.empty(length), np.empty(length, dtype=np.bool_)
        path, firm, commits = np.empty((ROWS, length)), np.empty(tracks.shape[0]), np.empty(places)
        support, eyes, none = np.empty((windows, 2)), np.empty((windows, 2)), np.empty((0, 4))
        always, one = np.array([[-np.inf, np.inf]]), np.empty((1, 4))
        arc, delays = np.empty((arc_nodes, 5)), np.empty(tracks.shape[0])
        stretches, sums = np.empty((most_stretches, STRETCH_COLUMNS)), np.empty((most_stretches, runs, PACKED))
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
            stretch_count = -1
            for place in range(places):
                if not commits[place] < row[IMPACT_TIME]:
                    continue
                kind = int(rows[place, 8])
                weapon = weapon_of(rows[place], interceptors[kind])
                latest, first, end = latest_launch(
                    path, boost, nodes, weapon, floors[kind], step, columns, launches, bounds
                )
                if pruned and latest < commits[place]:
                    continue
                supports, looks = gather_windows(
                    tracks, index, rows[place], own[place], latencies, timing, support, eyes
                )
                if timing[7] > 0.0:
                    # Only from the first intercept on that a support at every second would allow.
                    any_shot = count_shots(
                        row,
                        path,
                        boost,
                        nodes,
                        commits[place],
                        always,
                        1,
                        eyes,
                        0,
                        timing,
                        1,
                        weapon,
                        fans[kind],
                        times[kind],
                        floors[kind],
                        step,
                        first,
                        end,
                        columns,
                        launches,
                        bounds,
                        True,
                        one,
                    )
                    if any_shot == 0:
                        continue
                    if stretch_count < 0:
                        place_arc_nodes(row, arc)
                        stretch_count = stretches_of(row, tracks, index, sensors, stretches)
                    supports = predicted_support(
                        row,
                        arc,
                        stretches,
                        stretch_count,
                        sensors,
                        own[place],
                        latencies,
                        rows[place],
                        timing,
                        one[0, 1],
                        weapon,
                        fans[kind],
                        delays,
                        sums,
                        support,
                    )
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
                    int(rows[place, 7]),
                    weapon,
                    fans[kind],
                    times[kind],
                    floors[kind],
                    step,
                    first,
                    end,
                    columns,
                    launches,
                    bounds,
                    pruned,
                    none,
                )
    return shots
