"""What a radar says over the network, and what becomes of it while its link is lost."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.draws import hop_time
from hoplon.backbone.layout import (
    ALIVE,
    AT_ONCE,
    BATTERIES,
    BOUND_TO,
    COVER_FIRST,
    DEAF,
    FIRST_BATTERY,
    FIRST_NODE,
    FIRST_RADAR,
    FLIGHT,
    FORM,
    IF_BOUND,
    KEY,
    LINK_FREE,
    LINK_LOST,
    MESH,
    NODES,
    ORDINAL,
    RADAR_HOP,
    RADAR_HOP_SPREAD,
    RADAR_STATE,
    RADAR_THREAT_STATE,
    RADARS,
    REPORT_GAP,
    SINCE,
    STATUS,
    TASKED,
    THREATS,
    UNTOLD,
    cover_at,
    hears,
    owns,
    radar_at,
    threat_at,
)
from hoplon.backbone.links import kept, lose_link
from hoplon.backbone.messages import (
    CUE,
    CUT,
    DESTINATION,
    FIRST,
    KIND,
    LOOKAHEAD,
    NEVER,
    QUIET,
    RADAR_DOWN,
    SILENT,
    SOURCE,
    TIME,
    TRACK_OFF,
    TRACK_ON,
    UPDATE,
    send,
)
from hoplon.compiled import borrowing_kernel

TRACKING: Final = 3  # status of a threat that a radar holds


@borrowing_kernel
def row_of(threat: int) -> int:
    """Return where a radar keeps the numbers of a threat."""
    return RADAR_STATE + threat * RADAR_THREAT_STATE


@borrowing_kernel
def _hop(draw_key: Any, fixed: NDArray[np.int64], radar: int, destination: int, threat_key: int, what: int) -> int:
    """Return how long a radar's message takes to another element [us]."""
    mean, spread = radar_at(fixed, radar, RADAR_HOP), radar_at(fixed, radar, RADAR_HOP_SPREAD)
    return hop_time(fixed, draw_key, mean, spread, fixed[FIRST_RADAR] + radar, destination, threat_key, what)


@borrowing_kernel
def report(
    draw_key: Any,
    fixed: NDArray[np.int64],
    mine: NDArray[np.int64],
    radar: int,
    threat: int,
    kind: int,
    value: int,
    now: int,
    out: NDArray[np.int64],
    count: int,
) -> int:
    """Send a report to every node that hears this radar, and at once to the batteries whose own it is."""
    key = threat_at(fixed, threat, KEY) if threat >= 0 else 0
    leaves = now
    if fixed[REPORT_GAP] > 0 and kind != UPDATE:
        leaves = max(now, mine[LINK_FREE])
        mine[LINK_FREE] = leaves + fixed[REPORT_GAP]
    ordinal = mine[row_of(threat) + ORDINAL] if threat >= 0 else 0
    for node in range(fixed[NODES]):
        way = hears(fixed, node, radar)
        if way == DEAF or (way == IF_BOUND and mine[BOUND_TO] != fixed[FIRST_NODE] + node):
            continue
        delay = LOOKAHEAD
        if way != AT_ONCE:
            if kind == UPDATE and leaves < mine[LINK_FREE]:
                continue  # an update gives way to what is new
            delay = leaves - now + _hop(draw_key, fixed, radar, fixed[FIRST_NODE] + node, key, kind + 32 * ordinal)
        count = send(out, count, now + delay, fixed[FIRST_NODE] + node, kind, threat, radar, value)
    if kind != UPDATE:
        for battery in range(fixed[BATTERIES]):
            if owns(fixed, battery, radar):
                count = send(out, count, now + LOOKAHEAD, fixed[FIRST_BATTERY] + battery, kind, threat, radar, value)
    if fixed[FORM] == MESH and kind == TRACK_ON and threat >= 0:
        count = _cue_others(draw_key, fixed, radar, threat, ordinal, now, out, count)
    return count


@borrowing_kernel
def _cue_others(
    draw_key: Any,
    fixed: NDArray[np.int64],
    radar: int,
    threat: int,
    ordinal: int,
    now: int,
    out: NDArray[np.int64],
    count: int,
) -> int:
    """Tell the other radars of a mesh where to look."""
    flight = threat_at(fixed, threat, FLIGHT)
    for other in range(fixed[RADARS]):
        if other == radar or radar_at(fixed, other, TASKED) != 1:
            continue
        if cover_at(fixed, other, flight, 0, COVER_FIRST) < 0:
            continue
        key = threat_at(fixed, threat, KEY)
        delay = _hop(draw_key, fixed, radar, fixed[FIRST_RADAR] + other, key, CUE + 32 * ordinal)
        count = send(out, count, now + delay, fixed[FIRST_RADAR] + other, CUE, threat, 0, 0)
    return count


@borrowing_kernel
def report_again(
    event: NDArray[np.int64],
    draw_key: Any,
    fixed: NDArray[np.int64],
    mine: NDArray[np.int64],
    radar: int,
    out: NDArray[np.int64],
) -> int:
    """Bind to the node that asks, and report to it every track held."""
    mine[BOUND_TO] = event[SOURCE]
    return _report_held(draw_key, fixed, mine, radar, event[TIME], out, 0)


@borrowing_kernel
def _report_held(
    draw_key: Any,
    fixed: NDArray[np.int64],
    mine: NDArray[np.int64],
    radar: int,
    now: int,
    out: NDArray[np.int64],
    count: int,
) -> int:
    """Report every track held."""
    for threat in range(fixed[THREATS]):
        row = row_of(threat)
        if mine[row + STATUS] == TRACKING:
            count = report(draw_key, fixed, mine, radar, threat, TRACK_ON, mine[row + SINCE], now, out, count)
    return count


@borrowing_kernel
def handle_link(
    event: NDArray[np.int64],
    draw_key: Any,
    fixed: NDArray[np.int64],
    mine: NDArray[np.int64],
    radar: int,
    out: NDArray[np.int64],
) -> int:
    """Lose the link, be missed by those who hear over the network, and tell them what changed once it works again."""
    now, count = event[TIME], 0
    if event[KIND] == CUT:
        return lose_link(event, fixed, mine, out)
    if event[KIND] == QUIET:
        if mine[LINK_LOST] != event[FIRST] or mine[ALIVE] == 0:
            return 0
        for threat in range(fixed[THREATS]):
            if mine[row_of(threat) + STATUS] == TRACKING:
                count = report(draw_key, fixed, mine, radar, threat, TRACK_OFF, SILENT, now, out, count)
        return report(draw_key, fixed, mine, radar, -1, TRACK_OFF, RADAR_DOWN, now, out, count)
    mine[LINK_LOST], mine[LINK_FREE] = NEVER, now
    if mine[ALIVE] == 0:
        return 0
    count = report(draw_key, fixed, mine, radar, -1, TRACK_ON, now, now, out, count)
    for threat in range(fixed[THREATS]):
        untold = mine[row_of(threat) + UNTOLD]
        if untold > 0:
            count = report(draw_key, fixed, mine, radar, threat, TRACK_OFF, untold - 1, now, out, count)
            mine[row_of(threat) + UNTOLD] = 0
    count = _report_held(draw_key, fixed, mine, radar, now, out, count)
    return kept(fixed, event[DESTINATION], out, count, True)
