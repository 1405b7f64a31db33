"""Cover: when a flight is inside a placed radar's search and track volume, or in the sky that a satellite watches.

Straight lines that end at the ellipsoid, no refraction, no terrain; range against a cross-section by the fourth root
(model section 3).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import borrowing_kernel, embedded_kernel, inlined_kernel, parallel_kernel, parallel_range
from hoplon.earth.geodesy import heading_vector, normal_of, position_of_normal
from hoplon.flight.arc import IMPACT_TIME, STATUS, flight_position
from hoplon.flight.information import SENSOR_COLUMNS, satellite_row, sensor_row
from hoplon.flight.path import (
    POSITION,
    ROWS,
    TIME,
    cubic_at,
    cubic_of,
    greatest_speed,
    most_nodes,
    sample_path,
    spans_of,
    stencil,
)
from hoplon.sensing.satellite import TrackingSatellite, seconds_above
from hoplon.sensing.volume import (
    ACQUISITION,
    BORESIGHTS,
    COSINE_HALFWIDTH,
    LEAST_ALTITUDE,
    MINIMUM_SQUARED,
    PARAMETERS,
    PLACE,
    SINE_HIGH,
    SINE_LOW,
    UP,
    Volume,
    hidden,
    hide,
    state_of,
    states_of,
    volume_about,
)

# Columns of a cover interval, whole seconds: first and last in track cover, and the start of the first stretch of
# search cover inside it that lasts long enough to acquire. NEVER marks what does not happen.
FIRST, LAST, SEARCH_FIRST = 0, 1, 2
NEVER = -1

_ALL_ROUND = -2.0  # a cosine that every bearing exceeds
_FLIGHTS_A_CHUNK = 256
_FEWEST, _LOOK = 4, 40.0  # nodes of which one is looked at: how many at least, and how long they take if more [s]


@dataclass(frozen=True)
class Radar:
    """A placed radar, SI and radians.

    Attributes
    ----------
    latitude, longitude : float
        Geodetic [rad].
    altitude : float
        Above the ellipsoid [m].
    search_ranges, track_ranges : tuple of float
        Greatest slant range against each threat class [m], in search and in track (cued).
    minimum_range : float
        [m].
    elevation_low, elevation_high : float
        Above the local geodetic horizon [rad]. Whatever they say the Earth ends the view: below zero a radar on a
        height sees down to the edge of the ellipsoid.
    boresights : tuple of float
        Azimuths clockwise from north [rad]; empty for all round.
    sector_halfwidth : float or None
        About each boresight [rad]; None for all round.
    acquisition, cued_acquisition : float
        Time in cover before a track starts, alone and with a cue [s].
    requires_cue : bool
        Starts no track of its own.
    tasked : bool
        Accepts cues; a partner's radar does not (a read-only feed is never tasked).
    latency : float
        Of its reports through the network [s].
    update : float
        Time between looks at a track [s].
    range_sigma, angle_sigma : float
        Errors of a look [m], [rad].
    """

    latitude: float
    longitude: float
    altitude: float
    search_ranges: tuple[float, ...]
    track_ranges: tuple[float, ...]
    minimum_range: float
    elevation_low: float
    elevation_high: float
    boresights: tuple[float, ...]
    sector_halfwidth: float | None
    acquisition: float
    cued_acquisition: float
    requires_cue: bool
    tasked: bool
    latency: float
    update: float
    range_sigma: float
    angle_sigma: float

    @property
    def partner(self) -> bool:
        """Whether it is a partner's read-only feed."""
        return not self.tasked

    def cover_key(self) -> tuple[object, ...]:
        """Return what the cover of this radar depends on (cueing and latency do not matter to it)."""
        return (
            self.latitude,
            self.longitude,
            self.altitude,
            self.search_ranges,
            self.track_ranges,
            self.minimum_range,
            self.elevation_low,
            self.elevation_high,
            self.boresights,
            self.sector_halfwidth,
            self.acquisition,
        )


Sensor = Radar | TrackingSatellite
"""What may hold a track of a body in free flight."""


def range_against(reference_range: float, reference_cross_section: float, cross_section: float, limit: float) -> float:
    """Return the detection range [m] against a radar cross-section [m2], no more than the instrumented ``limit``.

    References
    ----------
    .. [1] Skolnik, *Introduction to Radar Systems*, 3rd ed., 2001, eq. 1.8: range grows with the fourth root.
    """
    return float(min(limit, reference_range * (cross_section / reference_cross_section) ** 0.25))


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


