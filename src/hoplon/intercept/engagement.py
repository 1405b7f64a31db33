"""Many engagements at once: the shots of every battery at every flight."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import parallel_kernel, parallel_range
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME, STATUS
from hoplon.flight.information import PACKED, STRETCH_COLUMNS
from hoplon.flight.path import ROWS, most_nodes, place_normals, sample_positions
from hoplon.intercept.battery import REACH, SHOTS, TimingRow
from hoplon.intercept.launch import weapon_of
from hoplon.intercept.prediction import Looks, room_for_prediction
from hoplon.intercept.shots import SHOT_TIME, Course, Launches, Tables, latest_launch
from hoplon.intercept.supported_shots import LATER, count_supported, meets_again
from hoplon.intercept.windows import WINDOWS, commit_time, firm_times

_FLIGHTS_A_CHUNK = 256


@parallel_kernel
def engage(
    elements: NDArray[np.float64],
    asked: NDArray[np.int64],
    tracks: NDArray[np.float32],
    sensors: NDArray[np.float64],
    latencies: NDArray[np.float64],
    timing: TimingRow,
    rows: NDArray[np.float64],
    own: NDArray[np.bool_],
    interceptors: NDArray[np.float64],
    fans: NDArray[np.float64],
    times: NDArray[np.float32],
    floors: NDArray[np.float32],
    step: float,
    most: int,
    pruned: bool,
) -> NDArray[np.int8]:
    """Count the shots of every battery at every flight asked about.

    Parameters
    ----------
    elements : ndarray, shape (n, COLUMNS)
    asked : ndarray, shape (m,)
        Indices of flights.
    tracks : ndarray, shape (radars, n, slots, 2)
        From :func:`hoplon.sensing.track.tracks_of`.
    sensors : ndarray, shape (radars, SENSOR_COLUMNS)
        What the quality of tracks takes of each radar.
    latencies : ndarray, shape (radars,)
        [s].
    timing : TimingRow
    rows, own, interceptors, fans, times, floors : ndarray
        Fields of :class:`Batteries`.
    step : float
        Node spacing [s].
    most : int
        Shots that are counted of one battery at one flight; with one it is told whether there is a shot.
    pruned : bool
        False judges every node of every flight (the same answer, for benchmarks).

    Returns
    -------
    ndarray, shape (batteries, m)
    """
    count, places = asked.shape[0], rows.shape[0]
    shots = np.zeros((places, count), dtype=np.int8)
    chunks = (count + _FLIGHTS_A_CHUNK - 1) // _FLIGHTS_A_CHUNK
    length = most_nodes(elements, step)
    windows = max(tracks.shape[0] * tracks.shape[2] + 1, WINDOWS)
    arc_nodes, most_stretches, runs = room_for_prediction(
        elements, sensors, tracks.shape[2], timing.handover_error > 0.0
    )
    for chunk in parallel_range(chunks):
        columns, launches, bounds = np.empty(length), np.empty(length), np.empty(length, dtype=np.bool_)
        path, firm, commits = np.empty((ROWS, length)), np.empty(tracks.shape[0]), np.empty(places)
        support, eyes, one = np.empty((windows, 2)), np.empty((windows, 2)), np.empty((1, 4))
        arc, found = np.empty((arc_nodes, 5)), np.empty(1, dtype=np.int64)
        stretches, sums = np.empty((most_stretches, STRETCH_COLUMNS)), np.empty((most_stretches, runs, PACKED))
        looks = Looks(arc, stretches, found, sensors, latencies, np.empty(tracks.shape[0]), sums)
        always, seconds = np.array([[-np.inf, np.inf]]), np.zeros(places, dtype=np.int64)
        for number in range(chunk * _FLIGHTS_A_CHUNK, min(count, (chunk + 1) * _FLIGHTS_A_CHUNK)):
            index = asked[number]
            row = elements[index]
            if row[STATUS] != 0.0:
                continue
            firm_times(tracks, index, row[BURN_TIME], timing.firm_track, firm)
            possible = not pruned
            for place in range(places):
                commits[place] = commit_time(rows[place], own[place], firm, latencies, timing)
                possible = possible or commits[place] < row[IMPACT_TIME]
            if not possible:
                continue
            boost, nodes = sample_positions(row, step, path)
            course, complete, found[0] = Course(row, path, boost, nodes), False, -1
            for place in range(places):
                if not commits[place] < row[IMPACT_TIME]:
                    continue
                kind = int(rows[place, REACH])
                weapon, tables = (
                    weapon_of(rows[place], interceptors[kind]),
                    Tables(fans[kind], times[kind], floors[kind]),
                )
                if (
                    most == 1
                    and pruned
                    and meets_again(
                        course,
                        complete,
                        tracks,
                        index,
                        looks,
                        own[place],
                        rows[place],
                        timing,
                        commits[place],
                        seconds[place],
                        weapon,
                        tables,
                        always,
                        support,
                        eyes,
                    )
                ):
                    shots[place, number] = 1
                    continue
                if not complete:
                    place_normals(path, boost, nodes)
                    complete = True
                latest, first, end = latest_launch(course, weapon, tables.floors, step, columns, launches, bounds)
                if pruned and latest < commits[place]:
                    continue
                shots[place, number] = count_supported(
                    course,
                    tracks,
                    index,
                    looks,
                    own[place],
                    rows[place],
                    timing,
                    commits[place],
                    min(int(rows[place, SHOTS]), most),
                    weapon,
                    tables,
                    step,
                    Launches(first, end, columns, launches, bounds),
                    pruned,
                    one,
                    support,
                    eyes,
                )
                if shots[place, number] > 0:
                    seconds[place] = int(one[0, SHOT_TIME]) + LATER
    return shots
