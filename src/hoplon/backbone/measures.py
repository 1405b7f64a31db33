"""What a replication came to, counted from its log of events alone."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.layout import (
    AT_ONCE,
    BATTERIES,
    COMMANDS,
    FIRST_BATTERY,
    FIRST_NODE,
    FORM,
    IGNITION,
    NODES,
    ORGANIC,
    RADARS,
    THREATS,
    TRACKS,
    hears,
    threat_at,
)
from hoplon.backbone.messages import (
    CUT,
    DESTINATION,
    FAIL,
    FALLBACK,
    FIRST,
    HEARD,
    IMPACT,
    INTERCEPT,
    KILLED,
    KIND,
    LAUNCH,
    LAUNCHED,
    LEAKED,
    MENDED,
    MISTAKEN,
    NO_SUPPORT,
    ORDER,
    OUTCOME,
    QUIET,
    RADAR_DOWN,
    REPAIR,
    SECOND,
    THREAT,
    TIME,
    TRACK_OFF,
    TRACK_ON,
    UNHEARD,
    WASTED,
)
from hoplon.compiled import borrowing_kernel

MEASURES: Final = (
    "leakers",
    "kills",
    "shots",
    "inventory_left",
    "engagements",
    "duplicate_shots",
    "wasted_shots",
    "unsupported_shots",
    "slack_ms",
    "tracked_ms",
    "flown_ms",
    "tracks_ms",
    "report_delay_ms",
    "reports",
    "threats_shot_at",
    "events",
)
(
    LEAKERS,
    KILLS,
    SHOTS,
    INVENTORY_LEFT,
    ENGAGEMENTS,
    DUPLICATE_SHOTS,
    WASTED_SHOTS,
    UNSUPPORTED_SHOTS,
    SLACK_MS,
    TRACKED_MS,
    FLOWN_MS,
    TRACKS_MS,
    REPORT_DELAY_MS,
    REPORTS,
    THREATS_SHOT_AT,
    EVENTS,
) = range(len(MEASURES))


@borrowing_kernel
def measure(
    log: NDArray[np.int64],
    logged: int,
    fixed: NDArray[np.int64],
    magazine: int,
    held: NDArray[np.int64],
    since: NDArray[np.int64],
    flying: NDArray[np.int64],
    row: NDArray[np.int64],
) -> None:
    """Count a log into a row of whole numbers.

    Parameters
    ----------
    log : ndarray, shape (n, 9)
        The first ``logged`` events count.
    fixed : ndarray
        The raid.
    magazine : int
        Interceptors of all batteries at the beginning.
    held, since, flying : ndarray, shapes (nodes + 2, tracks), (2, threats), (batteries, tracks)
        Scratch: the radars that each node knows to hold a track, as bits (in the last two rows the nodes that do not
        work, and those cut off); since when the pictures are as they are; when each battery's last interceptor
        meets the threat that it knows under each track number.
    row : ndarray, shape (len(MEASURES),)
        Filled.
    """
    row[:] = 0
    held[:, :] = 0
    flying[:, :] = -1
    for threat in range(fixed[THREATS]):
        since[0, threat], since[1, threat] = threat_at(fixed, threat, IGNITION), 0
    for index in range(logged):
        event = log[index]
        kind, threat = event[KIND], event[THREAT]
        if kind in (TRACK_ON, TRACK_OFF):
            _picture(event, fixed, held, since, row)
        elif kind == MISTAKEN:
            _mistaken(event, fixed, held, since, row)
        elif kind == IMPACT:
            row[LEAKERS] += 1 if event[OUTCOME] == LEAKED else 0
            _flown(event[TIME], fixed, threat, held, since, row)
        elif kind == INTERCEPT:
            _intercept(event, fixed, held, since, row)
        elif kind == LAUNCH and event[OUTCOME] == LAUNCHED:
            _launch(event, fixed, flying, since, row)
        elif kind == ORDER and event[OUTCOME] >= 0 and event[DESTINATION] >= fixed[FIRST_BATTERY]:
            row[ENGAGEMENTS] += 1
            row[SLACK_MS] += event[OUTCOME] // 1000
        elif kind in (FAIL, REPAIR, CUT, MENDED, QUIET, FALLBACK, HEARD):
            _failure(event, fixed, held, since, row)
    row[INVENTORY_LEFT] = magazine - row[SHOTS]
    row[EVENTS] = logged


@borrowing_kernel
def _launch(
    event: NDArray[np.int64],
    fixed: NDArray[np.int64],
    flying: NDArray[np.int64],
    since: NDArray[np.int64],
    row: NDArray[np.int64],
) -> None:
    track, battery = event[THREAT], event[DESTINATION] - fixed[FIRST_BATTERY]
    row[SHOTS] += 1
    shot_at, duplicate = False, False
    for other in range(fixed[BATTERIES]):
        for number in range(track % fixed[THREATS], fixed[TRACKS], fixed[THREATS]):
            shot_at = shot_at or flying[other, number] >= 0
            same = other == battery and number == track
            duplicate = duplicate or (not same and flying[other, number] > event[TIME])
    row[THREATS_SHOT_AT] += 0 if shot_at else 1
    row[DUPLICATE_SHOTS] += 1 if duplicate else 0
    flying[battery, track] = max(flying[battery, track], event[FIRST])


@borrowing_kernel
def _intercept(
    event: NDArray[np.int64],
    fixed: NDArray[np.int64],
    held: NDArray[np.int64],
    since: NDArray[np.int64],
    row: NDArray[np.int64],
) -> None:
    if event[OUTCOME] == KILLED:
        row[KILLS] += 1
        _flown(event[TIME], fixed, event[THREAT], held, since, row)
    row[WASTED_SHOTS] += 1 if event[OUTCOME] == WASTED else 0
    row[UNSUPPORTED_SHOTS] += 1 if event[OUTCOME] == NO_SUPPORT else 0


@borrowing_kernel
def _tracked(
    time: int,
    fixed: NDArray[np.int64],
    threat: int,
    held: NDArray[np.int64],
    since: NDArray[np.int64],
    row: NDArray[np.int64],
) -> None:
    """Count the time since the pictures of a threat last changed."""
    if since[0, threat] < 0:
        return
    pictures = 0
    for number in range(threat, fixed[TRACKS], fixed[THREATS]):
        shared = 0
        for node in range(fixed[NODES]):
            if held[node, number] != 0 and (fixed[FORM] == ORGANIC or (held[_apart(held), 0] >> node) & 1):
                pictures += 1
            elif held[node, number] != 0:
                shared = 1  # networked nodes share track numbers
        pictures += shared
    lasted = max(time // 1000 - since[0, threat] // 1000, 0)
    row[TRACKED_MS] += lasted if pictures > 0 else 0
    row[TRACKS_MS] += pictures * lasted
    since[0, threat] = time


@borrowing_kernel
def _flown(
    time: int,
    fixed: NDArray[np.int64],
    threat: int,
    held: NDArray[np.int64],
    since: NDArray[np.int64],
    row: NDArray[np.int64],
) -> None:
    """Close the account of a threat at its end; a second end changes nothing."""
    if since[0, threat] < 0:
        return
    _tracked(time, fixed, threat, held, since, row)
    row[FLOWN_MS] += time // 1000 - threat_at(fixed, threat, IGNITION) // 1000
    since[0, threat] = -1


@borrowing_kernel
def _picture(
    event: NDArray[np.int64],
    fixed: NDArray[np.int64],
    held: NDArray[np.int64],
    since: NDArray[np.int64],
    row: NDArray[np.int64],
) -> None:
    """Follow what the nodes that work know."""
    node, threat = event[DESTINATION] - fixed[FIRST_NODE], event[THREAT]
    if threat < 0 or node < 0 or node >= fixed[NODES] or event[OUTCOME] == UNHEARD:
        return
    if (held[_down(held), 0] >> node) & 1:
        return
    bit = np.int64(1) << event[FIRST]
    if event[KIND] == TRACK_ON:
        second = False  # held under the second number already
        for number in range(threat + fixed[THREATS], fixed[TRACKS], fixed[THREATS]):
            second = second or held[node, number] & bit != 0
        if held[node, threat] & bit == 0 and not second and node < fixed[COMMANDS]:
            row[REPORTS] += 1
            row[REPORT_DELAY_MS] += (event[TIME] - event[SECOND]) // 1000
        if not second:
            _tracked(event[TIME], fixed, threat, held, since, row)
            held[node, threat] |= bit
    elif event[SECOND] != RADAR_DOWN:
        _tracked(event[TIME], fixed, threat, held, since, row)
        for number in range(threat, fixed[TRACKS], fixed[THREATS]):
            held[node, number] &= ~bit


@borrowing_kernel
def _mistaken(
    event: NDArray[np.int64],
    fixed: NDArray[np.int64],
    held: NDArray[np.int64],
    since: NDArray[np.int64],
    row: NDArray[np.int64],
) -> None:
    """Put the track that a node was just told of under its second number."""
    node, number = event[DESTINATION] - fixed[FIRST_NODE], event[THREAT]
    if (held[_down(held), 0] >> node) & 1:
        return
    bit, first = np.int64(1) << event[FIRST], number - fixed[THREATS]
    _tracked(event[TIME], fixed, first, held, since, row)
    held[node, first] &= ~bit
    held[node, number] |= bit


@borrowing_kernel
def _failure(
    event: NDArray[np.int64],
    fixed: NDArray[np.int64],
    held: NDArray[np.int64],
    since: NDArray[np.int64],
    row: NDArray[np.int64],
) -> None:
    """Empty the picture of a node that fails or is repaired; follow which nodes are cut off."""
    node, kind = event[DESTINATION] - fixed[FIRST_NODE], event[KIND]
    if node < 0 or node >= fixed[NODES] or (kind in (QUIET, FALLBACK, HEARD) and event[OUTCOME] != 1):
        return
    if node >= fixed[COMMANDS] and kind in (CUT, MENDED):
        return  # a unit is on its own once it falls back
    near = np.int64(0)  # what a node sees without the network
    for radar in range(fixed[RADARS]):
        near |= np.int64(hears(fixed, node, radar) == AT_ONCE) << radar
    for threat in range(fixed[THREATS]):
        _tracked(max(event[TIME], since[0, threat]), fixed, threat, held, since, row)
        for number in range(threat, fixed[TRACKS], fixed[THREATS]):
            if kind in (FAIL, REPAIR):
                held[node, number] = 0
            elif kind == QUIET:
                held[node, number] &= near
    marks = _down(held) if kind in (FAIL, REPAIR) else _apart(held)
    if kind in (FAIL, CUT, FALLBACK):
        held[marks, 0] |= np.int64(1) << node
    elif kind != QUIET:
        held[marks, 0] &= ~(np.int64(1) << node)


@borrowing_kernel
def _down(held: NDArray[np.int64]) -> int:
    """Return the row that marks the nodes that do not work."""
    return int(held.shape[0] - 2)


@borrowing_kernel
def _apart(held: NDArray[np.int64]) -> int:
    """Return the row that marks nodes without a link and units that fell back, which number their own tracks."""
    return int(held.shape[0] - 1)
