"""The first shot of every battery at every flight, with the error of its predicted intercept point."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import kernel, parallel_kernel, parallel_range
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME, STATUS
from hoplon.flight.information import PACKED, STRETCH_COLUMNS
from hoplon.flight.path import ROWS, most_nodes, sample_path
from hoplon.intercept.battery import REACH, SHOTS, TimingRow
from hoplon.intercept.launch import weapon_of
from hoplon.intercept.predicted_point import predicted_error
from hoplon.intercept.prediction import Looks, look_at, room_for_prediction
from hoplon.intercept.shots import SHOT_LAUNCH, SHOT_TIME, Course, Launches, Tables, latest_launch
from hoplon.intercept.supported_shots import count_supported
from hoplon.intercept.windows import WINDOWS, commit_time, firm_time, firm_times

_FLIGHTS_A_CHUNK = 64


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


@parallel_kernel
def first_shots(
    elements: NDArray[np.float64],
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
    networked: bool,
    given: NDArray[np.float64],
    errors: bool,
) -> NDArray[np.float64]:
    """Return launch [s], intercept [s] and predicted error at handover [m] of first shots, shape (batteries, n, 3).

    Infinite for none; the error also where the looks heard fix no arc.

    Parameters
    ----------
    elements, tracks, sensors, latencies, timing, rows, own, interceptors, fans, times, floors, step
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
    count, places = elements.shape[0], rows.shape[0]
    shots = np.full((places, count, 3), np.inf)
    chunks = (count + _FLIGHTS_A_CHUNK - 1) // _FLIGHTS_A_CHUNK
    length = most_nodes(elements, step)
    windows = max(tracks.shape[0] * tracks.shape[2] + 1, WINDOWS)
    arc_nodes, most_stretches, runs = room_for_prediction(elements, sensors, tracks.shape[2], True)
    for chunk in parallel_range(chunks):
        columns, launches = np.empty((places, length)), np.empty((places, length))
        bounds, prepared = np.empty((places, length), dtype=np.bool_), np.zeros(places, dtype=np.bool_)
        latest, spans = np.empty(places), np.empty((places, 2), dtype=np.int64)
        boost, nodes = 0, 0
        path, firm = np.empty((ROWS, length)), np.empty(tracks.shape[0])
        support, eyes, one = np.empty((windows, 2)), np.empty((windows, 2)), np.empty((1, 4))
        arc, delays = np.empty((arc_nodes, 5)), np.empty(tracks.shape[0])
        # Of each stretch of looks the runs that are summed are counted: by Gauss's rule, and look by look.
        founds, sums = np.empty((2, 1), dtype=np.int64), np.empty((2, most_stretches, runs, PACKED))
        stretches = np.empty((2, most_stretches, STRETCH_COLUMNS))
        looks = Looks(arc, stretches[0], founds[0], sensors, latencies, delays, sums[0])
        exact = Looks(arc, stretches[1], founds[1], sensors, latencies, delays, sums[1])
        for index in range(chunk * _FLIGHTS_A_CHUNK, min(count, (chunk + 1) * _FLIGHTS_A_CHUNK)):
            row = elements[index]
            if row[STATUS] != 0.0:
                continue
            firm_times(tracks, index, row[BURN_TIME], timing.firm_track, firm)
            founds[:] = -1
            if index % _FLIGHTS_A_CHUNK == 0 or not _same(row, elements[index - 1]):
                nodes = 0
                prepared[:] = False
            for place in range(places):
                kind = int(rows[place, REACH])
                weapon = weapon_of(rows[place], interceptors[kind])
                intercept = np.inf
                if given.shape[0] > 0:
                    intercept = given[place, index]
                else:
                    commit = commit_time(rows[place], own[place], firm, latencies, timing)
                    if not commit < row[IMPACT_TIME] or rows[place, SHOTS] < 1.0:
                        continue
                    if nodes == 0:
                        boost, nodes = sample_path(row, step, path)
                    course = Course(row, path, boost, nodes)
                    if not prepared[place]:
                        prepared[place] = True
                        latest[place], spans[place, 0], spans[place, 1] = latest_launch(
                            course, weapon, floors[kind], step, columns[place], launches[place], bounds[place]
                        )
                    if latest[place] < commit:
                        continue
                    found = count_supported(
                        course,
                        tracks,
                        index,
                        looks,
                        own[place],
                        rows[place],
                        timing,
                        commit,
                        1,
                        weapon,
                        Tables(fans[kind], times[kind], floors[kind]),
                        step,
                        Launches(spans[place, 0], spans[place, 1], columns[place], launches[place], bounds[place]),
                        True,
                        one,
                        support,
                        eyes,
                    )
                    if found == 0:
                        continue
                    shots[place, index, 0], intercept = one[0, SHOT_LAUNCH], one[0, SHOT_TIME]
                shots[place, index, 1] = intercept
                if not (errors and intercept < np.inf):
                    continue
                look_at(row, tracks, index, exact)
                shots[place, index, 2] = predicted_error(
                    row,
                    arc,
                    exact.stretches,
                    exact.found[0],
                    sensors,
                    own[place],
                    networked,
                    latencies,
                    timing,
                    weapon,
                    fans[kind],
                    intercept,
                    exact.sums,
                )
    return shots
