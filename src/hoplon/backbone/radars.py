"""A radar or a tracking satellite: it looks, acquires, holds tracks up to its capacity, reports.

An acquisition begins with the first look that sees the threat and lasts the acquisition time; it is confirmed if enough
of the looks inside it saw the threat (3 of 5, in proportion), else the radar begins anew. Each look has a draw of its
own, keyed by its number, so that the outcome of looks to come can be read ahead: one event, the confirmation, instead
of one a look. With ``EVERY_LOOK`` each look is an event and updates are reported; the tracks are the same.

A tracking satellite is a radar that is never cued and misses nothing: a track begins when its wait after burnout is
over, as soon as the threat is high enough. One that warns of launches too says so to the nodes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.layout import (
    ACQUISITION,
    ACQUISITION_HITS,
    ACQUISITION_LOOKS,
    AFTER_BURNOUT,
    ALIVE,
    BURNOUT,
    CAPACITY,
    COVER_FIRST,
    COVER_LAST,
    COVER_SEARCH,
    CUE_TIME,
    CUED_ACQUISITION,
    CUED_HITS,
    CUED_LOOKS,
    EVERY_LOOK,
    FIRST_RADAR,
    FLIGHT,
    FROM_CUED,
    FROM_SEARCH,
    HITS_CUED,
    HITS_SEARCH,
    IGNITION,
    LINK_LOST,
    LOOK_INTERVAL,
    ORDINAL,
    RADAR_HOP,
    RADAR_HOP_SPREAD,
    READY,
    REQUIRES_CUE,
    SINCE,
    SLOT,
    SLOTS,
    STALE,
    STATUS,
    THREATS,
    TRACKS_HELD,
    UNTOLD,
    cover_at,
    radar_at,
    threat_at,
)
from hoplon.backbone.looks import CUED, EPOCH, HOLDING, SEARCH, acquired, sees
from hoplon.backbone.messages import (
    BURNING,
    CONFIRM,
    COVER_ENDED,
    CUE,
    CUT,
    DESTINATION,
    DESTROYED,
    ENTER,
    EXIT,
    FAIL,
    FIRST,
    GONE,
    KIND,
    LOOK,
    MENDED,
    NEVER,
    QUIET,
    RADAR_DOWN,
    REPAIR,
    REPORT_TO,
    SECOND,
    SECOND_US,
    SILENT,
    THREAT,
    TIME,
    TRACK_OFF,
    TRACK_ON,
    UPDATE,
    send,
)
from hoplon.backbone.reports import TRACKING, handle_link, report, report_again, row_of
from hoplon.backbone.threats import warn
from hoplon.compiled import borrowing_kernel

OUTSIDE, ACQUIRING, WAITING, OVER = 0, 1, 2, 4  # beside TRACKING


@borrowing_kernel
def _begin(
    draw_key: Any,
    fixed: NDArray[np.int64],
    looks: NDArray[np.int32],
    mine: NDArray[np.int64],
    radar: int,
    threat: int,
    beam: int,
    now: int,
    out: NDArray[np.int64],
    count: int,
) -> int:
    """Begin to search for a threat in cover, or to look where a cue points."""
    row = row_of(threat)
    ignition, flight = threat_at(fixed, threat, IGNITION), threat_at(fixed, threat, FLIGHT)
    slot, me = mine[row + SLOT], fixed[FIRST_RADAR] + radar
    end = cover_at(fixed, radar, flight, slot, COVER_LAST) * SECOND_US
    start = now - ignition
    wait = radar_at(fixed, radar, AFTER_BURNOUT)
    if wait >= 0:
        if beam != SEARCH:
            return count
        # One that works again waits anew.
        entered = start == cover_at(fixed, radar, flight, slot, COVER_FIRST) * SECOND_US
        burnout = threat_at(fixed, threat, BURNOUT)
        begins = max(start, burnout + wait) if entered else max(start, burnout) + wait
        if begins > end:
            return count
        mine[row + READY] = ignition + begins
        return send(out, count, ignition + begins, me, CONFIRM, threat, mine[row + ORDINAL], 0)
    if beam == SEARCH:
        search = cover_at(fixed, radar, flight, slot, COVER_SEARCH)
        if search < 0 or radar_at(fixed, radar, REQUIRES_CUE) == 1:
            return count
        start = max(start, search * SECOND_US)
    if fixed[EVERY_LOOK] == 1:
        mine[row + (HITS_SEARCH if beam == SEARCH else HITS_CUED)] = 0
        number = mine[row + ORDINAL] * EPOCH
        me = fixed[FIRST_RADAR] + radar
        return send(out, count, ignition + start, me, LOOK, threat, beam, number)
    time = acquired(draw_key, fixed, looks, radar, threat, beam, mine[row + ORDINAL], start, end)
    if time == NEVER:
        return count
    if mine[row + READY] >= 0 and mine[row + READY] <= ignition + time:
        return count
    mine[row + READY] = ignition + time
    return send(out, count, ignition + time, me, CONFIRM, threat, mine[row + ORDINAL], 0)


@borrowing_kernel
def _start_track(
    draw_key: Any,
    fixed: NDArray[np.int64],
    mine: NDArray[np.int64],
    radar: int,
    threat: int,
    now: int,
    out: NDArray[np.int64],
    count: int,
) -> int:
    row = row_of(threat)
    mine[row + STATUS], mine[row + SINCE], mine[row + UNTOLD] = TRACKING, now, 0
    mine[TRACKS_HELD] += 1
    count = report(draw_key, fixed, mine, radar, threat, TRACK_ON, now, now, out, count)
    if fixed[EVERY_LOOK] == 1:
        me, number = fixed[FIRST_RADAR] + radar, mine[row + ORDINAL] * EPOCH
        count = send(out, count, now + radar_at(fixed, radar, LOOK_INTERVAL), me, LOOK, threat, HOLDING, number)
    return count


@borrowing_kernel
def _end_track(
    draw_key: Any,
    fixed: NDArray[np.int64],
    mine: NDArray[np.int64],
    radar: int,
    threat: int,
    status: int,
    reason: int,
    now: int,
    out: NDArray[np.int64],
    count: int,
) -> int:
    """End a stay in cover; a track that ends is reported and makes room for a threat that waits for it."""
    row = row_of(threat)
    held = mine[row + STATUS] == TRACKING
    mine[row + STATUS] = status
    if held:
        count = report(draw_key, fixed, mine, radar, threat, TRACK_OFF, reason, now, out, count)
        mine[row + UNTOLD] = 1 + reason if mine[LINK_LOST] >= 0 else 0
    mine[row + ORDINAL] += 1
    mine[row + READY] = NEVER
    if not held:
        return count
    mine[TRACKS_HELD] -= 1
    waiting = NEVER
    for other in range(fixed[THREATS]):
        at = row_of(other)
        if mine[at + STATUS] == WAITING and (waiting < 0 or mine[at + READY] < mine[row_of(waiting) + READY]):
            waiting = other
    if waiting >= 0:
        count = _start_track(draw_key, fixed, mine, radar, waiting, now, out, count)
    return count


@borrowing_kernel
def _look(
    event: NDArray[np.int64],
    draw_key: Any,
    fixed: NDArray[np.int64],
    looks: NDArray[np.int32],
    mine: NDArray[np.int64],
    radar: int,
    out: NDArray[np.int64],
) -> tuple[int, int]:
    """Take one look and plan the next."""
    threat, beam, number, now = event[THREAT], event[FIRST], event[SECOND], event[TIME]
    row, ignition, flight = row_of(threat), threat_at(fixed, threat, IGNITION), threat_at(fixed, threat, FLIGHT)
    wanted = TRACKING if beam == HOLDING else ACQUIRING
    stay = number // EPOCH == mine[row + ORDINAL]
    if not stay or mine[row + STATUS] != wanted:
        return 0, 0
    end = ignition + cover_at(fixed, radar, flight, mine[row + SLOT], COVER_LAST) * SECOND_US
    seen = sees(draw_key, fixed, looks, radar, threat, beam, number, now - ignition)
    count, later = 0, now + radar_at(fixed, radar, LOOK_INTERVAL)
    if beam == HOLDING:
        if seen:
            count = report(draw_key, fixed, mine, radar, threat, UPDATE, number, now, out, count)
    else:
        hits, first = (HITS_SEARCH, FROM_SEARCH) if beam == SEARCH else (HITS_CUED, FROM_CUED)
        wait = radar_at(fixed, radar, ACQUISITION if beam == SEARCH else CUED_ACQUISITION)
        most = radar_at(fixed, radar, ACQUISITION_LOOKS if beam == SEARCH else CUED_LOOKS)
        enough = radar_at(fixed, radar, ACQUISITION_HITS if beam == SEARCH else CUED_HITS)
        if mine[row + hits] == 0:
            if now + wait > end:
                return 0, 0
            mine[row + first] = number
        mine[row + hits] += 1 if seen else 0
        if mine[row + hits] > 0 and number - mine[row + first] == most - 1:
            if mine[row + hits] >= enough:
                begun = now - (most - 1) * radar_at(fixed, radar, LOOK_INTERVAL)
                me = event[DESTINATION]
                return send(out, 0, begun + wait, me, CONFIRM, threat, mine[row + ORDINAL], 0), 1
            mine[row + hits] = 0
    if later <= end:
        count = send(out, count, later, event[DESTINATION], LOOK, threat, beam, number + 1)
    return count, 1 if seen else 0


@borrowing_kernel
def _fail(
    draw_key: Any,
    fixed: NDArray[np.int64],
    mine: NDArray[np.int64],
    radar: int,
    now: int,
    out: NDArray[np.int64],
) -> int:
    """Lose every track; nodes notice the silence after a while."""
    mine[ALIVE] = 0
    count, heard = 0, now + fixed[STALE]
    for threat in range(fixed[THREATS]):
        row = row_of(threat)
        if mine[row + STATUS] == TRACKING:
            count = report(draw_key, fixed, mine, radar, threat, TRACK_OFF, SILENT, heard, out, count)
        if mine[row + STATUS] != OVER:
            mine[row + STATUS] = OUTSIDE
        mine[row + ORDINAL] += 1
        mine[row + READY] = NEVER
    mine[TRACKS_HELD] = 0
    return report(draw_key, fixed, mine, radar, -1, TRACK_OFF, RADAR_DOWN, heard, out, count)


@borrowing_kernel
def _repair(
    draw_key: Any,
    fixed: NDArray[np.int64],
    looks: NDArray[np.int32],
    mine: NDArray[np.int64],
    radar: int,
    now: int,
    out: NDArray[np.int64],
) -> int:
    """Work again: say so, and look for what is in cover now."""
    if mine[ALIVE] == 1:
        return 0
    mine[ALIVE] = 1
    count = report(draw_key, fixed, mine, radar, -1, TRACK_ON, now, now, out, 0)
    for threat in range(fixed[THREATS]):
        flight, row = threat_at(fixed, threat, FLIGHT), row_of(threat)
        after = now - threat_at(fixed, threat, IGNITION)
        for slot in range(fixed[SLOTS]):
            first = cover_at(fixed, radar, flight, slot, COVER_FIRST)
            last = cover_at(fixed, radar, flight, slot, COVER_LAST)
            if first >= 0 and first * SECOND_US < after <= last * SECOND_US and mine[row + STATUS] != OVER:
                count = _enter(draw_key, fixed, looks, mine, radar, threat, slot, now, out, count)
    return count


@borrowing_kernel
def _enter(
    draw_key: Any,
    fixed: NDArray[np.int64],
    looks: NDArray[np.int32],
    mine: NDArray[np.int64],
    radar: int,
    threat: int,
    slot: int,
    now: int,
    out: NDArray[np.int64],
    count: int,
) -> int:
    """Begin a stay in cover: search, and follow a cue that came before."""
    row = row_of(threat)
    mine[row + STATUS], mine[row + SLOT], mine[row + READY] = ACQUIRING, slot, NEVER
    mine[row + ORDINAL] += 1
    if mine[row + CUE_TIME] >= 0:
        count = _begin(draw_key, fixed, looks, mine, radar, threat, CUED, now, out, count)
    return _begin(draw_key, fixed, looks, mine, radar, threat, SEARCH, now, out, count)


@borrowing_kernel
def handle_radar(
    event: NDArray[np.int64],
    draw_key: Any,
    fixed: NDArray[np.int64],
    looks: NDArray[np.int32],
    mine: NDArray[np.int64],
    out: NDArray[np.int64],
) -> tuple[int, int]:
    """Handle an event of a radar; return the number of events sent and the outcome."""
    kind, threat, now = event[KIND], event[THREAT], event[TIME]
    radar = event[DESTINATION] - fixed[FIRST_RADAR]
    if kind == REPAIR:
        return _repair(draw_key, fixed, looks, mine, radar, now, out), 0
    if kind in (CUT, MENDED, QUIET):
        return handle_link(event, draw_key, fixed, mine, radar, out), 0
    row = row_of(threat)
    if kind == GONE or (kind == CUE and mine[ALIVE] == 0):
        if kind == CUE and mine[row + CUE_TIME] < 0:
            mine[row + CUE_TIME] = now
        if kind == CUE:
            return 0, 0
        return _end_track(draw_key, fixed, mine, radar, threat, OVER, DESTROYED, now, out, 0), 0
    if mine[ALIVE] == 0:
        return 0, 0
    if kind == BURNING:
        hops = radar_at(fixed, radar, RADAR_HOP), radar_at(fixed, radar, RADAR_HOP_SPREAD)
        return warn(draw_key, fixed, event[DESTINATION], threat, hops[0], hops[1], now, out), 1
    if kind == FAIL:
        return _fail(draw_key, fixed, mine, radar, now, out), 0
    if kind == LOOK:
        return _look(event, draw_key, fixed, looks, mine, radar, out)
    if kind == REPORT_TO:
        return report_again(event, draw_key, fixed, mine, radar, out), 0
    status = mine[row + STATUS]
    if kind == ENTER and (status in (OUTSIDE, ACQUIRING)):
        return _enter(draw_key, fixed, looks, mine, radar, threat, event[FIRST], now, out, 0), 0
    if kind == CUE and mine[row + CUE_TIME] < 0:
        mine[row + CUE_TIME] = now
        if status == ACQUIRING:
            return _begin(draw_key, fixed, looks, mine, radar, threat, CUED, now, out, 0), 0
    if kind == CONFIRM and status == ACQUIRING and event[FIRST] == mine[row + ORDINAL]:
        last = cover_at(fixed, radar, threat_at(fixed, threat, FLIGHT), mine[row + SLOT], COVER_LAST)
        end = threat_at(fixed, threat, IGNITION) + last * SECOND_US
        count = send(out, 0, end, event[DESTINATION], EXIT, threat, mine[row + ORDINAL], 0)
        if mine[TRACKS_HELD] < radar_at(fixed, radar, CAPACITY):
            return _start_track(draw_key, fixed, mine, radar, threat, now, out, count), 1
        mine[row + STATUS], mine[row + READY] = WAITING, now
        return count, 0
    if kind == EXIT and event[FIRST] == mine[row + ORDINAL] and status != OVER:
        return _end_track(draw_key, fixed, mine, radar, threat, OUTSIDE, COVER_ENDED, now, out, 0), 0
    return 0, 0
