"""A node cut off from the network drops what it can no longer know, and asks for reports once it is heard again.

A unit, which knows what its battery's own radars see, takes command of the battery while the node above it is silent.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.layout import (
    ACTIVE,
    ALIVE,
    AT_ONCE,
    BATTERIES,
    COMMANDER,
    DEAF,
    ENGAGED,
    FALLBACK_TIME,
    FIRST_BATTERY,
    FIRST_RADAR,
    FORM,
    GIVEN_UP,
    HEARD_TIME,
    IN_SCOPE,
    INVENTORY_SEEN,
    LINK_LOST,
    N_EXCLUDED,
    N_HELD,
    N_LAST_HELD,
    N_OWNER,
    N_STATUS,
    N_SUPPORTING,
    NETWORK,
    ORDERED,
    PENDING,
    RADAR_HOME,
    RADARS,
    REGIONAL,
    TRACKS,
    down_at,
    hears,
    listens,
    node_battery_at,
    node_threat_at,
    picture_at,
    radar_at,
)
from hoplon.backbone.links import lose_link
from hoplon.backbone.messages import (
    CUT,
    DESTINATION,
    FALLBACK,
    FIRST,
    HEARD,
    KIND,
    MENDED,
    NEVER,
    QUIET,
    REPORT_TO,
    SECOND,
    SOURCE,
    TIME,
    send,
)
from hoplon.backbone.orders import assign, message_time, pass_support
from hoplon.compiled import borrowing_kernel


@borrowing_kernel
def _forget_remote(fixed: NDArray[np.int64], mine: NDArray[np.int64], node: int, now: int) -> None:
    """Drop the tracks that came over the network, and plan without the radars that are no longer heard."""
    for radar in range(fixed[RADARS]):
        if hears(fixed, node, radar) != AT_ONCE:
            mine[down_at(fixed, radar)] = 1
    for threat in range(fixed[TRACKS]):
        row = node_threat_at(fixed, threat)
        for radar in range(fixed[RADARS]):
            at = picture_at(fixed, threat, radar)
            if hears(fixed, node, radar) != AT_ONCE and mine[at] >= 0:
                mine[at] = NEVER
                mine[row + N_HELD] -= 1
                mine[row + N_LAST_HELD] = now


@borrowing_kernel
def ask_again(
    draw_key: Any, fixed: NDArray[np.int64], mine: NDArray[np.int64], node: int, now: int, out: NDArray[np.int64]
) -> int:
    """Ask the radars that this node hears, and the batteries that it commands, to speak to it."""
    count = 0
    for radar in range(fixed[RADARS]):
        way, to = hears(fixed, node, radar), fixed[FIRST_RADAR] + radar
        if way in (DEAF, AT_ONCE) or (way != NETWORK and mine[ACTIVE] == 0):
            continue
        if fixed[FORM] == REGIONAL and radar_at(fixed, radar, RADAR_HOME) != node:
            continue
        delay = message_time(draw_key, fixed, node, to, NEVER, REPORT_TO, way)
        count = send(out, count, now + delay, to, REPORT_TO, NEVER, 0, 0)
    return call_batteries(draw_key, fixed, mine, node, now, out, count)


@borrowing_kernel
def call_batteries(
    draw_key: Any,
    fixed: NDArray[np.int64],
    mine: NDArray[np.int64],
    node: int,
    now: int,
    out: NDArray[np.int64],
    count: int,
) -> int:
    """Tell the batteries that this node commands that it does."""
    for battery in range(fixed[BATTERIES]):
        way, to = listens(fixed, node, battery), fixed[FIRST_BATTERY] + battery
        if mine[ACTIVE] == 1 and way != AT_ONCE and mine[node_battery_at(fixed, battery, IN_SCOPE)] == 1:
            delay = message_time(draw_key, fixed, node, to, NEVER, REPORT_TO, way)
            count = send(out, count, now + delay, to, REPORT_TO, NEVER, 0, 0)
    return count


@borrowing_kernel
def _heard_again(
    event: NDArray[np.int64],
    draw_key: Any,
    fixed: NDArray[np.int64],
    mine: NDArray[np.int64],
    node: int,
    out: NDArray[np.int64],
) -> int:
    """Take command up again, unless another has it; what waits is engaged once a radar says that it still flies."""
    mine[LINK_LOST] = NEVER
    if event[FIRST] == 1:
        mine[ACTIVE] = 0
    if mine[ALIVE] == 0:
        return 0
    for radar in range(fixed[RADARS]):
        mine[down_at(fixed, radar)] = 0
    for threat in range(fixed[TRACKS]):
        row = node_threat_at(fixed, threat)
        if mine[row + N_STATUS] in (PENDING, ORDERED, GIVEN_UP):
            mine[row + N_EXCLUDED] = 0
        if mine[row + N_STATUS] == PENDING:
            mine[row + N_STATUS] = GIVEN_UP
    return ask_again(draw_key, fixed, mine, node, event[TIME], out)


@borrowing_kernel
def _battery_heard(
    event: NDArray[np.int64],
    draw_key: Any,
    fixed: NDArray[np.int64],
    launches: NDArray[np.int32],
    mine: NDArray[np.int64],
    node: int,
    out: NDArray[np.int64],
    plans: NDArray[np.int64],
) -> int:
    """Learn what a battery has left, bind it, tell it again of tracks that support it, and let it have what is left."""
    battery, now, count = event[SOURCE] - fixed[FIRST_BATTERY], event[TIME], 0
    mine[node_battery_at(fixed, battery, INVENTORY_SEEN)] = event[FIRST]
    if mine[ACTIVE] == 0 or mine[node_battery_at(fixed, battery, IN_SCOPE)] == 0:
        return 0
    way, to = listens(fixed, node, battery), event[SOURCE]
    delay = message_time(draw_key, fixed, node, to, NEVER, REPORT_TO, way)
    count = send(out, count, now + delay, to, REPORT_TO, NEVER, 0, 0)
    for threat in range(fixed[TRACKS]):
        row = node_threat_at(fixed, threat)
        mine[row + N_EXCLUDED] &= ~(np.int64(1) << battery)
        if mine[row + N_STATUS] == GIVEN_UP and mine[row + N_HELD] > 0:
            count, _ = assign(draw_key, fixed, launches, mine, node, threat, now, out, count, plans)
        elif mine[row + N_OWNER] == battery and mine[row + N_STATUS] in (ORDERED, ENGAGED):
            mine[row + N_SUPPORTING] = 0
            count = pass_support(draw_key, fixed, mine, node, threat, now, out, count)
    return count


@borrowing_kernel
def handle_link(
    event: NDArray[np.int64],
    draw_key: Any,
    fixed: NDArray[np.int64],
    launches: NDArray[np.int32],
    mine: NDArray[np.int64],
    node: int,
    out: NDArray[np.int64],
    plans: NDArray[np.int64],
) -> tuple[int, int]:
    """Handle what has to do with the links of a node and its batteries; return events sent and the outcome."""
    kind = event[KIND]
    if kind == CUT:
        return lose_link(event, fixed, mine, out), 0
    if kind == QUIET:
        if mine[LINK_LOST] == event[FIRST]:
            _forget_remote(fixed, mine, node, event[TIME])
            return 0, 1
        return 0, 0
    if kind == HEARD:
        if mine[ALIVE] == 0:
            return 0, 0
        return _battery_heard(event, draw_key, fixed, launches, mine, node, out, plans), 0
    return _heard_again(event, draw_key, fixed, mine, node, out), 0


@borrowing_kernel
def await_node(event: NDArray[np.int64], fixed: NDArray[np.int64], out: NDArray[np.int64], count: int) -> int:
    """Wait for word of a node from now on."""
    late = event[TIME] + fixed[FALLBACK_TIME]
    return send(out, count, late, event[DESTINATION], FALLBACK, NEVER, event[TIME], NEVER)


@borrowing_kernel
def handle_unit(
    event: NDArray[np.int64],
    draw_key: Any,
    fixed: NDArray[np.int64],
    launches: NDArray[np.int32],
    mine: NDArray[np.int64],
    node: int,
    out: NDArray[np.int64],
    plans: NDArray[np.int64],
) -> tuple[int, int]:
    """Take command of the own battery when the node above is silent for too long, and give it back when it is heard."""
    kind, now, count = event[KIND], event[TIME], 0
    if kind == CUT:
        mine[LINK_LOST] = now if mine[LINK_LOST] < 0 else mine[LINK_LOST]
        return await_node(event, fixed, out, 0), 0
    if kind == MENDED:
        mine[LINK_LOST] = NEVER
        return 0, 0
    was = mine[ACTIVE]
    if kind == HEARD:
        mine[ACTIVE], mine[COMMANDER], mine[HEARD_TIME] = 0, event[FIRST], now
        return 0, was
    silent = event[SECOND] == NEVER or event[SECOND] == mine[COMMANDER]
    if mine[ALIVE] == 0 or was == 1 or not silent or mine[HEARD_TIME] >= event[FIRST]:
        return 0, 0
    mine[ACTIVE] = 1
    for threat in range(fixed[TRACKS]):
        if mine[node_threat_at(fixed, threat) + N_STATUS] in (PENDING, GIVEN_UP):
            count, _ = assign(draw_key, fixed, launches, mine, node, threat, now, out, count, plans)
    return count, 1
