"""A node cut off from the network: it drops what it can no longer know, and asks for reports once it is heard again."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.layout import (
    ACTIVE,
    ALIVE,
    AT_ONCE,
    BATTERIES,
    DEAF,
    FIRST_BATTERY,
    FIRST_RADAR,
    FORM,
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
    RADAR_HOME,
    RADARS,
    REGIONAL,
    THREATS,
    down_at,
    hears,
    listens,
    node_battery_at,
    node_threat_at,
    picture_at,
    radar_at,
)
from hoplon.backbone.links import lose_link
from hoplon.backbone.messages import CUT, FIRST, HEARD, KIND, NEVER, QUIET, REPORT_TO, SOURCE, TIME, send
from hoplon.backbone.orders import ENGAGED, GIVEN_UP, ORDERED, PENDING, message_time, pass_support
from hoplon.compiled import borrowing_kernel


@borrowing_kernel
def _forget_remote(fixed: NDArray[np.int64], mine: NDArray[np.int64], node: int, now: int) -> None:
    """Drop the tracks that came over the network, and plan without the radars that are no longer heard."""
    for radar in range(fixed[RADARS]):
        if hears(fixed, node, radar) != AT_ONCE:
            mine[down_at(fixed, radar)] = 1
    for threat in range(fixed[THREATS]):
        row = node_threat_at(fixed, threat)
        for radar in range(fixed[RADARS]):
            at = picture_at(fixed, threat, radar)
            if hears(fixed, node, radar) != AT_ONCE and mine[at] >= 0:
                mine[at] = NEVER
                mine[row + N_HELD] -= 1
                mine[row + N_LAST_HELD] = now


@borrowing_kernel
def ask_again(
    luck: Any, fixed: NDArray[np.int64], mine: NDArray[np.int64], node: int, now: int, out: NDArray[np.int64]
) -> int:
    """Ask the radars that this node hears, and the batteries that it commands, to speak to it."""
    count = 0
    for radar in range(fixed[RADARS]):
        way, to = hears(fixed, node, radar), fixed[FIRST_RADAR] + radar
        if way in (DEAF, AT_ONCE) or (way != NETWORK and mine[ACTIVE] == 0):
            continue
        if fixed[FORM] == REGIONAL and radar_at(fixed, radar, RADAR_HOME) != node:
            continue
        delay = message_time(luck, fixed, node, to, NEVER, REPORT_TO, way)
        count = send(out, count, now + delay, to, REPORT_TO, NEVER, 0, 0)
    for battery in range(fixed[BATTERIES]):
        way, to = listens(fixed, node, battery), fixed[FIRST_BATTERY] + battery
        if mine[ACTIVE] == 1 and way != AT_ONCE and mine[node_battery_at(fixed, battery, IN_SCOPE)] == 1:
            delay = message_time(luck, fixed, node, to, NEVER, REPORT_TO, way)
            count = send(out, count, now + delay, to, REPORT_TO, NEVER, 0, 0)
    return count


@borrowing_kernel
def _heard_again(
    event: NDArray[np.int64],
    luck: Any,
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
    for threat in range(fixed[THREATS]):
        row = node_threat_at(fixed, threat)
        mine[row + N_SUPPORTING] = 0
        if mine[row + N_STATUS] in (PENDING, ORDERED, GIVEN_UP):
            mine[row + N_EXCLUDED] = 0
        if mine[row + N_STATUS] == PENDING:
            mine[row + N_STATUS] = GIVEN_UP
    return ask_again(luck, fixed, mine, node, event[TIME], out)


@borrowing_kernel
def _battery_heard(
    event: NDArray[np.int64],
    luck: Any,
    fixed: NDArray[np.int64],
    mine: NDArray[np.int64],
    node: int,
    out: NDArray[np.int64],
) -> int:
    """Learn what a battery has left, bind it, and tell it again of the tracks that support its intercepts."""
    battery, now, count = event[SOURCE] - fixed[FIRST_BATTERY], event[TIME], 0
    mine[node_battery_at(fixed, battery, INVENTORY_SEEN)] = event[FIRST]
    if mine[ACTIVE] == 0 or mine[node_battery_at(fixed, battery, IN_SCOPE)] == 0:
        return 0
    way, to = listens(fixed, node, battery), event[SOURCE]
    delay = message_time(luck, fixed, node, to, NEVER, REPORT_TO, way)
    count = send(out, count, now + delay, to, REPORT_TO, NEVER, 0, 0)
    for threat in range(fixed[THREATS]):
        row = node_threat_at(fixed, threat)
        if mine[row + N_OWNER] == battery and mine[row + N_STATUS] in (ORDERED, ENGAGED):
            mine[row + N_SUPPORTING] = 0
            count = pass_support(luck, fixed, mine, node, threat, now, out, count)
    return count


@borrowing_kernel
def handle_link(
    event: NDArray[np.int64],
    luck: Any,
    fixed: NDArray[np.int64],
    mine: NDArray[np.int64],
    node: int,
    out: NDArray[np.int64],
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
        return (_battery_heard(event, luck, fixed, mine, node, out) if mine[ALIVE] == 1 else 0), 0
    return _heard_again(event, luck, fixed, mine, node, out), 0
