"""Many defences at once: whether each has a shot at each flight.

One pass over the flights: a flight is sampled once, each radar's cover of it is found once, whichever defences the
radar serves, and a defence is not asked if one that it holds has enough shots, or one that holds it has none.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import kernel, parallel_kernel, parallel_range
from hoplon.flight.arc import BURN_TIME, IMPACT_TIME, STATUS
from hoplon.flight.information import PACKED, STRETCH_COLUMNS
from hoplon.flight.path import ROWS, most_nodes, sample_path
from hoplon.intercept.launch import Weapon, weapon_of
from hoplon.intercept.prediction import Looks, look_at, predicted_at, room_for_prediction
from hoplon.intercept.shots import Course, Launches, Tables, latest_launch, meets_at, node_before
from hoplon.intercept.supported_shots import count_supported
from hoplon.intercept.windows import WINDOWS, Windows, commit_by, firm_times, gather_windows
from hoplon.sensing.radar import NEVER, cover_flight
from hoplon.sensing.track import follow

_FLIGHTS_A_CHUNK = 256
_LATER = 5  # [s] after the first feasible second: feasible too, and still so at the next flight
BITS = 6  # of the place of a defence's bit in a word of 64
MET, UNMET, _NEITHER = range(3)


@kernel
def _meets_again(
    course: Course,
    tracks: NDArray[np.float32],
    looks: Looks,
    own: NDArray[np.bool_],
    battery: NDArray[np.float64],
    timing: NDArray[np.float64],
    commit: float,
    second: int,
    weapon: Weapon,
    tables: Tables,
    always: Windows,
    support: NDArray[np.float64],
    eyes: NDArray[np.float64],
) -> bool:
    """Tell whether a battery meets a flight at the second at which it met the last one; it may still meet it if not."""
    node = node_before(course, second)
    if timing[7] > 0.0:
        if not meets_at(course, node, second, commit, always, weapon, tables):
            return False
        look_at(course.row, tracks, 0, looks)
        return bool(predicted_at(course.row, looks, own, battery, timing, second, weapon, tables.fan, support))
    supports, _ = gather_windows(tracks, 0, battery, own, looks.latencies, timing, support, eyes)
    return bool(meets_at(course, node, second, commit, Windows(support, supports), weapon, tables))


@parallel_kernel
def judge(
    elements: NDArray[np.float64],
    classes: NDArray[np.int16],
    radars: NDArray[np.float64],
    boresights: NDArray[np.float64],
    search_squared: NDArray[np.float64],
    track_squared: NDArray[np.float64],
    cueing: NDArray[np.float64],
    sensors: NDArray[np.float64],
    members: NDArray[np.int16],
    sizes: NDArray[np.int16],
    networked: NDArray[np.bool_],
    alerts: NDArray[np.float64],
    sets: NDArray[np.int16],
    timings: NDArray[np.float64],
    enough: NDArray[np.int16],
    parts: NDArray[np.int64],
    wholes: NDArray[np.int64],
    firsts: NDArray[np.int32],
    rows: NDArray[np.float64],
    own: NDArray[np.bool_],
    own_radars: NDArray[np.int16],
    sites: NDArray[np.int16],
    interceptors: NDArray[np.float64],
    fans: NDArray[np.float64],
    times: NDArray[np.float32],
    floors: NDArray[np.float32],
    step: float,
    slots: int,
) -> tuple[NDArray[np.int8], int]:
    """Return the shots of each defence's best battery at each flight, counted up to enough.

    Parameters
    ----------
    elements : ndarray, shape (n, COLUMNS)
    classes : ndarray, shape (n,)
    radars, boresights, search_squared, track_squared
        :func:`hoplon.sensing.radar.radar_arrays` of every radar of any defence.
    cueing : ndarray, shape (radars, 5)
        :func:`hoplon.sensing.track.cueing_rows` of them.
    sensors : ndarray, shape (radars, SENSOR_COLUMNS)
        :func:`hoplon.sensing.radar.sensor_rows` of them.
    members : ndarray, shape (sets, m)
        The radars of each set of radars, the first ``sizes`` of a row valid.
    networked : ndarray, shape (sets,)
    alerts : ndarray, shape (sets, classes)
        When the first alert reaches every node [s].
    sets : ndarray, shape (defences,)
        The set of radars of each defence.
    timings : ndarray, shape (defences, 8)
        :meth:`hoplon.intercept.battery.Timing.row`.
    enough : ndarray, shape (defences,)
        Shots at which a defence is settled.
    parts, wholes : ndarray, shape (defences, words)
        Bits of the defences whose shots a defence has too, where one is enough, and of those that have a shot wherever
        it has.
    firsts : ndarray, shape (defences + 1,)
        The first battery of each defence in ``rows``.
    rows, own, interceptors, fans, times, floors : ndarray
        Fields of :class:`hoplon.intercept.battery.Batteries`, of the batteries of all defences.
    own_radars : ndarray, shape (batteries, r)
        Places of a battery's own radars in its defence's set; -1 pads.
    sites : ndarray, shape (batteries,)
        Equal for batteries of one type at one place.
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
    count, defences = elements.shape[0], sets.shape[0]
    shots = np.zeros((count, defences), dtype=np.int8)
    chunks = (count + _FLIGHTS_A_CHUNK - 1) // _FLIGHTS_A_CHUNK
    most = np.zeros(chunks + 1, dtype=np.int64)
    latencies = np.zeros(members.shape)
    for group in range(members.shape[0]):
        for place in range(sizes[group]):
            latencies[group, place] = cueing[members[group, place], 2]
    predicted = timings[:, 7].max() > 0.0
    arc_nodes, most_stretches, runs = room_for_prediction(elements, sensors, slots, predicted)
    looking = np.zeros((members.shape[0], members.shape[1], sensors.shape[1]))
    for group in range(members.shape[0]):
        for place in range(sizes[group]):
            looking[group, place] = sensors[members[group, place]]
    length, widest, words = most_nodes(elements, step), members.shape[1], parts.shape[1]
    for chunk in parallel_range(chunks):
        path, states = np.empty((ROWS, length)), np.empty(length)
        places = (sites.max() + 1, length)
        columns, launches, bounds = np.empty(places), np.empty(places), np.empty(places, dtype=np.bool_)
        prepared, latest = np.full(places[0], -1), np.empty(places[0])
        spans = np.empty((places[0], 2), dtype=np.int64)
        covers = np.empty((radars.shape[0], slots, 3), dtype=np.int16)
        covered, followed = np.full(radars.shape[0], -1), np.full(members.shape[0], -1)
        tracks = np.empty((members.shape[0], widest, 1, slots, 2), dtype=np.float32)
        first, cue, firm = np.empty(widest), np.empty(widest), np.empty(widest)
        windows = max(widest * slots + 1, WINDOWS)
        always, one = Windows(np.array([[-np.inf, np.inf]]), 1), np.empty((1, 4))
        arc, delays = np.empty((arc_nodes, 5)), np.empty(widest)
        stretches = np.empty((members.shape[0], most_stretches, STRETCH_COLUMNS))
        sums = np.empty((members.shape[0] if predicted else 1, most_stretches, runs, PACKED))
        counts = np.empty((members.shape[0], 1), dtype=np.int64)
        support, eyes = np.empty((windows, 2)), np.empty((windows, 2))
        favourites, seconds = np.zeros(defences, dtype=np.int64), np.zeros(defences, dtype=np.int64)
        known, expected = np.zeros((2, words), dtype=np.int64), np.full(words, -1, dtype=np.int64)
        for index in range(chunk * _FLIGHTS_A_CHUNK, min(count, (chunk + 1) * _FLIGHTS_A_CHUNK)):
            row, threat = elements[index], classes[index]
            if row[STATUS] != 0.0:
                continue
            boost, nodes = sample_path(row, step, path)
            course = Course(row, path, boost, nodes)
            known[:], counts[:] = 0, -1
            # First, smaller ones first, those that met the last flight, mostly a neighbour; then, larger ones first,
            # those that did not: a smaller one that meets this flight, or a larger one that does not, settles more.
            for turn in range(2 * defences):
                defence = turn if turn < defences else 2 * defences - 1 - turn
                word, bit = defence >> BITS, np.int64(1) << (defence & ((1 << BITS) - 1))
                if (known[MET, word] | known[UNMET, word]) & bit or (turn < defences and not expected[word] & bit):
                    continue
                settled = _NEITHER
                for other in range(words):
                    if parts[defence, other] & known[MET, other]:
                        settled = MET
                    elif wholes[defence, other] & known[UNMET, other]:
                        settled = UNMET
                if settled != _NEITHER:
                    known[settled, word] |= bit
                    shots[index, defence] = enough[defence] if settled == MET else 0
                    continue
                group, timing = sets[defence], timings[defence]
                size = sizes[group]
                held = tracks[group, :size]
                if followed[group] != index:
                    followed[group] = index
                    for place in range(size):
                        radar = members[group, place]
                        if covered[radar] != index:
                            covered[radar] = index
                            covers[radar] = NEVER
                            found = cover_flight(
                                row,
                                path,
                                boost,
                                nodes,
                                states,
                                radars[radar],
                                boresights[radar],
                                search_squared[radar, threat],
                                track_squared[radar, threat],
                                covers[radar],
                            )
                            most[chunk] = max(most[chunk], found)
                    follow(
                        covers,
                        members[group, :size],
                        cueing,
                        networked[group],
                        alerts[group, threat],
                        first,
                        cue,
                        held[:, 0],
                    )
                firm_times(held, 0, row[BURN_TIME], timing[0], firm)
                remote = np.inf
                for place in range(size):
                    remote = min(remote, firm[place] + latencies[group, place])
                looks = Looks(
                    arc,
                    stretches[group],
                    counts[group],
                    looking[group],
                    latencies[group],
                    delays,
                    sums[group if predicted else 0],
                )
                batteries = firsts[defence + 1] - firsts[defence]
                for later in range(batteries):
                    # The battery that settled the last flight goes first.
                    place = (favourites[defence] + later) % batteries
                    battery = firsts[defence] + place
                    commit = commit_by(rows[battery], own_radars[battery], firm, remote, timing)
                    if not commit < row[IMPACT_TIME]:
                        continue
                    site, kind = sites[battery], int(rows[battery, 8])
                    weapon = weapon_of(rows[battery], interceptors[kind])
                    tables = Tables(fans[kind], times[kind], floors[kind])
                    if (
                        later == 0
                        and enough[defence] == 1
                        and _meets_again(
                            course,
                            held,
                            looks,
                            own[battery, :size],
                            rows[battery],
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
                        shots[index, defence] = 1
                        break
                    if prepared[site] != index:
                        prepared[site] = index
                        latest[site], spans[site, 0], spans[site, 1] = latest_launch(
                            course, weapon, tables.floors, step, columns[site], launches[site], bounds[site]
                        )
                    if latest[site] < commit:
                        continue
                    found = count_supported(
                        course,
                        held,
                        0,
                        looks,
                        own[battery, :size],
                        rows[battery],
                        timing,
                        commit,
                        min(int(rows[battery, 7]), int(enough[defence])),
                        weapon,
                        tables,
                        step,
                        Launches(spans[site, 0], spans[site, 1], columns[site], launches[site], bounds[site]),
                        True,
                        one,
                        support,
                        eyes,
                    )
                    if found > shots[index, defence]:
                        shots[index, defence] = found
                    if found >= enough[defence]:
                        favourites[defence], seconds[defence] = place, int(one[0, 1]) + _LATER
                        break
                known[MET if shots[index, defence] > 0 else UNMET, word] |= bit
            expected[:] = known[MET]
    return shots.T.copy(), most.max()