def sensor_arrays(
    sensors: Sequence[Sensor],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return sensors as kernels take them: rows (r, PARAMETERS), boresights (r, b, 3), squared search and track ranges.

    A satellite has its least altitude alone; its ranges are 0.
    """
    widest = max([len(sensor.boresights) for sensor in sensors if isinstance(sensor, Radar)] + [1])
    rows, boresights = np.zeros((len(sensors), PARAMETERS)), np.zeros((len(sensors), widest, 3))
    search, track = [], []
    for row, directions, radar in zip(rows, boresights, sensors, strict=True):
        row[LEAST_ALTITUDE] = -1.0
        if isinstance(radar, TrackingSatellite):
            row[LEAST_ALTITUDE], row[BORESIGHTS] = radar.minimum_altitude, 1
            search.append((0.0,) * len(radar.track_starts))
            track.append(search[-1])
            continue
        search.append(radar.search_ranges)
        track.append(radar.track_ranges)
        up = normal_of(radar.latitude, radar.longitude)
        row[PLACE : PLACE + 3] = position_of_normal(*up, radar.altitude)
        row[UP : UP + 3] = up
        row[SINE_LOW], row[SINE_HIGH] = _signed_square(radar.elevation_low), _signed_square(radar.elevation_high)
        row[MINIMUM_SQUARED] = radar.minimum_range**2
        row[ACQUISITION] = radar.acquisition
        row[COSINE_HALFWIDTH], row[BORESIGHTS] = _ALL_ROUND, 1
        halfwidth = radar.sector_halfwidth
        if radar.boresights and halfwidth is not None and halfwidth < math.pi:
            row[COSINE_HALFWIDTH] = math.cos(halfwidth) * abs(math.cos(halfwidth))
            row[BORESIGHTS] = len(radar.boresights)
            for index, azimuth in enumerate(radar.boresights):
                directions[index] = heading_vector(radar.latitude, radar.longitude, azimuth)
    return rows, boresights, np.square(search), np.square(track)


def sensor_rows(sensors: Sequence[Sensor]) -> NDArray[np.float64]:
    """Return what the quality of tracks takes of each sensor, shape (sensors, SENSOR_COLUMNS)."""
    rows = np.empty((len(sensors), SENSOR_COLUMNS))
    for row, radar in zip(rows, sensors, strict=True):
        if isinstance(radar, TrackingSatellite):
            row[:] = satellite_row(radar.update, radar.position_sigma)
            continue
        place = position_of_normal(*normal_of(radar.latitude, radar.longitude), radar.altitude)
        row[:] = sensor_row(place, radar.update, radar.range_sigma, radar.angle_sigma)
    return rows


def _signed_square(elevation: float) -> float:
    return math.sin(elevation) * abs(math.sin(elevation))


@borrowing_kernel
def _stretch_near(path: NDArray[np.float64], nodes: int, pace: float, volume: Volume) -> tuple[int, int]:
    """Return the first node that may be in track cover and the one after the last; equal for none.

    One node of a few is looked at: the flight is no farther from it than ``pace`` takes it, so that its neighbours
    are out of cover when it is beyond the track range, or below the horizon, by more than that.
    """
    px, py, pz, ux, uy, uz = volume.x, volume.y, volume.z, volume.up_x, volume.up_y, volume.up_z
    track, horizon = math.sqrt(volume.track_squared), volume.sine_low >= 0.0
    stride = max(_FEWEST, int(_LOOK * nodes / path[TIME, nodes - 1]))
    first, end = nodes, 0
    for start in range(0, nodes, stride):
        stop = min(start + stride, nodes)
        middle = (start + stop) // 2
        time = path[TIME, middle]
        moved = pace * max(path[TIME, stop - 1] - time, time - path[TIME, start])
        dx, dy, dz = path[POSITION, middle] - px, path[POSITION + 1, middle] - py, path[POSITION + 2, middle] - pz
        reach = track + moved
        below = horizon and dx * ux + dy * uy + dz * uz < -moved
        if not below and dx * dx + dy * dy + dz * dz <= reach * reach:
            first, end = min(first, start), stop
    return min(first, end), end


@borrowing_kernel
def _states_of_path(
    path: NDArray[np.float64],
    start: int,
    end: int,
    radar: NDArray[np.float64],
    boresights: NDArray[np.float64],
    first: Volume,
    states: NDArray[np.float64],
) -> None:
    """Write the states of nodes: the best over the boresights, ``first`` the volume about the first of them."""
    xs, ys, zs = path[POSITION, start:end], path[POSITION + 1, start:end], path[POSITION + 2, start:end]
    states_of(xs, ys, zs, first, states[start:end])
    for index in range(1, int(radar[BORESIGHTS])):
        volume = volume_about(radar, boresights[index], first.search_squared, first.track_squared)
        for node in range(end - start):
            states[start + node] = max(states[start + node], state_of(xs[node], ys[node], zs[node], volume))
    if first.sine_low < 0.0:  # else the Earth hides nothing that the limit admits
        hide(xs, ys, zs, first, states[start:end])


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
    first = max(start, 0)
    spans = spans_of(path, first)
    along_x, along_y, along_z = (
        cubic_of(path, POSITION, first, spans),
        cubic_of(path, POSITION + 1, first, spans),
        cubic_of(path, POSITION + 2, first, spans),
    )
    entering = after > before
    from_level, to_level = int(min(before, after)) + 1, int(max(before, after))
    track, search = 0, 0
    for level in range(from_level, to_level + 1):
        low: int = math.floor(path[TIME, node])
        high: int = math.ceil(path[TIME, node + 1])
        while high - low > 1:
            middle = (low + high) // 2
            if start < 0:
                x, y, z = flight_position(row, middle)
            else:
                x, y, z = (
                    cubic_at(along_x, spans, middle),
                    cubic_at(along_y, spans, middle),
                    cubic_at(along_z, spans, middle),
                )
            state = state_of(x, y, z, volume)
            for index in range(1, int(radar[BORESIGHTS])):
                other = volume_about(radar, boresights[index], volume.search_squared, volume.track_squared)
                state = max(state, state_of(x, y, z, other))
            if volume.sine_low < 0.0 and hidden(x, y, z, volume):
                state = 0.0
            if (state >= level) == entering:
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
def _any(states: NDArray[np.float64]) -> bool:
    count = 0
    for node in range(states.shape[0]):
        count += 1 if states[node] > 0.0 else 0
    return count > 0


@embedded_kernel
def cover_flight(
    row: NDArray[np.float64],
    path: NDArray[np.float64],
    boost: int,
    nodes: int,
    states: NDArray[np.float64],
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
    states : ndarray, shape (m,)
        Scratch, as long as the path buffer.
    radar, boresights, search_squared, track_squared
        One sensor's part of :func:`sensor_arrays`, the ranges against the flight's class.
    intervals : ndarray, shape (slots, 3)
        Holding NEVER; filled from the first slot.
    """
    if radar[LEAST_ALTITUDE] >= 0.0:
        intervals[0, 0], intervals[0, 1] = seconds_above(row, radar[LEAST_ALTITUDE])
        if intervals[0, 1] >= 0:
            return 1
        intervals[0, 0] = NEVER
        return 0
    volume = volume_about(radar, boresights[0], search_squared, track_squared)
    start, end = _stretch_near(path, nodes, greatest_speed(row), volume)
    if start == end:
        return 0
    _states_of_path(path, start, end, radar, boresights, volume, states)
    if not _any(states[start:end]):
        return 0
    found, before = 0, 0.0
    first, search_first, search = 0, 0, NEVER
    for node in range(start, end + 1):
        state = states[node] if node < end else 0.0
        if state == before:
            continue
        crossing = (0, 0)
        if 0 < node < nodes:
            four = stencil(boost, nodes, node - 1)
            crossing = _crossings(row, path, four, node - 1, before, state, radar, boresights, volume)
        elif node == nodes:
            crossing = (math.floor(row[IMPACT_TIME]), math.floor(row[IMPACT_TIME]))
        if state > before:
            if before == 0.0:
                first, search = crossing[0], NEVER
            if state == 2.0:
                search_first = crossing[1]
        else:
            if before == 2.0 and search == NEVER and crossing[1] - search_first >= radar[ACQUISITION]:
                search = search_first
            if state == 0.0 and first <= crossing[0]:
                if found < intervals.shape[0]:
                    intervals[found, 0], intervals[found, 1], intervals[found, 2] = first, crossing[0], search
                found += 1
        before = state
    return found


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
        states = np.empty(length)
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
                    radars[place],
                    boresights[place],
                    search_squared[place, kind],
                    track_squared[place, kind],
                    intervals[place, index],
                )
                most[chunk] = max(most[chunk], found)
    return intervals, most.max()
