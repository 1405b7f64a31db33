"""Many defences at once: whether each has a shot at each flight.

One pass over the flights: a flight is sampled once, each radar's cover of it is found once, whichever defences the
radar serves. Skip a defence if a subset already has the required shots, or a superset has none; and, where an aim that
is open to one flight is open, every further flight to it. An aim is an aim point, or an aim point and a class.
"""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import borrowing_kernel, embedded_kernel, inlined_kernel, kernel, side_by_side
from hoplon.defence.tables import BITS, BatteryTable, DefenceTable, SensorTable
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME, STATUS
from hoplon.flight.information import PACKED, STRETCH_COLUMNS
from hoplon.flight.path import most_nodes, sample_positions
from hoplon.intercept.battery import HANDOVER_ERROR, Batteries, TimingRow, timing_of
from hoplon.intercept.prediction import Looks, PredictionScratch, prediction_scratch, room_for_prediction
from hoplon.intercept.shots import Course
from hoplon.intercept.supported_shots import (
    ObservedFlight,
    Scratch,
    scratch_for,
    shooter_of,
    shots_of_battery,
)
from hoplon.intercept.windows import commit_by, firm_times
from hoplon.sensing.cover import NEVER, cover_flight
from hoplon.sensing.track import LATENCY, follow

_CHUNK = 1000  # flights of one call of a kernel, on any number of threads: a neighbour's answer is where one begins
MET, UNMET, _NEITHER = range(3)


class _TrackCache(NamedTuple):
    """What the radars know of one flight, as far as any was requested.

    Attributes
    ----------
    covered : ndarray, shape (radars,)
        Number of the flight that ``covers`` of a radar are of.
    covers : ndarray, shape (radars, slots, 3)
    followed : ndarray, shape (sets,)
        Number of the flight that ``tracks`` of a set are of.
    tracks : ndarray, shape (sets, m, 1, slots, 2)
    most : ndarray, shape (1,)
        The most cover intervals that any radar had of any flight.
    states, clearances, first, cue : ndarray
        Working arrays.
    """

    covered: NDArray[np.int64]
    covers: NDArray[np.int16]
    followed: NDArray[np.int64]
    tracks: NDArray[np.float32]
    most: NDArray[np.int64]
    states: NDArray[np.float64]
    clearances: NDArray[np.int64]
    first: NDArray[np.float64]
    cue: NDArray[np.float64]


class _LookCache(NamedTuple):
    """The looks of each set of radars at one flight: :class:`hoplon.intercept.prediction.Looks` with sets in front.

    Attributes
    ----------
    arc : ndarray, shape (k, 5)
    stretches : ndarray, shape (sets, stretches, STRETCH_COLUMNS)
    found : ndarray, shape (sets, 1)
    sensors : ndarray, shape (sets, m, SENSOR_COLUMNS)
    latencies : ndarray, shape (sets, m)
    delays : ndarray, shape (m,)
    sums : ndarray, shape (sets, stretches, runs, PACKED)
    scratch : PredictionScratch
    """

    arc: NDArray[np.float64]
    stretches: NDArray[np.float64]
    found: NDArray[np.int64]
    sensors: NDArray[np.float64]
    latencies: NDArray[np.float64]
    delays: NDArray[np.float64]
    sums: NDArray[np.float64]
    scratch: PredictionScratch


class _Memory(NamedTuple):
    """What is known of the defences at this flight and at the one before.

    Attributes
    ----------
    known : ndarray, shape (2, words)
        Bits of the defences that meet this flight (``MET``) and of those that do not (``UNMET``).
    expected : ndarray, shape (words,)
        Bits of the defences that met the last flight.
    favourites : ndarray, shape (defences,)
        The battery of each, counted from its first, that last had the required shots.
    """

    known: NDArray[np.int64]
    expected: NDArray[np.int64]
    favourites: NDArray[np.int64]


class _Workspace(NamedTuple):
    """Caches and working arrays of a loop over flights and defences."""

    tracks: _TrackCache
    looks: _LookCache
    scratch: Scratch
    memory: _Memory


