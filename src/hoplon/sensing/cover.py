"""Cover: when a flight is inside a placed radar's search and track volume, or in the sky that a satellite watches.

Straight lines that end at the ellipsoid, no refraction, no terrain (model section 3). Answers are on whole seconds.
Nodes along the flight bracket the crossings; a gap between nodes is searched second by second where a flight whose
cover is the same at both may have entered or left it in between (:func:`hoplon.sensing.volume.clearances_of`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import (
    borrowing_kernel,
    embedded_kernel,
    inlined_kernel,
    parallel_kernel,
    parallel_range,
    separate_kernel,
)
from hoplon.flight.arc import IMPACT_TIME, STATUS, flight_position
from hoplon.flight.path import (
    POSITION,
    ROWS,
    TIME,
    cubic_at,
    cubic_of,
    greatest_acceleration,
    greatest_speed,
    most_nodes,
    sample_path,
    spans_of,
    stencil,
)
from hoplon.sensing.radar import Sensor, sensor_arrays
from hoplon.sensing.satellite import seconds_above
from hoplon.sensing.volume import (
    ACQUISITION,
    BORESIGHTS,
    LEAST_ALTITUDE,
    OUTSIDE,
    Slack,
    Volume,
    both_boresights,
    clearance_of,
    clearances_of,
    hidden,
    hide,
    may_pass,
    slack_of,
    state_of,
    states_of,
    volume_about,
)

# Columns of a cover interval, whole seconds: first and last in track cover, and the start of the first stretch of
# search cover inside it that lasts long enough to acquire. NEVER marks what does not happen.
FIRST, LAST, SEARCH_FIRST = 0, 1, 2
NEVER = -1

_FLIGHTS_A_CHUNK = 256
_FEWEST, _LOOK = 4, 40.0  # nodes of which one is looked at: how many at least, and how long they take if more [s]


_Cubics = tuple[tuple[float, float, float, float], tuple[float, float, float, float], tuple[float, float, float, float]]


class CoverSoFar(NamedTuple):
    """How far the intervals of a flight are written.

    Attributes
    ----------
    found : int
        Intervals that have ended.
    state : float
        The present one: 0 outside cover, 1 in track cover, 2 in search cover as well.
    first, search_first, search : int
        Of the present interval: its first second, that of the present stretch of search cover, and that of the first
        stretch that lasts long enough to acquire.
    """

    found: int
    state: float
    first: int
    search_first: int
    search: int


def cover_of(
    elements: NDArray[np.float64], classes: NDArray[np.int16], sensors: Sequence[Sensor], step: float
) -> list[NDArray[np.int16]]:
    """Return the cover intervals of each sensor over each flight.

    Parameters
    ----------
    elements : ndarray, shape (n, COLUMNS)
        Flights; those that do not exist get no cover.
    classes : ndarray, shape (n,)
        Index of each flight's threat class in the radars' range tuples.
    sensors : sequence of Radar or TrackingSatellite
    step : float
        Node spacing [s]; the ends of intervals are refined to whole seconds.

    Returns
    -------
    list of ndarray, shape (n, intervals, 3)
        Whole seconds: first, last, search-first; NEVER pads. As many intervals as the busiest flight needs.
    """
    if not sensors:
        return []
    slots = 2
    while True:
        intervals, most = _cover(elements, classes, *sensor_arrays(sensors), step, slots)
        if most <= slots:
            return [intervals[index] for index in range(len(sensors))]
        slots = most


@borrowing_kernel
def _stretch_near(path: NDArray[np.float64], nodes: int, pace: float, volume: Volume) -> tuple[int, int]:
    """Return the first node beside a gap that may touch track cover and the one after the last; equal for none.

    One node of a few is looked at: the flight is no farther from it than ``pace`` takes it, so that its neighbours
    are out of cover when it is beyond the track range, or below the horizon, by more than that.
    """
    px, py, pz, ux, uy, uz = volume.x, volume.y, volume.z, volume.up_x, volume.up_y, volume.up_z
    track, horizon = math.sqrt(volume.track_squared), volume.sine_low >= 0.0
    stride = max(_FEWEST, int(_LOOK * nodes / path[TIME, nodes - 1]))
    first, end = nodes, 0
    for start in range(0, nodes, stride):
        last = min(start + stride, nodes - 1)
        middle = (start + last) // 2
        time = path[TIME, middle]
        moved = pace * max(path[TIME, last] - time, time - path[TIME, start])
        dx, dy, dz = path[POSITION, middle] - px, path[POSITION + 1, middle] - py, path[POSITION + 2, middle] - pz
        reach = track + moved
        below = horizon and dx * ux + dy * uy + dz * uz < -moved
        if not below and dx * dx + dy * dy + dz * dz <= reach * reach:
            first, end = min(first, start), last + 1
    return min(first, end), end


@borrowing_kernel
def _widest_gap(path: NDArray[np.float64], start: int, end: int) -> float:
    """Return the greatest time between neighbours among some nodes [s]; written to vectorise."""
    before, after = path[TIME, start : end - 1], path[TIME, start + 1 : end]
    widest = 0.0
    for node in range(end - 1 - start):
        widest = max(widest, after[node] - before[node])
    return float(widest)


@borrowing_kernel
def _states_of_path(
    path: NDArray[np.float64],
    start: int,
    end: int,
    radar: NDArray[np.float64],
    boresights: NDArray[np.float64],
    first: Volume,
    slack: Slack,
    states: NDArray[np.float64],
    clearances: NDArray[np.int64],
) -> None:
    """Write state and clearance of nodes over the boresights, ``first`` the volume about the first of them."""
    xs, ys, zs = path[POSITION, start:end], path[POSITION + 1, start:end], path[POSITION + 2, start:end]
    states, clearances = states[start:end], clearances[start:end]
    states_of(xs, ys, zs, first, states)
    clearances_of(xs, ys, zs, first, slack, clearances)
    for index in range(1, int(radar[BORESIGHTS])):
        volume = volume_about(radar, boresights[index], first.search_squared, first.track_squared)
        for node in range(end - start):
            states[node] = max(states[node], state_of(xs[node], ys[node], zs[node], volume))
            clearance = clearance_of(xs[node], ys[node], zs[node], volume, slack)
            clearances[node] = both_boresights(clearances[node], clearance, index)
    if first.sine_low < 0.0:  # else the Earth hides nothing that the limit admits
        hide(xs, ys, zs, first, states)


@borrowing_kernel
def _state_at(
    x: float, y: float, z: float, radar: NDArray[np.float64], boresights: NDArray[np.float64], volume: Volume
) -> float:
    """Return the state of a place: the best over the boresights, ``volume`` that about the first of them."""
    state = state_of(x, y, z, volume)
    for index in range(1, int(radar[BORESIGHTS])):
        other = volume_about(radar, boresights[index], volume.search_squared, volume.track_squared)
        state = max(state, state_of(x, y, z, other))
    if volume.sine_low < 0.0 and hidden(x, y, z, volume):
        state = 0.0
    return float(state)


@inlined_kernel
def _cubics(path: NDArray[np.float64], start: int) -> tuple[tuple[float, ...], _Cubics]:
    """Return what interpolates positions from the four nodes that begin at ``start``."""
    first = max(start, 0)
    spans = spans_of(path, first)
    return spans, (
        cubic_of(path, POSITION, first, spans),
        cubic_of(path, POSITION + 1, first, spans),
        cubic_of(path, POSITION + 2, first, spans),
    )


@inlined_kernel
def _position_at(
    row: NDArray[np.float64], start: int, spans: tuple[float, ...], cubics: _Cubics, second: int
) -> tuple[float, float, float]:
    """Return where a flight is at a second: by interpolation, or by its elements where ``start`` is negative."""
    if start < 0:
        place = flight_position(row, second)
    else:
        place = (
            cubic_at(cubics[0], spans, second),
            cubic_at(cubics[1], spans, second),
            cubic_at(cubics[2], spans, second),
        )
    return place


@inlined_kernel
def _crossings(
    row: NDArray[np.float64],
    path: NDArray[np.float64],
    start: int,
    node: int,
    before: float,
    after: float,
    radar: NDArray[np.float64],
    boresights: NDArray[np.float64],
    volume: Volume,
) -> tuple[int, int]:
    """Return the whole seconds at which track and search cover begin or end between a node and the next.

    The first second inside when entering, the last second inside when leaving; of a cover that does neither, nothing.
    """
    spans, cubics = _cubics(path, start)
    entering = after > before
    from_level, to_level = int(min(before, after)) + 1, int(max(before, after))
    track, search = 0, 0
    for level in range(from_level, to_level + 1):
        low: int = math.floor(path[TIME, node])
        high: int = math.ceil(path[TIME, node + 1])
        while high - low > 1:
            middle = (low + high) // 2
            x, y, z = _position_at(row, start, spans, cubics, middle)
            if (_state_at(x, y, z, radar, boresights, volume) >= level) == entering:
                high = middle
            else:
                low = middle
        found = high if entering else low
        if level == 1:
            track = found
        else:
            search = found
    return track, search


@borrowing_kernel
def _advance(
    sofar: CoverSoFar, state: float, track: int, search: int, acquisition: float, intervals: NDArray[np.int16]
) -> CoverSoFar:
    """Write what another state ends; ``track`` and ``search`` as :func:`_crossings` returns them."""
    found, before, first, search_first, kept = sofar
    if state > before:
        if before == 0.0:
            first, kept = track, NEVER
        if state == 2.0:
            search_first = search
    else:
        if before == 2.0 and kept == NEVER and search - search_first >= acquisition:
            kept = search_first
        if state == 0.0 and first <= track:
            if found < intervals.shape[0]:
                intervals[found, 0], intervals[found, 1], intervals[found, 2] = first, track, kept
            found += 1
    return CoverSoFar(found, state, first, search_first, kept)


@separate_kernel
def _search_gap(
    row: NDArray[np.float64],
    path: NDArray[np.float64],
    start: int,
    node: int,
    sofar: CoverSoFar,
    after: float,
    radar: NDArray[np.float64],
    boresights: NDArray[np.float64],
    volume: Volume,
    intervals: NDArray[np.int16],
) -> CoverSoFar:
    """Go through the seconds between a node and the next, at which the state is ``after``."""
    spans, cubics = _cubics(path, start)
    last = math.ceil(path[TIME, node + 1])
    for second in range(math.floor(path[TIME, node]) + 1, last + 1):
        state = after
        if second < last:
            x, y, z = _position_at(row, start, spans, cubics, second)
            state = _state_at(x, y, z, radar, boresights, volume)
        if state != sofar.state:
            at = second if state > sofar.state else second - 1
            sofar = _advance(sofar, state, at, at, radar[ACQUISITION], intervals)
    return sofar


@borrowing_kernel
def _clearance_at(
    path: NDArray[np.float64],
    node: int,
    radar: NDArray[np.float64],
    boresights: NDArray[np.float64],
    first: Volume,
    slack: Slack,
) -> int:
    """Return the clearance of a node over the boresights, ``first`` the volume about the first of them."""
    x, y, z = path[POSITION, node], path[POSITION + 1, node], path[POSITION + 2, node]
    clearance = clearance_of(x, y, z, first, slack)
    for index in range(1, int(radar[BORESIGHTS])):
        volume = volume_about(radar, boresights[index], first.search_squared, first.track_squared)
        clearance = both_boresights(clearance, clearance_of(x, y, z, volume, slack), index)
    return clearance


@separate_kernel
def _may_pass(
    row: NDArray[np.float64],
    path: NDArray[np.float64],
    boost: int,
    node: int,
    before: float,
    after: float,
    radar: NDArray[np.float64],
    boresights: NDArray[np.float64],
    first: Volume,
) -> bool:
    """Tell what :func:`may_pass` does of a node and the next, from how far the flight moves between these two."""
    gap = path[TIME, node + 1] - path[TIME, node]
    dx = path[POSITION, node + 1] - path[POSITION, node]
    dy = path[POSITION + 1, node + 1] - path[POSITION + 1, node]
    dz = path[POSITION + 2, node + 1] - path[POSITION + 2, node]
    acceleration = greatest_acceleration(row, node + 1 < boost)
    pace = math.sqrt(dx * dx + dy * dy + dz * dz) / gap + 0.5 * acceleration * gap
    slack = slack_of(first, gap, pace, acceleration)
    one = _clearance_at(path, node, radar, boresights, first, slack)
    other = _clearance_at(path, node + 1, radar, boresights, first, slack)
    return may_pass(before, after, one, other)


@borrowing_kernel
def _nothing_between(states: NDArray[np.float64], clearances: NDArray[np.int64]) -> bool:
    """Tell whether no node is in cover, and no gap can be; written to vectorise."""
    open_ones = 1 if states[0] > 0.0 else 0
    for node in range(states.shape[0] - 1):
        open_ones += 1 if clearances[node] & clearances[node + 1] & OUTSIDE == 0 else 0
    return open_ones == 0


@embedded_kernel
def cover_flight(
    row: NDArray[np.float64],
    path: NDArray[np.float64],
    boost: int,
    nodes: int,
    states: NDArray[np.float64],
    clearances: NDArray[np.int64],
    radar: NDArray[np.float64],
    boresights: NDArray[np.float64],
    search_squared: float,
    track_squared: float,
    intervals: NDArray[np.int16],
) -> int:
    """Fill a flight's cover intervals; return how many there are (more than fit are counted, not kept).

    Parameters
    ----------
    row, path, boost, nodes
        The flight's elements and its sampled path.
    states, clearances : ndarray, shape (m,)
        Scratch, as long as the path buffer.
    radar, boresights, search_squared, track_squared
        One sensor's part of :func:`hoplon.sensing.radar.sensor_arrays`, the ranges against the flight's class.
    intervals : ndarray, shape (slots, 3)
        Holding NEVER; filled from the first slot.
    """
    if radar[LEAST_ALTITUDE] >= 0.0:
        intervals[0, 0], intervals[0, 1] = seconds_above(row, radar[LEAST_ALTITUDE])
        if intervals[0, 1] >= 0:
            return 1
        intervals[0, 0] = NEVER
        return 0
    volume, pace = volume_about(radar, boresights[0], search_squared, track_squared), greatest_speed(row)
    start, end = _stretch_near(path, nodes, pace, volume)
    if start == end:
        return 0
    slack = slack_of(volume, _widest_gap(path, start, end), pace, greatest_acceleration(row, start < boost))
    _states_of_path(path, start, end, radar, boresights, volume, slack, states, clearances)
    if _nothing_between(states[start:end], clearances[start:end]):
        return 0
    sofar = CoverSoFar(0, 0.0, 0, 0, NEVER)
    for node in range(start, end + 1):
        state = states[node] if node < end else 0.0
        if start < node < end:
            open_gap = may_pass(sofar.state, state, clearances[node - 1], clearances[node])
            if open_gap and _may_pass(row, path, boost, node - 1, sofar.state, state, radar, boresights, volume):
                four = stencil(boost, nodes, node - 1)
                sofar = _search_gap(row, path, four, node - 1, sofar, state, radar, boresights, volume, intervals)
                continue
        if state == sofar.state:
            continue
        track, search = 0, 0
        if 0 < node < nodes:
            four = stencil(boost, nodes, node - 1)
            track, search = _crossings(row, path, four, node - 1, sofar.state, state, radar, boresights, volume)
        elif node == nodes:
            track = search = math.floor(row[IMPACT_TIME])
        sofar = _advance(sofar, state, track, search, radar[ACQUISITION], intervals)
    return sofar.found


@parallel_kernel
def _cover(
    elements: NDArray[np.float64],
    classes: NDArray[np.int16],
    radars: NDArray[np.float64],
    boresights: NDArray[np.float64],
    search_squared: NDArray[np.float64],
    track_squared: NDArray[np.float64],
    step: float,
    slots: int,
) -> tuple[NDArray[np.int16], int]:
    """Return cover intervals (radars, n, slots, 3) and the greatest number that any flight needs."""
    count = elements.shape[0]
    chunks = (count + _FLIGHTS_A_CHUNK - 1) // _FLIGHTS_A_CHUNK
    intervals = np.full((radars.shape[0], count, slots, 3), NEVER, dtype=np.int16)
    most = np.zeros(chunks + 1, dtype=np.int64)
    length = most_nodes(elements, step)
    for chunk in parallel_range(chunks):
        path = np.empty((ROWS, length))
        states, clearances = np.empty(length), np.empty(length, dtype=np.int64)
        for index in range(chunk * _FLIGHTS_A_CHUNK, min(count, (chunk + 1) * _FLIGHTS_A_CHUNK)):
            row = elements[index]
            if row[STATUS] != 0.0:
                continue
            boost, nodes = sample_path(row, step, path)
            kind = classes[index]
            for place in range(radars.shape[0]):
                found = cover_flight(
                    row,
                    path,
                    boost,
                    nodes,
                    states,
                    clearances,
                    radars[place],
                    boresights[place],
                    search_squared[place, kind],
                    track_squared[place, kind],
                    intervals[place, index],
                )
                most[chunk] = max(most[chunk], found)
    return intervals, most.max()
