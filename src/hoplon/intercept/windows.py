"""When a battery may launch at the earliest, when an intercept has support, and when a kill can be assessed."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hoplon.compiled import borrowing_kernel, embedded_kernel, inlined_kernel
from hoplon.intercept.battery import REMOTE_COMMIT, TimingRow

WINDOWS: Final = 64  # room for those of predicted support on a map; more are never seen


class Windows(NamedTuple):
    """Stretches of time [s], shape (m, 2), the first ``number`` of them valid."""

    times: NDArray[np.float64]
    number: int


@inlined_kernel
def firm_time(tracks: NDArray[np.float32], radar: int, flight: int, burn_time: float, firm_track: float) -> float:
    """Return when a radar's track of a flight becomes firm [s], infinite for never."""
    for slot in range(tracks.shape[2]):
        if not tracks[radar, flight, slot, 0] >= 0.0:
            break
        ready = max(float(tracks[radar, flight, slot, 0]), burn_time) + firm_track
        if ready <= tracks[radar, flight, slot, 1]:
            return ready
    return math.inf


@borrowing_kernel
def firm_times(
    tracks: NDArray[np.float32], flight: int, burn_time: float, firm_track: float, firm: NDArray[np.float64]
) -> None:
    """Write when each radar's track of a flight becomes firm [s], infinite for never."""
    for radar in range(tracks.shape[0]):
        firm[radar] = firm_time(tracks, radar, flight, burn_time, firm_track)


@borrowing_kernel
def commit_time(
    battery: NDArray[np.float64],
    own: NDArray[np.bool_],
    firm: NDArray[np.float64],
    latencies: NDArray[np.float64],
    timing: TimingRow,
) -> float:
    """Return when a battery may launch at the earliest [s], infinite for never."""
    earliest = math.inf
    for radar in range(firm.shape[0]):
        if own[radar]:
            earliest = min(earliest, firm[radar])
        elif battery[REMOTE_COMMIT] > 0.0:
            earliest = min(earliest, firm[radar] + latencies[radar])
    return float(earliest + timing.decision + timing.reaction)


@borrowing_kernel
def commit_by(
    battery: NDArray[np.float64],
    own_radars: NDArray[np.int16],
    firm: NDArray[np.float64],
    remote: float,
    timing: TimingRow,
) -> float:
    """Return :func:`commit_time` from the earliest firm track through the network [s], and the own radars' places."""
    earliest = remote if battery[REMOTE_COMMIT] > 0.0 else math.inf
    for place in own_radars:
        if place >= 0:
            earliest = min(earliest, firm[place])
    return float(earliest + timing.decision + timing.reaction)


@embedded_kernel
def gather_windows(
    tracks: NDArray[np.float32],
    flight: int,
    battery: NDArray[np.float64],
    own: NDArray[np.bool_],
    supporters: NDArray[np.bool_],
    latencies: NDArray[np.float64],
    timing: TimingRow,
    support: NDArray[np.float64],
    assessment: NDArray[np.float64],
) -> tuple[int, int]:
    """Write the windows of intercepts with support, and of those whose kill can be assessed; return their numbers."""
    supports, assessments = 0, 0
    for radar in range(tracks.shape[0]):
        watches = own[radar] or battery[REMOTE_COMMIT] > 0.0
        latency = 0.0 if own[radar] else latencies[radar]
        for slot in range(tracks.shape[2]):
            start, end = float(tracks[radar, flight, slot, 0]), float(tracks[radar, flight, slot, 1])
            if not start >= 0.0:
                break
            if supporters[radar]:
                support[supports, 0], support[supports, 1] = start + timing.support + latency, end + timing.handover
                supports += 1
            if watches:
                assessment[assessments, 0], assessment[assessments, 1] = start - timing.kill_assessment, end
                assessments += 1
    return supports, assessments


@borrowing_kernel
def merge_windows(times: NDArray[np.float64], number: int, low: float, high: float) -> int:
    """Cut windows to the time from ``low`` to ``high``, sort and join them in place; return how many are left."""
    kept = 0
    for index in range(number):
        start, end = max(times[index, 0], low), min(times[index, 1], high)
        if start > end:
            continue
        place = kept
        while place > 0 and times[place - 1, 0] > start:
            times[place, 0], times[place, 1] = times[place - 1, 0], times[place - 1, 1]
            place -= 1
        times[place, 0], times[place, 1] = start, end
        kept += 1
    joined = 0
    for index in range(kept):
        start, end = times[index, 0], times[index, 1]
        if joined > 0 and start <= times[joined - 1, 1]:
            times[joined - 1, 1] = max(times[joined - 1, 1], end)
        else:
            times[joined, 0], times[joined, 1] = start, end
            joined += 1
    return joined


@inlined_kernel
def inside(windows: Windows, time: float) -> bool:
    """Tell whether a time lies in one of the windows."""
    for index in range(windows.number):
        if windows.times[index, 0] <= time <= windows.times[index, 1]:
            return True
    return False


@borrowing_kernel
def overlaps(windows: Windows, start: float, end: float) -> bool:
    """Tell whether one of the windows meets the stretch from ``start`` to ``end``."""
    for index in range(windows.number):
        if windows.times[index, 0] <= end and windows.times[index, 1] >= start:
            return True
    return False
