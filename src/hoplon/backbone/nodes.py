"""A node of command and control: it keeps a picture, decides, orders, assesses, and takes over from a silent one.

Every information architecture runs this one handler; they differ in who hears whom, who may order whom, and which nodes
are active. A node that is not active keeps the picture and the record of engagements it is told of, and orders nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.association import associated, number_of
from hoplon.backbone.draws import OF_ASSESSMENT, chance, drawn
from hoplon.backbone.isolation import await_node, call_batteries, handle_link, handle_unit
from hoplon.backbone.layout import (
    ACTIVE,
    ALIVE,
    ASSESSMENT,
    BATTERIES,
    BURNOUT,
    CLAIMED,
    COMMANDS,
    DEAD,
    DEAF,
    DECIDING,
    DECISION,
    ENGAGED,
    FALLBACK_TIME,
    FALSE_KILL,
    FALSE_SURVIVAL,
    FIRM_TIME,
    FIRST_BATTERY,
    FIRST_NODE,
    FIRST_RADAR,
    FORM,
    GIVEN_UP,
    HOME,
    HOP,
    HOP_SPREAD,
    HUB_COLD,
    IF_BOUND,
    IGNITION,
    IN_SCOPE,
    INVENTORY_SEEN,
    KEY,
    LOOKS,
    MESH,
    N_CLAIM,
    N_CUED,
    N_EXCLUDED,
    N_GONE,
    N_HELD,
    N_INTERCEPT,
    N_LAST_HELD,
    N_OWNER,
    N_READY,
    N_ROUND,
    N_STATUS,
    N_VERSION,
    ORDERED,
    PENDING,
    RADAR_HOME,
    RADAR_HOP,
    RADAR_HOP_SPREAD,
    RADARS,
    REGIONAL,
    SUCCESSOR,
    THREATS,
    TRACKED,
    TRACKS,
    UNKNOWN,
    battery_at,
    down_at,
    hears,
    listens,
    node_at,
    node_battery_at,
    node_threat_at,
    picture_at,
    radar_at,
    threat_at,
)
from hoplon.backbone.messages import (
    ACCEPTED,
    ALERT,
    ASSESS,
    BELIEVED_ALIVE,
    BELIEVED_KILLED,
    BUSY,
    CLAIM,
    CUT,
    DECIDE,
    DESTINATION,
    DESTROYED,
    EMPTY,
    FAIL,
    FALLBACK,
    FIRM,
    FIRST,
    HEARD,
    KIND,
    LOOKAHEAD,
    MENDED,
    MISTAKEN,
    NEVER,
    NO_ASSESSMENT,
    QUIET,
    RADAR_DOWN,
    REFUSED,
    RELEASE,
    REPAIR,
    REPORT_TO,
    SECOND,
    SOURCE,
    SWITCH,
    THREAT,
    TIME,
    TIMEOUT,
    TRACK_OFF,
    TRACK_ON,
    send,
)
from hoplon.backbone.orders import (
    assign,
    cue,
    message_time,
    pass_support,
    point_radars,
    tell_nodes,
)
from hoplon.compiled import borrowing_kernel

_TURN = 4  # mean times of a message that a node waits for the one before it to take up what was released
_ASSESSMENT_MARGIN = 10 * LOOKAHEAD  # [us] the report of a kill takes two hops even where everything is instant


@borrowing_kernel
def _track_on(
    event: NDArray[np.int64],
    draw_key: Any,
    fixed: NDArray[np.int64],
    launches: NDArray[np.int32],
    mine: NDArray[np.int64],
    node: int,
    out: NDArray[np.int64],
    plans: NDArray[np.int64],
) -> tuple[int, int]:
    """Take a radar's report of a track into the picture."""
    seen, radar, now, began = event[THREAT], event[FIRST], event[TIME], event[SECOND]
    if seen < 0:
        mine[down_at(fixed, radar)] = 0
        return 0, 0
    threat = associated(draw_key, fixed, mine, seen, radar)
    row, at, count = node_threat_at(fixed, threat), picture_at(fixed, threat, radar), 0
    if threat != seen and mine[at] < 0:
        count = send(out, count, now, event[DESTINATION], MISTAKEN, threat, radar, 0)
    if mine[at] < 0:
        mine[row + N_HELD] += 1
    mine[at] = began
    mine[down_at(fixed, radar)] = 0
    count = cue(draw_key, fixed, mine, node, seen, now, out, count)
    if threat != seen:
        mine[row + N_CUED] = mine[node_threat_at(fixed, seen) + N_CUED]
    usual = radar_at(fixed, radar, RADAR_HOP) + radar_at(fixed, radar, RADAR_HOP_SPREAD)
    late = min(now - began, 2 * usual + LOOKAHEAD)
    burnt = threat_at(fixed, threat, IGNITION) + threat_at(fixed, threat, BURNOUT)
    ready = max(now, max(began, burnt) + fixed[FIRM_TIME] + late)
    status = mine[row + N_STATUS]
    if status == UNKNOWN:
        status = mine[row + N_STATUS] = TRACKED
    if status in (TRACKED, CLAIMED):
        count = send(out, count, ready, event[DESTINATION], FIRM, threat, radar, 0)
    if fixed[FORM] == REGIONAL and event[SOURCE] < fixed[FIRST_NODE]:
        what = 32 * (radar + 1) + 8192 * mine[row + N_ROUND]
        count = tell_nodes(draw_key, fixed, node, TRACK_ON, seen, radar, began, what, now, out, count)
    if status in (ORDERED, ENGAGED):
        count = pass_support(draw_key, fixed, mine, node, threat, now, out, count)
    if status == GIVEN_UP:
        return assign(draw_key, fixed, launches, mine, node, threat, now, out, count, plans)
    return count, 0