@borrowing_kernel
def _implied(subsets: NDArray[np.int64], supersets: NDArray[np.int64], known: NDArray[np.int64]) -> int:
    """Return whether a defence meets a flight, or does not, from what is known of its subsets and supersets.

    Neither, where nothing known decides it.
    """
    implied = _NEITHER
    for word in range(known.shape[1]):
        if subsets[word] & known[MET, word]:
            implied = MET
        elif supersets[word] & known[UNMET, word]:
            implied = UNMET
    return implied


@embedded_kernel
def _follow_set(
    course: Course, number: int, threat: int, radar_set: int, sensors: SensorTable, cache: _TrackCache
) -> None:
    """Find the tracks that a set of radars has of a flight, and the cover of radars not requested before."""
    size = sensors.sizes[radar_set]
    for place in range(size):
        radar = sensors.members[radar_set, place]
        if cache.covered[radar] != number:
            cache.covered[radar] = number
            cache.covers[radar] = NEVER
            found = cover_flight(
                course.row,
                course.path,
                course.boost,
                course.nodes,
                cache.states,
                cache.clearances,
                sensors.radars[radar],
                sensors.boresights[radar],
                sensors.search_squared[radar, threat],
                sensors.track_squared[radar, threat],
                cache.covers[radar],
            )
            cache.most[0] = max(cache.most[0], found)
    follow(
        cache.covers,
        sensors.members[radar_set, :size],
        sensors.cueing,
        sensors.track_starts[threat],
        sensors.networked[radar_set],
        sensors.alerts[radar_set, threat],
        cache.first,
        cache.cue,
        cache.tracks[radar_set, :size, 0],
    )


@embedded_kernel
def _commits(
    row: NDArray[np.float64],
    timing: TimingRow,
    tracks: NDArray[np.float32],
    latencies: NDArray[np.float64],
    batteries: BatteryTable,
    first: int,
    end: int,
    scratch: Scratch,
) -> None:
    """Write when each battery from ``first`` to ``end`` may launch at the earliest [s], infinite for never."""
    firm_times(tracks, 0, row[BURN_TIME], timing.firm_track, scratch.firm)
    remote = np.inf
    for place in range(tracks.shape[0]):
        remote = min(remote, scratch.firm[place] + latencies[place])
    for place in range(first, end):
        scratch.commits[place] = commit_by(
            batteries.rows[place], batteries.own_radars[place], scratch.firm, remote, timing
        )


@inlined_kernel
def _observed(
    course: Course, number: int, radar_set: int, size: int, tracks: _TrackCache, looks: _LookCache
) -> ObservedFlight:
    """Return a flight as a set of ``size`` radars observes it."""
    return ObservedFlight(
        number,
        course,
        tracks.tracks[radar_set, :size],
        0,
        Looks(
            looks.arc,
            looks.stretches[radar_set],
            looks.found[radar_set],
            looks.sensors[radar_set],
            looks.latencies[radar_set],
            looks.delays,
            looks.sums[radar_set],
            looks.scratch,
        ),
    )


@inlined_kernel
def _shots_of_defence(
    course: Course,
    number: int,
    threat: int,
    defence: int,
    sensors: SensorTable,
    batteries: BatteryTable,
    defences: DefenceTable,
    step: float,
    work: _Workspace,
) -> int:
    """Return the shots of a defence's best battery at a flight, counted up to those required."""
    tracks, looks, scratch, memory = work
    radar_set, timing = defences.radar_sets[defence], timing_of(defences.timings[defence])
    size, required = sensors.sizes[radar_set], int(defences.required_shots[defence])
    if tracks.followed[radar_set] != number:
        tracks.followed[radar_set] = number
        _follow_set(course, number, threat, radar_set, sensors, tracks)
    observed = _observed(course, number, radar_set, size, tracks, looks)
    first, end = defences.first_batteries[defence], defences.first_batteries[defence + 1]
    _commits(course.row, timing, observed.tracks, looks.latencies[radar_set], batteries, first, end, scratch)
    stacked = Batteries(
        batteries.rows,
        batteries.own,
        batteries.supporters,
        batteries.interceptors,
        batteries.fans,
        batteries.times,
        batteries.floors,
    )
    most = 0
    for later in range(end - first):
        # The battery that had the required shots at an earlier flight goes first.
        favourite = (memory.favourites[defence] + later) % (end - first)
        place = first + favourite
        if not scratch.commits[place] < course.row[IMPACT_TIME]:
            continue
        shooter = shooter_of(stacked, place, batteries.sites[place], size, timing, scratch.commits[place])
        retry = later == 0 and required == 1
        found = shots_of_battery(observed, shooter, required, retry, step, True, scratch)
        most = max(most, found)
        if found >= required:
            memory.favourites[defence] = favourite
            break
    return most


