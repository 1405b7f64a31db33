"""A node of command and control: it keeps a picture, decides, orders, assesses, and takes over from a silent one.

Every information architecture runs this one handler; they differ in who hears whom, who may order whom, and which nodes
are active. A node that is not active keeps the picture and the record of engagements it is told of, and orders nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.assignment import choose_battery
from hoplon.backbone.layout import (
    ACTIVE,
    ALIVE,
    ANSWER_TIME,
    ASSESSMENT,
    AT_ONCE,
    BATTERIES,
    BURNOUT,
    COVER_FIRST,
    DEAF,
    DECISION,
    FALSE_KILL,
    FALSE_SURVIVAL,
    FIRM_TIME,
    FIRST_BATTERY,
    FIRST_NODE,
    FIRST_RADAR,
    FLIGHT,
    FORM,
    FREE_SEEN,
    HEIR,
    HOME,
    HOP,
    HOP_SPREAD,
    HUB_COLD,
    IF_BOUND,
    IGNITION,
    IN_SCOPE,
    INVENTORY_SEEN,
    KEY,
    LAUNCH_INTERVAL,
    LOOKS,
    MESH,
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
    N_SUPPORTING,
    N_VERSION,
    NETWORKED,
    NODES,
    RADAR_HOME,
    RADAR_HOP,
    RADAR_HOP_SPREAD,
    RADARS,
    REGIONAL,
    REMOTE_SUPPORT,
    SALVO,
    TASKED,
    THREATS,
    battery_at,
    cover_at,
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
from hoplon.backbone.luck import OF_ASSESSMENT, chance, hop_time
from hoplon.backbone.messages import (
    ACCEPTED,
    ALERT,
    ASSESS,
    BELIEVED_ALIVE,
    BELIEVED_KILLED,
    BUSY,
    CLAIM,
    CUE,
    DECIDE,
    DESTINATION,
    DESTROYED,
    EMPTY,
    FAIL,
    FIRM,
    FIRST,
    KIND,
    LOOKAHEAD,
    NEVER,
    NO_EYES,
    ORDER,
    RADAR_DOWN,
    REFUSED,
    RELEASE,
    REPAIR,
    REPORT_TO,
    SECOND,
    SOURCE,
    SUPPORT,
    SWITCH,
    THREAT,
    TIME,
    TIMEOUT,
    TRACK_OFF,
    TRACK_ON,
    UNASSIGNED,
    send,
)
from hoplon.compiled import kernel
from hoplon.streams import key_of

UNKNOWN, TRACKED, DECIDING, PENDING, ORDERED, ENGAGED, CLAIMED, GIVEN_UP, DEAD = range(9)
_ASSESSMENT_MARGIN = 10 * LOOKAHEAD  # [us] the report of a kill takes two hops even where everything is instant
WINDOW = 1 << 16


@kernel
def _delay(luck: np.uint64, fixed: NDArray[np.int64], node: int, to_key: int, threat: int, what: int, way: int) -> int:
    if way == AT_ONCE:
        return LOOKAHEAD
    key = threat_at(fixed, threat, KEY) if threat >= 0 else 0
    return hop_time(fixed, luck, fixed[HOP], fixed[HOP_SPREAD], node_at(fixed, node, KEY), to_key, key, what)


@kernel
def _cue(
    luck: np.uint64,
    fixed: NDArray[np.int64],
    mine: NDArray[np.int64],
    node: int,
    threat: int,
    now: int,
    out: NDArray[np.int64],
    count: int,
) -> int:
    """Tell every radar that may be tasked, and that the flight passes, where to look; once a threat."""
    row, flight = node_threat_at(fixed, threat), threat_at(fixed, threat, FLIGHT)
    if mine[row + N_CUED] >= 0 or fixed[NETWORKED] == 0:
        return count
    mine[row + N_CUED] = now
    if fixed[FORM] == MESH or mine[ACTIVE] == 0:
        return count
    for radar in range(fixed[RADARS]):
        if radar_at(fixed, radar, TASKED) != 1 or cover_at(fixed, radar, flight, 0, COVER_FIRST) < 0:
            continue
        way = hears(fixed, node, radar)
        delay = _delay(luck, fixed, node, radar_at(fixed, radar, KEY), threat, CUE, way)
        count = send(out, count, now + delay, fixed[FIRST_RADAR] + radar, CUE, threat, 0, 0)
    return count


@kernel
def _order(
    luck: np.uint64,
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
    delay = _delay(luck, fixed, node, battery_at(fixed, battery, KEY), threat, ORDER + what, way)
    count = send(out, count, now + delay, fixed[FIRST_BATTERY] + battery, ORDER, threat, window, fixed[SALVO])
    count = _support(luck, fixed, mine, node, threat, now, out, count)
    if fixed[FORM] == REGIONAL:
        count = _tell_nodes(luck, fixed, node, CLAIM, threat, 0, 0, what, now, out, count)
    return count


@kernel
def _tell_nodes(
    luck: np.uint64,
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
    for other in range(fixed[NODES]):
        if other != node:
            delay = _delay(luck, fixed, node, node_at(fixed, other, KEY), threat, kind + what, 1)
            count = send(out, count, now + delay, fixed[FIRST_NODE] + other, kind, threat, first, second)
    return count


@kernel
def _support(
    luck: np.uint64,
    fixed: NDArray[np.int64],
    mine: NDArray[np.int64],
    node: int,
    threat: int,
    now: int,
    out: NDArray[np.int64],
    count: int,
) -> int:
    """Pass on to the owner whether any radar of the network holds the track, when that changes."""
    row = node_threat_at(fixed, threat)
    held = 1 if mine[row + N_HELD] > 0 else 0
    battery = mine[row + N_OWNER]
    if fixed[REMOTE_SUPPORT] == 0 or battery < 0 or mine[row + N_SUPPORTING] == held:
        return count
    if mine[node_battery_at(fixed, battery, IN_SCOPE)] == 0 or mine[ACTIVE] == 0:
        return count
    mine[row + N_SUPPORTING] = held
    since = now
    for radar in range(fixed[RADARS]):
        began = mine[picture_at(fixed, threat, radar)]
        if held == 1 and began >= 0:
            late = fixed[HOP] + fixed[HOP_SPREAD]
            since = min(since, began + late)
    way = listens(fixed, node, battery)
    what = SUPPORT + 32 * (2 * mine[row + N_ROUND] + held)
    delay = _delay(luck, fixed, node, battery_at(fixed, battery, KEY), threat, what, way)
    return send(out, count, now + delay, fixed[FIRST_BATTERY] + battery, SUPPORT, threat, held, since)


@kernel
def _assign(
    luck: np.uint64,
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
    if mine[ACTIVE] == 0:
        return count, 0
    battery = choose_battery(fixed, launches, mine, node, threat, now, plans)
    if battery < 0:
        mine[row + N_STATUS], mine[row + N_OWNER] = GIVEN_UP, NEVER
        if fixed[FORM] == REGIONAL:
            what = 32 * mine[row + N_ROUND]
            count = _tell_nodes(luck, fixed, node, RELEASE, threat, 0, 0, what, now, out, count)
        return count, UNASSIGNED
    window = plans[battery, 1] * WINDOW + plans[battery, 2]
    return _order(luck, fixed, mine, node, threat, battery, window, now, out, count), 1 + battery


@kernel
def _track_on(
    event: NDArray[np.int64],
    luck: np.uint64,
    fixed: NDArray[np.int64],
    launches: NDArray[np.int32],
    mine: NDArray[np.int64],
    node: int,
    out: NDArray[np.int64],
    plans: NDArray[np.int64],
) -> tuple[int, int]:
    """Take a radar's report of a track into the picture."""
    threat, radar, now, began = event[THREAT], event[FIRST], event[TIME], event[SECOND]
    if threat < 0:
        mine[down_at(fixed, radar)] = 0
        return 0, 0
    row, at, count = node_threat_at(fixed, threat), picture_at(fixed, threat, radar), 0
    if mine[at] < 0:
        mine[row + N_HELD] += 1
    mine[at] = began
    mine[down_at(fixed, radar)] = 0
    count = _cue(luck, fixed, mine, node, threat, now, out, count)
    usual = radar_at(fixed, radar, RADAR_HOP) + radar_at(fixed, radar, RADAR_HOP_SPREAD)
    late = min(now - began, 2 * usual + LOOKAHEAD)
    burnt = threat_at(fixed, threat, IGNITION) + threat_at(fixed, threat, BURNOUT)
    ready = max(now, max(began, burnt) + fixed[FIRM_TIME] + late)
    status = mine[row + N_STATUS]
    if status == UNKNOWN:
        status = mine[row + N_STATUS] = TRACKED
    if status == TRACKED or status == CLAIMED:
        count = send(out, count, ready, event[DESTINATION], FIRM, threat, radar, 0)
    if fixed[FORM] == REGIONAL and event[SOURCE] < fixed[FIRST_NODE]:
        what = 32 * (radar + 1) + 8192 * mine[row + N_ROUND]
        count = _tell_nodes(luck, fixed, node, TRACK_ON, threat, radar, began, what, now, out, count)
    if status == ORDERED or status == ENGAGED:
        count = _support(luck, fixed, mine, node, threat, now, out, count)
    if status == GIVEN_UP:
        return _assign(luck, fixed, launches, mine, node, threat, now, out, count, plans)
    return count, 0


