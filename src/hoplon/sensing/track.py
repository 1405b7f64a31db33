"""Cueing and track starts of a set of radars and tracking satellites on a network (model section 3)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import borrowing_kernel, parallel_kernel, parallel_range
from hoplon.sensing.radar import Sensor
from hoplon.sensing.satellite import TrackingSatellite

if TYPE_CHECKING:
    from collections.abc import Sequence

_FLIGHTS_A_CHUNK = 1024
_BY_COVER = -1.0  # of a radar: its tracks start by cover and cue
# Columns of a sensor's cueing row.
_ACQUISITION, _CUED_ACQUISITION, LATENCY, _REQUIRES_CUE, _TASKED = range(5)


@dataclass(frozen=True)
class Tracks:
    """Track intervals of a set of sensors.

    Attributes
    ----------
    intervals : ndarray, shape (sensors, n, slots, 2)
        Start and end of each track [s after ignition]; NaN pads. Starts increase.
    cues : ndarray, shape (sensors, n)
        When the earliest cue reaches each radar [s]; infinite for never, and for satellites.
    """

    intervals: NDArray[np.float32]
    cues: NDArray[np.float32]


def tracks_of(
    covers: list[NDArray[np.int16]],
    sensors: Sequence[Sensor],
    classes: NDArray[np.int16],
    alerts: NDArray[np.float64],
    *,
    networked: bool,
) -> Tracks:
    """Return the tracks that a set of sensors starts and holds.

    Parameters
    ----------
    covers : list of ndarray, shape (n, slots, 3)
        Cover intervals of each sensor.
    sensors : sequence of Radar or TrackingSatellite
    classes : ndarray, shape (n,)
        Threat class of each flight.
    alerts : ndarray, shape (classes,)
        When the first infrared alert reaches every node, latency included [s]; infinite for never.
    networked : bool
        False in the organic mode: no alert and no cue.

    Notes
    -----
    The cue of a radar is the earliest of the alert and of the other sensors' first track starts plus latency. Starting
    from "no cue but the alert" and letting the first tracks cue the rest, round by round, reaches the fixed point in
    at most as many rounds as there are radars.
    """
    count = classes.shape[0]
    slots = max((cover.shape[1] for cover in covers), default=1)
    stacked = np.full((len(covers), count, slots, 3), -1, dtype=np.int16)
    for index, cover in enumerate(covers):
        stacked[index, :, : cover.shape[1]] = cover
    intervals, cues = _track(
        stacked, cueing_rows(sensors), track_starts(sensors, len(alerts)), networked, classes, alerts
    )
    return Tracks(intervals, cues)


def cueing_rows(sensors: Sequence[Sensor]) -> NDArray[np.float64]:
    """Return what cueing takes of each sensor, shape (sensors, 5); a satellite is never cued."""
    return np.array(
        [
            (r.acquisition, r.acquisition, r.latency, 0.0, 0.0)
            if isinstance(r, TrackingSatellite)
            else (r.acquisition, r.cued_acquisition, r.latency, float(r.requires_cue), float(r.tasked))
            for r in sensors
        ]
    ).reshape(len(sensors), 5)


def track_starts(sensors: Sequence[Sensor], classes: int) -> NDArray[np.float64]:
    """Return when each satellite's track of each class starts [s], shape (classes, sensors); -1 for a radar's."""
    starts = np.full((classes, len(sensors)), _BY_COVER)
    for place, sensor in enumerate(sensors):
        if isinstance(sensor, TrackingSatellite):
            starts[:, place] = sensor.track_starts
    return starts


@borrowing_kernel
def _start(cover: NDArray[np.int16], radar: NDArray[np.float64], given: float, cue: float) -> float:
    """Return when a track starts in one interval of track cover [s], or infinity.

    A satellite's, at the time given by the class, or when the body has risen high enough if that is later.
    """
    first, last, search = cover[0], cover[1], cover[2]
    if first < 0:
        return math.inf
    start = math.inf
    if given >= 0.0:
        given = max(given, float(first))
        return given if given <= last else math.inf
    if search >= 0 and radar[_REQUIRES_CUE] == 0.0:
        start = search + radar[_ACQUISITION]
    cued = max(float(first), cue) + radar[_CUED_ACQUISITION]
    if cued <= last:
        start = min(start, cued)
    return start


@borrowing_kernel
def follow(
    covers: NDArray[np.int16],
    members: NDArray[np.int16],
    radars: NDArray[np.float64],
    given: NDArray[np.float64],
    networked: bool,
    alert: float,
    first: NDArray[np.float64],
    cue: NDArray[np.float64],
    intervals: NDArray[np.float32],
) -> None:
    """Write the tracks of one flight by the sensors of one set, and when a cue reaches each.

    Parameters
    ----------
    covers : ndarray, shape (radars, slots, 3)
        Cover intervals of the flight by every sensor there is.
    members : ndarray, shape (m,)
        The sensors of the set.
    radars : ndarray, shape (radars, 5)
        :func:`cueing_rows`.
    given : ndarray, shape (radars,)
        :func:`track_starts` of the flight's class.
    networked : bool
        False in the organic mode: no alert and no cue.
    alert : float
        When the first alert reaches every node [s].
    first, cue : ndarray, shape (m,)
        Filled: first track start and cue arrival [s], infinite for never.
    intervals : ndarray, shape (m, slots, 2)
        Filled: start and end of each track [s]; NaN pads.
    """
    places, slots = members.shape[0], covers.shape[1]
    for place in range(places):
        tasked = networked and radars[members[place], _TASKED] > 0.0
        cue[place] = alert if tasked else np.inf
    for _ in range(places + 1):
        for place in range(places):
            first[place] = np.inf
            for slot in range(slots):
                if covers[members[place], slot, 0] < 0:
                    break
                start = _start(covers[members[place], slot], radars[members[place]], given[members[place]], cue[place])
                first[place] = min(first[place], start)
        soonest, next_soonest, by = np.inf, np.inf, -1
        for place in range(places):
            arrival = first[place] + radars[members[place], LATENCY]
            if arrival < soonest:
                soonest, next_soonest, by = arrival, soonest, place
            elif arrival < next_soonest:
                next_soonest = arrival
        changed = False
        for place in range(places):
            arrival = next_soonest if place == by else soonest
            if networked and radars[members[place], _TASKED] > 0.0 and arrival < cue[place]:
                cue[place] = arrival
                changed = True
        if not changed:
            break
    for place in range(places):
        kept = 0
        for slot in range(slots):
            intervals[place, slot, 0] = intervals[place, slot, 1] = np.nan
            if covers[members[place], slot, 0] < 0:
                continue
            start = _start(covers[members[place], slot], radars[members[place]], given[members[place]], cue[place])
            if start < np.inf:
                intervals[place, kept, 0] = start
                intervals[place, kept, 1] = covers[members[place], slot, 1]
                kept += 1


@parallel_kernel
def _track(
    covers: NDArray[np.int16],
    radars: NDArray[np.float64],
    given: NDArray[np.float64],
    networked: bool,
    classes: NDArray[np.int16],
    alerts: NDArray[np.float64],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    places, count, slots, _ = covers.shape
    intervals = np.empty((places, count, slots, 2), dtype=np.float32)
    cues = np.empty((places, count), dtype=np.float32)
    chunks = (count + _FLIGHTS_A_CHUNK - 1) // _FLIGHTS_A_CHUNK
    members = np.arange(places).astype(np.int16)
    for chunk in parallel_range(chunks):
        first, cue = np.empty(places), np.empty(places)
        for index in range(chunk * _FLIGHTS_A_CHUNK, min(count, (chunk + 1) * _FLIGHTS_A_CHUNK)):
            follow(
                covers[:, index],
                members,
                radars,
                given[classes[index]],
                networked,
                alerts[classes[index]],
                first,
                cue,
                intervals[:, index],
            )
            for place in range(places):
                cues[place, index] = cue[place]
    return intervals, cues