@borrowing_kernel
def _track_off(
    event: NDArray[np.int64],
    draw_key: Any,
    fixed: NDArray[np.int64],
    mine: NDArray[np.int64],
    node: int,
    out: NDArray[np.int64],
) -> tuple[int, int]:
    """Take the end of a track out of the picture."""
    seen, radar, reason, now = event[THREAT], event[FIRST], event[SECOND], event[TIME]
    if reason == RADAR_DOWN:
        mine[down_at(fixed, radar)] = 1
        return 0, 0
    threat = number_of(fixed, mine, seen, radar)
    row, at, count = node_threat_at(fixed, threat), picture_at(fixed, threat, radar), 0
    if mine[at] >= 0:
        mine[at] = NEVER
        mine[row + N_HELD] -= 1
        mine[row + N_LAST_HELD] = now
    if reason == DESTROYED:
        mine[row + N_GONE] = now
    if fixed[FORM] == REGIONAL and event[SOURCE] < fixed[FIRST_NODE]:
        what = 32 * (radar + 1) + 8192 * (4 * mine[row + N_ROUND] + reason)
        count = tell_nodes(draw_key, fixed, node, TRACK_OFF, seen, radar, reason, what, now, out, count)
    return pass_support(draw_key, fixed, mine, node, threat, now, out, count), 0


@borrowing_kernel
def _answer(
    event: NDArray[np.int64],
    draw_key: Any,
    fixed: NDArray[np.int64],
    launches: NDArray[np.int32],
    mine: NDArray[np.int64],
    node: int,
    out: NDArray[np.int64],
    plans: NDArray[np.int64],
) -> tuple[int, int]:
    """Take a battery's answer: engaged, or refused and to be assigned anew."""
    threat, now, battery = event[THREAT], event[TIME], event[SOURCE] - fixed[FIRST_BATTERY]
    row = node_threat_at(fixed, threat)
    if event[KIND] == ACCEPTED or event[FIRST] == BUSY:
        busy = event[FIRST] if event[KIND] == ACCEPTED else event[SECOND]
        if event[KIND] == ACCEPTED:
            mine[node_battery_at(fixed, battery, INVENTORY_SEEN)] = event[SECOND]
        if mine[row + N_STATUS] == ENGAGED and mine[row + N_INTERCEPT] >= busy:
            return 0, 0
        mine[row + N_STATUS], mine[row + N_OWNER], mine[row + N_INTERCEPT] = ENGAGED, battery, busy
        mine[row + N_VERSION] += 1
        time = max(now, busy + fixed[ASSESSMENT] + _ASSESSMENT_MARGIN)
        return send(out, 0, time, event[DESTINATION], ASSESS, threat, mine[row + N_VERSION], 0), 0
    mine[row + N_EXCLUDED] |= np.int64(1) << battery
    if event[FIRST] == EMPTY:
        mine[node_battery_at(fixed, battery, INVENTORY_SEEN)] = 0
    if mine[row + N_STATUS] != ORDERED or mine[row + N_OWNER] != battery:
        return 0, 0
    return assign(draw_key, fixed, launches, mine, node, threat, now, out, 0, plans)