@inlined_kernel
def _evaluate_flight(
    row: NDArray[np.float64],
    number: int,
    threat: int,
    sensors: SensorTable,
    batteries: BatteryTable,
    defences: DefenceTable,
    step: float,
    work: _Workspace,
    opened: NDArray[np.bool_],
    shots: NDArray[np.int8],
) -> None:
    """Write the shots of each defence at one flight of a threat class, shape (defences,).

    Defences that are ``opened`` are left out; none is where it is empty.
    """
    boost, nodes = sample_positions(row, step, work.scratch.path)
    course, memory = Course(row, work.scratch.path, boost, nodes), work.memory
    memory.known[:] = 0
    work.looks.found[:] = -1
    count = defences.radar_sets.shape[0]
    # First, smaller ones first, those that met the last flight, mostly a neighbour; then, larger ones first, those that
    # did not: a subset that meets this flight, or a superset that does not, decides more.
    for turn in range(2 * count):
        defence = turn if turn < count else 2 * count - 1 - turn
        word, bit = defence >> BITS, np.int64(1) << (defence & ((1 << BITS) - 1))
        decided = (memory.known[MET, word] | memory.known[UNMET, word]) & bit
        if opened.shape[0] > 0 and opened[defence]:
            continue
        if decided or (turn < count and not memory.expected[word] & bit):
            continue
        implied = _implied(defences.subsets[defence], defences.supersets[defence], memory.known)
        if implied != _NEITHER:
            memory.known[implied, word] |= bit
            shots[defence] = defences.required_shots[defence] if implied == MET else 0
            continue
        shots[defence] = _shots_of_defence(
            course,
            number,
            threat,
            defence,
            sensors,
            batteries,
            defences,
            step,
            work,
        )
        memory.known[MET if shots[defence] > 0 else UNMET, word] |= bit
    for word in range(memory.expected.shape[0]):
        memory.expected[word] = memory.known[MET, word]


@kernel
def _track_cache(sensors: SensorTable, nodes: int, slots: int, most: NDArray[np.int64]) -> _TrackCache:
    """Return a cache with nothing in it."""
    radars, (sets, widest) = sensors.radars.shape[0], sensors.members.shape
    return _TrackCache(
        np.full(radars, -1),
        np.empty((radars, slots, 3), dtype=np.int16),
        np.full(sets, -1),
        np.empty((sets, widest, 1, slots, 2), dtype=np.float32),
        most,
        np.empty(nodes),
        np.empty(nodes, dtype=np.int64),
        np.empty(widest),
        np.empty(widest),
    )


@kernel
def _look_cache(sensors: SensorTable, room: tuple[int, int, int]) -> _LookCache:
    """Return the looks of each set of radars, none found, with the room that predicting any flight needs."""
    (arc_nodes, stretches, runs), (sets, widest) = room, sensors.members.shape
    latencies, looking = np.zeros((sets, widest)), np.zeros((sets, widest, sensors.sensors.shape[1]))
    for radar_set in range(sets):
        for place in range(sensors.sizes[radar_set]):
            radar = sensors.members[radar_set, place]
            latencies[radar_set, place] = sensors.cueing[radar, LATENCY]
            looking[radar_set, place] = sensors.sensors[radar]
    return _LookCache(
        np.empty((arc_nodes, 5)),
        np.empty((sets, stretches, STRETCH_COLUMNS)),
        np.empty((sets, 1), dtype=np.int64),
        looking,
        latencies,
        np.empty(widest),
        np.empty((sets, stretches, runs, PACKED)),
        prediction_scratch(widest),
    )


