"""A battery: it accepts or refuses orders by its own magazine and launcher, launches, and loses unsupported shots."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.assignment import earliest_intercept
from hoplon.backbone.draws import hop_time
from hoplon.backbone.layout import (
    ALIVE,
    AT_ONCE,
    BATTERY_BOUND_TO,
    BATTERY_STATE,
    BATTERY_THREAT_STATE,
    BUSY_UNTIL,
    COMMANDS,
    DEAF,
    FALLBACK_TIME,
    FIRST_BATTERY,
    FIRST_NODE,
    FLIGHT,
    HANDOVER,
    HOP,
    HOP_SPREAD,
    IF_BOUND,
    IGNITION,
    INVENTORY,
    KEY,
    LAUNCH_INTERVAL,
    LINK_LOST,
    MOST_PENDING,
    NODES,
    OWN_HELD,
    OWN_SINCE,
    OWN_UNTIL,
    REACTION,
    REMOTE_HELD,
    REMOTE_SINCE,
    REMOTE_UNTIL,
    SUPPORT_TIME,
    SUPPORTS,
    THREATS,
    TRACKS,
    battery_at,
    listens,
    pending_at,
    radar_at,
    threat_at,
)
from hoplon.backbone.messages import (
    ACCEPTED,
    ARRIVE,
    BUSY,
    CUT,
    DESTINATION,
    EMPTY,
    FAIL,
    FIRST,
    HEARD,
    INFEASIBLE,
    INTERCEPT,
    KIND,
    LAUNCH,
    LAUNCHED,
    LOOKAHEAD,
    MENDED,
    NEVER,
    ORDER,
    REFUSED,
    REPAIR,
    REPORT_TO,
    SECOND,
    SECOND_US,
    SOURCE,
    SUPPORT,
    THREAT,
    TIME,
    TRACK_OFF,
    TRACK_ON,
    WINDOW,
    send,
)
from hoplon.compiled import borrowing_kernel


@borrowing_kernel
def _row(threat: int) -> int:
    return BATTERY_STATE + threat * BATTERY_THREAT_STATE


@borrowing_kernel
def _answer(
    draw_key: Any,
    fixed: NDArray[np.int64],
    mine: NDArray[np.int64],
    battery: int,
    kind: int,
    threat: int,
    first: int,
    second: int,
    now: int,
    out: NDArray[np.int64],
    count: int,
) -> int:
    """Answer to every node that listens to this battery."""
    for node in range(fixed[NODES]):
        way = listens(fixed, node, battery)
        if way == DEAF or (way == IF_BOUND and mine[BATTERY_BOUND_TO] != fixed[FIRST_NODE] + node):
            continue
        delay = LOOKAHEAD
        if way != AT_ONCE:
            ends, key = (fixed[FIRST_BATTERY] + battery, fixed[FIRST_NODE] + node), threat_at(fixed, threat, KEY)
            what = kind + 32 * (first // SECOND_US)
            delay = hop_time(fixed, draw_key, fixed[HOP], fixed[HOP_SPREAD], ends[0], ends[1], key, what)
        count = send(out, count, now + delay, fixed[FIRST_NODE] + node, kind, threat, first, second)
    return count


@borrowing_kernel
def _free_launch(fixed: NDArray[np.int64], mine: NDArray[np.int64], time: int, interval: int) -> int:
    """Return ``time`` if the launcher is free then, else the end of the launch in its way."""
    for index in range(MOST_PENDING):
        planned = mine[pending_at(fixed, index)]
        if planned >= 0 and abs(planned - time) < interval:
            return int(planned + interval)
    return time


@borrowing_kernel
def _plan_salvo(
    fixed: NDArray[np.int64],
    launches: NDArray[np.int32],
    mine: NDArray[np.int64],
    battery: int,
    threat: int,
    opens: int,
    closes: int,
    salvo: int,
    now: int,
    me: int,
    out: NDArray[np.int64],
) -> tuple[int, int, int]:
    """Plan the launches of a salvo; return events sent, interceptors planned, and the last intercept [us]."""
    flight, ignition = threat_at(fixed, threat, FLIGHT), threat_at(fixed, threat, IGNITION)
    interval = battery_at(fixed, battery, LAUNCH_INTERVAL)
    available, planned, last, count = now + fixed[REACTION] - ignition, 0, NEVER, 0
    while planned < min(salvo, mine[INVENTORY]):
        second = earliest_intercept(launches, flight, battery, (available + 999) // 1000, opens, closes)
        if second < 0:
            break
        leaves = ignition + int(launches[flight, battery, 0, second]) * 1000
        free = _free_launch(fixed, mine, leaves, interval)
        if free > leaves:
            available = free - ignition
            continue
        place = NEVER
        for index in range(MOST_PENDING):
            if mine[pending_at(fixed, index)] < 0:
                place = index
                break
        if place < 0:
            break
        mine[pending_at(fixed, place)] = leaves
        last = ignition + second * SECOND_US
        count = send(out, count, leaves, me, LAUNCH, threat, last, place)
        planned += 1
        available = leaves + interval - ignition
        opens = second
    return count, planned, last


@borrowing_kernel
def _order(
    event: NDArray[np.int64],
    draw_key: Any,
    fixed: NDArray[np.int64],
    launches: NDArray[np.int32],
    mine: NDArray[np.int64],
    battery: int,
    out: NDArray[np.int64],
) -> tuple[int, int]:
    """Take or refuse an order; the outcome is the launch slack [us], or minus the reason to refuse."""
    threat, now, me = event[THREAT], event[TIME], event[DESTINATION]
    row = _row(threat)
    reason = 0
    if mine[row + BUSY_UNTIL] > now:
        reason = BUSY
    elif mine[INVENTORY] <= 0:
        reason = EMPTY
    else:
        opens, closes = event[FIRST] // WINDOW, event[FIRST] % WINDOW
        salvo = event[SECOND]
        plan = _plan_salvo(fixed, launches, mine, battery, threat, opens, closes, salvo, now, me, out)
        count, planned, last = plan
        if planned > 0:
            mine[INVENTORY] -= planned
            mine[row + BUSY_UNTIL] = last
            flight, ignition = threat_at(fixed, threat, FLIGHT), threat_at(fixed, threat, IGNITION)
            latest = int(launches[flight, battery, 1, launches.shape[3] - 1]) * 1000
            slack = ignition + latest - now - fixed[REACTION]
            left = mine[INVENTORY]
            count = _answer(draw_key, fixed, mine, battery, ACCEPTED, threat, last, left, now, out, count)
            return count, max(slack, 0)
        reason = INFEASIBLE
    busy = mine[row + BUSY_UNTIL]
    return _answer(draw_key, fixed, mine, battery, REFUSED, threat, reason, busy, now, out, 0), -reason


@borrowing_kernel
def _supported(fixed: NDArray[np.int64], mine: NDArray[np.int64], threat: int, time: int) -> bool:
    """Tell whether a track of the own radars or of the network supports an intercept now."""
    own, remote = _row(threat % fixed[THREATS]), _row(threat)  # the own radars see the object, whatever its number
    for row, held, since, until in (
        (own, OWN_HELD, OWN_SINCE, OWN_UNTIL),
        (remote, REMOTE_HELD, REMOTE_SINCE, REMOTE_UNTIL),
    ):
        began = mine[row + since]
        if began < 0 or began + fixed[SUPPORT_TIME] > time:
            continue
        if mine[row + held] > 0 or mine[row + until] >= time - fixed[HANDOVER]:
            return True
    return False


@borrowing_kernel
def _tracks(event: NDArray[np.int64], fixed: NDArray[np.int64], mine: NDArray[np.int64]) -> None:
    """Note which of the own radars hold a track that supports, which may be said twice, or whether the network does."""
    threat, now = event[THREAT], event[TIME]
    row = _row(threat)
    if event[KIND] != SUPPORT and radar_at(fixed, event[FIRST], SUPPORTS) == 0:
        return
    if event[KIND] == SUPPORT:
        if event[FIRST] == 1:
            if mine[row + REMOTE_HELD] == 0 and event[SECOND] > mine[row + REMOTE_SINCE]:
                mine[row + REMOTE_SINCE] = event[SECOND]
            mine[row + REMOTE_HELD] = 1
        else:
            mine[row + REMOTE_HELD], mine[row + REMOTE_UNTIL] = 0, now
    elif event[KIND] == TRACK_ON:
        if mine[row + OWN_HELD] == 0:
            mine[row + OWN_SINCE] = event[SECOND]
        mine[row + OWN_HELD] |= np.int64(1) << event[FIRST]
    else:
        mine[row + OWN_HELD] &= ~(np.int64(1) << event[FIRST])
        mine[row + OWN_UNTIL] = now


@borrowing_kernel
def _link(
    event: NDArray[np.int64],
    draw_key: Any,
    fixed: NDArray[np.int64],
    mine: NDArray[np.int64],
    battery: int,
    out: NDArray[np.int64],
) -> int:
    """Hear no more of remote tracks; call the nodes when the link works again."""
    now = event[TIME]
    if event[KIND] == CUT:
        mine[LINK_LOST] = now if mine[LINK_LOST] < 0 else mine[LINK_LOST]
        for threat in range(fixed[TRACKS]):
            row = _row(threat)
            if mine[row + REMOTE_HELD] == 1:
                mine[row + REMOTE_HELD], mine[row + REMOTE_UNTIL] = 0, now
        return 0
    mine[LINK_LOST] = NEVER
    return _call_nodes(event, draw_key, fixed, mine, battery, out) if mine[ALIVE] == 1 else 0


@borrowing_kernel
def _call_nodes(
    event: NDArray[np.int64],
    draw_key: Any,
    fixed: NDArray[np.int64],
    mine: NDArray[np.int64],
    battery: int,
    out: NDArray[np.int64],
) -> int:
    """Tell every node what is left; the one in command answers."""
    count = 0
    for node in range(fixed[NODES]):
        way, to = listens(fixed, node, battery), fixed[FIRST_NODE] + node
        if way != DEAF and way != AT_ONCE:
            delay = hop_time(fixed, draw_key, fixed[HOP], fixed[HOP_SPREAD], event[DESTINATION], to, 0, HEARD)
            count = send(out, count, event[TIME] + delay, to, HEARD, NEVER, mine[INVENTORY], 0)
    return count


@borrowing_kernel
def _tell_units(fixed: NDArray[np.int64], battery: int, commander: int, now: int, out: NDArray[np.int64]) -> int:
    """Tell the unit that would fall back which node commands."""
    count = 0
    for node in range(fixed[COMMANDS], fixed[NODES]):
        if listens(fixed, node, battery) == AT_ONCE:
            count = send(out, count, now + LOOKAHEAD, fixed[FIRST_NODE] + node, HEARD, NEVER, commander, 0)
    return count


@borrowing_kernel
def handle_battery(
    event: NDArray[np.int64],
    draw_key: Any,
    fixed: NDArray[np.int64],
    launches: NDArray[np.int32],
    mine: NDArray[np.int64],
    out: NDArray[np.int64],
) -> tuple[int, int]:
    """Handle an event of a battery; return the number of events sent and the outcome."""
    kind, threat, now = event[KIND], event[THREAT], event[TIME]
    battery = event[DESTINATION] - fixed[FIRST_BATTERY]
    if kind in (REPAIR, FAIL):
        mine[ALIVE] = 1 if kind == REPAIR else 0
        calls = kind == REPAIR and fixed[FALLBACK_TIME] >= 0
        return (_call_nodes(event, draw_key, fixed, mine, battery, out) if calls else 0), 0
    if kind in (CUT, MENDED):
        return _link(event, draw_key, fixed, mine, battery, out), 0
    if kind == LAUNCH:
        mine[pending_at(fixed, event[SECOND])] = NEVER
        if mine[ALIVE] == 0:
            mine[INVENTORY] += 1
            return 0, 0
        return send(out, 0, event[FIRST], event[DESTINATION], ARRIVE, threat, 0, 0), LAUNCHED
    if kind == ARRIVE:
        supported = 1 if mine[ALIVE] == 1 and _supported(fixed, mine, threat, now) else 0
        met = threat % fixed[THREATS]
        return send(out, 0, now + LOOKAHEAD, met, INTERCEPT, met, battery, supported), supported
    if mine[ALIVE] == 0:
        return 0, 0
    if kind == ORDER:
        return _order(event, draw_key, fixed, launches, mine, battery, out)
    if kind == REPORT_TO:
        mine[BATTERY_BOUND_TO] = event[SOURCE]
        return _tell_units(fixed, battery, event[SOURCE] - fixed[FIRST_NODE], now, out), 0
    if threat >= 0 and (kind in (TRACK_ON, TRACK_OFF, SUPPORT)):
        _tracks(event, fixed, mine)
    return 0, 0