@borrowing_kernel
def _assess(
    event: NDArray[np.int64],
    draw_key: Any,
    fixed: NDArray[np.int64],
    launches: NDArray[np.int32],
    mine: NDArray[np.int64],
    node: int,
    out: NDArray[np.int64],
    plans: NDArray[np.int64],
) -> tuple[int, int]:
    """Judge whether an engagement killed, rightly or not; engage again what is believed alive."""
    threat, now = event[THREAT], event[TIME]
    row = node_threat_at(fixed, threat)
    if mine[row + N_STATUS] != ENGAGED or event[FIRST] != mine[row + N_VERSION] or fixed[LOOKS] == 0:
        return 0, 0
    if mine[row + N_HELD] == 0 and mine[row + N_LAST_HELD] < mine[row + N_INTERCEPT]:
        return 0, NO_ASSESSMENT
    killed = mine[row + N_GONE] >= 0
    key = drawn(draw_key, OF_ASSESSMENT, threat_at(fixed, threat, KEY), mine[row + N_ROUND], 0)
    if chance(key, fixed[FALSE_SURVIVAL] if killed else fixed[FALSE_KILL]):
        killed = not killed
    if killed:
        mine[row + N_STATUS] = DEAD
        return 0, BELIEVED_KILLED
    mine[row + N_EXCLUDED] = 0
    count, _ = assign(draw_key, fixed, launches, mine, node, threat, now, out, 0, plans)
    return count, BELIEVED_ALIVE


@borrowing_kernel
def _claimant(node: int) -> int:
    """Return the mark of another node as the owner of a threat."""
    return -2 - node


@borrowing_kernel
def _switch(
    event: NDArray[np.int64],
    draw_key: Any,
    fixed: NDArray[np.int64],
    launches: NDArray[np.int32],
    mine: NDArray[np.int64],
    node: int,
    out: NDArray[np.int64],
    plans: NDArray[np.int64],
) -> tuple[int, int]:
    """Take over from a silent node: its batteries, the radars bound to it, and what is undecided."""
    silent, now, count, first = event[FIRST], event[TIME], 0, mine[ACTIVE] == 0
    mine[ACTIVE] = 1
    for battery in range(fixed[BATTERIES]):
        if listens(fixed, silent, battery) == DEAF or fixed[FORM] == MESH:
            continue
        if fixed[FORM] == REGIONAL and battery_at(fixed, battery, HOME) != silent:
            continue
        mine[node_battery_at(fixed, battery, IN_SCOPE)] = 1
        way = message_time(draw_key, fixed, node, fixed[FIRST_BATTERY] + battery, -1, REPORT_TO, 1)
        count = send(out, count, now + way, fixed[FIRST_BATTERY] + battery, REPORT_TO, -1, 0, 0)
    if fixed[FORM] == HUB_COLD or fixed[FORM] == REGIONAL:
        for radar in range(fixed[RADARS]):
            if hears(fixed, silent, radar) == IF_BOUND and (
                fixed[FORM] == HUB_COLD or radar_at(fixed, radar, RADAR_HOME) == silent
            ):
                way = message_time(draw_key, fixed, node, fixed[FIRST_RADAR] + radar, -1, REPORT_TO, 1)
                count = send(out, count, now + way, fixed[FIRST_RADAR] + radar, REPORT_TO, -1, 0, 0)
    for threat in range(fixed[TRACKS]):
        row = node_threat_at(fixed, threat)
        status = mine[row + N_STATUS]
        if first and mine[row + N_CUED] >= 0 and status != DEAD and threat < fixed[THREATS]:
            count = point_radars(draw_key, fixed, node, threat, now, out, count)  # the silent node may not have
        orphaned = status == CLAIMED and mine[row + N_OWNER] == _claimant(silent) and mine[row + N_READY] >= 0
        if status == CLAIMED and mine[row + N_OWNER] == _claimant(silent) and not orphaned:
            mine[row + N_STATUS] = TRACKED  # decided on once it is firm here
        if status in (PENDING, GIVEN_UP) or orphaned:
            count, _ = assign(draw_key, fixed, launches, mine, node, threat, now, out, count, plans)
    return count, 1