@kernel
def _track_off(
    event: NDArray[np.int64],
    luck: np.uint64,
    fixed: NDArray[np.int64],
    mine: NDArray[np.int64],
    node: int,
    out: NDArray[np.int64],
) -> tuple[int, int]:
    """Take the end of a track out of the picture."""
    threat, radar, reason, now = event[THREAT], event[FIRST], event[SECOND], event[TIME]
    if reason == RADAR_DOWN:
        mine[down_at(fixed, radar)] = 1
        return 0, 0
    row, at, count = node_threat_at(fixed, threat), picture_at(fixed, threat, radar), 0
    if mine[at] >= 0:
        mine[at] = NEVER
        mine[row + N_HELD] -= 1
        mine[row + N_LAST_HELD] = now
    if reason == DESTROYED:
        mine[row + N_GONE] = now
    if fixed[FORM] == REGIONAL and event[SOURCE] < fixed[FIRST_NODE]:
        what = 32 * (radar + 1) + 8192 * (4 * mine[row + N_ROUND] + reason)
        count = _tell_nodes(luck, fixed, node, TRACK_OFF, threat, radar, reason, what, now, out, count)
    return _support(luck, fixed, mine, node, threat, now, out, count), 0


@kernel
def _answer(
    event: NDArray[np.int64],
    luck: np.uint64,
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
    return _assign(luck, fixed, launches, mine, node, threat, now, out, 0, plans)


@kernel
def _assess(
    event: NDArray[np.int64],
    luck: np.uint64,
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
        return 0, NO_EYES
    killed = mine[row + N_GONE] >= 0
    key = np.uint64(key_of(luck, OF_ASSESSMENT, threat_at(fixed, threat, KEY), mine[row + N_ROUND], 0))
    if chance(key, fixed[FALSE_SURVIVAL] if killed else fixed[FALSE_KILL]):
        killed = not killed
    if killed:
        mine[row + N_STATUS] = DEAD
        return 0, BELIEVED_KILLED
    mine[row + N_EXCLUDED] = 0
    count, _ = _assign(luck, fixed, launches, mine, node, threat, now, out, 0, plans)
    return count, BELIEVED_ALIVE


@kernel
def _claimant(node: int) -> int:
    """Return the mark of another node as the owner of a threat."""
    return -2 - node


@kernel
def _switch(
    event: NDArray[np.int64],
    luck: np.uint64,
    fixed: NDArray[np.int64],
    launches: NDArray[np.int32],
    mine: NDArray[np.int64],
    node: int,
    out: NDArray[np.int64],
    plans: NDArray[np.int64],
) -> tuple[int, int]:
    """Take over from a silent node: its batteries, its radars where they report to one node alone, what is undecided."""
    silent, now, count = event[FIRST], event[TIME], 0
    mine[ACTIVE] = 1
    for battery in range(fixed[BATTERIES]):
        if listens(fixed, silent, battery) == DEAF or fixed[FORM] == MESH:
            continue
        if fixed[FORM] == REGIONAL and battery_at(fixed, battery, HOME) != silent:
            continue
        mine[node_battery_at(fixed, battery, IN_SCOPE)] = 1
        way = _delay(luck, fixed, node, battery_at(fixed, battery, KEY), -1, REPORT_TO, 1)
        count = send(out, count, now + way, fixed[FIRST_BATTERY] + battery, REPORT_TO, -1, 0, 0)
    if fixed[FORM] == HUB_COLD or fixed[FORM] == REGIONAL:
        for radar in range(fixed[RADARS]):
            if hears(fixed, silent, radar) == IF_BOUND and (
                fixed[FORM] == HUB_COLD or radar_at(fixed, radar, RADAR_HOME) == silent
            ):
                way = _delay(luck, fixed, node, radar_at(fixed, radar, KEY), -1, REPORT_TO, 1)
                count = send(out, count, now + way, fixed[FIRST_RADAR] + radar, REPORT_TO, -1, 0, 0)
    for threat in range(fixed[THREATS]):
        row = node_threat_at(fixed, threat)
        status = mine[row + N_STATUS]
        orphaned = status == CLAIMED and mine[row + N_OWNER] == _claimant(silent) and mine[row + N_READY] >= 0
        if status == PENDING or status == GIVEN_UP or orphaned:
            count, _ = _assign(luck, fixed, launches, mine, node, threat, now, out, count, plans)
    return count, 1


@kernel
def _claims(
    event: NDArray[np.int64],
    luck: np.uint64,
    fixed: NDArray[np.int64],
    launches: NDArray[np.int32],
    mine: NDArray[np.int64],
    node: int,
    out: NDArray[np.int64],
    plans: NDArray[np.int64],
) -> tuple[int, int]:
    """Leave a threat to the node that claims it; take it up when that node releases it."""
    threat, other = event[THREAT], event[SOURCE] - fixed[FIRST_NODE]
    row = node_threat_at(fixed, threat)
    status = mine[row + N_STATUS]
    if event[KIND] == CLAIM:
        if status <= PENDING or status == GIVEN_UP:
            mine[row + N_STATUS], mine[row + N_OWNER] = CLAIMED, _claimant(other)
        return 0, 0
    if status != CLAIMED or mine[row + N_OWNER] != _claimant(other):
        return 0, 0
    mine[row + N_OWNER] = NEVER
    if mine[row + N_READY] < 0:
        mine[row + N_STATUS] = TRACKED
        return 0, 0
    return _assign(luck, fixed, launches, mine, node, threat, event[TIME], out, 0, plans)


@kernel
def _restart(
    event: NDArray[np.int64],
    luck: np.uint64,
    fixed: NDArray[np.int64],
    mine: NDArray[np.int64],
    node: int,
    out: NDArray[np.int64],
) -> int:
    """Work again with an empty picture; a node without an heir asks for reports and resumes command."""
    if mine[ALIVE] == 1:
        return 0
    mine[ALIVE] = 1
    mine[ACTIVE] = 1 if node_at(fixed, node, HEIR) < 0 else 0
    for threat in range(fixed[THREATS]):
        row = node_threat_at(fixed, threat)
        for radar in range(fixed[RADARS]):
            mine[picture_at(fixed, threat, radar)] = NEVER
        mine[row + N_HELD], mine[row + N_READY] = 0, NEVER
        if mine[row + N_STATUS] != DEAD:
            mine[row + N_STATUS] = UNKNOWN
    count = 0
    for radar in range(fixed[RADARS]):
        if hears(fixed, node, radar) != DEAF and mine[ACTIVE] == 1:
            delay = _delay(luck, fixed, node, radar_at(fixed, radar, KEY), -1, REPORT_TO, hears(fixed, node, radar))
            count = send(out, count, event[TIME] + delay, fixed[FIRST_RADAR] + radar, REPORT_TO, -1, 0, 0)
    return count


@kernel
def handle_node(
    event: NDArray[np.int64],
    luck: np.uint64,
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
        return _restart(event, luck, fixed, mine, node, out), 0
    if kind == FAIL:
        mine[ALIVE] = 0
    if mine[ALIVE] == 0:
        return 0, 0
    if kind == TRACK_ON:
        return _track_on(event, luck, fixed, launches, mine, node, out, plans)
    if kind == TRACK_OFF:
        return _track_off(event, luck, fixed, mine, node, out)
    if kind == ALERT:
        return _cue(luck, fixed, mine, node, threat, now, out, 0), 0
    if kind == ACCEPTED or kind == REFUSED:
        return _answer(event, luck, fixed, launches, mine, node, out, plans)
    if kind == ASSESS:
        return _assess(event, luck, fixed, launches, mine, node, out, plans)
    if kind == CLAIM or kind == RELEASE:
        return _claims(event, luck, fixed, launches, mine, node, out, plans)
    if kind == SWITCH:
        return _switch(event, luck, fixed, launches, mine, node, out, plans)
    if threat < 0:
        return 0, 0
    row = node_threat_at(fixed, threat)
    status = mine[row + N_STATUS]
    if kind == FIRM and mine[picture_at(fixed, threat, event[FIRST])] >= 0:
        if mine[row + N_READY] < 0:
            mine[row + N_READY] = now
        if status == TRACKED:
            mine[row + N_STATUS] = DECIDING
            return send(out, 0, now + fixed[DECISION], event[DESTINATION], DECIDE, threat, 0, 0), 1
    elif kind == DECIDE and status == DECIDING:
        return _assign(luck, fixed, launches, mine, node, threat, now, out, 0, plans)
    elif kind == TIMEOUT and status == ORDERED and event[FIRST] == mine[row + N_VERSION]:
        mine[row + N_EXCLUDED] |= np.int64(1) << mine[row + N_OWNER]
        return _assign(luck, fixed, launches, mine, node, threat, now, out, 0, plans)
    return 0, 0