@kernel
def _workspace(
    sensors: SensorTable,
    batteries: BatteryTable,
    defences: DefenceTable,
    slots: int,
    nodes: int,
    room: tuple[int, int, int],
    most: NDArray[np.int64],
) -> _Workspace:
    """Return the caches and working arrays of a loop over flights, with nothing in them."""
    places, sites, (count, words) = batteries.rows.shape[0], batteries.sites.max() + 1, defences.subsets.shape
    return _Workspace(
        _track_cache(sensors, nodes, slots, most),
        _look_cache(sensors, room),
        scratch_for(nodes, sensors.members.shape[1], slots, places, sites),
        _Memory(
            np.zeros((2, words), dtype=np.int64), np.full(words, -1, dtype=np.int64), np.zeros(count, dtype=np.int64)
        ),
    )


@borrowing_kernel
def _evaluate_flights(
    elements: NDArray[np.float64],
    classes: NDArray[np.int16],
    sensors: SensorTable,
    batteries: BatteryTable,
    defences: DefenceTable,
    step: float,
    work: _Workspace,
    aims: NDArray[np.int32],
    opened: NDArray[np.bool_],
    shots: NDArray[np.int8],
) -> None:
    """Write the shots of each defence at some flights, shape (n, defences).

    Where ``aims`` is not empty, a defence is left out at further flights to an aim that was opened to it, and those
    that this flight opens are written.
    """
    count, leaves_out = defences.radar_sets.shape[0], aims.shape[0] > 0
    for number in range(elements.shape[0]):
        if elements[number, STATUS] != 0.0:
            continue
        row = opened[aims[number]] if leaves_out else opened[0]
        closed = not leaves_out
        for defence in range(row.shape[0]):
            closed = closed or not row[defence]
        if not closed:
            continue
        _evaluate_flight(
            elements[number],
            number,
            classes[number],
            sensors,
            batteries,
            defences,
            step,
            work,
            row,
            shots[number],
        )
        if leaves_out:
            for defence in range(count):
                if shots[number, defence] < defences.opened_below[defence]:
                    row[defence] = True


def evaluate(
    elements: NDArray[np.float64],
    classes: NDArray[np.int16],
    sensors: SensorTable,
    batteries: BatteryTable,
    defences: DefenceTable,
    step: float,
    slots: int,
    by_aim: tuple[NDArray[np.int32], NDArray[np.intp]] | None = None,
) -> tuple[NDArray[np.int8], int]:
    """Return the shots of each defence's best battery at each flight, counted up to those required.

    Parameters
    ----------
    elements : ndarray, shape (n, COLUMNS)
    classes : ndarray, shape (n,)
    sensors : SensorTable
    batteries : BatteryTable
    defences : DefenceTable
    step : float
        Node spacing [s].
    slots : int
        Cover intervals that a flight may have of one radar.
    by_aim : (aims, edges), optional
        The aim of each flight, a number, and where the flights begin, and at last end, that no other aims share: of the
        flights to an aim, a defence has no shots at those after the first with fewer than ``defences.opened_below``.

    Returns
    -------
    shots : ndarray, shape (defences, n)
    most : int
        Cover intervals that some flight has of some radar; the shots mean nothing where it exceeds ``slots``.
    """
    count = len(elements)
    shots = np.zeros((count, len(defences.radar_sets)), dtype=np.int8)
    chunks = [slice(first, first + _CHUNK) for first in range(0, count, _CHUNK)]
    aims, opened = np.empty(0, dtype=np.int32), np.empty((1, 0), dtype=np.bool_)
    if by_aim is not None:
        aims, edges = by_aim
        chunks = [slice(first, end) for first, end in itertools.pairwise(edges.tolist())]
        opened = np.zeros((int(aims.max(initial=0)) + 1, shots.shape[1]), dtype=np.bool_)
    most = np.zeros((len(chunks) + 1, 1), dtype=np.int64)
    nodes = most_nodes(elements, step)
    predicted = bool(defences.timings[:, HANDOVER_ERROR].max() > 0.0)
    room = room_for_prediction(elements, sensors.sensors, slots, predicted)

    def evaluate_chunk(number: int) -> None:
        some, tables = chunks[number], (sensors, batteries, defences)
        work = _workspace(*tables, slots, nodes, room, most[number])
        _evaluate_flights(elements[some], classes[some], *tables, step, work, aims[some], opened, shots[some])

    side_by_side(evaluate_chunk, len(chunks))
    return shots.T.copy(), int(most.max())