@borrowing_kernel
def _claims(
    event: NDArray[np.int64],
    draw_key: Any,
    fixed: NDArray[np.int64],
    launches: NDArray[np.int32],
    mine: NDArray[np.int64],
    node: int,
    out: NDArray[np.int64],
    plans: NDArray[np.int64],
) -> tuple[int, int]:
    """Leave a threat to the node that claimed it first; take it up, one node after the other, when that releases it."""
    threat, other, now = event[THREAT], event[SOURCE] - fixed[FIRST_NODE], event[TIME]
    row = node_threat_at(fixed, threat)
    status = mine[row + N_STATUS]
    if event[KIND] == CLAIM:
        earlier = event[FIRST] < mine[row + N_CLAIM] or (event[FIRST] == mine[row + N_CLAIM] and other < node)
        if status in (UNKNOWN, TRACKED, CLAIMED, GIVEN_UP) or (status in (DECIDING, PENDING) and earlier):
            mine[row + N_STATUS], mine[row + N_OWNER] = CLAIMED, _claimant(other)
        return 0, 0
    if status != CLAIMED or mine[row + N_OWNER] != _claimant(other):
        return 0, 0
    mine[row + N_OWNER] = NEVER
    if mine[row + N_READY] < 0:
        mine[row + N_STATUS] = TRACKED
        return 0, 0
    turn = (node - other - 1) % fixed[COMMANDS] * _TURN * (fixed[HOP] + fixed[HOP_SPREAD])
    mine[row + N_CLAIM] = now + turn
    if turn > 0:
        mine[row + N_STATUS] = DECIDING
        return send(out, 0, now + turn, event[DESTINATION], DECIDE, threat, 0, 0), 0
    return assign(draw_key, fixed, launches, mine, node, threat, now, out, 0, plans)


@borrowing_kernel
def _firm(
    event: NDArray[np.int64],
    draw_key: Any,
    fixed: NDArray[np.int64],
    mine: NDArray[np.int64],
    node: int,
    out: NDArray[np.int64],
) -> tuple[int, int]:
    """Begin to decide on a threat whose track is firm; a region says so at once, so that no other decides as well."""
    threat, now = event[THREAT], event[TIME]
    row = node_threat_at(fixed, threat)
    if mine[row + N_READY] < 0:
        mine[row + N_READY] = now
    if mine[row + N_STATUS] != TRACKED:
        return 0, 0
    mine[row + N_STATUS], mine[row + N_CLAIM] = DECIDING, now
    count = send(out, 0, now + fixed[DECISION], event[DESTINATION], DECIDE, threat, 0, 0)
    if fixed[FORM] == REGIONAL:
        what = 32 * mine[row + N_ROUND]
        count = tell_nodes(draw_key, fixed, node, CLAIM, threat, now, 0, what, now, out, count)
    return count, 1


