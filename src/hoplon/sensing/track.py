"""Cueing and track starts of a set of radars on a network (model section 3)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import kernel, parallel_kernel, parallel_range
from hoplon.sensing.radar import Radar

_FLIGHTS_A_CHUNK = 1024
# Columns of a radar's cueing row.
_ACQUISITION, _CUED_ACQUISITION, _LATENCY, _REQUIRES_CUE, _TASKED = range(5)


@dataclass(frozen=True)
class Tracks:
    """Track intervals of a set of radars.

    Attributes
    ----------
    intervals : ndarray, shape (radars, n, slots, 2)
        Start and end of each track [s after ignition]; NaN pads. Starts increase.
    cues : ndarray, shape (radars, n)
        When the earliest cue reaches each radar [s]; infinite for never.
    """

    intervals: NDArray[np.float32]
    cues: NDArray[np.float32]


def tracks_of(
    covers: list[NDArray[np.int16]],
    radars: list[Radar],
    classes: NDArray[np.int16],
    alerts: NDArray[np.float64],
    *,
    networked: bool,
) -> Tracks:
    """Return the tracks that a set of radars starts and holds.

    Parameters
    ----------
    covers : list of ndarray, shape (n, slots, 3)
        Cover intervals of each radar.
    radars : list of Radar
    classes : ndarray, shape (n,)
        Threat class of each flight.
    alerts : ndarray, shape (classes,)
        When the first infrared alert reaches every node, latency included [s]; infinite for never.
    networked : bool
        False in the organic mode: no alert and no cue.

    Notes
    -----
    The cue of a radar is the earliest of the alert and of the other radars' first track starts plus latency. Starting
    from "no cue but the alert" and letting the first tracks cue the rest, round by round, reaches the fixed point in
    at most as many rounds as there are radars.
    """
    count = classes.shape[0]
    slots = max((cover.shape[1] for cover in covers), default=1)
    stacked = np.full((len(covers), count, slots, 3), -1, dtype=np.int16)
    for index, cover in enumerate(covers):
        stacked[index, :, : cover.shape[1]] = cover
    rows = np.array(
        [
            (r.acquisition, r.cued_acquisition, r.latency, float(r.requires_cue), float(r.tasked and networked))
            for r in radars
        ]
    ).reshape(len(radars), 5)
    arrival = alerts if networked else np.full_like(alerts, math.inf)
    intervals, cues = _track(stacked, rows, classes, arrival)
    return Tracks(intervals, cues)


@kernel
def _start(cover: NDArray[np.int16], radar: NDArray[np.float64], cue: float) -> float:
    """Return when a track starts in one interval of track cover [s], or infinity."""
    first, last, search = cover[0], cover[1], cover[2]
    if first < 0:
        return math.inf
    start = math.inf
    if search >= 0 and radar[3] == 0.0:
        start = search + radar[0]
    cued = max(float(first), cue) + radar[1]
    if cued <= last:
        start = min(start, cued)
    return start


@parallel_kernel
def _track(
    covers: NDArray[np.int16], radars: NDArray[np.float64], classes: NDArray[np.int16], alerts: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    places, count, slots, _ = covers.shape
    intervals = np.full((places, count, slots, 2), np.nan, dtype=np.float32)
    cues = np.full((places, count), np.inf, dtype=np.float32)
    chunks = (count + _FLIGHTS_A_CHUNK - 1) // _FLIGHTS_A_CHUNK
    for chunk in parallel_range(chunks):
        first, cue = np.empty(places), np.empty(places)
        for index in range(chunk * _FLIGHTS_A_CHUNK, min(count, (chunk + 1) * _FLIGHTS_A_CHUNK)):
            alert = alerts[classes[index]]
            for place in range(places):
                cue[place] = alert if radars[place, 4] > 0.0 else np.inf
                first[place] = np.inf
            for _ in range(places + 1):
                for place in range(places):
                    first[place] = np.inf
                    for slot in range(slots):
                        start = _start(covers[place, index, slot], radars[place], cue[place])
                        if start < first[place]:
                            first[place] = start
                changed = False
                for place in range(places):
                    if radars[place, 4] == 0.0:
                        continue
                    for other in range(places):
                        if other != place and first[other] + radars[other, 2] < cue[place]:
                            cue[place] = first[other] + radars[other, 2]
                            changed = True
                if not changed:
                    break
            for place in range(places):
                cues[place, index] = cue[place]
                kept = 0
                for slot in range(slots):
                    start = _start(covers[place, index, slot], radars[place], cue[place])
                    if start < np.inf:
                        intervals[place, index, kept, 0] = start
                        intervals[place, index, kept, 1] = covers[place, index, slot, 1]
                        kept += 1
    return intervals, cues
