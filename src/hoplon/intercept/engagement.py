"""Many engagements at once: the shots of every battery at every flight."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import borrowing_kernel, kernel, parallel_kernel, parallel_range
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME, STATUS
from hoplon.flight.path import most_nodes, sample_positions
from hoplon.intercept.battery import Batteries, TimingRow
from hoplon.intercept.prediction import Looks, looks_for, room_for_prediction
from hoplon.intercept.shots import Course
from hoplon.intercept.supported_shots import (
    ObservedFlight,
    Scratch,
    scratch_for,
    shooter_of,
    shots_of_battery,
)
from hoplon.intercept.windows import commit_time, firm_times

_FLIGHTS_A_CHUNK = 256


@borrowing_kernel
def _engage_flight(
    row: NDArray[np.float64],
    number: int,
    index: int,
    tracks: NDArray[np.float32],
    looks: Looks,
    timing: TimingRow,
    batteries: Batteries,
    step: float,
    most: int,
    pruned: bool,
    scratch: Scratch,
    shots: NDArray[np.int8],
) -> None:
    """Write the shots of every battery at one flight into column ``number``; arguments as :func:`engage`."""
    places, commits = batteries.rows.shape[0], scratch.commits
    firm_times(tracks, index, row[BURN_TIME], timing.firm_track, scratch.firm)
    possible = not pruned
    for place in range(places):
        commits[place] = commit_time(batteries.rows[place], batteries.own[place], scratch.firm, looks.latencies, timing)
        possible = possible or commits[place] < row[IMPACT_TIME]
    if not possible:
        return
    boost, nodes = sample_positions(row, step, scratch.path)
    looks.found[0] = -1
    observed = ObservedFlight(number, Course(row, scratch.path, boost, nodes), tracks, index, looks)
    for place in range(places):
        if commits[place] < row[IMPACT_TIME]:
            shooter = shooter_of(batteries, place, place, tracks.shape[0], timing, commits[place])
            retry = most == 1 and pruned
            shots[place, number] = shots_of_battery(observed, shooter, most, retry, step, pruned, scratch)


@kernel
def _engage_flights(
    elements: NDArray[np.float64],
    requested: NDArray[np.int64],
    tracks: NDArray[np.float32],
    sensors: NDArray[np.float64],
    latencies: NDArray[np.float64],
    timing: TimingRow,
    batteries: Batteries,
    step: float,
    most: int,
    pruned: bool,
    nodes: int,
    room: tuple[int, int, int],
    shots: NDArray[np.int8],
) -> None:
    """Write the shots of every battery at some flights, with working arrays of their own."""
    places = batteries.rows.shape[0]
    scratch = scratch_for(nodes, tracks.shape[0], tracks.shape[2], places, places)
    looks = looks_for(sensors, latencies, room)
    for number in range(requested.shape[0]):
        index = requested[number]
        if elements[index, STATUS] == 0.0:
            _engage_flight(
                elements[index],
                number,
                index,
                tracks,
                looks,
                timing,
                batteries,
                step,
                most,
                pruned,
                scratch,
                shots,
            )


@parallel_kernel
def engage(
    elements: NDArray[np.float64],
    requested: NDArray[np.int64],
    tracks: NDArray[np.float32],
    sensors: NDArray[np.float64],
    latencies: NDArray[np.float64],
    timing: TimingRow,
    batteries: Batteries,
    step: float,
    most: int,
    pruned: bool,
) -> NDArray[np.int8]:
    """Count the shots of every battery at every flight requested.

    Parameters
    ----------
    elements : ndarray, shape (n, COLUMNS)
    requested : ndarray, shape (m,)
        Indices of flights.
    tracks : ndarray, shape (radars, n, slots, 2)
        From :func:`hoplon.sensing.track.tracks_of`.
    sensors : ndarray, shape (radars, SENSOR_COLUMNS)
        What the quality of tracks takes of each radar.
    latencies : ndarray, shape (radars,)
        Of the radars' reports [s].
    timing : TimingRow
    batteries : Batteries
    step : float
        Node spacing [s].
    most : int
        Shots that are counted of one battery at one flight; with one it is told whether there is a shot.
    pruned : bool
        False evaluates every node of every flight (the same answer, for benchmarks).

    Returns
    -------
    ndarray, shape (batteries, m)
    """
    count = requested.shape[0]
    shots = np.zeros((batteries.rows.shape[0], count), dtype=np.int8)
    chunks = (count + _FLIGHTS_A_CHUNK - 1) // _FLIGHTS_A_CHUNK
    nodes = most_nodes(elements, step)
    room = room_for_prediction(elements, sensors, tracks.shape[2], timing.handover_error > 0.0)
    for chunk in parallel_range(chunks):
        first, end = chunk * _FLIGHTS_A_CHUNK, min(count, (chunk + 1) * _FLIGHTS_A_CHUNK)
        _engage_flights(
            elements,
            requested[first:end],
            tracks,
            sensors,
            latencies,
            timing,
            batteries,
            step,
            most,
            pruned,
            nodes,
            room,
            shots[:, first:end],
        )
    return shots