@borrowing_kernel
def _restart(
    event: NDArray[np.int64],
    draw_key: Any,
    fixed: NDArray[np.int64],
    mine: NDArray[np.int64],
    node: int,
    out: NDArray[np.int64],
) -> int:
    """Work again with an empty picture; a node without a successor asks for reports and resumes command."""
    if mine[ALIVE] == 1:
        return 0
    mine[ALIVE] = 1
    mine[ACTIVE] = 1 if node_at(fixed, node, SUCCESSOR) < 0 and node < fixed[COMMANDS] else 0
    for threat in range(fixed[TRACKS]):
        row = node_threat_at(fixed, threat)
        for radar in range(fixed[RADARS]):
            mine[picture_at(fixed, threat, radar)] = NEVER
        mine[row + N_HELD], mine[row + N_READY] = 0, NEVER
        if mine[row + N_STATUS] != DEAD:
            mine[row + N_STATUS] = UNKNOWN
    count = 0
    for radar in range(fixed[RADARS]):
        if hears(fixed, node, radar) != DEAF and mine[ACTIVE] == 1:
            to = fixed[FIRST_RADAR] + radar
            delay = message_time(draw_key, fixed, node, to, -1, REPORT_TO, hears(fixed, node, radar))
            count = send(out, count, event[TIME] + delay, to, REPORT_TO, -1, 0, 0)
    if node >= fixed[COMMANDS]:
        return await_node(event, fixed, out, count)
    return count if fixed[FALLBACK_TIME] < 0 else call_batteries(draw_key, fixed, mine, node, event[TIME], out, count)


@borrowing_kernel
def handle_node(
    event: NDArray[np.int64],
    draw_key: Any,
    fixed: NDArray[np.int64],
    launches: NDArray[np.int32],
    mine: NDArray[np.int64],
    out: NDArray[np.int64],
    plans: NDArray[np.int64],
) -> tuple[int, int]:
    """Handle an event of a node; return the number of events sent and the outcome."""
    kind, threat, now = event[KIND], event[THREAT], event[TIME]
    node = event[DESTINATION] - fixed[FIRST_NODE]
    if kind == REPAIR:
        return _restart(event, draw_key, fixed, mine, node, out), 0
    if node >= fixed[COMMANDS] and kind in (CUT, MENDED, HEARD, FALLBACK):
        return handle_unit(event, draw_key, fixed, launches, mine, node, out, plans)
    if kind in (CUT, MENDED, QUIET, HEARD):
        return handle_link(event, draw_key, fixed, launches, mine, node, out, plans)
    if kind == FAIL:
        mine[ALIVE] = 0
    if mine[ALIVE] == 0:
        return 0, 0
    if kind == TRACK_ON:
        return _track_on(event, draw_key, fixed, launches, mine, node, out, plans)
    if kind == TRACK_OFF:
        return _track_off(event, draw_key, fixed, mine, node, out)
    if kind == ALERT:
        return cue(draw_key, fixed, mine, node, threat, now, out, 0), 0
    if kind in (ACCEPTED, REFUSED):
        return _answer(event, draw_key, fixed, launches, mine, node, out, plans)
    if kind == ASSESS:
        return _assess(event, draw_key, fixed, launches, mine, node, out, plans)
    if kind in (CLAIM, RELEASE):
        return _claims(event, draw_key, fixed, launches, mine, node, out, plans)
    if kind == SWITCH:
        return _switch(event, draw_key, fixed, launches, mine, node, out, plans)
    if threat < 0:
        return 0, 0
    row = node_threat_at(fixed, threat)
    status = mine[row + N_STATUS]
    if kind == FIRM and mine[picture_at(fixed, threat, event[FIRST])] >= 0:
        return _firm(event, draw_key, fixed, mine, node, out)
    if kind == DECIDE and status == DECIDING:
        return assign(draw_key, fixed, launches, mine, node, threat, now, out, 0, plans)
    if kind == TIMEOUT and status == ORDERED and event[FIRST] == mine[row + N_VERSION]:
        mine[row + N_EXCLUDED] |= np.int64(1) << mine[row + N_OWNER]
        return assign(draw_key, fixed, launches, mine, node, threat, now, out, 0, plans)
    return 0, 0
