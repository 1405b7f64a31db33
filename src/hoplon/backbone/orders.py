"""What a node of command and control sends: cues, orders, claims, word of tracks that support an intercept."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.assignment import choose_battery
from hoplon.backbone.draws import hop_time
from hoplon.backbone.layout import (
    ACTIVE,
    ANSWER_TIME,
    AT_ONCE,
    COMMANDS,
    COVER_FIRST,
    DEAF,
    FIRST_BATTERY,
    FIRST_NODE,
    FIRST_RADAR,
    FLIGHT,
    FORM,
    FREE_SEEN,
    HOP,
    HOP_SPREAD,
    IN_SCOPE,
    INVENTORY_SEEN,
    KEY,
    LAUNCH_INTERVAL,
    LINK_LOST,
    MESH,
    N_CLAIM,
    N_CUED,
    N_OWNER,
    N_ROUND,
    N_STATUS,
    N_SUPPORTING,
    N_VERSION,
    NETWORKED,
    ORGANIC,
    RADARS,
    REGIONAL,
    REMOTE_SUPPORT,
    SALVO,
    SUPPORTS,
    TASKED,
    battery_at,
    cover_at,
    hears,
    listens,
    node_battery_at,
    node_threat_at,
    picture_at,
    radar_at,
    threat_at,
)
from hoplon.backbone.messages import (
    CLAIM,
    CUE,
    LOOKAHEAD,
    NEVER,
    ORDER,
    RELEASE,
    SUPPORT,
    TIMEOUT,
    UNASSIGNED,
    WINDOW,
    send,
)
from hoplon.compiled import borrowing_kernel

# What a node knows of a threat.
UNKNOWN, TRACKED, DECIDING, PENDING, ORDERED, ENGAGED, CLAIMED, GIVEN_UP, DEAD = range(9)


@borrowing_kernel
def message_time(draw_key: Any, fixed: NDArray[np.int64], node: int, to: int, threat: int, what: int, way: int) -> int:
    """Return how long a message of a node to another element takes [us]."""
    if way == AT_ONCE:
        return LOOKAHEAD
    key = threat_at(fixed, threat, KEY) if threat >= 0 else 0
    return hop_time(fixed, draw_key, fixed[HOP], fixed[HOP_SPREAD], fixed[FIRST_NODE] + node, to, key, what)


@borrowing_kernel
def cue(
    draw_key: Any,
    fixed: NDArray[np.int64],
    mine: NDArray[np.int64],
    node: int,
    threat: int,
    now: int,
    out: NDArray[np.int64],
    count: int,
) -> int:
    """Tell every radar that may be tasked, and that the flight passes, where to look; once a threat."""
    row = node_threat_at(fixed, threat)
    if mine[row + N_CUED] >= 0 or fixed[NETWORKED] == 0:
        return count
    mine[row + N_CUED] = now
    if fixed[FORM] == MESH or mine[ACTIVE] == 0:
        return count
    return point_radars(draw_key, fixed, node, threat, now, out, count)


@borrowing_kernel
def point_radars(
    draw_key: Any, fixed: NDArray[np.int64], node: int, threat: int, now: int, out: NDArray[np.int64], count: int
) -> int:
    """Send a cue to every radar that may be tasked and that the flight passes; one that had a cue lets it be."""
    flight = threat_at(fixed, threat, FLIGHT)
    for radar in range(fixed[RADARS]):
        if radar_at(fixed, radar, TASKED) != 1 or cover_at(fixed, radar, flight, 0, COVER_FIRST) < 0:
            continue
        way = hears(fixed, node, radar)
        if way == DEAF:
            continue
        delay = message_time(draw_key, fixed, node, fixed[FIRST_RADAR] + radar, threat, CUE, way)
        count = send(out, count, now + delay, fixed[FIRST_RADAR] + radar, CUE, threat, 0, 0)
    return count


@borrowing_kernel
def order(
    draw_key: Any,
    fixed: NDArray[np.int64],
    mine: NDArray[np.int64],
    node: int,
    threat: int,
    battery: int,
    window: int,
    now: int,
    out: NDArray[np.int64],
    count: int,
) -> int:
    """Order a battery to engage and note what it will cost it; watch for the answer; tell the neighbours."""
    row, me = node_threat_at(fixed, threat), fixed[FIRST_NODE] + node
    mine[row + N_STATUS], mine[row + N_OWNER] = ORDERED, battery
    mine[row + N_VERSION] += 1
    mine[row + N_ROUND] += 1
    what = 32 * mine[row + N_ROUND]
    count = send(out, count, now + fixed[ANSWER_TIME], me, TIMEOUT, threat, mine[row + N_VERSION], 0)
    at = node_battery_at(fixed, battery, INVENTORY_SEEN)
    mine[at] = max(0, mine[at] - fixed[SALVO])
    at = node_battery_at(fixed, battery, FREE_SEEN)
    mine[at] = max(mine[at], now) + fixed[SALVO] * battery_at(fixed, battery, LAUNCH_INTERVAL)
    mine[row + N_SUPPORTING] = 0
    if mine[node_battery_at(fixed, battery, IN_SCOPE)] == 0:
        return count  # a mesh expects the battery's own node, which has the same rule, to order it
    way = listens(fixed, node, battery)
    delay = message_time(draw_key, fixed, node, fixed[FIRST_BATTERY] + battery, threat, ORDER + what, way)
    count = send(out, count, now + delay, fixed[FIRST_BATTERY] + battery, ORDER, threat, window, fixed[SALVO])
    count = pass_support(draw_key, fixed, mine, node, threat, now, out, count)
    if fixed[FORM] == REGIONAL:
        count = tell_nodes(draw_key, fixed, node, CLAIM, threat, mine[row + N_CLAIM], 0, what, now, out, count)
    return count


@borrowing_kernel
def tell_nodes(
    draw_key: Any,
    fixed: NDArray[np.int64],
    node: int,
    kind: int,
    threat: int,
    first: int,
    second: int,
    what: int,
    now: int,
    out: NDArray[np.int64],
    count: int,
) -> int:
    """Send a message to every other node; a unit that fell back has nobody to tell."""
    for other in range(fixed[COMMANDS]):
        if other != node and node < fixed[COMMANDS]:
            delay = message_time(draw_key, fixed, node, fixed[FIRST_NODE] + other, threat, kind + what, 1)
            count = send(out, count, now + delay, fixed[FIRST_NODE] + other, kind, threat, first, second)
    return count


@borrowing_kernel
def pass_support(
    draw_key: Any,
    fixed: NDArray[np.int64],
    mine: NDArray[np.int64],
    node: int,
    threat: int,
    now: int,
    out: NDArray[np.int64],
    count: int,
) -> int:
    """Pass on to the owner whether any sensor of the network whose role it is holds the track, when that changes."""
    row = node_threat_at(fixed, threat)
    battery = mine[row + N_OWNER]
    if fixed[REMOTE_SUPPORT] == 0 or battery < 0 or node >= fixed[COMMANDS]:
        return count
    held, since, late = 0, now, fixed[HOP] + fixed[HOP_SPREAD]
    for radar in range(fixed[RADARS]):
        began = mine[picture_at(fixed, threat, radar)]
        if began >= 0 and radar_at(fixed, radar, SUPPORTS) == 1:
            held, since = 1, min(since, began + late)
    if mine[row + N_SUPPORTING] == held:
        return count
    if mine[node_battery_at(fixed, battery, IN_SCOPE)] == 0 or mine[ACTIVE] == 0:
        return count
    mine[row + N_SUPPORTING] = held
    way = listens(fixed, node, battery)
    what = SUPPORT + 32 * (2 * mine[row + N_ROUND] + held)
    delay = message_time(draw_key, fixed, node, fixed[FIRST_BATTERY] + battery, threat, what, way)
    return send(out, count, now + delay, fixed[FIRST_BATTERY] + battery, SUPPORT, threat, held, since)


@borrowing_kernel
def assign(
    draw_key: Any,
    fixed: NDArray[np.int64],
    launches: NDArray[np.int32],
    mine: NDArray[np.int64],
    node: int,
    threat: int,
    now: int,
    out: NDArray[np.int64],
    count: int,
    plans: NDArray[np.int64],
) -> tuple[int, int]:
    """Engage a threat with the battery of greatest marginal return; outcome 1 + battery, or UNASSIGNED."""
    row = node_threat_at(fixed, threat)
    mine[row + N_STATUS] = PENDING
    hub = fixed[FORM] != MESH and fixed[FORM] != ORGANIC and node < fixed[COMMANDS]
    if mine[ACTIVE] == 0 or (hub and mine[LINK_LOST] >= 0):
        return count, 0  # it commands nobody, or knows that its orders would not arrive
    battery = choose_battery(fixed, launches, mine, node, threat, now, plans)
    if battery < 0:
        mine[row + N_STATUS], mine[row + N_OWNER] = GIVEN_UP, NEVER
        if fixed[FORM] == REGIONAL:
            what = 32 * mine[row + N_ROUND]
            count = tell_nodes(draw_key, fixed, node, RELEASE, threat, 0, 0, what, now, out, count)
        return count, UNASSIGNED
    window = plans[battery, 1] * WINDOW + plans[battery, 2]
    return order(draw_key, fixed, mine, node, threat, battery, window, now, out, count), 1 + battery
