"""The first shot of every battery at every flight, with the error of its predicted intercept point."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import borrowing_kernel, kernel, side_by_side
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME, STATUS
from hoplon.flight.path import most_nodes, sample_positions
from hoplon.intercept.battery import REACH, SHOTS, Batteries, TimingRow
from hoplon.intercept.launch import weapon_of
from hoplon.intercept.predicted_point import predicted_error
from hoplon.intercept.prediction import Looks, look_at, looks_for, room_for_prediction
from hoplon.intercept.shots import SHOT_LAUNCH, SHOT_TIME, Course
from hoplon.intercept.supported_shots import (
    ObservedFlight,
    Scratch,
    scratch_for,
    shooter_of,
    shots_of_battery,
)
from hoplon.intercept.windows import commit_time, firm_time, firm_times

_FLIGHTS_A_CHUNK = 64
_LAUNCH, _INTERCEPT, _ERROR = range(3)  # last axis of what is returned


@kernel
def firm_table(elements: NDArray[np.float64], tracks: NDArray[np.float32], firm_track: float) -> NDArray[np.float64]:
    """Return when each radar's track of each flight becomes firm [s], infinite for never; shape (radars, n)."""
    firm = np.empty((tracks.shape[0], elements.shape[0]))
    for radar in range(tracks.shape[0]):
        for flight in range(elements.shape[0]):
            firm[radar, flight] = firm_time(tracks, radar, flight, elements[flight, BURN_TIME], firm_track)
    return firm


@kernel
def _same(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    """Tell whether two rows of elements are of one flight."""
    for column in range(one.shape[0]):
        if one[column] != other[column]:
            return False
    return True


@borrowing_kernel
def _shoot_first(
    row: NDArray[np.float64],
    number: int,
    index: int,
    nodes: NDArray[np.int64],
    tracks: NDArray[np.float32],
    looks: Looks,
    timing: TimingRow,
    batteries: Batteries,
    step: float,
    scratch: Scratch,
    shots: NDArray[np.float64],
) -> None:
    """Write the first shot of every battery at one flight, without its error; arguments as :func:`first_shots`.

    ``nodes`` holds the number of boost nodes and of all nodes of the flight, the latter 0 while it is not sampled.
    """
    firm_times(tracks, index, row[BURN_TIME], timing.firm_track, scratch.firm)
    looks.found[0] = -1
    for place in range(batteries.rows.shape[0]):
        battery = batteries.rows[place]
        commit = commit_time(battery, batteries.own[place], scratch.firm, looks.latencies, timing)
        if not commit < row[IMPACT_TIME] or battery[SHOTS] < 1.0:
            continue
        if nodes[1] == 0:
            nodes[0], nodes[1] = sample_positions(row, step, scratch.path)
        course = Course(row, scratch.path, nodes[0], nodes[1])
        observed = ObservedFlight(number, course, tracks, index, looks)
        shooter = shooter_of(batteries, place, place, tracks.shape[0], timing, commit)
        if shots_of_battery(observed, shooter, 1, False, step, True, scratch) > 0:
            shots[place, index, _LAUNCH] = scratch.first[0, SHOT_LAUNCH]
            shots[place, index, _INTERCEPT] = scratch.first[0, SHOT_TIME]


@kernel
def _write_errors(
    row: NDArray[np.float64],
    index: int,
    tracks: NDArray[np.float32],
    looks: Looks,
    timing: TimingRow,
    batteries: Batteries,
    networked: bool,
    shots: NDArray[np.float64],
) -> None:
    """Write the error of each battery's predicted intercept point at one flight, where it has an intercept."""
    looks.found[0] = -1
    for place in range(batteries.rows.shape[0]):
        intercept = shots[place, index, _INTERCEPT]
        if not intercept < np.inf:
            continue
        look_at(row, tracks, index, looks)
        kind = int(batteries.rows[place, REACH])
        shots[place, index, _ERROR] = predicted_error(
            row,
            looks.arc,
            looks.stretches,
            looks.found[0],
            looks.sensors,
            batteries.own[place],
            networked,
            looks.latencies,
            timing,
            weapon_of(batteries.rows[place], batteries.interceptors[kind]),
            batteries.fans[kind],
            intercept,
            looks.sums,
        )


@kernel
def _shoot_first_at_flights(
    elements: NDArray[np.float64],
    begin: int,
    end: int,
    tracks: NDArray[np.float32],
    sensors: NDArray[np.float64],
    latencies: NDArray[np.float64],
    timing: TimingRow,
    batteries: Batteries,
    step: float,
    networked: bool,
    given: NDArray[np.float64],
    errors: bool,
    most: int,
    room: tuple[int, int, int],
    shots: NDArray[np.float64],
) -> None:
    """Write the first shots at the flights from ``begin`` to ``end``, with working arrays of their own."""
    places = batteries.rows.shape[0]
    scratch = scratch_for(most, tracks.shape[0], tracks.shape[2], places, places)
    nodes, number = np.zeros(2, dtype=np.int64), begin
    # Of each stretch of looks the runs that are summed are counted: by Gauss's rule, and look by look.
    looks, exact = looks_for(sensors, latencies, room), looks_for(sensors, latencies, room)
    for index in range(begin, end):
        row = elements[index]
        if row[STATUS] != 0.0:
            continue
        if index == begin or not _same(row, elements[index - 1]):
            nodes[1], number = 0, index
        if given.shape[0] > 0:
            shots[:, index, _INTERCEPT] = given[:, index]
        else:
            _shoot_first(row, number, index, nodes, tracks, looks, timing, batteries, step, scratch, shots)
        if errors:
            _write_errors(row, index, tracks, exact, timing, batteries, networked, shots)


def first_shots(
    elements: NDArray[np.float64],
    tracks: NDArray[np.float32],
    sensors: NDArray[np.float64],
    latencies: NDArray[np.float64],
    timing: TimingRow,
    batteries: Batteries,
    step: float,
    networked: bool,
    given: NDArray[np.float64],
    errors: bool,
) -> NDArray[np.float64]:
    """Return launch [s], intercept [s] and predicted error at handover [m] of first shots, shape (batteries, n, 3).

    Infinite for none; the error also where the looks heard fix no arc.

    Parameters
    ----------
    elements, tracks, sensors, latencies, timing, batteries, step
        As :func:`hoplon.intercept.engagement.engage`.
    networked : bool
        Whether a battery hears other radars' looks by handover.
    given : ndarray, shape (batteries, n) or (0, 0)
        Intercepts to take in place of first shots [s], infinite for none; the launch is then infinite.
    errors : bool
        False leaves the errors infinite.

    Notes
    -----
    A flight that follows itself, with other tracks, is sampled once.
    """
    count = elements.shape[0]
    shots = np.full((batteries.rows.shape[0], count, 3), np.inf)
    most = most_nodes(elements, step)
    room = room_for_prediction(elements, sensors, tracks.shape[2], True)

    def shoot(chunk: int) -> None:
        _shoot_first_at_flights(
            elements,
            chunk * _FLIGHTS_A_CHUNK,
            min(count, (chunk + 1) * _FLIGHTS_A_CHUNK),
            tracks,
            sensors,
            latencies,
            timing,
            batteries,
            step,
            networked,
            given,
            errors,
            most,
            room,
            shots,
        )

    side_by_side(shoot, -(-count // _FLIGHTS_A_CHUNK))
    return shots
