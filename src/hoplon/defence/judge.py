"""Many defences at once: whether each has a shot at each flight.

One pass over the flights: a flight is sampled once, each radar's cover of it is found once, whichever defences the
radar serves, and a defence is not asked if one that it holds has enough shots, or one that holds it has none.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import borrowing_kernel, parallel_kernel, parallel_range
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME, STATUS
from hoplon.flight.information import PACKED, STRETCH_COLUMNS
from hoplon.flight.path import ROWS, most_nodes, place_normals, sample_positions
from hoplon.intercept.battery import HANDOVER_ERROR, REACH, SHOTS, timing_of
from hoplon.intercept.launch import Weapon, weapon_of
from hoplon.intercept.prediction import Looks, room_for_prediction
from hoplon.intercept.shots import SHOT_TIME, Course, Launches, Tables, latest_launch
from hoplon.intercept.supported_shots import LATER, count_supported, meets_again
from hoplon.intercept.windows import WINDOWS, commit_by, firm_times
from hoplon.sensing.radar import NEVER, cover_flight
from hoplon.sensing.track import LATENCY, follow

_FLIGHTS_A_CHUNK = 256
BITS = 6  # of the place of a defence's bit in a word of 64
MET, UNMET, _NEITHER = range(3)


class Net(NamedTuple):
    """The radars of all defences, and the sets of them that defences share.

    Attributes
    ----------
    radars, boresights, search_squared, track_squared
        :func:`hoplon.sensing.radar.radar_arrays` of every radar.
    cueing : ndarray, shape (radars, 5)
        :func:`hoplon.sensing.track.cueing_rows` of them.
    sensors : ndarray, shape (radars, SENSOR_COLUMNS)
        :func:`hoplon.sensing.radar.sensor_rows` of them.
    members : ndarray, shape (sets, m)
        The radars of each set, the first ``sizes`` of a row valid.
    sizes : ndarray, shape (sets,)
    networked : ndarray, shape (sets,)
    alerts : ndarray, shape (sets, classes)
        When the first alert reaches every node [s].
    """

    radars: NDArray[np.float64]
    boresights: NDArray[np.float64]
    search_squared: NDArray[np.float64]
    track_squared: NDArray[np.float64]
    cueing: NDArray[np.float64]
    sensors: NDArray[np.float64]
    members: NDArray[np.int16]
    sizes: NDArray[np.int16]
    networked: NDArray[np.bool_]
    alerts: NDArray[np.float64]


class Arsenal(NamedTuple):
    """The batteries of all defences.

    Attributes
    ----------
    rows, own, interceptors, fans, times, floors : ndarray
        Fields of :class:`hoplon.intercept.battery.Batteries`.
    own_radars : ndarray, shape (batteries, r)
        Places of a battery's own radars in its defence's set; -1 pads.
    sites : ndarray, shape (batteries,)
        Equal for batteries of one type at one place.
    """

    rows: NDArray[np.float64]
    own: NDArray[np.bool_]
    interceptors: NDArray[np.float64]
    fans: NDArray[np.float64]
    times: NDArray[np.float32]
    floors: NDArray[np.float32]
    own_radars: NDArray[np.int16]
    sites: NDArray[np.int16]


class Sides(NamedTuple):
    """The defences.

    Attributes
    ----------
    sets : ndarray, shape (defences,)
        The set of radars of each.
    timings : ndarray, shape (defences, 9)
        The fields of :class:`hoplon.intercept.battery.TimingRow` in order.
    enough : ndarray, shape (defences,)
        Shots at which a defence is settled.
    parts, wholes : ndarray, shape (defences, words)
        Bits of the defences whose shots a defence has too, where one is enough, and of those that have a shot wherever
        it has.
    firsts : ndarray, shape (defences + 1,)
        The first battery of each in the arsenal.
    """

    sets: NDArray[np.int16]
    timings: NDArray[np.float64]
    enough: NDArray[np.int16]
    parts: NDArray[np.int64]
    wholes: NDArray[np.int64]
    firsts: NDArray[np.int32]


class _Picture(NamedTuple):
    """What the radars know of one flight, as far as some defence asked.

    Attributes
    ----------
    covered : ndarray, shape (radars,)
        The flight that ``covers`` of a radar are of.
    covers : ndarray, shape (radars, slots, 3)
    tracks : ndarray, shape (sets, m, 1, slots, 2)
    found : ndarray, shape (1,)
        The most cover intervals that any radar had of any flight.
    states, first, cue : ndarray
        Scratch.
    """

    covered: NDArray[np.int64]
    covers: NDArray[np.int16]
    tracks: NDArray[np.float32]
    found: NDArray[np.int64]
    states: NDArray[np.float64]
    first: NDArray[np.float64]
    cue: NDArray[np.float64]


class _Reached(NamedTuple):
    """What the sites can reach of one flight, as far as some defence asked.

    Attributes
    ----------
    complete : ndarray, shape (1,)
        The flight whose normals are all placed.
    prepared : ndarray, shape (sites,)
        The flight that the rest of a site is of.
    latest : ndarray, shape (sites,)
        No launch is later [s].
    spans : ndarray, shape (sites, 2)
    columns, times, bounds : ndarray, shape (sites, nodes)
        :class:`hoplon.intercept.shots.Launches`.
    """

    complete: NDArray[np.int64]
    prepared: NDArray[np.int64]
    latest: NDArray[np.float64]
    spans: NDArray[np.int64]
    columns: NDArray[np.float64]
    times: NDArray[np.float64]
    bounds: NDArray[np.bool_]


@borrowing_kernel
def _implied(parts: NDArray[np.int64], wholes: NDArray[np.int64], known: NDArray[np.int64]) -> int:
    """Return whether a defence meets a flight, or does not, from what is known of those that it holds or that hold it.

    Neither, where nothing known decides it.
    """
    implied = _NEITHER
    for word in range(known.shape[1]):
        if parts[word] & known[MET, word]:
            implied = MET
        elif wholes[word] & known[UNMET, word]:
            implied = UNMET
    return implied


@borrowing_kernel
def _follow_set(course: Course, flight: int, threat: int, group: int, net: Net, picture: _Picture) -> None:
    """Find the tracks that a set of radars has of a flight, and the cover of radars that were not asked before."""
    size = net.sizes[group]
    for place in range(size):
        radar = net.members[group, place]
        if picture.covered[radar] != flight:
            picture.covered[radar] = flight
            picture.covers[radar] = NEVER
            found = cover_flight(
                course.row,
                course.path,
                course.boost,
                course.nodes,
                picture.states,
                net.radars[radar],
                net.boresights[radar],
                net.search_squared[radar, threat],
                net.track_squared[radar, threat],
                picture.covers[radar],
            )
            picture.found[0] = max(picture.found[0], found)
    follow(
        picture.covers,
        net.members[group, :size],
        net.cueing,
        net.networked[group],
        net.alerts[group, threat],
        picture.first,
        picture.cue,
        picture.tracks[group, :size, 0],
    )


@borrowing_kernel
def _reach(
    course: Course, flight: int, site: int, weapon: Weapon, tables: Tables, step: float, reached: _Reached
) -> None:
    """Find what a site can reach of a flight, unless it was asked before."""
    if reached.prepared[site] == flight:
        return
    reached.prepared[site] = flight
    if reached.complete[0] != flight:
        place_normals(course.path, course.boost, course.nodes)
        reached.complete[0] = flight
    reached.latest[site], reached.spans[site, 0], reached.spans[site, 1] = latest_launch(
        course, weapon, tables.floors, step, reached.columns[site], reached.times[site], reached.bounds[site]
    )


@borrowing_kernel
def _commits(
    row: NDArray[np.float64],
    defence: int,
    held: NDArray[np.float32],
    latencies: NDArray[np.float64],
    arsenal: Arsenal,
    sides: Sides,
    firm: NDArray[np.float64],
    commits: NDArray[np.float64],
) -> None:
    """Write when each battery of a defence may launch at the earliest [s], infinite for never."""
    timing, first = timing_of(sides.timings[defence]), sides.firsts[defence]
    firm_times(held, 0, row[BURN_TIME], timing.firm_track, firm)
    remote = np.inf
    for place in range(held.shape[0]):
        remote = min(remote, firm[place] + latencies[place])
    for battery in range(first, sides.firsts[defence + 1]):
        own_radars = arsenal.own_radars[battery]
        commits[battery - first] = commit_by(arsenal.rows[battery], own_radars, firm, remote, timing)


@parallel_kernel
def judge(
    elements: NDArray[np.float64],
    classes: NDArray[np.int16],
    net: Net,
    arsenal: Arsenal,
    sides: Sides,
    step: float,
    slots: int,
) -> tuple[NDArray[np.int8], int]:
    """Return the shots of each defence's best battery at each flight, counted up to enough.

    Parameters
    ----------
    elements : ndarray, shape (n, COLUMNS)
    classes : ndarray, shape (n,)
    net : Net
    arsenal : Arsenal
    sides : Sides
    step : float
        Node spacing [s].
    slots : int
        Cover intervals that a flight may have of one radar.

    Returns
    -------
    shots : ndarray, shape (defences, n)
    most : int
        Cover intervals that some flight has of some radar; the shots mean nothing where it exceeds ``slots``.
    """
    # Arrays taken out of tuples here: taken out in the loop each would be counted as referred to, every time.
    _, _, _, _, cueing, sensors, members, sizes, _, _ = net
    numbers, own, interceptors, fans, times, floors, _, sites = arsenal
    sets, timings, enough, parts, wholes, firsts = sides
    count, defences, groups, widest = elements.shape[0], sets.shape[0], members.shape[0], members.shape[1]
    shots = np.zeros((count, defences), dtype=np.int8)
    chunks = (count + _FLIGHTS_A_CHUNK - 1) // _FLIGHTS_A_CHUNK
    intervals = np.zeros((chunks + 1, 1), dtype=np.int64)
    latencies, looking = np.zeros((groups, widest)), np.zeros((groups, widest, sensors.shape[1]))
    for group in range(groups):
        for place in range(sizes[group]):
            latencies[group, place] = cueing[members[group, place], LATENCY]
            looking[group, place] = sensors[members[group, place]]
    predicted = timings[:, HANDOVER_ERROR].max() > 0.0
    arc_nodes, most_stretches, runs = room_for_prediction(elements, sensors, slots, predicted)
    length, places, words = most_nodes(elements, step), sites.max() + 1, parts.shape[1]
    for chunk in parallel_range(chunks):
        path = np.empty((ROWS, length))
        tracks, followed = np.empty((groups, widest, 1, slots, 2), dtype=np.float32), np.full(groups, -1)
        picture = _Picture(
            np.full(net.radars.shape[0], -1),
            np.empty((net.radars.shape[0], slots, 3), dtype=np.int16),
            tracks,
            intervals[chunk],
            np.empty(length),
            np.empty(widest),
            np.empty(widest),
        )
        columns, launches, bounds = (
            np.empty((places, length)),
            np.empty((places, length)),
            np.empty((places, length), dtype=np.bool_),
        )
        complete, latest, spans = np.full(1, -1), np.empty(places), np.empty((places, 2), dtype=np.int64)
        reached = _Reached(complete, np.full(places, -1), latest, spans, columns, launches, bounds)
        favourites, seconds = np.zeros(defences, dtype=np.int64), np.zeros(defences, dtype=np.int64)
        windows = max(widest * slots + 1, WINDOWS)
        support, eyes, one = np.empty((windows, 2)), np.empty((windows, 2)), np.empty((1, 4))
        always, firm, commits = np.array([[-np.inf, np.inf]]), np.empty(widest), np.empty(numbers.shape[0])
        arc, delays = np.empty((arc_nodes, 5)), np.empty(widest)
        stretches = np.empty((groups, most_stretches, STRETCH_COLUMNS))
        sums = np.empty((groups if predicted else 1, most_stretches, runs, PACKED))
        counts = np.empty((groups, 1), dtype=np.int64)
        known, expected = np.zeros((2, words), dtype=np.int64), np.full(words, -1, dtype=np.int64)
        for index in range(chunk * _FLIGHTS_A_CHUNK, min(count, (chunk + 1) * _FLIGHTS_A_CHUNK)):
            row = elements[index]
            if row[STATUS] != 0.0:
                continue
            boost, nodes = sample_positions(row, step, path)
            course = Course(row, path, boost, nodes)
            known[:], counts[:] = 0, -1
            # First, smaller ones first, those that met the last flight, mostly a neighbour; then, larger ones first,
            # those that did not: a smaller one that meets this flight, or a larger one that does not, settles more.
            for turn in range(2 * defences):
                defence = turn if turn < defences else 2 * defences - 1 - turn
                word, bit = defence >> BITS, np.int64(1) << (defence & ((1 << BITS) - 1))
                if (known[MET, word] | known[UNMET, word]) & bit or (turn < defences and not expected[word] & bit):
                    continue
                implied = _implied(parts[defence], wholes[defence], known)
                if implied != _NEITHER:
                    known[implied, word] |= bit
                    shots[index, defence] = enough[defence] if implied == MET else 0
                    continue
                group, timing = sets[defence], timing_of(timings[defence])
                size = sizes[group]
                if followed[group] != index:
                    followed[group] = index
                    _follow_set(course, index, classes[index], group, net, picture)
                held = tracks[group, :size]
                looks = Looks(
                    arc,
                    stretches[group],
                    counts[group],
                    looking[group],
                    latencies[group],
                    delays,
                    sums[group if predicted else 0],
                )
                _commits(row, defence, held, latencies[group], arsenal, sides, firm, commits)
                batteries, most = firsts[defence + 1] - firsts[defence], 0
                for later in range(batteries):
                    # The battery that settled the last flight goes first.
                    place = (favourites[defence] + later) % batteries
                    battery, commit = firsts[defence] + place, commits[place]
                    if not commit < row[IMPACT_TIME]:
                        continue
                    site, kind = sites[battery], int(numbers[battery, REACH])
                    weapon = weapon_of(numbers[battery], interceptors[kind])
                    tables = Tables(fans[kind], times[kind], floors[kind])
                    if (
                        later == 0
                        and enough[defence] == 1
                        and meets_again(
                            course,
                            complete[0] == index,
                            held,
                            0,
                            looks,
                            own[battery, :size],
                            numbers[battery],
                            timing,
                            commit,
                            seconds[defence],
                            weapon,
                            tables,
                            always,
                            support,
                            eyes,
                        )
                    ):
                        most = 1
                        break
                    _reach(course, index, site, weapon, tables, step, reached)
                    if latest[site] < commit:
                        continue
                    found = count_supported(
                        course,
                        held,
                        0,
                        looks,
                        own[battery, :size],
                        numbers[battery],
                        timing,
                        commit,
                        min(int(numbers[battery, SHOTS]), int(enough[defence])),
                        weapon,
                        tables,
                        step,
                        Launches(spans[site, 0], spans[site, 1], columns[site], launches[site], bounds[site]),
                        True,
                        one,
                        support,
                        eyes,
                    )
                    most = max(most, found)
                    if found >= enough[defence]:
                        favourites[defence], seconds[defence] = place, int(one[0, SHOT_TIME]) + LATER
                        break
                shots[index, defence] = most
                known[MET if most > 0 else UNMET, word] |= bit
            expected[:] = known[MET]
    return shots.T.copy(), intervals.max()
